"""Rows and columns against what their content needs, measured by LibreOffice: run by its own Python, prints JSON.

    python3 measure_geometry.py SOFFICE WORKBOOK...

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

KINDS = ("cut", "tall", "number", "text", "word")
CONTENT = 1 | 2 | 4 | 16  # values, dates, texts, formulas
BUTTON = 450  # a filter button, in 1/100 mm
SAFETY = 20  # screen and print do not break lines at the same letter: a word needs 0.2 mm more
EXTRA = 130  # what the optimal width of LibreOffice adds to the text and the cell's own edges
BATCH = 500
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
    before = [sheet.Rows.getByIndex(i).Height for i in range(last + 1)]
    seen = [sheet.Rows.getByIndex(i).IsVisible for i in range(last + 1)]
    sheet.Rows.OptimalHeight = True
    after = [sheet.Rows.getByIndex(i).Height for i in range(last + 1)]
    for i, (old, new) in enumerate(zip(before, after, strict=True)):
        sheet.Rows.getByIndex(i).Height = old
        if (
            seen[i]
            and new > old * 1.08
            and new - old > 60
            and sheet.getCellRangeByPosition(0, i, right, i).queryContentCells(CONTENT).Count
        ):
            yield "cut", f"row {i + 1}", f"{old / 100:.1f} mm, needs {new / 100:.1f}"
        elif seen[i] and old > new * tall and old > 1000:
            yield "tall", f"row {i + 1}", f"{old / 100:.1f} mm, needs {new / 100:.1f}"


def candidates(document, sheet, last_row, last_column):
    """Cells that may not fit: (kind, cell, text to measure, room)."""
    from com.sun.star.table.CellContentType import EMPTY, TEXT, VALUE

    filtered = set()
    for area in document.DatabaseRanges:
        if area.AutoFilter and area.DataArea.Sheet == sheet.RangeAddress.Sheet:
            filtered.update(
                (area.DataArea.StartRow, c)
                for c in range(area.DataArea.StartColumn, area.DataArea.EndColumn + 1)
            )
    widths = [sheet.Columns.getByIndex(c).Width for c in range(last_column + 2)]
    visible = [sheet.Columns.getByIndex(c).IsVisible for c in range(last_column + 2)]
    for r in range(last_row + 1):
        for c in range(last_column + 1):
            if not visible[c]:
                continue
            cell = sheet.getCellByPosition(c, r)
            if cell.Type == EMPTY or cell.IsMerged:
                continue
            text, room = cell.String, widths[c]
            if not text:
                continue
            rough = len(text) * cell.CharHeight * 17 + cell.ParaIndent  # 1/100 mm, about half an em a letter
            number = cell.Type == VALUE or (cell.Type != TEXT and cell.FormulaResultType2 == 1)
            if number:
                if rough > room * 0.8:
                    yield "number", cell, text, room
            elif cell.IsTextWrapped:
                less = BUTTON if (r, c) in filtered else 0
                for word in sorted(set(text.split()), key=len)[-2:]:
                    if len(word) * cell.CharHeight * 17 + cell.ParaIndent > (room - less) * 0.7:
                        yield "word", cell, word, room - less
            elif rough > room * 0.7:
                side = (
                    sheet.getCellByPosition(c + 1, r)
                    if cell.HoriJustify.value != "RIGHT"
                    else (sheet.getCellByPosition(c - 1, r) if c else None)
                )
                if side is not None and side.Type != EMPTY and side.String:
                    yield "text", cell, text, room


def too_wide(document, found):
    """Measures candidates as the optimal widths of columns on a scratch sheet."""
    name = "geometry_scratch"
    for start in range(0, len(found), BATCH):
        part = found[start : start + BATCH]
        document.Sheets.insertNewByName(name, document.Sheets.Count)
        scratch = document.Sheets.getByName(name)
        for i, (_, cell, text, _) in enumerate(part):
            copy = scratch.getCellByPosition(i, 0)
            copy.String = text
            for key in (
                "CharFontName",
                "CharHeight",
                "CharWeight",
                "CharPosture",
                "HoriJustify",
                "ParaIndent",
            ):
                setattr(copy, key, getattr(cell, key))
        columns = scratch.getCellRangeByPosition(0, 0, len(part) - 1, 0).Columns
        columns.OptimalWidth = True
        for i, one in enumerate(part):
            needs = scratch.Columns.getByIndex(i).Width - EXTRA
            if needs > one[3] + (20 if one[0] != "word" else -SAFETY):
                yield one, needs
        document.Sheets.removeByName(name)


def check(desktop, path, tall):
    document = desktop.loadComponentFromURL(
        "file://" + path, "_blank", 0, (option("Hidden", True), option("ReadOnly", False))
    )
    findings, count = collections.defaultdict(list), 0
    try:
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
            for (kind, cell, text, room), needs in too_wide(document, found):
                address = cell.CellAddress
                findings[kind].append(
                    (
                        sheet.Name,
                        f"{letter(address.Column)}{address.Row + 1}",
                        f"{text[:40]!r} needs {needs / 100:.1f} mm of {room / 100:.1f}",
                    )
                )
    finally:
        document.close(True)
    return count, findings


def main():
    soffice, *paths = sys.argv[1:]
    everything = {}
    with tempfile.TemporaryDirectory() as folder:
        office, desktop = connect(soffice, folder)
        if desktop is None:
            sys.exit("LibreOffice does not answer")
        try:
            for path in paths:
                _, found = check(desktop, os.path.realpath(path), TALL)
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
