"""Workbooks with plain references in the place of structured ones and of names of cells: what readable
formulas cost beside them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xl_perf.formula.refs import Ref, address, column_letters, parse_reference, quote_sheet
from xl_perf.formula.tables import TableView, resolve_table
from xl_perf.formula.tokens import tokenize
from xl_perf.package import open_package
from xl_perf.package.xmlpart import escape

if TYPE_CHECKING:
    from pathlib import Path

    from xl_perf.package import Package

_FORMULA = re.compile(rb"<f>([^<]*)</f>")


def write_plain(source: Path, target: Path) -> int:
    """Writes a workbook with plain formulas; gives how many references were exchanged."""
    package = open_package(source)
    maker = _Maker(package)
    parts: dict[str, bytes] = {}
    for info in package.sheets:
        scan = package.scan(info.name)
        if scan is None:
            continue
        texts = iter(
            [
                maker.plain(scan.text(place), info.name, scan.keys[place][0])
                for place, element in enumerate(scan.formulas)
                if element.startswith(b"<f>")
            ]
        )
        parts[info.part] = _FORMULA.sub(
            lambda _, texts=texts: b"<f>" + escape(next(texts)) + b"</f>",  # type: ignore[misc]
            scan.part.utf8,
        )
    target.write_bytes(package.archive.rewrite(parts))
    return maker.count


class _Maker:
    """Exchanges the references of one workbook's formulas."""

    def __init__(self, package: Package) -> None:
        self.count = 0
        self._tables = {
            t.name.lower(): TableView.of(t.name, t.sheet, t.ref, t.columns, (t.header_rows, t.totals_rows))
            for t in package.tables
        }
        self._names = {
            name.name.lower(): name.text
            for name in package.defined_names
            if name.scope is None and parse_reference(name.text) is not None
        }

    def plain(self, text: str, sheet: str, row: int) -> str:
        """A formula with its references exchanged; those that have no plain form stay."""
        return "".join(self._exchanged(kind, token, sheet, row) for kind, token in tokenize(text))

    def _exchanged(self, kind: str, token: str, sheet: str, row: int) -> str:
        found = None
        if kind == "name":
            found = self._names.get(token.lower())
        elif kind == "table":
            name, _, rest = token.partition("[")
            view = self._tables.get(name.lower())
            cells = None if view is None else resolve_table(view, rest[:-1])
            if cells is not None:
                prefix = "" if cells.sheet == sheet else quote_sheet(cells.sheet or sheet)
                found = prefix + (
                    _fixed(cells) if isinstance(cells, Ref) else _in_row(row, cells.col1, cells.col2)
                )
        self.count += found is not None
        return token if found is None else found


def _fixed(ref: Ref) -> str:
    first = f"${column_letters(ref.col1)}${ref.row1}"
    return first if ref.single else f"{first}:${column_letters(ref.col2)}${ref.row2}"


def _in_row(row: int, first: int, last: int) -> str:
    return address(row, first) if first == last else f"{address(row, first)}:{address(row, last)}"
