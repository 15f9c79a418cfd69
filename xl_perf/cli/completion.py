"""Print what makes a shell complete commands, options and file names with the tab key.

  xl-perf completion bash >> ~/.bashrc
  xl-perf completion zsh >> ~/.zshrc
  xl-perf completion fish > ~/.config/fish/completions/xl-perf.fish
  xl-perf completion powershell >> $PROFILE

It holds in shells that are opened afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xl_perf.cli import OK

if TYPE_CHECKING:
    import argparse

SHELLS: Final = ("bash", "zsh", "fish", "powershell")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("shell", choices=SHELLS, help="the shell")


def run(options: argparse.Namespace) -> int:
    """Print the shell's code."""
    from argcomplete.shell_integration import shellcode

    print(shellcode(["xl-perf"], shell=options.shell))
    return OK
