"""The groups of `valutazione_individuale.xlsx`: giacenza, deflusso and quality of people's structures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.templates.giacenza.input import PIECES
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import check, link, result, verdict_column
from xl_perf.templates.kit.model import Column, Row, TableSpec, Validation
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.valutazione_individuale import names
from xl_perf.templates.valutazione_individuale.example import cell

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.templates.giacenza.areas import Area
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters
    from xl_perf.templates.valutazione_individuale.example import Example
    from xl_perf.templates.valutazione_individuale.plan import Evaluation

_G_WHO, _G_FLOW, _G_QUALITY = "Gruppo", "Deflusso", "Qualità"
_G_SCORES, _G_RESULT, _G_CHECK = "Punteggi", "Obiettivi di gruppo", "Controlli"
_KIND = "Tipo"
_SCORES = {"giacenza": "Giacenza", "deflusso": "Deflusso", "qualita": "Qualità"}
"""Part of the group objectives -> heading of its score."""


@dataclass(frozen=True, slots=True)
class Groups:
    """What the groups' tables need to know.

    The plan's evaluation, where things stand, the list of structures, the example.
    """

    evaluation: Evaluation
    areas: Sequence[Area]
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
    page.finish()
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
        *(_flow_columns(groups) if "deflusso" in groups.evaluation.group_parts else ()),
        *(_quality_columns(groups) if "qualita" in groups.evaluation.group_parts else ()),
        *_score_columns(groups, stocks),
        *_result_columns(groups),
        Column(
            names.CHECK,
            Kind.CHECK,
            44,
            _group_check(groups.evaluation),
            group=_G_CHECK,
            judged_by=names.CHECK,
        ),
    ]
    aside = (_KIND, names.QUALITY_BASE, names.COMPUTED, names.GIVEN, names.COVERAGE)
    table = page.table(TableSpec(names.T_GROUPS, columns, group_rows(), aside=aside), FIRST_ROW + 1)
    page.book.define("Elenco_gruppi", table.column(names.STRUCTURE))
    for offset, line in enumerate(_REMARKS):
        page.remark(table.last + 1 + offset, line)
    page.finish()
    return table


_REMARKS = (
    (
        "Pesi del piano (foglio Parametri). Un punteggio parziale usa le sole componenti rendicontate: "
        "vedere la Copertura."
    ),
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
    "Indice sintetico di qualità delle aree di produzione della struttura, rispetto all'anno precedente "
    "(anno precedente = 100).",
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
            validation=_PICK, group=_G_WHO, datum=names.of_row("gruppi", names.STRUCTURE),
        ),
        result(_KIND, 20, kind, align="left", group=_G_WHO),
    ]  # fmt: skip


def _when_picked(reference: str) -> Callable[[Place], object]:
    """A parameter, shown in the rows that have a structure."""
    return lambda place: formulas.unless_empty(reference, place.here(names.STRUCTURE))


def _flow_columns(groups: Groups) -> list[Column]:
    def flow(place: Place) -> object:
        done, arrived = place.here(names.DONE), place.here(names.ARRIVED)
        return formulas.complete(f"DEFLUSSO_INDEX({done},{arrived})", done, arrived)

    return [
        *(
            Column(
                heading, Kind.INPUT, 14, cell(groups.example.flow, heading), styles.PIECES,
                validation=PIECES, group=_G_FLOW, datum=names.of_row("gruppi", heading),
            )
            for heading in (names.DONE, names.ARRIVED)
        ),
        result(names.FLOW, 12, flow, styles.RATIO, group=_G_FLOW),
        result(
            names.FLOW_TARGET, 12, _when_picked(groups.values.ref(groups.evaluation.flow_target)),
            styles.RATIO, group=_G_FLOW
        ),
    ]  # fmt: skip


def _quality_columns(groups: Groups) -> list[Column]:
    return [
        Column(
            names.QUALITY, Kind.INPUT, 14, lambda p: groups.example.quality(p.row.code), styles.SCORE,
            validation=_QUALITY_INPUT, group=_G_QUALITY, datum=names.of_row("gruppi", names.QUALITY),
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

    parts = groups.evaluation.group_parts
    compared = {"deflusso": (names.FLOW, names.FLOW_TARGET), "qualita": (names.QUALITY, names.QUALITY_BASE)}
    contents = {
        part: scored(*compared[part], indicator) if part in compared else link(stocks, names.STOCK_SCORE)
        for part, indicator in parts.items()
    }
    return [
        result(heading, 11, contents[part], styles.SCORE, group=_G_SCORES)
        for part, heading in score_headings(groups.evaluation).items()
    ]


def score_headings(evaluation: Evaluation) -> dict[str, str]:
    """Part of the group objectives -> heading of its score, in the order of the weights."""
    return {part: _SCORES[part] for part in evaluation.group_parts}


def _result_columns(groups: Groups) -> list[Column]:
    values = groups.values
    weights = values.weights(groups.evaluation.group_node)
    heads = list(score_headings(groups.evaluation).values())

    def computed(place: Place) -> object:
        scores = place.across(heads[0], heads[-1])
        kind = place.here(_KIND)
        return f'=IF(ISERROR({kind}),{kind},IF({formulas.blank(scores)},"",PERF_SINTESI({scores},{weights})))'

    def used(place: Place) -> object:
        given = place.here(names.GIVEN)
        return f'=IF({given}="",{place.here(names.COMPUTED)},{given}*1)'

    def coverage(place: Place) -> object:
        scores = place.across(heads[0], heads[-1])
        known = f'IF({place.here(names.GIVEN)}="",PERF_COPERTURA({scores},{weights}),1)'
        return formulas.unless_empty(known, place.here(names.STRUCTURE))

    return [
        result(names.COMPUTED, 12, computed, styles.SCORE, group=_G_RESULT),
        Column(
            names.GIVEN, Kind.INPUT, 13, lambda p: groups.example.given(p.row.code), styles.SCORE, validation=_GIVEN,
            group=_G_RESULT, datum=names.of_row("gruppi", names.GIVEN),
        ),
        result(names.GROUP_SCORE, 13, used, styles.SCORE, group=_G_RESULT, judged_by=names.VERDICT),
        verdict_column(values, names.GROUP_SCORE, names.VERDICT, _G_RESULT),
        check(names.COVERAGE, 11, coverage, styles.PERCENT_1, group=_G_RESULT),
    ]  # fmt: skip


def _group_check(evaluation: Evaluation) -> Callable[[Place], object]:
    """Inputs that are no numbers, structures not chosen or chosen twice, half pairs, partial data: in words."""
    pair = [names.DONE, names.ARRIVED] if "deflusso" in evaluation.group_parts else []
    quality = [names.QUALITY] if "qualita" in evaluation.group_parts else []
    heads = [*pair, *quality, names.GIVEN]

    def content(place: Place) -> object:
        pick, coverage = place.here(names.STRUCTURE), place.here(names.COVERAGE)
        twice = f"COUNTIF({place.table.column(names.STRUCTURE)},{pick})"
        filled = f"COUNT({','.join(place.here(heading) for heading in heads)})"
        conditions = [
            (f"ISERROR({place.here(_KIND)})", f"{names.STRUCTURE}: {remarks.NO_CHOICE}"),
            (f"COUNTBLANK({pick})*{filled}>0", "struttura non scelta"),
            (f"IF(ISERROR({pick}),FALSE,AND(COUNTBLANK({pick})=0,{twice}>1))", "struttura ripetuta"),
        ]
        if pair:
            known = f"COUNT({place.across(names.DONE, names.ARRIVED)})"
            conditions.append((f"{known}=1", "manca un dato di deflusso"))
        score = names.GROUP_SCORE
        conditions.append((f"ISERROR({place.here(score)})", f"{score}: non si calcola con questi dati"))
        words = f'IF({pick}="","",IF({coverage}=0,"nessun dato",IF({coverage}<1,"dati parziali","OK")))'
        cells = {heading: place.here(heading) for heading in heads}
        return f"={remarks.on_numbers(cells, remarks.remark(conditions, words))}"

    return content
