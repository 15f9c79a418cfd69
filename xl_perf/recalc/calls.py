"""Calls written for the engine: our functions, built-in ones, and those that are calculated by Excel's rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.excel import rules
from xl_perf.formula.spelling import USED, builtin_name, spelled
from xl_perf.formula.tables import ThisRow
from xl_perf.recalc import checks
from xl_perf.recalc import functions as table
from xl_perf.recalc.lookups import is_nearest, is_plain_node, left_to_engine, looked_up
from xl_perf.recalc.nodes import may_be_text
from xl_perf.recalc.recipe import Moving, NotAdmittedError
from xl_perf.recalc.writer import Writer

if TYPE_CHECKING:
    from xl_perf.formula.tree import Node
    from xl_perf.recalc.references import Context


class CallWriter(Writer):
    """Writes the pieces of one formula, calls included."""

    def write_call(self, node: Node, context: Context) -> bool:
        """Writes a call; see `Writer.write_call`."""
        ours = spelled(node.text, self.scope.functions)
        if ours is not None and (node.sheet is None or self.scope.sheet(node.sheet) is None):
            return self.write_ours(node, ours, context)
        name = builtin_name(node.text)
        if name in ("SINGLE", "ANCHORARRAY") and len(node.children) == 1 and node.children[0] is not None:
            self.plain = False
            if name == "SINGLE":
                return self.write_prefix("@", node.children[0], context)
            return self.write_spill(node.children[0], context)
        self.functions.add(name)
        if name in table.RANDOM:
            raise NotAdmittedError(f"{name} gives another value each time")
        if name in table.DISTRUSTED and not (
            name in table.OWN or (context == "A" and name in table.MAPPED_HERE)
        ):
            raise NotAdmittedError(f"{name}: {table.DISTRUSTED[name]}", name)
        if node.sheet is not None or name not in table.SIGNATURES:
            raise NotAdmittedError(f"function not known: {node.text}", node.text)
        return self.write_builtin(node, name, context)

    def write_ours(self, node: Node, name: str, context: Context) -> bool:
        """Writes a call of one of our functions; omitted arguments become empty ones."""
        shape = self.scope.functions[name]
        start = len(self.out)
        if node.sheet is not None:
            self.plain = False
        spelling = name if node.sheet is not None else node.text
        self.ours.add(spelling)
        self.calls.add((name, tuple(child is not None for child in node.children)))
        self.out.append(spelling + "(")
        many = shape == "array"
        for place, argument in enumerate(node.children):
            child = argument
            if place:
                self.out.append(",")
            if shape == "synthesis" and (columns := _used(child)) is not None:
                self.plain = False
                child = columns
            if child is None:  # the engine would pass 0
                self.plain = False
                self.out.append('""')
                continue
            before = len(self.reads)
            array = self.write(child, "A" if context == "A" else "R")
            ranges = any(_is_range(piece) for piece in self.reads[before:]) and not _gives_one_value(child)
            if shape in ("elementwise", "lookup"):
                many = many or array or ranges
        self.out.append(")")
        if many and context == "V":
            self.first_of(start)
            many = False
        return many and context == "A"

    def first_of(self, start: int) -> None:
        """What was written from a place on shows its first element only."""
        self.plain = False
        self.out.insert(start, "INDEX(")
        self.out.append(",1,1)")

    def write_builtin(self, node: Node, name: str, context: Context) -> bool:
        """Writes a call of a built-in function."""
        children = node.children
        if name in ("ROWS", "COLUMNS") and len(children) == 1 and checks.write_size(self, name, children[0]):
            return False
        if name == "INDEX" and (cell := looked_up(self, node)) is not None:
            self.plain = False
            return self.write_ref(cell, context)
        if name == "LET":
            self.variables |= {
                child.text.lower() for child in children[:-1:2] if child is not None and child.kind == "name"
            }
        start = len(self.out)
        checks.check(self, node, name, context)
        if checks.write_known_error(self, node, name):
            return False
        classes = table.parameter_classes(name, len(children))
        own = self.is_own(node, name, context)
        self.out.append(self.spelling(node, name, own=own) + "(")
        many = name in table.ARRAY_RESULT
        self.swallowing += name in table.SWALLOW
        for place, child in enumerate(children):
            if place:
                self.out.append(",")
            if child is None:
                if own:  # the engine would pass 0
                    texts = name in ("CONCATENATE", "CONCAT") or (name == "TEXTJOIN" and place != 1)
                    self.out.append('""' if texts else "0")
                continue
            many = self.write_argument(child, name, classes[place], context, place, own=own) or many
        self.swallowing -= name in table.SWALLOW
        self.out.append(")")
        if context == "V" and many:
            if name in table.ARRAY_RESULT:
                self.first_of(start)
                return False
            return True
        if context == "V" and checks.may_be_range(node, name):
            self.plain = False
            self.out.insert(start, "@")
        return many

    def is_own(self, node: Node, name: str, context: Context) -> bool:
        """True for a call that is calculated by Excel's rules here, not by the engine."""
        if is_nearest(name, node.children):
            search = None if self.careful or context == "A" else left_to_engine(self, node, name)
            if search is not None:
                self.searches.append(search)
                self.marks.add("sorted")
                self.plain = False  # each cell has a recipe with its own range
            return search is None
        return (
            name in table.OWN
            or (context == "A" and name in table.MAPPED_HERE)
            or (name == "TEXT" and not checks.is_safe_format(node))
        )

    def spelling(self, node: Node, name: str, *, own: bool) -> str:
        """The name under which the copy calls a function."""
        if name == "COUNTIFS" and checks.counts_blanks_of_one(node):
            self.plain = False
            return "COUNTIF"
        if own:
            self.plain = False
            self.mark_rule(rules.FUNCTION + name)
            return rules.FUNCTION + name
        return node.text

    def write_argument(
        self, child: Node, name: str, letter: str, context: Context, place: int, *, own: bool
    ) -> bool:
        """Writes one argument of a built-in function; True where it makes the result an array."""
        if place in table.CRITERIA.get(name, ()):
            if checks.write_criterion(self, child, context):
                raise NotAdmittedError(f"{name} with several criteria is not calculated element by element")
            return False
        if name in table.MODES and place == table.MODES[name] and child.kind == "bool":
            self.plain = False
            self.out.append("1" if child.text == "TRUE" else "0")
            return False
        if letter == "V":
            if name == "UNICODE":
                many = self.write_text(child, context)
            elif name in table.NUMBERS_ONLY and may_be_text(child):
                if self.careful:
                    raise NotAdmittedError(f"{name} of a text or a truth value")
                self.marks.add("coerces")
                many = self.write(child, "A" if context == "A" else "V")
            elif name == "CHOOSE" and not is_plain_node(child):
                self.call_rule(rules.NUMBER)  # the engine takes no truth value and no text
                many = self.write(child, "A" if context == "A" else "V")
                self.out.append(")")
            elif name in table.NUMERIC and not own:
                many = self.write_number(child, context)
            else:
                many = self.write(child, "A" if context == "A" else "V")
            alone = name in ("EDATE", "EOMONTH") or not (own or name in table.MAPPED | table.ARRAY_RESULT)
            if many and alone:
                raise NotAdmittedError(f"{name} over a range is not calculated element by element")
            return many
        if letter == "P":
            return self.write(child, "R" if name == "LET" and place % 2 and context == "V" else context)
        if name in table.LISTS and self.write_list(child, context):
            return False
        if name == "INDEX" and not place:
            cells = self.static(child)
            if cells is not None:
                self.write_ref(cells, "R", spell_out=True)
                return False
        if name == "SUMPRODUCT" and self.write_products(child):
            return False
        many = self.write(child, "A" if letter == "A" or context == "A" else "R")
        if many and name in table.FIRST_ONLY:
            raise NotAdmittedError(f"{name} over a range is not calculated element by element")
        return False

    def write_products(self, child: Node) -> bool:
        """Writes a range of SUMPRODUCT that stands alone, in which texts and truth values are 0; False for others."""
        if not may_be_text(child):
            return False
        if not self.careful:
            self.marks.add("products")
            return False
        self.call_rule(rules.VALUES)
        self.write(child, "A")
        self.out.append(")")
        return True

    def write_list(self, child: Node, context: Context) -> bool:
        """Writes a union or a reference through several sheets as a list of arguments; False where it is neither."""
        if child.kind == "paren" and child.children[0] is not None and child.children[0].kind == "union":
            self.plain = False
            for place, member in enumerate(child.children[0].children):
                assert member is not None
                if place:
                    self.out.append(",")
                self.write(member, "A" if context == "A" else "R")
            return True
        if child.kind == "ref" and child.ref is not None and child.ref.last_sheet is not None:
            ref = child.ref
            if ref.book is not None:
                raise NotAdmittedError("refers to another workbook")
            sheets = self.scope.sheets_between(ref.sheet or "", ref.last_sheet or "")
            if not sheets:
                raise NotAdmittedError("refers to a sheet that does not exist")
            self.plain = False
            for place, sheet in enumerate(sheets):
                if place:
                    self.out.append(",")
                self.write_ref(Moving(ref._replace(sheet=sheet, last_sheet=None), self.name_depth > 0), "R")
            return True
        return False


def _used(node: Node | None) -> Node | None:
    """The whole columns that a formula of Calc hands over as `XLPERF.USATO(A:A)`: unused cells count nothing."""
    if node is None or node.kind != "call" or node.text.upper() != USED or len(node.children) != 1:
        return None
    inner = node.children[0]
    return inner if inner is not None and inner.ref is not None and inner.ref.whole else None


def _is_range(piece: Moving | ThisRow) -> bool:
    return piece.col1 != piece.col2 if isinstance(piece, ThisRow) else not piece.ref.single


def _gives_one_value(node: Node) -> bool:
    """True for an argument that is one value although it reads ranges (a call that sums, an operation on values)."""
    if node.kind == "paren" and node.children[0] is not None:
        return _gives_one_value(node.children[0])
    if node.kind == "call":
        if builtin_name(node.text) == "INDEX" and len(node.children) == 2:
            match = node.children[1]  # a table with one position is not admitted, and MATCH never gives 0
            return match is not None and match.kind == "call" and builtin_name(match.text) == "MATCH"
        return builtin_name(node.text) not in table.ARRAY_RESULT | {
            "INDEX",
            "OFFSET",
            "INDIRECT",
            "IF",
            "CHOOSE",
        }
    return node.kind in ("binary", "prefix", "postfix") and node.text not in (":", " ", "#")
