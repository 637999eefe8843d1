"""Explanation of a layer by several others at once (MRQAP)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._arguments import check_count, check_network, make_generator
from reseau_territorial.errors import ReseauError
from reseau_territorial.inference._pairs import Array, Pairs, Positions, matrices_of
from reseau_territorial.inference._values import values_of
from reseau_territorial.inference.results import Lang, count_in, number_in, pvalue_in, pvalue_of
from reseau_territorial.network import Choice, Network
from reseau_territorial.nulls._unchecked import in_order_of_names
from reseau_territorial.vocabulary import SEED, check_lang, label

__all__ = ["RegressionResult", "mrqap"]


@dataclass(frozen=True, kw_only=True, eq=False)
class RegressionResult:
    """A regression between layers: one row per predictor.

    Attributes
    ----------
    table : DataFrame
        Indexed by ``predictor``: ``coefficient``, ``statistic`` (t), ``pvalue`` (two-sided, never 0).
    response : str
        Layer explained.
    r_squared : float
        Share of the variance between pairs that is explained.
    pairs : int
        Number of pairs of actors compared: those known in every layer (ordered if any layer is directed).
    null : dict of ndarray
        Values of t under permutation, per predictor.
    n_resamples, seed : int
        Number and seed of the permutations.
    lang : {"fr", "en"}
        Language of what is printed.
    """

    table: pd.DataFrame
    response: str
    r_squared: float
    pairs: int
    null: Mapping[str, Array] = field(repr=False)
    n_resamples: int
    seed: int
    lang: Lang = "fr"

    def to_frame(self) -> pd.DataFrame:
        """Return the table of coefficients."""
        return self.table.copy()

    def __str__(self) -> str:
        return f"{self._headline()}\n{self._written().to_string()}"

    def _repr_html_(self) -> str:
        from html import escape

        return f'<div lang="{self.lang}"><p>{escape(self._headline())}</p>{self._written().to_html(border=0)}</div>'

    def _headline(self) -> str:
        pairs, draws = count_in(self.pairs, self.lang), count_in(self.n_resamples, self.lang)
        name, share = label("layer", self.response, lang=self.lang), number_in(self.r_squared, self.lang)
        if self.lang == "en":
            return f"{name}: R² = {share}, {pairs} pairs, {draws} permutations, seed {self.seed}"
        return f"{name}\u202f: R² = {share}\u202f; {pairs} paires d’acteurs, {draws} permutations, graine {self.seed}"

    def _written(self) -> pd.DataFrame:
        """Return the table as it is read: names and numbers in the language asked."""
        numbers = [[number_in(value, self.lang) for value in self.table[name]] for name in ("coefficient", "statistic")]
        pvalues = [pvalue_in(value, self.lang).removeprefix("= ") for value in self.table["pvalue"]]
        names = [_predictor_in(name, self.lang) for name in self.table.index]
        return pd.DataFrame(dict(zip(["coefficient", "t", "p"], [*numbers, pvalues], strict=True)), index=names)


def _predictor_in(name: str, lang: Lang) -> str:
    column = name.removeprefix("same ")
    if column == name:
        return label("layer", name, lang=lang)
    return f"{'même' if lang == 'fr' else 'same'} {label('column', column, lang=lang).lower()}"


def mrqap(
    net: Network,
    *,
    response: str,
    predictors: Sequence[str],
    same: Sequence[str] = (),
    matrices: Mapping[str, pd.DataFrame] | None = None,
    period: Choice = None,
    weight: str | None = "weight",
    n_resamples: int = 1999,
    seed: int = SEED,
    lang: Lang = "fr",
) -> RegressionResult:
    r"""Explain one layer by others, by shared groups and by any matrix between actors.

    Parameters
    ----------
    net : Network
        The network.
    response : str
        Layer explained.
    predictors : sequence of str
        Layers that explain it; may be empty if `same` or `matrices` is not.
    same : sequence of str, optional
        Actor columns: each adds a predictor, 1 for two actors of the same group, named ``"same sector"``.
    matrices : dict of DataFrame, optional
        Other predictors by name, such as a distance in kilometres: rows and columns are actors, NaN
        where it is not known.
    period : str or list of str, optional
        Keep only these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength. None explains who is tied at all (a linear probability model).
    n_resamples : int, default 1999
        Number of permutations.
    seed : int
        Seed of the permutations, kept in the result.
    lang : {"fr", "en"}
        Language of what the result prints.

    Returns
    -------
    RegressionResult
        Coefficients by least squares with a constant, t, and two-sided p-values by permutation.

    Raises
    ------
    ReseauError
        If a predictor is constant, a combination of the others, or misses an actor, or too few pairs are known.

    Notes
    -----
    Double semi-partialing: each predictor is replaced by its residual from the others, whose rows and columns are
    permuted together, and t is computed again. It stays right when predictors are correlated, where permuting the
    response does not. Actors present in all the layers named are compared.

    A pair of which it is not known whether it is tied, in any of the layers, is left out of every regression (as in
    :func:`qap`: a row says so, or nobody who could tell was asked). A residual is unknown where the pair is, and
    moves with its actors: each draw regresses over the pairs known both as they are and as they were before the
    permutation. Draws thus have somewhat fewer pairs than the network; what is compared is t, which allows for
    their number, as Dekker, Krackhardt & Snijders advise, and not the coefficient. A draw that leaves too few pairs
    has no t and does not count.

    References
    ----------
    Dekker, Krackhardt & Snijders (2007). Sensitivity of MRQAP tests to collinearity and autocorrelation conditions.
    Psychometrika 72(4), 563-581.

    Examples
    --------
    >>> ties = pd.DataFrame({"source": list("abcae"), "target": list("bcdbc"), "layer": list("mmmff")})
    >>> actors = pd.DataFrame({"actor": list("abcde"), "sector": list("xxyyx")})
    >>> found = mrqap(Network(ties, actors=actors).select(actor=list("abc")), response="m", predictors=[],
    ...               same=["sector"], n_resamples=99)
    >>> found.table.index.to_list(), found.pairs
    (['same sector'], 3)
    """
    check_network(net)
    check_lang(lang)
    check_count("n_resamples", n_resamples, least=1, usual="1999 is usual.")
    rng = make_generator(seed)
    net = in_order_of_names(net)
    layers = list(dict.fromkeys([response, *predictors]))
    arrays, known, pairs, actors = matrices_of(net, [(name, period) for name in layers], weight=weight)
    columns: dict[str, Array] = dict(zip(layers, arrays, strict=True))
    explained = columns.pop(response)
    for column in same:
        codes, _ = net._groups(column, actors)
        columns[f"same {column}"] = (codes[:, None] == codes[None, :]).astype(np.float64)
    for name, frame in (matrices or {}).items():
        columns[name] = _aligned(name, frame, actors)
    if not columns:
        raise ReseauError(f"nothing to explain {response!r} by. Name predictors=, same= or matrices=.")
    told = np.all([*known, *(~np.isnan(matrix) for matrix in columns.values())], axis=0)
    shown = told[pairs]
    y, design = explained[pairs][shown], np.stack([matrix[pairs][shown] for matrix in columns.values()], axis=1)
    _check_known(len(y), len(shown), list(columns))
    _check_rank(design, list(columns))
    coefficients, t, r_squared = _least_squares(design, y)
    null = {}
    for place, name in enumerate(columns):
        value = _t_when_permuted(place, design, y, told, pairs)
        null[name] = values_of((value(rng.permutation(len(actors))) for _ in range(n_resamples)), n_resamples)
    pvalues = [
        pvalue_of(np.abs(null[name]), abs(t[place]), "greater", exact=False)[0] for place, name in enumerate(columns)
    ]
    table = pd.DataFrame(
        {"coefficient": coefficients, "statistic": t, "pvalue": pvalues},
        index=pd.Index(list(columns), name="predictor"),
    )
    return RegressionResult(
        table=table,
        response=response,
        r_squared=r_squared,
        pairs=len(y),
        null=null,
        n_resamples=n_resamples,
        seed=seed,
        lang=lang,
    )


def _aligned(name: str, frame: pd.DataFrame, actors: pd.Index) -> Array:
    for axis in (frame.index, frame.columns):
        absent = actors[~actors.isin(axis)]
        if len(absent):
            raise ReseauError(
                f"matrix {name!r} has no row or column for {len(absent)} actors, such as {absent[0]!r}. Add them."
            )
    return frame.loc[actors, actors].to_numpy(dtype=np.float64)


def _check_known(known: int, pairs: int, names: list[str]) -> None:
    least = len(names) + 2
    if known < least:
        raise ReseauError(
            f"of {pairs} pairs of actors, {known} are known in every layer and matrix: explaining by {len(names)} "
            f"({', '.join(map(repr, names))}) needs {least} or more. Name fewer layers, or say what is not tied."
        )


def _check_rank(design: Array, names: list[str]) -> None:
    full = np.column_stack([np.ones(len(design)), design])
    for place, name in enumerate(names):
        rest = np.delete(full, place + 1, axis=1)
        if _is_rounding(_residual(rest, design[:, place]), design[:, place]):
            raise ReseauError(f"predictor {name!r} is constant, or follows from the others. Leave it out.")


def _is_rounding(left: Array, of: Array) -> bool:
    """Tell whether what is left of values is nothing but rounding."""
    return float(left @ left) <= 1e-12 * float(of @ of)


def _residual(design: Array, values: Array) -> Array:
    found = np.linalg.lstsq(design, values, rcond=None)[0]
    return np.asarray(values - design @ found, dtype=np.float64)


def _least_squares(design: Array, y: Array) -> tuple[Array, Array, float]:
    """Return the coefficients (constant left out), their t and the share of variance explained."""
    full = np.column_stack([np.ones(len(y)), design])
    found = np.asarray(np.linalg.lstsq(full, y, rcond=None)[0], dtype=np.float64)
    rest = y - full @ found
    freedom = len(y) - full.shape[1]
    variance = float(rest @ rest) / freedom if freedom > 0 else math.nan
    spread = np.sqrt(variance * np.diag(np.linalg.inv(full.T @ full)))
    around = y - y.mean()
    total = float(around @ around)
    t: Array = np.divide(found, spread, out=np.full(len(found), np.nan), where=spread > 0)
    return found[1:], t[1:], 1 - float(rest @ rest) / total if total > 0 else math.nan


def _t_when_permuted(
    place: int, design: Array, y: Array, told: NDArray[np.bool_], pairs: Pairs
) -> Callable[[Positions], float]:
    """Return t of one predictor by the order in which its residual from the others is put (double semi-partialing)."""
    others = np.column_stack([np.ones(len(y)), np.delete(design, place, axis=1)])
    shown = told[pairs]
    known = pairs[0][shown], pairs[1][shown]
    apart = np.full(told.shape, np.nan)
    apart[known] = _residual(others, design[:, place])
    if len(shown) == len(told) * (len(told) - 1) // 2:
        apart[known[::-1]] = apart[known]
    everything_known = bool(shown.all())
    basis = np.linalg.qr(others)[0]
    left = y - basis @ (basis.T @ y)

    def value(order: Positions) -> float:
        moved = apart[order[known[0]], order[known[1]]]
        if everything_known:
            return _t_of(moved, moved - basis @ (basis.T @ moved), y, left, len(y) - others.shape[1] - 1)
        both = np.flatnonzero(~np.isnan(moved))
        values = np.column_stack([moved[both], y[both]])
        found, _, rank, _ = np.linalg.lstsq(others[both], values, rcond=None)
        rest = values - others[both] @ found
        return _t_of(values[:, 0], rest[:, 0], values[:, 1], rest[:, 1], len(both) - int(rank) - 1)

    return value


def _t_of(predictor: Array, apart: Array, response: Array, left: Array, freedom: int) -> float:
    """Return t of a predictor from what the others do not explain of it, and of the response."""
    if freedom <= 0 or _is_rounding(apart, predictor) or _is_rounding(left, response):
        return math.nan
    square = float(apart @ apart)
    slope = float(apart @ left) / square
    unexplained = left - slope * apart
    if _is_rounding(unexplained, left):
        return math.copysign(math.inf, slope)
    return slope / math.sqrt(float(unexplained @ unexplained) / freedom / square)
