"""Lines, quarterly programme, structures without targets: the loader on the toy plan with one addition at a time."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from xl_perf.errors import PlanError
from xl_perf.plan import load_directory, run_checks
from xl_perf.plan.model import Status, Unit

TOY = Path(__file__).parent / "toy_plan"
HEADER = "sistema,codice,superiore,titolo,struttura,controparte,valore,unita,fonte,atto,stato,nota\n"
TOTAL = 'ieep,ieep.aiuto,,Aiuti,,,30,pezzi,"D1, slide 9",atto-1,published,\n'
FIRST = 'ieep,ieep.aiuto.nord_sud,ieep.aiuto,Da NORD a SUD,SETTENTRIONE,SUD,10,pezzi,"D1, slide 9",atto-1,published,\n'
SECOND = (
    'ieep,ieep.aiuto.sud_nord,ieep.aiuto,Da SUD a NORD,SUD,NORD,20,pezzi,"D1, slide 9",atto-1,assumed,nota\n'
)
PROGRAMME = """
[[programma]]
indicatori = ["giacenza.pensioni"]
unita = "percentuale"
fonte = "D1, slide 5"
atto = "atto-1"
stato = "published"
nota = "cumulato"
quote = { "2030-T1" = 0.25, "2030-T4" = 1 }
"""


@pytest.fixture
def plan_with(tmp_path):
    """A function that loads the toy plan with text added to files, or put in place of other text."""

    def load(**changes):
        directory = tmp_path / "toy_plan"
        shutil.copytree(TOY, directory, dirs_exist_ok=True)
        for name, change in changes.items():
            path = directory / name.replace("__", ".")
            old = path.read_text(encoding="utf-8") if path.exists() else ""
            if isinstance(change, tuple):
                assert old.count(change[0]) == 1
                path.write_text(old.replace(*change), encoding="utf-8")
            else:
                path.write_text(old + change, encoding="utf-8")
        return load_directory(directory)

    return load


def test_lines(plan_with):
    plan = plan_with(righe_aiuto__csv=HEADER + TOTAL + FIRST + SECOND)
    total, first, second = plan.lines_of("ieep")
    assert (total.value, total.structure, total.counterpart, total.parent) == (30, None, None, None)
    assert (first.structure, first.counterpart, first.unit) == ("NORD", "SUD", Unit.PIECES)
    assert (second.parent, second.status, second.note, second.order) == (
        "ieep.aiuto",
        Status.ASSUMED,
        "nota",
        3,
    )
    assert second.where == "toy_plan/righe_aiuto.csv:4, column valore"
    assert plan.lines_of("giacenza") == ()
    assert [figure.key for figure in run_checks(plan).check("linee").figures] == ["ieep.aiuto"]


def test_line_without_value(plan_with):
    plan = plan_with(righe_aiuto__csv=HEADER + TOTAL.replace(",30,", ",,"))
    assert plan.lines[0].value is None


def test_lines_that_do_not_add_up(plan_with):
    report = run_checks(plan_with(righe_aiuto__csv=HEADER + TOTAL + FIRST))
    (figure,) = report.check("linee").failures
    assert (figure.printed, figure.computed) == (30, 10)
    assert not report.ok


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (
            TOTAL.replace("ieep,ieep", "iep,iep"),
            ["righe_aiuto.csv:2, column sistema", "unknown system 'iep'"],
        ),
        (TOTAL.replace("ieep.aiuto", "aiuto"), ["column codice", "line 'aiuto'", "a code below ieep."]),
        (TOTAL + TOTAL, ["righe_aiuto.csv:3, column codice", "line 'ieep.aiuto' appears twice"]),
        (FIRST, ["unknown line 'ieep.aiuto'", "righe_aiuto.csv:2"]),
        (TOTAL.replace("aiuto,,", "aiuto,ieep.aiuto,"), ["lines run in a circle: ieep.aiuto -> ieep.aiuto"]),
        (TOTAL + FIRST.replace(",SUD,", ",EST,"), ["column controparte", "unknown structure 'EST'"]),
        (TOTAL + FIRST.replace("SETTENTRIONE", "OVEST"), ["column struttura", "unknown structure 'OVEST'"]),
        (TOTAL.replace(",30,", ',"30,5",'), ["column valore", "'30,5' is not a number"]),
        (TOTAL.replace("pezzi", "pz"), ["column unita", "unknown value 'pz'"]),
        (TOTAL.replace("published", "stampato"), ["column stato", "unknown value 'stampato'"]),
        (TOTAL.replace("atto-1", "atto-9"), ["column atto", "unknown act 'atto-9'"]),
        (TOTAL.replace("D1, slide 9", "D7, slide 9"), ["column fonte", "unknown document 'D7'"]),
        (TOTAL.replace("Aiuti", ""), ["column titolo", "the cell is empty"]),
    ],
)
def test_wrong_line_is_refused(plan_with, text, messages):
    with pytest.raises(PlanError) as caught:
        plan_with(righe_aiuto__csv=HEADER + text)
    for message in messages:
        assert message in str(caught.value)


def test_file_of_lines_with_another_column(plan_with):
    with pytest.raises(PlanError, match="unknown column 'peso'"):
        plan_with(righe_aiuto__csv=HEADER.replace("nota", "peso") + TOTAL)


def test_programme(plan_with):
    """32 of ALFA's and 35 of DCM CITTA's annual targets: a quarter of them, and the whole."""
    plan = plan_with(tabelle__toml=PROGRAMME)
    assert [(p.indicator, p.period, p.share) for p in plan.programme] == [
        ("giacenza.pensioni", "2030-T1", 0.25),
        ("giacenza.pensioni", "2030-T4", 1),
    ]
    quarter = plan.target("giacenza.pensioni", "DCM CITTA", "2030-T1")
    assert (quarter.value, quarter.note, str(quarter.source)) == (8.75, "cumulato", "D1, slide 5")
    assert plan.target("giacenza.pensioni", "DCM CITTA", "2030-T4").value == 35
    covered = {s.code for s in plan.structures_of()}
    assert {t.structure for t in plan.targets if t.period == "2030-T1"} == covered
    assert run_checks(plan).ok


def test_programme_follows_an_amendment(plan_with):
    """BETA: 32 by atto-1, 31 by atto-2 (modifiche.csv); its quarter is 8, then 7.75."""
    plan = plan_with(tabelle__toml=PROGRAMME)
    assert plan.target("giacenza.pensioni", "BETA", "2030-T1", plan.acts["atto-1"].date).value == 8
    assert plan.target("giacenza.pensioni", "BETA", "2030-T1").value == 7.75
    assert plan.target("giacenza.pensioni", "BETA", "2030-T1").act == "atto-2"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("0.25", "1.25", "share 1.25"),
        ("0.25", "0", "share 0"),
        ("0.25", "true", "share True"),
        ("0.25", '"25%"', "share '25%'"),
        ('"2030-T1"', '"2031-T1"', "period '2031-T1'"),
        ('"2030-T1" = 0.25, "2030-T4" = 1', "", "no quote"),
        ("giacenza.pensioni", "giacenza.altro", "unknown indicator 'giacenza.altro'"),
        ('pensioni"]', 'pensioni", "giacenza.pensioni"]', "'giacenza.pensioni, 2030-T1' appears twice"),
        ("nota", "note", "unknown key 'note'"),
    ],
)
def test_wrong_programme_is_refused(plan_with, old, new, message):
    with pytest.raises(PlanError, match=r"tabelle\.toml:") as caught:
        plan_with(tabelle__toml=PROGRAMME.replace(old, new))
    assert message in str(caught.value)


class TestExcluded:
    """`escluse`: structures of a covered kind to which the plan gives no target."""

    COVERAGE = 'copertura = ["regione", "sede", "filiale metropolitana"]\n'

    def test_structure_without_target(self, plan_with):
        plan = plan_with(indicatori__toml=(self.COVERAGE, self.COVERAGE + 'escluse = ["SETTENTRIONE"]\n'))
        assert plan.systems["deflusso"].excluded == ("NORD",)
        found = {t.structure for t in plan.targets if t.indicator == "deflusso.pensioni"}
        assert "SUD" in found
        assert "NORD" not in found
        figure = next(f for f in run_checks(plan).check("copertura").figures if f.key == "deflusso")
        assert figure.agrees
        assert figure.printed == len(found)

    def test_target_of_an_excluded_structure_is_refused(self, plan_with):
        text = 'copertura = ["nazionale", "regione", "dcm"]\nsomma_regioni = true\n'
        with pytest.raises(PlanError, match="which the system's copertura leaves out"):
            plan_with(indicatori__toml=(text, text + 'escluse = ["SUD"]\n'))

    def test_unknown_structure(self, plan_with):
        with pytest.raises(PlanError, match="unknown structure 'EST'"):
            plan_with(indicatori__toml=(self.COVERAGE, self.COVERAGE + 'escluse = ["EST"]\n'))
