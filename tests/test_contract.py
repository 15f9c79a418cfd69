"""The contract of the official workbooks: no input without identity, none twice, all of them declared in the data."""

from __future__ import annotations

import functools
from collections import Counter

import pytest

from tests.official import EXAMPLES, FOLDER
from xl_perf.contract import Inputs, Species, read_inputs
from xl_perf.contract.limits import findings
from xl_perf.contract.places import Places, carried
from xl_perf.contract.targets import read_targets
from xl_perf.contract.versions import TEMPLATE_VERSIONS
from xl_perf.package import Package, open_package
from xl_perf.package.refs import cell_name
from xl_perf.package.scalars import same_value
from xl_perf.plan import load_edition
from xl_perf.recalc import recalculate_package
from xl_perf.templates.build import build_scorecard

REGIONS = ("LOMBARDIA", "VALLE D'AOSTA", "DCM ROMA", "NAZIONALE")
"""Scorecards besides the official one: many offices, a single one, a DCM, the whole institute."""
DONE = [*TEMPLATE_VERSIONS, *REGIONS]


@functools.cache
def package(name: str, *, example: bool) -> Package:
    if name in REGIONS or (name == "scheda_territoriale" and not example):
        structure = name if name in REGIONS else load_edition().model(name).structure
        quarter = 3 if name in REGIONS else 4  # the official example shows the whole year
        return Package(build_scorecard(load_edition(), structure, quarter, example=example), name)
    return open_package(EXAMPLES / f"{name}_esempio.xlsx" if example else FOLDER / f"{name}.xlsx")


@functools.cache
def inputs(name: str, *, example: bool) -> Inputs:
    return read_inputs(package(name, example=example))


@pytest.mark.parametrize("name", DONE)
def test_every_unlocked_cell_is_declared_once(name):
    book = package(name, example=True)
    unlocked = book.unlocked
    cells = {
        (info.name, (cell.row, cell.column))
        for info in book.sheets
        for cell in book.cells(info.name)
        if cell.style in unlocked
    }
    found = inputs(name, example=True)
    places = Counter((each.sheet, each.key) for each in found.found)
    free = {(row.sheet, key) for row in found.rows for _, key in row.cells.values()}
    free |= {(row.sheet, row.key) for row in found.rows}
    lacking = sorted(f"{sheet}!{cell_name(key)}" for sheet, key in cells - places.keys() - free)
    assert lacking == []
    assert [place for place, count in places.items() if count > 1] == []


@pytest.mark.parametrize("name", DONE)
def test_every_fact_is_declared_in_the_data(name):
    plan = load_edition("piano-2021-2023")
    facts = {(each.identity.item, each.identity.measure) for each in inputs(name, example=True).of()}
    facts |= {
        what
        for row in inputs(name, example=True).rows
        for what, (species, _) in row.cells.items()
        if species is Species.FACT
    }
    assert sorted(facts - plan.measures.keys()) == []


@pytest.mark.parametrize("name", DONE)
def test_structures_are_those_of_the_plan(name):
    plan = load_edition("piano-2021-2023")
    known = {*plan.structures, ""}
    assert {each.identity.structure for each in inputs(name, example=True).of()} <= known


@pytest.mark.parametrize("name", DONE)
def test_examples_have_no_findings(name):
    plan = load_edition("piano-2021-2023")
    found = findings(inputs(name, example=True), plan)
    assert [f"{one.input.cell} = {one.input.value}: {one.expected} ({one.why})" for one in found] == []


@pytest.mark.parametrize("name", DONE)
def test_what_an_example_holds_fills_the_empty_workbook_to_the_same_results(name):
    example, empty = inputs(name, example=True), inputs(name, example=False)
    everything = tuple(species for species in Species if species is not Species.RESULT)
    values, left = carried(example.of(*everything), Places(empty))
    assert left == []
    calculation = recalculate_package(package(name, example=False), overrides=values)
    differing = []
    for info in package(name, example=True).sheets:
        if info.name in ("Inizia qui", "Note e fonti", "Metadati"):
            continue
        own = {(c.row, c.column): c.value for c in package(name, example=False).cells(info.name)}
        own.update(values.get(info.name, {}))
        own.update(calculation.changes.get(info.name, {}))
        differing += [
            f"{info.name}!{cell_name((cell.row, cell.column))}: {own.get((cell.row, cell.column))} != {cell.value}"
            for cell in package(name, example=True).cells(info.name)
            if cell.formula is not None and not same_value(own.get((cell.row, cell.column)), cell.value)
        ]
    assert differing == []


def test_every_measure_of_the_data_stands_in_some_workbook():
    plan = load_edition("piano-2021-2023")
    asked = set()
    for name in DONE:
        found = inputs(name, example=True)
        asked |= {(each.identity.item, each.identity.measure) for each in (*found.of(), *found.totals)}
        asked |= {what for row in found.rows for what in row.cells}
    assert sorted(plan.measures.keys() - asked) == []


@pytest.mark.parametrize("name", DONE)
def test_every_target_is_found_by_its_code(name):
    """Totals beside targets are formulas without code; what the map of targets names is a number or text of
    the plan.
    """
    found = list(read_targets(package(name, example=True)))
    assert found
    assert [target["cella"] for target in found if not target["chiave"]] == []


OF_PERSONS = "valutazione_individuale"
"""Its scores are those of persons: nobody may ask for them."""


@pytest.mark.parametrize("name", TEMPLATE_VERSIONS)
def test_scores_and_coverages_are_declared(name):
    """So that the archive, comparisons and the national collection see them; of nodes and indicators of the
    plan, each once.
    """
    plan = load_edition("piano-2021-2023")
    known = {*(node.code for node in plan.nodes), *plan.indicators, *(w.node for w in plan.weights)}
    results = [total for total in inputs(name, example=True).totals if total.species is Species.RESULT]
    if name == OF_PERSONS:
        assert results == []
        return
    assert {one.identity.item for one in results} <= known
    assert {"punteggio"} <= {one.identity.measure for one in results if isinstance(one.value, float | int)}
    if name != "controllo_processo":  # one ratio of points: nothing is covered in part
        assert "copertura" in {one.identity.measure for one in results}
    assert len({one.identity for one in results}) == len(results)
