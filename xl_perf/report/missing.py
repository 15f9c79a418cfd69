"""What is missing for the target, as a page lists it: first what is part of the score, then single offices and rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.explain.gap import gaps
from xl_perf.explain.goal import goal_of
from xl_perf.report.model import Missing
from xl_perf.report.tree import headings, shares
from xl_perf.report.words import fixed

if TYPE_CHECKING:
    from xl_perf.explain.missing import Gap, Projection
    from xl_perf.explain.model import Step
    from xl_perf.explain.tree import Explainer
    from xl_perf.package import Package

_SCORE = " · Punteggio"
_LEAST = 1e-9
_UNNAMED = frozenset(("", "numero indice", "rapporto", "percentuale"))
"""Units that say nothing beside the number."""


def missing(
    package: Package, explainer: Explainer, step: Step
) -> tuple[list[Missing], dict[str, list[Missing]]]:
    """The indicators below their target.

    Args:
        package: the workbook.
        explainer: its explanation.
        step: the explanation of its score.

    Returns:
        Those that the score is made of, what the target would add most first; all others by sheet and heading.
    """
    part_of, goal = dict(shares(step)), goal_of(explainer)
    declared = {str(place) for place in explainer.roles.results}
    main: list[Missing] = []
    parts: dict[str, list[Missing]] = {}
    for gap in gaps(package):
        if gap.missing.value <= _LEAST:
            continue
        part = part_of.get(gap.cell)
        found = _missing(gap, None if part is None else part * (goal - gap.score))
        if part is not None or gap.cell in declared:
            main.append(found)
            continue
        place = explainer.book.find(gap.cell)
        heading = headings(explainer.book, place)
        parts.setdefault(f"{place.sheet}: {heading}" if heading else place.sheet, []).append(found)
    main.sort(key=lambda one: -(one.points or 0.0))
    return main, parts


def _missing(gap: Gap, points: float | None) -> Missing:
    unit = "" if gap.unit in _UNNAMED or "%" in gap.target.shown else f" {gap.unit}"
    word = "in meno" if gap.direction < 0 else "in più"
    return Missing(
        name=gap.name.removesuffix(_SCORE),
        actual=gap.actual.shown,
        target=f"{gap.target.shown}{unit}",
        missing=f"{gap.missing.shown} {word}",
        driver=_driver(gap),
        year=_year(gap),
        points=points,
        cell=gap.cell,
    )


def _driver(gap: Gap) -> str:
    said = []
    if gap.driver is not None:
        said.append(f"{gap.driver.name}: {gap.driver.needed.shown} in luogo di {gap.driver.value.shown}")
    if gap.full is not None:
        said.append(f"{fixed(gap.full.practices, 0)} pratiche da controllare in più")
    elif gap.band is not None:
        said.append(
            f"fascia successiva con {fixed(gap.band.practices, 0)} pratiche da controllare in più:"
            f" {fixed(gap.band.points, 0)} punti"
        )
    return "; ".join(said)


def _year(gap: Gap) -> str:
    if gap.annual is None:
        return ""
    ways: tuple[tuple[str, Projection | None], ...] = (
        ("programma", gap.programme),
        ("in proporzione", gap.linear),
    )
    said = [f"{one.value.shown} ({way})" for way, one in ways if one is not None]
    return f"{' o '.join(said)} su {gap.annual.shown}" if said else ""
