"""The quarters of a structure that are known: of the files at hand and, where one is given, of the archive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xl_perf.archive.store import Archive
    from xl_perf.report.model import Card

_SCORE = "punteggio"


@dataclass(frozen=True, slots=True)
class Quarter:
    """The scores of a structure in a period.

    Attributes:
        period: the period.
        score: the score; None where there was none.
        parts: code of a perspective -> its score.
        origin: the file or delivery that says so.
    """

    period: str
    score: float | None
    parts: Mapping[str, float | None]
    origin: str


def quarters(cards: Iterable[Card], archive: Archive | None = None) -> list[Quarter]:
    """The periods in their order; what a file says stands over what the archive says.

    Args:
        cards: workbooks of one structure, each of another period.
        archive: where older quarters are looked for.
    """
    found: dict[str, Quarter] = {}
    for card in cards:
        parts = {node.code: node.score for node in card.root.nodes}
        found[card.period] = Quarter(card.period, card.root.score, parts, card.file.name)
        if archive is not None:
            _add_known(found, card, archive)
    return sorted(found.values(), key=lambda one: one.period)


def _add_known(found: dict[str, Quarter], card: Card, archive: Archive) -> None:
    codes = [card.root.code, *(node.code for node in card.root.nodes)]
    known: dict[str, dict[str, float]] = {}
    files: dict[str, str] = {}
    for code in filter(None, codes):
        for value in archive.values(code, structure=card.structure, measure=_SCORE):
            if isinstance(value.value, (int, float)):
                known.setdefault(value.period, {})[code] = float(value.value)
                files[value.period] = value.file
    for period, scores in known.items():
        if period not in found and card.root.code in scores:
            parts = {code: scores.get(code) for code in codes[1:]}
            found[period] = Quarter(period, scores[card.root.code], parts, f"archivio, {files[period]}")
