"""Formulas as text: read into a tree, written for the engine."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xl_perf.formula.refs import column_letters, column_number, parse_reference
from xl_perf.formula.scope import Scope
from xl_perf.formula.spelling import spelled
from xl_perf.formula.tables import TableView
from xl_perf.formula.tokens import FormulaError
from xl_perf.formula.tree import Node, parse
from xl_perf.recalc.lower import Lowering, lower
from xl_perf.recalc.recipe import moved, render

OURS = {"PERF_SCORE": "elementwise", "PERF_SINTESI": "synthesis", "CONTROLLO_PROCESSO": "elementwise",
        "CONTROLLO_PROCESSO_DETTAGLIO": "array"}  # fmt: skip


def shape(node: Node | None) -> str:
    if node is None:
        return "_"
    inner = ",".join(shape(child) for child in node.children)
    return f"{node.text or node.kind}[{inner}]" if node.children else node.text


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("A1+B2*3^-2", "+[A1,*[B2,^[3,-[2]]]]"),
        ("-2^2", "^[-[2],2]"),  # Excel: the sign binds first, so 4
        ("2^3^2", "^[^[2,3],2]"),  # Excel: from the left, so 64
        ("50%%", "%[%[50]]"),
        ("A1&B1=C1", "=[&[A1,B1],C1]"),
        ("SUM(A1:B2,,3)", "SUM[A1:B2,_,3]"),
        ("F(1,)", "F[1,_]"),
        ("F()", "F"),
        ("A1:A3 A2:A2", " [A1:A3,A2:A2]"),
        ("A1:INDEX(B:B,3)", ":[A1,INDEX[B:B,3]]"),
        ("SUM((A1:A2,B1))", "SUM[paren[union[A1:A2,B1]]]"),
        ('{1,"}";2}+1', '+[{1,"}";2},1]'),
        ('"a""b"&"c"', '&["a""b","c"]'),
        ("A1#+1", "+[#[A1],1]"),
        ("@A1:A3*2", "*[@[A1:A3],2]"),
        ("Foglio1!#REF!+1", "+[#REF!,1]"),
        ("T[[#This Row],[a']b]]*2", "*[T[[#This Row],[a']b]],2]"),
        ("LOG10(5)", "LOG10[5]"),
        ("XFE1+TAX2020", "+[XFE1,TAX2020]"),
        ("vero_nome.2", "vero_nome.2"),
    ],
)
def test_tree(text: str, tree: str):
    assert shape(parse(text)) == tree


@pytest.mark.parametrize(
    "text", ["", "1+", "SUM(", "A1)", "(A1", '"a', "A1 B1 +", "T[a", "{1,2", "1 2", "=A1", "SUM(A1;B1)", "?"]
)
def test_unreadable(text: str):
    with pytest.raises(FormulaError):
        parse(text)


def test_nesting_and_length_have_limits():
    with pytest.raises(FormulaError, match="nested too deeply"):
        parse("(" * 5000 + "1" + ")" * 5000)
    with pytest.raises(FormulaError, match="characters"):
        parse("1+" * 500_000 + "1")


@pytest.mark.parametrize(
    ("text", "corners", "sheet"),
    [
        ("B3", (3, 2, 3, 2), None),
        ("$B$3:A1", (1, 1, 3, 2), None),
        ("C:A", (1, 1, 1_048_576, 3), None),
        ("$2:4", (2, 1, 4, 16_384), None),
        ("'Foglio d''anno'!xfd1048576", (1_048_576, 16_384, 1_048_576, 16_384), "Foglio d'anno"),
        ("Gen:Mar!A1", (1, 1, 1, 1), "Gen"),
    ],
)
def test_references(text: str, corners: tuple[int, ...], sheet: str | None):
    ref = parse_reference(text)
    assert ref is not None
    assert (ref.row1, ref.col1, ref.row2, ref.col2) == corners
    assert ref.sheet == sheet


@pytest.mark.parametrize("text", ["XFE1", "A1048577", "ZZZ9:A1"])
def test_references_outside_the_grid_are_none(text: str):
    assert parse_reference(text) is None


@given(st.integers(1, 16_384))
def test_column_letters_and_back(number: int):
    assert column_number(column_letters(number)) == number


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("PERF_SCORE", "PERF_SCORE"),
        ("perf_score", "PERF_SCORE"),
        ("_xludf.PERF_SCORE", "PERF_SCORE"),
        ("_xludf.perf_score", "PERF_SCORE"),
        ("_xll.PERF_SCORE", "PERF_SCORE"),
        ("_xldudf_XLPERF_PERF_SCORE", "PERF_SCORE"),
        ("_xldudf_MY_SPACE_CONTROLLO_PROCESSO", "CONTROLLO_PROCESSO"),
        ("XLPERF.PERF_SINTESI", "PERF_SINTESI"),
        ("PERF_SCORES", None),
        ("SUM", None),
    ],
)
def test_spellings(name: str, canonical: str | None):
    assert spelled(name, OURS) == canonical


# -- rewriting: what the engine is given ------------------------------------------------------------------------------

TABLE = TableView.of("Dati", "Foglio", (3, 2, 8, 4), ("Sede", "Giacenza [gg]", "Ob'iettivo"), (1, 1))
NAMES = (
    ("Base", "Foglio!$B$2", None),
    ("Sopra", "Foglio!A1048576", None),  # relative to A1: the cell above
    ("Somma", "SUM(Dati[Giacenza '[gg']])", None),
    ("Punteggio", "PERF_SCORE(Base,Doppio)", None),
    ("Doppio", "Base*2", None),
    ("Locale", "Altro!$A$9", 1),
    ("Giro", "Giro+1", None),
)


def scope() -> Scope:
    found = Scope(("Foglio", "Altro", "L'anno"), NAMES, (TABLE,), OURS)
    found.used = lambda _sheet: (20, 26)
    return found


def lowered(text: str, *, sheet: str = "Foglio", cell: tuple[int, int] = (5, 6), array: bool = False) -> str:
    recipe = lower(text, scope(), sheet, cell, array=array)
    assert not recipe.reason, recipe.reason
    return recipe.at(*cell)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SUM(A1:A3)", "SUM(A1:A3)"),
        ("SUM($A$1:a3)", "SUM(A1:A3)"),
        ("A1:A9", "A5"),
        ("A1:A3", "#VALUE!"),
        ("A1:Z1", "F1"),
        ("A1:Z9", "#VALUE!"),
        ("A:A", "A5"),
        ("A1:A1", "A1"),
        ("A1:A9*2", "A5*2"),
        ("SUM(A1:A9*2)", "SUM(A5*2)"),
        ("SUMPRODUCT(A1:A3*2)", "SUMPRODUCT(A1:A3*2)"),
        ("IF(A1:A9>1,B1:B9,0)", "IF(A5>1,B5,0)"),
        ("SUM(IF(A1>1,B1:B3,0))", "SUM(IF(A1>1,B1:B3,0))"),
        ("INDEX(A:A,3)", "INDEX(A1:A1048576,3)"),
        ("INDEX(A1:B3,0,1)", "@INDEX(A1:B3,0,1)"),
        ("_xlfn.SINGLE(A1:A9)", "A5"),
        ("@A1:A9", "A5"),
        ("Base+1", "B2+1"),
        ("Doppio+1", "(B2*2)+1"),
        ("Punteggio", "(PERF_SCORE(B2,(B2*2)))"),
        ("Sopra", "F4"),
        ("Somma", "(SUM(C4:C7))"),
        ("Dati[[#This Row],[Giacenza '[gg']]]/Dati[[#This Row],[Ob''iettivo]]", "C5/D5"),
        ("SUM(Dati[@[Giacenza '[gg']]:[Ob''iettivo]])", "SUM(C5:D5)"),
        ("SUM(Dati[[#All],[Sede]])", "SUM(B3:B8)"),
        ("SUM(Dati[#All])", "SUM(B3:D8)"),
        ("SUM(Dati)", "SUM(B4:D7)"),
        ("Dati[[#Headers],[Sede]]", "B3"),
        ("Dati[[#Totals],[Sede]]", "B8"),
        ("SUM(Dati[[#Headers],[#Data],[Sede]])", "SUM(B3:B7)"),
        ("SUM(Dati[Sede]:Dati[Ob''iettivo])", "SUM(B4:D7)"),
        ("Dati[Sede]", "B5"),
        ("VLOOKUP(1,#REF!,2,0)", "#REF!"),
        ("SUMPRODUCT(A1:A3,B1:B4)", "#VALUE!"),
        ("SUMPRODUCT(A1:A3,B1:B3)", "SUMPRODUCT(A1:A3,B1:B3)"),
        ("SUM('Foglio:L''anno'!A1)", "SUM('Foglio'!A1,'Altro'!A1,'L''anno'!A1)"),
        ("SUM((A1:A2,B1),3)", "SUM(A1:A2,B1,3)"),
        ("SUM(A1:C3 B2:D4)", "SUM(B2:C3)"),
        ("ROWS(A1:A9)+COLUMNS(2:2)", "9+16384"),
        ("PERF_SCORE(A1,,-1)", 'PERF_SCORE(A1,"",-1)'),
        ("PERF_SCORE(A1,)", 'PERF_SCORE(A1,"")'),
        ("PERF_SCORE(A1:A3,B1:B3)", "INDEX(PERF_SCORE(A1:A3,B1:B3),1,1)"),
        ("PERF_SINTESI(A1:A3,B1:B3)", "PERF_SINTESI(A1:A3,B1:B3)"),
        ("PERF_SCORE(SUM(A1:A3),B1)", "PERF_SCORE(SUM(A1:A3),B1)"),
        ("[1]!PERF_SCORE(A1,B1)", "PERF_SCORE(A1,B1)"),
        (r"'C:\dati\perf.xlam'!PERF_SCORE(A1,B1)", "PERF_SCORE(A1,B1)"),
        ("_xlfn.IFS(A1>1,2)", "_xlfn.IFS(A1>1,2)"),
        ("{1,2}", "INDEX({1,2},1,1)"),
    ],
)
def test_ordinary_formulas(text: str, expected: str):
    assert lowered(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A1:A3*2", "A1:A3*2"),
        ("IF(A1:A3>1,B1:B3,0)", 'IF(XP.CMP(">",A1:A3,1),B1:B3,0)'),
        ("PERF_SCORE(A1:A3,B1:B3)", "PERF_SCORE(A1:A3,B1:B3)"),
        ("Dati[Sede]", "B4:B7"),
    ],
)
def test_array_formulas(text: str, expected: str):
    assert lowered(text, array=True) == expected


def test_rows_of_a_table():
    assert lowered("Dati[@Sede]", cell=(4, 6)) == "B4"
    assert lowered("Dati[@Sede]", cell=(7, 6)) == "B7"
    assert lowered("[@Sede]", cell=(5, 4)) == "B5"
    for outside in (3, 8, 9):  # header, totals, below
        assert lowered("Dati[@Sede]", cell=(outside, 6)) == "#VALUE!"


def test_the_last_rows_of_tables_and_ranges_are_theirs():
    by_table = lower("SUM(Dati[@Sede])+1", scope(), "Foglio", (5, 6))
    assert [render(by_table.pieces, row, 6, by_table.home) for row in (4, 7, 8)] == [
        "SUM(B4)+1", "SUM(B7)+1", "SUM(#VALUE!)+1",
    ]  # fmt: skip
    (piece,) = by_table.reads
    assert [moved(piece, row, 6, by_table.home) for row in (3, 4, 7, 8)] == [
        None, (4, 2, 4, 2), (7, 2, 7, 2), None,
    ]  # fmt: skip
    assert [lowered("A4:A7+1", cell=(row, 6)) for row in (3, 4, 7, 8)] == [
        "#VALUE!+1",
        "A4+1",
        "A7+1",
        "#VALUE!+1",
    ]
    assert [lowered("D1:F1+1", cell=(2, at)) for at in (3, 4, 6, 7)] == [
        "#VALUE!+1",
        "D1+1",
        "F1+1",
        "#VALUE!+1",
    ]


def test_names_of_a_sheet_are_seen_on_that_sheet():
    assert lowered("Locale", sheet="Altro") == "A9"
    assert lower("Locale", scope(), "Foglio", (1, 1), array=False).reason == "name not defined: Locale"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("NOSUCH(A1)", "function not known: NOSUCH"),
        ("Ignoto+1", "name not defined: Ignoto"),
        ("Giro", "nested too deeply"),
        ("[1]Foglio1!A1", "another workbook"),
        ("'[1]Foglio 1'!A1", "another workbook"),
        ("Manca!A1", "does not exist"),
        ("Tabella9[a]", "table that does not exist"),
        ("Dati[Boh]", "part that the table does not have"),
        ("Foglio:Altro!A1", "several sheets outside a list"),
        ("(A1,B1)", "union"),
        ("WEBSERVICE(A1)", "never run"),
        ("CALL(A1)", "never run"),
        ("RAND()", "another value each time"),
        ("CUBEVALUE(A1)", "outside the cells"),
        ("SUM(LEN(A1:A3))", None),
    ],
)
def test_not_admitted(text: str, reason: str | None):
    found = lower(text, scope(), "Foglio", (1, 1), array=False).reason
    assert (reason in found) if reason else not found


def test_shared_formulas_move():
    recipe = lower("A1+$B1+C$1+$D$1+SUM(E1:$E1)+Base", scope(), "Foglio", (1, 8), array=False)
    assert recipe.at(3, 9) == "B3+B3+D1+D1+SUM(E3:F3)+B2"
    whole = lower("SUM(A:A)+SUM(2:2)+SUM($A:$B)", scope(), "Foglio", (5, 5), array=False)
    assert whole.at(7, 7) == "SUM(C:C)+SUM(A4:Z4)+SUM(A:B)"  # the workbook uses columns A to Z


def test_doubling_names_end():
    names = tuple((f"nome_{i}", f"nome_{i + 1}+nome_{i + 1}", None) for i in range(40))
    found = lower("nome_0", Scope(("Foglio",), names, (), OURS), "Foglio", (1, 1), array=False)
    assert "nested too deeply" in found.reason


def test_one_reading_serves_a_column():
    lowering = Lowering(scope())
    first = lowering.recipe("A1+B1", "Foglio", (1, 3))
    assert first.plain
    assert lowering.recipe("A2+B77", "Foglio", (2, 3)) is first
    assert lowering.recipe("A1:A2+B77", "Foglio", (2, 3)) is not first
    by_table = lowering.recipe("Dati[@Sede]&A5", "Foglio", (5, 6))
    assert lowering.recipe("Dati[@Sede]&A6", "Foglio", (6, 6)) is by_table
    assert lowering.recipe("Dati[@Sede]&A5", "Foglio", (6, 6)) is not by_table
    assert by_table.at(6, 6) == "XP.TXT(B6)&XP.TXT(A6)"
    assert by_table.at(9, 6) == "XP.TXT(#VALUE!)&XP.TXT(A9)"  # below the table


REFERENCES = st.sampled_from(
    ["A1", "$B$2", "C3:D4", "E:E", "2:3", "Altro!A1", "'L''anno'!B2", "Dati[Sede]", "Base"]
)
EXPRESSIONS = st.recursive(
    st.one_of(REFERENCES, st.sampled_from(["1", "2.5", '"x"', "TRUE", "#N/A"])),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "*", "&", "=", "<>"]), inner).map("".join),
        inner.map(
            lambda text: f"SUM({text}+0)"
        ),  # a text alone depends on Excel's language: it is not written
        inner.map(lambda text: f"({text})"),
        st.tuples(inner, inner).map(lambda pair: f"IF({pair[0]}=1,{pair[1]},0)"),
        st.tuples(inner, inner).map(lambda pair: f"PERF_SCORE({pair[0]},{pair[1]})"),
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(EXPRESSIONS)
def test_what_is_written_can_be_read_again(text: str):
    recipe = lower(text, scope(), "Foglio", (5, 6), array=False)
    assert not recipe.reason
    assert parse(recipe.at(5, 6))
