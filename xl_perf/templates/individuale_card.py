"""The `Scheda` sheet of `valutazione_individuale.xlsx`: one person, dimension by dimension, for both purposes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates import formulas, styles
from xl_perf.templates import individuale_names as names
from xl_perf.templates.card import CardHead, card_head
from xl_perf.templates.columns import result
from xl_perf.templates.model import Column, PrintSetup, Row, TableSpec
from xl_perf.templates.page import FIRST_ROW, TITLE_ROWS
from xl_perf.templates.styles import Kind, Level

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.individuale_results import Tables
    from xl_perf.templates.model import Place, Placed
    from xl_perf.templates.page import Page
    from xl_perf.templates.parameters import Parameters

_SCORE = "Punteggio"
_DIMENSIONS = (
    ("gruppo", names.GROUP),
    ("contributo", names.CONTRIBUTION),
    ("abilita", names.SKILLS),
)
_WEIGHTS = {"accessori": "Peso accessori", "formazione": "Peso alta formazione"}
_POINTS = {"accessori": "Punti accessori", "formazione": "Punti alta formazione"}


def card(page: Page, tables: Tables, values: Parameters) -> None:
    """One person: who, three dimensions with weights and points, totals held against PERF_INDIVIDUALE, TEP, group.

    Args:
        page: the empty `Scheda` page.
        tables: the tables it reads.
        values: where the parameters stand.
    """
    staff = tables.staff
    head = card_head(page, CardHead("Numero (N.)", "Elenco_persone", 1, staff.column(names.NUMBER)))

    def picked(heading: str) -> str:
        return f"INDEX({staff.column(heading)},{head.position})"

    row = FIRST_ROW + 3
    facts = (names.NAME, names.AREA, names.STRUCTURE, names.POSITION, names.CHECK)
    places = {}
    for offset, heading in enumerate(facts):
        page.put(row + offset, 1, heading, Kind.KEY)
        places[heading] = page.put(
            row + offset, 2, formulas.shown(picked(heading)), Kind.FORMULA, align="left"
        )
        page.sheet.merge_cells(start_row=row + offset, start_column=2, end_row=row + offset, end_column=3)
        page.put(row + offset, 3, None, Kind.FORMULA)
    position = places[names.POSITION].split("!")[1]
    row += len(facts) + 2
    page.section(row - 1, "Dimensioni della valutazione")
    table = page.table(_dimensions(values, picked, position), row)
    bottom = _totals(page, table, picked)
    bottom = _professional(page, bottom + 3, picked, values)
    _group(page, bottom + 3, tables, places[names.STRUCTURE].split("!")[1])
    page.title_rows = TITLE_ROWS
    page.finish(setup=PrintSetup(one_page=True))


def _dimensions(values: Parameters, picked: Callable[[str], str], position: str) -> TableSpec:
    """Score, weight and points of each dimension; weights follow the P.O. of the person."""

    def weight(purpose: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            member = place.row.code
            cells = [
                values.weight(names.weights_node(purpose, p), f"{names.weights_node(purpose, p)}.{member}")
                for p in (names.WITH_POSITION, names.WITHOUT_POSITION)
            ]
            return f'=IF({position}="","",IF({position}="{names.YES}",{cells[0]},{cells[1]}))'

        return content

    def points(purpose: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            score, share = place.here(_SCORE), place.here(_WEIGHTS[purpose])
            return f'=IF({share}="","",IF({share}=0,0,IF({score}="","",{score}*{share})))'

        return content

    columns = [
        Column("Dimensione", Kind.KEY, 40, lambda place: place.row.item),
        result(_SCORE, 14, lambda p: formulas.shown(picked(p.row.item)), styles.SCORE),
        *(
            column
            for purpose in names.PURPOSES
            for column in (
                result(_WEIGHTS[purpose], 16, weight(purpose), styles.PERCENT_1),
                result(_POINTS[purpose], 18, points(purpose), styles.RATIO),
            )
        ),
    ]
    return TableSpec(
        "tblSchedaDimensioni", columns, [Row(code, item=heading) for code, heading in _DIMENSIONS]
    )


def _totals(page: Page, table: Placed, picked: Callable[[str], str]) -> int:
    """Weights and points summed up, and the check against the score of the table; gives the last row."""
    row = table.last + 1
    page.put(row, 1, "Totale", Kind.KEY, level=Level.NATIONAL)
    page.put(row, 2, None, Kind.LABEL, level=Level.NATIONAL)
    page.put(row + 1, 1, "Controllo con PERF_INDIVIDUALE", Kind.CHECK)
    headings = {"accessori": names.ACCESSORY, "formazione": names.TRAINING}
    for purpose, at in zip(names.PURPOSES, (3, 5), strict=True):
        weights, points = (table.column(h[purpose]).split("!")[1] for h in (_WEIGHTS, _POINTS))
        page.put(
            row,
            at,
            formulas.total(weights),
            Kind.FORMULA,
            level=Level.NATIONAL,
            number_format=styles.PERCENT_1,
        )
        whole = f'=IF(COUNT({points})<{len(_DIMENSIONS)},"",SUM({points}))'
        total = page.put(row, at + 1, whole, Kind.FORMULA, level=Level.NATIONAL, number_format=styles.RATIO)
        total, score = total.split("!")[1], picked(headings[purpose])
        agrees = f'=IF({total}="",IF({score}="","","▼ non quadra"),IF(ABS({total}-{score})<0.000000001,"OK","▼ non quadra"))'
        page.put(row + 1, at + 1, agrees, Kind.CHECK, align="right")
    return row + 1


def _professional(page: Page, row: int, picked: Callable[[str], str], values: Parameters) -> int:
    """Level of the TEP, its coefficient and what the level means; gives the last row."""
    page.section(row - 1, "Trattamento economico di professionalità (TEP)")
    level = page.put(row, 2, formulas.shown(picked(names.LEVEL)), Kind.FORMULA).split("!")[1]
    page.put(row, 1, "Livello di comportamento", Kind.KEY)
    page.put(row + 1, 1, "Coefficiente", Kind.KEY)
    page.put(row + 1, 2, formulas.shown(picked(names.COEFFICIENT)), Kind.FORMULA, number_format=styles.RATIO)
    page.put(row + 2, 1, "Lettura del livello", Kind.KEY)
    codes = [code for code in values.values.numbers if code.startswith("individuale.tep.")]
    titles = [values.values.cell(code, "Parametro") for code in codes]
    text = '""'
    for number, title in reversed(list(enumerate(titles, start=1))):
        text = f"IF({level}={number},{title},{text})"
    page.put(row + 2, 2, f'=IF({level}="","",{text})', Kind.FORMULA, align="wrap")
    page.sheet.merge_cells(start_row=row + 2, start_column=2, end_row=row + 2, end_column=6)
    page.sheet.row_dimensions[row + 2].height = 46
    return row + 2


def _group(page: Page, row: int, tables: Tables, structure: str) -> None:
    """The components of the group objectives of the person's structure."""
    groups = tables.groups
    page.section(row - 1, "Obiettivi di gruppo della struttura")
    match = f"MATCH({structure},{groups.column(names.STRUCTURE)},0)"
    lines = (
        ("Giacenza (programmato)", "Giacenza", styles.SCORE),
        ("Deflusso (valore 1)", "Deflusso", styles.SCORE),
        ("Qualità (rispetto all'anno precedente)", "Qualità", styles.SCORE),
        ("Punteggio di gruppo", names.GROUP_SCORE, styles.SCORE),
        ("Copertura", names.COVERAGE, styles.PERCENT_1),
    )
    for offset, (label, heading, number_format) in enumerate(lines):
        found = f"INDEX({groups.column(heading)},{match})"
        formula = f'=IF({structure}="","",IF({found}="","",{found}))'
        page.put(row + offset, 1, label, Kind.KEY)
        page.put(row + offset, 2, formula, Kind.FORMULA, number_format=number_format)
