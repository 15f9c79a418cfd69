"""Runs inside a Python that has UNO: a LibreOffice with windows on the display at hand, asked line by line.

Not a test: `tests.calc_window` starts it. Each line on stdin is an object with `do`, the name of a method below, and
its arguments; each line on stdout is `{"said": answer}` or `{"failed": text}`. What stands in windows is found as
programs for the blind find it, by UNO's accessibility; clicks come from outside.
"""

import json
import subprocess
import sys
import traceback

import uno
from calc_driver import Office
from com.sun.star.beans import UnknownPropertyException
from com.sun.star.uno import RuntimeException

UNO_GONE = (AttributeError, RuntimeException, UnknownPropertyException)
"""What asking a window gives that is closed meanwhile."""
SHOWING = uno.getConstantByName("com.sun.star.accessibility.AccessibleStateType.SHOWING")
SELECTED = uno.getConstantByName("com.sun.star.accessibility.AccessibleStateType.SELECTED")
DEEP = 12
MOST = 60
"""Lines of a list that are looked at."""
BARS = ("MENU_BAR", "TOOL_BAR")
MENU = "XL_PERF"
"""The one menu whose items are looked at: those of all others take seconds."""
SHOWN = ("TEXT", "MENU", "MENU_ITEM", "PUSH_BUTTON", "LABEL", "LIST_ITEM", "CHECK_BOX")
NOT_LOOKED_INTO = ("DOCUMENT", "DOCUMENT_SPREADSHEET", "TABLE", "PAGE_TAB_LIST", "STATUS_BAR")
ROLES = {
    uno.getConstantByName(f"com.sun.star.accessibility.AccessibleRole.{name}"): name
    for name in (*BARS, *SHOWN, *NOT_LOOKED_INTO)
}


class Windows(Office):
    switches = ("--norestore", "--nologo", "--nofirststartwizard")

    def __init__(self, profile):
        super().__init__(profile)
        self.toolkit = self.service("com.sun.star.awt.Toolkit")

    def open_window(self, url):
        self.desktop.loadComponentFromURL(url, "_blank", 0, ())

    def documents(self):
        """Addresses of the workbooks that are open; none while one is just closing."""
        try:
            return [part.URL for part in self._documents()]
        except UNO_GONE:
            return []

    def _documents(self):
        parts = self.desktop.Components.createEnumeration()
        while parts.hasMoreElements():
            part = parts.nextElement()
            if hasattr(part, "Sheets"):
                yield part

    def _document(self, url):
        return next(part for part in self._documents() if url == part.URL)

    def _cell(self, url, cell):
        sheet, _, address = cell.rpartition("!")
        return self._document(url).Sheets.getByName(sheet).getCellRangeByName(address)

    def cell(self, url, cell):
        found = self._cell(url, cell)
        return {"formula": found.Formula, "shown": found.String, "error": found.getError()}

    def select(self, url, cell):
        document = self._document(url)
        found = self._cell(url, cell)
        document.CurrentController.setActiveSheet(found.Spreadsheet)
        document.CurrentController.select(found)

    def selected(self, url):
        return self._document(url).CurrentSelection.AbsoluteName

    def add_sheet(self, url, name):
        document = self._document(url)
        document.Sheets.insertNewByName(name, document.Sheets.Count)

    def values(self, url):
        """Sheet -> rows of values of the used area."""
        found = {}
        for sheet in self._document(url).Sheets:
            cursor = sheet.createCursor()
            cursor.gotoEndOfUsedArea(False)
            cursor.gotoStartOfUsedArea(True)
            found[sheet.Name] = cursor.getDataArray()
        return found

    def undo(self, url, times=0):
        manager = self._document(url).UndoManager
        for _ in range(times):
            manager.undo()
        return list(manager.getAllUndoActionTitles())

    def close_document(self, url):
        self._document(url).close(True)

    def windows(self):
        """Titles of the windows and dialogs that are open; none while one is just closing."""
        try:
            return [context.AccessibleName for context in self._contexts()]
        except UNO_GONE:
            return []

    def parts(self, title, bar=""):
        """What is shown in a window, or in bars of one kind (of `BARS`) in it.

        Gives [role, name, text, left, top, width, height, selected] of each part.
        """
        try:
            for context in self._contexts():
                if context.AccessibleName == title:
                    tops = self._bars(context, bar, 0) if bar else [context]
                    return [part for top in tops for part in self._below(top, 0)]
        except UNO_GONE:
            pass
        return []

    def _bars(self, context, bar, depth):
        role = ROLES.get(context.AccessibleRole)
        if role == bar:
            yield context
        elif role is None and depth < 4 and context.AccessibleStateSet.contains(SHOWING):
            for child in self._children(context):
                yield from self._bars(child, bar, depth + 1)

    @staticmethod
    def _children(context):
        for place in range(min(context.AccessibleChildCount, MOST)):
            child = context.getAccessibleChild(place)
            if child is not None:
                yield child.AccessibleContext

    def _contexts(self):
        for place in range(self.toolkit.getTopWindowCount()):
            try:
                context = self.toolkit.getTopWindow(place).AccessibleContext
                shown = context.AccessibleStateSet.contains(SHOWING)
            except UNO_GONE:
                continue
            if shown:
                yield context

    def _below(self, context, depth):
        role = ROLES.get(context.AccessibleRole)
        if role in NOT_LOOKED_INTO or depth > DEEP:
            return
        shown = context.AccessibleStateSet.contains(SHOWING)
        text = self._text(context) if shown and role in (None, "TEXT") else ""
        if shown and (text or role in SHOWN):
            at, size = context.LocationOnScreen, context.Size
            selected = context.AccessibleStateSet.contains(SELECTED)
            yield [role, context.AccessibleName, text, at.X, at.Y, size.Width, size.Height, selected]
        if (shown or role == "MENU") and (role != "MENU" or context.AccessibleName == MENU):
            for child in self._children(context):
                yield from self._below(child, depth + 1)

    @staticmethod
    def _text(context):
        """What can be read in a field or message; empty for what holds no text."""
        try:
            return getattr(context, "Text", "")
        except UNO_GONE:
            return ""


def main():
    office = Windows(sys.argv[1])
    try:
        for line in sys.stdin:
            told = json.loads(line)
            try:
                answer = {"said": getattr(office, told.pop("do"))(**told)}
            except Exception:  # noqa: BLE001  # told to the test
                answer = {"failed": traceback.format_exc()}
            print(json.dumps(answer), flush=True)
    finally:
        office.close()
        try:
            office.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            office.process.kill()


if __name__ == "__main__":
    main()
