"""The language of what the commands say: English as in the source, or Italian by the catalogue beside this module.

Texts that workbooks, pages and dialogs show too are Italian in the source (`it`); on the terminal they are in English
where the commands are, by a catalogue of their own.

The catalogue is keyed by the English text with its `{placeholders}`. A command says `tr("{number} files",
number=3)`; texts that are made elsewhere, such as those of errors, are found again by their shape
(`translated`). Nothing is read while the language is English.
"""

from __future__ import annotations

import os
import re
import string
import sys
from collections import defaultdict
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

VARIABLE = "XL_PERF_LANG"
ITALIAN, ENGLISH = "it", "en"
_CATALOGUE = Path(__file__).with_name("italiano.po")
_ENGLISH_CATALOGUE = Path(__file__).with_name("inglese.po")
_WINDOWS_ITALIAN = 0x10
"""Primary language of the language identifiers of Windows."""
_PLACES = {"line": "riga", "row": "riga", "sheet": "foglio", "table": "tabella", "column": "colonna"}
_PLACE = re.compile(rf", ({'|'.join(_PLACES)}) ")
_FIELD = re.compile(r"\{([^{}]*)\}")


def language() -> str:
    """`it` or `en`: what the environment variable says; English where it says nothing.

    Programs that use the library get English; the commands set the variable, for themselves and the processes
    that they start.
    """
    return ITALIAN if os.environ.get(VARIABLE) == ITALIAN else ENGLISH


def choose() -> None:
    """Fixes the language of a command: the variable where it is set, else that of the system."""
    if os.environ.get(VARIABLE) not in (ITALIAN, ENGLISH):
        os.environ[VARIABLE] = system_language()


def system_language() -> str:
    """`it` or `en`: on Windows by its menus' language, elsewhere by the first set of LC_ALL, LC_MESSAGES, LANG."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - on Windows only

        return _of_windows(ctypes.windll.kernel32.GetUserDefaultUILanguage())
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    name = next((value for name in names if (value := os.environ.get(name))), "")
    return ITALIAN if re.match(r"it(?![a-z])", name, re.IGNORECASE) else ENGLISH


def _of_windows(identifier: int) -> str:
    return ITALIAN if identifier & 0x3FF == _WINDOWS_ITALIAN else ENGLISH


def tr(text: str, /, *values: object, **named: object) -> str:
    """A text of the commands in their language, its placeholders filled in.

    Args:
        text: the English text, as in the catalogue; with the placeholders of `str.format`.
        values: for `{0}`, `{1}` ...
        named: for `{name}`.
    """
    if language() == ENGLISH:
        return text.format(*values, **named) if values or named else text
    found = catalogue().get(text) or text
    return _ITALIAN_NUMBERS.format(found, *values, **named) if values or named else found


_on_terminal: ContextVar[bool] = ContextVar("on_terminal", default=False)


@contextmanager
def terminal() -> Iterator[None]:
    """What `it` says within it goes to the terminal: in the language of the commands."""
    token = _on_terminal.set(True)
    try:
        yield
    finally:
        _on_terminal.reset(token)


def it(text: str, /, *values: object) -> str:
    """A text that workbooks, pages and dialogs show: Italian, within `terminal` in the language of the commands.

    Args:
        text: the Italian text, one of the catalogue; with the placeholders of `str.format`.
        values: for `{0}`, `{1}` ..., as they are to be shown.
    """
    if _on_terminal.get() and language() == ENGLISH:
        text = english().get(text, text)
    return text.format(*values) if values else text


def spoken(text: str) -> str:
    """A finished Italian text that `it` made for a workbook, in the language of the commands; found by its shape."""
    if language() == ITALIAN or not text:
        return text
    found = english().get(text) or shaped(text, english=True)
    if found is not None:
        return found
    head, bracket, rest = text.removesuffix(")").rpartition(" (")
    return f"{spoken(head)} ({spoken(rest)})" if bracket and text.endswith(")") else text


def counted(number: int, noun: str, several: str = "") -> str:
    """A count with its noun: `1 file`, `3 files`.

    Args:
        number: how many.
        noun: what, in English.
        several: its plural where that is not made with an s.
    """
    return tr("{0:,} " + (noun if number == 1 else several or noun + "s"), number)


def translated(text: str, into: str = "") -> str:
    """A finished English text in another language, found by its shape; as it is where the catalogue lacks it.

    Args:
        text: the English text.
        into: the language; that of the commands where it is empty.
    """
    if (into or language()) == ENGLISH or not text:
        return text
    found = catalogue().get(text) or shaped(text)
    if found is not None:
        return found
    head, colon, rest = text.partition(": ")
    return f"{translated(head, into)}: {translated(rest, into)}" if colon else text


def place(text: str, into: str) -> str:
    """Where something is, in a language: names stay, the words between them (`, line 7`) do not.

    Args:
        text: file, sheet, line or key, as errors give it.
        into: the language.
    """
    return text if into == ENGLISH else _PLACE.sub(lambda found: f", {_PLACES[found[1]]} ", text)


def shaped(text: str, *, english: bool = False) -> str | None:
    """A finished text in the other language, by the shape with the most letters that it has; None for none.

    Args:
        text: the text.
        english: whether it is Italian and wanted in English; the other way round otherwise.
    """
    best: tuple[int, str, dict[str, str]] | None = None
    for weight, pattern, names, other in _shapes_for(text, english=english):
        if (best is None or weight > best[0]) and (match := pattern.fullmatch(text)) is not None:
            best = weight, other, dict(zip(names, match.groups(), strict=True))
    if best is None:
        return None
    parts = best[2]
    return _FIELD.sub(lambda field: parts[field[1]], best[1])


class _ItalianNumbers(string.Formatter):
    """Numbers with `,` for decimals and `.` for thousands."""

    def format_field(self, value: Any, format_spec: str) -> Any:
        text = super().format_field(value, format_spec)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return text.translate(_COMMAS) if format_spec else text
        return text


_COMMAS = str.maketrans(",.", ".,")
_ITALIAN_NUMBERS = _ItalianNumbers()


@cache
def catalogue() -> Mapping[str, str]:
    """English text -> Italian text."""
    return dict(_entries(_CATALOGUE.read_text(encoding="utf-8")))


@cache
def english() -> Mapping[str, str]:
    """Italian text of workbooks and pages -> English text."""
    return dict(_entries(_ENGLISH_CATALOGUE.read_text(encoding="utf-8")))


def _entries(text: str) -> Iterator[tuple[str, str]]:
    """The pairs of a catalogue in the format of gettext: `msgid` and `msgstr`, each a text of several quoted lines."""
    import json  # noqa: PLC0415 - where the catalogue is read: a command in English does without it

    parts: dict[str, str] = {}
    place = ""
    for line in (*text.splitlines(), "msgid"):
        word, _, rest = line.partition(" ")
        if word in ("msgid", "msgstr"):
            if word == "msgid" and "msgstr" in parts:
                yield parts["msgid"], parts["msgstr"]
            place = word
            parts[place] = ""
        else:
            rest = line
        if rest.startswith('"'):
            parts[place] += json.loads(rest)


@cache
def _shapes(*, of_italian: bool) -> Mapping[str, list[tuple[str, str]]]:
    """Texts with placeholders by the letters that they begin with; by nothing where they begin with a placeholder."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for text, other in (english() if of_italian else catalogue()).items():
        fields = _FIELD.findall(text)
        if fields and all(map(str.isdecimal, fields)) and _is_telling(text):
            found[text.partition("{")[0][:_BEGINNING]].append((text, other))
    return found


def _is_telling(shape: str) -> bool:
    """Whether a shape is that of few texts: `{0} or {1}` would be that of any."""
    letters = sum(map(str.isalpha, "".join(_FIELD.split(shape)[::2])))
    return letters >= (_TELLING if shape.startswith("{") else 2)


_TELLING = 5
"""Letters that a shape needs which begins with a value."""
_BEGINNING = 6
"""Letters by which the texts with placeholders are sorted."""


def _shapes_for(text: str, *, english: bool) -> Iterator[tuple[int, re.Pattern[str], list[str], str]]:
    """The shapes that a text may have: letters that are no placeholder, pattern, placeholders, text in the other."""
    for length in range(_BEGINNING + 1):
        for shape, other in _shapes(of_italian=english).get(text[:length], ()):
            literal = _FIELD.split(shape)[::2]
            if all(part in text for part in literal):
                pattern = "(.*?)".join(map(re.escape, literal))
                yield sum(map(len, literal)), re.compile(pattern, re.DOTALL), _FIELD.findall(shape), other
