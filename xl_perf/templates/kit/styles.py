"""The one look of the official workbooks: colours, fonts, number formats.

One accent (0066CC) and neutral greys, after the Italian public design system. Every pair of text and ground has a
contrast of at least 4.5:1 (AA). No meaning is carried by colour alone: arrows, words or column headings say it too.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.styles.differential import DifferentialStyle

from xl_perf.plan.model import Status, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCENT = "0066CC"
INK = "17324D"
TEXT = "1A1A1A"
MUTED = "475A6D"
WHITE = "FFFFFF"
HEADER_GROUND = "E3E9EF"
TOTAL_GROUND = "F0F3F6"
NATIONAL_GROUND = "E3E9EF"
TITLE, SECTION, NOTE, LINK, PLAIN = "Heading 1", "Heading 2", "Explanatory Text", "Hyperlink", "Libero"
HEAD, GROUP_HEAD, TOTAL_NAME = "Intestazione", "Gruppo di colonne", "Totale"
TARGET_GROUND = "EAF3FC"
INPUT_GROUND = "FFF8DC"
INPUT_EDGE = "8A6D00"
EXAMPLE_GROUND = "FFE8CC"
EXAMPLE_INK = "7A3E00"
LINE = "C5CFD9"
BETTER_GROUND, BETTER_INK = "DDF0E4", "00522E"
NEAR_GROUND, NEAR_INK = "ECEFF2", "17324D"
WORSE_GROUND, WORSE_INK = "FBE3E0", "8A1C12"
FONT = "Arial"
SIZE = 10


class Kind(StrEnum):
    """What a column or a cell is for; each kind has one look and one protection."""

    KEY = "chiave"
    LABEL = "testo"
    TARGET = "obiettivo"
    INPUT = "dato da inserire"
    FORMULA = "formula"
    SOURCE = "fonte"
    CHECK = "controllo"


class Level(StrEnum):
    """Rank of a row: details, subtotals (regions, sections) and the national or grand total."""

    LEAF = "dettaglio"
    TOTAL = "totale"
    NATIONAL = "nazionale"


DAYS = "0"
DAYS_1 = "0.0"
EURO = "#,##0"
EURO_CENTS = "#,##0.00"
PERCENT = "0.00%"
PERCENT_1 = "0.0%"
PERCENT_0 = "0%"
DATE = "dd/mm/yyyy"
RATIO = "0.00"
POINTS = "0"
SCORE = "0.0"
PIECES = "#,##0"
GENERAL = "General"
DEVIATION = '"▲ "+0.0%;"▼ "-0.0%;"● "0.0%'
"""Deviations show their direction by an arrow too: above, below, equal."""

UNIT_FORMATS = {
    Unit.DAYS: DAYS,
    Unit.EURO: EURO,
    Unit.PERCENT: PERCENT,
    Unit.RATIO: RATIO,
    Unit.POINTS: POINTS,
    Unit.INDEX: RATIO,
    Unit.PIECES: PIECES,
    Unit.PEOPLE: "0.0",
}

STATUS_WORDS = {
    Status.PUBLISHED: "pubblicato",
    Status.RECOVERED: "ricostruito",
    Status.ASSUMED: "assunzione",
}


@dataclass(frozen=True, slots=True)
class Look:
    """Font, ground, edges and protection of one kind of cell at one level."""

    font: Font
    fill: PatternFill
    border: Border
    protection: Protection


def solid(colour: str) -> PatternFill:
    """A plain ground."""
    return PatternFill("solid", start_color=colour, end_color=colour)


@cache
def font(*, size: float = SIZE, bold: bool = False, italic: bool = False, colour: str = TEXT) -> Font:
    """The workbook's font in one of its variants; whoever changes it copies it first."""
    return Font(name=FONT, size=size, bold=bold, italic=italic, color=colour)


def edges(colour: str = LINE, *, top: str = "thin", bottom: str = "thin") -> Border:
    """Lines around a cell; `top` and `bottom` are Excel line styles."""
    side = Side(style="thin", color=colour)
    return Border(
        left=side, right=side, top=Side(style=top, color=colour), bottom=Side(style=bottom, color=colour)
    )


SIGNATURE = Border(bottom=Side(style="thin", color=INK))
LOCKED = Protection(locked=True)
OPEN = Protection(locked=False)
NO_FILL = PatternFill()

_GROUNDS = {Level.LEAF: WHITE, Level.TOTAL: TOTAL_GROUND, Level.NATIONAL: NATIONAL_GROUND}


def look(kind: Kind, level: Level) -> Look:
    """The look of a cell.

    Args:
        kind: what the cell is for.
        level: rank of its row; totals are bold, inputs look the same at every level.
    """
    bold = level is not Level.LEAF
    if kind is Kind.INPUT:
        return Look(font(bold=bold), solid(INPUT_GROUND), edges(INPUT_EDGE), OPEN)
    if kind is Kind.TARGET:
        return Look(font(bold=bold, colour=INK), solid(TARGET_GROUND), edges(), LOCKED)
    if kind is Kind.SOURCE:
        return Look(font(colour=MUTED), solid(_GROUNDS[level]), edges(), LOCKED)
    if kind is Kind.CHECK:
        return Look(font(colour=MUTED), solid(_GROUNDS[level]), edges(), LOCKED)
    colour = INK if kind is Kind.KEY else TEXT
    return Look(font(bold=bold, colour=colour), solid(_GROUNDS[level]), edges(), LOCKED)


HEADER = Look(font(bold=True, colour=INK), solid(HEADER_GROUND), edges(bottom="medium"), LOCKED)
GROUP = Look(font(size=9, bold=True, colour=WHITE), solid(ACCENT), Border(), LOCKED)
HEADER_ALIGN = Alignment(horizontal="center", vertical="center", wrap_text=True)
LEFT_HEADER_ALIGN = Alignment(horizontal="left", vertical="center", wrap_text=True)
LEFT = Alignment(horizontal="left", vertical="center")
WRAPPED = Alignment(horizontal="left", vertical="center", wrap_text=True)
TOP_WRAPPED = Alignment(horizontal="left", vertical="top", wrap_text=True)
RIGHT = Alignment(horizontal="right", vertical="center")
CENTER = Alignment(horizontal="center", vertical="center")


STYLE_OF = {
    Kind.KEY: "Chiave",
    Kind.LABEL: "Testo",
    Kind.TARGET: "Valore del piano",
    Kind.INPUT: "Dato da inserire",
    Kind.FORMULA: "Risultato",
    Kind.SOURCE: "Fonte",
    Kind.CHECK: "Controllo",
}


def style_name(kind: Kind, level: Level) -> str:
    """Named style of a cell of a table."""
    total = level is not Level.LEAF and kind not in (Kind.INPUT, Kind.TARGET)
    return TOTAL_NAME if total else STYLE_OF[kind]


def named_styles() -> Iterator[NamedStyle]:
    """The named styles of every workbook; those that Excel knows have its numbers."""
    yield NamedStyle(name=TITLE, builtinId=16, font=font(size=16, bold=True, colour=INK), alignment=LEFT)
    yield NamedStyle(name=SECTION, builtinId=17, font=font(size=12, bold=True, colour=ACCENT), alignment=LEFT)
    yield NamedStyle(name=NOTE, builtinId=53, font=font(size=9, colour=MUTED), alignment=LEFT)
    link = Font(name=FONT, size=SIZE, color=ACCENT, underline="single")
    yield NamedStyle(name=LINK, builtinId=8, font=link, alignment=LEFT)
    yield NamedStyle(name=PLAIN, font=font(), alignment=LEFT)
    kinds = [(STYLE_OF[kind], look(kind, Level.LEAF)) for kind in Kind]
    for name, own in (
        *kinds,
        (TOTAL_NAME, look(Kind.FORMULA, Level.NATIONAL)),
        (HEAD, HEADER),
        (GROUP_HEAD, GROUP),
    ):
        yield NamedStyle(
            name=name,
            font=own.font,
            fill=own.fill,
            border=own.border,
            protection=own.protection,
            alignment=LEFT,
        )


def differential(ground: str, ink: str) -> DifferentialStyle:
    """Style of a conditional format."""
    return DifferentialStyle(
        font=Font(color=ink, bold=True), fill=PatternFill(bgColor=ground, fill_type="solid")
    )


BETTER = differential(BETTER_GROUND, BETTER_INK)
NEAR = differential(NEAR_GROUND, NEAR_INK)
WORSE = differential(WORSE_GROUND, WORSE_INK)

TAB_COLOURS = {"guida": ACCENT, "dati": INPUT_EDGE, "obiettivi": INK, "risultati": "5A768A", "servizio": LINE}
