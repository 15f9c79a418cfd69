"""The elements that store a cell's value, and the start tag that goes with them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xl_perf.package.scalars import stored_form

if TYPE_CHECKING:
    from xl_perf.package.sheetdata import Span
    from xl_perf.values import CellValue

_ATTRIBUTE = re.compile(rb"(?<!\s)\s+([^\s=<>\"']+)\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_TYPE = re.compile(rb"\st\s*=")


def result_content(prefix: bytes, value: CellValue) -> tuple[str | None, bytes]:
    """(type attribute, the `<v>` element) of the value of a formula cell.

    Args:
        prefix: namespace prefix of the part's elements with its colon, mostly empty.
        value: None for no value, which has no element.

    Raises:
        ValueError: no cell can hold it.
    """
    if value is None:
        return None, b""
    kind, content = stored_form(value)
    space = _space(content) if kind == "str" else b""
    return kind, b"<%bv%b>%b</%bv>" % (prefix, space, content, prefix)


def typed_content(prefix: bytes, value: CellValue) -> tuple[str | None, bytes]:
    """The same for a cell without formula: texts are inline strings."""
    if not isinstance(value, str):
        return result_content(prefix, value)
    kind, content = stored_form(value)
    if kind != "str":
        return result_content(prefix, value)
    form = b"<%bis><%bt%b>%b</%bt></%bis>"
    return "inlineStr", form % (prefix, prefix, _space(content), content, prefix, prefix)


def _space(content: bytes) -> bytes:
    """The attribute that keeps blanks at the ends of a text."""
    return b' xml:space="preserve"' if content != content.strip() else b""


def start_tag(tag: bytes, kind: str | None, drop: tuple[bytes, ...] = (b"vm",)) -> bytes:
    """A cell's start tag with another type attribute, all other attributes and blanks as they were.

    Args:
        tag: the tag as it is, `<c r="A1" s="3">`.
        kind: the type; None for numbers and empty cells, which have none.
        drop: names of attributes to leave out.
    """
    new = b' t="%b"' % kind.encode() if kind else b""
    is_ready = new in tag if new else _TYPE.search(tag) is None
    if is_ready and b"'" not in tag and not any(name in tag for name in drop):
        return tag
    result = b""
    at = 0
    last = 0
    is_placed = False
    for match in _ATTRIBUTE.finditer(tag):
        last = match.end()
        if match[1] == b"t" and not is_placed:
            result += tag[at : match.start()]
            result += match[0] if _value(match[0]) == (kind or "n").encode() else new
            at, is_placed = match.end(), True
        elif match[1] in drop:
            result += tag[at : match.start()]
            at = match.end()
    if is_placed or not new:
        return result + tag[at:]
    at_end: Span = (max(at, last), len(tag))
    return result + tag[at : at_end[0]] + new + tag[slice(*at_end)]


def _value(attribute: bytes) -> bytes:
    return attribute.partition(b"=")[2].strip()[1:-1]
