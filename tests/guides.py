"""The guides, tried: the commands of a page in their order, in a folder of its own, and the answers that it shows.

`python -m tests.guides` says what a page tells otherwise than the commands do; with `--write` it puts the
answers of today into the pages, as short as they were; what does not resemble any line is left to be written by hand.
"""

from __future__ import annotations

import argparse
import difflib
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tests.guide_files import FILES

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[1]
GUIDES = ROOT / "docs" / "guida"
README = "README"
RUNS = {
    README: (README,),
    "regione": ("regione",),
    "nazionale": ("nazionale", "spiegare", "report"),
    "edizioni": ("edizioni",),
}
"""Name -> pages tried one after the other in one folder."""
TRIED = "<!-- quarter -->"
"""README's block that is tried here; its first commands, the tests and the amendment have tests of their own."""
FENCE = re.compile(r"^```(\w*) *(\S*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
LEFT_OUT = "..."
"""In an answer: any lines; within a line: any text."""
_FREE = (
    (r"\d{4}-\d\d-\d\d \d\d:\d\d", r"\d{4}-\d\d-\d\d \d\d:\d\d"),  # when a file was recorded
    (r"\b(?=[0-9a-f]*\d)[0-9a-f]{12}\b", "[0-9a-f]{12}"),  # fingerprints
    (r"\b\d+,\d+\ s\b", r"\d+,\d+ s"),
    (r"\b[\d.]+\ formule\b", r"[\d.]+ formule"),
    (r"\b[\d.]+\ valori di formule\b", r"[\d.]+ valori di formule"),
)
"""What of a line is another at each run, or with each change of a workbook."""


@dataclass(frozen=True)
class Step:
    """Commands of a page that stand together, and the answer that the page shows.

    Attributes:
        page: name of the page.
        line: of the page, where the commands begin.
        commands: one a line.
        answer: the lines of the block with the answer; empty where the page shows none.
        span: of the answer in the text of the page.
    """

    page: str
    line: int
    commands: tuple[str, ...]
    answer: tuple[str, ...] = ()
    span: tuple[int, int] = (0, 0)

    def __str__(self) -> str:
        return f"{self.page}.md:{self.line}"


@dataclass
class Page:
    """A page: its steps, and the files that it prints."""

    steps: list[Step] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)

    def recorded(self) -> set[str]:
        """The days on which the files of its answers were recorded; where the page is tried, that is today."""
        shown = "\n".join(line for step in self.steps for line in step.answer)
        return set(re.findall(r"(\d{4}-\d\d-\d\d) \d\d:\d\d", shown))


def path_of(name: str) -> Path:
    """The file of a page."""
    return ROOT / "README.md" if name == README else GUIDES / f"{name}.md"


def read(name: str) -> Page:
    """A page of the guides."""
    text = path_of(name).read_text(encoding="utf-8")
    page = Page()
    found_all = [*FENCE.finditer(text, text.index(TRIED))][:1] if name == README else FENCE.finditer(text)
    for found in found_all:
        language, file, body = found.groups()
        lines = tuple(body.splitlines())
        if language == "sh":
            page.steps.append(Step(name, text.count("\n", 0, found.start()) + 2, lines))
        elif language == "text":
            last = page.steps[-1]
            assert not last.answer, f"{name}: an answer without a command: {lines[0]}"
            page.steps[-1] = Step(name, last.line, last.commands, lines, found.span(3))
        elif file:
            page.files[file] = body
    return page


def pattern(line: str) -> re.Pattern[str]:
    """A line of an answer as what the command may print."""
    free = "|".join(f"({said})" for said, _ in _FREE)
    spelled, place = "", 0
    for found in re.finditer(rf"{re.escape(LEFT_OUT)}|{free}", line):
        spelled += re.escape(line[place : found.start()])
        spelled += ".*" if found.lastindex is None else _FREE[found.lastindex - 1][1]
        place = found.end()
    return re.compile(spelled + re.escape(line[place:]))


def fits(answer: Sequence[str], said: Sequence[str]) -> str:
    """The first line of an answer that the command did not print there; empty where all of it was printed."""
    place, anywhere = 0, False
    for line in answer:
        if line.strip() == LEFT_OUT:
            anywhere = True
            continue
        wanted = pattern(line)
        ahead = range(place, len(said) if anywhere else min(place + 1, len(said)))
        found = next((number for number in ahead if wanted.fullmatch(said[number])), None)
        if found is None:
            return line
        place, anywhere = found + 1, False
    return "" if anywhere or place == len(said) else f"nothing more, but: {said[place]}"


def rewritten(answer: Sequence[str], said: Sequence[str], folder: Path) -> list[str]:
    """An answer of the same length with the lines that the command prints today."""
    found: list[str] = []
    place = 0
    for number, line in enumerate(answer):
        if line.strip() == LEFT_OUT:
            if number + 1 == len(answer) and place < len(said):
                found.append(line)
            continue
        wanted = pattern(line)
        match = next((at for at in range(place, len(said)) if wanted.fullmatch(said[at])), None)
        text = line
        if match is None:
            match = max(range(place, len(said)), key=lambda at: _alike(line, said[at]), default=None)
            if match is None or _alike(line, said[match]) < 0.6:
                found.append(line)
                continue
            text = said[match].replace(str(folder), LEFT_OUT)
        if match > place and (not found or found[-1].strip() != LEFT_OUT):
            found.append(re.match(r" *", text)[0] + LEFT_OUT)
        found.append(text)
        place = match + 1
    return found


def _alike(line: str, other: str) -> float:
    plain = [re.sub(r"[\d.,]+", "0", one) for one in (line, other)]
    return difflib.SequenceMatcher(None, *plain, autojunk=False).ratio()


class Tried:
    """A folder where the commands of some pages are given."""

    def __init__(self, folder: Path, *, loud: bool = False) -> None:
        """Begin with an empty folder.

        Args:
            folder: the empty folder.
            loud: print each command and what it says.
        """
        self.work = folder / "trimestre"
        self.work.mkdir()
        self.loud = loud
        self.given: set[str] = set()
        self.environment = {
            **os.environ,
            "XL_PERF_DATA": str(folder / "dati"), "COLUMNS": "96", "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8",
        }  # fmt: skip

    def give(self, command: str, language: str) -> tuple[int, list[str]]:
        """Gives a command in a language; its exit status and what it says."""
        started = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "xl_perf", *shlex.split(command, comments=True)[1:]],
            cwd=self.work, env={**self.environment, "XL_PERF_LANG": language}, encoding="utf-8",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, check=False, timeout=900,
        )  # fmt: skip
        lines = [line.rstrip() for line in done.stdout.splitlines()]
        if self.loud:
            print(f"\n{command} -> {done.returncode}, {time.monotonic() - started:.1f} s")
            print("\n".join(lines), flush=True)
        return done.returncode, lines

    def prepare(self, page: str, command: str, files: dict[str, str]) -> None:
        """Makes the files of others that a command names and that are not there yet."""
        for word in shlex.split(command, comments=True):
            name = word.partition("/")[0]
            target = self.work / name
            if target.exists():
                continue
            if (page, name) in FILES:
                FILES[page, name](self.work, target)
            elif name in files:
                target.write_text(files[name], encoding="utf-8")

    def step(self, step: Step, content: Page) -> tuple[list[str], list[str]]:
        """Gives the commands of a step; what they say, and what went wrong."""
        said: list[str] = []
        wrong: list[str] = []
        admitted = (0, 1) if step.answer else (0,)
        for command in filter(lambda line: line.startswith("xl-perf "), step.commands):
            plain = command.replace("/ ", " ")
            if not step.answer and plain in self.given:
                continue  # a page that tells of a command in its turn
            self.given.add(plain)
            self.prepare(step.page, command, content.files)
            for day in content.recorded():
                command = command.replace(day, datetime.now(tz=UTC).date().isoformat())  # noqa: PLW2901
            status, lines = self.give(command, "en" if step.page == README else "it")
            said += lines
            if status not in admitted or any(line.startswith("Traceback") for line in lines):
                wrong.append("\n".join((f"{step}: {command} ends with {status}:", *lines[-20:])))
        return said, wrong


def run(name: str, folder: Path, *, write: bool = False, loud: bool = False) -> list[str]:
    """Tries pages.

    Args:
        name: of the run.
        folder: an empty folder.
        write: put what the commands say into the pages.
        loud: print each command and what it says.

    Returns:
        What the pages tell otherwise.
    """
    tried = Tried(folder, loud=loud)
    wrong: list[str] = []
    for page, content in ((name, read(name)) for name in RUNS[name]):
        changes: list[tuple[Step, list[str]]] = []
        for step in content.steps:
            said, failed = tried.step(step, content)
            wrong += failed
            if step.answer and (missed := fits(step.answer, said)):
                shown = said if len(said) < 30 else [*said[:15], "[...]", *said[-15:]]
                wrong.append(
                    "\n    ".join((f"{step}: the answer differs at", missed, "what was said:", *shown))
                )
                changes.append((step, rewritten(step.answer, said, tried.work)))
        for printed, text in content.files.items():
            wrong += _file(page, tried.work / printed, text)
        if write:
            _put(page, changes)
    return wrong


def _file(page: str, path: Path, printed: str) -> list[str]:
    """A file that a page prints, cut off or whole, against the one that was used."""
    if not path.exists():
        return [f"{page}.md prints {path.name}, which no command uses"]
    missed = fits(printed.splitlines(), path.read_text(encoding="utf-8").splitlines())
    return [f"{page}.md prints {path.name} otherwise at: {missed}"] if missed else []


def _put(page: str, changes: list[tuple[Step, list[str]]]) -> None:
    path = path_of(page)
    text = path.read_text(encoding="utf-8")
    for step, lines in reversed(changes):
        start, end = step.span
        text = text[:start] + "".join(f"{line}\n" for line in lines) + text[end:]
    path.write_text(text, encoding="utf-8")


def main() -> int:
    """Tries the pages that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", nargs="*", metavar="RUN", help=f"of {', '.join(RUNS)}")
    parser.add_argument("--write", action="store_true", help="put today's answers into the pages")
    parser.add_argument("--keep", type=Path, help="an empty folder to work in, that stays")
    options = parser.parse_args()
    wrong: list[str] = []
    for name in options.runs or RUNS:
        with tempfile.TemporaryDirectory(prefix="guide_") as folder:
            kept = options.keep / name if options.keep else Path(folder)
            kept.mkdir(parents=True, exist_ok=True)
            wrong += run(name, kept, write=options.write, loud=True)
    print("\n\nOTHERWISE\n" + "\n".join(wrong) if wrong else "\nall as the pages say")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
