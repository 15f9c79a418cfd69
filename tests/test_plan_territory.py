"""The territorial structures in the edition piano-2021-2023 against the slides of the Allegato Tecnico.

Expected values are copied from the documents: P21 (AT: its Allegato Tecnico) and P20.
"""

from __future__ import annotations

import math
from collections import Counter

import pytest

from xl_perf.functions import (
    DISMISSIONE_INDEX,
    OBIETTIVO,
    PRODUTTIVITA_INDEX,
    PROGETTI_SINTESI,
    QUALITA_INDEX,
)
from xl_perf.plan import find_targets, load_edition, run_checks
from xl_perf.plan.model import Direction, Status, Unit
from xl_perf.plan.nodes import NodeKind, RuleCode

QUARTERS = tuple(f"2021-T{number}" for number in range(1, 5))


@pytest.fixture(scope="module")
def plan():
    return load_edition("piano-2021-2023")


@pytest.fixture(scope="module")
def report(plan):
    return run_checks(plan)


@pytest.mark.parametrize(
    ("indicator", "structure", "value"),
    [
        # AT, slide 11: projects in effective pieces
        ("progetti_miglioramento.a", "PIEMONTE", 5_142),
        ("progetti_miglioramento.b", "VALLE D'AOSTA", 247),
        ("progetti_miglioramento.c", "TRENTINO ALTO ADIGE", 829),
        ("progetti_miglioramento.b", "DCM ROMA", 904_584),
        ("progetti_miglioramento.c", "DCM MILANO", 60_343),
        ("progetti_miglioramento.a", "MOLISE", 14),
        ("progetti_miglioramento.a", "NAZIONALE", 80_000),
        # AT, slide 12: totals of the supporting structures
        ("sussidiarieta.pezzi", "CAMPANIA", 15_839),
        ("sussidiarieta.pezzi", "FRIULI VENEZIA GIULIA", 2_130),
        ("sussidiarieta.pezzi", "LIGURIA", 1_103),
        ("sussidiarieta.pezzi", "MOLISE", 14_320),
        ("sussidiarieta.pezzi", "UMBRIA", 1_376),
        ("sussidiarieta.pezzi", "NAZIONALE", 134_990),
        # AT, slide 13
        ("ricorsi.giacenza_ponderata_dica", "ABRUZZO", 30),
        ("ricorsi.giacenza_ponderata_dica", "PUGLIA", 37),
        ("ricorsi.giacenza_ponderata_dica", "LAZIO", 96),
        ("ricorsi.giacenza_ponderata_dica", "VENETO", 132),
        ("ricorsi.giacenza_ponderata_dica", "MOLISE", 121),
        # AT, conto economico
        ("redditivita.indice", "VALLE D'AOSTA", 1.54),
        ("redditivita.indice", "DCM MILANO", 6.43),
        ("redditivita.indice", "NAZIONALE", 4.20),
        ("redditivita.costi_diretti", "LAZIO", 0.8204),
        ("redditivita.costi_diretti", "NAZIONALE", 0.9335),
        ("redditivita.costo_produzione", "MOLISE", 0.7905),
        ("redditivita.costo_produzione", "NAZIONALE", 0.8753),
        ("redditivita.costo_punto", "LAZIO", 161.98),
        ("redditivita.costo_punto", "DCM MILANO", 101.84),
        ("redditivita.costo_punto", "NAZIONALE", 129.27),
        # AT, efficienza: shares by group, four exceptions and Trentino
        ("personale.produzione", "DCM ROMA", 0.82),
        ("personale.produzione", "DCM NAPOLI", 0.82),
        ("personale.produzione", "SICILIA", 0.83),
        ("personale.produzione", "BASILICATA", 0.84),
        ("personale.produzione", "LAZIO", 0.86),
        ("personale.produzione", "NAZIONALE", 0.86),
        ("personale.produzione", "DCM MILANO", 0.87),
        ("personale_regionale.quota", "VALLE D'AOSTA", 0.09),
        ("personale_regionale.quota", "ABRUZZO", 0.07),
        ("personale_regionale.quota", "DCM MILANO", 0.055),
        ("personale_regionale.quota", "LAZIO", 0.11),
        ("personale_regionale.quota", "TRENTINO ALTO ADIGE", 0.10),
        ("personale_regionale.quota", "CAMPANIA", 0.06),
        ("personale_regionale.quota", "DCM NAPOLI", 0.05),
        ("personale_regionale.quota", "DCM ROMA", 0.045),
        ("produttivita.indice", "BASILICATA", 124),
        ("produzione.lorda", "NAZIONALE", 23_291_060),
        # AT, dismissione and Ge.M.P.I.
        ("dismissione.unita", "LAZIO", 250),
        ("dismissione.valore", "LAZIO", 30_000_000),
        ("dismissione.valore", "MARCHE", 1_000_000),
        ("dismissione.unita", "NAZIONALE", 600),
        ("dismissione.valore", "NAZIONALE", 60_000_000),
        ("gempi.errori", "PUGLIA", 60),
        ("gempi.errori", "UMBRIA", 2),
        ("gempi.errori", "NAZIONALE", 457),
        ("qualita.sintetico", "CALABRIA", 100),
    ],
)
def test_target(plan, indicator, structure, value):
    assert plan.target(indicator, structure).value == value
    assert OBIETTIVO(indicator, structure) == value


def test_how_many_structures_have_a_target(plan):
    """AT: 22 DR/DCM with ricorsi, 15 Direzioni regionali with dismissione, 19 with Ge.M.P.I., 6 supporting ones."""
    found = Counter(t.indicator for t in plan.targets if t.period == "2021" and t.structure != "NAZIONALE")
    assert found["ricorsi.giacenza_ponderata_dica"] == 22
    assert found["dismissione.unita"] == found["dismissione.valore"] == 15
    assert found["gempi.errori"] == 19
    assert found["sussidiarieta.pezzi"] == 6
    for code in ("progetti_miglioramento.b", "redditivita.costo_punto", "personale_regionale.quota"):
        assert found[code] == 23, code


def test_directions(plan):
    """Less is better for the giacenza of ricorsi, costs per point, support shares, balances to cash in."""
    lower = {
        code.rpartition(".")[2]
        for code, indicator in plan.indicators.items()
        if indicator.direction is Direction.LOWER
        and indicator.system
        in ("ricorsi", "redditivita", "personale_supporto", "personale_regionale", "visite_mediche")
    }
    assert lower == {"giacenza_ponderata_dica", "costo_punto", "quota", "gpa0037", "gpa52002"}


class TestProgramme:
    """AT slides 5 and 6: the programme of the four quarters."""

    @pytest.mark.parametrize(
        ("indicator", "structure", "values"),
        [
            # 25, 50, 75, 100% of 10.957.463.637 and of 10.536.573
            ("ieep.totale", "NAZIONALE", (2739365909.25, 5478731818.5, 8218097727.75, 10957463637)),
            ("ieep.totale", "VALLE D'AOSTA", (2634143.25, 5268286.5, 7902429.75, 10536573)),
            # 25, 50, 75, 100% of 23.291.060
            ("produzione.lorda", "NAZIONALE", (5822765, 11645530, 17468295, 23291060)),
            # 20, 50, 70, 100% of 134.990 and of 4.682
            ("sussidiarieta.pezzi", "NAZIONALE", (26998, 67495, 94493, 134990)),
            ("sussidiarieta.pezzi", "ABRUZZO", (936.4, 2341, 3277.4, 4682)),
            ("produttivita.indice", "NAZIONALE", (100, 108, 116, 124)),
            ("produttivita.indice", "SARDEGNA", (100, 108, 116, 124)),
            ("deflusso.altre_aree", "NAZIONALE", (1, 1, 1, 1)),
            ("personale.produzione", "NAZIONALE", (0.86, 0.86, 0.86, 0.86)),
            ("redditivita.indice", "NAZIONALE", (4.20, 4.20, 4.20, 4.20)),
            ("redditivita.costi_diretti", "NAZIONALE", (0.9335, 0.9335, 0.9335, 0.9335)),
            ("redditivita.costo_produzione", "NAZIONALE", (0.8753, 0.8753, 0.8753, 0.8753)),
            ("redditivita.costo_punto", "NAZIONALE", (129.27, 129.27, 129.27, 129.27)),
        ],
    )
    def test_numbers(self, plan, indicator, structure, values):
        found = [plan.target(indicator, structure, quarter).value for quarter in QUARTERS]
        assert found == pytest.approx(values, rel=1e-12)

    @pytest.mark.parametrize(
        ("area", "days"),
        [
            ("prestazioni_servizi", 30),
            ("conto_assicurativo", 128),
            ("flussi_contributivi", 109),
            ("altre_aree", 75),
        ],
    )
    def test_giacenza_falls_until_the_target_of_the_fourth_quarter(self, plan, area, days):
        indicator = f"giacenza.{area}"
        assert plan.target(indicator, "NAZIONALE", "2021-T4").value == days
        rules = [plan.rule(indicator, "NAZIONALE", quarter) for quarter in QUARTERS]
        assert [rule and rule.rule for rule in rules] == [RuleCode.FALLING] * 3 + [None]
        assert [rule.base_period for rule in rules[:3]] == ["2020", "2021-T1", "2021-T2"]

    def test_quality_is_to_exceed_its_index(self, plan):
        rules = [plan.rule("qualita.sintetico", "NAZIONALE", quarter) for quarter in QUARTERS]
        assert [rule.rule for rule in rules] == [RuleCode.RISING] * 4

    def test_source_and_status(self, plan):
        quarter = plan.target("ieep.totale", "LAZIO", "2021-T1")
        assert (str(quarter.source), quarter.status) == ("P21, Allegato Tecnico, slide 5", Status.PUBLISHED)
        section = plan.target("ieep.entrate", "LAZIO", "2021-T1")
        assert section.status is Status.ASSUMED
        assert "assunzione" in section.note

    def test_shares_reach_the_whole(self, plan):
        last = {part.indicator: part.share for part in plan.programme if part.period == "2021-T4"}
        assert set(last) == {part.indicator for part in plan.programme}
        assert set(last.values()) == {1}

    def test_search_gives_a_share_only_when_its_period_is_asked_for(self, plan):
        assert [t.period for t in find_targets(plan, "ieep.totale", "LAZIO")] == ["2021"]
        (quarter,) = find_targets(plan, "ieep.totale", "LAZIO", "2021-T3")
        assert quarter.value == 0.75 * plan.target("ieep.totale", "LAZIO").value


# --- lines ----------------------------------------------------------------------------------------------------------


def _line(plan, code):
    return next(line for line in plan.lines if line.code == code)


@pytest.mark.parametrize(
    ("code", "value"),
    [
        # the rows that the text shifts, read with the subtotals of AT slide 12
        ("sussidiarieta.eco.umbria", 10),
        ("sussidiarieta.campania.dcm_napoli", 9_838),
        ("sussidiarieta.friuli_venezia_giulia.emilia_romagna", 510),
        ("sussidiarieta.liguria.toscana", 110),
        ("sussidiarieta.molise.toscana", 12_520),
        ("sussidiarieta.umbria.dcm_roma", 1_376),
        ("sussidiarieta.dst", 80_981),
        ("sussidiarieta.eco", 5_849),
        ("sussidiarieta.tfs_tfr", 8_710),
        ("sussidiarieta.totale", 134_990),
    ],
)
def test_sussidiarieta(plan, code, value):
    assert (_line(plan, code).value, _line(plan, code).unit) == (value, Unit.PIECES)


def test_sussidiarieta_names_both_structures(plan):
    line = _line(plan, "sussidiarieta.campania.trentino_alto_adige")
    assert (line.structure, line.counterpart) == ("CAMPANIA", "TRENTINO ALTO ADIGE")
    assert _line(plan, "sussidiarieta.eco.dcm_milano").counterpart == "DCM MILANO"  # printed DC MILANO


def test_chapters_of_spending(plan):
    """AT, gestione della spesa: 12 chapters in the first table, 11 in the second, four groups."""
    chapters = [line for line in plan.lines_of("spesa") if line.parent]
    assert len(chapters) == 12 + 11
    assert Counter(line.parent for line in chapters) == {
        "spesa.inps_pr_d": 3,
        "spesa.inps_bs_v": 1,
        "spesa.inps_bs_d": 15,
        "spesa.inps_vdcfi": 4,
    }
    assert all(line.value is None for line in chapters)
    read = _line(plan, "spesa.inps_bs_d.5u1104018")
    assert read.title.startswith("Spese di facchinaggio")
    assert "SU1104018" in read.note


def test_support_shares_by_cluster(plan):
    lines = {line.title: line.value for line in plan.lines_of("personale_supporto")}
    assert lines == {
        "Cluster M2B - M3B": 0.062,
        "Cluster P2A - P2B - P2C": 0.067,
        "Cluster P3A - P3B - P3C": 0.076,
        "Cluster P4A - P4B - P4C": 0.086,
    }


# --- parameters, rules, trees ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("progetti_miglioramento.peso_regionale", 0.05),
        ("progetti_miglioramento.peso_regionale_massimo", 0.15),
        ("spesa.scostamento_massimo", 0.05),
        ("spesa.conto_1005", 0.03),
        ("spesa.conto_1005_finale", 0),
        ("dismissione.obiettivo", 100),
    ],
)
def test_parameters_are_published(plan, code, value):
    assert (plan.parameters[code].value, plan.parameters[code].status) == (value, Status.PUBLISHED)


def test_scale_of_the_incentivo_speciale_is_an_assumption_from_outside(plan):
    scale = [p for code, p in plan.parameters.items() if code.startswith("incentivo_speciale.")]
    assert len(scale) == 3
    assert all(p.status is Status.ASSUMED and "esterna al piano" in p.note for p in scale)


@pytest.mark.parametrize(("account", "amount"), [("gpa0037", -0.05), ("gpa52002", -0.10)])
def test_visite_mediche(plan, account, amount):
    rules = [r for r in plan.target_rules if r.indicator == f"visite_mediche.{account}"]
    own = {region.code for region in plan.regional()}
    assert {rule.structure for rule in rules} == {*own, plan.national}, (
        "the sum of the regions has the same rule"
    )
    assert {(r.rule, r.amount, r.base_period) for r in rules} == {(RuleCode.PERCENT_ACTUAL, amount, "2020")}
    weights = plan.weights_of("scheda.finanza.visite_mediche")
    assert [(w.value, w.status) for w in weights] == [(0.5, Status.PUBLISHED)] * 2


def test_scorecard_has_the_perspectives_and_indicators_of_the_allegato_tecnico(plan):
    """AT, slide 4: five perspectives, their indicators in the order of the slide."""
    assert [node.title.removeprefix("Prospettiva ") for node in plan.children("scheda")] == [
        "Processi", "Finanza", "Sviluppo", "Strategia", "Utenza"
    ]  # fmt: skip
    assert len(plan.children("scheda.processi")) == 8
    assert [node.code.rpartition(".")[2] for node in plan.children("scheda.finanza")] == [
        "ieep", "redditivita", "visite_mediche", "spesa"
    ]  # fmt: skip
    weights = [w for w in plan.weights if w.node.startswith("scheda") and "visite" not in w.node]
    assert {w.status for w in weights} == {Status.ASSUMED}


def test_every_region_has_an_aim_for_every_leaf_of_its_scorecard(plan):
    """But what the slides leave out: ricorsi (Valle d'Aosta), dismissione (5 regions, DCM), sussidiarieta' (17)."""
    leaves = [n for n in plan.nodes_of("scheda") if n.kind is NodeKind.INDICATOR and not n.output]
    aims = {(t.indicator, t.structure) for t in plan.targets} | {
        (r.indicator, r.structure) for r in plan.target_rules
    }
    without = Counter(
        leaf.indicator
        for leaf in leaves
        for region in plan.regional()
        if (leaf.indicator, region.code) not in aims
    )
    assert without == {
        "ricorsi.giacenza_ponderata_dica": 1,
        "dismissione.unita": 8,
        "dismissione.valore": 8,
        "sussidiarieta.pezzi": 17,
    }


# --- published results ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "period", "measure", "document", "value"),
    [
        ("qualita.variazione_anno_precedente", "2018", "consuntivo", "P20", 0.0702),
        ("qualita.variazione_anno_precedente", "2020", "consuntivo", "P21", 0.1181),
        ("qualita.variazione_budget", "2019", "consuntivo", "P21", -0.0071),
        ("qualita.variazione_budget", "2020", "consuntivo", "P21", 0.0321),
        ("customer_experience.globale", "2019", "consuntivo", "P20", 3.74),
        ("customer_experience.generici.omnicanalita", "2020", "consuntivo", "P21", 3.09),
        ("customer_experience.covid.giudizio_globale", "2020", "consuntivo", "P21", 3.42),
        ("servizi.pensioni_private", "2020", "consuntivo", "P21", 19),
        ("servizi.naspi", "2019", "consuntivo", "P20", 27.11),
        ("servizi.naspi", "2019", "consuntivo", "P21", 26),
        ("servizi.durc_pervenuto", "2020", "consuntivo", "P21", 3_511_821),
        ("covid.cassa_deroga", "2020", "pervenuto", "P21", 1_734_262),
        ("covid.rem", "2020", "definito", "P21", 1_320_374),
        ("sussidiarieta.nazionale", "2020", "consuntivo", "P21", 956_452),
        ("progetti_miglioramento.nazionali", "2020", "piano", "P21", 2_968_451),
        ("progetti_miglioramento.b", "2021", "baseline", "P21", 3_783_310),
    ],
)  # fmt: skip
def test_published_result(plan, item, period, measure, document, value):
    assert plan.actual(item, period, measure, document=document).value == value


def test_printed_errors_of_services(report):
    """By hand: 94,68/95,64 - 1 = -1,00%; 3.511.821/3.652.927 - 1 = -3,86%; 95,96/99,28 - 1 = -3,34%;
    79.784/69.873 - 1.
    """
    assert {
        figure.key.partition("/")[0]: round(figure.computed, 4) for figure in report.check("annue").known
    } == {
        "servizi.matricola": -0.0100,
        "servizi.durc_pervenuto": -0.0386,
        "servizi.durc_completato": -0.0334,
        "servizi.cigo_giacenza": 0.1418,
    }


def test_totals_that_do_not_add_up(report):
    """AT, dismissione: the rows make 580 units and 59.200.000 against the printed 600 and 60.000.000."""
    known = {figure.key: (figure.printed, figure.computed) for figure in report.check("regioni").known}
    assert known == {
        "dismissione.unita/2021": (600, 580),
        "dismissione.valore/2021": (60_000_000, 59_200_000),
    }


def test_national_ratios_are_ratios_of_sums(report):
    """From the 23 regional values: 4,20, 93,35%, 87,53% and 129,27 as printed."""
    figures = {figure.key: figure for figure in report.check("rapporti").figures}
    assert round(figures["redditivita.indice"].computed, 2) == 4.20
    assert round(figures["redditivita.costi_diretti"].computed, 4) == 0.9335
    assert round(figures["redditivita.costo_produzione"].computed, 4) == 0.8753
    assert round(figures["redditivita.costo_punto"].computed, 2) == 129.27


def test_lines_add_up(report):
    """AT slide 12: nine subtotals and the national total, six of them targets of a structure, and the total again.

    One more: 275 central and 260 territorial processes of the anticorruption plan are its 535.
    """
    figures = report.check("linee").figures
    assert len(figures) == 10 + 7 + 1
    assert all(figure.difference == 0 for figure in figures)


# --- functions on the plan's own numbers ----------------------------------------------------------------------------


def test_projects_2020_national(plan):
    """P21, Produzione: 1.995.494 of 2.968.451 pieces is -33% (printed)."""
    target = plan.actual("progetti_miglioramento.nazionali", "2020", "piano").value
    actual = plan.actual("progetti_miglioramento.nazionali", "2020").value
    assert PROGETTI_SINTESI([[actual]], [[target]], [[1]]) == pytest.approx(100 - 33, abs=0.5)


def test_quality_2020(plan):
    """P21, Qualità 2020: +11,81% on the year before, +3,21% on the budget; an index has its reference at 100."""
    for item, printed in (("variazione_anno_precedente", 111.81), ("variazione_budget", 103.21)):
        variation = plan.actual(f"qualita.{item}", "2020").value
        assert math.isclose(QUALITA_INDEX([[100 * (1 + variation)]], [[100]]), printed)


def test_targets_reached_exactly(plan):
    unit, value = (plan.target(f"dismissione.{part}", "PIEMONTE").value for part in ("unita", "valore"))
    assert DISMISSIONE_INDEX(0.7 * unit, unit, 0.3 * value, value) == pytest.approx(100)
    points = plan.target("produttivita.indice", "PIEMONTE", "2021-T1").value
    assert PRODUTTIVITA_INDEX(points * 8 * 3, 8, 3) == points
