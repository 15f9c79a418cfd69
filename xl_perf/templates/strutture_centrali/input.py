"""The `Consuntivi` sheet of `strutture_centrali.xlsx`: every value once, with numerator and denominator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind, slug
from xl_perf.plan.model import Unit
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import result
from xl_perf.templates.kit.model import (
    Column,
    Content,
    Datum,
    Row,
    TableSpec,
    Validation,
)
from xl_perf.templates.kit.months import months_cell
from xl_perf.templates.kit.names import CENTRE, short_name
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.strutture_centrali import detail, ieep, spending
from xl_perf.templates.strutture_centrali.measures import PROJECTS, TOTAL, Form, Measure, measures_of, plays

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters

MONTHS = "Mesi del periodo, per la produttività"
FIRST, SECOND, ACTUAL = "Numeratore o valore", "Denominatore", "Consuntivo"
_G_WHAT, _G_GIVEN, _G_RESULT = "Che cosa si misura", "Da compilare", "Risultato"

_NUMBER = Validation(
    "decimal",
    "Dato di consuntivo",
    "Numero maggiore o uguale a zero, come dice la colonna a sinistra. Vuoto se non ancora disponibile.",
    "Inserire un numero maggiore o uguale a zero, senza testo né unità di misura.",
)
_SHARE = Validation(
    "decimal",
    "Percentuale",
    "Percentuale maggiore o uguale a 0% (per esempio 85%). Vuoto se non ancora disponibile.",
    "Inserire una percentuale maggiore o uguale a 0%, senza testo.",
)
UNIT_FORMATS = {**styles.UNIT_FORMATS, Unit.POINTS: "0.00", Unit.DAYS: "0.0"}

_TITLE, _ITEM, _OWNER = "Valore da rilevare", "Voce del dato", "Struttura del dato"


@dataclass(frozen=True, slots=True)
class Sources:
    """The tables that some values come from."""

    sums: Placed
    campaigns: Placed
    chapters: Placed
    disposals: Placed


def actual_table(page: Page, sources: Sources, values: Parameters) -> Placed:
    """Two numbers for each value and what they give; what comes from another sheet is a formula.

    Args:
        page: the empty page.
        sources: the tables that some values come from.
        values: where the parameters stand.
    """
    row = FIRST_ROW
    months = months_cell(page, row, 4, 6, MONTHS)
    rows = [Row(measure.code, item=measure) for measure in measures_of(page.book)]
    columns = [
        Column(_TITLE, Kind.LABEL, 70, lambda p: p.row.item.title, align="wrap", group=_G_WHAT),
        Column("Codice", Kind.KEY, 20, lambda place: place.row.code, paper=False, group=_G_WHAT),
        Column("Vale per", Kind.LABEL, 42, lambda p: p.row.item.scope, align="wrap", group=_G_WHAT),
        Column("Primo dato", Kind.LABEL, 42, lambda p: p.row.item.first, align="wrap", group=_G_GIVEN),
        Column(FIRST, Kind.INPUT, 18, _first(page, sources), _first_format, validation=_accepted, group=_G_GIVEN,
               datum=Datum(KeyKind.ITEM, "", "valore", f"[{_OWNER}]", key=_ITEM)),
        Column("Secondo dato", Kind.LABEL, 36, lambda p: p.row.item.second or None, align="wrap", group=_G_GIVEN),
        Column(SECOND, Kind.INPUT, 18, _second(page, sources), styles.PIECES, validation=_NUMBER, group=_G_GIVEN,
               datum=Datum(KeyKind.ITEM, "", "denominatore", f"[{_OWNER}]", key=_ITEM)),
        result(ACTUAL, 18, _result(page.book, values, months), _format, group=_G_RESULT),
        Column("Unità", Kind.LABEL, 15, lambda p: str(p.row.item.unit), group=_G_RESULT),
        Column(detail.CHECK, Kind.CHECK, 40, _check, group=_G_RESULT, judged_by=detail.CHECK),
        Column(_ITEM, Kind.SOURCE, 30, lambda p: _fact_of(page.book, p.row.code)[0], group=_G_RESULT),
        Column(_OWNER, Kind.SOURCE, 30, lambda p: _fact_of(page.book, p.row.code)[1], group=_G_RESULT),
    ]  # fmt: skip
    spec = TableSpec("tblConsuntivi", columns, rows, key="Codice", filters=True)
    table = page.table(spec, FIRST_ROW + 3)
    page.finish()
    return table


def _fact_of(book: Book, code: str) -> tuple[str, str]:
    """Item and structure of a value: an area that is no structure is part of the item."""
    indicator, _, of = code.partition("@")
    if of in book.plan.structures:
        return indicator, of
    return (f"{indicator}.{slug(of)}" if of else indicator), book.structure


def _accepted(row: Row) -> Validation:
    return _SHARE if row.item.form is Form.DIRECT and row.item.unit is Unit.PERCENT else _NUMBER


def _format(row: Row) -> str:
    return UNIT_FORMATS[row.item.unit]


def _first_format(row: Row) -> str:
    return _format(row) if row.item.form is Form.DIRECT else styles.PIECES


def _first(page: Page, sources: Sources) -> Callable[[Place], object]:
    """The input, or the formula over the sheet where the value comes about."""

    def content(place: Place) -> object:
        measure: Measure = place.row.item
        if measure.form is not Form.COUNTED:
            return None
        return Content(_counted(page.book, place, sources)[0], Kind.FORMULA, _counted_format(measure))

    return content


def _second(page: Page, sources: Sources) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        measure: Measure = place.row.item
        if not measure.second:
            return Content(None, Kind.LABEL)
        if measure.form is not Form.COUNTED:
            return None
        return Content(_counted(page.book, place, sources)[1], Kind.FORMULA)

    return content


def _counted_format(measure: Measure) -> str:
    return styles.SCORE if measure.unit is Unit.INDEX else styles.PIECES


def _counted(book: Book, place: Place, sources: Sources) -> tuple[str, str]:
    """Formulas of the two numbers of a value that another sheet gives."""
    indicator, _, structure = place.row.code.partition("@")
    if plays(book.data, "ieep", indicator):
        who = ieep.WHOLE if structure == TOTAL else structure
        return formulas.shown(sources.sums.cell(who, ieep.ACTUAL)), ""
    if plays(book.data, "campagne", indicator):
        return _campaigns(place.here(_TITLE), sources.campaigns), ""
    if plays(book.data, "dismissione", indicator):
        at = book.data.codes("dismissione").index(indicator)
        where = book.data.codes("ambiti_dismissione")[at]
        return formulas.shown(sources.disposals.cell(where, detail.INDEX)), ""
    return spending.judged_of(sources.chapters, short_name(book.plan.structures[structure]))


def _campaigns(title: str, table: Placed) -> str:
    """How many campaigns of a kind, whose name is in a cell, have their report; empty while none is reported."""
    kinds = table.column(detail.KIND)

    def counted(heading: str, sought: str) -> str:
        return f'COUNTIFS({kinds},{title},{table.column(heading)},"{sought}")'

    wrong = f"{counted(detail.CHECK, f'{remarks.MARK}*')}>0"
    return (
        f'=IF({counted(detail.REPORT, "")}=COUNTIF({kinds},{title}),"",'
        f"IF({wrong},#VALUE!,{counted(detail.REPORT, detail.YES)}))"
    )


def _result(book: Book, values: Parameters, months: str) -> Callable[[Place], object]:
    base = values.ref(book.data.role("base_giacenza")) if book.data.has("base_giacenza") else ""

    def content(place: Place) -> object:
        first, second = place.here(FIRST), place.here(SECOND)
        form = place.row.item.form
        if form is Form.STOCK:
            return formulas.complete(f"GIACENZA_INDEX({first},{second},{base})", first, second)
        if form is Form.PRODUCTIVITY:
            return formulas.complete(f"PRODUTTIVITA_INDEX({first},{second},{months})", first, second, months)
        if place.row.item.second:
            return formulas.complete(f"{first}/{second}", first, second)
        return formulas.shown(first)

    return content


def _check(place: Place) -> object:
    """Whether both numbers are there; a denominator of 0 is named before it gives an error elsewhere."""
    first, second = place.here(FIRST), place.here(SECOND)
    if not place.row.item.second:
        wrong = [(remarks.not_number(first), f"{FIRST}: {remarks.NO_NUMBER}")]
        return f"={remarks.remark(wrong, detail.waiting(first))}"
    blanks = f"COUNTBLANK({first})+COUNTBLANK({second})"
    wrong = [
        (remarks.not_number(first), f"{FIRST}: {remarks.NO_NUMBER}"),
        (remarks.not_number(second), f"{SECOND}: {remarks.NO_NUMBER}"),
        (f"{blanks}=1", "manca un dato"),
    ]
    otherwise = f'IF({blanks}=2,"da rilevare",IF({second}=0,"▼ denominatore zero","OK"))'
    return f"={remarks.remark(wrong, otherwise)}"


_INVENTED = {"budget": 240_000.0, "giacenza": 45.0}
"""Targets of the example where the plan has none, by role."""


def example_goal(book: Book, measure: Measure) -> float:
    """Target that example data are made around: the plan's, or an invented one where it gives none."""
    plan = book.plan
    indicator, structure = measure.code.partition("@")[0], plan.node(measure.nodes[0]).structure
    if plays(book.data, PROJECTS, indicator):
        return plan.parameter(book.data.role(CENTRE))
    for target in plan.targets:
        if (target.indicator, target.structure, target.period) == (indicator, structure, plan.period):
            return target.value
    return next((goal for role, goal in _INVENTED.items() if plays(book.data, role, indicator)), 1.0)
