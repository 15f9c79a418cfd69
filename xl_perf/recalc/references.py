"""References and names of a formula written for the engine."""

from __future__ import annotations

from abc import abstractmethod
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from xl_perf.formula.refs import Ref
from xl_perf.formula.tables import ThisRow, resolve_table
from xl_perf.formula.tokens import FormulaError
from xl_perf.formula.tree import parse
from xl_perf.recalc.recipe import Moving, NotAdmittedError, Piece, Search

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xl_perf.formula.scope import Scope
    from xl_perf.formula.tree import Node

Context: TypeAlias = Literal["V", "R", "A"]
"""What surrounds an expression wants: one value, a reference or array, an array calculated element by element."""

_MAX_NAMES: Final = 16
_MAX_PIECES: Final = 4_000
_DEEPEST: Final = 8
"""Names within names of a formula that is not calculated."""


parsed = lru_cache(maxsize=4096)(parse)
"""Trees of formulas, which nobody changes: workbooks of many structures share most of their texts."""


class ReferenceWriter:
    """Writes the pieces of one formula.

    Args:
        scope: the workbook.
        sheet: name of the formula's sheet.
        cell: row and column of the formula.
        careful: write everything that may matter for the values of the cells that it reads, at the cost of speed.
    """

    def __init__(self, scope: Scope, sheet: str, cell: tuple[int, int], *, careful: bool = False) -> None:
        self.scope = scope
        self.sheet = sheet
        self.cell = cell
        self.careful = careful
        self.out: list[Piece] = []
        self.reads: list[Moving | ThisRow] = []
        self.functions: set[str] = set()
        self.ours: set[str] = set()
        self.calls: set[tuple[str, tuple[bool, ...]]] = set()
        self.marks: set[str] = set()
        self.literals: set[float] = set()
        self.searches: list[Search] = []
        self.plain = True
        self.local = False
        self.by_cell = False
        self.name_depth = 0
        self.swallowing = 0
        self.variables: set[str] = set()

    # -- references -------------------------------------------------------------------------------------------

    def own(self, ref: Ref) -> Ref:
        """The reference with its sheet in the workbook's spelling; none where it is the formula's."""
        if ref.book is not None:
            raise NotAdmittedError("refers to another workbook")
        if ref.sheet is None:
            return ref
        sheet = self.scope.sheet(ref.sheet)
        if sheet is None:
            raise NotAdmittedError(f"refers to a sheet that does not exist: {ref.sheet}")
        self.plain = self.plain and sheet not in self.scope.aliases
        return ref._replace(sheet=None if sheet == self.sheet else sheet)

    def static(self, node: Node | None) -> Moving | ThisRow | None:
        """The cells of a node that is nothing but a reference."""
        if node is None:
            return None
        if node.kind == "paren":
            return self.static(node.children[0])
        if node.kind == "ref" and node.ref is not None and node.ref.last_sheet is None:
            return Moving(self.own(node.ref), self.name_depth > 0)
        if node.kind == "table":
            return self.table(node.text)
        if node.kind == "name" and not self.is_variable(node):
            self.plain = False
            text = self.name_text(node)
            self.name_depth += 1
            try:
                return self.static(parsed(text)) if self.name_depth <= _MAX_NAMES else None
            finally:
                self.name_depth -= 1
        return None

    def write_ref(self, piece: Moving | ThisRow, context: Context, *, spell_out: bool = False) -> bool:
        """Writes a reference; returns True where it stands for many values."""
        many = piece.col1 != piece.col2 if isinstance(piece, ThisRow) else not piece.ref.single
        if many and context == "V":
            self.plain = False
            many = False
            if isinstance(piece, Moving):
                piece = piece._replace(intersect=True)
            else:
                self.out.append("@")
        if isinstance(piece, Moving) and piece.ref.whole and not piece.intersect:
            if spell_out:
                self.plain = False
                piece = piece._replace(spell_out=True)
            elif piece.ref.whole == "rows" or (context == "A" and not piece.in_name):
                piece = self.clipped(piece)
        self.reads.append(piece)
        self.out.append(piece)
        return many and context == "A"

    def clipped(self, piece: Moving) -> Moving:
        """Whole rows or columns up to the last cell that the workbook has, for which the engine takes less memory."""
        used = [self.scope.used(sheet) for sheet in self.scope.sheets]
        ref = piece.ref
        self.plain = False
        self.local = True
        if ref.whole == "columns":
            ref = ref._replace(row2=max(1, *(row for row, _ in used)))
        else:
            ref = ref._replace(col2=max(1, *(column for _, column in used)))
        return piece._replace(ref=ref._replace(whole=""))

    def table(self, text: str) -> Moving | ThisRow:
        """The cells of a structured reference or of a table's name."""
        self.plain = False
        name, bracket, rest = text.partition("[")
        if name:
            view = self.scope.table(name)
        else:
            self.by_cell = True
            view = self.scope.table_at(self.sheet, *self.cell)
        if view is None:
            if not self.scope.has_tables():
                raise NotAdmittedError(
                    f"refers to the table {name or text}, but the file has lost its tables"
                )
            raise NotAdmittedError(f"refers to a table that does not exist: {name or text}")
        found = resolve_table(view, rest[:-1] if bracket else "")
        if found is None:
            raise NotAdmittedError(f"refers to a part that the table does not have: {text}")
        own = found.sheet == self.sheet
        if isinstance(found, Ref):
            return Moving(found._replace(sheet=None) if own else found)
        return found._replace(sheet="") if own else found

    def named(self, tree: Node, depth: int = 0) -> Iterator[Moving | ThisRow]:
        """The references of a formula that is not calculated, through names too; what names nothing is left out."""
        for node in tree.walk():
            with suppress(NotAdmittedError, FormulaError):
                if node.ref is not None and node.ref.last_sheet is not None and node.ref.book is None:
                    for sheet in self.scope.sheets_between(node.ref.sheet or "", node.ref.last_sheet):
                        yield Moving(node.ref._replace(sheet=sheet, last_sheet=None), depth > 0)
                elif node.kind in ("ref", "table"):
                    found = self.static(node)
                    if found is not None:
                        yield found._replace(in_name=depth > 0) if isinstance(found, Moving) else found
                elif node.kind == "name" and depth < _DEEPEST and not self.is_variable(node):
                    yield from self.named(parsed(self.name_text(node)), depth + 1)

    # -- names ------------------------------------------------------------------------------------------------

    def is_variable(self, node: Node) -> bool:
        """True for a variable of LET."""
        return node.text.upper().startswith("_XLPM.") or node.text.lower() in self.variables

    def name_text(self, node: Node) -> str:
        """The formula that a defined name stands for."""
        sheet: str | None = self.sheet
        if node.sheet is not None:
            sheet = self.scope.sheet(node.sheet)
            if sheet is None and node.sheet != "[0]":
                raise NotAdmittedError("refers to another workbook")
        text = self.scope.name(node.text, sheet)
        if text is not None:
            return text.removeprefix("=")
        if self.scope.table(node.text) is not None:
            return f"{node.text}[]"
        raise NotAdmittedError(f"name not defined: {node.text}")

    def write_name(self, node: Node, context: Context) -> bool:
        """Writes what a defined name stands for."""
        if self.is_variable(node):
            self.out.append(node.text)
            return context == "A"
        self.plain = False
        text = self.name_text(node)
        if self.name_depth >= _MAX_NAMES or len(self.out) > _MAX_PIECES:
            raise NotAdmittedError(f"defined names nested too deeply: {node.text}")
        try:
            tree = parsed(text)
        except FormulaError as error:
            raise NotAdmittedError(f"defined name {node.text} cannot be read: {error}") from None
        self.name_depth += 1
        simple = tree.kind in ("ref", "table", "number", "text", "bool", "error", "constants", "name")
        if not simple:
            self.out.append("(")
        many = self.write(tree, context)
        if not simple:
            self.out.append(")")
        self.name_depth -= 1
        return many

    @abstractmethod
    def write(self, node: Node, context: Context) -> bool:
        """Writes a node; returns True where it stands for an array in its place."""


def joined(operator: str, a: Moving | ThisRow, b: Moving | ThisRow) -> Moving | ThisRow | None:
    """The cells between two references (`:`) or common to them (blank), where that can be said beforehand."""
    if isinstance(a, ThisRow) or isinstance(b, ThisRow):
        if operator == ":" and isinstance(a, ThisRow) and isinstance(b, ThisRow) and a.sheet == b.sheet:
            return a._replace(col1=min(a.col1, b.col1), col2=max(a.col2, b.col2))
        return None
    x, y = a.ref, b.ref
    rows = {x.absolute[0], x.absolute[2], y.absolute[0], y.absolute[2]}
    columns = {x.absolute[1], x.absolute[3], y.absolute[1], y.absolute[3]}
    elsewhere = y.sheet is not None and x.sheet != y.sheet
    if a.in_name != b.in_name or elsewhere or len(rows) > 1 or len(columns) > 1:
        return None
    if operator == ":":
        corners = min(x.row1, y.row1), min(x.col1, y.col1), max(x.row2, y.row2), max(x.col2, y.col2)
    else:
        corners = max(x.row1, y.row1), max(x.col1, y.col1), min(x.row2, y.row2), min(x.col2, y.col2)
        if corners[0] > corners[2] or corners[1] > corners[3]:
            return None
    single = corners[0] == corners[2] and corners[1] == corners[3]
    return Moving(Ref(*corners, x.absolute, single=single, sheet=x.sheet), a.in_name)
