"""Defined names with the LAMBDA edition of the functions: put into a workbook part, taken out again byte for byte.

A name is ours when it is called like a function of the catalogue and holds a LAMBDA. An empty list of names, which no
spreadsheet program keeps but some libraries write, is remembered in blanks of the end tag.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xl_perf.catalog import FUNCTIONS
from xl_perf.errors import WorkbookError
from xl_perf.package.xmlpart import resolve_entities

if TYPE_CHECKING:
    from collections.abc import Mapping

_SKIPPED = rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
_ATTRIBUTES = rb"((?:\s+[^\s=<>/]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*)"
_NAME = re.compile(
    _SKIPPED + rb"|<((?:[\w.-]+:)?)definedName" + _ATTRIBUTES + rb">([^<]*)</\1definedName\s*>", re.DOTALL
)
_LIST = re.compile(_SKIPPED + rb"|<((?:[\w.-]+:)?)definedNames" + _ATTRIBUTES + rb"(/?)>", re.DOTALL)
_LIST_END = re.compile(rb"</((?:[\w.-]+:)?)definedNames(\s*)>")
_BEFORE = re.compile(rb"</((?:[\w.-]+:)?)(?:sheets|functionGroups|externalReferences)\s*>")
_CALLED = re.compile(rb"\sname\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_LAMBDA = re.compile(r"(?:_xlfn\.)?LAMBDA\(", re.IGNORECASE)
_WAS_CLOSED, _WAS_EMPTY = b" ", b"  "


def with_lambdas(data: bytes, texts: Mapping[str, str], comments: Mapping[str, str], where: str) -> bytes:
    """The workbook part with the functions as defined names, in place of older ones of ours.

    Args:
        data: the part in UTF-8.
        texts: function -> its LAMBDA as files store it.
        comments: function -> one line that Excel shows beside the name, at most 255 characters.
        where: the part's name for messages.

    Raises:
        WorkbookError: a name of the workbook is called like a function and holds another thing.
    """
    clean = without_lambdas(data)
    for name, text in _names(clean):
        if name.upper() in texts:
            raise WorkbookError(
                f"the defined name {name} is there already and is no function ({text[:40]})",
                where=where,
                remedy="give that name another spelling first",
            )
    start, end, prefix, opened, closed = _place(clean, where)
    elements = b"".join(
        b'<%bdefinedName name="%b" comment="%b">%b</%bdefinedName>'
        % (prefix, name.encode(), _escaped(comments[name], quote=True), _escaped(text), prefix)
        for name, text in texts.items()
    )
    return clean[:start] + opened + elements + closed + clean[end:]


def without_lambdas(data: bytes) -> bytes:
    """The workbook part (UTF-8) without our defined names; the same bytes where it has none."""
    pieces: list[bytes] = []
    at = 0
    for found in _NAME.finditer(data):
        if found[3] is not None and _is_ours(found):
            pieces.append(data[at : found.start()])
            at = found.end()
    if not pieces:
        return data
    return _without_empty_list(b"".join([*pieces, data[at:]]))


def _is_ours(found: re.Match[bytes]) -> bool:
    return (
        _called(found).upper() in FUNCTIONS and _LAMBDA.match(resolve_entities(found[3]).strip()) is not None
    )


def _called(found: re.Match[bytes]) -> str:
    name = _CALLED.search(found[2])
    return "" if name is None else resolve_entities(name[1] or name[2] or b"")


def _names(data: bytes) -> list[tuple[str, str]]:
    return [(_called(f), resolve_entities(f[3])) for f in _NAME.finditer(data) if f[3] is not None]


def _place(data: bytes, where: str) -> tuple[int, int, bytes, bytes, bytes]:
    """Bytes that give way to the names: start, end, prefix of the elements, what stands before and after the names."""
    opening = next((found for found in _LIST.finditer(data) if found[1] is not None), None)
    if opening is None:
        before = list(_BEFORE.finditer(data))
        if not before:
            raise WorkbookError("the part has no list of sheets", where=where)
        at, prefix = before[-1].end(), before[-1][1]
        return at, at, prefix, b"<%bdefinedNames>" % prefix, b"</%bdefinedNames>" % prefix
    prefix = opening[1]
    if opening[3]:
        opened = opening[0][:-2] + b">"
        return opening.start(), opening.end(), prefix, opened, b"</%bdefinedNames%b>" % (prefix, _WAS_CLOSED)
    closing = _LIST_END.search(data, opening.end())
    if closing is None:
        raise WorkbookError("the list of names has no end", where=where)
    if closing.start() == opening.end():
        return closing.start(), closing.end(), prefix, b"", b"</%bdefinedNames%b>" % (prefix, _WAS_EMPTY)
    return closing.start(), closing.start(), prefix, b"", b""


def _without_empty_list(data: bytes) -> bytes:
    """The part as it was before a list was made for our names alone."""
    opening = next((found for found in _LIST.finditer(data) if found[1] is not None and not found[3]), None)
    closing = None if opening is None else _LIST_END.match(data, opening.end())
    if opening is None or closing is None:
        return data
    kept = {
        _WAS_CLOSED: opening[0][:-1] + b"/>",
        _WAS_EMPTY: opening[0] + b"</%bdefinedNames>" % opening[1],
    }.get(closing[2], b"")
    return data[: opening.start()] + kept + data[closing.end() :]


def _escaped(text: str, *, quote: bool = False) -> bytes:
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return (plain.replace('"', "&quot;") if quote else plain).encode()
