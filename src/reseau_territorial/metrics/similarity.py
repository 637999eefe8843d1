"""How alike the layers (or periods) of a network are, and which of them could be merged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.errors import ReseauError, enumerate_values
from reseau_territorial.metrics._entropies import entropy, jensen_shannon
from reseau_territorial.metrics._frame import Per
from reseau_territorial.metrics._slices import (
    Aspect,
    Matrix,
    Names,
    Slices,
    choose,
    per_part,
    slices_of,
    sum_of,
    two_at_least,
)

if TYPE_CHECKING:
    from reseau_territorial.network import Network

__all__ = ["layer_similarity", "reducibility"]

Similarity = Literal[
    "jaccard",
    "dice",
    "coverage",
    "hamming",
    "correlation",
    "pearson",
    "spearman",
    "kendall",
    "jensen_shannon",
]
_ON_DEGREES = ("pearson", "spearman", "kendall")
ROUNDING = 1e-12


def layer_similarity(
    net: Network,
    *,
    kind: Similarity = "jaccard",
    actors: Literal["common", "all"] = "common",
    base: float = 2.0,
    layer: Names = None,
    period: Names = None,
    weight: str | None = None,
    aspect: Aspect = "layer",
    per: Per = None,
) -> pd.DataFrame:
    r"""Similarity of each pair of layers: of their ties, of their degrees, or of their spectra.

    Parameters
    ----------
    net : Network
        A network with several layers (or periods).
    kind : str
        On the sets of ties: ``"jaccard"``, ``"dice"``, ``"coverage"`` (row `a`, column `b`: the share of the
        ties of `b` that are also in `a`), ``"hamming"`` (a *distance*: the share of pairs of actors tied in
        one layer only), ``"correlation"`` (Pearson correlation of the two adjacency matrices off the
        diagonal, the statistic of a QAP test). On the degrees of the actors: ``"pearson"``, ``"spearman"``,
        ``"kendall"`` (tau-b). ``"jensen_shannon"`` (a *distance*) compares the spectra of the Laplacians.
    actors : {"common", "all"}
        For ``"hamming"``, ``"correlation"`` and the degrees: actors present in both layers, or all actors, an
        absent one counting as isolated. The tie sets do not depend on it.
    base : float, default 2.0
        Base of the logarithms of ``"jensen_shannon"``: 2 as published, where a distance of 1 is the largest;
        ``math.e`` gives muxViz's figures (those in bits times 0.8326).
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default None
        Tie column used by ``"correlation"``, the degrees (then strengths) and ``"jensen_shannon"``. None
        ignores weights. The tie sets never use it.
    aspect : {"layer", "period"}
        What is compared.
    per : {"layer", "period", "level"}, optional
        Compute once for each period or level (with ``aspect="period"``, for each layer or level): the index
        then has it as its last level.

    Returns
    -------
    pandas.DataFrame
        A row and a column per layer. Symmetric, but for ``"coverage"``. Between 0 and 1; correlations between
        -1 and 1. NaN where it is undefined: two empty layers, no variance, an empty layer for
        ``"jensen_shannon"``.

    Raises
    ------
    ReseauError
        If there are fewer than two layers, or `base` is not above 1.

    Notes
    -----
    A tie of an undirected layer, compared with a directed one, stands for both directions. Degrees and
    spectra of a directed layer are those of its ties read both ways (for degrees: outgoing plus incoming).

    .. math::

        J = \frac{|E_a \cap E_b|}{|E_a \cup E_b|}, \quad D = \frac{2 |E_a \cap E_b|}{|E_a| + |E_b|}, \quad
        P(a | b) = \frac{|E_a \cap E_b|}{|E_b|}, \quad
        \mathrm{JS}^2 = h\left(\tfrac{\rho_a + \rho_b}{2}\right) - \tfrac{h(\rho_a) + h(\rho_b)}{2}

    with :math:`\rho = L / \mathrm{tr} L` and :math:`h` the von Neumann entropy.

    References
    ----------
    Bródka, Chmiel, Magnani & Ragozini (2018). Quantifying layer similarity in multiplex networks: a
    systematic study. Royal Society Open Science 5, 171747; De Domenico, Nicosia, Arenas & Latora (2015).
    Structural reducibility of multilayer networks. Nature Communications 6, 6864.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["A", "A", "B"], "target": ["B", "C", "A"],
    ...                      "layer": ["masks", "masks", "funding"]})
    >>> layer_similarity(Network(ties)).loc["masks"].to_dict()
    {'funding': 0.5, 'masks': 1.0}
    >>> layer_similarity(Network(ties), kind="coverage").loc["masks"].to_dict()
    {'funding': 1.0, 'masks': 1.0}
    """
    choose("kind of layer similarity", kind, get_args(Similarity))
    choose("choice of actors", actors, ("common", "all"))
    check_base(base)

    def compute(slices: Slices) -> pd.DataFrame:
        two_at_least(slices, "layer_similarity()")
        if kind == "jensen_shannon":
            return slices.square(jensen_shannon(_spectral_weights(slices, weight), base=base))
        if kind in _ON_DEGREES:
            tally = slices.tally(weighted=weight is not None, direction="all")
            return slices.square(_degree_correlation(tally, slices.presence, kind, actors))
        if kind == "correlation":
            return slices.square(_tie_correlation(slices, weight, actors))
        return slices.square(_set_similarity(slices, kind, actors))

    return per_part(net, compute, per=per, layer=layer, period=period, aspect=aspect, weight=weight)


def _set_similarity(slices: Slices, kind: str, actors: str) -> NDArray[np.float64]:
    """Compare the sets of ties, from the number of ties that each pair of slices shares."""
    shared = _cross_products(slices.binary)
    size = np.diag(shared)
    either = size[:, None] + size[None, :]
    with np.errstate(invalid="ignore", divide="ignore"):
        if kind == "jaccard":
            return np.asarray(shared / (either - shared))
        if kind == "dice":
            return np.asarray(2 * shared / either)
        if kind == "coverage":
            return np.asarray(shared / size[None, :])
        if actors == "all":
            return np.asarray((either - 2 * shared) / _dyads(float(slices.size)))
    return _pairwise(slices, _hamming_of_pair)


def _hamming_of_pair(first: Matrix, second: Matrix) -> float:
    differing = first.nnz + second.nnz - 2 * _product(first, second)
    dyads = _dyads(first.shape[0])
    return differing / dyads if dyads else np.nan


def _tie_correlation(slices: Slices, weight: str | None, actors: str) -> NDArray[np.float64]:
    """Pearson correlation of the matrices over all ordered pairs of two different actors."""
    matrices = slices.binary if weight is None else slices.weighted
    if actors == "common":
        return _pairwise(slices, _correlation_of_pair, matrices)
    sums = np.array([matrix.sum() for matrix in matrices])
    return _correlation(_cross_products(matrices), sums, _dyads(slices.size))


def _correlation_of_pair(first: Matrix, second: Matrix) -> float:
    pair = (first, second)
    sums = np.array([matrix.sum() for matrix in pair])
    return float(_correlation(_cross_products(pair), sums, _dyads(first.shape[0]))[0, 1])


def _correlation(products: NDArray[np.float64], sums: NDArray[np.float64], dyads: float) -> NDArray[np.float64]:
    if not dyads:
        return np.full(products.shape, np.nan)
    covariance = products / dyads - np.outer(sums, sums) / dyads**2
    variance = np.diag(covariance)
    constant = variance <= 1e-13 * np.maximum(np.diag(products) / dyads, 1e-300)
    deviation = np.sqrt(np.where(constant, np.nan, variance))
    return np.asarray(np.clip(covariance / np.outer(deviation, deviation), -1.0, 1.0))


def _pairwise(slices: Slices, compare: Any, matrices: tuple[Matrix, ...] | None = None) -> NDArray[np.float64]:
    """Compare each pair of slices on the actors present in both."""
    chosen = slices.binary if matrices is None else matrices
    result = np.empty((slices.count, slices.count))
    for a in range(slices.count):
        for b in range(a, slices.count):
            common = np.flatnonzero(slices.presence[:, a] & slices.presence[:, b])
            first, second = (chosen[k][common][:, common] for k in (a, b))
            result[a, b] = result[b, a] = compare(first, second)
    return result


def _degree_correlation(
    tally: NDArray[np.float64], presence: NDArray[np.bool_], kind: str, actors: str
) -> NDArray[np.float64]:
    """Correlate the degrees of each pair of slices."""
    m = tally.shape[1]
    result = np.empty((m, m))
    for a in range(m):
        for b in range(a, m):
            chosen = presence[:, a] & presence[:, b] if actors == "common" else slice(None)
            result[a, b] = result[b, a] = _correlate(tally[chosen, a], tally[chosen, b], kind)
    return result


def _correlate(first: NDArray[np.float64], second: NDArray[np.float64], kind: str) -> float:
    if len(first) < 2 or _constant(first) or _constant(second):
        return float("nan")
    if kind == "kendall":
        from scipy.stats import kendalltau

        return float(kendalltau(_ranks(first), _ranks(second)).statistic)
    if kind == "spearman":
        return _correlate(_ranks(first), _ranks(second), "pearson")
    return float(np.clip(np.corrcoef(first, second)[0, 1], -1.0, 1.0))


def _constant(values: NDArray[np.float64]) -> bool:
    return bool(np.ptp(values) <= ROUNDING * np.abs(values).max())


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rank; 0.1 + 0.2 and 0.3 are one strength, whatever the rounding."""
    order = np.argsort(values, kind="stable")
    apart = np.diff(values[order]) > ROUNDING * np.abs(values).max()
    step = np.empty(len(values))
    step[order] = np.concatenate([[0], np.cumsum(apart)])
    return np.asarray(pd.Series(step).rank(), dtype=np.float64)


def _cross_products(matrices: tuple[Matrix, ...]) -> NDArray[np.float64]:
    """Sum of the products of the entries of each pair of matrices: for sets of ties, the shared ones."""
    m = len(matrices)
    result = np.empty((m, m))
    for a in range(m):
        for b in range(a, m):
            result[a, b] = result[b, a] = _product(matrices[a], matrices[b])
    return result


def _product(first: Matrix, second: Matrix) -> float:
    if first is second:
        return float(first.data @ first.data)
    return float(first.multiply(second).sum())


def _dyads(n: float) -> float:
    return n * (n - 1.0)


def reducibility(
    net: Network,
    *,
    base: float = 2.0,
    layer: Names = None,
    period: Names = None,
    weight: str | None = "weight",
    aspect: Aspect = "layer",
) -> pd.DataFrame:
    r"""Structural reducibility: which layers can be merged without losing what sets them apart.

    Parameters
    ----------
    net : Network
        A network with several layers (or periods).
    base : float, default 2.0
        Base of the logarithms of `distance` (see :func:`layer_similarity`); `quality` does not depend on it.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength; merged layers add up. None counts ties.
    aspect : {"layer", "period"}
        What is merged.

    Returns
    -------
    pandas.DataFrame
        A row per number of layers left, from all of them to 1 (index ``"layers"``): `merged`
        (the layers that were merged at that step), `distance` (height of the merge), `quality` (:math:`q`, 0
        when all are merged, NaN throughout when all layers together are one tied pair), `partition` (the layers
        as they stand) and `best` (True on the row of the largest `quality`: with ties, the row with fewest
        layers). In full the computation takes time in proportion to the cube of the size of a component.

    Raises
    ------
    ReseauError
        If there are fewer than two layers, if a layer has no tie, whose spectrum is undefined, or if `base` is not
        above 1.

    Notes
    -----
    .. math:: q = 1 - \frac{\frac{1}{X} \sum_{\alpha=1}^{X} h(\rho_\alpha)}{h(\rho_{agg})}

    with :math:`h` the von Neumann entropy of :math:`\rho = L / \mathrm{tr} L`. Layers are merged by Ward's
    method on their Jensen-Shannon distances. A directed layer is read as :math:`w_{ij} + w_{ji}`, or, without
    weights, as tied (1) where a tie goes either way.

    References
    ----------
    De Domenico, Nicosia, Arenas & Latora (2015). Structural reducibility of multilayer networks. Nature
    Communications 6, 6864.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["A", "A", "A", "A", "C"], "target": ["B", "C", "B", "C", "D"],
    ...                      "layer": ["masks", "masks", "supply", "supply", "funding"]})
    >>> reducibility(Network(ties))["merged"].to_list()
    [(), ('masks', 'supply'), ('funding', 'masks', 'supply')]
    """
    check_base(base)
    slices = slices_of(net, layer=layer, period=period, aspect=aspect, weight=weight)
    two_at_least(slices, "reducibility()")
    matrices = _spectral_weights(slices, weight)
    empty = [label for label, matrix in zip(slices.labels, matrices, strict=True) if matrix.sum() == 0]
    if empty:
        raise ReseauError(
            f"{aspect} without ties has no spectrum: {enumerate_values(empty)}. Leave it out with {aspect}=[...]."
        )
    return _merge_by_ward(slices, matrices, base)


def _merge_by_ward(slices: Slices, matrices: tuple[Matrix, ...], base: float) -> pd.DataFrame:
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import squareform

    # In the order of names, and rounded: of pairs as far apart, the same one is merged whatever the order of rows.
    order, places = slices.labels.argsort(), slices.actors.argsort()
    named = tuple(matrices[k][places][:, places] for k in order)
    distance = jensen_shannon(named, base=base).round(12)
    steps = linkage(squareform(distance, checks=False), method="ward")
    whole = entropy(sum_of(named, slices.size))
    clusters: dict[int, tuple[str, ...]] = {k: (str(label),) for k, label in enumerate(slices.labels[order])}
    merged = dict(enumerate(named))
    entropies = {k: entropy(matrix) for k, matrix in merged.items()}
    rows = [_step((), np.nan, clusters, entropies, whole)]
    for k, (first, second, height, _) in enumerate(steps, start=slices.count):
        ends = sorted((int(first), int(second)))
        merged[k] = sum_of(tuple(merged.pop(end) for end in ends), slices.size)
        clusters[k] = tuple(name for end in ends for name in clusters.pop(end))
        for end in ends:
            del entropies[end]
        entropies[k] = entropy(merged[k])
        rows.append(_step(clusters[k], float(height), clusters, entropies, whole))
    index = pd.RangeIndex(slices.count, 0, -1, name=f"{slices.aspect}s")
    frame = pd.DataFrame(rows, index=index)
    alike = np.flatnonzero(frame["quality"] >= frame["quality"].max() - 1e-12)
    return frame.assign(best=np.arange(len(frame)) == alike.max(initial=-1))


def _step(
    merged: tuple[str, ...],
    height: float,
    clusters: dict[int, tuple[str, ...]],
    entropies: dict[int, float],
    whole: float,
) -> dict[str, Any]:
    mean = sum(entropies.values()) / len(entropies)
    quality = 1.0 - mean / whole if whole > 0 else np.nan
    partition = tuple(sorted(clusters.values()))
    return {"merged": merged, "distance": height, "quality": quality, "partition": partition}


def _spectral_weights(slices: Slices, weight: str | None) -> tuple[Matrix, ...]:
    return slices.either_way if weight is None else slices.undirected_weights


def check_base(base: float) -> None:
    """Raise if logarithms have no such base."""
    if not base > 1:
        raise ReseauError(f"base={base!r} is no base of logarithms. Pass 2 (bits), math.e (nats) or another above 1.")
