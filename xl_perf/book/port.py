"""What an adapter does: read a workbook, write values into it.

An adapter for a program that answers later (Office.js) reads the grids first, gives them as a `Snapshot`, and
hands over what `write` was given when the action is done: the actions themselves never wait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.package.content import Content
    from xl_perf.values import CellValue


class Write(NamedTuple):
    """A value for a cell; row and column from 1, None empties the cell."""

    sheet: str
    row: int
    column: int
    value: CellValue


class Book(Protocol):
    """A workbook that actions work on."""

    @property
    def where(self) -> str:
        """The workbook as users know it: path or title."""

    def read(self) -> Content:
        """What the workbook holds now.

        Raises:
            WorkbookError: it cannot be read.
        """

    def write(self, values: Sequence[Write], title: str) -> Content:
        """Puts values into cells, protected ones too, and gives the workbook as its formulas then calculate it.

        Nothing but these values and the results of formulas changes; sheets that were protected are so again.

        Args:
            values: the cells and their new values.
            title: what is done, for the list of steps that can be undone.

        Raises:
            WorkbookError: a sheet is protected by a password, or the workbook cannot be written. Nothing was changed.
            RecalcError: the formulas cannot be calculated. Nothing was changed.
        """


class Notes(Protocol):
    """Keeps a text for each workbook: what `Ripristina` puts back."""

    def keep(self, where: str, text: str) -> None:
        """Keeps a text in place of the one before; an empty one takes it away.

        Args:
            where: the workbook, `Book.where`.
            text: the text.
        """

    def kept(self, where: str) -> str:
        """The text that was kept last for a workbook; empty where there is none."""
