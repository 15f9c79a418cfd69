"""The data of the plan's editions: load them, check them, find values in them."""

from __future__ import annotations

from xl_perf.plan.load import edition_ids, load_directory, load_edition
from xl_perf.plan.model import Plan

__all__ = ["Plan", "edition_ids", "load_directory", "load_edition"]
