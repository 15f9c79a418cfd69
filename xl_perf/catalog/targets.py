"""Entry that looks targets up in the plan."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from xl_perf.catalog import binding
from xl_perf.catalog.model import Argument, Empty, Function, Kind, Measure, Shape
from xl_perf.compute.faults import ComputeError, Fault
from xl_perf.errors import PlanError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from xl_perf.plan.model import Plan, Target

CATEGORY = "Dati del piano"


@lru_cache(maxsize=4096)
def normalise(text: str) -> str:
    """A key without case, accents (apostrophes at the end of a word too) and extra blanks.

    >>> normalise("  Forlì ") == normalise("FORLI'")
    True
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    bare = re.sub(r"['’`´](?=\s|$)", "", bare.replace("’", "'"))
    return " ".join(bare.split())


def _keys(names: Iterable[tuple[str, Iterable[str]]]) -> Mapping[str, str]:
    """Normalised key -> code; codes come first, and a key that means two codes means none."""
    entries = [(code, [text for text in texts if text]) for code, texts in names]
    found: dict[str, str] = {}
    ambiguous = set()
    for code, texts in entries:
        for text in texts:
            key = normalise(text)
            if found.setdefault(key, code) != code:
                ambiguous.add(key)
    for key in ambiguous:
        del found[key]
    found.update({normalise(code): code for code, _ in entries})
    return found


@binding.of_edition
def _indicators(plan: Plan) -> Mapping[str, str]:
    return _keys((i.code, (i.title, i.short)) for i in plan.indicators.values())


def find_target(
    indicator: str | None,
    structure: str | None,
    period: str | None,
    known_on: dt.date | None,
    edition: str | None,
) -> float:
    """Value of a target in its unit (percentages as fractions); arguments and errors as `lookup`."""
    return lookup(indicator, structure, period, known_on, edition).value


def lookup(
    indicator: str | None,
    structure: str | None,
    period: str | None,
    known_on: dt.date | None,
    edition: str | None,
) -> Target:
    """A target of the plan with its source.

    Args:
        indicator: code, title or short title; case, accents and extra blanks do not count.
        structure: a name of the structure as people write it (see `xl_perf.plan.names`).
        period: period of the target; the year of the edition when None.
        known_on: date of knowledge; the newest when None.
        edition: code of the edition; the one in use when None.

    Raises:
        ComputeError: MISSING when anything of this is not in the plan.
    """
    try:
        plan = binding.edition(edition and normalise(edition))
        with binding.use(plan):
            code = _indicators()[normalise(indicator or "")]
        place = plan.names.get(structure or "")
        if place is None:
            raise ComputeError(Fault.MISSING, f"unknown structure {structure!r}")
        return plan.target(code, place, period, known_on)
    except PlanError as error:
        raise ComputeError(Fault.MISSING, str(error)) from error
    except KeyError as error:
        raise ComputeError(Fault.MISSING, f"unknown key {error}") from error


ENTRIES = (
    Function(
        name="OBIETTIVO",
        category=CATEGORY,
        title="Obiettivo del piano",
        help="Valore obiettivo di un indicatore per una struttura, dai dati del piano. Maiuscole, accenti e spazi "
        "superflui non contano. Chiave sconosciuta: #N/D.",
        arguments=(
            Argument(
                "indicatore",
                "Codice o titolo dell'indicatore, per esempio giacenza.prestazioni_servizi.",
                unit=Measure.TEXT,
                kind=Kind.TEXT,
                empty=Empty.MISSING,
            ),
            Argument(
                "struttura",
                "Nome della struttura come nelle tabelle del piano, per esempio TORINO, o NAZIONALE.",
                unit=Measure.TEXT,
                kind=Kind.TEXT,
                empty=Empty.MISSING,
            ),
            Argument(
                "periodo",
                "Periodo dell'obiettivo, per esempio 2021. Predefinito: l'anno dell'edizione.",
                unit=Measure.TEXT,
                kind=Kind.PERIOD,
                empty=Empty.DEFAULT,
                default_text="anno dell'edizione",
            ),
            Argument(
                "alla_data",
                "Data alla quale l'obiettivo doveva essere noto (le delibere lo modificano). "
                "Predefinita: l'ultima modifica.",
                unit=Measure.DATE,
                kind=Kind.DATE,
                empty=Empty.DEFAULT,
                default_text="ultima modifica",
            ),
            Argument(
                "edizione",
                "Codice dell'edizione del piano, per esempio piano-2021-2023. Predefinita: la più recente.",
                unit=Measure.TEXT,
                kind=Kind.TEXT,
                empty=Empty.DEFAULT,
                default_text="edizione più recente",
            ),
        ),
        result="Valore nell'unità dell'indicatore (le percentuali come frazione).",
        unit=Measure.INDICATOR,
        formula="valore dell'obiettivo nei dati del piano",
        phrase="obiettivo del piano",
        compute=find_target,
        shape=Shape.LOOKUP,
        source="Tabelle A-D e Allegato Tecnico del piano, con le delibere di modifica",
        example='=OBIETTIVO("giacenza.prestazioni_servizi"; "TORINO")',
    ),
)
"""Catalogue entry of the targets."""
