"""The workbook that a file is held against: its template, built in memory from the edition that the file names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from openpyxl.utils import range_boundaries

from xl_perf.package import Package
from xl_perf.templates.build import BUILDERS
from xl_perf.templates.kit.exact import saved
from xl_perf.templates.kit.plain import packed_plain
from xl_perf.templates.scheda_territoriale import workbook as scheda

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openpyxl.worksheet.datavalidation import DataValidation

    from xl_perf.package import Cell, CellKey
    from xl_perf.plan.model import Plan
    from xl_perf.templates.kit.book import Book

KEPT = 12
"""Templates that are kept: files of many structures come one after the other."""


class Rule(NamedTuple):
    """What an input admits: a row of the sheet's data validations."""

    kind: str
    """`decimal`, `whole`, `list` or `textLength`."""
    operator: str
    first: str
    second: str


@dataclass(frozen=True)
class Reference:
    """A template as a package, with what its inputs admit."""

    package: Package
    unlocked: frozenset[int]
    rules: Mapping[str, tuple[tuple[tuple[int, int, int, int], Rule], ...]]
    """By sheet: (first row, first column, last row, last column) and what is admitted there."""

    @cached_property
    def cells(self) -> Mapping[str, Mapping[CellKey, Cell]]:
        """Cells by sheet and place; a proof, which only calculates, does not ask for them."""
        return {
            info.name: {(cell.row, cell.column): cell for cell in self.package.cells(info.name)}
            for info in self.package.sheets
        }


def reference(plan: Plan, template: str, structure: str, quarter: int) -> Reference:
    """The template of an edition, without inputs.

    Args:
        plan: the edition.
        template: a name of `TEMPLATE_VERSIONS`.
        structure: code of the structure that the file is for.
        quarter: quarter of a scorecard; the layout does not depend on it.

    Raises:
        PlanError: the edition lacks what the template needs, or the structure has no such workbook.
    """
    key = (structure, quarter) if template == scheda.TEMPLATE else ("", 0)
    return _built(_Edition(plan), template, *key)


def plain_scorecard(plan: Plan, structure: str, quarter: int) -> Package:
    """A scorecard without inputs as it is calculated: its formulas as they were composed, not as the file spells them.

    Args:
        plan: the edition.
        structure: code of a region or DCM, or of the nation.
        quarter: quarter of the results.

    Raises:
        PlanError: the structure has no such workbook.
    """
    book = scheda.build_scorecard(plan, structure, quarter, plain=True)
    return Package(packed_plain(book), f"{scheda.TEMPLATE} ({plan.id})")


class _Edition:
    """A plan as a key: the same id and data are the same."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._key = plan.id, plan.data_hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Edition) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


@lru_cache(maxsize=KEPT)
def _built(edition: _Edition, template: str, structure: str, quarter: int) -> Reference:
    if structure:
        book = scheda.build_scorecard(edition.plan, structure, quarter)
    else:
        book = BUILDERS[template](edition.plan, None)
    package = Package(saved(book.workbook, stored=True), f"{template} ({edition.plan.id})")
    return Reference(package, package.unlocked, _rules(book))


def _rules(book: Book) -> dict[str, tuple[tuple[tuple[int, int, int, int], Rule], ...]]:
    return {
        sheet.title: tuple(
            (_bounds(str(area)), _rule(validation))
            for validation in sheet.data_validations.dataValidation
            for area in validation.sqref.ranges
        )
        for sheet in book.workbook.worksheets
    }


def _bounds(area: str) -> tuple[int, int, int, int]:
    left, top, right, bottom = range_boundaries(area)
    return int(top), int(left), int(bottom), int(right)


def _rule(validation: DataValidation) -> Rule:
    return Rule(
        validation.type or "",
        validation.operator or "between",
        "" if validation.formula1 is None else str(validation.formula1),
        "" if validation.formula2 is None else str(validation.formula2),
    )
