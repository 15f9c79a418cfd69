"""Our parser reads formulas as the engine's own does."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import formualizer
import pytest

from tests.engine_differences import KNOWN_DIFFERENCES
from tests.official import WORKBOOKS
from xl_perf.formula.shift import shifted
from xl_perf.formula.tables import canonical
from xl_perf.formula.tokens import FormulaError, tokenize
from xl_perf.formula.tree import Node, parse
from xl_perf.package import open_package

FORMULA = Path(__file__).parents[1] / "xl_perf" / "formula"


def ours(node: Node | None) -> Any:
    """A tree as nested tuples: operators, functions, literals; references as such."""
    if node is None:
        return ("left out",)
    children = tuple(map(ours, node.children))
    if node.kind == "number":
        return ("number", float(node.text))
    if node.kind in ("text", "error"):
        return ("text", node.text[1:-1].replace('""', '"') if node.kind == "text" else node.text)
    if node.kind == "bool":
        return ("truth", node.text == "TRUE")
    if node.kind == "paren":
        return children[0]
    if node.kind == "union":
        first, *rest = children
        for member in rest:
            first = ("binary", ",", first, member)
        return first
    if node.kind in ("ref", "name", "table"):
        return ("reference",)
    if node.kind == "constants":
        return ("constants",)
    if node.kind == "call":
        return ("call", node.text.upper(), *children)
    return ("binary" if node.kind == "binary" else "unary", node.text, *children)


def theirs(found: dict[str, Any]) -> Any:
    """The same of the engine's parser."""
    kind = found["node_type"]
    if kind == "BinaryOp":
        return ("binary", found["operator"], theirs(found["left"]), theirs(found["right"]))
    if kind == "UnaryOp":
        return ("unary", found["operator"], theirs(found["operand"]))
    if kind == "Function":
        return ("call", found["name"].rpartition("!")[2].upper(), *map(theirs, found["args"]))
    if kind == "Literal":
        value = found["value"]
        if isinstance(value, bool):
            return ("truth", value)
        return ("number", float(value)) if isinstance(value, (int, float)) else ("text", value)
    return {"Reference": ("reference",), "Array": ("constants",), "Omitted": ("left out",)}[kind]


def agree(text: str) -> bool:
    return bool(ours(parse(text)) == theirs(formualizer.parse("=" + text).to_dict()))


def test_all_formulas_of_the_official_workbooks():
    texts: set[str] = set()
    for path in WORKBOOKS:
        package = open_package(path)
        for info in package.sheets:
            cells = package.formula_cells(info.name)
            texts.update(cell.formula.text for cell in cells if cell.formula and cell.formula.text)
    assert len(texts) > 5_000
    assert [text for text in texts if not agree(text)] == []


@pytest.mark.parametrize("case", KNOWN_DIFFERENCES, ids=lambda case: case.formula)
def test_formulas_that_the_engine_calculates_in_another_way(case: Any):
    assert agree(case.formula.removeprefix("="))


@pytest.mark.parametrize(
    "text",
    [
        "-2^2", "2^3^2", "50%%", "-A1%", "A1:B2 B1:B9 C1", "SUM((A1:A2,B1))", "A1:INDEX(B:B,3)", "F(1,,3)",
        "F(1,)", "F()", '{1,"}";2,3}+1', '"a""b"&"c"', "A1#+1", "@A1:A3*2", "T[[#This Row],[a b]]*2",
        "'L''anno'!A1+1", "1E3+.5", "A1<>-1", "TRUE=FALSE", "#N/A", "Gen:Mar!A1", "LOG10(5)", 'IF(A1="",,1)',
    ],
)  # fmt: skip
def test_everything_that_formulas_hold(text: str):
    assert agree(text)


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("A1+$A1+A$1+$A$1", "B3+$A3+B$1+$A$1"),
        ("SUM(A:A,$B:B,1:1,$2:3)", "SUM(B:B,$B:C,3:3,$2:5)"),
        ("'A1'!A1&\"A1\"&LOG10(A1)", "'A1'!B3&\"A1\"&LOG10(B3)"),
        ("XFD1048576", "A2"),
        ("T[[#This Row],[A1]]+col1_", "T[[#This Row],[A1]]+col1_"),
    ],
)
def test_formulas_in_another_cell(text: str, moved: str):
    assert shifted(text, 2, 1) == moved


def test_tokens_are_the_formula():
    for text in ("SUM( A1 , 'L''anno'!B2:C3 )*{1,2}", "T[[#All],[a'[b]]-1"):
        assert "".join(token for _, token in tokenize(text)) == text
    with pytest.raises(FormulaError):
        tokenize("a ? b")


def test_any_python_can_run_it():
    """LibreOffice's own Python and the browser are older: nothing beyond Python 3.8, the standard library alone."""
    for path in FORMULA.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                assert node.attr not in ("removeprefix", "removesuffix"), path
            if isinstance(node, ast.ImportFrom):
                assert node.module
                assert node.module.split(".")[0] in (
                    "__future__",
                    "re",
                    "functools",
                    "typing",
                    "collections",
                    "xl_perf",
                ), path
                assert not node.module.startswith("xl_perf") or node.module.startswith("xl_perf.formula"), (
                    path
                )


def test_spellings_of_a_structured_reference_are_one():
    """Excel writes `tbl[[#This Row],[A]]` and `tbl[]`, Calc `tbl` and `[#headers]`, XlsxWriter `[#This Row],A`."""
    assert (
        len(
            {
                canonical(f"tblX[{spec}]")
                for spec in ("[#This Row],[Valore]", "[#This Row],Valore", "@Valore", "@[valore]")
            }
        )
        == 1
    )
    assert canonical("tblX[]") == canonical("tblX[#Data]") == canonical("TBLX") == "tblx"
    assert canonical("tblX[#headers]") == canonical("tblX[#Headers]")
    assert canonical("tblX[[#Data],[a]]") == canonical("tblX[a]")
    different = (
        "tblX[a]",
        "tblX[b]",
        "tblY[a]",
        "tblX[[a]:[b]]",
        "tblX[[a],[b]]",
        "tblX[[#All],[a]]",
        "tblX[@a]",
        "tblX",
    )
    assert len({canonical(text) for text in different}) == len(different)
