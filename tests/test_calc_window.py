"""The add-in for Calc as a user meets it: a real LibreOffice with windows, its menu XL_PERF, dialogs, buttons.

The tests go on in one LibreOffice, in this order: facts are loaded from the workbook that the first one leaves open.
What the actions say and do is compared with files in `tests/test_book_actions.py`; here it is that they can be reached.
`XL_PERF_PICTURES=folder` keeps a picture of each dialog.
"""

from __future__ import annotations

import shutil

import pytest

from tests import book_actions, calc_office, calc_window
from tests.book_actions import SPOILED, TAKEN_OUT
from xl_perf.addins.calc_menu import COMMANDS
from xl_perf.addins.libreoffice import build
from xl_perf.package import open_package
from xl_perf.package.refs import cell_name
from xl_perf.relink import Dialect, relink_paths

pytestmark = pytest.mark.libreoffice

OFFER = "XL_PERF - cartella per Excel"
PROGRAM = "LibreOffice Calc"


def _calls(path, text):
    """Cells of a workbook, `Sheet!A1`, whose formula has a text."""
    package = open_package(path)
    return [
        f"{sheet.name}!{cell_name((cell.row, cell.column))}"
        for sheet in package.sheets
        for cell in package.cells(sheet.name)
        if cell.formula is not None and text in cell.formula.text
    ]


class Book:
    """A workbook in a window of LibreOffice."""

    def __init__(self, screen, path):
        self.screen, self.path, self.url = screen, path, path.as_uri()
        self.title = f"{path.name} - {PROGRAM}"

    def open(self):
        self.screen.ask("open_window", url=self.url)
        return self

    def choose(self, command, title):
        """Chooses a command of the menu; gives the dialog's title and what it says."""
        dialog = f"XL_PERF - {title}"
        self.screen.menu(self.title, COMMANDS[command][1], lambda: self.screen.is_open(dialog))
        said = self.screen.window(dialog)
        self.screen.picture(command)
        return dialog, said

    def has(self, dialog, button):
        """Whether a dialog has a button."""
        return any(part[:2] == ["PUSH_BUTTON", button] for part in self.screen.ask("parts", title=dialog))

    def undo(self, times=0):
        return self.screen.ask("undo", url=self.url, times=times)

    def values(self):
        return self.screen.ask("values", url=self.url)

    def cell(self, place):
        return self.screen.ask("cell", url=self.url, cell=place)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A workbook for Calc with numbers of the plan overtyped and facts taken out, and as it was, for Excel."""
    folder = tmp_path_factory.mktemp("finestre")
    spoiled, _ = book_actions.spoiled("giacenza", folder)
    (report,) = relink_paths([spoiled], Dialect.CALC, out=folder / "calc")
    whole = folder / "intera.xlsx"
    shutil.copyfile(book_actions.EXAMPLES / "giacenza_esempio.xlsx", whole)
    return report.written, whole


@pytest.fixture(scope="module")
def screen(tmp_path_factory):
    calc_window.require_windows()
    folder, profile = calc_office.install(build(tmp_path_factory.mktemp("addin")))
    with calc_window.Screen(profile, folder / "dati") as found:
        yield found
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def book(screen, files):
    return Book(screen, files[0]).open()


@pytest.fixture(autouse=True)
def _no_dialog_is_left(screen):
    yield
    for title in screen.ask("windows"):
        if title.startswith("XL_PERF - "):
            buttons = [name for role, name, *_ in screen.ask("parts", title=title) if role == "PUSH_BUTTON"]
            screen.press(title, next(name for name in ("Annulla", "Chiudi", "OK", "No") if name in buttons))


def test_a_workbook_for_excel_is_converted_when_it_is_opened(screen, files):
    excel = Book(screen, files[1]).open()
    copy = Book(screen, files[1].with_name("intera_calc.xlsx"))
    said = screen.window(OFFER)
    screen.picture("offerta")
    assert str(copy.path) in said
    assert "Copia per Excel" in said
    screen.press(OFFER, "No")
    assert screen.ask("documents") == [excel.url]
    assert not copy.path.exists()
    screen.ask("close_document", url=excel.url)

    excel.open()
    screen.press(OFFER, "Yes")
    screen.wait("the copy for Calc", lambda: screen.ask("documents") == [copy.url])
    assert _calls(copy.path, "XLPERF.GIACENZA_INDEX(")


def test_menu_and_toolbar_have_the_commands(screen, book):
    labels = [english for _, english in COMMANDS.values()]
    menu = screen.wait("the menu", lambda: screen.ask("parts", title=book.title, bar="MENU_BAR"))
    assert "XL_PERF" in [name for role, name, *_ in menu if role == "MENU"]
    buttons = [name for _, name, *_ in screen.ask("parts", title=book.title, bar="TOOL_BAR")]
    assert set(labels) - {"Restore", "Copy for Excel"} <= set(buttons)


def test_targets_are_shown_then_written_in_one_step(screen, book):
    before = book.values()
    dialog, said = book.choose("ricarica", "Ricarica obiettivi")
    assert f"{SPOILED} cambiati" in said
    screen.press(dialog, "Annulla")
    assert book.values() == before
    assert book.undo() == []

    dialog, _ = book.choose("ricarica", "Ricarica obiettivi")
    screen.press(dialog, f"Scrivi {SPOILED} celle", until=lambda: book.has(dialog, "Chiudi"))
    assert f"{SPOILED} celle scritte" in screen.window(dialog)
    screen.picture("ricaricati")
    screen.press(dialog, "Chiudi")
    after = book.values()
    assert after != before
    assert book.undo() == ["XL_PERF: Ricarica obiettivi"]
    assert book.undo(times=1) == []
    assert book.values() == before

    dialog, said = book.choose("ripristina", "Ripristina")
    assert "Non c'è niente da scrivere" in said
    screen.press(dialog, "Chiudi")


def test_facts_come_from_another_open_workbook(screen, book):
    dialog, said = book.choose("carica", "Carica dati")
    assert "intera_calc.xlsx" in said
    place = "Dalla cartella aperta: intera_calc.xlsx"
    screen.select(dialog, place)
    proposed = f"Scrivi {TAKEN_OUT} celle"
    screen.press(dialog, "Avanti", until=lambda: book.has(dialog, proposed))
    screen.picture("caricati")
    screen.press(dialog, proposed, until=lambda: book.has(dialog, "Chiudi"))
    screen.press(dialog, "Chiudi")
    assert book.undo(times=1) == []


def test_a_cell_is_explained_and_gone_to(screen, book):
    place = _calls(book.path, "XLPERF.GIACENZA_INDEX(")[-1]  # the first ones have no facts
    screen.ask("select", url=book.url, cell=place)
    dialog, said = book.choose("spiega", "Spiega la cella")
    lines = [part for part in screen.ask("parts", title=dialog) if part[0] == "LIST_ITEM"]
    assert len(lines) > 3, said
    screen.select(dialog, lines[2][1])
    before = screen.ask("selected", url=book.url)
    screen.press(dialog, "Vai alla cella", until=lambda: screen.ask("selected", url=book.url) != before)
    screen.press(dialog, "Chiudi")


@pytest.mark.parametrize(
    ("command", "title", "says"),
    [
        ("controlla", "Controlla", f"{SPOILED} differenze"),
        ("manca", "Che cosa manca", "sotto 100"),
        ("guida", "Guida", "Chiudi"),  # the text itself stands in a field that gives none to programs
    ],
)
def test_answers_are_shown(screen, book, command, title, says):
    dialog, said = book.choose(command, title)
    assert says in said
    screen.press(dialog, "Chiudi")


def test_a_function_is_chosen_and_entered(screen, book):
    screen.ask("select", url=book.url, cell="Sintesi!A1")
    dialog, said = book.choose("funzione", "non riuscito")
    assert "la cella è protetta" in said
    screen.press(dialog, "OK")
    screen.ask("add_sheet", url=book.url, name="Mio")
    screen.ask("select", url=book.url, cell="Mio!A1")
    dialog, said = book.choose("funzione", "Inserisci funzione")
    assert "PERF_SCORE" in said
    screen.press(dialog, "Avanti")
    form = "XL_PERF - PERF_SCORE"
    screen.window(form)
    for place, value in enumerate(("27", "30", "-1")):
        screen.fill(form, place, value)
    screen.picture("argomenti")
    screen.press(form, "Inserisci")
    assert book.cell("Mio!A1") == {"formula": "=XLPERF.PERF_SCORE(27;30;-1)", "shown": "110", "error": 0}


def test_a_copy_for_excel_is_written(screen, book):
    dialog, said = book.choose("excel", "Copia per Excel")
    copy = book.path.with_name("giacenza_excel.xlsx")
    assert str(copy) in said
    screen.press(dialog, "OK")
    assert _calls(copy, "GIACENZA_INDEX(")
    assert not _calls(copy, "XLPERF")
