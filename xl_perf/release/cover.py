"""First sheet of `prove.xlsx`: what to do, whether the functions answer, totals by function."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from xl_perf import __version__
from xl_perf.addins.lambda_edition import excluded
from xl_perf.catalog import FUNCTIONS
from xl_perf.plan import edition_ids
from xl_perf.relink import Dialect
from xl_perf.templates.kit import styles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.worksheet.worksheet import Worksheet

EDITIONS = {
    Dialect.EXCEL: "Excel per Windows con il componente aggiuntivo xl_perf.xlam",
    Dialect.OFFICE: "Excel per Windows, Mac e web con il componente Office.js",
    Dialect.CALC: "LibreOffice Calc con l'estensione xl_perf.oxt",
    Dialect.LAMBDA: "Excel 365 e 2024, funzioni LAMBDA dentro la cartella",
}
_STEPS = (
    "1. Aprire il file nel programma da provare, con le funzioni attive. Se compare la barra gialla: Abilita modifica.",
    (
        "2. Ricalcolare tutto: Ctrl+Alt+F9 in Excel, Ctrl+Maiusc+F9 in LibreOffice. Aspettare che la barra di "
        "stato dica Pronto."
    ),
    "3. Leggere l'esito qui sotto. Se non è ok, nel foglio Casi si filtra la colonna Esito su NO.",
    (
        "4. Scrivere versione del programma, data e nome nelle celle gialle, salvare, e riportare l'esito in "
        "docs/prove-excel.md."
    ),
)
_LEFT_OUT = (
    "Gli errori che un file non può contenere (#ESPANSIONE!, #CALC!, #ESTRAZIONE_DATI_IN_CORSO) non sono fra i "
    "casi."
)
_TO_FILL = ("Versione del programma", "Data", "Chi ha provato")
_HEADINGS = ("Funzione", "Casi", "ok", "NO", "Differenze note", "Esito")
SCORE = "PERF_SCORE(27,30,-1)"
TOTAL = "B11"
"""Cell with the verdict over all cases."""
_TABLE = 22
"""Row of the table's headings."""


def write_cover(
    page: Worksheet, cases: str, head: int, last: int, functions: Sequence[str], dialect: Dialect
) -> None:
    """Write the sheet.

    Args:
        page: the sheet.
        cases: name of the sheet with the cases.
        head: row of its headings.
        last: its last row.
        functions: the function of each case.
        dialect: program whose workbook it is.
    """
    names, verdicts = (f"{cases}!${letter}${head + 1}:${letter}${last}" for letter in "BD")
    page["A1"] = "Prove delle funzioni"
    page["A1"].font = Font(name=styles.FONT, size=14, bold=True, color=styles.INK)
    page["A2"] = f"{EDITIONS[dialect]}. xl_perf {__version__}, dati di {edition_ids()[-1]}."
    for row, text in enumerate(_STEPS, start=4):
        page.cell(row, 1, text)
    count = len(functions)
    facts = (
        ("Le funzioni rispondono", f'=IF(ISERROR({SCORE}),"NO: mancano in questo programma","sì")'),
        ("Casi", count),
        ("Esito", f'=IF(B13+B15={count},"ok","NO")'),
        (
            "Primo caso con NO",
            f'=IFERROR("riga "&({head}+MATCH("NO",{verdicts},0))&" del foglio {cases}","nessuno")',
        ),
        ("ok", f'=COUNTIF({verdicts},"ok")'),
        ("NO", f'=COUNTIF({verdicts},"NO")'),
        ("Differenze note", f'=COUNTIF({verdicts},"diverso*")'),
    )
    for row, (label, value) in enumerate(facts, start=9):
        page.cell(row, 1, label).font = Font(name=styles.FONT, bold=True)
        page.cell(row, 2).value = value
    for row, label in enumerate(_TO_FILL, start=17):
        page.cell(row, 1, label).font = Font(name=styles.FONT, bold=True)
        cell = page.cell(row, 2)
        cell.fill = PatternFill("solid", fgColor=styles.INPUT_GROUND)
        cell.border = Border(*[Side(style="thin", color=styles.INPUT_EDGE)] * 4)
    _table(page, names, verdicts, Counter(functions))
    _notes(page, dialect)
    _look(page)


def _table(page: Worksheet, names: str, verdicts: str, counts: Counter[str]) -> None:
    for column, text in enumerate(_HEADINGS, start=1):
        cell = page.cell(_TABLE, column, text)
        cell.font = Font(name=styles.FONT, bold=True, color=styles.INK)
        cell.fill = PatternFill("solid", fgColor=styles.HEADER_GROUND)
    for row, name in enumerate([name for name in FUNCTIONS if counts[name]], start=_TABLE + 1):
        found = [f'=COUNTIFS({names},A{row},{verdicts},"{text}")' for text in ("ok", "NO", "diverso*")]
        values = (name, counts[name], *found, f'=IF(C{row}+E{row}=B{row},"ok","NO")')
        for column, value in enumerate(values, start=1):
            page.cell(row, column).value = value


def _notes(page: Worksheet, dialect: Dialect) -> None:
    row = page.max_row + 2
    page.cell(row, 1, _LEFT_OUT)
    if dialect is Dialect.LAMBDA:
        page.cell(row + 1, 1, f"Non offerte da questa edizione: {', '.join(excluded())}.")
    if dialect in (Dialect.CALC, Dialect.LAMBDA):
        page.cell(
            row + 2,
            1,
            "Differenze note: le lettere sono quelle di docs/matrice.md, «Differenze imposte dal programma».",
        )


def _look(page: Worksheet) -> None:
    for column, width in zip("ABCDEF", (34, 30, 10, 10, 16, 10), strict=True):
        page.column_dimensions[column].width = width
    for row in range(9, 20):
        page.cell(row, 2).alignment = Alignment(horizontal="left")
    for area in ("B9:B11", f"F{_TABLE + 1}:F{page.max_row}"):
        for text, ground, ink in (
            ("ok", styles.BETTER_GROUND, styles.BETTER_INK),
            ("NO", styles.WORSE_GROUND, styles.WORSE_INK),
        ):
            fill = PatternFill("solid", bgColor=ground)
            page.conditional_formatting.add(
                area, CellIsRule("equal", [f'"{text}"'], fill=fill, font=Font(color=ink))
            )
    page.sheet_view.showGridLines = False
    page.page_setup.paperSize, page.page_setup.fitToHeight = 9, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
