"""Rules for workbooks that people read, fill in, print and audit; reads the file, calculates nothing.

address    a formula that addresses a cell for which the workbook has a defined name ('Parametri'!$G$6)
unnamed    a formula of a table that names no column, table or name at all ([@...], tblX[...], Name)
long       a formula of more than 300 characters
volatile   NOW, TODAY, RAND, OFFSET, INDIRECT
hidden     hidden columns, rows or sheets
merged     merged ranges
freeze     a sheet of more than 30 rows without frozen panes
index      a sheet other than the first without a link to the first one in its first 4 rows
tables     a sheet on which several tables are filled in
header     a table whose heading cells differ from the names of its columns, or repeat
blank      a blank row inside a table
validation an unlocked cell without a data validation, or a validation without a prompt or an error text
chart      a chart without alt text, title, title of the value axis, or labels of values
numtext    a number kept as text
style      a sheet whose cells all have the style Normal (no named styles: headings, inputs, results)
wide       a sheet wider than 200 characters
print      a sheet without a print area, without a paper size, or not fitted to the width of the paper
title      a sheet whose A1 is empty
banner     the banner of example data stands in a sheet but not in its page header or footer
error      an error value stored in a cell
document   title, subject, language, description or keywords missing in the document's properties
"""

from __future__ import annotations

import collections
import re
import zipfile

import openpyxl
import openpyxl.utils
from openpyxl.utils import range_boundaries

KINDS = ("address", "unnamed", "long", "volatile", "hidden", "merged", "freeze", "index", "tables", "header", "blank",
         "validation", "chart", "numtext", "style", "wide", "print", "title", "banner", "error",
         "document")  # fmt: skip
REFERENCE = re.compile(r"(?:'((?:[^']|'')+)'|\b([A-Za-z_][\w.]*))!\$?([A-Z]{1,3})\$?([0-9]+)(?![0-9:(])")
LONGEST, SCREEN, WIDEST, BANNER = 300, 30, 200, "DATI DI ESEMPIO"
VOLATILE = re.compile(r"\b(NOW|TODAY|RAND|RANDBETWEEN|OFFSET|INDIRECT)\(")
NUMBER = re.compile(r"[-+]?[0-9]{1,3}(?:[.,'\s]?[0-9]{3})*(?:[.,][0-9]+)?%?$")


def formula_of(cell):
    value = getattr(cell.value, "text", cell.value)  # ArrayFormula keeps its text apart
    return value if isinstance(value, str) and value.startswith("=") and value != "=" else None


def check_formulas(sheet, names, tables, add, longest):
    targets, words = names
    for row in sheet.iter_rows():
        for cell in row:
            formula = formula_of(cell)
            if formula is None:
                text = cell.value
                if cell.data_type == "e":
                    add("error", sheet, cell.coordinate, text)
                elif (
                    isinstance(text, str)
                    and len(text) < 20
                    and NUMBER.match(text.strip())
                    and not (len(text) == 4 and text.startswith("20"))
                ):
                    add("numtext", sheet, cell.coordinate, text)
                continue
            code = re.sub(r'"[^"]*"', '""', formula)
            shown = re.sub(
                r"\w+\[\[#This Row\],\[([^\]]+)\]\]", r"[@[\1]]", formula
            )  # as the program shows it
            if len(shown) > longest:
                add("long", sheet, cell.coordinate, f"{len(shown)} characters")
            if VOLATILE.search(code):
                add("volatile", sheet, cell.coordinate, formula[:80])
            for found in REFERENCE.finditer(code):
                name = targets.get(((found[1] or found[2]).replace("''", "'"), found[3] + found[4]))
                if name:
                    add("address", sheet, cell.coordinate, f"{found[0]} is {name}")
                    break
            inside = any(a <= cell.column <= c and b < cell.row <= d for a, b, c, d in tables)
            if inside and "[" not in code and not (words and words.search(code)):
                add("unnamed", sheet, cell.coordinate, formula[:80])


def check_validation(sheet, add):
    covered = set()
    for rule in sheet.data_validations.dataValidation:
        if not (rule.prompt and rule.error):
            add("validation", sheet, str(rule.sqref).split()[0], "no prompt or error text")
        for area in rule.sqref.ranges:
            covered.update(
                (r, c)
                for r in range(area.min_row, area.max_row + 1)
                for c in range(area.min_col, area.max_col + 1)
            )
    inside = {
        (r, c)
        for m in sheet.merged_cells.ranges
        for r in range(m.min_row, m.max_row + 1)
        for c in range(m.min_col, m.max_col + 1)
        if (r, c) != (m.min_row, m.min_col)
    }
    for row in sheet.iter_rows():
        for cell in row:
            if (
                cell.has_style
                and not cell.protection.locked
                and (cell.row, cell.column) not in covered | inside
            ):
                add("validation", sheet, cell.coordinate, "unlocked, no validation")


def is_filled_in(sheet, bounds):
    """Whether a table has cells that are not locked."""
    left, top, right, bottom = bounds
    rows = sheet.iter_rows(top + 1, bottom, left, right)
    return any(not cell.protection.locked for row in rows for cell in row)


def check_sheet(book, sheet, first, add):
    tables = [(range_boundaries(t.ref), t) for t in sheet.tables.values()]
    widths = {}
    for letter, dimension in sheet.column_dimensions.items():  # one entry may stand for several columns
        if dimension.hidden:
            add("hidden", sheet, letter, "column")
        first_column = dimension.min or openpyxl.utils.column_index_from_string(letter)
        for c in range(first_column, min(dimension.max or first_column, sheet.max_column) + 1):
            widths[c] = 0 if dimension.hidden else dimension.width
    for number, dimension in sheet.row_dimensions.items():
        if dimension.hidden:
            add("hidden", sheet, str(number), "row")
    for merged in sheet.merged_cells.ranges:
        add("merged", sheet, str(merged), "")
    if sheet.max_row > SCREEN and not sheet.freeze_panes:
        add("freeze", sheet, "", f"{sheet.max_row} rows")
    if sheet.title != first:
        links = [c.hyperlink for row in sheet.iter_rows(max_row=4) for c in row if c.hyperlink]
        if not any(first in (link.location or "") for link in links):
            add("index", sheet, "", f"no link to {first}")
    filled = [table.displayName for bounds, table in tables if is_filled_in(sheet, bounds)]
    if len(filled) > 1:
        add("tables", sheet, "", ", ".join(filled))
    for (left, top, right, bottom), table in tables:
        cells = [sheet.cell(top, c).value for c in range(left, right + 1)]
        if cells != [c.name for c in table.tableColumns] or len({str(c).lower() for c in cells}) != len(
            cells
        ):
            add("header", sheet, table.ref, table.displayName)
        for r in range(top + 1, bottom + 1):
            if all(
                sheet.cell(r, c).value is None
                and not (sheet.cell(r, c).has_style and not sheet.cell(r, c).protection.locked)
                for c in range(left, right + 1)
            ):
                add("blank", sheet, f"row {r}", table.displayName)
    if not any(c.style != "Normal" for row in sheet.iter_rows() for c in row):
        add("style", sheet, "", "only Normal")
    width = sum(widths.get(c, 8.43) for c in range(1, sheet.max_column + 1))
    if width > WIDEST:
        add("wide", sheet, "", f"{width:.0f} characters")
    setup, fitted = sheet.page_setup, sheet.sheet_properties.pageSetUpPr
    lacks = [
        what
        for what, there in (
            ("print area", sheet.print_area),
            ("paper size", setup.paperSize),
            ("fit to width", fitted is not None and fitted.fitToPage),
        )
        if not there
    ]
    if lacks:
        add("print", sheet, "", ", ".join(lacks))
    if sheet["A1"].value is None:
        add("title", sheet, "A1", "empty")
    if any(isinstance(c.value, str) and BANNER in c.value for row in sheet.iter_rows(max_row=8) for c in row):
        parts = [
            p.text or "" for k in (sheet.oddHeader, sheet.oddFooter) for p in (k.left, k.center, k.right)
        ]
        if not any(BANNER in p for p in parts):
            add("banner", sheet, "", "not in header or footer")
    return [b for b, _ in tables]


def check_charts(path, add):
    with zipfile.ZipFile(path) as archive:
        parts = {
            n: archive.read(n).decode("utf-8", "replace")
            for n in archive.namelist()
            if re.match(r"xl/(charts/chart|drawings/drawing)\d+\.xml", n)
        }
    for name, text in sorted(parts.items()):
        if "/drawing" in name:
            for frame in re.findall(r"<(?:\w+:)?graphicFrame\b.*?</(?:\w+:)?graphicFrame>", text, re.DOTALL):
                if not re.search(r'descr="[^"]+"', frame):
                    add("chart", None, name, "no alt text")
            continue
        plain = re.sub(r"<(/?)c:", r"<\1", text)
        start = plain.split("<plotArea>")[0]
        if "<a:t>" not in start:
            add("chart", None, name, "no title")
        for axis in re.findall(r"<valAx>.*?</valAx>", plain, re.DOTALL):
            if "<title>" not in axis:
                add("chart", None, name, "value axis without title")
        if not re.search(r'<showVal val="(1|true)"', plain):
            add("chart", None, name, "no value labels")


def check(path):
    findings, sizes = collections.defaultdict(list), collections.Counter()

    def add(kind, sheet, where, text):
        findings[kind].append((sheet.title if sheet is not None else "", where, str(text)))

    book = openpyxl.load_workbook(path)
    targets = {}
    for name, defined in book.defined_names.items():
        found = re.fullmatch(r"(?:'((?:[^']|'')+)'|([^!']+))!\$?([A-Z]+)\$?([0-9]+)", defined.attr_text or "")
        if found:
            targets[((found[1] or found[2]).replace("''", "'"), found[3] + found[4])] = name
    words = (
        re.compile(r"(?<![\w.'!])(" + "|".join(map(re.escape, book.defined_names)) + r")(?![\w.(!])")
        if len(book.defined_names)
        else None
    )
    first = book.sheetnames[0]
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            add("hidden", sheet, "", "sheet")
        tables = check_sheet(book, sheet, first, add)
        check_validation(sheet, add)
        check_formulas(sheet, (targets, words), tables, add, LONGEST)
        sizes["sheets"] += 1
        sizes["tables"] += len(tables)
        sizes["formulas"] += sum(formula_of(c) is not None for row in sheet.iter_rows() for c in row)
    check_charts(path, add)
    about = book.properties
    for what in ("title", "subject", "language", "description", "keywords"):
        if not getattr(about, what):
            findings["document"].append(("", what, "missing"))
    return sizes, findings
