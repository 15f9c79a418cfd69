"""Coverage-guided fuzzing of the package reader (atheris).

    python tests/fuzz/package_reader.py -runs=20000            a fixed budget, as CI does
    python tests/fuzz/package_reader.py -max_total_time=3600 FOLDER    longer; FOLDER keeps what reached new code

An input's first byte chooses: 0 for the bytes of a whole file, else the part of a good workbook that the rest
stands for. Whatever comes in, the reader refuses with a `PerfError` or reads; what it reads it can patch, and
read again.
"""

from __future__ import annotations

import importlib
import io
import pkgutil
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

WORDS = (
    "<c r=", "<row r=", "<f>", "</f>", "<v>", "</v>", "<is><t>", '<f t="shared" si="0"/>', ' t="s"',
    ' t="inlineStr"', ' t="e"', ' t="d"', ' cm="1"', ' vm="1"', ' ref="A1:B2"', "<![CDATA[", "]]>", "<!--",
    "-->", "<?x ?>", "&#38;", "&lt;", "&#x1F;", "_x000D_", "mc:AlternateContent", "xmlns:x=", "PK\5\6",
)  # fmt: skip
"""Words of the formats that chance would hardly find."""
SMALL = 1024 * 1024
"""Limits of the fuzzed reader, so that no input takes long."""


def seeds() -> list[bytes]:
    """Inputs to start from: the files of `tests/data` whole, and their parts one by one."""
    found = []
    for path in sorted((ROOT / "tests" / "data").glob("*.xlsx")):
        data = path.read_bytes()
        found.append(b"\0" + data)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for number, part in enumerate(PARTS, start=1):
                if part in archive.namelist():
                    found.append(bytes([number]) + archive.read(part))
    return found


PARTS = (
    "xl/worksheets/sheet1.xml",
    "xl/workbook.xml",
    "xl/sharedStrings.xml",
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/_rels/workbook.xml.rels",
    "xl/metadata.xml",
    "xl/tables/table1.xml",
    "docProps/app.xml",
)


def file_of(data: bytes) -> bytes:
    """The workbook that an input stands for."""
    from tests.package_files import Part, zip_of

    if not data or not data[0]:
        return data[1:]
    with zipfile.ZipFile(ROOT / "tests" / "data" / "xlsxwriter.xlsx") as archive:
        parts: dict[str, Part] = {name: archive.read(name) for name in archive.namelist()}
    parts[PARTS[(data[0] - 1) % len(PARTS)]] = data[1:]
    return zip_of(parts, zipfile.ZIP_STORED)


def check(data: bytes) -> None:
    """Reads an input; any exception but a `PerfError` is a finding, and so is a patch that cannot be read back."""
    from xl_perf.errors import PerfError
    from xl_perf.package import Limits, Package

    limits = Limits(
        file_bytes=SMALL, inflated_bytes=8 * SMALL, part_bytes=4 * SMALL, entries=200, cells=20_000
    )
    try:
        package = Package(file_of(data), limits=limits)
        _ = (
            package.tables,
            package.defined_names,
            package.calc_properties,
            package.application,
            package.date1904,
        )
        scans = {info.name: package.scan(info.name) for info in package.sheets}
        sheets = {info.name: package.cells(info.name) for info in package.sheets}
    except PerfError:
        return
    for name, scan in scans.items():
        if scan is not None:  # the quick reading finds what reading cell by cell finds
            assert scan.cells == [cell for cell in sheets[name] if cell.formula is not None], name
    changes = {
        name: {
            (cell.row, cell.column): 4711.5 for cell in cells if cell.formula is not None and not cell.rich
        }
        for name, cells in sheets.items()
    }
    again = Package(package.patch(changes), limits=limits)
    for name, values in changes.items():
        found = {(cell.row, cell.column): cell.value for cell in again.cells(name)}
        assert {key: found[key] for key in values} == values, name
    assert package.patch({}) == package.data


def _escaped(word: str) -> str:
    return "".join(letter if letter.isalnum() else f"\\x{ord(letter):02X}" for letter in word)


def main() -> None:
    """Fuzzes with the arguments of libFuzzer."""
    import atheris

    with atheris.instrument_imports(include=["xl_perf.package"]):
        import xl_perf.package

        for module in pkgutil.iter_modules(xl_perf.package.__path__):
            importlib.import_module(f"xl_perf.package.{module.name}")
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(seeds()):
            (Path(folder) / f"{number:03}").write_bytes(seed)
        words = Path(folder).with_suffix(".dict")
        words.write_text("".join(f'"{_escaped(word)}"\n' for word in WORDS), encoding="ascii")
        limits = [f"-max_len={256 * 1024}", "-timeout=20", "-rss_limit_mb=2048", f"-dict={words}"]
        atheris.Setup([*sys.argv, folder, *limits], check)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
