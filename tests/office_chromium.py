"""The Office.js add-in for tests: the real server on loopback, its page and JavaScript in a real headless Chromium.

Only office.js is replaced (`office_stub.js`). Chromium is told over a pipe what to do, in the Chrome DevTools Protocol; it
ends when the pipe does.
"""

from __future__ import annotations

import base64
import datetime as dt
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import programs
from tests.case_book import rows_of
from xl_perf.catalog import FUNCTIONS
from xl_perf.cells import serial
from xl_perf.values import CellError

ROOT = Path(__file__).parents[1]
STUB = Path(__file__).with_name("office_stub.js")
TIMEOUT = 60
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
)
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


def _chromium():
    return programs.find("chromium", "chromium-browser", "google-chrome")


def missing():
    """What the machine lacks to run the add-in; empty where nothing."""
    if importlib.util.find_spec("xlwings_server") is None:
        return "the extra office (xlwings-server) is not installed"
    if os.name != "posix" or _chromium() is None:
        return "Chromium is not on this machine"
    return ""


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


# Chromium


class Excel:
    """The add-in's page in Chromium, with the stub where Excel would be.

    Args:
        url: address of the server, with its path.
        runtime: version of the custom functions runtime that Excel is to have.
    """

    def __init__(self, url, runtime="1.4"):
        self.requests = []
        """Address of everything that the page asked for."""
        self.problems = []
        """Uncaught exceptions, and resources that did not load."""
        self._number = 0
        self._answers = {}
        self._session = None
        self._stub = STUB.read_text(encoding="utf-8").replace("RUNTIME", runtime)
        self._profile = tempfile.mkdtemp(prefix="xl-perf-chromium-")
        self._start()
        self._open(f"{url}/taskpane.html")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._to.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._from.close()
        shutil.rmtree(self._profile, ignore_errors=True)

    def _start(self):
        import fcntl  # not on Windows

        theirs, ours = zip(os.pipe(), os.pipe()[::-1], strict=True)
        # Chromium reads from descriptor 3 and writes to 4; numbers above 100 cannot collide with them.
        high = [fcntl.fcntl(descriptor, fcntl.F_DUPFD, 100) for descriptor in theirs]
        command = 'exec "$@" 3<&{0} 4>&{1} {0}<&- {1}>&-'.format(*high)
        self._process = subprocess.Popen(
            ["bash", "-c", command, "chromium", _chromium(), *FLAGS, f"--user-data-dir={self._profile}"],
            pass_fds=high, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": self._profile},
        )  # fmt: skip
        for descriptor in (*theirs, *high):
            os.close(descriptor)
        self._to, self._from = os.fdopen(ours[0], "wb", buffering=0), os.fdopen(ours[1], "rb")

    def _open(self, address):
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network"):
            self._ask(f"{domain}.enable")
        self._ask("Fetch.enable", patterns=[{"urlPattern": "*/office.js"}])
        self._ask("Page.navigate", url=address)
        end = time.monotonic() + TIMEOUT
        while not self.run("document.readyState === 'complete' && typeof calculate === 'function'"):
            assert time.monotonic() < end, f"the page does not load: {self.problems}"
            time.sleep(0.05)

    def _send(self, method, **parameters):
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        data = memoryview(json.dumps(message).encode() + b"\0")
        while data:
            data = data[self._to.write(data) :]
        return self._number

    def _ask(self, method, **parameters):
        number = self._send(method, **parameters)
        while number not in self._answers:
            self._hear()
        answer = self._answers.pop(number)
        assert "error" not in answer, (method, answer)
        return answer["result"]

    def _hear(self):
        parts = []
        while (byte := self._from.read1(1)) != b"\0":
            assert byte, "Chromium ended"
            parts.append(byte)
            ahead = self._from.peek().split(b"\0", 1)[0]
            parts.append(self._from.read(len(ahead)))
        message = json.loads(b"".join(parts))
        if "id" in message:
            self._answers[message["id"]] = message
            return
        event, told = message["method"], message["params"]
        if event == "Fetch.requestPaused":
            body = base64.b64encode(self._stub.encode()).decode()
            headers = [{"name": "Content-Type", "value": "text/javascript"}]
            self._send(
                "Fetch.fulfillRequest",
                requestId=told["requestId"],
                responseCode=200,
                responseHeaders=headers,
                body=body,
            )
        elif event == "Network.requestWillBeSent":
            self.requests.append(told["request"]["url"])
        elif event == "Network.responseReceived" and told["response"]["status"] >= 400:
            self.problems.append(f"{told['response']['status']} {told['response']['url']}")
        elif event == "Runtime.exceptionThrown":
            self.problems.append(told["exceptionDetails"].get("exception", {}).get("description", str(told)))

    def run(self, expression):
        """The value of a JavaScript expression, awaited where it is a promise."""
        answer = self._ask("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

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
