"""Work over threads: the same figures on any number of them, a bar that counts, an interrupt that is obeyed."""

from __future__ import annotations

import _thread
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
import tqdm.auto

import reseau_territorial as rt
from reseau_territorial import _kernels
from reseau_territorial.governance import facilitators
from reseau_territorial.metrics import _mixing, _threads, _triangles, bridging, centrality
from reseau_territorial.metrics._threads import over_threads

MEASURES: dict[str, Callable[[rt.Network], Any]] = {
    "betweenness": centrality.betweenness,
    "betweenness in ties": lambda net: centrality.betweenness(net, weight=None),
    "closeness": centrality.closeness,
    "closeness in ties": lambda net: centrality.closeness(net, weight=None),
    "cross_betweenness": lambda net: bridging.cross_betweenness(net, by="sector"),
    "constraint": bridging.constraint,
    "effective_size": bridging.effective_size,
    "effective_size in ties": lambda net: bridging.effective_size(net, weight=None),
    "brokerage": lambda net: bridging.brokerage(net, by="sector"),
    "tie_bridges": bridging.tie_bridges,
    "group_mixing": lambda net: rt.group_mixing(net, by="sector", per="layer"),
    "network_silo": lambda net: rt.network_silo(net, by="sector"),
    "facilitators": lambda net: facilitators(net, by="sector", n_resamples=2),
}


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Hear an interrupt, even in a process started in the background, which is born deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="module")
def ties() -> pd.DataFrame:
    """Some 600 ties of uneven weights among 150 actors: no sum of them is exact."""
    rng = np.random.default_rng(11)
    source = rng.integers(0, 150, 600)
    target = (source + rng.geometric(0.1, 600)) % 150
    kept = source != target
    names = np.array([f"a{place:03d}" for place in range(150)])
    weight = rng.random(kept.sum()) + 0.1
    return pd.DataFrame({"source": names[source[kept]], "target": names[target[kept]], "weight": weight})


@pytest.mark.parametrize("name", MEASURES)
def test_every_compiled_measure_is_the_same_to_the_last_bit_on_one_thread_and_on_two(
    name: str, ties: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("numba")
    monkeypatch.setattr(_kernels, "WORTH_LOADING", 0)
    monkeypatch.setattr(_kernels, "WORTH_CALLING", 0)
    monkeypatch.setattr(_triangles, "BLOCK", 100)
    monkeypatch.setattr(_mixing, "BLOCK", 100)
    actors = pd.DataFrame({"actor": sorted(set(ties["source"]) | set(ties["target"]))})
    actors["sector"] = [("public", "civil", "private")[place % 3] for place in range(len(actors))]
    found = []
    for threads in (1, 2):
        monkeypatch.setattr(_threads, "_threads", lambda threads=threads: threads)
        found.append(np.asarray(MEASURES[name](rt.Network(ties, actors=actors)), dtype=float))
    np.testing.assert_array_equal(found[0], found[1])


def test_results_come_in_order_whatever_the_time_they_take() -> None:
    def task(place: int) -> Callable[[], int]:
        def run() -> int:
            time.sleep(0.02 if place % 3 == 0 else 0.0)
            return place

        return run

    assert list(over_threads([task(place) for place in range(20)])) == list(range(20))


def test_a_page_of_a_browser_starts_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "emscripten")
    here = threading.get_ident()
    assert set(over_threads([threading.get_ident] * 20)) == {here}


def test_no_task_gives_no_result() -> None:
    assert list(over_threads([])) == []


class Bar(tqdm.auto.tqdm):  # type: ignore[type-arg]
    """The bar of tqdm, kept to be read after the work."""

    made: list[Bar]

    def __init__(self, *steps: Any, **options: Any) -> None:
        super().__init__(*steps, **options)
        self.made.append(self)


def test_a_bar_counts_the_parts_and_waits_before_it_appears(monkeypatch: pytest.MonkeyPatch) -> None:
    Bar.made = []
    monkeypatch.setattr(tqdm.auto, "tqdm", Bar)
    list(over_threads([lambda: None] * 7))
    (bar,) = Bar.made
    assert (bar.total, bar.n) == (7, 7)
    assert bar.delay >= 1


@pytest.mark.skipif(sys.platform == "win32", reason="a lock is not interrupted on Windows")
def test_an_interrupt_leaves_at_once_and_drops_what_has_not_begun(interruptible: None) -> None:
    """Each task waits for the interrupt: nothing here depends on how fast the machine is, or on its threads."""
    begun: list[int] = []
    interrupted = threading.Event()

    def task(place: int) -> Callable[[], None]:
        def run() -> None:
            begun.append(place)
            if place == 1:
                interrupted.set()
                _thread.interrupt_main()
            elif place > 1:
                interrupted.wait()

        return run

    threads = _threads._threads()
    with pytest.raises(KeyboardInterrupt):
        list(over_threads([task(place) for place in range(100 * threads)]))
    assert len(begun) <= 1 + 2 * _threads.AHEAD * threads


def test_an_error_in_a_task_is_raised() -> None:
    def fail() -> None:
        raise ZeroDivisionError("broken")

    with pytest.raises(ZeroDivisionError, match="broken"):
        list(over_threads([lambda: None, fail, lambda: None]))
