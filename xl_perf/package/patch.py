"""Other values in the cells of a package, every other byte as it was."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from xl_perf.errors import WorkbookError
from xl_perf.formula.refs import MAX_COLUMN, MAX_ROW
from xl_perf.package.insert import insertions
from xl_perf.package.patch_scan import patch_scan
from xl_perf.package.refs import cell_name, parse_range
from xl_perf.package.scalars import same_value, storable
from xl_perf.package.stored import result_content, start_tag, typed_content

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xl_perf.package.model import Cell, CellKey
    from xl_perf.package.sheetdata import CellSpans, SheetData
    from xl_perf.package.workbook import Package
    from xl_perf.values import CellValue

_REF = re.compile(rb"(\sref\s*=\s*)(?:\"[^\"]*\"|'[^']*')")


class Edit(NamedTuple):
    """Bytes from start to end of a part give way to others."""

    start: int
    end: int
    new: bytes


def patch_package(
    package: Package,
    changes: Mapping[str, Mapping[CellKey, CellValue]],
    spill: Mapping[str, Mapping[CellKey, str]],
    *,
    insert: bool,
    stale: bool | None = None,
) -> bytes:
    """See `Package.patch`."""
    parts: dict[str, bytes] = {}
    for sheet, values, spilled in by_sheet(package, changes, spill):
        scan = None if spilled else package.scan(sheet)
        quick = None if scan is None else patch_scan(scan, values, f"{package.where}, {sheet}")
        if scan is not None and quick is not None:
            if quick is not scan.part.utf8:
                parts[package.sheet(sheet).part] = scan.part.encode(quick)
            continue
        data = package.sheet_data(sheet)
        edits = value_edits(data, values, spilled, f"{package.where}, {sheet}", insert=insert)
        if edits:
            parts[package.sheet(sheet).part] = data.part.encode(apply_edits(data.part.utf8, edits))
    return package.archive.rewrite(parts, stale=stale)


def by_sheet(
    package: Package,
    changes: Mapping[str, Mapping[CellKey, CellValue]],
    spill: Mapping[str, Mapping[CellKey, str]],
) -> Iterable[tuple[str, Mapping[CellKey, CellValue], Mapping[CellKey, str]]]:
    """(sheet name, its new values, its spilled ranges) for every sheet that has some; names are checked."""
    values: dict[str, dict[CellKey, CellValue]] = {}
    spilled: dict[str, dict[CellKey, str]] = {}
    for name, cells in changes.items():
        if cells:
            values.setdefault(package.sheet(name).name, {}).update(cells)
    for name, ranges in spill.items():
        if ranges:
            spilled.setdefault(package.sheet(name).name, {}).update(ranges)
    for name in dict.fromkeys([*values, *spilled]):
        yield name, values.get(name, {}), spilled.get(name, {})


def value_edits(
    data: SheetData,
    values: Mapping[CellKey, CellValue],
    spilled: Mapping[CellKey, str],
    where: str,
    *,
    insert: bool,
    with_refs: bool = True,
) -> list[Edit]:
    """The edits of one sheet part that bring it to the new values.

    Args:
        data: the sheet as it is.
        values: new values.
        spilled: (row, column) of a dynamic array's formula -> the range that it fills.
        where: file and sheet for messages.
        insert: whether cells that do not exist are made; those inside `spilled` ranges always are.
        with_refs: whether the ranges of dynamic arrays are brought to what they fill.

    Raises:
        WorkbookError: a cell that does not exist, is outside the grid or cannot hold the value.
    """
    edits: list[Edit] = []
    missing: dict[CellKey, CellValue] = {}
    results = _Results(data, spilled, where)
    for key, value in values.items():
        place = data.index.get(key)
        if place is not None:
            edits += _cell_edits(data, place, value, where, results)
        elif value is not None:
            if not (insert or results.holds(key)):
                raise WorkbookError("the sheet has no such cell", where=f"{where}!{cell_name(key)}")
            if not (0 < key[0] <= MAX_ROW and 0 < key[1] <= MAX_COLUMN):
                raise WorkbookError("the cell is outside the grid", where=f"{where}!{key}")
            missing[key] = value
    edits += results.ref_edits() if with_refs else []
    if missing:
        elements = {
            key: new_cell(data.prefix, key, value, f"{where}!{cell_name(key)}", is_result=results.holds(key))
            for key, value in missing.items()
        }
        edits += [Edit(*edit) for edit in insertions(data, elements)]
    return edits


def apply_edits(data: bytes, edits: list[Edit]) -> bytes:
    """The bytes with all edits done; edits do not overlap, those at one place stay in their order."""
    pieces = []
    at = 0
    for start, end, new in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        pieces += [data[at:start], new]
        at = end
    pieces.append(data[at:])
    return b"".join(pieces)


class _Results:
    """Which cells hold the result of an array formula, so that texts in them are stored as results."""

    def __init__(self, data: SheetData, spilled: Mapping[CellKey, str], where: str) -> None:
        self._data = data
        self._spilled = spilled
        self._where = where
        self._ranges: list[tuple[int, int, int, int]] | None = None

    def holds(self, key: CellKey) -> bool:
        """Whether the cell is inside the range of an array formula."""
        if self._ranges is None:
            refs = dict.fromkeys(self._spilled.values())
            for cell in self._data.cells:
                if (
                    cell.formula is not None
                    and cell.formula.kind in ("array", "dataTable")
                    and cell.formula.ref
                ):
                    refs[cell.formula.ref] = None
            ranges = [parse_range(ref, self._where) for ref in refs]
            self._ranges = [ref for ref in ranges if ref[:2] != ref[2:]]
        row, column = key
        return any(
            top <= row <= bottom and left <= column <= right for top, left, bottom, right in self._ranges
        )

    def ref_edits(self) -> list[Edit]:
        """Edits of the `ref` attribute of dynamic arrays that fill another range now."""
        edits = []
        for key, ref in self._spilled.items():
            where = f"{self._where}!{cell_name(key)}"
            place = self._data.index.get(key)
            formula = self._data.cells[place].formula if place is not None else None
            if (
                place is None
                or formula is None
                or formula.kind != "array"
                or parse_range(ref, where)[:2] != key
            ):
                raise WorkbookError(
                    "only an array formula fills a range that starts at its cell", where=where
                )
            if formula.ref == ref:
                continue
            start, end = self._data.spans(place).formula
            tag_end = self._data.part.utf8.index(b">", start, end) + 1
            found = _REF.search(self._data.part.utf8, start, tag_end)
            if found is None:
                raise WorkbookError("the array formula has no range", where=where)
            edits.append(Edit(found.end(1), found.end(), b'"' + ref.encode() + b'"'))
        return edits


def _content(prefix: bytes, value: CellValue, where: str, *, is_result: bool) -> tuple[str | None, bytes]:
    """(type attribute, the `<v>` or `<is>` element) of a value."""
    try:
        return (result_content if is_result else typed_content)(prefix, storable(value))
    except ValueError as error:
        raise WorkbookError(f"the value cannot be stored: {error}", where=where) from error


def new_cell(prefix: bytes, key: CellKey, value: CellValue, where: str, *, is_result: bool) -> bytes:
    """The element of a cell that did not exist.

    Raises:
        WorkbookError: a value that no cell can hold.
    """
    kind, content = _content(prefix, value, where, is_result=is_result)
    attribute = b' t="%b"' % kind.encode() if kind else b""
    return b'<%bc r="%b"%b>%b</%bc>' % (prefix, cell_name(key).encode(), attribute, content, prefix)


def _cell_edits(data: SheetData, place: int, value: CellValue, where: str, results: _Results) -> list[Edit]:
    cell = data.cells[place]
    value = storable(value)
    if same_value(cell.value, value):
        return []
    spans = data.spans(place)
    key = cell.row, cell.column
    is_result = isinstance(value, str) and (
        cell.formula is not None or _is_plain_text(data.part.utf8, spans, cell) or results.holds(key)
    )
    kind, content = _content(data.prefix, value, f"{where}!{cell_name(key)}", is_result=is_result)
    tag = start_tag(data.part.utf8[slice(*spans.tag)], kind)
    if tag.endswith(b"/>"):
        if not content:
            return [Edit(*spans.tag, tag)]
        name = tag[1:].split(None, 1)[0].rstrip(b"/")
        return [Edit(*spans.tag, tag[:-2].rstrip() + b">" + content + b"</" + name + b">")]
    edits = [Edit(*spans.tag, tag)] if tag != data.part.utf8[slice(*spans.tag)] else []
    olds = [span for span in (spans.value, spans.inline) if span[0] >= 0]
    if olds:
        edits += [Edit(*olds[0], content), *(Edit(*span, b"") for span in olds[1:])]
    elif content:
        at = spans.formula[1] if spans.formula[0] >= 0 else spans.tag[1]
        edits.append(Edit(at, at, content))
    return edits


def _is_plain_text(data: bytes, spans: CellSpans, cell: Cell) -> bool:
    """Whether a cell without formula stores its text in `<v>`, as results of arrays do."""
    return isinstance(cell.value, str) and b't="str"' in data[slice(*spans.tag)]
