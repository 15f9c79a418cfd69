"""The `IEEP` sheet of `strutture_centrali.xlsx`: items of Tabella B by structure, and the sums that are measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.plan.model import Direction
from xl_perf.templates import formulas, styles
from xl_perf.templates.centrali_detail import EURO_INPUT
from xl_perf.templates.centrali_measures import ieep_lines
from xl_perf.templates.columns import Headings, check, judged_columns, result
from xl_perf.templates.model import Column, Link, PrintSetup, Row, TableSpec
from xl_perf.templates.names import short_name
from xl_perf.templates.page import FIRST_ROW
from xl_perf.templates.styles import Kind, Level
from xl_perf.templates.targets import linked_column, linked_source, source_column, target_column

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.plan.model import Indicator, Line, Plan
    from xl_perf.templates.model import Place, Placed
    from xl_perf.templates.page import Page
    from xl_perf.templates.parameters import Parameters

INDICATOR = "centrali.ieep"
ACTUAL, GOAL, SIGN, ITEMS, DONE = "Consuntivo", "Obiettivo", "Segno", "Voci", "Voci rilevate"
IN_USE, WHOLE = "Obiettivo in uso", "Totale Istituto"


def _sign(plan: Plan, line: Line) -> int:
    """1, or -1 for what the IEEP subtracts (interessi legali), however deep the row stands in Tabella B."""
    sign = 1
    indicator: Indicator | None = _item(plan, line)
    while indicator is not None:
        sign *= indicator.sign
        indicator = plan.indicators[indicator.parent] if indicator.parent else None
    return sign


def _item(plan: Plan, line: Line) -> Indicator:
    """The row of Tabella B that a line repeats; its code ends with the row's."""
    return plan.indicators["ieep." + line.code.partition(".ieep.")[2].partition(".ieep.")[2]]


def ieep_sheet(page: Page, values: Parameters) -> tuple[Placed, Placed]:
    """The items of Tabella B by the structure that answers for them, then the sums that structures are measured on.

    Args:
        page: the empty `IEEP` page.
        values: where the parameters stand.

    Returns:
        The items and the sums.
    """
    plan = page.book.plan
    rows = [
        Row(line.code, item=line)
        for structure, lines in ieep_lines(plan).items()
        if len(lines) > 1
        for line in lines
        if line.structure == structure
    ]
    goal = target_column(plan, GOAL, 18, "riga", "", styles.EURO, period="")
    columns = [
        Column("Voce", Kind.LABEL, 74, lambda place: place.row.item.title),
        Column("Codice", Kind.KEY, 20, lambda place: place.row.code, hidden=True),
        Column("Struttura", Kind.LABEL, 42, lambda p: short_name(plan.structures[p.row.item.structure])),
        check("Verso", 8, lambda p: int(_item(plan, p.row.item).direction)),
        check(SIGN, 8, lambda p: _sign(plan, p.row.item)),
        goal,
        Column(ACTUAL, Kind.INPUT, 18, _amount(page), styles.EURO, validation=EURO_INPUT),
        *_item_judgement(values),
        source_column(plan, [goal], width=46),
    ]
    page.section(FIRST_ROW - 1, "Voci della Tabella B, valori nazionali")
    items = page.table(TableSpec("tblVociIEEP", columns, rows, key="Codice", source="Fonte"), FIRST_ROW)
    page.section(items.last + 2, "Somme su cui si misurano le strutture")
    sums = _sums(page, items, items.last + 3, values)
    page.finish(freeze=f"B{items.header + 1}", setup=PrintSetup())
    return items, sums


def _item_judgement(values: Parameters) -> list[Column]:
    """Deviation, score and verdict by the direction that stands in the row."""

    def direction(place: Place) -> str:
        return place.here("Verso")

    def call(function: str) -> Callable[[Place], object]:
        return lambda p: formulas.unless_empty(
            f"{function}({p.here(ACTUAL)},{p.here(GOAL)},{direction(p)},{values.cap})", p.here(ACTUAL)
        )

    names = Headings(ACTUAL, GOAL)
    return [
        result(names.gap, 14, call("PERF_SCOSTAMENTO"), styles.DEVIATION),
        result(names.score, 12, call("PERF_SCORE"), styles.SCORE, judged_by=names.verdict),
        *judged_columns(values, "1", names)[2:],
    ]


def _sums(page: Page, items: Placed, row: int, values: Parameters) -> Placed:
    """Items of each structure with their sign, the total, and the azioni surrogatorie of two Coordinamenti.

    A sum is empty until every one of its items is reported: part of a sum has no target of its own.
    """
    plan = page.book.plan
    by_structure = ieep_lines(plan)
    own = {code: [line.code for line in lines] for code, lines in by_structure.items() if len(lines) > 1}
    claims = [code for code in items.numbers if ".surrogatorie." in code]
    members = {**own, WHOLE: list(items.numbers)}
    members |= {code: claims for code, lines in by_structure.items() if len(lines) == 1}
    rows = [Row(code, Level.NATIONAL if code == WHOLE else Level.LEAF, members[code]) for code in members]

    def codes(row: Row) -> str:
        return row.code if row.code in by_structure and row.code not in own else ""

    def cells(place: Place, heading: str) -> list[str]:
        letter = items.letters[heading]
        return [f"{letter}{items.numbers[code]}" for code in place.row.item]

    def total(place: Place) -> object:
        pairs = zip(cells(place, SIGN), cells(place, ACTUAL), strict=True)
        return f'=IF({place.here(DONE)}<{place.here(ITEMS)},"",{"+".join(f"{a}*{b}" for a, b in pairs)})'

    link = Link("struttura", INDICATOR, plan.period, "Codice obiettivo", "Fonte obiettivo")
    goal = linked_column(plan, "Obiettivo del piano", 18, link, codes, styles.EURO)

    def target(place: Place) -> object:
        if codes(place.row):
            return f"={place.here('Obiettivo del piano')}"
        pairs = zip(cells(place, SIGN), cells(place, GOAL), strict=True)
        return "=" + "+".join(f"{a}*{b}" for a, b in pairs)

    columns = [
        Column("Somma", Kind.KEY, 74, lambda place: place.row.code),
        Column("Codice obiettivo", Kind.LABEL, 20, lambda place: codes(place.row) or None, hidden=True),
        Column("Che cosa somma", Kind.LABEL, 42, lambda p: _described(p.row, by_structure)),
        check(ITEMS, 8, lambda p: len(p.row.item)),
        check(DONE, 8, lambda p: f"=COUNT({','.join(cells(p, ACTUAL))})"),
        result(IN_USE, 18, target, styles.EURO),
        result(ACTUAL, 18, total, styles.EURO),
        result("Scostamento", 14, _gap("PERF_SCOSTAMENTO", values), styles.DEVIATION),
        result("Punteggio", 12, _gap("PERF_SCORE", values), styles.SCORE, judged_by="Esito"),
        *judged_columns(values, "1", Headings(ACTUAL, IN_USE))[2:],
        linked_source(plan, "Fonte obiettivo", 46, goal, codes),
        goal,
    ]
    return page.table(TableSpec("tblSommeIEEP", columns, rows), row)


def _gap(function: str, values: Parameters) -> Callable[[Place], object]:
    return lambda p: formulas.unless_empty(
        f"{function}({p.here(ACTUAL)},{p.here(IN_USE)},{int(Direction.HIGHER)},{values.cap})",
        p.here(ACTUAL),
    )


def _described(row: Row, by_structure: dict[str, list[Line]]) -> str:
    if row.code == WHOLE:
        return "tutte le voci (le altre strutture)"
    return "azioni surrogatorie" if len(by_structure[row.code]) == 1 else "voci di competenza"


def _amount(page: Page) -> Callable[[Place], object]:
    """Example data around the target; none is missing, since a sum needs all of its items."""
    book = page.book

    def content(place: Place) -> object:
        line: Line = place.row.item
        if not book.example:
            return None
        return round((line.value or 0) * (0.88 + 0.3 * book.chance("ieep", line.code)))

    return content
