"""Example data of `valutazione_individuale.xlsx`: invented people with names that say so, structures of one region."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates import individuale_names as names

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.book import Book
    from xl_perf.templates.model import Place

_REGION, _CENTRAL = "PIEMONTE", "DIREZIONE CENTRALE PENSIONI"
_STAFF, _MANAGERS = 160, 14
_PARTIAL = "3"
"""The group whose quality is not yet known."""


def cell(source: Callable[[str, str], object], heading: str) -> Callable[[Place], object]:
    """Content of a column: what a method of the example gives for the row's code and a heading."""
    return lambda place: source(place.row.code, heading)


class Example:
    """The example inputs; every method gives None in the empty workbook.

    Args:
        book: the workbook being built.
    """

    def __init__(self, book: Book) -> None:
        self.book = book
        offices = [s.code for s in book.plan.structures_of() if s.parent == _REGION]
        self._groups = {str(i): code for i, code in enumerate(offices, start=1)} if book.example else {}
        if book.example:
            self._groups[str(len(offices) + 1)] = _CENTRAL
            self._central = str(len(offices) + 1)

    def group(self, number: str) -> str | None:
        """Structure of a group: the offices of one region, then a central structure."""
        return self._groups.get(number)

    def _territorial(self, number: str) -> str | None:
        return None if number not in self._groups or number == self._central else self._groups[number]

    def stock_of(self, indicator: str) -> Callable[[str, str], float | None]:
        """Giacenza or pervenuto of the groups in the area of an indicator."""

        def stock(number: str, what: str) -> float | None:
            book, structure = self.book, self._territorial(number)
            if structure is None or book.left_empty(indicator, structure):
                return None
            received = round(6000 * (1 + 3 * book.chance("volume", indicator, structure)))
            if what == names.RECEIVED:
                return received
            target = book.plan.target(indicator, structure).value
            days = target * (0.85 + 0.35 * book.chance("indice", indicator, structure))
            return round(days * received / book.plan.parameter("giacenza.base"))

        return stock

    def flow(self, number: str, what: str) -> float | None:
        """Definiti or pervenuti of a group."""
        structure = self._territorial(number)
        if structure is None:
            return None
        arrived = round(20000 * (1 + 2 * self.book.chance("pervenuti", structure)))
        if what == names.ARRIVED:
            return arrived
        return round(arrived * (0.94 + 0.14 * self.book.chance("definiti", structure)))

    def quality(self, number: str) -> float | None:
        """Quality index of a group against the previous year."""
        structure = self._territorial(number)
        if structure is None or number == _PARTIAL:
            return None
        return round(95 + 12 * self.book.chance("qualità", structure), 1)

    def given(self, number: str) -> float | None:
        """Score worked out elsewhere, for the central structure."""
        return 103.5 if self._groups and number == self._central else None

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
            names.LEVEL: (3, 4, 4, 4, 4, 4, 4, 5)[int(book.chance("tep", number) * 8)],
        }
        if heading == names.SKILLS and not position and book.chance("senza abilità", number) < 0.3:
            return None
        return values[heading]

    def manager(self, number: str, heading: str) -> str | float | None:
        """An input of a dirigente or professionista."""
        book, row = self.book, int(number)
        if not book.example or row > _MANAGERS:
            return None
        role = names.MANAGER if row <= _MANAGERS // 2 else names.PROFESSIONAL
        count = row if role == names.MANAGER else row - _MANAGERS // 2
        if heading == names.CONDUCT and row == _MANAGERS:
            return None
        values: dict[str, str | float] = {
            names.NAME: f"{role.capitalize()} {count:02}",
            names.ROLE: role,
            names.STRUCTURE: _REGION,
            names.CONDUCT: round(85 + 30 * book.chance("comportamenti", number)),
            names.ORGANISATION: round(92 + 18 * book.chance("organizzativa", number), 1),
        }
        return values[heading]
