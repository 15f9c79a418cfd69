"""Whether an input holds what the template admits there: what Excel would have refused when it was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.contract.tables import as_text
from xl_perf.package.refs import parse_range
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xl_perf.check.reference import Reference, Rule
    from xl_perf.package import Cell, CellKey
    from xl_perf.package.content import Content
    from xl_perf.values import CellValue

_QUOTE = '"'
_COMPARED: Mapping[str, Callable[[float, float, float], bool]] = {
    "greaterThanOrEqual": lambda value, first, _: value >= first,
    "greaterThan": lambda value, first, _: value > first,
    "lessThanOrEqual": lambda value, first, _: value <= first,
    "lessThan": lambda value, first, _: value < first,
    "between": lambda value, first, last: first <= value <= last,
}
_WORDS = {
    "greaterThanOrEqual": "{0} or more",
    "greaterThan": "more than {0}",
    "lessThanOrEqual": "{0} or less",
    "lessThan": "less than {0}",
    "between": "from {0} to {1}",
}
_SHOWN = 6
"""Names of a list in a message."""


class Admitted:
    """What the inputs of a template admit.

    Args:
        reference: the template.
        package: the file, whose own lists (persons, groups) count too.
        cells: its cells by sheet and place.
    """

    def __init__(
        self, reference: Reference, package: Content, cells: Mapping[str, Mapping[CellKey, Cell]]
    ) -> None:
        self._reference = reference
        self._sources = ((reference.package, reference.cells), (package, cells))
        self._lists: dict[str, dict[str, str]] = {}

    def wrong(self, sheet: str, key: CellKey, value: CellValue) -> str:
        """What the template admits in one of its cells where the value is not that; empty where it is, or all is."""
        if value is None or value == "" or isinstance(value, CellError):
            return ""
        for (top, left, bottom, right), rule in self._reference.rules.get(sheet, ()):
            if top <= key[0] <= bottom and left <= key[1] <= right:
                return self._against(rule, value)
        return ""

    def _against(self, rule: Rule, value: CellValue) -> str:
        if rule.kind == "list":
            names = self._list(rule.first)
            if not names or as_text(value).casefold() in names:
                return ""
            shown = list(names.values())
            more = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
            return f"one of: {', '.join(shown[:_SHOWN])}{more}"
        if rule.kind not in ("decimal", "whole") or rule.operator not in _COMPARED:
            return ""
        kind = "a whole number" if rule.kind == "whole" else "a number"
        if isinstance(value, (str, bool)):
            return kind
        try:
            first, last = float(rule.first), float(rule.second or 0)
        except ValueError:
            return ""  # limits that are formulas
        number = float(value)  # type: ignore[arg-type]  # neither text nor nothing
        if rule.kind == "whole" and not number.is_integer():
            return kind
        if _COMPARED[rule.operator](number, first, last):
            return ""
        return f"{kind}, {_WORDS[rule.operator].format(rule.first, rule.second)}"

    def _list(self, source: str) -> dict[str, str]:
        """The names of a list: folded -> as written; empty where it cannot be read."""
        if source not in self._lists:
            if source.startswith(_QUOTE):
                names = source.strip(_QUOTE).split(",")
            else:
                names = [name for package, cells in self._sources for name in _named(package, cells, source)]
            self._lists[source] = {name.strip().casefold(): name.strip() for name in names if name.strip()}
        return self._lists[source]


def _named(package: Content, cells: Mapping[str, Mapping[CellKey, Cell]], source: str) -> list[str]:
    """The values of a defined name or a range."""
    text = source.removeprefix("=")
    found = next((name.text for name in package.defined_names if name.name.lower() == text.lower()), text)
    sheet, _, area = found.rpartition("!")
    sheet = sheet.strip("'").replace("''", "'")
    if sheet not in cells or not area:
        return []
    top, left, bottom, right = parse_range(area.replace("$", ""))
    values = [
        cells[sheet][row, column].value
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
        if (row, column) in cells[sheet]
    ]
    return [as_text(value) for value in values if value is not None and not isinstance(value, CellError)]
