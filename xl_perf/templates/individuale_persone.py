"""The people of `valutazione_individuale.xlsx`: staff of the areas A, B, C, and dirigenti with professionisti."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates import formulas, styles
from xl_perf.templates import individuale_names as names
from xl_perf.templates.columns import check, result, verdict_column
from xl_perf.templates.individuale_example import cell
from xl_perf.templates.model import Column, PrintSetup, Row, TableSpec, Validation
from xl_perf.templates.page import FIRST_ROW
from xl_perf.templates.styles import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.book import Book
    from xl_perf.templates.individuale_example import Example
    from xl_perf.templates.model import Place, Placed
    from xl_perf.templates.page import Page
    from xl_perf.templates.parameters import Parameters

_G_WHO, _G_INPUT, _G_RESULT, _G_CHECK = "Persona", "Valutazione (da compilare)", "Risultato", "Controlli"
_SMVP = "Scheda del SMVP, sulla scala del gruppo (atteso = 100). Vuoto se la valutazione non è conclusa."

_NAME = Validation(
    "textLength",
    "Nominativo",
    "Nome e cognome, matricola o un codice. Si può incollare un elenco (solo valori). È un dato personale: vedere Istruzioni.",
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
_ROLE = Validation(
    "list",
    "Qualifica",
    "Dirigente o professionista.",
    "Scegliere dirigente oppure professionista.",
    source=f'"{names.MANAGER},{names.PROFESSIONAL}"',
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
    highest = book.plan.parameter("punteggio_obiettivo") * (1 + book.plan.parameter("tetto_scostamento"))
    error = f"Inserire un punteggio fra 0 e {highest:.0f}, senza testo."
    return Validation("decimal", title, message, error, maximum=highest)


def _levels(book: Book) -> Validation:
    count = sum(code.startswith("individuale.tep.") for code in book.plan.parameters)
    return Validation(
        "whole",
        "Livello TEP",
        f"Livello di comportamento da 1 (grave demerito) a {count} (apporto altamente innovativo): testi nel foglio Parametri.",
        f"Inserire un numero intero da 1 a {count}.",
        minimum=1,
        maximum=count,
    )


def staff_table(page: Page, values: Parameters, groups: Placed, example: Example) -> Placed:
    """Rows for the people of the areas A, B, C: inputs, scores for both purposes, coefficient of the TEP.

    Args:
        page: the empty page.
        values: where the parameters stand.
        groups: the table of the groups, for the score of the group.
        example: example inputs.
    """
    rows = [Row(str(number)) for number in range(1, names.STAFF + 1)]
    columns = [
        Column(names.NUMBER, Kind.KEY, 7, lambda place: int(place.row.code), group=_G_WHO, align="center"),
        *_staff_inputs(page.book, example),
        *_staff_results(values, groups),
        *_staff_checks(groups),
    ]
    table = page.table(TableSpec(names.T_STAFF, columns, rows, filters=True), FIRST_ROW + 1)
    page.book.define("Elenco_persone", table.column(names.NUMBER))
    page.finish(freeze=f"C{table.header + 1}", setup=PrintSetup())
    return table


def _staff_inputs(book: Book, example: Example) -> list[Column]:
    inputs = (
        (names.NAME, 30, "left", _NAME, _G_WHO),
        (names.AREA, 8, "center", _AREA, _G_WHO),
        (names.STRUCTURE, 34, "left", _STRUCTURE, _G_WHO),
        (names.POSITION, 8, "center", _POSITION, _G_WHO),
        (names.CONTRIBUTION, 13, "", _points(book, "Contributo individuale", _SMVP), _G_INPUT),
        (names.SKILLS, 11, "", _points(book, "Abilità", f"{_SMVP} Senza P.O. serve solo per l'alta formazione."), _G_INPUT),
        (names.LEVEL, 10, "center", _levels(book), _G_INPUT),
    )  # fmt: skip
    return [
        Column(
            heading, Kind.INPUT, width, cell(example.staff, heading),
            styles.SCORE if align == "" else styles.GENERAL, align=align, validation=validation, group=group,
        )
        for heading, width, align, validation, group in inputs
    ]  # fmt: skip


def _group_score(groups: Placed) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        pick = place.here(names.STRUCTURE)
        match = f"MATCH({pick},{groups.column(names.STRUCTURE)},0)"
        return formulas.unless_empty(f"INDEX({groups.column(names.GROUP_SCORE)},{match})", pick)

    return content


def _staff_results(values: Parameters, groups: Placed) -> list[Column]:
    def call(place: Place, position: int, purpose: str) -> str:
        group, contribution, skills = (place.here(h) for h in (names.GROUP, names.CONTRIBUTION, names.SKILLS))
        return f'PERF_INDIVIDUALE({group},{contribution},{skills},{position},"{purpose}")'

    def scored(purpose: str, *, skills_count: bool) -> Callable[[Place], object]:
        """Empty until every dimension that counts is known; without P.O. the skills may not count."""

        def content(place: Place) -> object:
            skills, position = place.here(names.SKILLS), place.here(names.POSITION)
            with_position = f'IF({skills}="","",{call(place, 1, purpose)})'
            without = call(place, 0, purpose)
            if skills_count:
                without = f'IF({skills}="","",{without})'
            choice = f'IF({position}="{names.YES}",{with_position},{without})'
            return formulas.unless_empty(
                choice, place.here(names.GROUP), place.here(names.CONTRIBUTION), position
            )

        return content

    def coefficient(place: Place) -> object:
        level = place.here(names.LEVEL)
        return formulas.unless_empty(f"TEP_COEFFICIENTE({level})", level)

    return [
        result(names.GROUP, 12, _group_score(groups), styles.SCORE, group=_G_RESULT),
        result(
            names.ACCESSORY, 12, scored(names.PURPOSES[0], skills_count=False), styles.SCORE, group=_G_RESULT,
            judged_by=names.VERDICT,
        ),
        verdict_column(values, names.ACCESSORY, names.VERDICT, _G_RESULT),
        result(names.TRAINING, 12, scored(names.PURPOSES[1], skills_count=True), styles.SCORE, group=_G_RESULT),
        result(names.COEFFICIENT, 12, coefficient, styles.RATIO, group=_G_RESULT),
    ]  # fmt: skip


def _staff_checks(groups: Placed) -> list[Column]:
    def words(place: Place) -> object:
        pick = place.here(names.STRUCTURE)
        match = f"MATCH({pick},{groups.column(names.STRUCTURE)},0)"
        coverage = f"INDEX({groups.column(names.COVERAGE)},{match})"
        filled = f'SUMPRODUCT(({place.across(names.NAME, names.LEVEL)}<>"")*1)'
        return (
            f'=IF({filled}=0,"",IF({place.here(names.NAME)}="","▼ manca il nominativo",IF({pick}="","▼ manca la struttura",'
            f'IF(SUMPRODUCT(({groups.column(names.STRUCTURE)}={pick})*1)=0,"▼ struttura fuori dai gruppi",IF({place.here(names.POSITION)}="","▼ manca P.O. sì/no",'
            f'IF({place.here(names.GROUP)}="","gruppo senza punteggio",'
            f'IF({place.here(names.ACCESSORY)}="","valutazione da completare",'
            f'IF({coverage}<1,"gruppo parziale","OK"))))))))'
        )

    def counted(place: Place) -> object:
        return f'=IF({place.here(names.ACCESSORY)}="",0,1)'

    def points(place: Place) -> object:
        score = place.here(names.ACCESSORY)
        return f'=IF({score}="",0,{score})'

    return [
        Column(names.CHECK, Kind.CHECK, 26, words, group=_G_CHECK, judged_by=names.CHECK),
        check(names.COUNTED, 9, counted, group=_G_CHECK),
        check(names.ACCESSORY_SUM, 10, points, styles.SCORE, group=_G_CHECK),
    ]


def manager_table(page: Page, values: Parameters, example: Example) -> Placed:
    """Rows for dirigenti and professionisti: behaviours and organisational performance.

    Args:
        page: the empty page.
        values: where the parameters stand.
        example: example inputs.
    """
    rows = [Row(str(number)) for number in range(1, names.MANAGERS + 1)]
    columns = [
        Column(names.NUMBER, Kind.KEY, 7, lambda place: int(place.row.code), group=_G_WHO, align="center"),
        *_manager_inputs(page.book, example),
        *_manager_results(values),
    ]
    table = page.table(TableSpec(names.T_MANAGERS, columns, rows, filters=True), FIRST_ROW + 1)
    page.remark(
        table.last + 1,
        "Pesi nel foglio Parametri: quello dei comportamenti è stampato, quello della performance organizzativa è il suo "
        "complemento al 100% (ricostruito).",
    )
    page.finish(freeze=f"C{table.header + 1}", setup=PrintSetup())
    return table


def _manager_inputs(book: Book, example: Example) -> list[Column]:
    conduct = _points(
        book, "Comportamenti", "Comportamenti agiti nell'azione manageriale o professionale: " + _SMVP
    )
    organisation = _points(
        book,
        "Performance organizzativa",
        "Punteggio della performance organizzativa (obiettivo = 100), dalla scheda della struttura. Vuoto se non ancora noto.",
    )
    inputs = (
        (names.NAME, 30, "left", _NAME, _G_WHO),
        (names.ROLE, 18, "left", _ROLE, _G_WHO),
        (names.STRUCTURE, 34, "left", _UNIT, _G_WHO),
        (names.CONDUCT, 15, "", conduct, _G_INPUT),
        (names.ORGANISATION, 16, "", organisation, _G_INPUT),
    )
    return [
        Column(
            heading, Kind.INPUT, width, cell(example.manager, heading),
            styles.SCORE if align == "" else styles.GENERAL, align=align, validation=validation, group=group,
        )
        for heading, width, align, validation, group in inputs
    ]  # fmt: skip


def _manager_results(values: Parameters) -> list[Column]:
    def score(place: Place) -> object:
        role, scores = place.here(names.ROLE), place.across(names.CONDUCT, names.ORGANISATION)
        manager, professional = (
            f"PERF_SINTESI({scores},{values.weights(node)})"
            for node in ("individuale.dirigenti", "individuale.professionisti")
        )
        choice = f'IF({role}="{names.MANAGER}",{manager},{professional})'
        return formulas.unless_empty(choice, role, place.here(names.CONDUCT), place.here(names.ORGANISATION))

    def words(place: Place) -> object:
        filled = f'SUMPRODUCT(({place.across(names.NAME, names.ORGANISATION)}<>"")*1)'
        return (
            f'=IF({filled}=0,"",IF({place.here(names.NAME)}="","▼ manca il nominativo",'
            f'IF({place.here(names.ROLE)}="","▼ manca la qualifica",'
            f'IF({place.here(names.TOTAL)}="","valutazione da completare","OK"))))'
        )

    return [
        result(names.TOTAL, 12, score, styles.SCORE, group=_G_RESULT, judged_by=names.VERDICT),
        verdict_column(values, names.TOTAL, names.VERDICT, _G_RESULT),
        Column(names.CHECK, Kind.CHECK, 28, words, group=_G_CHECK, judged_by=names.CHECK),
    ]
