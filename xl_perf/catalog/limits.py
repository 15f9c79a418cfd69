"""What a reader of an explanation has to know of one call beyond its sentence: a cap or band that bites, a rule."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from xl_perf.catalog import processes, rules
from xl_perf.catalog.numerals import number, percent
from xl_perf.compute.ops import known
from xl_perf.language import it

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_PUBLIC = ("gestionale", "istituzionale", "strategica")


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else ''}{percent(value)}" if math.isfinite(value) else it("oltre ogni numero")


def _capped(actual: float, target: float, direction: float, cap: float) -> str:
    size = direction * (actual - target) / target
    better = it("; è meglio un valore più basso") if direction < 0 else ""
    if abs(size) > cap:
        return (
            it("scostamento {0}, limitato a {1}", _signed(size), _signed(math.copysign(cap, size))) + better
        )
    return it("scostamento {0}", _signed(size)) + better


def _bands(*values: Any) -> str:
    texts = []
    for place, (ratio, band, points) in enumerate(processes.detail(*values), 1):
        said = (
            it("{0}, fascia {1}", percent(ratio), number(band))
            if known(ratio) and known(band)
            else it("non definito")
        )
        texts.append(it("rapporto {0} {1}: {2} punti", place, said, number(points)))
    return "; ".join(texts)


def _public(*values: Any) -> str:
    cap = values[-1]
    low, high = 100 - 100 * cap, 100 + 100 * cap
    return "; ".join(
        it("indice {0} {1} limitato a {2}", it(name), number(index), number(low if index < low else high))
        for name, index in zip(_PUBLIC, values, strict=False)
        if index is not None and known(index) and not low <= index <= high
    )


def _projects(
    actuals: Sequence[float], targets: Sequence[float], weights: Sequence[float], *rest: Any
) -> str:
    cap = rest[-1]
    del weights
    over = [
        it(
            "{0} limitato a {1}",
            _signed(actual / target - 1),
            _signed(math.copysign(cap, actual / target - 1)),
        )
        for values, wanted in ((actuals, targets), (rest[0], rest[1]))
        for actual, target in zip(values or (), wanted or (), strict=False)
        if known(actual) and known(target) and target and abs(actual / target - 1) > cap
    ]
    return it("scostamenti {0}", ", ".join(over)) if over else ""


def _rule(
    text: str, base: float | None, actual: float | None, amount: float | None, limit: float | None
) -> str:
    del base, actual
    code, size = rules.rule_amount(text, amount, limit)
    said = it("regola «{0}», {1}", code, it(rules.FORMULAS[code]))
    return said + (it(", importo {0}", number(size)) if known(size) else "")


LIMITS: Mapping[str, Callable[..., str]] = {
    "PERF_SCORE": _capped,
    "PERF_SCOSTAMENTO": _capped,
    "CONTROLLO_PROCESSO": _bands,
    "CONTROLLO_PROCESSO_DETTAGLIO": _bands,
    "PROGETTI_SINTESI": _projects,
    "VALORE_PUBBLICO": _public,
    "OBIETTIVO_REGOLA": _rule,
}
"""Name -> what is said after the sentence, empty where nothing has to be; takes the arguments with their defaults."""
