"""Calls written for the engine: our functions, built-in ones, and the constructs that the engine gets wrong."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from xl_perf.recalc import functions as table
from xl_perf.recalc.expressions import Writer
from xl_perf.recalc.recipe import Moving, NotAdmittedError
from xl_perf.recalc.scope import ThisRow, builtin_name, spelled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.recalc.expressions import Context
    from xl_perf.recalc.formula import Node

_SAFE_FORMATS: Final = re.compile(r'"(?:[0#% ]+|[dmyhs/:\- ]*)"', re.IGNORECASE)


class CallWriter(Writer):
    """Writes the pieces of one formula, calls included."""

    def write_call(self, node: Node, context: Context) -> bool:
        """Writes a call; see `Writer.write_call`."""
        ours = spelled(node.text, self.scope.functions)
        if ours is not None and (node.sheet is None or self.scope.sheet(node.sheet) is None):
            return self.write_ours(node, ours, context)
        name = builtin_name(node.text)
        if name == "SINGLE" and len(node.children) == 1 and node.children[0] is not None:
            self.plain = False
            return self.write_prefix("@", node.children[0], context)
        if name == "ANCHORARRAY" and len(node.children) == 1 and node.children[0] is not None:
            self.plain = False
            return self.write_spill(node.children[0], context)
        self.functions.add(name)
        if name in table.RANDOM:
            raise NotAdmittedError(f"{name} gives another value each time")
        if name in table.DISTRUSTED:
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
        self.calls_ours.add(spelling)
        self.out.append(spelling + "(")
        many = shape == "array"
        for place, child in enumerate(node.children):
            if place:
                self.out.append(",")
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
        if name in ("ROWS", "COLUMNS") and len(children) == 1 and self.write_size(name, children[0]):
            return False
        if name == "LET":
            self.locals |= {
                child.text.casefold()
                for child in children[:-1:2]
                if child is not None and child.kind == "name"
            }
        start = len(self.out)
        self.check(node, name, context)
        if self.write_known_error(node, name):
            return False
        classes = table.parameter_classes(name, len(children))
        self.out.append(
            ("COUNTIF" if name == "COUNTIFS" and self.rewrite_countifs(node) else node.text) + "("
        )
        many = name in table.ARRAY_RESULT
        for place, child in enumerate(children):
            if place:
                self.out.append(",")
            if child is None:
                continue
            many = self.write_argument(child, name, classes[place], context, place) or many
        self.out.append(")")
        if context == "V" and many:
            if name in table.ARRAY_RESULT:
                self.first_of(start)
                return False
            return True
        if context == "V" and self.may_be_range(node, name):
            self.plain = False
            self.out.insert(start, "@")
        return many

    def write_argument(self, child: Node, name: str, letter: str, context: Context, place: int) -> bool:
        """Writes one argument of a built-in function; True where it makes the result an array."""
        if letter == "V" and context != "A" and place < table.TEXT_ARGUMENTS.get(name, 0):
            if self.write_text(child):
                raise NotAdmittedError(f"{name} over a range is not calculated element by element")
            return False
        if letter == "V":
            many = self.write(child, "A" if context == "A" else "V")
            if many and name not in table.MAPPED and name not in table.ARRAY_RESULT:
                raise NotAdmittedError(f"{name} over a range is not calculated element by element")
            return many
        if letter == "P":
            return self.write(child, context)
        if name in table.LISTS and self.write_list(child, context):
            return False
        if name == "INDEX" and not place:
            cells = self.static(child)
            if cells is not None:
                self.write_ref(cells, "R", spell_out=True)
                return False
        many = self.write(child, "A" if letter == "A" or context == "A" else "R")
        if many and name in table.FIRST_ONLY:
            raise NotAdmittedError(f"{name} over a range is not calculated element by element")
        return False

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
                self.write_ref(Moving(replace(ref, sheet=sheet, last_sheet=None), self.name_depth > 0), "R")
            return True
        return False

    def write_known_error(self, node: Node, name: str) -> bool:
        """Writes the error that Excel gives for arguments that the engine takes; False where there is none."""
        children = node.children
        error = ""
        if name in table.SEARCHES and any(child is not None and child.text == "#REF!" for child in children):
            error = "#REF!"
        if name == "SUMPRODUCT" and len({self.size(child) for child in children} - {None}) > 1:
            error = "#VALUE!"
        if error:
            self.plain = False
            self.out.append(error)
        return bool(error)

    def size(self, child: Node | None) -> tuple[int, int] | None:
        """Rows and columns of a reference, None for anything else."""
        cells = self.static(child)
        if cells is None:
            return None
        if isinstance(cells, ThisRow):
            return 1, cells.col2 - cells.col1 + 1
        ref = cells.ref
        if ref.absolute[0] != ref.absolute[2] or ref.absolute[1] != ref.absolute[3]:
            return None
        return ref.row2 - ref.row1 + 1, ref.col2 - ref.col1 + 1

    def write_size(self, name: str, child: Node | None) -> bool:
        """Writes the number that ROWS or COLUMNS of a plain reference gives (the engine counts used ones only)."""
        cells = self.static(child)
        if cells is None:
            return False
        self.plain = False
        if isinstance(cells, ThisRow):
            size = 1 if name == "ROWS" else cells.col2 - cells.col1 + 1
        elif name == "ROWS":
            if cells.ref.absolute[0] != cells.ref.absolute[2]:
                return False
            size = cells.ref.row2 - cells.ref.row1 + 1
        else:
            if cells.ref.absolute[1] != cells.ref.absolute[3]:
                return False
            size = cells.ref.col2 - cells.ref.col1 + 1
        self.out.append(str(size))
        return True

    # -- what the engine gets wrong ---------------------------------------------------------------------------

    def may_be_range(self, node: Node, name: str) -> bool:
        """True where the call can give a range, which an ordinary formula intersects."""
        children = node.children
        if name == "OFFSET":
            return len(children) > 3 or not _single(children[0])
        if name == "INDIRECT":
            return True
        if name == "INDEX":
            return len(children) < 2 or any(
                child is None or (child.kind == "number" and not child.text.strip("0."))
                for child in children[1:3]
            )
        return False

    def check(self, node: Node, name: str, context: Context) -> None:
        """Raises where the call is one of the constructs that the engine gets wrong."""
        children = node.children
        if name == "LOOKUP" and any(self.static(child) is None for child in children[1:]):
            raise NotAdmittedError(
                "LOOKUP in a calculated array finds the first match instead of the last", name
            )
        if name in table.SORTED and not _exact_match(name, children):
            self.functions.add(table.APPROXIMATE)
        if name in _PLAIN_MODE and not _is_plain_mode(children, name):
            raise NotAdmittedError(f"{name} in a way that the engine does not have")
        if name == "TEXT" and len(children) > 1:
            pattern = children[1]
            if pattern is None or pattern.kind != "text" or not _SAFE_FORMATS.fullmatch(pattern.text):
                raise NotAdmittedError("TEXT with this format depends on the language of Excel")
        if name == "INDEX" and len(children) == 2 and children[0] is not None:
            size = self.size(children[0])
            if (size is not None and min(size) > 1) or (
                children[0].kind == "constants" and ";" in children[0].text
            ):
                raise NotAdmittedError("INDEX of a table with one position")
        if name in ("COUNT", "COUNTA") and any(
            child is not None and child.kind == "error" for child in children
        ):
            raise NotAdmittedError(f"{name} of an error")
        if name in ("SUBTOTAL", "AGGREGATE") and self.scope.has_hidden_rows():
            raise NotAdmittedError(f"{name} in a workbook with hidden rows")
        if name == "COUNTBLANK" and children:
            cells = self.static(children[0])
            if isinstance(cells, Moving) and cells.ref.whole == "rows":
                raise NotAdmittedError("COUNTBLANK of whole rows")
        if name in ("COUNTIFS", "SUMIFS", "AVERAGEIFS", "COUNTIF", "SUMIF", "AVERAGEIF"):
            self.check_criteria(node, name)
        if context == "A" and name in ("ROW", "COLUMN") and not children:
            raise NotAdmittedError(f"{name}() in an array formula")

    def check_criteria(self, node: Node, name: str) -> None:
        """Raises for criteria that the engine counts wrongly."""
        children = node.children
        if any(child is not None and child.kind == "error" for child in children):
            raise NotAdmittedError(f"{name} with an error as criterion")
        if (
            name != "COUNTIFS"
            or len(children) <= 2
            or all(_counts_no_blanks(child) for child in children[1::2])
        ):
            return
        self.plain = False
        beyond = any(self.beyond_used(child) for child in children[::2])
        if beyond:
            raise NotAdmittedError("COUNTIFS past the used rows passes over empty cells")

    def rewrite_countifs(self, node: Node) -> bool:
        """COUNTIFS with one criterion becomes COUNTIF, which counts empty cells past the used rows."""
        if len(node.children) == 2 and not _counts_no_blanks(node.children[1]):
            self.plain = False
            return True
        return False

    def beyond_used(self, child: Node | None) -> bool:
        """True where a range goes on below the last used row of its sheet."""
        cells = self.static(child)
        if not isinstance(cells, Moving):
            return cells is None
        return cells.ref.row2 > self.scope.last_rows.get(cells.ref.sheet or self.sheet, 0)


def _single(node: Node | None) -> bool:
    return node is not None and node.kind == "ref" and node.ref is not None and node.ref.single


def _is_range(piece: Moving | ThisRow) -> bool:
    return piece.col1 != piece.col2 if isinstance(piece, ThisRow) else not piece.ref.single


def _gives_one_value(node: Node) -> bool:
    """True for an argument that is one value although it reads ranges (a call that sums, an operation on values)."""
    if node.kind == "paren" and node.children[0] is not None:
        return _gives_one_value(node.children[0])
    if node.kind == "call":
        return builtin_name(node.text) not in table.ARRAY_RESULT | {
            "INDEX",
            "OFFSET",
            "INDIRECT",
            "IF",
            "CHOOSE",
        }
    return node.kind in ("binary", "prefix", "postfix") and node.text not in (":", " ", "#")


def _exact_match(name: str, children: Sequence[Node | None]) -> bool:
    """True for a search that does not need sorted data, as far as its text shows."""
    place = table.SORTED[name]
    if len(children) <= place:
        return False
    mode = children[place]
    return mode is None or (mode.kind in ("number", "bool") and mode.text.strip("0.") in ("", "FALSE"))


_PLAIN_MODE: Final = {
    "XLOOKUP": (4, ("0", "0.0")),
    "XMATCH": (2, ("0", "0.0")),
    "ADDRESS": (3, ("1", "TRUE")),
    "ROMAN": (1, ("0", "TRUE")),
}
"""Functions of which the engine has one mode only: the place of the argument that chooses, and its values."""


def _is_plain_mode(children: Sequence[Node | None], name: str) -> bool:
    place, values = _PLAIN_MODE[name]
    mode = children[place] if len(children) > place else None
    # an argument that is left out between commas is 0: the mode that ADDRESS lacks
    if mode is None:
        return name != "ADDRESS" or len(children) <= place
    return mode.kind in ("number", "bool") and mode.text.upper() in values


def _counts_no_blanks(node: Node | None) -> bool:
    """True for a criterion that no empty cell can meet, as far as its text shows."""
    if node is None:
        return False
    if node.kind == "number":
        return True
    return node.kind == "text" and not node.text[1:-1].startswith(("<>", "=")) and node.text != '""'
