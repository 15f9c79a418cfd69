"""Giacenza of the groups of `valutazione_individuale.xlsx`, in the areas of Tabella A."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates.giacenza.input import POINTS
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import check, result
from xl_perf.templates.kit.model import Column, PrintSetup, TableSpec
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.valutazione_individuale import names
from xl_perf.templates.valutazione_individuale.example import cell
from xl_perf.templates.valutazione_individuale.gruppi import group_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.templates.giacenza.areas import Area
    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.valutazione_individuale.example import Example
    from xl_perf.templates.valutazione_individuale.gruppi import Groups

_G_WHO, _G_SCORES, _G_RESULT = "Gruppo", "Punteggi", "Obiettivi di gruppo"
_G_STOCKS = "Giacenza e pervenuto omogeneizzati"
_G_DAYS, _G_TARGETS = "Indice di giacenza (giorni)", "Obiettivo della Tabella A (giorni)"


def stock_table(page: Page, groups: Groups, picks: Placed) -> Placed:
    """Giacenza of each group in the areas against Tabella A.

    Args:
        page: the empty `Giacenza gruppi` page.
        groups: what it reads.
        picks: geometry of the table of the groups, whose structures it repeats.
    """
    areas, weights = groups.areas, groups.values.weights(groups.evaluation.area_node)
    first, last = (names.area(area, names.SCORE) for area in (areas[0], areas[-1]))

    def score(place: Place) -> object:
        scores = place.across(first, last)
        return formulas.unless_blank(f"PERF_SINTESI({scores},{weights})", scores)

    def coverage(place: Place) -> object:
        known = f"PERF_COPERTURA({place.across(first, last)},{weights})"
        return formulas.unless_empty(known, place.here(names.STRUCTURE))

    columns = [
        Column(names.NUMBER, Kind.KEY, 6, lambda place: int(place.row.code), group=_G_WHO, align="center"),
        result(
            names.STRUCTURE, 34, lambda p: formulas.shown(picks.cell(p.row.code, names.STRUCTURE)), align="wrap",
            group=_G_WHO,
        ),
        *(column for area in areas for column in _stock_inputs(groups.example, area)),
        *(_days_column(groups, area) for area in areas),
        *(_target_column(groups, area) for area in areas),
        *(_score_column(groups, area) for area in areas),
        result(names.STOCK_SCORE, 19, score, styles.SCORE, group=_G_RESULT),
        check(
            names.COVERAGE, 11, coverage,
            styles.PERCENT_1, group=_G_RESULT,
        ),
        Column(names.CHECK, Kind.CHECK, 48, _stock_check(areas), group=_G_RESULT, judged_by=names.CHECK),
    ]  # fmt: skip
    aside = (*(names.area(area, names.TARGET) for area in areas), names.COVERAGE)
    table = page.table(TableSpec(names.T_STOCKS, columns, group_rows(), aside=aside), FIRST_ROW + 1)
    page.remark(
        table.last + 1,
        "La sintesi delle aree usa i pesi del foglio Parametri (assunzione: il piano non li stampa). "
        "Le strutture si scelgono nel foglio Gruppi.",
    )
    page.finish(setup=PrintSetup(across=2))
    return table


def _stock_inputs(example: Example, area: Area) -> list[Column]:
    return [
        Column(
            names.area(area, what), Kind.INPUT, 17, cell(example.stock_of(area.giacenza), what),
            styles.PIECES, validation=POINTS, group=_G_STOCKS,
            datum=names.of_row("gruppi", names.area(area, what)),
        )
        for what in (names.STOCK, names.RECEIVED)
    ]  # fmt: skip


def _days_column(groups: Groups, area: Area) -> Column:
    def days(place: Place) -> object:
        stock, received = (place.here(names.area(area, what)) for what in (names.STOCK, names.RECEIVED))
        base = groups.values.ref(groups.evaluation.base)
        return formulas.complete(f"GIACENZA_INDEX({stock},{received},{base})", stock, received)

    return result(names.area(area, names.DAYS), 14, days, styles.DAYS_1, group=_G_DAYS)


def _target_column(groups: Groups, area: Area) -> Column:
    title = area_title(groups, area)
    codes, targets = groups.targets.column("Struttura"), groups.targets.column(title)
    listed = groups.structures.column("Struttura")

    def target(place: Place) -> object:
        pick = place.here(names.STRUCTURE)
        found = f"INDEX({targets},MATCH({pick},{codes},0))"
        known = f"MATCH({pick},{listed},0)"
        return formulas.unless_empty(
            f'IF(COUNTIF({listed},{pick})=0,{known},IF(COUNTIF({codes},{pick})=0,"",{found}))', pick
        )

    return result(names.area(area, names.TARGET), 14, target, styles.DAYS, group=_G_TARGETS)


def area_title(groups: Groups, area: Area) -> str:
    """Heading of an area in Tabella A."""
    book: Book = groups.example.book
    return book.plan.indicators[area.giacenza].title


def _score_column(groups: Groups, area: Area) -> Column:
    values = groups.values

    def score(place: Place) -> object:
        days, target = (place.here(names.area(area, what)) for what in (names.DAYS, names.TARGET))
        call = f"PERF_SCORE({days},{target},{values.direction(area.giacenza)},{values.cap})"
        return formulas.complete(call, days, target)

    return result(names.area(area, names.SCORE), 14, score, styles.SCORE, group=_G_SCORES)


def _stock_check(areas: Sequence[Area]) -> Callable[[Place], object]:
    """Inputs that are no numbers, half pairs, numbers without a structure, structures without targets: in words."""
    first, last = areas[0], areas[-1]

    def content(place: Place) -> object:
        inputs = place.across(names.area(first, names.STOCK), names.area(last, names.RECEIVED))
        indices = place.across(names.area(first, names.DAYS), names.area(last, names.DAYS))
        targets = place.across(names.area(first, names.TARGET), names.area(last, names.TARGET))
        heads = [names.area(area, what) for area in areas for what in (names.STOCK, names.RECEIVED)]
        conditions = [
            (f"AND(COUNT({inputs})>0,COUNTBLANK({place.here(names.STRUCTURE)})=1)", "struttura non scelta"),
            (f"AND(COUNT({inputs})>0,COUNT({targets})=0)", "struttura senza obiettivi di giacenza"),
            (f"COUNT({inputs})>2*COUNT({indices})", "manca giacenza o pervenuto, o il pervenuto è zero"),
        ]
        words = f'IF(COUNT({inputs})=0,"",IF(COUNT({indices})<{len(areas)},"dati parziali","OK"))'
        cells = {heading: place.here(heading) for heading in heads}
        return f"={remarks.on_numbers(cells, remarks.remark(conditions, words))}"

    return content
