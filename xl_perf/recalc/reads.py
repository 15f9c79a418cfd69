"""The cells that a formula names, for formulas that are not calculated but on which others may depend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.formula.refs import Ref
from xl_perf.formula.tables import ThisRow, resolve_table
from xl_perf.formula.tokens import FormulaError
from xl_perf.formula.tree import Node, parse
from xl_perf.recalc.recipe import Moving

if TYPE_CHECKING:
    from xl_perf.formula.scope import Scope

_DEEPEST = 8


def references(tree: Node, scope: Scope, sheet: str, cell: tuple[int, int]) -> tuple[Moving | ThisRow, ...]:
    """All references of a formula, through defined names and tables too.

    What names nothing in the workbook is left out.
    """
    found: list[Moving | ThisRow] = []
    _collect(tree, scope, sheet, cell, found, 0)
    return tuple(dict.fromkeys(found))


def _collect(
    tree: Node, scope: Scope, sheet: str, cell: tuple[int, int], found: list[Moving | ThisRow], depth: int
) -> None:
    for node in tree.walk():
        if node.kind == "ref" and node.ref is not None and node.ref.book is None:
            found += (Moving(ref, depth > 0) for ref in _sheets(node.ref, scope))
        elif node.kind == "table":
            name, _, rest = node.text.partition("[")
            view = scope.table(name) if name else scope.table_at(sheet, *cell)
            ref = None if view is None else resolve_table(view, rest[:-1])
            if ref is not None:
                found.append(Moving(ref) if isinstance(ref, Ref) else ref)
        elif node.kind == "name" and depth < _DEEPEST:
            text = scope.name(node.text, sheet)
            view = scope.table(node.text)
            if text is not None:
                try:
                    _collect(parse(text.removeprefix("=")), scope, sheet, cell, found, depth + 1)
                except FormulaError:
                    continue
            elif view is not None and isinstance(ref := resolve_table(view, ""), Ref):
                found.append(Moving(ref))


def _sheets(ref: Ref, scope: Scope) -> list[Ref]:
    if ref.sheet is None:
        return [ref]
    names = scope.sheets_between(ref.sheet, ref.last_sheet or ref.sheet)
    return [ref._replace(sheet=name, last_sheet=None) for name in names]
