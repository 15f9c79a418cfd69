"""Parts of the Office.js add-in that run without its extra: cells, the gate, the command, and that it stays
an extra.
"""

from __future__ import annotations

import ast
import asyncio
import json
import sys
import tomllib
from pathlib import Path

import pytest

from tests.cases.loader import agrees
from tests.office_chromium import ERROR_TYPES, to_office
from udfs.office import __main__ as command
from udfs.office.calls import call
from udfs.office.cells import rows_in, rows_out
from udfs.office.gate import MOST_BYTES, Gate
from xl_perf.catalog import FUNCTIONS
from xl_perf.values import CellError

ROOT = Path(__file__).parents[1]

# Cells. Shapes of arguments and errors: Microsoft's "Custom functions and data types".


@pytest.mark.parametrize(
    ("argument", "rows"),
    [
        (None, None),
        ([[27]], [[27]]),
        ([[None]], [[None]]),
        ([[""]], [[""]]),
        ([[1, 2, 3]], [[1, 2, 3]]),
        ([[1], [2]], [[1], [2]]),
        ([[True, "TORINO"]], [[True, "TORINO"]]),
        # xlwings shortens one cell to a value and one row to a list
        (27, [[27]]),
        ([1, 2, 3], [[1, 2, 3]]),
        ([], [[None]]),
        # cells with a data type
        ([[{"type": "FormattedNumber", "basicValue": 44927, "numberFormat": "gg/mm/aaaa"}]], [[44927]]),
        ([[{"type": "Double", "basicValue": 1.5}]], [[1.5]]),
        (
            [[{"type": "Entity", "basicType": "Error", "basicValue": "#VALUE!", "text": "x"}]],
            [[CellError.VALUE]],
        ),
        # errors: of data types, of CustomFunctions.Error, one that other front ends do not have
        ([[{"type": "Error", "basicValue": "#N/A", "errorType": "NotAvailable"}]], [[CellError.NA]]),
        ([[{"code": "#DIV/0!", "message": ""}]], [[CellError.DIV0]]),
        ([[{"type": "Error", "basicValue": "#BUSY!", "errorType": "Busy"}]], [[CellError.VALUE]]),
        # what Excel never sends
        ([[{}]], [[CellError.VALUE]]),
        ([[[1]]], [[CellError.VALUE]]),
        ([[1], 2], [[1], [2]]),
    ],
)
def test_arguments(argument, rows):
    found = rows_in(argument)
    assert found == rows
    assert found is None or [type(c) for r in found for c in r] == [type(c) for r in rows for c in r]


def test_results():
    assert rows_out(110.0, "1.4") == [[110.0]]
    assert rows_out([[1.0, ""], [None, True]], "1.4") == [[1.0, ""], ["", True]]
    assert rows_out("#1 in classifica", "1.4") == [["#1 in classifica"]]


@pytest.mark.parametrize("error", ERROR_TYPES, ids=str)
def test_errors_both_ways(error):
    assert rows_in([[to_office(error)]]) == [[error]]
    assert rows_out(error, "1.4") == [[{"type": "Error", "errorType": ERROR_TYPES[error]}]]
    assert rows_out(error, "1.10") == rows_out(error, "2.0") == rows_out(error, "1.4")
    for old in ("1.1", "1.3", None, "?"):
        assert rows_out(error, old) == [[str(error)]]


VECTORISED = [function for function in FUNCTIONS.values() if function.vectorised]


@pytest.mark.parametrize("function", VECTORISED, ids=lambda function: function.name)
def test_large_ranges_give_what_small_ones_give(function):
    """1,200 rows in one go, and row by row; empty cells, zeros, negative and huge numbers among them."""
    cells_ = [3.5, 0, -1, None, 10, 2.25, 1e308, 10**400, None, 1, 7, 0.5]
    columns = [
        [[cells_[(row + 5 * place + row // 12) % 12]] for row in range(1_200)]
        for place in range(sum(not argument.name.startswith("peso") for argument in function.arguments))
    ]  # weights are left out: numbers such as these are none
    without_the_largest = [
        [[None if value == 10**400 else value] for (value,) in column] for column in columns
    ]
    for given in (columns, without_the_largest):
        large = call(function.name, given, "1.3")
        small = [call(function.name, [[column[row]] for column in given], "1.3")[0] for row in range(1_200)]
        assert all(agrees(a, b, 1e-12) for a, b in zip(large, small, strict=True))
        kinds = {type(row[0]) for row in large}
        assert float in kinds or function.name == "PERF_NECESSARIO", "its scores are out of the range"
        assert len(kinds) > 1


def test_large_ranges_with_other_cells():
    column = [[float(number)] for number in range(1, 1_201)]
    with_text = [*column[:-1], ["12,5"]]
    assert call("DEFLUSSO_INDEX", [with_text, [[1]]], "1.3") == [*column[:-1], ["#VALUE!"]]
    with_boolean = [*column[:-1], [True]]
    assert call("DEFLUSSO_INDEX", [with_boolean, [[1]]], "1.3") == [*column[:-1], ["#VALUE!"]]
    assert call("DEFLUSSO_INDEX", [column, with_text], "1.3")[-2:] == [[1.0], ["#VALUE!"]]
    assert call("DEFLUSSO_INDEX", [column, column[1:]], "1.3") == [["#VALUE!"]]
    uneven = [*column[:-1], [1.0, 2.0]]
    assert (
        call("DEFLUSSO_INDEX", [uneven, [[1]]], "1.3")[0]
        == call("DEFLUSSO_INDEX", [uneven[-3:], [[1]]], "1.3")[0]
    )


def test_a_fault_of_ours_stays_inside(monkeypatch, caplog):
    from udfs.office import calls

    def broken(*_):
        raise ZeroDivisionError("segreto")

    monkeypatch.setattr(calls, "call", broken)
    answer = calls.answer_to({"func_name": "DEFLUSSO_INDEX", "args": []}, "1.4")
    assert answer == {"error": "Errore interno del server: il registro del server dice quale."}
    assert "segreto" in caplog.text


# The gate


async def _application(scope, receive, send):
    """Answers with the size of the body."""
    size, more = 0, True
    while more and scope["type"] == "http":
        message = await receive()
        size, more = size + len(message["body"]), message["more_body"]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": json.dumps(size).encode()})


def _ask(method, path, parts=(b"",), headers=(), kind="http", gate=None):
    """(status, answer) of a request whose body comes in parts."""
    gate = gate or Gate(_application, most_bytes=10)
    sent = []
    coming = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    coming[-1]["more_body"] = False

    async def receive():
        return coming.pop(0)

    async def send(message):
        sent.append(message)

    scope = {"type": kind, "method": method, "path": path, "headers": list(headers)}
    asyncio.run(gate(scope, receive, send))
    if kind != "http":
        return sent
    return sent[0]["status"], json.loads(sent[1]["body"])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("HEAD", "/"),
        ("GET", "/taskpane.html"),
        ("GET", "/manifest.xml"),
        ("GET", "/static/js/main.js"),
        ("GET", "/xlwings/custom-functions-meta.json"),
        ("POST", "/xlperf/batch"),
        ("OPTIONS", "/xlperf/batch"),
    ],
)
def test_open_paths(method, path):
    assert _ask(method, path) == (200, 0)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/xlwings/custom-scripts-call/hello_world"),
        ("GET", "/xlwings/alert"),
        ("GET", "/xlperf/batch"),
        ("PUT", "/xlperf/batch"),
        ("POST", "/"),
        ("POST", "/static/js/main.js"),
        ("GET", "/staticcose"),
        ("GET", "/docs"),
        ("GET", ""),
        ("GET", "//taskpane.html"),
        ("OPTIONS", "/docs"),
    ],
)
def test_closed_paths(method, path):
    assert _ask(method, path) == (404, {"detail": "Indirizzo inesistente."})


def test_paths_below_a_prefix():
    gate = Gate(_application, app_path="/perf", static_path="/perf/static")
    assert _ask("GET", "/perf/taskpane.html", gate=gate)[0] == 200
    assert _ask("GET", "/perf/static/js/main.js", gate=gate)[0] == 200
    assert _ask("GET", "/taskpane.html", gate=gate)[0] == 404
    assert _ask("GET", "/static/js/main.js", gate=gate)[0] == 404
    assert _ask("GET", "/performance", gate=gate)[0] == 404


def test_web_sockets_are_refused():
    assert _ask("GET", "/socket.io/", kind="websocket") == [{"type": "websocket.close", "code": 1008}]


BATCH = ("POST", "/xlperf/batch")


def test_size_limit():
    assert _ask(*BATCH, parts=(b"12345", b"67890")) == (200, 10)
    status, answer = _ask(*BATCH, parts=(b"12345", b"678901"))
    assert status == 413
    assert answer["detail"].startswith("Richiesta troppo grande")
    # announced: refused without reading when far too large, and even when fewer bytes come
    assert _ask(*BATCH, parts=(b"1",), headers=[(b"content-length", b"999999")])[0] == 413
    assert _ask(*BATCH, parts=(b"1",), headers=[(b"content-length", b"11")])[0] == 413
    # a body without end is not read to its end
    assert _ask(*BATCH, parts=[b"12345"] * 1000)[0] == 413
    # an announced length that is no number does not count
    assert _ask(*BATCH, parts=(b"1",), headers=[(b"content-length", b"molti")]) == (200, 1)


def test_the_limit_takes_large_ranges():
    # 100,000 cells of 15 digits, with brackets and comma
    assert len(json.dumps([[123456.789012345]] * 100_000)) < MOST_BYTES


def test_a_request_that_stops_coming(monkeypatch):
    from udfs.office import gate

    monkeypatch.setattr(gate, "_SECONDS", 0.01)

    async def application(*_):
        raise AssertionError("not to be called")

    async def receive():
        await asyncio.sleep(10)

    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/xlperf/batch", "headers": []}
    asyncio.run(Gate(application)(scope, receive, send))
    assert sent[0]["status"] == 408


# The command


@pytest.mark.parametrize(
    "arguments", [["--host", "0.0.0.0"], ["--host", "perf.example"], ["--cert", "x.pem"], ["--key", "x.pem"]]
)
def test_wrong_usage(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        command.main(arguments)
    assert stopped.value.code == 2
    assert "--behind-proxy" in capsys.readouterr().err or "--cert" in arguments or "--key" in arguments


def test_missing_extra_is_named(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    for host in ("127.0.0.1", "127.0.0.2", "::1", "localhost"):
        assert command.main(["--host", host]) == 1
        assert "pip install 'xl-perf[office]'" in capsys.readouterr().err


# An extra it stays


def test_the_package_does_not_depend_on_the_extra():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert not any("xlwings-server" in need for need in project["dependencies"])
    others = {name: needs for name, needs in project["optional-dependencies"].items() if name != "office"}
    assert not any(
        "office" in need or "xlwings-server" in need for needs in others.values() for need in needs
    )
    assert project["optional-dependencies"]["office"] == ["xlwings-server>=1.20.0,<1.21"]


def test_only_the_add_in_imports_the_extra():
    def imported(path):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield node.module or ""

    users = {
        path.relative_to(ROOT).parts[:2]
        for folder in ("xl_perf", "udfs")
        for path in (ROOT / folder).rglob("*.py")
        for name in imported(path)
        if name.split(".")[0] in {"xlwings_server", "fastapi", "uvicorn", "starlette"}
        or name.startswith(("xlwings.pro", "xlwings.server"))
    }
    assert users == {("udfs", "office")}
