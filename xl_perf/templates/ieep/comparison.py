"""The `Confronto` sheet of `ieep.xlsx`: national results of past years, printed and recomputed variations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates.kit import formulas, styles
from xl_perf.templates.kit.comparison import (
    ACTUAL,
    PLANNED,
    item_column,
    item_rows,
    note_column,
    pairs_of,
    printed_keys,
    scored,
    source_text,
    value_column,
)
from xl_perf.templates.kit.model import Column, TableSpec
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind

if TYPE_CHECKING:
    from xl_perf.templates.kit.model import Place
    from xl_perf.templates.kit.page import Page

_WIDE_CAP = 10
_TOLERANCE = 0.0006


def ieep_comparison(page: Page, system: str) -> None:
    """Write every year that a document prints with its target, with the cap and the tolerance in visible cells.

    The cap is wide, so that printed variations beyond the plan's cap come out as printed.

    Args:
        page: the empty `Confronto` page.
        system: code of the system of the published results.
    """
    row = FIRST_ROW
    page.text(row, 1, "Tetto usato solo in questo foglio (le variazioni stampate non sono limitate)")
    cap = page.put(row, 2, _WIDE_CAP, Kind.LABEL, number_format="0%", align="right").split("!")[1]
    page.text(row + 1, 1, "Differenza ammessa fra variazione stampata e ricalcolata (arrotondamento)")
    tolerance = page.put(row + 1, 2, _TOLERANCE, Kind.LABEL, number_format="0.00%", align="right").split("!")[
        1
    ]
    bottom = row + 1
    for (year, _, document), _planned in pairs_of(printed_keys(page.book.plan, system, (PLANNED, ACTUAL))):
        bottom = _year(page, bottom + 4, system, (year, document), cap, tolerance)
    page.finish()


def _year(page: Page, at_row: int, system: str, printed_in: tuple[str, str], cap: str, tolerance: str) -> int:
    plan, (year, document) = page.book.plan, printed_in
    keys = [(year, measure, document) for measure in (PLANNED, ACTUAL, "variazione_stampata")]
    goal, actual, printed = f"Obiettivo {year}", f"Consuntivo {year}", f"Variazione stampata {year}"
    computed, difference, check = f"Variazione ricalcolata {year}", f"Differenza {year}", f"Verifica {year}"

    def rest(place: Place) -> str:
        return f"{place.here('Verso')},{cap}"

    def gap(place: Place) -> object:
        cells = place.here(printed), place.here(computed)
        return formulas.complete(f"{cells[1]}-{cells[0]}", *cells)

    def verdict(place: Place) -> object:
        cell = place.here(difference)
        return f'=IF({cell}="","",IF(ABS({cell})<={tolerance},"OK","▼ refuso nella stampa"))'

    columns = [
        item_column(width=66),
        value_column(plan, goal, keys[0], 18, styles.EURO),
        value_column(plan, actual, keys[1], 18, styles.EURO),
        Column(
            "Verso",
            Kind.LABEL,
            11,
            lambda place: int(place.row.item.direction),
            formulas.DIRECTION_FORMAT,
            align="right",
        ),
        value_column(plan, printed, keys[2], 13, styles.PERCENT),
        scored(computed, actual, goal, rest, "PERF_SCOSTAMENTO", styles.PERCENT),
        Column(difference, Kind.FORMULA, 13, gap, styles.PERCENT),
        Column(check, Kind.CHECK, 24, verdict, judged_by=check),
        source_text(plan, keys),
        note_column(plan, keys),
    ]
    page.section(at_row - 1, f"Esercizio {year}, risultato nazionale")
    return page.table(TableSpec(f"tblConfronto{year}", columns, item_rows(plan, system, keys)), at_row).last
