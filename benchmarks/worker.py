"""Time one case by one library in a process of its own: worker.py LIBRARY CASE ARRAYS REPEATS LIMIT.

Prints one line of JSON after each run, the last being the best known. A run that lasts longer than LIMIT seconds ends
the process (SIGALRM), even in the middle of compiled code.
"""

from __future__ import annotations

import ctypes
import gc
import json
import signal
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

BUILDING = 120.0
LONG = 5.0  # seconds after which one run is enough


def main() -> None:
    library, case, path, repeats, limit = sys.argv[1:6]
    data = dict(np.load(path))
    seconds: list[float] = []
    extra: list[float] = []
    run: Callable[[], object] | None = None
    for turn in range(int(repeats) + 1):
        signal.setitimer(signal.ITIMER_REAL, BUILDING)
        if library == "ours":
            run = None  # the network of the turn before is let go
            run = prepare_ours(case, data)
        elif run is None:
            run = prepare_peer(library, case, data)
        if turn == 0:
            print("ready", flush=True)
        before = forget_peak()
        signal.setitimer(signal.ITIMER_REAL, float(limit))
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
        signal.setitimer(signal.ITIMER_REAL, 0)
        extra.append(max(0, memory("VmHWM") - before) / 1024)
        warm, used = seconds[1:] or seconds, extra[1:] or extra  # the first run loads or compiles what is lazy
        result = {"median": statistics.median(warm), "first": seconds[0], "runs": len(warm), "extra_mb": max(used)}
        print(json.dumps(result), flush=True)
        if seconds[-1] > LONG and (library != "ours" or turn > 0):
            break


def prepare_ours(case: str, data: dict[str, Any]) -> Callable[[], object]:
    import ours

    return ours.prepare(case, data)


def prepare_peer(library: str, case: str, data: dict[str, Any]) -> Callable[[], object]:
    import peers

    return peers.PEERS[library, case](data)


def memory(key: str) -> int:
    """Return a figure of the process in kB: VmRSS now, VmHWM at its highest."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(key):
            return int(line.split()[1])
    return 0


def forget_peak() -> int:
    """Give back what is free, set the highest memory to the present one, and return it."""
    gc.collect()
    if "pyarrow" in sys.modules:
        sys.modules["pyarrow"].default_memory_pool().release_unused()
    if sys.platform == "linux":
        ctypes.CDLL(None).malloc_trim(0)
        Path("/proc/self/clear_refs").write_text("5")
    return memory("VmRSS")


main()
