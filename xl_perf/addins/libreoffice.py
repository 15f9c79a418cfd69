"""Builds the add-in for LibreOffice Calc: `xl_perf.oxt`, pure Python, made from the catalogue and the plan's data."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from xl_perf import __version__
from xl_perf.addins import calc_menu, calc_texts
from xl_perf.addins.calc_sources import COMPONENTS, front_end, licences, payload
from xl_perf.catalog import FUNCTIONS
from xl_perf.errors import PerfError
from xl_perf.plan.library import package_ids

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "xl_perf.oxt"
UPDATE_NAME = "xl_perf.update.xml"

_TYPES = "xlperf.idl"
_WIZARD = "CalcAddIns.xcu"
_DESCRIPTORS = {
    "Addons.xcu": calc_menu.addons,
    "ProtocolHandler.xcu": calc_menu.protocol_handler,
    "Jobs.xcu": calc_menu.jobs,
    "CalcWindowState.xcu": calc_menu.window_state,
}
_PYTHON = "application/vnd.sun.star.uno-component;type=Python"
_CONFIGURATION = "application/vnd.sun.star.configuration-data"
_KINDS = {
    _TYPES: "application/vnd.sun.star.uno-typelibrary;type=RDB",
    **dict.fromkeys(COMPONENTS, _PYTHON),
    _WIZARD: _CONFIGURATION,
    **dict.fromkeys(_DESCRIPTORS, _CONFIGURATION),
}
_DATE = (1980, 1, 1, 0, 0, 0)


def build(folder: Path, updates: str = "") -> Path:
    """Writes `xl_perf.oxt` into a folder, which is made where it is missing.

    Args:
        folder: where to.
        updates: address of the folder on a web server that newer versions will be put into; LibreOffice then
            asks there for `xl_perf.update.xml`, which is written too. Without it the extension asks nobody.

    Returns:
        Path of the file.

    Raises:
        PerfError: the file cannot be written.
        PlanError: the plan's data are wrong.
    """
    base = f"{updates.rstrip('/')}/" if updates else ""
    data = extension(f"{base}{UPDATE_NAME}" if base else "")
    path = folder / FILE_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        if base:
            news = calc_texts.update(__version__, f"{base}{FILE_NAME}")
            (folder / UPDATE_NAME).write_text(news, encoding="utf-8")
    except OSError as error:
        raise PerfError(f"cannot be written ({error.strerror})", where=str(path)) from error
    return path


def extension(updates: str = "") -> bytes:
    """The extension: a zip with the same bytes for the same catalogue, data and sources.

    Args:
        updates: address of the file that tells of newer versions; none when empty.
    """
    functions = list(FUNCTIONS.values())
    summary = calc_texts.summary(functions, package_ids())
    files = {
        "META-INF/manifest.xml": calc_texts.manifest(_KINDS),
        "description.xml": calc_texts.description(__version__, updates),
        "description_en.txt": summary["en"],
        "description_it.txt": summary["it"],
        _TYPES: calc_texts.interface(functions),
        _WIZARD: calc_texts.wizard(functions),
        **{name: front_end(name) for name in COMPONENTS},
        **{name: make() for name, make in _DESCRIPTORS.items()},
        **licences(),
        **dict(payload()),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, text.encode())
    return buffer.getvalue()
