"""An explanation as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.language import it

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xl_perf.explain.lines import Explanation, Line


def text(explanation: Explanation, *, cells: bool = False) -> str:
    """The explanation as a tree of lines, parameters at the end.

    Args:
        explanation: the lines.
        cells: whether each line ends with its cell.
    """
    lines = [_said(explanation.root, cells=cells), *_tree(explanation.root.lines, "", cells=cells)]
    if explanation.parameters:
        lines += [
            "",
            it("Parametri, pesi e scelte"),
            *(f"  {_said(line, cells=cells)}" for line in explanation.parameters),
        ]
    if explanation.remarks:
        lines += ["", *explanation.remarks]
    return "\n".join(lines) + "\n"


def _tree(lines: list[Line], indent: str, *, cells: bool) -> Iterable[str]:
    for place, line in enumerate(lines, start=1):
        is_last = place == len(lines)
        yield f"{indent}{'└ ' if is_last else '├ '}{_said(line, cells=cells)}"
        yield from _tree(line.lines, indent + ("  " if is_last else "│ "), cells=cells)


def _said(line: Line, *, cells: bool) -> str:
    return f"{line.text()} <{line.cells[0]}>" if cells and line.cells else line.text()
