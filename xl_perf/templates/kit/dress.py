"""Looks of cells: those that look the same share one style, which is worked out once for all workbooks."""

from __future__ import annotations

from copy import copy
from typing import Any

from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.hyperlink import Hyperlink

from xl_perf.templates.kit import styles
from xl_perf.templates.kit.palette import DRESSED
from xl_perf.templates.kit.styles import Kind, Level


def dress_text(cell: Any, font: Any, *, wrap: bool, indent: int, style: str = "") -> None:
    """Give a free text its look; what the cell has already, a ground, stays. `font` is one of `styles.font`."""
    fresh, key = not cell.has_style, ("text", id(font), wrap, indent, style)
    if fresh and key in DRESSED:
        cell._style = DRESSED[key].__copy__()  # noqa: SLF001 - many times faster than the public way
        return
    if fresh:
        cell.style = style or styles.PLAIN
    cell.font = font
    cell.alignment = Alignment(
        horizontal="left", vertical="top" if wrap else "center", wrap_text=wrap or None, indent=indent
    )
    if fresh:
        DRESSED[key] = copy(cell._style)  # noqa: SLF001


def dress_head(cell: Any, align: str) -> None:
    """Give a heading of a table its look; `start` is at the upper left, the button of a filter below."""
    key = ("head", align)
    if key in DRESSED:
        cell._style = DRESSED[key].__copy__()  # noqa: SLF001
        return
    cell.style = styles.HEAD
    cell.alignment = Alignment(
        horizontal="left" if align == "start" else align,
        vertical="top" if align == "start" else "center",
        wrap_text=True,
        indent=1 if align == "left" else 0,
    )
    DRESSED[key] = copy(cell._style)  # noqa: SLF001


def dress_group(cell: Any) -> None:
    """Give a cell above the headings of a group of columns its look."""
    key = ("group",)
    if key not in DRESSED:
        cell.style = styles.GROUP_HEAD
        DRESSED[key] = copy(cell._style)  # noqa: SLF001
    cell._style = DRESSED[key].__copy__()  # noqa: SLF001


def dress_link(cell: Any, sheet: str, text: str, cell_name: str = "A1") -> None:
    """Make a cell a link to a cell of a sheet."""
    cell.value = text
    cell.hyperlink = Hyperlink(
        ref=cell.coordinate, location=f"'{sheet}'!{cell_name}", display=text, tooltip=f"Vai al foglio {sheet}"
    )
    cell.style = styles.LINK


def add_link(cell: Any, sheet: str, cell_name: str = "A1") -> None:
    """Make a cell that has its look a link to a cell of a sheet; numbers keep their colour."""
    target = f"'{sheet}'!{cell_name}"
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=target, tooltip=f"Vai al foglio {sheet}")
    is_text = isinstance(cell.value, str) and not cell.value.startswith("=")
    key = ("link", b"" if cell._style is None else cell._style.tobytes(), is_text)  # noqa: SLF001
    if key in DRESSED:
        cell._style = DRESSED[key].__copy__()  # noqa: SLF001
        return
    old = cell.font
    cell.font = Font(
        name=old.name,
        size=old.size,
        bold=old.bold,
        underline="single",
        color=styles.ACCENT if is_text else old.color,
    )
    DRESSED[key] = copy(cell._style)  # noqa: SLF001


def _apply(cell: Any, look: styles.Look) -> None:
    cell.font, cell.fill, cell.border, cell.protection = look.font, look.fill, look.border, look.protection


def dress(cell: Any, kind: Kind, level: Level, number_format: str, align: str, indent: int = 0) -> None:
    """Give a cell its look; cells that look the same share one style, which is worked out once."""
    indent = indent if kind is Kind.LABEL and align != "right" else 0
    key = (kind, level, number_format, align, indent)
    if key in DRESSED:
        cell._style = DRESSED[key].__copy__()  # noqa: SLF001 - many times faster than the public way
        return
    cell.style = styles.style_name(kind, level)
    _apply(cell, styles.look(kind, level))
    cell.number_format = number_format
    if not align:
        align = "left" if kind in (Kind.KEY, Kind.LABEL, Kind.SOURCE, Kind.CHECK) else "right"
    wrap = align == "wrap" or kind is Kind.SOURCE
    horizontal = "left" if align == "wrap" else align
    cell.alignment = Alignment(
        horizontal=horizontal,
        vertical="center",
        wrap_text=wrap or None,
        indent=0 if horizontal == "center" else 1 + indent,
    )
    DRESSED[key] = copy(cell._style)  # noqa: SLF001
