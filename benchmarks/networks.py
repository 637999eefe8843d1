"""The networks of the benchmarks, as arrays: real territorial data where it is at hand, else generated ones."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

SHARED = Path(os.environ.get("RESEAU_SHARED", Path(__file__).parents[1] / "../shared")) / "data"
Arrays = dict[str, NDArray[Any]]
SEED = 20200619


def national() -> Arrays:
    """Communes, groupings, arrondissements, départements and régions of France in 2026, and who belongs to whom."""
    folder = SHARED / "cog-epci/2026"
    pairs = []
    for commune in _json(folder / "communes.json.gz"):
        if commune["type"] == "commune-actuelle":
            above = commune.get("arrondissement")
            department = commune.get("departement") or commune.get("region")
            pairs.append((f"c{commune['code']}", f"a{above}" if above else f"d{department}"))
    for grouping in (*_json(folder / "epci.json.gz"), *_json(folder / "ept.json")):
        pairs += [(f"c{member['code']}", f"e{grouping['code']}") for member in grouping["membres"]]
    pairs += [(f"a{row['code']}", f"d{row['departement']}") for row in _json(folder / "arrondissements.json")]
    pairs += [(f"d{row['code']}", f"r{row['region']}") for row in _json(folder / "departements.json")]
    return _numbered(pairs)


def grants() -> Arrays:
    """Two modes: who funds (State programmes, three départements and others) and which organisations are funded."""
    folder = SHARED / "subventions"
    state = pd.read_csv(
        folder / "etat-jaune-associations-2010/plf-2012-jaune-associations-subventionne-es-en-2010.csv.gz",
        sep=";",
        encoding="cp1252",
        dtype=str,
    )
    pairs = list(zip(state["IMPUTATION"], state["SIREN"], strict=True))
    local = pd.read_csv(
        folder / "pays-de-la-loire-agrege/donnees_subventions_agregees_PDL_44_49_72.csv.gz",
        encoding="utf-8",
        encoding_errors="replace",
        dtype=str,
        sep=None,
        engine="python",
    )
    pairs += zip(local["nomAttribuant"], local["idBeneficiaire"].str[:9], strict=True)
    return _numbered((f"f{funder}", f"b{funded}") for funder, funded in pairs if funder == funder and funded == funded)


def contracts() -> Arrays:
    """Two modes: public buyers and their suppliers, from three files of French public procurement data."""
    folder = SHARED / "decp"
    pairs = []
    for name in ("marches-publics.info-2019-03-07", "data.gouv.fr-pes-2019-04-05"):
        for contract in _json(folder / f"2019-format-json/{name}.json.gz")["marches"]:
            buyer = (contract.get("acheteur") or {}).get("id")
            for supplier in contract.get("titulaires") or []:
                if buyer and supplier.get("id"):
                    pairs.append((f"b{buyer[:9]}", f"s{supplier['id'][:9]}"))
    table = pd.read_csv(
        folder / "2024-format-tabulaire/decp-2024H2-travaux-cpv4521.csv.gz", dtype=str, sep=None, engine="python"
    )
    for buyer, supplier in zip(table["acheteur_id"], table["titulaire_id"], strict=True):
        if buyer == buyer and supplier == supplier:
            pairs.append((f"b{buyer[:9]}", f"s{supplier[:9]}"))
    return _numbered(pairs)


def scale_free() -> Arrays:
    """Barabási and Albert's model, 20,000 actors, 5 ties for each newcomer: nothing to collapse.

    The square tables of NetworkX still fit in 8 GB.
    """
    return _preferential(20_000, 5)


def large() -> Arrays:
    """The same model with 200,000 actors and 1,000,000 ties."""
    return _preferential(200_000, 5)


def medium() -> Arrays:
    """The same model with 5,000 actors and 25,000 ties: what NetworkX's loops can finish."""
    return _preferential(5_000, 5)


def small() -> Arrays:
    """The same model with 300 actors, where every library finishes at once."""
    return _preferential(300, 5)


def small_layers() -> Arrays:
    """300 actors and 3 layers of 900 ties, placed at random."""
    rng = np.random.default_rng(SEED)
    parts = [_random(300, 900, directed=False, rng=rng) for _ in range(3)]
    ends = {end: np.concatenate([part[end] for part in parts]) for end in ("source", "target")}
    return {"n": np.array(300), **ends, "layer": np.repeat(np.arange(3), 900)}


def directed() -> Arrays:
    """10,000 actors in 5 groups and 50,000 directed ties, placed at random."""
    return _random(10_000, 50_000, directed=True) | {"group": _groups(10_000)}


def layers() -> Arrays:
    """20,000 actors and 3 layers of 60,000 ties, a third of them shared with the next layer."""
    rng = np.random.default_rng(SEED)
    parts = [_random(20_000, 60_000, directed=False, rng=rng) for _ in range(3)]
    source = np.concatenate([parts[0]["source"], parts[1]["source"], parts[2]["source"]])
    target = np.concatenate([parts[0]["target"], parts[1]["target"], parts[2]["target"]])
    shared = slice(60_000, 80_000)
    source[shared], target[shared] = parts[0]["source"][:20_000], parts[0]["target"][:20_000]
    return {"n": np.array(20_000), "source": source, "target": target, "layer": np.repeat(np.arange(3), 60_000)}


def many_ties() -> Arrays:
    """10,000,000 weighted ties among 1,000,000 actors of 12 groups."""
    rng = np.random.default_rng(SEED)
    n, m = 1_000_000, 10_000_000
    source = rng.integers(0, n, m)
    target = (source + 1 + rng.integers(0, n - 1, m)) % n
    return {
        "n": np.array(n),
        "source": source,
        "target": target,
        "weight": rng.random(m) + 0.5,
        "group": rng.integers(0, 12, n),
    }


def job(n: int) -> Callable[[], Arrays]:
    """Return the builder of two tables of an analyst: n actors of 4 sectors, 3 n ties that are denser nearby."""

    def build() -> Arrays:
        rng = np.random.default_rng(SEED)
        source = rng.integers(0, n, 3 * n)
        target = (source + 1 + rng.geometric(min(0.5, 30 / n), 3 * n)) % n
        low, high = np.minimum(source, target), np.maximum(source, target)
        pairs = np.unique((low * n + high)[low != high])
        return {"n": np.array(n), "source": pairs // n, "target": pairs % n, "group": _groups(n, 4)}

    return build


NETWORKS: dict[str, Callable[[], Arrays]] = {
    "national": national,
    "grants": grants,
    "contracts": contracts,
    "scale_free": scale_free,
    "large": large,
    "medium": medium,
    "small": small,
    "small_layers": small_layers,
    "directed": directed,
    "layers": layers,
    "many_ties": many_ties,
    "job_300": job(300),
    "job_3000": job(3000),
    "job_30000": job(30000),
}


def _json(path: Path) -> Any:
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
        return json.load(stream)


def _numbered(pairs: Iterable[tuple[str, str]]) -> Arrays:
    ends = pd.DataFrame(pairs, columns=["source", "target"]).drop_duplicates()
    codes, _ = pd.factorize(pd.concat([ends["source"], ends["target"]]), sort=True)
    half = len(ends)
    return {"n": np.array(codes.max() + 1), "source": codes[:half], "target": codes[half:]}


def _groups(n: int, count: int = 5) -> NDArray[np.int64]:
    return np.random.default_rng(SEED).integers(0, count, n)


def _random(n: int, m: int, *, directed: bool, rng: np.random.Generator | None = None) -> Arrays:
    rng = rng or np.random.default_rng(SEED)
    source, target = rng.integers(0, n, 2 * m), rng.integers(0, n, 2 * m)
    if not directed:
        source, target = np.minimum(source, target), np.maximum(source, target)
    pairs = np.unique((source * n + target)[source != target])
    pairs = rng.permutation(pairs)[:m]
    return {"n": np.array(n), "source": pairs // n, "target": pairs % n}


def _preferential(n: int, each: int) -> Arrays:
    """Each newcomer ties itself to actors drawn in proportion to their ties."""
    rng = np.random.default_rng(SEED)
    ends = list(range(each))
    source, target = [], []
    for newcomer in range(each, n):
        chosen: set[int] = set()
        while len(chosen) < each:
            chosen.add(ends[int(rng.integers(len(ends)))])
        for other in chosen:
            source.append(newcomer)
            target.append(other)
        ends.extend(chosen)
        ends.extend([newcomer] * each)
    return {"n": np.array(n), "source": np.array(source), "target": np.array(target)}
