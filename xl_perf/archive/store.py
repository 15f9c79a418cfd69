"""Opening an archive, recording deliveries in it, and asking what was known when."""

from __future__ import annotations

import contextlib
import datetime as dt
import getpass
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError

from xl_perf.archive import tables as t
from xl_perf.archive.opening import address_of, engine_of, prepare, shown
from xl_perf.archive.queries import Value, newest, rows_of, statement, value_of
from xl_perf.contract import Species, read_inputs
from xl_perf.contract.targets import read_targets
from xl_perf.errors import ArchiveError
from xl_perf.package import Package

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from xl_perf.contract import Inputs

DEFAULT = "xl_perf_archivio.sqlite"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A file that was recorded: its number, and whether the archive had the very same bytes already.

    `replaced_by` is the newer delivery that counts instead of one that was there already, else 0.
    """

    id: int
    path: str
    known: bool
    facts: int
    replaced_by: int = 0


class Archive:
    """An archive; use it as a context.

    Args:
        url: `sqlite:///path`, `postgresql+psycopg://...`, or the path of an SQLite file.
        create: make it where it is not there yet.

    Raises:
        ArchiveError: it cannot be reached, is not there, is of a newer version, or would be an SQLite file on a network
            share.
    """

    def __init__(self, url: str = DEFAULT, *, create: bool = False) -> None:
        self._engine = engine_of(address_of(url), create=create)
        try:
            prepare(self._engine, create=create)
        except SQLAlchemyError as error:
            self._engine.dispose()
            raise self._trouble("the archive cannot be opened", error) from error
        except ArchiveError:
            self._engine.dispose()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.dispose()

    @property
    def address(self) -> str:
        """Where the archive is, without a password."""
        return shown(self._engine.url)

    def _trouble(self, what: str, error: Exception) -> ArchiveError:
        cause = str(getattr(error, "orig", error)).strip().splitlines()
        return ArchiveError(f"{what}: {cause[0] if cause else type(error).__name__}", where=self.address)

    def record(self, path: Path, received: dt.datetime | None = None, *, again: bool = False) -> Recorded:
        """Records a file: its bytes, facts, settings, results and targets, in one transaction.

        Nothing of single persons and no free text is stored; the very same bytes are recorded once.

        Args:
            path: an official workbook.
            received: when it was received, UTC; now when None.
            again: whether bytes that a newer delivery replaced are a delivery anew, which counts.

        Raises:
            SyncError: not an official workbook.
            WorkbookError: it cannot be read.
            ArchiveError: it cannot be stored, or is a workbook of single persons. Nothing was stored.
        """
        data = path.read_bytes()
        package = Package(data, path)
        inputs = read_inputs(package)
        if inputs.of(Species.PERSON):
            raise ArchiveError("the workbook is of single persons: it is never stored", where=str(path))
        digest = hashlib.sha256(data).hexdigest()
        row = {
            "impronta": digest, "file": path.name, "modello": inputs.template, "versione": inputs.version,
            "struttura": inputs.structure, "periodo": inputs.period, "edizione": inputs.edition, "atto": inputs.act,
            "impronta_dati": inputs.fingerprint, "ricevuta": received or _now(), "da": _who(),
        }  # fmt: skip
        try:
            with self._engine.begin() as connection:
                if known := _known(connection, digest, path, again=again):
                    return known
                number, facts = self._store(connection, row, data, inputs, package)
        except IntegrityError:  # somebody else recorded the same bytes meanwhile
            with self._engine.connect() as connection:
                known = _known(connection, digest, path, again=again)
            if known is None:
                raise
            return known
        except (OperationalError, SQLAlchemyError) as error:
            raise self._trouble(f"{path.name} was not recorded", error) from error
        return Recorded(number, str(path), known=False, facts=facts)

    @staticmethod
    def _store(
        connection: Connection, row: dict[str, Any], data: bytes, inputs: Inputs, package: Package
    ) -> tuple[int, int]:
        kept = t.content.c.impronta
        if connection.scalar(sa.select(kept).where(kept == row["impronta"])) is None:
            connection.execute(t.content.insert().values(impronta=row["impronta"], byte=data))
        inserted = connection.execute(t.delivery.insert().values(**row)).inserted_primary_key
        number = int(next(iter(inserted or ())))
        facts = list(rows_of(number, inputs.of()))
        # One result may stand in two cells, the second a copy of the first: it is stored once. So are the file's own
        # totals of facts, which a workbook of all structures adds up.
        results = {
            total.identity: total
            for total in inputs.totals
            if total.species is Species.RESULT
            or (total.species is Species.FACT and total.identity.structure == inputs.structure)
        }.values()
        for table, rows in (
            (t.fact, facts),
            (t.setting, list(rows_of(number, inputs.of(Species.SETTING)))),
            (t.result, list(rows_of(number, results))),
            (t.target, [{"consegna": number, **each} for each in read_targets(package)]),
        ):
            if rows:
                connection.execute(table.insert(), rows)
        return number, len(facts)

    def values(
        self,
        item: str,
        *,
        structure: str = "",
        measure: str = "",
        period: str = "",
        as_of: dt.datetime | None = None,
        history: bool = False,
    ) -> list[Value]:
        """What deliveries said of an item, newest knowledge first for each period.

        Args:
            item: code of the item; of a node of a tree for results.
            structure: code of the structure; all when empty.
            measure: measure; all when empty.
            period: period; all when empty.
            as_of: as known then, UTC; now when None.
            history: every delivery that said something, not only the newest of each.
        """
        given = {"voce": item, "struttura": structure, "misura": measure, "periodo": period}
        wanted = {name: value for name, value in given.items() if value}
        found: list[Value] = []
        with self._engine.connect() as connection:
            for table in (t.fact, t.result):
                query = statement(table, tuple(wanted), dated=as_of is not None, history=history)
                found += map(value_of, connection.execute(query, {**wanted, "giorno": as_of}))
        return sorted(found, key=lambda v: (v.structure, v.period, v.measure, v.row, v.received))

    def delivery(
        self, structure: str, period: str, template: str, as_of: dt.datetime | None = None
    ) -> tuple[str, bytes]:
        """Name and bytes of the newest delivery of a structure for a period.

        Raises:
            ArchiveError: there was none then.
        """
        d = t.delivery
        query = (
            sa.select(d.c.file, t.content.c.byte)
            .join(t.content, t.content.c.impronta == d.c.impronta)
            .where(
                d.c.struttura == structure,
                d.c.periodo == period,
                d.c.modello == template,
                d.c.id.in_(newest(as_of)),
            )
        )
        with self._engine.connect() as connection:
            found = connection.execute(query).first()
        if found is None:
            what = f"no delivery of {template} of {structure} for {period} was known"
            if as_of is not None:
                what = f"no delivery of {template} of {structure} for {period} was known on {as_of:%Y-%m-%d}"
            raise ArchiveError(what, where=self.address)
        return found[0], bytes(found[1])

    def periods(self, structure: str, template: str) -> list[str]:
        """Periods of which a structure delivered a workbook."""
        d = t.delivery
        query = sa.select(d.c.periodo).where(d.c.struttura == structure, d.c.modello == template).distinct()
        with self._engine.connect() as connection:
            return sorted(connection.scalars(query))


def _known(connection: Connection, digest: str, path: Path, *, again: bool) -> Recorded | None:
    """The newest delivery that has the very same bytes; none where it does not count and is to be recorded again."""
    d = t.delivery
    query = sa.select(d).where(d.c.impronta == digest).order_by(d.c.id.desc())
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    same = (d.c.modello == row["modello"], d.c.struttura == row["struttura"], d.c.periodo == row["periodo"])
    counts = connection.scalar(sa.select(d.c.id).where(*same, d.c.id.in_(newest(None))))
    replaced_by = 0 if counts == row["id"] else int(counts or 0)
    if replaced_by and again:
        return None
    return Recorded(int(row["id"]), str(path), known=True, facts=0, replaced_by=replaced_by)


def _now() -> dt.datetime:
    return dt.datetime.now(tz=dt.UTC).replace(tzinfo=None)


def _who() -> str:
    with contextlib.suppress(OSError, KeyError, ImportError):
        return getpass.getuser()
    return ""
