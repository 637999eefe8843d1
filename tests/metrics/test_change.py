"""What changes between periods: by hand, by property, on the estuaries of Berardo and Scholz."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from multilayer_cases import study

from reseau_territorial import Network, ReseauError, UnknownNameError
from reseau_territorial.metrics.arrivals import newcomers
from reseau_territorial.metrics.change import formalisation, persistence, retention, turnover
from reseau_territorial.metrics.lifetimes import survival

COLUMNS = ["source", "target", "period", "status"]
# Before: AB. Crisis: AB, AC, AD, BC (born: AC, AD, BC). After: AB and AC kept, AD unknown, BC lost; BD is new.
ROWS = [
    ("A", "B", "before", "present"),
    ("B", "A", "crisis", "present"),
    ("A", "C", "crisis", "present"),
    ("A", "D", "crisis", "present"),
    ("B", "C", "crisis", "present"),
    ("A", "B", "after", "present"),
    ("C", "A", "after", "present"),
    ("A", "D", "after", "unknown"),
    ("B", "C", "after", "absent"),
    ("B", "D", "after", "present"),
]
SECTORS = pd.DataFrame({"actor": list("ABCDE"), "sector": ["public", "public", "civil", "private", "private"]})
HAND = Network(pd.DataFrame(ROWS, columns=COLUMNS), actors=SECTORS)


def numbers(result: pd.Series) -> tuple[float, ...]:
    return tuple(round(float(result[name]), 4) for name in ("ties", "kept", "lost", "unknown"))


def shares(result: pd.Series) -> tuple[float, ...]:
    return tuple(round(float(result[name]), 4) for name in ("lower", "observed", "upper"))


def test_retention_by_hand():
    everything = retention(HAND, before="crisis", after="after")
    assert numbers(everything) == (4, 2, 1, 1)
    assert shares(everything) == (0.5, 0.6667, 0.75)
    born = retention(HAND, before="crisis", after="after", new_since="before")
    assert numbers(born) == (3, 1, 1, 1)
    assert shares(born) == (0.3333, 0.5, 0.6667)


def test_retention_by_type_of_pair():
    frame = retention(HAND, before="crisis", after="after", by="sector")
    assert frame.index.names == ["source_group", "target_group"]
    # Undirected: A (public) - C (civil) is a civil-public pair.
    assert frame["ties"].to_dict() == {("civil", "public"): 2, ("private", "public"): 1, ("public", "public"): 1}
    assert frame.loc[("civil", "public"), ["kept", "lost", "observed"]].to_list() == [1, 1, 0.5]
    assert np.isnan(frame.loc[("private", "public"), "observed"])
    assert frame[["ties", "kept", "lost", "unknown"]].sum().to_list() == [4, 2, 1, 1]


def test_doubt_about_the_start_widens_the_bounds():
    ties = pd.DataFrame([("A", "C", "before", "unknown"), *ROWS], columns=COLUMNS)
    born = retention(Network(ties), before="crisis", after="after", new_since="before")
    # AC (kept) may or may not be crisis-born: certain are AD (unknown) and BC (lost).
    assert numbers(born) == (2, 0, 1, 1)
    assert shares(born) == (0.0, 0.0, round(2 / 3, 4))


def test_a_period_without_ties_or_out_of_order():
    nothing = retention(HAND, before="before", after="crisis", layer="tie")
    assert numbers(nothing) == (1, 1, 0, 0)
    with pytest.raises(ReseauError, match="before='after' is not earlier than after='crisis'"):
        retention(HAND, before="after", after="crisis")
    with pytest.raises(UnknownNameError, match="Did you mean 'after'"):
        retention(HAND, before="crisis", after="aftr")
    with pytest.raises(UnknownNameError, match="layer"):
        retention(HAND, before="crisis", after="after", layer="masks")
    ties = pd.DataFrame(ROWS, columns=COLUMNS)
    gone = Network(ties[(ties["period"] != "crisis") | (ties["target"] == "A")])
    born = retention(gone, before="crisis", after="after", new_since="before")
    assert numbers(born) == (0, 0, 0, 0)
    assert born[["lower", "observed", "upper"]].isna().all()


def test_who_was_not_asked_makes_a_tie_unknown():
    ties = pd.DataFrame({"source": ["A", "A", "C"], "target": ["B", "C", "D"], "period": "crisis"})
    observation = pd.DataFrame(
        {"actor": ["A", "B", "C", "D"], "period": "after", "observed": [True, False, False, False]}
    )
    # Undirected: C might have named A, so that AC is unknown like CD; AB has a row.
    net = Network(ties, observation=observation)
    ended = net.replace(ties=pd.concat([net.ties, net.ties.iloc[:1].assign(period="after")]))
    assert numbers(retention(ended, before="crisis", after="after")) == (3, 1, 0, 2)
    # Directed: only the source can tell, here A for AB and AC.
    aimed = ended.replace(layers=pd.DataFrame({"layer": ["tie"], "directed": [True]}))
    assert numbers(retention(aimed, before="crisis", after="after")) == (3, 1, 1, 1)
    turned = aimed.replace(ties=aimed.ties.rename(columns={"source": "target", "target": "source"}))
    assert numbers(retention(turned, before="crisis", after="after")) == (3, 1, 0, 2)
    # Whoever is not listed was not asked either.
    short = ended.replace(observation=observation.iloc[:1])
    assert numbers(retention(short, before="crisis", after="after")) == (3, 1, 0, 2)
    # A period that the table does not name was observed in full.
    silent = ended.replace(observation=observation.assign(period="crisis"))
    assert numbers(retention(silent, before="crisis", after="after")) == (3, 1, 2, 0)


def test_two_rows_for_one_tie_are_merged():
    rows = [("A", "B", "crisis", "present"), ("A", "B", "after", "absent"), ("B", "A", "after", "unknown")]
    net = Network(pd.DataFrame(rows, columns=COLUMNS))
    assert numbers(retention(net, before="crisis", after="after")) == (1, 0, 0, 1)
    told = Network(pd.DataFrame([*rows, ("A", "B", "after", "present")], columns=COLUMNS))
    assert numbers(retention(told, before="crisis", after="after")) == (1, 1, 0, 0)


def test_layers_are_followed_apart_until_they_are_collapsed():
    rows = [("A", "B", "x", "crisis"), ("A", "B", "y", "after")]
    net = Network(pd.DataFrame(rows, columns=["source", "target", "layer", "period"]))
    assert numbers(retention(net, before="crisis", after="after")) == (1, 0, 1, 0)
    assert numbers(retention(net.collapse("layer"), before="crisis", after="after")) == (1, 1, 0, 0)


def test_turnover_by_hand():
    frame = turnover(HAND)
    assert frame.index.to_list() == [("before", "crisis"), ("crisis", "after")]
    first, second = frame.iloc[0], frame.iloc[1]
    assert first.to_dict() == pytest.approx(
        {"stable": 1, "created": 3, "dissolved": 0, "unknown": 0, "jaccard": 0.25, "persistence": 1.0,
         "novelty": 0.75, "hamming": 3, "correlation": 6 / 216**0.5}
    )  # fmt: skip
    assert second.to_dict() == pytest.approx(
        {"stable": 2, "created": 1, "dissolved": 1, "unknown": 1, "jaccard": 0.5, "persistence": 2 / 3,
         "novelty": 1 / 3, "hamming": 2, "correlation": 1 / 2}
    )  # fmt: skip
    assert turnover(HAND, before="before", after="after").loc[("before", "after"), "stable"] == 1
    with pytest.raises(ReseauError, match="give both"):
        turnover(HAND, before="before")
    with pytest.raises(ReseauError, match="compares periods and the network has 0"):
        turnover(Network(pd.DataFrame({"source": ["A"], "target": ["B"]})))


def test_two_equal_periods_have_no_turnover():
    ties = pd.DataFrame({"source": "A", "target": ["B", "C"] * 2, "period": ["2019"] * 2 + ["2020"] * 2})
    row = turnover(Network(ties)).iloc[0]
    assert (row["jaccard"], row["hamming"], row["novelty"]) == (1, 0, 0)


def test_persistence_compares_with_ordinary_ties_and_with_chance():
    frame = persistence(HAND, before="before", crisis="crisis", after="after")
    assert frame["ties"].to_dict() == {"ordinary": 1, "inherited": 1, "crisis-born": 3}
    assert frame["observed"].to_dict() == {"ordinary": 1.0, "inherited": 1.0, "crisis-born": 0.5}
    born = retention(HAND, before="crisis", after="after", new_since="before")
    assert frame.loc["crisis-born", born.index].to_dict() == born.to_dict()
    # Four ties in the crisis, three after, for ten pairs of five actors.
    assert frame["expected"].to_dict() == pytest.approx({"ordinary": 0.4, "inherited": 0.3, "crisis-born": 0.3})


def test_expected_retention_is_the_mean_over_shuffled_actors():
    rng = np.random.default_rng(2)
    pairs = [tuple(pair) for pair in rng.integers(0, 12, (60, 2)) if pair[0] < pair[1]]
    period = ["before", "crisis", "after"]
    ties = pd.DataFrame([(f"a{i}", f"a{j}", period[k % 3]) for k, (i, j) in enumerate(pairs)])
    ties.columns = ["source", "target", "period"]
    net = Network(ties)
    expected = persistence(net, before="before", crisis="crisis", after="after").loc["ordinary", "expected"]
    actors = net.actors.index.to_numpy()
    found = []
    for _ in range(40):
        new = dict(zip(actors, rng.permutation(actors), strict=True))
        crisis = net.ties["period"] == "crisis"
        moved = net.ties.assign(
            source=net.ties["source"].where(~crisis, net.ties["source"].map(new)),
            target=net.ties["target"].where(~crisis, net.ties["target"].map(new)),
        )
        found.append(retention(net.replace(ties=moved), before="before", after="crisis")["observed"])
    assert np.mean(found) == pytest.approx(expected, abs=4 * np.std(found) / np.sqrt(40))


def test_formalisation_by_hand():
    ties = pd.DataFrame(
        [
            ("A", "B", "crisis", 2, None), ("A", "C", "crisis", 1, None), ("A", "D", "crisis", 4, False),
            ("A", "E", "crisis", None, None), ("B", "C", "crisis", 2, None), ("B", "D", "crisis", 3, None),
            ("A", "B", "after", 3, None), ("A", "C", "after", 2, None), ("A", "D", "after", None, None),
        ],
        columns=["source", "target", "period", "level", "formal"],
    ).astype({"level": "Int8", "formal": "boolean"})  # fmt: skip
    found = formalisation(Network(ties), before="crisis", after="after")
    # Informal: AB, AC, AD (said so) and BC; AE is not said; BD is formal. AD is there later, not said how.
    assert found.drop(["lower", "observed", "upper"]).to_dict() == {
        "ties": 4, "formal": 1, "informal": 1, "ended": 1, "unknown": 1, "undetermined": 1,
    }  # fmt: skip
    assert shares(found) == (0.25, 0.3333, 0.5)


def test_newcomers_by_hand():
    found = newcomers(HAND, before="before", after="crisis")
    assert found.index.to_list() == ["C", "D"]
    assert found["ties"].to_dict() == {"C": 2, "D": 1}
    assert found["sector"].to_dict() == {"C": "civil", "D": "private"}
    assert found["certain"].all()
    doubtful = Network(pd.DataFrame([("A", "C", "before", "unknown"), *ROWS], columns=COLUMNS))
    assert newcomers(doubtful, before="before", after="crisis")["certain"].to_dict() == {"C": False, "D": True}


def test_answers_to_needs_change_too():
    provision = pd.DataFrame(
        [("A", "masks", "crisis"), ("B", "masks", "crisis"), ("A", "masks", "after"), ("B", "aid", "after")],
        columns=["actor", "need", "period"],
    )
    net = HAND.replace(provision=provision)
    row = turnover(net, of="provision", before="crisis", after="after").iloc[0]
    assert (row["stable"], row["created"], row["dissolved"]) == (1, 1, 1)
    kept = retention(net, before="crisis", after="after", of="provision")
    assert numbers(kept) == (2, 1, 1, 0)
    by_sector = retention(net, before="crisis", after="after", of="provision", by="sector")
    assert by_sector.loc["public", "ties"] == 2
    new = newcomers(net, before="crisis", after="after", of="provision")
    assert new.index.to_list() == [("B", "aid")]


def test_survival_by_hand():
    # Born in 2020: AB lives to the end, AC ends after one period, AD after two. Born in 2021: AE, censored.
    spells = {"B": [2020, 2021, 2022, 2023], "C": [2020], "D": [2020, 2021], "E": [2022, 2023], "F": [2019, 2020]}
    rows = [("A", target, str(year)) for target, years in spells.items() for year in years]
    net = Network(pd.DataFrame(rows, columns=["source", "target", "period"]))
    frame = survival(net)
    assert frame["at_risk"].to_dict() == {1: 4, 2: 2, 3: 1}
    assert frame["ended"].to_dict() == {1: 1, 2: 1, 3: 0}
    assert frame["survival"].to_dict() == pytest.approx({1: 3 / 4, 2: 3 / 8, 3: 3 / 8})
    variance = 1 / (4 * 3)
    width = 1.959964 * np.sqrt(variance) / abs(np.log(0.75))
    assert frame.loc[1, "lower"] == pytest.approx(0.75 ** np.exp(width), rel=1e-6)
    assert frame.loc[1, "upper"] == pytest.approx(0.75 ** np.exp(-width), rel=1e-6)
    assert survival(net, first_period=True)["at_risk"].to_dict() == {1: 5, 2: 3, 3: 1}
    sectors = pd.DataFrame({"actor": list("ABCDEF"), "sector": ["public"] * 3 + ["civil"] * 3})
    curves = survival(net.replace(actors=sectors), by="sector")
    assert curves.loc[("public", "public"), "survival"].to_dict() == {1: 0.5, 2: 0.5, 3: 0.5}
    with pytest.raises(ReseauError, match="needs three periods or more; the network has 2"):
        survival(net.select(period=["2019", "2020"]))


def test_an_unknown_period_ends_a_spell_without_a_death():
    rows = [("A", "B", "2019", "absent"), ("A", "B", "2020", "present"), ("A", "B", "2021", "unknown"),
            ("A", "C", "2020", "present"), ("A", "C", "2021", "present"), ("A", "C", "2022", "present")]  # fmt: skip
    frame = survival(Network(pd.DataFrame(rows, columns=COLUMNS)))
    assert frame["at_risk"].to_dict() == {1: 1, 2: 1}
    assert frame["survival"].to_dict() == {1: 1.0, 2: 1.0}


def test_retention_in_ten_estuaries():
    folder = study("us-estuaries")
    ties = pd.read_csv(folder / "edges.csv").assign(status="present")
    missing = pd.read_csv(folder / "unobserved.csv").assign(status="unknown")
    waves = pd.concat([ties, missing]).rename(columns={"wave": "period"}).astype("str")
    actors = pd.read_csv(folder / "nodes.csv").rename(columns={"id": "actor"}).astype({"actor": "str"})
    net = Network(waves, actors=actors, directed=True)
    found = retention(net, before="1", after="2")
    assert numbers(found) == (277, 89, 108, 80)
    assert shares(found) == pytest.approx((0.3213, 0.4518, 0.6101), abs=1e-4)
    by_kind = retention(net, before="1", after="2", by="governmental")
    assert by_kind["ties"].sum() == 277
    assert len(by_kind) == 4


STATES = st.sampled_from(["present", "absent", "unknown"])


@given(st.lists(st.tuples(STATES, STATES, STATES), min_size=1, max_size=12), st.integers(0, 999))
def test_the_truth_lies_between_the_bounds(states, seed):
    """Whatever the unknown answers really were, the retention lies between lower and upper."""
    periods = ("before", "crisis", "after")
    rows = [
        ("hub", f"a{k:02}", period, status)
        for k, row in enumerate(states)
        for period, status in zip(periods, row, strict=True)
    ]
    ties = pd.DataFrame(rows, columns=COLUMNS)
    found = retention(Network(ties), before="crisis", after="after", new_since="before")
    rng = np.random.default_rng(seed)
    guess = pd.Series(np.where(rng.random(len(ties)) < 0.5, "present", "absent"), index=ties.index)
    kept_open = (ties["status"] == "unknown") & (ties["period"] != "crisis")
    truth = ties.assign(status=ties["status"].where(~kept_open, guess))
    real = retention(Network(truth), before="crisis", after="after", new_since="before")
    if real["ties"]:
        assert found["lower"] - 1e-12 <= real["observed"] <= found["upper"] + 1e-12
    counts = retention(Network(ties), before="before", after="after")
    assert counts["kept"] + counts["lost"] + counts["unknown"] == counts["ties"]


def test_coleman_two_waves_of_73_pupils():
    """Coleman (1964): 243 and 263 ties, 140 of them in both waves: the published counts and what follows from them."""
    pairs = pd.MultiIndex.from_product([range(73), range(73)], names=["source", "target"]).to_frame(index=False)
    pairs = pairs[pairs["source"] != pairs["target"]].astype(str).sample(frac=1, random_state=1)
    fall, spring = pairs.iloc[:243], pd.concat([pairs.iloc[:140], pairs.iloc[243:366]])
    ties = pd.concat([fall.assign(period="1 fall"), spring.assign(period="2 spring")])
    found = turnover(Network(ties, directed=True)).iloc[0]
    assert found[["stable", "created", "dissolved"]].to_list() == [140, 123, 103]
    assert found[["jaccard", "persistence", "correlation"]].round(3).to_list() == [0.383, 0.576, 0.531]


@pytest.mark.parametrize("directed", [False, True])
def test_correlation_of_periods_is_that_over_all_pairs_known(directed):
    """By brute force: every pair of every layer, but for those of which one period does not tell."""
    rng = np.random.default_rng(3)
    names, periods = list("abcdef"), ["before", "crisis"]
    rows = [
        (
            *rng.choice(names, 2, replace=False),
            layer,
            period,
            rng.choice(["present", "absent", "unknown"], p=[0.7, 0.2, 0.1]),
        )
        for layer in ("x", "y")
        for period in periods
        for _ in range(9)
    ]
    ties = pd.DataFrame(rows, columns=["source", "target", "layer", "period", "status"])
    seen = pd.DataFrame({"actor": list("abcd"), "period": "crisis", "observed": True})
    net = Network(ties, actors=pd.DataFrame({"actor": names}), observation=seen, directed=directed)

    def state(one, other, layer, period):
        ends = [(one, other)] if directed else [(one, other), (other, one)]
        told = ties[(ties["layer"] == layer) & (ties["period"] == period)]
        told = set(told[[pair in ends for pair in zip(told["source"], told["target"], strict=True)]]["status"])
        for name, value in (("present", 1.0), ("unknown", np.nan), ("absent", 0.0)):
            if name in told:
                return value
        heard = one in "abcd" if directed else one in "abcd" and other in "abcd"
        return 0.0 if period == "before" or heard else np.nan

    pairs = [(a, b) for a in names for b in names if (a != b if directed else a < b)]
    values = np.array([[state(a, b, layer, period) for period in periods] for a, b in pairs for layer in ("x", "y")])
    known = values[~np.isnan(values).any(axis=1)]
    assert turnover(net)["correlation"].iloc[0] == pytest.approx(np.corrcoef(known.T)[0, 1])
    assert len(known) < len(values)


def test_correlation_needs_pairs_that_differ_and_is_of_ties():
    ties = pd.DataFrame({"source": ["a", "a"], "target": ["b", "b"], "period": ["before", "crisis"]})
    assert np.isnan(turnover(Network(ties))["correlation"].iloc[0])
    answers = pd.DataFrame({"actor": ["a", "a"], "need": "aid", "period": ["before", "crisis"]})
    assert np.isnan(turnover(Network(ties, provision=answers), of="provision")["correlation"].iloc[0])
