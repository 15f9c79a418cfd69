"""Templates name no code of a plan: what an edition calls its indicators, nodes, structures is the edition's business.

They ask for codes by the part that these play (`modello_<workbook>.toml`). The list below names the files
that still hold codes; it only gets shorter.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from xl_perf import templates
from xl_perf.plan import edition_ids, load_edition

FOLDER = Path(templates.__file__).parent

STILL_HOLD_CODES: set[str] = set()
"""Files in which a code stands."""
_CODE = re.compile(r"[\w .'-]+")


def _codes():
    """Every code of the editions, and what is common to the beginning of several: `giacenza.`."""
    found = set()
    plans = [load_edition(edition) for edition in edition_ids()]
    names = {*templates.TEMPLATE_VERSIONS}
    for plan in plans:
        names |= {*plan.systems, *(node.tree for node in plan.nodes)}
        names |= {role for model in plan.models.values() for role in model.roles if "." not in role}
    for plan in plans:
        codes = {
            *plan.indicators, *plan.parameters, *plan.structures, *plan.actual_items,
            *(node.code for node in plan.nodes), *(weight.node for weight in plan.weights),
            *(weight.member for weight in plan.weights), *(line.code for line in plan.lines),
            *(project.code for project in plan.projects),
        }  # fmt: skip
        found |= {code for code in codes if code not in names}
    beginnings = {code[: at + 1] for code in found for at, letter in enumerate(code) if letter == "."}
    return found, beginnings


CODES, BEGINNINGS = _codes()


def _texts(path):
    """The texts of a file that are no docstrings, with their lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.lineno, node.value


def held(text):
    """Whether a text is a code, begins with one, or is the beginning of codes."""
    if text in CODES or text in BEGINNINGS:
        return True
    return any(text[:at] in CODES for at, letter in enumerate(text) if letter in ".@") and bool(
        _CODE.fullmatch(text)
    )


def codes_in(path):
    """Lines and texts with codes."""
    return [f"{path.name}:{line}: {text!r}" for line, text in _texts(path) if held(text)]


def test_codes_are_seen(tmp_path):
    path = tmp_path / "prova.py"
    path.write_text(
        '"""giacenza.altre_aree"""\nA = "LIGURIA"\nB = f"giacenza.{A}"\nC = "La giacenza."\n',
        encoding="utf-8",
    )
    assert [text.split(":")[1] for text in codes_in(path)] == ["2", "3"]


@pytest.mark.parametrize("name", sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.py")))
def test_no_code_in(name):
    found = codes_in(FOLDER / name)
    if name in STILL_HOLD_CODES:
        assert found, f"{name} is clean: take it off the list"
    else:
        assert found == []
