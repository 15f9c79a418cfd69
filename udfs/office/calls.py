"""One call: from what Office.js hands over to what the page gives back to Excel."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from udfs.office.cells import rows_in, rows_out
from xl_perf import cells
from xl_perf.catalog import FUNCTIONS
from xl_perf.values import EMPTY

if TYPE_CHECKING:
    from xl_perf.catalog import Function

_log = logging.getLogger(__name__)
_MANY = 1_000
"""From so many cells on, numbers go into the functions as an array."""
_NUMERIC = {float, int, type(None)}


def call(name: str, args: list[Any], runtime: object) -> list[list[Any]]:
    """The rows that a call gives, for JSON.

    Args:
        name: a function of the catalogue.
        args: arguments as Office.js hands them over; a wrong number of them gives #VALUE!.
        runtime: version of Excel's custom functions runtime.

    Raises:
        KeyError: no function has this name.
    """
    return rows_out(calculated(FUNCTIONS[name], [rows_in(argument) for argument in args]), runtime)


def calculated(function: Function, ranges: list[list[list[Any]] | None]) -> Any:
    """What `cells.call` gives, rows of cell values or one; large ranges of numbers are calculated in one go."""
    given = [_given(rows, function.vectorised) for rows in ranges]
    result = cells.call(function, given)
    if not hasattr(result, "tolist"):
        return result
    return [[EMPTY if cell != cell else cell for cell in row] for row in result.tolist()]  # noqa: PLR0124  # NaN


def _given(rows: list[list[Any]] | None, as_array: bool) -> Any:
    """One cell as it is; many numbers and empty cells, where wanted, as a numpy array with NaN for empty.

    Else the rows.
    """
    if rows is None:
        return None
    count = len(rows) * len(rows[0])
    if count == 1:
        return rows[0][0]
    if not as_array or count < _MANY or any(type(cell) not in _NUMERIC for row in rows for cell in row):
        return rows
    import numpy as np  # noqa: PLC0415  # small calls do without

    try:
        return np.array(rows, dtype=np.float64)
    except (ValueError, OverflowError):  # rows of unequal length, an integer beyond all floats
        return rows


def answer_to(entry: object, runtime: object) -> dict[str, Any]:
    """`{"result": rows}` for an entry of a batch, or `{"error": text}`, which Excel shows beside #VALUE!.

    Args:
        entry: `{"func_name": ..., "args": [...]}`; anything else is an error.
        runtime: version of Excel's custom functions runtime.
    """
    name, args = (entry.get("func_name"), entry.get("args")) if isinstance(entry, dict) else (None, None)
    if not isinstance(name, str) or name not in FUNCTIONS:
        return {"error": "Funzione sconosciuta: aggiornare il componente in Excel."}
    if not isinstance(args, list):
        return {"error": "Gli argomenti non sono un elenco."}
    try:
        return {"result": call(name, args, runtime)}
    except Exception:  # noqa: BLE001  # one call must not take the others with it, and its details stay here
        _log.exception("call of %s failed", name)
        return {"error": "Errore interno del server: il registro del server dice quale."}
