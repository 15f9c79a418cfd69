"""Editions of the plan inside the Office.js add-in: the same `Plan` as `xl_perf.plan` loads, from modules of the build.

Takes the place of `xl_perf.plan` in the add-in. Editions that were added later come in a zip beside the add-in's files
(`xl_perf.addins.office.editions_zip`): data files, read when they are first asked for. Where the zip is spoilt, nobody
gets an older edition for the newest one without a word: what asks for the newest is refused, what names an edition
goes on.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING

from udfs.office.plan_data import EDITIONS  # type: ignore[import-untyped, import-not-found, unused-ignore]  # made at build time
from xl_perf.errors import PlanError
from xl_perf.plan import library
from xl_perf.plan.carried import Carried, proven

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.plan.model import Plan

ZIP = "edizioni.zip"
_BROKEN: list[PlanError] = []
"""Why the added editions cannot be used; empty where they can."""
_REMEDY = "have whoever looks after the add-in write the file again"
_CARRIED = Carried("udfs.office.plan_data", EDITIONS)
use_whole = _CARRIED.use_whole


def add(data: bytes) -> None:
    """Takes in the zip of added editions.

    Args:
        data: the zip; nothing where the web server has none.
    """
    _BROKEN.clear()
    folder = library.data_folder() / library.FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    try:
        if data:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                archive.extractall(folder)
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, EOFError) as error:
        _BROKEN.append(
            PlanError(f"the added editions are no zip that can be read ({error})", where=ZIP, remedy=_REMEDY)
        )
    names = [path.stem for path in sorted(folder.glob("*.json"))]
    unread = [name for name in names if library.installed_entry(folder.parent, name) is None]
    _BROKEN.extend(
        PlanError(f"the index {name}.json of the added editions cannot be read", where=ZIP, remedy=_REMEDY)
        for name in unread
    )
    library.forget()


def problem() -> str:
    """Why an added edition cannot be used, for users; empty where all can. Reads those that were added."""
    try:
        edition_ids()
        for entry in library.entries():
            load_edition(entry.id)
    except PlanError as error:
        return error.said("it")
    return ""


def edition_ids() -> tuple[str, ...]:
    """Ids of the editions of the add-in and of those added; the newest, by first day and last act, is last.

    Raises:
        PlanError: the added ones cannot be used: which is the newest is not known.
    """
    if _BROKEN:
        raise _BROKEN[0]
    added = {
        entry.id: (f"{entry.valid_from:%Y-%m-%d}", f"{entry.amended:%Y-%m-%d}") for entry in library.entries()
    }
    return _CARRIED.ids(added)


def when_forgotten(clear: Callable[[], None]) -> None:
    """`clear` is called when editions were added: for who remembers which edition is the newest one."""
    library.when_forgotten(clear)


def load_edition(edition: str | None = None, fingerprint: str | None = None) -> Plan:
    """An edition, loaded once.

    Args:
        edition: id of the edition; the newest when None.
        fingerprint: SHA-256 of its data; any when None.

    Raises:
        UnknownNameError: unknown edition.
        PlanError: it is here with other data, or what was added cannot be read.
    """
    name = edition_ids()[-1] if edition is None else edition
    if name not in _CARRIED:
        return library.load_edition(name, fingerprint)
    added = library.installed_entry(library.data_folder(), name)
    return proven(_CARRIED.load(name, added.fingerprint if added else None), fingerprint)
