"""What an archive holds as rows, and which deliveries count on a date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from xl_perf.archive import tables as t

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from xl_perf.contract import Input


@dataclass(frozen=True, slots=True)
class Value:
    """A value as a delivery said it."""

    delivery: int
    received: dt.datetime
    file: str
    digest: str
    template: str
    edition: str
    act: str
    item: str
    measure: str
    structure: str
    period: str
    row: str
    value: float | str | None
    cell: str


def value_of(row: tuple[Any, ...]) -> Value:
    """A row of a query for values."""
    delivery, received, *texts, number, text, cell = row
    value = text if number is None else number
    return Value(delivery, received, *texts, value, cell)  # type: ignore[call-arg]


def newest(as_of: dt.datetime | None) -> sa.Select[Any]:
    """Numbers of the deliveries that count on a date: the newest of each workbook, structure and period."""
    d = t.delivery
    ranked = sa.select(
        d.c.id,
        sa.func.row_number()
        .over(partition_by=(d.c.modello, d.c.struttura, d.c.periodo), order_by=(d.c.ricevuta.desc(), d.c.id.desc()))
        .label("posto"),
    ).where(until(d, as_of)).subquery()  # fmt: skip
    return sa.select(ranked.c.id).where(ranked.c.posto == 1)


def until(deliveries: sa.Table, as_of: dt.datetime | None) -> sa.ColumnElement[bool]:
    """That a delivery had come in by then; always true for None."""
    return sa.true() if as_of is None else deliveries.c.ricevuta <= as_of


def rows_of(number: int, inputs: Iterable[Input]) -> Iterator[dict[str, Any]]:
    """What was filled in, as rows of a delivery."""
    for each in inputs:
        if each.value is None or each.value == "":
            continue
        one = each.identity
        is_number = isinstance(each.value, int | float) and not isinstance(each.value, bool)
        yield {
            "consegna": number, "voce": one.item, "misura": one.measure, "struttura": one.structure, "periodo": one.period,
            "riga": one.row, "numero": float(each.value) if is_number else None,
            "testo": None if is_number else str(each.value), "cella": each.cell,
        }  # fmt: skip
