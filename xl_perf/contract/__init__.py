"""What an official workbook holds, as its sheet Metadati declares it: the one way to its inputs.

`tblDati` says where each input stands and what it is: a fact of the plan with its identity, a setting, something of a
person, or a free text. Templates write the table, commands read it; nobody addresses an input by its cell.
"""

from __future__ import annotations

from xl_perf.contract.inputs import Input, Inputs
from xl_perf.contract.model import DATA, DATA_HEADINGS, Identity, InputMap, KeyKind, Species
from xl_perf.contract.reading import read_inputs

__all__ = [
    "DATA",
    "DATA_HEADINGS",
    "Identity",
    "Input",
    "InputMap",
    "Inputs",
    "KeyKind",
    "Species",
    "read_inputs",
]
