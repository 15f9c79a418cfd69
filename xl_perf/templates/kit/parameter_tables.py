"""The tables of the `Parametri` sheet: parameters, the weights of a node, the indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.plan.model import Parameter, Status
from xl_perf.plan.titles import member_title
from xl_perf.plan.traits import DIRECTION
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.model import Column, Content, Place, Row, TableSpec, Validation, setting
from xl_perf.templates.kit.names import BAND
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.kit.targets import source_column, target_column, trait_column

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.plan.model import Indicator, Plan, Weight
    from xl_perf.templates.kit.book import Book

USED, _OWN = "Valore in uso", "Valore alternativo"
WEIGHT, _OWN_WEIGHT = "Peso in uso", "Peso alternativo"
STATUS, _CHECK = "Stato", "Controllo"
_IDLE = "non conta, vale ciò che il piano pubblica"
INFORMATIVE = "solo per informazione: nessun punteggio ne dipende"


def _status_content(status: Callable[[Row], Status]) -> Callable[[Place], object]:
    return lambda place: styles.STATUS_WORDS[status(place.row)]


def _used(plan_heading: str, own_heading: str) -> Callable[[Place], object]:
    """The user's value in place of an assumption; a text or an error there is an error of all that depends on it."""

    def content(place: Place) -> object:
        own, plan = place.here(own_heading), place.here(plan_heading)
        used = f'IF({own}="",{plan},{own}*1)'
        if isinstance(place.row.item, Parameter) and place.row.item.words:
            used = formulas.number_of(own, place.row.item.words, plan)
        return f"=IF({_printed(place)},{plan},{used})"

    return content


def _printed(place: Place) -> str:
    """The condition that a row is no assumption: what the plan prints has no alternative, whoever unlocks the cell."""
    return f'{place.here(STATUS)}<>"{styles.STATUS_WORDS[Status.ASSUMED]}"'


def _remark(own_heading: str, informative: Sequence[str] = ()) -> Column:
    """What is wrong with the user's value, in words; that no result depends on a value where it is so."""

    def otherwise(place: Place) -> str:
        return f'"{INFORMATIVE}"' if place.row.code in informative else '""'

    def said(place: Place) -> object:
        own, words = place.here(own_heading), getattr(place.row.item, "words", ())
        known = [text for word, number in words for text in (word, f"{number:g}")]
        wrong = (
            (remarks.not_among(own, known), f"{own_heading}: {remarks.NO_CHOICE}")
            if words
            else (remarks.not_numbers(own), f"{own_heading}: {remarks.NO_NUMBER}")
        )
        idle = f"AND({_printed(place)},COUNTBLANK({own})=0)", f"{own_heading}: {_IDLE}"
        return f"={remarks.remark([idle, wrong], otherwise(place))}"

    return Column(_CHECK, Kind.CHECK, 34, said, judged_by=_CHECK)


def _own(
    status: Callable[[Row], Status], band: str = "", shown: Sequence[str] = ()
) -> Callable[[Place], object]:
    """An assumption may be replaced by the user; what the plan prints may not."""

    def content(place: Place) -> object:
        informative = "sposta l'esito in parole, non i punteggi" if place.row.code == band else ""
        if place.row.code in shown:
            informative = INFORMATIVE
        kind = Kind.INPUT if status(place.row) is Status.ASSUMED else Kind.LABEL
        return Content(None, kind, informative=informative)

    return content


def _own_value(row: Row) -> Validation:
    """What may be typed in place of an assumption: a number, or a word where it is a choice."""
    parameter: Parameter = row.item
    words = [word for word, _ in parameter.words]
    kind = "list" if words else "decimal"
    error = f"Scegliere {' oppure '.join(words)}" if words else "Inserire un numero maggiore o uguale a zero"
    return Validation(
        kind,
        _OWN,
        "Facoltativo: sostituisce l'assunzione in tutto il file. Vuoto: vale il valore del piano.",
        f"{error}, oppure lasciare vuoto.",
        source=f'"{",".join(words)}"' if words else "",
    )


def _informative(book: Book) -> Sequence[str]:
    """The parameters that a workbook shows and no score of it depends on."""
    return book.data.codes("solo_informativi") if book.data.has("solo_informativi") else ()


def parameter_table(book: Book, codes: Sequence[str]) -> TableSpec:
    """The parameters of a workbook: the plan's value, another one where it is assumed, the one in use."""
    plan = book.plan
    rows = [Row(code, item=plan.parameters[code]) for code in codes]

    def number_format(row: Row) -> str:
        parameter: Parameter = row.item
        if parameter.words:
            return formulas.choice_format(parameter.words)
        return styles.UNIT_FORMATS[parameter.unit]

    def status(row: Row) -> Status:
        parameter: Parameter = row.item
        return parameter.status

    value = target_column(plan, "Valore del piano", 13, "parametro", "", number_format, period="")
    columns = [
        Column("Codice", Kind.KEY, 46, lambda place: place.row.code),
        Column("Parametro", Kind.LABEL, 52, lambda place: place.row.item.title, align="wrap"),
        value,
        Column("Unità", Kind.LABEL, 16, lambda p: "scelta" if p.row.item.words else str(p.row.item.unit)),
        Column(STATUS, Kind.LABEL, 13, _status_content(status)),
        Column(
            _OWN,
            Kind.INPUT,
            13,
            _own(status, book.data.role(BAND), _informative(book)),
            number_format,
            validation=_own_value,
            datum=setting("alternativo"),
        ),
        Column(USED, Kind.FORMULA, 13, _used("Valore del piano", _OWN), number_format),
        _remark(_OWN, _informative(book)),
        source_column(plan, [value], width=56),
    ]
    return TableSpec("tblParametri", columns, rows, key="Codice", source="Fonte")


def weight_table(book: Book, node: str) -> TableSpec:
    """The weights of a node: the plan's, another one where they are assumed, the one in use."""
    plan = book.plan
    rows = [Row(weight.member, item=weight) for weight in plan.weights_of(node)]

    def status(row: Row) -> Status:
        weight: Weight = row.item
        return weight.status

    value = target_column(plan, "Peso del piano", 13, "peso", node, styles.PERCENT, period="")
    own = Validation(
        "decimal",
        _OWN_WEIGHT,
        "Facoltativo, da 0% a 100%: sostituisce l'assunzione. I pesi in uso devono sommare a 100%.",
        "Inserire un peso fra 0% e 100%, oppure lasciare vuoto.",
        maximum=1,
    )
    columns = [
        Column("Codice", Kind.KEY, 46, lambda place: place.row.code),
        Column("Voce", Kind.LABEL, 52, lambda place: member_title(plan, place.row.code), align="wrap"),
        value,
        Column("Unità", Kind.LABEL, 16, lambda _: "percentuale"),
        Column(STATUS, Kind.LABEL, 13, _status_content(status)),
        Column(
            _OWN_WEIGHT,
            Kind.INPUT,
            13,
            _own(status),
            styles.PERCENT,
            validation=own,
            datum=setting(f"alternativo {node}"),
        ),
        Column(WEIGHT, Kind.FORMULA, 13, _used("Peso del piano", _OWN_WEIGHT), styles.PERCENT),
        _remark(_OWN_WEIGHT),
        source_column(plan, [value], width=56),
    ]
    return TableSpec(f"tblPesi_{node.replace('.', '_')}", columns, rows, key="Codice", source="Fonte")


def indicator_table(indicators: Sequence[Indicator], plan: Plan) -> TableSpec:
    """The indicators of a workbook: unit, direction, source."""
    period, systems = plan.period, plan.systems
    rows = [Row(indicator.code, item=indicator) for indicator in indicators]

    columns = [
        Column("Codice", Kind.KEY, 46, lambda place: place.row.code),
        Column("Indicatore", Kind.LABEL, 52, lambda place: place.row.item.title, align="wrap"),
        trait_column(plan, "Verso", 13, DIRECTION),
        Column("Unità", Kind.LABEL, 16, lambda place: str(place.row.item.unit)),
        Column(STATUS, Kind.LABEL, 13, lambda _: styles.STATUS_WORDS[Status.PUBLISHED]),
        Column("Lettura del verso", Kind.LABEL, 20, lambda place: formulas.direction(place.here("Verso"))),
        Column("Periodo", Kind.LABEL, 13, lambda _: period, align="right"),
        Column("Sistema", Kind.LABEL, 34, lambda place: systems[place.row.item.system].title, align="wrap"),
        Column("Fonte", Kind.SOURCE, 56, lambda place: str(place.row.item.source)),
    ]
    return TableSpec("tblIndicatori", columns, rows, key="Codice")
