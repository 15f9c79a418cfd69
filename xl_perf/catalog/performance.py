"""Entries of the common measure: deviation, score, synthesis, coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.catalog import binding
from xl_perf.catalog.model import Argument, Empty, Function, Kind, Measure, Shape
from xl_perf.compute import deviation, synthesis

if TYPE_CHECKING:
    from collections.abc import Sequence

CATEGORY = "Misura comune"

CAP = binding.parameter("tetto")
"""The largest deviation that counts, in the edition in use."""

_DEVIATION_ARGUMENTS = (
    Argument(
        "consuntivo",
        "Risultato conseguito, nell'unità dell'indicatore. Cella vuota: non ancora rilevato, il risultato resta vuoto.",
        unit=Measure.INDICATOR,
    ),
    Argument(
        "obiettivo",
        "Valore obiettivo, nella stessa unità, maggiore di 0. Cella vuota: #N/D; 0: #DIV/0!; negativo: #NUM!.",
        unit=Measure.INDICATOR,
        empty=Empty.MISSING,
    ),
    Argument(
        "verso",
        "1 se un valore più alto è migliore (predefinito), -1 se è migliore un valore più basso "
        "(giacenza, tempi, costi).",
        unit=Measure.COUNT,
        empty=Empty.DEFAULT,
        default=binding.constant(1.0),
        default_text="1",
    ),
    Argument(
        "tetto",
        "Scostamento massimo considerato, come frazione, non negativo. Predefinito: quello del piano.",
        unit=Measure.PERCENT,
        empty=Empty.DEFAULT,
        default=CAP,
        default_text="quello del piano",
        plan=True,
    ),
)

_VALUES = Argument(
    "valori",
    "Intervallo dei valori da sintetizzare (scostamenti o punteggi). Le celle vuote sono componenti non "
    "ancora rilevate.",
    unit=Measure.INDICATOR,
    kind=Kind.RANGE,
)
_WEIGHTS = Argument(
    "pesi",
    "Intervallo dei pesi, uno per valore; la somma deve essere 1 oppure 100, altrimenti #NUM!.",
    unit=Measure.WEIGHT,
    kind=Kind.RANGE,
)


def _mean(values: Sequence[float], weights: Sequence[float], strict: float) -> float:
    return synthesis.weighted_mean(values, weights, strict, binding.WEIGHT_TOLERANCE)


def _coverage(values: Sequence[float], weights: Sequence[float]) -> float:
    return synthesis.coverage(values, weights, binding.WEIGHT_TOLERANCE)


ENTRIES = (
    Function(
        name="PERF_SCORE",
        category=CATEGORY,
        title="Punteggio rispetto all'obiettivo",
        help="Punteggio di un indicatore con obiettivo posto a 100: 100 * (1 + scostamento), con lo scostamento "
        "limitato al tetto. Accetta celle o intervalli.",
        arguments=_DEVIATION_ARGUMENTS,
        result="Punteggio, 100 = obiettivo raggiunto; vuoto se il consuntivo è vuoto.",
        unit=Measure.POINTS,
        formula="100 * (1 + verso * (consuntivo - obiettivo) / obiettivo)",
        phrase="100 x (1 + scostamento dall'obiettivo)",
        compute=deviation.score,
        shape=Shape.ELEMENTWISE,
        source="P21, «Performance strategica di Ente» e «Performance gestionale di Ente»: obiettivo "
        "posto a 100, scostamento massimo registrato",
        example="=PERF_SCORE(27; 30; -1)",
        checks=deviation.CHECKS,
        vectorised=True,
    ),
    Function(
        name="PERF_SCOSTAMENTO",
        category=CATEGORY,
        title="Scostamento dall'obiettivo",
        help="Scostamento dall'obiettivo come frazione dell'obiettivo, positivo se migliore, limitato al "
        "tetto: consuntivo/obiettivo - 1, oppure (obiettivo - consuntivo)/obiettivo se verso è -1. "
        "Accetta celle o intervalli.",
        arguments=_DEVIATION_ARGUMENTS,
        result="Scostamento come frazione (0,1 = 10% meglio dell'obiettivo); vuoto se il consuntivo è vuoto.",
        unit=Measure.PERCENT,
        formula="verso * (consuntivo - obiettivo) / obiettivo",
        phrase="distanza del consuntivo dall'obiettivo, come quota dell'obiettivo",
        compute=deviation.deviation,
        shape=Shape.ELEMENTWISE,
        source="P21, «Performance strategica di Ente» e «Performance gestionale di Ente»: obiettivo "
        "posto a 100, scostamento massimo registrato",
        example="=PERF_SCOSTAMENTO(27; 30; -1)",
        checks=deviation.CHECKS,
        vectorised=True,
    ),
    Function(
        name="PERF_SINTESI",
        category=CATEGORY,
        title="Sintesi ponderata",
        help="Media ponderata di scostamenti o punteggi. Finché qualche valore manca è la media parziale sui pesi "
        "rilevati (la quota è data da PERF_COPERTURA); con mancanti = 1 dà #N/D fino al completamento.",
        arguments=(
            _VALUES,
            _WEIGHTS,
            Argument(
                "mancanti",
                "0 media parziale sui valori rilevati (predefinito); 1 dà #N/D finché manca qualche valore.",
                unit=Measure.COUNT,
                empty=Empty.DEFAULT,
                default=binding.constant(0.0),
                default_text="0",
            ),
        ),
        result="Media nell'unità dei valori; vuoto se nessun valore è rilevato.",
        unit=Measure.INDICATOR,
        formula="somma di valore * peso / somma dei pesi rilevati",
        phrase="media ponderata dei valori rilevati",
        compute=_mean,
        shape=Shape.SYNTHESIS,
        source="P21, «Performance strategica di Ente»: media ponderata degli scostamenti sui singoli obiettivi",
        example="=PERF_SINTESI(E2:E5; F2:F5)",
    ),
    Function(
        name="PERF_COPERTURA",
        category=CATEGORY,
        title="Copertura dei pesi",
        help="Quota dei pesi i cui valori sono già rilevati, da 0 a 1: dice su quanta parte dell'indice poggia una "
        "sintesi parziale.",
        arguments=(_VALUES, _WEIGHTS),
        result="Frazione da 0 a 1; vuoto se gli intervalli sono del tutto vuoti.",
        unit=Measure.PERCENT,
        formula="somma dei pesi rilevati / somma dei pesi",
        phrase="quota dei pesi già rilevata",
        compute=_coverage,
        shape=Shape.SYNTHESIS,
        source="Regola del modello: accanto a una sintesi parziale si mostra la quota dei pesi rilevati",
        example="=PERF_COPERTURA(E2:E5; F2:F5)",
    ),
)
"""Catalogue entries of the common measure."""
