"""What deliveries said of an item: every number with the file and the day that it came with.

  xl-perf history giacenza.prestazioni_servizi GENOVA
  xl-perf history scheda LIGURIA --as-of 2021-07-31

An item is the code of an indicator, line or node; of a node the results are listed. `--as-of` asks what was known on a
day: corrections that came later do not count. Days and times are those of the machine's clock.

Exit status: 0 something was found; 1 nothing was; 2 wrong usage.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.cli import FAILED, OK
from xl_perf.cli.options import add_archive, day, open_archive
from xl_perf.cli.progress import cell_text
from xl_perf.language import tr

if TYPE_CHECKING:
    import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("item", metavar="VOCE", help="code of the item, e.g. giacenza.prestazioni_servizi")
    parser.add_argument("structure", metavar="STRUTTURA", help="structure, as the plan or people write it")
    parser.add_argument("--misura", default="", metavar="NAME", help="measure, e.g. pervenuto")
    parser.add_argument("--as-of", type=day, metavar="2021-07-31", help="as known at the end of that day")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write what was found as JSON")
    add_archive(parser)


def run(options: argparse.Namespace) -> int:
    """Ask and print."""
    from xl_perf.plan import load_edition

    structure = load_edition().structure(options.structure).code
    with open_archive(options.archive) as archive:
        found = archive.values(
            options.item,
            structure=structure,
            measure=options.misura,
            as_of=end_of(options.as_of),
            history=options.as_of is None,
        )
    for value in found:
        row = f" :{value.row}" if value.row else ""
        print(
            f"{value.period:<9} {value.measure:<20} {cell_text(value.value):>18}{row}  {value.local:%Y-%m-%d %H:%M} "
            f"{value.file} {value.cell} ({value.edition}, {value.act}; {value.digest[:12]})"
        )
    if options.json is not None:
        rows = [
            {"item": v.item, "measure": v.measure, "structure": v.structure, "period": v.period, "row": v.row,
            "value": v.value,
             "received": v.local.isoformat(), "file": v.file, "sha256": v.digest, "cell": v.cell,
             "edition": v.edition,
             "act": v.act}
            for v in found
        ]  # fmt: skip
        options.json.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    if not found:
        print(
            tr("no delivery says anything of {item} of {structure}", item=options.item, structure=structure)
        )
        return FAILED
    return OK


def end_of(date: dt.date | None) -> dt.datetime | None:
    """The last moment of a day where the command is given, in UTC as the archive has it; None for no day."""
    if date is None:
        return None
    return dt.datetime.combine(date, dt.time.max).astimezone(dt.UTC).replace(tzinfo=None)
