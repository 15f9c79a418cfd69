"""Sheets of `strutture_centrali.xlsx` behind some values: audit campaigns, chapters of spending, disposals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.plan.describe import describe_source, target_values
from xl_perf.templates import formulas, remarks, styles
from xl_perf.templates.centrali_measures import lines_of
from xl_perf.templates.columns import result
from xl_perf.templates.model import Column, Link, PrintSetup, Row, TableSpec, Validation
from xl_perf.templates.names import short_name
from xl_perf.templates.page import FIRST_ROW
from xl_perf.templates.styles import Kind
from xl_perf.templates.targets import linked_column

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.book import Book
    from xl_perf.templates.model import Place, Placed
    from xl_perf.templates.page import Page
    from xl_perf.templates.parameters import Parameters

KIND, REPORT = "Tipo di campagna", "Report finale"
CHAPTERS = 10
"""Rows for chapters of spending of each structure."""
EMPTY = '""'
_LIST = "Elenco_strutture_di_spesa"
OWNER, CHAPTER, BUDGET, USED, WITHIN = (
    "Struttura",
    "Capitolo",
    "Budget economico",
    "Utilizzato",
    "Entro i limiti",
)
UNITS, UNITS_GOAL, VALUE, VALUE_GOAL, INDEX = (
    "Unità",
    "Obiettivo unità",
    "Valore catastale",
    "Obiettivo valore",
    "Indice",
)
YES, NO = "sì", "no"
CHECK = "Controllo dati"
FORECAST = "Forecast a cui si riferiscono i dati"
GOALS = ("dismissione_unita", "dismissione_valore")
"""Roles of the two targets of the disposal of real estate."""

EURO_INPUT = Validation(
    "decimal",
    "Consuntivo in euro",
    "Importo in euro, maggiore o uguale a zero. Vuoto se non ancora disponibile; zero se non ce n'è.",
    "Inserire un numero maggiore o uguale a zero, senza testo né unità di misura.",
)
_REPORT = Validation(
    "list",
    REPORT,
    "sì: la campagna è conclusa con la redazione del report finale. no: non ancora. Vuoto: non rilevata.",
    "Scegliere sì oppure no, o lasciare vuoto.",
    source=f'"{YES},{NO}"',
)
_OWNER = Validation(
    "list",
    "Struttura del capitolo",
    "Scegliere la Direzione responsabile del budget del capitolo.",
    "Scegliere un nome dall'elenco.",
    source=_LIST,
)
_CHAPTER = Validation(
    "textLength",
    "Capitolo di spesa",
    "Codice e nome del capitolo: l'elenco è nella Tabella integrativa D del SMVP.",
    "Al massimo 120 caratteri.",
    maximum=120,
)
_PIECES = Validation(
    "whole",
    "Unità immobiliari",
    "Numero intero di unità vendute o proposte, maggiore o uguale a zero. Vuoto se non ancora disponibile.",
    "Inserire un numero intero maggiore o uguale a zero, senza testo.",
)


def waiting(*cells: str) -> str:
    """Whether something is still to be reported, in words; an expression."""
    return f'IF({"+".join(f"COUNTBLANK({cell})" for cell in cells)}=0,"OK","da rilevare")'


def audit_sheet(page: Page) -> Placed:
    """The campaigns of the Direzione centrale Audit: each counts when its final report is written."""
    plan = page.book.plan
    rows = [Row(line.code, item=line) for line in lines_of(page.book, "campagne")]

    def kind(place: Place) -> object:
        return plan.indicators[place.row.code.rpartition(".")[0]].title

    def checked(place: Place) -> object:
        cell = place.here(REPORT)
        wrong = [(remarks.not_among(cell, (YES, NO)), f"{REPORT}: {remarks.NO_CHOICE}")]
        return f"={remarks.remark(wrong, waiting(cell))}"

    def example(place: Place) -> object:
        if page.book.left_empty("campagna", place.row.code):
            return None
        return YES if page.book.chance("report", place.row.code) < 0.85 else NO

    columns = [
        Column("Campagna", Kind.LABEL, 88, lambda place: place.row.item.title),
        Column("Codice", Kind.KEY, 20, lambda place: place.row.code, hidden=True),
        Column(KIND, Kind.LABEL, 32, kind),
        Column(REPORT, Kind.INPUT, 14, example, align="center", validation=_REPORT),
        Column(CHECK, Kind.CHECK, 34, checked, judged_by=CHECK),
        Column("Fonte", Kind.SOURCE, 64, lambda place: f"{place.row.item.source.place} ({place.row.item.source.document})"),
    ]  # fmt: skip
    table = page.table(TableSpec("tblCampagne", columns, rows, filters=True), FIRST_ROW)
    page.finish(freeze=f"B{table.header + 1}", setup=PrintSetup(one_page=True))
    return table


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
        row, 2, book.plan.parameter(last), Kind.INPUT, number_format="0", validation=_forecast(book)
    )
    forecast = forecast.split("!")[1]
    page.put(row, 3, f"={remarks.on_numbers({FORECAST: forecast}, EMPTY)}", Kind.CHECK)
    page.remark(
        row + 1,
        "Fino al penultimo forecast l'utilizzato non supera il budget di oltre il limite (foglio Parametri); all'ultimo non se ne "
        "discosta in più o in meno.",
    )
    columns = [
        Column(OWNER, Kind.INPUT, 48, _owner(page, owners), align="left", validation=_OWNER),
        Column(CHAPTER, Kind.INPUT, 56, _chapter(page, owners), align="left", validation=_CHAPTER,
               informative="nome del capitolo, per chi legge"),
        Column(BUDGET, Kind.INPUT, 18, _budget(page, owners), styles.EURO, validation=EURO_INPUT),
        Column(USED, Kind.INPUT, 18, _used(page, owners), styles.EURO, validation=EURO_INPUT),
        result("Scostamento", 14, _spread, styles.DEVIATION),
        result(WITHIN, 14, _within(book, values, forecast), '"sì";;"▼ no"', align="center"),
        Column("Riga", Kind.CHECK, 8, lambda p: p.row.item, "0", align="right"),
        Column(CHECK, Kind.CHECK, 40, _chapter_check, judged_by=CHECK),
    ]  # fmt: skip
    rows = [Row(str(number), item=number) for number in range(1, CHAPTERS * len(owners) + 1)]
    table = page.table(TableSpec("tblSpesa", columns, rows), row + 3)
    _owners(page, owners, table)
    page.finish(freeze=f"B{table.header + 1}", setup=PrintSetup())
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
        budget, used, owner = place.here(BUDGET), place.here(USED), place.here(OWNER)
        limit, last = (values.ref(book.data.role(role)) for role in ("tolleranza_spesa", "forecast_finale"))
        call = formulas.complete(
            f"IF(SPESA_CONFORME({budget},{used},{forecast},{limit},{last}),1,0)", budget, used, forecast
        )
        unknown = remarks.not_listed(owner, _LIST)
        return f"=IF({unknown},#VALUE!,{call.removeprefix('=')})"

    return content


def _chapter_check(place: Place) -> object:
    budget, used, owner = place.here(BUDGET), place.here(USED), place.here(OWNER)
    amounts = f"COUNTBLANK({budget})+COUNTBLANK({used})"
    wrong = [
        (remarks.not_listed(owner, _LIST), f"{OWNER}: {remarks.NO_CHOICE}"),
        (remarks.not_numbers(budget), f"{BUDGET}: {remarks.NO_NUMBER}"),
        (remarks.not_numbers(used), f"{USED}: {remarks.NO_NUMBER}"),
        (f'AND({owner}="",{amounts}<2)', f"{OWNER}: manca, la riga non conta"),
        (f'AND({owner}<>"",{amounts}=1)', f"{BUDGET} o {USED}: manca un dato"),
    ]
    return f"={remarks.remark(wrong, f'IF({amounts}=2,EMPTY_TEXT,OK_TEXT)')}".replace(
        "EMPTY_TEXT", '""'
    ).replace("OK_TEXT", '"OK"')


def _owners(page: Page, owners: list[str], table: Placed) -> None:
    """The names that the list offers, beside the table."""
    page.head(table.header, 10, "Strutture con budget di spesa")
    page.sheet.column_dimensions["J"].width = 48
    for offset, name in enumerate(owners):
        page.put(table.header + 1 + offset, 10, name, Kind.LABEL)
    last = table.header + len(owners)
    page.book.define(_LIST, f"'{page.name}'!$J${table.header + 1}:$J${last}")


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


def _budget(page: Page, owners: list[str]) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        if not _filled(page, owners, place):
            return None
        return round(40_000 + 400_000 * page.book.chance("budget", place.row.code), -3)

    return content


def _used(page: Page, owners: list[str]) -> Callable[[Place], object]:
    amount = _budget(page, owners)

    def content(place: Place) -> object:
        budget = amount(place)
        if not isinstance(budget, float):
            return None
        return round(budget * (0.94 + 0.12 * page.book.chance("utilizzato", place.row.code)))

    return content


def disposal_sheet(page: Page) -> Placed:
    """Units and value sold or proposed against the plan's, for the nation and the Lazio."""
    plan, data = page.book.plan, page.book.data
    rows = [
        Row(name, item=name) for name in (data.codes("ambiti_dismissione") if data.has("dismissione") else ())
    ]
    units_of, value_of = (data.role(role) for role in GOALS)

    def goal(heading: str, indicator: str, key: str, number_format: str) -> Column:
        link = Link("obiettivo", "", plan.period, key, "Fonte")
        return linked_column(plan, heading, 16, link, lambda row: f"{indicator}@{row.code}", number_format)

    units = goal(UNITS_GOAL, units_of, "Codice unità", styles.PIECES)
    value = goal(VALUE_GOAL, value_of, "Codice valore", styles.EURO)

    def given(indicator: str, share: float) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            target = plan.target(indicator, place.row.code).value
            return (
                round(
                    target
                    * share
                    * (0.7 + 0.5 * page.book.chance(indicator.rpartition(".")[2], place.row.code))
                )
                if page.book.example
                else None
            )

        return content

    columns = [
        Column("Ambito", Kind.KEY, 24, lambda place: place.row.code),
        Column("Codice unità", Kind.LABEL, 20, lambda p: f"{units_of}@{p.row.code}", hidden=True),
        Column("Codice valore", Kind.LABEL, 20, lambda p: f"{value_of}@{p.row.code}", hidden=True),
        Column(UNITS, Kind.INPUT, 14, given(units_of, 0.6), styles.PIECES, validation=_PIECES),
        units,
        Column(VALUE, Kind.INPUT, 18, given(value_of, 0.45), styles.EURO, validation=EURO_INPUT),
        value,
        result(INDEX, 12, lambda p: formulas.complete(
            f"DISMISSIONE_INDEX({p.here(UNITS)},{p.here(UNITS_GOAL)},{p.here(VALUE)},{p.here(VALUE_GOAL)})",
            p.here(UNITS), p.here(VALUE),
        ), styles.SCORE),
        Column(CHECK, Kind.CHECK, 34, _disposal_check, judged_by=CHECK),
        Column("Fonte", Kind.SOURCE, 50, _both_sources(page.book)),
    ]  # fmt: skip
    table = page.table(TableSpec("tblDismissione", columns, rows), FIRST_ROW)
    page.remark(
        table.last + 2,
        "Indice: percentuale di avanzamento delle unità più quella del valore catastale (DISMISSIONE_INDEX).",
    )
    page.finish(freeze=f"B{table.header + 1}", setup=PrintSetup(one_page=True))
    return table


def _disposal_check(place: Place) -> object:
    units, value = place.here(UNITS), place.here(VALUE)
    return f"={remarks.on_numbers({UNITS: units, VALUE: value}, waiting(units, value))}"


def _both_sources(book: Book) -> Callable[[Place], object]:
    plan = book.plan
    return lambda place: describe_source(
        target_values(plan, "obiettivo", "", plan.period, f"{book.data.role(role)}@{place.row.code}")
        for role in GOALS
    )
