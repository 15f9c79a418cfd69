"""Constants that stand in the calculation copy for what the file holds."""

from __future__ import annotations

import pytest

from tests.package_files import MAIN, sheet_xml, workbook_of
from xl_perf.package import Package
from xl_perf.recalc import recalculate_package

STRINGS = f'<sst xmlns="{MAIN}"><si><t></t></si><si><t>testo</t></si></sst>'


@pytest.mark.parametrize("first", ['t="s"><v>0</v>', 't="inlineStr"><is><t></t></is>', 't="str"><v></v>'])
def test_an_empty_text_is_no_empty_cell(first: str):
    # what is pasted as values of formulas that gave "": ISBLANK is FALSE, COUNTA counts A1 and A2 but not A3
    rows = (
        f'<row r="1"><c r="A1" {first}</c><c r="B1"><f>ISBLANK(A1)</f></c><c r="C1"><f>COUNTA(A1:A3)</f></c>'
        '<c r="D1"><f>IF(ISBLANK(A1),"vuota",A1)</f></c></row>'
        '<row r="2"><c r="A2" t="s"><v>1</v></c></row><row r="3"><c r="A3"/></row>'
    )
    found = recalculate_package(Package(workbook_of(sheet_xml(rows), strings=STRINGS)))
    assert found.changes["Foglio1"] == {(1, 2): False, (1, 3): 2.0, (1, 4): ""}
