"""Results of the edition's own year that are published: the columns of `Consuntivi` that show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates.kit.model import Column, Row
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.piramide_valore import names

if TYPE_CHECKING:
    from xl_perf.plan.model import Actual
    from xl_perf.templates.kit.model import Place
    from xl_perf.templates.piramide_valore.names import Pyramid


PUBLISHED = "Consuntivo pubblicato"


def published(pyramid: Pyramid) -> dict[str, Actual]:
    """Results of the edition's own year that the documents print, by indicator: those of a plan that is over."""
    plan = pyramid.plan
    found = [
        a
        for a in plan.actuals
        if (a.period, a.measure, a.structure) == (plan.period, "consuntivo", pyramid.nation)
    ]
    wanted = {indicator.code for indicator in pyramid.indicators()}
    return {
        a.item: plan.actual(a.item, plan.period, "consuntivo", pyramid.nation)
        for a in found
        if a.item in wanted
    }


def published_columns(pyramid: Pyramid, group: str) -> list[Column]:
    """What is published, and where; no columns where the year's results are still to come."""
    known = published(pyramid)
    if not known:
        return []

    def shown(place: Place) -> object:
        return known[place.row.code].value if place.row.code in known else None

    def source(place: Place) -> object:
        return str(known[place.row.code].source) if place.row.code in known else None

    def number_format(row: Row) -> str:
        return names.unit_format(row.item.unit, actual=True)

    return [
        Column(PUBLISHED, Kind.LABEL, 18, shown, number_format, align="right", group=group),
        Column("Fonte del consuntivo", Kind.SOURCE, 40, source, group=group),
    ]
