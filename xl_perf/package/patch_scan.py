"""Other values in the formula cells of an ordinary sheet part: the quick way of `xl_perf.package.patch`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.errors import WorkbookError
from xl_perf.package.refs import cell_name
from xl_perf.package.scalars import same_value, storable
from xl_perf.package.sheetscan import HEAD, PIECES, VALUE
from xl_perf.package.stored import result_content, start_tag

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xl_perf.package.model import CellKey
    from xl_perf.package.sheetscan import SheetScan
    from xl_perf.values import CellValue

_START = b'<c r="'


def patch_scan(scan: SheetScan, values: Mapping[CellKey, CellValue], where: str) -> bytes | None:
    """The part with new values of formula cells.

    Args:
        scan: the sheet as it is.
        values: new values.
        where: file and sheet for messages.

    Returns:
        The part in UTF-8, the same object where no value differs; None where a cell is no formula cell.

    Raises:
        WorkbookError: a value that no cell can hold; names the cell.
    """
    stored = scan.stored
    try:
        places = list(map(scan.index.__getitem__, values))
    except KeyError:
        return None
    numbers: list[tuple[int, float]] = []
    others: list[tuple[int, CellValue]] = []
    for place, value in zip(places, values.values(), strict=True):
        old = stored[place]
        if type(value) is float and value - value == 0.0:  # neither infinite nor NaN
            if value != old or type(old) is not float:
                numbers.append((place, value))
        elif value != old or type(value) is not type(old):
            new = storable(value)
            if not same_value(old, new):
                others.append((place, new))
    if not numbers and not others:
        return scan.part.utf8
    pieces = scan.pieces.copy()
    heads = _Heads(None)
    kind: str | None
    for (place, _), element in zip(numbers, _elements([number for _, number in numbers]), strict=True):
        at = PIECES * place
        pieces[at + HEAD] = heads[pieces[at + HEAD]]
        pieces[at + VALUE] = element
    by_kind: dict[str | None, _Heads] = {None: heads}
    texts: dict[str, bytes] = {}
    for place, value in others:
        if type(value) is str and value in texts:
            kind, element = "str", texts[value]
        else:
            kind, element = _content(scan, place, value, where)
            if type(value) is str:
                texts[value] = element
        at = PIECES * place
        pieces[at + HEAD] = by_kind.setdefault(kind, _Heads(kind))[pieces[at + HEAD]]
        pieces[at + VALUE] = element
    begin, end = scan.inside
    data = scan.part.utf8
    return b"".join((data[:begin], *pieces, data[end:]))


class _Heads(dict[bytes, bytes]):
    """The rest of a start tag -> the same with another type."""

    def __init__(self, kind: str | None) -> None:
        super().__init__()
        self._kind = kind

    def __missing__(self, head: bytes) -> bytes:
        self[head] = start_tag(_START + head, self._kind)[len(_START) :]
        return self[head]


def _elements(numbers: list[float]) -> list[bytes]:
    """The elements that store finite numbers, with the digits of `xl_perf.package.scalars.number_text`, in one go."""
    if not numbers:
        return []
    if 0.0 in numbers:
        numbers = [number or 0.0 for number in numbers]  # no -0.0
    text = "</v>\n<v>".join(map(repr, numbers))
    return f"<v>{text}</v>".replace(".0</v>", "</v>").encode().split(b"\n")


def _content(scan: SheetScan, place: int, value: CellValue, where: str) -> tuple[str | None, bytes]:
    try:
        return result_content(b"", value)
    except ValueError as error:
        cell = cell_name(scan.keys[place])
        raise WorkbookError(f"the value cannot be stored: {error}", where=f"{where}!{cell}") from error
