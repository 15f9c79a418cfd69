"""How long LibreOffice Calc takes for calls of the add-in: `python -m tests.bench.calc_addin`.

Prints the processor time of a hard recalculation of a column of 20,000 formulas, each one call, and how often that is
the time of a native formula that calculates the same score; then that of one formula over full columns. Not a test.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from tests import calc_office
from xl_perf.addins.libreoffice import build

ROWS = 20_000
ROUNDS = 3
NATIVE = '=IF(OR(A#="";B#="");"";100*(1+MAX(-0.5;MIN(0.5;(A#-B#)/B#))))'
FORMULAS = (
    "=XLPERF.PERF_SCORE(A#;B#)",
    '=XLPERF.PERF_SCORE(IF(ISBLANK(A#);"";(A#));IF(ISBLANK(B#);"";(B#)))',
)
COLUMNS = (
    "=XLPERF.OMOGENEIZZA(A1:A20000;B1:B20000)",
    "=XLPERF.OMOGENEIZZA(XLPERF.USATO(A:A);XLPERF.USATO(B:B))",
    "=XLPERF.OMOGENEIZZA(A:A;B:B)",
)


def main() -> None:
    """Measure each formula."""
    missing = calc_office.missing()
    if missing:
        raise SystemExit(missing)
    with tempfile.TemporaryDirectory() as folder:
        installed, profile = calc_office.install(build(Path(folder)))
    job = {"do": "time", "rows": ROWS}
    many = [{**job, "formula": NATIVE, "rounds": 10 * ROUNDS}]
    many += [{**job, "formula": formula, "rounds": ROUNDS} for formula in FORMULAS]
    one = [{**job, "formula": formula, "height": 1} for formula in COLUMNS]
    (_, native, _), *answers = calc_office.run(profile, *many, *one)
    for formula, (wall, cpu, value) in zip((*FORMULAS, *COLUMNS), answers, strict=True):
        ratio = f"{cpu / native:5.1f} times native" if formula in FORMULAS else ""
        print(f"{cpu:6.3f} s of processor ({wall:.2f} s)  {ratio:18}  {formula} = {value}")
    shutil.rmtree(installed)


if __name__ == "__main__":
    main()
