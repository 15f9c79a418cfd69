"""Workbooks in other spellings: only formula texts change, in every place that holds some; batches of files."""

from __future__ import annotations

import io
import shutil
import zipfile

import openpyxl
import pytest
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table, TableFormula

from tests.official import WORKBOOKS
from tests.package_files import raw_entries, sheet_xml, workbook_of
from xl_perf.cli import main
from xl_perf.errors import WorkbookError
from xl_perf.package import Package, open_package
from xl_perf.relink import Dialect, relink_package, relink_paths

CALL = "PERF_SCORE(A1,B1,-1)"
CALC = 'XLPERF.PERF_SCORE(IF(ISBLANK(A1),"",(A1)),IF(ISBLANK(B1),"",(B1)),-1)'


def relinked(xml, dialect=Dialect.CALC, **options):
    """The first sheet part after relinking."""
    return read(
        relink_package(Package(workbook_of(xml, **options)), dialect).data, "xl/worksheets/sheet1.xml"
    ).decode()


def read(data, part):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(part)


def row(content):
    return f'<row r="1"><c r="A1"><v>27</v></c><c r="B1"><v>30</v></c>{content}</row>'


def cell(formula):
    return row(f'<c r="C1" s="0"><f>{formula}</f><v>110</v></c>')


# Bytes


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"<f>{CALL}</f><v>110</v>", f"<f>{CALC}</f><v>110</v>"),
        # an array formula and the master of a shared one keep their attributes
        (f'<f t="array" ref="C1:C2">{CALL}</f><v>1</v>', f'<f t="array" ref="C1:C2">{CALC}</f><v>1</v>'),
        (f"<f t='shared' ref='C1:C9' si='0' >{CALL}</f>", f"<f t='shared' ref='C1:C9' si='0' >{CALC}</f>"),
        ('<f t="shared" si="0"/><v>1</v>', '<f t="shared" si="0"/><v>1</v>'),
        # references to characters stay as they are written, before, inside and after the call
        (
            "<f>&quot;&#233;é&quot;&amp;PERF_SCORE(A1,2&#60;3)&#10;&amp;&apos;x&apos;!A1</f>",
            '<f>&quot;&#233;é&quot;&amp;XLPERF.PERF_SCORE(IF(ISBLANK(A1),"",(A1)),2&#60;3)&#10;&amp;&apos;x&apos;!A1</f>',
        ),
        ("<f>1\r\n+PERF_SCORE(1,2)\r+0</f>", "<f>1\r\n+XLPERF.PERF_SCORE(1,2)\r+0</f>"),
        (
            "<f>PERF_SCORE('R&amp;D'!A1,2)</f>",
            "<f>XLPERF.PERF_SCORE(IF(ISBLANK('R&amp;D'!A1),\"\",('R&amp;D'!A1)),2)</f>",
        ),
        # no formulas: comments, character data, texts of cells
        ("<!-- <f>PERF_SCORE(1,2)</f> -->", "<!-- <f>PERF_SCORE(1,2)</f> -->"),
        ("<is><t>PERF_SCORE(1,2)</t></is>", "<is><t>PERF_SCORE(1,2)</t></is>"),
        ("<f/><v>1</v>", "<f/><v>1</v>"),
    ],
)
def test_only_the_formula_changes(before, after):
    start, end = '<c r="C1" t="n">', "</c>"
    assert relinked(sheet_xml(row(start + before + end))) == sheet_xml(row(start + after + end))


def test_prefixed_elements_and_utf16():
    xml = (
        sheet_xml("")
        .replace("<sheetData></sheetData>", "")
        .replace("<worksheet xmlns=", "<x:worksheet xmlns:x=")
    )
    xml = xml.replace(
        "</worksheet>",
        f'<x:sheetData><x:row r="1"><x:c r="C1"><x:f>{CALL}</x:f></x:c></x:row></x:sheetData></x:worksheet>',
    )
    assert relinked(xml) == xml.replace(CALL, CALC)
    wide = sheet_xml(cell(CALL)).replace("UTF-8", "UTF-16").encode("utf-16")
    result = relink_package(Package(workbook_of(wide)), Dialect.CALC)
    assert read(result.data, "xl/worksheets/sheet1.xml").decode("utf-16") == sheet_xml(cell(CALC)).replace(
        "UTF-8", "UTF-16"
    )


def test_other_parts_keep_every_byte():
    data = workbook_of(
        sheet_xml(cell(CALL)), sheet_xml(cell("SUM(A1:B1)")), extra={"xl/media/x.bin": bytes(range(256))}
    )
    before = raw_entries(data)
    after = raw_entries(relink_package(Package(data), Dialect.CALC).data)
    assert list(after) == list(before)
    assert [name for name in before if before[name] != after[name]] == ["xl/worksheets/sheet1.xml"]


def test_nothing_to_change_gives_the_same_bytes():
    data = workbook_of(sheet_xml(cell(CALL)))
    result = relink_package(Package(data), Dialect.EXCEL)
    assert result.data == data
    assert (result.formulas, result.guards, dict(result.calls)) == (0, 0, {"PERF_SCORE": 1})


def test_counts():
    cells = row("".join(f'<c r="{c}1"><f>{CALL}+DEFLUSSO_INDEX(1,2)</f></c>' for c in "CDE"))
    result = relink_package(Package(workbook_of(sheet_xml(cells))), Dialect.CALC)
    assert (result.formulas, result.guards, dict(result.calls)) == (
        3,
        6,
        {"PERF_SCORE": 3, "DEFLUSSO_INDEX": 3},
    )


def test_formula_that_cannot_be_read_stays_and_is_reported():
    xml = sheet_xml(cell("PERF_SCORE(1;2)"))
    result = relink_package(Package(workbook_of(xml), "prova.xlsx"), Dialect.CALC)
    assert result.formulas == 0
    assert result.unread == [
        "prova.xlsx, xl/worksheets/sheet1.xml: PERF_SCORE(1;2) (unexpected character ';')"
    ]


def test_elements_inside_a_formula_are_refused():
    package = Package(workbook_of(sheet_xml(cell("PERF_SCORE(1,<!-- x -->2)"))))
    with pytest.raises(WorkbookError, match="elements inside its text"):
        relink_package(package, Dialect.CALC)


# Every place that holds formulas


@pytest.fixture
def everywhere(tmp_path):
    """A workbook of openpyxl with the call in a cell, a table column, a name, a format and a validation."""
    book = openpyxl.Workbook()
    sheet = book.active
    for line in (["Cons", "Ob", "Punti"], [27, 30, None], [30, 30, None]):
        sheet.append(line)
    sheet["C2"] = "=PERF_SCORE(A2,B2)"
    sheet["C3"] = '=IF(A3="","PERF_SCORE(",1)'
    table = Table(displayName="Tab", ref="A1:C3")
    table._initialise_columns()
    for column, heading in zip(table.tableColumns, ("Cons", "Ob", "Punti"), strict=True):
        column.name = heading
    table.tableColumns[2].calculatedColumnFormula = TableFormula(
        attr_text="PERF_SCORE(Tab[[#This Row],[Cons]],2)"
    )
    sheet.add_table(table)
    book.defined_names["Cella"] = DefinedName("Cella", attr_text="Sheet!$A$2")
    book.defined_names["Punteggio"] = DefinedName("Punteggio", attr_text="PERF_SCORE(Cella,Sheet!$B$2)")
    fill = PatternFill(bgColor="FFFFFF")
    sheet.conditional_formatting.add("C2:C3", FormulaRule(formula=["PERF_SCORE($A2,$B2)<100"], fill=fill))
    validation = DataValidation(type="custom", formula1="PERF_SCORE(A2,B2)>90")
    validation.add("A2:A3")
    sheet.add_data_validation(validation)
    book.save(tmp_path / "ovunque.xlsx")
    return tmp_path / "ovunque.xlsx"


def test_every_place(everywhere, tmp_path):
    (report,) = relink_paths([everywhere], Dialect.CALC, out=tmp_path / "calc")
    assert report.formulas == 5
    book = openpyxl.load_workbook(report.written)
    sheet = book.active
    guarded = 'IF(ISBLANK({0}),"",({0}))'.format
    assert sheet["C2"].value == f"=XLPERF.PERF_SCORE({guarded('A2')},{guarded('B2')})"
    assert sheet["C3"].value == '=IF(A3="","PERF_SCORE(",1)'
    column = sheet.tables["Tab"].tableColumns[2].calculatedColumnFormula.attr_text
    assert column == f"XLPERF.PERF_SCORE({guarded('Tab[[#This Row],[Cons]]')},2)"
    name = book.defined_names["Punteggio"].attr_text
    assert name == f"XLPERF.PERF_SCORE({guarded('Cella')},{guarded('Sheet!$B$2')})"
    (rule,) = next(iter(sheet.conditional_formatting)).rules
    assert rule.formula == [f"XLPERF.PERF_SCORE({guarded('$A2')},{guarded('$B2')})<100"]
    (validation,) = sheet.data_validations.dataValidation
    assert validation.formula1 == f"XLPERF.PERF_SCORE({guarded('A2')},{guarded('B2')})>90"


def test_extension_formats_are_reached():
    after = (
        "<extLst><ext "
        'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"><x14:cfRule><xm:f '
        'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">PERF_SCORE(1,2)</xm:f></x14:cfRule></ext></extLst>'
    )
    xml = sheet_xml("", after=after)
    assert relinked(xml, Dialect.OFFICE) == xml.replace("PERF_SCORE", "_xldudf_XLPERF_PERF_SCORE")


def test_name_of_a_range_is_not_taken_for_a_cell():
    names = "<definedNames><definedName name='Area'>Foglio1!$A$1:$A$2</definedName></definedNames>"
    assert relinked(sheet_xml(cell("PERF_SCORE(Area,2)")), workbook=names) == sheet_xml(
        cell("XLPERF.PERF_SCORE(Area,2)")
    )
    names += ""
    two = names.replace(
        "</definedNames>",
        "<definedName name='area' localSheetId='0'>Foglio1!$A$1</definedName></definedNames>",
    )
    assert "ISBLANK" not in relinked(sheet_xml(cell("PERF_SCORE(Area,2)")), workbook=two)


@pytest.mark.skipif(not WORKBOOKS, reason="no official workbooks are built")
@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.stem)
def test_official_workbooks_come_back_exactly(path):
    package = open_package(path)
    calc = Package(relink_package(package, Dialect.CALC).data)
    office = Package(relink_package(calc, Dialect.OFFICE).data)
    assert calc.data != package.data != office.data
    back = Package(relink_package(office, Dialect.EXCEL).data)
    assert [name for name in package.parts if back.read(name) != package.read(name)] == []
    for sheet in package.sheets:
        for old, new in zip(package.cells(sheet.name), calc.cells(sheet.name), strict=True):
            assert (old.value, old.style, old.formula is None) == (new.value, new.style, new.formula is None)


# Batches


@pytest.fixture
def folder(tmp_path):
    book = tmp_path / "libri"
    (book / "sotto").mkdir(parents=True)
    for name in ("a.xlsx", "sotto/b.xlsx", "~$a.xlsx"):
        (book / name).write_bytes(workbook_of(sheet_xml(cell(CALL))))
    (book / "rotto.xlsx").write_bytes(b"PK\x03\x04 rotto")
    (book / "note.txt").write_text(CALL)
    return book


def test_one_bad_file_does_not_stop_the_rest(folder, tmp_path, capsys):
    (folder / "~$a.xlsx").unlink()
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    out = tmp_path / "out"
    assert main(["relink", str(folder), "--to", "calc", "--out", str(out)]) == 1
    captured = capsys.readouterr()
    assert "3 files, 2 formulas changed, 1 failed" in captured.out
    assert "rotto.xlsx" in captured.err
    assert sorted(path.relative_to(out).as_posix() for path in out.rglob("*.xlsx")) == [
        "a.xlsx",
        "sotto/b.xlsx",
    ]
    assert CALC in read((out / "sotto" / "b.xlsx").read_bytes(), "xl/worksheets/sheet1.xml").decode()
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_in_place_and_back(folder):
    path = folder / "sotto" / "b.xlsx"
    before = path.read_bytes()
    (report,) = relink_paths([path], Dialect.CALC)
    assert (report.written, report.formulas, report.error) == (path, 1, "")
    assert path.read_bytes() != before
    relink_paths([path], Dialect.EXCEL)
    assert read(path.read_bytes(), "xl/worksheets/sheet1.xml") == read(before, "xl/worksheets/sheet1.xml")
    (again,) = relink_paths([path], Dialect.EXCEL)
    assert again.written is None


def test_dry_run_writes_nothing(folder, tmp_path, capsys):
    path = folder / "sotto" / "b.xlsx"
    before = path.read_bytes()
    assert main(["relink", str(path), "--to", "calc", "--dry-run", "--out", str(tmp_path / "out")]) == 0
    assert "1 formulas would be changed" in capsys.readouterr().out
    assert path.read_bytes() == before
    assert not (tmp_path / "out").exists()


def test_open_elsewhere_is_refused(folder):
    (report,) = relink_paths([folder / "a.xlsx"], Dialect.CALC)
    assert "open in Excel" in report.error
    (elsewhere,) = relink_paths([folder / "a.xlsx"], Dialect.CALC, out=folder / "out")
    assert elsewhere.error == ""


def test_two_files_of_one_name_are_not_mixed_up(folder, tmp_path):
    shutil.copy(folder / "sotto" / "b.xlsx", folder / "b.xlsx")
    reports = relink_paths(
        [folder / "b.xlsx", folder / "sotto" / "b.xlsx"], Dialect.CALC, out=tmp_path / "out"
    )
    assert [bool(report.error) for report in reports] == [False, True]
    assert "is written to" in reports[1].error


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("manca.xlsx", "no such file"),
        ("vuota", "the folder has no workbooks"),
        ("note.txt", "extension|not a zip"),
    ],
)
def test_bad_paths(name, message, folder, capsys):
    (folder / "vuota").mkdir()
    assert main(["relink", str(folder / name), "--to", "excel"]) == 1
    error = capsys.readouterr().err
    assert name in error
    assert any(part in error for part in message.split("|"))
