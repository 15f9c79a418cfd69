"""The sheet of the professionisti legali in `professionisti.xlsx`: scores by structure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates.kit import formulas, styles
from xl_perf.templates.kit.columns import (
    result,
)
from xl_perf.templates.kit.model import Column, PrintSetup, TableSpec
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.professionisti import amounts, legal
from xl_perf.templates.professionisti.amounts import STRUCTURE
from xl_perf.templates.professionisti.leaves import in_line, leaf_headings
from xl_perf.templates.professionisti.regional import (
    CLAIMS,
    CLAIMS_GOAL,
    COVERAGE,
    EFFICIENCY,
    EFFICIENCY_GOAL,
    G_CLAIMS,
    G_EFFICIENCY,
    G_POINTS,
    G_QUALITY,
    G_SYNTHESIS,
    LAWYERS,
    P_CLAIMS,
    P_COSTS,
    P_CREDITS,
    P_EFFICIENCY,
    P_FIRST,
    P_GROUP,
    P_QUALITY,
    P_TAR,
    QUALITY,
    QUALITY_GOAL,
    index_columns,
    linked_score,
    row_check,
    scored_column,
    structure_column,
    synthesis,
    territory_rows,
)

if TYPE_CHECKING:
    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters
    from xl_perf.templates.professionisti.legal import LegalTables
    from xl_perf.templates.professionisti.weights import Weights


_G_N = "Progetti nazionali"
_CODE = "Codice"
"""Heading of the tree that a structure's lawyers are scored by."""


def _lawyer_orders(book: Book) -> tuple[list[str], list[str]]:
    """The columns of the national projects, and those that a lawyer's score is made of.

    Both trees need the same ones.
    """
    trees = ("legali_solidarieta", "legali_sisco")
    measured = {
        "solidarieta": P_FIRST, "sisco": P_FIRST, "qualita_legali": P_QUALITY, "efficienza_legali": P_EFFICIENCY,
        "surrogatorie_legali": P_CLAIMS, "": P_GROUP,
    }  # fmt: skip
    national = {"spese_legali": P_COSTS, "tar": P_TAR, "recupero_crediti": P_CREDITS}
    order = in_line(book, *(leaf_headings(book, tree, measured) for tree in trees))
    return in_line(book, *(leaf_headings(book, f"progetti_{tree}", national) for tree in trees)), order


def _shared_remark(book: Book, shared: str) -> str:
    """Whose piano di solidarieta' stands for the structures that no printed table names."""
    return (
        f"Chi non ha né PNDD né SISCO CV prende il punteggio PNDD di {book.plan.structures[shared].code}. "
        if shared else ""
    )  # fmt: skip


def lawyers_sheet(page: Page, tables: LegalTables, weights: Weights, values: Parameters) -> Placed:
    """Legali by structure: the printed tables come in as scores, indices of the Cruscotto are entered here."""
    book = page.book

    shared = book.data.role("solidarieta_condivisa") if book.data.has("solidarieta_condivisa") else ""
    sisco = set(tables.sisco.numbers)

    def first(place: Place) -> object:
        """The piano di solidarieta' or, for those outside it, the archive.

        Who has neither goes with another structure.
        """
        code = place.row.code
        table = tables.sisco if code in sisco else tables.pndd
        where = code if code in table.numbers else shared
        if amounts.is_total(place) or where not in table.numbers:
            return None
        return formulas.shown(table.cell(where, amounts.SCORE))

    def tree(place: Place) -> str:
        return f"legali_{'sisco' if place.row.code in sisco else 'solidarieta'}"

    def shares(place: Place) -> str:
        return weights.tree(f"progetti_{tree(place)}")

    def group(place: Place) -> object:
        cells = place.across(projects[0], projects[-1])
        if amounts.is_total(place):
            return None
        return formulas.unless_blank(f"PERF_SINTESI({cells},{shares(place)})", cells)

    def alternative(place: Place) -> object:
        if amounts.is_total(place):
            return None
        return "SISCO CV" if place.row.code in sisco else "PNDD"

    def credit(_: Place) -> object:
        return formulas.shown(tables.credits.cell(legal.TOTAL, amounts.SCORE))

    projects, order = _lawyer_orders(book)
    scores = {
        P_COSTS: linked_score(P_COSTS, tables.costs, amounts.SCORE, styles.SCORE, _G_N, 13),
        P_TAR: linked_score(P_TAR, tables.tar, amounts.SCORE, styles.SCORE, _G_N, 13),
        P_CREDITS: result(P_CREDITS, 13, credit, styles.SCORE, group=_G_N),
        P_FIRST: result(P_FIRST, 13, first, styles.SCORE, group=G_POINTS),
        P_QUALITY: scored_column(values, book.data.role("qualita_legali"), QUALITY, QUALITY_GOAL, P_QUALITY),
        P_EFFICIENCY: scored_column(
            values, book.data.role("efficienza_legali"), EFFICIENCY, EFFICIENCY_GOAL, P_EFFICIENCY
        ),
        P_CLAIMS: linked_score(
            P_CLAIMS, tables.claims, f"Punteggio {legal.LEGAL}", styles.SCORE, G_POINTS, 13
        ),
        P_GROUP: result(P_GROUP, 13, group, styles.SCORE, group=G_POINTS),
    }
    columns = [
        structure_column(),
        Column("Piano di solidarietà", Kind.LABEL, 12, alternative, group="Struttura"),
        *index_columns(QUALITY, QUALITY_GOAL, G_QUALITY, book.data.role("qualita_legali")),
        *index_columns(EFFICIENCY, EFFICIENCY_GOAL, G_EFFICIENCY, book.data.role("efficienza_legali")),
        linked_score(CLAIMS, tables.claims, legal.CLAIMS_ACTUAL, styles.EURO, G_CLAIMS, 16),
        linked_score(CLAIMS_GOAL, tables.claims, f"Obiettivo {legal.LEGAL}", styles.EURO, G_CLAIMS, 16),
        *(scores[heading] for heading in projects),
        *(scores[heading] for heading in order),
        *synthesis(values, order[0], order[-1], lambda p: weights.tree(tree(p)), LAWYERS, node=f"[{_CODE}]"),
        row_check((QUALITY, QUALITY_GOAL, EFFICIENCY, EFFICIENCY_GOAL), ()),
        Column(
            _CODE,
            Kind.KEY,
            20,
            lambda p: None if amounts.is_total(p) else book.data.role(tree(p)),
            group=G_SYNTHESIS,
            paper=False,
        ),
    ]
    aside = (COVERAGE.format(LAWYERS), f"Stato {LAWYERS}")
    spec = TableSpec("tblLegali", columns, territory_rows(book), key=STRUCTURE, filters=True, aside=aside)
    table = page.table(spec, FIRST_ROW + 1)
    page.remark(
        table.last + 2,
        f"{_shared_remark(book, shared)}Recupero crediti: risultato nazionale per tutti. La riga "
        "nazionale si valuta nel foglio Coordinamenti centrali.",
    )
    page.finish(setup=PrintSetup(across=2))
    return table
