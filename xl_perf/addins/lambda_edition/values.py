"""Numbers of the plan as the texts that stand for them in a formula."""

from __future__ import annotations

import math
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from xl_perf.catalog import binding

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

RATIOS = ("uno", "due", "tre", "quattro")
"""Names of the ratios of the controllo del processo produttivo, in the order of the plan."""
_DIMENSIONS = ("gruppo", "contributo", "abilita")
_TEP = "individuale.tep."


def number(value: float | str) -> str:
    """A literal as files write it: `360`, `0.5`, `"accessori"`.

    >>> number(360.0), number(0.05), number(1e-9), number("x")
    ('360', '0.05', '1E-9', '"x"')
    """
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    if float(value).is_integer():
        return str(int(value))
    digits, _, power = repr(float(value)).partition("e")
    return f"{digits}E{int(power)}" if power else digits


def column(values: Iterable[float]) -> str:
    """An array constant of one column.

    >>> column([0.5, 1.0])
    '{0.5;1}'
    """
    return "{" + ";".join(map(number, values)) + "}"


@cache
def plan_values() -> Mapping[str, str]:
    """What `$name` stands for in the definitions, from the newest edition of the plan.

    Raises:
        PlanError: the edition lacks a number.
    """
    plan = binding.edition()
    revenue, benefits = binding.section_weights()
    found = {
        "tolleranza": number(binding.WEIGHT_TOLERANCE),
        "tetto": number(plan.parameter("tetto_scostamento")),
        "peso_entrate": number(revenue),
        "peso_prestazioni": number(benefits),
        "pesi_costi": column(binding.cost_weights()),
        "pesi_valore_pubblico": column(binding.public_value_weights()),
        "passi_percento": number(binding.percent_steps()),
        "quota_regionale": number(plan.parameter("progetti_miglioramento.peso_regionale")),
        "quota_regionale_massima": number(plan.parameter("progetti_miglioramento.peso_regionale_massimo")),
        "limite_spesa": number(plan.parameter("spesa.scostamento_massimo")),
        "ultimo_forecast": number(plan.parameter("spesa.forecast")),
        **_individual(),
        **_ieep(),
    }
    for name, rule in zip(RATIOS, binding.band_rules(), strict=True):
        found.update(_bands(name, rule.bands, rule.undefined))
    return MappingProxyType(found)


def _individual() -> dict[str, str]:
    """Weights of gruppo, contributo, abilita for each purpose; coefficients of the TEP in the order of their levels."""
    plan = binding.edition()
    found = {}
    for case in ("accessori_con_po", "accessori_senza_po", "formazione_con_po", "formazione_senza_po"):
        weights = {w.member.rpartition(".")[2]: w.value for w in plan.weights_of(f"individuale.{case}")}
        found[f"pesi_{case}"] = column(weights[name] for name in _DIMENSIONS)
    levels = {
        int(code.removeprefix(_TEP)): p.value for code, p in plan.parameters.items() if code.startswith(_TEP)
    }
    return {**found, "coefficienti_tep": column(levels[level] for level in sorted(levels))}


def _ieep() -> dict[str, str]:
    """Rows of the IEEP table: place of each row's parent (from 1, 0 for the top), sign of each in the top row.

    `sotto` says of each row whether anything below it has been reported: one step for each level of the table.
    """
    parents, signs = binding.ieep_rows()
    total_signs, depth = [], 0
    for row in range(len(parents)):
        sign, at, level = 1, row, 0
        while parents[at] >= 0:
            sign, at, level = sign * signs[at], parents[at], level + 1
        total_signs.append(sign)
        depth = max(depth, level)
    below = "MMULT(figlie,voci_c)"
    for _ in range(depth - 1):
        below = f"MMULT(figlie,--({below}+voci_c>0))"
    return {
        "ieep_padri": column(parent + 1 for parent in parents),
        "ieep_segni": column(total_signs),
        "ieep_sotto": f"sotto := {below}",
    }


def _bands(name: str, bands: Iterable[tuple[float, float, float]], undefined: float) -> dict[str, str]:
    """Points and number of the band of a ratio, as nested conditions on its rounded percentage.

    Args:
        name: name of the ratio.
        bands: (number, upper end in percent, points) of each.
        undefined: number of the band that holds where the denominator is 0; 0 where that earns nothing.
    """
    rows = sorted(bands, key=lambda band: band[1], reverse=True)
    points, numbers = "", ""
    for band, upper, worth in rows:
        if math.isinf(upper):
            points, numbers = number(worth), number(band)
            continue
        within = f"quota_{name}<={number(upper)}*$passi_percento"
        points = f"IF({within},{number(worth)},{points or '#N/A'})"
        numbers = f"IF({within},{number(band)},{numbers or '#N/A'})"
    without = next((band for band in rows if band[0] == undefined), None)
    return {
        f"punti_{name}": points,
        f"fascia_{name}": numbers,
        f"punti_nulli_{name}": "0" if without is None else number(without[2]),
        f"fascia_nulla_{name}": '""' if without is None else number(without[0]),
    }
