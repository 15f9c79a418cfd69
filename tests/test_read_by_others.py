"""exceljs, a reader that many web applications use, opens every official workbook and reads the values that we stored.

`EXCELJS` names a folder of `node_modules` that holds the npm package `exceljs` (MIT); .ci/run installs it.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from openpyxl.utils import get_column_letter

from tests import programs
from tests.official import WORKBOOKS
from xl_perf.package import open_package

READ = """
const ExcelJS = require(process.argv[1] + "/exceljs");
(async () => {
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(process.argv[2]);
  const found = {};
  book.eachSheet((sheet) => {
    found[sheet.name] = {};
    sheet.eachRow((row) => row.eachCell((cell) => {
      if (cell.isMerged && cell.master !== cell) return;  // shows the value of the first cell again
      const value = cell.value;
      const kept = value !== null && typeof value === "object" && "formula" in value ? value.result : value;
      if (typeof kept === "number" || typeof kept === "string") found[sheet.name][cell.address] = kept;
    }));
  });
  console.log(JSON.stringify(found));
})().catch((error) => { console.error(error.message); process.exit(1); });
"""


@pytest.fixture(scope="session")
def exceljs() -> tuple[str, str]:
    """Node and the folder of its packages; skips where one is missing, fails if all tests are asked for."""
    node, folder = programs.find("node"), os.environ.get("EXCELJS", "")
    if node is None or not Path(folder, "exceljs").is_dir():
        reason = "EXCELJS does not name a folder with the npm package exceljs, or node is missing"
        if os.environ.get("XL_PERF_FULL_TESTS") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return node, folder


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.stem)
def test_exceljs_reads_the_stored_values(exceljs, path):
    node, folder = exceljs
    done = subprocess.run(
        [node, "-e", READ, folder, str(path)], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    package = open_package(path)
    assert list(found) == [sheet.name for sheet in package.sheets]
    numbers = 0
    for name, cells in found.items():
        stored = {f"{get_column_letter(cell.column)}{cell.row}": cell.value for cell in package.cells(name)}
        for address, value in cells.items():
            if isinstance(value, int | float):
                numbers += 1
                assert value == stored[address], (name, address)
    assert numbers > 50
