"""The same actions over every adapter: a closed file, Excel (as xlwings documents it), a real LibreOffice."""

from __future__ import annotations

import shutil

import pytest
import xlwings

from tests import book_actions, calc_office, excel_stub
from tests.book_actions import EXAMPLES, SPOILED, TAKEN_OUT
from xl_perf.actions.applying import apply, restore
from xl_perf.actions.checking import check
from xl_perf.actions.functions import argument_help, by_category, formula, help_of
from xl_perf.actions.targets import plan_for, reload_targets
from xl_perf.actions.texts import failure
from xl_perf.addins.libreoffice import build
from xl_perf.book.calc_text import excel_text
from xl_perf.book.excel import ExcelBook
from xl_perf.book.file import FileBook
from xl_perf.book.notes import FolderNotes
from xl_perf.book.port import Write
from xl_perf.catalog import FUNCTIONS
from xl_perf.cli import OK, main
from xl_perf.contract.edition import plan_of
from xl_perf.errors import PerfError, SyncError, UsageError, WorkbookError
from xl_perf.package import open_package
from xl_perf.plan import library
from xl_perf.relink import Dialect, relink_paths
from xl_perf.values import CellError


@pytest.fixture(scope="module", params=book_actions.BOOKS)
def told(request, tmp_path_factory):
    return book_actions.told_of_a_file(request.param, tmp_path_factory.mktemp(request.param))


def test_on_a_file(told):
    said, cells, path, _ = told
    assert len(said["reload"]["values"]) == SPOILED
    assert said["reloaded"]["cells"] == SPOILED
    assert said["reloaded"]["results"], "no result moved with the targets"
    assert said["again"] == 0
    assert len(said["restore"]["values"]) == SPOILED
    assert book_actions.close(
        [(one.before, one.after) for one in said["restored"]["results"]],
        [(one.after, one.before) for one in said["reloaded"]["results"]],
    )
    assert said["same as before"] == []
    assert len(said["load"]["values"]) == TAKEN_OUT
    assert said["load"]["remarks"] == ()
    assert not said["check"]["good"]
    assert sum("numero del piano sovrascritto" in line[0] for line in said["check"]["lines"]) == SPOILED
    assert said["explain"]["lines"][0][2]
    assert cells != book_actions.values(open_package(path))


def test_excel_gives_the_same(told):
    said, cells, path, source = told
    book = excel_stub.Book(path)
    theirs, theirs_cells = book_actions.run(ExcelBook(book), source)
    assert book_actions.unlike(theirs, said) == {}
    assert book_actions.different(theirs_cells, cells) == []
    assert all(sheet.api.ProtectContents for sheet in book.sheets)
    written = [sheet.api for sheet in book.sheets if sheet.api.log]
    assert written
    assert all(
        options["AllowSorting"] and not options["AllowFormattingCells"]
        for api in written
        for options in api.log
    )


@pytest.fixture(scope="module")
def calc(tmp_path_factory):
    """A profile of LibreOffice with the add-in, whose notes go into a folder of their own."""
    calc_office.require_office()
    folder, profile = calc_office.install(build(tmp_path_factory.mktemp("estensione")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XL_PERF_DATA", str(tmp_path_factory.mktemp("dati")))
        yield profile
    shutil.rmtree(folder, ignore_errors=True)


def _in_libreoffice(calc, path, *steps):
    """What actions give in a real LibreOffice, inside the add-in."""
    (answer,) = calc_office.run(calc, {"do": "actions", "path": str(path), "steps": steps})
    return answer


def _without_proof(answer):
    """An answer of the check without what only an engine can say."""
    lines = [
        line
        for line in answer["lines"]
        if "i dati non danno" not in line[0] and "non sono stati ricalcolati" not in line[0]
    ]
    return {"lines": lines, "good": answer["good"]}


@pytest.mark.libreoffice
def test_libreoffice_gives_the_same(told, calc, tmp_path):
    said, cells, path, source = told
    (report,) = relink_paths([path], Dialect.CALC, out=tmp_path)
    answer = _in_libreoffice(
        calc, report.written,
        {"Azione": "cells"}, {"Azione": "check"}, {"Azione": "missing"}, {"Azione": "reload"},
        {"Azione": "reload", "write": False},
        {"Azione": "restore"}, {"Azione": "cells"}, {"Azione": "load", "file": str(source)}, {"Azione": "explain"},
        {"Azione": "cells"},
    )  # fmt: skip
    before, check, missing, reloaded, again, restored, back, loaded, explained, after = answer["told"]
    theirs = {
        "check": _without_proof(check), "missing": missing, "reload": reloaded["proposal"],
        "reloaded": reloaded["applied"],
        "again": len(again["proposal"]["values"]), "restore": restored["proposal"], "restored": restored["applied"],
        "load": loaded["proposal"], "loaded": loaded["applied"], "explain": explained,
    }  # fmt: skip
    mine = {**said, "check": _without_proof(said["check"])}
    del mine["same as before"]
    assert book_actions.unlike(theirs, mine) == {}
    assert book_actions.different(_keyed(back), _keyed(before)) == []
    assert book_actions.different(_keyed(after), cells) == []
    assert answer["undo"] == ["XL_PERF: Carica dati", "XL_PERF: Ripristina", "XL_PERF: Ricarica obiettivi"]
    assert set(answer["protected"]) == {True}


@pytest.mark.libreoffice
def test_one_step_takes_it_all_back(told, calc, tmp_path):
    (report,) = relink_paths([told[2]], Dialect.CALC, out=tmp_path)
    answer = _in_libreoffice(
        calc,
        report.written,
        {"Azione": "cells"},
        {"Azione": "reload"},
        {"Azione": "undo"},
        {"Azione": "cells"},
    )
    before, reloaded, after = answer["told"]
    assert reloaded["applied"]["cells"] == SPOILED
    assert book_actions.different(_keyed(after), _keyed(before)) == []
    assert answer["undo"] == []


def _keyed(sheets):
    """Cells of the add-in's answer by row and column, errors as errors."""
    return {
        sheet: {
            tuple(map(int, key.split(","))): CellError(value[0]) if isinstance(value, list) else value
            for key, value in cells.items()
        }
        for sheet, cells in sheets.items()
    }


def test_the_stub_has_nothing_that_xlwings_lacks():
    own = {
        excel_stub.Range: xlwings.Range,
        excel_stub.Sheet: xlwings.Sheet,
        excel_stub.Table: xlwings.main.Table,
    }
    own |= {excel_stub.Name: xlwings.main.Name, excel_stub.App: xlwings.App, excel_stub.Book: xlwings.Book}
    ours = {
        "places",
        "package",
        "entered",
        "formulas",
        "styles",
        "grids",
        "book",
    }  # how the stub works inside
    for stub, real in own.items():
        import ast
        import inspect

        tree = ast.parse(inspect.getsource(stub))
        names = {
            n.attr
            for n in ast.walk(tree)
            if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name) and n.value.id == "self"
        }
        names |= {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
        missing = [name for name in names - ours if not name.startswith("_") and not hasattr(real, name)]
        assert missing == [], real


def test_a_password_stops_everything_before_anything_is_written(told):
    path = told[2]
    book = excel_stub.Book(path)
    before = {name: dict(cells) for name, cells in book.grids.items()}
    first, second = list(book.sheets)[1:3]
    second.api.password = True
    with pytest.raises(WorkbookError, match="password"):
        ExcelBook(book).write([Write(first.name, 1, 1, "x"), Write(second.name, 1, 1, "x")], "prova")
    assert book.grids == before
    assert first.api.ProtectContents


def test_a_cell_changed_since_stays(told, tmp_path):
    path = tmp_path / "cartella.xlsx"
    shutil.copyfile(told[2], path)
    notes = FolderNotes(tmp_path / "note")
    book = FileBook(path)
    with pytest.raises(WorkbookError, match="nothing to restore"):
        restore(book, notes)
    proposal = reload_targets(book.read(), plan_for(book.read()))
    apply(book, proposal, notes)
    first = proposal.values[0]
    book.write([first._replace(value=77.0)], "a mano")
    back = restore(book, notes)
    assert len(back.values) == SPOILED - 1
    assert ["resta 77" in line.text for line in back.remarks] == [True]
    notes.keep(book.where, "")
    assert notes.kept(book.where) == ""


def test_a_workbook_of_somebody_else_is_refused_in_italian(tmp_path):
    import openpyxl

    openpyxl.Workbook().save(tmp_path / "altro.xlsx")
    with pytest.raises(SyncError) as caught:
        plan_for(FileBook(tmp_path / "altro.xlsx").read())
    assert failure(caught.value).startswith("La cartella non è una cartella ufficiale")
    assert "Nessuna cella è stata cambiata" in failure(caught.value)


def test_a_workbook_of_an_older_template_is_refused_in_italian(told, tmp_path):
    package = open_package(told[2])
    version = next(cell for cell in package.cells("Metadati") if cell.value == "versione_modello")
    path = tmp_path / "vecchia.xlsx"
    path.write_bytes(package.patch({"Metadati": {(version.row, version.column + 1): "1"}}))
    before = path.read_bytes()
    content = FileBook(path).read()
    for action in (lambda: reload_targets(content, plan_for(content)), lambda: check(content)):
        with pytest.raises(PerfError) as caught:
            action()
        said = failure(caught.value)
        assert "ha la versione '1'" in said
        assert "xl-perf new" in said
        assert "Nessuna cella è stata cambiata" in said
    assert path.read_bytes() == before


@pytest.fixture
def amended(tmp_path, monkeypatch):
    """Id of the newest edition with one more act, which sets a target of TORINO, installed."""
    monkeypatch.setenv(library.VARIABLE, str(tmp_path / "dati"))
    library.forget()
    told = ["--act", "CdA 200/2021", "--date", "2021-11-15", "--out", str(tmp_path / "emendamento")]
    sets = ["--set", "giacenza.prestazioni_servizi", "TORINO", "2021", "28"]
    assert main(["edition", "amend", *told, *sets]) == OK
    assert main(["edition", "install", str(tmp_path / "emendamento")]) == OK
    yield library.edition_ids()[-1]
    library.forget()


def test_an_amendment_is_shown_written_and_taken_back(told, tmp_path, amended):
    """Its target, its act and the edition's name come in together, and go together."""
    path = tmp_path / "cartella.xlsx"
    shutil.copyfile(EXAMPLES / f"{told[2].stem}_esempio.xlsx", path)
    book, notes = FileBook(path), book_actions.Notes()
    before = book_actions.values(book.read())
    proposal = reload_targets(book.read(), plan_for(book.read()))
    assert any("CdA 200/2021" in line.text for line in proposal.lines)
    apply(book, proposal, notes)
    content = book.read()
    assert plan_of(content).id == amended
    assert check(content).good
    assert reload_targets(content, plan_for(content)).values == ()
    apply(book, restore(book, notes), notes)
    assert book_actions.different(book_actions.values(book.read()), before) == []


# Inserisci funzione


def test_every_function_has_its_help():
    assert [name for names in by_category().values() for name in names] == list(FUNCTIONS)
    for name, function in FUNCTIONS.items():
        assert function.help in help_of(name)
        assert len(argument_help(name)) == len(function.arguments)


def test_formulas_as_each_program_takes_them():
    assert formula("PERF_SCORE", ["A1", "30", "-1", ""], Dialect.EXCEL) == "=PERF_SCORE(A1,30,-1)"
    assert (
        formula("PERF_SCORE", ["A1", "30"], Dialect.CALC) == '=XLPERF.PERF_SCORE(IF(ISBLANK(A1),"",(A1)),30)'
    )
    assert formula("PERF_SINTESI", ["A1:A3", "B1:B3"], Dialect.CALC) == "=XLPERF.PERF_SINTESI(A1:A3,B1:B3)"
    with pytest.raises(UsageError, match="manca"):
        formula("PERF_SCORE", ["A1", ""], Dialect.CALC)
    with pytest.raises(UsageError, match="leggere"):
        formula("PERF_SCORE", ["A1", '"aperto'], Dialect.CALC)


# Calc's formulas in Excel's spelling


@pytest.mark.parametrize(
    ("calc", "excel"),
    [
        ("=SUM(A1;B2)", "=SUM(A1,B2)"),
        ("=$Quadro.$E$4<4", "=Quadro!$E$4<4"),
        ("=$'Indicatori elementari'.$J$6:$J$13", "='Indicatori elementari'!$J$6:$J$13"),
        ("=$'L''anno'.A1;", "='L''anno'!A1,"),
        ('="a;b $Quadro.A1"&A1', '="a;b $Quadro.A1"&A1'),
        ("=XLPERF.PERF_SCORE(A1;30)", "=XLPERF.PERF_SCORE(A1,30)"),
        ("=COVARIANCE.S(A1:A2;B1:B2)", "=COVARIANCE.S(A1:A2,B1:B2)"),
        ("={1;2|3;4}", "={1,2;3,4}"),
        ("=SUM($Produttività.A:B)", "=SUM(Produttività!A:B)"),
        ("=SUM($Foglio1.3:4)", "=SUM(Foglio1!3:4)"),
        ("=1.5*A1", "=1.5*A1"),
        ("=$Foglio1.#REF!", "=Foglio1!#REF!"),
    ],
)
def test_calc_text(calc, excel):
    assert excel_text(calc) == excel
