"""The functions in Excel on Windows, through xlwings: one short wrapper per entry of the catalogue.

The name of the Python function is the name in Excel, its docstring the help of the function wizard, `doc` the help of
an argument; all are those of the catalogue. Arguments arrive as rows of cells (`ndim=2`: orientation kept, one cell
is a range of one cell) with errors as text. Tables and ranges of results spill by themselves in Excel with dynamic
arrays; `expand` is not used, because it writes the formula again as an array formula and clears the cells around it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import xlwings as xw

from xl_perf import functions
from xl_perf.values import CellError

if TYPE_CHECKING:
    from collections.abc import Callable

_CATEGORY = "XL_PERF"
_COM_ERRORS = {
    -2146826245: CellError.GETTING_DATA,
    -2146826243: CellError.SPILL,
    -2146826238: CellError.CALC,
}
"""Error codes that xlwings does not turn into text."""


def _cell(value: object) -> object:
    return _COM_ERRORS.get(value, value) if type(value) is int else value


def _call(function: Callable[..., Any], *ranges: Any) -> Any:
    """The function over arguments as xlwings reads them; None is an omitted argument."""
    return function(*(rows and [[_cell(value) for value in row] for row in rows] for rows in ranges))


@xw.func(category=_CATEGORY)
@xw.arg(
    "consuntivo",
    ndim=2,
    err_to_str=True,
    doc="Risultato conseguito, nell'unità dell'indicatore. Cella vuota: non ancora rilevato, il risultato resta vuoto.",
)
@xw.arg(
    "obiettivo",
    ndim=2,
    err_to_str=True,
    doc="Valore obiettivo, nella stessa unità, maggiore di 0. Cella vuota: #N/D; 0: #DIV/0!; negativo: #NUM!.",
)
@xw.arg(
    "verso",
    ndim=2,
    err_to_str=True,
    doc="1 se un valore più alto è migliore (predefinito), -1 se è migliore un valore più basso (giacenza, tempi, costi).",
)
@xw.arg(
    "tetto",
    ndim=2,
    err_to_str=True,
    doc="Scostamento massimo considerato, come frazione. Predefinito: quello del piano, 0,5 (cioè +/- 50%).",
)
def PERF_SCORE(consuntivo: Any, obiettivo: Any, verso: Any = None, tetto: Any = None) -> Any:
    """Punteggio di un indicatore con obiettivo posto a 100: 100 * (1 + scostamento), con lo scostamento limitato al tetto (50..150 con il tetto del piano). Accetta celle o intervalli."""
    return _call(functions.PERF_SCORE, consuntivo, obiettivo, verso, tetto)


@xw.func(category=_CATEGORY)
@xw.arg(
    "consuntivo",
    ndim=2,
    err_to_str=True,
    doc="Risultato conseguito, nell'unità dell'indicatore. Cella vuota: non ancora rilevato, il risultato resta vuoto.",
)
@xw.arg(
    "obiettivo",
    ndim=2,
    err_to_str=True,
    doc="Valore obiettivo, nella stessa unità, maggiore di 0. Cella vuota: #N/D; 0: #DIV/0!; negativo: #NUM!.",
)
@xw.arg(
    "verso",
    ndim=2,
    err_to_str=True,
    doc="1 se un valore più alto è migliore (predefinito), -1 se è migliore un valore più basso (giacenza, tempi, costi).",
)
@xw.arg(
    "tetto",
    ndim=2,
    err_to_str=True,
    doc="Scostamento massimo considerato, come frazione. Predefinito: quello del piano, 0,5 (cioè +/- 50%).",
)
def PERF_SCOSTAMENTO(consuntivo: Any, obiettivo: Any, verso: Any = None, tetto: Any = None) -> Any:
    """Scostamento dall'obiettivo come frazione dell'obiettivo, positivo se migliore, limitato al tetto: consuntivo/obiettivo - 1, oppure (obiettivo - consuntivo)/obiettivo se verso è -1. Accetta celle o intervalli."""
    return _call(functions.PERF_SCOSTAMENTO, consuntivo, obiettivo, verso, tetto)


@xw.func(category=_CATEGORY)
@xw.arg(
    "valori",
    ndim=2,
    err_to_str=True,
    doc="Intervallo dei valori da sintetizzare (scostamenti o punteggi). Le celle vuote sono componenti non ancora rilevate.",
)
@xw.arg(
    "pesi",
    ndim=2,
    err_to_str=True,
    doc="Intervallo dei pesi, uno per valore; la somma deve essere 1 oppure 100, altrimenti #NUM!.",
)
@xw.arg(
    "mancanti",
    ndim=2,
    err_to_str=True,
    doc="0 media parziale sui valori rilevati (predefinito); 1 dà #N/D finché manca qualche valore.",
)
def PERF_SINTESI(valori: Any, pesi: Any, mancanti: Any = None) -> Any:
    """Media ponderata di scostamenti o punteggi. Finché qualche valore manca è la media parziale sui pesi rilevati (la quota è data da PERF_COPERTURA); con mancanti = 1 dà #N/D fino al completamento."""
    return _call(functions.PERF_SINTESI, valori, pesi, mancanti)


@xw.func(category=_CATEGORY)
@xw.arg(
    "valori",
    ndim=2,
    err_to_str=True,
    doc="Intervallo dei valori da sintetizzare (scostamenti o punteggi). Le celle vuote sono componenti non ancora rilevate.",
)
@xw.arg(
    "pesi",
    ndim=2,
    err_to_str=True,
    doc="Intervallo dei pesi, uno per valore; la somma deve essere 1 oppure 100, altrimenti #NUM!.",
)
def PERF_COPERTURA(valori: Any, pesi: Any) -> Any:
    """Quota dei pesi i cui valori sono già rilevati, da 0 a 1: dice su quanta parte dell'indice poggia una sintesi parziale."""
    return _call(functions.PERF_COPERTURA, valori, pesi)


@xw.func(category=_CATEGORY)
@xw.arg(
    "obiettivo",
    ndim=2,
    err_to_str=True,
    doc="Valore obiettivo, maggiore di 0. Cella vuota: #N/D; 0: #DIV/0!; negativo: #NUM!.",
)
@xw.arg(
    "punteggio",
    ndim=2,
    err_to_str=True,
    doc="Punteggio da raggiungere, 100 = obiettivo raggiunto. Cella vuota: il risultato resta vuoto.",
)
@xw.arg(
    "verso",
    ndim=2,
    err_to_str=True,
    doc="1 se un valore più alto è migliore (predefinito), -1 se è migliore un valore più basso (giacenza, tempi, costi).",
)
def PERF_NECESSARIO(obiettivo: Any, punteggio: Any, verso: Any = None) -> Any:
    """Consuntivo che occorre per raggiungere un punteggio: l'inverso di PERF_SCORE. Il punteggio va da 50 a 150 con il tetto del piano, altrimenti #NUM!. Accetta celle o intervalli."""
    return _call(functions.PERF_NECESSARIO, obiettivo, punteggio, verso)


@xw.func(category=_CATEGORY)
@xw.arg(
    "giacenza", ndim=2, err_to_str=True, doc="Giacenza omogeneizzata a fine periodo, in punti, non negativa."
)
@xw.arg(
    "pervenuto",
    ndim=2,
    err_to_str=True,
    doc="Pervenuto omogeneizzato dell'anno, in punti (di un periodo più breve solo con la base dei suoi giorni). 0: #DIV/0!.",
)
@xw.arg(
    "base",
    ndim=2,
    err_to_str=True,
    doc="Giorni della base. Predefinita: quella del piano, 360 (il piano 2020-2022 usava 365).",
)
def GIACENZA_INDEX(giacenza: Any, pervenuto: Any, base: Any = None) -> Any:
    """Indice di giacenza in giorni: giacenza omogeneizzata / pervenuto omogeneizzato * base. Un valore più basso è migliore. Accetta celle o intervalli."""
    return _call(functions.GIACENZA_INDEX, giacenza, pervenuto, base)


@xw.func(category=_CATEGORY)
@xw.arg("definiti", ndim=2, err_to_str=True, doc="Lavorazioni definite nel periodo, non negative.")
@xw.arg(
    "pervenuti",
    ndim=2,
    err_to_str=True,
    doc="Lavorazioni pervenute nel periodo, nella stessa unità. 0: #DIV/0!.",
)
def DEFLUSSO_INDEX(definiti: Any, pervenuti: Any) -> Any:
    """Indice di deflusso: definiti / pervenuti. 1 o più significa che si definisce almeno quanto arriva. Accetta celle o intervalli."""
    return _call(functions.DEFLUSSO_INDEX, definiti, pervenuti)


@xw.func(category=_CATEGORY)
@xw.arg(
    "pezzi",
    ndim=2,
    err_to_str=True,
    doc="Intervallo dei pezzi definiti, uno per prodotto, non negativi. Le celle vuote sono non ancora rilevate.",
)
@xw.arg(
    "coefficienti",
    ndim=2,
    err_to_str=True,
    doc="Intervallo dei coefficienti di omogeneizzazione, uno per prodotto. Mancante dove ci sono pezzi: #N/D.",
)
def OMOGENEIZZA(pezzi: Any, coefficienti: Any) -> Any:
    """Produzione omogeneizzata in punti: somma di pezzi * coefficiente (1 ora di lavoro = 1 punto). I prodotti vuoti sono non ancora rilevati."""
    return _call(functions.OMOGENEIZZA, pezzi, coefficienti)


@xw.func(category=_CATEGORY)
@xw.arg(
    "produzione",
    ndim=2,
    err_to_str=True,
    doc="Produzione omogeneizzata delle aree di produzione nel periodo, al netto della vigilanza ispettiva, in punti.",
)
@xw.arg(
    "risorse",
    ndim=2,
    err_to_str=True,
    doc="Risorse presenti in quelle aree (media del periodo), senza ispettori né personale di sportello e consulenza. 0: #DIV/0!.",
)
@xw.arg(
    "mesi", ndim=2, err_to_str=True, doc="Mesi del periodo, maggiori di 0. Predefinito: 12, l'anno intero."
)
def PRODUTTIVITA_INDEX(produzione: Any, risorse: Any, mesi: Any = None) -> Any:
    """Indice di produttività: punti omogeneizzati per risorsa e per mese, produzione / (risorse * mesi). Obiettivo del piano 124. Accetta celle o intervalli."""
    return _call(functions.PRODUTTIVITA_INDEX, produzione, risorse, mesi)


@xw.func(category=_CATEGORY)
@xw.arg(
    "valori",
    ndim=2,
    err_to_str=True,
    doc="Intervallo degli indicatori elementari. Le celle vuote sono indicatori non ancora rilevati.",
)
@xw.arg(
    "riferimenti",
    ndim=2,
    err_to_str=True,
    doc="Intervallo dei riferimenti (budget o anno precedente), maggiori di 0. Mancante: #N/D; 0: #DIV/0!.",
)
@xw.arg("pesi", ndim=2, err_to_str=True, doc="Intervallo dei pesi (somma 1 o 100). Omesso: pesi uguali.")
@xw.arg(
    "versi",
    ndim=2,
    err_to_str=True,
    doc="Intervallo dei versi: 1 se è meglio un valore più alto, -1 se è meglio più basso; cella vuota: 1. Omesso: tutti 1.",
)
def QUALITA_INDEX(valori: Any, riferimenti: Any, pesi: Any = None, versi: Any = None) -> Any:
    """Indice sintetico di qualità: media ponderata di 100 * (1 + scostamento) degli indicatori elementari dal loro riferimento, senza tetto. Oltre 100 la qualità è migliore del riferimento."""
    return _call(functions.QUALITA_INDEX, valori, riferimenti, pesi, versi)


@xw.func(category=_CATEGORY)
@xw.arg(
    "a_controllo", ndim=2, err_to_str=True, doc="Numero di pratiche da sottoporre a controllo nel periodo."
)
@xw.arg(
    "controllate",
    ndim=2,
    err_to_str=True,
    doc="Numero di pratiche controllate; non può superare quelle a controllo (#NUM!).",
)
@xw.arg("regolarizzate_si", ndim=2, err_to_str=True, doc="Numero di pratiche regolarizzate con esito SI.")
@xw.arg("regolarizzate_no", ndim=2, err_to_str=True, doc="Numero di pratiche regolarizzate con esito NO.")
@xw.arg("notificate", ndim=2, err_to_str=True, doc="Numero di pratiche notificate.")
@xw.arg(
    "regolarizzate_30gg",
    ndim=2,
    err_to_str=True,
    doc="Numero di pratiche regolarizzate entro 30 giorni; non può superare le regolarizzate SI + NO (#NUM!).",
)
def CONTROLLO_PROCESSO(
    a_controllo: Any,
    controllate: Any,
    regolarizzate_si: Any,
    regolarizzate_no: Any,
    notificate: Any,
    regolarizzate_30gg: Any,
) -> Any:
    """Punti del controllo del processo produttivo (da 2 a 24, obiettivo 20): somma dei punti di fascia dei quattro rapporti, ciascuno arrotondato a due decimali di percentuale. Accetta celle o intervalli."""
    return _call(
        functions.CONTROLLO_PROCESSO,
        a_controllo,
        controllate,
        regolarizzate_si,
        regolarizzate_no,
        notificate,
        regolarizzate_30gg,
    )


@xw.func(category=_CATEGORY)
@xw.arg(
    "a_controllo", ndim=2, err_to_str=True, doc="Numero di pratiche da sottoporre a controllo nel periodo."
)
@xw.arg(
    "controllate",
    ndim=2,
    err_to_str=True,
    doc="Numero di pratiche controllate; non può superare quelle a controllo (#NUM!).",
)
@xw.arg("regolarizzate_si", ndim=2, err_to_str=True, doc="Numero di pratiche regolarizzate con esito SI.")
@xw.arg("regolarizzate_no", ndim=2, err_to_str=True, doc="Numero di pratiche regolarizzate con esito NO.")
@xw.arg("notificate", ndim=2, err_to_str=True, doc="Numero di pratiche notificate.")
@xw.arg(
    "regolarizzate_30gg",
    ndim=2,
    err_to_str=True,
    doc="Numero di pratiche regolarizzate entro 30 giorni; non può superare le regolarizzate SI + NO (#NUM!).",
)
def CONTROLLO_PROCESSO_DETTAGLIO(
    a_controllo: Any,
    controllate: Any,
    regolarizzate_si: Any,
    regolarizzate_no: Any,
    notificate: Any,
    regolarizzate_30gg: Any,
) -> Any:
    """I quattro rapporti del controllo del processo produttivo, uno per riga: rapporto (frazione arrotondata), numero della fascia (1-4), punti. Occupa 4 righe e 3 colonne."""
    return _call(
        functions.CONTROLLO_PROCESSO_DETTAGLIO,
        a_controllo,
        controllate,
        regolarizzate_si,
        regolarizzate_no,
        notificate,
        regolarizzate_30gg,
    )


@xw.func(category=_CATEGORY)
@xw.arg(
    "valori",
    ndim=2,
    err_to_str=True,
    doc="Intervallo dei costi elementari della struttura. Le celle vuote sono costi non ancora rilevati.",
)
@xw.arg(
    "medie_cluster",
    ndim=2,
    err_to_str=True,
    doc="Intervallo delle medie del cluster, una per costo, maggiori di 0. Media mancante: #N/D; 0: #DIV/0!.",
)
@xw.arg(
    "pesi",
    ndim=2,
    err_to_str=True,
    doc="Intervallo dei pesi (somma 1 o 100). Omesso: i 21 pesi del piano, nell'ordine della Tabella C; con un altro numero di valori #VALORE!.",
)
def COSTO_STANDARD(valori: Any, medie_cluster: Any, pesi: Any = None) -> Any:
    """Indice sintetico dei costi standard: media ponderata di 100 * valore / media del cluster sui costi rilevati. Oltre 100 la struttura costa più della media del suo cluster."""
    return _call(functions.COSTO_STANDARD, valori, medie_cluster, pesi)


@xw.func(category=_CATEGORY)
@xw.arg(
    "voci",
    ndim=2,
    err_to_str=True,
    doc="Intervallo delle 27 voci nell'ordine della Tabella B, in euro. Un subtotale conta solo se le sue righe di dettaglio sono vuote. Un altro numero di celle: #VALORE!.",
)
def IEEP_TOTALE(voci: Any) -> Any:
    """Indice di efficacia economico-finanziaria della produzione dalle 27 voci della Tabella B: somma delle righe di dettaglio con il loro segno (interessi legali in meno). Le voci vuote sono non ancora rilevate."""
    return _call(functions.IEEP_TOTALE, voci)


@xw.func(category=_CATEGORY)
@xw.arg("entrate", ndim=2, err_to_str=True, doc="Consuntivo della sezione entrate, in euro.")
@xw.arg(
    "ob_entrate",
    ndim=2,
    err_to_str=True,
    doc="Obiettivo della sezione entrate, in euro, maggiore di 0. Vuoto: #N/D; 0: #DIV/0!.",
)
@xw.arg("prestazioni", ndim=2, err_to_str=True, doc="Consuntivo della sezione prestazioni, in euro.")
@xw.arg(
    "ob_prestazioni",
    ndim=2,
    err_to_str=True,
    doc="Obiettivo della sezione prestazioni, in euro, maggiore di 0. Vuoto: #N/D; 0: #DIV/0!.",
)
def IEEP_REALIZZAZIONE(entrate: Any, ob_entrate: Any, prestazioni: Any, ob_prestazioni: Any) -> Any:
    """Realizzazione dell'IEEP: 0,7 * entrate/obiettivo + 0,3 * prestazioni/obiettivo, con i pesi del piano. Accetta celle o intervalli."""
    return _call(functions.IEEP_REALIZZAZIONE, entrate, ob_entrate, prestazioni, ob_prestazioni)


@xw.func(category=_CATEGORY)
@xw.arg(
    "consuntivi",
    ndim=2,
    err_to_str=True,
    doc="Intervallo dei pezzi definiti nei progetti nazionali. Le celle vuote sono non ancora rilevate.",
)
@xw.arg(
    "obiettivi",
    ndim=2,
    err_to_str=True,
    doc="Intervallo degli obiettivi dei progetti nazionali, maggiori di 0. Mancante: #N/D; 0: #DIV/0!.",
)
@xw.arg(
    "pesi",
    ndim=2,
    err_to_str=True,
    doc="Intervallo dei pesi dei progetti nazionali; la somma deve essere 1 oppure 100, altrimenti #NUM!.",
)
@xw.arg(
    "consuntivi_regionali",
    ndim=2,
    err_to_str=True,
    doc="Intervallo dei risultati dei progetti regionali. Omesso o vuoto: non ancora rilevati.",
)
@xw.arg(
    "obiettivi_regionali",
    ndim=2,
    err_to_str=True,
    doc="Intervallo degli obiettivi dei progetti regionali, maggiori di 0: ogni obiettivo è un progetto. Omesso: nessuno.",
)
def PROGETTI_SINTESI(
    consuntivi: Any,
    obiettivi: Any,
    pesi: Any,
    consuntivi_regionali: Any = None,
    obiettivi_regionali: Any = None,
) -> Any:
    """Punteggio dei progetti di miglioramento, obiettivo = 100: media ponderata dei progetti nazionali, scostamenti entro +/- 50%; ogni progetto regionale toglie loro il 5% del peso, fino al 15%."""
    return _call(
        functions.PROGETTI_SINTESI, consuntivi, obiettivi, pesi, consuntivi_regionali, obiettivi_regionali
    )


@xw.func(category=_CATEGORY)
@xw.arg("unita", ndim=2, err_to_str=True, doc="Numero di unità immobiliari vendute o proposte, non negativo.")
@xw.arg(
    "ob_unita",
    ndim=2,
    err_to_str=True,
    doc="Obiettivo del numero di unità, maggiore di 0. Vuoto: #N/D; 0: #DIV/0!.",
)
@xw.arg("valore", ndim=2, err_to_str=True, doc="Valore catastale delle unità, in euro, non negativo.")
@xw.arg(
    "ob_valore",
    ndim=2,
    err_to_str=True,
    doc="Obiettivo del valore catastale, in euro, maggiore di 0. Vuoto: #N/D; 0: #DIV/0!.",
)
def DISMISSIONE_INDEX(unita: Any, ob_unita: Any, valore: Any, ob_valore: Any) -> Any:
    """Indice di dismissione: 100 * unità/obiettivo + 100 * valore/obiettivo; obiettivo 100 (per esempio 70% delle unità e 30% del valore catastale). Accetta celle o intervalli."""
    return _call(functions.DISMISSIONE_INDEX, unita, ob_unita, valore, ob_valore)


@xw.func(category=_CATEGORY)
@xw.arg(
    "budget", ndim=2, err_to_str=True, doc="Budget economico (forecast) del capitolo, in euro, non negativo."
)
@xw.arg("utilizzato", ndim=2, err_to_str=True, doc="Costi effettivi del capitolo, in euro.")
@xw.arg(
    "forecast",
    ndim=2,
    err_to_str=True,
    doc="Numero del forecast, da 1 a 4; un altro numero: #NUM!. Vuoto: #N/D.",
)
def SPESA_CONFORME(budget: Any, utilizzato: Any, forecast: Any) -> Any:
    """VERO se l'utilizzato di un capitolo rispetta il budget: nel I, II e III forecast non lo supera di oltre il 5%, nel IV non se ne discosta di oltre il 5% in più o in meno. Accetta celle o intervalli."""
    return _call(functions.SPESA_CONFORME, budget, utilizzato, forecast)


@xw.func(category=_CATEGORY)
@xw.arg(
    "livello",
    ndim=2,
    err_to_str=True,
    doc="Livello di valutazione del comportamento, da 1 a 5; un altro numero: #NUM!.",
)
def TEP_COEFFICIENTE(livello: Any) -> Any:
    """Coefficiente del trattamento economico di professionalità (TEP) per il livello di valutazione: 1 grave demerito (0), 2 negativa (0,50), 3 inferiore agli obiettivi (0,85), 4 in linea (1), 5 innovativa (1,2)."""
    return _call(functions.TEP_COEFFICIENTE, livello)


@xw.func(category=_CATEGORY)
@xw.arg(
    "gruppo",
    ndim=2,
    err_to_str=True,
    doc="Punteggio degli obiettivi di gruppo (giacenza, deflusso, qualità), non negativo.",
)
@xw.arg(
    "contributo",
    ndim=2,
    err_to_str=True,
    doc="Punteggio del contributo individuale, sulla stessa scala, non negativo.",
)
@xw.arg(
    "abilita",
    ndim=2,
    err_to_str=True,
    doc="Punteggio delle abilità, sulla stessa scala. Può restare vuoto dove le abilità non pesano (accessori senza posizione organizzativa).",
)
@xw.arg(
    "con_po",
    ndim=2,
    err_to_str=True,
    doc="1 con posizione organizzativa, 0 senza; un altro numero: #NUM!. Vuoto: #N/D.",
)
@xw.arg(
    "finalita",
    ndim=2,
    err_to_str=True,
    doc="«accessori» (trattamenti economici accessori, predefinita) o «formazione» (accesso all'alta formazione). Un altro testo: #N/D.",
)
def PERF_INDIVIDUALE(gruppo: Any, contributo: Any, abilita: Any, con_po: Any, finalita: Any = None) -> Any:
    """Punteggio individuale: media di obiettivi di gruppo, contributo individuale e abilità con i pesi del piano, che dipendono dalla posizione organizzativa e dalla finalità. Accetta celle o intervalli."""
    return _call(functions.PERF_INDIVIDUALE, gruppo, contributo, abilita, con_po, finalita)


@xw.func(category=_CATEGORY)
@xw.arg(
    "gestionale",
    ndim=2,
    err_to_str=True,
    doc="Indice della performance gestionale di ente, 100 = obiettivo. Vuoto: non ancora rilevato.",
)
@xw.arg(
    "istituzionale",
    ndim=2,
    err_to_str=True,
    doc="Indice della performance istituzionale, 100 = obiettivo. Vuoto: non ancora rilevato.",
)
@xw.arg(
    "strategica",
    ndim=2,
    err_to_str=True,
    doc="Indice della performance strategica di ente, 100 = obiettivo. Vuoto: non ancora rilevato.",
)
@xw.arg(
    "pesi",
    ndim=2,
    err_to_str=True,
    doc="Intervallo dei tre pesi nello stesso ordine (somma 1 o 100). Omesso: pesi uguali, un'assunzione perché il piano li riporta solo in un'immagine.",
)
def VALORE_PUBBLICO(gestionale: Any, istituzionale: Any, strategica: Any, pesi: Any = None) -> Any:
    """Indice sintetico del valore pubblico: media ponderata degli indici gestionale, istituzionale e strategico, ciascuno limitato al tetto del piano (+/- 50% attorno a 100). Finché un indice manca è la media di quelli rilevati."""
    return _call(functions.VALORE_PUBBLICO, gestionale, istituzionale, strategica, pesi)


@xw.func(category=_CATEGORY)
@xw.arg(
    "indicatore",
    ndim=2,
    err_to_str=True,
    doc="Codice o titolo dell'indicatore, per esempio giacenza.prestazioni_servizi.",
)
@xw.arg(
    "struttura",
    ndim=2,
    err_to_str=True,
    doc="Nome della struttura come nelle tabelle del piano, per esempio TORINO, o NAZIONALE.",
)
@xw.arg(
    "periodo",
    ndim=2,
    err_to_str=True,
    doc="Periodo dell'obiettivo, per esempio 2021. Predefinito: l'anno dell'edizione.",
)
@xw.arg(
    "alla_data",
    ndim=2,
    err_to_str=True,
    doc="Data alla quale l'obiettivo doveva essere noto (le delibere lo modificano). Predefinita: l'ultima modifica.",
)
@xw.arg(
    "edizione",
    ndim=2,
    err_to_str=True,
    doc="Codice dell'edizione del piano, per esempio piano-2021-2023. Predefinita: la più recente.",
)
def OBIETTIVO(
    indicatore: Any, struttura: Any, periodo: Any = None, alla_data: Any = None, edizione: Any = None
) -> Any:
    """Valore obiettivo di un indicatore per una struttura, dai dati del piano. Maiuscole, accenti e spazi superflui non contano. Chiave sconosciuta: #N/D."""
    return _call(functions.OBIETTIVO, indicatore, struttura, periodo, alla_data, edizione)


@xw.func(category=_CATEGORY)
@xw.arg(
    "regola",
    ndim=2,
    err_to_str=True,
    doc="La regola come la scrive il piano («+2% rispetto a consuntivo 2021») o il suo codice («percentuale maggiore»), con l'importo in valore. Solo il segno e il % dicono quanto: un numero da solo non è una regola.",
)
@xw.arg(
    "base",
    ndim=2,
    err_to_str=True,
    doc="Numero da cui la regola parte: baseline o obiettivo, nell'unità dell'indicatore. Vuota: risultato vuoto, salvo che la regola usi solo il consuntivo.",
)
@xw.arg(
    "consuntivo",
    ndim=2,
    err_to_str=True,
    doc="Consuntivo del periodo a cui la regola si riferisce. Vuoto: le regole che lo usano danno un risultato vuoto.",
)
@xw.arg(
    "valore",
    ndim=2,
    err_to_str=True,
    doc="Importo della regola, se il testo non lo dice: frazione per le percentuali (0,02), differenza nell'unità; per «pervenuto» il pervenuto dell'anno meno quello precedente. Due importi: #VALORE!.",
)
def OBIETTIVO_REGOLA(regola: Any, base: Any, consuntivo: Any = None, valore: Any = None) -> Any:
    """Obiettivo dato da una regola, per esempio «+2%» sulla base, «+2% consuntivo», «+2% max» (maggiore fra base e consuntivo), «-3 giorni», «abbattimento 20%», «conferma», «spese legali», «pervenuto». Testo non riconosciuto: #N/D."""
    return _call(functions.OBIETTIVO_REGOLA, regola, base, consuntivo, valore)


@xw.func(category=_CATEGORY)
@xw.arg(
    "funzione",
    ndim=2,
    err_to_str=True,
    doc='Nome della funzione da spiegare, fra virgolette, per esempio "PERF_SCORE".',
)
@xw.arg(
    "argomento1",
    ndim=2,
    err_to_str=True,
    doc="Argomento numero 1 della funzione da spiegare, cella o intervallo, come nella formula che la usa.",
)
@xw.arg(
    "argomento2",
    ndim=2,
    err_to_str=True,
    doc="Argomento numero 2 della funzione da spiegare, cella o intervallo, come nella formula che la usa.",
)
@xw.arg(
    "argomento3",
    ndim=2,
    err_to_str=True,
    doc="Argomento numero 3 della funzione da spiegare, cella o intervallo, come nella formula che la usa.",
)
@xw.arg(
    "argomento4",
    ndim=2,
    err_to_str=True,
    doc="Argomento numero 4 della funzione da spiegare, cella o intervallo, come nella formula che la usa.",
)
@xw.arg(
    "argomento5",
    ndim=2,
    err_to_str=True,
    doc="Argomento numero 5 della funzione da spiegare, cella o intervallo, come nella formula che la usa.",
)
@xw.arg(
    "argomento6",
    ndim=2,
    err_to_str=True,
    doc="Argomento numero 6 della funzione da spiegare, cella o intervallo, come nella formula che la usa.",
)
def PERF_SPIEGA(
    funzione: Any,
    argomento1: Any = None,
    argomento2: Any = None,
    argomento3: Any = None,
    argomento4: Any = None,
    argomento5: Any = None,
    argomento6: Any = None,
) -> Any:
    """Spiega in una riga una chiamata di un'altra funzione: formula, dati, tetto o fasce applicati, fonte nel piano. Dà lo stesso errore, o lo stesso vuoto, della funzione; nome sconosciuto: #N/D."""
    return _call(
        functions.PERF_SPIEGA,
        funzione,
        argomento1,
        argomento2,
        argomento3,
        argomento4,
        argomento5,
        argomento6,
    )
