"""The files of others that the guides work with: tables of an office, files with mistakes, an amended edition."""

from __future__ import annotations

import shutil
import zipfile
from typing import TYPE_CHECKING

import openpyxl

from tests.collected import retyped
from tests.typed import type_facts
from xl_perf.cli import main
from xl_perf.contract import read_inputs
from xl_perf.package import open_package
from xl_perf.plan import load_edition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

_MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)


def _facts(path: Path) -> dict[tuple[str, str, str], float]:
    """Item, measure, structure -> number, of a filled workbook, in the order of its cells."""
    package = open_package(path)
    inputs = read_inputs(package)
    cells = {
        info.name: {(cell.row, cell.column): cell.value for cell in package.cells(info.name)}
        for info in package.sheets
    }
    found = {}
    for each in inputs.of():
        value = cells[each.sheet].get(each.key)
        if isinstance(value, int | float):
            one = each.identity
            found[one.item, one.measure, one.structure] = value
    return found


def _example(work: Path) -> dict[tuple[str, str, str], float]:
    return _facts(work / "esempio_liguria.xlsx")


def _italian(number: float) -> str:
    """8826 -> `8.826,0`."""
    return f"{number:,.1f}".translate(str.maketrans(",.", ".,"))


def _csv(target: Path, rows: Iterable[Iterable[str]]) -> None:
    target.write_text("".join(";".join(row) + "\n" for row in rows), encoding="utf-8")


_HEADINGS = ("Sede", "Indicatore", "Giacenza omogeneizzata", "Pervenuto omogeneizzato")


def _indicator(code: str) -> str:
    return load_edition().indicators[code].title


def _giacenza(work: Path, target: Path) -> None:
    facts = _example(work)
    places = [(item, place) for item, measure, place in facts if measure == "giacenza"]
    rows = [
        (
            place.title(), _indicator(item),
            _italian(facts[item, "giacenza", place]), _italian(facts[item, "pervenuto", place]),
        )
        for item, place in places
    ]  # fmt: skip
    _csv(target, [_HEADINGS, *rows])


def _rettifica(work: Path, target: Path) -> None:
    services, others = _indicator("giacenza.prestazioni_servizi"), _indicator("giacenza.altre_aree")
    rows = (
        ("Genova", services, "760", ""),
        ("Rapallo", services, "120", ""),
        ("Savona", others, "30.650,0", ""),
        ("Liguria", services, "2.600,0", ""),
    )
    _csv(target, [_HEADINGS, *rows])


def _dubbio(work: Path, target: Path) -> None:
    _csv(
        target, [("Sede", "Voce", "Misura", "Valore"), ("Genova", "deflusso.altre_aree", "definiti", "1.406")]
    )


def _ieep(work: Path, target: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Voce", "Consuntivo"])
    for (item, _, _), value in _example(work).items():
        if item.startswith("ieep."):
            book.active.append([_indicator(item), value])
    book.save(target)


def _personale(work: Path, target: Path) -> None:
    facts = _example(work)
    measures = ("totale", "produzione", "supporto")
    places = [place for item, measure, place in facts if item == "personale.sedi" and measure == "totale"]
    rows: list[list[str | float]] = [["Sede", *(name.capitalize() for name in measures)]]
    rows += [
        [place.title(), *(facts["personale.sedi", name, place] for name in measures)] for place in places
    ]
    _ods(target, "Personale", rows)


def _ods(target: Path, sheet: str, rows: Iterable[Iterable[str | float]]) -> None:
    """A spreadsheet of OpenDocument with one sheet."""

    def cell(value: str | float) -> str:
        kind = (
            'office:value-type="string"'
            if isinstance(value, str)
            else f'office:value-type="float" office:value="{value}"'
        )
        return f"<table:table-cell {kind}><text:p>{value}</text:p></table:table-cell>"

    lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    content = (
        f'<office:document-content {_SPACES} office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="{sheet}">{lines}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        for path, kind in (("/", _ODS), ("content.xml", "text/xml"))
    )
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", _ODS, zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{_MANIFEST}">{entries}</manifest:manifest>',
        )


def _errori(work: Path, target: Path) -> None:
    shutil.copy(work / "scheda_liguria_2021_T2.xlsx", target)
    item = "giacenza.prestazioni_servizi"
    type_facts(target, {(item, "giacenza", "GENOVA"): "n.d.", (item, "pervenuto", "IMPERIA"): 0})


def _emendamento(work: Path, target: Path) -> None:
    change = ["ieep.entrate.flussi", "LIGURIA", "2021", "175000000"]
    status = main(
        ["edition", "amend", "--act", "CdA 200/2021", "--date", "2021-11-15", "--set", *change,
         "--out", str(target)]
    )  # fmt: skip
    assert status == 0


def _parziali(work: Path, target: Path) -> None:
    """The deliveries without Molise, Liguria twice, in Umbria's a number over a formula."""
    shutil.copytree(work / "consegne", target)
    (target / "scheda_molise_2021_T3.xlsx").unlink()
    second = shutil.copy(
        target / "scheda_liguria_2021_T3.xlsx", target / "scheda_liguria_2021_T3_rettifica.xlsx"
    )
    type_facts(second, {("giacenza.prestazioni_servizi", "giacenza", "GENOVA"): 1520})
    umbria = target / "scheda_umbria_2021_T3.xlsx"
    sheet = "Giacenza"
    totals = read_inputs(open_package(umbria)).totals
    score = next(one for one in totals if (one.sheet, one.identity.measure) == (sheet, "punteggio"))
    retyped(umbria, sheet, score.key, lambda cell: _number(cell, 120))


def _number(cell: str, number: float) -> str:
    """The XML of a cell with a number in the place of its formula."""
    start = cell.partition(">")[0].replace(' t="str"', "").replace(' t="e"', "")
    return f"{start.rstrip('/')}><v>{number}</v></c>"


def _one(work: Path, target: Path) -> None:
    shutil.copy(work / "consegne" / "scheda_liguria_2021_T3.xlsx", target)


def _controllo(work: Path, target: Path) -> None:
    shutil.copy(work / "nazione" / "controllo_processo_2021_T3.xlsx", target)


def _folder_of_one(work: Path, target: Path) -> None:
    target.mkdir()
    _one(work, target / "scheda_liguria_2021_T3.xlsx")


FILES: dict[tuple[str, str], Callable[[Path, Path], object]] = {
    ("regione", "giacenza.csv"): _giacenza,
    ("regione", "ieep.xlsx"): _ieep,
    ("regione", "personale.ods"): _personale,
    ("regione", "rettifica.csv"): _rettifica,
    ("regione", "dubbio.csv"): _dubbio,
    ("regione", "errori.xlsx"): _errori,
    ("regione", "emendamento"): _emendamento,
    ("nazionale", "parziali"): _parziali,
    ("spiegare", "scheda_liguria.xlsx"): _one,
    ("spiegare", "controllo_processo.xlsx"): _controllo,
    ("report", "scheda_liguria_2021_T3.xlsx"): _one,
    ("report", "liguria"): _folder_of_one,
}
"""Page, name -> what makes the file or folder in a working folder."""
