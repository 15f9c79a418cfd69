"""A workbook of cells alone in memory: its texts, and the zip around its sheets."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Final

_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_PRIVATE: Final = 0xF700
"""Control characters, which XML cannot hold, travel through the engine as private ones from here on."""
_PRIVATE_CHARACTERS: Final = re.compile("[\uf700-\uf71f\uf7fe\uf7ff]")


def escape(text: str) -> str:
    """Text for an XML element; control characters become private ones that `unescape_private` turns back."""
    if "&" in text or "<" in text or ">" in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if "\r" in text:
        text = text.replace("\r", "&#13;")
    if text.isprintable():
        return text
    return _CONTROL.sub(lambda found: chr(_PRIVATE + (ord(found[0]) & 0xFF)), text)


def unescape_private(text: str) -> str:
    """A text from the engine with its control characters back."""
    if text.isascii():
        return text

    def back(found: re.Match[str]) -> str:
        code = ord(found[0]) - _PRIVATE
        return chr(code if code < 0x20 else 0xFF00 + code)

    return _PRIVATE_CHARACTERS.sub(back, text)


_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHEET: Final = f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode(), b"</sheetData></worksheet>"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"


_TYPES: Final = (
    f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
)


def zipped(
    sheets: list[tuple[str, bytes]], strings: list[str], *, within: str = "", method: int = zipfile.ZIP_STORED
) -> bytes:
    """A workbook of sheets (name, content of sheetData) and shared strings.

    `within` stands after the list of sheets.
    """
    types = [_TYPES]
    relations = [f'<Relationships xmlns="{_PACKAGE}/relationships">']
    book = []
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method, compresslevel=1) as archive:
        for number, (name, rows) in enumerate(sheets, start=1):
            part = f"worksheets/sheet{number}.xml"
            types.append(f'<Override PartName="/xl/{part}" ContentType="{_TYPE}.worksheet+xml"/>')
            relations.append(f'<Relationship Id="r{number}" Type="{_OFFICE}/worksheet" Target="{part}"/>')
            quoted = escape(name).replace('"', "&quot;")
            book.append(f'<sheet name="{quoted}" sheetId="{number}" r:id="r{number}"/>')
            archive.writestr(f"xl/{part}", b"%b%b%b" % (_SHEET[0], rows, _SHEET[1]))
        if strings:
            types.append(
                f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPE}.sharedStrings+xml"/>'
            )
            relations.append(
                f'<Relationship Id="s" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
            )
            items = "".join([f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in strings])
            archive.writestr("xl/sharedStrings.xml", f'{_HEAD}<sst xmlns="{_MAIN}">{items}</sst>')
        archive.writestr("[Content_Types].xml", _HEAD + "".join(types) + "</Types>")
        archive.writestr(
            "_rels/.rels",
            f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        head = f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        before, _, after = within.partition("<sheets/>")
        sheets_xml = f"{before}<sheets>{''.join(book)}</sheets>{after}"
        archive.writestr("xl/workbook.xml", f"{head}{sheets_xml}</workbook>")
        archive.writestr("xl/_rels/workbook.xml.rels", _HEAD + "".join(relations) + "</Relationships>")
    return buffer.getvalue()
