"""The rules of the targets in `piramide_valore.xlsx`: text, amount, the number to start from, the target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind
from xl_perf.plan.model import Status, Unit
from xl_perf.plan.nodes import RuleBase, RuleCode
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import check, result
from xl_perf.templates.kit.model import (
    Column,
    Content,
    Datum,
    Row,
    TableSpec,
    Validation,
    setting,
)
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.kit.targets import source_column, target_column
from xl_perf.templates.piramide_valore import names

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.plan.nodes import TargetRule
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.piramide_valore.names import Pyramid

TEXT, CODE, AMOUNT, READING, START, BASE_ACTUAL, CHECK, ADDS_POINTS = (
    "Testo della regola",
    "Regola",
    "Importo",
    "Lettura dell'importo",
    "Base",
    "Consuntivo di riferimento",
    "Controllo",
    "Importo in punti",
)
IN_POINTS_ROLE = "quote_in_punti"
"""Role of the parameter that says how percentages of shares are read."""
PRINTED = "Obiettivo del piano"
IN_POINTS = "in punti"
RELATIVE = "relativa"
_USES_ACTUAL = (RuleCode.PERCENT_ACTUAL, RuleCode.PERCENT_LARGER, RuleCode.LEGAL_COSTS, RuleCode.FALLING)
_NO_BASE = (RuleCode.PERCENT_ACTUAL, RuleCode.FALLING)
_G_RULE, _G_START, _G_RESULT = "Regola del piano", "Da che cosa parte", "Obiettivo"

_READING = Validation(
    "list",
    READING,
    "La percentuale di una quota aggiunge punti (88% +1% = 89%) o è relativa (88,88%). Vuoto: in punti (assunzione).",
    f"Scegliere {RELATIVE} oppure {IN_POINTS}, o lasciare vuoto.",
    source=f'"{IN_POINTS},{RELATIVE}"',
)
_ACTUAL = Validation(
    "decimal",
    BASE_ACTUAL,
    "Consuntivo dell'anno indicato nella colonna Anno di riferimento. Vuoto se non ancora disponibile.",
    "Inserire un numero maggiore o uguale a zero, senza testo né unità di misura.",
)


def rules_of(pyramid: Pyramid) -> list[TargetRule]:
    """The national rules of the pyramid's indicators, in the order of its leaves and years."""
    order = [indicator.code for indicator in pyramid.indicators()]
    found = [r for r in pyramid.plan.target_rules if r.indicator in order and r.structure == pyramid.nation]
    return sorted(found, key=lambda rule: (order.index(rule.indicator), rule.period))


def read_in_two_ways(pyramid: Pyramid, indicator: str) -> bool:
    """Whether some rule of an indicator can be read in points or as relative: the example shows what that changes."""
    return any(_switchable(pyramid, rule) for rule in rules_of(pyramid) if rule.indicator == indicator)


def read_otherwise(pyramid: Pyramid, indicator: str) -> str:
    """Condition that the edition's rule of an indicator is read otherwise than its target; empty where it cannot be."""
    rule = pyramid.plan.rule(indicator, pyramid.nation, pyramid.plan.period)
    if rule is None or not _switchable(pyramid, rule):
        return ""
    code = pyramid.rule_code(indicator, rule.period)
    return f"{pyramid.rules.cell(code, ADDS_POINTS)}<>{_plan_in_points(pyramid)}"


def _adds_points(pyramid: Pyramid) -> Callable[[Place], object]:
    """1 where an amount adds points, 0 where it is relative: as the row says, else as the parameter says."""
    data = pyramid.book.data
    default = pyramid.values.ref(data.role(IN_POINTS_ROLE)) if data.has(IN_POINTS_ROLE) else "1"

    def content(place: Place) -> object:
        reading = place.here(READING)
        if not _switchable(pyramid, place.row.item):
            return None
        return (
            f'=IF({reading}="",{default},IF({reading}="{IN_POINTS}",1,IF({reading}="{RELATIVE}",0,#VALUE!)))'
        )

    return content


def _plan_in_points(pyramid: Pyramid) -> str:
    """How the plan's own targets were worked out: the parameter's value in the plan."""
    data = pyramid.book.data
    return pyramid.values.planned(data.role(IN_POINTS_ROLE)) if data.has(IN_POINTS_ROLE) else "1"


def _switchable(pyramid: Pyramid, rule: TargetRule) -> bool:
    share = pyramid.plan.indicators[rule.indicator].unit is Unit.PERCENT
    return share and rule.status is not Status.PUBLISHED and rule.unit is Unit.PERCENT


def rule_spec(pyramid: Pyramid) -> TableSpec:
    """A row for each indicator and year whose target the plan gives as a rule.

    Args:
        pyramid: where the tables stand.
    """
    plan = pyramid.plan
    rows = [Row(pyramid.rule_code(rule.indicator, rule.period), item=rule) for rule in rules_of(pyramid)]

    def own_unit(row: Row) -> str:
        return names.unit_format(plan.indicators[row.item.indicator].unit)

    def amount_format(row: Row) -> str:
        unit = row.item.unit
        return styles.PERCENT_1 if unit in (None, Unit.PERCENT) else styles.UNIT_FORMATS[unit]

    text = target_column(
        plan, TEXT, 40, "regola", "testo", styles.GENERAL, period="", group=_G_RULE, align="wrap"
    )
    code = target_column(
        plan, CODE, 24, "regola", "codice", styles.GENERAL, period="", group=_G_RULE, align="left"
    )
    amount = target_column(plan, AMOUNT, 11, "regola", "importo", amount_format, period="", group=_G_RULE)
    columns = [
        Column(names.TITLE, Kind.LABEL, 46, lambda p: plan.indicators[p.row.item.indicator].title, align="wrap",
               group=_G_RULE),
        Column("Codice", Kind.KEY, 34, lambda p: p.row.code, paper=False, group=_G_RULE),
        Column("Indicatore", Kind.LABEL, 30, lambda p: p.row.item.indicator, paper=False, group=_G_RULE),
        Column("Anno", Kind.LABEL, 8, lambda p: int(p.row.item.period), align="center", group=_G_RULE),
        text,
        code,
        amount,
        Column(READING, Kind.INPUT, 13, _reading(pyramid), align="center", validation=_READING, group=_G_START,
               datum=setting("lettura")),
        Column("Parte da", Kind.LABEL, 12, lambda p: str(p.row.item.base), group=_G_START),
        Column("Anno di riferimento", Kind.LABEL, 12, lambda p: int(p.row.item.base_period), align="center",
               group=_G_START),
        result(START, 17, _start(pyramid), own_unit, group=_G_START),
        Column(BASE_ACTUAL, Kind.INPUT, 18, _actual(pyramid), own_unit, validation=_ACTUAL, group=_G_START,
               datum=Datum(KeyKind.ITEM, "", "consuntivo", period="[Anno di riferimento]", key="Indicatore")),
        result(names.RULED, 18, _ruled(pyramid), own_unit, group=_G_RESULT),
        result(PRINTED, 18, _printed(pyramid), own_unit, group=_G_RESULT),
        Column(CHECK, Kind.CHECK, 44, _check(pyramid), group=_G_RESULT, judged_by=CHECK),
        Column("Stato", Kind.LABEL, 13, lambda p: styles.STATUS_WORDS[p.row.item.status], group=_G_RESULT),
        Column("Nota", Kind.SOURCE, 34, lambda p: p.row.item.note or None, group=_G_RESULT),
        source_column(plan, [text, code, amount], "Fonte", 40, _G_RESULT),
        check(ADDS_POINTS, 11, _adds_points(pyramid), group=_G_RESULT),
    ]  # fmt: skip
    return TableSpec(
        "tblRegole",
        columns,
        rows,
        key="Codice",
        source="Fonte",
        aside=(READING, "Parte da", "Anno di riferimento", "Stato", ADDS_POINTS),
    )


def rule_table(page: Page, spec: TableSpec) -> Placed:
    """Write the rules on their sheet."""
    table = page.table(spec, FIRST_ROW + 1)
    page.finish()
    return table


def _reading(pyramid: Pyramid) -> Callable[[Place], object]:
    return lambda p: Content(None, Kind.INPUT if _switchable(pyramid, p.row.item) else Kind.LABEL)


def _start(pyramid: Pyramid) -> Callable[[Place], object]:
    """The baseline, or the target of the year before.

    Its number where the plan has one, else what its own rule gives.
    """
    plan = pyramid.plan
    numbers = {(t.indicator, t.period) for t in plan.targets}

    def content(place: Place) -> object:
        rule: TargetRule = place.row.item
        if rule.base is RuleBase.BASELINE:
            return f"={pyramid.baseline(rule.indicator, rule.base_period)}"
        if rule.base is RuleBase.ACTUAL:
            return Content(None, Kind.LABEL)
        if (rule.indicator, rule.base_period) in numbers:
            goal = names.goal_heading(rule.base_period)
            return f"={pyramid.place(rule.indicator).cell(rule.indicator, goal)}"
        before = place.table.numbers[pyramid.rule_code(rule.indicator, rule.base_period)]
        return formulas.shown(f"{place.table.letters[names.RULED]}{before}")

    return content


def _actual(pyramid: Pyramid) -> Callable[[Place], object]:
    """The actual of the edition's year comes from its sheet; that of a later year is filled in here."""

    def content(place: Place) -> object:
        rule: TargetRule = place.row.item
        if rule.rule not in _USES_ACTUAL:
            return Content(None, Kind.LABEL)
        if rule.base_period == pyramid.plan.period:
            cell = pyramid.actuals.cell(rule.indicator, names.ACTUAL)
            return Content(formulas.shown(cell), Kind.FORMULA)
        book = pyramid.book
        if not book.example or rule.rule is RuleCode.PERCENT_LARGER:
            return None
        return _example(pyramid, rule)

    return content


def _example(pyramid: Pyramid, rule: TargetRule) -> float:
    """Example data: a little above the target of the edition's year."""
    goal = pyramid.plan.target(rule.indicator, pyramid.nation).value
    value = goal * (1 + 0.1 * pyramid.book.chance("regola", rule.indicator))
    return round(value, 4) if goal < 1 else float(round(value))


def _ruled(pyramid: Pyramid) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        rule: TargetRule = place.row.item
        code, amount, start, actual = (place.here(h) for h in (CODE, AMOUNT, START, BASE_ACTUAL))
        needed = [] if rule.rule in _NO_BASE else [start]
        needed += [actual] if rule.rule in _USES_ACTUAL else []
        call = f"OBIETTIVO_REGOLA({code},{start},{actual},{amount},{amount})"
        if not _switchable(pyramid, rule):
            return formulas.complete(call, *needed)
        points = place.here(ADDS_POINTS)
        used = f'IF({points}=1,"{RuleCode.DIFFERENCE}",{code})'
        base = f"MAX({start},{actual})" if rule.rule is RuleCode.PERCENT_LARGER else needed[-1]
        call = f"OBIETTIVO_REGOLA({used},{base},{actual},{amount},{amount})"
        return f"=IF(ISERROR({points}),#VALUE!,{formulas.complete(call, *needed)[1:]})"

    return content


def _printed(pyramid: Pyramid) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        rule: TargetRule = place.row.item
        table = pyramid.place(rule.indicator)
        return formulas.shown(table.cell(rule.indicator, names.goal_heading(rule.period)))

    return content


def _set_anew(pyramid: Pyramid, rule: TargetRule) -> bool:
    """Whether a later act than the rule's has set the target as a number."""
    plan = pyramid.plan
    found = [t for t in plan.targets if (t.indicator, t.period) == (rule.indicator, rule.period)]
    return any(plan.acts[t.act].date > plan.acts[rule.act].date for t in found)


def _check(pyramid: Pyramid) -> Callable[[Place], object]:
    """What is no number or no word of the list; else whether the rule gives what the plan prints."""

    def content(place: Place) -> object:
        ruled, printed, reading = (place.here(h) for h in (names.RULED, PRINTED, READING))
        close = f"ABS({ruled}-{printed})<=0.000000001*ABS({printed})"
        words = (
            "fissato da un atto successivo" if _set_anew(pyramid, place.row.item) else "▼ diverso dal piano"
        )
        same = f'IF({close},"OK","{words}")'
        if _switchable(pyramid, place.row.item):
            other = f"{place.here(ADDS_POINTS)}<>{_plan_in_points(pyramid)}"
            same = f'IF({other},"lettura diversa dal piano",{same})'
        known = f'IF({printed}="","calcolato",{same})'
        conditions = [
            (remarks.not_among(reading, (IN_POINTS, RELATIVE)), f"{READING}: {remarks.NO_CHOICE}"),
            (remarks.not_number(place.here(BASE_ACTUAL)), f"{BASE_ACTUAL}: {remarks.NO_NUMBER}"),
        ]
        otherwise = f'IF({ruled}="","attende il consuntivo",{known})'
        return f"={remarks.remark(conditions, otherwise)}"

    return content
