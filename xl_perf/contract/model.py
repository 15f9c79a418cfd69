"""The vocabulary of the contract: kinds of inputs, their identity, a row of `tblDati`."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

DATA = "tblDati"
"""Name of the table in the sheet Metadati."""
DATA_HEADINGS = (
    "Tabella",
    "Colonna chiave",
    "Tipo chiave",
    "Colonna valore",
    "Specie",
    "Voce",
    "Misura",
    "Struttura",
    "Periodo",
)
OF_FILE = "="
"""In the column Struttura: the structure that the file is for."""
QUARTER = "trimestre"
"""Measure of the setting that says which quarter a file is of, and its key in the metadata."""
OWN = "alternativo"
"""How the measures of settings begin that stand for a number of the plan; others the plan leaves open."""
MONTH = "mese"
"""In the column Periodo: the key cell is the month."""


def name_of(code: str) -> str:
    """A code of the plan as a defined name of its value in use, e.g. `giacenza.base` -> `Giacenza_base`."""
    text = re.sub(r"[^A-Za-z0-9_]+", "_", code)
    return text[:1].upper() + text[1:]


class Species(StrEnum):
    """What an input is."""

    FACT = "dato"
    """A number that an office or a system reports; has an identity, is loaded, collected, stored."""
    SETTING = "impostazione"
    """A choice of the user: an alternative weight, a selector."""
    PERSON = "persona"
    """Of a single person: carried from file to file, never collected, stored or reported."""
    TEXT = "testo"
    """A comment, a name of a responsible: carried from file to file only."""
    RESULT = "risultato"
    """No input: what a formula gives, where another workbook asks for it as a fact."""


class KeyKind(StrEnum):
    """How the cells of a row of `tblDati` are told apart."""

    STRUCTURE = "struttura"
    """The key cell is a structure, the item is fixed."""
    ITEM = "voce"
    """The key cell is the item, the structure is fixed."""
    MEASURE = "misura"
    """The key cell is the measure, item and structure are fixed."""
    ROW = "riga"
    """Open rows: the key cell is a name that the user typed."""
    CELL = "cella"
    """One cell with a defined name."""


@dataclass(frozen=True, slots=True)
class InputMap:
    """A row of `tblDati`: where some inputs stand and what they are.

    Attributes:
        table: name of the Excel table; a defined name where the key kind is `cella`.
        key_column: heading of the column that tells the rows apart; empty for `cella`.
        key_kind: what its cells hold.
        value_column: heading of the column of the inputs; empty for `cella`.
        species: what the inputs are.
        item: code of the item, or a heading in brackets for the cell of that column; empty where the key cell
            is the item.
        measure: which part of the item; empty where the key cell is the measure.
        structure: code of a structure, `=` for the file's, a heading in brackets for the cell of that column; empty
            where the key cell is the structure.
        period: period; empty for the file's, a heading in brackets for the cell of that column, `mese` where
            the key cell is the month.
    """

    table: str
    key_column: str
    key_kind: KeyKind
    value_column: str
    species: Species
    item: str
    measure: str
    structure: str
    period: str = ""

    def cells(self) -> tuple[str, ...]:
        """The row as the table holds it, in the order of `DATA_HEADINGS`."""
        return (
            self.table,
            self.key_column,
            str(self.key_kind),
            self.value_column,
            str(self.species),
            self.item,
            self.measure,
            self.structure,
            self.period,
        )


@dataclass(frozen=True, slots=True, order=True)
class Identity:
    """What an input is: `voce#misura @ struttura / periodo [:riga]`.

    Attributes:
        item: code of an indicator, line, node or project of the edition, or of `dati.toml`.
        measure: which part of the item, e.g. `pervenuto`.
        structure: code of the structure that it is of.
        period: `2021-T3`, `2021` or `2021-03`.
        row: for rows that the user names: slug of the name and number of its repetition; empty for all others.
    """

    item: str
    measure: str
    structure: str
    period: str
    row: str = ""

    def __str__(self) -> str:
        row = f" :{self.row}" if self.row else ""
        return f"{self.item}#{self.measure} @ {self.structure} / {self.period}{row}"


_NOT_IN_SLUGS = re.compile(r"[^a-z0-9]+")


def slug(text: str) -> str:
    """A name that a user typed, as part of an identity: letters and digits without accents, joined by `_`.

    >>> slug(" Bonifica degli archivi (città) ")
    'bonifica_degli_archivi_citta'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _NOT_IN_SLUGS.sub("_", plain).strip("_")
