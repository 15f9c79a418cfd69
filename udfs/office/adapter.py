"""The functions of the catalogue as custom functions of xlwings-server: nothing is written by hand per function.

From them xlwings-server makes the metadata that Excel reads (names, Italian help) and the JavaScript that it calls.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, cast

from xlwings import server
from xlwings.conversion import Accessor, Pipeline

from udfs.office.calls import calculated
from udfs.office.cells import rows_in, rows_out
from xl_perf.catalog import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.catalog import Function


class Cells(Accessor):
    """Reads and writes cells as xl_perf does, in place of xlwings' conversions, which lose errors."""

    @classmethod
    def reader(cls, _options: Any) -> Any:
        """One stage: rows of cell values."""

        def read(context: Any) -> None:
            context.value = rows_in(context.value)

        return Pipeline([read])

    @classmethod
    def writer(cls, options: Any) -> Any:
        """One stage: rows for JSON."""

        def write(context: Any) -> None:
            context.value = rows_out(context.value, options["runtime"])

        return Pipeline([write])


def custom_functions() -> dict[str, Callable[..., Any]]:
    """Name -> function with the marks that xlwings-server looks for, one for each entry of the catalogue."""
    return {name: _marked(function) for name, function in FUNCTIONS.items()}


def _marked(function: Function) -> Callable[..., Any]:
    def custom_function(*ranges: Any) -> Any:
        return calculated(function, list(ranges))

    custom_function.__name__ = custom_function.__qualname__ = function.name
    custom_function.__doc__ = function.help
    custom_function.__annotations__ = {}  # xlwings takes annotations for conversions
    custom_function.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(
                argument.name,
                inspect.Parameter.POSITIONAL_OR_KEYWORD,
                default=None if argument.optional else inspect.Parameter.empty,
            )
            for argument in function.arguments
        ]
    )
    marked: Any = server.ret(Cells)(custom_function)
    for argument in function.arguments:
        marked = server.arg(argument.name, Cells, doc=argument.help)(marked)
    marked = server.func(marked)
    return cast("Callable[..., Any]", marked)
