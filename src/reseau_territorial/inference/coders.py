"""Agreement between two codings of one case, as two readers of the same interviews would make them."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._arguments import check_network
from reseau_territorial._selection import check_choice, names_of
from reseau_territorial.errors import ReseauError, unknown_name
from reseau_territorial.network import Choice, Network

__all__ = ["coder_agreement"]

Value = Literal["tie", "level"]
Weights = Literal["none", "linear", "quadratic"]


def coder_agreement(
    net: Network,
    *,
    other: Network,
    value: Value = "tie",
    weights: Weights = "none",
    layer: Choice = None,
    period: Choice = None,
) -> pd.DataFrame:
    r"""Compare two codings of the same case, pair of actors by pair of actors: Cohen's kappa.

    Parameters
    ----------
    net : Network
        The network as one coder sees it.
    other : Network
        The network as the other sees it; actors known to one only are left out.
    value : {"tie", "level"}
        What is compared: whether a pair is tied, or the highest level of its ties (0 without).
    weights : {"none", "linear", "quadratic"}
        For levels: whether two levels that are close count as partial agreement.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.

    Returns
    -------
    DataFrame
        One row: ``kappa`` (1 full agreement, 0 as by chance; NaN if both coders give all pairs one value),
        ``agreement`` and ``expected`` (shares of pairs, weighted), ``standard_error`` (without weights only), ``pairs``
        and ``actors`` compared. Pairs that a coder marks as unknown are left out.

    Raises
    ------
    ReseauError
        If fewer than two actors are common, or levels are asked for where there are none.

    Notes
    -----
    .. math:: \kappa = \frac{p_o - p_e}{1 - p_e}

    Ties are rare, so that agreement is high by chance alone: read kappa, not agreement. Pairs are ordered if either
    network is directed.

    References
    ----------
    Cohen (1960). A coefficient of agreement for nominal scales. Educational and Psychological Measurement 20, 37-46;
    Cohen (1968). Weighted kappa. Psychological Bulletin 70, 213-220.

    Examples
    --------
    >>> one = Network(pd.DataFrame({"source": list("ab"), "target": list("bc")}))
    >>> two = Network(pd.DataFrame({"source": list("ab"), "target": list("bc")}))
    >>> coder_agreement(one, other=two)["kappa"].item()
    1.0
    """
    for what, asked, known in (
        ("value", value, ("tie", "level")),
        ("weights", weights, ("none", "linear", "quadratic")),
    ):
        if asked not in known:
            raise unknown_name(what, asked, known)
    for one in (net, other):
        check_network(one)
    for what, choice, names in (
        ("layer", layer, [*net.layers.index, *other.layers.index]),
        ("period", period, [*net.periods, *other.periods]),
    ):
        check_choice(dict.fromkeys(names), names_of(choice, what), what)
    common = net.actors.index[net.actors.index.isin(other.actors.index)]
    if len(common) < 2:
        raise ReseauError(f"the two codings share {len(common)} actors; comparing needs two. Use the same identifiers.")
    directed = net.directed or other.directed
    pairs = np.nonzero(~np.eye(len(common), dtype=bool)) if directed else np.triu_indices(len(common), k=1)
    codes = [_codes(one, common, value, layer=layer, period=period)[pairs] for one in (net, other)]
    known_pairs = (codes[0] >= 0) & (codes[1] >= 0)
    row = _kappa(codes[0][known_pairs], codes[1][known_pairs], weights)
    return pd.DataFrame([{**row, "pairs": int(known_pairs.sum()), "actors": len(common)}])


def _codes(net: Network, actors: pd.Index, value: Value, *, layer: Choice, period: Choice) -> NDArray[np.int64]:
    """Return what a coder says of each pair: 0 or more, -1 for unknown."""
    ties = net.ties
    for name, choice in (("layer", layer), ("period", period)):
        if choice is not None:
            ties = ties[ties[name].isin(names_of(choice, name) or ())]
    one, other = actors.get_indexer(pd.Index(ties["source"])), actors.get_indexer(pd.Index(ties["target"]))
    inside = (one >= 0) & (other >= 0)
    ties, one, other = ties[inside], one[inside], other[inside]
    present = (ties["status"] == "present").to_numpy(dtype=bool)
    unknown = (ties["status"] == "unknown").to_numpy(dtype=bool)
    if value == "level" and ties.loc[present, "level"].isna().any():
        raise ReseauError('some ties have no level. Fill the column in, or compare value="tie".')
    code = np.ones(len(ties), dtype=np.int64) if value == "tie" else ties["level"].fillna(0).to_numpy(dtype=np.int64)
    mutual = ~ties["layer"].map(net.layers["directed"]).to_numpy(dtype=bool)
    found = np.zeros((len(actors), len(actors)), dtype=np.int64)
    for chosen, given in ((unknown, np.full(len(ties), -1)), (present, code)):
        for i, j, which in ((one, other, chosen), (other, one, chosen & mutual)):
            if (given[which] < 0).any():
                found[i[which], j[which]] = -1
            else:
                np.maximum.at(found, (i[which], j[which]), given[which])
    return found


def _kappa(one: NDArray[np.int64], other: NDArray[np.int64], weights: Weights) -> dict[str, float]:
    size = int(max(one.max(initial=0), other.max(initial=0))) + 1
    table = np.bincount(one * size + other, minlength=size**2).reshape(size, size).astype(np.float64)
    count = table.sum()
    if count == 0:
        return {"kappa": math.nan, "agreement": math.nan, "expected": math.nan, "standard_error": math.nan}
    table /= count
    apart = np.abs(np.subtract.outer(np.arange(size), np.arange(size))) / max(size - 1, 1)
    credit = {"none": np.eye(size), "linear": 1 - apart, "quadratic": 1 - apart**2}[weights]
    agreement = float((credit * table).sum())
    expected = float((credit * np.outer(table.sum(axis=1), table.sum(axis=0))).sum())
    if expected >= 1 - 1e-12:
        return {"kappa": math.nan, "agreement": agreement, "expected": expected, "standard_error": math.nan}
    error = math.sqrt(agreement * (1 - agreement) / count) / (1 - expected) if weights == "none" else math.nan
    kappa = (agreement - expected) / (1 - expected)
    return {"kappa": kappa, "agreement": agreement, "expected": expected, "standard_error": error}
