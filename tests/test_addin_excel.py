"""The Excel add-in as a file: package, modules, settings; other programs read it back."""

from __future__ import annotations

import importlib.util
import io
import re
import subprocess
import sys
import types
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from pyopenvba.excel import ExcelFile

from tests.vba_reader import read_modules
from tests.windows_com import com_server
from xl_perf import __version__
from xl_perf.addins import excel as builder
from xl_perf.addins.excel import addin, build, guide, settings
from xl_perf.addins.excel_runtime import signature_digest, versions, xlwings_version
from xl_perf.addins.excel_vba import (
    ACTIONS_MODULE,
    FUNCTIONS_MODULE,
    VERSIONS_MODULE,
    argument_names,
    literal,
    modules,
)
from xl_perf.catalog import FUNCTIONS
from xl_perf.cli import main
from xl_perf.errors import PerfError

XLWINGS = "0.37.8"
DATA = addin(XLWINGS)
ENTRIES = pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda f: f.name)


@pytest.fixture(scope="module")
def sources():
    """Module name -> source as olevba reads it."""
    return read_modules("xl_perf.xlam", DATA)


def test_olevba_reads_the_modules_back(sources):
    written = {module.name: module.source for module in modules(FUNCTIONS.values(), XLWINGS)}
    # olevba gives the document modules without their attributes that Excel hides
    assert {name: source.replace("\r\n", "\n") for name, source in sources.items()} == {
        name: source.replace("\r\n", "\n") for name, source in written.items()
    }


def test_another_reader_gives_the_same(sources, tmp_path):
    path = tmp_path / "xl_perf.xlam"
    path.write_bytes(DATA)
    with ExcelFile(path) as file:
        project = file.vba_project()
        assert {module.name: module.source for module in project.modules} == sources


def test_the_package_is_an_add_in():
    with zipfile.ZipFile(io.BytesIO(DATA)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        types_part = ET.fromstring(archive.read("[Content_Types].xml"))
        relations = {
            name: [element.get("Target") for element in ET.fromstring(archive.read(name))]
            for name in names
            if name.endswith(".rels")
        }
        for name in names:
            if name.endswith((".xml", ".rels")):
                ET.fromstring(archive.read(name))
    kinds = {
        element.get("PartName") or element.get("Extension"): element.get("ContentType")
        for element in types_part
    }
    assert names[0] == "[Content_Types].xml"
    assert kinds["/xl/workbook.xml"] == "application/vnd.ms-excel.addin.macroEnabled.main+xml"
    assert kinds["bin"] == "application/vnd.ms-office.vbaProject"
    assert {name for name in kinds if name.startswith("/")} <= {f"/{name}" for name in names}
    assert [t for t in relations["_rels/.rels"] if t not in names] == []
    assert [t for t in relations["xl/_rels/workbook.xml.rels"] if f"xl/{t}" not in names] == []
    assert not [name for name in names if "external" in name.lower()]


def test_the_ribbon_calls_macros_that_are_there(sources):
    with zipfile.ZipFile(io.BytesIO(DATA)) as archive:
        part = ET.fromstring(archive.read("customUI/customUI14.xml"))
    namespace = "{http://schemas.microsoft.com/office/2009/07/customui}"
    buttons = [element.attrib for element in part.iter(f"{namespace}button")]
    assert [button["label"] for button in buttons] == ["Ricarica obiettivi", "Ripristina", "Stato", "Riavvia"]
    assert len({element.get("id") for element in part.iter() if element.get("id")}) == 2 + 1 + len(buttons)
    commands = sources["XlPerfComandi"]
    assert {button["onAction"] for button in buttons} == {"XLPERF_PULSANTE"}
    assert "Public Sub XLPERF_PULSANTE(ByVal pulsante As Object)" in commands
    cases = dict(re.findall(r'Case "(\w+)": (\w+)', commands))
    assert set(cases) == {button["id"] for button in buttons}
    assert all(f"Public Sub {macro}()" in commands for macro in cases.values())


def test_the_same_catalogue_gives_the_same_bytes():
    assert addin(XLWINGS) == DATA
    assert addin("0.36.0") != DATA


@pytest.mark.libreoffice
def test_libreoffice_opens_the_package(office, tmp_path):
    # LibreOffice takes no .xlam, not even Excel's own: the same parts are given the type of a workbook with macros
    path = tmp_path / "xl_perf.xlsm"
    with zipfile.ZipFile(io.BytesIO(DATA)) as archive, zipfile.ZipFile(path, "w") as copy:
        for name in archive.namelist():
            copy.writestr(name, archive.read(name).replace(b"excel.addin.macro", b"excel.sheet.macro"))
    (converted,) = office.convert([path], "csv")
    assert converted.read_text(encoding="utf-8").startswith("xl_perf: questo componente aggiuntivo")


@ENTRIES
def test_one_function_for_each_entry(sources, function):
    found = re.findall(
        rf"(?m)^Public Function {function.name}\((.*)\) As Variant\r?$", sources["XlPerfFunzioni"]
    )
    assert len(found) == 1
    parameters = [
        re.fullmatch(r"(Optional )?ByRef (\w+?)_? As Variant", text).groups() for text in found[0].split(", ")
    ]
    assert [(name, optional is not None) for optional, name in parameters] == [
        (argument.name, argument.optional) for argument in function.arguments
    ]


def test_no_other_function_is_there(sources):
    found = re.findall(
        r"(?m)^Public (?:Function|Sub) (\w+)", sources["XlPerfFunzioni"] + sources["XlPerfComandi"]
    )
    assert found == [
        *FUNCTIONS, "XLPERF_VERSIONE", "XLPERF_AVVIA", "XLPERF_RIAVVIA", "XLPERF_STATO", "XLPERF_RICARICA",
        "XLPERF_RIPRISTINA", "XLPERF_PULSANTE",
    ]  # fmt: skip
    private = [name for name, source in sources.items() if "Option Private Module" in source]
    assert private == ["XlPerfAiuto", "XlPerfPonte", "XlPerfAzioni"]


@pytest.fixture
def generated_by_xlwings():
    """The VBA that xlwings itself writes for `udfs.excel`, with stand-ins for Windows."""
    with com_server():
        text = io.StringIO()
        sys.modules["xlwings.udfs"].generate_vba_wrapper(
            "udfs.excel", sys.modules["udfs.excel"], text, types.SimpleNamespace(Name="perf.xlam")
        )
    return text.getvalue()


def test_the_calls_are_those_that_xlwings_writes(sources, generated_by_xlwings):
    # same Python module, function and order of arguments; but no workbook and no caller go along
    theirs = re.findall(
        r'CallUDF\("([\w.]+)", "(\w+)", Array\((.*?)\), ActiveWorkbook, Application.Caller\)',
        generated_by_xlwings,
    )
    ours = re.findall(r'Chiama\("(\w+)", Array\((.*)\)\)', sources["XlPerfFunzioni"])
    ours = {name: re.findall(r"ValoriDi\((\w+?)_?\)", arguments) for name, arguments in ours}
    assert ours == {
        name: arguments.split(", ") for module, name, arguments in theirs if module == FUNCTIONS_MODULE
    }
    assert len(theirs) == len(FUNCTIONS)


def test_nothing_of_the_received_workbook_is_read(sources):
    """But by an action that the user chose."""
    calling = [name for name, source in sources.items() if "XlPerfAzioni.Esegui" in source]
    assert calling == ["XlPerfComandi"]
    assert sources["XlPerfAzioni"].count("ActiveWorkbook") == 1
    text = "\n".join(sources.values()).replace("Application.ActiveWorkbook", "", 1)
    for word in (
        "ActiveWorkbook",
        "ActiveSheet",
        "ActiveCell",
        "Application.Caller",
        "CurDir",
        "Shell",
        "cmd.exe",
        "http",
    ):
        assert word.lower() not in text.lower()


def test_versions_are_written_into_the_bridge(sources):
    bridge = sources["XlPerfPonte"]
    assert "@" not in "\n".join(sources.values())
    assert f'VERSIONE As String = "{__version__}"' in bridge
    assert f'IMPRONTA As String = "{signature_digest()}"' in bridge
    assert bridge.count('Lib "xlwings64-0.37.8.dll"') == bridge.count('Lib "xlwings32-0.37.8.dll"') == 1


def test_python_modules_that_the_bridge_names_exist():
    for name in (FUNCTIONS_MODULE, VERSIONS_MODULE, ACTIONS_MODULE):
        assert importlib.util.find_spec(name) is not None
    told = dict(line.split("=", 1) for line in versions().splitlines())
    assert list(told) == ["xl_perf", "xlwings", "python", "edizione", "impronta"]


def test_one_spelling_for_each_name(sources):
    # VBA keeps one spelling of a name per project: another one would change what the wizard shows
    spellings = {}
    for source in sources.values():
        code = re.sub(r'"[^"\r\n]*"|\'.*', "", source)
        for word in re.findall(r"[A-Za-z]\w*", code):
            spellings.setdefault(word.casefold(), set()).add(word)
    assert [words for words in spellings.values() if len(words) > 1] == []


def test_argument_that_vba_reserves_is_refused():
    function = next(iter(FUNCTIONS.values()))
    bad = replace(function, arguments=(replace(function.arguments[0], name="Next"),))
    with pytest.raises(PerfError, match="word of VBA"):
        argument_names(bad, ())
    assert argument_names(
        replace(function, arguments=(replace(function.arguments[0], name="obiettivo"),)), {"obiettivo"}
    ) == ["obiettivo_"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", '""'),
        ('così "è"', '"così ""è"""'),
        ("a ≤ b", '"a " & ChrW$(8804) & " b"'),
        ("𝛼", "ChrW$(55349) & ChrW$(57084)"),  # U+1D6FC as UTF-16: D835 DEFC
    ],
)
def test_texts_in_vba(text, code):
    assert literal(text) == code


def test_build_writes_three_files_and_keeps_settings(tmp_path):
    built = build(tmp_path / "out", "C:\\Python311\\python.exe")
    assert [path.name for path in sorted((tmp_path / "out").iterdir())] == [
        "LEGGIMI.txt",
        "xl_perf.conf",
        "xl_perf.xlam",
    ]
    assert built.addin.read_bytes() == addin(xlwings_version())
    text = built.settings.read_bytes().decode("utf-8-sig")
    assert "\r\ninterprete = C:\\Python311\\python.exe\r\n" in text
    assert not built.settings_kept
    built.settings.write_bytes(b"interprete = D:\\mio\\python.exe")
    assert build(tmp_path / "out").settings_kept
    assert built.settings.read_bytes() == b"interprete = D:\\mio\\python.exe"


def test_settings_to_fill_in_have_no_interpreter():
    lines = settings().decode("utf-8-sig").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == []
    lines = settings("C:\\p\\python.exe", "D:\\dll").decode("utf-8-sig").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == [
        "interprete = C:\\p\\python.exe",
        "dll = D:\\dll",
    ]


def test_windows_fills_in_its_own_paths(monkeypatch):
    python = Path("/opt/Python311/python.exe")
    monkeypatch.setattr(builder.sys, "platform", "win32")
    monkeypatch.setattr(builder.sys, "executable", str(python))
    assert builder.running_interpreter() == str(python)

    def files(place):
        file = types.SimpleNamespace(name="xlwings64-0.37.8.dll", locate=lambda: Path(place))
        return lambda _: [types.SimpleNamespace(name="other.py"), file]

    for place, expected in [
        ("/opt/Python311/xlwings64-0.37.8.dll", ""),
        ("/opt/xlwings64-0.37.8.dll", ""),
        ("/home/anna/Python/xlwings64-0.37.8.dll", "/home/anna/Python"),
    ]:
        monkeypatch.setattr(builder.metadata, "files", files(place))
        assert builder.dll_folder("0.37.8") == expected
    assert builder.dll_folder("0.1") == ""


def test_guide_names_the_versions():
    text = guide(XLWINGS).decode("utf-8-sig")
    assert f"versione {__version__}, per xlwings 0.37.8" in text
    assert "@" not in text
    assert len(text.splitlines()) < 66, "one page"
    assert max(len(line) for line in text.splitlines()) <= 120


def test_build_without_xlwings_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(builder, "xlwings_version", lambda: "")
    with pytest.raises(PerfError, match="xlwings is not installed"):
        build(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_command(tmp_path, capsys):
    assert main(["addin", "excel", "--out", str(tmp_path), "--interpreter", "C:\\p\\python.exe"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        str(tmp_path / name) for name in ("xl_perf.xlam", "xl_perf.conf", "LEGGIMI.txt")
    ]
    assert main(["addin", "excel", "--out", str(tmp_path)]) == 0
    assert "kept" in capsys.readouterr().out
    (tmp_path / "file").write_text("")
    assert main(["addin", "excel", "--out", str(tmp_path / "file")]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_building_needs_no_engine_and_no_xlwings_import():
    code = (
        "import sys; from xl_perf.addins.excel import addin; addin('0.1');"
        "print([m for m in ('xlwings', 'formualizer', 'numpy', 'openpyxl') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
