"""Entries of efficiency: costi standard, IEEP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xl_perf.catalog import binding
from xl_perf.catalog.model import Argument, Empty, Function, Kind, Measure, Shape
from xl_perf.compute import efficiency, synthesis
from xl_perf.compute.faults import Check, Fault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.compute.ops import Numbers

CATEGORY = "Efficienza"


def _cost_index(values: Sequence[float], means: Sequence[float], weights: Sequence[float]) -> float:
    return synthesis.cost_index(values, means, weights, binding.WEIGHT_TOLERANCE)


def _not_whole(
    _a: Numbers, _at: Numbers, _b: Numbers, _bt: Numbers, revenue: Numbers, benefits: Numbers
) -> Any:
    """Whether the weights of the two sections sum neither to 1 nor to 100."""
    whole: Any = revenue + benefits
    off = binding.WEIGHT_TOLERANCE
    return (abs(whole - 1) > off) & (abs(whole - 100) > 100 * off)


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
                unit=Measure.INDICATOR,
                kind=Kind.RANGE,
            ),
            Argument(
                "medie_cluster",
                "Intervallo delle medie del cluster, una per costo, maggiori di 0. Media mancante: #N/D; 0: #DIV/0!.",
                unit=Measure.INDICATOR,
                kind=Kind.RANGE,
            ),
            Argument(
                "pesi",
                "Intervallo dei pesi (somma 1 o 100). Omesso: quelli del piano, nell'ordine della Tabella C; "
                "con un altro numero di valori #VALORE!.",
                unit=Measure.WEIGHT,
                kind=Kind.RANGE,
                empty=Empty.DEFAULT,
                default=binding.cost_weights,
                default_text="quelli del piano",
                plan=True,
            ),
        ),
        result="Numero indice, 100 = media del cluster; vuoto se nessun costo è rilevato.",
        unit=Measure.INDEX,
        formula="media ponderata di 100 * valore / media del cluster",
        phrase="media ponderata di 100 x costo / media del cluster",
        compute=_cost_index,
        shape=Shape.SYNTHESIS,
        source="P21, Tabella C e «Indice sintetico dei costi standard»; formula e pesi ricostruiti dai "
        "valori pubblicati",
        example="=COSTO_STANDARD(C5:C25; D5:D25)",
    ),
    Function(
        name="IEEP_TOTALE",
        category=CATEGORY,
        title="IEEP: totale dalle voci",
        help="Indice di efficacia economico-finanziaria della produzione dalle voci della Tabella B: somma delle "
        "righe di dettaglio con il loro segno (interessi legali in meno). Le voci vuote sono non ancora rilevate.",
        arguments=(
            Argument(
                "voci",
                "Intervallo delle voci nell'ordine della tabella, in euro. Un subtotale conta solo se le "
                "sue righe di dettaglio sono vuote, il totale se sono vuote tutte. Un altro numero di "
                "celle che negli altri intervalli: #VALORE!.",
                unit=Measure.EURO,
                kind=Kind.RANGE,
            ),
            Argument(
                "segni",
                "Intervallo dei segni, uno per voce: 1 se la voce si somma alla riga di cui fa parte, -1 "
                "se si sottrae; vuoto per il totale. Omesso: quelli della Tabella B del piano.",
                unit=Measure.COUNT,
                kind=Kind.RANGE,
                empty=Empty.DEFAULT,
                default=binding.ieep_signs,
                default_text="quelli del piano",
                plan=True,
            ),
            Argument(
                "livelli",
                "Intervallo dei livelli, uno per voce: 0 le sezioni, poi 1, 2...; vuoto per il totale. "
                "Una voce fa parte della riga più vicina sopra di lei con un livello minore. Omesso: "
                "quelli della Tabella B del piano.",
                unit=Measure.COUNT,
                kind=Kind.RANGE,
                empty=Empty.DEFAULT,
                default=binding.ieep_levels,
                default_text="quelli del piano",
                plan=True,
            ),
        ),
        result="Euro; vuoto se nessuna voce è rilevata.",
        unit=Measure.EURO,
        formula="somma delle righe di dettaglio con il loro segno (interessi legali in meno)",
        phrase="somma delle voci di dettaglio con il loro segno",
        compute=efficiency.table_total,
        shape=Shape.SYNTHESIS,
        source="P21, Allegato Tecnico, slide 14 e Tabella B",
        example="=IEEP_TOTALE(C5:C31)",
    ),
    Function(
        name="IEEP_REALIZZAZIONE",
        category=CATEGORY,
        title="IEEP: percentuale di realizzazione",
        help="Realizzazione dell'IEEP: media pesata di entrate / obiettivo e prestazioni / obiettivo. Accetta celle o "
        "intervalli.",
        arguments=(
            Argument("entrate", "Consuntivo della sezione entrate, in euro.", unit=Measure.EURO),
            Argument(
                "ob_entrate",
                "Obiettivo della sezione entrate, in euro, maggiore di 0. Vuoto: #N/D; 0: #DIV/0!.",
                unit=Measure.EURO,
                empty=Empty.MISSING,
            ),
            Argument("prestazioni", "Consuntivo della sezione prestazioni, in euro.", unit=Measure.EURO),
            Argument(
                "ob_prestazioni",
                "Obiettivo della sezione prestazioni, in euro, maggiore di 0. Vuoto: #N/D; 0: #DIV/0!.",
                unit=Measure.EURO,
                empty=Empty.MISSING,
            ),
            Argument(
                "peso_entrate",
                "Peso della sezione entrate, non negativo; con l'altro fa 1 o 100, altrimenti #NUM!. "
                "Predefinito: quello del piano.",
                unit=Measure.WEIGHT,
                empty=Empty.DEFAULT,
                default=binding.weight("pesi_ieep", "entrate"),
                default_text="quello del piano",
                plan=True,
            ),
            Argument(
                "peso_prestazioni",
                "Peso della sezione prestazioni, non negativo. Predefinito: quello del piano.",
                unit=Measure.WEIGHT,
                empty=Empty.DEFAULT,
                default=binding.weight("pesi_ieep", "prestazioni"),
                default_text="quello del piano",
                plan=True,
            ),
        ),
        result="Frazione (1 = 100%); vuoto se manca uno dei due consuntivi.",
        unit=Measure.PERCENT,
        formula="(peso_entrate * entrate / ob_entrate + peso_prestazioni * prestazioni / ob_prestazioni) / "
        "(peso_entrate + peso_prestazioni)",
        phrase="realizzazione delle due sezioni: entrate con peso {peso_entrate}, prestazioni con peso "
        "{peso_prestazioni}",
        compute=efficiency.realisation,
        shape=Shape.ELEMENTWISE,
        source="P21, Allegato Tecnico, slide 14",
        example="=IEEP_REALIZZAZIONE(9500; 9000; 1900; 2000)",
        checks=(*efficiency.REALISATION_CHECKS, Check(Fault.DOMAIN, _not_whole)),
        vectorised=True,
    ),
)
"""Catalogue entries of efficiency."""
