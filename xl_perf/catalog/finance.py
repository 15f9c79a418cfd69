"""Entries of efficiency: costi standard, IEEP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.catalog import binding
from xl_perf.catalog.model import Argument, Empty, Function, Kind, Shape
from xl_perf.compute import efficiency, synthesis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.compute.ops import Numbers

CATEGORY = "Efficienza"


def _cost_index(values: Sequence[float], means: Sequence[float], weights: Sequence[float] | None) -> float:
    if weights is None:
        weights = binding.cost_weights()
    return synthesis.cost_index(values, means, weights, binding.WEIGHT_TOLERANCE)


def _ieep_total(values: Sequence[float]) -> float:
    return efficiency.table_total(values, *binding.ieep_rows())


def _realisation(
    revenue: Numbers, revenue_target: Numbers, benefits: Numbers, benefits_target: Numbers
) -> Numbers:
    return efficiency.realisation(
        revenue, revenue_target, benefits, benefits_target, *binding.section_weights()
    )


ENTRIES = (
    Function(
        name="COSTO_STANDARD",
        category=CATEGORY,
        title="Indice sintetico dei costi standard",
        help="Indice sintetico dei costi standard: media ponderata di 100 * valore / media del cluster sui costi "
        "rilevati. Oltre 100 la struttura costa più della media del suo cluster.",
        arguments=(
            Argument(
                "valori",
                "Intervallo dei costi elementari della struttura. Le celle vuote sono costi non ancora rilevati.",
                kind=Kind.RANGE,
            ),
            Argument(
                "medie_cluster",
                "Intervallo delle medie del cluster, una per costo, maggiori di 0. Media mancante: #N/D; 0: #DIV/0!.",
                kind=Kind.RANGE,
            ),
            Argument(
                "pesi",
                "Intervallo dei pesi (somma 1 o 100). Omesso: i 21 pesi del piano, nell'ordine della Tabella C; "
                "con un altro numero di valori #VALORE!.",
                kind=Kind.RANGE,
                empty=Empty.DEFAULT,
                default_text="i 21 pesi del piano",
            ),
        ),
        result="Numero indice, 100 = media del cluster; vuoto se nessun costo è rilevato.",
        formula="media ponderata di 100 * valore / media del cluster",
        compute=_cost_index,
        shape=Shape.SYNTHESIS,
        source="P21, Tabella C e «Indice sintetico dei costi standard»; formula e pesi ricostruiti dai valori pubblicati",
        example="=COSTO_STANDARD(C5:C25; D5:D25)",
    ),
    Function(
        name="IEEP_TOTALE",
        category=CATEGORY,
        title="IEEP: totale dalle voci",
        help="Indice di efficacia economico-finanziaria della produzione dalle 27 voci della Tabella B: somma delle "
        "righe di dettaglio con il loro segno (interessi legali in meno). Le voci vuote sono non ancora rilevate.",
        arguments=(
            Argument(
                "voci",
                "Intervallo delle 27 voci nell'ordine della Tabella B, in euro. Un subtotale conta solo se le sue "
                "righe di dettaglio sono vuote. Un altro numero di celle: #VALORE!.",
                kind=Kind.RANGE,
            ),
        ),
        result="Euro; vuoto se nessuna voce è rilevata.",
        formula="somma delle righe di dettaglio con il loro segno (interessi legali in meno)",
        compute=_ieep_total,
        shape=Shape.SYNTHESIS,
        source="P21, Allegato Tecnico, slide 14 e Tabella B",
        example="=IEEP_TOTALE(C5:C31)",
    ),
    Function(
        name="IEEP_REALIZZAZIONE",
        category=CATEGORY,
        title="IEEP: percentuale di realizzazione",
        help="Realizzazione dell'IEEP: 0,7 * entrate/obiettivo + 0,3 * prestazioni/obiettivo, con i pesi del piano. "
        "Accetta celle o intervalli.",
        arguments=(
            Argument("entrate", "Consuntivo della sezione entrate, in euro.", shown=True),
            Argument(
                "ob_entrate",
                "Obiettivo della sezione entrate, in euro, maggiore di 0. Vuoto: #N/D; 0: #DIV/0!.",
                empty=Empty.MISSING,
            ),
            Argument("prestazioni", "Consuntivo della sezione prestazioni, in euro.", shown=True),
            Argument(
                "ob_prestazioni",
                "Obiettivo della sezione prestazioni, in euro, maggiore di 0. Vuoto: #N/D; 0: #DIV/0!.",
                empty=Empty.MISSING,
            ),
        ),
        result="Frazione (1 = 100%); vuoto se manca uno dei due consuntivi.",
        formula="peso entrate * entrate / ob_entrate + peso prestazioni * prestazioni / ob_prestazioni",
        compute=_realisation,
        shape=Shape.ELEMENTWISE,
        source="P21, Allegato Tecnico, slide 14: entrate 70%, prestazioni 30%",
        example="=IEEP_REALIZZAZIONE(9500; 9000; 1900; 2000)",
        checks=efficiency.REALISATION_CHECKS,
        vectorised=True,
    ),
)
"""Catalogue entries of efficiency."""
