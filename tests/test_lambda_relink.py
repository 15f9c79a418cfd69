"""Workbooks that carry the LAMBDA functions: put in and taken out without a trace, calculated by another program."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests import lambda_engines
from tests.official import EXAMPLES, WORKBOOKS
from tests.package_files import raw_entries
from xl_perf.addins.lambda_edition import excluded, lambda_names
from xl_perf.cli import main
from xl_perf.errors import WorkbookError
from xl_perf.package import Package, open_package
from xl_perf.plan import load_edition
from xl_perf.recalc import recalculate_package
from xl_perf.relink import Dialect, relink_package, status
from xl_perf.relink.frozen import freeze, thaw
from xl_perf.relink.names import with_lambdas, without_lambdas
from xl_perf.relink.status import ACTIVE, with_edition, without_edition
from xl_perf.templates.kit import status as kit_status
from xl_perf.values import CellError

WRONG = 98765.4321  # put into every cached value, so that nothing but a calculation can give the right one
OTHERS = [dialect for dialect in Dialect if dialect is not Dialect.LAMBDA]

HEAD = '<workbook xmlns="x"><sheets><sheet name="a"/></sheets>'
TAIL = '<calcPr calcId="1"/></workbook>'
TEXTS = {
    "PERF_SCORE": '_xlfn.LAMBDA(_xlpm.a_,IF(_xlpm.a_<1,"&",1))',
    "TEP_COEFFICIENTE": "_xlfn.LAMBDA(_xlpm.b_,2)",
}
NOTES = {"PERF_SCORE": 'Un «punteggio» < 150 & "altro"', "TEP_COEFFICIENTE": "Coefficiente"}
OURS = (
    '<definedName name="PERF_SCORE" comment="Un «punteggio» &lt; 150 &amp; &quot;altro&quot;">'
    '_xlfn.LAMBDA(_xlpm.a_,IF(_xlpm.a_&lt;1,"&amp;",1))</definedName>'
    '<definedName name="TEP_COEFFICIENTE" comment="Coefficiente">_xlfn.LAMBDA(_xlpm.b_,2)</definedName>'
)
OWN = '<definedName name="_xlnm.Print_Area" localSheetId="0">a!A1</definedName>'


def put_in(text):
    return with_lambdas(text.encode(), TEXTS, NOTES, "workbook.xml").decode()


# The workbook part


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"<definedNames>{OURS}</definedNames>"),
        ("<definedNames/>", f"<definedNames>{OURS}</definedNames >"),
        ("<definedNames />", f"<definedNames >{OURS}</definedNames >"),
        ("<definedNames></definedNames>", f"<definedNames>{OURS}</definedNames  >"),
        (
            '<definedNames><definedName name="X">a!$A$1</definedName></definedNames>',
            f'<definedNames><definedName name="X">a!$A$1</definedName>{OURS}</definedNames>',
        ),
        (
            "<externalReferences><externalReference/></externalReferences>\n  ",
            f"<externalReferences><externalReference/></externalReferences><definedNames>{OURS}</definedNames>\n  ",
        ),
        (
            # a comment, and a name that Excel keeps for itself
            f"<!-- <definedNames/> --><definedNames>{OWN}\n</definedNames>",
            f"<!-- <definedNames/> --><definedNames>{OWN}\n{OURS}</definedNames>",
        ),
    ],
)
def test_names_go_in_and_out(before, after):
    assert put_in(HEAD + before + TAIL) == HEAD + after + TAIL
    assert without_lambdas((HEAD + after + TAIL).encode()).decode() == HEAD + before + TAIL
    # twice gives the same: older ones of ours make room
    assert put_in(HEAD + after + TAIL) == HEAD + after + TAIL


def test_prefixed_elements():
    before = '<x:workbook xmlns:x="x"><x:sheets><x:sheet/></x:sheets></x:workbook>'
    after = with_lambdas(before.encode(), TEXTS, NOTES, "workbook.xml").decode()
    assert '</x:sheets><x:definedNames><x:definedName name="PERF_SCORE"' in after
    assert without_lambdas(after.encode()).decode() == before


def test_older_lambdas_of_ours_give_way():
    old = (
        "<definedNames><definedName name='perf_score' "
        "hidden='1'>_xlfn.LAMBDA(_xlpm.x_,0)</definedName></definedNames>"
    )
    assert put_in(HEAD + old + TAIL) == HEAD + f"<definedNames>{OURS}</definedNames>" + TAIL


@pytest.mark.parametrize("text", ["Foglio1!$A$1", "5", '"LAMBDA("'])
def test_a_name_that_is_taken_is_refused(text):
    names = f'<definedNames><definedName name="Perf_Score">{text}</definedName></definedNames>'
    with pytest.raises(WorkbookError, match="defined name Perf_Score is there already"):
        put_in(HEAD + names + TAIL)
    assert without_lambdas((HEAD + names + TAIL).encode()).decode() == HEAD + names + TAIL


def test_lambdas_of_others_stay():
    names = '<definedNames><definedName name="MIA">_xlfn.LAMBDA(_xlpm.x_,0)</definedName></definedNames>'
    assert without_lambdas((HEAD + names + TAIL).encode()).decode() == HEAD + names + TAIL


# Whole workbooks


def contents(data: bytes) -> list[tuple[str, bytes]]:
    """Every part's name and content, in file order."""
    package = Package(data)
    return [(part, package.read(part)) for part in package.parts]


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.stem)
def test_official_workbooks_there_and_back(path):
    package = open_package(path)
    there = relink_package(package, Dialect.LAMBDA)
    if not there.calls:  # a register or a table of results, without our functions
        assert there.data is package.data
        return
    assert there.names == len(lambda_names())
    before, after = raw_entries(package.data), raw_entries(there.data)
    assert list(after) == list(before)
    changed = {name for name in before if before[name] != after[name]}
    sheets = {
        sheet.part for sheet in package.sheets[: None if there.held else 1]
    }  # the first holds the status
    assert package.workbook_part in changed
    assert changed <= {package.workbook_part, *sheets}
    assert there.left == there.unread == []
    relinked = Package(there.data, path)
    held = {name.name: name.text for name in relinked.defined_names}
    assert {name: held[name] for name in lambda_names()} == lambda_names()
    assert relink_package(relinked, Dialect.LAMBDA).data == there.data
    back = relink_package(relinked, Dialect.EXCEL)
    assert back.names == -len(lambda_names())
    # the parts that changed twice are deflated anew, their content is the old one
    assert contents(back.data) == contents(package.data)


@pytest.mark.parametrize("dialect", OTHERS)
def test_from_every_spelling(dialect):
    path = next(path for path in WORKBOOKS if path.stem == "ieep_esempio")
    package = open_package(path)
    other = Package(relink_package(package, dialect).data, path)
    there = Package(relink_package(other, Dialect.LAMBDA).data, path)
    assert contents(there.data) == contents(relink_package(package, Dialect.LAMBDA).data)
    assert contents(relink_package(there, dialect).data) == contents(other.data)


def test_a_workbook_without_our_functions_stays():
    book = openpyxl.Workbook()
    book.active["A1"] = "=SUM(1,2)"
    package = _package(book)
    assert relink_package(package, Dialect.LAMBDA).data is package.data


def test_comments_fit_excel():
    """Excel refuses a file with a name whose comment is longer than 255 characters."""
    package = relink_package(open_package(WORKBOOKS[0]), Dialect.LAMBDA)
    with zipfile.ZipFile(io.BytesIO(package.data)) as archive:
        workbook = archive.read("xl/workbook.xml").decode()
    comments = re.findall(r'comment="([^"]*)"', workbook)
    assert len(comments) == len(lambda_names())
    assert max(map(len, comments)) <= 255


@pytest.mark.parametrize(
    "path", [p for p in WORKBOOKS if p.stem.endswith("_esempio")], ids=lambda path: path.stem
)
def test_example_workbooks_calculate_without_add_in(path):
    """formulon gives every formula cell of the relinked file the value that `xl-perf recalc` wrote."""
    lambda_engines.require("formulon")
    package = open_package(path)
    formulas = {
        sheet.name: {(c.row, c.column): c.value for c in package.cells(sheet.name) if c.formula is not None}
        for sheet in package.sheets
    }
    held = re.compile(
        rf"\b({'|'.join(excluded())})\("
    )  # no LAMBDA calculates them: they stay at their values
    spoiled = Package(
        package.patch(
            {
                sheet.name: {
                    (cell.row, cell.column): WRONG
                    for cell in package.cells(sheet.name)
                    if cell.formula is not None and not held.search(cell.formula.text)
                }
                for sheet in package.sheets
            }
        ),
        path,
    )
    value_at = lambda_engines.formulon_values(lambda_engines.relinked(spoiled, Dialect.LAMBDA))
    wrong = [
        f"{sheet.name} R{row}C{column}: {found!r}, expected {expected!r}"
        for sheet in package.sheets
        for (row, column), expected in formulas[sheet.name].items()
        if not _same(found := value_at(sheet.index, row, column), expected)
        and not (expected == status.ACTIVE and str(found).startswith(status.CARRIED))
    ]
    assert wrong == []
    assert sum(map(len, formulas.values())) > 50


def _same(found, expected):
    if type(found) is float and type(expected) in (int, float):
        return abs(found - expected) <= 1e-9 * max(1, abs(expected))
    return (found or "") == (expected or "")


def test_batch_recalculation_still_calls_the_functions():
    book = openpyxl.Workbook()
    book.active.append([27, 30, "=PERF_SCORE(A1,B1,-1)"])
    there = Package(relink_package(_package(book), Dialect.LAMBDA).data, Path("libro.xlsx"))
    assert len(there.defined_names) == len(lambda_names())
    done = recalculate_package(there)
    # by hand: 100 * (1 + (30 - 27)/30)
    assert [change.new for change in done.changed] == [110.0]
    assert done.kept == ()


# Formulas held at their values

FORMULA = 'OBIETTIVO("giacenza.altre_aree",A1)'


def _cell(attributes, formula, value, of_formula=""):
    return f'<row r="1"><c r="B1"{attributes}><f{of_formula}>{formula}</f>{value}</c></row>'


@pytest.mark.parametrize(
    ("attributes", "value", "literal"),
    [
        ("", "<v>66</v>", "66"),
        (' s="3" t="n"', "<v>-1.5E-3</v>", "-1.5E-3"),
        (' t="str"', "<v>di &quot;più&quot; &amp; oltre</v>", '"di ""più"" &amp; oltre"'),
        (' t="str"', "", '""'),
        (' t="b"', "<v>1</v>", "TRUE"),
        (' t="b"', "<v>0</v>", "FALSE"),
        (' t="e"', "<v>#N/A</v>", "#N/A"),
    ],
)
@pytest.mark.parametrize("formula", [FORMULA, f"1+{FORMULA}*(A2)", "_xludf.OBIETTIVO(&quot;a)(&quot;,1)"])
def test_held_and_freed(attributes, value, literal, formula):
    before = _cell(attributes, formula, value)
    after = _cell(attributes, f"IF(TRUE,{literal},({formula}))", value)
    held = freeze(before.encode(), excluded())
    assert (held.data.decode(), held.formulas, held.left) == (after, 1, ())
    assert freeze(held.data, excluded()).data == held.data
    freed = thaw(held.data, excluded())
    assert (freed.data.decode(), freed.formulas) == (before, 1)


@pytest.mark.parametrize(
    "cell",
    [
        _cell("", FORMULA, ""),
        _cell("", FORMULA, "<v>66</v>", ' t="shared" ref="B1:B2" si="0"'),
        _cell("", FORMULA, "<v>66</v>", ' t="array" ref="B1"'),
    ],
)
def test_what_cannot_be_held_is_listed(cell):
    held = freeze(cell.encode(), excluded())
    assert (held.data.decode(), held.formulas, held.left) == (cell, 0, (FORMULA,))


@pytest.mark.parametrize(
    "formula",
    [
        "PERF_SCORE(1,2)",
        "&quot;OBIETTIVO(1)&quot;",
        "MIO_OBIETTIVO(1)",
        "IF(TRUE,1,(PERF_SCORE(1,2)))",
        "IF(TRUE,A1,(OBIETTIVO(1)))",
        "IF(TRUE,1,(OBIETTIVO(1))+((2)))",
    ],
)
def test_what_is_not_of_that_form_stays(formula):
    cell = _cell("", formula, "<v>1</v>").encode()
    assert thaw(cell, excluded()).data is cell
    if "OBIETTIVO(1)" not in formula or "quot" in formula or "MIO" in formula:
        assert freeze(cell, excluded()).data is cell


def test_workbook_with_functions_that_no_lambda_has(tmp_path, capsys):
    book = openpyxl.Workbook()
    book.active.append(["TORINO", '=OBIETTIVO("giacenza.altre_aree",A1)', "=PERF_SCORE(27,30,-1)"])
    book.save(tmp_path / "libro.xlsx")
    assert main(["recalc", str(tmp_path)]) == 0
    before = (tmp_path / "libro.xlsx").read_bytes()
    assert main(["relink", str(tmp_path), "--to", "lambda"]) == 0
    said = capsys.readouterr().out
    assert f"{len(lambda_names())} LAMBDA functions put in, 1 formulas held at their values" in said
    package = open_package(tmp_path / "libro.xlsx")
    found = {(c.row, c.column): (c.formula.text, c.value) for c in package.cells("Sheet") if c.formula}
    # Tabella A: Torino, altre aree, 66 giorni
    assert found[1, 2] == ('IF(TRUE,66,(OBIETTIVO("giacenza.altre_aree",A1)))', 66)
    assert main(["relink", str(tmp_path), "--to", "excel"]) == 0
    assert (
        f"{len(lambda_names())} LAMBDA functions taken out, 1 formulas freed again" in capsys.readouterr().out
    )
    assert contents((tmp_path / "libro.xlsx").read_bytes()) == contents(before)


def test_a_held_formula_keeps_its_value_in_another_program():
    lambda_engines.require("formulon", "ironcalc")
    book = openpyxl.Workbook()
    book.active.append(
        ["TORINO", '=IF(TRUE,66,(OBIETTIVO("giacenza.altre_aree",A1)))', "=PERF_SCORE(27,30,-1)"]
    )
    package = lambda_engines.relinked(_package(book), Dialect.LAMBDA)
    for values in (lambda_engines.formulon_values, lambda_engines.ironcalc_values):
        value_at = values(package)
        assert (value_at(0, 1, 2), value_at(0, 1, 3)) == (66, 110)
        assert value_at(0, 1, 2) is not CellError.NAME


def _package(book):
    buffer = io.BytesIO()
    book.save(buffer)
    return Package(buffer.getvalue(), Path("libro.xlsx"))


def test_a_copy_names_the_edition_of_its_functions():
    """No volatile formula is left in it; on the way back the cell is what it was, byte for byte."""
    package = open_package(EXAMPLES / "giacenza_esempio.xlsx")
    copy = Package(relink_package(package, Dialect.LAMBDA).data, "copia.xlsx")
    plan = load_edition()
    said = f"▲ nel file: funzioni dell'edizione {plan.id} ({plan.latest_act.short})"
    status = next(cell for cell in copy.cells("Inizia qui") if (cell.row, cell.column) == (6, 2))
    assert status.value == said
    assert f'"{said}"' in status.formula.text
    assert not any(
        "NOW(" in cell.formula.text for s in copy.sheets for cell in copy.cells(s.name) if cell.formula
    )
    calculated = recalculate_package(copy, plan=plan)
    assert calculated.changes.get("Inizia qui", {}).get((6, 2), said) == said
    back = Package(relink_package(copy, Dialect.EXCEL).data, "tornato.xlsx")
    sheet = package.sheets[0].part
    assert back.read(sheet) == package.read(sheet)
    assert kit_status.ACTIVE == ACTIVE


def test_what_a_user_wrote_in_place_of_the_status_stays():
    for text in (b"<f>NOW()</f>", b'<f>IF(ISERROR(A1)+0*NOW(),"a","b")</f>', f"<v>{ACTIVE}</v>".encode()):
        assert with_edition(text, "piano-2021-2023") == text
        assert without_edition(text) == text
