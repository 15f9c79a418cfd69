"""What the plan prints beside targets: words, headcounts, portal, anticorruption, lines of the CIV, figures
of the POLA.

Expected values are copied from P21 (Piano 2021-2023) and P20 (Piano 2020-2022).
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from xl_perf.errors import PlanError
from xl_perf.plan import load_edition, run_checks
from xl_perf.plan.civ import by_guideline, by_line, macro_lines
from xl_perf.plan.model import Status, Unit
from xl_perf.plan.texts.words import format_civ, format_descriptions


@pytest.fixture(scope="module")
def plan():
    return load_edition("piano-2021-2023")


@pytest.fixture(scope="module")
def older():
    return load_edition("piano-2020-2022")


def _said(plan, subject, aspect):
    (found,) = (d for d in plan.descriptions if (d.subject, d.aspect) == (subject, aspect))
    return found


@pytest.mark.parametrize(
    ("code", "number", "product"),
    [
        # P21, "Obiettivi generali di ente triennali", notes with two to four asterisks
        ("ammortizzatori_qualita", 8, "Disoccupazione Agricola"),
        ("ricorsi_qualita", 4, "comitati locali"),
        ("invalidita_civile_qualita", 4, "riliquidazioni"),
        ("medico_legale_efficacia", 11, "per conto dell'ASL"),
        ("conti_individuali", 2, "Fascicolo Segnalazioni (FASE)"),
        ("customer_care_qualita", 13, "Cassetti Bidirezionali"),
    ],
)
def test_composition_of_the_quality_indices(plan, code, number, product):
    said = _said(plan, f"obiettivi.{code}", "composizione")
    assert (said.value, said.unit, said.act) == (number, Unit.PIECES, "cda-31-2021")
    assert product in said.text


def test_composition_in_the_plan_before(older):
    # P20, "Obiettivi specifici triennali"
    found = {d.subject.partition(".")[2]: d.value for d in older.descriptions if d.value is not None}
    assert found == {
        "ricorsi_qualita": 4,
        "pareri_peritali_qualita": 4,
        "invalidita_civile_qualita": 4,
        "medico_legale_efficacia": 11,
        "pensioni_pubbliche_qualita": 2,
        "cessazione_qualita": 6,
        "customer_care_qualita": 11,
    }


def test_impact_indicators_say_purpose_source_risk_and_calculation(plan):
    for node in plan.children("piramide.istituzionale"):
        aspects = [d.aspect for d in plan.descriptions if d.subject == node.indicator]
        assert aspects == ["finalita", "rischio", "fonte_dati", "calcolo"]
        assert _said(plan, node.indicator, "rischio").text == node.risk
    # P21, "Indicatori di impatto"
    assert _said(plan, "impatto.average_time", "fonte_dati").text.endswith(
        "procedura SIMP (Sistema Monitoraggio Produzione)"
    )
    assert "219.535.401,35" in _said(plan, "impatto.litigation_costs", "calcolo").text


def test_quarterly_reports(plan):
    # AT, third part: medici UOSF, statistico-attuariali (six objectives), progettazioni of the tecnici
    found = {d.subject for d in plan.descriptions if d.aspect == "rendicontazione" and d.value == 4}
    statistics = {
        f"professionisti.statistici.{c}"
        for c in ("progetti", "osservatori", "valutazioni", "forniture", "supporto", "bilanci")
    }
    assert found == statistics | {
        "professionisti.medici_uosf.monitoraggio",
        "professionisti.tecnici.progettazioni",
    }


def test_merit_bands_and_bonus(plan):
    # P21, "Performance individuale - Altri ambiti": 3 anni consecutivi o 5 anni non consecutivi
    assert plan.parameter("individuale.merito.anni_consecutivi") == 3
    assert plan.parameter("individuale.merito.anni_non_consecutivi") == 5
    assert "fascia di merito alta" in _said(plan, "individuale.altri_ambiti.2", "descrizione").text
    assert "bonus" in _said(plan, "individuale.bonus", "descrizione").text


class TestCiv:
    def test_macro_lines(self, plan):
        # P21, "Macro-linee strategiche del CIV": 11, 32, 19
        assert [(m.subject, m.value) for m in macro_lines(plan)] == [
            ("civ.iec", 11),
            ("civ.is", 32),
            ("civ.ip", 19),
        ]

    def test_lines_of_the_plan_before(self, older):
        # P20, "Macro-linee strategiche del CIV" (4) and "Linee Guida Gestionali" (10)
        subjects = [d.subject.partition(".")[0] for d in older.descriptions]
        assert (subjects.count("civ"), subjects.count("linee_guida")) == (4, 10)

    def test_every_entry_of_the_register_stands_under_its_lines(self, plan):
        groups = by_line(plan)
        assert sum(len(g.projects) for g in groups) == sum(len(p.objectives or ("",)) for p in plan.projects)
        codes = [group.code for group in groups]
        assert codes[:3] == ["2021_IEC.10", "2021_IS.1", "2021_IS.2"]
        assert codes[-1] == ""
        # Tabella D: the only structure of IEC.10 is the data protection officer, with two entries
        assert [p.structure for p in groups[0].projects] == [
            "UFFICIO RESPONSABILE DELLA PROTEZIONE DEI DATI"
        ] * 2

    def test_every_entry_stands_under_one_linea_guida(self, plan):
        groups = by_guideline(plan)
        assert [group.code for group in groups] == ["1", "2", "3", "4", "5", ""]
        assert sum(len(group.projects) for group in groups) == len(plan.projects)
        assert len(groups[-1].projects) == 1  # Tabella D prints "#" for one entry

    def test_text(self, plan):
        text = format_civ(plan, "is.32")
        assert text.startswith("2021_IS.32: 1 entry of 1 structure\n")
        assert "1 Processi di governo: 34 entries" in format_civ(plan, guidelines=True)

    def test_unknown_line(self, plan, older):
        with pytest.raises(PlanError, match=r"no line 'IS\.33'"):
            format_civ(plan, "IS.33")
        with pytest.raises(PlanError, match="no lines of the CIV"):
            format_civ(older)

    def test_line_beyond_the_printed_number_is_found(self, plan):
        changed = (replace(plan.projects[0], objectives=("2021_IS.33", "2021_XX.1")), *plan.projects[1:])
        failed = run_checks(replace(plan, projects=changed)).check("civ").failures
        assert [(f.key, f.printed, f.computed) for f in failed] == [("civ.is", 32, 33), ("macro", 0, 1)]


class TestPola:
    def test_roles(self, plan):
        # P21, POLA V: table "Ruoli e responsabilità"
        roles = [d for d in plan.descriptions if d.subject.startswith("lavoro_agile.ruoli.")]
        assert [d.title for d in roles[::2]] == [
            "Consiglio di Amministrazione",
            "Direzione Generale",
            "Dirigenti",
            "OO. SS.",
            "CUG",
            "OIV",
        ]
        assert {d.aspect for d in roles} == {"redazione", "regime"}

    def test_courses(self, plan):
        # P21, POLA, Scheda 5 (3 courses for dirigenti) and Scheda 6 (4 for all staff)
        dates = {d.subject[-3:]: d.text for d in plan.descriptions if d.aspect == "tempi"}
        assert dates == {
            "5.1": "primo semestre 2021",
            "5.2": "primo semestre 2021",
            "5.3": "secondo semestre 2021 – primo semestre 2022",
            "6.1": "2021",
            "6.2": "2021-2022",
            "6.3": "in relazione alle novità normative o contrattuali",
            "6.4": "2021",
        }
        assert _said(plan, "lavoro_agile.corsi.6.4", "durata").value == 6

    @pytest.mark.parametrize(
        ("item", "structure", "value"),
        [
            # P21, POLA, Scheda 1
            ("partecipazione", "VENETO", 0.51),
            ("donne", "NAZIONALE", 0.61),
            ("dotazioni", "NAZIONALE", 0.525),
            ("ore_autonome_management", "NAZIONALE", 0.542),
            ("ore_distribuite_po", "NAZIONALE", 0.286),
            ("efficacia_invariata", "NAZIONALE", 0.471),
            ("parziale_media", "NAZIONALE", 0.542),
        ],
    )
    def test_survey(self, plan, item, structure, value):
        assert plan.actual(f"lavoro_agile.indagine_{item}", "2020", structure=structure).value == value

    def test_survey_shares_of_ages_and_opinions(self, plan):
        def share(item):
            return plan.actual(f"lavoro_agile.indagine_{item}", "2020").value

        assert sum(map(share, ("eta_giovani", "eta_media", "eta_oltre55"))) == pytest.approx(1)
        assert sum(map(share, ("opportunita", "ricordo", "lusso", "irreversibili"))) == pytest.approx(1)


class TestNumbers:
    @pytest.mark.parametrize(
        ("item", "year", "value"),
        [
            # P20 and P21, "L'INPS digitale"
            ("visitatori_anno", "2017", 401_357_439),
            ("visitatori_anno", "2020", 815_392_201),
            ("pagine_picco", "2020", 69_089_381),
            ("moduli", "2019", 761),
            ("app_accessi", "2020", 139_123_498),
            ("linea_inps", "2018", 1_388_696),
            ("tablet", "2020", 75_030),
            ("pin", "2019", 24_788_739),
        ],
    )
    def test_portal(self, plan, item, year, value):
        assert plan.actual(f"digitale.{item}", year).value == value

    def test_both_documents_print_the_same_visits(self, plan):
        again = [f for f in run_checks(plan).check("riedizioni").figures if f.key.startswith("digitale.")]
        assert len(again) == 13 * 2
        assert all(f.agrees for f in again)

    def test_staff(self, plan):
        # P20, "Lo stato delle Risorse Umane": 2.568 (9%) and 25.891 (91%)
        parts = [plan.actual(f"organico.{c}", "2019").value for c in ("sede_centrale", "sedi_territoriali")]
        assert parts == [2_568, 25_891]
        assert sum(parts) == plan.actual("organico.consistenza", "2019").value == 28_459

    def test_recruitment(self, plan):
        lines = {line.code: line.value for line in plan.lines_of("organico")}
        # P21, "Lo stato di salute delle risorse umane"
        assert lines == {
            "organico.assunzioni.medici": 224,
            "organico.assunzioni.medici_seconda_fascia": 35,
            "organico.assunzioni.legali": 15,
            "organico.assunzioni.informatici": 165,
            "organico.assunzioni.consulenti": 1_858,
        }

    def test_anticorruption(self, plan, older):
        lines = {line.code.partition(".")[2]: line.value for line in plan.lines_of("anticorruzione")}
        # P21, "Piano Triennale della Prevenzione della Corruzione": 275 + 260; 76% and 71% of the low risks
        assert (lines["processi"], lines["processi.centrali"], lines["processi.territoriali"]) == (
            535,
            275,
            260,
        )
        assert lines["rischi"] == 492
        assert (lines["misure.bassi_centrali"], lines["misure.bassi_territoriali"]) == (0.76, 0.71)
        assert sum(value == 1 for value in lines.values()) == 5
        assert [line.value for line in older.lines_of("anticorruzione")] == [541, 459]


def test_targets_that_the_plan_prints_are_targets(plan):
    # AT, slide 12; slide 6; Tabella A, national row of the flussi contributivi
    assert plan.target("sussidiarieta.pezzi", "NAZIONALE").value == 134_990
    assert plan.target("produttivita.indice", "NAZIONALE").value == 124
    own = plan.target("centrali.giacenza", "DIREZIONE CENTRALE ENTRATE")
    assert (own.value, own.status) == (109, Status.RECOVERED)
    assert own.value == plan.target("giacenza.flussi_contributivi", "NAZIONALE").value


def test_owners_of_the_cross_projects(plan):
    # AT, slide 50
    owners = {
        node.indicator: node.owner.split(" | ")[0]
        for node in plan.nodes
        if "progetti_dd" in str(node.indicator)
    }
    assert owners == {
        "centrali.progetti_dd4": "Direttore Centrale Organizzazione e Comunicazione Interna",
        "centrali.progetti_dd5": "Direzione Centrale Tecnologia Informatica e Innovazione",
    }


def test_descriptions_as_text(plan):
    text = format_descriptions(plan, "customer", "composizione")
    assert "composizione [13 pezzi]" in text
    assert "source: P21, Obiettivi generali di ente triennali, obiettivo I" in text
    with pytest.raises(PlanError, match="no description of 'nulla'"):
        format_descriptions(plan, "nulla")


@pytest.mark.parametrize(
    "code",
    [
        "regole.quote_in_punti",
        "controllo_processo.senza_irregolarita",
        "dismissione.somma_avanzamenti",
        "centrali.ieep_realizzazione",
    ],
)
def test_switches_are_assumptions_that_say_so(plan, code):
    parameter = plan.parameters[code]
    assert (parameter.value, parameter.status) == (1, Status.ASSUMED)
    assert parameter.note.startswith("assunzione")
