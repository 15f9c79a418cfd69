"""Installing editions into the user's data folder, and removing them."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError, UnknownNameError
from xl_perf.plan import library
from xl_perf.plan.checks import run_checks
from xl_perf.plan.reading.files import DataFiles
from xl_perf.plan.reading.load import load_directory

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.plan.library import Entry
    from xl_perf.plan.model import Plan

_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
_SHORT = 12
"""Digits of the fingerprint in names of files."""


def install(
    source: Path, *, replace: bool = False, force: bool = False, as_source: Callable[[Plan], str]
) -> Entry:
    """Copy an edition into the user's data folder, where every command and function finds it.

    Args:
        source: directory of data files, with an id of its own in edition.toml.
        replace: whether it takes the place of an installed edition of the same id with other data.
        force: whether it is installed although its checks fail.
        as_source: writes the plan as Python source for the Calc add-in, whose Python may not read the data files
            (`xl_perf.addins.plan_source.plan_source`).

    Returns:
        The edition as it is installed; also where the same data were there already.

    Raises:
        PlanError: data that do not load, checks that fail, an id that cannot be the name of a file or that belongs to
            other data, or a folder that cannot be written.
    """
    plan = load_directory(source)
    if not _ID.fullmatch(plan.id):
        raise PlanError(
            f"the id {plan.id!r}",
            where=f"{source}/edition.toml",
            expected="small letters, digits, dots and hyphens",
        )
    _refuse_other_data(plan, replace=replace)
    failed = [check.title for check in run_checks(plan).checks if check.status == "failed"]
    if failed and not force:
        raise PlanError(
            f"{len(failed)} checks of the edition fail: {'; '.join(failed)}",
            where=str(source),
            remedy=f"see `xl-perf plan check --source {source}`; --force installs it as it is",
        )
    try:
        _write(source, plan, as_source(plan), forced=bool(failed))
    except OSError as error:
        raise PlanError(f"cannot be written ({error.strerror})", where=str(library.data_folder())) from error
    library.forget()
    entry = library.installed_entry(library.data_folder(), plan.id)
    assert entry is not None
    return entry


def _refuse_other_data(plan: Plan, *, replace: bool) -> None:
    """Refuse an id that belongs to other data: two editions of one id are never mixed."""
    for entry in library.entries():
        if entry.id != plan.id:
            continue
        there = entry.fingerprint or DataFiles.read(entry.folder).digest()
        if there == plan.data_hash:
            continue
        if not entry.installed:
            raise PlanError(
                f"the package holds an edition {plan.id} with other data",
                expected="an id of its own in edition.toml: workbooks say by it which data they hold",
                remedy="`xl-perf edition amend` gives an amended edition one",
            )
        if not replace:
            raise PlanError(
                f"an edition {plan.id} with other data is installed ({there[:_SHORT]}, this one is"
                f" {plan.data_hash[:_SHORT]})",
                remedy="--replace puts this one in its place",
            )


def _write(source: Path, plan: Plan, text: str, *, forced: bool) -> None:
    """Copy the files, then write the index in one step; files that no index names any more go last."""
    folder = library.data_folder() / library.FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{plan.id}-{plan.data_hash[:_SHORT]}"
    if not (folder / name).is_dir():
        with tempfile.TemporaryDirectory(prefix=".nuova-", dir=folder) as temporary:
            copy = Path(temporary) / "dati"
            copy.mkdir()
            for file, data in DataFiles.read(source).contents.items():
                (copy / file).write_bytes(data)
            copy.rename(folder / name)
    _replace(folder / f"{name}.py", text)
    index = {
        "id": plan.id,
        "titolo": plan.title,
        "valida_dal": f"{plan.valid_from:%Y-%m-%d}",
        "ultimo_atto": f"{plan.latest_act.date:%Y-%m-%d}",
        "atto": plan.latest_act.short,
        "impronta": plan.data_hash,
        "cartella": name,
        "forzata": forced,
    }
    _replace(folder / f"{plan.id}.json", json.dumps(index, ensure_ascii=False, indent=2) + "\n")
    _sweep(folder, plan.id, keep=name)


def _replace(path: Path, text: str) -> None:
    """Write a file in one step."""
    handle, temporary = tempfile.mkstemp(prefix=".nuova-", dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    Path(temporary).replace(path)


def _sweep(folder: Path, edition: str, *, keep: str) -> None:
    """Remove the files of earlier data of an edition."""
    pattern = re.compile(rf"{re.escape(edition)}-[0-9a-f]{{{_SHORT}}}(\.py)?")
    for path in folder.iterdir():
        if pattern.fullmatch(path.name) and path.name not in (keep, f"{keep}.py"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def remove(edition: str) -> None:
    """Remove an installed edition.

    Raises:
        UnknownNameError: none of that id is installed.
        PlanError: the files cannot be removed.
    """
    folder = library.data_folder() / library.FOLDER
    index = folder / f"{edition}.json"
    if not _ID.fullmatch(edition) or not index.is_file():
        names = ", ".join(path.stem for path in sorted(folder.glob("*.json")))
        raise UnknownNameError(
            f"no installed edition {edition!r}",
            expected=f"one of: {names}" if names else "",
            where=str(folder),
        )
    try:
        index.unlink()
        _sweep(folder, edition, keep="")
    except OSError as error:
        raise PlanError(f"cannot be removed ({error.strerror})", where=str(folder)) from error
    library.forget()
