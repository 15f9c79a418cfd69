"""How numbers travel in the official workbooks: from the workbook's own cells into every formula, from inputs
to the scores.

The lists below name the templates for which a promise does not hold yet; they only get shorter.
"""

from __future__ import annotations

from functools import cache

import pytest

from tests.test_workbooks_numbers import situations
from tests.workbook_inputs import is_error, official
from xl_perf.catalog import FUNCTIONS
from xl_perf.formula.tree import parse
from xl_perf.templates.build import BUILDERS
from xl_perf.templates.kit.remarks import MARK
from xl_perf.values import CellError

TEMPLATES = sorted(BUILDERS)

LEAN_ON_THE_EDITION: set[str] = set()
"""Templates with a formula that leaves a number of the plan to the default of a function."""
LOSE_ERRORS: set[str] = set()
"""Templates where an error or a text in an input does not reach the scores, or no remark names it."""
HAVE_DEAD_INPUTS: set[str] = set()
"""Templates with an input that moves no result and does not say so."""


def kept(done):
    """The templates of which a test expects its promise."""
    return [name for name in TEMPLATES if name not in done]


def calls(node):
    """Every call of one of our functions in a formula's tree."""
    if node is None:
        return
    if node.kind == "call" and node.text in FUNCTIONS:
        yield node
    for child in node.children:
        yield from calls(child)


def _names_another_rule(node):
    return node is not None and node.kind == "text" and "spese legali" not in node.text


def leaning(formula):
    """Function and argument of every number of the plan that a formula leaves to a default."""
    for node in calls(parse(formula.removeprefix("="))):
        function = FUNCTIONS[node.text]
        if function.name == "OBIETTIVO_REGOLA" and _names_another_rule(node.children[0]):
            continue  # its amount is of one rule only
        for number, argument in enumerate(function.arguments):
            given = number < len(node.children) and node.children[number] is not None
            if getattr(argument, "plan", False) and not given:
                yield function.name, argument.name


@pytest.mark.skipif(not hasattr(next(iter(FUNCTIONS.values())).arguments[0], "plan"), reason="not marked yet")
def test_a_formula_that_leans_on_the_edition_is_seen():
    assert list(leaning('=IF(A1="","",PERF_SCORE(A1,B1,1,C1)+1)')) == []
    assert list(leaning("=1+PERF_SCORE(A1,B1,1)")) == [("PERF_SCORE", "tetto")]
    assert list(leaning("=GIACENZA_INDEX(A1,B1,)")) == [("GIACENZA_INDEX", "base")]


@pytest.mark.parametrize("template", kept(LEAN_ON_THE_EDITION))
def test_formulas_hand_over_every_number_of_the_plan(template):
    found = {}
    for sheet in official(template).formulas:
        for line in sheet.iter_rows():
            for cell in line:
                if cell.data_type == "f":
                    for name in leaning(str(getattr(cell.value, "text", cell.value))):
                        found.setdefault(name, f"{sheet.title}!{cell.coordinate}")
    assert found == {}


@cache
def _sampled(template):
    book = official(template)
    return [e for e in book.sampled() if (e.sheet, e.key) not in book.informative]


def _moved(book, changes):
    return {at for at in (*book.scores, *book.coverage) if at in changes}


def _remarks(book, changes, entry):
    """Remarks that were not there before and name the column, or the line, of an input."""
    return [
        value
        for at, value in changes.items()
        if isinstance(value, str)
        and value.startswith(MARK)
        and any(name in value for name in entry.names)
        and book.values.get(at) != value
    ]


@pytest.mark.parametrize("template", kept(LOSE_ERRORS))
def test_every_template_says_which_results_stand_at_its_top(template):
    assert official(template).scores


@pytest.mark.parametrize("template", kept(LOSE_ERRORS))
def test_an_error_or_a_text_in_an_input_reaches_the_scores(template):
    """Every score that an input moves becomes an error with it, and a remark names the input.

    An input that moves no score (a result that is only reported) makes that result an error.
    """
    book, wrong = official(template), []
    for entry in _sampled(template):
        is_key = (entry.sheet, entry.key) in book.listed  # another one moves the results of two keys
        valid = [book.calculated({entry: value}) for value in book.some(entry) if not is_key]
        moved = {
            at for changes in (*valid, book.calculated({entry: None})) for at in book.scores if at in changes
        }
        for bad in (CellError.NA, "n.d."):
            changes = book.calculated({entry: bad})
            safe = [at for at in moved if not is_error(changes.get(at, book.values.get(at)))]
            if safe:
                wrong.append(
                    f"{entry}: {bad} leaves {safe[0]} at {changes.get(safe[0], book.values.get(safe[0]))}"
                )
            reached = book.scores if moved else [at for at, check in book.locked.items() if not check]
            if not any(is_error(changes.get(at)) for at in reached):
                wrong.append(f"{entry}: {bad} reaches no {'score' if moved else 'result'}")
            changed = [at for at in book.scores if at in changes and not is_error(changes[at])]
            if changed:
                wrong.append(f"{entry}: {bad} turns {changed[0]} into {changes[changed[0]]}")
            if not _remarks(book, changes, entry):
                wrong.append(f"{entry}: no remark on {bad}")
    assert not wrong, "\n".join(wrong)


_OF_ALL = "Coordinamenti centrali"
"""A sheet of professionisti whose scores are those of all offices: one office moves none that is at its cap."""


@pytest.mark.parametrize("template", [name for name in TEMPLATES if name != "scheda_territoriale"])
def test_an_error_spoils_no_score_that_its_input_does_not_move(template):
    """One bad cell in the row of one structure: the scores of the others stay.

    A scorecard is of one structure; a score at its cap is moved by nothing.
    """
    book, wrong = official(template), []
    judged = [at for at in book.under("Punteggio") if at[0] != _OF_ALL and book.values[at] not in (50, 150)]
    for entry in _sampled(template):
        if not entry.table or entry.kind not in ("decimal", "whole"):
            continue
        changes = book.calculated({entry: "n.d."})
        spoilt = {at for at in judged if is_error(changes.get(at)) and not is_error(book.values.get(at))}
        for value in (*book.some(entry), None, *book.extremes(entry)):
            if spoilt:
                spoilt -= book.calculated({entry: value}).keys()
        wrong += [f"{entry}: a text spoils {at}" for at in sorted(spoilt)[:3]]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("template", kept(LOSE_ERRORS))
def test_a_text_whose_partner_is_empty_reaches_the_scores_too(template):
    """A row that holds a text and nothing else is no empty row: what it feeds is an error, and a remark names it."""
    book, wrong = official(template), []
    for entry in _sampled(template):
        row = [o for o in book.inputs if o.row == entry.row and o != entry and o.kind in ("decimal", "whole")]
        if not entry.table or entry.kind not in ("decimal", "whole") or not row:
            continue
        changes = book.calculated({**dict.fromkeys(row), entry: "n.d."})
        if not any(is_error(changes.get(at)) for at, check in book.locked.items() if not check):
            wrong.append(f"{entry}: a text alone in its row reaches no result")
        if not _remarks(book, changes, entry):
            wrong.append(f"{entry}: no remark on a text alone in its row")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("template", kept(LOSE_ERRORS))
def test_a_blank_input_lowers_no_score_to_an_error_and_raises_no_coverage(template):
    book, wrong = official(template), []
    for entry in _sampled(template):
        if (entry.sheet, entry.key) not in book.values or entry in book.selectors():
            continue  # without a choice there is nothing to compare with: that is an error with a remark
        if (entry.sheet, entry.key) in book.listed:
            continue  # what names a row that is not there any more is an error
        changes = book.calculated({entry: None})
        wrong += [f"{entry}: {at} is {changes[at]}" for at in _moved(book, changes) if is_error(changes[at])]
        wrong += [
            f"{entry}: coverage {at} rises from {book.values.get(at)} to {changes[at]}"
            for at in book.coverage
            if at in changes
            and not is_error(changes[at])
            and (changes[at] or 0) > (book.values.get(at) or 0) + 1e-12
        ]
    assert not wrong, "\n".join(wrong)


def _moves(book, entry, others):
    """Whether another value of an input moves a result once `others` have been set."""
    before = book.calculated(others) if others else {}
    blank = [None] if entry.kind == "list" else []  # what may be chosen may be worth the same
    for value in (*book.others(entry), *blank):
        after = book.calculated({**others, entry: value})
        if any(book.locked.get(at) is False and before.get(at) != after.get(at) for at in {*before, *after}):
            return True
    return False


def _is_live(book, entry):
    """Whether another value moves a result: as the workbook is, with its row filled, or for another choice."""
    if _moves(book, entry, {}):
        return True
    row = [other for other in book.inputs if other.row == entry.row and other != entry] if entry.table else []
    empty = {o: book.others(o)[0] for o in row if (o.sheet, o.key) not in book.values and book.others(o)}
    if empty and _moves(book, entry, empty):
        return True
    if any(_moves(book, entry, {at: choice}) for at in book.selectors() for choice in book.others(at)):
        return True
    at = entry.sheet, entry.key
    for given in situations(book):  # as where the account 1005 is above its share, before the last quarter
        before = book.recalculated(given)
        for value in book.others(entry):
            after = book.recalculated({**given, at: value})
            if any(book.locked.get(p) is False and before.get(p) != after.get(p) for p in {*before, *after}):
                return True
    return False


@pytest.mark.parametrize("template", kept(HAVE_DEAD_INPUTS))
def test_every_input_moves_a_result_or_says_why_not(template):
    book = official(template)
    dead = [
        str(entry)
        for entry in book.sampled()
        if (entry.sheet, entry.key) not in book.informative and not _is_live(book, entry)
    ]
    assert not dead, "\n".join(dead)


@pytest.mark.parametrize("template", kept(HAVE_DEAD_INPUTS))
def test_an_informative_input_moves_no_score(template):
    book = official(template)
    for entry in book.sampled():
        if (entry.sheet, entry.key) in book.informative:
            for value in book.others(entry):
                changes = book.calculated({entry: value})
                moved = {at for at in _moved(book, changes) if not _in_words(book, changes, at)}
                assert not moved, str(entry)


def _in_words(book, changes, at):
    """Whether a cell at the top of a workbook says in words, before and after, how a score compares."""
    return all(isinstance(v, str) and not is_error(v) for v in (book.values.get(at), changes[at]))
