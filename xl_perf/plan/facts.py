"""What the tables of an edition hold: targets, results, parameters, weights, bands, lines, projects, known defects."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from xl_perf.plan.entities import Direction, Source, Status, Unit

if TYPE_CHECKING:
    import datetime as dt

    from xl_perf.plan.choices import Words


@dataclass(frozen=True, slots=True)
class Target:
    """A target of the plan: indicator x structure x period, and since when it is known."""

    indicator: str
    structure: str
    period: str
    value: float
    unit: Unit
    direction: Direction
    source: Source
    act: str
    known_from: dt.date
    status: Status = Status.PUBLISHED
    note: str = ""
    where: str = ""
    """File, line and column of the data, for messages."""
    defect: str = ""
    """Defect of the source that `value` is a reading of; empty where the table prints the value itself."""


@dataclass(frozen=True, slots=True)
class Actual:
    """A published result (consuntivo), planned value (piano) or printed variation of a past year.

    `measure` is `consuntivo`, `piano`, `baseline` (the value that targets start from; the period is the year
    of the targets), `pervenuto` or `definito` (pieces that came in, that were finished), or a percentage as
    printed, a fraction: `variazione_stampata` (result on target), `variazione_annua_stampata` (result on the
    year before), `realizzazione_stampata` (result / plan), `definizione_stampata` (finished / came in),
    `scostamento_stampato` (result of an objective, a weighted mean of deviations). Two documents may print
    different values of one item, period and measure (restated): the source tells them apart.
    """

    item: str
    structure: str
    period: str
    measure: str
    value: float
    unit: Unit
    source: Source
    status: Status = Status.PUBLISHED
    note: str = ""
    where: str = ""
    decimals: int = 0
    """Decimals of the value as printed (of the fraction for percentages: 5,47% has 4)."""
    printed: float | None = None
    """The number that the table prints where `value` is another reading of it; None where they are the same."""
    defect: str = ""
    """Defect of the source that `value` is a reading of; empty where the table prints the value itself."""


@dataclass(frozen=True, slots=True)
class Reprint:
    """A target that the plan prints a second time elsewhere (a summary slide); it must agree with the table.

    `act` is the act that it goes with where a later act set the target anew; empty: the value known last.
    """

    indicator: str
    structure: str
    period: str
    value: float
    source: Source
    act: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class SumRule:
    """How rows of the published results add up: item = sum of sign * addend.

    An addend that a table does not print is replaced by its own rule. `periods` limits the rule to some years.
    """

    item: str
    addends: tuple[tuple[str, int], ...]
    periods: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ActualItem:
    """A row of a published results table (areas and product lines that Tabella A does not have)."""

    code: str
    title: str
    system: str
    unit: Unit
    direction: Direction
    order: int
    level: int = 0
    indicator: str | None = None
    """Indicator of the plan that it corresponds to, where there is one."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of the plan that is not a target: cap, base of days, weights of sections, published totals."""

    code: str
    title: str
    value: float
    unit: Unit
    source: Source
    act: str
    status: Status
    note: str = ""
    words: Words = ()
    """The words of a switch, each with its number; empty for a number."""


@dataclass(frozen=True, slots=True)
class Weight:
    """Weight of one member in a node; the weights of a node sum to 1."""

    node: str
    member: str
    value: float
    source: Source
    act: str
    status: Status
    note: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """One band of a ratio: upper end in percent (None: open) and the points it gives."""

    number: int
    printed: str
    upper: float | None
    points: float


@dataclass(frozen=True, slots=True)
class BandedRatio:
    """A ratio of the controllo del processo produttivo with its bands.

    Bands are listed from number 1 to 4 as printed. `descending` is True where a larger ratio is worse (second ratio).
    `undefined` says what a denominator of 0 gives: the number of a band, or 0 for no points.
    """

    code: str
    title: str
    formula: str
    bands: tuple[Band, ...]
    descending: bool
    undefined: int
    undefined_status: Status
    source: Source
    act: str
    status: Status
    note: str = ""


@dataclass(frozen=True, slots=True)
class Defect:
    """A known defect of the sources, with the reading chosen and why."""

    id: str
    source: Source
    printed: str
    reading: str
    reason: str
    values: tuple[str, ...] = ()
    """Keys of the values it explains (`check:key`), so that checks can name it."""
    structures: tuple[str, ...] = ()
    """Codes of the structures whose figures it is about; empty where everybody meets it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table that is no target of an indicator: pieces worked for another structure, a chapter, an account.

    `structure` and `counterpart` are codes of structures where the table names them (of sussidiarieta': who supports
    and who is supported); `value` is None where the table prints none; a line with children (lines whose `parent` it
    is) is their printed total.
    """

    system: str
    code: str
    title: str
    structure: str | None
    counterpart: str | None
    value: float | None
    unit: Unit
    source: Source
    act: str
    status: Status
    note: str = ""
    parent: str | None = None
    order: int = 0
    where: str = ""


class ProjectKind(StrEnum):
    """What an entry of the register of projects is."""

    PROJECT = "PR"
    """Attivita' progettuale, part of a programma operativo."""
    ACTIVITY = "AS"
    """Attivita' strategica."""


@dataclass(frozen=True, slots=True)
class Project:
    """An entry of the register of projects and strategic activities (Tabella D).

    Attributes:
        code: as printed, with the misprints that difetti.toml lists put right; unique.
        kind: project or strategic activity.
        structure: code of the central structure that answers for it.
        objectives: codes of the strategic lines of the CIV; none where the table prints `#` or nothing.
        general: obiettivo generale di ente, as printed; empty where the table prints none.
        guideline: linea guida gestionale, as printed; empty where the table prints `#`.
        programme: programma operativo, as printed; empty for strategic activities.
        title: description of the project or activity.
        start: first day.
        end: last day.
        output: output of the year.
        valued: letter of the obiettivo generale di ente whose table of the year lists it; empty: the text does not say
            whether it counts (Tabella D marks what counts by a grey background that the text does not keep).
        order: position in the register, from 1.
    """

    code: str
    kind: ProjectKind
    structure: str
    objectives: tuple[str, ...]
    general: str
    guideline: str
    programme: str
    title: str
    start: dt.date
    end: dt.date
    output: str
    source: Source
    act: str
    status: Status
    order: int
    valued: str = ""
    note: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Programme:
    """What share of an annual target a quarter is to reach (IEEP: 25%, 50%, 75%, 100%).

    The target of the quarter, share * annual target, is among the targets of the plan, for every structure that has an
    annual one.
    """

    indicator: str
    period: str
    share: float
    source: Source
    act: str
    status: Status
    note: str = ""
