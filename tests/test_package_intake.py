"""What is no workbook is named for what it is, and nothing waits, hangs or is changed."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from tests.package_files import HEAD, MAIN, parts_of, sheet_xml, workbook_of, zip_of
from xl_perf.errors import WorkbookError
from xl_perf.package import Limits, Package, open_package

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
GOOD = parts_of(sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>'))


def _without(name: str) -> bytes:
    return zip_of({key: value for key, value in GOOD.items() if key != name})


def _kind(content_type: str) -> bytes:
    return zip_of(parts_of(sheet_xml(""), kind=content_type))


NOT_WORKBOOKS = {
    "empty": (b"", "empty"),
    "zeros": (b"\0" * 5000, "zero bytes"),
    "old xls": (OLE2 + b"\0" * 500 + "Workbook".encode("utf-16-le"), "old .xls format"),
    "encrypted": (OLE2 + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    "word 97": (OLE2 + "WordDocument".encode("utf-16-le"), "old Office document"),
    "html": (b"\r\n<!DOCTYPE html><html><body><table></table></body></html>", "web page"),
    "html late": (b"<!-- report -->\n<HTML><table/></HTML>", "web page"),
    "xml 2003": (b'<?xml version="1.0"?><Workbook/>', "single XML"),
    "pdf": (b"%PDF-1.7 ...", "PDF"),
    "csv": (b"struttura;giacenza\nTORINO;30\n", "not a zip"),
    "empty zip": (b"PK\x05\x06" + b"\0" * 18, "empty zip"),
    "other zip": (zip_of({"readme.txt": "ciao"}), "[Content_Types].xml is missing"),
    "no rels": (_without("_rels/.rels"), "names no workbook part"),
    "no workbook": (_without("xl/workbook.xml"), "workbook part xl/workbook.xml is missing"),
    "ods": (zip_of({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), ".ods"),
    "xlsb": (_kind("application/vnd.ms-excel.sheet.binary.macroEnabled.main"), ".xlsb"),
    "xlam": (_kind("application/vnd.ms-excel.addin.macroEnabled.main+xml"), "add-in"),
    "word": (
        _kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"),
        "Word",
    ),
    "slides": (
        _kind("application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"),
        "presentation",
    ),
    "unknown kind": (_kind("application/xml"), "not an Excel workbook"),
}


@pytest.mark.parametrize("name", NOT_WORKBOOKS)
def test_names_what_is_no_workbook(name: str, tmp_path: Path) -> None:
    content, words = NOT_WORKBOOKS[name]
    path = tmp_path / "file.xlsx"
    path.write_bytes(content)
    with pytest.raises(WorkbookError) as caught:
        open_package(path)
    assert words in str(caught.value)
    assert str(path) in str(caught.value)
    assert path.read_bytes() == content


@pytest.mark.parametrize("extension", [".xls", ".csv", "", ".txt", ".xlsb", ".ods"])
def test_refuses_wrong_extension(extension: str, tmp_path: Path) -> None:
    path = tmp_path / f"file{extension}"
    path.write_bytes(zip_of(GOOD))
    with pytest.raises(WorkbookError, match="extension"):
        open_package(path)


@pytest.mark.parametrize(
    ("content_type", "kind"),
    [
        ("application/vnd.ms-excel.sheet.macroEnabled.main+xml", "xlsm"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml", "xltx"),
        ("application/vnd.ms-excel.template.macroEnabled.main+xml", "xltm"),
    ],
)
def test_tells_kinds_of_workbooks(content_type: str, kind: str) -> None:
    assert Package(_kind(content_type)).content_kind == kind
    assert Package(zip_of(GOOD)).content_kind == "xlsx"


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="no such file"):
        open_package(tmp_path / "none.xlsx")


def test_folder(tmp_path: Path) -> None:
    folder = tmp_path / "folder.xlsx"
    folder.mkdir()
    with pytest.raises(WorkbookError, match="folder"):
        open_package(folder)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_pipe_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.xlsx"
    os.mkfifo(pipe)
    with pytest.raises(WorkbookError, match="pipe"):
        open_package(pipe)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no devices on this system")
def test_device(tmp_path: Path) -> None:
    link = tmp_path / "endless.xlsx"
    link.symlink_to("/dev/zero")
    with pytest.raises(WorkbookError, match="device"):
        open_package(link)


def test_links(tmp_path: Path) -> None:
    (tmp_path / "real.xlsx").write_bytes(zip_of(GOOD))
    good, loop = tmp_path / "good.xlsx", tmp_path / "loop.xlsx"
    good.symlink_to("real.xlsx")
    loop.symlink_to("loop.xlsx")
    assert [cell.value for cell in open_package(good).cells("Foglio1")] == [1.0]
    with pytest.raises(WorkbookError, match="leads to itself"):
        open_package(loop)


def test_size_limit(tmp_path: Path) -> None:
    path = tmp_path / "large.xlsx"
    path.write_bytes(zip_of(GOOD))
    with pytest.raises(WorkbookError, match="too large"):
        open_package(path, Limits(file_bytes=100))


@pytest.mark.parametrize("tenth", range(1, 10))
def test_truncated(tenth: int, tmp_path: Path) -> None:
    whole = zip_of(GOOD)
    path = tmp_path / "cut.xlsx"
    path.write_bytes(whole[: len(whole) * tenth // 10])
    with pytest.raises(WorkbookError, match="truncated"):
        open_package(path)


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="str"><v>&b;</v></c></row></sheetData></worksheet>'
)


@pytest.mark.parametrize(
    "part", [name for name in GOOD if name != "[Content_Types].xml"] + ["[Content_Types].xml"]
)
@pytest.mark.parametrize("kind", ["doctype", "malformed", "empty", "binary"])
def test_bad_xml_in_any_part(part: str, kind: str) -> None:
    text = str(GOOD[part])
    body = text.removeprefix(HEAD)
    bad = {
        "doctype": f'<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd">{body}',
        "malformed": text[:-5],
        "empty": "",
        "binary": "\0\1\2",
    }
    data = zip_of({**GOOD, part: bad[kind]})
    with pytest.raises(WorkbookError) as caught:
        Package(data, "bad.xlsx").cells("Foglio1")
    assert part in str(caught.value) or "Foglio1" in str(caught.value)
    if kind == "doctype":
        assert "DOCTYPE" in str(caught.value)


def test_entity_expansion_is_refused() -> None:
    with pytest.raises(WorkbookError, match="DOCTYPE"):
        Package(workbook_of(BOMB)).cells("Foglio1")


def test_stored_zip_is_read() -> None:
    assert Package(zip_of(GOOD, zipfile.ZIP_STORED)).cells("Foglio1")[0].value == 1.0
