"""The sources of compute and of the catalogue: no number of the plan in code or text, and docstrings that
keep a contract.
"""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import re
from pathlib import Path

import pytest

from xl_perf.catalog import FUNCTIONS
from xl_perf.compute.faults import Fault

PACKAGE = Path(__file__).parents[1] / "xl_perf"
MODULES = sorted((PACKAGE / "compute").glob("*.py"))
CATALOGUE = sorted((PACKAGE / "catalog").glob("*.py"))
EACH = pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
PLAIN = (0, 1, 2, 100)
CONVENTIONS = {
    ("binding.py", 1e-9): "noise of floats in a sum of weights",
    ("binding.py", 8): "editions remembered",
    ("explain.py", 6): "cells shown one by one",
    ("explain.py", 9): "arguments of the longest function",
    ("model.py", 255): "longest help text of Excel",
    ("numerals.py", 6): "decimals shown",
    ("numerals.py", 1e15): "largest number shown without exponent",
    ("numerals.py", 10.0): "digits are decimal",
    ("processes.py", 6): "counts of the controllo del processo",
    ("processes.py", 15): "digits of a number in a spreadsheet",
    ("processes.py", 16): "tables of bands remembered",
    ("processes.py", 10): "digits are decimal",
    ("processes.py", 4): "rows of the table of ratios",
    ("processes.py", 3): "columns of the table of ratios",
    ("production.py", 12.0): "months of a year",
    ("rule_texts.py", 1024): "texts remembered",
    ("targets.py", 4096): "keys remembered",
}
"""The numbers in the sources of the catalogue that are not 0, 1, 2 and 100, and why each is none of the plan."""


def _literals(source):
    return [
        (node.lineno, node.value)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, (int, float, complex))
        and node.value not in PLAIN
    ]


@EACH
def test_only_plain_literals(path):
    assert _literals(path.read_text(encoding="utf-8")) == []


def test_a_number_of_the_plan_would_be_found():
    assert _literals("x = 2 * 0.5 + f(100, cap=360)\n") == [(1, 0.5), (1, 360)]


def test_numbers_in_the_catalogue_are_conventions():
    found = {
        (path.name, value) for path in CATALOGUE for _, value in _literals(path.read_text(encoding="utf-8"))
    }
    assert found == set(CONVENTIONS)


# Texts of the catalogue

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*%?")
SAID = {
    "PERF_SCOSTAMENTO": {"0,1", "10%"},  # how a fraction is written
    "PRODUTTIVITA_INDEX": {"12"},  # months of a year
    "CONTROLLO_PROCESSO": {"4", "15"},  # ratios, digits
    "CONTROLLO_PROCESSO_DETTAGLIO": {"3", "4", "15"},
    "IEEP_TOTALE": {"2"},  # levels
    "IEEP_REALIZZAZIONE": {"100%"},
    "TEP_COEFFICIENTE": {"2", "3", "4", "5"},  # levels
    "OBIETTIVO": {"2021", "2023"},  # examples of a period and an edition
    "OBIETTIVO_REGOLA": {"2%", "3", "20%", "2021", "0,02"},  # examples of rules
    "PERF_SPIEGA": {"2", "3", "4", "5", "6", "7", "8", "9"},  # arguments
}
"""Numbers in the help texts that are no numbers of the plan, besides 0, 1 and 100."""


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda f: f.name)
def test_help_states_no_number_of_the_plan(function):
    texts = [function.title, function.help, function.result, function.formula]
    texts += [text for argument in function.arguments for text in (argument.help, argument.default_text)]
    said = {number for text in texts for number in _NUMBER.findall(text)} - {"0", "1", "100"}
    assert said == SAID.get(function.name, set())
    # a source names documents, slides and tables
    assert re.sub(r"P2[01]\b|slide \d+", "", function.source).count("%") == 0


# Docstrings

_HELPERS = {"where", "clip", "total", "known"}
"""Operations on numbers that no plan describes."""
_ELSEWHERE = re.compile(r"\bas (?:in )?`")
"""What is said of another function holds for this one too."""


def _functions(path):
    """(name, definition, docstring) of each public function of a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node.name, node, ast.get_docstring(node) or ""


def breaches(name, node, text):
    """What a docstring leaves unsaid: arguments, result, empty, errors, source, an example."""
    there = _ELSEWHERE.search(text) is not None
    sequences = any("Sequence" in ast.unparse(a.annotation) for a in node.args.args if a.annotation)
    unsaid = [
        *(f"Args: {a.arg}" for a in node.args.args if f"    {a.arg}: " not in text and not there),
        *(["Returns"] if "Returns:" not in text and not there else []),
        *(["what empty gives (NaN)"] if sequences and "NaN" not in text and not there else []),
        *(["Source"] if "Source:" not in text and not there else []),
    ]
    found = [] if name in _HELPERS else unsaid
    raised = {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)} & {
        fault.name for fault in Fault
    }
    found += [f"Raises: {fault}" for fault in sorted(raised) if fault not in text and name not in _HELPERS]
    if ">>>" not in text:
        found.append("an example")
    return found


@EACH
def test_docstrings_say_what_they_have_to(path):
    found = {name: lacking for name, *rest in _functions(path) if (lacking := breaches(name, *rest))}
    assert found == {}


def test_a_docstring_that_says_nothing_would_be_found():
    (node,) = ast.parse("def f(values: Sequence[float]):\n    raise ComputeError(Fault.DOMAIN, 1)\n").body
    assert breaches("f", node, "A mean.") == [
        *("Args: values", "Returns", "what empty gives (NaN)", "Source", "Raises: DOMAIN", "an example"),
    ]


@EACH
def test_examples_of_docstrings(path):
    module = importlib.import_module(f"xl_perf.compute.{path.stem}".removesuffix(".__init__"))
    assert doctest.testmod(module).failed == 0


def test_examples_of_the_catalogue():
    for path in CATALOGUE:
        module = importlib.import_module(f"xl_perf.catalog.{path.stem}".removesuffix(".__init__"))
        assert doctest.testmod(module).failed == 0


def test_checks_of_every_function_have_a_text():
    """Each `..._CHECKS` is followed by what it refuses, and is used by the function of the catalogue that it is for."""
    used = {id(check) for function in FUNCTIONS.values() for check in function.checks}
    for path in MODULES:
        module = importlib.import_module(f"xl_perf.compute.{path.stem}".removesuffix(".__init__"))
        source = inspect.getsource(module)
        for name in (name for name in vars(module) if name.endswith("CHECKS")):
            if f"\n{name} = " not in source:
                continue
            after = source.split(f"\n{name} = ", 1)[1].split("\n\n", 1)[0]
            assert '"""What ' in after, name
            assert {id(check) for check in getattr(module, name)} <= used, name
