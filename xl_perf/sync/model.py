"""What a reload of targets gives back: frozen, and ready for JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.recalc import CellNote, NewError
    from xl_perf.values import CellValue


@dataclass(frozen=True, slots=True)
class TargetChange:
    """A target cell that gets another value.

    `structure` and `period` are empty for parameters, weights and bands, and `indicator` is their code then. `act` is
    the short Italian form of the resolution that set the new value; `source` says where the plan prints it. The values
    are as cells hold them: percentages are fractions, None is an empty cell.
    """

    sheet: str
    cell: str
    table: str
    indicator: str
    structure: str
    period: str
    what: str
    old: CellValue
    new: float | str | None
    unit: str
    act: str
    source: str
    status: str

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class ResultChange:
    """A result at the top of the workbook before and after; `label` says in words what it is."""

    sheet: str
    cell: str
    label: str
    before: CellValue
    after: CellValue

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class MetadataChange:
    """A key of the metadata that gets another value."""

    key: str
    old: CellValue
    new: str

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {"key": self.key, "old": self.old, "new": self.new}


@dataclass(frozen=True, slots=True)
class SyncFileReport:
    """What happened to one workbook, or would happen in a dry run.

    `failure` says why nothing was done; `skipped` why the file does not concern sync (a workbook in a folder
    that is no official one). `results` counts the results that the workbook declares
    (`xl_perf.contract.results`), `results_changed` are those that get another value. `sources` counts the
    source texts that changed, `recalculated` the formula values. `errors` and `kept` are those of the
    recalculation: new errors, and formulas that keep their stored values although they may depend on a
    changed target.
    """

    path: str
    failure: str = ""
    skipped: str = ""
    template: str = ""
    edition_before: str = ""
    edition: str = ""
    act: str = ""
    targets: int = 0
    changed: tuple[TargetChange, ...] = ()
    metadata: tuple[MetadataChange, ...] = ()
    sources: int = 0
    formulas: int = 0
    recalculated: int = 0
    results: int = 0
    results_changed: tuple[ResultChange, ...] = ()
    errors: Sequence[NewError] = ()
    kept: Sequence[CellNote] = ()
    written: str = ""
    notes: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """True where nothing failed and no formula has a new error."""
        return not self.failure and not self.errors

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "path": self.path,
            "ok": self.ok,
            "failure": self.failure,
            "skipped": self.skipped,
            "template": self.template,
            "edition_before": self.edition_before,
            "edition": self.edition,
            "act": self.act,
            "targets": self.targets,
            "changed": [change.to_json() for change in self.changed],
            "metadata": [change.to_json() for change in self.metadata],
            "sources": self.sources,
            "formulas": self.formulas,
            "recalculated": self.recalculated,
            "results": self.results,
            "results_changed": [change.to_json() for change in self.results_changed],
            "errors": [error._asdict() for error in self.errors],
            "kept": [note._asdict() for note in self.kept],
            "written": self.written,
            "notes": list(self.notes),
            "seconds": round(self.seconds, 3),
        }


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What happened to all files, in the order in which they were found."""

    files: tuple[SyncFileReport, ...]
    edition: str
    act: str
    dry_run: bool = False
    interrupted: bool = False
    seconds: float = 0.0

    @property
    def failed(self) -> tuple[SyncFileReport, ...]:
        """Files in which nothing was done because something is wrong."""
        return tuple(file for file in self.files if file.failure)

    @property
    def changed(self) -> int:
        """Number of target cells that changed in all files."""
        return sum(len(file.changed) for file in self.files)

    @property
    def ok(self) -> bool:
        """True where no file failed and none has a new error."""
        return not self.interrupted and all(file.ok for file in self.files)

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "ok": self.ok,
            "edition": self.edition,
            "act": self.act,
            "dry_run": self.dry_run,
            "interrupted": self.interrupted,
            "seconds": round(self.seconds, 3),
            "files": [file.to_json() for file in self.files],
        }
