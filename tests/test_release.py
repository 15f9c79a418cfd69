"""The folder of a release: complete, its checksums right, its pages without broken links and without a network."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.official import FOLDER
from xl_perf import __version__
from xl_perf.cli import OK, USAGE
from xl_perf.package import open_package
from xl_perf.release import folder as release_folder
from xl_perf.release.__main__ import main as release
from xl_perf.release.folder import SUMS
from xl_perf.release.pages import INDEX
from xl_perf.release.trials import Trials
from xl_perf.relink import Dialect, relink_package

ROOT = Path(__file__).parents[1]
WHEEL = f"xl_perf-{__version__}-py3-none-any.whl"


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """Two official workbooks, a wheel, a folder of the Office.js edition."""
    base = tmp_path_factory.mktemp("fonti")
    for name in ("controllo_processo", "costi_standard"):
        for path in (f"{name}.xlsx", f"esempi/{name}_esempio.xlsx"):
            (base / "workbooks" / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(FOLDER / path, base / "workbooks" / path)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl_perf/__init__.py", "")
    (base / WHEEL).write_bytes(buffer.getvalue())
    (base / "office").mkdir()
    (base / "office" / "manifest.xml").write_text("<OfficeApp/>", encoding="utf-8")
    return base


def made(sources, out, *more):
    given = ["--wheel", str(sources / WHEEL), "--workbooks", str(sources / "workbooks"), "--out", str(out)]
    return release([*given, "--struttura", "PIEMONTE", *more])


@pytest.fixture(scope="module")
def folder(sources, tmp_path_factory):
    out = tmp_path_factory.mktemp("rilascio") / "xl_perf"
    assert made(sources, out, "--office", str(sources / "office")) == OK
    return out


def names(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_everything_is_there(folder):
    found = names(folder)
    workbooks = {
        f"cartelle/{program}/{name}"
        for program in ("excel", "calc", "lambda", "office")
        for name in (
            "controllo_processo.xlsx",
            "costi_standard.xlsx",
            "esempi/controllo_processo_esempio.xlsx",
            "esempi/costi_standard_esempio.xlsx",
            "schede/scheda_piemonte_2021_T4.xlsx",
        )
    }
    assert {name for name in found if name.startswith("cartelle/")} == workbooks
    assert {
        INDEX, SUMS, f"python/{WHEEL}", "componenti/libreoffice/xl_perf.oxt", "componenti/office/manifest.xml",
        "componenti/excel/xl_perf.xlam", "componenti/excel/xl_perf.conf", "componenti/excel/LEGGIMI.txt",
        "prove/prove.xlsx", "prove/prove_calc.xlsx", "prove/prove_lambda.xlsx", "prove/prove_office.xlsx",
    } <= found  # fmt: skip
    guides = {f"guide/{path.stem}.html" for path in (ROOT / "docs" / "guida").glob("*.md")}
    assert guides < found


def test_workbooks_are_those_of_the_build_in_each_spelling(folder, sources):
    official = sources / "workbooks" / "controllo_processo.xlsx"
    assert (folder / "cartelle/excel/controllo_processo.xlsx").read_bytes() == official.read_bytes()
    for dialect in (Dialect.CALC, Dialect.LAMBDA, Dialect.OFFICE):
        there = (folder / f"cartelle/{dialect}/controllo_processo.xlsx").read_bytes()
        assert there == relink_package(open_package(official), dialect).data
        assert there != official.read_bytes()


def test_checksums_are_those_of_all_files(folder):
    lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    said = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    assert set(said) == names(folder) - {SUMS}
    for name, digest in said.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name


VOID = ("meta", "img", "br", "hr")


class Page(HTMLParser):
    """Addresses in a page, and whether its elements close."""

    def __init__(self, text):
        super().__init__()
        self.addresses, self.open, self.scripts, self.names = [], [], 0, []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.addresses += [value for name, value in attrs if name in ("href", "src")]
        self.names += [value for name, value in attrs if name == "id"]
        self.scripts += tag in ("script", "link", "iframe")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        assert self.open.pop() == tag


def test_pages_lead_to_what_is_there(folder):
    pages = sorted(folder.rglob("*.html"))
    assert len(pages) > 30
    names = {path.resolve(): Page(path.read_text(encoding="utf-8")).names for path in pages}
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert '<html lang="it">' in text
        page = Page(text)
        assert (page.open, page.scripts) == ([], 0), path
        inside = [address for address in page.addresses if not re.match(r"(https?|mailto):", address)]
        missing = []
        for address in inside:
            file, _, name = address.partition("#")
            target = (path.parent / unquote(file) if file else path).resolve()
            if not target.is_file() or (name and unquote(name) not in names.get(target, ())):
                missing.append(address)
        assert not missing, path


def test_the_first_page_leads_to_every_workbook(folder):
    page = Page((folder / INDEX).read_text(encoding="utf-8"))
    reached = set(page.addresses)
    assert {name for name in names(folder) if name.startswith(("cartelle/", "prove/", "python/"))} <= reached
    assert "componenti/libreoffice/xl_perf.oxt" in reached
    assert not [address for address in reached if re.match(r"https?:", address)]


def test_without_the_office_edition(sources, tmp_path, monkeypatch):
    monkeypatch.setattr(release_folder, "trials", lambda *_: Trials(b"", ()))
    out = tmp_path / "rilascio"
    assert made(sources, out) == OK
    assert not [name for name in names(out) if "/office/" in name or "prove_office" in name]
    assert "Office.js" not in (out / INDEX).read_text(encoding="utf-8")


def test_a_folder_is_never_half_made(sources, tmp_path, monkeypatch):
    def broken(*_):
        raise OSError("disk full")

    monkeypatch.setattr(release_folder, "trials", broken)
    with pytest.raises(OSError, match="disk full"):
        made(sources, tmp_path / "rilascio")
    assert list(tmp_path.iterdir()) == []


def test_what_is_missing_is_said(sources, tmp_path, capsys):
    assert release(["--wheel", str(tmp_path / WHEEL), "--out", str(tmp_path / "a")]) == USAGE
    assert "run python -m build first" in capsys.readouterr().err.lower()
    wheel = ["--wheel", str(sources / WHEEL)]
    assert release([*wheel, "--workbooks", str(tmp_path), "--out", str(tmp_path / "a")]) == USAGE
    assert "run xl-perf build first" in capsys.readouterr().err.lower()
    there = [*wheel, "--workbooks", str(sources / "workbooks"), "--out", str(tmp_path)]
    assert release(there) == USAGE
    assert "the folder is there already" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_no_page_names_a_package_that_no_registry_has():
    """xl_perf is installed from a clone or from the wheel of a release."""
    pages = [
        ROOT / "README.md",
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "xl_perf").rglob("*.py"),
        ROOT / "xl_perf" / "italiano.po",
    ]
    named = re.compile(r"pip install[^\n]*?['\"\s]xl[-_]perf(?:\[|[\s'\"`]|$)")
    assert not [path.name for path in pages if named.search(path.read_text(encoding="utf-8"))]
    assert named.search("pip install 'xl-perf[dask]'")
    assert named.search("pip install xl-perf")
    assert not named.search("py -m pip install python\\xl_perf-0.1.0-py3-none-any.whl")
