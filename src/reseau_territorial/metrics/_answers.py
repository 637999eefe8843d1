"""Who answers which need, and how far from whom: the arrays behind the measures of needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._arguments import check_network
from reseau_territorial._selection import check_choice, names_of
from reseau_territorial.errors import ReseauError, unknown_name
from reseau_territorial.metrics._slices import Matrix, Names

if TYPE_CHECKING:
    from reseau_territorial.network import Network

SERVING = ("provider", "holder", "delegate", "contact")
Users = Mapping[str, Any] | Sequence[str] | str | None


@dataclass(frozen=True, eq=False)
class Service:
    """Contacts between actors, and what each actor answers.

    Attributes
    ----------
    actors, needs : pandas.Index
        Rows of the matrices; columns of `offer`.
    contacts : csr matrix, shape (actors, actors)
        1 where two actors are tied, in either direction.
    offer : csr matrix, shape (actors, needs)
        1 where the actor answers the need.
    users : ndarray of int
        Positions of the actors whose needs are looked at.
    """

    actors: pd.Index[Any]
    needs: pd.Index[Any]
    contacts: Matrix
    offer: Matrix
    users: NDArray[np.intp]

    def distances(self, *, without: int | None = None) -> NDArray[np.float64]:
        """Return the steps from each user to the nearest actor that answers each need (inf if none).

        `without` takes an actor out of the network.
        """
        from scipy import sparse
        from scipy.sparse import csgraph

        contacts, offer = self.contacts, self.offer
        if without is not None:
            kept = np.ones(len(self.actors))
            kept[without] = 0.0
            mask = diagonal(kept)
            contacts, offer = mask @ contacts @ mask, mask @ offer
            contacts = sparse.csr_array(contacts)
            contacts.eliminate_zeros()
        columns = offer.tocsc()
        result = np.full((len(self.users), len(self.needs)), np.inf)
        for need in range(len(self.needs)):
            begin, end = columns.indptr[need : need + 2]
            providers = columns.indices[begin:end][columns.data[begin:end] > 0]
            if len(providers):
                steps = csgraph.dijkstra(contacts, indices=providers, unweighted=True, min_only=True)
                result[:, need] = steps[self.users]
        return result

    def reach(self, within: int) -> Matrix:
        """Return 1 where an actor is within some steps of another, itself included."""
        from scipy import sparse

        n = len(self.actors)
        near: Matrix = sparse.eye_array(n, format="csr")
        for _ in range(within):
            near = near + near @ self.contacts
            near.data[:] = 1.0
        return near.tocsr()


def service(net: Network, *, users: Users, layer: Names, period: Names, roles: Sequence[str] = SERVING) -> Service:
    """Read contacts and answers of a selection."""
    from scipy import sparse

    check_network(net)
    view = net._view(layer=layer, period=period, weight=None)
    answers = answers_of(net, period=period, roles=roles)
    actor = view.actors.get_indexer(pd.Index(answers["actor"]))
    need, needs = pd.factorize(answers["need"], sort=True)
    here = actor >= 0
    offer = sparse.csr_array(
        (np.ones(int(here.sum())), (actor[here], need[here])), shape=(len(view.actors), len(needs))
    )
    offer.sum_duplicates()
    offer.data[:] = 1.0
    return Service(
        view.actors, pd.Index(needs, name="need"), view.undirected_binary, offer, _positions(net, view.actors, users)
    )


def answers_of(net: Network, *, period: Names, roles: Sequence[str] = SERVING) -> pd.DataFrame:
    """Return the rows of `net.provision` that are present, of a period, and serve."""
    check_network(net)
    answers = net.provision
    if not len(answers):
        raise ReseauError(
            "the network has no provision: no table says which actor answers which need. Give "
            "rt.Network a table provision with the columns actor and need."
        )
    status = answers["status"].fillna("present")
    kept = (status == "present") & (answers["role"].isna() | answers["role"].isin(list(roles)))
    if period is not None:
        names = names_of(period, "period") or ()
        check_choice(dict.fromkeys([*net.periods, *answers["period"].dropna().unique()]), names, "period")
        kept &= answers["period"].isna() | answers["period"].isin(names)
    return answers[kept].reset_index(drop=True)


def _positions(net: Network, actors: pd.Index[Any], users: Users) -> NDArray[np.intp]:
    if users is None:
        return np.arange(len(actors))
    if isinstance(users, Mapping):
        chosen = net.select(**users).actors.index
    else:
        chosen = pd.Index([users] if isinstance(users, str) else list(users))
        for name in chosen:
            if name not in net.actors.index:
                raise unknown_name("actor", name, net.actors.index)
    found = actors.get_indexer(chosen)
    return np.sort(found[found >= 0])


def diagonal(values: NDArray[np.float64]) -> Matrix:
    """Return the matrix that has some values on its diagonal."""
    from scipy import sparse

    return sparse.csr_array(sparse.diags_array(values))


def check_within(within: int) -> None:
    """Raise if a number of steps is not one."""
    if within < 0 or within != int(within):
        raise ReseauError(f"within must be a number of steps, 0 or more; got {within!r}")
