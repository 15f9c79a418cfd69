"""How long the Office.js add-in takes in Chromium: `python -m tests.bench.office_addin`.

The real page, a stub for office.js. Measured inside the page: from the opening of the page to the first result, with an
empty cache and with a full one, from the snapshot and without; many calls and a large range, and the longest time
meanwhile in which the page could do nothing else. Beside each the same work in the Python that runs this, and the
ratio; not a test.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests import office_chromium
from udfs.office.calls import answers

RUNS = 5
CALLS = 20_000
CELLS = 10_000
SNAPSHOT = "snapshot"
FIRST = [["PERF_SCORE", [[[27]], [[30]], [[-1]], None]]]
_START = f"""
from udfs.office.calls import answers
from xl_perf.plan import load_edition
load_edition()
answers({json.dumps(json.dumps({"runtime": "1.4", "calls": FIRST}))})
"""
_SINCE_OPENING = f"calculate({json.dumps(FIRST)}).then(() => performance.now())"
_TIMED = """(async (calls) => {
  let last = performance.now(), longest = 0;
  const look = () => { const now = performance.now(); longest = Math.max(longest, now - last); last = now; };
  const timer = setInterval(look, 1);
  const start = performance.now();
  await Promise.all(calls.map(([name, args]) => functions[name](...args, {})));
  const taken = performance.now() - start;
  look();
  clearInterval(timer);
  return [taken, longest];
})(CALLS)"""
_MANY = f"Array.from({{length: {CALLS}}}, (_, i) => ['PERF_SCORE', [[[i]], [[30]], [[-1]], null]])"


def _seconds(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _line(what: str, ours: float, python: float, more: str = "") -> None:
    print(f"{ours:7.3f} s  {ours / python:5.1f} times Python's {python:6.3f} s  {what}{more}")


def _first(folder: Path, what: str) -> None:
    """The first result with an empty cache, and the best of some with a full one."""
    python = min(
        _seconds(lambda: subprocess.run([sys.executable, "-c", _START], check=True)) for _ in range(RUNS)
    )
    with office_chromium.server(folder) as url, office_chromium.Excel(url) as page:
        _line(f"first result, {what}, empty cache", page.run(_SINCE_OPENING) / 1000, python)
        if what == SNAPSHOT:  # without its file the service worker takes nothing in
            page.run("navigator.serviceWorker.ready.then(() => true)")
        found = []
        for _ in range(RUNS):
            page.load()
            found.append(page.run(_SINCE_OPENING) / 1000)
        _line(f"first result, {what}, full cache", min(found), python)


def _work(page: office_chromium.Excel, what: str, in_page: str, calls: list) -> None:
    """The same calls in the page and here."""
    text = json.dumps({"runtime": "1.4", "calls": calls})
    answers(text)
    python = min(_seconds(lambda: answers(text)) for _ in range(RUNS))
    found = [page.run(_TIMED.replace("CALLS", in_page)) for _ in range(RUNS)]
    blocked = min(longest for _, longest in found)
    _line(
        what, min(taken for taken, _ in found) / 1000, python, f"; page blocked for {blocked:.0f} ms at most"
    )


def main() -> None:
    """Measure each once warmed up."""
    missing = office_chromium.missing()
    if missing:
        raise SystemExit(missing)
    _first(office_chromium.site(), SNAPSHOT)
    with tempfile.TemporaryDirectory() as name:
        folder = office_chromium.copy(Path(name) / "sito")
        (folder / "snapshot.bin").unlink()
        _first(folder, "plain start")
    many = [["PERF_SCORE", [[[number]], [[30]], [[-1]], None]] for number in range(CALLS)]
    column = [[float(number % 50 + 5)] for number in range(CELLS)]
    large = [["PERF_SCORE", [column, [[30]], [[-1]], None]]]
    with office_chromium.server() as url, office_chromium.Excel(url) as page:
        page("PERF_SCORE", 27, 30, -1)
        _work(page, f"{CALLS} calls", _MANY, many)
        _work(page, f"one call, {CELLS} cells", json.dumps(large), large)


if __name__ == "__main__":
    main()
