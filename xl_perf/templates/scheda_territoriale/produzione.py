"""The `Produzione` sheet of `scheda_territoriale.xlsx`: products, their coefficients, homogenised points by line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.model import (
    Column,
    Content,
    Datum,
    TableSpec,
    Validation,
    setting,
)
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.kit.sums import entries
from xl_perf.templates.scheda_territoriale.base import (
    AMOUNT,
    NO,
    YES,
    Filled,
    Outcome,
    remark_cell,
    remark_column,
)
from xl_perf.templates.scheda_territoriale.linee import MEASURES, Lines, or_sum, subtotals
from xl_perf.templates.scheda_territoriale.prodotti import (
    CHECK,
    COEFFICIENT,
    DONE,
    LINE_NUMBER,
    WRONG_LINES,
    product_checks,
    product_spec,
    wrong_lines,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.plan.model import ActualItem, Plan
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.scheda_territoriale.base import Scorecard

GROSS = "produzione_lorda"
"""Part of the indicator."""
NUMBER, LINE, FROM_PRODUCTS, OWN, POINTS, COUNTS, PRODUCTIVE = (
    "N.", "Linea di prodotto", "Punti dai prodotti", "Punti già omogeneizzati", "Produzione (punti)",
    "Conta per la produttività", "Punti per la produttività",
)  # fmt: skip

_COUNTS = Validation(
    "list",
    "Conta per la produttività",
    "sì se la linea è fra le aree di produzione della produttività (assunzione: tutte salvo la vigilanza ispettiva).",
    "Scegliere sì oppure no.",
    source=f'"{YES},{NO}"',
)


@dataclass(frozen=True, slots=True)
class Production:
    """The gross production, net of vigilanza ispettiva, against the structure's plan.

    That of the productivity lines.
    """

    outcome: Outcome | None
    productive: str


def production_page(page: Page, products_page: Page, card: Scorecard) -> Production:
    """Write both sheets.

    Args:
        page: the empty page of the lines.
        products_page: the empty page of the products that they are made of.
        card: the scorecard.
    """
    lines = Lines.of(card.plan, card.data)
    products = products_page.table(product_spec(card, lines), FIRST_ROW)
    wrong_lines(products_page, lines, products, FIRST_ROW - 1)
    products_page.finish()
    page.section(FIRST_ROW - 1, "Produzione per linea")
    table = page.table(_line_spec(card, lines, products), FIRST_ROW)
    result, said = _totals(page, card, table, lines, products)
    page.finish()
    card.filled.append(Filled(page.name, [table.column(OWN)], 0, [table.column(CHECK), *said]))
    card.filled.append(Filled(products_page.name, [products.column(DONE)], 0, [products.column(CHECK)]))
    return result


def _line_spec(card: Scorecard, lines: Lines, products: Placed) -> TableSpec:
    plan, sums = card.plan, subtotals(lines, (POINTS, PRODUCTIVE))

    def number(place: Place) -> object:
        return lines.numbers.get(place.row.code)

    def national(place: Place) -> object:
        return Content(plan.actual(place.row.code, plan.period, "piano").value, Kind.TARGET)

    def from_products(place: Place) -> object:
        if place.row.code not in lines.numbers:
            return None
        keys, pieces, coefficients = (products.column(h) for h in (LINE_NUMBER, DONE, COEFFICIENT))
        matches = f"({keys}={place.here(NUMBER)})"
        counted = f'SUMPRODUCT({matches}*({pieces}<>"")*({coefficients}<>""))'
        made = f'IF({counted}=0,"",SUMPRODUCT({matches}*{pieces}*{coefficients}))'
        return f"=IF({WRONG_LINES}>0,#VALUE!,{made})"

    def points(place: Place) -> object:
        own, made = place.here(OWN), place.here(FROM_PRODUCTS)
        return f'=IF({own}="",IF({made}="","",{made}),{own}*1)'

    def productive(place: Place) -> object:
        value, counts = place.here(POINTS), place.here(COUNTS)
        chosen = f'IF({counts}="{YES}",{value},IF({counts}="{NO}",0,IF({counts}="","",#VALUE!)))'
        return formulas.unless_empty(chosen, value)

    def remark(place: Place) -> str:
        counts = place.here(COUNTS)
        choice = (remarks.not_among(counts, (YES, NO)), f"{COUNTS}: {remarks.NO_CHOICE}")
        return remarks.remark([choice], f'IF({counts}="","▼ manca {COUNTS.lower()}","OK")')

    columns = [
        Column(LINE, Kind.LABEL, 46, lambda place: place.row.item.title, align="wrap"),
        Column(NUMBER, Kind.LABEL, 12, number, "0", align="right"),
        Column(f"Piano nazionale {plan.period}", Kind.LABEL, 16, national, styles.PIECES, align="right"),
        Column(FROM_PRODUCTS, Kind.FORMULA, 16, from_products, styles.PIECES),
        Column(
            OWN,
            Kind.INPUT,
            16,
            _own(lines),
            styles.PIECES,
            validation=AMOUNT,
            datum=Datum(KeyKind.ITEM, "", "punti"),
        ),
        Column(
            POINTS,
            Kind.FORMULA,
            16,
            or_sum(lines, sums, points, POINTS),
            styles.PIECES,
            datum=Datum(KeyKind.ITEM, "", MEASURES[0]),
        ),
        Column(
            COUNTS,
            Kind.INPUT,
            26,
            _counts(lines),
            align="center",
            validation=_COUNTS,
            datum=setting("conta per la produttività"),
        ),
        Column(
            PRODUCTIVE,
            Kind.FORMULA,
            16,
            or_sum(lines, sums, productive, PRODUCTIVE),
            styles.PIECES,
            datum=Datum(KeyKind.ITEM, "", MEASURES[1]),
        ),
        Column("Fonte del piano", Kind.SOURCE, 38, lambda place: _source(plan, place.row.item)),
        Column("Codice", Kind.SOURCE, 44, lambda place: place.row.code),
        remark_column([OWN], remark, 30, lambda place: place.row.code in lines.numbers),
        *sums.columns(),
    ]
    return TableSpec("tblLinee", columns, lines.rows, key="Codice", aside=(columns[2].heading, COUNTS))


def _source(plan: Plan, item: ActualItem) -> str:
    return str(plan.actual(item.code, plan.period, "piano").source).replace("Allegato Tecnico, ", "AT ")


def _own(lines: Lines) -> Callable[[Place], object]:
    """Inputs; in the example filled in for the lines that have no example products."""
    listed = {number for number, *_ in lines.examples}

    def content(place: Place) -> object:
        code = place.row.code
        if code not in lines.numbers:
            return Content(None, Kind.LABEL)
        return Content(None, Kind.INPUT) if lines.numbers[code] in listed else None

    return content


def _counts(lines: Lines) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        if place.row.code not in lines.numbers:
            return Content(None, Kind.LABEL)
        return NO if place.row.code == lines.inspection else YES

    return content


def _totals(
    page: Page, card: Scorecard, table: Placed, lines: Lines, products: Placed
) -> tuple[Production, list[str]]:
    """Lines below: gross production, plan of the structure, score; production for productivity; check of the products.

    Returns:
        Where they stand, and references to the remarks on the plan of the structure and on the products.
    """
    row, mark = table.last + 1, table.letters[POINTS]
    cells, productive = (table.column(entries(heading)).split("!")[1] for heading in (POINTS, PRODUCTIVE))
    taken = f"-SUM({mark}{table.numbers[lines.inspection]})" if lines.inspection in table.numbers else ""
    own, label = f"{mark}{row + 1}", "Piano di produzione della struttura per l'anno (lo assegna il budget)"
    actual, goal = f"{mark}{row}", f"{mark}{row + 2}"
    code = card.data.role(GROSS)
    rest = f"{card.values.direction(code)},{card.values.cap}"
    score = formulas.complete(f"PERF_SCORE({actual},{goal},{rest})", actual, goal)
    words = formulas.verdict(f"{mark}{row + 3}", card.values.band, card.values.centre)
    made = table.column(FROM_PRODUCTS).split("!")[1]
    whole, agrees = product_checks(made, products, f"{mark}{row + 6}")
    gross = formulas.total(cells).replace(f"SUM({cells})", f"SUM({cells}){taken}")
    labels = (
        ("Produzione lorda al netto della vigilanza ispettiva", gross,
         styles.PIECES, Kind.FORMULA),
        (label, None, styles.PIECES, Kind.INPUT),
        ("Programmato del trimestre", formulas.unless_empty(f"{own}*{card.shares[code]}", own), styles.PIECES,
         Kind.FORMULA),
        ("Punteggio della produzione (solo rendicontazione)", score, styles.SCORE, Kind.FORMULA),
        ("Esito", words, styles.GENERAL, Kind.FORMULA),
        ("Produzione delle linee che contano per la produttività", formulas.total(productive), styles.PIECES,
         Kind.FORMULA),
        ("Controllo: OMOGENEIZZA di tutti i prodotti", whole, styles.PIECES, Kind.CHECK),
        ("Controllo: uguale alla somma delle linee", agrees, styles.GENERAL, Kind.CHECK),
    )  # fmt: skip
    at, found = list(table.letters).index(POINTS) + 1, []
    for offset, (text, content, number_format, kind) in enumerate(labels):
        page.put(row + offset, 1, text, Kind.CHECK if kind is Kind.CHECK else Kind.KEY)
        given = kind is Kind.INPUT
        cell = page.put(
            row + offset, at, content, kind, number_format=number_format, align="right",
            validation=AMOUNT if given else None, name="Piano_di_produzione" if given else "",
            datum=Datum(KeyKind.CELL, code, "budget") if given else None,
        )  # fmt: skip
        found.append(cell)
    said = remark_cell(page, row + 1, at + 1, label, own)
    gross_result = Outcome(found[3], "", page.name, found[0], found[2], styles.PIECES)
    return Production(gross_result, found[5]), [said, found[7]]
