"""Makes the workbooks of this folder with openpyxl, XlsxWriter and LibreOffice: `python tests/data/make.py`.

They are committed as these programs wrote them, so that the tests see files of others; made anew they differ
in dates and in whatever a newer version of a program does. LibreOffice (soffice) must be installed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, IconSetRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula
from openpyxl.worksheet.table import Table

HERE = Path(__file__).parent
ROWS = [("TORINO", 30.5, 40), ("ROMA", 52.25, 45), ("NAPOLI", 61, 60), ("PALERMO", 48.75, 50)]
NATIVE = {
    "F2": "=SUM(B2:B5)",
    "F3": "=AVERAGE(B2:B5)-AVERAGE(C2:C5)",
    "F4": '=IF(F3>0,"sopra","entro")',
    "F5": "=B2>C2",
    "F6": "=1/(C3-45)",
    "F7": '="Sedi: "&COUNTA(A2:A5)&" <tutte> & \'altre\'"',
    "F8": '=VLOOKUP("NAPOLI",A2:C5,2,FALSE)',
    "F9": "=DATE(2021,9,29)",
    "F10": "=totale*2",
    "F11": "=ROUND(F2/3,2)",
    "F12": "=NON_ESISTE(B2)",
    "F13": "=SUMPRODUCT(B2:B5*C2:C5)",
}
OURS = {
    "G2": "=PERF_SCORE(B2,C2,-1)",
    "G3": "=PERF_SCORE(B3,C3,-1)",
    "G4": "=G2-G3",
    "G5": "=PERF_SCOSTAMENTO(B9,C2)",
}


def with_openpyxl(path: Path, *, native_only: bool = False) -> None:
    """Chart, comments, conditional formats, validation, table, array and data table, names, protection, two sheets."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Dati & note"
    sheet.append(["Sede", "Giorni", "Obiettivo"])
    for row in ROWS:
        sheet.append(row)
    for cell, formula in (NATIVE if native_only else NATIVE | OURS).items():
        sheet[cell] = formula
    sheet["H2"] = ArrayFormula("H2:H5", "=B2:B5-C2:C5")
    if not native_only:
        sheet["I2"] = DataTableFormula(ref="I2:I3", dt2D=False, r1="B2")
        table = Table(displayName="tblSedi", ref="A1:C5")
        sheet.add_table(table)
        sheet["F14"] = "=SUM(tblSedi[Giorni])"
    book.defined_names["totale"] = DefinedName("totale", attr_text="'Dati & note'!$F$2")
    sheet["A1"].font = Font(bold=True)
    sheet["A2"].comment = Comment("Sede pilota", "INPS")
    sheet["F9"].number_format = "dd/mm/yyyy"
    sheet.conditional_formatting.add(
        "B2:B5", CellIsRule("greaterThan", ["50"], fill=PatternFill(bgColor="FFC7CE"))
    )
    sheet.conditional_formatting.add("C2:C5", IconSetRule("3Arrows", "percent", [0, 33, 67]))
    validation = DataValidation(
        type="decimal", operator="between", formula1="0", formula2="=F2", allow_blank=True
    )
    validation.add("B2:B5")
    sheet.add_data_validation(validation)
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=5), titles_from_data=True)
    sheet.add_chart(chart, "K2")
    sheet.merge_cells("A8:C8")
    sheet.freeze_panes = "B2"
    sheet.protection.sheet = True
    other = book.create_sheet("Altro 'foglio'")
    other["A1"] = "='Dati & note'!F2+1"
    other["A2"] = "=SUM('Dati & note'!B2:B5)"
    book.create_sheet("Nascosto").sheet_state = "veryHidden"
    book.save(path)


def with_xlsxwriter(path: Path, **options: Any) -> None:
    """Rich texts, sparklines, text box, chart sheet, tables, dynamic and legacy arrays, images of formulas' kinds."""
    book = xlsxwriter.Workbook(str(path), options)
    sheet = book.add_worksheet("Dati")
    bold, day = (
        book.add_format({"bold": True}),
        book.add_format({"num_format": "dd/mm/yyyy", "locked": False}),
    )
    sheet.write_row("A1", ["Sede", "Giorni", "Obiettivo"], bold)
    for number, row in enumerate(ROWS, start=1):
        sheet.write_row(number, 0, row)
    book.define_name("totale", "=Dati!$F$2")
    for cell, formula in (NATIVE | OURS).items():
        sheet.write_formula(cell, formula, day if cell == "F9" else None)
    sheet.write_formula("F14", '="già"', None, "vecchio")
    sheet.write_formula("F15", "=1=1", None, False)
    sheet.write_formula("F16", "=NA()", None, "#DIV/0!")
    sheet.write_array_formula("H2:H5", "{=B2:B5-C2:C5}", None, 7)
    sheet.write_dynamic_array_formula("J2", "=_xlfn._xlws.SORT(B2:B5)", None, 1)
    sheet.write_dynamic_array_formula("M2:M3", "=_xlfn.UNIQUE(B2:B5>50)", None, 1)
    sheet.write_rich_string("A7", "nota ", bold, "in grassetto")
    sheet.write_comment("A2", "Sede pilota")
    sheet.add_sparkline("D2", {"range": "Dati!B2:C2"})
    sheet.insert_textbox("A20", "Testo libero")
    sheet.insert_checkbox("A9", True)
    sheet.conditional_format("B2:B5", {"type": "data_bar", "data_bar_2010": True})
    sheet.data_validation("C2:C5", {"validate": "decimal", "criteria": ">", "value": 0})
    tables = book.add_worksheet("Tabella")
    tables.add_table(
        "A1:C4",
        {
            "name": "tblX",
            "total_row": True,
            "data": [["a", 2], ["b", 5]],
            "columns": [
                {"header": "Voce", "total_string": "Totale"},
                {"header": "Giorni", "total_function": "sum"},
                {"header": "Doppio", "formula": "=[@Giorni]*2"},
            ],
        },
    )
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Dati!$B$2:$B$5"})
    sheet.insert_chart("K12", chart)
    sheets = book.add_chartsheet("Grafico")
    other = book.add_chart({"type": "line"})
    other.add_series({"values": "=Dati!$C$2:$C$5"})
    sheets.set_chart(other)
    book.set_custom_property("ufficio", "Pianificazione")
    book.close()


def with_libreoffice(source: Path, target: Path, kind: str = "Calc MS Excel 2007 XML") -> None:
    """A file as LibreOffice loads and writes it."""
    program = shutil.which("soffice")
    if program is None:
        sys.exit("LibreOffice (soffice) is not installed")
    with tempfile.TemporaryDirectory() as folder:
        profile = (Path(folder) / "profile").as_uri()
        suffix = target.suffix[1:]
        command = [
            program,
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            f"{suffix}:{kind}",
        ]
        subprocess.run([*command, "--outdir", folder + "/out", str(source)], check=True, capture_output=True)
        shutil.copy(Path(folder) / "out" / f"{source.stem}.{suffix}", target)


def main() -> None:
    """Makes all files."""
    with_openpyxl(HERE / "openpyxl.xlsx")
    with_xlsxwriter(HERE / "xlsxwriter.xlsx")
    with_xlsxwriter(HERE / "xlsxwriter_1904.xlsx", date_1904=True)
    with_xlsxwriter(HERE / "xlsxwriter_zip64.xlsx", use_zip64=True, constant_memory=False)
    with tempfile.TemporaryDirectory() as folder:
        native = Path(folder) / "nativo.xlsx"
        with_openpyxl(native, native_only=True)
        with_libreoffice(native, HERE / "libreoffice.xlsx")
        with_libreoffice(HERE / "xlsxwriter.xlsx", HERE / "libreoffice_da_xlsxwriter.xlsx")
        with_libreoffice(native, HERE / "libreoffice.xltx", "Calc MS Excel 2007 XML Template")


if __name__ == "__main__":
    main()
