"""A Python of its own for the Excel add-in: a folder beside it that can be copied and moved, nothing to install.

It is made of the embeddable Python that python.org offers as a zip, of the wheels that the functions need, and of
xl_perf. The settings name it by a path below their own folder.
"""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from xl_perf.errors import PerfError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FOLDER = "python"
INTERPRETER = f"{FOLDER}\\python.exe"
PACKAGES = ("xlwings", "pywin32", "platformdirs")
"""What the functions and actions import in Excel's Python."""
OLDEST = (3, 11)
_MACHINES = {0x8664: "win_amd64", 0x14C: "win32", 0xAA64: "win_arm64"}
"""Kinds of programs by the number in their header ([PE format], Machine Types)."""
_SITE = PurePosixPath("Lib/site-packages")
_PATHS = (
    "{name}.zip",
    ".",
    "Lib\\site-packages",
    "Lib\\site-packages\\win32",
    "Lib\\site-packages\\win32\\lib",
)
"""Where that Python looks for modules, and nowhere else: a `._pth` file keeps the environment out."""
_OURS = ("xl_perf", "udfs")
_SECONDS = 600


class Embeddable(NamedTuple):
    """An embeddable Python: its version, the platform of its wheels, the name of its library."""

    version: tuple[int, int]
    platform: str
    name: str


def examine(path: Path) -> Embeddable:
    """What an embeddable Python is.

    Raises:
        UsageError: the file is none, or one that is too old.
    """
    expected = "the embeddable package of python.org, a zip such as python-3.12.10-embed-amd64.zip"
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            found = next((m for m in map(re.compile(r"(python3(\d+))\._pth").fullmatch, names) if m), None)
            if found is None or not {"python.exe", f"{found[1]}.dll", f"{found[1]}.zip"} <= set(names):
                raise UsageError("the zip is no embeddable Python", where=str(path), expected=expected)
            version = 3, int(found[2])
            platform = _MACHINES.get(_machine(archive.read("python.exe")), "")
    except (OSError, zipfile.BadZipFile) as error:
        raise UsageError(f"the zip cannot be read ({error})", where=str(path), expected=expected) from error
    if version < OLDEST:
        raise UsageError(
            f"Python {version[0]}.{version[1]} is too old", where=str(path), expected="Python 3.11 or newer"
        )
    if not platform:
        raise UsageError("python.exe is no program for Windows", where=str(path), expected=expected)
    return Embeddable(version, platform, found[1])


def _machine(program: bytes) -> int:
    """Machine type of a Windows program; 0 where it is none."""
    if program[:2] != b"MZ" or len(program) < 0x40:
        return 0
    (start,) = struct.unpack_from("<I", program, 0x3C)
    if program[start : start + 4] != b"PE\0\0" or len(program) < start + 6:
        return 0
    (machine,) = struct.unpack_from("<H", program, start + 4)
    return int(machine)


def bundle(folder: Path, embeddable: Path, wheels: Path | None, xlwings: str) -> Path:
    """Puts a Python with everything that the add-in needs into `folder/python`, in place of one that is there.

    Args:
        folder: the add-in's folder.
        embeddable: the embeddable Python as a zip.
        wheels: folder with the wheels of `PACKAGES`; None asks pip for them.
        xlwings: version of xlwings that the add-in is made for.

    Returns:
        The folder of the Python.

    Raises:
        UsageError: the zip is no embeddable Python, a wheel is missing.
        PerfError: pip cannot get the wheels, or a file cannot be written.
    """
    kind = examine(embeddable)
    target = folder / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f"{FOLDER}.", dir=folder) as name:
            made = Path(name) / FOLDER
            chosen = _chosen(wheels or _downloaded(Path(name), kind, xlwings), kind, xlwings)
            with zipfile.ZipFile(embeddable) as archive:
                archive.extractall(made)
            for wheel in chosen:
                _unpack(wheel, made)
            for package in _OURS:
                source = Path(__file__).parents[2] / package
                shutil.copytree(source, made / _SITE / package, ignore=shutil.ignore_patterns("__pycache__"))
            lines = [*(text.format(name=kind.name) for text in _PATHS), "", "import site", ""]
            (made / f"{kind.name}._pth").write_bytes("\r\n".join(lines).encode())
            if target.exists():
                shutil.rmtree(target)
            made.rename(target)
    except OSError as error:
        raise PerfError(f"cannot be written ({error.strerror})", where=str(target)) from error
    return target


def _downloaded(folder: Path, kind: Embeddable, xlwings: str) -> Path:
    """A folder with the wheels, which pip gets from where it is set up to look."""
    wheels = folder / "wheels"
    wanted = [f"{name}=={xlwings}" if name == "xlwings" else name for name in PACKAGES]
    python = ".".join(map(str, kind.version))
    command = [
        *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"),
        *("--implementation", "cp", "--platform", kind.platform, "--python-version", python),
        *("--dest", str(wheels), *wanted),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)  # noqa: S603
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [""])[-1]
        raise PerfError(
            f"pip cannot get the wheels: {last}",
            remedy="get them elsewhere with pip download, and name their folder with --wheels",
        )
    return wheels


def _chosen(wheels: Path, kind: Embeddable, xlwings: str) -> list[Path]:
    """The wheel of each package that fits the Python."""
    found = []
    for package in PACKAGES:
        version = xlwings if package == "xlwings" else ""
        fitting = [path for path in sorted(wheels.glob("*.whl")) if _fits(path.stem, package, version, kind)]
        if not fitting:
            what = f"{package}=={version}" if version else package
            python = ".".join(map(str, kind.version))
            raise UsageError(
                f"there is no wheel of {what} for Python {python} on {kind.platform}",
                where=str(wheels),
                remedy="get it with pip download --platform --python-version",
            )
        found.append(fitting[-1])
    return found


def _fits(stem: str, package: str, version: str, kind: Embeddable) -> bool:
    """Whether a wheel's name (package-version-python-abi-platform) says that it is of a package and fits a Python."""
    parts = stem.split("-")
    if len(parts) < 5 or parts[0].lower() != package or (version and parts[1] != version):
        return False
    pythons, platforms = parts[-3].split("."), parts[-1].split(".")
    own = f"cp{kind.version[0]}{kind.version[1]}"
    return bool({own, "py3", "py2.py3"} & {*pythons, parts[-3]}) and bool(
        {kind.platform, "any"} & set(platforms)
    )


def _unpack(wheel: Path, python: Path) -> None:
    """Puts a wheel's files where an installer would: modules into site-packages, data below the Python itself."""
    with zipfile.ZipFile(wheel) as archive:
        for entry, place in _places(archive.namelist()):
            path = python / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(archive.read(entry))


def _places(names: Sequence[str]) -> Iterator[tuple[str, PurePosixPath]]:
    """Entry of a wheel -> path below the Python's folder (binary distribution format)."""
    for name in names:
        path = PurePosixPath(name)
        if name.endswith("/") or path.is_absolute() or ".." in path.parts or ":" in name or "\\" in name:
            continue
        if not path.parts[0].endswith(".data"):
            yield name, _SITE / path
        elif path.parts[1] == "data":
            yield name, PurePosixPath(*path.parts[2:])
        elif path.parts[1] in ("purelib", "platlib"):
            yield name, _SITE.joinpath(*path.parts[2:])
