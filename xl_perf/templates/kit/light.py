"""Sizes of rows and columns and conditional formats of a sheet, without the checks that openpyxl's own make.

They stand in the place of openpyxl's in the sheets of the official workbooks.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from openpyxl.compat import safe_string
from openpyxl.utils import column_index_from_string
from openpyxl.xml.functions import Element, SubElement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.styles.differential import DifferentialStyle, DifferentialStyleList


_ONE = re.compile(r"\b([A-Z]+[0-9]+):\1\b")
"""A single cell written as a range."""


class RowSize:
    """A row: its height in points, None where it is not given."""

    __slots__ = ("height",)

    def __init__(self) -> None:
        self.height: float | None = None

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Its attributes in the file."""
        if self.height:
            yield "customHeight", "1"
            yield "ht", str(safe_string(float(self.height)))


class ColumnSize:
    """A column: its width in characters, at first that of a column whose width is not given."""

    __slots__ = ("width",)

    def __init__(self) -> None:
        self.width = 13.0

    @property
    def customWidth(self) -> bool:
        """Whether it has a width."""
        return bool(self.width)


class Rows(dict[int, RowSize]):
    """The rows of a sheet that have a size, made when they are asked for."""

    def __missing__(self, row: int) -> RowSize:
        """A row that has none yet."""
        found = self[row] = RowSize()
        return found


class Columns(dict[str, ColumnSize]):
    """The columns of a sheet that have a size, by letter, made when they are asked for."""

    max_outline = None
    """Columns are never grouped."""

    def __missing__(self, mark: str) -> ColumnSize:
        """A column that has none yet."""
        found = self[mark] = ColumnSize()
        return found

    def to_tree(self) -> Element | None:
        """Their element; None without any."""
        if not self:
            return None
        element = Element("cols")
        for number, size in sorted((column_index_from_string(mark), size) for mark, size in self.items()):
            known = {"width": safe_string(float(size.width)), "customWidth": "1"} if size.width else {}
            SubElement(element, "col", {**known, "min": str(number), "max": str(number)})
        return element


class Condition(NamedTuple):
    """A look that cells take where a formula is true."""

    test: str
    dxf: DifferentialStyle

    def element(self, priority: int, style: int) -> Element:
        """Its element."""
        rule = Element("cfRule", {"type": "expression", "priority": str(priority), "dxfId": str(style)})
        SubElement(rule, "formula").text = self.test
        return rule


class Conditions:
    """The conditional formats of a sheet."""

    def __init__(self) -> None:
        self._found: dict[str, list[tuple[int, Any]]] = {}
        self._count = 0

    def add(self, ranges: str, rule: Any) -> None:
        """Add one.

        Args:
            ranges: the cells, blanks between ranges.
            rule: a `Condition`, or a rule of openpyxl's.
        """
        self._count += 1
        ranges = _ONE.sub(r"\1", ranges)
        self._found.setdefault(ranges, []).append((self._count, rule))

    def elements(self, looks: DifferentialStyleList, numbers: dict[int, int]) -> Iterator[Element]:
        """Their elements.

        Args:
            looks: the looks of the workbook, to which new ones are added.
            numbers: what was found before: identity of a look -> its number.
        """
        for ranges, rules in self._found.items():
            element = Element("conditionalFormatting", {"sqref": ranges})
            for priority, rule in rules:
                if id(rule.dxf) not in numbers:
                    numbers[id(rule.dxf)] = looks.add(rule.dxf)
                if isinstance(rule, Condition):
                    element.append(rule.element(priority, numbers[id(rule.dxf)]))
                else:
                    rule.priority, rule.dxfId = priority, numbers[id(rule.dxf)]
                    element.append(rule.to_tree())
            yield element


def lighten(sheet: Any) -> None:
    """Give an empty sheet of openpyxl's these in the place of its own."""
    sheet.row_dimensions, sheet.column_dimensions, sheet.conditional_formatting = (
        Rows(),
        Columns(),
        Conditions(),
    )
