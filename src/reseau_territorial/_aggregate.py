"""Tables made from the ties of a network: merged aspects, projections, counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import numpy as np
import pandas as pd

from reseau_territorial._selection import Tables
from reseau_territorial.errors import ReseauError, unknown_name

__all__ = ["ALL", "collapsed", "projected", "summary"]

ALL: Final = "all"

_STATUS_ORDER: Final = ("present", "unknown", "absent")


def collapsed(tables: Tables, aspect: str) -> dict[str, pd.DataFrame]:
    """Return the tables that merging all layers, or all periods, changes (see `Network.collapse`)."""
    layers, observation = tables["layers"], tables["observation"].copy()
    ties = _merged(tables["ties"], aspect, layers["directed"])
    if aspect == "layer":
        units = layers["unit"].dropna().unique()
        only = {
            "layer": ALL,
            "label": "toutes les couches",
            "directed": bool(layers["directed"].any()),
            "unit": units[0] if len(units) == 1 else pd.NA,
        }
        layers = pd.DataFrame([only])
    if len(observation):
        observation[aspect] = pd.NA
        observation = observation.sort_values("observed", ascending=False, kind="stable")
        observation = observation.drop_duplicates(["actor", "period", "layer"])
    return {"ties": ties, "layers": layers, "observation": observation}


def _merged(ties: pd.DataFrame, aspect: str, directed: pd.Series) -> pd.DataFrame:
    """Merge ties pair by pair; columns beyond the contract are left out."""
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


def projected(tables: Tables, *, layer: str, onto: str, weighting: str) -> dict[str, pd.DataFrame]:
    """Return the tables of a two-mode layer projected onto one of its modes (see `Network.project`)."""
    if weighting not in ("count", "newman"):
        raise unknown_name("weighting", weighting, ["count", "newman"])
    kept = _mode(tables, onto)
    actors = tables["actors"]
    here = {name: tables[name][tables[name]["actor"].isin(kept)] for name in ("provision", "observation")}
    return {
        **tables,
        **here,
        "ties": _co_membership(tables["ties"], kept, weighting).assign(layer=layer),
        "actors": actors.loc[actors.index.isin(kept)],
        "layers": tables["layers"][["label"]].assign(directed=False),
    }


def _mode(tables: Tables, onto: str) -> pd.Index:
    """Return the actors of one mode: one end of the ties, or a kind of actor."""
    ties, actors = tables["ties"], tables["actors"]
    if onto in ("source", "target"):
        ends = set(ties[onto])
        if ends & set(ties["target" if onto == "source" else "source"]):
            raise ReseauError(
                f"cannot project onto {onto!r}: some actors are at both ends of the layer. Name a kind of actor."
            )
        return actors.index[actors.index.isin(ends)]
    kinds = actors["kind"].dropna().unique()
    if onto not in kinds:
        raise unknown_name("kind of actor", onto, ["source", "target", *kinds])
    return actors.index[(actors["kind"] == onto).to_numpy(dtype=bool, na_value=False)]


def _co_membership(ties: pd.DataFrame, onto: pd.Index, weighting: str) -> pd.DataFrame:
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
