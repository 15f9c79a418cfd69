"""The `Confronto` sheet of `giacenza.xlsx`: giacenza, deflusso and production of past years as published."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from xl_perf.templates.giacenza.input import FLOW_TARGET
from xl_perf.templates.kit import comparison, formulas, styles
from xl_perf.templates.kit.columns import result, verdict_column
from xl_perf.templates.kit.comparison import (
    ACTUAL,
    PLANNED,
    item_column,
    item_rows,
    key_heading,
    value_column,
)
from xl_perf.templates.kit.model import Column
from xl_perf.templates.kit.names import nation
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.giacenza.results import Tables
    from xl_perf.templates.kit.comparison import Key
    from xl_perf.templates.kit.model import Place
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters

_DIRECTION, _GOAL, _MET = "Verso", "Obiettivo", "Esito rispetto all'obiettivo"
_PRINTED = "realizzazione_stampata"


def giacenza_comparison(page: Page, tables: Tables, values: Parameters) -> None:
    """Giacenza by area and line, deflusso by area, production: what was planned and what came out.

    Roles: `confronto_giacenza`, `confronto_deflusso`, `confronto_produzione`, systems of published results;
    what an edition does not have is left out.

    Args:
        page: the empty `Confronto` page.
        tables: the tables of the areas, for the targets of deflusso.
        values: where the parameters stand.
    """
    data, row = page.book.data, FIRST_ROW - 1
    parts: tuple[tuple[str, Callable[[str, int], int]], ...] = (
        ("confronto_giacenza", lambda system, at: _giacenza_table(page, system, at, values)),
        ("confronto_deflusso", lambda system, at: _deflusso_table(page, system, at, tables)),
        ("confronto_produzione", lambda system, at: _production_table(page, system, at)),
    )
    for role, write in parts:
        if data.has(role):
            row = write(data.role(role), row) + 3
    page.finish()


def _giacenza_table(page: Page, system: str, at_row: int, values: Parameters) -> int:
    plan = page.book.plan
    keys = comparison.printed_keys(plan, system, (PLANNED, ACTUAL))

    def rest(place: Place) -> str:
        return f"{place.here(_DIRECTION)},{values.cap}"

    columns = [
        item_column(),
        *(value_column(plan, key_heading(key), key, 12, styles.DAYS) for key in keys),
        Column(
            _DIRECTION,
            Kind.LABEL,
            11,
            lambda place: int(place.row.item.direction),
            formulas.DIRECTION_FORMAT,
            align="right",
        ),
    ]
    pairs = comparison.pairs_of(keys)
    for actual, planned in pairs:
        cells = key_heading(actual), key_heading(planned)
        columns.append(
            comparison.scored(f"Scostamento {actual[0]}", *cells, rest, "PERF_SCOSTAMENTO", styles.DEVIATION)
        )
    for actual, planned in pairs[-1:]:
        score, verdict = f"Punteggio {actual[0]}", f"Esito {actual[0]}"
        cells = key_heading(actual), key_heading(planned)
        columns += [
            comparison.scored(score, *cells, rest, "PERF_SCORE", styles.SCORE, judged_by=verdict),
            verdict_column(values, score, verdict),
        ]
    title = "Indice di giacenza in giorni, nazionale, per area e linea"
    rows = item_rows(plan, system, keys)
    return comparison.printed_table(page, "tblConfrontoGiacenza", title, columns, rows, keys, at_row)


def _deflusso_table(page: Page, system: str, at_row: int, tables: Tables) -> int:
    plan = page.book.plan
    keys = comparison.printed_keys(plan, system, (ACTUAL,))
    heads = [key_heading(key) for key in keys]
    goals = {
        area.deflusso: table.cell(nation(plan), FLOW_TARGET)
        for area, table in zip(tables.areas, tables.placed, strict=True)
        if area.deflusso
    }

    def change(before: str, after: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            first, last = place.here(before), place.here(after)
            return formulas.complete(f"{last}/{first}-1", first, last)

        return content

    def goal(place: Place) -> object:
        cell = goals.get(place.row.item.indicator)
        return f"={cell}" if cell else None

    def words(place: Place) -> object:
        value, target = place.here(heads[-1]), place.here(_GOAL)
        return formulas.complete(f'IF({value}>={target},"▲ raggiunto","▼ non raggiunto")', value, target)

    columns = [
        item_column("Area"),
        *(value_column(plan, head, key, 12, styles.RATIO) for head, key in zip(heads, keys, strict=True)),
        *(
            result(
                f"Variazione {after[0]} su {before[0]}",
                12,
                change(key_heading(before), key_heading(after)),
                styles.DEVIATION,
            )
            for before, after in pairwise(keys)
        ),
    ]
    if goals and keys:
        columns += [
            result(_GOAL, 12, goal, styles.RATIO),
            result(_MET, 16, words, align="left", judged_by=_MET),
        ]
    title = "Indice di deflusso, nazionale, per area"
    rows = item_rows(plan, system, keys)
    return comparison.printed_table(page, "tblConfrontoDeflusso", title, columns, rows, keys, at_row)


def _production_table(page: Page, system: str, at_row: int) -> int:
    plan = page.book.plan
    keys = comparison.printed_keys(plan, system, (PLANNED, ACTUAL, _PRINTED))

    def ratio(above: Key, below: Key) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            actual, planned = place.here(key_heading(above)), place.here(key_heading(below))
            return formulas.complete(f'IF({planned}=0,"",{actual}/{planned})', actual, planned)

        return content

    columns = [
        item_column("Produzione lorda"),
        *(
            value_column(plan, key_heading(key), key, 12, "0%" if key[1] == _PRINTED else styles.PIECES)
            for key in keys
        ),
        *(
            result(f"% ricalcolata {actual[0]}", 13, ratio(actual, planned), styles.PERCENT_1)
            for actual, planned in comparison.pairs_of(keys)
        ),
    ]
    title = "Produzione omogeneizzata lorda, nazionale, per area e linea"
    rows = item_rows(plan, system, keys)
    return comparison.printed_table(page, "tblConfrontoProduzione", title, columns, rows, keys, at_row)
