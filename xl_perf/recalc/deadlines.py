"""Ends of time limits: one thread for all."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable


class _Deadlines:
    """Does something when time is up: one thread for all calls, since one for each costs more than the rest of a call."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: dict[int, tuple[float, Callable[[], None]]] = {}
        self._last = 0
        self._wakes: float | None = None
        """When the thread looks again; None while there is none."""

    def add(self, seconds: float, do: Callable[[], None]) -> int:
        """Has something done in so many seconds; gives the key for `remove`."""
        at = time.monotonic() + seconds
        with self._changed:
            self._last += 1
            self._waiting[self._last] = (at, do)
            if self._wakes is None:
                threading.Thread(target=self._watch, daemon=True).start()
            elif at < self._wakes:
                self._changed.notify()
            self._wakes = at if self._wakes is None else min(at, self._wakes)
            return self._last

    def remove(self, key: int) -> None:
        """It is not done any more: not even where it was just about to be, when this returns."""
        with self._changed:
            self._waiting.pop(key, None)

    def _watch(self) -> None:
        with self._changed:
            while True:
                now = time.monotonic()
                for key in [key for key, (at, _) in self._waiting.items() if at <= now]:
                    self._waiting.pop(key)[1]()
                self._wakes = min((at for at, _ in self._waiting.values()), default=now + _IDLE)
                self._changed.wait(self._wakes - now)


_IDLE: Final = 3600.0
DEADLINES: Final = _Deadlines()
