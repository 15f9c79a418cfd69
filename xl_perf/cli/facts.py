"""List the facts of official workbooks: identity, value, cell, and what is implausible among them.

  xl-perf facts scheda_liguria_2021_T3.xlsx
  xl-perf facts schede/*.xlsx --csv fatti.csv

Cells of persons are neither read nor shown. Exit status: 0 all right; 1 a file cannot be read, with --strict also
implausible values; 2 wrong usage.
"""

from __future__ import annotations

import csv
import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xl_perf.cli import FAILED, OK
from xl_perf.cli.options import add_workbooks, workbooks
from xl_perf.cli.progress import cell_text, count
from xl_perf.errors import PerfError
from xl_perf.language import spoken, tr

if TYPE_CHECKING:
    import argparse

    from xl_perf.contract import Inputs
    from xl_perf.contract.limits import Finding

_THOUSANDS = 3
"""Digits between the separators of thousands."""
_COLUMNS = ("file", "cella", "struttura", "voce", "misura", "periodo", "riga", "nome", "valore")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_workbooks(parser, "official workbook")
    parser.add_argument(
        "--csv", metavar="FILE", type=Path, help="write the facts as a table that `load` reads"
    )
    parser.add_argument("--all", action="store_true", help="empty inputs too")
    parser.add_argument("--strict", action="store_true", help="exit 1 on implausible values too")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write facts and findings as JSON")


def run(options: argparse.Namespace) -> int:
    """Read and print."""
    from xl_perf.contract import read_inputs
    from xl_perf.contract.limits import findings
    from xl_perf.package import open_package
    from xl_perf.plan import load_edition

    failed, found, rows, files = False, 0, [], []
    for path in workbooks(options.files):
        try:
            inputs = read_inputs(open_package(path))
            doubtful = findings(inputs, load_edition(inputs.edition))
        except PerfError as error:
            print(tr("FAILED   {text}", text=error if error.where else f"{path}: {error}"), file=sys.stderr)
            failed = True
            continue
        found += len(doubtful)
        here = _rows(inputs, empty=options.all)
        rows += here
        files.append(_json(inputs, here, doubtful))
        if options.csv is None and options.json is None:
            print(
                "\n".join(
                    f"{row[1]:<34} {row[3]}#{row[4]} @ {row[2]} / {row[5]}  {cell_text(row[-1])}"
                    for row in here
                )
            )
        for one in doubtful:
            print(
                tr(
                    "check    {cell} {identity} = {value}: expected {expected} ({why})",
                    cell=one.input.cell,
                    identity=one.input.identity,
                    value=cell_text(one.input.value),
                    expected=spoken(one.expected),
                    why=spoken(one.why),
                )
            )
        filled = sum(one.value is not None for one in inputs.of())
        print(
            tr(
                "{path}: {facts} of {inputs:,}, {values} to check",
                path=path,
                facts=count(filled, "fact"),
                inputs=len(inputs.of()),
                values=count(len(doubtful), "value"),
            )
        )
    if options.csv is not None:
        with options.csv.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerows([_COLUMNS, *((*row[:-1], _written(row[-1])) for row in rows)])
        print(tr("written  {path}", path=options.csv))
    if options.json is not None:
        options.json.write_text(json.dumps(files, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return FAILED if failed or (options.strict and found) else OK


def _rows(inputs: Inputs, *, empty: bool) -> list[tuple[Any, ...]]:
    return [
        (inputs.where, one.cell, i.structure, i.item, i.measure, i.period, i.row, one.name, one.value)
        for one in inputs.of()
        if (i := one.identity) and (empty or one.value is not None)
    ]


def _written(value: Any) -> Any:
    """A value as `load` reads it in one way only.

    A decimal comma, and never three decimals, which could be thousands.
    """
    if isinstance(value, bool) or not isinstance(value, float):
        return value
    if value.is_integer():
        return int(value)
    text = format(Decimal(repr(value)), "f").replace(".", ",")
    return f"{text}0" if len(text.partition(",")[2]) == _THOUSANDS else text


def _json(inputs: Inputs, rows: list[tuple[Any, ...]], doubtful: list[Finding]) -> dict[str, Any]:
    return {
        "path": inputs.where,
        "template": inputs.template,
        "version": inputs.version,
        "edition": inputs.edition,
        "structure": inputs.structure,
        "period": inputs.period,
        "facts": [dict(zip(_COLUMNS[1:], row[1:], strict=True)) for row in rows],
        "findings": [
            {"cell": one.input.cell, "fact": str(one.input.identity), "value": one.input.value,
             "expected": one.expected, "why": one.why}
            for one in doubtful
        ],
    }  # fmt: skip
