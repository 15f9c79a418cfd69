"""The `Parametri` sheet: the numbers of the plan that are not targets, with what is published and what is assumed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.plan.model import Status
from xl_perf.plan.titles import member_title, weight_title
from xl_perf.plan.traits import DIRECTION, TRAIT
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.book import name_of
from xl_perf.templates.kit.model import (
    Column,
    Content,
    Place,
    PrintSetup,
    Row,
    TableSpec,
    Validation,
    setting,
)
from xl_perf.templates.kit.names import BAND, CAP, CENTRE
from xl_perf.templates.kit.page import FIRST_ROW, TITLE_ROWS
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.kit.targets import source_column, target_column

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from xl_perf.plan.model import Indicator, Parameter, Plan, Weight
    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.model import Placed
    from xl_perf.templates.kit.page import Page

SHEET = "Parametri"
_USED, _OWN = "Valore in uso", "Valore alternativo"
_WEIGHT, _OWN_WEIGHT = "Peso in uso", "Peso alternativo"
_CHECK = "Controllo"
INFORMATIVE = "solo per informazione: nessun punteggio ne dipende"


@dataclass(frozen=True, slots=True)
class Parameters:
    """Where the parameters of a workbook stand."""

    values: Placed
    nodes: dict[str, Placed]
    indicators: Placed
    last_row: int
    common: Mapping[str, str]
    """Role of a parameter that every workbook shows -> its code."""

    def ref(self, code: str) -> str:
        """Absolute reference to the value in use of a parameter."""
        return self.values.cell(code, _USED)

    def planned(self, code: str) -> str:
        """Absolute reference to the plan's own value of a parameter."""
        return self.values.cell(code, "Valore del piano")

    def refs(self, codes: Sequence[str]) -> str:
        """Absolute reference to the values in use of parameters that stand one below the other, a column.

        Raises:
            PlanError: the workbook shows them apart, or in another order.
        """
        rows = [self.values.numbers[code] for code in codes]
        if rows != list(range(rows[0], rows[0] + len(rows))):
            raise PlanError(
                f"the parameters {', '.join(codes)} stand apart in the sheet {SHEET}",
                expected="one after the other in parametri of the workbook's data file",
            )
        first, last = self.ref(codes[0]), self.ref(codes[-1])
        return first if first == last else f"{first}:{last.rpartition('!')[2]}"

    @property
    def cap(self) -> str:
        """Cap of the deviation (fraction)."""
        return self.ref(self.common[CAP])

    @property
    def band(self) -> str:
        """Half width of the band around the target, in points."""
        return self.ref(self.common[BAND])

    @property
    def centre(self) -> str:
        """Score of the target itself."""
        return self.ref(self.common[CENTRE])

    def weights(self, node: str) -> str:
        """Absolute reference to the weights in use of a node, a column."""
        return self.nodes[node].column(_WEIGHT)

    def weight(self, node: str, member: str) -> str:
        """Absolute reference to the weight in use of one member."""
        return self.nodes[node].cell(member, _WEIGHT)

    def direction(self, indicator: str) -> str:
        """Absolute reference to the direction of an indicator, 1 or -1."""
        return self.indicators.cell(indicator, "Verso")


def parameters_page(
    page: Page,
    nodes: Sequence[str],
    indicators: Sequence[Indicator],
    *,
    at_row: int = FIRST_ROW,
    more: Sequence[str] = (),
) -> Parameters:
    """Write the sheet: the parameters that the edition gives the workbook, a table of weights for each node, the indicators.

    Args:
        page: the empty `Parametri` page.
        nodes: weight nodes that the workbook uses.
        indicators: the indicators of the workbook, for unit, direction and source.
        at_row: row of the first section heading.
        more: further parameters, of this kind of the workbook alone.
    """
    book = page.book
    page.section(at_row - 1, "Parametri del piano")
    common = {role: book.data.role(role) for role in (CAP, CENTRE, BAND)}
    values = page.table(_parameter_table(book, [*codes_of(book), *more]), at_row)
    for code in values.numbers:
        book.define(name_of(code), values.cell(code, _USED))
    row = values.last + 3
    placed: dict[str, Placed] = {}
    for node in nodes:
        page.section(row - 1, f"Pesi: {weight_title(book.plan, node)}")
        placed[node] = page.table(_weight_table(book, node), row)
        row = placed[node].last + 1
        _weight_check(page, placed[node], row)
        row += 3
    page.section(row - 1, "Indicatori: unità e verso")
    table = page.table(_indicator_table(indicators, book.plan), row)
    return Parameters(values, placed, table, table.last, common)


def codes_of(book: Book) -> list[str]:
    """The parameters that a workbook shows, those of every workbook first."""
    return list(dict.fromkeys([*map(book.data.role, (CAP, CENTRE, BAND)), *book.data.parameters]))


def finish(page: Page, row_breaks: Sequence[int] = ()) -> None:
    """Protection and print setup of the sheet; printed pages end after the rows given."""
    page.title_rows = TITLE_ROWS
    page.finish(setup=PrintSetup(row_breaks=row_breaks))


def _status_content(status: Callable[[Row], Status]) -> Callable[[Place], object]:
    return lambda place: styles.STATUS_WORDS[status(place.row)]


def _used(plan_heading: str, own_heading: str) -> Callable[[Place], object]:
    """The user's value where there is one; a text or an error there is an error of everything that depends on it."""

    def content(place: Place) -> object:
        own = place.here(own_heading)
        return f'=IF({own}="",{place.here(plan_heading)},{own}*1)'

    return content


def _remark(own_heading: str, informative: Sequence[str] = ()) -> Column:
    """What is wrong with the user's value, in words; that no result depends on a value where it is so."""

    def otherwise(place: Place) -> str:
        return f'"{INFORMATIVE}"' if place.row.code in informative else '""'

    return Column(
        _CHECK,
        Kind.CHECK,
        34,
        lambda place: "=" + remarks.on_numbers({own_heading: place.here(own_heading)}, otherwise(place)),
        judged_by=_CHECK,
    )


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


def _informative(book: Book) -> Sequence[str]:
    """The parameters that a workbook shows and no score of it depends on."""
    return book.data.codes("solo_informativi") if book.data.has("solo_informativi") else ()


def _parameter_table(book: Book, codes: Sequence[str]) -> TableSpec:
    plan = book.plan
    rows = [Row(code, item=plan.parameters[code]) for code in codes]

    def number_format(row: Row) -> str:
        parameter: Parameter = row.item
        return styles.UNIT_FORMATS[parameter.unit]

    def status(row: Row) -> Status:
        parameter: Parameter = row.item
        return parameter.status

    value = target_column(plan, "Valore del piano", 13, "parametro", "", number_format, period="")
    columns = [
        Column("Codice", Kind.KEY, 46, lambda place: place.row.code),
        Column("Parametro", Kind.LABEL, 52, lambda place: place.row.item.title, align="wrap"),
        value,
        Column("Unità", Kind.LABEL, 16, lambda place: str(place.row.item.unit)),
        Column("Stato", Kind.LABEL, 13, _status_content(status)),
        Column(
            _OWN,
            Kind.INPUT,
            13,
            _own(status, book.data.role(BAND), _informative(book)),
            number_format,
            validation=Validation(
                "decimal",
                "Valore alternativo",
                "Facoltativo: sostituisce l'assunzione in tutto il file. Vuoto: vale il valore del piano.",
                "Inserire un numero maggiore o uguale a zero, oppure lasciare vuoto.",
            ),
            datum=setting("alternativo"),
        ),
        Column(_USED, Kind.FORMULA, 13, _used("Valore del piano", _OWN), number_format),
        _remark(_OWN, _informative(book)),
        source_column(plan, [value], width=56),
    ]
    return TableSpec("tblParametri", columns, rows, key="Codice", source="Fonte")


def _weight_table(book: Book, node: str) -> TableSpec:
    plan = book.plan
    rows = [Row(weight.member, item=weight) for weight in plan.weights_of(node)]

    def status(row: Row) -> Status:
        weight: Weight = row.item
        return weight.status

    value = target_column(plan, "Peso del piano", 13, "peso", node, styles.PERCENT, period="")
    own = Validation(
        "decimal",
        _OWN_WEIGHT,
        "Facoltativo: sostituisce l'assunzione. I pesi in uso devono sommare a 100%.",
        "Inserire un peso fra 0% e 100%, oppure lasciare vuoto.",
        maximum=1,
    )
    columns = [
        Column("Codice", Kind.KEY, 46, lambda place: place.row.code),
        Column("Voce", Kind.LABEL, 52, lambda place: member_title(plan, place.row.code), align="wrap"),
        value,
        Column("Unità", Kind.LABEL, 16, lambda _: "percentuale"),
        Column("Stato", Kind.LABEL, 13, _status_content(status)),
        Column(
            _OWN_WEIGHT,
            Kind.INPUT,
            13,
            _own(status),
            styles.PERCENT,
            validation=own,
            datum=setting(f"alternativo {node}"),
        ),
        Column(_WEIGHT, Kind.FORMULA, 13, _used("Peso del piano", _OWN_WEIGHT), styles.PERCENT),
        _remark(_OWN_WEIGHT),
        source_column(plan, [value], width=56),
    ]
    return TableSpec(f"tblPesi_{node.replace('.', '_')}", columns, rows, key="Codice", source="Fonte")


def _weight_check(page: Page, table: Placed, row: int) -> None:
    """A line under the weights: their sum, and whether it is 100%."""
    cells = table.column(_WEIGHT).split("!")[1]
    page.put(row, 2, "Somma dei pesi in uso", Kind.CHECK)
    page.put(row, 7, f"=SUM({cells})", Kind.CHECK, number_format=styles.PERCENT, align="right")
    page.put(
        row, 8, f'=IF(ABS(G{row}-1)<0.000000001,"OK: i pesi sommano a 100%","▼ pesi ≠ 100%")', Kind.CHECK
    )


def _indicator_table(indicators: Sequence[Indicator], plan: Plan) -> TableSpec:
    period, systems = plan.period, plan.systems
    rows = [Row(indicator.code, item=indicator) for indicator in indicators]

    columns = [
        Column("Codice", Kind.KEY, 46, lambda place: place.row.code),
        Column("Indicatore", Kind.LABEL, 52, lambda place: place.row.item.title, align="wrap"),
        target_column(plan, "Verso", 13, TRAIT, DIRECTION, "0", period=""),
        Column("Unità", Kind.LABEL, 16, lambda place: str(place.row.item.unit)),
        Column("Stato", Kind.LABEL, 13, lambda _: styles.STATUS_WORDS[Status.PUBLISHED]),
        Column("Lettura del verso", Kind.LABEL, 20, lambda place: formulas.direction(place.here("Verso"))),
        Column("Periodo", Kind.LABEL, 13, lambda _: period, align="right"),
        Column("Sistema", Kind.LABEL, 34, lambda place: systems[place.row.item.system].title, align="wrap"),
        Column("Fonte", Kind.SOURCE, 56, lambda place: str(place.row.item.source)),
    ]
    return TableSpec("tblIndicatori", columns, rows, key="Codice")
