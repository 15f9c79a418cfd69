"""Start the server of the Office.js add-in: `python -m udfs.office`. Listens on loopback unless told otherwise."""

from __future__ import annotations

import argparse
import ipaddress
import sys
from pathlib import Path

from xl_perf.errors import PerfError

EXTRA = "the extra is not installed: pip install 'xl-perf[office]'"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m udfs.office", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port (default: %(default)s)")
    parser.add_argument("--cert", type=Path, metavar="FILE", help="certificate for TLS, PEM")
    parser.add_argument("--key", type=Path, metavar="FILE", help="private key of the certificate, PEM")
    parser.add_argument(
        "--behind-proxy",
        action="store_true",
        help="allow an address other than loopback without TLS: a reverse proxy in between does TLS",
    )
    return parser


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def main(arguments: list[str] | None = None) -> int:
    """Run until interrupted; 1 where the server cannot start, 2 on wrong usage."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if (options.cert is None) != (options.key is None):
        parser.error("--cert and --key go together")
    if not (_is_loopback(options.host) or options.cert or options.behind_proxy):
        parser.error("other than loopback needs TLS (--cert, --key) or --behind-proxy")
    try:
        import uvicorn  # noqa: PLC0415  # from the extra

        from udfs.office.app import app  # noqa: PLC0415
    except ImportError as error:
        print(f"{EXTRA} ({error})", file=sys.stderr)
        return 1
    except PerfError as error:
        print(error, file=sys.stderr)
        return 1
    uvicorn.run(
        app,
        host=options.host,
        port=options.port,
        ssl_certfile=options.cert,
        ssl_keyfile=options.key,
        ws="none",
        server_header=False,
        access_log=False,
        log_level="info",
        limit_concurrency=1_000,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
