"""The Office.js add-in for tests: the real server on loopback, its page and JavaScript in a real headless Chromium.

Only office.js is replaced (`office_stub.js`).
"""

from __future__ import annotations

import base64
import datetime as dt
import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.case_book import rows_of
from tests.chromium import TIMEOUT, Chromium
from tests.chromium import missing as chromium_missing
from xl_perf.catalog import FUNCTIONS
from xl_perf.cells import serial
from xl_perf.values import CellError

ROOT = Path(__file__).parents[1]
STUB = Path(__file__).with_name("office_stub.js")
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


def missing():
    """What the machine lacks to run the add-in; empty where nothing."""
    if importlib.util.find_spec("xlwings_server") is None:
        return "the extra office (xlwings-server) is not installed"
    return chromium_missing()


def require_office():
    """Skips the test where something is missing; a full run fails instead."""
    reason = missing()
    if reason and os.environ.get("XL_PERF_FULL_TESTS") == "1":
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)


# The server


def environment(**changes):
    """Environment of a server: who runs the tests answers for the licence, and may set a key of their own."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("XLWINGS_")}
    key = os.environ.get("XLWINGS_LICENSE_KEY", "noncommercial")
    return {**own, "XLWINGS_LICENSE_KEY": key, **changes}


@contextmanager
def server(**changes):
    """The address of a running server; `changes` go into its environment."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "udfs.office", "--port", "0"],
            cwd=ROOT, env=environment(**changes), stdout=log, stderr=log,
        )  # fmt: skip
        try:
            yield _address(process, log)
        finally:
            process.terminate()
            process.wait(TIMEOUT)


def _address(process, log):
    """Where the server says that it listens."""
    end = time.monotonic() + TIMEOUT
    while time.monotonic() < end and process.poll() is None:
        found = re.search(rb"running on (http://127\.0\.0\.1:\d+)", os.pread(log.fileno(), 10_000, 0))
        if found:
            return found[1].decode()
        time.sleep(0.05)
    raise RuntimeError(f"the server does not start: {os.pread(log.fileno(), 10_000, 0).decode()}")


# Excel


class Excel(Chromium):
    """The add-in's page in Chromium, with the stub where Excel would be.

    Args:
        url: address of the server, with its path.
        runtime: version of the custom functions runtime that Excel is to have.
    """

    def __init__(self, url, runtime="1.4"):
        self._stub = STUB.read_text(encoding="utf-8").replace("RUNTIME", runtime)
        super().__init__()
        self.ask("Fetch.enable", patterns=[{"urlPattern": "*/office.js"}])
        self.open(f"{url}/taskpane.html", ready="typeof calculate === 'function'")

    def event(self, name, told):
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
