"""Other programs that tests need: found on the machine, or left out where `XL_PERF_NO_PROGRAMS=1` asks for none."""

from __future__ import annotations

import os
import shutil


def find(*names: str) -> str | None:
    """Path of the first of some programs that is there, or None."""
    if os.environ.get("XL_PERF_NO_PROGRAMS") == "1":
        return None
    return next(filter(None, map(shutil.which, names)), None)
