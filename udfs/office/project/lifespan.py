"""Start of the server: what makes the first and the large calls fast."""

from __future__ import annotations

import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from xl_perf import cells
from xl_perf.catalog import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

# xlwings tries to import these for every argument, to know whether it runs in a browser: None answers at once.
for _name in ("pyodide", "pyodide.ffi"):
    sys.modules.setdefault(_name, None)  # type: ignore[arg-type]


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[None]:
    """Reads the plan's data before the first call needs it; a plan that cannot be read stops the start."""
    cells.call(FUNCTIONS["PERF_SCORE"], [1, 1])
    yield
