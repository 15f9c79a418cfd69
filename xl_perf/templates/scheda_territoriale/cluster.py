"""The clusters of the staff of support, with the share that each may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.templates.kit import styles
from xl_perf.templates.kit.model import Column, Row, TableSpec
from xl_perf.templates.kit.styles import Kind
from xl_perf.templates.kit.targets import source_column, target_column

if TYPE_CHECKING:
    from xl_perf.plan.model import Line
    from xl_perf.templates.scheda_territoriale.base import Scorecard

SUPPORT_PART = "personale_supporto"
"""Part of the indicator."""


def clusters_of(card: Scorecard) -> tuple[Line, ...]:
    """The lines with the support share of each cluster."""
    return card.plan.lines_of(card.plan.indicators[card.data.role(SUPPORT_PART)].system)


def cluster_spec(card: Scorecard) -> TableSpec:
    """The table of the clusters."""
    rows = [Row(line.code, item=line) for line in clusters_of(card)]
    held = target_column(card.plan, "Quota obiettivo", 16, "riga", "", styles.PERCENT_1, period="")
    columns = [
        Column("Cluster di supporto", Kind.KEY, 52, lambda place: place.row.item.title),
        held,
        Column("Unità", Kind.LABEL, 16, lambda place: str(place.row.item.unit)),
        Column("Stato", Kind.LABEL, 16, lambda place: styles.STATUS_WORDS[place.row.item.status]),
        source_column(card.plan, [held], width=26),
        Column("Periodo", Kind.LABEL, 14, lambda _: card.plan.period),
        Column("Verso del cluster", Kind.LABEL, 14, lambda _: "più basso è meglio", align="wrap"),
        Column("Codice", Kind.SOURCE, 26, lambda place: place.row.code),
    ]
    return TableSpec("tblClusterSupporto", columns, rows, key="Codice", source="Fonte")
