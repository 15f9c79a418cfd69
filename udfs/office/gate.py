"""What comes in from outside: only the paths in use, and no request larger than a limit."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    Asgi = Callable[[Message, Receive, Send], Awaitable[None]]

MOST_BYTES = 5_000_000
"""Size limit of a request: a range of some 250,000 cells."""
_DRAINED = 4
"""A larger request is read and dropped up to so many times the limit, so that the answer reaches the browser."""
_SECONDS = 60

POSTS = frozenset({"/xlperf/batch", "/xlwings/custom-functions-call"})
GETS = frozenset(
    {
        "/",
        "/favicon.ico",
        "/taskpane",
        "/taskpane.html",
        "/manifest",
        "/manifest.xml",
        "/manifest/download",
        *(
            f"/xlwings/{name}"
            for name in (
                "custom-functions-meta",
                "custom-functions-meta.json",
                "custom-functions-code",
                "custom-functions-code.js",
                "custom-scripts-meta",
                "custom-scripts-meta.json",
            )
        ),
    }
)


class Gate:
    """An ASGI application before another.

    Args:
        app: the application that answers what comes through.
        app_path: what stands before all paths, as in XLWINGS_APP_PATH; empty at the root.
        static_path: where the page's files are, as in XLWINGS_STATIC_URL_PATH.
        most_bytes: size limit of a request's body.
    """

    def __init__(
        self, app: Asgi, *, app_path: str = "", static_path: str = "/static", most_bytes: int = MOST_BYTES
    ) -> None:
        self._app = app
        self._app_path = app_path
        self._static_path = static_path
        self._most_bytes = most_bytes

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 404, 408, 413."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
        elif not self._is_open(scope["method"], scope["path"]):
            await _refuse(send, 404, "Indirizzo inesistente.")
        else:
            await self._checked(scope, receive, send)

    def _is_open(self, method: str, path: str) -> bool:
        if method in {"GET", "HEAD"} and path.startswith(f"{self._static_path}/"):
            return True
        if not path.startswith(f"{self._app_path}/"):
            return False
        inner = path[len(self._app_path) :]
        if method == "OPTIONS":
            return inner in POSTS | GETS
        return inner in (POSTS if method == "POST" else GETS if method in {"GET", "HEAD"} else ())

    async def _checked(self, scope: Message, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(_SECONDS):
                body = await self._body(scope, receive)
        except TimeoutError:
            await _refuse(send, 408, "Richiesta interrotta.")
            return
        if body is None:
            megabytes = self._most_bytes / 1_000_000
            await _refuse(
                send,
                413,
                f"Richiesta troppo grande (limite {megabytes:g} MB): usare un intervallo più piccolo, "
                "non colonne intere.",
            )
            return
        given = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def again() -> Message:
            return next(given, None) or await receive()

        await self._app(scope, again, send)

    async def _body(self, scope: Message, receive: Receive) -> bytes | None:
        """The body; None where it is larger than the limit."""
        lengths = [value for name, value in scope["headers"] if name == b"content-length"]
        announced = max((int(value) for value in lengths if value.isdigit()), default=0)
        parts: list[bytes] = []
        size, more = 0, announced <= self._most_bytes * _DRAINED
        while more and size <= self._most_bytes * _DRAINED:
            message = await receive()
            part = message.get("body", b"")
            size += len(part)
            if size <= self._most_bytes:
                parts.append(part)
            more = message.get("more_body", False)
        return None if max(size, announced) > self._most_bytes else b"".join(parts)


async def _refuse(send: Send, status: int, text: str) -> None:
    body = json.dumps({"detail": text}, ensure_ascii=False).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
