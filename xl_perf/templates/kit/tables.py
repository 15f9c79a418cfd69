"""Writing a table into a page: headings, cells, conditional formats, the rows of the maps for programs."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

from openpyxl.styles import Alignment
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table, TableColumn
from openpyxl.xml.functions import tostring

from xl_perf.plan.describe import TargetMap
from xl_perf.templates.kit import paper
from xl_perf.templates.kit.cells import put
from xl_perf.templates.kit.dress import dress, dress_group, dress_head
from xl_perf.templates.kit.filling import example_of
from xl_perf.templates.kit.fit import Entry, Strip
from xl_perf.templates.kit.model import Column, Content, Place, Placed, TableSpec, letter
from xl_perf.templates.kit.names import BAND, CENTRE
from xl_perf.templates.kit.palette import let_wrap
from xl_perf.templates.kit.sheet_parts import judge_cells, judge_values
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.kit.widths import is_printed, ordered, wide_enough

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zipfile import ZipFile

    from xl_perf.templates.kit.model import Validation
    from xl_perf.templates.kit.page import Page

_TITLE = 32
"""Characters that the title of a prompt may have."""


def write_table(page: Page, spec: TableSpec, at_row: int, at_column: int) -> Placed:
    """Write a table with its heading, cells, validation, conditional formats and target map."""
    placed = page.geometry(spec, at_row, at_column)
    declared, spec = spec, ordered(spec)
    places = [Place(placed, row) for row in spec.rows]
    contents = [[_content(page, declared, place, column) for column in spec.columns] for place in places]
    strips = _headings(page, spec, at_row, at_column, contents)
    for place, cells in zip(places, contents, strict=True):
        for column, strip, content in zip(spec.columns, strips, cells, strict=True):
            _cell(page, place, column, strip, content)
        page.levels[place.number] = place.row.level
    _judge(page, spec, placed)
    _declare(page, spec, placed, at_column)
    page.book.tables.append((spec, placed))
    page.book.maps.extend(
        TargetMap(
            spec.name,
            c.link.key or spec.key,
            c.link.key_kind,
            c.heading,
            c.link.fixed,
            c.link.period,
            (c.link.source or spec.source) if c.link.sourced else "",
        )
        for c in spec.columns
        if c.link is not None
    )
    page.book.inputs.extend(
        c.datum.mapped(spec.name, c.datum.key or spec.key or declared.columns[0].heading, c.heading)
        for c in spec.columns
        if c.datum is not None
    )
    return placed


def _content(page: Page, spec: TableSpec, place: Place, column: Column) -> object:
    content = column.content(place)
    if content is None and column.kind is Kind.INPUT and column.datum is not None:
        return example_of(page.book, column.datum, spec, place)
    return content


def _headings(
    page: Page, spec: TableSpec, at_row: int, at_column: int, contents: Sequence[Sequence[object]]
) -> list[Strip]:
    """Write the headings; gives the columns, whose cells follow."""
    strips: list[Strip] = []
    grouped = any(column.group for column in spec.columns)
    for offset, column in enumerate(spec.columns):
        number = at_column + offset
        look = "left" if not offset else "start" if spec.filters else "center"
        dress_head(page.sheet.cell(at_row, number, column.heading), look)
        texts = [text for cells in contents if (text := _text(cells[offset]))]
        dimension = page.sheet.column_dimensions[letter(number)]
        width = max(wide_enough(column, texts, filters=spec.filters), page.given_widths.get(number, 0.0))
        dimension.width = page.given_widths[number] = width
        page.sized.add(letter(number))
        strips.append(Strip(number, column, at_row, is_printed(column), spec.filters))
        if column.group:
            _group(page, at_row - 1, number, spec.columns, offset)
    page.blocks.append(
        paper.Block(
            at_column,
            at_row - 1 if grouped else at_row,
            at_row,
            at_row + len(spec.rows),
            tuple(is_printed(column) for column in spec.columns),
            tuple(column.group for column in spec.columns),
        )
    )
    page.strips.extend(strips)
    return strips


def _group(page: Page, row: int, column: int, columns: Sequence[Column], offset: int) -> None:
    cell = page.sheet.cell(row, column)
    dress_group(cell)
    group = columns[offset].group
    if is_printed(columns[offset]) and (offset == 0 or columns[offset - 1].group != group):
        same = itertools.takewhile(lambda c: c.group == group and is_printed(c), columns[offset:])
        page.groups.append((row, column, group, len(list(same))))
        cell.value = group
        cell.alignment = Alignment(horizontal="left", vertical="center", indent=1)
    page.sheet.row_dimensions[row].height = 18


def _cell(page: Page, place: Place, column: Column, strip: Strip, content: object) -> None:
    """Write a cell."""
    kind, number_format, informative = column.kind, column.format_of(place.row), column.informative
    if isinstance(content, Content):
        informative = content.informative or informative
        kind = content.kind or kind
        number_format = content.number_format or number_format
        content = content.value
    cell = put(page.sheet, place.number, strip.number, content)
    dress(cell, kind, place.row.level, number_format, column.align, place.row.indent)
    if kind is Kind.INPUT and informative:
        page.book.informative[page.name, cell.coordinate] = f"«{column.heading}»: {informative}"
    validation = column.validation_of(place.row)
    if kind is Kind.INPUT and validation is not None:
        page.validate(_own(validation, column.heading), place.number, strip.number)
    if kind is Kind.INPUT and column.align == "left":  # a text: users type it, of any length
        let_wrap(cell)
        strip.entries.append(Entry(place.number, "", 1, place.row.level, flows=True))
    elif isinstance(content, str) and content and column.align != "right":
        indent = 0 if column.align == "center" else 1 + (place.row.indent if kind is Kind.LABEL else 0)
        flows = content.startswith("=")
        strip.entries.append(Entry(place.number, content, indent, place.row.level, flows))


@cache
def _own(validation: Validation, heading: str) -> Validation:
    """What a column accepts, under its own name: columns that accept the same differ in what they ask for."""
    title = heading if len(heading) <= _TITLE else f"{heading[: _TITLE - 1].rstrip()}…"
    return replace(validation, title=title)


def _judge(page: Page, spec: TableSpec, placed: Placed) -> None:
    by_judge: dict[str, list[str]] = {}
    first = min(placed.numbers.values())
    for column in spec.columns:
        if column.judged_by:
            mark = placed.letters[column.heading]
            by_judge.setdefault(column.judged_by, []).append(f"{mark}{first}:{mark}{placed.last}")
    own = [by_judge.pop(heading) for heading in list(by_judge) if heading == "*"]
    for heading, ranges in by_judge.items():
        judge_cells(page.sheet, " ".join(ranges), f"${placed.letters[heading]}{first}")
    for ranges in own:
        judge_values(page.sheet, ranges, page.book.parameter_name(BAND), page.book.parameter_name(CENTRE))


def _declare(page: Page, spec: TableSpec, placed: Placed, at_column: int) -> None:
    last = letter(at_column + len(spec.columns) - 1)
    ref = f"{letter(at_column)}{placed.header}:{last}{placed.last}"
    table = Table(id=page.book.next_table_id(), displayName=spec.name, name=spec.name, ref=ref)
    table.tableColumns = [
        TableColumn(id=i, name=column.heading) for i, column in enumerate(spec.columns, start=1)
    ]
    if spec.filters:
        table.autoFilter = AutoFilter(ref=ref)
    table._write = partial(_write_part, table)  # noqa: SLF001 - openpyxl's writer calls it
    page.sheet.add_table(table)


def _write_part(table: Table, archive: ZipFile) -> None:
    """Write the part of a table, which is made once for all workbooks that have it."""
    names = tuple((each.id, each.name, each.calculatedColumnFormula) for each in table.tableColumns)
    own_filter = None if table.autoFilter is None else table.autoFilter.ref
    key = table.id, table.displayName, table.ref, own_filter, names
    if key not in _PARTS:
        if len(_PARTS) >= _MOST_PARTS:
            _PARTS.clear()
        _PARTS[key] = tostring(table.to_tree())
    archive.writestr(table.path[1:], _PARTS[key])


_PARTS: dict[tuple[object, ...], bytes] = {}
_MOST_PARTS = 1_024


def _text(content: object) -> str:
    """A text that stands in a cell as it is; empty for numbers and formulas."""
    value = content.value if isinstance(content, Content) else content
    return value if isinstance(value, str) and not value.startswith("=") else ""
