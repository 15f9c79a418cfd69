"""The Relazione as a Word document: headings and tables with the styles of Word, ready to be edited."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from xl_perf import __version__
from xl_perf.report.relazione.model import UNMEASURED
from xl_perf.report.relazione.register import QUARTERS
from xl_perf.report.relazione.sources import Sources
from xl_perf.report.words import title

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xl_perf.report.relazione.model import Group, Relazione, Table

_INK, _MUTED = RGBColor(0x17, 0x32, 0x4D), RGBColor(0x47, 0x5A, 0x6D)
_HEAD, _GROUP, _LINE = "E3E9EF", "F0F3F6", "C5CFD9"
_FONT = "Arial"
_WIDE, _HIGH, _EDGE = Cm(21.0), Cm(29.7), Cm(1.8)
_WIDTH = 17.4
"""Width of the tables in centimetres."""
_NOTES = 5.4
"""Width of a column of texts."""
_INDENT = 0.5
_ILLEGAL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF))
"""Characters that XML cannot hold."""


def docx(found: Relazione) -> bytes:
    """The document.

    Args:
        found: the Relazione.
    """
    document = Document()
    _styles(document)
    document.core_properties.title = f"Relazione sulla performance {found.year}: risultati"
    document.core_properties.author = "xl_perf"
    document.core_properties.language = "it-IT"
    document.add_heading(f"Risultati dell'anno {found.year}", 0)
    _text(document, f"{found.edition} ({found.act})")
    unmeasured = sum(map(len, found.unmeasured.values()))
    _text(
        document,
        f"{len(found.proofs)} numeri, ciascuno con la sua evidenza; {len(found.differences)} diversi da "
        f"quelli stampati; {len(found.missing)} mancanti; {unmeasured} che nessuna cartella rileva.",
    )
    chapter = ""
    for table in found.tables:
        if table.chapter != chapter:
            document.add_heading(table.chapter, 1)
            chapter = table.chapter
        document.add_heading(f"Tavola {table.number}{f'. {table.title}' if table.title else ''}", 2)
        _results(document, table)
    _differences(document, found)
    if found.missing:
        document.add_heading("Dati mancanti", 1)
        for text in found.missing:
            document.add_paragraph(_clean(text), "List Bullet")
    if found.unmeasured:
        document.add_heading("Dati che nessuna cartella rileva", 1)
        _text(document, UNMEASURED)
        for row, columns in found.unmeasured.items():
            document.add_paragraph(_clean(f"{row}: {', '.join(columns)}"), "List Bullet")
    _landscape(document)
    _register(document, "per linea strategica del CIV", found.lines)
    _register(document, "per linea guida gestionale", found.guidelines)
    _evidence(document, found)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _styles(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = _WIDE, _HIGH
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = _EDGE
    for name, size in (
        ("Normal", 10),
        ("Title", 22),
        ("Heading 1", 14),
        ("Heading 2", 11),
        ("List Bullet", 10),
    ):
        style = document.styles[name]
        style.font.name, style.font.size = _FONT, Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        if name != "Normal":
            style.font.color.rgb = _INK
    document.styles["Normal"].paragraph_format.space_after = Pt(4)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "it-IT")
    document.styles["Normal"].element.get_or_add_rPr().append(language)
    _page_numbers(section.footer.paragraphs[0])


def _landscape(document: Any) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = _HIGH, _WIDE


def _page_numbers(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)  # noqa: SLF001 - python-docx has no fields of its own
    run.font.size = Pt(8)


def _results(document: Any, table: Table) -> None:
    numbers = table.words.count(False)
    each = 2.2 if any(table.words) else min(3.2, 9.6 / numbers)
    widths = [_NOTES if words else each for words in table.words]
    made = _table(
        document,
        (table.headings[0] or "Voce", *table.headings[1:]),
        [_WIDTH - sum(widths), *widths],
    )
    for row in table.rows:
        cells = made.add_row().cells
        _fill(cells[0], row.title, bold=row.level == table.heads, indent=row.level * _INDENT)
        for cell, value, words in zip(cells[1:], row.cells, table.words, strict=True):
            is_head = row.level == table.heads
            note = str(value.evidence or "")
            _fill(cell, value.shown, bold=is_head, right=not words, note=note, size=8 if words else 9)
        if row.level == table.heads:
            for cell in cells:
                _ground(cell, _GROUP)
    _finish(made)


def _differences(document: Any, found: Relazione) -> None:
    document.add_heading("Differenze dai numeri stampati", 1)
    if not found.differences:
        _text(document, "Nessuna.")
        return
    rows = ((f"Tavola {d.table}: {d.row}", d.column, d.printed, d.shown, d.why) for d in found.differences)
    headings = ("Tavola e riga", "Colonna", "Stampato", "Qui", "Perché")
    _rows(document, headings, (5.0, 2.2, 2.4, 2.4, 5.4), rows, size=8)


def _register(document: Any, what: str, groups: Sequence[Group]) -> None:
    if not groups:
        return
    document.add_heading(f"Registro dei progetti e delle attività strategiche {what}", 1)
    _text(document, "Tabella D, con la realizzazione alla fine di ogni trimestre conosciuto.")
    for group in groups:
        document.add_heading(_clean(group.title), 2)
        rows = (
            (e.code, title(e.structure), e.title, e.output, e.period, *(value or "–" for value in e.quarters))
            for e in group.entries
        )
        headings = ("Codice", "Struttura", "Descrizione", "Output", "Periodo", *QUARTERS)
        _rows(document, headings, (2.6, 3.8, 7.6, 6.0, 1.9, *[1.05] * 4), rows, size=7)


def _evidence(document: Any, found: Relazione) -> None:
    sources = Sources(found)
    document.add_heading("Elenco delle evidenze", 1)
    document.add_heading("Fonti", 2)
    _rows(document, ("Sigla", "Fonte", "Ricevuta", "SHA-256"), (1.5, 12.0, 3.0, 9.6), sources.rows(), size=7)
    _text(
        document,
        "Di un numero stampato l'impronta è quella dei dati dell'edizione; di un numero consegnato quella del file.",
    )
    document.add_heading("Numeri", 2)
    rows = (
        (
            str(p.number),
            f"Tavola {p.table}: {p.row}, {p.column}",
            p.shown,
            sources.of(p.evidence),
            p.evidence.formula,
            p.evidence.act,
        )
        for p in found.proofs
    )
    headings = ("N.", "Tavola, riga, colonna", "Numero", "Fonte e posto", "Formula", "Atto dell'obiettivo")
    _rows(document, headings, (1.1, 8.0, 2.8, 5.6, 5.6, 3.0), rows, size=7)
    document.add_heading("Edizione", 1)
    for text in (
        f"Piano: {found.edition}",
        f"Ultimo atto: {found.act}",
        f"Dati del piano, SHA-256: {found.fingerprint}",
        f"Registro delle consegne: {found.archive or 'nessuno, solo i numeri stampati'}",
        f"Fatta il {found.made}, con xl_perf {__version__}",
    ):
        _text(document, text)


def _rows(
    document: Any,
    headings: Sequence[str],
    widths: Sequence[float],
    rows: Iterable[Sequence[str]],
    *,
    size: int,
) -> None:
    made = _table(document, headings, widths, size=size)
    for row in rows:
        for cell, text in zip(made.add_row().cells, row, strict=True):
            _fill(cell, text, size=size)
    _finish(made)


def _table(document: Any, headings: Sequence[str], widths: Sequence[float], *, size: int = 9) -> Any:
    made = document.add_table(rows=1, cols=len(headings))
    made.style = "Table Grid"
    _lines(made)
    made.autofit = False
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Cm(width)
    for place, (cell, text) in enumerate(zip(made.rows[0].cells, headings, strict=True)):
        _fill(cell, text, bold=True, right=place > 0 and size == 9, size=min(size, 8))
        _ground(cell, _HEAD)
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    made.rows[0]._tr.get_or_add_trPr().append(repeated)  # noqa: SLF001 - python-docx cannot say that a row is repeated
    return made


def _lines(made: Any) -> None:
    """Thin grey lines instead of the style's black ones."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", _LINE)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    made._tbl.tblPr.append(borders)  # noqa: SLF001 - python-docx has no lines of tables


def _finish(made: Any) -> None:
    """Widths in every cell, which Word and LibreOffice go by; rows that no page breaks."""
    widths = [column.width for column in made.columns]
    for row in made.rows:
        whole = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(whole)  # noqa: SLF001 - as above
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width


def _fill(
    cell: Any,
    text: str,
    *,
    bold: bool = False,
    right: bool = False,
    indent: float = 0,
    size: int = 9,
    note: str = "",
) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(1)
    paragraph.paragraph_format.left_indent = Cm(indent)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = paragraph.add_run(_clean(text))
    run.bold = bold
    run.font.size = Pt(size)
    if note:
        mark = paragraph.add_run(f" {note}")
        mark.font.superscript, mark.font.size = True, Pt(size)
        mark.font.color.rgb = _MUTED


def _ground(cell: Any, colour: str) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001 - python-docx has no grounds of cells


def _text(document: Any, text: str) -> None:
    document.add_paragraph(_clean(text))


def _clean(text: str) -> str:
    return text.translate(_ILLEGAL)
