"""Names of structures as the plan and people write them: Emilia-Romagna, D.C.M. Roma, Direzione regionale Piemonte.

A name is understood when its letters and digits are those of a code or an alias, or of one of them with the words of
its kind before it (`Direzione regionale`, `DCM di`). Nothing else is: a name that is merely near is an error.
"""

from __future__ import annotations

import difflib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError, UnknownNameError
from xl_perf.plan.entities import StructureKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xl_perf.plan.entities import Structure

_WORDS = {
    StructureKind.REGION: ("direzione regionale", "regione", "dr"),
    StructureKind.DCM: (
        "direzione di coordinamento metropolitano",
        "direzione coordinamento metropolitano",
        "coordinamento metropolitano",
        "dcm",
    ),
    StructureKind.OFFICE: ("direzione provinciale", "sede provinciale", "sede", "dp"),
    StructureKind.BRANCH: ("filiale metropolitana", "fm"),
    StructureKind.CENTRAL: ("direzione centrale", "dc"),
    StructureKind.COORDINATION: ("coordinamento generale", "cg"),
    StructureKind.CENTRAL_OFFICE: ("ufficio",),
}
"""What people write before the name of a structure of a kind."""
_LINKS = ("", "di", "del", "della", "dello", "dell", "delle", "degli", "dei", "peril", "perla", "perl")
"""What may stand between those words and the name, folded."""


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """The letters and digits of a text, without case and accents.

    >>> fold("Forlì") == fold("FORLI'") == "forli"
    True
    >>> fold("D.C.M. Roma") == fold("DCM_ROMA")
    True
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(
        s for s in plain if s.isalnum() and unicodedata.category(s) != "Lm"
    )  # Lm: the apostrophe U+02BC


@dataclass(frozen=True, slots=True)
class Names:
    """The names of an edition's structures.

    Attributes:
        own: folded code or alias -> code.
        longer: folded name with the words of the structure's kind before it -> code.
    """

    own: Mapping[str, str]
    longer: Mapping[str, str]

    @classmethod
    def of(cls, structures: Iterable[Structure], where: str = "") -> Names:
        """The names of some structures.

        Args:
            structures: all structures of an edition.
            where: the data file, for messages.

        Raises:
            PlanError: codes or aliases of two structures that are the same without accents, case and signs.
        """
        own: dict[str, str] = {}
        meanings: dict[str, set[str]] = {}
        for structure in structures:
            for name in (structure.code, *structure.aliases):
                other = own.setdefault(fold(name), structure.code)
                if other != structure.code:
                    raise PlanError(
                        f"{name!r} of {structure.code} and a name of {other} are the same without accents,"
                        " case and signs",
                        where=where,
                        expected="names that tell two structures apart",
                    )
                for key in _with_words(structure.kind, fold(name)):
                    meanings.setdefault(key, set()).add(structure.code)
        return cls(own, {key: next(iter(codes)) for key, codes in meanings.items() if len(codes) == 1})

    def get(self, name: str) -> str | None:
        """The code that a name means; None for a name that no structure has."""
        key = fold(name)
        return self.own.get(key) or self.longer.get(key)

    def code(self, name: str, where: str = "") -> str:
        """The code that a name means.

        Args:
            name: a name as people write it.
            where: edition or place, for the message.

        Raises:
            UnknownNameError: no structure has that name; the message offers the three nearest ones.
        """
        code = self.get(name)
        if code is None:
            raise UnknownNameError(
                f"unknown structure {name!r}",
                where=where,
                expected=f"a structure of the edition, for example {', '.join(self.near(name))}",
            )
        return code

    def near(self, name: str, limit: int = 3) -> list[str]:
        """Codes of the structures whose names are nearest to a text, the nearest first."""
        key = fold(name)
        compare = difflib.SequenceMatcher(b=key)

        def likeness(other: str) -> float:
            compare.set_seq1(other)
            return compare.ratio() + (bool(key) and (key in other or other in key))

        ranked = sorted(self.own, key=likeness, reverse=True)
        return list(dict.fromkeys(self.own[other] for other in ranked))[:limit]


def _with_words(kind: StructureKind, name: str) -> Iterable[str]:
    """A folded name with the words of its kind before it, in place of those that it begins with."""
    words = [fold(text) for text in _WORDS.get(kind, ())]
    core = next((name[len(word) :] for word in words if name.startswith(word) and name != word), name)
    return (f"{word}{link}{core}" for word in words for link in _LINKS)
