"""The register of projects: every row of Tabella D, scores by hand, weights, states, the page of a structure."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

import xl_perf.plan
from tests.official import FOLDER
from tests.workbook_tables import Tables, filled, mean, score, verdict
from xl_perf.plan import load_directory, load_edition
from xl_perf.sync import sync_file
from xl_perf.values import CellError

EDITION = Path(xl_perf.plan.__file__).parent / "editions" / "piano-2021-2023"
PENSIONS = "DIREZIONE CENTRALE PENSIONI"
LAWYERS = "COORDINAMENTO GENERALE LEGALE"


@pytest.fixture(scope="module")
def plan():
    return load_edition()


@pytest.fixture(scope="module")
def empty():
    return Tables(FOLDER / "progetti.xlsx")


@pytest.fixture(scope="module")
def example():
    return Tables(FOLDER / "esempi" / "progetti_esempio.xlsx")


@pytest.fixture(scope="module")
def codes(plan):
    return [project.code for project in plan.projects_of(PENSIONS)]


def given(tables, code, **cells):
    heads = {
        "valued": "Valorizzata in performance",
        "state": "Stato",
        "done": "Realizzazione",
        "weight": "Peso alternativo",
    }
    return {tables.cell("tblAvanzamento", code, heads[name]): value for name, value in cells.items()}


def test_the_register_is_whole(empty):
    """Tabella D has 55 PR and 62 AS; its strategic activities are numbered 1 to 62 (P21)."""
    rows = empty.rows("tblTabellaD")
    assert Counter(row["PR/AS"] for row in rows.values()) == {"PR": 55, "AS": 62}
    assert {f"2021_AS{number}" for number in range(1, 63)} <= rows.keys()
    first = rows["2021_AS1"]
    assert first["Struttura"] == "COORDINAMENTO GENERALE LEGALE"
    assert first["Obiettivo CIV"] == "2021_IS.3"
    assert first["Obiettivo di ente"] is None
    assert f"{first['Inizio']:%d.%m.%Y} - {first['Fine']:%d.%m.%Y}" == "01.01.2021 - 31.12.2021"


def test_rows_of_the_obiettivi_generali_start_as_valued(empty, plan):
    """34 rows are listed under a letter: A 1, B 2, C 4, D 3, E 12, F 4, G 2, H 4, I 2 (P21, Declinazione annuale)."""
    rows = empty.rows("tblAvanzamento")
    listed = {p.code for p in plan.projects if p.valued}
    assert {code for code, row in rows.items() if row["Valorizzata in performance"] == "sì"} == listed
    printed = dict(zip("ABCDEFGHI", (1, 2, 4, 3, 12, 4, 2, 4, 2), strict=True))
    found = empty.rows("tblSintesi")
    assert {letter: found[letter]["Valorizzate"] for letter in printed} == printed
    assert found["altre"]["Valorizzate"] == 0
    assert found["tutte"]["Valorizzate"] == 34


def test_scores_of_the_example(example, plan):
    rows = example.rows("tblAvanzamento")
    for row in rows.values():
        done = row["Realizzazione"]
        assert row["Punteggio"] == (None if done is None else pytest.approx(score(done, 1)))
        assert row["Esito"] == verdict(row["Punteggio"])
    for code, found in example.rows("tblStrutture").items():
        own = [rows[p.code] for p in plan.projects_of(code)]
        valued = [row for row in own if row["Valorizzata in performance"] == "sì"]
        assert found["Righe"] == len(own)
        assert found["Valorizzate"] == len(valued)
        assert found["concluso"] == sum(row["Stato"] == "concluso" for row in own)
        points, coverage = mean([(row["Punteggio"], 1) for row in valued]) if valued else (None, 0)
        assert found["Punteggio"] == (None if points is None else pytest.approx(points))
        assert found["Copertura"] == pytest.approx(coverage)
        assert found["Esito"] == verdict(points)


def test_synthesis_by_letter(example, plan):
    rows = example.rows("tblAvanzamento")
    letters = {p.code: p.valued or "altre" for p in plan.projects}
    for letter, found in example.rows("tblSintesi").items():
        valued = [
            row["Punteggio"] for code, row in rows.items()
            if row["Valorizzata in performance"] == "sì" and letter in ("tutte", letters[code])
        ]  # fmt: skip
        points, coverage = mean([(value, 1) for value in valued])
        assert found["Punteggio"] == (None if points is None else pytest.approx(points))
        assert found["Copertura"] == pytest.approx(coverage)


@pytest.mark.parametrize("bad", ["circa metà", CellError.NA])
def test_an_error_reaches_its_own_scores_alone(example, plan, tmp_path, bad):
    """A text or an error as realisation: the scores of its objective, its structure and the whole; no other one."""
    rows = example.rows("tblAvanzamento")
    mine = next(p for p in plan.projects if p.valued == "A")
    changed = filled(example, tmp_path / "p.xlsx", given(example, mine.code, done=bad))
    now, before = changed.rows("tblSintesi"), example.rows("tblSintesi")
    for letter, row in now.items():
        if letter in ("A", "tutte"):
            assert str(row["Punteggio"]).startswith("#")
        else:
            assert row == before[letter]
    structures, earlier = changed.rows("tblStrutture"), example.rows("tblStrutture")
    assert str(structures[mine.structure]["Punteggio"]).startswith("#")
    assert all(row == earlier[code] for code, row in structures.items() if code != mine.structure)
    idle = next(code for code, row in rows.items() if row["Valorizzata in performance"] == "no")
    changed = filled(example, tmp_path / "p.xlsx", given(example, idle, done=bad))
    assert changed.rows("tblSintesi") == before
    assert changed.rows("tblStrutture") == earlier
    assert changed.rows("tblAvanzamento")[idle]["Controllo dati"].startswith("▼ Realizzazione")


def test_lines_of_the_civ(example, plan):
    """P21, Macro-linee strategiche del CIV: 11, 32 and 19 lines; each line with the rows of Tabella D that name it."""
    macro = example.rows("tblMacroLinee")
    assert [row["Linee della Relazione programmatica"] for row in macro.values()] == [11, 32, 19]
    named = {line for project in plan.projects for line in project.objectives}
    carried = Counter(line.partition("_")[2].partition(".")[0] for line in named)
    assert [row["Linee con righe in Tabella D"] for row in macro.values()] == [
        carried[m] for m in ("IEC", "IS", "IP")
    ]
    rows, lines = example.rows("tblAvanzamento"), example.rows("tblLineeCIV")
    assert set(lines) == named
    for line, found in lines.items():
        own = [rows[p.code] for p in plan.projects if line in p.objectives]
        valued = [row for row in own if row["Valorizzata in performance"] == "sì"]
        points, coverage = mean([(row["Punteggio"], 1) for row in valued]) if valued else (None, 0)
        assert (found["Righe"], found["Valorizzate"]) == (len(own), len(valued))
        assert found["Punteggio"] == (None if points is None else pytest.approx(points))
        assert found["Copertura"] == pytest.approx(coverage)
    guides = example.rows("tblLineeGuida")
    assert sum(row["Righe"] for row in guides.values()) == sum(bool(p.guideline) for p in plan.projects)


def test_a_word_that_no_list_offers_is_an_error(empty, codes, tmp_path):
    """ "si" without accent says nothing: the structure's score and the institute's are errors, and the row says why."""
    cells = given(empty, codes[0], valued="sì", done=0.9) | given(empty, codes[1], valued="forse", done=0.2)
    found = filled(empty, tmp_path / "p.xlsx", cells)
    assert found.rows("tblStrutture")[PENSIONS]["Punteggio"] == "#VALUE!"
    assert found.rows("tblSintesi")["tutte"]["Punteggio"] == "#VALUE!"
    assert found.rows("tblAvanzamento")[codes[1]]["Controllo dati"].startswith("▼ Valorizzata in performance")


def test_states_are_counted(example):
    counted = Counter(row["Stato"] or "senza stato" for row in example.rows("tblAvanzamento").values())
    for state, row in example.rows("tblStati").items():
        assert row["Righe"] == counted[state]
        assert row["Righe"] == row["Progetti (PR)"] + row["Attività strategiche (AS)"]


def test_the_guides_example(empty, codes, tmp_path):
    """Three valued rows at 100%, 80% and not reported: scores 100 and 80, mean 90, coverage 2/3."""
    cells = {}
    for code, done in zip(codes, (1, 0.8, None), strict=True):
        cells |= given(empty, code, valued="sì", done=done)
    found = filled(empty, tmp_path / "p.xlsx", cells).rows("tblStrutture")[PENSIONS]
    assert found["Punteggio"] == pytest.approx(90)
    assert found["Copertura"] == pytest.approx(2 / 3)
    assert found["Stato dei dati"] == "parziale"


def test_weights_of_the_user(empty, codes, tmp_path):
    """100%, 80%, 50% with weights 50, 30, 20: 100*0.5 + 80*0.3 + 50*0.2 = 84."""
    cells = {}
    for code, done, weight in zip(codes, (1, 0.8, 0.5), (0.5, 0.3, 0.2), strict=True):
        cells |= given(empty, code, valued="sì", done=done, weight=weight)
    found = filled(empty, tmp_path / "p.xlsx", cells).rows("tblStrutture")[PENSIONS]
    assert found["Punteggio"] == pytest.approx(84)
    assert found["Somma dei pesi"] == "OK"
    cells |= given(empty, codes[0], weight=0.4)
    found = filled(empty, tmp_path / "q.xlsx", cells).rows("tblStrutture")[PENSIONS]
    assert found["Somma dei pesi"] == "▼ pesi ≠ 100%"
    assert found["Punteggio"] == "#NUM!"


def test_only_valued_rows_count(empty, codes, tmp_path):
    cells = given(empty, codes[0], valued="sì", done=0.9) | given(empty, codes[1], valued="no", done=0.2)
    found = filled(empty, tmp_path / "p.xlsx", cells).rows("tblStrutture")[PENSIONS]
    before = empty.rows("tblStrutture")[PENSIONS]
    others = before["Valorizzate"] - (
        empty.rows("tblAvanzamento")[codes[0]]["Valorizzata in performance"] == "sì"
    )
    others -= empty.rows("tblAvanzamento")[codes[1]]["Valorizzata in performance"] == "sì"
    assert found["Punteggio"] == pytest.approx(90)
    assert found["Copertura"] == pytest.approx(1 / (1 + others))


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"valued": "sì", "state": "concluso", "done": 0.9}, "▼ concluso con realizzazione sotto 100%"),
        ({"valued": "sì", "state": "non avviato", "done": 0.1}, "▼ non avviato con realizzazione"),
        ({"valued": "sì", "state": "in corso", "done": 1}, "▼ al 100% ma non concluso"),
        ({"valued": None, "state": "in corso", "done": 0.5}, "valorizzazione da stabilire"),
        ({"valued": "sì", "state": "in corso"}, "da rilevare"),
        ({"valued": "no", "state": "concluso", "done": 1}, "OK"),
    ],
)
def test_contradictions_are_named(empty, codes, tmp_path, cells, words):
    found = filled(empty, tmp_path / "p.xlsx", given(empty, codes[0], **cells))
    assert found.rows("tblAvanzamento")[codes[0]]["Controllo dati"] == words


def test_the_card_shows_the_picked_structure(example, codes, tmp_path):
    found = filled(example, tmp_path / "p.xlsx", {("Scheda", 6, 2): PENSIONS})
    sheet, _, left, top, bottom = found.place("tblScheda")
    shown = [sheet.cell(row, left).value or None for row in range(top + 1, bottom + 1)]
    assert shown == [*codes, *[None] * (bottom - top - len(codes))]
    rows = example.rows("tblAvanzamento")
    scores = found.rows("tblScheda")
    assert all(scores[code]["Punteggio"] == rows[code]["Punteggio"] for code in codes)


def test_both_sheets_can_be_filtered_while_protected(example):
    for name in ("tblAvanzamento", "tblTabellaD"):
        sheet = example.place(name)[0]
        assert sheet.tables[name].autoFilter.ref == sheet.tables[name].ref
        assert sheet.protection.sheet
        assert sheet.protection.autoFilter is False


def test_a_changed_register_reaches_the_workbook(tmp_path):
    """Another date and another output arrive; what was typed stays. A row that is gone stops everything."""
    source = tmp_path / "edizione"
    shutil.copytree(EDITION, source)
    register = source / "registro_progetti.csv"
    text = register.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("2021_AS1,"))
    changed = line.replace("2021-12-31", "2022-06-30").replace("Trasmissione", "Invio")
    register.write_text(text.replace(line, changed), encoding="utf-8")
    path = tmp_path / "progetti.xlsx"
    shutil.copy(FOLDER / "esempi" / "progetti_esempio.xlsx", path)
    before = Tables(path).rows("tblAvanzamento")
    report = sync_file(path, load_directory(source))
    assert [change.indicator for change in report.changed] == ["2021_AS1", "2021_AS1"]
    after = Tables(path)
    assert f"{after.rows('tblTabellaD')['2021_AS1']['Fine']:%Y-%m-%d}" == "2022-06-30"
    row = after.rows("tblAvanzamento")["2021_AS1"]
    assert row["Output dell'anno"].startswith("Invio")
    for heading in ("Valorizzata in performance", "Stato", "Realizzazione"):
        assert row[heading] == before["2021_AS1"][heading]


def test_a_row_that_goes_to_another_structure_is_no_silent_score(tmp_path):
    """The syntheses take the rows of a structure as one range: an amendment that moves one makes both scores errors."""
    source = tmp_path / "edizione"
    shutil.copytree(EDITION, source)
    register = source / "registro_progetti.csv"
    text = register.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("2021_AS1,"))
    register.write_text(text.replace(line, line.replace(LAWYERS, PENSIONS)), encoding="utf-8")
    path = tmp_path / "progetti.xlsx"
    shutil.copy(FOLDER / "esempi" / "progetti_esempio.xlsx", path)
    before = Tables(path).rows("tblStrutture")
    sync_file(path, load_directory(source))
    after = Tables(path).rows("tblStrutture")
    for code in (LAWYERS, PENSIONS):
        assert after[code]["Punteggio"] == "#VALUE!"
        assert after[code]["Somma dei pesi"] == "▼ righe di altre strutture: rifare il file"
    others = before.keys() - {LAWYERS, PENSIONS}
    assert all(after[code]["Punteggio"] == before[code]["Punteggio"] for code in others)
