"""A workbook as an explanation sees it: cells with their formulas as trees, references resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from xl_perf.catalog import FUNCTIONS
from xl_perf.errors import WorkbookError
from xl_perf.formula.refs import Ref, parse_reference
from xl_perf.formula.scope import Scope
from xl_perf.formula.shift import shifted
from xl_perf.formula.spelling import builtin_name
from xl_perf.formula.tables import TableView, ThisRow, resolve_table
from xl_perf.formula.tokens import FormulaError
from xl_perf.formula.tree import Node, parse
from xl_perf.package.refs import cell_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xl_perf.package import Cell
    from xl_perf.package.content import Content
    from xl_perf.package.model import Table
    from xl_perf.values import CellValue

_LARGEST = 20_000
"""Most cells of one range that are looked at."""
_DEEPEST = 8
"""Names that stand for names are followed so far."""
_NAMES = 2
"""Names whose formulas hold names are followed so far."""


class Place(NamedTuple):
    """A cell of a workbook; row and column from 1."""

    sheet: str
    row: int
    column: int

    def __str__(self) -> str:
        return f"{self.sheet}!{cell_name((self.row, self.column))}"


class Area(NamedTuple):
    """A range on one sheet, ends included."""

    sheet: str
    row1: int
    column1: int
    row2: int
    column2: int

    @property
    def single(self) -> bool:
        """True for one cell."""
        return self.row1 == self.row2 and self.column1 == self.column2

    def places(self) -> Iterator[Place]:
        """The cells in reading order."""
        for row in range(self.row1, self.row2 + 1):
            for column in range(self.column1, self.column2 + 1):
                yield Place(self.sheet, row, column)


class Workbook:
    """The cells of a workbook by their places.

    Args:
        package: the file.
    """

    def __init__(self, package: Content) -> None:
        self.package = package
        self._cells: dict[str, dict[tuple[int, int], Cell]] = {}
        self._shared: dict[str, dict[int, tuple[Place, str]]] = {}
        self._trees: dict[Place, Node | None] = {}
        names = [(name.name, name.text, name.scope) for name in package.defined_names if not name.function]
        views = [TableView.of_table(table) for table in package.tables]
        self.scope = Scope([info.name for info in package.sheets], names, views, dict.fromkeys(FUNCTIONS, ""))

    def cells(self, sheet: str) -> dict[tuple[int, int], Cell]:
        """The cells of a sheet by row and column; none for a sheet that has no cells."""
        found = self._cells.get(sheet)
        if found is None:
            found = {(cell.row, cell.column): cell for cell in self.package.cells(sheet)}
            self._cells[sheet] = found
            self._shared[sheet] = {
                cell.formula.shared: (Place(sheet, *key), cell.formula.text)
                for key, cell in found.items()
                if cell.formula is not None and cell.formula.shared is not None and cell.formula.text
            }
        return found

    def cell(self, place: Place) -> Cell | None:
        """The cell at a place, or None."""
        return self.cells(place.sheet).get((place.row, place.column))

    def value(self, place: Place) -> CellValue:
        """The stored value, None for an empty cell."""
        cell = self.cell(place)
        return None if cell is None else cell.value

    def is_calculated(self, place: Place) -> bool:
        """Whether an empty cell stands in a column of a table that holds formulas: nobody fills it in."""
        table = self.table_at(place)
        cells = self.cells(place.sheet)
        rows = range(table.ref[0], table.ref[2] + 1) if table is not None else ()
        found = (cells.get((row, place.column)) for row in rows)
        return any(cell is not None and cell.formula is not None for cell in found)

    def table_at(self, place: Place) -> Table | None:
        """The table that holds a cell, or None."""
        for table in self.package.tables:
            top, left, bottom, right = table.ref
            if table.sheet == place.sheet and top <= place.row <= bottom and left <= place.column <= right:
                return table
        return None

    def formula(self, place: Place) -> Node | None:
        """The tree of a cell's formula; None for a cell without one and for one that cannot be read."""
        if place not in self._trees:
            self._trees[place] = self._read(place)
        return self._trees[place]

    def _read(self, place: Place) -> Node | None:
        cell = self.cell(place)
        if cell is None or cell.formula is None:
            return None
        text = cell.formula.text
        try:
            if not text and cell.formula.shared is not None:
                at, text = self._shared[place.sheet][cell.formula.shared]
                text = shifted(text, place.row - at.row, place.column - at.column)
            return parse(text) if text else None
        except (FormulaError, KeyError):
            return None

    def area(self, node: Node, home: Place, depth: int = 0) -> Area | None:
        """The range that a reference, name or table reference means; None where it means none, or something else.

        Args:
            node: of kind ref, name or table.
            home: the cell of the formula.
            depth: names that were followed.
        """
        if node.kind == "ref":
            return self._of_ref(node.ref, home)
        if node.kind == "table":
            name, _, rest = node.text.partition("[")
            view = self.scope.table(name) if name else self.scope.table_at(home.sheet, home.row, home.column)
            found = None if view is None else resolve_table(view, rest[:-1])
            if isinstance(found, ThisRow):
                return Area(found.sheet, home.row, found.col1, home.row, found.col2)
            return self._of_ref(found, home)
        if node.kind != "name" or depth > _DEEPEST:
            return None
        text = self.scope.name(node.text, home.sheet)
        if text is None:
            view = self.scope.table(node.text)
            found = None if view is None else resolve_table(view, "")
            return self._of_ref(found, home) if isinstance(found, Ref) else None
        try:
            return self.area(parse(text.removeprefix("=")), home, depth + 1)
        except FormulaError:
            return None

    def meaning(self, node: Node, home: Place, above: frozenset[str] = frozenset()) -> Node | None:
        """The formula that a defined name stands for; None for a name of cells, an unknown one and anything else.

        Args:
            node: the name.
            home: the cell of the formula.
            above: names whose formulas hold this one; formulas of names are followed through `_NAMES` of them.
        """
        key = node.text.lower()
        if node.kind != "name" or key in above or len(above) >= _NAMES or self.area(node, home) is not None:
            return None
        text = self.scope.name(node.text, home.sheet)
        try:
            found = None if text is None else parse(text.removeprefix("="))
        except FormulaError:
            return None
        names = (
            {} if found is None else {part.text.lower(): part for part in found.walk() if part.kind == "name"}
        )
        known = (self.area(n, home) or self.meaning(n, home, above | {key}) for n in names.values())
        return found if all(known) else None

    def _of_ref(self, ref: Ref | None, home: Place) -> Area | None:
        if ref is None or ref.book is not None or ref.last_sheet is not None:
            return None
        sheet = home.sheet if ref.sheet is None else self.scope.sheet(ref.sheet)
        if sheet is None or (ref.row2 - ref.row1 + 1) * (ref.col2 - ref.col1 + 1) > _LARGEST:
            return None
        return Area(sheet, ref.row1, ref.col1, ref.row2, ref.col2)

    def _sought(self, name: Node, home: Place) -> Area | None:
        """The cell of a table that a name finds by the key of its row; None for a name of another kind."""
        column, match = _arguments(self.meaning(name, home), "INDEX", 2)
        key, listed, _ = _arguments(match, "MATCH", 3)
        cells, keys = (None if part is None else self.area(part, home) for part in (column, listed))
        if key is None or key.kind != "text" or cells is None or keys is None:
            return None
        sought = key.text[1:-1].replace('""', '"')
        rows = (
            number for number, place in enumerate(keys.places(), cells.row1) if self.value(place) == sought
        )
        row = next(rows, None)
        return None if row is None else Area(cells.sheet, row, cells.column1, row, cells.column1)

    def find(self, text: str) -> Place:
        """The cell that a user names: `Quadro!F13`, a defined name, or an address on the first sheet.

        Raises:
            WorkbookError: no such cell, or more than one.
        """
        first = self.package.sheets[0].name
        home = Place(first, 1, 1)
        area = None
        if self.scope.name(text, first) is not None:
            area = self.area(Node("name", text), home) or self._sought(Node("name", text), home)
        else:
            sheet, mark, address = text.rpartition("!")
            sheet = sheet.strip("'").replace("''", "'")
            ref = parse_reference(address)
            if ref is not None and (not mark or self.scope.sheet(sheet) is not None):
                area = self._of_ref(ref._replace(sheet=sheet or None), home)
        if area is None or not area.single:
            raise WorkbookError(
                f"{text[:60]!r} is not one cell of the workbook",
                where=self.package.where,
                expected="a cell like Quadro!F13, or a defined name",
            )
        return Place(area.sheet, area.row1, area.column1)


def _arguments(node: Node | None, function: str, count: int) -> list[Node | None]:
    """The arguments of a call of a function that has so many; as many times None for anything else."""
    if (
        node is None
        or node.kind != "call"
        or builtin_name(node.text) != function
        or len(node.children) != count
    ):
        return [None] * count
    return node.children
