"""Reading `dati_*.toml` and `uguaglianze.csv`: what inputs mean, and facts with two names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.plan.entities import Unit
from xl_perf.plan.measures import Equality, FactorKind, Form, Limit, Measure, Nature
from xl_perf.plan.nodes import NodeKind
from xl_perf.plan.reading.examples import parse_example
from xl_perf.plan.reading.records import choice, read_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from xl_perf.plan.facts import ActualItem, Line, Project
    from xl_perf.plan.nodes import Node
    from xl_perf.plan.reading.declarations import Edition
    from xl_perf.plan.reading.files import DataFiles
    from xl_perf.plan.reading.records import Record

EQUALITIES = "uguaglianze.csv"
_FILES = re.compile(r"dati(_[a-z0-9_]+)?\.toml")
_SAME = "="
"""As structure: the same on both sides."""

_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
_BETWEEN = rf"(?P<low>{_NUMBER})?\.\.(?P<high>{_NUMBER})?"
_FORMS = (
    (Form.RANGE, re.compile(rf"(?P<zero>0 oppure )?{_BETWEEN}")),
    (Form.TARGET, re.compile(rf"rapporto a obiettivo {_BETWEEN}")),
    (Form.MEASURE, re.compile(rf"rapporto a #(?P<measure>\w+) {_BETWEEN}")),
    (Form.PREVIOUS, re.compile(rf"rispetto al trimestre precedente {_BETWEEN}")),
    (
        Form.QUOTIENT,
        re.compile(
            rf"quoziente con #(?P<measure>\w+)(?: per (?P<parameter>[\w.]+))? rapporto a obiettivo {_BETWEEN}"
        ),
    ),
    (Form.SUM, re.compile(r"somma di (?P<parts>#\w+(?: #\w+)*) <= (?P<wholes>#\w+(?: #\w+)*)")),
)
_EXPECTED = (
    "0..1, '0 oppure 0.15..1', 'rapporto a obiettivo 0.1..10', 'rapporto a #budget 0.2..5', 'rispetto al "
    "trimestre precedente 0.5..2', 'quoziente con #pervenuto per giacenza.base rapporto a obiettivo "
    "0.4..2.5' or 'somma di #a #b <= #c'"
)


def parse_limit(text: str, where: str) -> Limit:
    """A limit as `dati.toml` writes it.

    Raises:
        PlanError: none of the forms.

    >>> parse_limit("rapporto a #budget 0.2..5", "").measures
    ('budget',)
    """
    for form, pattern in _FORMS:
        found = pattern.fullmatch(text)
        if found:
            groups = found.groupdict()
            ends = [None if groups.get(end) is None else float(groups[end]) for end in ("low", "high")]
            parts, wholes = (
                tuple(name.strip("#") for name in (groups.get(key) or "").split())
                for key in ("parts", "wholes")
            )
            measures = (groups["measure"],) if groups.get("measure") else parts
            return Limit(
                form,
                ends[0],
                ends[1],
                measures,
                text,
                wholes,
                groups.get("parameter") or "",
                bool(groups.get("zero")),
            )
    raise PlanError(f"limit {text!r}", where=where, expected=_EXPECTED)


@dataclass(frozen=True)
class Declared:
    """What the items of measures can be."""

    edition: Edition
    lines: Sequence[Line]
    nodes: Sequence[Node]
    projects: Sequence[Project]
    results: Mapping[str, ActualItem]


def measure_files(files: DataFiles) -> set[str]:
    """Names of the files that `read_measures` and `read_equalities` read."""
    return {name for name in files.contents if _FILES.fullmatch(name) or name == EQUALITIES}


def read_measures(files: DataFiles, declared: Declared) -> Mapping[tuple[str, str], Measure]:
    """The measures of an edition by item and measure; none where it has no `dati_*.toml`.

    Raises:
        PlanError: an unknown key, item, unit, parameter or limit, or one measure of an item twice.
    """
    tops = [files.toml(name) for name in sorted(measure_files(files) - {EQUALITIES})]
    own = {
        record.string("codice"): _closed(record, "titolo") for top in tops for record in top.records("voce")
    }
    found: dict[tuple[str, str], Measure] = {}
    for top in tops:
        for record in top.records("misura"):
            for measure in _measures(record, declared, own):
                if found.setdefault((measure.item, measure.measure), measure) is not measure:
                    raise PlanError(f"{measure.item}#{measure.measure} appears twice", where=record.where())
        top.close()
    _check_names(found, declared.edition, files.name)
    return MappingProxyType(found)


def _check_names(found: Mapping[tuple[str, str], Measure], edition: Edition, where: str) -> None:
    for measure in found.values():
        _check_example(measure, found, edition, where)
        for name in (
            measure.pair,
            *(name for limit in measure.limits for name in (*limit.measures, *limit.wholes)),
        ):
            if name and (measure.item, name) not in found:
                raise PlanError(
                    f"{measure.item}#{measure.measure} names the measure #{name}, which the item does not have",
                    where=where,
                )


def _check_example(
    measure: Measure, found: Mapping[tuple[str, str], Measure], edition: Edition, where: str
) -> None:
    """Refuse an example of what the edition does not have."""
    for factor in measure.example.factors if measure.example else ():
        known = {
            FactorKind.TARGET: not factor.code or factor.code in edition.indicators,
            FactorKind.MEASURE: (factor.code or measure.item, factor.measure) in found,
            FactorKind.PARAMETER: factor.code in edition.parameters,
        }
        if not known.get(factor.kind, True):
            name = f"#{factor.measure} di {factor.code or measure.item}" if factor.measure else factor.code
            raise PlanError(
                f"the example of {measure.item}#{measure.measure} names {name!r}, which the edition does not have",
                where=where,
            )


def _closed(record: Record, key: str) -> str:
    text = record.string(key)
    record.close()
    return text


def _measures(record: Record, declared: Declared, own: Mapping[str, str]) -> Iterator[Measure]:
    name, title = record.string("codice"), record.string("titolo")
    unit = choice(Unit, record.string("unita"), record.where("unita"))
    nature = choice(Nature, record.string("natura"), record.where("natura"))
    pair = record.string("coppia", "")
    limits = tuple(parse_limit(text, record.where("limiti")) for text in record.strings("limiti"))
    for limit in limits:
        if limit.parameter and limit.parameter not in declared.edition.parameters:
            raise PlanError(f"unknown parameter {limit.parameter!r}", where=record.where("limiti"))
    whole = record.boolean("intero") if record.has("intero") else False
    source = declared.edition.source(record.string("fonte"), record.where("fonte"))
    text = record.string("esempio", "")
    example = parse_example(text, record.where("esempio")) if text else None
    words = read_words(record)
    items = list(_items(record, declared, own))
    record.close()
    for item in items:
        yield Measure(item, name, title, unit, nature, pair, limits, whole, source, example, words)


def _items(record: Record, declared: Declared, own: Mapping[str, str]) -> Iterator[str]:
    """The items of a record: `voci` lists them, the other keys name whole groups."""
    edition = declared.edition
    known = {
        *own,
        *edition.indicators,
        *(line.code for line in declared.lines),
        *(node.code for node in declared.nodes),
        *(project.code for project in declared.projects),
        *declared.results,
    }
    for code in record.strings("voci"):
        if code not in known:
            raise PlanError(
                f"unknown item {code!r}", where=record.where("voci"), remedy="declare it as [[voce]]"
            )
        yield code
    for system in record.strings("sistemi"):
        yield from _some(
            record, "sistemi", system, (i.code for i in edition.indicators.values() if i.system == system)
        )
    whole = {line.parent for line in declared.lines}
    for system in record.strings("righe"):
        lines = (line.code for line in declared.lines if line.system == system and line.code not in whole)
        yield from _some(record, "righe", system, lines)
    for system in record.strings("risultati"):
        yield from _some(
            record,
            "risultati",
            system,
            (item.code for item in declared.results.values() if item.system == system),
        )
    for tree in record.strings("alberi"):
        yield from _some(record, "alberi", tree, (node.code for node in declared.nodes if node.tree == tree))
    for tree in record.strings("progetti"):
        projects = (n.code for n in declared.nodes if n.tree == tree and n.kind is NodeKind.PROJECT)
        yield from _some(record, "progetti", tree, projects)
    if record.has("registro") and record.boolean("registro"):
        yield from (project.code for project in declared.projects)


def _some(record: Record, key: str, name: str, codes: Iterator[str]) -> Iterator[str]:
    found = list(codes)
    if not found:
        raise PlanError(f"nothing belongs to {name!r}", where=record.where(key))
    yield from found


_COLUMNS = ("voce", "misura", "struttura", "altra_voce", "altra_misura", "altra_struttura", "fonte")


def read_equalities(
    files: DataFiles, edition: Edition, measures: Mapping[tuple[str, str], Measure]
) -> tuple[Equality, ...]:
    """The facts that have two names; none where the edition has no `uguaglianze.csv`.

    Raises:
        PlanError: an unknown column or structure, or a measure that nothing declares.
    """
    if EQUALITIES not in files.contents:
        return ()
    table = files.csv(EQUALITIES)
    table.require(_COLUMNS)
    found = []
    for row in table.rows:
        for item, measure in (("voce", "misura"), ("altra_voce", "altra_misura")):
            if (row.string(item), row.string(measure)) not in measures:
                raise PlanError(
                    f"unknown measure {row.string(item)}#{row.string(measure)}",
                    where=row.where(measure),
                    remedy="declare it as [[misura]]",
                )
        structures = [
            "" if row.string(column) == _SAME else edition.structure(row.string(column), row.where(column))
            for column in ("struttura", "altra_struttura")
        ]
        if (structures[0] == "") != (structures[1] == ""):
            raise PlanError("one side names a structure, the other does not", where=row.where("struttura"))
        found.append(
            Equality(
                row.string("voce"),
                row.string("misura"),
                structures[0],
                row.string("altra_voce"),
                row.string("altra_misura"),
                structures[1],
                edition.source(row.string("fonte"), row.where("fonte")),
            )
        )
    return tuple(found)
