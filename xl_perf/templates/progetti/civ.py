"""The `Linee CIV` sheet of `progetti.xlsx`: the register by strategic line of the CIV and by linea guida gestionale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.plan.civ import by_line, letters_of, macro_lines, split
from xl_perf.templates.kit import styles
from xl_perf.templates.kit.columns import check, result, state_column, verdict_column
from xl_perf.templates.kit.model import Column, Row, TableSpec
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.progetti import input as given
from xl_perf.templates.progetti import results

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters
    from xl_perf.templates.progetti.tables import Tables

LINES, IN_REGISTER, ROWS, LINE, GUIDE, MACRO = (
    "Linee della Relazione programmatica",
    "Linee con righe in Tabella D",
    "Righe",
    "Linea del CIV",
    "Linea guida gestionale",
    "Macro-linea",
)


def lines_of(tables: Tables) -> list[str]:
    """The lines that the register names, by macro-linea and number."""
    return [group.code for group in by_line(tables.plan) if group.code]


def guides_of(tables: Tables) -> list[str]:
    """The linee guida gestionali: what stands before the first full stop of the register's texts."""
    return list(dict.fromkeys(p.guideline.partition(".")[0] for p in tables.plan.projects if p.guideline))


def civ_page(page: Page, tables: Tables, values: Parameters) -> None:
    """Macro-linee, lines of the CIV, linee guida: how many rows each has, what is reported, the mean of the scores.

    Args:
        page: the empty `Linee CIV` page.
        tables: where the tables stand.
        values: where the parameters stand.
    """
    row = FIRST_ROW + 1
    page.section(row - 1, "Linee strategiche del CIV")
    lines = _parts(page, tables, values, ("tblLineeCIV", LINE), _rows(lines_of(tables)), _of_line, row)
    row = lines.last + 3
    page.section(row - 1, "Macro-linee strategiche del CIV")
    row = _macro(page, tables, lines, row) + 3
    page.section(row - 1, "Linee guida gestionali")
    last = _parts(
        page, tables, values, ("tblLineeGuida", GUIDE), _rows(guides_of(tables)), _of_guide, row
    ).last
    page.remark(
        last + 1,
        "Una riga di Tabella D può attuare più linee, o nessuna: le righe di queste tabelle non si "
        "sommano. Punteggio: media semplice delle righe valorizzate e rilevate.",
    )
    page.finish()


def _rows(codes: Iterable[str]) -> list[Row]:
    return [Row(code) for code in codes]


def _macro(page: Page, tables: Tables, lines: Placed, row: int) -> int:
    """How many lines each macro-linea has in the plan, and how many of them the register carries out."""

    def carried(place: Place) -> object:
        return f'=COUNTIFS({lines.column(MACRO)},"{letters_of(place.row.code)}",{lines.column(ROWS)},">0")'

    columns = [
        Column(MACRO, Kind.KEY, 62, lambda p: p.row.item.title, align="wrap"),
        Column(LINES, Kind.LABEL, 12, lambda p: p.row.item.value, "0", align="right"),
        result(IN_REGISTER, 20, carried, "0"),
        Column("Fonte", Kind.SOURCE, 40, lambda p: str(p.row.item.source)),
    ]
    rows = [Row(macro.subject, item=macro) for macro in macro_lines(tables.plan)]
    return page.table(TableSpec("tblMacroLinee", columns, rows), row).last


def _parts(
    page: Page,
    tables: Tables,
    values: Parameters,
    names: tuple[str, str],
    rows: list[Row],
    criterion: Callable[[Tables, Place], str],
    at: int,
) -> Placed:
    """A table of parts of the register."""
    columns = [
        Column(names[1], Kind.KEY, 62, lambda p: p.row.code, align="wrap"),
        result(ROWS, 12, lambda p: f"=COUNTIFS({criterion(tables, p)})", "0"),
        result(results.VALUED, 20, results.sum_of(tables, given.COUNTS, criterion), "0"),
        result(results.REPORTED, 14, results.sum_of(tables, given.REPORTED, criterion), "0"),
        result(results.SCORE, 11, results.mean_of(tables, criterion), styles.SCORE, judged_by=results.VERDICT),
        verdict_column(values, results.SCORE, results.VERDICT),
        check(results.COVERAGE, 11, results.share, styles.PERCENT_1),
        state_column(results.COVERAGE),
    ]  # fmt: skip
    if criterion is _of_line:
        columns.append(Column(MACRO, Kind.LABEL, 10, lambda p: split(p.row.code)[0], paper=False))
    return page.table(TableSpec(names[0], columns, rows, key=names[1]), at)


def _of_line(tables: Tables, place: Place) -> str:
    """Criterion for the rows that name a line, alone or among others."""
    return f'{tables.given.column(given.LINES)},"*|{place.row.code}|*"'


def _of_guide(tables: Tables, place: Place) -> str:
    """Criterion for the rows of a linea guida."""
    return f"{tables.given.column(given.SHORT_GUIDELINE)},{place.here(GUIDE)}"
