"""The input sheets of `giacenza.xlsx`: one for each area, structures summed up to regions and to the nation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind
from xl_perf.templates.giacenza.sums import (
    REGION,
    REMARKED,
    Pair,
    service_columns,
    sum_of_structures,
)
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import Headings, check, judged_columns, result
from xl_perf.templates.kit.model import Column, Content, Datum, Place, TableSpec, Validation
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.kit.targets import source_column, target_column

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from xl_perf.templates.giacenza.areas import Area
    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.model import Placed, Row
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters

KEY, TYPE = "Struttura", "Tipo"
STOCK, RECEIVED = "Giacenza omogeneizzata", "Pervenuto omogeneizzato"
DAYS, DAYS_TARGET = "Indice di giacenza (gg)", "Obiettivo giacenza (gg)"
DAYS_GAP, DAYS_SCORE, DAYS_VERDICT = "Scostamento giacenza", "Punteggio giacenza", "Esito giacenza"
DONE, ARRIVED = "Definiti (pezzi)", "Pervenuti (pezzi)"
FLOW, FLOW_TARGET = "Indice di deflusso", "Obiettivo deflusso"
FLOW_GAP, FLOW_SCORE, FLOW_VERDICT = "Scostamento deflusso", "Punteggio deflusso", "Esito deflusso"
DAYS_COUNT, FLOW_COUNT, EXPECTED = "Rendicontate giacenza", "Rendicontate deflusso", "Strutture previste"
REMARKS, CHECK, SOURCE = "Segnalazioni", "Controllo dati", "Fonte obiettivo deflusso"
BOTH_SOURCES = "Fonte degli obiettivi"
G_KEY, G_DAYS, G_FLOW, G_CHECK = "Struttura", "Giacenza", "Deflusso", "Controlli e fonte"

POINTS = Validation(
    "decimal",
    "Punti omogeneizzati",
    "Numero di punti omogeneizzati, maggiore o uguale a zero. Lasciare vuoto se il dato non è ancora disponibile.",
    "Inserire un numero maggiore o uguale a zero, senza testo né unità di misura.",
)
PIECES = Validation(
    "whole",
    "Numero di pezzi",
    "Numero intero di lavorazioni, maggiore o uguale a zero. Lasciare vuoto se il dato non è ancora disponibile.",
    "Inserire un numero intero maggiore o uguale a zero, senza testo.",
)

MEASURES = ("giacenza", "pervenuto", "definiti", "pervenuti")
"""Measures of the inputs: two of the giacenza, two of the deflusso."""


_DAYS_PAIR = Pair(STOCK, RECEIVED, DAYS, DAYS_COUNT, "Giacenza completa")
_FLOW_PAIR = Pair(DONE, ARRIVED, FLOW, FLOW_COUNT, "Deflusso completo")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What the columns of one area's sheet need to know."""

    book: Book
    area: Area
    values: Parameters
    targets: Placed | None
    children: Mapping[str, Sequence[str]]


def area_table(page: Page, area: Area, rows: Sequence[Row], values: Parameters, targets: Placed) -> Placed:
    """The table of one area, alone on its page.

    Args:
        page: the empty page of the area.
        area: the area.
        rows: the rows of Tabella A.
        values: where the parameters stand.
        targets: Tabella A.
    """
    table = page.table(area_spec(page.book, area, rows, values, targets), FIRST_ROW + 1)
    page.finish()
    return table


def area_spec(
    book: Book, area: Area, rows: Sequence[Row], values: Parameters, targets: Placed | None = None
) -> TableSpec:
    """The table of one area; without Tabella A elsewhere it holds the targets of giacenza itself.

    Args:
        book: the workbook.
        area: the area.
        rows: structures, each region after its own.
        values: where the parameters stand.
        targets: Tabella A, where the workbook has it.
    """
    sheet = _Sheet(book, area, values, targets, _children(rows))
    held = []
    if targets is None:
        held.append(
            target_column(book.plan, DAYS_TARGET, 11, "struttura", area.giacenza, styles.DAYS, group=G_DAYS)
        )
    if area.deflusso:
        held.append(
            target_column(book.plan, FLOW_TARGET, 11, "struttura", area.deflusso, styles.RATIO, group=G_FLOW)
        )
    heading = SOURCE if targets is not None else BOTH_SOURCES
    columns = [
        Column(KEY, Kind.KEY, 25, lambda place: place.row.code, group=G_KEY),
        Column(TYPE, Kind.LABEL, 19, lambda place: str(place.row.item.kind), group=G_KEY, paper=False),
        *_days_columns(sheet, held[0] if targets is None else None),
        *(_flow_columns(sheet, held[-1]) if area.deflusso else ()),
        *_check_columns(sheet),
    ]
    if held:
        columns.append(source_column(book.plan, held, heading, 50 if targets is not None else 74, G_CHECK))
    pairs = [_DAYS_PAIR, *([_FLOW_PAIR] if area.deflusso else [])]
    flow = (FLOW, FLOW_TARGET) if area.deflusso else None
    columns += service_columns(sheet.children, pairs, CHECK, flow)
    return TableSpec(
        area.table, columns, rows, key=KEY, source=heading if held else "", filters=targets is not None
    )


def _children(rows: Sequence[Row]) -> dict[str, list[str]]:
    """Codes of the rows that add up to each regional or national row."""
    found: dict[str, list[str]] = {}
    for row in rows:
        if row.item.parent is not None:
            found.setdefault(row.item.parent, []).append(row.code)
    return found


def _days_columns(sheet: _Sheet, held: Column | None) -> list[Column]:
    """Giacenza and its score; `held` is the column of targets where Tabella A stands in no sheet of its own."""
    values, area, targets = sheet.values, sheet.area, sheet.targets
    heading = sheet.book.plan.indicators[area.giacenza].title
    base = values.ref(sheet.book.data.role("base_giacenza"))

    def target(place: Place) -> object:
        return f"={targets.cell(place.row.code, heading)}" if targets is not None else None

    names = Headings(DAYS, DAYS_TARGET, DAYS_GAP, DAYS_SCORE, DAYS_VERDICT)
    return [
        *_inputs(sheet, _DAYS_PAIR, POINTS, G_DAYS),
        result(
            DAYS,
            11,
            lambda p: _ratio(sheet, p, _DAYS_PAIR, "GIACENZA_INDEX", f",{base}"),
            styles.DAYS_1,
            group=G_DAYS,
        ),
        held or result(DAYS_TARGET, 11, target, styles.DAYS, group=G_DAYS),
        *_judged(values, values.direction(area.giacenza), names, G_DAYS),
    ]


def _flow_columns(sheet: _Sheet, target: Column) -> list[Column]:
    names = Headings(FLOW, FLOW_TARGET, FLOW_GAP, FLOW_SCORE, FLOW_VERDICT)
    values = sheet.values
    return [
        *_inputs(sheet, _FLOW_PAIR, PIECES, G_FLOW),
        result(
            FLOW, 11, lambda p: _ratio(sheet, p, _FLOW_PAIR, "DEFLUSSO_INDEX"), styles.RATIO, group=G_FLOW
        ),
        target,
        *_judged(values, values.direction(sheet.area.deflusso), names, G_FLOW),
    ]


def _judged(values: Parameters, direction: str, names: Headings, group: str) -> list[Column]:
    """Deviation, score and verdict; the score alone is printed, so that both measures fit one page."""
    gap, score, verdict = judged_columns(values, direction, names, group)
    return [replace(gap, paper=False), score, replace(verdict, paper=False)]


def _ratio(sheet: _Sheet, place: Place, pair: Pair, function: str, rest: str = "") -> str:
    first, second = place.here(pair.first), place.here(pair.second)
    call = f"{function}({first},{second}{rest})"
    if place.row.code in sheet.children:
        return formulas.unless_empty(call, first)
    wrong = remarks.not_numbers(f"{first},{second}")
    return f'=IF({wrong},#VALUE!,IF({place.here(pair.whole)}=0,"",{call}))'


def _inputs(sheet: _Sheet, pair: Pair, validation: Validation, group: str) -> list[Column]:
    item = sheet.area.giacenza if pair is _DAYS_PAIR else sheet.area.deflusso
    measures = MEASURES[:2] if pair is _DAYS_PAIR else MEASURES[2:]
    return [
        Column(
            heading,
            Kind.INPUT,
            12.8,
            _summed(sheet, heading, pair),
            styles.PIECES,
            validation=validation,
            group=group,
            datum=Datum(KeyKind.STRUCTURE, item, measure, "", key="Struttura"),
        )
        for heading, measure in zip((pair.first, pair.second), measures, strict=True)
    ]


def _summed(sheet: _Sheet, heading: str, pair: Pair) -> Callable[[Place], object]:
    """An input for structures; what the structures that report both add, for regions and the nation."""

    def content(place: Place) -> object:
        if place.row.code not in sheet.children:
            return None
        broken, total = (sum_of_structures(place, each) for each in (pair.broken, pair.added(heading)))
        known = f'IF({place.here(pair.count)}=0,"",{total})'
        return Content(f"=IF({broken}>0,#VALUE!,{known})", Kind.FORMULA)

    return content


def _check_columns(sheet: _Sheet) -> list[Column]:
    pairs = [_DAYS_PAIR, *([_FLOW_PAIR] if sheet.area.deflusso else [])]

    def summed(heading: str, own: Callable[[Place], object]) -> Callable[[Place], object]:
        """The sum of a column of structures; what a structure itself has."""

        def content(place: Place) -> object:
            return f"={sum_of_structures(place, heading)}" if place.row.code in sheet.children else own(place)

        return content

    def counted(pair: Pair) -> Callable[[Place], object]:
        return summed(pair.whole, lambda place: f"={place.here(pair.whole)}")

    def expected(place: Place) -> object:
        if place.row.code not in sheet.children:
            return 1
        sought = '"?*"' if place.row.level is Level.NATIONAL else place.here(KEY)
        return f"=COUNTIF({place.table.column(REGION)},{sought})"

    def words(place: Place) -> object:
        return _words_of_sum(place, pairs) if place.row.code in sheet.children else _words(place, pairs)

    remarked = summed(REMARKED, lambda place: f"={place.here(REMARKED)}")
    return [
        *(check(pair.count, 13, counted(pair), group=G_CHECK) for pair in pairs),
        check(EXPECTED, 11, expected, group=G_CHECK),
        check(REMARKS, 12, remarked, group=G_CHECK),
        Column(CHECK, Kind.CHECK, 44, words, group=G_CHECK, judged_by=CHECK),
    ]


def _words_of_sum(place: Place, pairs: Sequence[Pair]) -> str:
    """How complete the data below a region are, and how many of their rows have a remark."""
    counts = "+".join(place.here(pair.count) for pair in pairs)
    remarked = place.here(REMARKS)
    return (
        f'=IF({remarked}>0,"{remarks.MARK} strutture con segnalazione: "&{remarked},IF({counts}=0,"",'
        f'IF({counts}<{len(pairs)}*{place.here(EXPECTED)},"copertura parziale","OK")))'
    )


def _words(place: Place, pairs: Sequence[Pair]) -> str:
    """What is wrong with the data of a structure: no number, half a pair, no ratio, a part missing."""
    cells = {heading: place.here(heading) for pair in pairs for heading in (pair.first, pair.second)}
    parts = [(place.here(pair.first), place.here(pair.second)) for pair in pairs]
    known = [f"COUNT({first},{second})" for first, second in parts]
    conditions = [
        *(
            (f"{count}=1", f"manca {pair.first} o {pair.second}")
            for count, pair in zip(known, pairs, strict=True)
        ),
        *(
            (f"ISERROR({place.here(pair.result)})", f"{pair.result}: non si calcola con questi dati")
            for pair in pairs
        ),
    ]
    count = f"COUNT({','.join(cells.values())})"
    rest = f'IF({count}=0,"",IF({count}<{2 * len(pairs)},"dati parziali","OK"))'
    return f"={remarks.on_numbers(cells, remarks.remark(conditions, rest))}"
