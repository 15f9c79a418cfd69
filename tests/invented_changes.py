"""What is different in the invented edition beside the names: other counts, other years, consistent again.

Each change takes the files of the newest edition (name -> text) and rewrites some of them.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Files = dict[str, str]
YEARS = 8
"""How many years later it is: leap years stay leap years."""

_BLOCK = re.compile(r"(?=^\[\[)", re.MULTILINE)


def written(rows: Iterable[list[str]]) -> str:
    """Rows as the text of a CSV file."""
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()


def rows_of(text: str) -> list[list[str]]:
    """The rows of a CSV file, its heading first."""
    return list(csv.reader(io.StringIO(text, newline="")))


def _tables(files: Files) -> list[str]:
    return [name for name in files if name.endswith(".csv")]


def _declarations(files: Files) -> list[str]:
    return [name for name in files if name.endswith(".toml")]


def drop(files: Files, *codes: str) -> None:
    """Leaves codes out, with everything below them: rows, declarations, columns, elements of lists, roles, weights."""
    gone = tuple(codes)

    def is_gone(text: str) -> bool:
        return any(
            part in gone or part.startswith(tuple(f"{code}." for code in gone))
            for part in re.split(r"[@|]", text)
        )

    columns = set()
    for name in _declarations(files):
        blocks = []
        for block in _BLOCK.split(files[name]):
            code = re.search(r'^codice = "([^"]+)"', block, re.MULTILINE)
            if code and is_gone(code[1]):
                continue
            kept = []
            for line in block.splitlines(keepends=True):
                key = re.fullmatch(r'\s*"?([\w.]+)"? = ("([^"]*)"|[\d.]+)\n?', line)
                if key and (
                    is_gone(key[1]) or (key[3] is not None and is_gone(key[3]) and " " not in key[1])
                ):
                    columns.add(key[1])
                    continue
                kept.append(
                    re.sub(r'"([^"]*)",? ?', lambda found: "" if is_gone(found[1]) else found[0], line)
                )
            blocks.append("".join(kept))
        files[name] = "".join(blocks)
    for name in _tables(files):
        head, *rows = rows_of(files[name])
        places = [place for place, title in enumerate(head) if title not in columns and title not in gone]
        kept = [row for row in [head, *rows] if not any(is_gone(cell) for cell in row if cell not in head)]
        if len(places) < len(head) or len(kept) <= len(rows):
            files[name] = written([[row[place] for place in places] for row in kept])


def clone(files: Files, code: str, new: str) -> None:
    """Puts a second code beside one wherever it stands: rows, declarations, elements of lists."""
    for name in _declarations(files):
        blocks = []
        for block in _BLOCK.split(files[name]):
            blocks.append(block)
            if f'codice = "{code}"\n' in block:
                blocks.append(block.rstrip("\n").replace(f'codice = "{code}"', f'codice = "{new}"') + "\n\n")
        files[name] = re.sub(rf'(?<!= )"{re.escape(code)}"(,?)', rf'"{code}", "{new}"\1', "".join(blocks))
    for name in _tables(files):
        found = []
        for row in rows_of(files[name]):
            found.append(row)
            if code in row:
                found.append([new if cell == code else cell for cell in row])
        if len(found) > len(rows_of(files[name])):
            files[name] = written(found)


def exchange(files: Files, name: str, *pairs: tuple[str, str]) -> None:
    """Replaces texts that stand in a file exactly once."""
    for old, new in pairs:
        assert files[name].count(old) == 1, (name, old, files[name].count(old))
        files[name] = files[name].replace(old, new)


def identity(files: Files) -> None:
    """Another id."""
    exchange(files, "edition.toml", ('id = "piano-2021-2023"', 'id = "piano-inventato"'))


def fewer_areas(files: Files) -> None:
    """Three areas of giacenza instead of four."""
    drop(files, "giacenza.altre_aree", "deflusso.altre_aree")
    exchange(
        files,
        "parametri.toml",
        ('"giacenza.prestazioni_servizi" = 0.25', '"giacenza.prestazioni_servizi" = 0.5'),
    )


def more_rows(files: Files) -> None:
    """Two rows more of the IEEP, a level deeper: what a row is made of."""
    code = "ieep.prestazioni.benefici"
    table = []
    for row in rows_of(files["tabella_b_ieep.csv"]):
        table.append(row)
        if row[0] == code:
            halves = [int(cell) // 3 for cell in row[2:]]
            halves.insert(0, sum(halves))
            table.append([f"{code}.primi", *map(str, halves)])
            rest = (int(cell) - part for cell, part in zip(row[1:], halves, strict=True))
            table.append([f"{code}.altri", *map(str, rest)])
    files["tabella_b_ieep.csv"] = written(table)
    blocks = []
    for block in _BLOCK.split(files["indicatori.toml"]):
        blocks.append(block)
        if f'codice = "{code}"\n' in block:
            level = re.search(r"^livello = (\d)", block, re.MULTILINE)
            for part in ("primi", "altri"):
                text = re.sub(r"^(superiore|livello|codice) = .*\n", "", block, flags=re.MULTILINE).rstrip(
                    "\n"
                )
                text += f'\nsuperiore = "{code}"\nlivello = {int(level[1]) + 1 if level else 1}\n\n'
                blocks.append(text.replace("[[indicatore]]\n", f'[[indicatore]]\ncodice = "{code}.{part}"\n'))
    files["indicatori.toml"] = "".join(blocks)


def more_costs(files: Files) -> None:
    """A standard-cost indicator more, which shares the weight of another."""
    code, new = "costi_standard.fitti_mq", "costi_standard.fitti_altri"
    clone(files, code, new)
    exchange(
        files, "costi_standard_pesi.csv", (f"{code},0.04", f"{code},0.03"), (f"{new},0.04", f"{new},0.01")
    )


_SECOND = {"CALABRIA", "PUGLIA", "SICILIA"}


def more_clusters(files: Files) -> None:
    """A fifth cluster; the synthetic indices of the regions follow from their costs again."""
    for name in _tables(files):
        head, *rows = rows_of(files[name])
        if "cluster" in head and "struttura" in head:
            at, who = head.index("cluster"), head.index("struttura")
            for row in rows:
                if row[who] in _SECOND and row[at]:
                    row[at] = "E"
            files[name] = written([head, *rows])
    costs = {row[0]: row[2:] for row in rows_of(files["tabella_c_costi_standard.csv"])}
    regions = costs.pop("indicatore")
    weights = {row[0]: float(row[1]) for row in rows_of(files["costi_standard_pesi.csv"])[1:]}
    head, *rows = rows_of(files["costi_standard_indice.csv"])
    members = defaultdict(list)
    for row in rows:
        members[row[1]].append(row[0])
    for row in rows:
        if row[1] in ("C", "E"):
            row[2] = f"{_index(costs, regions, weights, row[0], members[row[1]]):.2f}"
    files["costi_standard_indice.csv"] = written([head, *rows])


def _index(
    costs: dict[str, list[str]],
    regions: list[str],
    weights: dict[str, float],
    region: str,
    members: list[str],
) -> float:
    """Sum of weight * 100 * value / mean of the cluster."""
    total = []
    for code, weight in weights.items():
        values = dict(zip(regions, map(float, costs[code]), strict=True))
        mean = math.fsum(values[name] for name in members) / len(members)
        total.append(weight * 100 * values[region] / mean)
    return math.fsum(total)


def other_bands(files: Files) -> None:
    """A band more in the first ratio, one less in the fourth, other ends and points."""
    name = "controllo_processo.toml"
    old = (
        '    { numero = 1, stampa = "0-70%", fino_a = 70, punti = 1 },\n    { numero = 2, stampa = "71-90%", '
    )
    new = '    { numero = 1, stampa = "0-50%", fino_a = 50, punti = 0 },\n'
    new += '    { numero = 2, stampa = "51-75%", fino_a = 75, punti = 1 },\n    { numero = 3, stampa = "76-90%", '
    exchange(files, name, (old, new))
    first, *rest = files[name].split("[[rapporto]]\n")
    ratio = rest[0]
    ratio = ratio.replace("numero = 4, stampa", "numero = 5, stampa")
    rest[0] = ratio.replace('numero = 3, stampa = "91', 'numero = 4, stampa = "91')
    lines = rest[3].splitlines(keepends=True)
    bands = [place for place, line in enumerate(lines) if line.lstrip().startswith("{ numero")]
    del lines[bands[1]]
    rest[3] = "".join(lines)
    for number in (3, 4):
        rest[3] = rest[3].replace(f"numero = {number},", f"numero = {number - 1},")
    rest[3] = rest[3].replace("indefinito = 4\n", "indefinito = 3\n")
    files[name] = "[[rapporto]]\n".join([first, *rest])


def fewer_objectives(files: Files) -> None:
    """An objective of the pyramid and one of the scorecard less."""
    drop(files, "piramide.B", "obiettivi.ricorsi_qualita", "scheda.processi.autofunzionamento")
    head, *rows = rows_of(files["albero_piramide.csv"])
    code, weight = head.index("codice"), head.index("peso")
    for row in rows:
        if row[code] in ("piramide.C", "piramide.D"):
            row[weight] = "0.50"
    files["albero_piramide.csv"] = written([head, *rows])


def fewer_offices(files: Files) -> None:
    """Two offices less."""
    drop(files, "ASTI", "SAVONA")


def more_levels(files: Files) -> None:
    """Six levels of the TEP instead of five."""
    clone(files, "individuale.tep.5", "individuale.tep.6")
    blocks = _BLOCK.split(files["parametri.toml"])
    files["parametri.toml"] = "".join(
        re.sub(r"^valore = .*", "valore = 1.35", block, flags=re.MULTILINE)
        if '"individuale.tep.6"' in block
        else block
        for block in blocks
    )


def later(files: Files) -> None:
    """Other years, in periods, dates, acts and titles; no edition before it is shown beside it."""
    for name, text in files.items():
        if name.endswith(".csv"):
            head, *rows = rows_of(text)
            files[name] = written(
                [list(map(_later, head)), *([_later(cell) for cell in row] for row in rows)]
            )
        else:
            files[name] = _later(re.sub(r"^edizione_precedente = .*\n", "", text, flags=re.MULTILINE))


def _later(text: str) -> str:
    return re.sub(r"(?<![\d.])(20[12]\d)(?![\d.]\d|\d)", lambda year: str(int(year[0]) + YEARS), text)


CHANGES: tuple[Callable[[Files], None], ...] = (
    identity,
    fewer_areas,
    more_rows,
    more_costs,
    more_clusters,
    other_bands,
    fewer_objectives,
    fewer_offices,
    more_levels,
    later,
)
"""All of them, in order."""
