"""The rows of the register by structure, and where the tables of `progetti.xlsx` stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.templates.kit.model import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.plan.model import Plan
    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.model import Placed


INDICATOR = "realizzazione"
"""Role of the indicator that every row is measured by."""


@dataclass(slots=True)
class Tables:
    """The rows of the register by structure, and where the tables stand (known before any is written)."""

    book: Book
    rows: Sequence[Row]
    codes: dict[str, list[str]]
    register: Placed = field(init=False)
    given: Placed = field(init=False)
    structures: Placed = field(init=False)

    @classmethod
    def of(cls, book: Book) -> Tables:
        """The register of an edition; rows of a structure stand together.

        Raises:
            PlanError: the edition has no register.
        """
        codes: dict[str, list[str]] = {}
        for project in book.plan.projects:
            codes.setdefault(project.structure, []).append(project.code)
        if not codes:
            raise PlanError("the edition has no register of projects", where=book.plan.id)
        return cls(book, [Row(project.code, item=project) for project in book.plan.projects], codes)

    @property
    def plan(self) -> Plan:
        """The edition."""
        return self.book.plan

    @property
    def indicator(self) -> str:
        """Code of the indicator that every row is measured by."""
        return self.book.data.role(INDICATOR)
