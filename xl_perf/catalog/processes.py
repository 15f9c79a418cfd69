"""Entries of the processes: giacenza, deflusso, controllo del processo produttivo."""

from __future__ import annotations

from xl_perf.catalog import binding, production
from xl_perf.catalog.model import Argument, Empty, Function, Shape
from xl_perf.compute import process

CATEGORY = "Processi"

_CONTROL_ARGUMENTS = (
    Argument("a_controllo", "Numero di pratiche da sottoporre a controllo nel periodo."),
    Argument("controllate", "Numero di pratiche controllate; non può superare quelle a controllo (#NUM!)."),
    Argument("regolarizzate_si", "Numero di pratiche regolarizzate con esito SI."),
    Argument("regolarizzate_no", "Numero di pratiche regolarizzate con esito NO."),
    Argument("notificate", "Numero di pratiche notificate."),
    Argument(
        "regolarizzate_30gg",
        "Numero di pratiche regolarizzate entro 30 giorni; non può superare le regolarizzate SI + NO (#NUM!).",
    ),
)


def _points(*counts: float) -> float:
    return process.control_points(counts, binding.band_rules(), binding.percent_steps())


def detail(*counts: float) -> tuple[tuple[float, float, float], ...]:
    """Ratio, band and points of each ratio of the controllo del processo; NaN for a ratio without denominator."""
    rows = process.control_detail(counts, binding.band_rules(), binding.percent_steps())
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
                "giacenza", "Giacenza omogeneizzata a fine periodo, in punti, non negativa.", shown=True
            ),
            Argument(
                "pervenuto",
                "Pervenuto omogeneizzato dell'anno, in punti (di un periodo più breve solo con la base dei suoi giorni). 0: #DIV/0!.",
            ),
            Argument(
                "base",
                "Giorni della base. Predefinita: quella del piano, 360 (il piano 2020-2022 usava 365).",
                empty=Empty.DEFAULT,
                default=binding.parameter("giacenza.base"),
                default_text="360 (piano)",
            ),
        ),
        result="Giorni; vuoto se giacenza o pervenuto sono vuoti.",
        formula="giacenza / pervenuto * base",
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
            Argument("definiti", "Lavorazioni definite nel periodo, non negative.", shown=True),
            Argument("pervenuti", "Lavorazioni pervenute nel periodo, nella stessa unità. 0: #DIV/0!."),
        ),
        result="Rapporto; vuoto se uno dei due valori è vuoto.",
        formula="definiti / pervenuti",
        compute=process.outflow_index,
        shape=Shape.ELEMENTWISE,
        source="P21, riquadro in «Indici di giacenza e deflusso»; obiettivo >= 1 per area",
        example="=DEFLUSSO_INDEX(1020; 1000)",
        checks=process.OUTFLOW_CHECKS,
        vectorised=True,
    ),
    *production.ENTRIES,
    Function(
        name="CONTROLLO_PROCESSO",
        category=CATEGORY,
        title="Controllo del processo produttivo: punti",
        help="Punti del controllo del processo produttivo (da 2 a 24, obiettivo 20): somma dei punti di fascia dei "
        "quattro rapporti, ciascuno arrotondato a due decimali di percentuale. Accetta celle o intervalli.",
        arguments=_CONTROL_ARGUMENTS,
        result="Punti; vuoto se manca anche uno solo dei sei numeri.",
        formula="somma dei punti di fascia dei quattro rapporti",
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
        "numero della fascia (1-4), punti. Occupa 4 righe e 3 colonne.",
        arguments=_CONTROL_ARGUMENTS,
        result="Tabella di 4 righe per 3 colonne; rapporto vuoto se il denominatore è 0.",
        formula="rapporto, fascia e punti di ciascuno dei quattro rapporti",
        compute=detail,
        shape=Shape.ARRAY,
        source="P21, Allegato Tecnico, slide 9",
        example="=CONTROLLO_PROCESSO_DETTAGLIO(1000; 996; 60; 10; 5; 65)",
        spill=(4, 3),
    ),
)
"""Catalogue entries of the processes."""
