"""Builds the Office.js add-in: a folder for any web server, and the manifest that tells Excel where it is."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import zipfile
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from xl_perf import __version__
from xl_perf.addins import office_pyodide, office_texts
from xl_perf.addins.office_sources import licences, payload
from xl_perf.catalog import FUNCTIONS
from xl_perf.errors import PerfError, UsageError
from xl_perf.plan.library import FOLDER, data_folder, entries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MANIFEST = "manifest.xml"
EDITIONS = "edizioni.zip"
_KEPT = ("taskpane.html", "style.css", ".js", ".mjs", ".json", ".wasm", ".zip", ".bin", "-32.png")
"""Ends of the names of the files that the service worker keeps."""
_DATE = (1980, 1, 1, 0, 0, 0)
_LOCAL = ("localhost", "127.0.0.1")


def build(
    url: str, folder: Path, pyodide: Path | None = None, office_js: str = office_texts.OFFICE_JS
) -> Path:
    """Writes the add-in into a folder, which is made where it is missing; other files in it stay.

    Args:
        url: address at which a web server will give the folder's files, https.
        folder: where to.
        pyodide: the file of Pyodide; asked of npm when None.
        office_js: address of office.js; for networks that cannot reach Microsoft's, one in the same folder.

    Returns:
        Path of the manifest.

    Raises:
        UsageError: an address that Excel would not take.
        PerfError: Node.js or Pyodide are missing, or the folder cannot be written.
    """
    url = _address(url)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        runtime = office_pyodide.unpacked(place / "pyodide", pyodide)
        _prepare(place, runtime)
        try:
            _write(url, folder, place, office_js)
        except OSError as error:
            raise PerfError(f"cannot be written ({error.strerror})", where=str(folder)) from error
    return folder / MANIFEST


def write_editions(folder: Path) -> Path:
    """Writes `edizioni.zip` alone, for the folder of an add-in that is in use; gives its path.

    Raises:
        PerfError: it cannot be written.
    """
    path = folder / EDITIONS
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(editions_zip())
    except OSError as error:
        raise PerfError(f"cannot be written ({error.strerror})", where=str(path)) from error
    return path


def editions_zip() -> bytes:
    """The editions that this user has installed, for the add-in; the same bytes for the same data."""
    buffer = io.BytesIO()
    base = data_folder() / FOLDER
    with zipfile.ZipFile(buffer, "w") as archive:
        for entry in entries():
            if not entry.installed:
                continue
            for path in (base / f"{entry.id}.json", *sorted(entry.folder.rglob("*"))):
                if path.is_file():
                    info = zipfile.ZipInfo(path.relative_to(base).as_posix(), _DATE)
                    info.compress_type = zipfile.ZIP_DEFLATED
                    archive.writestr(info, path.read_bytes())
    return buffer.getvalue()


def _address(url: str) -> str:
    parts = urlsplit(url)
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOCAL)
    if not secure or not parts.netloc or parts.query or parts.fragment:
        raise UsageError(
            f"the address {url!r}",
            expected="https://..., without ? and #; http only for this machine (localhost)",
        )
    return f"{url.rstrip('/')}/"


def _prepare(place: Path, runtime: Path) -> None:
    """Writes `xl_perf.zip` and `snapshot.bin`, made in Node.js by the same Pyodide."""
    sources = place / "sources"
    for name, text in payload():
        path = sources / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    with resources.as_file(resources.files("udfs").joinpath("office")) as own:
        office_pyodide.run(["node", own / "node" / "prepare.mjs", runtime, sources, place])


def _write(url: str, folder: Path, place: Path, office_js: str) -> None:
    files = dict(_files(place, office_js))
    for name, data in {**files, **_around(url), **_worker_list(files)}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _files(place: Path, office_js: str) -> Iterator[tuple[str, bytes]]:
    """What the page loads: (path in the folder, content)."""
    functions = list(FUNCTIONS.values())
    own = resources.files("udfs").joinpath("office", "web")
    for file in sorted(own.iterdir(), key=lambda one: one.name):
        if file.is_file() and file.name != "sw.js":
            yield file.name, office_texts.page(file.name, office_js).encode()
    for file in sorted(own.joinpath("icons").iterdir(), key=lambda one: one.name):
        yield f"icons/{file.name}", file.read_bytes()
    yield "names.js", office_texts.names_js(functions, __version__).encode()
    yield "functions.json", office_texts.functions_json(functions).encode()
    for path in sorted((place / "pyodide").iterdir()):
        yield f"pyodide/{path.name}", path.read_bytes()
    for name in ("xl_perf.zip", "snapshot.bin"):
        yield name, (place / name).read_bytes()


def _around(url: str) -> Mapping[str, bytes]:
    """What others read: Excel, the web server, people."""
    texts = {
        MANIFEST: office_texts.manifest(url, __version__),
        "web.config": office_texts.web_config(),
        **{f"licenze/{name}": text for name, text in licences().items()},
    }
    own = resources.files("udfs").joinpath("office", "licenze")
    found = {name: text.encode() for name, text in texts.items()}
    found |= {f"licenze/{file.name}": file.read_bytes() for file in own.iterdir()}
    return {**found, EDITIONS: editions_zip()}


def _worker_list(files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """The service worker, and the list of what it keeps."""
    digests = {
        name: hashlib.sha256(data).hexdigest()
        for name, data in sorted(files.items())
        if name.endswith(_KEPT) and name != "functions.json"
    }
    version = hashlib.sha256(json.dumps(digests).encode()).hexdigest()[:16]
    text = (
        f"// Made when the folder was built.\nconst BUILD = {json.dumps(version)};\n"
        f"const FILES = {json.dumps(digests, indent=2)};\n"
    )
    worker = resources.files("udfs").joinpath("office", "web", "sw.js")
    return {"files.js": text.encode(), "sw.js": worker.read_bytes()}
