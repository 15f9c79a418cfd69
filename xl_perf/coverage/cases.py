"""Counts the worked cases of the functions: `python -m xl_perf.coverage.cases tests/cases`."""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from pathlib import Path

_HEAD = "# Worked cases of each function in tests/cases, made by `python -m xl_perf.coverage.cases tests/cases`.\n"


def counted(folder: Path) -> str:
    """Text of `cases.toml` for a folder of case files.

    Args:
        folder: holds the TOML files with their `[[caso]]`.
    """
    counts = Counter(
        case["funzione"]
        for path in sorted(folder.glob("*.toml"))
        for case in tomllib.loads(path.read_text(encoding="utf-8")).get("caso", [])
    )
    return _HEAD + "".join(f"{name} = {count}\n" for name, count in sorted(counts.items()))


if __name__ == "__main__":
    target = Path(__file__).with_name("cases.toml")
    target.write_text(counted(Path(sys.argv[1])), encoding="utf-8", newline="\n")
