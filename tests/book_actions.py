"""The same actions over every adapter of the book port: what each gives, in a form that can be compared."""

from __future__ import annotations

import csv
import shutil
from dataclasses import asdict

from tests.official import EXAMPLES
from xl_perf.actions.applying import apply, restore
from xl_perf.actions.checking import check
from xl_perf.actions.facts import load_facts
from xl_perf.actions.reasons import explain_cell, what_is_missing
from xl_perf.actions.targets import plan_for, reload_targets
from xl_perf.book.file import FileBook
from xl_perf.contract import read_inputs
from xl_perf.contract.tables import TableCells, read_map, target_rows
from xl_perf.load.sources import read_tables
from xl_perf.package import open_package
from xl_perf.plan import load_edition
from xl_perf.recalc import recalculate_package

BOOKS = ("giacenza", "scheda_territoriale")
SPOILED = 5
TAKEN_OUT = 4


def spoiled(template, folder):
    """An example some of whose numbers of the plan are others than the plan's and that lacks some facts, and
    those facts as csv.
    """
    package = open_package(EXAMPLES / f"{template}_esempio.xlsx")
    numbers, regional = [], []
    structures = load_edition().structures
    for column in read_map(package):
        if column.key_kind not in ("struttura", "indicatore", "riga") and column.fixed != "obiettivo":
            continue  # other weights or bands would give errors, which each program names in its own way
        table = TableCells(package, column.table, ())
        for row, code in target_rows(table, column):
            value = table.value(row, column.value_column)
            if isinstance(value, float) and value > 1:
                numbers.append((table.table.sheet, table.key(row, column.value_column), value))
                regional += numbers[-1:] if code in structures and structures[code].is_regional else []
    changes = {}
    numbers = (
        regional if len(regional) >= SPOILED else numbers
    )  # those of regions move the results at the top
    for sheet, key, value in numbers[:: len(numbers) // SPOILED][:SPOILED]:
        changes.setdefault(sheet, {})[key] = value * 1.25
    facts = [one for one in read_inputs(package).of() if isinstance(one.value, float) and one.value][
        :TAKEN_OUT
    ]
    for fact in facts:
        changes.setdefault(fact.sheet, {})[fact.key] = None
    calculation = recalculate_package(package, overrides=changes)
    merged = {sheet: dict(cells) for sheet, cells in calculation.changes.items()}
    for sheet, cells in changes.items():
        merged.setdefault(sheet, {}).update(cells)
    path = folder / f"{template}.xlsx"
    path.write_bytes(package.patch(merged))
    source = folder / f"{template}.csv"
    with source.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["struttura", "voce", "misura", "periodo", "valore"])
        for one in facts:
            identity = one.identity
            number = repr(one.value).replace(".", ",")
            writer.writerow([identity.structure, identity.item, identity.measure, identity.period, number])
    return path, source


class Notes(dict):
    def keep(self, where, text):
        self[where] = text

    def kept(self, where):
        return self.get(where, "")


def run(book, source):
    """Every action over a book, one after the other; texts, values and results as plain data."""
    notes = Notes()
    said = {}
    before = values(book.read())
    content = book.read()
    plan = plan_for(content)
    said["check"] = asdict(check(content))
    said["missing"] = asdict(what_is_missing(content))
    reload = reload_targets(content, plan)
    said["reload"] = asdict(reload)
    said["reloaded"] = asdict(apply(book, reload, notes))
    said["again"] = len(reload_targets(book.read(), plan).values)
    back = restore(book, notes)
    said["restore"] = asdict(back)
    said["restored"] = asdict(apply(book, back, notes))
    said["same as before"] = different(values(book.read()), before)
    load = load_facts(book.read(), plan, read_tables(source))
    said["load"] = asdict(load)
    said["loaded"] = asdict(apply(book, load, notes))
    said["explain"] = asdict(explain_cell(book.read()))
    return said, values(book.read())


def values(content):
    """Sheet -> cell -> value of all cells that hold one."""
    return {
        info.name: {
            (cell.row, cell.column): cell.value
            for cell in content.cells(info.name)
            if cell.value not in (None, "")
        }
        for info in content.sheets
    }


def different(one, other, tolerance=1e-9):
    """Cells of two workbooks that hold different values."""
    return [
        (sheet, key, mine.get(key), theirs.get(key))
        for sheet in {*one, *other}
        for mine, theirs in [(one.get(sheet, {}), other.get(sheet, {}))]
        for key in {*mine, *theirs}
        if not close(mine.get(key), theirs.get(key), tolerance)
    ]


def close(one, other, tolerance=1e-9):
    """Whether two values, or two structures of values, are the same; numbers within a share of themselves."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(close(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(close, one, other))
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return abs(one - other) <= tolerance * max(1.0, abs(one), abs(other))
    return (one or "") == (other or "")


def unlike(one, other):
    """What two runs say differently, short: the part, and the first line of each that the other has not."""
    found = {}
    for part in one:
        if not close(one[part], other[part]):
            mine, theirs = (_flat(each[part]) for each in (one, other))
            found[part] = next(
                ((a, b) for a, b in zip(mine, theirs, strict=False) if not close(a, b)), "lengths"
            )
    return found


def _flat(value):
    if isinstance(value, dict):
        return [line for each in value.values() for line in _flat(each)]
    if isinstance(value, (list, tuple)) and value and isinstance(value[0], (list, tuple)):
        return list(value)
    return [value]


def told_of_a_file(template, folder):
    """What the actions on a file say, the cells that it then has, and the file and source that they began with."""
    path, source = spoiled(template, folder)
    copy = folder / "copia.xlsx"
    shutil.copyfile(path, copy)
    said, cells = run(FileBook(copy), source)
    return said, cells, path, source
