"""What indicators are missing: numbers worked by hand from facts that are typed into the examples."""

from __future__ import annotations

import json
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_UP

import pytest

from tests.official import EXAMPLES
from tests.typed import type_facts
from xl_perf.cli import main
from xl_perf.explain.formats import Formats
from xl_perf.explain.gap import gaps
from xl_perf.explain.gap_text import said_of
from xl_perf.package import open_package
from xl_perf.plan import load_edition
from xl_perf.templates.build import build_scorecard

SCORECARD = {
    ("giacenza.prestazioni_servizi", "giacenza", "GENOVA"): 1478,
    ("giacenza.prestazioni_servizi", "pervenuto", "GENOVA"): 16686,
    ("giacenza.prestazioni_servizi", "giacenza", "IMPERIA"): 1406,
    ("giacenza.prestazioni_servizi", "pervenuto", "IMPERIA"): 17791,
    ("deflusso.prestazioni_servizi", "definiti", "SAVONA"): 15358,
    ("deflusso.prestazioni_servizi", "pervenuti", "SAVONA"): 15512,
    ("progetti_miglioramento.c", "consuntivo", "LIGURIA"): 6162,
    ("sussidiarieta.liguria.piemonte", "consuntivo", "NAZIONALE"): 512,
}
COUNTS = (
    "a_controllo",
    "controllate",
    "regolarizzate_si",
    "regolarizzate_no",
    "notificate",
    "regolarizzate_30gg",
)
CONTROLS = {
    ("controllo_processo.punti", measure, structure): number
    for structure, numbers in (
        ("VALLE D'AOSTA", (542, 520, 22, 2, 2, 23)),
        ("PIEMONTE", (1694, 1694, 184, 17, 23, 201)),
    )
    for measure, number in zip(COUNTS, numbers, strict=True)
}


@pytest.fixture(scope="module")
def typed(tmp_path_factory):
    """The scorecard of LIGURIA for the III quarter, with the facts above."""
    path = tmp_path_factory.mktemp("scheda") / "scheda.xlsx"
    path.write_bytes(build_scorecard(load_edition(), "LIGURIA", 3, example=True))
    return type_facts(path, SCORECARD)


@pytest.fixture(scope="module")
def scorecard(typed):
    return {gap.name: gap for gap in gaps(open_package(typed))}


def test_the_pieces_that_a_stock_has_to_lose(scorecard):
    """GENOVA: 1,478 of 16,686 received x 360 = 31.888 days against 30: 30 x 16,686 / 360 = 1,390.5, so 1,390 pieces."""
    gap = scorecard["GENOVA · Punteggio giacenza (IG Prestazioni e servizi individuali)"]
    assert gap.actual.value == pytest.approx(1478 / 16686 * 360)
    assert (gap.target.value, gap.unit, gap.direction) == (30, "giorni", -1)
    assert gap.missing.value == pytest.approx(1478 / 16686 * 360 - 30)
    assert gap.driver.value.value == 1478
    assert gap.driver.needed.value == 1390
    assert gap.best.value == pytest.approx(15)  # 50% better than 30 days
    assert gap.annual is None


def test_the_pieces_that_an_outflow_has_to_gain(scorecard):
    """SAVONA: 15,358 finished of 15,512 received, target 1: all 15,512."""
    gap = scorecard["SAVONA · Punteggio deflusso (Indice di deflusso - Prestazioni e servizi individuali)"]
    assert gap.driver.needed.value == 15512
    assert gap.missing.value == pytest.approx(1 - 15358 / 15512)


def test_a_target_that_is_reached_is_missing_nothing(scorecard):
    gap = scorecard["IMPERIA · Punteggio giacenza (IG Prestazioni e servizi individuali)"]
    assert gap.score > 100
    assert gap.missing.value == 0


def test_the_end_of_the_year_by_programme_and_in_proportion(scorecard):
    """Progetto C: 6,162 by September, programme 75%: 8,216 of 8,689. Sussidiarieta' PIEMONTE: 70% by
    September: 512/0.7, 512/0.75.
    """
    gap = next(gap for name, gap in scorecard.items() if name.startswith("Progetto C"))
    assert gap.annual.value == 8689
    assert gap.programme.value.value == pytest.approx(8216)
    assert gap.linear.value.value == pytest.approx(8216)
    assert gap.programme.score == pytest.approx(100 * 8216 / 8689)
    support = scorecard["PIEMONTE · Punteggio"]
    assert support.annual.value == 720
    assert support.target.value == pytest.approx(504)
    assert support.programme.value.value == pytest.approx(512 / 0.7)
    assert support.linear.value.value == pytest.approx(512 / 0.75)
    assert support.linear.score == pytest.approx(100 * (512 / 0.75) / 720)


def test_an_indicator_stands_once_under_the_name_of_the_summary(scorecard, typed):
    assert "Riduzione della giacenza ponderata Ricorsi Amministrativi · Punteggio" in scorecard
    cells = [gap.cell for gap in gaps(open_package(typed))]
    assert len(cells) == len(set(cells))


def test_practices_to_control_for_the_next_band(tmp_path):
    """Valle d'Aosta: 520 of 542 is 95.94%, third band. More than 99.5% needs 540 (99.63%; 539 is 99.45%): 20
    more, 5 points -> 7.

    The ratio of irregular practices stays in its best band, as its denominator grows: 19 points become 21.
    """
    path = tmp_path / "controllo.xlsx"
    path.write_bytes((EXAMPLES / "controllo_processo_esempio.xlsx").read_bytes())
    found = {gap.name: gap for gap in gaps(open_package(type_facts(path, CONTROLS)))}
    gap = found["VALLE D'AOSTA · Punteggio"]
    assert (gap.actual.value, gap.target.value) == (19, 20)
    assert (gap.band.practices, gap.band.points) == (20, 21)
    assert gap.full == gap.band
    assert gap.best is None
    controlled = found["PIEMONTE · Punteggio"]
    assert (controlled.band, controlled.left) == (None, 0)  # all 1,694 practices are controlled
    said = said_of(controlled)
    assert ("tutte le pratiche sono controllate" in said) == (controlled.missing.value > 0)


@pytest.mark.parametrize(
    ("due", "done", "shown"),
    [
        (542, 520, 20),  # 99.5% of 542 is 539.29: 540 practices
        (1000, 700, 1),  # 70% is the end of the first band, 701 is 70.1%
        (1694, 1694, ""),  # the highest band
        (200, 181, 19),  # 90.5%, third band; 199 is 99.5%, its end: all 200
    ],
)
def test_practices_for_the_next_band_of_the_controls_in_the_scorecard(tmp_path, due, done, shown):
    """P21, slide 9: 0-70%, 71-90%, 91-99,5%, 99,51-100%, read as bands without gaps (assumption)."""
    path = tmp_path / "scheda.xlsx"
    path.write_bytes(build_scorecard(load_edition(), "VALLE D'AOSTA", 4))
    counts = zip(COUNTS, (due, done, 0, 0, 0, 0), strict=True)
    type_facts(
        path, {("controllo_processo.punti", measure, "VALLE D'AOSTA"): number for measure, number in counts}
    )
    cells = open_package(path).cells("Controllo e ricorsi")
    found = [
        cell for cell in cells if cell.value == "Pratiche da controllare in più per la fascia successiva"
    ]
    assert len(found) == 1
    value = next(c.value for c in cells if (c.row, c.column) == (found[0].row, 2))
    assert value == shown


@pytest.mark.parametrize(
    ("value", "rounding", "shown"),
    [
        (0.4, ROUND_UP, "1"),  # 0.4 of a day is not 0 days
        (120.2, ROUND_CEILING, "121"),  # more is better: 121 are enough, 120 are not
        (129.8, ROUND_FLOOR, "129"),  # less is better: 129 days are few enough, 130 are not
        (0.1 + 0.2 + 119.7, ROUND_CEILING, "120"),  # the last bits of a sum do not count
    ],
)
def test_what_is_shown_is_enough(value, rounding, shown):
    package = open_package(EXAMPLES / "giacenza_esempio.xlsx")
    style = next(style for style, code in package.number_formats.items() if code == "#,##0")
    assert Formats(package).text(value, style, rounding) == shown


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.xlsx")), ids=lambda path: path.stem)
def test_every_indicator_has_a_name_of_its_own(path):
    names = [gap.name for gap in gaps(open_package(path))]
    assert len(names) == len(set(names))
    if path.stem == "giacenza_esempio":
        assert "ABRUZZO · Punteggio giacenza (IG Flussi contributivi (esclusa vig. isp.))" in names


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.xlsx")), ids=lambda path: path.stem)
def test_the_needed_actual_gives_the_score_in_every_workbook(path):
    """target - actual, in the direction, is what is missing wherever the score is below 100, and nowhere else."""
    found = gaps(open_package(path))
    assert found
    for gap in found:
        assert (gap.missing.value > 1e-9) == (gap.score < 100 - 1e-9), gap.name
        assert gap.actual.value + gap.direction * gap.missing.value == pytest.approx(
            gap.target.value if gap.missing.value else gap.actual.value
        )


def test_the_command(typed, tmp_path, capsys):
    out = tmp_path / "mancante.json"
    assert main(["gap", str(typed), "--below", "--json", str(out)]) == 0
    found = json.loads(out.read_text(encoding="utf-8"))
    assert all(one["missing"]["value"] > 0 for one in found)
    assert main(["gap", str(typed)]) == 0
    said = capsys.readouterr().out
    assert "GENOVA · Giacenza omogeneizzata 1.390 instead of 1.478" in said
    assert main(["gap", str(tmp_path / "manca.xlsx")]) == 1
