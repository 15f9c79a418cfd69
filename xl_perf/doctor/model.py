"""What the checks look at, and what they say."""

from __future__ import annotations

import contextlib
import locale
import os
import shutil
import struct
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_DISTRIBUTION = "xl-perf"
_SECONDS = 60


class Level(StrEnum):
    """How bad a finding is."""

    OK = "ok"
    WARNING = "warning"
    """Works, but something may surprise."""
    PROBLEM = "problem"
    """Something of xl_perf does not work."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found; `remedy` says what to do, empty where nothing is wrong."""

    level: Level
    subject: str
    text: str
    remedy: str = ""


def no_registry(_key: str) -> Mapping[str, str]:
    """The registry of a machine without one."""
    return {}


@dataclass(frozen=True)
class Environment:
    """A machine as the checks see it; `here` gives this one."""

    platform: str = "linux"
    """As `sys.platform`."""
    python: str = "3.11.0"
    bits: int = 64
    executable: Path = Path("python")
    prefix: Path = Path()
    requires_python: str = ""
    """Range of versions that xl_perf is made for, e.g. `>=3.11`."""
    requirements: tuple[str, ...] = ()
    """Requirements of the installed xl_perf, e.g. `numpy<3,>=1.26`; none where it is not installed."""
    version_of: Callable[[str], str | None] = lambda _name: None
    """Version of an installed distribution, None where it is not installed."""
    find_program: Callable[[str], str | None] = lambda _name: None
    run: Callable[[list[str]], str] = lambda _command: ""
    """Output of a program."""
    variables: Mapping[str, str] = field(default_factory=dict)
    registry: Callable[[str], Mapping[str, str]] = no_registry
    """Values of a key such as `HKCU\\Software\\...` by name; none where the key does not exist."""
    temporary: Path = Path()
    decimal_point: str = ","
    thousands: str = ""

    @property
    def is_windows(self) -> bool:
        """Whether Excel's add-in can work here."""
        return self.platform == "win32"


def here() -> Environment:
    """This machine and the Python that runs."""
    requires, requirements = _own_metadata()
    point, thousands = _separators()
    return Environment(
        platform=sys.platform,
        python=".".join(map(str, sys.version_info[:3])),
        bits=8 * struct.calcsize("P"),
        executable=Path(sys.executable),
        prefix=Path(sys.prefix),
        requires_python=requires,
        requirements=requirements,
        version_of=_version_of,
        find_program=shutil.which,
        run=_run,
        variables=os.environ,
        registry=_registry,
        temporary=Path(tempfile.gettempdir()),
        decimal_point=point,
        thousands=thousands,
    )


def _own_metadata() -> tuple[str, tuple[str, ...]]:
    try:
        own = metadata.metadata(_DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return "", ()
    ranges = own.get_all("Requires-Python") or [""]
    needed = own.get_all("Requires-Dist") or []
    return ranges[0], tuple(text for text in needed if "extra ==" not in text)


def _version_of(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)  # noqa: S603
    return done.stdout


def _separators() -> tuple[str, str]:
    """Decimal point and thousands separator of the user's locale."""
    before = locale.setlocale(locale.LC_NUMERIC)
    with contextlib.suppress(locale.Error):
        locale.setlocale(locale.LC_NUMERIC, "")
    found = locale.localeconv()
    locale.setlocale(locale.LC_NUMERIC, before)
    return str(found["decimal_point"]), str(found["thousands_sep"])


def _registry(key: str) -> Mapping[str, str]:
    if sys.platform != "win32":
        return {}
    import winreg  # noqa: PLC0415  # Windows only

    root, _, path = key.partition("\\")
    roots = {"HKCU": winreg.HKEY_CURRENT_USER, "HKLM": winreg.HKEY_LOCAL_MACHINE}
    found: dict[str, str] = {}
    with contextlib.suppress(OSError), winreg.OpenKey(roots[root], path) as opened:
        for number in range(winreg.QueryInfoKey(opened)[1]):
            name, value, _ = winreg.EnumValue(opened, number)
            found[name] = str(value)
    return found
