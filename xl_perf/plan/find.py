"""Find targets by words: system, indicator or structure, as a user types them."""

from __future__ import annotations

import difflib
import unicodedata
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.plan.model import Indicator, Plan, Target
    from xl_perf.plan.names import Names


def find_targets(plan: Plan, *words: str) -> tuple[Target, ...]:
    """The targets that every word concerns.

    A word matches the structure of that name (see `xl_perf.plan.names`), else the indicators whose system,
    code or title holds it. Words beside each other that together name a structure, `DCM ROMA`, are one word;
    so is what is quoted, `"DCM ROMA"`. Case and accents do not count.

    Args:
        plan: the plan to search.
        words: what to look for, in any order; several structures or several periods mean any of them, several words on
            indicators mean all of them. Quarters that are a share of the annual target are found by their period only.

    Returns:
        Targets in the order of indicators, structures and knowledge; values that an act replaced come before the new.

    Raises:
        UnknownNameError: no word, or a word that matches nothing (the message offers near ones).
        PlanError: nothing under all of them.
    """
    structures: set[str] = set()
    periods: set[str] = set()
    rest: list[str] = []
    known_periods = {fold(target.period): target.period for target in plan.targets}
    for word in _joined([fold(word) for word in words if word.strip()], plan.names):
        if code := plan.names.get(word):
            structures.add(code)
        elif word in known_periods:
            periods.add(known_periods[word])
        else:
            rest.append(word)
    if not (structures or periods or rest):
        raise UnknownNameError(
            "nothing to look for", where=plan.id, expected="words such as: giacenza TORINO"
        )
    indicators = _matching(plan, rest)
    shares = {(part.indicator, part.period) for part in plan.programme}
    found = [
        target
        for target in plan.targets
        if target.indicator in indicators
        and (not structures or target.structure in structures)
        and (target.period in periods if periods else (target.indicator, target.period) not in shares)
    ]
    if not found:
        raise PlanError(
            f"no target for {' '.join(words)!r}",
            where=plan.id,
            remedy="each word exists, but the plan sets no target for all of them together",
        )
    return tuple(sorted(found, key=lambda target: _order(plan, target)))


def fold(text: str) -> str:
    """Text without case, accents and apostrophes for accents: FORLI', Forlì and forli are the same."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").casefold())
    kept = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(kept.replace("_", " ").rstrip("'").split())


def _joined(words: Sequence[str], names: Names) -> list[str]:
    """Words with neighbours that together name a structure joined, longest first."""
    joined: list[str] = []
    position = 0
    while position < len(words):
        for end in range(len(words), position, -1):
            text = " ".join(words[position:end])
            if names.get(text) or end == position + 1:
                joined.append(text)
                position = end
                break
    return joined


def _matching(plan: Plan, words: Sequence[str]) -> set[str]:
    matching = dict(plan.indicators)
    for word in words:
        hits = {code for code, indicator in plan.indicators.items() if _matches(plan, indicator, word)}
        if not hits:
            raise _unknown(plan, word)
        matching = {code: indicator for code, indicator in matching.items() if code in hits}
    return set(matching)


def _matches(plan: Plan, indicator: Indicator, word: str) -> bool:
    system = plan.systems[indicator.system]
    texts = (indicator.code, indicator.title, indicator.short, system.title)
    return any(word in fold(text) for text in texts)


def _unknown(plan: Plan, word: str) -> UnknownNameError:
    titles = " ".join(fold(indicator.title) for indicator in plan.indicators.values())
    names = {fold(name): s.code for s in plan.structures.values() for name in (s.code, *s.aliases)}
    vocabulary = {*names, *plan.systems, *(fold(code) for code in plan.indicators), *titles.split()}
    holding = sorted((name for name in names if word in name.split()), key=len)
    near = [*holding, *difflib.get_close_matches(word, sorted(vocabulary - {*holding}), 3, 0.6)]
    shown = list(dict.fromkeys(names.get(name, name) for name in near))[:3]
    return UnknownNameError(
        f"{word!r} is no system, indicator or structure",
        where=plan.id,
        expected=f"for example {', '.join(shown)}" if shown else "",
        remedy="" if shown else f"systems are: {', '.join(plan.systems)}",
    )


def _order(plan: Plan, target: Target) -> tuple[int, int, int, str, str]:
    indicator = plan.indicators[target.indicator]
    return (
        plan.systems[indicator.system].order,
        indicator.order,
        plan.structures[target.structure].order,
        target.period,
        f"{target.known_from:%Y-%m-%d}",
    )
