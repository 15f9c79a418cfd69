"""Headings, tables and sizes that the sheets of `valutazione_individuale.xlsx` share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind, Species, slug
from xl_perf.templates.kit.model import Datum

if TYPE_CHECKING:
    from xl_perf.templates.giacenza.areas import Area

GROUPS, STAFF, MANAGERS = 20, 300, 60
"""Rows that are ready: groups, people of the areas A, B, C, dirigenti and professionisti."""

S_GROUPS, S_STOCKS, S_STAFF = "Gruppi", "Giacenza gruppi", "Personale A B C"
S_MANAGERS, S_STRUCTURES, S_MERIT = "Dirigenti e professionisti", "Strutture", "Fasce di merito"
T_GROUPS, T_STOCKS, T_STAFF, T_MANAGERS = "tblGruppi", "tblGiacenzaGruppi", "tblPersonale", "tblDirigenti"
T_MERIT = "tblFasceMerito"

NUMBER, NAME, STRUCTURE, CHECK, VERDICT = "N.", "Nominativo", "Struttura", "Controllo dati", "Esito"
COVERAGE, HEADS = "Copertura", "Persone"

STOCK, RECEIVED, DAYS, TARGET, SCORE = "giacenza", "pervenuto", "indice", "obiettivo", "punteggio"
STOCK_SCORE = "Punteggio giacenza"
DONE, ARRIVED, FLOW, FLOW_TARGET = (
    "Definiti (pezzi)",
    "Pervenuti (pezzi)",
    "Indice di deflusso",
    "Obiettivo deflusso",
)
QUALITY, QUALITY_BASE = "Indice di qualità", "Anno precedente"
COMPUTED, GIVEN, GROUP_SCORE = "Punteggio calcolato", "Punteggio comunicato", "Punteggio di gruppo"

AREA, POSITION, CONTRIBUTION, SKILLS, LEVEL = (
    "Area",
    "P.O.",
    "Contributo individuale",
    "Abilità",
    "Livello TEP",
)
GROUP, COEFFICIENT = "Obiettivi di gruppo", "Coefficiente TEP"
OFF = (COEFFICIENT,)
"""Columns of people that are not printed."""
COUNTED, MAIN_SUM = "Valutata", "Punti per la media"
YES, NO = "sì", "no"

ROLE, TOTAL = "Qualifica", "Punteggio"


def area(area: Area, what: str) -> str:
    """Heading of a column of one area, e.g. `Altre aree: giacenza`."""
    return f"{area.sheet}: {what}"


def of_row(item: str, heading: str) -> Datum:
    """A column of inputs of numbered rows: of persons, or of groups that are theirs.

    Never collected, stored or reported.
    """
    return Datum(KeyKind.ROW, item, slug(heading), species=Species.PERSON, key=NUMBER)
