"""modifiche_dati.csv: what later acts changed apart from targets, each with its act."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from xl_perf.errors import PlanError
from xl_perf.plan.history import WEIGHT_TOLERANCE, Revision, weight_sums
from xl_perf.plan.model import Status, Unit, Weight
from xl_perf.plan.reading.declarations import known
from xl_perf.plan.reading.fields import FIELDS
from xl_perf.plan.reading.parameters import check_bands
from xl_perf.plan.reading.records import choice
from xl_perf.plan.reading.rules import check_rule

if TYPE_CHECKING:
    import datetime as dt

    from xl_perf.plan.model import Act, Band, BandedRatio, Source
    from xl_perf.plan.reading.declarations import Edition
    from xl_perf.plan.reading.fields import Facts
    from xl_perf.plan.reading.files import DataFiles, Row

FILE = "modifiche_dati.csv"
COLUMNS = ("dato", "chiave", "campo", "valore", "unita", "atto", "stato", "fonte", "nota")


@dataclass(frozen=True, slots=True)
class _Change:
    """A row: the field of a fact, its new value, the act."""

    kind: str
    key: str
    field: str
    row: Row
    act: Act
    source: Source
    status: Status
    note: str


def apply_changes(files: DataFiles, edition: Edition, facts: Facts) -> tuple[Revision, ...]:
    """Apply modifiche_dati.csv act by act, oldest first.

    Returns:
        What changed, oldest first; none where the edition has no such file.

    Raises:
        PlanError: an unknown datum, field or act; a value or unit that does not fit; a datum that is known only from
            the act or later; two values of one day; weights, bands or rules that do not hold from an act on.
    """
    if FILE not in files.contents:
        return ()
    table = files.csv(FILE)
    table.require(COLUMNS)
    changes = [_change(edition, row) for row in table.rows]
    _refuse_doubles(changes)
    revisions: list[Revision] = []
    for day in sorted({change.act.date for change in changes}):
        _apply_day(edition, facts, [change for change in changes if change.act.date == day], revisions)
    return tuple(revisions)


def _change(edition: Edition, row: Row) -> _Change:
    kind, field = row.string("dato"), row.string("campo")
    known(FIELDS, kind, "dato", row.where("dato"), f"one of {', '.join(FIELDS)}")
    known(FIELDS[kind], field, f"campo of {kind}", row.where("campo"), f"one of {', '.join(FIELDS[kind])}")
    return _Change(
        kind,
        row.string("chiave"),
        field,
        row,
        edition.acts[edition.act(row.string("atto"), row.where("atto"))],
        edition.source(row.string("fonte"), row.where("fonte")),
        choice(Status, row.string("stato"), row.where("stato")),
        row.string("nota", ""),
    )


def _refuse_doubles(changes: list[_Change]) -> None:
    seen: dict[tuple[str, str, str, dt.date], _Change] = {}
    for change in changes:
        key = (change.kind, change.key, change.field, change.act.date)
        if key in seen:
            raise PlanError(
                f"two values of {change.kind} {change.key}, {change.field}, known from {change.act.date:%Y-%m-%d};"
                f" the other one is at {seen[key].row.where()}",
                where=change.row.where("valore"),
                remedy="keep one of them",
            )
        seen[key] = change


def _apply_day(edition: Edition, facts: Facts, changes: list[_Change], revisions: list[Revision]) -> None:
    """Apply the changes of one day, those of one datum together."""
    groups: dict[tuple[str, str, str], list[_Change]] = {}
    for change in changes:
        key = change.key.rpartition("|")[0] if change.kind == "fascia" else change.key
        groups.setdefault((change.kind, key, change.act.id), []).append(change)
    touched: dict[str, _Change] = {}
    for (kind, key, _), group in groups.items():
        old = facts.find(kind, group[0].key, group[0].row.where("chiave"))
        _refuse_later(edition, old, group[0])
        new = _changed(facts, kind, old, group)
        _check(facts, new, group)
        _put(facts, kind, old, new)
        revisions.append(Revision(kind, key, tuple(change.field for change in group), old, new))
        if isinstance(new, Weight):
            touched[new.node] = group[0]
            _weigh_node(facts, new, revisions)
    for node, change in touched.items():
        _check_weights(edition, facts, node, change)


def _refuse_later(edition: Edition, old: Any, change: _Change) -> None:
    """Refuse a change of a value that is itself known only from the day of the change, or later."""
    if old.act and edition.acts[old.act].date > change.act.date:
        raise PlanError(
            f"{change.kind} {change.key} is known from {edition.acts[old.act].date:%Y-%m-%d} only",
            where=change.row.where("atto"),
            expected="an act that is not older than the value that it changes",
        )


def _changed(facts: Facts, kind: str, old: Any, group: list[_Change]) -> Any:
    """The fact with all changes of one act."""
    new = old
    for change in group:
        field = FIELDS[kind][change.field]
        values = {field.attribute: field.read(change.row)}
        given = change.row.string("unita", "")
        if (kind, change.field) == ("regola", "importo"):
            values["unit"] = choice(Unit, given, change.row.where("unita")) if given else None
        elif given != (expected := facts.unit(kind, change.key, change.field)):
            raise PlanError(
                f"unit {given!r} of {kind} {change.key}",
                where=change.row.where("unita"),
                expected=repr(expected) if expected else "none: the value is a text",
            )
        if kind == "fascia":
            values = {"bands": _bands(facts, new, change, values)}
        values["act"] = change.act.id
        if kind != "ristampa":  # printed where it was, another number
            values["source"] = change.source
        if hasattr(old, "where"):
            values["where"] = change.row.where("valore")
        if hasattr(old, "note") and (change.note or given):
            values["note"] = change.note  # a new text keeps the note on the old number
        if hasattr(old, "status") and given:
            values["status"] = change.status
        new = replace(new, **values)
    return new


def _bands(facts: Facts, ratio: BandedRatio, change: _Change, values: dict[str, Any]) -> tuple[Band, ...]:
    facts.find("fascia", change.key, change.row.where("chiave"))
    number = int(change.key.rpartition("|")[2])
    return tuple(replace(band, **values) if band.number == number else band for band in ratio.bands)


def _check(facts: Facts, new: Any, group: list[_Change]) -> None:
    """Refuse bands and rules that do not hold after the changes."""
    where = group[-1].row.where("valore")
    if group[0].kind == "fascia":
        check_bands(new, lambda _: where)
    if group[0].kind == "regola":
        check_rule(new, facts.indicators[new.indicator], lambda _: where)


def _put(facts: Facts, kind: str, old: Any, new: Any) -> None:
    found = facts.by_kind[kind]
    for key in [key for key, fact in found.items() if fact is old]:
        found[key] = new


def _weigh_node(facts: Facts, weight: Weight, revisions: list[Revision]) -> None:
    """Give the node of a tree the weight that its parent's weights now have."""
    node = facts.by_kind["nodo"].get(weight.member)
    if node is None or node.parent != weight.node:
        return
    new = replace(node, weight=weight.value, weight_status=weight.status, act=weight.act)
    _put(facts, "nodo", node, new)
    revisions.append(Revision("nodo", node.code, ("peso",), node, new))


def _check_weights(edition: Edition, facts: Facts, node: str, change: _Change) -> None:
    """Refuse weights of a node that do not sum to 1 from the day of a change on."""
    acts, day = edition.acts, change.act.date
    known_then = [w for w in facts.by_kind["peso"].values() if w.node == node and acts[w.act].date <= day]
    total = weight_sums(known_then)[node]
    if abs(total - 1) > WEIGHT_TOLERANCE:
        raise PlanError(
            f"the weights of {node!r} sum to {total:.10g} from {day:%Y-%m-%d} on",
            where=change.row.where("valore"),
            expected="1 (100%): change them together in one act",
        )
