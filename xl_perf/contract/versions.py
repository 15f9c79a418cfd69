"""Versions of the workbooks' structure."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

TEMPLATE_VERSIONS: Mapping[str, int] = MappingProxyType(
    {
        "giacenza": 1,
        "ieep": 1,
        "costi_standard": 1,
        "controllo_processo": 1,
        "progetti": 1,
        "strutture_centrali": 1,
        "professionisti": 1,
        "valutazione_individuale": 1,
        "lavoro_agile": 1,
        "scheda_territoriale": 1,
        "piramide_valore": 1,
    }
)
"""Templates that sync and recalc know, by the name that `Metadati` holds, with the version that is built now.

A version counts up when a table, a column or a key of the workbook changes in a way that sync would notice.
"""
