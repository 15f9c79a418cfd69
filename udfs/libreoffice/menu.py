"""The UNO components of menu and toolbar.

A protocol handler, and a job that runs when a document is opened or made, or a macro asks.

LibreOffice loads this file itself, with the modules beside it under `pythonpath/` on the import path.
"""

from __future__ import annotations

import json
from typing import Any

import unohelper  # type: ignore[import-not-found]  # part of LibreOffice
from com.sun.star.awt import XCallback  # type: ignore[import-not-found]
from com.sun.star.frame import XDispatch, XDispatchProvider  # type: ignore[import-not-found]
from com.sun.star.lang import XInitialization, XServiceInfo  # type: ignore[import-not-found]
from com.sun.star.task import XJob  # type: ignore[import-not-found]

PROTOCOL = "it.xl-perf.calc:"
HANDLER = "it.xlperf.Dispatch"
JOB = "it.xlperf.Azioni"
_HANDLERS = ("com.sun.star.frame.ProtocolHandler",)
_JOBS = ("com.sun.star.task.Job",)


class Dispatch(unohelper.Base, XInitialization, XDispatchProvider, XDispatch, XServiceInfo):  # type: ignore[misc]
    """Does the commands `it.xl-perf.calc:NAME` of the window that it belongs to."""

    def __init__(self, context: Any, *arguments: Any) -> None:
        self._context = context
        self._frame: Any = None
        self.initialize(arguments)

    def initialize(self, arguments: Any) -> None:
        """Takes the frame of the window; LibreOffice gives it here, PyUNO when the object is made."""
        if arguments:
            self._frame = arguments[0]

    def queryDispatch(self, url: Any, _target: str, _flags: int) -> Any:
        """Itself for our commands."""
        return self if url.Protocol == PROTOCOL else None

    def queryDispatches(self, requests: Any) -> Any:
        """The same for several."""
        return tuple(self.queryDispatch(one.FeatureURL, one.FrameName, one.SearchFlags) for one in requests)

    def dispatch(self, url: Any, _arguments: Any) -> None:
        """Does a command."""
        from xl_perf_calc.commands import Commands  # type: ignore[import-not-found]  # noqa: PLC0415

        Commands(self._context, self._frame).run(url.Path)

    def addStatusListener(self, _listener: Any, _url: Any) -> None:
        """Commands are always there."""

    def removeStatusListener(self, _listener: Any, _url: Any) -> None:
        """Commands are always there."""

    def getImplementationName(self) -> str:
        """Name of the component."""
        return HANDLER

    def supportsService(self, name: str) -> bool:
        """Whether it is of a kind."""
        return name in _HANDLERS

    def getSupportedServiceNames(self) -> tuple[str, ...]:
        """The kinds that it is of."""
        return _HANDLERS


class _Later(unohelper.Base, XCallback):  # type: ignore[misc]
    def __init__(self, context: Any, frame: Any) -> None:
        self._context = context
        self._frame = frame

    def notify(self, _data: Any) -> None:
        """The document is open and its window is there."""
        from xl_perf_calc.commands import Commands  # noqa: PLC0415

        Commands(self._context, self._frame).opened()


class Job(unohelper.Base, XJob, XServiceInfo):  # type: ignore[misc]
    """Runs when a document has been opened; for macros also an action on a document, its answer as JSON."""

    def __init__(self, context: Any) -> None:
        self._context = context

    def execute(self, arguments: Any) -> Any:
        """Does what the arguments say: `Environment` of an event, or `Azione`, `Documento` and named options."""
        given = {one.Name: one.Value for one in arguments}
        if "Azione" in given:
            return self._action(given)
        environment = {one.Name: one.Value for one in given.get("Environment", ())}
        document = environment.get("Model")
        if document is not None and self._is_shown(document):
            self._listen(document)
            if environment.get("EventName") == "OnLoad":
                self._opened(document)
        return None

    @staticmethod
    def _action(given: dict[str, Any]) -> str:
        from xl_perf_calc.steps import answer  # type: ignore[import-not-found]  # noqa: PLC0415

        options = {name: value for name, value in given.items() if name not in ("Azione", "Documento")}
        return json.dumps(answer(given["Documento"], given["Azione"], options), ensure_ascii=False)

    @staticmethod
    def _is_shown(document: Any) -> bool:
        """Whether it is a workbook that a user sees; all else is left alone."""
        return document.supportsService("com.sun.star.sheet.SpreadsheetDocument") and not any(
            one.Name == "Hidden" and one.Value for one in document.getArgs()
        )

    def _listen(self, document: Any) -> None:
        from xl_perf_calc.typed import Typed  # type: ignore[import-not-found]  # noqa: PLC0415

        document.addChangesListener(Typed(self._context, document))

    def _opened(self, document: Any) -> None:
        """Offers to convert a workbook for Excel, once its window is there."""
        controller = document.CurrentController
        if controller is None or not document.DatabaseRanges.hasByName("tblMetadati"):
            return
        later = self._context.ServiceManager.createInstanceWithContext(
            "com.sun.star.awt.AsyncCallback", self._context
        )
        later.addCallback(_Later(self._context, controller.Frame), None)

    def getImplementationName(self) -> str:
        """Name of the component."""
        return JOB

    def supportsService(self, name: str) -> bool:
        """Whether it is of a kind."""
        return name in _JOBS

    def getSupportedServiceNames(self) -> tuple[str, ...]:
        """The kinds that it is of."""
        return _JOBS


g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816  # the name that LibreOffice looks for
g_ImplementationHelper.addImplementation(Dispatch, HANDLER, _HANDLERS)
g_ImplementationHelper.addImplementation(Job, JOB, _JOBS)
