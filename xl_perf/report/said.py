"""The sentence under the headline: what the score is, what made it, what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.catalog.numerals import number
from xl_perf.report.words import fixed, listed, period, share, signed

if TYPE_CHECKING:
    from xl_perf.report.model import Card, Node
    from xl_perf.report.nation import Board

_LEAST = 0.005
"""Contributions that are rounded to nothing are not named."""


def sentence(card: Card) -> str:
    """What is to be known of a card, in two or three sentences.

    Args:
        card: a workbook with one score.
    """
    root = card.root
    if root.score is None:
        return f"Nessun punteggio: non c'è ancora un risultato rilevato per il {period(card.period)}."
    distance, goal = root.score - card.goal, number(card.goal)
    where = "sopra" if distance > 0 else "sotto"
    texts = [
        f"{fixed(abs(distance))} punti {where} l'obiettivo di {goal}."
        if abs(distance) >= 0.05
        else f"In linea con l'obiettivo di {goal}."
    ]
    leaves = [leaf for leaf in root.leaves() if abs(leaf.points) >= _LEAST]
    best = max(leaves, key=lambda leaf: leaf.points, default=None)
    worst = min(leaves, key=lambda leaf: leaf.points, default=None)
    if best is not None and best.points > 0:
        texts.append(f"Il contributo più alto viene da «{best.name}» ({signed(best.shown)}).")
    if worst is not None and worst.points < 0:
        texts.append(f"La perdita più grande viene da «{worst.name}» ({signed(worst.shown)}).")
    if (text := _coverage(root)) != "":
        texts.append(text)
    return " ".join(texts)


def _coverage(root: Node) -> str:
    empty = [leaf.name for leaf in root.leaves() if leaf.score is None]
    if empty:
        named = listed(f"«{name}»" for name in empty[:3])
        more = f" e di altri {len(empty) - 3} obiettivi" if len(empty) > 3 else ""
        whose = "il suo" if len(empty) == 1 else "il loro"
        return f"Manca il risultato di {named}{more}: {whose} peso va agli altri."
    if root.coverage is not None and root.coverage < 1:
        return f"È rilevato il {share(root.coverage, 1)} dei pesi."
    return ""


def of_board(board: Board, whole: int) -> str:
    """What is to be known of the structures side by side.

    Args:
        board: ranking and heat table.
        whole: number of structures that there are.
    """
    known = [row for row in board.rows if row.score is not None]
    if not known:
        return "Nessuna struttura ha un punteggio."
    above = sum(row.distance >= 0 for row in known if row.distance is not None)
    first, last = known[0], known[-1]
    text = f"{len(known)} strutture su {whole} hanno un punteggio; {above} raggiungono o superano {number(board.goal)}."
    if len(known) > 1:
        text += f" Prima {first.name} con {fixed(first.score)}, ultima {last.name} con {fixed(last.score)}."
    return text
