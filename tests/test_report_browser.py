"""The page in a real Chromium: axe-core finds nothing, nothing is fetched, it fits a telephone and prints on A4.

axe-core (npm, MPL-2.0) is asked for all rules of WCAG 2.1 A and AA; `AXE_CORE` names its file `axe.min.js`.
"""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests import chromium, programs
from tests.official import EXAMPLES
from xl_perf.cli import FAILED, OK, main
from xl_perf.errors import WorkbookError
from xl_perf.package import open_package
from xl_perf.plan import load_edition
from xl_perf.report import browser
from xl_perf.report.card import card
from xl_perf.report.words import fixed, signed
from xl_perf.templates.build import build_scorecard

SCORECARD = EXAMPLES / "scheda_territoriale_esempio.xlsx"
PYRAMID = EXAMPLES / "piramide_valore_esempio.xlsx"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
DESK, TELEPHONE = (1366, 768), (390, 844)


@pytest.fixture(scope="module")
def axe():
    """The text of axe-core; skips where it is missing, fails if all tests are asked for."""
    named = os.environ.get("AXE_CORE", "")
    if named and Path(named).is_file():
        return Path(named).read_text(encoding="utf-8")
    if os.environ.get("XL_PERF_FULL_TESTS") == "1":
        pytest.fail("AXE_CORE does not name axe.min.js, and XL_PERF_FULL_TESTS=1 asks for all tests")
    pytest.skip("no axe-core (AXE_CORE is not set)")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Pages of a structure, of the nation and of an empty scorecard, explanations open and closed."""
    home, plan = tmp_path_factory.mktemp("pagine"), load_edition()
    for name, structure, quarter in (
        ("molise", "MOLISE", 3),
        ("umbria", "UMBRIA", 3),
        ("liguria", "LIGURIA", 2),
    ):
        (home / f"{name}.xlsx").write_bytes(build_scorecard(plan, structure, quarter, example=True))
    (home / "vuota.xlsx").write_bytes(build_scorecard(plan, "VENETO", 3))
    made = {
        "struttura": (SCORECARD, home / "liguria.xlsx"),
        "aperta": (SCORECARD, "--open"),
        "nazione": (home / "molise.xlsx", home / "umbria.xlsx", PYRAMID),
        "vuota": (home / "vuota.xlsx",),
        "raccolta": (home / "nazione",),
    }
    collected = [str(home / f"{name}.xlsx") for name in ("molise", "umbria")]
    assert main(["collect", *collected, "--period", "2021-T3", "--out", str(home / "nazione")]) == OK
    for name, arguments in made.items():
        assert main(["report", *map(str, arguments), "--out", str(home / f"{name}.html")]) == OK
    return home


@pytest.fixture(scope="module")
def page(pages):
    """A Chromium; gives a page at a width."""
    chromium.require()
    with chromium.Chromium() as one:

        def show(name, size=DESK):
            width, height = size
            one.ask(
                "Emulation.setDeviceMetricsOverride",
                width=width,
                height=height,
                deviceScaleFactor=1,
                mobile=size == TELEPHONE,
            )
            one.open((pages / f"{name}.html").as_uri(), ready=f"location.pathname.endsWith('/{name}.html')")
            return one

        yield show


def violations(one, axe):
    one.run(f"{axe}; undefined")
    rules = json.dumps({"runOnly": {"type": "tag", "values": RULES}})
    found = json.loads(one.run(f"axe.run(document, {rules}).then(r => JSON.stringify(r.violations))"))
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]
    ]


@pytest.mark.parametrize("size", [DESK, TELEPHONE], ids=["1366", "390"])
@pytest.mark.parametrize("name", ["struttura", "aperta", "nazione", "vuota", "raccolta"])
def test_axe_finds_nothing(page, axe, name, size):
    assert violations(page(name, size), axe) == []


def test_axe_sees_an_error(page, axe):
    """A text of too little contrast, and a picture without a name, put into the page."""
    one = page("struttura")
    one.run("document.querySelector('.frase').setAttribute('style','color:#ccc'); undefined")
    one.run("document.querySelector('svg[role=img]').removeAttribute('aria-labelledby'); undefined")
    one.run("document.querySelectorAll('svg[role=img] > title').forEach(x => x.remove()); undefined")
    found = " ".join(violations(one, axe))
    assert "color-contrast" in found
    assert "svg-img-alt" in found


@pytest.mark.parametrize("name", ["struttura", "aperta", "nazione", "vuota", "raccolta"])
def test_nothing_is_fetched_and_a_telephone_needs_no_sideways_scrolling(page, name):
    one = page(name, TELEPHONE)
    assert {url for url in one.requests if not url.startswith("file://")} == set()
    assert one.problems == []
    assert one.run("document.documentElement.scrollWidth") <= TELEPHONE[0]
    assert one.run(
        "[...document.querySelectorAll('h2')].every(h => h.getBoundingClientRect().right <= innerWidth)"
    )


def test_explanations_open_by_keyboard(page):
    one = page("struttura")
    assert one.run("[...document.querySelectorAll('details')].every(d => !d.open)")
    one.run("document.querySelector('#obiettivi summary').focus(); undefined")
    for kind in ("keyDown", "keyUp"):
        one.ask(
            "Input.dispatchKeyEvent",
            type=kind,
            key="Enter",
            code="Enter",
            windowsVirtualKeyCode=13,
            text="\r",
        )
    assert one.run("document.querySelector('#obiettivi details').open")


def printed(one):
    pdf = base64.b64decode(one.ask("Page.printToPDF", preferCSSPageSize=True, printBackground=False)["data"])
    return [
        tuple(round(float(x)) for x in box.split()[2:]) for box in re.findall(rb"/MediaBox \[([^\]]+)\]", pdf)
    ]


def test_prints_on_a4(page):
    """595 x 842 points; the heat table of the nation lies across: 842 x 595. Open explanations take more pages."""
    closed, opened = printed(page("struttura")), printed(page("aperta"))
    assert set(closed) == {(595, 842)}
    assert len(closed) <= 5
    assert len(opened) > len(closed)
    nation = printed(page("nazione"))
    assert set(nation) == {(595, 842), (842, 595)}


# --- PDF by the command


def numbers():
    """What has to stand in a print of the example: name, score, and every contribution."""
    root = card(open_package(SCORECARD)).root
    return ["Liguria", fixed(root.score), *(signed(node.shown) for node in (root, *root.leaves()))]


def text_of(path):
    if programs.find("pdftotext") is None:
        pytest.skip("no pdftotext to read the PDF with")
    done = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
    )
    return done.stdout


def test_the_pdf_of_the_browser(tmp_path):
    chromium.require()
    out = tmp_path / "liguria.html"
    assert main(["report", str(SCORECARD), "--out", str(out), "--pdf"]) == OK
    text = text_of(out.with_suffix(".pdf"))
    for said in numbers():
        assert said in text
    assert "Perché" not in text  # closed explanations are not printed


@pytest.mark.libreoffice
def test_the_pdf_of_libreoffice(office, tmp_path, monkeypatch):
    """Where there is no browser LibreOffice prints: plainer, with all numbers."""
    assert office
    monkeypatch.setattr(browser, "find_browser", lambda: None)
    out = tmp_path / "liguria.html"
    assert main(["report", str(SCORECARD), "--out", str(out), "--pdf"]) == OK
    text = text_of(out.with_suffix(".pdf"))
    for said in numbers():
        assert said in text
    assert "Perché" not in text


def test_no_program_prints(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(browser, "find_browser", lambda: None)
    monkeypatch.setattr(browser, "find_office", lambda: None)
    out = tmp_path / "liguria.html"
    assert main(["report", str(SCORECARD), "--out", str(out), "--pdf"]) == FAILED
    assert "open the page and print it" in capsys.readouterr().err.lower()
    assert out.is_file()
    assert not out.with_suffix(".pdf").exists()


def test_a_browser_that_prints_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(browser, "find_browser", lambda: "/bin/false")
    with pytest.raises(WorkbookError, match="made no PDF"):
        browser.write_pdf(lambda _: "<p>x</p>", tmp_path / "x.pdf")
    assert list(tmp_path.iterdir()) == []


def test_edge_is_looked_for_on_windows(tmp_path, monkeypatch):
    edge = tmp_path / "Microsoft" / "Edge" / "Application" / "msedge.exe"
    edge.parent.mkdir(parents=True)
    edge.write_bytes(b"")
    monkeypatch.setattr(browser.shutil, "which", lambda _: None)
    monkeypatch.setenv("PROGRAMFILES(X86)", str(tmp_path))
    assert browser.find_browser() == str(edge)
