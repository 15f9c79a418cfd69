"""Load an edition of the plan: read its files, cross-check them, give a frozen `Plan`."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.plan import amendments, changes, declarations, measures, outcomes, parameters, rules, trees
from xl_perf.plan.descriptions import description_files, read_descriptions
from xl_perf.plan.fields import facts_of
from xl_perf.plan.files import DataFiles
from xl_perf.plan.lines import line_files, read_lines
from xl_perf.plan.model import Plan, Target
from xl_perf.plan.models import model_files, read_models
from xl_perf.plan.programme import add_quarters
from xl_perf.plan.registers import read_projects, register_files
from xl_perf.plan.tables import read_tables

if TYPE_CHECKING:
    from xl_perf.plan.declarations import Edition

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
    files = DataFiles.read(Path(path))
    edition = declarations.read_edition(files)
    declarations.read_structures(files, edition)
    declarations.read_indicators(files, edition)
    parameters.read_parameters(files, edition)
    ratios = parameters.read_ratios(files, edition)
    defects, readings = parameters.read_defects(files, edition)
    tables = read_tables(files, edition, readings)
    lines = read_lines(files, edition)
    tables.files.update(line_files(files))
    nodes = trees.read_nodes(files, edition)
    tables.files.update((*trees.tree_files(files), rules.FILE, amendments.FILE))
    parts = outcomes.read_parts(files, edition, tables, nodes)
    tables.files.add(outcomes.FILE)
    projects = read_projects(files, edition)
    tables.files.update(
        (
            *register_files(files),
            declarations.CENTRAL,
            *measures.measure_files(files),
            *description_files(files),
            *model_files(files),
        )
    )
    codes = {
        *edition.structures,
        *edition.systems,
        *edition.indicators,
        *edition.parameters,
        *tables.items,
        *(code for weight in edition.weights for code in (weight.node, weight.member)),
        *(code for node in nodes for code in (node.tree, node.code)),
        *(line.code for line in lines),
        *(project.code for project in projects),
        *(ratio.code for ratio in ratios),
    }
    parameters.check_weights(files.name, edition)
    facts = facts_of(
        edition,
        tables,
        ratios={ratio.code: ratio for ratio in ratios},
        nodes=nodes,
        rules=rules.read_rules(files, edition),
        lines=lines,
        projects=projects,
    )
    revisions = changes.apply_changes(files, facts)
    tables.files.add(changes.FILE)
    tables.programme = facts.of("programma")
    add_quarters(tables, revisions)
    for name in sorted(files.contents.keys() - _ALWAYS - tables.files):
        raise PlanError(
            "unknown file",
            where=f"{files.name}/{name}",
            remedy="declare it as [[tabella]] in tabelle.toml, or remove it",
        )
    known_measures = measures.read_measures(
        files, measures.Declared(edition, lines, nodes, projects, tables.items)
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
        weights=tuple(facts.of("peso")),
        banded_ratios=tuple(facts.of("fascia")),
        defects=defects,
        data_hash=files.digest(),
        _index=_index(files.name, edition, tables.targets),
        systems=MappingProxyType(edition.systems),
        sums=tuple(tables.sums),
        reprints=tuple(facts.of("ristampa")),
        lines=tuple(facts.of("riga")),
        projects=tuple(facts.of("progetto")),
        nodes=tuple(facts.of("nodo")),
        target_rules=tuple(facts.of("regola")),
        revisions=revisions,
        amendments=amendments.read_amendments(files, edition),
        programme=tuple(tables.programme),
        result_parts=parts,
        measures=known_measures,
        equalities=measures.read_equalities(files, edition, known_measures),
        models=read_models(files, codes),
        descriptions=read_descriptions(files, edition, codes),
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
