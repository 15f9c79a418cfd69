"""`quadratura.xlsx` of `xl-perf collect`.

The scores of structures whose files are not at hand, and what it says is to be looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xl_perf.report.model import Finding
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xl_perf.package import Package
    from xl_perf.plan.model import Plan
    from xl_perf.values import CellValue

_SUMMARY, _SCORES, _DELIVERIES = "Sintesi", "Punteggi", "Consegne"
_HEAD = 3
"""Row of the headings of every sheet."""
_FIRST = 4
"""Column of the first node in the sheet of scores, after structure, place and score."""
_COVERAGE = "Copertura"
_SAID = (
    ("File non sommati", (0, 1), 2), ("Segnalazioni", (0, 1), 5), ("Prova dei file", (0, 1), 2),
    ("Due testimoni", (0,), 4),
    ("Dati esclusi", (), 0),
)  # fmt: skip
"""Sheets of what is to be looked at: columns that say where, column that says what."""


@dataclass(slots=True)
class Quadratura:
    """What a quadratura says.

    Attributes:
        period: the period.
        scores: structure -> code of a node -> score; the score of the whole under the code of the tree.
        coverage: structure -> reported part of the weights.
        findings: what is to be looked at.
    """

    period: str
    scores: dict[str, dict[str, float | None]] = field(default_factory=dict)
    coverage: dict[str, float | None] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def is_quadratura(package: Package) -> bool:
    """Whether a workbook has the sheets of a quadratura."""
    return {_SUMMARY, _SCORES, _DELIVERIES} <= {info.name for info in package.sheets}


def read_quadratura(package: Package, plan: Plan, tree: str) -> Quadratura:
    """Reads the sheets.

    Args:
        package: the workbook.
        plan: the edition; scores under headings that are not its nodes are passed over.
        tree: code of the scorecard's tree.
    """
    lines = {str(row.get(1)): row.get(2) for row in _rows(package, _SUMMARY)}
    found = Quadratura(str(lines.get("Periodo") or ""))
    titles = {
        node.title: node.code for top in plan.children(tree) for node in (top, *plan.children(top.code))
    }
    headings = _row(package, _SCORES, _HEAD)
    for row in _rows(package, _SCORES):
        structure = str(row.get(1) or "")
        if structure not in plan.structures or structure == plan.national:
            continue
        codes = {place: titles.get(str(text)) for place, text in headings.items() if place >= _FIRST}
        scores = {code: _number(row.get(place)) for place, code in codes.items() if code is not None}
        found.scores[structure] = {tree: _number(row.get(_FIRST - 1)), **scores}
    covered = next(
        (place for place, text in _row(package, _DELIVERIES, _HEAD).items() if text == _COVERAGE), 0
    )
    for row in _rows(package, _DELIVERIES):
        found.coverage[str(row.get(1))] = _number(row.get(covered))
    for sheet, where, what in _SAID:
        for row in _rows(package, sheet):
            said = row.get(what + 1)
            if said not in (None, ""):
                places = (str(row.get(place + 1) or "") for place in where)
                found.findings.append(
                    Finding(", ".join(filter(None, places)), f"{sheet.lower()}: {_text(said)}")
                )
    return found


def _rows(package: Package, sheet: str) -> Iterator[Mapping[int, CellValue]]:
    """The rows below the headings by column.

    None of a sheet that is not there, nor one that says that there is none.
    """
    if sheet not in {info.name for info in package.sheets}:
        return
    rows: dict[int, dict[int, CellValue]] = {}
    for cell in package.cells(sheet):
        if cell.row > _HEAD and cell.value is not None:
            rows.setdefault(cell.row, {})[cell.column] = cell.value
    for number in sorted(rows):
        if rows[number] != {1: "nessuna riga"}:
            yield rows[number]


def _row(package: Package, sheet: str, number: int) -> Mapping[int, CellValue]:
    return {cell.column: cell.value for cell in package.cells(sheet) if cell.row == number}


def _number(value: CellValue) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _text(value: CellValue) -> str:
    return value.italian if isinstance(value, CellError) else str(value)
