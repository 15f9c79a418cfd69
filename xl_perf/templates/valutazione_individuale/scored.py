"""Scores of the staff for a purpose, and the columns off the page that say whether their inputs are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates.kit import remarks
from xl_perf.templates.kit.model import Column
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.valutazione_individuale import names

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.templates.kit.model import Place
    from xl_perf.templates.kit.parameters import Parameters
    from xl_perf.templates.valutazione_individuale.plan import Purpose

WRONG, MISSING = "Dati non validi", "Dati mancanti"


def service(heading: str, content: Callable[[Place], object]) -> Column:
    """A column of counts, right of what is printed."""
    return Column(heading, Kind.CHECK, 9, content, "0", align="right", paper=False)


def service_columns(purposes: Sequence[Purpose], values: Parameters) -> list[Column]:
    """Whether the inputs of a row are what they have to be, and how many are missing for each purpose."""
    return [service(WRONG, _wrong), *(service(_missing(each), _lacking(each, values)) for each in purposes)]


def _missing(purpose: Purpose) -> str:
    return f"{MISSING}: {purpose.title}"


def score_of(purpose: Purpose, values: Parameters) -> Callable[[Place], object]:
    """Score for a purpose: empty until every dimension that has a weight is known, an error where an input is none."""
    with_position, without = (values.weights(n) for n in (purpose.with_position, purpose.without_position))

    def content(place: Place) -> object:
        group, contribution, skills = (place.here(h) for h in (names.GROUP, names.CONTRIBUTION, names.SKILLS))
        position = place.here(names.POSITION)
        code = f'IF({position}="{names.YES}",1,0)'
        call = f"PERF_INDIVIDUALE({group},{contribution},{skills},{code},,{with_position},{without})"
        return f'=IF({place.here(_missing(purpose))}>0,"",{call})'

    return content


def _wrong(place: Place) -> object:
    """1 where an input of a row is not what it has to be, else 0."""
    cells = [place.here(heading) for heading in (names.GROUP, names.CONTRIBUTION, names.SKILLS)]
    blank = "+".join(f"COUNTBLANK({cell})" for cell in cells)
    unknown = remarks.not_among(place.here(names.POSITION), (names.YES, names.NO))
    return f"=IF(OR({unknown},COUNT({','.join(cells)})+{blank}<3),1,0)"


def _lacking(purpose: Purpose, values: Parameters) -> Callable[[Place], object]:
    """How many inputs that have a weight for a purpose are missing in a row; an error where one is wrong."""
    skill_weights = [
        values.weight(node, list(values.nodes[node].numbers)[-1])
        for node in (purpose.with_position, purpose.without_position)
    ]

    def content(place: Place) -> object:
        position = place.here(names.POSITION)
        weight = f'IF({position}="{names.YES}",{skill_weights[0]},{skill_weights[1]})'
        cells = (names.GROUP, names.CONTRIBUTION, names.POSITION)
        blank = "+".join(f"COUNTBLANK({place.here(heading)})" for heading in cells)
        lacking = f"{blank}+COUNTBLANK({place.here(names.SKILLS)})*({weight}<>0)"
        return f"=IF({place.here(WRONG)}=1,#VALUE!,{lacking})"

    return content
