"""The sheet `Note e fonti`: how results are read, functions, documents, assumptions, misprints, how to update."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.catalog import FUNCTIONS
from xl_perf.plan.model import Status
from xl_perf.plan.titles import weight_title
from xl_perf.templates.kit import styles
from xl_perf.templates.kit.guide import Writer, start_page
from xl_perf.templates.kit.names import CAP, CENTRE
from xl_perf.templates.kit.parameters import codes_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xl_perf.plan.model import Defect, Plan
    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.guide import Guide
    from xl_perf.templates.kit.page import Page

_LEFT, _RIGHT = 37, 87


def guide_pages(start: Page, notes: Page, guide: Guide) -> None:
    """Write `Inizia qui` and `Note e fonti`.

    Args:
        start: the first page of the workbook.
        notes: the page to look things up.
        guide: the texts of this workbook.
    """
    start_page(start, guide)
    writer = Writer(notes, _LEFT, _RIGHT)
    writer.row -= 1
    writer.section("Come si leggono i risultati")
    for line in (*_common_rules(notes.book), *guide.rules):
        writer.bullet(line)
    for title, lines in guide.notes:
        writer.section(title)
        for line in lines:
            writer.bullet(line)
    _informative(writer)
    _functions(writer, guide.functions)
    writer.section("Da dove vengono i numeri")
    for line in _origins(notes.book.plan):
        writer.bullet(line)
    writer.section("Assunzioni e valori ricostruiti")
    for label, text in _assumptions(notes.book, guide):
        writer.pair(label, text)
    defects = _defects(notes.book.plan, guide)
    if defects:
        writer.section("Difetti noti delle fonti e lettura scelta")
        for defect in defects:
            writer.pair(str(defect.source), _defect_text(defect))
    _updating(writer, notes.book.template)
    notes.finish()


def _defect_text(defect: Defect) -> str:
    reason = defect.reason[:1].upper() + defect.reason[1:]
    return f"Stampato: {defect.printed}. Lettura: {defect.reading}. Motivo: {reason}."


def _informative(writer: Writer) -> None:
    """The inputs that no result depends on, each with its reason."""
    found = dict.fromkeys((sheet, text) for (sheet, _), text in writer.page.book.informative.items())
    if found:
        writer.section("Celle gialle che non cambiano i risultati")
    for sheet, text in found:
        writer.pair(sheet, text)


def _common_rules(book: Book) -> Iterator[str]:
    """What holds in every workbook; formulas where a number of the sheet `Parametri` is named."""
    cap, centre = (book.parameter_name(role) for role in (CAP, CENTRE))
    yield (
        f'="Punteggio: "&{centre}&" = obiettivo raggiunto; sopra è meglio, sotto è peggio, qualunque sia il verso '
        "dell'indicatore.\""
    )
    yield (
        f'="Ogni scostamento è limitato a ±"&ROUND(100*{cap},2)&"% prima di qualsiasi media: il punteggio sta fra "'
        f'&ROUND({centre}*(1-{cap}),2)&" e "&ROUND({centre}*(1+{cap}),2)&"."'
    )
    yield (
        "Dato vuoto: risultato vuoto, mai zero. Una sintesi parziale è la media sui pesi rendicontati "
        "e mostra la copertura."
    )
    yield "Testo al posto di un numero dà #VALORE!, obiettivo zero dà #DIV/0!, dato mancante obbligatorio dà #N/D."


def _functions(writer: Writer, names: Sequence[str]) -> None:
    writer.section("Funzioni usate nelle formule")
    for name in names:
        writer.pair(name, FUNCTIONS[name].help)


def _origins(plan: Plan) -> Iterator[str]:
    for document in plan.documents.values():
        yield f"{document.id}: {document.title}."
    for act in sorted(plan.acts.values(), key=lambda act: act.date):
        yield f"{act.short}: {act.title}."


def _assumptions(book: Book, guide: Guide) -> Iterator[tuple[str, str]]:
    """Everything the workbook uses that the plan does not print: word for its status, what it is and why."""
    plan = book.plan
    for code in codes_of(book):
        parameter = plan.parameters[code]
        if parameter.status is not Status.PUBLISHED:
            yield styles.STATUS_WORDS[parameter.status], _sentence(parameter.title, parameter.note)
    for node in guide.nodes:
        weight = plan.weights_of(node)[0]
        if weight.status is not Status.PUBLISHED:
            yield (
                styles.STATUS_WORDS[weight.status],
                _sentence(f"Pesi {weight_title(plan, node)}", weight.note),
            )
    if guide.ratios:
        for ratio in plan.banded_ratios:
            yield styles.STATUS_WORDS[Status.ASSUMED], _sentence(ratio.title, ratio.note)


def _sentence(title: str, note: str) -> str:
    note = note.removeprefix("assunzione: ")
    return f"{title}: {note}." if note else f"{title}."


def _defects(plan: Plan, guide: Guide) -> list[Defect]:
    """The defects of the workbook's systems, without those about the figures of structures that it is not for."""
    found = [d for d in plan.defects if any(word in d.id for word in guide.defects)]
    return [d for d in found if not guide.own or not d.structures or set(d.structures) & set(guide.own)]


def _updating(writer: Writer, template: str) -> None:
    writer.section("Come si aggiorna")
    writer.pair(
        f"xl-perf sync {template}.xlsx",
        "Ricarica obiettivi, parametri e fonti da una nuova edizione del piano: i dati inseriti restano.",
    )
    writer.pair(
        f"xl-perf recalc {template}.xlsx",
        "Ricalcola il file anche senza Excel e senza componente aggiuntivo; i valori restano memorizzati nelle celle.",
    )
    writer.bullet(
        "I fogli sono protetti senza password: Revisione > Rimuovi protezione foglio. Non rinominare "
        "tabelle e intestazioni: sync le cerca per nome."
    )
