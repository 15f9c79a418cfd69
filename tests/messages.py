"""Every text that the commands say, collected from the source: what `xl_perf/italiano.po` has to hold.

`python -m tests.messages` prints what is missing there as entries to fill in, and what is there and nowhere else.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import inspect
import itertools
import pkgutil
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import xl_perf
from xl_perf.errors import PerfError

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(xl_perf.__file__).parent
FRONT_ENDS = SOURCE.parent / "udfs"
"""What the add-ins say by the same catalogue; named with `udfs/` before them."""
_LETTERS = re.compile(r"[A-Za-zàèéìòù]{2}")
_PARTS = ("what", "expected", "remedy")
_MOST = 40
"""Alternatives of one text: more of them are texts made elsewhere."""
_CARRIERS = {
    "Finding": ("doctor/", "check/"), "found": "check/", "ArgumentTypeError": "", "_listed": "cli/", "progress": "cli/",
    "NotAdmittedError": "recalc/", "UnsureError": "excel/", "Doubt": "load/",
}  # fmt: skip
"""What else takes texts that readers see -> the modules where it does."""
_KINDS = (("xl_perf.check.model", "Kind"), ("xl_perf.doctor.model", "Level"))
"""Enumerations whose values readers see."""


_NOTES = (
    "recalc/", "check/", "sync/", "archive/store.py", "contract/tables.py", "coverage/__init__.py",
    "package/archive.py", "package/atomic.py", "package/relations.py", "package/scalars.py",
    "package/sheetscan.py", "plan/amending/", "plan/checks/__init__.py", "plan/models.py", "relink/batch.py",
    "load/carry.py", "load/merge.py", "load/reading.py",
)  # fmt: skip
"""Modules all of whose English texts of several words end in what a command says: reasons, notes, parts of errors."""
_WORDS = re.compile(r"[A-Za-z]{2,} (?:[a-z]{2,}|\{)")
_NO_TEXT = re.compile(
    r"[<\\]|PRAGMA|has no attribute|^Deliberazione|parse "
    r"error|\b(di|del|della|delle|dell|che|da|voci|segue|modificato|cella|riga|rapporto|totale|somma|import|su)\b|not "
    r"regular|"
    r"^(temporary made|part written|checked again|folder flushed|lost its "
    r"tables|Colonna|Tipo|Codice)|columns are not of one|"
    r"temporary file with the changed|shared string|is no cell value|cut off"
)
"""Patterns, XML, Italian, names of steps, and what only a defect of the program says."""


_ITALIAN = ("actions/",)
"""Modules whose texts are in Italian as they stand: what the add-ins show in Excel and Calc."""


def templates(node: ast.AST | None, known: dict[str, list[ast.AST]] | None = None) -> list[str | None]:
    """The texts that an expression can give, values as `{}`; None for a text that is made elsewhere."""
    known = known or {}
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else [None]
    if isinstance(node, ast.JoinedStr):
        parts = [
            [part.value] if isinstance(part, ast.Constant) else _value(part, known) for part in node.values
        ]
        return ["".join(chosen) for chosen in itertools.islice(itertools.product(*parts), _MOST)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        sides = [
            [text if text is not None else "{}" for text in templates(side, known)]
            for side in (node.left, node.right)
        ]
        return ["".join(chosen) for chosen in itertools.product(*sides)]
    if isinstance(node, ast.IfExp):
        return [*templates(node.body, known), *templates(node.orelse, known)]
    if isinstance(node, ast.BoolOp):
        return [text for value in node.values for text in templates(value, known)]
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        tables = [table for table in known.get(node.value.id, ()) if isinstance(table, ast.Dict)]
        return [text for table in tables for value in table.values for text in templates(value, known)] or [
            None
        ]
    if isinstance(node, ast.Call) and _name(node) in ("str", "translated", "tr") and node.args:
        return templates(node.args[0], known)
    if isinstance(node, ast.Name) and node.id in known:
        rest = {name: values for name, values in known.items() if name != node.id}
        return [text for value in known[node.id] for text in templates(value, rest)]
    return [None]


def _value(part: ast.AST, known: dict[str, list[ast.AST]]) -> list[str]:
    assert isinstance(part, ast.FormattedValue)
    if isinstance(part.value, (ast.IfExp, ast.BoolOp, ast.JoinedStr)) and part.conversion == -1:
        return [text if text is not None else "{}" for text in templates(part.value, known)]
    return ["{}"]


def numbered(text: str) -> str:
    """`{}` as `{0}`, `{1}` ... in their order."""
    count = itertools.count()
    return re.sub(r"\{\}", lambda _: f"{{{next(count)}}}", text)


def _is_text(text: str | None) -> bool:
    return text is not None and _LETTERS.search(re.sub(r"\{[^{}]*\}", "", text)) is not None


@cache
def _errors() -> frozenset[str]:
    for module in pkgutil.walk_packages([str(SOURCE)], "xl_perf."):
        if (
            ".archive" not in module.name
            and "dask" not in module.name
            and not module.name.endswith("__main__")
        ):
            importlib.import_module(module.name)
    found, todo = set(), [PerfError]
    while todo:
        one = todo.pop()
        found.add(one.__name__)
        todo += one.__subclasses__()
    return frozenset(found)


def _known(tree: ast.AST) -> dict[ast.AST, dict[str, list[ast.AST]]]:
    """For each function what its names are assigned; for all of them the constants of the module."""

    def assigned(scope: ast.AST) -> dict[str, list[ast.AST]]:
        found: dict[str, list[ast.AST]] = {}
        for node in ast.walk(scope) if not isinstance(scope, ast.Module) else scope.body:
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        found.setdefault(target.id, []).append(node.value)
            elif isinstance(node, (ast.AnnAssign, ast.AugAssign)) and isinstance(node.target, ast.Name):
                found.setdefault(node.target.id, []).extend([node.value] if node.value is not None else [])
            elif isinstance(node, (ast.For, ast.comprehension)):
                constants = module.get(node.iter.id, []) if isinstance(node.iter, ast.Name) else [node.iter]
                for elements in (one.elts for one in constants if isinstance(one, (ast.Tuple, ast.List))):
                    for target, value in _each(node.target, elements):
                        found.setdefault(target, []).append(value)
        return found

    module: dict[str, list[ast.AST]] = {}
    module |= assigned(tree)
    return {
        node: {**module, **assigned(node)}
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef))
    }


def _each(target: ast.expr, elements: list[ast.expr]) -> Iterator[tuple[str, ast.expr]]:
    """What the names of a loop over written elements stand for."""
    for element in elements:
        if isinstance(target, ast.Name):
            yield target.id, element
        elif isinstance(target, ast.Tuple) and isinstance(element, ast.Tuple):
            for name, value in zip(target.elts, element.elts, strict=False):
                if isinstance(name, ast.Name):
                    yield name.id, value


def _name(call: ast.Call) -> str:
    function = call.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def of_source() -> Iterator[tuple[str, str]]:
    """(module, text) of errors, of `tr` and `counted`, and of what else is said by its shape."""
    for path in (*sorted(SOURCE.rglob("*.py")), *sorted(FRONT_ENDS.rglob("*.py"))):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        home = SOURCE if path.is_relative_to(SOURCE) else FRONT_ENDS.parent
        where = path.relative_to(home).as_posix()
        if where.startswith(_ITALIAN):
            continue
        scopes = _known(tree)
        todo: list[tuple[ast.AST, ast.AST]] = [(tree, tree)]
        while todo:
            node, scope = todo.pop()
            scope = node if node in scopes else scope
            if isinstance(node, (ast.Constant, ast.JoinedStr)) and where.startswith(_NOTES):
                for text in _of_note(node, scopes[scope]):
                    yield where, text
            todo += [(child, scope) for child in ast.iter_child_nodes(node) if not _is_silent(node, child)]
            if isinstance(node, ast.Call):
                for text in _of_call(node, scopes[scope], where):
                    if _is_text(text):
                        assert text is not None
                        yield where, numbered(text)


def _is_silent(node: ast.AST, child: ast.AST) -> bool:
    """Docstrings, annotations, and the pieces of a text that is looked at as a whole."""
    if isinstance(node, (ast.Expr, ast.JoinedStr)):
        return isinstance(child, ast.Constant)
    return child in (getattr(node, "annotation", None), getattr(node, "returns", None))


def _of_note(node: ast.AST, known: dict[str, list[ast.AST]]) -> Iterator[str]:
    for text in templates(node, known):
        if text is not None and _WORDS.search(text) and not _NO_TEXT.search(text):
            yield numbered(text)


def _of_call(call: ast.Call, known: dict[str, list[ast.AST]], where: str) -> Iterator[str | None]:
    name = _name(call)
    if (
        name == "map"
        and len(call.args) == 2
        and isinstance(call.args[0], ast.Name)
        and call.args[0].id == "tr"
    ):
        for value in known.get(getattr(call.args[1], "id", ""), ()):
            yield from (text for one in getattr(value, "elts", ()) for text in templates(one, known))
    elif name in ("tr", "translated") and call.args and where != "language.py":
        yield from templates(call.args[0], known)
    elif name in ("count", "counted") and len(call.args) > 1:
        for noun in filter(None, templates(call.args[1], known)):
            yield f"{{0:,}} {noun}"
            several = templates(call.args[2])[0] if len(call.args) > 2 else f"{noun}s"
            yield f"{{0:,}} {several}"
    elif name == "add_argument":
        for value in (k.value for k in call.keywords if k.arg == "help"):
            yield from (text for text in templates(value, known) if text is not None and "{}" in text)
    elif name in _errors():
        for value in (*call.args[:1], *(k.value for k in call.keywords if k.arg in _PARTS)):
            yield from templates(value, known)
    elif name in _CARRIERS and where.startswith(_CARRIERS[name]):
        for value in (*call.args, *(k.value for k in call.keywords)):
            yield from templates(value, known)


def of_parsers() -> Iterator[tuple[str, str]]:
    """(command, text) of the help of every command, argument and paragraph."""
    from xl_perf.cli import COMMANDS, _overview

    yield from _of_parser("xl-perf", _overview())
    for command, (module, text) in COMMANDS.items():
        yield command, text
        found = importlib.import_module(f"xl_perf.cli.{module}")
        parser = argparse.ArgumentParser(description=found.__doc__)
        found.configure(parser)
        yield from _of_parser(command, parser)


def _of_parser(command: str, parser: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    for paragraph in inspect.cleandoc(parser.description or "").split("\n\n"):
        if not all(re.match(r"  +(xl-perf |--)", line) for line in paragraph.split("\n")):
            yield command, paragraph
    for line in (parser.epilog or "").split("\n"):
        yield command, line.rpartition("  ")[2]
    for action in parser._actions:
        if action.help and action.help is not argparse.SUPPRESS:
            yield command, action.help
        for metavar in (action.metavar,) if not isinstance(action.metavar, tuple) else action.metavar:
            if metavar is not None and _is_text(metavar):
                yield command, metavar
        if isinstance(action, argparse._SubParsersAction):
            for choice in action._choices_actions:
                yield command, choice.help or ""
            for child in action.choices.values():
                yield from _of_parser(command, child)


def of_argparse() -> Iterator[tuple[str, str]]:
    """What argparse itself says to somebody who types a command."""
    tree = ast.parse(Path(argparse.__file__).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node) in ("_", "ngettext"):
            for value in node.args[:2]:
                if isinstance(value, ast.Constant) and value.value not in _FOR_PROGRAMMERS:
                    yield "argparse", numbered(re.sub(r"%(\(\w+\))?[srd]", "{}", value.value))


def of_pages() -> Iterator[tuple[str, str]]:
    """(module, Italian text) of what workbooks, pages and dialogs show and the terminal may show in English."""
    from xl_perf.catalog import FUNCTIONS, limits, rules
    from xl_perf.explain import lines, words

    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        scopes = _known(tree)
        for scope in scopes:
            for node in ast.walk(scope):
                if isinstance(node, ast.Call) and _name(node) == "it" and node.args:
                    for text in filter(_is_text, templates(node.args[0], scopes[scope])):
                        yield path.relative_to(SOURCE).as_posix(), str(text)
    for function in FUNCTIONS.values():
        for text in (function.title, function.phrase):
            yield "catalog", text
    forms = (*words._CALLS.values(), *words._SIGNS.values(), *lines._PLURAL.values())
    for text in filter(_is_text, (*rules.FORMULAS.values(), *limits._PUBLIC, *forms)):
        yield "explain", text


_FOR_PROGRAMMERS = {
    "conflicting option string: %s", "conflicting option strings: %s", ".__call__() not defined",
    "'required' is an invalid argument for positionals", "mutually exclusive arguments must be optional",
    "%r is not callable", "cannot merge actions - two groups are named %r",
    "invalid option string %(option)r: must start with a character %(prefix_chars)r",
    "dest= is required for options like %r", "invalid conflict_resolution value: %r",
    "cannot have multiple subparser arguments", "conflicting subparser: %s",
    "conflicting subparser alias: %s", 'argument "-" with mode %r', "unexpected option string: %s",
    "can't open '%(filename)s': %(error)s", "positional arguments", "options",
    "%(prog)s: error: %(message)s\n", "argument %(argument_name)s: %(message)s", "subcommands",
}  # fmt: skip
"""What argparse says to who writes a parser, and the words that our parser says itself."""


def everything() -> dict[str, str]:
    """Text -> one of the places where it is said."""
    found: dict[str, str] = {}
    kinds = [
        (module, str(one))
        for module, name in _KINDS
        for one in getattr(importlib.import_module(module), name)
    ]
    for where, text in (*of_source(), *kinds, *of_parsers(), *of_argparse()):
        if not text:
            continue
        found.setdefault(text, where)
    return found


def is_known(text: str) -> bool:
    """Whether the catalogue has a text, or the shape that a help made with values has."""
    from xl_perf.language import catalogue

    return text in catalogue() or any(shape.fullmatch(text) for shape in _helps())


@cache
def _helps() -> list[re.Pattern[str]]:
    from xl_perf.language import catalogue

    made = {
        numbered(text)
        for path in sorted((SOURCE / "cli").glob("*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and _name(call) == "add_argument"
        for value in (keyword.value for keyword in call.keywords if keyword.arg == "help")
        for text in templates(value)
        if text is not None and "{}" in text
    }
    return [
        re.compile(".+".join(map(re.escape, re.split(r"\{\d\}", text)))) for text in made & set(catalogue())
    ]


def _quoted(text: str) -> str:
    import json

    lines = text.split("\n")
    if len(lines) == 1:
        return json.dumps(text, ensure_ascii=False)
    return '""\n' + "\n".join(
        json.dumps(line + "\n" * (place < len(lines) - 1), ensure_ascii=False)
        for place, line in enumerate(lines)
    )


def main() -> None:
    """Print the entries that are missing, and those that nothing says any more."""
    from xl_perf.language import catalogue, english

    said, there = everything(), catalogue()
    for text, where in said.items():
        if not is_known(text):
            print(f'#: {where}\nmsgid {_quoted(text)}\nmsgstr ""\n')
    for text in there:
        if text not in said:
            print(f"# nothing says: {text}")
    shown = {text: where for where, text in of_pages()}
    for text, where in shown.items():
        if text not in english():
            print(f'#: {where}, for inglese.po\nmsgid {_quoted(text)}\nmsgstr ""\n')
    for text in english():
        if text not in shown:
            print(f"# nothing shows: {text}")


if __name__ == "__main__":
    main()
