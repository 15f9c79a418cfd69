"""The same facts typed into progetti, strutture centrali, professionisti and piramide give the same scores
everywhere.
"""

from __future__ import annotations

import pytest

from tests.official import FOLDER
from tests.workbook_tables import Tables, filled
from xl_perf.plan import load_edition

STAFF, LEGAL = "DIREZIONE CENTRALE RISORSE UMANE", "COORDINAMENTO GENERALE LEGALE"
LETTER = "C"
"""Obiettivo generale whose projects stand both in the register and in the pyramid."""
DONE = (1, 0.3, 0, 0.9)
"""Realisations of the rows at hand, in turn: 0.3 and 0 lie below the cap."""


@pytest.fixture(scope="module")
def plan():
    return load_edition()


def tables(name):
    return Tables(FOLDER / f"{name}.xlsx")


def by_hand(count):
    """Mean of the scores, each capped at -50%: 100, 50, 50, 90, 100 ..."""
    return sum(max(50, 100 * DONE[n % len(DONE)]) for n in range(count)) / count


def register(plan, codes, tmp_path):
    """The register with the rows of some structures or of a letter valued and realised as `DONE` says."""
    empty = tables("progetti")
    cells = {}
    for number, code in enumerate(codes):
        cells[empty.cell("tblAvanzamento", code, "Valorizzata in performance")] = "sì"
        cells[empty.cell("tblAvanzamento", code, "Realizzazione")] = DONE[number % len(DONE)]
    return filled(empty, tmp_path / "progetti.xlsx", cells)


@pytest.mark.parametrize("structure", [STAFF, LEGAL])
def test_projects_of_a_structure(plan, tmp_path, structure):
    """What the guides tell to carry over is the score: it is that of the register in the workbook that receives it."""
    codes = [project.code for project in plan.projects_of(structure)]
    found = register(plan, codes, tmp_path).rows("tblStrutture")[structure]
    assert found["Punteggio"] == pytest.approx(by_hand(len(codes)))
    assert min(DONE[: len(codes)]) < 0.5
    if structure == LEGAL:
        book = tables("professionisti")
        given = {book.cell("tblAttivita", structure, "Punteggio in progetti.xlsx"): found["Punteggio"]}
        rows = filled(book, tmp_path / "p.xlsx", given).rows("tblAttivita")
        assert rows[structure]["Punteggio"] == pytest.approx(found["Punteggio"])
        return
    book = tables("strutture_centrali")
    value = f"progetti.realizzazione@{structure}"
    given = {book.cell("tblConsuntivi", value, "Numeratore o valore", "Codice"): found["Punteggio"]}
    rows = filled(book, tmp_path / "s.xlsx", given).rows("tblObiettiviStrutture", "Riga")
    assert rows["centrali.risorse_umane.sviluppo.realizzazione"]["Punteggio"] == pytest.approx(
        found["Punteggio"]
    )


def test_projects_of_an_objective(plan, tmp_path):
    """The four rows of the register under C are the four projects of the group of objective C."""
    codes = [project.code for project in plan.projects if project.valued == LETTER]
    nodes = [node.code for node in plan.children(f"piramide.{LETTER}.4")]
    assert len(codes) == len(nodes) == len(DONE)
    wanted = register(plan, codes, tmp_path).rows("tblSintesi")[LETTER]["Punteggio"]
    book = tables("piramide_valore")
    given = {book.cell("tblProgetti", n, "Realizzazione"): d for n, d in zip(nodes, DONE, strict=True)}
    found = filled(book, tmp_path / "v.xlsx", given).rows("tblPiramide", "Codice")
    assert found[f"piramide.{LETTER}.4"]["Punteggio"] == pytest.approx(wanted) == by_hand(len(DONE))


def test_disposal(tmp_path):
    """300 of 600 units and 15 of 60 millions: 75 in strutture centrali and in objective E."""
    book = tables("strutture_centrali")
    given = {
        book.cell("tblDismissione", "NAZIONALE", h): v
        for h, v in (("Unità", 300), ("Valore catastale", 15_000_000))
    }
    rows = filled(book, tmp_path / "s.xlsx", given).rows("tblObiettiviStrutture", "Riga")
    central = rows["centrali.patrimonio.sviluppo.dismissione_nazionale"]["Punteggio"]
    book = tables("piramide_valore")
    given = {
        book.cell("tblConsuntivi", f"obiettivi.dismissione_{what}", "Valore", "Codice"): value
        for what, value in (("unita", 300), ("valore", 15_000_000))
    }
    rows = filled(book, tmp_path / "v.xlsx", given).rows("tblPiramide", "Codice")
    assert rows["piramide.E.1"]["Punteggio"] == pytest.approx(central) == 75
