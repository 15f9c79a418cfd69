"""Facts read from tables: long (a row each) or wide (structures and items along the two edges)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.contract import Identity
from xl_perf.contract.model import slug
from xl_perf.load.numerals import Decimals, Doubt, evidence, in_doubt, is_blank, read_number
from xl_perf.load.vocabulary import TOTALS, Column
from xl_perf.plan.choices import word_of
from xl_perf.plan.entities import Unit
from xl_perf.plan.names import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xl_perf.load.sources import Line, Table
    from xl_perf.load.vocabulary import Vocabulary
    from xl_perf.plan.measures import Measure
    from xl_perf.values import CellValue

_KEYS = ("struttura", "voce", "misura", "periodo", "riga", "nome")


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of a source.

    Attributes:
        identity: what it is.
        value: None where it is not reported.
        place: where it stands, for messages.
        name: name of its row, where it has one.
        offered: it comes from a workbook that holds facts for others too; nobody has to ask for it.
    """

    identity: Identity
    value: CellValue
    place: str
    name: str = ""
    offered: bool = False


@dataclass(frozen=True, slots=True)
class Unread:
    """A row or value that is not loaded: where it stands, what it says, why, and the nearest names."""

    place: str
    text: str
    why: str
    nearest: tuple[str, ...] = ()

    def __str__(self) -> str:
        near = f"; nearest names: {', '.join(self.nearest)}" if self.nearest else ""
        return f"{self.place}: «{self.text}» {self.why}{near}"


def read_facts(
    table: Table, words: Vocabulary, period: str, decimals: Decimals | None = None
) -> Iterator[Fact | Unread]:
    """The facts of a table.

    Args:
        table: headings and lines.
        words: what names mean for the workbook that is loaded.
        period: period of rows that name none.
        decimals: how decimals are written; found out for each column when None.
    """
    keys, values = _columns(table, words)
    if not values:
        headings = ", ".join(filter(None, table.headings))
        yield Unread(table.where, headings, "no column is known: name the headings with --map")
        return
    styles = {
        place: decimals
        or evidence(cell for line in table.lines if isinstance(cell := _cell(line, place), str))
        for place in values
    }
    for line in table.lines:
        yield from _row(_Row(table, line, words, period), keys, values, styles)
    for place, heading in enumerate(table.headings):
        if heading and place not in values and place not in keys.values() and words.role(heading) != "luogo":
            yield Unread(
                f"{table.where}, column {heading}",
                heading,
                "is no fact of this workbook",
                words.nearest(heading),
            )


def _columns(table: Table, words: Vocabulary) -> tuple[dict[str, int], dict[int, Column]]:
    """Columns of keys by role, and columns of values with what their headings give."""
    keys: dict[str, int] = {}
    values: dict[int, Column] = {}
    long = "misura" in map(words.role, table.headings)
    for place, heading in enumerate(table.headings):
        role = words.role(heading)
        meaning = None if long and role == "valore" else words.column(heading)
        if role in _KEYS and role not in keys:
            keys[role] = place
        elif role == "valore" and meaning is None:
            values[place] = Column()
        elif meaning is not None:
            values[place] = meaning
    if "struttura" not in keys and "voce" not in keys and 0 not in values:
        keys[_role_of_first(table, words)] = 0
    return keys, values


def _role_of_first(table: Table, words: Vocabulary) -> str:
    """Whether the first column of a table without known key columns holds structures or items."""
    texts = [cell for line in table.lines if isinstance(cell := _cell(line, 0), str)]
    items = sum(words.item(text) is not None for text in texts)
    return "voce" if items > sum(words.structure(text) is not None for text in texts) else "struttura"


def _cell(line: Line, place: int) -> float | str | None:
    return line.cells[place] if place < len(line.cells) else None


@dataclass(frozen=True, slots=True)
class _Row:
    """A line being read."""

    table: Table
    line: Line
    words: Vocabulary
    period: str

    @property
    def place(self) -> str:
        return f"{self.table.where}:{self.line.number}"

    def text(self, column: int | None) -> str:
        """Text of a key cell; whole numbers without decimals."""
        cell = None if column is None else _cell(self.line, column)
        if isinstance(cell, float):
            return str(int(cell)) if cell.is_integer() else str(cell)
        return cell or ""


def _row(
    row: _Row, keys: dict[str, int], values: dict[int, Column], styles: dict[int, Decimals | None]
) -> Iterator[Fact | Unread]:
    known = _keys_of(row, keys)
    if isinstance(known, Unread):
        yield known
        return
    for column, meaning in values.items():
        cell = _cell(row.line, column)
        if cell is None or (isinstance(cell, str) and is_blank(cell)):
            continue
        identity = _identity(row, known, meaning)
        where = row.table.place(row.line, column)
        if isinstance(identity, str):
            yield Unread(where, str(cell), identity)
            continue
        value = _value(cell, identity, row.words, styles[column])
        if isinstance(value, Doubt):
            yield Unread(where, str(cell), str(value))
        else:
            yield Fact(identity, value, where, known.get("nome", "") or row.text(keys.get("riga")))


def _keys_of(row: _Row, keys: dict[str, int]) -> dict[str, str] | Unread:
    """Meaning of the key cells of a line."""
    words, found = row.words, {}
    for role in _KEYS:
        text = row.text(keys.get(role))
        if not text:
            continue
        if role == "struttura" and fold(text) in TOTALS:
            found[role] = words.inputs.structure
            continue
        meaning = {
            "struttura": words.structure, "voce": words.item, "misura": words.measure,
            "periodo": words.period, "riga": slug, "nome": str.strip,
        }[role](text)  # fmt: skip
        if meaning is None:
            what = {"struttura": "is no structure", "voce": "is no item of this workbook",
                    "misura": "is no measure of this workbook", "periodo": "is no period (2021-T3)"}[role]  # fmt: skip
            return Unread(row.place, text, what, words.nearest(text))
        found[role] = meaning
    return found


def _identity(row: _Row, known: dict[str, str], column: Column) -> Identity | str:
    """Identity of a value, or why it has none."""
    words = row.words
    item = column.item or known.get("voce", "")
    measure = column.measure or known.get("misura", "")
    if not item:
        having = [code for code, measures in words.measures.items() if measure in measures]
        if len(having) != 1:
            return "the item is not clear: add a column «voce»"
        item = having[0]
    if not measure:
        measures = words.measures.get(item, set())
        if len(measures) != 1:
            return f"the measure is not clear: it may be {', '.join(sorted(measures))}"
        measure = next(iter(measures))
    structure = column.structure or known.get("struttura", "") or words.inputs.structure
    return Identity(
        item,
        measure,
        structure,
        known.get("periodo", row.period),
        known.get("riga") or slug(known.get("nome", "")),
    )


def worded(cell: float | str, measure: Measure) -> str | Doubt | None:
    """The word of a choice that is given as a word or as its number."""
    if isinstance(cell, str) and is_blank(cell):
        return None
    word = word_of(measure.words, cell)
    choices = ", ".join(choice for choice, _ in measure.words)
    return word or Doubt(f"is none of the choices: {choices}")


def _value(
    cell: float | str, identity: Identity, words: Vocabulary, decimals: Decimals | None
) -> float | str | Doubt | None:
    measure = words.plan.measures.get((identity.item, identity.measure))
    if measure is not None and measure.words:
        return worded(cell, measure)
    share = measure is not None and measure.unit is Unit.PERCENT
    if isinstance(cell, str):
        return read_number(cell, share=share, decimals=decimals)
    return in_doubt(cell, share=share) or cell
