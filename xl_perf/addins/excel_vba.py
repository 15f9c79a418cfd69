"""The VBA modules of the Excel add-in: one function per entry of the catalogue, their help, the bridge to Python."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf import __version__
from xl_perf.addins.excel_ovba import CODE_PAGE, Module, ModuleKind
from xl_perf.addins.excel_runtime import signature_digest
from xl_perf.errors import PerfError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from xl_perf.catalog import Function

CATEGORY = "XL_PERF"
VERSION_FUNCTION = "XLPERF_VERSIONE"
VERSION_HELP = (
    "Versioni del componente aggiuntivo, di xlwings e di Python, oppure che cosa impedisce "
    "alle funzioni di calcolare."
)
FUNCTIONS_MODULE = "udfs.excel"
"""Python module that the add-in calls."""
VERSIONS_MODULE = "xl_perf.addins.excel_runtime"
ACTIONS_MODULE = "udfs.excel_actions"
SETTINGS_NAME = "xl_perf.conf"
SETTINGS_KEYS = ("interprete", "moduli", "dll")
ERROR_NUMBERS = {
    "#NULL!": 2000,
    "#DIV/0!": 2007,
    "#VALUE!": 2015,
    "#REF!": 2023,
    "#NAME?": 2029,
    "#NUM!": 2036,
    "#N/A": 2042,
    "#GETTING_DATA": 2043,
    "#SPILL!": 2045,
    "#CALC!": 2050,
}
"""Numbers that Excel's `CVErr` takes, by the text that Python gives."""

_SOURCES = Path(__file__).with_name("excel_sources")
_RESERVED_WORDS = """
abs addressof and any array as attribute boolean byref byte byval call case cbool cbyte ccur cdate
cdbl cdec cdecl cint circle clng clnglng clngptr close const csng cstr currency cvar cverr date debug
decimal declare defbool defbyte defcur defdate defdbl defdec defint deflng deflnglng deflngptr defobj
defsng defstr defvar dim do doevents double each else elseif empty end endif enum eqv erase event
exit false fix for friend function get global gosub goto if imp implements in input inputb int
integer is lbound len lenb let like lineinput lock long longlong longptr loop lset me mod new next
not nothing null on open option optional or paramarray preserve print private pset public put
raiseevent redim rem resume return rset scale seek select set sgn shared single spc static step stop
string sub tab then to true type typeof ubound unlock until variant wend while with withevents write
xor
"""
"""Words that VBA does not take as names ([MS-VBAL] 3.3.5.2)."""


def modules(functions: Iterable[Function], xlwings: str) -> list[Module]:
    """All modules of the add-in's project, document modules first.

    Args:
        functions: entries of the catalogue.
        xlwings: version of xlwings whose DLL the add-in loads.

    Raises:
        PerfError: an argument has a name that VBA reserves.
    """
    entries = list(functions)
    values = {
        "VERSIONE": __version__,
        "XLWINGS": xlwings,
        "IMPRONTA": signature_digest(),
        "MODULO_FUNZIONI": FUNCTIONS_MODULE,
        "MODULO_VERSIONI": VERSIONS_MODULE,
        "MODULO_AZIONI": ACTIONS_MODULE,
        "NOME_IMPOSTAZIONI": SETTINGS_NAME,
        "ERRORI": "\n".join(
            f'        Case "{text}": Cella = CVErr({number})' for text, number in ERROR_NUMBERS.items()
        ),
    }
    return [
        Module("ThisWorkbook", ModuleKind.WORKBOOK, _source("ThisWorkbook", values)),
        Module("Foglio1", ModuleKind.SHEET, ""),
        Module("XlPerfFunzioni", ModuleKind.STANDARD, functions_code(entries)),
        Module("XlPerfAiuto", ModuleKind.STANDARD, help_code(entries)),
        Module("XlPerfPonte", ModuleKind.STANDARD, _source("XlPerfPonte", values)),
        Module("XlPerfAzioni", ModuleKind.STANDARD, _source("XlPerfAzioni", values)),
        Module("XlPerfComandi", ModuleKind.STANDARD, _source("XlPerfComandi", values)),
    ]


def _source(name: str, values: dict[str, str]) -> str:
    text = (_SOURCES / f"{name}.vba").read_text(encoding="utf-8")
    for key, value in values.items():
        text = text.replace(f"@{key}@", value)
    return text


def functions_code(functions: Sequence[Function]) -> str:
    """The functions that cells call: each hands the values of its arguments to the bridge."""
    taken = {function.name.casefold() for function in functions}
    lines = ["Option Explicit", ""]
    for function in functions:
        names = argument_names(function, taken)
        parameters = ", ".join(
            f"{'Optional ' if argument.optional else ''}ByRef {name} As Variant"
            for argument, name in zip(function.arguments, names, strict=True)
        )
        values = ", ".join(f"XlPerfPonte.ValoriDi({name})" for name in names)
        lines += [
            f"Public Function {function.name}({parameters}) As Variant",
            f"Attribute {function.name}.VB_Description = {_quoted(function.help)}",
            f'    {function.name} = XlPerfPonte.Chiama("{function.name}", Array({values}))',
            "End Function",
            "",
        ]
    return "\n".join(
        [
            *lines,
            f"Public Function {VERSION_FUNCTION}() As String",
            f"Attribute {VERSION_FUNCTION}.VB_Description = {_quoted(VERSION_HELP)}",
            f"    {VERSION_FUNCTION} = XlPerfPonte.TestoVersione()",
            "End Function",
            "",
        ]
    )


def argument_names(function: Function, taken: Collection[str]) -> list[str]:
    """The names of a function's arguments in VBA, which knows one spelling per name in a project.

    An argument that is called like a function (`obiettivo`, `OBIETTIVO`) gets an underscore, else the wizard would show
    one of them with the other's letters.

    Args:
        function: entry of the catalogue.
        taken: names of all functions in small letters.

    Raises:
        PerfError: a name that VBA reserves.
    """
    names = []
    for argument in function.arguments:
        if argument.name.casefold() in _RESERVED_WORDS.split():
            raise PerfError(
                f"the argument name {argument.name!r} is a word of VBA",
                where=function.name,
                remedy="rename the argument in the catalogue",
            )
        names.append(f"{argument.name}_" if argument.name.casefold() in taken else argument.name)
    return names


def help_code(functions: Sequence[Function]) -> str:
    """Registers help, argument help and category of each function with the function wizard.

    Excel refuses that for a hidden workbook, so the add-in is shown, with the screen frozen, while it does so.
    """
    names = [*(function.name for function in functions), VERSION_FUNCTION]
    body: Iterator[str] = itertools.chain.from_iterable(
        _help_of(function.name, function.help, [argument.help for argument in function.arguments])
        for function in functions
    )
    return "\n".join(
        [
            _source("XlPerfAiuto", {"REGISTRA": "\n".join(f"    Aiuto_{name}" for name in names)}),
            *body,
            *_help_of(VERSION_FUNCTION, VERSION_HELP, []),
        ]
    )


def _help_of(name: str, text: str, arguments: Sequence[str]) -> list[str]:
    lines = [f"Private Sub Aiuto_{name}()", "    Dim testo As String"]
    options = f'Macro:=NomeMacro("{name}"), Description:=testo, Category:="{CATEGORY}"'
    if arguments:
        lines.append(f"    Dim testi(1 To {len(arguments)}) As String")
        options += ", ArgumentDescriptions:=testi"
    lines.append(f"    testo = {literal(text)}")
    lines += [f"    testi({place}) = {literal(part)}" for place, part in enumerate(arguments, start=1)]
    return [*lines, f"    Application.MacroOptions {options}", "End Sub", ""]


def literal(text: str) -> str:
    """A VBA expression for a text; characters outside the project's code page by their number."""
    parts = []
    for plain, letters in itertools.groupby(text, key=_in_code_page):
        if plain:
            parts.append(_quoted("".join(letters)))
        else:
            data = "".join(letters).encode("utf-16-le")
            parts += [
                f"ChrW$({int.from_bytes(data[at : at + 2], 'little')})" for at in range(0, len(data), 2)
            ]
    return " & ".join(parts) or '""'


def _in_code_page(letter: str) -> bool:
    return bool(letter.encode(CODE_PAGE, errors="ignore"))


def _quoted(text: str) -> str:
    safe = "".join(letter if _in_code_page(letter) else "?" for letter in text)
    return '"' + safe.replace('"', '""') + '"'
