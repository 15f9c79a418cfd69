"""Targets of an edition reloaded into workbooks: an invented plan, a hand-made workbook with the official tables."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from tests.official import FOLDER, WORKBOOKS
from tests.package_files import erase_values, raw_entries
from xl_perf import plan as plan_package
from xl_perf.cli import main
from xl_perf.errors import SyncError, WorkbookError
from xl_perf.package import Package, open_package
from xl_perf.plan import load_directory, load_edition
from xl_perf.plan.describe import band_codes, describe_source, target_values
from xl_perf.sync import sync_file, sync_paths
from xl_perf.sync import work as sync_work

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.plan.model import Plan

TOY = Path(__file__).parent / "toy_plan"
CODES = ["ALFA", "BETA", "NORD", "GAMMA'", "SUD", "FM CITTA", "DCM CITTA", "NAZIONALE"]
VOICES = ["ieep.entrate", "ieep.interessi", "ieep.totale"]
PLACES = ["NAZIONALE", "NORD", "SUD", "DCM CITTA"]
MAP = [
    "Tabella", "Colonna chiave", "Tipo chiave", "Colonna valore", "Codice fisso", "Periodo", "Colonna fonte"
]  # fmt: skip


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_directory(TOY)


@pytest.fixture(scope="module")
def amended(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """The same plan as amended: ALFA 30 -> 40 days, the weights, a band's end and a parameter."""
    folder = tmp_path_factory.mktemp("amended")
    shutil.copytree(TOY, folder, dirs_exist_ok=True)

    def edit(name: str, *pairs: tuple[str, str]) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new, 1)
        (folder / name).write_text(text, encoding="utf-8")

    edit(
        "edition.toml",
        ("piano-giocattolo", "piano-aggiornato"),
        ("Piano inventato per le prove", "Piano aggiornato"),
    )
    edit(
        "modifiche.csv",
        (
            "giacenza.pensioni,BETA",
            'giacenza.pensioni,ALFA,2030,40,giorni,atto-2,"D1, B",\ngiacenza.pensioni,BETA',
        ),
    )
    edit(
        "parametri.toml",
        ("valore = 0.5", "valore = 0.4"),
        ("0.6", "0.7"),
        ('"giacenza.flussi" = 0.4', '"giacenza.flussi" = 0.3'),
    )
    edit("controllo_processo.toml", ("fino_a = 70", "fino_a = 75"))
    return load_directory(folder)


def _table(
    book: openpyxl.Workbook, sheet: str, name: str, rows: list[list[Any]], at: tuple[int, int] = (1, 1)
) -> None:
    place = book[sheet] if sheet in book.sheetnames else book.create_sheet(sheet)
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            place.cell(at[0] + r, at[1] + c, value)
    last = place.cell(at[0] + len(rows) - 1, at[1] + len(rows[0]) - 1).coordinate
    place.add_table(Table(displayName=name, ref=f"{place.cell(*at).coordinate}:{last}"))


def _make(plan: Plan, path: Path, change: Callable[[dict[str, Any]], None] = lambda _: None) -> Path:
    """A workbook with the tables of an official one; `change` may spoil them before it is written."""

    def value(*key: str) -> float | None:
        return target_values(plan, *key).value

    areas = ["giacenza.pensioni", "giacenza.flussi"]
    rows_a = [["Struttura", "Pensioni", "Flussi", "Fonte"]] + [
        [code, *(value("struttura", area, "2030", code) for area in areas),
         describe_source(target_values(plan, "struttura", area, "2030", code) for area in areas)]
        for code in CODES
    ]  # fmt: skip
    voices = [["Voce", *PLACES]] + [
        [voice, *(value("indicatore", place, "2030", voice) for place in PLACES)] for voice in VOICES
    ]
    bands = [["Fascia", "Limite", "Punti"]] + [
        [code, value("fascia", "limite", "", code), value("fascia", "punti", "", code)]
        for code in band_codes(plan)
    ]
    weights = [["Area", "Peso"]] + [[w.member, w.value] for w in plan.weights_of("giacenza")]
    parameters = [["Codice", "Valore"], ["tetto_scostamento", plan.parameter("tetto_scostamento")]]
    maps: list[list[str | int | None]] = [
        ["tblA", "Struttura", "struttura", "Pensioni", "giacenza.pensioni", "2030", "Fonte"],
        ["tblA", "Struttura", "struttura", "Flussi", "giacenza.flussi", 2030, "Fonte"],
        *(["tblB", "Voce", "indicatore", place, place, "2030", None] for place in PLACES),
        ["tblFasce", "Fascia", "fascia", "Limite", "limite", None, None],
        ["tblFasce", "Fascia", "fascia", "Punti", "punti", None, None],
        ["tblPesi", "Area", "peso", "Peso", "giacenza", None, None],
        ["tblParametri", "Codice", "parametro", "Valore", None, None, None],
    ]
    facts = {
        "modello": "giacenza", "versione_modello": "2", "edizione": plan.id, "titolo_edizione": plan.title,
        "atto": plan.latest_act.title, "atto_breve": plan.latest_act.short,
        "data_atto": f"{plan.latest_act.date:%Y-%m-%d}", "impronta_dati": plan.data_hash,
    }  # fmt: skip
    tables: dict[str, Any] = {
        "Tabella A": ("tblA", rows_a, (3, 2)), "Tabella B": ("tblB", voices, (1, 1)),
        "Fasce": ("tblFasce", bands, (1, 1)),
        "Pesi": ("tblPesi", weights, (1, 1)), "Parametri": ("tblParametri", parameters, (1, 1)),
        "Metadati": ("tblMetadati", [["Chiave", "Valore", "Descrizione"],
        *([k, v, None] for k, v in facts.items())], (1, 1)),
        "Mappa": ("tblObiettivi", [MAP, *maps], (1, 1)),
    }  # fmt: skip
    change(tables)
    book = openpyxl.Workbook()
    book.active.title = "Appunti"
    for sheet, (name, rows, at) in tables.items():
        _table(book, sheet, name, rows, at)
    notes = book["Appunti"]
    notes["A1"] = "miei appunti"
    notes["B1"] = 36
    notes["C1"] = "=PERF_SCORE(B1,'Tabella A'!C4,-1)"
    notes["D1"] = "=SUM('Tabella A'!C4:C11)"
    notes["E1"] = "=Metadati!B5"
    book.save(path)
    return path


@pytest.fixture
def workbook(plan: Plan, tmp_path: Path) -> Path:
    path = _make(plan, tmp_path / "libro.xlsx")
    sync_file(path, plan)  # gives the formulas their values
    return path


def _values(path: Path, sheet: str) -> dict[str, Any]:
    return {
        cell.coordinate: cell.value
        for row in openpyxl.load_workbook(path, data_only=True)[sheet].iter_rows()
        for cell in row
        if cell.value is not None
    }


def test_same_edition_changes_nothing(workbook: Path, plan: Plan) -> None:
    before = workbook.read_bytes()
    report = sync_file(workbook, plan)
    assert (report.changed, report.metadata, report.sources, report.recalculated, report.written) == (
        (),
        (),
        0,
        0,
        "",
    )
    assert report.targets == 16 + 12 + 8 + 2 + 1
    assert workbook.read_bytes() == before
    # 30 days wanted, 36 reached: (30 - 36) / 30 = -0.2; 30 + 31 + 31 + 40 + 40 + 35 + 35 + 33 = 275
    assert _values(workbook, "Appunti") == {
        "A1": "miei appunti",
        "B1": 36,
        "C1": 80,
        "D1": 275,
        "E1": plan.title,
    }


def test_amendment_changes_targets_and_what_depends_on_them(workbook: Path, amended: Plan) -> None:
    before = workbook.read_bytes()
    report = sync_file(workbook, amended)
    assert [(c.sheet, c.cell, c.indicator, c.structure, c.old, c.new, c.act) for c in report.changed] == [
        ("Tabella A", "C4", "giacenza.pensioni", "ALFA", 30, 40, "A 2/2030"),
        ("Fasce", "B2", "controllate.1", "", 70, 75, "A 1/2030"),
        ("Pesi", "B2", "giacenza.pensioni", "", 0.6, 0.7, "A 1/2030"),
        ("Pesi", "B3", "giacenza.flussi", "", 0.4, 0.3, "A 1/2030"),
        ("Parametri", "B2", "tetto_scostamento", "", 0.5, 0.4, "A 1/2030"),
    ]
    first = report.changed[0]
    assert (first.table, first.period, first.source, first.unit) == ("tblA", "2030", "D1, B", "giorni")
    assert [change.key for change in report.metadata] == ["edizione", "titolo_edizione", "impronta_dati"]
    assert (report.edition_before, report.edition, report.sources) == (
        "piano-giocattolo",
        "piano-aggiornato",
        1,
    )
    assert report.written == str(workbook)
    # 40 wanted, 36 reached: (40 - 36) / 40 = 0.1
    assert _values(workbook, "Appunti") == {
        "A1": "miei appunti",
        "B1": 36,
        "C1": 110,
        "D1": 285,
        "E1": "Piano aggiornato",
    }
    assert _values(workbook, "Tabella A")["C4"] == 40
    assert _values(workbook, "Tabella A")["E4"] == "B (D1) · A 2/2030; Tabella A (D1) · A 1/2030"
    old, new = Package(before), open_package(workbook)
    old_raw, new_raw = raw_entries(before), raw_entries(workbook.read_bytes())
    changed = {name for name in old_raw if old_raw[name] != new_raw[name]}
    names = {"Appunti", "Tabella A", "Fasce", "Pesi", "Parametri", "Metadati"}
    assert changed == {info.part for info in old.sheets if info.name in names}
    for part in changed:
        assert erase_values(old.read(part)) == erase_values(new.read(part))
    assert sync_file(workbook, amended).written == ""


def test_dry_run_tells_and_writes_nothing(workbook: Path, amended: Plan) -> None:
    before = workbook.read_bytes()
    report = sync_file(workbook, amended, dry_run=True)
    assert (len(report.changed), report.recalculated, report.written) == (5, 3, "")
    assert workbook.read_bytes() == before


def test_writes_elsewhere(workbook: Path, amended: Plan, tmp_path: Path) -> None:
    before = workbook.read_bytes()
    out = tmp_path / "nuova" / "cartella" / "libro.xlsx"
    (workbook.parent / "~$libro.xlsx").write_bytes(b"")
    report = sync_file(workbook, amended, out=out)
    assert report.written == str(out)
    assert workbook.read_bytes() == before
    assert _values(out, "Appunti")["C1"] == 110


def test_table_moved_and_sorted_by_the_user(plan: Plan, amended: Plan, tmp_path: Path) -> None:
    def move(tables: dict[str, Any]) -> None:
        name, rows, _ = tables["Tabella A"]
        tables["Tabella A"] = (
            name,
            [[f"{row[0]} " if n else row[0], *row[1:]] for n, row in enumerate(rows)],
            (3, 2),
        )
        name, rows, _ = tables["Pesi"]
        tables["Pesi"] = (name, [[row[1], row[0]] for row in [rows[0], rows[2], rows[1]]], (20, 30))

    path = _make(plan, tmp_path / "libro.xlsx", move)
    report = sync_file(path, amended)
    assert [(c.cell, c.new) for c in report.changed if c.sheet == "Pesi"] == [("AD22", 0.7), ("AD21", 0.3)][
        ::-1
    ]


def test_target_that_was_deleted_comes_back(workbook: Path, plan: Plan) -> None:
    package = open_package(workbook)
    workbook.write_bytes(package.patch({"Tabella A": {(5, 3): None}}))
    report = sync_file(workbook, plan)
    assert [(c.cell, c.old, c.new) for c in report.changed] == [("C5", None, 31)]


def _edit(sheet: str, row: int, column: int, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(tables: dict[str, Any]) -> None:
        tables[sheet][1][row][column] = value

    return change


def _drop(sheet: str, row: int) -> Callable[[dict[str, Any]], None]:
    return lambda tables: tables[sheet][1].pop(row)


def _rename(sheet: str, name: str) -> Callable[[dict[str, Any]], None]:
    return lambda tables: tables.update({sheet: (name, *tables[sheet][1:])})


REFUSED = {
    "template": (_edit("Metadati", 1, 1, "altro"), ["unknown template 'altro'", "giacenza"]),
    "version": (
        _edit("Metadati", 2, 1, 99),
        ["version '99'", "expected 2", "Install the xl-perf of that version"],
    ),
    "first version": (
        _edit("Metadati", 2, 1, "1"),
        ["version '1'", "expected 2", "xl-perf new giacenza --from", ".xlsx"],
    ),
    "no version": (_edit("Metadati", 2, 1, None), ["version 'missing'"]),
    "metadata key": (_edit("Metadati", 3, 0, "edizzione"), ["no key 'edizione'"]),
    "table renamed": (_rename("Tabella A", "tblMia"), ["no table 'tblA'", "tblMia", "tblFasce"]),
    "map renamed": (_rename("Mappa", "tblMappa"), ["no table 'tblObiettivi'", "tblMappa"]),
    "column renamed": (_edit("Tabella A", 0, 1, "Pens."), ["no column 'Pensioni'", "Pens.", "Tabella A"]),
    "source column renamed": (_edit("Tabella A", 0, 3, "Origine"), ["no column 'Fonte'"]),
    "unknown codes": (
        _edit("Tabella A", 1, 0, "ALPHA"),
        ["edition lacks ALPHA", "tblA", "giacenza.pensioni ALFA"],
    ),
    "row missing": (
        _drop("Tabella A", 2),
        ["no cell for the targets giacenza.pensioni BETA, giacenza.flussi BETA"],
    ),
    "row twice": (_edit("Tabella A", 2, 0, "ALFA"), ["twice ALFA"]),
    "voice missing": (_drop("Tabella B", 1), ["no cell for the targets ieep.entrate NAZIONALE"]),
    "unknown voice": (_edit("Tabella B", 1, 0, "ieep.altro"), ["edition lacks ieep.altro"]),
    "unknown place": (_edit("Mappa", 4, 4, "NORDEST"), ["edition lacks ieep.entrate", "NORDEST"]),
    "weight missing": (_drop("Pesi", 1), ["no cell for the peso giacenza.pensioni"]),
    "band missing": (_drop("Fasce", 2), ["no cell for the fascia controllate.2"]),
    "unknown band": (_edit("Fasce", 1, 0, "controllate.9"), ["edition lacks controllate.9"]),
    "unknown parameter": (_edit("Parametri", 1, 0, "base"), ["unknown parameter 'base'"]),
    "period": (_edit("Mappa", 1, 5, "2031"), ["no target giacenza.pensioni for ALFA in period 2031"]),
    "kind of key": (_edit("Mappa", 1, 2, "sede"), ["unknown kind of key 'sede'"]),
    "incomplete map": (_edit("Mappa", 1, 3, None), ["row of the map is incomplete", "A2"]),
    "value without code": (_edit("Tabella A", 1, 0, None), ["target has no code", "B4"]),
    "formula in a target": (_edit("Tabella A", 1, 1, "=15*2"), ["target cell holds a formula", "C4"]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_what_does_not_fit(name: str, plan: Plan, amended: Plan, tmp_path: Path) -> None:
    change, words = REFUSED[name]
    path = _make(plan, tmp_path / "libro.xlsx", change)
    before = path.read_bytes()
    with pytest.raises(SyncError) as caught:
        sync_file(path, amended)
    for word in [*words, "libro.xlsx"]:
        assert word in str(caught.value)
    assert path.read_bytes() == before


def test_refuses_a_file_that_is_open(workbook: Path, amended: Plan) -> None:
    before = workbook.read_bytes()
    (workbook.parent / "~$libro.xlsx").write_bytes(b"\x04Anna")
    for dry_run in (False, True):
        with pytest.raises(WorkbookError, match=r"open in Excel \(Anna\)"):
            sync_file(workbook, amended, dry_run=dry_run)
    assert workbook.read_bytes() == before


def test_refuses_a_file_that_changed_meanwhile(
    workbook: Path, amended: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = open_package(workbook).patch({"Appunti": {(1, 2): 35}})
    real = sync_work.describe_source

    def save(cells: Any) -> str:
        workbook.write_bytes(newer)
        return real(cells)

    monkeypatch.setattr(sync_work, "describe_source", save)
    with pytest.raises(WorkbookError, match="changed by somebody else"):
        sync_file(workbook, amended)
    assert workbook.read_bytes() == newer


def test_refuses_a_read_only_file(workbook: Path, amended: Plan) -> None:
    before = workbook.read_bytes()
    workbook.chmod(0o444)
    with pytest.raises(WorkbookError, match="read-only"):
        sync_file(workbook, amended)
    assert workbook.read_bytes() == before


def test_other_workbooks_are_no_official_ones(tmp_path: Path, plan: Plan) -> None:
    book = openpyxl.Workbook()
    book.save(tmp_path / "altro.xlsx")
    with pytest.raises(SyncError, match="not an official workbook"):
        sync_file(tmp_path / "altro.xlsx", plan)


def test_one_bad_file_never_stops_the_rest(plan: Plan, amended: Plan, tmp_path: Path) -> None:
    folder = tmp_path / "cartella"
    (folder / "sotto").mkdir(parents=True)
    _make(plan, folder / "a.xlsx")
    (folder / "b.xlsx").write_bytes(b"not a workbook")
    openpyxl.Workbook().save(folder / "c.xlsx")
    _make(plan, folder / "sotto" / "d.xlsx", _edit("Metadati", 1, 1, "altro"))
    _make(plan, folder / "sotto" / "e.xlsx")
    (folder / "~$z.xlsx").write_bytes(b"")
    before = {path: path.read_bytes() for path in folder.rglob("*.xlsx")}
    (tmp_path / "vuota").mkdir()
    seen: list[str] = []
    report = sync_paths(
        [folder, tmp_path / "vuota", tmp_path / "manca.xlsx"], amended, out=tmp_path / "out",
        on_progress=lambda file, done, total: seen.append(f"{Path(file.path).name} {done}/{total}"),
    )  # fmt: skip
    names = ("a.xlsx", "b.xlsx", "c.xlsx", "d.xlsx", "e.xlsx", "vuota", "manca.xlsx")
    assert seen == [f"{name} {number}/7" for number, name in enumerate(names, start=1)]
    outcome = [bool(file.failure) for file in report.files]
    assert outcome == [False, True, False, True, False, True, True]
    assert report.files[2].skipped == "not an official workbook"
    assert not report.ok
    assert {path: path.read_bytes() for path in folder.rglob("*.xlsx")} == before
    found = sorted(
        path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.xlsx")
    )
    assert found == ["a.xlsx", "sotto/e.xlsx"]
    for file, word in zip(
        report.failed, ["not a zip", "unknown template", "no workbooks", "no such file"], strict=True
    ):
        assert word in file.failure
        assert Path(file.path).name in file.failure
    assert report.changed == 10


def test_report_as_json(workbook: Path, amended: Plan) -> None:
    report = sync_paths([workbook], amended, dry_run=True)
    told = json.loads(json.dumps(report.to_json()))
    assert (told["ok"], told["dry_run"], told["edition"]) == (True, True, "piano-aggiornato")
    assert told["files"][0]["changed"][0] == {
        "sheet": "Tabella A", "cell": "C4", "table": "tblA", "indicator": "giacenza.pensioni", "structure": "ALFA",
        "period": "2030", "what": "IG Pensioni", "old": 30.0, "new": 40.0, "unit": "giorni", "act": "A 2/2030",
        "source": "D1, B", "status": "published",
    }  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="names of files that are no UTF-8")
def test_a_report_names_files_whose_names_are_no_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/giacenza\xff.xlsx"))
    shutil.copy(FOLDER / "giacenza.xlsx", path)
    report = Path(os.fsdecode(os.fsencode(tmp_path) + b"/esito\xfe.json"))
    assert main(["sync", "--dry-run", "--report", str(report), str(path)]) == 0
    (file,) = json.loads(report.read_bytes())["files"]
    assert os.fsencode(file["path"]) == os.fsencode(path)
    assert file["ok"]
    capsys.readouterr()


def test_interrupt_ends_with_a_report(workbook: Path, amended: Plan) -> None:
    def stop(_report: object, _done: int, _total: int) -> None:
        raise KeyboardInterrupt

    report = sync_paths([workbook, workbook.parent / "manca.xlsx"], amended, dry_run=True, on_progress=stop)
    assert report.interrupted
    assert len(report.files) == 1
    assert not report.ok


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.stem)
def test_official_workbooks_match_their_edition(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / path.name
    shutil.copy(path, copy)
    report = sync_file(copy, load_edition())
    assert (report.changed, report.sources, report.kept, report.errors) == ((), 0, (), ())
    assert {change.key for change in report.metadata} <= {
        "impronta_dati"
    }  # the builder's test keeps it current
    assert report.targets > 25


def test_amendment_of_the_real_plan_reaches_the_official_workbook(tmp_path: Path) -> None:
    edition = load_edition()
    source = Path(plan_package.__file__).parent / "editions" / edition.id
    folder = tmp_path / "edizione"
    shutil.copytree(source, folder)
    table = folder / "tabella_a_giacenza.csv"
    text = table.read_text(encoding="utf-8")
    # Tabella A prints for TORINO 30 days of prestazioni e servizi individuali
    line = next(line for line in text.splitlines() if line.startswith("TORINO,"))
    assert line.split(",")[1] == "30"
    table.write_text(text.replace(line, line.replace("TORINO,30,", "TORINO,27,")), encoding="utf-8")
    path = tmp_path / "giacenza.xlsx"
    shutil.copy(next(path for path in WORKBOOKS if path.stem == "giacenza_esempio"), path)
    before = open_package(path)
    report = sync_file(path, load_directory(folder))
    assert [(c.structure, c.indicator, c.old, c.new) for c in report.changed] == [
        ("TORINO", "giacenza.prestazioni_servizi", 30, 27)
    ]
    assert [change.key for change in report.metadata] == ["impronta_dati"]
    assert report.recalculated > 0
    assert (report.errors, report.kept) == ((), ())
    after = open_package(path)
    old, new = raw_entries(before.data), raw_entries(after.data)
    assert list(old) == list(new)
    sheets = {info.part for info in before.sheets}
    assert {name for name in old if old[name] != new[name]} <= sheets
    for part in sheets:
        assert erase_values(before.read(part)) == erase_values(after.read(part))
