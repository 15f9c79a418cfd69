"""No number of the plan in compute: the literals of its source are 0, 1, 2 and 100."""

from __future__ import annotations

import ast
import doctest
import importlib
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "xl_perf" / "compute"
MODULES = sorted(FOLDER.glob("*.py"))


def _literals(source):
    return [
        (node.lineno, node.value)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, (int, float, complex))
        and node.value not in (0, 1, 2, 100)
    ]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_only_plain_literals(path):
    assert _literals(path.read_text(encoding="utf-8")) == []


def test_a_number_of_the_plan_would_be_found():
    assert _literals("x = 2 * 0.5 + f(100, cap=360)\n") == [(1, 0.5), (1, 360)]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_examples_of_docstrings(path):
    module = importlib.import_module(f"xl_perf.compute.{path.stem}".removesuffix(".__init__"))
    assert doctest.testmod(module).failed == 0


def test_there_are_examples():
    modules = [importlib.import_module(f"xl_perf.compute.{path.stem}") for path in MODULES]
    assert sum(doctest.testmod(module).attempted for module in modules) >= 8
