"""Building the official workbooks and their examples, and comparing them with the files that are there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf import __version__
from xl_perf.errors import PlanError
from xl_perf.package import Package
from xl_perf.templates import TEMPLATE_VERSIONS
from xl_perf.templates.controllo_processo import workbook as controllo_processo
from xl_perf.templates.costi_standard import workbook as costi_standard
from xl_perf.templates.examples import Outcomes
from xl_perf.templates.giacenza import workbook as giacenza
from xl_perf.templates.ieep import workbook as ieep
from xl_perf.templates.kit.archive import content_hash, differing_parts, packed, parts_of, settled
from xl_perf.templates.kit.calculate import calculated
from xl_perf.templates.kit.exact import saved
from xl_perf.templates.kit.example import Example
from xl_perf.templates.kit.heights import fit_rows
from xl_perf.templates.lavoro_agile import workbook as agile
from xl_perf.templates.piramide_valore import workbook as piramide
from xl_perf.templates.professionisti import workbook as professionisti
from xl_perf.templates.progetti import workbook as progetti
from xl_perf.templates.scheda_territoriale import workbook as scheda
from xl_perf.templates.strutture_centrali import workbook as strutture_centrali
from xl_perf.templates.valutazione_individuale import workbook as individuale

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from xl_perf.plan.model import Plan
    from xl_perf.templates.kit.book import Book
    from xl_perf.templates.kit.page import Page

MANIFEST = "manifest.json"
EXAMPLES = "esempi"

BUILDERS: Mapping[str, Callable[[Plan, Example | None], Book]] = {
    "giacenza": giacenza.build,
    "ieep": ieep.build,
    "costi_standard": costi_standard.build,
    "controllo_processo": controllo_processo.build,
    "progetti": progetti.build,
    "strutture_centrali": strutture_centrali.build,
    "professionisti": professionisti.build,
    "valutazione_individuale": individuale.build,
    "lavoro_agile": agile.build,
    "scheda_territoriale": scheda.build,
    "piramide_valore": piramide.build,
}

_EXAMPLES: dict[tuple[str, str], Example] = {}
"""The facts of the examples, by id and fingerprint of the edition."""


@dataclass(frozen=True, slots=True)
class BuiltFile:
    """A workbook that was built: where it was written, what is in it, the hash of its parts."""

    path: Path
    formulas: int
    sheets: int
    sha256: str


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build wrote, and why it left workbooks out (`lacking`: template -> reason)."""

    edition: str
    files: tuple[BuiltFile, ...]
    lacking: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Built:
    data: bytes
    formulas: int
    sheets: int


def file_name(template: str, *, example: bool) -> str:
    """Path of a workbook below the output directory, with forward slashes."""
    return f"{EXAMPLES}/{template}_esempio.xlsx" if example else f"{template}.xlsx"


def build_workbook(plan: Plan, template: str, *, example: bool) -> bytes:
    """One workbook as bytes, calculated.

    Args:
        plan: the edition whose targets it holds.
        template: a name of `TEMPLATE_VERSIONS`.
        example: True for the copy filled with example data.

    Raises:
        WorkbookError: a formula could not be calculated.
        PlanError: the edition lacks a value that the workbook shows.
    """
    return _build(plan, template, example=example).data


def build_scorecard(plan: Plan, structure: str, quarter: int, *, example: bool = False) -> bytes:
    """The scorecard of a region or DCM as bytes, calculated.

    Args:
        plan: the edition whose targets it holds.
        structure: code or alias of a region or DCM.
        quarter: quarter of the results, 1 to 4.
        example: True to fill it with example data.

    Raises:
        WorkbookError: a formula could not be calculated.
        PlanError: a structure without scorecard, another quarter, or the edition lacks a value.
    """
    book = scheda.build_scorecard(plan, structure, quarter, example=example_of(plan) if example else None)
    return _finished(book, file_name(book.template, example=example)).data


@dataclass(frozen=True, slots=True)
class Unfilled:
    """A workbook without inputs and without calculated values, for a caller that fills and calculates it.

    Attributes:
        data: the workbook, whose parts are not compressed.
        pages: its sheets.
        date: that of its edition.
    """

    data: bytes
    pages: Sequence[Page]
    date: dt.date

    def finished(self, data: bytes) -> bytes:
        """The workbook as it is written to a file, rows and pages as what it holds needs them.

        Args:
            data: the workbook, filled and calculated meanwhile.
        """
        package = Package(data, Path("unfilled.xlsx"))
        values = {
            page.name: {
                (cell.row, cell.column): cell.value
                for cell in package.cells(page.name)
                if cell.formula is not None or (cell.row, cell.column) in page.flowing
            }
            for page in self.pages
        }
        parts = parts_of(data)
        fit_rows(parts, self.pages, values)
        return packed(parts, self.date)


def unfilled(plan: Plan, template: str, *, structure: str = "", quarter: int = 0) -> Unfilled:
    """A workbook without inputs and without calculated values.

    Args:
        plan: the edition whose targets it holds.
        template: a name of `TEMPLATE_VERSIONS`.
        structure: structure of a scorecard.
        quarter: quarter of a scorecard, 1 to 4.

    Raises:
        PlanError: a structure without scorecard, another quarter, or the edition lacks a value.
    """
    if template == scheda.TEMPLATE:
        book = scheda.build_scorecard(plan, structure, quarter)
    else:
        book = BUILDERS[template](plan, None)
    date = plan.latest_act.date
    data = settled(saved(book.workbook, stored=True), date, book.descriptions, stored=True)
    return Unfilled(data, book.pages, date)


def example_of(plan: Plan) -> Example:
    """The facts of the examples of an edition, which are made once."""
    key = plan.id, plan.data_hash
    if key not in _EXAMPLES:
        _EXAMPLES[key] = Example(plan, Outcomes(plan, _example_data).score)
    return _EXAMPLES[key]


def _example_data(plan: Plan, template: str, structure: str, quarter: int) -> bytes:
    """An example whose scores another one asks for."""
    if template == scheda.TEMPLATE:
        return build_scorecard(plan, structure, quarter, example=True)
    return build_workbook(plan, template, example=True)


def build_all(out: Path, plan: Plan) -> BuildReport:
    """Write the workbooks that the edition has data for, their examples and the manifest.

    Args:
        out: output directory; it and its `esempi` directory are created when missing.
        plan: the edition whose targets the workbooks hold.

    Raises:
        WorkbookError: a formula could not be calculated.
        PlanError: the edition has data for a workbook, but lacks a value that it shows.
    """
    (out / EXAMPLES).mkdir(parents=True, exist_ok=True)
    files = []
    built_files = _all(plan)
    for name, built in built_files.items():
        path = out / name
        path.write_bytes(built.data)
        files.append(BuiltFile(path, built.formulas, built.sheets, content_hash(built.data)))
    manifest = _manifest(plan, {name: file.sha256 for name, file in zip(built_files, files, strict=True)})
    (out / MANIFEST).write_text(manifest, encoding="utf-8", newline="\n")
    return BuildReport(plan.id, tuple(files), lacking(plan))


def lacking(plan: Plan) -> dict[str, str]:
    """Workbooks that an edition has no data for, with the reason in one line."""
    found = {}
    for template in BUILDERS:
        try:
            plan.model(template)
        except PlanError as error:
            found[template] = error.what
    return found


def check_all(out: Path, plan: Plan) -> list[str]:
    """Compare the files of a directory with a fresh build; inflated parts count, not compressed bytes.

    Args:
        out: directory that a build wrote.
        plan: the edition to build from.

    Returns:
        One line for each difference; empty when everything is current.
    """
    differences = []
    hashes = {}
    for name, built in _all(plan).items():
        hashes[name] = content_hash(built.data)
        path = out / name
        if not path.is_file():
            differences.append(f"{path}: missing")
            continue
        differences.extend(
            f"{path}: {part} differs" for part in differing_parts(path.read_bytes(), built.data)
        )
    path = out / MANIFEST
    if not path.is_file() or path.read_text(encoding="utf-8") != _manifest(plan, hashes):
        differences.append(f"{path}: not the manifest of this build")
    known = {*hashes, MANIFEST}
    differences.extend(
        f"{found}: not part of the build"
        for found in sorted(out.rglob("*"))
        if found.is_file() and found.relative_to(out).as_posix() not in known
    )
    return differences


def _all(plan: Plan) -> dict[str, _Built]:
    left_out = lacking(plan)
    return {
        file_name(template, example=example): _build(plan, template, example=example)
        for template in BUILDERS
        if template not in left_out
        for example in (False, True)
    }


def _build(plan: Plan, template: str, *, example: bool) -> _Built:
    facts = example_of(plan) if example else None
    return _finished(BUILDERS[template](plan, facts), file_name(template, example=example))


def _finished(book: Book, name: str) -> _Built:
    date = book.plan.latest_act.date
    data = settled(saved(book.workbook, stored=True), date, book.descriptions, stored=True)
    result = calculated(data, name, book.plan)
    parts = parts_of(result.data)
    fit_rows(parts, book.pages, result.values)
    return _Built(packed(parts, date), result.formulas, len(book.workbook.sheetnames))


def _manifest(plan: Plan, hashes: Mapping[str, str]) -> str:
    content = {
        "edizione": plan.id,
        "impronta_dati": plan.data_hash,
        "generato_da": f"xl_perf {__version__}",
        "modelli": {name: version for name, version in TEMPLATE_VERSIONS.items() if name in plan.models},
        "sha256_contenuti": dict(sorted(hashes.items())),
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
