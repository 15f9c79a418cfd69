"""What the doctor says of what stops the Excel add-in: settings and policies of a registry made up here."""

from __future__ import annotations

import zipfile
from pathlib import PureWindowsPath

import pytest

from tests.test_doctor import OK, PROBLEM, WARNING, Machine, levels, only
from xl_perf.cli import OK as FINE
from xl_perf.cli import main
from xl_perf.doctor import CHECKS, OF_EXCEL, excel, excel_security

SECURITY = r"Office\16.0\Excel\Security"
USER = rf"HKCU\Software\Microsoft\{SECURITY}"
ASR = r"Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR"
POLICY_RULES = rf"HKLM\SOFTWARE\Policies\{ASR}\Rules"
MANAGED = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Policy Manager"
CHILD, WIN32 = "d4f940ab-401b-4efc-aadc-ad5f3c50688a", "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b"
ROOTS = ("HKLM\\Software\\Policies", "HKCU\\Software\\Policies", "HKCU\\Software")


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def sign(machine):
    with zipfile.ZipFile(machine.addins / "xl_perf.xlam", "a") as archive:
        archive.writestr("xl/vbaProjectSignature.bin", b"")


def trust(machine, path, key=USER, **more):
    machine.keys[rf"{key}\Trusted Locations\Location3"] = {"Path": str(path), **more}


@pytest.mark.parametrize("root", ROOTS)
def test_macros_switched_off_by_the_user_or_a_policy(machine, root):
    key = rf"{root}\Microsoft\{SECURITY}"
    for value in ("1", "2"):
        machine.keys[key] = {"VBAWarnings": value}
        assert only(excel_security.macros(machine())).level is OK
    machine.keys[key] = {"VBAWarnings": "4"}
    found = only(excel_security.macros(machine()))
    assert found.level is WARNING
    assert key in found.remedy


@pytest.mark.parametrize("root", ROOTS)
def test_signed_macros_only(machine, root):
    key = rf"{root}\Microsoft\{SECURITY}"
    machine.keys[key] = {"vbawarnings": "3"}
    found = only(excel_security.macros(machine()))
    assert (found.level, "sign xl_perf.xlam" in found.remedy, key in found.remedy) == (WARNING, True, True)
    sign(machine)
    assert only(excel_security.macros(machine())).level is OK


def test_a_policy_stands_over_the_users_own_setting(machine):
    machine.keys[USER] = {"VBAWarnings": "1"}
    machine.keys[rf"HKLM\Software\Policies\Microsoft\{SECURITY}"] = {"VBAWarnings": "4"}
    found = only(excel_security.macros(machine()))
    assert (found.level, "HKLM" in found.remedy) == (WARNING, True)


def test_a_trusted_location_lets_macros_run(machine):
    machine.keys[USER] = {"VBAWarnings": "4"}
    trust(machine, machine.addins.parent)
    assert only(excel_security.macros(machine())).level is WARNING, "the folder above, without those below it"
    trust(machine, machine.addins.parent, AllowSubFolders="1")
    assert only(excel_security.macros(machine())).level is OK
    trust(machine, r"%APPDATA%\Microsoft\AddIns" + "\\")
    assert only(excel_security.macros(machine())).level is OK
    machine.keys[rf"HKCU\Software\Policies\Microsoft\{SECURITY}\Trusted Locations"] = {
        "AllLocationsDisabled": "1"
    }
    assert only(excel_security.macros(machine())).level is WARNING


@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize(
    ("place", "name"),
    [(SECURITY, "RequireAddinSig"), (r"Office\16.0\Common\Security", "RequireAlwaysOnMacroSig")],
)
def test_add_ins_that_must_be_signed(machine, root, place, name):
    key = rf"{root}\Microsoft\{place}"
    machine.keys[key] = {name.lower(): "0"}
    assert only(excel_security.signatures(machine())).level is OK
    machine.keys[key] = {name.lower(): "1"}
    trust(machine, machine.addins)
    found = only(excel_security.signatures(machine()))
    assert (found.level, name in found.text, key in found.remedy) == (PROBLEM, True, True)
    sign(machine)
    assert only(excel_security.signatures(machine())).level is OK


def test_no_add_ins_at_all(machine):
    machine.keys[rf"HKCU\Software\Policies\Microsoft\{SECURITY}"] = {"DisableAllAddins": "1"}
    sign(machine)
    found = only(excel_security.signatures(machine()))
    assert (found.level, found.text) == (PROBLEM, "Excel loads no add-ins")


def test_a_file_from_the_internet(machine):
    assert list(excel_security.downloads(machine())) == []
    mark = machine.addins / "xl_perf.xlam:Zone.Identifier"
    mark.write_text("[ZoneTransfer]\nZoneId=1\n", encoding="utf-8")
    assert list(excel_security.downloads(machine())) == []
    mark.write_text("[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=about:internet\r\n", encoding="utf-8")
    found = only(excel_security.downloads(machine()))
    assert (found.level, "Unblock" in found.remedy) == (PROBLEM, True)


@pytest.mark.parametrize("rule", [CHILD, WIN32])
@pytest.mark.parametrize("how", ["policy", "managed", "local"])
def test_rules_of_defender(machine, rule, how):
    def say(state):
        if how == "managed":
            machine.keys[MANAGED] = {
                "ASRRules": f"3b576869-a4ec-4529-8536-b80a7769e899=1|{rule.upper()}={state}"
            }
        else:
            key = POLICY_RULES if how == "policy" else rf"HKLM\SOFTWARE\{ASR}\Rules"
            machine.keys[key] = {rule.upper(): state}

    for state in ("0", "2", "5"):
        say(state)
        assert only(excel_security.defender(machine())).level is OK
    say("6")
    assert only(excel_security.defender(machine())).level is WARNING
    say("1")
    found = only(excel_security.defender(machine()))
    assert (found.level, rule in found.text) == (PROBLEM, True)
    path = machine.python if rule == CHILD else machine.addins / "xl_perf.xlam"
    assert str(PureWindowsPath(path)) in found.remedy


def test_exclusions_of_defender(machine):
    machine.keys[POLICY_RULES] = {CHILD: "1", WIN32: "1"}
    assert levels(excel_security.defender(machine())) == [PROBLEM, PROBLEM]
    exclusions = rf"HKLM\SOFTWARE\Policies\{ASR}\ASROnlyExclusions"
    machine.keys[exclusions] = {str(machine.python): "0"}
    assert WIN32 in only(excel_security.defender(machine())).text
    machine.keys[exclusions] = {str(machine.python): "0", r"%APPDATA%\Microsoft": "0"}
    assert only(excel_security.defender(machine())).level is OK


def test_relative_paths_of_the_settings_start_from_their_folder(machine):
    (machine.addins / "python").mkdir()
    (machine.addins / "python" / "python.exe").touch()
    (machine.addins / "xl_perf.conf").write_text(
        "interprete = python\\python.exe\ndll = python\n", encoding="utf-8"
    )
    found = excel.read_settings(machine())
    assert found == {
        "interprete": str(machine.addins / "python" / "python.exe"), "dll": str(machine.addins / "python"),
    }  # fmt: skip
    assert only(excel.settings(machine())).level is WARNING, "another Python than the doctor's"
    (machine.addins / "xl_perf.conf").write_text("interprete = ..\\python.exe\n", encoding="utf-8")
    assert excel.read_settings(machine()) == {"interprete": "..\\python.exe"}


def test_only_excel(capsys):
    """What runs in the add-in's own Python; off Windows that is one line."""
    assert main(["doctor", "--excel"]) == FINE
    assert len(capsys.readouterr().out.splitlines()) == 1
    assert len(OF_EXCEL) == 8
    assert {check.__module__.rpartition(".")[2] for check in CHECKS if check not in OF_EXCEL} == {"general"}
