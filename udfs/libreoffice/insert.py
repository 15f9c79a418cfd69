"""Inserisci funzione in Calc: choose a function by its help, fill in its arguments, put the formula into the cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xl_perf_calc.dialogs import CANCEL, EDGE, HEIGHT, OK, ROW, WIDTH, Dialog  # type: ignore[import-not-found]

from xl_perf.actions.functions import argument_help, by_category, help_of
from xl_perf.actions.texts import INSERT

if TYPE_CHECKING:
    from collections.abc import Sequence


def choose_function(context: Any, parent: Any) -> str:
    """Asks for a function, its help beside the list; empty where the user cancels."""
    names = [name for listed in by_category().values() for name in listed]
    labels = [f"{name}   ({category})" for category, listed in by_category().items() for name in listed]
    dialog = Dialog(context, parent, f"XL_PERF - {INSERT}")
    listed = dialog.add(
        "ListBox", "funzioni", (EDGE, EDGE, 150, 190), StringItemList=tuple(labels), SelectedItems=(0,)
    )
    told = dialog.box("aiuto", (162, EDGE, WIDTH - 162 - EDGE, 190), help_of(names[0]))
    found = [names[0]]

    def read() -> None:
        place = listed.getSelectedItemPos()
        if place >= 0:
            found[0] = names[place]
            told.setText(help_of(names[place]))

    dialog.on_choice(listed, read)
    foot = HEIGHT - ROW - EDGE
    dialog.button("avanti", (WIDTH - 2 * (70 + EDGE), foot), "Avanti", OK)
    dialog.button("annulla", (WIDTH - 70 - EDGE, foot), "Annulla", CANCEL)
    return found[0] if dialog.run() else ""


def ask_arguments(context: Any, parent: Any, name: str, first: Sequence[str] = ()) -> list[str] | None:
    """Asks for the arguments of a function; None where the user cancels.

    Args:
        context: UNO's component context.
        parent: window that it stands before.
        name: the function.
        first: texts that the fields begin with.
    """
    arguments = argument_help(name)
    height = 2 * EDGE + 26 * len(arguments) + ROW + 16
    dialog = Dialog(context, parent, f"XL_PERF - {name}", WIDTH, height)
    dialog.text(
        "come", (EDGE, EDGE, WIDTH - 2 * EDGE, 12), "Per ogni argomento una cella, un intervallo o un numero."
    )
    fields = []
    for place, (title, text, optional) in enumerate(arguments):
        top = 20 + 26 * place
        label = f"{title} (facoltativo)" if optional else title
        dialog.text(f"nome{place}", (EDGE, top, 96, 22), label)
        given = first[place] if place < len(first) else ""
        fields.append(dialog.add("Edit", f"campo{place}", (104, top, 70, 13), Text=given, HelpText=text))
        dialog.text(f"aiuto{place}", (180, top, WIDTH - 186, 24), text)
    foot = height - ROW - EDGE
    dialog.button("inserisci", (WIDTH - 2 * (70 + EDGE), foot), "Inserisci", OK)
    dialog.button("annulla", (WIDTH - 70 - EDGE, foot), "Annulla", CANCEL)
    models = [field.getModel() for field in fields]
    return [model.Text for model in models] if dialog.run() else None
