"""Packed changes, notes and errors: the same rows as tuples of them, in a few bytes, in a file where they are many."""

from __future__ import annotations

import pickle
import tracemalloc
from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile_files import good
from xl_perf.recalc import CellNote, Change, FileReport, NewError, Options, recalc_paths
from xl_perf.recalc import batch as batch_module
from xl_perf.recalc.changes import Packed, Spool, packed, spooled
from xl_perf.values import CellError

if TYPE_CHECKING:
    from pathlib import Path

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**60), 2**60),
    st.floats(allow_nan=False),
    st.text(max_size=8),
    st.sampled_from([CellError.NA, CellError.DIV0]),
)
SHEETS = st.sampled_from(["Foglio1", "Dati 2021", "Città"])
CELLS = st.sampled_from(["A1", "B2", "XFD1048576"])
CHANGES = st.lists(st.builds(Change, SHEETS, CELLS, VALUES, VALUES), max_size=12)
SOME = (
    Change("Uno", "A1", None, 1.5),
    Change("Uno", "A2", "#N/A", CellError.NA),
    Change("Due", "A1", True, 1),
    Change("Uno", "A3", "x", ""),
)


@given(CHANGES)
def test_packed_changes_are_the_tuple_of_them(changes: list[Change]) -> None:
    rows = Packed.of(Change, changes)
    for found in (rows, pickle.loads(pickle.dumps(rows)), rows.spooled(Spool())):
        assert found == tuple(changes)
        assert tuple(changes) == found
        assert len(found) == len(changes)
        assert list(found) == changes
        assert [[type(value) for value in change] for change in found] == [
            [type(value) for value in change] for change in changes
        ]
        assert [found[place] for place in range(len(changes))] == changes
        assert [found[place - len(changes)] for place in range(len(changes))] == changes
        assert found[1:-1] == tuple(changes[1:-1])
        assert found[::-2] == tuple(changes[::-2])
        assert bool(found) == bool(changes)


def test_columns_and_rows_give_the_same() -> None:
    columns = [
        ["Uno", "Uno", "Due", "Uno"],
        ["A1", "A2", "A1", "A3"],
        [None, "#N/A", True, "x"],
        [1.5, CellError.NA, 1, ""],
    ]
    rows = Packed.of_columns(Change, columns)
    assert rows == SOME
    assert hash(rows) == hash(SOME)
    assert rows != SOME[:-1]
    assert rows != (*SOME[:-1], Change("Uno", "A3", "x", "y"))
    assert rows != "Uno"
    assert repr(rows).startswith("Packed([Change(sheet='Uno', cell='A1'")
    notes = Packed.of(CellNote, (CellNote("Uno", "A1", "perché"), CellNote("Uno", "B1", "")))
    assert Packed.of(CellNote, notes) is notes
    assert Packed.of(CellNote, iter(notes)) == notes


def test_nothing() -> None:
    assert Packed.of(Change, []) == ()
    assert Packed.of_columns(Change, []) == Packed.of_columns(Change, [[], [], [], []])
    assert not Packed.of(Change, [])
    with pytest.raises(IndexError):
        Packed.of(Change, [])[0]


@pytest.mark.parametrize("place", [4, -5])
def test_a_place_beyond_the_end(place: int) -> None:
    with pytest.raises(IndexError):
        Packed.of(Change, SOME)[place]


def test_packed_changes_are_small() -> None:
    cells = [f"A{row}" for row in range(3000)]
    many = Packed.of_columns(Change, [["Uno"] * 3000, cells, [None] * 3000, [0.1] * 3000])
    assert len(pickle.dumps(many)) < 3000 * 30


def filled(number: int) -> FileReport:
    cells = [f"C{row}" for row in range(3000)]
    return FileReport(
        f"{number}.xlsx",
        changed=[Change("Uno", cell, None, row + number / 10) for row, cell in enumerate(cells)],
        errors=[NewError("Uno", cell, CellError.NA, f"{number}") for cell in cells[:100]],
        kept=[CellNote("Due", cell, f"perché {number} {row}") for row, cell in enumerate(cells)],
    )


def test_reports_of_many_files_stay_out_of_memory() -> None:
    spool = Spool()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        reports = [spooled(filled(number), spool) for number in range(150)]
        held = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert held < 6_000_000  # all of them take 25 MB
    for number in (0, 20, 149):
        assert reports[number] == packed(filled(number))
        assert reports[number].to_json() == filled(number).to_json()
        assert pickle.loads(pickle.dumps(reports[number])) == packed(filled(number))


def test_without_room_for_a_file_they_stay_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    def full(*_arguments: object, **_named: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    monkeypatch.setattr(Spool, "LIMIT", 0)
    assert Packed.of(Change, SOME).spooled(Spool()) == SOME


def test_a_disk_that_fills_up_harms_no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Spool, "LIMIT", 0)
    spool = Spool()
    first = Packed.of(Change, SOME).spooled(spool)
    file = spool._file
    assert file is not None

    def half(data: bytes) -> None:
        file.write(data[: len(data) // 2])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(spool, "_file", Mock(wraps=file, write=half))
        second = Packed.of(Change, SOME[1:]).spooled(spool)
    third = Packed.of(Change, SOME[2:]).spooled(spool)
    assert (first, second, third) == (SOME, SOME[1:], SOME[2:])


@pytest.mark.parametrize("isolate", [False, True])
def test_a_batch_keeps_its_reports_in_a_spool(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, isolate: bool
) -> None:
    kept: list[bytes] = []
    keep = Spool.keep

    def noted(self: Spool, data: bytes) -> object:
        found = keep(self, data)
        if not isinstance(found, bytes):
            kept.append(data)
        return found

    monkeypatch.setattr(Spool, "LIMIT", 0)
    monkeypatch.setattr(batch_module.Spool, "keep", noted)
    for name in "abc":
        (tmp_path / f"{name}.xlsx").write_bytes(good())
    report = recalc_paths([tmp_path], Options(isolate=isolate))
    assert [file.changed for file in report.files] == [(Change("Foglio1", "B1", 1.0, 31.0),)] * 3
    assert len(kept) == 3
    assert {path.name for path in tmp_path.iterdir()} == {"a.xlsx", "b.xlsx", "c.xlsx"}
