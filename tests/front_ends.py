"""The worked cases in every front end: what each gives, and the table of docs/matrice.md.

`python -m tests.front_ends` prints the table with counts; `--write` brings docs/matrice.md up to date. Each
front end takes cases and gives their results as rows of cells, None where it has not the function.
"""

from __future__ import annotations

import datetime as dt
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests import calc_office, lambda_engines, office_chromium
from tests.case_book import SHEET, CaseBook, rows_of
from tests.cases.loader import agrees, load_cases
from xl_perf import cells
from xl_perf.addins.lambda_edition import excluded
from xl_perf.catalog import FUNCTIONS
from xl_perf.relink import Dialect
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = Path(__file__).parents[1] / "docs" / "matrice.md"
_COM_ERRORS = {
    CellError.GETTING_DATA: -2146826245,
    CellError.SPILL: -2146826243,
    CellError.CALC: -2146826238,
}
"""Errors that xlwings hands over as codes; the others as text."""
_CALC_ERRORS = {
    521: CellError.NULL,
    532: CellError.DIV0,
    519: CellError.VALUE,
    524: CellError.REF,
    525: CellError.NAME,
    503: CellError.NUM,
    32767: CellError.NA,
}
"""LibreOffice's documentation, "Error Codes in LibreOffice Calc"."""
_ERROR_IN_RANGE = "Err:504"


# The front ends


def by_python(cases):
    """Plain Python: lists of rows for ranges."""
    return [rows_of(cells.call(FUNCTIONS[case.function], case.arguments)) for case in cases]


def by_xlwings(cases):
    """The wrappers of Excel on Windows, given what xlwings reads from cells (`ndim=2`, errors as text)."""
    from udfs import excel

    def cell(value):
        if value == "":
            return None
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return dt.datetime.combine(value, dt.time())
        if isinstance(value, CellError):
            return _COM_ERRORS.get(value, str(value))
        return float(value) if type(value) is int else value

    found = []
    for case in cases:
        ranges = [
            [[cell(value) for value in row] for row in rows_of(argument)] for argument in case.arguments
        ]
        found.append(rows_of(getattr(excel, case.function)(*ranges)))
    return found


def by_addin(cases):
    """The Excel add-in: its own VBA in an interpreter, xlwings' COM server behind it."""
    from pyopenvba.interpreter import EMPTY, VBAErrorValue

    from tests.vba_excel import Addin, Windows, to_vba
    from tests.windows_com import FIRST_ERROR, com_server
    from xl_perf.addins.excel import addin
    from xl_perf.addins.excel_runtime import xlwings_version
    from xl_perf.addins.excel_vba import ERROR_NUMBERS

    def given(value):
        if isinstance(value, list):
            return to_vba([[given(cell) for cell in row] for row in rows_of(value)])
        if isinstance(value, CellError):
            return VBAErrorValue(ERROR_NUMBERS[value])
        if isinstance(value, dt.date):
            return cells.serial(value)
        return EMPTY if value == "" else float(value) if type(value) is int else value

    errors = {FIRST_ERROR + number: CellError(text) for text, number in ERROR_NUMBERS.items()}

    def shown(value):
        return float(value) if type(value) is int and value not in errors else errors.get(value, value)

    found = []
    with com_server() as python:
        excel = Addin(addin(xlwings_version()), Windows(python))
        for case in cases:
            result = excel.run(case.function, *(given(argument) for argument in case.arguments))
            if isinstance(result, list) and not isinstance(result[0], list):
                result = [result]  # a single row comes back as an array of one dimension
            found.append([[shown(cell) for cell in row] for row in rows_of(result)])
    return found


def _case_book(cases):
    book = CaseBook()
    for case in cases:
        book.add(case.function, case.arguments, case.expected)
    return book


def by_recalc(cases):
    """Batch recalculation of a workbook."""
    from xl_perf.recalc import recalculate_package

    book = _case_book(cases)
    done = recalculate_package(book.package())
    changes = done.changes.get(SHEET, {})
    kept = {note.cell for note in done.kept}
    return book.results(lambda row, column: "kept" if f"A{row}" in kept else changes.get((row, column)))


def by_calc(cases):
    """LibreOffice Calc with the add-in, on a workbook relinked for it."""
    from xl_perf.addins.libreoffice import build

    book = _case_book(cases)
    package = lambda_engines.relinked(book.package(), Dialect.CALC)
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "casi.xlsx"
        path.write_bytes(package.data)
        folder, profile = calc_office.install(build(Path(name)))
        try:
            ((sheet,),) = [
                list(answer.values())
                for answer in calc_office.run(profile, {"do": "recalc", "path": str(path)})
            ]
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def value_at(row, column):
        kind, value, _ = sheet[f"{row},{column}"]
        return _CALC_ERRORS.get(value, f"Err:{value}") if kind == "error" else value

    return book.results(value_at)


def by_lambda(cases):
    """The LAMBDA functions of a relinked workbook, calculated by formulon; None for those that have none."""
    book = _case_book([case for case in cases if case.function not in excluded()])
    value_at = lambda_engines.formulon_values(lambda_engines.relinked(book.package(), Dialect.LAMBDA))
    results = iter(book.results(lambda row, column: value_at(0, row, column)))
    return [None if case.function in excluded() else next(results) for case in cases]


def by_office(cases):
    """The Office.js add-in: its page in Chromium, Python in a worker of it, a stub where Excel would be."""
    with office_chromium.server() as url, office_chromium.Excel(url) as excel:
        return excel.calculate(*((case.function, *case.arguments) for case in cases))


# What hosts force


def _inputs(case):
    return [cell for argument in case.arguments for row in rows_of(argument) for cell in row]


def _outputs(case):
    return [cell for row in rows_of(case.expected) for cell in row]


def _error_in_range(case):
    return any(
        isinstance(cell, CellError)
        for argument in case.arguments
        if isinstance(argument, list)
        for row in rows_of(argument)
        for cell in row
    )


def _with_numbers(case, place):
    """The cell that a case gives where booleans are the numbers 1 and 0, in arguments and results."""

    def numbers(value):
        if isinstance(value, list):
            return [numbers(cell) for cell in value]
        return float(value) if isinstance(value, bool) else value

    row, column = place
    arguments = [numbers(argument) for argument in case.arguments]
    return numbers(rows_of(cells.call(FUNCTIONS[case.function], arguments)))[row][column]


def _has_new_error(case):
    return any(isinstance(cell, CellError) and cell in _COM_ERRORS for cell in _inputs(case))


@dataclass(frozen=True)
class Difference:
    """A difference that a host forces: cases in which it may be seen, and whether a cell at a place shows it."""

    letter: str
    text: str
    applies: Callable[[Any], bool]
    shows: Callable[[Any, tuple[int, int], Any], bool]


RECALC_DIFFERENCES = (
    Difference(
        "a",
        "`xl-perf recalc`: gli errori nuovi di Excel (`#ESPANSIONE!`, `#CALC!`, "
        "`#ESTRAZIONE_DATI_IN_CORSO`) arrivano alla funzione come `#VALORE!`, che è anche il valore con "
        "cui i file li conservano.",
        _has_new_error,
        lambda _case, _place, cell: cell == CellError.VALUE,
    ),
)
CALC_DIFFERENCES = (
    Difference(
        "b",
        "LibreOffice: un errore dentro un intervallo dà `Err:504` senza chiamare la funzione.",
        _error_in_range,
        lambda _case, _place, cell: cell == _ERROR_IN_RANGE or isinstance(cell, CellError),
    ),
    Difference(
        "c",
        "LibreOffice: VERO e FALSO arrivano alla funzione come 1 e 0, e come 1 e 0 ne escono.",
        lambda case: any(isinstance(cell, bool) for cell in (*_inputs(case), *_outputs(case))),
        lambda case, place, cell: agrees(cell, _with_numbers(case, place), 1e-9),
    ),
    Difference(
        "d",
        "LibreOffice: di due errori diversi passa l'ultimo, non il primo.",
        lambda case: len({cell for cell in _inputs(case) if isinstance(cell, CellError)}) > 1,
        lambda _case, _place, cell: isinstance(cell, CellError),
    ),
    Difference(
        "e",
        "LibreOffice non ha gli errori nuovi di Excel (`#ESPANSIONE!`, `#CALC!`, "
        "`#ESTRAZIONE_DATI_IN_CORSO`): diventano `#VALORE!`, o un altro errore se il file non viene da "
        "Excel.",
        _has_new_error,
        lambda _case, _place, cell: isinstance(cell, CellError) or cell == "Err:509",
    ),
)
LAMBDA_DIFFERENCES = (
    Difference(
        "f",
        "LAMBDA: i rapporti del controllo si calcolano in virgola mobile; con numeri oltre 1E+150 il "
        "prodotto trabocca e il risultato è `#NUM!`. Le altre edizioni usano lì numeri interi senza "
        "limite.",
        lambda case: any(type(cell) in (int, float) and abs(cell) > 1e150 for cell in _inputs(case)),
        lambda _case, _place, cell: cell == CellError.NUM,
    ),
)


@dataclass(frozen=True)
class FrontEnd:
    """A way to call the functions."""

    name: str
    run: Callable[[Any], list[Any]]
    missing: Callable[[], str]
    """What the machine lacks to run it; empty where nothing."""
    differences: tuple[Difference, ...] = ()


FRONT_ENDS = (
    FrontEnd("Python", by_python, str),
    FrontEnd("`xl-perf recalc`", by_recalc, str, RECALC_DIFFERENCES),
    FrontEnd("xlwings", by_xlwings, str),
    FrontEnd("Excel (componente `.xlam`)", by_addin, lambda: lambda_engines.missing("pyopenvba")),
    FrontEnd("LibreOffice Calc", by_calc, calc_office.missing, CALC_DIFFERENCES),
    FrontEnd("Excel (Office.js)", by_office, office_chromium.missing),
    FrontEnd("Excel (LAMBDA)", by_lambda, lambda: lambda_engines.missing("formulon"), LAMBDA_DIFFERENCES),
)


# The table


@dataclass
class Outcome:
    """How a function fares in a front end: cases that agree, that a host forces to differ (letters), that differ."""

    offered: bool = True
    agree: int = 0
    forced: int = 0
    letters: frozenset[str] = frozenset()
    wrong: tuple[str, ...] = ()

    @property
    def text(self):
        """The cell of the table."""
        if not self.offered:
            return "non offerta"
        if self.wrong:
            return "**diverso**"
        return f"uguale, salvo {', '.join(sorted(self.letters))}" if self.letters else "uguale"

    @property
    def counted(self):
        """The cell of the table with the number of cases."""
        if not self.offered:
            return self.text
        numbers = (
            f"{self.agree}",
            f"+{self.forced}" * bool(self.forced),
            f" -{len(self.wrong)}" * bool(self.wrong),
        )
        return f"{self.text} ({''.join(numbers)})"


def outcomes(front_end, cases=None):
    """Function -> outcome of its cases in a front end."""
    cases = load_cases() if cases is None else cases
    found = {name: Outcome() for name in FUNCTIONS}
    for case, result in zip(cases, front_end.run(cases), strict=True):
        _judge(found[case.function], case, result, front_end)
    return found


def _judge(outcome, case, result, front_end):
    if result is None:
        outcome.offered = False
        return
    expected = rows_of(case.expected)
    tolerance = max(case.tolerance, 1e-9 if front_end.name != "Python" else 0)
    if agrees(result, expected, tolerance):
        outcome.agree += 1
        return
    letters = _forced(case, result, expected, tolerance, front_end.differences)
    if letters:
        outcome.forced += 1
        outcome.letters |= letters
    else:
        outcome.wrong += (f"{case}: {result!r}, expected {case.expected!r}",)


def _forced(case, result, expected, tolerance, differences):
    """Letters of the differences that explain a result; empty where some cell stays unexplained."""
    letters = set()
    possible = [difference for difference in differences if difference.applies(case)]
    for row, (found, wanted) in enumerate(zip(result, expected, strict=True)):
        for column, (cell, right) in enumerate(zip(found, wanted, strict=True)):
            if agrees(cell, right, tolerance):
                continue
            known = next((d for d in possible if d.shows(case, (row, column), cell)), None)
            if known is None:
                return frozenset()
            letters.add(known.letter)
    return frozenset(letters)


_HEAD = """# Le funzioni in ogni programma

Tabella generata dai casi di prova (`python -m tests.front_ends --write`): non si modifica a mano. Ogni edizione esegue gli
stessi casi di `tests/cases`: numeri, intervalli, celle vuote, testi, valori logici, date, ogni errore, argomenti omessi.
«Uguale»: tutti i casi danno lo stesso risultato (numeri entro 1E-9). Le lettere rimandano alle differenze imposte dal
programma, elencate sotto. «Non offerta»: la funzione non c'è, il motivo è sotto.

Excel non è fra i programmi con cui si prova. xlwings: le sue funzioni chiamate con i valori che legge dalle celle. Componente
`.xlam`: il suo VBA eseguito da un interprete, con il server COM di xlwings. Office.js: la pagina vera in Chromium, con il suo
Python, e una controfigura di Excel. LAMBDA: cartelle di lavoro calcolate da formulon; le
chiamate con celle singole anche da ironcalc.
"""
_BY_HAND = (
    "Non si vede in questi casi, perché `xl-perf relink --to calc` protegge gli argomenti: in una "
    "formula scritta a mano in LibreOffice una cella singola vuota arriva alla funzione come 0 (vedi [la "
    "guida](guida/libreoffice.md)).\n\n"
    "`PERF_SPIEGA` indica da sola la fonte di un obiettivo in `xl-perf recalc`, che sa quale cella "
    "sta nell'argomento: anche di un obiettivo preso con INDICE, CERCA.X o da un'altra cella. Excel, "
    "LibreOffice e Office.js passano alla funzione il solo numero: lì si dà come argomento la riga "
    "dal numero alla fonte."
)


def table(results, *, counts=False):
    """The table as Markdown lines; `results` are (front end, outcomes)."""
    names = [front_end.name for front_end, _ in results]
    lines = [f"| funzione | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|"]
    for name in FUNCTIONS:
        cells_ = [found[name].counted if counts else found[name].text for _, found in results]
        lines.append(f"| `{name}` | {' | '.join(cells_)} |")
    return lines


def page(results):
    """The text of docs/matrice.md."""
    lines = [_HEAD, *table(results), "", "## Differenze imposte dal programma", ""]
    lines += [f"- **{d.letter}** {d.text}" for front_end, _ in results for d in front_end.differences]
    lines += [
        "",
        _BY_HAND,
        "",
        "## Funzioni non offerte",
        "",
    ]
    lines += [f"- LAMBDA, `{name}`: {reason}" for name, reason in excluded().items()]
    return "\n".join(lines) + "\n"


def main(arguments):
    """Print the table, or write the page; 1 where a front end is missing or differs."""
    lacking = [f"{f.name}: {f.missing()}" for f in FRONT_ENDS if f.missing()]
    results = [(f, outcomes(f)) for f in FRONT_ENDS if not f.missing()]
    print(*lacking, *table(results, counts=True), sep="\n")
    wrong = [f"{f.name}, {line}" for f, found in results for o in found.values() for line in o.wrong]
    print(*wrong, sep="\n")
    if "--write" in arguments and not lacking:
        PAGE.write_text(page(results), encoding="utf-8", newline="\n")
    return 1 if wrong or lacking else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
