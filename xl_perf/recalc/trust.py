"""Whose values a file holds: Excel's, ours, or another program's."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, Final

from xl_perf.excel.language import ITALIAN, language_named

if TYPE_CHECKING:
    from xl_perf.excel.language import Language
    from xl_perf.package import Package

_EXCEL: Final = re.compile(r"(?:Microsoft )?(?:Macintosh )?Excel(?: (?:Online|Android|iOS|for [\w ]+))?")
_HEADING: Final = re.compile(r"<(?:vt:)?lpstr>([^<]*)</(?:vt:)?lpstr>")
_FIRST_VERSION: Final = 12
"""Excel 2007, the first one with this file format."""


class Trust(Enum):
    """What the stored values of native formulas are worth."""

    NONE = "none"
    """Another program wrote the file, or Excel did and somebody else after it."""
    EXCEL = "excel"
    """Excel saved the file last, or only xl_perf wrote values into it since."""
    STALE = "stale"
    """The same, but formulas that could not be calculated kept values from before a change."""


def trust_in(package: Package) -> Trust:
    """Whether Excel itself calculated the stored values of a file, and nobody else wrote it since.

    The program's name in docProps is not enough, since libraries call themselves Excel too and tools that
    exchange single
    parts leave it as it is: the zip must be as Office writes it, without any date, but for the parts that
    carry our mark (`xl_perf.package.mark`); and the file must not ask for calculation on loading.
    """
    if not saved_by_excel(package):
        return Trust.NONE
    state = package.archive.untouched
    return {"": Trust.NONE, "clean": Trust.EXCEL, "stale": Trust.STALE}[state]


def language_of(package: Package) -> Language:
    """The language in which a workbook's formulas write and read: Italian for official ones, else as docProps tell."""
    if any(table.name == "tblMetadati" for table in package.tables):
        return ITALIAN
    part = next((part for part in package.parts if part.lower() == "docprops/app.xml"), None)
    text = "" if part is None else package.read(part).decode("utf-8", "replace")
    found = _HEADING.search(text)
    return language_named(found[1] if found else "")


def saved_by_excel(package: Package) -> bool:
    """True where a file says that Excel saved it, in a way that Excel says so."""
    if not (_EXCEL.fullmatch(package.application) or not package.application):
        return False
    calc = package.calc_properties
    if calc.full_on_load or calc.calc_id is None or calc.mode == "manual":
        return False
    version = package.application_version.partition(".")[0]
    return version.isdecimal() and int(version) >= _FIRST_VERSION
