"""Going on from the report of an earlier run: what was done and did not change since is not done again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from xl_perf.errors import RecalcError
from xl_perf.recalc.changes import Changes, NewErrors, Notes, spooled
from xl_perf.recalc.files import stamp_of
from xl_perf.recalc.model import CellNote, Change, EngineDifference, FileReport, NewError
from xl_perf.recalc.report_file import read_report
from xl_perf.recalc.spool import Spool
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xl_perf.recalc.model import Options
    from xl_perf.values import CellValue

Earlier: TypeAlias = "Mapping[str, FileReport]"
"""Absolute path of a file -> what the earlier run said of it."""


def read_earlier(path: Path, options: Options) -> Earlier:
    """What a report says was done.

    Args:
        path: the report (`ReportFile`, or the JSON of a `RecalcReport`); it may be of a run that was killed.
        options: those of this run.

    Raises:
        RecalcError: no such report, not one, or of a run with other options.
    """
    where = str(path)
    remedy = "leave out --resume to do all files"
    spool = Spool()
    earlier = {}
    try:
        found = read_report(path)
        options_then = dict(next(found)["options"])
        for entry in found:
            earlier[os.path.abspath(entry["path"])] = spooled(_file(entry), spool)  # noqa: PTH100 - links stay
    except OSError as error:
        raise RecalcError(f"the report cannot be read ({error.strerror})", where=where) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RecalcError("this is no report of xl-perf recalc", where=where, remedy=remedy) from error
    if options_then != options.to_json():
        changed = [name for name, value in options.to_json().items() if options_then.get(name) != value]
        raise RecalcError(
            f"the report is of a run with other options ({', '.join(changed)})", where=where, remedy=remedy
        )
    return earlier


def is_done(report: FileReport | None) -> bool:
    """True where the earlier run did the file and neither it nor what was written changed since."""
    return (
        report is not None
        and not report.failure
        and report.stamp is not None
        and report.stamp == stamp_of(report.path)
        and all(Path(written).exists() for written in report.written)
    )


def _file(entry: Mapping[str, Any]) -> FileReport:
    stamp = entry["stamp"]
    return FileReport(
        entry["path"],
        written=tuple(entry["written"]),
        failure=entry["failure"],
        formulas=entry["formulas"],
        changed=Changes.of(
            Change(c["sheet"], c["cell"], _value(c["old"]), _value(c["new"])) for c in entry["changed"]
        ),
        stale=entry["stale"],
        errors=_errors(entry["errors"]),
        stored=_errors(entry["stored"]),
        own=_errors(entry["own"]),
        kept=_notes(entry["kept"]),
        office=_notes(entry["office"]),
        unknown_functions=entry["unknown_functions"],
        faults=tuple(entry["faults"]),
        notes=tuple(entry["notes"]),
        seconds=entry["seconds"],
        engine=entry["engine"],
        engine_version=entry["engine_version"],
        differences=tuple(
            EngineDifference(
                d["sheet"], d["cell"], {name: _value(value) for name, value in d["values"].items()}
            )
            for d in entry["differences"]
        ),
        stamp=(int(stamp[0]), int(stamp[1])) if stamp else None,
        earlier=True,
    )


def _notes(found: Sequence[Mapping[str, str]]) -> Notes:
    return Notes.of(CellNote(n["sheet"], n["cell"], n["reason"]) for n in found)


def _errors(found: Sequence[Mapping[str, str]]) -> NewErrors:
    return NewErrors.of(NewError(e["sheet"], e["cell"], CellError(e["error"]), e["reason"]) for e in found)


def _value(value: Any) -> CellValue:
    error = CellError.parse(value) if isinstance(value, str) and value.startswith("#") else None
    found: CellValue = error or value
    return found
