"""Explanations of workbook files: which cell, the remarks that go with it, what the programs get."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from xl_perf.catalog import binding
from xl_perf.contract.results import results
from xl_perf.errors import WorkbookError
from xl_perf.explain.book import Place
from xl_perf.explain.lines import Liner
from xl_perf.explain.standard import UnknownError
from xl_perf.explain.tree import Explainer, recomputed
from xl_perf.language import it
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xl_perf.explain.lines import Explanation, Line
    from xl_perf.explain.model import Step
    from xl_perf.package.content import Content
    from xl_perf.values import CellValue

_SCORE = "punteggio"
_CLOSE = 1e-9
_LOOKED_AT = 200
"""Results that are looked through for the score."""


def scores(explainer: Explainer) -> list[Place]:
    """The results that a workbook declares: scores of `tblDati` first, then those at its top, each once."""
    declared = [place for place in explainer.roles.results if _is_score(explainer, place)]
    others = [place for place in explainer.roles.results if place not in declared]
    top = [Place(result.sheet, *result.key) for result in results(explainer.package)]
    return list(dict.fromkeys((*declared, *others, *top)))


def _is_score(explainer: Explainer, place: Place) -> bool:
    result = explainer.roles.results.get(place)
    return result is not None and result.identity.measure == _SCORE


def score(explainer: Explainer) -> Place:
    """The score of a workbook: the first of the results with a value or an error that gather most of the others.

    Raises:
        WorkbookError: the workbook declares no result.
    """
    places = scores(explainer)
    if not places:
        raise WorkbookError(
            "the workbook declares no result",
            where=explainer.package.where,
            expected="an official workbook, or the cell to explain",
        )
    declared = [place for place in places if _is_score(explainer, place)]
    named = [place for place in places if _SCORE in str(explainer.names(place)).lower()]
    places = declared or named or places
    values = {place: explainer.book.value(place) for place in places}
    filled = [place for place in places if isinstance(values[place], (float, CellError))] or places
    roots = {place: explainer(place) for place in filled[:_LOOKED_AT]}
    ends = {root.place for root in roots.values()}
    return max(roots, key=lambda place: len(ends & {step.place for step in roots[place].walk()}))


def explain(
    package: Content, cell: str = "", depth: int | None = None
) -> tuple[Explanation, Step, Explainer]:
    """The explanation of a cell of a workbook.

    Args:
        package: the workbook.
        cell: the cell, `Quadro!F13` or a defined name; empty for the score.
        depth: levels that are shown; None for all.

    Returns:
        The lines for readers, the whole tree, and what made it.

    Raises:
        WorkbookError: no such cell, or it is empty.
    """
    explainer = Explainer(package)
    place = explainer.book.find(cell) if cell else score(explainer)
    if explainer.book.cell(place) is None:
        raise WorkbookError("the cell is empty", where=f"{package.where}, {place}")
    with binding.use(explainer.roles.plan or binding.edition()):
        step = explainer(place)
        explanation = Liner(depth)(step, list(_remarks(step, explainer)))
    return explanation, step, explainer


def _remarks(step: Step, explainer: Explainer) -> Iterator[str]:
    """What a reader has to know of the whole.

    A stored value that its formulas do not give, dates that are not at hand.
    """
    try:
        value = recomputed(step, explainer)
    except UnknownError as error:
        yield it("Il calcolo non è stato ripetuto: {0}.", error)
    else:
        if not same(value, step.value):
            shown = explainer.formats.text(value)
            yield it(
                "Il valore memorizzato, {0}, non è quello che le formule danno ora, {1}: ricalcolare la cartella.",
                step.shown, shown,
            )  # fmt: skip
    if explainer.roles.missing:
        yield it("Le date degli atti mancano: {0}.", explainer.roles.missing)


def same(a: CellValue, b: CellValue) -> bool:
    """Whether two cell values are one: numbers within 1e-9, empty and "" alike."""
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return math.isclose(a, b, rel_tol=_CLOSE, abs_tol=_CLOSE)
    return (a or "") == (b or "")


def as_json(explanation: Explanation, step: Step) -> dict[str, Any]:
    """The explanation for programs: the whole tree with its numbers, and the lines that readers get."""
    return {
        "cella": str(step.place),
        "albero": _node(step, set()),
        "righe": [_line(line) for line in explanation.root.flat()],
        "parametri": [_line(line) for line in explanation.parameters],
        "avvertenze": explanation.remarks,
    }


def _node(step: Step, seen: set[int]) -> dict[str, Any]:
    node: dict[str, Any] = {
        "nome": str(step.name),
        "cella": str(step.place),
        "valore": step.value,
        "testo": step.shown,
        "ruolo": str(step.role),
    }
    if isinstance(step.value, CellError):
        node["valore"] = str(step.value)
    if step.source is not None:
        node["fonte"] = step.source.text
        node["atti"] = [{"atto": act, "data": date} for act, date in step.source.acts]
        node["assunzione"] = step.source.assumed
    if step.alternative:
        node["alternativo"] = True
    if step.blank:
        node["senza_dato"] = list(map(str, step.blank))
    if step.is_leaf:
        return node
    node["come"] = step.sentence
    if id(step) in seen:
        node["ripetuto"] = True
        return node
    seen.add(id(step))
    node["parti"] = [
        {
            **_node(branch.step, seen),
            **({} if branch.weight is None else {"peso": branch.weight.value}),
            **({"a_parte": True} if branch.aside else {}),
        }
        for branch in step.branches
    ]
    return node


def _line(line: Line) -> dict[str, Any]:
    return {"livello": line.level, "testo": line.text(), "celle": list(line.cells)}
