"""Coverage, doors, duplicates, continuity and coordination gap: by hand, by brute force, by property."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseau_territorial import Network, ReseauError, UnknownNameError, samples
from reseau_territorial.metrics._set_cover import fewest_sets
from reseau_territorial.metrics.needs import access_distance, contacts, coverage
from reseau_territorial.metrics.redundancy import continuity, coordination_gap, duplicates

# Ana knows Town and Desk; Bob knows Town; Town knows County. Eve knows nobody.
TIES = pd.DataFrame(
    [("Ana", "Town"), ("Ana", "Desk"), ("Bob", "Town"), ("Town", "County")], columns=["source", "target"]
)
ACTORS = pd.DataFrame(
    {"actor": ["Ana", "Bob", "Eve", "Town", "Desk", "County"], "kind": ["citizens"] * 3 + ["other"] * 3}
)
PROVISION = pd.DataFrame(
    [("Town", "masks"), ("Town", "schools"), ("Desk", "masks"), ("County", "aid")], columns=["actor", "need"]
)
HAND = Network(TIES, actors=ACTORS, provision=PROVISION)
CITIZENS = {"kind": "citizens"}
INF = float("inf")


def test_distances_by_hand():
    found = access_distance(HAND, users=CITIZENS)
    assert found.index.to_list() == ["Ana", "Bob", "Eve"]
    assert found.to_dict("index") == {
        "Ana": {"aid": 2, "masks": 1, "schools": 1},
        "Bob": {"aid": 2, "masks": 1, "schools": 1},
        "Eve": {"aid": INF, "masks": INF, "schools": INF},
    }
    assert access_distance(HAND).loc["Town", "masks"] == 0


def test_coverage_by_hand():
    found = coverage(HAND, users=CITIZENS)
    assert found.loc["masks"].to_dict() == pytest.approx(
        {"users": 3, "providers": 2, "covered": 2 / 3, "secured": 1 / 2, "access": (1 / 2 + 1 / 2) / 3,
         "distance": 1.0, "unreached": 1}
    )  # fmt: skip
    assert found.loc["aid"].to_dict() == pytest.approx(
        {"users": 3, "providers": 1, "covered": 0.0, "secured": float("nan"), "access": (1 / 3 + 1 / 3) / 3,
         "distance": 2.0, "unreached": 1}, nan_ok=True,
    )  # fmt: skip
    # Two steps away, aid is reached, but is lost with Town or with County.
    assert coverage(HAND, users=CITIZENS, within=2).loc["aid", ["covered", "secured"]].to_list() == [2 / 3, 0.0]


def test_doors_by_hand():
    found = contacts(HAND, users=CITIZENS)
    assert found.loc["Ana"].to_dict() == pytest.approx(
        {"needs": 2, "actual": 2, "per_need": 1.5, "minimum": 1, "facilitated": 1, "single_desk": 1.0,
         "duplication": 1 / 3}
    )  # fmt: skip
    eve = found.loc["Eve"]
    assert eve[["needs", "actual", "minimum", "facilitated"]].to_list() == [0, 0, 0, 0]
    assert eve[["per_need", "single_desk", "duplication"]].isna().all()
    further = contacts(HAND, users=CITIZENS, within=2)
    # Masks, schools and aid: Town and County; with Town as a facilitator, one door.
    assert further.loc["Ana", ["needs", "actual", "minimum", "facilitated"]].to_list() == [3, 3, 2, 1]
    assert further.loc["Ana", "single_desk"] == pytest.approx(1 / 2)
    assert contacts(HAND, users="Ana", within=2, facilitators=["Desk"]).loc["Ana", "facilitated"] == 2


def test_facilitators_are_those_that_the_provision_names():
    named = pd.concat(
        [
            PROVISION.assign(role="provider"),
            pd.DataFrame([("Bob", "aid", "facilitator")], columns=["actor", "need", "role"]),
        ]
    )
    net = HAND.replace(provision=named)
    assert contacts(net, users="Ana", within=2).loc["Ana", "facilitated"] == 2
    # A facilitator does not answer itself.
    assert coverage(net).loc["aid", "providers"] == 1


def test_roles_status_and_period_choose_the_answers():
    provision = PROVISION.assign(
        role=["provider", "funder", None, "holder"],
        period=["crisis", None, None, "after"],
        status=["present"] * 3 + ["absent"],
    )
    net = HAND.replace(provision=provision)
    assert coverage(net)["providers"].to_dict() == {"masks": 2}
    assert coverage(net, roles=["funder"])["providers"].to_dict() == {"masks": 1, "schools": 1}
    with pytest.raises(UnknownNameError, match="Did you mean 'crisis'"):
        duplicates(net, period="crisi")
    states = duplicates(net, period="after")["state"].droplevel("territory")
    assert states.to_dict() == {"aid": "gap", "masks": "sole", "schools": "gap"}


def test_answers_of_another_period_do_not_count():
    provision = PROVISION.assign(period=["crisis", "crisis", "after", "after"])
    ties = pd.concat([TIES.assign(period="crisis"), TIES.assign(period="after")])
    net = Network(ties, actors=ACTORS, provision=provision)
    assert coverage(net, period="crisis")["providers"].to_dict() == {"masks": 1, "schools": 1}
    assert coverage(net, period="after")["providers"].to_dict() == {"aid": 1, "masks": 1}


def test_duplicates_by_hand():
    rows = [
        ("Town", "masks", "37261", "holder"), ("Desk", "masks", "37261", "delegate"),
        ("Town", "aid", "37261", "provider"), ("County", "aid", "37261", "provider"),
        ("Town", "schools", "37261", "holder"), ("Town", "aid", "37050", "holder"),
        ("Desk", "aid", "37050", "holder"), ("County", "aid", "37050", "funder"),
    ]  # fmt: skip
    provision = pd.DataFrame(rows, columns=["actor", "need", "territory", "role"])
    net = Network(TIES, actors=ACTORS, provision=provision)
    found = duplicates(net)
    assert found["state"].to_dict() == {
        ("37050", "aid"): "duplicated", ("37050", "masks"): "gap", ("37050", "schools"): "gap",
        ("37261", "aid"): "duplicated", ("37261", "masks"): "delegated", ("37261", "schools"): "sole",
    }  # fmt: skip
    row = found.loc[("37050", "aid")]
    assert row[["providers", "independent", "excess", "effective", "actors"]].to_list() == [
        2,
        2,
        1,
        2.0,
        ("Desk", "Town"),
    ]
    assert found.loc[("37050", "masks"), "effective"] == 0
    # A delegation between Town and Desk joins them; one that is not known to be present does not.
    for status, state in (("present", "delegated"), ("unknown", "duplicated")):
        delegation = pd.DataFrame({"source": ["Desk"], "target": ["Town"], "layer": "delegation", "status": status})
        joined = net.replace(ties=pd.concat([TIES.assign(layer="tie", status="present"), delegation]))
        assert duplicates(joined).loc[("37050", "aid"), "state"] == state
        assert duplicates(joined, delegation=None).loc[("37050", "aid"), "state"] == "duplicated"
    named = duplicates(net, territories=["37001"], needs=["aid", "water"])
    assert named.index.to_list() == [("37001", "aid"), ("37001", "water")]
    assert named["state"].eq("gap").all()


def test_effective_number_of_desks_weighs_capacity():
    provision = pd.DataFrame(
        {"actor": ["Town", "Desk", "County"], "need": "masks", "territory": "37", "capacity": [8.0, 1.0, 1.0]}
    )
    net = Network(TIES, actors=ACTORS, provision=provision)
    assert duplicates(net).loc[("37", "masks"), "effective"] == pytest.approx(100 / 66)


def test_continuity_by_hand():
    found = continuity(HAND, users=CITIZENS)
    # Served: Ana and Bob, masks and schools. Without Town: Bob loses both, Ana loses schools.
    assert found.loc["Town", ["answers", "lost", "loss", "needs"]].to_list() == [2, 3, 0.75, ("masks", "schools")]
    assert found.loc["Desk", "lost"] == 0
    assert found.index[0] == "Town"
    assert found.attrs["secured"] == pytest.approx(1 / 4)
    # Its own needs do not count against the one who fails: Ana is gone with hers.
    assert found.loc["Ana", ["lost", "loss"]].to_list() == [0, 0.0]
    further = continuity(HAND, users=CITIZENS, within=2)
    assert further.loc["County", ["lost", "needs"]].to_list() == [2, ("aid",)]
    assert further.loc["Town", "lost"] == 5


def test_continuity_of_territories_by_hand():
    provision = pd.DataFrame(
        [("Town", "masks", "37"), ("Desk", "masks", "37"), ("Town", "aid", "37"), ("Town", "aid", "41")],
        columns=["actor", "need", "territory"],
    )
    found = continuity(Network(TIES, actors=ACTORS, provision=provision), served="territories")
    assert found.loc["Town", ["answers", "lost", "needs"]].to_list() == [3, 2, ("aid",)]
    assert found.loc["Town", "loss"] == pytest.approx(2 / 3)
    assert found.attrs["secured"] == pytest.approx(1 / 3)


def test_coordination_gap_by_hand():
    provision = pd.DataFrame(
        [("Town", "aid", "37"), ("County", "aid", "37"), ("Desk", "aid", "37"), ("Bob", "aid", "41"),
         ("Desk", "x", "37"), ("Town", "x", "37")],
        columns=["actor", "need", "territory"],
    )  # fmt: skip
    found = coordination_gap(Network(TIES, actors=ACTORS, provision=provision))
    assert found["shared"].to_dict() == {("Town", "Desk"): 2, ("Town", "County"): 1, ("Desk", "County"): 1}
    assert found["tied"].to_dict() == {("Town", "Desk"): False, ("Town", "County"): True, ("Desk", "County"): False}
    assert found.attrs["gap"] == pytest.approx(2 / 3)
    alone = coordination_gap(HAND.replace(provision=PROVISION[PROVISION["need"] == "aid"]))
    assert alone.empty
    assert np.isnan(alone.attrs["gap"])


def test_bad_questions_are_refused():
    bare = Network(TIES)
    for measure in (coverage, contacts, duplicates, continuity, coordination_gap, access_distance):
        with pytest.raises(ReseauError, match="no provision"):
            measure(bare)
    with pytest.raises(ReseauError, match="within must be a number of steps, 0 or more; got -1"):
        coverage(HAND, within=-1)
    with pytest.raises(UnknownNameError, match="no actor named 'Anna'. Did you mean 'Ana'"):
        coverage(HAND, users=["Anna"])
    with pytest.raises(UnknownNameError, match="actor"):
        contacts(HAND, facilitators=["Dsk"])
    with pytest.raises(UnknownNameError, match="territories"):
        continuity(HAND, served="territory")


@given(st.lists(st.integers(0, 255), max_size=7))
def test_the_fewest_sets_are_the_fewest(sets):
    union = 0
    for one in sets:
        union |= one
    for number in range(len(sets) + 1):
        covers = (
            np.bitwise_or.reduce(np.array(chosen, dtype=int)) if chosen else 0
            for chosen in itertools.combinations(sets, number)
        )
        if any(cover == union for cover in covers):
            assert fewest_sets(sets) == number
            break


def test_greedy_is_not_enough():
    # Greedy takes the set of four first, and then needs two more; two sets are enough.
    assert fewest_sets([0b001111, 0b010101, 0b101010]) == 2


def test_a_cover_that_no_reduction_solves():
    # Seven elements, the lines of the Fano plane: no set is needed nor inside another; three cover all.
    lines = [(0, 1, 2), (0, 3, 4), (0, 5, 6), (1, 3, 5), (1, 4, 6), (2, 3, 6), (2, 4, 5)]
    assert fewest_sets([sum(1 << k for k in line) for line in lines]) == 3


@st.composite
def served_networks(draw) -> Network:
    actors = [f"a{k}" for k in range(draw(st.integers(2, 6)))]
    pair = st.tuples(st.sampled_from(actors), st.sampled_from(actors)).filter(lambda ends: ends[0] < ends[1])
    ties = draw(st.lists(pair, max_size=8))
    answers = draw(
        st.lists(st.tuples(st.sampled_from(actors), st.sampled_from(["k1", "k2", "k3"])), min_size=1, max_size=7)
    )
    return Network(
        pd.DataFrame(ties, columns=["source", "target"], dtype="str"),
        actors=pd.DataFrame({"actor": actors}),
        provision=pd.DataFrame(answers, columns=["actor", "need"]),
    )


@given(net=served_networks(), within=st.integers(0, 2))
def test_losses_equal_taking_each_actor_out(net, within):
    served = access_distance(net) <= within
    found = continuity(net, within=within)
    surely = served.copy()
    for actor in net.actors.index:
        others = net.actors.index[net.actors.index != actor]
        ties = net.ties[(net.ties["source"] != actor) & (net.ties["target"] != actor)]
        answers = net.provision[net.provision["actor"] != actor]
        still = pd.DataFrame(False, index=others, columns=served.columns)
        if len(answers):
            rest = Network(ties, actors=pd.DataFrame({"actor": others}), provision=answers)
            still = still | (access_distance(rest) <= within).reindex(columns=served.columns, fill_value=False)
        lost = served.loc[others] & ~still
        surely.loc[others] &= ~lost
        assert found.loc[actor, "lost"] == lost.to_numpy().sum()
    if served.to_numpy().any():
        assert found.attrs["secured"] == pytest.approx(surely.to_numpy().sum() / served.to_numpy().sum())


@given(net=served_networks())
def test_doors_are_ordered(net):
    found = contacts(net)
    assert (found["facilitated"] <= found["minimum"]).all()
    assert (found["minimum"] <= found[["actual", "needs"]].min(axis=1)).all()
    several = found[found["needs"] > 1]
    assert several["single_desk"].between(0, 1).all()
    assert found["single_desk"].isna().equals(found["needs"] <= 1)


def test_indre_et_loire_declares_one_competence_in_seven_twice():
    net = samples.indre_et_loire()
    competences = net.provision[net.provision["need"].str.startswith("2021:")]
    states = duplicates(net.replace(provision=competences))
    answered = states[states["providers"] > 0]
    assert len(answered) == 9849
    assert (answered["providers"] > 1).mean() == pytest.approx(0.142, abs=5e-4)
    failures = continuity(net.replace(provision=competences), served="territories")
    assert failures["lost"].sum() == (answered["providers"] == 1).sum()
    assert failures.attrs["secured"] == pytest.approx((answered["providers"] > 1).mean())
