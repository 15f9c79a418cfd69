"""The layers of docs/architecture.md hold: who may import whom."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# layer -> parts of the project and outside packages that it may import (the standard library always)
ALLOWED = {
    "xl_perf/language.py": set(),
    "xl_perf/errors.py": {"xl_perf.language"},
    "xl_perf/values.py": set(),
    "xl_perf/compute": {"xl_perf.compute", "numpy"},
    "xl_perf/plan": {"xl_perf.plan", "xl_perf.compute", "xl_perf.errors", "xl_perf.language", "platformdirs"},
    "xl_perf/catalog": {
        "xl_perf.catalog", "xl_perf.compute", "xl_perf.plan", "xl_perf.errors", "xl_perf.language", "xl_perf.values",
    },
    "xl_perf/cells": {"xl_perf.cells", "xl_perf.catalog", "xl_perf.compute", "xl_perf.errors",
    "xl_perf.values", "numpy"},
    "xl_perf/functions.py": {"xl_perf.catalog", "xl_perf.cells", "xl_perf.values"},
    "xl_perf/formula": {"xl_perf.formula"},
    "xl_perf/excel": {"xl_perf.excel", "xl_perf.values"},
    "xl_perf/package": {"xl_perf.package", "xl_perf.formula", "xl_perf.errors", "xl_perf.values", "isal"},
    "xl_perf/recalc": {
        "xl_perf.recalc", "xl_perf.contract", "xl_perf.package", "xl_perf.formula", "xl_perf.excel", "xl_perf.catalog",
        "xl_perf.cells", "xl_perf.plan", "xl_perf.errors", "xl_perf.values", "xl_perf.__version__", "formualizer",
        "xl_perf.addins.libreoffice", "xl_perf.relink.spelling",
    },
    "xl_perf/contract": {
        "xl_perf.contract", "xl_perf.package", "xl_perf.plan", "xl_perf.errors", "xl_perf.language", "xl_perf.values",
    },
    "xl_perf/book": {
        "xl_perf.book", "xl_perf.package", "xl_perf.recalc", "xl_perf.plan.model", "xl_perf.errors", "xl_perf.values",
    },
    "xl_perf/actions": {
        "xl_perf.language", "xl_perf.actions", "xl_perf.book", "xl_perf.sync", "xl_perf.load",
        "xl_perf.check", "xl_perf.explain", "xl_perf.contract", "xl_perf.relink", "xl_perf.formula",
        "xl_perf.package", "xl_perf.catalog", "xl_perf.plan", "xl_perf.errors", "xl_perf.values",
    },
    "xl_perf/load": {
        "xl_perf.load", "xl_perf.book", "xl_perf.contract", "xl_perf.package", "xl_perf.recalc", "xl_perf.plan",
        "xl_perf.errors", "xl_perf.values", "python_calamine",
    },
    "xl_perf/collect": {
        "xl_perf.collect", "xl_perf.book", "xl_perf.load", "xl_perf.check", "xl_perf.contract",
        "xl_perf.package", "xl_perf.recalc", "xl_perf.templates", "xl_perf.plan", "xl_perf.errors",
        "xl_perf.language", "xl_perf.values", "openpyxl",
    },
    "xl_perf/archive": {
        "xl_perf.archive", "xl_perf.contract", "xl_perf.package", "xl_perf.plan", "xl_perf.recalc",
        "xl_perf.errors", "xl_perf.values", "sqlalchemy",
    },
    "xl_perf/explain": {
        "xl_perf.explain", "xl_perf.formula", "xl_perf.excel", "xl_perf.contract", "xl_perf.package",
        "xl_perf.catalog", "xl_perf.cells", "xl_perf.compute", "xl_perf.plan", "xl_perf.errors",
        "xl_perf.language", "xl_perf.values",
    },
    "xl_perf/report": {
        "xl_perf.report", "xl_perf.explain", "xl_perf.contract", "xl_perf.catalog", "xl_perf.cells", "xl_perf.package",
        "xl_perf.recalc.office", "xl_perf.archive", "xl_perf.plan", "xl_perf.errors", "xl_perf.values",
        "xl_perf.language", "xl_perf.__version__", "jinja2", "docx",
    },
    "xl_perf/sync": {
        "xl_perf.sync", "xl_perf.book", "xl_perf.contract", "xl_perf.package", "xl_perf.recalc",
        "xl_perf.plan", "xl_perf.errors", "xl_perf.values", "xl_perf.__version__",
    },
    "xl_perf/check": {
        "xl_perf.check", "xl_perf.book", "xl_perf.contract", "xl_perf.package", "xl_perf.formula",
        "xl_perf.plan", "xl_perf.recalc", "xl_perf.relink", "xl_perf.templates", "xl_perf.errors",
        "xl_perf.values", "openpyxl",
    },
    "xl_perf/templates": {
        "xl_perf.templates", "xl_perf.contract", "xl_perf.plan", "xl_perf.catalog", "xl_perf.recalc", "xl_perf.package",
        "xl_perf.formula", "xl_perf.errors", "xl_perf.values", "xl_perf.__version__", "openpyxl",
    },
    "xl_perf/addins": {
        "xl_perf.addins", "xl_perf.catalog", "xl_perf.plan", "xl_perf.errors", "xl_perf.__version__", "platformdirs",
    },
    "xl_perf/doctor": {
        "xl_perf.language", "xl_perf.doctor", "xl_perf.plan", "xl_perf.package", "xl_perf.recalc.engine",
        "xl_perf.addins", "xl_perf.errors", "xl_perf.__version__",
    },
    "xl_perf/relink": {
        "xl_perf.relink", "xl_perf.package", "xl_perf.formula", "xl_perf.catalog",
        "xl_perf.addins.lambda_edition", "xl_perf.errors",
    },
    "udfs/libreoffice": {
        "xl_perf.cells", "xl_perf.catalog", "xl_perf.values", "xl_perf.plan", "xl_perf.errors",
        "xl_perf.actions", "xl_perf.book", "xl_perf.contract", "xl_perf.load.sources", "xl_perf.package",
        "xl_perf.relink", "xl_perf.language", "uno", "unohelper", "com.sun.star", "xlperf", "xl_perf_calc",
    },
    "xl_perf/coverage": {
        "xl_perf.language", "xl_perf.coverage", "xl_perf.plan", "xl_perf.catalog", "xl_perf.templates",
        "xl_perf.errors", "xl_perf.package", "xl_perf.recalc", "xl_perf.values", "openpyxl",
    },
    "xl_perf/release": {"xl_perf", "tests", "openpyxl", "jinja2", "markdown_it"},
    "udfs/office": {
        "udfs.office", "xl_perf.cells", "xl_perf.catalog", "xl_perf.values", "xl_perf.errors", "xl_perf.__version__",
        "xl_perf.actions", "xl_perf.book", "xl_perf.contract", "xl_perf.load.sources", "xl_perf.package",
        "xl_perf.language", "xl_perf.plan", "xl_perf.relink",
    },
    "udfs/excel_actions.py": {"xl_perf.actions", "xl_perf.book", "xl_perf.errors", "xl_perf.plan", "xlwings"},
    "udfs/excel.py": {"xl_perf.functions", "xl_perf.catalog", "xl_perf.cells", "xl_perf.values", "xlwings"},
}  # fmt: skip


def _modules(layer: str) -> list[Path]:
    path = ROOT / layer
    return [path] if path.suffix == ".py" else sorted(path.rglob("*.py"))


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def _is_allowed(name: str, allowed: set[str]) -> bool:
    import sys

    if name.split(".", 1)[0] in sys.stdlib_module_names:
        return True
    return any(name == entry or name.startswith(entry + ".") for entry in allowed)


@pytest.mark.parametrize("layer", ALLOWED)
def test_layer_imports_only_what_it_may(layer):
    modules = _modules(layer)
    assert modules, f"{layer} has no modules"
    offenders = [
        f"{module.relative_to(ROOT)} imports {name}"
        for module in modules
        for name in sorted(_imports(module))
        if not _is_allowed(name, ALLOWED[layer])
    ]
    assert offenders == []


def test_nothing_imports_the_command_line():
    offenders = [
        str(module.relative_to(ROOT))
        for module in (ROOT / "xl_perf").rglob("*.py")
        if not {"cli", "release"} & set(module.parts) and module.name != "__main__.py"
        for name in _imports(module)
        if name.startswith("xl_perf.cli")
    ]
    assert offenders == []


def test_one_module_knows_the_engine():
    users = {
        str(module.relative_to(ROOT))
        for folder in ("xl_perf", "udfs")
        for module in (ROOT / folder).rglob("*.py")
        for name in _imports(module)
        if name.split(".")[0] == "formualizer"
    }
    assert users == {"xl_perf/recalc/engine.py"}


def _graph() -> dict[str, set[str]]:
    """Module -> modules of the project that it imports, local imports too, those for types alone not."""
    modules = {}
    for folder in ("xl_perf", "udfs"):
        for path in (ROOT / folder).rglob("*.py"):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            modules[name.removesuffix(".__init__")] = path

    def imported(node: ast.AST) -> set[str]:
        found: set[str] = set()
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING"):
                continue
            if isinstance(child, ast.Import):
                found.update(alias.name for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                full = {f"{child.module}.{alias.name}" for alias in child.names}
                found.update(name if name in modules else str(child.module) for name in full)
            else:
                found |= imported(child)
        return found

    return {
        name: {other for other in imported(ast.parse(path.read_text(encoding="utf-8"))) if other in modules}
        - {name}
        for name, path in modules.items()
    }


def _circles(graph: dict[str, set[str]]) -> list[str]:
    """What is left when everything that leads nowhere, and everything that nothing leads to, is taken away."""
    rest = {name: set(others) for name, others in graph.items()}
    while True:
        aimed = {other for others in rest.values() for other in others}
        kept = {
            name: others & set(rest) for name, others in rest.items() if others & set(rest) and name in aimed
        }
        if kept == rest:
            return sorted(rest)
        rest = kept


def test_circles_are_found():
    assert _circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == ["b", "c"]
    assert _circles({"a": {"b"}, "b": {"c"}, "c": set()}) == []


def test_no_circle_of_modules():
    assert _circles(_graph()) == []


def test_no_circle_of_packages():
    graph: dict[str, set[str]] = {}
    for name, others in _graph().items():
        package = ".".join(name.split(".")[:2])
        graph.setdefault(package, set()).update(".".join(other.split(".")[:2]) for other in others)
    alone = {"xl_perf", "xl_perf.__main__"}  # the version's home and the start
    graph = {name: others - {name} - alone for name, others in graph.items() if name not in alone}
    assert _circles(graph) == []


def test_the_kit_knows_no_workbook():
    kit = "xl_perf.templates.kit"
    strangers = {
        (name, other)
        for name, others in _graph().items()
        if name.startswith(kit)
        for other in others
        if other.startswith("xl_perf.templates.") and not other.startswith(kit)
    }
    assert strangers == set()


LIMIT = 300


def test_modules_are_short():
    lengths = {
        module.relative_to(ROOT).as_posix(): len(module.read_text(encoding="utf-8").splitlines())
        for folder in ("xl_perf", "udfs")
        for module in (ROOT / folder).rglob("*.py")
    }
    too_long = {name: length for name, length in lengths.items() if length > LIMIT}
    assert too_long == {}, f"over {LIMIT} lines: give the module's second subject its own"
