"""The sheets of `ieep.xlsx` that have the shape of Tabella B: actuals to fill in, deviations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from openpyxl.utils import column_index_from_string

from xl_perf.contract.model import KeyKind
from xl_perf.errors import PlanError
from xl_perf.plan import traits
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import check
from xl_perf.templates.kit.model import Column, Content, Datum, PrintSetup, Row, TableSpec, Validation
from xl_perf.templates.kit.names import in_order, nation
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.kit.sums import Subtotals
from xl_perf.templates.kit.targets import trait_column

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from xl_perf.plan.model import Indicator, Plan
    from xl_perf.plan.models import ModelData
    from xl_perf.templates.ieep.period import Goals
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters

NO_TARGET = "ob. zero"
REPORTED, CHECK = "Regioni rendicontate", "Controllo dati"
SIGN, LEVEL, DETAIL = "Segno", "Livello", "Voce di dettaglio"
_ROW, _GOAL_ROW, _SENSE = "Riga", "Riga obiettivo", "Verso"

AMOUNT = Validation(
    "decimal",
    "Importo in euro",
    "Importo della voce in euro, maggiore o uguale a zero (anche gli interessi legali). Vuoto se non "
    "ancora disponibile.",
    "Inserire un importo maggiore o uguale a zero, senza testo né simbolo dell'euro.",
)


@dataclass(frozen=True)
class Layout:
    """Rows and columns of Tabella B, and how rows add up.

    `structures` begins with the national column, `rows` end with the total; `sections` are entrate and
    prestazioni. `parts` gives the rows below each row that is a sum, at whatever depth; they stand right
    below it, those of the total above it.
    """

    plan: Plan
    rows: Sequence[Row]
    structures: Sequence[str]
    total: str
    sections: tuple[str, str]
    weights: str
    parts: dict[str, list[str]] = field(init=False)

    @classmethod
    def of(cls, plan: Plan, data: ModelData) -> Layout:
        """The layout of an edition.

        Roles: `totale_ieep`, `sezioni_ieep` (entrate, prestazioni), `pesi_ieep`, the node of their weights.

        Raises:
            PlanError: a role is not filled, or the rows of a subtotal stand apart from it.
        """
        total, sections = data.role("totale_ieep"), data.codes("sezioni_ieep")
        if len(sections) != 2:
            raise PlanError(f"{len(sections)} sections", where=data.where, expected="entrate and prestazioni")
        indicators = plan.indicators_of(plan.indicators[total].system)
        ordered = sorted(indicators, key=lambda indicator: indicator.code == total)
        parents = {indicator.parent for indicator in indicators}
        rows = [Row(i.code, _rank(i, total, sections, parents), i, i.level) for i in ordered]
        order = in_order(plan, (target.structure for target in plan.targets if target.indicator == total))
        whole = nation(plan)
        return cls(
            plan, rows, [whole, *(code for code in order if code != whole)], total, (sections[0], sections[1]),
            data.role("pesi_ieep"),
        )  # fmt: skip

    def __post_init__(self) -> None:
        parts: dict[str, list[str]] = {}
        for row in self.rows[:-1]:
            parent = row.item.parent
            while parent not in (None, self.total):
                parts.setdefault(parent, []).append(row.code)
                parent = self.plan.indicators[parent].parent
        parts[self.total] = [row.code for row in self.rows[:-1]]
        codes = [row.code for row in self.rows]
        for code, below in parts.items():
            start = 0 if code == self.total else codes.index(code) + 1
            if codes[start : start + len(below)] != below:
                raise PlanError(f"the rows that {code} adds up stand apart from it", where=self.plan.id)
        object.__setattr__(self, "parts", parts)

    @property
    def nation(self) -> str:
        """The national column."""
        return self.structures[0]

    @property
    def regions(self) -> Sequence[str]:
        """The regions and DCM."""
        return self.structures[1:]

    @property
    def leaves(self) -> list[str]:
        """Codes of the rows that are filled in."""
        return [row.code for row in self.rows if row.code not in self.parts]


def _rank(
    indicator: Indicator, total: str, sections: Sequence[str], parents: Collection[str | None]
) -> Level:
    if indicator.code in (total, *sections):
        return Level.NATIONAL
    return Level.TOTAL if indicator.code in parents else Level.LEAF


def actual_table(page: Page, layout: Layout) -> Placed:
    """The actuals: leaves are inputs, subtotals and the national column are sums.

    Args:
        page: the empty `Consuntivi` page.
        layout: rows and columns of Tabella B.
    """
    above = {row.code: row.item.parent for row in layout.rows if row.item.parent is not None}
    sums = Subtotals(above, layout.structures, SIGN)

    def reported(place: Place) -> object:
        cells = place.across(layout.regions[0], layout.regions[-1])
        return f"=COLUMNS({cells})-COUNTBLANK({cells})"

    def words(place: Place) -> object:
        if place.row.code in layout.parts:
            return None
        cells = {code: place.here(code) for code in layout.regions}
        return "=" + remarks.on_line(cells, place.across(layout.regions[0], layout.regions[-1]), '""')

    columns = [
        Column("Voce", Kind.LABEL, 50, lambda place: place.row.item.title, align="wrap"),
        Column("Codice", Kind.KEY, 15, lambda place: place.row.code, paper=False),
        trait_column(layout.plan, SIGN, 8, traits.SIGN),
        trait_column(layout.plan, LEVEL, 8, traits.LEVEL),
        *(
            Column(
                code,
                Kind.INPUT,
                16,
                _amount(layout, sums, code),
                styles.EURO,
                validation=AMOUNT,
                datum=Datum(KeyKind.ITEM, "", "consuntivo", code),
            )
            for code in layout.structures
        ),
        Column(REPORTED, Kind.CHECK, 14, reported, f'0" su {len(layout.regions)}"', align="right"),
        Column(CHECK, Kind.CHECK, 52, words, judged_by=CHECK),
        *sums.columns(),
    ]
    table = page.table(
        TableSpec("tblConsuntivi", columns, layout.rows, key="Codice", aside=(SIGN, LEVEL)), FIRST_ROW
    )
    _totals_check(page, layout, table)
    page.finish(setup=PrintSetup(across=3))
    return table


def _amount(layout: Layout, sums: Subtotals, structure: str) -> Callable[[Place], object]:
    """An input; the sum of all regions in the national column; in the rows of totals the sum of their parts."""

    def content(place: Place) -> object:
        if sums.is_sum(place.row.code):
            return Content(sums.content(place, structure), Kind.FORMULA)
        if structure == layout.nation:
            across = place.across(layout.regions[0], layout.regions[-1])
            return Content(formulas.total(across), Kind.FORMULA)
        return None

    return content


def _totals_check(page: Page, layout: Layout, table: Placed) -> None:
    """Two lines under the table: the total by IEEP_TOTALE, and whether it agrees with the table's last row."""
    row, codes = table.last + 1, layout.parts[layout.total]
    page.put(row, 1, f"Controllo: IEEP_TOTALE delle {len(codes)} voci", Kind.CHECK)
    page.put(row + 1, 1, "Controllo: uguale al totale della tabella", Kind.CHECK)
    signs, levels = (table.column(heading) for heading in (SIGN, LEVEL))
    for code in layout.structures:
        mark, cells = table.letters[code], table.column(code)
        at = column_index_from_string(mark)
        call = formulas.unless_blank(f"IEEP_TOTALE({cells},{signs},{levels})", cells)
        page.put(row, at, call, Kind.CHECK, number_format=styles.EURO, align="right")
        total = table.cell(layout.total, code)
        agrees = f'=IF({mark}{row}="","",IF(ABS({mark}{row}-{total})<0.01,"OK","▼ non quadra"))'
        page.put(row + 1, at, agrees, Kind.CHECK, align="right")


def deviation_table(page: Page, layout: Layout, given: Placed, goals: Goals, values: Parameters) -> Placed:
    """Deviation of every row and structure from its target.

    Args:
        page: the empty `Scostamenti` page.
        layout: rows and columns of Tabella B.
        given: the actuals.
        goals: the targets in use.
        values: where the parameters stand.
    """

    def gap(structure: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            actual = f"INDEX({given.column(structure)},{place.here(_ROW)})"
            goal = f"INDEX({goals.used.column(structure)},{place.here(_GOAL_ROW)})"
            call = f"PERF_SCOSTAMENTO({actual},{goal},{place.here(_SENSE)},{values.cap})"
            return formulas.unless_empty(f'IF({goal}=0,"{NO_TARGET}",{call})', actual)

        return content

    def row_in(table: Placed) -> Callable[[Place], object]:
        return lambda place: f"=MATCH({place.here('Codice')},{table.column('Codice')},0)"

    columns = [
        Column("Voce", Kind.LABEL, 50, lambda place: place.row.item.title, align="wrap"),
        Column("Codice", Kind.KEY, 15, lambda place: place.row.code, paper=False),
        check(_ROW, 8, row_in(given)),
        check(_GOAL_ROW, 8, row_in(goals.used)),
        check(_SENSE, 8, lambda place: f"={values.direction(place.row.code)}"),
        *(
            Column(code, Kind.FORMULA, 16, gap(code), styles.DEVIATION, judged_by="*")
            for code in layout.structures
        ),
    ]
    table = page.table(TableSpec("tblScostamenti", columns, layout.rows, key="Codice"), FIRST_ROW)
    page.finish(setup=PrintSetup(across=3))
    return table
