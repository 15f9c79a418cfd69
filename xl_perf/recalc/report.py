"""The report of a calculation: what differs from the file, what keeps its value, where new errors come from."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from xl_perf.formula.refs import address
from xl_perf.package.refs import range_name
from xl_perf.package.scalars import same_in_15_digits, same_value, storable
from xl_perf.recalc import engine
from xl_perf.recalc import functions as table
from xl_perf.recalc.book import EMPTY
from xl_perf.recalc.callbacks import EngineMade
from xl_perf.recalc.changes import Packed
from xl_perf.recalc.compare import agrees, different
from xl_perf.recalc.gates import LARGEST, areas
from xl_perf.recalc.model import Calculation, CellNote, Change, NewError
from xl_perf.recalc.trust import Trust
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xl_perf.package import Package
    from xl_perf.package.model import CellKey
    from xl_perf.recalc.book import Array, Cell, Column
    from xl_perf.recalc.calculate import Calculating
    from xl_perf.values import CellValue

_FAR: Final = 1e-9
"""Relative difference of two numbers from which on they differ, however they are compared."""
_OLD_ENGINE: Final = 191_028
"""calcId of Excel 2019; the files of Excel 2021 and 365 have greater ones."""

_Item = TypeVar("_Item")
_Placed: TypeAlias = tuple[tuple[int, int, int], _Item]
"""Sheet's index, row and column, and what there is to say about the cell."""


def _in_order(placed: list[_Placed[_Item]]) -> tuple[_Item, ...]:
    """In tab and reading order."""
    return tuple(item for _, item in sorted(placed, key=itemgetter(0)))


class Comparison:
    """What differs from the file, and what keeps its value.

    Args:
        state: the calculation.
        by_office: the formulas whose values are LibreOffice's, with the reason.
        office_version: its version.
    """

    def __init__(self, state: Calculating, by_office: Mapping[Cell, str], office_version: str) -> None:
        assert state.run is not None
        self.state = state
        self.run = state.run
        self.by_office = by_office
        self.office_version = office_version
        self.kept = dict(state.open)
        whose = state.trust is not Trust.NONE or state.engine != engine.NAME
        self.agree = agrees if whose else same_in_15_digits
        self.found: dict[str, list[tuple[CellKey, CellValue, CellValue, bytes]]] = {}
        self.spill: dict[str, dict[CellKey, str]] = {}
        self.errors: list[_Placed[NewError]] = []
        self._order = {info.name: info.index for info in state.package.sheets}
        self._clock = self._volatile()

    def _volatile(self) -> set[Cell]:
        """The formulas that depend on the clock."""
        book = self.state.book
        recipes = {recipe for recipe in book.recipes() if recipe.functions & table.VOLATILE}
        seeds = [(column.sheet, *column.keys[place]) for column, place in book.cells(recipes)]
        return set(seeds) | self.run.dependents(seeds).keys() if seeds else set()

    def calculation(self) -> Calculation:
        """The result."""
        state, kept = self.state, self.kept
        for sheet, column in state.book.columns.items():
            self._compare(sheet, column)
        rows = {
            sheet: sorted(self.found[sheet], key=itemgetter(0))
            for sheet in sorted(self.found, key=self._order.__getitem__)
        }
        columns: list[list[Any]] = [[], [], [], []]
        for sheet, found in rows.items():
            _, olds, news, names = map(list, zip(*found, strict=True))
            columns[0] += [sheet] * len(found)
            columns[1] += b" ".join(names).decode("ascii").split(" ")
            columns[2] += olds
            columns[3] += news
        return Calculation(
            formulas=state.book.count,
            changes={sheet: {key: new for key, _, new, _ in found} for sheet, found in rows.items()},
            spill=self.spill,
            changed=Packed.of_columns(Change, columns),
            volatile=frozenset((sheet, address(row, column)) for sheet, row, column in self._clock),
            errors=self._explained(),
            kept=self._notes(kept),
            office=self._notes({cell: reason for cell, reason in self.by_office.items() if reason}),
            unknown_functions=self._unknown(),
            faults=tuple(
                f"{name}: {message}" for name, message in sorted(self.run.faults.by_function.items())
            ),
            notes=(*state.notes, *self._advice(), *_notes(state.package)),
            engine=state.engine,
            engine_version=engine.version() if state.engine == engine.NAME else self.office_version,
            old_values=bool(kept) and state.trust is not Trust.NONE,
        )

    def _notes(self, cells: Mapping[Cell, str]) -> tuple[CellNote, ...]:
        return _in_order(
            [
                ((self._order[sheet], row, column), CellNote(sheet, address(row, column), reason))
                for (sheet, row, column), reason in cells.items()
            ]
        )

    def _advice(self) -> Iterator[str]:
        if self.kept and self.state.trust is not Trust.NONE:
            yield "values that were kept may be old: calculate the file in Excel (Ctrl+Alt+F9) before it is saved there"
        lost = [reason for reason in self.kept.values() if "lost its tables" in reason]
        if lost:
            yield (
                "the file has lost its tables, which another program took out: restore it from a copy "
                "that Excel saved"
            )

    def _unknown(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for cell in self.kept:
            found = self.state.book.find(cell)
            name = found[0].recipes[found[1]].unknown.upper() if found is not None else ""
            if name:
                counts[name] = counts.get(name, 0) + 1
        return dict(sorted(counts.items()))

    # --- comparing

    def _compare(self, sheet: str, column: Column) -> None:
        values, stored, keys, recipes = self.run.columns[sheet], column.stored, column.keys, column.recipes
        cone, kept, typed = self.state.cone, self.kept, self.state.typed
        places = different(range(len(keys)), stored, values)
        if cone is not None or any(cell[0] == sheet for cell in (*kept, *typed)):
            cells = {place: (sheet, *keys[place]) for place in places}
            places = [
                place
                for place, cell in cells.items()
                if cell not in kept and cell not in typed and (cone is None or cell in cone)
            ]
        if EMPTY in recipes:
            places = [place for place in places if recipes[place] is not EMPTY]
        news = [
            (v or 0.0) if type(v) is float else shown(v) for v in map(values.__getitem__, places)
        ]  # no -0.0
        names = column.scan.names if column.scan is not None else None
        found = [
            (
                keys[place],
                stored[place],
                new,
                address(*keys[place]).encode() if names is None else names[place],
            )
            for place, new in zip(places, news, strict=True)
            if stored[place] is None or self.differs(stored[place], new)
        ]
        for key, old, new, _ in found:
            if type(new) is CellError:
                self._note_error(sheet, key, old, new)
        if found:
            self.found[sheet] = found
        for place, array in column.arrays.items():
            cell = (sheet, *keys[place])
            if cell not in kept and cell not in typed and (cone is None or cell in cone):
                self._compare_array(column, cell, array)

    def _compare_array(self, column: Column, cell: Cell, array: Array) -> None:
        """The other cells that an array formula fills, or filled."""
        sheet, was = column.sheet, array.area
        area = self.run.extents.get(cell, was)
        if array.kind == "dynamic" and area != was:
            self.spill.setdefault(sheet, {})[cell[1:]] = range_name(area)
        data = self.state.package.sheet_data(sheet)
        for row in range(min(area[0], was[0]), max(area[2], was[2]) + 1):
            for at in range(min(area[1], was[1]), max(area[3], was[3]) + 1):
                key = (row, at)
                inside = area[0] <= row <= area[2] and area[1] <= at <= area[3]
                was_inside = was[0] <= row <= was[2] and was[1] <= at <= was[3]
                if key == cell[1:] or not (inside or was_inside):
                    continue
                new = self.run.others.get((sheet, *key)) if inside else None
                if inside and new is None and array.kind == "array":
                    new = CellError.NA
                place = data.index.get(key)
                old = None if place is None else data.cells[place].value
                result = shown(new) if inside else None
                if not isinstance(new, EngineMade) and self.differs(old, result):
                    self.found.setdefault(sheet, []).append((key, old, result, address(*key).encode()))
                    if cell in self._clock:
                        self._clock.add((sheet, *key))
                    if isinstance(result, CellError):
                        self._note_error(sheet, key, old, result)

    def differs(self, old: CellValue, new: CellValue) -> bool:
        """True where a result is another value than the stored one."""
        if old is None:
            return new is not None
        if type(old) is float is type(new) and abs(old - new) > _FAR * max(abs(old), abs(new)):
            return True
        return not (same_value(old, storable(new)) or self.agree(old, new))

    def _note_error(self, sheet: str, key: CellKey, old: CellValue, new: CellError) -> None:
        if not (isinstance(old, str) and CellError.parse(old) is not None):
            self.errors.append(((self._order[sheet], *key), NewError(sheet, address(*key), new)))

    # --- where errors come from

    def _explained(self) -> tuple[NewError, ...]:
        """The new errors with their causes."""
        return _in_order(
            [
                (place, found._replace(reason=self._cause((found.sheet, *place[1:]), found.error)))
                for place, found in self.errors
            ]
        )

    def _cause(self, cell: Cell, error: CellError) -> str:
        """Why a formula gives an error, in words that name a cell; empty where nothing is known."""
        found = self.state.book.find(cell)
        if found is None:
            return ""
        recipe = found[0].recipes[found[1]]
        texts = ""
        for sheet, (top, left, bottom, right) in areas(self.run, *found):
            if (bottom - top + 1) * (right - left + 1) > LARGEST:
                continue
            for at in ((sheet, r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)):
                is_formula = self.state.book.find(at) is not None
                if at == cell or not (is_formula or (error == CellError.VALUE and not texts)):
                    continue
                value = self.run.value(at)
                if is_formula and isinstance(value, CellError):
                    return f"from {sheet}!{address(*at[1:])}"
                if not is_formula and type(value) is str and any(letter.isdigit() for letter in value):
                    texts = f"{sheet}!{address(*at[1:])} holds the text {value!r} where a number belongs"
        return texts or (_OWN.get(error, "") if recipe.ours else "")


_OWN: Final = {
    CellError.DIV0: "a division by 0: a denominator or a target is 0",
    CellError.NUM: "a value out of its domain: negative, a share above 100%, or weights that do not sum to 100%",
    CellError.NA: "a target, a weight or a key is missing",
    CellError.VALUE: "a value of the wrong kind, or ranges that do not fit",
}


def shown(value: CellValue | EngineMade) -> CellValue:
    """What a formula cell shows: 0 where the result is an empty cell."""
    assert not isinstance(value, EngineMade), value
    return 0.0 if value is None or (type(value) is float and value == 0.0) else value  # no -0.0


def no_formulas(package: Package, name: str, count: int) -> Calculation:
    """The result for a workbook in which there is nothing to calculate."""
    return Calculation(count, name, engine.version() if name == engine.NAME else "", _notes(package))


def _notes(package: Package) -> tuple[str, ...]:
    calc = package.calc_properties
    if calc.full_on_load:
        return ("the file asks Excel to recalculate when it opens (fullCalcOnLoad)",)
    if calc.calc_id is not None and calc.calc_id <= _OLD_ENGINE:
        return (f"Excel recalculates the file when it opens (calcId {calc.calc_id} is an old one)",)
    return ()
