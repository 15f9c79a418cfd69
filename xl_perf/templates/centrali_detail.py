"""Sheets of `strutture_centrali.xlsx` behind some values: audit campaigns, chapters of spending, disposals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.plan.describe import describe_source, target_values
from xl_perf.templates import formulas, styles
from xl_perf.templates.centrali_measures import TREE
from xl_perf.templates.columns import result
from xl_perf.templates.model import Column, Link, PrintSetup, Row, TableSpec, Validation
from xl_perf.templates.names import short_name
from xl_perf.templates.page import FIRST_ROW
from xl_perf.templates.styles import Kind
from xl_perf.templates.targets import linked_column

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.plan.model import Plan
    from xl_perf.templates.model import Place, Placed
    from xl_perf.templates.page import Page

KIND, REPORT = "Tipo di campagna", "Report finale"
CHAPTERS = 80
"""Rows for chapters of spending: ten for each of the eight structures."""
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
CAMPAIGNS = {
    "centrali.audit_regionali": "Audit, campagne regionali",
    "centrali.followup_regionali": "Follow up, campagne regionali",
    "centrali.audit_centrali": "Audit, campagne centrali",
    "centrali.followup_centrali": "Follow up, campagne centrali",
    "centrali.crsa": "CRSA, campagne centrali",
}

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
_FORECAST = Validation(
    "whole",
    "Forecast",
    "Numero del forecast a cui si riferiscono i dati: 1, 2, 3 oppure 4.",
    "Inserire un numero intero da 1 a 4.",
    minimum=1,
    maximum=4,
)
_OWNER = Validation(
    "list",
    "Struttura del capitolo",
    "Scegliere la Direzione responsabile del budget del capitolo.",
    "Scegliere un nome dall'elenco.",
    source="Elenco_strutture_di_spesa",
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


def audit_sheet(page: Page) -> Placed:
    """The campaigns of the Direzione centrale Audit: each counts when its final report is written."""
    plan = page.book.plan
    rows = [
        Row(line.code, item=line)
        for indicator in CAMPAIGNS
        for line in plan.lines_of(TREE)
        if line.code.startswith(f"{indicator}.")
    ]

    def kind(place: Place) -> object:
        return CAMPAIGNS[place.row.code.rpartition(".")[0]]

    def example(place: Place) -> object:
        if page.book.left_empty("campagna", place.row.code):
            return None
        return YES if page.book.chance("report", place.row.code) < 0.85 else NO

    columns = [
        Column("Campagna", Kind.LABEL, 88, lambda place: place.row.item.title),
        Column("Codice", Kind.KEY, 20, lambda place: place.row.code, hidden=True),
        Column(KIND, Kind.LABEL, 32, kind),
        Column(REPORT, Kind.INPUT, 14, example, align="center", validation=_REPORT),
        Column("Fonte", Kind.SOURCE, 64, lambda place: f"{place.row.item.source.place} ({place.row.item.source.document})"),
    ]  # fmt: skip
    table = page.table(TableSpec("tblCampagne", columns, rows, filters=True), FIRST_ROW)
    page.finish(freeze=f"B{table.header + 1}", setup=PrintSetup(one_page=True))
    return table


def spending_sheet(page: Page) -> Placed:
    """Free rows for the chapters of spending of the structures that have a budget."""
    plan = page.book.plan
    owners = [
        short_name(plan.structures[line.structure])
        for line in plan.lines_of(TREE)
        if line.code.startswith("centrali.spesa.") and line.structure
    ]
    row = FIRST_ROW
    page.text(row, 1, "Forecast a cui si riferiscono i dati", styles.font(bold=True, colour=styles.INK))
    forecast = page.put(row, 2, 4, Kind.INPUT, number_format="0", validation=_FORECAST).split("!")[1]
    page.remark(
        row + 1,
        "Fino al III forecast l'utilizzato non supera il budget di oltre il limite; al IV non se ne discosta in più o in meno.",
    )
    columns = [
        Column(OWNER, Kind.INPUT, 48, _owner(page, owners), align="left", validation=_OWNER),
        Column(CHAPTER, Kind.INPUT, 56, _chapter(page, owners), align="left", validation=_CHAPTER),
        Column(BUDGET, Kind.INPUT, 18, _budget(page, owners), styles.EURO, validation=EURO_INPUT),
        Column(USED, Kind.INPUT, 18, _used(page, owners), styles.EURO, validation=EURO_INPUT),
        result("Scostamento", 14, _spread, styles.DEVIATION),
        result(WITHIN, 14, lambda p: formulas.unless_empty(
            f"IF(SPESA_CONFORME({p.here(BUDGET)},{p.here(USED)},{forecast}),1,0)", p.here(BUDGET), p.here(USED)
        ), '"sì";;"▼ no"', align="center"),
        Column("Riga", Kind.CHECK, 8, lambda p: p.row.item, "0", align="right"),
    ]  # fmt: skip
    rows = [Row(str(number), item=number) for number in range(1, CHAPTERS + 1)]
    table = page.table(TableSpec("tblSpesa", columns, rows), row + 3)
    _owners(page, owners, table)
    page.finish(freeze=f"B{table.header + 1}", setup=PrintSetup())
    return table


def _owners(page: Page, owners: list[str], table: Placed) -> None:
    """The names that the list offers, beside the table."""
    page.head(table.header, 9, "Strutture con budget di spesa")
    page.sheet.column_dimensions["I"].width = 48
    for offset, name in enumerate(owners):
        page.put(table.header + 1 + offset, 9, name, Kind.LABEL)
    last = table.header + len(owners)
    page.book.define("Elenco_strutture_di_spesa", f"'{page.name}'!$I${table.header + 1}:$I${last}")


def _spread(place: Place) -> object:
    budget, used = place.here(BUDGET), place.here(USED)
    return f'=IF(COUNT({budget},{used})<2,"",IF({budget}=0,"",{used}/{budget}-1))'


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
    plan = page.book.plan
    rows = [Row(name, item=name) for name in ("NAZIONALE", "LAZIO")]

    def goal(heading: str, name: str, key: str, number_format: str) -> Column:
        link = Link("obiettivo", "", plan.period, key, "Fonte")
        return linked_column(
            plan, heading, 16, link, lambda row: f"dismissione.{name}@{row.code}", number_format
        )

    units = goal(UNITS_GOAL, "unita", "Codice unità", styles.PIECES)
    value = goal(VALUE_GOAL, "valore", "Codice valore", styles.EURO)

    def given(name: str, share: float) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            target = plan.target(f"dismissione.{name}", place.row.code).value
            return (
                round(target * share * (0.7 + 0.5 * page.book.chance(name, place.row.code)))
                if page.book.example
                else None
            )

        return content

    columns = [
        Column("Ambito", Kind.KEY, 24, lambda place: place.row.code),
        Column("Codice unità", Kind.LABEL, 20, lambda p: f"dismissione.unita@{p.row.code}", hidden=True),
        Column("Codice valore", Kind.LABEL, 20, lambda p: f"dismissione.valore@{p.row.code}", hidden=True),
        Column(UNITS, Kind.INPUT, 14, given("unita", 0.6), styles.PIECES, validation=_PIECES),
        units,
        Column(VALUE, Kind.INPUT, 18, given("valore", 0.45), styles.EURO, validation=EURO_INPUT),
        value,
        result(INDEX, 12, lambda p: formulas.unless_empty(
            f"DISMISSIONE_INDEX({p.here(UNITS)},{p.here(UNITS_GOAL)},{p.here(VALUE)},{p.here(VALUE_GOAL)})",
            p.here(UNITS), p.here(VALUE),
        ), styles.SCORE),
        Column("Fonte", Kind.SOURCE, 50, _both_sources(plan)),
    ]  # fmt: skip
    table = page.table(TableSpec("tblDismissione", columns, rows), FIRST_ROW)
    page.remark(
        table.last + 2,
        "Indice: percentuale di avanzamento delle unità più quella del valore catastale, obiettivo 100 (DISMISSIONE_INDEX).",
    )
    page.finish(freeze=f"B{table.header + 1}", setup=PrintSetup(one_page=True))
    return table


def _both_sources(plan: Plan) -> Callable[[Place], object]:
    return lambda place: describe_source(
        target_values(plan, "obiettivo", "", plan.period, f"dismissione.{name}@{place.row.code}")
        for name in ("unita", "valore")
    )
