"""Many calls in one request: the server's side of `project/static/js/main.js`.

`POST /xlperf/batch` takes `{"runtime": "1.4", "calls": [{"func_name": ..., "args": [...]}, ...]}` and answers
`{"results": [{"result": rows} or {"error": text}, ...]}` in the same order. One bad call does not stop the others.
"""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

from fastapi import APIRouter, Request  # FastAPI reads the annotations at run time
from fastapi.responses import JSONResponse
from xlwings_server.config import settings
from xlwings_server.dependencies import User  # noqa: TC002  # signs on as single calls do

from udfs.office.adapter import call
from xl_perf.catalog import FUNCTIONS

PATH = f"{settings.app_path}/xlperf/batch"
MOST_CALLS = 5_000
_BREATH = 50
"""After so many calls other requests get a turn."""

_log = logging.getLogger(__name__)


async def answer(request: Request, _user: User) -> JSONResponse:
    """The results of all calls; 400 where the request is not what the page sends."""
    try:
        data = json.loads(await request.body())
    except (ValueError, RecursionError):
        return _refused("La richiesta non è JSON valido.")
    calls = data.get("calls") if isinstance(data, dict) else None
    if not isinstance(calls, list) or len(calls) > MOST_CALLS:
        return _refused(f"Serve un elenco di chiamate, al massimo {MOST_CALLS}.")
    results = []
    for number, entry in enumerate(calls, start=1):
        results.append(_result(entry, data.get("runtime")))
        if number % _BREATH == 0:
            await asyncio.sleep(0)
    return JSONResponse({"results": results})


def _result(entry: Any, runtime: object) -> dict[str, Any]:
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


def _refused(text: str) -> JSONResponse:
    return JSONResponse({"detail": text}, status_code=400)


router = APIRouter()
router.add_api_route(PATH, answer, methods=["POST"], response_model=None)
