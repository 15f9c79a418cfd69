"""Targets that follow from other numbers: a baseline, a target, an actual, and the amount of a rule.

Numbers that are not known yet come in as NaN and make the result NaN.
"""

from __future__ import annotations

from xl_perf.compute.ops import known


def percent(start: float, amount: float) -> float:
    """A number changed by a fraction of itself: `start * (1 + amount)`.

    Source: P21, "Obiettivi generali di ente triennali" ("+2% rispetto a baseline"), AT ("abbattimento 20%": -0.2).

    Args:
        start: baseline, target or actual that the rule starts from, in the unit of the indicator.
        amount: the change as a fraction, below 0 for a reduction.

    Returns:
        The target in the unit of `start`.

    >>> percent(100.0, 0.02)
    102.0
    """
    return start * (1 + amount)


def percent_of_larger(target: float, actual: float, amount: float) -> float:
    """The larger of target and actual of a year, changed by a fraction; NaN until the actual is reported.

    Source: P21, objective F ("+2% maggior importo fra obiettivo e risultato consuntivo").

    Args:
        target: target of the year before, in the unit of the indicator.
        actual: actual of the same year.
        amount: the change as a fraction.

    Returns:
        The target in the unit of both; NaN until both are known.

    >>> percent_of_larger(100.0, 200.0, 1.0)
    400.0
    """
    if not (known(target) and known(actual)):
        return target + actual
    return max(target, actual) * (1 + amount)


def difference(start: float, amount: float) -> float:
    """A number changed by an amount in its own unit ("riduzione di 3 giorni": amount -3).

    Also a share in percent to which a rule adds points: 0.7143 and 0.25 are 0.9643.
    Source: P21, "Indicatori di impatto"; for shares "Risultato degli obiettivi specifici di ente" of 2020.

    Args:
        start: number that the rule starts from, in the unit of the indicator.
        amount: the difference in the same unit, below 0 for a reduction.

    Returns:
        The target in that unit.

    >>> difference(2.0, -1.0)
    1.0
    """
    return start + amount


def legal_costs(target: float, actual: float, limit: float) -> float:
    """Target of the receipts for legal costs, from last year's target and actual.

    The target again where it was missed, the actual where it was reached, the target raised by `limit` where it was
    beaten by more than that.
    Source: P21, AT, "Incassi per spese legali".

    Args:
        target: target of the year before, in euro.
        actual: actual of the year before, in euro.
        limit: share of the target beyond which a result is not repeatable.

    Returns:
        Euro; NaN until both are known.

    >>> [legal_costs(100.0, actual, 1.0) for actual in (1.0, 100.0, 200.0, 222.0)]
    [100.0, 100.0, 200.0, 200.0]
    """
    if not (known(target) and known(actual)):
        return target + actual
    return max(target, min(actual, target * (1 + limit)))
