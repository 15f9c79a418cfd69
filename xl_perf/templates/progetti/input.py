"""The two sheets of `progetti.xlsx` with a row for each entry of the register.

What Tabella D prints, and how far it is.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind, Species
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import check, result, verdict_column
from xl_perf.templates.kit.model import Column, Datum, TableSpec, Validation, setting
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.kit.targets import source_column, target_column

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters
    from xl_perf.templates.progetti.tables import Tables

KEY, KIND, STRUCTURE, LETTER = "Codice", "PR/AS", "Struttura", "Obiettivo di ente"
TITLE, OUTPUT, START, END = "Descrizione progetto o attività", "Output dell'anno", "Inizio", "Fine"
CIV, GUIDELINE = "Obiettivo CIV", "Linea guida gestionale"
LINES, SHORT_GUIDELINE = "Linee del CIV", "Linea guida breve"
VALUED, STATE, DONE, OWN_WEIGHT = (
    "Valorizzata in performance",
    "Stato",
    "Realizzazione",
    "Peso alternativo",
)
WEIGHT, SCORE, VERDICT, CHECK, EQUAL = "Peso in uso", "Punteggio", "Esito", "Controllo dati", "Peso uguale"
COUNTS, REPORTED, POINTS, GROUP = "Conta", "Rilevata", "Punti per le somme", "Voce della sintesi"
REST = "altre"
"""What stands for a letter where a row names no obiettivo generale di ente."""
IN_ORDER = {
    REPORTED: "Rilevate",
    OWN_WEIGHT: "Pesi propri",
    WEIGHT: "Pesi",
    SCORE: "Punteggi",
}
"""Columns of the sheet that is filled in which Tabella D shows in its own order, which nobody sorts, for the syntheses
of structures -> what the cells of a structure are called."""
YES, NO = "sì", "no"
STATES = ("non avviato", "in corso", "concluso", "sospeso", "annullato")
_TEXT_WIDTH, _OUTPUT_WIDTH = 52, 100
_SMALL = 1.3
"""Characters of the small font in the room of one of the normal font."""

_G_ROW, _G_INPUT, _G_RESULT, _G_CHECK = (
    "Progetto o attività (Tabella D)",
    "Da compilare",
    "Risultato",
    "Controlli",
)

_VALUED = Validation(
    "list",
    VALUED,
    "sì: la riga conta nella performance della struttura. no: è solo rendicontata. Vuoto: non ancora stabilito.",
    "Scegliere sì oppure no, o lasciare vuoto.",
    source=f'"{YES},{NO}"',
)
_STATE = Validation(
    "list",
    "Stato della riga",
    "A che punto è il progetto o l'attività. Vuoto se non ancora rilevato.",
    f"Scegliere uno stato dall'elenco: {', '.join(STATES)}.",
    source=f'"{",".join(STATES)}"',
)
_DONE = Validation(
    "decimal",
    "Percentuale di realizzazione",
    "Da 0% a 100% dell'output dell'anno (sì/no: 100% oppure 0%). Vuoto se non ancora rilevata; 0% se "
    "l'output è mancato.",
    "Inserire una percentuale fra 0% e 100%, oppure lasciare vuoto.",
    maximum=1,
)
_WEIGHT = Validation(
    "decimal",
    OWN_WEIGHT,
    "Facoltativo: peso della riga fra quelle valorizzate della struttura (Allegato D del SMVP). Vuoto "
    "per tutte: pesi uguali.",
    "Inserire un peso fra 0% e 100%, oppure lasciare vuoto.",
    maximum=1,
)


def text_height(texts: Sequence[tuple[str, float]], least: float = 18) -> float:
    """Height of a row that shows texts in the small font in columns of some widths, in points."""
    lines = max(len(textwrap.wrap(text, int(width * _SMALL) - 3)) for text, width in texts)
    return max(least, 11.5 * lines + 6)


def register_spec(tables: Tables) -> TableSpec:
    """Tabella D in the order of its columns, which sync reloads; right of them what is filled in, in this order."""
    plan = tables.plan

    def shown(
        heading: str, width: float, name: str, number_format: str = "General", align: str = "wrap"
    ) -> Column:
        return target_column(plan, heading, width, "progetto", name, number_format, period="", align=align)

    def given(heading: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            cell, counts = (tables.given.cell(place.row.code, each) for each in (heading, COUNTS))
            return f'=IF({counts}=0,"",{cell})' if heading == SCORE else formulas.shown(cell)

        return content

    columns = [
        Column(KEY, Kind.KEY, 19, lambda place: place.row.code),
        shown(KIND, 9, "tipo", align="center"),
        shown(STRUCTURE, 34, "struttura"),
        shown(CIV, 15, "obiettivi_civ"),
        shown("Obiettivo generale di ente", 26, "obiettivo_generale"),
        shown(GUIDELINE, 62, "linea_guida"),
        shown("Programma operativo", 36, "programma"),
        shown(TITLE, 84, "descrizione"),
        shown(START, 12, "inizio", styles.DATE, "center"),
        shown(END, 12, "fine", styles.DATE, "center"),
        shown(OUTPUT, 54, "output"),
        shown(LETTER, 11, "obiettivo_ente", align="center"),
    ]
    columns.append(source_column(plan, columns[1:], width=24))
    columns += [Column(heading, Kind.CHECK, 12, given(heading), paper=False) for heading in IN_ORDER]
    return TableSpec(
        "tblTabellaD", columns, tables.rows, key=KEY, source="Fonte", filters=True,
        aside=(CIV, "Obiettivo generale di ente", GUIDELINE, "Programma operativo", LETTER),
    )  # fmt: skip


def register_table(page: Page, spec: TableSpec) -> Placed:
    """Write Tabella D on its sheet."""
    table = page.table(spec, FIRST_ROW)
    page.finish()
    return table


def given_spec(page: Page, tables: Tables, values: Parameters) -> TableSpec:
    """The columns that are filled in, beside what Tabella D prints, with score and verdict.

    Args:
        page: the empty page.
        tables: where the tables stand.
        values: where the parameters stand.
    """

    def linked(heading: str) -> Callable[[Place], object]:
        return lambda place: formulas.shown(tables.register.cell(place.row.code, heading))

    def lines(place: Place) -> object:
        return f'="|"&SUBSTITUTE({tables.register.cell(place.row.code, CIV)},", ","|")&"|"'

    def beginning(place: Place) -> object:
        text = tables.register.cell(place.row.code, GUIDELINE)
        return f'=LEFT({text},FIND(".",{text}&".")-1)'

    def equal(place: Place) -> object:
        return formulas.shown(tables.structures.cell(place.row.item.structure, EQUAL))

    columns = [
        Column(KEY, Kind.KEY, 19, lambda place: place.row.code, group=_G_ROW),
        Column(STRUCTURE, Kind.SOURCE, 30, linked(STRUCTURE), group=_G_ROW),
        Column(TITLE, Kind.SOURCE, _TEXT_WIDTH, linked(TITLE), group=_G_ROW, paper=True),
        Column(OUTPUT, Kind.SOURCE, _OUTPUT_WIDTH, linked(OUTPUT), group=_G_ROW, paper=False),
        result(END, 12, linked(END), styles.DATE, align="center", group=_G_ROW),
        result(LETTER, 11, linked(LETTER), align="center", group=_G_ROW),
        Column(VALUED, Kind.INPUT, 13, _valued(page), align="center", validation=_VALUED, group=_G_INPUT,
               datum=setting("valorizzata")),
        Column(STATE, Kind.INPUT, 14, _state(page), align="left", validation=_STATE, group=_G_INPUT,
               informative="si conta nei riepiloghi degli stati, non nel punteggio",
               datum=Datum(KeyKind.ITEM, "", "stato", species=Species.TEXT)),
        Column(DONE, Kind.INPUT, 14, number_format=styles.PERCENT_0, validation=_DONE, group=_G_INPUT,
               datum=Datum(KeyKind.ITEM, "", "realizzazione")),
        Column(
            OWN_WEIGHT, Kind.INPUT, 12, lambda _: None, styles.PERCENT, validation=_WEIGHT, group=_G_INPUT,
            datum=setting("alternativo"),
        ),
        result(WEIGHT, 10, _weight, styles.PERCENT, group=_G_RESULT),
        result(SCORE, 11, _score(tables, values), styles.SCORE, group=_G_RESULT, judged_by=VERDICT),
        verdict_column(values, SCORE, VERDICT, _G_RESULT),
        check(COUNTS, 8, _counts, "0", group=_G_CHECK),
        check(REPORTED, 10, _reported, "0", group=_G_CHECK),
        check(POINTS, 10, _points, styles.SCORE, group=_G_CHECK),
        Column(CHECK, Kind.CHECK, 44, _check, group=_G_CHECK, judged_by=CHECK),
        check(EQUAL, 10, equal, styles.PERCENT, group=_G_CHECK),
        Column(KIND, Kind.CHECK, 8, linked(KIND), group=_G_CHECK, paper=False),
        Column(GROUP, Kind.CHECK, 10, _group, group=_G_CHECK, paper=False),
        Column(LINES, Kind.CHECK, 20, lines, group=_G_CHECK, paper=False),
        Column(SHORT_GUIDELINE, Kind.CHECK, 40, beginning, group=_G_CHECK, paper=False),
    ]  # fmt: skip
    return TableSpec("tblAvanzamento", columns, tables.rows, key=KEY, filters=True, aside=(OWN_WEIGHT, EQUAL))


def given_table(page: Page, spec: TableSpec) -> Placed:
    """Write the sheet that is filled in; rows are as high as their texts."""
    table = page.table(spec, FIRST_ROW + 1)
    page.finish()
    return table


def _weight(place: Place) -> object:
    """Equal shares among the valued rows of the structure, or its own weights where some are given."""
    equal, own = place.here(EQUAL), place.here(OWN_WEIGHT)
    used = f'IF({equal}="",{own}*1,{equal})'
    return f'=IF({_unknown(place)},#VALUE!,IF({place.here(VALUED)}<>"{YES}",0,{used}))'


def _unknown(place: Place) -> str:
    """The condition that a row says otherwise than the list offers whether it counts: then nobody knows."""
    return remarks.not_among(place.here(VALUED), (YES, NO))


def _counts(place: Place) -> object:
    """1 in a row that counts, 0 in another; a mark where it is unknown."""
    return f'=IF({_unknown(place)},"{remarks.MARK}",({place.here(VALUED)}="{YES}")*1)'


def _reported(place: Place) -> object:
    """1 in a row that counts, or may count, and says how far it is, else 0."""
    return f"=IF({place.here(COUNTS)}=0,0,1-COUNTBLANK({place.here(DONE)}))"


def _points(place: Place) -> object:
    """The score of a row that counts, else 0; a mark where it is an error or nobody knows whether the row counts.

    Sums look for the mark among their own rows: SUMIFS might pass over an error there, and one that adds up
    products would take it from any row.
    """
    counts, score = place.here(COUNTS), place.here(SCORE)
    number = f'IF(ISNUMBER({score}),{score},IF(ISERROR({score}),"{remarks.MARK}",0))'
    return f'=IF({counts}=1,{number},IF({counts}=0,0,"{remarks.MARK}"))'


def _group(place: Place) -> object:
    """The row of the synthesis that a row belongs to."""
    letter = place.here(LETTER)
    return f'=IF({letter}="","{REST}",{letter})'


def _score(tables: Tables, values: Parameters) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        done = place.here(DONE)
        goal = tables.structures.cell(place.row.item.structure, "Obiettivo")
        call = f"PERF_SCORE({done},{goal},{values.direction(tables.indicator)},{values.cap})"
        return formulas.unless_empty(call, done)

    return content


def _check(place: Place) -> object:
    """What no list offers or is no number; then state and percentage that contradict each other, in words."""
    valued, state, done, own = (place.here(heading) for heading in (VALUED, STATE, DONE, OWN_WEIGHT))
    conditions = [
        (_unknown(place), f"{VALUED}: {remarks.NO_CHOICE}"),
        (remarks.not_among(state, STATES), f"{STATE}: {remarks.NO_CHOICE}"),
        (remarks.not_numbers(done), f"{DONE}: {remarks.NO_NUMBER}"),
        (remarks.not_numbers(own), f"{OWN_WEIGHT}: {remarks.NO_NUMBER}"),
        (f'({state}="concluso")*(COUNT({done})=1)*({done}<1)=1', "concluso con realizzazione sotto 100%"),
        (f'({state}="non avviato")*({done}>0)=1', "non avviato con realizzazione"),
        (f'(COUNT({done})=1)*({done}=1)*({state}<>"concluso")=1', "al 100% ma non concluso"),
    ]
    waiting = f'IF(({valued}="{YES}")*(COUNT({done})=0)=1,"da rilevare","OK")'
    otherwise = f'IF({valued}="","valorizzazione da stabilire",{waiting})'
    return f"={remarks.remark(conditions, otherwise)}"


def _valued(page: Page) -> Callable[[Place], object]:
    """Rows that an obiettivo generale lists count in the performance; of the others the text does not say."""
    book = page.book

    def content(place: Place) -> object:
        if place.row.item.valued:
            return YES
        chance = book.chance("valorizzata", place.row.code)
        return None if not book.example or chance > 0.9 else YES if chance < 0.6 else NO

    return content


def _state(page: Page) -> Callable[[Place], object]:
    book = page.book

    def content(place: Place) -> object:
        done, chance = book.given(place.row.code, "realizzazione"), book.chance("stato", place.row.code)
        if done is None:
            return None
        if done == 0:
            return "annullato" if chance < 0.3 else "non avviato"
        return "concluso" if done == 1 else "sospeso" if chance < 0.08 else "in corso"

    return content
