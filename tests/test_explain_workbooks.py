"""Explanations of workbooks: written out by hand, worked by hand, and over every score of every example."""

from __future__ import annotations

import io
import json
import zipfile
from collections import defaultdict

import openpyxl
import pytest

from tests.official import EXAMPLES
from tests.small_book import small_book
from tests.typed import type_facts
from xl_perf.catalog import FUNCTIONS, binding
from xl_perf.cli import main
from xl_perf.contract import read_inputs
from xl_perf.errors import WorkbookError
from xl_perf.explain.book import Place, Workbook
from xl_perf.explain.evaluate import Evaluator
from xl_perf.explain.files import as_json, explain, same, score, scores
from xl_perf.explain.html import html
from xl_perf.explain.lines import Liner
from xl_perf.explain.model import LEAVES
from xl_perf.explain.names import UNNAMED
from xl_perf.explain.roles import Role
from xl_perf.explain.sheet import SHEET, with_sheet
from xl_perf.explain.simplify import Simplifier
from xl_perf.explain.standard import UnknownError
from xl_perf.explain.text import text
from xl_perf.explain.tree import Explainer, recomputed
from xl_perf.package import Package, open_package
from xl_perf.values import CellError

BOOKS = sorted(EXAMPLES.glob("*.xlsx"))
SCORECARD = EXAMPLES / "scheda_territoriale_esempio.xlsx"


OFFICES = {
    "A1": "Sede", "B1": "Giacenza", "C1": "Pervenuto", "D1": "Indice", "E1": "Obiettivo", "F1": "Punteggio",
    "G1": "Peso",
    "A2": "ALBA", "B2": 300, "C2": 900, "E2": 100, "G2": 0.5,
    "A3": "BRA", "B3": 90, "C3": 900, "E3": 100, "G3": 0.25,
    "A4": "CUNEO", "E4": 100, "G4": 0.25,
    **{f"D{n}": f'=IF(COUNTBLANK(B{n})+COUNTBLANK(C{n})=0,GIACENZA_INDEX(B{n},C{n},$B$8),"")' for n in (2, 3, 4)},
    **{f"F{n}": f'=IF(OR(D{n}="",E{n}=""),"",PERF_SCORE(D{n},E{n},-1,0.5))' for n in (2, 3, 4)},
    "A6": "Punteggio della provincia", "B6": '=IF(COUNTBLANK(F2:F4)=ROWS(F2:F4),"",PERF_SINTESI(F2:F4,G2:G4))',
    "A7": "In evidenza", "B7": '=IF(B6="","",B6)',
    "A8": "Giorni dell'anno", "B8": 360,
}  # fmt: skip
# ALBA 300/900 x 360 = 120 days against 100, fewer is better: 100 x (1 - 0.2) = 80.
# BRA 90/900 x 360 = 36 days: 64% better, capped to 50%: 150. CUNEO has reported nothing.
# Mean over what is reported: (80 x 0.5 + 150 x 0.25) / 0.75 = 77.5 / 0.75 = 103.3333.
STORED = {
    "D2": 120.0, "D3": 36.0, "D4": "", "F2": 80.0, "F3": 150.0, "F4": "", "B6": 77.5 / 0.75, "B7": 77.5 / 0.75,
}  # fmt: skip
BY_HAND = """\
In evidenza = 103,3333: media ponderata dei valori rilevati; senza dato: CUNEO
├ ALBA · Punteggio = 80 (peso 0,5): 100 x (1 + scostamento dall'obiettivo); scostamento -20,00%; è meglio un valore più basso
│ ├ Indice = 120: giacenza / pervenuto x 360 giorni; da Giacenza 300; Pervenuto 900
│ └ Obiettivo = 100
└ BRA · Punteggio = 150 (peso 0,25): 100 x (1 + scostamento dall'obiettivo); scostamento +64,00%, limitato a +50,00%; è meglio un valore più basso
  ├ Indice = 36: giacenza / pervenuto x 360 giorni; da Giacenza 90; Pervenuto 900
  └ Obiettivo = 100
"""


def test_a_small_workbook_is_explained_as_written_out_by_hand():
    explanation, step, _ = explain(small_book(OFFICES, {"tblSedi": "A1:G4"}, STORED), "Prova!B7")
    said = text(explanation)
    assert said[: said.index("\n\n") + 1] == BY_HAND
    assert step.value == pytest.approx(103.33333333333333)


def test_empty_cells_of_a_guarded_sum_are_named():
    total = {"A9": "Totale", "B9": '=IF(COUNTBLANK(B2:B4)=ROWS(B2:B4),"",SUMPRODUCT(B2:B4*(B2:B4<>"")))'}
    explanation, *_ = explain(
        small_book(OFFICES | total, {"tblSedi": "A1:G4"}, STORED | {"B9": 390.0}), "Prova!B9"
    )
    assert (
        text(explanation).splitlines()[0]
        == "Totale = 390: somma: Giacenza: ALBA 300; BRA 90; senza dato: CUNEO"
    )


def test_a_value_that_the_formulas_do_not_give_is_said():
    explanation, *_ = explain(
        small_book(OFFICES, {"tblSedi": "A1:G4"}, STORED | {"B6": 99.0, "B7": 99.0}), "Prova!B7"
    )
    assert [remark for remark in explanation.remarks if "99" in remark and "103,3333" in remark]


def test_an_error_is_no_missing_value():
    explanation, step, _ = explain(
        small_book(OFFICES, {"tblSedi": "A1:G4"}, STORED | {"F2": CellError.NA}), "Prova!B7"
    )
    assert "ALBA · Punteggio = #N/D" in text(explanation)
    assert step.blank
    assert [name.row for name in step.blank] == ["CUNEO"]


def test_circles_end():
    package = small_book({"A1": "Uno", "B1": "=B2+1", "A2": "Due", "B2": "=B1+1"}, {}, {"B1": 1.0, "B2": 2.0})
    assert "Uno" in text(explain(package, "Prova!B1")[0])


def test_cells_that_do_not_exist():
    package = small_book(OFFICES, {"tblSedi": "A1:G4"}, STORED)
    for cell in ("Manca!A1", "Prova!A1:B2", "niente", "Prova!Z99"):
        with pytest.raises(WorkbookError):
            explain(package, cell)
    with pytest.raises(WorkbookError, match="declares no result"):
        explain(package)


@pytest.fixture(scope="module", params=BOOKS, ids=lambda path: path.stem)
def explainer(request) -> Explainer:
    return Explainer(open_package(request.param))


def test_the_numbers_of_every_tree_recompute_its_score(explainer):
    with binding.use(explainer.roles.plan):
        wrong = [
            (str(place), step.value, value)
            for place in scores(explainer)
            if not same(value := recomputed(step := explainer(place), explainer), step.value)
        ]
    assert len(scores(explainer)) > 10
    assert wrong == []


def test_a_changed_leaf_changes_the_recomputed_score():
    explainer = Explainer(open_package(SCORECARD))
    step = explainer(score(explainer))
    leaf = next(one for one in step.walk() if one.role is Role.INPUT and one.value and one.is_leaf)
    leaf.value = leaf.value * 2
    with binding.use(explainer.roles.plan):
        assert not same(recomputed(step, explainer), step.value)


def test_every_node_has_a_name_and_every_tree_ends_in_leaves(explainer):
    steps = {id(step): step for place in scores(explainer) for step in explainer(place).walk()}
    assert [
        str(s.place) for s in steps.values() if not str(s.name).strip() or str(s.name).startswith("Foglio ")
    ] == []
    filled = [
        explainer(place) for place in scores(explainer) if isinstance(explainer.book.value(place), float)
    ]
    assert [str(step.place) for step in filled if step.name.row.startswith(UNNAMED)] == []
    assert [str(s.place) for s in steps.values() if s.is_leaf and s.role not in LEAVES] == []


def test_names_tell_the_parts_of_a_result_apart(explainer):
    """Offices on several sheets, projects whose long names begin alike, the two ARCHIVI of the plan."""
    steps = {id(step): step for place in scores(explainer) for step in explainer(place).walk()}
    alike = []
    for step in steps.values():
        places = defaultdict(set)
        for branch in step.shown_branches:
            places[str(branch.step.name)].add(branch.step.place)
        alike += [(str(step.place), name) for name, found in places.items() if len(found) > 1]
    assert alike == []
    assert [str(step.name) for step in steps.values() if "Voci " in step.name.column] == []


def test_the_pyramid_is_named_by_its_entries():
    """P21: performance gestionale, istituzionale, strategica; below them perspectives, impacts and areas."""
    explainer = Explainer(open_package(EXAMPLES / "piramide_valore_esempio.xlsx"))
    with binding.use(explainer.roles.plan):
        parts = [branch.step for branch in explainer(score(explainer)).shown_branches]
    assert [part.name.row for part in parts] == [
        "Performance gestionale di ente",
        "Performance istituzionale",
        "Performance strategica di ente",
    ]
    below = [branch.step.name.row for branch in parts[1].branches if branch.weight is not None]
    assert "Continuity of income" in below
    assert "Inspection payment" in below


def test_a_choice_of_words_is_said_as_the_word_that_was_typed():
    """Higher or lower is better stands in the line of the index, not as a formula that gives 1 or -1."""
    explanation, _, _ = explain(open_package(SCORECARD), "Quadro!F22")
    said = text(explanation)
    assert "Verso in uso «più basso»" in said
    assert "perché" not in said


def test_an_error_is_explained_from_the_score_down_to_its_cell(tmp_path):
    """A stock of GENOVA that is #DIV/0!: the score is an error, and so is every step to the cell, no other one."""
    path = tmp_path / "scheda.xlsx"
    package = open_package(SCORECARD)
    stock = next(
        one for one in read_inputs(package).of()
        if (one.identity.item, one.identity.measure, one.identity.structure)
        == ("giacenza.prestazioni_servizi", "giacenza", "GENOVA")
    )  # fmt: skip
    path.write_bytes(package.patch({stock.sheet: {stock.key: CellError.DIV0}}))
    assert main(["recalc", str(path)]) == 1  # new errors
    explanation, step, _ = explain(open_package(path))
    assert step.name.row == "SCHEDA"
    assert isinstance(step.value, CellError)
    wrong = [one for one in step.walk() if isinstance(one.value, CellError)]
    assert stock.cell in {str(one.place) for one in wrong}
    assert not any("non ancora rilevato" in one.sentence for one in wrong)
    assert "GENOVA" in text(explanation)


def test_simplified_formulas_and_the_evaluator_give_the_stored_values():
    """Against the values that the recalculation engine stored, in every formula of the scorecard that we can
    evaluate.
    """
    book = Workbook(open_package(SCORECARD))
    simplify, evaluate = Simplifier(book), Evaluator(book)
    unknown = checked = 0
    for sheet in book.scope.sheets:
        for key, cell in book.cells(sheet).items():
            place = Place(sheet, *key)
            if cell.formula is None:
                continue
            tree = book.formula(place)
            try:
                values = evaluate(tree, place), evaluate(simplify(tree, place), place)
            except UnknownError:
                unknown += 1
                continue
            checked += 1
            for value in values:
                assert same(0.0 if value is None and cell.value == 0 else value, cell.value), place
    assert checked > 2000
    assert unknown < 20


def test_the_score_at_depth_three_and_every_objective_fit(explainer):
    """120 lines, and 60 for an objective whole: a score of a node with nothing below it, or of a row that is
    no total.
    """
    plan = explainer.roles.plan
    inner = {node.parent for node in plan.nodes}
    of_nodes = {node.code for node in plan.nodes}
    with binding.use(plan):
        assert text(Liner(3)(explainer(score(explainer)))).count("\n") <= 120
        lines = {
            str(place): text(Liner()(explainer(place))).count("\n")
            for place, result in explainer.roles.results.items()
            if result.identity.measure == "punteggio" and result.identity.item in of_nodes - inner
        }
    assert {cell: number for cell, number in lines.items() if number > 60} == {}
    assert lines or not any(r.identity.item in of_nodes for r in explainer.roles.results.values())


def test_the_top_of_the_scorecard_is_what_is_explained():
    assert str(explain(open_package(SCORECARD), depth=0)[1].name) == "SCHEDA · Punteggio"


@pytest.fixture(scope="module")
def appeals(tmp_path_factory):
    """The example with 129 as giacenza of the ricorsi of LIGURIA."""
    path = tmp_path_factory.mktemp("ricorsi") / SCORECARD.name
    path.write_bytes(SCORECARD.read_bytes())
    return type_facts(path, {("ricorsi.giacenza_ponderata_dica", "consuntivo", "LIGURIA"): 129})


def test_an_objective_of_the_scorecard_worked_by_hand(appeals):
    """Giacenza ricorsi: 129 against 116, fewer is better: 100 x (1 - 13/116) = 88.79; AT slide 13, CdA 31 of
    24 March 2021.
    """
    said = text(explain(open_package(appeals), "Quadro!F26")[0])
    lines = said.splitlines()
    assert lines[0].startswith("Riduzione della giacenza ponderata Ricorsi Amministrativi · Punteggio")
    assert "= 88,8" in lines[0]
    assert "scostamento -11,21%" in lines[0]
    assert lines[1].endswith("= 129")
    assert "= 116 [" in lines[2]
    assert "slide 13" in lines[2]
    assert "CdA 31/2021 del 24/03/2021" in lines[2]


@pytest.mark.parametrize("program", ["office", "calc", "lambda"])
def test_the_spelling_of_the_functions_changes_nothing(program, tmp_path):
    assert main(["relink", str(SCORECARD), "--to", program, "--out", str(tmp_path)]) == 0
    own, other = open_package(SCORECARD), open_package(tmp_path / SCORECARD.name)
    assert other.data != own.data
    for cell, depth in (("", 3), ("Quadro!F24", None)):
        assert text(explain(other, cell, depth)[0]) == text(explain(own, cell, depth)[0])


def test_an_empty_workbook_says_what_is_missing():
    said = text(explain(open_package(EXAMPLES.parent / "scheda_territoriale.xlsx"))[0])
    first = said.splitlines()[0]
    assert first.startswith(
        "SCHEDA · Punteggio = vuoto: non ancora rilevato; senza dato: Processi, Finanza, "
    )


def test_weights_that_are_assumed_are_marked():
    assert "assunzione" in text(explain(open_package(SCORECARD), "Quadro!I18", 1)[0])


def test_json_holds_the_tree_and_html_escapes(appeals):
    explanation, step, _ = explain(open_package(appeals), "Quadro!F26")
    said = json.loads(json.dumps(as_json(explanation, step), ensure_ascii=False))
    assert said["albero"]["valore"] == pytest.approx(100 * (1 - 13 / 116))
    assert [part["valore"] for part in said["albero"]["parti"]][:2] == [129, 116]
    explanation.root.name = "<script>"
    page = html(explanation, "A & B")
    assert "<script" not in page
    assert "A &amp; B" in page


def test_the_sheet_is_added_and_nothing_else_changes():
    package = open_package(SCORECARD)
    explanation, *_ = explain(package, depth=2)
    copy = with_sheet(package, explanation, "Perché")
    before, after = (zipfile.ZipFile(io.BytesIO(data)) for data in (package.data, copy))
    assert after.testzip() is None
    changed = {
        name
        for name in after.namelist()
        if name not in before.namelist() or before.read(name) != after.read(name)
    }
    listing = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"}
    assert listing < changed
    assert len(changed) == 4
    page = openpyxl.load_workbook(io.BytesIO(copy))[SHEET]
    root = next(row for row in page.iter_rows(values_only=True) if row[0] == "SCHEDA · Punteggio")
    assert root[1] == pytest.approx(explanation.root.value)
    again = Package(with_sheet(Package(copy), explanation, "Perché"))
    assert [info.name for info in again.sheets][-2:] == [SHEET, f"{SHEET} (2)"]


def test_the_command(tmp_path, capsys):
    assert main(["explain", str(SCORECARD), "Quadro!F26", "--depth", "1", "--cells"]) == 0
    assert "<Quadro!" not in capsys.readouterr().out.splitlines()[-1]
    out = tmp_path / "copia.xlsx"
    page, data = tmp_path / "p.html", tmp_path / "p.json"
    status = main(
        ["explain", str(SCORECARD), "--sheet", "--out", str(out), "--html", str(page), "--json", str(data)]
    )
    assert status == 0
    assert out.exists()
    assert "SCHEDA" in page.read_text(encoding="utf-8")
    assert json.loads(data.read_text(encoding="utf-8"))["albero"]["nome"] == "SCHEDA · Punteggio"
    assert main(["explain", str(SCORECARD), "--sheet"]) == 2
    assert main(["explain", str(tmp_path / "manca.xlsx")]) == 1


def test_every_function_has_a_sentence():
    assert [f.name for f in FUNCTIONS.values() if not f.phrase or f.phrase.endswith(".")] == []
    for function in FUNCTIONS.values():
        names = {argument.name for argument in function.arguments}
        marks = {part.partition("}")[0] for part in function.phrase.split("{")[1:]}
        assert marks <= names, function.name
