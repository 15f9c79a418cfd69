"""Recipes remembered for workbooks of many structures, whose formulas are mostly the same and whose tables differ.

A recipe serves the same formula in the same cell of another workbook where everything that was asked of the
workbook when the recipe was made has the same answer there.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    from xl_perf.formula.scope import Scope
    from xl_perf.recalc.recipe import Recipe

    Read = tuple[Recipe, bool]

_MOST: Final = 8_192
"""Recipes that are remembered."""
_QUESTIONS: Final = frozenset(
    ("sheet", "sheets_between", "name", "table", "table_at", "has_tables", "used", "has_hidden_rows", "codes")
)


class _Asked:
    """A scope that notes what is asked of it, and the answers."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self.answers: dict[tuple[Any, ...], Any] = {}

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

    current: ClassVar[Memory | None] = None
    """What is in use now; None where workbooks of one kind do not follow each other."""

    def __init__(self) -> None:
        self._known: dict[Hashable, tuple[dict[tuple[Any, ...], Any], Read]] = {}
        self._kinds: dict[Hashable, int] = {}

    def kind(self, scope: Scope) -> int:
        """The same number for workbooks with the same sheets, functions and aliases, which nobody asks one by one."""
        unasked = scope.sheets, tuple(scope.functions.items()), tuple(scope.aliases.items())
        return self._kinds.setdefault(unasked, len(self._kinds))

    def recipe(self, key: Hashable, scope: Scope, read: Callable[[Any], Read]) -> Read:
        """The recipe of a formula.

        Args:
            key: formula and cell, and the kind of the workbook.
            scope: the workbook.
            read: makes the recipe from a scope.
        """
        known = self._known.get(key)
        if known is not None and all(
            getattr(scope, name)(*arguments) == answer for (name, *arguments), answer in known[0].items()
        ):
            return known[1]
        asked = _Asked(scope)
        found = read(asked)
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[key] = asked.answers, found
        return found


@contextmanager
def workbooks_alike() -> Iterator[None]:
    """Remember recipes for the time being: workbooks of the same kind are calculated one after the other."""
    before = Memory.current
    Memory.current = before or Memory()
    try:
        yield
    finally:
        Memory.current = before
