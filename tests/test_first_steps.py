"""README's first steps: the same commands for every system, and in the page for controllers."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGE = (ROOT / "docs" / "guida" / "installazione.md").read_text(encoding="utf-8")


def _blocks(text: str, language: str) -> list[str]:
    return [
        block.strip()
        for block in re.findall(rf"```{language}\n(.*?)```", text.replace("\n   ", "\n"), re.DOTALL)
    ]


def _plain(command: str) -> str:
    """A command without what differs between systems."""
    command = command.replace("\\", "/").replace(".venv/bin/", "").replace(".venv/Scripts/", "")
    return command.replace("py -3 ", "python3 ").replace("--quiet ", "").strip()


def test_windows_has_every_command_one_a_line() -> None:
    for number in (0, 1):
        posix = [_plain(command) for command in _blocks(README, "sh")[number].split("&&")]
        windows = _blocks(README, "powershell")[number]
        assert "&&" not in windows, "PowerShell 5.1 does not know it"
        assert [_plain(line) for line in windows.splitlines()] == posix


def test_the_page_for_controllers_has_the_same_commands() -> None:
    first = [_plain(command) for command in _blocks(README, "sh")[0].split("&&")]
    assert [_plain(command) for command in _blocks(PAGE, "sh")[0].split("&&")] == first
    lines = [_plain(line) for block in _blocks(PAGE, "powershell") for line in block.splitlines()]
    assert [line for line in lines if line in first] == first


def test_every_package_that_ci_installs_has_its_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = {name: wanted for name, wanted in project["optional-dependencies"].items() if name != "bench"}
    wanted = [*project["dependencies"], *(each for extra in extras.values() for each in extra)]
    names = {re.match(r"[\w.-]+", each)[0].lower().replace("_", "-") for each in wanted} - {"xl-perf"}
    lines = (ROOT / ".ci" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    locked = {line.partition("==")[0].lower().replace("_", "-") for line in lines if "==" in line}
    assert names | {"pytest-cov"} <= locked


def test_the_measured_tests_are_there() -> None:
    lines = (ROOT / ".ci" / "measured-tests").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#") and not (ROOT / line).is_file()] == []
    assert 50 <= int((ROOT / ".ci" / "coverage-floor").read_text(encoding="utf-8")) <= 100
