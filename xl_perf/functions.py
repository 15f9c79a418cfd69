"""The spreadsheet functions as Python callables: `from xl_perf.functions import PERF_SCORE`.

Each takes and gives what `xl_perf.cells.call` says: numbers, None, text, nested lists, numpy arrays. Arguments have
their Italian names and can be given by name; omitted ones are None.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from xl_perf import cells
from xl_perf.catalog import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.catalog import Function


def _docstring(function: Function) -> str:
    lines = [f"{function.title}.", "", function.help, "", "Args:"]
    for argument in function.arguments:
        default = f" [{argument.default_text}]" if argument.optional else ""
        lines.append(f"    {argument.name}{default}: {argument.help}")
    lines += [
        "",
        "Returns:",
        f"    {function.result}",
        "",
        f"Fonte: {function.source}.",
        f"Esempio: {function.example}",
    ]
    return "\n".join(lines)


def _callable(function: Function) -> Callable[..., Any]:
    signature = inspect.Signature(
        [
            inspect.Parameter(
                argument.name,
                inspect.Parameter.POSITIONAL_OR_KEYWORD,
                default=None if argument.optional else inspect.Parameter.empty,
                annotation=Any,
            )
            for argument in function.arguments
        ],
        return_annotation=Any,
    )

    def spreadsheet_function(*args: object, **kwargs: object) -> Any:
        if not kwargs and function.required <= len(args) <= len(function.arguments):
            return cells.call(function, args)
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return cells.call(function, bound.args)

    spreadsheet_function.__name__ = spreadsheet_function.__qualname__ = function.name
    spreadsheet_function.__doc__ = _docstring(function)
    spreadsheet_function.__module__ = __name__
    spreadsheet_function.__signature__ = signature  # type: ignore[attr-defined]
    return spreadsheet_function


globals().update({name: _callable(function) for name, function in FUNCTIONS.items()})

__all__ = list(FUNCTIONS)  # the names are those of the catalogue
