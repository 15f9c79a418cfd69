"""Checks of Excel on Windows: the program, xlwings' DLL, the add-in, its settings file."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from xl_perf import __version__
from xl_perf.addins.excel import FILE_NAME, described
from xl_perf.addins.excel_vba import SETTINGS_KEYS, SETTINGS_NAME
from xl_perf.doctor.model import Environment, Finding, Level

if TYPE_CHECKING:
    from collections.abc import Iterator

_OFFICE = r"HKCU\Software\Microsoft\Office"
_VERSIONS = ("16.0", "15.0", "14.0")
_CLICK_TO_RUN = r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration"
_INSTALLED = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
_REBUILD = f"run: xl-perf addin excel, and put the new {FILE_NAME} in place while Excel is closed"


def excel(environment: Environment) -> Iterator[Finding]:
    """Whether Excel is installed, its version and bits where Office tells them."""
    if not environment.is_windows:
        yield Finding(Level.OK, "Excel", "the add-in works on Windows only; not checked here")
        return
    office = environment.registry(_CLICK_TO_RUN)
    program = environment.registry(_INSTALLED).get("", "")
    if office.get("VersionToReport"):
        bits = {"x64": ", 64 bit", "x86": ", 32 bit"}.get(office.get("Platform", ""), "")
        yield Finding(Level.OK, "Excel", f"{office['VersionToReport']}{bits}")
    elif program:
        yield Finding(Level.OK, "Excel", program)
    else:
        remedy = "without Excel use xl-perf recalc, or the extension for LibreOffice"
        yield Finding(Level.WARNING, "Excel", "not found", remedy)


def dll(environment: Environment) -> Iterator[Finding]:
    """Whether the DLL of the installed xlwings lies where the add-in looks, and pywin32 is there."""
    if not environment.is_windows:
        return
    version = environment.version_of("xlwings")
    again = f'run: "{environment.executable}" -m pip install --force-reinstall xlwings=={version}'
    if version is None:
        return
    given = read_settings(environment).get("dll")
    folders = (
        [Path(given)] if given else [environment.executable.parent, environment.executable.parent.parent]
    )
    for name in (f"xlwings64-{version}.dll", f"xlwings32-{version}.dll"):
        places = [folder for folder in folders if (folder / name).is_file()]
        if places:
            yield Finding(Level.OK, "DLL", str(places[0] / name))
            continue
        other = sorted(path.name for folder in folders for path in folder.glob(f"{name[:9]}-*.dll"))
        text = f"{name} is not in {folders[0]}" + (f", but {', '.join(other)}" if other else "")
        yield Finding(Level.PROBLEM, "DLL", text, again)
    if environment.version_of("pywin32") is None:
        remedy = f'run: "{environment.executable}" -m pip install pywin32'
        yield Finding(Level.PROBLEM, "pywin32", "is not installed, Excel cannot reach Python", remedy)


def active_addins(environment: Environment) -> list[Path]:
    """The files of our add-in that Excel opens when it starts."""
    folder = Path(environment.variables.get("APPDATA", "")) / "Microsoft" / "AddIns"
    found: list[Path] = []
    for version in _VERSIONS:
        values = environment.registry(rf"{_OFFICE}\{version}\Excel\Options")
        for name, value in sorted(values.items()):
            place = re.sub(r"^(/\w+\s+)+", "", value).strip().strip('"')
            if re.fullmatch(r"OPEN\d*", name) and PureWindowsPath(place).name.lower() == FILE_NAME:
                path = Path(place)
                found.append(path if "\\" in place or "/" in place else folder / place)
    return list(dict.fromkeys(found))


def addin(environment: Environment) -> Iterator[Finding]:
    """Whether Excel opens our add-in, and whether that was made by this installation."""
    if not environment.is_windows:
        return
    subject = "add-in"
    active = active_addins(environment)
    if not active:
        remedy = "build it with xl-perf addin excel; LEGGIMI.txt beside it says how to add it"
        yield Finding(Level.WARNING, subject, "Excel does not open xl_perf.xlam", remedy)
    if len(active) > 1:
        yield Finding(
            Level.PROBLEM,
            subject,
            f"Excel opens {len(active)} of them: {', '.join(map(str, active))}",
            "keep one in Excel's list of add-ins",
        )
    for path in active:
        expected = described(environment.version_of("xlwings") or "")
        try:
            text = _keywords(path)
        except (OSError, KeyError, zipfile.BadZipFile, ET.ParseError) as error:
            yield Finding(Level.PROBLEM, subject, f"{path} cannot be read ({error})", _REBUILD)
            continue
        if text == expected:
            yield Finding(Level.OK, subject, f"{path}, {__version__}")
        else:
            yield Finding(Level.PROBLEM, subject, f"{path} is made for {text}; here is {expected}", _REBUILD)


def _keywords(path: Path) -> str:
    """What the file says that it was made for."""
    with zipfile.ZipFile(path) as archive:
        root = ET.fromstring(archive.read("docProps/core.xml"))  # noqa: S314  # a file that Excel runs macros from
    found = root.find("{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}keywords")
    return (found.text or "") if found is not None else ""


def settings_file(environment: Environment) -> Path | None:
    """The settings file that the add-in takes: beside it, else in the user's profile."""
    places = [path.parent / SETTINGS_NAME for path in active_addins(environment)]
    places.append(Path(environment.variables.get("APPDATA", "")) / "xl_perf" / SETTINGS_NAME)
    return next((place for place in places if place.is_file()), None)


def read_settings(environment: Environment) -> dict[str, str]:
    """Keys and values of the settings file, as the add-in reads them: paths below its folder made full.

    Lines without `=` are under the empty key.
    """
    path = settings_file(environment)
    if path is None:
        return {}
    found = {}
    for line in path.read_text(encoding="utf-8-sig").splitlines():
        text = line.strip()
        if text and not text.startswith("#"):
            key, sign, value = text.partition("=")
            found[key.strip().lower() if sign else ""] = _full(value.strip(), path.parent) if sign else text
    return found


def _full(value: str, folder: Path) -> str:
    """A path of the settings file; one that starts below its folder made full, others as they are."""
    path = PureWindowsPath(value)
    if not value or path.drive or path.root or ".." in path.parts or "/" in value:
        return value
    return str(folder.joinpath(*path.parts))


def settings(environment: Environment) -> Iterator[Finding]:
    """Whether the settings file names a Python that exists, and which."""
    if not environment.is_windows:
        return
    subject = "settings"
    path = settings_file(environment)
    if path is None:
        if active_addins(environment):
            remedy = (
                f"put {SETTINGS_NAME} beside the add-in, with a line: interprete = {environment.executable}"
            )
            yield Finding(Level.PROBLEM, subject, f"there is no {SETTINGS_NAME}", remedy)
        return
    values = read_settings(environment)
    unknown = [key for key in values if key not in SETTINGS_KEYS]
    interpreter = values.get("interprete", "")
    line = f"interprete = {environment.executable}"
    if unknown:
        text = f"{path} has unknown keys: {', '.join(repr(key or values[key]) for key in unknown)}"
        yield Finding(Level.PROBLEM, subject, text, f"the keys are {', '.join(SETTINGS_KEYS)}")
    elif not interpreter:
        yield Finding(Level.PROBLEM, subject, f"{path} names no Python", f"write the line: {line}")
    elif not Path(interpreter).is_file():
        yield Finding(
            Level.PROBLEM, subject, f"{path}: {interpreter} does not exist", f"write the line: {line}"
        )
    elif Path(interpreter).resolve().parent != environment.executable.resolve().parent:
        remedy = f'run the doctor with that one: "{interpreter}" -m xl_perf doctor'
        yield Finding(
            Level.WARNING, subject, f"{path} starts another Python than this one, {interpreter}", remedy
        )
    else:
        yield Finding(Level.OK, subject, str(path))
