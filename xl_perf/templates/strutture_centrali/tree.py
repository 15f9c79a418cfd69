"""The `Obiettivi` sheet of `strutture_centrali.xlsx`: each structure's tree with weights, targets, actuals, scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.plan.model import Direction
from xl_perf.templates.kit import contributions, formulas, remarks, styles
from xl_perf.templates.kit.columns import check, result, verdict_column
from xl_perf.templates.kit.model import (
    Column,
    Content,
    Link,
    Row,
    TableSpec,
    Validation,
    outcome,
    setting,
)
from xl_perf.templates.kit.names import short_name
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.kit.targets import linked_column, linked_source
from xl_perf.templates.kit.tree_weights import (
    OWN_WEIGHT,
    WEIGHT,
    WEIGHT_SOURCE,
    is_leaf,
    key_column,
    weight_code,
    weight_columns,
)
from xl_perf.templates.strutture_centrali.detail import CHECK, EMPTY
from xl_perf.templates.strutture_centrali.ieep import IN_USE as IEEP_TARGET
from xl_perf.templates.strutture_centrali.ieep import WHOLE
from xl_perf.templates.strutture_centrali.input import ACTUAL, UNIT_FORMATS, example_goal
from xl_perf.templates.strutture_centrali.nodes import is_asked, note_of, target_code

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.plan.nodes import Node
    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters
    from xl_perf.templates.strutture_centrali.nodes import Tree

TITLE, STRUCTURE, UNIT, DIRECTION = "Struttura, prospettiva, obiettivo", "Struttura", "Unità", "Verso"
TARGET_KEY, OWNER_KEY, ROW = "Codice obiettivo", "Codice titolare", "Riga"
PAST, PLANNED, OWN_TARGET, TARGET = (
    "Consuntivo pubblicato dell'anno precedente",
    "Obiettivo del piano",
    "Obiettivo da inserire",
    "Obiettivo in uso",
)
GAP, SCORE, VERDICT, COVERAGE = "Scostamento", "Punteggio", "Esito", "Copertura"
LEAF_SCORE = "Punteggio dell'obiettivo"
"""What the syntheses take: a column that none of them stands in."""
NOTE, TARGET_SOURCE, OWNER_SOURCE = "Nota", "Fonte obiettivo", "Fonte titolare"
_G_WHAT, _G_WEIGHT, _G_TARGET, _G_RESULT, _G_NOTE = (
    "Obiettivo", "Peso nel nodo superiore", "Valore obiettivo", "Risultato", "Note e fonti",
)  # fmt: skip
_BOLD_WIDTH = 60
_ROW_HEIGHT = 27
"""Two lines of text, in points."""

_TARGET = Validation(
    "decimal",
    OWN_TARGET,
    "Obiettivo che il piano non stampa: budget assegnato, indice di giacenza del Piano Budget, quota dei "
    "capitoli (di norma 100%).",
    "Inserire un numero maggiore di zero, senza testo né unità di misura.",
)


def goal_spec(page: Page, tree: Tree, values: Parameters) -> TableSpec:
    """The columns of the tree.

    Args:
        page: the empty page.
        tree: the nodes.
        values: where the parameters stand.
    """
    levels = {0: Level.NATIONAL, 1: Level.TOTAL}
    depth = {node.code: tree.depth(node) for node in tree.nodes}
    rows = [Row(n.code, levels.get(depth[n.code], Level.LEAF), n, depth[n.code]) for n in tree.nodes]
    plan = tree.plan

    def above(row: Row) -> list[str] | None:
        """The perspective of an objective."""
        return [row.item.parent] if is_leaf(row.item) else None

    weights, targets = weight_columns(plan, _G_WEIGHT, tree.order), _target_columns(page, tree, values)
    link = Link("nodo", "titolare", "", OWNER_KEY, OWNER_SOURCE)
    owners = linked_column(plan, "Titolare", 36, link, _owned, styles.GENERAL, group=_G_NOTE)
    columns = [
        Column(TITLE, Kind.LABEL, 64, _title(tree), align="wrap", group=_G_WHAT),
        key_column(_G_WHAT),
        Column(TARGET_KEY, Kind.LABEL, 20, lambda p: target_code(tree, p.row) or None, paper=False, group=_G_WHAT),
        Column(ROW, Kind.KEY, 20, lambda p: p.row.code, paper=False, group=_G_WHAT),
        Column(STRUCTURE, Kind.SOURCE, 26, lambda p: short_name(plan.structures[tree.structure(p.row.item)]),
               group=_G_WHAT),
        Column(UNIT, Kind.LABEL, 16, lambda p: str(_unit(tree, p.row)) if is_leaf(p.row.item) else None,
               group=_G_WHAT),
        check(DIRECTION, 11, _direction(values), formulas.DIRECTION_FORMAT, group=_G_WHAT),
        *targets[1:],
        *_result_columns(tree, values),
        *weights,
        *contributions.tree_columns(values, WEIGHT, SCORE, above, _G_WEIGHT),
        Column(CHECK, Kind.CHECK, 40, _check(tree), group=_G_NOTE, judged_by=CHECK),
        targets[0],
        Column(NOTE, Kind.SOURCE, 42, note_of(tree), group=_G_NOTE),
        owners,
        Column(OWNER_KEY, Kind.LABEL, 20, lambda p: _owned(p.row) or None, paper=False, group=_G_NOTE),
        linked_source(plan, OWNER_SOURCE, 40, owners, _owned, group=_G_NOTE),
        linked_source(plan, WEIGHT_SOURCE, 40, weights[0], weight_code, group=_G_NOTE),
        linked_source(plan, TARGET_SOURCE, 40, targets[1], lambda r: target_code(tree, r), group=_G_NOTE),
    ]  # fmt: skip
    return TableSpec(
        "tblObiettiviStrutture", columns, rows, key=ROW, filters=True,
        aside=[column.heading for column in (*targets[:3], *weights[:3], owners)],
    )  # fmt: skip


def goal_table(page: Page, spec: TableSpec) -> Placed:
    """Write the tree."""
    table = page.table(spec, FIRST_ROW + 1)
    page.finish()
    return table


def _check(tree: Tree) -> Callable[[Place], object]:
    """What is no number among the inputs of a row; why an objective has no score; a printed total that is no sum."""

    def content(place: Place) -> object:
        cells = {OWN_WEIGHT: place.here(OWN_WEIGHT)} if weight_code(place.row) else {}
        otherwise = EMPTY
        if is_asked(tree, place.row):
            own = place.here(OWN_TARGET)
            cells[OWN_TARGET] = own
            otherwise = f'IF(COUNTBLANK({own})=1,"obiettivo non ancora definito: non pesa","")'
        if is_leaf(place.row.item) and tree.whole(place.row.item):
            printed, summed = place.here(PLANNED), place.here(TARGET)
            differs = f"ABS({printed}-{summed})>0.000000001*ABS({summed})"
            otherwise = f'IF({differs},"{remarks.MARK} {PLANNED}: non è la somma delle voci","")'
        return f"={remarks.on_numbers(cells, otherwise)}" if cells else None

    return content


def _owned(row: Row) -> str:
    """The code of a node whose owner the plan prints; empty for others."""
    return row.code if row.item.owner else ""


def _title(tree: Tree) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        node: Node = place.row.item
        return tree.structure(node) if node.parent is None else node.title

    return content


def _unit(tree: Tree, row: Row) -> object:
    return tree.measures[row.code].unit


def _format(tree: Tree) -> Callable[[Row], str]:
    return lambda row: UNIT_FORMATS[tree.measures[row.code].unit] if is_leaf(row.item) else styles.GENERAL


def _direction(values: Parameters) -> Callable[[Place], object]:
    def content(place: Place) -> object:
        node: Node = place.row.item
        if not is_leaf(node):
            return None
        return f"={values.direction(node.indicator)}" if node.indicator else int(Direction.HIGHER)

    return content


def _target_columns(page: Page, tree: Tree, values: Parameters) -> list[Column]:
    plan = tree.plan
    link = Link("nodo", "obiettivo", plan.period, TARGET_KEY, TARGET_SOURCE)

    def past(place: Place) -> object:
        node: Node = place.row.item
        if node.indicator is None or node.structure is None:
            return None
        try:
            found = plan.actual(node.indicator, str(int(plan.period) - 1), structure=node.structure)
        except PlanError:
            return None
        return Content(found.value, Kind.TARGET)

    def own(place: Place) -> object:
        node: Node = place.row.item
        if not is_asked(tree, place.row):
            return Content(None, Kind.LABEL)
        if page.book.left_empty("obiettivo", node.code):
            return None
        goal = example_goal(tree.book, tree.measures[node.code])
        return goal if goal == 1 else round(goal * (0.9 + 0.3 * page.book.chance("obiettivo", node.code)))

    def used(place: Place) -> object:
        node: Node = place.row.item
        if not is_leaf(node):
            return None
        if node.indicator is None:
            return 1
        if tree.projects(node):
            return f"={values.centre}"
        if tree.whole(node):
            return f"={tree.sums.cell(WHOLE, IEEP_TARGET)}"
        return (
            f"={place.here(PLANNED)}"
            if target_code(tree, place.row)
            else formulas.shown(place.here(OWN_TARGET))
        )

    number_format = _format(tree)
    return [
        Column(PAST, Kind.LABEL, 14, past, number_format, align="right", group=_G_NOTE),
        linked_column(
            plan, PLANNED, 17, link, lambda r: target_code(tree, r), number_format, group=_G_TARGET
        ),
        Column(
            OWN_TARGET,
            Kind.INPUT,
            17,
            own,
            number_format,
            validation=_TARGET,
            group=_G_TARGET,
            datum=setting("obiettivo", key="Riga"),
        ),
        result(TARGET, 17, used, number_format, group=_G_TARGET),
    ]


def _result_columns(tree: Tree, values: Parameters) -> list[Column]:
    def actual(place: Place) -> object:
        if not is_leaf(place.row.item):
            return None
        return formulas.shown(tree.actuals.cell(tree.measures[place.row.code].code, ACTUAL))

    def call(function: str) -> Callable[[Place], object]:
        def content(place: Place) -> object:
            value, goal, sign = place.here(ACTUAL), place.here(TARGET), place.here(DIRECTION)
            if tree.whole(place.row.item):
                heading = SCORE if function == "PERF_SCORE" else GAP
                return formulas.shown(tree.sums.cell(WHOLE, heading))
            return formulas.complete(f"{function}({value},{goal},{sign},{values.cap})", value, goal)

        return content

    def gap(place: Place) -> object:
        return call("PERF_SCOSTAMENTO")(place) if is_leaf(place.row.item) else None

    def leaf_score(place: Place) -> object:
        return call("PERF_SCORE")(place) if is_leaf(place.row.item) else None

    def score(place: Place) -> object:
        node: Node = place.row.item
        if is_leaf(node):
            return formulas.shown(place.here(LEAF_SCORE))
        table, row = (
            (tree.summary, tree.structure(node)) if node.parent is None else (tree.order.placed, node.code)
        )
        return formulas.shown(table.cell(row, SCORE))

    def coverage(place: Place) -> object:
        node: Node = place.row.item
        if is_leaf(node):
            return f'=IF({place.here(SCORE)}="",0,1)'
        table, row = (
            (tree.summary, tree.structure(node)) if node.parent is None else (tree.order.placed, node.code)
        )
        return f"={table.cell(row, COVERAGE)}"

    return [
        result(ACTUAL, 17, actual, _format(tree), group=_G_RESULT),
        result(GAP, 13, gap, styles.DEVIATION, group=_G_RESULT),
        result(
            SCORE,
            11,
            score,
            styles.SCORE,
            group=_G_RESULT,
            judged_by=VERDICT,
            datum=outcome("punteggio", key="Riga"),
        ),
        verdict_column(values, SCORE, VERDICT, _G_RESULT),
        check(
            COVERAGE, 10, coverage, styles.PERCENT_1, group=_G_RESULT, datum=outcome("copertura", key="Riga")
        ),
        Column(LEAF_SCORE, Kind.CHECK, 11, leaf_score, styles.SCORE, align="right", paper=False),
    ]
