"""One formula in other spellings: names, guards for Calc, what is never touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xl_perf.catalog import FUNCTIONS
from xl_perf.formula.tokens import FormulaError
from xl_perf.relink.spelling import Dialect, apply, respell

SINGLE = frozenset({"tetto"})
_THIS_ROW = 'IF(ISBLANK(Tab[[#This Row],[{0}]]),"",(Tab[[#This Row],[{0}]]))'


def relink(text, dialect):
    return apply(text, respell(text, dialect, SINGLE).edits)


# Spellings of files: what programs store, as their documentation and files show.
SPELLINGS = [
    "PERF_SCORE(1,2)",
    "perf_score(1,2)",
    "[1]!PERF_SCORE(1,2)",
    "'C:\\Componenti aggiuntivi\\perf.xlam'!PERF_SCORE(1,2)",
    "perf.xlam!PERF_SCORE(1,2)",
    "_xll.PERF_SCORE(1,2)",
    "_xludf.PERF_SCORE(1,2)",
    "_xldudf_XLPERF_PERF_SCORE(1,2)",
    "[2]!_xldudf_XLPERF_PERF_SCORE(1,2)",
    "XLPERF.PERF_SCORE(1,2)",
    "xlperf.perf_score(1,2)",
]


@pytest.mark.parametrize("text", SPELLINGS)
@pytest.mark.parametrize(
    ("dialect", "expected"),
    [
        (Dialect.EXCEL, "PERF_SCORE(1,2)"),
        (Dialect.OFFICE, "_xldudf_XLPERF_PERF_SCORE(1,2)"),
        (Dialect.CALC, "XLPERF.PERF_SCORE(1,2)"),
    ],
)
def test_every_spelling_to_every_other(text, dialect, expected):
    assert relink(text, dialect) == expected
    assert relink(expected, dialect) == expected


@pytest.mark.parametrize(
    ("excel", "calc"),
    [
        ("PERF_SCORE(A1,$B$2,-1)", 'PERF_SCORE(IF(ISBLANK(A1),"",(A1)),IF(ISBLANK($B$2),"",($B$2)),-1)'),
        ("PERF_SCORE( A1 ,2)", 'PERF_SCORE( IF(ISBLANK(A1),"",(A1)) ,2)'),
        ("PERF_SINTESI( A:A ,$B:$B)", "PERF_SINTESI( XLPERF.USATO(A:A) ,XLPERF.USATO($B:$B))"),
        ("PERF_SINTESI(X!A:A,X!B:B,1)", "PERF_SINTESI(XLPERF.USATO(X!A:A),XLPERF.USATO(X!B:B),1)"),
        ("PERF_SINTESI(A:A,X!B:B)", "PERF_SINTESI(A:A,X!B:B)"),  # two sheets may use different rows
        (
            "PERF_SINTESI(A1:A9,B:B)",
            "PERF_SINTESI(A1:A9,B:B)",
        ),  # the rest is never cut to nine rows by chance
        ("PERF_SINTESI(A:A*2,B:B)", "PERF_SINTESI(A:A*2,B:B)"),
        ("PERF_SCORE(A:A,2)", "PERF_SCORE(A:A,2)"),  # a result for each row
        ("PERF_SCORE('Foglio, 1'!A1,2)", "PERF_SCORE(IF(ISBLANK('Foglio, 1'!A1),\"\",('Foglio, 1'!A1)),2)"),
        ("PERF_SCORE([1]Foglio1!A1,2)", 'PERF_SCORE(IF(ISBLANK([1]Foglio1!A1),"",([1]Foglio1!A1)),2)'),
        ("PERF_SCORE(1,2,,Tetto)", 'PERF_SCORE(1,2,,IF(ISBLANK(Tetto),"",(Tetto)))'),
        (
            "PERF_SCORE(Tab[[#This Row],[Cons.]],Tab[[#This Row],[Ob.]])",
            f"PERF_SCORE({_THIS_ROW.format('Cons.')},{_THIS_ROW.format('Ob.')})",
        ),
        # a guard of the user's own stays, here and on the way back
        ('PERF_SCORE(IF(ISBLANK(A1),"",A1),2)', 'PERF_SCORE(IF(ISBLANK(A1),"",A1),2)'),
        # no single cells: ranges, names of ranges, whole rows of a table, several sheets, calculations, functions
        ("PERF_SINTESI(A1:A3,Pesi)", "PERF_SINTESI(A1:A3,Pesi)"),
        ("PERF_SCORE(Tab[[#This Row],[A]:[B]],2)", "PERF_SCORE(Tab[[#This Row],[A]:[B]],2)"),
        ("PERF_SCORE(Tab[Cons.],2)", "PERF_SCORE(Tab[Cons.],2)"),
        ("PERF_SCORE(Gen:Mar!A1,2)", "PERF_SCORE(Gen:Mar!A1,2)"),
        ("PERF_SCORE(A1+0,SUM(B1))", "PERF_SCORE(A1+0,SUM(B1))"),
        ("IEEP_TOTALE($A:$A)", "IEEP_TOTALE(XLPERF.USATO($A:$A))"),
    ],
)
def test_single_cells_are_guarded_for_calc_and_freed_again(excel, calc):
    found = relink(excel, Dialect.CALC)
    assert found == "XLPERF." + calc
    assert relink(found, Dialect.CALC) == found
    assert relink(found, Dialect.EXCEL) == excel
    assert relink(relink(found, Dialect.OFFICE), Dialect.EXCEL) == excel


def test_calls_inside_calls():
    text = 'IF(A1="","",PERF_SINTESI(B1:B2,C1:C2)+GIACENZA_INDEX(DEFLUSSO_INDEX(A1,2),MAX(B1,1)))'
    found = relink(text, Dialect.CALC)
    assert found == (
        'IF(A1="","",XLPERF.PERF_SINTESI(B1:B2,C1:C2)'
        '+XLPERF.GIACENZA_INDEX(XLPERF.DEFLUSSO_INDEX(IF(ISBLANK(A1),"",(A1)),2),MAX(B1,1)))'
    )
    assert relink(found, Dialect.EXCEL) == text
    assert respell(text, Dialect.CALC).functions == ["PERF_SINTESI", "GIACENZA_INDEX", "DEFLUSSO_INDEX"]


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize(
    "text",
    [
        '"PERF_SCORE(1,2)"&"a""PERF_SCORE("',
        "'PERF_SCORE(1'!A1+'it''s PERF_SCORE('!B2",
        "MY_PERF_SCORE(1)+PERF_SCORE_2(1)+PERF_SCORE+Perf_Score!A1",
        "Tab[PERF_SCORE]+Tab[[#Totals],[PERF_SCORE(x)]]",
        '{"PERF_SCORE(",1}',
        "SUM(A1:A3)",
    ],
)
def test_what_is_not_a_call_stays(text, dialect):
    assert respell(text, dialect) == type(respell("1", dialect))()


def test_formula_that_cannot_be_read():
    with pytest.raises(FormulaError):
        respell("PERF_SCORE(1;2)", Dialect.CALC)


_CELL = st.sampled_from(
    ["A1", "$B$2", "Foglio1!C3", "'a b'!$D4", "Tab[[#This Row],[x]]", "Tetto", "A1:B2", "5", '"x"', "", " A1"]
)
_CALL = st.recursive(
    _CELL,
    lambda inner: st.builds(
        lambda name, arguments: f"{name}({','.join(arguments)})",
        st.sampled_from([*FUNCTIONS, "SUM", "IF", "ISBLANK"]),
        st.lists(inner, min_size=1, max_size=4),
    ),
    max_leaves=12,
)


@given(_CALL)
def test_round_trips_are_exact(text):
    for dialect in Dialect:
        assert relink(relink(text, dialect), Dialect.EXCEL) == text
        assert relink(relink(relink(text, Dialect.CALC), dialect), Dialect.CALC) == relink(text, Dialect.CALC)
