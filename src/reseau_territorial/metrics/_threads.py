"""Work that holds no lock of Python, over the threads of the machine, its results in order."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from reseau_territorial._progress import progress

__all__ = ["over_threads", "side_by_side"]

Result = TypeVar("Result")

AHEAD = 2  # tasks handed out for each thread: it is never idle, and few results wait for their turn


def over_threads(tasks: Sequence[Callable[[], Result]]) -> Iterator[Result]:
    """Do long tasks side by side and yield their results in order; a bar appears when they last."""
    with progress(total=len(tasks), unit="part") as bar:
        for result in side_by_side(tasks):
            yield result
            bar.update()


def side_by_side(tasks: Iterable[Callable[[], Result]]) -> Iterator[Result]:
    """Do tasks over the threads and yield their results in order.

    An interrupt drops the tasks not begun, and leaves when those under way are done.
    """
    threads = _threads()
    coming = iter(tasks)
    for first in coming:
        yield first()  # alone, so that it is compiled once
        break
    if threads == 1:
        yield from (task() for task in coming)
        return
    pool = ThreadPoolExecutor(threads)
    under_way: deque[Future[Result]] = deque()
    try:
        for task in coming:
            under_way.append(pool.submit(task))
            if len(under_way) >= AHEAD * threads:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _threads() -> int:
    if sys.platform == "emscripten":  # it has one, and cannot start another
        return 1
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
