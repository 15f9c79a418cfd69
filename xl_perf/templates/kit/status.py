"""Whether the functions answer on this computer: one cell that says so, and what to do where they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates.kit.names import CAP
from xl_perf.templates.kit.sheet_parts import judge_cells
from xl_perf.templates.kit.styles import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xl_perf.templates.kit.page import Page

NAME = "Funzioni"
"""Defined name of the cell."""
ACTIVE = "▲ attive: i valori si aggiornano a ogni modifica"
INACTIVE = "▼ NON ATTIVE: i valori non si aggiornano, vedi «Se compare #NOME?» in questo foglio"
TITLE = "Se compare #NOME? (su questo computer mancano le funzioni)"


def status_cell(page: Page, row: int) -> None:
    """Write the cell beside its label.

    NOW makes it volatile: the program works it out when the file opens, so that an old "attive" cannot stay.
    """
    call = f"PERF_SCORE(27,30,-1,{page.book.parameter_name(CAP)})"
    page.put(row, 1, "Funzioni", Kind.KEY)
    page.put(
        row, 2, f'=IF(ISERROR({call}+0*NOW()),"{INACTIVE}","{ACTIVE}")', Kind.FORMULA, align="left", name=NAME
    )
    judge_cells(page.sheet, f"B{row}", f"$B${row}")


def missing() -> str:
    """The condition that the functions do not answer, as an expression."""
    return f'LEFT({NAME},1)="▼"'


def remedies(template: str) -> Iterator[tuple[str, str]]:
    """What to do, for whom."""
    yield (
        "Subito",
        (
            "Non si perde nulla: i dati inseriti restano. Salvare il file e non copiare i risultati, che "
            "aspettano il calcolo."
        ),
    )
    yield "Sempre", f"Eseguire xl-perf recalc {template}.xlsx: rimette i valori senza installare nulla."
    yield "Excel", "Installare il componente aggiuntivo: xl-perf addin excel."
    yield (
        "Excel 365",
        f"Usare la versione LAMBDA del file, che porta le funzioni con sé: xl-perf relink {template}.xlsx --to lambda.",
    )
    yield (
        "LibreOffice",
        (
            "Installare l'estensione (xl-perf addin libreoffice) e preparare il file: xl-perf relink "
            f"{template}.xlsx --to calc."
        ),
    )
