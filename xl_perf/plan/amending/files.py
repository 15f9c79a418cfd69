"""The data files of an amended edition: edition.toml with the new act, rows of changes, the folder written whole."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.plan.reading import changes
from xl_perf.plan.reading.fields import facts_of_plan

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from xl_perf.plan.model import Plan
    from xl_perf.plan.reading.files import DataFiles

_TARGETS = "modifiche.csv"
_TARGET_COLUMNS = ("indicatore", "struttura", "periodo", "valore", "unita", "atto", "stato", "fonte", "nota")


@dataclass(frozen=True, slots=True)
class NewAct:
    """The act that amends: short name (`CdA 200/2021`), date, full title."""

    short: str
    date: dt.date
    title: str = ""

    @property
    def id(self) -> str:
        """Id of the act in edition.toml: `cda-200-2021`."""
        return re.sub(r"[^a-z0-9]+", "-", self.short.lower()).strip("-")


def edition_id(plan: Plan, act: NewAct, edition: str) -> str:
    """Id of the amended edition: that of the plan, without the act that it had in its id, and the new act."""
    base = plan.id.removesuffix(f"-{plan.latest_act.id}")
    return edition or f"{base}-{act.id}"


def edition_toml(files: DataFiles, plan: Plan, act: NewAct, edition: str) -> str:
    """edition.toml with the new id, a title that names the act, the act, and the act as a source document."""
    text = files.text("edition.toml")
    title = act.title or f"Deliberazione {act.short}"
    new = {
        "id": edition_id(plan, act, edition),
        "titolo": f"{plan.title}, modificato con {act.short}",
    }
    head, bracket, rest = text.partition("\n[")
    for key, value in new.items():
        line = f"{key} = {_quoted(value)}".replace("\\", r"\\")
        head = re.sub(rf"(?m)^{key}\s*=.*$", line, head, count=1)
    return (
        f"{head}{bracket}{rest.rstrip()}\n"
        f"\n[[documento]]\nid = {_quoted(act.short)}\ntitolo = {_quoted(title)}\nanno = {act.date.year}\n"
        f"\n[[atto]]\nid = {_quoted(act.id)}\ntitolo = {_quoted(title)}\ndata = {act.date:%Y-%m-%d}\n"
        f'tipo = "aggiornamento"\nbreve = {_quoted(act.short)}\n'
    )


def _quoted(text: str) -> str:
    """A TOML string: those of JSON are such."""
    return json.dumps(text, ensure_ascii=False)


def number_text(number: float) -> str:
    """A number as the data files write it: the 15 digits that a float keeps, at most 12 of them decimals."""
    text = f"{Decimal(f'{round(float(number), 12):.15g}'):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


Row = tuple[str, str, str, str, str, str]


def add_rows(contents: dict[str, bytes], plan: Plan, act: NewAct, rows: Sequence[Row]) -> None:
    """Add rows to modifiche.csv and modifiche_dati.csv.

    Args:
        contents: file name -> bytes; changed in place.
        plan: the edition before.
        act: the act of the rows.
        rows: kind, key, field, value, stato and note of each.
    """
    targets, data = [], []
    facts = facts_of_plan(plan)
    for kind, key, field, value, status, note in rows:
        source = f"{act.short}, {'testo della deliberazione' if status == 'published' else 'segue da altri valori'}"
        if kind == "obiettivo":
            indicator, structure, period = key.split("|")
            unit = plan.indicators[indicator].unit.value
            targets.append((indicator, structure, period, value, unit, act.id, status, source, note))
        else:
            unit = facts.unit(kind, key, field)
            data.append((kind, key, field, value, unit, act.id, status, source, note))
    if targets:
        contents[_TARGETS] = _appended(contents.get(_TARGETS), _TARGET_COLUMNS, targets)
    if data:
        contents[changes.FILE] = _appended(contents.get(changes.FILE), changes.COLUMNS, data)


def _appended(old: bytes | None, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file with rows added, and the columns that it lacked."""
    found = list(csv.DictReader(io.StringIO(old.decode("utf-8-sig") if old else "", newline="")))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    writer.writerows(dict(zip(columns, row, strict=True)) for row in rows)
    return out.getvalue().encode()


def write_folder(files: DataFiles, out: Path) -> None:
    """Write the data files into a folder that is not there yet, whole or not at all.

    Raises:
        PlanError: the folder is there, or cannot be written.
    """
    if out.exists():
        raise PlanError("the folder is there already", where=str(out), remedy="choose another name")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".nuova-", dir=out.parent) as temporary:
            folder = Path(temporary) / "dati"
            folder.mkdir()
            for name, data in files.contents.items():
                (folder / name).write_bytes(data)
            folder.rename(out)
    except OSError as error:
        raise PlanError(f"cannot be written ({error.strerror})", where=str(out)) from error
