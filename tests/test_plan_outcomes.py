"""The published results of 2019 and 2020 of the obiettivi specifici, scored by the spreadsheet functions.

Numbers copied from P20, "Obiettivi specifici di ente - Risultati 2019" (two slides), and P21, "Risultato
degli obiettivi specifici di ente (ex art. 5 decr. Lgs. N. 150/2009)" (two slides). Weights of 2020 from P20,
"Declinazione annuale".
"""

from __future__ import annotations

import pytest

from xl_perf.functions import PERF_SCORE, PERF_SINTESI
from xl_perf.plan import load_edition, run_checks
from xl_perf.plan.checks import CheckStatus
from xl_perf.plan.model import Status

# objective -> printed result in percent, then for each indicator: actual, target, direction, weight
RESULTS_2019 = {
    "entrate": (25.25, [(10_867_894_356, 8_677_272_855, 1, 1)]),
    "posizioni": (
        18.08,
        [
            (119.34, 102, 1, 0.25),
            (187_759, 158_996, -1, 0.25),
            (5_576_673, 8_202_333, -1, 0.25),
            (73_933, 52_293, 1, 0.25),
        ],
    ),
    "tempi": (-21.13, [(210, 150, -1, 0.5), (99.70, 102, 1, 0.5)]),
    "percepita": (1.84, [(102.86, 101, 1, 1)]),
    "cessazione": (8.94, [(111.12, 102, 1, 1)]),
}
# the weight that is left is that of the projects, realised at 100%: score 100
RESULTS_2020 = {
    "contenzioso": (-4.41, [(96.06, 103, 1, 0.9), (120.05, 103, 1, 0.1)]),
    "percepita": (14.74, [(117.03, 102, 1, 1)]),
    "benessere": (33.40, [(19.09, 10, 1, 0.3), (264, 318, -1, 0.2), (166.20, 100, 1, 0.3)]),
    "cessazione": (14.64, [(119.75, 103, 1, 0.9)]),
}
# printed, computed by hand in rules of the project, both in percent
DIFFERENT = {
    "2019.protezione": (8.81, 8.824),  # (96,55/85 + 92,66/85 + 105,95/102)/3 - 1
    "2019.sintesi": (7.16, 6.257),  # (25,25 + 18,08 - 21,13 + 2,01 + 1,84 + 8,94 + 8,81)/7
    "2020.entrate": (19.57, 18.061),  # 0,45 * (8.310.713.735/5.930.504.582 - 1)
    # 0,1 * (73,97/96,43 - 1) + 0,2 * 0,5 - 0,2 * 0,5 - 0,2 * 0,35685 + 0,15 * 0,5
    "2020.posizioni": (-0.47, -1.966),
    "2020.tempi": (-12.91, -12.271),  # -0,3 * 0,5 + 0,3 * (113,46/104 - 1)
    "2020.protezione": (5.60, 5.627),  # 0,2 * (94,26/87 - 1 + 93,40/87 - 1 + 114,68/102 - 1)
    "2020.sintesi": (8.67, 8.77),  # (19,57 - 0,47 - 12,91 - 4,41 + 14,74 + 33,40 + 14,64 + 5,60)/8
}


@pytest.fixture(scope="module")
def plan():
    return load_edition("piano-2020-2022")


@pytest.fixture(scope="module")
def report(plan):
    return run_checks(plan)


def _score(parts):
    scores = [PERF_SCORE(actual, target, direction) for actual, target, direction, _ in parts]
    weights = [weight for *_, weight in parts]
    rest = 1 - sum(weights)
    return PERF_SINTESI([*scores, 100], [*weights, rest]) if rest > 1e-9 else PERF_SINTESI(scores, weights)


@pytest.mark.parametrize(("objective", "case"), RESULTS_2019.items(), ids=RESULTS_2019)
def test_results_of_2019_come_out(objective, case):
    printed, parts = case
    assert _score(parts) == pytest.approx(100 + printed, abs=0.005), objective


@pytest.mark.parametrize(("objective", "case"), RESULTS_2020.items(), ids=RESULTS_2020)
def test_results_of_2020_come_out(objective, case):
    printed, parts = case
    assert _score(parts) == pytest.approx(100 + printed, abs=0.005), objective


def test_litigation_of_2019_within_the_rounding_of_its_indices():
    """Printed 2.01; 75/25 gives 2.0025, and 102.685 and 108.135 would still be printed 102.68 and 108.13."""
    parts = [(102.68, 102, 1, 0.75), (108.13, 102, 1, 0.25)]
    highest = [(102.685, 102, 1, 0.75), (108.135, 102, 1, 0.25)]
    assert _score(parts) == pytest.approx(102.0025, abs=0.0001)
    assert _score(parts) < 102.005 < _score(highest)


def test_weights_that_no_document_prints_say_so(plan):
    guessed = {part.result for part in plan.result_parts if part.status is Status.ASSUMED}
    assert guessed == {
        f"risultati.{name}"
        for name in ("2019.contenzioso", "2019.protezione", "2019.sintesi", "2020.sintesi")
    }


def test_public_employees_is_the_mean_of_its_two_parts():
    assert PERF_SINTESI([100 - 0.47, 100 - 12.91], [0.5, 0.5]) == pytest.approx(100 - 6.69)


@pytest.mark.parametrize(("result", "values"), DIFFERENT.items(), ids=DIFFERENT)
def test_results_that_do_not_come_out_are_listed(plan, report, result, values):
    printed, computed = values
    (figure,) = (f for f in report.check("risultati").figures if f.key.startswith(f"risultati.{result}/"))
    assert 100 * figure.printed == pytest.approx(printed)
    assert 100 * figure.computed == pytest.approx(computed, abs=0.0006)
    defect = next(d for d in plan.defects if d.id == figure.defect)
    assert f"{printed:.2f}".replace(".", ",") in defect.printed.replace("107,16 (+", "(+")
    assert defect.reason


def test_the_check_compares_every_printed_result(plan, report):
    check = report.check("risultati")
    assert check.status is CheckStatus.KNOWN_DEFECT
    # 7 objectives and the synthesis of 2019; 8 objectives, the pair of public employees and the synthesis of 2020
    assert len(check.figures) == 18
    assert {f.key.split("/")[0].removeprefix("risultati.") for f in check.known} == set(DIFFERENT)
    printed = {a.item for a in plan.actuals if a.measure == "scostamento_stampato"}
    assert printed == {f.key.split("/")[0] for f in check.figures}


@pytest.mark.parametrize(
    ("item", "period", "target", "actual"),
    [
        ("risultati.implementazione", "2019", 158_996, 187_759),
        ("obiettivi.rdc_definito", "2019", 0.85, 0.9655),
        ("obiettivi.customer_care_qualita", "2019", 101, 102.86),
        ("obiettivi.quota_100_lista", "2020", 0.9643, 0.7397),
        ("obiettivi.rvpa_pezzi", "2020", 86_080, 165_334),
        ("obiettivi.scarti_giacenza", "2020", 2_788_304, 3_783_310),
        ("obiettivi.estratto_conto", "2020", 139_213, 224_376),
        ("obiettivi.giacenza_pdap", "2020", 140, 229),
        ("obiettivi.contenzioso_personale", "2020", 318, 264),
        ("risultati.piano_lavori", "2020", 1, 1.6620),
        ("obiettivi.famiglie_definito", "2020", 0.87, 0.9340),
    ],
)
def test_rows_of_the_tables(plan, item, period, target, actual):
    assert plan.actual(item, period, "piano").value == target
    assert plan.actual(item, period).value == actual


def test_stocks_of_the_national_projects(plan):
    """P21, Produzione: 1.995.494 of 2.968.451 pieces; the stock that is left is what the table of results prints."""
    stocks = ("obiettivi.implementazione_giacenza", "obiettivi.scarti_giacenza")

    def pieces(measure):
        cut = sum(
            plan.actual(code, "2020", "baseline").value - plan.actual(code, "2020", measure).value
            for code in stocks
        )
        return cut + plan.actual("obiettivi.rvpa_pezzi", "2020", measure).value

    assert (
        pieces("piano") == plan.actual("progetti_miglioramento.nazionali", "2020", "piano").value == 2_968_451
    )
    assert pieces("consuntivo") == plan.actual("progetti_miglioramento.nazionali", "2020").value == 1_995_494


def test_works_done_are_recovered(plan):
    """166.20% of 71 works: 118.0."""
    works = plan.actual("obiettivi.piano_lavori", "2020")
    assert (works.value, works.status) == (118, Status.RECOVERED)
    assert round(71 * 1.6620) == 118


def test_wrong_result_is_found(plan):
    from dataclasses import replace

    changed = [replace(a, value=0.35) if a.item == "risultati.2020.benessere" else a for a in plan.actuals]
    failed = run_checks(replace(plan, actuals=tuple(changed))).check("risultati").failures
    assert [f.key for f in failed] == ["risultati.2020.benessere/2020/P21"]


def test_national_targets_of_2020(plan):
    # P21, "Andamento dell'indice di giacenza in giorni", column Piano 2020; "Produttività": obiettivo di 124 punti
    areas = ("prestazioni_servizi", "conto_assicurativo", "flussi_contributivi", "altre_aree")
    assert [plan.target(f"giacenza.{a}", "NAZIONALE").value for a in areas] == [34, 208, 125, 118]
    assert [plan.actual(f"giacenza.{a}", "2020").value for a in areas] == [41, 238, 155, 104]
    assert plan.target("produttivita.indice", "NAZIONALE").value == 124
