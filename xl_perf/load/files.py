"""Facts from files into a workbook: read, matched, written, recalculated, reported."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xl_perf.book.file import opened, write_values
from xl_perf.contract import Inputs, read_inputs
from xl_perf.contract.limits import Finding, findings
from xl_perf.contract.tables import is_official
from xl_perf.load.merge import Match, Merged, merge
from xl_perf.load.offer import after_load, refuse_other_edition, reported
from xl_perf.load.reading import Fact, Unread, read_facts
from xl_perf.load.sources import BOOKS, read_tables
from xl_perf.load.vocabulary import Names, Vocabulary
from xl_perf.package import check_lock, open_package
from xl_perf.package.protection import refuse_closed
from xl_perf.package.scalars import same_value
from xl_perf.plan import load_edition

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xl_perf.load.numerals import Decimals
    from xl_perf.package import CellKey, Limits
    from xl_perf.plan.model import Plan
    from xl_perf.recalc import Calculation
    from xl_perf.values import CellValue


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """How facts are loaded.

    Attributes:
        names: what the user said of headings and names.
        period: period of facts that name none, e.g. `2021-T3`; the workbook's when empty.
        decimals: how decimals are written; found out when None.
        overwrite: cells that hold another value get the new one.
        dry_run: find out what would change, write nothing.
        out: file to write instead of the workbook.
        limits: what a file may cost.
    """

    names: Names = field(default_factory=Names)
    period: str = ""
    decimals: Decimals | None = None
    overwrite: bool = False
    dry_run: bool = False
    out: Path | None = None
    limits: Limits | None = None


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What was loaded into a workbook.

    Attributes:
        path: the workbook.
        merged: facts filled, equal, in conflict, not loaded.
        findings: facts outside the limits of `dati.toml`, of the whole workbook as it is then.
        differing: totals of the sources that the workbook's own sums do not give, with the sum.
        recalculated: number of formula values that changed.
        errors: formulas that became errors, e.g. `Quadro!C8: #VALUE!`.
        written: path that was written; empty where nothing was.
    """

    path: str
    merged: Merged
    findings: tuple[Finding, ...]
    differing: tuple[tuple[Match, CellValue], ...]
    recalculated: int
    errors: tuple[str, ...]
    written: str

    @property
    def complete(self) -> bool:
        """True where everything that the sources hold is in the workbook, and plausible."""
        return not (
            self.merged.unread or self.merged.conflicts or self.findings or self.differing or self.errors
        )


def load_file(
    path: str | Path, sources: Sequence[str | Path], options: LoadOptions | None = None
) -> LoadReport:
    """Loads facts into an official workbook and recalculates it; all else stays as it is.

    Args:
        path: the workbook.
        sources: tables (csv, xlsx, ods, xls) and other official workbooks.
        options: how; the defaults when None.

    Raises:
        LoadError: a source cannot be read, or is an official workbook of another edition. Nothing was changed.
        SyncError: not an official workbook. Nothing was changed.
        PlanError: its edition is not there. Nothing was changed.
        WorkbookError: the file cannot be read or written, is open elsewhere, or somebody protected one of its
            sheets with a password.
        RecalcError: the formulas cannot be calculated. Nothing was changed.
    """
    from xl_perf.recalc import recalculate_package  # noqa: PLC0415 - loads the engine

    options = options or LoadOptions()
    path = Path(path)
    if options.out is None:
        check_lock(path)  # a dry run refuses what the run would
    with opened(path, options.out, options.limits, reading=options.dry_run) as package:
        inputs = read_inputs(package)
        plan = load_edition(inputs.edition)
        found = (each for source in sources for each in _facts_of(Path(source), plan, inputs, options))
        merged = merge(found, inputs, plan.equalities, overwrite=options.overwrite)
        values: dict[str, dict[CellKey, CellValue]] = defaultdict(dict)
        for match in merged.filled:
            values[match.input.sheet][match.input.key] = match.value
        for (sheet, key), name in merged.names.items():
            values[sheet][key] = name
        refuse_closed(package, [sheet for sheet, cells in values.items() if cells])
        calculation = recalculate_package(package, overrides=values)
        idle = options.dry_run or not (values or options.out)
        written = "" if idle else write_values(package, values, calculation, options.out)
    return LoadReport(
        str(path),
        merged,
        tuple(findings(after_load(inputs, merged), plan)),
        tuple(_differing(merged, calculation)),
        len(calculation.changed),
        tuple(f"{error.sheet}!{error.cell}: {error.error}" for error in calculation.errors),
        written,
    )


def _facts_of(source: Path, plan: Plan, inputs: Inputs, options: LoadOptions) -> Iterator[Fact | Unread]:
    """The facts of a source: another official workbook, or tables."""
    if source.suffix.lower() in BOOKS and source.suffix.lower() != ".ods":
        official = _official(source, options)
        if official is not None:
            refuse_other_edition(official, inputs)
            yield from reported(official, options.period, plan)
            return
    words = Vocabulary(plan, inputs, options.names)
    for table in read_tables(source):
        yield from read_facts(table, words, options.period or inputs.period, options.decimals)


def _official(source: Path, options: LoadOptions) -> Inputs | None:
    """The inputs of an official workbook; None for another file."""
    if source.suffix.lower() not in (".xlsx", ".xlsm"):
        return None
    package = open_package(source, options.limits)
    return read_inputs(package) if is_official(package) else None


def _differing(merged: Merged, calculation: Calculation) -> Iterator[tuple[Match, CellValue]]:
    """Totals of the sources that are not those of the workbook."""
    for match in merged.totals:
        cells = calculation.changes.get(match.input.sheet, {})
        own = cells.get(match.input.key, match.input.value)
        if not same_value(own, match.value):
            yield match, own


def report_json(report: LoadReport) -> dict[str, Any]:
    """A report as a JSON object."""

    def of(match: Match) -> dict[str, Any]:
        return {
            "fact": str(match.fact.identity),
            "cell": match.input.cell,
            "old": match.input.value,
            "new": match.value,
            "source": match.fact.place,
        }

    return {
        "path": report.path,
        "complete": report.complete,
        "filled": [of(match) for match in report.merged.filled],
        "equal": len(report.merged.equal),
        "others": report.merged.others,
        "conflicts": [of(match) for match in report.merged.conflicts],
        "unread": [
            {"place": one.place, "text": one.text, "why": one.why, "nearest": list(one.nearest)}
            for one in report.merged.unread
        ],
        "totals": [{**of(match), "sum": own} for match, own in report.differing],
        "findings": [
            {
                "cell": one.input.cell,
                "fact": str(one.input.identity),
                "value": one.input.value,
                "expected": one.expected,
                "why": one.why,
            }
            for one in report.findings
        ],
        "recalculated": report.recalculated,
        "errors": list(report.errors),
        "written": report.written,
    }
