"""The Python of the Office.js add-in: the project's modules that it needs, the editions, packages of others."""

from __future__ import annotations

from importlib import metadata, resources
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.addins.closure import imported_modules, needed_modules, source_file
from xl_perf.addins.plan_source import plan_modules, plan_source
from xl_perf.plan import load_edition
from xl_perf.plan.library import package_ids

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROOT = Path(__file__).parents[2]
_PLAN = "xl_perf.plan"
"""Reads the data files of the package; `udfs/office/editions.py` stands in for it."""
_NAMED = (
    "xl_perf.package.atomic",
    "xl_perf.package.lock",
    "xl_perf.package.workbook",
    "xl_perf.plan.library",
)
"""Modules that others import by a name made at run time."""
_BESIDE = ("openpyxl", "et_xmlfile")
"""Packages of others, pure Python, which build the workbook that `Controlla` compares with."""
_OWN = ("calls.py", "cells.py", "reading.py", "steps.py")
"""Modules of `udfs/office` that run in the page."""
_PLAN_DATA = "udfs/office/plan_data"


def payload() -> Iterator[tuple[str, str]]:
    """(path, text) of every Python module and data file that the add-in's Python finds on its path."""
    plans = {edition: load_edition(edition) for edition in package_ids()}
    roots = {module for plan in plans.values() for module in plan_modules(plan)}
    used = [module for name in (*_OWN, "editions.py") for module in imported_modules(_source(name))]
    for module in needed_modules([*used, *_NAMED, *sorted(roots)], [_PLAN]):
        file = source_file(module)
        assert file is not None
        yield file.relative_to(_ROOT).as_posix(), file.read_text(encoding="utf-8")
    yield "xl_perf/italiano.po", (_ROOT / "xl_perf" / "italiano.po").read_text(encoding="utf-8")
    yield "xl_perf/addins/lambda_edition/definitions.toml", _definitions()
    yield "xl_perf/plan/__init__.py", _source("editions.py")
    yield "udfs/__init__.py", '"""Front ends of the functions."""\n'
    for name in ("__init__.py", *_OWN):
        yield f"udfs/office/{name}", _source(name)
    places = {
        plan.id: (f"edition_{place}", f"{plan.valid_from:%Y-%m-%d}", f"{plan.latest_act.date:%Y-%m-%d}")
        for place, plan in enumerate(plans.values(), start=1)
    }
    head = (
        '"""The editions: module, first day of validity, date of the last act; what calls may ever import."""'
    )
    calls = needed_modules(imported_modules(_source("calls.py")), [_PLAN])
    yield f"{_PLAN_DATA}/__init__.py", f"{head}\n\nEDITIONS = {places!r}\nCALLS = {calls!r}\n"
    for edition, (module, *_) in places.items():
        yield f"{_PLAN_DATA}/{module}.py", plan_source(plans[edition])
    for package in _BESIDE:
        yield from _beside(package)


def licences() -> dict[str, str]:
    """Licences of the packages of others that come along, by package and file."""
    return {
        f"{package}/{file.name}": file.read_text()
        for package in _BESIDE
        for file in metadata.files(package) or ()
        if file.name.startswith(("LICENCE", "LICENSE"))
    }


def _beside(package: str) -> Iterator[tuple[str, str]]:
    for file in sorted(metadata.files(package) or ()):
        if file.suffix == ".py" and file.parts[0] == package:
            yield file.as_posix(), file.read_text()


def _source(name: str) -> str:
    return resources.files("udfs").joinpath("office", name).read_text(encoding="utf-8")


def _definitions() -> str:
    folder = resources.files("xl_perf").joinpath("addins", "lambda_edition", "definitions.toml")
    return folder.read_text(encoding="utf-8")
