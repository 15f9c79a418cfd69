"""The descriptors of the Calc add-in, made from the catalogue: interface, function wizard, extension."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from xl_perf.catalog import Shape
from xl_perf.errors import PerfError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xl_perf.catalog import Function

VERSION_FUNCTION, USED_FUNCTION = "VERSIONE", "USATO"
_OWN_HELP = {
    USED_FUNCTION: {
        "en": "The part of whole columns that the sheet uses: the functions of the plan are faster with it.",
        "it": "La parte di colonne intere che il foglio usa: le funzioni del piano sono più veloci.",
    },
    VERSION_FUNCTION: {
        "en": "Version of the add-in, and the editions of the plan that it holds.",
        "it": "Versione dell'estensione ed edizioni del piano che contiene.",
    },
}
"""The add-in's own functions, which are not in the catalogue."""
_AREA = ("intervallo", "colonne o righe intere"), ("range", "whole columns or rows")
"""Name and help of the argument of USATO, in Italian and English."""
SERVICE = "XLPERF"
"""Name of the UNO service, which Calc puts before the functions' names in files: `XLPERF.PERF_SCORE`."""
IDENTIFIER = "it.xl-perf.calc"
OLDEST_LIBREOFFICE = "7.4"

_ENGLISH = Path(__file__).with_name("english.toml")
_CATEGORY = "Add-In"
"""Category of the function wizard; Calc has a fixed list of them."""


_WIZARD_ROOT = (
    '<oor:component-data xmlns:oor="http://openoffice.org/2001/registry"'
    ' oor:name="CalcAddIns" oor:package="org.openoffice.Office">'
)


@dataclass(frozen=True, slots=True)
class English:
    """English texts of a function: its help, and for every argument (by its Italian name) name and help."""

    help: str
    arguments: Mapping[str, tuple[str, str]]


@cache
def english() -> Mapping[str, English]:
    """The English texts by function name; functions without are shown in Italian everywhere.

    Raises:
        PerfError: a key that is not known, or a text missing.
    """
    with _ENGLISH.open("rb") as file:
        data: dict[str, dict[str, Any]] = tomllib.load(file)
    found = {}
    for name, entry in data.items():
        arguments = entry.get("arguments", {})
        if entry.keys() != {"help", "arguments"} or any(
            a.keys() != {"name", "help"} for a in arguments.values()
        ):
            raise PerfError(
                f"the entry {name} is not complete",
                where=_ENGLISH.name,
                expected="help, and name and help of arguments",
            )
        found[name] = English(entry["help"], {key: (a["name"], a["help"]) for key, a in arguments.items()})
    return found


def interface(functions: Iterable[Function]) -> str:
    """The UNO interface as IDL text, which LibreOffice reads as a type library; every argument may be left out.

    The add-in's own functions, which are not of the catalogue, come last.

    A synthesis gives one value, all others tables (of one cell where no range goes in).
    """
    lines = ["module xlperf {", "interface XFunctions {"]
    for function in functions:
        arguments = ", ".join(f"[in] any arg{place}" for place in range(1, len(function.arguments) + 1))
        result = "any" if function.shape is Shape.SYNTHESIS else "sequence< sequence< any > >"
        lines.append(f"{result} {function.name}({arguments});")
    area = "[in] com::sun::star::table::XCellRange arg1"
    lines += [f"sequence< sequence< any > > {USED_FUNCTION}({area});", f"string {VERSION_FUNCTION}();"]
    return "\n".join([*lines, "};", "};", ""])


def _prop(name: str, texts: Mapping[str, str]) -> str:
    values = "".join(
        f'<value xml:lang="{language}">{escape(text)}</value>' for language, text in texts.items()
    )
    return f"<prop oor:name={quoteattr(name)}>{values}</prop>"


def _argument(place: int, italian: tuple[str, str], other: tuple[str, str]) -> str:
    return (
        f'          <node oor:name="arg{place}" oor:op="replace">\n'
        f"            {_prop('DisplayName', {'en': other[0], 'it': italian[0]})}\n"
        f"            {_prop('Description', {'en': other[1], 'it': italian[1]})}\n"
        "          </node>"
    )


def _function(function: Function) -> str:
    texts = english().get(function.name, English(function.help, {}))
    lines = [
        f'      <node oor:name="{function.name}" oor:op="replace">',
        f"        {_prop('DisplayName', dict.fromkeys(('en', 'it'), f'{SERVICE}.{function.name}'))}",
        f"        {_prop('Description', {'en': texts.help, 'it': function.help})}",
        f'        <prop oor:name="Category"><value>{_CATEGORY}</value></prop>',
        '        <node oor:name="Parameters">',
    ]
    for place, argument in enumerate(function.arguments, start=1):
        italian = (argument.name, argument.help)
        lines.append(_argument(place, italian, texts.arguments.get(argument.name, italian)))
    return "\n".join([*lines, "        </node>", "      </node>"])


def _own_entry(name: str) -> str:
    shown = dict.fromkeys(("en", "it"), f"{SERVICE}.{name}")
    arguments = []
    if name == USED_FUNCTION:
        arguments = ['        <node oor:name="Parameters">', _argument(1, *_AREA), "        </node>"]
    lines = [
        f'      <node oor:name="{name}" oor:op="replace">',
        f"        {_prop('DisplayName', shown)}",
        f"        {_prop('Description', _OWN_HELP[name])}",
        f'        <prop oor:name="Category"><value>{_CATEGORY}</value></prop>',
        *arguments,
        "      </node>",
    ]
    return "\n".join(lines)


def wizard(functions: Iterable[Function]) -> str:
    """`CalcAddIns.xcu`: what the function wizard shows, in Italian and English."""
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            _WIZARD_ROOT,
            '  <node oor:name="AddInInfo">',
            f'    <node oor:name="{SERVICE}" oor:op="replace">',
            '      <node oor:name="AddInFunctions">',
            *(_function(function) for function in functions),
            *map(_own_entry, _OWN_HELP),
            "      </node>",
            "    </node>",
            "  </node>",
            "</oor:component-data>",
            "",
        ]
    )


def manifest(files: Mapping[str, str]) -> str:
    """`META-INF/manifest.xml` for file name -> media type, in that order."""
    entries = "\n".join(
        f"  <manifest:file-entry manifest:full-path={quoteattr(name)} manifest:media-type={quoteattr(kind)}/>"
        for name, kind in files.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">\n{entries}\n</manifest:manifest>\n'
    )


def description(version: str, updates: str = "") -> str:
    """`description.xml`: what the extension manager shows.

    Args:
        version: of the extension.
        updates: address of the file that tells of newer versions; none when empty.
    """
    news = (
        f"  <update-information>\n    <src xlink:href={quoteattr(updates)}/>\n  </update-information>\n"
        if updates
        else ""
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<description xmlns="http://openoffice.org/extensions/description/2006"
  xmlns:d="http://openoffice.org/extensions/description/2006" xmlns:xlink="http://www.w3.org/1999/xlink"
  xmlns:lo="http://libreoffice.org/extensions/description/2011">
  <identifier value="{IDENTIFIER}"/>
  <version value="{escape(version)}"/>
  <dependencies>
    <lo:LibreOffice-minimal-version value="{OLDEST_LIBREOFFICE}" d:name="LibreOffice {OLDEST_LIBREOFFICE}"/>
  </dependencies>
{news}  <display-name>
    <name lang="en">xl_perf: performance plan functions</name>
    <name lang="it">xl_perf: funzioni del piano della performance</name>
  </display-name>
  <extension-description>
    <src lang="en" xlink:href="description_en.txt"/>
    <src lang="it" xlink:href="description_it.txt"/>
  </extension-description>
</description>
"""


def update(version: str, download: str) -> str:
    """The file that LibreOffice asks for newer versions, as the extension's description names it.

    Args:
        version: of the extension that `download` gives.
        download: address of the .oxt.
    """
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<description xmlns="http://openoffice.org/extensions/update/2006" xmlns:xlink="http://www.w3.org/1999/xlink">
  <identifier value="{IDENTIFIER}"/>
  <version value="{escape(version)}"/>
  <update-download>
    <src xlink:href={quoteattr(download)}/>
  </update-download>
</description>
"""


def summary(functions: Iterable[Function], editions: Iterable[str]) -> Mapping[str, str]:
    """Texts of the extension manager by language."""
    names = ", ".join(f"{SERVICE}.{function.name}" for function in functions)
    ids = ", ".join(editions)
    return {
        "en": f"Spreadsheet functions of the INPS performance plan for Calc: {names}.\n\nPlan data: {ids}."
        " Licence: EUPL-1.2.\n",
        "it": f"Funzioni del piano della performance INPS per Calc: {names}.\n\nDati del piano: {ids}."
        " Licenza: EUPL-1.2.\n",
    }
