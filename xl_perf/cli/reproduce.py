"""Write a workbook as it was known on a day, and prove its scores from its own facts.

  xl-perf reproduce --as-of 2021-07-31 --struttura LIGURIA --period 2021-T2 --out luglio.xlsx

The file has the bytes that were delivered. Its facts and settings are then loaded into a fresh workbook of its edition:
a score that they do not give is listed.

Exit status: 0 reproduced and proven; 1 nothing was known, or a score is not proven; 2 wrong usage.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.cli import FAILED, OK
from xl_perf.cli.as_json import add_json, write_json
from xl_perf.cli.history import end_of
from xl_perf.cli.options import add_archive, day, open_archive, period
from xl_perf.cli.progress import cell_text
from xl_perf.language import tr

if TYPE_CHECKING:
    import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--as-of", required=True, type=day, metavar="2021-07-31", help="as known at the end of that day"
    )
    parser.add_argument("--struttura", required=True, metavar="NAME", help="structure")
    parser.add_argument(
        "--period", required=True, type=period, metavar="2021-T2", help="period of the workbook"
    )
    parser.add_argument("--modello", default="scheda_territoriale", metavar="NAME", help="workbook")
    parser.add_argument("--out", required=True, metavar="FILE", type=Path, help="file to write")
    add_archive(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Write and prove."""
    from xl_perf.check.proof import prove
    from xl_perf.collect.read import read_delivery
    from xl_perf.contract.edition import plan_of
    from xl_perf.package import Package, write_atomic
    from xl_perf.plan import load_edition

    structure = load_edition().structure(options.struttura).code
    with open_archive(options.archive) as archive:
        name, data = archive.delivery(structure, options.period, options.modello, end_of(options.as_of))
    write_atomic(options.out, data)
    print(tr("written  {out} ({name})", out=options.out, name=name))
    plan = plan_of(Package(data, options.out))
    assert plan is not None
    delivery = read_delivery(options.out, plan)
    differences = prove(delivery.path, delivery.inputs, delivery.results, plan).differences
    for one in differences:
        print(
            tr(
                "proof    {cell} {identity}: the file says {file}, its facts give {facts}",
                cell=one.cell,
                identity=one.identity,
                file=cell_text(one.file),
                facts=cell_text(one.facts),
            )
        )
    print(
        tr(
            "{results:,} of {results2:,} results proven",
            results=len(delivery.results) - len(differences),
            results2=len(delivery.results),
        )
    )
    write_json(
        options,
        {
            "written": options.out,
            "delivery": name,
            "results": len(delivery.results),
            "differences": differences,
        },
    )
    return FAILED if differences else OK
