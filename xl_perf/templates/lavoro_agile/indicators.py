"""The sheet `Indicatori POLA` of `lavoro_agile.xlsx`: the POLA's indicators, a table for each year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind
from xl_perf.plan.traits import DIRECTION
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import check, result
from xl_perf.templates.kit.model import Column, Content, Datum, Link, Row, TableSpec
from xl_perf.templates.kit.names import nation
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.kit.targets import (
    linked_column,
    linked_source,
    trait_column,
)
from xl_perf.templates.lavoro_agile import names
from xl_perf.templates.lavoro_agile.technology import AMOUNT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.plan.model import Plan
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.lavoro_agile.example import Example


def measure_rows(agile: names.Agile) -> list[Row]:
    """The POLA's indicators in the order of the table; an indicator in parts is a total."""
    return [
        Row(m.code, Level.TOTAL if m.parts else Level.LEAF, m, indent=1 if m.part else 0)
        for m in agile.measures
    ]


def measure_format(row: Row) -> str:
    """Number format of the value of a measure."""
    number_format: str = row.item.number_format
    return number_format


def part_format(row: Row) -> str:
    """Number format of numerator and denominator: index numbers have a decimal."""
    return styles.SCORE if row.item.part else styles.PIECES


def indicators(page: Page, agile: names.Agile, example: Example) -> dict[str, Placed]:
    """A table of the POLA's indicators for each year; the first year is the baseline of the later ones.

    Args:
        page: the empty `Indicatori POLA` page.
        agile: what the edition says of agile work.
        example: example inputs.
    """
    found: dict[str, Placed] = {}
    row = FIRST_ROW
    for year in agile.years:
        base = next(iter(found), None)
        title = f"Indicatori {year}" + (" (baseline)" if base is None else "")
        page.section(row, title)
        columns = [*_measure_columns(page.book.plan, agile, year, example), *_part_columns(agile)]
        if base is not None:
            at = next(i for i, column in enumerate(columns) if column.heading == names.CHECK)
            columns[at:at] = _change_columns(base, found[base])
        found[year] = page.table(
            TableSpec(
                names.indicator_table(year),
                columns,
                measure_rows(agile),
                key=names.KEY,
                aside=(names.DIRECTION,),
            ),
            row + 1,
        )
        if base is not None:
            heading, codes = names.change_heading(base), list(found[year].numbers)
            page.book.name_area(found[year], heading, codes, f"Variazioni_{year}")
        page.book.top(found[year].column(names.VALUE))
        row = found[year].last + 2
    page.remark(
        row,
        "Il piano rinvia i valori attesi agli altri suoi sistemi e fa del primo anno la baseline dei "
        "successivi: qui nessun obiettivo inventato.",
    )
    page.finish()
    return found


def _measure_columns(plan: Plan, agile: names.Agile, year: str, example: Example) -> list[Column]:
    printed = any(year in measure.targets for measure in agile.measures)
    link = Link("obiettivo", "", year, names.TARGET_KEY, names.SOURCE)

    def key(row: Row) -> str:
        return f"{row.code}@{nation(plan)}" if year in row.item.targets else ""

    columns = [
        Column(names.TITLE, Kind.LABEL, 46, lambda place: place.row.item.title, align="wrap"),
        Column(names.TYPE, Kind.LABEL, 22, lambda place: place.row.item.type, align="wrap"),
        Column(names.KEY, Kind.KEY, 36, lambda place: place.row.code),
        Column(names.WHAT_UP, Kind.LABEL, 36, lambda place: place.row.item.numerator, align="wrap"),
        Column(names.WHAT_DOWN, Kind.LABEL, 30, lambda p: p.row.item.denominator or "nessuno", align="wrap"),
        Column(
            names.NUMERATOR, Kind.INPUT, 16, _part(year, example, names.NUMERATOR), styles.PIECES,
            validation=AMOUNT, datum=Datum(KeyKind.ITEM, "", "numeratore", period=year),
        ),
        Column(
            names.DENOMINATOR, Kind.INPUT, 16, _part(year, example, names.DENOMINATOR), part_format,
            validation=AMOUNT, datum=Datum(KeyKind.ITEM, "", "denominatore", period=year),
        ),
        trait_column(plan, names.DIRECTION, 8, DIRECTION),
        result(names.VALUE, 17, _value, measure_format),
        Column(names.CHECK, Kind.CHECK, 48, _measure_check, judged_by=names.CHECK),
    ]  # fmt: skip
    if printed:
        target = linked_column(plan, names.PLANNED, 14, link, key, styles.SCORE)
        columns += [
            Column(names.TARGET_KEY, Kind.KEY, 22, lambda place: key(place.row) or None),
            target,
            linked_source(plan, names.SOURCE, 42, target, key),
        ]
    return columns


def _part(year: str, example: Example, which: str) -> Callable[[Place], object]:
    """An input; the plan's target; a count where the indicator has parts; nothing where it has no denominator."""

    def content(place: Place) -> object:
        measure: names.Measure = place.row.item
        if measure.parts:
            return Content(_counted(place, which), Kind.FORMULA)
        if which == names.DENOMINATOR and year in measure.targets:
            return Content(f"={place.here(names.PLANNED)}", Kind.FORMULA)
        if which == names.DENOMINATOR and not measure.denominator:
            return Content(None, Kind.LABEL)
        return example.measure(year, measure, which)

    return content


def _counted(place: Place, which: str) -> str:
    """How many parts are reported, or have reached their target; a text or an error in one is an error."""
    table, heading = place.table, _KNOWN if which == names.DENOMINATOR else _REACHED
    return f"=SUMPRODUCT(({table.column(_PART_OF)}={place.here(names.KEY)})*{table.column(heading)})"


def _part_columns(agile: names.Agile) -> list[Column]:
    """Of a part what it is a part of, whether it is reported, whether it has reached its target; of others `reported`.

    They are 1 or 0, an error where the part has one.
    """
    above = {part: m.code for m in agile.measures for part in m.parts}

    def known(one: Callable[[str, str, str], str]) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            if place.row.code not in above:
                return None
            cells = place.here(names.NUMERATOR), place.here(names.DENOMINATOR)
            count = one(*cells, place.here(names.DIRECTION))
            return formulas.complete(f"{count}+0*({'+'.join(cells)})", *cells, otherwise="0")

        return content

    def reported(place: Place) -> object:
        return None if place.row.code in above else f"=1-COUNTBLANK({place.here(names.VALUE)})"

    return [
        Column(_PART_OF, Kind.CHECK, 30, lambda place: above.get(place.row.code), paper=False),
        check(_KNOWN, 10, known(lambda _actual, _goal, _sense: "1")),
        check(_REACHED, 10, known(lambda actual, goal, sense: f"IF(({actual}-{goal})*{sense}>=0,1,0)")),
        check(names.REPORTED, 10, reported),
    ]


_PART_OF, _KNOWN, _REACHED = "Parte di", "Parte rilevata", "Parte raggiunta"


def _value(place: Place) -> object:
    above, below = place.here(names.NUMERATOR), place.here(names.DENOMINATOR)
    measure: names.Measure = place.row.item
    if measure.parts:
        return f'=IF({below}=0,"",{above}/{below})'
    if not measure.denominator:
        return formulas.unless_empty(f"{above}*1", above)
    return formulas.complete(f"{above}/{below}", above, below)


def _change_columns(base: str, table: Placed) -> Sequence[Column]:
    """Value of the baseline and the change on it; more is better once a reduction is counted as such."""
    heading = names.baseline_heading(base)

    def change(place: Place) -> object:
        now, then = place.here(names.VALUE), place.here(heading)
        return formulas.complete(f"{place.here(names.DIRECTION)}*({now}/{then}-1)", now, then)

    return [
        result(heading, 16, lambda p: formulas.shown(table.cell(p.row.code, names.VALUE)), measure_format),
        result(names.change_heading(base), 17, change, styles.DEVIATION, judged_by="*"),
    ]


def _measure_check(place: Place) -> object:
    """Inputs that are no numbers, half pairs, a share above the whole: in words."""
    measure: names.Measure = place.row.item
    above, below = place.here(names.NUMERATOR), place.here(names.DENOMINATOR)
    if measure.parts:
        return (
            f'=IF(ISERROR({below}),"▼ parti: '
            f'{remarks.NO_NUMBER}",IF({below}=0,"",IF({below}<{len(measure.parts)},"dati '
            'parziali","OK")))'
        )
    cells = {names.NUMERATOR: above}
    rest = f'IF(COUNT({above})=0,"","OK")'
    if measure.denominator:
        cells[names.DENOMINATOR] = below
        whole = measure.number_format == styles.PERCENT and not measure.part
        fits = f'IF({above}>{below},"▼ numeratore oltre il totale","OK")' if whole else '"OK"'
        given = f"COUNT({above})" if measure.targets else f"COUNT({above},{below})"
        rest = f'IF({given}=0,"",IF(COUNT({above},{below})<2,"▼ manca un dato",{fits}))'
    return f"={remarks.on_numbers(cells, rest)}"
