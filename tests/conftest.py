"""Property tests in two doses, the same examples for everyone; and by chance, many, when asked.

`gate` (``make test``) and `thorough` (``make test-slow``) derive their examples from the test itself: what passes here
passes there. They do not shrink what fails, which can take minutes. `fuzz` (``make test-fuzz``) draws anew each time.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, settings

FIXED = {"derandomize": True, "phases": (Phase.explicit, Phase.generate)}

# No deadline, and slow drawing is no fault: another job on the machine must not fail a test.
PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("gate", max_examples=10, **PATIENT, **FIXED)
settings.register_profile("thorough", max_examples=30, **PATIENT, **FIXED)
settings.register_profile("fuzz", max_examples=300, print_blob=True, **PATIENT)
settings.load_profile("gate")


@pytest.fixture
def processor_seconds() -> Callable[..., float]:
    """Return what times a call: seconds of the processors, all threads together, the least of three at most.

    Not of the clock: what else runs on the machine takes turns, and caches, but adds no time of ours. A first run
    may compile. Once a run keeps to the limit, nothing is left to find out.
    """

    def measure(call: Callable[[], object], *, most: float) -> float:
        least = math.inf
        for _ in range(3):
            start = time.process_time()
            call()
            least = min(least, time.process_time() - start)
            if least <= most:
                break
        return least

    return measure
