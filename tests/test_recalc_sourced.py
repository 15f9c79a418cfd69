"""PERF_SPIEGA in a recalculation: a target as argument brings its source along, wherever the formula takes it from."""

from __future__ import annotations

import warnings

import openpyxl
import pytest

from tests.official import EXAMPLES
from xl_perf.catalog import FUNCTIONS
from xl_perf.cells import call
from xl_perf.formula.tokens import tokenize
from xl_perf.recalc import recalc_file
from xl_perf.recalc.sourced import _arguments
from xl_perf.values import CellError

TARGETS = "tblTabellaA[IG Prestazioni e servizi individuali]"
TURIN = 'MATCH("TORINO",tblTabellaA[Struttura],0)'
SOURCE = "(fonte: Tabella A (P21) · CdA 31/2021)"
FORMULAS = {
    "A1": "=PERF_SPIEGA(\"PERF_SCORE\",31,'Tabella A'!C8,-1)",
    "A2": f'=PERF_SPIEGA("PERF_SCORE",31,INDEX({TARGETS},{TURIN}),-1)',
    "A3": '=PERF_SPIEGA("PERF_SCORE",31,B3,-1)',
    "B3": f"=INDEX({TARGETS},MATCH(C3,tblTabellaA[Struttura],0))",
    "C3": "TORINO",
    "A4": '=IF(B4="","",PERF_SPIEGA("PERF_SCORE",31,B4,-1))',
    "B4": '=IF(C3="","",IFERROR(B3,""))',
    "A5": f'=PERF_SPIEGA("PERF_SCORE",31,_xlfn.XLOOKUP("TORINO",tblTabellaA[Struttura],{TARGETS}),-1)',
    "A6": "=PERF_SPIEGA(\"PERF_SCORE\",31,'Prestazioni e servizi'!E16,-1)",
    "A7": '=PERF_SPIEGA("PERF_SCORE",31,Un_obiettivo,-1)',
    "A8": '=PERF_SPIEGA("PERF_SCORE",31,30,-1)',
    "A9": f'=PERF_SPIEGA("PERF_SCORE",31,INDEX({TARGETS},1)+1,-1)',
    "A10": "=PERF_SPIEGA(\"PERF_SCORE\",31,'Prestazioni e servizi'!D16,-1)",
    "A11": '=PERF_SPIEGA("PERF_SCORE",31,B11,-1)',
    "B11": "=B11",
}  # fmt: skip


@pytest.fixture(scope="module")
def values(tmp_path_factory):
    """What the cells of a sheet added to the example hold after a recalculation."""
    path = tmp_path_factory.mktemp("spiega") / "giacenza.xlsx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(EXAMPLES / "giacenza_esempio.xlsx")
        sheet = book.create_sheet("Prova")
        for cell, formula in FORMULAS.items():
            sheet[cell] = formula
        book.defined_names["Un_obiettivo"] = openpyxl.workbook.defined_name.DefinedName(
            "Un_obiettivo", attr_text="'Tabella A'!$C$8"
        )
        book.save(path)
        recalc_file(path)
        found = openpyxl.load_workbook(path, data_only=True)["Prova"]
        assert (
            openpyxl.load_workbook(path)["Prova"]["A3"].value == FORMULAS["A3"]
        )  # formulas stay as they are
    return {cell: found[cell].value for cell in FORMULAS}


@pytest.mark.parametrize("cell", ["A1", "A2", "A3", "A4", "A5", "A6", "A7"])
def test_a_target_brings_its_source(values, cell):
    """Cell, look-up, cell with a look-up, guarded, by XLOOKUP, of the workbook's own look-up, by a name: TORINO 30."""
    assert f"obiettivo 30 {SOURCE}; verso -1" in values[cell]
    assert values[cell].count("(fonte:") == 1


@pytest.mark.parametrize("cell", ["A8", "A9", "A10"])
def test_what_is_no_target_has_no_source(values, cell):
    """A number, a calculation with a target, an actual."""
    assert "(fonte:" not in values[cell]
    assert values[cell].startswith("PERF_SCORE = ")


def test_a_circle_ends(values):
    assert "(fonte:" not in str(values["A11"])


def test_sources_behind_the_arguments():
    """As a recalculation hands them over; a number or an error there is no source."""
    spiega = FUNCTIONS["PERF_SPIEGA"]
    own = ["PERF_SCORE", 31.0, 30.0, -1.0, *[""] * (len(spiega.arguments) - 4)]
    assert "obiettivo 30 (fonte: Tabella A)" in call(spiega, [*own, None, "Tabella A"])
    for nothing in (5.0, CellError.NA, "", None):
        assert "(fonte:" not in call(spiega, [*own, None, nothing])
    assert call(spiega, [*own, *["x"] * len(spiega.arguments)]) == CellError.VALUE
    assert call(spiega, ["PERF_SCORE", 31.0, 30.0, -1.0, 0.5, 7.0]) == CellError.VALUE  # one too many


def test_arguments_are_cut_at_their_own_commas():
    tokens = tokenize('F(IF(A1>1,"a,b",(C1)),{1,2},tbl[[#This Row],[Uno, due]])+1')
    found, end = _arguments(tokens, 0)
    said = ["".join(value for _, value in one) for one in found]
    assert said == ['IF(A1>1,"a,b",(C1))', "{1,2}", "tbl[[#This Row],[Uno, due]]"]
    assert "".join(value for _, value in tokens[end:]) == "+1"
