"""Log-linear model of the mixing table: how many times more ties stay inside, activity of each group set aside."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._sparse import TieView
from reseau_territorial.errors import ReseauError
from reseau_territorial.metrics._frame import Per, per_frame
from reseau_territorial.metrics._grouped import Symmetrize, grouping
from reseau_territorial.metrics._indices import Mixing
from reseau_territorial.network import Choice, Missing, Network

__all__ = ["inbreeding"]

STEPS = 100
CLOSE = 1e-12

Array = NDArray[np.float64]


def inbreeding(
    net: Network,
    *,
    by: str,
    per_group: bool = False,
    layer: Choice = None,
    period: Choice = None,
    weight: None = None,
    symmetrize: Symmetrize | None = None,
    per: Per = None,
    missing: Missing = "error",
) -> pd.DataFrame:
    r"""Measure inbreeding: the excess of ties inside groups, in a log-linear model of who is tied to whom.

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Actor column that gives the groups, two or more (three with `per_group`).
    per_group : bool, default False
        One excess per group instead of one for all.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : None
        Always None: the model is one of counts, tied pairs of actors.
    symmetrize : {"weak", "strong", "sum", "max", "mean"}, optional
        Make directed ties undirected first (see :func:`silo`).
    per : {"layer", "period", "level"}, optional
        One model per layer, period or level.
    missing : {"error", "drop", "group"}
        What to do with actors without a group.

    Returns
    -------
    DataFrame
        Indexed by ``group`` (``"(all)"`` for a common excess): ``inbreeding``, the log of how many times more ties stay
        inside than activity alone gives (0: no excess; minus infinity if none does); ``factor``, its exponential;
        ``standard_error`` and ``zscore``; ``deviance`` and ``freedom`` of the model. NaN where it cannot be told: a
        group without ties, too few groups, all ties inside.

    Raises
    ------
    ReseauError
        If a weight is given.

    Notes
    -----
    Counts of ties are Poisson with

    .. math:: \log E[n_{gh}] = \mu + \alpha_g + \beta_h + \delta_g \, 1[g = h]

    with :math:`\alpha = \beta` for undirected ties, whose pairs inside a group are half as many. Fitted by maximum
    likelihood. Ties of one actor are not independent: judge the excess with :func:`permutation_test` too.

    References
    ----------
    Marsden (1981). Models and methods for characterizing the structural parameters of groups. Social Networks 3,
    1-27; Morris (1991). A log-linear modeling framework for selective mixing. Mathematical Biosciences 107, 349-377.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": list("aacdb"), "target": list("bcdad")})
    >>> actors = pd.DataFrame({"actor": list("abcd"), "sector": ["public", "public", "civil", "civil"]})
    >>> inbreeding(Network(ties, actors=actors), by="sector").loc["(all)", "factor"].round(3)
    np.float64(0.667)
    """
    if weight is not None:
        raise ReseauError(f"inbreeding models numbers of ties, and weight={weight!r} is not one. Leave it out.")
    group = grouping(net, by=by, weight=None, symmetrize=symmetrize, missing=missing)

    def measure(view: TieView) -> pd.DataFrame:
        one = group(view)
        return _fitted_frame(one.mixing, [str(label) for label in one.labels], per_group=per_group)

    return per_frame(net, measure, layer=layer, period=period, weight=None, per=per)


def _fitted_frame(table: Mixing, labels: list[str], *, per_group: bool) -> pd.DataFrame:
    names = labels if per_group else ["(all)"]
    counts, offset, design = _cells(table, per_group=per_group)
    index = pd.Index(names, name="group")
    columns = ["inbreeding", "factor", "standard_error", "zscore", "deviance", "freedom"]
    result = pd.DataFrame(np.nan, index=index, columns=columns)
    inside = table.inside if per_group else np.array([table.inside.sum()])
    active = (table.leaving > 0).all() and (table.entering > 0).all()
    # More unknowns than cells, or a group that no tie leaves: nothing to compare the inside with.
    if not active or design.shape[1] > len(counts) or np.linalg.matrix_rank(design) < design.shape[1]:
        return result
    if (inside == 0).any():
        result.loc[np.asarray(index)[inside == 0], ["inbreeding", "factor"]] = [-math.inf, 0.0]
        return result
    found = _poisson(counts, offset, design)
    if found is None:
        return result
    coefficients, covariance, deviance = found
    last = len(names)
    value, error = coefficients[-last:], np.sqrt(np.diag(covariance)[-last:])
    result["inbreeding"], result["factor"], result["standard_error"] = value, np.exp(value), error
    result["zscore"] = value / error
    result["deviance"], result["freedom"] = deviance, float(len(counts) - design.shape[1])
    return result


def _cells(table: Mixing, *, per_group: bool) -> tuple[Array, Array, Array]:
    """Return the counts of the cells, the log of how many ways a pair can fall in each, and the design."""
    size = len(table.sizes)
    if table.directed:
        row, column = (places.ravel() for places in np.indices((size, size)))
        counts, offset = table.ties[row, column], np.zeros(len(row))
        activity = np.hstack([np.eye(size)[row], np.eye(size)[column][:, 1:]])
    else:
        row, column = np.triu_indices(size)
        once = np.where(row == column, 0.5, 1.0)
        counts, offset = table.ties[row, column] * once, np.log(once)
        activity = np.eye(size)[row] + np.eye(size)[column]
    own = (row == column).astype(np.float64)
    excess = np.eye(size)[row] * own[:, None] if per_group else own[:, None]
    return counts, offset, np.hstack([activity, excess])


def _poisson(counts: Array, offset: Array, design: Array) -> tuple[Array, Array, float] | None:
    """Fit a log-linear model by Newton's steps: coefficients, their covariance, deviance; None if it has no maximum."""
    mean = counts + 0.5
    coefficients: Array = np.zeros(design.shape[1])
    for _ in range(STEPS):
        working = np.log(mean) - offset + (counts - mean) / mean
        information = design.T @ (design * mean[:, None])
        try:
            new = np.asarray(np.linalg.solve(information, design.T @ (mean * working)), dtype=np.float64)
        except np.linalg.LinAlgError:
            return None
        step, coefficients = np.abs(new - coefficients).max(), new
        if not np.isfinite(coefficients).all() or np.abs(coefficients).max() > 30:
            return None  # the likelihood grows for ever: some cell wants to be empty
        mean = np.exp(design @ coefficients + offset)
        if step < CLOSE:
            break
    observed = counts > 0
    deviance = 2 * float((counts[observed] * np.log(counts[observed] / mean[observed])).sum() - (counts - mean).sum())
    covariance = np.asarray(np.linalg.inv(design.T @ (design * mean[:, None])), dtype=np.float64)
    return coefficients, covariance, max(deviance, 0.0)
