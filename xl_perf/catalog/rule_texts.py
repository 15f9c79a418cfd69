"""Rules of targets as the plan writes them: "+2% rispetto a consuntivo 2021", "riduzione di 3 giorni"."""

from __future__ import annotations

import re
from functools import lru_cache

from xl_perf.catalog.targets import normalise
from xl_perf.compute.faults import ComputeError, Fault

CONFIRM = "conferma"
PERCENT = "percentuale"
PERCENT_ACTUAL = "percentuale consuntivo"
PERCENT_LARGER = "percentuale maggiore"
DIFFERENCE = "differenza"
RECEIVED = "pervenuto"
LEGAL_COSTS = "spese legali"
FALLING = "progressiva riduzione"
RISING = "scostamento positivo"
CODES = (
    CONFIRM,
    PERCENT,
    PERCENT_ACTUAL,
    PERCENT_LARGER,
    DIFFERENCE,
    RECEIVED,
    LEGAL_COSTS,
    FALLING,
    RISING,
)
"""The rules, as the plan's data name them too."""

_WORDS = (
    (re.compile(r"(?:\d+(?:[.,]\d+)?% )?\(?conferma(?: (?:della )?baseline)?\)?"), CONFIRM),
    (re.compile(r"(?:incassi per )?spese legali"), LEGAL_COSTS),
    (re.compile(r"progressiva riduzione.*"), FALLING),
    (re.compile(r"scostamento positivo"), RISING),
    (re.compile(r"pervenuto|.*\bvariazioni?\b.*\bpervenut.*"), RECEIVED),
)
"""Rules without an amount in their text: the whole text has to fit."""
_NUMBER = r"(?P<number>\d+(?:[.,]\d+)?)"
_LESS = r"(?:abbattimento|riduzione)(?: (?:di|del|dell))?"
_PERCENT = re.compile(rf"(?:(?P<sign>[+-]) ?|(?P<less>{_LESS}) )(?:del )?{_NUMBER} ?%")
_BARE_CUT = re.compile(rf"{_NUMBER} ?% (?P<less>abbattimento)")
_UNITS = r"(?P<unit>giorni|giorno|gg|punti percentuali|punti|pezzi|interventi|euro)"
_AMOUNT = re.compile(rf"(?:(?P<sign>[+-]) ?|(?P<less>{_LESS}) ){_NUMBER} ?{_UNITS}\b")
_LARGER = re.compile(r"\b(?:max|massimo|maggior|maggiore)\b")
_ACTUAL = re.compile(r"\bconsuntivo\b")


@lru_cache(maxsize=1024)
def parse_rule(text: str) -> tuple[str, float | None]:
    """Code and amount of a rule written in words, or by its code.

    Args:
        text: the rule; case, accents and extra blanks do not count.

    Returns:
        One of `CODES`, and the amount: a fraction for percentages, a number in the indicator's unit for differences,
        None where the text has none.

    Raises:
        ComputeError: the text is no rule (MISSING).
    """
    plain = normalise(text.replace("\u2212", "-").replace("\u2013", "-"))
    if plain in CODES:
        return plain, None
    found = _PERCENT.search(plain) or _BARE_CUT.search(plain)
    if found:
        amount = _amount(found) / 100
        if _LARGER.search(plain):
            return PERCENT_LARGER, amount
        return (PERCENT_ACTUAL if _ACTUAL.search(plain) else PERCENT), amount
    found = _AMOUNT.search(plain)
    if found:
        scale = 100 if found["unit"] == "punti percentuali" else 1
        return DIFFERENCE, _amount(found) / scale
    for pattern, code in _WORDS:
        if pattern.fullmatch(plain):
            return code, None
    raise ComputeError(Fault.MISSING, f"{text!r} is no rule")


def _amount(found: re.Match[str]) -> float:
    groups = found.groupdict()
    size = float(groups["number"].replace(",", "."))
    return -size if groups.get("sign") == "-" or (groups.get("less") and not groups.get("sign")) else size
