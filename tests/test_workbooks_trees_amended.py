"""Amended weights, rules, targets and parameters in a copy of the edition: after sync the results are those
of the new numbers.
"""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pytest

import xl_perf.plan
from tests.official import FOLDER
from tests.workbook_tables import Tables, mean
from xl_perf.plan import load_directory
from xl_perf.sync import sync_file

EDITION = Path(xl_perf.plan.__file__).parent / "editions" / "piano-2021-2023"


@pytest.fixture
def amended(tmp_path):
    """Changes a copy of the edition, syncs the example of a workbook to it, and gives its tables before and after."""

    def synced(template, changes):
        source = tmp_path / "edizione"
        shutil.copytree(EDITION, source)
        for file, change in changes:
            path = source / file
            path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
        path = tmp_path / f"{template}.xlsx"
        shutil.copy(FOLDER / "esempi" / f"{template}_esempio.xlsx", path)
        before = Tables(path)
        report = sync_file(path, load_directory(source))
        assert report.changed
        return before, Tables(path)

    return synced


def row(key, **cells):
    """Other cells in the row of a CSV file that begins with a key: one code, or several cells."""
    key = key if isinstance(key, tuple) else (key,)

    def change(text):
        lines = list(csv.reader(io.StringIO(text)))
        found = [line for line in lines if tuple(line[: len(key)]) == key]
        assert len(found) == 1, (key, len(found))
        for heading, value in cells.items():
            found[0][lines[0].index(heading.removeprefix("anno_"))] = value
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(lines)
        return out.getvalue()

    return change


def parameter(code, value):
    """Another value of a parameter."""

    def change(text):
        at = text.index(f'codice = "{code}"')
        start = text.index("valore = ", at)
        return f"{text[:start]}valore = {value}{text[text.index(chr(10), start) :]}"

    return change


def capped(score, cap):
    return max(100 * (1 - cap), min(100 * (1 + cap), score))


def test_weights_of_the_valore_pubblico(amended):
    """A later act prints 50, 30 and 20 for gestionale, istituzionale and strategica."""
    shares = {"gestionale": 0.5, "istituzionale": 0.3, "strategica": 0.2}
    changes = [
        ("albero_piramide.csv", row(f"piramide.{n}", peso=str(w), stato="published"))
        for n, w in shares.items()
    ]
    before, after = (t.rows("tblPiramide", "Codice") for t in amended("piramide_valore", changes))
    points = [(after[f"piramide.{n}"]["Punteggio"], w) for n, w in shares.items()]
    assert after["piramide.valore_pubblico"]["Punteggio"] == pytest.approx(mean(points)[0])
    assert after["piramide.valore_pubblico"]["Punteggio"] != pytest.approx(
        before["piramide.valore_pubblico"]["Punteggio"]
    )


def test_cap(amended):
    """Cap 20% instead of 50%: projects at 0% are worth 80, and every index stays within 80 and 120."""
    before, after = amended("piramide_valore", [("parametri.toml", parameter("tetto_scostamento", 0.2))])
    old, new = (t.rows("tblProgetti", "Codice") for t in (before, after))
    assert any(found["Punteggio"] is not None and found["Punteggio"] < 80 for found in old.values())
    for code, found in new.items():
        done = found["Realizzazione"]
        assert found["Punteggio"] == (None if done is None else pytest.approx(capped(100 * done, 0.2))), code
    rows = after.rows("tblConsuntivi", "Codice")
    for code, found in rows.items():
        if found["Consuntivo"] is not None:
            sign = -1 if found["Verso"] == "più basso" else 1
            gap = sign * (found["Consuntivo"] / found["Obiettivo"] - 1)
            assert found["Punteggio"] == pytest.approx(capped(100 * (1 + gap), 0.2)), code


def test_target_of_an_objective(amended):
    """Giacenza 60 instead of 70 days in objective D: 10 days less to be measured by."""
    change = row("obiettivi.giacenza_totale", anno_2021="60")
    before, after = amended("piramide_valore", [("obiettivi_triennali.csv", change)])
    old, new = (t.rows("tblConsuntivi", "Codice")["obiettivi.giacenza_totale"] for t in (before, after))
    assert (old["Obiettivo"], new["Obiettivo"]) == (70, 60)
    wanted = capped(100 * (1 + (60 - new["Consuntivo"]) / 60), 0.5)
    assert new["Punteggio"] == pytest.approx(wanted)
    assert after.rows("tblPiramide", "Codice")["piramide.D.1"]["Punteggio"] == pytest.approx(wanted)


def test_parameter_of_the_disposal(amended):
    """120 instead of 100 as the sum of the shares of progress that objective E asks for."""
    before, after = amended("piramide_valore", [("parametri.toml", parameter("dismissione.obiettivo", 120))])
    given = after.rows("tblConsuntivi", "Codice")
    found = [given[f"obiettivi.dismissione_{what}"] for what in ("unita", "valore")]
    index = sum(100 * f["Consuntivo"] / f["Obiettivo"] for f in found)
    scores = [t.rows("tblPiramide", "Codice")["piramide.E.1"]["Punteggio"] for t in (before, after)]
    assert scores == [pytest.approx(capped(100 * index / goal, 0.5)) for goal in (100, 120)]


def test_weights_of_the_ieep(amended):
    """60/40 instead of 70/30 for the total that most central structures answer for."""
    text = '"ieep.entrate" = 0.7\n"ieep.prestazioni" = 0.3'

    def change(found):
        assert found.count(text) == 1
        return found.replace(text, '"ieep.entrate" = 0.6\n"ieep.prestazioni" = 0.4')

    _, after = amended("strutture_centrali", [("parametri.toml", change)])
    sums = after.rows("tblSommeIEEP")
    entrate, prestazioni = (
        next(found for name, found in sums.items() if word in name.casefold() and "DIREZIONE" not in name)
        for word in ("entrate", "prestazioni")
    )
    realised = 0.6 * entrate["Consuntivo"] / entrate["Obiettivo in uso"]
    realised += 0.4 * prestazioni["Consuntivo"] / prestazioni["Obiettivo in uso"]
    assert sums["Totale Istituto"]["Realizzazione"] == pytest.approx(realised)
    goals = after.rows("tblObiettiviStrutture", "Riga")
    assert goals["centrali.antifrode.finanza.ieep"]["Punteggio"] == pytest.approx(capped(100 * realised, 0.5))


def test_tolerance_of_the_spending(amended):
    """2% instead of 5%: fewer chapters keep to their budget, and the structures' scores follow."""
    before, after = amended(
        "strutture_centrali", [("parametri.toml", parameter("spesa.scostamento_massimo", 0.02))]
    )
    kept = []
    for tables, limit in ((before, 0.05), (after, 0.02)):
        rows = [r for r in tables.rows("tblSpesa", "Riga").values() if r["Budget economico"] is not None]
        within = [abs(r["Utilizzato"] / r["Budget economico"] - 1) <= limit for r in rows]
        assert [r["Entro i limiti"] for r in rows] == within
        kept.append(sum(within))
    assert kept[1] < kept[0]
    shares = {}
    for found in after.rows("tblSpesa", "Riga").values():
        if found["Struttura"] is not None and found["Entro i limiti"] is not None:
            shares.setdefault(found["Struttura"], []).append(found["Entro i limiti"])
    for found in after.rows("tblConsuntivi", "Codice").values():
        if found["Vale per"] in shares and found["Primo dato"].startswith("Capitoli"):
            own = shares[found["Vale per"]]
            assert found["Consuntivo"] == pytest.approx(sum(own) / len(own))


def test_base_of_the_stocks(amended):
    """365 days instead of 360."""
    _, after = amended("strutture_centrali", [("parametri.toml", parameter("giacenza.base", 365))])
    found = after.rows("tblConsuntivi", "Codice")["centrali.giacenza@Aree di produzione"]
    assert found["Consuntivo"] == pytest.approx(found["Numeratore o valore"] / found["Denominatore"] * 365)


def test_weight_in_a_tree_of_the_central_structures(amended):
    """A later act prints 70% and 30% for two objectives; the perspective and the structure follow."""
    node = "centrali.antifrode.processi"
    before, _ = Tables(FOLDER / "esempi" / "strutture_centrali_esempio.xlsx"), None
    members = [
        code for code in before.rows("tblObiettiviStrutture", "Riga") if code.rpartition(".")[0] == node
    ]
    shares = dict(zip(members, [0.7, *[0.3 / (len(members) - 1)] * (len(members) - 1)], strict=True))
    changes = [
        ("albero_centrali.csv", row(code, peso=repr(w), stato="published")) for code, w in shares.items()
    ]
    _, after = amended("strutture_centrali", changes)
    rows = after.rows("tblObiettiviStrutture", "Riga")
    wanted, _ = mean([(rows[code]["Punteggio"], w) for code, w in shares.items()])
    assert rows[node]["Punteggio"] == pytest.approx(wanted)


def test_amount_of_a_rule(amended):
    """+20% instead of +15% on the recovered credits: target and score of the total, and of every region's group."""
    key = ("professionisti.legali.recupero_crediti", "NAZIONALE", "2021")
    before, after = amended("professionisti", [("regole.csv", row(key, importo="0.20"))])
    total = after.rows("tblRecuperoCrediti", "Conto")["TOTALE"]
    goal = 1.2 * total["Incassi anno precedente (13° mese)"]
    assert total["Obiettivo"] == pytest.approx(goal)
    assert total["Punteggio"] == pytest.approx(capped(100 * total["Incassi dell'anno"] / goal, 0.5))
    assert total["Punteggio"] < before.rows("tblRecuperoCrediti", "Conto")["TOTALE"]["Punteggio"]
    assert after.rows("tblLegali")["LIGURIA"]["Punteggio recupero crediti"] == pytest.approx(
        total["Punteggio"]
    )


def test_target_of_the_register(amended):
    """90% instead of 100% of the outputs asked from DC Pensioni; another deadline and output arrive with it."""
    key = ("progetti.realizzazione", "DIREZIONE CENTRALE PENSIONI")
    changes = [
        ("obiettivi_centrali.csv", row(key, anno_2021="0.9")),
        ("registro_progetti.csv", row("PR 2020_6.1.1A.1", fine="2022-06-30", output="Altro output")),
    ]
    _, after = amended("progetti", changes)
    rows = after.rows("tblAvanzamento")
    own = [r for r in rows.values() if r["Struttura"] == key[1] and r["Valorizzata in performance"] == "sì"]
    for found in own:
        done = found["Realizzazione"]
        assert found["Punteggio"] == (None if done is None else pytest.approx(capped(100 * done / 0.9, 0.5)))
    wanted, _ = mean([(r["Punteggio"], 1) for r in own])
    assert after.rows("tblStrutture")[key[1]]["Punteggio"] == (
        None if wanted is None else pytest.approx(wanted)
    )
    assert rows["PR 2020_6.1.1A.1"]["Output dell'anno"] == "Altro output"
    assert f"{rows['PR 2020_6.1.1A.1']['Fine']:%Y-%m-%d}" == "2022-06-30"
