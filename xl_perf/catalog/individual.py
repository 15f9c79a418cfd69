"""Entries of individual performance."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from xl_perf.catalog import binding
from xl_perf.catalog.model import Argument, Empty, Function, Kind, Measure, Shape
from xl_perf.catalog.targets import normalise
from xl_perf.compute import individual
from xl_perf.compute.faults import ComputeError, Fault
from xl_perf.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xl_perf.plan.model import Plan

    Table = Sequence[Sequence[float]]

CATEGORY = "Performance individuale"

PURPOSES = ("accessori", "formazione")
_DEFAULT_PURPOSE = "accessori"


@binding.of_edition
def coefficients(plan: Plan) -> tuple[tuple[float], ...]:
    """Coefficients of the TEP in the order of their levels, a row each."""
    found = plan.codes("coefficienti_tep")
    if not found:
        raise PlanError("the edition has no coefficients of the TEP", where=plan.id)
    return tuple((float(plan.parameter(code)),) for code in found)


@binding.of_edition
def dimension_weights(plan: Plan) -> Mapping[tuple[str, bool], tuple[float, ...]]:
    """Weights of gruppo, contributo and abilita by purpose of the evaluation and whether there is a position.

    A purpose that the edition does not have is left out.
    """
    found: dict[tuple[str, bool], tuple[float, ...]] = {}
    for purpose in PURPOSES:
        for with_position in (True, False):
            role = f"{purpose}_{'con' if with_position else 'senza'}_po"
            if plan.codes(role):
                node = plan.role(role)
                members = {plan.node(w.member).indicator: w.member for w in plan.weights_of(node)}
                wanted = (plan.role(name) for name in ("gruppo", "contributo", "abilita"))
                weights = binding.weights_in(plan, node, [members.get(code, code) for code in wanted])
                found[purpose, with_position] = weights
    return found


def weights_of(
    position: float, purpose: str, with_position: Table | None, without_position: Table | None
) -> tuple[float, ...]:
    """The weights that hold for a person: those given for the position, or the plan's for the purpose.

    Raises:
        ComputeError: none given and the plan has no such purpose (MISSING).
    """
    given = with_position if position == 1 else without_position
    if given is not None:
        return tuple(weight for row in given for weight in row)
    try:
        return dimension_weights()[normalise(purpose), position == 1]
    except KeyError as error:
        raise ComputeError(Fault.MISSING, f"the plan has no purpose {purpose!r}") from error


def _score(group: float, contribution: float, skills: float | None, *how: Any) -> float:
    known = math.nan if skills is None else skills
    return individual.individual_score(
        (group, contribution, known), weights_of(*how), binding.WEIGHT_TOLERANCE
    )


def _coefficient(level: float, table: Table) -> float:
    return individual.level_coefficient(level, [coefficient for row in table for coefficient in row])


def _weights(name: str, who: str) -> Argument:
    return Argument(
        name,
        f"Intervallo dei tre pesi di chi {who}: gruppo, contributo, abilità (somma 1 o 100). Omesso: "
        "quelli del piano per la finalità.",
        unit=Measure.WEIGHT,
        kind=Kind.RANGE,
        empty=Empty.DEFAULT,
        default_text="quelli del piano",
        plan=True,
        whole=True,
    )


ENTRIES = (
    Function(
        name="TEP_COEFFICIENTE",
        category=CATEGORY,
        title="Coefficiente del trattamento economico di professionalità",
        help="Coefficiente del trattamento economico di professionalità (TEP) per il livello di "
        "valutazione: 1 grave demerito, 2 negativa, 3 inferiore agli obiettivi, 4 in linea, 5 "
        "innovativa. Accetta celle o intervalli.",
        arguments=(
            Argument(
                "livello",
                "Livello di valutazione del comportamento, da 1 al numero dei coefficienti; un altro numero: #NUM!.",
                unit=Measure.COUNT,
            ),
            Argument(
                "coefficienti",
                "Intervallo dei coefficienti nell'ordine dei livelli. Omesso: quelli del piano.",
                unit=Measure.RATIO,
                kind=Kind.RANGE,
                empty=Empty.DEFAULT,
                default=coefficients,
                default_text="quelli del piano",
                plan=True,
                whole=True,
            ),
        ),
        result="Coefficiente; vuoto se il livello è vuoto.",
        unit=Measure.RATIO,
        formula="coefficiente del livello di comportamento",
        phrase="coefficiente del livello di comportamento",
        compute=_coefficient,
        shape=Shape.ELEMENTWISE,
        source="P21, Performance individuale, Trattamento economico di professionalità",
        example="=TEP_COEFFICIENTE(4)",
    ),
    Function(
        name="PERF_INDIVIDUALE",
        category=CATEGORY,
        title="Performance individuale del personale delle aree A, B, C",
        help="Punteggio individuale: media di obiettivi di gruppo, contributo individuale e abilità con "
        "i pesi del piano, che dipendono dalla posizione organizzativa e dalla finalità. Accetta "
        "celle o intervalli.",
        arguments=(
            Argument(
                "gruppo",
                "Punteggio degli obiettivi di gruppo (giacenza, deflusso, qualità), non negativo.",
                unit=Measure.POINTS,
            ),
            Argument(
                "contributo",
                "Punteggio del contributo individuale, sulla stessa scala, non negativo.",
                unit=Measure.POINTS,
            ),
            Argument(
                "abilita",
                "Punteggio delle abilità, sulla stessa scala. Può restare vuoto dove le abilità non "
                "pesano (accessori senza posizione organizzativa).",
                unit=Measure.POINTS,
                empty=Empty.OWN,
            ),
            Argument(
                "con_po",
                "1 con posizione organizzativa, 0 senza; un altro numero: #NUM!. Vuoto: #N/D.",
                unit=Measure.COUNT,
                empty=Empty.MISSING,
            ),
            Argument(
                "finalita",
                "«accessori» (trattamenti economici accessori, predefinita) o «formazione» (accesso "
                "all'alta formazione). Un altro testo: #N/D. Non conta dove i pesi sono dati.",
                unit=Measure.TEXT,
                kind=Kind.TEXT,
                empty=Empty.DEFAULT,
                default=lambda: _DEFAULT_PURPOSE,
                default_text="accessori",
            ),
            _weights("pesi_con_po", "ha una posizione organizzativa"),
            _weights("pesi_senza_po", "non ha una posizione organizzativa"),
        ),
        result="Punteggio sulla scala dei tre punteggi; vuoto se manca un punteggio che pesa.",
        unit=Measure.POINTS,
        formula="peso di gruppo * gruppo + peso di contributo * contributo + peso di abilita * abilita",
        phrase="gruppo, contributo e abilità con i loro pesi",
        compute=_score,
        shape=Shape.ELEMENTWISE,
        source="P21, Performance individuale: trattamenti accessori, accesso all'alta formazione",
        example='=PERF_INDIVIDUALE(104; 95; 90; 1; "accessori")',
        checks=individual.SCORE_CHECKS,
        unfinished=True,
    ),
)
"""Catalogue entries of individual performance."""
