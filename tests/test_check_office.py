"""`xl-perf check` on files that LibreOffice saved after a user inserted, deleted and sorted rows there."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.calc_office import require_office, run
from tests.official import EXAMPLES
from xl_perf.check import Kind, check_file
from xl_perf.contract.tables import TableCells
from xl_perf.formula.refs import column_letters
from xl_perf.package import open_package

if TYPE_CHECKING:
    from xl_perf.check import FileReport

GIACENZA = "giacenza_esempio.xlsx"
CONTROLLO = "controllo_processo_esempio.xlsx"
CARD = "scheda_territoriale_esempio.xlsx"
SHEET = "Prestazioni e servizi"


def _row(name: str, table: str, key: str) -> int:
    cells = TableCells(open_package(EXAMPLES / name), table, ())
    first = cells.table.columns[0]
    return next(row for row in cells.rows if cells.text(row, first) == key)


def _sorted(name: str, table: str, rows: int) -> dict[str, Any]:
    """The first rows of a table the other way round, by the first column."""
    found = open_package(EXAMPLES / name).table(table)
    top, left, _, right = found.ref
    area = f"{column_letters(left)}{top + 1}:{column_letters(right)}{top + rows}"
    return {"do": "sort", "sheet": found.sheet, "range": area, "column": 0, "ascending": False}


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, FileReport]:
    """What is found in each of the files, all edited in one run of LibreOffice."""
    require_office()
    folder = tmp_path_factory.mktemp("calc")
    asti = _row(GIACENZA, "tblPrestazioniServizi", "ASTI")
    edits: dict[str, tuple[str, list[dict[str, Any]]]] = {
        **{path.stem: (path.name, []) for path in sorted(EXAMPLES.glob("*.xlsx"))},
        "row deleted": (GIACENZA, [{"do": "delete", "sheet": SHEET, "row": asti, "count": 1}]),
        "row above": (GIACENZA, [{"do": "insert", "sheet": SHEET, "row": 5, "count": 2}]),
        "rows below": (
            GIACENZA,
            [
                {"do": "insert", "sheet": SHEET, "row": 148, "count": 3},
                {"do": "type", "sheet": SHEET, "cell": "A149", "value": "la mia somma"},
                {"do": "type", "sheet": SHEET, "cell": "C149", "value": "=SUM(C7:C9)"},
            ],
        ),
        "rows between tables": (
            CARD,
            [
                {"do": "insert", "sheet": "Progetti", "row": 14, "count": 1},
                {"do": "insert", "sheet": "Piani attività", "row": 25, "count": 2},
            ],
        ),
        "row in a table": (CARD, [{"do": "insert", "sheet": "Quadro", "row": 25, "count": 1}]),
        "own sheet": (
            GIACENZA,
            [
                {"do": "own", "sheet": "Appunti"},
                {"do": "type", "sheet": "Appunti", "cell": "A1", "value": "=1/0"},
            ],
        ),
        "sorted": (CONTROLLO, [_sorted(CONTROLLO, "tblPratiche", 18)]),
        "sorted and more": (
            CONTROLLO,
            [
                _sorted(CONTROLLO, "tblPratiche", 18),
                {"do": "type", "sheet": "Pratiche", "cell": "C8", "value": "molte"},
            ],
        ),
    }  # fmt: skip
    jobs = []
    for label, (name, steps) in edits.items():
        source = folder / f"{label} in.xlsx"
        shutil.copyfile(EXAMPLES / name, source)
        jobs.append(
            {"do": "edit", "path": str(source), "steps": steps, "save": str(folder / f"{label}.xlsx")}
        )
    profile = folder / "profile"
    profile.mkdir()
    saved = run(profile, *jobs)
    return {label: check_file(Path(path)) for label, path in zip(edits, saved, strict=True)}


@pytest.mark.parametrize("stem", sorted(path.stem for path in EXAMPLES.glob("*.xlsx")))
def test_an_example_that_libreoffice_saved_is_as_it_was(reports: dict[str, FileReport], stem: str) -> None:
    assert reports[stem].findings == ()
    assert reports[stem].formulas > 200


@pytest.mark.parametrize("label", ["row above", "rows below", "rows between tables", "row in a table"])
def test_what_a_user_may_do_is_no_finding(reports: dict[str, FileReport], label: str) -> None:
    """LibreOffice without the add-in stores #NAME? and what follows from it in what it calculates anew: that
    is said, and
    nothing else."""
    assert [found for found in reports[label].findings if found.kind is not Kind.ERROR] == []


def test_sorted_rows_are_no_finding(reports: dict[str, FileReport]) -> None:
    """Formulas read their rows by key, so the results are those of the template whatever the order."""
    report = reports["sorted"]
    assert {found.kind for found in report.findings} <= {Kind.ERROR}
    assert report.notes == ()


def test_an_own_sheet_with_an_error_is_no_finding(reports: dict[str, FileReport]) -> None:
    """A new sheet makes LibreOffice calculate everything anew, which it cannot without the add-in."""
    found = reports["own sheet"].findings
    assert {finding.kind for finding in found} <= {Kind.ERROR}
    assert "Appunti" not in {finding.sheet for finding in found}


def test_a_deleted_row_is_named(reports: dict[str, FileReport]) -> None:
    rows = [found for found in reports["row deleted"].findings if found.kind is Kind.ROW]
    assert [(found.sheet, found.expected) for found in rows] == [(SHEET, "ASTI")]
    assert rows[0].cell == f"A{_row(GIACENZA, 'tblPrestazioniServizi', 'ASTI')}"


def test_a_text_in_a_sorted_table_is_named(reports: dict[str, FileReport]) -> None:
    found = [
        (found.kind, found.cell)
        for found in reports["sorted and more"].findings
        if found.kind is not Kind.ERROR
    ]
    assert found == [(Kind.INPUT, "C8")]
