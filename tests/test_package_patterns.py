"""Possessive repetition means the same on every Python; sheets are read the quick way on this one."""

from __future__ import annotations

import re

import pytest

from tests.official import WORKBOOKS
from xl_perf.package import open_package, patterns


@pytest.mark.parametrize(
    ("body", "quantifier", "text", "end"),
    [
        (b"a(?:b)?d", b"?", b"aba", 0),
        (b"a(?:b)?d", b"*", b"adabdab", 5),
        (b"ab|ac", b"+", b"abacad", 4),
        (b"_(?!x)|&(?:amp|lt);", b"*", b"_&amp;&", 6),
    ],
)
@pytest.mark.parametrize("goes_back", [True, False])
def test_a_last_attempt_that_fails_matches_nothing(
    body: bytes, quantifier: bytes, text: bytes, end: int, *, goes_back: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if goes_back and not patterns.GOES_BACK:
        pytest.skip("this Python leaves off where the failing attempt got to")
    monkeypatch.setattr(patterns, "GOES_BACK", goes_back)
    found = re.match(patterns.repeated(body, quantifier), text)
    assert found is not None
    assert found.end() == end


def test_every_sheet_of_the_official_workbooks_is_read_the_quick_way() -> None:
    for path in WORKBOOKS:
        package = open_package(path)
        for info in package.sheets:
            if b't="inlineStr"></c>' in package.read(info.part):
                continue  # a heading without text, which is read cell by cell everywhere
            assert package.scan(info.name) is not None, f"{path.name} {info.name}"
