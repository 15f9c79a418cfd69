"""Entries of the processes: giacenza, deflusso, controllo del processo produttivo."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

from xl_perf.catalog import binding, production
from xl_perf.catalog.model import Argument, Empty, Function, Kind, Measure, Shape
from xl_perf.compute import process
from xl_perf.compute.faults import ComputeError, Fault

CATEGORY = "Processi"

_CONTROL_ARGUMENTS = (
    Argument("a_controllo", "Numero di pratiche da sottoporre a controllo nel periodo.", unit=Measure.PIECES),
    Argument(
        "controllate",
        "Numero di pratiche controllate; non può superare quelle a controllo (#NUM!).",
        unit=Measure.PIECES,
    ),
    Argument("regolarizzate_si", "Numero di pratiche regolarizzate con esito SI.", unit=Measure.PIECES),
    Argument("regolarizzate_no", "Numero di pratiche regolarizzate con esito NO.", unit=Measure.PIECES),
    Argument(
        "notificate",
        "Numero di pratiche notificate; con le regolarizzate SI + NO non può superare le controllate (#NUM!).",
        unit=Measure.PIECES,
    ),
    Argument(
        "regolarizzate_30gg",
        "Numero di pratiche regolarizzate entro i giorni previsti dal piano; non può superare le "
        "regolarizzate SI + NO (#NUM!).",
        unit=Measure.PIECES,
    ),
    Argument(
        "fasce",
        "Intervallo delle fasce, una riga ciascuna, tre colonne: numero del rapporto (1-4), estremo "
        "superiore in percento (compreso; vuoto: aperta), punti. Omesso: quelle del piano.",
        unit=Measure.SEVERAL,
        kind=Kind.RANGE,
        empty=Empty.DEFAULT,
        default=binding.bands,
        default_text="quelle del piano",
        plan=True,
        whole=True,
    ),
    Argument(
        "decimali",
        "Decimali della percentuale a cui si arrotonda un rapporto, intero da 0 a 15. Predefinito: quelli del piano.",
        unit=Measure.COUNT,
        empty=Empty.DEFAULT,
        default=binding.parameter("decimali_controllo"),
        default_text="quelli del piano",
        plan=True,
    ),
    Argument(
        "senza_irregolarita",
        "Se nulla è irregolare, i rapporti che non si possono misurare hanno: 1 la fascia più alta, 0 la "
        "più bassa. Predefinito: quello del piano.",
        unit=Measure.COUNT,
        empty=Empty.DEFAULT,
        default=binding.parameter("senza_irregolarita"),
        default_text="quello del piano",
        plan=True,
    ),
)
_COUNTS = 6
_MOST_DECIMALS = 15
"""As many digits as a spreadsheet shows of a number."""


@lru_cache(maxsize=16)
def _rule(table: tuple[tuple[float, ...], ...], decimals: float, clean: float) -> process.ControlRule:
    if not 0 <= decimals <= _MOST_DECIMALS or decimals != math.floor(decimals):
        raise ComputeError(Fault.DOMAIN, f"{decimals!r} decimals")
    return process.control_rule(table, 10 ** int(decimals), clean)


def _points(*values: Any) -> float:
    return process.control_points(values[:_COUNTS], _rule(*values[_COUNTS:]))


def detail(*values: Any) -> tuple[tuple[float, float, float], ...]:
    """Ratio, band and points of each ratio of the controllo del processo; NaN for a ratio without denominator."""
    rows = process.control_detail(values[:_COUNTS], _rule(*values[_COUNTS:]))
    return tuple((row.ratio, row.band, row.points) for row in rows)


ENTRIES = (
    Function(
        name="GIACENZA_INDEX",
        category=CATEGORY,
        title="Indice di giacenza",
        help="Indice di giacenza in giorni: giacenza omogeneizzata / pervenuto omogeneizzato * base. "
        "Un valore più basso è migliore. Accetta celle o intervalli.",
        arguments=(
            Argument(
                "giacenza",
                "Giacenza omogeneizzata a fine periodo, in punti, non negativa.",
                unit=Measure.POINTS,
            ),
            Argument(
                "pervenuto",
                "Pervenuto omogeneizzato dell'anno, in punti (di un periodo più breve solo con la base "
                "dei suoi giorni). 0: #DIV/0!.",
                unit=Measure.POINTS,
            ),
            Argument(
                "base",
                "Giorni della base, maggiori di 0. Predefinita: quella del piano.",
                unit=Measure.DAYS,
                empty=Empty.DEFAULT,
                default=binding.parameter("base_giacenza"),
                default_text="quella del piano",
                plan=True,
            ),
        ),
        result="Giorni; vuoto se giacenza o pervenuto sono vuoti.",
        unit=Measure.DAYS,
        formula="giacenza / pervenuto * base",
        phrase="giacenza / pervenuto x {base} giorni",
        compute=process.stock_index,
        shape=Shape.ELEMENTWISE,
        source="P21, riquadro in «Indici di giacenza e deflusso»; obiettivi in Tabella A",
        example="=GIACENZA_INDEX(1500; 18000)",
        checks=process.STOCK_CHECKS,
        vectorised=True,
    ),
    Function(
        name="DEFLUSSO_INDEX",
        category=CATEGORY,
        title="Indice di deflusso",
        help="Indice di deflusso: definiti / pervenuti. 1 o più significa che si definisce almeno quanto arriva. "
        "Accetta celle o intervalli.",
        arguments=(
            Argument("definiti", "Lavorazioni definite nel periodo, non negative.", unit=Measure.PIECES),
            Argument(
                "pervenuti",
                "Lavorazioni pervenute nel periodo, nella stessa unità. 0: #DIV/0!.",
                unit=Measure.PIECES,
            ),
        ),
        result="Rapporto; vuoto se uno dei due valori è vuoto.",
        unit=Measure.RATIO,
        formula="definiti / pervenuti",
        phrase="definiti / pervenuti",
        compute=process.outflow_index,
        shape=Shape.ELEMENTWISE,
        source="P21, riquadro in «Indici di giacenza e deflusso»",
        example="=DEFLUSSO_INDEX(1020; 1000)",
        checks=process.OUTFLOW_CHECKS,
        vectorised=True,
    ),
    *production.ENTRIES,
    Function(
        name="CONTROLLO_PROCESSO",
        category=CATEGORY,
        title="Controllo del processo produttivo: punti",
        help="Punti del controllo del processo produttivo: somma dei punti di fascia dei quattro "
        "rapporti, ciascuno arrotondato come dice decimali. Se nulla è controllato vale la fascia "
        "più bassa. Accetta celle o intervalli.",
        arguments=_CONTROL_ARGUMENTS,
        result="Punti; vuoto se manca anche uno solo dei sei numeri.",
        unit=Measure.POINTS,
        formula="somma dei punti di fascia dei quattro rapporti",
        phrase="somma dei punti di fascia dei quattro rapporti",
        compute=_points,
        shape=Shape.ELEMENTWISE,
        source="P21, Allegato Tecnico, slide 9",
        example="=CONTROLLO_PROCESSO(1000; 996; 60; 10; 5; 65)",
    ),
    Function(
        name="CONTROLLO_PROCESSO_DETTAGLIO",
        category=CATEGORY,
        title="Controllo del processo produttivo: dettaglio",
        help="I quattro rapporti del controllo del processo produttivo, uno per riga: rapporto (frazione arrotondata), "
        "numero della fascia nell'ordine della tabella, punti. Occupa 4 righe e 3 colonne.",
        arguments=_CONTROL_ARGUMENTS,
        result="Tabella di 4 righe per 3 colonne; rapporto vuoto se il denominatore è 0.",
        unit=Measure.SEVERAL,
        formula="rapporto, fascia e punti di ciascuno dei quattro rapporti",
        phrase="rapporto, fascia e punti dei quattro rapporti",
        compute=detail,
        shape=Shape.ARRAY,
        source="P21, Allegato Tecnico, slide 9",
        example="=CONTROLLO_PROCESSO_DETTAGLIO(1000; 996; 60; 10; 5; 65)",
        spill=(4, 3),
    ),
)
"""Catalogue entries of the processes."""
