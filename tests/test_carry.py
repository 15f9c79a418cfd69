"""What was typed into workbooks of the first template version reaches the new ones; nothing stays behind unsaid."""

from __future__ import annotations

import hashlib
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.collected import filled
from tests.official import EXAMPLES
from xl_perf.cli import OK, main
from xl_perf.contract import Species, read_inputs
from xl_perf.contract.model import QUARTER
from xl_perf.contract.tables import TableCells
from xl_perf.contract.version1 import read_any
from xl_perf.package import open_package
from xl_perf.package.refs import cell_name
from xl_perf.package.scalars import same_value
from xl_perf.plan import load_edition

FIRST = Path(__file__).parent / "data" / "versione_1"
MODELS = sorted(path.stem for path in FIRST.glob("*.xlsx"))
GONE = {
    # what the new workbooks do not ask for any more: model -> number of cells
    "ieep": 2,  # settings of the comparison that no result depended on
    "strutture_centrali": 1,  # a target that the plan prints
    "professionisti": 4,  # realisations of Coordinamenti: the score of their projects is asked for instead
    "valutazione_individuale": 1,  # the last class of the distribution has no lower end
    "lavoro_agile": 8,  # targets of productivity and quality that the plan prints
}


def _today(one, value):
    """A value of version 1 as it is typed today: directions were 1 and -1."""
    return {1: "più alto", -1: "più basso"}[value] if one.measure == "verso" else value


@pytest.mark.parametrize("model", MODELS)
def test_everything_typed_is_carried(model, tmp_path, capsys):
    old = FIRST / f"{model}.xlsx"
    before = hashlib.sha256(old.read_bytes()).hexdigest()
    new = tmp_path / "nuovo.xlsx"
    assert main(["new", model, "--from", str(old), "--out", str(new)]) == OK
    assert hashlib.sha256(old.read_bytes()).hexdigest() == before
    typed = {i.identity: i for i in read_any(open_package(old)).of(*Species) if i.value is not None}
    there = {i.identity: i.value for i in read_inputs(open_package(new)).of(*Species)}
    lost = [
        str(one) for one, typed_ in typed.items() if not same_value(there.get(one), _today(one, typed_.value))
    ]
    left = [line for line in capsys.readouterr().out.splitlines() if line.startswith("left ")]
    assert len(left) == GONE.get(model, 0), left
    assert len(lost) <= GONE.get(model, 0), lost


def _on_paper(path):
    """Height of each row, page ends and number of pages of every sheet: what `build` gives a file."""
    package = open_package(path)
    with zipfile.ZipFile(path) as archive:
        parts = {info.name: archive.read(info.part).decode() for info in package.sheets}
    return {
        name: (
            {row: height for height, row in re.findall(r'<row [^>]*?ht="([^"]+)"[^>]*? r="(\d+)"', part)},
            re.findall(r'<brk [^>]*?id="(\d+)"', part),
            re.findall(r'fitToHeight="(\d+)"', part),
        )
        for name, part in parts.items()
    }


@pytest.mark.parametrize("model", MODELS)
def test_a_carried_file_has_the_rows_and_pages_of_a_built_one(model, tmp_path):
    path, new = EXAMPLES / f"{model}_esempio.xlsx", tmp_path / "nuovo.xlsx"
    assert main(["new", model, "--from", str(path), "--out", str(new)]) == OK
    assert _on_paper(new) == _on_paper(path)


def test_own_sheets_and_notes_are_listed(tmp_path, capsys, monkeypatch):
    book = openpyxl.load_workbook(FIRST / "giacenza.xlsx")
    book.create_sheet("Appunti")["A1"] = "miei conti"
    book["Prestazioni e servizi"].cell(400, 2, "una nota")
    old = tmp_path / "vecchio.xlsx"
    book.save(old)
    assert main(["new", "giacenza", "--from", str(old), "--out", str(tmp_path / "nuovo.xlsx")]) == OK
    printed = capsys.readouterr().out
    assert "sheet «Appunti»: it is not of the template" in printed
    assert "Prestazioni e servizi!B400 = una nota: a note outside the tables" in printed
    monkeypatch.setenv("XL_PERF_LANG", "it")
    again = ["new", "giacenza", "--from", str(old), "--out", str(tmp_path / "nuovo.xlsx"), "--force"]
    assert main(again) == OK
    printed = capsys.readouterr().out
    assert "foglio «Appunti»: non è del modello, resta nel vecchio file" in printed
    assert "Prestazioni e servizi!B400 = una nota: nota fuori dalle tabelle" in printed


def test_an_alternative_in_a_locked_cell_is_left_and_named(tmp_path, capsys):
    """The coefficients of the TEP are the plan's: who unlocks their row and types there is told."""
    old = tmp_path / "valutazione.xlsx"
    example = EXAMPLES / "valutazione_individuale_esempio.xlsx"
    cells = TableCells(open_package(example), "tblParametri", ("Valore alternativo", "Stato"))
    place = next(
        cells.key(r, "Valore alternativo") for r in cells.rows if cells.text(r, "Stato") == "pubblicato"
    )
    old.write_bytes(open_package(example).patch({cells.table.sheet: {place: 1.5}}))
    assert (
        main(["new", "valutazione_individuale", "--from", str(old), "--out", str(tmp_path / "n.xlsx")]) == OK
    )
    assert f"Parametri!{cell_name(place)} = 1.5: the cell is locked" in capsys.readouterr().out


def test_the_old_file_is_never_overwritten(tmp_path, capsys):
    old = tmp_path / "giacenza.xlsx"
    old.write_bytes((FIRST / "giacenza.xlsx").read_bytes())
    assert main(["new", "giacenza", "--from", str(old), "--out", str(old), "--force"]) != OK
    assert "the file is one that the command reads" in capsys.readouterr().err
    assert old.read_bytes() == (FIRST / "giacenza.xlsx").read_bytes()


def test_the_next_quarter_asks_for_the_indices_of_this_one(tmp_path, capsys):
    """What lasts is carried, the results of the quarter before become facts, its actuals do not."""
    now, then = tmp_path / "T3.xlsx", tmp_path / "T4.xlsx"
    assert (
        main(["new", "scheda", "--struttura", "LIGURIA", "--trimestre", "3", "--example", "--out", str(now)])
        == OK
    )
    assert main(["new", "scheda", "--trimestre", "4", "--from", str(now), "--out", str(then)]) == OK
    third, fourth = read_inputs(open_package(now)), read_inputs(open_package(then))
    assert (third.period, fourth.period) == ("2021-T3", "2021-T4")
    index = {r.identity.item: r.value for r in third.totals if r.identity.measure == "consuntivo"}
    asked = [i for i in fourth.of() if i.identity.measure == "indice_precedente"]
    assert len(asked) == 4
    for each in asked:
        assert same_value(each.value, index[each.identity.item])
    filled = {i.identity.measure for i in fourth.of() if i.value is not None}
    assert "giacenza" not in filled
    assert "saldo_precedente" in filled
    assert "left behind" in capsys.readouterr().out


def test_the_scores_of_the_quarters_follow_each_other(tmp_path):
    """T2 holds what T1 gave; T3 made from it holds both, and its own column is a result."""
    second, third = tmp_path / "T2.xlsx", tmp_path / "T3.xlsx"
    command = [
        "new",
        "scheda",
        "--struttura",
        "LIGURIA",
        "--trimestre",
        "2",
        "--example",
        "--out",
        str(second),
    ]
    assert main(command) == OK
    assert main(["new", "scheda", "--trimestre", "3", "--from", str(second), "--out", str(third)]) == OK
    old, new = read_inputs(open_package(second)), read_inputs(open_package(third))
    scores = {r.identity.item: r.value for r in old.totals if r.identity.measure == "punteggio"}
    first = {i.identity.item: i.value for i in old.of() if i.identity.period == "2021-T1"}
    asked = {(i.identity.item, i.identity.period): i.value for i in new.of() if i.sheet == "Andamento"}
    nodes = {item for item, _ in asked}
    assert len(nodes) == 21  # the scorecard, 5 perspectives, 15 objectives
    assert len(asked) == 3 * len(nodes)
    assert all(same_value(asked[item, "2021-T1"], first[item]) for item in nodes)
    assert all(same_value(asked[item, "2021-T2"], scores[item]) for item in nodes)
    assert {asked[item, "2021-T3"] for item in nodes} == {None}
    assert len([value for value in first.values() if value is not None]) == len(nodes)
    book = openpyxl.load_workbook(third, data_only=True)["Andamento"]
    head = next(row for row in book.iter_rows() if row[1].value == "I trimestre")
    shown = [cell.value for cell in book[head[0].row + 1][:6]]
    assert same_value(shown[1], first["scheda"])
    assert same_value(shown[2], scores["scheda"])
    assert shown[3] in (None, "")  # nothing is typed yet
    assert shown[4:] in ([None, None], ["", ""])


def test_the_quarter_of_a_workbook_of_all_structures_is_carried(tmp_path):
    """The fresh one is for the year: with the quarter its facts and targets are those of before."""
    old, new = tmp_path / "vecchio.xlsx", tmp_path / "nuovo.xlsx"
    old.write_bytes(filled(load_edition(), "ieep", lambda one: 1_000_000.5, choices={QUARTER: 3}))
    assert read_inputs(open_package(old)).period == "2021-T3"
    assert main(["new", "ieep", "--from", str(old), "--out", str(new)]) == OK
    before, after = (read_inputs(open_package(path)) for path in (old, new))
    assert after.period == "2021-T3"
    assert {i.identity: i.value for i in after.of(*Species)} == {
        i.identity: i.value for i in before.of(*Species)
    }
    assert main(["check", str(new)]) == OK
