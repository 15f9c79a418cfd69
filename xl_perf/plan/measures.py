"""What the inputs of the official workbooks mean: `dati_*.toml`, a record for each measure of some items.

A fact is an item (an indicator, a line, a node, a project of the edition, or an item that the file declares),
a measure of it (giacenza, pervenuto, budget ...), a structure and a period. The file says for each item and
measure its title, unit, nature, the measure that it counts together with, and the limits within which a value
is plausible.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xl_perf.plan.choices import Words
    from xl_perf.plan.entities import Source, Unit


class Nature(StrEnum):
    """How a measure behaves over structures and time."""

    FLOW = "flusso"
    """Counts from the beginning of the year: sums over structures, does not fall within a year."""
    STOCK = "consistenza"
    """Sums over structures, not over time."""
    INDEX = "indice"
    """Never sums."""
    FIXED = "fisso"
    """Holds for the whole year: carried to the next quarter."""
    PREVIOUS = "precedente"
    """The result of the quarter before."""


class Form(StrEnum):
    """What a limit compares a value with."""

    RANGE = "intervallo"
    TARGET = "obiettivo"
    """Value / target of the item for the period."""
    MEASURE = "misura"
    """Value / another measure of the same item."""
    QUOTIENT = "quoziente"
    """Value / another measure of the item, times a parameter, over the target: an index by its numerator."""
    SUM = "somma"
    """Sum of measures of the item is at most the sum of others."""
    PREVIOUS = "trimestre precedente"
    """Value / value of the quarter before."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Where a value is plausible; outside it is listed as a finding and stays.

    Attributes:
        form: what is compared.
        low: smallest plausible value or ratio; None for none.
        high: largest.
        measures: the measures that are added up; of a ratio or quotient, the one that divides.
        wholes: of a sum, the measures whose sum it may not pass.
        parameter: of a quotient, the parameter that it is multiplied by.
        text: as the data writes it.
        zero: 0 is plausible too, whatever the smallest value is.
    """

    form: Form
    low: float | None
    high: float | None
    measures: tuple[str, ...]
    text: str
    wholes: tuple[str, ...] = ()
    parameter: str = ""
    zero: bool = False


class FactorKind(StrEnum):
    """What a factor of an example value is."""

    RANGE = "intervallo"
    """A number, or one between two others."""
    TARGET = "obiettivo"
    """The target of the item, or of another one."""
    PLANNED = "piano"
    """What the plan of the year prints for the item, or for another one."""
    MEASURE = "misura"
    """Another measure of the item, or one of another item."""
    PARAMETER = "parametro"
    RESULT = "risultato"
    """The score that a workbook of the example gives the item, or another node."""


class Reporter(StrEnum):
    """Who reports a measure: the others have the sums."""

    SELF = ""
    """Whoever is asked."""
    OFFICE = "sede"
    REGION = "regione"


class Gap(StrEnum):
    """What nobody reports now and then, so that examples show partial coverage."""

    ITEM = ""
    """An item of a structure, with all its measures."""
    SYSTEM = "insieme"
    """All items of a system at once."""
    NONE = "tutti"
    """Nothing: every structure reports."""


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor of an example value.

    Attributes:
        kind: what it is.
        below: True for a divisor.
        code: of an indicator, item or parameter; empty for the item of the measure.
        measure: the other measure.
        low: smallest value of a range.
        high: largest.
    """

    kind: FactorKind
    below: bool
    code: str = ""
    measure: str = ""
    low: float = 1.0
    high: float = 1.0


@dataclass(frozen=True, slots=True)
class Example:
    """What an example value of a measure is made of; no number of the plan.

    Attributes:
        factors: what is multiplied and divided.
        reporter: who reports it.
        gap: what is left out now and then.
        text: as the data writes it.
    """

    factors: tuple[Factor, ...]
    reporter: Reporter
    gap: Gap
    text: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of an item: what an input means.

    Attributes:
        item: code of the item.
        measure: name of the measure.
        title: Italian, as load and reports name it.
        unit: unit of the value.
        nature: how it behaves over structures and time.
        pair: measure of the same item without which this one does not count; empty for none.
        limits: where a value is plausible.
        whole: True where only whole numbers are possible.
        source: where the plan defines it.
        example: what example values are made of; None where they follow from another workbook, or there are none.
        words: the words that stand for numbers where the value is a choice; empty where it is a number.
    """

    item: str
    measure: str
    title: str
    unit: Unit
    nature: Nature
    pair: str
    limits: tuple[Limit, ...]
    whole: bool
    source: Source
    example: Example | None = None
    words: Words = ()


@dataclass(frozen=True, slots=True)
class Equality:
    """Two names of one fact: what a workbook reports under the first identity, another asks for under the second.

    `structure` and `other_structure` are codes, or empty where both sides are of the same structure.
    """

    item: str
    measure: str
    structure: str
    other_item: str
    other_measure: str
    other_structure: str
    source: Source
