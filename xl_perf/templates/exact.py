"""Saving a workbook with every number exact: openpyxl writes 16 digits, which one double in two does not survive."""

from __future__ import annotations

import io
from contextlib import contextmanager
from typing import TYPE_CHECKING

from openpyxl.cell import _writer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl import Workbook


def saved(workbook: Workbook) -> bytes:
    """The workbook as openpyxl writes it, its numbers with as many digits as they need.

    A sixth, as the plan's data hold it, comes back from the file as the same double, so that sync finds it unchanged.
    """
    buffer = io.BytesIO()
    with _exact_numbers():
        workbook.save(buffer)
    return buffer.getvalue()


@contextmanager
def _exact_numbers() -> Iterator[None]:
    shorter = _writer.safe_string

    def exact(value: object) -> str:
        text: str = shorter(value)
        return repr(value) if isinstance(value, float) and text and float(text) != value else text

    _writer.safe_string = exact
    try:
        yield
    finally:
        _writer.safe_string = shorter
