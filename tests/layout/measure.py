"""All findings of one workbook: structure, geometry, paper."""

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
    found |= {_RENAMED.get(kind, kind): texts for kind, texts in geometry(path)[str(path)].items()}
    return found | (printed(path) if pages else {})


def geometry(*paths):
    """Findings on rows and columns of each workbook, in one start of LibreOffice."""
    script = Path(__file__).with_name("measure_geometry.py")
    command = [calc_office.uno_python(), str(script), programs.find("soffice"), *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    return json.loads(done.stdout)


def printed(path):
    """Findings on the printed pages."""
    with tempfile.TemporaryDirectory() as folder:
        _, _, found = paper.check(path, folder)
    return {kind: [f"p{n} {sheet}: {text}" for n, sheet, text in found[kind]] for kind in paper.KINDS}
