"""The actions of the Office.js add-in in a real Chromium: the pane beside a workbook on Microsoft's office-addin-mock.

What the actions say and write is compared with the same actions on the file (`tests/book_actions.py`).
"""

from __future__ import annotations

import base64
import json
import os
import shutil
from pathlib import Path

import pytest

from tests import book_actions, office_chromium
from tests.book_actions import SPOILED, TAKEN_OUT
from tests.office_book import OPTIONS, ExcelWithBook, require_mock
from xl_perf.actions.texts import value_text
from xl_perf.addins.office import editions_zip
from xl_perf.plan import library, load_edition

READY = "import('/engine.js').then((engine) => engine.started)"


@pytest.fixture(scope="module")
def url():
    office_chromium.require_office()
    require_mock()
    with office_chromium.server() as address:
        yield address


@pytest.fixture(scope="module", params=book_actions.BOOKS)
def told(request, tmp_path_factory):
    return book_actions.told_of_a_file(request.param, tmp_path_factory.mktemp(request.param))


_DRIVE = """
const said = {};
const ask = async (name, told, bytes) => { await read(); return act(name, told ?? {}, bytes); };
const done = async (proposal) => { await write(proposal.values); await readSettled(); return act("applied"); };
said.check = await ask("check");
said.missing = await ask("missing");
said.reload = await ask("reload");
said.reloaded = await done(said.reload);
said.again = (await ask("reload")).values.length;
said.restore = await ask("restore", { note: said.reloaded.note });
said.restored = await done(said.restore);
said.load = await ask("load", { file: FILE }, Uint8Array.from(atob(BYTES), (c) => c.charCodeAt(0)).buffer);
said.loaded = await done(said.load);
said.explain = await ask("explain");
return JSON.stringify(said);
"""


def _plain(said):
    """As JSON gives it back; values of results as texts, no notes, nothing that only an engine can say."""
    plain = json.loads(json.dumps(said, default=str))
    for name in ("reloaded", "restored", "loaded"):
        plain[name].pop("note", None)
    lines = plain["check"]["lines"]
    known = ("i dati non danno", "non sono stati ricalcolati")
    plain["check"]["lines"] = [line for line in lines if not any(text in line[0] for text in known)]
    del plain["check"]["summary"]  # it counts them
    return plain


def test_the_same_as_on_a_file(told, url):
    said, cells, path, source = told
    data = base64.b64encode(source.read_bytes()).decode()
    body = _DRIVE.replace("FILE", json.dumps(source.name)).replace("BYTES", json.dumps(data))
    with ExcelWithBook(url, path) as excel:
        theirs = json.loads(excel.does(body))
        after = {name: dict(grid) for name, grid in excel.book.grids.items()}
        log = excel.run("JSON.stringify(book.log)")
        protected = excel.run("Object.values(book.sheets).every((sheet) => sheet.protected)")
        assert excel.problems == []
    mine = dict(said)
    del mine["same as before"]
    for name in ("reloaded", "restored", "loaded"):
        results = [
            (one.cell, one.label, value_text(one.before), value_text(one.after))
            for one in said[name]["results"]
        ]
        mine[name] = {**said[name], "results": results}
    mine, theirs = _plain(mine), _plain(theirs)
    for lines in (mine["load"]["lines"], theirs["load"]["lines"]):
        for line in lines:
            line[0] = line[0].replace(str(source), "csv").replace(f"/dati/{source.name}", "csv")
    assert book_actions.unlike(theirs, mine) == {}
    shown = {
        name: {key: value for key, value in grid.items() if value not in (None, "")}
        for name, grid in after.items()
    }
    assert book_actions.different(shown, cells) == []
    assert protected
    assert {options for _, options in json.loads(log)} == {json.dumps(OPTIONS, separators=(",", ":"))}


@pytest.fixture(scope="module")
def giacenza(tmp_path_factory):
    """The workbook that `book_actions` spoils, and the facts that it lacks."""
    return book_actions.spoiled("giacenza", tmp_path_factory.mktemp("rovinata"))


@pytest.fixture(scope="module")
def spoiled(giacenza):
    return giacenza[0]


@pytest.fixture(scope="module")
def pane(url, spoiled):
    with ExcelWithBook(url, spoiled) as excel:
        excel.run(READY)
        yield excel
        assert excel.problems == []


def test_the_ribbon_opens_the_pane_and_does_the_action(pane):
    assert set(pane.run("Object.keys(commands)")) == {
        "ricarica", "carica", "controlla", "spiega", "manca", "funzione", "ripristina", "guida"
    }  # fmt: skip
    pane.run("new Promise((done) => commands.guida({ completed: done }))")
    assert pane.run("paneShown")
    assert "XL_PERF 0." in pane.click("azioni")


def test_reload_and_restore_by_hand(pane):
    before = {name: dict(grid) for name, grid in pane.book.grids.items()}
    preview = pane.click("ricarica")
    assert f"{SPOILED} cambiati" in preview
    assert pane.book.grids == before, "a preview writes nothing"
    done = pane.click("scrivi")
    assert done.startswith(f"Ricarica obiettivi\n\n{SPOILED} celle scritte")
    assert "Ripristina" in done
    assert pane.book.grids != before
    assert "Non c'è niente da scrivere" in pane.click("ricarica")
    back = pane.click("ripristina")
    assert f"{SPOILED} celle" in back
    pane.click("scrivi")
    assert book_actions.different(pane.book.grids, before) == []
    assert pane.warning == ""


def test_a_line_leads_to_its_cell(pane):
    pane.click("controlla")
    pane.run("document.querySelector('#esito li button').click()")
    assert pane.run("new Promise((done) => setTimeout(() => done(book.active), 200))") == "Tabella A"
    assert pane.run("book.selected.slice(1)") == [15, 2, 1, 1]  # C16, the first number that was overtyped


def test_explain_the_selected_cell(pane):
    pane.run("void (book.selected = ['Sintesi', 0, 0, 1, 1])")
    assert "Sintesi!A1" in pane.click("spiega")


def test_insert_a_function(pane):
    text = pane.click("funzione")
    assert "PERF_SCORE" in pane.run("document.getElementById('funzione_scelta').textContent")
    assert text.startswith("Inserisci funzione")
    fill = (
        "(() => {{ const list = document.getElementById('funzione_scelta'); list.value = 'PERF_SCORE'; list.onchange();"
        " ['A1', '0,5', '-1', ''].forEach((text, at) => document.getElementById('argomento' + at).value = text);"
        " document.getElementById('inserisci').click(); }})()"
    ).format()
    pane.run("void (book.selected = ['Sintesi', 0, 0, 1, 1])")
    pane.run(fill)
    assert (
        pane.run("new Promise((done) => setTimeout(() => done(book.sheets.Sintesi.formulas[0][0]), 500))")
        == ""
    )
    assert "protetta" in pane.warning
    pane.run("void (book.sheets.Sintesi.protected = false)")
    pane.run("document.getElementById('inserisci').click()")
    found = pane.run("new Promise((done) => setTimeout(() => done(book.sheets.Sintesi.formulas[0][0]), 500))")
    assert found == "=XLPERF.PERF_SCORE(A1,0.5,-1)"
    assert pane.warning == ""
    pane.run("void ((book.sheets.Sintesi.protected = true), (book.sheets.Sintesi.formulas[0][0] = ''))")


def test_a_password_stops_everything_before_anything_is_written(url, spoiled):
    def change(data):
        data["sheets"]["Tabella A"]["password"] = "segreta"

    with ExcelWithBook(url, spoiled, change) as excel:
        before = {name: dict(grid) for name, grid in excel.book.grids.items()}
        excel.click("ricarica")
        excel.click("scrivi")
        assert "«Tabella A» è protetto con una password" in excel.warning
        assert excel.book.grids == before
        assert excel.run("Object.values(book.sheets).every((sheet) => sheet.protected)")


def test_a_writing_that_fails_is_taken_back(url, spoiled):
    """Excel refuses in the midst of it: no cell keeps a new value, and what was protected is so again."""
    with ExcelWithBook(url, spoiled) as excel:
        values = "book.sheets['Tabella A'].values"
        before = excel.run(f"JSON.stringify({values})")
        write = (
            "const said = []; const fails = (error) => said.push(error.message);"
            " await write([['Tabella A', 16, 3, 1], ['Altro foglio', 1, 1, 2]]).catch(fails);"
            " book.refused = 2;"
            " await write([['Tabella A', 16, 3, 1], ['Tabella A', 17, 4, 2]]).catch(fails);"
            " return said.join();"
        )
        said = excel.does(write)
        assert "ItemNotFound" in said
        assert "GeneralException" in said
        assert excel.run(f"JSON.stringify({values})") == before
        assert excel.run("Object.values(book.sheets).every((sheet) => sheet.protected)")


def test_texts_stay_texts(url, spoiled):
    """Excel makes dates and formulas of texts that look like them; what is written has to stay as it is."""
    with ExcelWithBook(url, spoiled) as excel:
        texts = ["1/2", "=A1", "200/2021", "CdA 31/2021", "'x", "vero", "abc", None, 1.5]
        cells = [["Tabella A", 16 + at, 3, text] for at, text in enumerate(texts)]
        excel.does(f"await write({json.dumps(cells)});")
        found = [excel.book.grids["Tabella A"][16 + at, 3] for at in range(len(texts))]
        assert found == texts


def test_no_official_workbook(url, tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active["A1"] = 1
    book.create_sheet("Due")["A1"] = 2
    book.save(tmp_path / "altra.xlsx")
    with ExcelWithBook(url, tmp_path / "altra.xlsx") as excel:
        for action in ("ricarica", "controlla"):
            excel.click(action)
            assert excel.warning.startswith("La cartella non è una cartella ufficiale")
        excel.click("ripristina")
        assert "Nessuna cella è stata cambiata" in excel.warning


# Editions that come later


def _later_edition(folder):
    """The newest edition as if an act of 2022 had come, installed; gives its folder and a target that differs."""
    from xl_perf.addins.plan_source import plan_source
    from xl_perf.plan.installed import install

    copy = folder / "edizione"
    shutil.copytree(library.folder_of(), copy)
    text = (copy / "edition.toml").read_text(encoding="utf-8")
    (copy / "edition.toml").write_text(
        text.replace(f'id = "{load_edition().id}"', 'id = "piano-prova"', 1), encoding="utf-8"
    )
    install(copy, as_source=plan_source, force=True)


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """edizioni.zip with an edition that was installed."""
    monkeypatch.setenv("XL_PERF_DATA", str(tmp_path / "dati"))
    library.forget()
    _later_edition(tmp_path)
    yield editions_zip()
    monkeypatch.undo()
    library.forget()


def test_an_edition_that_comes_later_and_a_broken_one(url, tmp_path, installed):
    folder = office_chromium.copy(tmp_path / "sito")
    problem = "import('/engine.js').then((engine) => engine.editionsRead)"
    target = ("giacenza.prestazioni_servizi", "TORINO", 2021)
    (folder / "edizioni.zip").write_bytes(installed)
    with office_chromium.server(folder) as address, office_chromium.Excel(address) as page:
        assert page("OBIETTIVO", *target, "", "piano-prova") == [[30.0]]
        assert page.run(problem) == ""
        assert "piano-prova" in page.run("import('/engine.js').then((engine) => engine.act('guide'))")
    for broken in (installed[:-400], b"altro", installed.replace(b"piano-prova.json", b"piano-prova.jso_")):
        (folder / "edizioni.zip").write_bytes(broken)
        with office_chromium.server(folder) as address, office_chromium.Excel(address) as page:
            said = page.run(problem)
            if b".jso_" in broken:  # nothing names the edition: it is not there
                assert said == ""
                continue
            assert "edizioni.zip" in said
            assert page.run("document.getElementById('avviso').textContent") == said
            assert page("OBIETTIVO", *target)[0][0] == "#N/A"
            assert page("OBIETTIVO", *target, "", load_edition("piano-2021-2023").id) == [[30.0]]
            assert page("DEFLUSSO_INDEX", 1, 2) == [[0.5]]


# The pane for everybody


def test_load_a_file_by_hand(pane, giacenza):
    """A file chosen in the pane: what would come in is shown; a file that is none is refused."""
    choose = (
        "((text, name) => { const chosen = new DataTransfer(); chosen.items.add(new File([text], name));"
        " document.getElementById('file').files = chosen.files;"
        " [...document.querySelectorAll('#esito button')].find((one) => one.textContent === 'Avanti').click(); })"
    )
    wait = (
        "new Promise((done) => { const look = () =>"
        " document.body.hasAttribute('aria-busy') ? setTimeout(look, 20) : done(); look(); })"
    )
    for text, name in (
        (giacenza[1].read_text(encoding="utf-8"), "dati.csv"),
        ("niente", "dati.csv"),
        ("", "x.ods"),
    ):
        pane.click("carica")
        pane.run(f"{choose}({json.dumps(text)}, {json.dumps(name)})")
        pane.run(wait)
        if text.startswith("struttura"):
            assert f"{TAKEN_OUT} celle da riempire" in pane.run(
                "document.getElementById('sommario').textContent"
            )
            assert pane.warning == ""
        else:
            kind = "La fonte dei dati non si può leggere" if text else "La cartella non permette"
            assert pane.warning.startswith(kind)


def test_axe_core_finds_nothing(pane):
    named = os.environ.get("AXE_CORE", "")
    if not Path(named).is_file() and os.environ.get("XL_PERF_FULL_TESTS") == "1":
        pytest.fail("AXE_CORE does not name axe.min.js, and XL_PERF_FULL_TESTS=1 asks for all tests")
    if not Path(named).is_file():
        pytest.skip("no axe-core (AXE_CORE is not set)")
    pane.run(Path(named).read_text(encoding="utf-8") + "; 0")
    for name in ("ricarica", "carica", "funzione", "guida"):
        pane.click(name)
        rules = json.dumps({"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
        found = pane.run(
            f"axe.run(document, {rules}).then((r) => r.violations.map((v) => v.id + ' ' + v.nodes[0].html))"
        )
        assert found == [], name
