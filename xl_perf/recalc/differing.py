"""What differs from the file: results compared with stored values, and the report of a calculation made of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import itemgetter, le
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from xl_perf.package.scalars import storable
from xl_perf.recalc import engine
from xl_perf.recalc.causes import Causes
from xl_perf.recalc.changes import Changes
from xl_perf.recalc.engine import EngineMade
from xl_perf.recalc.formula import address
from xl_perf.recalc.model import Calculation, CellNote, NewError
from xl_perf.recalc.oracle import agrees, different, same, same_digits
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xl_perf.package import Package
    from xl_perf.package.model import CellKey
    from xl_perf.recalc.collect import Results
    from xl_perf.recalc.formulas import Job, Plain
    from xl_perf.recalc.run import Run
    from xl_perf.values import CellValue

_FAR: Final = 1e-9
"""Relative difference of two numbers from which on they differ, however they are compared."""

_Item = TypeVar("_Item")
_Placed: TypeAlias = tuple[tuple[int, int, int], _Item]
"""Sheet's index, row and column, and what there is to say about the cell."""


def _in_order(placed: list[_Placed[_Item]]) -> tuple[_Item, ...]:
    """In tab and reading order."""
    return tuple(item for _, item in sorted(placed, key=itemgetter(0)))


@dataclass(slots=True)
class Found:
    """What differs on a sheet: cells, stored values, results."""

    keys: list[CellKey] = field(default_factory=list)
    names: list[bytes] = field(default_factory=list)
    olds: list[CellValue] = field(default_factory=list)
    news: list[CellValue] = field(default_factory=list)

    def in_order(self) -> Found:
        """The same in reading order."""
        if all(map(le, self.keys, self.keys[1:])):
            return self
        order = sorted(range(len(self.keys)), key=self.keys.__getitem__)
        keys, names, olds, news = self.keys, self.names, self.olds, self.news
        return Found(
            [keys[place] for place in order],
            [names[place] for place in order],
            [olds[place] for place in order],
            [news[place] for place in order],
        )


class Differences:
    """Collects what differs from the file, and what keeps its value."""

    def __init__(self, run: Run, results: Results) -> None:
        self.run = run
        self.results = results
        self.agree = agrees if run.judged or run.engine != engine.NAME else same_digits
        self.found: dict[str, Found] = {}
        self.spill: dict[str, dict[CellKey, str]] = {}
        self.kept: list[_Placed[CellNote]] = []
        self.volatile: set[tuple[str, str]] = set()
        self.errors: list[_Placed[NewError]] = []
        self._order = {info.name: info.index for info in run.model.package.sheets}
        self._stored: dict[str, dict[CellKey, CellValue]] = {}

    def stored(self, sheet: str) -> dict[CellKey, CellValue]:
        """All stored values of a sheet, for the cells of arrays."""
        if sheet not in self._stored:
            self._stored[sheet] = {
                (cell.row, cell.column): cell.value for cell in self.run.model.package.cells(sheet)
            }
        return self._stored[sheet]

    def add(self, job: Job, *, volatile: bool) -> None:
        """Compares the results of a formula with what the file holds."""
        place = (job.sheet, job.row, job.column)
        value = self.results.get(place)
        if not (type(value) is float and value == job.stored and type(job.stored) is float):
            self.compare(job.sheet, job.key, job.stored, _shown(value), volatile=volatile)
        if job.area is None:
            return
        area = self.results.extents.get(place, job.area) if job.kind == "dynamic" else job.area
        if job.kind == "dynamic" and area != job.area:
            ref = f"{address(*area[:2])}:{address(*area[2:])}" if area[:2] != area[2:] else address(*area[:2])
            self.spill.setdefault(job.sheet, {})[job.key] = ref
        old = self.stored(job.sheet)
        for row in range(min(area[0], job.area[0]), max(area[2], job.area[2]) + 1):
            for column in range(min(area[1], job.area[1]), max(area[3], job.area[3]) + 1):
                key = (row, column)
                inside = area[0] <= row <= area[2] and area[1] <= column <= area[3]
                was_inside = job.area[0] <= row <= job.area[2] and job.area[1] <= column <= job.area[3]
                if key == job.key or not (inside or was_inside):
                    continue
                new = self.results.get((job.sheet, *key)) if inside else None
                if inside and new is None and job.kind == "array":
                    new = CellError.NA
                if isinstance(new, EngineMade):
                    continue
                self.compare(job.sheet, key, old.get(key), _shown(new) if inside else None, volatile=volatile)

    def add_plain(self, plain: Plain) -> None:
        """Compares the results of a sheet's ordinary formulas with what the file holds."""
        scan, column = self.results.columns[plain.sheet]
        stored, keys, names = scan.stored, scan.keys, scan.names
        candidates = different(plain.places, stored, column)
        shown = [
            (value or 0.0) if type(value) is float else _shown(value)  # no -0.0
            for value in map(column.__getitem__, candidates)
        ]
        changed = [
            (place, new)
            for place, new in zip(candidates, shown, strict=True)
            if stored[place] is None or self.differs(stored[place], new)
        ]
        places = [place for place, _ in changed]
        found = self.found.setdefault(plain.sheet, Found())
        found.keys += map(keys.__getitem__, places)
        found.names += map(names.__getitem__, places)
        found.olds += map(stored.__getitem__, places)
        found.news += [new for _, new in changed]
        for place, new in changed:
            if type(new) is CellError:
                self.note_error(plain.sheet, keys[place], stored[place], new)

    def differs(self, old: CellValue, new: CellValue) -> bool:
        """True where a result is another value than the stored one."""
        if old is None:
            return new is not None
        if type(old) is float is type(new) and abs(old - new) > _FAR * max(abs(old), abs(new)):
            return True
        return not (same(old, storable(new)) or self.agree(old, new))

    def note_error(self, sheet: str, key: CellKey, old: CellValue, new: CellError) -> None:
        """Notes an error where there was none."""
        if not _is_error(old):
            self.errors.append(((self._order[sheet], *key), NewError(sheet, address(*key), new)))

    def compare(self, sheet: str, key: CellKey, old: CellValue, new: CellValue, *, volatile: bool) -> None:
        """Notes a change where the values differ."""
        if not self.differs(old, new):
            return
        cell = address(*key)
        found = self.found.setdefault(sheet, Found())
        found.keys.append(key)
        found.names.append(cell.encode())
        found.olds.append(old)
        found.news.append(new)
        if volatile:
            self.volatile.add((sheet, cell))
        if isinstance(new, CellError):
            self.note_error(sheet, key, old, new)

    def keep(self, job: Job, reason: str) -> None:
        """Notes a formula that keeps its stored value."""
        self.kept.append(((self._order[job.sheet], *job.key), CellNote(job.sheet, address(*job.key), reason)))

    def _explained(self) -> tuple[NewError, ...]:
        """The new errors with their causes."""
        if not self.errors:
            return ()
        causes = Causes(self.run.model, self.results)
        explained: list[_Placed[NewError]] = []
        for place, found in self.errors:
            _, row, column = place
            reason = causes.of((found.sheet, row, column), found.error)
            explained.append((place, NewError(found.sheet, found.cell, found.error, reason)))
        return _in_order(explained)

    def calculation(self, unknown: Mapping[str, int]) -> Calculation:
        """The result."""
        sheets = sorted(
            (sheet for sheet, found in self.found.items() if found.keys), key=self._order.__getitem__
        )
        found = {sheet: self.found[sheet].in_order() for sheet in sheets}
        return Calculation(
            formulas=self.run.model.count,
            changes={sheet: dict(zip(one.keys, one.news, strict=True)) for sheet, one in found.items()},
            spill=self.spill,
            changed=Changes.from_columns(
                (sheet, one.names, one.olds, one.news) for sheet, one in found.items()
            ),
            volatile=frozenset(self.volatile),
            errors=self._explained(),
            kept=_in_order(self.kept),
            unknown_functions=unknown,
            faults=tuple(
                f"{name}: {message}" for name, message in sorted(self.results.faults.by_function.items())
            ),
            notes=(*self.run.notes, *_notes(self.run.model.package)),
            engine=self.run.engine,
            engine_version=version_of(self.run.engine),
        )


def version_of(name: str) -> str:
    """Version of an engine."""
    if name == engine.NAME:
        return engine.version()
    from xl_perf.recalc.office import office  # noqa: PLC0415 - the second engine

    return office().version


def _is_error(value: CellValue) -> bool:
    """True for an error, and for the text of one that some writers store in its place."""
    return isinstance(value, str) and CellError.parse(value) is not None


def _shown(value: CellValue | EngineMade) -> CellValue:
    """What a formula cell shows: 0 where the result is an empty cell."""
    assert not isinstance(value, EngineMade)
    return 0.0 if value is None or (type(value) is float and value == 0.0) else value  # no -0.0


def no_formulas(package: Package, name: str = engine.NAME) -> Calculation:
    """The result for a workbook without formulas."""
    return Calculation(
        formulas=0,
        changes={},
        spill={},
        changed=Changes.of(()),
        volatile=frozenset(),
        errors=(),
        kept=(),
        unknown_functions={},
        faults=(),
        notes=_notes(package),
        engine=name,
        engine_version=engine.version() if name == engine.NAME else "",
    )


def _notes(package: Package) -> tuple[str, ...]:
    calc = package.calc_properties
    notes = []
    if calc.full_on_load:
        notes.append("the file asks Excel to recalculate when it opens (fullCalcOnLoad)")
    elif calc.calc_id is not None and calc.calc_id <= _OLD_ENGINE:
        notes.append(f"Excel recalculates the file when it opens (calcId {calc.calc_id} is an old one)")
    return tuple(notes)


_OLD_ENGINE: Final = 191_028
"""calcId of Excel 2019; the files of Excel 2021 and 365 have greater ones."""
