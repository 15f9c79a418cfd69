"""Tables of facts in the forms that offices export; contents written out by hand."""

from __future__ import annotations

import openpyxl
import pytest

from xl_perf.errors import LoadError
from xl_perf.load.sources import read_tables

TEXT = "Sede;Pervenuto già omogeneizzato\nFORLÌ;1.234,5\nRIMINI;n.d.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_in_every_form(tmp_path, encoding, delimiter):
    text = TEXT.replace("1.234,5", '"1.234,5"').replace(";", delimiter)
    path = tmp_path / "dati.csv"
    path.write_bytes(text.encode(encoding))
    (table,) = read_tables(path)
    assert table.headings == ("Sede", "Pervenuto già omogeneizzato")
    assert [(line.number, line.cells) for line in table.lines] == [
        (2, ("FORLÌ", "1.234,5")),
        (3, ("RIMINI", "n.d.")),
    ]


def test_titles_above_the_headings_are_left_out(tmp_path):
    path = tmp_path / "dati.csv"
    path.write_text("Estrazione del 5/10/2021\n\n" + TEXT, encoding="utf-8")
    (table,) = read_tables(path)
    assert table.headings[0] == "Sede"
    assert table.place(table.lines[0], 1) == f"{path}:4, column Pervenuto già omogeneizzato"


def test_sheets_of_a_workbook(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Sede", "Pervenuto"])
    book.active.append(["GENOVA", 12.5])
    other = book.create_sheet("Vuoto")
    other["A1"] = "solo un titolo"
    path = tmp_path / "dati.xlsx"
    book.save(path)
    (table,) = read_tables(path)
    assert table.where == f"{path}, Sheet"
    assert table.lines[0].cells == ("GENOVA", 12.5)


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("dati.pdf", b"%PDF", "are not read"),
        ("dati.csv", b"", "holds no table"),
        ("dati.csv", b"solo;intestazioni\n", "holds no table"),
        ("dati.xlsx", b"PK no zip", "cannot be read"),
        ("dati.csv", b"a;b\n\x00\x01;2\n", "this is no text"),
    ],
)
def test_what_is_no_table(tmp_path, name, content, what):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(LoadError, match=what):
        read_tables(path)
