"""Checking a workbook: find its edition, build the template, compare."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from xl_perf.book.snapshot import Snapshot
from xl_perf.check.compare import Compared
from xl_perf.check.model import FileReport, Finding, Kind
from xl_perf.check.proof import prove
from xl_perf.check.reference import reference
from xl_perf.contract import Species, read_inputs
from xl_perf.contract.edition import NamedEdition, load_named
from xl_perf.contract.model import QUARTER
from xl_perf.contract.tables import read_metadata
from xl_perf.errors import PerfError, PlanError
from xl_perf.package.refs import cell_name
from xl_perf.package.workbook import Package
from xl_perf.recalc.stored import stored_errors
from xl_perf.relink.parts import relink_package
from xl_perf.relink.spelling import Dialect, apply, respell
from xl_perf.templates.scheda_territoriale import workbook as scheda

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xl_perf.check.reference import Reference
    from xl_perf.contract.tables import Metadata
    from xl_perf.package.content import Content
    from xl_perf.plan.model import Plan

QUARTERS = ("1", "2", "3", "4")
ENGINE = "formualizer"
UNPROVEN = "the results were not proven: there is no engine here that calculates a fresh workbook"


def check_content(package: Content) -> FileReport:
    """Compares a workbook with its template.

    Args:
        package: a workbook, whatever holds it. One without the engine beside it is not proven: its facts are not
            calculated again in a fresh workbook; the notes say so.

    Raises:
        SyncError: not an official workbook, or one of another version.
        PlanError: this machine does not have its edition.
    """
    metadata = read_metadata(package)
    named = NamedEdition(metadata.text("edizione"), metadata.text("impronta_dati"))
    plan = load_named(named, package.where)
    template, structure = metadata.text("modello"), metadata.text("struttura")
    findings = list(_facts(metadata, plan))
    ours = _in_excel(package)
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
    notes = compared.notes
    if find_spec(ENGINE) is None:
        notes += (UNPROVEN,)
    else:
        findings += list(_proven(ours, plan, findings))
    return FileReport(
        package.where,
        template=template,
        edition=plan.id,
        structure=structure,
        period=_period(metadata),
        formulas=compared.formulas,
        findings=tuple(findings),
        notes=notes,
    )


def _in_excel(content: Content) -> Content:
    """The workbook with our functions spelled as the templates have them."""
    if isinstance(content, Package):
        return Package(relink_package(content, Dialect.EXCEL).data, content.path, content.limits)
    assert isinstance(content, Snapshot)
    return content.respelled(lambda text: apply(text, respell(text, Dialect.EXCEL).edits))


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


def _proven(package: Content, plan: Plan, known: list[Finding]) -> Iterator[Finding]:
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
