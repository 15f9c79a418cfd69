"""The names that exports use for structures, items and measures, understood only where they mean one thing."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from xl_perf.contract.model import Species
from xl_perf.plan.names import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xl_perf.contract import Inputs
    from xl_perf.plan.model import Plan

ROLES: Mapping[str, tuple[str, ...]] = {
    "struttura": ("struttura", "sede", "codice struttura", "regione", "direzione", "ufficio", "regione dcm"),
    "voce": ("voce", "indicatore", "codice", "codice voce", "codice indicatore"),
    "misura": ("misura", "grandezza"),
    "periodo": ("periodo", "trimestre", "mese"),
    "riga": ("riga",),
    "nome": ("nome", "nome della riga"),
    "luogo": ("file", "cella"),
    "valore": ("valore", "importo", "consuntivo", "numero", "dato"),
}
"""Headings of the columns of a table of facts."""
TOTALS = frozenset(("totale", "totali", "totalegenerale", "totalecomplessivo", "somma"))
"""Folded names of rows of totals."""
_PERIOD = re.compile(
    r"(?P<year>20[0-9]{2})(?:[-_/ ]?T(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Column:
    """What a column of values holds: the parts of the identity that its heading gives, empty for those it does not."""

    item: str = ""
    measure: str = ""
    structure: str = ""


@dataclass(frozen=True)
class Names:
    """What `--map` says: headings of the key columns, meaning of value columns, names of structures."""

    roles: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Column] = field(default_factory=dict)
    structures: Mapping[str, str] = field(default_factory=dict)


class Vocabulary:
    """What names mean for one workbook.

    Args:
        plan: its edition.
        inputs: its inputs; only what it asks for is understood.
        mapping: what the user said of headings and names.
    """

    def __init__(self, plan: Plan, inputs: Inputs, mapping: Names) -> None:
        self.plan = plan
        self.inputs = inputs
        self.mapping = mapping
        facts = [found.identity for found in (*inputs.of(), *inputs.totals)]
        self.measures: dict[str, set[str]] = {}
        for identity in facts:
            self.measures.setdefault(identity.item, set()).add(identity.measure)
        for item, measure in (
            what for row in inputs.rows for what, (kind, _) in row.cells.items() if kind is Species.FACT
        ):
            self.measures.setdefault(item, set()).add(measure)
        self._structures = {fold(identity.structure): identity.structure for identity in facts}
        self._items = self._named(self._item_names())
        self._values = self._named(self._value_names())
        self._measure_names = self._named(self._measure_titles())

    @staticmethod
    def _named(names: Iterable[tuple[str, Any]]) -> dict[str, Any]:
        """Folded name -> meaning; names with two meanings are left out."""
        found: dict[str, Any] = {}
        twice = set()
        for name, meaning in names:
            key = fold(name)
            if found.setdefault(key, meaning) != meaning:
                twice.add(key)
        return {key: meaning for key, meaning in found.items() if key and key not in twice}

    def title(self, item: str) -> str:
        """Title of an item as the plan prints it; the code where it has none."""
        from xl_perf.plan.titles import member_title  # noqa: PLC0415 - a small module of texts

        lines = {line.code: line.title for line in self.plan.lines}
        return lines.get(item) or member_title(self.plan, item)

    def _item_names(self) -> Iterable[tuple[str, str]]:
        for item in self.measures:
            yield item, item
            yield self.title(item), item

    def _measure_titles(self) -> Iterable[tuple[str, str]]:
        for item, measures in self.measures.items():
            for measure in measures:
                yield measure, measure
                known = self.plan.measures.get((item, measure))
                if known is not None:
                    yield known.title, measure

    def _value_names(self) -> Iterable[tuple[str, Column]]:
        for item, measures in self.measures.items():
            title = self.title(item)
            for measure in measures:
                found = Column(item, measure)
                yield f"{item}#{measure}", found
                known = self.plan.measures.get((item, measure))
                for name in filter(None, (measure, known.title if known else "")):
                    yield f"{title} {name}", found
                    yield f"{name} {title}", found
                if len(measures) == 1:
                    yield item, found
                    yield title, found

    def role(self, heading: str) -> str:
        """What a column tells: `struttura`, `voce` ..., or an empty text."""
        key = fold(heading)
        if key in self.mapping.roles:
            return self.mapping.roles[key]
        if self.mapping.roles.keys() and key in self.mapping.columns:
            return ""
        return next((role for role, names in ROLES.items() if key in map(fold, names)), "")

    def column(self, heading: str) -> Column | None:
        """What a column of values holds; None for one that the workbook does not ask for."""
        key = fold(heading)
        if key in self.mapping.columns:
            return self.mapping.columns[key]
        if key in self._values:
            found: Column = self._values[key]
            return found
        if key in self._measure_names:
            return Column("", self._measure_names[key])
        structure = self.structure(heading)
        return Column("", "", structure) if structure is not None else None

    def structure(self, name: str) -> str | None:
        """Code of a structure; None for a name that is none."""
        key = fold(name)
        if key in self.mapping.structures:
            return self.mapping.structures[key]
        if key in self._structures:
            return self._structures[key]
        return self.plan.names.get(name)

    def item(self, name: str) -> str | None:
        """Code of an item; None for a name that is none."""
        return self._items.get(fold(name))

    def measure(self, name: str) -> str | None:
        """A measure; None for a name that is none."""
        return self._measure_names.get(fold(name))

    def period(self, text: str) -> str | None:
        """A period written as `2021-T3`, `2021` or `2021-03`; None for anything else."""
        found = _PERIOD.fullmatch(text.strip())
        if found is None:
            return None
        if found["quarter"]:
            return f"{found['year']}-T{found['quarter']}"
        return f"{found['year']}-{found['month']}" if found["month"] else found["year"]

    def nearest(self, name: str) -> tuple[str, ...]:
        """The three names that look most like one that is not understood: to be shown, never to be taken."""
        names = {
            **dict(self._structures.items()),
            **dict(self._items.items()),
        }
        return tuple(names[key] for key in difflib.get_close_matches(fold(name), names, n=3, cutoff=0.5))
