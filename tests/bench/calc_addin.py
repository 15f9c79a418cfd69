"""How long LibreOffice Calc takes for 20,000 calls of the add-in: `python -m tests.bench.calc_addin`.

Prints the seconds of a hard recalculation of a column of 20,000 formulas, each one call, and how often that
is the time of a native formula that calculates the same score; not a test.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from tests import calc_office
from xl_perf.addins.libreoffice import build

ROWS = 20_000
FORMULAS = (
    "=XLPERF.PERF_SCORE(A#;B#)",
    '=XLPERF.PERF_SCORE(IF(ISBLANK(A#);"";(A#));IF(ISBLANK(B#);"";(B#)))',
)


NATIVE = '=IF(OR(A#="";B#="");"";100*(1+MAX(-0.5;MIN(0.5;(A#-B#)/B#))))'


def main() -> None:
    """Measure each formula once."""
    missing = calc_office.missing()
    if missing:
        raise SystemExit(missing)
    with tempfile.TemporaryDirectory() as folder:
        installed, profile = calc_office.install(build(Path(folder)))
    timed = (NATIVE, *FORMULAS)
    jobs = [{"do": "time", "formula": formula, "rows": ROWS} for formula in (NATIVE, *timed)]
    _, *answers = calc_office.run(profile, *jobs)  # the first run starts the engine
    native = answers[0][0]
    for formula, (seconds, _) in zip(timed, answers, strict=True):
        print(f"{seconds:.2f} s  {seconds / native:4.1f} times  {ROWS} x {formula}")
    shutil.rmtree(installed)


if __name__ == "__main__":
    main()
