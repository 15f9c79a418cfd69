"""The add-in's own VBA, run: pyOpenVBA's interpreter and Excel model, xlwings' COM server over stand-ins behind it.

What needs Windows in the bridge (files, the DLL) is replaced by functions of the same names that ask `Windows` here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.exceptions import VBARuntimeError
from pyopenvba.interpreter import (
    EMPTY,
    MISSING,
    NOTHING,
    VBAArray,
    VBAErrorValue,
    VBAInt,
    VBAObject,
    member,
    method,
    setter,
)

from tests import windows_com
from tests.vba_reader import read_modules

_UNKNOWN_TO_THE_INTERPRETER = re.compile(r"(?m)^Attribute \w+\.VB_.*$|\bXlPerf(Ponte|Aiuto|Azioni)\.")
"""Attributes of procedures, names qualified by their module."""
_ASKED_OF_WINDOWS = (
    "Application.UserControl",
    "Application.MacroOptions",
    "Application.ScreenUpdating",
    "Application.EnableEvents",
    "Application.CalculateFull",
    "Application.ActiveWorkbook",
    "ThisWorkbook.IsAddin",
    "ThisWorkbook.Saved",
    "ThisWorkbook.Name",
    "ThisWorkbook.Path",
)
"""What the interpreter's Excel lacks, or has for the wrong workbook."""
_DECLARE = re.compile(r"(?m)^ *Private Declare .*$")
_WINDOWS_PART = re.compile(r"(?s)#If Mac Then\r?\n#Else\r?\nPrivate Function FileImpostazioni.*\Z")
_STAND_INS = """
Private Function FileImpostazioni() As String
    FileImpostazioni = Windows.FileImpostazioni()
End Function
Private Function EsisteFile(ByVal percorso As String) As Boolean
    EsisteFile = Windows.EsisteFile(percorso)
End Function
Private Function TestoFile(ByVal percorso As String) As String
    TestoFile = Windows.TestoFile(percorso)
End Function
Private Function CaricaDll() As String
    CaricaDll = Windows.CaricaDll()
End Function
Private Function XLPyDLLActivateAuto(ByRef risultato As Variant, ByVal comando As String, ByVal modo As Long) As Long
    XLPyDLLActivateAuto = Windows.Attiva(comando, modo)
    If XLPyDLLActivateAuto <> 0 Then risultato = Windows.Errore()
    If XLPyDLLActivateAuto = 0 And modo = 1 Then Set risultato = Windows.Python()
End Function
"""


def to_com(value):
    """A VBA value as Python gets it over COM."""
    if isinstance(value, VBAArray):
        if value.dimensions == 1:
            ((low, high),) = value.bounds
            return tuple(to_com(value.get([place])) for place in range(low, high + 1))
        (top, bottom), (left, right) = value.bounds
        return tuple(
            tuple(to_com(value.get([row, column])) for column in range(left, right + 1))
            for row in range(top, bottom + 1)
        )
    if value is EMPTY:
        return None
    if value is MISSING:
        return windows_com.MISSING
    if isinstance(value, VBAErrorValue):
        return windows_com.FIRST_ERROR + int(value.number)
    if isinstance(value, VBAInt):
        return int(value)
    assert type(value) in (bool, int, float, str), repr(value)
    return value


def to_vba(value):
    """What Python answers over COM, as VBA gets it: rows become an array of two dimensions, a row one of one."""
    if isinstance(value, (list, tuple)):
        rows = [list(row) for row in value] if isinstance(value[0], (list, tuple)) else None
        array = VBAArray([(0, len(value) - 1), (0, len(rows[0]) - 1)] if rows else [(0, len(value) - 1)])
        for place, item in enumerate(value):
            for column, cell in enumerate(rows[place] if rows else [item]):
                array.set([place, column] if rows else [place], to_vba(cell))
        return array
    if value is None:
        return EMPTY
    return str(value) if isinstance(value, str) else value


def plain(value):
    """A result of VBA as rows and cells, errors as the number of `CVErr`."""
    if isinstance(value, VBAArray):
        rows = to_com(value)
        return [list(row) for row in rows] if isinstance(rows[0], tuple) else list(rows)
    return to_com(value)


class _Wrapped(VBAObject):
    """A Python object that only Python looks into."""

    def __init__(self, thing):
        self.thing = thing


class Python(VBAObject):
    """xlwings' COM object as VBA sees it."""

    def __init__(self, windows):
        self.windows = windows

    @method
    def CallUDF(self, script, name, arguments):
        self.windows.calls.append((str(script), str(name), to_com(arguments)))
        if self.windows.dies_in:
            self.windows.dies_in -= 1
            raise VBARuntimeError(462, "The remote server machine does not exist or is unavailable")
        return to_vba(self.windows.server.CallUDF(str(script), str(name), to_com(arguments)))

    @method
    def Module(self, name):
        return _Wrapped(self.windows.server.Module(str(name)))

    @method
    def Tuple(self, element=None):
        given = (element.thing,) if isinstance(element, _Wrapped) else ()
        return _Wrapped(self.windows.server.Tuple(*given))

    @method
    def Call(self, thing, name, arguments):
        if self.windows.dies_in and str(name) != "versions":
            self.windows.dies_in -= 1
            raise VBARuntimeError(462, "The remote server machine does not exist or is unavailable")
        return _Wrapped(self.windows.server.Call(thing.thing, str(name), arguments.thing))

    @method
    def Str(self, thing):
        return self.windows.change_versions(self.windows.server.Str(thing.thing))


def _recorded(name):
    """A property of Excel whose changes are written down."""

    def get(self):
        return self.state.get(name, True)

    def put(self, value):
        self.state[name] = value
        self.events.append((name, value))

    return member(get, name=name), setter(name)(put)


@dataclass
class Windows(VBAObject):
    """Files, DLL and the Python process."""

    server: object
    settings: str | None = "interprete = C:\\Python311\\python.exe\r\n"
    missing: tuple[str, ...] = ()
    dll_problem: str = ""
    start_error: str = ""
    dies_in: int = 0
    calls: list[tuple[str, str, object]] = field(default_factory=list)
    started: list[str] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    user_control: bool = True
    workbook: object = None
    refuses_help: bool = False
    state: dict[str, bool] = field(default_factory=dict)
    events: list[tuple[object, ...]] = field(default_factory=list)

    get_screen, put_screen = _recorded("ScreenUpdating")
    get_enable, put_enable = _recorded("EnableEvents")
    get_addin, put_addin = _recorded("IsAddin")
    get_saved, put_saved = _recorded("Saved")

    def change_versions(self, text):
        for key, value in self.versions.items():
            text = re.sub(rf"(?m)^{key}=.*$", f"{key}={value}", text)
        return text

    @member
    def UserControl(self):
        return self.user_control

    @member
    def ActiveWorkbook(self):
        return NOTHING if self.workbook is None else _Wrapped(self.workbook)

    @member
    def Name(self):
        return "xl_perf.xlam"

    @member
    def Path(self):
        return "C:\\Addins"

    @method
    def CalculateFull(self):
        self.events.append(("CalculateFull",))

    @method
    def MacroOptions(self, Macro=None, Description=None, Category=None, ArgumentDescriptions=()):
        texts = to_com(ArgumentDescriptions) if ArgumentDescriptions != () else ()
        self.events.append(("MacroOptions", str(Macro), str(Description), str(Category), texts))
        if self.refuses_help:
            raise VBARuntimeError(1004, "Cannot edit a macro on a hidden workbook.")

    @method
    def FileImpostazioni(self):
        return "" if self.settings is None else "C:\\Addins\\xl_perf.conf"

    @method
    def EsisteFile(self, percorso):
        return str(percorso) not in self.missing

    @method
    def TestoFile(self, percorso):
        return self.settings

    @method
    def CaricaDll(self):
        return self.dll_problem

    @method
    def Attiva(self, comando, modo):
        if int(modo) == 1:
            self.started.append(str(comando))
        return -1 if self.start_error else 0

    @method
    def Errore(self):
        return self.start_error

    @method
    def Python(self):
        return Python(self)


class Addin:
    """The modules of an add-in, loaded into an Excel that exists in memory only."""

    def __init__(self, data, windows):
        self.windows = windows
        self.app = ExcelApplication()
        self.app.add_workbook()
        host = self.app.interpreter.host
        found = host.global_object
        host.global_object = lambda key: windows if key.lower() == "windows" else found(key)
        for name, source in read_modules("xl_perf.xlam", data).items():
            if not name.startswith("XlPerf"):
                continue
            text = _UNKNOWN_TO_THE_INTERPRETER.sub("", source)
            text = text.replace('Environ$("APPDATA")', '"C:\\Users\\anna\\AppData\\Roaming"')
            for here in _ASKED_OF_WINDOWS:
                text = text.replace(here, "Windows." + here.split(".")[1])
            text = _WINDOWS_PART.sub(lambda _: _STAND_INS, _DECLARE.sub("", text))
            self.app.add_module(text, name=name)

    def run(self, name, *arguments):
        """The result of a function or macro, arrays as rows."""
        return plain(self.app.interpreter.run(name, list(arguments)))

    @property
    def messages(self):
        return [text for _, text, _, _ in self.app.dialogs]
