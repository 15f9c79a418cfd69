"""An .xlsx or .xlsm in memory: what it holds, its cells, and the same file with other values in them."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.errors import WorkbookError
from xl_perf.package import intake, relations
from xl_perf.package.archive import Archive
from xl_perf.package.model import CalcProperties, Cell, DefinedName, Limits, SheetInfo, Table
from xl_perf.package.refs import parse_range
from xl_perf.package.scalars import Decoder, shared_strings
from xl_perf.package.sheetdata import SheetData, read_sheet
from xl_perf.package.sheettokens import scan_sheet
from xl_perf.package.xmlpart import MAIN, Node, check_wellformed, decode, is_true, parse_tree, unescape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xl_perf.package.model import CellKey
    from xl_perf.package.sheetscan import SheetScan
    from xl_perf.package.xmlpart import XmlPart
    from xl_perf.values import CellValue

_SHEET_KINDS = {
    "worksheet": "worksheet",
    "chartsheet": "chartsheet",
    "dialogsheet": "dialogsheet",
    "xlMacrosheet": "macrosheet",
    "xlIntlMacrosheet": "macrosheet",
}


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


class Package:
    """A workbook package. Nothing in it is ever changed: `patch` gives the bytes of a new file.

    Args:
        data: the file's bytes.
        path: where it came from, for messages; need not exist.
        limits: what it may cost.
        stamp: the version of the file that was read, None for bytes that came from elsewhere.

    Raises:
        WorkbookError: not a workbook, damaged, or more than the limits allow.
    """

    def __init__(
        self,
        data: bytes,
        path: str | Path = "workbook.xlsx",
        limits: Limits | None = None,
        stamp: intake.FileStamp | None = None,
    ) -> None:
        self.path = Path(path)
        self.stamp = stamp
        self.limits = limits or Limits()
        self.where = str(path)
        intake.check_content(data, self.where)
        self._archive = Archive(data, self.where, self.limits)
        self.workbook_part, self.content_kind = relations.find_workbook(self._archive)
        self._sheets: dict[str, SheetData] = {}
        self._parts: dict[str, XmlPart] = {}
        self._scans: dict[str, SheetScan | None] = {}

    @property
    def data(self) -> bytes:
        """The bytes of the file as it was read."""
        return self._archive.content

    @property
    def archive(self) -> Archive:
        """The zip below."""
        return self._archive

    @property
    def parts(self) -> tuple[str, ...]:
        """Names of all parts in the order of the zip's directory."""
        return tuple(name for name in self._archive.names() if not name.endswith("/"))

    def read(self, part: str) -> bytes:
        """The bytes of a part, its checksum verified.

        Raises:
            WorkbookError: no such part, or damaged.
        """
        return self._archive.read(part.lstrip("/"))

    def relationships(self, part: str) -> Mapping[str, relations.Relationship]:
        """The relationships of a part by id; with an empty name those of the package."""
        return relations.relationships(self._archive, part)

    # --- the workbook part

    @cached_property
    def _workbook(self) -> Node:
        root = parse_tree(self.read(self.workbook_part), f"{self.where}, {self.workbook_part}")
        if root.namespace not in MAIN or root.tag != "workbook":
            raise WorkbookError(
                "the workbook part is not a workbook", where=f"{self.where}, {self.workbook_part}"
            )
        return root

    @cached_property
    def _related(self) -> Mapping[str, relations.Relationship]:
        return self.relationships(self.workbook_part)

    @cached_property
    def sheets(self) -> tuple[SheetInfo, ...]:
        """The sheets in tab order.

        Raises:
            WorkbookError: none at all, a name twice, or a sheet whose part is missing.
        """
        container = self._workbook.first("sheets")
        found = []
        names: set[str] = set()
        for index, node in enumerate(container.all("sheet") if container else ()):
            name = unescape(node.get("name"))
            where = f"{self.where}, sheet {name[:40]}"
            related = self._related.get(node.relationship)
            part = self._archive.find(related.target) if related and not related.external else None
            if node.relationship and (related is None or part is None):
                raise WorkbookError(
                    "the part of the sheet is missing", where=where, remedy="the file is damaged"
                )
            if name.lower() in names:
                raise WorkbookError("the workbook has two sheets of this name", where=where)
            names.add(name.lower())
            kind = _SHEET_KINDS.get(related.kind, "other") if related else "other"
            found.append(SheetInfo(name, part or "", index, node.get("state", "visible"), kind))
        if not found:
            raise WorkbookError("the workbook has no sheets", where=self.where)
        return tuple(found)

    def sheet(self, name: str) -> SheetInfo:
        """A sheet by its name; case does not count, as in Excel.

        Raises:
            WorkbookError: no such sheet; the message lists those that exist.
        """
        for info in self.sheets:
            if info.name == name:
                return info
        for info in self.sheets:
            if info.name.lower() == name.lower():
                return info
        there_are = ", ".join(info.name for info in self.sheets[:20])
        raise WorkbookError(f"there is no sheet {name!r}", where=self.where, expected=f"one of {there_are}")

    @cached_property
    def date1904(self) -> bool:
        """Whether serial numbers count from 1904."""
        node = self._workbook.first("workbookPr")
        return node is not None and is_true(node.get("date1904"))

    @cached_property
    def defined_names(self) -> tuple[DefinedName, ...]:
        """The defined names in order, `_xlnm.` ones included."""
        container = self._workbook.first("definedNames")
        found = []
        for node in container.all("definedName") if container else ():
            scope = node.get("localSheetId")
            found.append(
                DefinedName(
                    unescape(node.get("name")),
                    unescape(node.text),
                    int(scope) if scope.isdecimal() else None,
                    is_true(node.get("hidden")),
                    is_true(node.get("function"))
                    or is_true(node.get("vbProcedure"))
                    or is_true(node.get("xlm")),
                )
            )
        return tuple(found)

    @cached_property
    def calc_properties(self) -> CalcProperties:
        """How the file asks to be calculated."""
        node = self._workbook.first("calcPr") or Node("", "", {})
        number = node.get("calcId")
        return CalcProperties(
            int(number) if number.isdecimal() else None,
            is_true(node.get("fullCalcOnLoad")),
            is_true(node.get("iterate")),
            node.get("calcMode", "auto"),
            is_true(node.get("fullPrecision", "1")),
        )

    @cached_property
    def application(self) -> str:
        """The program that saved the file last, as docProps says (`Microsoft Excel`); empty where it does not."""
        return self._said_of_itself("Application")

    @cached_property
    def application_version(self) -> str:
        """The version of that program (`16.0300`); empty where docProps do not say."""
        return self._said_of_itself("AppVersion")

    def _said_of_itself(self, tag: str) -> str:
        for related in self.relationships("").values():
            # the second spelling is that of Strict files
            if related.kind in ("extended-properties", "extendedProperties") and self._archive.find(
                related.target
            ):
                root = parse_tree(self.read(related.target), f"{self.where}, {related.target}")
                node = root.first(tag)
                return node.text.strip() if node else ""
        return ""

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The Excel tables of all worksheets in tab order.

        Raises:
            WorkbookError: a table part that is missing or malformed.
        """
        return tuple(
            self._table(info.name, related.target)
            for info in self.sheets
            if info.kind == "worksheet"
            for related in self.relationships(info.part).values()
            if related.kind == "table" and not related.external
        )

    def _table(self, sheet: str, part: str) -> Table:
        where = f"{self.where}, {part}"
        root = parse_tree(self.read(part), where)
        columns = root.first("tableColumns")
        names = tuple(unescape(node.get("name")) for node in columns.all("tableColumn")) if columns else ()
        counts = [root.get("headerRowCount", "1"), root.get("totalsRowCount", "0")]
        if not all(count.isdecimal() for count in counts):
            raise WorkbookError("the table's row counts are no numbers", where=where)
        return Table(
            unescape(root.get("displayName") or root.get("name")),
            sheet,
            part,
            parse_range(root.get("ref"), where),
            names,
            int(counts[0]),
            int(counts[1]),
        )

    def table(self, name: str) -> Table:
        """A table by its name; case does not count.

        Raises:
            WorkbookError: no such table; the message lists those that exist.
        """
        for table in self.tables:
            if table.name.lower() == name.lower():
                return table
        there_are = ", ".join(table.name for table in self.tables) or "no tables at all"
        raise WorkbookError(f"there is no table {name!r}", where=self.where, expected=f"one of: {there_are}")

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
            check_wellformed(part.utf8, decoder.where)
            found = read_sheet(part, decoder, self.limits.cells, is_checked=True)
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
            if info.kind not in _WITH_CELLS or info.name in self._sheets:
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
        """False where no cell of a sheet, with or without formula, stores an error value."""
        scan = self.scan(sheet)
        return scan is None or b't="e"' in scan.part.utf8

    def last_row(self, sheet: str) -> int:
        """Row of the last cell in document order, 0 where there is none."""
        scan = self.scan(sheet)
        if scan is not None:
            return scan.last_row
        return max((cell.row for cell in self.cells(sheet)[-1:]), default=0)

    # --- new files

    def patch(
        self,
        changes: Mapping[str, Mapping[CellKey, CellValue]],
        *,
        spill: Mapping[str, Mapping[CellKey, str]] | None = None,
        insert: bool = False,
    ) -> bytes:
        """The file with other values in some cells and every other byte as it was.

        Only `<v>` and the attributes `t` and `vm` of the cells concerned change (`vm` describes the old value and
        goes with it); a value that is stored already keeps its bytes, and where nothing changes the file is the same.

        Args:
            changes: sheet name -> (row, column) -> new value; None empties a cell and keeps its format. A text in a
                formula cell or inside an array's range is stored as its result, elsewhere as an inline string.
            spill: sheet name -> (row, column) of a dynamic array's formula -> the range that it fills now (`B2:D9`).
            insert: whether cells that the sheet does not have yet are created; spilled cells always are.

        Raises:
            WorkbookError: an unknown sheet or cell, or a value that no cell can hold; names the cell.
        """
        from xl_perf.package.patch import patch_package  # noqa: PLC0415 - readers never need it

        return patch_package(self, changes, spill or {}, insert=insert)

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
