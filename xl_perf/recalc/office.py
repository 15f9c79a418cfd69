"""The second engine: LibreOffice without a window, in a profile of its own, with our functions as its add-in.

It gets copies with the cells that matter and nothing else, as the first engine does, so there is no link, picture or
macro that it could follow. One start does many files. Its numbers come back with 15 digits.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import importlib
import io
import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xl_perf.errors import RecalcError, WorkbookError
from xl_perf.package import Package

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NAME: Final = "libreoffice"
_SETTINGS: Final = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Calculation"><prop oor:name="UseThreadedCalculationForFormulaGroups" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
</oor:items>
"""
"""Every file is calculated on loading, by one thread; macros never run, links are never updated.

Several threads may read a cell behind a name before it is calculated.
"""
_PREFIX: Final = "xl-perf-office-"
_PLACES: Final = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.com",
    "C:/Program Files (x86)/LibreOffice/program/soffice.com",
)
_KEY: Final = r"SOFTWARE\LibreOffice\UNO\InstallPath"


def find_office() -> str | None:
    """Path of LibreOffice's program, None where it is not installed."""
    for name in ("soffice", "libreoffice"):
        found = shutil.which(name)
        if found:
            return found
    registered = [Path(folder, "soffice.com") for folder in _registered()]
    return next((str(place) for place in (*registered, *map(Path, _PLACES)) if place.is_file()), None)


def _registered() -> Iterator[str]:
    """On Windows: the folders in which installations say they are."""
    if os.name != "nt":
        return
    registry: Any = importlib.import_module("winreg")
    for root in (registry.HKEY_CURRENT_USER, registry.HKEY_LOCAL_MACHINE):
        with contextlib.suppress(OSError):
            yield str(registry.QueryValue(root, _KEY))


class Office:
    """LibreOffice with a profile in a temporary folder, which goes when the process ends.

    Raises:
        RecalcError: LibreOffice is not installed, or the profile cannot be made.
    """

    def __init__(self) -> None:
        program = find_office()
        if program is None:
            raise RecalcError(
                "LibreOffice is not installed (no program soffice)",
                remedy="install it, or leave out --engine and --verify",
            )
        self._program = program
        _sweep()
        try:
            self._folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
            atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
            self._make_profile()
        except OSError as error:
            raise RecalcError(f"LibreOffice's profile cannot be made ({error.strerror})") from error
        self._runs = 0

    def _make_profile(self) -> None:
        from xl_perf.addins.libreoffice import extension  # noqa: PLC0415 - only where it is used

        user = self._folder / "profile" / "user"
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        with zipfile.ZipFile(io.BytesIO(extension())) as archive:
            archive.extractall(self._folder / "extensions" / "xl_perf")

    @functools.cached_property
    def version(self) -> str:
        """The version, e.g. `7.4.7.2`."""
        found = re.search(r"\d+(?:\.\d+)+", self._run(["--version"], 60))
        return found[0] if found else ""

    def _run(self, arguments: list[str], seconds: float | None, edition: str = "") -> str:
        command = [
            self._program,
            f"-env:UserInstallation={(self._folder / 'profile').as_uri()}",
            f"-env:BUNDLED_EXTENSIONS={(self._folder / 'extensions').as_uri()}",
            "--headless",
            "--norestore",
            *arguments,
        ]
        # LibreOffice has a Python of its own, which would take our packages for its own
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        environment["XL_PERF_EDITION"] = edition  # for what functions take from the plan
        try:
            done = subprocess.run(  # noqa: S603 - LibreOffice, arguments of our own
                command,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=seconds,
                check=False,
                env=environment,
                stdin=subprocess.DEVNULL,
            )
        except subprocess.TimeoutExpired as error:
            raise RecalcError("LibreOffice took too long", remedy="raise the time limit") from error
        except OSError as error:
            raise RecalcError(f"LibreOffice cannot be started ({error.strerror})") from error
        return done.stdout + done.stderr

    def convert(self, copies: Sequence[Path], seconds: float | None, edition: str = "") -> dict[Path, Path]:
        """Workbooks of our own making as LibreOffice calculated and wrote them, all in one start.

        Args:
            copies: the workbooks, of different names.
            seconds: longest time for all.
            edition: id of the plan's edition to calculate with; the newest when empty.

        Returns:
            The results by copy; one for which LibreOffice gave none, or before which it ended, is not among them.

        Raises:
            RecalcError: it took too long, or cannot be started.
        """
        self._runs += 1
        out = self._folder / f"out{self._runs}"
        form = "xlsx:Calc MS Excel 2007 XML"
        self._run(["--convert-to", form, "--outdir", str(out), *map(str, copies)], seconds, edition)
        return {copy: result for copy in copies if (result := out / copy.name).is_file()}

    def calculate(self, copy: bytes, seconds: float | None, edition: str = "") -> Package:
        """One copy as LibreOffice calculated and wrote it.

        Raises:
            RecalcError: LibreOffice did not give a workbook back, or took too long.
        """
        source = self._folder / f"copia{self._runs}.xlsx"
        result = None
        try:
            source.write_bytes(copy)
            result = self.convert([source], seconds, edition).get(source)
            if result is None:
                raise RecalcError("LibreOffice could not calculate the copy")
            return Package(result.read_bytes(), "LibreOffice")
        except (OSError, WorkbookError) as error:
            raise RecalcError(f"LibreOffice's result cannot be read: {error}") from error
        finally:
            for path in (source, result):
                if path is not None:
                    path.unlink(missing_ok=True)


@functools.cache
def office() -> Office:
    """LibreOffice for this process, started when first needed.

    Raises:
        RecalcError: it is not installed.
    """
    return Office()


def folder_for(process: int, name: str, edition: str) -> Path:
    """A folder for copies that wait for LibreOffice, which goes with the process at the latest."""
    folder = Path(tempfile.gettempdir(), f"{_PREFIX}{process}-{name}")
    folder.mkdir(mode=0o700, exist_ok=True)
    inside = folder / f"edition-{edition}"
    inside.mkdir(mode=0o700, exist_ok=True)
    return inside


def _sweep() -> None:
    """Removes the profiles of processes that were killed."""
    for path in _profiles():
        process = path.name[len(_PREFIX) :].partition("-")[0]
        if os.name != "nt" and process.isdecimal() and not Path(f"/proc/{process}").exists():
            with contextlib.suppress(OSError):
                os.kill(int(process), 0)
                continue
            shutil.rmtree(path, ignore_errors=True)


def _profiles() -> Iterator[Path]:
    with contextlib.suppress(OSError):
        yield from Path(tempfile.gettempdir()).glob(f"{_PREFIX}*")
