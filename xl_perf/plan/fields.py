"""What acts can change apart from targets: the data of an edition by kind and key, and the fields of each kind."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from xl_perf.errors import PlanError
from xl_perf.plan.declarations import known
from xl_perf.plan.model import Unit
from xl_perf.plan.nodes import RuleBase, RuleCode
from xl_perf.plan.parameters import weight_value
from xl_perf.plan.records import choice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xl_perf.plan.declarations import Edition
    from xl_perf.plan.files import Row
    from xl_perf.plan.model import BandedRatio
    from xl_perf.plan.store import Tables

BAND_UNIT = "percento"
"""Unit of the upper end of a band, which controllo_processo.toml gives in percent (70), not as a fraction."""


class Field(NamedTuple):
    """A field that acts change: the attribute, how its cell is read, the unit that the row must name (None: the fact's own)."""

    attribute: str
    read: Callable[[Row], Any]
    unit: str | None = ""


def _text(row: Row) -> str:
    return row.string("valore")


def _number(row: Row) -> float:
    return row.number("valore")


def _amount(row: Row) -> float | None:
    return row.number("valore") if row.cells["valore"] else None


def _weight(row: Row) -> float:
    return weight_value(row.number("valore"), row.where("valore"))


def _share(row: Row) -> float:
    share = row.number("valore")
    if not 0 < share <= 1:
        raise PlanError(f"share {share!r}", where=row.where("valore"), expected="a fraction above 0, up to 1")
    return share


def _day(row: Row) -> dt.date:
    text = row.string("valore")
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise PlanError(
            f"{text!r} is no date", where=row.where("valore"), expected="a date such as 2021-12-31"
        )
    return dt.date.fromisoformat(text)


FIELDS: Mapping[str, Mapping[str, Field]] = {
    "parametro": {"valore": Field("value", _number, None), "titolo": Field("title", _text)},
    "peso": {"valore": Field("value", _weight, Unit.PERCENT.value)},
    "fascia": {
        "limite": Field("upper", _number, BAND_UNIT),
        "punti": Field("points", _number, Unit.POINTS.value),
        "stampa": Field("printed", _text),
    },
    "programma": {"quota": Field("share", _share, Unit.PERCENT.value)},
    "nodo": {
        "titolo": Field("title", _text),
        "output": Field("output", _text),
        "titolare": Field("owner", _text),
        "rischio": Field("risk", _text),
    },
    "regola": {
        "regola": Field("rule", lambda row: choice(RuleCode, _text(row), row.where("valore"))),
        "importo": Field("amount", _amount, None),
        "base": Field("base", lambda row: choice(RuleBase, _text(row), row.where("valore"))),
        "periodo_base": Field("base_period", _text),
        "testo": Field("text", _text),
    },
    "riga": {"valore": Field("value", _number, None), "titolo": Field("title", _text)},
    "progetto": {
        "descrizione": Field("title", _text),
        "output": Field("output", _text),
        "inizio": Field("start", _day),
        "fine": Field("end", _day),
    },
    "ristampa": {"valore": Field("value", _number, None)},
    "indicatore": {"titolo": Field("title", _text), "breve": Field("short", _text)},
    "struttura": {"cluster": Field("cluster", _text)},
}
"""What acts change, and which fields of it."""

KINDS = tuple(FIELDS)


@dataclass
class Facts:
    """What changes apply to: kind -> key -> fact; `apply_changes` puts the new versions in their place."""

    edition: Edition
    by_kind: Mapping[str, dict[str, Any]]

    def unit(self, kind: str, key: str, field: str) -> str:
        """The unit that a changed field has; empty for texts."""
        fact = self.find(kind, key, "")
        unit = FIELDS[kind][field].unit
        if unit is not None:
            return unit
        own = self.edition.indicators[fact.indicator].unit if kind == "ristampa" else fact.unit
        return own.value if own else ""

    def of(self, kind: str) -> list[Any]:
        """The facts of a kind in the order of the data, each once (a ratio has several keys)."""
        return list({id(fact): fact for fact in self.by_kind[kind].values()}.values())

    def find(self, kind: str, key: str, where: str) -> Any:
        """The fact of a kind and key.

        Raises:
            PlanError: unknown key; the message offers near ones.
        """
        known(self.by_kind[kind], key, f"{kind} in chiave", where)
        return self.by_kind[kind][key]


def facts_of(edition: Edition, tables: Tables, ratios: Mapping[str, BandedRatio], **others: Any) -> Facts:
    """The facts of an edition by kind and key.

    Args:
        edition: parameters, indicators, structures and weights, which are replaced in place.
        tables: programme and reprints.
        ratios: ratios with bands by code.
        others: `nodes`, `rules`, `lines`, `projects`.
    """
    return Facts(
        edition,
        {
            "parametro": edition.parameters,
            "indicatore": edition.indicators,
            "struttura": edition.structures,
            "peso": {f"{weight.node}|{weight.member}": weight for weight in edition.weights},
            "fascia": {f"{r.code}|{band.number}": r for r in ratios.values() for band in r.bands},
            "programma": {f"{part.indicator}|{part.period}": part for part in tables.programme},
            "nodo": {node.code: node for node in others["nodes"]},
            "regola": {f"{r.indicator}|{r.structure}|{r.period}": r for r in others["rules"]},
            "riga": {line.code: line for line in others["lines"]},
            "progetto": {project.code: project for project in others["projects"]},
            "ristampa": {
                f"{r.indicator}|{r.structure}|{r.period}|{r.source.document}, {r.source.place}": r
                for r in tables.reprints
            },
        },
    )
