"""What a command writes is never one of the files that it reads, nor a file of another kind: refused before it runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

_INPUTS = ("file", "files", "paths", "workbook", "sources", "first", "second", "map", "old", "archive")
_OUTPUTS = ("json", "report", "csv", "html", "out")
_PAGE, _BOOK = (".html", ".htm"), (".xlsx", ".xlsm")
_KINDS = {
    ("report", "out"): _PAGE,
    ("explain", "html"): _PAGE,
    ("explain", "out"): _BOOK,
    ("reproduce", "out"): _BOOK,
}
"""Command and option -> the endings of what it writes."""
_REPORTS = ("json", "report", "csv")
"""Options whose files may have any name but that of data."""
_DATA = {
    ".xlsx", ".xlsm", ".xlsb", ".xltx", ".xltm", ".xls", ".ods", ".ots", ".csv", ".tsv", ".sqlite", ".sqlite3", ".db",
}  # fmt: skip
_SQLITE = re.compile(r"sqlite(?:\+\w+)?:///([^?]*)")


def refuse_outputs(command: str, options: argparse.Namespace) -> None:
    """Refuse what would be written over data.

    Args:
        command: its name.
        options: what was given to it.

    Raises:
        UsageError: an output is one of the inputs or the archive, or its ending is that of other files.
    """
    for option in _OUTPUTS:
        path = getattr(options, option, None)
        if not isinstance(path, Path) or path.is_dir():
            continue
        for name, read in _inputs(options):
            if (command, option, name) == ("load", "out", "workbook") or not _is_same(path, read):
                continue
            raise UsageError(
                "the file is the archive" if name == "archive" else "the file is one that the command reads",
                where=f"--{option} {path}",
                remedy="give the output another name: nothing was written",
            )
        _refuse_kind(command, option, path, pdf=getattr(options, "pdf", False))


def _refuse_kind(command: str, option: str, path: Path, *, pdf: bool) -> None:
    ending = path.suffix.lower()
    kinds = _KINDS.get((command, option))
    if kinds is not None and ending not in (*kinds, *((".pdf",) if pdf else ())):
        raise UsageError(
            "the name is not that of what is written",
            where=f"--{option} {path}",
            expected=f"a name that ends in {kinds[0]}",
            remedy="--pdf prints the page to a .pdf file" if ending == ".pdf" else "nothing was written",
        )
    if option in _REPORTS and ending in _DATA - {f".{option}"}:
        raise UsageError(
            "the name is that of a workbook, a table or an archive",
            where=f"--{option} {path}",
            expected=f"a name that ends in .{'csv' if option == 'csv' else 'json'}",
            remedy="nothing was written",
        )


def _inputs(options: argparse.Namespace) -> Iterator[tuple[str, Path]]:
    """The files that are read, each with the argument that names it."""
    for name in _INPUTS:
        given = getattr(options, name, None)
        for one in given if isinstance(given, list) else [given]:
            if not one:
                continue
            url = _SQLITE.fullmatch(str(one)) if name == "archive" else None
            if url is not None or "://" not in str(one):
                yield name, Path(url[1] if url is not None else one)


def _is_same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except OSError:  # one of them is not there yet
        return path.absolute() == other.absolute()
