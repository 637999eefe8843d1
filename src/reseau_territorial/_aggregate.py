"""Tables made from the ties of a network: merged aspects, projections, counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import numpy as np
import pandas as pd

__all__ = ["ALL", "collapse", "project", "summary"]

ALL: Final = "all"

_STATUS_ORDER: Final = ("present", "unknown", "absent")


def collapse(ties: pd.DataFrame, aspect: str, directed: pd.Series) -> pd.DataFrame:
    """Merge the ties of all layers, or of all periods, pair by pair.

    Parameters
    ----------
    ties : DataFrame
        The ties of a network.
    aspect : {"layer", "period"}
        What is merged.
    directed : Series of bool, indexed by layer
        Direction of each layer.

    Returns
    -------
    DataFrame
        The ties of the contract, merged; columns beyond it are left out.
    """
    one_way = ties["layer"].map(directed).astype(bool)
    if aspect == "layer" and one_way.any() and not one_way.all():
        both_ways = ties[~one_way]
        turned = both_ways.assign(source=both_ways["target"], target=both_ways["source"])
        ties = pd.concat([ties, turned], ignore_index=True)
        one_way = pd.Series(True, index=ties.index)
    ties = ties.astype({"source": "str", "target": "str", "layer": "str"})
    swap = (~one_way & (ties["source"] > ties["target"])).to_numpy(dtype=bool)
    ends = ties[["source", "target"]].to_numpy()
    ends[swap] = ends[swap][:, ::-1]
    if aspect == "layer":
        ties = ties.assign(layer=ALL)
    else:
        ties = ties.assign(period=pd.Series(pd.NA, index=ties.index, dtype="str"))
    ties = ties.assign(source=ends[:, 0], target=ends[:, 1])
    rank = ties["status"].map({name: place for place, name in enumerate(_STATUS_ORDER)})
    present = ties["status"] == "present"
    ties = ties.assign(_rank=rank, _strength=ties["weight"].where(present, 0.0))
    groups = ties.groupby(["source", "target", "layer", "period"], dropna=False, observed=True, sort=True)
    merged = groups.agg(
        weight=("_strength", "sum"),
        other_weight=("weight", "sum"),
        level=("level", "max"),
        formal=("formal", "max"),
        rank=("_rank", "min"),
        need=("need", _only),
        date=("date", "min"),
        evidence=("evidence", _together),
    ).reset_index()
    merged["status"] = pd.Index(_STATUS_ORDER)[merged.pop("rank")]
    merged["weight"] = merged["weight"].where(merged["status"] == "present", merged.pop("other_weight"))
    return merged


def project(ties: pd.DataFrame, onto: pd.Index, weighting: str) -> pd.DataFrame:
    """Join the actors of `onto` that share counterparts, period by period."""
    from scipy.sparse import coo_array, triu

    source_kept = ties["source"].isin(onto)
    kept_end = ties["source"].where(source_kept, ties["target"]).astype("str")
    other_end = ties["target"].where(source_kept, ties["source"]).astype("str")
    two_mode = source_kept ^ ties["target"].isin(onto)
    found = []
    for period in [*ties["period"].cat.categories, None]:
        rows = two_mode & (ties["period"].isna() if period is None else ties["period"] == period)
        if not rows.any():
            continue
        actor, actors = pd.factorize(kept_end[rows], sort=True)
        counterpart, counterparts = pd.factorize(other_end[rows], sort=True)
        shape = (len(actors), len(counterparts))
        incidence = coo_array((np.ones(len(actor)), (actor, counterpart)), shape=shape).tocsr()
        incidence.data[:] = 1.0
        shares = np.ones(shape[1])
        if weighting == "newman":
            size = np.asarray(incidence.sum(axis=0), dtype=float)
            shares = np.where(size > 1, 1.0 / np.maximum(size - 1, 1.0), 0.0)
        pairs = coo_array(triu(incidence.multiply(shares) @ incidence.T, k=1))
        found.append(
            pd.DataFrame(
                {
                    "source": actors[pairs.row],
                    "target": actors[pairs.col],
                    "period": pd.Series(period, index=range(pairs.nnz), dtype="str"),
                    "weight": pairs.data,
                }
            )
        )
    if not found:
        return pd.DataFrame({"source": [], "target": [], "weight": []}).astype({"source": "str", "target": "str"})
    return pd.concat(found, ignore_index=True).sort_values(["period", "source", "target"], ignore_index=True)


def summary(
    ties: pd.DataFrame, directed: pd.Series, periods: Iterable[str], actors_in: Callable[[str, str], int]
) -> pd.DataFrame:
    """Count actors and ties of each layer and period (see `Network.summary`)."""
    rows = []
    for layer, one_way in directed.items():
        for period in [*periods, None]:
            in_period = ties["period"].isna() if period is None else ties["period"] == period
            here = ties[(ties["layer"] == layer) & in_period]
            if len(here):
                actors = actors_in(str(layer), period) if period else _ends(here)
                counts = _counts(here, actors, directed=bool(one_way))
                rows.append({"layer": layer, "period": period or "", **counts})
    columns = ["actors", "ties", "pairs", "unknown", "absent", "weight", "density", "directed"]
    return pd.DataFrame(rows, columns=["layer", "period", *columns]).set_index(["layer", "period"])


def _counts(here: pd.DataFrame, actors: int, *, directed: bool) -> dict[str, object]:
    present = here[here["status"] == "present"]
    ends = present[["source", "target"]].astype("str").to_numpy()
    if not directed:
        ends = np.sort(ends.astype(str), axis=1)
    pairs = len(pd.DataFrame(ends).drop_duplicates())
    possible = actors * (actors - 1) / (1 if directed else 2)
    return {
        "actors": float(actors),
        "ties": float(len(present)),
        "pairs": float(pairs),
        "unknown": float((here["status"] == "unknown").sum()),
        "absent": float((here["status"] == "absent").sum()),
        "weight": float(present["weight"].sum()),
        "density": pairs / possible if possible else float("nan"),
        "directed": directed,
    }


def _ends(ties: pd.DataFrame) -> int:
    return len(set(ties["source"]) | set(ties["target"]))


def _only(values: pd.Series) -> object:
    found = values.dropna().unique()
    return found[0] if len(found) == 1 else pd.NA


def _together(values: pd.Series) -> object:
    found = sorted({part.strip() for value in values.dropna() for part in str(value).split(";")})
    return ";".join(found) if found else pd.NA
