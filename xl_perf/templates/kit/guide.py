"""The `Istruzioni` sheet: what the workbook is for, what to fill in, what colours and words mean, sources."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.catalog import FUNCTIONS
from xl_perf.plan.model import Status
from xl_perf.plan.titles import weight_title
from xl_perf.templates.kit import formulas, metrics, status, styles
from xl_perf.templates.kit.dress import dress_link
from xl_perf.templates.kit.names import CAP, CENTRE
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.paper import ROW
from xl_perf.templates.kit.parameters import codes_of
from xl_perf.templates.kit.styles import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xl_perf.plan.model import Defect, Plan
    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.page import Page

_LEFT_WIDTH, _RIGHT_WIDTH = 36, 88


@dataclass(frozen=True, slots=True)
class Guide:
    """What one workbook's instructions say, besides what all of them say.

    `nodes` are the weight nodes and `systems` the systems whose assumptions are listed, beside those of the parameters;
    `ratios` adds those of the banded ratios; `notes` are sections of their own, title and lines, before the rules.
    """

    purpose: Sequence[str]
    fill_in: Sequence[tuple[str, str]]
    sheets: Sequence[tuple[str, str]]
    rules: Sequence[str]
    functions: Sequence[str]
    defects: Sequence[str]
    nodes: Sequence[str] = ()
    ratios: bool = False
    notes: Sequence[tuple[str, Sequence[str]]] = ()
    own: Sequence[str] = ()
    """The structures that the workbook is for: defects that name others alone are left out; all count when empty."""


def guide_page(page: Page, guide: Guide) -> None:
    """Write the sheet.

    Args:
        page: the empty `Istruzioni` page.
        guide: the texts of this workbook.
    """
    page.sheet.column_dimensions["A"].width = _LEFT_WIDTH
    page.sheet.column_dimensions["B"].width = _RIGHT_WIDTH
    writer = _Writer(page)
    status.status_cell(page, writer.row)
    writer.row += 2
    for line in guide.purpose:
        writer.wide(line)
    writer.section("Che cosa compilare")
    for sheet, text in guide.fill_in:
        writer.link(sheet, text)
    writer.section("Gli altri fogli")
    for sheet, text in guide.sheets:
        writer.link(sheet, text)
    _legend(writer)
    _informative(writer)
    for title, lines in guide.notes:
        writer.section(title)
        for line in lines:
            writer.bullet(line)
    writer.section("Come si leggono i risultati")
    for line in (*_common_rules(page.book), *guide.rules):
        writer.bullet(line)
    _functions(writer, guide.functions)
    writer.section("Da dove vengono i numeri")
    for line in _origins(page.book.plan):
        writer.bullet(line)
    writer.section("Assunzioni e valori ricostruiti")
    for label, text in _assumptions(page.book, guide):
        writer.pair(label, text)
    defects = _defects(page.book.plan, guide)
    if defects:
        writer.section("Difetti noti delle fonti e lettura scelta")
        for defect in defects:
            writer.pair(str(defect.source), _defect_text(defect))
    _updating(writer, page)
    page.finish()


def _defect_text(defect: Defect) -> str:
    reason = defect.reason[:1].upper() + defect.reason[1:]
    return f"Stampato: {defect.printed}. Lettura: {defect.reading}. Motivo: {reason}."


class _Writer:
    """Writes line after line and keeps the heights that wrapped text needs."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.row = FIRST_ROW

    def section(self, text: str) -> None:
        self.row += 1
        self.page.section(self.row, text)
        self.row += 1

    def wide(self, text: str) -> None:
        self.bullet(text)

    def bullet(self, text: str) -> None:
        self.page.text(self.row, 2, text, wrap=True, indent=1)
        self._height(text)

    def pair(self, label: str, text: str) -> None:
        self.page.text(self.row, 1, label, styles.font(bold=True, colour=styles.INK), wrap=True)
        self.page.text(self.row, 2, text, wrap=True, indent=1)
        self._height(text, label)

    def link(self, sheet: str, text: str) -> None:
        dress_link(self.page.sheet.cell(self.row, 1), sheet, sheet)
        self.page.text(self.row, 2, text, wrap=True, indent=1)
        self._height(text)

    def sample(self, kind: Kind, label: str, text: str) -> None:
        self.page.put(self.row, 1, label, kind, align="left")
        self.page.sheet.cell(self.row, 1).protection = styles.LOCKED
        self.page.text(self.row, 2, text, wrap=True, indent=1)
        self._height(text)

    def coloured(self, label: str, ground: str, ink: str, text: str) -> None:
        self.page.text(self.row, 1, label, styles.font(bold=True, colour=ink))
        self.page.sheet.cell(self.row, 1).fill = styles.solid(ground)
        self.page.text(self.row, 2, text, wrap=True, indent=1)
        self._height(text)

    def _height(self, text: str, label: str = "") -> None:
        lines = max(
            metrics.line_count(_said(text), metrics.room(_RIGHT_WIDTH, 1)),
            metrics.line_count(label, metrics.room(_LEFT_WIDTH), bold=True),
        )
        self.page.sheet.row_dimensions[self.row].height = max(metrics.rows_height(lines), ROW)
        self.row += 1


def _said(text: str) -> str:
    """The words of a text, or about those that a formula gives."""
    return " 100 ".join(re.findall('"([^"]*)"', text)) if text.startswith("=") else text


def _legend(writer: _Writer) -> None:
    writer.section("Colori, segni e parole")
    writer.sample(
        Kind.INPUT,
        "Dato da inserire",
        "Fondo giallo con bordo: le sole celle sbloccate, da compilare. Vuota = dato non ancora disponibile.",
    )
    writer.sample(
        Kind.TARGET,
        "Valore del piano",
        "Fondo azzurro: obiettivo o parametro del piano, protetto; la colonna Fonte dice tabella e atto.",
    )
    writer.sample(
        Kind.FORMULA,
        "Risultato",
        "Fondo bianco o grigio: formula su celle visibili, protetta; i totali sono in grassetto.",
    )
    writer.sample(Kind.CHECK, "Controllo", "Grigio: copertura, quadrature e controlli dei dati.")
    centre = writer.page.book.parameter_name(CENTRE)
    for label, ground, ink, before, after in (
        (
            formulas.BETTER,
            styles.BETTER_GROUND,
            styles.BETTER_INK,
            "sopra ",
            " oltre la banda «in linea» (foglio Parametri).",
        ),
        (formulas.NEAR, styles.NEAR_GROUND, styles.NEAR_INK, "entro la banda attorno a ", "."),
        (formulas.WORSE, styles.WORSE_GROUND, styles.WORSE_INK, "sotto ", " oltre la banda."),
    ):
        writer.coloured(label, ground, ink, f'="Punteggio {before}"&{centre}&"{after}"')


def _informative(writer: _Writer) -> None:
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


def _functions(writer: _Writer, names: Sequence[str]) -> None:
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
    """The defects of the workbook's systems, without those that only name structures that it is not for."""
    found = [d for d in plan.defects if any(word in d.id for word in guide.defects)]
    if not guide.own:
        return found
    codes = [s.code for s in plan.structures_of() if s.code != plan.national]
    spelled = {spelling: code for code in codes for spelling in (code, code.title())}
    pattern = re.compile(
        rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(spelled, key=len, reverse=True)))})(?!\w)"
    )
    named = [
        {spelled[name] for name in pattern.findall(f"{d.printed} {d.reading} {d.reason}")} for d in found
    ]
    return [d for d, names in zip(found, named, strict=True) if not names or names & set(guide.own)]


def _updating(writer: _Writer, page: Page) -> None:
    template = page.book.template
    writer.section(status.TITLE)
    for label, text in status.remedies(template):
        writer.pair(label, text)
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
