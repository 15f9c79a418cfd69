"""Texts of the `plan` command: checks with their figures, targets with their sources."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING

from xl_perf.language import counted, tr, translated
from xl_perf.plan.model import Direction, Status, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xl_perf.plan.checks import Check, CheckReport
    from xl_perf.plan.figures import Figure
    from xl_perf.plan.model import Plan, Target

_MARK = {"ok": "ok", "known defect": "known", "failed": "FAILED", "does not apply": "-"}
_LABEL_WIDTH = 60
_STATUS = {
    Status.PUBLISHED: "published",
    Status.RECOVERED: "recovered, not published",
    Status.ASSUMED: "assumed",
}
_DIRECTION = {Direction.HIGHER: "more is better", Direction.LOWER: "less is better"}
_UNIT = {Unit.DAYS: " giorni", Unit.EURO: " euro", Unit.POINTS: " punti", Unit.PIECES: " pezzi"}


def format_number(value: float, decimals: int = 0) -> str:
    """A number as the plan prints it: 10957463637 is `10.957.463.637`, 105.69 with 2 decimals `105,69`.

    More decimals than asked for are shown where the number needs them.
    """
    while decimals < 9 and abs(round(value, decimals) - value) > 1e-9 * max(1.0, abs(value)):
        decimals += 1
    return _grouped(value, decimals)


def _grouped(value: float, decimals: int) -> str:
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def format_digits(value: float) -> str:
    """A number with the 15 digits that a float keeps, at most nine of them decimals: `151.035.454,25`."""
    text = f"{Decimal(f'{round(float(value), 9):.15g}'):,f}".translate(str.maketrans(",.", ".,"))
    return text.rstrip("0").rstrip(",") if "," in text else text


def format_value(value: float, unit: Unit | None, decimals: int = 0) -> str:
    """A number with its unit: `30 giorni`, `10.957.463.637 euro`, `5,47%`."""
    if unit is Unit.PERCENT:
        return f"{format_number(value * 100, decimals)}%"
    return format_number(value, decimals) + _UNIT.get(unit, "") if unit else format_number(value, decimals)


def format_checks(report: CheckReport, *, verbose: bool = False) -> str:
    """The report of all checks as text.

    Args:
        report: what `run_checks` gave.
        verbose: list every figure compared; otherwise those that differ, and of the others the count and the largest
            difference.
    """
    lines = [f"{report.plan}: {report.title}", tr("data {data_hash}", data_hash=report.data_hash[:16]), ""]
    for check in report.checks:
        lines += [*_check_lines(check, verbose), ""]
    lines += _defect_lines(report, verbose)
    figures = sum(len(check.figures) for check in report.checks)
    failed = sum(len(check.failures) + len(check.problems) for check in report.checks)
    known = sum(len(check.known) for check in report.checks)
    lines.append(
        tr(
            "{checks} checks, {figures} figures: {figures2} agree, {known} explained by known defects, "
            "{failed} unexplained",
            checks=len(report.checks),
            figures=figures,
            figures2=figures - failed - known,
            known=known,
            failed=failed,
        )
    )
    return "\n".join(lines)


def _check_lines(check: Check, verbose: bool) -> Iterable[str]:
    agreeing = [figure for figure in check.figures if figure.agrees]
    yield f"{tr(_MARK[check.status.value]):<7} {check.id:<14} {translated(check.title)}"
    if check.lacking:
        yield tr(
            "        does not apply: ruoli.toml does not fill {lacking}", lacking=", ".join(check.lacking)
        )
    if check.figures:
        yield tr(
            "        {agreeing} of {figures} figures agree{agreeing2}",
            agreeing=len(agreeing),
            figures=len(check.figures),
            agreeing2=_worst(agreeing),
        )
    shown = list(check.figures) if verbose else [*check.failures, *check.known]
    width = min(_LABEL_WIDTH, max((len(figure.label) for figure in shown), default=0))
    for figure in shown:
        yield from _figure_lines(figure, width)
    for problem in check.problems:
        yield tr("        FAILED {problem}", problem=translated(problem))


def _worst(figures: Sequence[Figure]) -> str:
    if not figures:
        return ""
    worst = max(figures, key=lambda figure: abs(figure.difference))
    if not worst.difference:
        return tr(", all exactly")
    shown, allowed = (_exact(abs(worst.difference), worst), _exact(worst.tolerance, worst))
    return tr(
        "; largest difference {shown} (allowed {allowed}): {label}",
        shown=shown,
        allowed=allowed,
        label=worst.label,
    )


def _exact(value: float, figure: Figure) -> str:
    """A difference or a tolerance, with two digits more than the figure itself."""
    if figure.unit is Unit.PERCENT:
        return tr("{value} points", value=_grouped(value * 100, figure.decimals + 2))
    decimals = figure.decimals if value == round(value, figure.decimals) else figure.decimals + 2
    return (
        _grouped(value, decimals) + _UNIT.get(figure.unit, "") if figure.unit else _grouped(value, decimals)
    )


def _figure_lines(figure: Figure, width: int) -> Iterable[str]:
    state = "ok" if figure.agrees else "known" if figure.defect else "FAILED"
    label = figure.label if len(figure.label) <= width else figure.label[: width - 1] + "…"
    scale, sign = (100, "%") if figure.unit is Unit.PERCENT else (1, "")
    extra = (
        figure.decimals if figure.printed == figure.computed else figure.decimals + 2 * (not _whole(figure))
    )
    printed = format_number(figure.printed * scale, figure.decimals) + sign
    computed = _grouped(figure.computed * scale, extra) + sign
    difference = _grouped(figure.difference * scale, extra)
    yield (
        tr(
            "        {state:<6} {label:<{width}}  printed {printed:>15}  computed {computed:>15}  "
            "difference {difference:>12}",
            state=tr(state),
            label=label,
            width=width,
            printed=printed,
            computed=computed,
            difference=difference,
        )
        + (f"  [{figure.defect}]" if figure.defect else "")
    )
    if state == "FAILED":
        yield tr(
            "               allowed {tolerance}; key {key}",
            tolerance=_exact(figure.tolerance, figure),
            key=figure.key,
        )


def _whole(figure: Figure) -> bool:
    return all(not math.isfinite(v) or v == round(v) for v in (figure.printed, figure.computed))


def _defect_lines(report: CheckReport, verbose: bool) -> Iterable[str]:
    if not report.defects:
        return
    yield tr("Known defects of the sources ({defects}):", defects=len(report.defects))
    for defect in report.defects:
        yield f"  {defect.id}: {defect.printed} -> {defect.reading}"
        if verbose:
            yield f"      {defect.source}"
            yield f"      {defect.reason}"
    yield ""


def format_targets(plan: Plan, targets: Sequence[Target]) -> str:
    """Targets as text, one after the other, with unit, period, direction, act, source, status and note."""
    lines = []
    for target in targets:
        indicator = plan.indicators[target.indicator]
        act = plan.acts[target.act]
        value = format_value(target.value, target.unit, indicator.decimals)
        replaced = plan.target(target.indicator, target.structure, target.period) is not target
        lines += [
            f"{target.structure}  {indicator.title}: {value}"
            + (tr("  (replaced by a later act)") if replaced else ""),
            (
                f"    {target.indicator}, {target.period}, {tr(_DIRECTION[target.direction])}, "
                f"{tr(_STATUS[target.status])}"
            ),
            tr(
                "    source: {source}; act: {short}, known from {known_from:%d/%m/%Y}",
                source=target.source,
                short=act.short,
                known_from=target.known_from,
            ),
        ]
        notes = [target.note] if target.note else []
        notes += [f"{d.printed} -> {d.reading}: {d.reason}" for d in plan.defects if d.id == target.defect]
        lines += [tr("    note: {note}", note=note) for note in notes]
    lines.append(counted(len(targets), "target"))
    return "\n".join(lines)
