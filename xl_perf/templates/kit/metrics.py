"""How much room a text needs: advance widths of Arial (Liberation Sans has the same) and what follows from them.

Widths are in thousandths of the font's size, read from the `hmtx` table of Liberation Sans 2.1; a test
compares them with the font where it is installed. A character that the table lacks counts as a wide one.
"""

from __future__ import annotations

from functools import cache, lru_cache

_REGULAR = {
    191: "'", 222: "ijl’‘", 260: "|", 278: " !,./:;I[\\]ftìÌ·", 333: "()-`r“”", 334: "{}", 350: "•", 355: '"', 365: "º",
    389: "*", 400: "°", 469: "^", 500: "Jcksvxyz", 549: "±≥≤", 556: "#$0123456789?L_abdeghnopquàèéòù§«»–€",
    584: "+<=>~×", 604: "●", 611: "FTZ", 667: "&ABEKPSVXYÀÈÉ", 722: "CDHNRUwÙ", 778: "GOQÒ", 833: "Mm", 889: "%",
    944: "W", 990: "▲▼◄►", 1000: "—…", 1015: "@",
}  # fmt: skip
_BOLD = {
    238: "'", 278: " ,./I\\ijlìÌ’‘·", 280: "|", 333: "!()-:;[]`ft", 350: "•", 365: "º", 389: "*r{}", 400: "°", 474: '"',
    500: "z“”", 549: "±≥≤", 556: "#$0123456789J_aceksvxyàèé§«»–€", 584: "+<=>^~×", 604: "●",
    611: "?FLTZbdghnopquòù", 667: "EPSVXYÈÉ", 722: "&ABCDHKNRUÀÙ", 778: "GOQwÒ", 833: "M", 889: "%m", 944: "W",
    975: "@", 990: "▲▼◄►", 1000: "—…",
}  # fmt: skip
_WIDE = 1000
CHARACTER = 5.25
"""Points of one unit of a column's width: the 7 pixels of a digit of Arial 10."""
PADDING = 3.5
"""Points that a cell keeps for its edges."""
INDENT = 10.0
"""Points of one step of indent, as LibreOffice draws it; Excel takes less."""
BUTTON = 13.5
"""Points of a filter button in a heading."""
LINE = 1.16
"""Height of a line over the size of its font."""


@cache
def _advances(bold: bool) -> dict[str, int]:
    table = _BOLD if bold else _REGULAR
    return {letter: width for width, letters in table.items() for letter in letters}


@lru_cache(maxsize=65_536)
def text_points(text: str, size: float = 10, *, bold: bool = False) -> float:
    """Length of a text on one line, in points."""
    advances = _advances(bold)
    return sum(advances.get(letter, _WIDE) for letter in text) * size / 1000


@lru_cache(maxsize=65_536)
def word_points(text: str, size: float = 10, *, bold: bool = False) -> float:
    """Length of the longest word of a text, in points."""
    return max((text_points(word, size, bold=bold) for word in text.split()), default=0.0)


@lru_cache(maxsize=65_536)
def line_count(text: str, room: float, size: float = 10, *, bold: bool = False) -> int:
    """Lines that a text takes when it wraps in a room given in points; a word longer than that takes several."""
    return sum(len(wrapped(part, room, size, bold=bold)) for part in text.split("\n"))


def wrapped(text: str, room: float, size: float = 10, *, bold: bool = False) -> list[str]:
    """The lines of a text that wraps in a room given in points."""
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and text_points(joined, size, bold=bold) <= room:
            lines[-1] = joined
        else:
            lines.append(word)
            broken = int(text_points(word, size, bold=bold) / max(room, size))
            lines.extend("" for _ in range(broken if text_points(word, size, bold=bold) > room else 0))
    return lines or [""]


def rows_height(lines: int, size: float = 10) -> float:
    """Height in points of a row with some lines of text."""
    return size * LINE * lines + 1.0


def characters(points: float) -> float:
    """Width of a column that has some points of room for its text."""
    return (points + PADDING) / CHARACTER


def room(width: float, indent: int = 0) -> float:
    """Points that a text has in a column of a width."""
    return width * CHARACTER - PADDING - indent * INDENT
