"""The figures that a report speaks of, computed once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from reseau_territorial._arguments import make_generator
from reseau_territorial._progress import progress
from reseau_territorial._views import check_by
from reseau_territorial.governance import facilitators
from reseau_territorial.inference import PermutationResult, permutation_test
from reseau_territorial.inference._resamples import Resampler
from reseau_territorial.metrics.bridging import cross_betweenness
from reseau_territorial.metrics.change import retention, turnover
from reseau_territorial.metrics.expected import group_mixing, silo_test
from reseau_territorial.metrics.redundancy import duplicates
from reseau_territorial.metrics.silos import network_silo
from reseau_territorial.metrics.table import measure
from reseau_territorial.network import MISSING_GROUP, Missing, Network
from reseau_territorial.nulls._unchecked import in_order_of_names

__all__ = ["Findings", "Withheld", "findings"]

ALPHA = 0.05
# Beyond, a facilitator's interval would take minutes: one removal per actor and draw.
RESAMPLED = 150
FEWEST = 19
# Beyond the first, even shortest paths on a few networks take minutes; up to it, they take seconds.
PATHS_RESAMPLED = 3000
LEVEL = 0.9
METRICS = ("degree", "strength", "betweenness", "constraint", "participation", "silo")
# Columns that may give groups, those that readers understand first.
CRITERIA = ("sector", "kind", "tier", "epci", "territory", "departement", "region")
LARGEST = 0.9
UNKNOWN = (MISSING_GROUP, "unknown")


@dataclass(frozen=True, eq=False)
class Findings:
    """What was found in a network: tables and results, in no language.

    Attributes
    ----------
    net : Network
        The whole network.
    focus : Network
        The part that the figures are about: one period of several, or the whole.
    period : str or None
        That period.
    by : str
        Actor column that gives the groups.
    known : int
        Actors of the focus whose group is known.
    several : bool
        Whether groups can be compared: two at least, known for more than half of the actors.
    others : list of str
        Other actor columns whose groups could be.
    outside : DataFrame
        Partners of each actor, those of another known group, and how many groups these are.
    """

    net: Network
    focus: Network
    period: str | None
    by: str
    known: int
    several: bool
    others: list[str]
    table: pd.DataFrame
    outside: pd.DataFrame
    mixing: pd.DataFrame
    silo: PermutationResult | None
    layers: pd.DataFrame
    bridges: pd.DataFrame
    draws: int
    change: pd.Series | None
    kept: pd.Series | None
    answers: pd.DataFrame


@dataclass(frozen=True, kw_only=True)
class Withheld:
    """What the report does not show, so that it can say so.

    Attributes
    ----------
    persons : int
        Natural persons and sole traders without their name.
    grouped : bool
        Whether they are gathered instead of numbered.
    layers : sequence of str
        Layers whose amounts are secret.
    """

    persons: int
    grouped: bool
    layers: Sequence[str]


def findings(net: Network, *, by: str, period: str | None, missing: Missing, n_resamples: int, seed: int) -> Findings:
    """Compute everything that a report on a network says."""
    chosen = period or busiest_period(net)
    focus = net.select(period=chosen) if chosen else net
    focus = focus if missing == "error" else _with_groups(focus, by)
    known, several = _known(focus, by)
    tied = bool((focus.ties["status"] == "present").any())
    change, kept = _change(net, chosen)
    outside = _outside(focus, by)
    bridging = several and bool(outside["outside"].any())
    bridges, draws = _bridges(focus, by, n_resamples, seed) if bridging else (pd.DataFrame(), 0)
    tested = several and tied
    return Findings(
        net=net,
        focus=focus,
        period=chosen,
        by=by,
        known=known,
        several=several,
        others=[name for name in CRITERIA if name != by and name in focus.actors and _divides(focus, name)],
        table=measure(focus, METRICS, by=by),
        outside=outside,
        mixing=group_mixing(focus, by=by),
        silo=permutation_test(focus, network_silo, by=by, n_resamples=n_resamples, seed=seed) if tested else None,
        layers=silo_test(focus, by=by, per="layer"),
        bridges=bridges,
        draws=draws,
        change=change,
        kept=kept,
        answers=duplicates(focus) if len(focus.provision) else pd.DataFrame(),
    )


def _known(net: Network, by: str) -> tuple[int, bool]:
    """Return how many actors have a known group, and whether groups can be compared.

    Where most groups are not known, what is measured is who could be identified, not who works with whom; a single
    group beside unknown ones says nothing of silos.
    """
    groups = net.actors[by].astype("str").fillna(MISSING_GROUP)
    known = groups[~groups.isin(UNKNOWN)]
    return len(known), 2 * len(known) > len(groups) and known.nunique() > 1


def _divides(net: Network, column: str) -> bool:
    """Tell whether a column gives groups that can be compared: neither nearly alone nor nearly one for each."""
    known, several = _known(net, column)
    sizes = net.actors[column].astype("str").value_counts()
    return several and 2 * len(sizes) <= known and bool(sizes.iloc[0] <= LARGEST * known)


def _outside(net: Network, by: str) -> pd.DataFrame:
    """Count the partners of each actor, those of another known group, and these groups."""
    groups = net.actors[by].astype("str").fillna(MISSING_GROUP)
    present = net.ties[net.ties["status"] == "present"]
    ends = present[["source", "target"]].astype(object)
    pairs = pd.concat([ends, ends.set_axis(["target", "source"], axis=1)], ignore_index=True).drop_duplicates()
    pairs = pairs[pairs["source"] != pairs["target"]]
    mine, theirs = pairs["source"].map(groups), pairs["target"].map(groups)
    across = pairs[(mine != theirs) & ~mine.isin(UNKNOWN) & ~theirs.isin(UNKNOWN)].assign(group=theirs)
    counts = {
        "partners": pairs.groupby("source").size(),
        "outside": across.groupby("source").size(),
        "groups": across.groupby("source")["group"].nunique(),
    }
    return pd.DataFrame({name: count.reindex(net.actors.index, fill_value=0) for name, count in counts.items()})


def busiest_period(net: Network) -> str | None:
    """Return the period with the most present ties, the earliest of equals; None without periods."""
    if not net.periods:
        return None
    present = net.ties[net.ties["status"] == "present"]
    return str(present["period"].value_counts(sort=False).idxmax())


def reading(row: pd.Series, *, tests: int = 1) -> str:
    """Return ``"more"``, ``"less"``, ``"same"`` than chance, or ``"none"`` where nothing can be said.

    The level is divided by the number of tests: among many layers, some are beyond 5 % by chance alone.
    """
    if pd.isna(row["zscore"]):
        return "none"
    if row["pvalue_normal"] > ALPHA / tests:
        return "same"
    return "more" if row["observed"] > row["expected"] else "less"


def _bridges(net: Network, by: str, n_resamples: int, seed: int) -> tuple[pd.DataFrame, int]:
    """Rank the actors that join groups, and say how many resampled networks give the intervals.

    Small networks get the composite of `facilitators`; larger ones the share of shortest paths between groups, with
    intervals as long as they take seconds.
    """
    net = in_order_of_names(net)
    draws = max(FEWEST, n_resamples // 20)
    if len(net) <= RESAMPLED:
        table = facilitators(net, by=by, n_resamples=draws, confidence=LEVEL, seed=seed)
        return table.rename(columns={"composite": "score"}), draws
    table = _path_shares(net, by).sort_values(ascending=False, kind="stable").to_frame()
    if len(net) > PATHS_RESAMPLED:
        return table.assign(low=float("nan"), high=float("nan")), 0
    edge = (1 - LEVEL) / 2
    columns = list(_resampled_shares(net, by, FEWEST, seed))
    shares = pd.concat(columns, axis=1) if columns else pd.DataFrame(index=net.actors.index, dtype=float)
    intervals = {"low": shares.quantile(edge, axis=1), "high": shares.quantile(1 - edge, axis=1)}
    return table.assign(**{name: values.reindex(table.index) for name, values in intervals.items()}), FEWEST


def _path_shares(net: Network, by: str) -> pd.Series:
    """Return the share of the shortest paths between groups that runs through each actor."""
    paths = cross_betweenness(net, by=by)
    return (paths / paths.sum()).rename("score")


def _resampled_shares(net: Network, by: str, draws: int, seed: int) -> Iterator[pd.Series]:
    """Yield these shares in networks of actors drawn with replacement; missing for actors not drawn."""
    rng = make_generator(seed)
    make = Resampler(net)
    names = net.actors.index
    for _ in progress(range(draws), unit="draw"):
        drawn = rng.integers(0, len(net), size=len(net))
        one = make.network(drawn, rng)
        if one.actors[by].nunique() > 1:
            shares = pd.Series(_path_shares(one, by).to_numpy())
            yield shares.groupby(names.take(drawn)).mean().reindex(names)


def _with_groups(net: Network, by: str) -> Network:
    """Make one group of the actors without any, so that every figure counts the same actors."""
    actors = net.actors
    check_by(actors, by)
    return net.replace(actors=actors.assign(**{by: actors[by].astype("str").fillna(MISSING_GROUP)}))


def _change(net: Network, chosen: str | None) -> tuple[pd.Series | None, pd.Series | None]:
    """Compare the chosen period with the one after it, or with the one before when it is the last."""
    if chosen is None or len(net.periods) < 2:
        return None, None
    place = net.periods.index(chosen)
    before, after = net.periods[place : place + 2] if place + 1 < len(net.periods) else net.periods[place - 1 :]
    change = turnover(net, before=before, after=after).iloc[0]
    kept = retention(net, before=before, after=after)
    return change.rename((before, after)), pd.Series(kept)
