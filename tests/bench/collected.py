"""CPU time of a quarter: the scorecards of all structures made, and collected with their proof, beside LibreOffice."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.bench.measure import run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bench.office import OfficeWithAddIn

MADE, PROVEN = 3, 5
"""Scorecards whose recalculation by LibreOffice making all, and collecting all, may cost."""


@dataclass(frozen=True, slots=True)
class Quarter:
    """Seconds of CPU: of `new scheda`, empty and with example data, of `collect` with so many files, of LibreOffice for
    one scorecard; None without it.

    LibreOffice recalculates each file in a process of its own, as a user opens it: loads, calculates with our add-in,
    writes.
    """

    files: int
    made: float
    filled: float
    proven: float
    office: float | None

    def lines(self) -> list[str]:
        """The figures in words."""
        found = [
            f"- new scheda, {self.files} files: {self.made:.1f}; with example data {self.filled:.1f}",
            f"- collect, {self.files} files with proof: {self.proven:.1f}",
        ]
        if self.office is not None:
            found.append(
                f"- LibreOffice with the add-in, one scorecard: {self.office:.1f}; {MADE} are "
                f"{MADE * self.office:.1f}, {PROVEN} are {PROVEN * self.office:.1f}"
            )
        return found


def collected(folder: Path, structure: str = "TUTTE", office: OfficeWithAddIn | None = None) -> Quarter:
    """What a quarter costs, each command a process of its own, LibreOffice in between.

    Args:
        folder: where the files go.
        structure: `TUTTE`, or one structure for a quick look.
        office: LibreOffice with the add-in; None leaves it out.
    """
    cards, command = folder / "schede", [sys.executable, "-m", "xl_perf"]
    cards.mkdir(exist_ok=True)
    made = [*command, "new", "scheda", "--struttura", structure, "--trimestre", "3", "--force"]
    run([*command, "--help"])  # its modules compiled
    first = run(
        [*made, "--out", str(folder / "vuote" if structure == "TUTTE" else folder / "vuota.xlsx")]
    ).cpu
    filled = run([*made, "--example", "--out", str(cards)]).cpu
    files = sorted(cards.glob("*.xlsx"))
    other = None if office is None else _of_office(files, office)
    proven = [*command, "collect", *map(str, files), "--period", "2021-T3", "--out", str(folder / "nazione")]
    second = run(proven).cpu
    return Quarter(len(files), first, filled, second, other)


def _of_office(files: list[Path], office: OfficeWithAddIn) -> float:
    """Mean over some scorecards, the first one tried before to warm the profile."""
    relinked = [office.relinked(path) for path in files[:MADE]]
    out = relinked[0].parent / "written"
    office.recalculate(relinked[:1], out)
    return sum(office.recalculate([path], out).cpu for path in relinked) / len(relinked)
