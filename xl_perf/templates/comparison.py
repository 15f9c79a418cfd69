"""The `Confronto` sheets: published results of past years beside what our functions make of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.plan.model import Status
from xl_perf.templates import formulas, styles
from xl_perf.templates.model import Column, Content, PrintSetup, Row, TableSpec
from xl_perf.templates.page import FIRST_ROW, TITLE_ROWS
from xl_perf.templates.styles import Kind, Level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from xl_perf.plan.model import Actual, Plan
    from xl_perf.templates.model import Place
    from xl_perf.templates.page import Page
    from xl_perf.templates.parameters import Parameters

_ITEM = "Voce"
_SOURCE, _NOTE = "Fonte", "Nota"


def published(plan: Plan, item: str, period: str, measure: str, document: str) -> Actual | None:
    """A published result, or None where the document does not print it."""
    try:
        return plan.actual(item, period, measure, document=document)
    except PlanError:
        return None


def item_rows(plan: Plan, system: str, keys: Sequence[tuple[str, str, str]]) -> list[Row]:
    """The items of a system for which at least one of the results (period, measure, document) is published."""
    items = sorted((i for i in plan.actual_items.values() if i.system == system), key=lambda i: i.order)
    return [
        Row(item.code, Level.TOTAL if item.level == 0 else Level.LEAF, item, item.level)
        for item in items
        if any(published(plan, item.code, *key) for key in keys)
    ]


def item_column(heading: str = _ITEM, width: float = 60) -> Column:
    """The titles of the items as the documents print them."""
    return Column(heading, Kind.LABEL, width, lambda place: place.row.item.title, align="wrap")


def value_column(
    plan: Plan, heading: str, key: tuple[str, str, str], width: float, number_format: str
) -> Column:
    """Published values of one period, measure and document: the number chosen where the print is defective."""

    def content(place: Place) -> object:
        found = published(plan, place.row.code, *key)
        return None if found is None else Content(found.value, Kind.TARGET)

    return Column(heading, Kind.LABEL, width, content, number_format, align="right")


def source_text(plan: Plan, keys: Sequence[tuple[str, str, str]]) -> Column:
    """Where the published values of a row are printed."""

    def content(place: Place) -> object:
        found = [published(plan, place.row.code, *key) for key in keys]
        return "; ".join(dict.fromkeys(str(actual.source) for actual in found if actual is not None))

    return Column(_SOURCE, Kind.SOURCE, 52, content)


def note_column(plan: Plan, keys: Sequence[tuple[str, str, str]]) -> Column:
    """Defects of the print and notes to the published values of a row."""

    def content(place: Place) -> object:
        found = [published(plan, place.row.code, *key) for key in keys]
        texts = [text for actual in found if actual is not None for text in _remarks(plan, actual)]
        return "; ".join(dict.fromkeys(texts)) or None

    return Column(_NOTE, Kind.SOURCE, 70, content)


def _remarks(plan: Plan, actual: Actual) -> Iterator[str]:
    """The defect of the print that concerns a published value, its note, its status."""
    key = f"{actual.item}/{actual.period}/{actual.measure}/{actual.source.document}"
    for defect in plan.defects:
        if defect.id == actual.defect or any(value.endswith(f":{key}") for value in defect.values):
            yield f"Stampato: {defect.printed}. Lettura: {defect.reading}"
    if actual.note:
        yield actual.note
    if actual.status is not Status.PUBLISHED:
        yield styles.STATUS_WORDS[actual.status]


def scored(
    heading: str,
    actual: str,
    target: str,
    rest: Callable[[Place], str],
    function: str,
    number_format: str,
    *,
    width: float = 13,
    judged_by: str = "",
) -> Column:
    """A column that applies a function to two columns of the row; empty where one of them is."""

    def content(place: Place) -> object:
        value, goal = place.here(actual), place.here(target)
        return f'=IF(COUNT({value},{goal})<2,"",{function}({value},{goal},{rest(place)}))'

    return Column(heading, Kind.FORMULA, width, content, number_format, judged_by=judged_by)


def giacenza_comparison(page: Page, values: Parameters) -> None:
    """Giacenza 2018-2020 by area and line, deflusso by area, production: what was planned and what came out.

    Args:
        page: the empty `Confronto` page.
        values: where the parameters stand.
    """
    bottom = _giacenza_table(page, values)
    bottom = _deflusso_table(page, bottom + 5)
    bottom = _production_table(page, bottom + 5)
    page.title_rows = TITLE_ROWS
    page.finish(freeze="B4", setup=PrintSetup())


def _giacenza_table(page: Page, values: Parameters) -> int:
    plan = page.book.plan
    keys = [
        ("2018", "consuntivo", "P20"),
        ("2019", "piano", "P20"),
        ("2019", "consuntivo", "P20"),
        ("2019", "consuntivo", "P21"),
        ("2020", "piano", "P21"),
        ("2020", "consuntivo", "P21"),
    ]
    heads = [f"{measure.capitalize()} {period} ({document})" for period, measure, document in keys]

    def rest(place: Place) -> str:
        direction = values.direction(f"giacenza.{place.row.code.split('.')[1]}")
        return f"{direction},{values.cap}"

    columns = [
        item_column(),
        *(value_column(plan, head, key, 12, styles.DAYS) for head, key in zip(heads, keys, strict=True)),
        scored("Scostamento 2019", heads[2], heads[1], rest, "PERF_SCOSTAMENTO", styles.DEVIATION),
        scored("Scostamento 2020", heads[5], heads[4], rest, "PERF_SCOSTAMENTO", styles.DEVIATION),
        scored(
            "Punteggio 2020", heads[5], heads[4], rest, "PERF_SCORE", styles.SCORE, judged_by="Esito 2020"
        ),
        Column(
            "Esito 2020",
            Kind.FORMULA,
            25,
            lambda p: formulas.verdict(p.here("Punteggio 2020"), values.band, values.centre),
            align="left",
            judged_by="Esito 2020",
        ),
    ]
    rows = item_rows(plan, "giacenza", keys)
    _caption(page, FIRST_ROW - 1, "Indice di giacenza in giorni, nazionale, per area e linea", rows, keys)
    return page.table(TableSpec("tblConfrontoGiacenza", columns, rows), FIRST_ROW + 1).last


def _caption(
    page: Page, row: int, text: str, rows: Sequence[Row], keys: Sequence[tuple[str, str, str]]
) -> None:
    """A heading with the places where the values of a table are printed, and the notes to them, below it."""
    page.section(row, text)
    found = [published(page.book.plan, item.code, *key) for item in rows for key in keys]
    actuals = [actual for actual in found if actual is not None]
    sources = "; ".join(dict.fromkeys(str(actual.source) for actual in actuals))
    notes = "; ".join(dict.fromkeys(note for actual in actuals for note in _remarks(page.book.plan, actual)))
    line = f"Fonte: {sources}" + (f". Nota: {notes}" if notes else "")
    page.text(row + 1, 1, line, styles.font(size=8, colour=styles.MUTED))


def _deflusso_table(page: Page, at_row: int) -> int:
    plan = page.book.plan
    keys = [("2019", "consuntivo", "P20"), ("2020", "consuntivo", "P21")]
    columns = [
        item_column("Area"),
        value_column(plan, "Deflusso 2019 (P20)", keys[0], 12, styles.RATIO),
        value_column(plan, "Deflusso 2020 (P21)", keys[1], 12, styles.RATIO),
        Column(
            "Variazione 2020/2019",
            Kind.FORMULA,
            12,
            _change("Deflusso 2020 (P21)", "Deflusso 2019 (P20)"),
            styles.DEVIATION,
        ),
        Column(
            "Esito rispetto a 1",
            Kind.FORMULA,
            12,
            lambda p: (
                f'=IF(COUNT({p.here("Deflusso 2020 (P21)")})=0,"",IF({p.here("Deflusso 2020 (P21)")}>=1,"▲ ≥ 1","▼ < 1"))'
            ),
            align="left",
            judged_by="Esito rispetto a 1",
        ),
    ]
    rows = item_rows(plan, "deflusso", keys)
    _caption(page, at_row - 2, "Indice di deflusso, nazionale, per area", rows, keys)
    return page.table(TableSpec("tblConfrontoDeflusso", columns, rows), at_row).last


def _change(new: str, old: str) -> Callable[[Place], object]:
    return lambda p: f'=IF(COUNT({p.here(new)},{p.here(old)})<2,"",{p.here(new)}/{p.here(old)}-1)'


def _production_table(page: Page, at_row: int) -> int:
    plan = page.book.plan
    keys = [
        (period, measure, document)
        for period, document in (("2019", "P20"), ("2020", "P21"))
        for measure in ("piano", "consuntivo", "realizzazione_stampata")
    ]
    heads = [
        "Piano 2019",
        "Consuntivo 2019",
        "% stampata 2019",
        "Piano 2020",
        "Consuntivo 2020",
        "% stampata 2020",
    ]
    formats = [styles.PIECES, styles.PIECES, "0%"] * 2

    def ratio(year: str) -> Column:
        actual, planned = f"Consuntivo {year}", f"Piano {year}"
        return Column(
            f"% ricalcolata {year}",
            Kind.FORMULA,
            13,
            lambda p: (
                f'=IF(COUNT({p.here(actual)},{p.here(planned)})<2,"",IF({p.here(planned)}=0,"",{p.here(actual)}/{p.here(planned)}))'
            ),
            styles.PERCENT_1,
        )

    columns = [
        item_column("Produzione lorda"),
        *(value_column(plan, h, k, 12, f) for h, k, f in zip(heads, keys, formats, strict=True)),
        ratio("2019"),
        ratio("2020"),
    ]
    rows = item_rows(plan, "produzione", keys)
    _caption(page, at_row - 2, "Produzione omogeneizzata lorda, nazionale, per area e linea", rows, keys)
    return page.table(TableSpec("tblConfrontoProduzione", columns, rows), at_row).last
