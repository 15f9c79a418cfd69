"""The tab XL_PERF of the Excel add-in: its part of the package, and the buttons that the VBA knows."""

from __future__ import annotations

from typing import NamedTuple
from xml.sax.saxutils import quoteattr

PART = "customUI/customUI14.xml"
RELATIONSHIP = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
CALLBACK = "XLPERF_PULSANTE"
"""Macro that a button calls with itself."""


class Button(NamedTuple):
    """A button: its name in the VBA, its label, the picture of Office, what it does in a sentence."""

    name: str
    label: str
    picture: str
    tip: str


GROUPS = {
    "Piano": (
        Button(
            "xlperfRicarica",
            "Ricarica obiettivi",
            "RefreshAll",
            "Porta la cartella aperta agli obiettivi dell'ultimo atto. Mostra che cosa cambia, poi chiede.",
        ),
        Button(
            "xlperfRipristina",
            "Ripristina",
            "Undo",
            "Rimette i valori di prima dell'ultima azione; chiede prima.",
        ),
    ),
    "Funzioni": (
        Button(
            "xlperfStato",
            "Stato",
            "Info",
            "Le versioni, o che cosa impedisce alle funzioni di calcolare.",
        ),
        Button(
            "xlperfRiavvia",
            "Riavvia",
            "Refresh",
            "Chiude Python, lo riapre e ricalcola tutte le cartelle aperte.",
        ),
    ),
}


def ribbon() -> str:
    """The part: a tab with a group for each entry of `GROUPS`."""
    groups = "".join(
        f'<group id="xlperfGruppo{place}" label={quoteattr(label)}>{"".join(map(_button, buttons))}</group>'
        for place, (label, buttons) in enumerate(GROUPS.items(), start=1)
    )
    return (
        '<customUI xmlns="http://schemas.microsoft.com/office/2009/07/customui"><ribbon><tabs>'
        f'<tab id="xlperfScheda" label="XL_PERF">{groups}</tab></tabs></ribbon></customUI>'
    )


def _button(button: Button) -> str:
    attributes = {
        "id": button.name,
        "label": button.label,
        "imageMso": button.picture,
        "size": "large",
        "screentip": button.label,
        "supertip": button.tip,
        "onAction": CALLBACK,
    }
    return f"<button {' '.join(f'{name}={quoteattr(value)}' for name, value in attributes.items())}/>"
