"""Example data of `valutazione_individuale.xlsx`: invented people with names that say so, structures of one region."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.plan.titles import weight_title
from xl_perf.templates.valutazione_individuale import names

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.plan.model import Plan
    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.model import Place
    from xl_perf.templates.valutazione_individuale.plan import Evaluation

_STAFF, _MANAGERS = 160, 14
_OFFICES = 12
"""The most offices that the region of the example has."""
_PARTIAL = "3"
"""The group whose quality is not yet known."""


def cell(source: Callable[[str, str], object], heading: str) -> Callable[[Place], object]:
    """Content of a column: what a method of the example gives for the row's code and a heading."""
    return lambda place: source(place.row.code, heading)


class Example:
    """The example inputs; every method gives None in the empty workbook.

    Args:
        book: the workbook being built.
        evaluation: what the plan evaluates.
    """

    def __init__(self, book: Book, evaluation: Evaluation) -> None:
        self.book, self.evaluation = book, evaluation
        self._region, offices = _largest_region(book.plan)
        self._groups = {str(i): code for i, code in enumerate(offices, start=1)} if book.example else {}
        self._central = str(len(offices) + 1)
        if book.example and book.plan.central():
            self._groups[self._central] = book.plan.central()[0].code

    def group(self, number: str) -> str | None:
        """Structure of a group: the offices of one region, then a central structure."""
        return self._groups.get(number)

    def _territorial(self, number: str) -> str | None:
        return None if number not in self._groups or number == self._central else self._groups[number]

    def stock_of(self, indicator: str) -> Callable[[str, str], float | None]:
        """Giacenza or pervenuto of the groups in the area of an indicator."""

        def stock(number: str, what: str) -> float | None:
            structure = self._territorial(number)
            measure = "pervenuto" if what == names.RECEIVED else "giacenza"
            return None if structure is None else self.book.given(indicator, measure, structure)

        return stock

    def flow(self, number: str, what: str) -> float | None:
        """Definiti or pervenuti of a group: the pieces of all areas."""
        structure = self._territorial(number)
        if structure is None:
            return None
        wanted = "pervenuti" if what == names.ARRIVED else "definiti"
        areas = [item for item, measure in self.book.plan.measures if measure == wanted]
        pieces = [self.book.given(item, wanted, structure) for item in areas]
        return sum(piece for piece in pieces if piece is not None) or None

    def quality(self, number: str) -> float | None:
        """Quality index of a group against the previous year."""
        structure = self._territorial(number)
        if structure is None or number == _PARTIAL:
            return None
        return round(95 + 12 * self.book.chance("qualità", structure), 1)

    def given(self, number: str) -> float | None:
        """Score worked out elsewhere, for the central structure."""
        return 103.5 if number in self._groups and number == self._central else None

    def staff(self, number: str, heading: str) -> str | float | None:
        """An input of a person of the areas A, B, C."""
        book, row = self.book, int(number)
        if not book.example or row > _STAFF:
            return None
        position = book.chance("po", number) < 0.2
        if heading in (names.CONTRIBUTION, names.SKILLS, names.LEVEL) and book.left_empty("persona", number):
            return None
        options = list(self._groups.values())
        values: dict[str, str | float] = {
            names.NAME: f"Dipendente {row:03}",
            names.AREA: "C" if book.chance("area", number) < 0.7 or position else "AB"[row % 2],
            names.STRUCTURE: options[int(book.chance("struttura", number) * len(options))],
            names.POSITION: names.YES if position else names.NO,
            names.CONTRIBUTION: round(75 + 45 * book.chance("contributo", number)),
            names.SKILLS: round(75 + 45 * book.chance("abilità", number)),
            names.LEVEL: self._level(number),
        }
        if heading == names.SKILLS and not position and book.chance("senza abilità", number) < 0.3:
            return None
        return values[heading]

    def _level(self, number: str) -> int:
        """A level of the TEP, most often the one before the highest."""
        count = len(self.evaluation.levels)
        return max(1, count - (2, 1, 1, 1, 1, 1, 1, 0)[int(self.book.chance("tep", number) * 8)])

    def year(self, number: str, year: str) -> str | None:
        """Whether a person was in the high band of merit in a year."""
        if not self.book.example or int(number) > _STAFF:
            return None
        return names.YES if self.book.chance("fascia", number, year) < 0.35 else names.NO

    def manager(self, number: str, heading: str) -> str | float | None:
        """An input of a dirigente or professionista."""
        book, row = self.book, int(number)
        if not book.example or row > _MANAGERS:
            return None
        titles = [weight_title(book.plan, node) for node in self.evaluation.categories]
        role = titles[(row - 1) * len(titles) // _MANAGERS]
        if heading in (names.NAME, names.ROLE, names.STRUCTURE):
            return {names.NAME: f"{role} {row:02}", names.ROLE: role, names.STRUCTURE: self._region}[heading]
        first = book.plan.indicators[self.evaluation.measures[0]]
        if row == _MANAGERS and heading == (first.short or first.title):
            return None
        return round(88 + 26 * book.chance(heading, number), 1)


def _largest_region(plan: Plan) -> tuple[str, list[str]]:
    """The region with most offices, among those that have room in the example, and its offices."""
    offices: dict[str, list[str]] = {region.code: [] for region in plan.regional()}
    for structure in plan.structures_of():
        if structure.parent in offices:
            offices[structure.parent].append(structure.code)
    fitting = {code: found for code, found in offices.items() if len(found) <= _OFFICES}
    return max(fitting.items(), key=lambda region: len(region[1]), default=("", []))
