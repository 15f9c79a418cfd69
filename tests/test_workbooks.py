"""The committed workbooks as Excel and a controller meet them: structure, targets, protection, formulas,
print setup.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries

from tests.official import FOLDER
from xl_perf.catalog import FUNCTIONS
from xl_perf.package import open_package
from xl_perf.plan import load_edition
from xl_perf.templates import TEMPLATE_VERSIONS
from xl_perf.templates.kit.archive import parts_of
from xl_perf.values import CellError

NAMES = [*(f"{t}.xlsx" for t in TEMPLATE_VERSIONS), *(f"esempi/{t}_esempio.xlsx" for t in TEMPLATE_VERSIONS)]
NATIVE = {
    "SUM", "SUMPRODUCT", "IF", "AND", "ISERROR", "COUNT", "COUNTBLANK", "COUNTIF", "ROWS", "COLUMNS",
    "INDEX", "MATCH", "ABS", "ROUND", "CHOOSE", "INT", "OR", "NA", "LEFT", "MID", "FIND", "SUBSTITUTE",
    "REPT", "TRIM", "MAX", "MIN", "N", "IFERROR", "ISNUMBER", "SUMIFS", "COUNTIFS", "COUNTA", "NOW", "LEN",
}  # fmt: skip
INPUT_GROUND = "00FFF8DC"

TARGET_CELLS = {
    "giacenza": 4 + 4 + 140 * 8,
    "ieep": 3 + 2 + 27 * 24 + 4 * 3 * 24,  # the year; total and sections in each quarter
    "costi_standard": 4 + 21 + 21 * 23 + 23,
    "controllo_processo": 6 + 23 + 16 * 2,
    "progetti": 3 + 25 + 117 * 11,
    "strutture_centrali": 7 + 2 + 19 + 2 + 4 + (318 - 24) + (162 + 1 - 21) + 4,
    "professionisti": 3 + 2 + 54 + 17 + 8 * 3 + 25 * 3 + 25 * 3 + 2 + 24 * 2 + 6 + 21 + 20,
    "valutazione_individuale": 12 + 3 + 4 + 4 * 3 + 2 + 2 + 140 * 4,
    "lavoro_agile": 6 + 5 + 5 * 3 + 2,
    "scheda_territoriale": 16
    + 2 * 2
    + 44
    + 8
    + 2
    + 21
    + 4 * 5 * 2
    + 4
    + (14 + 2) * 5
    + 20
    + 27
    + 21 * 5
    + 3
    + 1
    + 32,
    "piramide_valore": 7 + 93 + 94 * 3 + 31 * 3 + (5 + 5) + 4 + (22 + 6 + 6) + (22 + 15 + 15),
}
"""Cells that sync reaches: parameters and weights, then the tables of the plan, rows times columns."""

INPUT_CELLS = {
    "giacenza": 116 * 4 * 4 + 4 + 1 + 1 + 1 + 140 * 2,  # comment and who answers, structure by structure
    "ieep": 19 * 23 + 1 + 1 + 1 + 24 * 2,
    "costi_standard": 21 * 23 + 1 + 1 + 1 + 1,
    "controllo_processo": 23 * 6 + 3 + 1 + 1,
    "progetti": 117 * 4 + 1 + 1,
    "professionisti": (
        24 * 2
        + 23 * 4
        + 1
        + 24 * 4
        + 16
        + 7 * 3
        + 24 * 3
        + 24 * 3
        + 6 * 2
        + 23
        + 20 * 3
        + 5 * 2
        + 1
        + 24 * 2
        + 19
        + 4
    )
    + (1 + 1 + 50),
    "strutture_centrali": 90 + 1 + 29 + 19 + 80 * 4 + 1 + 4 + 37 + 253 + 1 + 1 + (24 * 2 + 1),
    "valutazione_individuale": 20 * 5 + 20 * 8 + 300 * (7 + 10) + 60 * 5 + 9 + 4 + 1 + 1,
    "lavoro_agile": 3 * (5 + 1) + 3 * (12 + 9) - 2 + 36 * 3 + 5 + 1 + 1,
    "scheda_territoriale": (
        1 + 4 * 4 * 4 + 4 + 24 * 2 + 40 * 4 + 1 + 4 * 4 + 3 + 64 * 6 + 6 + 1 + 3 + 5 * 3 + 3 + 1
    )
    + (15 * 8 + 19 + 3 + 21 + 23 * 2 + 2 + 8 + 6 * 4 + 5 + 42 + 9)
    + 3 * (1 + 5 + 15)  # the scores of three earlier quarters
    + 2,  # comment and name of who answers, on the page to sign
    "piramide_valore": (9 * 2 + 22 + 1) + 33 + (5 + 4) + 38 + 1 + 3 + 3,  # date, comment, who answers
}
"""Cells that are filled in: the data, then alternatives to assumptions, structures to pick."""

SYSTEMS = {
    "giacenza": ("giacenza", "deflusso"),
    "valutazione_individuale": ("giacenza",),
    "strutture_centrali": ("centrali", "progetti"),
    "professionisti": ("professionisti", "progetti"),
    "piramide_valore": ("impatto", "gestionale", "obiettivi"),
}
"""Systems of the plan that a workbook holds, where they are not just the one of its name."""

pytestmark = pytest.mark.parametrize("name", NAMES)


@cache
def plan():
    return load_edition()


@cache
def book(name):
    return load_workbook(FOLDER / name)


@cache
def values(name):
    return load_workbook(FOLDER / name, data_only=True)


@cache
def package(name):
    return open_package(FOLDER / name)


def tables(workbook):
    return {table.displayName: (sheet, table) for sheet in workbook for table in sheet.tables.values()}


def rows(workbook, table_name):
    """The rows of a table as dictionaries of heading -> cell."""
    sheet, table = tables(workbook)[table_name]
    left, top, right, bottom = range_boundaries(table.ref)
    headings = [sheet.cell(top, column).value for column in range(left, right + 1)]
    return [
        dict(zip(headings, [sheet.cell(row, column) for column in range(left, right + 1)], strict=True))
        for row in range(top + 1, bottom + 1)
    ]


def metadata(name):
    return {row["Chiave"].value: row["Valore"].value for row in rows(book(name), "tblMetadati")}


OF_A_QUARTER = ("scheda_territoriale", "giacenza", "ieep", "costi_standard", "controllo_processo")
"""Workbooks whose data are of a quarter."""


def test_metadata_says_what_the_file_is(name):
    found = metadata(name)
    template = Path(name).stem.removesuffix("_esempio")
    assert list(found) == [
        "modello", "versione_modello", "edizione", "titolo_edizione", "atto", "atto_breve", "data_atto",
        "impronta_dati",
        "struttura", "anno", *(["trimestre"] if template in OF_A_QUARTER else []), "fogli", "tipo_dati",
        "generato_da",
    ]  # fmt: skip
    assert found["modello"] == template
    assert found["versione_modello"] == str(TEMPLATE_VERSIONS[template])
    assert found["edizione"] == "piano-2021-2023"
    assert found["data_atto"] == "2021-09-29"
    assert found["impronta_dati"] == plan().data_hash
    assert found["tipo_dati"] == ("dati di esempio" if "esempi" in name else "modello vuoto")


def test_first_and_last_sheet(name):
    sheets = book(name).sheetnames
    assert sheets[0] == "Inizia qui"
    assert sheets[-1] == "Metadati"
    assert all(len(sheet) <= 31 for sheet in sheets)
    assert all(sheet.sheet_state == "visible" for sheet in book(name))


def test_tables_are_what_excel_accepts(name):
    names, ids = set(), set()
    for sheet, table in tables(book(name)).values():
        assert re.fullmatch(r"tbl[A-Za-z0-9_]+", table.displayName)
        assert table.displayName.lower() not in names
        assert table.id not in ids
        names.add(table.displayName.lower())
        ids.add(table.id)
        left, top, right, bottom = range_boundaries(table.ref)
        headings = [sheet.cell(top, column).value for column in range(left, right + 1)]
        assert all(isinstance(heading, str) and "\n" not in heading for heading in headings)
        assert headings == [column.name for column in table.tableColumns]
        assert len({heading.lower() for heading in headings}) == len(headings)
        assert [column.id for column in table.tableColumns] == list(range(1, len(headings) + 1))
        assert bottom > top
        inside = {(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)}
        for merged in sheet.merged_cells.ranges:
            assert inside.isdisjoint((r, c) for r, c in _cells(merged.bounds))
        if table.autoFilter is not None:
            assert table.autoFilter.ref == table.ref


def _cells(bounds):
    left, top, right, bottom = bounds
    return [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]


def project_field(project, name):
    """What a cell shows of an entry of the register; openpyxl reads a cell with a date format as a date."""
    shown = {
        "tipo": str(project.kind), "struttura": project.structure, "obiettivi_civ": ", ".join(project.objectives),
        "obiettivo_generale": project.general, "linea_guida": project.guideline, "programma": project.programme,
        "descrizione": project.title, "output": project.output, "obiettivo_ente": project.valued,
        "inizio": dt.datetime.combine(project.start, dt.time()), "fine": dt.datetime.combine(project.end, dt.time()),
    }  # fmt: skip
    return shown[name] or None


def expected_target(kind, fixed, period, code):
    """The value of the plan, found without the lookup that builder and sync use."""
    if kind in ("struttura", "indicatore"):
        indicator, structure = (fixed, code) if kind == "struttura" else (code, fixed)
        target = plan().target(indicator, structure, period)
        return target.value, target.source, target.act
    if kind == "parametro":
        parameter = plan().parameters[code]
        return parameter.value, parameter.source, parameter.act
    if kind == "peso":
        weight = next(w for w in plan().weights_of(fixed) if w.member == code)
        return weight.value, weight.source, weight.act
    if kind == "obiettivo":
        target = plan().target(*code.split("@"), period)
        return target.value, target.source, target.act
    if kind == "nodo":
        node = next(n for n in plan().nodes if n.code == code)
        if fixed == "obiettivo":
            target = plan().target(node.indicator, node.structure, period)
            return target.value, target.source, target.act
        texts = {"output": node.output, "titolare": node.owner, "rischio": node.risk}
        if fixed in texts:
            return texts[fixed] or None, node.source, node.act
        return node.weight, node.source, node.act
    if kind == "riga":
        line = next(line for line in plan().lines if line.code == code)
        return line.value, line.source, line.act
    if kind == "baseline":
        start = plan().actual(code, period, "baseline", fixed)
        return start.value, start.source, None
    if kind == "regola":
        rule = next(r for r in plan().target_rules if f"{r.indicator}@{r.structure}@{r.period}" == code)
        shown = {"testo": rule.text, "codice": str(rule.rule), "importo": rule.amount}
        return shown[fixed], rule.source, rule.act
    if kind == "progetto":
        project = next(p for p in plan().projects if p.code == code)
        return project_field(project, fixed), project.source, project.act
    ratio_code, number = code.rsplit(".", 1)
    ratio = next(r for r in plan().banded_ratios if r.code == ratio_code)
    band = next(b for b in ratio.bands if b.number == int(number))
    return (band.upper if fixed == "limite" else band.points), ratio.source, ratio.act


def expected_trait(trait, code):
    """Direction, sign or level of an indicator, or of the one whose code ends a line's."""
    known = plan().indicators
    indicator = known[code if code in known else max((c for c in known if code.endswith(f".{c}")), key=len)]
    if trait == "verso":
        return int(indicator.direction)
    above = []
    while indicator.parent:
        above.append(indicator)
        indicator = known[indicator.parent]
    if trait == "segno nel totale":
        return math.prod(row.sign for row in above)
    if not above:
        return None
    return above[0].sign if trait == "segno" else len(above) - 1


def test_every_target_is_the_plans_with_its_source(name):
    checked = 0
    for entry in rows(book(name), "tblObiettivi"):
        table, key, kind, column, fixed, period, source = (cell.value for cell in entry.values())
        found = rows(book(name), table)
        assert found
        for row in found:
            if row[key].value is None:
                assert row[column].value is None
                continue
            if kind == "caratteristica":
                assert row[column].value == expected_trait(fixed, row[key].value), (table, row[key].value)
                continue  # what an indicator is: no target, and no place of its own in the plan
            value, origin, act = expected_target(kind, fixed or "", period, row[key].value)
            assert row[column].value == value, (table, row[key].value, column)
            assert source, f"{table}: no source column"
            text = row[source].value
            assert f"({origin.document})" in text
            assert act is None or plan().acts[act].short in text
            checked += 1
    assert checked == TARGET_CELLS[metadata(name)["modello"]]


def stands_elsewhere(target, model):
    """The register's targets stand in progetti.xlsx alone; the other workbooks take its scores."""
    return target.indicator == "progetti.realizzazione" and model != "progetti"


def test_the_map_covers_every_target_of_the_system_once(name):
    """Each target of the plan's systems stands in exactly one cell that sync reaches."""
    if metadata(name)["struttura"] != "NAZIONALE":
        return  # targets of one region only: test_workbooks_scheda.py
    systems = SYSTEMS.get(metadata(name)["modello"], (metadata(name)["modello"],))
    reached = []
    for entry in rows(book(name), "tblObiettivi"):
        table, key, kind, _, fixed, period, _ = (cell.value for cell in entry.values())
        for row in rows(book(name), table):
            code = row[key].value
            if code is None:
                continue
            if kind == "struttura":
                reached.append((fixed, code, period))
            elif kind == "indicatore":
                reached.append((code, fixed, period))
            elif (kind, fixed) == ("nodo", "obiettivo"):
                node = next(n for n in plan().nodes if n.code == code)
                reached.append((node.indicator, node.structure, period))
    wanted = [
        (t.indicator, t.structure, t.period)
        for t in plan().targets
        if plan().indicators[t.indicator].system in systems
        and t.period in {period for _, _, period in reached}
        and not stands_elsewhere(t, metadata(name)["modello"])
    ]
    assert sorted(reached) == sorted(wanted)


def test_unlocked_cells_are_the_inputs_and_nothing_else(name):
    unlocked = 0
    for sheet in book(name):
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        validated = {
            place
            for dv in sheet.data_validations.dataValidation
            for area in dv.sqref.ranges
            for place in _cells(area.bounds)
        }
        merged = {place for area in sheet.merged_cells.ranges for place in _cells(area.bounds)[1:]}
        open_cells = set()
        for row in sheet.iter_rows():
            for cell in row:
                if (cell.row, cell.column) in merged:
                    continue
                looks_open = cell.fill.fgColor.rgb == INPUT_GROUND
                if not cell.protection.locked:
                    open_cells.add((cell.row, cell.column))
                    assert looks_open, f"{sheet.title}!{cell.coordinate} is unlocked but does not look it"
                    assert not str(cell.value).startswith("="), f"{sheet.title}!{cell.coordinate}"
                elif looks_open:
                    assert sheet.title == "Inizia qui", (
                        f"{sheet.title}!{cell.coordinate} looks open but is locked"
                    )
        assert open_cells == validated, sheet.title
        unlocked += len(open_cells)
    assert unlocked == INPUT_CELLS[metadata(name)["modello"]]


def test_validations_speak_italian_within_excels_limits(name):
    for sheet in book(name):
        for validation in sheet.data_validations.dataValidation:
            assert 0 < len(validation.promptTitle) <= 32
            assert 0 < len(validation.errorTitle) <= 32
            assert 0 < len(validation.prompt) <= 255
            assert 0 < len(validation.error) <= 255
            assert len(validation.formula1) < 255
            assert not validation.formula1.startswith("=")
            if validation.type == "list" and not validation.formula1.startswith('"'):
                assert validation.formula1 in book(name).defined_names


def test_each_column_that_is_filled_in_has_its_own_prompt(name):
    for sheet in book(name):
        prompts = {
            cell: validation
            for validation in sheet.data_validations.dataValidation
            for area in validation.sqref.ranges
            for cell in area.cells
        }
        for table in sheet.tables.values():
            left, top, right, bottom = range_boundaries(table.ref)
            for column in range(left, right + 1):
                heading = sheet.cell(top, column).value
                titles = {
                    prompts[row, column].promptTitle
                    for row in range(top + 1, bottom + 1)
                    if not sheet.cell(row, column).protection.locked
                }
                whole = heading if len(heading) <= 32 else f"{heading[:31].rstrip()}…"
                assert titles <= {whole}, (sheet.title, heading)


def test_formulas_use_the_allowed_functions(name):
    for sheet in package(name).sheets:
        for cell in package(name).cells(sheet.name):
            if cell.formula is None:
                continue
            text = re.sub(r'"[^"]*"', '""', cell.formula.text)
            assert cell.formula.kind == "normal"
            assert ";" not in text
            assert not re.search(r"(?<![\w\[,:])\[\d+\]", text), "another workbook"
            assert "#REF!" not in text
            used = set(re.findall(r"([A-Z_.]+)\(", text))
            assert used <= NATIVE | FUNCTIONS.keys(), (sheet.name, cell.row, cell.column)


def test_every_formula_has_a_stored_value_and_no_error(name):
    formulas = 0
    for sheet in package(name).sheets:
        for cell in package(name).cells(sheet.name):
            if cell.formula is not None:
                formulas += 1
                assert cell.value is not None, (sheet.name, cell.row, cell.column)
                assert not isinstance(cell.value, CellError), (sheet.name, cell.row, cell.column)
    assert formulas > 200


def test_empty_template_shows_empty_results(name):
    """Without data nothing is scored: results are empty, coverage is 0."""
    if "esempi" in name:
        return
    for row in rows(values(name), "tblSintesi"):
        for heading, cell in row.items():
            if heading.endswith("(dati)"):  # 1 where something is missing
                assert cell.value == 1
            elif heading.startswith(("Punteggio", "Esito", "Realizzazione", "Scostamento", "Punti")):
                assert cell.value in (None, ""), (heading, cell.coordinate)
            if heading.startswith("Copertura"):
                assert cell.value == 0


def test_sheets_print_on_a4_with_titles_and_page_numbers(name):
    for sheet in book(name):
        assert int(sheet.page_setup.paperSize) == 9
        assert sheet.page_setup.orientation in ("portrait", "landscape")
        alone = bool(sheet._charts)  # a table of one page, and charts on pages that repeat no headings
        assert sheet.print_title_rows or len(sheet.tables) != 1 or alone
        assert sheet.print_area
        assert "&P" in sheet.oddFooter.right.text
        assert sheet.oddHeader.left.text
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_links_and_names_lead_somewhere(name):
    for defined in book(name).defined_names.values():
        if defined.attr_text.startswith("INDEX("):  # a cell that is found by its key
            table, heading = re.match(r"INDEX\((tbl\w+)\[\[?(.+?)\]", defined.attr_text).groups()
            sheet, held = tables(book(name))[table]
            top = range_boundaries(held.ref)[1]
            assert re.sub("'(.)", r"\1", heading) in {cell.value for cell in sheet[top]}
            continue
        if re.fullmatch(r"tbl\w+\[.+\]", defined.attr_text):  # a column of a table
            continue
        for sheet, reference in defined.destinations:
            assert sheet in book(name).sheetnames
            assert range_boundaries(reference.replace("$", ""))
    links = [cell.hyperlink for row in book(name)["Inizia qui"].iter_rows() for cell in row if cell.hyperlink]
    linked = {re.match(r"'(.+)'!A1$", link.location)[1] for link in links}
    assert linked == set(book(name).sheetnames) - {"Inizia qui"}


def test_examples_are_marked_on_every_sheet_with_data(name):
    marked = {
        sheet.title for sheet in book(name) for row in sheet.iter_rows(max_row=4) for cell in row
        if str(cell.value).startswith("DATI DI ESEMPIO")
    }  # fmt: skip
    if "esempi" not in name:
        assert marked == set()
        return
    with_inputs = {
        sheet.title for sheet in book(name) for row in sheet.iter_rows() for cell in row
        if cell.fill.fgColor.rgb == INPUT_GROUND and sheet.title not in ("Inizia qui", "Parametri", "Confronto")
    }  # fmt: skip
    assert with_inputs <= marked
    first, second, *_ = book(name).sheetnames
    assert {first, second} <= marked


def test_headings_stay_in_sight(name):
    for sheet, table in tables(book(name)).values():
        _, top, _, bottom = range_boundaries(table.ref)
        heads = {
            range_boundaries(ref)[1] for _, ref in sheet.tables.items()
        }  # of tables one below the other none can stay
        if bottom - top > 40 and len(heads) == 1:
            assert sheet.freeze_panes in (f"B{top + 1}", f"C{top + 1}")


def test_charts_show_axes_and_italian_titles(name):
    charts = [chart for sheet in book(name) for chart in sheet._charts]
    assert charts
    for chart in charts:
        assert chart.x_axis.delete is False
        assert chart.y_axis.delete is False
        for owner in (chart, chart.x_axis, chart.y_axis):
            assert owner.title.tx.rich.p[0].r[0].t
        for series in chart.series:
            sheet, cells = series.val.numRef.f.replace("'", "").split("!")
            assert sheet in book(name).sheetnames
            left, top, right, _ = range_boundaries(cells.replace("$", ""))
            assert left == right
            heading = book(name)[sheet][f"{get_column_letter(left)}{top - 1}"].value
            assert isinstance(heading, str)
            assert series.tx.strRef.f.endswith(f"{get_column_letter(left)}{top - 1}")


def test_formulas_with_our_functions_keep_their_values_in_libreoffice(name):
    """LibreOffice calculates formulas with a text result again: without the add-in they may hold native text only.

    Empty results and `ob. zero` come out of Excel's own IF, in front of our function. The cell `Funzioni` is
    there to change.
    """
    for sheet in package(name).sheets:
        for cell in package(name).cells(sheet.name):
            if cell.formula is not None and "NOW()" in cell.formula.text:
                assert str(cell.value).startswith("▲ attive")
            elif cell.formula is not None and any(f"{ours}(" in cell.formula.text for ours in FUNCTIONS):
                assert isinstance(cell.value, float | int) or cell.value in ("", "ob. zero"), (
                    sheet.name,
                    cell.row,
                    cell.column,
                )
                if cell.value == "":
                    assert cell.formula.text.startswith("IF(")


def test_charts_describe_themselves(name):
    """Screen readers read the description of a drawing."""
    parts = parts_of((FOLDER / name).read_bytes())
    drawings = [parts[part].decode() for part in parts if part.startswith("xl/drawings/drawing")]
    charts = sum(len(sheet._charts) for sheet in book(name))
    descriptions = [text for drawing in drawings for text in re.findall(r'descr="([^"]+)"', drawing)]
    assert len(descriptions) == charts
    for description in descriptions:
        assert re.search("[Bb]arre", description)
        assert "tabella tbl" in description


ORDER = [
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
]
"""Children of a worksheet in the order of ECMA-376, CT_Worksheet: Excel repairs a file that breaks it."""


def test_sheet_parts_follow_the_schemas_order(name):
    parts = parts_of((FOLDER / name).read_bytes())
    styles = ET.fromstring(parts["xl/styles.xml"])
    main = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    formats = len(styles.findall("m:cellXfs/m:xf", main))
    differential = len(styles.findall("m:dxfs/m:dxf", main))
    for part, content in parts.items():
        if not part.startswith("xl/worksheets/sheet"):
            continue
        root = ET.fromstring(content)
        children = [child.tag.rsplit("}", 1)[1] for child in root]
        places = [ORDER.index(child) for child in children]
        assert places == sorted(places), part
        assert len({c for c in children if c != "conditionalFormatting"}) == len(
            [c for c in children if c != "conditionalFormatting"]
        )
        assert all(int(cell.get("s", 0)) < formats for cell in root.iterfind(".//m:c", main))
        rules = root.findall("m:conditionalFormatting/m:cfRule", main)
        assert all(int(rule.get("dxfId", 0)) < differential for rule in rules)  # bars have none
        priorities = [rule.get("priority") for rule in rules]
        assert len(set(priorities)) == len(priorities)
