"""The sheet `Fasce di merito` of `valutazione_individuale.xlsx`: years in the high band and the title they give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates.kit import formulas, remarks
from xl_perf.templates.kit.columns import result
from xl_perf.templates.kit.model import Column, Row, TableSpec, Validation
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.valutazione_individuale import names
from xl_perf.templates.valutazione_individuale.example import cell

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters
    from xl_perf.templates.valutazione_individuale.example import Example
    from xl_perf.templates.valutazione_individuale.plan import Evaluation

COUNT, LONGEST, TITLE = "Anni in fascia alta", "Anni consecutivi", "Titolo prioritario"
_EARNED, _NOT_YET = "▲ maturato", "● non maturato"
_G_WHO, _G_YEARS, _G_RUNS, _G_RESULT = (
    "Persona",
    "In fascia di merito alta",
    "Serie fino all'anno",
    "Risultato",
)
_YEAR = Validation(
    "list",
    "Fascia di merito alta",
    "sì = nell'anno la persona era nella fascia di merito alta (SMVP), no = era in un'altra. Vuoto: anno "
    "senza valutazione.",
    "Scegliere sì oppure no.",
    source=f'"{names.YES},{names.NO}"',
)


def years_shown(page: Page, evaluation: Evaluation) -> list[str]:
    """The years that can be filled in: up to the plan's, twice as many as the plan asks for at most."""
    plan = page.book.plan
    count = 2 * int(max(plan.parameter(code) for code in evaluation.merit))
    last = int(plan.period)
    return [str(year) for year in range(last - count + 1, last + 1)]


def merit_table(
    page: Page, evaluation: Evaluation, values: Parameters, staff: Placed, example: Example
) -> Placed:
    """For each person of the areas A, B, C: years in the high band, the longest run, whether they give the title.

    Args:
        page: the empty page.
        evaluation: what the plan evaluates.
        values: where the parameters stand.
        staff: the table of the people, whose names it repeats.
        example: example inputs.
    """
    years = years_shown(page, evaluation)
    rows = [Row(str(number)) for number in range(1, names.STAFF + 1)]
    columns = [
        Column(names.NUMBER, Kind.KEY, 7, lambda place: int(place.row.code), group=_G_WHO, align="center"),
        result(
            names.NAME, 30, lambda p: formulas.shown(staff.cell(p.row.code, names.NAME)), align="left", group=_G_WHO
        ),
        *(
            Column(
                year, Kind.INPUT, 7, cell(example.year, year), align="center", validation=_YEAR, group=_G_YEARS,
                datum=names.of_row("merito", year),
            )
            for year in years
        ),
        *_runs(years),
        *_results(years, evaluation, values),
    ]  # fmt: skip
    table = page.table(TableSpec(names.T_MERIT, columns, rows), FIRST_ROW + 1)
    page.book.top(table.column(COUNT))
    page.book.top(table.column(TITLE))
    page.remark(
        table.last + 1,
        "Il piano dà titolo prioritario nelle progressioni a chi è nella fascia alta per gli anni, "
        "consecutivi o no, del foglio Parametri; chi sia nella fascia alta lo dice il SMVP. Il punteggio "
        "da riconoscere non è stampato nel piano.",
    )
    for number, line in enumerate(_bonus(page), 1):
        page.remark(table.last + 1 + 3 * number, line)
    page.finish()
    return table


def _bonus(page: Page) -> list[str]:
    """What the plan says of the bonus, and what it does not: a line each; none where the edition has no bonus."""
    book = page.book
    if not book.data.has("bonus"):
        return []
    said = [d for d in book.plan.descriptions if d.subject == book.data.role("bonus")]
    return [line for d in said for line in (f"{d.title}: {d.text} ({d.source}).", f"Nota: {d.note}.") if line]


def _run(year: str) -> str:
    return f"Serie {year}"


def _runs(years: Sequence[str]) -> list[Column]:
    """How many years in a row each year ends; a year without evaluation ends a run."""

    def run(year: str, before: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            held = place.here(year)
            so_far = f"{place.here(_run(before))}+1" if before else "1"
            return f'=IF({held}="{names.YES}",{so_far},IF(OR({held}="",{held}="{names.NO}"),0,#VALUE!))'

        return content

    return [
        Column(_run(year), Kind.CHECK, 7, run(year, before), "0", align="right", group=_G_RUNS)
        for before, year in zip(["", *years], years, strict=False)
    ]


def _results(years: Sequence[str], evaluation: Evaluation, values: Parameters) -> list[Column]:
    consecutive, single = (values.ref(code) for code in evaluation.merit)

    def given(place: Place) -> str:
        return place.across(years[0], years[-1])

    def runs(place: Place) -> str:
        return place.across(_run(years[0]), _run(years[-1]))

    def count(place: Place) -> object:
        return formulas.unless_blank(
            f'COUNTIF({given(place)},"{names.YES}")+0*SUM({runs(place)})', given(place)
        )

    def title(place: Place) -> object:
        enough = f"OR({place.here(LONGEST)}>={consecutive},{place.here(COUNT)}>={single})"
        return formulas.unless_empty(f'IF({enough},"{_EARNED}","{_NOT_YET}")', place.here(COUNT))

    def words(place: Place) -> object:
        wrong = [
            (remarks.not_among(place.here(year), (names.YES, names.NO)), f"{year}: {remarks.NO_CHOICE}")
            for year in years
        ]
        rest = f'IF(AND({place.here(names.NAME)}="",COUNTA({given(place)})>0),"{remarks.MARK} manca il nominativo","")'
        return f"={remarks.remark(wrong, rest)}"

    return [
        result(COUNT, 11, count, "0", group=_G_RESULT),
        result(
            LONGEST, 12, lambda p: formulas.unless_blank(f"MAX({runs(p)})", given(p)), "0", group=_G_RESULT
        ),
        result(TITLE, 20, title, align="left", group=_G_RESULT, judged_by=TITLE),
        Column(names.CHECK, Kind.CHECK, 32, words, group=_G_RESULT, judged_by=names.CHECK),
    ]
