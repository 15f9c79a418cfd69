"""Recalculates workbooks with `formulas` of PyPI: `python with_formulas.py OUT PATH ...`; needs no other module."""

from __future__ import annotations

import sys

import formulas


def main() -> None:
    """Loads, calculates and writes each file."""
    out, *paths = sys.argv[1:]
    for path in paths:
        model = formulas.ExcelModel().loads(path).finish()
        model.calculate()
        model.write(dirpath=out)


if __name__ == "__main__":
    main()
