"""`--json FILE`: what a command prints as a table, for programs."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import math
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse


def add_json(parser: argparse.ArgumentParser) -> None:
    """Let the user name the file."""
    parser.add_argument("--json", metavar="FILE", type=Path, help="write what is printed as JSON")


def write_json(options: argparse.Namespace, found: object) -> None:
    """Write the file where one is named, whole or not at all.

    Args:
        options: of a command with `--json`.
        found: records (dataclasses, mappings) and lists of them; keys are the names of their fields.

    Raises:
        WorkbookError: it cannot be written.
    """
    if options.json is None:
        return
    from xl_perf.package import write_atomic

    text = json.dumps(plain(found), indent=2, ensure_ascii=False) + "\n"
    # a name that the system could not decode holds half characters: JSON escapes them as Python does
    write_atomic(options.json, text.encode("utf-8", "backslashreplace"))


def plain(value: object) -> Any:
    """A value as JSON has it: records as objects, days as 2021-07-31, enumerations and paths as text, NaN as null."""
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (Sequence, AbstractSet)) and not isinstance(value, (str, bytes)):
        return [plain(item) for item in value]
    return str(value)
