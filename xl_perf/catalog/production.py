"""Entries of production: homogenised points, productivity, quality."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.catalog import binding
from xl_perf.catalog.model import Argument, Empty, Function, Kind, Measure, Shape
from xl_perf.compute import production

if TYPE_CHECKING:
    from collections.abc import Sequence

CATEGORY = "Processi"
_MONTHS = 12.0


def _quality(
    values: Sequence[float],
    references: Sequence[float],
    weights: Sequence[float] | None,
    directions: Sequence[float] | None,
) -> float:
    return production.quality_index(values, references, weights, directions, binding.WEIGHT_TOLERANCE)


ENTRIES = (
    Function(
        name="OMOGENEIZZA",
        category=CATEGORY,
        title="Produzione omogeneizzata",
        help="Produzione omogeneizzata in punti: somma di pezzi * coefficiente (1 ora di lavoro = 1 punto). I prodotti "
        "vuoti sono non ancora rilevati.",
        arguments=(
            Argument(
                "pezzi",
                "Intervallo dei pezzi definiti, uno per prodotto, non negativi. Le celle vuote sono non "
                "ancora rilevate.",
                unit=Measure.PIECES,
                kind=Kind.RANGE,
            ),
            Argument(
                "coefficienti",
                "Intervallo dei coefficienti di omogeneizzazione, uno per prodotto. Mancante dove ci sono pezzi: #N/D.",
                unit=Measure.POINTS,
                kind=Kind.RANGE,
            ),
        ),
        result="Punti omogeneizzati; vuoto se nessun prodotto è rilevato.",
        unit=Measure.POINTS,
        formula="somma di pezzi * coefficiente",
        phrase="somma di pezzi x coefficiente",
        compute=production.homogenised,
        shape=Shape.SYNTHESIS,
        source="P21, riquadro in «Produzione»: 1 ora di lavoro = 1 punto omogeneizzato",
        example="=OMOGENEIZZA(C5:C40; D5:D40)",
    ),
    Function(
        name="PRODUTTIVITA_INDEX",
        category=CATEGORY,
        title="Indice di produttività",
        help="Indice di produttività: punti omogeneizzati per risorsa e per mese, produzione / (risorse * mesi). "
        "Accetta celle o intervalli.",
        arguments=(
            Argument(
                "produzione",
                "Produzione omogeneizzata delle aree di produzione nel periodo, al netto della vigilanza "
                "ispettiva, in punti.",
                unit=Measure.POINTS,
            ),
            Argument(
                "risorse",
                "Risorse presenti in quelle aree (media del periodo), senza ispettori né personale di "
                "sportello e consulenza. 0: #DIV/0!.",
                unit=Measure.PEOPLE,
            ),
            Argument(
                "mesi",
                "Mesi del periodo, maggiori di 0. Predefinito: 12, l'anno intero.",
                unit=Measure.COUNT,
                empty=Empty.DEFAULT,
                default=binding.constant(_MONTHS),
                default_text="12",
            ),
        ),
        result="Punti per risorsa e mese; vuoto se produzione o risorse sono vuote.",
        unit=Measure.POINTS,
        formula="produzione / (risorse * mesi)",
        phrase="produzione / (risorse x {mesi} mesi)",
        compute=production.productivity,
        shape=Shape.ELEMENTWISE,
        source="P21, riquadro in «Produttività»; Allegato Tecnico, slide «Obiettivi di Efficienza»",
        example="=PRODUTTIVITA_INDEX(14880; 10; 12)",
        checks=production.PRODUCTIVITY_CHECKS,
        vectorised=True,
    ),
    Function(
        name="QUALITA_INDEX",
        category=CATEGORY,
        title="Indice sintetico di qualità",
        help="Indice sintetico di qualità: media ponderata di 100 * (1 + scostamento) degli indicatori "
        "elementari dal loro riferimento, senza tetto. Oltre 100 la qualità è migliore del "
        "riferimento.",
        arguments=(
            Argument(
                "valori",
                "Intervallo degli indicatori elementari. Le celle vuote sono indicatori non ancora rilevati.",
                unit=Measure.INDICATOR,
                kind=Kind.RANGE,
            ),
            Argument(
                "riferimenti",
                "Intervallo dei riferimenti (budget o anno precedente), maggiori di 0. Mancante: #N/D; 0: #DIV/0!.",
                unit=Measure.INDICATOR,
                kind=Kind.RANGE,
            ),
            Argument(
                "pesi",
                "Intervallo dei pesi (somma 1 o 100). Omesso: pesi uguali.",
                unit=Measure.WEIGHT,
                kind=Kind.RANGE,
                empty=Empty.DEFAULT,
                default_text="pesi uguali",
            ),
            Argument(
                "versi",
                "Intervallo dei versi: 1 se è meglio un valore più alto, -1 se è meglio più basso; cella "
                "vuota: 1. Omesso: tutti 1.",
                unit=Measure.COUNT,
                kind=Kind.RANGE,
                empty=Empty.DEFAULT,
                default_text="tutti 1",
            ),
        ),
        result="Numero indice, 100 = riferimento; vuoto se nessun indicatore è rilevato.",
        unit=Measure.INDEX,
        formula="media ponderata di 100 * (1 + verso * (valore - riferimento) / riferimento)",
        phrase="media ponderata degli indicatori rispetto al riferimento, posto a 100",
        compute=_quality,
        shape=Shape.SYNTHESIS,
        source="P21, «Il Cruscotto Qualità»; la formula dell'indice elementare è un'assunzione (è nel SMVP)",
        example="=QUALITA_INDEX(C5:C20; D5:D20; E5:E20; F5:F20)",
    ),
)
"""Catalogue entries of production."""
