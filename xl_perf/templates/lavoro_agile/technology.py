"""The sheet `Tecnologia` of `lavoro_agile.xlsx`: the technology targets, a table for each year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind
from xl_perf.plan.model import Unit
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import Headings, check, judged_columns, result
from xl_perf.templates.kit.model import Column, Content, Datum, Row, TableSpec, Validation
from xl_perf.templates.kit.names import nation
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.kit.targets import (
    source_column,
    target_column,
)
from xl_perf.templates.lavoro_agile import names

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.plan.model import Plan
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters
    from xl_perf.templates.lavoro_agile.example import Example

AMOUNT = Validation(
    "decimal",
    "Numero",
    "Numero maggiore o uguale a zero, come dice la riga. Vuoto se il dato non è ancora disponibile.",
    "Inserire un numero maggiore o uguale a zero, senza testo né unità di misura.",
)
_WEIGHT = "Peso"
_HEADS = Validation(
    "whole",
    "Dipendenti",
    "Dipendenti totali alla data di rilevazione: denominatore delle quote di questo anno. Vuoto se non ancora noto.",
    "Inserire un numero intero maggiore o uguale a zero.",
)


@dataclass(frozen=True, slots=True)
class Year:
    """The technology of a year: its table and the cells of its synthesis (references from any sheet)."""

    year: str
    table: Placed
    score: str
    verdict: str
    coverage: str


def technology_rows(plan: Plan, agile: names.Agile) -> list[Row]:
    """The technology targets in the order of their weights."""
    return [Row(code, item=plan.indicators[code]) for code in agile.starts]


def unit_format(row: Row) -> str:
    """Number format of a technology target: shares, or people."""
    return styles.UNIT_FORMATS[row.item.unit]


def technology(page: Page, agile: names.Agile, values: Parameters, example: Example) -> list[Year]:
    """A table of the technology targets for each year, with its synthesis.

    Args:
        page: the empty `Tecnologia` page.
        agile: what the edition says of agile work.
        values: where the parameters stand.
        example: example inputs.
    """
    found, row = [], FIRST_ROW
    for year in agile.years:
        found.append(_technology_year(page, row, agile, year, values, example))
        row = found[-1].table.last + 4
    page.remark(
        row - 1,
        "Il verso di ogni obiettivo (più o meno è meglio) e i pesi della sintesi sono nel foglio Parametri.",
    )
    page.finish()
    return found


def _technology_year(
    page: Page, row: int, agile: names.Agile, year: str, values: Parameters, example: Example
) -> Year:
    plan = page.book.plan
    label = f"Dipendenti totali, {year}"
    page.section(row, f"Obiettivi tecnologici {year}")
    page.put(row + 1, 1, label, Kind.KEY)
    heads = page.put(
        row + 1,
        2,
        example.heads(year),
        Kind.INPUT,
        number_format=styles.PIECES,
        validation=_HEADS,
        datum=Datum(KeyKind.CELL, agile.items[names.HEADS], "totale", period=year),
        name=f"Dipendenti_{year}",
    ).split("!")[1]
    goal = target_column(plan, names.TARGET, 12, "indicatore", nation(plan), unit_format, period=year)
    columns = [
        Column("Tecnologia", Kind.LABEL, 50, lambda place: place.row.item.title, align="wrap"),
        Column(names.KEY, Kind.KEY, 36, lambda place: place.row.code),
        Column(
            names.NUMERATOR,
            Kind.INPUT,
            14,
            lambda place: example.technology(year, place.row.code),
            styles.PIECES,
            validation=AMOUNT,
            datum=Datum(KeyKind.ITEM, "", "numeratore", period=year),
        ),
        result(names.HEADS, 14, _denominator(heads), styles.PIECES),
        result(names.ACTUAL, 12, _actual, unit_format),
        goal,
        *judged_columns(
            values,
            lambda place: values.direction(place.row.code),
            Headings(names.ACTUAL, names.TARGET, names.GAP, names.SCORE, names.VERDICT),
        ),
        Column(names.CHECK, Kind.CHECK, 48, _technology_check(heads, label), judged_by=names.CHECK),
        check(_WEIGHT, 9, lambda p: f"={values.weight(agile.technology, p.row.code)}", styles.PERCENT_1),
        source_column(plan, [goal], names.SOURCE, 42),
    ]
    name = names.technology_table(year)
    spec = TableSpec(name, columns, technology_rows(plan, agile), key=names.KEY, source=names.SOURCE)
    table = page.table(spec, row + 2)
    return _synthesis(page, year, table, values)


def _denominator(heads: str) -> Callable[[Place], object]:
    """The heads, for shares; nothing for numbers of people."""

    def content(place: Place) -> object:
        if place.row.item.unit is not Unit.PERCENT:
            return Content(None, Kind.LABEL)
        return formulas.shown(heads)

    return content


def _actual(place: Place) -> object:
    number, heads = place.here(names.NUMERATOR), place.here(names.HEADS)
    if place.row.item.unit is not Unit.PERCENT:
        return formulas.unless_empty(f"{number}*1", number)
    return formulas.complete(f"{number}/{heads}", number, heads)


def _technology_check(heads: str, label: str) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        number = place.here(names.NUMERATOR)
        rest = (
            f'IF(COUNT({number})=0,"",IF(COUNT({heads})=0,"▼ mancano i dipendenti",'
            f'IF({number}>{heads},"▼ più dei dipendenti","OK")))'
        )
        return f"={remarks.on_numbers({names.NUMERATOR: number, label: heads}, rest)}"

    return content


def _synthesis(page: Page, year: str, table: Placed, values: Parameters) -> Year:
    """A line under the table: weighted score, verdict, coverage."""
    row = table.last + 1
    scores, weights = (table.column(heading).split("!")[1] for heading in (names.SCORE, _WEIGHT))
    page.put(row, 1, "Sintesi degli obiettivi tecnologici", Kind.KEY, level=Level.NATIONAL)
    for at in range(2, 7):
        page.put(row, at, None, Kind.LABEL, level=Level.NATIONAL)
    score = page.put(
        row, 7, formulas.unless_blank(f"PERF_SINTESI({scores},{weights})", scores), Kind.FORMULA,
        number_format=styles.SCORE, level=Level.NATIONAL,
    )  # fmt: skip
    words = formulas.verdict(score.split("!")[1], values.band, values.centre)
    verdict = page.put(row, 8, words, Kind.FORMULA, level=Level.NATIONAL, align="left")
    coverage = page.put(
        row,
        9,
        f"=PERF_COPERTURA({scores},{weights})",
        Kind.CHECK,
        number_format='"copertura "0%',
        align="right",
    )
    for at, word in ((7, names.SCORE), (8, names.VERDICT), (9, "Copertura")):
        page.book.proposed[page.name, row, at] = f"{word}_tecnologia_{year}"
    return Year(year, table, score, verdict, coverage)
