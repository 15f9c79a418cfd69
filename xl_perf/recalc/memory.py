"""Recipes remembered for workbooks of many structures, whose formulas are mostly the same and whose tables differ.

A recipe serves the same formula in the same cell of another workbook where everything that was asked of the
workbook when the recipe was made has the same answer there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from xl_perf.formula.scope import Scope
    from xl_perf.recalc.lower import Sheet
    from xl_perf.recalc.recipe import Recipe

    Read = tuple[Recipe, bool]
    Answers = dict[tuple[Any, ...], Any]
    """What was asked of a workbook, method and arguments, and what it said."""

_MOST: Final = 8_192
"""Recipes that are remembered."""
_SHEETS: Final = 16
"""Sheets of one name whose formulas are remembered."""
_LARGEST: Final = 10_000
"""Formulas of a sheet that is remembered, and of all of them."""
_ALL: Final = 80_000
_NEAR: Final = 8
"""At most one formula in so many of a sheet differs from those of one that is remembered."""
_QUESTIONS: Final = frozenset(
    ("sheet", "sheets_between", "name", "table", "table_at", "has_tables", "used", "has_hidden_rows", "codes")
)


class _Asked:
    """A scope that notes what is asked of it, and the answers."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self.answers: Answers = {}

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._scope, name)
        if name not in _QUESTIONS:
            return found

        def asked(*arguments: Any) -> Any:
            answer = self.answers[(name, *arguments)] = found(*arguments)
            return answer

        self.__dict__[name] = asked
        return asked


class Memory:
    """Recipes by formula and cell, with what each of them was made from."""

    def __init__(self) -> None:
        self.forget()

    def __len__(self) -> int:
        """Formulas of the sheets that are remembered."""
        return self._cells

    def forget(self) -> None:
        """Starts anew."""
        self._known: dict[Hashable, tuple[Answers, Read]] = {}
        self._kinds: dict[Hashable, int] = {}
        self._sheets: dict[Hashable, list[tuple[Answers, Sheet]]] = {}
        self._cells = 0

    def kind(self, scope: Scope) -> int:
        """The same number for workbooks with the same sheets, functions and aliases, which nobody asks one by one."""
        unasked = scope.sheets, tuple(scope.functions.items()), tuple(scope.aliases.items())
        return self._kinds.setdefault(unasked, len(self._kinds))

    def recipe(self, key: Hashable, scope: Scope, read: Callable[[Any], Read]) -> tuple[Read, Answers]:
        """The recipe of a formula, and what it relies on.

        Args:
            key: formula and cell, and the kind of the workbook.
            scope: the workbook.
            read: makes the recipe from a scope.
        """
        known = self._known.get(key)
        if known is not None and _hold(known[0], scope):
            return known[1], known[0]
        asked = _Asked(scope)
        found = read(asked)
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[key] = asked.answers, found
        return found, asked.answers

    def sheet(
        self, key: Hashable, scope: Scope, names: list[bytes], formulas: list[bytes]
    ) -> tuple[Sheet, list[int]] | None:
        """What was read of a sheet with nearly the same formulas in the same cells, where all of it holds here.

        Args:
            key: name of the sheet, and the kind of the workbook.
            scope: the workbook.
            names: cells of its formulas.
            formulas: their elements.

        Returns:
            What was read, and the places of the formulas that differ; None where too many do.
        """
        for answers, known in self._sheets.get(key, ()):
            if known.names != names:
                continue
            others: list[int] = []
            if known.formulas != formulas:
                pairs = enumerate(zip(known.formulas, formulas, strict=True))
                others = [place for place, (one, other) in pairs if one != other]
            if len(others) * _NEAR <= len(formulas) and _hold(answers, scope):
                return known, others
        return None

    def remember(self, key: Hashable, sheet: Sheet, answers: Answers) -> None:
        """Keeps what was read of a sheet, and what that relies on."""
        size = len(sheet.formulas)
        if size > _LARGEST:
            return
        if self._cells + size > _ALL:
            self._sheets.clear()
            self._cells = 0
        self._cells += size
        known = self._sheets.setdefault(key, [])
        known.insert(0, (answers, sheet))
        del known[_SHEETS:]


def _hold(answers: Answers, scope: Scope) -> bool:
    """Whether a workbook answers everything that was asked as another one did."""
    return all(getattr(scope, name)(*arguments) == answer for (name, *arguments), answer in answers.items())


MEMORY: Final = Memory()
"""What this process remembers."""
