"""What a worker process does in a test of its memory: files that leave something behind, and one that needs
too much.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from xl_perf.recalc.model import EXHAUSTED, FileReport

if TYPE_CHECKING:
    from pathlib import Path

_MEBI = 1024 * 1024
_left: list[bytearray] = []


def recalc_file(path: Path, *_: object, **__: object) -> FileReport:
    """Holds 150 MiB more with each file, and takes 2 GiB for the file `grande.xlsx`; the engine names the process."""
    try:
        _left.append(bytearray(150 * _MEBI))
        if path.stem == "grande":
            bytearray(2048 * _MEBI)
    except MemoryError:
        return FileReport(str(path), failure=f"{path}: {EXHAUSTED}")
    return FileReport(str(path), engine=str(os.getpid()))
