"""Property tests: few examples in the fast tests, many in the slow ones (``--hypothesis-profile=thorough``)."""

from __future__ import annotations

from hypothesis import settings

# No deadline: another job on the machine must not fail a test.
settings.register_profile("quick", max_examples=10, deadline=None)
settings.register_profile("thorough", max_examples=30, deadline=None)
settings.load_profile("quick")
