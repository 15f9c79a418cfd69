"""Whether the codes of a workbook and the targets of an edition are the same, both ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.errors import PlanError, SyncError
from xl_perf.plan.describe import KEY_KINDS, band_codes, target_values, tree_codes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xl_perf.plan.describe import TargetMap
    from xl_perf.plan.model import Plan, Structure
    from xl_perf.plan.shown import TargetCell

_SHOWN = 12


class Matcher:
    """Looks up target cells in an edition and collects what does not fit.

    Args:
        plan: the edition.
        where: the workbook for messages.
        structure: structure that the workbook is for; one of a region or DCM has to hold its targets and those of its
            offices, not those of the others.

    Raises:
        SyncError: the edition has no such structure.
    """

    def __init__(self, plan: Plan, where: str, structure: str = "") -> None:
        self._plan = plan
        self._where = where
        self._region: Structure | None = None
        if structure:
            found = plan.structures.get(structure)
            if found is None:
                raise SyncError(
                    f"the edition {plan.id} has no structure {structure!r}, which the workbook is for",
                    where=where,
                    remedy="correct the key `struttura` of the sheet Metadati",
                )
            self._region = found if found.is_regional else None
        self._lacks: dict[tuple[str, str], dict[str, None]] = {}
        self._twice: dict[tuple[str, str], dict[str, None]] = {}
        self._covered: dict[tuple[str, str], set[str]] = {}
        self._pairs: dict[str, set[tuple[str, str]]] = {}

    def look_up(self, column: TargetMap, codes: Sequence[str]) -> dict[str, TargetCell]:
        """The values of a column by their codes; what the edition lacks is noted for `check`.

        Raises:
            SyncError: an unknown kind of key.
        """
        if column.key_kind not in KEY_KINDS:
            raise SyncError(
                f"unknown kind of key {column.key_kind!r} for the table {column.table}",
                where=self._where,
                expected=f"one of {', '.join(KEY_KINDS)}",
            )
        found: dict[str, TargetCell] = {}
        for code in codes:
            if code in found:
                self._twice.setdefault((column.table, column.key_column), {})[code] = None
            try:
                found[code] = target_values(self._plan, column.key_kind, column.fixed, column.period, code)
            except PlanError as error:
                self._lacks.setdefault((column.table, column.value_column), {})[f"{code} ({error.what})"] = (
                    None
                )
        self._note_coverage(column, codes)
        return found

    def _note_coverage(self, column: TargetMap, codes: Sequence[str]) -> None:
        if column.key_kind == "nodo" and column.fixed == "obiettivo":
            nodes = {node.code: node for node in self._plan.nodes}
            pairs = self._pairs.setdefault(column.period or self._plan.period, set())
            found = (nodes[code] for code in codes if code in nodes)
            pairs.update((node.indicator or "", node.structure or "") for node in found)
        elif column.key_kind in ("struttura", "indicatore"):
            pairs = self._pairs.setdefault(column.period or self._plan.period, set())
            is_structure = column.key_kind == "struttura"
            pairs.update((column.fixed, code) if is_structure else (code, column.fixed) for code in codes)
        else:
            kind = "fascia" if column.key_kind == "fascia" else column.fixed
            self._covered.setdefault((column.key_kind, kind), set()).update(codes)

    def check(self) -> None:
        """Refuses a workbook that does not fit.

        Raises:
            SyncError: lists the codes that the edition does not have, those that are there twice, and the targets of
                the edition that the workbook has no cell for.
        """
        problems = [
            f"table {table}, column {heading!r}: the edition lacks {_listed(codes)}"
            for (table, heading), codes in self._lacks.items()
        ]
        problems += [
            f"table {table}, column {heading!r}: twice {_listed(codes)}"
            for (table, heading), codes in self._twice.items()
        ]
        problems += self._without_cell()
        if problems:
            raise SyncError(
                f"the workbook does not fit the edition {self._plan.id}: " + "; ".join(problems),
                where=self._where,
                remedy="nothing was changed; correct the codes, or build the official workbook again",
            )

    def _without_cell(self) -> list[str]:
        problems = []
        for period, pairs in self._pairs.items():
            missing = self._missing_targets(period, pairs)
            if missing:
                problems.append(f"the workbook has no cell for the targets {_listed(missing)}")
        for (kind, name), codes in self._covered.items():
            expected = self._expected(kind, name, codes)
            missing = [code for code in expected if code not in codes]
            if missing:
                problems.append(f"the workbook has no cell for the {kind} {_listed(missing)}")
        return problems

    def _expected(self, kind: str, name: str, codes: set[str]) -> Iterable[str]:
        """The codes that a column of a kind has to hold."""
        plan = self._plan
        if kind == "peso":
            return (weight.member for weight in plan.weights if weight.node == name)
        if kind == "fascia":
            return band_codes(plan)
        if kind == "nodo":
            return tree_codes(plan, codes, name)
        if kind == "progetto":
            return (project.code for project in plan.projects)
        if kind == "riga" and self._region is not None:
            return self._expected_lines(self._region.code, codes)
        return ()

    def _expected_lines(self, region: str, codes: set[str]) -> Iterable[str]:
        """Lines between the region and others of the systems at hand.

        Those that concern every structure, where shown.
        """
        shown = {line.system for line in self._plan.lines if line.code in codes}
        weighed = self._weighed()
        for line in self._plan.lines:
            if line.value is None:
                continue
            between = line.counterpart is not None and region in (line.structure, line.counterpart)
            general = line.parent is None and line.structure is None and line.counterpart is None
            if (between and line.system in shown | weighed) or (general and line.system in shown):
                yield line.code

    def _weighed(self) -> set[str]:
        """Systems of the indicators whose weights the workbook holds."""
        plan = self._plan
        nodes = {name for kind, name in self._covered if kind == "peso"}
        indicators = {node.indicator for node in plan.nodes if node.parent in nodes}
        return {plan.indicators[code].system for code in indicators if code is not None}

    def _missing_targets(self, period: str, pairs: set[tuple[str, str]]) -> list[str]:
        """Targets of the systems that the workbook covers, for the kinds of structures that it has for each."""
        plan = self._plan
        kinds: dict[str, set[str]] = {}
        for indicator, structure in pairs:
            if indicator in plan.indicators and structure in plan.structures:
                system = plan.indicators[indicator].system
                kinds.setdefault(system, set()).add(plan.structures[structure].kind)
        if self._region is not None and period == plan.period:
            for system in self._weighed():
                kinds.setdefault(system, set()).add(self._region.kind)
        missing: dict[str, None] = {}
        for target in plan.targets:
            if self._region is not None and not self._is_own(target.structure):
                continue
            pair = target.indicator, target.structure
            system = plan.indicators[target.indicator].system
            kind = plan.structures[target.structure].kind
            if target.period == period and pair not in pairs and kind in kinds.get(system, ()):
                missing[" ".join(pair)] = None
        return list(missing)

    def _is_own(self, structure: str) -> bool:
        """Whether a structure is the region of the workbook or one of its offices."""
        assert self._region is not None
        return self._region.code in (structure, self._plan.structures[structure].parent)


def _listed(codes: Iterable[str]) -> str:
    """The codes in words, the first dozen of them."""
    found = list(codes)
    rest = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return ", ".join(found[:_SHOWN]) + rest
