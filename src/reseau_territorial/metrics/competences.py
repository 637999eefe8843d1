"""Who holds the same competences as whom: overlap of actors two by two, and nestedness of all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.metrics._answers import SERVING, answers_of
from reseau_territorial.metrics._slices import Matrix, Names

if TYPE_CHECKING:
    from reseau_territorial.network import Network

__all__ = ["competence_overlap", "nestedness"]


def competence_overlap(net: Network, *, period: Names = None, roles: Sequence[str] = SERVING) -> pd.DataFrame:
    r"""Overlap of the competences of two actors: how alike the sets of needs are that they answer.

    Parameters
    ----------
    net : Network
        A network with a provision; its column `need` holds needs or codes of competences.
    period : str or list of str, optional
        Keep only the answers of these periods (those without a period always count).
    roles : sequence of str
        Roles of `net.provision` that serve; an answer without a role serves.

    Returns
    -------
    pandas.DataFrame
        A row per pair of actors with a competence in common (index ``source``, ``target``, in the order of the
        network): `shared` (number in common), `either` (number that one of them holds at least), `jaccard` (their
        ratio, above 0 to 1: 1 for the same competences). Every other pair has 0. Territories play no part: see
        :func:`coordination_gap` for the pairs that meet in the same place. ``attrs["mean"]`` is the mean over all
        pairs of actors that hold a competence, NaN for fewer than two.

    Raises
    ------
    ReseauError
        If the network has no provision.

    Notes
    -----
    .. math:: J_{ij} = \frac{|C_i \cap C_j|}{|C_i \cup C_j|}

    References
    ----------
    Jaccard (1912). The distribution of the flora in the alpine zone. New Phytologist 11, 37-50.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> provision = pd.DataFrame({"actor": ["Town", "Town", "County"], "need": ["masks", "aid", "aid"]})
    >>> net = Network(actors=pd.DataFrame({"actor": ["Town", "County"]}), provision=provision)
    >>> competence_overlap(net)["jaccard"].to_list()
    [0.5]
    """
    from scipy import sparse

    actors, held = _held(net, period, roles)
    number = np.asarray(held.sum(axis=1)).ravel()
    common: Matrix = sparse.coo_array(sparse.triu(held @ held.T, k=1))
    order = np.lexsort((common.col, common.row))
    row, column, shared = common.row[order], common.col[order], common.data[order]
    either = number[row] + number[column] - shared
    index = pd.MultiIndex.from_arrays([actors[row], actors[column]], names=["source", "target"])
    frame = pd.DataFrame(
        {"shared": shared.astype(int), "either": either.astype(int), "jaccard": shared / either}, index
    )
    holders = int((number > 0).sum())
    frame.attrs = {"mean": float(frame["jaccard"].sum() / (holders * (holders - 1) / 2)) if holders > 1 else np.nan}
    return frame


def nestedness(net: Network, *, period: Names = None, roles: Sequence[str] = SERVING) -> pd.Series:
    r"""Nestedness of competences (NODF): how far actors that hold few hold what those that hold more also hold.

    Parameters
    ----------
    net : Network
        A network with a provision; its column `need` holds needs or codes of competences.
    period : str or list of str, optional
        Keep only the answers of these periods (those without a period always count).
    roles : sequence of str
        Roles of `net.provision` that serve; an answer without a role serves.

    Returns
    -------
    pandas.Series
        `actors` (nestedness among them), `needs` (among competences: are rare ones held by those that hold common
        ones?) and `nodf` (over both), 0 to 100: 100 when each set lies within the next larger one, near 0 when
        competences are shared out without overlap. NaN where there is no pair. Actors without a competence and
        needs without an answer do not count.

    Raises
    ------
    ReseauError
        If the network has no provision.

    Notes
    -----
    For two rows (or columns) of different sizes, 100 times the share of the smaller that lies in the larger; 0 for two
    of equal size; then the mean over pairs. The value depends on sizes: compare it with networks of the same ones.

    References
    ----------
    Almeida-Neto, Guimarães, Guimarães, Loyola & Ulrich (2008). A consistent metric for nestedness analysis in
    ecological systems. Oikos 117, 1227-1239.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> provision = pd.DataFrame({"actor": ["Town", "Town", "County"], "need": ["masks", "aid", "aid"]})
    >>> net = Network(actors=pd.DataFrame({"actor": ["Town", "County"]}), provision=provision)
    >>> nestedness(net).to_dict()
    {'actors': 100.0, 'needs': 100.0, 'nodf': 100.0}
    """
    _, held = _held(net, period, roles)
    rows, row_pairs = _paired(held)
    columns, column_pairs = _paired(held.T.tocsr())
    parts = {"actors": (rows, row_pairs), "needs": (columns, column_pairs)}
    parts["nodf"] = (rows + columns, row_pairs + column_pairs)
    values = {name: 100.0 * total / pairs if pairs else np.nan for name, (total, pairs) in parts.items()}
    return pd.Series(values, name="nestedness")


def _held(net: Network, period: Names, roles: Sequence[str]) -> tuple[pd.Index, Matrix]:
    """Return the actors, and 1 where an actor (row) answers a need (column)."""
    from scipy import sparse

    answers = answers_of(net, period=period, roles=roles)
    actors = net.actors.index
    actor = actors.get_indexer(pd.Index(answers["actor"]))
    need, needs = pd.factorize(answers["need"], sort=True)
    held = sparse.csr_array((np.ones(len(answers)), (actor, need)), shape=(len(actors), len(needs)))
    held.sum_duplicates()
    held.data[:] = 1.0
    return actors, held


def _paired(held: Matrix) -> tuple[float, int]:
    """Return the sum over pairs of rows of the share of the smaller in the larger, and the number of pairs."""
    from scipy import sparse

    size: NDArray[np.float64] = np.asarray(held.sum(axis=1)).ravel()
    common: Matrix = sparse.coo_array(sparse.triu(held @ held.T, k=1))
    one, other = size[common.row], size[common.col]
    share = np.where(one == other, 0.0, common.data / np.minimum(one, other))
    count = int((size > 0).sum())
    return float(share.sum()), count * (count - 1) // 2
