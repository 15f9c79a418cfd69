"""Calls made at random, the same on every run: what controllers type, and what they should not."""

from __future__ import annotations

import random

from xl_perf.catalog import Kind, Shape
from xl_perf.values import CellError

_ERRORS = (
    CellError.NULL,
    CellError.DIV0,
    CellError.VALUE,
    CellError.REF,
    CellError.NAME,
    CellError.NUM,
    CellError.NA,
)
_NUMBERS = (
    0,
    1,
    2,
    3,
    5,
    12,
    27,
    30,
    66,
    93.35,
    100,
    117.5,
    124,
    360,
    1000,
    18000,
    0.05,
    0.5,
    0.872,
    -1,
    -30,
    1e6,
    8855168560,
)
_COUNTS = (0, 1, 2, 3, 4, 5, 9, 10, 20, 60, 65, 70, 95, 100, 200, 995, 996, 1000, 20000, -1, 2.5)
_USUAL = {
    "verso": (1, -1, 1, -1, 0, 2),
    "versi": (1, -1, 1, -1, "", 0),
    "tetto": (0.5, 0.25, 0, 1, -0.5),
    "base": (360, 365, 90, 0, -1),
    "mancanti": (0, 1, 0, 1, 2),
    "mesi": (12, 3, 6, 0, -1),
    "punteggio": (50, 80, 100, 110, 150, 49, 151),
    "forecast": (1, 2, 3, 4, 4, 0, 5, 2.5),
    "livello": (1, 2, 3, 4, 5, 0, 6, 1.5),
    "con_po": (0, 1, 0, 1, 2, 0.5),
    "finalita": ("accessori", "formazione", "ACCESSORI", " formazione ", "altro", ""),
    "segni": (1, 1, 1, -1),
    "livelli": (0, 1, 1, 2),
    "decimali": (2, 2, 0, 3),
    "senza_irregolarita": (1, 0, 1, 0, 2),
    "peso_entrate": (0.7, 0.7, 70, 0.6),
    "peso_prestazioni": (0.3, 0.3, 30, 0.4),
    "peso_regionale": (0.05, 0.1, 0.05, -1),
    "peso_regionale_massimo": (0.15, 0.2, 1, 2),
    "tolleranza": (0.05, 0.02, 0, -0.1),
    "forecast_finale": (4, 4, 12, 2.5),
    "gestionale": (100, 104, 49, 151, 98.5, -3, ""),
    "abilita": (90, 0, 120, -1, ""),
}
_WRONG = ("abc", "12,5", "1.234", True, False)
_ROWS = {"COSTO_STANDARD": 21, "IEEP_TOTALE": 27}
"""Functions whose tables in the plan have a fixed number of rows."""


def calls(function, count):
    """Lists of arguments for a function, `count` of them."""
    dice = random.Random(function.name)
    make = _synthesis if function.shape is Shape.SYNTHESIS else _elements
    return [make(function, dice) for _ in range(count)]


def _table(argument, dice):
    """A range that is taken as a whole: mostly one that can be used."""
    if dice.random() < 0.2:
        return ""
    if argument.name == "fasce":
        table = [
            [ratio, end, points]
            for ratio in (1, 2, 3, 4)
            for end, points in sorted(zip(dice.sample([2, 50, 70.1, 90, 99.5], 3), (4, 2, 0), strict=True))
        ]
        table += [[ratio, "", 7] for ratio in (1, 2, 3, 4)] if dice.random() < 0.8 else [["", "", ""]]
    else:
        size = dice.choice([3, 3, 3, 5, 2])
        table = [
            [part] for part in (_weights(size, dice, 1) if argument.name.startswith("pesi") else range(size))
        ]
        table = [list(row) for row in zip(*table, strict=True)] if dice.random() < 0.3 else table
    if dice.random() < 0.1:
        row = dice.choice(table)
        row[dice.randrange(len(row))] = dice.choice([*_ERRORS, *_WRONG, "", -1, 1.5, 9])
    return table


def _cell(argument, dice, *, clean=0.85):
    if argument.whole and dice.random() < clean:
        return _table(argument, dice)
    if dice.random() > clean:
        return dice.choice([*_ERRORS, *_WRONG, "", "", "", "  ", "\u00a0"])
    if argument.name in _USUAL:
        return dice.choice(_USUAL[argument.name])
    whole = "controll" in argument.name or "regolarizzate" in argument.name or argument.name == "notificate"
    return dice.choice(_COUNTS if whole else _NUMBERS)


def _given(function, dice):
    """How many arguments a call gives: all of them more often than not."""
    return (
        len(function.arguments)
        if dice.random() < 0.6
        else dice.randint(function.required, len(function.arguments))
    )


def _elements(function, dice):
    arguments = function.arguments[: _given(function, dice)]
    if dice.random() < 0.08:
        reported = [_cell(argument, dice, clean=1) for argument in arguments]
        reported[dice.randrange(function.required)] = ""
        return reported
    if function.shape is Shape.ARRAY or dice.random() < 0.6:
        clean = dice.choice([1, 0.97, 0.85])
        found = [_cell(argument, dice, clean=clean) for argument in arguments]
        if len(arguments) >= 6 and clean == 1 and "controllate" in (a.name for a in arguments):
            found[:6] = _control_counts(dice)  # counts that fit each other, or no case would get that far
        return found
    height, width = dice.randint(1, 4), dice.randint(1, 3)
    found = []
    for argument in arguments:
        if argument.whole:
            found.append(_cell(argument, dice, clean=0.95))
            continue
        rows, columns = dice.choice([(1, 1), (1, 1), (height, 1), (1, width), (height, width)])
        if dice.random() < 0.03:
            rows += 1
        block = [[_cell(argument, dice, clean=0.92) for _ in range(columns)] for _ in range(rows)]
        found.append(block[0][0] if (rows, columns) == (1, 1) else block)
    return found


def _control_counts(dice):
    due = dice.choice([0, 100, 200, 1000, 1000, 20000])
    seen = dice.randint(due * 3 // 5, due)
    yes, no, told = (dice.randint(0, seen // 8) for _ in range(3))
    return [due, seen, yes, no, told, dice.randint((yes + no) // 3, yes + no)]


def _synthesis(function, dice):
    arguments = function.arguments[: _given(function, dice)]
    given = {argument.name for argument in arguments}
    plans = function.name != "IEEP_TOTALE" or not given >= {"segni", "livelli"} or dice.random() < 0.1
    fixed = _ROWS.get(function.name) if plans else None
    rows = {a.group: fixed or dice.randint(1, 5) for a in function.arguments}
    if dice.random() < 0.1:
        rows = dict.fromkeys(rows, dice.randint(1, 6))
    clean = dice.choice([1, 1, 1, 0.98, 0.9])
    unreported = dice.choice(["nothing", "values", "all"]) if dice.random() < 0.1 else "nothing"
    found = []
    for argument in arguments:
        if unreported == "all" or (unreported == "values" and argument.name != "pesi"):
            size = rows[argument.group] if argument.kind is Kind.RANGE else 1
            found.append([[""] for _ in range(size)] if size > 1 else "")
            continue
        if argument.kind is not Kind.RANGE:
            found.append(_cell(argument, dice, clean=clean))
            continue
        size = 3 if function.name == "VALORE_PUBBLICO" else rows[argument.group]
        if argument.optional and dice.random() < 0.2:
            found.append("")
            continue
        if dice.random() < 0.03:
            size += 1
        found.append(_turned(_range(argument, size, dice, clean), dice))
    return found


def _range(argument, size, dice, clean):
    if argument.name == "pesi":
        return _weights(size, dice, clean)
    positive = argument.name in (
        "riferimenti",
        "medie_cluster",
        "obiettivi",
        "obiettivi_regionali",
        "coefficienti",
    )
    cells = []
    for _ in range(size):
        value = _cell(argument, dice, clean=clean)
        if positive and type(value) in (int, float) and value <= 0 and dice.random() < 0.95:
            value = 40
        cells.append("" if not positive and dice.random() < 0.1 else value)
    return cells


def _weights(size, dice, clean):
    parts = [dice.randint(1, 9) for _ in range(size)]
    whole = dice.choice([1, 1, 100])
    cells = [part / sum(parts) * whole for part in parts]
    if dice.random() < 0.1:
        cells[dice.randrange(size)] = dice.choice([0, -1, "", 0.3])
    if dice.random() > clean:
        cells[dice.randrange(size)] = dice.choice([*_ERRORS, *_WRONG])
    return cells


def _turned(column, dice):
    """The cells as a column or, now and then, as a row."""
    return [column] if dice.random() < 0.2 else [[cell] for cell in column]
