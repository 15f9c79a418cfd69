"""`xl-perf edition amend`: what an act sets, every number that is tied to it, the past as it was."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.official import FOLDER
from xl_perf.cli import FAILED, OK, USAGE, main
from xl_perf.plan import library, load_directory, load_edition, run_checks
from xl_perf.plan.amending.ties import follow, ties_of, values_of
from xl_perf.plan.model import Status

TESTS = Path(__file__).parent
ROOT = TESTS.parent
ACT = ["edition", "amend", "--act", "CdA 200/2021", "--date", "2021-11-15"]
TOY_ACT = ["edition", "amend", "--act", "A 3/2030", "--date", "2030-09-01", "--from", str(TESTS / "toy_plan")]
BEFORE = dt.date(2021, 11, 14)


@pytest.fixture
def amend(tmp_path, capsys):
    """A function that amends and gives exit status, text and plan."""

    def run(*arguments, act=ACT):
        out = tmp_path / "emendamento"
        status = main([*act, *arguments, "--out", str(out)])
        printed = capsys.readouterr()
        return status, printed.out + printed.err, load_directory(out) if out.is_dir() else None

    return run


# Flussi of the Piemonte from 419.500.000 to 429.500.000: 10 million more. Printed in Tabella B: entrate of
# the Piemonte 460.728.889, IEEP of the Piemonte 604.141.817; national flussi 7.771.469.473, entrate
# 8.855.168.560, IEEP 10.957.463.637. Redditivita' of the Piemonte 4,03 = 604.141.817 / costs, so costs are
# 149.911.121; 614.141.817 / 149.911.121 = 4,0967.
LEAF = ("--set", "ieep.entrate.flussi", "Piemonte", "2021", "429500000")
EXPECTED = {
    ("ieep.entrate.flussi", "PIEMONTE"): 429_500_000,
    ("ieep.entrate", "PIEMONTE"): 470_728_889,
    ("ieep.totale", "PIEMONTE"): 614_141_817,
    ("ieep.entrate.flussi", "NAZIONALE"): 7_781_469_473,
    ("ieep.entrate", "NAZIONALE"): 8_865_168_560,
    ("ieep.totale", "NAZIONALE"): 10_967_463_637,
    ("obiettivi.maggiori_entrate", "NAZIONALE"): 8_865_168_560,
    ("centrali.ieep", "DIREZIONE CENTRALE ENTRATE"): 8_865_168_561,  # printed 1 euro above the table
    ("centrali.ieep", "DIREZIONE SERVIZI AL TERRITORIO"): 10_967_463_637,
    ("redditivita.indice", "PIEMONTE"): 4.10,
}


@pytest.fixture(scope="module")
def leaf(tmp_path_factory):
    """Exit status, text and plan of the act that changes one leaf."""
    out = tmp_path_factory.mktemp("foglia") / "emendamento"
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        status = main([*ACT, *LEAF, "--out", str(out)])
    return status, text.getvalue(), load_directory(out)


class TestOneLeafOfTabellaB:
    def test_everything_that_is_tied_follows(self, leaf):
        status, text, plan = leaf
        assert status == OK, text
        for (indicator, structure), value in EXPECTED.items():
            assert plan.target(indicator, structure).value == value, (indicator, structure)
        reprints = {(r.indicator, r.source.place): r.value for r in plan.reprints if r.act == "cda-200-2021"}
        assert reprints == {
            ("ieep.entrate.flussi", "Allegato Tecnico, slide 14"): 7_781_469_473,
            ("ieep.entrate", "Allegato Tecnico, slide 14"): 8_865_168_560,
            ("ieep.entrate", "Obiettivi generali di ente triennali"): 8_865_168_560,
            ("ieep.totale", "Allegato Tecnico, slide 5"): 10_967_463_637,
            ("ieep.totale", "Allegato Tecnico, slide 14"): 10_967_463_637,
        }
        row = next(line for line in plan.lines if line.code == "centrali.ieep.entrate.ieep.entrate.flussi")
        assert row.value == 7_781_469_473
        assert plan.target("ieep.totale", "PIEMONTE", "2021-T1").value == 614_141_817 / 4
        assert run_checks(plan).ok
        assert "All checks of the amended edition agree." in text

    def test_other_structures_stay(self, leaf):
        before, (_, _, plan) = load_edition("piano-2021-2023"), leaf
        changed = {
            (t.indicator, t.structure)
            for t in plan.targets
            if t.period == "2021" and t.value != before.target(t.indicator, t.structure).value
        }
        central = {key for key in changed if key[0] == "centrali.ieep"}
        assert changed - central == {key for key in EXPECTED if key[0] != "centrali.ieep"}
        assert len(central) == 21  # the Direzione centrale Entrate and the 20 with the national total

    def test_all_are_named_with_old_and_new_value(self, leaf):
        _, text, _ = leaf
        for line in (
            "obiettivo ieep.entrate.flussi, PIEMONTE, 2021: 419.500.000 -> 429.500.000",
            "obiettivo ieep.totale, PIEMONTE, 2021: 604.141.817 -> 614.141.817 (sum of the rows below it)",
            "obiettivo ieep.totale, NAZIONALE, 2021: 10.957.463.637 -> 10.967.463.637 (sum of regions and DCM)",
            "riga centrali.ieep.entrate.ieep.entrate.flussi: 7.771.469.473 -> 7.781.469.473 (row of Tabella B)",
            "ieep.totale, PIEMONTE: T1 151.035.454,25 -> 153.535.454,25; T2 302.070.908,5 -> 307.070.908,5",
            "regola obiettivi.maggiori_entrate, NAZIONALE, 2022 starts from the changed target: +2% Maggior",
        ):
            assert line in text

    def test_past_stays_known(self, leaf):
        _, _, plan = leaf
        before = load_edition("piano-2021-2023")
        past = plan.as_known_on(BEFORE)
        for indicator, structure in EXPECTED:
            old = before.target(indicator, structure).value
            assert plan.target(indicator, structure, known_on=BEFORE).value == old
            assert past.target(indicator, structure).value == old
        assert [line.value for line in past.lines] == [line.value for line in before.lines]
        assert [r.value for r in past.reprints] == [r.value for r in before.reprints]
        assert past.weights == before.weights

    def test_origin_of_the_new_values(self, leaf):
        _, _, plan = leaf
        own, total = (plan.target(code, "PIEMONTE") for code in ("ieep.entrate.flussi", "ieep.totale"))
        assert (own.status, own.act, str(own.source)) == (
            Status.PUBLISHED,
            "cda-200-2021",
            "CdA 200/2021, testo della deliberazione",
        )
        assert (total.status, total.note) == (Status.RECOVERED, "somma delle righe che lo compongono")
        assert plan.id == "piano-2021-2023-cda-200-2021"
        assert plan.title.endswith("modificato con CdA 200/2021")
        assert plan.latest_act.short == "CdA 200/2021"

    def test_no_follow_names_what_stays_old(self, amend):
        status, text, plan = amend(*LEAF, "--no-follow")
        assert status == FAILED
        assert "NOT written: they keep their old values" in text
        assert "obiettivo ieep.totale, PIEMONTE, 2021: 604.141.817 -> 614.141.817" in text
        assert re.search(r"righe: PIEMONTE: .*: 460\.728\.889, the others give 470\.728\.889", text)
        assert plan.target("ieep.totale", "PIEMONTE").value == 604_141_817


def test_national_value_alone_says_no_region(amend):
    """10 million more for the institute, and no region that has them."""
    status, text, plan = amend("--set", "ieep.entrate.flussi", "NAZIONALE", "2021", "7781469473")
    assert status == FAILED
    assert re.search(r"regioni: .*: 7\.781\.469\.473, the others give 7\.771\.469\.47[0-9]", text)
    assert (
        "ieep.entrate.flussi, NAZIONALE, 2021: set to 7.781.469.473, sum of regions and DCM gives 7.771.469.473"
        in text
    )
    assert plan.target("ieep.entrate", "NAZIONALE").value == 8_865_168_560


def test_subtotal_set_by_the_act_against_its_rows(amend):
    status, text, _ = amend(*LEAF, "--set", "ieep.entrate", "PIEMONTE", "2021", "470728880")
    assert status == FAILED
    assert (
        "ieep.entrate, PIEMONTE, 2021: set to 470.728.880, sum of the rows below it gives 470.728.889" in text
    )


def test_surrogatorie_reach_doctors_and_lawyers(amend):
    """Piemonte 2.111.494: 100.000 more for azioni surrogatorie previdenziali."""
    before = load_edition("piano-2021-2023")
    leaf = "ieep.prestazioni.surrogatorie.previdenziali"
    value = before.target(leaf, "PIEMONTE").value + 100_000
    status, text, plan = amend("--set", leaf, "PIEMONTE", "2021", f"{value:.0f}")
    assert status == OK, text
    for who in ("legali", "medici"):
        assert plan.target(f"professionisti.{who}.surrogatorie", "PIEMONTE").value == 2_211_494
        assert plan.target(f"professionisti.{who}.surrogatorie", "NAZIONALE").value == 31_846_115
    assert plan.target("centrali.ieep", "COORDINAMENTO GENERALE LEGALE").value == 31_846_115


def test_parameter_weights_bands_programme_and_texts(amend):
    status, text, plan = amend(
        *("--set-parameter", "tetto_scostamento", "0.4"),
        *("--set-weight", "ieep", "ieep.entrate", "0.6", "--set-weight", "ieep", "ieep.prestazioni", "0.4"),
        *("--set-band", "controllate.4", "punti", "8", "--set-band", "controllate.1", "limite", "65"),
        *("--set-band", "controllate.1", "stampa", "0-65%"),
        *("--set-programme", "ieep.totale", "2021-T1", "0.3"),
        *("--set-data", "nodo", "piramide.F.1", "titolo", "Maggiori entrate contributive"),
    )
    assert status == OK, text
    assert plan.parameter("tetto_scostamento") == 0.4
    assert [w.value for w in plan.weights_of("ieep")] == [0.6, 0.4]
    bands = plan.banded_ratios[0].bands
    assert (bands[0].upper, bands[0].printed, bands[3].points) == (65, "0-65%", 8)
    assert plan.parameter("controllo_processo.massimo") == 25  # best bands: 24 and one more
    assert plan.target("ieep.totale", "PIEMONTE", "2021-T1").value == pytest.approx(0.3 * 604_141_817)
    assert plan.node("piramide.F.1").title == "Maggiori entrate contributive"
    assert "fascia controllate, 2 is still printed as 71-90%" in text
    assert "peso ieep, ieep.entrate: 0,7 -> 0,6" in text
    past = plan.as_known_on(BEFORE)
    assert past.parameter("tetto_scostamento") == 0.5
    assert past.parameter("controllo_processo.massimo") == 24
    assert [w.value for w in past.weights_of("ieep")] == [0.7, 0.3]
    assert past.banded_ratios == load_edition("piano-2021-2023").banded_ratios
    assert past.target("ieep.totale", "PIEMONTE", "2021-T1").value == 604_141_817 / 4


def test_all_that_an_act_changes_is_shown_as_known_on_a_day(amend, tmp_path, capsys):
    """Cap 50% and 40%, weight of the entrate 70% and 60%, best band of the first ratio 7 and 8 points (P21, slide 9),
    first quarter 25% and 30%, weight of a perspective 10%.
    """
    status, said, _ = amend(
        *("--set-parameter", "tetto_scostamento", "0.4"),
        *("--set-weight", "ieep", "ieep.entrate", "0.6", "--set-weight", "ieep", "ieep.prestazioni", "0.4"),
        *("--set-band", "controllate.4", "punti", "8"),
        *("--set-programme", "ieep.totale", "2021-T1", "0.3"),
        *("--set-data", "nodo", "piramide.F.1", "titolo", "Maggiori entrate contributive"),
    )
    assert status == OK, said

    def shown(*words):
        assert main(["plan", "show", *words, "--source", str(tmp_path / "emendamento")]) == OK
        return capsys.readouterr().out

    before, after = ["--known-on", "2021-11-14"], ["--known-on", "2021-11-15"]
    for words, old, new in (
        (["tetto_scostamento"], ": 50%\n", ": 40%\n"),
        (["ieep,", "ieep.entrate"], ": 70%\n", ": 60%\n"),
        (["controllate.4"], ": 7 points\n", ": 8 points\n"),
        (["ieep.totale,", "2021-T1"], ": 25%\n", ": 30%\n"),
        (["piramide.F.1"], "piramide.F.1: ", "piramide.F.1: Maggiori entrate contributive"),
    ):
        assert old in shown(*words, *before)
        assert "CdA 31/2021" in shown(*words, *before)
        assert new in shown(*words, *after)
        assert "act: CdA 200/2021, known from 15/11/2021" in shown(*words)
        assert "Maggiori entrate contributive" not in shown(*words, *before)


def test_numbers_are_said_and_written_with_their_own_digits(amend, tmp_path):
    """Flussi of the Piemonte, cents in them: the number that follows has those cents and no digits of a float.

    Tabella B prints entrate 460.728.889 with flussi 419.500.000: with flussi 58.261.351,4 they are
    460.728.889 - 419.500.000 + 58.261.351,4 = 99.490.240,4.
    """
    status, text, plan = amend("--set", "ieep.entrate.flussi", "PIEMONTE", "2021", "58261351.4")
    assert status == OK
    assert "obiettivo ieep.entrate, PIEMONTE, 2021: 460.728.889 -> 99.490.240,4 (sum of the rows" in text
    assert plan.target("ieep.entrate", "PIEMONTE").value == 99_490_240.4
    written = (tmp_path / "emendamento" / "modifiche.csv").read_text(encoding="utf-8")
    assert "ieep.entrate,PIEMONTE,2021,99490240.4," in written
    assert not re.search(r"\d,\d{5}| \d+\.\d{5}", text)


def test_programme_and_target_in_one_act_and_in_two(amend, tmp_path, capsys):
    """IEEP of the Piemonte in the first quarter: 25% of 604.141.817, then 20% of 614.141.817."""
    status, text, plan = amend(*LEAF, "--set-programme", "ieep.totale", "2021-T1", "0.2")
    assert status == OK, text
    assert plan.target("ieep.totale", "PIEMONTE", "2021-T1").value == pytest.approx(122_828_363.4)
    act = [
        "edition",
        "amend",
        "--act",
        "CdA 210/2021",
        "--date",
        "2021-12-10",
        "--from",
        str(tmp_path / "emendamento"),
    ]
    out = tmp_path / "secondo"
    assert main([*act, "--set-programme", "ieep.totale", "2021-T1", "0.3", "--out", str(out)]) == OK
    capsys.readouterr()
    second = load_directory(out)
    assert second.id == "piano-2021-2023-cda-210-2021"
    days = [dt.date(2021, 11, 14), dt.date(2021, 11, 15), dt.date(2021, 12, 10)]
    values = [second.target("ieep.totale", "PIEMONTE", "2021-T1", known_on=day).value for day in days]
    assert values == pytest.approx([151_035_454.25, 122_828_363.4, 184_242_545.1])


def test_index_of_standard_costs_follows_a_weight(amend):
    """Two weights change places by 0.01: every region's printed index moves by the formula's difference."""
    plan = load_edition("piano-2021-2023")
    first, second = plan.weights_of("costi_standard")[:2]
    low, high = first.value - 0.01, second.value + 0.01
    status, text, new = amend(
        *("--set-weight", "costi_standard", first.member, f"{low:.6f}"),
        *("--set-weight", "costi_standard", second.member, f"{high:.6f}"),
    )
    assert status == OK, text
    members = [s.code for s in plan.regional() if s.cluster == plan.structures["PIEMONTE"].cluster]
    shift = 0.0
    for weight, sign in ((first, -1), (second, 1)):
        mean = sum(plan.target(weight.member, code).value for code in members) / len(members)
        shift += sign * 0.01 * 100 * plan.target(weight.member, "PIEMONTE").value / mean
    printed = plan.target("costi_standard.indice", "PIEMONTE").value
    assert new.target("costi_standard.indice", "PIEMONTE").value == pytest.approx(printed + shift, abs=0.0051)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "the act sets nothing"),
        (("--set", "giacenza.niente", "TORINO", "2021", "28"), "unknown indicator 'giacenza.niente'"),
        (("--set", "giacenza.altre_aree", "Torin", "2021", "28"), "for example TORINO"),
        (("--set", "giacenza.altre_aree", "TORINO", "2021", "28,5"), "'28,5' of obiettivo"),
        (("--set-parameter", "tetto", "1"), "unknown parametro 'tetto'"),
        (("--set-band", "controllate", "punti", "1"), "expected ratio and number"),
        (("--set-band", "controllate.1", "colore", "1"), "fascia has no 'colore'"),
        (("--set-band", "controllate.9", "punti", "1"), "unknown fascia 'controllate|9'"),
        (("--set-data", "riassunto", "x", "titolo", "y"), "riassunto has no 'titolo'"),
        (
            ("--set-parameter", "tetto_scostamento", "0.4", "--from", "piano-1999"),
            "unknown edition 'piano-1999'",
        ),
    ],
)
def test_what_cannot_be_set(amend, arguments, message):
    status, text, plan = amend(*arguments)
    assert status == USAGE
    assert message in text
    assert plan is None


@pytest.mark.parametrize(
    ("act", "date", "message"),
    [
        ("CdA 133/2021", "2021-11-15", "the act cda-133-2021 is in the edition already"),
        ("CdA 50/2021", "2021-05-01", "is older than the last act of the edition"),
    ],
)
def test_act_that_cannot_amend(amend, act, date, message):
    status, text, plan = amend(*LEAF, act=["edition", "amend", "--act", act, "--date", date])
    assert (status, plan) == (USAGE, None)
    assert message in text


def test_weights_that_do_not_sum_to_one_write_nothing(amend):
    status, text, plan = amend("--set-weight", "ieep", "ieep.entrate", "0.6")
    assert status == FAILED
    assert "the weights of 'ieep' sum to 0.9" in text
    assert plan is None


def test_folder_that_is_there(tmp_path, capsys):
    assert main([*ACT, *LEAF, "--out", str(tmp_path)]) == USAGE
    assert "the folder is there already" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_toy_plan_with_changes_of_its_own(amend):
    """Entrate of the NORD 500 -> 510: IEEP of the NORD 503, national 1010 and 1000, the reprint of slide 5 too."""
    status, text, plan = amend("--set", "ieep.entrate", "settentrione", "2030", "510", act=TOY_ACT)
    assert plan.target("ieep.totale", "NORD").value == 503
    assert plan.target("ieep.entrate", "NAZIONALE").value == 1010
    assert plan.target("ieep.totale", "NAZIONALE").value == 1000
    assert plan.reprints[0].value == 1000
    assert plan.target("giacenza.pensioni", "BETA").value == 31  # the change of June is still there
    assert plan.target("giacenza.pensioni", "BETA", known_on=dt.date(2030, 5, 31)).value == 32
    assert (status, "All checks" in text) == (OK, True)


def test_ties_hold_in_the_plan_but_for_its_known_defects():
    """Nothing follows where nothing changes, and every tie is about numbers of the plan."""
    plan = load_edition("piano-2021-2023")
    values = values_of(plan)
    assert follow(plan, {}) == ()
    assert follow(plan, {key: values[key] for key in list(values)[:50]}) == ()
    ties = ties_of(plan)
    assert len(ties) > 400
    assert all(tie.note for tie in ties)
    exact = [t for t in ties if t.decimals is None]
    wrong = [t.result[1] for t in exact if abs(t.value(values) - values[t.result]) > 1]
    assert wrong == ["dismissione.unita|NAZIONALE|2021", "dismissione.valore|NAZIONALE|2021"]


def test_recipe_of_the_readme(tmp_path, monkeypatch, capsys):
    """The commands as README prints them, one after the other, in a folder with a workbook."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"<!-- amendment -->\n```sh\n(.*?)```", text, re.DOTALL)
    assert block is not None
    (tmp_path / "workbooks").mkdir()
    shutil.copy(FOLDER / "giacenza.xlsx", tmp_path / "workbooks")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(library.VARIABLE, str(tmp_path / "dati"))
    library.forget()
    try:
        for line in block[1].splitlines():
            assert main(shlex.split(line)[1:]) == OK, line
    finally:
        library.forget()
    out = capsys.readouterr().out
    assert "~ giacenza.prestazioni_servizi, TORINO, 2021" in out
    assert "giacenza.prestazioni_servizi TORINO 2021: 30 -> 28" in out
