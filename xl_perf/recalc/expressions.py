"""Expressions of a formula written for the engine: references, names, operators (calls: `xl_perf.recalc.calls`)."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from xl_perf.recalc import excel_rules, functions
from xl_perf.recalc.formula import FormulaError, Node, Ref, parse
from xl_perf.recalc.recipe import Moving, NotAdmittedError, Operand, Piece, Probe
from xl_perf.recalc.scope import ThisRow, builtin_name, resolve_table

if TYPE_CHECKING:
    from xl_perf.recalc.scope import Scope

Context: TypeAlias = Literal["V", "R", "A"]
"""What surrounds an expression wants: one value, a reference or array, an array calculated element by element."""

_COMPARISONS: Final = frozenset(("=", "<>", "<", ">", "<=", ">="))
_MAX_NAMES: Final = 16
_MAX_PIECES: Final = 4_000


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Node:
    return parse(text)


class Writer:
    """Writes the pieces of one formula.

    Args:
        scope: the workbook.
        sheet: name of the formula's sheet.
        cell: row and column of the formula.
        exact: comparisons and texts of numbers are left to `xl_perf.recalc.excel_rules`.
    """

    def __init__(self, scope: Scope, sheet: str, cell: tuple[int, int], *, exact: bool = False) -> None:
        self.scope = scope
        self.sheet = sheet
        self.cell = cell
        self.out: list[Piece] = []
        self.reads: list[Moving | ThisRow] = []
        self.functions: set[str] = set()
        self.calls_ours: set[str] = set()
        self.plain = True
        self.name_depth = 0
        self.locals: set[str] = set()
        self.exact = exact
        self.probes: list[Probe] = []

    # -- references -------------------------------------------------------------------------------------------

    def own(self, ref: Ref) -> Ref:
        """The reference with its sheet in the workbook's spelling."""
        if ref.book is not None:
            raise NotAdmittedError("refers to another workbook")
        if ref.sheet is None:
            return ref
        sheet = self.scope.sheet(ref.sheet)
        if sheet is None:
            raise NotAdmittedError(f"refers to a sheet that does not exist: {ref.sheet}")
        return replace(ref, sheet=sheet)

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
        if node.kind == "name" and not self.is_local(node):
            self.plain = False
            text = self.name_text(node)
            self.name_depth += 1
            try:
                return self.static(_parsed(text)) if self.name_depth <= _MAX_NAMES else None
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
                piece = replace(piece, intersect=True)
            else:
                self.out.append("@")
        if isinstance(piece, Moving) and spell_out and piece.ref.whole:
            self.plain = False
            piece = replace(piece, spell_out=True)
        self.reads.append(piece)
        self.out.append(piece)
        return many and context == "A"

    def table(self, text: str) -> Moving | ThisRow:
        """The cells of a structured reference or of a table's name."""
        self.plain = False
        name, bracket, rest = text.partition("[")
        view = self.scope.table(name) if name else self.scope.table_at(self.sheet, *self.cell)
        if view is None:
            raise NotAdmittedError(f"refers to a table that does not exist: {name or text}")
        found = resolve_table(view, rest[:-1] if bracket else "")
        if found is None:
            raise NotAdmittedError(f"refers to a part that the table does not have: {text}")
        return Moving(found) if isinstance(found, Ref) else found

    # -- names ------------------------------------------------------------------------------------------------

    def is_local(self, node: Node) -> bool:
        """True for a variable of LET."""
        return node.text.upper().startswith("_XLPM.") or node.text.casefold() in self.locals

    def name_text(self, node: Node) -> str:
        """The formula that a defined name stands for."""
        sheet: str | None = self.sheet
        if node.sheet is not None:
            sheet = self.scope.sheet(node.sheet)
            if sheet is None and node.sheet != "[0]":
                raise NotAdmittedError("refers to another workbook")
        name = self.scope.name(node.text, sheet)
        if name is not None:
            return name.text.removeprefix("=")
        view = self.scope.table(node.text)
        if view is not None:
            return f"{node.text}[]"
        raise NotAdmittedError(f"name not defined: {node.text}")

    def write_name(self, node: Node, context: Context) -> bool:
        """Writes what a defined name stands for."""
        if self.is_local(node):
            self.out.append(node.text)
            return context == "A"
        self.plain = False
        text = self.name_text(node)
        if self.name_depth >= _MAX_NAMES or len(self.out) > _MAX_PIECES:
            raise NotAdmittedError(f"defined names nested too deeply: {node.text}")
        try:
            tree = _parsed(text)
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

    # -- expressions ------------------------------------------------------------------------------------------

    def write(self, node: Node, context: Context) -> bool:
        """Writes a node; returns True where it stands for an array in its place."""
        kind = node.kind
        if kind == "ref":
            assert node.ref is not None
            if node.ref.last_sheet is not None:
                raise NotAdmittedError("reference through several sheets outside a list of arguments")
            return self.write_ref(Moving(self.own(node.ref), self.name_depth > 0), context)
        if kind in ("number", "text", "bool", "error"):
            self.out.append(node.text)
            return False
        if kind == "call":
            return self.write_call(node, context)
        if kind == "binary":
            return self.write_binary(node, context)
        if kind == "name":
            return self.write_name(node, context)
        if kind == "table":
            return self.write_ref(self.table(node.text), context)
        if kind == "constants":
            self.out.append(node.text)
            return True
        child = node.children[0]
        assert child is not None
        if kind == "paren":
            if child.kind == "union":
                raise NotAdmittedError("union of references outside a list of arguments")
            self.out.append("(")
            many = self.write(child, context)
            self.out.append(")")
            return many
        if kind == "prefix":
            return self.write_prefix(node.text, child, context)
        if node.text == "#":
            return self.write_spill(child, context)
        many = self.write(child, context if context == "A" else "V")
        self.out.append("%")
        return many

    def write_prefix(self, operator: str, child: Node, context: Context) -> bool:
        """Writes a sign or an implicit intersection."""
        if operator == "@":
            cells = self.static(child)
            if cells is not None:
                self.plain = False
                return self.write_ref(cells, "V")
            self.out.append("@")
            self.write(child, "R")
            return False
        self.out.append(operator)
        return self.write(child, context if context == "A" else "V")

    def write_spill(self, child: Node, context: Context) -> bool:
        """Writes `A1#`."""
        if child.kind != "ref":
            raise NotAdmittedError("spill reference to something that is not a cell")
        self.plain = False
        cell = self.written(child)
        if context == "V":
            self.out.append("@")
        self.out += ["IF(IFERROR(ROWS(", *cell, "#),0)=0,", *cell, ",", *cell, "#)"]
        return context == "A"

    def written(self, node: Node) -> list[Piece]:
        """The pieces of a reference, not yet part of the formula."""
        outer, self.out = self.out, []
        self.write(node, "R")
        inner, self.out = self.out, outer
        return inner

    def write_binary(self, node: Node, context: Context) -> bool:
        """Writes an operation on two sides."""
        left, right = node.children
        assert left is not None
        assert right is not None
        if node.text in (":", " "):
            return self.write_reference_operator(node.text, left, right, context)
        inner: Context = "A" if context == "A" else "V"
        if context != "A" and node.text in _COMPARISONS and "text" not in (left.kind, right.kind):
            return self.write_comparison(node.text, left, right)
        texts = context != "A" and node.text == "&"
        many = self.write_text(left) if texts else self.write(left, inner)
        self.out.append(node.text)
        return (self.write_text(right) if texts else self.write(right, inner)) or many

    def write_comparison(self, operator: str, left: Node, right: Node) -> bool:
        """Writes a comparison of two single values and notes them for probing."""
        if self.exact:
            self.out.append(f'{excel_rules.COMPARE}("{operator}",')
        start = len(self.out)
        many = self.write(left, "V")
        middle = len(self.out)
        self.out.append("," if self.exact else operator)
        many = self.write(right, "V") or many
        if not many:
            self.probes.append(
                Probe(
                    Operand(tuple(self.out[start:middle]), left.start, left.end),
                    Operand(tuple(self.out[middle + 1 :]), right.start, right.end),
                )
            )
        if self.exact:
            self.out.append(")")
        return many

    def write_text(self, node: Node) -> bool:
        """Writes a single value that becomes text, and notes it for probing where it may be a number."""
        if node.kind == "text" or (node.kind == "binary" and node.text == "&") or _gives_text(node):
            return self.write(node, "V")
        if self.exact:
            self.out.append(f"{excel_rules.TEXT}(")
        start = len(self.out)
        many = self.write(node, "V")
        if not many:
            self.probes.append(Probe(Operand(tuple(self.out[start:]), node.start, node.end)))
        if self.exact:
            self.out.append(")")
        return many

    def write_reference_operator(self, operator: str, left: Node, right: Node, context: Context) -> bool:
        """Writes a range between references, or an intersection, resolved where possible."""
        a, b = self.static(left), self.static(right)
        if a is not None and b is not None:
            joined = _joined(operator, a, b)
            if joined is None:
                raise NotAdmittedError("intersection or range of references that cannot be resolved")
            self.plain = False
            return self.write_ref(joined, context)
        if operator == " ":
            raise NotAdmittedError("intersection of references that are calculated")
        self.functions.add("OFFSET")  # the cells between the two are known only when it is calculated
        if context == "V":
            raise NotAdmittedError("range between calculated references")
        self.write(left, "R")
        self.out.append(":")
        self.write(right, "R")
        return context == "A"

    @abstractmethod
    def write_call(self, node: Node, context: Context) -> bool:
        """Writes a call; returns True where it gives an array in its place."""


def _gives_text(node: Node) -> bool:
    return node.kind == "call" and builtin_name(node.text) in functions.TEXT_RESULT


def _joined(operator: str, a: Moving | ThisRow, b: Moving | ThisRow) -> Moving | ThisRow | None:
    """The cells between two references (`:`) or common to them (blank), where that can be said beforehand."""
    if isinstance(a, ThisRow) or isinstance(b, ThisRow):
        if operator == ":" and isinstance(a, ThisRow) and isinstance(b, ThisRow) and a.sheet == b.sheet:
            return replace(a, col1=min(a.col1, b.col1), col2=max(a.col2, b.col2))
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
