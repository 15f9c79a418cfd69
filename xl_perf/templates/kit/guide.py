"""The first sheet, `Inizia qui`: what the workbook is for, what to fill in, where things are, what colours mean.

It is one page of A4; what is to be looked up stands in `Note e fonti`, see `sources.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.templates.kit import formulas, metrics, status, styles
from xl_perf.templates.kit.dress import dress_link
from xl_perf.templates.kit.model import PrintSetup
from xl_perf.templates.kit.names import CENTRE
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.pages import ROW
from xl_perf.templates.kit.styles import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.templates.kit.page import Page

START, NOTES = "Inizia qui", "Note e fonti"
"""Names of the sheet that a workbook opens with, and of the one to look things up."""
_LEFT, _RIGHT = 29, 95


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
    """The structures that the workbook is for: defects of others alone are left out; all count when empty."""


def start_page(page: Page, guide: Guide) -> None:
    """Write `Inizia qui`.

    Args:
        page: the empty page, the first of its workbook.
        guide: the texts of this workbook.
    """
    writer = Writer(page, _LEFT, _RIGHT)
    status.status_cell(page, writer.row)
    writer.row += 2
    writer.wide(" ".join(guide.purpose))
    writer.section("Che cosa compilare")
    for sheet, text in guide.fill_in:
        writer.link(sheet, text)
    writer.section("Gli altri fogli")
    for sheet, text in guide.sheets:
        writer.link(sheet, text)
    writer.link(
        NOTES, "come si leggono i risultati, funzioni, assunzioni, difetti noti delle fonti, aggiornamento."
    )
    _legend(writer)
    writer.section(status.TITLE)
    for label, text in status.remedies(page.book.template):
        writer.pair(label, text)
    page.finish(setup=PrintSetup(one_page=True))


class Writer:
    """Writes line after line and keeps the heights that wrapped text needs."""

    def __init__(self, page: Page, left: float, right: float) -> None:
        self.page = page
        self.row = FIRST_ROW
        self.left, self.right = left, right
        """Widths of the columns of labels and of texts, in characters."""
        page.sheet.column_dimensions["A"].width = left
        page.sheet.column_dimensions["B"].width = right

    def section(self, text: str) -> None:
        """A heading."""
        self.row += 1
        self.page.section(self.row, text)
        self.row += 1

    def wide(self, text: str) -> None:
        """A text over both columns, a row for each of its lines."""
        for line in metrics.wrapped(text, metrics.room(self.left + self.right)):
            self.page.text(self.row, 1, line)
            self.row += 1

    def bullet(self, text: str) -> None:
        """A text beside the labels."""
        self.page.text(self.row, 2, text, wrap=True, indent=1)
        self._height(text)

    def pair(self, label: str, text: str) -> None:
        """A label and its text."""
        self.page.text(self.row, 1, label, styles.font(bold=True, colour=styles.INK), wrap=True)
        self.page.text(self.row, 2, text, wrap=True, indent=1)
        self._height(text, label)

    def link(self, sheet: str, text: str) -> None:
        """A link to a sheet, and what it is."""
        dress_link(self.page.sheet.cell(self.row, 1), sheet, sheet)
        self.page.text(self.row, 2, text, wrap=True, indent=1)
        self._height(text)

    def sample(self, kind: Kind, label: str, text: str) -> None:
        """What a kind of cell looks like."""
        self.page.put(self.row, 1, label, kind, align="left")
        self.page.sheet.cell(self.row, 1).protection = styles.LOCKED
        self.page.text(self.row, 2, text, wrap=True, indent=1)
        self._height(text)

    def coloured(self, label: str, ground: str, ink: str, text: str) -> None:
        """A word on its ground."""
        self.page.text(self.row, 1, label, styles.font(bold=True, colour=ink))
        self.page.sheet.cell(self.row, 1).fill = styles.solid(ground)
        self.page.text(self.row, 2, text, wrap=True, indent=1)
        self._height(text)

    def _height(self, text: str, label: str = "") -> None:
        lines = max(
            metrics.line_count(_said(text), metrics.room(self.right, 1)),
            metrics.line_count(label, metrics.room(self.left), bold=True),
        )
        self.page.sheet.row_dimensions[self.row].height = max(metrics.rows_height(lines), ROW)
        self.row += 1


def _said(text: str) -> str:
    """The words of a text, or about those that a formula gives."""
    return " 100 ".join(re.findall('"([^"]*)"', text)) if text.startswith("=") else text


def _legend(writer: Writer) -> None:
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
