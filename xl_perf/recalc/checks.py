"""Constructs that the engine gets wrong: kept out, or written in another way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xl_perf.excel import rules
from xl_perf.formula.tables import ThisRow
from xl_perf.recalc import functions as table
from xl_perf.recalc.nodes import literal
from xl_perf.recalc.recipe import Moving, NotAdmittedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.formula.tree import Node
    from xl_perf.recalc.calls import CallWriter
    from xl_perf.recalc.references import Context

_SAFE_FORMATS: Final = re.compile(r'"[0#% ]+"')
"""Formats that mean the same in every language and that the engine has."""


def check(writer: CallWriter, node: Node, name: str, context: Context) -> None:
    """Raises where a call is one of the constructs that the engine gets wrong; marks those that depend on values."""
    children = node.children
    if name in table.IGNORE_ERRORS:
        writer.marks.add("errors")
        if any(child is not None and child.kind == "constants" and "#" in child.text for child in children):
            raise NotAdmittedError(f"{name} of errors")
    if name in table.NUMBERS_ONLY and None in children:
        raise NotAdmittedError(f"{name} without an argument")
    if name in table.CRITERIA:
        writer.marks.add("criteria")
    if name in _PLAIN_MODE and not _is_plain_mode(children, name):
        raise NotAdmittedError(f"{name} in a way that the engine does not have")
    if name == "INDEX" and len(children) == 2 and children[0] is not None:
        size = _size(writer, children[0])
        if (size is not None and min(size) > 1) or (
            children[0].kind == "constants" and ";" in children[0].text
        ):
            raise NotAdmittedError("INDEX of a table with one position")
    if name in ("COUNT", "COUNTA") and any(child is not None and child.kind == "error" for child in children):
        raise NotAdmittedError(f"{name} of an error")
    if name in ("SUBTOTAL", "AGGREGATE") and writer.scope.has_hidden_rows():
        raise NotAdmittedError(f"{name} in a workbook with hidden rows")
    if name in ("SUBTOTAL", "AGGREGATE"):
        writer.local = True
    if name == "COUNTBLANK" and children:
        cells = writer.static(children[0])
        if isinstance(cells, Moving) and cells.ref.whole == "rows":
            raise NotAdmittedError("COUNTBLANK of whole rows")
    if name in table.CRITERIA:
        _check_criteria(writer, node, name)
    if context == "A" and name in ("ROW", "COLUMN") and not children:
        raise NotAdmittedError(f"{name}() in an array formula")
    if name in table.CONDITIONS and any(child is not None and child.kind == "text" for child in children[:1]):
        raise NotAdmittedError(f"{name} of a text depends on the language of Excel")
    if name in table.LISTS and any(child is not None and child.kind == "text" for child in children):
        raise NotAdmittedError(f"{name} of a text depends on the language of Excel")
    if name == "LOOKUP" and len(children) > 2 and min(_size(writer, children[1]) or (1,)) > 1:
        raise NotAdmittedError("LOOKUP in a table with a result of its own")
    if name == "DATEDIF" and (
        len(children) < 3 or children[2] is None or children[2].text.upper() not in _UNITS
    ):
        raise NotAdmittedError("DATEDIF in a way in which Excel itself is wrong")
    if name == "LINEST" and len(children) > 2:
        raise NotAdmittedError("LINEST in a way that the engine does not have")
    if name == "XOR" and any(child is not None and child.kind == "text" for child in children):
        raise NotAdmittedError(f"{name} of a text depends on the language of Excel")


def _check_criteria(writer: CallWriter, node: Node, name: str) -> None:
    """Raises for criteria that the engine counts wrongly."""
    children = node.children
    if any(child is not None and child.kind == "error" for child in children):
        raise NotAdmittedError(f"{name} with an error as criterion")
    blanks = [not _counts_no_blanks(child) for child in children[1::2]]
    if name != "COUNTIFS" or len(children) <= 2 or not any(blanks):
        return
    cells = [writer.static(child) for child in children[::2]]
    sheets = {found.ref.sheet if isinstance(found, Moving) else found for found in cells}
    if not all(blanks) and len(sheets) == 1 and None not in cells:
        return  # an empty row does not meet the criterion that no empty cell meets
    writer.plain = False
    writer.local = True
    if any(_beyond_used(writer, child) for child in children[::2]):
        raise NotAdmittedError("COUNTIFS past the used rows passes over empty cells")


def counts_blanks_of_one(node: Node) -> bool:
    """True for COUNTIFS with one criterion, which becomes COUNTIF: that counts empty cells past the used rows."""
    return len(node.children) == 2 and not _counts_no_blanks(node.children[1])


def _beyond_used(writer: CallWriter, child: Node | None) -> bool:
    """True where a range goes on below the last used row of its sheet."""
    cells = writer.static(child)
    if not isinstance(cells, Moving):
        return cells is None
    return cells.ref.row2 > writer.scope.used(cells.ref.sheet or writer.sheet)[0]


def write_criterion(writer: CallWriter, child: Node, context: Context) -> bool:
    """Writes a criterion; numbers and dates in texts as the engine reads them."""
    context = "A" if context == "A" else "V"
    body = child.text[1:-1] if child.kind == "text" else ""
    if literal(child) is not None or (child.kind == "text" and _WORD.fullmatch(body)):
        return writer.write(child, context)
    writer.call_rule(rules.CRITERION)
    many = writer.write(child, context)
    writer.out.append(")")
    return many


_WORD: Final = re.compile(r"(?:<>|=)?(?![Tt]rue|TRUE|[Ff]alse|FALSE|VERO|FALSO)[A-Za-z_ *?àèéìòù.]*")
"""Criteria that mean the same everywhere."""


def is_safe_format(node: Node) -> bool:
    """True where TEXT has a format that the engine writes as Excel does."""
    pattern = node.children[1] if len(node.children) > 1 else None
    return (
        pattern is not None and pattern.kind == "text" and _SAFE_FORMATS.fullmatch(pattern.text) is not None
    )


def write_known_error(writer: CallWriter, node: Node, name: str) -> bool:
    """Writes the error that Excel gives for arguments that the engine takes; False where there is none."""
    children = node.children
    error = ""
    if name in table.SEARCHES and any(child is not None and child.text == "#REF!" for child in children):
        error = "#REF!"
    if name == "SUMPRODUCT" and len({_size(writer, child) for child in children} - {None}) > 1:
        error = "#VALUE!"
    if error:
        writer.plain = False
        writer.out.append(error)
    return bool(error)


def _size(writer: CallWriter, child: Node | None) -> tuple[int, int] | None:
    """Rows and columns of a reference or number, None for anything else."""
    if child is not None and literal(child) is not None:
        return 1, 1
    cells = writer.static(child)
    if cells is None:
        return None
    if isinstance(cells, ThisRow):
        return 1, cells.col2 - cells.col1 + 1
    ref = cells.ref
    if ref.absolute[0] != ref.absolute[2] or ref.absolute[1] != ref.absolute[3]:
        return None
    return ref.row2 - ref.row1 + 1, ref.col2 - ref.col1 + 1


def write_size(writer: CallWriter, name: str, child: Node | None) -> bool:
    """Writes the number that ROWS or COLUMNS of a plain reference gives (the engine counts used ones only)."""
    cells = writer.static(child)
    if cells is None:
        return False
    if isinstance(cells, ThisRow):
        size = 1 if name == "ROWS" else cells.col2 - cells.col1 + 1
    else:
        ref = cells.ref
        place, ends = (0, (ref.row1, ref.row2)) if name == "ROWS" else (1, (ref.col1, ref.col2))
        if ref.absolute[place] != ref.absolute[place + 2]:
            return False
        size = ends[1] - ends[0] + 1
    writer.plain = False
    writer.out.append(str(size))
    return True


def may_be_range(node: Node, name: str) -> bool:
    """True where a call can give a range, which an ordinary formula intersects."""
    children = node.children
    if name == "OFFSET":
        first = children[0]
        single = first is not None and first.kind == "ref" and first.ref is not None and first.ref.single
        return len(children) > 3 or not single
    if name == "INDIRECT":
        return True
    if name == "INDEX":
        return len(children) < 2 or any(
            child is None or (child.kind == "number" and not child.text.strip("0."))
            for child in children[1:3]
        )
    return False


_UNITS: Final = frozenset(('"Y"', '"M"', '"D"', '"YM"'))
"""Units of DATEDIF in which Excel counts as one would expect."""
_PLAIN_MODE: Final = {
    "XLOOKUP": ((4, ("0", "0.0")), (5, ("1", "1.0"))),
    "XMATCH": ((2, ("0", "0.0")), (3, ("1", "1.0"))),
    "ADDRESS": ((3, ("1", "TRUE")),),
    "ROMAN": ((1, ("0", "TRUE")),),
}
"""Functions of which the engine has one mode only: the places of the arguments that choose, and their values."""


def _is_plain_mode(children: Sequence[Node | None], name: str) -> bool:
    for place, values in _PLAIN_MODE[name]:
        if len(children) <= place:
            break
        mode = children[place]
        # an argument that is left out between commas is 0: the mode that ADDRESS lacks
        if mode is None:
            if name == "ADDRESS":
                return False
        elif mode.kind not in ("number", "bool") or mode.text.upper() not in values:
            return False
    return True


def _counts_no_blanks(node: Node | None) -> bool:
    """True for a criterion that no empty cell can meet, as far as its text shows."""
    if node is None:
        return False
    if node.kind == "number":
        return True
    return node.kind == "text" and not node.text[1:-1].startswith(("<>", "=")) and node.text != '""'
