"""(d): functions over arrays against the bare numpy expression, and the cost of one call inside the engine."""

from __future__ import annotations

import timeit
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.bench.measure import best
from xl_perf.catalog import FUNCTIONS
from xl_perf.cells import call, quick
from xl_perf.recalc.callbacks import Faults, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SIZES = (1, 1_000, 1_000_000)
_CAP, _DIRECTION, _DAYS, _MONTHS = 0.5, -1.0, 360.0, 12.0
_REVENUE, _BENEFITS = 0.7, 0.3

Columns = tuple[np.ndarray, ...]


def _two(one: np.ndarray, other: np.ndarray) -> Columns:
    return one, other


def _with_scores(one: np.ndarray, other: np.ndarray) -> Columns:
    return one, other + 40  # 70 to 120: within the cap


def _four(one: np.ndarray, other: np.ndarray) -> Columns:
    return one, other, one[::-1].copy(), other[::-1].copy()


@dataclass(frozen=True, slots=True)
class Case:
    """A function, the single numbers after its columns, the same in bare numpy, and its columns from two that
    all share.
    """

    name: str
    expression: Callable[..., np.ndarray]
    numbers: tuple[float, ...] = ()
    columns: Callable[[np.ndarray, np.ndarray], Columns] = _two

    def function(self, *columns: np.ndarray) -> Any:
        """The call on its own columns."""
        return call(FUNCTIONS[self.name], (*columns, *self.numbers))

    def call(self, one: np.ndarray, other: np.ndarray) -> Any:
        """The call on columns made from the two."""
        return self.function(*self.columns(one, other))

    def bare(self, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        """The bare expression on columns made from the two."""
        return self.expression(*self.columns(one, other))


def _deviation(actual: np.ndarray, target: np.ndarray) -> np.ndarray:
    return np.clip(_DIRECTION * (actual - target) / target, -_CAP, _CAP)


def _score(actual: np.ndarray, target: np.ndarray) -> np.ndarray:
    return 100 + 100 * _deviation(actual, target)


CASES = (
    Case("PERF_SCORE", _score, (_DIRECTION, _CAP)),
    Case("PERF_SCOSTAMENTO", _deviation, (_DIRECTION, _CAP)),
    Case(
        "PERF_NECESSARIO",
        lambda target, score: target * (100 + _DIRECTION * (score - 100)) / 100,
        (_DIRECTION, _CAP),
        _with_scores,
    ),
    Case("GIACENZA_INDEX", lambda stock, received: stock / received * _DAYS, (_DAYS,)),
    Case("DEFLUSSO_INDEX", lambda done, received: done / received),
    Case("PRODUTTIVITA_INDEX", lambda points, staff: points / (staff * _MONTHS), (_MONTHS,)),
    Case(
        "IEEP_REALIZZAZIONE",
        lambda revenue, target, benefits, other: (
            _REVENUE * (revenue / target) + _BENEFITS * (benefits / other)
        ),
        (_REVENUE, _BENEFITS),
        _four,
    ),
    Case(
        "DISMISSIONE_INDEX",
        lambda units, target, value, other: 100 * units / target + 100 * value / other,
        columns=_four,
    ),
)
"""All functions of the catalogue that take arrays in one go."""


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of a call over an array, and of the bare expression."""

    name: str
    rows: int
    ours: float
    bare: float


def over_arrays(sizes: Sequence[int] = SIZES) -> list[Times]:
    """Shortest times of each function at each size; call and bare expression take turns on the same columns."""
    numbers = np.random.default_rng(1)
    found = []
    for rows in sizes:
        pair = numbers.uniform(20, 90, rows), numbers.uniform(30, 80, rows)
        for case in CASES:
            columns = case.columns(*pair)
            turns = [
                (best(case.function, *columns, rounds=1), best(case.expression, *columns, rounds=1))
                for _ in range(25 if rows > 10_000 else 200)
            ]
            ours, bare = (min(times) for times in zip(*turns, strict=True))
            found.append(Times(case.name, rows, ours, bare))
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
