"""Editions of the plan that are not in the package: install, list, remove.

install  checks an edition and copies it into the user's data folder, where every command and function finds it
list     all editions that are there, the newest last
remove   removes an installed edition

The data folder is that of the user (XL_PERF_DATA names another one). Spreadsheet programs that are open see a change when
they are started again.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.cli import OK
from xl_perf.errors import UsageError

if TYPE_CHECKING:
    import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    install = actions.add_parser("install", help="check an edition and install it")
    install.add_argument("source", metavar="DIR", type=Path, help="directory of data files")
    install.add_argument(
        "--replace", action="store_true", help="replace an installed edition of the same id with other data"
    )
    install.add_argument("--force", action="store_true", help="install it although checks fail")
    actions.add_parser("list", help="list the editions, the newest last")
    remove = actions.add_parser("remove", help="remove an installed edition")
    remove.add_argument("edition", metavar="ID", help="id of the edition")


def run(options: argparse.Namespace) -> int:
    """Do what was asked for."""
    return {"install": _install, "list": _list, "remove": _remove}[options.action](options)


def _install(options: argparse.Namespace) -> int:
    from xl_perf.addins.plan_source import plan_source
    from xl_perf.plan.installed import install

    if not options.source.is_dir():
        raise UsageError("no such directory of plan data", where=str(options.source))
    entry = install(options.source, replace=options.replace, force=options.force, as_source=plan_source)
    print(f"{entry.id} installed: {entry.title} ({entry.act}, {entry.amended:%d/%m/%Y})")
    print(f"  data {entry.folder}, fingerprint {entry.fingerprint[:12]}")
    if entry.forced:
        print("  its checks fail; installed because of --force")
    return OK


def _list(options: argparse.Namespace) -> int:
    del options
    from xl_perf.plan.library import entries

    for entry in entries():
        kind = ("installed, checks fail" if entry.forced else "installed") if entry.installed else "package"
        print(f"{entry.id:<32} {kind:<12} {entry.act}, {entry.amended:%d/%m/%Y}  {entry.title}")
    return OK


def _remove(options: argparse.Namespace) -> int:
    from xl_perf.plan.installed import remove

    remove(options.edition)
    print(f"{options.edition} removed")
    return OK
