"""Each check of the doctor, on machines made up for it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from xl_perf import __version__
from xl_perf.addins.excel import build, settings
from xl_perf.addins.excel_runtime import signature_digest, xlwings_version
from xl_perf.cli import main
from xl_perf.doctor import (
    OF_EXCEL,
    Environment,
    Finding,
    Level,
    examine,
    excel,
    format_findings,
    general,
    here,
)
from xl_perf.errors import PlanError

OK, WARNING, PROBLEM = Level.OK, Level.WARNING, Level.PROBLEM
XLWINGS = xlwings_version()
OPTIONS = r"HKCU\Software\Microsoft\Office\16.0\Excel\Options"


def levels(findings):
    return [finding.level for finding in findings]


def only(findings):
    (finding,) = findings
    return finding


@pytest.mark.parametrize(
    ("version", "ranges", "expected"),
    [
        ("1.26.0", ">=1.26,<3", True),
        ("2.4.6", "<3,>=1.26", True),
        ("3.0", ">=1.26,<3", False),
        ("3", "<3.0.0", False),
        ("1.25.9", ">=1.26", False),
        ("0.13.10", ">=0.13.2", True),
        ("3.12.0rc1", ">=3.11", True),
        ("1.0", "==1", True),
        ("1.0", "!=1.0.0", False),
        ("9", "", True),
    ],
)
def test_ranges(version, ranges, expected):
    assert general.fits(version, ranges) is expected


@pytest.mark.parametrize(
    ("version", "bits", "level"), [("3.11.7", 64, OK), ("3.10.9", 64, PROBLEM), ("3.12.1", 32, WARNING)]
)
def test_python(version, bits, level):
    found = only(general.python(Environment(python=version, bits=bits, requires_python=">=3.11")))
    assert found.level is level
    assert bool(found.remedy) is (level is not OK)


def test_packages():
    installed = {"numpy": "2.0", "rich": "12.0"}
    machine = Environment(
        requirements=(
            "numpy<3,>=1.26",
            "rich<16,>=13.7",
            "xlwings<0.40,>=0.33",
            'tomli (>=2) ; python_version < "3"',
        ),
        version_of=installed.get,
        executable=Path("py thon"),
    )
    found = list(general.packages(machine))
    assert [(f.level, f.subject) for f in found] == [
        (OK, "numpy"),
        (PROBLEM, "rich"),
        (PROBLEM, "xlwings"),
        (OK, "tomli"),
    ]
    assert found[3].text == "is not installed, some machines do without it"
    assert found[1].text == "12.0, expected <16,>=13.7"
    assert found[2].remedy == 'run: "py thon" -m pip install "xlwings<0.40,>=0.33"'
    assert only(general.packages(Environment())).level is WARNING


def test_sheets_read_cell_by_cell_are_a_warning(monkeypatch):
    assert only(general.quick_reading(Environment())).level is OK
    monkeypatch.setattr("xl_perf.package.sheetscan.scan_sheet", lambda *_: None)
    assert only(general.quick_reading(Environment())).level is WARNING


def test_engine_that_does_not_load(monkeypatch):
    assert only(general.engine(Environment())).level is OK
    monkeypatch.setitem(__import__("sys").modules, "xl_perf.recalc.engine", None)
    assert only(general.engine(Environment())).level is PROBLEM


def test_plan_data(monkeypatch):
    assert set(levels(general.plan(Environment()))) == {OK}

    def broken(_edition):
        raise PlanError("two targets", where="tabella_a.csv")

    monkeypatch.setattr("xl_perf.plan.load_edition", broken)
    found = list(general.plan(Environment()))
    assert set(levels(found)) == {PROBLEM}
    assert "tabella_a.csv: two targets" in found[0].text


def test_plan_whose_checks_disagree(monkeypatch):
    report = type("Report", (), {"ok": False})
    monkeypatch.setattr("xl_perf.plan.checks.run_checks", lambda _plan: report)
    found = list(general.plan(Environment()))
    assert set(levels(found)) == {PROBLEM}
    assert "xl-perf plan check --edition piano-2021-2023" in found[-1].remedy


def test_temporary_files(tmp_path):
    assert only(general.temporary_files(Environment(temporary=tmp_path))).level is OK
    assert list(tmp_path.iterdir()) == []
    assert only(general.temporary_files(Environment(temporary=tmp_path / "missing"))).level is PROBLEM


@pytest.mark.parametrize(
    ("platform", "values", "level"),
    [
        ("win32", {"sDecimal": ",", "sThousand": ".", "sList": ";"}, OK),
        ("win32", {"sDecimal": ".", "sThousand": ",", "sList": ","}, WARNING),
        ("win32", {"sDecimal": ",", "sThousand": ",", "sList": ";"}, PROBLEM),
        ("win32", {"sDecimal": ",", "sThousand": ".", "sList": ","}, PROBLEM),
        ("linux", {}, OK),
    ],
)
def test_separators(platform, values, level):
    machine = Environment(platform=platform, registry=lambda _key: values, decimal_point=".")
    assert only(general.decimal_separator(machine)).level is level


@pytest.mark.parametrize(
    ("answer", "level"),
    [
        ("LibreOffice 7.4.7.2 40(Build:2)", OK),
        ("LibreOffice 24.8.1.2 abc", OK),
        ("LibreOffice 7.3.9.1", WARNING),
        ("", WARNING),
    ],
)
def test_libreoffice(answer, level):
    machine = Environment(find_program=lambda name: f"/bin/{name}", run=lambda _command: answer)
    assert only(general.libreoffice(machine)).level is level


def test_no_libreoffice_is_no_fault(monkeypatch):
    monkeypatch.setattr(general, "_LIBREOFFICE_PLACES", ())
    assert only(general.libreoffice(Environment())).level is OK


def test_excel_is_not_asked_for_elsewhere():
    found = [f for check in OF_EXCEL for f in check(here())]
    assert levels(found) == [OK]


class Machine:
    """A Windows machine whose files lie in a folder of the test."""

    def __init__(self, folder):
        self.python = folder / "Python" / "python.exe"
        self.addins = folder / "AppData" / "Microsoft" / "AddIns"
        self.profile = folder / "AppData" / "xl_perf"
        for path in (self.python.parent, self.addins, self.profile):
            path.mkdir(parents=True)
        self.python.touch()
        self.keys = {OPTIONS: {"OPEN": "xl_perf.xlam", "Font": "Calibri", "OPEN1": '/R "C:\\x\\other.xlam"'}}
        self.versions = {"xlwings": XLWINGS, "pywin32": "306"}
        for name in (f"xlwings64-{XLWINGS}.dll", f"xlwings32-{XLWINGS}.dll"):
            (self.python.parent / name).touch()
        build(self.addins, str(self.python))

    def __call__(self):
        return Environment(
            platform="win32",
            executable=self.python,
            version_of=self.versions.get,
            variables={"APPDATA": str(self.profile.parent)},
            registry=lambda key: self.keys.get(key, {}),
        )


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def test_machine_where_all_is_well(machine):
    found = [f for check in OF_EXCEL[1:] for f in check(machine())]
    assert levels(found) == [OK] * 7, format_findings(found)


def test_excel_and_its_version(machine):
    assert only(excel.excel(machine())).level is WARNING
    machine.keys[r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"] = {
        "": "C:\\EXCEL.EXE"
    }
    assert only(excel.excel(machine())) == Finding(OK, "Excel", "C:\\EXCEL.EXE")
    machine.keys[r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration"] = {
        "VersionToReport": "16.0.17928.20114",
        "Platform": "x86",
    }
    assert only(excel.excel(machine())).text == "16.0.17928.20114, 32 bit"


def test_dll_of_another_version(machine):
    dll = machine.python.parent / f"xlwings64-{XLWINGS}.dll"
    dll.rename(machine.python.parent / "xlwings64-0.1.dll")
    first, second = excel.dll(machine())
    assert (first.level, second.level) == (PROBLEM, OK)
    assert "but xlwings64-0.1.dll" in first.text
    assert f"xlwings=={XLWINGS}" in first.remedy


def test_dll_above_the_interpreter_of_a_virtual_environment(machine):
    for path in machine.python.parent.glob("*.dll"):
        path.rename(machine.python.parent.parent / path.name)
    assert levels(excel.dll(machine())) == [OK, OK]


def test_dll_where_the_settings_say(machine, tmp_path):
    elsewhere = tmp_path / "dll"
    elsewhere.mkdir()
    (machine.addins / "xl_perf.conf").write_bytes(settings(str(machine.python), str(elsewhere)))
    assert levels(excel.dll(machine())) == [PROBLEM, PROBLEM]
    for path in machine.python.parent.glob("*.dll"):
        path.rename(elsewhere / path.name)
    assert levels(excel.dll(machine())) == [OK, OK]


def test_pywin32_is_needed(machine):
    del machine.versions["pywin32"]
    assert levels(excel.dll(machine())) == [OK, OK, PROBLEM]


def test_add_in_that_excel_does_not_open(machine):
    machine.keys = {OPTIONS: {"OPEN": "C:/x/other.xlam"}}
    found = only(excel.addin(machine()))
    assert (found.level, found.text) == (WARNING, "Excel does not open xl_perf.xlam")


def test_add_in_given_with_its_path(machine, tmp_path):
    other = tmp_path / "rete" / "xl_perf.xlam"
    build(other.parent)
    machine.keys = {OPTIONS: {"OPEN3": f'/R "{other}"'}}
    assert excel.active_addins(machine()) == [other]
    machine.keys[OPTIONS]["OPEN"] = "xl_perf.xlam"
    first, *others = excel.addin(machine())
    assert first.level is PROBLEM
    assert "Excel opens 2 of them" in first.text
    assert levels(others) == [OK, OK]


def test_add_in_made_by_another_installation(machine):
    machine.versions["xlwings"] = "9.9"
    found = only(excel.addin(machine()))
    assert found.level is PROBLEM
    made_for = f"xl_perf {__version__}, xlwings {XLWINGS}, impronta {signature_digest()}"
    assert f"is made for {made_for}; here is" in found.text
    assert "xl-perf addin excel" in found.remedy


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06" + bytes(18), None])
def test_add_in_that_cannot_be_read(machine, data):
    path = machine.addins / "xl_perf.xlam"
    path.unlink()
    if data is not None:
        path.write_bytes(data)
    found = only(excel.addin(machine()))
    assert found.level is PROBLEM
    assert "cannot be read" in found.text


def test_settings_missing_beside_and_in_the_profile(machine):
    beside = machine.addins / "xl_perf.conf"
    beside.rename(machine.profile / "xl_perf.conf")
    assert only(excel.settings(machine())) == Finding(OK, "settings", str(machine.profile / "xl_perf.conf"))
    (machine.profile / "xl_perf.conf").unlink()
    found = only(excel.settings(machine()))
    assert found.level is PROBLEM
    assert f"interprete = {machine.python}" in found.remedy
    machine.keys = {}
    assert list(excel.settings(machine())) == []


@pytest.mark.parametrize(
    ("text", "level", "said"),
    [
        ("# vuoto", PROBLEM, "names no Python"),
        ("interprete = /manca/python.exe", PROBLEM, "does not exist"),
        ("INTERPRETE = {python}", OK, ""),
        ("interprete = {python}\nmacro = C:/x", PROBLEM, "'macro'"),
        ("interprete = {python}\nqualcosa", PROBLEM, "'qualcosa'"),
        ("interprete = {other}", WARNING, "another Python"),
    ],
)
def test_settings(machine, tmp_path, text, level, said):
    other = tmp_path / "other" / "python.exe"
    other.parent.mkdir()
    other.touch()
    path = machine.addins / "xl_perf.conf"
    path.write_text(text.format(python=machine.python, other=other), encoding="utf-8-sig")
    found = only(excel.settings(machine()))
    assert found.level is level
    assert said in found.text


def test_check_that_breaks_is_a_problem_and_stops_no_other():
    def bad_check(_environment):
        raise RuntimeError("boom")

    found = examine(Environment(), [bad_check, general.plan])
    assert found[0] == Finding(PROBLEM, "bad check", "cannot be checked: RuntimeError: boom")
    assert len(found) > 1


def test_lines():
    text = format_findings([Finding(OK, "Python", "3.11"), Finding(PROBLEM, "rich", "12.0", "run: pip")])
    assert text.splitlines() == [
        "ok       Python             3.11",
        "problem  rich               12.0. Run: pip",
    ]


def test_command_on_this_machine(capsys):
    assert main(["doctor"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(re.match(r"(ok|warning) ", line) for line in lines), lines
    for subject in (
        "Python",
        "numpy",
        "engine",
        "quick reading",
        "plan data",
        "temporary files",
        "separators",
        "LibreOffice",
        "Excel",
    ):
        assert any(line[9:].startswith(subject) for line in lines), subject


def test_command_fails_on_a_problem(capsys, monkeypatch):
    monkeypatch.setattr("xl_perf.doctor.here", lambda: Environment(python="3.1", requires_python=">=3.11"))
    assert main(["doctor"]) == 1
    assert "problem  Python" in capsys.readouterr().out
