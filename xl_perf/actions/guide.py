"""Guida: what each action does, for menus and the help of the front ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.actions.texts import CHECK, EXPLAIN, GAP, GUIDE, INSERT, LOAD, RELOAD, RESTORE

if TYPE_CHECKING:
    from collections.abc import Mapping

SAID: Mapping[str, str] = {
    RELOAD: "Porta obiettivi, pesi e parametri della cartella all'ultimo atto del piano. Prima mostra "
    "ogni cella che cambia, poi scrive; alla fine dice quali punteggi sono cambiati.",
    LOAD: "Riempie i dati da un file csv o da un'altra cartella aperta. Prima mostra che cosa entra, che "
    "cosa è in conflitto e che cosa non si capisce.",
    CHECK: "Confronta la cartella con quella ufficiale: risultati e numeri del piano sovrascritti, "
    "formule cambiate, errori.",
    EXPLAIN: "Dice perché la cella selezionata vale quello che vale, fino ai dati e ai numeri del piano "
    "con il loro atto. Da ogni riga si va alla sua cella.",
    GAP: "Dice per ogni indicatore quanto manca a 100, nella sua unità, e il dato che dovrebbe cambiare.",
    INSERT: "Elenca le funzioni del piano con la loro spiegazione e mette la formula nella cella selezionata.",
    RESTORE: "Rimette i valori che c'erano prima dell'ultima azione; le celle cambiate dopo restano.",
    GUIDE: "Questo testo.",
}
"""Action -> what it does, in the order of the menu."""

_END = (
    "Nessuna azione usa la rete: tutto avviene su questo computer. Si scrive solo dopo la conferma. Le "
    "celle gialle sono quelle dei dati; i numeri del piano li scrive «Ricarica obiettivi», con l'atto da "
    "cui vengono nella colonna Fonte. Le istruzioni di ogni cartella sono nel suo foglio Inizia qui."
)


def guide(version: str) -> str:
    """The guide as text.

    Args:
        version: of xl_perf and its editions, one line.
    """
    return "\n\n".join([f"XL_PERF {version}", *(f"{name}: {text}" for name, text in SAID.items()), _END])
