"""Workbooks with their formulas made readable: structured references, look-ups by key, defined names for parameters.

What a formula reads stays what it was, so that its value does too: a cell of the formula's row in a table becomes
`tbl[[#This Row],[Heading]]`, a whole column of a table `tbl[Heading]`, a fixed cell of a table with a column of codes
`INDEX(tbl[Heading],MATCH("CODE",tbl[Codice],0))`, any other fixed cell a defined name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xl_perf.formula.refs import parse_reference, quote_sheet
from xl_perf.formula.tokens import tokenize
from xl_perf.package import open_package
from xl_perf.package.xmlpart import escape

if TYPE_CHECKING:
    from pathlib import Path

    from xl_perf.formula.refs import Ref
    from xl_perf.package import Package, Table

KEY = "Codice"
_QUOTED = re.compile(r"(['\[\]#@])")
_FORMULA = re.compile(rb'(<c r="([A-Z]+)([0-9]+)"[^>]*>)<f>([^<]*)</f>')


def write_structured(source: Path, target: Path) -> int:
    """Writes a workbook with readable formulas; gives how many references were exchanged."""
    package = open_package(source)
    maker = _Maker(open_package(source))
    parts: dict[str, bytes] = {}
    for info in package.sheets:
        scan = package.scan(info.name)
        if scan is None:
            continue
        cells = {
            name: maker.structured(scan.text(place), info.name, scan.keys[place][0])
            for place, name in enumerate(scan.names)
            if scan.formulas[place].startswith(b"<f>")
        }

        def exchanged(found: re.Match[bytes], cells: dict[bytes, str] = cells) -> bytes:
            return found[1] + b"<f>" + escape(cells[found[2] + found[3]]) + b"</f>"

        parts[info.part] = _FORMULA.sub(exchanged, scan.part.utf8)
    names = "".join(
        f'<definedName name="{name}">{escape(text).decode()}</definedName>'
        for name, text in maker.names.items()
    )
    workbook = package.read(package.workbook_part).decode()
    parts[package.workbook_part] = workbook.replace("</definedNames>", f"{names}</definedNames>").encode()
    target.write_bytes(package.archive.rewrite(parts))
    return maker.count


class _Maker:
    """Exchanges the references of one workbook's formulas."""

    def __init__(self, package: Package) -> None:
        self.names: dict[str, str] = {}
        self.count = 0
        self._tables: dict[str, list[Table]] = {}
        self._values = {
            info.name: {(cell.row, cell.column): cell.value for cell in package.cells(info.name)}
            for info in package.sheets
        }
        for table in package.tables:
            self._tables.setdefault(table.sheet, []).append(table)

    def structured(self, text: str, sheet: str, row: int) -> str:
        """A formula with its references exchanged; those that have no readable form stay."""
        return "".join(
            self._exchanged(token, sheet, row) if kind == "ref" else token for kind, token in tokenize(text)
        )

    def _exchanged(self, token: str, sheet: str, row: int) -> str:
        ref = parse_reference(token)
        if ref is None or ref.whole or ref.last_sheet or ref.book:
            return token
        own = ref.sheet or sheet
        table = next((t for t in self._tables.get(own, ()) if _holds(t, ref)), None)
        found = None if table is None else self._in_table(table, ref, row if own == sheet else 0)
        if found is None and ref.single and all(ref.absolute):
            found = f"Cella_{''.join(filter(str.isalnum, own))}_{ref.row1}_{ref.col1}"
            self.names[found] = f"{quote_sheet(own)}{token.rpartition('!')[2]}"
        self.count += found is not None
        return found or token

    def _in_table(self, table: Table, ref: Ref, row: int) -> str | None:
        if ref.col1 != ref.col2:
            return None
        title = _QUOTED.sub(r"'\1", table.columns[ref.col1 - table.ref[1]])
        if ref.row1 == ref.row2 == row and not ref.absolute[0]:
            return f"{table.name}[[#This Row],[{title}]]"
        first, last = table.ref[0] + table.header_rows, table.ref[2] - table.totals_rows
        if (ref.row1, ref.row2) == (first, last) and first != last:
            return f"{table.name}[{title}]"
        if not ref.single or not all(ref.absolute) or KEY not in table.columns:
            return None
        column = table.ref[1] + table.columns.index(KEY)
        keys = [self._values[table.sheet].get((line, column)) for line in range(first, last + 1)]
        key = keys[ref.row1 - first]
        if not isinstance(key, str) or not key or keys.count(key) > 1:
            return None
        return f'INDEX({table.name}[{title}],MATCH("{key}",{table.name}[{KEY}],0))'


def _holds(table: Table, ref: Ref) -> bool:
    top, left, bottom, right = table.ref
    first, last = top + table.header_rows, bottom - table.totals_rows
    return first <= ref.row1 <= ref.row2 <= last and left <= ref.col1 <= ref.col2 <= right
