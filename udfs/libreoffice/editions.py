"""Editions of the plan inside the Calc add-in.

The same `Plan` as `xl_perf.plan` loads, from modules made at build time.

Takes the place of `xl_perf.plan` in the extension, whose Python may be too old for the data files' reader.
Editions that `xl-perf edition install` put into the user's data folder lie there as such modules too and are
found by the same rules.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xl_perf_calc.plan_data import EDITIONS  # type: ignore[import-not-found]  # made at build time

from xl_perf.errors import PlanError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xl_perf.plan.model import Plan

__all__ = ["edition_ids", "load_edition", "use_whole", "when_forgotten"]


def data_folder() -> Path:
    """The user's data folder of xl_perf, as `xl_perf.plan.library.data_folder` finds it with platformdirs."""
    given = os.environ.get("XL_PERF_DATA", "")
    if given:
        return Path(given)
    home = Path.home()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME", "").strip() or home / ".local" / "share")
    return base / "xl_perf"


@cache
def _installed() -> Mapping[str, Mapping[str, Any]]:
    """Id -> index of each installed edition that can be read."""
    found = {}
    for path in sorted((data_folder() / "edizioni").glob("*.json")):
        try:
            index = json.loads(path.read_text(encoding="utf-8"))
            index["codice"] = str(path.parent / (index["cartella"] + ".py"))
            found[index["id"]] = {**index, "chiave": (index["valida_dal"], index["ultimo_atto"])}
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return found


def edition_ids() -> tuple[str, ...]:
    """Ids of the editions in the extension and of those installed; the newest, by first day and last act, is last."""
    keys = {name: (first, last) for name, (_, first, last) in EDITIONS.items()}
    keys.update({name: index["chiave"] for name, index in _installed().items() if name not in EDITIONS})
    return tuple(sorted(keys, key=lambda name: (keys[name], name)))


def when_forgotten(clear: Callable[[], None]) -> None:
    """Nothing to do: LibreOffice looks at the data folder once, when it starts."""
    del clear


_WHOLE: list[bool] = []
"""Not empty once somebody asked for whole editions."""


def use_whole() -> None:
    """From now on editions come with published results, registers and texts too, which functions never look up."""
    if not _WHOLE:
        _WHOLE.append(True)


def load_edition(edition: str | None = None, fingerprint: str | None = None) -> Plan:
    """An edition, loaded once per process.

    Args:
        edition: id of the edition; when None the one that the variable XL_PERF_EDITION names (a batch sets it for the
            workbook that it calculates), else the newest.
        fingerprint: SHA-256 of its data; any when None.

    Raises:
        UnknownNameError: unknown edition.
        PlanError: it is here with other data; the extension and the data folder hold different editions of
            that id, or an installed one cannot be read here.
    """
    name = edition or os.environ.get("XL_PERF_EDITION") or edition_ids()[-1]
    plan = _load(name, bool(_WHOLE))
    if fingerprint and plan.data_hash != fingerprint:
        raise PlanError(
            f"the edition {name} is here with other data",
            expected=f"the fingerprint {fingerprint[:12]}…",
            remedy="install the edition that the workbook was made with",
        )
    return plan


@cache
def _load(name: str, whole: bool) -> Plan:
    installed = _installed().get(name)
    if name in EDITIONS:
        module = importlib.import_module(f"xl_perf_calc.plan_data.{EDITIONS[name][0]}")
        plan: Plan = module.whole() if whole else module.PLAN
        if installed and installed["impronta"] != plan.data_hash:
            raise PlanError(f"two editions {name} with different data: in the add-in and installed")
        return plan
    if installed is None:
        raise UnknownNameError(f"unknown edition {name!r}", expected=f"one of {', '.join(edition_ids())}")
    return _read(name, installed, whole)


def _read(name: str, index: Mapping[str, Any], whole: bool) -> Plan:
    """An installed edition from its module, which the user's own `xl-perf edition install` wrote."""
    scope: dict[str, Any] = {}
    try:
        source = Path(index["codice"]).read_text(encoding="utf-8")
        exec(compile(source, index["codice"], "exec"), scope)  # noqa: S102  # the user's own file
        plan: Plan = scope["whole"]() if whole else scope["PLAN"]
    except (OSError, SyntaxError, ImportError, TypeError, AttributeError, KeyError) as error:
        raise PlanError(
            f"the installed edition {name} cannot be read by this version of the add-in ({error})",
            remedy="install the edition again with the xl_perf that the add-in comes from",
        ) from error
    if plan.data_hash != index["impronta"]:
        raise PlanError(f"the installed edition {name} is not the one that its index names")
    return plan
