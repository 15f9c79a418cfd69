r"""Editions of the plan that are not in the package: amend, install, list, remove.

amend    copies an edition with one more act: what the act sets, and what follows from it
install  checks an edition and copies it into the user's data folder, where every command and function finds it
list     all editions that are there, the newest last
remove   removes an installed edition

  xl-perf edition amend --act "CdA 200/2021" --date 2021-11-15 \
      --set giacenza.prestazioni_servizi TORINO 2021 28 --out emendamento

names every number that the plan ties to a changed one, with its old value and the one that consistency asks
for, and writes those too (--no-follow names them only). The values before the act stay, as known before it.
It exits with 1 where the checks of the amended edition find something that those of the edition before did
not.

The data folder is that of the user (XL_PERF_DATA names another one). Spreadsheet programs that are open see a
change when they are started again.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.cli import FAILED, OK
from xl_perf.cli.as_json import add_json, write_json
from xl_perf.errors import UsageError
from xl_perf.language import tr

if TYPE_CHECKING:
    import argparse

    from xl_perf.plan.amending.edition import Setting
    from xl_perf.plan.model import Plan


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    install = actions.add_parser("install", help="check an edition and install it")
    install.add_argument("source", metavar="DIR", type=Path, help="directory of data files")
    install.add_argument(
        "--replace", action="store_true", help="replace an installed edition of the same id with other data"
    )
    install.add_argument("--force", action="store_true", help="install it although checks fail")
    _configure_amend(actions.add_parser("amend", help="copy an edition with one more act"))
    add_json(actions.add_parser("list", help="list the editions, the newest last"))
    remove = actions.add_parser("remove", help="remove an installed edition")
    remove.add_argument("edition", metavar="ID", help="id of the edition")


_SETTINGS = {
    "set": ("obiettivo", ("INDICATOR", "STRUCTURE", "PERIOD", "VALUE"), "a target"),
    "set-parameter": ("parametro", ("CODE", "VALUE"), "a parameter"),
    "set-weight": ("peso", ("NODE", "MEMBER", "VALUE"), "a weight, as a fraction"),
    "set-band": (
        "fascia",
        ("RATIO.N", "FIELD", "VALUE"),
        "limite (upper end, in percent), punti or stampa of the n-th band of a ratio",
    ),
    "set-programme": (
        "programma",
        ("INDICATOR", "QUARTER", "SHARE"),
        "share of a quarter (2021-T1), as a fraction",
    ),
    "set-data": (
        "",
        ("DATO", "KEY", "FIELD", "VALUE"),
        "anything else that modifiche_dati.csv changes: nodo, regola, riga, progetto, indicatore, struttura",
    ),
}
"""Option -> kind of datum, its arguments, help."""


def _configure_amend(parser: argparse.ArgumentParser) -> None:
    import datetime as dt

    parser.add_argument("--act", required=True, metavar="NAME", help='short name, e.g. "CdA 200/2021"')
    parser.add_argument(
        "--date",
        required=True,
        metavar="DATE",
        type=dt.date.fromisoformat,
        help="date of the act, 2021-11-15",
    )
    parser.add_argument("--title", default="", metavar="TEXT", help="full title of the act")
    for name, (_, arguments, text) in _SETTINGS.items():
        parser.add_argument(
            f"--{name}",
            nargs=len(arguments),
            action="append",
            default=[],
            metavar=arguments,
            help=f"{text}; may be given several times",
        )
    parser.add_argument(
        "--from", dest="base", metavar="EDITION", help="id or directory of the edition (default: the newest)"
    )
    parser.add_argument(
        "--out", required=True, metavar="DIR", type=Path, help="folder to write; must not be there"
    )
    parser.add_argument("--id", default="", metavar="ID", help="id of the amended edition")
    parser.add_argument(
        "--no-follow", action="store_true", help="name the numbers that follow, do not write them"
    )


def run(options: argparse.Namespace) -> int:
    """Do what was asked for."""
    return {"amend": _amend, "install": _install, "list": _list, "remove": _remove}[options.action](options)


def _install(options: argparse.Namespace) -> int:
    from xl_perf.addins.plan_source import plan_source
    from xl_perf.plan.installed import install

    if not options.source.is_dir():
        raise UsageError("no such directory of plan data", where=str(options.source))
    entry = install(options.source, replace=options.replace, force=options.force, as_source=plan_source)
    print(
        tr(
            "{id} installed: {title} ({act}, {amended:%d/%m/%Y})",
            id=entry.id,
            title=entry.title,
            act=entry.act,
            amended=entry.amended,
        )
    )
    print(
        tr(
            "  data {folder}, fingerprint {fingerprint}",
            folder=entry.folder,
            fingerprint=entry.fingerprint[:12],
        )
    )
    if entry.forced:
        print(tr("  its checks fail; installed because of --force"))
    return OK


def _list(options: argparse.Namespace) -> int:
    from xl_perf.plan.library import entries

    for entry in entries():
        kind = ("installed, checks fail" if entry.forced else "installed") if entry.installed else "package"
        print(f"{entry.id:<32} {tr(kind):<12} {entry.act}, {entry.amended:%d/%m/%Y}  {entry.title}")
    write_json(options, entries())
    return OK


def _remove(options: argparse.Namespace) -> int:
    from xl_perf.plan.installed import remove

    remove(options.edition)
    print(tr("{edition} removed", edition=options.edition))
    return OK


def _amend(options: argparse.Namespace) -> int:
    from xl_perf.plan.amending.edition import amend
    from xl_perf.plan.amending.files import NewAct, write_folder
    from xl_perf.plan.library import folder_of
    from xl_perf.plan.reading.files import DataFiles
    from xl_perf.plan.reading.load import load_files
    from xl_perf.plan.texts.amended import format_amended

    if options.out.exists():
        raise UsageError("the folder is there already", where=str(options.out), remedy="choose another name")
    base = Path(options.base) if options.base and Path(options.base).is_dir() else folder_of(options.base)
    files = DataFiles.read(base)
    settings = _settings(load_files(files), options)
    if not settings:
        raise UsageError("the act sets nothing", expected="--set or another option that sets a value")
    act = NewAct(options.act, options.date, options.title)
    amended = amend(files, act, settings, write_follows=not options.no_follow, edition=options.id)
    write_folder(amended.files, options.out)
    print(format_amended(amended, options.out))
    return FAILED if amended.failures else OK


def _settings(plan: Plan, options: argparse.Namespace) -> list[Setting]:
    """What the options set.

    Raises:
        UsageError: an unknown name, or a value that does not fit.
    """
    from xl_perf.plan.amending.edition import setting

    found = []
    for name, (kind, arguments, _) in _SETTINGS.items():
        for given in getattr(options, name.replace("-", "_")):
            *key, value = given
            field = key.pop() if "FIELD" in arguments else {"programma": "quota"}.get(kind, "valore")
            if name == "set-data":
                kind_given, *key = key
                found.append(setting(plan, kind_given, key[0].split("|"), field, value))
                continue
            if kind == "fascia":
                ratio, dot, number = key[0].rpartition(".")
                if not dot:
                    raise UsageError(f"band {key[0]!r}", expected="ratio and number, such as controllate.2")
                key = [ratio, number]
            found.append(setting(plan, kind, key, field, value))
    return found
