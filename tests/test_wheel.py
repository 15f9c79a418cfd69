"""The built wheel holds all that the commands need: installed alone, away from the sources, it works."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree; skips where its build tool cannot be had."""
    out = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--wheel-dir",
        str(out),
        str(ROOT),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        if os.environ.get("XL_PERF_FULL_TESTS") == "1":
            pytest.fail(f"the wheel cannot be built: {done.stderr}")
        pytest.skip("the wheel cannot be built here (no hatchling, no network?)")
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the unpacked wheel and nothing else."""
    folder = tmp_path_factory.mktemp("site")
    zipfile.ZipFile(wheel).extractall(folder)
    return folder


def run(installed: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONIOENCODING": "utf-8"}
    code = "import sys, xl_perf; from xl_perf.cli import main; print(xl_perf.__file__); sys.exit(main(sys.argv[1:]))"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=cwd, env=environment, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


def test_plan_check_from_the_wheel(installed, tmp_path):
    done = run(installed, "plan", "check", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0].startswith(str(installed))


def test_workbooks_are_built_from_the_wheel(installed, tmp_path):
    done = run(installed, "build", "--out", "cartelle", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert {path.name for path in (tmp_path / "cartelle").glob("*.xlsx")} >= {"giacenza.xlsx", "ieep.xlsx"}
    done = run(installed, "recalc", "--check", "cartelle", cwd=tmp_path)
    assert done.returncode == 0, done.stdout


def test_wheel_holds_no_tests_and_names_its_licence(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert not [name for name in names if name.startswith("tests/")]
    assert [name for name in names if name.endswith("licenses/LICENSE")]
