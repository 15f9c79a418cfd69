"""The sheets of `ieep.xlsx` that have the shape of Tabella B: actuals to fill in, deviations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xl_perf.templates import formulas, styles
from xl_perf.templates.model import Column, Content, PrintSetup, TableSpec, Validation
from xl_perf.templates.page import FIRST_ROW
from xl_perf.templates.styles import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.plan.model import Plan
    from xl_perf.templates.model import Place, Placed, Row
    from xl_perf.templates.page import Page
    from xl_perf.templates.parameters import Parameters

SECTIONS = ("ieep.entrate", "ieep.prestazioni")
NATION = "NAZIONALE"
NO_TARGET = "ob. zero"
REPORTED = "Regioni rendicontate"

AMOUNT = Validation(
    "decimal",
    "Importo in euro",
    "Importo della voce in euro, maggiore o uguale a zero (anche gli interessi legali). Vuoto se non ancora disponibile.",
    "Inserire un importo maggiore o uguale a zero, senza testo né simbolo dell'euro.",
)


@dataclass(frozen=True)
class Layout:
    """Rows and columns of Tabella B, and how rows add up.

    `structures` begins with the national column. `children` gives the rows that a subtotal adds up, with their signs.
    """

    plan: Plan
    rows: Sequence[Row]
    structures: Sequence[str]
    children: dict[str, list[tuple[str, int]]] = field(init=False)

    def __post_init__(self) -> None:
        found: dict[str, list[tuple[str, int]]] = {}
        for row in self.rows:
            if row.item.parent is not None:
                found.setdefault(row.item.parent, []).append((row.code, row.item.sign))
        object.__setattr__(self, "children", found)

    @property
    def regions(self) -> Sequence[str]:
        """The regions and DCM."""
        return self.structures[1:]

    @property
    def leaves(self) -> list[str]:
        """Codes of the rows that are filled in."""
        return [row.code for row in self.rows if row.code not in self.children]

    def print_setup(self, table: Placed) -> PrintSetup:
        """Eight structures a page, the rows' titles repeated."""
        breaks = [table.letters[code] for i, code in enumerate(self.structures, 1) if i % 8 == 0]
        return PrintSetup(repeat_columns="A:B", breaks=breaks[:-1], scale=62)


def actual_table(page: Page, layout: Layout) -> Placed:
    """The actuals: leaves are inputs, subtotals and the national column are sums.

    Args:
        page: the empty `Consuntivi` page.
        layout: rows and columns of Tabella B.
    """
    columns = [
        Column("Voce", Kind.LABEL, 62, lambda place: place.row.item.title, align="wrap"),
        Column("Codice", Kind.KEY, 15, lambda place: place.row.code, hidden=True),
        *(
            Column(code, Kind.INPUT, 16, _amount(page, layout, code), styles.EURO, validation=AMOUNT)
            for code in layout.structures
        ),
        Column(
            REPORTED,
            Kind.CHECK,
            14,
            lambda place: f"=COUNT({place.across(layout.regions[0], layout.regions[-1])})",
            f'0" su {len(layout.regions)}"',
            align="right",
        ),
    ]
    table = page.table(TableSpec("tblConsuntivi", columns, layout.rows, key="Codice"), FIRST_ROW)
    _totals_check(page, layout, table)
    page.finish(freeze=f"C{table.header + 1}", setup=layout.print_setup(table))
    return table


def _amount(page: Page, layout: Layout, structure: str) -> Callable[[Place], object]:
    """An input; the sum of all regions in the national column; in the rows of totals the sum of their parts.

    Parts that are inputs are added by `+`, so that text among them is an error; parts that are formulas may be empty
    text, which only `SUM` passes over.
    """

    def content(place: Place) -> object:
        children = layout.children.get(place.row.code)
        if children is None and structure == NATION:
            across = place.across(layout.regions[0], layout.regions[-1])
            return Content(formulas.unless_all_empty(f"SUMPRODUCT({across}*1)", across), Kind.FORMULA)
        if children is None:
            return _example(page, place.row.code, structure)
        cells = {code: f"{place.table.letters[structure]}{place.table.numbers[code]}" for code, _ in children}
        formulas_below = layout.children if structure != NATION else cells
        total = "".join(
            f"{'+' if sign > 0 else '-'}{f'SUM({cells[code]})' if code in formulas_below else cells[code]}"
            for code, sign in children
        )
        reported = "+".join(f'({cell}<>"")' for cell in cells.values())
        return Content(f'=IF({reported}=0,"",{total.removeprefix("+")})', Kind.FORMULA)

    return content


def _totals_check(page: Page, layout: Layout, table: Placed) -> None:
    """Two lines under the table: the total by IEEP_TOTALE, and whether it agrees with the table's last row."""
    first, last, row = min(table.numbers.values()), table.last, table.last + 1
    page.put(row, 1, "Controllo: IEEP_TOTALE delle 27 voci", Kind.CHECK)
    page.put(row + 1, 1, "Controllo: uguale al totale della tabella", Kind.CHECK)
    for offset, code in enumerate(layout.structures):
        mark = table.letters[code]
        cells = f"{mark}{first}:{mark}{last}"
        page.put(
            row, 3 + offset, formulas.unless_all_empty(f"IEEP_TOTALE({cells})", cells), Kind.CHECK,
            number_format=styles.EURO, align="right",
        )  # fmt: skip
        page.put(
            row + 1, 3 + offset,
            f'=IF({mark}{row}="","",IF(ABS({mark}{row}-{mark}{last})<0.01,"OK","▼ non quadra"))',
            Kind.CHECK, align="right",
        )  # fmt: skip


def deviation_table(page: Page, layout: Layout, given: Placed, goals: Placed, values: Parameters) -> Placed:
    """Deviation of every row and structure from its target.

    Args:
        page: the empty `Scostamenti` page.
        layout: rows and columns of Tabella B.
        given: the actuals.
        goals: the targets.
        values: where the parameters stand.
    """

    def gap(structure: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            actual, goal = given.cell(place.row.code, structure), goals.cell(place.row.code, structure)
            call = f"PERF_SCOSTAMENTO({actual},{goal},{values.direction(place.row.code)},{values.cap})"
            return formulas.unless_empty(f'IF({goal}=0,"{NO_TARGET}",{call})', actual)

        return content

    columns = [
        Column("Voce", Kind.LABEL, 62, lambda place: place.row.item.title, align="wrap"),
        Column("Codice", Kind.KEY, 15, lambda place: place.row.code, hidden=True),
        *(
            Column(code, Kind.FORMULA, 16, gap(code), styles.DEVIATION, judged_by="*")
            for code in layout.structures
        ),
    ]
    table = page.table(TableSpec("tblScostamenti", columns, layout.rows, key="Codice"), FIRST_ROW)
    page.finish(freeze=f"C{table.header + 1}", setup=layout.print_setup(table))
    return table


def _example(page: Page, code: str, structure: str) -> float | None:
    """Example data around the target; one region has reported nothing, some cells are empty."""
    book = page.book
    if book.left_empty(structure) or (book.example and book.chance("voce", code, structure) < 0.01):
        return None
    target = book.plan.target(code, structure).value
    return round(target * (0.82 + 0.36 * book.chance("importo", code, structure)))
