"""The Relazione as one page of HTML, with links from each number to its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.report.page import render
from xl_perf.report.relazione.model import UNMEASURED
from xl_perf.report.relazione.register import QUARTERS
from xl_perf.report.relazione.sources import Sources

if TYPE_CHECKING:
    from xl_perf.report.relazione.model import Relazione


def html(found: Relazione) -> str:
    """The page; it needs neither network nor script.

    Args:
        found: the Relazione.
    """
    return render("relazione.html", r=found, sources=Sources(found), quarters=QUARTERS, unmeasured=UNMEASURED)
