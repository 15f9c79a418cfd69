"""Finds out whether xl_perf can work on this machine: one finding per check, with what to do where something is wrong.

A check is a function from an `Environment` to findings; it changes nothing but a file in the folder for
temporary files, which it removes. `examine` runs all of them, and a check that fails itself is a problem too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.doctor import excel, excel_security, general
from xl_perf.doctor.model import Environment, Finding, Level, here
from xl_perf.language import translated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["CHECKS", "OF_EXCEL", "Environment", "Finding", "Level", "examine", "format_findings", "here"]

CHECKS: tuple[Callable[[Environment], Iterable[Finding]], ...] = (
    general.python,
    general.packages,
    general.engine,
    general.quick_reading,
    general.plan,
    general.temporary_files,
    general.decimal_separator,
    general.libreoffice,
    excel.excel,
    excel.dll,
    excel.addin,
    excel.settings,
    excel_security.macros,
    excel_security.signatures,
    excel_security.downloads,
    excel_security.defender,
)
OF_EXCEL = tuple(check for check in CHECKS if "excel" in check.__module__)
"""Those of Excel and its add-in, which run in a Python that has nothing else."""


def examine(
    environment: Environment,
    checks: Iterable[Callable[[Environment], Iterable[Finding]]] = CHECKS,
) -> list[Finding]:
    """The findings of all checks, in their order."""
    found: list[Finding] = []
    for check in checks:
        try:
            found += check(environment)
        except Exception as error:  # noqa: BLE001  # whatever a broken installation throws is a finding
            name = check.__name__.replace("_", " ")
            found.append(Finding(Level.PROBLEM, name, f"cannot be checked: {type(error).__name__}: {error}"))
    return found


def format_findings(findings: Iterable[Finding]) -> str:
    """One line each: level, subject, what was found and, where something is wrong, what to do."""
    return "\n".join(map(_line, findings))


def _line(finding: Finding) -> str:
    level, subject, text, remedy = map(
        translated, (finding.level, finding.subject, finding.text, finding.remedy)
    )
    return f"{level:<8} {subject:<18} {text}" + (f". {remedy[0].upper()}{remedy[1:]}" if remedy else "")
