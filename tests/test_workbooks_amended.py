"""An amended number of the plan reaches the results: other weights, bands and coefficients, sync, independent
calculation.
"""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path

import pytest

import xl_perf.plan
from tests.official import EXAMPLES
from tests.workbook_tables import Tables, mean, score
from xl_perf.plan import load_directory, load_edition
from xl_perf.sync import sync_file

EDITION = Path(xl_perf.plan.__file__).parent / "editions" / load_edition().id


@pytest.fixture
def amended(tmp_path):
    """The example of a template after a sync from a copy of the edition with other texts in some of its files."""

    def made(template, *changes):
        folder = tmp_path / "edizione"
        if not folder.exists():
            shutil.copytree(EDITION, folder)
        for name, old, new in changes:
            text = (folder / name).read_text(encoding="utf-8")
            assert text.count(old) == 1, (name, old, text.count(old))
            (folder / name).write_text(text.replace(old, new), encoding="utf-8", newline="")
        path = EXAMPLES / f"{template}_esempio.xlsx"
        report = sync_file(path, load_directory(folder), out=tmp_path / path.name)
        assert report.changed
        assert not report.errors
        assert not report.kept
        return Tables(tmp_path / path.name)

    return made


def parameter(code, old, new):
    """The change of a parameter's value in parametri.toml."""
    text = (EDITION / "parametri.toml").read_text(encoding="utf-8")
    title = text.partition(f'codice = "{code}"\n')[2].partition("\n")[0]
    lead = f'codice = "{code}"\n{title}\n'
    return "parametri.toml", f"{lead}valore = {old}\n", f"{lead}valore = {new}\n"


def test_base_of_giacenza(amended):
    """Days on a base of 365 instead of 360, area by area."""
    book = amended("giacenza", parameter("giacenza.base", 360, 365))
    reported = 0
    for name in ("tblPrestazioniServizi", "tblAltreAree"):
        for row in book.rows(name).values():
            stock, received = row["Giacenza omogeneizzata"], row["Pervenuto omogeneizzato"]
            if stock is None or received is None:
                continue
            days = stock / received * 365
            assert row["Indice di giacenza (gg)"] == pytest.approx(days, rel=1e-12)
            wanted = score(days, row["Obiettivo giacenza (gg)"], -1)
            assert row["Punteggio giacenza"] == pytest.approx(wanted, rel=1e-12)
            reported += 1
    assert reported > 250


def test_weights_of_the_ieep(amended):
    """60% entrate, 40% prestazioni instead of 70/30."""
    book = amended(
        "ieep",
        ("parametri.toml", '"ieep.entrate" = 0.7\n"ieep.prestazioni" = 0.3',
        '"ieep.entrate" = 0.6\n"ieep.prestazioni" = 0.4'),
    )  # fmt: skip
    reported = 0
    for row in book.rows("tblSintesi").values():
        revenue, benefits = row["Entrate consuntivo"], row["Prestazioni consuntivo"]
        if revenue is None or benefits is None:
            continue
        done = 0.6 * revenue / row["Entrate obiettivo"] + 0.4 * benefits / row["Prestazioni obiettivo"]
        assert row["Realizzazione pesata"] == pytest.approx(done, rel=1e-12)
        assert row["Punteggio"] == pytest.approx(score(done, 1), rel=1e-12)
        reported += 1
    assert reported > 20


def test_coefficient_of_the_tep(amended):
    """1.5 instead of 1.2 for the highest level."""
    book = amended("valutazione_individuale", parameter("individuale.tep.5", "1.2", "1.5"))
    levels = {1: 0, 2: 0.5, 3: 0.85, 4: 1, 5: 1.5}
    found = [row for row in book.rows("tblPersonale").values() if row["Livello TEP"] is not None]
    assert [row["Coefficiente TEP"] for row in found] == [levels[row["Livello TEP"]] for row in found]
    assert 5 in {row["Livello TEP"] for row in found}


def test_weights_of_individual_performance(amended):
    """Accessori with P.O. 60/30/10 instead of 70/20/10, dirigenti 40/60 instead of 30/70."""
    lead = "individuale.accessori_con_po.{},individuale.accessori_con_po,{},indicatore,"
    own = "individuale.dirigenti.{},individuale.dirigenti,{},indicatore,"
    conduct = "Comportamenti agiti (dirigenti: azione manageriale; professionisti: azione professionale)"
    changes = [
        (lead.format("gruppo", "Obiettivi di gruppo"), "0.70", "0.60"),
        (lead.format("contributo", "Contributo individuale"), "0.20", "0.30"),
        (own.format("comportamenti", conduct), "0.30", "0.40"),
        (own.format("organizzativa", "Performance organizzativa"), "0.70", "0.60"),
    ]
    book = amended(
        "valutazione_individuale",
        *(("albero_individuale.csv", start + old, start + new) for start, old, new in changes),
    )
    weights = {"sì": (0.6, 0.3, 0.1), "no": (0.8, 0.2, 0)}
    counted = dict.fromkeys(weights, 0)
    for row in book.rows("tblPersonale").values():
        score_ = row["Trattamenti economici accessori"]
        if score_ is None:
            continue
        parts = (row["Obiettivi di gruppo"], row["Contributo individuale"], row["Abilità"] or 0)
        wanted = sum(part * weight for part, weight in zip(parts, weights[row["P.O."]], strict=True))
        assert score_ == pytest.approx(wanted, rel=1e-12)
        counted[row["P.O."]] += 1
    assert min(counted.values()) > 10
    shares = {"Dirigenti": (0.4, 0.6), "Professionisti": (0.3, 0.7)}
    people = [row for row in book.rows("tblDirigenti").values() if row["Punteggio"] is not None]
    for row in people:
        first, second = shares[row["Qualifica"]]
        wanted = first * row["Comportamenti"] + second * row["Organizzativa"]
        assert row["Punteggio"] == pytest.approx(wanted, rel=1e-12)
    assert {row["Qualifica"] for row in people} == set(shares)


def test_weights_of_the_standard_costs(amended):
    """6 and 14 instead of 8 and 12 for the first two costs."""
    text = (EDITION / "costi_standard_pesi.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    lines = [line for line in text if not line.startswith("indicatore")][:2]
    changed = [line.replace(old, new, 1) for line, (old, new) in zip(lines, PAIRS, strict=True)]
    assert all(one != other for one, other in zip(lines, changed, strict=True))
    book = amended(
        "costi_standard",
        *(("costi_standard_pesi.csv", old, new) for old, new in zip(lines, changed, strict=True)),
    )
    weights = (6, 14, 8, 8, 4, 4, 4, 2, 2, 2, 2, 2, 2, 6, 4, 4, 6, 8, 2, 2, 8)
    given, planned = (list(book.rows(name, "Codice").values()) for name in ("tblConsuntivi", "tblTabellaC"))
    reported = 0
    for name, row in book.rows("tblSintesi").items():
        heading = f"Media cluster {row['Cluster']}"
        parts = [
            (None if one[name] is None else 100 * one[name] / other[heading], weight)
            for one, other, weight in zip(given, planned, weights, strict=True)
        ]
        index, share = mean(parts)
        assert row["Copertura"] == pytest.approx(share)
        if index is None:
            continue
        assert row["Indice di consuntivo"] == pytest.approx(index, rel=1e-12)
        wanted = score(index, row["Obiettivo (indice pubblicato)"], -1)
        assert row["Punteggio"] == pytest.approx(wanted, rel=1e-12)
        reported += 1
    assert reported > 18


PAIRS = (("0.08", "0.06"), ("0.12", "0.14"))


def share(top, bottom, steps):
    """A ratio in percent, rounded half up to steps of percent, in exact fractions."""
    return Fraction(int(Fraction(100 * steps * top, bottom) + Fraction(1, 2)), steps)


def points(six, *, limit, third, steps):
    """AT slide 9 with another upper end of the third band of the first ratio, other points for it, other decimals."""
    due, done, yes, no, notified, quick = six
    fixed = yes + no
    if done == 0:
        return 1 + 0 + 0 + 1

    def band(value, limits, earned):
        return next((p for end, p in zip(limits, earned, strict=False) if value <= end), earned[-1])

    ends = (70, 90, Fraction("99.5"))
    found = band(share(done, due, steps), (70, 90, Fraction(limit)), (1, 3, third, 7))
    found += band(share((yes + notified) * (fixed + notified), done * done, steps), (2, 5, 9), (6, 4, 2, 0))
    found += band(share(fixed, notified + fixed, steps), ends, (0, 3, 5, 7)) if notified + fixed else 7
    return found + (
        band(share(quick, fixed, steps), (50, 80, Fraction("99.5")), (1, 2, 3, 4)) if fixed else 4
    )


def test_a_band_of_the_controllo(amended):
    """Third band of the first ratio: up to 97% for 6 points instead of up to 99.5% for 5; one decimal instead
    of two.
    """
    name, lead = "controllo_processo.toml", 'titolo = "n. pratiche controllate / n. pratiche a controllo"'
    text = (EDITION / name).read_text(encoding="utf-8")
    old = lead + text.partition(lead)[2].partition("]\n")[0]
    new = old.replace("fino_a = 99.5, punti = 5", "fino_a = 97, punti = 6")
    assert new != old
    book = amended("controllo_processo", (name, old, new), parameter("controllo_processo.decimali", 2, 1))
    heads = (
        "Pratiche a controllo", "Pratiche controllate", "Regolarizzate SI", "Regolarizzate NO", "Notificate",
        "Regolarizzate entro 30 gg",
    )  # fmt: skip
    moved = reported = 0
    for row in book.rows("tblPratiche").values():
        six = [row[heading] for heading in heads]
        if None in six:
            continue
        wanted = points(six, limit=97, third=6, steps=10)
        assert row["Punti"] == wanted, row["Struttura"]
        assert row["Punteggio"] == pytest.approx(score(wanted, row["Obiettivo"]))
        moved += wanted != points(six, limit=Fraction("99.5"), third=5, steps=100)
        reported += 1
    assert reported > 15
    assert moved


def test_the_least_share_of_agile_workers(amended):
    """70% instead of 60%."""
    book = amended("lavoro_agile", parameter("lavoro_agile.quota_minima", "0.6", "0.7"))
    row = book.rows("tblSintesiAnni")[2021]
    wanted = score(row["Quota di lavoratori agili"], 0.7)
    assert row["Punteggio della quota"] == pytest.approx(wanted, rel=1e-12)


def test_a_cap_reaches_every_score(amended):
    """A deviation of at most 10% instead of 50%."""
    book = amended("controllo_processo", parameter("tetto_scostamento", "0.5", "0.1"))
    found = [row for row in book.rows("tblSintesi").values() if row["Punteggio"] is not None]
    for row in found:
        wanted = 100 * (1 + max(-0.1, min(0.1, row["Punti"] / row["Obiettivo (punti)"] - 1)))
        assert row["Punteggio"] == pytest.approx(wanted)
    assert {row["Punteggio"] for row in found} & {90, 110}
