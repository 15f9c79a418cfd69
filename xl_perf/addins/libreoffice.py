"""Builds the add-in for LibreOffice Calc: `xl_perf.oxt`, pure Python, made from the catalogue and the plan's data."""

from __future__ import annotations

import io
import zipfile
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf import __version__
from xl_perf.addins import calc_texts, python38
from xl_perf.addins.closure import needed_modules, source_file
from xl_perf.addins.plan_source import plan_modules, plan_source
from xl_perf.catalog import FUNCTIONS
from xl_perf.errors import PerfError
from xl_perf.plan import load_edition
from xl_perf.plan.library import package_ids

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE_NAME = "xl_perf.oxt"

_PACKAGE = Path(__file__).parents[1]
_ROOTS = ("xl_perf.catalog", "xl_perf.cells", "xl_perf.errors", "xl_perf.values")
"""What the front end uses of the project; what these need comes along."""
_REPLACED = "xl_perf.plan"
"""The reader of the data files, which needs a newer Python; `udfs/libreoffice/editions.py` stands in for it."""
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
        _COMPONENT: _front_end("component.py"),
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


def payload() -> Iterator[tuple[str, str]]:
    """(name in the extension, source) of every Python module on the extension's path, for Python 3.8 and later."""
    plans = {edition: load_edition(edition) for edition in package_ids()}
    roots = {module for plan in plans.values() for module in plan_modules(plan)}
    for module in needed_modules([*_ROOTS, *sorted(roots)], [_REPLACED]):
        source = source_file(module)
        assert source is not None
        name = source.relative_to(_PACKAGE).as_posix()
        yield f"pythonpath/xl_perf/{name}", python38.convert(source.read_text(encoding="utf-8"), name)
    yield "pythonpath/xl_perf/plan/__init__.py", _front_end("editions.py")
    own = "pythonpath/xl_perf_calc"
    yield f"{own}/__init__.py", '"""What the Calc add-in adds to the functions."""\n'
    yield f"{own}/compat.py", python38.COMPAT_SOURCE
    yield f"{own}/bridge.py", _front_end("bridge.py")
    editions = {
        plan.id: (f"edition_{place}", f"{plan.valid_from:%Y-%m-%d}", f"{plan.latest_act.date:%Y-%m-%d}")
        for place, plan in enumerate(plans.values(), start=1)
    }
    head = '"""The editions: module, first day of validity, date of the last act."""'
    yield f"{own}/plan_data/__init__.py", f"{head}\n\nEDITIONS = {editions!r}\n"
    for edition, (module, *_) in editions.items():
        yield f"{own}/plan_data/{module}.py", plan_source(plans[edition])


def _front_end(name: str) -> str:
    source = resources.files("udfs").joinpath("libreoffice", name).read_text(encoding="utf-8")
    return python38.convert(source, f"udfs/libreoffice/{name}")
