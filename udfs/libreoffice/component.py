"""The UNO component of the Calc add-in: one method per function of the catalogue, USATO and VERSIONE.

LibreOffice loads this file itself, with the modules beside it under `pythonpath/` on the import path.
"""

from __future__ import annotations

from typing import Any

import unohelper  # type: ignore[import-not-found]  # part of LibreOffice
from com.sun.star.lang import XServiceInfo, XServiceName  # type: ignore[import-not-found]
from xl_perf_calc import bridge, version  # type: ignore[import-not-found]  # only inside the extension
from xlperf import XFunctions  # type: ignore[import-not-found]  # the interface of the extension's type library

from xl_perf.catalog import FUNCTIONS

SERVICE = "XLPERF"
IMPLEMENTATION = "xlperf.Functions"
SERVICES = (SERVICE, "com.sun.star.sheet.AddIn")


def _init(_self: object, _context: object) -> None:
    """UNO hands its context to every component; this one needs nothing of it."""


def _service_name(_self: object) -> str:
    return SERVICE


def _implementation_name(_self: object) -> str:
    return IMPLEMENTATION


def _supports(_self: object, name: str) -> bool:
    return name in SERVICES


def _services(_self: object) -> tuple[str, ...]:
    return SERVICES


def _method(name: str) -> Any:
    def method(_self: object, *arguments: object) -> Any:
        return bridge.call(name, arguments)

    return method


def _used(_self: object, area: object) -> Any:
    return bridge.used(area)


def _version(_self: object) -> str:
    return str(version.text())


Functions = type(
    "Functions",
    (unohelper.Base, XFunctions, XServiceInfo, XServiceName),
    {
        "__init__": _init,
        "getServiceName": _service_name,
        "getImplementationName": _implementation_name,
        "supportsService": _supports,
        "getSupportedServiceNames": _services,
        "USATO": _used,
        "VERSIONE": _version,
        **{name: _method(name) for name in FUNCTIONS},
    },
)

g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816  # the name that LibreOffice looks for
g_ImplementationHelper.addImplementation(Functions, IMPLEMENTATION, SERVICES)
