"""Sources of the project rewritten for the Python that LibreOffice brings along, which may be as old as 3.8.

Only what the packed modules use is rewritten: `StrEnum`, `dataclass(slots=True)`, `zip(strict=True)`, `functools.cache`,
`TypeAlias` and the union of dictionaries. Anything else that is newer shows when the result is run.
"""

from __future__ import annotations

import ast

from xl_perf.errors import PerfError

OLDEST = (3, 8)
"""Oldest Python that the rewritten sources run on."""

COMPAT_MODULE = "xl_perf_calc.compat"
COMPAT_SOURCE = '''\
"""What Python 3.8 lacks."""

from enum import Enum
from functools import lru_cache


class StrEnum(str, Enum):
    """Enum of texts that print as they are."""

    __str__ = str.__str__
    __format__ = str.__format__


def cache(function):
    """Remembers every result."""
    return lru_cache(maxsize=None)(function)
'''

_MOVED = {"enum": {"StrEnum"}, "functools": {"cache"}}
_DROPPED_KEYWORDS = {"zip": "strict", "dataclass": "slots"}


class _Older(ast.NodeTransformer):
    def visit_ImportFrom(self, node: ast.ImportFrom) -> list[ast.stmt]:
        moved = [alias for alias in node.names if alias.name in _MOVED.get(node.module or "", ())]
        kept = [
            alias
            for alias in node.names
            if alias not in moved and (node.module, alias.name) != ("typing", "TypeAlias")
        ]
        found: list[ast.stmt] = []
        if moved:
            found.append(ast.ImportFrom(COMPAT_MODULE, moved, 0))
        if kept:
            found.append(ast.ImportFrom(node.module, kept, node.level))
        return found

    def visit_Call(self, node: ast.Call) -> ast.Call:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name):
            dropped = _DROPPED_KEYWORDS.get(node.func.id)
            node.keywords = [
                keyword for keyword in node.keywords if dropped is None or keyword.arg != dropped
            ]
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        both = (node.left, node.right)
        if isinstance(node.op, ast.BitOr) and any(
            isinstance(side, (ast.Dict, ast.DictComp)) for side in both
        ):
            return ast.Dict([None, None], [*both])
        return node


def convert(source: str, where: str) -> str:
    """A module's source for Python 3.8 and every later one; comments are lost.

    Args:
        source: text of the module.
        where: its name for messages.

    Raises:
        PerfError: syntax that Python 3.8 does not know.
    """
    try:
        tree = ast.parse(source, feature_version=OLDEST)
    except SyntaxError as error:
        raise PerfError(
            f"line {error.lineno} needs a newer Python than LibreOffice brings along: {error.msg}",
            where=where,
        ) from error
    return ast.unparse(ast.fix_missing_locations(_Older().visit(tree))) + "\n"
