"""Weighted trees, rules of targets, targets by period, baselines and amendments, on the toy plan with five
more files.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from xl_perf.errors import PlanError
from xl_perf.plan import load_directory, run_checks
from xl_perf.plan.describe import target_values
from xl_perf.plan.diff import Change, diff_plans
from xl_perf.plan.model import Status, Unit
from xl_perf.plan.nodes import NodeKind, RuleBase, RuleCode
from xl_perf.plan.reading.amendments import Effect
from xl_perf.plan.texts.changes import format_amendments, format_diff
from xl_perf.plan.texts.report import format_checks

TESTS = Path(__file__).parent


@pytest.fixture
def directory(tmp_path):
    copy = tmp_path / "toy_plan"
    shutil.copytree(TESTS / "toy_plan", copy)
    shutil.copytree(TESTS / "toy_trees", copy, dirs_exist_ok=True)
    return copy


@pytest.fixture
def changed(directory):
    """A function that replaces one text of one file and loads the plan."""

    def change(file, old, new):
        text = (directory / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {file}"
        (directory / file).write_text(text.replace(old, new), encoding="utf-8")
        return load_directory(directory)

    return change


@pytest.fixture
def plan(directory):
    return load_directory(directory)


class TestTrees:
    def test_nodes_in_order_with_their_texts(self, plan):
        codes = [node.code for node in plan.nodes_of("ente")]
        assert codes == [
            "ente.tutto",
            "ente.giacenza",
            "ente.progetti",
            "ente.progetti.1",
            "ente.progetti.2",
            "ente.progetti.3",
        ]
        node = plan.node("ente.progetti.1")
        assert (node.kind, node.title, node.output, node.owner, node.risk, node.note) == (
            NodeKind.PROJECT,
            "Portale",
            "Rilascio",
            "Ufficio A",
            "Ritardi",
            "quote uguali",
        )
        assert (node.order, node.act, str(node.source)) == (4, "atto-1", "D1, Albero")
        assert node.where == "toy_plan/albero_ente.csv:5, column codice"

    def test_root_has_no_weight(self, plan):
        root = plan.node("ente.tutto")
        assert (root.parent, root.weight, root.kind) == (None, None, NodeKind.NODE)

    def test_children(self, plan):
        assert [node.code for node in plan.children("ente.tutto")] == ["ente.giacenza", "ente.progetti"]
        assert plan.children("ente.giacenza") == ()

    def test_weights_without_numbers_are_equal_and_assumed(self, plan):
        shares = [(node.weight, node.weight_status) for node in plan.children("ente.progetti")]
        assert shares == [(1 / 3, Status.ASSUMED)] * 3

    def test_weights_join_those_of_the_plan(self, plan):
        weights = plan.weights_of("ente.tutto")
        assert [(w.member, w.value, w.act, w.status) for w in weights] == [
            ("ente.giacenza", 0.6, "atto-1", Status.PUBLISHED),
            ("ente.progetti", 0.4, "atto-2", Status.PUBLISHED),
        ]

    def test_weight_as_a_cell_of_a_workbook(self, plan):
        cell = target_values(plan, "peso", "ente.tutto", "", "ente.giacenza")
        assert (cell.value, cell.what) == (0.6, "peso di «Giacenza» in ente.tutto")

    def test_structure_of_a_leaf(self, plan):
        assert plan.node("ente.progetti.3").structure == "NORD"
        assert plan.node("ente.giacenza").structure is None

    def test_unknown(self, plan):
        with pytest.raises(PlanError, match="no tree 'regione'"):
            plan.nodes_of("regione")
        with pytest.raises(PlanError, match=r"unknown node 'ente.tutti'"):
            plan.node("ente.tutti")

    def test_leaf_without_target_fails_the_check(self, changed):
        plan = changed("albero_ente.csv", "indicatore,,ieep.entrate,NORD", "indicatore,,ieep.entrate,ALFA")
        (failed, total) = run_checks(plan).check("alberi").figures
        assert (failed.key, failed.agrees) == ("ente.progetti.3", False)
        assert (total.printed, total.computed) == (4, 3)


class TestRules:
    def test_rule(self, plan):
        rule = plan.rule("ieep.entrate", "NAZIONALE", "2030")
        assert (rule.rule, rule.amount, rule.unit) == (RuleCode.PERCENT, 0.25, Unit.PERCENT)
        assert (rule.base, rule.base_period, rule.text) == (
            RuleBase.BASELINE,
            "2030",
            "+25% rispetto a baseline",
        )
        assert plan.rule("ieep.entrate", "NAZIONALE", "2029") is None

    def test_targets_that_follow_are_checked(self, plan):
        # by hand: 800 * 1.25 = 1000 (tabella_b.csv); ALFA 30 - 3 = 27 (obiettivi_periodi.csv)
        figures = run_checks(plan).check("regole").figures
        assert [(f.key, f.printed, f.computed) for f in figures] == [
            ("ieep.entrate/NAZIONALE/2030", 1000, 1000),
            ("giacenza.pensioni/ALFA/2031", 27, 27),
        ]

    @pytest.mark.parametrize(
        ("file", "old", "new", "key", "printed", "computed"),
        [
            ("baseline.csv", "800", "840", "ieep.entrate/NAZIONALE/2030", 1000, 1050),
            ("obiettivi_periodi.csv", "27", "28", "giacenza.pensioni/ALFA/2031", 28, 27),
        ],
    )
    def test_a_target_that_does_not_follow_fails(self, changed, file, old, new, key, printed, computed):
        (figure,) = run_checks(changed(file, old, new)).check("regole").failures
        assert (figure.key, figure.printed, figure.computed) == (key, printed, computed)

    def test_a_target_that_is_missing_fails_and_can_be_printed(self, changed):
        plan = changed("obiettivi_periodi.csv", "giacenza.pensioni,giorni,ALFA,27,,tre giorni in meno\n", "")
        report = run_checks(plan)
        (figure,) = report.check("regole").failures
        assert figure.key == "giacenza.pensioni/ALFA/2031"
        assert "FAILED" in format_checks(report)

    def test_printed_target_may_be_rounded(self, changed):
        # 800.3 * 1.25 = 1000.375: half a euro at most
        plan = changed("baseline.csv", "800", "800.3")
        assert run_checks(plan).check("regole").failures == ()


class TestPeriods:
    def test_targets_of_several_periods(self, plan):
        assert plan.target("giacenza.pensioni", "ALFA", "2031").value == 27
        assert plan.target("giacenza.pensioni", "ALFA", "2031").note == "tre giorni in meno"
        assert plan.target("costi_standard.affitti", "NORD", "2032-T1").value == 300
        assert plan.target("giacenza.pensioni", "ALFA").value == 30

    def test_an_empty_cell_is_no_target(self, plan):
        with pytest.raises(PlanError, match=r"no target .* in period 2032-T1 \(there are: 2030, 2031\)"):
            plan.target("giacenza.pensioni", "ALFA", "2032-T1")

    def test_two_rows_of_one_indicator(self, changed):
        with pytest.raises(
            PlanError, match=r"obiettivi_periodi.csv:3, .*giacenza.pensioni, ALFA appears twice"
        ):
            changed(
                "obiettivi_periodi.csv",
                "costi_standard.affitti,euro,NORD,,300,",
                "giacenza.pensioni,giorni,ALFA,,26,",
            )

    def test_unit_of_another_kind(self, changed):
        with pytest.raises(PlanError, match=r"obiettivi_periodi.csv:2, column unita: unit 'euro'"):
            changed("obiettivi_periodi.csv", "giacenza.pensioni,giorni", "giacenza.pensioni,euro")

    def test_baseline_is_a_result_of_the_indicator(self, plan):
        assert plan.actual("ieep.entrate", "2030", "baseline").value == 800


class TestAmendments:
    def test_record(self, plan):
        first, second, third = plan.amendments
        assert (first.act, first.part, first.effect) == ("atto-2", "Piano", Effect.TARGET)
        assert (second.slide, second.change, second.note) == ("3", "nuova struttura", "anche il deflusso")
        assert third.effect is Effect.TEXT
        assert second.concerns("giacenza.flussi")
        assert not first.concerns("giacenza.flussi")
        assert not first.concerns("giacenza.pensioni_altre")

    def test_targets_of_the_act_are_all_named(self, plan):
        check = run_checks(plan).check("emendamenti")
        assert [(f.key, f.printed, f.computed) for f in check.figures] == [
            ("atto-2", 3, 3),
            ("atto-2/1", 1, 1),
            ("atto-2/2", 1, 1),
        ]

    def test_target_that_the_record_does_not_name(self, changed):
        plan = changed("emendamenti.csv", "giacenza|deflusso", "giacenza")
        failed = {figure.key for figure in run_checks(plan).check("emendamenti").failures}
        assert failed == {"atto-2", "atto-2/deflusso.pensioni"}

    def test_amendment_without_target(self, changed):
        plan = changed("emendamenti.csv", "obiettivi,giacenza.pensioni", "obiettivi,ieep.entrate")
        failed = {figure.key for figure in run_checks(plan).check("emendamenti").failures}
        assert failed == {"atto-2/1"}

    def test_text(self, plan):
        text = format_amendments(plan)
        assert "Aggiornamento" in text
        assert "1. Tabella A: giacenza ridotta  [obiettivi]" in text
        assert "3. Titoli, slide 4: (no description)  [testo]" in text
        assert text.endswith("3 amendments")

    def test_plan_without_record(self):
        text = format_amendments(load_directory(TESTS / "toy_plan"))
        assert (
            "Aggiornamento\n\nChanges known from the act:\n  giacenza.pensioni, BETA, 2030: 32 giorni -> 31"
            in text
        )
        assert text.endswith("0 amendments")


class TestDiff:
    def test_the_same_plan(self, plan):
        diff = diff_plans(plan, plan)
        assert diff.differences == ()
        assert all(old == new == same for old, new, same in diff.counts.values())

    def test_one_target(self, plan, changed):
        newer = changed("tabella_a.csv", "ALFA,30,100", "ALFA,29,100")
        (difference,) = diff_plans(plan, newer).differences
        assert (difference.section, difference.change) == ("targets", Change.CHANGED)
        assert (difference.key, difference.old, difference.new) == (
            "giacenza.pensioni, ALFA, 2030",
            "30 giorni",
            "29 giorni",
        )

    @pytest.mark.parametrize(
        ("file", "old", "new", "section", "key", "before", "after"),
        [
            (
                "baseline.csv",
                "800",
                "900",
                "results",
                "ieep.entrate, NAZIONALE, 2030, baseline",
                "800 euro",
                "900 euro",
            ),
            (
                "regole.csv",
                "tre giorni in meno",
                "-3",
                "rules",
                "giacenza.pensioni, ALFA, 2031",
                "tre giorni in meno",
                "-3",
            ),
            ("albero_ente.csv", "Rilascio", "Studio", "trees", "ente.progetti.1", "Rilascio", "Studio"),
            (
                "strutture.csv",
                "BETA,sede,NORD",
                "BETA,sede,SUD",
                "structures",
                "BETA",
                "NORD",
                "SUD",
            ),
        ],
    )
    def test_one_change(self, plan, changed, file, old, new, section, key, before, after):
        found = [d for d in diff_plans(plan, changed(file, old, new)).differences if d.section == section]
        assert [(d.change, d.key) for d in found] == [(Change.CHANGED, key)]
        assert before in found[0].old
        assert after in found[0].new

    def test_new_and_gone(self, plan):
        without = load_directory(TESTS / "toy_plan")
        added = diff_plans(without, plan)
        removed = diff_plans(plan, without)
        assert {d.change for d in added.of("trees")} == {Change.ADDED}
        assert {d.change for d in removed.of("trees")} == {Change.REMOVED}
        assert len(added.of("trees")) == 6
        assert added.counts["trees"] == (0, 6, 0)

    def test_text(self, plan):
        text = format_diff(diff_plans(load_directory(TESTS / "toy_plan"), plan))
        assert "trees: 0 -> 6; 0 alike, 6 added, 0 removed, 0 changed" in text
        assert "  + giacenza.pensioni, ALFA, 2031  IG Pensioni" in text
        assert "      27 giorni" in text
        assert text.endswith("differences")
