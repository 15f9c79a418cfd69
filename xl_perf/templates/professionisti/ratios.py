"""Columns of ratios in `professionisti.xlsx`: their parts, and scores of realisations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates.kit import formulas
from xl_perf.templates.kit.model import Column, Content
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.professionisti import amounts

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.kit.model import Place, Validation
    from xl_perf.templates.kit.parameters import Parameters


def against_one(values: Parameters, actual: str) -> Callable[[Place], object]:
    """Score of a realisation against 100%."""

    def content(place: Place) -> object:
        found = place.here(actual)
        return formulas.unless_empty(f"PERF_SCORE({found},1,1,{values.cap})", found)

    return content


def part_column(
    heading: str, number_format: str, validation: Validation, group: str, what: tuple[str, str]
) -> Column:
    """A part of a ratio: an input, and for the nation the sum over the structures that report both parts."""

    def content(place: Place) -> object:
        if not amounts.is_total(place):
            return None
        cells = place.table.column(amounts.summed(heading))
        return Content(formulas.unless_blank(f"SUM({cells})", cells), Kind.FORMULA)

    return Column(
        heading, Kind.INPUT, 15, content, number_format, validation=validation, group=group,
        datum=amounts.of_structures(*what),
    )  # fmt: skip
