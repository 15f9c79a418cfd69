"""Values of an edition by the keys that workbooks hold, and the short text that says where they come from.

The builder writes target cells with these functions and sync looks the same cells up again, so that both always mean
the same value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError
from xl_perf.plan.model import Status
from xl_perf.plan.shown import BY_CODE, TargetCell, of_number, of_target, of_weight
from xl_perf.plan.traits import TRAIT, of_trait

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xl_perf.plan.model import Plan
    from xl_perf.plan.nodes import Node

KEY_KINDS = (
    "struttura",
    "indicatore",
    "parametro",
    "peso",
    "fascia",
    "nodo",
    "riga",
    "progetto",
    "obiettivo",
    "baseline",
    "regola",
    TRAIT,
)
"""What the codes in a key column can be."""

_SHORTER = (("Tabelle integrative, ", ""), ("Allegato Tecnico, ", "AT "))
_STATUS = {Status.RECOVERED: "ricavato", Status.ASSUMED: "assunzione"}


_BY_CODE = {**BY_CODE, TRAIT: of_trait}


@dataclass(frozen=True, slots=True)
class TargetMap:
    """A row of a workbook's `tblObiettivi`: a column of target cells, and how their values are found in an edition."""

    table: str
    key_column: str
    key_kind: str
    value_column: str
    fixed: str
    period: str
    source_column: str


def target_values(plan: Plan, key_kind: str, fixed_code: str, period: str, code: str) -> TargetCell:
    """The value of an edition that a cell stands for.

    Args:
        plan: the edition.
        key_kind: what `code` is: `struttura` (then `fixed_code` is the indicator), `indicatore` (`fixed_code`
            is the structure), `parametro`, `peso` (`fixed_code` is the node) or `fascia` (`code` is ratio and
            number of the band, `controllate.1`; `fixed_code` is `limite`, the upper end in percent, or
            `punti`), `nodo` (`code` is a node of a weighted tree; `fixed_code` is `peso`, its share of the
            node above, or `obiettivo`, the target of its
            indicator for its structure, or a text: `output`, `titolare`, `rischio`), `riga` (`code` is a
            line), `obiettivo` (`code` is one target, `dismissione.unita@LAZIO`), `baseline` (`code` is an
            indicator, `fixed_code` the structure), `regola` (`code` is a rule with its period,
            `obiettivi.welfare@NAZIONALE@2022`; `fixed_code` is `testo`, `codice` or `importo`),
            `caratteristica` (`code` is an indicator; `fixed_code` is `verso`, `segno`, `livello` or `segno
            nel totale`) or `progetto` (`code` is an entry of the register; `fixed_code` names what is shown
            of it, e.g. `fine` or `output`).
        fixed_code: the other half of the key.
        period: period of a target; the edition's year when empty.
        code: the key in the row.

    Raises:
        TargetNotFoundError: the edition has no such target.
        PlanError: no such parameter, weight, band, node, line or project, or an unknown kind of key.
    """
    if key_kind in ("struttura", "indicatore"):
        indicator, structure = (fixed_code, code) if key_kind == "struttura" else (code, fixed_code)
        return of_target(plan, plan.target(indicator, structure, period or plan.period))
    if key_kind == "parametro":
        if code not in plan.parameters:
            raise PlanError(f"unknown parameter {code!r}", where=plan.id)
        return of_number(plan, code, plan.parameters[code].title, plan.parameters[code])
    if key_kind == "peso":
        return of_weight(plan, fixed_code, code)
    if key_kind in _BY_CODE:
        return _BY_CODE[key_kind](plan, fixed_code, period, code)
    raise PlanError(
        f"unknown kind of key {key_kind!r}", where=plan.id, expected=f"one of {', '.join(KEY_KINDS)}"
    )


def tree_codes(plan: Plan, codes: Iterable[str], field: str) -> tuple[str, ...]:
    """Codes of the nodes that have a weight (field `peso`) below the roots of some nodes, in the order of the trees.

    Args:
        plan: the edition.
        codes: nodes of the trees; unknown ones count for nothing.
        field: `peso`; another gives no codes.
    """
    if field != "peso":
        return ()
    nodes = {node.code: node for node in plan.nodes}
    wanted = {_root(nodes, code) for code in codes if code in nodes}
    return tuple(code for code, node in nodes.items() if node.parent and _root(nodes, code) in wanted)


def _root(nodes: Mapping[str, Node], code: str) -> str:
    while (parent := nodes[code].parent) is not None:
        code = parent
    return code


def band_codes(plan: Plan) -> tuple[str, ...]:
    """The codes of all bands in the order of the plan: `controllate.1`, `controllate.2` ..."""
    return tuple(f"{ratio.code}.{band.number}" for ratio in plan.banded_ratios for band in ratio.bands)


def describe_source(cells: Iterable[TargetCell]) -> str:
    """Where the values of a row come from, in short Italian: `Tabella A (P21) · CdA 31/2021`.

    Values of one place are named once with all their acts; several places are joined by `; `. What the plan does not
    print says so (`ricavato`, `assunzione`).

    Args:
        cells: the values that the text speaks for; none gives an empty text.
    """
    acts: dict[str, dict[str, None]] = {}
    for cell in cells:
        place = cell.source.place
        for long, short in _SHORTER:
            place = place.replace(long, short)
        text = f"{place} ({cell.source.document})"
        if cell.status in _STATUS:
            text += f", {_STATUS[cell.status]}"
        acts.setdefault(text, {})[cell.act_short] = None
    return "; ".join(
        f"{place} · {', '.join(filter(None, names))}" if any(names) else place
        for place, names in acts.items()
    )
