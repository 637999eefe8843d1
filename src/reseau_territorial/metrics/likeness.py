"""Whether tied actors are alike in a number: Moran's and Geary's autocorrelation on the network."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._sparse import TieView
from reseau_territorial.errors import ReseauError, enumerate_values, unknown_name
from reseau_territorial.metrics._frame import Per, per_frame
from reseau_territorial.network import Choice, Network

__all__ = ["autocorrelation"]

Floats = NDArray[np.float64]
Ints = NDArray[np.signedinteger]
KINDS = ("moran", "geary")


def autocorrelation(
    net: Network,
    *,
    of: str,
    kind: Literal["moran", "geary"] = "moran",
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    missing: Literal["error", "drop"] = "error",
    per: Per = None,
) -> pd.DataFrame:
    r"""Compare tied actors by a number that each has, such as a population, and tell whether they are alike.

    Parameters
    ----------
    net : Network
        The network.
    of : str
        Actor column of numbers.
    kind : {"moran", "geary"}
        Moran's I, a correlation between tied actors, or Geary's c, the mean squared difference of tied actors over
        twice the variance.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength; None counts each tied pair as 1.
    missing : {"error", "drop"}
        What to do with actors without a number: stop, or leave them and their ties out.
    per : {"layer", "period", "level"}, optional
        One row per layer, period or level.

    Returns
    -------
    DataFrame
        One row, named like `kind`: ``observed``; ``expected`` and ``sd``, exact if the numbers were permuted over all
        actors, isolates included; ``zscore``. Moran: above -1/(n - 1) when tied actors are alike; Geary: below 1. NaN
        without ties or when all numbers are the same; ``sd`` needs four actors. Directed ties count one way.

    Raises
    ------
    UnknownNameError
        If the column or the kind is not there.
    ReseauError
        If the column holds no numbers, or some are missing and `missing` is ``"error"``.

    Notes
    -----
    .. math:: I = \frac{n}{S_0} \frac{\sum_{ij} w_{ij} (x_i - \bar x)(x_j - \bar x)}{\sum_i (x_i - \bar x)^2}, \qquad
              c = \frac{n - 1}{2 S_0} \frac{\sum_{ij} w_{ij} (x_i - x_j)^2}{\sum_i (x_i - \bar x)^2}

    References
    ----------
    Moran, P. A. P. (1950). Notes on continuous stochastic phenomena. Biometrika 37, 17-23; Geary, R. C. (1954). The
    contiguity ratio and statistical mapping. The Incorporated Statistician 5, 115-145; Cliff & Ord (1981). Spatial
    processes: models and applications, p. 46.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["a", "b", "c"], "target": ["b", "c", "d"]})
    >>> actors = pd.DataFrame({"actor": list("abcd"), "staff": [1, 2, 3, 4]})
    >>> autocorrelation(rt.Network(ties, actors=actors), of="staff")["observed"].round(3).to_dict()
    {'moran': 0.333}
    """
    if kind not in KINDS:
        raise unknown_name("kind of autocorrelation", kind, KINDS)
    if missing not in ("error", "drop"):
        raise unknown_name("choice for missing", missing, ("error", "drop"))

    def compute(view: TieView) -> pd.DataFrame:
        values = _numbers(net, of, view.actors, missing)
        kept = np.flatnonzero(~np.isnan(values))
        matrix = (view.binary if weight is None else view.weighted)[kept][:, kept]
        ties = matrix.tocoo()
        row = _row(ties.row, ties.col, ties.data, values[kept], kind)
        return pd.DataFrame([row], index=pd.Index([kind], name="statistic"))

    return per_frame(net, compute, layer=layer, period=period, weight=weight, per=per)


def _numbers(net: Network, of: str, actors: pd.Index, missing: str) -> Floats:
    table = net.actors
    if of not in table.columns:
        raise unknown_name("actor column", of, table.columns)
    column = table[of].reindex(actors)
    values = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    text = np.isnan(values) & column.notna().to_numpy()
    if text.any():
        raise ReseauError(f"{of!r} is no number for {enumerate_values(actors[text])}. Name a column of numbers.")
    empty = np.isnan(values)
    if empty.any() and missing == "error":
        raise ReseauError(
            f"{int(empty.sum())} of {len(actors)} actors have no {of!r}: {enumerate_values(actors[empty])}. "
            'Fill it in, or pass missing="drop".'
        )
    return values


def _row(row: Ints, column: Ints, weight: Floats, values: Floats, kind: str) -> dict[str, float]:
    n, total = len(values), float(weight.sum())
    apart = values - values.mean() if n else values
    squares = float((apart**2).sum())
    if n < 2 or total == 0 or squares <= 1e-24 * n * float((values**2).max()):
        return dict.fromkeys(("observed", "expected", "sd", "zscore"), math.nan)
    if kind == "moran":
        observed = n / total * float((weight * apart[row] * apart[column]).sum()) / squares
        expected = -1.0 / (n - 1)
    else:
        observed = (n - 1) / (2 * total) * float((weight * (apart[row] - apart[column]) ** 2).sum()) / squares
        expected = 1.0
    variance = _variance(row, column, weight, apart, kind) if n > 3 else math.nan
    # Where all permutations give the same, as when everyone is tied to everyone, rounding must not make a deviation.
    sd = 0.0 if variance <= 1e-12 * expected**2 else math.sqrt(variance)
    return {
        "observed": observed,
        "expected": expected,
        "sd": sd,
        "zscore": (observed - expected) / sd if sd else math.nan,
    }


def _variance(row: Ints, column: Ints, weight: Floats, apart: Floats, kind: str) -> float:
    """Return the variance over all permutations of the numbers (Cliff & Ord 1981)."""
    from scipy.sparse import coo_array

    n = len(apart)
    both = coo_array((weight, (row, column)), shape=(n, n)).tocsr()
    both = both + both.T
    s0, s1 = float(weight.sum()), float((both.data**2).sum()) / 2
    s2 = float((np.asarray(both.sum(axis=1)) ** 2).sum())
    peak = n * float((apart**4).sum()) / float((apart**2).sum()) ** 2
    if kind == "moran":
        first = n * ((n**2 - 3 * n + 3) * s1 - n * s2 + 3 * s0**2)
        second = peak * ((n**2 - n) * s1 - 2 * n * s2 + 6 * s0**2)
        return (first - second) / ((n - 1) * (n - 2) * (n - 3) * s0**2) - 1.0 / (n - 1) ** 2
    first = (n - 1) * s1 * (n**2 - 3 * n + 3 - (n - 1) * peak)
    second = (n - 1) * s2 * (n**2 + 3 * n - 6 - (n**2 - n + 2) * peak) / 4
    third = s0**2 * (n**2 - 3 - (n - 1) ** 2 * peak)
    return (first - second + third) / (n * (n - 2) * (n - 3) * s0**2)
