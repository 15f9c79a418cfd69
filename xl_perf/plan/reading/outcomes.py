"""composizione_risultati.csv: which indicators and weights a published result of an objective is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.plan.model import Status
from xl_perf.plan.reading.declarations import known
from xl_perf.plan.reading.parameters import weight_value
from xl_perf.plan.reading.records import choice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.plan.model import Source
    from xl_perf.plan.nodes import Node
    from xl_perf.plan.reading.declarations import Edition
    from xl_perf.plan.reading.files import DataFiles, Row
    from xl_perf.plan.reading.store import Tables

FILE = "composizione_risultati.csv"
_COLUMNS = ("periodo", "risultato", "nodo", "voce", "peso", "stato", "fonte", "nota")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a published result.

    Attributes:
        period: year of the result.
        result: item whose printed deviation (`scostamento_stampato`) it is part of.
        node: node of a weighted tree whose leaves and weights make the result; empty where `item` is given.
        item: item with a printed target and actual, or a printed deviation of its own; empty where `node` is given.
        weight: share of the result; None where all parts of the result have equal shares, or the tree has the weights.
        status: how the weight is known.
    """

    period: str
    result: str
    node: str
    item: str
    weight: float | None
    status: Status
    source: Source
    note: str = ""
    where: str = ""


def read_parts(files: DataFiles, edition: Edition, tables: Tables, nodes: Sequence[Node]) -> tuple[Part, ...]:
    """The parts in the order of the file; none where the edition has no such file.

    Raises:
        PlanError: an unknown item or node, a row with both or none, parts of one result with and without weight.
    """
    if FILE not in files.contents:
        return ()
    table = files.csv(FILE)
    table.require(_COLUMNS)
    codes = {node.code for node in nodes}
    parts = tuple(_part(edition, tables, codes, row) for row in table.rows)
    for part in parts:
        same = [other for other in parts if other.result == part.result]
        if len({other.weight is None for other in same}) > 1 or (part.node and len(same) > 1):
            raise PlanError(
                f"parts of {part.result}",
                where=part.where,
                expected="one node, or items that all have a weight, or all none (equal shares)",
            )
    return parts


def _part(edition: Edition, tables: Tables, nodes: set[str], row: Row) -> Part:
    result, node, item = row.string("risultato"), row.string("nodo", ""), row.string("voce", "")
    where = row.where("risultato")
    known(tables.items, result, "voce", where, "declare it in voci.csv")
    if bool(node) == bool(item):
        raise PlanError(f"a part of {result}", where=row.where("voce"), expected="either a nodo or a voce")
    known(nodes if node else tables.items, node or item, "nodo" if node else "voce", row.where("voce"))
    return Part(
        period=row.string("periodo"),
        result=result,
        node=node,
        item=item,
        weight=weight_value(row.number("peso"), row.where("peso")) if row.cells["peso"] else None,
        status=choice(Status, row.string("stato"), row.where("stato")),
        source=edition.source(row.string("fonte"), row.where("fonte")),
        note=row.string("nota", ""),
        where=where,
    )
