"""What the workbooks calculate, held against hand calculations on their visible inputs and against the plan's print."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import pytest
from openpyxl import load_workbook
from openpyxl.utils import coordinate_to_tuple, range_boundaries

from tests.official import FOLDER
from xl_perf.package import open_package
from xl_perf.plan import load_edition
from xl_perf.recalc import recalculate_package
from xl_perf.values import CellError

AREAS = ("Prestazioni e servizi", "Conto assicurativo", "Flussi contributivi", "Altre aree")
BETTER, NEAR, WORSE = "▲ meglio", "● in linea", "▼ sotto"


@cache
def values(name):
    return load_workbook(FOLDER / name, data_only=True)


def rows(name, table_name):
    """Rows of a table as dictionaries of heading -> value, empty text as None."""
    for sheet in values(name):
        if table_name in sheet.tables:
            left, top, right, bottom = range_boundaries(sheet.tables[table_name].ref)
            heads = [sheet.cell(top, column).value for column in range(left, right + 1)]
            return [
                {h: sheet.cell(row, left + i).value or (0 if sheet.cell(row, left + i).value == 0 else None)
                 for i, h in enumerate(heads)}
                for row in range(top + 1, bottom + 1)
            ]  # fmt: skip
    raise AssertionError(f"{name}: no table {table_name}")


def score(actual, target, direction):
    """Rules of the plan: deviation capped at half of the target, 100 = target."""
    deviation = actual / target - 1 if direction > 0 else (target - actual) / target
    return 100 * (1 + max(-0.5, min(0.5, deviation)))


def verdict(points):
    return BETTER if points > 101 else WORSE if points < 99 else NEAR


GIACENZA = "esempi/giacenza_esempio.xlsx"
GIACENZA_TABLES = ("tblPrestazioniServizi", "tblContoAssicurativo", "tblFlussiContributivi", "tblAltreAree")


@pytest.mark.parametrize("table", GIACENZA_TABLES)
def test_giacenza_of_a_structure(table):
    reported = 0
    for row in rows(GIACENZA, table):
        stock, received = row["Giacenza omogeneizzata"], row["Pervenuto omogeneizzato"]
        if stock is None or received is None:
            assert row["Indice di giacenza (gg)"] is None
            assert row["Punteggio giacenza"] is None
            assert row["Esito giacenza"] is None
            continue
        reported += 1
        days, goal = stock / received * 360, row["Obiettivo giacenza (gg)"]
        assert row["Indice di giacenza (gg)"] == pytest.approx(days, rel=1e-12)
        points = score(days, goal, -1)
        assert row["Punteggio giacenza"] == pytest.approx(points, rel=1e-12)
        assert row["Scostamento giacenza"] == pytest.approx(points / 100 - 1, abs=1e-12)
        assert row["Esito giacenza"] == verdict(points)
        flow = row["Indice di deflusso"]
        if flow is not None:
            assert flow == pytest.approx(row["Definiti (pezzi)"] / row["Pervenuti (pezzi)"], rel=1e-12)
            assert row["Punteggio deflusso"] == pytest.approx(score(flow, 1, 1), rel=1e-12)
    assert reported > 120


@pytest.mark.parametrize("table", GIACENZA_TABLES)
def test_regions_and_nation_are_ratios_of_sums(table):
    found = rows(GIACENZA, table)
    group, regions = [], []
    for row in found:
        if row["Tipo"] in ("sede", "filiale metropolitana"):
            group.append(row)
            continue
        members = regions if row["Tipo"] == "nazionale" else group
        for heading, result in (
            ("Giacenza omogeneizzata", "Indice di giacenza (gg)"),
            ("Definiti (pezzi)", "Indice di deflusso"),
        ):
            sums = [member[heading] for member in members if member[result] is not None]
            assert row[heading] == (sum(sums) if sums else None), row["Struttura"]
        assert row["Rendicontate giacenza"] == sum(member["Rendicontate giacenza"] for member in members)
        assert row["Strutture previste"] == sum(member["Strutture previste"] for member in members)
        if row["Tipo"] != "nazionale":
            regions.append(row)
            group = []
    assert len(regions) == 23
    assert found[-1]["Strutture previste"] == 116


def test_giacenza_synthesis_weights_what_is_reported():
    scores = {
        area: {r["Struttura"]: r["Punteggio giacenza"] for r in rows(GIACENZA, t)}
        for area, t in zip(AREAS, GIACENZA_TABLES, strict=True)
    }
    for row in rows(GIACENZA, "tblSintesi"):
        given = [scores[area][row["Struttura"]] for area in AREAS]
        assert [row[area] for area in AREAS] == given
        reported = [value for value in given if value is not None]
        assert row["Punteggio giacenza"] == pytest.approx(sum(reported) / len(reported), rel=1e-12)
        assert row["Copertura aree"] == len(reported) / 4
        assert row["Esito giacenza"] == verdict(sum(reported) / len(reported))


def test_published_giacenza_of_2020():
    """P21, Indici di giacenza e deflusso: area prestazioni planned 34, result 41; altre aree planned 118,
    result 104.
    """
    found = {row["Voce"]: row for row in rows("giacenza.xlsx", "tblConfrontoGiacenza")}
    first = found["AREA PRESTAZIONI E SERVIZI INDIVIDUALI"]
    assert (first["Piano 2020 (P21)"], first["Consuntivo 2020 (P21)"]) == (34, 41)
    assert first["Scostamento 2020"] == pytest.approx((34 - 41) / 34)
    assert first["Esito 2020"] == WORSE
    others = found["ALTRE AREE"]
    assert others["Scostamento 2020"] == pytest.approx((118 - 104) / 118)
    assert others["Esito 2020"] == BETTER


IEEP = "esempi/ieep_esempio.xlsx"


def _column(name, table, structure):
    return {row["Codice"]: row[structure] for row in rows(name, table)}


@pytest.mark.parametrize("structure", ["NAZIONALE", "ABRUZZO", "LIGURIA", "DCM NAPOLI"])
def test_ieep_adds_up(structure):
    """Tabella B: entrate = 4 rows, prestazioni = -interessi + 4 rows, each row its 'di cui'."""
    found = {
        code.removeprefix("ieep."): value or 0
        for code, value in _column(IEEP, "tblConsuntivi", structure).items()
    }
    revenue = [found[f"entrate.{part}"] for part in ("flussi", "accertamento", "minori_prestazioni", "eca")]
    benefits = [found[f"prestazioni.{part}"] for part in ("indebite", "surrogatorie", "riscatti", "benefici")]
    assert found["entrate"] == pytest.approx(sum(revenue))
    assert found["prestazioni"] == pytest.approx(sum(benefits) - found["prestazioni.interessi"])
    assert found["totale"] == pytest.approx(found["entrate"] + found["prestazioni"])
    details = [v for code, v in found.items() if code.startswith("prestazioni.indebite.")]
    assert len(details) == 4
    assert found["prestazioni.indebite"] == pytest.approx(sum(details))


def _structures(row):
    """The columns of a row that stand for structures."""
    return [heading for heading in row if heading in load_edition().structures]


def test_ieep_national_column_is_the_sum_of_the_regions():
    for row in rows(IEEP, "tblConsuntivi"):
        regional = [row[h] for h in _structures(row) if h != "NAZIONALE" and row[h] is not None]
        assert row["NAZIONALE"] == pytest.approx(sum(regional))
        assert row["Regioni rendicontate"] == len(regional)


def test_ieep_synthesis():
    reported = 0
    for row in rows(IEEP, "tblSintesi"):
        parts = [
            row[h]
            for h in (
                "Entrate consuntivo",
                "Entrate obiettivo",
                "Prestazioni consuntivo",
                "Prestazioni obiettivo",
            )
        ]
        if parts[0] is None or parts[2] is None:
            assert row["Punteggio"] is None
            continue
        reported += 1
        done = 0.7 * parts[0] / parts[1] + 0.3 * parts[2] / parts[3]
        assert row["Realizzazione pesata"] == pytest.approx(done, rel=1e-12)
        assert row["Punteggio"] == pytest.approx(score(done, 1, 1), rel=1e-12)
        assert row["IEEP consuntivo"] == pytest.approx(parts[0] + parts[2])
        assert 0 < row["Copertura"] <= 1
    assert reported >= 20


def test_ieep_of_past_years_comes_out_as_printed_but_for_known_errors():
    """P20 prints -66,75% for benefici 2019, P21 prints 53,38% for riscatti 2020; everything else agrees."""
    wrong = {}
    for year in ("2019", "2020"):
        for row in rows("ieep.xlsx", f"tblConfronto{year}"):
            assert row[f"Verifica {year}"] in ("OK", "▼ refuso nella stampa")
            if row[f"Verifica {year}"] != "OK":
                wrong[year, row["Voce"]] = (
                    row[f"Variazione stampata {year}"],
                    round(row[f"Variazione ricalcolata {year}"], 4),
                )
                assert row["Nota"]
    assert wrong == {
        ("2019", "Accertamento benefici in sede di pensione/TFS"): (-0.6675, -0.6575),
        ("2020", "Riscatti e ricongiunzioni"): (0.5338, 0.5238),
    }
    flows = next(r for r in rows("ieep.xlsx", "tblConfronto2020") if "FASE DI GESTIONE" in r["Voce"].upper())
    assert flows["Variazione ricalcolata 2020"] == pytest.approx(7660635698 / 5131090877 - 1)
    interests = next(
        r for r in rows("ieep.xlsx", "tblConfronto2019") if r["Voce"].startswith("Interessi legali")
    )
    assert interests["Variazione ricalcolata 2019"] == pytest.approx((14815227 - 5939803) / 14815227)


def test_all_23_cost_indices_agree_with_the_published_ones():
    found = rows("costi_standard.xlsx", "tblIndici")
    assert len(found) == 23
    assert {row["Verifica"] for row in found} == {"OK"}
    assert max(abs(row["Differenza"]) for row in found) <= 0.08
    by_name = {row["Struttura"]: row for row in found}
    assert by_name["CAMPANIA"]["Indice pubblicato"] == 112.89
    assert by_name["DCM MILANO"]["Cluster"] == "D"


def test_cluster_means_are_plain_means():
    """Tabella C, cluster A, first row: (138,56 + 111,10 + 108,80 + 125,75 + 115,38) / 5."""
    first = rows("costi_standard.xlsx", "tblTabellaC")[0]
    assert first["Media cluster A"] == pytest.approx((138.56 + 111.10 + 108.80 + 125.75 + 115.38) / 5)
    assert rows("costi_standard.xlsx", "tblConsuntivi")[0]["Media cluster A"] == first["Media cluster A"]


def points_by_hand(asked, done, yes, no, notified, quick):
    """AT slide 9 with contiguous bands, in exact fractions; a percentage is rounded half up to two decimals.

    Nothing controlled gives the lowest band of every ratio.
    """
    fixed = yes + no
    if done == 0:
        return 1 + 0 + 0 + 1

    def percent(top, bottom):
        return Fraction(int(Fraction(20000 * top, 2 * bottom) + Fraction(1, 2)), 100) if bottom else None

    def band(value, limits, points):
        return next((p for limit, p in zip(limits, points, strict=False) if value <= limit), points[-1])

    high = (Fraction(70), Fraction(90), Fraction("99.5"))
    first = percent(done, asked)
    second = percent((yes + notified) * (fixed + notified), done * done)
    third, fourth = percent(fixed, notified + fixed), percent(quick, fixed)
    return (
        band(first, high, (1, 3, 5, 7))
        + band(second, (2, 5, 9), (6, 4, 2, 0))
        + (7 if third is None else band(third, high, (0, 3, 5, 7)))
        + (
            4
            if fourth is None
            else band(fourth, (Fraction(50), Fraction(80), Fraction("99.5")), (1, 2, 3, 4))
        )
    )


def test_points_of_the_controllo():
    reported, seen = 0, set()
    for row in rows("esempi/controllo_processo_esempio.xlsx", "tblPratiche"):
        six = [
            row[h]
            for h in (
                "Pratiche a controllo",
                "Pratiche controllate",
                "Regolarizzate SI",
                "Regolarizzate NO",
                "Notificate",
                "Regolarizzate entro 30 gg",
            )
        ]
        if None in six:
            assert row["Punti"] is None
            assert row["Punteggio"] is None
            continue
        reported += 1
        assert row["Punti"] == points_by_hand(*six), row["Struttura"]
        assert row["Punteggio"] == pytest.approx(score(row["Punti"], 20, 1))
        seen.add(row["Esito"])
    assert reported >= 18
    assert len(seen) > 1


@pytest.fixture
def type_into(tmp_path):
    def typed(name, changes):
        package = open_package(FOLDER / name)
        places = {s: {coordinate_to_tuple(c): v for c, v in cells.items()} for s, cells in changes.items()}
        path = tmp_path / "prova.xlsx"
        path.write_bytes(package.patch(places))
        package = open_package(path)
        path.write_bytes(package.patch(recalculate_package(package).changes))
        package = open_package(path)
        return lambda sheet, cell: next(
            (c.value for c in package.cells(sheet) if (c.row, c.column) == coordinate_to_tuple(cell)), None
        )

    return typed


def _find(name, sheet, key, heading_row=7):
    """Row number of a structure in a sheet."""
    return next(r for r in range(heading_row, 200) if values(name)[sheet].cell(r, 1).value == key)


def _mark(name, sheet, heading, row=7):
    """Letter of the column of a heading."""
    return next(cell.column_letter for cell in values(name)[sheet][row] if cell.value == heading)


def _codes(name, sheet):
    """Row number -> what stands in the column `Codice` of a sheet."""
    mark = _mark(name, sheet, "Codice", 6)
    return {cell.row: cell.value for cell in values(name)[sheet][mark][6:] if isinstance(cell.value, str)}


def test_a_number_typed_into_the_template_is_scored(type_into):
    """100 points of stock on 1,200 received are 30 days, the target of Torino: score 100, in linea."""
    row = _find("giacenza.xlsx", AREAS[0], "TORINO")
    total = _find("giacenza.xlsx", AREAS[0], "PIEMONTE")
    get = type_into("giacenza.xlsx", {AREAS[0]: {f"B{row}": 100, f"C{row}": 1200}})
    assert get(AREAS[0], f"D{row}") == 30
    assert get(AREAS[0], f"F{row}") == 100
    assert get(AREAS[0], f"{_mark('giacenza.xlsx', AREAS[0], 'Esito giacenza')}{row}") == NEAR
    assert (get(AREAS[0], f"B{total}"), get(AREAS[0], f"D{total}")) == (100, 30)
    assert get("Sintesi", "F8") == 100
    assert get("Sintesi", "H8") == 0.25


def test_half_a_pair_stays_out_of_the_sums_and_is_named(type_into):
    row, other = (_find("giacenza.xlsx", AREAS[0], key) for key in ("TORINO", "ASTI"))
    total = _find("giacenza.xlsx", AREAS[0], "PIEMONTE")
    get = type_into("giacenza.xlsx", {AREAS[0]: {f"B{row}": 100, f"C{row}": 1200, f"B{other}": 5000}})
    assert get(AREAS[0], f"B{total}") == 100
    assert get(AREAS[0], f"D{other}") == ""
    mark = _mark("giacenza.xlsx", AREAS[0], "Controllo dati")
    assert get(AREAS[0], f"{mark}{other}") == "▼ manca Giacenza omogeneizzata o Pervenuto omogeneizzato"
    assert get(AREAS[0], f"{mark}{total}") == "▼ strutture con segnalazione: 1"
    assert get("Sintesi", f"{_mark('giacenza.xlsx', 'Sintesi', 'Segnalazioni')}8") == 1


def test_text_in_an_input_is_an_error_everywhere_it_counts(type_into):
    row = _find("giacenza.xlsx", AREAS[0], "AOSTA")
    total = _find("giacenza.xlsx", AREAS[0], "VALLE D'AOSTA")
    get = type_into("giacenza.xlsx", {AREAS[0]: {f"B{row}": "cento", f"C{row}": 1200}})
    assert get(AREAS[0], f"D{row}") == CellError.VALUE
    assert get(AREAS[0], f"D{total}") == CellError.VALUE
    assert get("Sintesi", "F9") == CellError.VALUE
    mark = _mark("giacenza.xlsx", AREAS[0], "Controllo dati")
    assert get(AREAS[0], f"{mark}{row}") == "▼ Giacenza omogeneizzata: testo o errore al posto di un numero"


def test_a_text_beside_an_empty_cell_is_no_blank(type_into):
    """The office has no index without what was received; the text is an error all the same, up to the nation."""
    row = _find("giacenza.xlsx", AREAS[0], "AOSTA")
    get = type_into("giacenza.xlsx", {AREAS[0]: {f"B{row}": "cento"}})
    assert get(AREAS[0], f"D{row}") == CellError.VALUE
    last = next(r for r in range(7, 60) if values("giacenza.xlsx")["Sintesi"].cell(r, 1).value == "NAZIONALE")
    assert get("Sintesi", f"F{last}") == CellError.VALUE


def test_an_assumed_weight_can_be_replaced_and_the_sum_is_watched(type_into):
    sheet = values("giacenza.xlsx")["Parametri"]
    first = next(r for r in range(1, 60) if sheet.cell(r, 1).value == "giacenza.prestazioni_servizi")
    assert sheet.cell(first + 4, 8).value == "OK: i pesi sommano a 100%"
    get = type_into("giacenza.xlsx", {"Parametri": {f"F{first}": 0.4}})
    assert get("Parametri", f"G{first}") == 0.4
    assert get("Parametri", f"H{first + 4}") == "▼ pesi ≠ 100%"
    get = type_into("giacenza.xlsx", {"Parametri": {f"F{first}": 0.4, f"F{first + 1}": 0.1}})
    assert get("Parametri", f"H{first + 4}") == "OK: i pesi sommano a 100%"


def test_the_means_follow_the_switch(type_into):
    """Cluster A, first indicator: two reported values of 100 and 200 have the mean 150."""
    typed = {"Consuntivi": {"B8": 100, "C8": 200}}
    assert type_into("costi_standard.xlsx", typed)("Consuntivi", "G8") == pytest.approx(119.918)
    get = type_into("costi_standard.xlsx", {**typed, "Parametri": {"C6": "consuntivo"}})
    assert get("Consuntivi", "G8") == 150
    assert get("Consuntivi", "B29") == pytest.approx(100 * 100 / 150)
    assert get("Consuntivi", "B30") == pytest.approx(0.08)


def test_the_card_follows_the_picked_structure(type_into):
    name = "esempi/ieep_esempio.xlsx"
    get = type_into(name, {"Quadro": {"B5": "DCM ROMA"}})
    column = _column("ieep.xlsx", "tblTabellaB", "DCM ROMA")
    assert get("Quadro", "D13") == column["ieep.entrate"] == 1042647845
    assert get("Quadro", "D39") == column["ieep.totale"] == 1245278275


def test_text_among_amounts_is_an_error_up_to_the_nation(type_into):
    """Abruzzo's row 11 is an input under Accertamento Contributi; column B is the nation, the first structure."""
    code = _codes("ieep.xlsx", "Consuntivi")
    own, other = (_mark("ieep.xlsx", "Consuntivi", region, 6) for region in ("ABRUZZO", "MOLISE"))
    row = next(r for r, c in code.items() if c.endswith("accertamento.dmv"))
    get = type_into("ieep.xlsx", {"Consuntivi": {f"{own}{row}": "n.d."}})
    first = next(r for r, c in code.items() if c == "ieep.entrate")
    assert [get("Consuntivi", f"{mark}{r}") for mark in (own, "B") for r in (row - 3, first)] == [
        CellError.VALUE
    ] * 4
    assert get("Sintesi", f"I{_find('ieep.xlsx', 'Sintesi', 'ABRUZZO')}") == CellError.VALUE
    assert get("Consuntivi", f"{other}{first}") == ""
    remark = _mark("ieep.xlsx", "Consuntivi", "Controllo dati", 6)
    assert get("Consuntivi", f"{remark}{row}") == "▼ ABRUZZO: testo o errore al posto di un numero"


def test_an_amount_typed_into_the_template_reaches_every_total(type_into):
    """Tabella B, Abruzzo: 205.000.000 of flussi in a target of 231.874.765 for entrate."""
    place = {code: row for row, code in _codes("ieep.xlsx", "Consuntivi").items()}
    own = _mark("ieep.xlsx", "Consuntivi", "ABRUZZO", 6)
    get = type_into("ieep.xlsx", {"Consuntivi": {f"{own}{place['ieep.entrate.flussi']}": 205000000}})
    assert get("Consuntivi", f"{own}{place['ieep.entrate']}") == 205000000
    assert get("Consuntivi", f"B{place['ieep.totale']}") == 205000000
    assert get("Consuntivi", f"{own}{place['ieep.prestazioni']}") == ""
    mark = _mark("ieep.xlsx", "Scostamenti", "ABRUZZO", 6)
    assert get("Scostamenti", f"{mark}{place['ieep.entrate']}") == pytest.approx(205000000 / 231874765 - 1)
    row = _find("ieep.xlsx", "Sintesi", "ABRUZZO")
    assert get("Sintesi", f"F{row}") == 205000000
    assert get("Sintesi", f"H{row}") == ""
    assert get("Sintesi", f"L{row}") == pytest.approx(205000000 / (231874765 + 59431992 + 2 * 87000))


COSTS = "esempi/costi_standard_esempio.xlsx"
WEIGHTS = (8, 12, 8, 8, 4, 4, 4, 2, 2, 2, 2, 2, 2, 6, 4, 4, 6, 8, 2, 2, 8)


def test_cost_index_of_the_actuals_and_its_score():
    """Index: weighted mean of 100 * value / mean of the cluster over what is reported; lower is better."""
    given, planned = rows(COSTS, "tblConsuntivi"), rows(COSTS, "tblTabellaC")
    reported = 0
    for row in rows(COSTS, "tblSintesi"):
        name, cluster = row["Struttura"], row["Cluster"]
        parts = [
            (weight, 100 * actual[name] / plan[f"Media cluster {cluster}"])
            for weight, actual, plan in zip(WEIGHTS, given, planned, strict=True)
            if actual[name] is not None
        ]
        if not parts:
            assert row["Indice di consuntivo"] is None
            assert row["Punteggio"] is None
            assert row["Stato dei dati"] == "nessun dato"
            continue
        reported += 1
        share = sum(weight for weight, _ in parts)
        index = sum(weight * ratio for weight, ratio in parts) / share
        points = score(index, row["Obiettivo (indice pubblicato)"], -1)
        assert row["Indice di consuntivo"] == pytest.approx(index, rel=1e-12)
        assert row["Punteggio"] == pytest.approx(points, rel=1e-12)
        assert row["Esito"] == verdict(points)
        assert row["Copertura"] == pytest.approx(share / 100)
        assert row["Stato dei dati"] == ("completo" if share == 100 else "parziale")
    assert reported >= 18


def test_every_ieep_deviation():
    """Interessi legali are the only rows where less is better; a target of zero has no deviation."""
    actual, target = (
        {row["Codice"]: row for row in rows(IEEP, table)} for table in ("tblConsuntivi", "tblTabellaB")
    )
    checked = 0
    for row in rows(IEEP, "tblScostamenti"):
        code = row["Codice"]
        direction = -1 if ".interessi" in code else 1
        for structure in _structures(row):
            value, goal = actual[code][structure], target[code][structure]
            if value is None:
                assert row[structure] is None
            elif goal == 0:
                assert row[structure] == "ob. zero"
            else:
                wanted = score(value, goal, direction) / 100 - 1
                assert row[structure] == pytest.approx(wanted, abs=1e-12)
                checked += 1
    assert checked > 500
