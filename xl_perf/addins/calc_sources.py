"""The Python modules of the Calc add-in: what it needs of the project, rewritten for older Pythons, and plan data."""

from __future__ import annotations

from importlib import metadata, resources
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf import __version__
from xl_perf.addins import python38
from xl_perf.addins.closure import imported_modules, needed_modules, source_file
from xl_perf.addins.lambda_edition import excluded
from xl_perf.addins.plan_source import plan_modules, plan_source
from xl_perf.plan import load_edition
from xl_perf.plan.library import package_ids

if TYPE_CHECKING:
    from collections.abc import Iterator

_PACKAGE = Path(__file__).parents[1]
_PLAN = "xl_perf.plan"
"""The reader of the data files, which needs a newer Python; `udfs/libreoffice/editions.py` stands in for it."""
_LAMBDA = "xl_perf.addins.lambda_edition"
"""Reads definitions from a file in the same way, for workbooks that the extension never makes."""
_PATTERNS = "xl_perf.package.patterns"
"""Makes patterns that only Python 3.11 knows."""
_BESIDE = ("openpyxl", "et_xmlfile")
"""Packages of others, pure Python that 3.8 runs, which build the workbook that `Controlla` compares with."""
COMPONENTS = ("component.py", "menu.py")
"""Modules of `udfs/libreoffice` that LibreOffice loads itself."""
_OWN = (
    "bridge.py",
    "commands.py",
    "convert.py",
    "dialogs.py",
    "entered.py",
    "insert.py",
    "steps.py",
    "typed.py",
    "version.py",
)
"""Modules of `udfs/libreoffice` that these import."""
_PATTERNS_SOURCE = '''"""Repetition of groups in regular expressions, for Pythons that know no possessive one."""

GOES_BACK = True


def repeated(body, quantifier=b"*"):
    """A pattern that repeats another."""
    return b"(?:" + body + b")" + quantifier
'''
_LAMBDA_SOURCE = '''"""The LAMBDA edition, which Calc cannot use: what it leaves out, so that files convert."""

_EXCLUDED = {excluded!r}


def excluded():
    """Function -> why it cannot be a LAMBDA."""
    return _EXCLUDED


def lambda_names():
    """None: nothing is converted to LAMBDA here."""
    return {{}}
'''


def payload() -> Iterator[tuple[str, str]]:
    """(name in the extension, source) of every Python module on the extension's path, for Python 3.8 and later."""
    plans = {edition: load_edition(edition) for edition in package_ids()}
    roots = {module for plan in plans.values() for module in plan_modules(plan)}
    for module in needed_modules([*_used(), *sorted(roots)], [_PLAN, _LAMBDA, _PATTERNS]):
        source = source_file(module)
        assert source is not None
        name = source.relative_to(_PACKAGE).as_posix()
        yield f"pythonpath/xl_perf/{name}", python38.convert(source.read_text(encoding="utf-8"), name)
    yield "pythonpath/xl_perf/italiano.po", (_PACKAGE / "italiano.po").read_text(encoding="utf-8")
    yield "pythonpath/xl_perf/plan/__init__.py", front_end("editions.py")
    yield (
        "pythonpath/xl_perf/addins/lambda_edition/__init__.py",
        _LAMBDA_SOURCE.format(excluded=dict(excluded())),
    )
    yield "pythonpath/xl_perf/package/patterns.py", _PATTERNS_SOURCE
    for package in _BESIDE:
        yield from _beside(package)
    own = "pythonpath/xl_perf_calc"
    yield f"{own}/__init__.py", '"""What the Calc add-in adds to the functions."""\n'
    yield f"{own}/compat.py", python38.COMPAT_SOURCE
    for name in _OWN:
        yield f"{own}/{name}", front_end(name)
    editions = {
        plan.id: (f"edition_{place}", f"{plan.valid_from:%Y-%m-%d}", f"{plan.latest_act.date:%Y-%m-%d}")
        for place, plan in enumerate(plans.values(), start=1)
    }
    head = '"""The editions: module, first day of validity, date of the last act."""'
    yield f"{own}/plan_data/__init__.py", f"{head}\n\nEDITIONS = {editions!r}\nVERSION = {__version__!r}\n"
    for edition, (module, *_) in editions.items():
        yield f"{own}/plan_data/{module}.py", plan_source(plans[edition])


def _used() -> list[str]:
    """What the front end uses of the project; what these modules need comes along."""
    return [
        module for name in (*COMPONENTS, *_OWN, "editions.py") for module in imported_modules(_source(name))
    ]


def licences() -> dict[str, str]:
    """Licences of the packages of others that come along, by their names in the extension."""
    found = {}
    for package in _BESIDE:
        for file in metadata.files(package) or ():
            if file.name.startswith(("LICENCE", "LICENSE")):
                found[f"licenze/{package}/{file.name}"] = file.read_text()
    return found


def _beside(package: str) -> Iterator[tuple[str, str]]:
    for file in sorted(metadata.files(package) or ()):
        if file.suffix == ".py" and file.parts[0] == package:
            yield f"pythonpath/{file.as_posix()}", file.read_text()


def front_end(name: str) -> str:
    """A source of the front end, for Python 3.8 and later."""
    return python38.convert(_source(name), f"udfs/libreoffice/{name}")


def _source(name: str) -> str:
    return resources.files("udfs").joinpath("libreoffice", name).read_text(encoding="utf-8")
