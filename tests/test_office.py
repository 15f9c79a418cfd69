"""The functions of the Office.js add-in in a real Chromium: Python in a worker, a stub for office.js."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from xml.etree import ElementTree as ET

import pytest

from tests import office_chromium
from tests.case_book import rows_of
from tests.cases.loader import agrees, load_cases
from tests.office_chromium import ERROR_TYPES, OFFICE_JS, ROOT, Excel, require_office, server, site
from xl_perf import __version__, cells
from xl_perf.catalog import FUNCTIONS
from xl_perf.plan import load_edition
from xl_perf.values import CellError

HOW = "import('/engine.js').then((engine) => engine.started)"


@pytest.fixture(scope="module")
def url():
    require_office()
    with server() as address:
        yield address


@pytest.fixture(scope="module")
def excel(url):
    with Excel(url) as page:
        yield page
        assert page.problems == []


# The folder


def test_the_manifest_names_files_that_are_there(url):
    root = ET.parse(site() / "manifest.xml").getroot()
    base = "https://fogli.ente.example/xl_perf/"
    named = {address for node in root.iter() if (address := node.get("DefaultValue") or "").startswith(base)}
    assert {"taskpane.html", "functions.js", "functions.json"} <= {name.removeprefix(base) for name in named}
    assert all((site() / address.removeprefix(base)).is_file() for address in named)


def test_notices_of_all_that_is_shipped(url):
    folder = site() / "licenze"
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {"AVVISI.txt", "MPL-2.0.txt", "Python.txt"} <= found
    assert {name.split("/")[0] for name in found if "/" in name} == {"openpyxl", "et_xmlfile"}
    told = (folder / "AVVISI.txt").read_text(encoding="utf-8")
    shipped = zipfile.ZipFile(site() / "xl_perf.zip").namelist()
    assert all(
        name.split("/")[0] in told for name in shipped if name.split("/")[0] not in ("xl_perf", "udfs")
    )
    assert f"Pyodide {office_chromium.office.office_pyodide.VERSION}" in told


def test_bytecode_is_made_of_our_modules(url):
    names = zipfile.ZipFile(site() / "xl_perf.zip").namelist()
    assert {"udfs/office/calls.pyc", "xl_perf/plan/__init__.pyc", "xl_perf/cells/__init__.pyc"} <= set(names)
    assert not [name for name in names if name.endswith(".py")]


def test_page(excel):
    excel.run(HOW)
    text = excel.run("document.getElementById('stato').textContent")
    assert text == f"Versione {__version__}"
    assert excel.run("document.documentElement.lang") == "it"
    assert excel.run("document.getElementById('avviso').hidden")
    assert excel.run(HOW) == "snapshot"


def test_functions_are_associated(excel):
    assert set(excel.run("Object.keys(functions)")) == set(FUNCTIONS)


# Calls


def test_every_case_gives_what_it_should(excel):
    """Every worked case, all at once as in a recalculation; no difference is excused."""
    cases = load_cases()
    results = excel.calculate(*((case.function, *case.arguments) for case in cases))
    wrong = [
        f"{case}: {result!r}"
        for case, result in zip(cases, results, strict=True)
        if not agrees(
            result,
            case.expected if isinstance(case.expected, list) else [[case.expected]],
            max(case.tolerance, 1e-9),
        )
    ]
    assert wrong == []


def test_every_function_before_the_files_are_there(url):
    """A page that starts from the snapshot answers before it has unpacked its modules; other editions too."""
    first = {}
    for case in load_cases():
        if not isinstance(case.expected, CellError):
            first.setdefault(case.function, case)
    assert first.keys() == FUNCTIONS.keys()
    asked = list(first.values())
    target = load_edition("piano-2020-2022").targets[0]
    older = (target.indicator, target.structure, target.period, dt.date(2020, 12, 31), "piano-2020-2022")
    with Excel(url) as page:
        assert page("OBIETTIVO", *older) == rows_of(cells.call(FUNCTIONS["OBIETTIVO"], older))
        results = page.calculate(*((case.function, *case.arguments) for case in asked))
    wrong = [
        f"{case}: {result!r}"
        for case, result in zip(asked, results, strict=True)
        if not agrees(result, case.expected if isinstance(case.expected, list) else [[case.expected]], 1e-9)
    ]
    assert wrong == []


def test_shapes(excel):
    # by hand: (30 - 27)/30 = 10% better; 15 against 30, fewer is better: +50%, the cap
    assert excel("PERF_SCORE", 27, 30, -1) == [[110.0]]
    assert excel("PERF_SCORE", [[27], [15]], 30, -1) == [[110.0], [150.0]]
    assert excel("PERF_SCORE", [[27, 15]], 30, -1) == [[110.0, 150.0]]
    assert excel("PERF_SCORE", [[27], [18]], [[30, 24]], -1) == [[110.0, 87.5], [140.0, 125.0]]
    assert excel("PERF_SCORE", [[27], [15]], [[30], [30], [30]]) == [[CellError.VALUE]]


def test_empty_cells(excel):
    empty_as_null, empty_as_text = excel.raw(
        ("PERF_SCORE", [[[27], [None]], [[30]], [[-1]], None]),
        ("PERF_SCORE", [[[27], [""]], [[30]], [[-1]], [[""]]]),
    )
    assert empty_as_null == empty_as_text == [[110], [""]]
    assert excel("PERF_SCORE", "", 30) == [[""]]
    assert excel("PERF_SCORE", 30, "") == [[CellError.NA]]
    assert excel("PERF_SCORE", 45, 30, "", 0.2) == [[120.0]]  # by hand: +50%, capped to 20%


@pytest.mark.parametrize("error", ERROR_TYPES, ids=str)
def test_errors(excel, error):
    assert excel("PERF_SCORE", error, 30) == [[error]]
    assert excel("PERF_SCORE", [[33], [error]], 30) == [[110.0], [error]]


def test_errors_in_older_excel(url):
    """Runtime 1.3: errors are objects of CustomFunctions.Error, which cannot say all of them."""
    with Excel(url, runtime="1.3") as old:
        ranges = [
            [[33], ["#N/A"], ["#DIV/0!"], ["#NUM!"], ["#NULL!"], ["#REF!"], ["#CALC!"]],
            [[30]],
            None,
            None,
        ]
        ((number, *errors),) = [[row[0] for row in rows] for rows in old.raw(("PERF_SCORE", ranges))]
        assert number == pytest.approx(110)
        assert [error["code"] for error in errors] == [
            "#N/A", "#DIV/0!", "#NUM!", "#NULL!", "#VALUE!", "#VALUE!"
        ]  # fmt: skip
        assert old.raw(("PERF_SPIEGA", [[["DEFLUSSO_INDEX"]], [[1]], [[2]], *[None] * 7]))[0][0][
            0
        ].startswith("DEFLUSSO")
        assert old.problems == []


def test_a_large_range(excel):
    values = [[float(number % 50 + 5)] for number in range(10_000)]
    found = excel("PERF_SCORE", values, 30, -1)
    # by hand: 100 * (1 + (30 - x)/30), the deviation between -50% and +50%
    expected = [[100 * (1 + min(0.5, max(-0.5, (30 - value) / 30)))] for (value,) in values]
    assert agrees(found, expected, 1e-9)


def test_many_calls(excel):
    """5,000 cells in three messages to the worker, every result to its own cell."""
    excel.run(
        "void (() => { const post = Worker.prototype.postMessage; globalThis.posted = 0;"
        " Worker.prototype.postMessage = function (...all) { posted += 1; post.apply(this, all); }; })()"
    )
    found = excel.calculate(*(("DEFLUSSO_INDEX", number, 1_000) for number in range(5_000)))
    assert found == [[[number / 1_000]] for number in range(5_000)]
    assert excel.run("posted") == 3


def test_one_fault_stops_no_other(excel):
    answer = json.loads(
        excel.run(
            "import('/engine.js').then(({ askCalls }) => askCalls(JSON.stringify({ runtime: '1.4', calls:"
            " [['ALTRO', []], ['DEFLUSSO_INDEX', [[[1]], [[2]]]]] })))"
        )
    )
    assert answer[1] == [[[0.5]]]
    assert answer[0][0] is None


# Nothing leaves the origin, and what happens where something is missing


def test_nothing_leaves_the_origin(excel, url):
    excel("PERF_SCORE", 27, 30, -1)
    assert {address for address in excel.requests if not address.startswith((url, "blob:", "data:"))} == {
        OFFICE_JS
    }
    refused = excel.run("fetch('https://altro.example/').then(() => 'gone', () => 'refused')")
    assert refused == "refused", "the policy of the page forbids it"
    worker = (
        "new Promise((done) => (new Worker('https://altro.example/a.js').onerror = () => done('refused')))"
    )
    assert excel.run(f"Promise.resolve().then(() => {worker}).catch(() => 'refused')") == "refused"
    excel.problems.clear()


def test_without_the_snapshot(url, tmp_path):
    folder = office_chromium.copy(tmp_path / "sito")
    (folder / "snapshot.bin").unlink()
    with server(folder) as address, Excel(address) as page:
        assert page("PERF_SCORE", 27, 30, -1) == [[110.0]]
        assert page.run(HOW) == "plain"
    (folder / "snapshot.bin").write_bytes(b"no snapshot")
    with server(folder) as address, Excel(address) as page:
        assert page("PERF_SCORE", 27, 30, -1) == [[110.0]]
        assert page.run(HOW) == "plain"


def test_without_web_assembly(url):
    with Excel(url, before="delete globalThis.WebAssembly") as page:
        (answer,) = page.raw(("PERF_SCORE", [[[27]], [[30]], [[-1]], None]))
        assert answer["thrown"] == "#N/A"
        assert "WebAssembly" in answer["message"]
        assert "WebAssembly" in page.run("document.getElementById('avviso').textContent")
        assert page.run("document.getElementById('stato').textContent") == f"Versione {__version__}"


def test_in_a_browser_without_modules(url):
    """Internet Explorer's engine runs scripts that are no modules, and only those."""
    text = (ROOT / "udfs" / "office" / "web" / "old.js").read_text(encoding="utf-8")
    assert not any(word in text for word in ("=>", "const ", "let ", "import ", "`"))
    page = (site() / "taskpane.html").read_text(encoding="utf-8")
    assert '<script nomodule src="old.js">' in page


def test_a_lacking_file_is_named(url, tmp_path):
    folder = office_chromium.copy(tmp_path / "sito")
    (folder / "xl_perf.zip").unlink()
    (folder / "snapshot.bin").unlink()
    with server(folder) as address, Excel(address) as page:
        (answer,) = page.raw(("PERF_SCORE", [[[27]], [[30]], [[-1]], None]))
        assert answer["thrown"] == "#N/A"
        assert "xl_perf.zip: 404" in answer["message"]


def test_the_server_gone(url, tmp_path):
    """Once the files are kept, the add-in starts without the server."""
    with Excel(url) as page:
        with server() as address:
            page.url = address
            page.load()
            page.run("navigator.serviceWorker.ready.then(() => true)")
            assert page("PERF_SCORE", 27, 30, -1) == [[110.0]]
        page.ask("Network.clearBrowserCache")
        page.load()
        assert page("PERF_SCORE", 15, 30, -1) == [[150.0]]
        assert page.run(HOW) == "snapshot"


def test_a_folder_that_is_half_copied_is_not_kept(url, tmp_path):
    folder = office_chromium.copy(tmp_path / "sito")
    (folder / "style.css").write_text("body { color: red }", encoding="utf-8")
    with server(folder) as address, Excel(address) as page:
        assert page("PERF_SCORE", 27, 30, -1) == [[110.0]]
        states = (
            "navigator.serviceWorker.getRegistration()"
            ".then((found) => [found?.active, found?.waiting].filter(Boolean).length)"
        )
        assert page.run(f"new Promise((done) => setTimeout(done, 1500)).then(() => {states})") == 0
        assert page.run("caches.keys()") == []
