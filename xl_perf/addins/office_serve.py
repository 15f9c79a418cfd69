"""Gives the Office.js add-in's files on this machine, with a web server's headers: to try it."""

from __future__ import annotations

import functools
import ssl
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from xl_perf.addins.office_texts import HEADERS
from xl_perf.errors import PerfError

if TYPE_CHECKING:
    from pathlib import Path

HOST = "127.0.0.1"


class _Handler(SimpleHTTPRequestHandler):
    extensions_map = {  # noqa: RUF012  # the base class has it so
        **SimpleHTTPRequestHandler.extensions_map,
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def end_headers(self) -> None:
        """Adds the headers of every answer."""
        for name, text in HEADERS.items():
            self.send_header(name, text)
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def list_directory(self, path: object) -> None:
        """Lists nothing."""
        del path
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        """Says nothing of single requests."""


def server(folder: Path, port: int, certificate: tuple[Path, Path] | None = None) -> ThreadingHTTPServer:
    """A server on loopback that gives the folder's files; `serve_forever` runs it.

    Args:
        folder: the files.
        port: where it listens; 0 for any free one.
        certificate: certificate and key in PEM, for https.

    Raises:
        PerfError: the port is taken, or the certificate cannot be read.
    """
    try:
        made = ThreadingHTTPServer((HOST, port), functools.partial(_Handler, directory=str(folder)))
    except OSError as error:
        raise PerfError(
            f"port {port} cannot be used ({error.strerror})", remedy="choose another with --port"
        ) from error
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        try:
            context.load_cert_chain(*certificate)
        except (OSError, ssl.SSLError) as error:
            made.server_close()
            raise PerfError(f"the certificate cannot be read ({error})", where=str(certificate[0])) from error
        made.socket = context.wrap_socket(made.socket, server_side=True)
    return made
