"""Record official workbooks in the archive: bytes, facts, settings, results, targets in force.

  xl-perf record consegne/*.xlsx
  xl-perf record scheda.xlsx --archive postgresql+psycopg://utente@server/prestazioni

Nothing is changed or deleted: a corrected file is a new delivery, the very same bytes are recorded once. A file that a
newer delivery replaced is named and does not count again, however often its folder is recorded; --again returns to it.
Workbooks of single persons are refused, free texts are not stored. Reports of xl-perf (quadratura.xlsx) are passed
over.

Exit status: 0 recorded; 1 a file was refused; 2 wrong usage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.cli import FAILED, OK
from xl_perf.cli.as_json import add_json, write_json
from xl_perf.cli.options import add_archive, add_workbooks, open_archive, workbooks
from xl_perf.errors import PerfError
from xl_perf.language import tr

if TYPE_CHECKING:
    import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_workbooks(parser, "official workbook")
    parser.add_argument(
        "--again",
        action="store_true",
        help="record files anew that newer deliveries replaced: they count then",
    )
    add_archive(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Record, one line for each file."""
    from xl_perf.contract.products import is_report
    from xl_perf.package import open_package

    status = OK
    said: list[dict[str, object]] = []
    with open_archive(options.archive, create=True) as archive:
        for path in workbooks(options.files):
            try:
                if is_report(open_package(path)):
                    print(tr("skipped  {path}: a report of xl-perf, no delivery", path=path))
                    said.append({"path": path, "skipped": True})
                    continue
                done = archive.record(path, again=options.again)
            except (PerfError, OSError) as error:
                print(tr("refused  {text}", text=error if str(path) in str(error) else f"{path}: {error}"))
                said.append({"path": path, "refused": str(error)})
                status = FAILED
                continue
            known = tr("is there already") if done.known else tr("{facts:,} facts", facts=done.facts)
            if done.replaced_by:
                known = tr(
                    "is there already, but delivery {newer} replaced it and counts; --again returns to it",
                    newer=done.replaced_by,
                )
            print(tr("recorded {path}: delivery {id}, {known}", path=path, id=done.id, known=known))
            said.append({
                "path": path, "delivery": done.id, "known": done.known, "facts": done.facts,
                "replaced_by": done.replaced_by or None,
            })  # fmt: skip
    write_json(options, said)
    return status
