"""The input sheet of `controllo_processo.xlsx`: six counts of each region and DCM, their points and score."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import Headings, judged_columns, result
from xl_perf.templates.kit.model import Column, Datum, Row, TableSpec, Validation
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.kit.targets import source_column, target_column

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xl_perf.plan.models import ModelData
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters

INPUTS = (
    "Pratiche a controllo",
    "Pratiche controllate",
    "Regolarizzate SI",
    "Regolarizzate NO",
    "Notificate",
    "Regolarizzate entro 30 gg",
)
MEASURES = (
    "a_controllo", "controllate", "regolarizzate_si", "regolarizzate_no", "notificate", "regolarizzate_30gg"
)  # fmt: skip
"""Measures of the inputs, in their order."""
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
    "Numero intero di pratiche, maggiore o uguale a zero. Vuoto se il dato non è ancora disponibile; "
    "zero se non ce ne sono.",
    "Inserire un numero intero maggiore o uguale a zero, senza testo.",
)


RATIO, LIMIT, BAND_POINTS = "Rapporto", "Limite superiore (%)", "Punti"
"""Columns of the table of the bands that the functions take, one beside the other."""


def rule_of(data: ModelData, bands: Placed, values: Parameters) -> str:
    """The last arguments of CONTROLLO_PROCESSO: bands, decimals, what a ratio without anything irregular gives.

    Roles: `decimali`, `senza_irregolarita`.

    Args:
        data: what the workbook takes from the edition.
        bands: the table of the bands.
        values: where the parameters stand.
    """
    decimals, clean = (values.ref(data.role(role)) for role in ("decimali", "senza_irregolarita"))
    return f"{bands.block(RATIO, BAND_POINTS)},{decimals},{clean}"


def data_table(page: Page, bands: Placed, values: Parameters) -> Placed:
    """Six inputs, points, target and score of each region and DCM.

    Args:
        page: the empty page.
        bands: the table of the bands.
        values: where the parameters stand.
    """
    plan, indicator = page.book.plan, page.book.data.role("punti_controllo")
    rule = rule_of(page.book.data, bands, values)

    def points(place: Place) -> object:
        six = ",".join(place.here(heading) for heading in INPUTS)
        return formulas.complete(f"CONTROLLO_PROCESSO({six},{rule})", place.across(INPUTS[0], INPUTS[-1]))

    rows = [Row(structure.code, item=structure) for structure in plan.regional()]
    goal = target_column(plan, GOAL, 11, "struttura", indicator, styles.POINTS, group=_G_RESULT)
    columns = [
        Column("Struttura", Kind.KEY, 28, lambda place: place.row.code, group="Regione o DCM"),
        *(_input(page, heading) for heading in INPUTS),
        result(RESULT, 9, points, styles.POINTS, group=_G_RESULT),
        goal,
        *judged_columns(
            values, values.direction(indicator), Headings(RESULT, GOAL, GAP, SCORE, VERDICT), _G_RESULT
        ),
        Column(CHECK, Kind.CHECK, 52, _check, group=_G_CHECK, judged_by=CHECK),
        source_column(plan, [goal], "Fonte", 34, _G_CHECK),
    ]
    spec = TableSpec("tblPratiche", columns, rows, key="Struttura", source="Fonte", filters=True)
    table = page.table(spec, FIRST_ROW + 1)
    page.book.define("Elenco_regioni", table.column("Struttura"))
    page.finish()
    return table


def _input(page: Page, heading: str) -> Column:
    datum = Datum(
        KeyKind.STRUCTURE, page.book.data.role("punti_controllo"), MEASURES[INPUTS.index(heading)], ""
    )
    return Column(
        heading, Kind.INPUT, 15, number_format=styles.PIECES, validation=_COUNT, group=_G_DATA, datum=datum
    )


def _check(place: Place) -> object:
    """What is wrong with the counts of a structure, in words."""
    cells = {heading: place.here(heading) for heading in INPUTS}
    return f"={counts_remark(cells, place.across(INPUTS[0], INPUTS[-1]))}"


def counts_remark(cells: Mapping[str, str], whole: str) -> str:
    """The remark on the six counts, as an expression: no numbers, counts that cannot be, or how complete they are.

    Args:
        cells: heading of each count, in the order of `INPUTS` -> reference to its cell.
        whole: reference to all six cells.
    """
    due, done, yes, no, notified, quick = cells.values()
    known = f"COUNT({whole})"
    fixed = f"{yes}+{no}"
    impossible = [
        (f'COUNTIF({whole},"<0")>0', "numero negativo"),
        (f"AND({known}={len(cells)},{done}>{due})", "controllate oltre le pratiche a controllo"),
        (
            f"AND({known}={len(cells)},{fixed}+{notified}>{done})",
            "regolarizzate e notificate oltre le controllate",
        ),
        (f"AND({known}={len(cells)},{quick}>{fixed})", "entro i termini oltre le regolarizzate"),
    ]
    rest = f'IF({known}=0,"",IF({known}<{len(cells)},"dati parziali","OK"))'
    return remarks.on_numbers(cells, remarks.remark(impossible, rest))
