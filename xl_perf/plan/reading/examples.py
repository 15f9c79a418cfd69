"""Reading `esempio` of `dati_*.toml`: what an example value of a measure is made of."""

from __future__ import annotations

import re

from xl_perf.errors import PlanError
from xl_perf.plan.measures import Example, Factor, FactorKind, Gap, Reporter

_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
_BETWEEN = re.compile(rf"({_NUMBER})(?:\.\.({_NUMBER}))?")
_NAMED = re.compile(r"(obiettivo|piano|risultato|#\w+)(?: di ([\w.]+))?")
_CODE = re.compile(r"\w+(?:\.\w+)*")
_WHO = re.compile(r"(insieme|tutti)?(?: ?per (sede|regione))?: (.*)")
_EXPECTED = (
    "'per sede: ' or 'per regione: ' or neither, 'tutti' or 'insieme' before it, then factors joined by "
    "' * ' and ' / ': 0.9..1.1, 360, obiettivo, 'obiettivo di CODE', piano, risultato, #measure, "
    "'#measure di ITEM', a parameter"
)


def parse_example(text: str, where: str) -> Example:
    """What example values are made of, as `dati_*.toml` writes it.

    Raises:
        PlanError: none of the forms.

    >>> [factor.kind.value for factor in parse_example("obiettivo * #pervenuto / 360 * 0.9..1.1", "").factors]
    ['obiettivo', 'misura', 'intervallo', 'intervallo']
    """
    head = _WHO.fullmatch(text)
    gap, who, rest = head.groups(default="") if head else ("", "", text)
    parts = re.split(r" ([*/]) ", rest)
    signs = ("*", *parts[1::2])
    factors = tuple(
        _factor(part, sign == "/", text, where) for part, sign in zip(parts[::2], signs, strict=True)
    )
    return Example(factors, Reporter(who), Gap(gap), text)


def _factor(part: str, below: bool, text: str, where: str) -> Factor:
    between = _BETWEEN.fullmatch(part)
    if between:
        low = float(between[1])
        return Factor(FactorKind.RANGE, below, low=low, high=float(between[2] or low))
    named = _NAMED.fullmatch(part)
    if named and named[1].startswith("#"):
        return Factor(FactorKind.MEASURE, below, named[2] or "", named[1][1:])
    if named:
        return Factor(FactorKind(named[1]), below, named[2] or "")
    if _CODE.fullmatch(part):
        return Factor(FactorKind.PARAMETER, below, part)
    raise PlanError(f"example {text!r}: {part!r}", where=where, expected=_EXPECTED)
