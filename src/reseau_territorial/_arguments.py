"""Arguments that many functions take, refused in one way when they are not what is asked."""

from __future__ import annotations

import os
from numbers import Integral

import numpy as np

from reseau_territorial.errors import ReseauError
from reseau_territorial.network import Network

__all__ = ["check_confidence", "check_count", "check_network", "make_generator"]


def check_network(net: object) -> None:
    """Refuse what is not a network, and tell how to make one of it.

    Examples
    --------
    >>> check_network("liens.csv")
    Traceback (most recent call last):
    reseau_territorial.errors.ReseauError: a Network is needed, not a str. Read one: rt.read_tables('liens.csv').
    """
    if not isinstance(net, Network):
        raise ReseauError(f"a Network is needed, not a {type(net).__name__}. {_way_in(net)}")


def _way_in(thing: object) -> str:
    if isinstance(thing, str | os.PathLike):
        return f"Read one: rt.read_tables({str(thing)!r})."
    if isinstance(thing, tuple) and thing and isinstance(thing[0], Network):
        return "The readers of open data return two things: net, report = rt.opendata.read_...(...)."
    if type(thing).__module__.startswith("networkx"):
        return "Make one of it: rt.from_networkx(graph)."
    return "Make one of a table of ties: rt.Network(ties), or rt.read_tables(ties) if its headers are in French."


def make_generator(seed: int) -> np.random.Generator:
    """Return a generator of its own for a seed, which must be there: a figure that is printed can be replayed."""
    if not isinstance(seed, Integral) or isinstance(seed, bool) or seed < 0:
        raise ReseauError(f"seed must be a whole number, 0 or more, not {seed!r}. Leave it out for the usual one.")
    return np.random.default_rng(int(seed))


def check_count(name: str, asked: object, *, least: int, usual: str) -> None:
    """Refuse a number of draws that is not whole, or too small; `usual` says what to pass."""
    if not isinstance(asked, Integral) or isinstance(asked, bool) or asked < least:
        raise ReseauError(f"{name} must be a whole number, {least} or more, not {asked!r}. {usual}")


def check_confidence(confidence: float) -> None:
    """Refuse a level of confidence that is not between 0 and 1."""
    if not 0 < confidence < 1:
        raise ReseauError(f"confidence must lie between 0 and 1, not {confidence!r}. 0.95 is usual.")
