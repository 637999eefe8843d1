"""Bundled cases: real territories and published studies, small enough to be read whole.

Each case is a folder of CSV tables with the description that :func:`load` reads, and a ``SOURCE.md``
that says where it comes from, how it was coded, what it must not be taken for, and its licence.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

from reseau_territorial.errors import ReseauError, unknown_name
from reseau_territorial.network import Network, load

__all__ = ["article_2020", "folder", "indre_et_loire", "masks_2020", "study", "tours_masks"]

STUDIES: Final = ("aucs", "florentine", "krackhardt_hightech", "lazega")


def tours_masks() -> Network:
    """Return the mask network of Tours in the spring of 2020: a coded case, every tie with its source.

    Returns
    -------
    Network
        33 actors; periods before (memberships only), crisis (read in the press) and after (mostly
        unknown: the crisis ties come back with status ``"unknown"``). Ties carry ``need``, ``date``,
        ``evidence``, ``confidence``, and where stated ``quantity`` and ``unit``.

    Notes
    -----
    Facts re-typed from excerpts of the press, to be checked against the sources before publication. A
    tie that is not there was not read, which is not absent.

    Examples
    --------
    >>> net = tours_masks()
    >>> net.periods
    ('before', 'crisis', 'after')
    >>> net.ties.query("period == 'after'")["status"].value_counts().to_dict()
    {'unknown': 31, 'present': 7}
    """
    return _bundled("tours_masks")


def article_2020() -> Network:
    """Return the coding of the article of 19 June 2020 on cooperation in a territory.

    Returns
    -------
    Network
        34 actors and 50 ties that the text states, deduces or wishes (column ``claim``). A wished tie has
        status ``"unknown"``: no measure counts it. ``sign`` is -1 for the three ties of opposition.

    Notes
    -----
    A coding of a text by one coder, not an observed network.

    Examples
    --------
    >>> article_2020().ties["claim"].value_counts().to_dict()
    {'stated': 32, 'wished': 10, 'deduced': 8}
    """
    return _bundled("article_2020")


def masks_2020() -> Network:
    """Return the producers of masks and visors of the spring of 2020, their networks and their users.

    Returns
    -------
    Network
        The 126 rows of a national survey of fablabs and makers as 96 producers, with the networks,
        institutions and categories of users that they name; what they make stands in ``provision``.

    Examples
    --------
    >>> net = masks_2020()
    >>> net.actors["role"].value_counts().to_dict()
    {'producer': 96, 'network': 41, 'institution': 18, 'user': 11}
    >>> net.provision["survey_row"].nunique()
    126
    """
    return _bundled("masks_2020")


@cache
def indre_et_loire() -> Network:
    """Return who does what in Indre-et-Loire: communes, groupings, competences held, France services desks.

    Returns
    -------
    Network
        272 communes, 11 EPCI and 29 syndicats (open data of 2021) with the memberships, and 30 France services
        structures (2024). ``provision`` tells for each commune who holds each competence there (``need``
        is ``"2021:code"``, ``need_label`` its label).

    Notes
    -----
    The list of syndicats is not complete: counts are lower bounds. A syndicat à la carte may not
    exercise a competence for every member.

    Examples
    --------
    >>> net = indre_et_loire()
    >>> len(net)
    342
    >>> held = net.provision.query("role == 'holder'").groupby(["territory", "need"])["actor"].nunique()
    >>> f"{len(held)} pairs, {(held > 1).mean():.1%} with more than one holder"
    '9849 pairs, 14.2% with more than one holder'
    """
    from reseau_territorial.opendata.banatic import provision_by_commune

    return provision_by_commune(_bundled("indre_et_loire"))


def study(name: str) -> Network:
    """Return a published study for teaching and checking.

    Parameters
    ----------
    name : {"aucs", "florentine", "krackhardt_hightech", "lazega"}
        The study; its ``SOURCE.md`` gives the reference.

    Returns
    -------
    Network
        As published; nothing recoded.

    Raises
    ------
    UnknownNameError
        There is no study of that name.

    Examples
    --------
    >>> study("florentine")
    <Network: 16 actors, 35 ties; layers: marriage (undirected), business (undirected)>
    """
    if name not in STUDIES:
        raise unknown_name("study", name, STUDIES)
    return _bundled(f"study/{name}")


def folder(name: str = "") -> Path:
    """Return the folder of the bundled tables of a case, or of all cases.

    Parameters
    ----------
    name : str, default ""
        A case, such as ``"tours_masks"`` or ``"study/florentine"``.

    Returns
    -------
    pathlib.Path
        In the installed package, or in the checkout that it runs from.

    Raises
    ------
    ReseauError
        If the case is not installed.

    Examples
    --------
    >>> (folder("tours_masks") / "SOURCE.md").is_file()
    True
    """
    installed = Path(str(resources.files("reseau_territorial"))) / "_samples"
    checkout = Path(__file__).parents[2] / "data" / "samples"
    place = (installed if installed.is_dir() else checkout) / name
    if not place.is_dir():
        raise ReseauError(f"the bundled case {name!r} is not installed. Install reseau-territorial again.")
    return place


@cache
def _bundled(name: str) -> Network:
    """Read a case once: a network never changes."""
    return load(folder(name))
