"""The people of `valutazione_individuale.xlsx`: staff of the areas A, B, C, and dirigenti with professionisti."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.plan.titles import weight_title
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import check, result, verdict_column
from xl_perf.templates.kit.model import Column, Row, TableSpec, Validation
from xl_perf.templates.kit.names import CAP, CENTRE
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.valutazione_individuale import names, scored
from xl_perf.templates.valutazione_individuale.example import cell

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters
    from xl_perf.templates.valutazione_individuale.example import Example
    from xl_perf.templates.valutazione_individuale.plan import Evaluation

_G_WHO, _G_INPUT, _G_RESULT, _G_CHECK = "Persona", "Valutazione (da compilare)", "Risultato", "Controlli"
_ONLY_NAME = "riconosce la persona: nessun punteggio ne dipende"
_SMVP = "Scheda del SMVP, sulla scala del gruppo (atteso = 100). Vuoto se la valutazione non è conclusa."

_NAME = Validation(
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
_UNIT = Validation(
    "textLength",
    "Struttura",
    "Struttura o incarico (testo libero).",
    "Inserire un testo fra 1 e 80 caratteri.",
    minimum=1,
    maximum=80,
)


def _points(book: Book, title: str, message: str) -> Validation:
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
    page: Page, evaluation: Evaluation, values: Parameters, groups: Placed, example: Example
) -> Placed:
    """Rows for the people of the areas A, B, C: inputs, a score for each purpose, coefficient of the TEP.

    Args:
        page: the empty page.
        evaluation: what the plan evaluates.
        values: where the parameters stand.
        groups: the table of the groups, for the score of the group.
        example: example inputs.
    """
    rows = [Row(str(number)) for number in range(1, names.STAFF + 1)]
    columns = [
        Column(names.NUMBER, Kind.KEY, 7, lambda place: int(place.row.code), group=_G_WHO, align="center"),
        *_staff_inputs(page.book, evaluation, example),
        *_staff_results(page.book, evaluation, values, groups),
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
        (names.NAME, 30, "left", _NAME, _G_WHO, _ONLY_NAME),
        (names.AREA, 8, "center", _AREA, _G_WHO, "classifica la persona: nessun peso ne dipende"),
        (names.STRUCTURE, 34, "left", _STRUCTURE, _G_WHO, ""),
        (names.POSITION, 8, "center", _POSITION, _G_WHO, ""),
        (names.CONTRIBUTION, 13, "", _points(book, "Contributo individuale", _SMVP), _G_INPUT, ""),
        (names.SKILLS, 11, "", _points(book, "Abilità", f"{_SMVP} Serve dove le abilità pesano."), _G_INPUT, ""),
        (names.LEVEL, 10, "center", _levels(evaluation), _G_INPUT, ""),
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


def _staff_results(book: Book, evaluation: Evaluation, values: Parameters, groups: Placed) -> list[Column]:
    levels = values.refs(evaluation.levels)
    book.define("Coefficienti_TEP", levels)

    def coefficient(place: Place) -> object:
        level = place.here(names.LEVEL)
        return formulas.unless_empty(f"TEP_COEFFICIENTE({level},{levels})", level)

    main, *others = evaluation.purposes
    return [
        result(names.GROUP, 12, _group_score(groups), styles.SCORE, group=_G_RESULT),
        result(
            main.title,
            15,
            scored.score_of(main, values),
            styles.SCORE,
            group=_G_RESULT,
            judged_by=names.VERDICT,
        ),
        verdict_column(values, main.title, names.VERDICT, _G_RESULT),
        *(
            result(purpose.title, 15, scored.score_of(purpose, values), styles.SCORE, group=_G_RESULT)
            for purpose in others
        ),
        result(names.COEFFICIENT, 13, coefficient, styles.RATIO, group=_G_RESULT),
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
        Column(names.CHECK, Kind.CHECK, 44, words, group=_G_CHECK, judged_by=names.CHECK),
        check(names.COUNTED, 9, counted, group=_G_CHECK),
        check(names.MAIN_SUM, 10, points, styles.SCORE, group=_G_CHECK),
    ]


def manager_table(page: Page, evaluation: Evaluation, values: Parameters, example: Example) -> Placed:
    """Rows for dirigenti and professionisti: what the plan evaluates them by, and their score.

    Args:
        page: the empty page.
        evaluation: what the plan evaluates.
        values: where the parameters stand.
        example: example inputs.
    """
    plan = page.book.plan
    titles = {node: weight_title(plan, node) for node in evaluation.categories}
    measures = [plan.indicators[code].short or plan.indicators[code].title for code in evaluation.measures]
    rows = [Row(str(number)) for number in range(1, names.MANAGERS + 1)]
    columns = [
        Column(names.NUMBER, Kind.KEY, 7, lambda place: int(place.row.code), group=_G_WHO, align="center"),
        *_manager_inputs(page.book, list(titles.values()), measures, example),
        *_manager_results(values, titles, measures),
    ]
    table = page.table(TableSpec(names.T_MANAGERS, columns, rows, filters=True), FIRST_ROW + 1)
    page.book.top(table.column(names.TOTAL))
    page.remark(
        table.last + 1,
        "Pesi nel foglio Parametri, che dice quali sono stampati nel piano e quali ricostruiti.",
    )
    page.finish()
    return table


def _manager_inputs(
    book: Book, categories: Sequence[str], measures: Sequence[str], example: Example
) -> list[Column]:
    listed = ",".join(categories)
    role = Validation(
        "list",
        "Qualifica",
        f"Una di: {', '.join(categories)}.",
        "Scegliere dall'elenco.",
        source=f'"{listed}"',
    )
    inputs = (
        (names.NAME, 30, "left", _NAME, _G_WHO, _ONLY_NAME),
        (names.ROLE, 18, "left", role, _G_WHO, ""),
        (names.STRUCTURE, 34, "left", _UNIT, _G_WHO, "struttura o incarico, testo libero: nessun punteggio ne dipende"),
        *(
            (heading, 16, "", _points(book, heading[:32], f"{heading}: {_SMVP}"), _G_INPUT, "")
            for heading in measures
        ),
    )  # fmt: skip
    return [
        Column(
            heading, Kind.INPUT, width, cell(example.manager, heading),
            styles.SCORE if align == "" else styles.GENERAL, align=align, validation=validation, group=group,
            informative=informative, datum=names.of_row("dirigenti", heading),
        )
        for heading, width, align, validation, group, informative in inputs
    ]  # fmt: skip


def _manager_results(values: Parameters, titles: Mapping[str, str], measures: Sequence[str]) -> list[Column]:
    first, last = measures[0], measures[-1]

    def score(place: Place) -> object:
        role, scores = place.here(names.ROLE), place.across(first, last)
        *others, last_node = titles
        weights = values.weights(last_node)
        for node in reversed(others):
            weights = f'IF({role}="{titles[node]}",{values.weights(node)},{weights})'
        call = f"PERF_SINTESI({scores},{weights})"
        return f'=IF({place.here(scored.MISSING)}>0,"",{call})'

    def wrong(place: Place) -> object:
        scores = place.across(first, last)
        unknown = remarks.not_among(place.here(names.ROLE), titles.values())
        return f"=IF(OR({unknown},COUNT({scores})+COUNTBLANK({scores})<{len(measures)}),1,0)"

    def missing(place: Place) -> object:
        blank = f"COUNTBLANK({place.here(names.ROLE)})+COUNTBLANK({place.across(first, last)})"
        return f"=IF({place.here(scored.WRONG)}=1,#VALUE!,{blank})"

    def words(place: Place) -> object:
        role = place.here(names.ROLE)
        conditions = [
            (f"COUNTBLANK({place.here(names.NAME)})=1", "manca il nominativo"),
            (f"COUNTBLANK({role})=1", "manca la qualifica"),
            (remarks.not_among(role, titles.values()), f"{names.ROLE}: {remarks.NO_CHOICE}"),
        ]
        rest = f'IF({place.here(names.TOTAL)}="","valutazione da completare","OK")'
        cells = {heading: place.here(heading) for heading in measures}
        found = remarks.on_numbers(cells, remarks.remark(conditions, rest))
        return f'=IF({formulas.blank(place.across(names.NAME, last))},"",{found})'

    return [
        result(names.TOTAL, 12, score, styles.SCORE, group=_G_RESULT, judged_by=names.VERDICT),
        verdict_column(values, names.TOTAL, names.VERDICT, _G_RESULT),
        Column(names.CHECK, Kind.CHECK, 44, words, group=_G_CHECK, judged_by=names.CHECK),
        scored.service(scored.WRONG, wrong),
        scored.service(scored.MISSING, missing),
    ]
