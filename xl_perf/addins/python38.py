"""Sources of the project rewritten for the Python that LibreOffice brings along, which may be as old as 3.8.

Only what the packed modules use is rewritten: `StrEnum`, `dataclass(slots=True)`, `zip(strict=True)`,
`functools.cache`, `itertools.pairwise`, `TypeAlias`, `datetime.UTC`, `removeprefix` and `removesuffix`,
`isinstance` with `A | B`, the union of dictionaries. Anything else that is newer shows when the result is
run.
"""

from __future__ import annotations

import ast
import re

from xl_perf.errors import PerfError

OLDEST = (3, 8)
"""Oldest Python that the rewritten sources run on."""

COMPAT_MODULE = "xl_perf_calc.compat"
COMPAT_SOURCE = '''\
"""What Python 3.8 lacks."""

from enum import Enum
from functools import lru_cache
from itertools import tee


class StrEnum(str, Enum):
    """Enum of texts that print as they are."""

    __str__ = str.__str__
    __format__ = str.__format__


def cache(function):
    """Remembers every result."""
    return lru_cache(maxsize=None)(function)


def pairwise(items):
    """Each item with the next."""
    first, second = tee(items)
    next(second, None)
    return zip(first, second)


def removeprefix(text, prefix):
    """The text without what it begins with."""
    return text[len(prefix):] if text.startswith(prefix) else text


def removesuffix(text, suffix):
    """The text without what it ends with."""
    return text[: len(text) - len(suffix)] if suffix and text.endswith(suffix) else text
'''

_MOVED = {"enum": {"StrEnum"}, "functools": {"cache"}, "itertools": {"pairwise"}}
_BUILT_IN = ("dict", "list", "set", "tuple")
_FOR_CHECKERS = ("TypeAlias", "TypeGuard", "Self")
_METHODS = ("removeprefix", "removesuffix")
_DROPPED_KEYWORDS = {"zip": "strict", "dataclass": "slots"}


class _Older(ast.NodeTransformer):
    def __init__(self) -> None:
        self.methods: set[str] = set()

    def visit_ImportFrom(self, node: ast.ImportFrom) -> list[ast.stmt]:
        moved = [alias for alias in node.names if alias.name in _MOVED.get(node.module or "", ())]
        kept = [
            alias
            for alias in node.names
            if alias not in moved and not (node.module == "typing" and alias.name in _FOR_CHECKERS)
        ]
        found: list[ast.stmt] = []
        if moved:
            found.append(ast.ImportFrom(COMPAT_MODULE, moved, 0))
        if kept:
            found.append(ast.ImportFrom(node.module, kept, node.level))
        return found

    def visit_Call(self, node: ast.Call) -> ast.Call:
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute) and node.func.attr in _METHODS:
            self.methods.add(node.func.attr)
            return ast.Call(ast.Name(f"_{node.func.attr}"), [node.func.value, *node.args], [])
        if isinstance(node.func, ast.Name) and node.func.id in ("isinstance", "issubclass"):
            node.args[1:] = [_several(node.args[1])]
        if isinstance(node.func, ast.Name):
            dropped = _DROPPED_KEYWORDS.get(node.func.id)
            node.keywords = [
                keyword for keyword in node.keywords if dropped is None or keyword.arg != dropped
            ]
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        self.generic_visit(node)
        node.bases = [
            base.value
            if isinstance(base, ast.Subscript)
            and isinstance(base.value, ast.Name)
            and base.value.id in _BUILT_IN
            else base
            for base in node.bases
        ]
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        if isinstance(node.value, bytes):
            return ast.Constant(_ready_to_go_back(node.value))
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AnnAssign:
        self.generic_visit(node)
        if isinstance(node.annotation, ast.Name) and node.annotation.id == "TypeAlias":
            node.value = ast.Constant(None)  # for type checkers; annotations are never evaluated
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        self.generic_visit(node)
        if node.attr == "UTC" and isinstance(node.value, ast.Name) and node.value.id == "dt":
            return ast.Attribute(ast.Attribute(node.value, "timezone"), "utc")
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        both = (node.left, node.right)
        if isinstance(node.op, ast.BitOr) and any(
            isinstance(side, (ast.Dict, ast.DictComp)) for side in both
        ):
            return ast.Dict([None, None], [*both])
        return node


_POSSESSIVE = re.compile(rb"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|(\(\?>)|([*+?}])\+", re.DOTALL)
"""In a pattern: what is escaped, a set of characters (both to pass over), an atomic group, a possessive repetition."""


def _ready_to_go_back(pattern: bytes) -> bytes:
    """A pattern without atomic groups and possessive repetitions, which Python knows from 3.11 on.

    Texts that match still do, with the same groups; those of a malformed sheet may take longer to be refused.
    """

    def plain(found: re.Match[bytes]) -> bytes:
        return b"(?:" if found[1] else found[2] or found[0]

    return _POSSESSIVE.sub(plain, pattern)


def _several(kind: ast.expr) -> ast.expr:
    """`A | B` as `(A, B)`."""
    found: list[ast.expr] = []
    while isinstance(kind, ast.BinOp) and isinstance(kind.op, ast.BitOr):
        found.insert(0, kind.right)
        kind = kind.left
    return ast.Tuple([kind, *found]) if found else kind


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
    older = _Older()
    tree = older.visit(tree)
    if older.methods:
        names = [ast.alias(name, f"_{name}") for name in sorted(older.methods)]
        tree.body.insert(_after_head(tree), ast.ImportFrom(COMPAT_MODULE, names, 0))
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def _after_head(tree: ast.Module) -> int:
    """Place of the first statement after docstring and imports from the future."""
    for place, node in enumerate(tree.body):
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not is_text and not (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
            return place
    return len(tree.body)
