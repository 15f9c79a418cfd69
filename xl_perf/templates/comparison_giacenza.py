"""The `Confronto` sheet of `giacenza.xlsx`: giacenza, deflusso and production of past years as published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates import styles
from xl_perf.templates.columns import result, verdict_column
from xl_perf.templates.comparison import item_column, item_rows, printed_table, scored, value_column
from xl_perf.templates.model import PrintSetup
from xl_perf.templates.page import FIRST_ROW, TITLE_ROWS

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.comparison import Key
    from xl_perf.templates.model import Column, Place
    from xl_perf.templates.page import Page
    from xl_perf.templates.parameters import Parameters


def giacenza_comparison(page: Page, values: Parameters) -> None:
    """Giacenza 2018-2020 by area and line, deflusso by area, production: what was planned and what came out.

    Args:
        page: the empty `Confronto` page.
        values: where the parameters stand.
    """
    bottom = _giacenza_table(page, FIRST_ROW - 1, values)
    bottom = _deflusso_table(page, bottom + 3)
    page_end = bottom + 2
    _production_table(page, bottom + 3)
    page.title_rows = TITLE_ROWS
    page.finish(freeze="B4", setup=PrintSetup(scale=66, row_breaks=[page_end]))


def _giacenza_table(page: Page, at_row: int, values: Parameters) -> int:
    plan = page.book.plan
    keys: list[Key] = [
        ("2018", "consuntivo", "P20"),
        ("2019", "piano", "P20"),
        ("2019", "consuntivo", "P20"),
        ("2019", "consuntivo", "P21"),
        ("2020", "piano", "P21"),
        ("2020", "consuntivo", "P21"),
    ]
    heads = [f"{measure.capitalize()} {period} ({document})" for period, measure, document in keys]

    def rest(place: Place) -> str:
        direction = values.direction(f"giacenza.{place.row.code.split('.')[1]}")
        return f"{direction},{values.cap}"

    def gap(year: str, actual: str, planned: str) -> Column:
        return scored(f"Scostamento {year}", actual, planned, rest, "PERF_SCOSTAMENTO", styles.DEVIATION)

    score, verdict = "Punteggio 2020", "Esito 2020"
    columns = [
        item_column(),
        *(value_column(plan, head, key, 12, styles.DAYS) for head, key in zip(heads, keys, strict=True)),
        gap("2019", heads[2], heads[1]),
        gap("2020", heads[5], heads[4]),
        scored(score, heads[5], heads[4], rest, "PERF_SCORE", styles.SCORE, judged_by=verdict),
        verdict_column(values, score, verdict),
    ]
    title = "Indice di giacenza in giorni, nazionale, per area e linea"
    rows = item_rows(plan, "giacenza", keys)
    return printed_table(page, "tblConfrontoGiacenza", title, columns, rows, keys, at_row)


def _deflusso_table(page: Page, at_row: int) -> int:
    plan = page.book.plan
    keys: list[Key] = [("2019", "consuntivo", "P20"), ("2020", "consuntivo", "P21")]
    old, new, verdict = "Deflusso 2019 (P20)", "Deflusso 2020 (P21)", "Esito rispetto a 1"

    def change(place: Place) -> object:
        first, last = place.here(old), place.here(new)
        return f'=IF(COUNT({first},{last})<2,"",{last}/{first}-1)'

    def words(place: Place) -> object:
        cell = place.here(new)
        return f'=IF(COUNT({cell})=0,"",IF({cell}>=1,"▲ ≥ 1","▼ < 1"))'

    columns = [
        item_column("Area"),
        value_column(plan, old, keys[0], 12, styles.RATIO),
        value_column(plan, new, keys[1], 12, styles.RATIO),
        result("Variazione 2020/2019", 12, change, styles.DEVIATION),
        result(verdict, 12, words, align="left", judged_by=verdict),
    ]
    title = "Indice di deflusso, nazionale, per area"
    rows = item_rows(plan, "deflusso", keys)
    return printed_table(page, "tblConfrontoDeflusso", title, columns, rows, keys, at_row)


def _production_table(page: Page, at_row: int) -> int:
    plan = page.book.plan
    keys: list[Key] = [
        (period, measure, document)
        for period, document in (("2019", "P20"), ("2020", "P21"))
        for measure in ("piano", "consuntivo", "realizzazione_stampata")
    ]
    heads = [f"{word} {year}" for year in ("2019", "2020") for word in ("Piano", "Consuntivo", "% stampata")]
    formats = [styles.PIECES, styles.PIECES, "0%"] * 2

    def ratio(year: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            actual, planned = place.here(f"Consuntivo {year}"), place.here(f"Piano {year}")
            return f'=IF(COUNT({actual},{planned})<2,"",IF({planned}=0,"",{actual}/{planned}))'

        return content

    columns = [
        item_column("Produzione lorda"),
        *(value_column(plan, h, k, 12, f) for h, k, f in zip(heads, keys, formats, strict=True)),
        *(result(f"% ricalcolata {year}", 13, ratio(year), styles.PERCENT_1) for year in ("2019", "2020")),
    ]
    title = "Produzione omogeneizzata lorda, nazionale, per area e linea"
    rows = item_rows(plan, "produzione", keys)
    return printed_table(page, "tblConfrontoProduzione", title, columns, rows, keys, at_row)
