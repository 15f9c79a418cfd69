"""The add-in's VBA at work: its modules run in pyOpenVBA's interpreter, xlwings' own COM server answers them.

Behind the server stand `udfs.excel` with xlwings' real decorators and the catalogue; only Windows itself (COM, files,
the DLL) is replaced. What remains to be seen in Excel is listed in docs/guida/excel.md.
"""

from __future__ import annotations

import datetime as dt
import platform
import types

import pytest
from pyopenvba.interpreter import EMPTY, VBAErrorValue, VBAObject, member

from tests import book_actions, excel_stub
from tests.cases.loader import agrees, load_cases
from tests.vba_excel import Addin, Windows, to_vba
from tests.windows_com import FIRST_ERROR, MISSING, com_server
from xl_perf import __version__
from xl_perf.actions.targets import reload_targets
from xl_perf.addins.excel import addin
from xl_perf.addins.excel_runtime import xlwings_version
from xl_perf.addins.excel_vba import ERROR_NUMBERS
from xl_perf.book.excel import ExcelBook
from xl_perf.catalog import FUNCTIONS
from xl_perf.plan import load_edition
from xl_perf.values import CellError

DATA = addin(xlwings_version())
BY_NUMBER = {FIRST_ERROR + number: CellError(text) for text, number in ERROR_NUMBERS.items()}
NA, VALUE, DIV0 = (FIRST_ERROR + ERROR_NUMBERS[text] for text in ("#N/A", "#VALUE!", "#DIV/0!"))


@pytest.fixture(scope="module")
def server():
    with com_server() as python:
        yield python


@pytest.fixture
def windows(server):
    return Windows(server)


@pytest.fixture
def excel(windows):
    return Addin(DATA, windows)


@pytest.fixture(scope="module")
def shared(server):
    return Addin(DATA, Windows(server))


def _cell(value):
    """A cell as `Value2` gives it to VBA: serial numbers for dates, Empty for empty."""
    if isinstance(value, CellError):
        return VBAErrorValue(ERROR_NUMBERS[value])
    if isinstance(value, dt.date):
        assert not isinstance(value, dt.datetime), "the cases have days"
        return float((value - dt.date(1899, 12, 30)).days)
    if value == "" or value is None:
        return EMPTY
    return float(value) if type(value) is int else value


def _argument(value):
    if isinstance(value, list):
        rows = value if isinstance(value[0], list) else [value]
        return to_vba([[_cell(cell) for cell in row] for row in rows])
    return _cell(value)


def _result(value):
    if isinstance(value, list):
        return [[_result(cell) for cell in row] if isinstance(row, list) else _result(row) for row in value]
    if type(value) is int and value in BY_NUMBER:
        return BY_NUMBER[value]
    return float(value) if type(value) is int else value


def _rows(value):
    """A single row comes back from xlwings as an array of one dimension."""
    return value[0] if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list) else value


@pytest.mark.parametrize("case", load_cases(), ids=str)
def test_case(shared, case):
    result = _result(shared.run(case.function, *(_argument(value) for value in case.arguments)))
    expected = _rows(case.expected)
    if isinstance(expected, list) and len(expected) == 1:
        expected = expected[0]
    assert agrees(result, expected, case.tolerance), f"{result!r}, expected {expected!r}: {case.origin}"


def test_arguments_travel_as_values_of_the_cells(excel, windows):
    excel.app.add_module(
        """
Public Function Prova() As Variant
    Range("A1").Value = 27.123456789
    Range("A1").NumberFormat = "#,##0.00 €"
    Range("A3").Formula = "=1/0"
    Range("A4").Value = "testo"
    Range("A5").Value = 44197
    Range("A5").NumberFormat = "dd/mm/yyyy"
    Prova = PERF_SCORE(Range("A1:A5"), Range("B1"), , 0.5)
End Function
""",
        name="Prova",
    )
    assert excel.run("Prova") == [[NA], [""], [DIV0], [VALUE], [NA]]
    module, name, arguments = windows.calls[-1]
    assert (module, name) == ("udfs.excel", "PERF_SCORE")
    assert arguments == (((27.123456789,), (None,), (DIV0,), ("testo",), (44197.0,)), None, MISSING, 0.5)


def test_areas_and_objects_are_no_arguments(excel):
    excel.app.add_module(
        """
Public Function DueAree() As Variant
    DueAree = PERF_SCORE(Range("A1:A2,C1"), 30)
End Function
Public Function Oggetto() As Variant
    Oggetto = PERF_SCORE(ActiveSheet, 30)
End Function
""",
        name="Prova",
    )
    assert excel.run("DueAree") == excel.run("Oggetto") == VALUE


PUBLISHED_NUMBERS = {
    "#NULL!": 2000,  # xlErrNull
    "#DIV/0!": 2007,  # xlErrDiv0
    "#VALUE!": 2015,  # xlErrValue
    "#REF!": 2023,  # xlErrRef
    "#NAME?": 2029,  # xlErrName
    "#NUM!": 2036,  # xlErrNum
    "#N/A": 2042,  # xlErrNA
    "#GETTING_DATA": 2043,  # xlErrGettingData
    "#SPILL!": 2045,  # xlErrSpill
    "#CALC!": 2050,  # xlErrCalc
}
"""XlCVError in the reference of Excel's object model."""


@pytest.mark.parametrize("text", PUBLISHED_NUMBERS)
def test_every_error_text_becomes_an_error(excel, text):
    assert excel.run("Risultato", text) == FIRST_ERROR + PUBLISHED_NUMBERS[text]
    assert excel.run("Risultato", to_vba([[1.0, text], [text, "x"]])) == [
        [1.0, FIRST_ERROR + PUBLISHED_NUMBERS[text]],
        [FIRST_ERROR + PUBLISHED_NUMBERS[text], "x"],
    ]


def test_all_errors_of_cells_have_a_number():
    assert set(ERROR_NUMBERS) == {
        str(value) for value in vars(CellError).values() if isinstance(value, CellError)
    }


def test_text_that_is_no_error_stays_text(excel):
    assert [excel.run("Risultato", text) for text in ("", "#", "#N/A ", "PERF_SCORE")] == [
        "",
        "#",
        "#N/A ",
        "PERF_SCORE",
    ]


def test_python_starts_with_what_the_settings_say_and_only_once(excel, windows):
    windows.settings = (
        "# commento\r\ninterprete = C:\\Python 311\\python.exe\r\n\r\nmoduli = D:\\moduli\\\r\n"
    )
    assert excel.run("PERF_SCORE", 27.0, 30.0, -1.0) == 110  # by hand: 100 * (1 + (30 - 27) / 30)
    assert excel.run("DEFLUSSO_INDEX", 90.0, 100.0) == 0.9
    (command,) = windows.started
    assert command == (
        '"C:\\Python 311\\python.exe" -B -E -P -c "import sys; sys.path[0:0] = sys.argv[1:]; import xlwings;'
        ' xlwings.serve(\'$(CLSID)\')" "D:\\moduli"'
    )


def test_version_function(excel):
    text = excel.run("XLPERF_VERSIONE")
    assert text == (
        f"xl_perf {__version__} - xlwings {xlwings_version()}, Python {platform.python_version()} a 64 bit,"
        " dati piano-2021-2023"
    )


BAD_SETTINGS = {
    None: "Manca il file delle impostazioni xl_perf.conf",
    "": "manca la riga",
    "interprete": "non è del tipo chiave = valore",
    "interprete = /python": "percorso completo",
    "interprete = ": "percorso completo",
    "interprete = ..\\python.exe": "percorso completo",
    'interprete = C:\\a" -c "x.exe': "percorso completo",
    "interprete = C:\\$(Environment:X)\\python.exe": "percorso completo",
    "interprete = C:\\p\\python.exe\nmacro = C:\\x": 'chiave sconosciuta "macro"',
    "interprete = C:\\manca\\python.exe": "l'interprete C:\\manca\\python.exe non esiste",
}


@pytest.mark.parametrize("settings", BAD_SETTINGS)
def test_bad_settings_are_named_and_start_nothing(excel, windows, settings):
    windows.settings = settings
    windows.missing = ("C:\\manca\\python.exe",)
    assert excel.run("PERF_SCORE", 27.0, 30.0) == VALUE
    assert BAD_SETTINGS[settings] in excel.run("XLPERF_VERSIONE")
    assert windows.started == []
    excel.run("MostraAvviso")
    excel.run("MostraAvviso")
    assert len(excel.messages) == 1
    assert BAD_SETTINGS[settings] in excel.messages[0]
    assert "xl-perf doctor" in excel.messages[0]


@pytest.mark.parametrize(
    "path",
    ["..\\python.exe", "python\\..\\..\\p.exe", "\\python.exe", "python/p.exe", "C:p.exe", "%TEMP%/p.exe"],
)
def test_relative_settings_do_not_leave_their_folder(excel, windows, path):
    windows.settings = f"interprete = {path}"
    assert excel.run("PERF_SCORE", 27.0, 30.0) == VALUE
    assert 'relativo alla cartella di questo file, senza ".."' in excel.run("XLPERF_VERSIONE")
    assert windows.started == []


def test_relative_settings_start_from_the_folder_of_the_file(excel, windows):
    windows.settings = "interprete = python\\python.exe\r\nmoduli = mie funzioni\r\n"
    assert excel.run("PERF_SCORE", 27.0, 30.0, -1.0) == 110
    (command,) = windows.started
    assert command.startswith('"C:\\Addins\\python\\python.exe" -B -E -P -c ')
    assert command.endswith(' "C:\\Addins\\mie funzioni"')


def test_network_path_is_a_full_path(excel, windows):
    windows.settings = "interprete = \\\\server\\python\\python.exe"
    assert excel.run("PERF_SCORE", 27.0, 30.0, -1.0) == 110


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ({"dll_problem": "Manca xlwings64-0.1.dll"}, "Manca xlwings64-0.1.dll"),
        (
            {"start_error": "Could not create Python process."},
            "non si avvia o non trova xl_perf: Could not create",
        ),
        ({"versions": {"xl_perf": "9.9"}}, "Python ha la versione 9.9"),
        ({"versions": {"xlwings": "9.9"}}, "Python ha xlwings 9.9"),
        ({"versions": {"impronta": "0"}}, "non sono quelle installate in Python"),
    ],
)
def test_what_does_not_fit_together_stops_the_functions(excel, windows, what, said):
    for key, value in what.items():
        setattr(windows, key, value)
    for _ in range(3):
        assert excel.run("PERF_SCORE", 27.0, 30.0, -1.0) == VALUE
    assert len(windows.started) <= 1, "a failed start is not repeated for every cell"
    assert windows.calls == []
    assert said in excel.run("XLPERF_VERSIONE")
    for key in what:
        setattr(windows, key, {} if key == "versions" else "")
    assert excel.run("PERF_SCORE", 27.0, 30.0, -1.0) == VALUE
    excel.app.freeze_clock(dt.datetime(2999, 1, 1))  # noqa: DTZ001  # VBA has no time zones
    assert excel.run("PERF_SCORE", 27.0, 30.0, -1.0) == 110


def test_python_that_ended_is_started_again(excel, windows):
    assert excel.run("PERF_SCORE", 27.0, 30.0, -1.0) == 110
    windows.dies_in = 1
    assert excel.run("PERF_SCORE", 27.0, 30.0, -1.0) == 110
    assert len(windows.started) == 2
    windows.dies_in = 2
    assert excel.run("PERF_SCORE", 27.0, 30.0, -1.0) == VALUE


def test_help_is_registered_while_the_add_in_is_shown(excel, windows):
    excel.run("XLPERF_AVVIA")
    kinds = [event[0] for event in windows.events]
    assert kinds == [
        *("ScreenUpdating", "EnableEvents", "IsAddin"),
        *["MacroOptions"] * (len(FUNCTIONS) + 1),
        *("IsAddin", "Saved", "EnableEvents", "ScreenUpdating"),
    ]
    assert [value for kind, value, *_ in windows.events if kind != "MacroOptions"] == [False] * 3 + [True] * 4
    told = [event[1:] for event in windows.events if event[0] == "MacroOptions"]
    assert told[:-1] == [
        (f"'xl_perf.xlam'!{f.name}", f.help, "XL_PERF", tuple(argument.help for argument in f.arguments))
        for f in FUNCTIONS.values()
    ]
    assert told[-1][0] == "'xl_perf.xlam'!XLPERF_VERSIONE"
    assert windows.started == [], "Python starts with the first calculation, not with Excel"
    assert excel.messages == []


def test_refused_help_leaves_excel_as_it_was(excel, windows):
    windows.refuses_help = True
    excel.run("XLPERF_AVVIA")
    assert windows.state == {"ScreenUpdating": True, "EnableEvents": True, "IsAddin": True, "Saved": True}
    assert excel.run("PERF_SCORE", 27.0, 30.0, -1.0) == 110


def test_missing_settings_are_said_when_excel_starts(excel, windows):
    windows.settings = None
    excel.run("XLPERF_AVVIA")
    assert len(excel.messages) == 1
    assert "C:\\Addins" in excel.messages[0]
    assert "AppData\\Roaming\\xl_perf" in excel.messages[0]


def test_no_message_where_another_program_runs_excel(excel, windows):
    windows.settings, windows.user_control = None, False
    excel.run("XLPERF_AVVIA")
    assert excel.messages == []


def test_restart_recalculates_everything(excel, windows):
    windows.start_error = "no"
    assert excel.run("PERF_SCORE", 27.0, 30.0, -1.0) == VALUE
    windows.start_error = ""
    excel.run("XLPERF_RIAVVIA")
    assert ("CalculateFull",) in windows.events
    assert excel.run("PERF_SCORE", 27.0, 30.0, -1.0) == 110


# The ribbon


class Button(VBAObject):
    """What Excel hands to the callback of a button."""

    def __init__(self, name):
        self.name = name

    @member
    def ID(self):
        return self.name


YES, NO = 6, 7


@pytest.fixture(scope="module")
def old(tmp_path_factory):
    """A workbook some of whose targets are others than the plan's."""
    path, _ = book_actions.spoiled("giacenza", tmp_path_factory.mktemp("giacenza"))
    return path


@pytest.fixture
def book(old, windows, tmp_path, monkeypatch):
    """It is open in Excel; what xlwings makes of Excel's object is the stand-in of it."""
    from udfs import excel_actions

    opened = excel_stub.Book(old)
    windows.workbook = known = types.SimpleNamespace(FullName=str(old))
    monkeypatch.setattr(excel_actions, "_book", lambda given: ExcelBook({id(known): opened}[id(given)]))
    monkeypatch.setattr(excel_actions, "data_folder", lambda: tmp_path)
    return opened


def test_reload_shows_what_changes_writes_after_a_yes_and_comes_back(excel, book):
    before = {name: dict(cells) for name, cells in book.grids.items()}
    excel.app.answer_dialogs(NO)
    excel.run("XLPERF_PULSANTE", Button("xlperfRicarica"))
    assert book.grids == before
    (shown,) = excel.messages
    assert f"{book_actions.SPOILED} cambiati" in shown
    assert shown.endswith(f"Scrivere {book_actions.SPOILED} celle?")
    assert len(shown) < 1000
    excel.app.answer_dialogs(YES)
    excel.run("XLPERF_PULSANTE", Button("xlperfRicarica"))
    assert f"{book_actions.SPOILED} celle scritte" in excel.messages[-1]
    assert " -> " in excel.messages[-1]
    excel.messages[-1].encode("cp1252")  # what VBA's message box can show
    changed = {
        (sheet, key): (book.grids[sheet][key], before[sheet].get(key))
        for sheet, cells in book.entered.items()
        for key in cells
    }
    assert len(changed) == book_actions.SPOILED
    assert all(spoiled == pytest.approx(right * 1.25) for right, spoiled in changed.values())
    assert reload_targets(ExcelBook(book).read(), load_edition()).values == ()
    assert all(sheet.api.ProtectContents for sheet in book.sheets)
    excel.app.answer_dialogs(YES)
    excel.run("XLPERF_PULSANTE", Button("xlperfRipristina"))
    assert "Torna com'era prima di «Ricarica obiettivi»" in excel.messages[-2]
    assert all(book.grids[sheet][key] == pytest.approx(value) for (sheet, key), (_, value) in changed.items())


def test_nothing_to_write_is_said_and_nothing_is_asked(excel, book):
    excel.app.answer_dialogs(YES)
    excel.run("XLPERF_RICARICA")
    excel.run("XLPERF_RICARICA")
    assert "0 cambiati" in excel.messages[-1]
    assert "Scrivere" not in excel.messages[-1]
    assert book.entered


def test_what_was_shown_for_another_workbook_is_not_written(book, windows):
    from udfs import excel_actions

    assert excel_actions.ricarica(windows.workbook).startswith(f"{book_actions.SPOILED}\n")
    book.fullname = "C:\\altra.xlsx"
    assert excel_actions.scrivi(windows.workbook).startswith("0\nNon c'è niente da scrivere")
    assert book.entered == {}


def test_what_goes_wrong_is_said(excel, book, windows):
    for sheet in book.sheets:
        sheet.api.password = True
    excel.app.answer_dialogs(YES)
    excel.run("XLPERF_RICARICA")
    assert "Nessuna cella è stata cambiata" in excel.messages[-1]
    assert book.entered == {}
    windows.workbook = None
    excel.run("XLPERF_RICARICA")
    assert excel.messages[-1] == "Nessuna cartella aperta."
    windows.settings = None
    excel.run("XLPERF_RIAVVIA")
    windows.workbook = types.SimpleNamespace()
    excel.run("XLPERF_RICARICA")
    assert "Manca il file delle impostazioni" in excel.messages[-1]


def test_python_that_ended_during_an_action_is_said(excel, book, windows):
    windows.dies_in = 1
    excel.run("XLPERF_RICARICA")
    assert excel.messages[-1].startswith("Python non ha risposto: The remote server machine")
    excel.app.answer_dialogs(NO)
    excel.run("XLPERF_RICARICA")
    assert "Scrivere" in excel.messages[-1]


def test_a_long_list_is_cut_and_counted():
    from udfs.excel_actions import _short

    text = _short([f"riga {number}" for number in range(300)])
    assert len(text) < 1000
    kept = text.count("\n")
    assert text.endswith(f"... e altre {300 - kept} righe")


def test_state_says_what_the_version_function_says(excel, windows):
    excel.run("XLPERF_PULSANTE", Button("xlperfStato"))
    assert excel.messages == [excel.run("XLPERF_VERSIONE")]
    windows.settings = None
    excel.run("XLPERF_PULSANTE", Button("xlperfRiavvia"))
    excel.run("XLPERF_PULSANTE", Button("xlperfStato"))
    assert "Manca il file delle impostazioni" in excel.messages[-1]
