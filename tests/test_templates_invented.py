"""Another plan is data: editions with other codes and other counts build, calculate and sync."""

from __future__ import annotations

import io
import re

import pytest
from openpyxl import load_workbook

from tests.renamed_edition import renamed, renamed_directory
from xl_perf.errors import PlanError
from xl_perf.plan import load_directory, load_edition
from xl_perf.sync import sync_file
from xl_perf.templates.build import BUILDERS, build_scorecard, build_workbook

NEED_THEIR_CODES = {"strutture_centrali"}
"""Templates that do not build from an edition with other codes: its sheet IEEP finds no rows; the list only gets shorter."""


@pytest.fixture(scope="module")
def invented(tmp_path_factory):
    return renamed(tmp_path_factory.mktemp("edizione"))


def test_codes_are_others(invented):
    shared = set(invented.indicators) & set(load_edition().indicators)
    assert not {code for code in shared if "." in code}
    assert len(invented.targets) == len(load_edition().targets)


@pytest.mark.parametrize("template", [name for name in BUILDERS if name not in NEED_THEIR_CODES])
def test_an_edition_with_other_codes_builds_and_syncs(invented, template, tmp_path):
    """Every formula has a value, and the edition itself changes nothing at a sync."""
    path = tmp_path / f"{template}.xlsx"
    path.write_bytes(build_workbook(invented, template, example=True))
    report = sync_file(path, invented, dry_run=True)
    assert not report.changed


def _without(path, pattern):
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not re.search(pattern, line)]
    assert len(kept) < len(lines), pattern
    path.write_text("".join(kept), encoding="utf-8", newline="")


@pytest.fixture(scope="module")
def smaller(tmp_path_factory):
    """A plan with four perspectives, without ricorsi and Ge.M.P.I., a chapter less, one cluster and band more."""
    folder = renamed_directory(tmp_path_factory.mktemp("piccola"))
    _without(folder / "albero_scheda.csv", r"^scheda\.xutenza|^scheda\.xprocessi\.xricorsi,")
    _without(folder / "uguaglianze.csv", r"^scheda\.xutenza")
    measures = folder / "dati_territorio.toml"
    text = re.sub(
        r',\s*"scheda\.(xutenza|xprocessi\.xricorsi)[^"]*"', "", measures.read_text(encoding="utf-8")
    )
    text = re.sub(r'"scheda\.(xutenza|xprocessi\.xricorsi)[^"]*",\s*', "", text)
    measures.write_text(text, encoding="utf-8", newline="")
    model = folder / "modello_scheda_territoriale.toml"
    _without(model, r"^(customer_care|ricorsi|errori_gempi|prospettive) =")
    _without(folder / "righe_spesa.csv", r"capitolo 4U1102028$")
    clusters = folder / "righe_personale_supporto.csv"
    text = clusters.read_text(encoding="utf-8").rstrip("\n")
    last = text.splitlines()[-1]
    code = last.split(",")[1]
    clusters.write_text(
        f"{text}\n{last.replace(code, f'{code}_nuovo').replace('Cluster', 'Cluster nuovo', 1)}\n",
        encoding="utf-8",
        newline="",
    )
    bands = folder / "controllo_processo.toml"
    text = bands.read_text(encoding="utf-8")
    old = '{ numero = 4, stampa = "99,51-100%", punti = 7 },'
    new = '{ numero = 4, stampa = "99,51-99,9%", fino_a = 99.9, punti = 6 },\n    { numero = 5, stampa = "99,91-100%", punti = 7 },'
    bands.write_text(text.replace(old, new, 1), encoding="utf-8", newline="")
    return load_directory(folder)


def test_a_scorecard_of_other_counts(smaller):
    """Four perspectives and thirteen objectives: all others have their sheets, cells and weights."""
    book = load_workbook(io.BytesIO(build_scorecard(smaller, "LIGURIA", 3, example=True)), data_only=True)
    quadro = book["Quadro"]
    codes = [
        cell.value for line in quadro.iter_rows() for cell in line if str(cell.value).startswith("scheda.")
    ]
    assert len({code for code in codes if code.count(".") == 1}) == 4
    assert len({code for code in codes if code.count(".") == 2}) == 13
    fasce = book["Fasce"]
    assert sum(str(line[0].value).startswith("controllate.") for line in fasce.iter_rows()) == 5


def test_an_objective_that_nothing_measures_is_refused(tmp_path):
    folder = renamed_directory(tmp_path)
    _without(folder / "modello_scheda_territoriale.toml", r"^ricorsi =")
    with pytest.raises(
        PlanError, match=r"no sheet of the scorecard measures the objective 'scheda\.xprocessi\.xricorsi'"
    ):
        build_scorecard(load_directory(folder), "LIGURIA", 3)
