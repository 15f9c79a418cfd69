"""A large model as planners build them: long chains of rows, whole columns, conditional sums; written without
stored results.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from openpyxl import Workbook

if TYPE_CHECKING:
    from pathlib import Path

CHAIN = (
    "=C{above}*(1+$N$1)+B{row}",  # a balance carried on from row to row
    "=D{above}+C{row}",
    "=ROUND(C{row}*$N$2,2)",
    "=IF(E{row}>E{above},E{row}-E{above},0)",
    "=SUM(C{row}:E{row})",
    "=G{row}/$N$3",
    "=MAX(H{row},H{above})",
    "=AVERAGE(C{row}:H{row})",
    '=IF(C{row}>D{row},"sopra","sotto")',
    "=L{above}*0.5+J{row}*0.5",
    "=MIN(L{row},M{above}+1)",
)
"""Columns C to M but for the first row, from the one above (`above`) and the same row."""
MONTHS = 12


def write_model(path: Path, rows: int, groups: int) -> int:
    """Writes the model; gives its number of formulas.

    Args:
        path: where.
        rows: length of the chains.
        groups: groups whose amounts are added up month by month.
    """
    numbers = random.Random(3)
    book = Workbook(write_only=True)
    data, chain, sums = (book.create_sheet(name) for name in ("Dati", "Calcolo", "Sintesi"))
    data.append(["Gruppo", "Mese", "Importo"])
    for _ in range(rows):
        data.append(
            [f"G{numbers.randrange(groups):04d}", numbers.randint(1, MONTHS), numbers.randint(1, 9_999)]
        )
    chain.append(["Anno", 1, 100, 100, 100, 0, 300, 3, 3, 100, "sopra", 100, 100, 0.0008])
    for row in range(2, rows + 2):
        texts = [text.format(row=row, above=row - 1) for text in CHAIN]
        chain.append([row, numbers.randint(1, 50), *texts, *({2: [0.37], 3: [100]}.get(row, []))])
    sums.append(["Gruppo", *range(1, MONTHS + 1), "Totale", "Quota"])
    for place in range(groups):
        row = place + 2
        months = [
            f"=SUMIFS(Dati!$C:$C,Dati!$A:$A,$A{row},Dati!$B:$B,{letter}$1)" for letter in "BCDEFGHIJKLM"
        ]
        sums.append([f"G{place:04d}", *months, f"=SUM(B{row}:M{row})", f"=N{row}/SUM(N:N)"])
    book.save(path)
    return rows * len(CHAIN) + groups * (MONTHS + 2)
