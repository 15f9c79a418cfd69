"""The workbook of the value pyramid: scores from the leaves to the top by hand, rules, weights, the edition before."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

import xl_perf.plan
from tests.official import FOLDER
from xl_perf.package import open_package
from xl_perf.plan import load_directory, load_edition
from xl_perf.recalc import recalculate_package
from xl_perf.sync import sync_file
from xl_perf.templates.build import build_workbook

EMPTY, EXAMPLE = "piramide_valore.xlsx", "esempi/piramide_valore_esempio.xlsx"
EDITION = Path(xl_perf.plan.__file__).parent / "editions" / "piano-2021-2023"
LETTERS = "ABCDEFGHI"
MEMBERS = {
    "A": (40, 20, 40), "B": (75, 25), "C": (40, 15, 15, 30), "D": (30, 30, 30, 10), "E": (50, 50), "F": (50, 40, 10),
    "G": (10, 10, 20, 20, 30, 10), "H": (10, 10, 40, 10, 30), "I": (50, 10, 40),
}  # fmt: skip
"""P21, Declinazione annuale degli obiettivi generali di ente triennali: weights as printed."""
AREAS = {
    "area_governo": (10, {"A": 100}), "area_assetti": (30, {"B": 30, "C": 30, "D": 40}),
    "area_strumentali": (10, {"E": 100}),
    "area_evasione": (10, {"F": 100}), "area_servizi": (40, {"G": 20, "H": 50, "I": 30}),
}  # fmt: skip
"""P21, Performance strategica di Ente - dettaglio pesi."""
IMPACT = {
    "continuity_income": 30, "average_time": 15, "litigation_costs": 15, "reputation": 20, "inspection_payment": 20
}  # fmt: skip
MANAGEMENT = {"sviluppo": 10, "finanza": 30, "processi": 40, "utenza": 20}
LOWER = {
    "impatto.average_time",
    "impatto.litigation_costs",
    "obiettivi.giacenza_totale",
    "obiettivi.giacenza_posizione",
}


def plan():
    return load_edition()


@cache
def values(path):
    return load_workbook(path, data_only=True)


def table_of(book, name):
    for sheet in book:
        if name in sheet.tables:
            left, top, right, bottom = range_boundaries(sheet.tables[name].ref)
            heads = [sheet.cell(top, column).value for column in range(left, right + 1)]
            return sheet, heads, left, range(top + 1, bottom + 1)
    raise AssertionError(name)


def rows(path, name, key="Codice"):
    """Rows of a table by their codes: heading -> value, empty text as None."""
    sheet, heads, left, numbers = table_of(values(path), name)
    found = {}
    for number in numbers:
        cells = [sheet.cell(number, left + i).value for i in range(len(heads))]
        row = {head: None if cell == "" else cell for head, cell in zip(heads, cells, strict=True)}
        found[row[key]] = row
    return found


def example(name, key="Codice"):
    return rows(FOLDER / EXAMPLE, name, key)


@pytest.fixture
def typed(tmp_path):
    """Fills cells in (table, code, heading) of the empty workbook, recalculates, and gives a reader of tables."""

    def fill(changes, picked=None):
        path = tmp_path / "prova.xlsx"
        package = open_package(FOLDER / EMPTY)
        places = {}
        for (name, code, heading), value in changes.items():
            sheet, heads, left, numbers = table_of(values(FOLDER / EMPTY), name)
            key = left + heads.index("Codice")
            row = next(n for n in numbers if sheet.cell(n, key).value == code)
            places.setdefault(sheet.title, {})[row, left + heads.index(heading)] = value
        for (sheet, row, column), value in (picked or {}).items():
            places.setdefault(sheet, {})[row, column] = value
        path.write_bytes(package.patch(places))
        package = open_package(path)
        path.write_bytes(package.patch(recalculate_package(package).changes))
        values.cache_clear()
        return lambda name, key="Codice": rows(path, name, key)

    return fill


def score(actual, target, direction):
    deviation = (actual - target) / target * direction
    return 100 * (1 + max(-0.5, min(0.5, deviation)))


def leaf_score(code):
    """Score of a leaf of the example from what is filled in."""
    node = plan().node(code)
    if node.indicator is None:
        done = example("tblProgetti")[code]["Realizzazione"]
        return None if done is None else score(done, 1, 1)
    row = example("tblConsuntivi")[node.indicator]
    actual = row["Valore"]
    if row["Numeratore"] is not None:
        actual = row["Numeratore"] / row["Denominatore"]
        actual *= 360 if "giacenza" in node.indicator else 1
    if actual is None:
        return None
    target = plan().target(node.indicator, "NAZIONALE", "2021").value
    return score(actual, target, -1 if node.indicator in LOWER else 1)


def by_hand(code):
    """Score and coverage of a node: mean of the known members by their printed or equal weights."""
    members = plan().children(code)
    if not members:
        points = leaf_score(code)
        return points, 0 if points is None else 1
    last = code.removeprefix("piramide.")
    if code == "piramide.E.1":
        return disposal(members)
    if last in LETTERS:
        weights = MEMBERS[last]
    elif last in AREAS:
        weights = list(AREAS[last][1].values())
    else:
        printed = {"strategica": [w for w, _ in AREAS.values()], "istituzionale": list(IMPACT.values()),
                   "gestionale": list(MANAGEMENT.values())}  # fmt: skip
        weights = printed.get(last, [100 / len(members)] * len(members))
    assert sum(weights) == pytest.approx(100)
    found = [by_hand(member.code) for member in members]
    known = [(points, w) for (points, _), w in zip(found, weights, strict=True) if points is not None]
    mean = sum(p * w for p, w in known) / sum(w for _, w in known) if known else None
    return mean, sum(share * w for (_, share), w in zip(found, weights, strict=True)) / 100


def disposal(members):
    """P21, Piano di dismissione: share of the units plus share of the value, against 100; nothing while one
    is missing.
    """
    found = [example("tblConsuntivi")[node.indicator] for node in members]
    if any(row["Valore"] is None for row in found):
        return None, 0
    goals = [plan().target(node.indicator, "NAZIONALE", "2021").value for node in members]
    index = sum(100 * row["Valore"] / goal for row, goal in zip(found, goals, strict=True))
    return score(index, 100, 1), 1


def test_every_node_of_the_example():
    tree = example("tblPiramide")
    assert list(tree) == [node.code for node in plan().nodes_of("piramide")]
    assert len(tree) == 94
    partial = 0
    for code, row in tree.items():
        points, share = by_hand(code)
        assert row["Punteggio"] == (None if points is None else pytest.approx(points, rel=1e-12)), code
        assert row["Copertura"] == pytest.approx(share), code
        words = "nessun dato" if share == 0 else "completo" if share > 1 - 1e-9 else "parziale"
        assert row["Stato dei dati"] == words
        partial += words == "parziale"
        if plan().children(code):
            assert row["Somma dei pesi"] == pytest.approx(1, abs=1e-12)
            assert row["Controllo pesi"] == "OK"
        else:
            assert row["Controllo pesi"] is None
    assert partial >= 4


def test_the_synthesis_repeats_the_tree():
    tree = example("tblPiramide")
    titles = {row["Voce"]: row for row in tree.values()}
    names = ["Valore pubblico", "Gestionale", "Istituzionale", "Strategica", "Sviluppo", "Finanza",
    "Processi", "Utenza",
             "Processi di governo", "Assetti organizzativi", "Risorse strumentali", "Contrasto all'evasione",
             "Miglioramento dei servizi offerti"]  # fmt: skip
    levels, parts = example("tblSintesi", "Nome breve"), example("tblComponenti", "Nome breve")
    assert list(levels) == names
    assert list(parts) == ["Istituzionale", "Gestionale", *LETTERS]
    for row in (*levels.values(), *parts.values()):
        for heading in ("Punteggio", "Esito", "Copertura", "Peso sull'ente"):
            assert row[heading] == titles[row["Voce"]][heading]
    total = sum(row["Peso sull'ente"] for code, row in tree.items() if not plan().children(code))
    assert total == pytest.approx(1)


def test_texts_of_a_printed_project():
    """P21, obiettivo A."""
    row = example("tblPiramide")["piramide.A.2"]
    assert row["Titolare"] == "DC Ammortizzatori sociali"
    assert row["Rischio"] == "Mancato miglioramento dell'automazione"
    assert row["Output"].startswith(
        "Costituzione polo o di una task force nazionale per aziende plurilocalizzate"
    )
    assert example("tblProgetti")["piramide.A.2"]["Output"] == row["Output"]


IMPACT_RESULTS = {
    ("tblConsuntivi", "impatto.continuity_income", "Numeratore"): 8900,
    ("tblConsuntivi", "impatto.continuity_income", "Denominatore"): 10000,
    ("tblConsuntivi", "impatto.average_time", "Numeratore"): 2430,
    ("tblConsuntivi", "impatto.average_time", "Denominatore"): 100,
    ("tblConsuntivi", "impatto.litigation_costs", "Valore"): 210753985.296,
    ("tblConsuntivi", "impatto.reputation", "Valore"): 3.0,
    ("tblConsuntivi", "impatto.inspection_payment", "Valore"): 353892924,
}


def test_impact_by_hand(typed):
    """0.30 * 100 + 0.15 * 110 + 0.15 * 100 + 0.20 * 90.09 + 0.20 * 150 = 109.52; 24.3 days are 10% below 27.

    With 104 in every perspective: (109.518 + 104) / 2, two of three indices known.
    """
    perspectives = {("tblConsuntivi", f"gestionale.{name}", "Valore"): 104 for name in MANAGEMENT}
    table = typed(IMPACT_RESULTS | perspectives)("tblPiramide")
    index = 30 + 16.5 + 15 + 20 * 3 / 3.33 + 30
    assert table["piramide.istituzionale"]["Punteggio"] == pytest.approx(index)
    assert round(index, 2) == 109.52
    assert table["piramide.valore_pubblico"]["Punteggio"] == pytest.approx((index + 104) / 2)
    assert table["piramide.valore_pubblico"]["Copertura"] == pytest.approx(2 / 3)
    assert table["piramide.strategica"]["Punteggio"] is None
    assert table["piramide.strategica"]["Stato dei dati"] == "nessun dato"


TOP = ("gestionale", "istituzionale", "strategica")


def test_other_weights_at_the_top(typed):
    """Gestionale 50%, istituzionale 30%, strategica 20%: (50 * 104 + 30 * 109.518) / 80 while the third is missing."""
    own = {
        ("tblPesi", f"piramide.{n}", "Peso alternativo"): w for n, w in zip(TOP, (0.5, 0.3, 0.2), strict=True)
    }
    perspectives = {("tblConsuntivi", f"gestionale.{name}", "Valore"): 104 for name in MANAGEMENT}
    table = typed(IMPACT_RESULTS | perspectives | own)("tblPiramide")
    index = 30 + 16.5 + 15 + 20 * 3 / 3.33 + 30
    assert table["piramide.valore_pubblico"]["Punteggio"] == pytest.approx((50 * 104 + 30 * index) / 80)
    assert table["piramide.gestionale"]["Peso in uso"] == 0.5
    assert table["piramide.gestionale.finanza"]["Peso sull'ente"] == pytest.approx(0.15)


def test_weights_that_do_not_sum_are_named(typed):
    table = typed(IMPACT_RESULTS | {("tblPesi", "piramide.gestionale", "Peso alternativo"): 0.5})(
        "tblPiramide"
    )
    top = table["piramide.valore_pubblico"]
    assert top["Controllo pesi"] == "▼ pesi ≠ 100%"
    assert top["Somma dei pesi"] == pytest.approx(0.5 + 2 / 3)
    assert str(top["Punteggio"]).startswith("#")
    assert table["piramide.istituzionale"]["Controllo pesi"] == "OK"


def test_disposal_by_the_printed_rule_or_by_the_mean(typed):
    """P21: 60% of 600 units and 50% of 60 millions are 110 against 100; the mean of two capped scores is (60
    + 50) / 2.
    """
    given = {
        ("tblConsuntivi", "obiettivi.dismissione_unita", "Valore"): 360,
        ("tblConsuntivi", "obiettivi.dismissione_valore", "Valore"): 30_000_000,
    }
    found = typed(given)("tblPiramide")["piramide.E.1"]
    assert (found["Punteggio"], found["Copertura"]) == (pytest.approx(110), 1)
    switch = ("tblParametri", "dismissione.somma_avanzamenti", "Valore alternativo")
    found = typed(given | {switch: 0})("tblPiramide")["piramide.E.1"]
    assert (found["Punteggio"], found["Copertura"]) == (pytest.approx(55), 1)
    alone = {key: value for key, value in given.items() if "unita" in key[1]}
    found = typed(alone)("tblPiramide")["piramide.E.1"]
    assert (found["Punteggio"], found["Copertura"]) == (None, 0)


def test_purpose_and_data_source_of_the_impact_indicators():
    """P21, Indicatori di impatto: columns FINALITÀ and FONTE."""
    found = example("tblImpatto")
    assert len(found) == 5
    assert all(row["Finalità"] and row["Fonte dei dati"] for row in found.values())
    assert found["impatto.average_time"]["Fonte dei dati"].startswith(
        "Dati tratti dalle elaborazioni della procedura SIMP"
    )


RULE = "obiettivi.maggiori_entrate@NAZIONALE@{}"


def test_larger_of_target_and_actual(typed):
    """9,100,000,000 is more than the target 2021: * 1.02 = 9,282,000,000; 9,000,000,000 in 2022 is less than
    that: * 1.02 again.
    """
    given = {
        ("tblConsuntivi", "obiettivi.maggiori_entrate", "Valore"): 9_100_000_000,
        ("tblRegole", RULE.format(2023), "Consuntivo di riferimento"): 9_000_000_000,
    }
    table = typed(given)
    assert table("tblRegole")[RULE.format(2022)]["Obiettivo da regola"] == pytest.approx(9_282_000_000)
    assert table("tblRegole")[RULE.format(2023)]["Base"] == pytest.approx(9_282_000_000)
    assert table("tblRegole")[RULE.format(2023)]["Obiettivo da regola"] == pytest.approx(9_282_000_000 * 1.02)
    years = table("tblTriennio")["obiettivi.maggiori_entrate"]
    assert years["Da regola 2022"] == pytest.approx(9_282_000_000)
    assert years["Obiettivo 2022"] is None
    assert years["Regola 2022"].startswith("+2% Maggior importo")


def test_actual_below_the_target(typed):
    """8,500,000,000: the target 8,855,168,560 is the larger, * 1.02 = 9,032,271,931.20."""
    table = typed({("tblConsuntivi", "obiettivi.maggiori_entrate", "Valore"): 8_500_000_000})("tblRegole")
    assert table[RULE.format(2022)]["Obiettivo da regola"] == pytest.approx(9_032_271_931.20)
    assert table[RULE.format(2023)]["Controllo"] == "attende il consuntivo"


def test_share_read_as_relative(typed):
    """88% + 1%: 89% in points, 88.88% relative; 8888 of 10000 then is on target."""
    rule = "impatto.continuity_income@NAZIONALE@2021"
    given = {
        ("tblRegole", rule, "Lettura dell'importo"): "relativa",
        ("tblConsuntivi", "impatto.continuity_income", "Numeratore"): 8888,
        ("tblConsuntivi", "impatto.continuity_income", "Denominatore"): 10000,
        ("tblRegole", "obiettivi.welfare@NAZIONALE@2022", "Lettura dell'importo"): "relativa",
        ("tblConsuntivi", "obiettivi.welfare", "Numeratore"): 36,
        ("tblConsuntivi", "obiettivi.welfare", "Denominatore"): 100,
    }
    table = typed(given)
    assert table("tblConsuntivi")["impatto.continuity_income"]["Obiettivo"] == pytest.approx(0.8888)
    assert table("tblConsuntivi")["impatto.continuity_income"]["Punteggio"] == pytest.approx(100)
    assert table("tblRegole")[rule]["Controllo"] == "lettura diversa dal piano"
    assert table("tblRegole")["obiettivi.welfare@NAZIONALE@2022"]["Obiettivo da regola"] == pytest.approx(
        0.3672  # 36% * 1.02
    )
    assert example("tblConsuntivi")["impatto.continuity_income"]["Obiettivo"] == pytest.approx(0.89)


def test_rules_give_what_the_plan_prints():
    found = example("tblRegole")
    assert len(found) == 31
    printed = [row for row in found.values() if row["Obiettivo del piano"] is not None]
    assert len(printed) == 3 + 6 * 3 + 2
    for row in printed:
        assert row["Obiettivo da regola"] == pytest.approx(row["Obiettivo del piano"], rel=1e-9)
        assert row["Controllo"] == "OK"
    assert {row["Controllo"] for row in found.values()} == {"OK", "calcolato", "attende il consuntivo"}


@pytest.mark.parametrize(
    ("code", "first", "second", "third"),
    [
        ("piano_lavori", 81, 86, 91), ("giacenza_totale", 70, 68, 65), ("deflusso_totale", 1.02, 1.03, 1.03),
        ("dismissione_valore", 60_000_000, 63_000_000, 66_100_000), ("giacenza_posizione", 120, 100, 80),
        ("estratto_conto", 156_750, 165_000, 170_000), ("conti_individuali", 107, 102, 101),
        ("rvpa", 550_000, None, None),
    ],
)  # fmt: skip
def test_three_year_table(code, first, second, third):
    """P21, Obiettivi generali di ente triennali, as printed."""
    row = example("tblTriennio")[f"obiettivi.{code}"]
    assert [row[f"Obiettivo {year}"] for year in (2021, 2022, 2023)] == [first, second, third]


def test_what_is_missing_is_named(typed):
    given = {
        ("tblConsuntivi", "obiettivi.deflusso_totale", "Numeratore"): 1000,
        ("tblConsuntivi", "obiettivi.smart_worker", "Numeratore"): 70,
        ("tblConsuntivi", "obiettivi.smart_worker", "Denominatore"): 60,
    }
    table = typed(given, {("Consuntivi", 6, 2): 110})("tblConsuntivi")
    assert table["obiettivi.deflusso_totale"]["Controllo dati"] == "▼ manca uno dei due dati"
    assert table["obiettivi.deflusso_totale"]["Punteggio"] is None
    assert table["obiettivi.smart_worker"]["Controllo dati"] == "▼ numeratore oltre il totale"
    assert table["obiettivi.follower"]["Controllo dati"] == "da rilevare"
    assert table["obiettivi.giacenza_totale"]["Consuntivo necessario"] == pytest.approx(63)
    assert table["obiettivi.piano_lavori"]["Consuntivo necessario"] == pytest.approx(89.1)


def test_card_of_another_objective(typed):
    """Objective D: giacenza, deflusso, a group of three projects, a cross project; 63 of 70 days are 110."""
    given = {
        ("tblConsuntivi", "obiettivi.giacenza_totale", "Numeratore"): 175,
        ("tblConsuntivi", "obiettivi.giacenza_totale", "Denominatore"): 1000,
        ("tblProgetti", "piramide.D.3.1", "Realizzazione"): 1,
    }
    title = "D. Reassessment nuovo modello organizzativo"
    card = typed(given, {("Scheda", 6, 2): title})("tblScheda", "N.")
    assert [row["Voce"] for row in card.values()][:2] == ["Indice di giacenza", "Indice di deflusso"]
    assert [card[n]["Tipo"] for n in range(1, 8)] == ["indicatore"] * 2 + ["gruppo"] + ["progetto"] * 4
    assert card[1]["Punteggio"] == pytest.approx(110)
    assert card[3]["Punteggio"] == pytest.approx(100)
    assert card[3]["Copertura"] == pytest.approx(1 / 3)
    assert [card[n]["Peso in uso"] for n in (1, 2, 3, 7)] == [0.3, 0.3, 0.3, 0.1]
    assert card[4]["Titolare"] == "DC Organizzazione e Comunicazione Interna"
    assert set(card) == {*range(1, 8), None}


def test_edition_before():
    """P20, Obiettivi specifici triennali, as printed; 2020 as amended by deliberazione 76/2020 where P21 prints it."""
    found = example("tblEdizionePrecedente")
    old = load_edition("piano-2020-2022")
    assert list(found) == [node.code for node in old.nodes_of("piramide")]
    by_indicator = {row["Indicatore"]: row for row in found.values() if row["Indicatore"]}
    printed = {
        "giacenza_pdap": (140, 70, 30), "rdc_definito": (0.87, 0.88, 0.89), "rvpa_pezzi": (86080, 407327.6, 305495.7),
        "estratto_conto": (139213, 18026, None), "smart_worker": (0.1, 0.125, 0.15), "piano_lavori": (71, 90, 93),
        "maggiori_entrate": (5930504582, None, None), "cessazione_qualita": (103, 102, 101),
    }  # fmt: skip
    for code, wanted in printed.items():
        row = by_indicator[f"obiettivi.{code}"]
        assert tuple(row[f"Obiettivo {year}"] for year in (2020, 2021, 2022)) == wanted
        assert "P20" in row["Fonte"]
    assert by_indicator["obiettivi.piano_lavori"]["Differenza"] == 81 - 90
    assert by_indicator["obiettivi.giacenza_pdap"]["2021 nel piano in vigore"] is None
    own = set(old.indicators) - set(plan().indicators)
    # the shares of a stock to be cut are measured in pieces
    assert own - set(by_indicator) == {
        f"obiettivi.{name}_abbattimento" for name in ("rvpa", "implementazione", "scarti")
    }


def test_sync_brings_an_amendment(tmp_path):
    """Another baseline, target, rule and weight, each in its own cell; what was filled in stays."""
    source = tmp_path / "dati"
    shutil.copytree(EDITION, source)
    for file, old, new in (
        ("baseline_obiettivi.csv", "obiettivi.giacenza_totale,72", "obiettivi.giacenza_totale,73"),
        ("obiettivi_triennali.csv", "obiettivi.giacenza_totale,giorni,70,68,65",
        "obiettivi.giacenza_totale,giorni,70,68,64"),
        ("regole.csv", "obiettivi.smart_worker,NAZIONALE,2022,percentuale consuntivo,0.02",
         "obiettivi.smart_worker,NAZIONALE,2022,percentuale consuntivo,0.03"),
        ("albero_piramide.csv", "del Cruscotto qualità,indicatore,0.75", "del Cruscotto qualità,indicatore,0.65"),
        ("albero_piramide.csv", "contenzioso amministrativo,gruppo,0.25", "contenzioso amministrativo,gruppo,0.35"),
    ):  # fmt: skip
        text = (source / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, (file, old)
        (source / file).write_text(text.replace(old, new), encoding="utf-8")
    path = tmp_path / "piramide_valore.xlsx"
    shutil.copy(FOLDER / EXAMPLE, path)
    report = sync_file(path, load_directory(source))
    assert len(report.changed) == 5
    before, after = example("tblTriennio"), rows(path, "tblTriennio")
    assert after["obiettivi.giacenza_totale"]["Baseline 2021"] == 73
    assert after["obiettivi.giacenza_totale"]["Obiettivo 2023"] == 64
    assert after["obiettivi.rvpa"] == before["obiettivi.rvpa"]
    filled = example("tblConsuntivi")["obiettivi.smart_worker"]["Consuntivo"]
    ruled = rows(path, "tblRegole")["obiettivi.smart_worker@NAZIONALE@2022"]["Obiettivo da regola"]
    assert ruled == pytest.approx(filled + 0.03)
    assert rows(path, "tblPesi")["piramide.B.1"]["Peso in uso"] == 0.65


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """The pyramid of the edition before this one, as it is handed out."""
    path = tmp_path_factory.mktemp("prima") / EMPTY
    path.write_bytes(build_workbook(load_edition("piano-2020-2022"), "piramide_valore", example=False))
    return path


def test_pyramid_of_the_edition_before(before):
    """P20: eight objectives, no valore pubblico; P21 prints the results of 2020: percepita +14.74%,
    contenzioso -4.41%.
    """
    tree = rows(before, "tblPiramide")
    top = [code for code, row in tree.items() if code.count(".") == 1]
    assert top == ["piramide.strategica", *(f"piramide.{n}" for n in range(1, 9))]
    assert round(tree["piramide.7"]["Punteggio"], 2) == 114.74
    assert round(tree["piramide.2"]["Punteggio"], 2) == 95.59
    given = rows(before, "tblConsuntivi")
    assert given["obiettivi.smart_worker"]["Consuntivo pubblicato"] == 0.1909
    assert given["obiettivi.smart_worker"]["Punteggio"] == 150
    assert given["obiettivi.medico_legale_efficacia"]["Controllo dati"] == "da rilevare"
    sheets = values(before).sheetnames
    assert "Impatto e prospettive" not in sheets
    assert not any(name.startswith("Edizione") for name in sheets)


def test_rules_of_the_edition_before(before):
    """Quota 100: 71.43% + 25 points = 96.43%, as P21 prints it; maggiori entrate: 76/2020 set the target
    anew, and +2% starts from it.
    """
    found = rows(before, "tblRegole")
    quota = found["obiettivi.quota_100_lista@NAZIONALE@2020"]
    assert quota["Obiettivo da regola"] == pytest.approx(0.9643)
    assert quota["Controllo"] == "OK"
    entrate = found["obiettivi.maggiori_entrate@NAZIONALE@2020"]
    assert (entrate["Obiettivo del piano"], entrate["Controllo"]) == (
        5930504582,
        "fissato da un atto successivo",
    )
    after = found["obiettivi.maggiori_entrate@NAZIONALE@2021"]
    assert after["Base"] == 5930504582
    assert after["Obiettivo da regola"] == pytest.approx(8310713735 * 1.02)
