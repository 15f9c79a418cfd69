"""Load facts into an official workbook from tables (csv, xlsx, ods, xls) or from other official workbooks.

  xl-perf load scheda_liguria_2021_T3.xlsx giacenza.csv personale.xlsx
  xl-perf load giacenza.xlsx schede/*.xlsx --period 2021-T3
  xl-perf load scheda.xlsx export.csv --map intestazioni.toml --dry-run

No value is overwritten without --replace, numbers that can be read in two ways are refused with both readings, and
everything that is not loaded is listed with its line. The file is patched, all else in it stays as it is.

Exit status: 0 what was read is loaded; 1 something was refused, with --strict also what is listed; 2 wrong usage.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.cli import FAILED, OK
from xl_perf.cli.progress import cell_text, count
from xl_perf.language import language, place, spoken, tr, translated
from xl_perf.load.numerals import Decimals

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from xl_perf.load.files import LoadReport
    from xl_perf.load.reading import Unread


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("workbook", metavar="WORKBOOK", type=Path, help="official workbook to fill in")
    parser.add_argument(
        "sources", nargs="+", metavar="DATA", type=Path, help="table, or another official workbook"
    )
    parser.add_argument(
        "--map", metavar="FILE", type=Path, help="TOML file with the meaning of headings and names"
    )
    parser.add_argument("--period", default="", metavar="2021-T3", help="period of facts that name none")
    parser.add_argument(
        "--decimali",
        type=Decimals,
        choices=list(Decimals),
        help="sign before decimals, where the numbers themselves do not tell",
    )
    parser.add_argument("--replace", action="store_true", help="overwrite cells that hold another value")
    parser.add_argument("--dry-run", action="store_true", help="show what would change, write nothing")
    parser.add_argument(
        "--out", metavar="PATH", type=Path, help="write the result there, leave the workbook alone"
    )
    parser.add_argument(
        "--strict",
        action="store_true",
        help="exit 1 on conflicts, implausible values and differing totals too",
    )
    parser.add_argument("--json", metavar="FILE", type=Path, help="write a JSON report")


def run(options: argparse.Namespace) -> int:
    """Load, print what happened to each fact."""
    from xl_perf.load.files import LoadOptions, load_file, report_json
    from xl_perf.load.naming import read_names
    from xl_perf.load.vocabulary import Names

    names = read_names(options.map) if options.map else Names()
    report = load_file(
        options.workbook,
        options.sources,
        LoadOptions(names, options.period, options.decimali, options.replace, options.dry_run, options.out),
    )
    print("\n".join(_lines(report, dry_run=options.dry_run)))
    if options.json:
        text = json.dumps(report_json(report), indent=2, ensure_ascii=False)
        options.json.write_text(text + "\n", encoding="utf-8")
    if report.merged.unread or report.errors or (options.strict and not report.complete):
        return FAILED
    return OK


def _refused(unread: Unread) -> str:
    near = f"; nearest names: {', '.join(unread.nearest)}" if unread.nearest else ""
    where = place(unread.place, language())
    return f"{where}: «{unread.text}» {translated(unread.why)}{translated(near)}"


def _lines(report: LoadReport, *, dry_run: bool) -> Iterator[str]:
    merged = report.merged
    for match in merged.filled:
        yield (
            f"        {match.input.cell} {match.fact.identity}: {cell_text(match.input.value)} -> "
            f"{cell_text(match.value)}"
        )
    for match in merged.conflicts:
        yield (
            tr(
                "conflict {cell} {identity}: holds {value}, {place} says {value2} (kept; --replace overwrites)",
                cell=match.input.cell,
                identity=match.fact.identity,
                value=cell_text(match.input.value),
                place=place(match.fact.place, language()),
                value2=cell_text(match.value),
            )
        )
    for unread in merged.unread:
        yield tr("refused  {unread}", unread=_refused(unread))
    for match, own in report.differing:
        yield (
            tr(
                "total    {cell} {identity}: the workbook adds up to {own}, {place} says {value}",
                cell=match.input.cell,
                identity=match.fact.identity,
                own=cell_text(own),
                place=place(match.fact.place, language()),
                value=cell_text(match.value),
            )
        )
    for finding in report.findings:
        yield (
            tr(
                "check    {cell} {identity} = {value}: expected {expected} ({why})",
                cell=finding.input.cell,
                identity=finding.input.identity,
                value=cell_text(finding.input.value),
                expected=spoken(finding.expected),
                why=spoken(finding.why),
            )
        )
    for error in report.errors:
        yield tr("ERROR    {error}", error=error)
    verb = tr("would be filled") if dry_run else tr("filled")
    yield (
        tr(
            "{path}: {cells} {verb}, {equal:,} equal already, {conflicts}, {unread:,} refused, {values} "
            "to check; {formula_values} changed",
            path=report.path,
            cells=count(len(merged.filled), "cell"),
            verb=verb,
            equal=len(merged.equal),
            conflicts=count(len(merged.conflicts), "conflict"),
            unread=len(merged.unread),
            values=count(len(report.findings), "value"),
            formula_values=count(report.recalculated, "formula value"),
        )
        + (
            tr("; {facts} of the sources are of other workbooks", facts=count(merged.others, "fact"))
            if merged.others
            else ""
        )
    )
    if report.written:
        yield tr("written  {path}", path=report.written)
    else:
        yield tr("nothing was written" if dry_run else "nothing was written: nothing had to be changed")
