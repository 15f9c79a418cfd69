"""A LibreOffice with the add-in and real windows, on a display of its own (Xvfb), for tests.

The mouse is xdotool's; where to click is asked of LibreOffice.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path

import pytest

from tests import calc_office, programs

DRIVER = Path(__file__).with_name("calc_window_driver.py")
LONG = 60
"""Seconds in which a window is there, however busy the machine is."""
AGAIN = 8
"""Seconds after which a click that nothing came of is done again."""
TALL = 40
"""Height from which on a field is one of several lines, to read."""
PICTURES = os.environ.get("XL_PERF_PICTURES", "")
"""Folder that pictures of the screen are put into, for people; empty for none."""


def require_windows():
    """Skips the test where something is missing; a full run fails instead."""
    reason = calc_office.missing()
    for name in ("Xvfb", "xdotool"):
        if programs.find(name) is None:
            reason = reason or f"{name} is not on this machine"
    if reason and os.environ.get("XL_PERF_FULL_TESTS") == "1":
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)


class Screen:
    """A display with LibreOffice on it; use it as a context.

    Args:
        profile: LibreOffice's profile, with the add-in.
        data: the user's data folder, where actions keep notes.
    """

    def __init__(self, profile, data):
        reader, writer = os.pipe()
        self._xvfb = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1280x900x24", "-nolisten", "tcp"],
            pass_fds=[writer],
            stderr=subprocess.DEVNULL,
        )
        os.close(writer)
        with os.fdopen(reader) as told:
            self._display = f":{told.readline().strip()}"
        self._environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {
            "DISPLAY": self._display,
            "SAL_USE_VCLPLUGIN": "gen",
            "XL_PERF_DATA": str(data),
        }
        self._driver = subprocess.Popen(
            [calc_office.uno_python(), str(DRIVER), str(profile)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=self._environment,
            text=True,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._driver.stdin.close()
        try:
            self._driver.wait(timeout=LONG)
        except subprocess.TimeoutExpired:
            self._driver.kill()
            self._driver.wait()
        self._driver.stdout.close()
        self._xvfb.terminate()
        self._xvfb.wait()

    def ask(self, do, **told):
        """What a method of the driver answers."""
        self._driver.stdin.write(json.dumps({"do": do, **told}) + "\n")
        self._driver.stdin.flush()
        line = self._driver.stdout.readline()
        assert line, "LibreOffice has ended"
        answer = json.loads(line)
        assert "failed" not in answer, answer["failed"]
        return answer["said"]

    def wait(self, what, found):
        """The first answer of `found` that is not empty."""
        end = time.monotonic() + LONG
        while time.monotonic() < end:
            answer = found()
            if answer:
                return answer
            time.sleep(0.05)
        self.picture("manca")
        raise AssertionError(f"{what} is not there; windows: {self.ask('windows')}")

    def is_open(self, title):
        """Whether a window is open."""
        return title in self.ask("windows")

    def window(self, title):
        """Waits for a window; gives the texts in it."""
        self.wait(f"the window {title!r}", lambda: self.is_open(title))
        return "\n".join(text or name for _, name, text, *_ in self.ask("parts", title=title))

    def press(self, title, name, role="PUSH_BUTTON", until=None, bar="", again=AGAIN):
        """Clicks the middle of what has a name, again where a busy machine lost it, until something has come of it.

        Args:
            title: of the window.
            name: of what is clicked.
            role: its role.
            until: whether something has come of it; that the window is closed when None.
            bar: the kind of bar that it stands in, in a window with a sheet.
            again: seconds after which a click that nothing came of is done again.
        """
        done = until or (lambda: not self.is_open(title))
        clicked = -again

        def pressed():
            nonlocal clicked
            if clicked > -again and done():
                return True
            if time.monotonic() - clicked > again and (place := self._place(title, name, role, bar)):
                self._click(*place)
                clicked = time.monotonic()
            return False

        self.wait(f"{name!r} in {title!r}", pressed)

    def select(self, title, name):
        """Clicks a line of a list until it is the one that is selected."""
        line = ["LIST_ITEM", name]
        selected = lambda: any(part[:2] == line and part[7] for part in self.ask("parts", title=title))  # noqa: E731
        self.press(title, name, "LIST_ITEM", selected)

    def menu(self, title, item, until):
        """Chooses an item of the menu XL_PERF."""
        shown = lambda: self._place(title, item, "MENU_ITEM", "MENU_BAR")  # noqa: E731
        self.press(
            title, "XL_PERF", "MENU", shown, "MENU_BAR", again=2
        )  # lost where a dialog is just closing
        self.press(title, item, "MENU_ITEM", until, "MENU_BAR")

    def fill(self, title, place, text):
        """Types into a field of a window, counted from 0, until it holds the text."""

        def fields():
            return [part for part in self.ask("parts", title=title) if part[0] == "TEXT" and part[6] < TALL]

        self._click(*self.wait(f"the field {place}", lambda: fields()[place : place + 1])[0][3:7])
        self._xdotool("key", "ctrl+a")
        self._xdotool("type", "--", text)
        self.wait(f"{text!r} in the field {place}", lambda: fields()[place][2] == text)

    def _place(self, title, name, role, bar):
        for found, called, _, *place, _ in self.ask("parts", title=title, bar=bar):
            if (found, called) == (role, name) and place[2] > 0 and place[3] > 0:
                return place
        return None

    def _click(self, left, top, width, height):
        self._xdotool("mousemove", left + width // 2, top + height // 2, "click", 1)

    def _xdotool(self, *words):
        subprocess.run(["xdotool", *map(str, words)], env=self._environment, check=True, timeout=LONG)

    def picture(self, name):
        """Keeps a picture of the screen where people asked for pictures."""
        if PICTURES:
            path = Path(PICTURES) / f"{name}.png"
            subprocess.run(["import", "-window", "root", str(path)], env=self._environment, check=True)
