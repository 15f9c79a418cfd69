"""The loader on the invented toy plan: what it gives, and the two time axes of a target."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from xl_perf.errors import PlanError, TargetNotFoundError
from xl_perf.plan import edition_ids, load_directory, load_edition
from xl_perf.plan.model import Direction, Source, Status, StructureKind, Unit

TOY = Path(__file__).parent / "toy_plan"


@pytest.fixture(scope="module")
def toy():
    return load_directory(TOY)


def test_target_has_unit_direction_source_act_and_place(toy):
    target = toy.target("giacenza.flussi", "SUD")
    assert (target.value, target.unit, target.direction) == (70, Unit.DAYS, Direction.LOWER)
    assert target.source == Source("D1", "Tabella A")
    assert str(target.source) == "D1, Tabella A"
    assert (target.act, target.known_from, target.status) == (
        "atto-1",
        dt.date(2030, 1, 10),
        Status.PUBLISHED,
    )
    assert target.where == "toy_plan/tabella_a.csv:6, column flussi"


def test_indicator_takes_from_its_system_what_it_does_not_say(toy):
    assert toy.indicators["giacenza.flussi"].unit is Unit.DAYS
    assert toy.indicators["giacenza.flussi"].direction is Direction.LOWER
    assert toy.indicators["ieep.interessi"].direction is Direction.LOWER
    assert toy.indicators["ieep.entrate"].direction is Direction.HIGHER
    assert toy.indicators["costi_standard.legali"].unit is Unit.PERCENT


def test_indicators_and_structures_come_in_the_order_of_the_data(toy):
    codes = [indicator.code for indicator in toy.indicators_of("ieep")]
    assert codes == ["ieep.entrate", "ieep.interessi", "ieep.totale"]
    assert [s.code for s in toy.regional()] == ["NORD", "SUD", "DCM CITTA"]
    assert [s.code for s in toy.structures_of(StructureKind.OFFICE)] == ["ALFA", "BETA", "GAMMA'"]


@pytest.mark.parametrize("name", ["NORD", "nord", " Settentrione ", "NORD ITALIA"])
def test_structure_by_code_or_alias(toy, name):
    assert toy.structure(name).code == "NORD"


def test_unknown_structure(toy):
    with pytest.raises(PlanError, match="unknown structure 'EST'"):
        toy.structure("EST")


def test_columns_may_use_an_alias(toy):
    assert toy.target("giacenza.pensioni", "DCM CITTA").value == 35


class TestTimeAxes:
    """BETA: 32 by atto-1 of 10 January 2030, 31 by atto-2 of 1 June 2030 (modifiche.csv)."""

    @pytest.mark.parametrize(
        ("day", "value"),
        [
            (dt.date(2030, 1, 10), 32),
            (dt.date(2030, 5, 31), 32),
            (dt.date(2030, 6, 1), 31),
            (dt.date(2031, 1, 1), 31),
            (None, 31),
        ],
    )
    def test_value_as_known_on_a_day(self, toy, day, value):
        assert toy.target("giacenza.pensioni", "BETA", known_on=day).value == value

    def test_before_the_first_act_nothing_is_known(self, toy):
        with pytest.raises(TargetNotFoundError, match=r"not known on 2030-01-09; expected .*2030-01-10"):
            toy.target("giacenza.pensioni", "BETA", known_on=dt.date(2030, 1, 9))

    @pytest.mark.parametrize("indicator", ["giacenza.pensioni", "deflusso.pensioni"])
    def test_structure_of_a_later_act_is_known_from_that_act(self, toy, indicator):
        assert toy.target(indicator, "FM CITTA", known_on=dt.date(2030, 6, 1)).act == "atto-2"
        with pytest.raises(TargetNotFoundError, match="not known on 2030-05-31"):
            toy.target(indicator, "FM CITTA", known_on=dt.date(2030, 5, 31))

    def test_both_values_stay_in_the_plan_with_their_acts(self, toy):
        both = [t for t in toy.targets if (t.indicator, t.structure) == ("giacenza.pensioni", "BETA")]
        assert [(t.value, t.act, t.note) for t in both] == [(32, "atto-1", ""), (31, "atto-2", "ridotto")]
        assert str(both[1].source) == "D1, Tabella A aggiornata"

    def test_order_of_the_files_does_not_count(self, tmp_path):
        """FM CITTA: 60 by atto-2 in the table, and 62 by atto-1 in modifiche.csv, which is read after it."""
        copy = tmp_path / "toy_plan"
        shutil.copytree(TOY, copy)
        with (copy / "modifiche.csv").open("a", encoding="utf-8") as changes:
            changes.write('giacenza.flussi,FM CITTA,2030,62,giorni,atto-1,"D1, Tabella A",\n')
        plan = load_directory(copy)
        assert plan.target("giacenza.flussi", "FM CITTA").value == 60
        assert plan.target("giacenza.flussi", "FM CITTA", known_on=dt.date(2030, 5, 31)).value == 62

    def test_latest_act(self, toy):
        assert toy.latest_act.id == "atto-2"

    def test_other_period_is_refused_and_the_periods_are_named(self, toy):
        with pytest.raises(TargetNotFoundError, match=r"in period 2031 \(there are: 2030\)"):
            toy.target("giacenza.pensioni", "BETA", "2031")


@pytest.mark.parametrize(
    ("indicator", "structure", "message"),
    [
        ("giacenza.pensione", "BETA", "unknown indicator 'giacenza.pensione'"),
        ("giacenza.pensioni", "BETTA", "unknown structure 'BETTA'"),
        ("ieep.entrate", "BETA", "no target ieep.entrate for BETA"),
    ],
)
def test_missing_target_is_never_a_default(toy, indicator, structure, message):
    with pytest.raises(TargetNotFoundError, match=message):
        toy.target(indicator, structure)


def test_uniform_target_for_every_structure_of_the_coverage(toy):
    found = {t.structure for t in toy.targets if t.indicator == "deflusso.pensioni"}
    assert found == {"ALFA", "BETA", "NORD", "GAMMA'", "SUD", "FM CITTA"}


def test_blank_cell_with_a_reading(toy):
    target = toy.target("ieep.interessi", "SUD")
    assert (target.value, target.defect) == (0, "sud-vuota")
    assert toy.target("ieep.interessi", "NORD").defect == ""


def test_weights_keep_status_and_note(toy):
    weights = toy.weights_of("costi_standard")
    assert [(w.member, w.value, w.status, w.note) for w in weights] == [
        ("costi_standard.affitti", 0.75, Status.RECOVERED, "ricavati"),
        ("costi_standard.legali", 0.25, Status.RECOVERED, "ricavati"),
    ]
    with pytest.raises(PlanError, match="no weights for 'ieep'"):
        toy.weights_of("ieep")


def test_parameters(toy):
    assert toy.parameter("tetto_scostamento") == 0.5
    with pytest.raises(PlanError, match="unknown parameter 'tetto'"):
        toy.parameter("tetto")


def test_bands(toy):
    first, second = toy.banded_ratios
    assert [(b.number, b.upper, b.points) for b in first.bands] == [(1, 70, 1), (2, None, 3)]
    assert (second.descending, second.undefined, second.undefined_status) == (True, 0, Status.ASSUMED)


class TestActuals:
    def test_newest_document_wins_unless_one_is_named(self, toy):
        assert toy.actual("ieep.entrate", "2028").value == 732
        assert toy.actual("ieep.entrate", "2028", document="D0").value == 730
        assert toy.actual("ieep.entrate", "2028", document="D1").value == 732

    def test_reading_keeps_what_is_printed(self, toy):
        actual = toy.actual("ieep.totale", "2029", "piano")
        assert (actual.value, actual.printed, actual.defect) == (792, 729, "totale-2029")

    def test_printed_percentage_keeps_its_decimals(self, toy):
        actual = toy.actual("ieep.interessi", "2029", "variazione_stampata")
        assert (actual.value, actual.decimals, actual.unit) == (0, 2, Unit.PERCENT)

    def test_empty_cell_was_not_published(self, toy):
        with pytest.raises(
            PlanError, match=r"no published consuntivo of ieep\.interessi for NAZIONALE, 2028"
        ):
            toy.actual("ieep.interessi", "2028")

    def test_unknown_document(self, toy):
        with pytest.raises(PlanError, match="2029 in D0"):
            toy.actual("ieep.totale", "2029", document="D0")


def test_hash_follows_every_byte(toy, tmp_path):
    copy = tmp_path / "toy_plan"
    shutil.copytree(TOY, copy)
    assert load_directory(copy).data_hash == toy.data_hash
    (copy / "tabella_a.csv").write_bytes((copy / "tabella_a.csv").read_bytes() + b"\n")
    with pytest.raises(PlanError, match=r"tabella_a.csv:10: 0 values"):
        load_directory(copy)
    text = (TOY / "difetti.toml").read_text(encoding="utf-8")
    shutil.copy(TOY / "tabella_a.csv", copy / "tabella_a.csv")
    (copy / "difetti.toml").write_text(text + "\n", encoding="utf-8")
    assert load_directory(copy).data_hash != toy.data_hash


def test_files_saved_by_a_spreadsheet_load_too(toy, tmp_path):
    copy = tmp_path / "toy_plan"
    shutil.copytree(TOY, copy)
    text = (TOY / "tabella_a.csv").read_text(encoding="utf-8")
    (copy / "tabella_a.csv").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert load_directory(copy).targets == toy.targets


def test_plan_is_frozen(toy):
    with pytest.raises(AttributeError):
        toy.id = "altro"
    with pytest.raises(TypeError):
        toy.parameters["tetto_scostamento"] = 1
    with pytest.raises(AttributeError):
        toy.targets[0].value = 1


def test_editions_of_the_package():
    assert edition_ids()[-1] == "piano-2021-2023"
    assert load_edition() is load_edition("piano-2021-2023")


def test_unknown_edition():
    with pytest.raises(PlanError, match=r"unknown edition 'piano-2021'; expected one of: piano-"):
        load_edition("piano-2021")


def test_importing_the_package_imports_no_reader():
    code = "import sys, xl_perf.plan; print('tomllib' in sys.modules, 'xl_perf.plan.reading.load' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["False", "False"]
