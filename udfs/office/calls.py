"""One call: from what Office.js hands over to what the page gives back to Excel."""

from __future__ import annotations

import logging
from typing import Any

from udfs.office.cells import rows_in, rows_out
from xl_perf import cells
from xl_perf.catalog import FUNCTIONS

_log = logging.getLogger(__name__)


def call(name: str, args: list[Any], runtime: object) -> list[list[Any]]:
    """The rows that a call gives, for JSON.

    Args:
        name: a function of the catalogue.
        args: arguments as Office.js hands them over; a wrong number of them gives #VALUE!.
        runtime: version of Excel's custom functions runtime.

    Raises:
        KeyError: no function has this name.
    """
    return rows_out(cells.call(FUNCTIONS[name], [rows_in(argument) for argument in args]), runtime)


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
