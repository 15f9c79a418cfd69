"""What the sheets of `scheda_territoriale.xlsx` share: the structure, its targets, and where results stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.model import Column, Validation
from xl_perf.templates.kit.names import nation
from xl_perf.templates.kit.sheet_parts import judge_cells
from xl_perf.templates.kit.styles import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.plan.model import Plan, Structure, Unit
    from xl_perf.plan.models import ModelData
    from xl_perf.plan.nodes import Node
    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.model import Place, Placed, Row
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters

MONTHS_OF_QUARTER = "3"
"""Months of a quarter, as formulas write it."""

PERSPECTIVES = ("prospettive", "prospettive_gestionali")
"""Parts: perspectives of the scorecard, and what they are called in the pyramid, where the nation weighs them."""
YES, NO = "sì", "no"
REMARK = "Controllo dati"
"""Heading of the columns that say what is wrong with the data of a row."""
INDICATOR = "Codice indicatore"
"""Heading of the columns with the indicator that an input is of, where the rows are nodes of the tree."""
PARTIAL, RIGHT = "dati parziali", "OK"

AMOUNT = Validation(
    "decimal",
    "Importo o quantità",
    (
        "Importo in euro, o quantità come dicono colonna e riga, dall'inizio dell'anno alla fine del trimestre, "
        "maggiore o uguale a zero. Vuoto se non ancora disponibile."
    ),
    "Inserire un numero maggiore o uguale a zero, senza testo né unità di misura.",
)
PIECES = Validation(
    "whole",
    "Numero di pezzi",
    "Numero intero dall'inizio dell'anno alla fine del trimestre. Vuoto se non ancora disponibile.",
    "Inserire un numero intero maggiore o uguale a zero, senza testo.",
)
DIRECTION = Validation(
    "list",
    "Verso",
    "Quale valore è meglio: più alto oppure più basso. Vuoto: più alto.",
    f"Scegliere {formulas.HIGHER} oppure {formulas.LOWER}.",
    source=f'"{formulas.HIGHER},{formulas.LOWER}"',
)


SENSE_USED = "Verso in uso"
"""Heading of the column that has the direction as a number."""


def sense_column(heading: str) -> Column:
    """The direction that an input says in words, 1 or -1, shown in words too; upwards where it is empty."""

    def content(place: Place) -> object:
        return f"={formulas.number_of(place.here(heading), formulas.DIRECTIONS, '1')}"

    return Column(SENSE_USED, Kind.CHECK, 11, content, formulas.DIRECTION_FORMAT, align="right", paper=False)


SENSES = (formulas.HIGHER, formulas.LOWER, "1", "-1")
"""What an input for a direction may hold: files that were filled before have the numbers."""


def free_text(title: str, message: str) -> Validation:
    """A text of the user, up to 120 characters."""
    return Validation("textLength", title, message, "Al massimo 120 caratteri.", maximum=120)


def remark_column(
    headings: Sequence[str],
    otherwise: Callable[[Place], str] | None = None,
    width: float = 30,
    inputs: Callable[[Place], bool] | None = None,
) -> Column:
    """What is wrong with the numbers of a row, in words: the column that holds no number, else what `otherwise` says.

    Args:
        headings: the columns of numbers.
        otherwise: an expression for rows whose numbers are numbers; says what is missing when not given.
        width: width of the column.
        inputs: which rows have inputs; all when not given.
    """

    def content(place: Place) -> object:
        if inputs is not None and not inputs(place):
            return None
        cells = {heading: place.here(heading) for heading in headings}
        rest = reported(list(cells.values())) if otherwise is None else otherwise(place)
        return f"={remarks.on_numbers(cells, rest)}"

    return Column(REMARK, Kind.CHECK, width, content, judged_by=REMARK)


def indicator_column(width: float, indicator: Callable[[Row], str]) -> Column:
    """The indicators that the inputs of a table of nodes are of."""
    return Column(INDICATOR, Kind.LABEL, width, lambda place: indicator(place.row))


def reported(cells: Sequence[str], complete: str = f'"{RIGHT}"') -> str:
    """Nothing, partial or complete, as an expression.

    Args:
        cells: references to single cells.
        complete: expression when all are reported.
    """
    joined = ",".join(cells)
    partial = f'IF(COUNT({joined})<{len(cells)},"{PARTIAL}",{complete})' if len(cells) > 1 else complete
    return f'IF({formulas.blank(joined)},"",{partial})'


def remark_cell(page: Page, row: int, column: int, label: str, cell: str, otherwise: str = '""') -> str:
    """What is wrong with a single input, beside it; gives the reference to the remark.

    Args:
        page: the page.
        row: row of the input.
        column: column of the remark.
        label: what the input is called.
        cell: reference to the input.
        otherwise: expression when it is a number or empty.
    """
    said = page.put(row, column, f"={remarks.on_numbers({label: cell}, otherwise)}", Kind.CHECK)
    mark = said.split("!")[1]
    judge_cells(page.sheet, mark.replace("$", ""), mark)
    return said


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where the result of an objective stands: references to the cells of score and coverage, and what it is made of.

    `actual` and `goal` are references or numbers: of an objective that weighs several measures its score, and that of a
    target; `sheet` is where it is filled in; `expected` is an expression, 0 where it is left out.
    """

    score: str
    coverage: str
    sheet: str
    actual: str = ""
    goal: str = ""
    number_format: str = styles.GENERAL
    expected: str = "1"


@dataclass(frozen=True, slots=True)
class Filled:
    """What a sheet asks for: references of its input cells, their number (0: free rows), cells with remarks."""

    sheet: str
    inputs: Sequence[str]
    expected: int
    remarks: Sequence[str] = ()
    sums: Sequence[str] = ()
    """References to cells that count inputs on their own sheet, or to sums among the inputs with a minus before."""

    @property
    def count(self) -> str:
        """How many of the cells are filled in, as an expression."""
        counted = [f"COUNT({','.join(self.inputs)})"] if self.inputs else []
        return "+".join([*counted, *self.sums]).replace("+-", "-")


@dataclass(slots=True)
class Scorecard:
    """The scorecard being built.

    `quarter` refers to the cell with the number of the quarter, `number` is what it holds at first. `goals`
    and `annual` give, for each indicator that has a target, the reference to the target of the quarter and of
    the year.
    """

    book: Book
    region: Structure
    quarter: str
    number: int
    values: Parameters
    goals: dict[str, str] = field(default_factory=dict)
    annual: dict[str, str] = field(default_factory=dict)
    shares: dict[str, str] = field(default_factory=dict)
    """Indicator -> what share of a year the quarter is to reach, as a quotient of references."""
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    national_goals: dict[str, str] = field(default_factory=dict)
    """Indicator of which the nation has a programme -> reference to its target of the quarter."""
    optional: dict[str, str] = field(default_factory=dict)
    """Leaves of the tree that may be left out -> an expression, 0 where they are: the others share their weight."""
    scores: dict[str, str] = field(default_factory=dict)
    """Node of the tree -> reference to its score in the Quadro, known once that is written."""
    trend: Placed | None = None
    """Where the scores of the quarters will stand."""
    filled: list[Filled] = field(default_factory=list)

    @property
    def plan(self) -> Plan:
        """The edition."""
        return self.book.plan

    @property
    def data(self) -> ModelData:
        """What the workbook takes from the edition: codes by the part that they play."""
        return self.book.data

    def parameter(self, role: str) -> str:
        """Reference to the value in use of the parameter that plays a part."""
        return self.values.ref(self.data.role(role))

    @property
    def offices(self) -> tuple[Structure, ...]:
        """The structures below the region or DCM, of the nation the regions and DCM, in the order of Tabella A."""
        return tuple(s for s in self.plan.structures_of() if s.parent == self.region.code)

    @property
    def national(self) -> bool:
        """Whether it is the scorecard of the whole institute."""
        return self.region.code == nation(self.plan)

    def tree(self) -> list[tuple[Node, tuple[Node, ...]]]:
        """The perspectives with their objectives, in the order of their weights."""
        return tree_of(self.plan, self.data, national=self.national)

    @property
    def top(self) -> str:
        """The node whose weights the perspectives have."""
        return self.data.role("gestionale" if self.national else "albero")

    def top_member(self, perspective: str) -> str:
        """The member of that node that a perspective is."""
        if not self.national:
            return perspective
        own, members = (self.data.codes(role) for role in PERSPECTIVES)
        return members[own.index(perspective)]

    def used(self, role: str) -> str:
        """1 where a choice of the national scorecard takes something in, else 0, as an expression."""
        return f"IF({self.parameter(role)}=0,0,1)"

    def has(self, indicator: str, period: str | None = None) -> bool:
        """Whether the plan sets a target of the structure for an indicator."""
        return has_target(self.plan, indicator, self.region.code, period)


def has_target(plan: Plan, indicator: str, structure: str, period: str | None = None) -> bool:
    """Whether the plan sets a target for a structure."""
    return plan.has_target(indicator, structure, period)


def objectives(plan: Plan, root: str) -> list[tuple[Node, tuple[Node, ...]]]:
    """The perspectives below the root of a tree, with their objectives, in the order of the tree."""
    return [(node, plan.children(node.code)) for node in plan.children(root)]


def tree_of(plan: Plan, data: ModelData, *, national: bool) -> list[tuple[Node, tuple[Node, ...]]]:
    """The perspectives of a scorecard with their objectives.

    The nation has those that the pyramid weighs, in its order.
    """
    tree = objectives(plan, data.role("albero"))
    if not national:
        return tree
    own, members = (data.codes(role) for role in PERSPECTIVES)
    if len(own) != len(members):
        raise PlanError(
            f"{len(members)} {PERSPECTIVES[1]} belong to {len(own)} {PERSPECTIVES[0]}", where=data.where
        )
    named = dict(zip(members, own, strict=True))
    found = {node.code: (node, children) for node, children in tree}
    return [found[named[weight.member]] for weight in plan.weights_of(data.role("gestionale"))]


def leaf_indicators(plan: Plan, root: str) -> list[str]:
    """The indicators that a tree weighs, in its order."""
    nodes = plan.nodes_of(plan.node(root).tree)
    return [node.indicator for node in nodes if node.indicator is not None]


def unit_format(unit: Unit) -> str:
    """Number format of a unit; euro with cents are formats of their own."""
    return styles.UNIT_FORMATS[unit]
