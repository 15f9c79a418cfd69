"""The sheets `Andamento` and `Dati pubblicati` of `lavoro_agile.xlsx`: month by month, and what the POLA prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.plan.model import Unit
from xl_perf.templates import agile_names as names
from xl_perf.templates import comparison, formulas, styles
from xl_perf.templates.agile_input import technology_rows, unit_format
from xl_perf.templates.charts import ChartSpec, bar_chart
from xl_perf.templates.columns import Headings, check, judged_columns, result
from xl_perf.templates.model import Column, Content, PrintSetup, Row, TableSpec, Validation
from xl_perf.templates.page import FIRST_ROW, TITLE_ROWS
from xl_perf.templates.styles import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.plan.model import Actual, Plan
    from xl_perf.templates.agile_example import Example
    from xl_perf.templates.agile_input import Year
    from xl_perf.templates.model import Place, Placed
    from xl_perf.templates.page import Page
    from xl_perf.templates.parameters import Parameters

_DOCUMENT, _MEASURE = "P21", "consuntivo"
_ITEMS = {
    names.HEADS: "lavoro_agile.dipendenti",
    names.WORKERS: "lavoro_agile.agili",
    names.DAYS: "lavoro_agile.giornate_totali",
}
"""Inputs of a month and the published results that stand in their place."""

_COUNT = Validation(
    "whole",
    "Numero",
    "Numero intero alla data di rilevazione, o del mese per le giornate. Vuoto se il dato non è ancora disponibile.",
    "Inserire un numero intero maggiore o uguale a zero, senza testo.",
)


def trend(page: Page, values: Parameters, years: Sequence[str], example: Example) -> Placed:
    """Published months, then a row for each month of the plan's years, with a chart of the share.

    Args:
        page: the empty `Andamento` page.
        values: where the parameters stand.
        years: the years of the plan.
        example: example inputs.
    """
    plan = page.book.plan
    rows = [Row(period, item=True) for period in _months(plan)]
    rows += [Row(f"{year}-{month:02}", item=False) for year in years for month in range(1, 13)]
    columns = [
        Column(names.MONTH, Kind.KEY, 20, lambda place: names.month_name(place.row.code)),
        Column(names.KIND, Kind.LABEL, 16, lambda p: "pubblicato" if p.row.item else "da compilare"),
        *(
            Column(
                heading,
                Kind.INPUT,
                15,
                _month(plan, example, heading),
                styles.PIECES,
                validation=_COUNT,
            )
            for heading in _ITEMS
        ),
        result(names.QUOTA, 15, _ratio(names.WORKERS, names.HEADS), styles.PERCENT),
        check(names.LIMIT, 11, lambda _: f"={values.ref(names.THRESHOLD)}", styles.PERCENT),
        result(names.MEAN, 17, _ratio(names.DAYS, names.WORKERS), styles.RATIO),
        Column(names.CHECK, Kind.CHECK, 28, _month_check, judged_by=names.CHECK),
        Column(names.SOURCE, Kind.SOURCE, 36, lambda place: _month_source(plan, place)),
    ]
    table = page.table(TableSpec("tblAndamento", columns, rows, key=names.MONTH), FIRST_ROW)
    page.remark(
        table.last + 1,
        "Celle azzurre: dati stampati nel POLA. Quota e giornate medie sono ricalcolate da numeratore e denominatore.",
    )
    spec = ChartSpec(
        "Quota di lavoratori agili sui dipendenti, mese per mese", "Mese", "Quota", table, names.MONTH, names.QUOTA,
        names.LIMIT, 0, 1, 0.2, "0%", width=33, height=9.5,
    )  # fmt: skip
    bar_chart(page, spec, f"A{table.last + 3}")
    page.finish(freeze=f"B{table.header + 1}", setup=PrintSetup(landscape=False, one_page=True))
    return table


def _months(plan: Plan) -> list[str]:
    """Months for which the agile workers are published."""
    return sorted(a.period for a in plan.actuals if a.item == _ITEMS[names.WORKERS] and a.measure == _MEASURE)


def _month(plan: Plan, example: Example, heading: str) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        if not place.row.item:
            return example.month(place.row.code, heading)
        found = comparison.published(plan, _ITEMS[heading], place.row.code, _MEASURE, _DOCUMENT)
        return Content(None if found is None else found.value, Kind.TARGET)

    return content


def _ratio(above: str, below: str) -> Callable[[Place], object]:
    return lambda p: formulas.unless_empty(f"{p.here(above)}/{p.here(below)}", p.here(above), p.here(below))


def _month_check(place: Place) -> object:
    heads, workers, days = (place.here(heading) for heading in _ITEMS)
    count = f"COUNT({place.across(names.HEADS, names.DAYS)})"
    return (
        f'=IF({count}=0,"",IF({workers}>{heads},"▼ agili più dei dipendenti",'
        f'IF({count}<{len(_ITEMS)},"dati parziali",IF({days}<{workers},"▼ meno di una giornata a testa","OK"))))'
    )


def _month_source(plan: Plan, place: Place) -> object:
    if not place.row.item:
        return None
    return str(plan.actual(_ITEMS[names.WORKERS], place.row.code, document=_DOCUMENT).source)


def published(page: Page, values: Parameters, first: Year) -> None:
    """What the POLA prints: before and during the emergency, technology, survey; then where the first targets start.

    Args:
        page: the empty `Dati pubblicati` page.
        values: where the parameters stand.
        first: technology of the first year, for its targets.
    """
    plan = page.book.plan
    row = FIRST_ROW - 1
    for name, title, actuals in _printed(plan):
        periods = sorted({actual.period for actual in actuals})
        keys = [(period, _MEASURE, _DOCUMENT) for period in periods]
        items = {actual.item: plan.actual_items[actual.item] for actual in actuals}
        rows = [Row(code, item=item) for code, item in items.items()]
        columns = [
            comparison.item_column(width=70),
            *(
                comparison.value_column(plan, _heading(period), key, 15, _printed_format)
                for period, key in zip(periods, keys, strict=True)
            ),
        ]
        row = comparison.printed_table(page, name, title, columns, rows, keys, row) + 2
    _start(page, row, values, first)
    page.title_rows = TITLE_ROWS
    page.finish(setup=PrintSetup(landscape=False, one_page=True))


def _printed(plan: Plan) -> list[tuple[str, str, list[Actual]]]:
    """Name, title and values of each printed table."""
    during = _months(plan)
    parts = (
        ("tblPrima", "Prima dell'emergenza", "La dimensione organizzativa", False),
        ("tblDurante", "Durante l'emergenza", "La dimensione organizzativa", True),
        (
            "tblTecnologiaPubblicata",
            "La dimensione tecnologica e digitale",
            "La dimensione tecnologica e digitale",
            None,
        ),
        ("tblIndagine", "Esiti dell'indagine sulla soddisfazione del personale", "Scheda 1", None),
    )
    return [
        (
            name,
            title,
            [
                a
                for a in plan.actuals
                if plan.actual_items[a.item].system == names.SYSTEM
                and a.source.place == f"POLA, {place}"
                and (emergency is None or emergency == (a.period in during))
            ],
        )
        for name, title, place, emergency in parts
    ]


def _printed_format(row: Row) -> str:
    """Number format of a published result; judgements have decimals that points of other systems do not."""
    return styles.RATIO if row.item.unit is Unit.POINTS else unit_format(row)


def _heading(period: str) -> str:
    """A period as a heading: a month in words, a year as it is."""
    return names.month_name(period) if "-" in period else period


_VOICE, _PRINTED, _PEOPLE = "Voce pubblicata", "Dato pubblicato", "Dipendenti del mese"


def _start(page: Page, row: int, values: Parameters, first: Year) -> None:
    """The last published technology against the targets of the first year."""
    plan = page.book.plan
    month = _months(plan)[-1]
    goal = f"Obiettivo {first.year}"

    def actual(item: str) -> Callable[[Place], object]:
        return lambda p: Content(
            plan.actual(item or names.ITEMS[p.row.code], month, document=_DOCUMENT).value, Kind.TARGET
        )

    def share(place: Place) -> object:
        printed, heads = place.here(_PRINTED), place.here(_PEOPLE)
        return f"={printed}/{heads}" if place.row.item.unit is Unit.PERCENT else f"={printed}"

    columns = [
        Column(_VOICE, Kind.LABEL, 70, lambda p: plan.actual_items[names.ITEMS[p.row.code]].title),
        Column("Obiettivo tecnologico", Kind.LABEL, 21, lambda place: place.row.item.short),
        Column(_PRINTED, Kind.LABEL, 15, actual(""), styles.PIECES, align="right"),
        Column(_PEOPLE, Kind.LABEL, 15, actual(_ITEMS[names.HEADS]), styles.PIECES, align="right"),
        result(names.ACTUAL, 15, share, unit_format),
        result(goal, 15, lambda p: f"={first.table.cell(p.row.code, names.TARGET)}", unit_format),
        *judged_columns(
            values,
            lambda place: values.direction(place.row.code),
            Headings(names.ACTUAL, goal, names.GAP, names.SCORE, names.VERDICT),
        ),
    ]
    page.section(row, f"Punto di partenza: {names.month_name(month)} rispetto agli obiettivi {first.year}")
    table = page.table(TableSpec("tblPartenza", columns, technology_rows(plan)), row + 1)
    page.remark(
        table.last + 1,
        "Accostamento dell'obiettivo alla voce pubblicata più vicina; le dotazioni mobili sono confrontate con i cellulari distribuiti.",
    )
