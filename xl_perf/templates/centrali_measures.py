"""What is measured once for `strutture_centrali.xlsx`: every objective of every structure reads one of these values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from xl_perf.plan.model import Unit
from xl_perf.plan.nodes import NodeKind
from xl_perf.templates.names import short_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xl_perf.plan.model import Line, Plan
    from xl_perf.plan.nodes import Node

TREE = "centrali"
PRODUCTION_AREAS = "Aree di produzione"
TOTAL = "totale"
LAST_BEFORE = "centrali.obiettivi_lgg"
"""Indicator beside which a project without indicator stands."""
_NAMED = 3
"""Structures that are named one by one; more are all."""
_EVERY = "tutte le strutture"
_SECTION = "sezione "


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


_TEXTS: Mapping[str, tuple[Form, str, str]] = {
    "centrali.produttivita": (
        Form.PRODUCTIVITY,
        "Produzione omogeneizzata delle aree di produzione (punti)",
        "Risorse presenti, media del periodo",
    ),
    "centrali.giacenza": (Form.STOCK, "Giacenza omogeneizzata", "Pervenuto omogeneizzato"),
    "centrali.qualita": (Form.DIRECT, "Indice sintetico di qualità del Cruscotto", ""),
    "centrali.ricorsi": (Form.DIRECT, "Giacenza ponderata dei ricorsi DICA", ""),
    "centrali.sussidiarieta": (
        Form.RATIO,
        "Pezzi definiti in sussidiarietà, totale nazionale",
        "Pezzi programmati, totale nazionale",
    ),
    "centrali.controllo_processo": (Form.DIRECT, "Punti, risultato nazionale (controllo_processo.xlsx)", ""),
    "centrali.progetti_miglioramento": (Form.DIRECT, "Realizzazione sintetica dei progetti nazionali", ""),
    "centrali.eco": (Form.DIRECT, "Pezzi effettivi definiti", ""),
    "centrali.tfs_tfr": (Form.DIRECT, "Posizioni lavorate (codici fiscali)", ""),
    "centrali.budget_discrezionale": (Form.DIRECT, "Spesa per straordinario, turni e missioni (euro)", ""),
    "centrali.spesa": (Form.COUNTED, "Capitoli entro i limiti (foglio Spesa)", "Capitoli valutati"),
    "centrali.ieep": (Form.COUNTED, "Voci di competenza (foglio IEEP)", ""),
    "centrali.audit_regionali": (Form.COUNTED, "Campagne con report finale (foglio Audit)", ""),
    "centrali.followup_regionali": (Form.COUNTED, "Campagne con report finale (foglio Audit)", ""),
    "centrali.audit_centrali": (Form.COUNTED, "Campagne con report finale (foglio Audit)", ""),
    "centrali.followup_centrali": (Form.COUNTED, "Campagne con report finale (foglio Audit)", ""),
    "centrali.crsa": (Form.COUNTED, "Campagne con report finale (foglio Audit)", ""),
    "centrali.formazione_copertura": (
        Form.RATIO,
        "Personale con almeno un intervento formativo",
        "Numero medio dei dipendenti in servizio",
    ),
    "centrali.formazione_ore": (
        Form.RATIO,
        "Ore di formazione erogate",
        "Numero medio dei dipendenti in servizio",
    ),
    "centrali.smart_working": (Form.RATIO, "Personale in lavoro agile", "Dipendenti in servizio"),
    "centrali.welfare": (
        Form.RATIO,
        "Dipendenti serviti da almeno uno strumento di welfare",
        "Numero medio dei dipendenti in servizio",
    ),
    "centrali.progetti_dd4": (Form.DIRECT, "Progetti validati sulla base di tutti i KPI", ""),
    "centrali.progetti_dd5": (Form.DIRECT, "Progetti validati sulla base di tutti i KPI", ""),
    "centrali.dismissione_nazionale": (Form.COUNTED, "Unità e valore (foglio Dismissione)", ""),
    "centrali.dismissione_lazio": (Form.COUNTED, "Unità e valore (foglio Dismissione)", ""),
    "centrali.acquisti": (
        Form.RATIO,
        "Acquisti oltre 40.000 euro già nel Programma biennale",
        "Acquisti oltre 40.000 euro dell'anno",
    ),
    "centrali.obiettivi_lgg": (Form.DIRECT, "Stato di avanzamento validato dal Direttore generale", ""),
    "centrali.strategica": (Form.DIRECT, "Punteggio della performance strategica di ente", ""),
    "progetti.realizzazione": (Form.DIRECT, "Realizzazione media (progetti.xlsx, foglio Per struttura)", ""),
}
_OWN = ("centrali.budget_discrezionale", "centrali.spesa", "progetti.realizzazione", "centrali.ricorsi")
"""Indicators that every structure measures for itself; the others have one value for all that share them."""
_AREA = ("centrali.qualita", "centrali.giacenza")
"""Indicators with one value for each area of production; the direzioni di prodotto have their own area."""


def area_of(plan: Plan, structure: str) -> str:
    """The section of the Cruscotto that a structure answers for; all production areas for most of them."""
    note = plan.target("centrali.qualita", structure).note
    return note.partition(_SECTION)[2].partition(";")[0] or PRODUCTION_AREAS


def has_target(plan: Plan, node: Node) -> bool:
    """Whether the edition gives a leaf's target as a number."""
    return any(
        (t.indicator, t.structure, t.period) == (node.indicator, node.structure, plan.period)
        for t in plan.targets
    )


def measures_of(plan: Plan) -> tuple[Measure, ...]:
    """Every value that the leaves of the tree need: what many share first, then by indicator and structure."""
    found: dict[str, tuple[Measure, list[Node]]] = {}
    for node in plan.nodes:
        if node.tree == TREE and node.kind not in (NodeKind.NODE, NodeKind.GROUP):
            measure = _measure(plan, node)
            found.setdefault(measure.code, (measure, []))[1].append(node)
    ready = [
        replace(measure, scope=measure.scope or _scope(plan, nodes), nodes=tuple(node.code for node in nodes))
        for measure, nodes in found.values()
    ]
    order = {code: number for number, code in enumerate(plan.indicators)}
    return tuple(sorted(ready, key=lambda m: order.get(m.code.partition("@")[0], order[LAST_BEFORE])))


def _scope(plan: Plan, nodes: Sequence[Node]) -> str:
    names = [short_name(plan.structures[node.structure]) for node in nodes if node.structure]
    return " e ".join(names) if len(names) <= _NAMED else _EVERY


def ieep_lines(plan: Plan) -> dict[str, list[Line]]:
    """The items of the IEEP of each structure that answers for some of them."""
    found: dict[str, list[Line]] = {}
    for line in plan.lines_of(TREE):
        if line.code.startswith("centrali.ieep.") and line.structure is not None:
            found.setdefault(line.structure, []).append(line)
    return found


def _measure(plan: Plan, node: Node) -> Measure:
    structure = node.structure or ""
    if node.indicator is None:
        first, second = "Voucher emessi", "Soggetti utilmente collocati in graduatoria"
        return Measure(node.code, node.title, "", Unit.PERCENT, Form.RATIO, first, second)
    indicator = plan.indicators[node.indicator]
    form, first, second = _TEXTS[indicator.code]
    code, scope = indicator.code, ""
    if code == "centrali.ieep":
        code = f"{code}@{structure if structure in ieep_lines(plan) else TOTAL}"
    elif code in _OWN:
        code = f"{code}@{structure}"
    elif code in _AREA:
        scope = area_of(plan, structure)
        code = f"{code}@{scope}"
    return Measure(code, indicator.title, scope, indicator.unit, form, first, second)
