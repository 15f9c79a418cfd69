"""Numbers of exports: the readings of an Italian controller, written out by hand."""

from __future__ import annotations

import pytest

from xl_perf.load.numerals import Decimals, Doubt, evidence, read_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0), ("42", 42), ("-7", -7), ("+7", 7), ("\u22127", -7),
        ("12,5", 12.5), ("12.5", 12.5), ("0.125", 0.125), ("0,125", 0.125), (",5", None),
        ("1.234.567", 1234567), ("1.234.567,8", 1234567.8), ("1.234,50", 1234.5), ("1 234 567,5", 1234567.5),
        ("1\u00a0234", 1234), ("1'234'567", 1234567), ("€ 1.234,50", 1234.5), ("1.234,50 euro", 1234.5),
        ("10,0 %", 0.1),
    ],
)  # fmt: skip
def test_read_in_one_way(text, number):
    found = read_number(text)
    assert isinstance(found, Doubt) if number is None else found == number


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("1.234", ("1234", "1,234")),
        ("1,234", ("1,234", "1234")),
        ("8.855.168,560", ("8855168,56", "8855168560")),  # as the plan prints objective F
        ("1,234.56", ("1234,56", "123456")),
        ("1,234,567.5", ("1234567,5", "12345675")),
    ],
)
def test_read_in_two_ways(text, readings):
    found = read_number(text)
    assert isinstance(found, Doubt)
    assert found.readings == readings


@pytest.mark.parametrize(
    "text", ["abc", "1e3", "12,5,3", "1.23.456", "12-3", "NaN", "inf", "=1+1", "1/2", "12 5"]
)
def test_no_number(text):
    assert isinstance(read_number(text), Doubt)


@pytest.mark.parametrize("text", ["", "  ", "-", "n.d.", "N.D.", "nd", "#N/D", "\u00a0"])
def test_not_reported(text):
    assert read_number(text) is None


def test_the_user_or_the_column_decides():
    assert read_number("1.234", decimals=Decimals.COMMA) == 1234
    assert read_number("1.234", decimals=Decimals.POINT) == 1.234
    assert read_number("8.855.168,560", decimals=Decimals.COMMA) == 8855168.56
    assert read_number("1,234.56", decimals=Decimals.POINT) == 1234.56
    assert isinstance(read_number("12,5", decimals=Decimals.POINT), Doubt)
    assert evidence(["1.234", "12,5"]) is Decimals.COMMA
    assert evidence(["1.234", "12.5"]) is Decimals.POINT
    assert evidence(["1.234", "8.855.168,560"]) is None
    assert evidence(["12,5", "12.5"]) is None


def test_shares():
    assert read_number("12,5%", share=True) == 0.125
    assert read_number("0,125", share=True, decimals=Decimals.COMMA) == 0.125
    found = read_number("12,5", share=True)
    assert isinstance(found, Doubt)
    assert found.readings == ("12,5%", "1250%")
