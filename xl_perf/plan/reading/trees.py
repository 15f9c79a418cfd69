"""albero_*.csv: the weighted trees of an edition."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.plan.model import Status, Weight
from xl_perf.plan.nodes import Node, NodeKind
from xl_perf.plan.reading.declarations import known, unique
from xl_perf.plan.reading.parameters import weight_value
from xl_perf.plan.reading.records import choice

if TYPE_CHECKING:
    from xl_perf.plan.reading.declarations import Edition
    from xl_perf.plan.reading.files import DataFiles, Row

_PREFIX = "albero_"
_NEEDED = ("codice", "superiore", "titolo", "tipo", "peso", "fonte", "atto", "stato")
_OPTIONAL = ("indicatore", "struttura", "output", "titolare", "rischio", "nota")
_LEAVES = (NodeKind.INDICATOR, NodeKind.PROJECT)


def tree_files(files: DataFiles) -> tuple[str, ...]:
    """Names of the files that hold trees."""
    return tuple(
        name for name in sorted(files.contents) if name.startswith(_PREFIX) and name.endswith(".csv")
    )


def read_nodes(files: DataFiles, edition: Edition) -> tuple[Node, ...]:
    """Every tree, file by file, rows in order, a parent before its children.

    The weights of the children of a node join the weights of the edition (node: code of the parent, member: code of
    the child). Where no child of a parent has a weight, all have equal shares, which must be `assumed`.

    Raises:
        PlanError: a code that appears twice, an unknown parent or indicator, a leaf with children or a node without, a
            weight that is missing or on a root, weights that do not sum to 1, a group inside a group.
    """
    nodes: dict[str, Node] = {}
    for name in tree_files(files):
        table = files.csv(name)
        table.require(_NEEDED, _OPTIONAL)
        tree = name.removeprefix(_PREFIX).removesuffix(".csv")
        read: dict[str, tuple[Node, Row]] = {}
        for order, row in enumerate(table.rows, 1):
            node = _node(edition, row, tree, order)
            unique(nodes.keys() | read.keys(), node.code, "node", row.where("codice"))
            _check_parent(read, node, row)
            read[node.code] = (node, row)
        nodes.update(_weighed(edition, read))
    return tuple(nodes.values())


def _node(edition: Edition, row: Row, tree: str, order: int) -> Node:
    kind = choice(NodeKind, row.string("tipo"), row.where("tipo"))
    indicator = row.string("indicatore", "") or None
    if indicator is not None:
        edition.indicator(indicator, row.where("indicatore"))
    if (kind is NodeKind.INDICATOR) != (indicator is not None):
        raise PlanError(
            f"indicatore {indicator or ''!r} of a node of tipo {kind.value!r}",
            where=row.where("indicatore"),
            expected="an indicator for tipo indicatore, none for the others",
        )
    structure = row.string("struttura", "")
    output = row.string("output", "")
    if kind is NodeKind.PROJECT and not output:
        raise PlanError("a progetto without output", where=row.where("output"))
    return Node(
        code=row.string("codice"),
        tree=tree,
        parent=row.string("superiore", "") or None,
        title=row.string("titolo"),
        kind=kind,
        weight=weight_value(row.number("peso"), row.where("peso")) if row.cells["peso"] else None,
        weight_status=choice(Status, row.string("stato"), row.where("stato")),
        order=order,
        source=edition.source(row.string("fonte"), row.where("fonte")),
        act=edition.act(row.string("atto"), row.where("atto")),
        indicator=indicator,
        structure=edition.structure(structure, row.where("struttura")) if structure else None,
        output=output,
        owner=row.string("titolare", ""),
        risk=row.string("rischio", ""),
        note=row.string("nota", ""),
        where=row.where("codice"),
    )


def _check_parent(read: dict[str, tuple[Node, Row]], node: Node, row: Row) -> None:
    if node.parent is None:
        if node.weight is not None:
            raise PlanError(f"the root {node.code!r} has a weight", where=row.where("peso"))
        return
    known(read, node.parent, "node", row.where("superiore"), "put the row of a node before those below it")
    above = read[node.parent][0].kind
    if above in _LEAVES or (above is NodeKind.GROUP and node.kind is NodeKind.GROUP):
        raise PlanError(
            f"{node.code!r} below a node of tipo {above.value!r}",
            where=row.where("superiore"),
            expected="a node of tipo nodo, or of tipo gruppo where it is a leaf",
        )


def _weighed(edition: Edition, read: dict[str, tuple[Node, Row]]) -> dict[str, Node]:
    """The nodes of a tree with equal shares filled in; their weights go into the edition."""
    children: dict[str, list[str]] = {}
    for code, (node, _) in read.items():
        if node.parent is not None:
            children.setdefault(node.parent, []).append(code)
    for code, (node, row) in read.items():
        if node.kind not in _LEAVES and code not in children:
            raise PlanError(f"{code!r} has nothing below it", where=row.where("tipo"))
    filled = {code: node for code, (node, _) in read.items()}
    for parent, codes in children.items():
        row = read[parent][1]
        unique({weight.node for weight in edition.weights}, parent, "node", row.where("codice"))
        share = _equal_share(read, codes)
        for code in codes:
            if share is not None:
                filled[code] = replace(filled[code], weight=share)
            node = filled[code]
            if node.weight is None:
                raise PlanError(
                    "a weight is missing where others of the same node have one",
                    where=read[code][1].where("peso"),
                )
            edition.weights.append(
                Weight(parent, code, node.weight, node.source, node.act, node.weight_status, node.note)
            )
    return filled


def _equal_share(read: dict[str, tuple[Node, Row]], codes: list[str]) -> float | None:
    """Share of each of the children of a node where none has a weight; None where some have."""
    if any(read[code][0].weight is not None for code in codes):
        return None
    for code in codes:
        node, row = read[code]
        if node.weight_status is not Status.ASSUMED:
            raise PlanError(
                f"no weight with stato {node.weight_status.value!r}",
                where=row.where("peso"),
                expected="a weight, or stato assumed (equal shares)",
            )
    return 1 / len(codes)
