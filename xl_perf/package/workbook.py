"""An .xlsx or .xlsm in memory: what it holds, its cells, and the same file with other values in them."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.errors import WorkbookError
from xl_perf.package import intake
from xl_perf.package.contents import Contents
from xl_perf.package.model import Cell, Limits, SheetInfo
from xl_perf.package.scalars import Decoder, shared_strings
from xl_perf.package.sheetdata import read_scanned
from xl_perf.package.sheetscan import scan_sheet
from xl_perf.package.xmlpart import Node, decode, parse_tree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xl_perf.package.model import CellKey
    from xl_perf.package.sheetdata import SheetData
    from xl_perf.package.sheetscan import SheetScan
    from xl_perf.package.xmlpart import XmlPart
    from xl_perf.values import CellValue

_WITH_CELLS = ("worksheet", "macrosheet")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")


def open_package(path: str | Path, limits: Limits | None = None) -> Package:
    """Reads a workbook file into memory and checks what it is.

    Args:
        path: a .xlsx, .xlsm, .xltx or .xltm file; symbolic links are followed.
        limits: what the file may cost; the defaults of `Limits` when None.

    Raises:
        WorkbookError: not such a file, saying what it is instead (folder, pipe, empty, .xls, encrypted, HTML, .xlsb,
            .ods, truncated ...) and what to do.
    """
    limits = limits or Limits()
    path = Path(path)
    data, stamp = intake.read_file(path, limits.file_bytes)
    intake.check_content(data, str(path))
    intake.check_name(path)
    return Package(data, path, limits, stamp)


class Package(Contents):
    """A workbook package. Nothing in it is ever changed: `patch` gives the bytes of a new file."""

    # --- cells

    @cached_property
    def shared_strings(self) -> list[str]:
        """The texts of the shared strings part; empty where there is none."""
        for related in self._related.values():
            if related.kind == "sharedStrings" and self._archive.find(related.target):
                return shared_strings(self.read(related.target), f"{self.where}, {related.target}")
        return []

    @cached_property
    def _dynamic(self) -> frozenset[int]:
        """Numbers of the cell metadata records that mark dynamic arrays."""
        for related in self._related.values():
            if related.kind == "sheetMetadata" and self._archive.find(related.target):
                root = parse_tree(self.read(related.target), f"{self.where}, {related.target}")
                return _dynamic_records(root)
        return frozenset()

    def sheet_data(self, sheet: str) -> SheetData:
        """The cells of a sheet with the places of their bytes (read once, then kept)."""
        info = self.sheet(sheet)
        if info.kind not in _WITH_CELLS:
            raise WorkbookError(
                f"the sheet is a {info.kind} and has no cells", where=f"{self.where}, {info.name}"
            )
        found = self._sheets.get(info.name)
        if found is None:
            part, decoder = self._sheet_part(info)
            scan = self.scan(info.name)
            if scan is not None:
                found = read_scanned(scan, decoder)
            else:
                from xl_perf.package.sheetdata_slow import read_slow  # noqa: PLC0415 - rarely needed

                found = read_slow(part, decoder, self.limits.cells)
            self._sheets[info.name] = found
        return found

    def _sheet_part(self, info: SheetInfo) -> tuple[XmlPart, Decoder]:
        """The part of a sheet, and what reads its values."""
        where = f"{self.where}, {info.name}"
        part = self._parts.get(info.name)
        if part is None:
            part = self._parts[info.name] = decode(self.read(info.part), where)
        return part, Decoder(where, self.shared_strings, self.date1904, self._dynamic)

    def holds_formulas(self) -> bool:
        """False where no sheet holds a formula, so that there is no need to read the cells."""
        for info in self.sheets:
            if info.part and info.kind in _WITH_CELLS:
                data = self._sheet_part(info)[0].utf8
            elif info.part:
                data = self.read(info.part)
            else:
                continue
            if data.startswith((b"\xff\xfe", b"\xfe\xff")) or _FORMULA.search(data):
                return True
        return False

    def scan(self, sheet: str) -> SheetScan | None:
        """The formula cells of a sheet in columns, constants passed over.

        None where the sheet has no cells, is not of the form that almost all programs write, or holds something that
        `cells` would refuse.

        Raises:
            WorkbookError: no such sheet, or a part that is damaged.
        """
        info = self.sheet(sheet)
        if info.name not in self._scans:
            if info.kind not in _WITH_CELLS:
                return None
            self._scans[info.name] = scan_sheet(*self._sheet_part(info), self.limits.cells)
        return self._scans[info.name]

    def formula_cells(self, sheet: str) -> list[Cell]:
        """The cells of a worksheet that hold formulas, in document order.

        Raises:
            WorkbookError: as `cells`.
        """
        scan = self.scan(sheet)
        if scan is not None:
            return scan.cells
        return [cell for cell in self.cells(sheet) if cell.formula is not None]

    def cells(self, sheet: str) -> list[Cell]:
        """The cells of a worksheet in document order; empty for chart and dialog sheets.

        Raises:
            WorkbookError: no such sheet, malformed, or a stored value that cannot be read (names the cell).
        """
        if self.sheet(sheet).kind not in _WITH_CELLS:
            return []
        return self.sheet_data(sheet).cells

    def may_hold_errors(self, sheet: str) -> bool:
        """False where no cell of a sheet, with or without formula, stores an error value: those begin with `#`."""
        scan = self.scan(sheet)
        return scan is None or scan.may_hold_errors

    # --- new files

    def patch(
        self,
        changes: Mapping[str, Mapping[CellKey, CellValue]],
        *,
        spill: Mapping[str, Mapping[CellKey, str]] | None = None,
        insert: bool = False,
        stale: bool | None = None,
    ) -> bytes:
        """The file with other values in some cells and every other byte as it was.

        Only `<v>` and the attributes `t` and `vm` of the cells concerned change (`vm` describes the old value and
        goes with it); a value that is stored already keeps its bytes, and where nothing changes the file is the same.

        Args:
            changes: sheet name -> (row, column) -> new value; None empties a cell and keeps its format. A text in a
                formula cell or inside an array's range is stored as its result, elsewhere as an inline string.
            spill: sheet name -> (row, column) of a dynamic array's formula -> the range that it fills now (`B2:D9`).
            insert: whether cells that the sheet does not have yet are created; spilled cells always are.
            stale: formulas keep values from before a change, so that they are not taken for Excel's later on;
                None leaves that as it was.

        Raises:
            WorkbookError: an unknown sheet or cell, or a value that no cell can hold; names the cell.
        """
        from xl_perf.package.patch import patch_package  # noqa: PLC0415 - readers never need it

        return patch_package(self, changes, spill or {}, insert=insert, stale=stale)

    def replace_formulas_by_values(
        self,
        changes: Mapping[str, Mapping[CellKey, CellValue]] | None = None,
        *,
        spill: Mapping[str, Mapping[CellKey, str]] | None = None,
    ) -> bytes:
        """A copy for recipients: formulas taken out, their values (patched as `patch` does) left in.

        The calculation chain is taken out with them; names, validations and conditional formats keep their formulas.

        Raises:
            WorkbookError: as `patch`.
        """
        from xl_perf.package.freeze import freeze_package  # noqa: PLC0415 - rarely needed

        return freeze_package(self, changes or {}, spill or {})


def _dynamic_records(root: Node) -> frozenset[int]:
    types = root.first("metadataTypes")
    names = [node.get("name") for node in types.all("metadataType")] if types else []
    records = root.first("cellMetadata")
    found = set()
    for number, record in enumerate(records.all("bk") if records else (), start=1):
        for node in record.all("rc"):
            kind = node.get("t")
            if kind.isdecimal() and 0 < int(kind) <= len(names) and names[int(kind) - 1] == "XLDAPR":
                found.add(number)
    return frozenset(found)
