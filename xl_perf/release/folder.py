"""The folder of a release: wheel, add-ins, workbooks in each spelling, trials, guides, checksums, the first page."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from xl_perf import __version__
from xl_perf.addins import excel, libreoffice
from xl_perf.catalog import binding
from xl_perf.cli.new import scorecard_name
from xl_perf.contract.tables import read_metadata
from xl_perf.errors import UsageError
from xl_perf.package import Package, open_package
from xl_perf.release.pages import INDEX, Facts, Workbook, guides, index
from xl_perf.release.trials import trials
from xl_perf.relink import Dialect, relink_package
from xl_perf.templates import TEMPLATE_VERSIONS
from xl_perf.templates.build import build_scorecard

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xl_perf.plan.model import Plan

SUMS = "SHA256SUMS.txt"
NAMES = {Dialect.LAMBDA: "LAMBDA", Dialect.CALC: "Calc", Dialect.OFFICE: "Office.js", Dialect.EXCEL: "Excel"}
"""Spelling -> how the page calls it, in the order of its columns."""
WORKBOOKS, ADDINS, TRIALS, PYTHON = "cartelle", "componenti", "prove", "python"
_EXAMPLES, _SCORECARDS = "esempi", "schede"
_QUARTER = 4
"""The quarter that a new scorecard shows; it is a cell."""


class Sources(NamedTuple):
    """What a release is made from.

    Attributes:
        wheel: the wheel that `python -m build` made.
        workbooks: folder that `xl-perf build` made.
        office: folder that `xl-perf addin office --out` made; None leaves the Office.js edition out.
        structures: codes of the structures whose scorecards are made.
    """

    wheel: Path
    workbooks: Path
    office: Path | None
    structures: Sequence[str]


def make(folder: Path, sources: Sources, plan: Plan) -> list[Path]:
    """Makes the folder.

    Args:
        folder: where to; must not be there.
        sources: what it is made from.
        plan: the edition of the workbooks.

    Returns:
        The files, in the order of their paths.

    Raises:
        UsageError: the folder is there, or a source is not.
        PerfError: an add-in cannot be built.
    """
    _refuse(folder, sources)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f"{folder.name}.", dir=folder.parent) as name:
        made = Path(name) / folder.name
        _fill(made, sources, plan)
        made.rename(folder)
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _fill(folder: Path, sources: Sources, plan: Plan) -> None:
    dialects = [one for one in NAMES if one is not Dialect.OFFICE or sources.office]
    _copy(sources.wheel, folder / PYTHON / sources.wheel.name)
    excel.build(folder / ADDINS / "excel")
    libreoffice.build(folder / ADDINS / "libreoffice")
    if sources.office:
        shutil.copytree(sources.office, folder / ADDINS / "office")
    for dialect in dialects:
        name = "prove.xlsx" if dialect is Dialect.EXCEL else f"prove_{dialect}.xlsx"
        _write(folder / TRIALS / name, trials(dialect).data)
    with binding.use(plan):
        facts = Facts(
            __version__,
            plan.title,
            plan.latest_act.title,
            [
                _workbook(folder, sources.workbooks, template, dialects)
                for template in _templates(sources.workbooks)
            ],
            [_scorecard(folder, plan, structure, dialects) for structure in sources.structures],
            sources.office is not None,
            f"{PYTHON}/{sources.wheel.name}",
        )
    for name, content in guides().items():
        _write(folder / name, content)
    _write(folder / INDEX, index(facts).encode())
    _sum(folder)


def _refuse(folder: Path, sources: Sources) -> None:
    if folder.exists():
        raise UsageError(
            "the folder is there already", where=str(folder), remedy="remove it, or name another with --out"
        )
    if not sources.wheel.is_file():
        raise UsageError(
            "there is no wheel of this version", where=str(sources.wheel), remedy="run python -m build first"
        )
    if not _templates(sources.workbooks):
        raise UsageError(
            "no official workbooks", where=str(sources.workbooks), remedy="run xl-perf build first"
        )
    if sources.office and not sources.office.is_dir():
        raise UsageError(
            "no such folder", where=str(sources.office), remedy="run xl-perf addin office --out first"
        )


def _templates(workbooks: Path) -> list[str]:
    return [template for template in TEMPLATE_VERSIONS if (workbooks / f"{template}.xlsx").is_file()]


def _workbook(folder: Path, built: Path, template: str, dialects: Sequence[Dialect]) -> Workbook:
    """An official workbook and its example in every spelling."""
    title, paths = _spelled(folder, open_package(built / f"{template}.xlsx"), f"{template}.xlsx", dialects)
    name = f"{_EXAMPLES}/{template}_esempio.xlsx"
    _, examples = _spelled(folder, open_package(built / name), name, dialects)
    return Workbook(title, paths, examples)


def _scorecard(folder: Path, plan: Plan, structure: str, dialects: Sequence[Dialect]) -> Workbook:
    """The scorecard of a structure in every spelling."""
    name = f"{_SCORECARDS}/{scorecard_name(plan, structure, _QUARTER)}"
    package = Package(build_scorecard(plan, structure, _QUARTER), Path(name))
    _, paths = _spelled(folder, package, name, dialects)
    return Workbook(read_metadata(package).text("struttura"), paths, {})


def _spelled(
    folder: Path, package: Package, name: str, dialects: Sequence[Dialect]
) -> tuple[str, Mapping[str, str]]:
    """A workbook written in every spelling: its title, and how the page calls a spelling -> path in the folder."""
    paths = {}
    for dialect in dialects:
        place = f"{WORKBOOKS}/{dialect}/{name}"
        data = package.data if dialect is Dialect.EXCEL else relink_package(package, dialect).data
        _write(folder / place, data)
        paths[NAMES[dialect]] = place
    return str(package.cells(package.sheets[0].name)[0].value), paths


def _sum(folder: Path) -> None:
    """Writes the checksums of all files, as `sha256sum -c` reads them."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in files
    ]
    _write(folder / SUMS, "".join(lines).encode())


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
