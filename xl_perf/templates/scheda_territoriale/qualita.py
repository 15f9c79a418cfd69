"""The sheets `Qualità` and `Indicatori elementari` of `scheda_territoriale.xlsx`: indicators by area, two indices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind, Species
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import check, result, verdict_column
from xl_perf.templates.kit.example import EXAMPLE_GAP, chance
from xl_perf.templates.kit.model import Column, Datum, Row, TableSpec, Validation
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.sheet_parts import judge_cells
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.scheda_territoriale.base import (
    DIRECTION,
    SENSE_USED,
    SENSES,
    Filled,
    Outcome,
    free_text,
    sense_column,
)
from xl_perf.templates.scheda_territoriale.incentivi import INDEX, PREVIOUS, incentives
from xl_perf.templates.scheda_territoriale.nomi import name_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.plan.nodes import Node
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.scheda_territoriale.base import Scorecard

TREE, NODE, CUSTOMER_NODE = "aree_qualita", "qualita", "customer_care"
"""Parts of the trees."""
CUSTOMER = "indice_customer_care"
"""Part of the indicators."""
AREA, NAME, SENSE, OWN_WEIGHT, VALUE, BUDGET, BEFORE = (
    "Area", "Indicatore elementare", "Verso", "Peso nell'area", "Valore", "Budget", "Anno precedente",
)  # fmt: skip
USED, WEIGHT, ON_BUDGET, ON_BEFORE, CHECK = (
    "In uso", "Peso in uso", "Indice sul budget", "Indice sull'anno precedente", "Controllo dati",
)  # fmt: skip
AREA_CODE = "Codice area"
COVERED, SCORE, VERDICT = "Copertura", "Punteggio sul budget", "Esito"
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


def quality_pages(page: Page, detail_page: Page, card: Scorecard) -> Outcome:
    """Write both sheets.

    Args:
        page: the empty page of the indices.
        detail_page: the empty page of the elementary indicators.
        card: the scorecard.

    Returns:
        The result on the previous year, which the incentivo speciale looks at.
    """
    areas = card.plan.children(card.data.role(TREE))
    spec = _detail_spec(card, areas)
    names = {
        OWN_WEIGHT: "Pesi propri", USED: "In uso", WEIGHT: "Pesi", ON_BUDGET: "Indici sul budget",
        ON_BEFORE: "Indici sull anno prima",
    }  # fmt: skip
    name_rows(page.book, detail_page.geometry(spec, FIRST_ROW), {a.code: _codes(a) for a in areas}, names)
    detail = detail_page.table(spec, FIRST_ROW)
    detail_page.finish()
    page.section(FIRST_ROW - 1, "Indici delle aree e indice sintetico")
    table = page.table(_area_spec(card, areas, detail), FIRST_ROW)
    before = _totals(page, card, table)
    page.finish()
    card.filled.append(Filled(detail_page.name, [detail.block(VALUE, BEFORE)], 0, [detail.column(CHECK)]))
    return before


def _codes(area: Node) -> list[str]:
    return [f"{area.code}.{number}" for number in range(1, ROWS_OF_AREA + 1)]


def _detail_spec(card: Scorecard, areas: Sequence[Node]) -> TableSpec:
    rows = [Row(code, item=(area, number)) for area in areas for number, code in enumerate(_codes(area))]

    def input_(index: int) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            area, number = place.row.item
            return _example(card, area, number)[index]

        return content

    def used(place: Place) -> object:
        return f"=IF({formulas.blank(place.across(VALUE, BEFORE))},0,1)"

    def weight(place: Place) -> object:
        codes = _codes(place.row.item[0])
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
    weights = place.span(OWN_WEIGHT, _codes(place.row.item[0]))
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


def _area_spec(card: Scorecard, areas: Sequence[Node], detail: Placed) -> TableSpec:
    values, root = card.values, card.data.role(TREE)

    def cells(place: Place, heading: str) -> str:
        codes = _codes(place.row.item)
        first, last = (detail.numbers[codes[0]], detail.numbers[codes[-1]])
        return f"'{detail.sheet}'!${detail.letters[heading]}${first}:${detail.letters[heading]}${last}"

    def index(heading: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            found, weights = cells(place, heading), cells(place, WEIGHT)
            return formulas.unless_blank(f"PERF_SINTESI({found},{weights})", found)

        return content

    def coverage(place: Place) -> object:
        found, weights = cells(place, ON_BUDGET), cells(place, WEIGHT)
        return f"=IF(SUM({cells(place, USED)})=0,0,PERF_COPERTURA({found},{weights}))"

    def score(place: Place) -> object:
        value = place.here(ON_BUDGET)
        rest = f"{card.goals[place.row.item.indicator]},{values.direction(place.row.item.indicator)},{values.cap}"
        return formulas.unless_empty(f"PERF_SCORE({value},{rest})", value)

    columns = [
        Column(AREA, Kind.KEY, 46, lambda place: place.row.item.title, align="wrap"),
        Column("Codice", Kind.SOURCE, 54, lambda place: place.row.code),
        result("Peso", 13, lambda place: f"={values.weight(root, place.row.code)}", styles.PERCENT),
        result(ON_BUDGET, 13, index(ON_BUDGET), styles.RATIO),
        result(ON_BEFORE, 13, index(ON_BEFORE), styles.RATIO),
        check(COVERED, 13, coverage, styles.PERCENT_1),
        result(SCORE, 13, score, styles.SCORE, judged_by=VERDICT),
        verdict_column(values, SCORE, VERDICT),
    ]
    return TableSpec("tblAreeQualita", columns, [Row(area.code, item=area) for area in areas], key="Codice")


def _totals(page: Page, card: Scorecard, table: Placed) -> Outcome:
    """Lines below the areas: the two indices, their scores, coverage, what they mean for the incentives."""
    values, row = card.values, table.last + 1
    weights, covered = (table.column(heading).split("!")[1] for heading in ("Peso", COVERED))
    now, previous = card.data.role(INDEX), card.data.role(PREVIOUS)
    pairs = (
        ("Indice sintetico rispetto al budget", ON_BUDGET, card.goals[now], now, "sul_budget"),
        (
            "Indice sintetico rispetto all'anno precedente",
            ON_BEFORE,
            card.goals[previous],
            previous,
            "sull_anno_prima",
        ),
    )
    places = {heading: at for at, heading in enumerate(table.letters, start=1)}
    found: list[tuple[str, str, str]] = []
    coverage = ""
    for offset, (label, heading, goal, indicator, name) in enumerate(pairs):
        at, cells = row + offset, table.column(heading).split("!")[1]
        mark, column = table.letters[heading], places[heading]
        value = formulas.unless_blank(f"PERF_SINTESI({cells},{weights})", cells)
        call = f"PERF_SCORE({mark}{at},{goal},{values.direction(indicator)},{values.cap})"
        for blank in range(2, places[SCORE]):
            page.put(at, blank, None, Kind.FORMULA, level=Level.TOTAL)
        page.put(at, 1, label, Kind.KEY, level=Level.TOTAL)
        index = page.put(at, column, value, Kind.FORMULA, number_format=styles.RATIO, level=Level.TOTAL)
        rest, share = f"=SUMPRODUCT({weights}*{covered})", styles.PERCENT_1
        coverage = page.put(at, places[COVERED], rest, Kind.CHECK, number_format=share, level=Level.TOTAL,
        align="right")  # fmt: skip
        scored = formulas.unless_empty(call, f"{mark}{at}")
        score = page.put(at, places[SCORE], scored, Kind.FORMULA, number_format=styles.SCORE,
        level=Level.TOTAL)  # fmt: skip
        page.book.proposed[page.name, at, column] = f"Indice_{name}"
        page.book.proposed[page.name, at, places[SCORE]] = f"Punteggio_{name}"
        points, said = (f"{table.letters[heading]}{at}" for heading in (SCORE, VERDICT))
        words = formulas.verdict(points, values.band, values.centre)
        page.put(at, places[VERDICT], words, Kind.FORMULA, align="left", level=Level.TOTAL)
        judge_cells(page.sheet, f"{points}:{said}", f"${table.letters[VERDICT]}${at}")
        found.append((score, index, goal))
    indices = [f"{table.letters[heading]}{row + i}" for i, heading in enumerate((ON_BUDGET, ON_BEFORE))]
    incentives(page, card, row + len(pairs) + 1, *indices)
    ordinary, special = (Outcome(s, coverage, page.name, i, g, styles.RATIO) for s, i, g in found)
    card.outcomes[card.data.role(NODE)] = ordinary
    if card.data.has(CUSTOMER_NODE):
        indicator = card.data.role(CUSTOMER)
        area = next(a.code for a in card.plan.children(card.data.role(TREE)) if a.indicator == indicator)
        card.outcomes[card.data.role(CUSTOMER_NODE)] = Outcome(
            table.cell(area, SCORE), table.cell(area, COVERED), page.name, table.cell(area, ON_BUDGET),
            card.goals[indicator], styles.RATIO,
        )  # fmt: skip
    return special
