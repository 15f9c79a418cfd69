"""The editions that are there: those of the package, and those installed into the user's data folder.

An installed edition is a folder of data files and an index file, `edizioni/<id>.json`, which names the folder and the
fingerprint of its files. The index is written last and in one step: an edition is there whole or not at all.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xl_perf.errors import PlanError, UnknownNameError
from xl_perf.plan.reading.files import DataFiles
from xl_perf.plan.reading.load import load_directory

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.plan.model import Plan

VARIABLE = "XL_PERF_DATA"
"""Environment variable that names another data folder."""
FOLDER = "edizioni"
"""Folder of the installed editions below the data folder."""
HOW_TO_INSTALL = "an edition that is not in the package is installed with `xl-perf edition install DIR`"
_PACKAGE = Path(__file__).parent / "editions"
_FORGOTTEN_TOO: list[Callable[[], None]] = []


@dataclass(frozen=True, slots=True)
class Entry:
    """An edition that is there, as its index or edition.toml says, before its data are read.

    Attributes:
        id: id of the edition.
        title: as edition.toml has it.
        valid_from: first day of the plan.
        amended: date of the last act.
        act: short name of the last act.
        folder: where the data files are.
        fingerprint: of the data files when they were installed; empty for an edition of the package.
        forced: True where it was installed although its checks fail.
    """

    id: str
    title: str
    valid_from: dt.date
    amended: dt.date
    act: str
    folder: Path
    fingerprint: str = ""
    forced: bool = False

    @property
    def installed(self) -> bool:
        """Whether somebody installed it."""
        return bool(self.fingerprint)


def data_folder() -> Path:
    """The user's data folder of xl_perf; the variable XL_PERF_DATA names another one. It need not exist."""
    given = os.environ.get(VARIABLE, "")
    if given:
        return Path(given)
    import platformdirs  # noqa: PLC0415  # 20 ms at the start of each command that needs no edition

    return platformdirs.user_data_path("xl_perf", appauthor=False)


def entries() -> tuple[Entry, ...]:
    """All editions, the oldest first: by first day of validity, then by the date of the last act, then by id.

    An id does not say which edition is newer (`piano-2021-2023-cda-200-2021`), these dates do.
    """
    return tuple(sorted(_found(data_folder()).values(), key=lambda e: (e.valid_from, e.amended, e.id)))


def edition_ids() -> tuple[str, ...]:
    """Ids of the editions that are there, the newest last (see `entries`)."""
    return tuple(entry.id for entry in entries())


def package_ids() -> tuple[str, ...]:
    """Ids of the editions of the package, the newest last."""
    return tuple(entry.id for entry in entries() if not entry.installed)


def load_edition(edition: str | None = None, fingerprint: str | None = None) -> Plan:
    """An edition of the package or an installed one, loaded once per process.

    Args:
        edition: id of the edition; the newest when None.
        fingerprint: SHA-256 that its data files have to have (`Plan.data_hash`); any when None.

    Raises:
        UnknownNameError: no edition of that id is there.
        PlanError: its data are wrong, or have another fingerprint.
    """
    folder = data_folder()
    ids = edition_ids()
    name = ids[-1] if edition is None else edition
    if name not in ids:
        raise _unknown(name, ids)
    plan = _load(folder, name)
    if fingerprint is not None and fingerprint != plan.data_hash:
        raise PlanError(
            f"the edition {name} that is here has other data: fingerprint {plan.data_hash[:12]}",
            expected=f"{fingerprint[:12]}",
            remedy="get the data with that fingerprint and install them, `xl-perf edition install DIR`"
            " (with --replace where they take the place of an installed edition)",
        )
    return plan


def folder_of(edition: str | None = None) -> Path:
    """Folder of the data files of an edition, the newest when None.

    Raises:
        UnknownNameError: no edition of that id is there.
    """
    found = {entry.id: entry for entry in entries()}
    name = edition or list(found)[-1]
    if name not in found:
        raise _unknown(name, tuple(found))
    return found[name].folder


def _unknown(name: str, ids: tuple[str, ...]) -> UnknownNameError:
    there = f"one of: {', '.join(ids)}"
    return UnknownNameError(f"unknown edition {name!r}", expected=there, remedy=HOW_TO_INSTALL)


def forget() -> None:
    """Look at the data folder again: editions were installed or removed."""
    _found.cache_clear()
    _load.cache_clear()
    for clear in _FORGOTTEN_TOO:
        clear()


def when_forgotten(clear: Callable[[], None]) -> None:
    """`forget` calls `clear` too: for who remembers which edition is the newest one."""
    if clear not in _FORGOTTEN_TOO:
        _FORGOTTEN_TOO.append(clear)


@functools.cache
def _load(folder: Path, name: str) -> Plan:
    entry = _found(folder)[name]
    plan = load_directory(entry.folder)
    if entry.installed and plan.data_hash != entry.fingerprint:
        raise PlanError(
            f"the files of the installed edition {name} are not those that were installed",
            where=str(entry.folder),
            remedy="install it again, `xl-perf edition install DIR --replace`",
        )
    other = installed_entry(folder, name)
    if not entry.installed and other is not None and other.fingerprint != plan.data_hash:
        raise PlanError(
            f"two editions {name} with different data: that of the package ({plan.data_hash[:12]}) and an installed"
            f" one ({other.fingerprint[:12]})",
            remedy=f"`xl-perf edition remove {name}` leaves that of the package",
        )
    return plan


@functools.cache
def _found(folder: Path) -> dict[str, Entry]:
    """Id -> edition; where the package has one of the same id, that of the package."""
    installed = (installed_entry(folder, path.stem) for path in sorted((folder / FOLDER).glob("*.json")))
    found = {entry.id: entry for entry in installed if entry is not None}
    for path in _PACKAGE.glob("*/edition.toml"):
        entry = described(path.parent)
        found[entry.id] = entry
    return found


def described(folder: Path) -> Entry:
    """The edition of a folder of data files, from its edition.toml alone.

    Raises:
        PlanError: no edition.toml, or one without the keys that every edition has.
    """
    where = f"{folder.name}/edition.toml"
    try:
        values = tomllib.loads(DataFiles.read(folder).text("edition.toml"))
        last = max(values["atto"], key=lambda act: act["data"])
        return Entry(
            values["id"], values["titolo"], values["valida_dal"], last["data"], last["breve"], folder
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise PlanError(f"not the description of an edition: {error!r}", where=where) from error


def installed_entry(folder: Path, edition: str) -> Entry | None:
    """An installed edition by its index; None where there is none, or one that cannot be read.

    Args:
        folder: the data folder.
        edition: id of the edition.
    """
    path = folder / FOLDER / f"{edition}.json"
    try:
        values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return Entry(
            values["id"],
            values["titolo"],
            dt.date.fromisoformat(values["valida_dal"]),
            dt.date.fromisoformat(values["ultimo_atto"]),
            values["atto"],
            path.parent / values["cartella"],
            values["impronta"],
            values["forzata"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
