"""An edition with other codes: the newest one with every indicator, node, parameter, line and item renamed.

The numbers stay, so that what is built from it is known; no code of the plan is left by which code could find its way.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import xl_perf.plan
from xl_perf.plan import load_directory, load_edition

EDITIONS = Path(xl_perf.plan.__file__).parent / "editions"


def other(code, codes):
    """Another code: the system or tree that it begins with, and other words; a code that it ends with changes as such."""
    for at, letter in enumerate(code):
        if letter == "." and code[at + 1 :] in codes:
            return f"{other(code[:at], codes)}.{other(code[at + 1 :], codes)}"
    first, *rest = code.split(".")
    return ".".join([first, *(f"x{part}" for part in rest)])


def _codes(plan):
    """Codes that stand for something in the edition, but the names of systems and trees, and the whole institute."""
    keep = {*plan.systems, *(node.tree for node in plan.nodes)}
    codes = {
        *plan.indicators, *plan.parameters, *plan.actual_items, *(node.code for node in plan.nodes),
        *(weight.node for weight in plan.weights), *(weight.member for weight in plan.weights),
        *(line.code for line in plan.lines),
    }  # fmt: skip
    return {code for code in codes if code not in keep and "." in code}


def renamed_directory(folder):
    """Write the edition's data files with other codes below a folder; gives their directory."""
    plan = load_edition()
    target = folder / plan.id
    shutil.copytree(EDITIONS / plan.id, target)
    codes = _codes(plan)
    longest = sorted(codes, key=len, reverse=True)
    pattern = re.compile(rf"(?<![\w.])({'|'.join(map(re.escape, longest))})(?![\w]|\.\w)")
    for path in target.iterdir():
        if path.suffix in (".csv", ".toml"):
            text = path.read_text(encoding="utf-8")
            text = pattern.sub(lambda found: other(found[1], codes), text)
            path.write_text(text, encoding="utf-8", newline="")
    return target


def renamed(folder):
    """The edition with other codes, loaded from a directory that is written into `folder`."""
    return load_directory(renamed_directory(folder))
