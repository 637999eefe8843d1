"""Multi-layer networks of the actors of a territory: who is central, who is in a silo, who bridges.

The public names stand in ``__init__.pyi``; each is imported when it is first used, so that importing
the package loads no view library and compiles nothing.
"""

from reseau_territorial._names import public_names as _public_names

__getattr__, __dir__, __all__ = _public_names(__name__, __file__)
__version__ = "0.1.0"
