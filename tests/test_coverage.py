"""The table of systems: it names every system of the plan, and sees what is missing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from xl_perf import coverage
from xl_perf.catalog import FUNCTIONS
from xl_perf.cli import main
from xl_perf.coverage import NEEDED, SheetContent, entries, measure, workbook_cases
from xl_perf.coverage.report import format_coverage
from xl_perf.coverage.sheets import read_sheets
from xl_perf.errors import PlanError
from xl_perf.plan import edition_ids, load_edition
from xl_perf.templates.build import BUILDERS

TESTS = Path(__file__).parent
CASES = {
    number: [() for case in workbook_cases.load_workbook_cases() if case.system == number]
    for number in range(1, 31)
}
"""As if every case came out: they are run one by one in test_workbook_cases.py."""

# Systems that only hold published results of past years, with the entry that shows them, or none of their own.
RESULTS_ONLY = {"customer_experience", "servizi", "covid", "digitale", "organico", "anticorruzione"}
# Lines that measure nothing: staff to be recruited, processes and risks of the anticorruption plan.
FIGURES_ONLY = {"organico", "anticorruzione"}


@pytest.fixture(scope="module")
def plan():
    return load_edition()


@pytest.fixture(scope="module")
def sheets(plan):
    return read_sheets(plan)


@pytest.fixture(scope="module")
def found(plan, sheets):
    return {item.entry.number: item for item in measure(plan, sheets, CASES)}


def test_every_system_tree_and_table_of_the_plan_has_an_entry(plan):
    listed = entries()
    assert {code for e in listed for code in e.systems} | RESULTS_ONLY == set(plan.systems)
    assert {tree for e in listed for tree in e.trees} == {node.tree for node in plan.nodes}
    assert {code for e in listed for code in e.lines} | FIGURES_ONLY == {line.system for line in plan.lines}
    assert {e.edition for e in listed} - {None} == set(edition_ids()[:-1])
    assert any(e.projects for e in listed)


def test_every_function_belongs_to_a_system(plan):
    common = {"PERF_SCORE", "PERF_SCOSTAMENTO", "OBIETTIVO", "PERF_SPIEGA"}
    named = {name for e in entries() for name in (*e.functions, *e.uses)}
    assert named <= set(FUNCTIONS)
    assert named | common == set(FUNCTIONS)


def test_the_systems_are_those_of_the_rules():
    assert [entry.number for entry in entries()] == list(range(1, 31))
    assert coverage.edition() in edition_ids()


def test_every_system_has_cases_of_its_own_or_shows_a_check(found):
    few = {number for number, item in found.items() if item.cases < NEEDED}
    assert few == {29}
    assert found[29].checked > 10
    assert {item.entry.number: item.missing for item in found.values() if item.missing} == {}


def test_commands_that_stand_for_a_sheet_run(capsys):
    commands = [entry.command for entry in entries() if entry.command]
    assert commands == ["xl-perf plan amendments"]
    for command in commands:
        assert main(command.split()[1:]) == 0
        assert capsys.readouterr().out


def test_data_rows_are_counted(found):
    # Tabella B: 27 rows x 24 columns; weights of the two sections; results of 2019 and 2020
    assert found[15].rows > 27 * 24
    # 94 nodes of the tree, 44 baselines and more
    assert found[4].rows > 94 + 44
    assert found[26].rows > 100
    assert found[28].rows > 150


def test_places_are_found_by_codes_and_functions(found):
    assert "giacenza.xlsx: Tabella A" in found[8].sheets
    assert "ieep.xlsx: Tabella B" in found[15].sheets
    assert "costi_standard.xlsx: Tabella C" in found[17].sheets
    assert "controllo_processo.xlsx: Pratiche" in found[12].sheets
    assert not any("Metadati" in place for item in found.values() for place in item.sheets)


def test_sheets_are_those_of_every_builder(sheets):
    assert {sheet.workbook for sheet in sheets} == {f"{name}.xlsx" for name in BUILDERS}


def test_without_workbooks_every_system_lacks_its_place(plan):
    for item in measure(plan, (), CASES):
        assert ("no workbook and sheet" in item.missing) is not bool(item.entry.command)


def test_a_formula_with_its_function_is_a_place(plan):
    sheet = SheetContent("x.xlsx", "Foglio", frozenset(), "=OBIETTIVO_REGOLA(A1,B1)")
    (rules,) = [
        item for item in measure(plan, [sheet], CASES) if item.entry.functions == ("OBIETTIVO_REGOLA",)
    ]
    assert rules.sheets == ("x.xlsx: Foglio",)
    assert rules.missing == ()


def test_empty_cells_are_named(found):
    item = replace(found[15], rows=0, functions=(), sheets=(), cases=0)
    few = f"0 worked cases of its own, {NEEDED} are needed"
    assert item.missing == ("no data rows", "no functions", "no workbook and sheet", few)
    text = format_coverage([item])
    assert text.count("MISSING") == 4
    assert f"15 IEEP: {few}" in text
    assert text.endswith("1 systems, 0 complete")


def test_one_case_is_a_gap_and_so_is_one_that_does_not_come_out(plan, sheets):
    cases = {**CASES, 15: [()], 16: [(), ("16: prova: expected 1, found 2",)]}
    found = {item.entry.number: item for item in measure(plan, sheets, cases)}
    assert found[15].missing == (f"1 worked cases of its own, {NEEDED} are needed",)
    assert found[16].missing == ("16: prova: expected 1, found 2",)


def _case(expected):
    given = ({"foglio": "Pratiche", "cella": "A1", "valore": 1},)
    entry = {
        "sistema": 12,
        "titolo": "prova",
        "origine": "prova",
        "calcolo": "a mano",
        "modello": "controllo_processo",
    }
    return workbook_cases._case({**entry, "dati": list(given), "attesi": list(expected)}, "prova.toml")


def test_a_case_says_what_does_not_come_out():
    runner = workbook_cases.Runner(coverage.edition())
    (line,) = runner.wrong(_case([{"foglio": "Pratiche", "cella": "A2", "valore": 1}]))
    assert "is locked" in line
    case = replace(_case([{"foglio": "Parametri", "cella": "A1", "valore": "altro"}]), given=())
    (line,) = runner.wrong(case)
    assert line.startswith("12: prova: Parametri, A1: expected 'altro', found ")


def test_cases_that_are_not_there(monkeypatch, tmp_path):
    monkeypatch.setattr(workbook_cases, "_FOLDERS", (tmp_path / "a", tmp_path / "b"))
    with pytest.raises(PlanError, match="the worked cases of the workbooks are not there"):
        workbook_cases.load_workbook_cases()


def test_unknown_key_and_unknown_system(plan, monkeypatch):
    monkeypatch.setattr(coverage, "_read", lambda name: '[[sistema]]\nnumero = 1\ntitolo = "X"\nfogli = []\n')
    with pytest.raises(PlanError, match="unknown key 'fogli'"):
        entries()
    text = '[[sistema]]\nnumero = 1\ntitolo = "X"\nsistemi = ["giacenze"]\n'
    monkeypatch.setattr(coverage, "_read", lambda name: text if name == "systems.toml" else "")
    with pytest.raises(PlanError, match="unknown system 'giacenze' of 'X'"):
        measure(plan, (), CASES)


def test_command_exits_as_the_table_says(found, capsys, monkeypatch):
    monkeypatch.setattr(workbook_cases, "results", lambda _edition, _cases: CASES)
    assert main(["plan", "coverage"]) == 0
    out = capsys.readouterr().out
    assert out.endswith("30 systems, 30 complete\n")
    for item in found.values():
        assert item.entry.title in out
    monkeypatch.setattr(workbook_cases, "results", lambda _edition, _cases: {**CASES, 3: [()]})
    assert main(["plan", "coverage"]) == 1
    assert "30 systems, 29 complete" in capsys.readouterr().out


def test_commands_on_changes(capsys, tmp_path):
    assert main(["plan", "diff", "piano-2020-2022", "piano-2021-2023"]) == 0
    out = capsys.readouterr().out
    assert "piano-2020-2022 -> piano-2021-2023" in out
    # P20 plans 88% for 2021, P21 95%
    assert "  ~ obiettivi.rdc_definito, NAZIONALE, 2021" in out
    assert "      88,00%\n   -> 95,00%" in out
    assert main(["plan", "diff", str(TESTS / "toy_plan"), str(TESTS / "toy_plan")]) == 0
    assert "0 differences" in capsys.readouterr().out
    assert main(["plan", "diff", "piano-2020-2022", str(tmp_path / "nowhere")]) == 2
    assert "unknown edition" in capsys.readouterr().err
    assert main(["plan", "amendments"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Deliberazione del Consiglio di Amministrazione n. 133 del 29 settembre 2021")
    # the first pages of P21 list 10 changes of the plan, 7 of the AT, 2 of the tables
    assert out.endswith("19 amendments\n")


def test_show_tells_the_rules_beside_the_targets(capsys):
    assert main(["plan", "show", "obiettivi.maggiori_entrate"]) == 0
    out = capsys.readouterr().out
    assert "8.855.168.560 euro" in out
    # P21, objective F
    assert "2022: +2% Maggior importo fra obiettivo 2021 e risultato consuntivo 2021  (no number yet)" in out
    assert "percentuale maggiore, from obiettivo 2021" in out
    assert main(["plan", "show", "ieep.totale", "LIGURIA"]) == 0
    assert "rule" not in capsys.readouterr().out
