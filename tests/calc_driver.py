"""Runs inside a Python that has UNO: drives LibreOffice over a pipe, jobs as JSON on stdin, answers as JSON on stdout.

Not a test: `tests.calc_office` starts it. Jobs are objects with `do`: `recalc` (path, optional save: path ->
filter, optional hard: false): opens, hard recalculates, gives every formula cell as "row,column" -> [kind,
value, formula], saves copies; `type` (cells: address -> content, formulas): fills a new sheet, types
formulas, gives results; `edit` (path, steps, save): opens, does what a user does to sheets (insert, delete,
sort, type, own), saves as .xlsx; `actions` (path, steps): opens, runs actions of the add-in's menu one after
the other, gives their answers, the list of steps that can be undone, which sheets are protected; `wizard`:
what the function wizard knows of the add-in; `time` (formula, rows, optional height and rounds): seconds by the
clock and of processor that a calculation of a sheet full of a formula takes, and its last value.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import NamedValue, PropertyValue
from com.sun.star.sheet.FillDirection import TO_BOTTOM

KINDS = {"number": 1, "text": 2, "error": 4}
"""Kind of result -> flag of queryFormulaCells."""


def value_of(name, value):
    found = PropertyValue()
    found.Name, found.Value = name, value
    return found


def content(cell):
    """[kind, value, formula] of a formula cell: number, text, or error with Calc's code."""
    error = cell.getError()
    if error:
        return ["error", error, cell.Formula]
    if cell.FormulaResultType2 == 2:
        return ["text", cell.String, cell.Formula]
    return ["number", cell.Value, cell.Formula]


def formula_cells(document):
    """Sheet -> address -> [kind, value, formula]; read range by range, a call for each cell would take minutes."""
    found = {}
    for sheet in document.Sheets:
        cells = found[sheet.Name] = {}
        for kind, flag in KINDS.items():
            for area in sheet.queryFormulaCells(flag):
                place = area.RangeAddress
                values, formulas = area.getDataArray(), area.getFormulaArray()
                for row, line in enumerate(values):
                    for column, value in enumerate(line):
                        shown = area.getCellByPosition(column, row).getError() if kind == "error" else value
                        at = f"{place.StartRow + row + 1},{place.StartColumn + column + 1}"
                        cells[at] = [kind, shown, formulas[row][column]]
    return found


class Office:
    switches = ("--headless", "--norestore", "--nologo")

    def __init__(self, profile):
        self.pipe = pipe = f"calc{os.getpid()}"
        self.process = subprocess.Popen(
            [
                "soffice", f"-env:UserInstallation={Path(profile).as_uri()}", *self.switches,
                f"--accept=pipe,name={pipe};urp;",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        for _ in range(600):
            try:
                self.context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
                break
            except Exception:  # UNO's own exceptions; until it listens
                if self.process.poll() is not None:
                    raise
                time.sleep(0.1)
        self.desktop = self.service("com.sun.star.frame.Desktop")

    def service(self, name):
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    def open(self, url):
        return self.desktop.loadComponentFromURL(url, "_blank", 0, (value_of("Hidden", True),))

    def close(self):
        try:
            self.desktop.terminate()
            self.process.wait(30)
        except Exception:  # noqa: BLE001  # UNO's own exceptions; the pipe closes first
            self.process.kill()

    def recalc(self, job):
        document = self.open(Path(job["path"]).as_uri())
        try:
            if job.get("hard", True):
                document.calculateAll()
            for path, name in job.get("save", {}).items():
                document.storeToURL(Path(path).as_uri(), (value_of("FilterName", name),))
            return formula_cells(document)
        finally:
            document.close(True)

    def edit(self, job):
        document = self.open(Path(job["path"]).as_uri())
        try:
            for step in job["steps"]:
                if step["do"] == "own":
                    document.Sheets.insertNewByName(step["sheet"], document.Sheets.Count)
                    continue
                sheet = document.Sheets.getByName(step["sheet"])
                sheet.unprotect("")
                getattr(self, f"_{step['do']}")(sheet, step)
            document.storeToURL(
                Path(job["save"]).as_uri(), (value_of("FilterName", "Calc MS Excel 2007 XML"),)
            )
            return job["save"]
        finally:
            document.close(True)

    @staticmethod
    def _insert(sheet, step):
        sheet.Rows.insertByIndex(step["row"] - 1, step["count"])

    @staticmethod
    def _delete(sheet, step):
        sheet.Rows.removeByIndex(step["row"] - 1, step["count"])

    @staticmethod
    def _sort(sheet, step):
        field = uno.createUnoStruct("com.sun.star.table.TableSortField")
        field.Field, field.IsAscending = step["column"], step["ascending"]
        fields = uno.Any("[]com.sun.star.table.TableSortField", (field,))
        sheet.getCellRangeByName(step["range"]).sort(
            (value_of("SortFields", fields), value_of("ContainsHeader", False))
        )

    @staticmethod
    def _type(sheet, step):
        cell = sheet.getCellRangeByName(step["cell"])
        if isinstance(step["value"], str):
            cell.setFormula(step["value"])
        else:
            cell.setValue(step["value"])

    def actions(self, job):
        document = self.open(Path(job["path"]).as_uri())
        try:
            document.calculateAll()
            told = []
            for step in job["steps"]:
                if step["Azione"] == "type":
                    cell = document.Sheets.getByName(step["sheet"]).getCellRangeByName(step["cell"])
                    cell.setValue(step["value"])
                    continue
                if step["Azione"] == "undo":
                    document.UndoManager.undo()
                    continue
                named = [self._named("Documento", document), *(self._named(*pair) for pair in step.items())]
                told.append(json.loads(self.service("it.xlperf.Azioni").execute(tuple(named))))
            undo = list(document.UndoManager.getAllUndoActionTitles())
            return {
                "told": told,
                "undo": undo,
                "protected": [sheet.isProtected() for sheet in document.Sheets],
            }
        finally:
            document.close(True)

    @staticmethod
    def _named(name, value):
        found = NamedValue()
        found.Name, found.Value = name, value
        return found

    def type(self, job):
        document = self.open("private:factory/scalc")
        try:
            sheet = document.Sheets.getByIndex(0)
            for address, value in job["cells"].items():
                cell = sheet.getCellRangeByName(address)
                if isinstance(value, str):
                    cell.setFormula(value)
                else:
                    cell.setValue(value)
            found = []
            for row, formula in enumerate(job["formulas"]):
                cell = sheet.getCellByPosition(100, row)
                cell.setFormula(formula)
                found.append(content(cell))
            return found
        finally:
            document.close(True)

    def enter(self, job):
        """What becomes of a formula that a user types into C1, of its value when a cell changes, and of undoing it."""
        document = self.desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, ())
        try:
            sheet = document.Sheets.getByIndex(0)
            for address, value in job["cells"].items():
                sheet.getCellRangeByName(address).setValue(value)
            self._dispatch(document, ".uno:GoToCell", ToPoint="C1")
            self._dispatch(document, ".uno:EnterString", StringName=job["formula"])
            cell = sheet.getCellRangeByName("C1")
            end = time.monotonic() + job["wait"]
            while cell.Formula != job["until"] and time.monotonic() < end:
                time.sleep(0.05)
            told = [cell.Formula, cell.Value]
            address, value = job["change"]
            sheet.getCellRangeByName(address).setValue(value)
            told.append(cell.Value)
            document.UndoManager.undo()  # the cell that changed
            document.UndoManager.undo()
            return [*told, cell.Formula]
        finally:
            document.close(True)

    def _dispatch(self, document, command, **arguments):
        helper = self.service("com.sun.star.frame.DispatchHelper")
        given = tuple(value_of(*pair) for pair in arguments.items())
        helper.executeDispatch(document.CurrentController.Frame, command, "", 0, given)

    def wizard(self, _job):
        found = {}
        functions = self.service("com.sun.star.sheet.FunctionDescriptions")
        for place in range(functions.Count):
            entry = {item.Name: item.Value for item in functions.getByIndex(place)}
            if entry["Name"].startswith("XLPERF."):
                arguments = [[a.Name, a.Description, a.IsOptional] for a in entry["Arguments"] or ()]
                found[entry["Name"]] = [entry["Description"], entry["Category"], arguments]
        return found

    def time(self, job):
        document = self.open("private:factory/scalc")
        try:
            sheet = document.Sheets.getByIndex(0)
            rows, rounds = job["rows"], job.get("rounds", 1)
            area = sheet.getCellRangeByPosition(0, 0, 1, rows - 1)
            area.setDataArray(tuple((float(row + 1), 1000.0) for row in range(rows)))
            height = job.get("height", rows)
            target = sheet.getCellRangeByPosition(2, 0, 2, height - 1)
            target.getCellByPosition(0, 0).setFormula(job["formula"].replace("#", "1"))
            target.fillAuto(TO_BOTTOM, 1)
            started = time.perf_counter(), self.cpu()
            for _ in range(rounds):
                document.calculateAll()
            wall, cpu = time.perf_counter() - started[0], self.cpu() - started[1]
            last = target.getCellByPosition(0, height - 1)
            return [wall / rounds, cpu / rounds, last.getError() or last.Value]
        finally:
            document.close(True)

    def cpu(self):
        """Seconds of processor that LibreOffice has used, on Linux; elsewhere those of the clock."""
        found = 0.0
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = (folder / "cmdline").read_bytes()
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if self.pipe.encode() in command:
                found += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return found or time.perf_counter()


def main():
    office = Office(sys.argv[1])
    try:
        answers = [getattr(office, job["do"])(job) for job in json.load(sys.stdin)]
    finally:
        office.close()
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
