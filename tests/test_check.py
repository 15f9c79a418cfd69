"""`xl-perf check`: what somebody overtyped, changed or deleted is named with its cell, and nothing else is."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from tests.collected import result, retyped
from tests.official import EXAMPLES, FOLDER, WORKBOOKS
from xl_perf.check import Kind, check_file, check_paths
from xl_perf.cli import main
from xl_perf.contract.tables import TableCells
from xl_perf.errors import PlanError, SyncError
from xl_perf.package import open_package
from xl_perf.package.refs import cell_name
from xl_perf.relink import Dialect, relink_package

if TYPE_CHECKING:
    from collections.abc import Callable

    from openpyxl import Workbook

    from xl_perf.check import FileReport, Finding

CARD = EXAMPLES / "scheda_territoriale_esempio.xlsx"
GIACENZA = EXAMPLES / "giacenza_esempio.xlsx"
NAMES = [path.relative_to(FOLDER).as_posix() for path in WORKBOOKS]


def _changed(source: Path, folder: Path, change: Callable[[Workbook], object]) -> Path:
    book = openpyxl.load_workbook(source)
    change(book)
    path = folder / source.name
    book.save(path)
    return path


def _place(source: Path, table: str, key: str, heading: str) -> tuple[str, str]:
    """(sheet, address) of a cell by table, key in the first column and heading."""
    cells = TableCells(open_package(source), table, (heading,))
    first = cells.table.columns[0]
    row = next(row for row in cells.rows if cells.text(row, first) == key)
    return cells.table.sheet, cell_name(cells.key(row, heading))


def _found(report: FileReport) -> dict[tuple[str, str], Finding]:
    return {(finding.sheet, finding.cell): finding for finding in report.findings}


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_found_in_an_official_workbook(name: str) -> None:
    report = check_file(FOLDER / name)
    assert report.findings == ()
    assert report.formulas > 200
    assert report.edition == "piano-2021-2023"


@pytest.mark.parametrize("dialect", [Dialect.CALC, Dialect.LAMBDA, Dialect.OFFICE])
@pytest.mark.parametrize(
    "source", [CARD, GIACENZA, EXAMPLES / "piramide_valore_esempio.xlsx"], ids=lambda p: p.stem
)
def test_another_spelling_of_the_functions_is_the_same(
    source: Path, dialect: Dialect, tmp_path: Path
) -> None:
    path = tmp_path / source.name
    path.write_bytes(relink_package(open_package(source), dialect).data)
    assert path.read_bytes() != source.read_bytes()
    assert check_file(path).findings == ()


def test_another_spelling_of_structured_references_is_the_same(tmp_path: Path) -> None:
    """`tbl[@[Giacenza]]` is `tbl[[#This Row],[Giacenza]]`; another column is another formula."""
    row = re.compile(r"(\w+)\[\[#This Row\],\[([^\[\]']+)\]\]")
    changed = 0

    def spell(book: Workbook) -> None:
        nonlocal changed
        for cell in (cell for sheet in book for line in sheet.iter_rows() for cell in line):
            if isinstance(cell.value, str) and row.search(cell.value):
                cell.value = row.sub(r"\1[@[\2]]", cell.value)
                changed += 1

    path = _changed(GIACENZA, tmp_path, spell)
    assert changed > 300
    assert check_file(path).findings == ()

    def wrong(book: Workbook) -> None:
        cell = next(
            c for s in book for r in s.iter_rows() for c in r if isinstance(c.value, str) and "[@[" in c.value
        )
        cell.value = re.sub(r"\[@\[[^\]]+\]\]", "[@[Peso]]", cell.value)

    (finding,) = check_file(_changed(path, tmp_path, wrong)).findings
    assert finding.kind is Kind.FORMULA


def test_functions_of_an_add_in_that_excel_names_by_its_number(tmp_path: Path) -> None:
    """Excel writes `[1]!PERF_SCORE` where the add-in's file was linked."""

    def spell(book: Workbook) -> None:
        for sheet in book:
            for line in sheet.iter_rows():
                for cell in line:
                    if cell.data_type == "f" and isinstance(cell.value, str):
                        cell.value = re.sub(r"\bPERF_(?=[A-Z]+\()", "[1]!PERF_", cell.value)

    path = _changed(GIACENZA, tmp_path, spell)
    assert "[1]!PERF_SCORE(" in openpyxl.load_workbook(path)["Prestazioni e servizi"]["F8"].value
    assert check_file(path).findings == ()


def test_five_points_more_in_a_score_are_named(tmp_path: Path) -> None:
    sheet, cell = _place(CARD, "tblSintesi", "Processi", "Punteggio")

    def change(book: Workbook) -> None:
        book[sheet][cell] = f"{book[sheet][cell].value}+5"

    (finding,) = check_file(_changed(CARD, tmp_path, change)).findings
    assert (finding.kind, finding.sheet, finding.cell) == (Kind.FORMULA, sheet, cell)
    assert finding.found == f"{finding.expected}+5"


def test_an_overtyped_score_is_named(tmp_path: Path) -> None:
    sheet, cell = _place(GIACENZA, "tblPrestazioniServizi", "ASTI", "Punteggio giacenza")

    def change(book: Workbook) -> None:
        book[sheet][cell] = 100

    (finding,) = check_file(_changed(GIACENZA, tmp_path, change)).findings
    assert (finding.kind, finding.sheet, finding.cell) == (Kind.RESULT, sheet, cell)
    assert finding.found == 100
    assert str(finding.expected).startswith("=IF(")


def test_an_emptied_score_is_named(tmp_path: Path) -> None:
    sheet, cell = _place(GIACENZA, "tblPrestazioniServizi", "ASTI", "Punteggio giacenza")

    def change(book: Workbook) -> None:
        book[sheet][cell] = None

    (finding,) = check_file(_changed(GIACENZA, tmp_path, change)).findings
    assert (finding.kind, finding.cell, finding.found) == (Kind.RESULT, cell, None)


def test_a_formula_that_reads_another_row_is_named(tmp_path: Path) -> None:
    sheet, cell = _place(GIACENZA, "tblPrestazioniServizi", "ASTI", "Obiettivo giacenza (gg)")

    def change(book: Workbook) -> None:
        own = (
            "=INDEX(tblTabellaA[IG Prestazioni e servizi individuali],MATCH(tblPrestazioniServizi[[#This "
            "Row],[Struttura]],tblTabellaA[Struttura],0))"
        )
        assert book[sheet][cell].value == own
        book[sheet][cell] = own.replace("tblPrestazioniServizi[[#This Row],[Struttura]]", '"BIELLA"')

    (finding,) = check_file(_changed(GIACENZA, tmp_path, change)).findings
    assert (finding.kind, finding.cell) == (Kind.FORMULA, cell)


@pytest.mark.parametrize(
    ("source", "table", "key", "heading", "value"),
    [
        (GIACENZA, "tblTabellaA", "TORINO", "Prestazioni e servizi", 99),
        (GIACENZA, "tblParametri", "tetto_scostamento", "Valore in uso", None),
    ],
)
def test_an_overtyped_target_or_parameter_is_named(
    source: Path, table: str, key: str, heading: str, value: float | None, tmp_path: Path
) -> None:
    package = open_package(source)
    from xl_perf.contract.tables import read_map

    column = next(row for row in read_map(package) if row.table == table)
    cells = TableCells(package, table, (column.key_column, column.value_column))
    row = next(row for row in cells.rows if cells.text(row, column.key_column) == key)
    cell = cell_name(cells.key(row, column.value_column))
    del heading

    def change(book: Workbook) -> None:
        book[cells.table.sheet][cell] = 99 if value is None else value

    findings = check_file(_changed(source, tmp_path, change)).findings
    assert [(f.kind, f.sheet, f.cell, f.found) for f in findings] == [
        (Kind.PLAN, cells.table.sheet, cell, 99)
    ]
    assert findings[0].expected == cells.value(row, column.value_column)


def test_a_quarter_in_roman_numbers_is_named(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        book["Quadro"]["E5"] = "III"

    found = _found(check_file(_changed(CARD, tmp_path, change)))
    finding = found["Quadro", "E5"]
    assert finding.kind is Kind.INPUT
    assert finding.found == "III"
    assert "1, 2, 3, 4" in finding.note or "a whole number" in finding.note


def _stored(path: Path, sheet: str, cell: tuple[int, int], value: str) -> None:
    path.write_bytes(open_package(path).patch({sheet: {cell: value}}))


def test_a_quarter_that_the_metadata_hold_is_named(tmp_path: Path) -> None:
    path = Path(shutil.copyfile(CARD, tmp_path / "scheda.xlsx"))
    cells = TableCells(open_package(path), "tblMetadati", ("Valore",))
    row = next(row for row in cells.rows if cells.text(row, "Chiave") == "trimestre")
    _stored(path, "Metadati", cells.key(row, "Valore"), "III")
    found = _found(check_file(path))
    assert found["Metadati", cell_name(cells.key(row, "Valore"))].kind is Kind.PERIOD


@pytest.mark.parametrize(
    ("key", "value", "kind"), [("anno", "2031", Kind.PERIOD), ("struttura", "ATLANTIDE", Kind.STRUCTURE)]
)
def test_year_and_structure_of_the_metadata(key: str, value: str, kind: Kind, tmp_path: Path) -> None:
    path = Path(shutil.copyfile(GIACENZA, tmp_path / "giacenza.xlsx"))
    cells = TableCells(open_package(path), "tblMetadati", ("Valore",))
    row = next(row for row in cells.rows if cells.text(row, "Chiave") == key)
    _stored(path, "Metadati", cells.key(row, "Valore"), value)
    (finding,) = check_file(path).findings
    assert (finding.kind, finding.found, finding.cell) == (kind, value, cell_name(cells.key(row, "Valore")))


def test_a_cluster_that_does_not_exist_is_named(tmp_path: Path) -> None:
    package = open_package(CARD)
    book = openpyxl.load_workbook(CARD)
    sheet = "Produttività e personale"
    validation = next(
        v for v in book[sheet].data_validations.dataValidation if v.formula1 == "Elenco_cluster_supporto"
    )
    cell = str(next(iter(validation.sqref.ranges))).partition(":")[0]
    assert package.sheet(sheet)
    book[sheet][cell] = "Cluster Z9"
    path = tmp_path / "scheda.xlsx"
    book.save(path)
    finding = _found(check_file(path))[sheet, cell]
    assert (finding.kind, finding.found) == (Kind.INPUT, "Cluster Z9")
    assert "Cluster M2B - M3B" in finding.note


def test_a_text_where_a_number_belongs_is_named(tmp_path: Path) -> None:
    sheet, cell = _place(GIACENZA, "tblPrestazioniServizi", "ASTI", "Pervenuto omogeneizzato")

    def change(book: Workbook) -> None:
        book[sheet][cell] = "tredicimila"

    (finding,) = check_file(_changed(GIACENZA, tmp_path, change)).findings
    assert (finding.kind, finding.sheet, finding.cell) == (Kind.INPUT, sheet, cell)


def test_a_stored_error_is_named(tmp_path: Path) -> None:
    sheet, cell = _place(GIACENZA, "tblPrestazioniServizi", "ASTI", "Punteggio giacenza")
    path = Path(shutil.copyfile(GIACENZA, tmp_path / "giacenza.xlsx"))
    from xl_perf.values import CellError

    key = (int(cell[1:]), ord(cell[0]) - 64)
    path.write_bytes(open_package(path).patch({sheet: {key: CellError.DIV0}}))
    (finding,) = check_file(path).findings
    assert (finding.kind, finding.sheet, finding.cell, finding.found) == (Kind.ERROR, sheet, cell, "#DIV/0!")


def test_a_sheet_that_was_deleted_is_named(tmp_path: Path) -> None:
    found = check_file(_changed(GIACENZA, tmp_path, lambda book: book.remove(book["Confronto"]))).findings
    assert (Kind.MISSING, "Confronto") in {(finding.kind, finding.sheet) for finding in found}


def test_own_sheets_notes_and_rows_below_tables_are_no_findings(tmp_path: Path) -> None:
    from openpyxl.comments import Comment

    def change(book: Workbook) -> None:
        own = book.create_sheet("Appunti", 0)
        own["A1"], own["A2"] = "=1/0", "=Sintesi!A1"
        sheet = book["Prestazioni e servizi"]
        sheet["B9"].comment = Comment("da verificare", "Anna")
        sheet["A150"], sheet["C150"], sheet["D150"] = "mia somma", "=SUM(B8:B10)", "=C150/0"
        sheet["CZ8"] = "=B8*2"

    assert check_file(_changed(GIACENZA, tmp_path, change)).findings == ()


def test_other_versions_editions_and_workbooks_say_what_to_do(tmp_path: Path) -> None:
    def metadata(key: str, value: str) -> Path:
        path = Path(shutil.copyfile(GIACENZA, tmp_path / f"{key}.xlsx"))
        cells = TableCells(open_package(path), "tblMetadati", ("Valore",))
        row = next(row for row in cells.rows if cells.text(row, "Chiave") == key)
        _stored(path, "Metadati", cells.key(row, "Valore"), value)
        return path

    with pytest.raises(SyncError, match=r"xl-perf new giacenza --from .*versione_modello\.xlsx"):
        check_file(metadata("versione_modello", "1"))
    with pytest.raises(PlanError, match="xl-perf edition install"):
        check_file(metadata("edizione", "piano-2031-2033"))
    with pytest.raises(PlanError, match=r"other data.*xl-perf edition install.*xl-perf sync"):
        check_file(metadata("impronta_dati", "0" * 64))


def test_command_reports_all_files_and_no_bad_one_stops_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "libri"
    folder.mkdir()
    shutil.copyfile(GIACENZA, folder / "a.xlsx")
    (folder / "b.xlsx").write_bytes(b"PK\x03\x04 niente")
    book = openpyxl.Workbook()
    book.save(folder / "c.xlsx")
    sheet, cell = _place(GIACENZA, "tblPrestazioniServizi", "ASTI", "Punteggio giacenza")
    changed = openpyxl.load_workbook(GIACENZA)
    changed[sheet][cell] = 100
    changed.save(folder / "d.xlsx")
    report = tmp_path / "rapporto.json"
    assert main(["check", str(folder), "--json", str(report)]) == 1
    said = capsys.readouterr().out
    assert f"{sheet}!{cell}" in said
    assert "overtyped result" in said
    assert "skipped" in said
    assert "4 files, 1 finding, 1 could not be compared" in said
    files: list[dict[str, Any]] = json.loads(report.read_text(encoding="utf-8"))["files"]
    assert [file["ok"] for file in files] == [True, False, True, False]
    assert files[3]["findings"][0] | {"expected": ""} == {
        "kind": "overtyped result", "sheet": sheet, "cell": cell, "found": 100, "expected": "", "note": "",
    }  # fmt: skip
    assert main(["check", str(folder / "a.xlsx")]) == 0
    assert main(["check", str(tmp_path / "niente.xlsx")]) == 1


def test_a_path_without_workbooks_is_a_failure(tmp_path: Path) -> None:
    (file,) = check_paths([tmp_path]).files
    assert "no workbooks" in file.failure


def test_a_stored_score_that_the_facts_do_not_give(tmp_path: Path) -> None:
    """No formula differs, and the score is 5 points more than its facts give: as when a file was put together
    from two.
    """
    path = tmp_path / "scheda.xlsx"
    shutil.copy(EXAMPLES / "scheda_territoriale_esempio.xlsx", path)
    score = result(path, "scheda.utenza.customer_care")
    retyped(
        path,
        score.sheet,
        score.key,
        lambda cell: re.sub(r"<v>.*</v>", f"<v>{score.value + 5!r}</v>", cell),
    )
    (finding,) = check_file(path).findings
    assert finding.kind is Kind.PROOF
    assert (finding.sheet, finding.found) == ("Quadro", score.value + 5)
    assert finding.expected == pytest.approx(score.value)


@pytest.mark.parametrize("name", ["valutazione_individuale_esempio.xlsx", "ieep_esempio.xlsx"])
def test_an_alternative_to_what_the_plan_publishes_is_found(name: str, tmp_path: Path) -> None:
    """The cell is locked, and empty in the template: who unprotects the sheet and types there is named."""
    cells = TableCells(open_package(EXAMPLES / name), "tblParametri", ("Valore alternativo",))
    sheet = openpyxl.load_workbook(EXAMPLES / name)[cells.table.sheet]
    places = [cell_name(cells.key(row, "Valore alternativo")) for row in cells.rows]
    locked = next(place for place in places if sheet[place].protection.locked)
    assert sheet[locked].value is None

    def change(book: Workbook) -> None:
        book[cells.table.sheet][locked] = 1.5

    found = _found(check_file(_changed(EXAMPLES / name, tmp_path, change)))
    assert found[cells.table.sheet, locked].kind is Kind.PLAN
