"""The `Sintesi` sheet of `giacenza.xlsx`: scores of the regions over the four areas, with a chart."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind, Species
from xl_perf.templates.giacenza import input as given
from xl_perf.templates.giacenza import sums
from xl_perf.templates.kit import formulas, styles
from xl_perf.templates.kit.charts import ChartSpec, bar_chart
from xl_perf.templates.kit.columns import check, link, result, state_column, verdict_column
from xl_perf.templates.kit.model import Column, Datum, Place, Row, TableSpec
from xl_perf.templates.kit.names import nation
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind, Level

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.plan.model import Plan
    from xl_perf.templates.giacenza.areas import Area
    from xl_perf.templates.kit.model import Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters

SCORE, VERDICT, COVERAGE = "Punteggio giacenza", "Esito giacenza", "Copertura aree"
REPORTED, FLOW = "Strutture rendicontate", "Indice di deflusso totale"
FLOW_OK = "Aree con deflusso raggiunto"
_G_SCORES, _G_SYNTHESIS, _G_FLOW = "Punteggio di giacenza per area", "Sintesi di giacenza", "Deflusso"


@dataclass(frozen=True, slots=True)
class Tables:
    """The areas with their tables, in the same order, and Tabella A; `weights` is the node of the areas' weights."""

    plan: Plan
    areas: Sequence[Area]
    placed: Sequence[Placed]
    targets: Placed
    weights: str

    @property
    def most(self) -> int:
        """The largest number of structures below one."""
        return max(Counter(structure.parent for structure in self.plan.structures_of()).values())

    @property
    def has_flow(self) -> bool:
        """Whether the edition has indicators of deflusso."""
        return all(area.deflusso for area in self.areas)

    def total(self, place: Place, heading: str) -> str:
        """The sum over all areas of what the structure of a row has there."""
        return "=" + "+".join(f"N({table.cell(place.row.code, heading)})" for table in self.placed)


def summary(page: Page, tables: Tables, values: Parameters) -> None:
    """Scores of the regions over the areas, their weighted synthesis and its coverage, with a chart.

    Args:
        page: the empty `Sintesi` page.
        tables: the tables it reads.
        values: where the parameters stand.
    """
    plan = page.book.plan
    rows = [Row(s.code, Level.LEAF, s) for s in plan.regional()]
    whole = nation(plan)
    rows.append(Row(whole, Level.NATIONAL, plan.structures[whole]))
    columns = [
        Column("Struttura", Kind.KEY, 27, lambda place: place.row.code, group="Regione o DCM"),
        *(
            result(area.sheet, 13, link(table, given.DAYS_SCORE), styles.SCORE, group=_G_SCORES)
            for area, table in zip(tables.areas, tables.placed, strict=True)
        ),
        *_synthesis(tables, values),
        *(_flow(tables) if tables.has_flow else ()),
        *_service(tables),
    ]
    table = page.table(TableSpec("tblSintesi", columns, rows, key="Struttura"), FIRST_ROW + 1)
    page.book.top(table.column(SCORE), table.column(REPORTED))
    page.book.top(table.column(VERDICT))
    if tables.has_flow:
        page.book.top(table.column(FLOW))
    page.remark(
        table.last + 1,
        "I pesi delle aree sono un'assunzione, modificabile nel foglio Parametri. "
        "Punteggio vuoto: nessun dato rendicontato.",
    )
    title = "Punteggio di giacenza per regione e DCM"
    chart = ChartSpec(title, "Regione o DCM", "Punteggio", table, "Struttura", SCORE)
    bar_chart(page, chart, f"A{table.last + 3}")
    page.finish()


def _synthesis(tables: Tables, values: Parameters) -> list[Column]:
    weights = values.weights(tables.weights)

    def scores(place: Place) -> str:
        return place.across(tables.areas[0].sheet, tables.areas[-1].sheet)

    def score(place: Place) -> object:
        return formulas.unless_all_empty(f"PERF_SINTESI({scores(place)},{weights})", scores(place))

    def coverage(place: Place) -> object:
        return f"=PERF_COPERTURA({scores(place)},{weights})"

    def reported(place: Place) -> object:
        return f"={place.here(given.DAYS_COUNT)}/{place.here(given.EXPECTED)}"

    def remarked(place: Place) -> object:
        return tables.total(place, given.REMARKS)

    group = _G_SYNTHESIS
    return [
        result(
            SCORE,
            12,
            score,
            styles.SCORE,
            group=group,
            judged_by=VERDICT,
            datum=Datum(KeyKind.STRUCTURE, tables.weights, "punteggio", "", species=Species.RESULT),
        ),
        verdict_column(values, SCORE, VERDICT, group),
        check(
            COVERAGE,
            11,
            coverage,
            styles.PERCENT_1,
            group=group,
            datum=Datum(KeyKind.STRUCTURE, tables.weights, "copertura", "", species=Species.RESULT),
        ),
        check(REPORTED, 13, reported, styles.PERCENT_1, group=group),
        state_column(REPORTED, group=group),
        check(given.REMARKS, 12, remarked, group=group),
    ]


def _flow(tables: Tables) -> list[Column]:
    """Deflusso over all areas as ratio of sums, and how many areas reach their target."""

    def unless_none(place: Place, value: str) -> str:
        return f'=IF({place.here(given.FLOW_COUNT)}=0,"",{value})'

    def total(place: Place) -> object:
        return unless_none(place, f"DEFLUSSO_INDEX({place.here(given.DONE)},{place.here(given.ARRIVED)})")

    def reached(place: Place) -> object:
        return unless_none(place, place.here(sums.REACHED))

    return [
        result(FLOW, 13, total, styles.RATIO, group=_G_FLOW),
        result(FLOW_OK, 13, reached, f'0" su {len(tables.areas)}"', group=_G_FLOW),
    ]


def _service(tables: Tables) -> list[Column]:
    """What the synthesis takes from all areas."""

    def total(heading: str) -> Callable[[Place], object]:
        return lambda place: tables.total(place, heading)

    headings = [given.DAYS_COUNT, given.EXPECTED]
    if tables.has_flow:
        headings += [given.FLOW_COUNT, given.DONE, given.ARRIVED, sums.REACHED]
    return [
        check(heading, 13, total(heading), styles.PIECES, group="Somme delle aree") for heading in headings
    ]
