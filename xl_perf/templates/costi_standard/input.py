"""The sheets of `costi_standard.xlsx` that have the shape of Tabella C, and the switch for the means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from openpyxl.utils import column_index_from_string

from xl_perf.contract.model import KeyKind
from xl_perf.plan.model import Unit
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.columns import check
from xl_perf.templates.kit.model import Column, Datum, Place, PrintSetup, Row, TableSpec, Validation, setting
from xl_perf.templates.kit.names import in_order
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind, Level

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from xl_perf.plan.model import Plan
    from xl_perf.plan.models import ModelData
    from xl_perf.templates.kit.model import Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters

OF_PLAN, OF_ACTUALS = "piano", "consuntivo"
CHECK, CODE, _WEIGHT = "Controllo dati", "Codice", "Peso"

_LABEL = "Medie di confronto per l'indice di consuntivo"
_VALUE = Validation(
    "decimal",
    "Valore di consuntivo",
    "Valore dell'indicatore nell'unità della Tabella C (euro, numero o percentuale). Vuoto se non ancora disponibile.",
    "Inserire un numero maggiore o uguale a zero, senza testo né unità di misura.",
)
_SWITCH = Validation(
    "list",
    "Medie di confronto",
    "piano: medie dei valori della Tabella C. consuntivo: medie dei valori inseriti nel cluster.",
    "Scegliere piano oppure consuntivo.",
    source=f'"{OF_PLAN},{OF_ACTUALS}"',
)


@dataclass(frozen=True, slots=True)
class Layout:
    """The indicators as rows, in the order of their weights; the structures of each cluster in the order of Tabella C.

    `index` is the indicator of the published index, `weights` the node of the weights.
    """

    rows: Sequence[Row]
    clusters: Mapping[str, Sequence[str]]
    index: str
    weights: str

    @classmethod
    def of(cls, plan: Plan, data: ModelData) -> Layout:
        """The layout of an edition. Roles: `indice_costi_standard`, `pesi_costi_standard`."""
        index, node = data.role("indice_costi_standard"), data.role("pesi_costi_standard")
        indicators = [plan.indicators[weight.member] for weight in plan.weights_of(node)]
        order = in_order(plan, (t.structure for t in plan.targets if t.indicator == indicators[0].code))
        clusters: dict[str, list[str]] = {}
        for code in order:
            clusters.setdefault(plan.structures[code].cluster or "", []).append(code)
        return cls([Row(i.code, item=i) for i in indicators], dict(sorted(clusters.items())), index, node)

    @property
    def structures(self) -> list[str]:
        """All structures, cluster by cluster."""
        return [code for codes in self.clusters.values() for code in codes]

    def structure_rows(self, plan: Plan) -> list[Row]:
        """All structures with their clusters, in the order of the plan."""
        cluster = {code: name for name, codes in self.clusters.items() for code in codes}
        return [Row(code, item=cluster[code]) for code in in_order(plan, cluster)]

    def number_format(self, row: Row) -> str:
        """Format of a row: percentages as such, everything else with two decimals as printed."""
        return styles.PERCENT if row.item.unit is Unit.PERCENT else styles.EURO_CENTS

    def position(self, table: Placed, heading: str) -> int:
        """Number of a column in its sheet."""
        index: int = column_index_from_string(table.letters[heading])
        return index


def mean_heading(cluster: str) -> str:
    """Heading of the column with the mean of a cluster."""
    return f"Media cluster {cluster}"


def mean_column(
    cluster: str, structures: Sequence[str], number_format: Callable[[Row], str], group: str
) -> Column:
    """The plain mean over the structures of a cluster that have a value."""

    def content(place: Place) -> object:
        return formulas.mean(place.across(structures[0], structures[-1]))

    return Column(mean_heading(cluster), Kind.FORMULA, 14, content, number_format, group=group)


def switch_row(page: Page) -> str:
    """The choice of the means in the `Parametri` sheet; gives its absolute reference."""
    row = FIRST_ROW
    page.section(row - 1, "Scelta dell'utente")
    page.text(row, 1, _LABEL, styles.font(bold=True, colour=styles.INK))
    reference = page.put(
        row,
        3,
        OF_PLAN,
        Kind.INPUT,
        align="left",
        validation=_SWITCH,
        datum=setting("medie di confronto", item="file", name=True),
        name="Medie_di_confronto",
    )
    page.text(
        row,
        4,
        "piano = medie dei valori del piano; consuntivo = medie dei dati inseriti nel foglio Consuntivi",
    )
    known = remarks.not_among(f"C{row}", (OF_PLAN, OF_ACTUALS))
    wrong = remarks.remark([(f"OR(COUNTBLANK(C{row})=1,{known})", f"{_LABEL}: {remarks.NO_CHOICE}")], '""')
    page.put(row + 1, 3, f"={wrong}", Kind.CHECK)
    page.book.define("Medie_di_confronto", reference)
    return reference


def actual_table(page: Page, layout: Layout, goals: Placed, switch: str, values: Parameters) -> Placed:
    """The actuals in the shape of Tabella C, with the means that the switch chooses and the index below.

    Args:
        page: the empty page.
        layout: the indicators and clusters.
        goals: Tabella C.
        switch: reference to the choice of the means.
        values: where the parameters stand.
    """
    columns = [
        Column("Indicatore", Kind.LABEL, 64, lambda place: place.row.item.title, group="Indicatore"),
        Column(CODE, Kind.KEY, 15, lambda place: place.row.code, paper=False, group="Indicatore"),
    ]
    for cluster, structures in layout.clusters.items():
        group = f"CLUSTER {cluster}"
        columns += [
            Column(
                code,
                Kind.INPUT,
                14,
                number_format=layout.number_format,
                validation=_VALUE,
                group=group,
                datum=Datum(KeyKind.ITEM, "", "consuntivo", code),
            )
            for code in structures
        ]
        columns.append(_chosen_mean(cluster, goals, switch, layout.number_format))
    columns += [_own_mean(cluster, codes, layout.number_format) for cluster, codes in layout.clusters.items()]
    columns.append(Column(CHECK, Kind.CHECK, 52, _remark(layout), judged_by=CHECK, group="CONTROLLI"))
    columns.append(
        check(
            _WEIGHT,
            9,
            lambda p: f"={values.weight(layout.weights, p.row.code)}",
            styles.PERCENT_1,
            group="CONTROLLI",
        )
    )
    table = page.table(TableSpec("tblConsuntivi", columns, layout.rows, key="Codice"), FIRST_ROW + 1)
    _index_rows(page, layout, table)
    page.finish(setup=PrintSetup(across=4))
    return table


def _remark(layout: Layout) -> Callable[[Place], object]:
    """The structures whose cell in a row is no number."""

    def content(place: Place) -> object:
        cells = {code: place.here(code) for code in layout.structures}
        parts = [place.across(codes[0], codes[-1]) for codes in layout.clusters.values()]
        return "=" + remarks.on_line(cells, ",".join(parts), '""')

    return content


def _chosen_mean(cluster: str, goals: Placed, switch: str, number_format: Callable[[Row], str]) -> Column:
    heading = mean_heading(cluster)

    def content(place: Place) -> object:
        own = f'IF({switch}="{OF_ACTUALS}",{place.here(_own_heading(cluster))},#VALUE!)'
        return f'=IF({switch}="{OF_PLAN}",{goals.cell(place.row.code, heading)},{own})'

    return Column(heading, Kind.FORMULA, 14, content, number_format, group=f"CLUSTER {cluster}")


def _own_heading(cluster: str) -> str:
    return f"Media dei consuntivi {cluster}"


def _own_mean(cluster: str, structures: Sequence[str], number_format: Callable[[Row], str]) -> Column:
    """The mean of the actuals of a cluster, for the column that chooses."""

    def content(place: Place) -> object:
        return formulas.mean(place.across(structures[0], structures[-1]))

    heading = _own_heading(cluster)
    return Column(
        heading, Kind.CHECK, 14, content, number_format, align="right", group="CONTROLLI", paper=False
    )


def _index_rows(page: Page, layout: Layout, table: Placed) -> None:
    """Two lines under the table: synthetic index of the actuals, and the weight of what is reported."""
    row, weights = table.last + 1, table.column(_WEIGHT).split("!")[1]
    page.put(row, 1, "Indice sintetico di consuntivo", Kind.KEY, level=Level.NATIONAL)
    page.put(row + 1, 1, "Copertura (peso degli indicatori rilevati)", Kind.CHECK)
    for cluster, structures in layout.clusters.items():
        means = table.column(mean_heading(cluster)).split("!")[1]
        for code in structures:
            cells, at = table.column(code).split("!")[1], layout.position(table, code)
            page.put(
                row, at, formulas.unless_blank(f"COSTO_STANDARD({cells},{means},{weights})", cells), Kind.FORMULA,
                number_format=styles.RATIO, level=Level.NATIONAL,
            )  # fmt: skip
            page.put(
                row + 1, at, f"=PERF_COPERTURA({cells},{weights})", Kind.CHECK,
                number_format=styles.PERCENT_1, align="right",
            )  # fmt: skip
