"""The page to sign, sheet `Quadro`: number and sentences, contributions, quarters, what is missing, signature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.templates.kit import formulas, status, styles
from xl_perf.templates.kit.columns import result
from xl_perf.templates.kit.model import Column, Validation, setting
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.scheda_territoriale.andamento import QUARTERS
from xl_perf.templates.scheda_territoriale.rendiconto import ACTUAL, GOAL, OBJECTIVE, SCORE, VERDICT, WEIGHT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from xl_perf.templates.kit.model import Place, Placed, Row
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.scheda_territoriale.base import Scorecard

GIVES, LACKS, BAR, TREND, UNIT = (
    "Contributo (punti)",
    "Manca per il 100",
    "Scostamento da 100",
    "Andamento",
    "Unità",
)
POINTS = "+0.0;\\-0.0;0.0"
_HUNDREDTHS = "+0.00;\\-0.00;0.00"
_REACHED = "raggiunto"
_EXPECTED = "Previsto"
_LAST_DAYS = ("31/03/", "30/06/", "30/09/", "31/12/")
_SHORT = {1: "I trim.", 2: "II trim.", 3: "III trim.", 4: "IV trim."}
_NOTE = Validation(
    "textLength",
    "Commento",
    "Due righe al massimo: vanno in stampa.",
    "Al massimo 300 caratteri.",
    maximum=300,
)
_WHO = Validation(
    "textLength",
    "Responsabile",
    "Chi risponde della scheda: va in stampa.",
    "Al massimo 80 caratteri.",
    maximum=80,
)
_PRINTED = "si stampa nel Quadro e non entra nei calcoli."


@dataclass(frozen=True, slots=True)
class Numbers:
    """Where the scores of the page stand: perspectives with the whole scorecard in the row `root`, and objectives."""

    perspectives: Placed
    objectives: Placed
    root: str

    @property
    def score(self) -> str:
        """The score of the scorecard."""
        return self.perspectives.cell(self.root, SCORE)


def quarter_columns(card: Scorecard) -> Iterator[Column]:
    """The quarters that are known, as deviations from the target; the little columns beside them are centred on it."""

    def content(heading: str) -> Callable[[Place], object]:
        def deviation(place: Place) -> object:
            if card.trend is None:
                return None
            cell = card.trend.cell(place.row.code, heading)
            return f'=IF({cell}="","",{cell}-{card.values.centre})'

        return deviation

    for number, heading in QUARTERS.items():
        yield result(_SHORT[number], 9.5, content(heading), POINTS)


def contribution(card: Scorecard, of: Callable[[Place], tuple[str, str, str]], table: Placed) -> Column:
    """What an objective brings to the score: its weight in use among those reported, times its points above 100.

    Args:
        card: the scorecard.
        of: of an objective the code of its perspective, the weights and the scores of the objectives in it.
        table: the perspectives.
    """
    scores, weights = (_without_last(table.column(heading)) for heading in (SCORE, WEIGHT))

    def content(place: Place) -> object:
        code, own_weights, own_scores = of(place)
        score = place.here(SCORE)
        share = f'{place.here(WEIGHT)}/SUMPRODUCT({own_weights}*({own_scores}<>""))'
        above = f'{table.cell(code, WEIGHT)}/SUMPRODUCT({weights}*({scores}<>""))'
        return f'=IF({score}="","",{share}*{above}*({score}-{card.values.centre}))'

    return result(GIVES, 10.8, content, _HUNDREDTHS)


def _without_last(cells: str) -> str:
    """A column without its last row, the total."""
    head, _, last = cells.rpartition("$")
    return f"{head}${int(last) - 1}"


def lacking(card: Scorecard, number_format: Callable[[Row], str]) -> Column:
    """What is missing to 100, in the unit of the indicator."""

    def signed(row: Row) -> str:
        plain = number_format(row)
        plain = "0.00" if plain == styles.GENERAL else plain
        return f"+{plain};\\-{plain};{plain}"

    def content(place: Place) -> object:
        score, actual, goal = (place.here(heading) for heading in (SCORE, ACTUAL, GOAL))
        gap = f'IF({score}>={card.values.centre},"{_REACHED}",{goal}-{actual})'
        return f'=IF({formulas.blank(f"{score},{actual},{goal}")},"",IF({score}="","",{gap}))'

    return result(LACKS, 10.2, content, signed)


def bar_column(card: Scorecard) -> Column:
    """Points above or below the target, which the spreadsheet shows as a bar."""

    def content(place: Place) -> object:
        return f'=IF({place.here(SCORE)}="","",{place.here(SCORE)}-{card.values.centre})'

    return result(BAR, 12.4, content, POINTS)


def sentences(page: Page, numbers: Numbers, card: Scorecard, row: int) -> None:
    """The score in large letters and what it means in words.

    Args:
        page: the page.
        numbers: where the scores stand.
        card: the scorecard.
        row: the first of four rows.
    """
    score, centre = numbers.score.split("!")[1], card.values.centre
    verdicts, names, gives = (numbers.objectives.column(h).split("!")[1] for h in (VERDICT, OBJECTIVE, GIVES))
    shown = f'SUBSTITUTE(ROUND({score},1)&"",".",",")'
    page.text(row, 1, f'=IF({score}="","-",{shown})', styles.font(size=36, bold=True, colour=styles.ACCENT))
    page.sheet.row_dimensions[row].height = 38
    page.text(
        row + 1,
        1,
        "punteggio della scheda (obiettivo = 100)",
        styles.font(size=9, colour=styles.MUTED),
        style=styles.NOTE,
    )
    verdict = numbers.perspectives.cell(numbers.root, VERDICT).split("!")[1]
    points = f'SUBSTITUTE(ROUND(ABS({score}-{centre}),1)&"",".",",")'
    wait = '"▼ valori da ricalcolare: vedi il foglio Istruzioni"'
    head = (
        f'IF({score}="","nessun dato rilevato",LEFT({verdict},2)&{points}&" punti '
        f'"&IF({score}<{centre},"sotto","sopra")&" l\'obiettivo")'
    )
    page.text(
        row, 3, f"=IF({status.missing()},{wait},{head})", styles.font(size=14, bold=True, colour=styles.INK)
    )
    count = '&", "&'.join(
        f'COUNTIF({verdicts},"{word}")&" {word[2:]}"'
        for word in (formulas.BETTER, formulas.NEAR, formulas.WORSE)
    )
    page.text(row + 1, 3, f'="Obiettivi: "&{count}', styles.font(colour=styles.INK))
    for offset, (word, pick) in enumerate((("Toglie di più", "MIN"), ("Dà di più", "MAX")), row + 2):
        which = f"{pick}({gives})"
        text = (
            f'"{word}: "&INDEX({names},MATCH({which},{gives},0))&" '
            f'("&SUBSTITUTE(ROUND({which},2)&"",".",",")&" punti)"'
        )
        page.text(offset, 3, f'=IF(COUNT({gives})=0,"",{text})', styles.font(colour=styles.INK))


def closing(page: Page, numbers: Numbers, card: Scorecard, missing: str, row: int) -> int:
    """Sum of the contributions, what is missing, comment, date and signature; gives the last row.

    Args:
        page: the page.
        numbers: where the scores stand.
        card: the scorecard.
        missing: reference to the text that names what is missing.
        row: the row below the objectives.
    """
    table = numbers.objectives
    places = {heading: at for at, heading in enumerate(table.letters, start=1)}
    for column in range(1, places[BAR] + 1):
        page.put(row, column, None, Kind.LABEL, level=Level.NATIONAL)
    page.put(row, 1, "Somma dei contributi = punteggio della scheda - 100", Kind.KEY, level=Level.NATIONAL)
    total = formulas.total(table.column(GIVES).split("!")[1])
    page.put(row, places[GIVES], total, Kind.FORMULA, number_format=_HUNDREDTHS, level=Level.NATIONAL)
    page.section(row + 2, "Completezza: che cosa manca")
    page.text(
        row + 3, 1, f'=IF({missing}="","Nulla: tutti i fogli sono completi.",{missing})', style=styles.NOTE
    )
    page.section(row + 5, "Commento")
    _typed(page, row + 6, 1, places[BAR], _NOTE, "Commento")
    page.sheet.row_dimensions[row + 6].height = 28
    bold = styles.font(bold=True, colour=styles.INK)
    days = ",".join(f'"{day}"' for day in _LAST_DAYS)
    day = f'"Dati al "&CHOOSE({card.quarter},{days})&"{card.plan.period}"'
    page.text(row + 8, 1, f'=IF(COUNT({card.quarter})=1,{day},"")', bold)
    page.text(row + 8, 3, "Responsabile", bold)
    _typed(page, row + 8, 5, 7, _WHO, "Responsabile")
    page.text(row + 8, 8, "Firma", bold)
    for column in (9, 10):
        page.sheet.cell(row + 8, column).border = styles.SIGNATURE
    page.sheet.row_dimensions[row + 8].height = 24
    for at, height in ((row + 1, 7), (row + 2, 18), (row + 4, 7), (row + 5, 18), (row + 7, 7)):
        page.sheet.row_dimensions[at].height = height
    return row + 9


def _typed(page: Page, row: int, first: int, last: int, validation: Validation, name: str) -> None:
    """A text of the user over some columns."""
    given = setting(name.lower(), item="scheda", name=True)
    page.put(row, first, None, Kind.INPUT, align="wrap", validation=validation, informative=_PRINTED,
    datum=given, name=name)  # fmt: skip
    page.sheet.merge_cells(start_row=row, start_column=first, end_row=row, end_column=last)
    for column in range(first + 1, last + 1):
        page.put(row, column, None, Kind.LABEL)


def trends(table: Placed) -> Mapping[str, Sequence[str]]:
    """Cells of little columns -> the cells that they show."""
    first, last = (table.letters[_SHORT[number]] for number in (1, 4))
    return {f"{table.letters[TREND]}{row}": f"{first}{row}:{last}{row}" for row in table.numbers.values()}


def weight_in_use(
    card: Scorecard, node: str, codes: list[str], member: Callable[[str], str] = str
) -> Callable[[Place], object]:
    """The weight in use, divided among what is expected of the structure; `member` names the rows as the node does."""
    used = card.values.weights(node)

    def content(place: Place) -> object:
        expected, mine = place.span(_EXPECTED, codes), place.here(_EXPECTED)
        whole = f"(1-SUMPRODUCT({used}*(1-{expected})))"
        return f"=IF({mine}=0,0,{card.values.weight(node, member(place.row.code))}*{mine}/{whole})"

    return content
