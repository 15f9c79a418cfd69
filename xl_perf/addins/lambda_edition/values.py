"""Numbers of the plan as the texts that stand for them in a formula."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from xl_perf.catalog import binding, individual

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from xl_perf.plan.model import Plan


NOT_AVAILABLE = "#N/A"
"""What stands for a number that the edition does not have."""


def number(value: float | str) -> str:
    """A literal as files write it: `360`, `0.5`, `"accessori"`.

    >>> number(360.0), number(0.05), number(1e-9), number("x")
    ('360', '0.05', '1E-9', '"x"')
    """
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    if float(value).is_integer():
        return str(int(value))
    digits, _, power = repr(float(value)).partition("e")
    return f"{digits}E{int(power)}" if power else digits


def column(values: Iterable[float]) -> str:
    """An array constant of one column.

    >>> column([0.5, 1.0])
    '{0.5;1}'
    """
    return "{" + ";".join(map(number, values)) + "}"


def table(rows: Iterable[Sequence[float]]) -> tuple[str, str]:
    """Array constants of a table, 0 where it has no number, and of where it has one.

    >>> table([(0.5, 2.0), (1.0, float("nan"))])
    ('{0.5,2;1,0}', '{1,1;1,0}')
    """
    known = [[(value, 1) if value == value else (0.0, 0) for value in row] for row in rows]  # noqa: PLR0124  # NaN
    values, flags = (";".join(",".join(number(cell[k]) for cell in row) for row in known) for k in (0, 1))
    return f"{{{values}}}", f"{{{flags}}}"


@binding.of_edition
def plan_values(plan: Plan) -> Mapping[str, str]:
    """What `$name` stands for in the definitions, from the edition in use; #N/A for weights that it does not have."""
    found = {"tolleranza": number(binding.WEIGHT_TOLERANCE)}
    with binding.use(plan):
        for purpose in individual.PURPOSES:
            for position, who in ((True, "con"), (False, "senza")):
                found[f"pesi_{purpose}_{who}_po"] = _weights(purpose, position)
    return MappingProxyType(found)


def _weights(purpose: str, position: bool) -> str:
    weights = individual.dimension_weights().get((purpose, position))
    return NOT_AVAILABLE if weights is None else column(weights)
