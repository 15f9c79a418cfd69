"""Menu and toolbar XL_PERF of the Calc add-in: the descriptors that LibreOffice merges into its configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Mapping

PROTOCOL = "it.xl-perf.calc:"
_HANDLER, _JOB = "it.xlperf.Dispatch", "it.xlperf.Azioni"
_TOOLBAR = "it.xl-perf.toolbar"
_CALC = "com.sun.star.sheet.SpreadsheetDocument"

COMMANDS: Mapping[str, tuple[str, str]] = {
    "ricarica": ("Ricarica obiettivi", "Reload targets"),
    "carica": ("Carica dati", "Load data"),
    "controlla": ("Controlla", "Check"),
    "spiega": ("Spiega la cella", "Explain the cell"),
    "manca": ("Che cosa manca", "What is missing"),
    "funzione": ("Inserisci funzione", "Insert function"),
    "ripristina": ("Ripristina", "Restore"),
    "excel": ("Copia per Excel", "Copy for Excel"),
    "guida": ("Guida", "Guide"),
}
"""Command -> Italian and English label, in the order of the menu."""
_ON_TOOLBAR = ("ricarica", "carica", "controlla", "spiega", "manca", "funzione", "guida")


def addons() -> str:
    """`Addons.xcu`: the menu and the toolbar, in Calc alone."""
    entries = "\n".join(_entry(f"m{place}", name) for place, name in enumerate(COMMANDS, start=1))
    buttons = "\n".join(
        _entry(f"b{place}", name, f'<prop oor:name="Context"><value>{_CALC}</value></prop>')
        for place, name in enumerate(_ON_TOOLBAR, start=1)
    )
    return _document(
        "Addons",
        f"""<node oor:name="AddonUI">
<node oor:name="OfficeMenuBar">
<node oor:name="it.xl-perf.menu" oor:op="replace">
{_title(("XL_PERF", "XL_PERF"))}
<prop oor:name="Context"><value>{_CALC}</value></prop>
<node oor:name="Submenu">
{entries}
</node>
</node>
</node>
<node oor:name="OfficeToolBar">
<node oor:name="{_TOOLBAR}" oor:op="replace">
{buttons}
</node>
</node>
</node>""",
    )


def protocol_handler() -> str:
    """`ProtocolHandler.xcu`: whose commands are `it.xl-perf.calc:...`."""
    return _document(
        "ProtocolHandler",
        f"""<node oor:name="HandlerSet">
<node oor:name="{_HANDLER}" oor:op="replace">
<prop oor:name="Protocols"><value>{PROTOCOL}*</value></prop>
</node>
</node>""",
    )


def jobs() -> str:
    """`Jobs.xcu`: what runs when a document has been opened or made."""
    return _document(
        "Jobs",
        f"""<node oor:name="Jobs">
<node oor:name="XlPerfApertura" oor:op="replace">
<prop oor:name="Service"><value>{_JOB}</value></prop>
</node>
</node>
<node oor:name="Events">
<node oor:name="OnLoad" oor:op="fuse">
<node oor:name="JobList">
<node oor:name="XlPerfApertura" oor:op="replace"/>
</node>
</node>
<node oor:name="OnNew" oor:op="fuse">
<node oor:name="JobList">
<node oor:name="XlPerfApertura" oor:op="replace"/>
</node>
</node>
</node>""",
    )


def window_state() -> str:
    """`CalcWindowState.xcu`: name and place of the toolbar."""
    return _document(
        "CalcWindowState",
        f"""<node oor:name="UIElements">
<node oor:name="States">
<node oor:name="private:resource/toolbar/addon_{_TOOLBAR}" oor:op="replace">
<prop oor:name="UIName"><value xml:lang="en">XL_PERF</value><value xml:lang="it">XL_PERF</value></prop>
<prop oor:name="Docked"><value>true</value></prop>
<prop oor:name="DockingArea"><value>0</value></prop>
<prop oor:name="Visible"><value>true</value></prop>
<prop oor:name="Style"><value>1</value></prop>
</node>
</node>
</node>""",
        package="org.openoffice.Office.UI",
    )


def _document(name: str, body: str, package: str = "org.openoffice.Office") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:component-data '
        'xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        f'oor:name="{name}" oor:package="{package}">\n{body}\n</oor:component-data>\n'
    )


def _title(labels: tuple[str, str]) -> str:
    italian, english = map(escape, labels)
    return f'<prop oor:name="Title"><value xml:lang="en">{english}</value><value xml:lang="it">{italian}</value></prop>'


def _entry(node: str, command: str, more: str = "") -> str:
    return (
        f'<node oor:name="{node}" oor:op="replace"><prop oor:name="URL"><value>{PROTOCOL}{command}</value></prop>'
        f'{_title(COMMANDS[command])}<prop oor:name="Target"><value>_self</value></prop>{more}</node>'
    )
