"""Hand-written workbook packages for the tests, part by part."""

from __future__ import annotations

import io
import re
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_RELS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

Part = str | bytes


def sheet_xml(rows: str, *, after: str = "") -> str:
    """A worksheet part with this content of sheetData."""
    return (
        f'{HEAD}<worksheet xmlns="{MAIN}" xmlns:r="{RELS}"><sheetData>{rows}</sheetData>{after}</worksheet>'
    )


def parts_of(
    *sheets: Part,
    strings: Part | None = None,
    workbook: str = "",
    names: tuple[str, ...] = (),
    kind: str = XLSX,
    extra: dict[str, Part] | None = None,
    rels: str = "",
    main: str = MAIN,
    doc_rels: str = RELS,
) -> dict[str, Part]:
    """The parts of a workbook with these worksheet parts, in the order in which Excel writes them."""
    count = range(1, len(sheets) + 1)
    titles = names or tuple(f"Foglio{n}" for n in count)
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{doc_rels}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in count
    )
    if strings is not None:
        related += f'<Relationship Id="rIdS" Type="{doc_rels}/sharedStrings" Target="sharedStrings.xml"/>'
    listed = "".join(f'<sheet name="{titles[n - 1]}" sheetId="{n}" r:id="rId{n}"/>' for n in count)
    parts: dict[str, Part] = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType='
            '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
            for n in count
        )
        + "</Types>",
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE_RELS}"><Relationship Id="rId1" '
        f'Type="{doc_rels}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{main}" xmlns:r="{doc_rels}"><sheets>{listed}</sheets>'
        f"{workbook}</workbook>",
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE_RELS}">{related}{rels}</Relationships>',
    }
    parts |= {f"xl/worksheets/sheet{n}.xml": sheets[n - 1] for n in count}
    if strings is not None:
        parts["xl/sharedStrings.xml"] = strings
    return parts | (extra or {})


def zip_of(parts: dict[str, Part], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The zip of these parts with fixed times."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, (2021, 9, 29, 12, 0, 0))
            info.compress_type = method
            archive.writestr(info, content)
    return out.getvalue()


def workbook_of(*sheets: Part, **options: object) -> bytes:
    """The bytes of a workbook with these worksheet parts; options as `parts_of`."""
    return zip_of(parts_of(*sheets, **options))


def raw_entries(data: bytes) -> dict[str, bytes]:
    """Every entry's bytes as they are in the file, local header and descriptor included, in file order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = sorted(archive.infolist(), key=lambda info: info.header_offset)
        ends = [info.header_offset for info in infos[1:]] + [archive.start_dir]
    return {info.filename: data[info.header_offset : end] for info, end in zip(infos, ends, strict=True)}


def erase_values(xml: bytes) -> bytes:
    """A sheet part without what patching may change: `<v>`, `<is>`, and the attributes t and vm of cells."""
    xml = re.sub(rb"<v\s*/>|<v(?: [^>]*)?>[^<]*</v>|<is>.*?</is>", b"", xml, flags=re.DOTALL)
    xml = re.sub(rb'(<c\b[^>]*?) t="[^"]*"', rb"\1", xml)
    xml = re.sub(rb'(<c\b[^>]*?) vm="[^"]*"', rb"\1", xml)
    return re.sub(rb"(<c\b[^>]*?)\s*/>", rb"\1></c>", xml)
