"""What an edition of the plan is made of: frozen, typed, every value with its unit and its origin."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError, TargetNotFoundError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from xl_perf.plan.amendments import Amendment
    from xl_perf.plan.nodes import Node, TargetRule


class Direction(IntEnum):
    """Whether more of an indicator is better (giorni di giacenza: less; IEEP: more)."""

    HIGHER = 1
    LOWER = -1


class Status(StrEnum):
    """How a value is known: printed in the plan, recovered from printed numbers, or assumed."""

    PUBLISHED = "published"
    RECOVERED = "recovered"
    ASSUMED = "assumed"


class Unit(StrEnum):
    """Unit of a value. Percentages are stored as fractions: 5,47% is 0.0547."""

    DAYS = "giorni"
    EURO = "euro"
    PERCENT = "percentuale"
    RATIO = "rapporto"
    POINTS = "punti"
    INDEX = "numero indice"
    PIECES = "pezzi"


class StructureKind(StrEnum):
    """Level of a structure in the hierarchy."""

    NATIONAL = "nazionale"
    REGION = "regione"
    DCM = "dcm"
    OFFICE = "sede"
    BRANCH = "filiale metropolitana"
    GENERAL = "direzione generale"
    CENTRAL = "direzione centrale"
    COORDINATION = "coordinamento generale"
    CENTRAL_OFFICE = "ufficio centrale"
    CENTRAL_PROJECT = "struttura di progetto"


TERRITORY = (
    StructureKind.NATIONAL,
    StructureKind.REGION,
    StructureKind.DCM,
    StructureKind.OFFICE,
    StructureKind.BRANCH,
)
"""Kinds of the structures of Tabella A; the others are the central ones."""


@dataclass(frozen=True, slots=True)
class Act:
    """A resolution that adopted or amended the plan (e.g. deliberazione CdA 133 of 29 Sept 2021)."""

    id: str
    title: str
    date: dt.date
    kind: str
    short: str
    """Short Italian form for a cell, e.g. `CdA 31/2021`."""


@dataclass(frozen=True, slots=True)
class Document:
    """A source document, e.g. P21."""

    id: str
    title: str
    year: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value is printed: document and slide or table."""

    document: str
    place: str

    def __str__(self) -> str:
        return f"{self.document}, {self.place}"


@dataclass(frozen=True, slots=True)
class Structure:
    """An organisational unit; `code` is its name as the plan's tables print it."""

    code: str
    kind: StructureKind
    parent: str | None
    order: int
    cluster: str | None = None
    aliases: tuple[str, ...] = ()
    act: str = ""
    source: Source | None = None

    @property
    def is_regional(self) -> bool:
        """True for the 20 regions and 3 DCM."""
        return self.kind in (StructureKind.REGION, StructureKind.DCM)


@dataclass(frozen=True, slots=True)
class System:
    """A measurement system of the plan (giacenza, ieep ...) and the kinds of structures that it sets targets for."""

    code: str
    title: str
    order: int
    coverage: tuple[StructureKind, ...] = ()
    """Kinds of structures of which every one has exactly one target per indicator; empty: no targets at all."""
    additive: bool = False
    """True where the national value is the sum over the regions and DCM."""
    free: bool = False
    """True where targets are set only for what the plan prints: none is required, any structure may have one."""
    excluded: tuple[str, ...] = ()
    """Codes of structures of the covered kinds to which the plan gives no target."""

    def covers(self, structure: Structure) -> bool:
        """Whether the structure has exactly one target per indicator."""
        return structure.kind in self.coverage and structure.code not in self.excluded


@dataclass(frozen=True, slots=True)
class Indicator:
    """A declared measure of the plan.

    `parent`, `sign` and `level` describe rows of a table that add up (Tabella B): a row's value is the sum over its
    children of sign * value; rows that add up to nothing have no parent.
    """

    code: str
    title: str
    system: str
    unit: Unit
    direction: Direction
    function: str
    """Spreadsheet function that measures or scores it (catalogue name)."""
    decimals: int
    order: int
    source: Source
    parent: str | None = None
    sign: int = 1
    level: int = 0
    short: str = ""
    """Short Italian heading for narrow columns; empty when the title serves."""
    total: bool = False
    """True where the plan prints the national value as the total of the structures that have one."""


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

    `measure` is `consuntivo`, `piano`, `baseline` (the value that targets start from; the period is the year of the
    targets), `pervenuto` or `definito` (pieces that came in, that were finished), or a percentage as printed, a fraction:
    `variazione_stampata` (result on target), `variazione_annua_stampata` (result on the year before),
    `realizzazione_stampata` (result / plan), `definizione_stampata` (finished / came in). Two documents may print
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
    """A target that the plan prints a second time elsewhere (a summary slide); it must agree with the table."""

    indicator: str
    structure: str
    period: str
    value: float
    source: Source
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


@dataclass(frozen=True)
class Plan:
    """A validated edition of the plan. Build it with `xl_perf.plan.load_edition`."""

    id: str
    title: str
    period: str
    """Year that the annual targets are for, e.g. `2021`."""
    valid_from: dt.date
    documents: Mapping[str, Document]
    acts: Mapping[str, Act]
    structures: Mapping[str, Structure]
    indicators: Mapping[str, Indicator]
    targets: tuple[Target, ...]
    actual_items: Mapping[str, ActualItem]
    actuals: tuple[Actual, ...]
    parameters: Mapping[str, Parameter]
    weights: tuple[Weight, ...]
    banded_ratios: tuple[BandedRatio, ...]
    defects: tuple[Defect, ...]
    data_hash: str
    """SHA-256 over the names and bytes of the edition's data files."""
    _index: Mapping[tuple[str, str, str], tuple[Target, ...]] = field(repr=False)
    """(indicator, structure, period) -> targets, oldest knowledge first."""
    systems: Mapping[str, System] = field(default_factory=dict)
    sums: tuple[SumRule, ...] = ()
    reprints: tuple[Reprint, ...] = ()
    lines: tuple[Line, ...] = ()
    projects: tuple[Project, ...] = ()
    nodes: tuple[Node, ...] = ()
    target_rules: tuple[TargetRule, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    programme: tuple[Programme, ...] = ()

    @property
    def latest_act(self) -> Act:
        """The act that amended the plan last."""
        return max(self.acts.values(), key=lambda act: act.date)

    def target(
        self, indicator: str, structure: str, period: str | None = None, known_on: dt.date | None = None
    ) -> Target:
        """The target for a period as it was known on a date.

        Args:
            indicator: code of the indicator.
            structure: code of the structure.
            period: period of the target; the edition's year when None.
            known_on: date of knowledge; the newest when None.

        Raises:
            TargetNotFoundError: unknown indicator, structure or period, or nothing known yet on that date.
        """
        period = period or self.period
        found = self._index.get((indicator, structure, period), ())
        if known_on is not None:
            known = tuple(target for target in found if target.known_from <= known_on)
            if found and not known:
                raise TargetNotFoundError(
                    f"the target {indicator} for {structure}, {period} was not known on {known_on:%Y-%m-%d}",
                    where=self.id,
                    expected=f"a date from {found[0].known_from:%Y-%m-%d} on",
                )
            found = known
        if not found:
            raise self._not_found(indicator, structure, period)
        return found[-1]

    def _not_found(self, indicator: str, structure: str, period: str) -> TargetNotFoundError:
        if indicator not in self.indicators:
            what = f"unknown indicator {indicator!r}"
        elif structure not in self.structures:
            what = f"unknown structure {structure!r}"
        else:
            periods = sorted({p for (i, s, p) in self._index if (i, s) == (indicator, structure)})
            what = f"no target {indicator} for {structure} in period {period}"
            if periods:
                what += f" (there are: {', '.join(periods)})"
        return TargetNotFoundError(
            what, where=self.id, remedy="see `xl-perf plan show` for what the edition holds"
        )

    def indicators_of(self, system: str) -> tuple[Indicator, ...]:
        """The indicators of a measurement system in the order of the plan's table."""
        return tuple(
            sorted((i for i in self.indicators.values() if i.system == system), key=lambda i: i.order)
        )

    def nodes_of(self, tree: str) -> tuple[Node, ...]:
        """The nodes of a weighted tree, a parent before its children.

        Raises:
            PlanError: no tree of that name.
        """
        found = tuple(node for node in self.nodes if node.tree == tree)
        if not found:
            raise PlanError(f"no tree {tree!r}", where=self.id)
        return found

    def node(self, code: str) -> Node:
        """The node of a code.

        Raises:
            PlanError: no node of that code.
        """
        for node in self.nodes:
            if node.code == code:
                return node
        raise PlanError(f"unknown node {code!r}", where=self.id)

    def children(self, code: str) -> tuple[Node, ...]:
        """The nodes directly below a node, in their order; none below a leaf."""
        return tuple(node for node in self.nodes if node.parent == code)

    def rule(self, indicator: str, structure: str, period: str) -> TargetRule | None:
        """The rule that sets a target; None where the plan has none."""
        for rule in self.target_rules:
            if (rule.indicator, rule.structure, rule.period) == (indicator, structure, period):
                return rule
        return None

    def lines_of(self, system: str) -> tuple[Line, ...]:
        """The lines of a measurement system in the order of its files."""
        return tuple(line for line in self.lines if line.system == system)

    def structures_of(self, *kinds: StructureKind) -> tuple[Structure, ...]:
        """The structures of some kinds (those of Tabella A when none is given), in the order of the plan."""
        wanted = kinds or TERRITORY
        return tuple(sorted((s for s in self.structures.values() if s.kind in wanted), key=lambda s: s.order))

    def central(self) -> tuple[Structure, ...]:
        """The central structures below the Direzione generale, in the order of strutture_centrali.csv."""
        kinds = (kind for kind in StructureKind if kind not in (*TERRITORY, StructureKind.GENERAL))
        return self.structures_of(*kinds)

    def projects_of(self, structure: str) -> tuple[Project, ...]:
        """The projects and strategic activities of a structure, in the order of the register."""
        return tuple(project for project in self.projects if project.structure == structure)

    def regional(self) -> tuple[Structure, ...]:
        """The 20 regions and 3 DCM in the order of Tabella A."""
        return tuple(s for s in self.structures_of() if s.is_regional)

    def parameter(self, code: str) -> float:
        """Value of a parameter.

        Raises:
            PlanError: no parameter of that code.
        """
        try:
            return self.parameters[code].value
        except KeyError:
            raise PlanError(f"unknown parameter {code!r}", where=self.id) from None

    def weights_of(self, node: str) -> tuple[Weight, ...]:
        """The weights of a node in the order of the data; they sum to 1.

        Raises:
            PlanError: no weights for that node.
        """
        found = tuple(weight for weight in self.weights if weight.node == node)
        if not found:
            raise PlanError(f"no weights for {node!r}", where=self.id)
        return found

    def structure(self, name: str) -> Structure:
        """The structure of a code or alias; case and surrounding blanks do not count.

        Raises:
            PlanError: no structure of that name.
        """
        wanted = name.strip().casefold()
        for structure in self.structures.values():
            if wanted in (structure.code.casefold(), *(alias.casefold() for alias in structure.aliases)):
                return structure
        raise PlanError(f"unknown structure {name!r}", where=self.id)

    def actual(
        self,
        item: str,
        period: str,
        measure: str = "consuntivo",
        structure: str = "NAZIONALE",
        document: str | None = None,
    ) -> Actual:
        """A published result.

        Args:
            item: code of the item.
            period: year of the result.
            measure: what was published of it (see `Actual`).
            structure: code of the structure.
            document: document that printed it; the newest that did when None (values are restated).

        Raises:
            PlanError: nothing published under that key.
        """
        found = [
            actual
            for actual in self.actuals
            if (actual.item, actual.period, actual.measure, actual.structure)
            == (item, period, measure, structure)
            and document in (None, actual.source.document)
        ]
        if not found:
            by = f" in {document}" if document else ""
            raise PlanError(f"no published {measure} of {item} for {structure}, {period}{by}", where=self.id)
        return max(found, key=lambda actual: self.documents[actual.source.document].year)
