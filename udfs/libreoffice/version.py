"""XLPERF.VERSIONE: the version of the add-in and the editions of the plan that it holds."""

from __future__ import annotations

from xl_perf_calc.plan_data import VERSION  # type: ignore[import-not-found]  # made at build time

from xl_perf.plan import edition_ids


def text() -> str:
    """`0.1.0 (piano-2020-2022, piano-2021-2023)`; installed editions are named too, the newest last."""
    return f"{VERSION} ({', '.join(edition_ids())})"
