"""The editions that an add-in carries as modules made when it was built, beside those that were added later.

Python without the readers of data files has them so: LibreOffice's own, and Pyodide in Excel's page.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xl_perf.plan.model import Plan

REMEDY = "take the edition that the workbook was made with into the add-in, or reload its targets from one that is here"


class Carried:
    """The editions of an add-in.

    Args:
        package: package of their modules; each has `PLAN`, what functions look up, and `whole()`, all of it.
        editions: id -> module, first day of validity, date of the last act (ISO).
    """

    def __init__(self, package: str, editions: Mapping[str, tuple[str, str, str]]) -> None:
        self._package = package
        self._editions = editions
        self._loaded: dict[tuple[str, bool], Plan] = {}
        self.whole = False

    def __contains__(self, edition: str) -> bool:
        return edition in self._editions

    def use_whole(self) -> None:
        """From now on editions come with published results, registers and texts too, which functions never look up."""
        self.whole = True

    def ids(self, added: Mapping[str, tuple[str, str]]) -> tuple[str, ...]:
        """Ids of all editions; the newest, by first day and last act, is last.

        Args:
            added: id -> first day and date of the last act of those that were added.
        """
        keys = {name: (first, last) for name, (_, first, last) in self._editions.items()}
        keys = {**added, **keys}
        return tuple(sorted(keys, key=lambda name: (keys[name], name)))

    def load(self, edition: str, added: str | None) -> Plan:
        """An edition that the add-in carries, made once.

        Args:
            edition: its id.
            added: fingerprint of an added one of the same id; None where there is none.

        Raises:
            PlanError: the added one has other data.
        """
        key = (edition, self.whole)
        if key not in self._loaded:
            module = importlib.import_module(f"{self._package}.{self._editions[edition][0]}")
            self._loaded[key] = module.whole() if self.whole else module.PLAN
        plan = self._loaded[key]
        if added is not None and added != plan.data_hash:
            raise PlanError(f"two editions {edition} with different data: in the add-in and added to it")
        return plan


def proven(plan: Plan, fingerprint: str | None) -> Plan:
    """The plan, whose data have a fingerprint.

    Args:
        plan: as it was loaded.
        fingerprint: SHA-256 that its data have to have; any when None or empty.

    Raises:
        PlanError: they have another one.
    """
    if fingerprint and fingerprint != plan.data_hash:
        raise PlanError(
            f"the edition {plan.id} is here with other data: fingerprint {plan.data_hash[:12]}",
            expected=f"{fingerprint[:12]}",
            remedy=REMEDY,
        )
    return plan
