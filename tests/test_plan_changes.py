"""What later acts change, and the plan as known on a date: the toy plan with trees, lines and two more acts."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from pathlib import Path

import pytest

from xl_perf.cli import OK, USAGE, main
from xl_perf.errors import PlanError, TargetNotFoundError
from xl_perf.plan import load_directory, load_edition, run_checks
from xl_perf.plan.amending.edition import amend, setting
from xl_perf.plan.amending.files import NewAct
from xl_perf.plan.model import Status
from xl_perf.plan.nodes import RuleCode
from xl_perf.plan.reading.files import DataFiles
from xl_perf.plan.texts.changes import format_amendments

TESTS = Path(__file__).parent
ROOT = TESTS.parent
HEADER = "dato,chiave,campo,valore,unita,atto,stato,fonte,nota"
ACTS = """
[[atto]]
id = "atto-3"
titolo = "Secondo aggiornamento"
data = 2030-09-01
tipo = "aggiornamento"
breve = "A 3/2030"

[[atto]]
id = "atto-4"
titolo = "Terzo aggiornamento"
data = 2030-11-15
tipo = "aggiornamento"
breve = "A 4/2030"
"""
PROGRAMME = """
[[programma]]
indicatori = ["ieep.entrate"]
unita = "percentuale"
fonte = "D1, slide 5"
atto = "atto-1"
stato = "published"
quote = { "2030-T1" = 0.25, "2030-T4" = 1 }
"""
LINES = (
    "sistema,codice,superiore,titolo,struttura,controparte,valore,unita,fonte,atto,stato,nota\n"
    'ieep,ieep.aiuto,,Aiuti,,,30,pezzi,"D1, slide 9",atto-1,published,\n'
)
BEFORE, AFTER = dt.date(2030, 8, 31), dt.date(2030, 9, 1)
LATEST = dt.date(2030, 11, 15)


@pytest.fixture
def plan_with(tmp_path):
    """A function that loads the toy plan with rows of modifiche_dati.csv and of modifiche.csv."""

    def load(*rows, targets=()):
        directory = tmp_path / "toy_plan"
        shutil.copytree(TESTS / "toy_plan", directory, dirs_exist_ok=True)
        shutil.copytree(TESTS / "toy_trees", directory, dirs_exist_ok=True)
        for name, text in (("edition.toml", ACTS), ("tabelle.toml", PROGRAMME)):
            with (directory / name).open("a", encoding="utf-8") as file:
                file.write(text)
        (directory / "righe_aiuto.csv").write_text(LINES, encoding="utf-8")
        lines = [f'{_with_act(row)},published,"D1, Delibera",' for row in rows]
        (directory / "modifiche_dati.csv").write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")
        with (directory / "modifiche.csv").open("a", encoding="utf-8") as file:
            file.writelines(f'{row},"D1, Delibera",\n' for row in targets)
        return load_directory(directory)

    return load


def _with_act(row):
    """A row `dato,chiave,campo,valore,unita,atto`; the act is atto-3 where it is left out."""
    return row if len(next(csv.reader([row]))) == 6 else f"{row},atto-3"


class TestAsKnownOn:
    def test_parameter(self, plan_with):
        plan = plan_with("parametro,tetto_scostamento,valore,0.4,percentuale")
        assert plan.parameter("tetto_scostamento") == 0.4
        assert plan.parameters["tetto_scostamento"].act == "atto-3"
        assert str(plan.parameters["tetto_scostamento"].source) == "D1, Delibera"
        assert plan.as_known_on(BEFORE).parameter("tetto_scostamento") == 0.5
        assert plan.as_known_on(BEFORE).parameters["tetto_scostamento"].act == "atto-1"
        assert plan.as_known_on(AFTER).parameter("tetto_scostamento") == 0.4

    def test_two_acts_on_one_parameter(self, plan_with):
        plan = plan_with(
            "parametro,tetto_scostamento,valore,0.3,percentuale,atto-4",
            "parametro,tetto_scostamento,valore,0.4,percentuale,atto-3",
        )
        days = (BEFORE, AFTER, dt.date(2030, 11, 14), LATEST)
        assert [plan.as_known_on(day).parameter("tetto_scostamento") for day in days] == [0.5, 0.4, 0.4, 0.3]
        assert [revision.new.act for revision in plan.revisions] == ["atto-3", "atto-4"]

    def test_weights(self, plan_with):
        plan = plan_with(
            "peso,giacenza|giacenza.pensioni,valore,0.7,percentuale",
            "peso,giacenza|giacenza.flussi,valore,0.3,percentuale",
        )
        assert [weight.value for weight in plan.weights_of("giacenza")] == [0.7, 0.3]
        assert [weight.status for weight in plan.weights_of("giacenza")] == [Status.PUBLISHED] * 2
        assert [weight.note for weight in plan.weights_of("giacenza")] == ["", ""]
        assert [weight.value for weight in plan.as_known_on(BEFORE).weights_of("giacenza")] == [0.6, 0.4]
        assert run_checks(plan).check("pesi").status == "ok"

    def test_weights_of_a_tree_are_those_of_its_nodes(self, plan_with):
        plan = plan_with(
            "peso,ente.tutto|ente.giacenza,valore,0.5,percentuale",
            "peso,ente.tutto|ente.progetti,valore,0.5,percentuale",
        )
        assert [node.weight for node in plan.children("ente.tutto")] == [0.5, 0.5]
        old = plan.as_known_on(BEFORE)
        assert [node.weight for node in old.children("ente.tutto")] == [0.6, 0.4]
        assert [weight.value for weight in old.weights_of("ente.tutto")] == [0.6, 0.4]

    def test_weights_that_were_not_all_known(self, plan_with):
        plan = plan_with().as_known_on(dt.date(2030, 5, 31))  # the share of the projects is of June
        with pytest.raises(PlanError, match=r"no weights for 'ente\.tutto'"):
            plan.weights_of("ente.tutto")
        assert [node.code for node in plan.children("ente.tutto")] == ["ente.giacenza"]

    def test_bands(self, plan_with):
        plan = plan_with(
            "fascia,controllate|1,limite,60,percento",
            "fascia,controllate|1,stampa,0-60%,",
            "fascia,controllate|2,stampa,61-100%,",
            "fascia,controllate|2,punti,6,punti",
        )
        ratio = plan.banded_ratios[0]
        assert [(band.upper, band.points, band.printed) for band in ratio.bands] == [
            (60, 1, "0-60%"),
            (None, 6, "61-100%"),
        ]
        old = plan.as_known_on(BEFORE).banded_ratios[0]
        assert [(band.upper, band.points, band.printed) for band in old.bands] == [
            (70, 1, "0-70%"),
            (None, 3, "71-100%"),
        ]
        assert plan.banded_ratios[1] == plan.as_known_on(BEFORE).banded_ratios[1]

    def test_texts_of_nodes_keep_weight_and_note(self, plan_with):
        plan = plan_with(
            "nodo,ente.progetti.1,output,Rilascio in ottobre,",
            "nodo,ente.progetti.1,titolare,Ufficio C,",
            "nodo,ente.progetti.1,rischio,Nuovi ritardi,",
            "nodo,ente.progetti.1,titolo,Portale nuovo,",
        )
        node = plan.node("ente.progetti.1")
        assert (node.title, node.output, node.owner, node.risk) == (
            "Portale nuovo",
            "Rilascio in ottobre",
            "Ufficio C",
            "Nuovi ritardi",
        )
        assert (node.weight, node.note, node.act) == (1 / 3, "quote uguali", "atto-3")
        old = plan.as_known_on(BEFORE).node("ente.progetti.1")
        assert (old.title, old.output, old.owner, old.risk) == ("Portale", "Rilascio", "Ufficio A", "Ritardi")

    def test_lines_titles_and_clusters(self, plan_with):
        plan = plan_with(
            "riga,ieep.aiuto,valore,35,pezzi",
            "riga,ieep.aiuto,titolo,Aiuti nuovi,",
            "indicatore,ieep.entrate,titolo,Entrate nuove,",
            "struttura,SUD,cluster,B,",
        )
        old = plan.as_known_on(BEFORE)
        assert [(line.value, line.title) for line in plan.lines_of("ieep")] == [(35, "Aiuti nuovi")]
        assert [(line.value, line.title) for line in old.lines_of("ieep")] == [(30, "Aiuti")]
        assert plan.indicators["ieep.entrate"].title == "Entrate nuove"
        assert old.indicators["ieep.entrate"].title != "Entrate nuove"
        assert (plan.structures["SUD"].cluster, old.structures["SUD"].cluster) == ("B", "A")

    def test_rule_and_its_amount(self, plan_with):
        key = ("giacenza.pensioni", "ALFA", "2031")
        plan = plan_with(
            f"regola,{'|'.join(key)},regola,percentuale,",
            f"regola,{'|'.join(key)},importo,-0.1,percentuale",
            f"regola,{'|'.join(key)},testo,-10% rispetto all'obiettivo,",
        )
        new, old = plan.rule(*key), plan.as_known_on(BEFORE).rule(*key)
        assert (new.rule, new.amount, new.text) == (RuleCode.PERCENT, -0.1, "-10% rispetto all'obiettivo")
        assert (old.rule, old.amount, old.text) == (RuleCode.DIFFERENCE, -3, "tre giorni in meno")

    def test_reprint(self, plan_with):
        key = '"ieep.totale|NAZIONALE|2030|D1, slide 5"'
        plan = plan_with(f"ristampa,{key},valore,991,euro")
        assert [again.value for again in plan.reprints] == [991, 58]
        assert [again.value for again in plan.as_known_on(BEFORE).reprints] == [990, 58]

    def test_new_title_keeps_the_number(self, plan_with):
        plan = plan_with("parametro,tetto_scostamento,titolo,Scostamento,")
        parameter = plan.parameters["tetto_scostamento"]
        assert (parameter.value, parameter.title) == (0.5, "Scostamento")

    def test_description_and_project(self):
        plan = load_edition("piano-2021-2023")
        entry, project = plan.descriptions[0], plan.projects[0]
        files = DataFiles.read(ROOT / "xl_perf/plan/editions/piano-2021-2023")
        made = [
            setting(plan, "descrizione", [entry.subject, entry.aspect], "testo", "Altro testo"),
            setting(plan, "progetto", [project.code], "output", "Altro output"),
            setting(plan, "progetto", [project.code], "fine", "2022-06-30"),
        ]
        new = amend(files, NewAct("CdA 200/2021", dt.date(2021, 11, 15)), made).plan
        assert (new.descriptions[0].text, new.projects[0].output) == ("Altro testo", "Altro output")
        assert new.projects[0].end == dt.date(2022, 6, 30)
        past = new.as_known_on(dt.date(2021, 11, 14))
        assert past.descriptions[0].text == entry.text
        assert (past.projects[0].output, past.projects[0].end) == (project.output, project.end)

    def test_before_the_first_act(self, plan_with):
        with pytest.raises(
            PlanError, match=r"nothing was known on 2030-01-09; expected a date from 2030-01-10"
        ):
            plan_with().as_known_on(dt.date(2030, 1, 9))

    def test_what_came_later_is_not_there(self, plan_with):
        plan = plan_with().as_known_on(dt.date(2030, 5, 31))
        assert sorted(plan.acts) == ["atto-1"]
        assert plan.latest_act.id == "atto-1"
        assert "FM CITTA" not in plan.structures  # opened in June by atto-2
        assert plan.target("giacenza.pensioni", "BETA").value == 32
        with pytest.raises(TargetNotFoundError, match="unknown structure 'FM CITTA'"):
            plan.target("giacenza.pensioni", "FM CITTA")

    def test_today_is_the_plan(self, plan_with):
        plan = plan_with("parametro,tetto_scostamento,valore,0.4,percentuale")
        assert plan.as_known_on(dt.date(2031, 1, 1)) == plan


class TestProgramme:
    """Quarter 1 of ieep.entrate of the NORD: 25% of 500 is 125."""

    KEY = ("ieep.entrate", "NORD", "2030-T1")
    SHARE = "programma,ieep.entrate|2030-T1,quota,0.2,percentuale"
    TARGET = "ieep.entrate,NORD,2030,600,euro"

    def values(self, plan):
        days = (BEFORE, AFTER, dt.date(2030, 11, 14), LATEST)
        return [plan.target(*self.KEY, known_on=day).value for day in days]

    def test_share_alone(self, plan_with):
        plan = plan_with(self.SHARE)
        assert self.values(plan) == [125, 100, 100, 100]  # 20% of 500
        assert [p.share for p in plan.as_known_on(BEFORE).programme] == [0.25, 1]
        assert plan.as_known_on(BEFORE).target(*self.KEY).value == 125

    def test_both_in_one_act(self, plan_with):
        plan = plan_with(self.SHARE, targets=[f"{self.TARGET},atto-3"])
        assert self.values(plan) == [125, 120, 120, 120]  # 20% of 600

    def test_share_first(self, plan_with):
        plan = plan_with(self.SHARE, targets=[f"{self.TARGET},atto-4"])
        assert self.values(plan) == [125, 100, 100, 120]
        assert plan.target(*self.KEY).act == "atto-4"

    def test_target_first(self, plan_with):
        plan = plan_with(f"{self.SHARE},atto-4", targets=[f"{self.TARGET},atto-3"])
        assert self.values(plan) == [125, 150, 150, 120]
        assert plan.target(*self.KEY).act == "atto-4"

    def test_other_quarters_and_structures_stay(self, plan_with):
        plan = plan_with(self.SHARE, targets=[f"{self.TARGET},atto-4"])
        assert plan.target("ieep.entrate", "NORD", "2030-T4", known_on=AFTER).value == 500
        assert plan.target("ieep.entrate", "NORD", "2030-T4").value == 600
        assert plan.target("ieep.entrate", "SUD", "2030-T4").value == 300
        assert plan.target("ieep.entrate", "SUD", "2030-T1").value == 60  # 20% of 300


BAD = [
    ("tetto,x,valore,1,punti", "unknown dato 'tetto'"),
    ("parametro,tetto,valore,1,percentuale", "unknown parametro in chiave 'tetto'"),
    ("parametro,tetto_scostamento,peso,1,percentuale", "unknown campo of parametro 'peso'"),
    ("parametro,tetto_scostamento,valore,1,punti", "unit 'punti' of parametro tetto_scostamento"),
    ("parametro,tetto_scostamento,valore,1,", "unit '' of parametro tetto_scostamento"),
    ("parametro,tetto_scostamento,titolo,Tetto,punti", "expected none: the value is a text"),
    ("parametro,tetto_scostamento,valore,,percentuale", "the value is missing"),
    ('parametro,tetto_scostamento,valore,"0,4",percentuale', "'0,4' is not a number"),
    ("peso,giacenza|giacenza.flussi,valore,0.5,percentuale", "sum to 1.1 from 2030-09-01 on"),
    ("peso,giacenza|giacenza.flussi,valore,40,percentuale", "weight 40.0"),
    ("peso,ente.tutto|ente.giacenza,valore,0.5,percentuale", "the weights of 'ente.tutto' sum to 0.9"),
    ("fascia,controllate|3,punti,5,punti", "unknown fascia in chiave 'controllate|3'"),
    ("fascia,controllate|2,limite,80,percento", "upper ends [70.0, 80.0]"),
    ("fascia,controllate|1,limite,0.7,percentuale", "expected 'percento'"),
    ("programma,ieep.entrate|2030-T1,quota,25,percentuale", "share 25.0"),
    ("regola,giacenza.pensioni|ALFA|2031,importo,-3,euro", "unit 'euro' of the rule 'differenza'"),
    ("regola,giacenza.pensioni|ALFA|2031,importo,,giorni", "the value is missing"),
    ("regola,giacenza.pensioni|ALFA|2031,regola,conferma,", "rule 'conferma' has an amount"),
    ("regola,giacenza.pensioni|ALFA|2031,base,media,", "unknown value 'media'"),
    ("nodo,ente.tutti,titolo,Tutti,", "unknown nodo in chiave 'ente.tutti'; expected for example ente.tutto"),
    ("parametro,tetto_scostamento,valore,0.4,percentuale,atto-9", "unknown act 'atto-9'"),
]


@pytest.mark.parametrize(("row", "message"), BAD)
def test_bad_change_is_refused_with_its_line(plan_with, row, message):
    with pytest.raises(PlanError) as caught:
        plan_with(row)
    assert message in str(caught.value)
    assert str(caught.value).startswith("toy_plan/modifiche_dati.csv:2")


def test_two_values_of_one_day(plan_with):
    row = "parametro,tetto_scostamento,valore,0.4,percentuale"
    with pytest.raises(PlanError, match=r"two values of parametro tetto_scostamento, valore.*csv:2"):
        plan_with(row, row)


def test_act_before_the_value(plan_with):
    with pytest.raises(PlanError, match=r"nodo ente\.progetti is known from 2030-06-01 only"):
        plan_with("nodo,ente.progetti,titolo,Progetti nuovi,,atto-1")


def test_edition_of_2021_was_another_one_before_act_133():
    plan = load_edition("piano-2021-2023")
    adopted = plan.as_known_on(dt.date(2021, 3, 24))
    assert len(adopted.structures) == len(plan.structures) - 1
    assert "ROSSANO CALABRO" not in adopted.structures
    assert adopted.latest_act.date == dt.date(2021, 3, 24)
    assert not any(target.act == "cda-133-2021" for target in adopted.targets)
    assert sum(target.act == "cda-133-2021" for target in plan.targets) == 110


def test_amendments_list_what_acts_changed(plan_with):
    plan = plan_with(
        "parametro,tetto_scostamento,valore,0.4,percentuale",
        targets=["ieep.entrate,NORD,2030,600,euro,atto-4"],
    )
    text = format_amendments(plan)
    assert (
        "Secondo aggiornamento\n\nChanges known from the act:\n  parametro tetto_scostamento: value 0.5 -> 0.4"
        in text
    )
    assert (
        "Terzo aggiornamento\n\nChanges known from the act:\n  ieep.entrate, NORD, 2030: 500 euro -> 600 euro"
        in text
    )


def test_plan_show_as_known_on(capsys):
    assert main(["plan", "show", "giacenza", "TORINO", "--known-on", "2021-03-24"]) == OK
    assert "TORINO  IG" in capsys.readouterr().out
    assert main(["plan", "show", "giacenza", "ROSSANO CALABRO", "--known-on", "2021-09-28"]) == USAGE
    assert "rossano calabro" in capsys.readouterr().err
