"""A workbook on paper: printed by LibreOffice, looked at with poppler.

small: main text of a page (most frequent size) under 8 points; tiny: more than 20 characters under 6; empty:
a page whose text ends in its upper third though its sheet has others; cut: a word whose beginning or end left
no ink, or that lies on another;
hashes: "###"; title: a cut word in a sheet's title or banner; chart: a page with a chart and, above it,
    repeated headings alone.
"""

from __future__ import annotations

import collections
import html
import re
import subprocess
import zipfile

KINDS = ("small", "tiny", "empty", "cut", "hashes", "title", "chart")
# height of a word's box over the size of its font: Liberation Sans, as poppler gives it (checked with
# PyMuPDF)
BOX = 1.3
DPI = 144
EDGE = 0.05
MIN_SIZE, MIN_ANY, TINY_CHARS, FILL = 8.0, 6.0, 20, 0.35
BANNER = "DATI DI ESEMPIO"
MARKS = ".,;:!?)»'\""


def run(*command):
    return subprocess.run(command, check=True, capture_output=True).stdout


def pages_of(pdf):
    """For each page its size and its words: (left, top, right, bottom, size, text), all in points."""
    xml = run("pdftotext", "-bbox", pdf, "-").decode("utf-8", "replace")
    for page in re.split(r"<page ", xml)[1:]:
        width, height = (float(re.search(rf'{a}="([\d.]+)"', page)[1]) for a in ("width", "height"))
        words = []
        for *box, shown in re.findall(
            r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>', page
        ):
            x0, y0, x1, y1, text = *map(float, box), html.unescape(shown)
            size = (y1 - y0) / BOX
            if size > 0 and (
                len(text) < 3 or 0.2 < (x1 - x0) / len(text) / size < 1.5
            ):  # turned texts of charts: left out
                words.append((x0, y0, x1, y1, size, text))
        yield width, height, words


def bitmap(pdf, number):
    """Grey pixels of a page: width, height, bytes."""
    data = run("pdftoppm", "-gray", "-r", str(DPI), "-f", str(number), "-l", str(number), pdf)
    head = re.match(rb"P5\s+(\d+)\s+(\d+)\s+(\d+)\s", data)
    return int(head[1]), int(head[2]), data[head.end() :]


def ink(picture, left, top, right, bottom):
    """How far grey values go apart in a rectangle given in points; None outside of the picture."""
    width, height, data = picture
    k = DPI / 72
    x0, x1, y0, y1 = (
        max(0, int(left * k)),
        min(width, int(right * k) + 1),
        max(0, int(top * k)),
        min(height, int(bottom * k)),
    )
    if x1 <= x0 or y1 <= y0:
        return None
    low, high = 255, 0
    for y in range(y0, y1):
        row = data[y * width + x0 : y * width + x1]
        low, high = min(low, *row), max(high, *row)
    return high - low


def cut_words(words, picture, width):
    """Words whose last or first letters have left no ink, or that pass the edge of the paper, or lie on the
    next one.
    """
    lines = collections.defaultdict(list)
    for word in words:
        lines[round(word[3])].append(word)
    for word in words:
        left, top, right, bottom, _, text = word
        if right > width or left < 0:
            yield word, "off the paper"
            continue
        if not re.search(r"\w{2}", text):
            continue
        letter = (right - left) / len(text)
        core = (top + (bottom - top) * 0.2, bottom - (bottom - top) * 0.2)
        for name, (a, b), mark in (
            (
                "end",
                (right - (1.15 + len(text) - len(text.rstrip(MARKS))) * letter, right),
                (text.rstrip(MARKS) or "-")[-1],
            ),
            ("beginning", (left, left + 1.15 * letter), text[0]),
        ):
            seen = ink(picture, a, core[0], b, core[1])
            if mark.isalnum() and seen is not None and seen < 20:
                yield word, f"{name} not printed"
                break
        else:
            for key in (round(bottom) - 1, round(bottom), round(bottom) + 1):
                for other in lines[key]:
                    if (
                        other is not word
                        and abs(other[3] - bottom) < 0.6
                        and left < other[0] < right - 0.9 * letter
                        and re.search(r"\w", other[5])
                    ):
                        yield word, f"lies on {other[5][:20]!r}"
                        break


def chart_titles(path):
    """Titles of the charts of a workbook, read from the package."""
    with zipfile.ZipFile(path) as archive:
        found = set()
        for name in archive.namelist():
            if re.match(r"xl/charts/chart\d+\.xml", name):
                title = re.search(
                    r"<(?:c:)?title>(.*?)</(?:c:)?title>",
                    archive.read(name).decode("utf-8", "replace"),
                    re.DOTALL,
                )
                if title:
                    found.add(html.unescape("".join(re.findall(r"<a:t>([^<]*)</a:t>", title[1]))))
        return found


def check(path, pdf, *, pictures=True):
    """Pages, what was measured of each and the findings on a workbook that is printed as a PDF."""
    titles = chart_titles(path)
    findings, table = collections.defaultdict(list), []
    pages = list(pages_of(pdf))
    sheets = []
    for _, height, runs in pages:
        low = max((r[3] for r in runs), default=0)  # the footer is the lowest line of the page
        foot = [r for r in runs if r[3] > low - 2 and low > height * (1 - EDGE * 1.2)]
        first = min(foot)[0] if foot else 0
        name, at = [], first
        for r in sorted(foot):
            if r[0] - at > 12:
                break
            name.append(r[5])
            at = r[2]
        sheets.append(" ".join(name) or "?")
    first_lines = {}
    for number, ((width, height, runs), sheet) in enumerate(zip(pages, sheets, strict=True), 1):
        body = [r for r in runs if height * EDGE < r[1] and r[3] < height * (1 - EDGE)]
        count = collections.Counter()
        for r in body:
            count[round(r[4], 1)] += len(r[5])
        if not body:
            findings["empty"].append((number, sheet, "no text"))
            continue
        main = count.most_common(1)[0][0]
        spread = sorted(size for size, n in count.items() for _ in range(n))
        median = spread[len(spread) // 2]
        least = min((s for s, n in count.items() if n > TINY_CHARS), default=main)
        filled = max(r[3] for r in body) / height
        table.append((number, sheet, main, median, least, filled))
        if main < MIN_SIZE:
            findings["small"].append((number, sheet, f"main {main:.1f} pt"))
        if least < MIN_ANY:
            findings["tiny"].append((number, sheet, f"{least:.1f} pt"))
        if filled < FILL and sheets.count(sheet) > 1:
            findings["empty"].append((number, sheet, f"text ends at {filled:.0%}"))
        for r in body:
            if re.fullmatch(r"#{3,}", r[5]):
                findings["hashes"].append((number, sheet, f"at {r[0]:.0f},{r[1]:.0f} pt"))
        if pictures:
            largest, highest = max(r[4] for r in body), min(r[1] for r in body)
            banner = {round(r[3]) for r in body if BANNER.startswith(r[5]) and len(r[5]) > 3}
            for r, why in cut_words(body, bitmap(pdf, number), width):
                line = " ".join(o[5] for o in sorted(body) if abs(o[3] - r[3]) < 0.6)
                text = f"{r[5]!r} {why}, in: {line[:70]}"
                findings["cut"].append((number, sheet, text))
                if (r[4] > largest * 0.97 and r[1] < highest + 3) or round(r[3]) in banner:
                    findings["title"].append((number, sheet, text))
        lines = collections.defaultdict(list)
        for r in sorted(body):
            lines[round(r[3])].append(r[5])
        joined = {y: " ".join(t) for y, t in lines.items()}
        charts = [(0, y, 0, 0, 0, t) for y, text in joined.items() for t in titles if t in text]
        repeated = first_lines.setdefault(
            sheet, {tuple(sorted(t)) for t in lines.values()} if number == sheets.index(sheet) + 1 else set()
        )
        if charts and number != sheets.index(sheet) + 1:
            above = [t for y, t in lines.items() if y < min(c[1] for c in charts) - 2]
            if above and all(tuple(sorted(t)) in repeated for t in above) and any(len(t) > 2 for t in above):
                findings["chart"].append((number, sheet, f"{charts[0][5][:50]!r} under repeated headings"))
    return len(pages), table, findings
