"""The texts of the instructions of `scheda_territoriale.xlsx`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates.kit.guide import Guide

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.templates.scheda_territoriale.base import Scorecard

_FILL_IN = {
    "Giacenza": "giacenza, pervenuto, definiti di ogni sede e area; indice del trimestre precedente, se noto.",
    "Produzione": "i punti già omogeneizzati per linea, dove non vengono dai prodotti; piano della struttura.",
    "Prodotti": "prodotti con pezzi, coefficiente e numero della linea.",
    "Produttività e personale": "personale di ogni sede, cluster, risorse delle aree di produzione, "
    "personale della Direzione.",
    "Indicatori elementari": "indicatori di qualità di ogni area con verso, valore, budget e anno precedente.",
    "Controllo e ricorsi": "i numeri di pratiche; l'indice di giacenza ponderata dei ricorsi.",
    "Progetti": "pezzi dei progetti nazionali; progetti regionali; pezzi di sussidiarietà.",
    "Piani attività": "una riga per attività della Direzione: obiettivo, risorse, consuntivo.",
    "IEEP": "le voci di dettaglio della Tabella B, in euro; i totali si calcolano.",
    "Redditività": "tre costi: totali, diretti, diretti della produzione. IEEP e produzione arrivano dai loro fogli.",
    "Costi standard": "i valori di consuntivo, nelle unità della Tabella C.",
    "Spesa": "budget e utilizzato per capitolo; saldo del conto transitorio e spese di funzionamento.",
    "Medie regionali": "punteggi delle regioni per gli obiettivi senza valore nazionale.",
    "Altri obiettivi": "saldi per visite mediche, dismissione, punteggio degli obiettivi di ente, errori Ge.M.P.I.",
}


def scorecard_guide(card: Scorecard, sheets: Sequence[str]) -> Guide:
    """The instructions.

    Args:
        card: the scorecard, its sheets written.
        sheets: the sheets to fill in, in their order.
    """
    region = card.region.code
    tree = card.tree()
    missing = [node.title for _, children in tree for node in children if node.code not in card.outcomes]
    absent = (
        f"Non previsti per {region}: {'; '.join(missing)}."
        if missing
        else f"A {region} il piano assegna ogni obiettivo."
    )
    return Guide(
        purpose=(
            f"Scheda di {region}: {len(tree)} prospettive, ogni obiettivo gestionale dell'anno, le sue sedi.",
            ("Confronta i consuntivi dall'inizio dell'anno con gli obiettivi del trimestre e ne ricava "
             "punteggi ed esiti."),
            ("Si sceglie il trimestre nel foglio Quadro e si compilano le celle gialle: ogni dato si "
             "inserisce una volta sola."),
        ),
        fill_in=(
            ("Quadro", "il trimestre (1-4): tutti gli obiettivi diventano quelli del suo programma."),
            *((sheet, _FILL_IN[sheet]) for sheet in sheets if sheet in _FILL_IN),
        ),
        sheets=(
            ("Andamento", ("punteggi dei trimestri noti; quelli passati li porta qui xl-perf new --from "
                           "dalla loro scheda.")),
            ("Completezza", "celle compilate foglio per foglio, segnalazioni, misure che non entrano nella sintesi."),
            *((("Qualità", "indici delle aree, indice sintetico, incentivi."),) if "Qualità" in sheets else ()),
            ("Programma", ("obiettivi annuali e dei trimestri; quote della Direzione dove il piano non ha "
                           "un programma.")),
            ("Fasce", (f"fasce e punti dei {len(card.plan.banded_ratios)} rapporti del controllo del "
                       "processo produttivo.")),
            ("Parametri", "tetto, banda, pesi di prospettive e obiettivi: che cosa è pubblicato e che cosa è assunto."),
            ("Metadati", "struttura, trimestre, edizione, atto, versione; celle aggiornate da xl-perf sync."),
        ),
        rules=(
            ("Prospettiva = media dei punteggi dei suoi obiettivi con i pesi in uso; scheda = media "
             "delle prospettive. Quel che non è rilevato non pesa: lo dice la copertura."),
            absent + " Il peso di un obiettivo escluso va agli altri.",
            ("Giacenza: il punteggio è rispetto all'obiettivo annuale in ogni trimestre (assunzione); "
             "fino al III trimestre il piano chiede la progressiva riduzione dell'indice, che si legge "
             "nella colonna Andamento."),
            ("Voci IEEP di dettaglio: stessa quota trimestrale del totale (assunzione); il punteggio è "
             "quello della realizzazione pesata."),
            ("Spesa: la quota dei capitoli conformi è una lettura del piano (assunzione). Un obiettivo "
             "sì/no vale il punteggio pieno se raggiunto, il minimo se no, perché lo scostamento è "
             "limitato al tetto."),
            ("Visite mediche: con un saldo dell'anno precedente di zero o meno l'obiettivo non è definito "
             "(#N/D) e quella parte non pesa."),
            "Qualità: indici elementari senza tetto; il tetto vale per il punteggio dell'indice sintetico.",
            "Rapporti sempre fra somme: numeratore e denominatore restano in due celle.",
        ),
        own=() if card.national else (card.region.code, *(office.code for office in card.offices)),
        nodes=_nodes(card, [card.top, *(node.code for node, _ in tree)]),
        ratios=True,
        defects=(
            "giacenza", "tabella-a", "controllo", "sussidiarieta", "dismissione", "scheda", "qualita", "spesa",
            "tabella-c",
        ),
        functions=(
            "GIACENZA_INDEX", "DEFLUSSO_INDEX", "OMOGENEIZZA", "PRODUTTIVITA_INDEX", "QUALITA_INDEX",
            "CONTROLLO_PROCESSO", "PROGETTI_SINTESI", "IEEP_REALIZZAZIONE", "COSTO_STANDARD",
            "SPESA_CONFORME", "DISMISSIONE_INDEX", "OBIETTIVO_REGOLA", "PERF_SCOSTAMENTO", "PERF_SCORE",
            "PERF_SINTESI", "PERF_COPERTURA",
        ),
    )  # fmt: skip


def _nodes(card: Scorecard, above: Sequence[str]) -> list[str]:
    """The nodes whose weights the instructions speak of, each once for weights that have the same note."""
    data = card.data
    found: dict[str, str] = {}
    roles = ("progetti",) if card.national else ("progetti", "aree_qualita", "pesi_costi_standard")
    for code in (*above, *(data.role(role) for role in roles if data.has(role))):
        weights = card.plan.weights_of(code)
        if len(weights) > 1:
            found.setdefault(weights[0].note or code, code)
    return list(found.values())
