"""The official workbooks and their examples as the code at hand builds them; tests never judge the committed files.

They are built once for each state of the sources and kept in the ignored folder `build/`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
MADE_FROM = (
    "catalog", "cells", "compute", "contract", "errors.py", "excel", "formula", "package", "plan", "recalc",
    "templates", "values.py", "__init__.py",
)  # fmt: skip
"""What building needs of xl_perf (`test_templates_build.py` looks whether it is all)."""
_KEPT = 3
"""States of the sources whose workbooks are kept."""


def _state() -> str:
    """What tells one state of these sources from another."""
    digest = hashlib.sha256()
    sources = [_ROOT / "xl_perf" / name for name in MADE_FROM]
    for path in sorted(file for source in sources for file in (source, *source.rglob("*"))):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(path.relative_to(_ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _built() -> Path:
    home = _ROOT / "build" / "official"
    folder = home / _state()
    if not folder.is_dir():
        from xl_perf.plan import load_edition
        from xl_perf.templates.build import build_all

        unfinished = home / f"{folder.name}.{os.getpid()}"
        build_all(unfinished, load_edition())
        try:
            unfinished.rename(folder)
        except OSError:  # another test run was first
            shutil.rmtree(unfinished)
        older = sorted(
            (path for path in home.iterdir() if path != folder), key=lambda path: path.stat().st_mtime
        )
        for path in older[: 1 - _KEPT]:
            shutil.rmtree(path, ignore_errors=True)
    return folder


FOLDER = _built()
"""Where they are: `<template>.xlsx`, `esempi/<template>_esempio.xlsx`."""

WORKBOOKS = sorted(FOLDER.rglob("*.xlsx"))
EXAMPLES = FOLDER / "esempi"
