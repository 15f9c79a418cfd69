"""The `Programma` sheet of `scheda_territoriale.xlsx`: targets of the structure for the year and for each quarter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.plan.model import Unit
from xl_perf.templates.kit import formulas, styles
from xl_perf.templates.kit.columns import check
from xl_perf.templates.kit.model import Column, Content, Row, TableSpec, Validation, setting
from xl_perf.templates.kit.names import nation
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.kit.targets import source_column, target_column
from xl_perf.templates.scheda_territoriale.base import (
    REMARK,
    Filled,
    leaf_indicators,
    remark_column,
    unit_format,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.plan.model import Indicator
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.scheda_territoriale.base import Scorecard

ANNUAL, OF_QUARTER = "Obiettivo annuale", "Obiettivo del trimestre"
QUARTERS = ("I trimestre", "II trimestre", "III trimestre", "IV trimestre")
NATIONAL = ("produzione_lorda", "pezzi_sussidiarieta")
"""Parts of the indicators of which only the national target has a programme that every structure can use."""

_SHARE = "Quota del trimestre"
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
    codes = _national(card)
    if codes:
        row = table.last + 3
        page.section(row - 1, "Programma nazionale: quote che la scheda applica ai piani della struttura")
        indicators = [card.plan.indicators[code] for code in codes]
        whole = nation(card.plan)
        table = page.table(_quarterly_table(card, "tblProgrammaNazionale", indicators, whole), row)
        for code in codes:
            card.national_goals[code] = table.cell(code, OF_QUARTER)
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
    page.finish()
    shares = table.block(QUARTERS[0], QUARTERS[-1])
    card.filled.append(Filled(page.name, [shares], 0, [table.column(REMARK)]))


def _national(card: Scorecard) -> list[str]:
    """The indicators of `NATIONAL` that the edition has."""
    return [card.data.role(role) for role in NATIONAL if card.data.has(role)]


def _split(card: Scorecard) -> tuple[list[Indicator], list[Indicator]]:
    """The indicators with a programme, and those with an annual target only; giacenza stands on its own sheet."""
    plan, data = card.plan, card.data
    apart = {*data.codes("indici_giacenza")} if data.has("indici_giacenza") else set()
    own = [code for code in leaf_indicators(plan, data.role("albero")) if code not in apart]
    sections = data.codes("sezioni_ieep") if data.has("sezioni_ieep") else ()
    codes = list(dict.fromkeys([*own, *sections, *_systems(card, "indice_qualita", "errori_gempi")]))
    found = [plan.indicators[code] for code in codes if card.has(code)]
    quarterly = [i for i in found if all(card.has(i.code, period) for period in periods(card))]
    return quarterly, [i for i in found if i not in quarterly]


def _systems(card: Scorecard, *roles: str) -> list[str]:
    """The indicators of the systems that those with some parts belong to."""
    systems = (card.plan.indicators[card.data.role(role)].system for role in roles if card.data.has(role))
    return [indicator.code for system in systems for indicator in card.plan.indicators_of(system)]


def _register(card: Scorecard, table: Placed, indicators: list[Indicator]) -> None:
    for indicator in indicators:
        card.goals[indicator.code] = table.cell(indicator.code, OF_QUARTER)
        card.annual[indicator.code] = table.cell(indicator.code, ANNUAL)


def _format(card: Scorecard) -> Callable[[Row], str]:
    """Number format of a row: euro for a point have cents, national targets of the programme are pieces."""
    data, pieces = card.data, _national(card)
    cents = data.role("costo_punto") if data.has("costo_punto") else ""

    def number_format(row: Row) -> str:
        indicator: Indicator = row.item
        if indicator.code == cents:
            return styles.EURO_CENTS
        return styles.PIECES if indicator.code in pieces else unit_format(indicator.unit)

    return number_format


def _leading() -> list[Column]:
    return [
        Column("Indicatore", Kind.LABEL, 60, lambda place: place.row.item.title, align="wrap"),
        Column("Codice", Kind.KEY, 34, lambda place: place.row.code),
        Column("Unità", Kind.LABEL, 15, lambda place: str(place.row.item.unit)),
    ]


def _of_quarter(card: Scorecard, cells: Sequence[str]) -> str:
    """The cell of the quarter of the scorecard; an error where no quarter, or none of the four, is chosen."""
    return f"IF(COUNTBLANK({card.quarter})=1,#VALUE!,CHOOSE({card.quarter},{','.join(cells)}))"


def _quarterly_table(card: Scorecard, name: str, indicators: list[Indicator], structure: str) -> TableSpec:
    rows = [Row(indicator.code, item=indicator) for indicator in indicators]
    number_format = _format(card)
    held = [
        target_column(card.plan, heading, 17, "indicatore", structure, number_format, period=period)
        for heading, period in zip((ANNUAL, *QUARTERS), (card.plan.period, *periods(card)), strict=True)
    ]

    def chosen(place: Place) -> object:
        return f"={_of_quarter(card, [place.here(heading) for heading in QUARTERS])}"

    columns = [
        *_leading(),
        *held,
        Column(OF_QUARTER, Kind.FORMULA, 17, chosen, number_format),
        source_column(card.plan, held, width=60),
    ]
    return TableSpec(name, columns, rows, key="Codice", source="Fonte")


def _annual_table(page: Page, card: Scorecard, indicators: list[Indicator]) -> TableSpec:
    rows = [Row(indicator.code, item=indicator) for indicator in indicators]
    number_format = _format(card)
    held = target_column(card.plan, ANNUAL, 17, "indicatore", card.region.code, number_format)

    def cumulative(row: Row) -> bool:
        return row.item.unit in (Unit.PIECES, Unit.EURO)

    def share(number: int) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            if not cumulative(place.row):
                return Content(None, Kind.LABEL)
            return Content(number / len(QUARTERS) if page.book.example else None, Kind.INPUT)

        return content

    def chosen(place: Place) -> object:
        annual = place.here(ANNUAL)
        if not cumulative(place.row):
            return f"={_of_quarter(card, [annual] * len(QUARTERS))}"
        shares = place.across(QUARTERS[0], QUARTERS[-1])
        own = place.here(_SHARE)
        broken = f"COUNT({shares})+COUNTBLANK({shares})<COLUMNS({shares})"
        return f'=IF({broken},#VALUE!,IF({own}="",{annual},{annual}*{own}))'

    def own_share(place: Place) -> object:
        if not cumulative(place.row):
            return None
        return formulas.shown(_of_quarter(card, [place.here(heading) for heading in QUARTERS]))

    columns = [
        *_leading(),
        held,
        *(
            Column(
                heading,
                Kind.INPUT,
                17,
                share(number),
                styles.PERCENT_0,
                validation=_OWN_SHARE,
                datum=setting(f"alternativo {heading}"),
            )
            for number, heading in enumerate(QUARTERS, 1)
        ),
        Column(OF_QUARTER, Kind.FORMULA, 17, chosen, number_format),
        source_column(card.plan, [held], width=60),
        remark_column(QUARTERS, lambda _: '""', inputs=lambda place: cumulative(place.row)),
        check(_SHARE, 12, own_share, styles.PERCENT_0),
    ]
    return TableSpec("tblObiettiviAnnuali", columns, rows, key="Codice", source="Fonte")
