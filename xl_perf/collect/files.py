"""A period collected: deliveries read and proven, the national workbooks and the quadratura written."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from xl_perf.book.file import patched
from xl_perf.check.proof import prove
from xl_perf.collect import quadratura
from xl_perf.collect.model import Delivery, Refusal
from xl_perf.collect.nation import Nation
from xl_perf.collect.read import TEMPLATE, read_all
from xl_perf.contract import Species, read_inputs
from xl_perf.contract.model import QUARTER
from xl_perf.errors import PerfError, WorkbookError
from xl_perf.load.numerals import italian
from xl_perf.package import Package, write_atomic
from xl_perf.recalc import recalculate_package
from xl_perf.templates.build import unfilled
from xl_perf.templates.kit.pause import collector_paused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from xl_perf.collect.model import Collection
    from xl_perf.package import CellKey
    from xl_perf.plan.model import Plan
    from xl_perf.templates.build import Unfilled
    from xl_perf.values import CellValue

_QUADRATURA = "quadratura.xlsx"
NATIONAL = ("giacenza", "ieep", "costi_standard", "controllo_processo")
"""Workbooks of all structures that the deliveries fill."""


def products(period: str) -> frozenset[str]:
    """Names of the files that a collection writes.

    Args:
        period: the period, e.g. `2021-T3`.
    """
    return frozenset((_QUADRATURA, *(_name(template, period) for template in (TEMPLATE, *NATIONAL))))


def _name(template: str, period: str) -> str:
    """Name of a national workbook."""
    return f"{'scheda_nazionale' if template == TEMPLATE else template}_{period.replace('-', '_')}.xlsx"


_KEPT: dict[tuple[str, str, str, int], Unfilled] = {}


def collect(
    paths: Sequence[Path],
    plan: Plan,
    period: str,
    out: Path,
    *,
    take: Sequence[Path] = (),
    on_progress: Callable[[str, int, int], None] | None = None,
) -> Collection:
    """Collects the files of a period.

    Args:
        paths: the files.
        plan: the edition.
        period: the period, e.g. `2021-T3`.
        out: folder for the national workbooks and `quadratura.xlsx`; it is made when missing.
        take: files that count where a structure delivered several.
        on_progress: called after each step with what was done, how many steps are done and of how many.

    Returns:
        Everything that is known of the period; a file that cannot be added up never stops the rest.

    Raises:
        PlanError: the edition has no national scorecard.
        WorkbookError: a result cannot be written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WorkbookError(f"the folder cannot be made ({error.strerror})", where=str(out)) from error
    with collector_paused() as after:
        return _collected(paths, plan, period, out, take, on_progress, after)


def _collected(
    paths: Sequence[Path],
    plan: Plan,
    period: str,
    out: Path,
    take: Sequence[Path],
    on_progress: Callable[[str, int, int], None] | None,
    after: Callable[[], None],
) -> Collection:
    collection = read_all(paths, plan, period, take)
    steps = len(collection.deliveries) + 2 + len(NATIONAL)
    done = 0

    def step(what: str) -> None:
        nonlocal done
        done += 1
        after()
        if on_progress is not None:
            on_progress(what, done, steps)

    for delivery in tuple(collection.deliveries):
        _prove(collection, delivery, plan)
        step(f"prova {delivery.structure}")
    nation = Nation(collection, plan)
    quarter = int(period.partition("-T")[2] or 0)
    path = out / _name(TEMPLATE, period)
    national = _delivered(path, _filled(nation, plan, TEMPLATE, quarter, path))
    step("scheda nazionale")
    for template in NATIONAL:
        _filled(nation, plan, template, 0, out / _name(template, period))
        step(template)
    tree = plan.model(TEMPLATE).role("albero")
    path = out / _QUADRATURA
    write_atomic(path, quadratura.workbook(collection, plan, tree, national))
    collection.written.append(str(path))
    step("quadratura")
    return collection


def _prove(collection: Collection, delivery: Delivery, plan: Plan) -> None:
    """Adds what the proof of a file finds, and its settings."""
    try:
        proof = prove(delivery.path, delivery.inputs, delivery.results, plan)
    except PerfError as error:
        collection.unproven.append(
            Refusal(
                delivery.path,
                f"it could not be proven: {error}",
                f"la prova non è riuscita: {error}",
                delivery.structure,
            )
        )
        return
    if proof.overtyped:
        first = proof.overtyped[0]
        number = len(proof.overtyped)
        collection.refuse(
            delivery,
            f"results that are no formulas: {number}, the first {first.cell} ({first.value})",
            f"risultati che non sono formule: {number}, il primo è {first.cell} ({italian(first.value)})",
        )
        return
    collection.differences.extend(proof.differences)
    collection.settings.extend((delivery, setting) for setting in proof.settings)


def _empty(plan: Plan, template: str, quarter: int) -> Unfilled:
    """A national workbook without inputs, kept for the next time: it takes as long as to read many files."""
    key = plan.id, plan.data_hash, template, quarter
    if key not in _KEPT:
        if len(_KEPT) > 2 * len(NATIONAL):
            _KEPT.clear()
        _KEPT[key] = unfilled(plan, template, structure=plan.national, quarter=quarter)
    return _KEPT[key]


def _filled(nation: Nation, plan: Plan, template: str, quarter: int, path: Path) -> bytes:
    """A national workbook filled with the facts of the deliveries, written."""
    collection = nation.collection
    fresh = _empty(plan, template, quarter)
    package = Package(fresh.data, path)
    inputs = read_inputs(package)
    places = {one.identity: one for one in inputs.of(Species.FACT, Species.SETTING)}
    settings = nation.settings(setting.identity for setting in inputs.of(Species.SETTING))
    values: dict[str, dict[CellKey, CellValue]] = defaultdict(dict)
    for fact in (*nation.facts(one.identity for one in inputs.of()), *settings):
        place = places[fact.identity]
        values[place.sheet][place.key] = fact.value
    for one in places.values():
        if one.identity.measure == QUARTER:
            values[one.sheet][one.key] = int(collection.period.partition("-T")[2])
    filled = Package(package.patch(values, insert=True), path)
    data = patched(filled, {}, recalculate_package(filled, plan=plan))
    write_atomic(path, fresh.finished(data))
    collection.written.append(str(path))
    return data


def _delivered(path: Path, data: bytes) -> Delivery:
    """What a national workbook holds."""
    written = read_inputs(Package(data, path))
    results = {total.identity: total for total in written.totals if total.species is Species.RESULT}
    return Delivery(str(path), "", written, results)
