"""Parts that are not what they say they are: a message, no traceback."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.recalc_books import book
from xl_perf.errors import WorkbookError
from xl_perf.package import open_package
from xl_perf.relink.parts import relink_package
from xl_perf.relink.spelling import Dialect

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml"])
def test_a_part_that_is_not_utf_8(tmp_path: Path, part: str):
    path = tmp_path / "a.xlsx"
    book({"A1": "citta", "A2": "=PERF_SCORE(A1,1,1)"}).save(path)
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data.replace(b"</", b"<!--\xff--></", 1) if name == part else data)
    with pytest.raises(WorkbookError):
        relink_package(open_package(path), Dialect.LAMBDA)
