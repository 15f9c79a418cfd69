"""The pages to sign: what each part brings to the score adds up to the points above or below 100."""

from __future__ import annotations

from collections import defaultdict

import pytest

from tests.official import EXAMPLES, FOLDER
from tests.workbook_tables import Tables, filled, verdict
from xl_perf.plan import load_edition
from xl_perf.templates.build import build_scorecard

GIVES = "Contributo (punti)"
CHOICE = ("Quadro", 5, 2)


def named(tables, name):
    """The value of a cell with a defined name; an empty text counts as None."""
    ((sheet, place),) = tables.book.defined_names[name].destinations
    return tables.book[sheet][place.replace("$", "")].value or None


def gives(tables, table):
    return [row[GIVES] for row in tables.rows(table).values() if row[GIVES] is not None]


@pytest.fixture(scope="module")
def examples():
    return {
        name: Tables(EXAMPLES / f"{name}_esempio.xlsx")
        for name in ("giacenza", "ieep", "strutture_centrali", "piramide_valore")
    }


@pytest.mark.parametrize(
    ("name", "table", "picks"),
    [
        ("giacenza", "tblQuadro", ("NAZIONALE", "LIGURIA", "DCM ROMA", "TORINO")),
        ("ieep", "tblScheda", ("NAZIONALE", "ABRUZZO", "DCM MILANO")),
        ("strutture_centrali", "tblScheda", ("DIREZIONE CENTRALE PENSIONI", "UFFICIO COMUNICAZIONE ESTERNA")),
    ],
)
def test_contributions_of_the_picked_structure_make_up_its_score(name, table, picks, examples, tmp_path):
    for pick in picks:
        found = filled(examples[name], tmp_path / f"{name}.xlsx", {CHOICE: pick})
        points = named(found, "Punteggio_del_Quadro")
        assert points is not None, pick
        assert sum(gives(found, table)) == pytest.approx(points - 100, abs=1e-9), pick
        assert named(found, "Esito_del_Quadro") == verdict(points)
        summary = found.rows("tblSintesi", "Struttura").get(pick)
        heading = "Punteggio giacenza" if name == "giacenza" else "Punteggio"
        assert summary is None or summary[heading] == pytest.approx(points)


def test_a_realisation_beyond_the_cap_brings_no_more_than_the_cap(examples, tmp_path):
    """Entrate of Abruzzo at 300% of their target: the score stops at 150, and so do the contributions, +50 in all."""
    ieep = examples["ieep"]
    rows = ieep.rows("tblConsuntivi", "Codice")
    goals = ieep.rows("tblTabellaB", "Codice")
    typed = {
        ieep.cell("tblConsuntivi", code, "ABRUZZO", "Codice"): 3 * goals[code]["ABRUZZO"]
        for code in rows
        if code.startswith("ieep.entrate") and not any(c.startswith(f"{code}.") for c in rows)
    }
    found = filled(ieep, tmp_path / "ieep.xlsx", {**typed, CHOICE: "ABRUZZO"})
    assert named(found, "Punteggio_del_Quadro") == 150
    assert sum(gives(found, "tblScheda")) == pytest.approx(50, abs=1e-9)


def test_contributions_of_every_central_structure(examples):
    found = examples["strutture_centrali"]
    plan, sums = load_edition(), defaultdict(float)
    for code, row in found.rows("tblObiettiviStrutture", "Riga").items():
        if row[GIVES] is not None:
            node = plan.node(code)
            while node.parent is not None:
                node = plan.node(node.parent)
            sums[node.structure] += row[GIVES]
    scores = {code: row["Punteggio"] for code, row in found.rows("tblSintesi").items() if row["Punteggio"]}
    assert len(scores) == 24
    assert dict(sums) == pytest.approx({code: points - 100 for code, points in scores.items()}, abs=1e-9)


def test_contributions_of_the_pyramid(examples):
    found = examples["piramide_valore"]
    points = found.rows("tblSintesi")["Valore pubblico"]["Punteggio"]
    assert sum(gives(found, "tblComponenti")) == pytest.approx(points - 100, abs=1e-9)
    assert len(gives(found, "tblComponenti")) == 11  # two indices with leaves, nine obiettivi generali


@pytest.mark.parametrize("structure", ["LIGURIA", "DCM NAPOLI", "NAZIONALE"])
def test_contributions_of_a_scorecard(structure, tmp_path):
    path = tmp_path / "scheda.xlsx"
    path.write_bytes(build_scorecard(load_edition(), structure, 3, example=True))
    found = Tables(path)
    points = found.rows("tblSintesi")["SCHEDA"]["Punteggio"]
    rows = found.rows("tblQuadro", "Codice").values()
    brought = [row[GIVES] for row in rows if row[GIVES] is not None]
    assert sum(brought) == pytest.approx(points - 100, abs=1e-9)
    assert len(brought) == sum(row["Punteggio"] is not None for row in rows)


def test_contributions_by_hand(tmp_path):
    """Torino, two areas of four, both 25%: at target (score 100) and 10% fewer days than the target (score 110).

    Each has half of what is reported: 1/2 x (100 - 100) = 0 and 1/2 x (110 - 100) = 5; the score is 105.
    """
    empty = Tables(FOLDER / "giacenza.xlsx")
    typed = {CHOICE: "TORINO"}
    for name, part in (("tblPrestazioniServizi", 1), ("tblContoAssicurativo", 0.9)):
        goal = empty.rows(name)["TORINO"]["Obiettivo giacenza (gg)"]
        typed[empty.cell(name, "TORINO", "Giacenza omogeneizzata")] = part * goal * 1000 / 360
        typed[empty.cell(name, "TORINO", "Pervenuto omogeneizzato")] = 1000
    found = filled(empty, tmp_path / "a.xlsx", typed)
    assert gives(found, "tblQuadro") == pytest.approx([0, 5])
    assert named(found, "Punteggio_del_Quadro") == pytest.approx(105)
    assert found.book["Quadro"]["D6"].value == "▲ 5 punti sopra l'obiettivo"
    assert found.book["Quadro"]["D7"].value == "Risultati: 1 meglio, 1 in linea, 0 sotto"


def test_structures_without_data_are_named(examples, tmp_path):
    """The offices of the picked region that lack a number in an area; of an office, its own areas."""
    giacenza = examples["giacenza"]
    place = giacenza.cell("tblPrestazioniServizi", "SAVONA", "Giacenza omogeneizzata")
    found = filled(giacenza, tmp_path / "a.xlsx", {CHOICE: "LIGURIA", place: None})
    areas = ("tblPrestazioniServizi", "tblContoAssicurativo", "tblFlussiContributivi", "tblAltreAree")
    offices = [s.code for s in load_edition().structures_of() if s.parent == "LIGURIA"]
    pairs = (("Giacenza omogeneizzata", "Pervenuto omogeneizzato"), ("Definiti (pezzi)", "Pervenuti (pezzi)"))
    wanted = ""
    for area in areas:
        rows = found.rows(area)
        lacking = [o for o in offices if any(None in [rows[o][h] for h in pair] for pair in pairs)]
        sheet = found.place(area)[0].title
        wanted += f"{sheet}: {'; '.join(lacking)}. " if lacking else ""
    assert "SAVONA" in wanted
    assert named(found, "Elenco_mancanti") == wanted
