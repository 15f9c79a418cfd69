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

_NUMBER = r"(?P<number>(?:[1-9]\d{0,2}(?:\.\d{3})+|\d+)(?:,\d+)?)"
"""As Italians write it: points between thousands, all or none of them, and a decimal comma."""
_LESS = r"(?:ulteriore )?(?:abbattimento|riduzione) (?:di |del |dell')?"
_CHANGE = rf"(?:almeno pari al )?(?:(?P<sign>[+-]) ?|(?P<less>{_LESS})){_NUMBER} ?"
_UNIT = r"(?P<unit>giorni|giorno|gg|punti percentuali|punto percentuale|punti|punto|pezzi|interventi|euro)"
_HEADS = (
    re.compile(rf"{_CHANGE}(?:(?P<percent>%)|{_UNIT})(?= |\(|$)"),
    re.compile(rf"{_NUMBER} ?(?P<percent>%) (?P<less>abbattimento)(?= |\(|$)"),
)
"""What a rule with an amount starts with: how much, up or down."""
_YEAR = r"(?: \d{4})?"
_OF_BASE = re.compile(
    rf"|(?:rispetto a(?:lla)? |della |sulla )?baseline{_YEAR}|(?:rispetto all'|dell'|sull')?obiettivo{_YEAR}"
    r"|dei costi|del tempo medio|giacenza|miglioramento dell'indice"
)
_OF_ACTUAL = re.compile(
    rf"(?:rispetto al? |del |sul )?(?:risultato |valore )?consuntivo(?:{_YEAR}| dell'anno precedente)(?: al \d+ mese)?"
    r"|rispetto al saldo del \w+ risultante l'anno precedente"
)
_OF_LARGER = re.compile(
    rf"max|massimo|maggiore?(?: (?:importo|valore))?(?: (?:fra|tra) obiettivo{_YEAR} e (?:risultato "
    rf")?consuntivo{_YEAR})?"
)
"""What may follow: what the amount is of; nothing means the base."""
_WORDS = (
    (re.compile(r"(?:\d+(?:,\d+)?% )?\(?conferma(?: (?:della )?baseline)?\)?"), CONFIRM),
    (re.compile(r"(?:incassi per )?spese legali"), LEGAL_COSTS),
    (re.compile(r"progressiva riduzione(?: dell'indice consuntivo)?\*?"), FALLING),
    (re.compile(r"scostamento positivo"), RISING),
    (
        re.compile(
            r"pervenuto|si terra conto delle variazioni, in incremento o decremento, del contenzioso(?: "
            r"vario)? pervenuto"
            rf" nel{_YEAR} rispetto a quello pervenuto nel{_YEAR}"
        ),
        RECEIVED,
    ),
)
"""Rules without an amount in their text."""
_LEGAL_COSTS_WHOLE = re.compile(
    rf"conferma dell'obiettivo del{_YEAR} se non conseguito; del consuntivo{_YEAR} se conseguito; obiettivo del{_YEAR} "
    rf"aumentato del {_NUMBER}% se superato di oltre il (?P=number)%"
)


@lru_cache(maxsize=1024)
def parse_rule(text: str) -> tuple[str, float | None]:
    """Code and amount of a rule written in words, or by its code; the whole text has to be the rule.

    Args:
        text: the rule; case, accents and extra blanks do not count. Numbers are Italian: "10.000" is ten thousand.

    Returns:
        One of `CODES`, and the amount: a fraction for percentages, a number in the indicator's unit for differences,
        None where the text has none.

    Raises:
        ComputeError: the text is no rule (MISSING).

    >>> parse_rule("+10.000 euro"), parse_rule("Riduzione del 2,5% dei costi")
    (('differenza', 10000.0), ('percentuale', -0.025))
    """
    plain = normalise(text.replace("\u2212", "-").replace("\u2013", "-"))
    if plain in CODES:
        return plain, None
    for head in _HEADS:
        if found := head.match(plain):
            return _change(found, _unwrapped(plain[found.end() :]), text)
    if found := _LEGAL_COSTS_WHOLE.fullmatch(plain):
        return LEGAL_COSTS, _size(found["number"]) / 100
    for pattern, code in _WORDS:
        if pattern.fullmatch(plain):
            return code, None
    raise ComputeError(Fault.MISSING, f"{text!r} is no rule")


def _change(found: re.Match[str], of_what: str, text: str) -> tuple[str, float]:
    """Code and amount of a rule that says how much, by what the amount is of."""
    groups = found.groupdict()
    size = _size(groups["number"])
    amount = -size if groups.get("sign") == "-" or groups["less"] else size
    if groups["percent"]:
        for pattern, code in (
            (_OF_BASE, PERCENT),
            (_OF_ACTUAL, PERCENT_ACTUAL),
            (_OF_LARGER, PERCENT_LARGER),
        ):
            if pattern.fullmatch(of_what):
                return code, amount / 100
    elif _OF_BASE.fullmatch(of_what):
        return DIFFERENCE, amount / 100 if groups["unit"].endswith(("percentuali", "percentuale")) else amount
    raise ComputeError(Fault.MISSING, f"{text!r} is no rule: {of_what!r}")


def _unwrapped(text: str) -> str:
    """A text without blanks around it and without the brackets that enclose it."""
    bare = text.strip()
    return bare[1:-1].strip() if bare.startswith("(") and bare.endswith(")") else bare


def _size(number: str) -> float:
    return float(number.replace(".", "").replace(",", "."))
