"""The groups of `valutazione_individuale.xlsx`: giacenza, deflusso and quality of the structures that people belong to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.templates import formulas, styles
from xl_perf.templates import individuale_names as names
from xl_perf.templates.columns import check, link, result, verdict_column
from xl_perf.templates.giacenza_input import PIECES
from xl_perf.templates.individuale_example import cell
from xl_perf.templates.model import Column, PrintSetup, Row, TableSpec, Validation
from xl_perf.templates.page import FIRST_ROW
from xl_perf.templates.styles import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.individuale_example import Example
    from xl_perf.templates.model import Place, Placed
    from xl_perf.templates.page import Page
    from xl_perf.templates.parameters import Parameters

_G_WHO, _G_FLOW, _G_QUALITY = "Gruppo", "Deflusso", "Qualità"
_G_SCORES, _G_RESULT, _G_CHECK = "Punteggi (obiettivo = 100)", "Obiettivi di gruppo", "Controlli"
_STOCK_SCORE, _FLOW_SCORE, _QUALITY_SCORE = "Giacenza", "Deflusso", "Qualità"


@dataclass(frozen=True, slots=True)
class Groups:
    """What the groups' tables need to know: where parameters and Tabella A stand, the list of structures, the example."""

    values: Parameters
    targets: Placed
    structures: Placed
    example: Example


def structure_list(page: Page) -> Placed:
    """Every structure that a group can be: the territory in the order of Tabella A, then the central structures."""
    plan = page.book.plan
    rows = [Row(s.code, item=s) for s in (*plan.structures_of(), *plan.central())]
    columns = [
        Column("Struttura", Kind.KEY, 88, lambda place: place.row.code),
        Column("Tipo", Kind.LABEL, 24, lambda place: str(place.row.item.kind)),
    ]
    table = page.table(TableSpec("tblStrutture", columns, rows, key="Struttura"), FIRST_ROW)
    page.book.define("Elenco_strutture_gruppi", table.column("Struttura"))
    page.finish(freeze=f"B{table.header + 1}", setup=PrintSetup(landscape=False))
    return table


def pick_cells(page: Page, groups: Groups) -> Placed:
    """Where the structures of the groups will stand, before their table is written."""
    return page.geometry(TableSpec(names.T_GROUPS, _who_columns(groups), group_rows()), FIRST_ROW + 1)


def group_rows() -> list[Row]:
    """The rows that are ready, numbered."""
    return [Row(str(number)) for number in range(1, names.GROUPS + 1)]


def group_table(page: Page, groups: Groups, stocks: Placed) -> Placed:
    """The groups: structure, deflusso, quality and the score of the group objectives.

    Args:
        page: the empty `Gruppi` page.
        groups: what it reads.
        stocks: the table of the stocks.
    """
    columns = [
        *_who_columns(groups),
        *_flow_columns(groups),
        *_quality_columns(groups),
        *_score_columns(groups, stocks),
        *_result_columns(groups),
        Column(names.CHECK, Kind.CHECK, 28, _group_check, group=_G_CHECK, judged_by=names.CHECK),
    ]
    table = page.table(TableSpec(names.T_GROUPS, columns, group_rows()), FIRST_ROW + 1)
    page.book.define("Elenco_gruppi", table.column(names.STRUCTURE))
    for offset, line in enumerate(_REMARKS):
        page.remark(table.last + 1 + offset, line)
    breaks = [table.letters[names.QUALITY_BASE]]
    page.finish(
        freeze=f"C{table.header + 1}", setup=PrintSetup(repeat_columns="A:B", breaks=breaks, scale=68)
    )
    return table


_REMARKS = (
    "Pesi del piano (foglio Parametri). Un punteggio parziale usa le sole componenti rendicontate: vedere la Copertura.",
    "Punteggio comunicato: per strutture i cui obiettivi di gruppo si calcolano altrove; sostituisce quello calcolato.",
)

_PICK = Validation(
    "list",
    "Struttura",
    "Scegliere la struttura a cui le persone afferiscono: gli obiettivi della Tabella A arrivano da soli.",
    "Scegliere un nome dall'elenco (foglio Strutture).",
    source="Elenco_strutture_gruppi",
)
_QUALITY_INPUT = Validation(
    "decimal",
    "Indice di qualità",
    "Indice sintetico di qualità delle aree di produzione della struttura, rispetto all'anno precedente (anno precedente = 100).",
    "Inserire un numero maggiore o uguale a zero, senza testo.",
)
_GIVEN = Validation(
    "decimal",
    "Punteggio comunicato",
    "Facoltativo: punteggio degli obiettivi di gruppo calcolato altrove. Vuoto: vale il punteggio calcolato qui.",
    "Inserire un numero maggiore o uguale a zero, oppure lasciare vuoto.",
)


def _who_columns(groups: Groups) -> list[Column]:
    codes, kinds = (groups.structures.column(heading) for heading in ("Struttura", "Tipo"))

    def kind(place: Place) -> object:
        pick = place.here(names.STRUCTURE)
        return formulas.unless_empty(f"INDEX({kinds},MATCH({pick},{codes},0))", pick)

    return [
        Column(names.NUMBER, Kind.KEY, 6, lambda place: int(place.row.code), group=_G_WHO, align="center"),
        Column(
            names.STRUCTURE, Kind.INPUT, 34, lambda p: groups.example.group(p.row.code), align="left",
            validation=_PICK, group=_G_WHO,
        ),
        result("Tipo", 20, kind, align="left", group=_G_WHO),
    ]  # fmt: skip


def _when_picked(reference: str) -> Callable[[Place], object]:
    """A parameter, shown in the rows that have a structure."""
    return lambda place: formulas.unless_empty(reference, place.here(names.STRUCTURE))


def _flow_columns(groups: Groups) -> list[Column]:
    def flow(place: Place) -> object:
        done, arrived = place.here(names.DONE), place.here(names.ARRIVED)
        return formulas.unless_empty(f"DEFLUSSO_INDEX({done},{arrived})", done, arrived)

    return [
        *(
            Column(
                heading, Kind.INPUT, 14, cell(groups.example.flow, heading), styles.PIECES,
                validation=PIECES, group=_G_FLOW,
            )
            for heading in (names.DONE, names.ARRIVED)
        ),
        result(names.FLOW, 12, flow, styles.RATIO, group=_G_FLOW),
        result(
            names.FLOW_TARGET, 12, _when_picked(groups.values.ref("individuale.deflusso")), styles.RATIO, group=_G_FLOW
        ),
    ]  # fmt: skip


def _quality_columns(groups: Groups) -> list[Column]:
    return [
        Column(
            names.QUALITY, Kind.INPUT, 14, lambda p: groups.example.quality(p.row.code), styles.SCORE,
            validation=_QUALITY_INPUT, group=_G_QUALITY,
        ),
        result(names.QUALITY_BASE, 14, _when_picked(groups.values.centre), styles.SCORE, group=_G_QUALITY),
    ]  # fmt: skip


def _score_columns(groups: Groups, stocks: Placed) -> list[Column]:
    values = groups.values

    def scored(actual: str, target: str, indicator: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            value, goal = place.here(actual), place.here(target)
            call = f"PERF_SCORE({value},{goal},{values.direction(indicator)},{values.cap})"
            return formulas.unless_empty(call, value)

        return content

    flow = scored(names.FLOW, names.FLOW_TARGET, "individuale.gruppo.deflusso")
    quality = scored(names.QUALITY, names.QUALITY_BASE, "individuale.gruppo.qualita")
    return [
        result(_STOCK_SCORE, 11, link(stocks, names.STOCK_SCORE), styles.SCORE, group=_G_SCORES),
        result(_FLOW_SCORE, 11, flow, styles.SCORE, group=_G_SCORES),
        result(_QUALITY_SCORE, 11, quality, styles.SCORE, group=_G_SCORES),
    ]


def _result_columns(groups: Groups) -> list[Column]:
    values = groups.values
    weights = values.weights("individuale.obiettivi_gruppo")

    def computed(place: Place) -> object:
        scores = place.across(_STOCK_SCORE, _QUALITY_SCORE)
        return formulas.unless_all_empty(f"PERF_SINTESI({scores},{weights})", scores)

    def used(place: Place) -> object:
        given = place.here(names.GIVEN)
        return f'=IF({given}="",{place.here(names.COMPUTED)},{given})'

    def coverage(place: Place) -> object:
        scores = place.across(_STOCK_SCORE, _QUALITY_SCORE)
        known = f'IF({place.here(names.GIVEN)}="",PERF_COPERTURA({scores},{weights}),1)'
        return formulas.unless_empty(known, place.here(names.STRUCTURE))

    return [
        result(names.COMPUTED, 12, computed, styles.SCORE, group=_G_RESULT),
        Column(
            names.GIVEN, Kind.INPUT, 13, lambda p: groups.example.given(p.row.code), styles.SCORE, validation=_GIVEN,
            group=_G_RESULT,
        ),
        result(names.GROUP_SCORE, 13, used, styles.SCORE, group=_G_RESULT, judged_by=names.VERDICT),
        verdict_column(values, names.GROUP_SCORE, names.VERDICT, _G_RESULT),
        check(names.COVERAGE, 11, coverage, styles.PERCENT_1, group=_G_RESULT),
    ]  # fmt: skip


def _group_check(place: Place) -> object:
    """Structures not chosen or chosen twice, half pairs, partial data: in words."""
    pick, coverage = place.here(names.STRUCTURE), place.here(names.COVERAGE)
    pair = f"COUNT({place.across(names.DONE, names.ARRIVED)})"
    twice = f"SUMPRODUCT(({place.table.column(names.STRUCTURE)}={pick})*1)"
    filled = f"{pair}+COUNT({place.here(names.QUALITY)})+COUNT({place.here(names.GIVEN)})"
    return (
        f'=IF({pick}="",IF({filled}=0,"","▼ struttura non scelta"),'
        f'IF({twice}>1,"▼ struttura ripetuta",IF({pair}=1,"▼ manca un dato di deflusso",'
        f'IF({coverage}=0,"nessun dato",IF({coverage}<1,"dati parziali","OK")))))'
    )
