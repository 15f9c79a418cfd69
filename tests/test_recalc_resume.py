"""Going on from an earlier report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.recalc_books import book
from xl_perf.cli import main
from xl_perf.errors import RecalcError
from xl_perf.recalc import FileReport, Options, recalc_paths
from xl_perf.recalc.resume import read_earlier

HERE = Options(isolate=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "libri"
    inside.mkdir()
    for name in "abcd":
        book({"A1": 1, "A2": "=A1+1", "A3": '=IF(A1=1,NA(),"x")'}).save(inside / f"{name}.xlsx")
    return inside


def interrupted_report(folder: Path, path: Path, options: Options = HERE) -> None:
    def stop(_file: FileReport, done: int, _of: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    report = recalc_paths([folder], options, stop)
    assert report.interrupted
    path.write_text(json.dumps(report.to_json()), encoding="utf-8")


def names(files: list[FileReport]) -> list[str]:
    return [Path(file.path).stem for file in files]


def test_only_what_was_not_done_is_done(folder: Path, tmp_path: Path) -> None:
    interrupted_report(folder, tmp_path / "r.json")
    times = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    done: list[FileReport] = []
    report = recalc_paths(
        [folder], HERE, lambda file, _done, _of: done.append(file), read_earlier(tmp_path / "r.json", HERE)
    )
    assert names(done) == ["c", "d"]
    assert [file.earlier for file in report.files] == [True, True, False, False]
    assert [len(file.changed) for file in report.files] == [
        2,
        2,
        2,
        2,
    ]  # the earlier report is in the new one
    assert [str(file.errors[0].error) for file in report.files] == ["#N/A"] * 4
    assert not report.interrupted
    after = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert after["a.xlsx"] == times["a.xlsx"]
    assert after["c.xlsx"] != times["c.xlsx"]
    first = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["files"][0]
    assert report.files[0].to_json() == first | {"earlier": True}


def test_a_file_that_changed_since_is_done_again(folder: Path, tmp_path: Path) -> None:
    interrupted_report(folder, tmp_path / "r.json")
    book({"A1": 5, "A2": "=A1+1"}).save(folder / "a.xlsx")
    report = recalc_paths([folder], HERE, None, read_earlier(tmp_path / "r.json", HERE))
    assert [file.earlier for file in report.files] == [False, True, False, False]
    assert report.files[0].changed[0].new == 6.0


def test_a_file_that_failed_is_done_again(folder: Path, tmp_path: Path) -> None:
    lock = folder / "~$a.xlsx"
    lock.write_bytes(b"")
    first = recalc_paths([folder], HERE)
    (tmp_path / "r.json").write_text(json.dumps(first.to_json()), encoding="utf-8")
    lock.unlink()
    report = recalc_paths([folder], HERE, None, read_earlier(tmp_path / "r.json", HERE))
    assert [file.earlier for file in report.files] == [False, True, True, True]


def test_results_that_are_gone_are_made_again(folder: Path, tmp_path: Path) -> None:
    options = Options(isolate=False, out=tmp_path / "fuori")
    interrupted_report(folder, tmp_path / "r.json", options)
    (tmp_path / "fuori" / "a.xlsx").unlink()
    report = recalc_paths([folder], options, None, read_earlier(tmp_path / "r.json", options))
    assert [file.earlier for file in report.files] == [False, True, False, False]
    assert (tmp_path / "fuori" / "a.xlsx").exists()


def test_relative_paths(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    interrupted_report(Path("libri"), tmp_path / "r.json")
    report = recalc_paths([folder], HERE, None, read_earlier(tmp_path / "r.json", HERE))
    assert [file.earlier for file in report.files] == [True, True, False, False]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no report of xl-perf"),
        ("[]", "no report of xl-perf"),
        ('{"files": [{}], "options": {}}', "no report of xl-perf"),
        ('{"files": 3, "options": {}}', "no report of xl-perf"),
        ('{"files": [], "options": {"check": true}}', "other options"),
        ('{"files": [], "options": 7}', "other options|no report"),
    ],
)
def test_reports_that_cannot_be_gone_on_from(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "r.json").write_text(text, encoding="utf-8")
    with pytest.raises(RecalcError, match=words):
        read_earlier(tmp_path / "r.json", HERE)
    with pytest.raises(RecalcError, match="cannot be read"):
        read_earlier(tmp_path / "manca.json", HERE)


def test_the_command(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "r.json"
    assert main(["recalc", str(folder / "a.xlsx"), "--report", str(report)]) == 1  # new errors
    capsys.readouterr()
    assert main(["recalc", str(folder), "--resume", str(report), "--report", str(report)]) == 1
    said = capsys.readouterr().out
    assert "4 files" in said
    assert "1 done earlier" in said
    assert "a.xlsx" not in said.replace("b.xlsx", "")
    assert len(json.loads(report.read_text(encoding="utf-8"))["files"]) == 4
    assert main(["recalc", str(folder), "--check", "--resume", str(report)]) == 1
    assert "other options (check)" in capsys.readouterr().err
