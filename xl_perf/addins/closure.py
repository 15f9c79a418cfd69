"""Which modules of the project some modules need when they run: their imports, and the imports of those."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ROOT = Path(__file__).parents[2]
_PROJECT = "xl_perf"


def source_file(module: str) -> Path | None:
    """The file of a module or package of the project; None where there is none of that name."""
    path = _ROOT.joinpath(*module.split("."))
    for file in (path / "__init__.py", path.with_suffix(".py")):
        if file.is_file():
            return file
    return None


def needed_modules(roots: Iterable[str], replaced: Iterable[str] = ()) -> list[str]:
    """The modules of the project that must be there for some to run, sorted; imports for type checkers do not count.

    Args:
        roots: names of modules, e.g. `xl_perf.cells`.
        replaced: modules that something else stands in for: neither given nor followed.
    """
    found: set[str] = set(replaced)
    waiting = list(roots)
    while waiting:
        module = waiting.pop()
        file = source_file(module)
        if module in found or file is None:
            continue
        found.add(module)
        waiting += [parent for parent in _parents(module) if parent not in found]
        waiting += _imports(ast.parse(file.read_text(encoding="utf-8")))
    return sorted(found - set(replaced))


def imported_modules(source: str) -> list[str]:
    """Names that a source imports from the project: of modules, and of what may be modules."""
    return list(_imports(ast.parse(source)))


def _parents(module: str) -> Iterator[str]:
    parts = module.split(".")
    return (".".join(parts[:count]) for count in range(1, len(parts)))


def _imports(node: ast.AST) -> Iterator[str]:
    """Names that a module imports from the project, at any depth: of modules, and of what may be modules."""
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        return
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name.split(".")[0] == _PROJECT)
    elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == _PROJECT:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
    for child in ast.iter_child_nodes(node):
        yield from _imports(child)
