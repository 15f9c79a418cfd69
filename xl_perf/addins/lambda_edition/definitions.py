"""What `definitions.toml` says of each function, read and checked."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from xl_perf.addins.lambda_edition.values import plan_values
from xl_perf.catalog import FUNCTIONS, binding
from xl_perf.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from xl_perf.plan.model import Plan

_FILE = "definitions.toml"
_PLACEHOLDER = re.compile(r"\$([a-z_]+)")
_STEP = re.compile(r"(?P<name>[a-z_]+) := (?P<value>.+)|(?P<test>.+) -> (?P<result>.+)")
_KEYS = {"passi", "risultato", "come", "predefiniti"}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: a name for a value, or (`name` empty) a condition under which the result is `value`."""

    value: str
    name: str = ""
    test: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """A function's own part of its LAMBDA: steps in order, the result, columns that stand for omitted ranges."""

    steps: tuple[Step, ...]
    result: str
    defaults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Definitions:
    """All definitions."""

    functions: Mapping[str, Definition]


@binding.of_edition
def load(plan: Plan) -> Definitions:
    """The definitions of the package, with the numbers of the edition in use.

    Raises:
        PlanError: the file has a mistake, or the plan lacks a number that it names.
    """
    with binding.use(plan):
        return parse(_text(), plan_values())


@cache
def excluded() -> Mapping[str, str]:
    """Function -> why it cannot be a LAMBDA (Italian). Reads no plan data."""
    return MappingProxyType(tomllib.loads(_text())["escluse"])


def _text() -> str:
    return resources.files(__package__).joinpath(_FILE).read_text(encoding="utf-8")


def parse(text: str, values: Mapping[str, str]) -> Definitions:
    """The definitions of a file's text.

    Args:
        text: TOML as in `definitions.toml`.
        values: what each `$name` stands for; the values may hold placeholders themselves.

    Raises:
        PlanError: unknown keys, functions or placeholders, a step that is neither `name := value` nor `test -> result`.
    """
    data = tomllib.loads(text)
    _refuse(set(data) - {"funzioni", "gruppi", "escluse"}, "unknown tables")
    _refuse((set(data["funzioni"]) | set(data["escluse"])) - set(FUNCTIONS), "no functions of the catalogue")
    _refuse(set(data["funzioni"]) & set(data["escluse"]), "both defined and excluded")
    groups = data.get("gruppi", {})
    return Definitions(
        {
            name: _definition(name, entry, data["funzioni"], groups, values)
            for name, entry in data["funzioni"].items()
        }
    )


def _definition(
    name: str,
    entry: Mapping[str, Any],
    entries: Mapping[str, Mapping[str, Any]],
    groups: Mapping[str, Sequence[str]],
    values: Mapping[str, str],
) -> Definition:
    _refuse(set(entry) - _KEYS, f"{name}: unknown keys")
    source = entries[entry["come"]] if "come" in entry else entry
    steps = tuple(_step(_filled(text, values), name) for text in _spread(source["passi"], groups))
    defaults = {key: _filled(text, values) for key, text in entry.get("predefiniti", {}).items()}
    return Definition(steps, _filled(entry["risultato"], values), defaults)


def _spread(texts: Sequence[str], groups: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for text in texts:
        if text.startswith("@"):
            yield from groups[text[1:]]
        else:
            yield text


def _filled(text: str, values: Mapping[str, str]) -> str:
    while found := _PLACEHOLDER.search(text):
        if found[1] not in values:
            raise PlanError(f"unknown placeholder {found[0]}", where=_FILE)
        text = text[: found.start()] + values[found[1]] + text[found.end() :]
    return text


def _step(text: str, name: str) -> Step:
    found = _STEP.fullmatch(text)
    if found is None:
        raise PlanError(f"{text!r} is no step", where=f"{_FILE}, {name}")
    if found["name"]:
        return Step(found["value"], name=found["name"])
    return Step(found["result"], test=found["test"])


def _refuse(names: set[str], what: str) -> None:
    if names:
        raise PlanError(f"{what}: {', '.join(sorted(names))}", where=_FILE)
