"""One workbook being built: its sheets, names, target map and what every part has to know."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from openpyxl.utils import column_index_from_string
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.properties import CalcProperties

from xl_perf.contract.model import Identity, name_of
from xl_perf.contract.results import NAME
from xl_perf.templates import TEMPLATE_VERSIONS
from xl_perf.templates.kit.example import EXAMPLE_GAP, chance
from xl_perf.templates.kit.names import nation
from xl_perf.templates.kit.page import Page
from xl_perf.templates.kit.palette import new_workbook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_perf.contract.model import InputMap
    from xl_perf.plan.describe import TargetMap
    from xl_perf.plan.model import Plan
    from xl_perf.templates.kit.example import Example
    from xl_perf.templates.kit.model import Placed, TableSpec

CALC_ID = 191029
"""Calculation engine version that today's Excel writes; an older one makes Excel recalculate on opening."""

EDITION_NAME = "Titolo_edizione"
"""Defined name of the edition's title in the metadata."""

ACT_NAME = "Atto_breve"
"""Defined name of the last act's short form in the metadata."""


class Book:
    """A workbook being built.

    Args:
        plan: the edition whose targets it holds.
        template: name of the template, e.g. `giacenza`.
        title: Italian title, as headers of printed pages show it.
        example: the facts to fill the inputs with; None for a workbook to fill in.
        structure: code of the structure that the workbook is for; the whole institute when empty.
        quarter: quarter of the results; 0 for the whole year.
        plain: only what is calculated (`kit.plain`): no looks, no paper, formulas as they are composed.

    Raises:
        PlanError: the edition has no data for this workbook.
    """

    def __init__(
        self,
        plan: Plan,
        template: str,
        title: str,
        *,
        example: Example | None,
        structure: str = "",
        quarter: int = 0,
        plain: bool = False,
    ) -> None:
        self.plan = plan
        self.plain = plain
        self.data = plan.model(template)
        """What the workbook takes from the edition: parameters, and codes by the part they play."""
        self.structure = structure or nation(plan)
        self.period = f"{plan.period}-T{quarter}" if quarter else plan.period
        """The period of the results."""
        self.facts: list[tuple[str, object, str]] = []
        """Metadata of this template alone: key, value or formula, description."""
        self.template = template
        self.title = title
        self.example = example
        self.maps: list[TargetMap] = []
        self.inputs: list[InputMap] = []
        """Where the inputs are and what they are: the rows of `tblDati`."""
        self.tables: list[tuple[TableSpec, Placed]] = []
        """The tables that have their place, in the order in which they were written."""
        self.proposed: dict[tuple[str | int, ...], str] = {}
        """Cells (sheet, row, column) or (sheet, left, top, right, bottom) -> the defined name that they get where a
        formula reads them."""
        self.pages: list[Page] = []
        self.workbook = new_workbook()
        self.workbook.calculation = CalcProperties(calcId=CALC_ID, fullCalcOnLoad=None)
        act = plan.latest_act
        properties = self.workbook.properties
        properties.creator = properties.lastModifiedBy = "xl_perf"
        properties.title = title + (" (dati di esempio)" if example else "")
        properties.subject = plan.title
        properties.language = "it-IT"
        properties.keywords = "INPS, Piano della Performance, obiettivi, consuntivi, punteggi"
        properties.description = (
            f"{title}: obiettivi {plan.period}, {plan.title}. Modello {template}, "
            f"versione {TEMPLATE_VERSIONS[template]}."
        )
        properties.created = dt.datetime.combine(act.date, dt.time())
        self.descriptions: list[str] = []
        """What the charts show, in the order of the sheets that they stand on."""
        self.informative: dict[tuple[str, str], str] = {}
        """Inputs that no result depends on: sheet and cell -> the reason, in Italian."""
        self.too_wide: list[str] = []
        """Sheets whose printed columns take more pages side by side than the sheet declares."""
        self.too_high: list[str] = []
        """Sheets of one page whose rows need more than that, printed at 8 points."""
        self.scores: list[tuple[str, str]] = []
        """The results at the top of the workbook: references to the cells of the scores, and of their coverage."""
        self._tables = 0

    def next_table_id(self) -> int:
        """A table identifier that the workbook has not used."""
        self._tables += 1
        return self._tables

    def page(self, name: str, title: str, tab: str, subtitle: str = "", *, banner: int = 0) -> Page:
        """Add a sheet.

        Args:
            name: name of the sheet, at most 31 characters.
            title: heading in its first row.
            tab: role of the sheet, which gives its tab colour: guida, dati, obiettivi, risultati, servizio.
            subtitle: second row; the edition when empty.
            banner: number of columns that the banner of example data spans; 0 where no such data appear.
        """
        page = Page(self, name, title, subtitle or self.edition_line(), tab, banner=banner)
        page.sheet.sheet_view.tabSelected = not self.pages
        self.pages.append(page)
        return page

    def edition_line(self) -> str:
        """The edition as the second row of a sheet shows it: a formula, so that it is right after a sync too."""
        return f'={EDITION_NAME}&" - obiettivi {self.plan.period}"'

    def act_line(self, lead: str = "") -> str:
        """The last act of the edition, a formula for the second row of narrow sheets.

        Args:
            lead: text before it, e.g. `Giacenza e deflusso`.
        """
        return f'="{lead + " - " if lead else ""}ultimo atto: "&{ACT_NAME}'

    def top(self, scores: str, coverage: str = "") -> None:
        """Declare results that stand above all others: what is wrong in an input has to reach some of them.

        Args:
            scores: reference to a cell, or to the cells of a column or row.
            coverage: reference to as many cells that say how much is reported; empty where nothing does.
        """
        self.scores.append((scores, coverage))
        self.define(NAME.format(len(self.scores)), scores, hidden=True)

    def define(self, name: str, reference: str, *, hidden: bool = False) -> None:
        """Add a defined name of the workbook; a hidden one is for programs."""
        self.workbook.defined_names[name] = DefinedName(name, attr_text=reference, hidden=hidden or None)

    def propose(self, table: Placed, code: str, heading: str, name: str) -> None:
        """A defined name for a cell of a table, which it gets where a formula reads it."""
        column = column_index_from_string(table.letters[heading])
        self.proposed[table.sheet, table.numbers[code], column] = name

    def name_area(self, table: Placed, heading: str, codes: Sequence[str], name: str) -> None:
        """A defined name for the cells of a column in neighbouring rows, for formulas that read them.

        Args:
            table: a table whose rows stay where they are.
            heading: the column.
            codes: codes of the rows.
            name: the name.
        """
        numbers = [table.numbers[code] for code in codes]
        column = column_index_from_string(table.letters[heading])
        self.proposed[table.sheet, column, min(numbers), column, max(numbers)] = name

    def parameter_name(self, role: str) -> str:
        """Defined name of the value in use of the parameter that plays a part, e.g. `Banda_in_linea`."""
        return name_of(self.data.role(role))

    def chance(self, *words: str) -> float:
        """A number in [0, 1) that always is the same for the same words, for example data that are no facts."""
        return chance(self.template, *words)

    def left_empty(self, *words: str) -> bool:
        """Whether an input that is no fact stays empty: always without example data, now and then with them."""
        return not self.example or self.chance("vuoto", *words) < EXAMPLE_GAP

    def given(self, item: str, measure: str, structure: str = "", row: str = "") -> float | None:
        """What the example reports of an item for the period of the workbook; None without example data too.

        Args:
            item: code of the item.
            measure: which part of it.
            structure: code of the structure; the workbook's when empty.
            row: slug of the name of a row that users name.
        """
        if self.example is None:
            return None
        return self.example.value(Identity(item, measure, structure or self.structure, self.period, row))
