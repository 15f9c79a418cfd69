"""The file in which users say what headings and names mean (`load --map`)."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from xl_perf.errors import LoadError
from xl_perf.load.vocabulary import ROLES, Column, Names
from xl_perf.plan.names import fold

if TYPE_CHECKING:
    from pathlib import Path


def read_names(path: Path) -> Names:
    """A file of headings and their meaning.

    Keys: `struttura`, `voce`, `misura`, `periodo`, `riga`, `nome`, `valore` (heading of that column), `[colonne]`
    (heading = "voce#misura", "voce", "#misura", or "voce#misura@struttura"), `[strutture]` (name = code).

    Raises:
        LoadError: not such a file.
    """
    try:
        values: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LoadError(f"the map cannot be read ({error})", where=str(path)) from error
    known = {*ROLES, "colonne", "strutture"}
    for key, value in values.items():
        if key not in known:
            raise LoadError(
                f"unknown key {key!r}", where=str(path), expected=f"one of: {', '.join(sorted(known))}"
            )
        if not (isinstance(value, str) if key in ROLES else _is_texts(value)):
            raise LoadError(f"{key} = {value!r}", where=str(path), expected="texts")
    return Names(
        {fold(text): role for role, text in values.items() if role in ROLES},
        {fold(heading): _column(text) for heading, text in values.get("colonne", {}).items()},
        {fold(name): code for name, code in values.get("strutture", {}).items()},
    )


def _is_texts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


def _column(text: str) -> Column:
    what, _, structure = text.partition("@")
    item, _, measure = what.partition("#")
    return Column(item.strip(), measure.strip(), structure.strip())
