"""Time one case by one library in a process of its own: worker.py LIBRARY CASE ARRAYS REPEATS; prints JSON."""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))


def main() -> None:
    library, case, path, repeats = sys.argv[1:5]
    data = dict(np.load(path))
    seconds = []
    first = 0.0
    budget = time.perf_counter() + 60
    for turn in range(int(repeats) + 1):
        if library == "ours":
            import ours

            run = ours.prepare(case, data)
        elif turn == 0:
            import peers

            run = peers.PEERS[library, case](data)
        if turn == 0:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.perf_counter()
        run()
        took = time.perf_counter() - start
        if turn == 0:
            first = took  # loads or compiles what is lazy
        seconds.append(took)
        if time.perf_counter() > budget or took > 20:
            break
    warm = seconds[1:] or seconds
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        json.dumps(
            {"median": statistics.median(warm), "first": first, "runs": len(warm), "extra_mb": (peak - before) / 1024}
        )
    )


main()
