"""The start of a batch: what its processes load, and the worker process that is started ahead."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile_files import good
from xl_perf.cli import main
from xl_perf.recalc import Options, recalc_paths
from xl_perf.recalc import worker as module
from xl_perf.recalc.worker import Lost, Process, Worker

ROOT = Path(__file__).parents[1]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The worker processes that were started."""
    found: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def noted(*arguments, **named):
        found.append(real(*arguments, **named))
        return found[-1]

    monkeypatch.setattr(module.subprocess, "Popen", noted)
    return found


@pytest.mark.parametrize(("jobs", "files", "processes"), [(1, 3, 1), (2, 3, 2), (2, 1, 1), (2, 0, 1)])
def test_a_worker_that_was_started_ahead_is_used(
    tmp_path: Path, started: list[subprocess.Popen[bytes]], jobs: int, files: int, processes: int
) -> None:
    for number in range(files):
        (tmp_path / f"{number}.xlsx").write_bytes(good())
    ahead = Worker()
    ahead.start()
    assert len(started) == 1
    report = recalc_paths([tmp_path], Options(jobs=jobs), ahead=ahead)
    assert report.ok == bool(files)
    assert len(started) == processes
    assert all(process.returncode is not None for process in started)


@pytest.mark.parametrize("arguments", [[], ["--report", "manca/r.json"], ["--resume", "manca.json"]])
def test_the_command_leaves_no_process_behind(
    tmp_path: Path,
    started: list[subprocess.Popen[bytes]],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.xlsx").write_bytes(good())
    assert main(["recalc", "a.xlsx", *arguments]) == (1 if arguments else 0)
    assert len(started) == 1
    assert started[0].returncode is not None


def test_the_parent_loads_little(tmp_path: Path) -> None:
    """Its start is added to that of the worker; what both need is loaded by both at the same time."""
    (tmp_path / "a.xlsx").write_bytes(good())
    program = "import sys; from xl_perf.cli import main; main(sys.argv[1:]); print(*sys.modules)"
    command = [sys.executable, "-c", program, "recalc", str(tmp_path)]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(found.stdout.splitlines()[-1].split())
    assert {"xl_perf.recalc.worker", "xl_perf.recalc.pool"} <= loaded
    heavy = {"dataclasses", "inspect", "json", "tempfile", "numpy", "formualizer", "xl_perf.package.workbook"}
    assert not heavy & loaded


def test_a_worker_gets_ready_before_its_first_file() -> None:
    ready = Process("builtins:eval", needed=("xl_perf.recalc.calculate", "xl_perf.manca"))
    plain = Process("builtins:eval")
    loaded = "'xl_perf.recalc.calculate' in __import__('sys').modules"
    try:
        assert ready.call(30.0, loaded)
        assert not plain.call(30.0, loaded)
        assert plain.call(30.0, "__import__('gc').isenabled()")
    finally:
        ready.join()
        plain.join()


def test_what_a_worker_loads_first_exists() -> None:
    """A module that is gone would be passed over in silence, and loaded with the first file."""
    assert [importlib.import_module(name).__name__ for name in module._NEEDED] == list(module._NEEDED)


def test_a_time_limit_at_the_moment_of_the_answer_harms_no_later_call() -> None:
    process = Process("time:sleep")
    said = []
    try:
        process.call(60.0, 0.0)
        for _ in range(12):
            try:
                process.call(0.05, 0.05)
            except Lost as lost:
                said.append(str(lost))
                process.call(60.0, 0.0)
    finally:
        process.join()
    assert set(said) == {"took longer than 0.05 seconds and was given up; raise the time limit"}
