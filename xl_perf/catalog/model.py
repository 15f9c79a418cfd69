"""What the catalogue says about a spreadsheet function."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.compute.faults import Check

HELP_LIMIT = 255
"""Excel cuts help texts after this many characters."""


class Shape(StrEnum):
    """How a function meets ranges."""

    ELEMENTWISE = "elementwise"
    """Arguments broadcast element by element; the result has the shape of the widest."""
    SYNTHESIS = "synthesis"
    """Ranges go in as a whole, one value comes out."""
    ARRAY = "array"
    """Single values go in, a table of fixed size comes out."""
    LOOKUP = "lookup"
    """Keys go in (they broadcast like numbers), a value of the plan comes out."""


class Kind(StrEnum):
    """What an argument holds."""

    NUMBER = "number"
    RANGE = "range"
    TEXT = "text"
    PERIOD = "period"
    DATE = "date"
    ANY = "any"
    """A cell or range of another function's argument."""


class Empty(StrEnum):
    """What an empty cell means in an argument."""

    BLANK = "blank"
    """Not yet reported: the result is empty."""
    MISSING = "missing"
    """Something the function cannot do without: #N/A."""
    DEFAULT = "default"
    """The argument is optional: its default holds."""
    OWN = "own"
    """The function decides; it gets None."""


class Measure(StrEnum):
    """Unit of an argument or result: those of the plan's indicators (`xl_perf.plan.entities.Unit`), and others."""

    DAYS = "giorni"
    EURO = "euro"
    PERCENT = "percentuale"
    """A fraction: 5% is 0.05."""
    RATIO = "rapporto"
    POINTS = "punti"
    INDEX = "numero indice"
    PIECES = "pezzi"
    PEOPLE = "persone"
    INDICATOR = "unità dell'indicatore"
    """Of arguments and result together: that of the indicator measured, or of the values given."""
    WEIGHT = "peso"
    """Weights of a node sum to 1 or to 100."""
    COUNT = "numero"
    """A number without unit: a place in an order, a sign, a choice, months."""
    TEXT = "testo"
    DATE = "data"
    TRUTH = "vero o falso"
    SEVERAL = "secondo la colonna"
    """A table whose columns have units of their own."""
    ANY = "secondo la funzione"


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument; texts are Italian.

    `default` gives the value of an omitted optional argument, where it is the plan's that of the edition in use; None
    passes nothing on, and the function decides.
    """

    name: str
    help: str
    unit: Measure
    kind: Kind = Kind.NUMBER
    empty: Empty = Empty.BLANK
    default: Callable[[], Any] | None = None
    default_text: str = ""
    group: str = ""
    """Ranges of one group have one size; those of different groups may differ."""
    plan: bool = False
    """True where an omitted argument has a number of the plan: formulas of official workbooks give it always."""
    whole: bool = False
    """True for a range that an elementwise function takes as a table, the same for all elements: rows of numbers,
    NaN where a cell is empty."""

    @property
    def optional(self) -> bool:
        """True where the argument may be left out."""
        return self.empty is Empty.DEFAULT


@dataclass(frozen=True, slots=True)
class Function:
    """A spreadsheet function: everything that front ends and documents need to know about it.

    `compute` takes the arguments as numbers (elementwise, array), as sequences with NaN for empty (ranges of a
    synthesis), as rows of them (`Argument.whole`) or as text and dates (lookup), and gives a number, NaN for empty, or
    rows of them (array). `checks` are
    the conditions under which an elementwise function has no result, in order of precedence. `vectorised` says that
    `compute` takes numpy arrays. `spill` is the size, rows and columns, of the table that an array function gives.
    `example` is a formula as an Italian Excel shows it.
    """

    name: str
    category: str
    title: str
    help: str
    arguments: tuple[Argument, ...]
    result: str
    unit: Measure
    compute: Callable[..., Any]
    shape: Shape
    source: str
    example: str
    checks: tuple[Check, ...] = ()
    vectorised: bool = False
    formula: str = ""
    """The calculation in words and argument names, for `PERF_SPIEGA`."""
    phrase: str = ""
    """One sentence for readers of an explanation, without full stop.

    `{name}` stands for what the call gives for an argument.
    """
    explains: bool = False
    """True for the function whose arguments are another function and its arguments."""
    unfinished: bool = False
    """True where an elementwise function gives NaN for "not yet reported" (some argument is `Empty.OWN`)."""
    spill: tuple[int, int] | None = None
    takes_tables: bool = field(init=False)
    """True where some argument is a range that an elementwise function takes as a whole."""

    def __post_init__(self) -> None:
        """Notes once what every call asks."""
        object.__setattr__(self, "takes_tables", any(argument.whole for argument in self.arguments))

    @property
    def required(self) -> int:
        """How many arguments cannot be left out."""
        return sum(1 for argument in self.arguments if not argument.optional)

    @property
    def signature(self) -> str:
        """The call as Italian Excel shows it, e.g. `DEFLUSSO_INDEX(definiti; pervenuti)`."""
        names = (f"[{a.name}]" if a.optional else a.name for a in self.arguments)
        return f"{self.name}({'; '.join(names)})"
