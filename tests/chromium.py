"""A real headless Chromium for tests: told over a pipe what to do, in the Chrome DevTools Protocol; it ends
when the pipe does.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time

import pytest

from tests import programs

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


def _chromium():
    return programs.find("chromium", "chromium-browser", "google-chrome")


def missing():
    """Why there is no Chromium to test with; empty where there is one."""
    return "Chromium is not on this machine" if os.name != "posix" or _chromium() is None else ""


def require():
    """Skips the test where Chromium is missing; a full run fails instead."""
    reason = missing()
    if reason and os.environ.get("XL_PERF_FULL_TESTS") == "1":
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)


class Chromium:
    """A browser with one page; use it as a context."""

    def __init__(self):
        self.requests = []
        """Address of everything that the page asked for."""
        self.problems = []
        """Uncaught exceptions, and resources that did not load."""
        self._number = 0
        self._answers = {}
        self._session = None
        self._profile = tempfile.mkdtemp(prefix="xl-perf-chromium-")
        self._start()
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network"):
            self.ask(f"{domain}.enable")

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

    def open(self, address, ready="true"):
        """Opens a page and waits until it is there, and an expression of its own is true."""
        self.ask("Page.navigate", url=address)
        end = time.monotonic() + TIMEOUT
        while not self.run(
            f"location.href !== 'about:blank' && document.readyState === 'complete' && {ready}"
        ):
            assert time.monotonic() < end, f"the page does not load: {self.problems}"
            time.sleep(0.05)

    def send(self, method, session=None, **parameters):
        """Sends a command to the page, or to another session; gives its number."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if session or self._session:
            message["sessionId"] = session or self._session
        data = memoryview(json.dumps(message).encode() + b"\0")
        while data:
            data = data[self._to.write(data) :]
        return self._number

    def ask(self, method, **parameters):
        """Sends a command and waits for its result."""
        number = self.send(method, **parameters)
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
        else:
            self.event(message["method"], message["params"])

    def event(self, name, told):
        """Takes note of what Chromium tells without being asked."""
        if name == "Network.requestWillBeSent":
            self.requests.append(told["request"]["url"])
        elif name == "Network.responseReceived" and told["response"]["status"] >= 400:
            self.problems.append(f"{told['response']['status']} {told['response']['url']}")
        elif name == "Runtime.exceptionThrown":
            self.problems.append(told["exceptionDetails"].get("exception", {}).get("description", str(told)))

    def run(self, expression):
        """The value of a JavaScript expression, awaited where it is a promise."""
        answer = self.ask("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")
