"""What a recalculation gives back: frozen, and ready for JSON.

Named tuples, not dataclasses: every process of a batch loads this first, and its start is half the time of a
    small file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from xl_perf.package.model import CellKey, Limits
    from xl_perf.values import CellError, CellValue


_NONE: Final[Mapping[str, Any]] = {}


class CellNote(NamedTuple):
    """Something to say about a cell; `cell` is its A1 address."""

    sheet: str
    cell: str
    reason: str


class NewError(NamedTuple):
    """A formula that gave no error before and gives one now.

    `reason` names the cell whose text made it, says `from Foglio!A1` where another formula's error came in, or what the
    function refused; empty where nothing is known.
    """

    sheet: str
    cell: str
    error: CellError
    reason: str = ""


class Change(NamedTuple):
    """A stored value that differs from the calculated one."""

    sheet: str
    cell: str
    old: CellValue
    new: CellValue


class EngineDifference(NamedTuple):
    """A cell to which two engines give different values; `values` is by the engines' names."""

    sheet: str
    cell: str
    values: Mapping[str, CellValue]


ENGINES: Final = ("formualizer", "libreoffice")
"""Engines by name; the first is the usual one, the second must be installed."""


class Calculation(NamedTuple):
    """The result of calculating one workbook; nothing has been written.

    `changes` and `spill` are what `Package.patch` takes: only cells whose value is not the stored one.
    """

    formulas: int
    engine: str
    engine_version: str
    notes: tuple[str, ...]
    changes: Mapping[str, Mapping[CellKey, CellValue]] = _NONE
    spill: Mapping[str, Mapping[CellKey, str]] = _NONE
    changed: Sequence[Change] = ()
    """The changes with their old values, in tab and reading order; spilled cells included."""
    volatile: frozenset[tuple[str, str]] = frozenset()
    """(sheet, cell) of changes that depend on the clock: they never make a file stale."""
    errors: Sequence[NewError] = ()
    kept: Sequence[CellNote] = ()
    """Formulas that keep their stored value, with the reason."""
    office: Sequence[CellNote] = ()
    """Formulas whose values are LibreOffice's, with the reason why they are not the engine's."""
    unknown_functions: Mapping[str, int] = _NONE
    """Functions that are not calculated, with the number of cells that call them directly."""
    faults: tuple[str, ...] = ()
    """Functions of ours that raised an exception, with its message: never right, their cells are kept."""
    old_values: bool = False
    """Formulas that keep their values may hold those from before a change, in a file whose other values are Excel's."""

    @property
    def stale(self) -> Sequence[Change]:
        """The changes that do not depend on the clock."""
        if not self.volatile:
            return self.changed
        return tuple(change for change in self.changed if (change.sheet, change.cell) not in self.volatile)


EXHAUSTED: Final = "more memory than a file may take; the file is too large"
"""What is said of such a file."""
MEMORY: Final = 4 * 1024**3
"""Bytes of address space that a worker process may take."""


class Options(NamedTuple):
    """How files are recalculated.

    Attributes:
        check: write nothing, only tell what is stale.
        values: also write a copy `name.valori.xlsx` with formulas replaced by values.
        out: write results there instead of in place, in the same folders below it.
        jobs: worker processes.
        seconds: longest time for one file; a worker that takes longer is ended.
        isolate: calculate in worker processes, so that a file that hangs or kills the engine harms no other; False
            calculates in this process, one file after the other.
        limits: what a file may cost; the defaults of the package reader when None.
        engine: one of `ENGINES`.
        verify: calculate with the other engine too; a file on which they differ is not written.
        office: leave what the engine cannot be trusted with to LibreOffice, where it is installed.
        memory: bytes of address space that a worker process may take (no limit on Windows).
        executor: `dask://HOST:PORT` of a Dask scheduler whose cluster does the files, each in a worker
            process as here; it decides how many at the same time. Empty for this machine.
    """

    check: bool = False
    values: bool = False
    out: Path | None = None
    jobs: int = 1
    seconds: float = 300.0
    isolate: bool = True
    limits: Limits | None = None
    engine: str = ENGINES[0]
    verify: bool = False
    office: bool = True
    memory: int = MEMORY
    executor: str = ""

    def to_json(self) -> dict[str, Any]:
        """What decides about the results, as a JSON object: an earlier report must have the same to go on from it."""
        return {
            "check": self.check,
            "values": self.values,
            "out": str(self.out) if self.out is not None else "",
            "engine": self.engine,
            "verify": self.verify,
            "office": self.office,
        }


class FileReport(NamedTuple):
    """What happened to one file. `failure` is empty where it was calculated.

    `changed`, `errors` and `kept` may be packed (`xl_perf.recalc.changes`). `stamp` is the file's size and
    time of change (ns) as it was left; `earlier` says that an earlier run did it, whose report this is.
    """

    path: str
    written: tuple[str, ...] = ()
    failure: str = ""
    formulas: int = 0
    changed: Sequence[Change] = ()
    stale: int = 0
    """Changed cells that do not depend on the clock."""
    errors: Sequence[NewError] = ()
    kept: Sequence[CellNote] = ()
    unknown_functions: Mapping[str, int] = _NONE
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    engine: str = ""
    engine_version: str = ""
    differences: tuple[EngineDifference, ...] = ()
    stamp: tuple[int, int] | None = None
    earlier: bool = False
    office: Sequence[CellNote] = ()
    """Formulas whose values are LibreOffice's, with the reason why they are not the engine's."""
    pending: str = ""
    """A copy that waits for LibreOffice before the file can be written; empty in the reports of a batch."""
    stored: Sequence[NewError] = ()
    """Errors that template cells of an official workbook held before and still do."""
    own: Sequence[NewError] = ()
    """The same of a user's own sheets and other workbooks, and #N/D of what is not defined yet: no failure."""

    @property
    def ok(self) -> bool:
        """True where it was calculated, no formula has an error (but a user's own old ones), and the engines agree."""
        return not (self.failure or self.errors or self.stored or self.faults or self.differences)

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        found: dict[str, Any] = {"path": self.path, "ok": self.ok} | self._asdict()
        del found["pending"]
        found |= {name: list(value) for name, value in found.items() if isinstance(value, tuple)}
        for name in (*CELL_ROWS, "differences"):
            found[name] = [row._asdict() for row in found[name]]
        return found | {"seconds": round(self.seconds, 3)}


CELL_ROWS: Final[Mapping[str, type[Change | CellNote | NewError]]] = {
    "changed": Change,
    "errors": NewError,
    "stored": NewError,
    "own": NewError,
    "kept": CellNote,
    "office": CellNote,
}
"""What a file's report says of single cells: fields, and of what kind their rows are."""


class RecalcReport(NamedTuple):
    """What happened to all files, in the order in which they were found."""

    files: tuple[FileReport, ...]
    options: Options = Options()
    interrupted: bool = False
    seconds: float = 0.0

    @property
    def check(self) -> bool:
        """True where nothing was to be written."""
        return self.options.check

    @property
    def failed(self) -> tuple[FileReport, ...]:
        """Files that could not be calculated or written."""
        return tuple(file for file in self.files if file.failure)

    @property
    def stale(self) -> tuple[FileReport, ...]:
        """Files whose stored values are not those of their formulas."""
        return tuple(file for file in self.files if file.stale)

    @property
    def ok(self) -> bool:
        """True where no file failed, none has a new error and, when checking, none is stale."""
        return (
            not self.interrupted and all(file.ok for file in self.files) and not (self.check and self.stale)
        )

    def head_json(self) -> dict[str, Any]:
        """As a JSON object without the files."""
        return {
            "ok": self.ok,
            "check": self.check,
            "options": self.options.to_json(),
            "interrupted": self.interrupted,
            "seconds": round(self.seconds, 3),
        }

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return self.head_json() | {"files": [file.to_json() for file in self.files]}
