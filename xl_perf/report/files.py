"""The files that a page is made of: scorecards by structure and period, the pyramid, files that add nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xl_perf.contract.edition import plan_of
from xl_perf.contract.tables import is_official, read_metadata
from xl_perf.errors import PerfError, UsageError
from xl_perf.package import open_package
from xl_perf.report.card import TEMPLATES, card
from xl_perf.report.model import File, Finding
from xl_perf.report.quadratura import is_quadratura, read_quadratura

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from xl_perf.package import Package
    from xl_perf.plan.model import Plan
    from xl_perf.report.model import Card
    from xl_perf.report.quadratura import Quadratura

_SCORECARD, _PYRAMID = TEMPLATES
_TREE = "albero"
"""Role of the scorecard's tree."""


@dataclass(slots=True)
class Files:
    """What some files hold.

    Attributes:
        plan: the edition that they belong to.
        cards: scorecards by structure, of each the periods in their order.
        pyramid: the piramide del valore; None without one.
        quadratura: what `xl-perf collect` says of the structures; None without it.
        squared: its file.
        unused: files that add nothing to a page.
        findings: files that could not be read.
        failed: the same for the terminal, in the language of the commands.
    """

    plan: Plan
    cards: dict[str, list[Card]] = field(default_factory=dict)
    pyramid: Card | None = None
    quadratura: Quadratura | None = None
    squared: File | None = None
    unused: list[File] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def period(self) -> str:
        """The newest period of the scorecards."""
        return max((one.period for cards in self.cards.values() for one in cards), default="")


def read_files(paths: Sequence[Path], on_file: Callable[[str], None] | None = None) -> Files:
    """Reads the files of a page.

    Args:
        paths: workbooks.
        on_file: called with the name of each file that was read.

    Raises:
        UsageError: no scorecard and no pyramid among them, a structure twice in a period, two editions.
        PlanError: this machine does not have their edition.
    """
    plan: Plan | None = None
    cards: list[Card] = []
    unused: list[File] = []
    findings: list[Finding] = []
    failures: list[PerfError] = []
    squared: Package | None = None
    for path in paths:
        try:
            package = open_package(path)
            template = read_metadata(package).text("modello") if is_official(package) else ""
            if template in TEMPLATES:
                plan = _one_edition(plan, plan_of(package), str(path))
                cards.append(card(package))
            elif is_quadratura(package):
                squared = package
            else:
                digest = hashlib.sha256(package.data).hexdigest()
                unused.append(File(str(path), digest, template or "altra cartella"))
        except UsageError:
            raise
        except PerfError as error:
            if len(paths) == 1:
                raise
            findings.append(Finding(path.name, f"non letto: {error}"))
            failures.append(error)
        if on_file is not None:
            on_file(path.name)
    if plan is None and failures:
        raise failures[0]
    if plan is None:
        raise UsageError(
            "no scorecard among the files", expected="scorecards of structures, or of the nation"
        )
    failed = [
        str(error) if error.where else f"{one.where}: {error}"
        for one, error in zip(findings, failures, strict=True)
    ]
    found = Files(plan, unused=unused, findings=findings, failed=failed)
    for one in sorted(cards, key=lambda one: one.period):
        _put(found, one)
    if squared is not None:
        found.squared = File(str(squared.path), hashlib.sha256(squared.data).hexdigest(), "quadratura")
        found.quadratura = read_quadratura(squared, plan, plan.model(_SCORECARD).role(_TREE))
    return found


def _one_edition(plan: Plan | None, other: Plan | None, where: str) -> Plan | None:
    if plan is not None and other is not None and plan.data_hash != other.data_hash:
        raise UsageError(
            f"the file belongs to {other.id} ({other.data_hash[:12]}), others to {plan.id} ({plan.data_hash[:12]})",
            where=where,
            remedy="bring them to one edition with `xl-perf sync`",
        )
    return plan or other


def _put(files: Files, one: Card) -> None:
    if one.template == _PYRAMID:
        if files.pyramid is not None:
            raise UsageError("two files of the piramide del valore", where=one.file.path)
        files.pyramid = one
        return
    known = files.cards.setdefault(one.structure, [])
    twice = next((other for other in known if other.period == one.period), None)
    if twice is not None:
        raise UsageError(
            f"two scorecards of {one.structure} for {one.period}: {twice.file.path} and {one.file.path}",
            remedy="give the one that counts",
        )
    known.append(one)
