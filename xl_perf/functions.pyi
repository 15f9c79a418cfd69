from typing import Any

__all__ = [
    "CONTROLLO_PROCESSO",
    "CONTROLLO_PROCESSO_DETTAGLIO",
    "COSTO_STANDARD",
    "DEFLUSSO_INDEX",
    "GIACENZA_INDEX",
    "IEEP_REALIZZAZIONE",
    "IEEP_TOTALE",
    "OBIETTIVO",
    "PERF_COPERTURA",
    "PERF_SCORE",
    "PERF_SCOSTAMENTO",
    "PERF_SINTESI",
]

def PERF_SCORE(consuntivo: object, obiettivo: object, verso: object = None, tetto: object = None) -> Any: ...
def PERF_SCOSTAMENTO(
    consuntivo: object, obiettivo: object, verso: object = None, tetto: object = None
) -> Any: ...
def PERF_SINTESI(valori: object, pesi: object, mancanti: object = None) -> Any: ...
def PERF_COPERTURA(valori: object, pesi: object) -> Any: ...
def GIACENZA_INDEX(giacenza: object, pervenuto: object, base: object = None) -> Any: ...
def DEFLUSSO_INDEX(definiti: object, pervenuti: object) -> Any: ...
def CONTROLLO_PROCESSO(
    a_controllo: object,
    controllate: object,
    regolarizzate_si: object,
    regolarizzate_no: object,
    notificate: object,
    regolarizzate_30gg: object,
) -> Any: ...
def CONTROLLO_PROCESSO_DETTAGLIO(
    a_controllo: object,
    controllate: object,
    regolarizzate_si: object,
    regolarizzate_no: object,
    notificate: object,
    regolarizzate_30gg: object,
) -> Any: ...
def COSTO_STANDARD(valori: object, medie_cluster: object, pesi: object = None) -> Any: ...
def IEEP_TOTALE(voci: object) -> Any: ...
def IEEP_REALIZZAZIONE(
    entrate: object, ob_entrate: object, prestazioni: object, ob_prestazioni: object
) -> Any: ...
def OBIETTIVO(
    indicatore: object,
    struttura: object,
    periodo: object = None,
    alla_data: object = None,
    edizione: object = None,
) -> Any: ...
