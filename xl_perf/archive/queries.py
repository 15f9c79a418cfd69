"""What an archive holds as rows, and which deliveries count on a date."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from xl_perf.archive import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from xl_perf.contract import Input

    Moment = dt.datetime | sa.BindParameter[Any] | None


class Value(NamedTuple):
    """A value as a delivery said it; `received` is UTC."""

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

    @property
    def local(self) -> dt.datetime:
        """When it was received, as clocks show it on this machine."""
        return self.received.replace(tzinfo=dt.UTC).astimezone()


def value_of(row: Sequence[Any]) -> Value:
    """A row of a query for values."""
    number = row[_NUMBER]
    value = row[_NUMBER + 1] if number is None else number
    return Value._make((*row[:_NUMBER], value, row[_NUMBER + 2]))


_NUMBER = 12
"""Place of the number in a row; the text follows, then the cell."""


@lru_cache(maxsize=64)
def statement(table: sa.Table, wanted: tuple[str, ...], *, dated: bool, history: bool) -> sa.Select[Any]:
    """A query for values, made once for each form; its values are given when it runs.

    Args:
        table: of the values.
        wanted: columns that must have the value given under their name.
        dated: whether a moment `giorno` is given, and what came later does not count.
        history: every delivery that said something, not only the newest of each.
    """
    d = t.delivery
    day = sa.bindparam("giorno", type_=d.c.ricevuta.type) if dated else None
    query = sa.select(
        d.c.id, d.c.ricevuta, d.c.file, d.c.impronta, d.c.modello, d.c.edizione, d.c.atto, table.c.voce, table.c.misura,
        table.c.struttura, table.c.periodo, table.c.riga, table.c.numero, table.c.testo, table.c.cella,
    ).join_from(d, table, table.c.consegna == d.c.id)  # fmt: skip
    query = query.where(*(table.c[name] == sa.bindparam(name) for name in wanted))
    return query.where(until(d, day)) if history else query.where(d.c.id.in_(newest(day)))


def newest(as_of: Moment) -> sa.Select[Any]:
    """Numbers of the deliveries that count on a date: the newest of each workbook, structure and period."""
    d = t.delivery
    ranked = sa.select(
        d.c.id,
        sa.func.row_number()
        .over(partition_by=(d.c.modello, d.c.struttura, d.c.periodo), order_by=(d.c.ricevuta.desc(), d.c.id.desc()))
        .label("posto"),
    ).where(until(d, as_of)).subquery()  # fmt: skip
    return sa.select(ranked.c.id).where(ranked.c.posto == 1)


def until(deliveries: sa.Table, as_of: Moment) -> sa.ColumnElement[bool]:
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
            "consegna": number, "voce": one.item, "misura": one.measure, "struttura": one.structure,
            "periodo": one.period,
            "riga": one.row, "numero": float(each.value) if is_number else None,
            "testo": None if is_number else str(each.value), "cella": each.cell,
        }  # fmt: skip
