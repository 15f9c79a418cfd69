"""The sheets of the professionisti legali in `professionisti.xlsx`: five printed tables and the scores by structure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import Headings, check, judged_columns, result
from xl_perf.templates.kit.model import Column, Content, Datum, Link, Row, TableSpec
from xl_perf.templates.kit.names import nation
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.kit.targets import linked_column, linked_source, source_column, target_column
from xl_perf.templates.professionisti import amounts
from xl_perf.templates.professionisti.amounts import STRUCTURE, Amounts

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.plan.model import Line
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters

PNDD = Amounts("solidarieta", "Giudizi sussidiati", styles.PIECES, amounts.PIECES)
SISCO = Amounts("sisco", "Giacenza finale", styles.PIECES, amounts.PIECES)
TAR = Amounts("tar", "Giacenza finale", styles.PIECES, amounts.PIECES)
COSTS = Amounts("spese_legali", "Incassi dell'anno", styles.EURO, amounts.EURO)
CLAIMS = ("surrogatorie_medici", "surrogatorie_legali")
CREDITS = "recupero_crediti"
"""Roles of the azioni surrogatorie of two professions, and of the recovered credits."""
GOAL_BEFORE, ACTUAL_BEFORE, BY_RULE, DIFFERENCE = (
    "Obiettivo anno precedente",
    "Incassi anno precedente",
    "Obiettivo secondo la regola",
    "Differenza dal piano",
)
CREDITS_BEFORE, CREDITS_NOW, TOTAL = "Incassi anno precedente (13° mese)", "Incassi dell'anno", "TOTALE"
CLAIMS_ACTUAL = "Consuntivo"
MEDICAL, LEGAL = "medici", "legali"
_LINE = "Codice"


@dataclass(frozen=True, slots=True)
class LegalTables:
    """Where the printed tables stand."""

    pndd: Placed
    sisco: Placed
    tar: Placed
    costs: Placed
    credits: Placed
    claims: Placed


def plain_sheet(page: Page, table: str, spec: Amounts, values: Parameters) -> Placed:
    """A printed table whose actual is compared with the printed target."""
    rows = amounts.structure_rows(page.book.plan, spec.indicator(page.book))
    columns = amounts.amount_columns(page.book, spec, values)
    placed = page.table(TableSpec(table, columns, rows, key=STRUCTURE, source="Fonte"), FIRST_ROW + 1)
    page.finish()
    return placed


def stock_sheet(page: Page, table: str, spec: Amounts, values: Parameters, *, baseline: bool) -> Placed:
    """A stock to be cut, its target corrected by what came in."""
    book = page.book
    rows = amounts.structure_rows(book.plan, spec.indicator(book))
    before = amounts.received_columns(book, spec.indicator(book), baseline=baseline)
    columns = amounts.amount_columns(book, spec, values, before, amounts.CORRECTED)
    placed = page.table(TableSpec(table, columns, rows, key=STRUCTURE, source="Fonte"), FIRST_ROW + 1)
    page.remark(
        placed.last + 2,
        "Obiettivo corretto = obiettivo + (pervenuto dell'anno - pervenuto dell'anno precedente); senza "
        "i due pervenuti vale l'obiettivo stampato. Il totale si calcola quando tutte le strutture sono "
        "rilevate.",
    )
    page.finish()
    return placed


def cost_sheet(page: Page, values: Parameters) -> Placed:
    """Receipts for legal costs: the printed target, beside it what the rule makes of 2020, the accounts below."""
    book = page.book
    plan, indicator = book.plan, COSTS.indicator(book)
    rules = amounts.rule_columns(plan, indicator)

    def by_rule(place: Place) -> object:
        base, actual = place.here(GOAL_BEFORE), place.here(ACTUAL_BEFORE)
        rule, amount = place.here(amounts.RULE), place.here(amounts.AMOUNT)
        return formulas.complete(f"OBIETTIVO_REGOLA({rule},{base},{actual},{amount},{amount})", base, actual)

    def difference(place: Place) -> object:
        found = place.here(BY_RULE)
        return formulas.unless_empty(f"{found}-{place.here(amounts.GOAL)}", found)

    before = [
        *rules,
        amounts.input_column(
            GOAL_BEFORE,
            15,
            styles.EURO,
            amounts.EURO,
            (indicator, "obiettivo_precedente"),
        ),
        amounts.input_column(
            ACTUAL_BEFORE,
            15,
            styles.EURO,
            amounts.EURO,
            (indicator, "consuntivo_precedente"),
        ),
        result(BY_RULE, 15, by_rule, styles.EURO, group=amounts.G_GIVEN),
        check(DIFFERENCE, 14, difference, "+#,##0;-#,##0;0", group=amounts.G_GIVEN),
    ]
    rows = amounts.structure_rows(plan, indicator)
    columns = amounts.amount_columns(book, COSTS, values, before)
    placed = page.table(
        TableSpec("tblSpeseLegali", columns, rows, key=STRUCTURE, source="Fonte"), FIRST_ROW + 1
    )
    book.top(placed.column(BY_RULE))
    _accounts(page, placed.last + 3)
    page.finish()
    return placed


def _accounts(page: Page, row: int) -> None:
    page.section(row - 1, "Conti considerati")
    for offset, line in enumerate(_lines(page, COSTS.indicator(page.book))):
        page.text(row + offset, 1, line.code.rpartition(".")[2], styles.font(bold=True, colour=styles.INK))
        page.text(row + offset, 2, line.title)


def _lines(page: Page, indicator: str) -> list[Line]:
    return [line for line in page.book.plan.lines if line.code.startswith(f"{indicator}.")]


def credit_sheet(page: Page, values: Parameters) -> Placed:
    """Receipts from recovered credits by account; the target follows from the total of 2020."""
    book = page.book
    plan, indicator = book.plan, book.data.role(CREDITS)
    whole = nation(plan)
    rows = [Row(line.code, item=line) for line in _lines(page, indicator)]
    rows.append(Row(TOTAL, Level.NATIONAL))

    def code(row: Row) -> str:
        return f"{indicator}@{whole}@{plan.period}" if row.code == TOTAL else ""

    rule = linked_column(
        plan,
        amounts.RULE,
        24,
        Link("regola", "codice", "", amounts.RULE_KEY, amounts.RULE_SOURCE),
        code,
        styles.GENERAL,
    )
    size = linked_column(
        plan, amounts.AMOUNT, 10, Link("regola", "importo", "", amounts.RULE_KEY, amounts.RULE_SOURCE), code,
        styles.PERCENT_0,
    )  # fmt: skip

    def goal(place: Place) -> object:
        if place.row.code != TOTAL:
            return None
        actual = place.here(CREDITS_BEFORE)
        rule, amount = place.here(amounts.RULE), place.here(amounts.AMOUNT)
        return formulas.unless_empty(f"OBIETTIVO_REGOLA({rule},,{actual},{amount},{amount})", actual)

    def only_total(made: Column) -> Column:
        def content(place: Place) -> object:
            return made.content(place) if place.row.code == TOTAL else None

        return Column(
            made.heading,
            made.kind,
            made.width,
            content,
            made.number_format,
            made.align,
            judged_by=made.judged_by,
        )

    judged = judged_columns(values, values.direction(indicator), Headings(CREDITS_NOW, amounts.GOAL))
    judged[:2] = _credit_scores(values, indicator, judged)
    columns = [
        Column("Conto di incasso", Kind.LABEL, 74,
        lambda p: TOTAL if p.row.code == TOTAL else p.row.item.title, align="wrap"),
        Column("Conto", Kind.KEY, 14, lambda p: TOTAL if p.row.code == TOTAL else p.row.code.rpartition(".")[2]),
        Column(_LINE, Kind.SOURCE, 20, lambda p: p.row.code),
        Column(amounts.RULE_KEY, Kind.LABEL, 20, lambda p: code(p.row) or None, paper=False),
        _credit_input(CREDITS_BEFORE, "consuntivo_precedente"),
        rule,
        size,
        result(amounts.GOAL, 17, goal, styles.EURO),
        _credit_input(CREDITS_NOW, "consuntivo"),
        *(only_total(column) for column in judged),
        _credit_check(),
        linked_source(plan, amounts.RULE_SOURCE, 44, rule, code),
        *(amounts.summed_column(heading, styles.EURO) for heading in (CREDITS_BEFORE, CREDITS_NOW)),
    ]  # fmt: skip
    placed = page.table(TableSpec("tblRecuperoCrediti", columns, rows), FIRST_ROW)
    page.remark(
        placed.last + 2,
        "Obiettivo nazionale: consuntivo dell'anno precedente al 13° mese più la percentuale della "
        "regola, nella riga del totale. Il totale si calcola quando tutti i conti sono inseriti (zero se "
        "non ci sono incassi).",
    )
    page.finish()
    return placed


def _credit_scores(values: Parameters, indicator: str, judged: list[Column]) -> list[Column]:
    """Deviation and score, empty while the target of the year is not known yet: the column beside says so."""

    def call(function: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            actual, goal = place.here(CREDITS_NOW), place.here(amounts.GOAL)
            arguments = f"{actual},{goal},{values.direction(indicator)},{values.cap}"
            return formulas.complete(f"{function}({arguments})", actual, goal)

        return content

    functions = ("PERF_SCOSTAMENTO", "PERF_SCORE")
    return [replace(c, content=call(name)) for c, name in zip(judged[:2], functions, strict=True)]


def _credit_check() -> Column:
    """What is no number in a row; under the accounts, why the total has no score yet."""

    def content(place: Place) -> object:
        before, now = place.here(CREDITS_BEFORE), place.here(CREDITS_NOW)
        if place.row.code != TOTAL:
            waiting = f'IF(COUNTBLANK({before})+COUNTBLANK({now})=0,"OK","da rilevare")'
            return f"={remarks.on_numbers({CREDITS_BEFORE: before, CREDITS_NOW: now}, waiting)}"
        return (
            f'=IF(COUNTBLANK({place.here(amounts.GOAL)})=1,"obiettivo non ancora definito: attende il '
            f'{CREDITS_BEFORE}","")'
        )

    return Column(amounts.CHECK, Kind.CHECK, 40, content, judged_by=amounts.CHECK)


def _credit_input(heading: str, measure: str) -> Column:
    """Receipts of an account; their total is empty until every account is entered."""

    def content(place: Place) -> object:
        if place.row.code != TOTAL:
            return None
        return Content(amounts.strict_total(place, heading), Kind.FORMULA)

    datum = Datum(KeyKind.ITEM, "", measure, key=_LINE)
    return Column(heading, Kind.INPUT, 17, content, styles.EURO, validation=amounts.EURO, datum=datum)


def claims_sheet(page: Page, values: Parameters) -> Placed:
    """Azioni surrogatorie, one actual for two professions, each with its target."""
    book = page.book
    plan = book.plan
    codes = [book.data.role(role) for role in CLAIMS]
    rows = amounts.structure_rows(plan, codes[0])
    targets = [
        target_column(plan, f"Obiettivo {who}", 16, "struttura", indicator, styles.EURO, group=amounts.G_GOAL)
        for who, indicator in zip((MEDICAL, LEGAL), codes, strict=True)
    ]

    judged = [
        column
        for who, indicator in zip((MEDICAL, LEGAL), codes, strict=True)
        for column in judged_columns(
            values, values.direction(indicator),
            Headings(CLAIMS_ACTUAL, f"Obiettivo {who}", f"Scostamento {who}", f"Punteggio {who}", f"Esito {who}"),
            who.capitalize(),
        )
    ]  # fmt: skip
    columns = [
        Column(STRUCTURE, Kind.KEY, 36, lambda place: place.row.code, group=amounts.G_KEY),
        *targets,
        amounts.input_column(CLAIMS_ACTUAL, 16, styles.EURO, amounts.EURO, (codes[0], "consuntivo")),
        *judged,
        amounts.check_column([CLAIMS_ACTUAL], amounts.G_RESULT),
        source_column(plan, targets, "Fonte", 50, amounts.G_SOURCE),
        amounts.summed_column(CLAIMS_ACTUAL, styles.EURO),
    ]
    placed = page.table(
        TableSpec("tblSurrogatorie", columns, rows, key=STRUCTURE, source="Fonte"), FIRST_ROW + 1
    )
    page.finish()
    return placed
