"""CPU time of a quarter: the scorecards of all structures made, and collected with their proof."""

from __future__ import annotations

import resource
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def collected(folder: Path, structure: str = "TUTTE") -> dict[str, float]:
    """Seconds of CPU of `new scheda` and of `collect`, each a process of its own.

    Args:
        folder: where the files go.
        structure: `TUTTE`, or one structure for a quick look.
    """
    cards = folder / "schede"
    made = ["new", "scheda", "--struttura", structure, "--trimestre", "3", "--example", "--force", "--out"]
    cards.mkdir(exist_ok=True)
    first = _cpu([*made, str(cards)])
    files = [str(path) for path in sorted(cards.glob("*.xlsx"))]
    second = _cpu(["collect", *files, "--period", "2021-T3", "--out", str(folder / "nazione")])
    return {f"new scheda --struttura {structure}": first, f"collect, {len(files)} files": second}


def _cpu(arguments: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "xl_perf", *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
