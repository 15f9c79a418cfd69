"""Checks for every machine: Python, packages, engine, plan data, temporary files, decimal separator, LibreOffice."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.doctor.model import Environment, Finding, Level
from xl_perf.errors import PerfError

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPECIFIER = re.compile(r"(>=|<=|==|!=|<|>)\s*([\d.]+)")
_SHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1" spans="1:3"><c r="A1" s="1" t="inlineStr"><is><t>pervenuto</t></is></c><c r="B1"><v>1.5</v></c>'
    b'<c r="C1" s="2"><f>B1*2</f><v>3</v></c></row><row r="2"><c r="A2" t="str"><f>A1</f><v>pervenuto</v></c></row>'
    b"</sheetData></worksheet>"
)
"""A constant before a formula cell and a row before a formula cell: what a program writes."""
_LIBREOFFICE_PLACES = (
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)


def numbers(version: str) -> tuple[int, ...]:
    """The leading numbers of a version, without zeros at the end: `1.26.0rc1` is (1, 26)."""
    found = re.match(r"\d+(\.\d+)*", version)
    parts = [int(part) for part in found.group().split(".")] if found else []
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def fits(version: str, ranges: str) -> bool:
    """Whether a version lies in a range such as `>=1.26,<3`."""
    own = numbers(version)
    tests = {
        ">=": lambda limit: own >= limit,
        "<=": lambda limit: own <= limit,
        "==": lambda limit: own == limit,
        "!=": lambda limit: own != limit,
        "<": lambda limit: own < limit,
        ">": lambda limit: own > limit,
    }
    return all(tests[sign](numbers(limit)) for sign, limit in _SPECIFIER.findall(ranges))


def python(environment: Environment) -> Iterator[Finding]:
    """Version and bits of the interpreter."""
    text = f"{environment.python}, {environment.bits} bit, {environment.executable}"
    if not fits(environment.python, environment.requires_python):
        yield Finding(Level.PROBLEM, "Python", text, f"install Python {environment.requires_python}")
    elif environment.bits < 64:
        remedy = "use a 64-bit Python, with 32-bit Excel too: they run in processes of their own"
        yield Finding(Level.WARNING, "Python", text, remedy)
    else:
        yield Finding(Level.OK, "Python", text)


def packages(environment: Environment) -> Iterator[Finding]:
    """Versions of what xl_perf needs, against the ranges that it declares."""
    if not environment.requirements:
        yield Finding(
            Level.WARNING,
            "packages",
            "xl_perf is not installed in this Python, so its requirements are not known",
            "install it with pip",
        )
    for requirement in environment.requirements:
        specification, marker, _ = requirement.partition(";")
        found = re.match(r"\s*([\w.-]+)\s*(.*)", specification)
        assert found is not None
        name, ranges = found[1], found[2].strip("() ")
        version = environment.version_of(name)
        remedy = f'run: "{environment.executable}" -m pip install "{name}{ranges}"'
        if version is None and marker:
            yield Finding(Level.OK, name, "is not installed, some machines do without it")
        elif version is None:
            yield Finding(Level.PROBLEM, name, "is not installed", remedy)
        elif not fits(version, ranges):
            yield Finding(Level.PROBLEM, name, f"{version}, expected {ranges}", remedy)
        else:
            yield Finding(Level.OK, name, version)


def engine(_environment: Environment) -> Iterator[Finding]:
    """Whether the calculation engine loads."""
    try:
        from xl_perf.recalc.engine import version  # noqa: PLC0415  # may be missing, which is what is looked for

        yield Finding(Level.OK, "engine", f"formualizer {version()} loads")
    except (ImportError, OSError) as error:
        remedy = "install formualizer again; on Windows also the Visual C++ runtime"
        yield Finding(Level.PROBLEM, "engine", f"does not load: {error}", remedy)


def quick_reading(_environment: Environment) -> Iterator[Finding]:
    """Whether sheets of the form that programs write are read the quick way on this Python."""
    from xl_perf.package.scalars import Decoder  # noqa: PLC0415
    from xl_perf.package.sheetscan import scan_sheet  # noqa: PLC0415
    from xl_perf.package.xmlpart import decode  # noqa: PLC0415

    if scan_sheet(decode(_SHEET, "doctor"), Decoder("doctor", [], False, frozenset()), 100) is not None:
        yield Finding(Level.OK, "quick reading", "sheets are read the quick way")
    else:
        text = "sheets are read cell by cell, which is right and takes twice the time"
        remedy = "use another version of Python, and tell the project the one that you have"
        yield Finding(Level.WARNING, "quick reading", text, remedy)


def plan(_environment: Environment) -> Iterator[Finding]:
    """Whether the plan's data load, and their checks agree."""
    from xl_perf.plan import load_edition  # noqa: PLC0415
    from xl_perf.plan.checks import run_checks  # noqa: PLC0415
    from xl_perf.plan.library import entries  # noqa: PLC0415

    for entry in entries():
        edition = entry.id
        try:
            report = run_checks(load_edition(edition))
        except PerfError as error:
            remedy = f"xl-perf edition remove {edition}" if entry.installed else "install xl_perf again"
            yield Finding(Level.PROBLEM, "plan data", str(error), remedy)
            continue
        if report.ok:
            yield Finding(Level.OK, "plan data", f"{edition} loads, its checks agree")
        else:
            yield Finding(
                Level.PROBLEM,
                "plan data",
                f"{edition}: checks disagree",
                f"xl-perf plan check --edition {edition} says which",
            )


def temporary_files(environment: Environment) -> Iterator[Finding]:
    """Whether files can be made in the folder for temporary ones."""
    subject = "temporary files"
    try:
        with tempfile.TemporaryFile(dir=environment.temporary) as file:
            file.write(b"xl_perf")
    except OSError as error:
        text = f"{environment.temporary} cannot be written: {error.strerror}"
        yield Finding(Level.PROBLEM, subject, text, "set the variable TEMP to a folder that can")
    else:
        yield Finding(Level.OK, subject, f"{environment.temporary} can be written")


def decimal_separator(environment: Environment) -> Iterator[Finding]:
    """How numbers are typed: on Windows the settings that Excel goes by, elsewhere the locale's."""
    settings = environment.registry(r"HKCU\Control Panel\International")
    point = settings.get("sDecimal", environment.decimal_point)
    thousands = settings.get("sThousand", environment.thousands)
    lists = settings.get("sList", "")
    text = f"decimals {point!r}, thousands {thousands!r}" + (f", lists {lists!r}" if lists else "")
    remedy = "change it in the region settings of the system"
    if point == thousands:
        yield Finding(Level.PROBLEM, "separators", f"{text}: decimals and thousands look the same", remedy)
    elif point == lists:
        yield Finding(Level.PROBLEM, "separators", f"{text}: decimals and lists look the same", remedy)
    elif environment.is_windows and point != ",":
        said = f"{text}: a number typed with a decimal comma becomes text"
        yield Finding(Level.WARNING, "separators", said, "type decimals with it, or choose Italian formats")
    else:
        yield Finding(Level.OK, "separators", text)


def libreoffice(environment: Environment) -> Iterator[Finding]:
    """LibreOffice, which only those need who use the functions in Calc."""
    from xl_perf.addins.calc_texts import OLDEST_LIBREOFFICE  # noqa: PLC0415

    program = environment.find_program("soffice") or environment.find_program("libreoffice")
    if program is None:
        program = next((place for place in _LIBREOFFICE_PLACES if Path(place).is_file()), None)
    if program is None:
        yield Finding(Level.OK, "LibreOffice", "not found; needed only for the functions in Calc")
        return
    answer = environment.run([program, "--version"])
    found = re.search(r"LibreOffice\s+(\d+(?:\.\d+)+)", answer)
    if found is None:
        yield Finding(
            Level.WARNING,
            "LibreOffice",
            f"{program} does not say its version",
            "start it once by hand and look",
        )
    elif numbers(found[1]) < numbers(OLDEST_LIBREOFFICE):
        remedy = f"install {OLDEST_LIBREOFFICE} or later to use the functions in Calc"
        yield Finding(Level.WARNING, "LibreOffice", f"{found[1]}, too old for the extension", remedy)
    else:
        yield Finding(Level.OK, "LibreOffice", f"{found[1]}, {program}")
