"""Checking workbook files: read, find the edition, build the template, compare."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.check.compare import Compared
from xl_perf.check.model import CheckReport, FileReport, Finding, Kind
from xl_perf.check.proof import prove
from xl_perf.check.reference import reference
from xl_perf.contract import Species, read_inputs
from xl_perf.contract.edition import NamedEdition, load_named
from xl_perf.contract.model import QUARTER
from xl_perf.contract.tables import is_official, read_metadata
from xl_perf.errors import PerfError, PlanError
from xl_perf.package import Package, open_package
from xl_perf.package.refs import cell_name
from xl_perf.recalc import find_workbooks
from xl_perf.recalc.stored import stored_errors
from xl_perf.relink import Dialect, relink_package
from xl_perf.templates.scheda_territoriale import workbook as scheda

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from xl_perf.check.reference import Reference
    from xl_perf.contract.tables import Metadata
    from xl_perf.package import Limits
    from xl_perf.plan.model import Plan

QUARTERS = ("1", "2", "3", "4")


def check_paths(
    paths: Iterable[str | Path],
    *,
    limits: Limits | None = None,
    on_progress: Callable[[FileReport, int, int], None] | None = None,
) -> CheckReport:
    """Compares workbooks with their templates; one bad file never stops the others. Nothing is written.

    Args:
        paths: files, and folders that are searched through; in folders, workbooks that are no official ones are passed
            over and reported as skipped.
        limits: what a file may cost.
        on_progress: called after each file with its report, the number of files done and of all.

    Returns:
        A report with one entry for each file, and for each path that leads to none, in the order in which they were found.
    """
    start = time.perf_counter()
    reports: list[FileReport] = []
    interrupted = False
    try:
        items = list(_files(paths))
        for path, named in items:
            reports.append(_guarded(path, limits, named=named))
            if on_progress is not None:
                on_progress(reports[-1], len(reports), len(items))
    except KeyboardInterrupt:
        interrupted = True
    return CheckReport(tuple(reports), interrupted, time.perf_counter() - start)


def _files(paths: Iterable[str | Path]) -> Iterator[tuple[Path, bool]]:
    """(file, whether it was named by itself); a path that leads to no workbook stands for itself."""
    seen: set[Path] = set()
    for given in map(Path, paths):
        try:
            found = [path for path, _ in find_workbooks([given])]
        except PerfError:
            found = [given]
        for path in found:
            if path not in seen:
                seen.add(path)
                yield path, path == given


def _guarded(path: Path, limits: Limits | None, *, named: bool) -> FileReport:
    start = time.perf_counter()
    if named and path.is_dir():
        return FileReport(str(path), failure=f"{path}: the folder holds no workbooks")
    try:
        package = open_package(path, limits)
        if not named and not is_official(package):
            return FileReport(str(path), skipped="not an official workbook")
        report = check_package(package)
    except PerfError as error:
        report = FileReport(str(path), failure=str(error) if error.where else f"{path}: {error}")
    except MemoryError:
        report = FileReport(str(path), failure=f"{path}: more memory than a file may take")
    except Exception as error:  # noqa: BLE001 - no file stops the others
        report = FileReport(str(path), failure=f"{path}: {type(error).__name__}: {error}")
    return replace(report, path=str(path), seconds=time.perf_counter() - start)


def check_file(path: str | Path, limits: Limits | None = None) -> FileReport:
    """Compares one workbook with its template.

    Raises:
        WorkbookError: the file cannot be read.
        SyncError: not an official workbook, or one of another version.
        PlanError: this machine does not have its edition.
    """
    return check_package(open_package(path, limits))


def check_package(package: Package) -> FileReport:
    """`check_file` for a workbook in memory."""
    metadata = read_metadata(package)
    named = NamedEdition(metadata.text("edizione"), metadata.text("impronta_dati"))
    plan = load_named(named, package.where)
    template, structure = metadata.text("modello"), metadata.text("struttura")
    findings = list(_facts(metadata, plan))
    ours = Package(relink_package(package, Dialect.EXCEL).data, package.path, package.limits)
    quarter = metadata.text(QUARTER)
    compared = Compared(_reference(plan, template, structure, quarter, package.where), ours)
    findings += compared.findings
    errors = {(error.sheet, error.cell): error for error in stored_errors(package).template}
    of_template = {(sheet, cell_name(key)) for sheet, key in compared.template_cells}
    findings += [
        Finding(Kind.ERROR, sheet, cell, error.error, None, error.reason)
        for (sheet, cell), error in sorted(errors.items(), key=lambda item: "from " in item[1].reason)
        if (sheet, cell) in of_template
    ]
    findings += list(_proven(ours, plan, findings))
    return FileReport(
        str(package.path),
        template=template,
        edition=plan.id,
        structure=structure,
        period=_period(metadata),
        formulas=compared.formulas,
        findings=tuple(findings),
        notes=compared.notes,
    )


def _reference(plan: Plan, template: str, structure: str, quarter: str, where: str) -> Reference:
    if template != scheda.TEMPLATE:
        return reference(plan, template, structure, 0)
    try:
        return reference(plan, template, structure, int(quarter if quarter in QUARTERS else QUARTERS[-1]))
    except PlanError as error:
        raise PlanError(
            f"there is no scorecard of the structure {structure!r}, which the metadata name",
            where=where,
            expected=error.expected or str(error),
        ) from error


def _proven(package: Package, plan: Plan, known: list[Finding]) -> Iterator[Finding]:
    """Scores that the facts of the file do not give, where nothing else says so already.

    A file that lacks a table, whose inputs cannot be placed or that has not been calculated has other findings.
    """
    if any(finding.kind in (Kind.MISSING, Kind.ROW, Kind.PERIOD, Kind.STRUCTURE) for finding in known):
        return
    try:
        inputs = read_inputs(package)
        results = {
            one.identity: one
            for one in inputs.totals
            if one.species is Species.RESULT and one.value is not None
        }
        differences = prove(package.where, inputs, results, plan).differences
    except PerfError:
        return
    said = {(finding.sheet, finding.cell) for finding in known}
    for one in differences:
        sheet, _, cell = one.cell.rpartition("!")
        if one.begins and (sheet, cell) not in said:
            yield Finding(Kind.PROOF, sheet, cell, one.file, one.facts, "the difference begins here")


def _period(metadata: Metadata) -> str:
    year, quarter = metadata.text("anno"), metadata.text(QUARTER)
    return f"{year}-T{quarter}" if quarter else year


def _facts(metadata: Metadata, plan: Plan) -> Iterator[Finding]:
    """Year, quarter and structure as the metadata state them."""

    def found(kind: Kind, key: str, expected: str) -> Finding:
        return Finding(
            kind, metadata.sheet, cell_name(metadata.places[key]), metadata.values[key], None, expected
        )

    if "anno" in metadata.places and metadata.text("anno") != plan.period:
        yield found(Kind.PERIOD, "anno", f"expected {plan.period}, the year of {plan.id}")
    if metadata.text(QUARTER) not in ("", *QUARTERS):  # empty: never calculated
        yield found(Kind.PERIOD, QUARTER, f"expected one of: {', '.join(QUARTERS)}")
    structure = metadata.text("struttura")
    if structure and structure not in plan.structures:
        yield found(Kind.STRUCTURE, "struttura", f"no structure of {plan.id}")
