"""What formulas read, told by their shape: the same as their own text says."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recalc_books import book, package_of
from xl_perf.package.shapes import SHAPES
from xl_perf.recalc.calculate import our_functions
from xl_perf.recalc.dependents import reads
from xl_perf.recalc.formula import parse_reference, tokenize
from xl_perf.recalc.jobs import read_model

SHEETS = ("Foglio", "Foglio2", "Foglio3", "Area 4", "Q1", "Q1 2021", "Q2 2021", "L'area2")


def told(formulas: list[str]) -> list[list[tuple[str, int, int, int, int]]]:
    """The cells that formulas of one column read."""
    cells = {f"Z{row}": "=" + text for row, text in enumerate(formulas, start=1)}
    model = read_model(package_of(book(cells, **{name: {"A1": 1} for name in SHEETS[1:]})), our_functions())
    return [reads(model, job) for job in sorted(model.one_by_one(), key=lambda job: job.row)]


def written(text: str) -> list[tuple[str, int, int, int, int]]:
    """The same, reference by reference from the formula's own text."""
    found = [parse_reference(token) for kind, token in tokenize(text) if kind == "ref"]
    return [(ref.sheet or "Foglio", ref.row1, ref.col1, ref.row2, ref.col2) for ref in found if ref]


def test_sheets_whose_names_end_in_a_number_are_told_apart():
    texts = ["Foglio2!A1+1", "Foglio3!A2+1", "Foglio2!A3+1", "'Q1'!A4+1"]
    assert told(texts) == [written(text) for text in texts]
    texts = ["'Q1 2021'!A1+1", "'Q2 2021'!A2+1", "'L''area2'!A3+1"]
    assert told(texts) == [written(text) for text in texts]
    texts = ["""LEN("l'x")+'Q1 2021'!A1""", """LEN("l'x")+'Q2 2021'!A2""", """LEN("l'x")+'Q2 2021'!A3"""]
    assert told(texts) == [written(text) for text in texts]
    assert SHAPES[b"&apos;Q1 2021&apos;!A1"] != SHAPES[b"&apos;Q2 2021&apos;!A1"]
    assert SHAPES[b"&apos;Q1 2021&apos;!A1&amp;&quot;A1&quot;"] == SHAPES[b"""'Q1 2021'!A7&amp;"A1\""""]
    assert SHAPES[b"Foglio2!A1+1"] == SHAPES[b"Foglio2!A3+1"] != SHAPES[b"Foglio3!A1+1"]


PREFIX = st.sampled_from(
    ["", "Foglio2!", "Foglio3!", "'Area 4'!", "'Q1'!", "'Q1 2021'!", "'Q2 2021'!", "'L''area2'!"]
)
CELL = st.builds(
    "{}{}{}{}".format, st.sampled_from(["", "$"]), st.sampled_from("ABX"), st.sampled_from(["", "$"]), st.integers(1, 40)
)  # fmt: skip
REFERENCE = st.one_of(
    st.builds("{}{}".format, PREFIX, CELL),
    st.builds("SUM({}{}:{})".format, PREFIX, CELL, CELL),
    st.builds("SUM({}{})".format, PREFIX, st.sampled_from(["A:B", "$A:A", "2:5", "$2:$5"])),
    st.just("LOG10(A1)"),
    st.sampled_from(['LEN("A1")', """LEN("l'A1")"""]),
)
FORMULA = st.lists(REFERENCE, min_size=1, max_size=3).map("+".join)


@given(st.lists(FORMULA, min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_shapes_tell_what_the_texts_say(texts: list[str]):
    assert told(texts) == [written(text) for text in texts]
