"""The `Spesa` sheet of `scheda_territoriale.xlsx`: chapters against their forecast, conto transitorio 1005."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates import formulas, styles
from xl_perf.templates.columns import result
from xl_perf.templates.model import Column, PrintSetup, Row, TableSpec, Validation
from xl_perf.templates.page import FIRST_ROW, TITLE_ROWS
from xl_perf.templates.scheda_base import AMOUNT, Filled
from xl_perf.templates.scheda_measures import Measure, measure_table
from xl_perf.templates.styles import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.plan.model import Line
    from xl_perf.templates.model import Place
    from xl_perf.templates.page import Page
    from xl_perf.templates.scheda_base import Scorecard

NODE = "scheda.finanza.spesa"
BUDGET, USED, GAP, FITS, VERDICT = (
    "Budget economico (forecast)", "Utilizzato", "Scostamento dal budget", "Conforme (1 = sì)", "Esito",
)  # fmt: skip
FITTING, UNFITTING = "▲ conforme", "▼ non conforme"

_BALANCE = Validation(
    "decimal",
    "Saldo del conto 1005",
    "Valore giacente sul CIC 1005 al forecast, in euro. Vuoto se non ancora disponibile.",
    "Inserire un importo.",
    minimum=-1e12,
)


def spending_page(page: Page, card: Scorecard) -> None:
    """Write the sheet.

    Args:
        page: the empty page.
        card: the scorecard.
    """
    lines = card.plan.lines_of("spesa")
    chapters = [line for line in lines if line.parent is not None]
    top = FIRST_ROW
    account_row = top + 8
    chapter_row = account_row + 8
    spec = _chapter_spec(card, chapters, {line.code: line.title for line in lines})
    table = page.geometry(spec, chapter_row)
    page.section(account_row - 1, "Conto transitorio 1005")
    balance, running, fits = _account(page, card, account_row)
    page.section(chapter_row - 1, "Capitoli di spesa: il numero del forecast è il trimestre della scheda")
    page.table(spec, chapter_row)
    reported, counts = table.column(FITS), top + 5
    page.put(counts, 1, "Capitoli conformi e capitoli rendicontati", Kind.CHECK)
    cells = [
        page.put(counts, column, f'=IF(COUNT({reported})=0,"",{name}({reported}))', Kind.CHECK, number_format="0", align="right")
        for column, name in ((2, "SUM"), (3, "COUNT"))
    ]  # fmt: skip
    page.section(top - 1, "Gestione della spesa")
    measures = [
        Measure(node.code, node.title, "{above}/{below}", "1", "1", styles.PERCENT, *cells)
        if node.indicator == "spesa.capitoli"
        else Measure(node.code, node.title, formulas.shown(fits), "1", "1", styles.PERCENT)
        for node in card.plan.children(NODE)
    ]
    measure_table(page, card, "tblSpesa", NODE, measures, top)
    page.remark(
        table.last + 1,
        f"Fonte dei capitoli: {chapters[0].source}. I, II e III forecast: l'utilizzato non supera il budget di oltre il 5%; IV: non se ne discosta di oltre il 5% in più o in "
        "meno. Un obiettivo sì/no vale 100 se raggiunto, 50 se no (scostamento limitato al tetto).",
    )
    page.title_rows = TITLE_ROWS
    page.finish(setup=PrintSetup(one_page=True))
    inputs = [table.block(BUDGET, USED), balance, running]
    card.filled.append(Filled(page.name, inputs, 2 * len(chapters) + 2))


def _account(page: Page, card: Scorecard, row: int) -> tuple[str, str, str]:
    """Balance of the account, running costs and whether the balance is tolerable; gives three references."""
    example = (41_000, 1_640_000) if card.book.example else (None, None)
    limit, last = card.values.ref("spesa.conto_1005"), card.values.ref("spesa.conto_1005_finale")
    forecasts = card.values.ref("spesa.forecast")
    labels = ("Valore giacente sul CIC 1005", "Totale delle spese di funzionamento")
    cells = []
    for offset, (label, value) in enumerate(zip(labels, example, strict=True)):
        page.put(row + offset, 1, label, Kind.KEY)
        validation = AMOUNT if offset else _BALANCE
        cells.append(
            page.put(row + offset, 2, value, Kind.INPUT, number_format=styles.EURO, validation=validation)
        )
    balance, running = f"B{row}", f"B{row + 1}"
    page.put(row + 2, 1, "Quota giacente", Kind.KEY)
    share = formulas.unless_empty(f"{balance}/{running}", balance, running)
    page.put(row + 2, 2, share, Kind.FORMULA, number_format=styles.PERCENT)
    page.put(row + 3, 1, "Limite (III forecast compreso; al IV il saldo deve essere zero)", Kind.KEY)
    page.put(
        row + 3, 2, f"=IF({card.quarter}<{forecasts},{limit},0)", Kind.FORMULA, number_format=styles.PERCENT
    )
    page.put(row + 4, 1, FITS, Kind.KEY)
    small = f"IF({balance}<={limit}*{running},1,0)"
    call = f"IF({card.quarter}<{forecasts},{small},IF({balance}={last},1,0))"
    fits = page.put(
        row + 4, 2, formulas.unless_empty(call, balance, running), Kind.FORMULA, number_format="0"
    )
    return cells[0], cells[1], fits


def _chapter_spec(card: Scorecard, chapters: list[Line], groups: dict[str, str]) -> TableSpec:
    def example(factor: Callable[[Line], float]) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            line: Line = place.row.item
            if not card.book.example or card.book.chance("vuoto", line.code) < 0.1:
                return None
            return round(card.example(20_000, 400_000, line.code) * factor(line), -2)

        return content

    def fits(place: Place) -> object:
        budget, used = place.here(BUDGET), place.here(USED)
        call = f"IF(SPESA_CONFORME({budget},{used},{card.quarter}),1,0)"
        return formulas.unless_empty(call, budget, used)

    def words(place: Place) -> object:
        return f'=IF({place.here(FITS)}="","",IF({place.here(FITS)}=1,"{FITTING}","{UNFITTING}"))'

    def gap(place: Place) -> object:
        budget, used = place.here(BUDGET), place.here(USED)
        call = f'IF({budget}=0,"",({used}-{budget})/{budget})'
        return formulas.unless_empty(call, budget, used)

    columns = [
        Column("Descrizione", Kind.LABEL, 62, lambda place: place.row.item.title, align="wrap"),
        Column(BUDGET, Kind.INPUT, 17, example(lambda _: 1.0), styles.EURO, validation=AMOUNT),
        Column(
            USED, Kind.INPUT, 17, example(lambda line: card.example(0.9, 1.07, "usato", line.code)), styles.EURO,
            validation=AMOUNT,
        ),
        result(GAP, 16, gap, styles.DEVIATION),
        result(FITS, 16, fits, "0", judged_by=VERDICT),
        result(VERDICT, 18, words, align="left", judged_by=VERDICT),
        Column("Gruppo", Kind.LABEL, 14, lambda place: groups[place.row.item.parent]),
        Column("Capitolo", Kind.LABEL, 26, lambda place: place.row.code.rpartition(".")[2].upper()),
        Column("Codice", Kind.SOURCE, 40, lambda place: place.row.code),
    ]  # fmt: skip
    return TableSpec("tblCapitoli", columns, [Row(line.code, item=line) for line in chapters], key="Codice")
