"""A workbook as it is calculated, in memory alone: cells, tables and names, without looks, paper and charts.

Its formulas stand as they were composed, with cells, which mean what the words mean that the file has in their place.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import quote_sheetname
from openpyxl.utils.indexed_list import IndexedList

from xl_perf.templates.kit.exact import rows_of
from xl_perf.templates.kit.model import letter
from xl_perf.templates.kit.palette import is_open

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xl_perf.templates.kit.book import Book

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_POINT: Final = 2
"""Row and column of a single cell."""
_KIND: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def packed_plain(book: Book) -> bytes:
    """The workbook as a package that is not compressed.

    Args:
        book: a workbook that was declared plain.
    """
    workbook, buffer = book.workbook, io.BytesIO()
    workbook._cell_styles = IndexedList([StyleArray()])  # noqa: SLF001 - no public way: numbered anew
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        kinds = [
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        ]
        related, number = [("styles", "styles.xml")], 0
        for place, sheet in enumerate(workbook.worksheets, 1):
            links = []
            for table in sheet.tables.values():
                number += 1
                table.id = number
                table._write(archive)  # noqa: SLF001 - as openpyxl's writer calls it
                links.append(("table", table.path))
                kinds.append(f'<Override PartName="{table.path}" ContentType="{table.mime_type}"/>')
            parts = "".join(f'<tablePart r:id="rId{each}"/>' for each in range(1, len(links) + 1))
            tail = f'<tableParts count="{len(links)}">{parts}</tableParts>' if links else ""
            archive.writestr(
                f"xl/worksheets/sheet{place}.xml",
                f'<worksheet xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheetData>{"".join(rows_of(sheet))}</sheetData>{tail}'
                "</worksheet>",
            )
            archive.writestr(f"xl/worksheets/_rels/sheet{place}.xml.rels", _relations(links))
            kinds.append(
                f'<Override PartName="/xl/worksheets/sheet{place}.xml" ContentType="{_KIND}.worksheet+xml"/>'
            )
            related.append(("worksheet", f"worksheets/sheet{place}.xml"))
        kinds += [
            f'<Override PartName="/xl/{name}.xml" ContentType="{_KIND}.{kind}+xml"/>'
            for name, kind in (("workbook", "sheet.main"), ("styles", "styles"))
        ]
        archive.writestr("xl/styles.xml", _styles(workbook._cell_styles))  # noqa: SLF001
        archive.writestr("xl/workbook.xml", _workbook(book))
        archive.writestr("xl/_rels/workbook.xml.rels", _relations(related))
        archive.writestr("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        archive.writestr(
            "[Content_Types].xml", f'<Types xmlns="{_PACKAGE}/content-types">{"".join(kinds)}</Types>'
        )
    return buffer.getvalue()


def _relations(links: Iterable[tuple[str, str]]) -> str:
    each = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(links, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'


def _workbook(book: Book) -> str:
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number + 1}"/>'
        for number, name in enumerate(book.workbook.sheetnames, 1)
    )
    known = {name: _cells(key) for key, name in book.proposed.items()}
    known |= {name: defined.attr_text for name, defined in book.workbook.defined_names.items()}
    names = "".join(
        f"<definedName name={quoteattr(name)}>{escape(text)}</definedName>" for name, text in known.items()
    )
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets>'
        f"<definedNames>{names}</definedNames></workbook>"
    )


def _cells(key: tuple[str | int, ...]) -> str:
    """The cells that were proposed for a name, which files define only where a formula reads it."""
    sheet, *at = key
    left, top, right, bottom = map(int, at if len(at) > _POINT else (at[1], at[0], at[1], at[0]))
    first, last = f"${letter(left)}${top}", f"${letter(right)}${bottom}"
    area = first if first == last else f"{first}:{last}"
    return f"{quote_sheetname(str(sheet))}!{area}"


def _styles(looks: Iterable[StyleArray]) -> str:
    """Which cells may be filled in is all that is told of looks."""
    one = ("<xf/>", '<xf applyProtection="1"><protection locked="0"/></xf>')
    cells = "".join(one[is_open(look)] for look in looks)
    return f'<styleSheet xmlns="{_MAIN}"><cellXfs>{cells}</cellXfs></styleSheet>'
