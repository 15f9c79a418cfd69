"""Kinds of columns that every workbook has: results, checks, deviation and score with a verdict in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.templates.kit import formulas, styles
from xl_perf.templates.kit.model import Column
from xl_perf.templates.kit.styles import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.kit.model import Datum, Place, Placed, Row
    from xl_perf.templates.kit.parameters import Parameters

STATE = "Stato dei dati"
VERDICT_WIDTH = 11.5
"""Width of a verdict with its sign."""


def result(
    heading: str,
    width: float,
    content: Callable[[Place], object],
    number_format: str | Callable[[Row], str] = styles.GENERAL,
    *,
    align: str = "",
    group: str = "",
    judged_by: str = "",
    datum: Datum | None = None,
) -> Column:
    """A column of formulas that give results; `datum` where other workbooks or commands ask for them."""
    return Column(
        heading,
        Kind.FORMULA,
        width,
        content,
        number_format,
        align=align,
        group=group,
        judged_by=judged_by,
        datum=datum,
    )


def check(
    heading: str,
    width: float,
    content: Callable[[Place], object],
    number_format: str = "0",
    *,
    group: str = "",
    datum: Datum | None = None,
) -> Column:
    """A column of numbers that say how far results can be trusted: counts, coverage, differences."""
    return Column(heading, Kind.CHECK, width, content, number_format, align="right", group=group, datum=datum)


def link(table: Placed, heading: str) -> Callable[[Place], object]:
    """The cell of another table in the row of the same code."""
    return lambda place: f"={table.cell(place.row.code, heading)}"


@dataclass(frozen=True, slots=True)
class Headings:
    """Headings of the columns that are compared, and of the three that say how they compare."""

    actual: str
    target: str
    gap: str = "Scostamento"
    score: str = "Punteggio"
    verdict: str = "Esito"


def judged_columns(
    values: Parameters,
    direction: str | Callable[[Place], str],
    names: Headings,
    group: str = "",
    datum: Datum | None = None,
) -> list[Column]:
    """Deviation, score and verdict.

    Args:
        values: where the parameters stand.
        direction: reference to the direction of the indicator, 1 or -1; a function of the place where rows differ.
        names: headings.
        group: heading above the group of columns.
        datum: what the scores are, where others ask for them.
    """

    def call(function: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            actual, target = place.here(names.actual), place.here(names.target)
            sense = direction if isinstance(direction, str) else direction(place)
            return formulas.unless_empty(f"{function}({actual},{target},{sense},{values.cap})", actual)

        return content

    return [
        result(names.gap, 14, call("PERF_SCOSTAMENTO"), styles.DEVIATION, group=group),
        result(
            names.score,
            12,
            call("PERF_SCORE"),
            styles.SCORE,
            group=group,
            judged_by=names.verdict,
            datum=datum,
        ),
        verdict_column(values, names.score, names.verdict, group),
    ]


def verdict_column(values: Parameters, score: str, heading: str = "Esito", group: str = "") -> Column:
    """A score in words; colours itself and whatever names it as its judge."""
    return result(
        heading,
        VERDICT_WIDTH,
        lambda place: formulas.verdict(place.here(score), values.band, values.centre),
        align="left",
        group=group,
        judged_by=heading,
    )


def state_column(coverage: str, heading: str = STATE, group: str = "") -> Column:
    """Coverage in words: no data, partial, complete. A score over partial data is no final score."""
    return Column(
        heading,
        Kind.CHECK,
        13,
        lambda place: (
            f'=IF({place.here(coverage)}=0,"nessun dato",IF({place.here(coverage)}<1,"parziale","completo"))'
        ),
        group=group,
    )
