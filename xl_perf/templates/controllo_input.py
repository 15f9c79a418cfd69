"""The input sheet of `controllo_processo.xlsx`: six counts of each region and DCM, their points and score."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates import formulas, styles
from xl_perf.templates.columns import Headings, judged_columns, result
from xl_perf.templates.model import Column, PrintSetup, Row, TableSpec, Validation
from xl_perf.templates.page import FIRST_ROW
from xl_perf.templates.styles import Kind
from xl_perf.templates.targets import source_column, target_column

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.model import Place, Placed
    from xl_perf.templates.page import Page
    from xl_perf.templates.parameters import Parameters

POINTS = "controllo_processo.punti"
INPUTS = (
    "Pratiche a controllo",
    "Pratiche controllate",
    "Regolarizzate SI",
    "Regolarizzate NO",
    "Notificate",
    "Regolarizzate entro 30 gg",
)
RESULT, GOAL, GAP, SCORE, VERDICT, CHECK = (
    "Punti",
    "Obiettivo",
    "Scostamento",
    "Punteggio",
    "Esito",
    "Controllo dati",
)
_G_DATA, _G_RESULT, _G_CHECK = "Pratiche (numero)", "Risultato", "Controlli e fonte"

_COUNT = Validation(
    "whole",
    "Numero di pratiche",
    "Numero intero di pratiche, maggiore o uguale a zero. Vuoto se il dato non è ancora disponibile; zero se non ce ne sono.",
    "Inserire un numero intero maggiore o uguale a zero, senza testo.",
)


def data_table(page: Page, values: Parameters) -> Placed:
    """Six inputs, points, target and score of each region and DCM.

    Args:
        page: the empty page.
        values: where the parameters stand.
    """
    plan = page.book.plan
    rows = [Row(structure.code, item=structure) for structure in plan.regional()]
    goal = target_column(plan, GOAL, 11, "struttura", POINTS, styles.POINTS, group=_G_RESULT)
    columns = [
        Column("Struttura", Kind.KEY, 28, lambda place: place.row.code, group="Regione o DCM"),
        *(_input(page, heading) for heading in INPUTS),
        result(RESULT, 9, _points, styles.POINTS, group=_G_RESULT),
        goal,
        *judged_columns(
            values, values.direction(POINTS), Headings(RESULT, GOAL, GAP, SCORE, VERDICT), _G_RESULT
        ),
        Column(CHECK, Kind.CHECK, 36, _check, group=_G_CHECK, judged_by=CHECK),
        source_column(plan, [goal], "Fonte", 34, _G_CHECK),
    ]
    spec = TableSpec("tblPratiche", columns, rows, key="Struttura", source="Fonte", filters=True)
    table = page.table(spec, FIRST_ROW + 1)
    page.book.define("Elenco_regioni", table.column("Struttura"))
    page.finish(freeze=f"B{table.header + 1}", setup=PrintSetup())
    return table


def _input(page: Page, heading: str) -> Column:
    content = _example(page, heading)
    return Column(heading, Kind.INPUT, 15, content, styles.PIECES, validation=_COUNT, group=_G_DATA)


def _points(place: Place) -> object:
    six = ",".join(place.here(heading) for heading in INPUTS)
    return formulas.unless_any_empty(f"CONTROLLO_PROCESSO({six})", place.across(INPUTS[0], INPUTS[-1]))


def _check(place: Place) -> object:
    """Inputs that contradict each other, in words."""
    all_, done, yes, no, _, quick = (place.here(heading) for heading in INPUTS)
    count = f"COUNT({place.across(INPUTS[0], INPUTS[-1])})"
    return (
        f'=IF({count}=0,"",IF({count}<{len(INPUTS)},"dati parziali",'
        f'IF({done}>{all_},"▼ controllate oltre le pratiche a controllo",'
        f'IF({quick}>{yes}+{no},"▼ entro 30 gg oltre le regolarizzate","OK"))))'
    )


def _example(page: Page, heading: str) -> Callable[[Place], object]:
    """Example data: six counts that fit each other; one structure has reported nothing, one only a part."""
    book = page.book

    def content(place: Place) -> object:
        code = place.row.code
        if book.left_empty(code) or (book.example and book.chance("parziale", code, heading) < 0.008):
            return None
        asked = round(400 * (1 + 4 * book.chance("volume", code)))
        done = min(asked, round(asked * (0.9 + 0.2 * book.chance("controllate", code))))
        irregular = done * (0.01 + 0.14 * book.chance("irregolari", code))
        notified = round(irregular * 0.12 * book.chance("notificate", code))
        yes = round(irregular * 0.85)
        no = round(irregular * 0.08)
        quick = round((yes + no) * min(1.0, 0.85 + 0.3 * book.chance("trenta", code)))
        return dict(zip(INPUTS, (asked, done, yes, no, notified, quick), strict=True))[heading]

    return content
