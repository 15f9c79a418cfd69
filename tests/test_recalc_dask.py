"""A batch on a Dask cluster of two worker processes: the same reports, limits and results as on this machine."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sys
import time
import uuid
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from tests.dask_cluster import ROOT, Cluster, cluster, need_dask
from tests.hostile_files import good, hostile_files
from tests.recalc_books import book
from xl_perf.cli import main
from xl_perf.errors import RecalcError
from xl_perf.package import open_package
from xl_perf.recalc import FileReport, Options, RecalcReport, recalc_paths
from xl_perf.recalc import worker as worker_module
from xl_perf.recalc.dask_executor import scheduler_address

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX systems end the processes")
NOBODY = "dask://127.0.0.1:1"


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("dask"), 2) as found:
        yield found


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("solo"), 0) as found:
        yield found


def value_of(path: Path) -> object:
    return next(c.value for c in open_package(path).cells("Foglio1") if (c.row, c.column) == (1, 2))


def many(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / f"{name}.xlsx").write_bytes(good())
    return folder


def plain(report: RecalcReport, folder: Path) -> dict[str, object]:
    """A report without times, and without the place of its folder."""
    found = json.loads(json.dumps(report.to_json()).replace(json.dumps(str(folder))[1:-1], "FOLDER"))
    found["seconds"] = 0
    for file in found["files"]:
        file["seconds"] = 0
        file["stamp"] = file["stamp"] and file["stamp"][0]
    return dict(found)


def test_the_same_reports_and_results_as_on_this_machine(
    dask: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Among the files some that are broken, one that hangs and one that kills its process."""
    here = many(tmp_path / "qui" / "libri", *(f"{n:02}" for n in range(6)), "hangs", "dies")
    for number, (content, _) in enumerate(list(hostile_files().values())[::9]):
        if len(content) < 100_000:
            (here / f"cattivo{number:02}.xlsx").write_bytes(content)
    book({"A1": 1, "A2": "=A1+1", "A3": '=IF(A1=1,NA(),"x")', "A4": "=CUBEVALUE(1)"}).save(here / "note.xlsx")
    there = tmp_path / "là" / "libri"
    shutil.copytree(here, there)
    monkeypatch.syspath_prepend(dask.folder)
    monkeypatch.setattr(worker_module, "_RECALC", "files_by_name:recalc_file")
    options = Options(seconds=5.0, values=True, jobs=2, office=False)
    seen: list[tuple[int, int]] = []

    mine = recalc_paths([here], options)
    theirs = recalc_paths(
        [there], options._replace(executor=dask.executor), lambda _, done, of: seen.append((done, of))
    )

    assert plain(theirs, there) == plain(mine, here)
    failures = {Path(file.path).stem: file.failure for file in theirs.files}
    assert "took longer than 5 seconds" in failures["hangs"]
    assert "process died (exit code 9)" in failures["dies"]
    assert seen == [(n, len(mine.files)) for n in range(1, len(mine.files) + 1)]
    for path in here.iterdir():
        if not path.name.startswith("."):
            assert path.read_bytes() == (there / path.name).read_bytes()
    assert value_of(there / "00.xlsx") == 31.0


def test_memory_is_limited(dask: Cluster, tmp_path: Path) -> None:
    many(tmp_path, "a")
    limited = Options(executor=dask.executor, memory=40 * 1024 * 1024)
    failure = recalc_paths([tmp_path], limited).files[0].failure
    assert "process died" in failure or "more memory than a file may take" in failure
    assert recalc_paths([tmp_path], Options(executor=dask.executor)).ok


def test_the_command_with_relative_paths(
    dask: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    many(tmp_path / "libri" / "sotto", "a", "b")
    (tmp_path / "libri" / "rotto.xlsx").write_text("no", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    command = ["recalc", "libri", "--out", "fuori", "--values", "--report", "r.json"]
    assert main(command) == 1
    local = json.loads(Path("r.json").read_text(encoding="utf-8"))["files"]
    shutil.rmtree("fuori")
    capsys.readouterr()
    assert main([*command, "--executor", dask.executor]) == 1
    said = capsys.readouterr().out
    assert "written fuori/sotto/a.valori.xlsx" in said
    assert "FAILED  libri/rotto.xlsx: " in said
    files = json.loads(Path("r.json").read_text(encoding="utf-8"))["files"]
    times = {"seconds": 0, "stamp": 0}
    assert [file | times for file in files] == [file | times for file in local]
    assert sorted(map(str, Path("fuori").rglob("*.xlsx"))) == [
        f"fuori/sotto/{name}.xlsx" for name in ("a.valori", "a", "b.valori", "b")
    ]
    assert sorted(os.listdir("fuori")) == ["sotto"]  # noqa: PTH208
    assert value_of(tmp_path / "fuori" / "sotto" / "a.xlsx") == 31.0


def test_going_on_from_a_report(dask: Cluster, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where everything was done nobody is asked."""
    folder, report = many(tmp_path / "libri", "a", "b"), tmp_path / "r.json"
    assert main(["recalc", str(folder), "--executor", dask.executor, "--report", str(report)]) == 0
    assert main(["recalc", str(folder), "--executor", NOBODY, "--resume", str(report)]) == 0
    assert "2 done earlier" in capsys.readouterr().out


def test_an_interruption(dask: Cluster, tmp_path: Path) -> None:
    """Files that wait are not begun, the one that hangs is ended, none is half written."""
    folder = many(tmp_path, "00", "hangs", *(f"slow{n}" for n in range(6)))

    def stop(_file: FileReport, _done: int, _of: int) -> None:
        while not list(folder.glob(".hangs.*")):
            time.sleep(0.05)
        raise KeyboardInterrupt

    report = recalc_paths([folder], Options(executor=dask.executor), stop)
    assert report.interrupted
    failures = {Path(file.path).stem: file.failure for file in report.files}
    assert failures["hangs"].endswith("not done, interrupted")
    (note,) = folder.glob(".hangs.*")
    wait_for_the_end_of(int(note.suffix[1:]))
    waiting = [f"slow{n}" for n in range(2, 6)]
    assert all(failures[name].endswith("not done, interrupted") for name in waiting)
    assert all((folder / f"{name}.xlsx").read_bytes() == good() for name in waiting)
    assert all(value_of(path) in {1.0, 31.0} for path in folder.glob("*.xlsx"))
    assert not list(folder.glob(".*.tmp"))
    assert recalc_paths([folder / "00.xlsx", folder / "slow5.xlsx"], Options(executor=dask.executor)).ok


def wait_for_the_end_of(process: int) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return
        assert time.monotonic() < deadline, "a process goes on with a file of a batch that has ended"
        time.sleep(0.05)


def test_a_worker_that_is_lost(dask: Cluster, tmp_path: Path) -> None:
    """Its file is done by another one; a file that every worker is lost over is given up; the rest is done."""
    folder = many(tmp_path, "00", "01", "loses_once", "z_loses_worker")
    report = recalc_paths([folder], Options(executor=dask.executor))
    failures = {Path(file.path).stem: file.failure for file in report.files if file.failure}
    assert list(failures) == ["z_loses_worker"]
    assert "the Dask workers that did it were lost, one after the other" in failures["z_loses_worker"]
    assert len(list(folder.glob(".z_loses_worker.*"))) >= 2
    assert len(list(folder.glob(".loses_once.*"))) == 1
    for path in folder.glob("*.xlsx"):
        assert value_of(path) == (1.0 if path.stem == "z_loses_worker" else 31.0)


def test_paths_that_the_cluster_does_not_reach(
    dask: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of the same path that is another one is not touched either."""
    from xl_perf.recalc import dask_executor

    folder = many(tmp_path, "a", "b", "c")
    stamps = {"a": (4711, 1), "b": None}
    real = dask_executor.stamp_of
    monkeypatch.setattr(dask_executor, "stamp_of", lambda path: stamps.get(Path(path).stem, real(path)))
    report = recalc_paths([folder], Options(executor=dask.executor))
    host = socket.gethostname()
    for file in report.files[:2]:
        assert file.failure.startswith(
            f"{file.path}: on {host}, a machine of the Dask cluster, the file under"
        )
        assert "Share the folder with all machines of the cluster under the same path" in file.failure
        assert Path(file.path).read_bytes() == good()
    assert report.files[2].ok


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    task = a_task(tmp_path / "manca.xlsx")
    assert "the file under this path does not exist" in said_of(task)
    there = many(tmp_path, "a") / "a.xlsx"
    assert said_of(a_task(there)) == ""
    assert "is another one, or was changed" in said_of(a_task(there)._replace(stamp=(1, 1)))
    size, changed = a_task(there).stamp or (0, 0)
    assert said_of(a_task(there)._replace(stamp=(size, changed + 1_500_000_000))) == ""
    assert "is another one" in said_of(a_task(there)._replace(stamp=(size, changed + 3_000_000_000)))
    out = tmp_path / "fuori"
    elsewhere = a_task(there)._replace(options=Options(out=out), probe=str(out / "x"))
    assert "fuori: " in said_of(elsewhere)
    assert "does not see this folder for the results" in said_of(elsewhere)


def a_task(path: Path):
    from xl_perf.recalc.dask_executor import Task, versions
    from xl_perf.recalc.files import stamp_of

    return Task(
        uuid.uuid4().hex, "", path, Path(path.name), stamp_of(path) or (10, 10), Options(), versions()
    )


def said_of(task) -> str:
    from xl_perf.recalc.dask_executor import end_batch, run_task

    try:
        return run_task(task).failure
    finally:
        end_batch(task.batch)


def test_a_batch_that_has_ended_begins_nothing(tmp_path: Path) -> None:
    from xl_perf.recalc.dask_executor import end_batch

    end_batch("finito")
    task = a_task(many(tmp_path, "a") / "a.xlsx")._replace(batch="finito")
    assert said_of(task).endswith("a.xlsx: not done, interrupted")


def test_a_machine_with_other_versions(
    dask: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xl_perf.recalc import dask_executor

    mine = dask_executor.versions()
    monkeypatch.setattr(dask_executor, "versions", lambda: {**mine, "xl_perf": "9.9"})
    folder = many(tmp_path, "a")
    (file,) = recalc_paths([folder], Options(executor=dask.executor)).files
    assert f"the Dask worker on {socket.gethostname()} has xl_perf " in file.failure
    assert "where this one has 9.9. Install the same versions on all machines of the cluster" in file.failure
    assert (folder / "a.xlsx").read_bytes() == good()


def test_a_machine_without_xl_perf(dask: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from xl_perf.recalc import dask_executor

    monkeypatch.setattr(dask_executor, "run_task", Unknown())
    (file,) = recalc_paths([many(tmp_path, "a")], Options(executor=dask.executor)).files
    assert "a.xlsx: the Dask cluster failed (" in file.failure


class Unknown:
    """A function of a module that the other side lacks."""

    def __call__(self, _: str) -> None:
        raise AssertionError

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return __import__, ("xl_perf_manca",)


def test_a_folder_for_results_that_the_cluster_does_not_see(
    dask: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xl_perf.recalc import dask_executor

    gone = SimpleNamespace(name=str(tmp_path / "fuori" / "altrove"))
    monkeypatch.setattr(dask_executor, "NamedTemporaryFile", lambda **_: nullcontext(gone))
    folder, out = many(tmp_path / "libri", "a"), tmp_path / "fuori"
    (file,) = recalc_paths([folder], Options(executor=dask.executor, out=out)).files
    assert "fuori: " in file.failure
    assert "does not see this folder for the results. Share the folder" in file.failure
    assert list(out.iterdir()) == []


def test_no_workers(alone: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from xl_perf.recalc import dask_executor

    monkeypatch.setattr(dask_executor, "CONNECT", 1.0)
    with pytest.raises(
        RecalcError, match=f"{alone.executor}: the Dask cluster has no workers that answer. Start"
    ):
        recalc_paths([many(tmp_path, "a")], Options(executor=alone.executor))


@pytest.mark.parametrize("what", ["workers", "scheduler"])
def test_a_cluster_that_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    from xl_perf.recalc import dask_executor

    folder = many(tmp_path / "libri", "00", "hangs", "z")
    (tmp_path / "dask").mkdir()
    monkeypatch.setattr(dask_executor, "PATIENCE", 3.0)
    with cluster(tmp_path / "dask", 0) as found:
        found.add_worker("--no-nanny")

        def lose(_file: FileReport, done: int, _of: int) -> None:
            if done == 1:
                while not list(folder.glob(".hangs.*")):
                    time.sleep(0.05)
                lost = found.processes[1 if what == "workers" else 0]
                lost.kill()
                lost.wait()

        report = recalc_paths([folder], Options(executor=found.executor), lose)
    assert not report.interrupted
    assert [bool(file.failure) for file in report.files] == [False, True, True]
    for file in report.files[1:]:
        assert "not done, " in file.failure
        assert ("no worker of the Dask cluster is left" if what == "workers" else "scheduler") in file.failure
        assert found.executor in file.failure
        assert Path(file.path).read_bytes() == good()


def test_nobody_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    need_dask()
    from xl_perf.recalc import dask_executor

    monkeypatch.setattr(dask_executor, "CONNECT", 0.5)
    folder = many(tmp_path, "a")
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes calls and never says a word
        for executor in (NOBODY, f"dask://127.0.0.1:{silent.getsockname()[1]}"):
            assert main(["recalc", str(folder), "--executor", executor]) == 1
            said = capsys.readouterr()
            assert f"{executor}: no Dask scheduler answers within 0.5 seconds. Start it" in said.err
            assert said.out == ""
    assert (folder / "a.xlsx").read_bytes() == good()


def test_without_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert main(["recalc", str(many(tmp_path, "a")), "--executor", NOBODY]) == 1
    said = capsys.readouterr().err
    assert "dask.distributed is not installed. Install xl_perf with its extra: pip install '.[dask]'" in said


@pytest.mark.parametrize(
    "text",
    [
        "",
        "dask://",
        "dask://host",
        "dask://:8786",
        "dask://host:0",
        "dask://host:x",
        "tcp://host:8786",
        "host:1",
    ],
)
def test_addresses_that_are_none(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RecalcError, match="expected dask://HOST:PORT of a Dask scheduler"):
        scheduler_address(text)
    with pytest.raises(SystemExit) as found:
        main(["recalc", "a.xlsx", "--executor", text])
    assert found.value.code == 2
    assert "expected dask://HOST:PORT" in capsys.readouterr().err


def test_addresses() -> None:
    assert scheduler_address("dask://host.inps.it:8786/") == "tcp://host.inps.it:8786"
    assert scheduler_address("dask://[::1]:8786") == "tcp://[::1]:8786"


def test_dask_is_loaded_only_when_asked_for(tmp_path: Path) -> None:
    import subprocess

    program = (
        "import sys; from xl_perf.cli import main; main(sys.argv[1:]); "
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'dask', 'distributed', 'tornado'}))"
    )
    command = [sys.executable, "-c", program, "recalc", str(many(tmp_path, "a"))]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.splitlines()[-1] == "[]"
