"""A copy of a package in which formulas have given way to their values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xl_perf.package.patch import Edit, apply_edits, by_sheet, value_edits
from xl_perf.package.relations import CONTENT_TYPES, rels_name
from xl_perf.package.stored import start_tag
from xl_perf.package.xmlpart import decode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xl_perf.package.model import CellKey
    from xl_perf.package.sheetdata import SheetData
    from xl_perf.package.workbook import Package
    from xl_perf.values import CellValue

_TYPE = re.compile(rb"\st\s*=\s*[\"']([A-Za-z]+)[\"']")
_ELEMENT = re.compile(rb"<([\w.:-]+)((?:\s+[\w.:-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*(?:/>|>\s*</\1\s*>)")


def freeze_package(
    package: Package,
    changes: Mapping[str, Mapping[CellKey, CellValue]],
    spill: Mapping[str, Mapping[CellKey, str]],
) -> bytes:
    """See `Package.replace_formulas_by_values`."""
    todo = {sheet: (values, spilled) for sheet, values, spilled in by_sheet(package, changes, spill)}
    parts: dict[str, bytes] = {}
    for info in package.sheets:
        if info.kind not in ("worksheet", "macrosheet"):
            continue
        data = package.sheet_data(info.name)
        values, spilled = todo.get(info.name, ({}, {}))
        where = f"{package.where}, {info.name}"
        edits = value_edits(data, values, spilled, where, insert=False, with_refs=False)
        edits = _without_formulas(data, edits)
        if edits:
            parts[info.part] = data.part.encode(apply_edits(data.part.utf8, edits))
    dropped = []
    chain = _calculation_chain(package)
    if chain:
        dropped.append(chain)
        for name, mark in _mentions(package, chain):
            part = decode(package.read(name), f"{package.where}, {name}")
            parts[name] = part.encode(_without(part.utf8, mark))
    return package.archive.rewrite(parts, dropped)


def _without_formulas(data: SheetData, edits: list[Edit]) -> list[Edit]:
    """The edits, and those that take formula elements out and the mark of dynamic arrays from their cells."""
    tags = {edit.start: place for place, edit in enumerate(edits) if edit.end > edit.start}
    edits = list(edits)
    for place, cell in enumerate(data.cells):
        if cell.formula is None:
            continue
        spans = data.spans(place)
        edits.append(Edit(*spans.formula, b""))
        if cell.formula.dynamic:
            number = tags.get(spans.tag[0])
            tag = data.part.utf8[slice(*spans.tag)] if number is None else edits[number].new
            kind = _TYPE.search(tag)
            edit = Edit(*spans.tag, start_tag(tag, kind[1].decode() if kind else None, (b"cm",)))
            if number is None:
                edits.append(edit)
            else:
                edits[number] = edit
    return edits


def _calculation_chain(package: Package) -> str:
    for related in package.relationships(package.workbook_part).values():
        if related.kind == "calcChain":
            return package.archive.find(related.target) or ""
    return ""


def _mentions(package: Package, chain: str) -> list[tuple[str, bytes]]:
    """The parts that name the calculation chain, with the text that tells the element."""
    name = chain.rpartition("/")[2].encode()
    found = [(CONTENT_TYPES, name)]
    rels = package.archive.find(rels_name(package.workbook_part))
    return [*found, (rels, name)] if rels else found


def _without(data: bytes, mark: bytes) -> bytes:
    """The XML without the empty elements whose attributes hold the mark."""
    pieces = []
    at = 0
    for match in _ELEMENT.finditer(data):
        if mark.lower() in match[2].lower():
            pieces.append(data[at : match.start()])
            at = match.end()
    return b"".join([*pieces, data[at:]])
