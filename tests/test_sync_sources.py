"""What target cells hold and what their source columns say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from xl_perf.errors import PlanError, TargetNotFoundError
from xl_perf.plan import load_directory, load_edition
from xl_perf.plan.describe import band_codes, describe_source, target_values, tree_codes

if TYPE_CHECKING:
    from xl_perf.plan.model import Plan


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_directory(Path(__file__).parent / "toy_plan")


FOUND = {
    ("struttura", "giacenza.pensioni", "2030", "ALFA"): (30, "giorni", "Tabella A (D1) · A 1/2030"),
    ("struttura", "giacenza.pensioni", "", "ALFA"): (30, "giorni", "Tabella A (D1) · A 1/2030"),
    ("struttura", "giacenza.pensioni", "2030", "BETA"): (
        31,
        "giorni",
        "Tabella A aggiornata (D1) · A 2/2030",
    ),
    ("indicatore", "NORD", "2030", "ieep.totale"): (493, "euro", "Tabella B (D1) · A 1/2030"),
    ("parametro", "", "", "tetto_scostamento"): (0.5, "percentuale", "slide 2 (D1) · A 1/2030"),
    ("parametro", "", "", "costi_standard.tolleranza"): (
        0.01,
        "numero indice",
        "slide 3 (D1), assunzione · A 1/2030",
    ),
    ("peso", "giacenza", "", "giacenza.flussi"): (0.4, "percentuale", "slide 2 (D1), assunzione · A 1/2030"),
    ("fascia", "limite", "", "controllate.1"): (70, "percentuale", "slide 4 (D1) · A 1/2030"),
    ("fascia", "limite", "", "controllate.2"): (None, "percentuale", "slide 4 (D1) · A 1/2030"),
    ("fascia", "punti", "", "irregolari.2"): (2, "punti", "slide 4 (D1), assunzione · A 1/2030"),
}


@pytest.mark.parametrize("key", FOUND, ids="-".join)
def test_values_by_key(plan: Plan, key: tuple[str, str, str, str]) -> None:
    found = target_values(plan, *key)
    assert (found.value, found.unit, describe_source([found])) == FOUND[key]


def test_acts_of_one_place_are_joined(plan: Plan) -> None:
    cells = [
        target_values(plan, "struttura", "giacenza.flussi", "2030", code)
        for code in ("ALFA", "FM CITTA", "SUD")
    ]
    assert describe_source(cells) == "Tabella A (D1) · A 1/2030, A 2/2030"
    assert describe_source([]) == ""


def test_bands_in_the_order_of_the_plan(plan: Plan) -> None:
    assert band_codes(plan) == ("controllate.1", "controllate.2", "irregolari.1", "irregolari.2")


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        (("struttura", "giacenza.pensioni", "2031", "ALFA"), TargetNotFoundError),
        (("struttura", "giacenza.altro", "2030", "ALFA"), TargetNotFoundError),
        (("indicatore", "OVEST", "2030", "ieep.totale"), TargetNotFoundError),
        (("parametro", "", "", "base"), PlanError),
        (("peso", "giacenza", "", "giacenza.altro"), TargetNotFoundError),
        (("peso", "altro", "", "giacenza.flussi"), PlanError),
        (("fascia", "limite", "", "controllate.7"), TargetNotFoundError),
        (("fascia", "limite", "", "controllate"), TargetNotFoundError),
        (("fascia", "altezza", "", "controllate.1"), PlanError),
        (("sede", "", "", ""), PlanError),
    ],
)
def test_unknown_keys_raise(plan: Plan, key: tuple[str, str, str, str], kind: type[PlanError]) -> None:
    with pytest.raises(kind) as caught:
        target_values(plan, *key)
    assert plan.id in str(caught.value)


REAL = {
    # P21, Tabella B, national column; slide 54 (35%); Tabella D, first row of the Coordinamento Generale Legale.
    ("nodo", "obiettivo", "2021", "centrali.pensioni.processi.ricorsi"): 95,
    ("nodo", "peso", "", "centrali.struttura_tecnica.sviluppo.progetti_dd4"): 0.35,
    ("riga", "", "", "centrali.ieep.entrate.ieep.entrate.flussi"): 7_771_469_473,
    ("obiettivo", "", "2021", "centrali.ricorsi@DIREZIONE CENTRALE ENTRATE"): 124,
    ("progetto", "inizio", "", "2021_AS1"): 44197,
    ("progetto", "struttura", "", "2021_AS1"): "COORDINAMENTO GENERALE LEGALE",
    ("progetto", "obiettivo_ente", "", "2021_AS1"): None,
    # P21, Obiettivi generali di ente triennali, objectives C and D; declinazione annuale, objective A.
    ("baseline", "NAZIONALE", "2021", "obiettivi.giacenza_totale"): 72,
    ("baseline", "NAZIONALE", "", "obiettivi.welfare"): 0.34,
    ("regola", "testo", "", "obiettivi.smart_worker@NAZIONALE@2022"): "+ 2% rispetto a consuntivo 2021",
    ("regola", "codice", "", "obiettivi.smart_worker@NAZIONALE@2022"): "percentuale consuntivo",
    ("regola", "importo", "", "obiettivi.smart_worker@NAZIONALE@2022"): 0.02,
    ("regola", "importo", "", "obiettivi.welfare@NAZIONALE@2021"): None,
    ("nodo", "titolare", "", "piramide.A.2"): "DC Ammortizzatori sociali",
    ("nodo", "rischio", "", "piramide.A.1"): "Mancata garanzia della continuità di reddito",
    ("nodo", "output", "", "piramide.A.1"): None,
}


@pytest.mark.parametrize("key", REAL, ids="-".join)
def test_nodes_lines_and_projects(key: tuple[str, str, str, str]) -> None:
    found = target_values(load_edition(), *key)
    assert found.value == REAL[key]
    assert "(P21)" in describe_source([found])


@pytest.mark.parametrize(
    "key",
    [
        ("nodo", "obiettivo", "2021", "centrali.pensioni"),
        ("nodo", "peso", "", "centrali.pensioni"),
        ("nodo", "altro", "", "centrali.pensioni.processi"),
        ("nodo", "peso", "", "centrali.nessuno"),
        ("riga", "", "", "centrali.crsa.1"),
        ("obiettivo", "", "2021", "centrali.ricorsi"),
        ("progetto", "colore", "", "2021_AS1"),
        ("progetto", "fine", "", "2021_AS999"),
        ("baseline", "NAZIONALE", "2022", "obiettivi.giacenza_totale"),
        ("baseline", "PIEMONTE", "2021", "obiettivi.giacenza_totale"),
        ("regola", "importo", "", "obiettivi.giacenza_totale@NAZIONALE@2022"),
        ("regola", "importo", "", "obiettivi.welfare"),
        ("regola", "colore", "", "obiettivi.welfare@NAZIONALE@2022"),
    ],
)
def test_unknown_nodes_lines_and_projects_raise(key: tuple[str, str, str, str]) -> None:
    with pytest.raises(PlanError):
        target_values(load_edition(), *key)


def test_a_baseline_has_no_act_to_name() -> None:
    plan = load_edition()
    start = target_values(plan, "baseline", "NAZIONALE", "2021", "impatto.reputation")
    target = target_values(plan, "indicatore", "NAZIONALE", "2021", "impatto.reputation")
    assert describe_source([start]) == "Indicatori di impatto (P21)"
    assert describe_source([start, target]) == "Indicatori di impatto (P21) · CdA 133/2021"


def test_tree_codes_are_those_below_the_same_root() -> None:
    codes = tree_codes(load_edition(), ["centrali.tfs_tfr.processi.qualita"], "peso")
    assert len(codes) == 3 + 4 + 2 + 1
    assert codes[0] == "centrali.tfs_tfr.processi"
    assert tree_codes(load_edition(), codes, "obiettivo") == ()
