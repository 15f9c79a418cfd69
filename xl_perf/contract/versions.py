"""Versions of the workbooks' structure."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

TEMPLATE_VERSIONS: Mapping[str, int] = MappingProxyType(
    {
        "giacenza": 2,
        "ieep": 2,
        "costi_standard": 2,
        "controllo_processo": 2,
        "progetti": 2,
        "strutture_centrali": 2,
        "professionisti": 2,
        "valutazione_individuale": 2,
        "lavoro_agile": 2,
        "scheda_territoriale": 2,
        "piramide_valore": 2,
    }
)
"""Templates that sync and recalc know, by the name that `Metadati` holds, with the version that is built now.

A version counts up when a table, a column or a key of the workbook changes in a way that sync would notice.
"""
