"""`xl-perf load` into a scorecard: what is loaded, what is refused and why, and facts that go out and come back."""

from __future__ import annotations

import pytest

from xl_perf.cli import FAILED, OK, main
from xl_perf.contract import Species, read_inputs
from xl_perf.contract.places import Places, carried
from xl_perf.package import Package, open_package
from xl_perf.plan import load_edition
from xl_perf.templates.build import build_scorecard, unfilled

FLOWS, SHARE = "ieep.entrate.flussi", "costi_standard.incidenza_legali"
HEAD = "struttura;voce;misura;periodo;valore\n"


@pytest.fixture(scope="module")
def blank():
    return build_scorecard(load_edition(), "MOLISE", 3)


def loaded(blank, tmp_path, *rows, options=(), status=None):
    """Loads rows of `structure;item;measure;period;value`; gives the facts that the scorecard then has."""
    book, table = tmp_path / "scheda.xlsx", tmp_path / "dati.csv"
    book.write_bytes(blank)
    table.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    found = main(["load", str(book), str(table), *options])
    if status is not None:
        assert found == status
    facts = read_inputs(open_package(book)).of()
    return {
        (f.identity.item, f.identity.measure, f.identity.structure): f.value
        for f in facts
        if f.value is not None
    }


def ieep(value, structure="MOLISE"):
    return f"{structure};{FLOWS};consuntivo;2021-T3;{value}"


def share(value):
    return f"MOLISE;{SHARE};consuntivo;2021-T3;{value}"


@pytest.mark.parametrize(
    ("text", "readings"),
    [("8.855.168,560", ("8855168", "560")), ("1.234", ("1234", "1,234")), ("1,234", ("1234", "1,234"))],
)
def test_a_number_that_can_be_read_in_two_ways_is_refused(blank, tmp_path, capsys, text, readings):
    assert loaded(blank, tmp_path, ieep(text), status=FAILED) == {}
    said = capsys.readouterr().out.replace(".", "")
    assert "dati" in said
    assert all(reading.replace(".", "") in said for reading in readings), said


@pytest.mark.parametrize(("text", "value"), [("12,5%", 0.125), ("0,125", 0.125), ("0,12", 0.12)])
def test_a_share(blank, tmp_path, text, value):
    assert loaded(blank, tmp_path, share(text), status=OK) == {(SHARE, "consuntivo", "MOLISE"): value}


def test_a_share_above_one_without_percent_is_refused(blank, tmp_path, capsys):
    assert loaded(blank, tmp_path, share("12,5"), status=FAILED) == {}
    assert "12,5" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["n.d.", "-", " ", "N.D."])
def test_not_reported_stays_empty(blank, tmp_path, text):
    assert loaded(blank, tmp_path, ieep(text), status=OK) == {}


def test_an_unknown_structure_is_refused_with_names_that_look_like_it(blank, tmp_path, capsys):
    assert loaded(blank, tmp_path, ieep("1000000,5", "MOLISEE"), status=FAILED) == {}
    said = capsys.readouterr().out
    assert "is no structure" in said
    assert "nearest names: MOLISE" in said


def test_the_same_key_twice_is_refused_with_both_lines(blank, tmp_path, capsys):
    assert loaded(blank, tmp_path, ieep("1000000,5"), ieep("2000000,5"), status=FAILED) == {}
    said = capsys.readouterr().out
    assert "dati.csv:2" in said
    assert "dati.csv:3" in said


def test_a_row_of_a_sum_is_compared_and_not_loaded(blank, tmp_path):
    """The region's giacenza is the sum of its offices: the row of the region itself is no input."""
    item = "giacenza.altre_aree"
    rows = [
        f"{structure};{item};{measure};2021-T3;{value}"
        for structure, value in (("CAMPOBASSO", 1000), ("ISERNIA", 500), ("MOLISE", 1500))
        for measure in ("giacenza", "pervenuto")
    ]
    found = loaded(blank, tmp_path, *rows, status=OK)
    assert {key[2] for key in found} == {"CAMPOBASSO", "ISERNIA"}


def test_a_value_beyond_its_limits_is_loaded_and_listed(blank, tmp_path, capsys):
    goal = load_edition().target(FLOWS, "MOLISE").value
    row = ieep(f"{goal * 100:.2f}".replace(".", ","))
    assert list(loaded(blank, tmp_path, row, status=OK).values()) == [pytest.approx(goal * 100, abs=0.01)]
    assert "at most" in capsys.readouterr().out
    loaded(blank, tmp_path, row, options=["--strict"], status=FAILED)


def test_dry_run_and_replace(blank, tmp_path):
    assert loaded(blank, tmp_path, ieep("1000000,5"), options=["--dry-run"]) == {}
    book, table = tmp_path / "scheda.xlsx", tmp_path / "dati.csv"
    book.write_bytes(blank)
    for value in ("1000000,5", "2000000,5"):
        table.write_text(f"{HEAD}{ieep(value)}\n", encoding="utf-8")
        main(["load", str(book), str(table)])
    held = [f.value for f in read_inputs(open_package(book)).of() if f.value is not None]
    assert held == [1000000.5]
    assert main(["load", str(book), str(table), "--replace"]) == OK
    assert [f.value for f in read_inputs(open_package(book)).of() if f.value is not None] == [2000000.5]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("-1", "più basso"),
        ("1", "più alto"),
        ("Più  Basso", "più basso"),
        ("più alto", "più alto"),
        ("n.d.", None),
    ],
)
def test_a_choice_is_read_as_its_word_or_as_its_number(blank, tmp_path, text, word):
    found = direction(blank, tmp_path, text, OK)
    assert found.get(("qualita.flussi", "verso", "MOLISE")) == word


def test_what_is_no_choice_is_refused(blank, tmp_path, capsys):
    assert direction(blank, tmp_path, "2", FAILED).keys() == {("qualita.flussi", "valore", "MOLISE")}
    assert "più alto" in capsys.readouterr().out


def direction(blank, tmp_path, text, status):
    """Loads a value of an elementary indicator and its direction."""
    book, table = tmp_path / "scheda.xlsx", tmp_path / "dati.csv"
    book.write_bytes(blank)
    rows = [f"MOLISE;qualita.flussi;{measure};2021-T3;Tempo medio;{value}" for measure, value in
            (("valore", "20"), ("verso", text))]  # fmt: skip
    table.write_text("struttura;voce;misura;periodo;nome;valore\n" + "\n".join(rows) + "\n", encoding="utf-8")
    assert main(["load", str(book), str(table)]) == status
    facts = read_inputs(open_package(book)).of()
    return {
        (f.identity.item, f.identity.measure, f.identity.structure): f.value
        for f in facts
        if f.value is not None
    }


@pytest.mark.parametrize("structure", ["LIGURIA", "DCM ROMA"])
def test_facts_go_out_and_come_back(tmp_path, structure):
    """Facts of an example as csv, loaded into a scorecard with the same choices: the same facts, names and results."""
    plan = load_edition()
    example, book, table = tmp_path / "esempio.xlsx", tmp_path / "vuota.xlsx", tmp_path / "fatti.csv"
    example.write_bytes(build_scorecard(plan, structure, 3, example=True))
    empty = Package(unfilled(plan, "scheda_territoriale", structure=structure, quarter=3).data, book)
    held = read_inputs(open_package(example))
    values, left = carried(held.of(Species.SETTING), Places(read_inputs(empty)))
    assert left == []
    book.write_bytes(empty.patch(values, insert=True))
    assert main(["facts", str(example), "--csv", str(table)]) == OK
    assert main(["load", str(book), str(table)]) == OK
    back = read_inputs(open_package(book))
    facts = {f.identity: (f.name, f.value) for f in held.of() if f.value is not None}
    assert {f.identity: (f.name, f.value) for f in back.of() if f.value is not None} == facts
    results = {t.identity: t.value for t in back.totals}
    for total in held.totals:
        assert results[total.identity] == (
            pytest.approx(total.value, rel=1e-9) if isinstance(total.value, float) else total.value
        ), str(total.identity)
    before = example.read_bytes()
    assert main(["load", str(example), str(example)]) == OK
    assert example.read_bytes() == before, (
        "a file says nothing new to itself, its own quarter's scores neither"
    )
