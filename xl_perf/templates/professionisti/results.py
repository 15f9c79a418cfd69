"""The result sheets of `professionisti.xlsx`: scores by region and category with charts, and one region's page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.templates.kit import formulas, links, remarks, styles
from xl_perf.templates.kit.card import CardHead, card_head
from xl_perf.templates.kit.charts import ChartSpec, bar_chart
from xl_perf.templates.kit.columns import VERDICT_WIDTH, check, result, verdict_column
from xl_perf.templates.kit.model import Column, Row, TableSpec
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.kit.unit_formats import format_by_unit
from xl_perf.templates.professionisti import amounts, legal, regional, special
from xl_perf.templates.professionisti.amounts import STRUCTURE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters
    from xl_perf.templates.professionisti.central import Places

_ITEM, _UNIT, _GOAL, _ACTUAL, _SCORE, _VERDICT, _AT = (
    "Obiettivo del professionista", "Unità", "Obiettivo", "Consuntivo", "Punteggio", "Esito", "Riga",
)  # fmt: skip
FIRE_SCORE = "Punteggio prevenzione incendi"
_CATEGORIES = (
    ("Medici", regional.DOCTORS),
    ("Medici responsabili di UOSF", regional.UOSF),
    ("Legali", regional.LAWYERS),
    ("Tecnico-edilizi", regional.BUILDERS),
)


@dataclass(frozen=True, slots=True)
class Specials:
    """The tables of the special projects."""

    quality: Placed
    fire: Placed


def summary(page: Page, places: Places, specials: Specials, remarked: Sequence[str]) -> Placed:
    """Scores of each region and DCM by category, with verdict and coverage, and a chart for two of them.

    Args:
        page: the empty `Sintesi` page.
        places: the tables of the categories.
        specials: the tables of the special projects.
        remarked: references to the columns and cells of remarks on the inputs.
    """
    tables = {
        regional.DOCTORS: places.doctors, regional.UOSF: places.doctors,
        regional.LAWYERS: places.lawyers, regional.BUILDERS: places.builders,
    }  # fmt: skip

    def linked(table: Placed, heading: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            code = place.row.code
            return formulas.shown(table.cell(code, heading)) if code in table.numbers else None

        return content

    columns = [Column(STRUCTURE, Kind.KEY, 27, lambda place: place.row.code, group="Regione o DCM")]
    for title, who in _CATEGORIES:
        verdict = regional.VERDICT.format(who)
        score, cover = regional.TOTAL.format(who), regional.COVERAGE.format(who)
        columns += [
            result(score, 12, linked(tables[who], score), styles.SCORE, group=title, judged_by=verdict),
            result(
                verdict,
                VERDICT_WIDTH,
                linked(tables[who], verdict),
                align="left",
                group=title,
                judged_by=verdict,
            ),
            check(cover, 11, _coverage(tables[who], cover), styles.PERCENT_1, group=title),
        ]
    for who in (regional.SPECIAL_DOCTORS, regional.SPECIAL_LAWYERS):
        score = regional.TOTAL.format(who)
        columns.append(
            result(
                score, 14, linked(specials.quality, score), styles.SCORE, group="Progetti speciali art. 18"
            )
        )
    columns += [
        result(
            FIRE_SCORE, 14, linked(specials.fire, amounts.SCORE), styles.SCORE,
            group="Progetti speciali art. 18",
        ),
    ]  # fmt: skip
    rows = regional.territory_rows(page.book, national=False)
    table = page.table(
        TableSpec(
            "tblSintesi",
            columns,
            rows,
            key=STRUCTURE,
            aside=[regional.COVERAGE.format(who) for _, who in _CATEGORIES],
        ),
        FIRST_ROW + 1,
    )
    page.book.define("Elenco_regioni", table.column(STRUCTURE))
    sheets = [*(tables[who].sheet for _, who in _CATEGORIES), specials.quality.sheet, specials.fire.sheet]
    links.onward(page.book, page.name, sheets)
    page.remark(
        table.last + 1,
        "Casella vuota: dato non ancora rilevato, o categoria senza obiettivo in quella regione. I "
        "Coordinamenti generali sono nel foglio Coordinamenti centrali.",
    )
    page.put(table.last + 2, 1, "Segnalazioni (celle con ▼)", Kind.CHECK)
    page.put(table.last + 2, 2, "=" + "+".join(map(remarks.counted, remarked)), Kind.CHECK, number_format="0")
    for _, who in _CATEGORIES:
        for code in (row.code for row in rows if row.code in tables[who].numbers):
            score, cover = regional.TOTAL.format(who), regional.COVERAGE.format(who)
            page.book.top(table.cell(code, score), table.cell(code, cover))
    for who in (regional.SPECIAL_DOCTORS, regional.SPECIAL_LAWYERS):
        page.book.top(table.column(regional.TOTAL.format(who)))
    for code in (row.code for row in rows if row.code in specials.fire.numbers):
        page.book.top(table.cell(code, FIRE_SCORE))
    _charts(page, table)
    page.finish()
    return table


def _coverage(table: Placed, heading: str) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        code = place.row.code
        return f"={table.cell(code, heading)}" if code in table.numbers else 0

    return content


def _charts(page: Page, table: Placed) -> None:
    row = table.last + 4
    for title, who in (("medici", regional.DOCTORS), ("professionisti legali", regional.LAWYERS)):
        chart = ChartSpec(
            f"Punteggio dei {title} per regione e DCM", "Regione o DCM", "Punteggio",
            table, STRUCTURE, regional.TOTAL.format(who)
        )  # fmt: skip
        row = bar_chart(page, chart, f"A{row}") + 1


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the card: what it shows, of which table, by which headings; a heading alone where it has no table."""

    title: str
    unit: str = ""
    table: Placed | None = None
    goal: str = ""
    actual: str = ""
    score: str = ""


def _lines(places: Places, specials: Specials) -> list[_Line]:
    doctors, lawyers, printed, r = places.doctors, places.lawyers, places.legal, regional
    index, pieces, euro, share = "numero indice", "pezzi", "euro", "percentuale"

    def total(title: str, table: Placed, who: str) -> _Line:
        return _Line(title, "", table, "", "", r.TOTAL.format(who))

    return [
        total("MEDICI", doctors, r.DOCTORS),
        _Line("Indice sintetico di qualità", index, doctors, r.QUALITY_GOAL, r.QUALITY, r.P_QUALITY),
        _Line("Produttività pro capite", "punti", doctors, r.PER_HEAD_GOAL, r.PER_HEAD, r.P_EFFICIENCY),
        _Line("Azioni surrogatorie", euro, doctors, r.CLAIMS_GOAL, r.CLAIMS, r.P_CLAIMS),
        total("MEDICI RESPONSABILI DI UOSF", doctors, r.UOSF),
        _Line("Monitoraggio del contenzioso giudiziario", share, doctors, "", r.MONITORED, r.P_REPORTS),
        total("LEGALI", lawyers, r.LAWYERS),
        _Line("Piano di solidarietà: giudizi (PNDD)", pieces, printed.pndd, amounts.GOAL, legal.PNDD.actual,
        amounts.SCORE),
        _Line("Archivio SISCO CV: giacenza", pieces, printed.sisco, amounts.CORRECTED, legal.SISCO.actual,
        amounts.SCORE),
        _Line("Indice sintetico di qualità dell'area legale", index, lawyers, r.QUALITY_GOAL, r.QUALITY, r.P_QUALITY),
        _Line("Indicatore di efficienza", index, lawyers, r.EFFICIENCY_GOAL, r.EFFICIENCY, r.P_EFFICIENCY),
        _Line("Azioni surrogatorie", euro, lawyers, r.CLAIMS_GOAL, r.CLAIMS, r.P_CLAIMS),
        _Line("Incassi per spese legali", euro, printed.costs, amounts.GOAL, legal.COSTS.actual, amounts.SCORE),
        _Line("Archivio TAR e Corte dei conti: giacenza", pieces, printed.tar, amounts.CORRECTED,
        legal.TAR.actual, amounts.SCORE),
        _Line("Recupero crediti (risultato nazionale)", "", lawyers, "", "", r.P_CREDITS),
        total("TECNICO-EDILIZI", places.builders, r.BUILDERS),
        _Line("Progettazioni esecutive", pieces, places.builders, amounts.GOAL, special.DESIGNS.actual, amounts.SCORE),
        _Line("Anagrafe degli incarichi", share, places.builders, "", special.ENTERED_SHARE, special.P_REGISTER),
        _Line("PROGETTI SPECIALI ART. 18"),
        _Line("Medici: qualità su anno precedente", index, specials.quality, special.LAST_DOCTORS, special.NOW_DOCTORS,
              r.TOTAL.format(r.SPECIAL_DOCTORS)),
        _Line("Legali: qualità su anno precedente", index, specials.quality, special.LAST_LAWYERS, special.NOW_LAWYERS,
              r.TOTAL.format(r.SPECIAL_LAWYERS)),
        _Line("Prevenzione incendi", pieces, specials.fire, amounts.GOAL, special.FIRE.actual, amounts.SCORE),
    ]  # fmt: skip


def card(page: Page, places: Places, specials: Specials, values: Parameters) -> None:
    """Every objective of one region, category by category.

    Args:
        page: the empty `Scheda` page.
        places: the tables of the categories.
        specials: the tables of the special projects.
        values: where the parameters stand.
    """
    plan = page.book.plan
    search = places.doctors.column(STRUCTURE)
    head = card_head(page, CardHead("Regione o DCM", "Elenco_regioni", plan.regional()[0].code, search))
    lines = _lines(places, specials)
    rows = [
        Row(str(number), Level.TOTAL if not line.actual and line.title.isupper() else Level.LEAF, line)
        for number, line in enumerate(lines)
    ]
    table = page.table(TableSpec("tblScheda", _columns(head.picked, values), rows), FIRST_ROW + 3)
    format_by_unit(page, table, (_GOAL, _ACTUAL), _UNIT)
    page.remark(
        table.last + 2,
        "Riga 0: la tabella non ha obiettivi per la regione scelta (per esempio PNDD o SISCO CV, in "
        "alternativa fra loro).",
    )
    page.finish()


def _columns(picked: str, values: Parameters) -> Sequence[Column]:
    def pick(name: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            line: _Line = place.row.item
            heading = {"goal": line.goal, "actual": line.actual, "score": line.score}[name]
            if line.table is None or not heading:
                return None
            cell = f"INDEX({line.table.column(heading)},{place.here(_AT)})"
            return f'=IF({place.here(_AT)}=0,"",IF({cell}="","",{cell}))'

        return content

    def position(place: Place) -> object:
        line: _Line = place.row.item
        if line.table is None:
            return None
        keys = line.table.column(STRUCTURE)
        return f"=IF(SUMPRODUCT(({keys}={picked})*1)=0,0,MATCH({picked},{keys},0))"

    verdict = verdict_column(values, _SCORE, _VERDICT)
    return [
        Column(_ITEM, Kind.LABEL, 58, lambda p: p.row.item.title),
        Column(_UNIT, Kind.LABEL, 16, lambda p: p.row.item.unit or None),
        result(_GOAL, 18, pick("goal"), styles.EURO_CENTS),
        result(_ACTUAL, 18, pick("actual"), styles.EURO_CENTS),
        result(_SCORE, 12, pick("score"), styles.SCORE, judged_by=_VERDICT),
        result(
            _VERDICT,
            13,
            lambda p: verdict.content(p) if p.row.item.score else None,
            align="left",
            judged_by=_VERDICT,
        ),
        check(_AT, 8, position),
    ]
