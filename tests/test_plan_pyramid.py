"""The value pyramid, the objectives of both editions and their rules against the documents.

Expected values are copied from P21 (Piano 2021-2023) and P20 (Piano 2020-2022).
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from xl_perf.catalog.rule_texts import CODES, parse_rule
from xl_perf.functions import OBIETTIVO, OBIETTIVO_REGOLA, PERF_SCORE, PERF_SINTESI, VALORE_PUBBLICO
from xl_perf.plan import edition_ids, load_edition, run_checks
from xl_perf.plan.model import Direction, Status, Unit
from xl_perf.plan.nodes import NodeKind, RuleBase, RuleCode
from xl_perf.plan.reading.rules import in_points

EDITIONS = Path(__file__).parents[1] / "xl_perf" / "plan" / "editions"


# rules whose printed words alone would be read otherwise, with the reading that their note gives
READ = {
    "obiettivi.quota_100_lista": "the baseline is the consuntivo 2019",
    "obiettivi.contenzioso_personale": "the baseline is the consuntivo 2019",
    "obiettivi.follower": "the baseline of a later year is the number reached",
}


@pytest.fixture(scope="module")
def plan():
    return load_edition("piano-2021-2023")


@pytest.fixture(scope="module")
def older():
    return load_edition("piano-2020-2022")


def _weights(plan, node):
    return [child.weight for child in plan.children(node)]


class TestTree:
    """P21, "Indice sintetico del valore pubblico", "Performance strategica di Ente - dettaglio pesi",
    objectives A..I.
    """

    @pytest.mark.parametrize(
        ("node", "weights"),
        [
            ("piramide.istituzionale", [0.30, 0.15, 0.15, 0.20, 0.20]),
            ("piramide.gestionale", [0.10, 0.30, 0.40, 0.20]),
            ("piramide.strategica", [0.10, 0.30, 0.10, 0.10, 0.40]),
            ("piramide.area_governo", [1]),
            ("piramide.area_assetti", [0.30, 0.30, 0.40]),
            ("piramide.area_strumentali", [1]),
            ("piramide.area_evasione", [1]),
            ("piramide.area_servizi", [0.20, 0.50, 0.30]),
            ("piramide.A", [0.40, 0.20, 0.40]),
            ("piramide.B", [0.75, 0.25]),
            ("piramide.C", [0.40, 0.15, 0.15, 0.30]),
            ("piramide.D", [0.30, 0.30, 0.30, 0.10]),
            ("piramide.E", [0.50, 0.50]),
            ("piramide.F", [0.50, 0.40, 0.10]),
            ("piramide.G", [0.10, 0.10, 0.20, 0.20, 0.30, 0.10]),
            ("piramide.H", [0.10, 0.10, 0.40, 0.10, 0.30]),
            ("piramide.I", [0.50, 0.10, 0.40]),
        ],
    )
    def test_printed_weights(self, plan, node, weights):
        assert _weights(plan, node) == weights
        assert all(child.weight_status is Status.PUBLISHED for child in plan.children(node))

    def test_weights_of_the_top_are_assumed(self, plan):
        top = plan.children("piramide.valore_pubblico")
        assert [node.weight for node in top] == [1 / 3] * 3
        assert {node.weight_status for node in top} == {Status.ASSUMED}
        assert all(node.note.startswith("assunzione") for node in top)

    @pytest.mark.parametrize(
        ("group", "members"),
        {
            "A.3": 4,
            "B.2": 2,
            "C.4": 4,
            "D.3": 3,
            "E.1": 2,
            "E.2": 3,
            "F.2": 4,
            "G.5": 2,
            "G.6": 2,
            "H.3": 3,
            "H.5": 4,
            "I.3": 2,
        }.items(),
    )
    def test_groups_that_share_a_weight(self, plan, group, members):
        found = plan.children(f"piramide.{group}")
        assert len(found) == members
        assert plan.node(f"piramide.{group}").kind is NodeKind.GROUP
        assert {node.weight_status for node in found} == {Status.ASSUMED}

    def test_every_group_is_in_the_list(self, plan):
        groups = [n.code for n in plan.nodes_of("piramide") if n.kind is NodeKind.GROUP]
        assert len(groups) == 12

    def test_project(self, plan):
        node = plan.node("piramide.C.4.2")
        assert node.owner == "Coordinamento Generale Statistico Attuariale"
        assert node.output == "Rilascio in esercizio della procedura con messaggio Hermes"
        assert node.risk == "Mancato miglioramento organizzativo"
        assert node.title.startswith("Realizzazione cruscotto mappatura competenze professionali")
        assert "PR Biennale 2020-2021" in node.note

    def test_several_owners(self, plan):
        assert plan.node("piramide.E.2.1").owner.split(" | ") == [
            "DC Patrimonio e Investimenti",
            "DC Bilanci, Contabilità e Servizi Fiscali",
            "Coordinamento Generale Tecnico Edilizio",
            "DC Risorse Strumentali e Centrale Unica Acquisti",
        ]

    def test_every_leaf_has_a_risk(self, plan):
        # the plan prints a risk beside every objective; the perspectives of the performance gestionale have none
        leaves = [n for n in plan.nodes_of("piramide") if n.kind in (NodeKind.INDICATOR, NodeKind.PROJECT)]
        without = [n.code for n in leaves if not n.risk]
        assert [code.partition(".gestionale.")[2] for code in without] == [
            "sviluppo",
            "finanza",
            "processi",
            "utenza",
        ]

    def test_projects_have_owners(self, plan):
        projects = [n for n in plan.nodes_of("piramide") if n.kind is NodeKind.PROJECT]
        assert len(projects) == 33
        cross = [n for n in projects if "determinazione direttoriale 4/2021" in n.note]
        assert len(cross) == 8
        # AT, slide 50: the Direttore Centrale Organizzazione answers for the projects of determinazione 4
        assert all(
            n.owner.startswith("Direttore Centrale Organizzazione e Comunicazione Interna | ") for n in cross
        )
        assert all(n.owner for n in projects)


class TestTargets:
    @pytest.mark.parametrize(
        ("code", "baseline", "targets"),
        [
            # P21, "Obiettivi generali di ente triennali": baseline, 2021, 2022, 2023
            ("ammortizzatori_qualita", 100, (102, 102, 101)),
            ("ricorsi_qualita", 100, (102, 102, 102)),
            ("smart_worker", 0.1909, (0.60, None, None)),
            ("welfare", 0.34, (0.34, None, None)),
            ("piano_lavori", 71, (81, 86, 91)),
            ("giacenza_totale", 72, (70, 68, 65)),
            ("deflusso_totale", 1.01, (1.02, 1.03, 1.03)),
            ("dismissione_unita", 631, (600, 630, 661)),
            ("dismissione_valore", 51_520_000, (60_000_000, 63_000_000, 66_100_000)),
            ("maggiori_entrate", 5_930_504_582, (8_855_168_560, None, None)),
            ("rdc_definito", 0.9426, (0.95, 0.95, 0.95)),
            ("famiglie_definito", 0.9340, (0.94, 0.95, 0.95)),
            ("invalidita_civile_qualita", 100, (103, 101, 101)),
            ("medico_legale_efficacia", 100, (103, 101, 101)),
            ("conti_individuali", 100, (107, 102, 101)),
            ("giacenza_posizione", 123, (120, 100, 80)),
            ("rvpa", 708_216, (550_000, None, None)),
            ("implementazione_posizione", 150_962, (80_000, None, None)),
            ("scarti", 3_783_310, (1_900_000, None, None)),
            ("estratto_conto", 224_282, (156_750, 165_000, 170_000)),
            ("customer_care_qualita", 100, (103, 102, 101)),
            ("follower", 1_053_272, (1_158_599.2, None, None)),  # by hand: 1.053.272 * 1,1
        ],
    )
    def test_three_years(self, plan, code, baseline, targets):
        indicator = f"obiettivi.{code}"
        assert plan.actual(indicator, "2021", "baseline").value == baseline
        for period, value in zip(("2021", "2022", "2023"), targets, strict=True):
            given = OBIETTIVO(indicator, "NAZIONALE", period)
            assert given == (pytest.approx(value, rel=1e-15) if value is not None else "#N/A")

    @pytest.mark.parametrize(
        ("code", "baseline", "target", "unit", "direction", "act"),
        [
            # P21, "Indicatori di impatto"; 88% + 1 point and 219.535.401,35 * 0,96 by hand
            ("continuity_income", 0.88, 0.89, Unit.PERCENT, Direction.HIGHER, "cda-31-2021"),
            ("average_time", 30, 27, Unit.DAYS, Direction.LOWER, "cda-31-2021"),
            ("litigation_costs", 219_535_401.35, 210_753_985.296, Unit.EURO, Direction.LOWER, "cda-31-2021"),
            ("reputation", 3.03, 3.33, Unit.POINTS, Direction.HIGHER, "cda-133-2021"),
            ("inspection_payment", 76_388_271.53, 196_607_180, Unit.EURO, Direction.HIGHER, "cda-133-2021"),
        ],
    )
    def test_impact(self, plan, code, baseline, target, unit, direction, act):
        found = plan.target(f"impatto.{code}", "NAZIONALE")
        assert (found.value, found.unit, found.direction, found.act) == (target, unit, direction, act)
        assert plan.actual(f"impatto.{code}", "2021", "baseline").value == baseline

    def test_what_a_rule_gives_is_not_published(self, plan):
        assert plan.target("obiettivi.follower", "NAZIONALE").status is Status.RECOVERED
        assert plan.target("obiettivi.rdc_definito", "NAZIONALE").status is Status.PUBLISHED

    def test_before_the_amendment_its_targets_are_not_known(self):
        assert OBIETTIVO("obiettivi.follower", "NAZIONALE", "2021", dt.date(2021, 9, 28)) == "#N/A"
        assert OBIETTIVO("obiettivi.follower", "NAZIONALE", "2021", dt.date(2021, 9, 29)) == 1158599.2


def test_pyramid_from_leaf_to_top(plan):
    """By hand: every impact indicator 10% better (110), every perspective and area at its target (100)."""
    scores = []
    for node in plan.children("piramide.istituzionale"):
        target = plan.target(node.indicator, "NAZIONALE")
        actual = target.value * (1 + 0.1 * target.direction)
        scores.append(PERF_SCORE(actual, target.value, int(target.direction)))
    assert scores == [pytest.approx(110)] * 5
    institutional = PERF_SINTESI(scores, _weights(plan, "piramide.istituzionale"))
    strategic = PERF_SINTESI([100, 100, 100, 100, None], _weights(plan, "piramide.strategica"))
    # (100 + 110 + 100) / 3
    assert VALORE_PUBBLICO(100, institutional, strategic) == pytest.approx(310 / 3, rel=1e-12)


class TestOlderEdition:
    def test_the_default_stays_the_newest(self):
        assert edition_ids() == ("piano-2020-2022", "piano-2021-2023")
        assert load_edition().id == "piano-2021-2023"

    def test_checks(self, older):
        report = run_checks(older)
        assert report.ok
        (known,) = report.check("regole").known
        # 8.677.272.854 * 1,02 against the printed 8.899.456.680
        assert (known.printed, round(known.computed)) == (8_899_456_680, 8_850_818_311)

    @pytest.mark.parametrize(
        ("number", "weights"),
        [
            # P20, "Declinazione annuale degli Obiettivi Specifici triennali"
            (1, [0.45, *[0.05] * 11]),
            (2, [0.90, 0.10]),
            (3, [0.20, 0.20, 0.20, 0.15, *[0.05] * 5]),
            (4, [0.10, 0.20, 0.20, 0.20, 0.15, *[0.05] * 3]),
            (5, [0.30, 0.20, 0.30, 0.10, 0.10]),
            (6, [0.90, 0.10]),
            (7, [1]),
            (8, [0.30, 0.20, 0.30, *[0.05] * 4]),
        ],
    )
    def test_weights_of_an_objective(self, older, number, weights):
        assert _weights(older, f"piramide.{number}") == weights

    def test_weights_of_the_eight_objectives_are_assumed(self, older):
        objectives = older.children("piramide.strategica")
        assert [(n.weight, n.weight_status) for n in objectives] == [(1 / 8, Status.ASSUMED)] * 8

    @pytest.mark.parametrize(
        ("code", "targets"),
        [
            # P20, "Obiettivi Specifici": 2020, 2021, 2022
            ("ricorsi_qualita", (103, 102, 102)),
            ("pareri_peritali_qualita", (103, 102, 102)),
            ("rdc_definito", (0.87, 0.88, 0.89)),
            ("famiglie_definito", (0.87, 0.88, 0.89)),
            ("invalidita_civile_qualita", (102, 101, 101)),
            ("medico_legale_efficacia", (102, 101, 101)),
            ("quota_100_lista", (0.9643, None, None)),  # 71,43 + 25 points; P21 prints 96,43
            ("rvpa_abbattimento", (0.30, 0.40, 0.30)),
            ("implementazione_abbattimento", (0.50, 0.50, None)),
            ("scarti_abbattimento", (0.50, 0.50, None)),
            ("giacenza_pdap", (140, 70, 30)),
            ("pensioni_quota_100", (103, 102, 101)),
            ("pensioni_pubbliche_qualita", (104, 102, 101)),
            ("cessazione_qualita", (103, 102, 101)),
            ("customer_care_qualita", (102, 102, 101)),
            ("smart_worker", (0.10, 0.125, 0.15)),
        ],
    )
    def test_three_years(self, code, targets):
        for period, value in zip(("2020", "2021", "2022"), targets, strict=True):
            given = OBIETTIVO(f"obiettivi.{code}", "NAZIONALE", period, None, "piano-2020-2022")
            assert given == (value if value is not None else "#N/A")

    @pytest.mark.parametrize(
        ("code", "before", "after"),
        [
            ("maggiori_entrate", 8_899_456_680, 5_930_504_582),
            ("piano_lavori", 87, 71),
            # P20 as adopted against P21, "Risultato degli obiettivi specifici di ente", column Obiettivo
            ("estratto_conto", 68_003, 139_213),
            ("contenzioso_personale", 216.6, 318),  # by hand: 228 * 0,95
            ("rvpa_pezzi", 305_495.7, 86_080),  # by hand: 30% of 1.018.319
            ("implementazione_giacenza", 93_879.5, 93_757),  # by hand: 187.759 / 2
            ("scarti_giacenza", 2_788_336.5, 2_788_304),  # by hand: 5.576.673 / 2
        ],
    )
    def test_act_76_of_november_2020(self, older, code, before, after):
        # P20 as adopted; P21 prints the targets of deliberazione 76 as baselines
        indicator = f"obiettivi.{code}"
        assert older.target(indicator, "NAZIONALE", "2020", dt.date(2020, 11, 4)).value == before
        assert older.target(indicator, "NAZIONALE", "2020").value == after
        assert older.target(indicator, "NAZIONALE", "2020").act == "cda-76-2020"

    @pytest.mark.parametrize(
        "code", ["maggiori_entrate", "piano_lavori", "dismissione_unita", "dismissione_valore"]
    )
    def test_baselines_of_the_plan_that_followed(self, older, plan, code):
        # P21 prints these four as baseline and says "Obiettivo 2020 ex deliberazione 76 del 5 novembre 2020"
        after = older.target(f"obiettivi.{code}", "NAZIONALE", "2020").value
        assert plan.actual(f"obiettivi.{code}", "2021", "baseline").value == after

    def test_base_of_the_stock_index(self, older, plan):
        assert (older.parameter("giacenza.base"), plan.parameter("giacenza.base")) == (365, 360)

    def test_results_are_those_of_the_newer_edition(self):
        """The tables that P20 prints are kept in both editions, as the same files."""
        copies = sorted(path.name for path in (EDITIONS / "piano-2020-2022").glob("consuntivi_*.csv"))
        assert len(copies) >= 5
        for name in copies:
            newer = (EDITIONS / "piano-2021-2023" / name).read_bytes()
            assert (EDITIONS / "piano-2020-2022" / name).read_bytes() == newer, name

    def test_every_table_that_p20_prints_is_there(self, older, plan):
        # its baselines are those of its own objectives
        newer = {
            (a.item, a.structure, a.period, a.measure, a.value)
            for a in plan.actuals
            if a.source.document == "P20"
        }
        kept = {(a.item, a.structure, a.period, a.measure, a.value) for a in older.actuals}
        assert newer <= kept


class TestRules:
    @pytest.mark.parametrize("edition", edition_ids())
    def test_the_function_reads_the_words_of_the_plan(self, edition):
        rules = [r for r in load_edition(edition).target_rules if r.indicator not in READ]
        assert len(rules) > 20
        for rule in rules:
            code, amount = parse_rule(rule.text)
            assert code == rule.rule.value, rule.text
            assert amount is None or amount == pytest.approx(rule.amount, rel=1e-12), rule.text

    @pytest.mark.parametrize("edition", edition_ids())
    def test_function_and_data_agree(self, edition):
        """The rules that start from a printed number, calculated by the spreadsheet function."""
        plan = load_edition(edition)
        compared = 0
        for rule in plan.target_rules:
            if rule.base is not RuleBase.BASELINE or rule.indicator == "obiettivi.maggiori_entrate":
                continue
            base = plan.actual(rule.indicator, rule.base_period, "baseline").value
            # 88% + 1% is 89%: a share moves by points
            code = "differenza" if in_points(plan, rule) else rule.rule.value
            given = OBIETTIVO_REGOLA(code, base, None, rule.amount)
            known_on = plan.acts[rule.act].date
            assert given == pytest.approx(
                plan.target(rule.indicator, rule.structure, rule.period, known_on).value, rel=1e-12
            )
            compared += 1
        assert compared >= 20

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "2%",
            "0,02",
            "-4",
            "conferma dell'obiettivo del 2020 se non conseguito; del consuntivo 2020 se conseguito",
            "708.216 istanze, oltre al pervenuto 2021",
            "obiettivo 70 giorni",
        ],
    )
    def test_what_is_no_rule(self, text):
        assert OBIETTIVO_REGOLA(text, 100, 110) == "#N/A"


def test_the_function_and_the_data_name_the_same_rules():
    """`rule_texts` spells the codes again, because the Calc add-in packs it without the plan's trees."""
    assert tuple(RuleCode) == CODES
