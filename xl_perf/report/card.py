"""A workbook read for a page: scores with contributions and explanations, what is missing, what has to be looked at."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from xl_perf.catalog import binding
from xl_perf.contract import read_inputs
from xl_perf.contract.limits import findings
from xl_perf.contract.tables import read_metadata
from xl_perf.errors import SyncError
from xl_perf.explain.files import explain
from xl_perf.explain.goal import goal_of
from xl_perf.report.missing import missing
from xl_perf.report.model import Assumption, Card, File, Finding
from xl_perf.report.remarks import assumptions, completeness, sources
from xl_perf.report.sums import show, unexplained, weigh
from xl_perf.report.tree import Tree
from xl_perf.report.words import fixed

if TYPE_CHECKING:
    from xl_perf.explain.tree import Explainer
    from xl_perf.package import Package

TEMPLATES = ("scheda_territoriale", "piramide_valore")
"""Workbooks with one score that pages show."""
_EXAMPLE = "dati di esempio"
_CLOSE = 1e-9


def card(package: Package) -> Card:
    """The page's view of a workbook.

    Args:
        package: an official workbook with one score.

    Raises:
        SyncError: no official workbook, or one that has no single score.
        WorkbookError: it cannot be read.
    """
    metadata = read_metadata(package)
    template = metadata.text("modello")
    if template not in TEMPLATES:
        raise SyncError(
            f"a workbook «{template}» has no single score", where=package.where, expected=", ".join(TEMPLATES)
        )
    explanation, step, explainer = explain(package)
    with binding.use(explainer.roles.plan or binding.edition()):
        root = Tree(explainer)(step, explainer.book.find(explanation.root.cells[0]))
    goal = goal_of(explainer)
    weigh(root, goal)
    show(root)
    inputs = read_inputs(package)
    found = Card(
        structure=inputs.structure,
        period=inputs.period,
        template=template,
        edition=metadata.text("titolo_edizione"),
        act=_act(explainer, metadata.text("atto_breve")),
        fingerprint=inputs.fingerprint,
        example=metadata.text("tipo_dati") == _EXAMPLE,
        root=root,
        goal=goal,
        rest=_rest(unexplained(root)),
        file=File(str(package.path or package.where), hashlib.sha256(package.data).hexdigest(), template),
    )
    found.missing, found.parts = missing(package, explainer, step)
    found.assumptions = list(assumptions(step, explainer, inputs))
    found.sources = sources(step)
    found.findings = [Finding("", text) for text in explanation.remarks]
    if found.rest:
        text = f"I contributi non spiegano {fixed(found.rest, 4)} punti: i pesi o le medie non sono quelli del modello"
        found.findings.append(Finding(root.cell, text))
    found.findings += completeness(package, explainer)
    plan = explainer.roles.plan
    found.findings += [
        Finding(
            one.input.cell, f"{explainer.formats.text(one.input.value)}: atteso {one.expected} ({one.why})"
        )
        for one in (findings(inputs, plan) if plan is not None else ())
    ]
    return found


def _rest(value: float) -> float:
    return value if abs(value) > _CLOSE else 0.0


def _act(explainer: Explainer, short: str) -> str:
    plan = explainer.roles.plan
    date = (
        next((act.date for act in plan.acts.values() if act.short == short), None)
        if plan is not None
        else None
    )
    return f"{short} del {date:%d/%m/%Y}" if date is not None else short


__all__ = ["TEMPLATES", "Assumption", "Card", "card"]
