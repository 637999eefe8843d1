"""Facilitators: the actors without whom groups would be farther apart."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.errors import ReseauError
from reseau_territorial.inference._resamples import Resampler
from reseau_territorial.inference._values import with_every_group
from reseau_territorial.metrics.bridging import brokerage, constraint, cross_betweenness
from reseau_territorial.network import Choice, Missing, Network
from reseau_territorial.nulls._unchecked import with_tables
from reseau_territorial.vocabulary import SEED

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["facilitators"]

COMPONENTS = ("loss", "brokerage_z", "cross_betweenness", "group_pairs", "openness")
DIGITS = 12
JOINING_ROLES = ("liaison", "gatekeeper", "representative", "itinerant")


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
    filters: dict[str, Any] = {
        name: value for name, value in (("layer", layer), ("period", period)) if value is not None
    }
    chosen = with_every_group(net.select(**filters) if filters else net, by, missing)
    if chosen.actors[by].nunique() < 2:
        raise ReseauError(f"facilitators join groups, and {by!r} has only one here. Choose another column.")
    table = _components(chosen, by)
    ranks = _ranks(table)
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


def _components(net: Network, by: str) -> pd.DataFrame:
    roles = brokerage(net, by=by)
    joining = roles[[f"z_{role}" for role in JOINING_ROLES]]
    codes, labels = net._groups(by)
    table = pd.DataFrame(index=net.actors.index)
    # Without direction, as the distances of the losses: an actor that no directed path passes can still be needed.
    contacts = with_tables(net, layers=net.layers.assign(directed=False))
    passing = cross_betweenness(contacts, by=by, weight=None, normalized=True)
    table["loss"] = _losses(net, codes, passing.to_numpy() > 0)
    table["brokerage_z"] = joining.mean(axis=1)
    table["cross_betweenness"] = passing
    table["group_pairs"] = _group_pairs(net, codes, len(labels))
    table["openness"] = 1 - constraint(net, weight=None)
    return table


def _ranks(table: pd.DataFrame) -> pd.DataFrame:
    """Return percentile ranks, ties sharing theirs, what is undefined last."""
    # Rounding must not rank actors who are alike.
    filled = table[list(COMPONENTS)].round(DIGITS).fillna(-math.inf)
    size = len(filled)
    ranks = filled.rank(method="average")
    return (ranks - 1) / (size - 1) if size > 1 else ranks * math.nan


def _losses(net: Network, codes: NDArray[np.int32], passing: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the share of cross-group efficiency lost with each actor: 0 for one that no shortest path needs."""
    from scipy.sparse.csgraph import shortest_path

    matrix = net._view(weight=None).undirected_binary
    size = matrix.shape[0]
    across = codes[:, None] != codes[None, :]
    distance = shortest_path(matrix, directed=False, unweighted=True)
    near = np.divide(1.0, distance, out=np.zeros((size, size)), where=(distance > 0) & across)
    # What is left when the row and the column of an actor are taken away.
    kept = near.sum() - 2 * near.sum(axis=1)
    losses = np.where(kept > 0, 0.0, np.nan)
    for actor in map(int, np.flatnonzero(passing & (kept > 0))):
        # Only the pairs whose shortest paths pass by the actor are walked again.
        through = distance[:, actor, None] + distance[None, actor] == distance
        through[actor] = through[:, actor] = False
        through &= across & np.isfinite(distance)
        starts = np.flatnonzero(through.any(axis=1))
        if not len(starts):
            continue
        left = shortest_path(_without(matrix, actor), directed=False, unweighted=True, indices=starts)
        after = np.divide(1.0, left, out=np.zeros_like(left), where=left > 0)
        lost = np.where(through[starts], near[starts] - after, 0.0).sum()
        losses[actor] = max(0.0, round(lost / kept[actor], DIGITS))
    return losses


def _without(matrix: csr_array, actor: int) -> csr_array:
    """Return the matrix without the ties of an actor."""
    cut = matrix.copy()
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    cut.data = np.where((matrix.indices == actor) | (rows == actor), 0.0, matrix.data)
    cut.eliminate_zeros()
    return cut


def _group_pairs(net: Network, codes: NDArray[np.int32], groups: int) -> NDArray[np.float64]:
    """Return the share of pairs of groups that each actor joins by two partners who are not tied."""
    matrix = net._view(weight=None).undirected_binary
    size = matrix.shape[0]
    share = np.zeros(size)
    for actor in range(size):
        partners = matrix.indices[matrix.indptr[actor] : matrix.indptr[actor + 1]]
        apart = matrix[partners][:, partners].toarray() == 0
        one, other = np.nonzero(apart & (codes[partners][:, None] < codes[partners][None, :]))
        pairs = np.unique(codes[partners[one]].astype(np.int64) * groups + codes[partners[other]])
        share[actor] = len(pairs) / (groups * (groups - 1) / 2)
    return share


def _resampled_composites(net: Network, by: str, *, n_resamples: int, seed: int) -> pd.DataFrame:
    """Return the composite of each actor in each resampled network (NaN where it was not drawn)."""
    from tqdm.auto import tqdm

    rng = np.random.default_rng(seed)
    make = Resampler(net)
    names = net.actors.index
    columns = []
    for _ in tqdm(range(n_resamples), delay=2, leave=False, unit="draw"):
        drawn = rng.integers(0, len(net), size=len(net))
        one = make.network(drawn, rng)
        if one.actors[by].nunique() < 2:
            continue
        composite = _ranks(_components(one, by)).mean(axis=1).to_numpy()
        columns.append(pd.Series(composite).groupby(names.take(drawn)).mean().reindex(names))
    return pd.concat(columns, axis=1) if columns else pd.DataFrame(index=names, dtype=np.float64)


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
