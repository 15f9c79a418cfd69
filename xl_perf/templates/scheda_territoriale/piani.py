"""The `Piani attività` sheet of `scheda_territoriale.xlsx`.

The plans of activity of the Direzione (autofunzionamento).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind, Species
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import result
from xl_perf.templates.kit.model import Column, Datum, Row, TableSpec, Validation
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.scheda_territoriale.base import (
    AMOUNT,
    DIRECTION,
    SENSE_USED,
    SENSES,
    Filled,
    free_text,
    sense_column,
)
from xl_perf.templates.scheda_territoriale.measures import ACTUAL, ITEM, WEIGHT, scored_columns, synthesis

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.kit.model import Place
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.scheda_territoriale.base import Scorecard

NODE, AREAS = "autofunzionamento", "aree_attivita"
"""Part of the tree, and the system of the lines that name the areas of activity."""
AREA, OWNER, SENSE, GOAL, PEOPLE, MONEY, CHECK, CODE = (
    "Area di attività", "Area dirigenziale responsabile", "Verso", "Obiettivo", "Risorse umane (FTE)",
    "Risorse economiche (euro)", "Controllo dati", "Codice",
)  # fmt: skip
LIST = "Elenco_aree_attivita"
RESOURCES = "il piano chiede di indicare le risorse dell'attività, e non ne misura il risultato."
PLANS = 15
"""Rows ready for plans."""
_EXAMPLES = (
    (3, "Interventi conclusi del piano lavori", "Gestione risorse", formulas.HIGHER, 12, 4, 180000, 11),
    (4, "Gare concluse nei termini", "Gestione risorse", formulas.HIGHER, 20, 3, 45000, 22),
    (2, "Iniziative di welfare avviate", "Welfare", formulas.HIGHER, 10, 2, 15000, 11),
    (1, "Giorni medi di risposta agli ospiti", "Strutture sociali", formulas.LOWER, 15, 2, 8000, 14),
    (0, "Canoni incassati su dovuti (%)", "Patrimonio", formulas.HIGHER, 95, 2, 0, None),
)
"""Example rows: area, indicator, owner, direction, target, people, money, result; all invented."""

_AREA = Validation(
    "list",
    "Area di attività",
    "Attività specifica del piano: scegliere dall'elenco (Allegato Tecnico, Piani Attività).",
    "Scegliere un'area dall'elenco.",
    source=LIST,
)


def plans_page(page: Page, card: Scorecard) -> None:
    """Write the sheet.

    Args:
        page: the empty page.
        card: the scorecard.
    """
    page.section(FIRST_ROW - 1, "Piani della Direzione: una riga per attività")
    table = page.table(_spec(card), FIRST_ROW)
    synthesis(page, card, table, card.data.role(NODE))
    row = table.last + 6
    page.section(row - 1, "Aree di attività del piano")
    lines = [Row(line.code, item=line) for line in card.plan.lines_of(card.data.role(AREAS))]
    columns = [
        Column("Area", Kind.KEY, 54, lambda place: place.row.item.title),
        Column("Codice area", Kind.SOURCE, 36, lambda place: place.row.code),
        Column("Fonte", Kind.SOURCE, 24, lambda place: str(place.row.item.source)),
    ]
    areas = page.table(TableSpec("tblAreeAttivita", columns, lines), row)
    page.book.define(LIST, areas.column("Area"))
    page.finish()
    inputs = [table.column(heading) for heading in (GOAL, ACTUAL)]
    card.filled.append(Filled(page.name, inputs, 0, [table.column(CHECK)]))


def _spec(card: Scorecard) -> TableSpec:
    areas = [line.title for line in card.plan.lines_of(card.data.role(AREAS))]
    examples = _EXAMPLES if card.book.example else ()

    def example(index: int) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            number = place.row.item
            if number >= len(examples):
                return None
            return areas[examples[number][0] % len(areas)] if index == 0 else examples[number][index]

        return content

    def weight(place: Place) -> object:
        goals = place.span(GOAL, [f"a{number}" for number in range(PLANS)])
        return formulas.unless_empty(f"1/COUNT({goals})", place.here(GOAL))

    def remark(place: Place) -> object:
        goal, actual, sense, area = (place.here(heading) for heading in (GOAL, ACTUAL, SENSE, AREA))
        said = (
            f'IF(COUNT({goal},{actual})=0,"",IF({goal}="","▼ manca l\'obiettivo",IF({area}="",'
            f'"▼ manca l\'area",IF({actual}="","dati parziali","OK"))))'
        )
        choices = [
            (remarks.not_among(sense, SENSES), f"{SENSE}: {remarks.NO_CHOICE}"),
            (remarks.not_listed(area, LIST), f"{AREA}: {remarks.NO_CHOICE}"),
        ]
        return f"={remarks.on_numbers({GOAL: goal, ACTUAL: actual}, remarks.remark(choices, said))}"

    words = {
        ITEM: free_text(
            "Attività e indicatore", "Che cosa si misura, con l'unità: per esempio gare concluse."
        ),
        OWNER: free_text("Area responsabile", "Area dirigenziale che risponde del piano."),
    }
    number_format = "#,##0.##"

    def datum(measure: str, species: Species = Species.FACT) -> Datum:
        return Datum(KeyKind.ROW, card.data.role("piani_attivita"), measure, species=species, key=ITEM)

    columns = [
        Column(AREA, Kind.INPUT, 34, example(0), align="left", validation=_AREA,
               informative="dice a quale area appartiene l'attività: ogni attività pesa allo stesso modo.",
               datum=datum("area", Species.TEXT)),
        Column(ITEM, Kind.INPUT, 38, example(1), align="left", validation=words[ITEM],
               informative="nome dell'attività.", datum=datum("nome", Species.TEXT)),
        Column(OWNER, Kind.INPUT, 24, example(2), align="left", validation=words[OWNER],
               informative="nome di chi risponde dell'attività.", datum=datum("responsabile", Species.TEXT)),
        Column(SENSE, Kind.INPUT, 10, example(3), align="left", validation=DIRECTION, datum=datum("verso")),
        Column(PEOPLE, Kind.INPUT, 12, example(5), "#,##0.0", validation=AMOUNT, informative=RESOURCES,
               datum=datum("risorse_umane")),
        Column(MONEY, Kind.INPUT, 14, example(6), styles.EURO, validation=AMOUNT, informative=RESOURCES,
               datum=datum("risorse_economiche")),
        Column(GOAL, Kind.INPUT, 13, example(4), number_format, validation=AMOUNT, datum=datum("obiettivo")),
        Column(ACTUAL, Kind.INPUT, 13, example(7), number_format, validation=AMOUNT, datum=datum("consuntivo")),
        *scored_columns(card, lambda p: p.here(SENSE_USED), ACTUAL, GOAL),
        result(WEIGHT, 10, weight, styles.PERCENT_1),
        Column(CHECK, Kind.CHECK, 22, remark, judged_by=CHECK),
        sense_column(SENSE),
        Column(CODE, Kind.SOURCE, 34, lambda _: None),
    ]  # fmt: skip
    return TableSpec(
        "tblPiani",
        columns,
        [Row(f"a{number}", item=number) for number in range(PLANS)],
        aside=(PEOPLE, MONEY),
    )
