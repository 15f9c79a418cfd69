"""Measure workbooks by hand: `python -m tests.layout WORKBOOK... [--show N] [--no-paper]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.layout.measure import KINDS, findings


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--show", type=int, default=5, help="findings shown of each kind")
    parser.add_argument("--no-paper", action="store_true", help="leave the printed pages out: much faster")
    options = parser.parse_args()
    found_any = False
    for path in options.paths:
        found = findings(path, pages=not options.no_paper)
        print(
            path.name,
            " ".join(f"{kind}={len(found[kind])}" for kind in KINDS if found.get(kind)) or "nothing",
        )
        for kind in KINDS:
            for text in found.get(kind, [])[: options.show]:
                print(f"    {kind:10} {text}")
        found_any = found_any or any(found.values())
    return int(found_any)


if __name__ == "__main__":
    sys.exit(main())
