"""Sheets of `strutture_centrali.xlsx` behind some values: audit campaigns, chapters of spending, disposals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind, Species
from xl_perf.plan.describe import describe_source, target_values
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import result
from xl_perf.templates.kit.model import Column, Datum, Link, Row, TableSpec, Validation
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.kit.targets import linked_column
from xl_perf.templates.strutture_centrali.measures import lines_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page

KIND, REPORT = "Tipo di campagna", "Report finale"
EMPTY = '""'
UNITS, UNITS_GOAL, VALUE, VALUE_GOAL, INDEX = (
    "Unità",
    "Obiettivo unità",
    "Valore catastale",
    "Obiettivo valore",
    "Indice",
)
YES, NO = "sì", "no"
CHECK = "Controllo dati"
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
        Column("Codice", Kind.KEY, 20, lambda place: place.row.code, paper=False),
        Column(KIND, Kind.LABEL, 32, kind),
        Column(REPORT, Kind.INPUT, 14, example, align="center", validation=_REPORT,
               datum=Datum(KeyKind.ITEM, "", "report", species=Species.TEXT, key="Codice")),
        Column(CHECK, Kind.CHECK, 34, checked, judged_by=CHECK),
        Column("Fonte", Kind.SOURCE, 64, lambda place: f"{place.row.item.source.place} "
                                                       f"({place.row.item.source.document})"),
    ]  # fmt: skip
    table = page.table(TableSpec("tblCampagne", columns, rows, filters=True), FIRST_ROW)
    page.finish()
    return table


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

    columns = [
        Column("Ambito", Kind.KEY, 24, lambda place: place.row.code),
        Column("Codice unità", Kind.LABEL, 20, lambda p: f"{units_of}@{p.row.code}", paper=False),
        Column("Codice valore", Kind.LABEL, 20, lambda p: f"{value_of}@{p.row.code}", paper=False),
        Column(UNITS, Kind.INPUT, 14, number_format=styles.PIECES, validation=_PIECES,
               datum=Datum(KeyKind.STRUCTURE, units_of, "consuntivo", "", key="Ambito")),
        units,
        Column(VALUE, Kind.INPUT, 18, number_format=styles.EURO, validation=EURO_INPUT,
               datum=Datum(KeyKind.STRUCTURE, value_of, "consuntivo", "", key="Ambito")),
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
    page.finish()
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
