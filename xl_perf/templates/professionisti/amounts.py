"""Tables of `professionisti.xlsx` by structure, as the plan prints them: pieces or euro against a target, the total."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind
from xl_perf.errors import PlanError
from xl_perf.plan.describe import describe_source, target_values
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import Headings, check, judged_columns, result
from xl_perf.templates.kit.model import Column, Content, Datum, Link, Row, Validation
from xl_perf.templates.kit.names import in_order, nation
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.kit.targets import linked_column, target_column

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.plan.model import Plan
    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.model import Place
    from xl_perf.templates.kit.parameters import Parameters

STRUCTURE, GOAL, GAP, SCORE, VERDICT, REPORTED = (
    "Struttura",
    "Obiettivo",
    "Scostamento",
    "Punteggio",
    "Esito",
    "Strutture rilevate",
)
BASELINE, BEFORE, NOW, CORRECTED, STATE = (
    "Giacenza al 1° gennaio",
    "Pervenuto anno precedente",
    "Pervenuto dell'anno",
    "Obiettivo corretto",
    "Correzione",
)
CHECK, MORE = "Controllo dati", "Differenza del pervenuto"
_CORRECTED = "corretto"
RULE, RULE_KEY, RULE_SOURCE, AMOUNT = "Regola", "Codice regola", "Fonte regola", "Importo regola"
G_KEY, G_GOAL, G_GIVEN, G_RESULT, G_SOURCE = (
    "Struttura",
    "Piano",
    "Da compilare",
    "Risultato",
    "Note e fonti",
)

PIECES = Validation(
    "whole",
    "Numero",
    "Numero intero maggiore o uguale a zero. Vuoto se non ancora disponibile; zero se non ce ne sono.",
    "Inserire un numero intero maggiore o uguale a zero, senza testo.",
)
EURO = Validation(
    "decimal",
    "Importo in euro",
    "Importo in euro, maggiore o uguale a zero. Vuoto se non ancora disponibile.",
    "Inserire un numero maggiore o uguale a zero, senza testo né unità di misura.",
)
INDEX = Validation(
    "decimal",
    "Numero indice",
    "Indice del Cruscotto, maggiore di zero (per esempio 101,5). Vuoto se non ancora disponibile.",
    "Inserire un numero maggiore o uguale a zero, senza testo.",
)


@dataclass(frozen=True, slots=True)
class Amounts:
    """A printed table: role of its indicator, what is counted, how it is shown."""

    role: str
    actual: str
    number_format: str
    validation: Validation

    def indicator(self, book: Book) -> str:
        """Code of the indicator in the edition of a workbook."""
        return book.data.role(self.role)


def is_total(place: Place) -> bool:
    """Whether a row stands for the whole institute."""
    return place.row.level is Level.NATIONAL


def structure_rows(plan: Plan, indicator: str) -> list[Row]:
    """The structures that have a target, the total last."""
    whole = nation(plan)
    codes = [t.structure for t in plan.targets if (t.indicator, t.period) == (indicator, plan.period)]
    rows = [Row(code, item=plan.structures[code]) for code in in_order(plan, codes) if code != whole]
    return [*rows, Row(whole, Level.NATIONAL, plan.structures[whole])]


def summed(heading: str) -> str:
    """Heading of the column that holds what the total takes from the structures."""
    return f"{heading.partition(' (')[0]} nelle somme"


def summed_column(heading: str, number_format: str, ratio: str = "") -> Column:
    """What the total takes from each structure, right of what is printed.

    Args:
        heading: the column that is summed.
        number_format: its format.
        ratio: a column that has a result where the cell counts; without it every cell counts, and the total's own row
            counts as 0, so that it never is the one that is missing.
    """

    def content(place: Place) -> object:
        if is_total(place):
            return None if ratio else 0
        value = place.here(heading)
        return f'=IF({place.here(ratio)}="","",{value}*1)' if ratio else formulas.shown(value)

    return Column(summed(heading), Kind.CHECK, 15, content, number_format, align="right", paper=False)


def strict_total(place: Place, heading: str) -> str:
    """Sum over the structures, empty until every one is reported: part of a sum has no target of its own."""
    return formulas.strict_total(place.table.column(summed(heading)))


def input_column(
    heading: str, width: float, number_format: str, validation: Validation,
    what: tuple[str, str], group: str = G_GIVEN,
) -> Column:  # fmt: skip
    """An input for every structure whose total is a strict sum; `what` is its item and measure."""

    def content(place: Place) -> object:
        if is_total(place):
            return Content(strict_total(place, heading), Kind.FORMULA)
        return None

    return Column(
        heading, Kind.INPUT, width, content, number_format, validation=validation, group=group,
        datum=of_structures(*what),
    )  # fmt: skip


def of_structures(item: str, measure: str) -> Datum:
    """A measure of an item, a structure in each row."""
    return Datum(KeyKind.STRUCTURE, item, measure, "", key=STRUCTURE)


def check_column(headings: Sequence[str], group: str = "", heading: str = CHECK) -> Column:
    """The remark that names the first of some inputs of a row that is no number."""

    def content(place: Place) -> object:
        if is_total(place):
            return None
        cells = {heading: place.here(heading) for heading in headings}
        waiting = f'IF({"+".join(f"COUNTBLANK({cell})" for cell in cells.values())}=0,"OK","da rilevare")'
        return f"={remarks.on_numbers(cells, waiting)}"

    return Column(heading, Kind.CHECK, 40, content, group=group, judged_by=heading)


def amount_columns(
    book: Book, amounts: Amounts, values: Parameters, before: Sequence[Column] = (), goal: str = GOAL
) -> list[Column]:
    """Structure, target, actual, deviation, score, verdict, how many report, source.

    Args:
        book: the workbook.
        amounts: the printed table.
        values: where the parameters stand.
        before: columns between the target and the actual.
        goal: heading of the target that the actual is compared with.
    """
    plan, indicator = book.plan, amounts.indicator(book)
    target = target_column(plan, GOAL, 15, "struttura", indicator, amounts.number_format, group=G_GOAL)

    def reported(place: Place) -> object:
        if not is_total(place):
            return f"=1-COUNTBLANK({place.here(amounts.actual)})"
        cells = place.table.column(summed(amounts.actual))
        return f"=ROWS({cells})-1-COUNTBLANK({cells})"

    names = Headings(amounts.actual, goal, GAP, SCORE, VERDICT)
    return [
        Column(STRUCTURE, Kind.KEY, 40, lambda place: place.row.code, group=G_KEY),
        target,
        *before,
        input_column(amounts.actual, 17, amounts.number_format, amounts.validation, (indicator, "consuntivo")),
        *judged_columns(values, values.direction(indicator), names, G_RESULT),
        check(REPORTED, 11, reported, group=G_RESULT),
        check_column([*(c.heading for c in before if c.kind is Kind.INPUT), amounts.actual], G_RESULT),
        *_notes(plan, indicator),
        Column("Fonte", Kind.SOURCE, 48, _sources(plan, [target, *before]), group=G_SOURCE),
        *(summed_column(c.heading, amounts.number_format) for c in before if c.kind is Kind.INPUT),
        summed_column(amounts.actual, amounts.number_format),
    ]  # fmt: skip


def _notes(plan: Plan, indicator: str) -> list[Column]:
    """What the plan says about single targets; no column where it says nothing."""
    notes = {
        t.structure: t.note for t in plan.targets if t.indicator == indicator and t.period == plan.period
    }
    if not any(notes.values()):
        return []
    return [Column("Nota", Kind.SOURCE, 34, lambda p: notes[p.row.code] or None, group=G_SOURCE)]


def _sources(plan: Plan, columns: Sequence[Column]) -> Callable[[Place], object]:
    """Where target and rule of a row come from, in the order in which sync meets their columns."""
    links = [column.link for column in columns if column.link is not None]

    def content(place: Place) -> object:
        return describe_source(
            target_values(
                plan, link.key_kind, link.fixed, link.period,
                _rule_code(plan, link.key, place.row) or place.row.code,
            )
            for link in links
        )  # fmt: skip

    return content


def _rule_code(plan: Plan, key: str, row: Row) -> str:
    """The code of a rule, for links whose key column names its indicator; empty for others."""
    return (
        f"{key.removeprefix(RULE_KEY).strip()}@{row.code}@{plan.period}" if key.startswith(RULE_KEY) else ""
    )


def rule_columns(plan: Plan, indicator: str) -> list[Column]:
    """The rule of each target and its amount, hidden where no rule has one.

    The table's source column speaks for both.
    """
    key = f"{RULE_KEY} {indicator}"

    def code(row: Row) -> str:
        return _rule_code(plan, key, row)

    rule = linked_column(
        plan, RULE, 15, Link("regola", "codice", "", key), code, styles.GENERAL, group=G_GOAL
    )
    size = linked_column(
        plan, AMOUNT, 10, Link("regola", "importo", "", key), code, styles.PERCENT_0, group=G_GOAL
    )
    plain = all(r.amount is None for r in plan.target_rules if r.indicator == indicator)
    return [
        Column(key, Kind.LABEL, 20, lambda p: code(p.row), paper=False, group=G_GOAL),
        rule,
        replace(size, paper=False if plain else None),
    ]


def received_columns(book: Book, indicator: str, *, baseline: bool) -> list[Column]:
    """What came in this year and the year before, their difference, and the target corrected by it.

    Without both numbers the printed target stays, and the column beside it says so.
    """
    plan = book.plan
    rules = rule_columns(plan, indicator)

    def more(place: Place) -> object:
        old, new = place.here(BEFORE), place.here(NOW)
        blanks = f"COUNTBLANK({old})+COUNTBLANK({new})"
        known = f'{place.here(STATE)}="{_CORRECTED}"'
        return f'=IF(COUNT({old},{new})+{blanks}<2,#VALUE!,IF({known},{new}-{old},""))'

    def corrected(place: Place) -> object:
        goal, difference = place.here(GOAL), place.here(MORE)
        call = f"OBIETTIVO_REGOLA({place.here(RULE)},{goal},,{difference},{place.here(AMOUNT)})"
        return f'=IF({difference}="",{goal},{call})'

    def state(place: Place) -> object:
        old, new = place.here(BEFORE), place.here(NOW)
        return f'=IF(COUNTBLANK({old})+COUNTBLANK({new})>0,"senza correzione","{_CORRECTED}")'

    def start(place: Place) -> object:
        try:
            return Content(plan.actual(indicator, plan.period, "baseline", place.row.code).value, Kind.TARGET)
        except PlanError:
            return None

    first = (
        [Column(BASELINE, Kind.LABEL, 13, start, styles.PIECES, align="right", group=G_GOAL)]
        if baseline
        else []
    )
    return [
        *first,
        *rules,
        input_column(BEFORE, 13, styles.PIECES, PIECES, (indicator, "pervenuto_precedente")),
        input_column(NOW, 13, styles.PIECES, PIECES, (indicator, "pervenuto")),
        result(CORRECTED, 14, corrected, styles.PIECES, group=G_GIVEN),
        Column(STATE, Kind.CHECK, 18, state, group=G_GIVEN),
        Column(MORE, Kind.CHECK, 14, more, "+#,##0;-#,##0;0", align="right", paper=False),
    ]  # fmt: skip
