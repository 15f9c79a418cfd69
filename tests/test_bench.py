"""The benchmark runs, and measures what it says; no figure is asserted."""

from __future__ import annotations

import numpy as np
import pytest

from tests.bench import arrays
from tests.bench.__main__ import main
from tests.bench.books import SMALL, write_book
from tests.bench.model import write_model
from xl_perf.package import open_package
from xl_perf.recalc import recalculate_package
from xl_perf.recalc.book import Book
from xl_perf.recalc.calculate import our_functions


def test_quick_benchmark_prints_every_part(capsys: pytest.CaptureFixture[str]):
    main(["--quick", "--without-office"])
    printed = capsys.readouterr().out
    for part in (
        "(a) regional",
        "(b) national",
        "(c) 3 copies",
        "(e) 3 official",
        "(f) 3 official",
        "(g) model of 2,270 formulas",
        "(i) archive",
        "(d) functions",
        "xl-perf, two jobs",
        "--version",
    ):
        assert part in printed


def test_workbooks_have_the_formulas_that_their_size_says(tmp_path):
    path, native = tmp_path / "a.xlsx", tmp_path / "n.xlsx"
    write_book(path, SMALL)
    write_book(native, SMALL, native=True)
    book = Book(open_package(path), our_functions())
    assert book.count == SMALL.formulas
    recipes = [recipe for column in book.columns.values() for recipe in column.recipes]
    assert sum(bool(recipe.ours) for recipe in recipes) == SMALL.ours
    ours, theirs = (recalculate_package(open_package(file)) for file in (path, native))
    assert len(ours.changed) == SMALL.formulas
    assert (ours.errors, ours.kept, theirs.errors, theirs.kept) == ((), (), (), ())
    for mine, other in zip(ours.changed, theirs.changed, strict=True):
        assert mine.new == (
            pytest.approx(other.new, rel=1e-12) if isinstance(other.new, float) else other.new
        )


def test_the_model_is_calculated_whole(tmp_path):
    path = tmp_path / "model.xlsx"
    count = write_model(path, 60, 4)
    found = recalculate_package(open_package(path), office=False)
    assert (found.formulas, len(found.changed), found.errors, found.kept) == (count, count, (), ())
    package = open_package(path)
    amounts = [cell.value for cell in package.cells("Dati") if cell.column == 3 and type(cell.value) is float]
    totals = [new for (_, column), new in found.changes["Sintesi"].items() if column == 14]
    assert sum(totals) == sum(amounts)  # each amount belongs to one group and one month
    balance = 100.0  # C1, then 0.8 per mille more and the flow of each row
    for cell in [cell for cell in package.cells("Calcolo") if cell.column == 2][1:]:
        balance = balance * 1.0008 + float(cell.value)
        assert found.changes["Calcolo"][cell.row, 3] == pytest.approx(balance, rel=1e-12)


def test_bare_expressions_are_what_the_functions_calculate():
    numbers = np.random.default_rng(2)
    columns = numbers.uniform(20, 90, 500), numbers.uniform(30, 80, 500)
    for case in arrays.CASES:
        np.testing.assert_allclose(case.call(*columns), case.bare(*columns), rtol=1e-12)
