"""`quadratura.xlsx`: who delivered, completeness, scores of all structures, what has to be looked at."""

from __future__ import annotations

import datetime as dt
from statistics import median
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.formatting.rule import ColorScaleRule
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName

from xl_perf.collect.pages import Column, write_table
from xl_perf.contract.products import QUADRATURA
from xl_perf.templates.kit import styles
from xl_perf.templates.kit.exact import saved
from xl_perf.values import CellError

if TYPE_CHECKING:
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
    write_table(
        book.create_sheet("Consegne"),
        "Consegne",
        _DELIVERIES,
        (_delivery(d, collection, tree) for d in collection.deliveries),
    )
    write_table(
        book.create_sheet("File non sommati"),
        "File che non entrano nelle somme",
        (Column("Struttura", 24), Column("File", 48, wrap=True), Column("Motivo", 66, wrap=True)),
        ((r.structure, r.path, r.said) for r in collection.refusals),
    )
    write_table(
        book.create_sheet("Segnalazioni"),
        "Valori da verificare",
        (Column("Struttura", 22), Column("Cella", 26, wrap=True), Column("Dato", 40, wrap=True),
        Column("Valore", 16, "#,##0.####"),
         Column("Atteso", 28, wrap=True), Column("Perché", 46, wrap=True)),
        ((d.structure, f.input.cell, str(f.input.identity), f.input.value, f.expected, f.why)
         for d in collection.deliveries for f in d.findings),
    )  # fmt: skip
    write_table(
        book.create_sheet("Prova dei file"),
        "Risultati che i dati del file non danno",
        (Column("File", 48, wrap=True), Column("Cella", 24, wrap=True), Column("Risultato", 46, wrap=True),
         Column("Nel file", 12, "0.00"), Column("Dai suoi dati", 12, "0.00"), Column("La differenza nasce qui", 14)),
        ((d.path, d.cell, _title(plan, d.identity.item), _value(d.file), _value(d.facts), "sì" if d.begins else "no")
         for d in collection.differences),
    )  # fmt: skip
    write_table(
        book.create_sheet("Due testimoni"),
        "Lavorazioni che due strutture dichiarano con numeri diversi",
        (Column("Dato", 46, wrap=True), Column("Valore preso", 14, styles.PIECES), Column("Da", 42, wrap=True),
         Column("Altro valore", 14, styles.PIECES), Column("Da (altro)", 42, wrap=True)),
        ((str(w.identity), w.taken.value, w.taken_from, w.other.value, w.other_from) for w in collection.witnesses),
    )  # fmt: skip
    write_table(
        book.create_sheet("Scostamenti"),
        f"Punteggi lontani dagli altri: oltre {OUTLYING} volte lo scarto mediano",
        (Column("Obiettivo", 60, wrap=True), Column("Struttura", 26), Column("Punteggio", 12, _SCORE_FORMAT),
         Column("Mediana delle strutture", 14, _SCORE_FORMAT)),
        ((node.title, *row) for node in _objectives(plan, tree) for row in outliers(collection, node.code)),
    )  # fmt: skip
    write_table(
        book.create_sheet("Impostazioni"),
        "Impostazioni che non sono quelle del piano",
        (
            Column("Struttura", 26),
            Column("Cella", 26, wrap=True),
            Column("Impostazione", 78, wrap=True),
            Column("Valore", 18),
        ),
        ((d.structure, i.cell, str(i.identity), i.value) for d, i in collection.settings),
    )
    write_table(
        book.create_sheet("Dati esclusi"),
        "Dati che non entrano nelle somme",
        (Column("Dato e motivo", 130, wrap=True),),
        ((text,) for text in collection.left),
    )
    book.defined_names[QUADRATURA] = DefinedName(QUADRATURA, attr_text="Sintesi!$A$1", hidden=True)
    return saved(book)


_DELIVERIES = (
    Column("Struttura", 26),
    Column("File", 46, wrap=True),
    Column("SHA-256", 19),
    Column("Celle piene", 9, "0"),
    Column("Celle previste", 10, "0"),
    Column("Completezza", 13, _SHARE_FORMAT),
    Column("Punteggio", 11, _SCORE_FORMAT),
    Column("Copertura", 11, _SHARE_FORMAT),
    Column("Valori da verificare", 11, "0"),
    Column("Prova", 24, wrap=True),
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
    columns = [Column("Struttura", 26), Column("Posto", 8, "0"), Column("Punteggio", 11, _SCORE_FORMAT)]
    columns += [Column(node.title, 8, _SCORE_FORMAT, turned=True) for node in nodes]
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
    first, last = write_table(sheet, "Punteggi delle strutture per obiettivo", columns, rows)
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
    write_table(
        sheet,
        "Quadratura delle schede",
        (Column("Voce", 36), Column("Valore", 84, wrap=True, align="left")),
        lines,
    )
