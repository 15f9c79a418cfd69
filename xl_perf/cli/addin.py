"""Build an add-in that brings the functions into a spreadsheet program.

libreoffice  xl_perf.oxt for LibreOffice Calc (7.4 and later): install it with Strumenti > Gestione estensioni
excel        xl_perf.xlam for Excel on Windows, with its settings file and LEGGIMI.txt, which says how to install it;
             with --bundle also the Python that it needs
office       a folder for a web server and manifest.xml, for Excel on Windows, Mac and the web; needs Node.js here
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.cli import OK
from xl_perf.errors import UsageError
from xl_perf.language import tr

if TYPE_CHECKING:
    import argparse

_PORT = 8000


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "program", choices=("libreoffice", "excel", "office"), help="the program to build for"
    )
    parser.add_argument(
        "--out", metavar="DIR", type=Path, default=Path(), help="where to write (default: here)"
    )
    parser.add_argument(
        "--updates",
        metavar="URL",
        default="",
        help="libreoffice: folder on a web server where LibreOffice looks for newer versions",
    )
    parser.add_argument(
        "--bundle",
        metavar="ZIP",
        type=Path,
        help="excel: the embeddable Python of python.org, to put beside the add-in with all that it needs",
    )
    parser.add_argument(
        "--wheels",
        metavar="DIR",
        type=Path,
        help="excel: folder with the wheels for --bundle (default: pip gets them)",
    )
    parser.add_argument(
        "--interpreter",
        metavar="PATH",
        help="excel: full path of python.exe for the settings file (default: on Windows the running Python)",
    )
    parser.add_argument(
        "--url",
        metavar="URL",
        default="",
        help="office: address at which the web server gives the folder, https",
    )
    parser.add_argument(
        "--editions",
        action="store_true",
        help="office: write edizioni.zip alone, the editions installed here",
    )
    parser.add_argument(
        "--pyodide", metavar="FILE", type=Path, help="office: the package of Pyodide (default: from npm)"
    )
    parser.add_argument(
        "--office-js", metavar="URL", default="", help="office: address of office.js (default: Microsoft's)"
    )
    parser.add_argument(
        "--serve", action="store_true", help="office: give the folder on this machine, to try it"
    )
    parser.add_argument("--port", type=int, default=_PORT, help="office: port of --serve (default: 8000)")
    parser.add_argument("--cert", metavar="FILE", type=Path, help="office: certificate for --serve, PEM")
    parser.add_argument("--key", metavar="FILE", type=Path, help="office: key of the certificate, PEM")


def run(options: argparse.Namespace) -> int:
    """Build the add-in."""
    if options.program == "excel":
        return _excel(options)
    if options.program == "office":
        return _office(options)
    from xl_perf.addins.libreoffice import build

    print(build(options.out, options.updates))
    return OK


def _excel(options: argparse.Namespace) -> int:
    from xl_perf.addins.excel import build, bundled

    if options.wheels and not options.bundle:
        raise UsageError("--wheels goes with --bundle")
    if options.bundle and options.interpreter:
        raise UsageError("--bundle brings its own Python", expected="--bundle without --interpreter")
    if options.bundle:
        built = bundled(options.out, options.bundle, options.wheels)
    else:
        built = build(options.out, options.interpreter)
    print(built.addin)
    print(
        tr("{settings} (kept as it was)", settings=built.settings) if built.settings_kept else built.settings
    )
    print(built.guide)
    return OK


def _office(options: argparse.Namespace) -> int:
    from xl_perf.addins import office
    from xl_perf.addins.office_texts import OFFICE_JS

    if (options.cert is None) != (options.key is None):
        raise UsageError("--cert and --key go together")
    if options.editions:
        print(office.write_editions(options.out))
        return OK
    if not options.url and not options.serve:
        raise UsageError("office needs --url or --serve")
    scheme = "https" if options.cert else "http"
    url = options.url or f"{scheme}://localhost:{options.port}/"
    print(office.build(url, options.out, options.pyodide, options.office_js or OFFICE_JS))
    return _serve(options, url) if options.serve else OK


def _serve(options: argparse.Namespace, url: str) -> int:
    from xl_perf.addins.office_serve import server

    made = server(options.out, options.port, (options.cert, options.key) if options.cert else None)
    print(tr("{url} until Ctrl+C", url=url), flush=True)
    try:
        made.serve_forever()
    except KeyboardInterrupt:
        return OK
    finally:
        made.server_close()
    return OK
