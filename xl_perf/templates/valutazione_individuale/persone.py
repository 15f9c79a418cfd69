"""The staff of the areas A, B, C in `valutazione_individuale.xlsx`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import check, result, verdict_column
from xl_perf.templates.kit.model import Column, Row, TableSpec, Validation
from xl_perf.templates.kit.names import CAP, CENTRE
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.valutazione_individuale import names, scored
from xl_perf.templates.valutazione_individuale.example import cell

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters
    from xl_perf.templates.valutazione_individuale.example import Example
    from xl_perf.templates.valutazione_individuale.plan import Evaluation

G_WHO, G_INPUT, G_RESULT, G_CHECK = "Persona", "Valutazione (da compilare)", "Risultato", "Controlli"
ONLY_NAME = "riconosce la persona: nessun punteggio ne dipende"
SMVP = "Scheda del SMVP, sulla scala del gruppo (atteso = 100). Vuoto se la valutazione non è conclusa."

NAME = Validation(
    "textLength",
    "Nominativo",
    "Nome e cognome, matricola o codice; si può incollare un elenco (solo valori). Dato personale: vedi Note e fonti.",
    "Inserire un testo fra 1 e 80 caratteri.",
    minimum=1,
    maximum=80,
)
_AREA = Validation(
    "list", "Area", "Area di inquadramento: A, B o C.", "Scegliere A, B o C.", source='"A,B,C"'
)
_STRUCTURE = Validation(
    "list",
    "Struttura",
    "Struttura a cui la persona afferisce, fra quelle scelte nel foglio Gruppi: da lì viene il punteggio di gruppo.",
    "Scegliere una struttura del foglio Gruppi.",
    source="Elenco_gruppi",
)
_POSITION = Validation(
    "list",
    "Posizione organizzativa",
    "sì = titolare di posizione organizzativa (P.O.), no = senza: cambiano i pesi.",
    "Scegliere sì oppure no.",
    source=f'"{names.YES},{names.NO}"',
)


def points_of(book: Book, title: str, message: str) -> Validation:
    """A score from 0 to the highest that the capped deviation allows."""
    centre, cap = (book.plan.parameter(book.data.role(role)) for role in (CENTRE, CAP))
    highest = centre * (1 + cap)
    error = f"Inserire un punteggio fra 0 e {highest:.0f}, senza testo."
    return Validation("decimal", title, message, error, maximum=highest)


def _levels(evaluation: Evaluation) -> Validation:
    count = len(evaluation.levels)
    return Validation(
        "whole",
        "Livello TEP",
        f"Livello di comportamento da 1 a {count}: che cosa vuol dire ciascuno è nel foglio Parametri.",
        f"Inserire un numero intero da 1 a {count}.",
        minimum=1,
        maximum=count,
    )


def staff_table(
    page: Page, evaluation: Evaluation, values: Parameters, groups: Placed, levels: str, example: Example
) -> Placed:
    """Rows for the people of the areas A, B, C: inputs, a score for each purpose, coefficient of the TEP.

    Args:
        page: the empty page.
        evaluation: what the plan evaluates.
        values: where the parameters stand.
        groups: the table of the groups, for the score of the group.
        levels: reference to the coefficients of the TEP, see `coefficient_table`.
        example: example inputs.
    """
    rows = [Row(str(number)) for number in range(1, names.STAFF + 1)]
    columns = [
        Column(names.NUMBER, Kind.KEY, 7, lambda place: int(place.row.code), group=G_WHO, align="center"),
        *_staff_inputs(page.book, evaluation, example),
        *_staff_results(levels, evaluation, values, groups),
        *_staff_checks(evaluation, groups),
    ]
    table = page.table(TableSpec(names.T_STAFF, columns, rows, filters=True, aside=names.OFF), FIRST_ROW + 1)
    for heading in (*(purpose.title for purpose in evaluation.purposes), names.COEFFICIENT):
        page.book.top(table.column(heading))
    page.book.define("Elenco_persone", table.column(names.NUMBER))
    page.finish()
    return table


def _staff_inputs(book: Book, evaluation: Evaluation, example: Example) -> list[Column]:
    inputs = (
        (names.NAME, 30, "left", NAME, G_WHO, ONLY_NAME),
        (names.AREA, 8, "center", _AREA, G_WHO, "classifica la persona: nessun peso ne dipende"),
        (names.STRUCTURE, 34, "left", _STRUCTURE, G_WHO, ""),
        (names.POSITION, 8, "center", _POSITION, G_WHO, ""),
        (names.CONTRIBUTION, 13, "", points_of(book, "Contributo individuale", SMVP), G_INPUT, ""),
        (names.SKILLS, 11, "", points_of(book, "Abilità", f"{SMVP} Serve dove le abilità pesano."), G_INPUT, ""),
        (names.LEVEL, 10, "center", _levels(evaluation), G_INPUT, ""),
    )  # fmt: skip
    return [
        Column(
            heading, Kind.INPUT, width, cell(example.staff, heading),
            styles.SCORE if align == "" else styles.GENERAL, align=align, validation=validation, group=group,
            informative=informative, datum=names.of_row("personale", heading),
        )
        for heading, width, align, validation, group, informative in inputs
    ]  # fmt: skip


def _group_score(groups: Placed) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        pick = place.here(names.STRUCTURE)
        match = f"MATCH({pick},{groups.column(names.STRUCTURE)},0)"
        return formulas.unless_empty(f"INDEX({groups.column(names.GROUP_SCORE)},{match})", pick)

    return content


def coefficient_table(page: Page, evaluation: Evaluation, values: Parameters) -> str:
    """The coefficients of the TEP in the order of the levels, which a function takes together.

    Args:
        page: the `Parametri` page.
        evaluation: what the plan evaluates.
        values: where the parameters stand.

    Returns:
        Reference to the coefficients, which have a name.
    """
    row, coefficient = values.last_row + 3, "Coefficiente"
    page.section(row - 1, "Coefficienti del TEP per livello (i valori sono nella tabella dei parametri)")
    rows = [Row(code, item=number) for number, code in enumerate(evaluation.levels, start=1)]
    columns = [
        Column(names.LEVEL, Kind.KEY, 46, lambda place: place.row.item, align="left"),
        result(coefficient, 52, lambda place: f"={values.ref(place.row.code)}", styles.RATIO),
    ]
    table = page.table(TableSpec("tblCoefficientiTep", columns, rows, key=names.LEVEL), row)
    page.book.define("Coefficienti_TEP", table.column(coefficient))
    return table.column(coefficient)


def _staff_results(levels: str, evaluation: Evaluation, values: Parameters, groups: Placed) -> list[Column]:
    def coefficient(place: Place) -> object:
        level = place.here(names.LEVEL)
        return formulas.unless_empty(f"TEP_COEFFICIENTE({level},{levels})", level)

    main, *others = evaluation.purposes
    return [
        result(names.GROUP, 12, _group_score(groups), styles.SCORE, group=G_RESULT),
        result(
            main.title,
            15,
            scored.score_of(main, values),
            styles.SCORE,
            group=G_RESULT,
            judged_by=names.VERDICT,
        ),
        verdict_column(values, main.title, names.VERDICT, G_RESULT),
        *(
            result(purpose.title, 15, scored.score_of(purpose, values), styles.SCORE, group=G_RESULT)
            for purpose in others
        ),
        result(names.COEFFICIENT, 13, coefficient, styles.RATIO, group=G_RESULT),
        *scored.service_columns(evaluation.purposes, values),
    ]


def _staff_checks(evaluation: Evaluation, groups: Placed) -> list[Column]:
    main = evaluation.purposes[0].title

    def words(place: Place) -> object:
        pick, position = place.here(names.STRUCTURE), place.here(names.POSITION)
        listed = groups.column(names.STRUCTURE)
        coverage = f"INDEX({groups.column(names.COVERAGE)},MATCH({pick},{listed},0))"
        conditions = [
            (f"COUNTBLANK({place.here(names.NAME)})=1", "manca il nominativo"),
            (f"COUNTBLANK({pick})=1", "manca la struttura"),
            (remarks.not_listed(pick, listed), f"{names.STRUCTURE}: fuori dai gruppi"),
            (f"COUNTBLANK({position})=1", "manca P.O. sì/no"),
            (remarks.not_among(position, (names.YES, names.NO)), f"{names.POSITION}: {remarks.NO_CHOICE}"),
            (f"ISERROR({place.here(names.GROUP)})", f"{names.GROUP}: errore nel foglio {names.S_GROUPS}"),
            (f"ISERROR({place.here(names.COEFFICIENT)})", f"{names.LEVEL}: {remarks.NO_CHOICE}"),
        ]
        rest = (
            f'IF({place.here(names.GROUP)}="","gruppo senza punteggio",'
            f'IF({place.here(main)}="","valutazione da completare",IF({coverage}<1,"gruppo parziale","OK")))'
        )
        cells = {h: place.here(h) for h in (names.CONTRIBUTION, names.SKILLS, names.LEVEL)}
        found = remarks.on_numbers(cells, remarks.remark(conditions, rest))
        return f'=IF({formulas.blank(place.across(names.NAME, names.LEVEL))},"",{found})'

    def counted(place: Place) -> object:
        return f"=1-COUNTBLANK({place.here(main)})"

    def points(place: Place) -> object:
        score = place.here(main)
        return f'=IF({score}="",0,{score})'

    return [
        Column(names.CHECK, Kind.CHECK, 44, words, group=G_CHECK, judged_by=names.CHECK),
        check(names.COUNTED, 9, counted, group=G_CHECK),
        check(names.MAIN_SUM, 10, points, styles.SCORE, group=G_CHECK),
    ]
