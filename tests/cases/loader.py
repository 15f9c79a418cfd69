"""Worked cases of the functions: TOML files next to this module, one `[[caso]]` each, for every front end to run.

Keys of a case: `funzione`, `titolo`, `argomenti` (cells; "" empty, a range is a list of rows, dates are dates),
`atteso` (a cell, or rows), `origine` (where the expected value comes from: never our own run), and optionally
`tolleranza` (relative to 1 or to the value, whichever is larger; 1e-12 when not given).
`[[rifiuti]]` (`funzione`, `argomenti`, `origine`) stands for the cases that follow from the common rules: in each
argument in turn every error value, text, text with digits, a boolean.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from pathlib import Path

from xl_perf.catalog import FUNCTIONS, Kind
from xl_perf.values import CellError

FOLDER = Path(__file__).parent
TOLERANCE = 1e-12
ERRORS = (
    "#NULL!",
    "#DIV/0!",
    "#VALUE!",
    "#REF!",
    "#NAME?",
    "#NUM!",
    "#N/A",
    "#SPILL!",
    "#CALC!",
    "#GETTING_DATA",
)
TEXTS = ("abc", "12,5", "1.234", "12.5", "1e3", "n.d.")


class CaseError(Exception):
    """A case file is wrong."""


@dataclass(frozen=True)
class Case:
    """A function call with the result that some other authority gives."""

    function: str
    title: str
    arguments: tuple[object, ...]
    expected: object
    origin: str
    tolerance: float = TOLERANCE

    def __str__(self):
        return f"{self.function}: {self.title}"


def _cells(value):
    if isinstance(value, list):
        return [_cells(cell) for cell in value]
    if isinstance(value, str):
        return CellError.parse(value) or value
    if not isinstance(value, (int, float, bool, dt.date, dt.datetime)):
        raise CaseError(f"{value!r} is no cell value")
    return value


def _check(entry, allowed, where):
    unknown = set(entry) - allowed
    missing = allowed - {"tolleranza"} - set(entry)
    if unknown or missing:
        raise CaseError(f"{where}: unknown keys {sorted(unknown)}, missing keys {sorted(missing)}")
    if not str(entry["origine"]).strip():
        raise CaseError(f"{where}: a case needs its origin")
    if entry["funzione"] not in FUNCTIONS:
        raise CaseError(f"{where}: unknown function {entry['funzione']!r}")


def _in_place(cells, bad):
    """The argument with its last cell replaced."""
    if not isinstance(cells, list):
        return bad
    return [*cells[:-1], _in_place(cells[-1], bad)]


def _refusals(entry):
    function = FUNCTIONS[entry["funzione"]]
    arguments = [_cells(value) for value in entry["argomenti"]]
    for place, argument in enumerate(function.arguments[: len(arguments)]):
        bad = [(CellError(text), CellError(text), f"errore {text}") for text in ERRORS]
        bad.append((True, CellError.VALUE, "booleano"))
        if argument.kind not in (Kind.TEXT, Kind.PERIOD):
            bad += [(text, CellError.VALUE, f"testo «{text}»") for text in TEXTS]
        for value, expected, what in bad:
            changed = [*arguments[:place], _in_place(arguments[place], value), *arguments[place + 1 :]]
            yield Case(
                entry["funzione"], f"{what} in {argument.name}", tuple(changed), expected, entry["origine"]
            )


def parse(text, where):
    """The cases of a file's text.

    Raises:
        CaseError: unknown or missing keys, no origin, unknown function, a value that no cell holds.
    """
    data = tomllib.loads(text)
    if set(data) - {"caso", "rifiuti"}:
        raise CaseError(f"{where}: unknown tables {sorted(set(data) - {'caso', 'rifiuti'})}")
    found = []
    for number, entry in enumerate(data.get("caso", []), start=1):
        _check(
            entry,
            {"funzione", "titolo", "argomenti", "atteso", "origine", "tolleranza"},
            f"{where}, caso {number}",
        )
        found.append(
            Case(
                entry["funzione"],
                entry["titolo"],
                tuple(_cells(value) for value in entry["argomenti"]),
                _cells(entry["atteso"]),
                entry["origine"],
                entry.get("tolleranza", TOLERANCE),
            )
        )
    for number, entry in enumerate(data.get("rifiuti", []), start=1):
        _check(entry, {"funzione", "argomenti", "origine"}, f"{where}, rifiuti {number}")
        found += _refusals(entry)
    return found


def load_cases():
    """All cases of the folder, file by file."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        found += parse(path.read_text(encoding="utf-8"), path.name)
    return found


def agrees(actual, expected, tolerance):
    """Whether a result is the expected one: same shape, same texts and errors, numbers within tolerance."""
    if isinstance(expected, list):
        return (
            isinstance(actual, list)
            and len(actual) == len(expected)
            and all(agrees(a, e, tolerance) for a, e in zip(actual, expected, strict=True))
        )
    if isinstance(expected, (str, bool)):
        return type(actual) is type(expected) and actual == expected
    return type(actual) is float and abs(actual - expected) <= tolerance * max(1, abs(expected))


PRINTED_ERRORS = {
    ("ieep.maggiori_entrate.benefici", "2019"): (
        -0.6675,
        -0.6575,
        "a mano: 4.716.369/13.769.482 - 1 = -65,75%; il piano stampa -66,75%",
    ),
    ("ieep.maggiori_entrate", "2020"): (
        0.4060,
        0.4061,
        "a mano: 8.858.423.447/6.299.793.637 - 1 = 40,61%; il piano stampa 40,60%, arrotondato prima a 40,6%",
    ),
    ("ieep.maggiori_entrate.riscatti", "2020"): (
        0.5338,
        0.5238,
        "a mano: 545.775.147/358.172.239 - 1 = 52,38%; il piano stampa 53,38%",
    ),
}
"""(item, year) -> variation as printed, the right one, and why: misprints of the plan."""

_FREE = 1000  # a cap that caps nothing: published variations have none


def variation_cases(plan):
    """PERF_SCOSTAMENTO on the published results of the IEEP, 2019 and 2020, against the variations printed beside."""
    found = []
    for printed in plan.actuals:
        if printed.measure != "variazione_stampata" or not printed.item.startswith("ieep."):
            continue
        key = (printed.item, printed.period)
        expected, origin = printed.value, f"{printed.source}, {printed.item} {printed.period}"
        if key in PRINTED_ERRORS:
            misprint, expected, origin = PRINTED_ERRORS[key]
            if printed.value != misprint:
                raise CaseError(f"{key}: the misprint {misprint} is not in the data any more")
        document = printed.source.document
        actual, target = (
            plan.actual(printed.item, printed.period, measure, document=document).value
            for measure in ("consuntivo", "piano")
        )
        direction = int(plan.actual_items[printed.item].direction)
        found.append(
            Case(
                "PERF_SCOSTAMENTO",
                f"variazione stampata di {printed.item} {printed.period}",
                (actual, target, direction, _FREE),
                expected,
                origin,
                0.5 * 10.0**-printed.decimals + 1e-9,
            )
        )
    return found


def cost_cases(plan):
    """COSTO_STANDARD on Tabella C, 23 regions against the means of their clusters, and the published indices."""
    costs = [i.code for i in plan.indicators_of("costi_standard") if i.code != "costi_standard.indice"]
    regions = plan.regional()
    values = {r.code: [plan.target(cost, r.code).value for cost in costs] for r in regions}
    found = []
    for region in regions:
        peers = [values[other.code] for other in regions if other.cluster == region.cluster]
        means = [sum(column) / len(peers) for column in zip(*peers, strict=True)]
        published = plan.target("costi_standard.indice", region.code)
        found.append(
            Case(
                "COSTO_STANDARD",
                f"indice pubblicato di {region.code}",
                ([[value] for value in values[region.code]], [[mean] for mean in means]),
                published.value,
                f"{published.source}",
                plan.parameter("costi_standard.tolleranza") / published.value,
            )
        )
    return found


def ieep_cases(plan):
    """IEEP_TOTALE on every column of Tabella B, and the total that it prints."""
    rows = [row.code for row in plan.indicators_of("ieep")]
    found = []
    for structure in ("NAZIONALE", *(region.code for region in plan.regional())):
        column = [plan.target(row, structure).value for row in rows]
        printed = plan.target("ieep.totale", structure)
        found.append(
            Case(
                "IEEP_TOTALE",
                f"totale pubblicato di {structure}",
                ([[value] for value in column],),
                printed.value,
                f"{printed.source}, arrotondamenti all'euro di righe e subtotali",
                2 / printed.value,
            )
        )
    return found
