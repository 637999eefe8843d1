"""Property tests in two doses, the same examples for everyone; and by chance, many, when asked.

`gate` (``make test``) and `thorough` (``make test-slow``) derive their examples from the test itself: what passes here
passes there. They do not shrink what fails, which can take minutes. `fuzz` (``make test-fuzz``) draws anew each time.
"""

from __future__ import annotations

from hypothesis import Phase, settings

FIXED = {"derandomize": True, "phases": (Phase.explicit, Phase.generate)}

# No deadline: another job on the machine must not fail a test.
settings.register_profile("gate", max_examples=10, deadline=None, **FIXED)
settings.register_profile("thorough", max_examples=30, deadline=None, **FIXED)
settings.register_profile("fuzz", max_examples=300, deadline=None, print_blob=True)
settings.load_profile("gate")
