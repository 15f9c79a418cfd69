"""The staff of the regions in the scorecard of the whole institute: sums, and targets weighed with the staff."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import result
from xl_perf.templates.kit.model import Column, Content, Datum, Link, Row, TableSpec, Validation
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.kit.targets import linked_column, linked_source
from xl_perf.templates.scheda_territoriale.base import AMOUNT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.templates.kit.model import Place
    from xl_perf.templates.scheda_territoriale.base import Scorecard

STRUCTURE, STAFF, PRODUCING, SUPPORT = (
    "Struttura",
    "Personale totale",
    "di cui in produzione",
    "di cui di supporto",
)
OWN, OTHER, TOTAL = "Personale della Direzione", "Totale della regione, se diverso", "Totale in uso"
SUPPORT_GOAL, SUPPORT_DUE = "Obiettivo di supporto della regione", "Supporto secondo l'obiettivo"
REGION = "Codice regione"
OWN_GOAL, OWN_DUE, CHECK = "Obiettivo della Direzione", "Direzione secondo l'obiettivo", "Controllo dati"
_NUMBER = "#,##0.0"

_SHARE = Validation(
    "decimal",
    "Quota obiettivo",
    "Obiettivo della quota di supporto nella scheda della regione: lo porta qui xl-perf collect. Vuoto se non noto.",
    "Inserire una quota fra 0% e 100%.",
    maximum=1,
)


def national_staff_spec(card: Scorecard) -> TableSpec:
    """The staff of each region and DCM and of its Direzione, with what the targets of the two shares ask for.

    Args:
        card: the scorecard.
    """
    regions = [Row(region.code, item=region) for region in card.offices]
    codes = [row.code for row in regions]
    rows = [*regions, Row(card.region.code, Level.TOTAL, card.region)]
    of_region = card.data.role("personale_regionale")
    link = Link("struttura", of_region, card.plan.period, REGION, "Fonte")
    goals = linked_column(card.plan, OWN_GOAL, 14, link, _region, styles.PERCENT_1)

    def datum(role: str, measure: str) -> Datum:
        return Datum(KeyKind.STRUCTURE, card.data.role(role), measure, "")

    def given(heading: str, role: str, measure: str) -> Column:
        return Column(heading, Kind.INPUT, 14, _summed(heading, codes), _NUMBER, validation=AMOUNT,
                      datum=datum(role, measure))  # fmt: skip

    def own_goal(place: Place) -> object:
        if place.row.level is Level.LEAF:
            return goals.content(place)
        return Content(_mean(place, OWN_DUE, TOTAL, codes), Kind.FORMULA)

    columns = [
        Column(STRUCTURE, Kind.KEY, 52, lambda place: place.row.code),
        given(STAFF, "personale_sedi", "totale"),
        given(PRODUCING, "personale_sedi", "produzione"),
        given(SUPPORT, "personale_sedi", "supporto"),
        Column(SUPPORT_GOAL, Kind.INPUT, 14, _support_goal(codes), styles.PERCENT_1, validation=_SHARE,
               datum=datum("personale_supporto", "obiettivo")),
        result(SUPPORT_DUE, 14, _due(STAFF, SUPPORT_GOAL, codes), _NUMBER),
        given(OWN, "personale_direzione", "totale"),
        given(OTHER, "personale_regione", "totale"),
        result(TOTAL, 14, _total(codes), _NUMBER),
        replace(goals, content=own_goal),
        result(OWN_DUE, 14, _due(TOTAL, OWN_GOAL, codes), _NUMBER),
        Column(CHECK, Kind.CHECK, 34, _remark, judged_by=CHECK),
        linked_source(card.plan, "Fonte", 34, goals, _region),
        Column(REGION, Kind.LABEL, 26, lambda place: _region(place.row) or None),
    ]  # fmt: skip
    return TableSpec("tblPersonaleSedi", columns, rows, key=STRUCTURE, source="Fonte")


def _region(row: Row) -> str:
    """The code of a region; empty for the nation, which has no target of its own."""
    return row.code if row.level is Level.LEAF else ""


def _summed(heading: str, codes: Sequence[str]) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        if place.row.level is Level.LEAF:
            return None
        return Content(formulas.total(place.span(heading, codes)), Kind.FORMULA)

    return content


def _support_goal(codes: Sequence[str]) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        if place.row.level is Level.LEAF:
            return None
        return Content(_mean(place, SUPPORT_DUE, STAFF, codes), Kind.FORMULA)

    return content


def _mean(place: Place, due: str, staff: str, codes: Sequence[str]) -> str:
    """Mean of the targets of the regions, weighed with their staff."""
    expected, heads = place.here(due), place.span(staff, codes)
    known = f'({place.span(due, codes)}<>"")'
    return formulas.unless_empty(f"{expected}/SUMPRODUCT({known}*1,{heads})", expected)


def _due(staff: str, goal: str, codes: Sequence[str]) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        if place.row.level is not Level.LEAF:
            return formulas.total(place.span(SUPPORT_DUE if staff == STAFF else OWN_DUE, codes))
        heads, wanted = place.here(staff), place.here(goal)
        return formulas.complete(f"{heads}*{wanted}", heads, wanted)

    return content


def _total(codes: Sequence[str]) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        if place.row.level is not Level.LEAF:
            return formulas.total(place.span(TOTAL, codes))
        own, other, staff = (place.here(heading) for heading in (OWN, OTHER, STAFF))
        return f'=IF({other}="",IF({own}="","",IF({staff}="","",{own}+{staff})),{other}*1)'

    return content


def _remark(place: Place) -> object:
    """What is wrong in a row; see `scheda_base.remark_column`."""
    if place.row.level is not Level.LEAF:
        return None
    cells = {
        heading: place.here(heading) for heading in (STAFF, PRODUCING, SUPPORT, SUPPORT_GOAL, OWN, OTHER)
    }
    whole, producing, support, _, own, _ = cells.values()
    said = (
        f'IF(COUNT({whole},{producing},{support},{own})=0,"",IF(COUNT({whole},{producing},{support},{own})<4,'
        f'"dati parziali",IF({producing}+{support}>{whole},"▼ parti oltre il totale","OK")))'
    )
    return f"={remarks.on_numbers(cells, said)}"
