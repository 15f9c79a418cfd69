"""The Office.js add-in for real: the server on loopback, its page and JavaScript in headless Chromium, a stub
for office.js.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.cases.loader import agrees, load_cases
from tests.office_chromium import ERROR_TYPES, ROOT, Excel, environment, require_office, server, to_office
from xl_perf import __version__
from xl_perf.catalog import FUNCTIONS
from xl_perf.values import CellError

BATCH = "/xlperf/batch"
SINGLE = "/xlwings/custom-functions-call"


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


def _http(address, data=None, **headers):
    """(status, headers, text) of a request; data is sent as it is, or as JSON."""
    body = data if data is None or isinstance(data, bytes) else json.dumps(data).encode()
    request = urllib.request.Request(address, body, {"Content-Type": "application/json", **headers})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers, answer.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode()


# What Excel reads when the add-in is loaded


def test_metadata_is_the_catalogue(url):
    told = json.loads(_http(f"{url}/xlwings/custom-functions-meta.json")[2])
    assert told["allowErrorForDataTypeAny"] is True
    by_name = {entry["name"]: entry for entry in told["functions"]}
    assert by_name.keys() == FUNCTIONS.keys()
    for name, function in FUNCTIONS.items():
        entry = by_name[name]
        assert (entry["id"], entry["description"]) == (name, function.help)
        assert entry["result"] == {"dimensionality": "matrix", "type": "any"}
        assert [(p["name"], p["description"], p.get("optional", False)) for p in entry["parameters"]] == [
            (a.name, a.help, a.optional) for a in function.arguments
        ]
        assert {(p["dimensionality"], p["type"]) for p in entry["parameters"]} == {("matrix", "any")}


OFFICE = "{http://schemas.microsoft.com/office/appforoffice/1.1}"
OVERRIDES = "{http://schemas.microsoft.com/office/taskpaneappversionoverrides}"
BASIC = "{http://schemas.microsoft.com/office/officeappbasictypes/1.0}"


def _manifest(text):
    root = ET.fromstring(text)
    strings = {node.get("id"): node.get("DefaultValue") for node in root.iter() if node.get("id")}
    used = {node.get("resid") for node in root.iter() if node.get("resid")}
    assert used <= strings.keys(), "every resid has its resource"
    return root, strings


def test_manifest(url):
    root, strings = _manifest(_http(f"{url}/manifest.xml")[2])
    assert root.findtext(f"{OFFICE}Version") == f"{__version__}.0"
    assert root.findtext(f"{OFFICE}DefaultLocale") == "it-IT"
    assert root.find(f"{OFFICE}DisplayName").get("DefaultValue") == "XL_PERF"
    assert strings["Namespace"] == "XLPERF"
    (functions,) = [
        node for node in root.iter(f"{OVERRIDES}ExtensionPoint") if "CustomFunctions" in node.attrib.values()
    ]
    assert {node.tag.removeprefix(OVERRIDES) for node in functions} == {
        "Script",
        "Page",
        "Metadata",
        "Namespace",
    }
    for node in root.iter():
        address = node.get("DefaultValue") or ""
        if address.startswith(url):
            assert _http(address)[0] == 200, address
    # below Microsoft's limits for short and long strings
    assert all(len(node.get("DefaultValue")) <= 125 for node in root.iter(f"{BASIC}String"))


def test_page(url, excel):
    text = excel.run("document.querySelector('main').innerText")
    assert f"XL_PERF {__version__}" in text
    assert all(function.signature in text for function in FUNCTIONS.values())
    assert excel.run("document.documentElement.lang") == "it"
    english = excel.run("document.body.textContent")
    assert "The add-in" not in english
    assert "Reload" not in english
    asked = {address.removeprefix(url) for address in excel.requests}
    assert all(address.startswith("/") for address in asked), "everything comes from the server itself"


def test_functions_are_associated(excel):
    assert set(excel.run("Object.keys(functions)")) == set(FUNCTIONS)


# Calls


def test_every_function_once(excel):
    """The first worked case of each function, all at once as in a recalculation."""
    first = {}
    for case in load_cases():
        if not isinstance(case.expected, CellError):
            first.setdefault(case.function, case)
    assert first.keys() == FUNCTIONS.keys()
    before = len(excel.requests)
    results = excel.calculate(*((case.function, *case.arguments) for case in first.values()))
    assert len(excel.requests) == before + 1
    wrong = [
        f"{case}: {result!r}"
        for case, result in zip(first.values(), results, strict=True)
        if not agrees(
            result,
            case.expected if isinstance(case.expected, list) else [[case.expected]],
            max(case.tolerance, 1e-9),
        )
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
        assert old.raw(("PERF_SPIEGA", [[["DEFLUSSO_INDEX"]], [[1]], [[2]]]))[0][0][0].startswith("DEFLUSSO")
        assert old.problems == []


def test_a_large_range(excel):
    values = [[float(number % 50 + 5)] for number in range(10_000)]
    before = len(excel.requests)
    found = excel("PERF_SCORE", values, 30, -1)
    assert len(excel.requests) == before + 1
    # by hand: 100 * (1 + (30 - x)/30), the deviation between -50% and +50%
    expected = [[100 * (1 + min(0.5, max(-0.5, (30 - value) / 30)))] for (value,) in values]
    assert agrees(found, expected, 1e-9)


def test_many_calls(excel):
    """2,000 cells, four requests, every result to its own cell."""
    before = len(excel.requests)
    found = excel.calculate(*(("DEFLUSSO_INDEX", number, 1_000) for number in range(2_000)))
    assert found == [[[number / 1_000]] for number in range(2_000)]
    asked = excel.requests[before:]
    assert len(asked) == 4
    assert all(address.endswith(BATCH) for address in asked)


def test_large_calls_are_not_put_together(excel):
    before = len(excel.requests)
    column = [[1.0]] * 20_000
    found = excel.calculate(*(("DEFLUSSO_INDEX", column, 2) for _ in range(4)))
    assert found == [[[0.5]] * 20_000] * 4
    assert len(excel.requests) - before == 2  # by hand: 2 * 20,000 cells fit into 50,000, 3 do not


def test_too_large_is_said(excel):
    (found,) = excel.raw(("DEFLUSSO_INDEX", [[[123456.789]] * 600_000, [[2]]]))
    assert found["thrown"] == "#VALUE!"
    assert found["message"].startswith("Richiesta troppo grande (limite 5 MB)")
    assert excel.problems.pop().startswith("413 ")
    assert excel("DEFLUSSO_INDEX", 1, 2) == [[0.5]]


def test_single_calls_give_the_same(url):
    """xlwings-server's own route, in use where the page's batching is not."""
    for args in (
        [27, 30, -1], [[[27], [""]], 30, -1], [[[27, 15]], 30, -1], [CellError.NA, 30], ["abc", 30],
        [True, 30], [[[27], [CellError.CALC]], 30], [[[1], [2]], [[1], [2], [3]]],
    ):  # fmt: skip
        cells = [
            [[to_office(c) for c in r] for r in a] if isinstance(a, list) else [[to_office(a)]] for a in args
        ]
        call = {"func_name": "PERF_SCORE", "args": cells + [None] * (4 - len(cells))}
        single = _http(url + SINGLE, {"client": "Office.js", "version": "", "runtime": "1.4", **call})
        batch = _http(url + BATCH, {"runtime": "1.4", "calls": [call]})
        assert (single[0], batch[0]) == (200, 200)
        assert json.loads(single[2])["result"] == json.loads(batch[2])["results"][0]["result"]


# From outside


def test_one_bad_call_stops_no_other(url):
    good = {"func_name": "DEFLUSSO_INDEX", "args": [[[1]], [[2]]]}
    calls = [
        {"func_name": "ALTRO", "args": []}, good, None, {"func_name": ["DEFLUSSO_INDEX"], "args": []},
        {"func_name": "__builtins__", "args": []}, {"func_name": "DEFLUSSO_INDEX", "args": "x"},
        {"func_name": "DEFLUSSO_INDEX", "args": [[[1]]] * 50}, {"func_name": "DEFLUSSO_INDEX", "args": [{}, 1]},
        good,
    ]  # fmt: skip
    status, _, text = _http(url + BATCH, {"runtime": "1.3", "calls": calls})
    assert status == 200
    unknown = {"error": "Funzione sconosciuta: aggiornare il componente in Excel."}
    assert json.loads(text)["results"] == [
        unknown, {"result": [[0.5]]}, unknown, unknown, unknown, {"error": "Gli argomenti non sono un elenco."},
        {"result": [["#VALUE!"]]}, {"result": [["#VALUE!"]]}, {"result": [[0.5]]},
    ]  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff", b"[]", b"{}", b'{"calls": {}}', b'{"calls": ' + b"[" * 100_000, b"null"],
    ids=lambda body: body[:20].decode(errors="replace"),
)
def test_bad_requests_are_refused(url, body):
    status, _, text = _http(url + BATCH, body)
    assert status == 400
    assert json.loads(text)["detail"]


def test_too_many_calls_are_refused(url):
    status, _, text = _http(url + BATCH, {"calls": [None] * 5_001})
    assert (status, json.loads(text)) == (400, {"detail": "Serve un elenco di chiamate, al massimo 5000."})


@pytest.mark.parametrize("body", [b"", b"{", b"{}", b'{"func_name": "x", "args": []}', b"[" * 100_000])
def test_no_traceback_goes_out(url, body):
    status, _, text = _http(url + SINGLE, body)
    assert status in {400, 422, 500}
    assert "Traceback" not in text
    assert "Error(" not in text


def test_headers(url):
    _, headers, _ = _http(f"{url}/taskpane.html", Origin="https://altro.example")
    assert "Access-Control-Allow-Origin" not in headers
    assert "server" not in headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store, max-age=0"


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="needs Linux's table of sockets")
def test_listens_on_loopback_only(url):
    port = f"{int(url.rsplit(':', 1)[1]):04X}"
    listening = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text(encoding="ascii").splitlines()[1:]:
            _, local, _, state, *_ = line.split()
            if local.endswith(f":{port}") and state == "0A":
                listening.append(local.split(":")[0])
    assert listening == [socket.inet_aton("127.0.0.1")[::-1].hex().upper()]


@pytest.mark.parametrize(
    ("key", "said"), [("", "xlwings-server needs a licence"), ("altro", "Invalid xlwings license key")]
)
def test_no_start_without_a_licence(key, said):
    require_office()
    done = subprocess.run(
        [sys.executable, "-m", "udfs.office"], cwd=ROOT, env=environment(XLWINGS_LICENSE_KEY=key),
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert said in done.stderr
    assert "XLWINGS_LICENSE_KEY" in done.stderr
    assert "Traceback" not in done.stderr


def test_behind_a_proxy_with_sign_on():
    """Below a path, under another host name, calls only with credentials (xlwings-server's sample provider)."""
    require_office()
    settings = {
        "XLWINGS_APP_PATH": "/perf",
        "XLWINGS_STATIC_URL_PATH": "/perf/static",
        "XLWINGS_HOSTNAME": "fogli.example",
        "XLWINGS_AUTH_PROVIDERS": '["custom"]',
        "XLWINGS_CORS_ALLOW_ORIGINS": '["*"]',
    }
    with server(**settings) as url:
        _, strings = _manifest(_http(f"{url}/perf/manifest.xml")[2])
        assert strings["Code.Url"] == "https://fogli.example/perf/xlwings/custom-functions-code.js"
        assert strings["Icon.16"] == "https://fogli.example/perf/static/images/icons/xl_perf-16.png"
        call = {"func_name": "DEFLUSSO_INDEX", "args": [[[1]], [[2]]]}
        for path, body in ((BATCH, {"calls": [call]}), (SINGLE, {"runtime": "1.4", "version": "", **call})):
            status, _, text = _http(f"{url}/perf{path}", body, Authorization="altro")
            assert status == 401
            assert "0.5" not in text
        accepted = _http(f"{url}/perf{BATCH}", {"calls": [call]}, Authorization="test-token")
        assert json.loads(accepted[2]) == {"results": [{"result": [[0.5]]}]}
        meta = _http(f"{url}/perf/xlwings/custom-functions-meta.json", Origin="https://excel.example")
        assert meta[1]["Access-Control-Allow-Origin"] == "*"
        with Excel(f"{url}/perf") as excel:
            (refused,) = excel.raw(("DEFLUSSO_INDEX", [[[1]], [[2]]]))
            assert refused["thrown"] == "#VALUE!"
            assert excel.problems == [f"401 {url}/perf{BATCH}"]
            excel.run("void (globalThis.getAuth = async () => ({ token: 'test-token', provider: 'custom' }))")
            assert excel("DEFLUSSO_INDEX", 1, 2) == [[0.5]]


def test_start_answers_the_question_for_pyodide():
    """What makes large ranges fast: xlwings asks for each argument whether it runs in a browser."""
    path = ROOT / "udfs" / "office" / "project" / "lifespan.py"
    text = "import runpy, sys; runpy.run_path(sys.argv[1]); print(sys.modules['pyodide.ffi'])"
    done = subprocess.run(
        [sys.executable, "-c", text, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout == "None\n"
