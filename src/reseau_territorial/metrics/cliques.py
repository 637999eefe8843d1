"""Cliques: sets of actors all tied to each other, and how they overlap."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._sparse import TieView
from reseau_territorial.errors import ReseauError
from reseau_territorial.metrics._frame import Per, per_frame
from reseau_territorial.network import Choice, Network

__all__ = ["clique_overlap"]

MOST = 200_000  # cliques listed; their number can grow as 3 to the power of a third of the actors


def clique_overlap(
    net: Network, *, smallest: int = 3, layer: Choice = None, period: Choice = None, per: Per = None
) -> pd.DataFrame:
    r"""Cliques of each actor, and how far it meets the same members in several of them.

    Parameters
    ----------
    net : Network
        The network.
    smallest : int, default 3
        Number of members below which a clique is not counted; at least 2.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    per : {"layer", "period", "level"}, optional
        One table per layer, period or level, stacked.

    Returns
    -------
    DataFrame
        Indexed by actor: ``cliques``, the maximal cliques that the actor belongs to; ``members``, the other actors
        that it meets in them; ``overlap``, the mean number of cliques that it shares with each of these, 1 or more
        (NaN without any). Ties are read in both directions, without weights; an isolate has 0 cliques.

    Raises
    ------
    ReseauError
        If there are more than 200,000 cliques (dense networks of hundreds of actors), or `smallest` is below 2.

    Notes
    -----
    A clique is a set of actors all tied to each other that no further actor can join. ``cliques`` is the diagonal of
    the clique overlap matrix of UCINET, and ``overlap`` the mean of the rest of the row where it is not 0.

    References
    ----------
    Luce, R. D. & Perry, A. (1949). A method of matrix analysis of group structure. Psychometrika 14, 95-116.
    Provan, K. G. & Sebastian, J. G. (1998). Networks within networks: service link overlap, organizational cliques,
    and network effectiveness. Academy of Management Journal 41, 453-463.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame([tuple(pair) for pair in ("ab", "bc", "ca", "cd", "da")], columns=["source", "target"])
    >>> clique_overlap(rt.Network(ties))["cliques"].to_dict()
    {'a': 2.0, 'b': 1.0, 'c': 2.0, 'd': 1.0}
    """
    if smallest < 2:
        raise ReseauError(f"smallest={smallest!r} is no size of a clique. Pass 2 or more; 3 is usual.")

    def compute(view: TieView) -> pd.DataFrame:
        found = count_cliques(view, smallest)
        if found is None:
            raise ReseauError(
                f"the network has more than {MOST} cliques. Select a layer or a period, or leave out its weakest ties."
            )
        return pd.DataFrame(found, index=view.actors)

    return per_frame(net, compute, layer=layer, period=period, per=per)


def count_cliques(view: TieView, smallest: int = 3) -> dict[str, NDArray[np.float64]] | None:
    """Return the columns of `clique_overlap`, or None when there are too many cliques to list."""
    import networkx as nx
    from scipy.sparse import csr_array, triu

    graph = nx.Graph()
    graph.add_nodes_from(range(view.n))
    graph.add_edges_from(zip(*triu(view.undirected_binary).nonzero(), strict=True))
    listed = list(islice(nx.find_cliques(graph), MOST + 1))
    if len(listed) > MOST:
        return None
    listed = [clique for clique in listed if len(clique) >= smallest]
    first = np.cumsum([0, *(len(clique) for clique in listed)])
    members = np.array([actor for clique in listed for actor in clique], dtype=np.int64)
    belongs = csr_array((np.ones(len(members)), members, first), shape=(len(listed), view.n))
    together = (belongs.T @ belongs).tocsr()
    cliques = together.diagonal()
    met = np.diff(together.indptr) - (cliques > 0)
    meetings = together.sum(axis=1) - cliques
    overlap = np.divide(meetings, met, out=np.full(view.n, np.nan), where=met > 0)
    return {"cliques": cliques, "members": met.astype(np.float64), "overlap": overlap}
