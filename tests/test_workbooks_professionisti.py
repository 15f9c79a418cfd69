"""The workbook of the professionals: printed tables, corrected targets, rules, totals and syntheses by hand."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import xl_perf.plan
from tests.official import FOLDER
from tests.workbook_tables import Tables, filled, mean, score, verdict
from xl_perf.plan import load_directory, load_edition
from xl_perf.sync import sync_file

EDITION = Path(xl_perf.plan.__file__).parent / "editions" / "piano-2021-2023"
NATIONAL = "NAZIONALE"


@pytest.fixture(scope="module")
def plan():
    return load_edition()


@pytest.fixture(scope="module")
def empty():
    return Tables(FOLDER / "professionisti.xlsx")


@pytest.fixture(scope="module")
def example():
    return Tables(FOLDER / "esempi" / "professionisti_esempio.xlsx")


def test_printed_totals(empty):
    """P21, AT: PNDD 22.215; SISCO 142.910 -> 114.328; spese legali 12.000.042; TAR 212.581; 81 designs; 50
    activities.
    """
    printed = {
        "tblPNDD": 22_215, "tblSISCO": 114_328, "tblSpeseLegali": 12_000_042, "tblTAR": 212_581, "tblTecnici": 81,
        "tblAntincendio": 50,
    }  # fmt: skip
    assert {name: empty.rows(name)[NATIONAL]["Obiettivo"] for name in printed} == printed
    assert empty.rows("tblSISCO")[NATIONAL]["Giacenza al 1° gennaio"] == 142_910
    claims = empty.rows("tblSurrogatorie")[NATIONAL]
    assert (claims["Obiettivo medici"], claims["Obiettivo legali"]) == (31_746_115, 31_746_115)


def test_rows_are_the_printed_ones_in_the_order_of_the_plan(empty):
    assert list(empty.rows("tblSISCO")) == [
        "CAMPANIA", "PUGLIA", "BASILICATA", "CALABRIA", "SICILIA", "DCM ROMA", "DCM NAPOLI", NATIONAL
    ]  # fmt: skip
    assert list(empty.rows("tblPNDD"))[-2:] == ["COORDINAMENTO GENERALE LEGALE", NATIONAL]
    assert [row["Obiettivo"] for row in empty.rows("tblStatistici", "Codice").values()] == [
        1,
        1,
        0.9,
        1,
        0.9,
        1,
    ]


def stock(tables, code, before, now, left):
    heads = {"Pervenuto anno precedente": before, "Pervenuto dell'anno": now, "Giacenza finale": left}
    return {tables.cell("tblSISCO", code, head): value for head, value in heads.items()}


def test_the_guides_stock(empty, tmp_path):
    """Puglia: 47.442 + 1.000 = 48.442; (48.442 - 46.000) / 48.442 = 5,04%: 105,04."""
    found = filled(empty, tmp_path / "a.xlsx", stock(empty, "PUGLIA", 9_000, 10_000, 46_000)).rows("tblSISCO")
    row = found["PUGLIA"]
    assert row["Obiettivo corretto"] == 48_442
    assert row["Correzione"] == "corretto"
    assert round(row["Punteggio"], 2) == 105.04
    assert found[NATIONAL]["Giacenza finale"] is None
    assert found[NATIONAL]["Strutture rilevate"] == 1


def test_without_what_came_in_the_printed_target_stays(empty, tmp_path):
    row = filled(empty, tmp_path / "a.xlsx", stock(empty, "PUGLIA", None, 10_000, 46_000)).rows("tblSISCO")[
        "PUGLIA"
    ]
    assert row["Obiettivo corretto"] == 47_442
    assert row["Correzione"] == "senza correzione"
    assert row["Punteggio"] == pytest.approx(100 * (1 + (47_442 - 46_000) / 47_442))


def test_national_stock_when_all_report(empty, tmp_path):
    """Every structure receives 100 more and ends at its printed target: 114.328 + 700 against 114.328."""
    cells = {}
    for code, row in empty.rows("tblSISCO").items():
        if code != NATIONAL:
            cells |= stock(empty, code, 400, 500, row["Obiettivo"])
    found = filled(empty, tmp_path / "a.xlsx", cells).rows("tblSISCO")[NATIONAL]
    assert found["Giacenza finale"] == 114_328
    assert found["Obiettivo corretto"] == 115_028
    assert found["Punteggio"] == pytest.approx(100 * (1 + 700 / 115_028))


@pytest.mark.parametrize(
    ("actual", "target"), [(90_000, 100_000), (100_000, 100_000), (105_000, 105_000), (130_000, 115_000)]
)
def test_rule_of_the_legal_costs(empty, tmp_path, actual, target):
    """Target of 2020 if missed, actual if reached, target + 15% if beaten by more (P21, Incassi per spese legali)."""
    cells = {
        empty.cell("tblSpeseLegali", "MOLISE", "Obiettivo anno precedente"): 100_000,
        empty.cell("tblSpeseLegali", "MOLISE", "Incassi anno precedente"): actual,
    }
    row = filled(empty, tmp_path / "a.xlsx", cells).rows("tblSpeseLegali")["MOLISE"]
    assert row["Obiettivo secondo la regola"] == pytest.approx(target)
    assert row["Differenza dal piano"] == pytest.approx(target - 94_314)
    assert row["Obiettivo"] == 94_314


def test_recovered_credits_against_last_year_plus_15_percent(empty, tmp_path):
    """Six accounts of 100.000 in 2020: target 690.000; 120.000 each in 2021 is 720.000, +4,35%."""
    codes = [code for code in empty.rows("tblRecuperoCrediti", "Conto") if code != "TOTALE"]
    assert len(codes) == 6
    cells = {}
    for code in codes:
        cells[empty.cell("tblRecuperoCrediti", code, "Incassi anno precedente (13° mese)", "Conto")] = 100_000
        cells[empty.cell("tblRecuperoCrediti", code, "Incassi dell'anno", "Conto")] = 120_000
    row = filled(empty, tmp_path / "a.xlsx", cells).rows("tblRecuperoCrediti", "Conto")["TOTALE"]
    assert row["Obiettivo"] == pytest.approx(690_000)
    assert row["Punteggio"] == pytest.approx(100 * 720 / 690)


def test_medici_by_region(example):
    """Quality, productivity and azioni surrogatorie with equal weights; for a UOSF the reports too."""
    claims, complete = example.rows("tblSurrogatorie"), 0
    for code, row in example.rows("tblMedici").items():
        points = []
        if row["Indice di qualità"] is not None and row["Budget dell'indice di qualità"] is not None:
            points.append(score(row["Indice di qualità"], row["Budget dell'indice di qualità"]))
        else:
            points.append(None)
        made, staff = row["Produzione omogeneizzata"], row["Risorse presenti"]
        points.append(None if made is None else score(made / (staff * 12), 124))
        claim = claims[code]["Consuntivo"]
        points.append(None if claim is None else score(claim, claims[code]["Obiettivo medici"]))
        reports, due = row["Attestazioni presentate"], row["Attestazioni attese"]
        watched = None if reports is None else score(reports / due, 1)
        found = [
            row[f"Punteggio {name}"] for name in ("qualità", "efficienza", "surrogatorie", "monitoraggio")
        ]
        assert found == [None if p is None else pytest.approx(p) for p in (*points, watched)]
        if code == NATIONAL:
            assert row["Punteggio medici"] is None
            continue
        for who, members in (("medici", points), ("UOSF", [*points, watched])):
            total, coverage = mean([(p, 1) for p in members])
            assert row[f"Punteggio {who}"] == (None if total is None else pytest.approx(total))
            assert row[f"Copertura {who}"] == pytest.approx(coverage)
            assert row[f"Esito {who}"] == verdict(total)
        complete += None not in points
    assert complete > 10


def test_national_productivity_is_a_ratio_of_sums(example):
    rows = example.rows("tblMedici")
    own = [row for code, row in rows.items() if code != NATIONAL and row["Produttività"] is not None]
    made, staff = (sum(row[h] for row in own) for h in ("Produzione omogeneizzata", "Risorse presenti"))
    assert rows[NATIONAL]["Produzione omogeneizzata"] == pytest.approx(made)
    assert rows[NATIONAL]["Produttività"] == pytest.approx(made / (staff * 12))


def test_legali_by_region(example):
    """PNDD or SISCO, quality, efficiency, azioni surrogatorie, and the mean of three national projects."""
    tables = {
        name: example.rows(f"tbl{name}") for name in ("PNDD", "SISCO", "SpeseLegali", "TAR", "Surrogatorie")
    }
    credit = example.rows("tblRecuperoCrediti", "Conto")["TOTALE"]["Punteggio"]
    for code, row in example.rows("tblLegali").items():
        if code == NATIONAL:
            assert row["Punteggio legali"] is None
            continue
        name = "SISCO" if code in tables["SISCO"] else "PNDD"
        assert row["Piano di solidarietà"] == ("SISCO CV" if name == "SISCO" else "PNDD")
        first = tables[name]["PIEMONTE" if code == "VALLE D'AOSTA" else code]["Punteggio"]
        projects, _ = mean(
            [
                (tables["SpeseLegali"][code]["Punteggio"], 1),
                (tables["TAR"][code]["Punteggio"], 1),
                (credit, 1),
            ]
        )
        assert row["Punteggio progetti nazionali"] == pytest.approx(projects)
        indices = [
            None if row[index] is None or row[f"Budget dell'{index.lower()}"] is None
            else score(row[index], row[f"Budget dell'{index.lower()}"])
            for index in ("Indice di qualità", "Indice di efficienza")
        ]  # fmt: skip
        points = [first, *indices, tables["Surrogatorie"][code]["Punteggio legali"], projects]
        total, coverage = mean([(p, 1) for p in points])
        assert row["Punteggio legali"] == pytest.approx(total)
        assert row["Copertura legali"] == pytest.approx(coverage)


def test_totals_wait_for_all_structures(example):
    for name, heading in (
        ("tblPNDD", "Giudizi sussidiati"),
        ("tblTAR", "Giacenza finale"),
        ("tblSpeseLegali", "Incassi dell'anno"),
    ):
        rows = example.rows(name)
        given = [row[heading] for code, row in rows.items() if code != NATIONAL]
        total = None if None in given else sum(given)
        assert rows[NATIONAL][heading] == total
        assert rows[NATIONAL]["Strutture rilevate"] == sum(value is not None for value in given)
        assert (rows[NATIONAL]["Punteggio"] is None) == (total is None)
    assert example.rows("tblPNDD")[NATIONAL]["Giudizi sussidiati"] is not None
    assert example.rows("tblSpeseLegali")[NATIONAL]["Incassi dell'anno"] is None


def test_tecnici(example):
    for code, row in example.rows("tblTecnici").items():
        made, due = row["Anagrafiche realizzate"], row["Anagrafiche attese"]
        register = None if made is None else score(made / due, 1)
        designs = (
            None
            if row["Progettazioni eseguite"] is None
            else score(row["Progettazioni eseguite"], row["Obiettivo"])
        )
        assert row["Punteggio"] == (None if designs is None else pytest.approx(designs))
        assert row["Punteggio anagrafe"] == (None if register is None else pytest.approx(register))
        if code != NATIONAL:
            total, coverage = mean([(designs, 1), (register, 1)])
            assert row["Punteggio tecnici"] == pytest.approx(total)
            assert row["Copertura tecnici"] == coverage


def test_special_projects_compare_with_the_year_before(example):
    doctors, lawyers = example.rows("tblMedici"), example.rows("tblLegali")
    for code, row in example.rows("tblSpecialeQualita").items():
        for who, table in (("medici", doctors), ("legali", lawyers)):
            now, last = table[code]["Indice di qualità"], row[f"Indice {who} anno precedente"]
            expected = None if now is None or last is None else pytest.approx(score(now, last))
            assert row[f"Punteggio progetto speciale {who}"] == expected


def test_central_trees(example, plan):
    """Every node is the weighted mean of those below it; leaves read the national rows of their tables."""
    rows = {row["Coordinamento e obiettivo"]: row for row in example.rows("tblCoordinamenti").values()}
    nodes = {n.title: n for n in plan.nodes if n.tree == "professionisti"}
    actuaries = example.rows("tblStatistici", "Codice")
    areas = {
        "Attività strategiche (1)": ("progetti",),
        "Attività a supporto di soggetti esterni (2, 3, 4)": ("osservatori", "valutazioni", "forniture"),
        "Attività a supporto di Organi e Strutture dell'Istituto (5, 6)": ("supporto", "bilanci"),
    }
    means = []
    for title, members in areas.items():
        points, _ = mean([(actuaries[f"professionisti.statistici.{m}"]["Punteggio"], 1) for m in members])
        assert rows[title]["Punteggio"] == pytest.approx(points)
        means.append((points, 1))
    assert rows["Professionisti statistico-attuariali"]["Punteggio"] == pytest.approx(mean(means)[0])
    assert nodes["Attività strategiche (1)"].weight == pytest.approx(1 / 3)

    doctors = example.rows("tblMedici")[NATIONAL]
    activities = example.rows("tblAttivita")
    points = [doctors["Punteggio qualità"], doctors["Punteggio efficienza"], doctors["Punteggio surrogatorie"],
              activities["COORDINAMENTO GENERALE MEDICO LEGALE"]["Punteggio"]]  # fmt: skip
    total, coverage = mean([(p, 1) for p in points])
    assert rows["Medici dei Coordinamenti centrali"]["Punteggio"] == pytest.approx(total)
    assert rows["Medici dei Coordinamenti centrali"]["Copertura"] == pytest.approx(coverage)

    lawyers = example.rows("tblLegali")[NATIONAL]
    group = [example.rows(f"tbl{n}")[NATIONAL]["Punteggio"] for n in ("SpeseLegali", "TAR")]
    group.append(example.rows("tblRecuperoCrediti", "Conto")["TOTALE"]["Punteggio"])
    projects, known = mean([(p, 1) for p in group])
    points = [example.rows("tblPNDD")[NATIONAL]["Punteggio"], example.rows("tblSISCO")[NATIONAL]["Punteggio"],
              lawyers["Punteggio qualità"], lawyers["Punteggio efficienza"],
              lawyers["Punteggio surrogatorie"], projects,
              activities["COORDINAMENTO GENERALE LEGALE"]["Punteggio"]]  # fmt: skip
    found = rows["Legali dei Coordinamenti centrali"]
    assert found["Punteggio"] == pytest.approx(mean([(p, 1) for p in points])[0])
    reported = sum(p is not None for p in points) - 1 + known
    assert found["Copertura"] == pytest.approx(reported / 7)


def test_first_objective_of_the_actuaries_is_not_asked_twice(empty, tmp_path):
    actuaries = "COORDINAMENTO GENERALE STATISTICO ATTUARIALE"
    cells = {empty.cell("tblAttivita", actuaries, "Punteggio in progetti.xlsx"): 90}
    found = filled(empty, tmp_path / "a.xlsx", cells)
    row = found.rows("tblStatistici", "Codice")["professionisti.statistici.progetti"]
    assert row["Consuntivo"] == pytest.approx(0.9)
    assert row["Punteggio"] == pytest.approx(90)


def test_summary_shows_what_the_sheets_say(example):
    sheets = {"medici": "tblMedici", "UOSF": "tblMedici", "legali": "tblLegali", "tecnici": "tblTecnici"}
    summary = example.rows("tblSintesi")
    assert len(summary) == 23
    for who, name in sheets.items():
        rows = example.rows(name)
        for code, row in summary.items():
            expected = rows.get(code, {"Punteggio " + who: None})["Punteggio " + who]
            assert row[f"Punteggio {who}"] == expected
            assert row[f"Esito {who}"] == verdict(expected)


def test_the_card_of_a_region_without_solidarity_plan(example, tmp_path):
    found = filled(example, tmp_path / "a.xlsx", {("Scheda", 6, 2): "PUGLIA"})
    rows = found.rows("tblScheda")
    stocks = example.rows("tblSISCO")["PUGLIA"]
    shown = rows["Archivio SISCO CV: giacenza"]
    assert (shown["Obiettivo"], shown["Consuntivo"], shown["Punteggio"]) == (
        stocks["Obiettivo corretto"], stocks["Giacenza finale"], stocks["Punteggio"]
    )  # fmt: skip
    missing = rows["Piano di solidarietà: giudizi (PNDD)"]
    assert (missing["Obiettivo"], missing["Punteggio"], missing["Riga"]) == (None, None, 0)
    assert rows["LEGALI"]["Punteggio"] == example.rows("tblLegali")["PUGLIA"]["Punteggio legali"]


def test_new_targets_and_rules_reach_the_workbook(tmp_path):
    """Another PNDD target for the Abruzzo, and +20% instead of +15% for recovered credits."""
    source = tmp_path / "edizione"
    shutil.copytree(EDITION, source)
    changes = (
        ("obiettivi_professionisti.csv", "professionisti.legali.pndd,ABRUZZO,pezzi,947,",
        "professionisti.legali.pndd,ABRUZZO,pezzi,950,"),
        ("regole.csv", "recupero_crediti,NAZIONALE,2021,percentuale consuntivo,0.15,",
        "recupero_crediti,NAZIONALE,2021,percentuale consuntivo,0.20,"),
    )  # fmt: skip
    for file, old, new in changes:
        text = (source / file).read_text(encoding="utf-8")
        assert text.count(old) == 1
        (source / file).write_text(text.replace(old, new), encoding="utf-8")
    path = tmp_path / "professionisti.xlsx"
    shutil.copy(FOLDER / "esempi" / "professionisti_esempio.xlsx", path)
    report = sync_file(path, load_directory(source))
    assert sorted(change.new for change in report.changed) == [0.2, 950]
    after = Tables(path)
    assert after.rows("tblPNDD")["ABRUZZO"]["Obiettivo"] == 950
    total = after.rows("tblRecuperoCrediti", "Conto")["TOTALE"]
    assert total["Obiettivo"] == pytest.approx(total["Incassi anno precedente (13° mese)"] * 1.2)
