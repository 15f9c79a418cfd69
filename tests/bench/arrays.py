"""(d): functions over arrays against the bare numpy expression, and the cost of one call inside the engine."""

from __future__ import annotations

import timeit
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tests.bench.measure import best
from xl_perf.catalog import FUNCTIONS
from xl_perf.cells import call, quick
from xl_perf.recalc.engine import Faults, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SIZES = (1, 1_000, 1_000_000)
_CAP, _DIRECTION = 0.5, -1.0


@dataclass(frozen=True, slots=True)
class Case:
    """A function, its call, and the same in bare numpy."""

    name: str
    call: Callable[..., object]
    bare: Callable[..., object]


def _deviation(actual: np.ndarray, target: np.ndarray) -> np.ndarray:
    return np.clip(_DIRECTION * (actual - target) / target, -_CAP, _CAP)


def _score(actual: np.ndarray, target: np.ndarray) -> np.ndarray:
    return 100 + 100 * _deviation(actual, target)


def _ratio(done: np.ndarray, received: np.ndarray) -> np.ndarray:
    return done / received


CASES = (
    Case("PERF_SCORE", lambda a, b: call(FUNCTIONS["PERF_SCORE"], (a, b, _DIRECTION, _CAP)), _score),
    Case(
        "PERF_SCOSTAMENTO",
        lambda a, b: call(FUNCTIONS["PERF_SCOSTAMENTO"], (a, b, _DIRECTION, _CAP)),
        _deviation,
    ),
    Case("DEFLUSSO_INDEX", lambda a, b: call(FUNCTIONS["DEFLUSSO_INDEX"], (a, b)), _ratio),
)


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of a call over an array, and of the bare expression."""

    name: str
    rows: int
    ours: float
    bare: float


def over_arrays(sizes: Sequence[int] = SIZES) -> list[Times]:
    """Shortest times of each function at each size."""
    numbers = np.random.default_rng(1)
    found = []
    for rows in sizes:
        columns = numbers.uniform(20, 90, rows), numbers.uniform(30, 80, rows)
        rounds = 7 if rows > 10_000 else 200
        found += [
            Times(
                case.name,
                rows,
                best(case.call, *columns, rounds=rounds),
                best(case.bare, *columns, rounds=rounds),
            )
            for case in CASES
        ]
    return found


def scalar_calls(count: int = 20_000) -> dict[str, float]:
    """Seconds of one call of numbers as the engine makes it: the wrapper around the function, conversion included."""
    arguments = {
        "PERF_SCORE": (45.0, 50.0, _DIRECTION, _CAP),
        "PERF_SCOSTAMENTO": (45.0, 50.0, _DIRECTION, _CAP),
        "DEFLUSSO_INDEX": (90.0, 100.0),
    }
    faults = Faults()
    found = {}
    for name, values in arguments.items():
        run = wrapped(FUNCTIONS[name], call, faults, date1904=False, numbers_only=quick)
        found[name] = (
            min(timeit.repeat(lambda run=run, values=values: run(*values), number=count, repeat=5)) / count
        )
    return found
