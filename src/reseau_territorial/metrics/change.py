"""What changes between periods: ties kept, lost, new, formal at last (who comes in: see `arrivals`)."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._views import check_missing
from reseau_territorial.errors import ReseauError
from reseau_territorial.metrics._slices import Names
from reseau_territorial.metrics._waves import (
    ABSENT,
    PRESENT,
    UNKNOWN,
    Subject,
    Waves,
    known_pairs,
    pair_groups,
    tie_waves,
    two_periods,
    waves_of,
)

if TYPE_CHECKING:
    from reseau_territorial.network import Missing, Network

__all__ = ["formalisation", "persistence", "retention", "turnover"]


def turnover(
    net: Network,
    *,
    before: str | None = None,
    after: str | None = None,
    layer: Names = None,
    of: Subject = "ties",
) -> pd.DataFrame:
    r"""Turnover between periods: what is stable, created and dissolved.

    Parameters
    ----------
    net : Network
        A network with periods.
    before, after : str, optional
        Two periods. By default each period and the next.
    layer : str or list of str, optional
        Keep only these layers. A tie is a pair in a layer: :meth:`Network.collapse` the layers first to
        follow pairs whatever the layer.
    of : {"ties", "provision"}
        Follow the ties, or the answers to needs (actor, need, territory) of `net.provision`.

    Returns
    -------
    pandas.DataFrame
        A row per pair of periods (index ``before``, ``after``). Counts: `stable`, `created`, `dissolved`,
        `unknown` (not known in one of the two, and left out of the rest). Shares: `jaccard` = stable /
        (stable + created + dissolved), `persistence` = stable / (stable + dissolved), `novelty` = created /
        (stable + created); NaN when nothing is there to divide by. `hamming` = created + dissolved.
        `correlation`: Pearson's, over all pairs of actors and layers known in both periods, between who is tied in
        the one and in the other (the statistic of a QAP test; NaN for answers, and when all or no pairs are tied).
        Undated ties belong to no period.

    Raises
    ------
    ReseauError
        If there are fewer than two periods, or `before` is not earlier than `after`.

    Notes
    -----
    Jaccard mixes what is lost with what is new: read it with persistence and novelty. The p-value of
    the correlation is that of :func:`qap`, ``qap(net, before=..., after=..., actors="all", weight=None)``.

    With a and b the shares of N pairs tied in each period and s the stable ties,

    .. math:: r = \frac{s / N - ab}{\sqrt{a (1 - a) b (1 - b)}}

    References
    ----------
    Snijders, van de Bunt & Steglich (2010). Introduction to stochastic actor-based models for network
    dynamics. Social Networks 32(1), 44-60.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["A", "A", "A"], "target": ["B", "B", "C"],
    ...                      "period": ["before", "crisis", "crisis"]})
    >>> turnover(Network(ties)).loc[("before", "crisis"), ["stable", "created", "novelty"]].to_list()
    [1.0, 1.0, 0.5]
    """
    waves = waves_of(net, layer, of)
    if (before is None) != (after is None):
        raise ReseauError("give both before= and after=, or neither")
    pairs = list(pairwise(waves.periods)) if before is None or after is None else [(before, after)]
    if not pairs:
        raise ReseauError(
            f"turnover() compares periods and the network has {len(waves.periods)}. Fill in the column period of ties."
        )
    rows = []
    for first, second in pairs:
        one, two = two_periods(waves, first, second)
        pairs_known = known_pairs(net, waves, one, two) if of == "ties" else 0
        rows.append(_turnover(waves.state[:, one], waves.state[:, two], pairs_known))
    index = pd.MultiIndex.from_tuples([(str(a), str(b)) for a, b in pairs], names=["before", "after"])
    return pd.DataFrame(rows, index=index)


def _turnover(first: NDArray[np.int8], second: NDArray[np.int8], pairs: int) -> dict[str, float]:
    stable = int(((first == PRESENT) & (second == PRESENT)).sum())
    created = int(((first == ABSENT) & (second == PRESENT)).sum())
    dissolved = int(((first == PRESENT) & (second == ABSENT)).sum())
    one_known = (first == PRESENT) | (second == PRESENT)
    return {
        "stable": stable,
        "created": created,
        "dissolved": dissolved,
        "unknown": int((one_known & ((first == UNKNOWN) | (second == UNKNOWN))).sum()),
        "jaccard": _share(stable, stable + created + dissolved),
        "persistence": _share(stable, stable + dissolved),
        "novelty": _share(created, stable + created),
        "hamming": created + dissolved,
        "correlation": _correlation(stable, stable + dissolved, stable + created, pairs),
    }


def _correlation(both: int, one: int, other: int, pairs: int) -> float:
    """Correlate two sets of ties, from their numbers, over all pairs."""
    if not (0 < one < pairs and 0 < other < pairs):
        return float("nan")
    return float((pairs * both - one * other) / np.sqrt(float(one * (pairs - one) * other * (pairs - other))))


def retention(
    net: Network,
    *,
    before: str,
    after: str,
    new_since: str | None = None,
    by: str | None = None,
    missing: Missing = "error",
    layer: Names = None,
    of: Subject = "ties",
) -> pd.Series | pd.DataFrame:
    r"""Retention: the share of the ties of a period that are still there later, with bounds for missing answers.

    Parameters
    ----------
    net : Network
        A network with periods.
    before, after : str
        The period whose ties are followed, and a later one.
    new_since : str, optional
        An earlier period: follow only the ties that were not there yet. ``retention(net, before="crisis",
        after="after", new_since="before")`` is the retention of the ties born in the crisis.
    by : str, optional
        Actor column: one row per type of pair.
    missing : {"error", "drop", "group"}
        What to do with actors that have no `by`.
    layer : str or list of str, optional
        Keep only these layers. A tie is a pair in a layer.
    of : {"ties", "provision"}
        Follow the ties, or the answers to needs of `net.provision` (then `by` reads the actor).

    Returns
    -------
    pandas.Series or pandas.DataFrame
        `ties` (followed), `kept`, `lost`, `unknown` later; then three shares between 0 and 1: `lower` (each
        unknown tie was lost), `observed` (among the known ones), `upper` (each was kept). NaN when there is
        no tie. With `by`, a row per pair of groups (``source_group``, ``target_group``; unordered for
        undirected ties).

    Raises
    ------
    UnknownNameError
        If a period, a layer or a column does not exist.
    ReseauError
        If the periods are not in order.

    Notes
    -----
    A tie is unknown in a period when a row says so, or when someone who could have named it was not observed:
    its source if the layer is directed, either end if not (one end that does not name it leaves the other to
    say). A tie without a row is absent otherwise. When it is unknown whether a tie was there in `new_since`,
    the bounds take the worst and the best case; it counts in none of the numbers.

    .. math::

        \frac{k}{n} \le r \le \frac{k + u}{n}, \qquad r_{observed} = \frac{k}{n - u}

    References
    ----------
    Berardo & Scholz (2010). Self-organizing policy networks: risk, partner selection, and cooperation in
    estuaries. American Journal of Political Science 54(3), 632-649 (data with missing answers); Manski
    (2003). Partial identification of probability distributions (bounds).

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["A", "A", "A", "A", "A"], "target": ["B", "C", "D", "B", "D"],
    ...                      "period": ["crisis", "crisis", "crisis", "after", "after"],
    ...                      "status": ["present", "present", "present", "present", "unknown"]})
    >>> retention(Network(ties), before="crisis", after="after").round(2).to_dict()
    {'ties': 3.0, 'kept': 1.0, 'lost': 1.0, 'unknown': 1.0, 'lower': 0.33, 'observed': 0.5, 'upper': 0.67}
    """
    check_missing(missing)
    waves = waves_of(net, layer, of)
    first, second = two_periods(waves, before, after)
    born, perhaps = _followed(waves, first, new_since, before)
    later = waves.state[:, second]
    if by is None:
        return pd.Series(_retained(later[born], later[perhaps]), name="retention")
    groups = pair_groups(net, waves, by, missing, of)
    rows = {
        pair: _retained(later[members[born[members]]], later[members[perhaps[members]]])
        for pair, members in groups.items()
        if (born | perhaps)[members].any()
    }
    if of == "provision":
        index: pd.Index[Any] = pd.Index([pair[0] for pair in rows], name=by)
    else:
        index = pd.MultiIndex.from_tuples(list(rows), names=["source_group", "target_group"])
    return pd.DataFrame(list(rows.values()), index=index)


def _followed(
    waves: Waves, first: int, new_since: str | None, before: str
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the ties to follow, and those that may or may not be followed."""
    present = waves.state[:, first] == PRESENT
    if new_since is None:
        return present, np.zeros(len(present), dtype=bool)
    earlier = waves.state[:, two_periods(waves, new_since, before)[0]]
    return present & (earlier == ABSENT), present & (earlier == UNKNOWN)


def _retained(later: NDArray[np.int8], perhaps: NDArray[np.int8]) -> dict[str, float]:
    kept, lost, unknown = (float((later == state).sum()) for state in (PRESENT, ABSENT, UNKNOWN))
    maybe_kept, maybe_lost, maybe_unknown = (float((perhaps == state).sum()) for state in (PRESENT, ABSENT, UNKNOWN))
    ties = kept + lost + unknown
    lowest = ties + maybe_lost + maybe_unknown
    highest = kept + unknown + maybe_kept + maybe_unknown
    return {
        "ties": ties,
        "kept": kept,
        "lost": lost,
        "unknown": unknown,
        "lower": kept / lowest if lowest else (1.0 if maybe_kept else float("nan")),
        "observed": _share(kept, kept + lost),
        "upper": highest / (highest + lost) if highest + lost else (0.0 if maybe_lost else float("nan")),
    }


def persistence(net: Network, *, before: str, crisis: str, after: str, layer: Names = None) -> pd.DataFrame:
    r"""Compare what lasts of ordinary ties and of ties born in a crisis.

    Parameters
    ----------
    net : Network
        A network with periods.
    before, crisis, after : str
        Three periods, in order.
    layer : str or list of str, optional
        Keep only these layers. A tie is a pair in a layer.

    Returns
    -------
    pandas.DataFrame
        Rows: ``"ordinary"`` (ties of `before` found in `crisis`), ``"inherited"`` (ties of both found in
        `after`), ``"crisis-born"`` (ties of `crisis` that were not in `before`, found in `after`). Columns:
        those of :func:`retention`, and `expected`: the share that would be found if actors were shuffled in
        the later period, that is the density of each layer there.

    Raises
    ------
    ReseauError
        If the periods are not in order.

    Notes
    -----
    The retention of crisis-born ties alone says little: ordinary ties do not all last either, and some would
    be found again by chance. The three rows answer "more than usual?" and "more than chance?".

    References
    ----------
    Hubert & Schultz (1976). Quadratic assignment as a general data analysis strategy. British Journal of
    Mathematical and Statistical Psychology 29, 190-241 (the shuffling).

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["A", "A", "A", "A"], "target": ["B", "B", "C", "C"],
    ...                      "period": ["before", "crisis", "crisis", "after"]})
    >>> persistence(Network(ties), before="before", crisis="crisis", after="after")["observed"].to_dict()
    {'ordinary': 1.0, 'inherited': 0.0, 'crisis-born': 1.0}
    """
    waves = tie_waves(net, layer)
    one, two = two_periods(waves, before, crisis)
    three = two_periods(waves, crisis, after)[1]
    state = waves.state
    present = state[:, two] == PRESENT
    ordinary = state[:, one] == PRESENT
    cases = {
        "ordinary": (ordinary, two),
        "inherited": (ordinary & present, three),
        "crisis-born": (present & (state[:, one] == ABSENT), three),
    }
    perhaps = present & (state[:, one] == UNKNOWN)
    rows = []
    for name, (followed, column) in cases.items():
        doubtful = perhaps if name != "ordinary" else np.zeros_like(perhaps)
        counts = _retained(state[followed, column], state[doubtful, column])
        rows.append({**counts, "expected": _by_chance(net, waves, followed, column)})
    return pd.DataFrame(rows, index=pd.Index(cases, name="ties"))


def _by_chance(net: Network, waves: Waves, followed: NDArray[np.bool_], column: int) -> float:
    """Mean density, in a later period, of the layers of the ties followed."""
    if not followed.any():
        return float("nan")
    pairs = len(net) * (len(net) - 1)
    pairs_of = waves.keys["directed"].map({True: pairs, False: pairs / 2})
    there = waves.keys["layer"][waves.state[:, column] == PRESENT].value_counts()
    density = waves.keys["layer"].map(there).fillna(0.0).astype(float) / pairs_of
    return float(density[followed].mean())


def formalisation(
    net: Network, *, before: str, after: str, new_since: str | None = None, layer: Names = None
) -> pd.Series:
    r"""Formalisation: the share of the informal ties of a period that are formal later, with bounds.

    Parameters
    ----------
    net : Network
        A network with periods.
    before, after : str
        The period whose informal ties are followed, and a later one.
    new_since : str, optional
        An earlier period: follow only the ties that were not there yet.
    layer : str or list of str, optional
        Keep only these layers. A tie is a pair in a layer.

    Returns
    -------
    pandas.Series
        `ties` (informal at first), of which `formal`, `informal`, `ended` and `unknown` later; then `lower`,
        `observed` and `upper`, as in :func:`retention`; then `undetermined`: ties of `before` that are not
        said to be formal or informal, left out. NaN when no tie is informal.

    Raises
    ------
    ReseauError
        If the periods are not in order.

    Notes
    -----
    A tie is formal when `formal` says so, else when its level is 3 or 4; informal when `formal` is false,
    else at level 1 or 2.

    References
    ----------
    Isett, Mergel, LeRoux, Mischen & Rethemeyer (2011). Networks in public administration scholarship. Journal
    of Public Administration Research and Theory 21, i157-i173 (formal and informal networks).

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["A", "A", "A"], "target": ["B", "C", "B"], "level": [2, 2, 3],
    ...                      "period": ["crisis", "crisis", "after"]})
    >>> formalisation(Network(ties), before="crisis", after="after")[["ties", "formal", "ended"]].to_list()
    [2.0, 1.0, 1.0]
    """
    waves = tie_waves(net, layer)
    first, second = two_periods(waves, before, after)
    followed, _ = _followed(waves, first, new_since, before)
    informal = followed & (waves.formal[:, first] == 0)
    state, formality = waves.state[informal, second], waves.formal[informal, second]
    ties = float(informal.sum())
    formal = float(((state == PRESENT) & (formality == 1)).sum())
    still = float(((state == PRESENT) & (formality == 0)).sum())
    ended = float((state == ABSENT).sum())
    unknown = ties - formal - still - ended
    values = {
        "ties": ties,
        "formal": formal,
        "informal": still,
        "ended": ended,
        "unknown": unknown,
        "lower": _share(formal, ties),
        "observed": _share(formal, ties - unknown),
        "upper": _share(formal + unknown, ties),
        "undetermined": float((followed & (waves.formal[:, first] < 0)).sum()),
    }
    return pd.Series(values, name="formalisation")


def _share(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")
