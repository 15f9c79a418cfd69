"""The `Spesa` sheet of `scheda_territoriale.xlsx`: chapters against their forecast, conto transitorio."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind
from xl_perf.errors import PlanError
from xl_perf.templates.kit import formulas, styles
from xl_perf.templates.kit.columns import result
from xl_perf.templates.kit.model import Column, Datum, Row, TableSpec, Validation
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.scheda_territoriale.base import (
    AMOUNT,
    PIECES,
    REMARK,
    Filled,
    remark_cell,
    remark_column,
)
from xl_perf.templates.scheda_territoriale.measures import Measure, measure_table

if TYPE_CHECKING:
    from xl_perf.plan.model import Line
    from xl_perf.templates.kit.model import Place
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.scheda_territoriale.base import Scorecard

NODE, CHAPTERS, ACCOUNT = "spesa", "capitoli_spesa", "conto_transitorio"
"""Parts of the tree and of its indicators."""
BUDGET, USED, GAP, FITS, VERDICT = (
    "Budget economico (forecast)", "Utilizzato", "Scostamento dal budget", "Conforme", "Esito",
)  # fmt: skip
COUNTED = (("conformi", "Capitoli_conformi"), ("rendicontati", "Capitoli_rendicontati"))
"""Measures of the counted chapters, and the names of their cells."""
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
    lines = card.plan.lines_of(card.plan.indicators[card.data.role(CHAPTERS)].system)
    chapters = [line for line in lines if line.parent is not None]
    top, account_row = FIRST_ROW, FIRST_ROW + 8
    chapter_row = account_row + (10 if card.national else 8)
    spec = _chapter_spec(card, chapters, {line.code: line.title for line in lines})
    table = page.geometry(spec, chapter_row)
    page.section(account_row - 1, "Conto transitorio")
    account = _account(page, card, account_row)
    page.section(chapter_row - 1, "Capitoli di spesa: il numero del forecast è il trimestre della scheda")
    page.table(spec, chapter_row)
    reported, counts = table.column(FITS), top + 5
    page.put(counts, 1, "Capitoli conformi e capitoli rendicontati", Kind.CHECK)
    cells = [
        page.put(
            counts, column, formulas.unless_blank(f"{name}({reported})", reported), Kind.CHECK, number_format="0",
            align="right", name="" if card.national else cell, datum=None if card.national else _counted(card, measure),
        )
        for column, (name, measure, cell) in enumerate(
            (("SUM", *COUNTED[0]), ("COUNT", *COUNTED[1])), start=2
        )
    ]  # fmt: skip
    page.section(top - 1, "Gestione della spesa")
    node = card.data.role(NODE)
    given: list[str] = []
    if card.national:
        given = _of_regions(page, card, account_row + 5)
        cells = [
            f"IF({card.used('quota_capitoli')}=1,{own},{whole})"
            for own, whole in zip(given, cells, strict=True)
        ]
    measure_table(page, card, "tblSpesa", node, _measures(card, node, cells, account.fits), top)
    _notes(page, card, table.last + 1, str(chapters[0].source))
    page.finish()
    inputs = [table.block(BUDGET, USED), *account.inputs, *given]
    said = [table.column(REMARK), *account.remarks]
    card.filled.append(Filled(page.name, inputs, 2 * len(chapters) + 2 + len(given), said))


def _counted(card: Scorecard, measure: str) -> Datum:
    """A number of chapters: a sum in a region, asked for in the nation."""
    return Datum(KeyKind.CELL, card.data.role(CHAPTERS), measure)


def _of_regions(page: Page, card: Scorecard, row: int) -> list[str]:
    """Two numbers that the nation adds up from its regions, for the other way to measure; gives their references."""
    labels = ("Capitoli conformi nelle regioni", "Capitoli rendicontati nelle regioni")
    found = []
    for offset, (label, (measure, name)) in enumerate(zip(labels, COUNTED, strict=True)):
        page.put(row + offset, 1, label, Kind.KEY)
        found.append(
            page.put(row + offset, 2, None, Kind.INPUT, number_format=styles.PIECES, validation=PIECES,
                     datum=_counted(card, measure), name=name,
                     informative="conta se in Parametri si sceglie la quota dei capitoli per regione.")
        )  # fmt: skip
    return found


def _measures(card: Scorecard, node: str, cells: list[str], fits: str) -> list[Measure]:
    """Share of the chapters that conform, and the account, which conforms or not.

    Raises:
        PlanError: an indicator that plays no part here.
    """
    found = []
    for child in card.plan.children(node):
        if child.indicator == card.data.role(CHAPTERS):
            found.append(
                Measure(child.code, child.title, "{above}/{below}", "1", "1", styles.PERCENT, *cells)
            )
        elif card.data.has(ACCOUNT) and child.indicator == card.data.role(ACCOUNT):
            found.append(Measure(child.code, child.title, formulas.shown(fits), "1", "1", styles.PERCENT))
        else:
            raise PlanError(
                f"no way to measure {child.indicator!r} of {child.code}",
                where=card.data.where,
                expected=f"either {CHAPTERS} or {ACCOUNT}",
            )
    return found


def _notes(page: Page, card: Scorecard, row: int, source: str) -> None:
    """What is compared, what is assumed; the tolerance is the one in use."""
    share = f"ROUND(100*{card.parameter('tolleranza_spesa')},2)"
    page.remark(row, f"Fonte dei capitoli: {source}.")
    page.remark(
        row + 1,
        f"=\"Prima dell'ultimo forecast: l'utilizzato non supera il budget di oltre il \"&{share}&"
        f'"%; all\'ultimo: non se ne discosta di oltre il "&{share}&"% in più o in meno."',
    )
    page.remark(
        row + 2,
        "Assunzione: il punteggio dei fabbisogni è la quota dei capitoli conformi fra quelli "
        "rendicontati (il piano non dice come si misura). Un obiettivo sì/no vale il punteggio pieno se "
        "raggiunto, il minimo se no: lo scostamento è limitato al tetto.",
    )


@dataclass(frozen=True, slots=True)
class _Account:
    """The conto transitorio: whether it conforms, its inputs, the remarks on them."""

    fits: str
    inputs: list[str]
    remarks: list[str]


def _account(page: Page, card: Scorecard, row: int) -> _Account:
    """Balance of the account, running costs and whether the balance is tolerable."""
    limit, last, forecasts = (
        card.parameter(role) for role in ("quota_conto", "saldo_finale_conto", "forecast")
    )
    labels = ("Valore giacente sul CIC 1005", "Totale delle spese di funzionamento")
    cells, said = [], []
    given = (("giacente", "Giacente_conto_1005"), ("spese", "Spese_di_funzionamento"))
    for offset, (label, (measure, name)) in enumerate(zip(labels, given, strict=True)):
        page.put(row + offset, 1, label, Kind.KEY)
        validation = AMOUNT if offset else _BALANCE
        cells.append(
            page.put(
                row + offset, 2, None, Kind.INPUT, number_format=styles.EURO, validation=validation,
                datum=Datum(KeyKind.CELL, card.data.role(ACCOUNT), measure), name=name,
            )
        )  # fmt: skip
        said.append(remark_cell(page, row + offset, 3, label, f"B{row + offset}"))
    balance, running = f"B{row}", f"B{row + 1}"
    page.put(row + 2, 1, "Quota giacente", Kind.KEY)
    share = formulas.complete(f"{balance}/{running}", balance, running)
    page.put(row + 2, 2, share, Kind.FORMULA, number_format=styles.PERCENT)
    final = f"{card.quarter}*1<{forecasts}"
    page.put(row + 3, 1, "Limite: quota delle spese, all'ultimo forecast il saldo in euro", Kind.KEY)
    page.put(row + 3, 2, f"=IF({final},{limit},{last})", Kind.FORMULA, number_format="General")
    page.put(row + 4, 1, FITS, Kind.KEY)
    small = f"IF({balance}*1<={limit}*{running},1,0)"
    call = f"IF({final},{small},IF(({balance}*1={last})*({running}*1={running}),1,0))"
    fits = page.put(
        row + 4, 2, formulas.complete(call, balance, running), Kind.FORMULA, number_format=formulas.YES_NO
    )
    return _Account(fits, cells, said)


def _chapter_spec(card: Scorecard, chapters: list[Line], groups: dict[str, str]) -> TableSpec:
    def fits(place: Place) -> object:
        budget, used = place.here(BUDGET), place.here(USED)
        rest = f"{card.quarter},{card.parameter('tolleranza_spesa')},{card.parameter('forecast')}"
        call = f"IF(SPESA_CONFORME({budget},{used},{rest}),1,0)"
        return formulas.complete(call, budget, used)

    def words(place: Place) -> object:
        return f'=IF({place.here(FITS)}="","",IF({place.here(FITS)}=1,"{FITTING}","{UNFITTING}"))'

    def gap(place: Place) -> object:
        budget, used = place.here(BUDGET), place.here(USED)
        call = f'IF({budget}=0,"",({used}-{budget})/{budget})'
        return formulas.complete(call, budget, used)

    columns = [
        Column("Descrizione", Kind.LABEL, 62, lambda place: place.row.item.title, align="wrap"),
        Column(BUDGET, Kind.INPUT, 17, number_format=styles.EURO, validation=AMOUNT,
               datum=Datum(KeyKind.ITEM, "", "budget")),
        Column(
            USED, Kind.INPUT, 17, number_format=styles.EURO,
            validation=AMOUNT, datum=Datum(KeyKind.ITEM, "", "utilizzato"),
        ),
        result(GAP, 16, gap, styles.DEVIATION),
        result(FITS, 16, fits, formulas.YES_NO, align="left", judged_by=VERDICT),
        result(VERDICT, 18, words, align="left", judged_by=VERDICT),
        Column("Gruppo", Kind.LABEL, 14, lambda place: groups[place.row.item.parent]),
        Column("Capitolo", Kind.LABEL, 26, lambda place: place.row.code.rpartition(".")[2].upper()),
        Column("Codice", Kind.SOURCE, 40, lambda place: place.row.code),
        remark_column([BUDGET, USED]),
    ]  # fmt: skip
    return TableSpec("tblCapitoli", columns, [Row(line.code, item=line) for line in chapters], key="Codice")
