"""The workbook of individual performance: scores of people and groups held against hand calculations on the example."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import pytest
from openpyxl import load_workbook
from openpyxl.utils import coordinate_to_tuple, range_boundaries

from tests.official import FOLDER
from xl_perf.package import open_package
from xl_perf.recalc import recalculate_package

EMPTY, EXAMPLE = "valutazione_individuale.xlsx", "esempi/valutazione_individuale_esempio.xlsx"
MAIN, TRAINING = "Trattamenti economici accessori", "Accesso a percorsi di alta formazione"
AREAS = ("Prestazioni e servizi", "Conto assicurativo", "Flussi contributivi", "Altre aree")
WITH_POSITION = {"accessori": (0.7, 0.2, 0.1), "formazione": (0.6, 0.2, 0.2)}
WITHOUT_POSITION = {"accessori": (0.8, 0.2, 0.0), "formazione": (0.6, 0.2, 0.2)}
"""P21, Performance individuale: obiettivi di gruppo, contributo, abilità."""
LEVELS = {1: 0, 2: 0.5, 3: 0.85, 4: 1, 5: 1.2}
"""P21, Trattamento economico di professionalità."""


@cache
def values(name):
    return load_workbook(FOLDER / name, data_only=True)


def rows(name, table_name):
    """Rows of a table as dictionaries of heading -> value, empty text as None."""
    sheet = next(sheet for sheet in values(name) if table_name in sheet.tables)
    left, top, right, bottom = range_boundaries(sheet.tables[table_name].ref)
    heads = [sheet.cell(top, column).value for column in range(left, right + 1)]
    found = []
    for row in range(top + 1, bottom + 1):
        cells = [sheet.cell(row, column).value for column in range(left, right + 1)]
        found.append({head: None if cell == "" else cell for head, cell in zip(heads, cells, strict=True)})
    return found


def weighted(scores, weights):
    """Weighted mean over what is known, and the share of the weights that is."""
    known = [(s, w) for s, w in zip(scores, weights, strict=True) if s is not None]
    share = sum(w for _, w in known)
    return (sum(s * w for s, w in known) / share if known else None), share


def capped(deviation):
    return 100 * (1 + max(-0.5, min(0.5, deviation)))


def stock_score(row):
    """Giacenza of a group by hand: days against Tabella A, four areas in equal parts."""
    scores = []
    for area in AREAS:
        stock, received, target = (row[f"{area}: {w}"] for w in ("giacenza", "pervenuto", "obiettivo"))
        if stock is None or received is None:
            assert row[f"{area}: punteggio"] is None
            scores.append(None)
            continue
        points = capped((target - stock / received * 360) / target)
        assert row[f"{area}: punteggio"] == pytest.approx(points, rel=1e-12)
        scores.append(points)
    return weighted(scores, (0.25,) * 4)


def test_group_objectives():
    """Giacenza 30%, deflusso against 1 30%, quality against 100 40%; what is missing leaves the mean and the
    coverage.
    """
    stocks = {row["N."]: row for row in rows(EXAMPLE, "tblGiacenzaGruppi")}
    seen = set()
    for row in rows(EXAMPLE, "tblGruppi"):
        if row["Struttura"] is None:
            assert row["Punteggio di gruppo"] is None
            assert row["Copertura"] is None
            continue
        stock, share = stock_score(stocks[row["N."]])
        assert stocks[row["N."]]["Copertura"] == pytest.approx(share)
        done, arrived, quality = row["Definiti (pezzi)"], row["Pervenuti (pezzi)"], row["Indice di qualità"]
        flow = None if done is None else capped(done / arrived - 1)
        scores = (stock, flow, None if quality is None else capped(quality / 100 - 1))
        mean, coverage = weighted(scores, (0.3, 0.3, 0.4))
        if row["Punteggio comunicato"] is not None:
            mean, coverage = row["Punteggio comunicato"], 1
        assert row["Punteggio di gruppo"] == pytest.approx(mean, rel=1e-12)
        assert row["Copertura"] == pytest.approx(coverage)
        assert row["Controllo dati"] == ("OK" if coverage == 1 else "dati parziali")
        seen.add(coverage)
    assert seen == {1, 0.6}


def person_score(row, purpose, group):
    weights = (WITH_POSITION if row["P.O."] == "sì" else WITHOUT_POSITION)[purpose]
    scores = (group, row["Contributo individuale"], row["Abilità"])
    counted = [(s, w) for s, w in zip(scores, weights, strict=True) if w]
    return None if any(s is None for s, _ in counted) else sum(s * w for s, w in counted)


def test_every_person():
    groups = {row["Struttura"]: row for row in rows(EXAMPLE, "tblGruppi")}
    people, kinds = 0, set()
    for row in rows(EXAMPLE, "tblPersonale"):
        if row["Nominativo"] is None:
            assert (row[MAIN], row[TRAINING], row["Coefficiente TEP"]) == (None, None, None)
            assert row["Controllo dati"] is None
            continue
        assert row["Nominativo"] == f"Dipendente {row['N.']:03}"
        people += 1
        group = groups[row["Struttura"]]
        assert row["Obiettivi di gruppo"] == group["Punteggio di gruppo"]
        for purpose, heading in (("accessori", MAIN), ("formazione", TRAINING)):
            wanted = person_score(row, purpose, group["Punteggio di gruppo"])
            assert row[heading] == (None if wanted is None else pytest.approx(wanted, rel=1e-12))
        level = row["Livello TEP"]
        assert row["Coefficiente TEP"] == (None if level is None else LEVELS[level])
        whole = "gruppo parziale" if group["Copertura"] < 1 else "OK"
        assert row["Controllo dati"] == ("valutazione da completare" if row[MAIN] is None else whole)
        kinds.add((row["P.O."], row["Abilità"] is None, row[MAIN] is None))
    assert people == 160
    assert {("sì", False, False), ("no", True, False), ("no", True, True)} <= kinds


def test_dirigenti_and_professionisti():
    """Comportamenti 30%, performance organizzativa 70%; no score before both are known."""
    found = [row for row in rows(EXAMPLE, "tblDirigenti") if row["Nominativo"] is not None]
    for row in found:
        conduct, organisation = row["Comportamenti"], row["Organizzativa"]
        if conduct is None or organisation is None:
            assert row["Punteggio"] is None
        else:
            assert row["Punteggio"] == pytest.approx(0.3 * conduct + 0.7 * organisation, rel=1e-12)
    assert {row["Qualifica"] for row in found} == {"Dirigenti", "Professionisti"}
    assert sum(row["Punteggio"] is None for row in found) == 1


def test_distribution_counts_every_score_once():
    staff = [row for row in rows(EXAMPLE, "tblPersonale") if row[MAIN] is not None]
    managers = [row["Punteggio"] for row in rows(EXAMPLE, "tblDirigenti") if row["Punteggio"] is not None]
    found = rows(EXAMPLE, "tblSintesi")
    limits = [float("-inf"), *(row["Da (compreso)"] for row in found[1:]), float("inf")]

    def counts(scores):
        return [sum(low <= s < high for s in scores) for low, high in pairwise(limits)]

    assert [row["Personale A, B, C"] for row in found] == counts([row[MAIN] for row in staff])
    for heading, answer in (("Con P.O.", "sì"), ("Senza P.O.", "no")):
        assert [r[heading] for r in found] == counts([r[MAIN] for r in staff if r["P.O."] == answer])
    training = [row[TRAINING] for row in staff if row[TRAINING] is not None]
    assert [row[TRAINING] for row in found] == counts(training)
    assert [row["Dirigenti e professionisti"] for row in found] == counts(managers)
    assert sum(row["Quota"] for row in found) == pytest.approx(1)
    assert found[0]["Classe di punteggio"] == "sotto 70"
    assert found[-1]["Classe di punteggio"] == "da 130"


def test_levels_and_groups_of_the_synthesis():
    people = [row for row in rows(EXAMPLE, "tblPersonale") if row["Nominativo"] is not None]
    for row in rows(EXAMPLE, "tblSintesiTep"):
        level = row["Livello"]
        assert row["Coefficiente"] == LEVELS[level]
        assert row["Persone al livello"] == sum(person["Livello TEP"] == level for person in people)
    for row in rows(EXAMPLE, "tblSintesiGruppi"):
        members = [person for person in people if person["Struttura"] == row["Struttura"]]
        if row["Struttura"] is None:
            assert row["Persone"] is None
            continue
        scores = [person[MAIN] for person in members if person[MAIN] is not None]
        assert (row["Persone"], row["Valutate"]) == (len(members), len(scores))
        assert row["Media dei punteggi"] == pytest.approx(sum(scores) / len(scores), rel=1e-12)


@pytest.fixture
def type_into(tmp_path):
    def typed(name, changes):
        package = open_package(FOLDER / name)
        places = {s: {coordinate_to_tuple(c): v for c, v in cells.items()} for s, cells in changes.items()}
        path = tmp_path / "prova.xlsx"
        path.write_bytes(package.patch(places))
        package = open_package(path)
        path.write_bytes(package.patch(recalculate_package(package).changes))
        book = load_workbook(path, data_only=True)
        return lambda sheet, cell: book[sheet][cell].value

    return typed


GROUP = {"B8": "TORINO", "C8": 1020, "D8": 1000, "G8": 101}
"""Deflusso 1020 of 1000: 102; quality 101."""
STOCK = {"C8": 75, "D8": 1000}
"""75 points of stock on 1000 received are 27 days, target 30 of Torino: 10% better, score 110."""


def test_targets_of_the_groups_come_from_tabella_a(type_into):
    """Tabella A, TORINO: 30, 150, 130 and 66 days."""
    get = type_into(EMPTY, {"Gruppi": {"B8": "TORINO"}})
    assert [get("Giacenza gruppi", f"{mark}8") for mark in "VWXY"] == [30, 150, 130, 66]


def test_two_people_by_hand(type_into):
    """Group: 0.30 * 110 + 0.30 * 102 + 0.40 * 101 = 104. With P.O., contribution 95, skills 90:
    0.70 * 104 + 0.20 * 95 + 0.10 * 90 = 100.8; without: 0.80 * 104 + 0.20 * 95 = 102.2; training: 0.6 * 104 +
    0.2 * 95 + 0.2 * 90 = 99.4.
    """
    first = {"B8": "Uno", "C8": "C", "D8": "TORINO", "E8": "sì", "F8": 95, "G8": 90, "H8": 5}
    second = {"B9": "Due", "C9": "B", "D9": "TORINO", "E9": "no", "F9": 95}
    get = type_into(
        EMPTY, {"Gruppi": GROUP, "Giacenza gruppi": STOCK, "Personale A B C": {**first, **second}}
    )
    assert get("Giacenza gruppi", "K8") == 27
    assert get("Gruppi", "K8") == pytest.approx(104)
    staff = "Personale A B C"
    assert [get(staff, f"{mark}8") for mark in "JLS"] == pytest.approx([100.8, 99.4, 1.2])
    assert get(staff, "J9") == pytest.approx(102.2)
    assert not get(staff, "L9")
    assert get(staff, "P8") == "OK"
    assert [get("Scheda", cell) for cell in ("B9", "D20", "F20", "D21", "F21")] == [
        "Uno",
        pytest.approx(100.8),
        pytest.approx(99.4),
        "OK",
        "OK",
    ]
    assert (get("Sintesi", "A17"), get("Sintesi", "E17"), get("Sintesi", "E22")) == ("100 - 105", 2, 2)


@pytest.mark.parametrize("other", [None, "alto", 9])
def test_nobody_is_left_out_of_the_shares_of_the_levels(type_into, other):
    """Two of three people at level 5: 2/3; where the third one's level is none of the plan's, no share is known."""
    levels = dict(zip(("H8", "H9", "H10", "H11"), (5, 5, 4, other), strict=True))
    get = type_into(
        EMPTY, {"Personale A B C": {**levels, **{f"B{row}": f"Persona {row}" for row in range(8, 12)}}}
    )
    start = next(row for row in range(1, 80) if get("Sintesi", f"A{row}") == "Livello")
    found = {
        get("Sintesi", f"A{row}"): get("Sintesi", f"D{row}")
        for row in range(start + 1, start + 1 + len(LEVELS))
    }
    if other is None:
        assert found == {**dict.fromkeys(LEVELS, 0), 5: pytest.approx(2 / 3), 4: pytest.approx(1 / 3)}
    else:
        assert set(found.values()) == {"#VALUE!"}
        assert get("Personale A B C", "P11").startswith("▼")


def test_what_is_missing_is_named(type_into):
    """Half a pair, a structure twice, a person without structure, P.O. or evaluation."""
    staff = {
        "B8": "Senza struttura", "B9": "Senza P.O.", "D9": "TORINO", "D10": "TORINO", "B11": "Da valutare",
        "D11": "TORINO",
        "E11": "no", "B12": "Altrove", "D12": "ASTI", "E12": "no",
    }  # fmt: skip
    groups = {"B8": "TORINO", "C8": 1000, "G8": 100, "B9": "CUNEO", "B10": "CUNEO", "C11": 5}
    get = type_into(EMPTY, {"Gruppi": groups, "Personale A B C": staff})
    assert [get("Gruppi", f"O{row}") for row in range(8, 12)] == [
        "▼ manca un dato di deflusso", "▼ struttura ripetuta", "▼ struttura ripetuta", "▼ struttura non scelta",
    ]  # fmt: skip
    assert [get("Personale A B C", f"P{row}") for row in range(8, 13)] == [
        "▼ manca la struttura", "▼ manca P.O. sì/no", "▼ manca il nominativo", "valutazione da completare",
        "▼ Struttura: fuori dai gruppi",
    ]  # fmt: skip
    assert get("Personale A B C", "I12") == "#N/A"
    assert get("Sintesi", "E7") == 4
    assert get("Gruppi", "N8") == pytest.approx(0.4)


@pytest.mark.parametrize("name", [EMPTY, EXAMPLE])
def test_the_instructions_say_that_the_data_are_personal(name):
    texts = [str(cell.value) for row in values(name)["Note e fonti"].iter_rows() for cell in row]
    assert "Dati personali" in texts
    assert any("2016/679" in text for text in texts)
