"""LAMBDA edition: the functions as defined names of a workbook, for Excel 365 and 2024 without any add-in.

`definitions.toml` says what is particular to each function; `formulas` puts the common rules around it, `storage`
gives the form in which files hold it. Numbers of the plan come from the newest edition.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from xl_perf.addins.lambda_edition.definitions import excluded, load
from xl_perf.addins.lambda_edition.formulas import formula
from xl_perf.addins.lambda_edition.storage import LIMIT, stored
from xl_perf.catalog import FUNCTIONS, binding
from xl_perf.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xl_perf.plan.model import Plan

__all__ = ["excluded", "lambda_names", "readable"]


@binding.of_edition
def readable(plan: Plan) -> Mapping[str, str]:
    """Function -> its LAMBDA as a person reads it, in the order of the catalogue.

    What is left out is of the edition in use.
    """
    with binding.use(plan):
        return _readable()


def _readable() -> Mapping[str, str]:
    found = load().functions
    return MappingProxyType({name: formula(f, found[name]) for name, f in FUNCTIONS.items() if name in found})


def lambda_names() -> Mapping[str, str]:
    """Function -> its LAMBDA as a file stores it in a defined name.

    Raises:
        PlanError: a formula is longer than Excel takes; a definition is wrong.
    """
    texts = {name: stored(text) for name, text in readable().items()}
    for name, text in texts.items():
        if len(text) > LIMIT:
            raise PlanError(f"the LAMBDA of {name} has {len(text)} characters", expected=f"at most {LIMIT}")
    return MappingProxyType(texts)
