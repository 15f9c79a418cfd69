"""Packed changes, notes and errors: the same rows as tuples of them, in a few bytes, in a file where they are many."""

from __future__ import annotations

import pickle
import tracemalloc
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile_files import good
from xl_perf.recalc import CellNote, Change, FileReport, NewError, Options, recalc_paths
from xl_perf.recalc import batch as batch_module
from xl_perf.recalc.changes import Changes, NewErrors, Notes, spooled
from xl_perf.recalc.spool import Spool
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
    packed = Changes.of(changes)
    for found in (packed, pickle.loads(pickle.dumps(packed)), packed.spooled(Spool())):
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
    packed = Changes.from_columns(
        [
            ("Uno", ["A1", "A2"], [None, "#N/A"], [1.5, CellError.NA]),
            ("Vuoto", [], [], []),
            ("Due", [b"A1"], (True,), (1,)),
            ("Uno", [b"A3"], ["x"], [""]),
        ]
    )
    assert packed == SOME
    assert hash(packed) == hash(SOME)
    assert packed != SOME[:-1]
    assert packed != (*SOME[:-1], Change("Uno", "A3", "x", "y"))
    assert packed != "Uno"
    assert repr(packed).startswith("Changes.of([Change(sheet='Uno', cell='A1'")
    assert packed.runs()[1] == ("Due", ["A1"], [(True,), (1,)])
    notes = Notes.from_columns([("Uno", ["A1", "B1"], ["perché", ""])])
    assert notes == (CellNote("Uno", "A1", "perché"), CellNote("Uno", "B1", ""))
    errors = NewErrors.from_columns([("Uno", [b"A1"], [CellError.NA], ["from Uno!B1"])])
    assert errors == (NewError("Uno", "A1", CellError.NA, "from Uno!B1"),)
    assert Notes.of(notes) is notes
    assert Notes.of(iter(notes)) == notes
    assert NewErrors.of(errors[:1]) == errors


def test_nothing() -> None:
    assert Changes.of([]) == ()
    assert Changes.from_columns([]) == Changes.of([])
    assert not Changes.of([])
    with pytest.raises(IndexError):
        Changes.of([])[0]


@pytest.mark.parametrize("place", [4, -5])
def test_a_place_beyond_the_end(place: int) -> None:
    with pytest.raises(IndexError):
        Changes.of(SOME)[place]


def test_columns_must_fit() -> None:
    with pytest.raises(ValueError, match="Uno: the columns are not of one length"):
        Changes.from_columns([("Uno", ["A1", "A2"], [1], [1, 2])])
    with pytest.raises(ValueError, match="Uno: the columns are not of one length"):
        Changes.from_columns([("Uno", [], [1], [1])])


def test_packed_changes_are_small() -> None:
    many = Changes.from_columns([("Uno", [f"A{row}" for row in range(3000)], [None] * 3000, [0.1] * 3000)])
    assert len(pickle.dumps(many)) < 3000 * 20


def filled(number: int) -> FileReport:
    cells = [f"C{row}" for row in range(3000)]
    values = [row + number / 10 for row in range(3000)]
    return FileReport(
        f"{number}.xlsx",
        changed=Changes.from_columns([("Uno", cells, [None] * 3000, values)]),
        errors=NewErrors.from_columns([("Uno", cells[:100], [CellError.NA] * 100, [f"{number}"] * 100)]),
        kept=Notes.from_columns([("Due", cells, [f"perché {number} {row}" for row in range(3000)])]),
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
        assert reports[number] == filled(number)
        assert reports[number].to_json() == filled(number).to_json()
        assert pickle.loads(pickle.dumps(reports[number])) == filled(number)


def test_without_room_for_a_file_they_stay_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    def full(*_arguments: object, **_named: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    monkeypatch.setattr(Spool, "LIMIT", 0)
    assert Changes.of(SOME).spooled(Spool()) == SOME


def test_a_disk_that_fills_up_harms_no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Spool, "LIMIT", 0)
    spool = Spool()
    first = Changes.of(SOME).spooled(spool)
    with monkeypatch.context() as patched:

        def half(self: Spool, data: bytes) -> None:
            assert self._file is not None
            self._file.write(data[: len(data) // 2])
            raise OSError(28, "No space left on device")

        patched.setattr(Spool, "_write", half)
        second = Changes.of(SOME[1:]).spooled(spool)
    third = Changes.of(SOME[2:]).spooled(spool)
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
