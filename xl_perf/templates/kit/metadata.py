"""The `Metadati` sheet: what the workbook is and which cells sync may change; readable by people and by programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf import __version__
from xl_perf.contract.model import DATA, DATA_HEADINGS
from xl_perf.contract.sheets import SEPARATOR, SHEETS
from xl_perf.templates import TEMPLATE_VERSIONS
from xl_perf.templates.kit.book import ACT_NAME, EDITION_NAME
from xl_perf.templates.kit.fit import fit_helpers
from xl_perf.templates.kit.model import Column, PrintSetup, Row, TableSpec
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.spelling import spell
from xl_perf.templates.kit.styles import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.model import Place
    from xl_perf.templates.kit.page import Page

SHEET = "Metadati"


def metadata_page(page: Page) -> None:
    """Write both tables, and spell the formulas of the workbook; call it last, when every table has its place."""
    book = page.book
    rows = [Row(key, item=(value, text)) for key, value, text in _facts(book)]
    columns = [
        Column("Chiave", Kind.KEY, 24, lambda place: place.row.code),
        Column("Valore", Kind.LABEL, 58, lambda place: place.row.item[0], align="wrap"),
        Column("Descrizione", Kind.LABEL, 40, lambda place: place.row.item[1], align="wrap"),
    ]
    page.section(FIRST_ROW - 1, "Che cosa è questo file")
    placed = page.table(TableSpec("tblMetadati", columns, rows), FIRST_ROW)
    for name, key in ((EDITION_NAME, "titolo_edizione"), (ACT_NAME, "atto_breve")):
        book.define(name, placed.cell(key, "Valore"))
    row = placed.last + 3
    page.section(row - 1, "Celle che xl-perf sync aggiorna")
    targets = page.table(_map_table(book), row)
    if book.inputs:
        row = targets.last + 3
        page.section(row - 1, "Celle che si compilano, e che cosa sono")
        page.table(_input_table(book), row)
    page.finish(setup=PrintSetup(nothing=True))
    if not book.plain:
        spell(book)
        fit_helpers(book)


def _facts(book: Book) -> list[tuple[str, object, str]]:
    plan, act = book.plan, book.plan.latest_act
    kind = "dati di esempio" if book.example else "modello vuoto"
    return [
        ("modello", book.template, "Modello del file"),
        (
            "versione_modello",
            str(TEMPLATE_VERSIONS[book.template]),
            "Versione della struttura di fogli e tabelle",
        ),
        ("edizione", plan.id, "Edizione del piano da cui vengono gli obiettivi"),
        ("titolo_edizione", plan.title, "Titolo dell'edizione"),
        ("atto", act.title, "Ultimo atto che ha modificato il piano"),
        ("atto_breve", act.short, "Ultimo atto in forma breve"),
        ("data_atto", f"{act.date:%Y-%m-%d}", "Data dell'atto (anno-mese-giorno)"),
        ("impronta_dati", plan.data_hash, "SHA-256 dei dati dell'edizione"),
        ("struttura", book.structure, "Struttura a cui si riferisce il file"),
        ("anno", plan.period, "Anno a cui si riferiscono i dati"),
        *book.facts,
        (
            SHEETS,
            SEPARATOR.join(book.workbook.sheetnames),
            "Fogli del modello; gli altri fogli sono di chi usa il file",
        ),
        ("tipo_dati", kind, "Modello vuoto, dati pubblicati o dati di esempio"),
        ("generato_da", f"xl_perf {__version__}", "Programma che ha creato il file"),
    ]


def _map_table(book: Book) -> TableSpec:
    rows = [Row(f"{m.table}|{m.value_column}", item=m) for m in book.maps]
    columns = [
        Column(
            "Tabella",
            Kind.KEY,
            max(24, 2 + max(len(m.table) for m in book.maps)),
            lambda place: place.row.item.table,
        ),
        Column("Colonna chiave", Kind.LABEL, 58, lambda place: place.row.item.key_column),
        Column("Tipo chiave", Kind.LABEL, 40, lambda place: place.row.item.key_kind),
        Column("Colonna valore", Kind.LABEL, 40, lambda place: place.row.item.value_column),
        Column("Codice fisso", Kind.LABEL, 32, lambda place: place.row.item.fixed or None, paper=True),
        Column("Periodo", Kind.LABEL, 10, lambda place: place.row.item.period or None),
        Column("Colonna fonte", Kind.LABEL, 28, lambda place: place.row.item.source_column or None),
    ]
    return TableSpec("tblObiettivi", columns, rows)


def _input_table(book: Book) -> TableSpec:
    rows = [Row("|".join(m.cells()), item=m.cells()) for m in book.inputs]
    widths = (24, 58, 40, 40, 32, 46, 28, 28, 10)

    def content(place: int) -> Callable[[Place], object]:
        return lambda where: where.row.item[place] or None

    columns = [
        Column(heading, Kind.KEY if place == 0 else Kind.LABEL, widths[place], content(place))
        for place, heading in enumerate(DATA_HEADINGS)
    ]
    return TableSpec(DATA, columns, rows)
