"""The workbook of agile work: scores, changes and shares held against hand calculations and against the
POLA's print.
"""

from __future__ import annotations

from functools import cache

import pytest
from openpyxl import load_workbook
from openpyxl.utils import coordinate_to_tuple, range_boundaries

from tests.official import FOLDER
from tests.workbook_tables import stored
from xl_perf.package import open_package
from xl_perf.recalc import recalculate_package

EMPTY, EXAMPLE = "lavoro_agile.xlsx", "esempi/lavoro_agile_esempio.xlsx"
YEARS = ("2021", "2022", "2023")
TARGETS = {
    "lavoro_agile.postazioni": (0.95, 1, 1),
    "lavoro_agile.dotazioni": (0.32, 0.75, 1),
    "lavoro_agile.vdi": (0.05, 0.03, 0.02),
    "lavoro_agile.vpn": (0.95, 1, 1),
    "lavoro_agile.firma_digitale": (6000, 8000, 10000),
}
"""P21, POLA, Obiettivi tecnologici; fewer abilitazioni VDI are better."""
REDUCTIONS = {"costi_punto", "superficie", "costi", "malattia", "infortuni", "tempi"}
AMOUNTS = {"superficie", "costi", "infortuni"}


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
        cells = [stored(sheet.cell(row, column)) for column in range(left, right + 1)]
        found.append(dict(zip(heads, cells, strict=True)))
    return found


def score(actual, target, direction):
    deviation = direction * (actual / target - 1)
    return 100 * (1 + max(-0.5, min(0.5, deviation)))


def technology_score(code, number, heads, target):
    actual = number if code.endswith("firma_digitale") else number / heads
    return score(actual, target, -1 if code.endswith("vdi") else 1)


@pytest.mark.parametrize(("at", "year"), list(enumerate(YEARS)))
def test_technology(at, year):
    found = rows(EXAMPLE, f"tblTecnologia{year}")
    assert [row["Codice"] for row in found] == list(TARGETS)
    scores = []
    for row in found:
        code, number = row["Codice"], row["Numeratore"]
        assert row["Obiettivo"] == TARGETS[code][at]
        if number is None:
            assert (row["Consuntivo"], row["Punteggio"], row["Esito"]) == (None, None, None)
            continue
        scores.append(technology_score(code, number, row["Dipendenti"], row["Obiettivo"]))
        assert row["Punteggio"] == pytest.approx(scores[-1], rel=1e-12)
        assert row["Scostamento"] == pytest.approx(scores[-1] / 100 - 1, abs=1e-12)
    assert len(scores) == (5, 4, 0)[at]
    line = next(row for row in rows(EXAMPLE, "tblSintesiAnni") if row["Anno"] == int(year))
    assert line["Copertura tecnologia"] == pytest.approx(len(scores) / 5)
    mean = pytest.approx(sum(scores) / len(scores), rel=1e-12) if scores else None
    assert line["Punteggio tecnologia"] == mean


def measure_value(row):
    name = row["Codice"].removeprefix("lavoro_agile.")
    above, below = row["Numeratore"], row["Denominatore"]
    if name in AMOUNTS:
        assert below is None
        return above
    return None if above is None or not below else above / below


@pytest.mark.parametrize("year", YEARS)
def test_indicators_and_their_change_on_the_baseline(year):
    first = {row["Codice"]: measure_value(row) for row in rows(EXAMPLE, "tblIndicatori2021")}
    found = rows(EXAMPLE, f"tblIndicatori{year}")
    assert len([row for row in found if not row["Indicatore"].startswith("di cui")]) == 11
    changed = 0
    for row in found:
        value = measure_value(row)
        assert row["Valore"] == (None if value is None else pytest.approx(value, rel=1e-12))
        if year == "2021":
            assert "Variazione favorevole sul 2021" not in row
            continue
        change = row["Variazione favorevole sul 2021"]
        if value is None:
            assert change is None
            continue
        changed += 1
        growth = value / first[row["Codice"]] - 1
        reduces = row["Codice"].removeprefix("lavoro_agile.") in REDUCTIONS
        assert change == pytest.approx(-growth if reduces else growth, abs=1e-12)
    assert changed == {"2021": 0, "2022": 12, "2023": 0}[year]


def test_objectives_reached_are_counted():
    """P21, slide 6: productivity 124; quality 100 against the budget. The targets are the plan's, not asked for."""
    found = {row["Codice"]: row for row in rows(EXAMPLE, "tblIndicatori2021")}
    parts = [found[code] for code in ("produttivita.indice", "qualita.sintetico")]
    assert [part["Denominatore"] for part in parts] == [124, 100]
    assert all("CdA" in part["Fonte"] for part in parts)
    assert values(EMPTY)["Indicatori POLA"]["G11"].protection.locked
    both = found["lavoro_agile.produttivita_qualita"]
    reached = sum(part["Numeratore"] >= part["Denominatore"] for part in parts)
    assert (both["Numeratore"], both["Denominatore"], both["Valore"]) == (reached, 2, reached / 2)


def test_synthesis():
    """The share of agile workers against the least share of 60%; the other rows as in the technology tables."""
    table = {row["Indicatore"]: row for row in rows(EXAMPLE, "tblSintesi")}
    assert len(table) == 6
    share = table["Lavoratori agili sul totale dei lavoratori avviabili"]
    own = rows(EXAMPLE, "tblIndicatori2021")[0]
    ratio = own["Numeratore"] / own["Denominatore"]
    assert share["Punteggio 2021"] == pytest.approx(score(ratio, 0.6, 1), rel=1e-12)
    for year in YEARS:
        for row in rows(EXAMPLE, f"tblTecnologia{year}"):
            assert table[row["Tecnologia"]][f"Punteggio {year}"] == row["Punteggio"]
            assert table[row["Tecnologia"]][f"Esito {year}"] == row["Esito"]
    reported = [row["Indicatori POLA rendicontati"] for row in rows(EXAMPLE, "tblSintesiAnni")]
    assert reported == [11, 10, 0]


def test_published_months():
    """P21, POLA: December 2020, 21,726 agile workers of 26,314 employees are the printed 82.56%; 10.89 days
    in March.
    """
    found = {row["Mese"]: row for row in rows(EMPTY, "tblAndamento")}
    last = found["dicembre 2020"]
    assert (last["Dipendenti"], last["Lavoratori agili"], last["Giornate agili"]) == (26314, 21726, 219565)
    assert round(last["Quota di lavoratori agili"], 4) == 0.8256
    assert round(found["marzo 2020"]["Giornate per lavoratore agile"], 2) == 10.89
    assert [name for name, row in found.items() if row["Dato"] == "pubblicato"] == [
        f"{month} 2020" for month in ("marzo", "aprile", "giugno", "agosto", "ottobre", "dicembre")
    ]
    assert len(found) == 6 + 36


def printed(item):
    """The row of a published result, in whatever table of the sheet it stands."""
    sheet = values(EMPTY)["Dati pubblicati"]
    return next(
        row
        for name in sheet.tables
        if name.startswith("tblPubblicato")
        for row in rows(EMPTY, name)
        if row["Voce"] == item
    )


def test_published_tables():
    """P21, POLA: la dimensione organizzativa, la dimensione tecnologica, Scheda 1."""
    assert printed("n. dipendenti totali")["gennaio 2020"] == 28132
    assert printed("dipendenti agili donne, % su lavoratori agili")["febbraio 2020"] == 0.6371
    mean = printed("n. giornate in lavoro agile svolte in media a mese per dipendente")
    assert mean["aprile 2020"] == 18.56
    web = printed("n. abilitazioni VPN WEB (dotazione personale)")
    assert (web["gennaio 2020"], web["dicembre 2020"]) == (0, 15297)
    own = printed("n. dipendenti agili che hanno lavorato con dispositivi propri")
    assert (own["gennaio 2020"], own["dicembre 2020"]) == (None, 10311)
    assert printed("Indagine: giudizio medio globale")["2020"] == 2.91
    support = printed("Indagine: adeguatezza del supporto e degli strumenti")
    assert (support["2019"], support["2020"]) == (2.61, 2.74)


def test_roles_and_courses():
    """P21, POLA: six subjects with their part in writing and running it; schede 5 and 6 with their courses."""
    sheet = values(EMPTY)["Ruoli e formazione"]
    tables = [rows(EMPTY, name) for name in sheet.tables]
    roles = next(table for table in tables if any(row["Voce"] == "OIV" for row in table))
    assert len(roles) == 6
    courses = {row["Voce"]: row for table in tables for row in table if "Tempi" in row}
    assert courses["Le Soft Skills per il cambiamento"]["Tempi"] == "2021-2022"


def test_where_the_targets_start():
    """17,619 workplaces for 26,314 employees are 66.96%; against 95%: (66.96 - 95) / 95 = -29.5%, score 70.5."""
    found = {row["Obiettivo tecnologico"]: row for row in rows(EMPTY, "tblPartenza")}
    places = found["Postazioni mobili"]
    assert round(places["Consuntivo"], 4) == 0.6696
    assert round(places["Scostamento"], 3) == -0.295
    assert round(places["Punteggio"], 1) == 70.5
    assert found["VDI"]["Punteggio"] == 50
    assert found["Firma digitale"]["Scostamento"] == pytest.approx(3409 / 6000 - 1)


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


def test_a_year_typed_in(type_into):
    """950 workplaces for 1,000 employees are the target of 95%; 100 VDI are 10%, twice the target: the floor of 50."""
    get = type_into(EMPTY, {"Tecnologia": {"B7": 1000, "B9": 950, "B11": 100, "B12": 1001}})
    assert get("Tecnologia", "G9") == 100
    assert get("Tecnologia", "H9") == "● in linea"
    assert get("Tecnologia", "G11") == 50
    assert get("Tecnologia", "I12") == "▼ più dei dipendenti"
    vpn = 100 * (1.001 / 0.95)
    assert get("Tecnologia", "G14") == pytest.approx((100 + 50 + vpn) / 3)
    assert get("Tecnologia", "I14") == pytest.approx(0.6)
    assert get("Scheda", "G11") == 100


def test_numbers_without_employees_are_named(type_into):
    get = type_into(EMPTY, {"Tecnologia": {"B9": 950}, "Indicatori POLA": {"E8": 10, "F9": 20}})
    assert not get("Tecnologia", "D9")
    assert get("Tecnologia", "I9") == "▼ mancano i dipendenti"
    assert get("Indicatori POLA", "I8") == "▼ manca un dato"
    assert get("Indicatori POLA", "I9") == "▼ manca un dato"


def test_the_card_follows_the_picked_year(type_into):
    get = type_into(EXAMPLE, {"Scheda": {"B6": 2022}})
    line = rows(EXAMPLE, "tblTecnologia2022")[0]
    assert get("Scheda", "G11") == pytest.approx(line["Punteggio"])
    year = next(row for row in rows(EXAMPLE, "tblSintesiAnni") if row["Anno"] == 2022)
    assert get("Scheda", "G16") == pytest.approx(year["Punteggio tecnologia"])
    change = rows(EXAMPLE, "tblIndicatori2022")[0]["Variazione favorevole sul 2021"]
    assert get("Scheda", "F20") == pytest.approx(change)
