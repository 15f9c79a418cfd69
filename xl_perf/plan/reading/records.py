"""TOML tables that are read key by key, know the line of every key, and refuse keys that nobody asked for."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from xl_perf.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xl_perf.plan.choices import Words

_Choice = TypeVar("_Choice")


class TomlText:
    """Where the keys of a TOML text stand: tomllib does not tell, and messages name the line."""

    def __init__(self, text: str) -> None:
        self.lines = [line.strip() for line in text.splitlines()]
        self.heads: dict[str, list[int]] = {}
        for number, line in enumerate(self.lines):
            if line.startswith("[["):
                self.heads.setdefault(line.strip("[] "), []).append(number)
        self._stops = sorted(number for heads in self.heads.values() for number in heads)

    def find(self, table: str, index: int, key: str, element: int | None) -> int:
        """Line (from 1) of a key in the n-th `[[table]]`; the line of its header where the key is not found.

        Args:
            table: name of the array of tables; empty for the top of the file.
            index: which of them, from 0.
            key: the key; empty for the header.
            element: which inline table of the key's array, from 0; None for the key itself.
        """
        start, end = 0, len(self.lines)
        if table:
            heads = self.heads.get(table, [])
            if index >= len(heads):
                return 1
            start = heads[index]
            end = next((stop for stop in self._stops if stop > start), end)
        for number in range(start, end):
            line = self.lines[number].lstrip('"')
            name = line[len(key) :].lstrip('"').lstrip()
            if key and line.startswith(key) and name.startswith("="):
                inside = [n for n in range(number, end) if self.lines[n].startswith("{")]
                return (inside[element] if element is not None and element < len(inside) else number) + 1
            if key and line == f"[{table}.{key}]":
                return number + 1
        return start + 1


@dataclass
class Record:
    """A TOML table that is read key by key; `close` refuses the keys that nobody asked for."""

    values: dict[str, Any]
    file: str
    text: TomlText
    table: str = ""
    index: int = 0
    inline: tuple[str, int] | None = None
    """Key and position of an inline table within its record."""
    _seen: set[str] = field(default_factory=set)

    def where(self, key: str = "") -> str:
        """File and line of a key, for messages."""
        inside, element = self.inline or (key, None)
        return f"{self.file}:{self.text.find(self.table, self.index, inside, element)}"

    def has(self, key: str) -> bool:
        """Whether the key is given; asking counts as reading it."""
        self._seen.add(key)
        return key in self.values

    def _get(self, key: str, kind: type | tuple[type, ...], expected: str) -> Any:
        self._seen.add(key)
        if key not in self.values:
            name = f"[[{self.table}]]" if self.table else "the file"
            name = f"an element of {self.inline[0]}" if self.inline else name
            raise PlanError(f"{name} has no key {key!r}", where=self.where(), expected=f"{key} = {expected}")
        value = self.values[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise PlanError(f"{key} = {value!r}", where=self.where(key), expected=expected)
        return value

    def string(self, key: str, default: str | None = None) -> str:
        """A text that is not empty, or the default where the key is missing."""
        self._seen.add(key)
        if default is not None and key not in self.values:
            return default
        value: str = self._get(key, str, "a text")
        if not value.strip() or value != value.strip():
            raise PlanError(
                f"{key} = {value!r}",
                where=self.where(key),
                expected="a text that is not empty and has no blanks at its ends",
            )
        return value

    def number(self, key: str) -> float:
        """A finite number."""
        value = float(self._get(key, (int, float), "a number such as 0.5"))
        if not math.isfinite(value):
            raise PlanError(f"{key} = {value}", where=self.where(key), expected="a finite number")
        return value

    def integer(self, key: str, default: int | None = None) -> int:
        """A whole number, or the default where the key is missing."""
        self._seen.add(key)
        if default is not None and key not in self.values:
            return default
        return int(self._get(key, int, "a whole number"))

    def boolean(self, key: str) -> bool:
        """Either true or false."""
        return bool(self._get(key, bool, "true or false"))

    def date(self, key: str) -> dt.date:
        """A date."""
        value = self._get(key, dt.date, "a date such as 2021-03-24")
        if isinstance(value, dt.datetime):
            raise PlanError(f"{key} = {value}", where=self.where(key), expected="a date without time")
        return dt.date(value.year, value.month, value.day)

    def strings(self, key: str) -> tuple[str, ...]:
        """A list of texts, empty where the key is missing."""
        self._seen.add(key)
        if key not in self.values:
            return ()
        values = self._get(key, list, "a list of texts")
        if not all(isinstance(value, str) and value for value in values):
            raise PlanError(f"{key} = {values!r}", where=self.where(key), expected="a list of texts")
        return tuple(values)

    def mapping(self, key: str) -> dict[str, Any]:
        """A table of values; its keys are the caller's to check."""
        return dict(self._get(key, dict, "a table of values"))

    def records(self, key: str) -> Iterator[Record]:
        """The tables of an array, e.g. every `[[indicatore]]`; none where the key is missing."""
        self._seen.add(key)
        if key not in self.values:
            return
        name = f"{self.table}.{key}" if self.table else key
        for position, values in enumerate(self._get(key, list, f"[[{name}]]")):
            if not isinstance(values, dict):
                raise PlanError(f"{key} holds {values!r}", where=self.where(key), expected=f"[[{name}]]")
            if self.table:
                yield Record(values, self.file, self.text, self.table, self.index, (key, position))
            else:
                yield Record(values, self.file, self.text, name, position)

    def mark(self, *keys: str) -> None:
        """Count keys as read, whether given or not."""
        self._seen.update(keys)

    def close(self) -> None:
        """Refuse unknown keys.

        Raises:
            PlanError: a key that no reader asked for.
        """
        unknown = sorted(set(self.values) - self._seen)
        if unknown:
            raise PlanError(
                f"unknown key {unknown[0]!r}",
                where=self.where(unknown[0]),
                expected=f"one of {', '.join(sorted(self._seen))}",
                remedy="correct or remove it",
            )


def choice(kind: type[_Choice], text: str, where: str) -> _Choice:
    """Member of an enumeration by its text.

    Raises:
        PlanError: no such member; the message lists them.
    """
    for member in kind:  # type: ignore[attr-defined]
        if member.value == text:
            return member  # type: ignore[no-any-return]
    known = ", ".join(repr(member.value) for member in kind)  # type: ignore[attr-defined]
    raise PlanError(f"unknown value {text!r}", where=where, expected=f"one of {known}")


def read_words(record: Record) -> Words:
    """The words of a choice, `parole`, each with its number: `più basso = -1`; empty where there are none.

    Raises:
        PlanError: a word without a number.
    """
    found = []
    for text in record.strings("parole"):
        word, _, number = (part.strip() for part in text.partition("="))
        try:
            found.append((word.casefold(), float(number)))
        except ValueError:
            where = record.where("parole")
            raise PlanError(
                f"the word {text!r} has no number", where=where, expected="word = number"
            ) from None
    return tuple(found)
