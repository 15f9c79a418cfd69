"""What keeps Excel from running the add-in: settings of macros, signatures, trusted locations, Defender, downloads."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, NamedTuple

from xl_perf.doctor.excel import active_addins, read_settings
from xl_perf.doctor.model import Environment, Finding, Level

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ROOTS = (
    r"HKLM\Software\Policies\Microsoft\Office",
    r"HKCU\Software\Policies\Microsoft\Cloud\Office",
    r"HKCU\Software\Policies\Microsoft\Office",
    r"HKCU\Software\Microsoft\Office",
)
"""Where Office looks, the strongest first: policies of the machine, of the cloud, of the user, the user's own."""
_VERSIONS = ("16.0", "15.0", "14.0")
_LOCATIONS = 40
"""Trusted locations are keys `Location0`, `Location1` ..., with gaps."""
_ALL_OFF, _SIGNED_ONLY = "4", "3"
_DEFENDER = r"Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR"
_RULES = (rf"HKLM\SOFTWARE\Policies\{_DEFENDER}\Rules", rf"HKLM\SOFTWARE\{_DEFENDER}\Rules")
_EXCLUSIONS = tuple(key.replace(r"\Rules", r"\ASROnlyExclusions") for key in _RULES)
_MANAGED = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Policy Manager"
"""Where a device management puts the rules, as `rule=state|rule=state`."""
_BLOCK, _WARN = "1", "6"
_CHILD_PROCESSES = "d4f940ab-401b-4efc-aadc-ad5f3c50688a"
_WIN32_CALLS = "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b"
_INTERNET = 3
"""Zone from which Windows warns (4: restricted sites)."""


class _Setting(NamedTuple):
    """A value in force, and the key that it stands in; both empty where nothing is set."""

    value: str
    key: str


def _setting(environment: Environment, place: str, name: str) -> _Setting:
    """The value in force below the key of a version; names without regard to case."""
    for version in _VERSIONS:
        for root in _ROOTS:
            key = rf"{root}\{version}\{place}"
            values = {known.lower(): value for known, value in environment.registry(key).items()}
            if name.lower() in values:
                return _Setting(values[name.lower()], key)
    return _Setting("", "")


def macros(environment: Environment) -> Iterator[Finding]:
    """Whether a setting or a policy keeps Excel from running the add-in's macros."""
    if not environment.is_windows:
        return
    value, key = _setting(environment, r"Excel\Security", "VBAWarnings")
    subject = "macros"
    if value not in (_ALL_OFF, _SIGNED_ONLY) or _trusted(environment):
        yield Finding(Level.OK, subject, "the add-in's macros may run")
    elif value == _ALL_OFF:
        remedy = f"put the add-in's folder among Excel's trusted locations, or ask who sets {key}"
        yield Finding(Level.WARNING, subject, "Excel runs no macros without asking (VBAWarnings 4)", remedy)
    elif _unsigned(environment):
        remedy = f"sign xl_perf.xlam, put its folder among Excel's trusted locations, or ask who sets {key}"
        yield Finding(Level.WARNING, subject, "Excel runs signed macros only (VBAWarnings 3)", remedy)
    else:
        yield Finding(Level.OK, subject, "Excel runs signed macros only, and the add-in is signed")


def signatures(environment: Environment) -> Iterator[Finding]:
    """Whether Excel wants add-ins to be signed, in trusted locations too, or loads none at all."""
    if not environment.is_windows:
        return
    subject = "signature"
    value, key = _setting(environment, r"Excel\Security", "DisableAllAddins")
    if value == "1":
        yield Finding(
            Level.PROBLEM, subject, "Excel loads no add-ins", f"ask who sets DisableAllAddins in {key}"
        )
        return
    for place, name in (
        (r"Excel\Security", "RequireAddinSig"),
        (r"Common\Security", "RequireAlwaysOnMacroSig"),
    ):
        value, key = _setting(environment, place, name)
        if value == "1" and _unsigned(environment):
            text = f"Excel loads signed add-ins only ({name}), in trusted locations too"
            yield Finding(Level.PROBLEM, subject, text, f"sign xl_perf.xlam, or ask who sets {key}")
            return
    yield Finding(Level.OK, subject, "not asked for" if _unsigned(environment) else "the add-in is signed")


def downloads(environment: Environment) -> Iterator[Finding]:
    """Whether Windows has marked the add-in as coming from the internet or by mail: Excel then blocks its macros."""
    if not environment.is_windows:
        return
    for path in active_addins(environment):
        mark = Path(f"{path}:Zone.Identifier")
        try:
            text = mark.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        zone = re.search(r"ZoneId\s*=\s*(\d+)", text)
        if zone and int(zone[1]) >= _INTERNET:
            remedy = "right click, Properties, Unblock; or copy it from a network folder of the office"
            yield Finding(Level.PROBLEM, "download", f"{path} is marked as coming from the internet", remedy)


def defender(environment: Environment) -> Iterator[Finding]:
    """Whether Defender's rules keep macros from starting Python or from calling Windows."""
    if not environment.is_windows:
        return
    python = [PureWindowsPath(read_settings(environment).get("interprete") or environment.executable)]
    addins = [PureWindowsPath(path) for path in active_addins(environment)]
    fine = True
    for level, paths, key in _stopped(environment, _CHILD_PROCESSES, python):
        fine = False
        text = f"Office programs may not start others (ASR {_CHILD_PROCESSES})"
        yield Finding(level, "Defender", text, f"ask for an exclusion for {paths}, or ask who sets {key}")
    for level, paths, key in _stopped(environment, _WIN32_CALLS, addins):
        fine = False
        text = f"macros may not call Windows (ASR {_WIN32_CALLS})"
        yield Finding(level, "Defender", text, f"ask for an exclusion for {paths}, or ask who sets {key}")
    if fine:
        yield Finding(Level.OK, "Defender", "no rule stops the add-in")


def _stopped(
    environment: Environment, rule: str, paths: Sequence[PureWindowsPath]
) -> Iterator[tuple[Level, str, str]]:
    """How bad it is, the paths that need an exclusion, the key of the rule; nothing where it does not concern them."""
    state, key = _rule(environment, rule)
    if state in (_BLOCK, _WARN) and not (paths and all(_excluded(environment, path) for path in paths)):
        level = Level.PROBLEM if state == _BLOCK else Level.WARNING
        yield level, ", ".join(map(str, paths)) or "xl_perf.xlam", key


def _unsigned(environment: Environment) -> bool:
    """Whether an add-in that Excel opens has no signature; that its certificate is trusted is not known here."""
    return not all(map(_signed, active_addins(environment)) or [False])


def _signed(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any("vbaprojectsignature" in name.lower() for name in archive.namelist())
    except (OSError, zipfile.BadZipFile):
        return False


def _trusted(environment: Environment) -> bool:
    """Whether every add-in that Excel opens lies in a trusted location that is in force."""
    place = r"Excel\Security\Trusted Locations"
    if _setting(environment, place, "AllLocationsDisabled").value == "1":
        return False
    network = _setting(environment, place, "AllowNetworkLocations").value == "1"
    folders = [path.parent for path in active_addins(environment)]
    return bool(folders) and all(
        any(_within(_plain(folder), trusted, deep=deep) for trusted, deep in _locations(environment, place))
        and (network or not str(folder).startswith("\\\\"))
        for folder in folders
    )


def _locations(environment: Environment, place: str) -> Iterator[tuple[PureWindowsPath, bool]]:
    """The trusted locations, and whether the folders below them are trusted too."""
    for version in _VERSIONS:
        for root in _ROOTS:
            for number in range(_LOCATIONS):
                values = environment.registry(rf"{root}\{version}\{place}\Location{number}")
                if values.get("Path"):
                    path = _expanded(environment, values["Path"])
                    yield PureWindowsPath(path.lower()), values.get("AllowSubFolders") == "1"


def _expanded(environment: Environment, text: str) -> str:
    """A path with the environment's variables in place of `%NAME%`."""
    known = {name.upper(): value for name, value in environment.variables.items()}
    return re.sub(r"%(\w+)%", lambda found: known.get(found[1].upper(), found[0]), text)


def _plain(path: Path | PureWindowsPath) -> PureWindowsPath:
    return PureWindowsPath(str(path).lower())


def _within(path: PureWindowsPath, folder: PureWindowsPath, *, deep: bool = True) -> bool:
    return path == folder or (deep and folder in path.parents)


def _rule(environment: Environment, rule: str) -> _Setting:
    """The state of a rule of Defender: 0 off, 1 block, 2 audit, 6 warn."""
    for key in _RULES:
        values = {name.lower(): value for name, value in environment.registry(key).items()}
        if rule in values:
            return _Setting(values[rule], key)
    for entry in environment.registry(_MANAGED).get("ASRRules", "").split("|"):
        name, _, state = entry.partition("=")
        if name.strip().lower() == rule:
            return _Setting(state.strip(), _MANAGED)
    return _Setting("", "")


def _excluded(environment: Environment, path: PureWindowsPath) -> bool:
    """Whether the rules leave a path alone."""
    names = [name for key in _EXCLUSIONS for name in environment.registry(key)]
    names += environment.registry(_MANAGED).get("ASROnlyExclusions", "").split("|")
    folders = [_plain(PureWindowsPath(_expanded(environment, name))) for name in names if name.strip()]
    return any(_within(_plain(path), folder) for folder in folders)
