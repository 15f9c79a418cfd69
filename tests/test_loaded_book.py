"""A workbook that stays in the engine gives what it gives when it is loaded for each question."""

from __future__ import annotations

import pytest

from tests.workbook_inputs import official
from xl_perf.recalc import recalculate_package
from xl_perf.templates.build import BUILDERS
from xl_perf.values import CellError


@pytest.mark.parametrize("template", sorted(BUILDERS))
def test_asked_again_it_gives_what_a_fresh_calculation_gives(template):
    """A number, a blank, a text and an error one after the other, and the first one again."""
    book = official(template)
    entry, other = [e for e in book.sampled() if e.kind != "list" and book.others(e)][:2]
    first = {entry: book.others(entry)[0]}
    for changes in (first, {entry: None}, {other: "n.d."}, {other: CellError.NA}, first):
        given = {}
        for at, value in changes.items():
            given.setdefault(at.sheet, {})[at.key] = value
        fresh = recalculate_package(book.package, overrides=given).changes
        flat = {(sheet, key): value for sheet, cells in fresh.items() for key, value in cells.items()}
        assert book.calculated(changes) == flat, entry
        book.forget()
