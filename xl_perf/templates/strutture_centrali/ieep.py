"""The `IEEP` sheet of `strutture_centrali.xlsx`: items of Tabella B by structure, and the sums that are measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind
from xl_perf.plan import traits
from xl_perf.plan.model import Direction
from xl_perf.plan.traits import ancestry, item_of_line
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import Headings, check, judged_columns, result
from xl_perf.templates.kit.model import Column, Datum, Link, Row, TableSpec
from xl_perf.templates.kit.names import short_name
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.kit.targets import (
    linked_column,
    linked_source,
    source_column,
    target_column,
    trait_column,
)
from xl_perf.templates.strutture_centrali.detail import CHECK, EURO_INPUT, waiting
from xl_perf.templates.strutture_centrali.measures import ieep_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.plan.model import Line
    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters

ACTUAL, GOAL, SIGN, ITEMS, DONE = "Consuntivo", "Obiettivo", "Segno", "Voci", "Voci rilevate"
IN_USE, WHOLE, REALISED = "Obiettivo in uso", "Totale Istituto", "Realizzazione"
SECTIONS = ("sezione_entrate", "sezione_prestazioni")
"""Roles of the two sections of Tabella B, in the order of the arguments of IEEP_REALIZZAZIONE."""
SECTION, COMMON = "Sezione", "Voce comune"
"""What an item is part of, beside its structure."""
WRONG, BROKEN = "Voci segnalate", "Errore delle voci"
"""How many items of a sum hold no number, and the error that these give."""
MODE, WEIGHTS = "ieep_con_realizzazione", "pesi_ieep"
"""Roles of the switch between realisation and plain sum, and of the node with the weights of the sections."""


def by_realisation(book: Book) -> bool:
    """Whether the edition has what the realisation of the total needs: switch, sections, weights."""
    return all(book.data.has(role) for role in (MODE, WEIGHTS, *SECTIONS))


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
        for structure, lines in ieep_lines(page.book).items()
        if len(lines) > 1
        for line in lines
        if line.structure == structure
    ]
    goal = target_column(plan, GOAL, 18, "riga", "", styles.EURO, period="")
    columns = [
        Column("Voce", Kind.LABEL, 74, lambda place: place.row.item.title),
        Column("Codice", Kind.KEY, 20, lambda place: place.row.code, paper=False),
        Column("Struttura", Kind.LABEL, 42, lambda p: short_name(plan.structures[p.row.item.structure])),
        trait_column(plan, "Verso", 8, traits.DIRECTION),
        trait_column(plan, SIGN, 8, traits.SIGN_IN_ALL),
        goal,
        Column(
            ACTUAL,
            Kind.INPUT,
            18,
            number_format=styles.EURO,
            validation=EURO_INPUT,
            datum=Datum(KeyKind.ITEM, "", "consuntivo", key="Codice"),
        ),
        *_item_judgement(values),
        Column(CHECK, Kind.CHECK, 30, _checked, judged_by=CHECK),
        source_column(plan, [goal], width=46),
        *_signed_columns(page.book, rows),
    ]
    page.section(FIRST_ROW - 1, "Voci della Tabella B, valori nazionali")
    items = page.table(TableSpec("tblVociIEEP", columns, rows, key="Codice", source="Fonte"), FIRST_ROW)
    page.section(items.last + 2, "Somme su cui si misurano le strutture")
    sums = _sums(page, items, items.last + 3, values)
    page.finish()
    return items, sums


def _checked(place: Place) -> object:
    cell = place.here(ACTUAL)
    return f"={remarks.on_numbers({ACTUAL: cell}, waiting(cell))}"


def _signed_columns(book: Book, rows: Sequence[Row]) -> list[Column]:
    """What the sums take from each item, right of what is printed: sums that it is part of, amounts with their sign."""
    lines = {row.code: row.item for row in rows}

    def member(of: Callable[[Line], str | None]) -> Callable[[Place], object]:
        return lambda place: of(lines[place.row.code])

    def signed(heading: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            cell = place.here(heading)
            return f"=IF(COUNT({cell})=1,{place.here(SIGN)}*{cell},0)"

        return content

    return [
        Column(SECTION, Kind.LABEL, 30, member(lambda line: _section(book, line)), paper=False),
        Column(COMMON, Kind.LABEL, 30, member(lambda line: _common(book, line)), paper=False),
        Column(_with_sign(GOAL), Kind.CHECK, 18, signed(GOAL), styles.EURO, align="right", paper=False),
        Column(_with_sign(ACTUAL), Kind.CHECK, 18, signed(ACTUAL), styles.EURO, align="right", paper=False),
    ]


def _with_sign(heading: str) -> str:
    return f"{heading} con il segno"


def _section(book: Book, line: Line) -> str | None:
    """Title of the section that an item is part of, where the sections are summed."""
    if not by_realisation(book):
        return None
    above = ancestry(book.plan, item_of_line(book.plan, line))
    sections = (book.plan.indicators[book.data.role(role)] for role in SECTIONS)
    return next((section.title for section in sections if section in above), None)


def _common(book: Book, line: Line) -> str | None:
    """Code of the item of Tabella B that an item is part of and that structures with a single item answer for."""
    plan = book.plan
    above = ancestry(plan, item_of_line(plan, line))
    single = (found[0] for found in ieep_lines(book).values() if len(found) == 1)
    return next((row.code for row in (item_of_line(plan, each) for each in single) if row in above), None)


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


def _memberships(book: Book) -> dict[str, tuple[str, str]]:
    """Each sum -> the column of the items that says what is part of it, and what that says; of the total nothing."""
    plan, by_structure = book.plan, ieep_lines(book)
    found = {
        code: ("Struttura", short_name(plan.structures[code]))
        for code, lines in by_structure.items()
        if len(lines) > 1
    }
    if by_realisation(book):
        titles = [plan.indicators[book.data.role(role)].title for role in SECTIONS]
        found |= {title: (SECTION, title) for title in titles}
    found[WHOLE] = ("", "")
    for code, lines in by_structure.items():
        if len(lines) == 1:
            found[code] = (COMMON, item_of_line(plan, lines[0]).code)
    return found


def _sums(page: Page, items: Placed, row: int, values: Parameters) -> Placed:
    """Items of each structure with their sign, the two sections and the total, the item of two Coordinamenti.

    A sum is empty until every one of its items is reported: part of a sum has no target of its own.
    """
    plan, by_structure = page.book.plan, ieep_lines(page.book)
    members = _memberships(page.book)
    rows = [Row(code, Level.NATIONAL if code == WHOLE else Level.LEAF, members[code]) for code in members]

    def codes(row: Row) -> str:
        return row.code if len(by_structure.get(row.code, ())) == 1 else ""

    def counted(place: Place, heading: str, sought: str) -> str:
        column, member = place.row.item
        cells = items.column(heading)
        if not column:
            return f'COUNTIF({cells},"{sought}")'
        return f'COUNTIFS({items.column(column)},"{member}",{cells},"{sought}")'

    def summed(place: Place, heading: str) -> str:
        column, member = place.row.item
        cells = items.column(_with_sign(heading))
        return f'SUMIFS({cells},{items.column(column)},"{member}")' if column else f"SUM({cells})"

    def total(place: Place) -> object:
        known, wrong = f"{place.here(DONE)}={place.here(ITEMS)}", f"{place.here(WRONG)}>0"
        return f'=IF({known},IF({wrong},{place.here(BROKEN)},{summed(place, ACTUAL)}),IF({wrong},#VALUE!,""))'

    def broken(place: Place) -> object:
        column, member = place.row.item
        cells = f"{items.column(SIGN)}*{items.column(ACTUAL)}"
        cells = f'({items.column(column)}="{member}")*{cells}' if column else cells
        return f"=IF({place.here(WRONG)}>0,SUMPRODUCT({cells}),0)"

    def wrong(place: Place) -> object:
        return f"={counted(place, CHECK, f'{remarks.MARK}*')}"

    def number(place: Place) -> object:
        column, member = place.row.item
        return f'=COUNTIF({items.column(column)},"{member}")' if column else f"=ROWS({items.column(ACTUAL)})"

    def done(place: Place) -> object:
        return f"={place.here(ITEMS)}-{counted(place, ACTUAL, '')}"

    link = Link("struttura", page.book.data.role("ieep"), plan.period, "Codice obiettivo", "Fonte obiettivo")
    goal = linked_column(plan, "Obiettivo del piano", 18, link, codes, styles.EURO)

    def target(place: Place) -> object:
        if codes(place.row):
            return f"={place.here('Obiettivo del piano')}"
        return f"={summed(place, GOAL)}"

    columns = [
        Column("Somma", Kind.KEY, 74, lambda place: place.row.code),
        Column("Codice obiettivo", Kind.LABEL, 20, lambda place: codes(place.row) or None, paper=False),
        Column("Che cosa somma", Kind.LABEL, 42, lambda p: _described(p.row, by_structure)),
        check(ITEMS, 8, number),
        check(DONE, 8, done),
        result(IN_USE, 18, target, styles.EURO),
        result(ACTUAL, 18, total, styles.EURO),
        result("Scostamento", 14, _judged(page.book, "PERF_SCOSTAMENTO", values), styles.DEVIATION),
        result("Punteggio", 12, _judged(page.book, "PERF_SCORE", values), styles.SCORE, judged_by="Esito"),
        *judged_columns(values, "1", Headings(ACTUAL, IN_USE))[2:],
        result(REALISED, 13, _realised(page.book, values), styles.PERCENT_1),
        linked_source(plan, "Fonte obiettivo", 46, goal, codes),
        goal,
        Column(WRONG, Kind.CHECK, 12, wrong, "0", align="right", paper=False),
        Column(BROKEN, Kind.CHECK, 12, broken, "0", align="right", paper=False),
    ]  # fmt: skip
    return page.table(TableSpec("tblSommeIEEP", columns, rows), row)


def _realised(book: Book, values: Parameters) -> Callable[[Place], object]:
    """Realisation of the total, weighted by its two sections (slide 14 of the Allegato Tecnico)."""

    def content(place: Place) -> object:
        if place.row.code != WHOLE or not by_realisation(book):
            return None
        titles = [book.plan.indicators[book.data.role(role)].title for role in SECTIONS]
        letters, numbers = place.table.letters, place.table.numbers
        pairs = [(f"{letters[ACTUAL]}{numbers[t]}", f"{letters[IN_USE]}{numbers[t]}") for t in titles]
        node = book.data.role(WEIGHTS)
        shares = [values.weight(node, book.data.role(role)) for role in SECTIONS]
        arguments = ",".join([*(cell for pair in pairs for cell in pair), *shares])
        return formulas.complete(f"IEEP_REALIZZAZIONE({arguments})", *(actual for actual, _ in pairs))

    return content


def _judged(book: Book, function: str, values: Parameters) -> Callable[[Place], object]:
    """Score or deviation of a sum against its target; of the total by its realisation while the switch says so."""

    def content(place: Place) -> object:
        actual = place.here(ACTUAL)
        call = f"{function}({actual},{place.here(IN_USE)},{int(Direction.HIGHER)},{values.cap})"
        if place.row.code == WHOLE and by_realisation(book):
            other = f"{function}({place.here(REALISED)},1,{int(Direction.HIGHER)},{values.cap})"
            call = f"IF({values.ref(book.data.role(MODE))}=0,{call},{other})"
        return formulas.unless_empty(call, actual)

    return content


def _described(row: Row, by_structure: dict[str, list[Line]]) -> str:
    if row.code == WHOLE:
        return "tutte le voci (le altre strutture)"
    if row.code not in by_structure:
        return "voci della sezione"
    lines = by_structure[row.code]
    return lines[0].title.lower() if len(lines) == 1 else "voci di competenza"
