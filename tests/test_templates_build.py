"""The build: deterministic, settled packages, what `check_all` notices."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from tests.official import MADE_FROM
from xl_perf.errors import WorkbookError
from xl_perf.plan import load_edition
from xl_perf.templates import TEMPLATE_VERSIONS
from xl_perf.templates.build import BUILDERS, MANIFEST, build_all, build_workbook, check_all, file_name
from xl_perf.templates.kit.archive import content_hash, differing_parts, packed, parts_of
from xl_perf.templates.kit.calculate import calculated
from xl_perf.templates.kit.exact import saved

ROOT = Path(__file__).resolve().parent.parent
COMMITTED = ROOT / "workbooks"
NAMES = [file_name(template, example=example) for template in TEMPLATE_VERSIONS for example in (False, True)]


@pytest.fixture(scope="module")
def plan():
    return load_edition()


def test_every_template_has_a_version_and_a_builder():
    assert list(BUILDERS) == list(TEMPLATE_VERSIONS)
    assert all(version >= 1 for version in TEMPLATE_VERSIONS.values())


def test_the_names_are_importable_without_openpyxl():
    code = "import sys, xl_perf.templates; print('openpyxl' in sys.modules, 'formualizer' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == ["False", "False"]


def test_committed_workbooks_are_current(plan):
    assert check_all(COMMITTED, plan) == []


def test_same_bytes_with_another_xml_writer_and_hash_seed(plan):
    """Sets are ordered by hash seed and openpyxl writes with lxml where it is installed: neither may show."""
    code = (
        "import sys; from xl_perf.plan import load_edition; from xl_perf.templates.build import build_workbook;"
        "sys.stdout.buffer.write(build_workbook(load_edition(), 'controllo_processo', example=True));"
        "sys.stderr.write(' '.join({name.split('.')[1] for name in sys.modules if name.startswith('xl_perf.')}))"
    )
    environment = {**os.environ, "OPENPYXL_LXML": "False", "PYTHONHASHSEED": "4242"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT, env=environment
    )
    assert done.stdout == build_workbook(plan, "controllo_processo", example=True)
    needed = {name.removesuffix(".py") for name in MADE_FROM} | {"language"}  # of messages
    assert set(done.stderr.decode().split()) <= needed, "tests/official.py does not look at all sources"


def test_check_names_every_difference(plan, tmp_path, monkeypatch):
    small = {name: BUILDERS[name] for name in ("controllo_processo", "costi_standard")}
    monkeypatch.setattr("xl_perf.templates.build.BUILDERS", small)
    build_all(tmp_path, plan)
    assert check_all(tmp_path, plan) == []
    changed = tmp_path / "costi_standard.xlsx"
    parts = parts_of(changed.read_bytes())
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"Misura", b"Misuro", 1)
    changed.write_bytes(packed(parts, dt.date(2021, 9, 29)))
    (tmp_path / "controllo_processo.xlsx").unlink()
    (tmp_path / "altro.xlsx").write_bytes(b"")
    (tmp_path / MANIFEST).write_text("{}", encoding="utf-8")
    assert sorted(check_all(tmp_path, plan)) == [
        f"{tmp_path / 'altro.xlsx'}: not part of the build",
        f"{tmp_path / 'controllo_processo.xlsx'}: missing",
        f"{changed}: {sheet} differs",
        f"{tmp_path / MANIFEST}: not the manifest of this build",
    ]


def test_a_formula_that_cannot_be_calculated_stops_the_build(plan):
    book = BUILDERS["controllo_processo"](plan, None)
    book.workbook["Sintesi"]["K1"] = "=FUNZIONE_IGNOTA(1)"
    with pytest.raises(WorkbookError, match=r"prova\.xlsx, Sintesi!K1"):
        calculated(saved(book.workbook), "prova.xlsx", plan)


def test_manifest_names_edition_and_contents(plan):
    manifest = json.loads((COMMITTED / MANIFEST).read_text(encoding="utf-8"))
    assert manifest["edizione"] == plan.id
    assert manifest["impronta_dati"] == plan.data_hash
    assert manifest["modelli"] == dict(TEMPLATE_VERSIONS)
    assert manifest["sha256_contenuti"] == {
        name: content_hash((COMMITTED / name).read_bytes()) for name in sorted(NAMES)
    }


def test_content_hash_does_not_see_compression_but_sees_content():
    date = dt.date(2021, 9, 29)
    one = packed({"a": b"x" * 100, "b": b"y"}, date)
    stored = _stored({"b": b"y", "a": b"x" * 100})
    assert one != stored
    assert content_hash(one) == content_hash(stored)
    assert differing_parts(one, stored) == []
    assert content_hash(_stored({"a": b"x" * 100, "b": b"z"})) != content_hash(one)
    assert content_hash(_stored({"ab": b"x", "c": b""})) != content_hash(_stored({"a": b"bx", "c": b""}))


def _stored(parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize("name", NAMES)
def test_package_carries_no_moment_and_no_recalculation(name, plan):
    data = (COMMITTED / name).read_bytes()
    parts = parts_of(data)
    workbook = parts["xl/workbook.xml"]
    assert b"fullCalcOnLoad" not in workbook
    assert b'calcId="191029"' in workbook
    assert not any("calcChain" in part for part in parts)
    stamp = f"{plan.latest_act.date:%Y-%m-%d}T00:00:00Z".encode()
    assert parts["docProps/core.xml"].count(stamp) == 2
    assert b"Microsoft" not in parts["docProps/app.xml"]
    with zipfile.ZipFile(COMMITTED / name) as archive:
        assert {info.date_time for info in archive.infolist()} == {(2021, 9, 29, 0, 0, 0)}


def test_numbers_are_written_with_all_their_digits():
    """17 digits bring every double back; 16 do not (a sixth, 0.1 + 0.2)."""
    workbook = Workbook()
    numbers = [1 / 6, 0.1 + 0.2, 124.0, 0.35, 1e300, -2 / 3]
    workbook.active.append(numbers)
    found = [cell.value for cell in load_workbook(io.BytesIO(saved(workbook))).active[1]]
    assert found == numbers
    assert b"<v>124</v>" in parts_of(saved(workbook))["xl/worksheets/sheet1.xml"]
