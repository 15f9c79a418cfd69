"""Editions of the plan inside the Calc add-in.

The same `Plan` as `xl_perf.plan` loads, from modules made at build time.

Takes the place of `xl_perf.plan` in the extension, whose Python may be too old for the data files' reader.
Editions that `xl-perf edition install` put into the user's data folder lie there as such modules too and are
found by the same rules.
"""

from __future__ import annotations

import json
import os
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xl_perf_calc.plan_data import EDITIONS  # type: ignore[import-not-found]  # made at build time

from xl_perf.errors import PlanError, UnknownNameError
from xl_perf.plan.carried import Carried, proven

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


_CARRIED = Carried("xl_perf_calc.plan_data", EDITIONS)
use_whole = _CARRIED.use_whole


def edition_ids() -> tuple[str, ...]:
    """Ids of the editions in the extension and of those installed; the newest, by first day and last act, is last."""
    return _CARRIED.ids({name: index["chiave"] for name, index in _installed().items()})


def when_forgotten(clear: Callable[[], None]) -> None:
    """Nothing to do: LibreOffice looks at the data folder once, when it starts."""
    del clear


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
    index = _installed().get(name)
    if name in _CARRIED:
        return proven(_CARRIED.load(name, index["impronta"] if index else None), fingerprint)
    if index is None:
        raise UnknownNameError(f"unknown edition {name!r}", expected=f"one of: {', '.join(edition_ids())}")
    return proven(_read(name, _CARRIED.whole), fingerprint)


@cache
def _read(name: str, whole: bool) -> Plan:
    """An installed edition from its module, which the user's own `xl-perf edition install` wrote."""
    index = _installed()[name]
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
