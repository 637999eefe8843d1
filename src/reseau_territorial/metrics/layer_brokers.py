"""Brokerage between layers: the pairs that an actor joins by ties of different layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._arguments import check_network
from reseau_territorial._sparse import TieView
from reseau_territorial.errors import ReseauError
from reseau_territorial.metrics._triangles import owners, reverse_arcs, triangles_both_ways
from reseau_territorial.metrics.roles import among
from reseau_territorial.network import Choice, Missing, Network

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["cross_layer_brokerage"]

Floats = NDArray[np.float64]
Codes = NDArray[np.int32]

MOST_LAYERS = 62  # a bit for each in a signed integer of 64


def cross_layer_brokerage(
    net: Network, *, by: str, layer: Choice = None, period: Choice = None, missing: Missing = "error"
) -> pd.DataFrame:
    r"""Count the pairs of actors of different groups that each actor joins by ties of different layers.

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Actor column that gives the groups.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    missing : {"error", "drop", "group"}
        What to do with actors without a group: stop, leave them and their ties out (they get NaN), or make them one
        group.

    Returns
    -------
    DataFrame
        Indexed by actor: ``cross_layer``, pairs {i, k} of different groups, not tied in any layer, that the actor
        reaches by no common layer; ``same_layer``, those of which one layer reaches both; ``share``, the first over
        the sum, NaN when there is no such pair. Ties are read in both directions, without weights.

    Raises
    ------
    ReseauError
        If there are more than 62 layers.

    Notes
    -----
    With L(v, i) the layers in which v and i are tied, and :math:`g_i \neq g_k`, i and k not tied:
    ``cross_layer`` counts the pairs with :math:`L(v, i) \cap L(v, k) = \emptyset`: seen layer by layer, nobody
    joins them there, and the brokerage of each layer misses them.

    References
    ----------
    Gould, R. V. & Fernandez, R. M. (1989). Structures of mediation: a formal approach to brokerage in transaction
    networks. Sociological Methodology 19, 89-126 (the roles within one layer, which this one completes).

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["v", "v"], "target": ["i", "k"], "layer": ["masks", "funding"]})
    >>> actors = pd.DataFrame({"actor": ["v", "i", "k"], "sector": ["public", "civil", "private"]})
    >>> cross_layer_brokerage(rt.Network(ties, actors=actors), by="sector")["cross_layer"].to_dict()
    {'v': 1.0, 'i': 0.0, 'k': 0.0}
    """
    check_network(net)
    view = net._view(layer=layer, period=period, weight=None)
    codes, labels = net._groups(by, view.actors, missing=missing)
    kept = np.flatnonzero(codes >= 0)
    matrix = among(view.undirected_binary, kept)
    masks = _layer_masks(view, kept, matrix)
    counts = _open_pairs(matrix, masks, codes[kept], len(labels))
    table = pd.DataFrame(counts, index=view.actors[kept], columns=["cross_layer", "same_layer"]).reindex(view.actors)
    joined = table["cross_layer"] + table["same_layer"]
    return table.assign(share=table["cross_layer"] / joined.where(joined > 0))


def _layer_masks(view: TieView, kept: NDArray[np.int64], matrix: csr_array) -> NDArray[np.int64]:
    """Return the set of layers of each stored pair, a bit for each layer."""
    layers = np.unique(view.layer)
    if len(layers) > MOST_LAYERS:
        raise ReseauError(
            f"cross_layer_brokerage takes at most {MOST_LAYERS} layers; there are {len(layers)}. Select some of them."
        )
    place = np.full(view.n, -1, dtype=np.int64)
    place[kept] = np.arange(len(kept))
    source, target = place[view.source], place[view.target]
    inside = (source >= 0) & (target >= 0)
    n = np.int64(len(kept))
    keys = owners(matrix) * n + matrix.indices
    bit = np.int64(1) << np.searchsorted(layers, view.layer[inside]).astype(np.int64)
    masks = np.zeros(matrix.nnz, dtype=np.int64)
    np.bitwise_or.at(masks, np.searchsorted(keys, source[inside] * n + target[inside]), bit)
    np.bitwise_or.at(masks, np.searchsorted(keys, target[inside] * n + source[inside]), bit)
    return masks


def _open_pairs(matrix: csr_array, masks: NDArray[np.int64], groups: Codes, width: int) -> Floats:
    """Count the pairs of partners of different groups, not tied: with no layer in common, and with one."""
    from scipy.sparse import csr_array as csr

    n = matrix.shape[0]
    owner, group = owners(matrix), groups[matrix.indices]
    kinds, kind = np.unique(masks, return_inverse=True)
    profiles: list[Any] = []
    for which in range(len(kinds)):
        some = kind == which
        profiles.append(csr((np.ones(int(some.sum())), (owner[some], group[some])), shape=(n, width)))
    totals = [np.asarray(profile.sum(axis=1)).ravel() for profile in profiles]
    counts = np.zeros((n, 2))
    for a in range(len(kinds)):
        for b in range(a, len(kinds)):
            alike = np.asarray(profiles[a].multiply(profiles[b]).sum(axis=1)).ravel()
            pairs = (totals[a] * totals[b] - alike) / (2 if a == b else 1)
            counts[:, int(kinds[a] & kinds[b] != 0)] += pairs
    for iv, vk, ik in triangles_both_ways(matrix, reverse_arcs(matrix)):
        apart = groups[owner[ik]] != groups[matrix.indices[ik]]
        common = (masks[iv[apart]] & masks[vk[apart]]) != 0
        found = np.bincount(owner[vk[apart]] * 2 + common, minlength=2 * n).reshape(n, 2)
        counts -= found / 2  # each tied pair comes in both orders
    return counts
