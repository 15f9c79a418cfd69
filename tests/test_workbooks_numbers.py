"""Every number of the plan that a workbook shows moves results when it is amended, and sync brings it there whole."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
from openpyxl import load_workbook

from tests.workbook_inputs import official, references
from xl_perf.catalog import FUNCTIONS
from xl_perf.package import Package
from xl_perf.plan import load_edition
from xl_perf.plan.model import Direction, StructureKind
from xl_perf.recalc import recalculate_package
from xl_perf.sync import sync_file
from xl_perf.templates.build import BUILDERS, build_workbook
from xl_perf.templates.kit.parameter_tables import INFORMATIVE
from xl_perf.templates.kit.remarks import MARK
from xl_perf.values import CellError

TEMPLATES = sorted(BUILDERS)


def _other(value, code=""):
    """Another number that is valid in the place of a parameter: of a switch the other choice, of a
    coefficient a near one.
    """
    if code.startswith(
        "individuale.merito"
    ):  # as many years as the sheet has columns: another number is another sheet
        return value
    if code.startswith("spesa.") and value == 4:  # the last forecast: the example is of that quarter
        return value
    if value in (0, 1) and code.startswith("individuale."):
        return value * 0.9 or 0.1
    if value == int(value):
        return value - 1 if value > 1 else 1 - value
    return value * 0.9


def _shifted(weights):
    """Other weights of each node, which sum to 1 again."""
    nodes = {}
    for weight in weights:
        nodes.setdefault(weight.node, []).append(weight)
    found = []
    for members in nodes.values():
        raw = [weight.value * (1 + 0.1 * number) for number, weight in enumerate(members)]
        shares = [value / sum(raw) for value in raw]
        shares[-1] = 1 - sum(shares[:-1])
        found += [replace(weight, value=share) for weight, share in zip(members, shares, strict=True)]
    return tuple(found)


def _bands(ratio):
    bands = (
        replace(band, points=band.points + 1, upper=None if band.upper is None else band.upper * 0.98)
        for band in ratio.bands
    )
    return replace(ratio, bands=tuple(bands))


def _turned(plan):
    """Every indicator with the other direction; the smallest row of each larger subtotal counts the other way round."""
    nation = next(
        code for code, structure in plan.structures.items() if structure.kind is StructureKind.NATIONAL
    )
    rows = {}
    for target in plan.targets:
        parent = plan.indicators[target.indicator].parent
        if parent and target.structure == nation and target.period == plan.period:
            rows.setdefault(parent, []).append((target.value, target.indicator))
    turned = {min(found)[1] for parent, found in rows.items() if len(found) > 2 and min(found)[0] > 0} - {
        *rows
    }
    other = {Direction.HIGHER: Direction.LOWER, Direction.LOWER: Direction.HIGHER}
    return MappingProxyType({
        code: replace(i, direction=other[i.direction], sign=-i.sign if code in turned else i.sign)
        for code, i in plan.indicators.items()
    })  # fmt: skip


def amended(plan):
    """An edition with every direction, parameter, weight, band, line and rule set anew.

    It keeps the fingerprint of the one that is installed, so that a formula that leans on the edition gives
    itself away.
    """
    parameters = {
        code: replace(entry, value=_other(entry.value, code)) for code, entry in plan.parameters.items()
    }
    lines = (line if line.value is None else replace(line, value=_other(line.value)) for line in plan.lines)
    rules = (
        rule if rule.amount is None else replace(rule, amount=rule.amount * 1.1) for rule in plan.target_rules
    )
    return replace(
        plan,
        indicators=_turned(plan),
        parameters=MappingProxyType(parameters),
        weights=_shifted(plan.weights),
        banded_ratios=tuple(map(_bands, plan.banded_ratios)),
        lines=tuple(lines),
        target_rules=tuple(rules),
    )


def _stored(data):
    return {
        (sheet.title, (cell.row, cell.column)): CellError.parse(cell.value)
        if cell.data_type == "e"
        else cell.value
        for sheet in load_workbook(io.BytesIO(data), data_only=True)
        for line in sheet.iter_rows()
        for cell in line
        if cell.value not in (None, "")
    }


def _same(one, other):
    if isinstance(one, float | int) and isinstance(other, float | int):
        return one == pytest.approx(other, rel=1e-12, abs=1e-12)
    return one == other


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_synced_workbook_is_the_one_built_from_the_amended_edition(template, tmp_path):
    """With the same inputs every cell of the two agrees."""
    book, plan = official(template), amended(load_edition())
    path = tmp_path / book.path.name
    path.write_bytes(book.path.read_bytes())
    sync_file(path, plan)
    synced = _stored(path.read_bytes())
    package = Package(build_workbook(plan, template, example=True), Path("nuovo.xlsx"))
    inputs = {(entry.sheet, entry.key) for entry in book.inputs}
    typed = {}
    for sheet, key in inputs:
        typed.setdefault(sheet, {})[key] = book.values.get((sheet, key))
    built = _stored(package.data)
    for sheet, cells in recalculate_package(package, overrides=typed).changes.items():
        built |= {(sheet, key): value for key, value in cells.items()}
    different = {
        at: (synced.get(at), built.get(at))
        for at in synced.keys() | built.keys()
        if at not in inputs and not _same(synced.get(at), built.get(at) if built.get(at) != "" else None)
    }
    assert not different, "\n".join(
        f"{at}: synced, built {pair}" for at, pair in sorted(different.items())[:20]
    )


def _numbers(book):
    """Cells with numbers of the plan: kind, table and places; the points of a ratio change together.

    Targets are left out but those that a tree of nodes holds; so are weights of nodes with one member, which are worth
    the same whatever they are.
    """
    found = []
    for entry in book.rows("tblObiettivi"):
        kind = entry["Tipo chiave"]
        if kind not in ("parametro", "peso", "fascia", "riga", "regola", "nodo"):
            continue
        places = [
            (at, value, key)
            for at, value, key in book.cells_of(
                entry["Tabella"], entry["Colonna valore"], entry["Colonna chiave"]
            )
            if isinstance(value, int | float) and key
        ]
        if kind == "peso":
            places = [place for place in places if not _alone(entry, place[2])]
        if kind == "fascia":
            groups = {}
            for at, value, key in places:
                groups.setdefault(key.rpartition(".")[0], []).append((at, value))
            found += [(kind, f"{entry['Colonna valore']} {ratio}", cells) for ratio, cells in groups.items()]
        else:
            found += [(kind, f"{entry['Tabella']} {key}", [(at, value)]) for at, value, key in places]
    return found


def _alone(entry, key):
    """Whether a weight is the only one of its node."""
    weights = load_edition().weights
    nodes = {w.node for w in weights if w.member == key and entry["Codice fisso"] in (None, "", w.node)}
    return bool(nodes) and all(sum(w.node == node for w in weights) == 1 for node in nodes)


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_number_of_the_plan_moves_a_result(template):
    """Parameters, weights, lines, rules one by one, bands of a ratio together: a result changes that is not
    the number itself.
    """
    book, dead = official(template), []
    shown = {row["Codice"] for row in book.rows("tblParametri") if row["Controllo"] == INFORMATIVE}
    for kind, name, cells in _numbers(book):
        if name.removeprefix("tblParametri ") in shown:
            moved = {at for at in book.recalculated({cells[0][0]: cells[0][1] * 1.1}) if at in book.scores}
            assert not moved, name
        elif not _moves(book, kind, cells):
            dead.append(f"{name} ({cells[0][0]})")
    assert not dead, "\n".join(dead)


CHANGES = (
    lambda v: v * 1.1,
    lambda v: v * 0.9,
    lambda v: v - 1,
    lambda v: v + 1,
    lambda v: 1 - v,
    lambda v: v * 25,
    lambda v: v * 0.5,
    lambda v: v * 0.1,
    lambda v: v * 0.04,
)


def _moves(book, kind, cells):
    """Whether a result changes that is not the number itself; of a total that the plan prints: or a remark
    contradicts it.
    """
    for choice in ({}, *_some(book.picks()), *situations(book)):
        before = book.recalculated(choice)
        for change in CHANGES:
            given = {at: change(value) for at, value in cells}
            if any(value < 0 <= old for value, (_, old) in zip(given.values(), cells, strict=True)):
                continue
            after = book.recalculated({**choice, **given})
            changed = {
                at: after.get(at) for at in before.keys() | after.keys() if before.get(at) != after.get(at)
            }
            results = {at: value for at, value in changed.items() if book.locked.get(at) is False}
            if any(value not in given.values() or _calls(book, at) for at, value in results.items()):
                return True
            if kind == "nodo" and any(str(value).startswith(MARK) for value in changed.values()):
                return True
    return False


def _calls(book, at):
    """Whether a cell calls a function of the catalogue, whose result may be a number of the plan (a coefficient)."""
    sheet, (row, column) = at
    return any(f"{name}(" in str(book.formulas[sheet].cell(row, column).value) for name in FUNCTIONS)


def _some(picks):
    """Each choice of a short list, a dozen of a long one."""
    return [{at: pick} for at, pick in picks[:: max(1, len(picks) // 12)]]


def situations(book):
    """Inputs other than the example's in which numbers matter that the example's do not touch."""
    if book.template != "scheda_territoriale":
        return [*_everything_reported(book), *_collections_above_the_rule(book), *_levels(book)]
    found = []
    for factor in (1.2, 1.45):  # quality below the threshold of the incentivo speciale, below its minimum
        worse = {}
        for (at, before, _), (_, sense, _) in zip(
            book.cells_of("tblIndicatoriElementari", "Anno precedente", "Area"),
            book.cells_of("tblIndicatoriElementari", "Verso", "Area"),
            strict=True,
        ):
            if before is not None:
                worse[at] = before * factor if sense not in (-1, "più basso") else before / factor
        found.append(worse)
    counts = {key: at for at, _, key in book.cells_of("tblPratiche", "Numero", "Pratiche")}
    irregular = {
        "Regolarizzate SI": 400,
        "Regolarizzate NO": 9,
        "Notificate": 7,
        "Regolarizzate entro 30 gg": 300,
    }
    (account,) = references(book.formulas.defined_names["Giacente_conto_1005"].attr_text)
    quarter = next((e.sheet, e.key) for e in book.selectors() if e.heading == "Trimestre")
    spending = [
        {account: 100_000, quarter: 3},
        {account: 0, quarter: 4},
    ]  # above its share; the balance at the last forecast
    return [*found, {counts[key]: number for key, number in irregular.items()}, *spending]


def _everything_reported(book):
    """Every empty input filled with one number, for small targets, for large ones, for tens of thousands of pieces."""
    empty = [e for e in book.inputs if e.kind in ("decimal", "whole") and (e.sheet, e.key) not in book.values]
    return [
        {
            (e.sheet, e.key): number
            for e in empty
            if (e.low is None or e.low <= number) and (e.high is None or number <= e.high)
        }
        for number in (1.0, 1500.0, 60_000.0)
    ]


def _collections_above_the_rule(book):
    """Collections of the year before at twice their target: beyond what the rule of the "spese legali" lets count."""
    if book.template != "professionisti":
        return []
    goals = book.cells_of("tblSpeseLegali", "Obiettivo anno precedente", "Struttura")
    paid = book.cells_of("tblSpeseLegali", "Incassi anno precedente", "Struttura")
    inputs = {(entry.sheet, entry.key) for entry in book.inputs}
    return [
        {at: value for (goal, _, _), (got, _, _) in zip(goals, paid, strict=True) if {goal, got} <= inputs
         for at, value in ((goal, 400_000), (got, 800_000))}
    ]  # fmt: skip


def _levels(book):
    """A person at each other level of the TEP: nobody of the example is at the second one."""
    entry = next((entry for entry in book.inputs if entry.heading == "Livello TEP"), None)
    return [{(entry.sheet, entry.key): level} for level in book.others(entry)] if entry else []


def _amended_scores(tmp_path, plan, *codes):
    """Scores of objectives of the scorecard's example after a sync with an edition."""
    book = official("scheda_territoriale")
    path = tmp_path / "scheda.xlsx"
    path.write_bytes(book.path.read_bytes())
    sync_file(path, plan)
    synced = _stored(path.read_bytes())
    scores = {key: at for at, _, key in book.cells_of("tblQuadro", "Punteggio", "Codice")}
    return [(book.values[scores[code]], synced[scores[code]]) for code in codes], book, synced


def test_other_weights_of_the_ieep_by_hand(tmp_path):
    """60/40 instead of 70/30: the realisation from the two sections on the sheet."""
    plan = load_edition()
    weights = {"ieep.entrate": 0.6, "ieep.prestazioni": 0.4}
    plan = replace(
        plan, weights=tuple(replace(w, value=weights.get(w.member, w.value)) for w in plan.weights)
    )
    ((old, new),), book, _ = _amended_scores(tmp_path, plan, "scheda.finanza.ieep")
    rows = {row["Codice"]: row for row in book.rows("tblIEEP")}
    entrate, prestazioni = (
        rows[code]["Consuntivo"] / rows[code]["Obiettivo del trimestre"] for code in weights
    )
    assert old == pytest.approx(100 * (0.7 * entrate + 0.3 * prestazioni), rel=1e-12)
    assert new == pytest.approx(100 * (0.6 * entrate + 0.4 * prestazioni), rel=1e-12)
    assert old != pytest.approx(new, abs=0.01)


def test_another_band_by_hand(tmp_path):
    """The example checks 1.831 of 1.840, 99,51%: the top band, 7 points; with 9 its score is two points of 20
    higher.
    """
    plan = load_edition()
    first, *rest = plan.banded_ratios
    top = max(first.bands, key=lambda band: band.points)
    bands = tuple(replace(band, points=9) if band is top else band for band in first.bands)
    plan = replace(plan, banded_ratios=(replace(first, bands=bands), *rest))
    ((old, new),), _, _ = _amended_scores(tmp_path, plan, "scheda.processi.controllo")
    assert new - old == pytest.approx(100 * 2 / 20, rel=1e-12)


def test_another_tolerance_of_spending_by_hand(tmp_path):
    """2% instead of 5%: a chapter conforms from 98% to 102% of its budget (last forecast, the example is of
    the year).
    """
    plan = load_edition()
    code = plan.model("scheda_territoriale").role("tolleranza_spesa")
    parameters = {**plan.parameters, code: replace(plan.parameters[code], value=0.02)}
    plan = replace(plan, parameters=MappingProxyType(parameters))
    ((old, new),), book, _ = _amended_scores(tmp_path, plan, "scheda.finanza.spesa")
    used = [
        row["Utilizzato"] / row["Budget economico (forecast)"]
        for row in book.rows("tblCapitoli")
        if row["Utilizzato"] is not None and row["Budget economico (forecast)"] is not None
    ]
    account = 100  # 41.000 of 1.640.000 euro are 2,5%, below 3%

    def score(tolerance):
        share = sum(abs(value - 1) <= tolerance for value in used) / len(used)
        return (100 * (1 + max(-0.5, share - 1)) + account) / 2

    assert (old, new) == (pytest.approx(score(0.05), rel=1e-12), pytest.approx(score(0.02), rel=1e-12))
    assert new < old
