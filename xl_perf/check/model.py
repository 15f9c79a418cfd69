"""What a check gives back: frozen, and ready for JSON."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xl_perf.values import CellValue


class Kind(StrEnum):
    """What is wrong with a cell."""

    RESULT = "overtyped result"
    """A value, or nothing, where the template has a formula."""
    FORMULA = "changed formula"
    ROW = "deleted row"
    """A row of a table that the template has and the file has not; the cell is where it was."""
    MISSING = "missing"
    """A sheet, table or column of the template that the file has not."""
    PLAN = "overtyped number of the plan"
    """A target, weight, parameter, band or other number that is not the edition's."""
    INPUT = "input not admitted"
    """A text where a number belongs, a name that does not exist, a number outside of its limits."""
    PROOF = "score that the facts do not give"
    """A result that the facts and settings of the file, in a fresh workbook, do not give: it begins here."""
    ERROR = "error"
    """A formula of the template that holds an error value."""
    PERIOD = "period"
    """A year or quarter that the file cannot be of."""
    STRUCTURE = "structure"
    """A structure of the file that the edition does not have."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong in one cell; `found` and `expected` are values, or formulas with their `=`."""

    kind: Kind
    sheet: str
    cell: str
    found: CellValue
    expected: CellValue
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "kind": str(self.kind),
            "sheet": self.sheet,
            "cell": self.cell,
            "found": self.found,
            "expected": self.expected,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class FileReport:
    """What was found in one file.

    `failure` says why it could not be compared, `skipped` why it does not concern the check.
    """

    path: str
    failure: str = ""
    skipped: str = ""
    template: str = ""
    edition: str = ""
    structure: str = ""
    period: str = ""
    formulas: int = 0
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    """What the user should know and is no finding: formulas that read another row since rows were sorted."""
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """True where it was compared, or did not have to be, and nothing was found."""
        return not self.failure and not self.findings

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "path": self.path,
            "ok": self.ok,
            "failure": self.failure,
            "skipped": self.skipped,
            "template": self.template,
            "edition": self.edition,
            "structure": self.structure,
            "period": self.period,
            "formulas": self.formulas,
            "findings": [finding.to_json() for finding in self.findings],
            "notes": list(self.notes),
            "seconds": round(self.seconds, 3),
        }


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was found in all files, in the order in which they were found."""

    files: tuple[FileReport, ...]
    interrupted: bool = False
    seconds: float = 0.0

    @property
    def findings(self) -> int:
        """Number of findings in all files."""
        return sum(len(file.findings) for file in self.files)

    @property
    def ok(self) -> bool:
        """True where every file was compared and nothing was found."""
        return not self.interrupted and all(file.ok for file in self.files)

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "ok": self.ok,
            "interrupted": self.interrupted,
            "seconds": round(self.seconds, 3),
            "files": [file.to_json() for file in self.files],
        }
