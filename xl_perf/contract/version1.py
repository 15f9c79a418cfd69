"""Inputs of workbooks of template version 1, which do not say themselves where their inputs stand.

`versione_1.csv` holds what `tblDati` says today, for the tables of then. Besides the kinds of keys of today
it knows `voce@` (the code holds the structure or area after `@`), `voce.` (the key is the last part of the
item), `posizione` (rows are counted), `mese` (the key is the name of a month), addresses of single cells
(`indirizzo`), and codes of items that the tables of then held by name alone (`nome`).
"""

from __future__ import annotations

import csv
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.contract.inputs import Input, Inputs
from xl_perf.contract.model import OF_FILE, Identity, InputMap, KeyKind, Species, slug
from xl_perf.contract.reading import Reader, read_inputs
from xl_perf.contract.tables import TableCells, as_text, read_map, read_metadata
from xl_perf.package.refs import parse_cell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from xl_perf.contract.tables import Metadata
    from xl_perf.package import Package

VERSION = "1"
WITHOUT_INPUTS = frozenset({"Istruzioni"})
"""Sheets of then, in all workbooks, that hold no inputs and are called otherwise today."""
_FILE = Path(__file__).with_name("versione_1.csv")
_MONTHS = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre",
    "novembre", "dicembre",
)  # fmt: skip


@cache
def _rows() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row.pop("modello"), []).append(row)
    return found


def read_any(package: Package) -> Inputs:
    """All inputs of an official workbook of this or the first template version.

    Raises:
        SyncError: not an official workbook, or its tables or columns were renamed; a key twice.
    """
    metadata = read_metadata(package, any_version=True)
    if metadata.text("versione_modello") == VERSION:
        return read_first_version(package, metadata)
    return read_inputs(package)


def read_first_version(package: Package, metadata: Metadata) -> Inputs:
    """All inputs of a workbook of version 1.

    Args:
        package: the workbook.
        metadata: its metadata, read without a look at the version.

    Raises:
        SyncError: tables or columns were renamed.
    """
    year = _year(package)
    reader = Reader(package, metadata, year)
    found: list[Input] = []
    rows = _rows().get(metadata.text("modello"), [])
    codes = {row["tabella"]: row["voce"] for row in rows if row["tipo"] == "nome"}
    for row in rows:
        if row["tipo"] != "nome":
            found += (_with_code(each, codes) for each in _of_row(row, reader))
    return Inputs(
        package.where,
        metadata.text("modello"),
        VERSION,
        metadata.text("edizione"),
        metadata.text("impronta_dati"),
        metadata.text("atto_breve"),
        reader.structure,
        reader.period,
        tuple(found),
    )


def _with_code(found: Input, codes: Mapping[str, str]) -> Input:
    """The input with the code of its item where the old table held only the item's name."""
    code = codes.get(found.identity.item)
    return found if code is None else replace(found, identity=replace(found.identity, item=code))


def _year(package: Package) -> str:
    """Year of the targets: the most frequent period of the map of targets."""
    periods = [column.period for column in read_map(package) if len(column.period) == 4]
    if not periods:
        return ""
    return max(sorted(set(periods)), key=periods.count)


def _of_row(row: dict[str, str], reader: Reader) -> Iterator[Input]:
    kind = row["tipo"]
    species = Species(row["specie"])
    if kind == "indirizzo":
        yield _at_address(row, species, reader)
        return
    own = kind if kind in _OTHER else ""
    mapped = InputMap(
        row["tabella"], row["colonna_chiave"], KeyKind.ITEM if own else KeyKind(kind), row["colonna_valore"], species,
        row["voce"], row["misura"], row["struttura"], row["periodo"],
    )  # fmt: skip
    if not own:
        yield from (input_ for is_open, input_ in reader.read(mapped) if is_open)
        return
    table = TableCells(reader.package, row["tabella"], (row["colonna_chiave"], row["colonna_valore"]))
    for count, number in enumerate(table.rows, start=1):
        key = table.key(number, row["colonna_valore"])
        cell = table.sheet.cell(key)
        if cell is None or not reader.is_open(cell):
            continue
        text = str(count) if kind == "posizione" else as_text(table.value(number, row["colonna_chiave"]))
        base = Identity(row["voce"], row["misura"], reader.structure, row["periodo"] or reader.period)
        if row["periodo"].startswith("["):
            base = replace(base, period=table.text(number, row["periodo"].strip("[]")))
        identity = _OTHER[kind](base, text)
        if identity is not None:
            yield Input(identity, species, table.table.sheet, key, cell.value, cell.formula is not None, text)


def _at_address(row: dict[str, str], species: Species, reader: Reader) -> Input:
    sheet, _, address = row["tabella"].rpartition("!")
    key = parse_cell(address)
    data = reader.package.sheet_data(sheet)
    place = data.index.get(key)
    cell = None if place is None else data.cells[place]
    structure = reader.structure if row["struttura"] == OF_FILE else row["struttura"]
    identity = Identity(row["voce"], row["misura"], structure, row["periodo"] or reader.period)
    return Input(identity, species, sheet, key, None if cell is None else cell.value)


def _with_structure(base: Identity, text: str) -> Identity | None:
    """`centrali.qualita@Flussi`: a structure after the sign is the identity's, an area becomes part of the item."""
    item, _, rest = text.partition("@")
    of = rest.partition("@")[0]
    if not of:
        return replace(base, item=item)
    is_structure = of == of.upper()
    return (
        replace(base, item=item, structure=of) if is_structure else replace(base, item=f"{item}.{slug(of)}")
    )


def _month(base: Identity, text: str) -> Identity | None:
    name, _, year = text.casefold().partition(" ")
    if name not in _MONTHS or not year.isdecimal():
        return None
    return replace(base, period=f"{year}-{_MONTHS.index(name) + 1:02}")


_OTHER: dict[str, Callable[[Identity, str], Identity | None]] = {
    "voce@": _with_structure,
    "voce.": lambda base, text: replace(base, item=f"{base.item}.{text}"),
    "posizione": lambda base, text: replace(base, row=text),
    "mese": _month,
}
