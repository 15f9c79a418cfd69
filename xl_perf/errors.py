"""The exceptions of xl_perf: each says what, where, what was expected and what to do."""

from __future__ import annotations


class PerfError(Exception):
    """Base of every error that xl_perf raises on purpose.

    Args:
        what: what is wrong, in one sentence.
        where: file, sheet, cell, line or key that is concerned; empty when there is none.
        expected: what was expected there; empty when `what` says it.
        remedy: what the reader can do about it; empty when nothing can be advised.
    """

    def __init__(self, what: str, *, where: str = "", expected: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.expected = expected
        self.remedy = remedy

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        if self.expected:
            text += f"; expected {self.expected}"
        if self.remedy:
            text += f". {self.remedy[0].upper()}{self.remedy[1:]}"
        return text


class PlanError(PerfError):
    """The plan's data is wrong, or does not hold what was asked of it."""


class UsageError(PerfError):
    """What was asked for cannot be done as it was put: the commands exit with 2."""


class UnknownNameError(PlanError, UsageError):
    """No edition, structure, workbook or indicator of the name that somebody gave."""


class TargetNotFoundError(PlanError):
    """No target for this indicator, structure, period or date: never replaced by a default."""


class WorkbookError(PerfError):
    """A workbook cannot be read, is not what it claims to be, or cannot be written."""


class RecalcError(PerfError):
    """The calculation of a workbook as a whole failed."""


class SyncError(PerfError):
    """Targets cannot be reloaded into a workbook; nothing was changed."""


class LoadError(PerfError):
    """Facts cannot be loaded into a workbook; nothing was changed."""


class ArchiveError(PerfError):
    """The archive cannot be opened, or something cannot be stored in it; nothing was stored."""
