"""Targets that a later act set anew, and those that the plan prints twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.plan.model import Reprint, Status, Target, Unit
from xl_perf.plan.reading.records import choice
from xl_perf.plan.reading.store import Tables, check_unit

if TYPE_CHECKING:
    from xl_perf.plan.reading.files import DataFiles


def read_changes(files: DataFiles, tables: Tables) -> None:
    """modifiche.csv: values that a later act set anew, known from the act's date."""
    edition = tables.edition
    tables.files.add("modifiche.csv")
    table = files.csv("modifiche.csv")
    columns = ("indicatore", "struttura", "periodo", "valore", "unita", "atto", "fonte", "nota")
    table.require(columns, ("stato",))
    for row in table.rows:
        indicator = edition.indicator(row.string("indicatore"), row.where("indicatore"))
        check_unit(choice(Unit, row.string("unita"), row.where("unita")), indicator, row.where("unita"))
        act = edition.act(row.string("atto"), row.where("atto"))
        tables.targets.append(
            Target(
                indicator=indicator.code,
                structure=edition.structure(row.string("struttura"), row.where("struttura")),
                period=row.string("periodo"),
                value=row.number("valore"),
                unit=indicator.unit,
                direction=indicator.direction,
                source=edition.source(row.string("fonte"), row.where("fonte")),
                act=act,
                known_from=edition.acts[act].date,
                status=choice(Status, row.string("stato", Status.PUBLISHED), row.where("stato")),
                note=row.string("nota", ""),
                where=row.where("valore"),
            )
        )


def read_reprints(files: DataFiles, tables: Tables) -> None:
    """ristampe.csv: targets that the plan prints again elsewhere."""
    edition = tables.edition
    tables.files.add("ristampe.csv")
    table = files.csv("ristampe.csv")
    table.require(("indicatore", "struttura", "periodo", "valore", "unita", "fonte"), ("atto",))
    for row in table.rows:
        act = row.string("atto", "")
        indicator = edition.indicator(row.string("indicatore"), row.where("indicatore"))
        check_unit(choice(Unit, row.string("unita"), row.where("unita")), indicator, row.where("unita"))
        tables.reprints.append(
            Reprint(
                indicator=indicator.code,
                structure=edition.structure(row.string("struttura"), row.where("struttura")),
                period=row.string("periodo"),
                value=row.number("valore"),
                source=edition.source(row.string("fonte"), row.where("fonte")),
                act=edition.act(act, row.where("atto")) if act else "",
                where=row.where("valore"),
            )
        )
