"""Bootstrap: how much a statistic would vary with other actors of the same kind."""

from __future__ import annotations

from typing import Any

from reseau_territorial._arguments import check_confidence, check_count, check_network, make_generator
from reseau_territorial.errors import ReseauError
from reseau_territorial.inference._fast import Statistic
from reseau_territorial.inference._resamples import resampled_statistic
from reseau_territorial.inference._values import check_options, number_of, values_of
from reseau_territorial.inference.results import BootstrapResult, Lang
from reseau_territorial.network import Choice, Network
from reseau_territorial.nulls._unchecked import in_order_of_names
from reseau_territorial.vocabulary import SEED, check_lang

__all__ = ["bootstrap"]


def bootstrap(
    net: Network,
    statistic: Statistic,
    *,
    n_resamples: int = 999,
    confidence: float = 0.95,
    layer: Choice = None,
    period: Choice = None,
    seed: int = SEED,
    lang: Lang = "fr",
    **options: Any,
) -> BootstrapResult:
    r"""Give any statistic a standard error and an interval, by resampling the actors.

    Parameters
    ----------
    net : Network
        The network.
    statistic : callable
        Called as ``statistic(net, **options)``, returns a number.
    n_resamples : int, default 999
        Number of resampled networks.
    confidence : float, default 0.95
        Level of the interval.
    layer, period : str or list of str, optional
        Keep only these layers, these periods, and the actors present there.
    seed : int
        Seed of the draws, kept in the result.
    lang : {"fr", "en"}
        Language of the sentence that the result prints.
    **options
        Passed to the statistic, such as ``by="sector"`` or ``weight=None``.

    Returns
    -------
    BootstrapResult
        ``observed``, ``standard_error``, ``bias``, ``interval`` (normal), ``replicates``, ``seed``.

    Raises
    ------
    ReseauError
        If there are fewer than two actors, or the statistic does not return a number.

    Notes
    -----
    As many actors as there are, are drawn with replacement; two drawn actors are tied as they are in the network.
    Two copies of one actor have no tie to copy: the ties between them, in all layers and periods at once, are those
    of a pair drawn at random among all pairs. A copy of an actor is a new actor with the same columns. Where ties
    do not depend on their actors, the standard error is too large: intervals are then wider than they need to be.

    References
    ----------
    Snijders & Borgatti (1999). Non-parametric standard errors and tests for network statistics. Connections 22(2),
    161-170.

    Examples
    --------
    >>> import pandas as pd
    >>> from reseau_territorial.metrics.silos import network_silo
    >>> ties = pd.DataFrame({"source": list("aabc"), "target": list("bccd")})
    >>> actors = pd.DataFrame({"actor": list("abcd"), "sector": ["public", "public", "civil", "civil"]})
    >>> result = bootstrap(Network(ties, actors=actors), network_silo, by="sector", n_resamples=99)
    >>> result.observed, result.standard_error > 0
    (0.0, True)
    """
    check_network(net)
    check_lang(lang)
    check_confidence(confidence)
    chosen = in_order_of_names(net.select(layer=layer, period=period))
    if len(chosen) < 2:
        raise ReseauError(f"bootstrap needs two actors or more; the selection has {len(chosen)}. Widen it.")
    check_count("n_resamples", n_resamples, least=2, usual="999 is usual.")
    check_options(bootstrap, statistic, options)
    rng = make_generator(seed)
    measure = resampled_statistic(chosen, statistic, options)
    draws = (measure(rng.integers(0, len(chosen), size=len(chosen)), rng) for _ in range(n_resamples))
    return BootstrapResult(
        statistic=getattr(statistic, "__name__", "statistic"),
        observed=number_of(statistic, chosen, options),
        replicates=values_of(draws, n_resamples),
        confidence=confidence,
        seed=seed,
        lang=lang,
    )
