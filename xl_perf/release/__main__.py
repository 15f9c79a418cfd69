"""Makes the folder of a release.

  python -m build && python -m xl_perf.release

It takes the wheel of this version from `dist/` and the workbooks from `workbooks/`, and writes `dist/xl_perf-VERSION/`:
add-ins, workbooks for Excel, Calc and LAMBDA, the scorecards of all structures, `prove.xlsx`, guides, checksums, and
`LEGGIMI.html`, from which a person without Python starts. With `--office DIR` the Office.js edition and workbooks for
it are in it too.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf import __version__
from xl_perf.cli import FAILED, OK, USAGE
from xl_perf.errors import PerfError, UsageError
from xl_perf.language import ENGLISH
from xl_perf.plan import load_edition
from xl_perf.release.folder import Sources, make

if TYPE_CHECKING:
    from collections.abc import Sequence

_WHEEL = f"xl_perf-{__version__}-py3-none-any.whl"


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the folder; gives the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m xl_perf.release",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--wheel", metavar="FILE", type=Path, default=Path("dist") / _WHEEL, help="default: %(default)s"
    )
    parser.add_argument(
        "--workbooks", metavar="DIR", type=Path, default=Path("workbooks"), help="default: %(default)s"
    )
    parser.add_argument(
        "--office",
        metavar="DIR",
        type=Path,
        help="folder that `xl-perf addin office --out DIR` wrote (default: left out)",
    )
    parser.add_argument(
        "--struttura",
        metavar="NAME",
        action="append",
        help="scorecard to make, once or more (default: all structures)",
    )
    parser.add_argument(
        "--out",
        metavar="DIR",
        type=Path,
        default=Path("dist") / f"xl_perf-{__version__}",
        help="default: %(default)s",
    )
    options = parser.parse_args(arguments)
    plan = load_edition()
    try:
        wanted = [plan.structure(name).code for name in options.struttura or ()]
        structures = wanted or [one.code for one in plan.regional()]
        sources = Sources(options.wheel, options.workbooks, options.office, structures)
        files = make(options.out, sources, plan)
    except PerfError as error:
        print(f"error: {error.said(ENGLISH)}", file=sys.stderr)
        return USAGE if isinstance(error, UsageError) else FAILED
    print(f"{options.out}: {len(files)} files, {sum(path.stat().st_size for path in files) / 1e6:.0f} MB")
    return OK


if __name__ == "__main__":
    sys.exit(main())
