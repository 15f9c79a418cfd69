"""The nation from 23 scorecards: the printed national values where every structure reports its targets."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.collected import filled, result, rows
from xl_perf.check.proof import prove
from xl_perf.cli import OK, main
from xl_perf.collect.files import collect
from xl_perf.contract import Species, read_inputs
from xl_perf.package import open_package
from xl_perf.plan import load_edition

PERIOD = "2021-T4"
POINTS_LINE = "produzione.prestazioni.gestione_privata"
"""A line that counts for the productivity: all points of a region go there."""


ROUNDED = "ieep.entrate.flussi"
"""The row that takes up the euro or two by which the printed rows of a region miss its printed total."""


def ieep_of_parts(plan, code, structure):
    """A row of Tabella B from its parts."""
    parts = [row for row in plan.indicators_of("ieep") if row.parent == code]
    if not parts:
        return plan.target(code, structure).value
    return sum(row.sign * ieep_of_parts(plan, row.code, structure) for row in parts)


def on_target(plan, region):
    """Facts of a region whose actuals are its targets: from Tabelle A, B, D and the lines of sussidiarietà."""
    ieep = plan.target("ieep.totale", region).value
    costs = ieep / plan.target("redditivita.indice", region).value
    shares = {"totali": 1.0}
    for measure, indicator in (("diretti", "costi_diretti"), ("produzione", "costo_produzione")):
        shares[measure] = plan.target(f"redditivita.{indicator}", region).value
    missed = ieep - ieep_of_parts(plan, "ieep.totale", region)
    lines = {line.code: line.value for line in plan.lines}

    def facts(identity):
        item, measure, structure = identity.item, identity.measure, identity.structure
        system = item.partition(".")[0]
        if system == "giacenza" and measure in ("giacenza", "pervenuto"):
            received = 7_300 + 10 * plan.structures[structure].order
            goal = plan.target(item, structure).value
            return received if measure == "pervenuto" else goal * received / plan.parameter("giacenza.base")
        if system == "deflusso":
            return 900 + plan.structures[structure].order
        if item == ROUNDED:
            return plan.target(item, region).value + missed
        if system in ("ieep", "progetti_miglioramento") and measure == "consuntivo" and not identity.row:
            return plan.target(item, region).value
        if item == "redditivita.costi":
            return costs * shares[measure]
        if (item, measure) == (POINTS_LINE, "punti"):
            return costs / plan.target("redditivita.costo_punto", region).value
        if item in lines and system == "sussidiarieta":
            return lines[item]
        return None

    return facts


@pytest.fixture(scope="module")
def plan():
    return load_edition()


@pytest.fixture(scope="module")
def folder(plan, tmp_path_factory):
    """23 scorecards on target, collected."""
    home = tmp_path_factory.mktemp("nazione")
    paths = []
    for number, structure in enumerate(plan.regional()):
        path = home / f"scheda_{number}.xlsx"
        facts = on_target(plan, structure.code)
        path.write_bytes(filled(plan, "scheda_territoriale", facts, structure=structure.code, quarter=4))
        paths.append(path)
    steps = []
    found = collect(paths, plan, PERIOD, home / "out", on_progress=lambda *step: steps.append(step))
    assert [r.why for r in (*found.refusals, *found.unproven)] == []
    assert [d.identity for d in found.differences] == []
    assert (found.missing, found.witnesses, found.left) == ([], [], [])
    assert steps[-1][1:] == (29, 29)
    return home / "out"


def test_national_values_are_the_printed_ones(folder):
    """P21, AT slides 10, 12 and Tabelle B, D: ratios of sums give what is printed; simple means give 3.82,
    91.8%, 85.7%, 132.4.
    """
    path = folder / "scheda_nazionale_2021_T4.xlsx"
    ratios = {row["Codice"]: row["Consuntivo"] for row in rows(path, "tblRedditivita")}
    base = "scheda.finanza.redditivita."
    assert round(ratios[f"{base}indice"], 2) == 4.20
    assert round(ratios[f"{base}costi_diretti"], 4) == 0.9335
    assert round(ratios[f"{base}costo_produzione"], 4) == 0.8753
    assert round(ratios[f"{base}costo_punto"], 2) == 129.27
    amounts = {row["Codice"]: row["Consuntivo"] for row in rows(path, "tblIEEP")}
    assert round(amounts["ieep.totale"]) == 10_957_463_637
    projects = [row["Consuntivo"] for row in rows(path, "tblProgettiNazionali")]
    assert projects == [80_000, 1_900_000, 550_000]
    assert result(path, "scheda.processi.sussidiarieta", "consuntivo").value == 134_990


@pytest.mark.parametrize(
    "node", ["scheda.finanza.ieep", "scheda.processi.progetti", "scheda.processi.sussidiarieta"]
)
def test_on_target_scores_100(folder, node):
    assert result(folder / "scheda_nazionale_2021_T4.xlsx", node).value == pytest.approx(100, abs=1e-6)


def test_giacenza_of_the_scorecard_is_that_of_giacenza(plan, folder, tmp_path):
    """The same facts, typed into giacenza.xlsx office by office, give the indices of the regions and of the nation."""
    by_structure = {}
    for region in plan.regional():
        facts = on_target(plan, region.code)
        by_structure |= {s.code: facts for s in plan.structures_of() if s.parent == region.code}
    path = tmp_path / "giacenza.xlsx"
    path.write_bytes(filled(plan, "giacenza", lambda one: by_structure[one.structure](one)))
    national = folder / "scheda_nazionale_2021_T4.xlsx"
    checked = 0
    for table in ("tblPrestazioniServizi", "tblAltreAree"):
        own = {row["Struttura"]: row for row in rows(path, table)}
        for row in rows(national, table):
            other = own[row["Struttura"]]
            assert row["Indice di giacenza (gg)"] == pytest.approx(other["Indice di giacenza (gg)"], rel=1e-9)
            assert row["Indice di deflusso"] == pytest.approx(other["Indice di deflusso"], rel=1e-9)
            checked += 1
    assert checked == 48


def test_ieep_of_the_scorecard_is_that_of_ieep(plan, folder, tmp_path):
    path = tmp_path / "ieep.xlsx"
    path.write_bytes(filled(plan, "ieep", lambda one: on_target(plan, one.structure)(one)))
    totals = {row["Codice"]: row for row in rows(path, "tblConsuntivi")}
    for row in rows(folder / "scheda_nazionale_2021_T4.xlsx", "tblIEEP"):
        assert row["Consuntivo"] == pytest.approx(totals[row["Codice"]]["NAZIONALE"], rel=1e-9)


@pytest.mark.parametrize("template", ["giacenza", "ieep"])
def test_the_national_workbooks_hold_the_same_facts(plan, folder, tmp_path, template):
    """What collect writes is what the facts give when they are typed in."""
    found = read_inputs(open_package(folder / f"{template}_2021_T4.xlsx"))
    parents = {s.code: s.parent if s.parent != plan.national else s.code for s in plan.structures_of()}
    for one in found.of():
        wanted = on_target(plan, parents[one.identity.structure])(one.identity)
        assert one.value == pytest.approx(wanted, rel=1e-12), str(one.identity)


QUARTERLY = ("giacenza", "ieep", "costi_standard", "controllo_processo")


@pytest.fixture(scope="module")
def third(plan, tmp_path_factory):
    """Two regions at three quarters of their year: the national files of the third quarter."""
    home = tmp_path_factory.mktemp("terzo")
    paths = []
    for code in ("MOLISE", "UMBRIA"):
        facts = on_target(plan, code)
        share = 0.75

        def of_quarter(identity, facts=facts, share=share):
            value = facts(identity)
            return value * share if value is not None and identity.item.startswith("ieep.") else value

        path = home / f"{code}.xlsx"
        path.write_bytes(filled(plan, "scheda_territoriale", of_quarter, structure=code, quarter=3))
        paths.append(path)
    collect(paths, plan, "2021-T3", home / "out")
    return home / "out"


@pytest.mark.parametrize("template", QUARTERLY)
def test_national_workbooks_are_of_the_quarter_that_was_collected(third, template):
    """Not of the year: the facts of another quarter are not theirs, and the archive keeps their histories apart."""
    found = read_inputs(open_package(third / f"{template}_2021_T3.xlsx"))
    assert found.period == "2021-T3"
    assert {one.identity.period for one in found.of()} == {"2021-T3"}


def test_ieep_of_a_quarter_is_compared_with_the_targets_of_the_quarter(third):
    """75% of the year's euro on 75% of its target: every row of the two regions is on target."""
    path = third / "ieep_2021_T3.xlsx"
    scores = {row["Struttura"]: row["Punteggio"] for row in rows(path, "tblSintesi")}
    assert scores["MOLISE"] == pytest.approx(100, abs=1e-6)
    assert scores["UMBRIA"] == pytest.approx(100, abs=1e-6)
    gaps = [row["MOLISE"] for row in rows(path, "tblScostamenti") if isinstance(row["MOLISE"], int | float)]
    assert len(gaps) > 10
    assert max(map(abs, gaps)) < 1e-5  # the row that takes up the euro of the printed roundings


@pytest.mark.parametrize("template", QUARTERLY)
def test_national_workbooks_prove_themselves(third, template, capsys):
    """Their facts and their quarter, in a fresh workbook, give their results."""
    assert main(["check", str(third / f"{template}_2021_T3.xlsx")]) == OK
    found = read_inputs(open_package(third / f"{template}_2021_T3.xlsx"))
    results = {one.identity: one for one in found.totals if one.species is Species.RESULT}
    assert results or template != "ieep"
    wrong = {
        identity: replace(one, value=one.value + 5) if isinstance(one.value, float) else one
        for identity, one in results.items()
    }
    proof = prove("x", found, results, load_edition())
    assert proof.differences == []
    numbers = sum(isinstance(one.value, float) for one in results.values())
    assert len(prove("x", found, wrong, load_edition()).differences) == numbers
