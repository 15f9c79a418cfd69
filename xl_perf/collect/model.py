"""What is collected: deliveries with their facts and scores, and what is said of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xl_perf.check.proof import Difference
    from xl_perf.contract import Identity, Input, Inputs
    from xl_perf.contract.limits import Finding


@dataclass(frozen=True, slots=True)
class Delivery:
    """A file as it was received.

    Attributes:
        path: the file.
        digest: SHA-256 of its bytes.
        inputs: its inputs, with edition, structure and period.
        results: results that it declares, by item: scores and coverages of objectives.
        findings: facts outside the limits of the edition.
    """

    path: str
    digest: str
    inputs: Inputs
    results: Mapping[Identity, Input]
    findings: tuple[Finding, ...] = ()

    @property
    def structure(self) -> str:
        """Code of the structure that delivered."""
        return self.inputs.structure

    @property
    def expected(self) -> int:
        """Number of facts that the file asks for."""
        return len(self.inputs.of())

    @property
    def filled(self) -> int:
        """Number of facts that it holds."""
        return sum(fact.value is not None for fact in self.inputs.of())


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that is not added up, and why.

    Attributes:
        path: the file.
        why: the reason as messages say it.
        said: the reason as the quadratura says it, in Italian.
        structure: code of the structure that delivered it, where it is known.
    """

    path: str
    why: str
    said: str
    structure: str = ""


@dataclass(frozen=True, slots=True)
class Witness:
    """A line that two structures report with different numbers; the first one is added up."""

    identity: Identity
    taken: Input
    taken_from: str
    other: Input
    other_from: str


@dataclass(slots=True)
class Collection:
    """Everything that is known of the files of a period.

    Attributes:
        period: the period.
        deliveries: files that are added up, in the order of the structures.
        refusals: files that are not.
        missing: structures that are not in the sums.
        settings: settings that are not the plan's: file and cell.
        differences: results that the facts of a file do not give.
        unproven: files whose facts could not be calculated anew.
        witnesses: lines with two different numbers.
        left: facts that could not be added up, with the reason.
    """

    period: str
    deliveries: list[Delivery] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    settings: list[tuple[Delivery, Input]] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    unproven: list[Refusal] = field(default_factory=list)
    witnesses: list[Witness] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)

    def refuse(self, delivery: Delivery, why: str, said: str) -> None:
        """Take a file out of the sums."""
        self.deliveries.remove(delivery)
        self.refusals.append(Refusal(delivery.path, why, said, delivery.structure))
        self.missing.append(delivery.structure)

    @property
    def complete(self) -> bool:
        """True where every structure delivered and nothing has to be looked at."""
        return not (
            self.refusals
            or self.missing
            or self.differences
            or self.unproven
            or self.witnesses
            or self.left
            or any(delivery.findings for delivery in self.deliveries)
        )
