"""The sources of a Relazione as a list, and how the lines of evidence name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.language import ITALIAN, place

if TYPE_CHECKING:
    from xl_perf.report.relazione.model import Evidence, Relazione


class Sources:
    """The files and documents that the numbers come from, numbered in the order in which they are met.

    Args:
        found: the Relazione.
    """

    def __init__(self, found: Relazione) -> None:
        origins = (origin for proof in found.proofs for origin in proof.evidence.origins)
        keys = dict.fromkeys((origin.source, origin.digest, origin.received) for origin in origins)
        self._numbers = {key: f"F{number}" for number, key in enumerate(keys, start=1)}

    def rows(self) -> list[tuple[str, str, str, str]]:
        """Name in the list of evidence, source, when it was delivered, SHA-256."""
        return [
            (name, source, received or "stampato", digest)
            for (source, digest, received), name in self._numbers.items()
        ]

    def of(self, evidence: Evidence) -> str:
        """Where a number comes from, in Italian: `F1 Quadro!F18; F2 tabella.csv:3, colonna piano`."""
        said = []
        for one in evidence.origins:
            name = self._numbers[one.source, one.digest, one.received]
            where = place(one.where.partition("/")[2] or one.where, ITALIAN)
            said.append(f"{name} {where}".strip())
        return "; ".join(said)
