"""Looking again: formulas whose cells hold values for which the engine and Excel part ways.

Most formulas are given to the engine in a form that is right for the values that cells usually hold. When the
values are known, those that hold others are written anew by all of Excel's rules and calculated once more.
"""

from __future__ import annotations

import re
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from xl_perf.excel.language import LONGEST, LOOKS, UnsureError, engine_number, has_digit, text_number
from xl_perf.excel.values import fold
from xl_perf.package.sheetscan import BEFORE, KEYS, PIECES
from xl_perf.package.xmlpart import resolve_entities
from xl_perf.recalc.unsorted import unsorted
from xl_perf.recalc.writer import SWALLOWED
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from xl_perf.excel.language import Language
    from xl_perf.recalc.book import Book, Cell
    from xl_perf.recalc.recipe import Recipe
    from xl_perf.recalc.run import Run
    from xl_perf.values import CellValue

_ROUNDS: Final = 5
_NEAR: Final = 1e-14
_TINY: Final = 2.0**-46
"""A sum this small beside the largest number of the workbook may be what rounding left of 0 (Excel keeps 15 digits)."""
_POWERS: Final = 300
"""Powers of ten that a number has at most; nothing that workbooks hold needs more."""
_STRINGS: Final = re.compile(rb'<c r="([A-Z]+[0-9]+)"(?: s="[0-9]+")? t="s"><v>([0-9]+)</v>')
_INLINE: Final = re.compile(
    rb'<c r="([A-Z]+[0-9]+)"(?: s="[0-9]+")? '
    rb't="inlineStr"><is><t[^<>]*>([-+(.,0-9\s$&\xc2\xe2][^<]{0,40}|[^0-9<]{3,9}[0-9][^<]{0,30})</t>'
)
_TRUTHS: Final = re.compile(rb'<c r="([A-Z]+[0-9]+)"(?: s="[0-9]+")? t="b"><v>([01])</v>')
_NUMBERS: Final = re.compile(rb'<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?(?: t="n")?><v>([^<]+)</v></c>')
_LONG: Final = 14
"""Characters of a number from which on it may differ from another one in more than 15 digits."""
_SENSITIVE: Final = frozenset(("coerces", "products"))


def look_again(run: Run) -> None:
    """Calculates formulas again for whose cells the quick form is not enough, until none is left."""
    looker = _Looker(run)
    done: set[Cell] = set()
    for _ in range(_ROUNDS):
        found = looker.found() - done
        if not found:
            break
        done |= found
        run.rewrite(sorted(found))
        run.evaluate()
    looker.keep_sums_over_errors()
    looker.keep_unsure()


class _Looker:
    """What there is to look for in one workbook."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.book: Book = run.book
        self.recipes = self.book.recipes()
        self.marked: dict[str, set[Recipe]] = {}
        for recipe in self.recipes:
            for mark in recipe.marks:
                self.marked.setdefault(mark, set()).add(recipe)
        self.literals = {number for recipe in self.recipes for number in recipe.literals}
        self._odd: set[Cell] | None = None

    def found(self) -> set[Cell]:
        """The cells of the formulas to be written anew."""
        found = self._near() | self._small() | self._beside_odd() | self._tall()
        return found | unsorted(self.run, self.marked.get("sorted", set()))

    def _cells(self, recipes: set[Recipe]) -> set[Cell]:
        return {(column.sheet, *column.keys[place]) for column, place in self.book.cells(recipes)}

    def _numbers(self) -> Iterator[float]:
        """The results, and the constants of many digits."""
        for column in self.run.columns.values():
            yield from (value for value in column if type(value) is float)
        yield from self._long_constants

    @cached_property
    def _constants(self) -> list[bytes]:
        """The texts of the numbers that are no results."""
        found: list[bytes] = []
        for info in self.book.package.sheets:
            scan = self.book.package.scan(info.name) if info.kind == "worksheet" else None
            if scan is not None:
                found += _NUMBERS.findall(b"".join(scan.pieces[BEFORE::PIECES]))
            elif info.kind == "worksheet":
                values = [cell.value for cell in self.book.package.cells(info.name)]
                found += [repr(value).encode() for value in values if type(value) is float]
        return found

    @cached_property
    def _long_constants(self) -> list[float]:
        return [float(text) for text in self._constants if len(text) >= _LONG]

    @cached_property
    def _largest(self) -> float:
        """A number larger than all but by no more than it takes to be sure."""
        values = [value for column in self.run.columns.values() for value in column if type(value) is float]
        values += map(float, self._constants)
        return min(10 * max([1.0, *map(abs, values)]), 10.0**_POWERS)

    def _near(self) -> set[Cell]:
        """Comparisons with a number that some value equals in 15 digits, but not in all."""
        if not self.literals:
            return set()
        found: set[Cell] = set()
        for literal in self.literals:
            low, high = sorted((literal * (1 - _NEAR), literal * (1 + _NEAR)))
            recipes = {recipe for recipe in self.recipes if literal in recipe.literals}
            for sheet, column in self.run.columns.items():
                near = [
                    p for p, v in enumerate(column) if type(v) is float and low <= v <= high and v != literal
                ]
                for place in near:
                    cell = (sheet, *self.book.columns[sheet].keys[place])
                    found.update(other for other in self.run.direct(cell) if self._recipe(other) in recipes)
            if any(low <= number <= high and number != literal for number in self._long_constants):
                found |= self._cells(recipes)
        return found

    def _recipe(self, cell: Cell) -> Recipe | None:
        at = self.book.find(cell)
        return None if at is None else at[0].recipes[at[1]]

    def _small(self) -> set[Cell]:
        """Sums and differences that give next to nothing."""
        adding = self.marked.get("adds")
        if not adding:
            return set()
        limit = self._largest * _TINY
        found = set()
        for sheet, column in self.run.columns.items():
            own = self.book.columns[sheet]
            for place, value in enumerate(column):
                if type(value) is float and 0 < abs(value) <= limit and own.recipes[place] in adding:
                    found.add((sheet, *own.keys[place]))
        return found

    # --- texts and truth values where numbers are wanted

    def _beside_odd(self) -> set[Cell]:
        """Formulas that take cells for numbers in which there is a text or a truth value that counts as one."""
        recipes = {recipe for mark in _SENSITIVE for recipe in self.marked.get(mark, ())}
        criteria = self.marked.get("criteria", set())
        if not recipes and not criteria:
            return set()
        if self._odd is None:
            self._odd = set(self._odd_constants())
        found: set[Cell] = set()
        for cell in [*self._odd, *self._odd_results()]:
            for dependent in self.run.direct(cell):
                recipe = self._recipe(dependent)
                if recipe in recipes:
                    found.add(dependent)
                elif recipe in criteria and isinstance(self.run.value(cell), str):
                    reason = "criteria over texts that are numbers in the language of the file"
                    self.run.reasons.setdefault(dependent, reason)
        return found

    def _odd_results(self) -> Iterator[Cell]:
        language = self.book.language
        for sheet, column in self.run.columns.items():
            for place, value in enumerate(column):
                if type(value) is not float and is_odd(value, language):
                    yield (sheet, *self.book.columns[sheet].keys[place])

    def _odd_constants(self) -> Iterator[Cell]:
        package, language = self.book.package, self.book.language
        odd = {
            str(number).encode()
            for number, text in enumerate(package.shared_strings)
            if is_odd(text, language)
        }
        for info in package.sheets:
            if info.kind != "worksheet":
                continue
            scan = package.scan(info.name)
            if scan is None:
                for cell in package.cells(info.name):
                    if cell.formula is None and is_odd(cell.value, language):
                        yield info.name, cell.row, cell.column
                continue
            data = scan.part.utf8
            names = [name for name, number in _STRINGS.findall(data) if number in odd] if odd else []
            if b't="inlineStr"' in data:
                inline = _INLINE.findall(data)
                names += [name for name, text in inline if is_odd(resolve_entities(text), language)]
            if b't="b"' in data:
                names += [name for name, _ in _TRUTHS.findall(data)]
            for name in names:
                key = KEYS[name]
                if key is not None and key not in (self._keys(info.name)):
                    yield (info.name, *key)

    def _keys(self, sheet: str) -> Iterable[tuple[int, int]]:
        column = self.book.columns.get(sheet)
        return () if column is None else column.index

    # --- tall ranges that the engine compared

    def _tall(self) -> set[Cell]:
        """Comparisons over tall ranges in which 15 digits or accents may matter."""
        recipes = self.marked.get("tall")
        if not recipes:
            return set()
        numbers = sorted({number for number in self._numbers() if not number.is_integer()})
        near = any(0 < b - a <= _NEAR * max(abs(a), abs(b)) for a, b in pairwise(numbers))
        near = near or any(0 < abs(n - round(n)) <= _NEAR * abs(n) for n in numbers)
        return self._cells(recipes) if near or self._accents_clash() else set()

    def _accents_clash(self) -> bool:
        """True where two texts are the same but for the case of letters that are not ASCII's."""
        texts = set(self.book.package.shared_strings)
        for column in self.run.columns.values():
            texts |= {value for value in column if type(value) is str}
        known: dict[str, str] = {}
        plain = str.maketrans({chr(code): chr(code + 32) for code in range(65, 91)})
        for text in texts:
            if not text.isascii() and known.setdefault(fold(text), text.translate(plain)) != text.translate(
                plain
            ):
                return True
        return False

    # --- what stays as it is

    def keep_sums_over_errors(self) -> None:
        """Keeps conditional sums over cells with errors, which the engine passes over."""
        recipes = self.marked.get("errors")
        if not recipes:
            return
        for cell in list(error_cells(self.run)):
            for dependent in self.run.direct(cell):
                if self._recipe(dependent) not in recipes:
                    continue
                if not isinstance(self.run.value(dependent), CellError):
                    self.run.reasons.setdefault(dependent, "sum over cells with errors")

    def keep_unsure(self) -> None:
        """Keeps formulas that may have swallowed the error of a rule that could not tell a value."""
        for name, reason in self.run.faults.unsure.items():
            mark = SWALLOWED + name
            rewritten = {cell for cell, recipe in self.run.rewritten.items() if mark in recipe.marks}
            for cell in self._cells(self.marked.get(mark, set())) | rewritten:
                self.run.reasons.setdefault(cell, reason)


def error_cells(run: Run) -> Iterator[Cell]:
    """The cells that hold errors: results, constants, and what was typed in."""
    for sheet, column in run.columns.items():
        if CellError in set(map(type, column)):
            keys = run.book.columns[sheet].keys
            yield from ((sheet, *keys[p]) for p, value in enumerate(column) if type(value) is CellError)
    for frozen, value in run.frozen.items():
        if type(value) is CellError and run.book.find(frozen) is None:
            yield frozen
    package = run.book.package
    for info in package.sheets:
        if info.kind == "worksheet" and package.may_hold_errors(info.name):
            for cell in package.cells(info.name):
                at = (info.name, cell.row, cell.column)
                if cell.formula is None and isinstance(cell.value, CellError) and at not in run.frozen:
                    yield at


def is_odd(value: CellValue | object, language: Language) -> bool:
    """True for a value that is no number and is taken for one, by the engine or by Excel, but not by both."""
    if type(value) is bool:
        return True
    if type(value) is not str or len(value) > LONGEST or not has_digit(value) or not LOOKS.fullmatch(value):
        return False
    try:
        return text_number(value, language) != engine_number(value)
    except UnsureError:
        return True
