"""The Excel wrappers say what the catalogue says, and call it."""

from __future__ import annotations

import importlib.util
import inspect
import io
import sys
import types
from pathlib import Path

import pytest
import xlwings

from udfs import excel
from xl_perf.catalog import FUNCTIONS
from xl_perf.values import CellError

PATH = Path(excel.__file__)
WRAPPERS = [name for name, value in vars(excel).items() if inspect.isfunction(value) and name.isupper()]
ENTRIES = pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda f: f.name)


def test_one_wrapper_for_each_entry_in_order():
    assert list(FUNCTIONS) == WRAPPERS


@ENTRIES
def test_wrapper_says_what_the_catalogue_says(function):
    """What `xlwings` reads of a Python function: its name, docstring and signature; the rest it registers below."""
    wrapper = getattr(excel, function.name)
    assert (wrapper.__name__, wrapper.__doc__) == (function.name, function.help)
    parameters = inspect.signature(wrapper).parameters
    assert list(parameters) == [a.name for a in function.arguments]
    assert [p.default for p in parameters.values()] == [
        None if a.optional else inspect.Parameter.empty for a in function.arguments
    ]


@ENTRIES
def test_wrapper_passes_its_arguments_on(function, monkeypatch):
    seen = []
    monkeypatch.setattr(excel.functions, function.name, lambda *args: seen.append(args) or "result")
    cells = [[[float(number)]] for number in range(len(function.arguments))]
    assert getattr(excel, function.name)(*cells) == "result"
    assert seen == [tuple(cells)]
    getattr(excel, function.name)(*cells[: function.required])
    assert seen[1] == (*cells[: function.required], *[None] * (len(cells) - function.required))


def test_calls_as_excel_makes_them():
    # arguments as xlwings reads them with ndim=2: rows of cells, None where empty, errors as text
    assert excel.PERF_SCORE([[27.0]], [[30.0]], [[-1.0]]) == 110.0
    assert excel.PERF_SCORE([[27.0], [None], ["#N/A"]], [[30.0]], [[-1.0]]) == [[110.0], [""], ["#N/A"]]
    assert excel.PERF_SCORE([[-2146826243, -2146826238, -2146826245]], [[30.0]]) == [
        [CellError.SPILL, CellError.CALC, CellError.GETTING_DATA]
    ]
    assert excel.OBIETTIVO([["giacenza.altre_aree"]], [["TORINO"]], [[None]], None, [[None]]) == 66.0


@pytest.fixture
def windows(monkeypatch):
    """xlwings' real decorators, with stand-ins for the parts of Windows that their module imports."""
    stubs = {
        name: types.ModuleType(name) for name in ("pythoncom", "pywintypes", "win32com", "win32com.client")
    }
    stubs["pythoncom"].CoInitialize = lambda: None
    stubs["pywintypes"].com_error = type("com_error", (Exception,), {})
    stubs["win32com.client"].Dispatch = lambda *_: None
    stubs["win32com"].client = stubs["win32com.client"]
    for name, module in stubs.items():
        monkeypatch.setitem(sys.modules, name, module)
    spec = importlib.util.spec_from_file_location("xlwings.udfs", Path(xlwings.__file__).with_name("udfs.py"))
    udfs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(udfs)
    monkeypatch.setattr(xlwings, "func", udfs.xlfunc)
    monkeypatch.setattr(xlwings, "arg", udfs.xlarg)
    spec = importlib.util.spec_from_file_location("excel_on_windows", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return udfs, module


@ENTRIES
def test_what_xlwings_registers(windows, function):
    _, module = windows
    told = getattr(module, function.name).__xlfunc__
    assert (told["name"], told["category"], told["volatile"], told["sub"]) == (
        function.name,
        "XL_PERF",
        False,
        False,
    )
    assert told["ret"]["doc"] == function.help
    for argument, entry in zip(told["args"], function.arguments, strict=True):
        assert (argument["name"], argument["doc"]) == (entry.name, entry.help)
        assert ("optional" in argument) == entry.optional
        assert argument["options"].pop("convert", None) in (None, __import__("typing").Any)
        assert argument["options"] == {"ndim": 2, "err_to_str": True}


def test_vba_that_xlwings_writes(windows):
    udfs, module = windows
    text = io.StringIO()
    udfs.generate_vba_wrapper("udfs.excel", module, text, types.SimpleNamespace(Name="perf.xlam"))
    lines = [line.strip() for line in text.getvalue().splitlines()]
    assert [line for line in lines if line.startswith("Function ")] == [
        "Function "
        + name
        + "("
        + ", ".join(f"Optional {a.name}" if a.optional else a.name for a in FUNCTIONS[name].arguments)
        + ")"
        for name in sorted(FUNCTIONS)
    ]
