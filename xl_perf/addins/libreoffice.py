"""Builds the add-in for LibreOffice Calc: `xl_perf.oxt`, pure Python, made from the catalogue and the plan's data."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from xl_perf import __version__
from xl_perf.addins import calc_texts
from xl_perf.addins.calc_sources import front_end, licences, payload
from xl_perf.catalog import FUNCTIONS
from xl_perf.errors import PerfError
from xl_perf.plan.library import package_ids

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "xl_perf.oxt"

_TYPES = "xlperf.idl"
_COMPONENT = "component.py"
_WIZARD = "CalcAddIns.xcu"
_KINDS = {
    _TYPES: "application/vnd.sun.star.uno-typelibrary;type=RDB",
    _COMPONENT: "application/vnd.sun.star.uno-component;type=Python",
    _WIZARD: "application/vnd.sun.star.configuration-data",
}
_DATE = (1980, 1, 1, 0, 0, 0)


def build(folder: Path) -> Path:
    """Writes `xl_perf.oxt` into a folder, which is made where it is missing.

    Returns:
        Path of the file.

    Raises:
        PerfError: the file cannot be written.
        PlanError: the plan's data are wrong.
    """
    data = extension()
    path = folder / FILE_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise PerfError(f"cannot be written ({error.strerror})", where=str(path)) from error
    return path


def extension() -> bytes:
    """The extension: a zip with the same bytes for the same catalogue, data and sources."""
    functions = list(FUNCTIONS.values())
    summary = calc_texts.summary(functions, package_ids())
    files = {
        "META-INF/manifest.xml": calc_texts.manifest(_KINDS),
        "description.xml": calc_texts.description(__version__),
        "description_en.txt": summary["en"],
        "description_it.txt": summary["it"],
        _TYPES: calc_texts.interface(functions),
        _WIZARD: calc_texts.wizard(functions),
        _COMPONENT: front_end("component.py"),
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
