"""Scorecards as structures deliver them: filled from facts, changed by hand."""

from __future__ import annotations

import re
import zipfile

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from xl_perf.contract import Species, read_inputs
from xl_perf.package import Package, open_package
from xl_perf.package.refs import cell_name
from xl_perf.recalc import recalculate_package
from xl_perf.templates.build import unfilled


def filled(plan, template, facts, *, structure="", quarter=0, choices=None):
    """A calculated workbook with some facts.

    Args:
        plan: the edition.
        template: name of the workbook.
        facts: identity of an input -> its value; None leaves it empty.
        structure: structure of a scorecard.
        quarter: quarter of a scorecard.
        choices: measure of a setting -> its value.
    """
    package = Package(unfilled(plan, template, structure=structure, quarter=quarter).data, template)
    values = {}
    inputs = read_inputs(package)
    given = [(place, facts(place.identity)) for place in inputs.of()]
    given += [(place, (choices or {}).get(place.identity.measure)) for place in inputs.of(Species.SETTING)]
    for place, value in given:
        if value is not None:
            values.setdefault(place.sheet, {})[place.key] = value
    found = recalculate_package(package, overrides=values, plan=plan)
    changes = {
        sheet: {**found.changes.get(sheet, {}), **values.get(sheet, {})}
        for sheet in {*found.changes, *values}
    }
    return package.patch(changes, spill=found.spill, insert=True)


def retyped(path, sheet, key, change):
    """Change the XML of a cell: `change` gets the element of the cell and gives another."""
    package = open_package(path)
    part = next(info.part for info in package.sheets if info.name == sheet)
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    text = parts[part].decode()
    pattern = rf'<c r="{cell_name(key)}"[^>]*?(?:/>|>.*?</c>)'
    assert re.search(pattern, text), f"{sheet}!{cell_name(key)}"
    parts[part] = re.sub(pattern, lambda found: change(found[0]), text, count=1).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def result(path, item, measure="punteggio"):
    """A result that a workbook declares: its input record."""
    return next(
        total
        for total in read_inputs(open_package(path)).totals
        if (total.identity.item, total.identity.measure) == (item, measure)
    )


def rows(path, name):
    """The rows of a table as heading -> value."""
    for sheet in load_workbook(path, data_only=True):
        if name in sheet.tables:
            left, top, right, bottom = range_boundaries(sheet.tables[name].ref)
            lines = list(sheet.iter_rows(top, bottom, left, right, values_only=True))
            return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]
    raise AssertionError(f"no table {name}")
