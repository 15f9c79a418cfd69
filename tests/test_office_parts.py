"""Parts of the Office.js add-in that run without a browser: cells, calls, texts, Pyodide, the server for trials."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
import zipfile
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest

from tests.office_chromium import ERROR_TYPES, to_office
from udfs.office import calls
from udfs.office.calls import answers
from udfs.office.cells import rows_in, rows_out
from xl_perf import __version__
from xl_perf.actions.guide import SAID
from xl_perf.addins import office, office_pyodide, office_serve, office_texts
from xl_perf.addins.office_sources import licences, payload
from xl_perf.addins.plan_source import plan_source
from xl_perf.catalog import FUNCTIONS
from xl_perf.cli import main
from xl_perf.errors import PerfError, UsageError
from xl_perf.plan import load_edition
from xl_perf.values import CellError

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
        # one cell or one row, by itself
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


# Calls


def _answers(*asked, runtime="1.4"):
    return json.loads(answers(json.dumps({"runtime": runtime, "calls": asked})))


def test_one_bad_call_stops_no_other():
    good = ["DEFLUSSO_INDEX", [[[1]], [[2]]]]
    unknown = [None, "Funzione sconosciuta: chiudere e riaprire Excel."]
    assert _answers(["ALTRO", []], good, ["DEFLUSSO_INDEX", [[[1]]] * 50], good, runtime="1.3") == [
        unknown, [[[0.5]]], [[["#VALUE!"]]], [[[0.5]]]
    ]  # fmt: skip


def test_a_fault_of_ours_is_named(monkeypatch, capsys):
    def broken(*_):
        raise ZeroDivisionError("dettaglio")

    monkeypatch.setattr(calls, "call", broken)
    assert _answers(["DEFLUSSO_INDEX", []]) == [
        [None, "Errore interno del componente XL_PERF: ZeroDivisionError"]
    ]
    assert "dettaglio" in capsys.readouterr().err


def test_rows_of_a_range():
    column = [[float(number)] for number in range(1, 1_201)]
    with_text = [*column[:-1], ["12,5"]]
    assert _answers(["DEFLUSSO_INDEX", [with_text, [[1]]]], runtime="1.3") == [[[*column[:-1], ["#VALUE!"]]]]
    assert _answers(["DEFLUSSO_INDEX", [column, column[1:]]], runtime="1.3") == [[[["#VALUE!"]]]]


# Texts

OFFICE = "{http://schemas.microsoft.com/office/appforoffice/1.1}"
OVERRIDES = "{http://schemas.microsoft.com/office/taskpaneappversionoverrides}"
BASIC = "{http://schemas.microsoft.com/office/officeappbasictypes/1.0}"
URL = "https://fogli.ente.example/xl_perf/"


def test_manifest():
    root = ET.fromstring(office_texts.manifest(URL, __version__))
    strings = {node.get("id"): node.get("DefaultValue") for node in root.iter() if node.tag.startswith(BASIC)}
    used = {node.get("resid") for node in root.iter() if node.get("resid")}
    assert used <= strings.keys(), "every resid has its resource"
    assert root.findtext(f"{OFFICE}Version") == f"{__version__}.0"
    assert root.findtext(f"{OFFICE}DefaultLocale") == "it-IT"
    assert strings["Namespace"] == "XLPERF"
    assert [node.text for node in root.iter(f"{OVERRIDES}FunctionName")] == [
        name for group in office_texts.BUTTONS.values() for name in group
    ]
    points = [
        node for node in root.iter(f"{OVERRIDES}ExtensionPoint") if "CustomFunctions" in node.attrib.values()
    ]
    parts = [{node.tag.removeprefix(OVERRIDES) for node in point} for point in points]
    assert parts == [{"Script", "Page", "Metadata", "Namespace"}]
    # below Microsoft's limits for short and long strings
    for kind, most in (("ShortStrings", 125), ("LongStrings", 250)):
        assert max(len(node.get("DefaultValue")) for node in root.find(f".//{BASIC}{kind}")) <= most


ORDER = {
    "OfficeApp": "Id AlternateId Version ProviderName DefaultLocale DisplayName Description IconUrl"
    " HighResolutionIconUrl SupportUrl AppDomains Hosts Requirements DefaultSettings Permissions VersionOverrides",
    "VersionOverrides": "Description Requirements Hosts Resources",
    "Host": "Runtimes AllFormFactors DesktopFormFactor",
    "DesktopFormFactor": "GetStarted FunctionFile ExtensionPoint",
    "ExtensionPoint": "Script Page Metadata Namespace OfficeTab CustomTab",
    "CustomTab": "Group Label",
    "Group": "Label Icon Control",
    "Control": "Label Supertip Icon Action",
    "Supertip": "Title Description",
    "Action": "FunctionName",
    "Resources": "Images Urls ShortStrings LongStrings",
}
"""Element -> what may stand in it, in the order that [MS-OWEMXML] prescribes: Excel loads no manifest with another.

Beside this, the manifest was held against Microsoft's schema files by hand (decision 18).
"""


def test_manifest_has_the_order_of_the_schema():
    root = ET.fromstring(office_texts.manifest(URL, __version__))
    seen = set()
    for node in root.iter():
        name = node.tag.rpartition("}")[2]
        children = [child.tag.rpartition("}")[2] for child in node]
        if name not in ORDER or not children:
            continue
        seen.add(name)
        order = ORDER[name].split()
        places = [order.index(child) for child in children]
        assert places == sorted(places), name
    assert seen == ORDER.keys()
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    assert max(map(len, ids)) <= 32
    for icon in root.iter(f"{OVERRIDES}Icon"):
        assert [image.get("size") for image in icon] == ["16", "32", "80"]


def test_the_ribbon_has_the_actions_by_their_names():
    named = {label for group in office_texts.BUTTONS.values() for label, _ in group.values()}
    assert named == set(SAID)


def test_another_address_is_another_add_in():
    ids = {
        ET.fromstring(office_texts.manifest(url, "1")).findtext(f"{OFFICE}Id")
        for url in (URL, "https://b.example/")
    }
    assert len(ids) == 2
    assert office_texts.manifest(URL, "1") == office_texts.manifest(URL, "1")


def test_list_of_functions_is_the_catalogue():
    told = json.loads(office_texts.functions_json(list(FUNCTIONS.values())))
    assert told["allowErrorForDataTypeAny"] is True
    assert [entry["name"] for entry in told["functions"]] == list(FUNCTIONS)
    for entry, function in zip(told["functions"], FUNCTIONS.values(), strict=True):
        assert (entry["id"], entry["description"]) == (function.name, function.help)
        assert entry["result"] == {"dimensionality": "matrix", "type": "any"}
        assert [(p["name"], p["description"], p.get("optional", False)) for p in entry["parameters"]] == [
            (a.name, a.help, a.optional) for a in function.arguments
        ]
        assert {(p["dimensionality"], p["type"]) for p in entry["parameters"]} <= {("matrix", "any")}


def test_web_config_has_the_headers_and_the_kinds():
    root = ET.fromstring(office_texts.web_config())
    assert {node.get("name"): node.get("value") for node in root.iter("add")} == office_texts.HEADERS
    assert {node.get("fileExtension") for node in root.iter("mimeMap")} >= {".mjs", ".wasm", ".json", ".bin"}


@pytest.mark.parametrize(
    "url",
    [
        "",
        "fogli.ente.example",
        "http://fogli.ente.example",
        "ftp://x/",
        "https://",
        "https://x/?a",
        "https://x/#a",
    ],
)
def test_addresses_that_excel_would_not_take(url, tmp_path):
    with pytest.raises(UsageError):
        office.build(url, tmp_path)
    assert list(tmp_path.iterdir()) == []


# What goes along


def test_sources_are_whole():
    found = dict(payload())
    assert len(found) == len(list(payload())), "no file twice"
    assert "xl_perf/plan/library.py" in found
    assert "XL_PERF_DATA" in found["xl_perf/plan/library.py"]
    assert "plan_data" in found["xl_perf/plan/__init__.py"]
    assert plan_source(load_edition()) in found.values()
    assert {name.split("/")[0] for name in licences()} == {"openpyxl", "et_xmlfile"}


def test_installed_editions_go_into_the_zip(tmp_path, monkeypatch):
    monkeypatch.setenv("XL_PERF_DATA", str(tmp_path))
    assert zipfile.ZipFile(BytesIO(office.editions_zip())).namelist() == []
    folder = tmp_path / "edizioni"
    (folder / "prova-123").mkdir(parents=True)
    (folder / "prova-123" / "edition.toml").write_text("x", encoding="utf-8")
    index = {
        "id": "prova", "titolo": "Prova", "valida_dal": "2030-01-01", "ultimo_atto": "2030-01-01", "atto": "Atto",
        "impronta": "0", "cartella": "prova-123", "forzata": False,
    }  # fmt: skip
    (folder / "prova.json").write_text(json.dumps(index), encoding="utf-8")
    from xl_perf.plan import library

    library.forget()
    try:
        path = office.write_editions(tmp_path / "sito")
        assert path.name == "edizioni.zip"
        assert zipfile.ZipFile(path).namelist() == ["prova.json", "prova-123/edition.toml"]
        assert path.read_bytes() == office.editions_zip()
    finally:
        monkeypatch.undo()
        library.forget()


def test_another_file_than_pyodide_is_refused(tmp_path):
    path = tmp_path / office_pyodide.FILE
    with pytest.raises(PerfError, match="cannot be read"):
        office_pyodide.unpacked(tmp_path / "a", path)
    path.write_bytes(b"altro")
    with pytest.raises(PerfError, match="not the file of Pyodide"):
        office_pyodide.unpacked(tmp_path / "a", path)
    assert not (tmp_path / "a").exists()


def test_without_node_the_command_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(office_pyodide.shutil, "which", lambda _: None)
    with pytest.raises(PerfError, match="there is no program node") as caught:
        office_pyodide.run(["node", "x"])
    assert "Node.js" in str(caught.value)


@pytest.mark.parametrize(
    "arguments",
    [[], ["--serve", "--cert", "x.pem"], ["--serve", "--key", "x.pem"], ["--url", "http://altro.example"]],
)
def test_wrong_usage(arguments, tmp_path, capsys):
    assert main(["addin", "office", "--out", str(tmp_path), *arguments]) != 0
    assert capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


# The server for trials


def test_server(tmp_path):
    (tmp_path / "a.mjs").write_text("1", encoding="utf-8")
    made = office_serve.server(tmp_path, 0)
    threading.Thread(target=made.serve_forever).start()
    try:
        assert made.server_address[0] == "127.0.0.1"
        with urllib.request.urlopen(f"http://127.0.0.1:{made.server_port}/a.mjs") as answer:
            assert answer.headers["Content-Type"] == "text/javascript"
            assert {name: answer.headers[name] for name in office_texts.HEADERS} == office_texts.HEADERS
        with pytest.raises(urllib.error.HTTPError, match="404") as caught:
            urllib.request.urlopen(f"http://127.0.0.1:{made.server_port}/")
        caught.value.close()
        with pytest.raises(PerfError, match="cannot be used"):
            office_serve.server(tmp_path, made.server_port)
        with pytest.raises(PerfError, match="certificate"):
            office_serve.server(tmp_path, 0, (tmp_path / "x.pem", tmp_path / "y.pem"))
    finally:
        made.shutdown()
        made.server_close()
