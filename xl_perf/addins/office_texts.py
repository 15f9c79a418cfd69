"""Texts of the Office.js add-in: manifest, list of functions, settings of the web server."""

from __future__ import annotations

import json
import uuid
from importlib import resources
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from xml.sax.saxutils import quoteattr

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from xl_perf.catalog import Function

OFFICE_JS = "https://appsforoffice.microsoft.com/lib/1/hosted/office.js"
"""From where Microsoft serves it."""
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' https://appsforoffice.microsoft.com; connect-src 'self';"
    " worker-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'"
)
"""What the page may load, and from where: nothing leaves the origin but for office.js."""
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "Access-Control-Allow-Origin": "*",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
"""Headers of every answer; Excel on the web reads the list of functions from another site."""
BUTTONS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "Dati": {
        "ricarica": (
            "Ricarica obiettivi",
            "Porta obiettivi, pesi e parametri all'ultimo atto. Prima mostra che cosa cambia.",
        ),
        "carica": (
            "Carica dati",
            "Riempie i dati da un file csv o da un'altra cartella. Prima mostra che cosa entra.",
        ),
        "ripristina": ("Ripristina", "Rimette i valori che c'erano prima dell'ultima azione."),
    },
    "Controllo": {
        "controlla": (
            "Controlla",
            "Confronta la cartella con quella ufficiale: sovrascritture, formule cambiate, errori.",
        ),
        "spiega": ("Spiega la cella", "Dice perché la cella selezionata vale quello che vale."),
        "manca": ("Che cosa manca", "Dice per ogni indicatore quanto manca a 100."),
    },
    "Formule": {
        "funzione": (
            "Inserisci funzione",
            "Elenca le funzioni del piano e mette la formula nella cella selezionata.",
        ),
        "guida": ("Guida", "Che cosa fa ogni azione; versione ed edizioni del piano."),
    },
}
"""Group of the ribbon -> action of `web/pane.js` -> its name and what it does."""


def manifest(url: str, version: str) -> str:
    """The manifest, which tells Excel where the pages are.

    Args:
        url: address of the folder, with `/` at its end; the add-in's id follows from it.
        version: of xl_perf.
    """
    actions = {name: told for group in BUTTONS.values() for name, told in group.items()}
    parts = urlsplit(url)
    return _filled(
        "manifest.xml",
        ID=str(uuid.uuid5(uuid.NAMESPACE_URL, url)),
        VERSION=f"{version}.0",
        URL=quoteattr(url)[1:-1],
        ORIGIN=quoteattr(f"{parts.scheme}://{parts.netloc}")[1:-1],
        GROUPS="".join(_group(number, names) for number, names in enumerate(BUTTONS.values(), start=1)),
        LABELS="".join(
            _string(f"Group{number}.Label", label) for number, label in enumerate(BUTTONS, start=1)
        )
        + "".join(_string(f"{name}.Label", label) for name, (label, _) in actions.items()),
        TIPS="".join(_string(f"{name}.Tip", tip) for name, (_, tip) in actions.items()),
    )


def web_config() -> str:
    """Settings of Internet Information Services: kinds of files that it does not serve by itself, headers."""
    lines = "".join(
        f"        <add name={quoteattr(name)} value={quoteattr(text)} />\n" for name, text in HEADERS.items()
    )
    return _filled("web.config", HEADERS=lines)


def functions_json(functions: Sequence[Function]) -> str:
    """The custom functions as Excel reads them when the add-in is loaded."""
    told = [
        {
            "id": one.name,
            "name": one.name,
            "description": one.help,
            "parameters": [
                {"name": each.name, "description": each.help, "dimensionality": "matrix", "type": "any"}
                | ({"optional": True} if each.optional else {})
                for each in one.arguments
            ],
            "result": {"dimensionality": "matrix", "type": "any"},
        }
        for one in functions
    ]
    head = {"allowCustomDataForDataTypeAny": True, "allowErrorForDataTypeAny": True}
    return json.dumps({**head, "functions": told}, ensure_ascii=False, indent=1) + "\n"


def names_js(functions: Sequence[Function], version: str) -> str:
    """The module that tells the page the functions, each with its number of arguments, and the version."""
    counts = {one.name: len(one.arguments) for one in functions}
    return (
        "// Made of the catalogue.\n"
        f"export const VERSION = {json.dumps(version)};\n"
        f"export const FUNCTIONS = {json.dumps(counts, indent=2)};\n"
    )


def _filled(name: str, **texts: str) -> str:
    """A file of `udfs/office` with its places filled."""
    text = resources.files("udfs").joinpath("office", name).read_text(encoding="utf-8")
    for place, given in texts.items():
        text = text.replace(f"@{place}@", given)
    return text


def page(name: str, office_js: str = OFFICE_JS) -> str:
    """A page of `udfs/office/web` with its places filled.

    Args:
        name: the file.
        office_js: address of office.js, Microsoft's or one in the same folder.
    """
    return _filled(f"web/{name}", CSP=POLICY, OFFICE_JS=quoteattr(office_js)[1:-1])


def _string(name: str, text: str) -> str:
    return f"        <bt:String id={quoteattr(name)} DefaultValue={quoteattr(text)} />\n"


def _group(number: int, actions: Iterable[str]) -> str:
    buttons = "".join(map(_button, actions))
    return (
        f'              <Group id="XlPerf.Group{number}">\n                <Label resid="Group{number}.Label" />\n'
        f"{_icon(16)}{buttons}              </Group>\n"
    )


def _button(name: str) -> str:
    return (
        f'                <Control xsi:type="Button" id="XlPerf.{name}">\n'
        f'                  <Label resid="{name}.Label" />\n                  <Supertip>\n'
        f'                    <Title resid="{name}.Label" />\n                    <Description resid="{name}.Tip" />\n'
        f'                  </Supertip>\n{_icon(18)}                  <Action xsi:type="ExecuteFunction">\n'
        f"                    <FunctionName>{name}</FunctionName>\n                  </Action>\n"
        "                </Control>\n"
    )


def _icon(indent: int) -> str:
    images = "".join(
        f'{" " * (indent + 2)}<bt:Image size="{size}" resid="Icon.{size}" />\n' for size in (16, 32, 80)
    )
    return f"{' ' * indent}<Icon>\n{images}{' ' * indent}</Icon>\n"
