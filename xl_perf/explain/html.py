"""An explanation as one page of HTML: levels open and close, every text of the workbook is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xl_perf.explain.lines import Explanation, Line

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff;max-width:72rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.4rem} h2{font-size:1.1rem;margin-top:2rem}
details,.riga{margin:.15rem 0 .15rem 1.2rem} body>details{margin-left:0} summary{cursor:pointer}
summary:focus-visible{outline:2px solid #0b5cad;outline-offset:2px}
.valore{font-weight:600} .peso{color:#444} .come{color:#333} .fonte{color:#0b4a82} .nota{color:#8a3200}
@media print{details:not([open])>*{display:block}}
"""


def html(explanation: Explanation, title: str) -> str:
    """The explanation as a page that needs neither network nor script.

    Args:
        explanation: the lines.
        title: heading of the page.
    """
    remarks = "".join(f"<p class=nota>{escape(text)}</p>" for text in explanation.remarks)
    parameters = "".join(f"<div class=riga>{_said(line)}</div>" for line in explanation.parameters)
    below = f"<h2>Parametri, pesi e scelte</h2>{parameters}" if parameters else ""
    return (
        '<!doctype html><html lang="it"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{escape(title)}</h1>{remarks}{fragment(explanation.root)}{below}</main></body></html>\n"
    )


def fragment(line: Line) -> str:
    """A line and all below it as HTML; the first two levels are open."""
    if not line.lines:
        return f"<div class=riga>{_said(line)}</div>"
    inner = "".join(map(fragment, line.lines))
    opened = " open" if line.level < 2 else ""
    return f"<details{opened}><summary>{_said(line)}</summary>{inner}</details>"


def _said(line: Line) -> str:
    cells = escape(line.cells[0]) if line.cells else ""
    kind = "valore" if line.value is not None else "valori"
    parts = [
        f'<span title="{cells}">{escape(line.name)}</span> = <span class={kind}>{escape(line.shown)}</span>'
    ]
    if line.weight:
        parts.append(f"<span class=peso>(peso {escape(line.weight)})</span>")
    if line.words:
        parts.append(f"<span class=come>{escape(line.words)}</span>")
    parts += [f"<span class=nota>{escape(note)}</span>" for note in line.notes]
    if line.source:
        parts.append(f"<span class=fonte>[{escape(line.source)}]</span>")
    return " ".join(parts)
