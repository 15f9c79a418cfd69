"""Programs that people read tables with open every official workbook and read the values that we stored.

pandas (its readers openpyxl and calamine) and polars are of the extra `test`, SheetJS is the npm package `xlsx` beside
`exceljs` (`EXCELJS`). DuckDB's reader of workbooks is an extension that it downloads from its own site, no registry has
it: where it cannot be loaded its test is left out. exceljs has a test of its own, LibreOffice too.
"""

from __future__ import annotations

import datetime as dt
import importlib
import json
import math
import os
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests import programs
from tests.official import WORKBOOKS
from xl_perf.package import open_package

DAY = re.compile(r"\d{4}-\d\d-\d\d( |$)")
"""A date in a column that holds texts too, which polars gives as text."""
SHEETJS = """
const XLSX = require(process.argv[1] + "/xlsx");
const book = XLSX.readFile(process.argv[2]);
const found = {};
for (const name of book.SheetNames) {
  found[name] = {};
  for (const [address, cell] of Object.entries(book.Sheets[name]))
    if (address[0] !== "!" && (cell.t === "n" || cell.t === "s")) {
      const at = XLSX.utils.decode_cell(address);
      found[name][(at.r + 1) + "," + (at.c + 1)] = cell.v;
    }
}
console.log(JSON.stringify(found));
"""


def lacking(reason):
    """Skips; fails where all tests are asked for."""
    if os.environ.get("XL_PERF_FULL_TESTS") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def needed(package):
    """A package of the extra `test`."""
    try:
        return importlib.import_module(package)
    except ImportError:
        return lacking(f"the package {package} of the extra test is not installed")


@cache
def stored(path):
    """The numbers and texts of a workbook as our reader finds them: sheet -> (row, column) -> value."""
    package = open_package(path)
    return {
        sheet.name: {
            (cell.row, cell.column): cell.value
            for cell in package.cells(sheet.name)
            if isinstance(cell.value, int | float | str)
            and not isinstance(cell.value, bool)
            and cell.value != ""
        }
        for sheet in package.sheets
    }


def same(one, other):
    """Whether two programs mean the same: numbers to the last digits, texts without a difference."""
    if isinstance(other, str) or isinstance(one, str):
        return one == other
    return math.isclose(float(one), other, rel_tol=1e-14, abs_tol=1e-14)


def wrong(path, found):
    """Cells whose value is another one than the file stores: (sheet, place) -> (found, stored)."""
    return {
        (name, at): (found[name].get(at), value)
        for name, cells in stored(path).items()
        for at, value in cells.items()
        if not same(found[name].get(at, ""), value)
    }


def count_of_numbers(path):
    """How many numbers a file stores."""
    return sum(isinstance(v, int | float) for cells in stored(path).values() for v in cells.values())


def grid(rows):
    return {
        (row, column): value
        for row, values in enumerate(rows, 1)
        for column, value in enumerate(values, 1)
        if value is not None and value == value and value != ""  # noqa: PLR0124 - NaN
    }


@pytest.mark.parametrize("engine", ["openpyxl", "calamine"])
@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.stem)
def test_pandas_reads_the_stored_values(path, engine):
    pandas = needed("pandas")
    frames = pandas.read_excel(
        path, sheet_name=None, header=None, engine=engine, keep_default_na=False, dtype=object
    )
    found = {name: grid(frame.to_numpy(dtype=object).tolist()) for name, frame in frames.items()}
    assert list(found) == list(stored(path))
    assert wrong(path, {name: dated(cells, stored(path)[name]) for name, cells in found.items()}) == {}
    assert count_of_numbers(path) > 50


def dated(cells, wanted):
    """Dates as the numbers that the files hold."""
    day = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - cells have no time zone
    return {
        at: (value - day).total_seconds() / 86400
        if isinstance(value, dt.datetime) and at in wanted
        else value
        for at, value in cells.items()
    }


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.stem)
def test_polars_reads_the_stored_values(path):
    """polars gives a column one type: numbers of a column with texts come out as texts of twelve digits."""
    polars = needed("polars")
    needed("fastexcel")
    options = {
        "has_header": False,
        "drop_empty_rows": False,
        "drop_empty_cols": False,
        "infer_schema_length": None,
    }
    frames = polars.read_excel(path, sheet_id=0, **options)
    wanted = stored(path)
    assert list(frames) == list(wanted)
    numbers = 0
    for name, frame in frames.items():
        found = grid(frame.rows())
        for at, value in wanted[name].items():
            if isinstance(value, str):
                assert found[at] == value, (name, at)
            elif not isinstance(found[at], dt.date) and not DAY.match(str(found[at])):
                numbers += 1
                assert float(found[at]) == pytest.approx(value, rel=1e-9, abs=1e-9), (name, at)
    assert numbers > 50


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.stem)
def test_sheetjs_reads_the_stored_values(path):
    node, folder = programs.find("node"), os.environ.get("EXCELJS", "")
    if node is None or not Path(folder, "xlsx").is_dir():
        lacking("EXCELJS does not name a folder with the npm package xlsx, or node is missing")
    done = subprocess.run(
        [node, "-e", SHEETJS, folder, str(path)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    places = {
        name: {tuple(map(int, at.split(","))): value for at, value in cells.items()}
        for name, cells in found.items()
    }
    assert list(places) == list(stored(path))
    assert wrong(path, places) == {}
    assert count_of_numbers(path) > 50


@pytest.mark.parametrize("path", WORKBOOKS[:2], ids=lambda path: path.stem)
def test_duckdb_reads_the_numbers(path):
    duckdb = pytest.importorskip(
        "duckdb", reason="DuckDB is not installed; its reader comes from its own site"
    )
    connection = duckdb.connect()
    try:
        connection.sql("INSTALL excel; LOAD excel")
    except duckdb.Error as error:
        pytest.skip(f"DuckDB's extension excel, which no registry has: {str(error)[:80]}")
    for name, cells in stored(path).items():
        options = f"sheet='{name}', header=false, all_varchar=true, stop_at_empty=false"
        texts = {
            str(value)
            for row in connection.sql(f"from read_xlsx('{path}', {options})").fetchall()
            for value in row
        }
        assert {value for value in cells.values() if isinstance(value, str)} <= texts
