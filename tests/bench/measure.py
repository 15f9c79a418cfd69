"""Whole processes measured: wall time, CPU time and peak memory, medians of several runs."""

from __future__ import annotations

import atexit
import os
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TREE = """
import os, resource, subprocess, sys, time
start = time.perf_counter()
code = subprocess.call(sys.argv[2:], stdout=subprocess.DEVNULL)
wall = time.perf_counter() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as file:
    file.write(f"{code} {wall} {used.ru_utime + used.ru_stime} {used.ru_maxrss}")
"""
"""A process that waits for a program and all that it started, and notes what they used; ru_maxrss is the
largest one's.
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of wall clock and of CPU, and MiB of the largest process."""

    wall: float
    cpu: float
    memory: float

    def per(self, count: int) -> Cost:
        """The cost of one of so many files."""
        return Cost(self.wall / count, self.cpu / count, self.memory)


_BYTECODE = tempfile.mkdtemp(prefix="xl-perf-bench-bytecode-")
atexit.register(shutil.rmtree, _BYTECODE, ignore_errors=True)


def installed() -> dict[str, str]:
    """The environment, with compiled Python kept as an installation has it, whatever this machine's setting is."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return environment | {"PYTHONPYCACHEPREFIX": _BYTECODE}


def run(
    command: Sequence[str | Path],
    *,
    expected: Sequence[int] = (0,),
    environment: Mapping[str, str] | None = None,
) -> Cost:
    """Runs a program to its end.

    Raises:
        RuntimeError: an exit status that was not expected.
    """
    with tempfile.TemporaryDirectory() as folder:
        note = Path(folder) / "note"
        arguments = [sys.executable, "-c", _TREE, str(note), *map(str, command)]
        process = os.posix_spawn(sys.executable, arguments, dict(environment or installed()))
        os.waitpid(process, 0)
        code, wall, cpu, memory = note.read_text().split()
    if int(code) not in expected:
        message = f"exit status {code}: {' '.join(map(str, command))}"
        raise RuntimeError(message)
    return Cost(float(wall), float(cpu), int(memory) / 1024)


def median(costs: Sequence[Cost]) -> Cost:
    """Medians of each figure; the largest memory."""
    return Cost(
        statistics.median(cost.wall for cost in costs),
        statistics.median(cost.cpu for cost in costs),
        max(cost.memory for cost in costs),
    )


def best(function: object, *arguments: object, rounds: int = 5) -> float:
    """Shortest time of a call, in seconds: what it costs without the machine's other work."""
    assert callable(function)
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        function(*arguments)
        times.append(time.perf_counter() - start)
    return min(times)
