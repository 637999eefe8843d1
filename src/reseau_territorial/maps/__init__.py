"""Interactive maps: `explore` returns a `Carte`, one HTML page that asks for nothing outside itself.

``_build`` turns a network into plain columns (`MapData`), ``_page`` writes them into a page beside the
engine of ``page/`` (readable JavaScript, put there as it is), ``_sheet`` draws the same map without a page.
"""

from reseau_territorial.maps.carte import Carte, explore
from reseau_territorial.maps.pyvis import to_pyvis

__all__ = ["Carte", "explore", "to_pyvis"]
