"""What a workbook package holds, read when asked for: sheets, names, tables, properties."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.errors import WorkbookError
from xl_perf.package import intake, relations, styles
from xl_perf.package.archive import Archive
from xl_perf.package.model import CalcProperties, DefinedName, Limits, SheetInfo, Table
from xl_perf.package.refs import parse_range
from xl_perf.package.xmlpart import MAIN, Node, is_true, parse_tree, placed, split_name, unescape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xl_perf.package.sheetdata import SheetData
    from xl_perf.package.sheetscan import SheetScan
    from xl_perf.package.xmlpart import XmlPart

_SHEET_KINDS = {
    "worksheet": "worksheet",
    "chartsheet": "chartsheet",
    "dialogsheet": "dialogsheet",
    "xlMacrosheet": "macrosheet",
    "xlIntlMacrosheet": "macrosheet",
}


class Contents:
    """What a package holds but for its cells.

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
        if split_name(root.tag)[0] not in MAIN or split_name(root.tag)[1] != "workbook":
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
        return self._workbook.once(_names)

    @cached_property
    def calc_properties(self) -> CalcProperties:
        """How the file asks to be calculated."""
        node = self._workbook.first("calcPr") or Node("calcPr")
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
                return (node.text or "").strip() if node else ""
        return ""

    @cached_property
    def _styles(self) -> Node:
        """The part with the cell styles; an empty element where there is none."""
        part = next((name for name in self.parts if name.lower().endswith("/styles.xml")), None)
        return Node("styleSheet") if part is None else parse_tree(self.read(part), f"{self.where}, {part}")

    @property
    def unlocked(self) -> frozenset[int]:
        """Numbers of the cell styles that protection leaves open.

        Raises:
            WorkbookError: the styles cannot be read.
        """
        return self._styles.once(styles.unlocked)

    @property
    def number_formats(self) -> Mapping[int, str]:
        """Number of each cell style -> its number format; empty for the general one.

        Raises:
            WorkbookError: the styles cannot be read.
        """
        return self._styles.once(styles.number_formats)

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
        with placed(where):
            name, ref, columns, headers, totals = parse_tree(self.read(part), where).once(_table)
        return Table(name, sheet, part, ref, columns, headers, totals)

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


def _names(workbook: Node) -> tuple[DefinedName, ...]:
    container = workbook.first("definedNames")
    found = []
    for node in container.all("definedName") if container else ():
        scope = node.get("localSheetId")
        found.append(
            DefinedName(
                unescape(node.get("name")),
                unescape(node.text or ""),
                int(scope) if scope.isdecimal() else None,
                is_true(node.get("hidden")),
                any(is_true(node.get(name)) for name in ("function", "vbProcedure", "xlm")),
            )
        )
    return tuple(found)


def _table(root: Node) -> tuple[str, tuple[int, int, int, int], tuple[str, ...], int, int]:
    """Name, range, titles, rows of header and totals."""
    columns = root.first("tableColumns")
    names = tuple(unescape(node.get("name")) for node in columns.all("tableColumn")) if columns else ()
    counts = [root.get("headerRowCount", "1"), root.get("totalsRowCount", "0")]
    if not all(count.isdecimal() for count in counts):
        raise WorkbookError("the table's row counts are no numbers")
    name = unescape(root.get("displayName") or root.get("name"))
    return name, parse_range(root.get("ref")), names, int(counts[0]), int(counts[1])
