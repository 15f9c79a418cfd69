"""Cell values to numbers and back: the one place that knows None, "", text, error values and orientation.

Order of precedence in one element: an error value in an argument (the first one) is the result; then a cell that
cannot be what its argument needs (text, boolean: #VALUE!; NaN, infinity: #NUM!); then empty cells, by what
`Argument.empty` says of each (a result not yet reported before a missing target); then the domain of the function.
Text with digits is text: "12,5" or "1.234" mean different numbers to different readers, and come from a bad paste.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xl_perf.catalog.model import Shape
from xl_perf.cells.calls import Table, broadcast, element, quick, synthesis, with_tables
from xl_perf.cells.convert import PLAIN, serial
from xl_perf.cells.explain import explain
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.catalog.model import Function

__all__ = ["call", "quick", "serial"]


def call(function: Function, args: Sequence[object]) -> Any:
    """A function of the catalogue applied to cell values.

    Ranges are lists of rows; a flat list, or an array of one dimension, is a column. A range of one cell is that cell.
    Elementwise functions and lookups broadcast a single cell with a range, a row with a column, and equal sizes; sizes
    that do not fit give #VALUE! for the whole call, where Excel would show results for a part and #N/A for the rest:
    a range that is too short is a mistake that should be seen at once. An error concerns only its own element; one in
    a range that is taken as a whole (`Argument.whole`) concerns all of them.

    Args:
        function: entry of the catalogue.
        args: cell values (numbers, None, text, booleans, `CellError`, dates), nested lists, numpy arrays (NaN is
            empty); trailing optional arguments may be left out.

    Returns:
        A float, text or error value; a list of rows where an elementwise call got a range or the function gives a
        table; a numpy array with NaN for empty where an elementwise call got an array: of one dimension if all ranges
        had one, of floats, or of objects if there are error values in it. Syntheses always give one cell value.

    Never raises for what a cell can hold; a wrong number of arguments gives #VALUE!.
    """
    arguments = function.arguments
    most = 2 * len(arguments) - 1 if function.explains else len(arguments)
    if not function.required <= len(args) <= most:
        return CellError.VALUE
    values: Sequence[object] = (*args, *(None,) * (len(arguments) - len(args)))
    if function.explains:
        return explain(function, values, call)
    if function.shape is Shape.SYNTHESIS:
        return synthesis(function, values)
    if function.takes_tables:
        values = with_tables(function, values)
    if all(type(value) in PLAIN or type(value) is Table for value in values):
        return element(function, values)
    return broadcast(function, values)
