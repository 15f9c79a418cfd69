"""What an indicator is missing, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.catalog.numerals import number
from xl_perf.language import it

if TYPE_CHECKING:
    from xl_perf.explain.missing import Gap


def said_of(gap: Gap) -> str:
    """An indicator in a few lines."""
    unit = f" {gap.unit}" if gap.unit and "%" not in gap.actual.shown else ""
    goal, target = number(gap.goal), gap.target.shown
    lines = [
        f"{gap.name}: {number(round(gap.score, 2))}",
        it("consuntivo {0}, obiettivo {1}", gap.actual.shown, f"{target}{unit}"),
    ]
    if gap.missing.value > 0:
        form = "per {0}: {1} (da ridurre di {2})" if gap.direction < 0 else "per {0}: {1} (mancano {2})"
        lines.append(it(form, goal, target, gap.missing.shown))
        if gap.driver is not None:
            driver = gap.driver
            lines.append(
                it("cioè {0} {1} in luogo di {2}", driver.name, driver.needed.shown, driver.value.shown)
            )
    if gap.best is not None:
        lines.append(it("punteggio massimo con {0}", gap.best.shown))
    more = "{0}: {1} pratiche da controllare in più, {2} punti"
    for what, band in ((it("per {0}", goal), gap.full), (it("fascia successiva"), gap.band)):
        if band is not None:
            lines.append(it(more, what, band.practices, number(band.points)))
    if gap.left is not None and gap.missing.value > 0 and gap.band is None:
        lines.append(
            it("tutte le pratiche sono controllate: i punti che mancano sono quelli delle irregolarità")
            if not gap.left
            else it("controllare le altre {0} pratiche non porta altri punti", gap.left)
        )
    year = "a fine anno {0}: {1} su {2}, punteggio {3}"
    for way, one in ((it("secondo il programma"), gap.programme), (it("in proporzione"), gap.linear)):
        if one is not None and gap.annual is not None:
            lines.append(it(year, way, one.value.shown, gap.annual.shown, number(round(one.score, 2))))
    return "\n  ".join(lines)
