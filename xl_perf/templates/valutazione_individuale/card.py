"""The `Scheda` sheet of `valutazione_individuale.xlsx`: one person, dimension by dimension, for both purposes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates.kit import formulas, styles
from xl_perf.templates.kit.card import CardHead, card_head
from xl_perf.templates.kit.columns import result
from xl_perf.templates.kit.model import Column, Row, TableSpec
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.valutazione_individuale import names
from xl_perf.templates.valutazione_individuale.gruppi import score_headings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters
    from xl_perf.templates.valutazione_individuale.plan import Evaluation, Purpose
    from xl_perf.templates.valutazione_individuale.results import Tables

_SCORE = "Punteggio"
_DIMENSIONS = (names.GROUP, names.CONTRIBUTION, names.SKILLS)


def _weight(purpose: Purpose) -> str:
    return f"Peso: {purpose.title}"


def _points(purpose: Purpose) -> str:
    return f"Punti: {purpose.title}"


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
        page.put(row + offset, 3, None, Kind.FORMULA)
    position = places[names.POSITION].split("!")[1]
    row += len(facts) + 2
    page.section(row - 1, "Dimensioni della valutazione")
    table = page.table(_dimensions(tables.evaluation, values, picked, position), row)
    bottom = _totals(page, tables.evaluation, table, picked)
    bottom = _professional(
        page, bottom + 3, picked, [values.values.cell(c, "Parametro") for c in tables.evaluation.levels]
    )
    _group(page, bottom + 3, tables, places[names.STRUCTURE].split("!")[1])
    page.finish()


def _dimensions(
    evaluation: Evaluation, values: Parameters, picked: Callable[[str], str], position: str
) -> TableSpec:
    """Score, weight and points of each dimension; weights follow the P.O. of the person."""

    def weight(purpose: Purpose) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            at = int(place.row.code)
            cells = [
                values.weight(node, list(values.nodes[node].numbers)[at])
                for node in (purpose.with_position, purpose.without_position)
            ]
            return f'=IF({position}="","",IF({position}="{names.YES}",{cells[0]},{cells[1]}))'

        return content

    def points(purpose: Purpose) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            score, share = place.here(_SCORE), place.here(_weight(purpose))
            return f'=IF({share}="","",IF({share}=0,0,IF({score}="","",{score}*{share})))'

        return content

    columns = [
        Column("Dimensione", Kind.KEY, 40, lambda place: place.row.item),
        result(_SCORE, 14, lambda p: formulas.shown(picked(p.row.item)), styles.SCORE),
        *(
            column
            for purpose in evaluation.purposes
            for column in (
                result(_weight(purpose), 20, weight(purpose), styles.PERCENT_1),
                result(_points(purpose), 20, points(purpose), styles.RATIO),
            )
        ),
    ]
    rows = [Row(str(at), item=heading) for at, heading in enumerate(_DIMENSIONS)]
    return TableSpec("tblSchedaDimensioni", columns, rows)


def _totals(page: Page, evaluation: Evaluation, table: Placed, picked: Callable[[str], str]) -> int:
    """Weights and points summed up, and the check against the score of the table; gives the last row."""
    row = table.last + 1
    page.put(row, 1, "Totale", Kind.KEY, level=Level.NATIONAL)
    page.put(row, 2, None, Kind.LABEL, level=Level.NATIONAL)
    page.put(row + 1, 1, "Controllo con PERF_INDIVIDUALE", Kind.CHECK)
    for number, purpose in enumerate(evaluation.purposes):
        at = 3 + 2 * number
        weights, points = (table.column(h(purpose)).split("!")[1] for h in (_weight, _points))
        page.put(
            row,
            at,
            formulas.total(weights),
            Kind.FORMULA,
            level=Level.NATIONAL,
            number_format=styles.PERCENT_1,
        )
        whole = formulas.complete(f"SUM({points})", points)
        total = page.put(row, at + 1, whole, Kind.FORMULA, level=Level.NATIONAL, number_format=styles.RATIO)
        total, score = total.split("!")[1], picked(purpose.title)
        agrees = (
            f'=IF({total}="",IF({score}="","","▼ non '
            f'quadra"),IF(ABS({total}-{score})<0.000000001,"OK","▼ non quadra"))'
        )
        page.put(row + 1, at + 1, agrees, Kind.CHECK, align="right")
    return row + 1


def _professional(page: Page, row: int, picked: Callable[[str], str], titles: Sequence[str]) -> int:
    """Level of the TEP, its coefficient and what the level means; gives the last row."""
    page.section(row - 1, "Trattamento economico di professionalità (TEP)")
    level = page.put(row, 2, formulas.shown(picked(names.LEVEL)), Kind.FORMULA).split("!")[1]
    page.put(row, 1, "Livello di comportamento", Kind.KEY)
    page.put(row + 1, 1, "Coefficiente", Kind.KEY)
    page.put(row + 1, 2, formulas.shown(picked(names.COEFFICIENT)), Kind.FORMULA, number_format=styles.RATIO)
    page.put(row + 2, 1, "Lettura del livello", Kind.KEY)
    text = '""'
    for number, title in reversed(list(enumerate(titles, start=1))):
        text = f"IF({level}={number},{title},{text})"
    page.put(row + 2, 2, f'=IF({level}="","",{text})', Kind.FORMULA, align="wrap")
    page.sheet.merge_cells(start_row=row + 2, start_column=2, end_row=row + 2, end_column=6)
    page.sheet.row_dimensions[row + 2].height = 28
    return row + 2


def _group(page: Page, row: int, tables: Tables, structure: str) -> None:
    """The components of the group objectives of the person's structure."""
    groups, plan, parts = tables.groups, page.book.plan, tables.evaluation.group_parts
    heads = score_headings(tables.evaluation)
    page.section(row - 1, "Obiettivi di gruppo della struttura")
    match = f"MATCH({structure},{groups.column(names.STRUCTURE)},0)"
    lines = (
        *((plan.indicators[code].title, heads[part], styles.SCORE) for part, code in parts.items()),
        ("Punteggio di gruppo", names.GROUP_SCORE, styles.SCORE),
        ("Copertura", names.COVERAGE, styles.PERCENT_1),
    )
    for offset, (label, heading, number_format) in enumerate(lines):
        found = f"INDEX({groups.column(heading)},{match})"
        formula = f'=IF({structure}="","",IF({found}="","",{found}))'
        page.put(row + offset, 1, label, Kind.KEY)
        page.put(row + offset, 2, formula, Kind.FORMULA, number_format=number_format)
