"""Compiles the sources under /sources with the page's Python into /xl_perf.zip; the same bytes for the same sources."""

import importlib.util
import zipfile
from importlib import _bootstrap_external
from pathlib import Path
from typing import Any

EXTERNAL: Any = _bootstrap_external
SOURCES = Path("/sources")
DATE = (1980, 1, 1, 0, 0, 0)

with zipfile.ZipFile("/xl_perf.zip", "w") as archive:
    for path in sorted(SOURCES.rglob("*")):
        if path.is_dir():
            continue
        name = path.relative_to(SOURCES).as_posix()
        data = path.read_bytes()
        if path.suffix == ".py":
            code = compile(data, name, "exec", dont_inherit=True, optimize=0)
            data = bytes(EXTERNAL._code_to_hash_pyc(code, importlib.util.source_hash(data), False))  # noqa: SLF001
            name += "c"
        entry = zipfile.ZipInfo(name, DATE)
        entry.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(entry, data)
