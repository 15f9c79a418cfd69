"""The result sheets of `controllo_processo.xlsx`: synthesis with a chart, and the ratios of one region."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind, Species
from xl_perf.templates.controllo_processo import input as given_names
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.card import CardHead, card_head
from xl_perf.templates.kit.charts import ChartSpec, bar_chart
from xl_perf.templates.kit.columns import link, result
from xl_perf.templates.kit.model import Column, Datum, Row, TableSpec
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind, Level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.templates.kit.model import Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters

POINTS, GOAL, SCORE, VERDICT = "Punti", "Obiettivo (punti)", "Punteggio", "Esito"


def summary(page: Page, given: Placed, values: Parameters) -> None:
    """Points against the target, structure by structure, with a chart.

    Args:
        page: the empty `Sintesi` page.
        given: the table of the inputs.
        values: where the parameters stand.
    """
    plan = page.book.plan
    rows = [Row(structure.code) for structure in plan.regional()]
    columns = [
        Column("Struttura", Kind.KEY, 30, lambda place: place.row.code),
        result(POINTS, 12, link(given, given_names.RESULT), styles.POINTS),
        result(GOAL, 14, link(given, given_names.GOAL), styles.POINTS),
        result("Scostamento", 14, link(given, given_names.GAP), styles.DEVIATION),
        result(
            SCORE,
            13,
            link(given, given_names.SCORE),
            styles.SCORE,
            judged_by=VERDICT,
            datum=Datum(
                KeyKind.STRUCTURE,
                page.book.data.role("punti_controllo"),
                "punteggio",
                "",
                species=Species.RESULT,
            ),
        ),
        result(VERDICT, 28, link(given, given_names.VERDICT), align="left", judged_by=VERDICT),
    ]
    table = page.table(TableSpec("tblSintesi", columns, rows, key="Struttura"), FIRST_ROW)
    bottom = _counts(page, table, given, values)
    page.book.top(table.column(SCORE))
    page.book.top(table.column(VERDICT))
    title = "Punti del controllo del processo produttivo e obiettivo"
    chart = ChartSpec(title, "Regione o DCM", "Punti", table, "Struttura", POINTS, scores=False)
    bar_chart(page, chart, f"A{bottom + 2}")
    page.finish()


def _counts(page: Page, table: Placed, given: Placed, values: Parameters) -> int:
    """Lines under the table: how many structures report and reach the target; gives the number of the last."""
    row, of_all = table.last + 1, f'0" su {len(table.numbers)}"'
    points, goals = (table.column(heading).split("!")[1] for heading in (POINTS, GOAL))
    reached = f'=SUMPRODUCT(({points}<>"")*({points}>={goals}))'
    lines = (
        ("Regioni e DCM rendicontate", f"=ROWS({points})-COUNTBLANK({points})", of_all),
        ("Regioni e DCM che raggiungono l'obiettivo", reached, of_all),
        ("Punteggio massimo possibile", f"={values.ref(page.book.data.role('massimo'))}", "0"),
        ("Righe di Pratiche con segnalazione", f"={remarks.counted(given.column(given_names.CHECK))}", "0"),
    )
    for offset, (label, formula, number_format) in enumerate(lines):
        page.put(row + offset, 1, label, Kind.CHECK)
        page.put(row + offset, 2, formula, Kind.CHECK, number_format=number_format, align="right")
    page.sheet.column_dimensions["A"].width = 42
    return row + len(lines) - 1


def card(page: Page, given: Placed, bands: Placed, values: Parameters) -> None:
    """The six inputs of one structure and the ratios with band and points.

    Args:
        page: the empty `Scheda` page.
        given: the table of the inputs.
        bands: the table of the bands.
        values: where the parameters stand.
    """
    plan = page.book.plan
    names = given.column("Struttura")
    head = card_head(page, CardHead("Regione o DCM", "Elenco_regioni", plan.regional()[0].code, names))
    rows = [Row(heading) for heading in given_names.INPUTS]
    top = FIRST_ROW + 4
    page.section(top - 1, "Pratiche")
    inputs = page.table(
        TableSpec(
            "tblSchedaPratiche",
            [
                Column("Pratiche", Kind.LABEL, 70, lambda place: place.row.code),
                Column(
                    "Numero", Kind.FORMULA, 16,
                    lambda p: formulas.shown(f"INDEX({given.column(p.row.code)},{head.position})"), styles.PIECES,
                ),
            ],
            rows,
        ),
        top,
    )  # fmt: skip
    cells = [f"B{inputs.numbers[heading]}" for heading in given_names.INPUTS]
    rule = given_names.rule_of(page.book.data, bands, values)
    ratio_rows(page, inputs.last + 3, cells, bands, rule)
    row = inputs.last + 3 + len(plan.banded_ratios) + 1
    page.put(row, 1, "Totale", Kind.KEY, level=Level.NATIONAL)
    for at in (2, 3):
        page.put(row, at, None, Kind.LABEL, level=Level.NATIONAL)
    first, last = row - len(plan.banded_ratios), row - 1
    points = page.put(
        row, 4, formulas.total(f"D{first}:D{last}"), Kind.FORMULA,
        number_format=styles.POINTS, level=Level.NATIONAL,
    ).split("!")[1]  # fmt: skip
    page.put(row, 5, None, Kind.LABEL, level=Level.NATIONAL)
    goal = f"INDEX({given.column(given_names.GOAL)},{head.position})"
    _outcome(page, row + 2, points, goal, f"{','.join(cells)},{rule}", values)
    next_band(page, row + 7, first, cells, bands, values)
    page.finish()


def ratio_rows(page: Page, at_row: int, cells: Sequence[str], bands: Placed, rule: str = "") -> None:
    """The ratios: ratio, band and points of each, and the printed band beside it.

    Args:
        page: the page.
        at_row: row of the headings.
        cells: the six counts.
        bands: the table of the bands.
        rule: the last arguments of the function, as `controllo_input.rule_of` gives them.
    """
    ratios = page.book.plan.banded_ratios
    page.section(at_row - 1, "Rapporti, fasce e punti")
    widths = {"C": 12, "D": 12, "E": 26}
    for mark, width in widths.items():
        page.sheet.column_dimensions[mark].width = width
    for at, heading in enumerate(
        ("Indicatore", "Rapporto", "Fascia", "Punti", "Intervallo della fascia"), start=1
    ):
        page.head(at_row, at, heading, align="left" if at == 1 else "center")
    for offset, ratio in enumerate(ratios):
        row = at_row + 1 + offset
        page.put(row, 1, ratio.title, Kind.LABEL, align="wrap")
        for at, number_format in ((2, styles.PERCENT), (3, "0"), (4, styles.POINTS)):
            arguments = ",".join([*cells, *([rule] if rule else [])])
            call = f"INDEX(CONTROLLO_PROCESSO_DETTAGLIO({arguments}),{offset + 1},{at - 1})"
            formula = formulas.complete(call, f"{cells[0]}:{cells[-1]}")
            page.put(row, at, formula, Kind.FORMULA, number_format=number_format)
        printed = bands.column("Intervallo stampato")
        key = f'MATCH("{ratio.code}."&C{row},{bands.column("Codice")},0)'
        page.put(
            row,
            5,
            formulas.unless_empty(f"INDEX({printed},{key})", f"C{row}"),
            Kind.FORMULA,
            align="center",
        )


def next_band(
    page: Page, row: int, ratio_row: int, cells: Sequence[str], bands: Placed, values: Parameters
) -> None:
    """How many more practices have to be controlled for the next band of the first ratio, controlled to all.

    Above the upper end of its band the ratio is, once it is rounded, from half of its last decimal on.

    Args:
        page: the page.
        row: the first of the two rows to write.
        ratio_row: row of the first ratio, see `ratio_rows`.
        cells: the six counts.
        bands: the table of the bands.
        values: where the parameters stand.
    """
    key = f'MATCH("{page.book.plan.banded_ratios[0].code}."&C{ratio_row},{bands.column("Codice")},0)'
    upper = f"INDEX({bands.column(given_names.LIMIT)},{key})"
    decimals = values.ref(page.book.data.role("decimali"))
    wanted = f"-INT(0.000000001-(B{row}+0.5/10^{decimals})*{cells[0]}/100)-{cells[1]}"
    lines = (
        (
            "Fine della fascia attuale del primo rapporto (%)",
            f'IF({upper}="","fascia più alta",{upper})',
            "0.00",
        ),
        (
            "Pratiche da controllare in più per la fascia successiva",
            f'IF(ISNUMBER(B{row}),{wanted},"")',
            styles.PIECES,
        ),
    )
    for offset, (label, formula, number_format) in enumerate(lines):
        shown = formulas.unless_empty(formula, f"C{ratio_row}")
        page.put(row + offset, 1, label, Kind.CHECK)
        page.put(row + offset, 2, shown, Kind.CHECK, number_format=number_format, align="right")


def _outcome(page: Page, row: int, points: str, goal: str, arguments: str, values: Parameters) -> None:
    """Target, score and verdict of the picked structure, and the check against CONTROLLO_PROCESSO."""
    direction = values.direction(page.book.data.role("punti_controllo"))
    score = formulas.unless_empty(f"PERF_SCORE({points},B{row},{direction},{values.cap})", points)
    words = formulas.verdict(f"B{row + 1}", values.band, values.centre)
    whole = formulas.unless_empty(f"CONTROLLO_PROCESSO({arguments})", points)
    agrees = f'=IF({points}="","",IF({points}=B{row + 3},"OK","▼ non quadra"))'
    lines = (
        ("Obiettivo (punti)", f"={goal}", styles.POINTS, Kind.FORMULA),
        ("Punteggio", score, styles.SCORE, Kind.FORMULA),
        ("Esito", words, styles.GENERAL, Kind.FORMULA),
        ("Controllo: punti secondo CONTROLLO_PROCESSO", whole, styles.POINTS, Kind.CHECK),
        ("Controllo: uguali alla somma delle fasce", agrees, styles.GENERAL, Kind.CHECK),
    )
    for offset, (label, formula, number_format, kind) in enumerate(lines):
        page.put(row + offset, 1, label, Kind.KEY)
        page.put(row + offset, 2, formula, kind, number_format=number_format, align="right")
    page.sheet.column_dimensions["B"].width = 28
