"""An amended edition: a copy of an edition with one more act, the numbers that it sets and what follows from them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError, UnknownNameError, UsageError
from xl_perf.plan.amending.files import NewAct, add_rows, edition_id, edition_toml, number_text
from xl_perf.plan.amending.ties import follow
from xl_perf.plan.checks import CheckStatus, run_checks
from xl_perf.plan.nodes import RuleBase
from xl_perf.plan.reading.declarations import known
from xl_perf.plan.reading.fields import FIELDS, facts_of_plan
from xl_perf.plan.reading.files import DataFiles
from xl_perf.plan.reading.load import load_files
from xl_perf.plan.texts.report import format_digits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from xl_perf.plan.amending.ties import Following
    from xl_perf.plan.checks import CheckReport
    from xl_perf.plan.model import Plan, Target

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_MAIN_FIELD = {"fascia": "punti", "programma": "quota"}
"""Field of the number that ties speak of, where it is not `valore`."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that an act sets.

    Attributes:
        kind: `obiettivo`, or a `dato` of modifiche_dati.csv.
        key: which (`ieep.entrate|PIEMONTE|2021`, `tetto_scostamento`).
        field: field that it sets; `valore` for targets.
        value: as the data files write it.
    """

    kind: str
    key: str
    field: str
    value: str

    @property
    def numeric(self) -> bool:
        """Whether the field holds a number, empty or not."""
        return self.kind == "obiettivo" or FIELDS[self.kind][self.field].unit != ""

    @property
    def number(self) -> float | None:
        """The number that ties speak of; None for texts and other fields."""
        if self.field == _MAIN_FIELD.get(self.kind, "valore") and _NUMBER.fullmatch(self.value):
            return float(self.value)
        return None


@dataclass(frozen=True, slots=True)
class Amended:
    """An amended edition.

    Attributes:
        files: its data files.
        plan: the edition that they hold.
        settings: what the act sets, with the value before (empty where there was none).
        follows: the numbers that follow, and those that the act sets otherwise than the others ask for.
        quarters: targets of quarters that follow by the programme, before and after.
        to_look_at: rules and texts that speak of what changed and that nothing changes by itself, a line each.
        written: whether the numbers that follow are in the files.
        report: the checks of the edition.
        failures: what its checks find that those of the edition before did not.
    """

    files: DataFiles
    plan: Plan
    settings: tuple[tuple[Setting, str], ...]
    follows: tuple[Following, ...]
    quarters: tuple[tuple[Target, Target], ...]
    to_look_at: tuple[str, ...]
    written: bool
    report: CheckReport
    failures: tuple[str, ...]


def setting(plan: Plan, kind: str, key: Sequence[str], field: str, value: str) -> Setting:
    """What an act sets, from words that people write.

    Args:
        plan: the edition before the act.
        kind: `obiettivo`, or a `dato` of modifiche_dati.csv.
        key: parts of the key; a structure may be written as people write it.
        field: field to set.
        value: number as in the data files (`28`, `0.25`), or text.

    Raises:
        UnknownNameError: unknown indicator, structure, or datum.
        UsageError: a field that the datum does not have, or text in place of a number.
    """
    parts = list(key)
    if kind in ("obiettivo", "regola", "ristampa"):
        parts[1] = plan.structure(parts[1]).code
    made = Setting(kind, "|".join(parts), field, value)
    if kind == "obiettivo":
        _known(plan.indicators, parts[0], "indicator")
    elif kind not in FIELDS or field not in FIELDS[kind]:
        fields = FIELDS.get(kind, FIELDS)
        raise UsageError(f"{kind} has no {field!r}", expected=f"one of: {', '.join(fields)}")
    if kind == "obiettivo" or _unit(plan, made):
        plain = value.replace("−", "-")
        if not _NUMBER.fullmatch(plain):
            raise UsageError(
                f"{value!r} of {kind} {made.key} is no number",
                expected="a number with a decimal point and no separators: 8855168560, 0.0547",
            )
        made = Setting(kind, made.key, field, plain)
    return made


def _known(names: Iterable[str], name: str, what: str) -> None:
    try:
        known(list(names), name, what, "")
    except PlanError as error:
        raise UnknownNameError(error.what, expected=error.expected) from None


def _unit(plan: Plan, made: Setting) -> str:
    facts = facts_of_plan(plan)
    _known(facts.by_kind[made.kind], made.key, made.kind)
    return facts.unit(made.kind, made.key, made.field)


def amend(
    files: DataFiles,
    act: NewAct,
    settings: Sequence[Setting],
    *,
    write_follows: bool = True,
    edition: str = "",
) -> Amended:
    """Amend an edition: add the act, what it sets, and what follows arithmetically from that.

    The old values stay, as known before the act. What follows has stato `recovered` and a note that says from what.

    Args:
        files: data files of the edition before.
        act: the new act.
        settings: what it sets.
        write_follows: whether the numbers that follow are written too; otherwise they are named only.
        edition: id of the amended edition; made from the old id and the act when empty.

    Raises:
        UsageError: an act that is there already, or older than the last one.
        PlanError: data that would not hold, such as weights that do not sum to 1.
    """
    before = load_files(files)
    if act.id in before.acts:
        raise UsageError(f"the act {act.id} is in the edition already", where=before.id)
    if act.date < before.latest_act.date:
        last = before.latest_act
        raise UsageError(
            f"{act.short} of {act.date:%Y-%m-%d} is older than the last act of the edition",
            where=before.id,
            expected=f"a date from that of {last.short}, {last.date:%Y-%m-%d}, on: what follows is "
            "computed from the newest values",
        )
    numbers = {(s.kind, s.key): s.number for s in settings if s.number is not None}
    follows = follow(before, numbers)
    contents = dict(files.contents)
    contents["edition.toml"] = edition_toml(files, before, act, edition).encode()
    rows = [(s.kind, s.key, s.field, s.value, "published", "") for s in settings]
    if write_follows:
        rows += [
            (*f.datum, _MAIN_FIELD.get(f.datum[0], "valore"), number_text(f.new), "recovered", f.note)
            for f in follows
            if f.given is None
        ]
    add_rows(contents, before, act, rows)
    new = DataFiles(edition_id(before, act, edition), contents)
    plan = load_files(new)
    report = run_checks(plan)
    return Amended(
        new,
        plan,
        tuple((s, _old_value(before, s)) for s in settings),
        follows,
        _quarters(before, plan),
        (*_rules(before, settings, follows), *_printed_bands(before, settings)),
        write_follows,
        report,
        tuple(_failures(report, run_checks(before))),
    )


def _old_value(plan: Plan, made: Setting) -> str:
    """The value before the act as text; empty where there was none."""
    if made.kind == "obiettivo":
        indicator, structure, period = made.key.split("|")
        found = plan._index.get((indicator, structure, period), ())  # noqa: SLF001  # the plan's own order
        return number_text(found[-1].value) if found else ""
    value = facts_of_plan(plan).value(made.kind, made.key, made.field)
    return number_text(value) if isinstance(value, float) else str(value if value is not None else "")


def _quarters(before: Plan, after: Plan) -> tuple[tuple[Target, Target], ...]:
    """Targets of quarters that are shares of the year and differ, before and after."""
    shares = {(part.indicator, part.period) for part in after.programme}
    found = []
    for key, targets in sorted(after._index.items()):  # noqa: SLF001
        old = before._index.get(key)  # noqa: SLF001
        if (key[0], key[2]) in shares and old and old[-1].value != targets[-1].value:
            found.append((old[-1], targets[-1]))
    return tuple(found)


def _rules(plan: Plan, settings: Sequence[Setting], follows: Sequence[Following]) -> Iterator[str]:
    """Rules that give a target which the act sets, or that start from a target that changes and give no number yet."""
    given = {s.key for s in settings if s.kind == "obiettivo"}
    changed = given | {f.datum[1] for f in follows if f.datum[0] == "obiettivo"}
    for rule in plan.target_rules:
        key = f"{rule.indicator}|{rule.structure}|{rule.period}"
        base = f"{rule.indicator}|{rule.structure}|{rule.base_period}"
        if key in given:
            yield f"regola {key.replace('|', ', ')} still says: {rule.text}"
        elif rule.base is RuleBase.TARGET and base in changed - {key} and key not in changed:
            yield f"regola {key.replace('|', ', ')} starts from the changed target: {rule.text}"


def _printed_bands(plan: Plan, settings: Sequence[Setting]) -> Iterator[str]:
    """Printed texts of the bands of a ratio whose ends the act moves, where it does not set them too."""
    moved = {s.key.rpartition("|")[0] for s in settings if (s.kind, s.field) == ("fascia", "limite")}
    printed = {s.key for s in settings if (s.kind, s.field) == ("fascia", "stampa")}
    for ratio in plan.banded_ratios:
        if ratio.code in moved:
            for band in ratio.bands:
                if f"{ratio.code}|{band.number}" not in printed:
                    yield f"fascia {ratio.code}, {band.number} is still printed as {band.printed}"


def _failures(report: CheckReport, before: CheckReport) -> Iterable[str]:
    """What fails now and did not before, a line each."""
    old = {(c.id, f.key) for c in before.checks for f in c.failures} | {
        (c.id, problem) for c in before.checks for problem in c.problems
    }
    for check in report.checks:
        if check.status is not CheckStatus.FAILED:
            continue
        for figure in check.failures:
            if (check.id, figure.key) not in old:
                yield (
                    f"{check.id}: {figure.label}: {format_digits(figure.printed)}, the others give "
                    f"{format_digits(figure.computed)}"
                )
        yield from (f"{check.id}: {problem}" for problem in check.problems if (check.id, problem) not in old)
