"""Structured references, cells that INDEX and MATCH pick by a literal key, defined names: read as the cells
that they mean.
"""

from __future__ import annotations

import pytest

from tests.small_book import small_book
from xl_perf.errors import WorkbookError
from xl_perf.explain.book import Place, Workbook
from xl_perf.explain.evaluate import Evaluator
from xl_perf.explain.files import explain, same
from xl_perf.explain.gap import gaps
from xl_perf.explain.simplify import Simplifier
from xl_perf.explain.standard import UnknownError
from xl_perf.explain.text import text
from xl_perf.explain.tree import recomputed

_ROW = "tblSedi[[#This Row],[{}]]"
_STOCK, _IN, _INDEX, _TARGET, _SCORE = (
    _ROW.format(heading) for heading in ("Giacenza", "Pervenuto", "Indice", "Obiettivo", "Punteggio")
)
BOOK = {
    "A1": "Codice", "B1": "Sede", "C1": "Giacenza", "D1": "Pervenuto", "E1": "Indice", "F1": "Obiettivo",
    "G1": "Punteggio",
    "H1": "Peso",
    "A2": "S1", "B2": "ALBA", "C2": 300, "D2": 900, "F2": 100, "H2": 0.5,
    "A3": "S2", "B3": "BRA", "C3": 90, "D3": 900, "F3": 100, "H3": 0.25,
    "A4": "S3", "B4": "CUNEO", "F4": 100, "H4": 0.25,
    **{
        f"E{n}": f'=IF(COUNTBLANK({_STOCK})+COUNTBLANK({_IN})=0,GIACENZA_INDEX({_STOCK},{_IN},Base),"")'
        for n in (2, 3, 4)
    },
    **{
        f"G{n}": f'=IF(OR({_INDEX}="",{_TARGET}=""),"",PERF_SCORE({_INDEX},{_TARGET},-1,Tetto))'
        for n in (2, 3, 4)
    },
    "A6": "Codice", "B6": "Descrizione", "C6": "Valore",
    "A7": "base", "B7": "Giorni dell'anno", "C7": 360,
    "A8": "tetto", "B8": "Scostamento massimo", "C8": 0.5,
    "J1": "Punteggio della provincia",
    "K1": '=IF(COUNTBLANK(tblSedi[Punteggio])=ROWS(tblSedi[]),"",PERF_SINTESI(tblSedi[Punteggio],tblSedi[Peso]))',
    "J2": "In evidenza", "K2": "=Punteggio_provincia",
    "J3": "Punteggio della sede di BRA", "K3": '=INDEX(tblSedi[Punteggio],MATCH("S2",tblSedi[Codice],0))',
    "J4": "Per nome di colonna",
    "K4": '=INDEX(tblSedi[#Data],MATCH("S1",tblSedi[Codice],0),MATCH("Giacenza",tblSedi[#Headers],0))',
    "J5": "Giacenza totale", "K5": '=SUMPRODUCT(tblSedi[Giacenza]*(tblSedi[Giacenza]<>""))',
    "J6": "Riga intera", "K6": '=SUM(INDEX(tblSedi[[Giacenza]:[Pervenuto]],MATCH("S1",tblSedi[Codice],0),0))',
    "J7": "Codice di legge", "K7": '=TRIM(LEFT("  L. 241, art. 2",9))',
    "J8": "Pratiche intere", "K8": '=INT(INDEX(tblSedi[Indice],MATCH("S2",tblSedi[Codice],0))/7)',
}  # fmt: skip
# ALBA 300/900 x 360 = 120 days against 100, fewer is better: 100 x (1 - 0.2) = 80.
# BRA 90/900 x 360 = 36 days: 64% better, capped to 50%: 150. Mean: (80 x 0.5 + 150 x 0.25) / 0.75 = 103.3333.
# Sum of the stocks 390; ALBA's row 300 + 900; 36 / 7 = 5.14, whole 5; LEFT cuts "  L. 241," after nine characters.
STORED = {
    "E2": 120.0, "E3": 36.0, "E4": "", "G2": 80.0, "G3": 150.0, "G4": "", "K1": 77.5 / 0.75,
    "K2": 77.5 / 0.75, "K3": 150.0,
    "K4": 300.0, "K5": 390.0, "K6": 1200.0, "K7": "L. 241,", "K8": 5.0,
}  # fmt: skip
NAMES = {
    "Base": 'INDEX(tblParametri[Valore],MATCH("base",tblParametri[Codice],0))',
    "Tetto": "Prova!$C$8",
    "Punteggio_provincia": "Prova!$K$1",
}
TABLES = {"tblSedi": "A1:H4", "tblParametri": "A6:C8"}
BY_HAND = """\
In evidenza = 103,3333: media ponderata dei valori rilevati; senza dato: CUNEO
├ ALBA · Punteggio = 80 (peso 0,5): 100 x (1 + scostamento dall'obiettivo); scostamento -20,00%; è meglio un valore più basso
│ ├ Indice = 120: giacenza / pervenuto x 360 giorni; da Giacenza 300; Pervenuto 900
│ └ Obiettivo = 100
└ BRA · Punteggio = 150 (peso 0,25): 100 x (1 + scostamento dall'obiettivo); scostamento +64,00%, limitato a +50,00%; è meglio un valore più basso
  ├ Indice = 36: giacenza / pervenuto x 360 giorni; da Giacenza 90; Pervenuto 900
  └ Obiettivo = 100
"""


@pytest.fixture(scope="module")
def package():
    return small_book(BOOK, TABLES, STORED, NAMES)


def test_the_tree_is_the_one_that_addresses_give(package):
    said = text(explain(package, "Prova!K2")[0])
    assert said[: said.index("\n\n") + 1] == BY_HAND
    parameters = said[said.index("\n\n") :]
    assert "Giorni dell'anno" in parameters
    assert "Scostamento massimo" in parameters


def test_a_cell_found_by_a_literal_key_passes_its_value_on(package):
    """K3 only picks BRA's score: the tree is that of the score itself, under the name of the cell that shows it."""
    shown = text(explain(package, "Prova!K3")[0])
    own = text(explain(package, "Prova!G3")[0])
    assert shown.splitlines()[0].startswith("Punteggio della sede di BRA = 150")
    assert shown.splitlines()[1].replace("BRA · ", "") == own.splitlines()[1]
    assert shown.splitlines()[3:] == own.splitlines()[3:]
    explanation, step, _ = explain(package, "Prova!K4")
    assert str(step.place) == "Prova!C2"
    assert str(step.origin) == "ALBA · Giacenza"
    assert "Per nome di colonna = 300" in text(explanation)


def test_a_name_is_the_cell_that_it_looks_up(package):
    """`Base` stands for the row of tblParametri with the key `base`, wherever that was sorted to."""
    book = Workbook(package)
    assert [str(book.find(name)) for name in ("Base", "Tetto")] == ["Prova!C7", "Prova!C8"]
    other = Workbook(
        small_book(BOOK, TABLES, STORED, NAMES | {"Base": NAMES["Base"].replace("base", "altro")})
    )
    with pytest.raises(WorkbookError, match="is not one cell"):
        other.find("Base")


def test_every_formula_gives_its_value_and_recomputes(package):
    book = Workbook(package)
    evaluate, simplify = Evaluator(book), Simplifier(book)
    for cell, value in STORED.items():
        place = book.find(f"Prova!{cell}")
        tree = book.formula(place)
        assert same(evaluate(tree, place), value), cell
        assert same(evaluate(simplify(tree, place), place), value), cell
        _, step, explainer = explain(package, str(place))
        assert same(recomputed(step, explainer), value), cell


def test_what_is_missing(package):
    """ALBA: 120 days against 100, so 20 days; 100 x 900 / 360 = 250 pieces in the place of 300."""
    (gap,) = (gap for gap in gaps(package) if gap.name.startswith("ALBA"))
    assert gap.missing.value == pytest.approx(20)
    assert gap.driver.needed.value == 250
    assert gap.best.value == pytest.approx(50)


def test_names_that_mean_themselves_are_unknown():
    package = small_book(
        {"A1": "Uno", "B1": "=Giro+1"}, {}, {"B1": 1.0}, {"Giro": "Altro+1", "Altro": "Giro*2"}
    )
    book = Workbook(package)
    with pytest.raises(UnknownError, match="Giro"):
        Evaluator(book)(book.formula(Place("Prova", 1, 2)), Place("Prova", 1, 2))
    assert "Uno" in text(explain(package, "Prova!B1")[0])
