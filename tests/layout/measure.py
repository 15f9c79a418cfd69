"""All findings of workbooks: structure, geometry, paper."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

from tests import calc_office, programs
from tests.layout import lint, paper

GEOMETRY = ("cut_row", "tall_row", "number", "text", "word")
KINDS = (*lint.KINDS, *GEOMETRY, *paper.KINDS)
_RENAMED = {"cut": "cut_row", "tall": "tall_row"}


def findings(path, *, pages=True):
    """Kind -> the findings in words."""
    _, structure = lint.check(str(path))
    found = {kind: [f"{s}!{w}: {t}" for s, w, t in structure[kind]] for kind in lint.KINDS}
    with tempfile.TemporaryDirectory() as folder:
        found |= geometry(path, folder=folder if pages else "")[str(path)]
        if pages:
            found |= printed(path, folder)[1]
    return found


def geometry(*paths, folder=""):
    """Findings on rows and columns of each workbook, in one start of LibreOffice, which prints them into a folder."""
    script = Path(__file__).with_name("measure_geometry.py")
    into = ["--pdf", str(folder)] if folder else []
    command = [calc_office.uno_python(), str(script), programs.find("soffice"), *into, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    found = json.loads(done.stdout)
    return {
        path: {_RENAMED.get(kind, kind): texts for kind, texts in kinds.items()}
        for path, kinds in found.items()
    }


def printed(path, folder):
    """The sheet of each printed page, and the findings on the pages; the workbook is printed in the folder."""
    pages, table, found = paper.check(path, str(Path(folder, f"{Path(path).stem}.pdf")))
    assert pages == len(table)
    kinds = {kind: [f"p{n} {sheet}: {text}" for n, sheet, text in found[kind]] for kind in paper.KINDS}
    return [sheet for _, sheet, *_ in table], kinds
