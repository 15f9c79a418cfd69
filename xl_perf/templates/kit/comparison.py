"""The `Confronto` sheets: published results of past years beside what our functions make of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from xl_perf.errors import PlanError
from xl_perf.plan.model import Status
from xl_perf.templates.kit import formulas, styles
from xl_perf.templates.kit.model import Column, Content, Row, TableSpec
from xl_perf.templates.kit.names import nation
from xl_perf.templates.kit.styles import Kind, Level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from xl_perf.plan.model import Actual, Plan
    from xl_perf.templates.kit.model import Place
    from xl_perf.templates.kit.page import Page

Key: TypeAlias = "tuple[str, str, str]"
"""Period, measure and document of a published result."""

ACTUAL, PLANNED = "consuntivo", "piano"
"""Measures of published results."""
_WORDS = {"realizzazione_stampata": "% stampata"}
_ITEM = "Voce"
_SOURCE, _NOTE = "Fonte", "Nota"


def published(plan: Plan, item: str, period: str, measure: str, document: str) -> Actual | None:
    """A published national result, or None where the document does not print it."""
    try:
        return plan.actual(item, period, measure, nation(plan), document)
    except PlanError:
        return None


def printed_keys(plan: Plan, system: str, measures: Sequence[str]) -> list[Key]:
    """What the documents print of a system for the whole institute: year by year, oldest document first.

    Args:
        plan: the edition.
        system: code of the system.
        measures: what is wanted of it (`consuntivo`, `piano` ...), in the order wanted.
    """
    found = {
        (a.period, plan.documents[a.source.document].year, measures.index(a.measure), a.source.document)
        for a in plan.actuals
        if plan.actual_items[a.item].system == system
        and a.measure in measures
        and a.structure == nation(plan)
    }
    return [(period, measures[at], document) for period, _, at, document in sorted(found)]


def pairs_of(keys: Sequence[Key]) -> list[tuple[Key, Key]]:
    """Result and plan of a year that one document prints, in the order of the keys."""
    return [
        ((period, ACTUAL, document), (period, PLANNED, document))
        for period, measure, document in keys
        if measure == ACTUAL and (period, PLANNED, document) in keys
    ]


def key_heading(key: Key) -> str:
    """Heading of a column of published results, e.g. `Consuntivo 2019 (P20)`."""
    period, measure, document = key
    return f"{_WORDS.get(measure, measure.replace('_', ' ').capitalize())} {period} ({document})"


def item_rows(plan: Plan, system: str, keys: Sequence[Key]) -> list[Row]:
    """The items of a system for which at least one of the results (period, measure, document) is published."""
    items = sorted((i for i in plan.actual_items.values() if i.system == system), key=lambda i: i.order)
    return [
        Row(item.code, Level.TOTAL if item.level == 0 else Level.LEAF, item, item.level)
        for item in items
        if any(published(plan, item.code, *key) for key in keys)
    ]


def item_column(heading: str = _ITEM, width: float = 60) -> Column:
    """The titles of the items as the documents print them."""
    return Column(heading, Kind.LABEL, width, lambda place: place.row.item.title, align="wrap")


def value_column(
    plan: Plan, heading: str, key: Key, width: float, number_format: str | Callable[[Row], str]
) -> Column:
    """Published values of one period, measure and document: the number chosen where the print is defective."""

    def content(place: Place) -> object:
        found = published(plan, place.row.code, *key)
        return None if found is None else Content(found.value, Kind.TARGET)

    return Column(heading, Kind.LABEL, width, content, number_format, align="right")


def source_text(plan: Plan, keys: Sequence[Key]) -> Column:
    """Where the published values of a row are printed."""

    def content(place: Place) -> object:
        found = [published(plan, place.row.code, *key) for key in keys]
        return "; ".join(dict.fromkeys(str(actual.source) for actual in found if actual is not None))

    return Column(_SOURCE, Kind.SOURCE, 52, content)


def note_column(plan: Plan, keys: Sequence[Key]) -> Column:
    """Defects of the print and notes to the published values of a row."""

    def content(place: Place) -> object:
        found = [published(plan, place.row.code, *key) for key in keys]
        texts = [text for actual in found if actual is not None for text in _remarks(plan, actual)]
        return "; ".join(dict.fromkeys(texts)) or None

    return Column(_NOTE, Kind.SOURCE, 70, content)


def _remarks(plan: Plan, actual: Actual) -> Iterator[str]:
    """The defect of the print that concerns a published value, its note, its status."""
    key = f"{actual.item}/{actual.period}/{actual.measure}/{actual.source.document}"
    for defect in plan.defects:
        if defect.id == actual.defect or any(value.endswith(f":{key}") for value in defect.values):
            yield f"Stampato: {defect.printed}. Lettura: {defect.reading}"
    if actual.note:
        yield actual.note
    if actual.status is not Status.PUBLISHED:
        yield styles.STATUS_WORDS[actual.status]


def scored(
    heading: str,
    actual: str,
    target: str,
    rest: Callable[[Place], str],
    function: str,
    number_format: str,
    *,
    width: float = 13,
    judged_by: str = "",
) -> Column:
    """A column that applies a function to two columns of the row; empty where one of them is."""

    def content(place: Place) -> object:
        value, goal = place.here(actual), place.here(target)
        return formulas.complete(f"{function}({value},{goal},{rest(place)})", value, goal)

    return Column(heading, Kind.FORMULA, width, content, number_format, judged_by=judged_by)


def printed_table(
    page: Page,
    name: str,
    title: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    keys: Sequence[Key],
    at_row: int,
) -> int:
    """A heading, the places where the values are printed, the table, and the notes to its values.

    Args:
        page: the page.
        name: name of the Excel table.
        title: heading above it.
        columns: its columns.
        rows: its rows, items of the published results.
        keys: the results that it shows, for sources and notes.
        at_row: row of the heading.

    Returns:
        Number of the last row that was written.
    """
    plan = page.book.plan
    found = [published(plan, item.code, *key) for item in rows for key in keys]
    actuals = [actual for actual in found if actual is not None]
    sources = "; ".join(dict.fromkeys(str(actual.source) for actual in actuals))
    page.section(at_row, title)
    page.text(at_row + 1, 1, f"Fonte: {sources}", styles.font(size=9, colour=styles.MUTED))
    bottom = page.table(TableSpec(name, columns, rows), at_row + 2).last
    for note in dict.fromkeys(note for actual in actuals for note in _remarks(plan, actual)):
        bottom += 1
        page.remark(bottom, f"Nota: {note}.")
    return bottom
