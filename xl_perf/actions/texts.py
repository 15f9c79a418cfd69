"""Italian words of the actions: titles, values, errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.catalog.numerals import number, truth
from xl_perf.errors import (
    LoadError,
    PerfError,
    PlanError,
    RecalcError,
    SyncError,
    UnknownNameError,
    WorkbookError,
)
from xl_perf.language import ITALIAN
from xl_perf.values import CellError

if TYPE_CHECKING:
    from xl_perf.values import CellValue

RELOAD = "Ricarica obiettivi"
LOAD = "Carica dati"
CHECK = "Controlla"
EXPLAIN = "Spiega la cella"
GAP = "Che cosa manca"
RESTORE = "Ripristina"
INSERT = "Inserisci funzione"
GUIDE = "Guida"

_FAILED: tuple[tuple[type[PerfError], str], ...] = (
    (UnknownNameError, "Questo nome non si trova"),
    (PlanError, "I dati del piano non bastano per questa operazione"),
    (SyncError, "La cartella non è una cartella ufficiale di questa versione, o non corrisponde al piano"),
    (LoadError, "La fonte dei dati non si può leggere"),
    (RecalcError, "Le formule non si possono calcolare"),
    (WorkbookError, "La cartella non permette questa operazione"),
    (PerfError, "L'operazione non è riuscita"),
)


def value_text(value: CellValue) -> str:
    """A value as an Italian cell shows it, with every digit that counts: `30`, `0,125`, `#N/D`, `vuoto`."""
    if isinstance(value, CellError):
        return value.italian
    if value is None or value == "":
        return "vuoto"
    if isinstance(value, bool):
        return truth(value)
    return f"«{value}»" if isinstance(value, str) else number(float(f"{value:.12g}"))


def counted(count: int, one: str, many: str) -> str:
    """A number and its noun: `1 obiettivo`, `12 obiettivi`."""
    return f"{number(count)} {one if count == 1 else many}"


def failure(error: PerfError) -> str:
    """An error for users: what kind, that nothing was changed, and the details as the commands have them."""
    said = next(text for kind, text in _FAILED if isinstance(error, kind))
    return f"{said}. Nessuna cella è stata cambiata.\n\nDettaglio: {error.said(ITALIAN)}"
