"""The result sheets of `progetti.xlsx`: counts and score of each structure, and of each obiettivo generale di ente."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind, Species
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.charts import ChartSpec, bar_chart
from xl_perf.templates.kit.columns import check, result, state_column, verdict_column
from xl_perf.templates.kit.labels import name_from
from xl_perf.templates.kit.model import Column, Datum, PrintSetup, Row, TableSpec
from xl_perf.templates.kit.names import short_name
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.kit.targets import source_column, target_column
from xl_perf.templates.progetti import input as given

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters
    from xl_perf.templates.progetti.tables import Tables

NAME, TOTAL = "Nome breve", "Righe"
VALUED, NOT_VALUED, OPEN, REPORTED = "Valorizzate", "Non valorizzate", "Da stabilire", "Valorizzate rilevate"
NO_STATE, GOAL = "senza stato", "Obiettivo"
SCORE, VERDICT, COVERAGE, WEIGHTS = "Punteggio", "Esito", "Copertura", "Somma dei pesi"
ALL = "tutte"
_NAME_WIDTH = 84
_OBJECTIVES = "obiettivi"
"""Role of the obiettivi generali di ente; the register names them by the last part of their codes."""
_G_KEY, _G_ROWS, _G_STATES, _G_RESULT, _G_CHECK = (
    "Struttura", "Righe della Tabella D", "Stato", "Realizzazione delle righe valorizzate", "Controlli e fonte",
)  # fmt: skip


def structure_spec(tables: Tables, values: Parameters) -> TableSpec:
    """Counts by kind, by what counts and by state, then the synthesis over the valued rows.

    Args:
        tables: where the tables stand.
        values: where the parameters stand.
    """
    plan = tables.plan
    rows = [Row(code, item=plan.structures[code]) for code in tables.codes]

    def equal(place: Place) -> object:
        valued = place.here(VALUED)
        share = f"IF({valued}=0,0,1/{valued})"
        return f'=IF({formulas.blank(_rows_of(tables, place.row.code, given.OWN_WEIGHT))},{share},"")'

    goal = target_column(plan, GOAL, 11, "struttura", tables.indicator, styles.PERCENT_0, group=_G_RESULT)
    columns = [
        Column("Struttura", Kind.KEY, _NAME_WIDTH, lambda place: place.row.code, align="wrap", group=_G_KEY),
        *(_count(tables, kind, given.KIND, 6, _G_ROWS) for kind in ("PR", "AS")),
        result(TOTAL, 8, lambda p: f"={p.here('PR')}+{p.here('AS')}", "0", group=_G_ROWS),
        _count(tables, VALUED, given.VALUED, 12, _G_ROWS, given.YES),
        _count(tables, NOT_VALUED, given.VALUED, 12, _G_ROWS, given.NO),
        result(
            OPEN, 11, lambda p: f"={p.here(TOTAL)}-{p.here(VALUED)}-{p.here(NOT_VALUED)}", "0", group=_G_ROWS
        ),
        *(_count(tables, state, given.STATE, 10, _G_STATES) for state in given.STATES),
        result(
            NO_STATE, 9,
            lambda p: f"={p.here(TOTAL)}-SUM({p.across(given.STATES[0], given.STATES[-1])})", "0", group=_G_STATES,
        ),
        Column(NAME, Kind.LABEL, 44, lambda p: short_name(p.row.item), group=_G_RESULT),
        *_synthesis(tables, values, goal),
        source_column(plan, [goal], "Fonte", 40, _G_CHECK),
        check(given.EQUAL, 10, equal, styles.PERCENT, group=_G_CHECK),
    ]  # fmt: skip
    return TableSpec(
        "tblStrutture", columns, rows, key="Struttura", source="Fonte", aside=(NAME, given.EQUAL)
    )


def _count(tables: Tables, heading: str, column: str, width: float, group: str, word: str = "") -> Column:
    """How many rows of the structure hold a word in a column."""

    def content(place: Place) -> object:
        structures, cells = (tables.given.column(each) for each in (given.STRUCTURE, column))
        return f'=COUNTIFS({structures},{place.here("Struttura")},{cells},"{word or heading}")'

    return result(heading, width, content, "0", group=group)


def _rows_of(tables: Tables, structure: str, heading: str) -> str:
    """Absolute reference to what the rows of a structure have in a column, side by side in Tabella D; it has a name."""
    codes, table, book = tables.codes[structure], tables.register, tables.book
    name = name_from(given.IN_ORDER[heading], short_name(book.plan.structures[structure]))
    first, last = table.cell(codes[0], heading), table.cell(codes[-1], heading)
    if len(codes) == 1:
        book.propose(table, codes[0], heading, name)
        return first
    book.name_area(table, heading, codes, name)
    return f"{first}:{last.split('!')[1]}"


def _synthesis(tables: Tables, values: Parameters, goal: Column) -> list[Column]:
    def cells(place: Place, heading: str) -> str:
        return _rows_of(tables, place.row.code, heading)

    def reported(place: Place) -> object:
        return f"=SUM({cells(place, given.REPORTED)})"

    def moved(place: Place) -> str:
        """The condition that an amendment gave rows of Tabella D to another structure, or took them from it."""
        return f"{place.here(TOTAL)}<>ROWS({cells(place, given.SCORE)})"

    def score(place: Place) -> object:
        call = f"PERF_SINTESI({cells(place, given.SCORE)},{cells(place, given.WEIGHT)})"
        return f'=IF({moved(place)},#VALUE!,IF({place.here(REPORTED)}=0,"",{call}))'

    def coverage(place: Place) -> object:
        call = f"PERF_COPERTURA({cells(place, given.SCORE)},{cells(place, given.WEIGHT)})"
        return f"=IF({place.here(REPORTED)}=0,0,{call})"

    def weights(place: Place) -> object:
        total = f"SUM({cells(place, given.WEIGHT)})"
        words = f'IF(ABS({total}-1)<0.000000001,"OK","▼ pesi ≠ 100%")'
        words = f'IF({place.here(VALUED)}=0,"nessuna riga",{words})'
        return f'=IF({moved(place)},"▼ righe di altre strutture: rifare il file",{words})'

    return [
        result(REPORTED, 12, reported, "0", group=_G_RESULT),
        goal,
        result(
            SCORE,
            11,
            score,
            styles.SCORE,
            group=_G_RESULT,
            judged_by=VERDICT,
            datum=_outcome(tables, "punteggio"),
        ),
        verdict_column(values, SCORE, VERDICT, _G_RESULT),
        check(COVERAGE, 11, coverage, styles.PERCENT_1, group=_G_CHECK, datum=_outcome(tables, "copertura")),
        state_column(COVERAGE, group=_G_CHECK),
        Column(WEIGHTS, Kind.CHECK, 14, weights, group=_G_CHECK, judged_by=WEIGHTS),
    ]


def _outcome(tables: Tables, measure: str) -> Datum:
    """A result of the projects of each structure, which other workbooks ask for."""
    return Datum(KeyKind.STRUCTURE, tables.indicator, measure, "", species=Species.RESULT)


def structure_table(page: Page, spec: TableSpec) -> Placed:
    """Write the table, its totals and the chart of the scores."""
    table = page.table(spec, FIRST_ROW + 1)
    row = table.last + 1
    page.put(row, 1, "TOTALE", Kind.KEY, level=Level.NATIONAL)
    summed = ["PR", "AS", TOTAL, VALUED, NOT_VALUED, OPEN, *given.STATES, NO_STATE, REPORTED]
    for at, heading in enumerate(table.letters, start=1):
        if heading in summed:
            cells = table.column(heading).split("!")[1]
            page.put(row, at, f"=SUM({cells})", Kind.FORMULA, number_format="0", level=Level.NATIONAL)
    page.book.define("Elenco_strutture", table.column("Struttura"))
    page.book.top(table.column(SCORE), table.column(COVERAGE))
    page.remark(
        row + 1,
        "Punteggio: media pesata dei punteggi delle righe valorizzate e rilevate; pesi uguali "
        "(assunzione) se nel foglio Avanzamento non ne sono inseriti altri.",
    )
    title = "Punteggio della realizzazione per struttura"
    chart = ChartSpec(
        title, "Struttura", "Punteggio", table, NAME, SCORE
    )  # fmt: skip
    bar_chart(page, chart, f"A{row + 3}")
    page.finish(setup=PrintSetup(across=2))
    return table


def summary(page: Page, tables: Tables, values: Parameters) -> None:
    """The rows that each obiettivo generale di ente lists, what else counts, and all of it; then the states.

    Args:
        page: the empty `Sintesi` page.
        tables: where the tables stand.
        values: where the parameters stand.
    """
    rows = [Row(letter, item=title) for letter, title in objectives(tables.book).items()]
    rows.append(Row(given.REST, item="Righe valorizzate senza obiettivo generale di ente"))
    rows.append(Row(ALL, Level.NATIONAL, "Tutte le righe valorizzate"))
    columns = [
        Column("Lettera", Kind.KEY, 14, lambda place: place.row.code, align="center"),
        Column("Obiettivo generale di ente", Kind.LABEL, 56, lambda p: p.row.item, align="wrap"),
        result(VALUED, 12, sum_of(tables, given.COUNTS, _of_letter), "0"),
        result(REPORTED, 13, sum_of(tables, given.REPORTED, _of_letter), "0"),
        result(SCORE, 11, mean_of(tables, _of_letter), styles.SCORE, judged_by=VERDICT),
        verdict_column(values, SCORE, VERDICT),
        check(COVERAGE, 11, share, styles.PERCENT_1),
        state_column(COVERAGE),
    ]
    table = page.table(TableSpec("tblSintesi", columns, rows, key="Lettera"), FIRST_ROW)
    page.book.top(table.cell(ALL, SCORE), table.cell(ALL, COVERAGE))
    page.remark(
        table.last + 1,
        "Media semplice dei punteggi delle righe rilevate, ciascuno limitato dal tetto (assunzione: il "
        "piano dà un solo peso al gruppo).",
    )
    page.put(table.last + 2, 2, "Segnalazioni nei dati inseriti (celle con ▼)", Kind.CHECK)
    found = remarks.counted(tables.given.column(given.CHECK))
    page.put(table.last + 2, 3, f"={found}", Kind.CHECK, number_format="0", align="right")
    title = "Punteggio dei progetti per obiettivo generale di ente"
    chart = ChartSpec(title, "Obiettivo generale di ente", "Punteggio", table, "Lettera", SCORE)
    _states(page, tables, table.last + 5)
    bar_chart(page, chart, f"A{table.last + len(given.STATES) + 9}")
    page.finish()


def _of_letter(tables: Tables, place: Place) -> str:
    """The criterion for the rows of a letter or of none; without one for all."""
    return "" if place.row.code == ALL else f"{tables.given.column(given.GROUP)},{place.here('Lettera')}"


def objectives(book: Book) -> dict[str, str]:
    """Letter of each obiettivo generale di ente, as the register has it -> its title.

    None where the edition names none.
    """
    codes = book.data.codes(_OBJECTIVES) if book.data.has(_OBJECTIVES) else ()
    titles = {code.rpartition(".")[2]: book.plan.node(code).title for code in codes}
    return {letter: title.removeprefix(f"{letter}. ") for letter, title in titles.items()}


def sum_of(
    tables: Tables, heading: str, criterion: Callable[[Tables, Place], str]
) -> Callable[[Place], object]:
    """Sum of a column over the rows of Avanzamento that a criterion chooses."""

    def content(place: Place) -> object:
        return f"={_sum(tables.given.column(heading), criterion(tables, place))}"

    return content


def _sum(cells: str, criterion: str) -> str:
    return f"SUMIFS({cells},{criterion})" if criterion else f"SUM({cells})"


def mean_of(tables: Tables, criterion: Callable[[Tables, Place], str]) -> Callable[[Place], object]:
    """Plain mean of the scores of the rows that a criterion chooses; an error where one of them is one."""

    def content(place: Place) -> object:
        count, rows, points = (
            place.here(REPORTED),
            criterion(tables, place),
            tables.given.column(given.POINTS),
        )
        wrong = f'COUNTIFS({rows}{"," if rows else ""}{points},"{remarks.MARK}")'
        return f'=IF({wrong},#VALUE!,IF({count}=0,"",{_sum(points, rows)}/{count}))'

    return content


def share(place: Place) -> object:
    """Coverage: rows that are reported among those that count."""
    return f"=IF({place.here(VALUED)}=0,0,{place.here(REPORTED)}/{place.here(VALUED)})"


def _states(page: Page, tables: Tables, row: int) -> None:
    """How many rows are in each state, projects and activities apart."""
    page.section(row - 1, "Stato delle righe della Tabella D")
    state, kind = tables.given.column(given.STATE), tables.given.column(given.KIND)

    def counted(word: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            wanted = "" if place.row.code == NO_STATE else place.row.code
            return f'=SUMPRODUCT(({state}="{wanted}")*({kind}="{word}"))'

        return content

    rows = [Row(word) for word in (*given.STATES, NO_STATE)]
    columns = [
        Column("Stato", Kind.KEY, 14, lambda place: place.row.code),
        result("Attività strategiche (AS)", 56, counted("AS"), "0"),
        result("Progetti (PR)", 12, counted("PR"), "0"),
        result(
            "Righe", 13, lambda p: f"={p.here('Attività strategiche (AS)')}+{p.here('Progetti (PR)')}", "0"
        ),
    ]
    page.table(TableSpec("tblStati", columns, rows), row)
