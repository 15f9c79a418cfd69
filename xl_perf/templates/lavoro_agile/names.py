"""Headings, tables and measures that the sheets of `lavoro_agile.xlsx` share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.plan.model import Direction, Unit
from xl_perf.templates.kit import styles
from xl_perf.templates.kit.names import nation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xl_perf.plan.model import Indicator, Plan
    from xl_perf.plan.models import ModelData

S_INDICATORS, S_TECHNOLOGY, S_TREND, S_PUBLISHED, S_WORDS = (
    "Indicatori POLA",
    "Tecnologia",
    "Andamento",
    "Dati pubblicati",
    "Ruoli e formazione",
)

KEY, TITLE, TYPE, DIRECTION = "Codice", "Indicatore", "Tipologia", "Verso"
TARGET_KEY, PLANNED = "Codice obiettivo", "Obiettivo del piano"
NUMERATOR, DENOMINATOR, VALUE, CHECK = "Numeratore", "Denominatore", "Valore", "Controllo dati"
REPORTED = "Rendicontato"
WHAT_UP, WHAT_DOWN = "Numeratore: che cosa inserire", "Denominatore: che cosa inserire"
TARGET, ACTUAL, GAP, SCORE, VERDICT, SOURCE = (
    "Obiettivo",
    "Consuntivo",
    "Scostamento",
    "Punteggio",
    "Esito",
    "Fonte",
)
MONTH, KIND, HEADS, WORKERS, DAYS = (
    "Mese",
    "Dato",
    "Dipendenti",
    "Lavoratori agili",
    "Giornate agili",
)
QUOTA, LIMIT, MEAN = "Quota di lavoratori agili", "Quota minima", "Giornate per lavoratore agile"
_ASPECTS = ("tipologia", "numeratore", "denominatore")
"""What the edition says in words of a measure."""


def baseline_heading(year: str) -> str:
    """Heading of the values that later years are compared with."""
    return f"Valore {year} (baseline)"


def change_heading(year: str) -> str:
    """Heading of the change on the baseline, positive where it is for the better."""
    return f"Variazione favorevole sul {year}"


def technology_table(year: str) -> str:
    """Name of the table of the technology targets of a year."""
    return f"tblTecnologia{year}"


def indicator_table(year: str) -> str:
    """Name of the table of the POLA's indicators of a year."""
    return f"tblIndicatori{year}"


@dataclass(frozen=True, slots=True)
class Measure:
    """What is entered for an indicator of the POLA.

    Attributes:
        code: code of the indicator, or of the one whose target a part compares with.
        title: title of the indicator; of a part what it is part of.
        type: typology, as the table prints it.
        numerator: what is counted.
        denominator: what it is divided by; empty where the indicator is an amount.
        number_format: format of the value.
        reduction: whether less of it is better.
        part: whether it is part of the indicator above, not counted by itself.
        parts: codes of the parts that it counts, instead of inputs.
        targets: year -> whether the plan prints the denominator of a part.
    """

    code: str
    title: str
    type: str
    numerator: str
    denominator: str
    number_format: str
    reduction: bool = False
    part: bool = False
    parts: tuple[str, ...] = ()
    targets: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Agile:
    """What an edition says of agile work, by the part that its codes play.

    Attributes:
        years: the years that the plan sets technology targets for.
        technology: node of the weights of the technology targets.
        indicators: the indicators whose direction the workbook needs.
        share: indicator of the share of agile workers; `threshold` is the parameter of the least share.
        measures: the indicators of the POLA in the order of its table, parts after what they are part of.
        items: heading of an input of a month -> published result that stands in its place.
        starts: technology target -> published result that it starts from.
        system: code of the system, for published results and what the plan says in words.
    """

    years: Sequence[str]
    technology: str
    indicators: Sequence[Indicator]
    share: str
    threshold: str
    measures: Sequence[Measure]
    items: Mapping[str, str]
    starts: Mapping[str, str]
    system: str


def agile_of(plan: Plan, data: ModelData) -> Agile:
    """What an edition says of agile work.

    Roles: `sistema`, `tecnologia` (node), `quota`, `quota_minima`, `misure`; of one of them that counts targets reached
    `obiettivi_raggiunti`, with the indicators `parti_obiettivi`; `mese_dipendenti`, `mese_agili`, `mese_giornate` and
    `partenza` (published results, the last in the order of the weights of `tecnologia`).

    Raises:
        PlanError: a role is not filled, or the plan has no words for a measure.
    """
    system, technology = data.role("sistema"), data.role("tecnologia")
    members = [weight.member for weight in plan.weights_of(technology)]
    starts = data.codes("partenza")
    if len(starts) != len(members):
        raise PlanError(f"{len(starts)} codes of partenza", where=data.where, expected=f"{len(members)}")
    return Agile(
        years=sorted({t.period for t in plan.targets if t.indicator in members}),
        technology=technology,
        indicators=[*(plan.indicators[code] for code in members), plan.indicators[data.role("quota")]],
        share=data.role("quota"),
        threshold=data.role("quota_minima"),
        measures=list(_measures(plan, data)),
        items={
            HEADS: data.role("mese_dipendenti"),
            WORKERS: data.role("mese_agili"),
            DAYS: data.role("mese_giornate"),
        },
        starts=dict(zip(members, starts, strict=True)),
        system=system,
    )


def _measures(plan: Plan, data: ModelData) -> list[Measure]:
    said = {(d.subject, d.aspect): d.text for d in plan.descriptions if d.aspect in _ASPECTS}
    counting = data.role("obiettivi_raggiunti") if data.has("obiettivi_raggiunti") else ""
    parts = data.codes("parti_obiettivi") if counting else ()
    found = []
    for code in data.codes("misure"):
        if (code, "numeratore") not in said:
            raise PlanError(
                f"nothing says what is entered for {code}", where=data.where, expected="descrizioni"
            )
        kind, numerator, denominator = (said.get((code, aspect), "") for aspect in _ASPECTS)
        indicator = plan.indicators[code]
        reduction = indicator.direction is Direction.LOWER
        number_format = _format(indicator)
        own = parts if code == counting else ()
        found.append(
            Measure(
                code,
                indicator.title,
                kind,
                numerator,
                denominator,
                number_format,
                reduction,
                parts=tuple(own),
            )
        )
        found += [_part(plan, part, kind) for part in own]
    return found


def _part(plan: Plan, code: str, kind: str) -> Measure:
    """A part that counts as reached: an index against its target."""
    indicator = plan.indicators[code]
    name = indicator.short or indicator.title
    years = {t.period for t in plan.targets if (t.indicator, t.structure) == (code, nation(plan))}
    return Measure(
        code,
        f"di cui: {name[:1].lower()}{name[1:]}",
        kind,
        indicator.title,
        "Obiettivo dell'indice: quello del piano dove è stampato",
        styles.PERCENT,
        indicator.direction is Direction.LOWER,
        part=True,
        targets=frozenset(years),
    )


def _format(indicator: Indicator) -> str:
    if indicator.unit is Unit.EURO and indicator.decimals:
        return styles.EURO_CENTS
    if indicator.unit in (Unit.DAYS, Unit.INDEX, Unit.POINTS):
        return styles.RATIO
    return styles.UNIT_FORMATS[indicator.unit]


MONTHS = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre",
    "novembre", "dicembre",
)  # fmt: skip


def month_name(period: str) -> str:
    """A period such as `2020-03` in words: `marzo 2020`."""
    year, month = period.split("-")
    return f"{MONTHS[int(month) - 1]} {year}"
