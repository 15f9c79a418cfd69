"""Content types and relationships of a package."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

from xl_perf.errors import WorkbookError
from xl_perf.package.xmlpart import parse_tree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xl_perf.package.archive import Archive

CONTENT_TYPES = "[Content_Types].xml"

_OOXML = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_EXCEL = "application/vnd.ms-excel."
KINDS = {
    f"{_OOXML}sheet.main+xml": "xlsx",
    f"{_EXCEL}sheet.macroenabled.main+xml": "xlsm",
    f"{_OOXML}template.main+xml": "xltx",
    f"{_EXCEL}template.macroenabled.main+xml": "xltm",
}
"""Content type of the workbook part, lower case -> kind of file."""

_OTHER = {
    f"{_EXCEL}sheet.binary.macroenabled.main": "a binary workbook (.xlsb)",
    f"{_EXCEL}addin.macroenabled.main+xml": "an Excel add-in (.xlam)",
}


@dataclass(frozen=True, slots=True)
class Relationship:
    """A relationship; `kind` is the last word of its type (`worksheet`), `target` the part's name in the zip.

    External targets are kept as they are written, with `external` True; nothing ever opens them.
    """

    id: str
    kind: str
    target: str
    external: bool = False


def content_types(archive: Archive) -> tuple[dict[str, str], dict[str, str]]:
    """(extension -> type, part name -> type), keys and types in lower case.

    Raises:
        WorkbookError: the part is missing or malformed.
    """
    if archive.find(CONTENT_TYPES) is None:
        raise WorkbookError(
            "the zip is not a workbook: [Content_Types].xml is missing",
            where=archive.where,
            expected="an Excel workbook (.xlsx, .xlsm)",
        )
    root = parse_tree(archive.read(CONTENT_TYPES), f"{archive.where}, {CONTENT_TYPES}")
    defaults = {
        node.get("Extension").lower(): node.get("ContentType").lower() for node in root.all("Default")
    }
    overrides = {
        unquote(node.get("PartName")).lstrip("/").lower(): node.get("ContentType").lower()
        for node in root.all("Override")
    }
    return defaults, overrides


def rels_name(part: str) -> str:
    """Name of the part that holds the relationships of a part (empty name: of the package)."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


@lru_cache(maxsize=4096)
def resolve(part: str, target: str) -> str:
    """Name in the zip of a relationship's target; empty where it leaves the package.

    Args:
        part: the part whose relationship it is; its folder is what relative targets start from.
        target: absolute (`/xl/..`) or relative, perhaps percent-encoded, with `..` and fragments.
    """
    path = unquote(target.partition("#")[0]).replace("\\", "/")
    joined = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), path))
    return joined.lstrip("/")


def relationships(archive: Archive, part: str) -> Mapping[str, Relationship]:
    """The relationships of a part by id; none where the part has no relationships.

    Raises:
        WorkbookError: malformed XML.
    """
    name = archive.find(rels_name(part))
    if name is None:
        return {}
    root = parse_tree(archive.read(name), f"{archive.where}, {name}")
    found: dict[str, Relationship] = {}
    for node in root.all("Relationship"):
        external = node.get("TargetMode") == "External"
        target = node.get("Target")
        found[node.get("Id")] = Relationship(
            node.get("Id"),
            node.get("Type").rpartition("/")[2],
            target if external else resolve(part, target),
            external,
        )
    return found


def find_workbook(archive: Archive) -> tuple[str, str]:
    """(name of the workbook part, kind: xlsx, xlsm, xltx or xltm).

    Raises:
        WorkbookError: not a workbook, saying what it is where that is known.
    """
    where = archive.where
    if archive.find("mimetype") and archive.read("mimetype")[:200].startswith(
        b"application/vnd.oasis.opendocument"
    ):
        raise WorkbookError(
            "the file is an OpenDocument file (.ods)",
            where=where,
            remedy="save it as .xlsx in LibreOffice or Excel",
        )
    defaults, overrides = content_types(archive)
    targets = [rel.target for rel in relationships(archive, "").values() if rel.kind == "officeDocument"]
    if not targets:
        raise WorkbookError("the package names no workbook part (_rels/.rels)", where=where)
    part = archive.find(targets[0])
    if part is None:
        raise WorkbookError(
            f"the workbook part {targets[0]} is missing", where=where, remedy="the file is damaged"
        )
    kind = overrides.get(part.lower()) or defaults.get(part.rpartition(".")[2].lower(), "")
    if kind in KINDS:
        return part, KINDS[kind]
    other = _OTHER.get(kind)
    if other is None and "wordprocessingml" in kind:
        other = "a Word document"
    elif other is None and "presentationml" in kind:
        other = "a presentation"
    raise WorkbookError(
        f"the file is {other or 'not an Excel workbook'}",
        where=where,
        expected="a .xlsx or .xlsm workbook",
        remedy="open it in Excel and save it as .xlsx" if other else "",
    )
