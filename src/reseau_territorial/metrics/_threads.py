"""Compiled work over the threads of the machine, its results in order, with a progress bar."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from reseau_territorial._progress import progress

__all__ = ["over_threads"]

Result = TypeVar("Result")

AHEAD = 2  # tasks handed out for each thread: it is never idle, and few results wait for their turn


def over_threads(tasks: Sequence[Callable[[], Result]]) -> Iterator[Result]:
    """Do tasks over the threads and yield their results in order.

    A bar appears when it lasts. An interrupt drops the tasks not begun, and leaves when those under way are done.
    """
    threads = _threads()
    coming = iter(tasks)
    pool = ThreadPoolExecutor(threads)
    under_way: deque[Future[Result]] = deque()
    try:
        with progress(total=len(tasks), unit="part") as bar:
            for task in coming:
                under_way.append(pool.submit(task))
                if len(under_way) == 1 and bar.n == 0:
                    under_way[0].result()  # alone, so that it is compiled once
                if len(under_way) >= AHEAD * threads:
                    yield under_way.popleft().result()
                    bar.update()
            while under_way:
                yield under_way.popleft().result()
                bar.update()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _threads() -> int:
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
