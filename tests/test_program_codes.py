"""No code of a plan in the program outside the templates: functions and checks ask for the part that it plays (`ruoli.toml`)."""

from __future__ import annotations

from pathlib import Path

import pytest

import xl_perf
from tests.test_templates_codes import FOLDER as TEMPLATES
from tests.test_templates_codes import codes_in

ROOT = Path(xl_perf.__file__).parent

MAY_STAY: dict[str, set[str]] = {}
"""Texts that are codes in some edition and mean something else here."""


def _files():
    return sorted(path for path in ROOT.rglob("*.py") if TEMPLATES not in path.parents)


@pytest.mark.parametrize("path", _files(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_code_in(path):
    allowed = MAY_STAY.get(path.relative_to(ROOT).as_posix(), set())
    found = {line.split(": ", 1)[1] for line in codes_in(path)}
    assert found == allowed
