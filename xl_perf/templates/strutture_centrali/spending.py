"""The `Spesa` sheet of `strutture_centrali.xlsx`: chapters of spending against their budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind, Species
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import result
from xl_perf.templates.kit.model import Column, Datum, PrintSetup, Row, TableSpec, Validation, letter, setting
from xl_perf.templates.kit.names import short_name
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.strutture_centrali.detail import CHECK, EMPTY, EURO_INPUT
from xl_perf.templates.strutture_centrali.measures import lines_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters


CHAPTERS = 10
"""Rows for chapters of spending of each structure."""
OWNERS = "Elenco_strutture_di_spesa"
OWNER, CHAPTER, BUDGET, USED, WITHIN = (
    "Struttura",
    "Capitolo",
    "Budget economico",
    "Utilizzato",
    "Entro i limiti",
)
LISTED = "Struttura dell'elenco"
JUDGED = "Giudizio per le somme"
"""1 within the limits, 0 outside, a mark where it is an error: COUNTIFS passes over errors."""
FORECAST = "Forecast a cui si riferiscono i dati"
_OWNER = Validation(
    "list",
    "Struttura del capitolo",
    "Scegliere la Direzione responsabile del budget del capitolo.",
    "Scegliere un nome dall'elenco.",
    source=OWNERS,
)
_CHAPTER = Validation(
    "textLength",
    "Capitolo di spesa",
    "Codice e nome del capitolo: l'elenco è nella Tabella integrativa D del SMVP.",
    "Al massimo 120 caratteri.",
    maximum=120,
)


def _of_chapter(book: Book, measure: str, species: Species = Species.FACT) -> Datum:
    """A column of the rows that users name by a chapter."""
    return Datum(KeyKind.ROW, book.data.role("capitoli"), measure, species=species, key=CHAPTER)


def spending_sheet(page: Page, values: Parameters) -> Placed:
    """Free rows for the chapters of spending of the structures that have a budget."""
    book = page.book
    owners = [
        short_name(book.plan.structures[line.structure]) for line in lines_of(book, "spesa") if line.structure
    ]
    row = FIRST_ROW
    page.text(row, 1, FORECAST, styles.font(bold=True, colour=styles.INK))
    last = book.data.role("forecast_finale")
    forecast = page.put(
        row, 2, book.plan.parameter(last), Kind.INPUT, number_format="0", validation=_forecast(book),
        datum=setting("forecast", item="file", name=True), name="Forecast_dei_dati",
    )  # fmt: skip
    forecast = forecast.split("!")[1]
    page.put(row, 3, f"={remarks.on_numbers({FORECAST: forecast}, EMPTY)}", Kind.CHECK)
    page.remark(
        row + 1,
        "Fino al penultimo forecast l'utilizzato non supera il budget di oltre il limite (foglio "
        "Parametri); all'ultimo non se ne discosta in più o in meno.",
    )
    columns = [
        Column(OWNER, Kind.INPUT, 48, _owner(page, owners), align="left", validation=_OWNER,
               datum=_of_chapter(book, "struttura", Species.TEXT)),
        Column(CHAPTER, Kind.INPUT, 56, _chapter(page, owners), align="left", validation=_CHAPTER,
               informative="nome del capitolo, per chi legge", datum=_of_chapter(book, "nome", Species.TEXT)),
        Column(BUDGET, Kind.INPUT, 18, number_format=styles.EURO, validation=EURO_INPUT,
               datum=_of_chapter(book, "budget")),
        Column(USED, Kind.INPUT, 18, number_format=styles.EURO, validation=EURO_INPUT,
               datum=_of_chapter(book, "utilizzato")),
        result("Scostamento", 14, _spread, styles.DEVIATION),
        result(WITHIN, 14, _within(book, values, forecast), '"sì";;"▼ no"', align="center"),
        Column("Riga", Kind.CHECK, 8, lambda p: p.row.item, "0", align="right", paper=True),
        Column(CHECK, Kind.CHECK, 40, _chapter_check, judged_by=CHECK),
        Column(LISTED, Kind.CHECK, 12, _listed, "0", align="right", paper=False),
        Column(JUDGED, Kind.CHECK, 12, _judged, "0", align="right", paper=False),
    ]  # fmt: skip
    rows = [Row(str(number), item=number) for number in range(1, CHAPTERS * len(owners) + 1)]
    table = page.table(TableSpec("tblSpesa", columns, rows), row + 3)
    _owners(page, owners, table)
    page.finish(setup=PrintSetup(last_column=7))
    return table


def _forecast(book: Book) -> Validation:
    last = book.plan.parameter(book.data.role("forecast_finale"))
    return Validation(
        "whole",
        "Forecast",
        f"Numero del forecast a cui si riferiscono i dati: da 1 a {last:.0f}.",
        f"Inserire un numero intero da 1 a {last:.0f}.",
        minimum=1,
        maximum=last,
    )


def _within(book: Book, values: Parameters, forecast: str) -> Callable[[Place], object]:
    """1 within the limits, 0 outside; an owner that the list does not offer is an error, or its row would be lost."""

    def content(place: Place) -> object:
        budget, used = place.here(BUDGET), place.here(USED)
        limit, last = (values.ref(book.data.role(role)) for role in ("tolleranza_spesa", "forecast_finale"))
        call = formulas.complete(
            f"IF(SPESA_CONFORME({budget},{used},{forecast},{limit},{last}),1,0)", budget, used, forecast
        )
        return f"=IF({place.here(LISTED)}=0,#VALUE!,{call.removeprefix('=')})"

    return content


def _listed(place: Place) -> object:
    """1 where the owner is one of the list or there is none, else 0."""
    return f"=IF({remarks.not_listed(place.here(OWNER), OWNERS)},0,1)"


def _judged(place: Place) -> object:
    return f'=IF(ISERROR({place.here(WITHIN)}),"{remarks.MARK}",{place.here(WITHIN)})'


def judged_of(table: Placed, owner: str) -> tuple[str, str]:
    """Formulas of how many chapters of an owner are within their limits and how many are judged.

    A chapter whose owner nobody knows may be of any of them; another that is an error is one of its owner alone.
    """
    of_owner, listed = f'{table.column(OWNER)},"{owner}",{table.column(JUDGED)}', table.column(LISTED)
    within, outside, wrong = (f"COUNTIFS({of_owner},{sought})" for sought in (1, 0, f'"{remarks.MARK}"'))
    numbers = within, f"{within}+{outside}"
    first, second = (
        f'=IF(COUNTIF({listed},0)+{wrong}>0,#VALUE!,IF({within}+{outside}=0,"",{number}))'
        for number in numbers
    )
    return first, second


def _chapter_check(place: Place) -> object:
    budget, used, owner = place.here(BUDGET), place.here(USED), place.here(OWNER)
    amounts = f"COUNTBLANK({budget})+COUNTBLANK({used})"
    wrong = [
        (remarks.not_listed(owner, OWNERS), f"{OWNER}: {remarks.NO_CHOICE}"),
        (remarks.not_numbers(budget), f"{BUDGET}: {remarks.NO_NUMBER}"),
        (remarks.not_numbers(used), f"{USED}: {remarks.NO_NUMBER}"),
        (f'AND({owner}="",{amounts}<2)', f"{OWNER}: manca, la riga non conta"),
        (f'AND({owner}<>"",{amounts}=1)', f"{BUDGET} o {USED}: manca un dato"),
    ]
    return f"={remarks.remark(wrong, f'IF({amounts}=2,EMPTY_TEXT,OK_TEXT)')}".replace(
        "EMPTY_TEXT", '""'
    ).replace("OK_TEXT", '"OK"')


_LIST = 16
"""Column of the list of structures."""


def _owners(page: Page, owners: list[str], table: Placed) -> None:
    """The names that the list offers, beside the table and the columns in which its checks go on."""
    page.head(table.header, _LIST, "Strutture con budget di spesa")
    mark = letter(_LIST)
    page.sheet.column_dimensions[mark].width = 48
    for offset, name in enumerate(owners):
        page.put(table.header + 1 + offset, _LIST, name, Kind.LABEL)
    last = table.header + len(owners)
    page.book.define(OWNERS, f"'{page.name}'!${mark}${table.header + 1}:${mark}${last}")


def _spread(place: Place) -> object:
    budget, used = place.here(BUDGET), place.here(USED)
    return formulas.complete(f'IF({budget}=0,"",{used}/{budget}-1)', budget, used)


_PER_OWNER = 4
"""Chapters that each structure has in the example."""


def _owner(page: Page, owners: list[str]) -> Callable[[Place], object]:
    return lambda p: owners[(p.row.item - 1) // _PER_OWNER] if _filled(page, owners, p) else None


def _filled(page: Page, owners: list[str], place: Place) -> bool:
    return bool(page.book.example and place.row.item <= _PER_OWNER * (len(owners) - 1))


def _chapter(page: Page, owners: list[str]) -> Callable[[Place], object]:
    return lambda p: f"Capitolo di esempio {p.row.item:02d}" if _filled(page, owners, p) else None
