"""Builds the add-in for Excel on Windows: `xl_perf.xlam`, its settings file and a page on how to install it.

The workbook package is written here, without Excel: the VBA project holds sources only, which Excel compiles when it
opens the file.
"""

from __future__ import annotations

import io
import sys
import zipfile
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

from xl_perf import __version__
from xl_perf.addins import excel_bundle, excel_ribbon
from xl_perf.addins.excel_ovba import vba_project
from xl_perf.addins.excel_runtime import signature_digest, xlwings_version
from xl_perf.addins.excel_vba import CATEGORY, SETTINGS_NAME, modules
from xl_perf.catalog import FUNCTIONS
from xl_perf.errors import PerfError

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE_NAME = "xl_perf.xlam"
GUIDE_NAME = "LEGGIMI.txt"
PROJECT_NAME = "XlPerf"
PROJECT_ID = "{6E8A5C0B-3D4F-5A1E-9B27-8C1D2F3A4B5C}"

_SOURCES = Path(__file__).with_name("excel_sources")
_DATE = (1980, 1, 1, 0, 0, 0)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CONTENT = "application/vnd.openxmlformats"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NOTE = "xl_perf: questo componente aggiuntivo contiene solo le funzioni della categoria XL_PERF."
_TITLE = "xl_perf - funzioni del piano della performance"


class Built(NamedTuple):
    """Paths of what was written; `settings_kept`: a settings file was there already and stays as it was."""

    addin: Path
    settings: Path
    guide: Path
    settings_kept: bool


def build(folder: Path, interpreter: str | None = None) -> Built:
    """Writes add-in, settings file and installation page into a folder, which is made where it is missing.

    A settings file that is there already is kept.

    Args:
        folder: where to write.
        interpreter: full Windows path of the `python.exe` for the settings file; on Windows the running one when None,
            elsewhere a line to fill in.

    Raises:
        PerfError: xlwings is not installed, or a file cannot be written.
    """
    xlwings = xlwings_version()
    if not xlwings:
        raise PerfError(
            "xlwings is not installed, and the add-in loads the DLL of one version of it",
            remedy="install xl_perf with its dependencies",
        )
    paths = Built(
        folder / FILE_NAME, folder / SETTINGS_NAME, folder / GUIDE_NAME, (folder / SETTINGS_NAME).exists()
    )
    contents = {paths.addin: addin(xlwings), paths.guide: guide(xlwings)}
    if not paths.settings_kept:
        contents[paths.settings] = settings(
            interpreter or running_interpreter(), "" if interpreter else dll_folder(xlwings)
        )
    for path, data in contents.items():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        except OSError as error:
            raise PerfError(f"cannot be written ({error.strerror})", where=str(path)) from error
    return paths


def bundled(folder: Path, embeddable: Path, wheels: Path | None = None) -> Built:
    """The same with a Python of its own beside the add-in, which the settings name; the folder can be moved.

    Args:
        folder: where to write.
        embeddable: the embeddable Python of python.org, a zip.
        wheels: folder with the wheels that it needs; None asks pip for them.

    Raises:
        UsageError: the zip is no embeddable Python, or a wheel is missing.
        PerfError: as `build`; or pip cannot get the wheels.
    """
    excel_bundle.bundle(folder, embeddable, wheels, xlwings_version())
    return build(folder, excel_bundle.INTERPRETER)


def running_interpreter() -> str:
    """Full path of the running Python for the settings file; empty off Windows."""
    return sys.executable if sys.platform == "win32" else ""


def dll_folder(xlwings: str) -> str:
    """Folder of the DLL where it lies neither beside the interpreter nor above it; empty otherwise and off Windows."""
    if sys.platform != "win32":
        return ""
    beside = {Path(sys.executable).parent, Path(sys.executable).parent.parent}
    for file in metadata.files("xlwings") or ():
        if file.name == f"xlwings64-{xlwings}.dll":
            place = Path(str(file.locate())).resolve().parent
            return "" if place in beside else str(place)
    return ""


def settings(interpreter: str = "", dll: str = "") -> bytes:
    """The settings file, lines to fill in where nothing is known; UTF-8 with a mark, which Notepad keeps."""
    text = (_SOURCES / SETTINGS_NAME).read_text(encoding="utf-8")
    line = (
        f"interprete = {interpreter}"
        if interpreter
        else "# interprete = C:\\Programmi\\Python311\\python.exe"
    )
    text = text.replace("@INTERPRETE@", line)
    return _windows_text(text.replace("@DLL@", f"dll = {dll}" if dll else "# dll = C:\\percorso\\dll"))


def guide(xlwings: str) -> bytes:
    """The page on installation, in Italian."""
    text = (_SOURCES / GUIDE_NAME).read_text(encoding="utf-8")
    return _windows_text(text.replace("@VERSIONE@", __version__).replace("@XLWINGS@", xlwings))


def _windows_text(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode("utf-8-sig")


def addin(xlwings: str) -> bytes:
    """The add-in: a zip with the same bytes for the same catalogue, version of xlwings and sources.

    Args:
        xlwings: version of xlwings whose DLL the add-in loads, e.g. `0.37.8`.
    """
    parts: dict[str, bytes] = {name: (_HEAD + text).encode() for name, text in _xml_parts(xlwings).items()}
    project = vba_project(PROJECT_NAME, PROJECT_ID, modules(FUNCTIONS.values(), xlwings))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in {**parts, "xl/vbaProject.bin": project}.items():
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            archive.writestr(entry, data)
    return buffer.getvalue()


def _relationships(targets: Mapping[str, str]) -> str:
    """A part of relationships: target -> type."""
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (target, kind) in enumerate(targets.items(), start=1)
    )
    return f'<Relationships xmlns="{_RELATIONS}">{lines}</Relationships>'


def _xml_parts(xlwings: str) -> dict[str, str]:
    return {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relationships(
            {
                "xl/workbook.xml": f"{_OFFICE}/officeDocument",
                "docProps/core.xml": f"{_RELATIONS}/metadata/core-properties",
                "docProps/app.xml": f"{_OFFICE}/extended-properties",
                excel_ribbon.PART: excel_ribbon.RELATIONSHIP,
            }
        ),
        excel_ribbon.PART: excel_ribbon.ribbon(),
        "xl/workbook.xml": (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr codeName="ThisWorkbook"/>'
            '<bookViews><workbookView/></bookViews><sheets><sheet name="xl_perf" sheetId="1" r:id="rId1"/></sheets>'
            "</workbook>"
        ),
        "xl/_rels/workbook.xml.rels": _relationships(
            {
                "worksheets/sheet1.xml": f"{_OFFICE}/worksheet",
                "styles.xml": f"{_OFFICE}/styles",
                "vbaProject.bin": "http://schemas.microsoft.com/office/2006/relationships/vbaProject",
            }
        ),
        "xl/worksheets/sheet1.xml": (
            f'<worksheet xmlns="{_MAIN}"><sheetPr codeName="Foglio1"/><sheetData><row r="1"><c r="A1" t="inlineStr">'
            f"<is><t>{escape(_NOTE)}</t></is></c></row></sheetData></worksheet>"
        ),
        "xl/styles.xml": (
            f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
            '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/>'
            '</fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
            '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
            '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
            '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
        ),
        "docProps/core.xml": (
            '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
            ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>{escape(_TITLE)}</dc:title><dc:description>{escape(_comment())}</dc:description>"
            f"<cp:keywords>{escape(described(xlwings))}</cp:keywords>"
            "</cp:coreProperties>"
        ),
        "docProps/app.xml": (
            '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
            "<Application>Microsoft Excel</Application></Properties>"
        ),
    }


def described(xlwings: str) -> str:
    """What an add-in says that it was made for, in its properties: versions, and the digest of the functions."""
    return f"xl_perf {__version__}, xlwings {xlwings}, impronta {signature_digest()}"


def _comment() -> str:
    """What the dialog of the add-ins shows."""
    return f"Versione {__version__}. {len(FUNCTIONS)} funzioni nella categoria {CATEGORY}; serve Python con xl_perf."


def _content_types() -> str:
    kinds = {
        "xl/workbook.xml": "application/vnd.ms-excel.addin.macroEnabled.main+xml",
        "xl/worksheets/sheet1.xml": f"{_CONTENT}-officedocument.spreadsheetml.worksheet+xml",
        "xl/styles.xml": f"{_CONTENT}-officedocument.spreadsheetml.styles+xml",
        "docProps/core.xml": f"{_CONTENT}-package.core-properties+xml",
        "docProps/app.xml": f"{_CONTENT}-officedocument.extended-properties+xml",
    }
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in kinds.items()
    )
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
        f'<Default Extension="rels" ContentType="{_CONTENT}-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )
