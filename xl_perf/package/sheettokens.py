"""The formula cells of a sheet part in columns, for parts of the form that almost all programs write.

Constants are not read: they are checked to be of a form that any reader takes for the same value, so that the part's own
bytes can stand for them in the calculation copy. Where anything in the part is unusual there is no scan, and the cells
are read one by one (`xl_perf.package.sheetdata`).

The tokens that are accepted cover every byte of the rows, and are well-formed each; so the part is well-formed where rows
open and close in turn, its text is valid, and what lies around the rows is well-formed.
"""

from __future__ import annotations

import re
from itertools import chain, repeat
from typing import TYPE_CHECKING

from xl_perf.errors import WorkbookError
from xl_perf.package.patterns import repeated
from xl_perf.package.sheetdata_fast import find_inside, holds
from xl_perf.package.sheetscan import BEFORE, NAME, PIECES, PLAIN, VALUE, SheetScan
from xl_perf.package.xmlpart import check_wellformed

if TYPE_CHECKING:
    from xl_perf.package.scalars import Decoder
    from xl_perf.package.xmlpart import XmlPart

_COLUMN = rb"(?:[A-Z]{1,2}|[A-W][A-Z]{2}|X[A-E][A-Z]|XF[A-D])"
_ROW = rb"(?:[1-9][0-9]{0,5}|10[0-3][0-9]{4}|104[0-7][0-9]{3}|1048[0-4][0-9]{2}|10485[0-6][0-9]|104857[0-6])"
_NUMBER = (
    rb"[-+]?+[0-9]{1,20}+"
    + repeated(rb"\.[0-9]*+", b"?")
    + repeated(rb"[eE][-+]?+(?:[12][0-9]{2}|[0-9]{1,2})", b"?")
)
_ENTITY = rb"&(?:amp|lt|gt|quot|apos);"
_TEXT = rb"(?!\s)[^<&_\r]*+" + repeated(rb"(?:_(?!x)|" + _ENTITY + rb")[^<&_\r]*+") + rb"(?<!\s)"
_VALUE = repeated(rb"<v>" + _NUMBER + rb"</v>", b"?")
_ERROR = rb"#(?:N/A|DIV/0!|VALUE!|REF!|NAME\?|NUM!|NULL!)"
_CONSTANT = (
    rb'<c r="'
    + _COLUMN
    + _ROW
    + rb'"'
    + repeated(rb' s="[0-9]{1,9}"', b"?")
    + rb'(?: t="(?:n"(?:/>|>'
    + _VALUE
    + rb'</c>)|s"><v>[0-9]{1,9}</v></c>'
    rb'|inlineStr"><is><t(?: xml:space="preserve")?>' + _TEXT + rb"</t></is></c>"
    rb'|b"><v>[01]</v></c>|e"><v>' + _ERROR + rb"</v></c>)"
    rb"|/>|>" + _VALUE + rb"</c>)"
)
_ATTRIBUTE = rb' (?!xmlns)[\w:]++="' + repeated(rb'[^"<>&]|' + _ENTITY) + rb'"'
_ROW_TAG = rb'<row(?=[^<>]* r="[0-9]{1,7}")' + repeated(_ATTRIBUTE) + rb" ?/?>"
_END = repeated(rb"</c>", b"?")
_BETWEEN = repeated(_CONSTANT + rb"|</row>|" + _ROW_TAG)
_TOKEN = re.compile(
    rb"(" + _END + _BETWEEN + rb'<c r=")([A-Z]{1,3}[1-9][0-9]{0,6})("[^<>&]*+>)'
    rb"(<f" + repeated(rb' \w+="[^"<>&]*+"') + rb"(?:/>|>[^<]*+</f>))"
    rb'(<v(?: xml:space="preserve")?>[^<]*+</v>|<v ?/>|)(?=</c>)|(.+)',
    re.DOTALL,
)
"""What comes before a formula cell, its name, the rest of its start tag, its formula, its stored value; or all the rest."""
_REST = re.compile(rb"(?:(</c>)|(?!</c>))" + _BETWEEN)

_CELL = b'<c r="'
_KEY = re.compile(_CELL + rb'([A-Z]+[0-9]+)"')
_STRING = re.compile(rb' t="s"><v>([0-9]+)</v>')
_EMPTY_ROWS = re.compile(repeated(rb"<row[^<>]*/>"))
_OPENING = re.compile(rb"(?:<row[^<>]*/>)*<row[^<>]*(?<!/)>")
_CONTROL = bytes(code for code in range(32) if code not in b"\t\n\r")
_NO_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")


def scan_sheet(part: XmlPart, decoder: Decoder, limit: int) -> SheetScan | None:
    """The formula cells of a part, or None where it must be read cell by cell: what is not well-formed among them.

    Args:
        part: the part's text.
        decoder: resolves stored values.
        limit: how many cells are accepted; None is the answer beyond it, and for every cell that would be refused.
    """
    data = part.utf8
    inside = find_inside(data, only_tokens=True)
    if inside is None or data.startswith(b"<sheetData/>", inside[0]):
        return None
    if data.count(_CELL) > limit:
        return None
    pieces = list(chain.from_iterable(_TOKEN.findall(data, *inside)))
    rest = _REST.fullmatch(pieces[-1]) if pieces else None
    if rest is None or (rest[1] is None) == (len(pieces) > PIECES) or pieces[0].startswith(b"</c>"):
        return None
    constants = b"".join(pieces[BEFORE::PIECES])
    strings = set(_STRING.findall(constants)) | set(_STRING.findall(pieces[-1]))
    if not decoder.holds_texts(strings):
        return None
    names = pieces[NAME:-PIECES:PIECES]
    last = _KEY.findall(pieces[-1])
    all_names = [*names, *_KEY.findall(constants), *last]
    if len(set(all_names)) != len(all_names):
        return None
    last_row = int((last or names)[-1].lstrip(_LETTERS)) if last or names else 0
    try:
        scan = SheetScan(part, inside, pieces, decoder, has_strings=bool(strings), last_row=last_row)
    except (ValueError, WorkbookError):
        return None
    return scan if _is_wellformed(scan) else None


_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_OPEN_ROW = b"<row"


def _is_wellformed(scan: SheetScan) -> bool:
    """Whether a part whose rows are made of tokens is well-formed as a whole."""
    data = scan.part.utf8
    start, end = scan.inside
    if len(data.translate(None, _CONTROL)) != len(data) or holds(data, b"]]>", b"]"):
        return False
    if not data.isascii() and any(character in data for character in _NO_CHARACTERS):
        return False
    tags = _row_tags(data[start:end])
    if tags is None:
        return False
    # where the tokens leave something open, the XML reader looks at it: attributes of rows and formulas, references
    unsure = [shape for shape in set(scan.shapes) if b"&" in shape or not shape.startswith(PLAIN)]
    values = scan.pieces[VALUE:-PIECES:PIECES]
    if b"&" in b"".join(values):
        unsure += [value for value in values if b"&" in value]
    if holds(data, b"&#", b"#"):  # the shape of a reference is another one
        unsure += [element for element in scan.formulas if b"&#" in element]
    if any(b"xmlns" in piece for piece in unsure):
        return False
    try:
        data.decode()
        check_wellformed(b"".join((data[:start], *tags, *unsure, data[end:])), "")
    except (UnicodeError, WorkbookError):
        return False
    return True


def _row_tags(rows: bytes) -> set[bytes] | None:
    """The tags of rows without their digits, closed; None where rows do not open and close in turn, cells inside them."""
    *full, last = rows.split(b"</row>")
    if not _EMPTY_ROWS.fullmatch(last):
        return None
    if rows.count(_OPEN_ROW) == len(full) and all(map(bytes.startswith, full, repeat(_OPEN_ROW))):
        openings = [row[: row.index(b">") + 1] for row in full]
    else:
        found = [_OPENING.match(row) for row in full]
        openings = [opening[0] for opening in found if opening is not None]
        if len(openings) != len(full) or rows.count(_OPEN_ROW) != last.count(_OPEN_ROW) + sum(
            opening.count(_OPEN_ROW) for opening in openings
        ):
            return None
    tags = {opening.translate(None, b"0123456789") for opening in openings}
    if any(tag.endswith(b"/>") for tag in tags):
        return None
    return {tag + b"</row>" for tag in tags} | {last.translate(None, b"0123456789")}
