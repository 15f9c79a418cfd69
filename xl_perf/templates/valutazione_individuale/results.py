"""The `Sintesi` sheet of `valutazione_individuale.xlsx`: distribution of scores, groups, levels of the TEP, charts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_perf.contract.model import KeyKind, Species
from xl_perf.templates.kit import formulas, remarks, styles
from xl_perf.templates.kit.charts import ChartSpec, bar_chart
from xl_perf.templates.kit.columns import check, result, verdict_column
from xl_perf.templates.kit.model import Column, Content, Datum, Row, TableSpec, Validation
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.styles import Kind, Level
from xl_perf.templates.valutazione_individuale import names

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.templates.kit.model import Place, Placed
    from xl_perf.templates.kit.page import Page
    from xl_perf.templates.kit.parameters import Parameters
    from xl_perf.templates.valutazione_individuale.plan import Evaluation

_LIMITS = (70, 80, 90, 95, 100, 105, 110, 120, 130)
"""Lower ends of the classes of the distribution: presentation only, cells that the user may change."""
_CLASS, _FROM = "Classe di punteggio", "Da (compreso)"
_WITH, _WITHOUT, _ALL = "Con P.O.", "Senza P.O.", "Personale A, B, C"
_SHARE, _MANAGERS = "Quota", "Dirigenti e professionisti"

_ROW = "Riga"
_ONLY_CLASS = "classi della distribuzione, solo per leggerla: nessun punteggio ne dipende"
_LIMIT = Validation(
    "decimal",
    "Limite della classe",
    "Limite inferiore della classe, in punti: serve solo a leggere la distribuzione, non è un valore del piano.",
    "Inserire un numero maggiore o uguale a zero, crescente dall'alto in basso.",
)


@dataclass(frozen=True, slots=True)
class Tables:
    """What the plan evaluates, and the tables that results read."""

    evaluation: Evaluation
    staff: Placed
    managers: Placed
    groups: Placed


def summary(page: Page, tables: Tables, values: Parameters) -> None:
    """Counts, distribution with chart, groups with chart, levels of the TEP.

    Args:
        page: the empty `Sintesi` page.
        tables: the tables it reads.
        values: where the parameters stand.
    """
    row = _counts(page, tables)
    page.section(row + 2, "Distribuzione dei punteggi individuali (numero di persone)")
    table = page.table(_distribution(tables), row + 3)
    _total_row(page, table)
    page.remark(
        table.last + 2, "Le classi sono solo di presentazione e si possono cambiare: il piano non ne stampa."
    )
    spec = ChartSpec(
        f"Distribuzione dei punteggi: {tables.evaluation.purposes[0].title}", "Classe di punteggio", "Persone", table,
        _CLASS, _ALL,
        scores=False,
    )  # fmt: skip
    top = bar_chart(page, spec, f"A{table.last + 4}") + 2
    page.section(top, "Trattamento economico di professionalità (TEP): persone per livello")
    levels = page.table(_levels(tables, values), top + 1)
    top = levels.last + 3
    page.section(top, "Strutture: obiettivi di gruppo e persone")
    groups = page.table(_groups(tables, values), top + 1)
    spec = ChartSpec(
        "Punteggio degli obiettivi di gruppo", "Struttura", "Punteggio", groups,
        names.STRUCTURE, names.GROUP_SCORE
    )  # fmt: skip
    bar_chart(page, spec, f"A{groups.last + 2}")
    page.finish()


def _counts(page: Page, tables: Tables) -> int:
    """How many people are there, how many have been evaluated, what is missing; gives the last row."""
    staff, managers = tables.staff, tables.managers
    checks = (staff.column(names.CHECK), managers.column(names.CHECK))
    heads = ("", "Persone", "Valutate", "Da completare", "Con segnalazione")
    for at, heading in enumerate(heads, start=1):
        page.head(FIRST_ROW, at, heading, align="left" if at == 1 else "center")
    page.sheet.row_dimensions[FIRST_ROW].height = 32
    lines = (
        (_ALL, staff.column(names.NAME), staff.column(tables.evaluation.purposes[0].title), checks[0]),
        (_MANAGERS, managers.column(names.NAME), managers.column(names.TOTAL), checks[1]),
    )
    for offset, (label, people, scores, words) in enumerate(lines, start=1):
        row = FIRST_ROW + offset
        count = f"=ROWS({people})-COUNTBLANK({people})"
        page.put(row, 1, label, Kind.KEY)
        page.put(row, 2, count, Kind.FORMULA, number_format=styles.PIECES)
        page.put(row, 3, f"=COUNT({scores})", Kind.FORMULA, number_format=styles.PIECES)
        page.put(row, 4, f"=B{row}-C{row}", Kind.CHECK, number_format=styles.PIECES, align="right")
        page.put(row, 5, f"={remarks.counted(words)}", Kind.CHECK, number_format=styles.PIECES, align="right")
    return FIRST_ROW + len(lines)


def _distribution(tables: Tables) -> TableSpec:
    """People in each class of scores: with and without P.O., for training, dirigenti and professionisti."""
    staff, managers = tables.staff, tables.managers
    rows = [Row(str(number)) for number in range(len(_LIMITS) + 1)]
    position = staff.column(names.POSITION)

    def bounds(place: Place) -> tuple[str, str]:
        """Reference to the lower end of this class and of the next; empty at the open ends."""
        number, letter = int(place.row.code), place.table.letters[_FROM]
        low = f"{letter}{place.number}" if number else ""
        return low, f"{letter}{place.number + 1}" if number < len(_LIMITS) else ""

    def counted(cells: str, more: str = "") -> Callable[[Place], object]:
        def content(place: Place) -> object:
            low, high = bounds(place)
            tests = [
                f'({cells}<>"")',
                *([f"({cells}>={low})"] if low else []),
                *([f"({cells}<{high})"] if high else []),
            ]
            return f"=SUMPRODUCT({'*'.join(tests)}{more})"

        return content

    def label(place: Place) -> object:
        low, high = bounds(place)
        if not low:
            return f'="sotto "&{high}'
        return f'={low}&" - "&{high}' if high else f'="da "&{low}'

    main, *others = tables.evaluation.purposes
    scores, total = staff.column(main.title), staff.column(names.COUNTED)
    return TableSpec(
        "tblSintesi",
        [
            result(_CLASS, 30, label, align="left"),
            Column(_FROM, Kind.INPUT, 13, _limit, styles.GENERAL, validation=_LIMIT, informative=_ONLY_CLASS,
                   datum=Datum(KeyKind.ROW, "classi", "da", species=Species.SETTING, key=_ROW)),
            result(_WITH, 12, counted(scores, f'*({position}="{names.YES}")'), styles.PIECES),
            result(_WITHOUT, 12, counted(scores, f'*({position}="{names.NO}")'), styles.PIECES),
            result(_ALL, 17, counted(scores), styles.PIECES),
            result(_SHARE, 10, lambda p: f'=IF(SUM({total})=0,"",{p.here(_ALL)}/SUM({total}))', styles.PERCENT_1),
            Column(_ROW, Kind.CHECK, 7, lambda p: int(p.row.code) if p.row.code.isdigit() else p.row.code,
            align="right"),
            *(result(p.title, 16, counted(staff.column(p.title)), styles.PIECES) for p in others),
            result(_MANAGERS, 16, counted(managers.column(names.TOTAL)), styles.PIECES),
        ],
        rows,
        key=_ROW,
    )  # fmt: skip


def _limit(place: Place) -> object:
    """Lower end of a class; the first has none."""
    number = int(place.row.code)
    return Content(None, Kind.LABEL) if number == 0 else _LIMITS[number - 1]


def _total_row(page: Page, table: Placed) -> None:
    """Sums under the distribution."""
    row = table.last + 1
    page.put(row, 1, "Totale", Kind.KEY, level=Level.NATIONAL)
    for heading, mark in table.letters.items():
        at = list(table.letters).index(heading) + 1
        if heading == _CLASS:
            continue
        cells = f"{mark}{table.header + 1}:{mark}{table.last}"
        share = heading == _SHARE
        formula = None if heading == _FROM else formulas.total(cells)
        page.put(
            row, at, formula, Kind.FORMULA, level=Level.NATIONAL,
            number_format=styles.PERCENT_1 if share else styles.PIECES,
        )  # fmt: skip


def _levels(tables: Tables, values: Parameters) -> TableSpec:
    """People at each level of the TEP."""
    rows = [Row(code, item=number) for number, code in enumerate(tables.evaluation.levels, start=1)]
    cells = tables.staff.column(names.LEVEL)
    people = "Persone al livello"

    def share(place: Place) -> object:
        """An error where some level is none of these: nobody is left out of the shares unseen."""
        known = f"SUM({place.table.column(people)})=COUNTA({cells})"
        return formulas.unless_blank(f"IF({known},{place.here(people)}/COUNTA({cells}),#VALUE!)", cells)

    return TableSpec(
        "tblSintesiTep",
        [
            Column("Livello", Kind.KEY, 30, lambda p: int(p.row.item), align="left"),
            result("Coefficiente", 13, lambda p: f"={values.ref(p.row.code)}", styles.RATIO),
            result(people, 12, lambda p: f"=SUMPRODUCT(({cells}={p.here('Livello')})*1)", styles.PIECES),
            result("Quota sulle persone con livello", 12, share, styles.PERCENT_1),
        ],
        rows,
    )  # fmt: skip


def _groups(tables: Tables, values: Parameters) -> TableSpec:
    """Score of each group, its people and the mean of their scores."""
    groups, staff = tables.groups, tables.staff
    rows = [Row(str(number)) for number in range(1, names.GROUPS + 1)]
    structures = staff.column(names.STRUCTURE)
    reported, mean = "Valutate", "Media dei punteggi"

    def from_groups(heading: str) -> Callable[[Place], object]:
        return lambda p: formulas.shown(groups.cell(p.row.code, heading))

    def counted(place: Place) -> object:
        name = place.here(names.STRUCTURE)
        return f'=IF({name}="","",SUMPRODUCT(({structures}={name})*{staff.column(names.COUNTED)}))'

    def heads(place: Place) -> object:
        name = place.here(names.STRUCTURE)
        return f'=IF({name}="","",SUMPRODUCT(({structures}={name})*1))'

    def average(place: Place) -> object:
        points = f"SUMPRODUCT(({structures}={place.here(names.STRUCTURE)})*{staff.column(names.MAIN_SUM)})"
        evaluated = place.here(reported)
        return f'=IF({evaluated}="","",IF({evaluated}=0,"",{points}/{evaluated}))'

    return TableSpec(
        "tblSintesiGruppi",
        [
            result(names.STRUCTURE, 36, from_groups(names.STRUCTURE), align="wrap"),
            result(
                names.GROUP_SCORE, 13, from_groups(names.GROUP_SCORE), styles.SCORE, judged_by=names.VERDICT
            ),
            check(names.COVERAGE, 12, from_groups(names.COVERAGE), styles.PERCENT_1),
            check(names.HEADS, 12, heads, styles.PIECES),
            check(reported, 10, counted, styles.PIECES),
            result(mean, 12, average, styles.SCORE),
            verdict_column(values, names.GROUP_SCORE),
            Column(_ROW, Kind.KEY, 7, lambda p: int(p.row.code), align="right", paper=False),
        ],
        rows,
        key=_ROW,
    )
