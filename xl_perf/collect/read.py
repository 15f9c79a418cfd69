"""Reading the files that structures deliver: what is accepted, what is refused and why."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from xl_perf.collect.model import Collection, Delivery, Refusal
from xl_perf.contract import Species, read_inputs
from xl_perf.contract.limits import findings
from xl_perf.contract.tables import read_metadata
from xl_perf.errors import PerfError
from xl_perf.package import open_package
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from xl_perf.contract import Input, Inputs
    from xl_perf.contract.tables import Metadata
    from xl_perf.package import Package
    from xl_perf.plan.model import Plan

TEMPLATE = "scheda_territoriale"
"""What structures deliver."""


class _NotAddedError(Exception):
    """A file that is read and not added up."""

    def __init__(self, why: str, said: str, structure: str = "") -> None:
        super().__init__(why)
        self.said = said
        self.structure = structure


def read_delivery(path: Path, plan: Plan) -> Delivery:
    """A file as it was received.

    Raises:
        PerfError: it cannot be read, or is no official workbook.
    """
    return _delivery(open_package(path), plan)


def _delivery(package: Package, plan: Plan) -> Delivery:
    inputs = read_inputs(package)
    results = {total.identity: total for total in inputs.totals if total.species is Species.RESULT}
    digest = hashlib.sha256(package.data).hexdigest()
    return Delivery(str(package.path), digest, inputs, results, tuple(findings(inputs, plan)))


def _accepted(path: Path, plan: Plan, period: str) -> Delivery:
    """A file that is added up; the sheets of data of a file of another kind, edition or structure are not read.

    Raises:
        PerfError: it cannot be read, or is no official workbook.
        _NotAddedError: it is not added up.
    """
    package = open_package(path)
    metadata = read_metadata(package)
    structure = metadata.text("struttura")
    for refused in (
        _of_another_kind(metadata),
        _of_another_edition(metadata, plan),
        _of_no_region(structure, plan),
    ):
        if refused is not None:
            raise _NotAddedError(*refused, structure)
    delivery = _delivery(package, plan)
    for refused in (_of_another_period(delivery.inputs, period), _with_errors(delivery.results.values())):
        if refused is not None:
            raise _NotAddedError(*refused, structure)
    return delivery


def read_all(paths: Iterable[Path], plan: Plan, period: str, take: Sequence[Path] = ()) -> Collection:
    """The files of a period, each accepted or refused.

    Args:
        paths: files; the same one given twice is read once.
        plan: the edition that is collected.
        period: the period, e.g. `2021-T3`.
        take: files that count where a structure delivered several.
    """
    collection = Collection(period)
    accepted: dict[str, list[Delivery]] = {}
    for path in {_real(path): path for path in paths}.values():
        try:
            delivery = _accepted(path, plan, period)
        except _NotAddedError as error:
            collection.refusals.append(Refusal(str(path), str(error), error.said, error.structure))
        except PerfError as error:
            collection.refusals.append(
                Refusal(str(path), str(error), f"non si può leggere come scheda ({error})")
            )
        else:
            accepted.setdefault(delivery.structure, []).append(delivery)
    taken = {_real(path) for path in take}
    for structure in (s.code for s in plan.regional()):
        _choose(collection, structure, accepted.get(structure, []), taken)
    return collection


def _real(path: str | Path) -> str:
    return os.path.realpath(path)


def _choose(collection: Collection, structure: str, found: Sequence[Delivery], taken: set[str]) -> None:
    """One delivery of a structure; none where it delivered several and nobody chose."""
    chosen = [each for each in found if _real(each.path) in taken] if len(found) > 1 else list(found)
    if len(chosen) == 1:
        collection.deliveries.append(chosen[0])
    else:
        collection.missing.append(structure)
    for delivery in found:
        if len(found) > 1 and (len(chosen) != 1 or delivery is not chosen[0]):
            others = ", ".join(other.path for other in found if other is not delivery)
            collection.refusals.append(
                Refusal(
                    delivery.path,
                    f"{structure} delivered several files (also {others}): choose with --take",
                    f"{structure} ha consegnato più file (anche {others}): scegliere con --take",
                    structure,
                )
            )


_Refused = tuple[str, str] | None
"""Why a file is not added up: for messages, and in Italian for the quadratura."""


def _of_another_kind(metadata: Metadata) -> _Refused:
    template = metadata.text("modello")
    if template == TEMPLATE:
        return None
    return (
        f"it is a workbook {template}: scorecards are collected",
        f"è un file «{template}»: si raccolgono le schede territoriali",
    )


def _of_another_edition(metadata: Metadata, plan: Plan) -> _Refused:
    edition, fingerprint = metadata.text("edizione"), metadata.text("impronta_dati")
    if (edition, fingerprint) == (plan.id, plan.data_hash):
        return None
    own, other = f"{plan.id} ({plan.data_hash[:12]})", f"{edition} ({fingerprint[:12]})"
    return (
        f"it is of the edition {other}, {own} is collected: bring it there with xl-perf sync",
        f"è dell'edizione {other}, si raccoglie {own}: aggiornarlo con xl-perf sync",
    )


def _of_no_region(structure: str, plan: Plan) -> _Refused:
    known = plan.structures.get(structure)
    if known is not None and known.is_regional:
        return None
    return (
        f"the structure {structure} is no region or DCM of the edition",
        f"la struttura {structure} non è una regione né una DCM dell'edizione",
    )


def _of_another_period(inputs: Inputs, period: str) -> _Refused:
    if inputs.period == period:
        return None
    return (
        f"it is of the period {inputs.period}, {period} is collected",
        f"è del periodo {inputs.period}, si raccoglie {period}",
    )


def _with_errors(results: Iterable[Input]) -> _Refused:
    wrong = [result for result in results if isinstance(result.value, CellError)]
    if not wrong:
        return None
    first = f"{wrong[0].cell}: {wrong[0].value}"
    return (
        f"results that are errors: {len(wrong)}, the first {first}",
        f"{len(wrong)} risultati sono errori, il primo è {first}",
    )
