"""The guides: their commands can be given, and say what the guides show; what they link to is there."""

from __future__ import annotations

import argparse
import importlib
import os
import re
import shlex
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests import guides, pictures
from xl_perf.cli import COMMANDS

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^ *```(\w*)[^\n]*\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
PROGRAM = re.compile(r"(?:\.venv[/\\](?:bin|Scripts)[/\\])?xl-perf ")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def commands(page: Path) -> list[str]:
    """The lines of the fenced commands that call xl-perf."""
    return [
        line.strip()
        for language, block in FENCE.findall(page.read_text(encoding="utf-8"))
        if language in ("sh", "powershell")
        for line in re.split(r"\n|&&", block)
        if PROGRAM.match(line.strip())
    ]


def parse(line: str) -> argparse.Namespace:
    """A command line, read by the command's own parser, which exits where it does not know something."""
    _, name, *arguments = shlex.split(re.sub(r"\\(?=\w)", "/", line), comments=True)
    parser = argparse.ArgumentParser(prog=f"xl-perf {name}", allow_abbrev=False)
    importlib.import_module(f"xl_perf.cli.{COMMANDS[name][0]}").configure(parser)
    return parser.parse_args(arguments)


def test_every_command_of_every_page_can_be_given():
    found = {page.stem: commands(page) for page in PAGES}
    for line in (line for lines in found.values() for line in lines):
        parse(line)
    assert len(found["README"]) > 10
    assert len(found["regione"]) > 20
    assert len(found["nazionale"]) > 20
    assert len(found["installazione"]) > 4


@pytest.mark.parametrize("name", guides.RUNS)
def test_the_commands_say_what_the_guides_show(name, tmp_path):
    """Where this fails: `python -m tests.guides --write`, then read the page again."""
    if name == "nazionale" and os.environ.get("XL_PERF_FULL_TESTS") != "1":
        pytest.skip("all regions take minutes; XL_PERF_FULL_TESTS=1 tries them")
    assert guides.run(name, tmp_path) == []


def test_an_answer_is_compared():
    said = ["ok      a.xlsx: 3.683 formule, 0 cambiate, 1,41 s", "1 file", "scritto  /tmp/a.xlsx"]
    assert (
        guides.fits(["ok      a.xlsx: 7 formule, 0 cambiate, 0,90 s", "...", "scritto  .../a.xlsx"], said)
        == ""
    )
    assert guides.fits(["...", "1 file", "..."], said) == ""
    assert guides.fits(["1 file", "..."], said) == "1 file"
    assert guides.fits(["ok      a.xlsx: 7 formule, 1 cambiate, 0,90 s", "..."], said)
    assert guides.fits(said[:2], said) == "nothing more, but: scritto  /tmp/a.xlsx"
    written = guides.rewritten(
        ["ok      a.xlsx: 7 formule, 1 cambiate, 0,90 s", "..."], said, tmp := Path("/tmp")
    )
    assert written == [said[0], "..."]
    assert guides.rewritten(["1 file", "scritto  .../b.xlsx"], said, tmp) == [
        "...",
        "1 file",
        "scritto  .../a.xlsx",
    ]


def test_every_picture_of_a_page_is_made_and_small():
    shown = {path.name for path in pictures.FOLDER.iterdir()}
    named = {Path(link).name for page in PAGES for link in LINK.findall(page.read_text(encoding="utf-8"))}
    assert shown == {f"{name}.png" for name in pictures.NAMES}
    assert shown <= named
    assert all(path.stat().st_size <= pictures.MOST_BYTES for path in pictures.FOLDER.iterdir())


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
