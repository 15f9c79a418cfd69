"""Central structures, register of projects, professionals, agile work, individual performance of the edition.

Expected values are copied from the printed tables of P21; counts are those of the printed rows.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace

import pytest

from xl_perf.errors import TargetNotFoundError
from xl_perf.plan import load_edition
from xl_perf.plan.checks import run_checks
from xl_perf.plan.model import ProjectKind, Status, StructureKind


@pytest.fixture(scope="module")
def plan():
    return load_edition("piano-2021-2023")


# --- structures ------------------------------------------------------------------------------------------------------


def test_central_structures(plan):
    """19 Direzioni, 4 Coordinamenti generali, 3 Uffici, Struttura tecnica and Progetto TFS-TFR."""
    kinds = Counter(structure.kind for structure in plan.central())
    assert kinds == {
        StructureKind.COORDINATION: 4,
        StructureKind.CENTRAL: 19,
        StructureKind.CENTRAL_OFFICE: 3,
        StructureKind.CENTRAL_PROJECT: 2,
    }
    assert {structure.parent for structure in plan.central()} == {"DIREZIONE GENERALE"}


def test_structures_of_tabella_a_stay_alone(plan):
    assert len(plan.structures_of()) == 140
    assert not {structure.kind for structure in plan.structures_of()} & {s.kind for s in plan.central()}


@pytest.mark.parametrize(
    ("alias", "code"),
    [
        ("DC Pensioni", "DIREZIONE CENTRALE PENSIONI"),
        ("dctii", "DIREZIONE CENTRALE TECNOLOGIA INFORMATICA E INNOVAZIONE"),
        ("CGTE", "COORDINAMENTO GENERALE TECNICO EDILIZIO"),
    ],
)
def test_short_names(plan, alias, code):
    assert plan.structure(alias).code == code


# --- Tabella D -------------------------------------------------------------------------------------------------------

ROWS = {
    # structure: (PR, AS) rows of its table in Tabella D
    "COORDINAMENTO GENERALE STATISTICO ATTUARIALE": (1, 0),
    "COORDINAMENTO GENERALE LEGALE": (0, 2),
    "COORDINAMENTO GENERALE MEDICO LEGALE": (0, 1),
    "COORDINAMENTO GENERALE TECNICO EDILIZIO": (0, 4),
    "DIREZIONE CENTRALE AMMORTIZZATORI SOCIALI": (9, 2),
    "DIREZIONE CENTRALE AUDIT E MONITORAGGIO CONTENZIOSO": (1, 0),
    "DIREZIONE CENTRALE BENESSERE ORGANIZZATIVO SICUREZZA E LOGISTICA": (1, 1),
    "DIREZIONE CENTRALE CREDITO, WELFARE E STRUTTURE SOCIALI": (1, 2),
    "DIREZIONE CENTRALE ENTRATE": (9, 1),
    "DIREZIONE CENTRALE FORMAZIONE E SVILUPPO RISORSE UMANE": (3, 5),
    "DIREZIONE CENTRALE INCLUSIONE SOCIALE E INVALIDITÀ CIVILE": (7, 1),
    "DIREZIONE CENTRALE ORGANIZZAZIONE E COMUNICAZIONE INTERNA": (1, 3),
    "DIREZIONE CENTRALE PATRIMONIO E INVESTIMENTI": (1, 8),
    "DIREZIONE CENTRALE PENSIONI": (3, 0),
    "DIREZIONE CENTRALE PIANIFICAZIONE E CONTROLLO DI GESTIONE": (6, 5),
    "DIREZIONE CENTRALE RISORSE UMANE": (1, 3),
    "DIREZIONE CENTRALE STUDI E RICERCHE": (2, 1),
    "DIREZIONE CENTRALE TECNOLOGIA INFORMATICA E INNOVAZIONE": (5, 5),
    "DIREZIONE SERVIZI AL TERRITORIO": (1, 0),
    "DIREZIONE CENTRALE ANTIFRODE": (0, 2),
    "DIREZIONE CENTRALE BILANCI, CONTABILITÀ E SERVIZI FISCALI": (0, 6),
    "DIREZIONE CENTRALE PRESIDENTE E ORGANI COLLEGIALI": (0, 2),
    "DIREZIONE CENTRALE RISORSE STRUMENTALI E CENTRALE UNICA ACQUISTI": (0, 4),
    "UFFICIO RESPONSABILE DELLA PROTEZIONE DEI DATI": (0, 2),
    "UFFICIO COMUNICAZIONE ESTERNA": (3, 2),
}


def test_rows_of_tabella_d_by_structure(plan):
    found = {
        structure.code: (
            sum(project.kind is ProjectKind.PROJECT for project in plan.projects_of(structure.code)),
            sum(project.kind is ProjectKind.ACTIVITY for project in plan.projects_of(structure.code)),
        )
        for structure in plan.central()
        if plan.projects_of(structure.code)
    }
    assert found == ROWS
    assert len(plan.projects) == 117


def test_strategic_activities_are_numbered_without_gaps(plan):
    numbers = [int(p.code[7:]) for p in plan.projects if p.kind is ProjectKind.ACTIVITY]
    assert sorted(numbers) == list(range(1, 63))


def test_a_row_of_tabella_d(plan):
    row = next(project for project in plan.projects if project.code == "PR 2020_4.1.1B.5")
    assert row.structure == "DIREZIONE CENTRALE ENTRATE"
    assert row.objectives == ("2021_IP.4",)
    assert row.programme == "Riduzione elusione ed evasione di contributi nell'agricoltura"
    assert row.title.startswith("Implementazioni flussi di variazione procedura di gestione dichiarazione")
    assert (row.start, row.end) == (dt.date(2021, 1, 1), dt.date(2022, 6, 30))
    assert row.output.endswith("una procedura di gestione della dichiarazione di manodopera agricola.")
    assert row.valued == ""


def test_a_row_over_two_pages(plan):
    row = next(project for project in plan.projects if project.code == "2021_AS4")
    assert row.title.endswith(
        "anche attraverso l'appalto delle attività di progettazione e direzione dei lavori."
    )
    assert row.valued == "E"


def test_texts_of_the_register_are_plain(plan):
    texts = [text for p in plan.projects for text in (p.title, p.output, p.guideline, p.programme, p.general)]
    assert [
        text for text in texts if "<" in text or "*" in text or "  " in text or text != text.strip()
    ] == []
    families = {code.rpartition(".")[0] for p in plan.projects for code in p.objectives}
    assert families == {"2021_IS", "2021_IP", "2021_IEC"}


# --- central structures ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("indicator", "structure", "value"),
    [
        ("centrali.produttivita", "DIREZIONE CENTRALE ANTIFRODE", 124),
        ("centrali.giacenza", "DIREZIONE CENTRALE RISORSE UMANE", 70),
        ("centrali.ricorsi", "DIREZIONE CENTRALE AMMORTIZZATORI SOCIALI", 103),
        ("centrali.ricorsi", "DIREZIONE CENTRALE ENTRATE", 124),
        ("centrali.ricorsi", "DIREZIONE CENTRALE PENSIONI", 95),
        ("centrali.eco", "UFFICIO ESTRATTO CONTO DIPENDENTI PUBBLICI", 156_750),
        ("centrali.tfs_tfr", "PROGETTO SMALTIMENTO GIACENZE TFS-TFR", 13_000),
        ("centrali.audit_regionali", "DIREZIONE CENTRALE AUDIT E MONITORAGGIO CONTENZIOSO", 8),
        ("centrali.crsa", "DIREZIONE CENTRALE AUDIT E MONITORAGGIO CONTENZIOSO", 5),
        ("centrali.formazione_copertura", "DIREZIONE CENTRALE FORMAZIONE E SVILUPPO RISORSE UMANE", 0.9226),
        ("centrali.formazione_ore", "DIREZIONE CENTRALE FORMAZIONE E SVILUPPO RISORSE UMANE", 2.04),
        ("centrali.smart_working", "DIREZIONE CENTRALE RISORSE UMANE", 0.60),
        ("centrali.welfare", "DIREZIONE CENTRALE RISORSE UMANE", 0.33),
        ("centrali.acquisti", "DIREZIONE CENTRALE RISORSE STRUMENTALI E CENTRALE UNICA ACQUISTI", 0.75),
        ("centrali.progetti_dd4", "DIREZIONE CENTRALE ORGANIZZAZIONE E COMUNICAZIONE INTERNA", 22),
        ("centrali.progetti_dd5", "DIREZIONE CENTRALE TECNOLOGIA INFORMATICA E INNOVAZIONE", 33),
        # slide 14: total of the IEEP
        ("centrali.ieep", "DIREZIONE CENTRALE STUDI E RICERCHE", 10_957_463_637),
    ],
)
def test_targets_of_the_central_structures(plan, indicator, structure, value):
    assert plan.target(indicator, structure).value == value


def test_product_directions_have_no_giacenza_of_their_own(plan):
    with pytest.raises(TargetNotFoundError):
        plan.target("centrali.giacenza", "DIREZIONE CENTRALE PENSIONI")


def test_ieep_of_the_product_directions_is_the_whole(plan):
    """Slide 14: the three Direzioni answer for the section prestazioni, DC Entrate for the section entrate."""
    codes = (
        "DIREZIONE CENTRALE PENSIONI",
        "DIREZIONE CENTRALE AMMORTIZZATORI SOCIALI",
        "DIREZIONE CENTRALE INCLUSIONE SOCIALE E INVALIDITÀ CIVILE",
    )
    revenue = plan.target("centrali.ieep", "DIREZIONE CENTRALE ENTRATE").value
    assert revenue == pytest.approx(8_855_168_560, abs=2)
    total = sum(plan.target("centrali.ieep", code).value for code in codes)
    assert total == pytest.approx(2_102_295_076, abs=2)
    assert all(plan.target("centrali.ieep", code).status is Status.RECOVERED for code in codes)


def test_weights_of_the_struttura_tecnica(plan):
    """Slide 54: Peso 55%; 35%, 35%, 30%."""
    root = "centrali.struttura_tecnica"
    weights = {node.code: node for node in plan.children(root)}
    assert weights[f"{root}.sviluppo"].weight == 0.55
    assert weights[f"{root}.sviluppo"].weight_status is Status.PUBLISHED
    assert weights[f"{root}.processi"].weight_status is Status.ASSUMED
    assert [node.weight for node in plan.children(f"{root}.sviluppo")] == [0.35, 0.35, 0.30]


def test_every_central_structure_but_the_coordinamenti_has_a_scorecard(plan):
    roots = {node.structure for node in plan.nodes_of("centrali") if node.parent is None}
    assert roots == {s.code for s in plan.central() if s.kind is not StructureKind.COORDINATION}


# --- professionals ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("indicator", "structure", "value"),
    [
        ("professionisti.legali.pndd", "EMILIA ROMAGNA", 3_023),
        ("professionisti.legali.pndd", "PIEMONTE", 2_174),
        ("professionisti.legali.pndd", "COORDINAMENTO GENERALE LEGALE", 653),
        ("professionisti.legali.pndd", "NAZIONALE", 22_215),
        ("professionisti.legali.sisco_cv", "PUGLIA", 47_442),
        ("professionisti.legali.sisco_cv", "NAZIONALE", 114_328),
        ("professionisti.legali.spese_legali", "PUGLIA", 1_194_042),
        ("professionisti.legali.spese_legali", "DIREZIONE GENERALE", 119_835),
        ("professionisti.legali.spese_legali", "NAZIONALE", 12_000_042),
        ("professionisti.legali.tar", "VALLE D'AOSTA", 43),
        ("professionisti.legali.tar", "DCM NAPOLI", 26_330),
        ("professionisti.legali.tar", "NAZIONALE", 212_581),
        ("professionisti.tecnici.progettazioni", "LAZIO", 13),
        ("professionisti.tecnici.progettazioni", "NAZIONALE", 81),
        ("professionisti.speciali.antincendio", "SARDEGNA", 4),
        ("professionisti.speciali.antincendio", "NAZIONALE", 50),
        ("professionisti.statistici.valutazioni", "COORDINAMENTO GENERALE STATISTICO ATTUARIALE", 0.9),
        ("professionisti.statistici.bilanci", "COORDINAMENTO GENERALE STATISTICO ATTUARIALE", 1),
    ],
)
def test_targets_of_the_professionals(plan, indicator, structure, value):
    assert plan.target(indicator, structure).value == value


def test_percentages_of_the_statistici_are_known_from_the_amendment(plan):
    """Deliberazione 133/2021: slide 66, "è stato specificato il valore obiettivo in percentuale"."""
    coordinamento = "COORDINAMENTO GENERALE STATISTICO ATTUARIALE"
    for code in ("progetti", "osservatori", "valutazioni", "forniture", "supporto", "bilanci"):
        assert plan.target(f"professionisti.statistici.{code}", coordinamento).act == "cda-133-2021"


def test_sisco_cv_falls_by_a_fifth(plan):
    """AT: abbattimento del 20% della giacenza, rounded to whole items."""
    for target in plan.targets:
        if target.indicator == "professionisti.legali.sisco_cv":
            stock = plan.actual(target.indicator, "2021", "baseline", target.structure).value
            assert abs(target.value - 0.8 * stock) <= 0.5


def test_rules_of_the_legali(plan):
    rules = Counter(
        rule.rule.value for rule in plan.target_rules if rule.indicator.startswith("professionisti.legali.")
    )
    assert rules == {"pervenuto": 8 + 25, "spese legali": 25, "percentuale consuntivo": 1}


# --- agile work, individual performance ------------------------------------------------------------------------------


def test_technology_targets(plan):
    found = {
        code: [
            plan.target(f"lavoro_agile.{code}", "NAZIONALE", year).value for year in ("2021", "2022", "2023")
        ]
        for code in ("postazioni", "dotazioni", "vdi", "vpn", "firma_digitale")
    }
    assert found == {
        "postazioni": [0.95, 1, 1],
        "dotazioni": [0.32, 0.75, 1],
        "vdi": [0.05, 0.03, 0.02],
        "vpn": [0.95, 1, 1],
        "firma_digitale": [6000, 8000, 10000],
    }


def test_headcounts(plan):
    assert plan.actual("lavoro_agile.agili", "2020-12").value == 21_726
    assert plan.actual("lavoro_agile.dipendenti", "2020-01").value == 28_132
    assert plan.actual("lavoro_agile.abilitazioni_vpn_web", "2020-12").value == 15_297


def test_weights_of_individual_performance(plan):
    found = {
        node.code.removeprefix("individuale."): [child.weight for child in plan.children(node.code)]
        for node in plan.nodes_of("individuale")
        if node.parent is None
    }
    assert found == {
        "dirigenti": [0.30, 0.70],
        "professionisti": [0.30, 0.70],
        "accessori_con_po": [0.70, 0.20, 0.10],
        "accessori_senza_po": [0.80, 0.20, 0],
        "formazione_con_po": [0.60, 0.20, 0.20],
        "formazione_senza_po": [0.60, 0.20, 0.20],
        "obiettivi_gruppo": [0.30, 0.30, 0.40],
    }


# --- the checks can fail ---------------------------------------------------------------------------------------------


def failures(plan, code):
    return {figure.key for figure in run_checks(plan).check(code).failures}


def with_target(plan, indicator, structure, value):
    targets = tuple(
        replace(t, value=value) if (t.indicator, t.structure) == (indicator, structure) else t
        for t in plan.targets
    )
    return replace(plan, targets=targets)


def test_wrong_part_of_a_total_is_found(plan):
    wrong = with_target(plan, "professionisti.legali.pndd", "VENETO", 1_046)
    assert failures(wrong, "totali") == {"professionisti.legali.pndd/2021"}


def test_wrong_baseline_is_found(plan):
    actuals = tuple(
        replace(a, value=a.value + 1) if (a.measure, a.structure) == ("baseline", "SICILIA") else a
        for a in plan.actuals
    )
    assert failures(replace(plan, actuals=actuals), "totali") == {
        "professionisti.legali.sisco_cv/2021/baseline"
    }


def test_missing_campaign_is_found(plan):
    lines = tuple(line for line in plan.lines if line.code != "centrali.crsa.5")
    assert failures(replace(plan, lines=lines), "elenchi") == {"centrali.crsa"}


def test_wrong_row_of_a_central_ieep_is_found(plan):
    code = "centrali.ieep.pensioni.ieep.prestazioni.riscatti"
    lines = tuple(replace(line, value=line.value + 1) if line.code == code else line for line in plan.lines)
    assert failures(replace(plan, lines=lines), "ieep_centrali") == {
        code,
        "centrali.ieep/DIREZIONE CENTRALE PENSIONI",
    }


def test_missing_project_is_found(plan):
    projects = tuple(project for project in plan.projects if project.code != "2021_AS8")
    assert failures(replace(plan, projects=projects), "registro") == {"AS", "a"}


def test_wrong_days_and_shares_are_found(plan):
    wrong = {("lavoro_agile.giornate_totali", "2020-04"), ("lavoro_agile.agili_quota", "2020-12")}
    actuals = tuple(
        replace(a, value=a.value * 1.01) if (a.item, a.period) in wrong else a for a in plan.actuals
    )
    assert failures(replace(plan, actuals=actuals), "lavoro_agile") == {"giornate/2020-04", "quota/2020-12"}
