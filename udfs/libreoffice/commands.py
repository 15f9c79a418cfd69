"""The commands of menu and toolbar.

Each shows what it would do, does it where the user agrees, and says what came of it.
"""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uno  # type: ignore[import-not-found]  # part of LibreOffice
from xl_perf_calc import convert, dialogs, entered, insert, version  # type: ignore[import-not-found]  # only inside the extension
from xl_perf_calc.steps import Steps  # type: ignore[import-not-found]

from xl_perf.actions import texts
from xl_perf.actions.guide import guide
from xl_perf.actions.model import Line
from xl_perf.errors import PerfError, WorkbookError
from xl_perf.package.refs import cell_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from xl_perf.actions.model import Answer, Proposal

FOR_EXCEL = "Copia per Excel"
_SHEETS = "com.sun.star.sheet.SpreadsheetDocument"
_FROM_FILE = "Da un file (csv, xlsx, ods) ..."


class Commands:
    """What the menu does with the document of a window.

    Args:
        context: UNO's component context.
        frame: the window's frame.
    """

    def __init__(self, context: Any, frame: Any) -> None:
        self.context = context
        self.frame = frame
        self.document = frame.Controller.Model
        self.window = frame.ContainerWindow
        self.desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)

    def run(self, name: str) -> None:
        """Does a command; what goes wrong is shown."""
        self._guarded(getattr(self, f"do_{name}"))

    def opened(self) -> None:
        """What a workbook that has just been opened asks for; what goes wrong is shown."""
        self._guarded(self._offer_conversion)

    def _guarded(self, command: Callable[[], None]) -> None:
        try:
            command()
        except PerfError as error:
            dialogs.message(self.window, "error", "non riuscito", texts.failure(error))
        except Exception:  # noqa: BLE001  # an exception would vanish in LibreOffice
            last = "\n".join(traceback.format_exc().splitlines()[-6:])
            dialogs.message(self.window, "error", "errore inatteso", last)

    def do_ricarica(self) -> None:
        """Ricarica obiettivi."""
        self._propose(self._busy(texts.RELOAD, self._steps.reload))

    def do_carica(self) -> None:
        """Carica dati."""
        others = [
            each
            for each in self._open_documents()
            if each is not self.document and each.URL != self.document.URL
        ]
        names = [_FROM_FILE, *(f"Dalla cartella aperta: {each.Title}" for each in others)]
        chosen = dialogs.choose(
            self.context, self.window, texts.LOAD, "Da dove vengono i dati?", names,
            "Sostituisci anche i valori già presenti",
        )  # fmt: skip
        if chosen is None:
            return
        place, overwrite = chosen
        files: list[str] = []
        documents = [] if place == 0 else [others[place - 1]]
        hidden = None
        if place == 0:
            path = self._pick()
            if not path:
                return
            if Path(path).suffix.lower() in (".csv", ".txt", ".tsv"):
                files = [path]
            else:
                hidden = self._load_hidden(path)
                documents = [hidden]
        try:
            proposal = self._busy(texts.LOAD, lambda: self._steps.load(files, documents, overwrite=overwrite))
        finally:
            if hidden is not None:
                hidden.close(True)
        self._propose(proposal)

    def do_controlla(self) -> None:
        """Controlla."""
        self._answer(self._busy(texts.CHECK, self._steps.check))

    def do_spiega(self) -> None:
        """Spiega la cella."""
        cell = self._selected()
        self._answer(self._busy(texts.EXPLAIN, lambda: self._steps.explain(cell)))

    def do_manca(self) -> None:
        """Che cosa manca."""
        self._answer(self._busy(texts.GAP, self._steps.missing))

    def do_ripristina(self) -> None:
        """Ripristina."""
        self._propose(self._steps.restore())

    def do_funzione(self) -> None:
        """Inserisci funzione."""
        self._refuse_locked()
        name = insert.choose_function(self.context, self.window)
        arguments: list[str] | None = [] if name else None
        while arguments is not None:
            arguments = insert.ask_arguments(self.context, self.window, name, arguments)
            if arguments is None:
                return
            try:
                self._enter(entered.formula_for(name, arguments))
            except PerfError as error:
                dialogs.message(self.window, "error", name, str(error))
            else:
                return

    def do_guida(self) -> None:
        """Guida."""
        dialog = dialogs.Dialog(self.context, self.window, f"XL_PERF - {texts.GUIDE}")
        dialog.box("testo", (6, 6, dialogs.WIDTH - 12, 190), guide(version.text()))
        dialog.button("chiudi", (dialogs.WIDTH - 86, dialogs.HEIGHT - 20), "Chiudi", dialogs.CANCEL, 80)
        dialog.run()

    def do_excel(self) -> None:
        """Copia per Excel."""
        path = self._path()
        converted = convert.for_excel(path)
        target = convert.free(convert.beside(path, convert.EXCEL))
        convert.write(target, converted)
        dialogs.message(
            self.window,
            "info",
            FOR_EXCEL,
            f"Scritto per Excel: {target}\n\nIl file aperto resta com'è: {path}",
        )

    def _offer_conversion(self) -> None:
        """Offers a copy for Calc of a workbook that is written for Excel, and opens it."""
        path = self._path()
        converted = convert.for_calc(path)
        if converted is None:
            return
        target = convert.beside(path, convert.CALC)
        there = target.exists()
        text = (
            "Questa cartella è scritta per Excel: in Calc le sue funzioni danno #NOME? al primo ricalcolo.\n\n"
            f"{'La copia per Calc c’è già' if there else 'XL_PERF può scrivere una copia per Calc'}: {target}\n\n"
            f"{'Aprirla? (No: ne scrive una nuova.)' if there else 'Scriverla e aprirla?'} Questo file resta com'è."
            f" Per tornare a Excel: menu XL_PERF, «{FOR_EXCEL}»."
        )
        said = dialogs.message(self.window, "question", "cartella per Excel", text, 4 if there else 3)
        if said not in (dialogs.YES, 3) or (said == 3 and not there):
            return
        if said == 3 or not there:
            target = convert.free(target)
            convert.write(target, converted)
        self.desktop.loadComponentFromURL(uno.systemPathToFileUrl(str(target)), "_blank", 0, ())
        self.document.close(True)

    # --- what the commands share

    @property
    def _steps(self) -> Steps:
        return Steps(self.document)

    def _busy(self, title: str, do: Callable[[], Any]) -> Any:
        """Does something while the status bar says what."""
        shown = self.frame.createStatusIndicator()
        shown.start(f"XL_PERF: {title} ...", 1)
        try:
            return do()
        finally:
            shown.end()

    def _propose(self, proposal: Proposal) -> None:
        lines = [*proposal.lines]
        if proposal.remarks:
            lines += [Line("Da guardare:"), *(line._replace(level=1) for line in proposal.remarks)]
        count = len(proposal.values)
        accept = (f"Scrivi {count} celle" if count > 1 else "Scrivi 1 cella") if count else ""
        summary = proposal.summary if count else f"{proposal.summary} Non c'è niente da scrivere."
        if not dialogs.show(self.context, self.window, proposal.title, summary, lines, self._go, accept):
            return
        done = self._busy(proposal.title, lambda: self._steps.apply(proposal))
        moved = [
            Line(f"{one.label}: {texts.value_text(one.before)} → {texts.value_text(one.after)}", 0, one.cell)
            for one in done.results
        ]
        summary = f"{done.summary} Si annulla con Ctrl+Z, o con XL_PERF, {texts.RESTORE}."
        dialogs.show(self.context, self.window, proposal.title, summary, moved, self._go)

    def _answer(self, answer: Answer) -> None:
        dialogs.show(self.context, self.window, answer.title, answer.summary, answer.lines, self._go)

    def _go(self, cell: str) -> None:
        name, _, address = cell.rpartition("!")
        sheet = self.document.Sheets.getByName(name)
        self.frame.Controller.setActiveSheet(sheet)
        self.frame.Controller.select(sheet.getCellRangeByName(address))

    def _selected(self) -> str:
        """The active cell, `Sheet!A1`."""
        selected = self.document.CurrentSelection
        if selected.supportsService("com.sun.star.sheet.SheetCellRanges"):
            selected = selected.getByIndex(0)
        at = selected.RangeAddress
        return f"{self.document.Sheets.getByIndex(at.Sheet).Name}!{cell_name((at.StartRow + 1, at.StartColumn + 1))}"

    def _refuse_locked(self) -> None:
        """Refuses a cell that holds a formula or number of the official workbook."""
        cell = self._cell()
        if cell.Spreadsheet.isProtected() and cell.CellProtection.IsLocked:
            raise WorkbookError(
                "the cell is protected",
                where=self._selected(),
                remedy="choose a yellow cell, or one on a sheet of your own",
            )

    def _cell(self) -> Any:
        name, _, address = self._selected().rpartition("!")
        return self.document.Sheets.getByName(name).getCellRangeByName(address)

    def _enter(self, formula: str) -> None:
        undo = self.document.UndoManager
        undo.enterUndoContext(f"XL_PERF: {texts.INSERT}")
        try:
            self._cell().setFormula(formula)
        finally:
            undo.leaveUndoContext()

    def _path(self) -> Path:
        url = self.document.URL
        return Path(uno.fileUrlToSystemPath(url)) if url.startswith("file:") else Path()

    def _open_documents(self) -> list[Any]:
        found = []
        each = self.desktop.Components.createEnumeration()
        while each.hasMoreElements():
            document = each.nextElement()
            if document.supportsService(_SHEETS):
                found.append(document)
        return found

    def _pick(self) -> str:
        picker = self.context.ServiceManager.createInstanceWithContext(
            "com.sun.star.ui.dialogs.FilePicker", self.context
        )
        picker.appendFilter("Dati (csv, xlsx, ods, xls)", "*.csv;*.txt;*.tsv;*.xlsx;*.xlsm;*.ods;*.xls")
        if not picker.execute():
            return ""
        return str(uno.fileUrlToSystemPath(picker.getSelectedFiles()[0]))

    def _load_hidden(self, path: str) -> Any:
        hidden = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
        hidden.Name, hidden.Value = "Hidden", True
        return self.desktop.loadComponentFromURL(uno.systemPathToFileUrl(path), "_blank", 0, (hidden,))
