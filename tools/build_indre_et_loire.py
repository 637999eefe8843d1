"""Build the bundled case data/samples/indre_et_loire from the open-data files.

    python tools/build_indre_et_loire.py path/to/data

The folder holds the files as they were downloaded: see the SOURCE.md of the case for their origin.
"""

from __future__ import annotations

import gzip
import itertools
import json
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from reseau_territorial.network import Network
from reseau_territorial.opendata.banatic import competences, read_banatic
from reseau_territorial.opendata.cog import read_cog
from reseau_territorial.opendata.france_services import read_france_services
from reseau_territorial.opendata.registers import join

TARGET = Path(__file__).parents[1] / "data/samples/indre_et_loire"
DEPARTEMENT = "37"
YEAR = 2021
Ring = Sequence[Sequence[float]]


def centre(rings: Sequence[Ring]) -> tuple[float, float]:
    """Return the centroid of the outer rings of a commune, weighted by their areas (flat degrees)."""
    area = x = y = 0.0
    for ring in rings:
        for (x0, y0), (x1, y1) in itertools.pairwise(ring):
            cross = x0 * y1 - x1 * y0
            area += cross
            x += (x0 + x1) * cross
            y += (y0 + y1) * cross
    return round(x / (3 * area), 5), round(y / (3 * area), 5)


def centres(path: Path) -> pd.DataFrame:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        features = json.load(stream)["features"]
    rows = {}
    for feature in features:
        geometry = feature["geometry"]
        polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
        rows[feature["properties"]["code"]] = centre([polygon[0] for polygon in polygons])
    return pd.DataFrame.from_dict(rows, orient="index", columns=["longitude", "latitude"])


def groupings(data: Path) -> Network:
    """Return the communes of the département, the groupings that they belong to, and who holds what.

    The provision is by grouping, which is small; the loader spreads it over the communes.
    """
    folder = data / f"cog-epci/{YEAR}"
    territory = read_cog([folder / "epci_membres.csv.gz", folder / "epci.csv"], vintage=YEAR).network
    names = ("groupements-2021.csv", "competences-exercees-2021.csv.gz", "composition-communale-syndicats-2021.csv.gz")
    net = read_banatic([data / "banatic" / name for name in names], territory=territory, vintage=YEAR).network
    actors = net.actors
    communes = actors.index[actors["departement"].eq(DEPARTEMENT) & actors["kind"].eq("commune")]
    ties = net.ties[net.ties["source"].isin(communes)].drop(columns="period")
    kept = actors.loc[communes.union(pd.Index(ties["target"].unique()))]
    held = net.provision[net.provision["actor"].isin(kept.index)].drop(columns="period")
    local = Network(ties, actors=kept, layers=net.layers, sources=net.sources, provision=held)
    provision = local.provision.sort_values(["actor", "need"], ignore_index=True)
    provision["need_label"] = provision["need"].map(competences()["label"])
    place = centres(data / "contours/communes-37-indre-et-loire.geojson.gz")
    kept = local.actors
    for column in place:
        kept[column] = kept["insee"].map(place[column])
    return local.replace(provision=provision, actors=kept.drop(columns=["region", "arrondissement"]))


def desks(data: Path) -> Network:
    """Return the France services desks of the département and their communes, without e-mail or telephone."""
    net = read_france_services(data / "france-services/liste-fs-2024-08-01.csv.gz").network
    actors = net.actors
    inside = actors["territory"].fillna("").str.startswith(DEPARTEMENT)
    ties = net.ties[net.ties["source"].isin(actors.index[inside]) & net.ties["layer"].eq("desk")]
    provision = net.provision[net.provision["actor"].isin(actors.index[inside])]
    kept = actors.loc[pd.Index(ties["source"].unique()).union(pd.Index(ties["target"].unique()))]
    kept["tier"] = kept["tier"].fillna("communal")
    kept["sector"] = kept["sector"].fillna("unknown")
    label = provision.assign(need_label="France services")
    return Network(
        ties.drop(columns="period"),
        actors=kept,
        layers=net.layers.loc[["desk"]],
        sources=net.sources,
        provision=label.drop(columns="period"),
    )


def _placed(net: Network) -> Network:
    """Say in which EPCI each desk stands: that of its commune."""
    actors = net.actors
    epci = actors.dropna(subset=["insee"]).set_index("insee")["epci"]
    return net.replace(actors=actors.assign(epci=actors["epci"].fillna(actors["territory"].map(epci))))


def main(folder: str) -> None:
    data = Path(folder)
    net = _placed(join(groupings(data), desks(data)).network)
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder_of_archive:
        archive = net.save(Path(folder_of_archive) / "indre_et_loire.zip")
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(TARGET)


if __name__ == "__main__":
    main(sys.argv[1])
