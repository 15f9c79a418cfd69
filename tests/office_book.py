"""A workbook file as the double of Excel holds it (`office_book.js`), calculated by our own engine."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from tests.excel_stub import Book
from tests.office_chromium import Excel
from xl_perf.relink.spelling import Dialect, apply, mentions, respell
from xl_perf.values import CellError

DOUBLE = Path(__file__).with_name("office_book.js")
OPTIONS = {"allowSort": True, "allowFormatCells": False, "allowAutoFilter": False, "selectionMode": "Normal"}
"""How the sheets are protected: what must be there again afterwards."""
_THIS_ROW = re.compile(r"\[\[#This Row\],\[((?:[^\[\]']|'.)+)\]\]")
_PARTS = ("possibleErrors", "host", "officeMockObject")


def mock_missing():
    """Why Microsoft's double is not there; empty where it is."""
    return "" if os.environ.get("OFFICE_MOCK") else "office-addin-mock is not there (OFFICE_MOCK)"


def require_mock():
    """Skips the test where Microsoft's double is missing; a full run fails instead."""
    reason = mock_missing()
    if reason and os.environ.get("XL_PERF_FULL_TESTS") == "1":
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)


def library():
    """JavaScript of `mockLibrary`, which gives office-addin-mock's classes."""
    folder = Path(os.environ["OFFICE_MOCK"]) / "lib"
    parts = {f"./{name}": (folder / f"{name}.js").read_text(encoding="utf-8") for name in _PARTS}
    bodies = ", ".join(
        f"{json.dumps(name)}: (exports, require) => {{ {text}\n }}" for name, text in parts.items()
    )
    programs = json.dumps({name: name for name in ("Excel", "Outlook", "PowerPoint", "Word")})
    return f"""globalThis.mockLibrary = () => {{
  const bodies = {{ {bodies} }};
  const made = {{ "office-addin-manifest": {{ OfficeApp: {programs} }} }};
  const require = (name) => {{
    if (made[name] === undefined) {{
      made[name] = {{}};
      bodies[name](made[name], require);
    }}
    return made[name];
  }};
  return require("./officeMockObject");
}};
"""


def _shown(value):
    if isinstance(value, CellError):
        return {"error": str(value)}
    return "" if value is None else value


def _formula(text):
    """A formula as Excel shows it to Office.js with the add-in there."""
    inner = text[1:]
    if mentions(inner):
        inner = apply(inner, respell(inner, Dialect.OFFICE).edits).replace("_xldudf_XLPERF_", "XLPERF.")
    return "=" + _THIS_ROW.sub(r"[@[\1]]", inner)


def told(book):
    """The double's data."""
    sheets = {}
    for sheet in book.sheets:
        used = sheet.used_range
        top, left, bottom, right = used._ref
        styles, unlocked = book.styles[sheet.name], book.package.unlocked
        places = [[(row, column) for column in range(left, right + 1)] for row in range(top, bottom + 1)]
        formulas, grid = book.formulas[sheet.name], book.grids[sheet.name]
        sheets[sheet.name] = {
            "used": [top - 1, left - 1, bottom - top + 1, right - left + 1],
            "values": [[_shown(grid.get(key)) for key in row] for row in places],
            "formulas": [
                [_formula(formulas[key]) if key in formulas else "" for key in row] for row in places
            ],
            "formats": [[used._code(styles.get(key, 0)) for key in row] for row in places],
            "locked": [[styles.get(key, 0) not in unlocked for key in row] for row in places],
            "protected": True,
            "password": "",
            "options": OPTIONS,
        }
    tables = [[one.name, one.sheet, list(one.ref), list(one.columns)] for one in book.package.tables]
    names = [
        [one.name, f"={one.text}", None if one.scope is None else book.package.sheets[one.scope].name]
        for one in book.package.defined_names
    ]
    first = list(sheets)[1]
    return {"sheets": sheets, "tables": tables, "names": names, "selected": [first, 0, 0, 1, 1]}


class ExcelWithBook(Excel):
    """The add-in's page beside a workbook.

    Args:
        url: address of the server.
        path: the workbook.
        change: changes the double's data before the page has it.
    """

    def __init__(self, url, path, change=lambda _: None):
        self.book = Book(path)
        data = told(self.book)
        change(data)
        body = DOUBLE.read_text(encoding="utf-8").replace("BOOK;", f"{json.dumps(data)};", 1)
        super().__init__(url, more=library() + f"(() => {{ {body} }})();")

    def load(self):
        self.ask("Runtime.addBinding", name="askPython")
        super().load()

    def event(self, name, told):
        if name != "Runtime.bindingCalled":
            super().event(name, told)
            return
        asked = json.loads(told["payload"])
        answer = json.dumps([[*place, _shown(value)] for *place, value in self._calculated(asked["written"])])
        self.send("Runtime.evaluate", expression=f"answered({asked['id']}, {answer})")

    def _calculated(self, written):
        """(sheet, row, column, value) of what has another value once cells were written."""
        before = {name: dict(grid) for name, grid in self.book.grids.items()}
        for sheet, row, column, value in written:
            self.book.grids[sheet][row, column] = value
            self.book.entered.setdefault(sheet, {})[row, column] = value
        self.book.app.calculate()
        for name, grid in self.book.grids.items():
            yield from (
                (name, *key, value)
                for key, value in grid.items()
                if before[name].get(key) != value or type(before[name].get(key)) is not type(value)
            )

    # What users do

    def click(self, name):
        """Presses a button of the pane and waits until what it does is done; gives the text of the result."""
        self.run(f"document.getElementById('{name}').click()")
        self.run(
            "new Promise((done) => { const look = () =>"
            " document.body.hasAttribute('aria-busy') ? setTimeout(look, 20) : done(); look(); })"
        )
        return self.run("document.getElementById('esito').innerText")

    @property
    def warning(self):
        """What the pane warns of."""
        return self.run("document.getElementById('avviso').textContent")

    def does(self, body):
        """What JavaScript gives that has the page's modules: `act`, `read`, `readSettled`, `write`."""
        head = (
            "const { act } = await import('/engine.js');"
            " const { go, read, readSettled, selected, selection, write, enter } = await import('/workbook.js');"
        )
        return self.run(f"(async () => {{ {head} {body} }})()")
