"""Headings, tables and measures that the sheets of `lavoro_agile.xlsx` share."""

from __future__ import annotations

from dataclasses import dataclass

from xl_perf.templates import styles

SYSTEM = "lavoro_agile"
TECHNOLOGY = "lavoro_agile.tecnologia"
"""Node of the weights of the technology targets."""
SHARE = "lavoro_agile.quota"
THRESHOLD = "lavoro_agile.quota_minima"

S_INDICATORS, S_TECHNOLOGY, S_TREND, S_PUBLISHED = (
    "Indicatori POLA",
    "Tecnologia",
    "Andamento",
    "Dati pubblicati",
)

KEY, TITLE, TYPE = "Codice", "Indicatore", "Tipologia"
NUMERATOR, DENOMINATOR, VALUE, CHECK = "Numeratore", "Denominatore", "Valore", "Controllo dati"
WHAT_UP, WHAT_DOWN = "Numeratore: che cosa inserire", "Denominatore: che cosa inserire"
TARGET, ACTUAL, GAP, SCORE, VERDICT, SOURCE = (
    "Obiettivo",
    "Consuntivo",
    "Scostamento",
    "Punteggio",
    "Esito",
    "Fonte",
)
MONTH, KIND, HEADS, WORKERS, DAYS = (
    "Mese",
    "Dato",
    "Dipendenti",
    "Lavoratori agili",
    "Giornate agili",
)
QUOTA, LIMIT, MEAN = "Quota di lavoratori agili", "Quota minima", "Giornate per lavoratore agile"


def baseline_heading(year: str) -> str:
    """Heading of the values that later years are compared with."""
    return f"Valore {year} (baseline)"


def change_heading(year: str) -> str:
    """Heading of the change on the baseline, positive where it is for the better."""
    return f"Variazione favorevole sul {year}"


def technology_table(year: str) -> str:
    """Name of the table of the technology targets of a year."""
    return f"tblTecnologia{year}"


def indicator_table(year: str) -> str:
    """Name of the table of the POLA's indicators of a year."""
    return f"tblIndicatori{year}"


@dataclass(frozen=True, slots=True)
class Measure:
    """What is entered for an indicator of the POLA.

    Attributes:
        code: code of the indicator, or of a part of one.
        type: typology, as the table prints it.
        numerator: what is counted.
        denominator: what it is divided by; empty where the indicator is an amount.
        number_format: format of the value.
        reduction: whether the indicator asks for less of it.
        title: title of a part; empty: the indicator's.
        parts: codes of the parts that it counts, instead of inputs.
    """

    code: str
    type: str
    numerator: str
    denominator: str
    number_format: str
    reduction: bool = False
    title: str = ""
    parts: tuple[str, ...] = ()


_STATE = "Stato di implementazione del lavoro agile"
_ECONOMY, _INSIDE, _OUTSIDE = "Economicità", "Impatto interno", "Impatto esterno"
PRODUCTIVITY = ("lavoro_agile.produttivita", "lavoro_agile.qualita")
"""The two parts of an indicator: rows of the workbook, not codes of the plan."""

MEASURES = (
    Measure(SHARE, _STATE, "Lavoratori agili", "Lavoratori avviabili al lavoro agile", styles.PERCENT),
    Measure(
        "lavoro_agile.giornate", _STATE, "Giornate di lavoro agile", "Giornate lavorabili totali", styles.PERCENT
    ),
    Measure(
        "lavoro_agile.produttivita_qualita",
        _ECONOMY,
        "Obiettivi raggiunti (si conta da solo)",
        "Obiettivi rendicontati (si conta da solo)",
        styles.PERCENT,
        parts=PRODUCTIVITY,
    ),
    Measure(
        PRODUCTIVITY[0], _ECONOMY, "Indice di produttività", "Obiettivo di produttività", styles.PERCENT,
        title="di cui: produttività",
    ),
    Measure(
        PRODUCTIVITY[1], _ECONOMY, "Indice sintetico di qualità", "Obiettivo di qualità", styles.PERCENT,
        title="di cui: qualità",
    ),
    Measure(
        "lavoro_agile.costi_punto", _ECONOMY, "Costi totali (euro)", "Produzione omogeneizzata (punti)",
        styles.EURO_CENTS, reduction=True,
    ),
    Measure(
        "lavoro_agile.superficie", _ECONOMY, "Superficie del patrimonio strumentale (m²)", "", styles.PIECES,
        reduction=True,
    ),
    Measure("lavoro_agile.costi", _INSIDE, "Costi complessivi (euro)", "", styles.EURO, reduction=True),
    Measure(
        "lavoro_agile.malattia", _INSIDE, "Giornate di assenza per malattia", "Totale FTE", styles.RATIO, reduction=True
    ),
    Measure("lavoro_agile.infortuni", _INSIDE, "Infortuni in itinere (numero)", "", styles.PIECES, reduction=True),
    Measure(
        "lavoro_agile.benessere", _INSIDE, "Somma dei giudizi (questionario di customer interna)",
        "Numero dei giudizi", styles.RATIO,
    ),
    Measure(
        "lavoro_agile.reputazione", _OUTSIDE, "Somma dei giudizi (questionario di customer experience)",
        "Numero dei giudizi", styles.RATIO,
    ),
    Measure(
        "lavoro_agile.tempi", _OUTSIDE, "Somma dei giorni di erogazione", "Prestazioni erogate", styles.RATIO,
        reduction=True,
    ),
)  # fmt: skip
"""The indicators in the order of the table «Indicatori per la misurazione del lavoro agile», with what is entered."""

ITEMS = {
    "lavoro_agile.postazioni": "lavoro_agile.postazioni_distribuite",
    "lavoro_agile.dotazioni": "lavoro_agile.cellulari",
    "lavoro_agile.vdi": "lavoro_agile.abilitazioni_vdi",
    "lavoro_agile.vpn": "lavoro_agile.abilitazioni_vpn",
    "lavoro_agile.firma_digitale": "lavoro_agile.con_firma_digitale",
}
"""Technology target -> published result that it starts from."""

MONTHS = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre",
    "dicembre",
)  # fmt: skip


def month_name(period: str) -> str:
    """A period such as `2020-03` in words: `marzo 2020`."""
    year, month = period.split("-")
    return f"{MONTHS[int(month) - 1]} {year}"
