"""Collect the scorecards that regions and DCM deliver: check, prove and add them up to the nation.

  xl-perf collect consegne/ --period 2021-T3 --out nazione/

Each file is read, refused from the sum with the reason or accepted, and proven: its facts in a fresh
scorecard must give its own scores. Written are the national scorecard, the national workbooks and
quadratura.xlsx, which says who delivered, scores of all structures, and what has to be looked at. The
delivered files are never changed.

Exit status: 0 collected; 1 a file was refused or failed its proof, with --strict also a missing structure or a value
to look at; 2 wrong usage.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xl_perf.cli import FAILED, OK
from xl_perf.cli.options import add_edition, add_workbooks, load_plan, workbooks
from xl_perf.cli.progress import cell_text, count, progress
from xl_perf.errors import UsageError
from xl_perf.language import ENGLISH, language, spoken, tr

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from xl_perf.collect.model import Collection, Refusal
    from xl_perf.plan.model import Plan

_PERIOD = re.compile(r"20[0-9]{2}-T[1-4]")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_workbooks(parser, "delivered scorecard")
    parser.add_argument(
        "--period", required=True, metavar="2021-T3", help="year and quarter that are collected"
    )
    parser.add_argument("--out", required=True, metavar="DIR", type=Path, help="folder for what is written")
    parser.add_argument(
        "--take",
        action="append",
        default=[],
        metavar="FILE",
        type=Path,
        help="file that counts where a structure delivered several",
    )
    parser.add_argument(
        "--strict", action="store_true", help="exit 1 on missing structures and values to look at too"
    )
    parser.add_argument("--json", metavar="FILE", type=Path, help="write a JSON report")
    add_edition(parser)


def run(options: argparse.Namespace) -> int:
    """Collect, print what was found."""
    from xl_perf.collect.files import collect, products

    if not _PERIOD.fullmatch(options.period):
        raise UsageError(f"{options.period!r} is no quarter", where="--period", expected="2021-T3")
    plan = load_plan(options)
    files = _deliveries(options, products(options.period))
    with progress("collect") as show:
        collection = collect(
            files, plan, options.period, options.out, take=options.take,
            on_progress=show,
        )  # fmt: skip
    print("\n".join(_lines(collection, plan)))
    if options.json is not None:
        text = json.dumps(_json(collection), indent=2, ensure_ascii=False)
        options.json.write_text(text + "\n", encoding="utf-8")
    if (
        collection.refusals
        or collection.differences
        or collection.unproven
        or (options.strict and not collection.complete)
    ):
        return FAILED
    return OK


def _deliveries(options: argparse.Namespace, products: frozenset[str]) -> list[Path]:
    """The files to collect: of a folder that collect wrote to those that it did not write.

    Raises:
        UsageError: a file of `--take` is not among them.
        RecalcError: a folder without workbooks.
    """
    out = options.out.resolve()
    named = {path.resolve() for path in options.files}
    files = [
        path
        for path in workbooks(options.files)
        if path.name not in products or path.resolve().parent != out or path.resolve() in named
    ]
    given = {path.resolve() for path in files}
    for path in options.take:
        if path.resolve() not in given:
            raise UsageError("the file is not among those that are collected", where=f"--take {path}")
    return files


def _why(refusal: Refusal) -> str:
    """The reason in the language of the commands."""
    return refusal.why if language() == ENGLISH else refusal.said


def _lines(collection: Collection, plan: Plan) -> Iterator[str]:
    for refusal in collection.refusals:
        yield tr("refused  {path}: {why}", path=refusal.path, why=_why(refusal))
    for one in collection.differences:
        if one.begins:
            yield tr(
                "proof    {path}, {cell} {identity}: the file says {file}, its facts give {facts}",
                path=one.path,
                cell=one.cell,
                identity=one.identity,
                file=cell_text(one.file),
                facts=cell_text(one.facts),
            )
    for failed in collection.unproven:
        yield tr("proof    {path}: {why}", path=failed.path, why=_why(failed))
    for witness in collection.witnesses:
        yield tr(
            "witness  {identity}: {value} ({taken_from}), {value2} ({other_from})",
            identity=witness.identity,
            value=cell_text(witness.taken.value),
            taken_from=witness.taken_from,
            value2=cell_text(witness.other.value),
            other_from=witness.other_from,
        )
    for text in collection.left:
        yield tr("left out {text}", text=spoken(text))
    for delivery in collection.deliveries:
        for finding in delivery.findings:
            yield tr(
                "check    {path}, {cell} = {value}: expected {expected} ({why})",
                path=delivery.path,
                cell=finding.input.cell,
                value=cell_text(finding.input.value),
                expected=spoken(finding.expected),
                why=spoken(finding.why),
            )
    for path in collection.written:
        yield tr("written  {path}", path=path)
    missing = tr("; missing: {missing}", missing=", ".join(collection.missing)) if collection.missing else ""
    yield (
        tr(
            "{deliveries} of {structures} structures, {period}{missing}; {files} refused, {values} to check",
            deliveries=len(collection.deliveries),
            structures=len(plan.regional()),
            period=collection.period,
            missing=missing,
            files=count(len(collection.refusals), "file"),
            values=count(sum(len(d.findings) for d in collection.deliveries), "value"),
        )
    )


def _json(collection: Collection) -> dict[str, Any]:
    return {
        "period": collection.period,
        "complete": collection.complete,
        "deliveries": [
            {"path": d.path, "sha256": d.digest, "structure": d.structure, "edition": d.inputs.edition,
             "version": d.inputs.version, "filled": d.filled, "expected": d.expected,
             "results": {str(i): r.value for i, r in d.results.items()},
             "findings": [{"cell": f.input.cell, "fact": str(f.input.identity), "value": f.input.value,
                           "expected": f.expected, "why": f.why} for f in d.findings]}
            for d in collection.deliveries
        ],
        "refusals": [{"path": r.path, "structure": r.structure, "why": r.why} for r in collection.refusals],
        "missing": collection.missing,
        "differences": [
            {"path": d.path, "cell": d.cell, "result": str(d.identity), "file": d.file, "facts": d.facts,
            "begins": d.begins}
            for d in collection.differences
        ],
        "unproven": [{"path": r.path, "structure": r.structure, "why": r.why} for r in collection.unproven],
        "settings": [
            {"path": d.path, "cell": i.cell, "setting": str(i.identity), "value": i.value} for d,
            i in collection.settings
        ],
        "witnesses": [
            {"fact": str(w.identity), "taken": w.taken.value, "from": w.taken_from, "other": w.other.value,
            "other_from": w.other_from}
            for w in collection.witnesses
        ],
        "left": collection.left,
        "written": collection.written,
    }  # fmt: skip
