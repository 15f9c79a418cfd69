"""Choices: numbers that people read and type as words, of a measure or a parameter."""

from __future__ import annotations

import contextlib
from typing import Tuple  # noqa: UP035  # LibreOffice for Windows brings Python 3.8

Words = Tuple[Tuple[str, float], ...]  # noqa: UP006
"""The words of a choice, each with its number; empty where there is none."""


def word_of(words: Words, value: float | str) -> str | None:
    """The word of a choice, given as the word (case and blanks do not count) or its number; None for any other.

    >>> word_of((("più alto", 1), ("più basso", -1)), "-1")
    'più basso'
    """
    said = " ".join(value.split()).casefold() if isinstance(value, str) else ""
    if said:
        with contextlib.suppress(ValueError):
            value = float(said)
    return next((word for word, number in words if said == word or value == number), None)
