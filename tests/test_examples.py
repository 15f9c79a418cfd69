"""The shipped examples come from one set of facts: whatever two of them hold agrees, and they look like results."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import pytest

from tests.official import EXAMPLES
from xl_perf.contract import Identity, Species, read_inputs
from xl_perf.load.files import LoadOptions, load_file
from xl_perf.package import open_package
from xl_perf.package.scalars import same_value
from xl_perf.plan import load_edition
from xl_perf.plan.measures import Nature
from xl_perf.templates.build import example_of

FILES = sorted(EXAMPLES.glob("*.xlsx"))
NAMES = [path.stem.removesuffix("_esempio") for path in FILES]
SHARING = {
    # a workbook -> how many of its cells the other examples give: 14 and more pairs of the design, counted by hand
    "giacenza": 64,  # 4 areas x 4 numbers x 4 offices of Liguria
    "controllo_processo": 6,  # six counts of Liguria
    "costi_standard": 19,  # 21 costs of Liguria, two of them not reported
    "ieep": 19,  # 19 rows of Tabella B of Liguria
    "piramide_valore": 28,  # 25 projects of the register, the contributions, units and value of the disposal
    "strutture_centrali": 41,  # 19 rows of Tabella B, 21 structures with projects, the performance strategica
    "professionisti": 26,  # 23 regions' azioni surrogatorie, 3 Coordinamenti
    "scheda_territoriale": 109,  # 64 + 6 + 19 + 19 of Liguria, the score of the obiettivi di ente
}


def _year(identity: Identity) -> Identity:
    """The examples show the whole year: its last quarter is the year."""
    return replace(identity, period=identity.period.removesuffix("-T4"))


@pytest.fixture(scope="module")
def plan():
    return load_edition()


@pytest.fixture(scope="module")
def books():
    return {name: read_inputs(open_package(path)) for name, path in zip(NAMES, FILES, strict=True)}


def test_no_fact_has_two_values(books, plan):
    same = {
        (e.other_item, e.other_measure, e.other_structure): (e.item, e.measure, e.structure)
        for e in plan.equalities
    }
    found = defaultdict(dict)
    for name, inputs in books.items():
        facts = [each for each in inputs.of() if each.value is not None]
        results = [each for each in inputs.totals if each.value not in (None, "")]
        for each in (*facts, *results):
            one = _year(each.identity)
            for structure in (one.structure, ""):
                if (one.item, one.measure, structure) in same:
                    item, measure, own = same[one.item, one.measure, structure]
                    one = replace(one, item=item, measure=measure, structure=own or one.structure)
                    break
            found[one][name, each.cell] = each.value
    differing = {
        str(one): values
        for one, values in found.items()
        if any(not same_value(value, next(iter(values.values()))) for value in values.values())
    }
    assert differing == {}
    assert sum(len({name for name, _ in values}) > 1 for values in found.values()) > 150


@pytest.mark.parametrize("name", NAMES)
def test_load_between_examples_changes_nothing(name, books):
    path = EXAMPLES / f"{name}_esempio.xlsx"
    period = books[name].period if "-" in books[name].period else ""
    others = [other for other in FILES if other != path]
    report = load_file(path, others, LoadOptions(dry_run=True, period=period))
    merged = report.merged
    assert (merged.filled, merged.conflicts, merged.unread, report.differing) == ([], [], [], ())
    assert len({(match.input.sheet, match.input.key) for match in merged.equal}) == SHARING.get(name, 0)


def test_some_facts_are_not_reported_yet(books):
    """Partial coverage has to be seen; most of it has to be there."""
    for name in ("giacenza", "costi_standard", "controllo_processo", "progetti", "scheda_territoriale"):
        facts = books[name].of()
        empty = sum(each.value is None for each in facts) / len(facts)
        assert 0.01 < empty < 0.15, name


def test_scores_look_like_results(books):
    scores = [
        each.value
        for inputs in books.values()
        for each in inputs.totals
        if each.species is Species.RESULT
        and each.identity.measure == "punteggio"
        and isinstance(each.value, int | float)
    ]
    assert len(scores) > 400
    assert sum(85 <= score <= 115 for score in scores) / len(scores) > 0.9
    assert all(50 <= score <= 150 for score in scores)


def test_quarters_of_one_year(plan):
    """What counts from the beginning of the year never falls, and its last quarter is the year."""
    example = example_of(plan)
    checked = 0
    for (item, measure), what in plan.measures.items():
        if what.nature is not Nature.FLOW:
            continue
        for structure in ("GENOVA", "LIGURIA", "NAZIONALE"):
            quarters = [
                example.value(Identity(item, measure, structure, f"{plan.period}-T{number}"))
                for number in (1, 2, 3, 4)
            ]
            assert example.value(Identity(item, measure, structure, plan.period)) == quarters[3]
            if None not in quarters:
                assert quarters == sorted(quarters), (item, measure, structure)
                checked += 1
    assert checked > 200
