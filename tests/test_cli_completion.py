"""Shells complete `xl-perf` with the tab key: the code for each shell, what it is answered, and bash itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from xl_perf.cli import COMMANDS, main
from xl_perf.cli.completion import SHELLS

if TYPE_CHECKING:
    from pathlib import Path


def _answers(line: str, folder: Path, shell: str = "bash") -> list[str]:
    """What the program gives a shell for a line with the cursor at its end, without the blank that bash wants."""
    out = folder / "answer"
    out.write_text("")
    environment = os.environ | {
        "_ARGCOMPLETE": "1", "_ARGCOMPLETE_SHELL": shell, "_ARGCOMPLETE_IFS": "\n",
        "_ARGCOMPLETE_STDOUT_FILENAME": str(out),
        "COMP_LINE": line, "COMP_POINT": str(len(line)), "COMP_TYPE": "9",
    }  # fmt: skip
    subprocess.run(
        [sys.executable, "-m", "xl_perf"], env=environment, check=False, capture_output=True, cwd=folder
    )
    return [text.strip() for text in out.read_text().splitlines()]


@pytest.mark.parametrize("shell", SHELLS)
def test_code_for_every_shell(shell, capsys):
    assert main(["completion", shell]) == 0
    code = capsys.readouterr().out
    assert "xl-perf" in code
    assert "_ARGCOMPLETE" in code
    assert {"powershell": "Register-ArgumentCompleter", "fish": "complete --command xl-perf"}.get(
        shell, "_python_argcomplete"
    ) in code


def test_commands_and_options_are_completed(tmp_path):
    assert set(COMMANDS) <= set(_answers("xl-perf ", tmp_path))
    assert _answers("xl-perf reca", tmp_path) == ["recalc"]
    assert "--verify" in _answers("xl-perf recalc --", tmp_path)
    assert set(_answers("xl-perf relink x.xlsx --to ", tmp_path)) == {"excel", "office", "calc", "lambda"}
    assert {"check", "show", "diff"} <= set(_answers("xl-perf plan ", tmp_path))


def test_files_are_completed(tmp_path):
    (tmp_path / "scheda_liguria.xlsx").touch()
    assert "scheda_liguria.xlsx" in _answers("xl-perf gap sche", tmp_path)


@pytest.mark.skipif(
    shutil.which("bash") is None and os.environ.get("XL_PERF_FULL_TESTS") != "1", reason="needs bash"
)
def test_bash_itself(tmp_path):
    """The code is read by a bash, which then asks the program through its own function."""
    program = tmp_path / "xl-perf"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m xl_perf "$@"\n')
    program.chmod(0o755)
    script = (
        'eval "$(xl-perf completion bash)"; COMP_LINE="xl-perf expl"; COMP_POINT=12; COMP_TYPE=9; COMP_CWORD=1; '
        'COMP_WORDS=(xl-perf expl); _python_argcomplete xl-perf expl xl-perf 2>/dev/null; echo "<${COMPREPLY[*]}>"'
    )
    environment = os.environ | {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    assert "<explain" in done.stdout, done
