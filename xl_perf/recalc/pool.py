"""Worker processes side by side, one thread of this process waiting for each."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from xl_perf.recalc.worker import Process

_POLL: float = 0.2

_Item = TypeVar("_Item")
_Worker = TypeVar("_Worker", bound="Process")
_Report = TypeVar("_Report")


def in_pool(
    items: Sequence[_Item], workers: Sequence[_Worker], do: Callable[[_Worker, _Item], _Report]
) -> Generator[tuple[_Item, _Report], None, None]:
    """Items with their reports, as the workers finish; when the generator is closed the workers are ended.

    Args:
        items: what is to be done.
        workers: who does it; they are ended at the end.
        do: does one item with one worker, in a thread of the worker's own.
    """
    waiting = iter(items)
    lock = threading.Lock()
    done: queue.SimpleQueue[tuple[_Item, _Report] | BaseException] = queue.SimpleQueue()
    stopped = threading.Event()

    def serve(worker: _Worker) -> None:
        try:
            while not stopped.is_set():
                with lock:
                    item = next(waiting, None)
                if item is None:
                    return
                done.put((item, do(worker, item)))
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
            done.put(error)

    threads = [threading.Thread(target=serve, args=(worker,), daemon=True) for worker in workers]
    for thread in threads:
        thread.start()
    try:
        for _ in items:
            found = _next(done)
            if isinstance(found, BaseException):
                raise found
            yield found
    finally:
        stopped.set()
        for worker in workers:
            worker.close()
        for thread in threads:
            thread.join()
        for worker in workers:
            worker.join()


def _next(
    done: queue.SimpleQueue[tuple[_Item, _Report] | BaseException],
) -> tuple[_Item, _Report] | BaseException:
    while True:  # a wait without end would keep the interrupt key from this thread
        try:
            return done.get(timeout=_POLL)
        except queue.Empty:
            continue
