"""Who is not in the network, and could be expected there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

import pandas as pd

from reseau_territorial._arguments import check_network
from reseau_territorial._views import check_by
from reseau_territorial.network import Choice, Network
from reseau_territorial.vocabulary import check_lang

__all__ = ["missing_actors"]

Lang = Literal["fr", "en"]

READINGS: Final = {
    "unknown": ("on ne sait pas s’il coopère\u202f: à demander", "not known whether it works with others: to ask"),
    "absent": ("lié ailleurs ou à un autre moment, pas ici", "tied elsewhere or at another time, not here"),
    "untied": ("lié à personne", "tied to nobody"),
    "alone": ("répond au besoin sans lien avec les autres répondants", "answers the need without a tie to the others"),
    "no actor": ("personne de ce groupe n’est lié ici", "nobody of this group is tied here"),
}


def missing_actors(
    net: Network,
    *,
    by: str = "kind",
    expected: Iterable[str] | None = None,
    layer: Choice = None,
    period: Choice = None,
    lang: Lang = "fr",
) -> pd.DataFrame:
    """List who is missing from a network: untied actors, providers left alone, groups without anyone.

    Parameters
    ----------
    net : Network
        The whole network: what is outside the selection says who could be expected inside.
    by : str, default "kind"
        Actor column that gives the groups; an actor without one is listed without.
    expected : iterable of str, optional
        Groups that should be there, such as ``["epci", "association"]``. When missing, the groups of ``net.actors``.
    layer, period : str or list of str, optional
        Where actors are looked for.
    lang : {"fr", "en"}
        Language of ``reading``.

    Returns
    -------
    DataFrame
        One row per absence: ``subject`` (an actor or a group), ``group``, ``need`` (missing but for ``alone``),
        ``reason`` and ``reading``, the reason in words. Reasons:

        - ``unknown``: its only ties here are of unknown status: absent or unobserved, one cannot say;
        - ``absent``: no tie here, but some in another layer or period;
        - ``untied``: no tie anywhere;
        - ``alone``: it answers a need that others answer too, and is tied to none of them;
        - ``no actor``: no actor of an expected group is tied here.

    Raises
    ------
    UnknownNameError
        If the column, a layer or a period is not there.

    Notes
    -----
    A list of questions to ask, not of faults: an actor may be missing because nobody was asked. It follows the use of
    the coordination gap of institutional fit (Feiock 2013).

    References
    ----------
    Feiock (2013). The institutional collective action framework. Policy Studies Journal 41(3), 397-425.

    Examples
    --------
    >>> ties = pd.DataFrame({"source": ["a"], "target": ["b"]})
    >>> actors = pd.DataFrame({"actor": list("abc"), "kind": ["commune", "epci", "association"]})
    >>> missing_actors(Network(ties, actors=actors), lang="en")[["subject", "reason"]].values.tolist()
    [['c', 'untied'], ['association', 'no actor']]
    """
    check_network(net)
    check_lang(lang)
    actors = net.actors
    check_by(actors, by)
    groups = actors[by].astype("object").where(actors[by].notna(), None)
    view = net._view(layer=layer, period=period, weight=None)
    tied = set(view.actors.take(view.source)) | set(view.actors.take(view.target))
    rows: list[tuple[str, object, object, str]] = []
    rows += [(actor, groups[actor], None, reason) for actor, reason in _untied(net, tied, layer, period)]
    rows += [(actor, groups[actor], need, "alone") for actor, need in _alone(net, layer=layer, period=period)]
    here = {str(groups[actor]) for actor in tied if groups[actor] is not None}
    wanted = expected if expected is not None else sorted({str(group) for group in groups if group is not None})
    rows += [(group, group, None, "no actor") for group in wanted if group not in here]
    table = pd.DataFrame(rows, columns=["subject", "group", "need", "reason"])
    place = 0 if lang == "fr" else 1
    return table.assign(reading=[READINGS[reason][place] for reason in table["reason"]])


def _untied(net: Network, tied: set[str], layer: Choice, period: Choice) -> list[tuple[str, str]]:
    """Return the actors without a present tie here, and the reason."""
    ties = net.ties
    here = pd.Series(True, index=ties.index)
    for name, choice in (("layer", layer), ("period", period)):
        if choice is not None:
            wanted = [choice] if isinstance(choice, str | int) else list(choice)
            here &= ties[name].isin([str(value) for value in wanted])
    ends = ties.melt(id_vars=["status"], value_vars=["source", "target"], value_name="actor", ignore_index=False)
    unknown = set(ends.loc[here.reindex(ends.index) & (ends["status"] == "unknown"), "actor"])
    elsewhere = set(ends.loc[ends["status"] == "present", "actor"])
    reasons = []
    for actor in net.actors.index:
        if actor not in tied:
            reason = "unknown" if actor in unknown else "absent" if actor in elsewhere else "untied"
            reasons.append((str(actor), reason))
    return reasons


def _alone(net: Network, *, layer: Choice, period: Choice) -> list[tuple[str, str]]:
    """Return the actors who answer a need that others answer, without a tie to any of them."""
    provision = net.provision
    provision = provision[provision["status"] == "present"] if "status" in provision else provision
    if period is not None:
        wanted = [period] if isinstance(period, str | int) else list(period)
        provision = provision[provision["period"].isna() | provision["period"].isin([str(value) for value in wanted])]
    view = net._view(layer=layer, period=period, weight=None)
    matrix = view.undirected_binary
    found = []
    for need, rows in provision.groupby("need", sort=True):
        holders = rows["actor"].drop_duplicates()
        place = view.actors.get_indexer(pd.Index(holders))
        inside = place[place >= 0]
        for actor, position in zip(holders, place, strict=True):
            if len(holders) > 1 and (position < 0 or matrix[[position]][:, inside].nnz == 0):
                found.append((str(actor), str(need)))
    return found
