"""What acts can change apart from targets: the data of an edition by kind and key, and the fields of each kind."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from xl_perf.errors import PlanError
from xl_perf.plan.model import Unit
from xl_perf.plan.nodes import RuleBase, RuleCode
from xl_perf.plan.reading.declarations import known
from xl_perf.plan.reading.parameters import weight_value
from xl_perf.plan.reading.records import choice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from xl_perf.plan.model import (
        BandedRatio,
        Indicator,
        Line,
        Parameter,
        Plan,
        Programme,
        Project,
        Reprint,
        Structure,
        Weight,
    )
    from xl_perf.plan.nodes import Node, TargetRule
    from xl_perf.plan.reading.descriptions import Description
    from xl_perf.plan.reading.files import Row

BAND_UNIT = "percento"
"""Unit of the upper end of a band, which controllo_processo.toml gives in percent (70), not as a fraction."""


class Field(NamedTuple):
    """A field that acts change: the attribute, how its cell is read, the unit that the row names (None: the fact's)."""

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
    "descrizione": {
        "testo": Field("text", _text),
        "titolo": Field("title", _text),
        "valore": Field("value", _number, None),
    },
    "indicatore": {"titolo": Field("title", _text), "breve": Field("short", _text)},
    "struttura": {"cluster": Field("cluster", _text)},
}
"""What acts change, and which fields of it."""

KINDS = tuple(FIELDS)


@dataclass
class Facts:
    """What changes apply to: kind -> key -> fact; `apply_changes` puts the new versions in their place."""

    indicators: Mapping[str, Indicator]
    by_kind: Mapping[str, dict[str, Any]]

    def unit(self, kind: str, key: str, field: str) -> str:
        """The unit that a changed field has; empty for texts.

        Raises:
            PlanError: unknown key.
        """
        fact = self.find(kind, key, "")
        unit = FIELDS[kind][field].unit
        if unit is not None:
            return unit
        own = self.indicators[fact.indicator].unit if kind == "ristampa" else fact.unit
        return own.value if own else ""

    def value(self, kind: str, key: str, field: str) -> Any:
        """What a field holds.

        Raises:
            PlanError: unknown key.
        """
        fact = self.find(kind, key, "")
        if kind == "fascia":
            fact = next(band for band in fact.bands if band.number == int(key.rpartition("|")[2]))
        return getattr(fact, FIELDS[kind][field].attribute)

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


def facts_of(  # the kinds
    *,
    parameters: dict[str, Parameter],
    indicators: dict[str, Indicator],
    structures: dict[str, Structure],
    weights: Iterable[Weight],
    banded_ratios: Iterable[BandedRatio],
    programme: Iterable[Programme],
    nodes: Iterable[Node],
    target_rules: Iterable[TargetRule],
    lines: Iterable[Line],
    projects: Iterable[Project],
    reprints: Iterable[Reprint],
    descriptions: Iterable[Description],
) -> Facts:
    """The facts of an edition by kind and key; arguments as in `Plan`. New versions go into the dictionaries given."""
    return Facts(
        indicators,
        {
            "parametro": parameters,
            "indicatore": indicators,
            "struttura": structures,
            "peso": {f"{weight.node}|{weight.member}": weight for weight in weights},
            "fascia": {f"{r.code}|{band.number}": r for r in banded_ratios for band in r.bands},
            "programma": {f"{part.indicator}|{part.period}": part for part in programme},
            "nodo": {node.code: node for node in nodes},
            "regola": {f"{r.indicator}|{r.structure}|{r.period}": r for r in target_rules},
            "riga": {line.code: line for line in lines},
            "progetto": {project.code: project for project in projects},
            "ristampa": {reprint_key(reprint): reprint for reprint in reprints},
            "descrizione": {f"{entry.subject}|{entry.aspect}": entry for entry in descriptions},
        },
    )


def facts_of_plan(plan: Plan) -> Facts:
    """The facts of a plan, newest versions, to look values up."""
    return facts_of(
        parameters=dict(plan.parameters),
        indicators=dict(plan.indicators),
        structures=dict(plan.structures),
        weights=plan.weights,
        banded_ratios=plan.banded_ratios,
        programme=plan.programme,
        nodes=plan.nodes,
        target_rules=plan.target_rules,
        lines=plan.lines,
        projects=plan.projects,
        reprints=plan.reprints,
        descriptions=plan.descriptions,
    )


def reprint_key(reprint: Reprint) -> str:
    """Key of a reprint in modifiche_dati.csv."""
    return f"{reprint.indicator}|{reprint.structure}|{reprint.period}|{reprint.source}"
