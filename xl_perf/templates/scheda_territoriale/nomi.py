"""Defined names for neighbouring rows of tables, which formulas read together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates.kit.labels import name_from

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xl_perf.plan.nodes import Node
    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.model import Placed


def name_objectives(
    book: Book,
    tree: Sequence[tuple[Node, Sequence[Node]]],
    table: Placed,
    detail: Placed,
    words: Mapping[str, str],
) -> None:
    """Names for the cells of the perspectives, and of the objectives of each.

    Args:
        book: the workbook.
        tree: the perspectives with their objectives.
        table: the perspectives.
        detail: the objectives.
        words: heading of a column of both -> the first word of its names.
    """
    for heading, word in words.items():
        book.name_area(table, heading, [node.code for node, _ in tree], name_from(word, "prospettive"))
        for node, children in tree:
            name = name_from(word, node.title.removeprefix("Prospettiva "))
            book.name_area(detail, heading, [child.code for child in children], name)


def name_rows(
    book: Book, table: Placed, codes: Mapping[str, Sequence[str]], words: Mapping[str, str]
) -> None:
    """Names for the rows of each area of a table.

    Args:
        book: the workbook.
        table: the table.
        codes: area -> codes of its rows.
        words: heading of a column -> the first words of its names.
    """
    for area, rows in codes.items():
        for heading, word in words.items():
            book.name_area(table, heading, rows, name_from(word, area.rpartition(".")[2]))
