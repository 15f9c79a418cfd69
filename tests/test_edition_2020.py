"""The edition 2020-2022 builds every workbook that it has data for; its scores are worked cases (system 28)."""

from __future__ import annotations

import pytest

from tests.workbook_tables import Tables
from xl_perf.addins.lambda_edition import lambda_names
from xl_perf.catalog import FUNCTIONS, binding
from xl_perf.cells import call
from xl_perf.cli import main
from xl_perf.plan import load_edition
from xl_perf.recalc import recalc_paths
from xl_perf.recalc.model import Options
from xl_perf.sync import sync_file
from xl_perf.templates.build import BUILDERS
from xl_perf.values import CellError

EDITION = "piano-2020-2022"
BUILT = {"giacenza", "piramide_valore"}
TREE = [
    # P20, Declinazione annuale degli Obiettivi Specifici triennali: the eight objectives in their order
    "piramide.1", "piramide.2", "piramide.3", "piramide.4", "piramide.5", "piramide.6", "piramide.7", "piramide.8",
]  # fmt: skip


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """Folder and exit code of the command."""
    out = tmp_path_factory.mktemp("edizione_2020")
    return out, main(["build", "--edition", EDITION, "--out", str(out)])


def test_the_command_builds_what_has_data_and_lists_the_others_in_a_line_each(tmp_path, capsys):
    assert main(["build", "--edition", EDITION, "--out", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    others = [line.split(":")[0] for line in lines if "not built" in line]
    assert others == [template for template in BUILDERS if template not in BUILT]
    assert len(lines) == len(others) + 2 * len(BUILT)
    assert {path.stem for path in tmp_path.glob("*.xlsx")} == BUILT
    assert {path.stem for path in tmp_path.glob("esempi/*.xlsx")} == {f"{name}_esempio" for name in BUILT}


def test_nothing_is_stale(build):
    folder, code = build
    report = recalc_paths([folder], Options(check=True, isolate=False))
    assert (code, len(report.files), report.stale, report.failed) == (0, 4, (), ())


def test_targets_and_base_of_2020(build):
    giacenza = Tables(build[0] / "giacenza.xlsx")
    # P21, Indici di giacenza e deflusso: piano 2020; P20, Indici di giacenza 1: base 365
    (row,) = giacenza.rows("tblTabellaA").values()
    assert [value for value in row.values() if isinstance(value, int | float)] == [34, 208, 125, 118]
    assert giacenza.rows("tblParametri", "Codice")["giacenza.base"]["Valore del piano"] == 365


def test_the_tree_has_eight_objectives(build):
    rows = Tables(build[0] / "piramide_valore.xlsx").rows("tblPiramide", "Codice")
    assert [code for code in rows if code in TREE] == TREE
    assert {rows[code]["Peso in uso"] for code in TREE} == {1 / 8}


@pytest.mark.parametrize("name", ["giacenza.xlsx", "piramide_valore.xlsx", "esempi/giacenza_esempio.xlsx"])
def test_its_own_edition_changes_nothing(build, name):
    report = sync_file(build[0] / name, load_edition(EDITION))
    assert (report.changed, report.errors) == ((), ())


def test_functions_have_no_default_where_the_edition_fills_no_role():
    with binding.use(load_edition(EDITION)):
        texts = lambda_names()
        assert call(FUNCTIONS["GIACENZA_INDEX"], [100, 1000]) == pytest.approx(36.5)  # base 365
        for name, arguments in (
            ("TEP_COEFFICIENTE", [4]),
            ("IEEP_REALIZZAZIONE", [110, 100, 90, 100]),
            ("SPESA_CONFORME", [100, 104, 1]),
            ("COSTO_STANDARD", [[[1], [2]], [[1], [2]]]),
            ("PERF_INDIVIDUALE", [100, 100, 100, 1]),
            ("CONTROLLO_PROCESSO", [100, 90, 1, 1, 1, 1]),
            ("VALORE_PUBBLICO", [100, 100, 100]),
        ):
            assert call(FUNCTIONS[name], arguments) == CellError.NA, name
        # what is given needs no default
        assert call(FUNCTIONS["TEP_COEFFICIENTE"], [2, [[0], [0.5]]]) == 0.5
    assert "#N/A" in texts["TEP_COEFFICIENTE"]
    assert "#N/A" not in texts["DEFLUSSO_INDEX"].replace("ISNA", "")
