"""Rows and columns against what their content needs, measured by LibreOffice: run by its own Python, prints JSON.

    python3 measure_geometry.py SOFFICE [--pdf FOLDER] WORKBOOK...

The workbooks are printed into the folder on the way: loading them takes most of the time.

cut: a row lower than its content; tall: higher than 1.9 times what it needs and 10 mm; number: "###"; text:
on one line and wider than its column, beside a cell with content; word: a wrapped text whose longest word
breaks.
"""

from __future__ import annotations

import collections
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

KINDS = ("cut", "tall", "number", "text", "word")
CONTENT = 1 | 2 | 4 | 16  # values, dates, texts, formulas
BUTTON = 450  # a filter button, in 1/100 mm
SAFETY = 20  # screen and print do not break lines at the same letter: a word needs 0.2 mm more
EXTRA = 130  # what the optimal width of LibreOffice adds to the text and the cell's own edges
BATCH = 500
LOOK = ("CharFontName", "CharHeight", "CharWeight", "CharPosture", "HoriJustify", "ParaIndent")
UNIT = 8  # letters that a number format may add
TALL = 1.9


def connect(soffice, folder):
    import uno

    pipe = f"geometry{os.getpid()}"
    office = subprocess.Popen(
        [
            soffice,
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--norestore",
            "--nologo",
            f"--accept=pipe,name={pipe};urp;",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
    for _ in range(120):
        try:
            remote = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return office, remote.ServiceManager.createInstanceWithContext(
                "com.sun.star.frame.Desktop", remote
            )
        except Exception:  # noqa: BLE001 - not up yet
            time.sleep(0.5)
    office.terminate()
    return None, None


def option(name, value):
    from com.sun.star.beans import PropertyValue

    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def letter(index):
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def rows(sheet, last, right, tall):
    """Heights as they are against the heights LibreOffice would choose."""
    lines = [sheet.Rows.getByIndex(i) for i in range(last + 1)]
    before = [line.Height for line in lines]
    sheet.Rows.OptimalHeight = True
    after = [line.Height for line in lines]
    for i, (old, new) in enumerate(zip(before, after, strict=True)):
        if old == new:
            continue
        lines[i].Height = old
        if (
            new > old * 1.08
            and new - old > 60
            and lines[i].IsVisible
            and sheet.getCellRangeByPosition(0, i, right, i).queryContentCells(CONTENT).Count
        ):
            yield "cut", f"row {i + 1}", f"{old / 100:.1f} mm, needs {new / 100:.1f}"
        elif old > new * tall and old > 1000 and lines[i].IsVisible:
            yield "tall", f"row {i + 1}", f"{old / 100:.1f} mm, needs {new / 100:.1f}"


class Looks:
    """What the cells of a sheet look like, asked of LibreOffice once for each look."""

    def __init__(self, sheet, last_row, last_column):
        self.of = {}
        found = sheet.UniqueCellFormatRanges
        for i in range(found.Count):
            ranges = found.getByIndex(i)
            look = {name: getattr(ranges, name) for name in LOOK} | {"wraps": ranges.IsTextWrapped}
            for area in ranges.RangeAddresses:
                for r in range(area.StartRow, min(area.EndRow, last_row) + 1):
                    for c in range(area.StartColumn, min(area.EndColumn, last_column) + 1):
                        self.of[r, c] = look


def candidates(document, sheet, last_row, last_column):
    """Cells that may not fit: (kind, row and column, look, text to measure, room)."""
    filtered = set()
    for area in document.DatabaseRanges:
        if area.AutoFilter and area.DataArea.Sheet == sheet.RangeAddress.Sheet:
            filtered.update(
                (area.DataArea.StartRow, c)
                for c in range(area.DataArea.StartColumn, area.DataArea.EndColumn + 1)
            )
    columns = [sheet.Columns.getByIndex(c) for c in range(last_column + 1)]
    widths, visible = [c.Width for c in columns], [c.IsVisible for c in columns]
    values = sheet.getCellRangeByPosition(0, 0, last_column + 1, last_row).DataArray
    looks = Looks(sheet, last_row, last_column).of

    def merged(r, c):
        return sheet.getCellByPosition(c, r).IsMerged

    for r, line in enumerate(values):
        for c, value in enumerate(line[:-1]):
            if value in ("", None) or not visible[c]:
                continue
            look, room = looks[r, c], widths[c]
            letter_width = look["CharHeight"] * 17  # 1/100 mm, about half an em
            if isinstance(value, float):
                if (len(f"{value:,.2f}") + UNIT) * letter_width + look["ParaIndent"] <= room * 0.8:
                    continue
                text = sheet.getCellByPosition(c, r).String
                if len(text) * letter_width + look["ParaIndent"] > room * 0.8 and not merged(r, c):
                    yield "number", (r, c), look, text, room
                continue
            if look["wraps"]:
                less = BUTTON if (r, c) in filtered else 0
                for word in sorted(set(value.split()), key=len)[-2:]:
                    if len(word) * letter_width + look["ParaIndent"] > (room - less) * 0.7 and not merged(
                        r, c
                    ):
                        yield "word", (r, c), look, word, room - less
            elif len(value) * letter_width + look["ParaIndent"] > room * 0.7:
                beside = c + 1 if look["HoriJustify"].value != "RIGHT" else c - 1
                if beside >= 0 and line[beside] not in ("", None) and not merged(r, c):
                    yield "text", (r, c), look, value, room


def too_wide(document, found):
    """Measures candidates as the optimal widths of columns on a scratch sheet; the same text in the same look once."""
    name = "geometry_scratch"
    wanted = {}
    for one in found:
        wanted.setdefault((id(one[2]), one[3]), []).append(one)
    wanted = list(wanted.values())
    for start in range(0, len(wanted), BATCH):
        part = wanted[start : start + BATCH]
        document.Sheets.insertNewByName(name, document.Sheets.Count)
        scratch = document.Sheets.getByName(name)
        for i, ((_, _, look, text, _), *_) in enumerate(part):
            copy = scratch.getCellByPosition(i, 0)
            copy.String = text
            for key in LOOK:
                setattr(copy, key, look[key])
        columns = scratch.getCellRangeByPosition(0, 0, len(part) - 1, 0).Columns
        columns.OptimalWidth = True
        for i, same in enumerate(part):
            needs = scratch.Columns.getByIndex(i).Width - EXTRA
            for one in same:
                if needs > one[4] + (20 if one[0] != "word" else -SAFETY):
                    yield one, needs
        document.Sheets.removeByName(name)


def check(desktop, path, tall, folder):
    document = desktop.loadComponentFromURL(
        "file://" + path, "_blank", 0, (option("Hidden", True), option("ReadOnly", False))
    )
    findings, count = collections.defaultdict(list), 0
    try:
        if folder:
            document.storeToURL(
                f"file://{folder}/{Path(path).stem}.pdf", (option("FilterName", "calc_pdf_Export"),)
            )
        if document.isProtected():
            document.unprotect("")
        for sheet in list(document.Sheets):
            if not sheet.IsVisible:
                continue
            sheet.unprotect("")
            cursor = sheet.createCursor()
            cursor.gotoEndOfUsedArea(False)
            last, right = cursor.RangeAddress.EndRow, cursor.RangeAddress.EndColumn
            count += last + 1
            found = list(candidates(document, sheet, last, right))
            for kind, where, text in rows(sheet, last, right, tall):
                findings[kind].append((sheet.Name, where, text))
            for (kind, (row, column), _, text, room), needs in too_wide(document, found):
                findings[kind].append(
                    (
                        sheet.Name,
                        f"{letter(column)}{row + 1}",
                        f"{text[:40]!r} needs {needs / 100:.1f} mm of {room / 100:.1f}",
                    )
                )
    finally:
        document.close(True)
    return count, findings


def main():
    soffice, *paths = sys.argv[1:]
    pdfs = paths.pop(1) if paths[0] == "--pdf" else ""
    paths = [path for path in paths if path != "--pdf"]
    everything = {}
    with tempfile.TemporaryDirectory() as folder:
        office, desktop = connect(soffice, folder)
        if desktop is None:
            sys.exit("LibreOffice does not answer")
        try:
            for path in paths:
                _, found = check(desktop, os.path.realpath(path), TALL, pdfs and os.path.realpath(pdfs))
                everything[path] = {
                    kind: [f"{sheet}!{where}: {text}" for sheet, where, text in found[kind]] for kind in KINDS
                }
        finally:
            with contextlib.suppress(Exception):
                desktop.terminate()
            try:
                office.wait(20)
            except subprocess.TimeoutExpired:
                office.terminate()
    json.dump(everything, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
