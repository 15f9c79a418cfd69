"""The guides of the regional and the national office: their commands can be given, what they link to is there."""

from __future__ import annotations

import argparse
import importlib
import re
import shlex
from pathlib import Path
from urllib.parse import unquote

import pytest

from xl_perf.cli import COMMANDS

ROOT = Path(__file__).parents[1]
GUIDES = [ROOT / "docs" / "guida" / f"{name}.md" for name in ("regione", "nazionale")]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def commands(page: Path) -> list[str]:
    """The lines of the fenced commands that call xl-perf."""
    return [
        line.strip()
        for language, block in FENCE.findall(page.read_text(encoding="utf-8"))
        if language in ("sh", "powershell")
        for line in block.splitlines()
        if line.strip().startswith("xl-perf ")
    ]


def parse(line: str) -> argparse.Namespace:
    """A command line, read by the command's own parser, which exits where it does not know something."""
    _, name, *arguments = shlex.split(line.replace("\\", "/"), comments=True)
    parser = argparse.ArgumentParser(prog=f"xl-perf {name}", allow_abbrev=False)
    importlib.import_module(f"xl_perf.cli.{COMMANDS[name][0]}").configure(parser)
    return parser.parse_args(arguments)


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.stem)
def test_every_command_of_the_guides_can_be_given(page):
    lines = commands(page)
    assert len(lines) > 10
    for line in lines:
        parse(line)


@pytest.mark.parametrize(
    "line",
    ["xl-perf check FILE --nothing", "xl-perf load FILE", "xl-perf edition add DIR", "xl-perf new nothing"],
)
def test_a_wrong_command_is_found(line):
    with pytest.raises(SystemExit):
        parse(line)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_links_to_is_there(page):
    text = re.sub(r"`[^`\n]*`", "", FENCE.sub("", page.read_text(encoding="utf-8")))
    missing = [
        target
        for target in LINK.findall(text)
        if not re.match(r"[a-z]+:|#", target)
        and not (page.parent / unquote(target.partition("#")[0])).exists()
    ]
    assert not missing
