"""No code of a plan in the program outside the templates: functions and checks ask for the part that it plays
(`ruoli.toml`).
"""

from __future__ import annotations

import ast
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


LOOKUPS = {"lines_of", "indicators_of", "nodes_of", "weights_of", "parameter", "node", "target", "children"}
"""Methods of a plan that take a code first."""


def looked_up(text):
    """Calls of those methods with a literal code: names of systems and trees are words too, which no list of
    codes can tell.
    """
    return [
        f"{node.lineno}: {node.func.attr}({node.args[0].value!r})"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LOOKUPS
        if "plan" in (getattr(node.func.value, "id", ""), getattr(node.func.value, "attr", ""))
        if node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
    ]


def test_lookups_are_seen():
    assert looked_up("a = card.plan.lines_of('spesa')\nb = plan.lines_of(role)") == ["1: lines_of('spesa')"]


@pytest.mark.parametrize(
    "path", sorted(ROOT.rglob("*.py")), ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_no_code_is_looked_up_in(path):
    assert looked_up(path.read_text(encoding="utf-8")) == []
