"""LibreOffice for the benchmark: a private profile that recalculates on loading, and converting files with it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from tests import calc_office
from tests.bench.measure import Cost, run
from tests.libreoffice import PROFILE, find_soffice
from xl_perf.addins.libreoffice import build

if TYPE_CHECKING:
    from pathlib import Path


class Office:
    """LibreOffice with a profile of its own in a folder."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program = program
        self._profile = folder / "profile"
        user = self._profile / "user"
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(PROFILE, encoding="utf-8")

    @property
    def version(self) -> str:
        """`LibreOffice 7.4.7.2 ...`."""
        done = subprocess.run(self._command("--version"), capture_output=True, text=True, check=True)
        return " ".join(done.stdout.split()[:2])

    def _command(self, *arguments: str) -> list[str]:
        return [self._program, f"-env:UserInstallation={self._profile.as_uri()}", "--headless", *arguments]

    def recalculate(self, paths: list[Path], out: Path) -> Cost:
        """Loads (and so recalculates) files and writes them to a folder, all in one process."""
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        target = "xlsx:Calc MS Excel 2007 XML"
        cost = run(self._command("--convert-to", target, "--outdir", str(out), *map(str, paths)))
        missing = [path.name for path in paths if not (out / path.name).exists()]
        if missing:
            message = f"LibreOffice did not write {', '.join(missing[:5])}"
            raise RuntimeError(message)
        return cost


class OfficeWithAddIn(Office):
    """LibreOffice with our add-in installed; workbooks are spelled for it beforehand (`xl-perf relink --to calc`)."""

    def __init__(self, program: str, folder: Path) -> None:
        folder.mkdir()
        self._program = program
        self._installed, self._profile = calc_office.install(build(folder))
        settings = self._profile / "user" / "registrymodifications.xcu"
        items = PROFILE[PROFILE.index("<item ") : PROFILE.index("</oor:items>")]
        text = settings.read_text(encoding="utf-8") if settings.exists() else PROFILE.replace(items, "")
        settings.write_text(text.replace("</oor:items>", f"{items}</oor:items>"), encoding="utf-8")

    def relinked(self, source: Path) -> Path:
        """The workbook as Calc spells our functions."""
        out = source.parent / "calc"
        run([sys.executable, "-m", "xl_perf", "relink", "--to", "calc", "--out", out, source])
        return out / source.name

    def close(self) -> None:
        """Removes the profile, which is outside the benchmark's folder."""
        shutil.rmtree(self._installed, ignore_errors=True)


def open_office_with_addin(folder: Path) -> OfficeWithAddIn | None:
    """LibreOffice with the add-in, None where the machine lacks something."""
    program = find_soffice()
    return None if program is None or calc_office.missing() else OfficeWithAddIn(program, folder)


def open_office(folder: Path) -> Office | None:
    """LibreOffice with a warm profile, None where it is not installed."""
    program = find_soffice()
    return None if program is None else Office(program, folder)
