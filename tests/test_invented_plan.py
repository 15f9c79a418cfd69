"""The next plan arrives as data: an invented edition with other names, counts and years works in all eleven
workbooks.
"""

from __future__ import annotations

import io
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from tests.invented_changes import drop
from tests.invented_plan import BASE, ID, write
from xl_perf.addins.plan_source import plan_source
from xl_perf.errors import PlanError
from xl_perf.package import Package, open_package
from xl_perf.plan import load_directory, load_edition
from xl_perf.plan.checks import CheckStatus, run_checks
from xl_perf.plan.installed import install
from xl_perf.plan.library import forget
from xl_perf.plan.model import StructureKind
from xl_perf.recalc import recalc_paths, recalculate_package
from xl_perf.recalc.model import Options
from xl_perf.relink import Dialect, relink_package
from xl_perf.sync import sync_file
from xl_perf.templates.build import BUILDERS, build_all, build_scorecard, build_workbook

if TYPE_CHECKING:
    from tests.invented_changes import Files
    from xl_perf.plan.model import Plan

TEMPLATES = tuple(BUILDERS)
BOTH = [(template, example) for template in TEMPLATES for example in (False, True)]
ACT = """
[[atto]]
id = "cda-9-2029"
titolo = "Deliberazione inventata n. 9 del 15 novembre 2029"
data = 2029-11-15
tipo = "aggiornamento"
breve = "CdA 9/2029"
"""
AMENDED = [
    # what the act changes: kind, key, field, value, unit
    ("parametro", "tetto_scostamento", "valore", "0.4", "percentuale"),
    ("parametro", "giacenza.base", "valore", "300", "giorni"),
    ("parametro", "individuale.tep.6", "valore", "1.5", "rapporto"),
    ("peso", "ieep|ieep.entrate", "valore", "0.6", "percentuale"),
    ("peso", "ieep|ieep.prestazioni", "valore", "0.4", "percentuale"),
    ("peso", "piramide.area_assetti|piramide.C", "valore", "0.6", "percentuale"),
    ("peso", "piramide.area_assetti|piramide.D", "valore", "0.4", "percentuale"),
    ("fascia", "controllate|2", "limite", "80", "percento"),
]


def act(files: Files) -> None:
    """An act that changes a target, parameters, weights and a band."""
    files["edition.toml"] = files["edition.toml"].rstrip("\n") + "\n" + ACT
    files["modifiche.csv"] = (
        "indicatore,struttura,periodo,valore,unita,atto,fonte,nota\n"
        'giacenza.prestazioni_servizi,TORINO,2029,28,giorni,cda-9-2029,"P21, inventata",\n'
    )
    rows = [f'{",".join(row)},cda-9-2029,published,"P21, inventata",' for row in AMENDED]
    files["modifiche_dati.csv"] = "\n".join(
        ["dato,chiave,campo,valore,unita,atto,stato,fonte,nota", *rows, ""]
    )
    files["emendamenti.csv"] += (
        'cda-9-2029,Piano,Giacenza,1,un obiettivo,obiettivi,giacenza.prestazioni_servizi,"P21, inventata",\n'
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """The invented edition and its amendment, the edition installed on the machine."""
    folder = tmp_path_factory.mktemp("inventato")
    write(folder / "edizione")
    write(folder / "emendata", act)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XL_PERF_DATA", str(folder / "dati"))
        forget()
        install(folder / "edizione", force=False, as_source=plan_source)
        forget()
        yield folder
    forget()


@pytest.fixture(scope="module")
def plan(home):
    return load_edition(ID) if home else None


@pytest.fixture(scope="module")
def amended(home):
    return load_directory(home / "emendata")


@pytest.fixture(scope="module")
def books(home, plan):
    """Folder with the official workbooks and their examples."""
    report = build_all(home / "libri", plan)
    assert (report.edition, dict(report.lacking), len(report.files)) == (ID, {}, 2 * len(TEMPLATES))
    return home / "libri"


def book_path(books, template, *, example):
    return books / "esempi" / f"{template}_esempio.xlsx" if example else books / f"{template}.xlsx"


def test_checks_pass(plan, amended):
    for edition in (plan, amended):
        report = run_checks(edition)
        assert report.ok
        absent = [check.id for check in report.checks if check.status is CheckStatus.ABSENT]
        assert absent == []


def test_counts_and_years_are_other_ones(plan):
    base = load_edition(BASE)

    def counts(edition):
        by_kind = Counter(structure.kind for structure in edition.structures.values())
        card = edition.model("scheda_territoriale")
        return {
            "areas": len(edition.model("giacenza").codes("indici_giacenza")),
            "rows": len(edition.indicators_of(edition.indicators[edition.role("totale_ieep")].system)),
            "costs": len(edition.weights_of(edition.role("pesi_costi"))),
            "clusters": len({s.cluster for s in edition.structures.values() if s.cluster}),
            "bands": [len(ratio.bands) for ratio in edition.banded_ratios],
            "objectives": len(edition.model("piramide_valore").codes("obiettivi")),
            "card": sum(not edition.children(n.code) for n in edition.nodes_of(card.role("albero"))),
            "offices": by_kind[StructureKind.OFFICE],
            "levels": len(edition.codes("coefficienti_tep")),
        }

    old, new = counts(base), counts(plan)
    assert {key: (old[key], new[key]) for key in old if key not in ("bands", "offices")} == {
        "areas": (4, 3), "rows": (27, 29), "costs": (21, 22), "clusters": (4, 5), "objectives": (9, 8),
        "card": (old["card"], old["card"] - 3), "levels": (5, 6),
    }  # fmt: skip
    assert (old["bands"], new["bands"]) == ([4, 4, 4, 4], [5, 4, 4, 3])
    assert old["offices"] - new["offices"] == 2
    assert (base.period, plan.period) == ("2021", "2029")


def test_no_name_of_the_base_is_left(plan):
    base = load_edition(BASE)
    assert not set(base.structures) & set(plan.structures)
    assert not {code for code in base.indicators if "." in code} & set(plan.indicators)
    assert not {code for code in base.parameters if "_" in code} & set(plan.parameters)


def _dotted(plan):
    """Codes that no ordinary text holds."""
    codes = {
        *plan.indicators, *plan.parameters, *plan.actual_items, *(node.code for node in plan.nodes),
        *(line.code for line in plan.lines), *(w.node for w in plan.weights), *(w.member for w in plan.weights),
    }  # fmt: skip
    return {code for code in codes if "." in code or "_" in code}


@pytest.mark.parametrize(("template", "example"), BOTH)
def test_workbook_has_no_text_of_the_base(books, template, example):
    base = load_edition(BASE)
    codes, names = _dotted(base) - {*TEMPLATES}, set(base.structures)
    texts = {}
    book = load_workbook(book_path(books, template, example=example))
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    texts[f"{sheet.title}!{cell.coordinate}"] = cell.value
        for rule in sheet.data_validations.dataValidation:
            texts[f"{sheet.title}: {rule.sqref}"] = rule.formula1 or ""
    for name, defined in book.defined_names.items():
        texts[name] = defined.attr_text
    found = {}
    for place, text in texts.items():
        words = set(re.findall(r"[\w.]+", text)) & codes
        quoted = {part for part in (text, *re.findall(r'"([^"]*)"', text)) if part in names}
        if words | quoted:
            found[place] = sorted(words | quoted)
    assert found == {}


@pytest.mark.parametrize(("template", "example"), BOTH)
def test_nothing_is_stale(books, template, example):
    report = recalc_paths([book_path(books, template, example=example)], Options(check=True, isolate=False))
    (file,) = report.files
    assert not report.failed
    assert (file.stale, file.formulas > 0) == (0, True)


@pytest.mark.parametrize(("template", "example"), BOTH)
def test_amendment_syncs_to_what_a_fresh_build_gives(books, amended, tmp_path, template, example):
    path = Path(shutil.copy(book_path(books, template, example=example), tmp_path))
    report = sync_file(path, amended)
    assert report.errors == ()
    synced = open_package(path)
    fresh = Package(build_workbook(amended, template, example=example), tmp_path / "nuovo.xlsx")
    if example:
        fresh = _filled(fresh, synced, amended)
    assert _values(synced) == _values(fresh)
    assert _bullets(synced) <= _bullets(fresh)


def _filled(fresh: Package, example: Package, plan: Plan) -> Package:
    """A fresh workbook with the inputs of an example, calculated."""
    book = load_workbook(example.path)
    typed: dict[str, dict[tuple[int, int], object]] = {}
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if not cell.protection.locked and cell.data_type != "f":
                    typed.setdefault(sheet.title, {})[cell.row, cell.column] = cell.value
    package = Package(fresh.patch(typed), fresh.path)
    changes = recalculate_package(package, plan=plan).changes
    return Package(package.patch(changes), fresh.path)


def _values(package: Package) -> dict[tuple[str, int, int], object]:
    """Values of the cells, without the instructions: they quote the acts and assumptions of the day of the build."""
    found = {}
    for sheet in package.sheets:
        if sheet.name in ("Inizia qui", "Note e fonti"):
            continue
        for cell in package.cells(sheet.name):
            value = cell.value
            if value not in (None, ""):
                found[sheet.name, cell.row, cell.column] = (
                    round(value, 9) if isinstance(value, float) else value
                )
    return found


def _bullets(package: Package) -> set[str]:
    """The sentences of the instructions: those with a number of the plan take it from its cell."""
    texts = (cell.value for cell in package.cells("Note e fonti"))
    return {text for text in texts if isinstance(text, str) and text.startswith("• ")}


def test_the_amendment_moves_results(books, amended, tmp_path):
    moved = set()
    for template in TEMPLATES:
        path = Path(shutil.copy(book_path(books, template, example=True), tmp_path))
        report = sync_file(path, amended, dry_run=True)
        if report.recalculated:
            moved.add(template)
    # the cap is in all of them but those without a score of their own
    assert moved >= {"giacenza", "ieep", "controllo_processo", "valutazione_individuale", "piramide_valore"}


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("dialect", [Dialect.CALC, Dialect.LAMBDA, Dialect.OFFICE])
def test_relinks_there_and_back(books, template, dialect):
    package = open_package(book_path(books, template, example=True))
    there = Package(relink_package(package, dialect).data)
    back = Package(relink_package(there, Dialect.EXCEL).data)
    assert [name for name in package.parts if back.read(name) != package.read(name)] == []


def without_customer_care(files: Files) -> None:
    """Four perspectives instead of five."""
    drop(files, "scheda.utenza")
    files["modello_scheda_territoriale.toml"] = re.sub(
        r"^customer_care = .*\n", "", files["modello_scheda_territoriale.toml"], flags=re.MULTILINE
    )


def test_a_scorecard_of_four_perspectives(tmp_path):
    plan = load_directory(write(tmp_path / "piccola", without_customer_care))
    region = next(s.code for s in plan.structures.values() if s.kind is StructureKind.REGION)
    book = load_workbook(io.BytesIO(build_scorecard(plan, region, 3, example=True)), data_only=True)
    tree = plan.model("scheda_territoriale").role("albero")
    shown = {str(cell.value) for line in book["Quadro"].iter_rows() for cell in line}
    assert len([n for n in plan.nodes_of(tree) if n.code.count(".") == 1 and n.code in shown]) == 4


def test_an_objective_that_nothing_measures_is_refused(tmp_path):
    def without(files: Files) -> None:
        name = "modello_scheda_territoriale.toml"
        files[name] = re.sub(r"^ricorsi = .*\n", "", files[name], flags=re.MULTILINE)

    plan = load_directory(write(tmp_path / "edizione", without))
    region = next(s.code for s in plan.structures.values() if s.kind is StructureKind.REGION)
    with pytest.raises(PlanError, match="no sheet of the scorecard measures the objective"):
        build_scorecard(plan, region, 3)
