"""Load an edition of the plan: read its files, cross-check them, give a frozen `Plan`."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from xl_perf.errors import PlanError
from xl_perf.plan.model import Plan, Target
from xl_perf.plan.models import ROLES, model_files, read_models, read_roles
from xl_perf.plan.reading import (
    amendments,
    changes,
    declarations,
    measures,
    outcomes,
    parameters,
    rules,
    same,
    trees,
)
from xl_perf.plan.reading.descriptions import description_files, read_descriptions
from xl_perf.plan.reading.fields import facts_of
from xl_perf.plan.reading.files import DataFiles
from xl_perf.plan.reading.indicators import read_indicators
from xl_perf.plan.reading.lines import line_files, read_lines
from xl_perf.plan.reading.programme import add_quarters
from xl_perf.plan.reading.registers import read_projects, register_files
from xl_perf.plan.reading.tables import read_tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xl_perf.plan.reading.declarations import Edition
    from xl_perf.plan.reading.fields import Facts
    from xl_perf.plan.reading.store import Tables

_ALWAYS = frozenset(
    {
        "edition.toml",
        "strutture.csv",
        "indicatori.toml",
        "tabelle.toml",
        "parametri.toml",
        "controllo_processo.toml",
        "difetti.toml",
    }
)


def load_directory(path: Path | str) -> Plan:
    """A plan from a directory of data files of the same schema: how an amendment arrives.

    Args:
        path: directory that holds edition.toml and the files it goes with.

    Raises:
        PlanError: a file is missing, unknown or wrong; the message names file, line and key.
    """
    return load_files(DataFiles.read(Path(path)))


def load_files(files: DataFiles) -> Plan:
    """A plan from data files in memory; what it raises is as for `load_directory`."""
    edition = declarations.read_edition(files)
    declarations.read_structures(files, edition)
    read_indicators(files, edition)
    parameters.read_parameters(files, edition)
    defects, readings = parameters.read_defects(files, edition)
    tables = read_tables(files, edition, readings)
    facts = _facts(files, edition, tables)
    parts = outcomes.read_parts(files, edition, tables, tuple(facts.of("nodo")))
    codes = _codes(edition, tables, facts)
    parameters.check_weights(files.name, edition)
    revisions = changes.apply_changes(files, edition, facts)
    tables.programme = facts.of("programma")
    add_quarters(tables, revisions)
    _refuse_unknown(files, tables)
    subjects = {description.subject for description in facts.of("descrizione")}
    known_measures = measures.read_measures(
        files,
        measures.Declared(
            edition, facts.of("riga"), tuple(facts.of("nodo")), facts.of("progetto"), tables.items
        ),
    )
    return Plan(
        id=edition.id,
        title=edition.title,
        period=edition.period,
        valid_from=edition.valid_from,
        documents=MappingProxyType(edition.documents),
        acts=MappingProxyType(edition.acts),
        structures=MappingProxyType(edition.structures),
        indicators=MappingProxyType(edition.indicators),
        targets=tuple(tables.targets),
        actual_items=MappingProxyType(tables.items),
        actuals=tuple(tables.actuals.values()),
        parameters=MappingProxyType(edition.parameters),
        defects=defects,
        data_hash=files.digest(),
        _index=_index(files.name, edition, tables.targets),
        systems=MappingProxyType(edition.systems),
        sums=tuple(tables.sums),
        revisions=revisions,
        same=same.read_same(files, edition, tables.targets),
        amendments=amendments.read_amendments(files, edition),
        result_parts=parts,
        measures=known_measures,
        equalities=measures.read_equalities(files, edition, known_measures),
        models=read_models(files, {*codes, *(item for item, _ in known_measures), *subjects}),
        roles=read_roles(files, codes),
        **{name: tuple(facts.of(kind)) for name, kind in _SEQUENCES.items()},
    )


_SEQUENCES: Mapping[str, Any] = {
    "weights": "peso",
    "banded_ratios": "fascia",
    "programme": "programma",
    "nodes": "nodo",
    "target_rules": "regola",
    "lines": "riga",
    "projects": "progetto",
    "reprints": "ristampa",
    "descriptions": "descrizione",
}
"""Field of the plan -> kind of the facts that fill it."""


def _facts(files: DataFiles, edition: Edition, tables: Tables) -> Facts:
    """What acts can change, as the files first give it."""
    ratios = parameters.read_ratios(files, edition)
    lines = read_lines(files, edition)
    nodes = trees.read_nodes(files, edition)
    projects = read_projects(files, edition)
    facts = facts_of(
        parameters=edition.parameters,
        indicators=edition.indicators,
        structures=edition.structures,
        weights=edition.weights,
        banded_ratios=ratios,
        programme=tables.programme,
        nodes=nodes,
        target_rules=rules.read_rules(files, edition),
        lines=lines,
        projects=projects,
        reprints=tables.reprints,
        descriptions=(),
    )
    found = read_descriptions(files, edition, _codes(edition, tables, facts))
    facts.by_kind["descrizione"].update({f"{entry.subject}|{entry.aspect}": entry for entry in found})
    return facts


def _codes(edition: Edition, tables: Tables, facts: Facts) -> set[str]:
    """Every code that the edition declares."""
    return {
        *edition.structures,
        *edition.systems,
        *edition.indicators,
        *edition.parameters,
        *tables.items,
        *(code for weight in edition.weights for code in (weight.node, weight.member)),
        *(code for node in facts.of("nodo") for code in (node.tree, node.code)),
        *(fact.code for kind in ("riga", "progetto", "fascia") for fact in facts.of(kind)),
    }


def _refuse_unknown(files: DataFiles, tables: Tables) -> None:
    """Refuse files that no reader asks for: a misspelt name must not take its data away."""
    read = {
        *_ALWAYS,
        *tables.files,
        *(rules.FILE, amendments.FILE, changes.FILE, same.FILE, outcomes.FILE, declarations.CENTRAL),
        ROLES,
        *(*line_files(files), *trees.tree_files(files), *register_files(files), *model_files(files)),
        *(*measures.measure_files(files), *description_files(files)),
    }
    for name in sorted(files.contents.keys() - read):
        raise PlanError(
            "unknown file",
            where=f"{files.name}/{name}",
            remedy="declare it as [[tabella]] in tabelle.toml, or remove it",
        )


def _index(
    name: str, edition: Edition, targets: list[Target]
) -> MappingProxyType[tuple[str, str, str], tuple[Target, ...]]:
    """Targets by indicator, structure and period, oldest knowledge first.

    Raises:
        PlanError: two targets of one key known from the same day, or a structure of the coverage without target.
    """
    found: dict[tuple[str, str, str], list[Target]] = {}
    for target in targets:
        same = found.setdefault((target.indicator, target.structure, target.period), [])
        for other in same:
            if other.known_from == target.known_from:
                raise PlanError(
                    f"two targets {target.indicator} for {target.structure}, {target.period},"
                    f" known from {target.known_from:%Y-%m-%d}; the other one is at {other.where}",
                    where=target.where,
                    remedy="keep one of them, or put the later act's value into modifiche.csv",
                )
        same.append(target)
    systems = {code: edition.systems[i.system] for code, i in edition.indicators.items()}
    for target in targets:
        system = systems[target.indicator]
        if not system.free and not system.covers(edition.structures[target.structure]):
            raise PlanError(
                f"a target {target.indicator} for {target.structure}, which the system's copertura leaves out",
                where=target.where,
            )
    for code, system in systems.items():
        for structure in edition.structures.values():
            if system.covers(structure) and (code, structure.code, edition.period) not in found:
                raise PlanError(
                    f"no target {code} for {structure.code}, {edition.period}",
                    where=next((t.where.partition(":")[0] for t in targets if t.indicator == code), name),
                    remedy="add it to the table of that indicator",
                )
    return MappingProxyType(
        {key: tuple(sorted(same, key=lambda target: target.known_from)) for key, same in found.items()}
    )
