"""Entry of the targets that follow from a rule."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from xl_perf.catalog import binding, rule_texts
from xl_perf.catalog.model import Argument, Empty, Function, Kind, Measure, Shape
from xl_perf.catalog.targets import CATEGORY
from xl_perf.compute import rules
from xl_perf.compute.faults import ComputeError, Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.plan.model import Plan

_LEGAL_COSTS = "soglia_spese_legali"
"""Role of the parameter."""

_APPLY: dict[str, Callable[[float, float, float], float]] = {
    rule_texts.CONFIRM: lambda base, _actual, _amount: base,
    rule_texts.PERCENT: lambda base, _actual, amount: rules.percent(base, amount),
    rule_texts.PERCENT_ACTUAL: lambda _base, actual, amount: rules.percent(actual, amount),
    rule_texts.PERCENT_LARGER: rules.percent_of_larger,
    rule_texts.DIFFERENCE: lambda base, _actual, amount: rules.difference(base, amount),
    rule_texts.RECEIVED: lambda base, _actual, amount: rules.difference(base, amount),
    rule_texts.LEGAL_COSTS: rules.legal_costs,
    rule_texts.FALLING: lambda _base, actual, _amount: actual,
    rule_texts.RISING: lambda base, _actual, _amount: base,
}
FORMULAS = {
    rule_texts.CONFIRM: "base",
    rule_texts.PERCENT: "base * (1 + importo)",
    rule_texts.PERCENT_ACTUAL: "consuntivo * (1 + importo)",
    rule_texts.PERCENT_LARGER: "il maggiore fra base e consuntivo * (1 + importo)",
    rule_texts.DIFFERENCE: "base + importo",
    rule_texts.RECEIVED: "base + variazione del pervenuto",
    rule_texts.LEGAL_COSTS: "base se il consuntivo l'ha mancata, il consuntivo se l'ha raggiunta, base * "
    "(1 + importo) se l'ha superata di più",
    rule_texts.FALLING: "sotto il consuntivo del periodo precedente",
    rule_texts.RISING: "sopra la base",
}
"""The rules in words, for `PERF_SPIEGA`."""
_WITHOUT_AMOUNT = (rule_texts.CONFIRM, rule_texts.FALLING, rule_texts.RISING)


@binding.of_edition
def _legal_costs(plan: Plan) -> float | None:
    """The plan's amount of the rule for the legal costs.

    None where it has none, which the other rules need not know.
    """
    return plan.role_parameter(_LEGAL_COSTS) if plan.codes(_LEGAL_COSTS) else None


def rule_amount(text: str, given: float | None, limit: float | None) -> tuple[str, float]:
    """Code of a rule and the amount that holds.

    The text's own, the one given beside it, or for the legal costs `limit`.

    Raises:
        ComputeError: no rule, or no amount where one is needed (MISSING); two amounts, or one too many (SHAPE).
    """
    code, amount = rule_texts.parse_rule(text)
    if code in _WITHOUT_AMOUNT:
        if given is not None:
            raise ComputeError(Fault.SHAPE, f"the rule {code!r} has no amount")
        return code, math.nan
    if amount is not None and given is not None:
        raise ComputeError(Fault.SHAPE, f"the rule {text!r} has its amount, {given!r} is a second one")
    if amount is None:
        amount = given
    if amount is None and code == rule_texts.LEGAL_COSTS:
        amount = limit
    if amount is None and code == rule_texts.RECEIVED:
        return code, math.nan
    if amount is None:
        raise ComputeError(Fault.MISSING, f"the rule {text!r} has no amount")
    return code, amount


def target_by_rule(
    text: str, base: float | None, actual: float | None, amount: float | None, limit: float | None
) -> float:
    """The target that a rule gives, in the unit of its base; NaN while a number it needs is not known.

    Raises:
        ComputeError: as `rule_amount`.
    """
    code, size = rule_amount(text, amount, limit)
    return _APPLY[code](math.nan if base is None else base, math.nan if actual is None else actual, size)


ENTRIES = (
    Function(
        name="OBIETTIVO_REGOLA",
        category=CATEGORY,
        title="Obiettivo secondo una regola del piano",
        help="Obiettivo dato da una regola, per esempio «+2%» sulla base, «+2% consuntivo», «+2% max» "
        "(maggiore fra base e consuntivo), «-3 giorni», «abbattimento 20%», «conferma», «spese "
        "legali», «pervenuto». Testo non riconosciuto: #N/D.",
        arguments=(
            Argument(
                "regola",
                "La regola come la scrive il piano («+2% rispetto a consuntivo 2021») o il suo codice "
                "(«percentuale maggiore»), con l'importo in valore. Solo il segno e il % dicono quanto: "
                "un numero da solo non è una regola.",
                unit=Measure.TEXT,
                kind=Kind.TEXT,
                empty=Empty.MISSING,
            ),
            Argument(
                "base",
                "Numero da cui la regola parte: baseline o obiettivo, nell'unità dell'indicatore. Vuota: "
                "risultato vuoto, salvo che la regola usi solo il consuntivo.",
                unit=Measure.INDICATOR,
                empty=Empty.OWN,
            ),
            Argument(
                "consuntivo",
                "Consuntivo del periodo a cui la regola si riferisce. Vuoto: le regole che lo usano "
                "danno un risultato vuoto.",
                unit=Measure.INDICATOR,
                empty=Empty.DEFAULT,
                default_text="non ancora rilevato",
            ),
            Argument(
                "valore",
                "Importo della regola, se il testo non lo dice: frazione per le percentuali (0,02), "
                "differenza nell'unità; per «pervenuto» il pervenuto dell'anno meno quello precedente. "
                "Due importi: #VALORE!.",
                unit=Measure.INDICATOR,
                empty=Empty.DEFAULT,
                default_text="quello nel testo della regola",
            ),
            Argument(
                "importo",
                "Importo della regola «spese legali», come frazione, dove né il testo né valore lo "
                "dicono; alle altre regole non serve. Predefinito: quello del piano.",
                unit=Measure.PERCENT,
                empty=Empty.DEFAULT,
                default=_legal_costs,
                default_text="quello del piano",
                plan=True,
            ),
        ),
        result="Obiettivo nell'unità della base; vuoto finché manca un numero che serve alla regola.",
        unit=Measure.INDICATOR,
        formula="regola del piano applicata alla base o al consuntivo",
        phrase="obiettivo secondo la regola del piano",
        compute=target_by_rule,
        shape=Shape.LOOKUP,
        source="P21, «Obiettivi generali di ente triennali», «Indicatori di impatto» e Allegato Tecnico, terza parte",
        example='=OBIETTIVO_REGOLA("+2% max"; 8855168560; C5)',
    ),
)
"""Catalogue entry of the rules of targets."""
