"""The nodes of trees in the order of the trees, in a table that nobody sorts.

What a synthesis takes from the nodes below a node stands side by side here, with a name, however people sort the tables
that it comes from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from openpyxl.utils import column_index_from_string

from xl_perf.contract.model import name_of
from xl_perf.templates.kit.columns import result
from xl_perf.templates.kit.model import Column, Row, TableSpec
from xl_perf.templates.kit.styles import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.plan.nodes import Node
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page

    Children = Callable[[str], Sequence[Node]]
    """Gives the nodes directly below one, by its code."""

_SECTION = "Voci sotto ogni nodo, nell'ordine delle formule (i dati sono negli altri fogli)"


@dataclass(frozen=True, slots=True)
class Taken:
    """A column of the table: its heading, the beginning of the names of its parts, and the formula for a node."""

    heading: str
    lead: str
    number_format: str
    content: Callable[[Node], object]


class TreeOrder:
    """Where the nodes stand; `write` has to be called when the tables that are read have their place.

    Args:
        page: the `Parametri` page.
        row: row of the headings.
        nodes: the nodes, those directly below a node side by side.
        columns: what is taken for each node.
        children: gives the nodes below one in the order of the formulas.
    """

    def __init__(
        self, page: Page, row: int, nodes: Sequence[Node], columns: Sequence[Taken], children: Children
    ) -> None:
        def content(taken: Taken) -> Callable[[Place], object]:
            return lambda place: taken.content(place.row.item)

        self._page, self._row, self._children = page, row, children
        self._leads = {taken.heading: taken.lead for taken in columns}
        self._spec = TableSpec(
            "tblVoci",
            [
                Column("Codice", Kind.KEY, 46, lambda place: place.row.code, paper=True),
                Column("Voce", Kind.LABEL, 52, lambda place: place.row.item.title, align="wrap"),
                *(result(taken.heading, 13, content(taken), taken.number_format) for taken in columns),
            ],
            [Row(node.code, item=node) for node in nodes],
            key="Codice",
        )
        self.placed: Placed = page.geometry(self._spec, row)

    def below(self, code: str, heading: str) -> str:
        """Absolute reference to the cells of the nodes directly below a node, which gets a name.

        Args:
            code: code of the node.
            heading: heading of the column.
        """
        placed, book = self.placed, self._page.book
        codes = [child.code for child in self._children(code)]
        first, last = placed.numbers[codes[0]], placed.numbers[codes[-1]]
        column = column_index_from_string(placed.letters[heading])
        if first == last:
            book.propose(placed, codes[0], heading, name_of(f"{self._leads[heading]}_{code}"))
            return placed.cell(codes[0], heading)
        book.proposed[placed.sheet, column, first, column, last] = name_of(f"{self._leads[heading]}_{code}")
        return f"{placed.cell(codes[0], heading)}:{placed.cell(codes[-1], heading).rpartition('!')[2]}"

    def cell(self, code: str, heading: str, lead: str) -> str:
        """Absolute reference to the cell of a node, which gets a name that begins with `lead`."""
        self._page.book.propose(self.placed, code, heading, name_of(f"{lead}_{code}"))
        return self.placed.cell(code, heading)

    def write(self) -> None:
        """Write the table."""
        self._page.section(self._row - 1, _SECTION)
        self._page.table(self._spec, self._row)


def side_by_side(children: Children, roots: Sequence[Node]) -> list[Node]:
    """The nodes of trees, those directly below a node side by side."""
    found: list[Node] = []
    for root in roots:
        tree = [root]
        for node in tree:
            tree.extend(children(node.code))
        found += tree
    return found
