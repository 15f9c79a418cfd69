"""What a page says of its numbers.

What is assumed, what the user has set, where the plan prints a number, empty cells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.contract.model import OWN, Species
from xl_perf.explain.book import Place
from xl_perf.explain.roles import Role
from xl_perf.plan.entities import Status
from xl_perf.report.model import Assumption, Finding
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from xl_perf.contract.inputs import Inputs
    from xl_perf.explain.model import Step
    from xl_perf.explain.tree import Explainer
    from xl_perf.package import Package
    from xl_perf.values import CellValue

_FILLED, _EXPECTED, _REMARKS, _FIRST = "Celle piene", "Celle previste", "Segnalazioni", "Prima segnalazione"
_NAMED = 4
"""Names that are listed one by one."""
_LONGEST = 80
"""Letters of a name in such a list."""


def assumptions(step: Step, explainer: Explainer, inputs: Inputs) -> Iterator[Assumption]:
    """What the plan does not print, each kind once, then what the user has set.

    Args:
        step: the explanation of the score.
        explainer: what made it.
        inputs: the inputs of the workbook.
    """
    yield from _weights(explainer)
    grouped: dict[str, dict[str, None]] = {}
    for one in step.walk():
        if one.source is not None and one.source.assumed and one.role is not Role.WEIGHT:
            grouped.setdefault(str(one.source), {})[one.origin.row or str(one.origin)] = None
    for source, names in grouped.items():
        yield Assumption(_some(names), source)
    chosen: dict[str, list[str]] = {}
    for setting in inputs.of(Species.SETTING):
        if setting.value not in (None, "") and setting.identity.measure.startswith(OWN):
            name = explainer.names(Place(setting.sheet, *setting.key))
            text = f"{explainer.formats.text(setting.value)} ({setting.cell})"
            chosen.setdefault(name.row or str(name), []).append(text)
    for text, values in chosen.items():
        yield Assumption(f"{text}: {'; '.join(values)}", "scelta di chi ha compilato il file")


def _weights(explainer: Explainer) -> Iterator[Assumption]:
    plan = explainer.roles.plan
    if plan is None:
        return
    codes = {one.identity.item for one in explainer.roles.results.values()}
    notes: dict[str, list[str]] = {}
    for node in plan.nodes:
        if node.code in codes and node.weight_status is Status.ASSUMED:
            notes.setdefault(node.note.removeprefix("assunzione: "), []).append(node.title)
    for note, titles in notes.items():
        yield Assumption(f"Pesi di {_some(titles)}", note)


def _some(names: Iterable[str]) -> str:
    """The first of some names, and how many more there are."""
    found = list(
        dict.fromkeys(
            name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rstrip()}…" for name in names
        )
    )
    more = len(found) - _NAMED
    return "; ".join(found[:_NAMED]) + (f"; e altre {more}" if more > 0 else "")


def sources(step: Step) -> list[str]:
    """Tables and slides that the numbers of the plan come from, with act and date, each once, in alphabetical order."""
    return sorted({str(one.source) for one in step.walk() if one.source is not None})


def completeness(package: Package, explainer: Explainer) -> list[Finding]:
    """Sheets with empty cells or with remarks, as the workbook itself counts them."""
    found = []
    for table in package.tables:
        if not {_FILLED, _EXPECTED, _REMARKS} <= set(table.columns):
            continue
        top, left, bottom, _ = table.ref
        for row in range(top + table.header_rows, bottom - table.totals_rows + 1):
            values = {
                heading: explainer.book.value(Place(table.sheet, row, left + column))
                for column, heading in enumerate(table.columns)
            }
            sheet = str(values[table.columns[0]] or "")
            filled, expected, remarks = (_count(values[name]) for name in (_FILLED, _EXPECTED, _REMARKS))
            if expected is not None and filled is not None and filled < expected:
                found.append(Finding(sheet, f"{expected - filled} celle da compilare su {expected}"))
            if remarks:
                first = values.get(_FIRST)
                text = str(first) if isinstance(first, str) and not isinstance(first, CellError) else ""
                found.append(
                    Finding(
                        sheet,
                        f"{remarks} segnalazioni; la prima: {text}" if text else f"{remarks} segnalazioni",
                    )
                )
    return found


def _count(value: CellValue) -> int | None:
    return int(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
