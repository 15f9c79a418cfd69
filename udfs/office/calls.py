"""Calls of the functions: from what Office.js hands over to what the page gives back to Excel."""

from __future__ import annotations

import json
import traceback
from typing import TYPE_CHECKING, Any

from udfs.office.cells import rows_in, rows_out
from xl_perf import cells
from xl_perf.catalog import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

UNKNOWN = "Funzione sconosciuta: chiudere e riaprire Excel."
FAILED = "Errore interno del componente XL_PERF: "


def call(name: str, args: Sequence[Any], runtime: object) -> list[list[Any]]:
    """The rows that a call gives, for JSON.

    Args:
        name: a function of the catalogue.
        args: arguments as Office.js hands them over; a wrong number of them gives #VALUE!.
        runtime: version of Excel's custom functions runtime.

    Raises:
        KeyError: no function has this name.
    """
    return rows_out(cells.call(FUNCTIONS[name], [_given(rows_in(argument)) for argument in args]), runtime)


def answers(text: str) -> str:
    """The results of many calls, in their order; one bad call does not stop the others.

    Args:
        text: JSON, `{"runtime": "1.4", "calls": [[name, [argument, ...]], ...]}`.

    Returns:
        JSON, a list of `[rows]`, or `[null, message]` where a call cannot be answered.
    """
    asked = json.loads(text)
    runtime = asked["runtime"]
    return json.dumps([_answer(name, args, runtime) for name, args in asked["calls"]], ensure_ascii=False)


def _given(rows: list[list[Any]] | None) -> Any:
    """One cell as it is, a range as its rows."""
    if rows is None or len(rows) != 1 or len(rows[0]) != 1:
        return rows
    return rows[0][0]


def _answer(name: str, args: list[Any], runtime: object) -> list[Any]:
    if name not in FUNCTIONS:
        return [None, UNKNOWN]
    try:
        return [call(name, args, runtime)]
    except Exception as error:  # noqa: BLE001  # one call must not take the others with it
        traceback.print_exc()
        return [None, f"{FAILED}{type(error).__name__}"]
