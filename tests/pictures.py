"""The pictures of the guides, made from what the code at hand builds: `python -m tests.pictures [NAME...]`.

Sheets are printed by LibreOffice and drawn by poppler, the page of a result by Chromium. It takes a minute or two.
"""

from __future__ import annotations

import argparse
import base64
import re
import shutil
import struct
import tempfile
import zlib
from pathlib import Path

import numpy as np

from tests import official, programs
from tests.chromium import Chromium
from tests.layout import paper
from xl_perf.cli import main as xl_perf
from xl_perf.package import open_package

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "immagini"
MOST_BYTES = 150_000
_DPI = 96
_MARGIN = 18.0
"""Points that stay around what is printed."""
_HEAD = 90.0
"""Points from the upper edge of a page within which the title of its sheet ends."""
_WIDE, _HIGH = 1000, 900
"""Pixels of a page in a browser."""
_SHEETS = {
    "giacenza_sintesi": ("giacenza_esempio.xlsx", "Sintesi"),
    "scheda_giacenza": ("scheda_liguria_2021_T2.xlsx", "Giacenza"),
    "scheda_quadro": ("scheda_liguria_2021_T2.xlsx", "Quadro"),
    "raccolta_quadro": ("scheda_nazionale_2021_T3.xlsx", "Quadro"),
}
"""Picture -> workbook and sheet."""
_PAGE = "pagina_liguria"
NAMES = (*_SHEETS, _PAGE)
_COLOURS = 256
_ITALIAN = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>it-IT</value></prop></item></oor:items>
"""
"""Settings of LibreOffice: numbers as an Italian machine shows them."""


def _give(*command: object) -> None:
    status = xl_perf([str(part) for part in command])
    assert status == 0, command


def _words(text: str) -> str:
    return "".join(re.findall(r"\w", text)).casefold()


def sheet(pdf: str, workbook: Path, name: str, target: Path) -> None:
    """Draws the first page of a printed sheet, without the empty paper below and beside it.

    Args:
        pdf: the printed workbook.
        workbook: the workbook; the title in the sheet's first cell names its page.
        name: of the sheet.
        target: the picture.
    """
    title = next(str(cell.value) for cell in open_package(workbook).cells(name) if cell.value is not None)
    pages = enumerate((words for _, _, words in paper.pages_of(pdf)), 1)
    number, words = next(
        (number, words)
        for number, words in pages
        if _words(title) in _words("".join(word[-1] for word in words if word[1] < _HEAD))
    )
    footer = max(word[1] for word in words)
    body = [word for word in words if word[3] < footer - 2 * _MARGIN] or words
    left, top = min(word[0] for word in body) - _MARGIN, min(word[1] for word in body) - _MARGIN
    right, bottom = max(word[2] for word in body) + _MARGIN, max(word[3] for word in body) + _MARGIN
    scale = _DPI / 72
    box = {"-x": left, "-y": top, "-W": right - left, "-H": bottom - top}
    corners = [part for option, value in box.items() for part in (option, str(max(0, round(value * scale))))]
    page = ["-f", str(number), "-l", str(number)]
    data = paper.run("pdftoppm", "-r", str(_DPI), *page, *corners, pdf)
    head = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", data)
    pixels = np.frombuffer(data, np.uint8, offset=head.end()).reshape(int(head[2]), int(head[1]), 3)
    target.write_bytes(png(pixels))


def png(pixels: np.ndarray) -> bytes:
    """A PNG of at most 256 colours: the most frequent ones, of which each other takes the nearest.

    Args:
        pixels: rows, columns, red green blue.
    """
    high, wide, _ = pixels.shape
    flat = pixels.reshape(-1, 3).astype(np.int64) & 0xFC
    codes, numbers, counts = np.unique(flat @ [1 << 16, 1 << 8, 1], return_inverse=True, return_counts=True)
    colours = np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=1)
    palette = colours[np.argsort(-counts)[:_COLOURS]]
    nearest = np.array([np.argmin(np.sum((palette - colour) ** 2, axis=1)) for colour in colours])
    lines = np.zeros((high, wide + 1), np.uint8)
    lines[:, 1:] = nearest[numbers].reshape(high, wide)
    light = np.where(palette == 0xFC, 0xFF, palette).astype(np.uint8)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", wide, high, 8, 3, 0, 0, 0)
    parts = (
        (b"IHDR", head),
        (b"PLTE", light.tobytes()),
        (b"IDAT", zlib.compress(lines.tobytes(), 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def _printed(workbooks: list[Path], work: Path) -> list[str]:
    """PDFs of workbooks as they look where the functions are installed: of copies that hold values only."""
    user = work / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(_ITALIAN, encoding="utf-8")
    folder = work / "stampa"
    folder.mkdir()
    copies = [Path(shutil.copy(workbook, folder)) for workbook in workbooks]
    for copy in copies:
        _give("recalc", copy, "--values")
        copy.with_suffix(".valori.xlsx").replace(copy)
    if not copies:
        return []
    soffice, profile = programs.find("soffice"), f"-env:UserInstallation={(work / 'profile').as_uri()}"
    paper.run(soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", str(work), *map(str, copies))
    return [str(work / f"{copy.stem}.pdf") for copy in copies]


def screen(page: Path, target: Path) -> None:
    """Draws the top of a page as a browser shows it."""
    with Chromium() as browser:
        size = {"width": _WIDE, "height": _HIGH, "deviceScaleFactor": 1, "mobile": False}
        browser.ask("Emulation.setDeviceMetricsOverride", **size)
        browser.ask("Emulation.setScrollbarsHidden", hidden=True)
        browser.open(page.as_uri())
        target.write_bytes(base64.b64decode(browser.ask("Page.captureScreenshot")["data"]))


def make(folder: Path, names: list[str]) -> list[Path]:
    """Makes pictures; gives their files.

    Args:
        folder: where they go.
        names: which, without ending; all where there are none.
    """
    scorecard = ("new", "scheda", "--struttura", "LIGURIA", "--example")
    wanted = {name: pair for name, pair in _SHEETS.items() if not names or name in names}
    with tempfile.TemporaryDirectory(prefix="immagini_") as home:
        work = Path(home)
        needed = [
            _workbook(name, work) for name in dict.fromkeys(workbook for workbook, _ in wanted.values())
        ]
        printed = dict(zip((path.name for path in needed), _printed(needed, work), strict=True))
        for name, (workbook, title) in wanted.items():
            path = next(path for path in needed if path.name == workbook)
            sheet(printed[workbook], path, title, folder / f"{name}.png")
        if not names or _PAGE in names:
            card = work / "scheda_liguria_2021_T3.xlsx"
            _give(*scorecard, "--trimestre", 3, "--out", card)
            _give("report", card, "--out", work / "pagina.html")
            screen(work / "pagina.html", folder / f"{_PAGE}.png")
    return [folder / f"{name}.png" for name in NAMES if not names or name in names]


def _workbook(name: str, work: Path) -> Path:
    """A filled workbook that pictures show."""
    example = ("new", "scheda", "--example", "--struttura")
    if "liguria" in name:
        _give(*example, "LIGURIA", "--trimestre", 2, "--out", work / name)
        return work / name
    if "nazionale" in name:
        _give(*example, "TUTTE", "--trimestre", 3, "--out", work / "consegne")
        _give("collect", work / "consegne", "--period", "2021-T3", "--out", work / "nazione")
        return work / "nazione" / name
    return official.EXAMPLES / name


def main() -> int:
    """Makes the pictures that are named, or all; says how large they are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--out", type=Path, default=FOLDER)
    options = parser.parse_args()
    made = make(options.out, options.names)
    for path in made:
        print(f"{path.stat().st_size:>8,} {path}")
    return int(any(path.stat().st_size > MOST_BYTES for path in made))


if __name__ == "__main__":
    raise SystemExit(main())
