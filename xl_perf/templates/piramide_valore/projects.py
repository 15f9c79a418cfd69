"""The `Progetti` sheet of `piramide_valore.xlsx`: realisation of the projects of the tree."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind
from xl_perf.plan.nodes import NodeKind
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import result, verdict_column
from xl_perf.templates.kit.model import Column, Datum, Row, TableSpec, Validation
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.piramide_valore import names
from xl_perf.templates.piramide_valore.input import CHECK, FINE, G_CHECK, G_INPUT, G_RESULT, G_WHAT, WAITS

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.piramide_valore.names import Pyramid


_DONE = Validation(
    "decimal",
    "Percentuale di realizzazione",
    "Da 0% a 100% dell'output dell'anno (sì/no: 100% oppure 0%). Vuoto se non ancora rilevata; 0% se "
    "l'output è mancato.",
    "Inserire una percentuale fra 0% e 100%, oppure lasciare vuoto.",
    maximum=1,
)


def project_spec(pyramid: Pyramid) -> TableSpec:
    """A row for each project of the tree: its output, and how much of it is realised.

    Args:
        pyramid: where the tables stand.
    """
    values = pyramid.values
    rows = [Row(node.code, item=node) for node in pyramid.nodes if node.kind is NodeKind.PROJECT]

    def linked(heading: str) -> Callable[[Place], object]:
        return lambda place: formulas.shown(pyramid.tree.cell(place.row.code, heading))

    def score(place: Place) -> object:
        return pyramid.capped("PERF_SCORE", place.here(names.DONE), place.here(names.GOAL))

    def checked(place: Place) -> object:
        cell = place.here(names.DONE)
        return f"={remarks.on_numbers({names.DONE: cell}, f'IF(COUNTBLANK({cell})=1,{WAITS},{FINE})')}"

    columns = [
        Column("Codice", Kind.KEY, 18, lambda p: p.row.code, group=G_WHAT.replace("Indicatore", "Progetto")),
        Column("Nodo", Kind.LABEL, 8, lambda p: pyramid.home(p.row.item), align="center", group="Progetto"),
        Column(names.TITLE, Kind.LABEL, 60, lambda p: p.row.item.title, align="wrap", group="Progetto"),
        Column("Output", Kind.SOURCE, 56, linked("Output"), group="Progetto"),
        Column("Titolare", Kind.SOURCE, 34, linked("Titolare"), group="Progetto"),
        Column(
            names.DONE,
            Kind.INPUT,
            15,
            number_format=styles.PERCENT_0,
            validation=_DONE,
            group=G_INPUT,
            datum=Datum(KeyKind.ITEM, "", "realizzazione"),
        ),
        result(names.GOAL, 11, lambda _: 1, styles.PERCENT_0, group=G_RESULT),
        result(names.SCORE, 11, score, styles.SCORE, group=G_RESULT, judged_by=names.VERDICT),
        verdict_column(values, names.SCORE, names.VERDICT, G_RESULT),
        Column(CHECK, Kind.CHECK, 34, checked, group=G_CHECK, judged_by=CHECK),
    ]
    return TableSpec("tblProgetti", columns, rows, key="Codice")


def project_table(page: Page, spec: TableSpec) -> Placed:
    """Write the sheet of the projects; rows are as high as their texts."""
    table = page.table(spec, FIRST_ROW + 1)
    page.finish()
    return table


def text_height(texts: tuple[tuple[str, float], ...], room: float = 1.25, line: float = 11.5) -> float:
    """Height in points of a row with texts in columns of some widths; the small font unless others are given."""
    lines = max(len(textwrap.wrap(text, int(width * room) - 3)) for text, width in texts)
    return max(18, line * lines + 6)
