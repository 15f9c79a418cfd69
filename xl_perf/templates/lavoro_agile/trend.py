"""The sheets `Andamento` and `Dati pubblicati` of `lavoro_agile.xlsx`: month by month, and what the plan prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.contract.model import MONTH, KeyKind
from xl_perf.errors import PlanError
from xl_perf.plan.model import Unit
from xl_perf.templates.kit import comparison, formulas, remarks, styles
from xl_perf.templates.kit.charts import ChartSpec, bar_chart
from xl_perf.templates.kit.columns import Headings, check, judged_columns, result
from xl_perf.templates.kit.model import Column, Content, Datum, Row, TableSpec, Validation
from xl_perf.templates.kit.names import nation
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.lavoro_agile import names
from xl_perf.templates.lavoro_agile.technology import technology_rows, unit_format

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.plan.model import Actual, Plan
    from xl_perf.plan.reading.descriptions import Description
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters
    from xl_perf.templates.lavoro_agile.example import Example
    from xl_perf.templates.lavoro_agile.technology import Year

_COUNT = Validation(
    "whole",
    "Numero",
    "Numero intero alla data di rilevazione, o del mese per le giornate. Vuoto se il dato non è ancora disponibile.",
    "Inserire un numero intero maggiore o uguale a zero, senza testo.",
)

_MONTH_CODE = "Periodo"


def trend(page: Page, agile: names.Agile, values: Parameters, example: Example) -> Placed:
    """Published months, then a row for each month of the plan's years, with a chart of the share.

    Args:
        page: the empty `Andamento` page.
        agile: what the edition says of agile work.
        values: where the parameters stand.
        example: example inputs.
    """
    plan = page.book.plan
    rows = [Row(period, item=True) for period in _months(plan, agile)]
    rows += [Row(f"{year}-{month:02}", item=False) for year in agile.years for month in range(1, 13)]
    columns = [
        Column(names.MONTH, Kind.KEY, 20, lambda place: names.month_name(place.row.code)),
        Column(names.KIND, Kind.LABEL, 16, lambda p: "pubblicato" if p.row.item else "da compilare"),
        *(
            Column(
                heading,
                Kind.INPUT,
                15,
                _month(plan, item, example, heading),
                styles.PIECES,
                validation=_COUNT,
                datum=Datum(KeyKind.ITEM, item, "valore", period=MONTH, key=_MONTH_CODE),
            )
            for heading, item in agile.items.items()
        ),
        result(names.QUOTA, 15, _ratio(names.WORKERS, names.HEADS), styles.PERCENT),
        check(names.LIMIT, 11, lambda _: f"={values.ref(agile.threshold)}", styles.PERCENT),
        result(names.MEAN, 17, _ratio(names.DAYS, names.WORKERS), styles.RATIO),
        Column(names.CHECK, Kind.CHECK, 48, _month_check(agile), judged_by=names.CHECK),
        Column(_MONTH_CODE, Kind.SOURCE, 10, lambda place: place.row.code),
        Column(names.SOURCE, Kind.SOURCE, 36, lambda place: _month_source(plan, agile, place)),
    ]
    table = page.table(TableSpec("tblAndamento", columns, rows, key=names.MONTH), FIRST_ROW)
    page.book.top(table.column(names.QUOTA))
    page.book.top(table.column(names.MEAN))
    page.remark(
        table.last + 1,
        "Celle azzurre: dati stampati nel piano. Quota e giornate medie sono ricalcolate da numeratore e denominatore.",
    )
    spec = ChartSpec(
        "Quota di lavoratori agili sui dipendenti, mese per mese", "Mese", "Quota", table, names.MONTH, names.QUOTA,
        scores=False, number_format="0%",
    )  # fmt: skip
    bar_chart(page, spec, f"A{table.last + 3}")
    page.finish()
    return table


def _months(plan: Plan, agile: names.Agile) -> list[str]:
    """Months for which the agile workers are published."""
    item = agile.items[names.WORKERS]
    return sorted(
        a.period
        for a in plan.actuals
        if a.item == item and a.measure == comparison.ACTUAL and "-" in a.period
    )


def _printed(plan: Plan, item: str, period: str) -> Actual | None:
    """The newest published result of an item, or None."""
    try:
        return plan.actual(item, period, comparison.ACTUAL, nation(plan))
    except PlanError:
        return None


def _month(plan: Plan, item: str, example: Example, heading: str) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        if not place.row.item:
            return example.month(place.row.code, heading)
        found = _printed(plan, item, place.row.code)
        return Content(None if found is None else found.value, Kind.TARGET)

    return content


def _ratio(above: str, below: str) -> Callable[[Place], object]:
    return lambda p: formulas.complete(f"{p.here(above)}/{p.here(below)}", p.here(above), p.here(below))


def _month_check(agile: names.Agile) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        heads, workers, days = (place.here(heading) for heading in agile.items)
        count = f"COUNT({place.across(names.HEADS, names.DAYS)})"
        rest = (
            f'IF({count}=0,"",IF({workers}>{heads},"▼ agili più dei '
            f'dipendenti",IF({count}<{len(agile.items)},"dati parziali",IF({days}<{workers},"▼ meno di '
            'una giornata a testa","OK"))))'
        )
        cells = {heading: place.here(heading) for heading in agile.items}
        return f"={remarks.on_numbers(cells, rest)}"

    return content


def _month_source(plan: Plan, agile: names.Agile, place: Place) -> object:
    found = _printed(plan, agile.items[names.WORKERS], place.row.code) if place.row.item else None
    return None if found is None else str(found.source)


def published(page: Page, agile: names.Agile, values: Parameters, first: Year) -> None:
    """The tables that the plan prints, one for each place in it; then where the first targets start.

    Args:
        page: the empty `Dati pubblicati` page.
        agile: what the edition says of agile work.
        values: where the parameters stand.
        first: technology of the first year, for its targets.
    """
    plan = page.book.plan
    row = FIRST_ROW - 1
    for number, (place, actuals) in enumerate(_by_place(plan, agile.system).items(), start=1):
        periods = sorted({(actual.period, actual.source.document) for actual in actuals})
        keys = [(period, comparison.ACTUAL, document) for period, document in periods]
        items = {actual.item: plan.actual_items[actual.item] for actual in actuals}
        rows = [Row(code, item=item) for code, item in items.items()]
        columns = [
            comparison.item_column(width=70),
            *(comparison.value_column(plan, _heading(key[0]), key, 15, _printed_format) for key in keys),
        ]
        title = place.rpartition(", ")[2]
        row = comparison.printed_table(page, f"tblPubblicato{number}", title, columns, rows, keys, row) + 2
    _start(page, row, agile, values, first)
    page.finish()


def _by_place(plan: Plan, system: str) -> dict[str, list[Actual]]:
    """The published results of a system by the place where they are printed, in the order of the data."""
    found: dict[str, list[Actual]] = {}
    for actual in plan.actuals:
        own = plan.actual_items[actual.item].system == system
        if own and actual.measure == comparison.ACTUAL and actual.structure == nation(plan):
            found.setdefault(str(actual.source), []).append(actual)
    return found


def _printed_format(row: Row) -> str:
    """Number format of a published result; judgements have decimals that points of other systems do not."""
    return styles.RATIO if row.item.unit is Unit.POINTS else unit_format(row)


def _heading(period: str) -> str:
    """A period as a heading: a month in words, a year as it is."""
    return names.month_name(period) if "-" in period else period


def words_page(page: Page, agile: names.Agile) -> None:
    """What the plan says in words of roles, courses and the like: a table for each group of subjects.

    Args:
        page: the empty page.
        agile: what the edition says of agile work.
    """
    row = FIRST_ROW
    for number, (title, said) in enumerate(_groups(page.book.plan, agile.system).items(), start=1):
        page.section(row, title)
        row = page.table(_words_spec(f"tblTesti{number}", said), row + 1).last + 3
    page.finish()


def _words_spec(name: str, said: Sequence[Description]) -> TableSpec:
    """A row for each subject, a column for each aspect of it."""
    subjects = {description.subject: description.title for description in said}
    texts = {(description.subject, description.aspect): description.text for description in said}
    sources = {description.subject: str(description.source) for description in said}

    def text(aspect: str) -> Callable[[Place], object]:
        return lambda place: texts.get((place.row.code, aspect))

    columns = [
        Column("Voce", Kind.KEY, 40, lambda place: place.row.item, align="wrap"),
        *(
            Column(aspect.replace("_", " ").capitalize(), Kind.LABEL, 46, text(aspect), align="wrap")
            for aspect in dict.fromkeys(description.aspect for description in said)
        ),
        Column(names.SOURCE, Kind.SOURCE, 36, lambda place: sources[place.row.code]),
    ]
    return TableSpec(name, columns, [Row(code, item=title) for code, title in subjects.items()])


def _groups(plan: Plan, system: str) -> dict[str, list[Description]]:
    """What the plan says of subjects of a system that are no indicators, by the place that prints it."""
    found: dict[str, list[Description]] = {}
    for description in plan.descriptions:
        subject = description.subject
        if subject.startswith(f"{system}.") and subject not in plan.indicators:
            found.setdefault(description.source.place.rpartition(", ")[2], []).append(description)
    return found


_VOICE, _PRINTED, _PEOPLE = "Voce pubblicata", "Dato pubblicato", "Dipendenti del mese"


def _start(page: Page, row: int, agile: names.Agile, values: Parameters, first: Year) -> None:
    """The last published technology against the targets of the first year."""
    plan = page.book.plan
    month = _months(plan, agile)[-1]
    goal = f"Obiettivo {first.year}"

    def actual(item: str) -> Callable[[Place], object]:
        return lambda p: Content(
            plan.actual(item or agile.starts[p.row.code], month, structure=nation(plan)).value, Kind.TARGET
        )

    def share(place: Place) -> object:
        printed, heads = place.here(_PRINTED), place.here(_PEOPLE)
        return f"={printed}/{heads}" if place.row.item.unit is Unit.PERCENT else f"={printed}"

    columns = [
        Column(_VOICE, Kind.LABEL, 70, lambda p: plan.actual_items[agile.starts[p.row.code]].title),
        Column("Obiettivo tecnologico", Kind.LABEL, 21, lambda place: place.row.item.short),
        Column(_PRINTED, Kind.LABEL, 15, actual(""), styles.PIECES, align="right"),
        Column(_PEOPLE, Kind.LABEL, 15, actual(agile.items[names.HEADS]), styles.PIECES, align="right"),
        result(names.ACTUAL, 15, share, unit_format),
        result(goal, 15, lambda p: f"={first.table.cell(p.row.code, names.TARGET)}", unit_format),
        *judged_columns(
            values,
            lambda place: values.direction(place.row.code),
            Headings(names.ACTUAL, goal, names.GAP, names.SCORE, names.VERDICT),
        ),
    ]
    page.section(row, f"Punto di partenza: {names.month_name(month)} rispetto agli obiettivi {first.year}")
    table = page.table(TableSpec("tblPartenza", columns, technology_rows(plan, agile)), row + 1)
    page.remark(
        table.last + 1,
        "Accostamento di ogni obiettivo alla voce pubblicata più vicina.",
    )
