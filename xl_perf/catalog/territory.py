"""Entries of the territorial structures: improvement projects, disposal of real estate, spending."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.catalog import binding
from xl_perf.catalog.model import Argument, Empty, Function, Kind, Measure, Shape
from xl_perf.catalog.performance import CAP
from xl_perf.compute import territory

if TYPE_CHECKING:
    from collections.abc import Sequence

CATEGORY = "Strutture territoriali"


def _projects(
    actuals: Sequence[float],
    targets: Sequence[float],
    weights: Sequence[float],
    regional_actuals: Sequence[float] | None,
    regional_targets: Sequence[float] | None,
    *rule: float,
) -> float:
    share, most, cap = rule
    return territory.project_score(
        actuals,
        targets,
        weights,
        regional_actuals,
        regional_targets,
        rule=territory.ProjectRule(cap, share, most),
        tolerance=binding.WEIGHT_TOLERANCE,
    )


def _spending(budget: float, used: float, forecast: float, limit: float, last: float) -> bool:
    return territory.spending_within(budget, used, forecast, limit, last, noise=binding.WEIGHT_TOLERANCE)


ENTRIES = (
    Function(
        name="PROGETTI_SINTESI",
        category=CATEGORY,
        title="Sintesi dei progetti di miglioramento",
        help="Punteggio dei progetti di miglioramento, obiettivo = 100: media ponderata dei progetti "
        "nazionali, ciascuno limitato al tetto; ogni progetto regionale rilevato toglie loro una "
        "quota del peso, fino a un massimo.",
        arguments=(
            Argument(
                "consuntivi",
                "Intervallo dei pezzi definiti nei progetti nazionali. Le celle vuote sono non ancora rilevate.",
                unit=Measure.PIECES,
                kind=Kind.RANGE,
                group="nazionali",
            ),
            Argument(
                "obiettivi",
                "Intervallo degli obiettivi dei progetti nazionali, maggiori di 0. Mancante: #N/D; 0: #DIV/0!.",
                unit=Measure.PIECES,
                kind=Kind.RANGE,
                group="nazionali",
            ),
            Argument(
                "pesi",
                "Intervallo dei pesi dei progetti nazionali; la somma deve essere 1 oppure 100, altrimenti #NUM!.",
                unit=Measure.WEIGHT,
                kind=Kind.RANGE,
                group="nazionali",
            ),
            Argument(
                "consuntivi_regionali",
                "Intervallo dei risultati dei progetti regionali. Omesso o vuoto: non ancora rilevati.",
                unit=Measure.PIECES,
                kind=Kind.RANGE,
                empty=Empty.DEFAULT,
                default_text="nessuno",
                group="regionali",
            ),
            Argument(
                "obiettivi_regionali",
                "Intervallo degli obiettivi dei progetti regionali, maggiori di 0: ogni obiettivo è un "
                "progetto. Omesso: nessuno.",
                unit=Measure.PIECES,
                kind=Kind.RANGE,
                empty=Empty.DEFAULT,
                default_text="nessuno",
                group="regionali",
            ),
            Argument(
                "peso_regionale",
                "Quota di peso, come frazione, di ogni progetto regionale rilevato; uno non rilevato la "
                "lascia agli altri. Predefinita: quella del piano.",
                unit=Measure.PERCENT,
                empty=Empty.DEFAULT,
                default=binding.parameter("peso_regionale"),
                default_text="quella del piano",
                plan=True,
            ),
            Argument(
                "peso_regionale_massimo",
                "Quota di peso massima, come frazione, di tutti i progetti regionali; oltre 1: #NUM!. "
                "Predefinita: quella del piano.",
                unit=Measure.PERCENT,
                empty=Empty.DEFAULT,
                default=binding.parameter("peso_regionale_massimo"),
                default_text="quella del piano",
                plan=True,
            ),
            Argument(
                "tetto",
                "Scostamento massimo considerato di ogni progetto, come frazione, non negativo. "
                "Predefinito: quello del piano.",
                unit=Measure.PERCENT,
                empty=Empty.DEFAULT,
                default=CAP,
                default_text="quello del piano",
                plan=True,
            ),
        ),
        result="Punteggio, 100 = obiettivo; vuoto se nessun progetto è rilevato.",
        unit=Measure.POINTS,
        formula="media ponderata dei punteggi dei progetti nazionali, poi con la media dei regionali "
        "secondo il loro peso",
        phrase="media ponderata dei progetti nazionali, poi con la media dei regionali secondo il loro peso",
        compute=_projects,
        shape=Shape.SYNTHESIS,
        source="P21, Allegato Tecnico, slide 10",
        example="=PROGETTI_SINTESI(C5:C7; D5:D7; E5:E7; C10:C12; D10:D12)",
    ),
    Function(
        name="DISMISSIONE_INDEX",
        category=CATEGORY,
        title="Dismissione del patrimonio da reddito",
        help="Indice di dismissione: 100 * unità/obiettivo + 100 * valore/obiettivo, la somma delle due "
        "percentuali di avanzamento; una può compensare l'altra. Accetta celle o intervalli.",
        arguments=(
            Argument(
                "unita", "Numero di unità immobiliari vendute o proposte, non negativo.", unit=Measure.PIECES
            ),
            Argument(
                "ob_unita",
                "Obiettivo del numero di unità, maggiore di 0. Vuoto: #N/D; 0: #DIV/0!.",
                unit=Measure.PIECES,
                empty=Empty.MISSING,
            ),
            Argument("valore", "Valore catastale delle unità, in euro, non negativo.", unit=Measure.EURO),
            Argument(
                "ob_valore",
                "Obiettivo del valore catastale, in euro, maggiore di 0. Vuoto: #N/D; 0: #DIV/0!.",
                unit=Measure.EURO,
                empty=Empty.MISSING,
            ),
        ),
        result="Somma delle due percentuali di avanzamento; vuoto se manca uno dei due consuntivi.",
        unit=Measure.POINTS,
        formula="100 * unita / ob_unita + 100 * valore / ob_valore",
        phrase="100 x unità / obiettivo di unità + 100 x valore / obiettivo di valore",
        compute=territory.disposal_index,
        shape=Shape.ELEMENTWISE,
        source="P21, Allegato Tecnico, slide «Piano di dismissione del Patrimonio da Reddito»",
        example="=DISMISSIONE_INDEX(7; 10; 300000; 1000000)",
        checks=territory.DISPOSAL_CHECKS,
        vectorised=True,
    ),
    Function(
        name="SPESA_CONFORME",
        category=CATEGORY,
        title="Spesa conforme al forecast",
        help="VERO se l'utilizzato di un capitolo rispetta il budget: non lo supera di oltre la "
        "tolleranza, e nell'ultimo forecast dell'anno non se ne discosta di più neppure in meno. "
        "Accetta celle o intervalli.",
        arguments=(
            Argument(
                "budget",
                "Budget economico (forecast) del capitolo, in euro, non negativo.",
                unit=Measure.EURO,
            ),
            Argument("utilizzato", "Costi effettivi del capitolo, in euro.", unit=Measure.EURO),
            Argument(
                "forecast",
                "Numero del forecast, da 1 all'ultimo dell'anno; un altro numero: #NUM!. Vuoto: #N/D.",
                unit=Measure.COUNT,
                empty=Empty.MISSING,
            ),
            Argument(
                "tolleranza",
                "Scostamento massimo dal budget, come frazione del budget, non negativo. Predefinito: "
                "quello del piano.",
                unit=Measure.PERCENT,
                empty=Empty.DEFAULT,
                default=binding.parameter("tolleranza_spesa"),
                default_text="quella del piano",
                plan=True,
            ),
            Argument(
                "forecast_finale",
                "Numero dell'ultimo forecast dell'anno, intero. Predefinito: quello del piano.",
                unit=Measure.COUNT,
                empty=Empty.DEFAULT,
                default=binding.parameter("forecast_finale"),
                default_text="quello del piano",
                plan=True,
            ),
        ),
        result="VERO o FALSO; vuoto se budget o utilizzato sono vuoti.",
        unit=Measure.TRUTH,
        formula="(utilizzato - budget) / budget confrontato con la tolleranza",
        phrase="1 se la spesa rispetta il budget entro la tolleranza",
        compute=_spending,
        shape=Shape.ELEMENTWISE,
        source="P21, Allegato Tecnico, slide «Gestione della spesa delle Strutture Territoriali»",
        example="=SPESA_CONFORME(100000; 104000; 1)",
        checks=territory.SPENDING_CHECKS,
    ),
)
"""Catalogue entries of the territorial structures."""
