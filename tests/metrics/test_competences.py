"""Overlap and nestedness of competences, service lost at random: by hand and by enumeration."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reseau_territorial as rt

HELD = {"A": "abc", "B": "bcd", "C": "a", "D": ""}


def provided(held: dict[str, str], ties: str = "", **columns: str) -> rt.Network:
    answers = pd.DataFrame(
        [(actor, need) for actor, needs in held.items() for need in needs], columns=["actor", "need"]
    )
    pairs = pd.DataFrame([tuple(word) for word in ties.split()], columns=["source", "target"], dtype="str")
    return rt.Network(pairs, actors=pd.DataFrame({"actor": list(held)}), provision=answers.assign(**columns))


def test_overlap_by_hand() -> None:
    found = rt.competence_overlap(provided(HELD))
    assert found.to_dict("index") == {
        ("A", "B"): {"shared": 2, "either": 4, "jaccard": 0.5},
        ("A", "C"): {"shared": 1, "either": 3, "jaccard": pytest.approx(1 / 3)},
    }
    # Three actors hold something: three pairs, one of them without anything in common.
    assert found.attrs["mean"] == pytest.approx((1 / 2 + 1 / 3) / 3)
    assert math.isnan(rt.competence_overlap(provided({"A": "a", "B": ""})).attrs["mean"])


def test_two_answers_of_one_actor_to_one_need_are_one_competence() -> None:
    twice = provided({"A": "aab", "B": "b"}, territory="37")
    assert rt.competence_overlap(twice).loc[("A", "B")].to_list() == [1, 2, 0.5]


def test_nestedness_by_hand() -> None:
    """Rows 10111, 11100, 01110, 11000, 11000: by hand 16/3 over 10 pairs of rows, 19/3 over 10 pairs of columns."""
    rows = {"A": "acde", "B": "abc", "C": "bcd", "D": "ab", "E": "ab"}
    found = rt.nestedness(provided(rows))
    assert found.to_dict() == pytest.approx({"actors": 1600 / 30, "needs": 1900 / 30, "nodf": 3500 / 60})


def test_nestedness_of_perfect_disjoint_and_equal_sets() -> None:
    perfect = rt.nestedness(provided({"A": "abcd", "B": "abc", "C": "ab", "D": "a", "E": ""}))
    assert perfect.to_list() == [100, 100, 100]
    assert rt.nestedness(provided({"A": "ab", "B": "cd"})).to_list() == [0, 0, 0]
    assert rt.nestedness(provided({"A": "ab", "B": "ab"})).to_list() == [0, 0, 0]
    assert rt.nestedness(provided({"A": "a"})).isna().all()


VEGAN = pd.read_csv(Path(__file__).parents[1] / "reference" / "nestedness.csv", comment="#", dtype={"matrix": str})


@pytest.mark.parametrize("place", range(len(VEGAN)))
def test_nestedness_equals_vegan(place: int) -> None:
    row = VEGAN.loc[place]
    held = {
        f"actor {k}": "".join(need for need, has in zip("abcdefghi", line, strict=False) if has == "1")
        for k, line in enumerate(row["matrix"].split())
    }
    expected = row[["actors", "needs", "nodf"]].astype(float).to_dict()
    assert rt.nestedness(provided(held)).to_dict() == pytest.approx(expected, rel=1e-12, abs=1e-12)


# Ana asks Town and Desk; Bob asks Town; Town answers masks itself.
TIES = pd.DataFrame([("Ana", "Town"), ("Ana", "Desk"), ("Bob", "Town")], columns=["source", "target"])
ANSWERS = pd.DataFrame([("Town", "masks"), ("Desk", "masks"), ("Desk", "aid")], columns=["actor", "need"])
NET = rt.Network(TIES, provision=ANSWERS)


def test_expected_loss_by_hand() -> None:
    found = rt.expected_loss(NET, failure={"Town": 0.5, "Desk": 0.2})
    # Masks: Ana asks both (0.1), Bob Town (0.5), Town and Desk answer themselves (0). Aid: Ana asks Desk (0.2).
    assert found.loc["masks"].to_list() == pytest.approx([4, 0.6, 0.15])
    assert found.loc["aid"].to_list() == pytest.approx([2, 0.2, 0.1])
    assert found.attrs["loss"] == pytest.approx(0.8 / 6)


def test_expected_loss_without_and_with_sure_failure() -> None:
    assert rt.expected_loss(NET, failure=0)["lost"].to_list() == [0, 0]
    users = ["Ana", "Bob"]
    assert rt.expected_loss(NET, failure=1, users=users)["loss"].to_list() == [1, 1]
    assert rt.expected_loss(NET, failure={"Town": 1.0}, users=users).loc["masks", "lost"] == 1


def test_expected_loss_of_territories() -> None:
    answers = pd.DataFrame(
        [("A", "aid", "37"), ("B", "aid", "37"), ("A", "aid", "41"), ("A", "aid", "41"), ("B", "masks", None)],
        columns=["actor", "need", "territory"],
    )
    net = rt.Network(actors=pd.DataFrame({"actor": ["A", "B"]}), provision=answers)
    found = rt.expected_loss(net, served="territories", failure=pd.Series({"A": 0.5, "B": 0.1}))
    assert found.loc["aid"].to_list() == pytest.approx([2, 0.05 + 0.5, 0.275])
    assert found.loc["masks"].to_list() == pytest.approx([1, 0.1, 0.1])


@given(seed=st.integers(0, 10_000))
def test_expected_loss_is_the_mean_over_all_states(seed: int) -> None:
    """Every set of failed actors, weighed by its probability; a user is taken not to fail itself."""
    rng = np.random.default_rng(seed)
    names, needs = list("ABCDE"), list("xyz")
    pairs = [pair for pair in itertools.combinations(names, 2) if rng.random() < 0.5]
    answers = [(actor, need) for actor in names for need in needs if rng.random() < 0.4] or [("A", "x")]
    fails = dict(zip(names, rng.choice([0.0, 0.3, 0.7, 1.0], size=5), strict=True))
    net = rt.Network(
        pd.DataFrame(pairs, columns=["source", "target"], dtype="str"),
        actors=pd.DataFrame({"actor": names}),
        provision=pd.DataFrame(answers, columns=["actor", "need"]),
    )
    found = rt.expected_loss(net, failure=fails)
    for need in found.index:
        lost = served = 0.0
        for user in names:
            doors = {actor for actor, what in answers if what == need and (actor == user or _tied(pairs, user, actor))}
            served += bool(doors)
            for state in itertools.product([False, True], repeat=5):
                down = {name for name, failed in zip(names, state, strict=True) if failed} - {user}
                chance = math.prod(fails[n] if failed else 1 - fails[n] for n, failed in zip(names, state, strict=True))
                lost += chance * (bool(doors) and doors <= down)
        assert found.loc[need, "pairs"] == served
        assert found.loc[need, "lost"] == pytest.approx(lost)


def _tied(pairs: list[tuple[str, str]], one: str, other: str) -> bool:
    return (one, other) in pairs or (other, one) in pairs


def test_errors_say_what_is_wrong() -> None:
    with pytest.raises(rt.ReseauError, match=r"between 0 and 1; it is 1\.5 for 'Town'"):
        rt.expected_loss(NET, failure={"Town": 1.5})
    with pytest.raises(rt.UnknownNameError, match="Town"):
        rt.expected_loss(NET, failure={"Towm": 0.5})
    with pytest.raises(rt.ReseauError, match="no provision"):
        rt.nestedness(rt.Network(TIES))
