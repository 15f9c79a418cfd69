from typing import Any

__all__ = [
    "CONTROLLO_PROCESSO",
    "CONTROLLO_PROCESSO_DETTAGLIO",
    "COSTO_STANDARD",
    "DEFLUSSO_INDEX",
    "DISMISSIONE_INDEX",
    "GIACENZA_INDEX",
    "IEEP_REALIZZAZIONE",
    "IEEP_TOTALE",
    "OBIETTIVO",
    "OBIETTIVO_REGOLA",
    "OMOGENEIZZA",
    "PERF_COPERTURA",
    "PERF_INDIVIDUALE",
    "PERF_NECESSARIO",
    "PERF_SCORE",
    "PERF_SCOSTAMENTO",
    "PERF_SINTESI",
    "PERF_SPIEGA",
    "PRODUTTIVITA_INDEX",
    "PROGETTI_SINTESI",
    "QUALITA_INDEX",
    "SPESA_CONFORME",
    "TEP_COEFFICIENTE",
    "VALORE_PUBBLICO",
]

def PERF_SCORE(consuntivo: object, obiettivo: object, verso: object = None, tetto: object = None) -> Any: ...
def PERF_SCOSTAMENTO(
    consuntivo: object, obiettivo: object, verso: object = None, tetto: object = None
) -> Any: ...
def PERF_SINTESI(valori: object, pesi: object, mancanti: object = None) -> Any: ...
def PERF_COPERTURA(valori: object, pesi: object) -> Any: ...
def PERF_NECESSARIO(
    obiettivo: object, punteggio: object, verso: object = None, tetto: object = None
) -> Any: ...
def GIACENZA_INDEX(giacenza: object, pervenuto: object, base: object = None) -> Any: ...
def DEFLUSSO_INDEX(definiti: object, pervenuti: object) -> Any: ...
def OMOGENEIZZA(pezzi: object, coefficienti: object) -> Any: ...
def PRODUTTIVITA_INDEX(produzione: object, risorse: object, mesi: object = None) -> Any: ...
def QUALITA_INDEX(valori: object, riferimenti: object, pesi: object = None, versi: object = None) -> Any: ...
def CONTROLLO_PROCESSO(
    a_controllo: object,
    controllate: object,
    regolarizzate_si: object,
    regolarizzate_no: object,
    notificate: object,
    regolarizzate_30gg: object,
    fasce: object = None,
    decimali: object = None,
    senza_irregolarita: object = None,
) -> Any: ...
def CONTROLLO_PROCESSO_DETTAGLIO(
    a_controllo: object,
    controllate: object,
    regolarizzate_si: object,
    regolarizzate_no: object,
    notificate: object,
    regolarizzate_30gg: object,
    fasce: object = None,
    decimali: object = None,
    senza_irregolarita: object = None,
) -> Any: ...
def COSTO_STANDARD(valori: object, medie_cluster: object, pesi: object = None) -> Any: ...
def IEEP_TOTALE(voci: object, segni: object = None, livelli: object = None) -> Any: ...
def IEEP_REALIZZAZIONE(
    entrate: object,
    ob_entrate: object,
    prestazioni: object,
    ob_prestazioni: object,
    peso_entrate: object = None,
    peso_prestazioni: object = None,
) -> Any: ...
def PROGETTI_SINTESI(
    consuntivi: object,
    obiettivi: object,
    pesi: object,
    consuntivi_regionali: object = None,
    obiettivi_regionali: object = None,
    peso_regionale: object = None,
    peso_regionale_massimo: object = None,
    tetto: object = None,
) -> Any: ...
def DISMISSIONE_INDEX(unita: object, ob_unita: object, valore: object, ob_valore: object) -> Any: ...
def SPESA_CONFORME(
    budget: object,
    utilizzato: object,
    forecast: object,
    tolleranza: object = None,
    forecast_finale: object = None,
) -> Any: ...
def TEP_COEFFICIENTE(livello: object, coefficienti: object = None) -> Any: ...
def PERF_INDIVIDUALE(
    gruppo: object,
    contributo: object,
    abilita: object,
    con_po: object,
    finalita: object = None,
    pesi_con_po: object = None,
    pesi_senza_po: object = None,
) -> Any: ...
def VALORE_PUBBLICO(
    gestionale: object, istituzionale: object, strategica: object, pesi: object = None, tetto: object = None
) -> Any: ...
def OBIETTIVO(
    indicatore: object,
    struttura: object,
    periodo: object = None,
    alla_data: object = None,
    edizione: object = None,
) -> Any: ...
def OBIETTIVO_REGOLA(
    regola: object, base: object, consuntivo: object = None, valore: object = None, importo: object = None
) -> Any: ...
def PERF_SPIEGA(
    funzione: object,
    argomento1: object = None,
    argomento2: object = None,
    argomento3: object = None,
    argomento4: object = None,
    argomento5: object = None,
    argomento6: object = None,
    argomento7: object = None,
    argomento8: object = None,
    argomento9: object = None,
) -> Any: ...
