"""regole.csv: the targets that the plan gives as a rule, not as a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.plan.model import Status, Unit
from xl_perf.plan.nodes import RuleBase, RuleCode, TargetRule
from xl_perf.plan.reading.records import choice

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.plan.model import Indicator, Plan
    from xl_perf.plan.reading.declarations import Edition
    from xl_perf.plan.reading.files import DataFiles, Row

FILE = "regole.csv"
_COLUMNS = (
    "indicatore",
    "struttura",
    "periodo",
    "regola",
    "importo",
    "unita",
    "base",
    "periodo_base",
    "testo",
)
_ORIGIN = ("fonte", "atto", "stato")
_OWN_UNIT = (RuleCode.DIFFERENCE,)
_FRACTION = (
    RuleCode.PERCENT,
    RuleCode.PERCENT_ACTUAL,
    RuleCode.PERCENT_LARGER,
    RuleCode.LEGAL_COSTS,
)
_OF_ACTUAL = (RuleCode.PERCENT_ACTUAL, RuleCode.FALLING)


SHARES_IN_POINTS = "quote_in_punti"
"""Role of a parameter: 1 where "+x%" on a share in percent adds points, 0 where it is relative to the share."""


def is_share_rule(plan: Plan, rule: TargetRule) -> bool:
    """Whether a rule moves a share in percent by a percentage that can be read in points or as relative."""
    share = plan.indicators[rule.indicator].unit is Unit.PERCENT
    return share and rule.unit is Unit.PERCENT and rule.rule in (RuleCode.PERCENT, RuleCode.PERCENT_ACTUAL)


def in_points(plan: Plan, rule: TargetRule) -> bool:
    """Whether the edition reads the amount of a rule in points: base + amount instead of base * (1 + amount)."""
    return is_share_rule(plan, rule) and plan.role_parameter(SHARES_IN_POINTS) == 1


def read_rules(files: DataFiles, edition: Edition) -> tuple[TargetRule, ...]:
    """The rules in the order of the file; none where the edition has no such file.

    Raises:
        PlanError: an unknown indicator, structure, rule or base; an amount that the rule does not have or lacks; two
            rules of one indicator, structure and period.
    """
    if FILE not in files.contents:
        return ()
    table = files.csv(FILE)
    table.require((*_COLUMNS, *_ORIGIN), ("nota",))
    rules: dict[tuple[str, str, str], TargetRule] = {}
    for row in table.rows:
        rule = _rule(edition, row)
        key = (rule.indicator, rule.structure, rule.period)
        if key in rules:
            raise PlanError(
                f"two rules of {', '.join(key)}; the other one is at {rules[key].where}",
                where=row.where("regola"),
            )
        rules[key] = rule
    return tuple(rules.values())


def _rule(edition: Edition, row: Row) -> TargetRule:
    indicator = edition.indicator(row.string("indicatore"), row.where("indicatore"))
    unit = row.string("unita", "")
    rule = TargetRule(
        indicator=indicator.code,
        structure=edition.structure(row.string("struttura"), row.where("struttura")),
        period=row.string("periodo"),
        rule=choice(RuleCode, row.string("regola"), row.where("regola")),
        amount=row.number("importo") if row.cells["importo"] else None,
        unit=choice(Unit, unit, row.where("unita")) if unit else None,
        base=choice(RuleBase, row.string("base"), row.where("base")),
        base_period=row.string("periodo_base"),
        text=row.string("testo"),
        source=edition.source(row.string("fonte"), row.where("fonte")),
        act=edition.act(row.string("atto"), row.where("atto")),
        status=choice(Status, row.string("stato"), row.where("stato")),
        note=row.string("nota", ""),
        where=row.where("regola"),
    )
    check_rule(rule, indicator, row.where)
    return rule


def check_rule(rule: TargetRule, indicator: Indicator, where: Callable[[str], str]) -> None:
    """Refuse a rule that does not go with its base, its amount or its unit.

    Args:
        rule: the rule.
        indicator: the indicator whose target it gives.
        where: gives the place of a column, for messages.

    Raises:
        PlanError: naming what does not fit.
    """
    if (rule.base is RuleBase.ACTUAL) != (rule.rule in _OF_ACTUAL):
        raise PlanError(
            f"rule {rule.rule.value!r} from the {rule.base.value}",
            where=where("base"),
            expected="consuntivo for the rules on an actual alone, baseline or obiettivo for the others",
        )
    if rule.rule not in (*_OWN_UNIT, *_FRACTION):
        if rule.amount is not None or rule.unit is not None:
            raise PlanError(
                f"rule {rule.rule.value!r} has an amount", where=where("importo"), expected="none"
            )
        return
    expected = Unit.PERCENT if rule.rule in _FRACTION else indicator.unit
    if rule.unit is not expected:
        raise PlanError(
            f"unit {rule.unit.value if rule.unit else ''!r} of the rule {rule.rule.value!r}",
            where=where("unita"),
            expected=repr(expected.value),
        )
    if rule.amount is None:
        raise PlanError("the value is missing", where=where("importo"), expected="a machine number")
