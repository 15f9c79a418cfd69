"""The `Programma` sheet of `scheda_territoriale.xlsx`: targets of the structure for the year and for each quarter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.plan.model import Unit
from xl_perf.templates import styles
from xl_perf.templates.model import Column, Content, PrintSetup, Row, TableSpec, Validation
from xl_perf.templates.page import FIRST_ROW, TITLE_ROWS
from xl_perf.templates.scheda_base import leaf_indicators, unit_format
from xl_perf.templates.styles import Kind
from xl_perf.templates.targets import source_column, target_column

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.plan.model import Indicator
    from xl_perf.templates.model import Place, Placed
    from xl_perf.templates.page import Page
    from xl_perf.templates.scheda_base import Scorecard

ANNUAL, OF_QUARTER = "Obiettivo annuale", "Obiettivo del trimestre"
QUARTERS = ("I trimestre", "II trimestre", "III trimestre", "IV trimestre")
NATIONAL = ("produzione.lorda", "sussidiarieta.pezzi")
"""Indicators of which only the national target has a programme that every structure can use."""
NATION = "NAZIONALE"
SECTIONS = ("ieep.entrate", "ieep.prestazioni")

_OWN_SHARE = Validation(
    "decimal",
    "Quota programmata",
    "Facoltativa: quota dell'obiettivo annuale da raggiungere entro il trimestre. Vuota: vale l'obiettivo annuale.",
    "Inserire una quota maggiore di 0% e fino a 100%, oppure lasciare vuoto.",
    minimum=0.0001,
    maximum=1,
)


def periods(card: Scorecard) -> list[str]:
    """The quarters of the edition's year as periods of targets."""
    return [f"{card.plan.period}-T{number}" for number in range(1, len(QUARTERS) + 1)]


def programme_page(page: Page, card: Scorecard) -> None:
    """Write the sheet and tell the scorecard where the targets stand.

    Args:
        page: the empty `Programma` page.
        card: the scorecard.
    """
    quarterly, annual = _split(card)
    row = FIRST_ROW
    page.section(row - 1, "Programma trimestrale del piano")
    table = page.table(_quarterly_table(card, "tblProgramma", quarterly, card.region.code), row)
    _register(card, table, quarterly)
    row = table.last + 3
    page.section(row - 1, "Programma nazionale: quote che la scheda applica ai piani della struttura")
    national = [card.plan.indicators[code] for code in NATIONAL]
    table = page.table(_quarterly_table(card, "tblProgrammaNazionale", national, NATION), row)
    for code in NATIONAL:
        card.shares[code] = f"{table.cell(code, OF_QUARTER)}/{table.cell(code, ANNUAL)}"
    row = table.last + 3
    page.section(row - 1, "Obiettivi annuali senza programma trimestrale nel piano")
    table = page.table(_annual_table(page, card, annual), row)
    _register(card, table, annual)
    page.remark(
        table.last + 1,
        "Assunzione: dove il piano non dà un programma il confronto è con l'obiettivo annuale; per pezzi ed euro la "
        "Direzione può inserire le proprie quote trimestrali.",
    )
    page.title_rows = TITLE_ROWS
    page.finish(setup=PrintSetup(row_breaks=(row - 2,)))


def _split(card: Scorecard) -> tuple[list[Indicator], list[Indicator]]:
    """The indicators with a programme, and those with an annual target only; giacenza stands on its own sheet."""
    plan = card.plan
    own = [code for code in leaf_indicators(plan) if not code.startswith("giacenza.")]
    codes = list(dict.fromkeys([*own, *SECTIONS, *_systems(card, "qualita", "gempi")]))
    found = [plan.indicators[code] for code in codes if card.has(code)]
    quarterly = [i for i in found if all(card.has(i.code, period) for period in periods(card))]
    return quarterly, [i for i in found if i not in quarterly]


def _systems(card: Scorecard, *systems: str) -> list[str]:
    return [indicator.code for system in systems for indicator in card.plan.indicators_of(system)]


def _register(card: Scorecard, table: Placed, indicators: list[Indicator]) -> None:
    for indicator in indicators:
        card.goals[indicator.code] = table.cell(indicator.code, OF_QUARTER)
        card.annual[indicator.code] = table.cell(indicator.code, ANNUAL)


def _format(row: Row) -> str:
    indicator: Indicator = row.item
    if indicator.code.startswith("redditivita.") and indicator.unit is Unit.EURO:
        return styles.EURO_CENTS
    if indicator.code in NATIONAL:
        return styles.PIECES
    return unit_format(indicator.unit)


def _leading() -> list[Column]:
    return [
        Column("Indicatore", Kind.LABEL, 60, lambda place: place.row.item.title, align="wrap"),
        Column("Codice", Kind.KEY, 34, lambda place: place.row.code),
        Column("Unità", Kind.LABEL, 15, lambda place: str(place.row.item.unit)),
    ]


def _quarterly_table(card: Scorecard, name: str, indicators: list[Indicator], structure: str) -> TableSpec:
    rows = [Row(indicator.code, item=indicator) for indicator in indicators]
    held = [
        target_column(card.plan, heading, 17, "indicatore", structure, _format, period=period)
        for heading, period in zip((ANNUAL, *QUARTERS), (card.plan.period, *periods(card)), strict=True)
    ]

    def chosen(place: Place) -> object:
        return f"=INDEX({place.across(QUARTERS[0], QUARTERS[-1])},{card.quarter})"

    columns = [
        *_leading(),
        *held,
        Column(OF_QUARTER, Kind.FORMULA, 17, chosen, _format),
        source_column(card.plan, held, width=60),
    ]
    return TableSpec(name, columns, rows, key="Codice", source="Fonte")


def _annual_table(page: Page, card: Scorecard, indicators: list[Indicator]) -> TableSpec:
    rows = [Row(indicator.code, item=indicator) for indicator in indicators]
    held = target_column(card.plan, ANNUAL, 17, "indicatore", card.region.code, _format)

    def cumulative(row: Row) -> bool:
        return row.item.unit in (Unit.PIECES, Unit.EURO)

    def share(number: int) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            if not cumulative(place.row):
                return Content(None, Kind.LABEL)
            shown = page.book.example and place.row.code.startswith("progetti_miglioramento.")
            return Content(number / len(QUARTERS) if shown else None, Kind.INPUT)

        return content

    def chosen(place: Place) -> object:
        annual = place.here(ANNUAL)
        if not cumulative(place.row):
            return f"={annual}"
        own = f"INDEX({place.across(QUARTERS[0], QUARTERS[-1])},{card.quarter})"
        return f'=IF({own}="",{annual},{annual}*{own})'

    columns = [
        *_leading(),
        held,
        *(
            Column(heading, Kind.INPUT, 17, share(number), styles.PERCENT_0, validation=_OWN_SHARE)
            for number, heading in enumerate(QUARTERS, 1)
        ),
        Column(OF_QUARTER, Kind.FORMULA, 17, chosen, _format),
        source_column(card.plan, [held], width=60),
    ]
    return TableSpec("tblObiettiviAnnuali", columns, rows, key="Codice", source="Fonte")
