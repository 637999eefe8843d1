"""Values of a statistic over many networks."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reseau_territorial._progress import progress
from reseau_territorial.errors import ReseauError, unknown_name
from reseau_territorial.inference._fast import Statistic
from reseau_territorial.network import Missing, Network
from reseau_territorial.nulls._unchecked import with_groups


def number_of(statistic: Statistic, net: Network, options: Mapping[str, Any]) -> float:
    """Return the statistic of a network as a number, or say that it is not one."""
    value = statistic(net, **options)
    try:
        return float(value)
    except (TypeError, ValueError):
        name = getattr(statistic, "__name__", "the statistic")
        raise ReseauError(
            f"{name} must return a number, not {type(value).__name__}. Wrap it in a function that returns one."
        ) from None


def check_options(of: Callable[..., Any], statistic: Statistic, options: Mapping[str, Any]) -> None:
    """Refuse an option that neither the function nor the statistic knows: a misspelt one would reach neither."""
    if not callable(statistic):
        raise ReseauError(
            f"the statistic must be a function of a network, such as rt.network_silo, not {statistic!r}. Pass the "
            "function itself, without calling it."
        )
    taken = inspect.signature(statistic).parameters.values()
    if any(one.kind is one.VAR_KEYWORD for one in taken):
        return
    passed_on = [one.name for one in taken if one.kind is not one.VAR_POSITIONAL][1:]
    for name in options:
        if name not in passed_on:
            own = [one.name for one in inspect.signature(of).parameters.values() if one.kind is one.KEYWORD_ONLY]
            raise unknown_name(f"option of {of.__name__}", name, dict.fromkeys([*own, *passed_on]))


def values_of(draws: Iterator[float], count: int) -> NDArray[np.float64]:
    """Collect one value per draw, with a progress bar if it takes long."""
    bar = progress(draws, total=count, unit="draw")
    return np.fromiter(bar, dtype=np.float64, count=count)


def with_every_group(net: Network, by: str, missing: Missing) -> Network:
    """Return the network with a group for every actor, so that a statistic has no choice left to make."""
    codes, labels = net._groups(by, missing=missing)
    actors = net.actors
    if (codes < 0).any():
        return net.select(actor=actors.index[codes >= 0].to_list())
    return with_groups(net, by, labels.take(codes).to_numpy())
