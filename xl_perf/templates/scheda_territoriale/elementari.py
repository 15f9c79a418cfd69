"""The sheet `Indicatori elementari` of `scheda_territoriale.xlsx`: what each area of quality is measured by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind, Species
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import check, result
from xl_perf.templates.kit.example import EXAMPLE_GAP, chance
from xl_perf.templates.kit.model import Column, Datum, Row, TableSpec, Validation
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.scheda_territoriale.base import DIRECTION, SENSE_USED, SENSES, free_text, sense_column
from xl_perf.templates.scheda_territoriale.nomi import name_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.plan.nodes import Node
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.scheda_territoriale.base import Scorecard

CUSTOMER = "indice_customer_care"
"""Part of the indicators."""
AREA, NAME, SENSE, OWN_WEIGHT, VALUE, BUDGET, BEFORE = (
    "Area", "Indicatore elementare", "Verso", "Peso nell'area", "Valore", "Budget", "Anno precedente",
)  # fmt: skip
USED, WEIGHT, ON_BUDGET, ON_BEFORE, CHECK = (
    "In uso", "Peso in uso", "Indice sul budget", "Indice sull'anno precedente", "Controllo dati",
)  # fmt: skip
AREA_CODE = "Codice area"
ROWS_OF_AREA = 8
"""Rows ready for the elementary indicators of an area."""
_CHANNELS = (
    "Cassetto bidirezionale aziende con dipendenti",
    "Cassetto bidirezionale lavoratori autonomi, agricoli, domestici",
    "Agenda Appuntamenti",
    "Linea INPS",
)
"""What the index of Customer Care measures: Allegato Tecnico, «Indice Sintetico di Qualità dell'Area Customer Care»."""
_EXAMPLES = (("Definito entro i termini (%)", 1, 82), ("Tempo medio di definizione (giorni)", -1, 24))

_WEIGHT = Validation(
    "decimal",
    "Peso nell'area",
    "Facoltativo: pesi dell'area che sommano a 100%. Se tutti vuoti gli indicatori in uso pesano allo stesso modo.",
    "Inserire un peso fra 0% e 100%.",
    maximum=1,
)
_NUMBER = Validation(
    "decimal",
    "Valore dell'indicatore",
    "Valore nell'unità dell'indicatore, come nel Cruscotto Qualità. Vuoto se non ancora disponibile.",
    "Inserire un numero maggiore o uguale a zero.",
)
_REFERENCE = Validation(
    "decimal",
    "Valore di riferimento",
    "Valore di budget o dell'anno precedente, maggiore di zero: vale 100 nell'indice.",
    "Inserire un numero maggiore di zero.",
    minimum=0.000001,
)


def elementary_page(page: Page, card: Scorecard, areas: Sequence[Node]) -> Placed:
    """Write the sheet.

    Args:
        page: the empty page.
        card: the scorecard.
        areas: the areas of quality.
    """
    spec = _detail_spec(card, areas)
    names = {
        OWN_WEIGHT: "Pesi propri", USED: "In uso", WEIGHT: "Pesi", ON_BUDGET: "Indici sul budget",
        ON_BEFORE: "Indici sull anno prima", AREA_CODE: "Codici",
    }  # fmt: skip
    name_rows(page.book, page.geometry(spec, FIRST_ROW), {a.code: codes_of(a) for a in areas}, names)
    table = page.table(spec, FIRST_ROW)
    page.finish()
    return table


def codes_of(area: Node) -> list[str]:
    """Codes of the rows of an area, which stand together."""
    return [f"{area.code}.{number}" for number in range(1, ROWS_OF_AREA + 1)]


def _detail_spec(card: Scorecard, areas: Sequence[Node]) -> TableSpec:
    rows = [Row(code, item=(area, number)) for area in areas for number, code in enumerate(codes_of(area))]

    def input_(index: int) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            area, number = place.row.item
            return _example(card, area, number)[index]

        return content

    def used(place: Place) -> object:
        return f"=IF({formulas.blank(place.across(VALUE, BEFORE))},0,1)"

    def weight(place: Place) -> object:
        codes = codes_of(place.row.item[0])
        own, in_use = place.span(OWN_WEIGHT, codes), place.span(USED, codes)
        mine = place.here(OWN_WEIGHT)
        shared = f'IF({formulas.blank(own)},1/SUM({in_use}),IF({mine}="",0,{mine}*1))'
        return f'=IF({place.here(USED)}=0,"",{shared})'

    def index(reference: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            value, base = place.here(VALUE), place.here(reference)
            call = f"QUALITA_INDEX({value},{base},1,{place.here(SENSE_USED)})"
            broken = remarks.not_numbers(place.across(VALUE, BEFORE))
            return f'=IF({broken},#VALUE!,IF(OR({value}="",{base}=""),"",{call}))'

        return content

    text = free_text("Indicatore elementare", "Nome dell'indicatore nel Cruscotto Qualità.")
    columns = [
        Column(AREA, Kind.KEY, 46, lambda place: place.row.item[0].title),
        Column(
            NAME,
            Kind.INPUT,
            48,
            input_(0),
            align="left",
            validation=text,
            informative="nome dell'indicatore.",
            datum=_datum("nome", Species.TEXT),
        ),
        Column(SENSE, Kind.INPUT, 10, input_(1), align="left", validation=DIRECTION, datum=_datum("verso")),
        Column(
            OWN_WEIGHT, Kind.INPUT, 13, input_(2), styles.PERCENT_1, validation=_WEIGHT, datum=_datum("peso")
        ),
        Column(VALUE, Kind.INPUT, 13, input_(3), "#,##0.00", validation=_NUMBER, datum=_datum("valore")),
        Column(BUDGET, Kind.INPUT, 13, input_(4), "#,##0.00", validation=_REFERENCE, datum=_datum("budget")),
        Column(
            BEFORE,
            Kind.INPUT,
            13,
            input_(5),
            "#,##0.00",
            validation=_REFERENCE,
            datum=_datum("anno_precedente"),
        ),
        check(USED, 9, used),
        result(WEIGHT, 11, weight, styles.PERCENT_1),
        result(ON_BUDGET, 13, index(BUDGET), styles.RATIO),
        result(ON_BEFORE, 16, index(BEFORE), styles.RATIO),
        Column(CHECK, Kind.CHECK, 30, _remark, judged_by=CHECK),
        sense_column(SENSE),
        Column(AREA_CODE, Kind.LABEL, 28, lambda place: place.row.item[0].code),
    ]
    return TableSpec("tblIndicatoriElementari", columns, rows)


def _datum(measure: str, species: Species = Species.FACT) -> Datum:
    """An input of an elementary indicator: its item is the area, its row the name that the user gives it."""
    return Datum(KeyKind.ROW, f"[{AREA_CODE}]", measure, species=species, key=NAME)


def _remark(place: Place) -> object:
    value, budget, before, name = (place.here(heading) for heading in (VALUE, BUDGET, BEFORE, NAME))
    sense, own = place.here(SENSE), place.here(OWN_WEIGHT)
    weights = place.span(OWN_WEIGHT, codes_of(place.row.item[0]))
    uneven = (
        f'IF(COUNT({weights})=0,"OK",IF(ABS(SUM({weights})-1)>0.000000001,"▼ pesi dell\'area ≠ 100%","OK"))'
    )
    said = (
        f'IF(COUNT({place.across(VALUE, BEFORE)})=0,IF({name}="","","non ancora rilevato"),IF({value}="",'
        f'"dati parziali",IF({budget}="","▼ manca il budget",IF({before}="","dati parziali",{uneven}))))'
    )
    cells = {VALUE: value, BUDGET: budget, BEFORE: before, OWN_WEIGHT: own}
    choice = (remarks.not_among(sense, SENSES), f"{SENSE}: {remarks.NO_CHOICE}")
    return f"={remarks.on_numbers(cells, remarks.remark([choice], said))}"


def _example(card: Scorecard, area: Node, number: int) -> tuple[object, ...]:
    """Name, direction, weight, value, budget, previous year of a row."""
    customer = card.data.has(CUSTOMER) and area.indicator == card.data.role(CUSTOMER)
    name = _CHANNELS[number] if customer and number < len(_CHANNELS) else None
    if not card.book.example or (name is None and (customer or number >= len(_EXAMPLES))):
        return name, None, None, None, None, None
    name, sense, base = (name, 1, 88) if name is not None else _EXAMPLES[number]
    level = [chance(what, card.region.code, area.code, str(number)) for what in ("budget", "prima", "vuoto")]
    budget = round(base * (0.95 + 0.1 * level[0]), 1)
    before = round(budget * (0.94 + 0.09 * level[1]), 1)
    better = 0.13 * chance("valore", card.book.period, card.region.code, area.code, str(number)) - 0.04
    value = None if level[2] < EXAMPLE_GAP else round(budget * (1 + sense * better), 1)
    word = formulas.HIGHER if sense > 0 else formulas.LOWER
    return name, word, None, value, budget, before
