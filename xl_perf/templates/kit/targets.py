"""Target columns: cells that hold values of the plan, and the column that says where they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.plan.describe import describe_source, target_values
from xl_perf.plan.traits import DIRECTION, SIGN, SIGN_IN_ALL, TRAIT
from xl_perf.templates.kit import formulas
from xl_perf.templates.kit.model import Column, Content, Link
from xl_perf.templates.kit.styles import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.plan.model import Plan
    from xl_perf.templates.kit.model import Place, Row


def target_column(
    plan: Plan,
    heading: str,
    width: float,
    key_kind: str,
    fixed: str,
    number_format: str | Callable[[Row], str],
    *,
    period: str | None = None,
    group: str = "",
    align: str = "",
) -> Column:
    """A column of targets; its values are looked up in the plan, and sync finds it again.

    Args:
        plan: the edition.
        heading: heading of the column.
        width: width in characters.
        key_kind: what the codes of the rows are (struttura, indicatore, parametro, peso, fascia).
        fixed: the other half of the key, which is the same for the whole column.
        number_format: Excel number format, or a function of the row.
        period: period of the targets; the edition's year when None.
        group: heading above a group of columns.
        align: alignment; right when empty.
    """
    link = Link(key_kind, fixed, plan.period if period is None else period)

    def content(place: Place) -> object:
        return target_values(plan, link.key_kind, link.fixed, link.period, place.row.code).value

    return Column(heading, Kind.TARGET, width, content, number_format, link=link, group=group, align=align)


def trait_column(plan: Plan, heading: str, width: float, trait: str) -> Column:
    """What the indicator of each row is, as a number (`plan/traits.py`): its direction, its sign or level in a table.

    Args:
        plan: the edition.
        heading: heading of the column.
        width: width in characters.
        trait: `verso`, `segno`, `livello` or `segno nel totale`.
    """
    link = Link(TRAIT, trait, "", sourced=False)

    def content(place: Place) -> object:
        return target_values(plan, link.key_kind, link.fixed, link.period, place.row.code).value

    words = {DIRECTION: formulas.DIRECTIONS, SIGN: formulas.SIGNS, SIGN_IN_ALL: formulas.SIGNS}.get(trait)
    said = formulas.choice_format(words) if words else "0"
    return Column(heading, Kind.TARGET, max(width, 11) if words else width, content, said, link=link)


def source_column(
    plan: Plan, targets: Sequence[Column], heading: str = "Fonte", width: float = 34, group: str = ""
) -> Column:
    """The column that says where the targets of a row come from.

    Args:
        plan: the edition.
        targets: the target columns that it speaks for.
        heading: heading of the column.
        width: width in characters.
        group: heading above a group of columns.
    """
    links = [column.link for column in targets if column.link is not None]

    def content(place: Place) -> object:
        return describe_source(
            [target_values(plan, link.key_kind, link.fixed, link.period, place.row.code) for link in links]
        )

    return Column(heading, Kind.SOURCE, width, content, group=group)


def linked_column(
    plan: Plan,
    heading: str,
    width: float,
    link: Link,
    code: Callable[[Row], str],
    number_format: str | Callable[[Row], str],
    *,
    group: str = "",
) -> Column:
    """A column of targets in a table where not every row has one.

    Args:
        plan: the edition.
        heading: heading of the column.
        width: width in characters.
        link: how sync finds the cells; its `key` names the column that holds `code`.
        code: the code of a row; empty where it has no target.
        number_format: Excel number format, or a function of the row.
        group: heading above a group of columns.
    """

    def content(place: Place) -> object:
        key = code(place.row)
        if not key:
            return Content(None, Kind.LABEL)
        return target_values(plan, link.key_kind, link.fixed, link.period, key).value

    return Column(heading, Kind.TARGET, width, content, number_format, link=link, group=group)


def linked_source(
    plan: Plan, heading: str, width: float, target: Column, code: Callable[[Row], str], *, group: str = ""
) -> Column:
    """The column that says where the targets of a `linked_column` come from."""

    def content(place: Place) -> object:
        link, key = target.link, code(place.row)
        if link is None or not key:
            return None
        return describe_source([target_values(plan, link.key_kind, link.fixed, link.period, key)])

    return Column(heading, Kind.SOURCE, width, content, group=group)
