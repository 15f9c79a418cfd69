"""The table of systems: it names every system of the plan, and sees what is missing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.cases.loader import load_cases
from xl_perf import coverage
from xl_perf.catalog import FUNCTIONS
from xl_perf.cli import main
from xl_perf.coverage import SheetContent, case_counts, entries, measure
from xl_perf.coverage.cases import counted
from xl_perf.coverage.report import format_coverage
from xl_perf.coverage.sheets import read_sheets
from xl_perf.errors import PlanError
from xl_perf.plan import edition_ids, load_edition
from xl_perf.templates.build import BUILDERS

TESTS = Path(__file__).parent

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
    return {item.entry.title: item for item in measure(plan, sheets)}


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


def test_list_of_cases_is_current():
    text = (Path(coverage.__file__).with_name("cases.toml")).read_text(encoding="utf-8")
    assert text == counted(TESTS / "cases"), "run: python -m xl_perf.coverage.cases tests/cases"
    assert set(case_counts()) == {case.function for case in load_cases()}


def test_data_rows_are_counted(found):
    # Tabella B: 27 rows x 24 columns; weights of the two sections; results of 2019 and 2020
    assert found["IEEP"].rows > 27 * 24
    # 94 nodes of the tree, 61 targets and 44 baselines and more
    assert found["Piramide del valore"].rows > 94 + 61
    assert found["Registro dei progetti (Tabella D)"].rows > 100
    assert found["Edizione 2020-2022"].rows > 150


def test_places_are_found_by_codes_and_functions(found):
    assert "giacenza.xlsx: Tabella A" in found["Indici di giacenza"].sheets
    assert "ieep.xlsx: Tabella B" in found["IEEP"].sheets
    assert "costi_standard.xlsx: Tabella C" in found["Costi standard"].sheets
    assert "controllo_processo.xlsx: Pratiche" in found["Controllo del processo produttivo"].sheets
    assert not any("Metadati" in place for item in found.values() for place in item.sheets)


def test_sheets_are_those_of_every_builder(sheets):
    assert {sheet.workbook for sheet in sheets} == {f"{name}.xlsx" for name in BUILDERS}


def test_without_workbooks_every_system_lacks_its_place(plan):
    for item in measure(plan, ()):
        assert "workbook and sheet" in item.missing


def test_a_formula_with_its_function_is_a_place(plan):
    sheet = SheetContent("x.xlsx", "Foglio", frozenset(), "=OBIETTIVO_REGOLA(A1,B1)")
    (rules,) = [item for item in measure(plan, [sheet]) if item.entry.functions == ("OBIETTIVO_REGOLA",)]
    assert rules.sheets == ("x.xlsx: Foglio",)
    assert rules.missing == ()


def test_empty_cells_are_named(found):
    item = replace(found["IEEP"], rows=0, functions=(), sheets=(), cases=0)
    assert item.missing == ("data rows", "functions", "workbook and sheet", "cases")
    text = format_coverage([item])
    assert text.count("MISSING") == 4
    assert "IEEP: no data rows, no functions, no workbook and sheet, no cases" in text
    assert text.endswith("1 systems, 0 complete")


def test_unknown_key_and_unknown_system(plan, monkeypatch):
    monkeypatch.setattr(
        coverage, "_read", lambda name: '[[sistema]]\nregole = "1"\ntitolo = "X"\nfogli = []\n'
    )
    with pytest.raises(PlanError, match="unknown key 'fogli'"):
        entries()
    text = '[[sistema]]\nregole = "1"\ntitolo = "X"\nsistemi = ["giacenze"]\n'
    monkeypatch.setattr(coverage, "_read", lambda name: text if name == "systems.toml" else "")
    with pytest.raises(PlanError, match="unknown system 'giacenze' of 'X'"):
        measure(plan, ())


def test_command_exits_as_the_table_says(found, capsys):
    complete = not any(item.missing for item in found.values())
    assert main(["plan", "coverage"]) == (0 if complete else 1)
    out = capsys.readouterr().out
    assert f"{len(found)} systems" in out
    for title in found:
        assert title in out


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
