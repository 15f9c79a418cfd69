"""The sheets of `piramide_valore.xlsx` that are filled in: results of the indicators, realisation of the projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind
from xl_perf.plan.model import Unit
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import result, verdict_column
from xl_perf.templates.kit.model import (
    Column,
    Content,
    Datum,
    Row,
    TableSpec,
    Validation,
    setting,
)
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.piramide_valore import names
from xl_perf.templates.piramide_valore.published import PUBLISHED, published, published_columns
from xl_perf.templates.piramide_valore.rules import read_otherwise

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.plan.model import Indicator
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.piramide_valore.names import Pyramid

PART, WHOLE, VALUE, NEEDED, CHECK = (
    "Numeratore",
    "Denominatore",
    "Valore",
    "Consuntivo necessario",
    "Controllo dati",
)
_GAP = "Scostamento"
G_WHAT, G_INPUT, G_RESULT, G_CHECK = "Indicatore", "Da compilare", "Risultato", "Controlli"
BASE = "base_giacenza"
"""Role of the days that an index of stock is worked out over."""
WISHED_ROW = FIRST_ROW
"""Row of the score that the column of needed results is worked out for."""

WAITS, FINE = '"da rilevare"', '"OK"'
_AMOUNT = Validation(
    "decimal",
    "Numeratore o denominatore",
    "Quantità dall'inizio dell'anno, maggiore o uguale a zero. Vuoto se non ancora disponibile.",
    "Inserire un numero maggiore o uguale a zero, senza testo né unità di misura.",
)
_VALUE = Validation(
    "decimal",
    "Valore dell'indicatore",
    "Risultato nell'unità indicata. Vuoto se non ancora disponibile: non scrivere 0.",
    "Inserire un numero maggiore o uguale a zero, senza testo né unità di misura.",
)
_WISHED = Validation(
    "decimal",
    "Punteggio da raggiungere",
    "Facoltativo: da 50 a 150. La colonna Consuntivo necessario dice quale risultato lo dà.",
    "Inserire un punteggio fra 50 e 150, oppure lasciare vuoto.",
    minimum=50,
    maximum=150,
)


def is_ratio(indicator: Indicator) -> bool:
    """Whether a result is a ratio, whose two parts are asked for."""
    if indicator.function != "PERF_SCORE":
        return True
    return indicator.unit in (Unit.PERCENT, Unit.DAYS)


def _asked(pyramid: Pyramid, indicator: Indicator) -> str:
    """What to fill in, in words."""
    managed = pyramid.group(indicator.code) == names.MANAGEMENT
    by_function = {
        "GIACENZA_INDEX": "giacenza omogeneizzata / pervenuto omogeneizzato",
        "DEFLUSSO_INDEX": "definiti / pervenuti",
    }
    by_unit = {
        Unit.PERCENT: "casi che contano / totale dei casi",
        Unit.DAYS: "somma dei giorni / numero delle domande",
        Unit.INDEX: "numero indice, baseline = 100",
        Unit.EURO: "importo in euro",
        Unit.PIECES: "quantità",
        Unit.POINTS: "punteggio della prospettiva, 100 = obiettivo"
        if managed
        else "giudizio sintetico, scala da 1 a 5",
    }
    return by_function.get(indicator.function) or by_unit.get(indicator.unit, str(indicator.unit))


def actual_spec(pyramid: Pyramid, wished: str) -> TableSpec:
    """A row for each indicator of the tree, the ratios with their two parts.

    Args:
        pyramid: where the tables stand.
        wished: reference to the score to reach.
    """
    values = pyramid.values
    rows = [Row(indicator.code, item=indicator) for indicator in pyramid.indicators()]

    def where(place: Place) -> object:
        return pyramid.home_of(place.row.code)

    def goal_format(row: Row) -> str:
        return names.unit_format(row.item.unit)

    def actual_format(row: Row) -> str:
        return names.unit_format(row.item.unit, actual=True)

    def score(function: str) -> Callable[[Place], object]:
        return lambda p: pyramid.capped(
            function, p.here(names.ACTUAL), p.here(names.GOAL), p.row.code
        )  # fmt: skip

    def sense(place: Place) -> object:
        return f'=IF({values.direction(place.row.code)}=-1,"più basso","più alto")'

    def needed(place: Place) -> object:
        goal, direction = place.here(names.GOAL), values.direction(place.row.code)
        return formulas.complete(f"PERF_NECESSARIO({goal},{wished},{direction},{values.cap})", wished, goal)

    columns = [
        Column(names.TITLE, Kind.LABEL, 54, lambda p: p.row.item.title, align="wrap", group=G_WHAT),
        Column("Nodo", Kind.LABEL, 14, where, align="center", group=G_WHAT),
        Column("Codice", Kind.KEY, 32, lambda p: p.row.code, align="wrap", group=G_WHAT),
        Column(names.UNIT, Kind.LABEL, 15, lambda p: str(p.row.item.unit), group=G_WHAT),
        Column("Verso", Kind.LABEL, 12, sense, group=G_WHAT),
        Column("Che cosa inserire", Kind.SOURCE, 30, lambda p: _asked(pyramid, p.row.item), group=G_INPUT),
        Column(PART, Kind.INPUT, 17, _part, styles.PIECES, validation=_AMOUNT, group=G_INPUT,
               datum=Datum(KeyKind.ITEM, "", "numeratore")),
        Column(WHOLE, Kind.INPUT, 17, _part, styles.PIECES, validation=_AMOUNT, group=G_INPUT,
               datum=Datum(KeyKind.ITEM, "", "denominatore")),
        Column(VALUE, Kind.INPUT, 19, _value, actual_format, validation=_VALUE, group=G_INPUT,
               datum=Datum(KeyKind.ITEM, "", "valore")),
        *published_columns(pyramid, G_RESULT),
        result(names.ACTUAL, 18, _actual(pyramid), actual_format, group=G_RESULT),
        result(names.GOAL, 18, _goal(pyramid), goal_format, group=G_RESULT),
        result(_GAP, 13, score("PERF_SCOSTAMENTO"), styles.DEVIATION, group=G_RESULT),
        result(names.SCORE, 11, score("PERF_SCORE"), styles.SCORE, group=G_RESULT, judged_by=names.VERDICT),
        verdict_column(values, names.SCORE, names.VERDICT, G_RESULT),
        Column(NEEDED, Kind.CHECK, 18, needed, actual_format, align="right", group=G_CHECK),
        Column(CHECK, Kind.CHECK, 40, _check(pyramid), group=G_CHECK, judged_by=CHECK),
    ]  # fmt: skip
    return TableSpec("tblConsuntivi", columns, rows, key="Codice", aside=("Nodo", "Verso"))


def actual_table(page: Page, spec: TableSpec) -> Placed:
    """Write the sheet of the results, with the score to reach above the table."""
    page.text(WISHED_ROW, 1, "Punteggio da raggiungere", styles.font(bold=True, colour=styles.INK))
    wished = 105 if page.book.example else None
    page.put(
        WISHED_ROW, 2, wished, Kind.INPUT, number_format=styles.SCORE, validation=_WISHED,
        informative="riempie la colonna Consuntivo necessario, non i punteggi",
        datum=setting("punteggio da raggiungere", item="file", name=True), name="Punteggio_da_raggiungere",
    )  # fmt: skip
    page.text(
        WISHED_ROW,
        3,
        "facoltativo: riempie la colonna Consuntivo necessario",
        styles.font(size=9, colour=styles.MUTED),
    )
    table = page.table(spec, FIRST_ROW + 3)
    page.finish()
    return table


def _part(place: Place) -> object:
    """An input where a value has two parts."""
    return None if is_ratio(place.row.item) else Content(None, Kind.LABEL)


def _value(place: Place) -> object:
    """An input where a value is one number."""
    return Content(None, Kind.LABEL) if is_ratio(place.row.item) else None


def _actual(pyramid: Pyramid) -> Callable[[Place], object]:
    """What is filled in; while nothing is, the published result where there is one."""
    known = published(pyramid)

    def content(place: Place) -> object:
        given = _given(pyramid, place)
        if place.row.code not in known:
            return given
        inputs = f"{place.here(PART)},{place.here(WHOLE)}" if is_ratio(place.row.item) else place.here(VALUE)
        return f"=IF({formulas.blank(inputs)},{place.here(PUBLISHED)},{given[1:]})"

    return content


def _given(pyramid: Pyramid, place: Place) -> str:
    """The result that the inputs of a row give, a formula."""
    indicator: Indicator = place.row.item
    part, whole = place.here(PART), place.here(WHOLE)
    if not is_ratio(indicator):
        return formulas.shown(place.here(VALUE))
    call = f"{part}/{whole}"
    if indicator.function == "GIACENZA_INDEX":
        call = f"GIACENZA_INDEX({part},{whole},{pyramid.values.ref(pyramid.book.data.role(BASE))})"
    elif indicator.function == "DEFLUSSO_INDEX":
        call = f"DEFLUSSO_INDEX({part},{whole})"
    return formulas.complete(call, part, whole)


def _goal(pyramid: Pyramid) -> Callable[[Place], object]:
    """The plan's target, or what the rule gives when its amount is read otherwise than the plan's target does."""

    def content(place: Place) -> object:
        goal, other = pyramid.goal(place.row.code), read_otherwise(pyramid, place.row.code)
        if not other:
            return formulas.shown(goal)
        ruled = pyramid.rules.cell(pyramid.rule_code(place.row.code, pyramid.plan.period), names.RULED)
        return f"=IF({other},{ruled},{goal})"

    return content


def _check(pyramid: Pyramid) -> Callable[[Place], object]:
    """What is no number, what is missing, what cannot be; why a result has no score."""
    known = published(pyramid)

    def content(place: Place) -> object:
        indicator: Indicator = place.row.item
        undefined = f'IF({place.here(names.GOAL)}="","obiettivo non ancora definito: non pesa","OK")'
        waits = '"consuntivo pubblicato"' if place.row.code in known else WAITS
        if not is_ratio(indicator):
            value = place.here(VALUE)
            return f"={remarks.on_numbers({VALUE: value}, f'IF(COUNTBLANK({value})=1,{waits},{undefined})')}"
        part, whole = place.here(PART), place.here(WHOLE)
        both = undefined
        if indicator.unit is Unit.PERCENT:
            both = f'IF({part}>{whole},"▼ numeratore oltre il totale",{undefined})'
        blanks = f"COUNTBLANK({part})+COUNTBLANK({whole})"
        otherwise = f'IF({blanks}=2,{waits},IF({blanks}=1,"▼ manca uno dei due dati",{both}))'
        return f"={remarks.on_numbers({PART: part, WHOLE: whole}, otherwise)}"

    return content
