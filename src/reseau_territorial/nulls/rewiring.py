"""Null model of degrees: ties are rewired so that each actor keeps its number of partners, the groups stay."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._arguments import make_generator
from reseau_territorial._kernels import choose
from reseau_territorial._sparse import TieView
from reseau_territorial.network import Network
from reseau_territorial.nulls._loops import swap_ends
from reseau_territorial.nulls._unchecked import in_order_of_names, with_ends
from reseau_territorial.vocabulary import SEED

SWAPS = 20
"""Accepted swaps per tied pair, on average, between two draws."""

# Proposals per swap asked for before a stratum is taken as (nearly) frozen.
PATIENCE = 50
CYCLES = 0.1

Positions = NDArray[np.int64]
Loop = tuple[Callable[..., Any], bool]


@dataclass(frozen=True, eq=False)
class Pairs:
    """The tied pairs of one layer and period: what is rewired together.

    Attributes
    ----------
    source, target : ndarray of int64
        Ends of each pair, every pair once.
    directed : bool
        Whether the two ends differ.
    rows : ndarray of int64
        Pair of each tie of the stratum: parallel ties stay together.
    place : ndarray of int64
        Position of each tie of the stratum among all ties.
    """

    source: Positions
    target: Positions
    directed: bool
    rows: Positions
    place: Positions


def pairs_of(
    source: NDArray[np.int32], target: NDArray[np.int32], mutual: NDArray[np.bool_], strata: NDArray[np.int64]
) -> list[Pairs]:
    """Split ties into strata (a layer in a period), and each stratum into its distinct tied pairs."""
    size = int(max(source.max(initial=0), target.max(initial=0))) + 1
    found = []
    for stratum in np.unique(strata):
        place = np.flatnonzero(strata == stratum)
        one, other = source[place].astype(np.int64), target[place].astype(np.int64)
        directed = not bool(mutual[place[0]])
        if not directed:
            one, other = np.minimum(one, other), np.maximum(one, other)
        keys, rows = np.unique(one * size + other, return_inverse=True)
        found.append(Pairs(keys // size, keys % size, directed, rows, place))
    return found


def rewirings(
    pairs: list[Pairs], ties: int, size: int, rng: np.random.Generator, *, draws: int, swaps: int = SWAPS
) -> Iterator[tuple[Positions, Positions]]:
    """Draw rewired networks one by one: source and target of every tie, in the order of the ties.

    The draws form one chain. The first swaps measure how many proposals it takes to have `swaps` accepted per tied
    pair, and that many proposals, accepted or not, separate the draws: to stop at a number of *accepted* swaps would
    favour the networks that have many neighbours.
    """
    work = draws * swaps * sum(len(part.source) for part in pairs)
    # A proposal is some twenty steps of the loop, and about half of them are accepted.
    loop = choose(swap_ends, 40 * work)
    state = [(part.source.copy(), part.target.copy()) for part in pairs]
    proposals = [
        _proposals_for(loop, one, other, size, directed=part.directed, swaps=swaps, rng=rng)
        for part, (one, other) in zip(pairs, state, strict=True)
    ]
    for _ in range(draws):
        source, target = np.empty(ties, dtype=np.int64), np.empty(ties, dtype=np.int64)
        for part, (one, other), count in zip(pairs, state, proposals, strict=True):
            _propose(loop, one, other, size, directed=part.directed, proposals=count, rng=rng)
            source[part.place], target[part.place] = one[part.rows], other[part.rows]
        yield source, target


def rewire(net: Network, *, swaps: int = SWAPS, seed: int = SEED) -> Network:
    """Return the network with its ties rewired: each actor keeps its number of partners in each layer and period.

    Parameters
    ----------
    net : Network
        The network.
    swaps : int, default 20
        Accepted swaps per tied pair, at least.
    seed : int
        Seed of the draw.

    Returns
    -------
    Network
        Same actors, same number of ties. Only present ties move; parallel ties move together; a tie keeps its
        weight, its other columns, and its source (or one of its ends). No self-tie, no pair tied twice in a layer
        and period. Directed layers keep in- and out-degrees.

    Warns
    -----
    UserWarning
        If few swaps are possible, as in a star: then the network hardly changes.

    Notes
    -----
    Two ties a-b and c-d become a-d and c-b (undirected ties: or a-c and b-d); directed cycles of three are also
    reversed, without which some networks could not be reached. Networks are those with labelled actors (Fosdick et
    al.), all equally likely in the long run.

    References
    ----------
    Rao, Jana & Bandyopadhyay (1996). A Markov chain Monte Carlo method for generating random (0,1)-matrices with
    given marginals. Sankhya A 58; Fosdick, Larremore, Nishimura & Ugander (2018). Configuring random graph models
    with fixed degree sequences. SIAM Review 60(2).

    Examples
    --------
    >>> import pandas as pd
    >>> ties = pd.DataFrame({"source": list("abcd"), "target": list("bcde")})
    >>> rewire(Network(ties)).ties[["source", "target"]].stack().value_counts().sort_index().to_list()
    [1, 2, 2, 2, 1]
    """
    named = in_order_of_names(net)
    view = named._view()
    present = np.flatnonzero((net.ties["status"] == "present").to_numpy(dtype=bool))
    strata = strata_of(view, net.layers.index)
    pairs = pairs_of(view.source, view.target, view.mutual, strata)
    chain = rewirings(pairs, len(present), view.n, make_generator(seed), draws=1, swaps=swaps)
    place = net.actors.index.get_indexer(named.actors.index)
    source, target = next(chain)
    return with_ends(net, present, place[source], place[target])


def strata_of(view: TieView, layers: pd.Index) -> NDArray[np.int64]:
    """Return one number per layer and period, larger for a later name of the layer."""
    place = layers.sort_values().get_indexer(layers)
    return place[view.layer].astype(np.int64) * 40_000 + view.period


def _proposals_for(
    loop: Loop,
    source: Positions,
    target: Positions,
    size: int,
    *,
    directed: bool,
    swaps: int,
    rng: np.random.Generator,
) -> int:
    """Rewire pairs in place until enough swaps are accepted; return how many proposals that took."""
    enough = swaps * len(source)
    proposed = accepted = 0
    while accepted < enough and proposed < PATIENCE * enough:
        block = (enough - accepted) * 9 // 8 + 16
        accepted += _propose(loop, source, target, size, directed=directed, proposals=block, rng=rng)
        proposed += block
    if accepted < enough:
        warnings.warn(
            f"only {accepted} of {enough} swaps of ties were possible in {proposed} trials: few networks have these "
            'degrees, and the null model hardly moves. Read it with care, or use null="labels".',
            stacklevel=4,
        )
    return proposed


def _propose(
    loop: Loop,
    source: Positions,
    target: Positions,
    size: int,
    *,
    directed: bool,
    proposals: int,
    rng: np.random.Generator,
) -> int:
    """Propose that many swaps, in place; return the number accepted."""
    count = len(source)
    first, second = rng.integers(0, count, size=(2, proposals), dtype=np.int32)
    kinds = rng.integers(0, 2, size=proposals, dtype=np.int8)
    third = second
    if directed:
        kinds[rng.random(proposals) < CYCLES] = 2
        third = rng.integers(0, count, size=proposals, dtype=np.int32)
    room = 2 << (2 * count).bit_length()
    run, compiled = loop
    if compiled:
        seen = np.full(room, -1, dtype=np.int64)
        return int(run(source, target, size, directed, first, second, third, kinds, seen))
    one, other = source.tolist(), target.tolist()
    names = [picks.tolist() for picks in (first, second, third, kinds)]
    accepted = run(one, other, size, directed, *names, [-1] * room)
    source[:], target[:] = one, other
    return int(accepted)
