"""Entries of individual performance."""

from __future__ import annotations

import math
from functools import cache

from xl_perf.catalog import binding
from xl_perf.catalog.model import Argument, Empty, Function, Kind, Shape
from xl_perf.catalog.targets import normalise
from xl_perf.compute import individual
from xl_perf.compute.faults import ComputeError, Fault
from xl_perf.errors import PlanError

CATEGORY = "Performance individuale"

_DIMENSIONS = ("gruppo", "contributo", "abilita")
_COEFFICIENT = "individuale.tep."
_DEFAULT_PURPOSE = "accessori"


@cache
def coefficients() -> tuple[float, ...]:
    """Coefficients of the TEP in the order of their levels."""
    parameters = binding.edition().parameters
    found = {
        int(code[len(_COEFFICIENT) :]): p.value
        for code, p in parameters.items()
        if code.startswith(_COEFFICIENT)
    }
    return tuple(found[level] for level in sorted(found))


@cache
def dimension_weights(purpose: str, with_position: bool) -> tuple[float, ...]:
    """Weights of gruppo, contributo and abilita for a purpose of the evaluation.

    Raises:
        PlanError: the plan has no such purpose.
    """
    node = f"individuale.{purpose}_{'con' if with_position else 'senza'}_po"
    weights = {w.member.rpartition(".")[2]: w.value for w in binding.edition().weights_of(node)}
    return tuple(weights[name] for name in _DIMENSIONS)


def _score(group: float, contribution: float, skills: float | None, position: float, purpose: str) -> float:
    try:
        weights = dimension_weights(normalise(purpose), position == 1)
    except PlanError as error:
        raise ComputeError(Fault.MISSING, str(error)) from error
    known = math.nan if skills is None else skills
    return individual.individual_score((group, contribution, known), weights)


def _coefficient(level: float) -> float:
    return individual.level_coefficient(level, coefficients())


ENTRIES = (
    Function(
        name="TEP_COEFFICIENTE",
        category=CATEGORY,
        title="Coefficiente del trattamento economico di professionalità",
        help="Coefficiente del trattamento economico di professionalità (TEP) per il livello di valutazione: 1 grave demerito "
        "(0), 2 negativa (0,50), 3 inferiore agli obiettivi (0,85), 4 in linea (1), 5 innovativa (1,2).",
        arguments=(
            Argument(
                "livello", "Livello di valutazione del comportamento, da 1 a 5; un altro numero: #NUM!."
            ),
        ),
        result="Coefficiente da 0 a 1,2; vuoto se il livello è vuoto.",
        formula="coefficiente del livello di comportamento",
        compute=_coefficient,
        shape=Shape.ELEMENTWISE,
        source="P21, Performance individuale, Trattamento economico di professionalità",
        example="=TEP_COEFFICIENTE(4)",
    ),
    Function(
        name="PERF_INDIVIDUALE",
        category=CATEGORY,
        title="Performance individuale del personale delle aree A, B, C",
        help="Punteggio individuale: media di obiettivi di gruppo, contributo individuale e abilità con i pesi del piano, che "
        "dipendono dalla posizione organizzativa e dalla finalità. Accetta celle o intervalli.",
        arguments=(
            Argument(
                "gruppo", "Punteggio degli obiettivi di gruppo (giacenza, deflusso, qualità), non negativo."
            ),
            Argument(
                "contributo",
                "Punteggio del contributo individuale, sulla stessa scala, non negativo.",
            ),
            Argument(
                "abilita",
                "Punteggio delle abilità, sulla stessa scala. Può restare vuoto dove le abilità non pesano (accessori senza "
                "posizione organizzativa).",
                empty=Empty.OWN,
            ),
            Argument(
                "con_po",
                "1 con posizione organizzativa, 0 senza; un altro numero: #NUM!. Vuoto: #N/D.",
                empty=Empty.MISSING,
            ),
            Argument(
                "finalita",
                "«accessori» (trattamenti economici accessori, predefinita) o «formazione» (accesso all'alta formazione). "
                "Un altro testo: #N/D.",
                kind=Kind.TEXT,
                empty=Empty.DEFAULT,
                default=lambda: _DEFAULT_PURPOSE,
                default_text="accessori",
            ),
        ),
        result="Punteggio sulla scala dei tre punteggi; vuoto se manca un punteggio che pesa.",
        formula="peso gruppo * gruppo + peso contributo * contributo + peso abilità * abilita",
        compute=_score,
        shape=Shape.ELEMENTWISE,
        source="P21, Performance individuale: 70/20/10 con P.O., 80/20 senza; alta formazione 60/20/20",
        example='=PERF_INDIVIDUALE(104; 95; 90; 1; "accessori")',
        checks=individual.SCORE_CHECKS,
        unfinished=True,
    ),
)
"""Catalogue entries of individual performance."""
