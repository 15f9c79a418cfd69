"""The result sheets of `lavoro_agile.xlsx`: scores by indicator and year with a chart, and one year on a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.contract.model import MONTH, KeyKind, Species
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.card import CardHead, card_head
from xl_perf.templates.kit.charts import ChartSpec, bar_chart
from xl_perf.templates.kit.columns import check, result, verdict_column
from xl_perf.templates.kit.model import Column, Datum, Row, TableSpec
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.lavoro_agile import names
from xl_perf.templates.lavoro_agile.indicators import measure_format, measure_rows, part_format
from xl_perf.templates.lavoro_agile.technology import technology_rows, unit_format

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters
    from xl_perf.templates.lavoro_agile.technology import Year

_YEAR = "Anno"
_REPORTED = "Indicatori POLA rendicontati"
_TECHNOLOGY, _COVERAGE = "Punteggio tecnologia", "Copertura tecnologia"
_REMARKS = "Segnalazioni"
_QUOTA_SCORE = "Punteggio della quota"
_ROW = "Riga"
"""Heading of the row of a code in the table of the chosen year."""


@dataclass(frozen=True, slots=True)
class Tables:
    """What the edition says, and the tables that results read: technology and indicators of each year, in order."""

    agile: names.Agile
    technology: Sequence[Year]
    indicators: Mapping[str, Placed]


def summary(page: Page, tables: Tables, values: Parameters) -> Placed:
    """Scores by indicator and year, then a line for each year; gives the table of the years.

    Args:
        page: the empty `Sintesi` page.
        tables: the tables it reads.
        values: where the parameters stand.
    """
    plan = page.book.plan
    agile = tables.agile
    rows = [Row(agile.share, item=plan.indicators[agile.share]), *technology_rows(plan, agile)]
    page.section(FIRST_ROW, "Punteggi degli indicatori con un obiettivo")
    columns = [Column(names.TITLE, Kind.KEY, 52, lambda place: place.row.item.title)]
    for year in tables.technology:
        columns += _year_columns(tables, year, values)
    table = page.table(TableSpec("tblSintesi", columns, rows), FIRST_ROW + 2)
    page.remark(
        table.last + 1,
        "La quota di lavoratori agili è confrontata con la quota minima del foglio Parametri; le altre "
        "righe con gli obiettivi tecnologici.",
    )
    row = table.last + 3
    page.section(row, "Sintesi per anno")
    by_year = page.table(_by_year(tables, values), row + 1)
    page.book.top(by_year.column(_TECHNOLOGY), by_year.column(_COVERAGE))
    page.book.top(by_year.column(names.VERDICT))
    page.book.top(by_year.column(_QUOTA_SCORE))
    first = tables.technology[0].year
    spec = ChartSpec(
        f"Punteggio {first} per indicatore", "Indicatore", "Punteggio", table, names.TITLE,
        _score(first)
    )  # fmt: skip
    bar_chart(page, spec, f"A{by_year.last + 3}")
    page.finish()
    return by_year


def _score(year: str) -> str:
    return f"Punteggio {year}"


def _verdict(year: str) -> str:
    return f"Esito {year}"


def _year_columns(tables: Tables, year: Year, values: Parameters) -> list[Column]:
    def score(place: Place) -> object:
        share = tables.agile.share
        if place.row.code == share:
            return _quota_score(tables.indicators[year.year].cell(share, names.VALUE), tables.agile, values)
        return formulas.shown(year.table.cell(place.row.code, names.SCORE))

    heading, verdict = _score(year.year), _verdict(year.year)
    return [
        result(heading, 12, score, styles.SCORE, group=year.year, judged_by=verdict),
        verdict_column(values, heading, verdict, year.year),
    ]


def _quota_score(value: str, agile: names.Agile, values: Parameters) -> str:
    direction, goal = values.direction(agile.share), values.ref(agile.threshold)
    return formulas.unless_empty(f"PERF_SCORE({value},{goal},{direction},{values.cap})", value)


def _of_year(item: str, measure: str) -> Datum:
    """A result of the year that stands in the key cell."""
    return Datum(KeyKind.ITEM, item, measure, period=MONTH, species=Species.RESULT, key=_YEAR)


def _by_year(tables: Tables, values: Parameters) -> TableSpec:
    """Synthesis of the technology, share of agile workers, indicators reported."""
    rows = [Row(year.year, item=year) for year in tables.technology]
    score, quota = _TECHNOLOGY, names.QUOTA
    count = sum(not measure.part for measure in tables.agile.measures)

    def share(place: Place) -> str:
        return tables.indicators[place.row.code].cell(tables.agile.share, names.VALUE)

    def reported(place: Place) -> object:
        table = tables.indicators[place.row.code]
        return f"=SUM({table.column(names.REPORTED)})"

    def remarked(place: Place) -> object:
        counts = (
            remarks.counted(t.column(names.CHECK))
            for t in (place.row.item.table, tables.indicators[place.row.code])
        )
        return f"={'+'.join(counts)}"

    return TableSpec(
        "tblSintesiAnni",
        [
            Column(_YEAR, Kind.KEY, 52, lambda place: int(place.row.code), align="left"),
            result(
                score,
                12,
                lambda p: formulas.shown(p.row.item.score),
                styles.SCORE,
                judged_by=names.VERDICT,
                datum=_of_year(tables.agile.technology, "punteggio"),
            ),
            verdict_column(values, score, names.VERDICT),
            check(
                _COVERAGE,
                12,
                lambda p: f"={p.row.item.coverage}",
                styles.PERCENT_1,
                datum=_of_year(tables.agile.technology, "copertura"),
            ),
            result(quota, 26, lambda p: formulas.shown(share(p)), styles.PERCENT),
            result(
                _QUOTA_SCORE,
                12,
                lambda p: _quota_score(share(p), tables.agile, values),
                styles.SCORE,
                datum=_of_year(tables.agile.share, "punteggio"),
            ),
            check(_REPORTED, 26, reported, f'0" su {count}"'),
            check(_REMARKS, 16, remarked),
        ],
        rows,
    )


def card(page: Page, tables: Tables, by_year: Placed) -> None:
    """A year on one page: technology with its synthesis, indicators of the POLA, a chart.

    Args:
        page: the empty `Scheda` page.
        tables: the tables it reads.
        by_year: the table of the years, to pick from.
    """
    page.book.define("Elenco_anni", by_year.column(_YEAR))
    first = tables.technology[0].year
    head = card_head(page, CardHead(_YEAR, "Elenco_anni", int(first), by_year.column(_YEAR)))

    picks = _Picks(head.position)
    top = FIRST_ROW + 4
    page.section(top - 1, "Obiettivi tecnologici")
    table = page.table(_technology_card(picks, page, tables), top)
    _card_synthesis(page, table.last + 1, tables, picks)
    page.section(table.last + 3, "Indicatori del POLA")
    measures = page.table(_measure_card(tables, picks), table.last + 4)
    spec = ChartSpec(
        "Punteggio degli obiettivi tecnologici dell'anno scelto", "Tecnologia", "Punteggio",
        table, "Tecnologia", names.SCORE
    )  # fmt: skip
    bar_chart(page, spec, f"A{measures.last + 3}")
    page.finish()


@dataclass(frozen=True, slots=True)
class _Picks:
    """What the card shows of the chosen year, whose number the cell at `position` has."""

    position: str

    def of(self, choices: Sequence[str], less: str = "") -> str:
        """The one of several references that belongs to the year; `less` is taken from its number."""
        return f"CHOOSE({self.position}{less},{','.join(choices)})"

    def row(self, tables: Sequence[Placed]) -> Column:
        """The column with the row of the code in the table of the year."""

        def content(place: Place) -> object:
            codes = self.of([table.column(names.KEY) for table in tables])
            return f"=MATCH({place.here(names.KEY)},{codes},0)"

        return check(_ROW, 9, content)

    def cell(self, tables: Sequence[Placed], heading: str) -> Callable[[Place], object]:
        """A column of the table of the year, in that row."""

        def content(place: Place) -> object:
            cells = self.of([table.column(heading) for table in tables])
            return formulas.shown(f"INDEX({cells},{place.here(_ROW)})")

        return content

    def later(self, tables: Sequence[Placed], heading: str) -> Callable[[Place], object]:
        """A column that the tables of all years but the first have; of the first year it is empty."""

        def content(place: Place) -> object:
            cells = self.of([table.column(heading) for table in tables[1:]], "-1")
            found = formulas.shown(f"INDEX({cells},{place.here(_ROW)})")
            return f'=IF({self.position}=1,"",{found[1:]})'

        return content


def _technology_card(picks: _Picks, page: Page, tables: Tables) -> TableSpec:
    agile, years = tables.agile, [year.table for year in tables.technology]

    def cell(heading: str) -> Callable[[Place], object]:
        return picks.cell(years, heading)

    columns = [
        Column("Tecnologia", Kind.KEY, 54, lambda place: place.row.item.title),
        result(names.NUMERATOR, 15, cell(names.NUMERATOR), styles.PIECES),
        result(names.HEADS, 15, cell(names.HEADS), styles.PIECES),
        result(names.ACTUAL, 17, cell(names.ACTUAL), unit_format),
        result(names.TARGET, 17, cell(names.TARGET), unit_format),
        result(names.GAP, 14, cell(names.GAP), styles.DEVIATION),
        result(names.SCORE, 12, cell(names.SCORE), styles.SCORE, judged_by=names.VERDICT),
        result(names.VERDICT, 13, cell(names.VERDICT), align="left", judged_by=names.VERDICT),
        Column(names.KEY, Kind.KEY, 30, lambda place: place.row.code, paper=False),
        picks.row(years),
    ]
    rows = technology_rows(page.book.plan, agile)
    return TableSpec("tblSchedaTecnologia", columns, rows, key=names.KEY)


def _card_synthesis(page: Page, row: int, tables: Tables, picks: _Picks) -> None:
    page.put(row, 1, "Sintesi", Kind.KEY, level=Level.NATIONAL)
    for at in range(2, 7):
        page.put(row, at, None, Kind.LABEL, level=Level.NATIONAL)
    years = tables.technology
    for at, cells, number_format, align in (
        (7, [year.score for year in years], styles.SCORE, "right"),
        (8, [year.verdict for year in years], styles.GENERAL, "left"),
    ):
        page.put(
            row, at, formulas.shown(picks.of(cells)), Kind.FORMULA, level=Level.NATIONAL, number_format=number_format,
            align=align,
        )  # fmt: skip
    coverage = f"={picks.of([year.coverage for year in years])}"
    page.put(row, 9, coverage, Kind.CHECK, number_format='"cop. "0%', align="right")


def _measure_card(tables: Tables, picks: _Picks) -> TableSpec:
    years = list(tables.indicators.values())
    base = next(iter(tables.indicators))

    def cell(heading: str) -> Callable[[Place], object]:
        return picks.cell(years, heading)

    columns = [
        Column(names.TITLE, Kind.KEY, 54, lambda place: place.row.item.title, align="wrap"),
        result(names.NUMERATOR, 15, cell(names.NUMERATOR), part_format),
        result(names.DENOMINATOR, 15, cell(names.DENOMINATOR), part_format),
        result(names.VALUE, 17, cell(names.VALUE), measure_format),
        result(
            names.baseline_heading(base), 17,
            lambda p: formulas.shown(tables.indicators[base].cell(p.row.code, names.VALUE)), measure_format,
        ),
        result(
            names.change_heading(base), 14, picks.later(years, names.change_heading(base)), styles.DEVIATION,
            judged_by="*",
        ),
        Column(names.KEY, Kind.KEY, 30, lambda place: place.row.code, paper=False),
        picks.row(years),
    ]  # fmt: skip
    return TableSpec("tblSchedaIndicatori", columns, measure_rows(tables.agile))
