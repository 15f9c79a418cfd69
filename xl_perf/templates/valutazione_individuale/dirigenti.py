"""Dirigenti and professionisti in `valutazione_individuale.xlsx`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.plan.titles import weight_title
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import result, verdict_column
from xl_perf.templates.kit.model import Column, Row, TableSpec, Validation
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.valutazione_individuale import names, persone, scored
from xl_perf.templates.valutazione_individuale.example import cell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters
    from xl_perf.templates.valutazione_individuale.example import Example
    from xl_perf.templates.valutazione_individuale.plan import Evaluation

_FREE = "struttura o incarico, testo libero: nessun punteggio ne dipende"
_UNIT = Validation(
    "textLength",
    "Struttura",
    "Struttura o incarico (testo libero).",
    "Inserire un testo fra 1 e 80 caratteri.",
    minimum=1,
    maximum=80,
)


def manager_table(page: Page, evaluation: Evaluation, values: Parameters, example: Example) -> Placed:
    """Rows for dirigenti and professionisti: what the plan evaluates them by, and their score.

    Args:
        page: the empty page.
        evaluation: what the plan evaluates.
        values: where the parameters stand.
        example: example inputs.
    """
    plan = page.book.plan
    titles = {node: weight_title(plan, node) for node in evaluation.categories}
    measures = [plan.indicators[code].short or plan.indicators[code].title for code in evaluation.measures]
    rows = [Row(str(number)) for number in range(1, names.MANAGERS + 1)]
    columns = [
        Column(
            names.NUMBER, Kind.KEY, 7, lambda place: int(place.row.code), group=persone.G_WHO, align="center"
        ),
        *_manager_inputs(page.book, list(titles.values()), measures, example),
        *_manager_results(values, titles, measures),
    ]
    table = page.table(TableSpec(names.T_MANAGERS, columns, rows, filters=True), FIRST_ROW + 1)
    page.book.top(table.column(names.TOTAL))
    page.remark(
        table.last + 1,
        "Pesi nel foglio Parametri, che dice quali sono stampati nel piano e quali ricostruiti.",
    )
    page.finish()
    return table


def _manager_inputs(
    book: Book, categories: Sequence[str], measures: Sequence[str], example: Example
) -> list[Column]:
    listed = ",".join(categories)
    role = Validation(
        "list",
        "Qualifica",
        f"Una di: {', '.join(categories)}.",
        "Scegliere dall'elenco.",
        source=f'"{listed}"',
    )
    inputs = (
        (names.NAME, 30, "left", persone.NAME, persone.G_WHO, persone.ONLY_NAME),
        (names.ROLE, 18, "left", role, persone.G_WHO, ""),
        (names.STRUCTURE, 34, "left", _UNIT, persone.G_WHO, _FREE),
        *(
            (heading, 16, "", persone.points_of(book, heading[:32], f"{heading}: {persone.SMVP}"), persone.G_INPUT, "")
            for heading in measures
        ),
    )  # fmt: skip
    return [
        Column(
            heading, Kind.INPUT, width, cell(example.manager, heading),
            styles.SCORE if align == "" else styles.GENERAL, align=align, validation=validation, group=group,
            informative=informative, datum=names.of_row("dirigenti", heading),
        )
        for heading, width, align, validation, group, informative in inputs
    ]  # fmt: skip


def _manager_results(values: Parameters, titles: Mapping[str, str], measures: Sequence[str]) -> list[Column]:
    first, last = measures[0], measures[-1]

    def score(place: Place) -> object:
        role, scores = place.here(names.ROLE), place.across(first, last)
        *others, last_node = titles
        weights = values.weights(last_node)
        for node in reversed(others):
            weights = f'IF({role}="{titles[node]}",{values.weights(node)},{weights})'
        call = f"PERF_SINTESI({scores},{weights})"
        return f'=IF({place.here(scored.MISSING)}>0,"",{call})'

    def wrong(place: Place) -> object:
        scores = place.across(first, last)
        unknown = remarks.not_among(place.here(names.ROLE), titles.values())
        return f"=IF(OR({unknown},COUNT({scores})+COUNTBLANK({scores})<{len(measures)}),1,0)"

    def missing(place: Place) -> object:
        blank = f"COUNTBLANK({place.here(names.ROLE)})+COUNTBLANK({place.across(first, last)})"
        return f"=IF({place.here(scored.WRONG)}=1,#VALUE!,{blank})"

    def words(place: Place) -> object:
        role = place.here(names.ROLE)
        conditions = [
            (f"COUNTBLANK({place.here(names.NAME)})=1", "manca il nominativo"),
            (f"COUNTBLANK({role})=1", "manca la qualifica"),
            (remarks.not_among(role, titles.values()), f"{names.ROLE}: {remarks.NO_CHOICE}"),
        ]
        rest = f'IF({place.here(names.TOTAL)}="","valutazione da completare","OK")'
        cells = {heading: place.here(heading) for heading in measures}
        found = remarks.on_numbers(cells, remarks.remark(conditions, rest))
        return f'=IF({formulas.blank(place.across(names.NAME, last))},"",{found})'

    return [
        result(names.TOTAL, 12, score, styles.SCORE, group=persone.G_RESULT, judged_by=names.VERDICT),
        verdict_column(values, names.TOTAL, names.VERDICT, persone.G_RESULT),
        Column(names.CHECK, Kind.CHECK, 44, words, group=persone.G_CHECK, judged_by=names.CHECK),
        scored.service(scored.WRONG, wrong),
        scored.service(scored.MISSING, missing),
    ]
