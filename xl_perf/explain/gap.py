"""What is missing: the actual that each indicator of a workbook needs, in its own unit, and where the year is going.

An indicator is what `PERF_SCORE` is called for, once for each pair of actual and target.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, ROUND_UP
from typing import TYPE_CHECKING, Any

from xl_perf.catalog import FUNCTIONS, binding
from xl_perf.cells import call
from xl_perf.contract.model import QUARTER
from xl_perf.contract.tables import read_metadata
from xl_perf.errors import SyncError
from xl_perf.explain.book import Place
from xl_perf.explain.evaluate import Evaluator
from xl_perf.explain.files import scores
from xl_perf.explain.formats import enough
from xl_perf.explain.goal import goal_of
from xl_perf.explain.missing import Amount, Band, Driver, Gap, Projection, told_apart
from xl_perf.explain.roles import Role
from xl_perf.explain.simplify import function_of, single
from xl_perf.explain.standard import UnknownError
from xl_perf.explain.tree import Explainer
from xl_perf.plan.titles import member_title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xl_perf.explain.model import Step
    from xl_perf.formula.tree import Node
    from xl_perf.package.content import Content
    from xl_perf.values import CellValue

_SCORE, _NEEDED, _CONTROL = "PERF_SCORE", "PERF_NECESSARIO", "CONTROLLO_PROCESSO"
_DRIVEN = frozenset(("GIACENZA_INDEX", "DEFLUSSO_INDEX", "PRODUTTIVITA_INDEX", "/"))
"""Calculations that grow in proportion to their first argument."""
_CHECKED = 1
"""Place of the practices that were controlled among the arguments of the control of the process."""
_MOST_PRACTICES = 100_000
_QUARTERS = 4
_HAIR = 1e-9
"""Of a number that is whole but for the digits of its calculation."""


def gaps(package: Content) -> list[Gap]:
    """What the indicators of a workbook are missing, in the order of its sheets.

    Those without actual or target are left out.

    Args:
        package: the workbook.
    """
    explainer = Explainer(package)
    with binding.use(explainer.roles.plan or binding.edition()):
        return told_apart(list(_Gaps(explainer).all()))


class _Gaps:
    def __init__(self, explainer: Explainer) -> None:
        self.explainer = explainer
        self.book = explainer.book
        self.goal = goal_of(explainer)
        try:
            quarter = read_metadata(explainer.package).text(QUARTER)
        except SyncError:
            quarter = ""
        self.quarter = int(quarter) if quarter.isdecimal() else 0
        self._shown: dict[Place, Place] = {}
        for place in scores(explainer):
            origin = explainer(place).place
            if origin != place:
                self._shown.setdefault(origin, place)

    def all(self) -> Iterator[Gap]:
        """Every indicator once."""
        seen: set[object] = set()
        for sheet in self.book.scope.sheets:
            for key, cell in self.book.cells(sheet).items():
                if cell.formula is None or not isinstance(cell.value, float):
                    continue
                place = Place(sheet, *key)
                tree = self.book.formula(place)
                formula = None if tree is None else self.explainer.simplify(tree, place)
                if formula is None or function_of(formula) != _SCORE:
                    continue
                identity = self._origin(formula.children[0], place), self._origin(formula.children[1], place)
                found = None if identity in seen else self._gap(place, formula, cell.value)
                seen.add(identity)
                if found is not None:
                    yield found

    def _origin(self, node: Node | None, home: Place) -> object:
        """What an argument is made of: equal for two formulas that give the same number from the same cells."""
        at = None if node is None else single(node)
        if at is None:
            return home, node
        step = self.explainer(at)
        if step.formula is None:
            return step.place
        called = function_of(step.formula) or step.formula.text
        return called, tuple(branch.step.place for branch in step.branches)

    def _name(self, place: Place) -> str:
        """What the score is called where the workbook shows it among its results, else where it stands."""
        return str(self.explainer.names(self._shown.get(place, place)))

    def _gap(self, place: Place, formula: Node, score: float) -> Gap | None:
        arguments = [self._evaluated(child, place) for child in formula.children]
        arguments += [None] * (4 - len(arguments))
        actual, target = arguments[:2]
        if not isinstance(actual, (int, float)) or not isinstance(target, (int, float)) or not target:
            return None
        direction, cap = (
            float(argument.default() if value is None and argument.default is not None else value)
            for argument, value in zip(FUNCTIONS[_SCORE].arguments[2:], arguments[2:], strict=True)
        )
        first, second = formula.children[:2]
        at, of = (None if node is None else single(node) for node in (first, second))
        step = None if at is None else self.explainer(at)
        wanted = None if of is None else self.explainer(of)
        style = self._style(at, of)
        missing = max(direction * (target - actual), 0.0) if score < self.goal else 0.0
        more, full, left = self._bands(step, target)
        annual, programme, linear = self._projections(wanted, actual, direction, cap, style)
        is_free = step is None or step.formula is None or function_of(step.formula) != _CONTROL
        return Gap(
            name=self._name(place),
            cell=str(place),
            item=self._item(step),
            unit=self._unit(wanted),
            actual=self._amount(actual, style),
            target=self._amount(target, style),
            direction=direction,
            score=score,
            goal=self.goal,
            missing=self._amount(missing, style, ROUND_UP),
            best=self._best(target, direction, cap, style) if is_free else None,
            driver=self._driver(step, target, direction),
            band=more,
            full=full,
            left=left,
            annual=annual,
            programme=programme,
            linear=linear,
        )

    def _evaluated(self, node: Node | None, home: Place) -> Any:
        try:
            return self.explainer.simplify.evaluate(node, home)
        except UnknownError:
            return None

    def _amount(self, value: float, style: int, rounding: str = ROUND_HALF_UP) -> Amount:
        return Amount(value, self.explainer.formats.text(float(value), style, rounding))

    def _style(self, *places: Place | None) -> int:
        for place in places:
            cell = None if place is None else self.book.cell(place)
            if cell is not None:
                return cell.style
        return 0

    def _item(self, actual: Step | None) -> str:
        """What the plan calls that of which an actual is made."""
        plan = self.explainer.roles.plan
        for step in () if actual is None or plan is None else actual.walk():
            found = self.explainer.roles.inputs.get(step.place)
            if found is not None and plan is not None:
                return member_title(plan, found.identity.item)
        return ""

    def _unit(self, target: Step | None) -> str:
        for step in () if target is None else target.walk():
            unit = self.explainer.roles.unit(step.place)
            if unit:
                return unit
        return ""

    def _best(self, target: float, direction: float, cap: float, style: int) -> Amount | None:
        goal = float(call(FUNCTIONS[_SCORE], [target, target, direction, cap]))
        value = call(FUNCTIONS[_NEEDED], [target, goal * (1 + cap), direction, cap])
        return self._amount(value, style, enough(direction)) if isinstance(value, (int, float)) else None

    # --- the input to change

    def _driver(self, step: Step | None, target: float, direction: float) -> Driver | None:
        """The first argument of a ratio, and what it has to be for the target.

        The others stay, whole numbers are whole.
        """
        formula = None if step is None else step.formula
        if step is None or formula is None:
            return None
        called = formula.text if formula.kind == "binary" else function_of(formula)
        at = single(formula.children[0]) if called in _DRIVEN and formula.children[0] is not None else None
        value = None if at is None else self.book.value(at)
        if at is None or not isinstance(value, (int, float)):
            return None
        unit = self._with(step, at, 1.0)
        if not unit:
            return None
        needed = target / unit
        if not math.isclose(self._with(step, at, needed) or math.nan, target, rel_tol=1e-9):
            return None
        if float(value).is_integer() and needed >= 1:
            needed = float(math.floor(needed + _HAIR) if direction < 0 else math.ceil(needed - _HAIR))
        style = self._style(at)
        shown = self._amount(float(value), style), self._amount(needed, style, enough(direction))
        return Driver(str(self.explainer(at).origin), *shown)

    def _with(self, step: Step, at: Place, value: float) -> float | None:
        """The value of a step with another number in one of its cells."""

        def cell(place: Place) -> CellValue:
            return value if place == at else self.book.value(place)

        found = Evaluator(self.book, cell)(step.formula, step.place)
        return float(found) if isinstance(found, (int, float)) else None

    def _bands(self, step: Step | None, target: float) -> tuple[Band | None, Band | None, int | None]:
        """Further practices to control that bring more points, those that bring the target, and all there are."""
        formula = None if step is None else step.formula
        if step is None or formula is None or function_of(formula) != _CONTROL:
            return None, None, None
        arguments = [self._evaluated(child, step.place) for child in formula.children]
        reached = float(call(FUNCTIONS[_CONTROL], arguments))
        more = full = None
        left = int(arguments[0] - arguments[_CHECKED])
        for practices in range(1, min(left, _MOST_PRACTICES) + 1):
            arguments[_CHECKED] += 1
            points = call(FUNCTIONS[_CONTROL], arguments)
            if not isinstance(points, (int, float)):
                continue
            if more is None and points > reached:
                more = Band(practices, float(points))
            if full is None and reached < target <= points:
                full = Band(practices, float(points))
            if more is not None and (full is not None or reached >= target):
                break
        return more, full, left

    # --- the end of the year

    def _projections(
        self, target: Step | None, actual: float, direction: float, cap: float, style: int
    ) -> tuple[Amount | None, Projection | None, Projection | None]:
        """Target of the year and projections, where the target of the quarter is a share of the year's."""
        annual = None if target is None else self._annual(target)
        if target is None or annual is None:
            return None, None, None
        whole, part = _number(annual.value), _number(target.value)
        if not 0 < part <= whole:
            return None, None, None

        def projection(passed: float) -> Projection | None:
            value = actual / passed if passed else math.nan
            score = call(FUNCTIONS[_SCORE], [value, whole, direction, cap])
            return Projection(self._amount(value, style), score) if isinstance(score, float) else None

        return (
            self._amount(whole, style),
            projection(part / whole),
            projection(self._quarter(target) / _QUARTERS),
        )

    def _annual(self, target: Step) -> Step | None:
        """The target of the year that a target of a quarter is a share of.

        The first factor, with the share after it.
        """
        if target.formula is None or target.formula.kind != "binary" or target.formula.text not in ("*", "/"):
            return None
        steps = [branch.step for branch in target.branches]
        is_share = len(steps) > 1 and (_is_share(steps[1].value) or self._is_quarterly(steps[1]))
        is_yearly = bool(steps) and steps[0].role is Role.TARGET and not self._is_quarterly(steps[0])
        return steps[0] if is_share and is_yearly else None

    def _is_quarterly(self, step: Step) -> bool:
        return "-T" in self.explainer.roles.period(step.place)

    def _quarter(self, target: Step) -> int:
        """The quarter of the numbers that a target is made of, else that of the file; 0 where neither says."""
        for branch in target.branches:
            number = self.explainer.roles.period(branch.step.place).partition("-T")[2]
            if number.isdecimal():
                return int(number)
        return self.quarter


def _number(value: CellValue) -> float:
    return float(value) if isinstance(value, (int, float)) else math.nan


def _is_share(value: CellValue) -> bool:
    return 0 < _number(value) <= 1
