"""How long the Office.js add-in takes in Chromium: `python -m tests.bench.office_addin`.

The real page, a stub for office.js. Prints the best of some runs, measured inside the page, from the first call to
the last result; not a test.
"""

from __future__ import annotations

import json

from tests import office_chromium

RUNS = 5
CALLS = (2_000, 20_000)
CELLS = 10_000

_TIMED = (
    "(async (calls) => {{ const start = performance.now(); await calculate(calls); return "
    "performance.now() - start; }})({})"
)


def _best(excel: office_chromium.Excel, calls: str, runs: int = RUNS) -> float:
    """Milliseconds of the fastest run; `calls` is a JavaScript expression."""
    return min(excel.run(_TIMED.format(calls)) for _ in range(runs))


def _calls(number: int) -> str:
    return f"Array.from({{length: {number}}}, (_, i) => ['PERF_SCORE', [[[i]], [[30]], [[-1]], null]])"


def main() -> None:
    """Measure each once warmed up."""
    missing = office_chromium.missing()
    if missing:
        raise SystemExit(missing)
    column = json.dumps([[float(number % 50 + 5)] for number in range(CELLS)])
    large = f"[['PERF_SCORE', [{column}, [[30]], [[-1]], null]]]"
    with office_chromium.server() as url, office_chromium.Excel(url) as excel:
        excel("PERF_SCORE", 27, 30, -1)
        print(f"{_best(excel, large):8.0f} ms  one call, {CELLS} cells")
        for number in CALLS:
            print(f"{_best(excel, _calls(number)):8.0f} ms  {number} calls")


if __name__ == "__main__":
    main()
