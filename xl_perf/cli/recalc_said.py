"""What `xl-perf recalc` says of each file and of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from xl_perf.cli.progress import cell_text, count, to_open
from xl_perf.language import tr, translated

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.recalc.model import CellNote, Change, EngineDifference, FileReport, NewError, RecalcReport

_Row = TypeVar("_Row")


def describe(file: FileReport, shown: int | None, *, check: bool) -> str:
    """What happened to a file: its line, and the cells that a reader has to know of.

    Args:
        file: its report.
        shown: cells listed of each kind; None for all.
        check: nothing was to be written.
    """
    if file.failure:
        return tr("FAILED  {failure}", failure=translated(file.failure))
    verb = tr("stale") if check else tr("changed")
    number = file.stale if check else len(file.changed)
    state = "ERRORS" if file.errors or file.stored else ("STALE" if check and file.stale else "ok")
    if file.differences:
        state = "DIFFERS"
    elif file.earlier:
        state = "earlier"
    lines = [
        tr(
            "{state:<7} {path}: {formulas}, {number:,} {verb}, {seconds:.2f} s",
            state=tr(state),
            path=file.path,
            formulas=count(file.formulas, "formula"),
            number=number,
            verb=verb,
            seconds=file.seconds,
        )
    ]
    if check and file.stale:
        lines += _listed("stale", file.changed, _change, shown)
    elif shown is None:
        lines += _listed("changed", file.changed, _change, None)
    lines += _listed("error", _roots_first(file.errors), _error, shown)
    lines += _listed("error stored before", _roots_first(file.stored), _error, shown)
    lines += _listed("own error stored before", _roots_first(file.own), _error, shown)
    lines += _listed("differs", file.differences, _difference, shown)
    lines += _listed("kept", file.kept, _note, shown)
    if file.office:
        lines.append(
            tr(
                "        by LibreOffice: {formulas} that the engine is not trusted with",
                formulas=count(len(file.office), "formula"),
            )
        )
        lines += _listed("LibreOffice", file.office, _note, None) if shown is None else []
    lines += [
        tr("        unknown function {name} in {cells}", name=name, cells=count(n, "cell"))
        for name, n in file.unknown_functions.items()
    ]
    lines += [tr("        note: {note}", note=translated(note)) for note in file.notes]
    lines += [tr("        written {path}", path=path) for path in file.written if path != file.path]
    return "\n".join(lines)


def _change(found: Change) -> str:
    return f"{found.sheet}!{found.cell}: {cell_text(found.old)} -> {cell_text(found.new)}"


def _error(found: NewError) -> str:
    return f"{found.sheet}!{found.cell}: {found.error}" + (
        f" ({translated(found.reason)})" if found.reason else ""
    )


def _roots_first(errors: Sequence[NewError]) -> list[NewError]:
    """The errors that come from no other one first."""
    return sorted(errors, key=lambda error: "from " in error.reason)


def _note(found: CellNote) -> str:
    return f"{found.sheet}!{found.cell}: {translated(found.reason)}"


def _difference(found: EngineDifference) -> str:
    values = ", ".join(f"{engine} {cell_text(value)}" for engine, value in found.values.items())
    return f"{found.sheet}!{found.cell}: {values}"


def _listed(label: str, found: Sequence[_Row], say: Callable[[_Row], str], shown: int | None) -> list[str]:
    lines = [f"        {tr(label)} {say(row)}" for row in found[:shown]]
    if shown is not None and len(found) > shown:
        lines.append(tr("        ... and {found:,} more; -v or --report lists all", found=len(found) - shown))
    return lines


def where(report: RecalcReport) -> str:
    """What is true of the files, and which one to open."""
    if report.check:
        return to_open(
            [file.path for file in report.files], tr("every stored value is what its formula gives; ")
        )
    written = [path for file in report.files for path in file.written]
    return to_open(written) or tr("every value was current, nothing was written")


def summary(report: RecalcReport) -> str:
    """One line for all files: how many, of each finding how many, how long it took."""
    files = report.files
    parts = [
        count(len(files), "file"),
        count(sum(file.formulas for file in files), "formula"),
        tr("{0:,} changed", sum(len(file.changed) for file in files)),
    ]
    for number, text in (
        (sum(len(file.kept) for file in files), "kept"),
        (sum(len(file.office) for file in files), "by LibreOffice"),
        (sum(len(file.errors) for file in files), "new errors"),
        (sum(len(file.stored) for file in files), "errors stored before"),
        (sum(len(file.own) for file in files), "errors stored before that are no findings"),
        (len(report.stale) if report.check else 0, "files stale"),
        (sum(len(file.differences) for file in files), "cells on which the engines differ"),
        (sum(file.earlier for file in files), "done earlier"),
        (len(report.failed), "failed"),
    ):
        if number:
            parts.append(tr("{0:,} " + text, number))
    said = tr("{parts} in {seconds:.1f} s", parts=", ".join(parts), seconds=report.seconds)
    if report.interrupted:
        said += tr("; interrupted: what is not listed as ok above was not touched")
    return said
