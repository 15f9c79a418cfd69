"""Dialogs of the Calc add-in, made of UNO controls: a list of lines with its cells, a choice, a form, a message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import unohelper  # type: ignore[import-not-found]  # part of LibreOffice
from com.sun.star.awt import XActionListener, XItemListener  # type: ignore[import-not-found]

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xl_perf.actions.model import Line

WIDTH, HEIGHT, EDGE, ROW = 340, 230, 6, 14
OK, CANCEL = 1, 2
POS = 3  # com.sun.star.awt.PosSize
YES = 2
"""What a message box gives for Sì."""


class _Action(unohelper.Base, XActionListener):  # type: ignore[misc]
    def __init__(self, done: Callable[[], None]) -> None:
        self._done = done

    def actionPerformed(self, _event: object) -> None:
        """A button was pressed, or a line clicked twice."""
        self._done()

    def disposing(self, _event: object) -> None:
        """Nothing is held."""


class _Item(unohelper.Base, XItemListener):  # type: ignore[misc]
    def __init__(self, done: Callable[[], None]) -> None:
        self._done = done

    def itemStateChanged(self, _event: object) -> None:
        """Another line was chosen."""
        self._done()

    def disposing(self, _event: object) -> None:
        """Nothing is held."""


class Dialog:
    """A dialog under construction; measures in its own units, about a quarter of a letter's width.

    Args:
        context: UNO's component context.
        parent: window that it stands before.
        title: its title.
        width: of the inside.
        height: of the inside.
    """

    def __init__(
        self, context: Any, parent: Any, title: str, width: int = WIDTH, height: int = HEIGHT
    ) -> None:
        create = context.ServiceManager.createInstanceWithContext
        self.model = create("com.sun.star.awt.UnoControlDialogModel", context)
        self.model.Title, self.model.Width, self.model.Height = title, width, height
        self.control = create("com.sun.star.awt.UnoControlDialog", context)
        self.control.setModel(self.model)
        self._toolkit = create("com.sun.star.awt.Toolkit", context)
        self._parent = parent
        self._listeners: list[object] = []

    def add(self, kind: str, name: str, place: tuple[int, int, int, int], **settings: object) -> Any:
        """Adds a control; place is left, top, width, height. Gives the control."""
        model = self.model.createInstance(f"com.sun.star.awt.UnoControl{kind}Model")
        model.PositionX, model.PositionY, model.Width, model.Height = place
        for key, value in settings.items():
            setattr(model, key, value)
        self.model.insertByName(name, model)
        return self.control.getControl(name)

    def text(self, name: str, place: tuple[int, int, int, int], text: str) -> Any:
        """Adds a label of several lines, without a letter underlined for the keyboard."""
        return self.add("FixedText", name, place, Label=text, MultiLine=True, NoLabel=True)

    def box(self, name: str, place: tuple[int, int, int, int], text: str = "") -> Any:
        """Adds a field of several lines that can be read and copied."""
        settings = {"Text": text, "MultiLine": True, "ReadOnly": True, "VScroll": True}
        return self.add("Edit", name, place, **settings)

    def button(self, name: str, place: tuple[int, int], label: str, kind: int = 0, width: int = 70) -> Any:
        """Adds a button; kind 1 closes with OK, 2 cancels, 0 only tells its listener."""
        return self.add(
            "Button", name, (*place, width, ROW), Label=label, PushButtonType=kind, DefaultButton=kind == OK
        )

    def on_action(self, control: Any, done: Callable[[], None]) -> None:
        """Calls a function when a button is pressed or a line clicked twice."""
        self._listeners.append(_Action(done))
        control.addActionListener(self._listeners[-1])

    def on_choice(self, control: Any, done: Callable[[], None]) -> None:
        """Calls a function when another line is chosen."""
        self._listeners.append(_Item(done))
        control.addItemListener(self._listeners[-1])

    def run(self) -> bool:
        """Shows the dialog in the middle of its parent until it is closed; True for OK."""
        self.control.createPeer(self._toolkit, self._parent)
        inside, around = self.control.getPosSize(), self._parent.getPosSize()
        left, top = (around.Width - inside.Width) // 2, (around.Height - inside.Height) // 2
        self.control.setPosSize(max(0, left), max(0, top), 0, 0, POS)
        try:
            return bool(self.control.execute() == 1)
        finally:
            self.control.dispose()


def show(
    context: Any,
    parent: Any,
    title: str,
    summary: str,
    lines: Sequence[Line],
    go: Callable[[str], None],
    accept: str = "",
) -> bool:
    """Shows lines; the one chosen stands below in full, its cell is gone to with a button or a double click.

    Args:
        context: UNO's component context.
        parent: window that it stands before.
        title: name of the action.
        summary: one sentence above.
        lines: the lines.
        go: goes to a cell, `Sheet!A1`.
        accept: label of the button that agrees; without it there is only Chiudi.

    Returns:
        True where the user agreed.
    """
    dialog = Dialog(context, parent, f"XL_PERF - {title}")
    inner = WIDTH - 2 * EDGE
    dialog.text("sommario", (EDGE, EDGE, inner, 26), summary)
    texts = tuple(f"{'    ' * line.level}{line.text}" for line in lines)
    listed = dialog.add("ListBox", "righe", (EDGE, 36, inner, 124), StringItemList=texts)
    whole = dialog.box("riga", (EDGE, 164, inner, 38), lines[0].text if lines else "")
    foot = HEIGHT - ROW - EDGE

    def chosen() -> Line | None:
        place = listed.getSelectedItemPos()
        return lines[place] if 0 <= place < len(lines) else None

    def read() -> None:
        line = chosen()
        whole.setText("" if line is None else line.text)

    def follow() -> None:
        line = chosen()
        if line is not None and line.cell:
            go(line.cell)

    dialog.on_choice(listed, read)
    dialog.on_action(listed, follow)
    if any(line.cell for line in lines):
        dialog.on_action(dialog.button("vai", (EDGE, foot), "Vai alla cella"), follow)
    if accept:
        dialog.button("scrivi", (WIDTH - 2 * (80 + EDGE), foot), accept, OK, 80)
    dialog.button("chiudi", (WIDTH - 80 - EDGE, foot), "Annulla" if accept else "Chiudi", CANCEL, 80)
    return dialog.run()


def choose(
    context: Any, parent: Any, title: str, question: str, items: Sequence[str], tick: str = ""
) -> tuple[int, bool] | None:
    """Asks for one of some items; gives its place and whether the box was ticked, None where the user cancels."""
    dialog = Dialog(context, parent, f"XL_PERF - {title}", 260, 150)
    dialog.text("domanda", (EDGE, EDGE, 248, 26), question)
    listed = dialog.add(
        "ListBox", "voci", (EDGE, 36, 248, 70), StringItemList=tuple(items), SelectedItems=(0,)
    )
    box = dialog.add("CheckBox", "scelta", (EDGE, 110, 248, 12), Label=tick) if tick else None
    dialog.button("avanti", (260 - 2 * (70 + EDGE), 130), "Avanti", OK)
    dialog.button("annulla", (260 - 70 - EDGE, 130), "Annulla", CANCEL)
    found: list[tuple[int, bool]] = []

    def keep() -> None:
        found[:] = [(listed.getSelectedItemPos(), bool(box is not None and box.getState()))]

    keep()
    dialog.on_choice(listed, keep)
    if box is not None:
        dialog.on_choice(box, keep)
    return found[0] if dialog.run() and found[0][0] >= 0 else None


def message(parent: Any, kind: str, title: str, text: str, buttons: int = 1) -> int:
    """A message; gives the button that was pressed.

    Args:
        parent: window that it stands before.
        kind: `info`, `error` or `question`.
        title: its title.
        text: what it says.
        buttons: 1 OK, 3 Sì and No, 4 Sì, No and Annulla.
    """
    from com.sun.star.awt.MessageBoxType import (  # type: ignore[import-not-found]  # noqa: PLC0415
        ERRORBOX,
        INFOBOX,
        QUERYBOX,
    )

    box = {"info": INFOBOX, "error": ERRORBOX, "question": QUERYBOX}[kind]
    made = parent.getToolkit().createMessageBox(parent, box, buttons, f"XL_PERF - {title}", text)
    try:
        return int(made.execute())
    finally:
        made.dispose()
