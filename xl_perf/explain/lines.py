"""An explanation as lines: cells of one column on one line, equal calculations together, parameters once at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xl_perf.explain.model import ASIDE
from xl_perf.explain.pieces import (
    TOGETHER,
    inner_of,
    is_blank,
    is_sum,
    kind_of,
    member,
    name_of,
    notes_of,
    shared_words,
    source_of,
)
from xl_perf.explain.roles import Role
from xl_perf.language import it

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xl_perf.explain.model import Branch, Step
    from xl_perf.values import CellValue

_PLURAL = {
    Role.PARAMETER: "Parametri",
    Role.WEIGHT: "Pesi",
    Role.SETTING: "Scelte",
    Role.CONSTANT: "Altri numeri",
}


@dataclass(slots=True)
class Line:
    """A line of an explanation.

    Attributes:
        level: depth, the root has 0.
        name: what it is.
        shown: its value as the cell shows it; of several cells each with its name.
        weight: its weight as shown, empty for none.
        words: how it comes about.
        notes: what was left out, what is assumed.
        source: where a number of the plan comes from.
        value: the stored value; None for a line of several cells.
        role: what it is.
        cells: the cells.
        lines: what it is made of.
    """

    level: int
    name: str
    shown: str
    weight: str = ""
    words: str = ""
    notes: list[str] = field(default_factory=list)
    source: str = ""
    value: CellValue = None
    role: Role = Role.RESULT
    cells: tuple[str, ...] = ()
    lines: list[Line] = field(default_factory=list)

    def flat(self) -> Iterable[Line]:
        """The line and all below it, in order."""
        yield self
        for line in self.lines:
            yield from line.flat()

    def text(self) -> str:
        """The line as one text."""
        said = f"{self.name} = {self.shown}" if self.name else self.shown
        if self.weight:
            said += f" ({it('peso {0}', self.weight)})"
        rest = "; ".join(filter(None, (self.words, *self.notes)))
        said += f": {rest}" if rest else ""
        return f"{said} [{self.source}]" if self.source else said


@dataclass(slots=True)
class Explanation:
    """An explanation for readers: the tree, and what holds for all of it."""

    root: Line
    parameters: list[Line]
    remarks: list[str]

    def flat(self) -> list[Line]:
        """All lines in order."""
        return [*self.root.flat(), *(line for one in self.parameters for line in one.flat())]


class Liner:
    """Makes lines of a tree.

    Args:
        depth: levels that are shown; None for all.
    """

    def __init__(self, depth: int | None = None) -> None:
        self.depth = depth
        self._done: set[int] = set()
        self._aside: dict[int, Step] = {}

    def __call__(self, step: Step, remarks: Sequence[str] = ()) -> Explanation:
        """The lines of a tree.

        Args:
            step: its root.
            remarks: what holds for all of it.
        """
        root = self._line(step, None, 0, "")
        return Explanation(root, list(self._parameters()), list(remarks))

    def _line(self, step: Step, parent: Step | None, level: int, weight: str) -> Line:
        name = name_of(step, parent)
        line = Line(
            level,
            name,
            step.shown,
            weight,
            step.sentence,
            notes_of(step),
            source_of(step),
            step.value,
            step.role,
        )
        line.cells = (str(step.place),)
        below = [branch for branch in step.shown_branches if not is_blank(branch.step.value)]
        if id(step) in self._done and below:
            line.words = it("già spiegato sopra")
            line.notes = []
            return line
        self._done.add(id(step))
        for branch in step.branches:
            if branch.aside:
                self._put_aside(branch.step)
        inner = inner_of(step, below)
        if inner:
            of_sum = is_sum(step.formula)
            line.words = it("somma: {0}", inner) if of_sum else it("{0}; da {1}", line.words, inner)
        elif below and (self.depth is None or level < self.depth):
            line.words = it("somma") if is_sum(step.formula) else line.words
            line.lines = list(self._below(step, below, level + 1))
        return line

    def _put_aside(self, step: Step) -> None:
        for one in step.walk():
            if one.is_leaf and (one.role in ASIDE or one is step) and not is_blank(one.value):
                self._aside[id(one)] = one

    def _below(self, parent: Step, branches: list[Branch], level: int) -> Iterable[Line]:
        groups: dict[object, list[Branch]] = {}
        for branch in branches:
            groups.setdefault(kind_of(branch), []).append(branch)
        for group in groups.values():
            is_table = not group[0].step.is_leaf
            if len(group) >= (TOGETHER if is_table else 2):
                for branch in group:
                    self._done.add(id(branch.step))
                    for part in branch.step.branches if is_table else ():
                        if part.aside:
                            self._put_aside(part.step)
                yield self._group(parent, group, level)
            else:
                for branch in group:
                    shown = branch.weight.shown if branch.weight is not None else ""
                    yield self._line(branch.step, parent, level, shown)

    def _group(self, parent: Step, group: list[Branch], level: int) -> Line:
        steps = [branch.step for branch in group]
        first = steps[0]
        heading = first.name.column or first.origin.column or first.name.row
        equal_weights = {branch.weight.shown for branch in group if branch.weight is not None}
        each = len(equal_weights) > 1
        members = [
            member(branch, heading, weight=branch.weight.shown if each and branch.weight is not None else "")
            for branch in group
        ]
        line = Line(level, heading, "; ".join(members), role=first.role)
        line.weight = it("{0} ciascuno", equal_weights.pop()) if len(equal_weights) == 1 else ""
        line.cells = tuple(str(step.place) for step in steps)
        line.words = shared_words(first)
        parts_of = [part.step for step in steps for part in step.shown_branches]
        line.source = " | ".join(dict.fromkeys(filter(None, map(source_of, (*steps, *parts_of)))))
        line.notes = list(dict.fromkeys(note for step in steps for note in notes_of(step, short=True)))
        del parent
        return line

    def _parameters(self) -> Iterable[Line]:
        groups: dict[tuple[Role, str, str], list[Step]] = {}
        for step in self._aside.values():
            if step.role is Role.CONSTANT and (step.value in (1, -1, 0) or step.value == ""):
                continue
            groups.setdefault((step.role, source_of(step), step.origin.column), []).append(step)
        for (role, source, column), steps in sorted(
            groups.items(), key=lambda item: list(_PLURAL).index(item[0][0]) if item[0][0] in _PLURAL else 9
        ):
            texts = [f"{step.origin.row or step.origin.column} {step.shown}" for step in steps]
            notes = list(dict.fromkeys(note for step in steps for note in notes_of(step, short=True)))
            is_plain = (
                role is Role.WEIGHT
                or column.startswith("Valore")
                or not all(step.origin.row for step in steps)
            )
            name = it(_PLURAL.get(role, "Altri numeri")) if is_plain else column
            if len(steps) == 1:
                name = steps[0].origin.row if is_plain and steps[0].origin.row else str(steps[0].origin)
            shown = steps[0].shown if len(steps) == 1 else "; ".join(dict.fromkeys(texts))
            value = steps[0].value if len(steps) == 1 else None
            cells = tuple(str(step.place) for step in steps)
            yield Line(1, name, shown, notes=notes, source=source, value=value, role=role, cells=cells)
