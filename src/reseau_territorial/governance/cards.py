"""Facilitators: the actors without whom groups would be farther apart."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reseau_territorial._arguments import check_confidence, check_count, check_network, make_generator
from reseau_territorial._progress import progress
from reseau_territorial.errors import ReseauError
from reseau_territorial.governance._joining import COMPONENTS, joining, percentile_ranks
from reseau_territorial.inference._resamples import Resampler
from reseau_territorial.inference._values import with_every_group
from reseau_territorial.network import Choice, Missing, Network
from reseau_territorial.nulls._unchecked import in_order_of_names
from reseau_territorial.vocabulary import SEED

__all__ = ["facilitators"]


def facilitators(
    net: Network,
    *,
    by: str,
    layer: Choice = None,
    period: Choice = None,
    before: str | None = None,
    missing: Missing = "error",
    n_resamples: int = 99,
    confidence: float = 0.95,
    seed: int = SEED,
) -> pd.DataFrame:
    r"""Rank the actors by how much they join the groups, component by component.

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Actor column that gives the groups, such as ``"sector"``.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    before : str, optional
        An earlier period: adds ``closure``, how much more the present partners of an actor are tied to one another
        than they were then. An actor who brings others together has it above 0, one who keeps them apart does not.
    missing : {"error", "drop", "group"}
        What to do with actors without a group.
    n_resamples : int, default 99
        Number of resampled networks for the interval of the composite; 0 leaves it out.
    confidence : float, default 0.95
        Level of that interval.
    seed : int
        Seed of the draws.

    Returns
    -------
    DataFrame
        Indexed by actor, best composite first:

        - ``loss``: share of the efficiency between groups that is lost when the actor leaves (0 to 1). The one number
          to show;
        - ``brokerage_z``: mean z-score of the four brokerage roles that join groups;
        - ``cross_betweenness``: share of the shortest paths between groups that pass by it;
        - ``group_pairs``: share of the pairs of groups that it joins (partners of both, not tied themselves);
        - ``openness``: 1 minus Burt's constraint;
        - ``composite``: mean of the five percentile ranks, 0 to 1; ``lowest`` and ``highest``: its range when one
          component is left out; ``low`` and ``high``: its interval over resampled networks;
        - ``closure``, if `before` is given.

        NaN where a component is undefined, as for an isolate, which then ranks last on it.

    Raises
    ------
    ReseauError
        If there are fewer than two groups, or an actor has none.

    Notes
    -----
    Ties are contacts: they count in both directions and without weight, but for brokerage, which reads direction.

    .. math:: F(v) = \frac{E_{\times}(G \mid v) - E_{\times}(G - v)}{E_{\times}(G \mid v)}

    with :math:`E_{\times}` the mean of 1/d over pairs of actors of different groups, v not being one of them. The
    composite is never a weighted sum chosen by hand; look at its range before naming a first and a second.

    References
    ----------
    Latora & Marchiori (2007). A measure of centrality based on network efficiency. New Journal of Physics 9, 188;
    Gould & Fernandez (1989). Structures of mediation. Sociological Methodology 19, 89-126; Burt (1992). Structural
    holes; Snijders & Borgatti (1999). Non-parametric standard errors. Connections 22(2), 161-170.

    Examples
    --------
    >>> ties = pd.DataFrame({"source": ["hub"] * 4, "target": list("abcd")})
    >>> actors = pd.DataFrame({"actor": ["hub", *"abcd"], "sector": ["public", "public", "public", "civil", "civil"]})
    >>> table = facilitators(Network(ties, actors=actors), by="sector", n_resamples=0)
    >>> table.index[0], float(table["loss"].iloc[0])
    ('hub', 1.0)
    """
    check_network(net)
    check_confidence(confidence)
    check_count("n_resamples", n_resamples, least=0, usual="99 is usual; 0 leaves the intervals out.")
    net = in_order_of_names(net)
    chosen = with_every_group(net.select(layer=layer, period=period), by, missing)
    if chosen.actors[by].nunique() < 2:
        raise ReseauError(f"facilitators join groups, and {by!r} has only one here. Choose another column.")
    table = pd.DataFrame(joining(chosen._view(weight=None), chosen._groups(by)[0]), chosen.actors.index, COMPONENTS)
    ranks = pd.DataFrame(percentile_ranks(table.to_numpy()), table.index, COMPONENTS)
    table["composite"] = ranks.mean(axis=1)
    without = pd.concat([ranks.drop(columns=name).mean(axis=1) for name in COMPONENTS], axis=1)
    table["lowest"], table["highest"] = without.min(axis=1), without.max(axis=1)
    if n_resamples > 0:
        draws = _resampled_composites(chosen, by, n_resamples=n_resamples, seed=seed)
        edge = (1 - confidence) / 2
        table["low"] = draws.quantile(edge, axis=1).reindex(table.index)
        table["high"] = draws.quantile(1 - edge, axis=1).reindex(table.index)
    if before is not None:
        table["closure"] = _closure(net, chosen, before, layer=layer)
    return table.sort_values(["composite", "loss"], ascending=False, kind="stable")


def _resampled_composites(net: Network, by: str, *, n_resamples: int, seed: int) -> pd.DataFrame:
    """Return the composite of each actor in each resampled network (NaN where it was not drawn)."""
    rng = make_generator(seed)
    make = Resampler(net)
    groups, _ = net._groups(by)
    size = len(net)
    columns = []
    for _ in progress(range(n_resamples), unit="draw"):
        drawn = rng.integers(0, size, size=size)
        view = make.view(drawn, rng)
        present, codes = np.unique(groups[drawn], return_inverse=True)
        if len(present) < 2:
            continue
        composite = percentile_ranks(joining(view, codes, times=n_resamples)).mean(axis=1)
        times = np.bincount(drawn, minlength=size)
        total = np.bincount(drawn, weights=composite, minlength=size)
        columns.append(np.divide(total, times, out=np.full(size, np.nan), where=times > 0))
    return (
        pd.DataFrame(np.array(columns).T, index=net.actors.index) if columns else pd.DataFrame(index=net.actors.index)
    )


def _closure(net: Network, chosen: Network, before: str, *, layer: Choice) -> pd.Series:
    """Return how much more the present partners of each actor are tied together than they were before."""
    view = chosen._view(weight=None)
    earlier = net._view(layer=layer, period=before, weight=None)
    place = earlier.actors.get_indexer(view.actors)
    now, then = view.undirected_binary, earlier.undirected_binary
    change = np.full(view.n, np.nan)
    for actor in range(view.n):
        partners = now.indices[now.indptr[actor] : now.indptr[actor + 1]]
        pairs = len(partners) * (len(partners) - 1)
        if pairs:
            known = place[partners][place[partners] >= 0]
            change[actor] = (now[partners][:, partners].nnz - then[known][:, known].nnz) / pairs
    return pd.Series(change, index=view.actors)
