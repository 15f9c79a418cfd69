"""Values of an edition by the keys that workbooks hold, and the short text that says where they come from.

The builder writes target cells with these functions and sync looks the same cells up again, so that both always mean
the same value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError, TargetNotFoundError
from xl_perf.plan.model import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xl_perf.plan.model import BandedRatio, Parameter, Plan, Source, Target, Unit, Weight

KEY_KINDS = ("struttura", "indicatore", "parametro", "peso", "fascia")
"""What the codes in a key column can be."""

_BAND_FIELDS = ("limite", "punti")
_SHORTER = (("Tabelle integrative, ", ""), ("Allegato Tecnico, ", "AT "))
_STATUS = {Status.RECOVERED: "ricavato", Status.ASSUMED: "assunzione"}


@dataclass(frozen=True, slots=True)
class TargetCell:
    """A value of the plan as a cell of a workbook shows it.

    `what` says in words what it is; `structure` and `period` are empty for parameters, weights and bands. `value` is
    None for the open end of a band; percentages are fractions. `act` is the act's id, `act_short` its short Italian
    form.
    """

    indicator: str
    structure: str
    period: str
    what: str
    value: float | None
    unit: str
    source: Source
    act: str
    act_short: str
    status: Status


def target_values(plan: Plan, key_kind: str, fixed_code: str, period: str, code: str) -> TargetCell:
    """The value of an edition that a cell stands for.

    Args:
        plan: the edition.
        key_kind: what `code` is: `struttura` (then `fixed_code` is the indicator), `indicatore` (`fixed_code` is the
            structure), `parametro`, `peso` (`fixed_code` is the node) or `fascia` (`code` is ratio and number of the
            band, `controllate.1`; `fixed_code` is `limite`, the upper end in percent, or `punti`).
        fixed_code: the other half of the key.
        period: period of a target; the edition's year when empty.
        code: the key in the row.

    Raises:
        TargetNotFoundError: the edition has no such target.
        PlanError: no such parameter, weight or band, or an unknown kind of key.
    """
    if key_kind in ("struttura", "indicatore"):
        indicator, structure = (fixed_code, code) if key_kind == "struttura" else (code, fixed_code)
        return _of_target(plan, plan.target(indicator, structure, period or plan.period))
    if key_kind == "parametro":
        if code not in plan.parameters:
            raise PlanError(f"unknown parameter {code!r}", where=plan.id)
        return _of_number(plan, code, plan.parameters[code].title, plan.parameters[code])
    if key_kind == "peso":
        for weight in plan.weights_of(fixed_code):
            if weight.member == code:
                title = _member_title(plan, code)
                return _of_number(plan, code, f"peso di «{title}» in {fixed_code}", weight)
        raise TargetNotFoundError(f"no weight of {code!r} in {fixed_code!r}", where=plan.id)
    if key_kind == "fascia":
        return _of_band(plan, fixed_code, code)
    raise PlanError(
        f"unknown kind of key {key_kind!r}", where=plan.id, expected=f"one of {', '.join(KEY_KINDS)}"
    )


def _member_title(plan: Plan, code: str) -> str:
    if code in plan.indicators:
        return plan.indicators[code].title
    return next((node.title for node in plan.nodes if node.code == code), code)


def _short(plan: Plan, act: str) -> str:
    return plan.acts[act].short if act in plan.acts else act


def _of_target(plan: Plan, target: Target) -> TargetCell:
    return TargetCell(
        target.indicator,
        target.structure,
        target.period,
        plan.indicators[target.indicator].title,
        target.value,
        str(target.unit),
        target.source,
        target.act,
        _short(plan, target.act),
        target.status,
    )


def _of_number(plan: Plan, code: str, what: str, number: Parameter | Weight) -> TargetCell:
    unit: Unit | str = getattr(number, "unit", "percentuale")
    act = _short(plan, number.act)
    return TargetCell(
        code, "", "", what, number.value, str(unit), number.source, number.act, act, number.status
    )


def _of_band(plan: Plan, field: str, code: str) -> TargetCell:
    ratio, number = _band(plan, code)
    if field not in _BAND_FIELDS:
        raise PlanError(
            f"unknown field of a band {field!r}", where=plan.id, expected=" or ".join(_BAND_FIELDS)
        )
    band = next((band for band in ratio.bands if band.number == number), None)
    if band is None:
        raise TargetNotFoundError(f"the ratio {ratio.code!r} has no band {number}", where=plan.id)
    value, unit = (band.points, "punti") if field == "punti" else (band.upper, "percentuale")
    what = f"{field} della fascia {number}: {ratio.title}"
    act = _short(plan, ratio.act)
    return TargetCell(code, "", "", what, value, unit, ratio.source, ratio.act, act, ratio.status)


def _band(plan: Plan, code: str) -> tuple[BandedRatio, int]:
    name, _, number = code.rpartition(".")
    for ratio in plan.banded_ratios:
        if ratio.code == name and number.isdecimal():
            return ratio, int(number)
    raise TargetNotFoundError(
        f"unknown band {code!r}", where=plan.id, expected="ratio and number, e.g. `controllate.1`"
    )


def band_codes(plan: Plan) -> tuple[str, ...]:
    """The codes of all bands in the order of the plan: `controllate.1`, `controllate.2` ..."""
    return tuple(f"{ratio.code}.{band.number}" for ratio in plan.banded_ratios for band in ratio.bands)


def describe_source(cells: Iterable[TargetCell]) -> str:
    """Where the values of a row come from, in short Italian: `Tabella A (P21) · CdA 31/2021`.

    Values of one place are named once with all their acts; several places are joined by `; `. What the plan does not
    print says so (`ricavato`, `assunzione`).

    Args:
        cells: the values that the text speaks for; none gives an empty text.
    """
    acts: dict[str, dict[str, None]] = {}
    for cell in cells:
        place = cell.source.place
        for long, short in _SHORTER:
            place = place.replace(long, short)
        text = f"{place} ({cell.source.document})"
        if cell.status in _STATUS:
            text += f", {_STATUS[cell.status]}"
        acts.setdefault(text, {})[cell.act_short] = None
    return "; ".join(
        f"{place} · {', '.join(names)}" if any(names) else place for place, names in acts.items()
    )
