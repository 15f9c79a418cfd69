"""Pieces of the lines of an explanation: names, members of a line, notes, sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.catalog import FUNCTIONS
from xl_perf.explain.names import UNNAMED
from xl_perf.explain.simplify import function_of
from xl_perf.language import it
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.explain.model import Branch, Step
    from xl_perf.explain.names import Name
    from xl_perf.formula.tree import Node
    from xl_perf.values import CellValue

TOGETHER = 4
"""As many equal calculations with nothing but inputs below them are one line."""
_GENERIC = frozenset(
    ("numeratore", "denominatore", "consuntivo", "valore", "obiettivo", "importo", "punteggio")
)
"""Headings that say little without what stands where the value comes from."""


def is_sum(node: Node | None) -> bool:
    """A sum of cells, written with SUM or plus signs."""
    if node is None:
        return False
    if node.kind == "binary" and node.text == "+":
        return all(child is not None and (child.kind == "ref" or is_sum(child)) for child in node.children)
    return function_of(node) == "SUM" and all(
        child is not None and child.kind == "ref" for child in node.children
    )


def inner_of(step: Step, below: Sequence[Branch]) -> str:
    """What a step is made of where that fits on its own line: inputs without source and without weights."""
    if not below or any(
        not branch.step.is_leaf or branch.step.source is not None or branch.weight is not None
        for branch in below
    ):
        return ""
    columns = {branch.step.name.column for branch in below}
    if len(columns) == 1 and len(below) > 1:
        heading = columns.pop()
        said = "; ".join(member(branch, heading, "") for branch in below)
        return f"{heading}: {said}" if heading and heading != step.name.column else said
    if len(below) > TOGETHER:
        return ""
    return "; ".join(f"{name_of(branch.step, step)} {branch.step.shown}" for branch in below)


def name_of(step: Step, parent: Step | None) -> str:
    """What a step is called below another one; of a heading that says little with what it comes from."""
    name = str(step.name) if parent is None else step.name.beside(parent.name)
    origin = step.origin
    said = origin.column or origin.row
    if step.name.column.lower() in _GENERIC and origin != step.name and said.lower() not in name.lower():
        return f"{name} ({said})"
    return name


def member(branch: Branch, heading: str, weight: str) -> str:
    """A cell in a line of several: name, value, what it was made of."""
    step = branch.step
    name = _own(step.name, heading) or _own(step.origin, heading)
    said = f"{name} {step.shown}".strip()
    inner = [part.step.shown for part in step.shown_branches]
    details = [
        *([it("da {0}", ", ".join(inner))] if inner else []),
        *([it("peso {0}", weight)] if weight else []),
    ]
    return f"{said} ({'; '.join(details)})" if details else said


def _own(name: Name, heading: str) -> str:
    return name.row if name.column == heading else str(name) if name.row != heading else name.column


def shared_words(step: Step) -> str:
    """How all of several equal calculations come about."""
    if step.formula is None:
        return ""
    ours = FUNCTIONS.get(function_of(step.formula))
    phrase = (it(ours.phrase) if ours is not None else step.sentence).replace("{", "").replace("}", "")
    inner = [part.step.name.column or str(part.step.name) for part in step.shown_branches]
    return f"{phrase} ({it('da {0}', ', '.join(inner))})" if inner else phrase


def kind_of(branch: Branch) -> object:
    """Equal for branches that may stand on one line."""
    step = branch.step
    if step.is_leaf:
        return step.role, step.name.column, bool(step.name.column), step.place.sheet
    inner = step.shown_branches
    if (
        any(not part.step.is_leaf for part in inner)
        or isinstance(step.value, CellError)
        or step.formula is None
    ):
        return id(step)
    return step.name.column, step.place.sheet, _shape(step.formula)


def _shape(node: Node | None) -> object:
    if node is None:
        return None
    return (
        node.kind,
        function_of(node) or (node.text if node.kind == "binary" else ""),
        *map(_shape, node.children),
    )


def is_blank(value: CellValue) -> bool:
    """True for an empty cell and for an empty text."""
    return value is None or (value == "" and not isinstance(value, CellError))


def notes_of(step: Step, *, short: bool = False) -> list[str]:
    """What was left out, what is assumed, what took the place of something else.

    `short` for one of several on a line.
    """
    notes = []
    if step.blank and not short:
        notes.append(it("senza dato: {0}", _listed(step.blank, step.name)))
    if step.unused and not short:
        notes.append(it("senza peso: {0}", _listed(step.unused, step.name)))
    if step.source is not None and step.source.assumed:
        notes.append(it("assunzione"))
    if step.alternative:
        notes.append(it("valore alternativo, al posto di quello del piano"))
    if step.overtyped and not short:
        notes.append(it("formula al posto di un dato"))
    if isinstance(step.value, CellError):
        notes.append(it("errore"))
    return notes


def _listed(names: Sequence[Name], home: Name) -> str:
    """Names on one line; rows that nobody gave a name are counted."""
    free = [name for name in names if name.row.startswith(it(UNNAMED))]
    names = list(dict.fromkeys(name for name in names if not name.row.startswith(it(UNNAMED))))
    number = len({name.row for name in free})
    more = (
        it("una riga non compilata")
        if number == 1
        else it("{0} righe non compilate", number)
        if number
        else ""
    )
    return ", ".join(filter(None, (_named(names, home) if names else "", more)))


def _named(names: Sequence[Name], home: Name) -> str:
    rows = {name.row for name in names}
    columns = {name.column for name in names}
    if len(columns) == 1 and len(rows) == len(names) and all(rows):
        return ", ".join(name.row.removeprefix(f"{home.row}, ") for name in names)
    return ", ".join(name.beside(home) for name in names)


def source_of(step: Step) -> str:
    """Where a number of the plan comes from, as text; empty for others."""
    return "" if step.source is None else str(step.source)
