"""The checks find what is wrong: every kind of mistake in the figures of the toy plan, one at a time."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from xl_perf.plan import load_directory, run_checks
from xl_perf.plan.checks import CheckStatus
from xl_perf.plan.figures import Figure
from xl_perf.plan.model import Unit
from xl_perf.plan.texts.report import format_checks

TOY = Path(__file__).parent / "toy_plan"


@pytest.fixture
def changed(tmp_path):
    """A function that loads the toy plan with one text of one file replaced."""

    def change(file, old, new):
        directory = tmp_path / "toy_plan"
        shutil.copytree(TOY, directory)
        text = (directory / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {file}"
        (directory / file).write_text(text.replace(old, new), encoding="utf-8")
        return load_directory(directory)

    return change


def test_toy_plan_has_known_defects_only():
    report = run_checks(load_directory(TOY))
    assert report.ok
    known = {figure.defect for check in report.checks for figure in check.known}
    assert known == {"totale-2029", "slide-5-flussi", "rideterminati-2028"}
    assert report.check("somme").status is CheckStatus.KNOWN_DEFECT
    assert report.check("righe").status is CheckStatus.OK
    with pytest.raises(KeyError):
        report.check("nessuno")


@pytest.mark.parametrize(
    ("file", "old", "new", "check", "key", "printed", "computed"),
    [
        # a row of Tabella B: 1000 - 10 = 990, printed 989
        ("tabella_b.csv", "ieep.totale,990", "ieep.totale,989", "righe", "ieep.totale/NAZIONALE/2030", 989, 990),
        # the sign of interessi: 493 = 500 - 7, with 8 it is 492
        ("tabella_b.csv", "10,7,,3", "10,8,,3", "righe", "ieep.totale/NORD/2030", 493, 492),
        # regions to national: 500 + 301 + 200 = 1001 against 1000
        ("tabella_b.csv", "1000,500,300,200", "1000,500,301,200", "regioni", "ieep.entrate/2030", 1000, 1001),
        # a target printed again
        ("ristampe.csv", "2030,990", "2030,999", "ristampe", "ieep.totale/NAZIONALE/2030/slide 5", 999, 990),
        # a region outside its structures' range of 80 to 100 giorni
        ("tabella_a.csv", "NORD,31,90", "NORD,31,101", "intervalli", "giacenza.flussi/NORD/2030", 101, 100),
        # cost index: 0.75 * 120.5 + 0.25 * 50 = 102.875, printed 102.86 (allowed 0.01)
        ("indice.csv", "102.88", "102.86", "indici", "NORD", 102.86, 102.875),
        # number of regions
        ("parametri.toml", "valore = 2\n", "valore = 3\n", "gerarchia", "regione", 3, 2),
        # points of bands that do not rise
        ("controllo_processo.toml", "punti = 3", "punti = 1", "fasce", "controllate/punti", 1, 0),
        # total of 2028: 700 - (6 + 4) = 690, printed 693; tolerance half a unit each: 2
        ("consuntivi_d0.csv", "ieep.totale,690", "ieep.totale,693", "somme", "ieep.totale/2028/piano/D0", 693, 690),
        # variation: 875 / 800 - 1 = 9.375%, printed 9.36%
        ("consuntivi_d1.csv", "0.0938", "0.0936", "variazioni", "ieep.entrate/2029/variazione_stampata/D1",
        0.0936, 0.09375),
        # realisation: 875 / 800 = 109.375%, printed 109.5%
        ("consuntivi_d1.csv", "1.094", "1.095", "realizzazioni",
        "ieep.entrate/2029/realizzazione_stampata/D1", 1.095, 1.09375),
        # total of the newer document: 732 - 11 = 721, printed 724; tolerance 1.5
        ("consuntivi_d1.csv", "0.00,,", "0.00,11,", "somme", "ieep.totale/2028/consuntivo/D1", 724, 721),
        # a restated value that no defect names: 5 before, 6 now
        ("consuntivi_d1.csv", "ieep.interessi,8", "ieep.interessi.previdenziali,,,,6,\nieep.interessi,8",
        "riedizioni", "ieep.interessi.previdenziali/2028/consuntivo/D0", 5, 6),
    ],
)  # fmt: skip
def test_wrong_figure_is_found(changed, *, file, old, new, check, key, printed, computed):
    report = run_checks(changed(file, old, new))
    assert not report.ok
    assert report.check(check).status is CheckStatus.FAILED
    figure = next(figure for figure in report.check(check).failures if figure.key == key)
    assert figure.printed == pytest.approx(printed, abs=1e-12)
    assert figure.computed == pytest.approx(computed, abs=1e-12)
    assert figure.difference == pytest.approx(computed - printed, abs=1e-12)


def test_maximum_of_the_points(changed):
    report = run_checks(changed("parametri.toml", "valore = 5\n", "valore = 6\n"))
    figure = report.check("fasce").failures[0]
    assert (figure.key, figure.printed, figure.computed) == ("massimo", 6, 5)  # best bands: 3 + 2


def test_a_check_without_its_roles_does_not_apply(changed):
    report = run_checks(changed("ruoli.toml", 'pesi_costi = "costi_standard"\n', ""))
    assert report.ok
    found = report.check("indici")
    assert (found.status, found.lacking, found.figures) == (CheckStatus.ABSENT, ("pesi_costi",), ())
    assert "does not apply: ruoli.toml does not fill pesi_costi" in format_checks(report)
    assert report.check("cluster").status is CheckStatus.OK


def test_reading_that_does_not_add_up_either_fails(changed):
    report = run_checks(changed("difetti.toml", "letto = 792", "letto = 790"))
    failed = [(figure.key, figure.printed, figure.computed) for figure in report.check("somme").failures]
    assert failed == [("ieep.totale/2029/piano/D1/lettura", 790, 792)]


def test_defect_that_explains_nothing_is_stale(changed):
    report = run_checks(changed("ristampe.csv", "2030,58", "2030,85"))
    assert not report.ok
    (problem,) = report.check("difetti").problems
    assert problem.startswith(
        "defect slide-5-flussi: ristampe:giacenza.flussi/NAZIONALE/2030/slide 5 does not differ"
    )


def test_defect_of_an_unknown_figure_is_stale(changed):
    report = run_checks(changed("difetti.toml", "2030/slide 5", "2030/slide 6"))
    assert report.check("ristampe").status is CheckStatus.FAILED
    assert "slide 6" in report.check("difetti").problems[0]


def test_weights_that_do_not_sum():
    plan = load_directory(TOY)
    wrong = tuple(replace(w, value=0.5) if w.member == "giacenza.flussi" else w for w in plan.weights)
    figure = run_checks(replace(plan, weights=wrong)).check("pesi").failures[0]
    assert (figure.key, figure.printed) == ("giacenza", 1)
    assert figure.computed == pytest.approx(1.1)


def test_missing_target_shows_in_the_coverage():
    plan = load_directory(TOY)
    left = tuple(t for t in plan.targets if (t.indicator, t.structure) != ("giacenza.flussi", "ALFA"))
    figure = run_checks(replace(plan, targets=left)).check("copertura").failures[0]
    assert (figure.key, figure.printed, figure.computed) == ("giacenza", 16, 15)


def test_newer_value_of_an_act_is_the_one_compared(changed):
    # by atto-2 the printed national total is 991, which its rows (990) do not give any more
    line = "giacenza.pensioni,BETA,2030,31,giorni"
    added = f'ieep.totale,NAZIONALE,2030,991,euro,atto-2,"D1, Tabella B",\n{line}'
    report = run_checks(changed("modifiche.csv", line, added))
    assert [figure.key for figure in report.check("righe").failures] == ["ieep.totale/NAZIONALE/2030"]
    assert report.check("copertura").status is CheckStatus.OK


@pytest.mark.parametrize(
    ("printed", "computed", "tolerance", "agrees"),
    [
        (100, 101, 1, True),
        (100, 101.001, 1, False),
        (10_957_463_637, 10_957_463_639, 1, False),
        (0.3, 0.1 + 0.2, 0, True),
        (1, float("nan"), 10, False),
    ],
)
def test_agreement(printed, computed, tolerance, agrees):
    assert Figure("k", "l", printed, computed, tolerance, Unit.EURO).agrees is agrees
