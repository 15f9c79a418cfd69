"""No release changes a result: an official workbook is calculated with the edition that it names, whatever is newer."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.calc_office import require_office
from tests.official import EXAMPLES, WORKBOOKS
from xl_perf.addins.plan_source import plan_source
from xl_perf.contract.edition import edition_of, plan_of
from xl_perf.errors import PlanError
from xl_perf.package import open_package
from xl_perf.plan import edition_ids, load_edition
from xl_perf.plan.installed import install
from xl_perf.plan.library import forget
from xl_perf.recalc import recalc_file, recalc_paths
from xl_perf.recalc.model import Options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xl_perf.plan.model import Plan

DATA = Path(__file__).parents[1] / "xl_perf" / "plan" / "editions" / "piano-2021-2023"
OWN = "piano-2021-2023"
NEWER = "piano-2022-2024"
CALLS = (
    "=IEEP_REALIZZAZIONE(110,100,90,100)",  # 0.7 x 1.1 + 0.3 x 0.9 = 1.04; with 60/40 0.6 x 1.1 + 0.4 x 0.9 = 1.02
    '=OBIETTIVO("giacenza.conto_assicurativo","TORINO")',
)
"""Calls that leave every number of the plan out."""


@pytest.fixture
def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plan]:
    """An edition that is newer and has other weights, caps and targets, installed on the machine."""
    monkeypatch.setenv("XL_PERF_DATA", str(tmp_path / "dati"))
    forget()
    source = Path(shutil.copytree(DATA, tmp_path / "nuova"))
    text = (source / "edition.toml").read_text(encoding="utf-8")
    text = text.replace(f'"{OWN}"', f'"{NEWER}"', 1).replace("valida_dal = 2021", "valida_dal = 2022", 1)
    (source / "edition.toml").write_text(text, encoding="utf-8")
    _exchange(source / "parametri.toml", '"ieep.entrate" = 0.7', '"ieep.entrate" = 0.6')
    _exchange(source / "parametri.toml", '"ieep.prestazioni" = 0.3', '"ieep.prestazioni" = 0.4')
    _exchange(source / "tabella_a_giacenza.csv", "TORINO,30,150,", "TORINO,30,99,")
    install(source, force=True, as_source=plan_source)
    forget()
    assert edition_ids()[-1] == NEWER
    yield load_edition(NEWER)
    forget()


def _exchange(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(f"\n{old}") == 1
    path.write_text(text.replace(f"\n{old}", f"\n{new}"), encoding="utf-8")


@pytest.mark.usefixtures("newer")
@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.stem)
def test_a_newer_edition_changes_no_value_of_a_workbook(path: Path) -> None:
    report = recalc_file(path, Options(check=True, isolate=False))
    assert not report.failure
    assert report.formulas
    assert list(report.changed) == []


def _with_calls(path: Path) -> Path:
    """An official workbook with calls on a sheet of its user that leave every number of the plan out."""
    book = openpyxl.load_workbook(EXAMPLES / "ieep_esempio.xlsx")
    sheet = book.create_sheet("Appunti")
    for row, call in enumerate(CALLS, 1):
        sheet.cell(row, 1).value = call
    book.save(path)
    return path


def _results(path: Path) -> list[object]:
    return [cell.value for cell in open_package(path).cells("Appunti")]


@pytest.mark.usefixtures("newer")
@pytest.mark.parametrize("isolate", [False, True])
def test_what_is_left_out_comes_from_the_workbooks_edition(tmp_path: Path, *, isolate: bool) -> None:
    path = _with_calls(tmp_path / "libro.xlsx")
    report = recalc_paths([path], Options(isolate=isolate))
    assert not report.failed
    ieep, target = _results(path)
    assert ieep == pytest.approx(1.04, abs=1e-12)
    assert target == 150


@pytest.mark.libreoffice
@pytest.mark.usefixtures("newer")
def test_libreoffice_calculates_with_the_workbooks_edition_too(tmp_path: Path) -> None:
    require_office()
    path = _with_calls(tmp_path / "libro.xlsx")
    report = recalc_paths([path], Options(isolate=False, engine="libreoffice"))
    assert not report.failed, report.files[0].failure
    ieep, target = _results(path)
    assert ieep == pytest.approx(1.04, abs=1e-12)
    assert target == 150


def test_other_workbooks_go_by_the_newest_edition(tmp_path: Path, newer: Plan) -> None:
    del newer
    book = openpyxl.Workbook()
    book.active.title = "Appunti"
    for row, call in enumerate(CALLS, 1):
        book.active.cell(row, 1).value = call
    path = tmp_path / "libro.xlsx"
    book.save(path)
    assert recalc_file(path, Options(isolate=False)).ok
    ieep, target = _results(path)
    assert ieep == pytest.approx(1.02, abs=1e-12)
    assert target == 99


def _named(folder: Path, key: str, value: str) -> Path:
    from xl_perf.contract.tables import TableCells

    path = Path(shutil.copyfile(EXAMPLES / "ieep_esempio.xlsx", folder / "libro.xlsx"))
    package = open_package(path)
    cells = TableCells(package, "tblMetadati", ("Valore",))
    row = next(row for row in cells.rows if cells.text(row, "Chiave") == key)
    path.write_bytes(package.patch({"Metadati": {cells.key(row, "Valore"): value}}))
    return path


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("edizione", "piano-2031-2033", "unknown edition 'piano-2031-2033'"),
        ("impronta_dati", "0" * 64, "has other data"),
    ],
)
def test_a_workbook_whose_edition_is_not_here_is_refused(
    key: str, value: str, words: str, tmp_path: Path
) -> None:
    path = _named(tmp_path, key, value)
    before = path.read_bytes()
    report = recalc_file(path, Options(isolate=False))
    for word in (words, "libro.xlsx", "xl-perf edition install DIR", "xl-perf sync"):
        assert word in report.failure
    assert path.read_bytes() == before
    with pytest.raises(PlanError, match="edition install"):
        plan_of(open_package(path))


def test_edition_of_other_workbooks_is_none(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.save(tmp_path / "libro.xlsx")
    assert edition_of(open_package(tmp_path / "libro.xlsx")) is None
    found = edition_of(open_package(EXAMPLES / "ieep_esempio.xlsx"))
    assert found == (OWN, load_edition(OWN).data_hash)
