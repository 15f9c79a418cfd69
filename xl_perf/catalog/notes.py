"""What `PERF_SPIEGA` adds to a calculation: the cap or the bands that were applied, the source of a target."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from xl_perf.catalog import binding, individual, processes, rules, targets
from xl_perf.catalog.numerals import number, percent
from xl_perf.compute.ops import known

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_PUBLIC = ("gestionale", "istituzionale", "strategica")


def _capped(actual: float, target: float, direction: float, cap: float) -> str:
    deviation = direction * (actual - target) / target
    if abs(deviation) > cap:
        size = percent(deviation) if math.isfinite(deviation) else "oltre ogni numero"
        return f"Scostamento {size}, limitato al tetto di {'+' if deviation > 0 else '-'}{percent(cap)}"
    return f"Scostamento {percent(deviation)}, entro il tetto di +/- {percent(cap)}"


def _reported(values: Sequence[float], weights: Sequence[float], *_: Any) -> str:
    pairs = [(value, weight) for value, weight in zip(values, weights, strict=True) if known(weight)]
    whole = math.fsum(weight for _, weight in pairs)
    there = [weight for value, weight in pairs if known(value)]
    share = percent(math.fsum(there) / whole)
    return f"Rilevati {len(there)} valori su {len(pairs)}; pesi rilevati {share}"


def _costs(values: Sequence[float], *_: Any) -> str:
    return f"Rilevati {sum(map(known, values))} costi su {len(values)}"


def _bands(*values: Any) -> str:
    rows = processes.detail(*values)
    texts = (
        f"rapporto {place} {percent(ratio) if known(ratio) else 'non definito'},"
        f" {f'fascia {number(band)}' if known(band) else 'nessuna fascia'}, {number(points)} punti"
        for place, (ratio, band, points) in enumerate(rows, 1)
    )
    return f"Fasce: {'; '.join(texts)}"


def _public(*values: Any) -> str:
    cap = values[-1]
    low, high = 100 - 100 * cap, 100 + 100 * cap
    limited = [
        f"{name} {number(index)} limitato a {number(low if index < low else high)}"
        for name, index in zip(_PUBLIC, values, strict=False)
        if index is not None and not low <= index <= high
    ]
    missing = [name for name, index in zip(_PUBLIC, values, strict=False) if index is None]
    texts = [
        f"Tetto di +/- {percent(cap)} attorno a 100: {'; '.join(limited) or 'non applicato'}",
        *([f"non ancora rilevato: {', '.join(missing)}"] if missing else []),
    ]
    return "; ".join(texts)


def _rule(
    text: str, base: float | None, actual: float | None, amount: float | None, limit: float | None
) -> str:
    code, size = rules.rule_amount(text, amount, limit)
    formula = rules.FORMULAS[code]
    said = f", importo {number(size)}" if known(size) else ""
    del base, actual
    return f"Regola «{code}»: {formula}{said}"


def _weighted(_group: Any, _contribution: Any, _skills: Any, *how: Any) -> str:
    group, contribution, skills = individual.weights_of(*how)
    return f"Pesi: gruppo {number(group)}, contributo {number(contribution)}, abilità {number(skills)}"


def _target_source(*keys: Any) -> str:
    target = targets.lookup(*keys)
    plan = binding.edition(keys[-1] and targets.normalise(keys[-1]))
    act = plan.acts[target.act]
    status = {"recovered": ", ricavato", "assumed": ", assunzione"}.get(str(target.status), "")
    return f"{target.source}{status}; {act.short}, noto dal {target.known_from:%d/%m/%Y}"


def _target(*keys: Any) -> str:
    target = targets.lookup(*keys)
    return f"Obiettivo {target.period} di {target.structure}, unità: {target.unit}"


NOTES: Mapping[str, Callable[..., str]] = {
    "PERF_SCORE": _capped,
    "PERF_SCOSTAMENTO": _capped,
    "PERF_SINTESI": _reported,
    "PERF_COPERTURA": _reported,
    "CONTROLLO_PROCESSO": _bands,
    "CONTROLLO_PROCESSO_DETTAGLIO": _bands,
    "COSTO_STANDARD": _costs,
    "PERF_INDIVIDUALE": _weighted,
    "VALORE_PUBBLICO": _public,
    "OBIETTIVO": _target,
    "OBIETTIVO_REGOLA": _rule,
}
"""Name -> what is said after the inputs; takes the arguments of the function with its defaults."""

SOURCES: Mapping[str, Callable[..., str]] = {"OBIETTIVO": _target_source}
"""Name -> the source of this very result, where it is not that of the function."""
