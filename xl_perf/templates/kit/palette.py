"""Looks of cells that all workbooks of a process share: each is worked out once, and a file has those that it uses.

openpyxl keeps fonts, grounds, edges and so on in lists of the workbook, in which cells point by number. Here these
lists belong to the process; when a workbook is saved, its numbers are given anew in the order of their first use, so
that a file does not depend on what was built before it.
"""

from __future__ import annotations

from contextlib import contextmanager
from copy import copy
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from openpyxl import Workbook
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils.indexed_list import IndexedList

from xl_perf.templates.kit import styles

if TYPE_CHECKING:
    from collections.abc import Iterator

_LISTS: Final = (
    ("_fonts", "fontId"), ("_fills", "fillId"), ("_borders", "borderId"), ("_number_formats", "numFmtId"),
    ("_protections", "protectionId"), ("_alignments", "alignmentId"),
)  # fmt: skip
"""Lists of a workbook, and what points into them."""
_BUILT_IN: Final = 164
"""Number formats below are the programs' own."""

DRESSED: Final[dict[tuple[object, ...], StyleArray]] = {}
"""Looks of cells that have been worked out: kind, level, format, alignment and indent -> style."""


@cache
def _palette() -> tuple[Workbook, dict[str, int]]:
    """A workbook with the named styles alone, whose lists all others use, and the length of each for the start."""
    workbook = Workbook()
    workbook._named_styles["Normal"].font = styles.font()  # noqa: SLF001 - throughout: no public way
    for style in styles.named_styles():
        workbook.add_named_style(style)
    return workbook, {name: len(getattr(workbook, name)) for name, _ in _LISTS}


def new_workbook() -> Workbook:
    """An empty workbook with the shared looks."""
    workbook, (palette, _) = Workbook(), _palette()
    workbook.remove(workbook.active)
    workbook._named_styles = palette._named_styles  # noqa: SLF001
    for name, _ in _LISTS:
        setattr(workbook, name, getattr(palette, name))
    return workbook


def is_locked(cell: Any) -> bool:
    """Whether users may not change a cell."""
    return cell._style is None or _locked(cell._style.protectionId)  # noqa: SLF001


def is_open(look: StyleArray) -> bool:
    """Whether users may change the cells of a look."""
    return not _locked(look.protectionId)


@cache
def _locked(number: int) -> bool:
    return bool(_palette()[0]._protections[number].locked)  # noqa: SLF001


def wraps(cell: Any) -> bool:
    """Whether the text of a cell goes on in a second line."""
    return cell._style is not None and _wraps(cell._style.alignmentId)  # noqa: SLF001


@cache
def _wraps(number: int) -> bool:
    return bool(_palette()[0]._alignments[number].wrap_text)  # noqa: SLF001


def let_wrap(cell: Any) -> None:
    """Let the text of a cell go on in a second line."""
    if not wraps(cell):
        cell._style = cell._style.__copy__() if cell._style is not None else StyleArray()  # noqa: SLF001
        cell._style.alignmentId = _wrapped(cell._style.alignmentId)  # noqa: SLF001


@cache
def _wrapped(number: int) -> int:
    """The number of an alignment like another one, which wraps."""
    known = _palette()[0]._alignments  # noqa: SLF001
    alignment = copy(known[number])
    alignment.wrap_text = True
    alignment.horizontal = "left" if alignment.horizontal == "right" else alignment.horizontal
    return int(known.add(alignment))


@contextmanager
def own_numbers(workbook: Workbook) -> Iterator[None]:
    """The workbook with lists of its own while its styles are written: what it uses, in the order of first use."""
    palette, lengths = _palette()
    used = [style.__copy__() for style in workbook._cell_styles]  # noqa: SLF001
    shared = workbook._cell_styles  # noqa: SLF001
    if workbook._fonts is not palette._fonts:  # noqa: SLF001 - a workbook of somebody else
        yield
        return
    for name, pointer in _LISTS:
        whole, base = getattr(palette, name), _BUILT_IN if name == "_number_formats" else 0
        numbers = {base + number: base + number for number in range(lengths[name])}
        for style in used:
            number = getattr(style, pointer)
            if number >= base:
                setattr(style, pointer, numbers.setdefault(number, base + len(numbers)))
        setattr(workbook, name, IndexedList(whole[number - base] for number in numbers))
    workbook._cell_styles = used  # noqa: SLF001
    try:
        yield
    finally:
        workbook._cell_styles = shared  # noqa: SLF001
        for name, _ in _LISTS:
            setattr(workbook, name, getattr(palette, name))
