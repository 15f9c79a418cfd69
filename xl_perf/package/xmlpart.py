"""Reading XML parts without surprises: encodings, no DOCTYPE, small trees, texts and escapes of spreadsheets."""

from __future__ import annotations

import codecs
import re
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar, cast
from xml.etree import ElementTree as ET
from xml.parsers import expat

from xl_perf.errors import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_Element = TypeVar("_Element", bound=ET.Element)
_Made = TypeVar("_Made")

MAIN = frozenset(
    {
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
    }
)
"""Namespaces of spreadsheet elements: transitional and Strict."""

RELATIONSHIPS = frozenset(
    {
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "http://purl.oclc.org/ooxml/officeDocument/relationships",
    }
)
"""Namespaces of the attribute `r:id`."""

_MAX_NODES = 2_000_000
_SMALL = 64 * 1024
"""Bytes of a part whose tree is kept for the workbooks to come."""
_DECLARED = re.compile(rb"""^<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_CODECS = {"utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "ascii", "ascii": "ascii"} | {
    name: name for name in ("iso-8859-1", "iso-8859-15", "windows-1252")
}
_NUMERIC = re.compile(rb"&#(?:([0-9]+)|x([0-9A-Fa-f]+));")
_NAMED = ((b"&lt;", b"<"), (b"&gt;", b">"), (b"&quot;", b'"'), (b"&apos;", b"'"), (b"&amp;", b"&"))
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NEEDS_ESCAPE = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True, slots=True)
class XmlPart:
    """An XML part in UTF-8, and how to write it back in the encoding that it came in."""

    utf8: bytes
    codec: str = "utf-8"
    bom: bytes = b""

    @property
    def plain(self) -> bool:
        """True where the bytes of the part are UTF-8 already."""
        return self.codec == "utf-8"

    def encode(self, utf8: bytes) -> bytes:
        """UTF-8 text of the part -> bytes in its own encoding (references for what that cannot hold)."""
        if self.plain:
            return utf8
        return self.bom + utf8.decode().encode(self.codec, "xmlcharrefreplace")


def decode(raw: bytes, where: str) -> XmlPart:
    """Brings a part to UTF-8: UTF-8 itself, UTF-16 with or without mark, ASCII, Latin-1, Windows-1252.

    Raises:
        WorkbookError: another encoding, or bytes that are not what the declaration says.
    """
    bom, codec = b"", "utf-8"
    for mark, name in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if raw.startswith(mark):
            bom, codec = mark, name
    if not bom and raw[:4] in (b"<\0?\0", b"\0<\0?"):
        codec = "utf-16-le" if raw[0] else "utf-16-be"
    elif not bom and (declared := _DECLARED.match(raw[:200])):
        name = declared[1].decode().lower()
        if name not in _CODECS:
            raise WorkbookError(
                f"the encoding {name!r} is not supported", where=where, expected="UTF-8 or UTF-16"
            )
        codec = _CODECS[name]
    if codec == "utf-8":
        return XmlPart(raw)
    try:
        utf8 = raw[len(bom) :].decode(codec).encode()
    except UnicodeError as error:
        raise WorkbookError(f"the text is not in the encoding it declares ({codec})", where=where) from error
    return XmlPart(utf8, codec, bom)


@contextmanager
def placed(where: str) -> Iterator[None]:
    """Gives errors that name no place this one."""
    try:
        yield
    except WorkbookError as error:
        if error.where:
            raise
        raise WorkbookError(error.what, where=where, expected=error.expected, remedy=error.remedy) from error


def _refuse_doctype(*_args: object) -> None:
    raise WorkbookError("the XML holds a DOCTYPE, which no workbook needs and which can do harm")


def new_parser(*, namespaces: bool = True) -> expat.XMLParserType:
    """An expat parser for UTF-8 that refuses DOCTYPE and so every entity that is not built in."""
    parser = expat.ParserCreate("utf-8", " ") if namespaces else expat.ParserCreate("utf-8")
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.buffer_text = True
    return parser


def run_parser(parser: expat.XMLParserType, utf8: bytes, where: str) -> None:
    """Parses a whole part.

    Raises:
        WorkbookError: malformed XML (with line and column), a DOCTYPE, or what a handler raises.
    """
    with placed(where):
        try:
            parser.Parse(utf8, True)
        except expat.ExpatError as error:
            raise WorkbookError(f"malformed XML ({error})", remedy="the file is damaged") from error


def check_wellformed(utf8: bytes, where: str) -> None:
    """One fast pass over a part: malformed XML or a DOCTYPE raises WorkbookError."""
    run_parser(new_parser(namespaces=False), utf8, where)


class Node(ET.Element):
    """An element of a small part; the names of attributes with a namespace are `{uri}local`."""

    def __bool__(self) -> bool:
        return True

    def all(self, tag: str) -> list[Node]:
        """The children of a local name that are in the element's own namespace."""
        return cast("list[Node]", self.findall(self.tag[: self.tag.rfind("}") + 1] + tag))

    def first(self, tag: str) -> Node | None:
        """The first such child, or None."""
        return next(iter(self.all(tag)), None)

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
        """An attribute; empty where it is not there."""
        return super().get(name, default)

    def once(self, make: Callable[[Node], _Made]) -> _Made:
        """What a function makes of the tree, made once for all workbooks that share it."""
        made = self.__dict__.setdefault("made", {})
        if make not in made:
            made[make] = make(self)
        return cast("_Made", made[make])

    @property
    def relationship(self) -> str:
        """The value of `r:id`, or an empty text."""
        return next((found for uri in RELATIONSHIPS if (found := self.get(f"{{{uri}}}id"))), "")


def split_name(name: str, mark: str = "}") -> tuple[str, str]:
    """(namespace, local name) of an element's name."""
    namespace, _, local = name.rpartition(mark)
    return namespace.removeprefix("{"), local


def parse_tree(raw: bytes, where: str) -> Node:
    """A small part as a tree, which is not to be changed: the workbooks of a batch share those of equal parts.

    Raises:
        WorkbookError: malformed, a DOCTYPE, unknown encoding, or more than two million elements.
    """
    with placed(where):
        return _small(raw) if len(raw) <= _SMALL else elements(raw, Node)


@lru_cache(maxsize=512)
def _small(raw: bytes) -> Node:
    return elements(raw, Node)


def elements(raw: bytes, kind: type[_Element]) -> _Element:
    """A part as a tree of elements of a class.

    Raises:
        WorkbookError: as `parse_tree`, without a place.
    """
    utf8 = decode(raw, "").utf8
    if b"<!DOCTYPE" in utf8:
        _refuse_doctype()
    if utf8.count(b"<") > 2 * _MAX_NODES:
        raise WorkbookError("the part has too many elements")
    builder = ET.TreeBuilder(None if kind is ET.Element else kind)
    parser = ET.XMLParser(target=builder, encoding="utf-8")  # noqa: S314 - without DOCTYPE there are no entities
    try:
        parser.feed(utf8)
        return cast("_Element", parser.close())
    except ET.ParseError as error:
        raise WorkbookError(f"malformed XML ({error})", remedy="the file is damaged") from error


def is_true(text: str) -> bool:
    """Whether an XML boolean is true."""
    return text in ("1", "true", "on")


def _character(found: re.Match[bytes]) -> bytes:
    character = chr(int(found[1]) if found[1] else int(found[2], 16)).encode()
    return b"&amp;" if character == b"&" else character


def resolve_entities(raw: bytes) -> str:
    """Character data of a well-formed part -> text: references resolved, line ends as XML reads them."""
    if b"\r" in raw:
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if b"&" in raw:
        if b"&#" in raw:
            raw = _NUMERIC.sub(_character, raw)
        for name, character in _NAMED:
            raw = raw.replace(name, character)
    return raw.decode()


def unescape(text: str) -> str:
    """`_xHHHH_` of spreadsheet texts -> characters; halves of a pair alone become U+FFFD."""
    if "_x" not in text:
        return text
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def escape(text: str) -> bytes:
    """A cell text -> character data in UTF-8: `_xHHHH_` for what XML or Excel cannot hold as it is."""
    text = _NEEDS_ESCAPE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").encode()
