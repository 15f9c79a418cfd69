"""Pages of a release that a browser shows without a network: the guides, and the page to start from."""

from __future__ import annotations

import html
import posixpath
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DOCS = Path(__file__).parents[2] / "docs"
INDEX = "LEGGIMI.html"
GUIDES = "guide"
_MORE = ("prove-excel.md", "matrice.md", "functions.md", "glossary.md")
"""Pages beside the guides that they point to."""
_LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)
_IMAGE = re.compile(r'<img src="([^"]*)"')
_HEADING = re.compile(r"<(h[1-6])>(.*?)</\1>", re.DOTALL)


class Workbook(NamedTuple):
    """A workbook of the release: its title, and the path of its copy for each program."""

    title: str
    paths: Mapping[str, str]
    example: Mapping[str, str]


class Facts(NamedTuple):
    """What the page to start from tells.

    Attributes:
        version: of xl_perf.
        plan: title of the edition.
        act: its last act.
        workbooks: the official workbooks.
        scorecards: those of the structures, the structure's name as title.
        office: the folder with the Office.js edition is in the release.
        wheel: path of the wheel.
    """

    version: str
    plan: str
    act: str
    workbooks: Sequence[Workbook]
    scorecards: Sequence[Workbook]
    office: bool
    wheel: str


def index(facts: Facts) -> str:
    """The page to start from."""
    return _environment().get_template("index.html.j2").render(facts=facts, guides=GUIDES)


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent)
    return Environment(
        loader=loader, undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )


def guides() -> dict[str, bytes]:
    """The guides as pages, and the pictures that they show: path in the release -> content."""
    sources = {path.relative_to(DOCS).as_posix(): path for path in sorted((DOCS / "guida").glob("*.md"))}
    sources |= {name: DOCS / name for name in _MORE}
    found: dict[str, bytes] = {}
    for name, path in sources.items():
        text = path.read_text(encoding="utf-8")
        body, pictures = _body(name, text, sources)
        title = re.search(r"^# (.+)$", text, re.MULTILINE)
        page = (
            _environment()
            .get_template("guide.html.j2")
            .render(title=title[1].replace("`", "") if title else name, body=body, start=f"../{INDEX}")
        )
        found[f"{GUIDES}/{_page(name)}"] = page.encode()
        found |= {
            f"{GUIDES}/immagini/{Path(picture).name}": (DOCS / picture).read_bytes() for picture in pictures
        }
    return found


def _page(name: str) -> str:
    """`guida/excel.md` -> `excel.html`."""
    return f"{Path(name).stem}.html"


def _body(name: str, text: str, sources: Mapping[str, Path]) -> tuple[str, list[str]]:
    """A page's HTML with its links inside the release, and the pictures below `docs/` that it shows."""
    pictures: list[str] = []

    def below(target: str) -> str:
        return posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(target)))

    def link(found: re.Match[str]) -> str:
        target, _, anchor = html.unescape(found[1]).partition("#")
        if re.match(r"[a-z]+:", target):
            return found[0]
        if target and below(target) not in sources:
            return found[2]
        place = f"{_page(below(target))}" if target else ""
        return f'<a href="{html.escape(f"{place}#{anchor}" if anchor else place)}">{found[2]}</a>'

    def picture(found: re.Match[str]) -> str:
        pictures.append(below(html.unescape(found[1])))
        return f'<img src="immagini/{Path(pictures[-1]).name}"'

    rendered = MarkdownIt("commonmark").enable("table").render(text)
    return _HEADING.sub(_named, _IMAGE.sub(picture, _LINK.sub(link, rendered))), pictures


def _named(heading: re.Match[str]) -> str:
    """A heading with the name by which links find it: small letters, no punctuation, hyphens for blanks."""
    words = html.unescape(re.sub(r"<[^>]*>", "", heading[2])).lower()
    name = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
    return f'<{heading[1]} id="{html.escape(name)}">{heading[2]}</{heading[1]}>'
