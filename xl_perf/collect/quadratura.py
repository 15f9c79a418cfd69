"""`quadratura.xlsx`: who delivered, completeness, scores of all structures, what has to be looked at."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.formatting.rule import ColorScaleRule
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName

from xl_perf.contract.products import QUADRATURA
from xl_perf.templates.kit import styles
from xl_perf.templates.kit.exact import saved
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from xl_perf.collect.model import Collection, Delivery
    from xl_perf.plan.model import Plan
    from xl_perf.plan.nodes import Node

SCORE, COVERAGE = "punteggio", "copertura"
"""Measures of the results that scorecards declare."""
OUTLYING, _FEWEST = 5, 5
"""How many median distances make a score an outlier; the fewest scores that have any."""
_SCORE_FORMAT, _SHARE_FORMAT = "0.0", "0%"
_COLD, _MIDDLE, _WARM = "F4B183", "FFFFFF", "9DC3E6"
"""Colours of the heat table: below, at and above the target; readable in grey by their lightness too."""


@dataclass(frozen=True, slots=True)
class _Column:
    heading: str
    width: float
    number_format: str = styles.GENERAL
    wrap: bool = False


def workbook(collection: Collection, plan: Plan, tree: str, national: Delivery | None) -> bytes:
    """The workbook as bytes.

    Args:
        collection: everything known of the period.
        plan: the edition.
        tree: name of the scorecard's tree, whose first two levels are the columns of the scores.
        national: the national scorecard as it was filled; None where it could not be made.
    """
    book = Workbook()
    book.remove(book.active)
    _summary(book.create_sheet("Sintesi"), collection, plan, national, tree)
    _scores(book.create_sheet("Punteggi"), collection, plan, tree, national)
    _table(
        book.create_sheet("Consegne"),
        "Consegne",
        _DELIVERIES,
        (_delivery(d, collection, tree) for d in collection.deliveries),
    )
    _table(
        book.create_sheet("File non sommati"),
        "File che non entrano nelle somme",
        (_Column("Struttura", 26), _Column("File", 60, wrap=True), _Column("Motivo", 90, wrap=True)),
        ((r.structure, r.path, r.said) for r in collection.refusals),
    )
    _table(
        book.create_sheet("Segnalazioni"),
        "Valori da verificare",
        (_Column("Struttura", 26), _Column("Cella", 34), _Column("Dato", 60, wrap=True), _Column("Valore", 18, "#,##0.####"),
         _Column("Atteso", 40, wrap=True), _Column("Perché", 80, wrap=True)),
        ((d.structure, f.input.cell, str(f.input.identity), f.input.value, f.expected, f.why)
         for d in collection.deliveries for f in d.findings),
    )  # fmt: skip
    _table(
        book.create_sheet("Prova dei file"),
        "Risultati che i dati del file non danno",
        (_Column("File", 60, wrap=True), _Column("Cella", 30), _Column("Risultato", 60, wrap=True),
         _Column("Nel file", 14, "0.00"), _Column("Dai suoi dati", 14, "0.00"), _Column("La differenza nasce qui", 22)),
        ((d.path, d.cell, _title(plan, d.identity.item), _value(d.file), _value(d.facts), "sì" if d.begins else "no")
         for d in collection.differences),
    )  # fmt: skip
    _table(
        book.create_sheet("Due testimoni"),
        "Lavorazioni che due strutture dichiarano con numeri diversi",
        (_Column("Dato", 60, wrap=True), _Column("Valore preso", 16, styles.PIECES), _Column("Da", 50, wrap=True),
         _Column("Altro valore", 16, styles.PIECES), _Column("Da (altro)", 50, wrap=True)),
        ((str(w.identity), w.taken.value, w.taken_from, w.other.value, w.other_from) for w in collection.witnesses),
    )  # fmt: skip
    _table(
        book.create_sheet("Scostamenti"),
        f"Punteggi lontani dagli altri: oltre {OUTLYING} volte lo scarto mediano",
        (_Column("Obiettivo", 60, wrap=True), _Column("Struttura", 26), _Column("Punteggio", 12, _SCORE_FORMAT),
         _Column("Mediana delle strutture", 14, _SCORE_FORMAT)),
        ((node.title, *row) for node in _objectives(plan, tree) for row in outliers(collection, node.code)),
    )  # fmt: skip
    _table(
        book.create_sheet("Impostazioni"),
        "Impostazioni che non sono quelle del piano",
        (
            _Column("Struttura", 26),
            _Column("Cella", 34),
            _Column("Impostazione", 70, wrap=True),
            _Column("Valore", 18),
        ),
        ((d.structure, i.cell, str(i.identity), i.value) for d, i in collection.settings),
    )
    _table(
        book.create_sheet("Dati esclusi"),
        "Dati che non entrano nelle somme",
        (_Column("Dato e motivo", 150, wrap=True),),
        ((text,) for text in collection.left),
    )
    book.defined_names[QUADRATURA] = DefinedName(QUADRATURA, attr_text="Sintesi!$A$1", hidden=True)
    return saved(book)


_DELIVERIES = (
    _Column("Struttura", 26),
    _Column("File", 60, wrap=True),
    _Column("SHA-256", 20),
    _Column("Celle piene", 12, "0"),
    _Column("Celle previste", 12, "0"),
    _Column("Completezza", 12, _SHARE_FORMAT),
    _Column("Punteggio", 12, _SCORE_FORMAT),
    _Column("Copertura", 12, _SHARE_FORMAT),
    _Column("Valori da verificare", 14, "0"),
    _Column("Prova", 34, wrap=True),
)


def outliers(collection: Collection, node: str) -> list[tuple[str, float, float]]:
    """Structures whose score of an objective is far from the others': structure, score, median.

    Far is more than `OUTLYING` times the median distance from the median, which single scores do not move.

    Args:
        collection: the deliveries.
        node: code of the objective.
    """
    scores = {d.structure: _result(d, node, SCORE) for d in collection.deliveries}
    known = {name: float(score) for name, score in scores.items() if isinstance(score, int | float)}
    if len(known) < _FEWEST:
        return []
    middle = median(known.values())
    spread = median(abs(score - middle) for score in known.values())
    return [
        (name, score, middle)
        for name, score in known.items()
        if spread and abs(score - middle) > OUTLYING * spread
    ]


def _delivery(delivery: Delivery, collection: Collection, tree: str) -> tuple[Any, ...]:
    different = [d for d in collection.differences if d.path == delivery.path]
    return (
        delivery.structure,
        delivery.path,
        delivery.digest[:16],
        delivery.filled,
        delivery.expected,
        delivery.filled / delivery.expected if delivery.expected else None,
        _result(delivery, tree, SCORE),
        _result(delivery, tree, COVERAGE),
        len(delivery.findings),
        f"▼ {len(different)} risultati diversi" if different else "i dati danno i risultati del file",
    )


def _result(delivery: Delivery, node: str, measure: str) -> Any:
    found = next((r for i, r in delivery.results.items() if (i.item, i.measure) == (node, measure)), None)
    return None if found is None else _value(found.value)


def _value(value: object) -> Any:
    return str(value) if isinstance(value, CellError) else (None if value == "" else value)


def _title(plan: Plan, item: str) -> str:
    return next((node.title for node in plan.nodes if node.code == item), item)


def _objectives(plan: Plan, tree: str) -> list[Node]:
    """Columns of the scores: each perspective with its objectives."""
    return [node for top in plan.children(tree) for node in (top, *plan.children(top.code))]


def _scores(
    sheet: Worksheet, collection: Collection, plan: Plan, tree: str, national: Delivery | None
) -> None:
    nodes = _objectives(plan, tree)
    columns = [_Column("Struttura", 26), _Column("Posto", 8, "0"), _Column("Punteggio", 11, _SCORE_FORMAT)]
    columns += [_Column(node.title, 14, _SCORE_FORMAT) for node in nodes]
    totals = {d.path: _result(d, tree, SCORE) for d in collection.deliveries}
    ranked = sorted((t for t in totals.values() if isinstance(t, int | float)), reverse=True)
    rows = [
        (d.structure, ranked.index(totals[d.path]) + 1 if totals[d.path] in ranked else None, totals[d.path],
         *(_result(d, node.code, SCORE) for node in nodes))
        for d in collection.deliveries
    ]  # fmt: skip
    rows += [(name, None, None, *(None for _ in nodes)) for name in collection.missing]
    if national is not None:
        rows.append(
            (
                plan.national,
                None,
                _result(national, tree, SCORE),
                *(_result(national, n.code, SCORE) for n in nodes),
            )
        )
    first, last = _table(sheet, "Punteggi delle strutture per obiettivo", columns, rows)
    heat = f"C{first}:{get_column_letter(len(columns))}{last}"
    sheet.conditional_formatting.add(
        heat,
        ColorScaleRule(
            start_type="num", start_value=80, start_color=_COLD, mid_type="num", mid_value=100, mid_color=_MIDDLE,
            end_type="num", end_value=120, end_color=_WARM,
        ),
    )  # fmt: skip
    sheet.freeze_panes = f"D{first}"


def _summary(
    sheet: Worksheet, collection: Collection, plan: Plan, national: Delivery | None, tree: str
) -> None:
    whole = len(plan.regional())
    lines = [
        ("Periodo", collection.period),
        ("Edizione", f"{plan.title} ({plan.latest_act.short})"),
        ("Consegne nelle somme", f"{len(collection.deliveries)} di {whole}"),
        ("Mancano", ", ".join(collection.missing) or "nessuna"),
        ("File non sommati", len(collection.refusals)),
        ("Punteggio nazionale", None if national is None else _result(national, tree, SCORE)),
        ("Valori da verificare", sum(len(d.findings) for d in collection.deliveries)),
        ("Risultati che i dati non danno", len(collection.differences)),
        ("File senza prova", len(collection.unproven)),
        ("Righe con due testimoni diversi", len(collection.witnesses)),
        ("Impostazioni diverse dal piano", len(collection.settings)),
        ("Dati esclusi dalle somme", len(collection.left)),
        ("Fatto il", dt.datetime.now(tz=dt.UTC).astimezone().strftime("%d/%m/%Y %H:%M")),
    ]
    _table(sheet, "Quadratura delle schede", (_Column("Voce", 40), _Column("Valore", 90, wrap=True)), lines)


def _table(
    sheet: Worksheet, title: str, columns: Sequence[_Column], rows: Iterable[Sequence[Any]]
) -> tuple[int, int]:
    """A title and a table; gives the first and the last row of values."""
    sheet.sheet_view.showGridLines = False
    sheet["A1"] = title
    sheet["A1"].font = styles.font(size=14, bold=True, colour=styles.INK)
    head = 3
    for place, column in enumerate(columns, start=1):
        cell = sheet.cell(head, place, column.heading)
        cell.font, cell.fill = styles.HEADER.font, styles.HEADER.fill
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    number = head
    for number, row in enumerate(rows, start=head + 1):
        for place, (column, value) in enumerate(zip(columns, row, strict=True), start=1):
            cell = sheet.cell(number, place)
            if isinstance(value, str) and value.startswith(("=", "+", "-", "@")):
                cell.value, cell.data_type = value, "s"
            else:
                cell.value = value
            cell.number_format = column.number_format
            cell.font = styles.font()
            cell.alignment = Alignment(vertical="top", wrap_text=column.wrap or None)
    if number == head:
        sheet.cell(head + 1, 1, "nessuna riga").font = styles.font(colour=styles.MUTED)
    sheet.freeze_panes = f"A{head + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{head}:{head}"
    return head + 1, max(number, head + 1)
