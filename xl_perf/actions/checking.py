"""Controlla: a workbook held against the official one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.actions.model import Answer, Line
from xl_perf.actions.texts import CHECK, counted, value_text
from xl_perf.check.content import UNPROVEN, check_content
from xl_perf.check.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xl_perf.check.model import Finding
    from xl_perf.package.content import Content

_KINDS = {
    Kind.RESULT: "risultato sovrascritto",
    Kind.FORMULA: "formula cambiata",
    Kind.ROW: "riga eliminata",
    Kind.MISSING: "manca",
    Kind.PLAN: "numero del piano sovrascritto",
    Kind.INPUT: "dato non ammesso",
    Kind.PROOF: "punteggio che i dati non danno",
    Kind.ERROR: "errore",
    Kind.PERIOD: "periodo",
    Kind.STRUCTURE: "struttura",
}
_UNPROVEN = "I punteggi non sono stati ricalcolati in una cartella nuova: lo fa `xl-perf check` sul file"


def check(content: Content) -> Answer:
    """What differs from the official workbook: overtyped results and numbers of the plan, changed formulas, errors.

    Args:
        content: an official workbook.

    Raises:
        SyncError: not an official workbook, or one of another version.
        PlanError: its edition is not there.
    """
    report = check_content(content)
    lines = [*_lines(report.findings)]
    lines += [Line(_UNPROVEN if note == UNPROVEN else note) for note in report.notes]
    found = (
        counted(len(report.findings), "differenza", "differenze") if report.findings else "nessuna differenza"
    )
    summary = (
        f"{counted(report.formulas, 'formula confrontata', 'formule confrontate')} con la cartella "
        f"ufficiale: {found}."
    )
    return Answer(CHECK, summary, tuple(lines), not report.findings)


def _lines(findings: tuple[Finding, ...]) -> Iterator[Line]:
    for one in findings:
        cell = f"{one.sheet}!{one.cell}" if one.cell else ""
        said = f"{cell or one.sheet}: {_KINDS[one.kind]}"
        if one.found is not None or one.expected is not None:
            said += f", trovato {value_text(one.found)}"
        if one.expected is not None:
            said += f", atteso {value_text(one.expected)}"
        yield Line(said, 0, cell)
