"""The fuzz target of the package reader: its seeds by themselves, and a fixed budget where atheris is installed."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.package_reader import check, seeds

ROOT = Path(__file__).parents[1]
RUNS = 3000


@pytest.mark.parametrize("seed", seeds(), ids=lambda seed: f"{seed[0]}-{len(seed)}")
def test_seeds(seed: bytes) -> None:
    check(seed)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_seeds_with_a_piece_changed(data: st.DataObject) -> None:
    seed = data.draw(st.sampled_from(seeds()))
    start = data.draw(st.integers(1, len(seed)))
    end = data.draw(st.integers(start, min(len(seed), start + 40)))
    check(seed[:start] + data.draw(st.binary(max_size=20)) + seed[end:])


def test_a_fixed_budget(tmp_path: Path) -> None:
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris is not installed (it is an extra of its own: pip install '.[fuzz]')")
    program = ROOT / "tests" / "fuzz" / "package_reader.py"
    done = subprocess.run(
        [sys.executable, str(program), f"-runs={os.environ.get('XL_PERF_FUZZ_RUNS', RUNS)}", "-seed=1"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Done " in done.stderr
