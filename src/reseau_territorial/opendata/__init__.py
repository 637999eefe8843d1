"""French open data as it really is: readers that go from the downloaded files to a network.

Every ``read_...`` function takes the files as they were downloaded and returns a `Reading`: the
network, and the report of what was kept, repaired, refused or counted twice.

The public names stand in ``__init__.pyi``; each is imported when it is first used.
"""

from reseau_territorial._names import public_names as _public_names

__getattr__, __dir__, __all__ = _public_names(__name__, __file__)
