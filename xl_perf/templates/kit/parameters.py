"""The `Parametri` sheet: the numbers of the plan that are not targets, with what is published and what is assumed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.contract.model import name_of
from xl_perf.plan.titles import weight_title
from xl_perf.templates.kit import styles
from xl_perf.templates.kit.model import PrintSetup
from xl_perf.templates.kit.names import BAND, CAP, CENTRE
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.parameter_tables import (
    USED,
    WEIGHT,
    indicator_table,
    parameter_table,
    weight_table,
)
from xl_perf.templates.kit.styles import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xl_perf.plan.model import Indicator
    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.model import Placed
    from xl_perf.templates.kit.page import Page

SHEET = "Parametri"


@dataclass(frozen=True, slots=True)
class Parameters:
    """Where the parameters of a workbook stand."""

    values: Placed
    nodes: dict[str, Placed]
    indicators: Placed
    last_row: int
    common: Mapping[str, str]
    """Role of a parameter that every workbook shows -> its code."""

    def ref(self, code: str) -> str:
        """Absolute reference to the value in use of a parameter."""
        return self.values.cell(code, USED)

    def planned(self, code: str) -> str:
        """Absolute reference to the plan's own value of a parameter."""
        return self.values.cell(code, "Valore del piano")

    @property
    def cap(self) -> str:
        """Cap of the deviation (fraction)."""
        return self.ref(self.common[CAP])

    @property
    def band(self) -> str:
        """Half width of the band around the target, in points."""
        return self.ref(self.common[BAND])

    @property
    def centre(self) -> str:
        """Score of the target itself."""
        return self.ref(self.common[CENTRE])

    def weights(self, node: str) -> str:
        """Absolute reference to the weights in use of a node, a column."""
        return self.nodes[node].column(WEIGHT)

    def weight(self, node: str, member: str) -> str:
        """Absolute reference to the weight in use of one member."""
        return self.nodes[node].cell(member, WEIGHT)

    def direction(self, indicator: str) -> str:
        """Absolute reference to the direction of an indicator, 1 or -1."""
        return self.indicators.cell(indicator, "Verso")


def parameters_page(
    page: Page,
    nodes: Sequence[str],
    indicators: Sequence[Indicator],
    *,
    at_row: int = FIRST_ROW,
    more: Sequence[str] = (),
) -> Parameters:
    """Write the sheet: the parameters that the edition gives, a table of weights for each node, the indicators.

    Args:
        page: the empty `Parametri` page.
        nodes: weight nodes that the workbook uses.
        indicators: the indicators of the workbook, for unit, direction and source.
        at_row: row of the first section heading.
        more: further parameters, of this kind of the workbook alone.
    """
    book = page.book
    page.section(at_row - 1, "Parametri del piano")
    common = {role: book.data.role(role) for role in (CAP, CENTRE, BAND)}
    values = page.table(parameter_table(book, [*codes_of(book), *more]), at_row)
    for code in values.numbers:
        book.propose(values, code, USED, name_of(code))
    row = values.last + 3
    placed: dict[str, Placed] = {}
    for node in nodes:
        page.section(row - 1, f"Pesi: {weight_title(book.plan, node)}")
        placed[node] = page.table(weight_table(book, node), row)
        row = placed[node].last + 1
        _weight_check(page, placed[node], row)
        row += 3
    page.section(row - 1, "Indicatori: unità e verso")
    table = page.table(indicator_table(indicators, book.plan), row)
    _propose_names(book, placed, table)
    return Parameters(values, placed, table, table.last, common)


def _propose_names(book: Book, nodes: Mapping[str, Placed], indicators: Placed) -> None:
    """Names for the weights in use and the directions: `Peso_ieep_entrate`, `Verso_ieep_totale`.

    A member that has a weight in several nodes is told apart by the node.
    """
    members = [member for placed in nodes.values() for member in placed.numbers]
    for node, placed in nodes.items():
        for member in placed.numbers:
            lead = "Peso" if members.count(member) == 1 else f"Peso_{node}"
            book.propose(placed, member, WEIGHT, name_of(f"{lead}_{member}"))
    for code in indicators.numbers:
        book.propose(indicators, code, "Verso", name_of(f"Verso_{code}"))


def codes_of(book: Book) -> list[str]:
    """The parameters that a workbook shows, those of every workbook first."""
    return list(dict.fromkeys([*map(book.data.role, (CAP, CENTRE, BAND)), *book.data.parameters]))


def finish(page: Page) -> None:
    """Protection of the sheet, which is not printed."""
    page.finish(setup=PrintSetup(nothing=True))


def _weight_check(page: Page, table: Placed, row: int) -> None:
    """A line under the weights: their sum, and whether it is 100%."""
    cells = table.column(WEIGHT).split("!")[1]
    page.put(row, 2, "Somma dei pesi in uso", Kind.CHECK)
    page.put(row, 7, f"=SUM({cells})", Kind.CHECK, number_format=styles.PERCENT, align="right")
    page.put(
        row, 8, f'=IF(ABS(G{row}-1)<0.000000001,"OK: i pesi sommano a 100%","▼ pesi ≠ 100%")', Kind.CHECK
    )
