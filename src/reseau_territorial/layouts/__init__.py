"""Where each actor stands: positions computed once, seeded, kept with the network.

One layout serves all layers and periods. Positions are whole numbers, x to the right and y upwards;
the unit is a sixtieth of the usual gap between two actors, or a metre in the geographic layout.
The same network and seed give the same bytes in any process, whatever the number of threads or
the order of the rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from reseau_territorial._arguments import check_network
from reseau_territorial.errors import ReseauError, unknown_name
from reseau_territorial.vocabulary import SEED

if TYPE_CHECKING:
    from reseau_territorial.network import Network
    from reseau_territorial.outlines import Outline

__all__ = ["Layout", "keep_positions", "place_actors", "project"]

LayoutName = Literal["groups", "geographic", "force", "circle", "rings"]
# In the index of the frames of rings: the actors that no path leads to.
OUT_OF_REACH = -1
LAYOUTS: tuple[LayoutName, ...] = ("groups", "geographic", "force", "circle", "rings")


@dataclass(frozen=True, eq=False)
class Layout:
    """Positions of actors, and the frames of their groups.

    Attributes
    ----------
    positions : DataFrame
        Index actor, whole columns ``x`` (to the right) and ``y`` (upwards).
    frames : DataFrame
        Index group, whole columns ``x``, ``y``, ``radius``, ``actors`` (a count): the discs of the
        groups, which do not overlap; rings around the chosen actor (index: so many ties away, -1 for the actors
        that no path leads to); insets overseas. Empty otherwise.
    kind : str
        ``"groups"``, ``"geographic"``, ``"force"``, ``"circle"`` or ``"rings"``.
    by : str or None
        Actor column that made the groups.
    seed : int
        Gives the same positions again.
    """

    positions: pd.DataFrame
    frames: pd.DataFrame
    kind: str
    by: str | None
    seed: int


def place_actors(
    net: Network,
    *,
    layout: str = "groups",
    by: str | None = None,
    center: str | None = None,
    places: Mapping[str, Outline] | None = None,
    seed: int = SEED,
) -> Layout:
    """Give every actor a position.

    Actors that have ``x`` and ``y`` columns (see :func:`keep_positions`) never move; the others are
    placed among them.

    Parameters
    ----------
    net : Network
        All its layers and periods count: the positions serve every selection of it.
    layout : {"groups", "geographic", "force", "circle", "rings"}
        ``"groups"``: a disc per group, no two overlapping, tied groups near each other.
        ``"geographic"``: Lambert-93 metres from longitude and latitude, actors of one place fanned out.
        ``"force"``: by the ties alone. ``"circle"``: groups along one circle.
        ``"rings"``: by path length to `center`.
    by : str, optional
        Actor column of the groups; by default the column of territories (territory, epci, departement,
        arrondissement, region, parent) whose groups, of three actors or more on average and neither one nor hundreds,
        hold more ties than chance would put there (the highest modularity); else sector, else kind, else one group.
    center : str, optional
        Actor in the middle of the rings; by default the one with most ties.
    places : mapping of str to Outline, optional
        For the geographic layout: the territory of each code (INSEE, SIREN, EPCI, département), over which the
        actors without coordinates are spread.
    seed : int
        Starting point of everything random.

    Returns
    -------
    Layout
        Positions of all actors of `net`.

    Raises
    ------
    UnknownNameError
        If the layout, the column or the actor is not there.
    ReseauError
        If the layout is geographic and no actor has coordinates.

    Notes
    -----
    Direction and weights do not matter; parallel ties pull by the root of their number. Actors without
    ties stay in their group, or stand under the free layout.

    References
    ----------
    .. [1] Brandes & Pich (2006). Eigensolver methods for progressive multidimensional scaling.
    .. [2] Jacomy, Venturini, Heymann & Bastian (2014). ForceAtlas2. PLoS ONE 9(6): the forces.
    .. [3] Newman & Girvan (2004). Finding and evaluating community structure: the modularity.
    .. [4] Hockney & Eastwood (1988). Computer simulation using particles: the mesh.

    Examples
    --------
    >>> import pandas as pd
    >>> from reseau_territorial.network import Network
    >>> net = Network(pd.DataFrame({"source": ["a", "b", "c"], "target": ["b", "c", "a"]}))
    >>> place_actors(net, layout="circle").positions.shape
    (3, 2)
    """
    from reseau_territorial.layouts import _placing

    if layout not in LAYOUTS:
        raise unknown_name("layout", layout, LAYOUTS)
    check_network(net)
    actors = net.actors
    if not len(actors):
        raise ReseauError("the network has no actor, so there is nothing to place.")
    return _placing.place(net, actors.sort_index(), layout, by, center, seed, places)


def usual_groups(net: Network) -> str | None:
    """Return the actor column that :func:`place_actors` takes for its groups when none is named."""
    from reseau_territorial.layouts._pairs import pairs_of
    from reseau_territorial.layouts._partition import default_groups

    actors = net.actors.sort_index()
    return default_groups(actors, pairs_of(net, actors.index))


def keep_positions(net: Network, layout: Layout) -> Network:
    """Return the network with its positions, so that a published map never moves.

    Parameters
    ----------
    net : Network
        Any network with actors of the layout; actors that it does not place get no position.
    layout : Layout
        What :func:`place_actors` returned.

    Returns
    -------
    Network
        With actor columns ``x`` and ``y``, which :meth:`Network.save` keeps.

    Examples
    --------
    >>> import pandas as pd
    >>> from reseau_territorial.network import Network
    >>> net = Network(pd.DataFrame({"source": ["a", "b", "c"], "target": ["b", "c", "a"]}))
    >>> kept = keep_positions(net, place_actors(net))
    >>> place_actors(kept, seed=1).positions.equals(place_actors(net).positions)
    True
    """
    check_network(net)
    actors = net.actors
    places = layout.positions.reindex(actors.index).astype("Int64")
    return net.replace(actors=actors.assign(x=places["x"], y=places["y"]))


def project(longitude: ArrayLike, latitude: ArrayLike) -> NDArray[np.float64]:
    """Project degrees to the metres of the geographic layout.

    Parameters
    ----------
    longitude, latitude : array of float
        Degrees (RGF93, or WGS84 to within a metre).

    Returns
    -------
    ndarray, shape (n, 2)
        Lambert-93 easting and northing; overseas, the place in an inset south-west of the mainland;
        NaN elsewhere and where a degree is missing.

    References
    ----------
    .. [1] IGN (1995). Notes techniques NT/G 71, Projection cartographique conique conforme de Lambert.

    Examples
    --------
    >>> project([3.0], [46.5]).round().tolist()
    [[700000.0, 6600000.0]]
    """
    from reseau_territorial.layouts._geographic import to_map

    degrees = (np.atleast_1d(np.asarray(values, dtype=np.float64)) for values in (longitude, latitude))
    return to_map(*degrees)[0]
