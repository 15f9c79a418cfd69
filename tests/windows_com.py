"""xlwings' COM server on any system: its own modules over stand-ins for the parts of Windows that they import."""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import importlib
import importlib.util
import sys
import types
from pathlib import Path
from unittest import mock

MISSING = -2147352572
"""What an omitted argument is when it comes over COM."""
FIRST_ERROR = -2146828288
"""Error values come over COM as this plus the number that `CVErr` takes."""

_MODULES = (
    "pythoncom pywintypes win32api win32con win32gui win32process win32timezone win32event win32com win32com.client"
    " win32com.client.dynamic win32com.server win32com.server.dispatcher win32com.server.policy win32com.server.util"
)


class NoObjectError(Exception):
    """Raised where a value is no wrapped Python object."""


def _unwrap(wrapped):
    if not hasattr(wrapped, "_python_object"):
        raise NoObjectError
    return wrapped._python_object


def _wrap(thing):
    return types.SimpleNamespace(_python_object=thing)


def _stand_ins():
    found = {name: mock.MagicMock(name=name) for name in _MODULES.split()}
    for name, module in found.items():
        if "." in name:
            parent, _, child = name.rpartition(".")
            setattr(found[parent], child, module)
    found["pywintypes"].com_error = type("com_error", (Exception,), {})
    found["pywintypes"].TimeType = type("TimeType", (), {})
    client = found["win32com.client"]
    for name in ("CDispatch", "DispatchBaseClass", "CoClassBaseClass"):
        setattr(client, name, type(name, (), {}))
    found["pythoncom"].__file__ = "pythoncom.dll"
    util = found["win32com.server.util"]
    util.unwrap, util.wrap = _unwrap, _wrap
    found["pythoncom"].TypeIIDs = {found["pythoncom"].IID_IDispatch: type("PyIDispatch", (), {})}
    return found


@contextlib.contextmanager
def com_server():
    """The `XLPython` object that xlwings' DLL hands to VBA; everything is put back afterwards."""
    import xlwings

    own = ("xlwings._xlwindows", "xlwings.udfs", "xlwings.com_server")
    engines = xlwings.engines
    with contextlib.ExitStack() as stack:
        stack.enter_context(mock.patch.dict(sys.modules, _stand_ins()))
        for name in own:
            sys.modules.pop(name, None)
        for name in ("windll", "oledll", "PyDLL"):
            stack.enter_context(mock.patch.object(ctypes, name, mock.MagicMock(), create=True))
        windows = importlib.import_module("xlwings._xlwindows")
        atexit.unregister(windows.cleanup)
        stack.enter_context(mock.patch.object(xlwings, "_xlwindows", windows))
        stack.enter_context(mock.patch.object(engines, "engines", [*engines.engines]))
        stack.enter_context(mock.patch.object(engines, "engines_by_name", {**engines.engines_by_name}))
        engines.add(xlwings.Engine(impl=windows.engine))
        udfs = importlib.import_module("xlwings.udfs")
        server = importlib.import_module("xlwings.com_server")
        stack.callback(udfs.com_executor.shutdown)
        stack.callback(server.loop.close)
        stack.enter_context(mock.patch.object(xlwings, "func", udfs.xlfunc))
        stack.enter_context(mock.patch.object(xlwings, "arg", udfs.xlarg))
        stack.enter_context(mock.patch.dict(sys.modules))
        sys.modules["udfs.excel"] = _decorated()
        yield server.XLPython()


def _decorated():
    """`udfs.excel` as Windows imports it, with decorators that do something."""
    path = Path(__file__).parents[1] / "udfs" / "excel.py"
    spec = importlib.util.spec_from_file_location("udfs.excel", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
