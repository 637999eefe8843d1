"""Answers that are missing, alone, or given several times; what fails with one actor; rivals without a tie."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.metrics._answers import SERVING, Users, answers_of, check_within, service
from reseau_territorial.metrics._failures import losses
from reseau_territorial.metrics._slices import Matrix, Names, choose

if TYPE_CHECKING:
    from reseau_territorial.network import Network

__all__ = ["continuity", "coordination_gap", "duplicates"]

CELL = ["territory", "need"]
_Answer = tuple[str, bool, float]  # actor, whether it acts for another, capacity


def duplicates(
    net: Network,
    *,
    territories: Sequence[str] | None = None,
    needs: Sequence[str] | None = None,
    period: Names = None,
    roles: Sequence[str] = SERVING,
    delegation: str | None = "delegation",
) -> pd.DataFrame:
    r"""State of each need in each territory: a gap, one answer, several, or one that is delegated.

    Parameters
    ----------
    net : Network
        A network with a provision: who answers which need.
    territories, needs : list of str, optional
        What should be covered: everything named here is a row, even if nobody answers. By default the
        territories and needs that `net.provision` names.
    period : str or list of str, optional
        Keep only the answers of these periods (those without a period always count).
    roles : sequence of str
        Roles of `net.provision` that serve; an answer without a role serves.
    delegation : str or None, default "delegation"
        Layer whose ties join those who delegate and those who act for them.

    Returns
    -------
    pandas.DataFrame
        Indexed by (territory, need): `state`, `providers` (number of different actors), `independent` (once
        those joined by delegation are counted as one), `excess` (answers beyond the first), `effective`
        (effective number of desks; by the column `capacity` of the provision, if there is one) and `actors`
        (who). `state` is ``"gap"`` (nobody), ``"sole"`` (one actor), ``"delegated"`` (several, all joined by
        delegation or by the role ``"delegate"``) or ``"duplicated"`` (several that are not).

    Raises
    ------
    ReseauError
        If the network has no provision.

    Notes
    -----
    Duplication is bad for simplicity and good for continuity: read it with :func:`continuity`. An actor whose
    role is ``"delegate"`` acts for another, and is not counted as independent when another answers.

    .. math:: \text{effective} = 1 / \sum_i p_i^2

    References
    ----------
    Hill (1973). Diversity and evenness: a unifying notation and its consequences. Ecology 54(2), 427-432.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> provision = pd.DataFrame({"actor": ["Town", "County", "Town"], "need": ["masks", "masks", "aid"],
    ...                           "territory": "37261"})
    >>> net = Network(actors=pd.DataFrame({"actor": ["Town", "County"]}), provision=provision)
    >>> duplicates(net, needs=["aid", "masks", "schools"])["state"].droplevel("territory").to_dict()
    {'aid': 'sole', 'masks': 'duplicated', 'schools': 'gap'}
    """
    answers = answers_of(net, period=period, roles=roles)
    cells = _cells(net, answers, territories, needs)
    joined = _delegation_pairs(net, delegation)
    given: dict[tuple[str | None, str], list[_Answer]] = defaultdict(list)
    capacity = answers["capacity"] if "capacity" in answers.columns else np.full(len(answers), np.nan)
    for territory, need, *answer in zip(
        answers["territory"], answers["need"], answers["actor"], answers["role"], capacity, strict=True
    ):
        given[_key(territory, need)].append((str(answer[0]), answer[1] == "delegate", float(answer[2])))
    return pd.DataFrame([_cell(given.get(_key(*cell), []), joined) for cell in cells], index=cells)


def _cells(
    net: Network, answers: pd.DataFrame, territories: Sequence[str] | None, needs: Sequence[str] | None
) -> pd.MultiIndex:
    """Return every territory with every need; a need without any territory stands for itself."""
    everything = net.provision
    places = sorted(everything["territory"].dropna().unique()) if territories is None else list(territories)
    asked = sorted(everything["need"].unique()) if needs is None else list(needs)
    cells = [(place, need) for place in places for need in asked]
    nowhere = answers.loc[answers["territory"].isna(), "need"].unique()
    if territories is None:
        cells += [(np.nan, need) for need in asked if need in nowhere or not places]
    return pd.MultiIndex.from_tuples(cells, names=CELL)


def _key(territory: Any, need: Any) -> tuple[str | None, str]:
    return (None if pd.isna(territory) else str(territory), str(need))


def _delegation_pairs(net: Network, delegation: str | None) -> set[frozenset[str]]:
    ties = net.ties
    if delegation is None:
        return set()
    found = ties[(ties["layer"] == delegation) & (ties["status"] == "present")]
    return {frozenset(pair) for pair in zip(found["source"], found["target"], strict=True)}


def _cell(answers: list[_Answer], joined: set[frozenset[str]]) -> dict[str, Any]:
    """Describe the answers to one need in one territory."""
    actors = tuple(sorted({actor for actor, _, _ in answers}))
    independent = _independent(actors, {actor for actor, delegate, _ in answers if delegate}, joined)
    several = "delegated" if independent == 1 else "duplicated"
    return {
        "state": {0: "gap", 1: "sole"}.get(len(actors), several),
        "providers": len(actors),
        "independent": independent,
        "excess": max(0, len(actors) - 1),
        "effective": _effective(actors, answers),
        "actors": actors,
    }


def _effective(actors: tuple[str, ...], answers: list[_Answer]) -> float:
    """Return the effective number of desks; desks of unknown capacity count the same."""
    if any(np.isnan(capacity) for _, _, capacity in answers):
        return float(len(actors))
    share = dict.fromkeys(actors, 0.0)
    for actor, _, capacity in answers:
        share[actor] += capacity
    squares = sum(value**2 for value in share.values())
    return sum(share.values()) ** 2 / squares if squares else 0.0


def _independent(actors: tuple[str, ...], delegates: set[str], joined: set[frozenset[str]]) -> int:
    """Count the groups of actors joined by delegation, and leave out delegates when others answer."""
    group = {actor: actor for actor in actors}
    for first, second in combinations(actors, 2):
        if frozenset((first, second)) in joined:
            old, new = group[second], group[first]
            group = {actor: new if name == old else name for actor, name in group.items()}
    principals = {group[actor] for actor in actors if actor not in delegates}
    return len(principals) or min(1, len(actors))


def continuity(
    net: Network,
    *,
    served: Literal["actors", "territories"] = "actors",
    within: int = 1,
    users: Users = None,
    layer: Names = None,
    period: Names = None,
    roles: Sequence[str] = SERVING,
) -> pd.DataFrame:
    r"""Continuity of service: what is no longer answered when one actor fails.

    Parameters
    ----------
    net : Network
        A network with a provision: who answers which need.
    served : {"actors", "territories"}
        Whether needs are those of actors, who reach answers through ties, or of the territories of
        `net.provision`.
    within : int, default 1
        Steps that a user may take to an answer (for actors).
    users : dict, list of str or str, optional
        Whose needs are looked at (for actors): a filter such as ``{"sector": "civil"}``, or actors. By
        default everyone.
    layer, period : str or list of str, optional
        Keep only these layers, these periods (answers without a period always count).
    roles : sequence of str
        Roles of `net.provision` that serve; an answer without a role serves.

    Returns
    -------
    pandas.DataFrame
        Indexed by actor, most harmful failure first: `answers` (needs that it answers, or (territory, need)
        pairs), `lost` (pairs of another user, or a territory, with a need, that are served and no longer
        would be), `loss` (`lost` over the pairs served without the actor's own) and `needs` (those lost by
        somebody). ``attrs["secured"]`` is the share of served pairs that no single failure takes away (N-1
        coverage).

    Raises
    ------
    ReseauError
        If the network has no provision, or `within` is negative.

    Notes
    -----
    Beyond one step an answer is also lost with an actor on the way to it, when there is no other way of at
    most `within` steps.

    References
    ----------
    Menger (1927). Zur allgemeinen Kurventheorie. Fundamenta Mathematicae 10, 96-115 (independent ways).

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": "Ana", "target": ["Town", "County"]})
    >>> provision = pd.DataFrame({"actor": ["Town", "County", "County"], "need": ["masks", "masks", "aid"]})
    >>> continuity(Network(ties, provision=provision), users="Ana")[["lost", "loss"]].loc["County"].to_list()
    [1.0, 0.5]
    """
    choose("kind of continuity", served, ("actors", "territories"))
    check_within(within)
    if served == "territories":
        return _territorial_continuity(net, period, roles)
    offered = service(net, users=users, layer=layer, period=period, roles=roles)
    distance = offered.distances()
    any_failure, taken = losses(offered, within, distance)
    pairs = distance <= within
    own = np.zeros(len(offered.actors))
    own[offered.users] = pairs.sum(axis=1)
    remaining = pairs.sum() - own
    answers = np.asarray(offered.offer.sum(axis=1)).ravel().astype(int)
    secured = float((pairs & ~any_failure).sum() / pairs.sum()) if pairs.any() else float("nan")
    return _failure_table(offered.actors, answers, taken, remaining, offered.needs, secured)


def _territorial_continuity(net: Network, period: Names, roles: Sequence[str]) -> pd.DataFrame:
    answers = answers_of(net, period=period, roles=roles).drop_duplicates([*CELL, "actor"])
    number = answers.groupby(CELL, dropna=False)["actor"].transform("size")
    actors = net.actors.index
    actor = actors.get_indexer(pd.Index(answers["actor"]))
    need, needs = pd.factorize(answers["need"], sort=True)
    taken = np.zeros((len(actors), len(needs)), dtype=np.int64)
    sole = (number == 1).to_numpy()
    np.add.at(taken, (actor[sole], need[sole]), 1)
    pairs = len(answers[CELL].drop_duplicates())
    secured = 1.0 - int(sole.sum()) / pairs if pairs else float("nan")
    given = np.bincount(actor, minlength=len(actors))
    remaining = np.full(len(actors), float(pairs))
    return _failure_table(actors, given, taken, remaining, pd.Index(needs), secured)


def _failure_table(
    actors: pd.Index[Any],
    answers: NDArray[Any],
    taken: NDArray[np.int64],
    remaining: NDArray[np.float64],
    needs: pd.Index[Any],
    secured: float,
) -> pd.DataFrame:
    lost = taken.sum(axis=1)
    frame = pd.DataFrame(
        {
            "answers": answers,
            "lost": lost,
            "loss": np.divide(lost, remaining, out=np.full(len(lost), np.nan), where=remaining > 0),
            "needs": [tuple(needs[row > 0]) for row in taken],
        },
        index=actors,
    )
    frame = frame.sort_values("lost", ascending=False, kind="stable")
    frame.attrs = {"secured": secured}
    return frame


def coordination_gap(
    net: Network,
    *,
    layer: Names = None,
    period: Names = None,
    roles: Sequence[str] = SERVING,
) -> pd.DataFrame:
    r"""Coordination gap: the pairs of actors that answer the same need in the same territory, tied or not.

    Parameters
    ----------
    net : Network
        A network with a provision: who answers which need.
    layer, period : str or list of str, optional
        Ties of these layers and periods (answers without a period always count).
    roles : sequence of str
        Roles of `net.provision` that serve; an answer without a role serves.

    Returns
    -------
    pandas.DataFrame
        A row per pair (index ``source``, ``target``, in the order of the network): `shared` (number of
        (territory, need) that both answer) and `tied`. ``attrs["gap"]`` is the share of pairs that are not
        tied, between 0 and 1; NaN if no pair shares anything. Answers without a territory share the same one.

    Raises
    ------
    ReseauError
        If the network has no provision.

    Notes
    -----
    It measures competences held in silos: actors that should talk to each other and do not.

    References
    ----------
    Feiock (2013). The institutional collective action framework. Policy Studies Journal 41(3), 397-425.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["Town"], "target": ["County"]})
    >>> provision = pd.DataFrame({"actor": ["Town", "County", "State"], "need": "aid", "territory": "37"})
    >>> actors = pd.DataFrame({"actor": ["Town", "County", "State"]})
    >>> round(coordination_gap(Network(ties, actors=actors, provision=provision)).attrs["gap"], 2)
    0.67
    """
    from scipy import sparse

    answers = answers_of(net, period=period, roles=roles)
    view = net._view(layer=layer, period=period, weight=None)
    actors = net.actors.index
    actor = actors.get_indexer(pd.Index(answers["actor"]))
    cell = answers.groupby(CELL, dropna=False).ngroup().to_numpy()
    shape = (len(actors), int(cell.max()) + 1 if len(cell) else 0)
    holds = sparse.csr_array((np.ones(len(actor)), (actor, cell)), shape=shape)
    holds.sum_duplicates()
    holds.data[:] = 1.0
    shared: Matrix = sparse.coo_array(sparse.triu(holds @ holds.T, k=1))
    place = actors.get_indexer(view.actors)
    ends = sparse.coo_array(view.undirected_binary)
    met = place[ends.row].astype(np.int64) * len(actors) + place[ends.col]
    tied = np.isin(shared.row.astype(np.int64) * len(actors) + shared.col, met)
    order = np.lexsort((shared.col, shared.row))
    index = pd.MultiIndex.from_arrays(
        [actors[shared.row[order]], actors[shared.col[order]]], names=["source", "target"]
    )
    frame = pd.DataFrame({"shared": shared.data[order].astype(int), "tied": tied[order]}, index=index)
    frame.attrs = {"gap": float(1.0 - tied.mean()) if len(tied) else float("nan")}
    return frame
