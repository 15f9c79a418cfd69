"""The `Produzione` sheet of the whole institute: the points of the regions by line, against the national plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind
from xl_perf.templates.kit import formulas, styles
from xl_perf.templates.kit.model import Column, Content, Datum, TableSpec
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.kit.sums import entries
from xl_perf.templates.scheda_territoriale.base import AMOUNT, Filled, Outcome, remark_column
from xl_perf.templates.scheda_territoriale.linee import MEASURES, Lines, or_sum, subtotals
from xl_perf.templates.scheda_territoriale.produzione import (
    GROSS,
    LINE,
    NUMBER,
    POINTS,
    PRODUCTIVE,
    Production,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.scheda_territoriale.base import Scorecard


def national_production_page(page: Page, card: Scorecard) -> Production:
    """Write the sheet.

    Args:
        page: the empty page.
        card: the scorecard.
    """
    lines = Lines.of(card.plan, card.data)
    row = FIRST_ROW + 1
    page.section(row - 2, "Produzione delle regioni per linea")
    table = page.table(_spec(card, lines), row)
    result = _totals(page, card, table, lines)
    page.finish()
    inputs = [table.column(entries(heading)) for heading in (POINTS, PRODUCTIVE)]
    card.filled.append(Filled(page.name, inputs, 2 * len(lines.numbers), [table.column("Controllo dati")]))
    return result


def _spec(card: Scorecard, lines: Lines) -> TableSpec:
    plan, sums = card.plan, subtotals(lines, (POINTS, PRODUCTIVE))

    def content(heading: str) -> Callable[[Place], object]:
        made = or_sum(lines, sums, lambda _: None, heading)
        return lambda p: made(p) if p.row.code in lines.numbers else Content(made(p), Kind.FORMULA)

    def given(heading: str, measure: str) -> Column:
        return Column(heading, Kind.INPUT, 18, content(heading), styles.PIECES,
                      validation=AMOUNT, datum=Datum(KeyKind.ITEM, "", measure))  # fmt: skip

    def national(place: Place) -> object:
        return Content(plan.actual(place.row.code, plan.period, "piano").value, Kind.TARGET)

    columns = [
        Column(LINE, Kind.LABEL, 66, lambda place: place.row.item.title, align="wrap"),
        Column(NUMBER, Kind.LABEL, 12, lambda place: lines.numbers.get(place.row.code), "0", align="right"),
        Column(f"Piano nazionale {plan.period}", Kind.LABEL, 16, national, styles.PIECES, align="right"),
        *(given(*pair) for pair in zip((POINTS, PRODUCTIVE), MEASURES, strict=True)),
        Column("Codice", Kind.SOURCE, 44, lambda place: place.row.code),
        remark_column([POINTS, PRODUCTIVE], inputs=lambda place: place.row.code in lines.numbers),
        *sums.columns(),
    ]
    return TableSpec("tblLinee", columns, lines.rows, key="Codice")


def _totals(page: Page, card: Scorecard, table: Placed, lines: Lines) -> Production:
    """Lines below: gross production against the programme, production for the productivity."""
    row, mark, values = table.last + 1, table.letters[POINTS], card.values
    cells, productive = (table.column(entries(heading)).split("!")[1] for heading in (POINTS, PRODUCTIVE))
    taken = f"-SUM({mark}{table.numbers[lines.inspection]})" if lines.inspection in table.numbers else ""
    code = card.data.role(GROSS)
    call = f"PERF_SCORE({mark}{row},{mark}{row + 1},{values.direction(code)},{values.cap})"
    made = formulas.total(cells).replace(f"SUM({cells})", f"SUM({cells}){taken}")
    contents = (
        ("Produzione lorda al netto della vigilanza ispettiva", made,
         styles.PIECES),
        ("Programmato del trimestre", f"={card.national_goals[code]}", styles.PIECES),
        ("Punteggio della produzione (solo rendicontazione)", formulas.unless_empty(call, f"{mark}{row}"),
        styles.SCORE),
        ("Esito", formulas.verdict(f"{mark}{row + 2}", values.band, values.centre), styles.GENERAL),
        ("Produzione delle linee che contano per la produttività", formulas.total(productive), styles.PIECES),
    )  # fmt: skip
    at = list(table.letters).index(POINTS) + 1
    found = []
    for offset, (text, content, number_format) in enumerate(contents):
        page.put(row + offset, 1, text, Kind.KEY)
        cell = page.put(row + offset, at, content, Kind.FORMULA, number_format=number_format, align="right")
        found.append(cell)
    gross = Outcome(found[2], "", page.name, found[0], found[1], styles.PIECES)
    return Production(gross, found[4])
