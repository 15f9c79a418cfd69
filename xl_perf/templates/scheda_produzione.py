"""The `Produzione` sheet of `scheda_territoriale.xlsx`: products with their coefficients, homogenised points by line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.templates import formulas, styles
from xl_perf.templates.model import Column, Content, PrintSetup, Row, TableSpec, Validation
from xl_perf.templates.page import FIRST_ROW
from xl_perf.templates.scheda_base import AMOUNT, NO, PIECES, YES, Filled, Outcome, free_text
from xl_perf.templates.styles import Kind, Level

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.plan.model import ActualItem, Plan
    from xl_perf.templates.model import Place, Placed
    from xl_perf.templates.page import Page
    from xl_perf.templates.scheda_base import Scorecard

INSPECTION, TOTAL = "produzione.flussi.vigilanza_ispettiva", "produzione.totale"
NUMBER, LINE, FROM_PRODUCTS, OWN, POINTS, COUNTS, PRODUCTIVE = (
    "N.", "Linea di prodotto", "Punti dai prodotti", "Punti già omogeneizzati", "Produzione (punti)",
    "Conta per la produttività", "Punti per la produttività",
)  # fmt: skip
LINE_NUMBER, PRODUCT, DONE, COEFFICIENT, PRODUCT_POINTS, CHECK = (
    "N. linea", "Prodotto", "Pezzi definiti", "Coefficiente", "Punti omogeneizzati", "Controllo dati",
)  # fmt: skip
PRODUCTS = 40
"""Rows ready for products."""

_COUNTS = Validation(
    "list",
    "Conta per la produttività",
    "sì se la linea è fra le aree di produzione della produttività (assunzione: tutte salvo la vigilanza ispettiva).",
    "Scegliere sì oppure no.",
    source=f'"{YES},{NO}"',
)
_COEFFICIENT = Validation(
    "decimal",
    "Coefficiente",
    "Coefficiente di omogeneizzazione del prodotto: ore di lavoro di un pezzo. Il piano non li stampa: li ha l'ufficio.",
    "Inserire un numero maggiore o uguale a zero.",
)
_EXAMPLES = (
    ("produzione.prestazioni.gestione_privata", "Pensioni di vecchiaia", 2.6, 0.05),
    ("produzione.prestazioni.gestione_privata", "Ricostituzioni", 0.9, 0.04),
    ("produzione.prestazioni.conto_assicurativo", "Estratti conto verificati", 1.4, 0.058),
    ("produzione.prestazioni.ammortizzatori", "Domande NASpI", 0.75, 0.2),
    ("produzione.prestazioni.ammortizzatori", "Assegno al nucleo familiare", 0.4, 0.08),
    ("produzione.prestazioni.socio_sanitari", "Invalidità civile, fase concessoria", 1.1, 0.023),
    ("produzione.flussi.anagrafica", "Variazioni anagrafiche aziende", 0.55, 0.117),
    ("produzione.flussi.credito", "Note di rettifica", 0.35, 0.13),
    ("produzione.flussi.vigilanza_ispettiva", "Accertamenti ispettivi", 6.0, 0.002),
    ("produzione.presidio_sede.controllo_prestazioni", "Controlli su prestazioni", 0.3, 0.086),
)
"""Example rows: line, product, coefficient, share of all points; all invented."""


@dataclass(frozen=True, slots=True)
class Production:
    """The gross production, net of vigilanza ispettiva, against the structure's plan; that of the productivity lines."""

    outcome: Outcome
    productive: str


@dataclass(frozen=True)
class _Lines:
    """The lines of the production plan: rows, the leaves with their numbers, what each total adds up."""

    rows: list[Row]
    numbers: dict[str, int]
    children: dict[str, list[str]]

    @classmethod
    def of(cls, plan: Plan) -> _Lines:
        """The lines that the plan of the edition's year prints."""
        sums = {
            rule.item: [code for code, _ in rule.addends]
            for rule in plan.sums
            if not rule.periods or plan.period in rule.periods
        }
        printed = {a.item for a in plan.actuals if a.measure == "piano" and a.period == plan.period}
        items = [
            item
            for item in sorted(plan.actual_items.values(), key=lambda item: item.order)
            if item.system == "produzione" and item.code in printed and item.code != TOTAL
        ]
        rows = [
            Row(
                item.code,
                Level.TOTAL if item.code in sums and item.level == 0 else Level.LEAF,
                item,
                item.level,
            )
            for item in items
        ]
        leaves = [item.code for item in items if item.code not in sums]
        numbers = {code: number for number, code in enumerate(leaves, 1)}
        return cls(rows, numbers, {item.code: sums[item.code] for item in items if item.code in sums})


def production_page(page: Page, card: Scorecard) -> Production:
    """Write the sheet.

    Args:
        page: the empty page.
        card: the scorecard.
    """
    lines = _Lines.of(card.plan)
    row = FIRST_ROW + 1
    below = row + len(lines.rows) + 11
    products = page.geometry(_product_spec(card, lines), below)
    page.section(row - 2, "Produzione per linea")
    table = page.table(_line_spec(card, lines, products), row)
    result = _totals(page, card, table, lines, products)
    page.section(below - 2, "Prodotti: pezzi definiti e coefficienti")
    check_cells = products.column(CHECK)
    placed = page.table(_product_spec(card, lines), below)
    page.title_rows = "1:2"
    page.finish(freeze="", setup=PrintSetup(landscape=True, row_breaks=(below - 3,)))
    inputs = [placed.column(DONE), table.column(OWN)]
    card.filled.append(Filled(page.name, inputs, 0, [check_cells]))
    return result


def _line_spec(card: Scorecard, lines: _Lines, products: Placed) -> TableSpec:
    plan = card.plan

    def number(place: Place) -> object:
        return lines.numbers.get(place.row.code)

    def national(place: Place) -> object:
        return Content(plan.actual(place.row.code, plan.period, "piano").value, Kind.TARGET)

    def from_products(place: Place) -> object:
        if place.row.code not in lines.numbers:
            return None
        keys, pieces, coefficients = (
            products.column(h).split("!")[1] for h in (LINE_NUMBER, DONE, COEFFICIENT)
        )
        matches = f"({keys}={place.here(NUMBER)})"
        counted = f'SUMPRODUCT({matches}*({pieces}<>"")*({coefficients}<>""))'
        return f'=IF({counted}=0,"",SUMPRODUCT({matches}*{pieces}*{coefficients}))'

    def points(place: Place) -> object:
        own, made = place.here(OWN), place.here(FROM_PRODUCTS)
        return f'=IF(COUNT({own})=1,{own},IF({made}="","",{made}))'

    def productive(place: Place) -> object:
        value = place.here(POINTS)
        return f'=IF({value}="","",IF({place.here(COUNTS)}="{YES}",{value},0))'

    columns = [
        Column(LINE, Kind.LABEL, 66, lambda place: place.row.item.title, align="wrap"),
        Column(NUMBER, Kind.LABEL, 12, number, "0", align="right"),
        Column(f"Piano nazionale {plan.period}", Kind.LABEL, 16, national, styles.PIECES, align="right"),
        Column(FROM_PRODUCTS, Kind.FORMULA, 16, from_products, styles.PIECES),
        Column(OWN, Kind.INPUT, 16, _own(card, lines), styles.PIECES, validation=AMOUNT),
        Column(POINTS, Kind.FORMULA, 16, _or_sum(lines, points, POINTS), styles.PIECES),
        Column(COUNTS, Kind.INPUT, 26, _counts(lines), align="center", validation=_COUNTS),
        Column(PRODUCTIVE, Kind.FORMULA, 16, _or_sum(lines, productive, PRODUCTIVE), styles.PIECES),
        Column("Fonte del piano", Kind.SOURCE, 38, lambda place: _source(plan, place.row.item)),
        Column("Codice", Kind.SOURCE, 44, lambda place: place.row.code),
    ]
    return TableSpec("tblLinee", columns, lines.rows, key="Codice")


def _source(plan: Plan, item: ActualItem) -> str:
    return str(plan.actual(item.code, plan.period, "piano").source).replace("Allegato Tecnico, ", "AT ")


def _own(card: Scorecard, lines: _Lines) -> Callable[[Place], object]:
    """Inputs; in the example filled in for the lines that have no example products."""
    plan, listed = card.plan, {line for line, *_ in _EXAMPLES}

    def content(place: Place) -> object:
        code = place.row.code
        if code not in lines.numbers:
            return Content(None, Kind.LABEL)
        if not card.book.example or code in listed:
            return None
        share = plan.actual(code, plan.period, "piano").value / plan.actual(TOTAL, plan.period, "piano").value
        return round(card.example_points * share * card.example(0.95, 1.1, code))

    return content


def _counts(lines: _Lines) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        if place.row.code not in lines.numbers:
            return Content(None, Kind.LABEL)
        return NO if place.row.code == INSPECTION else YES

    return content


def _or_sum(lines: _Lines, leaf: Callable[[Place], object], heading: str) -> Callable[[Place], object]:
    """The content of a leaf; in the rows of totals the sum of what they add up."""

    def content(place: Place) -> object:
        if place.row.code not in lines.children:
            return leaf(place)
        codes = [code for code in lines.children[place.row.code] if code in place.table.numbers]
        return formulas.total(",".join(place.span(heading, [code]) for code in codes))

    return content


def _totals(page: Page, card: Scorecard, table: Placed, lines: _Lines, products: Placed) -> Production:
    """Lines below: gross production, plan of the structure, score; production for productivity; check of the products."""
    row = table.last + 1
    tops = [row.code for row in lines.rows if row.item.level == 0]
    mark = table.letters[POINTS]
    cells = ",".join(f"{mark}{table.numbers[code]}" for code in tops)
    ispettiva = f"{mark}{table.numbers[INSPECTION]}"
    gross = f'=IF(COUNT({cells})=0,"",SUM({cells})-SUM({ispettiva}))'
    productive = ",".join(f"{table.letters[PRODUCTIVE]}{table.numbers[code]}" for code in tops)
    own = f"{mark}{row + 1}"
    actual, goal = f"{mark}{row}", f"{mark}{row + 2}"
    direction = card.values.direction("produzione.lorda")
    score = formulas.unless_empty(f"PERF_SCORE({actual},{goal},{direction},{card.values.cap})", actual, goal)
    words = formulas.verdict(f"{mark}{row + 3}", card.values.band, card.values.centre)
    pieces, coefficients = (products.column(heading).split("!")[1] for heading in (DONE, COEFFICIENT))
    product_points, letter = products.column(PRODUCT_POINTS).split("!")[1], table.letters[FROM_PRODUCTS]
    made = ",".join(f"{letter}{table.numbers[code]}" for code in lines.numbers)
    lacking = f'SUMPRODUCT(({pieces}<>"")*({coefficients}=""))'
    whole = f'=IF(COUNT({product_points})=0,"",IF({lacking}>0,"",OMOGENEIZZA({pieces},{coefficients})))'
    agrees = f'=IF({mark}{row + 6}="","",IF(ABS({mark}{row + 6}-SUM({made}))<0.000001,"OK","▼ prodotti senza linea"))'
    plan_value = round(card.example_points / card.part, -3) if card.book.example else None
    labels = (
        ("Produzione lorda al netto della vigilanza ispettiva", gross, styles.PIECES, Kind.FORMULA),
        ("Piano di produzione della struttura per l'anno (lo assegna il budget)", plan_value,
         styles.PIECES, Kind.INPUT),
        ("Programmato del trimestre", formulas.unless_empty(f"{own}*{card.shares['produzione.lorda']}", own), styles.PIECES, Kind.FORMULA),
        ("Punteggio della produzione (solo rendicontazione)", score, styles.SCORE, Kind.FORMULA),
        ("Esito", words, styles.GENERAL, Kind.FORMULA),
        ("Produzione delle linee che contano per la produttività", formulas.total(productive), styles.PIECES,
         Kind.FORMULA),
        ("Controllo: OMOGENEIZZA di tutti i prodotti", whole, styles.PIECES, Kind.CHECK),
        ("Controllo: uguale alla somma delle linee", agrees, styles.GENERAL, Kind.CHECK),
    )  # fmt: skip
    at = list(table.letters).index(POINTS) + 1
    found = []
    for offset, (label, content, number_format, kind) in enumerate(labels):
        checked = kind is Kind.CHECK
        page.put(row + offset, 1, label, Kind.CHECK if checked else Kind.KEY)
        validation = AMOUNT if kind is Kind.INPUT else None
        found.append(
            page.put(
                row + offset,
                at,
                content,
                kind,
                number_format=number_format,
                align="right",
                validation=validation,
            )
        )
    gross_result = Outcome(found[3], "", page.name, found[0], found[2], styles.PIECES)
    return Production(gross_result, found[5])


def _product_spec(card: Scorecard, lines: _Lines) -> TableSpec:
    examples = _EXAMPLES if card.book.example else ()
    number = Validation(
        "whole",
        "Numero della linea",
        "Numero della linea di prodotto, nella colonna N. della tabella in alto.",
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
            pieces = round(card.example_points * share / coefficient * card.example(0.95, 1.1, product))
            return (product, lines.numbers[line], pieces, coefficient)[index]

        return content

    def points(place: Place) -> object:
        pieces, coefficient = place.here(DONE), place.here(COEFFICIENT)
        return formulas.unless_empty(f"OMOGENEIZZA({pieces},{coefficient})", pieces, coefficient)

    def remark(place: Place) -> object:
        pieces, coefficient, line = (place.here(heading) for heading in (DONE, COEFFICIENT, LINE_NUMBER))
        return (
            f'=IF(COUNT({pieces},{coefficient},{line})=0,"",IF({coefficient}="","▼ manca il coefficiente",'
            f'IF({line}="","▼ manca la linea",IF({pieces}="","dati parziali","OK"))))'
        )

    text = free_text("Prodotto", "Nome del prodotto omogeneizzato, come nel cruscotto di produzione.")
    columns = [
        Column(PRODUCT, Kind.INPUT, 66, example(0), align="left", validation=text),
        Column(LINE_NUMBER, Kind.INPUT, 12, example(1), "0", validation=number),
        Column(DONE, Kind.INPUT, 16, example(2), styles.PIECES, validation=PIECES),
        Column(COEFFICIENT, Kind.INPUT, 16, example(3), "0.00##", validation=_COEFFICIENT),
        Column(PRODUCT_POINTS, Kind.FORMULA, 16, points, styles.PIECES),
        Column(CHECK, Kind.CHECK, 26, remark, judged_by=CHECK),
    ]
    return TableSpec("tblProdotti", columns, [Row(f"p{i}", item=i) for i in range(PRODUCTS)])
