"""Many calls in one request: the server's side of `project/static/js/main.js`.

`POST /xlperf/batch` takes `{"runtime": "1.4", "calls": [{"func_name": ..., "args": [...]}, ...]}` and answers
`{"results": [{"result": rows} or {"error": text}, ...]}` in the same order. One bad call does not stop the others.
"""

from __future__ import annotations

import asyncio
import json

from fastapi import APIRouter, Request  # FastAPI reads the annotations at run time
from fastapi.responses import JSONResponse
from xlwings_server.config import settings
from xlwings_server.dependencies import User  # noqa: TC002  # signs on as single calls do

from udfs.office.calls import answer_to

PATH = f"{settings.app_path}/xlperf/batch"
MOST_CALLS = 5_000
_BREATH = 50
"""After so many calls other requests get a turn."""


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
        results.append(answer_to(entry, data.get("runtime")))
        if number % _BREATH == 0:
            await asyncio.sleep(0)
    return JSONResponse({"results": results})


def _refused(text: str) -> JSONResponse:
    return JSONResponse({"detail": text}, status_code=400)


router = APIRouter()
router.add_api_route(PATH, answer, methods=["POST"], response_model=None)
