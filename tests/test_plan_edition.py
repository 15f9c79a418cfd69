"""The edition piano-2021-2023 against the plan's printed pages.

Expected values are copied from the documents: P21 (Piano 2021-2023 with Allegato Tecnico, AT, and Tabelle A-D) and
P20 (Piano 2020-2022).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from xl_perf.errors import TargetNotFoundError
from xl_perf.plan import load_edition, run_checks
from xl_perf.plan.model import Direction, Status, StructureKind, Unit

AREAS = ("prestazioni_servizi", "conto_assicurativo", "flussi_contributivi", "altre_aree")


@pytest.fixture(scope="module")
def plan():
    return load_edition("piano-2021-2023")


@pytest.fixture(scope="module")
def report(plan):
    return run_checks(plan)


def test_nothing_is_unexplained(report):
    failed = [figure.key for check in report.checks for figure in check.failures]
    assert failed == []
    assert [problem for check in report.checks for problem in check.problems] == []
    assert report.ok


def test_acts(plan):
    assert {act.id: act.date for act in plan.acts.values()} == {
        "cda-30-2021": dt.date(2021, 3, 24),
        "cda-31-2021": dt.date(2021, 3, 24),
        "cda-133-2021": dt.date(2021, 9, 29),
    }
    assert plan.latest_act.short == "CdA 133/2021"


# --- structures and Tabella A ---------------------------------------------------------------------------------------


def test_structures(plan):
    """P20, Assetto organizzativo: 20 Direzioni regionali, 3 DCM, 12 Filiali metropolitane."""
    kinds = Counter(structure.kind for structure in plan.structures.values())
    assert kinds[StructureKind.REGION] == 20
    assert kinds[StructureKind.DCM] == 3
    assert kinds[StructureKind.BRANCH] == 12
    assert kinds[StructureKind.NATIONAL] == 1
    assert len(plan.regional()) == 23


@pytest.mark.parametrize(
    ("structure", "parent"),
    [
        ("AOSTA", "VALLE D'AOSTA"),
        ("VERBANO-CUSIO-OSSOLA", "PIEMONTE"),
        ("FORLI'", "EMILIA ROMAGNA"),
        ("BARLETTA-ANDRIA-TRANI", "PUGLIA"),
        ("ROSSANO CALABRO", "CALABRIA"),
        ("FM ROMA TUSCOLANO", "DCM ROMA"),
        ("FM AREA FLEGREA-POZZ.", "DCM NAPOLI"),
        ("FM MILANO", "DCM MILANO"),
        ("DCM NAPOLI", "NAZIONALE"),
        ("LATINA", "LAZIO"),
        ("SALERNO", "CAMPANIA"),
    ],
)
def test_hierarchy(plan, structure, parent):
    assert plan.structures[structure].parent == parent


@pytest.mark.parametrize(
    ("structure", "values"),
    [
        ("ALESSANDRIA", (30, 120, 89, 65)),
        ("VALLE D'AOSTA", (30, 111, 77, 65)),
        ("BOLZANO", (30, 207, 108, 66)),
        ("TRENTINO ALTO ADIGE", (30, 200, 104, 65)),
        ("VICENZA", (30, 127, 90, 67)),
        ("REGGIO EMILIA", (30, 119, 97, 65)),
        ("RIETI", (30, 245, 145, 65)),
        ("CASERTA", (30, 132, 113, 137)),
        ("ROSSANO CALABRO", (30, 90, 92, 104)),
        ("CALABRIA", (30, 112, 94, 101)),
        ("PALERMO", (30, 140, 175, 129)),
        ("ORISTANO", (30, 127, 94, 99)),
        ("FM AREA NORD-CAMALDOLI", (30, 183, 104, 105)),
        ("DCM ROMA", (30, 130, 123, 73)),
        ("DCM MILANO", (30, 138, 108, 65)),
        ("NAZIONALE", (30, 128, 109, 75)),  # AT slide 5 prints the same four
    ],
)
def test_tabella_a(plan, structure, values):
    assert tuple(plan.target(f"giacenza.{area}", structure).value for area in AREAS) == values


def test_tabella_a_is_complete_and_in_whole_days(plan):
    targets = [t for t in plan.targets if t.indicator.startswith("giacenza.") and t.period == "2021"]
    assert len(targets) == 4 * len(plan.structures_of())
    assert all(target.value > 0 and target.value == int(target.value) for target in targets)
    assert {target.value for target in targets if target.indicator == "giacenza.prestazioni_servizi"} == {30}


def test_rossano_calabro_is_known_from_the_amendment(plan):
    """Deliberazione 133/2021: "Tabella A: nuova collocazione della struttura di Rossano Calabro"."""
    for indicator in ("giacenza.altre_aree", "deflusso.altre_aree"):
        target = plan.target(indicator, "ROSSANO CALABRO", known_on=dt.date(2021, 9, 29))
        assert target.act == "cda-133-2021"
        with pytest.raises(TargetNotFoundError, match="2021-09-28"):
            plan.target(indicator, "ROSSANO CALABRO", known_on=dt.date(2021, 9, 28))
        assert plan.target(indicator, "COSENZA", known_on=dt.date(2021, 3, 24)).act == "cda-31-2021"


def test_deflusso_is_one_everywhere(plan):
    """AT slide 8: uguale o superiore a 1 per tutte le aree."""
    targets = [t for t in plan.targets if t.indicator.startswith("deflusso.") and t.period == "2021"]
    assert {target.value for target in targets} == {1}
    assert len(targets) == 4 * len(plan.structures_of())


# --- Tabella B ------------------------------------------------------------------------------------------------------


def test_tabella_b_has_27_rows_in_order(plan):
    rows = plan.indicators_of("ieep")
    assert [row.order for row in rows] == list(range(1, 28))
    assert rows[0].title == "Gestione Entrate contributive"
    assert rows[11].title == "Interessi legali (-)"
    assert rows[24].title == "Riscatti e ricongiunzioni"
    assert rows[26].code == "ieep.totale"
    targets = [t for t in plan.targets if t.indicator.startswith("ieep.") and t.period == "2021"]
    assert len(targets) == 648


@pytest.mark.parametrize(
    ("indicator", "structure", "value"),
    [
        ("ieep.totale", "NAZIONALE", 10_957_463_637),
        ("ieep.entrate", "NAZIONALE", 8_855_168_560),
        ("ieep.prestazioni", "NAZIONALE", 2_102_295_076),
        ("ieep.prestazioni.indebite.assistenziali", "NAZIONALE", 255_572_249),
        ("ieep.prestazioni.indebite.pdap", "NAZIONALE", 9_528_554),
        ("ieep.entrate", "ABRUZZO", 231_874_765),
        ("ieep.prestazioni.interessi", "BASILICATA", 0),  # printed "-"
        ("ieep.entrate.minori_prestazioni.ispettiva", "CALABRIA", 21_361_175),
        ("ieep.entrate.accertamento.dmv", "LIGURIA", 11_749_656),
        ("ieep.prestazioni.surrogatorie.previdenziali", "LIGURIA", 0),  # printed blank
        ("ieep.prestazioni.surrogatorie.ammortizzatori", "LIGURIA", 714_489),
        ("ieep.prestazioni.interessi.ammortizzatori", "PIEMONTE", 1_955),
        ("ieep.prestazioni.indebite.assistenziali", "SICILIA", 40_000_000),
        ("ieep.prestazioni.benefici", "TRENTINO ALTO ADIGE", 7_277),
        ("ieep.totale", "VALLE D'AOSTA", 10_536_573),
        ("ieep.prestazioni.riscatti", "VENETO", 24_802_157),
        ("ieep.entrate.eca", "DCM ROMA", 34_078_879),
        ("ieep.prestazioni.interessi.assistenziali", "DCM NAPOLI", 672_366),
        ("ieep.totale", "DCM NAPOLI", 695_001_701),
    ],
)
def test_tabella_b(plan, indicator, structure, value):
    assert plan.target(indicator, structure).value == value


def test_tabella_b_adds_up_in_rows_and_columns(report):
    """8 rows with parts in 24 columns, 27 rows over 23 regions; within 1 euro, which is rounding."""
    assert len(report.check("righe").figures) == 8 * 24
    assert sum(figure.key.startswith("ieep.") for figure in report.check("regioni").figures) == 27
    for code in ("righe", "regioni"):
        assert all(abs(f.difference) <= 1 for f in report.check(code).figures if f.key.startswith("ieep."))


def test_interessi_are_lower_is_better_and_subtracted(plan):
    lower = [i.code for i in plan.indicators_of("ieep") if i.direction is Direction.LOWER]
    assert lower == [
        "ieep.prestazioni.interessi",
        "ieep.prestazioni.interessi.previdenziali",
        "ieep.prestazioni.interessi.ammortizzatori",
        "ieep.prestazioni.interessi.assistenziali",
    ]
    assert [i.code for i in plan.indicators_of("ieep") if i.sign == -1] == ["ieep.prestazioni.interessi"]


def test_ieep_weights(plan):
    """AT slide 14: Gestione Entrate contributive 70% e Gestione Prestazioni 30%."""
    assert {w.member: w.value for w in plan.weights_of("ieep")} == {
        "ieep.entrate": 0.7,
        "ieep.prestazioni": 0.3,
    }


# --- Tabella C ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cluster", "members"),
    [
        ("A", {"BASILICATA", "MOLISE", "TRENTINO ALTO ADIGE", "UMBRIA", "VALLE D'AOSTA"}),
        ("B", {"ABRUZZO", "FRIULI VENEZIA GIULIA", "LIGURIA", "MARCHE", "SARDEGNA"}),
        ("C", {"CALABRIA", "CAMPANIA", "LAZIO", "PUGLIA", "SICILIA", "DCM NAPOLI", "DCM ROMA"}),
        ("D", {"EMILIA ROMAGNA", "LOMBARDIA", "PIEMONTE", "TOSCANA", "VENETO", "DCM MILANO"}),
    ],
)
def test_clusters(plan, cluster, members):
    """AT, slide L'Indicatore dei costi standard."""
    assert {s.code for s in plan.structures.values() if s.cluster == cluster} == members


@pytest.mark.parametrize(
    ("indicator", "structure", "value"),
    [
        ("costo_totale_prodotto", "VALLE D'AOSTA", 138.56),
        ("incidenza_legali", "VALLE D'AOSTA", 0.0547),
        ("materiale_consumo_procapite", "BASILICATA", 1.63),
        ("toc_procapite", "LIGURIA", 13_769.96),
        ("riscaldamento_mq", "SARDEGNA", 0.99),
        ("facchinaggio_trasporti", "SARDEGNA", 1_092.51),
        ("toc_procapite", "LAZIO", 15_880.84),
        ("incidenza_legali", "PUGLIA", 0.6341),
        ("missione_01_07", "DCM ROMA", 2.62),
        ("fitti_mq", "DCM MILANO", 229.53),
        ("straordinario_turni", "TOSCANA", 0.41),
        ("buoni_pasto", "TOSCANA", 1_273.62),
        ("indice", "BASILICATA", 105.69),
        ("indice", "DCM NAPOLI", 109.20),
        ("indice", "SARDEGNA", 118.99),
        ("indice", "DCM MILANO", 103.92),
    ],
)
def test_tabella_c(plan, indicator, structure, value):
    assert plan.target(f"costi_standard.{indicator}", structure).value == value


def test_tabella_c_is_complete(plan):
    rows = [i for i in plan.indicators_of("costi_standard") if i.code != "costi_standard.indice"]
    assert len(rows) == 21
    assert sum(t.indicator.startswith("costi_standard.") for t in plan.targets) == 22 * 23
    assert all(i.direction is Direction.LOWER for i in plan.indicators_of("costi_standard"))
    percent = [i.code for i in rows if i.unit is Unit.PERCENT]
    assert percent == ["costi_standard.incidenza_legali"]


def test_recovered_weights_give_the_published_indices(plan, report):
    """Weights in percent in the order of Tabella C's rows; all 23 printed indices within 0.08."""
    weights = plan.weights_of("costi_standard")
    percent = [round(100 * weight.value) for weight in weights]
    assert percent == [8, 12, 8, 8, 4, 4, 4, 2, 2, 2, 2, 2, 2, 6, 4, 4, 6, 8, 2, 2, 8]
    assert [w.member for w in weights] == [i.code for i in plan.indicators_of("costi_standard")][:21]
    assert {weight.status for weight in weights} == {Status.RECOVERED}
    figures = report.check("indici").figures
    assert len(figures) == 23
    assert all(abs(figure.difference) <= 0.08 for figure in figures)


def test_vallee_d_aoste_index_by_hand(plan):
    """First row of cluster A: mean of 138.56, 111.10, 108.80, 125.75, 115.38 is 119.918; 100 * 138.56 / it =
    115.546.
    """
    members = [s.code for s in plan.regional() if s.cluster == "A"]
    values = [plan.target("costi_standard.costo_totale_prodotto", code).value for code in members]
    assert sum(values) / 5 == pytest.approx(119.918)


# --- controllo del processo, parameters -----------------------------------------------------------------------------


def test_bands(plan):
    """AT slide 9."""
    found = [
        [(band.printed, band.upper, band.points) for band in ratio.bands] for ratio in plan.banded_ratios
    ]
    assert found == [
        [("0-70%", 70, 1), ("71-90%", 90, 3), ("91-99,5%", 99.5, 5), ("99,51-100%", None, 7)],
        [("10-...%", None, 0), ("6-9%", 9, 2), ("3-5%", 5, 4), ("0-2%", 2, 6)],
        [("0-70%", 70, 0), ("71-90%", 90, 3), ("91-99,5%", 99.5, 5), ("99,51-100%", None, 7)],
        [("0-50%", 50, 1), ("51-80%", 80, 2), ("81-99,5%", 99.5, 3), ("99,51-100%", None, 4)],
    ]
    assert [ratio.descending for ratio in plan.banded_ratios] == [False, True, False, False]
    assert plan.parameter("controllo_processo.massimo") == 24


def test_process_control_target(plan):
    """AT slide 9: 20 points, measured at regional or metropolitan level."""
    targets = [t for t in plan.targets if t.indicator == "controllo_processo.punti"]
    assert {t.value for t in targets} == {20}
    assert {t.structure for t in targets} == {s.code for s in plan.regional()}


@pytest.mark.parametrize(
    ("code", "value", "status"),
    [
        ("tetto_scostamento", 0.5, Status.PUBLISHED),  # scostamento massimo del +/- 50%
        ("giacenza.base", 360, Status.PUBLISHED),  # P21, box of Indici di giacenza e deflusso
        ("controllo_processo.decimali", 2, Status.ASSUMED),
        ("produttivita.obiettivo", 124, Status.PUBLISHED),  # AT slide 6
        ("giacenza.totale_ente", 70, Status.PUBLISHED),  # objective D
        ("deflusso.totale_ente", 1.02, Status.PUBLISHED),  # objective D
    ],
)
def test_parameters(plan, code, value, status):
    assert (plan.parameters[code].value, plan.parameters[code].status) == (value, status)


def test_assumptions_say_so(plan):
    things = [*plan.parameters.values(), *plan.weights, *plan.banded_ratios]
    assumed = [thing for thing in things if thing.status is Status.ASSUMED]
    assert assumed
    assert all("assunzione" in thing.note for thing in assumed)


def test_area_weights_are_equal_and_assumed(plan):
    assert [(w.value, w.status) for w in plan.weights_of("giacenza")] == [(0.25, Status.ASSUMED)] * 4


# --- published results ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "period", "measure", "document", "value"),
    [
        # P21, Indici di giacenza e deflusso
        ("giacenza.prestazioni_servizi", "2020", "consuntivo", "P21", 41),
        ("giacenza.prestazioni_servizi.credito_welfare", "2020", "piano", "P21", 111),
        ("giacenza.prestazioni_servizi.gestione_pubblica", "2019", "consuntivo", "P21", 229),
        ("giacenza.prestazioni_servizi.gestione_pubblica", "2019", "consuntivo", "P20", 222),
        ("giacenza.altre_aree.invalidita_civile", "2020", "consuntivo", "P21", 248),
        ("giacenza.altre_aree.archivi", "2020", "piano", "P21", 3),
        # P20, Indici di giacenza
        ("giacenza.conto_assicurativo", "2018", "consuntivo", "P20", 246),
        ("giacenza.flussi_contributivi.credito", "2019", "piano", "P20", 133),
        ("giacenza.altre_aree.ricorsi", "2019", "consuntivo", "P20", 128),
        # deflusso
        ("deflusso.conto_assicurativo", "2020", "consuntivo", "P21", 1.15),
        ("deflusso.totale", "2019", "consuntivo", "P20", 0.99),
        # produzione and produttività
        ("produzione.prestazioni", "2020", "consuntivo", "P21", 12_540_800),
        ("produzione.totale", "2020", "piano", "P21", 22_910_609),
        ("produzione.totale", "2021", "piano", "P21", 23_291_060),
        ("produzione.presidio_sede", "2019", "piano", "P20", 2_876_572.31),
        ("produzione.presidio_servizio.autocertificazioni", "2019", "consuntivo", "P20", 969.8),
        ("produzione.staff.medico_legale", "2021", "piano", "P21", 2_114_122),
        ("produttivita.indice", "2019", "consuntivo", "P20", 127.93),
        ("produttivita.indice", "2020", "consuntivo", "P21", 138.63),
        # IEEP
        ("ieep.totale", "2019", "consuntivo", "P20", 13_815_475_478),
        ("ieep.minori_uscite.surrogatorie.assistenziali", "2019", "piano", "P20", 7_008_739),
        ("ieep.minori_uscite.minori_prestazioni", "2019", "variazione_stampata", "P20", -0.1113),
        ("ieep.minori_uscite.indebite.pdap", "2019", "piano", "P20", 9_700_965),
        ("ieep.totale", "2020", "piano", "P21", 8_264_355_659),
        ("ieep.maggiori_entrate.benefici", "2020", "variazione_stampata", "P21", -0.826),
        ("ieep.minori_uscite.interessi", "2020", "variazione_stampata", "P21", 0.6995),
    ],
)
def test_published_results(plan, *, item, period, measure, document, value):
    assert plan.actual(item, period, measure, document=document).value == value


@pytest.mark.parametrize(
    ("item", "period", "measure", "printed", "read"),
    [
        ("ieep.minori_uscite.indebite", "2019", "piano", 1_379_660_978, 1_739_660_978),
        ("ieep.minori_uscite", "2020", "piano", 1_946_562_022, 1_964_562_022),
        ("ieep.maggiori_entrate", "2020", "consuntivo", 8_858_432_446, 8_858_423_447),
    ],
)
def test_readings(plan, *, item, period, measure, printed, read):
    """Sums by hand, 2020: 1.752.300.148 + 190.576.097 + 35.300.227 - 13.614.449 = 1.964.562.023; 7.660.635.698 +
    497.152.165 + 152.925.872 + 1.934.565 + 545.775.147 = 8.858.423.447. 2019: 760.818.644 + 232.895.118 + 9.700.965 +
    736.246.251 = 1.739.660.978."""
    actual = plan.actual(item, period, measure)
    assert (actual.printed, actual.value) == (printed, read)


def test_every_printed_variation_of_ieep_comes_out_but_three(report):
    """27 rows of 2019 (P20) and 15 of 2020 (P21); the exceptions are printed errors."""
    check = report.check("variazioni")
    assert sum(figure.key.startswith("ieep.") for figure in check.figures) == 42
    assert {figure.key: round(figure.computed, 4) for figure in check.known} == {
        "ieep.maggiori_entrate.benefici/2019/variazione_stampata/P20": -0.6575,  # printed -66,75%
        "ieep.maggiori_entrate.riscatti/2020/variazione_stampata/P21": 0.5238,  # printed 53,38%
        "ieep.maggiori_entrate/2020/variazione_stampata/P21": 0.4061,  # printed 40,60%
    }


def test_production_of_2021_adds_up_net_of_inspection(report):
    """11.655.557 + 6.065.869 + 2.970.713 + 2.565.732 + 82.155 + 155 + 171 - 49.293 = 23.291.059, printed .060."""
    figures = {figure.key: figure for figure in report.check("somme").figures}
    figure = figures["produzione.totale/2021/piano/P21"]
    assert (figure.printed, figure.computed, figure.agrees) == (23_291_060, 23_291_059, True)


@pytest.mark.parametrize(
    ("check", "defect"),
    [
        ("ristampe", "slide-14-indebite-assistenziali"),
        ("ristampe", "slide-14-indebite-pdap"),
        ("ristampe", "obiettivo-f-separatore"),
        ("somme", "ieep-2020-minori-uscite-obiettivo"),
        ("somme", "ieep-2020-maggiori-entrate-consuntivo"),
        ("somme", "ieep-2019-indebite"),
        ("somme", "produzione-2019-totale-piano"),
        ("variazioni", "ieep-2020-riscatti-variazione"),
        ("riedizioni", "giacenza-2019-gestione-pubblica"),
    ],
)
def test_known_defects_are_found(report, check, defect):
    assert defect in {figure.defect for figure in report.check(check).known}


# --- completeness: every offender is listed -------------------------------------------------------------------------


def test_every_indicator_is_declared_in_full(plan):
    incomplete = [
        indicator.code
        for indicator in plan.indicators.values()
        if not (indicator.title and indicator.short and indicator.function and indicator.source.place)
        or len(indicator.short) > 40
    ]
    assert incomplete == []


def test_every_value_has_source_and_act(plan):
    bare = [t for t in plan.targets if not t.source.place or t.act not in plan.acts or not t.where]
    assert bare == []
    assert [a for a in plan.actuals if a.source.document not in plan.documents] == []


def test_titles_are_free_of_recognition_errors(plan):
    texts = [i.title for i in plan.indicators.values()] + [i.title for i in plan.actual_items.values()]
    wrong = (
        "riconglunzioni",
        "legall",
        "immobill",
        "guardiana",
        "gestione-flussi",
        "accertamento-eca",
        "ppai",
        " eo ",
    )
    assert [text for text in texts for word in wrong if word in text.lower()] == []


def test_codes_hold_only_plain_letters(plan):
    import re

    codes = [*plan.indicators, *plan.parameters, *plan.actual_items, *plan.acts]
    assert [code for code in codes if not re.fullmatch(r"[a-z0-9_.\-]+", code)] == []


def test_assumed_unit_of_results_is_the_items(plan):
    differing = [
        actual
        for actual in plan.actuals
        if not actual.measure.endswith("_stampata") and actual.unit is not plan.actual_items[actual.item].unit
    ]
    assert differing == []
