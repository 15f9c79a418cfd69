"""Entry that explains a call of another function in one Italian line."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xl_perf.catalog.model import Argument, Empty, Function, Kind, Measure, Shape
from xl_perf.catalog.notes import NOTES, SOURCES
from xl_perf.catalog.numerals import number, truth

if TYPE_CHECKING:
    from collections.abc import Sequence

CATEGORY = "Spiegazioni"
_SHOWN = 6
"""Ranges up to this many cells are shown cell by cell."""
_ARGUMENTS = 9
"""As many as the longest list of arguments among the functions."""


@dataclass(frozen=True, slots=True)
class Given:
    """An argument of the call: its cells, empty ones as None, in rows of `columns`; `omitted` where its default holds.

    `source` is the text of the source that came with the number, in the same row.
    """

    argument: Argument
    cells: tuple[Any, ...]
    columns: int
    omitted: bool
    source: str = ""

    @property
    def value(self) -> Any:
        """The only cell, or the list of cells with NaN for empty; what the default gives where it is omitted."""
        if self.omitted:
            return None if self.argument.default is None else self.argument.default()
        if self.argument.kind is not Kind.RANGE:
            return self.cells[0]
        numbers = [math.nan if cell is None else cell for cell in self.cells]
        if not self.argument.whole:
            return numbers
        starts = range(0, len(numbers), self.columns)
        return tuple(tuple(numbers[start : start + self.columns]) for start in starts)


def line(function: Function, given: Sequence[Given], result: object) -> str:
    """The line: call and result, formula, inputs in Italian format, cap or bands applied, source.

    Args:
        function: entry of the function that was called.
        given: its arguments, in order.
        result: what it gave, neither empty nor an error.
    """
    values = [item.value for item in given]
    inputs = "; ".join(_input(item) for item in given)
    note = NOTES[function.name](*values) if function.name in NOTES else ""
    source = SOURCES[function.name](*values) if function.name in SOURCES else function.source
    said = f"{function.name} = {_result(function, result)}: {function.formula}, con {inputs}."
    return f"{said}{f' {note}.' if note else ''} Fonte: {source}."


def _input(item: Given) -> str:
    name = item.argument.name
    if item.omitted:
        default = item.value
        if isinstance(default, (int, float)):
            return f"{name} {number(default)} (predefinito)"
        if isinstance(default, tuple):
            return f"{name} {_listed(default)} (predefinito)"
        return f"{name} omesso: {item.argument.default_text}"
    if item.argument.kind is not Kind.RANGE:
        return f"{name} {_cell(item.cells[0])}" + (f" (fonte: {item.source})" if item.source else "")
    return f"{name} {_listed(item.cells)}"


def _listed(cells: Sequence[Any]) -> str:
    """The cells one by one, or how many there are."""
    flat = [cell for row in cells for cell in (row if isinstance(row, tuple) else (row,))]
    given = [cell for cell in flat if cell is not None and cell == cell]  # noqa: PLR0124  # NaN is an empty cell
    if len(flat) > _SHOWN:
        return f"({len(flat)} celle, {len(given)} rilevate)"
    return f"({'; '.join(_cell(cell) if cell == cell else _cell(None) for cell in flat)})"  # noqa: PLR0124


def _cell(cell: object) -> str:
    if cell is None:
        return "vuoto"
    if isinstance(cell, dt.date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, (int, float)):
        return number(cell)
    return f"«{cell}»"


def _result(function: Function, result: object) -> str:
    if function.spill is not None:
        rows, columns = function.spill
        return f"tabella di {rows} righe e {columns} colonne"
    if isinstance(result, bool):
        return truth(result)
    return number(result) if isinstance(result, (int, float)) else str(result)


ENTRIES = (
    Function(
        name="PERF_SPIEGA",
        category=CATEGORY,
        title="Spiegazione di un calcolo",
        help="Spiega in una riga una chiamata di un'altra funzione: formula, dati, tetto o fasce "
        "applicati, fonte nel piano. Dà lo stesso errore, o lo stesso vuoto, della funzione; nome "
        "sconosciuto: #N/D.",
        arguments=(
            Argument(
                "funzione",
                'Nome della funzione da spiegare, fra virgolette, per esempio "PERF_SCORE".',
                unit=Measure.TEXT,
                kind=Kind.TEXT,
                empty=Empty.MISSING,
            ),
            *(
                Argument(
                    f"argomento{place}",
                    f"Argomento numero {place} della funzione da spiegare, cella o intervallo, come "
                    "nella formula che la usa; per un numero con la sua fonte, come un obiettivo, anche "
                    "la riga dal numero alla fonte: la spiegazione la indica.",
                    unit=Measure.ANY,
                    kind=Kind.ANY,
                    empty=Empty.DEFAULT,
                    default_text="omesso",
                )
                for place in range(1, _ARGUMENTS + 1)
            ),
        ),
        result="Testo in italiano.",
        unit=Measure.TEXT,
        compute=line,
        shape=Shape.SYNTHESIS,
        source="le fonti delle singole funzioni",
        example='=PERF_SPIEGA("PERF_SCORE"; C5; B5; -1)',
        formula="spiegazione",
        phrase="spiegazione",
        explains=True,
    ),
)
"""Catalogue entry of the explanations."""
