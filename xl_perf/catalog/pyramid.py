"""Entries of the value pyramid: its top, and what a score asks for."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from xl_perf.catalog import binding
from xl_perf.catalog.model import Argument, Empty, Function, Kind, Measure, Shape
from xl_perf.catalog.performance import CAP
from xl_perf.catalog.performance import CATEGORY as COMMON
from xl_perf.compute import pyramid

if TYPE_CHECKING:
    from collections.abc import Sequence

CATEGORY = "Piramide del valore"


def _public_value(
    operational: float | None,
    institutional: float | None,
    strategic: float | None,
    weights: Sequence[float],
    cap: float,
) -> float:
    indices = [math.nan if index is None else index for index in (operational, institutional, strategic)]
    return pyramid.public_value(indices, weights, cap, binding.WEIGHT_TOLERANCE)


def _index(name: str, what: str) -> Argument:
    return Argument(
        name,
        f"Indice della performance {what}, 100 = obiettivo. Vuoto: non ancora rilevato.",
        unit=Measure.POINTS,
        empty=Empty.OWN,
    )


NEEDED = Function(
    name="PERF_NECESSARIO",
    category=COMMON,
    title="Consuntivo necessario",
    help="Consuntivo che occorre per raggiungere un punteggio: l'inverso di PERF_SCORE. Un punteggio "
    "oltre il tetto (più di 100 * tetto lontano da 100): #NUM!. Accetta celle o intervalli.",
    arguments=(
        Argument(
            "obiettivo",
            "Valore obiettivo, maggiore di 0. Cella vuota: #N/D; 0: #DIV/0!; negativo: #NUM!.",
            unit=Measure.INDICATOR,
            empty=Empty.MISSING,
        ),
        Argument(
            "punteggio",
            "Punteggio da raggiungere, 100 = obiettivo raggiunto. Cella vuota: il risultato resta vuoto.",
            unit=Measure.POINTS,
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
    ),
    result="Consuntivo nell'unità dell'obiettivo.",
    unit=Measure.INDICATOR,
    formula="obiettivo * (1 + verso * (punteggio - 100) / 100)",
    phrase="consuntivo che dà il punteggio chiesto",
    compute=pyramid.needed_actual,
    shape=Shape.ELEMENTWISE,
    source="P21, «Performance strategica di Ente»: obiettivo posto a 100, scostamento massimo registrato",
    example="=PERF_NECESSARIO(30; 110; -1)",
    checks=pyramid.NEEDED_CHECKS,
    vectorised=True,
)

PUBLIC_VALUE = Function(
    name="VALORE_PUBBLICO",
    category=CATEGORY,
    title="Indice sintetico del valore pubblico",
    help="Indice sintetico del valore pubblico: media ponderata degli indici gestionale, istituzionale e "
    "strategico, ciascuno limitato al tetto attorno a 100. Finché un indice manca è la media di "
    "quelli rilevati.",
    arguments=(
        _index("gestionale", "gestionale di ente"),
        _index("istituzionale", "istituzionale"),
        _index("strategica", "strategica di ente"),
        Argument(
            "pesi",
            "Intervallo dei tre pesi nello stesso ordine (somma 1 o 100). Omesso: quelli dei dati del "
            "piano, un'assunzione perché il piano li riporta solo in un'immagine.",
            unit=Measure.WEIGHT,
            kind=Kind.RANGE,
            empty=Empty.DEFAULT,
            default=binding.public_value_weights,
            default_text="quelli del piano (assunzione)",
            plan=True,
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
    ),
    result="Indice, 100 = obiettivo; vuoto se nessun indice è rilevato.",
    unit=Measure.POINTS,
    formula="media ponderata dei tre indici, ciascuno limitato al tetto attorno a 100",
    phrase="media ponderata dei tre indici",
    compute=_public_value,
    shape=Shape.SYNTHESIS,
    source="P21, «Indice sintetico del valore pubblico»",
    example="=VALORE_PUBBLICO(104; 98,5; 101; B2:B4)",
)
