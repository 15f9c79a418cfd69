"""The page to sign: a score in large letters and in words, what each part brings, what is missing, signature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.templates.kit import formulas, links, status, styles
from xl_perf.templates.kit.contributions import BAR, GIVES, HUNDREDTHS, POINTS
from xl_perf.templates.kit.model import PrintSetup, Validation, setting
from xl_perf.templates.kit.page import BANNER_ROW
from xl_perf.templates.kit.styles import Kind, Level

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xl_perf.templates.kit.model import Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters

SHEET, COMMENTS = "Quadro", "Commenti"
HEAD_ROW = BANNER_ROW + 1
FOOT = "Contributo = peso in uso x (punteggio - 100). Barre in punti; «Manca per il 100» nell'unità dell'indicatore."
_LAST_DAYS = ("31/03/", "30/06/", "30/09/", "31/12/")
GAP = 11.3
"""Height of an empty row between parts; cells beside the page may need it."""
_ASIDE = 3
"""Columns between the page and the cells that its texts are put together in."""
_LONGEST_LIST = 230
"""Characters of a list of names on the page."""
_PRINTED = "si stampa nel Quadro e non entra nei calcoli."
COMMENT = Validation(
    "textLength",
    "Commento",
    "Due righe al massimo: vanno in stampa.",
    "Al massimo 300 caratteri.",
    maximum=300,
)
WHO = Validation(
    "textLength",
    "Responsabile",
    "Chi risponde di questi risultati: va in stampa.",
    "Al massimo 80 caratteri.",
    maximum=80,
)
_DAY = Validation(
    "date",
    "Dati al",
    "Giorno a cui si riferiscono i dati: va in stampa.",
    "Inserire una data, per esempio 30/09/2021.",
    minimum=36526,
)


@dataclass(frozen=True, slots=True)
class Front:
    """What a page to sign is about.

    `score` and `verdict` refer to the cells of the whole, `parts` is the table of what it is made of, with the headings
    of names and verdicts; `what` says whose score it is.
    """

    page: Page
    values: Parameters
    what: str
    score: str
    verdict: str
    parts: Placed
    names: str
    verdicts: str

    def column(self, heading: str) -> str:
        """The cells of a column of the parts, without the sheet."""
        return self.parts.column(heading).split("!")[1]

    @property
    def right(self) -> int:
        """The last column of the page."""
        return list(self.parts.letters).index(BAR) + 1

    @property
    def aside(self) -> int:
        """The first column of what is put together beside the page."""
        return len(self.parts.letters) + _ASIDE


def bars(page: Page, *tables: Placed) -> None:
    """Show the columns of deviations as bars."""
    page.sheet.bars = [f"{t.letters[BAR]}{t.header + 1}:{t.letters[BAR]}{t.last}" for t in tables]


def headline(front: Front, column: int = 3) -> None:
    """The score in large letters and in words, in the rows below the head; sentences from `column` on.

    Where the functions do not answer and the score is none any more, only the first sentence is left: it says so.
    """
    page, score, centre, row = front.page, front.score, front.values.centre, HEAD_ROW + 1
    large, plain = styles.font(size=36, bold=True, colour=styles.ACCENT), styles.font(colour=styles.INK)
    unknown = f"AND({status.missing()},ISERROR({score}))"
    page.text(row, 1, f'=IF({unknown},"-",IF({score}="","-",{_said(score, 1)}))', large)
    page.sheet.row_dimensions[row].height = 44
    muted = styles.font(size=9, colour=styles.MUTED)
    page.text(row + 1, 1, f"punteggio {front.what} (obiettivo = 100)", muted, style=styles.NOTE)
    wait = '"▼ valori da ricalcolare: vedi il foglio Inizia qui"'
    gap = page.aside(row, front.aside, f'=IF({score}="","",{score}-{centre})', POINTS, name="Punti_da_100")
    side = f'IF({gap}<0,"sotto","sopra")'
    points = f'{_said(f"ABS({gap})", 1)}&" punti "&{side}&" l\'obiettivo"'
    head = f'IF({gap}="","nessun dato rilevato",LEFT({front.verdict},2)&{points})'
    bold = styles.font(size=14, bold=True, colour=styles.INK)
    page.text(row, column, f"=IF({status.missing()},{wait},{head})", bold)
    gives, verdicts = front.column(GIVES), front.column(front.verdicts)
    counts = []
    for at, word in enumerate((formulas.BETTER, formulas.NEAR, formulas.WORSE), row + 4):
        count = f'=SUMPRODUCT(({verdicts}="{word}")*({gives}<>""))'
        cell = page.aside(at, front.aside, count, "0", name=f"Esiti_{word[2:].replace(' ', '_')}")
        counts.append(f'{cell}&" {word[2:]}"')
    said = '&", "&'.join(counts)
    page.text(row + 1, column, f'=IF({unknown},"","Risultati: "&{said})', plain)
    for at, (word, pick, test) in enumerate((("Toglie", "MIN", "<0"), ("Dà", "MAX", ">0")), row + 2):
        most = page.aside(at, front.aside, f"={pick}({gives})", HUNDREDTHS, name=f"Contributo_{pick}")
        name = f"INDEX({front.column(front.names)},MATCH({most},{gives},0))"
        text = f'"{word} di più: "&{name}&" ("&{_said(most, 2)}&" punti)"'
        page.text(at, column, f'=IF({unknown},"",IF({most}{test},{text},""))', plain)


def _said(value: str, decimals: int) -> str:
    """A number inside a sentence, with a comma."""
    return f'SUBSTITUTE(ROUND({value},{decimals})&"",".",",")'


def joined(page: Page, parts: Iterable[tuple[str, str]], row: int, column: int) -> str:
    """The names of what is missing in one text, put together downwards beside the page; gives the cell of the whole.

    Args:
        page: the page.
        parts: condition that a part is missing, and its name, as expressions.
        row: the first row.
        column: the column.
    """
    last = ""
    for at, (test, name) in enumerate(parts, row):
        comma = f'IF({last}="","","; ")&' if last else ""
        said = f'IF({test},{comma}{name},"")'
        last = page.aside(at, column, f"={last}&{said}" if last else f"={said}")
    return last


@dataclass(frozen=True, slots=True)
class Foot:
    """What stands under a page to sign.

    `comment` and `who` are expressions where the texts are typed elsewhere, and else empty: they are typed here; `day`
    is the text of the day of the data, empty where it is typed; `item` is what the settings belong to, where that is
    not the template.
    """

    item: str = ""
    note: str = FOOT
    complete: str = "Nulla: i dati sono completi."
    comment: str = ""
    who: str = ""
    day: str = ""


def closing(front: Front, row: int, missing: str, foot: Foot) -> None:
    """Sum of the contributions, what is missing, comment, date, who answers and signature; finishes the page.

    Args:
        front: the page.
        row: the row below the parts.
        missing: text that names what is missing, as an expression; empty where nothing is.
        foot: what is signed.
    """
    page, right = front.page, front.right
    for column in range(1, right + 1):
        page.put(row, column, None, Kind.LABEL, level=Level.NATIONAL)
    words = f"Somma dei contributi = punteggio {front.what} - 100"
    page.put(row, 1, words, Kind.KEY, level=Level.NATIONAL)
    at = list(front.parts.letters).index(GIVES) + 1
    total = formulas.total(front.column(GIVES))
    page.put(row, at, total, Kind.FORMULA, number_format=HUNDREDTHS, level=Level.NATIONAL)
    page.section(row + 2, "Completezza: che cosa manca")
    all_ = page.aside(row + 3, front.aside, f"={missing}", name="Elenco_mancanti")
    short = f'IF(LEN({all_})>{_LONGEST_LIST},LEFT({all_},{_LONGEST_LIST})&" ...",{all_})'
    page.put(row + 3, 1, f'=IF({all_}="","{foot.complete}",{short})', Kind.FORMULA, align="wrap")
    _over(page, row + 3, (1, right))
    page.sheet.row_dimensions[row + 3].height = 28
    page.section(row + 5, "Commento")
    if foot.comment:
        links.from_cell(page.book, page, row + 5, 1, COMMENTS)
    item = foot.item or page.book.template
    _given(page, row + 6, (1, right), foot.comment, COMMENT, item)
    page.sheet.row_dimensions[row + 6].height = 28
    bold = styles.font(bold=True, colour=styles.INK)
    _day(page, row + 8, foot.day, item, bold)
    page.text(row + 8, 3, "Responsabile", bold, indent=1)
    _given(page, row + 8, (right - 5, right - 3), foot.who, WHO, item)
    page.text(row + 8, right - 2, "Firma", bold)
    for column in (right - 1, right):
        page.sheet.cell(row + 8, column).border = styles.SIGNATURE
    page.sheet.row_dimensions[row + 8].height = 24
    for at, height in ((row + 1, GAP), (row + 2, 18), (row + 4, GAP), (row + 5, 18), (row + 7, GAP)):
        page.sheet.row_dimensions[at].height = height
    page.remark(row + 9, foot.note)
    page.sheet.row_dimensions[row + 9].height = page.sheet.row_dimensions[row + 10].height = 13
    page.finish(setup=PrintSetup(one_page=True, last_row=row + 10))


def day_of(quarter: str, period: str) -> str:
    """The last day of a quarter, of the year where none is chosen, as an expression.

    Args:
        quarter: reference to the number of the quarter.
        period: the year.
    """
    days = ",".join(f'"{day}"' for day in _LAST_DAYS)
    return f'"Dati al "&IF(COUNT({quarter})=1,CHOOSE({quarter},{days}),"{_LAST_DAYS[-1]}")&"{period}"'


def _day(page: Page, row: int, text: str, item: str, bold: object) -> None:
    if text:
        page.text(row, 1, f"={text}", bold)
        return
    page.text(row, 1, "Dati al", bold)
    page.put(
        row, 2, None, Kind.INPUT, number_format=styles.DATE, align="left", validation=_DAY, informative=_PRINTED,
        datum=setting("dati_al", item=item, name=True), name="Dati_al",
    )  # fmt: skip


def _given(
    page: Page, row: int, columns: tuple[int, int], shown: str, validation: Validation, item: str
) -> None:
    """A text over some columns: typed here, or that of the structure that the page shows."""
    first, name = columns[0], validation.title
    if shown:
        page.put(row, first, f"={shown}", Kind.FORMULA, align="wrap")
    else:
        datum = setting(name.lower(), item=item, name=True)
        page.put(
            row, first, None, Kind.INPUT, align="wrap", validation=validation, informative=_PRINTED, datum=datum,
            name=name,
        )  # fmt: skip
    _over(page, row, columns)


def _over(page: Page, row: int, columns: tuple[int, int]) -> None:
    """Let the text of a cell go on over some columns: no other way wraps it within the page."""
    first, last = columns
    page.sheet.merge_cells(start_row=row, start_column=first, end_row=row, end_column=last)
    for column in range(first + 1, last + 1):
        page.put(row, column, None, Kind.LABEL)
