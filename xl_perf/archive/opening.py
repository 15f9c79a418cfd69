"""Opening an archive: which address is one, what is in it already, and the tables of an older version."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import CreateTable

from xl_perf.archive import tables as t
from xl_perf.archive.place import is_remote
from xl_perf.errors import ArchiveError

if TYPE_CHECKING:
    from sqlalchemy.engine import URL, Engine

_WAIT = 60
"""Seconds that a writer waits for another one."""
_SQLITE, _POSTGRESQL = "sqlite", "postgresql"
_ADDRESSES = "a file on a local disk, or postgresql+psycopg://user@server/database"


def shown(url: URL) -> str:
    """An address without its password."""
    return url.render_as_string(hide_password=True)


def address_of(url: str) -> URL:
    """The address of an archive.

    Args:
        url: `sqlite:///path`, `postgresql+psycopg://...`, or the path of an SQLite file.

    Raises:
        ArchiveError: it is none, or of a database that is no archive's.
    """
    try:
        found = sa.make_url(url if "://" in url else f"sqlite:///{url}")
    except SQLAlchemyError as error:
        raise ArchiveError(
            f"the address of the archive is not understood: {error}", where=url, expected=_ADDRESSES
        ) from error
    if found.get_backend_name() not in (_SQLITE, _POSTGRESQL):
        raise ArchiveError(
            f"an archive is an SQLite file or a PostgreSQL database, not {found.get_backend_name()}",
            where=shown(found),
            expected=_ADDRESSES,
        )
    if found.get_backend_name() == _SQLITE and (found.database or ":memory:").startswith(
        (":memory:", "file:")
    ):
        raise ArchiveError("the address names no file: nothing would be kept", where=url, expected=_ADDRESSES)
    return found


def engine_of(url: URL, *, create: bool) -> Engine:
    """An engine for the database of an archive.

    Args:
        url: what `address_of` gave.
        create: whether the archive may be made, and is written.

    Raises:
        ArchiveError: there is none, or an SQLite file on a network share.
    """
    if url.get_backend_name() != _SQLITE:
        try:
            return sa.create_engine(url, pool_pre_ping=True)
        except (SQLAlchemyError, ImportError) as error:
            raise ArchiveError(
                f"the database cannot be used: {error}", where=shown(url), expected="postgresql+psycopg://..."
            ) from error
    path = Path(url.database or "")
    if not create and not path.exists():
        raise ArchiveError(
            "there is no archive", where=str(path), remedy="record a file with `xl-perf record`"
        )
    if is_remote(path):
        raise ArchiveError(
            "an SQLite archive on a network share can be damaged by two writers",
            where=str(path),
            expected="a local disk, or a PostgreSQL database (--archive postgresql+psycopg://...)",
        )
    if not create and not _writable(path):
        # nobody writes there, so nobody has to be waited for; nor could SQLite make the file by which it waits
        fixed = "mode=ro" if Path(f"{path}-wal").exists() else "mode=ro&immutable=1"
        return sa.create_engine(f"sqlite:///file:{quote(str(path.absolute()))}?{fixed}&uri=true")
    engine = sa.create_engine(url, connect_args={"timeout": _WAIT})
    sa.event.listen(engine, "connect", _local)
    return engine


def _writable(path: Path) -> bool:
    return os.access(path, os.W_OK) and os.access(path.absolute().parent, os.W_OK)


def prepare(engine: Engine, *, create: bool) -> None:
    """Makes the tables where they may be made, or those of an older version new.

    Raises:
        ArchiveError: a newer version, no archive, or a database that holds something else.
    """
    with engine.begin() as connection:
        names = set(sa.inspect(connection).get_table_names())
        if t.version.name not in names:
            if not create:
                raise ArchiveError("this is no archive of xl-perf", where=shown(engine.url))
            _refuse_others(engine.url, names)
            t.metadata.create_all(connection)
            connection.execute(t.version.insert().values(numero=t.SCHEMA))
            return
        number = connection.scalar(sa.select(sa.func.max(t.version.c.numero)))
    if number is None or number > t.SCHEMA:
        raise ArchiveError(
            f"the archive has the version {number}", where=shown(engine.url), expected=f"{t.SCHEMA} or older",
            remedy="use the xl-perf that wrote it, or a newer one",
        )  # fmt: skip
    if create and number < t.SCHEMA:  # who only asks gets the same answers from the older tables
        _upgrade(engine)


def _refuse_others(url: URL, names: set[str]) -> None:
    """Refuses a database of something else: an SQLite file with tables, elsewhere tables with the archive's names."""
    others = names if url.get_backend_name() == _SQLITE else names & {*t.metadata.tables}
    if others:
        raise ArchiveError(
            f"the database holds something else: {', '.join(sorted(others)[:3])}",
            where=shown(url),
            expected="an archive of xl-perf, or a new name",
        )


def _upgrade(engine: Engine) -> None:
    """The tables of version 1: there the very same bytes could be one delivery only.

    In one transaction; who is stopped half-way has the tables as they were.
    """
    if engine.url.get_backend_name() != _SQLITE:
        with engine.begin() as connection:
            for one in sa.inspect(connection).get_unique_constraints(t.delivery.name):
                if one["column_names"] == [t.delivery.c.impronta.name]:
                    connection.exec_driver_sql(
                        f'ALTER TABLE {t.delivery.name} DROP CONSTRAINT "{one["name"]}"'
                    )
            connection.execute(t.version.insert().values(numero=t.SCHEMA))
        return
    copy = sa.MetaData()
    t.content.to_metadata(copy)
    new = f"{t.delivery.name}_nuova"
    made = str(CreateTable(t.delivery.to_metadata(copy, name=new)).compile(engine))
    (index,) = t.delivery.indexes
    columns = ", ".join(f'"{column.name}"' for column in t.delivery.columns)
    engine.dispose()
    # SQLite drops no constraint, only tables; its keys are put aside meanwhile, which no transaction can
    lines = (
        made,
        f"INSERT INTO {new} ({columns}) SELECT {columns} FROM {t.delivery.name}",  # noqa: S608 - names of ours
        f"DROP TABLE {t.delivery.name}",
        f"ALTER TABLE {new} RENAME TO {t.delivery.name}",
        str(sa.schema.CreateIndex(index).compile(engine)),
        f"INSERT INTO {t.version.name} (numero) VALUES ({t.SCHEMA})",  # noqa: S608 - a number of ours
        "COMMIT",
    )
    where = str(engine.url.database)
    try:
        with contextlib.closing(sqlite3.connect(where, timeout=_WAIT, isolation_level=None)) as connection:
            connection.execute("PRAGMA foreign_keys=OFF")
            connection.execute("BEGIN IMMEDIATE")
            number = connection.execute(f"SELECT MAX(numero) FROM {t.version.name}").fetchone()[0]  # noqa: S608
            if number < t.SCHEMA:  # else another writer was here first
                for line in lines:
                    connection.execute(line)
    except sqlite3.Error as error:
        raise ArchiveError(f"the archive cannot be opened: {error}", where=where) from error


def _local(connection: Any, _record: object) -> None:
    """An SQLite connection that waits for others, survives a killed writer and knows foreign keys."""
    cursor = connection.cursor()
    for line in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON"):
        cursor.execute(line)
    cursor.close()
