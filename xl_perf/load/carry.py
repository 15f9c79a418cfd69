"""What was typed into one official workbook, carried to a fresh one: of a new version, edition or quarter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xl_perf.book.file import patched
from xl_perf.contract import Identity, Inputs, Species, read_inputs
from xl_perf.contract.model import QUARTER
from xl_perf.contract.places import Places, carried
from xl_perf.contract.version1 import VERSION, WITHOUT_INPUTS, read_any
from xl_perf.load.offer import in_words
from xl_perf.package import Package
from xl_perf.package.refs import cell_name
from xl_perf.plan.measures import Nature
from xl_perf.recalc import recalculate_package

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xl_perf.contract import Input
    from xl_perf.plan.model import Plan


ACTUAL = "consuntivo"
"""Measure of the results that the next quarter asks for as those of the quarter before."""
_TYPED = tuple(species for species in Species if species is not Species.RESULT)


@dataclass(frozen=True, slots=True)
class Carried:
    """A fresh workbook with what was carried, and what stayed behind.

    Attributes:
        data: the workbook.
        values: number of cells that were carried.
        left: cells of the old workbook whose contents stay behind, each with the reason.
    """

    data: bytes
    values: int
    left: tuple[str, ...]


def carry(old: Package, fresh: Package, plan: Plan) -> Carried:
    """Carries what was typed; the old workbook is only read.

    The same quarter: everything, settings and persons included. The next one: what holds for the whole year, what is of
    another period, the results that it asks for as those of the quarter before, settings and texts.

    Args:
        old: an official workbook of this or the first template version.
        fresh: an unfilled workbook of the same kind.
        plan: the edition of the fresh one.

    Raises:
        SyncError: not an official workbook.
        RecalcError: the fresh one cannot be calculated.
    """
    fresh = Package(
        patched(fresh, {}, recalculate_package(fresh, plan=plan)), fresh.path
    )  # its quarter is a formula
    source, target = read_any(old), read_inputs(fresh)
    typed = list(_typed(source, target, plan))
    values, left = carried(typed, Places(target))
    calculation = recalculate_package(fresh, overrides=values, plan=plan)
    behind = [f"{each.cell} = {each.value}: {_why(each)}" for each in left]
    return Carried(
        patched(fresh, values, calculation),
        sum(map(len, values.values())),
        (*behind, *_own_content(old, source, fresh)),
    )


def _why(each: Input) -> str:
    if each.formula:
        return "a formula stands in the input, its value stays in the old file"
    return f"the new file does not ask for {each.identity}"


def _typed(source: Inputs, target: Inputs, plan: Plan) -> Iterator[Input]:
    """What goes to the new workbook, under its period."""
    year, _, quarter = source.period.partition("-")
    free = bool(quarter) and target.period == year  # a workbook of all structures, whose quarter is a choice
    same = free or source.period == target.period
    for each in source.of(*_TYPED):
        measure = plan.measures.get((each.identity.item, each.identity.measure))
        lasting = each.species is not Species.FACT or (measure is not None and measure.nature is Nature.FIXED)
        elsewhen = each.identity.period != source.period
        if (free or each.identity.measure != QUARTER) and (same or lasting or elsewhen):
            yield replace(_moved(each, source, target), value=in_words(each, plan))
    if same:
        return
    asked = {found.identity for found in target.of()}
    for total in source.totals:
        if total.species is not Species.RESULT or total.value in (None, ""):
            continue
        if total.identity in asked:
            yield replace(total, species=Species.FACT, formula=False)
        elif total.identity.measure == ACTUAL:
            yield from _previous(total, asked, plan, target.period)


def _moved(each: Input, source: Inputs, target: Inputs) -> Input:
    period = target.period if each.identity.period == source.period else each.identity.period
    return replace(each, identity=replace(each.identity, period=period))


def _previous(total: Input, asked: set[Identity], plan: Plan, period: str) -> Iterator[Input]:
    """A result as the fact of the quarter before that the new workbook asks for."""
    for identity in asked:
        measure = plan.measures.get((identity.item, identity.measure))
        if measure is None or measure.nature is not Nature.PREVIOUS or identity.item != total.identity.item:
            continue
        if identity.structure == total.identity.structure:
            fits = replace(identity, period=period)
            yield replace(total, identity=fits, species=Species.FACT, formula=False)


def _own_content(old: Package, source: Inputs, fresh: Package) -> Iterator[str]:
    """What users added: sheets of their own, and values on the template's sheets outside of its cells."""
    # a sheet of an older template has inputs that are known, or a table that a newer one has elsewhere
    names = {table.name for table in fresh.tables}
    theirs = {info.name for info in fresh.sheets} | {each.sheet for each in source.found}
    theirs |= {table.sheet for table in old.tables if table.name in names}
    if source.version == VERSION:
        theirs |= WITHOUT_INPUTS
    known = {(each.sheet, each.key) for each in source.found}
    unlocked = old.unlocked
    for info in old.sheets:
        if info.kind != "worksheet":
            continue
        if info.name not in theirs:
            yield f"sheet «{info.name}»: it is not of the template and stays in the old file"
            continue
        tables = [table.ref for table in old.tables if table.sheet == info.name]
        columns = list(_setting_columns(info.name, tables, source))
        for cell in old.cells(info.name):
            place = (cell.row, cell.column)
            if cell.value is None or cell.formula is not None or (info.name, place) in known:
                continue
            if cell.style in unlocked:
                yield f"{info.name}!{cell_name(place)} = {cell.value}: the new file does not have this cell"
            elif any(top < cell.row <= bottom and cell.column == column for top, bottom, column in columns):
                yield f"{info.name}!{cell_name(place)} = {cell.value}: the cell is locked, its value does not count"
            elif _below(place, tables) and cell.style == 0:
                yield f"{info.name}!{cell_name(place)} = {cell.value}: a note outside the tables"


def _setting_columns(
    sheet: str, tables: list[tuple[int, int, int, int]], source: Inputs
) -> Iterator[tuple[int, int, int]]:
    """Columns of tables where something may be set in some rows: (row of the headings, last row, column)."""
    set_there = [each.key for each in source.of(Species.SETTING) if each.sheet == sheet]
    for top, left, bottom, right in tables:
        for column in {c for row, c in set_there if top < row <= bottom and left <= c <= right}:
            yield top, bottom, column


def _below(place: tuple[int, int], tables: list[tuple[int, int, int, int]]) -> bool:
    """Whether a cell is outside every table."""
    row, column = place
    return not any(top <= row <= bottom and left <= column <= right for top, left, bottom, right in tables)
