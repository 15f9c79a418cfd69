"""The parts of a workbook that hold formulas, with the formulas in them respelled and every other byte as it was."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xl_perf.addins import lambda_edition
from xl_perf.catalog import FUNCTIONS, binding
from xl_perf.errors import WorkbookError
from xl_perf.formula.refs import parse_reference
from xl_perf.formula.tokens import FormulaError
from xl_perf.package.xmlpart import check_wellformed, decode, resolve_entities
from xl_perf.relink.frozen import freeze, thaw
from xl_perf.relink.names import with_lambdas, without_lambdas
from xl_perf.relink.spelling import Dialect, Respelled, mentions, respell
from xl_perf.relink.status import with_edition, without_edition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xl_perf.package import Package

_SHEET = (b"f", b"formula", b"formula1", b"formula2")
"""Elements of a sheet with formulas: cells, conditional formats, data validations, those in extensions included."""
_TABLE = (b"calculatedColumnFormula", b"totalsRowFormula")
_WORKBOOK = (b"definedName",)
_CHARACTER = re.compile(rb"&[^;]*;|\r\n?|[\x00-\x7f]|[\xc0-\xff][\x80-\xbf]*")


@dataclass(slots=True)
class Relinked:
    """A workbook in another spelling.

    `data` are the bytes of the file, the same object as before where nothing changed. `formulas` counts the formulas
    that changed, `calls` the calls of each function that the file holds, `guards` the arguments that were guarded for
    Calc (or freed again). `unread` lists formulas that seem to call our functions and could not be read: they stay.
    `names` counts the LAMBDA functions put into the workbook (taken out: negative), `held` the formulas held at their
    values because no LAMBDA calculates them (freed again: negative), `left` lists those that could not be held.
    """

    data: bytes
    formulas: int = 0
    guards: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    unread: list[str] = field(default_factory=list)
    names: int = 0
    held: int = 0
    left: list[str] = field(default_factory=list)


def relink_package(package: Package, dialect: Dialect) -> Relinked:
    """The workbook with our functions spelled as a dialect has them.

    Only the texts of formulas change: those of cells, conditional formats, data validations, table columns and
    defined names. The spelling for LAMBDA adds the functions as defined names where the workbook calls any, every
    other one takes them out. Cached values and all other parts keep every byte.

    Raises:
        WorkbookError: a part is damaged, or writes a formula in a way that no spreadsheet program does; a defined name
            is called like one of our functions and is another thing.
    """
    result = Relinked(package.data)
    work = _Work(dialect, _cell_names(package), result)
    changes: dict[str, bytes] = {}
    for part, elements in _parts(package):
        where = f"{package.where}, {part}"
        raw = package.read(part)
        new = work.part(raw, elements, where)
        if elements == _SHEET:
            new = _hold(raw if new is None else new, dialect, result, where)
        elif elements == _WORKBOOK:
            new = _define(raw if new is None else new, dialect, result, where)
        if new is not None and new != raw:
            changes[part] = new
    if changes:
        result.data = package.archive.rewrite(changes)
    return result


def _define(raw: bytes, dialect: Dialect, result: Relinked, where: str) -> bytes:
    """The workbook part with the LAMBDA functions, where the workbook calls ours, or without them."""
    part = decode(raw, where)
    old = without_lambdas(part.utf8)
    new = old
    if dialect is Dialect.LAMBDA and result.calls:
        comments = {name: FUNCTIONS[name].help for name in lambda_edition.lambda_names()}
        new = with_lambdas(part.utf8, lambda_edition.lambda_names(), comments, where)
    if new == part.utf8:
        return raw
    check_wellformed(part.utf8, where)
    had = old != part.utf8
    result.names = len(lambda_edition.lambda_names()) * (1 if new != old else -1 if had else 0)
    return part.encode(new)


def _hold(raw: bytes, dialect: Dialect, result: Relinked, where: str) -> bytes:
    """The sheet part with formulas that no LAMBDA calculates held at their values, or freed again.

    The status of the functions follows.
    """
    part = decode(raw, where)
    if dialect is Dialect.LAMBDA:
        done = freeze(part.utf8, lambda_edition.excluded())
        result.held += done.formulas
        result.left += [f"{where}: {text[:80]}" for text in done.left]
    else:
        done = thaw(part.utf8, lambda_edition.excluded())
        result.held -= done.formulas
    said = done.data
    plan = binding.edition()
    named = f"{plan.id} ({plan.latest_act.short})"
    said = with_edition(said, named) if dialect is Dialect.LAMBDA else without_edition(said)
    return raw if said is part.utf8 else part.encode(said)


def _parts(package: Package) -> Iterator[tuple[str, tuple[bytes, ...]]]:
    """The parts with formulas; the workbook's last, because its names depend on what the others call."""
    for sheet in package.sheets:
        if sheet.kind != "chartsheet":
            yield sheet.part, _SHEET
    for table in package.tables:
        yield table.part, _TABLE
    yield package.workbook_part, _WORKBOOK


def _cell_names(package: Package) -> frozenset[str]:
    """Defined names that mean a single cell wherever they are defined, casefolded."""
    found: dict[str, bool] = {}
    for name in package.defined_names:
        reference = None if name.function else _reference(name.text)
        key = name.name.casefold()
        found[key] = found.get(key, True) and reference is not None and reference
    return frozenset(name for name, is_cell in found.items() if is_cell)


def _reference(text: str) -> bool:
    mark = text.rfind("!")
    if re.fullmatch(r"\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6}", text[mark + 1 :]) is None:
        return False
    reference = parse_reference(text)
    return reference is not None and reference.last_sheet is None


def _pattern(elements: tuple[bytes, ...]) -> re.Pattern[bytes]:
    """Comments, character data and instructions (to pass over), or a formula's element: tag, content, what follows."""
    names = b"|".join(elements)
    return re.compile(
        rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
        rb"|<((?:[\w.-]+:)?(?:"
        + names
        + rb"))(?:\s(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)?(?<!/)>([^<]*)(<(?:/\1\s*>)?)",
        re.DOTALL,
    )


_PATTERNS: dict[tuple[bytes, ...], re.Pattern[bytes]] = {
    elements: _pattern(elements) for elements in (_SHEET, _TABLE, _WORKBOOK)
}


class _Work:
    """The run over one workbook; formulas that were seen before are not read again."""

    def __init__(self, dialect: Dialect, cell_names: frozenset[str], result: Relinked) -> None:
        self._dialect = dialect
        self._cell_names = cell_names
        self._result = result
        self._seen: dict[bytes, tuple[Respelled, bytes] | None] = {}

    def part(self, raw: bytes, elements: tuple[bytes, ...], where: str) -> bytes | None:
        """The part with its formulas respelled; None where nothing changes."""
        part = decode(raw, where)
        data = part.utf8
        try:
            is_ours = mentions(data.decode())
        except UnicodeDecodeError as error:
            raise WorkbookError(f"the part is not UTF-8 ({error.reason})", where=where) from error
        if not is_ours:
            return None
        check_wellformed(data, where)
        pieces: list[bytes] = []
        at = 0
        for found in _PATTERNS[elements].finditer(data):
            if found[1] is None:
                continue
            if len(found[3]) == 1:
                raise WorkbookError(
                    "a formula is written with elements inside its text",
                    where=where,
                    remedy="save the file in Excel again",
                )
            new = self._formula(found[2], where)
            if new is not None:
                pieces += [data[at : found.start(2)], new]
                at = found.end(2)
        if not pieces:
            return None
        return part.encode(b"".join([*pieces, data[at:]]))

    def _formula(self, raw: bytes, where: str) -> bytes | None:
        """The bytes of a formula in the new spelling; None where it has it already."""
        if raw not in self._seen:
            self._seen[raw] = self._respell(raw, where)
        found = self._seen[raw]
        if found is None:
            return None
        respelled, new = found
        self._result.calls.update(respelled.functions)
        if not respelled.edits:
            return None
        self._result.formulas += 1
        self._result.guards += respelled.guards
        return new

    def _respell(self, raw: bytes, where: str) -> tuple[Respelled, bytes] | None:
        text = resolve_entities(raw)
        if not mentions(text):
            return None
        try:
            respelled = respell(text, self._dialect, self._cell_names)
        except FormulaError as error:
            self._result.unread.append(f"{where}: {text[:80]} ({error})")
            return None
        return respelled, _edited(raw, len(text), respelled)


def _edited(raw: bytes, length: int, respelled: Respelled) -> bytes:
    """The edits of a formula's text done on its bytes, where characters may be references.

    The rest stays as written.
    """
    places = list(range(length + 1))
    if len(raw) != length:
        places = [found.start() for found in _CHARACTER.finditer(raw)] + [len(raw)]
    pieces: list[bytes] = []
    at = 0
    for start, end, new in respelled.edits:
        text = new.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        pieces += [raw[at : places[start]], text.encode()]
        at = places[end]
    return b"".join([*pieces, raw[at:]])
