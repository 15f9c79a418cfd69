"""`plan show`: words find targets, and the texts of both `plan` commands say what a reader needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from xl_perf.errors import PlanError
from xl_perf.plan import find_targets, load_directory, load_edition, run_checks
from xl_perf.plan.model import Unit
from xl_perf.plan.texts.report import format_checks, format_number, format_targets, format_value

TOY = Path(__file__).parent / "toy_plan"


@pytest.fixture(scope="module")
def toy():
    return load_directory(TOY)


def keys(targets):
    return [(target.indicator, target.structure) for target in targets]


def test_system_and_structure(toy):
    assert keys(find_targets(toy, "giacenza", "ALFA")) == [
        ("giacenza.pensioni", "ALFA"),
        ("giacenza.flussi", "ALFA"),
    ]


@pytest.mark.parametrize(
    "words",
    [
        ("flussi", "gamma'"),
        ("GAMMA", "Flussi"),
        ("gammà", "IG FLUSSI"),
        ("giacenza.flussi", "GAMMÀ"),
        ("gamma’", "giacenza", "flussi"),
    ],
)
def test_case_accents_and_order_do_not_count(toy, words):
    assert keys(find_targets(toy, *words)) == [("giacenza.flussi", "GAMMA'")]


@pytest.mark.parametrize(
    "words", [("DCM", "CITTA", "entrate"), ("entrate", "dcm_citta"), ("DCM CITTA", "entrate")]
)
def test_structure_of_several_words(toy, words):
    assert keys(find_targets(toy, *words)) == [("ieep.entrate", "DCM CITTA")]


def test_alias_of_several_words(toy):
    assert keys(find_targets(toy, "nord", "italia", "indice", "sintetico")) == [
        ("costi_standard.indice", "NORD")
    ]


def test_several_structures_mean_any_of_them(toy):
    assert keys(find_targets(toy, "flussi", "SUD", "NORD")) == [
        ("giacenza.flussi", "NORD"),
        ("giacenza.flussi", "SUD"),
    ]


def test_replaced_value_comes_first(toy):
    assert [target.value for target in find_targets(toy, "pensioni", "giacenza", "beta")] == [32, 31]


def test_period_is_a_word_too(toy):
    assert keys(find_targets(toy, "2030", "flussi", "SUD")) == [("giacenza.flussi", "SUD")]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("giacenze", "ALFA"),
            r"'giacenze' is no system, indicator or structure; expected for example giacenza",
        ),
        (("giacenza", "ALFFA"), r"'alffa' is no .*for example ALFA"),
        (("zzzz",), r"Systems are: giacenza, deflusso, ieep, costi_standard"),
        (("entrate", "ALFA"), r"no target for 'entrate ALFA'"),
        (("",), r"nothing to look for"),
        ((), r"nothing to look for"),
    ],
)
def test_words_that_find_nothing(toy, words, message):
    with pytest.raises(PlanError, match=message):
        find_targets(toy, *words)


def test_format_targets(toy):
    text = format_targets(toy, find_targets(toy, "pensioni", "giacenza", "beta"))
    assert text.splitlines() == [
        "BETA  IG Pensioni: 32 giorni  (replaced by a later act)",
        "    giacenza.pensioni, 2030, less is better, published",
        "    source: D1, Tabella A; act: A 1/2030, known from 10/01/2030",
        "BETA  IG Pensioni: 31 giorni",
        "    giacenza.pensioni, 2030, less is better, published",
        "    source: D1, Tabella A aggiornata; act: A 2/2030, known from 01/06/2030",
        "    note: ridotto",
        "2 targets",
    ]


def test_format_targets_says_the_reading(toy):
    text = format_targets(toy, find_targets(toy, "interessi", "SUD"))
    assert "SUD  Interessi (-): 0 euro" in text
    assert "note: cella vuota -> 0: il totale è uguale alle entrate" in text
    assert text.endswith("1 target")


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "text"),
    [
        (10_957_463_637, Unit.EURO, 0, "10.957.463.637 euro"),
        (30, Unit.DAYS, 0, "30 giorni"),
        (105.69, Unit.INDEX, 2, "105,69"),
        (0.0547, Unit.PERCENT, 2, "5,47%"),
        (0.5, Unit.PERCENT, 0, "50%"),
        (1.5, Unit.DAYS, 0, "1,5 giorni"),
        (-0.25, None, 2, "-0,25"),
        (24, Unit.POINTS, 0, "24 punti"),
    ],
)
def test_format_value(value, unit, decimals, text):
    assert format_value(value, unit, decimals) == text


def test_format_number_of_thirds_stops():
    assert format_number(1 / 3, 2) == "0,333333333"


def test_format_checks_shows_known_defects_with_both_figures(toy):
    text = format_checks(run_checks(toy))
    line = next(line for line in text.splitlines() if "[slide-5-flussi]" in line)
    assert " ".join(line.split()) == (
        "known NAZIONALE: IG Flussi (slide 5) printed 58 computed 85 difference 27 [slide-5-flussi]"
    )
    assert text.splitlines()[-1].endswith("4 explained by known defects, 0 unexplained")
    assert "Gestione" not in text


def test_format_checks_verbose_lists_every_figure(toy):
    report = run_checks(toy)
    short, long = format_checks(report), format_checks(report, verbose=True)
    figures = sum(len(check.figures) for check in report.checks)
    assert sum("computed" in line for line in long.splitlines()) == figures
    assert sum("computed" in line for line in short.splitlines()) == 4
    assert "cifre scambiate" in long


def test_format_checks_names_failures_with_tolerance_and_key(tmp_path):
    import shutil

    shutil.copytree(TOY, tmp_path / "p")
    table = tmp_path / "p" / "tabella_b.csv"
    table.write_text(table.read_text().replace("ieep.totale,990", "ieep.totale,989"))
    text = format_checks(run_checks(load_directory(tmp_path / "p")))
    assert "FAILED  righe" in text
    assert "allowed 0 euro; key ieep.totale/NAZIONALE/2030" in text
    assert text.splitlines()[-1].endswith("unexplained")
    assert not text.splitlines()[-1].endswith("0 unexplained")


def test_show_giacenza_torino():
    """The command of the documentation: Tabella A prints 30, 150, 130, 66 for TORINO."""
    plan = load_edition("piano-2021-2023")
    targets = find_targets(plan, "giacenza", "TORINO")
    assert [target.value for target in targets] == [30, 150, 130, 66]
    text = format_targets(plan, targets)
    assert "TORINO  IG Gestione conto assicurativo individuale: 150 giorni" in text
    assert "source: P21, Tabelle integrative, Tabella A; act: CdA 31/2021, known from 24/03/2021" in text


@pytest.mark.parametrize("name", ["FORLI'", "forlì", "Forli"])
def test_forli_in_every_spelling(name):
    plan = load_edition("piano-2021-2023")
    assert {t.structure for t in find_targets(plan, "giacenza", name)} == {"FORLI'"}


def test_word_that_is_also_part_of_a_title():
    """ROMA alone is no structure; the message offers the two that hold it."""
    plan = load_edition("piano-2021-2023")
    with pytest.raises(PlanError, match="DCM ROMA"):
        find_targets(plan, "giacenza", "roma")
