"""Sheets of `professionisti.xlsx` for tecnico-edilizi and the special projects ex art. 18."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import Headings, judged_columns, result, verdict_column
from xl_perf.templates.kit.model import Column, Datum, Row, TableSpec, Validation
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.professionisti import amounts
from xl_perf.templates.professionisti.amounts import STRUCTURE
from xl_perf.templates.professionisti.leaves import leaf_headings
from xl_perf.templates.professionisti.ratios import part_column
from xl_perf.templates.professionisti.regional import (
    BUILDERS,
    COVERAGE,
    G_SYNTHESIS,
    QUALITY,
    SPECIAL_DOCTORS,
    SPECIAL_LAWYERS,
    TOTAL,
    VERDICT,
    free_column,
    linked_score,
    scored_column,
    structure_column,
    synthesis,
    territory_rows,
)
from xl_perf.templates.professionisti.weights import REGISTER

if TYPE_CHECKING:
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters
    from xl_perf.templates.professionisti.weights import Weights

ENTERED, ENTERED_DUE, ENTERED_SHARE = "Anagrafiche realizzate", "Anagrafiche attese", "Anagrafe realizzata"
DESIGNS = amounts.Amounts(
    "progettazioni",
    "Progettazioni eseguite",
    styles.PIECES,
    amounts.PIECES,
)
FIRE = amounts.Amounts("antincendio", "Attività realizzate", styles.PIECES, amounts.PIECES)
P_REGISTER = "Punteggio anagrafe"
LAST_DOCTORS, LAST_LAWYERS = "Indice medici anno precedente", "Indice legali anno precedente"
NOW_DOCTORS, NOW_LAWYERS = "Indice medici", "Indice legali"


def builders_sheet(page: Page, weights: Weights, values: Parameters) -> Placed:
    """Tecnico-edilizi: designs against the printed table, the register of appointments, their synthesis."""
    book = page.book

    def share(place: Place) -> object:
        first, second = place.here(ENTERED), place.here(ENTERED_DUE)
        return formulas.complete(f"{first}/{second}", first, second)

    register = book.data.role(REGISTER)

    def registered(place: Place) -> object:
        found = place.here(ENTERED_SHARE)
        call = f"PERF_SCORE({found},{weights.goal(register)},{values.direction(register)},{values.cap})"
        return formulas.unless_empty(call, found)

    group = "Anagrafe degli incarichi"
    designs = amounts.amount_columns(book, DESIGNS, values)
    score = next(column for column in designs if column.heading == amounts.SCORE)
    checked = amounts.check_column([DESIGNS.actual, ENTERED, ENTERED_DUE], amounts.G_RESULT)
    sums = amounts.summed(DESIGNS.actual)
    tail = [column for column in designs if column.heading in ("Nota", "Fonte", sums)]
    scores = {
        amounts.SCORE: score,
        P_REGISTER: result(P_REGISTER, 12, registered, styles.SCORE, group=amounts.G_RESULT),
    }
    members = leaf_headings(book, "tecnici_regionali", {"progettazioni": amounts.SCORE, REGISTER: P_REGISTER})
    columns = [
        *(c for c in designs if c not in (score, *tail) and c.heading != amounts.CHECK),
        part_column(ENTERED, styles.PIECES, amounts.PIECES, group, (register, "realizzate")),
        part_column(ENTERED_DUE, styles.PIECES, amounts.PIECES, group, (register, "attese")),
        result(ENTERED_SHARE, 12, share, styles.PERCENT_1, group=group),
        *(scores[heading] for heading in members),
        *synthesis(values, members[0], members[-1], lambda _: weights.tree("tecnici_regionali"), BUILDERS,
                   node=page.book.data.role("tecnici_regionali")),
        checked,
        *tail,
        *(amounts.summed_column(heading, styles.GENERAL, ENTERED_SHARE) for heading in (ENTERED, ENTERED_DUE)),
    ]  # fmt: skip
    rows = amounts.structure_rows(book.plan, DESIGNS.indicator(book))
    spec = TableSpec(
        "tblTecnici", columns, rows, key=STRUCTURE, source="Fonte",
        aside=(COVERAGE.format(BUILDERS), f"Stato {BUILDERS}"),
    )  # fmt: skip
    table = page.table(spec, FIRST_ROW + 1)
    page.remark(
        table.last + 2,
        "Anagrafe: anagrafiche realizzate su attese, contro l'obiettivo del foglio Pesi (assunzione). Le "
        "due percentuali nazionali valgono per il Coordinamento generale tecnico edilizio.",
    )
    page.finish()
    return table


def special_sheet(page: Page, doctors: Placed, lawyers: Placed, values: Parameters) -> Placed:
    """Special projects of legali and medici: quality of their area against the year before."""
    book = page.book

    def scored(who: str, now: str, before: str) -> list[Column]:
        score, verdict = TOTAL.format(who), VERDICT.format(who)
        columns = [
            scored_column(values, book.data.role("qualita_speciale"), now, before, score, G_SYNTHESIS),
            verdict_column(values, score, verdict, G_SYNTHESIS),
        ]
        columns[0] = result(score, 17, columns[0].content, styles.SCORE, group=G_SYNTHESIS, judged_by=verdict)
        return columns

    columns = [
        structure_column(),
        linked_score(NOW_DOCTORS, doctors, QUALITY, styles.SCORE, "Area medico-legale", 13),
        free_column(
            LAST_DOCTORS,
            13,
            styles.SCORE,
            amounts.INDEX,
            "Area medico-legale",
            (book.data.role("qualita_medici"), "anno_precedente"),
        ),
        linked_score(NOW_LAWYERS, lawyers, QUALITY, styles.SCORE, "Area legale", 13),
        free_column(
            LAST_LAWYERS,
            13,
            styles.SCORE,
            amounts.INDEX,
            "Area legale",
            (book.data.role("qualita_legali"), "anno_precedente"),
        ),
        *scored(SPECIAL_DOCTORS, NOW_DOCTORS, LAST_DOCTORS),
        *scored(SPECIAL_LAWYERS, NOW_LAWYERS, LAST_LAWYERS),
        replace(amounts.check_column([LAST_DOCTORS, LAST_LAWYERS], G_SYNTHESIS), content=_last_check),
    ]
    spec = TableSpec("tblSpecialeQualita", columns, territory_rows(book), key=STRUCTURE)
    table = page.table(spec, FIRST_ROW + 1)
    page.finish()
    return table


def _last_check(place: Place) -> object:
    cells = {heading: place.here(heading) for heading in (LAST_DOCTORS, LAST_LAWYERS)}
    waiting = f'IF({"+".join(f"COUNTBLANK({cell})" for cell in cells.values())}=0,"OK","da rilevare")'
    return f"={remarks.on_numbers(cells, waiting)}"


_DONE = Validation(
    "decimal",
    "Percentuale di realizzazione",
    "Da 0% a 100% dell'output (sì/no: 100% oppure 0%). Vuoto se non ancora rilevata.",
    "Inserire una percentuale fra 0% e 100%, oppure lasciare vuoto.",
    maximum=1,
)
OBSERVATORY, DONE = "osservatorio", "Realizzazione"
"""Role of the node of the special project; heading."""


def _done_check(place: Place) -> object:
    cell = place.here(DONE)
    waiting = f'IF({cell}="","da rilevare","OK")'
    return f"={remarks.on_numbers({DONE: cell}, waiting)}"


def observatory_table(page: Page, row: int, values: Parameters) -> Placed:
    """The special project of the statistico-attuariali, in the columns of the table above it."""
    node = page.book.plan.node(page.book.data.role(OBSERVATORY))
    columns = [
        Column("Progetto speciale art. 18", Kind.LABEL, 92, lambda p: p.row.item.title, align="wrap"),
        Column("Riga", Kind.KEY, 24, lambda p: p.row.code, paper=False),
        Column(DONE, Kind.INPUT, 14, number_format=styles.PERCENT_0, validation=_DONE,
               datum=Datum(KeyKind.ITEM, "", "realizzazione", key="Riga")),
        Column("Unità", Kind.LABEL, 14, lambda _: "percentuale"),
        result("Consuntivo", 14, lambda p: formulas.shown(p.here(DONE)), styles.PERCENT_1),
        result(amounts.GOAL, 12, lambda _: 1, styles.PERCENT_0),
        *judged_columns(values, "1", Headings("Consuntivo", amounts.GOAL)),
        Column(amounts.CHECK, Kind.CHECK, 32, _done_check, judged_by=amounts.CHECK),
        Column("Output", Kind.SOURCE, 32, lambda p: p.row.item.output),
        Column("Fonte", Kind.SOURCE, 40, lambda p: f"{p.row.item.source.place} ({p.row.item.source.document})"),
    ]  # fmt: skip
    return page.table(TableSpec("tblOsservatorio", columns, [Row(node.code, item=node)]), row)
