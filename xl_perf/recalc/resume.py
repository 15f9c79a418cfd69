"""Going on from the report of an earlier run: what was done and did not change since is not done again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from xl_perf.errors import RecalcError
from xl_perf.recalc.changes import Spool, spooled
from xl_perf.recalc.files import stamp_of
from xl_perf.recalc.model import CELL_ROWS, EngineDifference, FileReport
from xl_perf.recalc.report_file import read_report
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    found = {name: entry[name] for name in FileReport._fields if name != "pending"}
    for name, kind in CELL_ROWS.items():
        found[name] = [kind(**_with_values(row)) for row in entry[name]]
    for name in ("written", "faults", "notes"):
        found[name] = tuple(entry[name])
    found["differences"] = tuple(
        EngineDifference(
            row["sheet"], row["cell"], {name: _value(value) for name, value in row["values"].items()}
        )
        for row in entry["differences"]
    )
    stamp = entry["stamp"]
    found["stamp"] = (int(stamp[0]), int(stamp[1])) if stamp else None
    return FileReport(**found | {"earlier": True})


def _with_values(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(value) if name in ("old", "new", "error") else value for name, value in row.items()}


def _value(value: Any) -> CellValue:
    error = CellError.parse(value) if isinstance(value, str) and value.startswith("#") else None
    found: CellValue = error or value
    return found
