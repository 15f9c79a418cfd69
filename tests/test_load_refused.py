"""`xl-perf load`: names as people write them, and files and workbooks that are refused before anything is written."""

from __future__ import annotations

import re
import shutil

import pytest

from tests.collected import filled, retyped
from xl_perf.cli import FAILED, OK, main
from xl_perf.contract import read_inputs
from xl_perf.package import open_package
from xl_perf.plan import load_edition
from xl_perf.templates.build import build_scorecard, build_workbook

ITEM = "giacenza.altre_aree"
HEAD = "struttura;voce;misura;periodo;valore\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("vuoti")
    plan = load_edition()
    (home / "ieep.xlsx").write_bytes(build_workbook(plan, "ieep", example=False))
    (home / "molise.xlsx").write_bytes(build_scorecard(plan, "MOLISE", 3))
    return home


@pytest.fixture
def card(home, tmp_path):
    """The empty scorecard of Molise, whose offices are Campobasso and Isernia."""
    return shutil.copy(home / "molise.xlsx", tmp_path / "molise.xlsx")


def table(tmp_path, *rows, encoding="utf-8"):
    path = tmp_path / "dati.csv"
    path.write_bytes((HEAD + "\n".join(rows) + "\n").encode(encoding))
    return path


def received(value, structure="CAMPOBASSO"):
    return f"{structure};{ITEM};pervenuto;2021-T3;{value}"


def place(path, structure="CAMPOBASSO"):
    return next(
        one
        for one in read_inputs(open_package(path)).of()
        if (one.identity.item, one.identity.measure, one.identity.structure) == (ITEM, "pervenuto", structure)
    )


def refused(path, source, capsys, *options):
    """Loads; the command fails and the workbook stays as it is. Gives what it says."""
    before = path.read_bytes()
    assert main(["load", str(path), str(source), *options]) == FAILED
    assert path.read_bytes() == before
    said = capsys.readouterr()
    return said.out + said.err


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Valle d\u2019Aosta", "VALLE D'AOSTA"),
        ("VALLE D\u2018AOSTA", "VALLE D'AOSTA"),
        ("Emilia \u2013 Romagna", "EMILIA ROMAGNA"),
        ("EMILIA-ROMAGNA", "EMILIA ROMAGNA"),
        ("Trentino A. A.", "TRENTINO A. A."),
        ("D.C.M. ROMA", "DCM ROMA"),
        ("D.R. Friuli Venezia-Giulia", "FRIULI V. G."),
        ("Direzione regionale Liguria", "LIGURIA"),
    ],
)
def test_names_with_apostrophes_dots_and_hyphens(home, tmp_path, name, code, encoding):
    path = shutil.copy(home / "ieep.xlsx", tmp_path / "ieep.xlsx")
    rows = f"{name};ieep.entrate.flussi;consuntivo;2021;1000000,5"
    assert main(["load", str(path), str(table(tmp_path, rows, encoding=encoding))]) == OK
    held = {one.identity.structure: one.value for one in read_inputs(open_package(path)).of() if one.value}
    assert held == {load_edition().structure(code).code: 1000000.5}


@pytest.mark.parametrize(
    ("name", "near"), [("Forlimpopoli", ""), ("Verbania", ""), ("Trentinno A. A.", "TRENTINO")]
)
def test_a_name_that_is_merely_near_is_never_guessed(home, tmp_path, capsys, name, near):
    path = shutil.copy(home / "ieep.xlsx", tmp_path / "ieep.xlsx")
    rows = f"{name};ieep.entrate.flussi;consuntivo;2021;1000000,5"
    said = refused(path, table(tmp_path, rows), capsys)
    assert "dati.csv:2" in said
    assert name in said
    assert near in said


@pytest.mark.parametrize("text", ["1,234.56", "1,234,567.5"])
def test_an_english_number_is_refused_with_both_readings(card, tmp_path, capsys, text):
    said = refused(card, table(tmp_path, received(text)), capsys)
    assert "can be read in two ways" in said
    assert " or " in said
    assert main(["load", str(card), str(tmp_path / "dati.csv"), "--decimali", "punto"]) == OK
    assert place(card).value == float(text.replace(",", ""))


def test_a_formula_in_an_input_is_left_alone(card, tmp_path, capsys):
    cell = place(card)
    retyped(
        card,
        cell.sheet,
        cell.key,
        lambda xml: re.sub(r'<c (r="\w+" s="\d+").*', r"<c \1><f>1+1</f><v>2</v></c>", xml, flags=re.DOTALL),
    )
    said = refused(card, table(tmp_path, received("1000,5")), capsys)
    assert cell.cell in said
    assert "formula" in said


def test_a_sheet_protected_with_a_password(card, tmp_path, capsys):
    """The template's own protection has no password and leaves the inputs open."""
    package = open_package(card)
    sheet = place(card).sheet
    part = next(info.part for info in package.sheets if info.name == sheet)
    raw = package.read(part)
    closed = re.sub(rb"<sheetProtection ", b'<sheetProtection password="CC1A" ', raw, count=1)
    assert closed != raw
    rewrite(card, part, closed)
    assert sheet in refused(card, table(tmp_path, received("1000,5")), capsys)
    assert "password" in refused(card, table(tmp_path, received("1000,5")), capsys, "--dry-run")


def rewrite(path, part, content):
    import zipfile

    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    parts[part] = content
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


@pytest.mark.parametrize("lock", ["~$molise.xlsx", ".~lock.molise.xlsx#"])
@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_a_workbook_that_is_open_elsewhere(card, tmp_path, capsys, lock, options):
    (tmp_path / lock).write_bytes(b"\x05mario")
    assert "is open in" in refused(card, table(tmp_path, received("1000,5")), capsys, *options)
    assert main(["load", str(card), str(tmp_path / "dati.csv"), "--out", str(tmp_path / "altro.xlsx")]) == OK


def other_edition(path, value):
    package = open_package(path)
    cells = {str(cell.value): cell for cell in package.cells("Metadati") if isinstance(cell.value, str)}
    cell = cells["impronta_dati"]
    retyped(
        path,
        "Metadati",
        (cell.row, cell.column + 1),
        lambda xml: re.sub(
            r'<c r="(\w+)".*', rf'<c r="\1" t="inlineStr"><is><t>{value}</t></is></c>', xml, flags=re.DOTALL
        ),
    )


def test_a_workbook_of_another_edition(card, tmp_path, capsys):
    other_edition(card, "f" * 64)
    assert "edition" in refused(card, table(tmp_path, received("1000,5")), capsys)


def test_facts_of_a_workbook_of_another_edition(home, card, tmp_path, capsys):
    source = shutil.copy(home / "molise.xlsx", tmp_path / "fonte.xlsx")
    other_edition(source, "f" * 64)
    said = refused(card, source, capsys)
    assert "edition" in said
    assert "xl-perf sync" in said


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_what_was_written_is_always_said(card, tmp_path, capsys, options):
    source = table(tmp_path, received("1000,5"))
    assert main(["load", str(card), str(source), *options]) == OK
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == ("nothing was written" if options else f"written  {card}")


def test_nothing_to_write_is_said(card, tmp_path, capsys):
    source = table(tmp_path, received("n.d."))
    assert main(["load", str(card), str(source)]) == OK
    assert capsys.readouterr().out.splitlines()[-1] == "nothing was written: nothing had to be changed"


@pytest.fixture(scope="module")
def register(tmp_path_factory):
    """The register of projects with every project that the pyramid has too at 80%, but one of a plan of five
    structures.
    """
    plan, home = load_edition(), tmp_path_factory.mktemp("registro")
    shared = {one.item for one in plan.equalities if one.other_item.startswith("piramide.")}
    differing = (
        "2021_AS50"  # DC Risorse strumentali, one of the five that share the archives of deposit, E.2.3
    )
    assert len(shared) == 34
    (home / "progetti.xlsx").write_bytes(
        filled(
            plan,
            "progetti",
            lambda one: None if one.item not in shared else 0.5 if one.item == differing else 0.8,
        )
    )
    return home / "progetti.xlsx"


def test_projects_of_the_register_go_to_the_pyramid(register, tmp_path, capsys):
    """25 of the 33 projects of the pyramid stand in the register, three of them once for each structure that
    answers.
    """
    path = tmp_path / "piramide.xlsx"
    path.write_bytes(filled(load_edition(), "piramide_valore", lambda _: None))
    assert main(["load", str(path), str(register)]) == FAILED
    held = {
        one.identity.item: one.value for one in read_inputs(open_package(path)).of() if one.value is not None
    }
    assert len(held) == 24
    assert set(held.values()) == {0.8}
    assert held.keys() >= {"piramide.A.2", "piramide.E.2.1", "piramide.I.3.2"}
    refused = [line for line in capsys.readouterr().out.splitlines() if line.startswith("refused")]
    assert len(refused) == 1
    assert "piramide.E.2.3" in refused[0]
    assert "two values of one fact" in refused[0]
