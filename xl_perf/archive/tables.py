"""The tables of an archive."""

from __future__ import annotations

import sqlalchemy as sa

SCHEMA = 2
"""Version of these tables; an archive of a newer one is refused. In version 1 the same bytes were one delivery only."""

metadata = sa.MetaData()

version = sa.Table("versione", metadata, sa.Column("numero", sa.Integer, primary_key=True))

content = sa.Table(
    "contenuto",
    metadata,
    sa.Column("impronta", sa.String(64), primary_key=True, comment="SHA-256 of the file"),
    sa.Column("byte", sa.LargeBinary, nullable=False),
)

delivery = sa.Table(
    "consegna",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("impronta", sa.String(64), sa.ForeignKey("contenuto.impronta"), nullable=False),
    sa.Column("file", sa.Text, nullable=False),
    sa.Column("modello", sa.Text, nullable=False),
    sa.Column("versione", sa.Text, nullable=False),
    sa.Column("struttura", sa.Text, nullable=False),
    sa.Column("periodo", sa.Text, nullable=False),
    sa.Column("edizione", sa.Text, nullable=False),
    sa.Column("atto", sa.Text, nullable=False),
    sa.Column("impronta_dati", sa.Text, nullable=False),
    sa.Column("ricevuta", sa.DateTime(timezone=False), nullable=False, comment="UTC"),
    sa.Column("da", sa.Text, nullable=False, comment="who recorded it"),
    sa.Index("consegna_di", "modello", "struttura", "periodo", "ricevuta"),
)

_IDENTITY = ("voce", "misura", "struttura", "periodo", "riga")


def _values(name: str) -> sa.Table:
    """A table of values of a delivery: a number or a text for each identity."""
    return sa.Table(
        name,
        metadata,
        sa.Column("consegna", sa.Integer, sa.ForeignKey("consegna.id"), primary_key=True),
        *(sa.Column(part, sa.Text, primary_key=True) for part in _IDENTITY),
        sa.Column("numero", sa.Float),
        sa.Column("testo", sa.Text),
        sa.Column("cella", sa.Text, nullable=False),
        sa.Index(f"{name}_di", "voce", "misura", "struttura", "periodo"),
    )


fact = _values("fatto")
setting = _values("impostazione")
result = _values("risultato")

target = sa.Table(
    "obiettivo",
    metadata,
    sa.Column("consegna", sa.Integer, sa.ForeignKey("consegna.id"), primary_key=True),
    sa.Column("tabella", sa.Text, primary_key=True),
    sa.Column("colonna", sa.Text, primary_key=True),
    sa.Column("chiave", sa.Text, primary_key=True),
    sa.Column("fissa", sa.Text, nullable=False),
    sa.Column("periodo", sa.Text, nullable=False),
    sa.Column("numero", sa.Float),
    sa.Column("testo", sa.Text),
    sa.Column("fonte", sa.Text, nullable=False),
    sa.Column("cella", sa.Text, nullable=False),
)
