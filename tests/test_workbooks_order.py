"""Regions and DCM stand in one order in all workbooks: Tabella A's, from Piemonte to Sardegna, then the DCM."""

from __future__ import annotations

import pytest
from openpyxl import load_workbook

from tests.official import EXAMPLES
from xl_perf.contract.versions import TEMPLATE_VERSIONS
from xl_perf.plan import load_edition

_ENOUGH = 3
"""Regions that make a list."""


@pytest.fixture(scope="module")
def regions():
    """P21, Tabella A: the regions from north to south, then the direzioni di coordinamento metropolitano."""
    found = [structure.code for structure in load_edition().regional()]
    assert found[:3] + found[-4:] == [
        "PIEMONTE", "VALLE D'AOSTA", "LOMBARDIA", "SARDEGNA", "DCM ROMA", "DCM NAPOLI", "DCM MILANO",
    ]  # fmt: skip
    return found


def lists(sheet, regions):
    """Regions one below the other in the columns of tables, and side by side in their headings."""
    for table in sheet.tables.values():
        rows = [[cell.value for cell in row] for row in sheet[table.ref]]
        yield f"{table.name} (headings)", [value for value in rows[0] if value in regions]
        for column in zip(*rows, strict=True):
            yield f"{table.name}[{column[0]}]", [value for value in column[1:] if value in regions]


@pytest.mark.parametrize("name", TEMPLATE_VERSIONS)
def test_regions_stand_in_the_order_of_the_plan(name, regions):
    book = load_workbook(EXAMPLES / f"{name}_esempio.xlsx")
    clusters = {s.code: s.cluster for s in load_edition().regional()}
    wrong = []
    for sheet in book.worksheets:
        if sheet.title == "Metadati":  # for programs: rows follow the columns of the other sheets
            continue
        for where, found in lists(sheet, regions):
            if len(set(found)) < max(_ENOUGH, len(found)):
                continue  # no list: the same region in several rows
            wanted = sorted(found, key=regions.index)
            if "(headings)" in where and name == "costi_standard":  # P21, Tabella C prints cluster by cluster
                order = list(dict.fromkeys(clusters[code] for code in found))
                wanted.sort(key=lambda code: order.index(clusters[code]))
            if found != wanted:
                wrong.append(f"{sheet.title}: {where}")
    assert wrong == []
