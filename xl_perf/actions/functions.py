"""Inserisci funzione: the functions with their help, and the formula that a user makes of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.catalog import FUNCTIONS
from xl_perf.errors import UsageError
from xl_perf.formula.tokens import FormulaError
from xl_perf.relink.spelling import apply, respell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xl_perf.relink.spelling import Dialect


def by_category() -> Mapping[str, tuple[str, ...]]:
    """Category -> names of its functions, in the order of the public list."""
    found: dict[str, list[str]] = {}
    for function in FUNCTIONS.values():
        found.setdefault(function.category, []).append(function.name)
    return {category: tuple(names) for category, names in found.items()}


def help_of(name: str) -> str:
    """Title, help, result, source and example of a function."""
    function = FUNCTIONS[name]
    parts = [
        f"{function.name}: {function.title}",
        function.help,
        f"Risultato: {function.result}",
        f"Fonte: {function.source}",
        f"Esempio: {function.example}",
    ]
    return "\n\n".join(parts)


def argument_help(name: str) -> list[tuple[str, str, bool]]:
    """Name, help and whether it may be left out, of each argument of a function."""
    return [(one.name, one.help, one.optional) for one in FUNCTIONS[name].arguments]


def formula(name: str, arguments: Sequence[str], dialect: Dialect) -> str:
    """The formula that calls a function, in Excel's English, for whose spelling it is.

    Args:
        name: the function.
        arguments: text of each argument, `A1`, `Foglio1!B2:B9`, `0.5`; empty for one that is left out.
        dialect: whose spelling.

    Raises:
        UsageError: an argument that must be there is left out, or one cannot be read.
    """
    function = FUNCTIONS[name]
    texts = [text.strip().lstrip("=") for text in arguments]
    for argument, text in zip(function.arguments, [*texts, *[""] * len(function.arguments)], strict=False):
        if not text and not argument.optional:
            raise UsageError(f"l'argomento «{argument.name}» manca", where=name)
    while texts and not texts[-1]:
        texts.pop()
    text = f"{name}({','.join(texts)})"
    try:
        return f"={apply(text, respell(text, dialect).edits)}"
    except FormulaError as error:
        raise UsageError(f"la formula non si può leggere: {text}", where=name) from error
