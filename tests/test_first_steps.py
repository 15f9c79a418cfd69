"""README's first steps: the same commands for every system, and in the page for controllers."""

from __future__ import annotations

import re
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
