"""The inputs of an example: each declared input gets the fact of its identity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.contract.model import MONTH, OF_FILE, Identity, KeyKind, Species, slug
from xl_perf.templates.kit.model import Content

if TYPE_CHECKING:
    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.model import Datum, Place, TableSpec


def example_of_cell(book: Book, datum: Datum) -> float | None:
    """The fact of a single input; None in a workbook to fill in, and for what is no fact.

    Args:
        book: the workbook.
        datum: what the input is.
    """
    if book.example is None or datum.species is not Species.FACT:
        return None
    structure = book.structure if datum.structure == OF_FILE else datum.structure
    return book.example.value(Identity(datum.item, datum.measure, structure, datum.period or book.period))


def example_of(book: Book, datum: Datum, spec: TableSpec, place: Place) -> float | None:
    """The fact of an input of a table; None in a workbook to fill in, and for what is no fact.

    Args:
        book: the workbook.
        datum: what the inputs of the column are.
        spec: the table.
        place: where the cell stands.
    """
    if book.example is None or datum.species is not Species.FACT:
        return None

    def text(heading: str) -> str:
        column = next(column for column in spec.columns if column.heading == heading)
        content = column.content(place)
        value = content.value if isinstance(content, Content) else content
        return "" if value is None else str(value)

    def named(field: str) -> str:
        return text(field[1:-1]) if field.startswith("[") else field

    key = text(datum.key or spec.key or spec.columns[0].heading)
    item, measure, structure = named(datum.item), datum.measure, named(datum.structure)
    period, row = named(datum.period) or book.period, ""
    structure = book.structure if structure == OF_FILE else structure
    if period == MONTH:
        period = key
    elif datum.key_kind is KeyKind.STRUCTURE:
        structure = key
    elif datum.key_kind is KeyKind.ITEM:
        item = key
    elif datum.key_kind is KeyKind.MEASURE:
        measure = key
    elif datum.key_kind is KeyKind.ROW:
        row = slug(key)
        if not row:
            return None
    if not item or structure not in book.plan.structures:
        return None
    return book.example.value(Identity(item, measure, structure, period, row))
