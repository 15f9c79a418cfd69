"""Reading the files that structures deliver: what is accepted, what is refused and why."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from xl_perf.collect.model import Collection, Delivery, Refusal
from xl_perf.contract import Species, read_inputs
from xl_perf.contract.limits import findings
from xl_perf.errors import PerfError
from xl_perf.package import open_package
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from xl_perf.plan.model import Plan

TEMPLATE = "scheda_territoriale"
"""What structures deliver."""


def read_delivery(path: Path, plan: Plan) -> Delivery:
    """A file as it was received.

    Raises:
        PerfError: it cannot be read, or is no official workbook.
    """
    package = open_package(path)
    inputs = read_inputs(package)
    results = {total.identity: total for total in inputs.totals if total.species is Species.RESULT}
    return Delivery(
        str(path), hashlib.sha256(package.data).hexdigest(), inputs, results, tuple(findings(inputs, plan))
    )


def read_all(paths: Iterable[Path], plan: Plan, period: str, take: Sequence[Path] = ()) -> Collection:
    """The files of a period, each accepted or refused.

    Args:
        paths: files.
        plan: the edition that is collected.
        period: the period, e.g. `2021-T3`.
        take: files that count where a structure delivered several.
    """
    collection = Collection(period)
    accepted: dict[str, list[Delivery]] = {}
    for path in paths:
        try:
            delivery = read_delivery(path, plan)
        except PerfError as error:
            collection.refusals.append(Refusal(str(path), str(error)))
            continue
        why = _refused(delivery, plan, period)
        if why:
            collection.refusals.append(Refusal(str(path), why, delivery.structure))
        else:
            accepted.setdefault(delivery.structure, []).append(delivery)
    taken = {str(path) for path in take}
    for structure in (s.code for s in plan.regional()):
        _choose(collection, structure, accepted.get(structure, []), taken)
    return collection


def _choose(collection: Collection, structure: str, found: Sequence[Delivery], taken: set[str]) -> None:
    """One delivery of a structure; none where it delivered several and nobody chose."""
    chosen = [delivery for delivery in found if delivery.path in taken] if len(found) > 1 else list(found)
    if len(chosen) == 1:
        collection.deliveries.append(chosen[0])
    elif not found:
        collection.missing.append(structure)
    for delivery in found:
        if len(found) > 1 and (len(chosen) != 1 or delivery is not chosen[0]):
            others = ", ".join(other.path for other in found if other is not delivery)
            why = f"{structure} ha consegnato più file (anche {others}): scegliere con --take"
            collection.refusals.append(Refusal(delivery.path, why, structure))


def _refused(delivery: Delivery, plan: Plan, period: str) -> str:
    """Why a file is not added up; empty where it is."""
    inputs = delivery.inputs
    if inputs.template != TEMPLATE:
        return f"è un file «{inputs.template}»: si raccolgono le schede territoriali"
    if inputs.edition != plan.id or inputs.fingerprint != plan.data_hash:
        return (
            f"è dell'edizione {inputs.edition} ({inputs.fingerprint[:12]}), si raccoglie {plan.id}"
            f" ({plan.data_hash[:12]}): aggiornarlo con xl-perf sync"
        )
    if inputs.period != period:
        return f"è del periodo {inputs.period}, si raccoglie {period}"
    known = plan.structures.get(inputs.structure)
    if known is None or not known.is_regional:
        return f"la struttura {inputs.structure} non è una regione né una DCM dell'edizione"
    wrong = [result for result in delivery.results.values() if isinstance(result.value, CellError)]
    if wrong:
        return f"{len(wrong)} risultati sono errori, il primo è {wrong[0].cell}: {wrong[0].value}"
    return ""
