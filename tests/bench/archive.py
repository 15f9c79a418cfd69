"""The archive with 1,000,000 facts: what is asked as of a day, by `Archive.values` and by the same statements
in plain sqlite3.

`python -m tests.bench.archive [--facts N]` prints a table; `(i)` of `python -m tests.bench` is the same.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sqlite3
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from xl_perf.archive.store import Archive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ITEMS, _QUARTERS, _STRUCTURES = 250, 12, 84
"""Facts of a delivery; quarters of three years; structures that deliver, each quarter with four corrections."""
_TEMPLATE = "scheda_territoriale"


@dataclass(frozen=True, slots=True)
class Question:
    """A question as of a day and what it takes: seconds of CPU, the shortest of several."""

    name: str
    rows: int
    ours: float
    plain: float

    @property
    def ratio(self) -> float:
        """Ours as a multiple of plain sqlite3."""
        return self.ours / self.plain


def _structure(number: int) -> str:
    return f"STRUTTURA {number:03}"


def _received(delivery: int) -> dt.datetime:
    return dt.datetime(2021, 1, 1) + dt.timedelta(hours=7 * delivery)  # noqa: DTZ001 - archives hold UTC without zone


def _rows(number: int, structure: str, period: str) -> Iterator[tuple[Any, ...]]:
    for item in range(_ITEMS):
        value = float(number % 97 + item)
        yield number, f"voce.{item:04}", "valore", structure, period, "", value, None, f"Dati!C{item + 5}"


def fill(path: Path, facts: int) -> int:
    """Makes an archive with at least so many facts; gives the number of deliveries."""
    Archive(str(path), create=True).__exit__(None)
    deliveries = -(-facts // _ITEMS)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous=OFF")
    for number in range(1, deliveries + 1):
        structure = _structure(number % _STRUCTURES)
        place = number // _STRUCTURES % _QUARTERS
        period = f"{2021 + place // 4}-T{place % 4 + 1}"
        digest = f"{number:064x}"
        connection.execute("INSERT INTO contenuto VALUES (?, ?)", (digest, b"x"))
        connection.execute(
            "INSERT INTO consegna VALUES (?, ?, ?, ?, '2', ?, ?, 'piano-2021-2023', 'CdA 133/2021', 'h', ?, 'bench')",
            (
                number,
                digest,
                f"scheda_{number}.xlsx",
                _TEMPLATE,
                structure,
                period,
                f"{_received(number)}.000000",
            ),
        )
        connection.executemany(
            "INSERT INTO fatto VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", _rows(number, structure, period)
        )
    connection.commit()
    connection.close()
    return deliveries


def statements(
    archive: Archive, item: str, structure: str, as_of: dt.datetime | None
) -> list[tuple[str, list[Any]]]:
    """The statements that `Archive.values` runs, with their values, as sqlite3 takes them."""
    seen: list[tuple[str, list[Any]]] = []

    def note(_c: object, _cursor: object, statement: str, parameters: Any, _x: object, _many: object) -> None:
        seen.append((statement, list(parameters)))

    sa.event.listen(archive._engine, "before_cursor_execute", note)
    archive.values(item, structure=structure, as_of=as_of, history=as_of is None)
    sa.event.remove(archive._engine, "before_cursor_execute", note)
    return seen


def _shortest(work: Callable[[], object], runs: int) -> float:
    times = []
    for _ in range(runs):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def questions(path: Path, deliveries: int, runs: int = 15) -> list[Question]:
    """The questions that `history`, `compare` and the report ask, each by both."""
    half = _received(deliveries // 2)
    asked = (
        ("one item of one structure, as of a day", "voce.0007", _structure(7), half),
        ("one item of one structure, all that was said", "voce.0007", _structure(7), None),
        ("one item of all structures, as of a day", "voce.0007", "", half),
    )
    found = []
    with Archive(str(path)) as archive:
        plain = sqlite3.connect(path)
        for name, item, structure, day in asked:
            seen = statements(archive, item, structure, day)

            def ours(
                item: str = item, structure: str = structure, day: dt.datetime | None = day
            ) -> list[Any]:
                return archive.values(item, structure=structure, as_of=day, history=day is None)

            def theirs(seen: list[tuple[str, list[Any]]] = seen) -> list[Any]:
                return [row for text, values in seen for row in plain.execute(text, values).fetchall()]

            rows = len(ours())
            assert rows == len(theirs()) > 0
            found.append(Question(name, rows, _shortest(ours, runs), _shortest(theirs, runs)))
        plain.close()
    return found


def table(facts: int, runs: int = 15) -> Iterator[str]:
    """The benchmark as lines of a table."""
    with tempfile.TemporaryDirectory(prefix="xl-perf-bench-") as folder:
        path = Path(folder) / "archivio.sqlite"
        deliveries = fill(path, facts)
        yield (
            f"archive of {deliveries * _ITEMS:,} facts, {deliveries:,} deliveries, milliseconds of "
            f"CPU, shortest of {runs}\n"
        )
        yield "| question | rows | xl-perf | plain sqlite3 | ratio |\n|---|---|---|---|---|"
        for one in questions(path, deliveries, runs):
            yield f"| {one.name} | {one.rows:,} | {one.ours * 1e3:.2f} | {one.plain * 1e3:.2f} | {one.ratio:.2f} |"


def main(arguments: list[str] | None = None) -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.archive", description=__doc__)
    parser.add_argument("--facts", type=int, default=1_000_000)
    for line in table(parser.parse_args(arguments).facts):
        print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
