"""An invented edition: the same kinds of data under other codes, with other structures and other counts.

It is made from the newest edition, so that it has everything that the workbooks ask for: every code gets another name,
structures too, some rows, bands and objectives are added or left out. What is left is consistent: `plan check` passes.
Nothing in it is the plan of anybody.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.invented_changes import CHANGES, Files, written
from xl_perf.plan.reading.load import load_directory

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.plan.model import Plan

EDITIONS = Path(__file__).parents[1] / "xl_perf" / "plan" / "editions"
BASE = "piano-2021-2023"
ID = "piano-inventato"
"""Its id."""
_CODE = re.compile(r"\w+(?:\.\w+)+")
"""A code in the middle of a sentence."""
_WORDS = ("effetto", "tipo", "regola", "base", "unita", "stato", "misura", "forma", "dato", "campo")
"""Columns whose words are the program's, not the plan's."""


def other_code(code: str) -> str:
    """Another code of the same form: each part backwards, with a letter in front that no code has.

    >>> other_code("giacenza.altre_aree")
    'waznecaig.waeera_ertla'
    """
    return ".".join(
        part if len(part) < 2 or not part.isidentifier() else f"w{part[::-1]}" for part in code.split(".")
    )


def other_name(name: str) -> str:
    """Another name of a structure: each word backwards.

    >>> other_name("VALLE D'AOSTA")
    "ELLAV ATSOA'D"
    """
    return " ".join(word[::-1].strip("'") if word.endswith("'") else word[::-1] for word in name.split(" "))


def codes_of(plan: Plan) -> dict[str, str]:
    """Every code of an edition -> another one."""
    codes = {
        *plan.indicators, *plan.systems, *plan.parameters, *plan.actual_items,
        *(code for weight in plan.weights for code in (weight.node, weight.member)),
        *(code for node in plan.nodes for code in (node.tree, node.code)),
        *(line.code for line in plan.lines), *(line.system for line in plan.lines),
        *(ratio.code for ratio in plan.banded_ratios),
        *(item for item, _ in plan.measures),
    }  # fmt: skip
    return {code: other_code(code) for code in codes}


class _Names:
    """Other names for codes and structures, wherever the data files mention them."""

    def __init__(self, plan: Plan) -> None:
        self.codes = codes_of(plan)
        self.names = {
            name: other_name(name)
            for structure in plan.structures.values()
            for name in (structure.code, *structure.aliases)
        }
        self.trees = {node.tree: self.codes[node.tree] for node in plan.nodes}

    def whole(self, text: str) -> str:
        """Another name where a text is one, a sign before it left in its place."""
        sign = text[:1] if text[:1] in ("-", "+") else ""
        name = text[len(sign) :]
        return sign + (self.codes.get(name) or self.names.get(name) or self._below(name))

    def _below(self, name: str) -> str:
        """A name below a system, e.g. the subject of a description; names of files stay."""
        if name.endswith((".csv", ".toml")):
            return name
        if " " in name:
            return _CODE.sub(lambda found: self.codes.get(found[0], found[0]), name)
        system, dot, rest = name.partition(".")
        return f"{self.codes[system]}.{rest}" if dot and system in self.codes else name

    def parts(self, text: str, signs: str) -> str:
        """Other names of the parts of a text between signs."""
        return "".join(self.whole(part) for part in re.split(f"([{signs}])", text))

    def file(self, name: str) -> str:
        """Name of a file; those of trees hold the tree's."""
        stem = name.removeprefix("albero_").removesuffix(".csv")
        return f"albero_{self.trees[stem]}.csv" if name.startswith("albero_") and stem in self.trees else name

    def csv(self, text: str) -> str:
        """A CSV file with other names."""
        head, *rows = csv.reader(io.StringIO(text, newline=""))
        columns = [self.whole(name) if "." in name or name in self.names else name for name in head]
        kept = {place for place, name in enumerate(head) if name in _WORDS}
        return written(
            [columns, *([c if p in kept else self.parts(c, "@|") for p, c in enumerate(row)] for row in rows)]
        )

    def toml(self, text: str, file: str) -> str:
        """A TOML file with other names in its quoted texts; measures keep theirs."""

        def other(found: re.Match[str]) -> str:
            inside = found[1]
            if file.startswith("dati") and found[0].startswith(("codice", "coppia")) and "." not in inside:
                return found[0]
            return f'{found[0][: -len(inside) - 2]}"{self._inside(inside, file)}"'

        return re.sub(r'(?:\w+ = )?"([^"\n]*)"', other, text)

    def _inside(self, text: str, file: str) -> str:
        if file == "difetti.toml":
            check, colon, key = text.partition(":")
            return f"{check}:{self.parts(key, '/')}" if colon and " " not in check else self.parts(text, "/")
        if file.startswith("dati"):
            return self.parts(text, " ")
        return self.parts(text, "@|")


def write(folder: Path, *changes: Callable[[Files], None]) -> Path:
    """Writes the invented edition into a folder.

    Args:
        folder: where; it must not be there yet.
        changes: further changes of the files, by their names in the newest edition, before names are exchanged.
    """
    files: Files = {
        path.name: path.read_text(encoding="utf-8") for path in sorted((EDITIONS / BASE).iterdir())
    }
    for change in (*CHANGES, *changes):
        change(files)
    names = _Names(_loaded(files))
    folder.mkdir(parents=True)
    for name, text in files.items():
        other = names.csv(text) if name.endswith(".csv") else names.toml(text, name)
        (folder / names.file(name)).write_text(other, encoding="utf-8")
    return folder


def _loaded(files: Files) -> Plan:
    """The plan of files whose names are not exchanged yet."""
    with TemporaryDirectory() as folder:
        for name, text in files.items():
            Path(folder, name).write_text(text, encoding="utf-8")
        return load_directory(folder)
