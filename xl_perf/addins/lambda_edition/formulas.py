"""The LAMBDA of a function: the common rules around its own steps.

What `cells.call` does in Python is said here in Excel's words: sizes of ranges, then error values, text and booleans,
empty cells, defaults, then the steps of the definition. Elementwise functions have a kernel for one element, called
once for single cells and through MAKEARRAY for ranges.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from xl_perf.addins.lambda_edition.values import NOT_AVAILABLE, number, table
from xl_perf.catalog import Empty, Kind, Shape
from xl_perf.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from xl_perf.addins.lambda_edition.definitions import Definition
    from xl_perf.catalog import Argument, Function

_BLANK: Final = (
    'LAMBDA(campo,IF(ISTEXT(campo),LEN(TRIM(CLEAN(SUBSTITUTE(campo,UNICHAR(160)," "))))=0,ISBLANK(campo)))'
)
"""Whether a cell is empty; one that holds only blanks (no-break spaces too) is."""
_COUNT_BLANK: Final = (
    'LAMBDA(campo,SUM(IF(ISTEXT(campo),--(LEN(TRIM(CLEAN(SUBSTITUTE(campo,UNICHAR(160)," '
    '"))))=0),--ISBLANK(campo))))'
)
_OTHER: Final = "LAMBDA(campo,NOT(OR(ISNUMBER(campo),vuota(campo))))"
"""Whether a cell is neither a number nor empty."""
_OTHER_IN: Final = "LAMBDA(campo,SUM(--ISNUMBER(campo))+vuote(campo)<altezza(campo)*larghezza(campo))"
"""Whether some cell of a range is neither a number nor empty."""
_UNEQUAL: Final = "LAMBDA(campo,OR(AND(altezza(campo)<>1,altezza(campo)<>alte),AND(larghezza(campo)<>1,larghezza(campo)<>larghe)))"
"""Whether a range fits the size of the result."""
_ROWS: Final = "LAMBDA(campo,IFERROR(ROWS(campo),1))"
_COLUMNS: Final = "LAMBDA(campo,IFERROR(COLUMNS(campo),1))"
_AT: Final = "LAMBDA(campo,riga,colonna,INDEX(campo,MIN(riga,ROWS(campo)),MIN(colonna,COLUMNS(campo))))"
_SIZE: Final = "LAMBDA(campo,LET(alta,altezza(campo),larga,larghezza(campo),IF(MIN(alta,larga)>1,-(alta*20000+larga),MAX(alta,larga))))"
"""One number for the size of a range: its length for a row or a column, else negative and different for each size."""
_END: Final = r"(?:{names})(?:_c)?\b"
_NEEDED: Final = (Empty.BLANK, Empty.MISSING)
_FIRST: Final = "LAMBDA(campo,INDEX(TOCOL(campo),MATCH(TRUE,TOCOL(ISERROR(campo)),0)))"


def formula(function: Function, definition: Definition) -> str:
    """The LAMBDA of a function as a person reads it (English function names, commas)."""
    names = (f"[{a.name}]" if a.optional else a.name for a in function.arguments)
    body = _synthesis if function.shape is Shape.SYNTHESIS else _elements
    return f"LAMBDA({','.join(names)},{body(function, definition)})"


def _given(arguments: Iterable[Argument]) -> list[str]:
    """The arguments, an empty text in place of those left out."""
    return [f'in_{a.name},IF(ISOMITTED({a.name}),"",{a.name})' for a in arguments]


def _let(bindings: Sequence[str], result: str) -> str:
    return f"LET({','.join([*bindings, result])})" if bindings else result


def _steps(function: Function, definition: Definition) -> str:
    """The steps and the result, the names of arguments in them as the kernel or the synthesis binds them."""
    text = definition.result
    names: list[str] = []
    for step in reversed(definition.steps):
        if step.name:
            names.insert(0, f"{step.name},{step.value}")
            continue
        text = f"IF({step.test},{step.value},{_let(names, text)})"
        names = []
    return _bound(function, _let(names, text))


def _bound(function: Function, text: str) -> str:
    """A text with `argomento` as `n_argomento`: no name is bound twice, one inside the other.

    In a kernel a number that has to be there is its cell, `c_argomento`.
    """
    names = "|".join(argument.name for argument in function.arguments)
    text = re.sub(rf"\b(?={_END.format(names=names)})", "n_", text)
    if function.shape is Shape.SYNTHESIS:
        return text
    as_they_are = (a.name for a in function.arguments if a.kind is Kind.NUMBER and a.empty in _NEEDED)
    return re.sub(rf"\bn_(?=(?:{'|'.join(as_they_are)})\b)", "c_", text)


def _default(argument: Argument) -> str:
    """The number of an argument left out; #N/A where the edition has none."""
    try:
        value = None if argument.default is None else argument.default()
    except PlanError:
        return NOT_AVAILABLE
    if value is None:
        return "0"
    if isinstance(value, (int, float, str)):
        return number(value)
    raise TypeError(f"{argument.name}: a default of type {type(value).__name__}")


def _default_table(default: Callable[[], Sequence[Any]]) -> tuple[str, str]:
    """The table of a range left out and where it has numbers; #N/A where the edition has none."""
    try:
        rows = default()
    except PlanError:
        return NOT_AVAILABLE, NOT_AVAILABLE
    return table([row if isinstance(row, tuple) else (row,) for row in rows])


# Elementwise functions, and those that give a table


def _kernel(function: Function, definition: Definition, blank: str) -> str:
    """The LAMBDA for one element; its parameters are `c_...`, the names of the definition are bound inside."""
    bindings: list[str] = []
    bad: list[str] = []
    for argument in function.arguments:
        name, cell = argument.name, f"c_{argument.name}"
        if argument.whole:
            bad.append(f"male_{name}")
            continue
        is_text = argument.kind is Kind.TEXT
        bad.append(f"ISLOGICAL({cell})" if is_text else f"altro({cell})")
        value = f"TRIM({cell})" if is_text else cell
        if argument.empty in (Empty.DEFAULT, Empty.OWN):
            value = f"IF(vuota({cell}),{_default(argument)},{value})"
        if argument.empty is Empty.OWN:
            bindings.append(f"n_{name}_c,IF(vuota({cell}),0,1)")
        if value != cell:
            bindings.append(f"n_{name},{value}")
    text = _let(bindings, _steps(function, definition))
    for empty, result in ((Empty.MISSING, "#N/A"), (Empty.BLANK, blank)):
        cells = [f"vuota(c_{a.name})" for a in function.arguments if a.empty is empty]
        if cells:
            text = f"IF(OR({','.join(cells)}),{result},{text})"
    text = f"IF(OR({','.join(bad)}),#VALUE!,{text})"
    for argument in reversed(function.arguments):
        cell = f"c_{argument.name}"
        wrong, error = f"ISERROR({cell})", cell
        if argument.whole:
            wrong, error = f"guasta_{argument.name}", f"primo_errore(in_{argument.name})"
        text = f"IF({wrong},{error},{text})"
    return f"LAMBDA({','.join(f'c_{a.name}' for a in function.arguments if not a.whole)},{text})"


def _table(argument: Argument) -> list[str]:
    """Bindings of a range taken as a whole: whether it is omitted, has errors or text, its numbers and flags."""
    name, given = argument.name, f"in_{argument.name}"
    cells = f"altezza({given})*larghezza({given})"
    values, flags = "0", "0"
    if argument.default is not None:
        values, flags = _default_table(argument.default)
    return [
        f"{name}_o,AND({cells}=1,SUM(--vuota({given}))=1)",
        f"guasta_{name},SUM(--ISERROR({given}))>0",
        f"male_{name},SUM(--ISNUMBER({given}))+SUM(--vuota({given}))<{cells}",
        f"n_{name},IF({name}_o,{values},IF(ISNUMBER({given}),{given},0))",
        f"n_{name}_c,IF({name}_o,{flags},--ISNUMBER({given}))",
    ]


def _elements(function: Function, definition: Definition) -> str:
    given = [f"in_{argument.name}" for argument in function.arguments if not argument.whole]
    high = ",".join(f"altezza({name})" for name in given)
    wide = ",".join(f"larghezza({name})" for name in given)
    single = f"calcola({','.join(given)})"
    blank = '""'
    if function.spill is not None:
        rows, columns = function.spill
        blank = f'MAKEARRAY({rows},{columns},LAMBDA(riga,colonna,""))'
    bindings = [
        *_given(function.arguments),
        f"vuota,{_BLANK}",
        f"altro,{_OTHER}",
        f"altezza,{_ROWS}",
        f"larghezza,{_COLUMNS}",
    ]
    tables = [argument for argument in function.arguments if argument.whole]
    if tables:
        bindings.append(f"primo_errore,{_FIRST}")
        bindings += [binding for argument in tables for binding in _table(argument)]
    bindings.append(f"calcola,{_kernel(function, definition, blank)}")
    bindings += [f"alte,MAX({high})", f"larghe,MAX({wide})"]
    if function.shape is Shape.ARRAY:
        return _let(bindings, f"IF(alte*larghe>1,#VALUE!,{single})")
    unequal = [f"diversa({name})" for name in given]
    cells = ",".join(f"punto({name},riga,colonna)" for name in given)
    ranges = f"LET(punto,{_AT},MAKEARRAY(alte,larghe,LAMBDA(riga,colonna,calcola({cells}))))"
    if len(given) > 1:
        ranges = f"LET(diversa,{_UNEQUAL},IF(OR({','.join(unequal)}),#VALUE!,{ranges}))"
    return _let(bindings, f"IF(alte*larghe=1,{single},{ranges})")


# Syntheses


def _synthesis(function: Function, definition: Definition) -> str:
    arguments = function.arguments
    text = _let(
        [b for a in arguments for b in _converted(function, a, definition)], _steps(function, definition)
    )
    text = f"IF(OR({','.join(f'altro(in_{a.name})' for a in arguments)}),#VALUE!,{text})"
    for argument in reversed(arguments):
        name = f"in_{argument.name}"
        text = f"IF(SUM(--ISERROR({name}))>0,primo_errore({name}),{text})"
    optional = [
        f"{a.name}_o,vuote(in_{a.name})*altezza(in_{a.name})*larghezza(in_{a.name})=1"
        for a in arguments
        if a.optional
    ]
    text = f"IF(OR({','.join(_unequal(arguments))}),#VALUE!,{text})"
    helpers = [
        f"altezza,{_ROWS}",
        f"larghezza,{_COLUMNS}",
        f"misura,{_SIZE}",
        f"vuote,{_COUNT_BLANK}",
        f"altro,{_OTHER_IN}",
        f"primo_errore,{_FIRST}",
    ]
    return _let([*_given(arguments), *helpers, *optional], text)


def _unequal(arguments: Sequence[Argument]) -> list[str]:
    """Conditions under which the ranges do not fit each other, or a single value is a range."""
    found = [f"misura(in_{a.name})<>1" for a in arguments if a.kind is not Kind.RANGE]
    groups: dict[str, list[Argument]] = {}
    for argument in arguments:
        if argument.kind is Kind.RANGE:
            groups.setdefault(argument.group, []).append(argument)
    for members in groups.values():
        for place, argument in enumerate(members):
            for other in members[place + 1 :]:
                differs = f"misura(in_{argument.name})<>misura(in_{other.name})"
                omitted = [f"NOT({a.name}_o)" for a in (argument, other) if a.optional]
                found.append(f"AND({','.join([*omitted, differs])})" if omitted else differs)
    return found or ["FALSE"]


def _converted(function: Function, argument: Argument, definition: Definition) -> list[str]:
    """Bindings of the numbers of an argument, and of `..._c`, which says where there is one."""
    name, given = argument.name, f"in_{argument.name}"
    if argument.kind is Kind.RANGE:
        values, flags = f"TOCOL(IF(ISNUMBER({given}),{given},0))", f"TOCOL(--ISNUMBER({given}))"
        if argument.optional:
            left_out = definition.defaults.get(name, ""), definition.defaults.get(f"{name}_c", "")
            if argument.default is not None:
                left_out = _default_table(argument.default)
            values = f"IF({name}_o,{_bound(function, left_out[0])},{values})"
            flags = f"IF({name}_o,{_bound(function, left_out[1])},{flags})"
        return [f"n_{name},{values}", f"n_{name}_c,{flags}"]
    return [
        f"n_{name}_c,IF(ISNUMBER({given}),1,0)",
        f"n_{name},IF(ISNUMBER({given}),{given},{_default(argument)})",
    ]
