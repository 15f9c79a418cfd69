"""The workbook of the central structures: trees by hand, values that are asked once, IEEP items, audit, spending."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import xl_perf.plan
from tests.official import FOLDER
from tests.workbook_tables import Tables, filled, mean, score, verdict
from xl_perf.errors import SyncError
from xl_perf.plan import load_directory, load_edition
from xl_perf.sync import sync_file

EDITION = Path(xl_perf.plan.__file__).parent / "editions" / "piano-2021-2023"
AUDIT = "DIREZIONE CENTRALE AUDIT E MONITORAGGIO CONTENZIOSO"
TECHNICAL = "STRUTTURA TECNICA PER L'INNOVAZIONE TECNOLOGICA E LA TRASFORMAZIONE DIGITALE"
GOALS, KEY = "tblObiettiviStrutture", "Riga"
LOWER = ("centrali.giacenza", "centrali.ricorsi", "centrali.budget_discrezionale")


@pytest.fixture(scope="module")
def plan():
    return load_edition()


@pytest.fixture(scope="module")
def empty():
    return Tables(FOLDER / "strutture_centrali.xlsx")


@pytest.fixture(scope="module")
def example():
    return Tables(FOLDER / "esempi" / "strutture_centrali_esempio.xlsx")


def leaves(plan):
    return [n for n in plan.nodes if n.tree == "centrali" and not plan.children(n.code)]


WHOLE_IEEP = 10_957_463_637
"""P21, slide 14: total of the IEEP, the target of the structures without items of their own."""


def realised(example, plan):
    """P21, slide 14: 70% of the realisation of the entrate and 30% of that of the prestazioni."""
    sections = {"entrate": [0, 0], "prestazioni": [0, 0]}
    for code, row in example.rows("tblVociIEEP", "Codice").items():
        parts = sections["entrate" if ".ieep.entrate." in code else "prestazioni"]
        parts[0] += row["Segno"] * row["Consuntivo"]
        parts[1] += row["Segno"] * row["Obiettivo"]
    return sum(w * sections[s][0] / sections[s][1] for s, w in (("entrate", 0.7), ("prestazioni", 0.3)))


def test_every_structure_has_its_objectives(empty, plan):
    rows = empty.rows(GOALS, KEY)
    assert list(rows) == [n.code for n in plan.nodes if n.tree == "centrali"]
    assert len(empty.rows("tblSintesi")) == 24


def test_scores_of_the_leaves(example, plan):
    """Deviation of each reported value from the target in use, worked out here again."""
    rows, reported = example.rows(GOALS, KEY), 0
    for node in leaves(plan):
        row = rows[node.code]
        actual, target = row["Consuntivo"], row["Obiettivo in uso"]
        if actual is None or target is None:
            assert row["Punteggio"] is None
            assert row["Copertura"] == 0
            continue
        reported += 1
        points = score(actual, target, -1 if node.indicator in LOWER else 1)
        if node.indicator == "centrali.ieep" and target == WHOLE_IEEP:
            points = score(realised(example, plan), 1)
        assert row["Punteggio"] == pytest.approx(points)
        assert row["Scostamento"] == pytest.approx(points / 100 - 1)
        assert row["Esito"] == verdict(points)
    assert reported > 150


def test_perspectives_and_structures(example, plan):
    """Weighted means of the known scores by the weights of the plan's tree."""
    rows, summary = example.rows(GOALS, KEY), example.rows("tblSintesi")
    for root in (n for n in plan.nodes if n.tree == "centrali" and n.parent is None):
        scores, covered = [], 0.0
        for perspective in plan.children(root.code):
            children = plan.children(perspective.code)
            points, coverage = mean([(rows[c.code]["Punteggio"], c.weight) for c in children])
            assert rows[perspective.code]["Punteggio"] == (None if points is None else pytest.approx(points))
            assert rows[perspective.code]["Copertura"] == pytest.approx(coverage)
            scores.append((points, perspective.weight))
            covered += perspective.weight * coverage
        points, _ = mean(scores)
        found = summary[root.structure]
        assert found["Punteggio"] == pytest.approx(points)
        assert found["Copertura"] == pytest.approx(covered)
        assert found["Esito"] == verdict(points)
        assert found["Somma dei pesi"] == "OK"
        assert rows[root.code]["Punteggio"] == pytest.approx(points)


def test_printed_weights_are_locked_and_assumed_ones_open(empty, plan):
    """P21, slide 54: Sviluppo weighs 55%, its objectives 35%, 35% and 30%; the rest is assumed."""
    rows = empty.rows(GOALS, KEY)
    printed = {
        "sviluppo": 0.55,
        "sviluppo.progetti_dd4": 0.35,
        "sviluppo.progetti_dd5": 0.35,
        "sviluppo.obiettivi_lgg": 0.3,
    }
    for code, weight in printed.items():
        row = rows[f"centrali.struttura_tecnica.{code}"]
        assert (row["Peso in uso"], row["Stato del peso"]) == (weight, "pubblicato")
    assert rows["centrali.struttura_tecnica.processi"]["Peso in uso"] == pytest.approx(0.15)
    sheet, row, column = empty.cell(GOALS, "centrali.struttura_tecnica.sviluppo", "Peso alternativo", KEY)
    assert empty.book[sheet].cell(row, column).protection.locked
    sheet, row, column = empty.cell(GOALS, "centrali.struttura_tecnica.processi", "Peso alternativo", KEY)
    assert not empty.book[sheet].cell(row, column).protection.locked


def test_weights_of_the_user(empty, tmp_path):
    """Processi 100 and Finanza 90 with weights 60% and 40%: 96; weights that do not sum are named."""

    def weight(perspective, value):
        return {empty.cell(GOALS, f"centrali.antifrode.{perspective}", "Peso alternativo", KEY): value}

    actual = {
        empty.cell("tblConsuntivi", "centrali.qualita@Aree di produzione", "Numeratore o valore", "Codice"): 100,
        empty.cell("tblConsuntivi", "centrali.budget_discrezionale@DIREZIONE CENTRALE ANTIFRODE", "Numeratore o valore",
                   "Codice"): 110_000,
        empty.cell(GOALS, "centrali.antifrode.finanza.budget_discrezionale", "Obiettivo da inserire", KEY): 100_000,
    }  # fmt: skip
    cells = (
        actual
        | weight("processi", 0.6)
        | weight("finanza", 0.4)
        | weight("sviluppo", 0)
        | weight("strategia", 0)
    )
    found = filled(empty, tmp_path / "a.xlsx", cells).rows("tblSintesi")["DIREZIONE CENTRALE ANTIFRODE"]
    assert found["Punteggio"] == pytest.approx(0.6 * 100 + 0.4 * 90)
    assert found["Somma dei pesi"] == "OK"
    found = filled(empty, tmp_path / "b.xlsx", cells | weight("strategia", 0.1)).rows("tblSintesi")
    assert found["DIREZIONE CENTRALE ANTIFRODE"]["Somma dei pesi"] == "▼ pesi ≠ 100%"


def test_campaigns_of_the_guide(empty, tmp_path):
    """Guide: 8 of 8, 3 of 4, 8 of 8, 4 of 4, 5 of 5 campaigns: 100, 75, 100, 100, 100, mean 95."""
    cells = {
        empty.cell("tblCampagne", code, "Report finale", "Codice"): "no"
        if code == "centrali.followup_regionali.2"
        else "sì"
        for code in empty.rows("tblCampagne", "Codice")
    }
    assert len(cells) == 8 + 4 + 8 + 4 + 5
    found = filled(empty, tmp_path / "a.xlsx", cells)
    rows = found.rows(GOALS, KEY)
    done = {c: rows[f"centrali.audit.sviluppo.{c}"]["Punteggio"]
            for c in ("audit_regionali", "followup_regionali", "audit_centrali", "followup_centrali",
            "crsa")}  # fmt: skip
    assert list(done.values()) == [100, 75, 100, 100, 100]
    assert rows["centrali.audit.sviluppo"]["Punteggio"] == pytest.approx(95)
    assert rows["centrali.audit.sviluppo"]["Copertura"] == pytest.approx(5 / 6)


def test_ieep_targets_add_up_to_the_slide(empty):
    """P21, slide 14: total 10.957.463.637, maggiori entrate 8.855.168.561; Tabella B national column for the rest."""
    rows = empty.rows("tblSommeIEEP")
    assert rows["Totale Istituto"]["Obiettivo in uso"] == 10_957_463_637
    assert rows["DIREZIONE CENTRALE ENTRATE"]["Obiettivo in uso"] == 8_855_168_561
    assert rows["COORDINAMENTO GENERALE LEGALE"]["Obiettivo in uso"] == 31_746_115
    # riscatti 357.773.597 + benefici 8.475.748 - interessi 4.610.696 + indebite 740.148.016 + PDAP 9.528.554
    # + surrogatorie 5.955.798
    assert rows["DIREZIONE CENTRALE PENSIONI"]["Obiettivo in uso"] == (
        357_773_597 + 8_475_748 - 4_610_696 + 740_148_016 + 9_528_554 + 5_955_798
    )


def test_ieep_sums_wait_for_all_their_items(example, tmp_path):
    items = example.rows("tblVociIEEP", "Codice")
    total = sum(row["Segno"] * row["Consuntivo"] for row in items.values())
    assert sum(row["Segno"] < 0 for row in items.values()) == 3
    assert example.rows("tblSommeIEEP")["Totale Istituto"]["Consuntivo"] == pytest.approx(total)
    assert example.rows(GOALS, KEY)["centrali.antifrode.finanza.ieep"]["Consuntivo"] == pytest.approx(total)
    code = next(code for code in items if "pensioni" in code)
    found = filled(
        example, tmp_path / "a.xlsx", {example.cell("tblVociIEEP", code, "Consuntivo", "Codice"): None}
    )
    sums = found.rows("tblSommeIEEP")
    assert sums["Totale Istituto"]["Consuntivo"] is None
    assert sums["DIREZIONE CENTRALE PENSIONI"]["Consuntivo"] is None
    assert sums["DIREZIONE CENTRALE ENTRATE"]["Consuntivo"] is not None
    assert found.rows(GOALS, KEY)["centrali.antifrode.finanza.ieep"]["Copertura"] == 0


def test_spending_counts_chapters_within_five_percent(example):
    """IV forecast: within +/- 5% of the budget (P21, Gestione della spesa)."""
    by_owner = {}
    for row in example.rows("tblSpesa", "Riga").values():
        if row["Struttura"] is None:
            continue
        if row["Utilizzato"] is None:  # not reported yet: it does not count
            assert row["Entro i limiti"] in (None, "")
            continue
        within = abs(row["Utilizzato"] / row["Budget economico"] - 1) <= 0.05
        assert row["Entro i limiti"] == within
        by_owner.setdefault(row["Struttura"], []).append(within)
    assert 0 < sum(map(sum, by_owner.values())) < sum(map(len, by_owner.values()))
    values = [
        row
        for row in example.rows("tblConsuntivi", "Codice").values()
        if row["Primo dato"].startswith("Capitoli")
    ]
    assert len(values) == 8
    for row in values:
        chapters = by_owner.get(row["Vale per"], [])
        assert row["Consuntivo"] == (pytest.approx(sum(chapters) / len(chapters)) if chapters else None)


def test_values_that_all_share_are_asked_once(example):
    rows = example.rows("tblConsuntivi", "Codice")
    produced, staff = (rows["centrali.produttivita"][h] for h in ("Numeratore o valore", "Denominatore"))
    goals = example.rows(GOALS, KEY)
    shared = {row["Consuntivo"] for code, row in goals.items() if code.endswith(".produttivita")}
    assert list(shared) == [pytest.approx(produced / (staff * 12))]
    stock = rows["centrali.giacenza@Aree di produzione"]
    days = stock["Numeratore o valore"] / stock["Denominatore"] * 360
    assert goals["centrali.antifrode.processi.giacenza"]["Consuntivo"] == pytest.approx(days)
    own = rows["centrali.giacenza@Flussi"]
    days = own["Numeratore o valore"] / own["Denominatore"] * 360
    assert goals["centrali.entrate.processi.giacenza"]["Consuntivo"] == pytest.approx(days)


def test_disposal_index(example):
    for row in example.rows("tblDismissione").values():
        index = (
            100 * row["Unità"] / row["Obiettivo unità"]
            + 100 * row["Valore catastale"] / row["Obiettivo valore"]
        )
        assert row["Indice"] == pytest.approx(index)
    national = example.rows("tblDismissione")["NAZIONALE"]
    assert (national["Obiettivo unità"], national["Obiettivo valore"]) == (600, 60_000_000)


def test_the_card_shows_the_picked_structure(example, plan, tmp_path):
    found = filled(example, tmp_path / "a.xlsx", {("Quadro", 5, 2): TECHNICAL})
    sheet, heads, left, top, bottom = found.place("tblScheda")
    goals = example.rows(GOALS, KEY)
    own = [row for code, row in goals.items() if code.startswith("centrali.struttura_tecnica")]
    at = [left + heads.index(h) for h in ("Struttura, prospettiva, obiettivo", "Punteggio", "Peso in uso")]
    shown = [[sheet.cell(row, column).value or None for column in at] for row in range(top + 1, bottom + 1)]
    wanted = [[row["Struttura, prospettiva, obiettivo"], row["Punteggio"], row["Peso in uso"]] for row in own]
    assert shown[: len(own)] == wanted
    assert all(cells == [None] * 3 for cells in shown[len(own) :])


def test_a_new_weight_and_target_reach_the_workbook(tmp_path):
    """A later edition prints 40/30/30 for the Struttura tecnica and 14.000 positions for TFS-TFR."""
    source = tmp_path / "edizione"
    shutil.copytree(EDITION, source)
    changes = (
        (
            "albero_centrali.csv",
            ("indicatore,0.35,centrali.progetti_dd4", "indicatore,0.40,centrali.progetti_dd4"),
        ),
        (
            "albero_centrali.csv",
            ("indicatore,0.35,centrali.progetti_dd5", "indicatore,0.30,centrali.progetti_dd5"),
        ),
        ("obiettivi_centrali.csv", ("TFS-TFR,pezzi,13000", "TFS-TFR,pezzi,14000")),
    )
    for file, (old, new) in changes:
        text = (source / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, old
        (source / file).write_text(text.replace(old, new), encoding="utf-8")
    path = tmp_path / "strutture_centrali.xlsx"
    shutil.copy(FOLDER / "esempi" / "strutture_centrali_esempio.xlsx", path)
    report = sync_file(path, load_directory(source))
    assert sorted(change.new for change in report.changed) == [0.3, 0.4, 14_000]
    rows = Tables(path).rows(GOALS, KEY)
    assert rows["centrali.struttura_tecnica.sviluppo.progetti_dd4"]["Peso in uso"] == 0.4
    assert rows["centrali.tfs_tfr.processi.tfs_tfr"]["Obiettivo in uso"] == 14_000


def test_an_edition_with_another_tree_is_refused(tmp_path):
    source = tmp_path / "edizione"
    shutil.copytree(EDITION, source)
    tree = source / "albero_centrali.csv"
    lines = tree.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("centrali.entrate.processi.ricorsi,")]
    assert len(kept) == len(lines) - 1
    tree.write_text("".join(kept), encoding="utf-8")
    path = tmp_path / "strutture_centrali.xlsx"
    shutil.copy(FOLDER / "strutture_centrali.xlsx", path)
    before = path.read_bytes()
    with pytest.raises(SyncError, match=r"centrali\.entrate\.processi\.ricorsi"):
        sync_file(path, load_directory(source))
    assert path.read_bytes() == before
