"""The exceptions of xl_perf: each says what, where, what was expected and what to do."""

from __future__ import annotations

from xl_perf.language import language, place, translated


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
        return self.said(language())

    def said(self, into: str) -> str:
        """All parts as one text.

        Args:
            into: its language, `en` or `it`.
        """
        what, expected, remedy = (translated(part, into) for part in (self.what, self.expected, self.remedy))
        text = f"{place(self.where, into)}: {what}" if self.where else what
        if expected:
            text += translated("; expected ", into) + expected
        if remedy:
            text += f". {remedy[0].upper()}{remedy[1:]}"
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
