"""The page of a scorecard: its numbers are the workbook's, contributions add up, no text of a file is trusted."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.official import EXAMPLES
from tests.typed import type_facts
from xl_perf.cli import FAILED, OK, USAGE, main
from xl_perf.contract import read_inputs
from xl_perf.contract.tables import read_metadata
from xl_perf.explain.gap import gaps
from xl_perf.package import open_package
from xl_perf.package.refs import parse_range
from xl_perf.plan import edition_ids, library, load_edition
from xl_perf.report.card import card
from xl_perf.report.figures import heat, heat_ends, pyramid
from xl_perf.report.model import Node
from xl_perf.report.nation import board
from xl_perf.report.said import of_board
from xl_perf.report.sums import apportioned, show, unexplained, weigh
from xl_perf.report.words import fixed, period, share, signed, title
from xl_perf.sync import sync_file
from xl_perf.templates.build import build_scorecard

SCORECARD = EXAMPLES / "scheda_territoriale_esempio.xlsx"
PYRAMID = EXAMPLES / "piramide_valore_esempio.xlsx"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&{{7*7}}</style></details>"
_VOID = {"meta", "link", "br", "img", "input", "line", "rect", "circle", "polyline", "polygon"}


class Elements(HTMLParser):
    """The elements of a page with their attributes, and its visible text."""

    def __init__(self, text):
        super().__init__()
        self.found, self.open, self.text, self.wrong = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data):
        if self.open[-1:] not in (["style"], ["title"]):
            self.text.append(data)

    @property
    def said(self):
        return " ".join(" ".join(self.text).split())


def written(tmp_path, *files, options=(), status=OK):
    """The page that the command writes."""
    out = tmp_path / "pagina.html"
    assert main(["report", *map(str, files), "--out", str(out), *options]) == status
    return out.read_text(encoding="utf-8") if status == OK else ""


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """The example, with what is worked by hand below typed in: 18 of 22 chapters conform; units 12 of 20 and 671,671 of
    1,300,000 euro are 60% + 51.667% of the disposal; Genova 1,478 of 16,686; eight cells of Savona are empty."""
    path = tmp_path_factory.mktemp("scheda") / SCORECARD.name
    path.write_bytes(SCORECARD.read_bytes())
    chapters = [
        i.identity.item for i in read_inputs(open_package(path)).of() if i.identity.measure == "utilizzato"
    ]
    used = [*[100_000] * 18, *[110_000] * 4, *[None] * (len(chapters) - 22)]
    facts = {
        ("dismissione.unita", "consuntivo", "LIGURIA"): 12,
        ("dismissione.valore", "consuntivo", "LIGURIA"): 671_671,
        ("giacenza.prestazioni_servizi", "giacenza", "GENOVA"): 1478,
        ("giacenza.prestazioni_servizi", "pervenuto", "GENOVA"): 16686,
        **{(item, "budget", "LIGURIA"): amount and 100_000 for item, amount in zip(chapters, used, strict=True)},
        **{(item, "utilizzato", "LIGURIA"): amount for item, amount in zip(chapters, used, strict=True)},
        **{
            (f"{index}.{area}", measure, "SAVONA"): None
            for area in ("altre_aree", "conto_assicurativo")
            for index, pair in (("giacenza", ("giacenza", "pervenuto")), ("deflusso", ("definiti", "pervenuti")))
            for measure in pair
        },
    }  # fmt: skip
    return type_facts(path, facts)


@pytest.fixture(scope="module")
def liguria(file):
    return card(open_package(file))


@pytest.fixture(scope="module")
def page(tmp_path_factory, file):
    return written(tmp_path_factory.mktemp("pagina"), file)


# --- numbers


def test_every_score_of_the_page_is_the_workbooks(liguria, file):
    """Each score, actual, target and coverage is the result of that name that the workbook declares."""
    results = {(r.identity.item, r.identity.measure): r for r in read_inputs(open_package(file)).totals}
    nodes = [liguria.root, *liguria.root.nodes, *liguria.root.leaves()]
    assert len(nodes) == 1 + 5 + 15
    for node in nodes:
        assert node.score == results[node.code, "punteggio"].value
        assert node.cell == results[node.code, "punteggio"].cell
        assert node.coverage == results[node.code, "copertura"].value


def test_the_contributions_by_hand(liguria):
    """Liguria: five perspectives of 20% each; spesa is one of four objectives of Finanza, 90.909: 5% x
    -9.0909 = -0.4545.

    Dismissione is alone in Sviluppo: 20% x 11.667 = 2.3334.
    """
    leaves = {leaf.name: leaf for leaf in liguria.root.leaves()}
    spending = leaves["Gestione della spesa"]
    assert spending.share == pytest.approx(0.05)
    assert spending.points == pytest.approx(0.05 * (1000 / 11 - 100))
    assert leaves["Dismissione patrimonio da reddito"].points == pytest.approx(0.2 * 11.667)
    assert math.fsum(leaf.points for leaf in leaves.values()) == pytest.approx(
        liguria.root.score - 100, abs=1e-12
    )
    assert liguria.rest == 0


@pytest.mark.parametrize("path", [SCORECARD, PYRAMID], ids=lambda path: path.stem)
def test_what_is_shown_adds_up_to_the_cent(path):
    root = card(open_package(path)).root
    assert round(100 * root.shown) == round(100 * (root.score - 100))
    for node in (root, *root.nodes):
        assert round(100 * sum(part.shown for part in node.nodes)) == round(100 * node.shown)
        assert all(abs(part.shown - part.points) < 0.011 for part in node.nodes)


def _node(score, nodes=(), weight=1.0):
    return Node("", "", "", score, weight, nodes=list(nodes))


def test_what_is_not_reported_leaves_its_weight_to_the_others():
    """40, 40 and 20% with the last one missing: half each. 110 and 100 make 105."""
    root = _node(105.0, [_node(110.0, weight=0.4), _node(100.0, weight=0.4), _node(None, weight=0.2)])
    weigh(root, 100)
    assert [part.share for part in root.nodes] == [0.5, 0.5, 0.0]
    assert [part.points for part in root.nodes] == [5.0, 0.0, 0.0]
    assert unexplained(root) == 0


def test_a_score_that_its_parts_do_not_give_is_found():
    """Somebody typed 108 over a mean of 105: three points are of nobody."""
    root = _node(108.0, [_node(110.0, weight=0.5), _node(100.0, weight=0.5)])
    weigh(root, 100)
    assert unexplained(root) == pytest.approx(3)


def test_the_page_names_a_score_that_its_parts_do_not_give(tmp_path):
    """+5 typed into the stored score of a perspective: 20% of 5 is one point."""
    path = tmp_path / "scheda.xlsx"
    package = open_package(SCORECARD)
    finance = card(package).root.nodes[1]
    sheet, _, address = finance.cell.partition("!")
    path.write_bytes(package.patch({sheet: {parse_range(address)[:2]: finance.score + 5}}))
    found = card(open_package(path))
    assert abs(found.rest) == pytest.approx(1.0)
    said = Elements(written(tmp_path, path)).said
    assert "I contributi non spiegano" in said


@given(st.lists(st.floats(-5000, 5000), min_size=1, max_size=30))
def test_apportioned_parts_add_up(parts):
    total = round(math.fsum(parts))
    found = apportioned(parts, total)
    assert sum(found) == total
    assert all(abs(number - part) <= 1 + 1e-9 for number, part in zip(found, parts, strict=True))


@given(st.lists(st.lists(st.floats(50, 150), min_size=1, max_size=8), min_size=1, max_size=6))
def test_any_tree_adds_up(groups):
    tops = [_node(math.fsum(group) / len(group), [_node(score) for score in group]) for group in groups]
    root = _node(math.fsum(top.score for top in tops) / len(tops), tops)
    weigh(root, 100)
    show(root)
    assert round(100 * math.fsum(leaf.shown for leaf in root.leaves())) == round(100 * root.shown)


def test_what_is_missing_comes_first_where_it_adds_most(liguria):
    """Spesa: 18 of 22 chapters; 9.0909 points of the objective, 5% of the whole times half (its two parts): 0.4545."""
    one = next(
        one for one in liguria.missing if one.name == "Fabbisogni economici: capitoli conformi al forecast"
    )
    assert one.points == pytest.approx(0.05 * 0.5 * (100 - 100 * 18 / 22))
    assert "22 in luogo di 18" in one.driver
    points = [one.points for one in liguria.missing if one.points is not None]
    assert points == sorted(points, reverse=True)
    genova = liguria.parts["Giacenza: Prestazioni e servizi"][0]
    assert genova.name.startswith("GENOVA")
    assert "1.390 in luogo di 1.478" in genova.driver


def test_numbers_as_italians_write_them():
    assert [fixed(1234.56), fixed(-0.04), fixed(-0.04, 2), fixed(None)] == ["1.234,6", "0,0", "−0,04", "–"]
    assert [signed(0.5), signed(-0.5), signed(0.001)] == ["+0,50", "−0,50", "0,00"]
    assert share(0.125, 1) == "12,5%"
    assert [period("2021-T3"), period("2021")] == ["III trimestre 2021", "anno 2021"]
    assert title("VALLE D'AOSTA") == "Valle d'Aosta"


def test_the_pyramid_is_as_wide_as_the_weights(liguria):
    """The base: Processi has eight objectives of 2.5%, Sviluppo one of 20%."""
    cells = pyramid(liguria.root)
    assert [sum(cell.level == level for cell in cells) for level in range(3)] == [1, 5, 15]

    def width(cell):
        xs = [float(point.split(",")[0]) for point in cell.outline.split()]
        return xs[2] - xs[3] + 2

    base = [cell for cell in cells if cell.level == 2]
    assert all(-90 <= cell.angle <= 90 for cell in cells)
    assert [bool(cell.angle) for cell in base] == [True] * 12 + [False] * 3  # 2.5 and 5% are narrow
    assert base[0].angle > -60  # at the left end a cell leans by 45 degrees and more
    assert width(base[12]) == pytest.approx(8 * width(base[0]), rel=0.02)
    assert sum(map(width, base)) == pytest.approx(560, abs=2)


def test_ends_of_scales():
    """The colours change 10 and 5 points from the score of the target and at the ends of the band around it."""
    assert heat_ends(100, 1) == (90, 95, 99, 101, 105, 110)
    scores = (89.99, 90, 99, 101, 110, None)
    for goal, band in ((100, 1), (80, 1)):
        ends = heat_ends(goal, band)
        found = [heat(None if score is None else score + goal - 100, ends) for score in scores]
        assert found == ["m3", "m2", "p0", "p1", "p3", "vuoto"]
    assert heat(99.5, heat_ends(100, 0.25)) == "m1"


def test_the_mark_is_the_workbooks():
    """A score without the workbook's word on it (left out of the whole) has none on the page."""
    sides = {
        "▲ meglio dell'obiettivo": "sopra",
        "● in linea": "linea",
        "▼ peggio dell'obiettivo": "sotto",
        "": "vuoto",
    }
    for verdict, side in sides.items():
        assert Node("", "", "", 95.7, verdict=verdict).side == side
    assert Node("", "", "", None, verdict="● in linea").side == "vuoto"


# --- the page


def test_the_page_shows_what_it_promises(page, liguria):
    shown = Elements(page)
    assert shown.wrong == []
    assert shown.open == []
    said, score = shown.said, liguria.root.score
    for text in (
        "Liguria", "IV trimestre 2021", fixed(score), f"{fixed(score - 100)} punti sopra l'obiettivo",
        "DATI DI ESEMPIO", "Gli obiettivi",
        signed(liguria.root.shown),
        "Che cosa manca per arrivare a 100", "22 in luogo di 18", "Giacenza: 8 celle da compilare su 64",
        "CdA 133/2021 del 29/09/2021",
        liguria.file.digest, liguria.fingerprint, "assunzione",
    ):  # fmt: skip
        assert text in said, text
    for leaf in liguria.root.leaves():
        assert leaf.name in said
        assert signed(leaf.shown) in said


def test_an_explanation_opens_under_every_score(page, liguria):
    shown = Elements(page)
    assert sum(tag == "details" for tag, _ in shown.found) >= 16
    stocks = next(leaf for leaf in liguria.root.leaves() if leaf.name.startswith("Indici di giacenza"))
    assert (
        f"scostamento {signed(stocks.score - 100)}%" not in shown.said
    )  # a synthesis is explained by its parts
    assert "Indice di giacenza - flussi contributivi" in shown.said


def test_the_page_needs_neither_network_nor_script(page):
    shown = Elements(page)
    assert not {tag for tag, _ in shown.found} & {
        "script",
        "img",
        "iframe",
        "object",
        "embed",
        "link",
        "base",
        "form",
    }
    for _, attributes in shown.found:
        assert not [
            name
            for name in attributes
            if name.startswith("on") or name in ("src", "srcset", "action", "style")
        ]
        assert attributes.get("href", "#").startswith("#")
    assert "url(" not in page
    assert "@import" not in page
    assert "http" not in re.sub(r'http-equiv="Content', "", page)


def test_every_picture_has_a_title_and_a_description(page):
    pictures = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    named = [picture for picture in pictures if 'role="img"' in picture]
    assert named
    for picture in pictures:
        assert 'aria-hidden="true"' in picture or ("<title id=" in picture and "<desc id=" in picture)


def test_texts_of_the_workbook_are_never_trusted(tmp_path, page, file):
    """A project, an activity, a source and the title of the edition that are markup: the page has the same elements."""
    path = tmp_path / "ostile.xlsx"
    package = open_package(file)
    names = {
        "Quadro": (
            "Processi",
            "Indicatore di efficacia e qualità del servizio",
            "Indici di giacenza e di deflusso",
        ),
        "Giacenza": (
            "Prestazioni e servizi",
            "Indice di giacenza - prestazioni e servizi individuali",
            "GENOVA",
        ),
    }
    cells = {
        sheet: [(cell.row, cell.column) for cell in package.cells(sheet) if cell.value in texts]
        for sheet, texts in names.items()
    }
    for row in read_inputs(package).rows:
        if row.name:  # projects and activities that somebody named
            cells.setdefault(row.sheet, []).append(row.key)
    metadata = read_metadata(package)
    cells["Metadati"] = [metadata.places["titolo_edizione"]]
    path.write_bytes(
        package.patch({s: dict.fromkeys(keys, HOSTILE) for s, keys in cells.items()}, insert=True)
    )
    shown = Elements(written(tmp_path, path))
    assert shown.said.count(HOSTILE) >= 10
    assert shown.wrong == []
    assert {tag for tag, _ in shown.found} <= {tag for tag, _ in Elements(page).found}
    for _, attributes in shown.found:
        assert not [name for name in attributes if name.startswith("on")]


def test_a_hostile_name_of_a_file(tmp_path):
    path = tmp_path / "<b>&'scheda.xlsx"
    path.write_bytes(SCORECARD.read_bytes())
    shown = Elements(written(tmp_path, path))
    assert "<b>&'scheda.xlsx" in shown.said
    assert "b" in {tag for tag, _ in shown.found}  # ours
    assert shown.wrong == []


# --- which files


def test_other_quarters_are_the_trend(tmp_path):
    plan = load_edition()
    for quarter in (2, 3):
        (tmp_path / f"t{quarter}.xlsx").write_bytes(build_scorecard(plan, "MOLISE", quarter, example=True))
    scores = [card(open_package(tmp_path / f"t{quarter}.xlsx")).root.score for quarter in (2, 3)]
    said = Elements(written(tmp_path, tmp_path / "t3.xlsx", tmp_path / "t2.xlsx")).said
    assert "II trimestre 2021" in said
    assert all(fixed(score) in said for score in scores)
    assert "Si conosce un solo trimestre" not in said


def test_the_archive_knows_other_quarters(tmp_path):
    plan = load_edition()
    for quarter in (1, 2):
        (tmp_path / f"t{quarter}.xlsx").write_bytes(build_scorecard(plan, "MOLISE", quarter, example=True))
    archive = str(tmp_path / "archivio.sqlite")
    assert main(["record", str(tmp_path / "t1.xlsx"), "--archive", archive]) == OK
    said = Elements(written(tmp_path, tmp_path / "t2.xlsx", options=("--archive", archive))).said
    score = card(open_package(tmp_path / "t1.xlsx")).root.score
    assert f"I trimestre 2021 {fixed(score)}" in said
    assert "archivio, t1.xlsx" in said


def test_structures_side_by_side(tmp_path):
    plan = load_edition()
    names = ("MOLISE", "UMBRIA")
    for name in names:
        (tmp_path / f"{name}.xlsx").write_bytes(build_scorecard(plan, name, 3, example=True))
    (tmp_path / "vecchia.xlsx").write_bytes(build_scorecard(plan, "LIGURIA", 2, example=True))
    scores = {name: card(open_package(tmp_path / f"{name}.xlsx")).root.score for name in names}
    said = Elements(written(tmp_path, *tmp_path.glob("*.xlsx"), PYRAMID)).said
    first, last = sorted(names, key=lambda name: -scores[name])
    assert "2 strutture su 23 hanno un punteggio" in said
    assert (
        f"Prima {title(first)} con {fixed(scores[first])}, ultima {title(last)} con {fixed(scores[last])}"
        in said
    )
    assert "Liguria: è del II trimestre 2021, non entra nel confronto" in said
    assert "Indice sintetico del valore pubblico" in said
    assert "Mancano: Piemonte" in said


def test_what_collect_writes_is_the_nation(tmp_path):
    """Without the files of the structures ranking and scores come from quadratura.xlsx, the headline from the
    national scorecard.
    """
    plan, names = load_edition(), ("MOLISE", "UMBRIA")
    for name in names:
        (tmp_path / f"{name}.xlsx").write_bytes(build_scorecard(plan, name, 3, example=True))
    (tmp_path / "rotto.xlsx").write_bytes(build_scorecard(plan, "LIGURIA", 2, example=True))
    files = [str(path) for path in tmp_path.glob("*.xlsx")]
    out = tmp_path / "nazione"
    assert (
        main(["collect", *files, "--period", "2021-T3", "--out", str(out)]) == FAILED
    )  # one is of another quarter
    national = card(open_package(out / "scheda_nazionale_2021_T3.xlsx"))
    scores = {name: card(open_package(tmp_path / f"{name}.xlsx")) for name in names}
    shown = Elements(written(tmp_path, out))
    assert fixed(national.root.score) in shown.said
    for name, own in scores.items():
        cells = [
            fixed(node.score, 0)
            for top in own.root.nodes
            for node in (top, *top.nodes)
            if node.score is not None
        ]
        line = shown.said.rpartition(f" {title(name)} ")[2].split()
        assert [cell for cell in line[:20] if cell != "–"] == cells
        assert (
            f"{title(name)} {1 + (own.root.score < max(s.root.score for s in scores.values()))}" in shown.said
        )
    assert "file non sommati: è del periodo 2021-T2, si raccoglie 2021-T3" in shown.said
    assert "non usati in questa pagina: " in shown.said.lower()
    assert "quadratura.xlsx" in shown.said
    both = Elements(written(tmp_path, out, *(tmp_path / f"{name}.xlsx" for name in names))).said
    assert "Perché " in both


def test_an_empty_scorecard(tmp_path):
    path = tmp_path / "vuota.xlsx"
    path.write_bytes(build_scorecard(load_edition(), "VENETO", 3))
    said = Elements(written(tmp_path, path)).said
    assert "Nessun punteggio" in said
    assert "112 celle da compilare su 112" in said
    assert "DATI DI ESEMPIO" not in said


def test_files_that_cannot_make_a_page(tmp_path, capsys):
    twice = tmp_path / "copia.xlsx"
    twice.write_bytes(SCORECARD.read_bytes())
    written(tmp_path, SCORECARD, twice, status=USAGE)
    assert "two scorecards of LIGURIA" in capsys.readouterr().err
    written(tmp_path, EXAMPLES / "giacenza_esempio.xlsx", status=USAGE)
    (tmp_path / "rotto.xlsx").write_bytes(b"no workbook")
    written(tmp_path, tmp_path / "rotto.xlsx", status=FAILED)
    capsys.readouterr()
    written(tmp_path, tmp_path / "rotto.xlsx", tmp_path / "manca.xlsx", status=FAILED)
    assert "rotto.xlsx: " in capsys.readouterr().err
    assert not (tmp_path / "pagina.html").exists()
    written(tmp_path, SCORECARD, tmp_path / "rotto.xlsx", EXAMPLES / "ieep_esempio.xlsx", status=FAILED)
    err = capsys.readouterr().err
    assert err.startswith("FAILED   ")
    assert err.count("rotto.xlsx: ") == 1
    said = Elements((tmp_path / "pagina.html").read_text(encoding="utf-8")).said
    assert "rotto.xlsx: non letto" in said
    assert "ieep_esempio.xlsx (ieep)" in said


@pytest.fixture(scope="module")
def of_ninety(tmp_path_factory):
    """An edition in which a target that is reached has 90 points, and scorecards of it."""
    home = tmp_path_factory.mktemp("novanta")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(library.VARIABLE, str(home / "dati"))
        library.forget()
        folder = str(home / "edizione")
        amendment = [
            "--act",
            "CdA 200/2021",
            "--date",
            "2021-11-15",
            "--set-parameter",
            "punteggio_obiettivo",
            "90",
        ]
        assert main(["edition", "amend", *amendment, "--out", folder]) == OK
        assert main(["edition", "install", folder]) == OK
        yield home, load_edition(edition_ids()[-1])
    library.forget()


def test_the_score_of_the_target_is_the_plans(of_ninety):
    """With 90 for a target contributions, sentence, headings and colours count from 90: 97.3 is 7.3 above it."""
    home, plan = of_ninety
    path = home / SCORECARD.name
    assert sync_file(SCORECARD, plan, out=path).changed
    found = card(open_package(path))
    assert found.goal == 90
    root = found.root
    assert root.points == pytest.approx(root.score - 90)
    assert math.fsum(leaf.points for leaf in root.leaves()) == pytest.approx(root.score - 90)
    assert found.rest == 0
    shown = Elements(written(home, path)).said
    assert f"{fixed(root.score - 90)} punti sopra l'obiettivo di 90." in shown
    assert "Che cosa manca per arrivare a 90" in shown
    assert "obiettivo di 100" not in shown
    scores = {gap.score: gap.missing.value for gap in gaps(open_package(path))}
    assert any(90 <= score < 100 for score in scores)
    assert all((lacks > 0) == (score < 90) for score, lacks in scores.items())
    other = replace(found, structure="MOLISE", root=replace(root, score=85.0))
    table = board([found, other], plan, plan.model("scheda_territoriale"))
    assert [row.distance for row in table.rows] == [pytest.approx(root.score - 90), -5]
    assert "1 raggiungono o superano 90." in of_board(table, 22)
    assert table.classes[3] == ("p0", "89–91")
