"""Worker processes side by side, one thread of this process waiting for each."""

from __future__ import annotations

import contextlib
import queue
from concurrent.futures import Future, ThreadPoolExecutor
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
    free: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
    done: queue.SimpleQueue[Future[tuple[_Item, _Report]]] = queue.SimpleQueue()
    for worker in workers:
        free.put(worker)

    def one(item: _Item) -> tuple[_Item, _Report]:
        worker = free.get()
        try:
            return item, do(worker, item)
        finally:
            free.put(worker)

    pool = ThreadPoolExecutor(max(len(workers), 1))
    try:
        for item in items:
            pool.submit(one, item).add_done_callback(done.put)
        for _ in items:
            yield _next(done).result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in workers:
            worker.close()
        pool.shutdown()
        for worker in workers:
            worker.join()


def _next(done: queue.SimpleQueue[Future[tuple[_Item, _Report]]]) -> Future[tuple[_Item, _Report]]:
    while True:  # a wait without end would keep the interrupt key from this thread
        with contextlib.suppress(queue.Empty):
            return done.get(timeout=_POLL)
