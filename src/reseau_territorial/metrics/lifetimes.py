"""How long ties live, period after period."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._views import check_missing
from reseau_territorial.errors import ReseauError
from reseau_territorial.metrics._slices import Names
from reseau_territorial.metrics._waves import ABSENT, PRESENT, pair_groups, tie_waves

if TYPE_CHECKING:
    from reseau_territorial.network import Missing, Network

__all__ = ["survival"]


def survival(
    net: Network,
    *,
    by: str | None = None,
    missing: Missing = "error",
    layer: Names = None,
    first_period: bool = False,
) -> pd.DataFrame:
    r"""Survival of ties by age, in periods, for networks of three periods or more (Kaplan-Meier).

    Parameters
    ----------
    net : Network
        A network with three periods or more.
    by : str, optional
        Actor column: one curve per type of pair.
    missing : {"error", "drop", "group"}
        What to do with actors that have no `by`.
    layer : str or list of str, optional
        Keep only these layers. A tie is a pair in a layer.
    first_period : bool, default False
        Also follow the ties of the first period, whose birth was not seen: their age counts from there.

    Returns
    -------
    pandas.DataFrame
        Indexed by `age` (periods since the tie appeared; with `by` after the two groups): `at_risk`, `ended`,
        `survival` (share still there at that age), `lower` and `upper` (95 %, log-log transform of
        Greenwood's variance; NaN where the variance is not defined).

    Raises
    ------
    ReseauError
        If there are fewer than three periods.

    Notes
    -----
    A tie that comes back after an absence is another spell. A spell is censored at the last period, or when
    the tie becomes unknown.

    .. math:: \hat S(a) = \prod_{j \le a} \left(1 - \frac{d_j}{n_j}\right)

    References
    ----------
    Kaplan & Meier (1958). Nonparametric estimation from incomplete observations. Journal of the American
    Statistical Association 53, 457-481.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": "A", "target": ["B", "C", "C", "D"],
    ...                      "period": ["2019", "2020", "2021", "2020"]})
    >>> survival(Network(ties))["survival"].to_dict()
    {1: 0.5}
    """
    check_missing(missing)
    waves = tie_waves(net, layer)
    if len(waves.periods) < 3:
        raise ReseauError(
            f"survival() needs three periods or more; the network has {len(waves.periods)}. Add ties of others."
        )
    row, length, ended = _spells(waves.state, first_period=first_period)
    if by is None:
        return _kaplan_meier(length, ended)
    curves = {}
    for pair, members in pair_groups(net, waves, by, missing, "ties").items():
        chosen = np.isin(row, members)
        if chosen.any():
            curves[pair] = _kaplan_meier(length[chosen], ended[chosen])
    return pd.concat(curves, names=["source_group", "target_group"])


def _spells(
    state: NDArray[np.int8], *, first_period: bool
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Return, for each spell of presence, its row, its length in periods, and whether its end was seen."""
    rows, lengths, ends = [], [], []
    periods = state.shape[1]
    for start in range(0 if first_period else 1, periods):
        began = state[:, start] == PRESENT
        if start > 0:
            began &= state[:, start - 1] == ABSENT
        for row in np.flatnonzero(began):
            stop = start + 1
            while stop < periods and state[row, stop] == PRESENT:
                stop += 1
            rows.append(row)
            lengths.append(stop - start)
            ends.append(stop < periods and state[row, stop] == ABSENT)
    return np.array(rows, dtype=np.int64), np.array(lengths, dtype=np.int64), np.array(ends, dtype=bool)


def _kaplan_meier(length: NDArray[np.int64], ended: NDArray[np.bool_]) -> pd.DataFrame:
    """Estimate the survival at each age that some spell could reach and be seen at."""
    seen = length - ~ended
    ages = np.arange(1, int(seen.max()) + 1 if len(seen) else 1)
    at_risk = np.array([(seen >= age).sum() for age in ages], dtype=np.float64)
    ends = np.array([(ended & (length == age)).sum() for age in ages], dtype=np.float64)
    share = np.cumprod(1.0 - ends / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(ends / (at_risk * (at_risk - ends)))
        width = 1.959963984540054 * np.sqrt(greenwood) / np.abs(np.log(share))
        lower, upper = share ** np.exp(width), share ** np.exp(-width)
    inside = (share > 0) & (share < 1)
    return pd.DataFrame(
        {
            "at_risk": at_risk.astype(int),
            "ended": ends.astype(int),
            "survival": share,
            "lower": np.where(inside, lower, np.nan),
            "upper": np.where(inside, upper, np.nan),
        },
        index=pd.Index(ages, name="age"),
    )
