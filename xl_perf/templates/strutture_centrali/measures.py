"""What is measured once for `strutture_centrali.xlsx`: every objective of every structure reads one of these values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from xl_perf.plan.model import Unit
from xl_perf.plan.nodes import NodeKind
from xl_perf.templates.kit.names import short_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xl_perf.plan.model import Line, Plan
    from xl_perf.plan.models import ModelData
    from xl_perf.plan.nodes import Node
    from xl_perf.templates.kit.book import Book

TREE = "albero"
"""Role of the first node of the tree of the central structures."""
PRODUCTION_AREAS = "Aree di produzione"
TOTAL = "totale"
_NAMED = 3
"""Structures that are named one by one; more are all."""
_EVERY = "tutte le strutture"
_SECTION = "sezione "
PROJECTS = "realizzazione"
"""Role of the indicator whose score comes from the register of projects."""


class Form(StrEnum):
    """How a value comes about."""

    DIRECT = "valore"
    """One number that is entered."""
    RATIO = "rapporto"
    """Numerator and denominator that are entered."""
    STOCK = "giacenza"
    """GIACENZA_INDEX of two numbers."""
    PRODUCTIVITY = "produttività"
    """PRODUTTIVITA_INDEX of two numbers and the months."""
    COUNTED = "altro foglio"
    """Comes from another sheet of the workbook."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A value: what it is, for whom, and how it comes about.

    `code` is the indicator's, with the area or structure after `@` where it is measured more than once; `first` and
    `second` say what the two numbers are.
    """

    code: str
    title: str
    scope: str
    unit: Unit
    form: Form
    first: str
    second: str = ""
    nodes: tuple[str, ...] = ()


_PURCHASES, _OF_ALL = "acquisti", ", sul totale degli "
"""Role of the share of purchases; what stands between its two numbers in the plan's title, which has the amount."""
_TEXTS: Mapping[str, tuple[Form, str, str]] = {
    "produttivita": (
        Form.PRODUCTIVITY,
        "Produzione omogeneizzata delle aree di produzione (punti)",
        "Risorse presenti, media del periodo",
    ),
    "giacenza": (Form.STOCK, "Giacenza omogeneizzata", "Pervenuto omogeneizzato"),
    "qualita": (Form.DIRECT, "Indice sintetico di qualità del Cruscotto", ""),
    "ricorsi": (Form.DIRECT, "Giacenza ponderata dei ricorsi DICA", ""),
    "sussidiarieta": (
        Form.RATIO,
        "Pezzi definiti in sussidiarietà, totale nazionale",
        "Pezzi programmati, totale nazionale",
    ),
    "controllo": (Form.DIRECT, "Punti, risultato nazionale (controllo_processo.xlsx)", ""),
    "miglioramento": (Form.DIRECT, "Realizzazione sintetica dei progetti nazionali", ""),
    "estratto_conto": (Form.DIRECT, "Pezzi effettivi definiti", ""),
    "fine_rapporto": (Form.DIRECT, "Posizioni lavorate (codici fiscali)", ""),
    "budget": (Form.DIRECT, "Spesa per straordinario, turni e missioni (euro)", ""),
    "spesa": (Form.COUNTED, "Capitoli entro i limiti (foglio Spesa)", "Capitoli valutati"),
    "ieep": (Form.COUNTED, "Voci di competenza (foglio IEEP)", ""),
    "campagne": (Form.COUNTED, "Campagne con report finale (foglio Audit)", ""),
    "copertura_formazione": (
        Form.RATIO,
        "Personale con almeno un intervento formativo",
        "Numero medio dei dipendenti in servizio",
    ),
    "ore_formazione": (
        Form.RATIO,
        "Ore di formazione erogate",
        "Numero medio dei dipendenti in servizio",
    ),
    "lavoro_a_distanza": (Form.RATIO, "Personale in lavoro agile", "Dipendenti in servizio"),
    "benessere": (
        Form.RATIO,
        "Dipendenti serviti da almeno uno strumento di welfare",
        "Numero medio dei dipendenti in servizio",
    ),
    "progetti_trasversali": (Form.DIRECT, "Progetti validati sulla base di tutti i KPI", ""),
    "dismissione": (Form.COUNTED, "Unità e valore (foglio Dismissione)", ""),
    _PURCHASES: (Form.RATIO, "Acquisti già previsti", "Acquisti dell'anno"),
    "linee_guida": (Form.DIRECT, "Stato di avanzamento validato dal Direttore generale", ""),
    "strategica": (Form.DIRECT, "Punteggio della performance strategica di ente", ""),
    PROJECTS: (Form.DIRECT, "Punteggio (progetti.xlsx, foglio Per struttura)", ""),
    "voucher": (Form.RATIO, "Voucher emessi", "Soggetti utilmente collocati in graduatoria"),
}
"""What is asked for by the part that an indicator plays: `modello_strutture_centrali.toml`."""
_OWN = ("budget", "spesa", PROJECTS, "ricorsi")
"""Roles of what every structure measures for itself; the others have one value for all that share them."""
_AREA = ("qualita", "giacenza")
"""Roles with one value for each area of production; the direzioni di prodotto have their own area."""


def plays(data: ModelData, role: str, code: str) -> bool:
    """Whether a code plays a role in the edition."""
    return data.has(role) and code in data.codes(role)


def _role(data: ModelData, code: str) -> str:
    return next((role for role in _TEXTS if plays(data, role, code)), "")


def area_of(book: Book, structure: str) -> str:
    """The section of the Cruscotto that a structure answers for; all production areas for most of them."""
    if not book.data.has("qualita"):
        return PRODUCTION_AREAS
    note = book.plan.target(book.data.role("qualita"), structure).note
    return note.partition(_SECTION)[2].partition(";")[0] or PRODUCTION_AREAS


def has_target(plan: Plan, node: Node) -> bool:
    """Whether the edition gives a leaf's target as a number."""
    return any(
        (t.indicator, t.structure, t.period) == (node.indicator, node.structure, plan.period)
        for t in plan.targets
    )


def nodes_of(book: Book) -> tuple[Node, ...]:
    """The nodes of the tree of the central structures."""
    return book.plan.nodes_of(book.plan.node(book.data.role(TREE)).tree)


def leaves_of(book: Book) -> list[Node]:
    """What is measured, in the order of the tree."""
    return [n for n in nodes_of(book) if n.kind not in (NodeKind.NODE, NodeKind.GROUP)]


def measures_of(book: Book) -> tuple[Measure, ...]:
    """Every value that the leaves of the tree need, by indicator and structure; projects without indicator last."""
    found: dict[str, tuple[Measure, list[Node]]] = {}
    for node in leaves_of(book):
        measure = _measure(book, node)
        found.setdefault(measure.code, (measure, []))[1].append(node)
    ready = [
        replace(measure, scope=measure.scope or _scope(book.plan, nodes), nodes=tuple(n.code for n in nodes))
        for measure, nodes in found.values()
    ]
    order = {code: number for number, code in enumerate(book.plan.indicators)}
    return tuple(sorted(ready, key=lambda m: order.get(m.code.partition("@")[0], len(order))))


def _scope(plan: Plan, nodes: Sequence[Node]) -> str:
    names = [short_name(plan.structures[node.structure]) for node in nodes if node.structure]
    return " e ".join(names) if len(names) <= _NAMED else _EVERY


def lines_of(book: Book, role: str) -> list[Line]:
    """The lines of the plan below the indicators that play a role, e.g. the campaigns of the audit."""
    if not book.data.has(role):
        return []
    beginnings = tuple(f"{code}." for code in book.data.codes(role))
    return [line for line in book.plan.lines if line.code.startswith(beginnings)]


def ieep_lines(book: Book) -> dict[str, list[Line]]:
    """The items of the IEEP of each structure that answers for some of them."""
    found: dict[str, list[Line]] = {}
    for line in lines_of(book, "ieep"):
        if line.structure is not None:
            found.setdefault(line.structure, []).append(line)
    return found


def _measure(book: Book, node: Node) -> Measure:
    structure, plan = node.structure or "", book.plan
    role = _role(book.data, node.indicator or node.code)
    if node.indicator is None:
        form, first, second = _TEXTS.get(role, (Form.DIRECT, "Quota realizzata dell'output", ""))
        return Measure(node.code, node.title, "", Unit.PERCENT, form, first, second)
    indicator = plan.indicators[node.indicator]
    form, first, second = _TEXTS.get(role, (Form.DIRECT, f"Valore dell'indicatore ({indicator.unit})", ""))
    code, scope, title, unit = indicator.code, "", indicator.title, indicator.unit
    if role == "ieep":
        code = f"{code}@{structure if structure in ieep_lines(book) else TOTAL}"
    elif role in _OWN:
        code = f"{code}@{structure}"
    elif role in _AREA:
        scope = area_of(book, structure)
        code = f"{code}@{scope}"
    if role == _PURCHASES and _OF_ALL in title:
        first, _, whole = title.partition(_OF_ALL)
        second = whole[:1].upper() + whole[1:]
    if role == PROJECTS:
        title, unit = "Punteggio dei progetti e delle attività strategiche", Unit.POINTS
    return Measure(code, title, scope, unit, form, first, second)
