"""A page as PDF: by the browser of the machine where there is one, else by LibreOffice."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xl_perf.errors import WorkbookError
from xl_perf.package import write_atomic
from xl_perf.recalc.office import find_office

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_NAMES: Final = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge",
    "microsoft-edge-stable", "msedge", "chrome",
)  # fmt: skip
_ON_WINDOWS: Final = ("Microsoft/Edge/Application/msedge.exe", "Google/Chrome/Application/chrome.exe")
"""Below the folders of programs."""
_FOLDERS: Final = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
_ON_MAC: Final = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
_SECONDS: Final = 180


def find_browser() -> str | None:
    """Path of a browser that prints pages (Chromium, Chrome, Edge); None where there is none."""
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return found
    return next((str(place) for place in _places() if place.is_file()), None)


def _places() -> Iterator[Path]:
    for folder in filter(None, map(os.environ.get, _FOLDERS)):
        yield from (Path(folder, program) for program in _ON_WINDOWS)
    yield from map(Path, _ON_MAC)


def write_pdf(page_of: Callable[[bool], str], path: Path) -> str:
    """Prints a page.

    Args:
        page_of: gives the page, which needs neither network nor script; with True one for LibreOffice, which
            knows neither levels that are closed nor pictures inside of pages.
        path: the PDF, replaced when it is there.

    Returns:
        The program that printed it.

    Raises:
        WorkbookError: there is no program that prints, or it failed. Nothing was written.
    """
    browser, office = find_browser(), find_office()
    if browser is None and office is None:
        raise WorkbookError(
            "no program that prints pages",
            where=str(path),
            expected="Edge, Chrome or Chromium, or LibreOffice",
            remedy="open the page and print it",
        )
    with tempfile.TemporaryDirectory(prefix="xl-perf-pdf-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        page, pdf = folder / "pagina.html", folder / "pagina.pdf"
        page.write_text(page_of(browser is None), encoding="utf-8")
        command = (
            _browser(browser, folder, page, pdf)
            if browser is not None
            else _office(str(office), folder, page)
        )
        said = _run(command, folder)
        if not pdf.is_file() or not pdf.stat().st_size:
            raise WorkbookError(f"{Path(command[0]).name} made no PDF: {said}", where=str(path))
        write_atomic(path, pdf.read_bytes())
    return Path(command[0]).stem


def _browser(program: str, folder: Path, page: Path, pdf: Path) -> list[str]:
    # A browser that runs as root (a server, a container) does not start with its sandbox; the page has no script.
    alone = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return [
        program, "--headless", *alone, "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
        "--disable-extensions",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        f"--user-data-dir={folder / 'profilo'}",
        "--no-pdf-header-footer", f"--print-to-pdf={pdf}", page.as_uri(),
    ]  # fmt: skip


def _office(program: str, folder: Path, page: Path) -> list[str]:
    profile = f"-env:UserInstallation={(folder / 'profilo').as_uri()}"
    return [
        program, profile, "--headless", "--norestore", "--convert-to", "pdf:writer_web_pdf_Export",
        "--outdir", str(folder), str(page),
    ]  # fmt: skip


def _run(command: Sequence[str], folder: Path) -> str:
    """Runs a program to its end; what it said, for messages."""
    try:
        done = subprocess.run(  # noqa: S603 - a program that was looked for, arguments of our own
            command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    return f"exit status {done.returncode}{f', {lines[-1]}' if lines else ''}"
