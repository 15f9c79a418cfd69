"""The Calc add-in without LibreOffice: descriptors, values, sources for older Pythons, plan data."""

from __future__ import annotations

import ast
import datetime as dt
import io
import json
import math
import shutil
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.cases.loader import load_cases
from udfs.libreoffice import bridge
from xl_perf import __version__
from xl_perf.addins import calc_menu, calc_texts, python38
from xl_perf.addins.libreoffice import FILE_NAME, build, extension, payload
from xl_perf.addins.plan_source import plan_source
from xl_perf.catalog import FUNCTIONS, Shape
from xl_perf.cli import main
from xl_perf.errors import PerfError
from xl_perf.plan import edition_ids, load_edition
from xl_perf.values import CellError

OOR = "{http://openoffice.org/2001/registry}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

# Codes of LibreOffice's documentation ("Error Codes in LibreOffice Calc"); newer errors of Excel show as #VALUE!.
CODES = {
    "#NULL!": 521, "#DIV/0!": 532, "#VALUE!": 519, "#REF!": 524, "#NAME?": 525, "#NUM!": 503, "#N/A": 32767,
    "#SPILL!": 519, "#CALC!": 519, "#GETTING_DATA": 519,
}  # fmt: skip


@pytest.fixture(scope="module")
def parts():
    with zipfile.ZipFile(io.BytesIO(extension())) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def code_of(number):
    bits = struct.unpack("<Q", struct.pack("<d", number))[0]
    return bits & 0xFFFFFFFF if math.isnan(number) else None


# Descriptors


def test_same_bytes_again(tmp_path):
    assert build(tmp_path / "new" / "folder").read_bytes() == extension()
    assert FILE_NAME == "xl_perf.oxt"


def test_command_writes_the_file_and_says_where(tmp_path, capsys):
    assert main(["addin", "libreoffice", "--out", str(tmp_path)]) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / FILE_NAME)
    assert zipfile.is_zipfile(tmp_path / FILE_NAME)


def test_folder_that_cannot_be_made(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert main(["addin", "libreoffice", "--out", str(tmp_path / "file")]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_manifest_lists_files_that_are_there(parts):
    names = [entry.attrib for entry in ET.fromstring(parts["META-INF/manifest.xml"])]
    paths = [next(value for key, value in entry.items() if key.endswith("full-path")) for entry in names]
    assert paths[:4] == ["xlperf.idl", "component.py", "menu.py", "CalcAddIns.xcu"]
    assert paths[4:] == ["Addons.xcu", "ProtocolHandler.xcu", "Jobs.xcu", "CalcWindowState.xcu"]
    assert set(paths) <= set(parts)


def test_description_names_version_and_texts(parts):
    text = parts["description.xml"]
    root = ET.fromstring(text)
    assert root.find("{*}version").get("value") == __version__
    for source in root.iter("{http://openoffice.org/extensions/description/2006}src"):
        assert source.get("{http://www.w3.org/1999/xlink}href") in parts


def _wizard(parts):
    root = ET.fromstring(parts["CalcAddIns.xcu"])
    (info,) = root
    (service,) = info
    (functions,) = service
    names = [node.get(f"{OOR}name") for node in (info, service, functions)]
    assert names == ["AddInInfo", "XLPERF", "AddInFunctions"]
    return {node.get(f"{OOR}name"): node for node in functions}


def _texts(node, name):
    prop = next(prop for prop in node.findall("prop") if prop.get(f"{OOR}name") == name)
    return {value.get(LANG): value.text for value in prop}


def test_wizard_holds_the_catalogue_in_both_languages(parts):
    nodes = _wizard(parts)
    assert list(nodes) == [*FUNCTIONS, "USATO", "VERSIONE"]
    for function in FUNCTIONS.values():
        node = nodes[function.name]
        english = calc_texts.english()[function.name]
        assert set(_texts(node, "DisplayName").values()) == {f"XLPERF.{function.name}"}
        assert _texts(node, "Description") == {"it": function.help, "en": english.help}
        arguments = list(node.find("node"))
        assert len(arguments) == len(function.arguments)
        for place, (found, argument) in enumerate(zip(arguments, function.arguments, strict=True), start=1):
            assert found.get(f"{OOR}name") == f"arg{place}"
            assert _texts(found, "DisplayName") == {
                "it": argument.name,
                "en": english.arguments[argument.name][0],
            }
            assert _texts(found, "Description") == {
                "it": argument.help,
                "en": english.arguments[argument.name][1],
            }


def test_interface_has_a_method_for_each_function(parts):
    lines = [line for line in parts["xlperf.idl"].splitlines() if "(" in line]
    assert [line.partition("(")[0].split()[-1] for line in lines] == [*FUNCTIONS, "USATO", "VERSIONE"]
    for line, function in zip(lines[:-2], FUNCTIONS.values(), strict=True):
        assert line.count("[in] any arg") == len(function.arguments)
        assert line.startswith("any ") == (function.shape is Shape.SYNTHESIS)


def test_english_texts_are_complete_and_of_this_catalogue():
    english = {(name, key) for name, texts in calc_texts.english().items() for key in ("", *texts.arguments)}
    catalogue = {(name, key) for name, f in FUNCTIONS.items() for key in ("", *(a.name for a in f.arguments))}
    assert sorted(catalogue - english) == []
    assert sorted(english - catalogue) == []


def test_function_without_english_texts_is_shown_in_italian(monkeypatch):
    monkeypatch.setattr(calc_texts, "english", dict)
    text = calc_texts.wizard([FUNCTIONS["DEFLUSSO_INDEX"]])
    assert text.count(FUNCTIONS["DEFLUSSO_INDEX"].help) == 2
    assert '<value xml:lang="en">definiti</value>' in text


@pytest.mark.parametrize(
    "text",
    [
        '[A]\nhelp = "x"\n',
        '[A]\nhelp = "x"\narguments.b = { name = "c" }\n',
        '[A]\nhlp = "x"\narguments = {}\n',
    ],
)
def test_english_texts_that_are_not_whole_are_refused(text, tmp_path, monkeypatch):
    (tmp_path / "english.toml").write_text(text)
    monkeypatch.setattr(calc_texts, "_ENGLISH", tmp_path / "english.toml")
    with pytest.raises(PerfError, match="the entry A is not complete"):
        calc_texts.english.__wrapped__()


# Menu


def test_every_command_of_the_menu_is_there(parts):
    urls = {
        value.text
        for value in ET.fromstring(parts["Addons.xcu"]).iter("value")
        if (value.text or "").startswith("it.xl")
    }
    assert urls == {f"it.xl-perf.calc:{name}" for name in calc_menu.COMMANDS}
    done = {
        node.name.removeprefix("do_")
        for node in ast.walk(ast.parse(parts["pythonpath/xl_perf_calc/commands.py"]))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("do_")
    }
    assert done == set(calc_menu.COMMANDS)
    for name in ("ProtocolHandler.xcu", "Jobs.xcu", "CalcWindowState.xcu"):
        ET.fromstring(parts[name])


def test_the_protocol_and_components_are_those_of_the_descriptors(parts):
    for text in ("it.xlperf.Dispatch", "it.xlperf.Azioni", "it.xl-perf.calc:"):
        assert text in parts["menu.py"]
    assert "it.xlperf.Dispatch" in parts["ProtocolHandler.xcu"]
    assert "it.xlperf.Azioni" in parts["Jobs.xcu"]


def test_licences_of_others_come_along(parts):
    assert "Permission is hereby granted" in parts["licenze/openpyxl/LICENCE.rst"]
    assert any(name.startswith("licenze/et_xmlfile/") for name in parts)


def test_updates_are_asked_for_where_somebody_says_so(tmp_path, parts):
    assert "update-information" not in parts["description.xml"]
    build(tmp_path, "https://intranet.example/xl_perf/")
    with zipfile.ZipFile(tmp_path / FILE_NAME) as archive:
        told = ET.fromstring(archive.read("description.xml"))
    link = "{http://www.w3.org/1999/xlink}href"
    (source,) = told.find("{*}update-information")
    assert source.get(link) == "https://intranet.example/xl_perf/xl_perf.update.xml"
    news = ET.fromstring((tmp_path / "xl_perf.update.xml").read_text(encoding="utf-8"))
    assert news.find("{*}identifier").get("value") == told.find("{*}identifier").get("value")
    assert news.find("{*}version").get("value") == __version__
    assert news.find("{*}update-download/{*}src").get(link) == "https://intranet.example/xl_perf/xl_perf.oxt"


# Values


@pytest.mark.parametrize(("text", "code"), CODES.items())
def test_error_values_are_nan_with_the_code_of_calc(text, code):
    assert code_of(bridge.error_number(CellError(text))) == code


def test_values_of_calc():
    # 27 against 30, lower is better: 100 * (1 + 3/30) = 110
    assert bridge.call("PERF_SCORE", (27.0, 30.0, -1.0, None)) == ((110.0,),)
    assert bridge.call("PERF_SCORE", ("", 30.0, None, None)) == (("",),)
    assert bridge.call("PERF_SCORE", (((27.0,), ("",)), 30.0, -1.0, None)) == ((110.0,), ("",))
    assert code_of(bridge.call("PERF_SCORE", ("12,5", 30.0, None, None))[0][0]) == CODES["#VALUE!"]
    assert code_of(bridge.call("PERF_SCORE", (1.0, 0.0, None, None))[0][0]) == CODES["#DIV/0!"]
    # a synthesis gives one value: (1 * 0.25 + 2 * 0.75) = 1.75
    assert bridge.call("PERF_SINTESI", (((1.0,), (2.0,)), ((0.25,), (0.75,)), None)) == 1.75
    assert code_of(bridge.call("PERF_SINTESI", (((1.0,),), ((0.5,),), None)) or 0.0) == CODES["#NUM!"]


def test_long_ranges_are_cut_to_what_they_hold():
    # 1 * 0.25 + 2 * 0.75 = 1.75, with 1,048,576 rows of which two hold something
    rest = (("",),) * 1_048_574
    values, weights = ((1.0,), (2.0,), *rest), ((0.25,), (0.75,), *rest)
    assert bridge.call("PERF_SINTESI", (values, weights, None)) == 1.75
    assert bridge.call("PERF_SINTESI", (values[:5000], weights[:5000], None)) == 1.75
    # ranges of different sizes stay an error, though both hold two values
    assert code_of(bridge.call("PERF_SINTESI", (values[:5000], weights[:4000], None))) == CODES["#VALUE!"]
    assert bridge.call("PERF_SINTESI", (values[2:5000], weights[2:5000], None)) == ""


def test_an_exception_shows_as_value_error(monkeypatch):
    def broken(_function, _arguments):
        raise RuntimeError

    monkeypatch.setattr(bridge.cells, "call", broken)
    assert code_of(bridge.call("PERF_SCORE", (1.0,))[0][0]) == CODES["#VALUE!"]
    assert code_of(bridge.call("PERF_COPERTURA", (1.0,))) == CODES["#VALUE!"]


# Older Pythons


def test_conversion_of_what_is_newer():
    older = python38.convert(
        "from enum import IntEnum, StrEnum\nfrom functools import cache\nfrom typing import TypeAlias\n"
        "@dataclass(frozen=True, slots=True)\nclass A: ...\nx = zip(a, b, strict=True)\ny = {1: 2} | z\nn = 1 | 2\n",
        "module",
    )
    assert older.splitlines() == [
        "from xl_perf_calc.compat import StrEnum",
        "from enum import IntEnum",
        "from xl_perf_calc.compat import cache",
        "",
        "@dataclass(frozen=True)",
        "class A:",
        "    ...",
        "x = zip(a, b)",
        "y = {**{1: 2}, **z}",
        "n = 1 | 2",
    ]


def test_conversion_of_methods_types_and_patterns():
    older = python38.convert(
        '"""Text."""\nfrom __future__ import annotations\nfrom itertools import pairwise\n'
        "class A(dict[str, int]): ...\nKey: TypeAlias = tuple[int, int]\na = x.removeprefix('b')\n"
        "b = isinstance(x, int | float | str)\nc = dt.UTC\nd = rb'[*+]++(?>a)b?+\\++'\n",
        "module",
    )
    assert older.splitlines()[2:] == [
        "from xl_perf_calc.compat import removeprefix as _removeprefix",
        "from xl_perf_calc.compat import pairwise",
        "",
        "class A(dict):",
        "    ...",
        "Key: TypeAlias = None",
        "a = _removeprefix(x, 'b')",
        "b = isinstance(x, (int, float, str))",
        "c = dt.timezone.utc",
        r"d = b'[*+]+(?:a)b?\\++'",
    ]


def test_syntax_that_cannot_be_converted_is_refused():
    with pytest.raises(PerfError, match=r"^module: line \d needs a newer Python"):
        python38.convert("x = 1\nmatch x:\n    case 1: pass\n", "module")


def _pythons():
    """This Python, and of each older one on the machine the first that runs."""
    found = [sys.executable]
    for minor in range(8, sys.version_info.minor):
        places = [
            shutil.which(f"python3.{minor}"),
            *Path.home().glob(f".pyenv/versions/3.{minor}.*/bin/python"),
        ]
        for python in filter(None, places):
            done = subprocess.run(
                [python, "-c", "import sys; print(sys.version_info[1])"], capture_output=True, check=False
            )
            if done.stdout.strip() == str(minor).encode():
                found.append(str(python))
                break
    return found


RUNNER = """
import json, struct, sys
sys.path.insert(0, sys.argv[1])
from xl_perf_calc import bridge

def tuples(value):
    return tuple(tuples(cell) for cell in value) if isinstance(value, list) else value

def plain(value):
    if isinstance(value, tuple):
        return [plain(cell) for cell in value]
    if value != value:
        return {"error": struct.unpack("<Q", struct.pack("<d", value))[0] & 0xFFFFFFFF}
    return value

print(json.dumps([plain(bridge.call(name, tuples(args))) for name, args in json.load(sys.stdin)]))
"""


def _as_calc(value):
    """A cell of a case as Calc hands it over; None where Calc never calls."""
    if isinstance(value, list):
        return [_as_calc(cell) for cell in value]
    if isinstance(value, dt.date):
        return float((value - dt.date(1899, 12, 30)).days)
    if isinstance(value, str):
        return str(value)
    return float(value)


def _agrees(actual, expected, tolerance):
    if isinstance(actual, list):
        if not isinstance(expected, list):
            expected = [[expected]]
        return len(actual) == len(expected) and all(
            _agrees(a, e, tolerance)
            for line, wanted in zip(actual, expected, strict=True)
            for a, e in zip(line, wanted, strict=True)
        )
    if isinstance(expected, CellError):
        return actual == {"error": CODES[str(expected)]}
    if isinstance(expected, str):
        return actual == expected
    return isinstance(actual, float) and abs(actual - expected) <= tolerance * max(1, abs(expected))


def _has_boolean(value):
    return any(map(_has_boolean, value)) if isinstance(value, list) else isinstance(value, bool)


@pytest.mark.parametrize("python", _pythons(), ids=lambda python: Path(python).parent.parent.name)
def test_packed_sources_run_on_older_pythons(python, tmp_path):
    """Every worked case of the functions, through the packed sources alone."""
    for name, source in payload():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
    cases = [case for case in load_cases() if not _has_boolean(list(case.arguments))]
    jobs = [[case.function, [_as_calc(a) for a in case.arguments]] for case in cases]
    for job in jobs:
        job[1] += [None] * (len(FUNCTIONS[job[0]].arguments) - len(job[1]))
    done = subprocess.run(
        [python, "-I", "-c", RUNNER, str(tmp_path / "pythonpath")],
        input=json.dumps(jobs),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)
    wrong = [
        f"{case}: {result!r}, expected {case.expected!r}"
        for case, result in zip(cases, results, strict=True)
        if not _agrees(result, case.expected, case.tolerance)
    ]
    assert wrong == []


def _at_top(texts):
    """The lines that run when a module is imported."""
    return "\n".join(line for line in texts.splitlines() if not line.startswith(" "))


def test_packed_sources_need_nothing_that_libreoffice_lacks():
    names = {name for name, _ in payload()}
    assert "pythonpath/xl_perf/plan/reading/load.py" not in names
    assert "pythonpath/openpyxl/__init__.py" in names  # what `Controlla` builds its official workbook with
    texts = "\n".join(source for name, source in payload() if name.startswith("pythonpath/xl_perf"))
    assert "import tomllib" not in texts
    assert "import numpy" not in _at_top(texts)


# Plan data


@pytest.mark.parametrize("edition", edition_ids())
def test_plan_as_source_gives_the_same_targets(edition):
    plan = load_edition(edition)
    scope = {}
    exec(compile(plan_source(plan), edition, "exec"), scope)
    packed = scope["PLAN"]
    assert len(packed.targets) == len(plan.targets) > 0
    for target in plan.targets:
        key = (target.indicator, target.structure, target.period)
        assert packed.target(*key).value == plan.target(*key).value
        assert packed.target(*key, known_on=target.known_from).value == target.value
    assert packed.parameters == plan.parameters
    assert packed.weights == plan.weights
    assert packed.banded_ratios == plan.banded_ratios
    assert dict(packed.structures) == dict(plan.structures)
    assert packed.acts == plan.acts
    assert packed.data_hash == plan.data_hash
