"""The actions on the workbook that the page read: JSON in, JSON out. The page writes what they propose.

An action that changes cells takes two turns: it gives a proposal; after the page has written it and read the workbook
again, `applied` says what came of it and what a restoration needs.
"""

from __future__ import annotations

import json
import os
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from udfs.office.reading import Reading, Written
from xl_perf import __version__
from xl_perf.actions.applying import apply, restore
from xl_perf.actions.checking import check
from xl_perf.actions.facts import load_facts
from xl_perf.actions.functions import argument_help, by_category, formula, help_of
from xl_perf.actions.guide import guide
from xl_perf.actions.reasons import explain_cell, what_is_missing
from xl_perf.actions.targets import plan_for, reload_targets
from xl_perf.actions.texts import failure, value_text
from xl_perf.book.calc_text import excel_text
from xl_perf.catalog import FUNCTIONS
from xl_perf.contract.edition import plan_of
from xl_perf.errors import PerfError, SyncError, WorkbookError
from xl_perf.language import ITALIAN, VARIABLE
from xl_perf.load.sources import CSV, read_tables
from xl_perf.package import open_package
from xl_perf.plan import edition_ids, use_whole
from xl_perf.relink.spelling import PREFIXES, Dialect

if TYPE_CHECKING:
    from xl_perf.actions.model import Proposal
    from xl_perf.book.snapshot import Snapshot

os.environ[VARIABLE] = ITALIAN  # here: the catalogue is not there yet when the first calls are answered
SHOWN_PREFIX = "XLPERF."
"""What stands before a function's name in cells, where files have `PREFIXES[Dialect.OFFICE]`."""
FOLDER = Path("/dati")
"""Where the page puts a file that the user chose."""


class Session:
    """What the page and the actions have told each other so far."""

    def __init__(self) -> None:
        self._reading: Reading | None = None
        self._before: Snapshot | None = None
        self._proposal: Proposal | None = None

    def read(self, told: dict[str, Any]) -> None:
        """The page begins to read the workbook."""
        self._reading = Reading(told)

    def sheet(self, told: dict[str, Any]) -> None:
        """Some rows of a sheet."""
        assert self._reading is not None
        self._reading.add(told)

    def check(self, _: dict[str, Any]) -> dict[str, Any]:
        """Controlla."""
        return asdict(check(self._content()))

    def missing(self, _: dict[str, Any]) -> dict[str, Any]:
        """Che cosa manca."""
        return asdict(what_is_missing(self._content()))

    def explain(self, told: dict[str, Any]) -> dict[str, Any]:
        """Spiega la cella; the score where no cell is named."""
        return asdict(explain_cell(self._content(), told.get("cell", "")))

    def reload(self, _: dict[str, Any]) -> dict[str, Any]:
        """Ricarica obiettivi."""
        content = self._content()
        return self._proposed(content, reload_targets(content, plan_for(content)))

    def load(self, told: dict[str, Any]) -> dict[str, Any]:
        """Carica dati, from the file that the page put into `FOLDER`: csv, or a workbook."""
        content = self._content()
        plan = plan_of(content)
        if plan is None:
            raise SyncError("this is not an official workbook", where=content.where)
        path = FOLDER / told["file"]
        is_text = path.suffix.lower() in CSV
        tables = read_tables(path) if is_text else ()
        others = () if is_text else (open_package(path),)
        proposal = load_facts(content, plan, tables, others, overwrite=told.get("overwrite", False))
        return self._proposed(content, proposal)

    def restore(self, told: dict[str, Any]) -> dict[str, Any]:
        """Ripristina, from the note that the page kept."""
        content = self._content()
        return self._proposed(content, restore(Written(content, content), _Note(told.get("note", ""))))

    def applied(self, _: dict[str, Any]) -> dict[str, Any]:
        """What came of the last proposal, once it is written and the workbook read again; `note` is to be kept."""
        assert self._before is not None
        assert self._proposal is not None
        note = _Note("")
        done = apply(Written(self._before, self._content()), self._proposal, note)
        results = [(*one[:2], value_text(one.before), value_text(one.after)) for one in done.results]
        return {**asdict(done), "results": results, "note": note.text}

    def functions(self, _: dict[str, Any]) -> dict[str, Any]:
        """Inserisci funzione: every function with its help and arguments."""
        return {
            "categories": by_category(),
            "functions": {
                name: {"help": help_of(name), "arguments": argument_help(name)} for name in FUNCTIONS
            },
        }

    def formula(self, told: dict[str, Any]) -> str:
        """The formula that calls a function, as Office.js takes it."""
        texts = [_english(text) for text in told["arguments"]]
        return formula(told["name"], texts, Dialect.OFFICE).replace(PREFIXES[Dialect.OFFICE], SHOWN_PREFIX)

    def guide(self, _: dict[str, Any]) -> str:
        """Guida."""
        return guide(f"{__version__} ({', '.join(edition_ids())})")

    def _content(self) -> Snapshot:
        use_whole()
        if self._reading is None:
            raise WorkbookError("the workbook was not read")
        return self._reading.snapshot()

    def _proposed(self, content: Snapshot, proposal: Proposal) -> dict[str, Any]:
        self._before, self._proposal = content, proposal
        return asdict(proposal)


class _Note:
    """What a restoration needs: the page keeps it."""

    def __init__(self, text: str) -> None:
        self.text = text

    def keep(self, where: str, text: str) -> None:
        del where
        self.text = text

    def kept(self, where: str) -> str:
        del where
        return self.text


def _english(text: str) -> str:
    """An argument as a user writes it in Italian, `A1:B2`, `0,5`, `SOMMA` aside, as formulas in English have it."""
    text = text.strip()
    plain = text.replace(",", ".", 1)
    try:
        float(plain)
    except ValueError:
        return excel_text(text)
    return plain


SESSION = Session()


def act(name: str, text: str) -> str:
    """Does one of the session's actions.

    Args:
        name: the action, a method of `Session`.
        text: JSON, what it is told.

    Returns:
        JSON, `{"said": answer}`, or `{"failed": text for users}`.
    """
    try:
        said = getattr(SESSION, name)(json.loads(text))
        return json.dumps({"said": said}, ensure_ascii=False)
    except PerfError as error:
        return json.dumps({"failed": failure(error)}, ensure_ascii=False)
    except Exception as error:  # noqa: BLE001  # shown to the user, with its details in the console
        traceback.print_exc()
        return json.dumps({"failed": f"Errore interno: {type(error).__name__}: {error}"}, ensure_ascii=False)
