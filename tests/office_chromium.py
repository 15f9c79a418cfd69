"""The Office.js add-in for tests: the folder that is built, given by its own server, in a real headless Chromium.

Only office.js is replaced (`office_stub.js`; with a workbook `office_book.js`, on Microsoft's office-addin-mock).
"""

from __future__ import annotations

import atexit
import base64
import datetime as dt
import functools
import json
import os
import shutil
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import programs
from tests.case_book import rows_of
from tests.chromium import Chromium
from tests.chromium import missing as chromium_missing
from xl_perf.addins import office, office_serve
from xl_perf.catalog import FUNCTIONS
from xl_perf.cells import serial
from xl_perf.values import CellError

ROOT = Path(__file__).parents[1]
STUB = Path(__file__).with_name("office_stub.js")
OFFICE_JS = "https://appsforoffice.microsoft.com/lib/1/hosted/office.js"
ERROR_TYPES = {
    CellError.NULL: "Null",
    CellError.DIV0: "Div0",
    CellError.VALUE: "Value",
    CellError.REF: "Ref",
    CellError.NAME: "Name",
    CellError.NUM: "Num",
    CellError.NA: "NotAvailable",
    CellError.SPILL: "Spill",
    CellError.CALC: "Calc",
    CellError.GETTING_DATA: "GettingData",
}
"""Microsoft's reference of the Excel JavaScript API, `Excel.ErrorCellValueType`."""
TOKENS = "typeof calculate === 'function'"


def missing():
    """What the machine lacks to build and run the add-in; empty where nothing."""
    for name in ("node", "npm"):
        if programs.find(name) is None:
            return f"{name} (Node.js) is not on this machine"
    return chromium_missing()


def require_office():
    """Skips the test where something is missing; a full run fails instead."""
    reason = missing()
    if reason and os.environ.get("XL_PERF_FULL_TESTS") == "1":
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)


@functools.cache
def site():
    """The folder of the add-in, built once; nobody may change it (`copy`)."""
    folder = Path(tempfile.mkdtemp(prefix="xl-perf-office-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    office.build("https://fogli.ente.example/xl_perf", folder)
    return folder


def copy(folder):
    """A copy of the folder that a test may change."""
    return Path(shutil.copytree(site(), folder))


@contextmanager
def server(folder=None):
    """The address of a running server that gives a folder's files."""
    made = office_serve.server(folder or site(), 0)
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    try:
        yield f"http://localhost:{made.server_port}"
    finally:
        made.shutdown()
        thread.join()
        made.server_close()


# Excel


class Excel(Chromium):
    """The add-in's page in Chromium, with the stub where Excel would be.

    Args:
        url: address of the server.
        runtime: version of the custom functions runtime that Excel is to have.
        before: JavaScript that runs before everything else in the page.
        more: JavaScript after the stub, in place of office.js too.
    """

    def __init__(self, url, runtime="1.4", before="", more=""):
        self._stub = STUB.read_text(encoding="utf-8").replace("RUNTIME", runtime) + more
        self.url = url
        super().__init__()
        self.ask("Fetch.enable", patterns=[{"urlPattern": OFFICE_JS}])
        self.ask("Target.setAutoAttach", autoAttach=True, waitForDebuggerOnStart=False, flatten=True)
        if before:
            self.ask("Page.addScriptToEvaluateOnNewDocument", source=before)
        self.load()

    def load(self):
        """Opens the page."""
        self.open(f"{self.url}/taskpane.html", ready=TOKENS)

    def event(self, name, told):
        if name == "Target.attachedToTarget":
            self.send("Network.enable", session=told["sessionId"])
            return
        if name != "Fetch.requestPaused":
            super().event(name, told)
            return
        body = base64.b64encode(self._stub.encode()).decode()
        headers = [{"name": "Content-Type", "value": "text/javascript"}]
        self.send(
            "Fetch.fulfillRequest",
            requestId=told["requestId"],
            responseCode=200,
            responseHeaders=headers,
            body=body,
        )

    # Calls

    def raw(self, *calls):
        """What the page's functions give for (name, arguments as Office.js hands them over), all called at once."""
        return json.loads(self.run(f"calculate({json.dumps(calls)})"))

    def calculate(self, *calls):
        """Rows of cell values for (name, *cell values); all are called at once, as in one recalculation."""
        ready = [(name, _arguments(name, args)) for name, *args in calls]
        return [_result(result) for result in self.raw(*ready)]

    def __call__(self, name, *args):
        """Rows of cell values that one call gives."""
        return self.calculate((name, *args))[0]


def _arguments(name, args):
    omitted = [None] * (len(FUNCTIONS[name].arguments) - len(args))
    return [
        None if arg is None else [[to_office(c) for c in r] for r in rows_of(arg)] for arg in args
    ] + omitted


def to_office(cell):
    """A cell as Excel hands it to Office.js."""
    if isinstance(cell, CellError):
        return {
            "type": "Error",
            "basicType": "Error",
            "basicValue": str(cell),
            "errorType": ERROR_TYPES[cell],
        }
    if isinstance(cell, dt.date):
        return serial(cell)
    return None if cell == "" else cell


def _result(rows):
    return [[from_office(cell) for cell in row] for row in rows] if isinstance(rows, list) else rows


def from_office(cell):
    """A cell of a result as the other front ends give it."""
    if isinstance(cell, dict) and cell.get("type") == "Error":
        return next(error for error, kind in ERROR_TYPES.items() if kind == cell["errorType"])
    return float(cell) if type(cell) is int else cell
