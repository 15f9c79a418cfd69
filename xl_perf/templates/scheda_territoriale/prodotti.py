"""The `Prodotti` sheet of `scheda_territoriale.xlsx`: pieces, coefficients, homogenised points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind, Species
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.model import Column, Datum, Row, TableSpec, Validation
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.scheda_territoriale.base import PIECES, free_text
from xl_perf.templates.scheda_territoriale.linee import MEASURES, Lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.scheda_territoriale.base import Scorecard

LINE_NUMBER, PRODUCT, DONE, COEFFICIENT, PRODUCT_POINTS, CHECK = (
    "N. linea", "Prodotto", "Pezzi definiti", "Coefficiente", "Punti omogeneizzati", "Controllo dati",
)  # fmt: skip
WRONG_LINES = "Prodotti_senza_linea"
"""Defined name of the number of products whose line is none."""
PRODUCTS = 40
"""Rows ready for products."""

_COEFFICIENT = Validation(
    "decimal",
    "Coefficiente",
    "Coefficiente di omogeneizzazione del prodotto: ore di lavoro di un pezzo. Il piano non li stampa: "
    "li ha l'ufficio.",
    "Inserire un numero maggiore o uguale a zero.",
)


def wrong_lines(page: Page, lines: Lines, products: Placed, row: int) -> None:
    """How many products have something else than the number of a line, right of what is printed."""
    keys = products.column(LINE_NUMBER).split("!")[1]
    outside = f'COUNTIF({keys},"<1")+COUNTIF({keys},">{len(lines.numbers)}")'
    column = len(products.letters) + 2
    page.aside(row, column, f"=ROWS({keys})-COUNT({keys})-COUNTBLANK({keys})+{outside}", "0")
    page.book.define(WRONG_LINES, page.reference(row, column))


def product_checks(made: str, products: Placed, whole: str) -> tuple[str, str]:
    """Points of all products by OMOGENEIZZA, and whether the lines add up to them.

    Args:
        made: reference to the points that the lines have from products.
        products: the products.
        whole: reference to the cell that the first formula is for.
    """
    pieces, coefficients, points = (
        products.column(heading) for heading in (DONE, COEFFICIENT, PRODUCT_POINTS)
    )
    lacking = f'SUMPRODUCT(({pieces}<>"")*({coefficients}=""))'
    all_ = formulas.unless_blank(f'IF({lacking}>0,"",OMOGENEIZZA({pieces},{coefficients}))', points)
    agrees = f'=IF({whole}="","",IF(ABS({whole}-SUM({made}))<0.000001,"OK","▼ prodotti senza linea"))'
    return all_, agrees


def product_spec(card: Scorecard, lines: Lines) -> TableSpec:
    """The products that users list, with the number of their line."""
    examples = lines.examples if card.book.example else []
    number = Validation(
        "whole",
        "Numero della linea",
        "Numero della linea di prodotto, nella colonna N. del foglio Produzione.",
        f"Inserire un numero da 1 a {len(lines.numbers)}.",
        minimum=1,
        maximum=len(lines.numbers),
    )

    def example(index: int) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            at = place.row.item
            if at >= len(examples):
                return None
            line, product, coefficient, share = examples[at]
            made = card.book.given(list(lines.numbers)[line - 1], MEASURES[0])
            pieces = None if made is None else round(made * share / coefficient)
            return (product, line, pieces, coefficient)[index]

        return content

    def points(place: Place) -> object:
        pieces, coefficient = place.here(DONE), place.here(COEFFICIENT)
        return formulas.complete(f"OMOGENEIZZA({pieces},{coefficient})", pieces, coefficient)

    def remark(place: Place) -> object:
        pieces, coefficient, line = (place.here(heading) for heading in (DONE, COEFFICIENT, LINE_NUMBER))
        said = (
            f'IF(COUNT({pieces},{coefficient},{line})=0,"",IF({coefficient}="","▼ manca il '
            f'coefficiente",IF({line}="","▼ manca la linea",IF({pieces}="","dati '
            f'parziali",IF(AND(COUNT({line})=1,OR({line}<1,{line}>{len(lines.numbers)},{line}<>INT({line}))),"▼ '
            f'{LINE_NUMBER}: {remarks.NO_CHOICE}","OK")))))'
        )
        cells = {LINE_NUMBER: line, DONE: pieces, COEFFICIENT: coefficient}
        return f"={remarks.on_numbers(cells, said)}"

    def datum(measure: str, species: Species = Species.FACT) -> Datum:
        return Datum(KeyKind.ROW, card.data.role("prodotti"), measure, species=species, key=PRODUCT)

    text = free_text("Prodotto", "Nome del prodotto omogeneizzato, come nel cruscotto di produzione.")
    columns = [
        Column(PRODUCT, Kind.INPUT, 46, example(0), align="left", validation=text,
               informative="nome del prodotto.", datum=datum("nome", Species.TEXT)),
        Column(LINE_NUMBER, Kind.INPUT, 12, example(1), "0", validation=number, datum=datum("linea")),
        Column(DONE, Kind.INPUT, 16, example(2), styles.PIECES, validation=PIECES, datum=datum("pezzi")),
        Column(COEFFICIENT, Kind.INPUT, 16, example(3), "0.00##", validation=_COEFFICIENT,
               datum=datum("coefficiente")),
        Column(PRODUCT_POINTS, Kind.FORMULA, 16, points, styles.PIECES),
        Column("Riga", Kind.CHECK, 8, lambda place: place.row.item + 1, "0", align="right", paper=True),
        Column(CHECK, Kind.CHECK, 26, remark, judged_by=CHECK),
    ]  # fmt: skip
    return TableSpec("tblProdotti", columns, [Row(f"p{i}", item=i) for i in range(PRODUCTS)])
