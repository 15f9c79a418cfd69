"""The benchmark: `python -m tests.bench [--quick]`; see `docs/benchmarks.md`."""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from pathlib import Path

from tests.bench import archive, arrays
from tests.bench.collected import collected
from tests.bench.compare import Bench, Settings
from tests.bench.office import open_office_with_addin


def main(arguments: list[str] | None = None) -> None:
    """Runs all parts one after the other and prints their tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, one run: does it work at all?")
    parser.add_argument("--runs", type=int, default=5, help="runs of each, of which the median counts (5)")
    parser.add_argument("--files", type=int, default=200, help="workbooks of the batch (200)")
    parser.add_argument(
        "--office-files", type=int, default=20, help="of those, how many LibreOffice does (20)"
    )
    parser.add_argument(
        "--formulas-python",
        metavar="PYTHON",
        help="interpreter that has `formulas`; without it `formulas` is left out",
    )
    parser.add_argument("--formulas-national", action="store_true", help="let `formulas` do (b) too: minutes")
    parser.add_argument("--without-office", action="store_true", help="leave LibreOffice out")
    given = parser.parse_args(arguments)
    settings = Settings(
        quick=given.quick,
        runs=1 if given.quick else given.runs,
        files=3 if given.quick else given.files,
        office_files=2 if given.quick else min(given.office_files, given.files),
        formulas_python=given.formulas_python,
        formulas_national=given.formulas_national,
        with_office=not given.without_office,
    )
    print(f"{platform.platform()}, Python {platform.python_version()}, {_processor()}")
    with tempfile.TemporaryDirectory(prefix="xl-perf-bench-") as folder:
        bench = Bench(Path(folder), settings)
        for line in bench.all():
            print(line, flush=True)
        print("\nscorecards of a quarter, seconds of CPU\n")
        _quarter(Path(folder), "MOLISE" if given.quick else "TUTTE", with_office=not given.without_office)
    print("\n(i) archive\n")
    for line in archive.table(5_000 if given.quick else 1_000_000, settings.runs):
        print(line, flush=True)
    print("\n(d) functions over arrays: milliseconds, shortest of several\n")
    print("| function | rows | ours | bare numpy | ratio |\n|---|---|---|---|---|")
    for times in arrays.over_arrays((1, 1_000) if given.quick else arrays.SIZES):
        ours, bare = times.ours * 1e3, times.bare * 1e3
        print(f"| {times.name} | {times.rows:,} | {ours:.4f} | {bare:.4f} | {times.ours / times.bare:.1f} |")
    print("\none call of numbers inside the engine's callback, microseconds\n")
    for name, seconds in arrays.scalar_calls(200 if given.quick else 20_000).items():
        print(f"- {name}: {seconds * 1e6:.2f}")


def _quarter(folder: Path, structure: str, *, with_office: bool) -> None:
    office = open_office_with_addin(folder / "addin") if with_office else None
    try:
        print("\n".join(collected(folder, structure, office).lines()))
    finally:
        if office is not None:
            office.close()


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


if __name__ == "__main__":
    sys.exit(main())
