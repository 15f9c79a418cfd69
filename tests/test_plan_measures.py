"""What inputs mean: limits as the data writes them, and records that are refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from xl_perf.errors import PlanError
from xl_perf.plan import load_directory, load_edition
from xl_perf.plan.measures import FactorKind, Form, Gap, Limit, Nature, Reporter
from xl_perf.plan.reading.examples import parse_example
from xl_perf.plan.reading.measures import parse_limit

TOY = Path(__file__).parent / "toy_plan"
RECORD = """
[[misura]]
codice = "giacenza"
titolo = "Giacenza"
unita = "punti"
natura = "consistenza"
sistemi = ["giacenza"]
fonte = "D1, Tabella A"
"""


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("0..1", (Form.RANGE, 0.0, 1.0, ())),
        ("0..", (Form.RANGE, 0.0, None, ())),
        ("..-0.5", (Form.RANGE, None, -0.5, ())),
        ("rapporto a obiettivo 0.1..10", (Form.TARGET, 0.1, 10.0, ())),
        ("rapporto a #budget 0.2..5", (Form.MEASURE, 0.2, 5.0, ("budget",))),
        ("rispetto al trimestre precedente 0.5..2", (Form.PREVIOUS, 0.5, 2.0, ())),
    ],
)
def test_limits(text, limit):
    form, low, high, measures = limit
    assert parse_limit(text, "") == Limit(form, low, high, measures, text)


def test_sums_and_quotients():
    found = parse_limit("somma di #a #b <= #c #d", "")
    assert (found.measures, found.wholes) == (("a", "b"), ("c", "d"))
    found = parse_limit("quoziente con #pervenuto per giacenza.base rapporto a obiettivo 0.4..2.5", "")
    assert (found.measures, found.parameter, found.low, found.high) == (
        ("pervenuto",),
        "giacenza.base",
        0.4,
        2.5,
    )


@pytest.mark.parametrize(
    "text", ["", "0-1", "rapporto a budget 0.2..5", "somma di a <= b", "0..1..2", "circa 5"]
)
def test_no_limit(text):
    with pytest.raises(PlanError, match="limit"):
        parse_limit(text, "dati.toml:3")


def _with(folder, *parts):
    shutil.copytree(TOY, folder, dirs_exist_ok=True)
    (folder / "dati.toml").write_text("".join(parts), encoding="utf-8")
    return load_directory(folder)


def test_read(tmp_path):
    plan = _with(tmp_path, RECORD)
    found = plan.measures["giacenza.pensioni", "giacenza"]
    assert found.nature is Nature.STOCK
    assert {item for item, _ in plan.measures} == {i.code for i in plan.indicators_of("giacenza")}


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (("sistemi", "sistema"), "unknown key 'sistema'"),
        (('"punti"', '"metri"'), "unknown value 'metri'"),
        (('"consistenza"', '"scorta"'), "unknown value 'scorta'"),
        (('sistemi = ["giacenza"]', 'voci = ["giacenza.nulla"]'), "unknown item 'giacenza.nulla'"),
        (('sistemi = ["giacenza"]', 'sistemi = ["nulla"]'), "nothing belongs to 'nulla'"),
        (("fonte", 'coppia = "pervenuto"\nfonte'), "names the measure #pervenuto"),
        (("fonte", 'limiti = ["rapporto a #pervenuto 0..1"]\nfonte'), "names the measure #pervenuto"),
        (("fonte", 'limiti = ["quoziente con #giacenza per base rapporto a obiettivo 0..1"]\nfonte'),
        "unknown parameter"),
        (("fonte", 'parole = ["sì"]\nfonte'), "the word 'sì' has no number"),
    ],
)  # fmt: skip
def test_refused(tmp_path, change, what):
    with pytest.raises(PlanError, match=what):
        _with(tmp_path, RECORD.replace(*change))


def test_one_measure_twice_is_refused(tmp_path):
    with pytest.raises(PlanError, match="appears twice"):
        _with(tmp_path, RECORD, RECORD)


def test_facts_of_tabella_a_count_in_pairs():
    plan = load_edition("piano-2021-2023")
    for indicator in plan.indicators_of("giacenza"):
        assert plan.measures[indicator.code, "giacenza"].pair == "pervenuto"
        assert plan.measures[indicator.code, "pervenuto"].pair == "giacenza"


def test_examples():
    found = parse_example("insieme per sede: obiettivo * #pervenuto / giacenza.base * 0.9..1.1", "")
    assert (found.reporter, found.gap) == (Reporter.OFFICE, Gap.SYSTEM)
    assert [(f.kind, f.below, f.code, f.measure, f.low, f.high) for f in found.factors] == [
        (FactorKind.TARGET, False, "", "", 1, 1),
        (FactorKind.MEASURE, False, "", "pervenuto", 1, 1),
        (FactorKind.PARAMETER, True, "giacenza.base", "", 1, 1),
        (FactorKind.RANGE, False, "", "", 0.9, 1.1),
    ]
    found = parse_example("tutti: 12 * #budget di produzione.lorda", "")
    assert (found.reporter, found.gap) == (Reporter.SELF, Gap.NONE)
    assert (found.factors[0].low, found.factors[0].high) == (12, 12)
    assert (found.factors[1].code, found.factors[1].measure) == ("produzione.lorda", "budget")


@pytest.mark.parametrize(
    "text", ["", "obiettivo + 1", "per ufficio: 1", "#pervenuto di", "0.9..", "obiettivo*2"]
)
def test_no_example(text):
    with pytest.raises(PlanError, match="example"):
        parse_example(text, "dati.toml:3")
