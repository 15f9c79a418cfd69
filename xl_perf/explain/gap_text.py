"""What an indicator is missing, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.catalog.numerals import number

if TYPE_CHECKING:
    from xl_perf.explain.missing import Gap


def said_of(gap: Gap) -> str:
    """An indicator in a few lines of Italian."""
    unit = f" {gap.unit}" if gap.unit and "%" not in gap.actual.shown else ""
    lines = [
        f"{gap.name}: {number(round(gap.score, 2))}",
        f"  consuntivo {gap.actual.shown}, obiettivo {gap.target.shown}{unit}",
    ]
    if gap.missing.value > 0:
        word = "da ridurre di" if gap.direction < 0 else "mancano"
        lines.append(f"  per 100: {gap.target.shown} ({word} {gap.missing.shown})")
        if gap.driver is not None:
            lines.append(
                f"  cioè {gap.driver.name} {gap.driver.needed.shown} in luogo di {gap.driver.value.shown}"
            )
    if gap.best is not None:
        lines.append(f"  punteggio massimo con {gap.best.shown}")
    if gap.full is not None:
        lines.append(
            f"  per 100: {gap.full.practices} pratiche da controllare in più, {number(gap.full.points)} punti"
        )
    if gap.band is not None:
        lines.append(
            f"  fascia successiva: {gap.band.practices} pratiche da controllare in più, {number(gap.band.points)} punti"
        )
    for way, one in (("secondo il programma", gap.programme), ("in proporzione", gap.linear)):
        if one is not None and gap.annual is not None:
            lines.append(
                f"  a fine anno {way}: {one.value.shown} su {gap.annual.shown}, punteggio {number(round(one.score, 2))}"
            )
    return "\n".join(lines)
