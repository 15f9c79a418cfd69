"""Which columns of scores the trees of `professionisti.xlsx` are synthesised from, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xl_perf.templates.kit.book import Book


def leaf_headings(book: Book, role: str, headings: Mapping[str, str]) -> list[str]:
    """The columns of scores that a tree is synthesised from, in the order of its leaves.

    Args:
        book: the workbook.
        role: role of the root or group.
        headings: role of an indicator -> heading of the column with its score; an empty role: leaves without indicator.

    Raises:
        PlanError: the tree has a leaf that no column measures.
    """
    found = []
    for node in book.plan.children(book.data.role(role)):
        for part, heading in headings.items():
            codes = book.data.codes(part) if part and book.data.has(part) else ()
            if node.indicator in codes or node.code in codes or (not part and node.indicator is None):
                found.append(heading)
                break
        else:
            raise PlanError(
                f"nothing in the workbook measures {node.code!r}", where=node.where or book.plan.id,
                expected=f"a leaf whose indicator plays one of the roles {', '.join(filter(None, headings))}",
            )  # fmt: skip
    return found


def in_line(book: Book, *lists: list[str]) -> list[str]:
    """One order of columns in which the columns of each tree stand together.

    Raises:
        PlanError: the trees name the same objectives in different orders.
    """
    longest = max(lists, key=len)
    for headings in lists:
        at = longest.index(headings[0]) if headings[0] in longest else 0
        if longest[at : at + len(headings)] != headings:
            raise PlanError(
                f"the trees of one category have different orders: {', '.join(headings)}",
                where=book.plan.id,
                expected=f"part of {', '.join(longest)}",
            )
    return longest
