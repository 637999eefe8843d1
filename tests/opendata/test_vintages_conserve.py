"""From the files of 2020 to those of 2026: what meets before and after, and that nothing is lost or made up on the way.

What is expected is counted from the files themselves, without the tables of succession of the package: a commune of
2026 says what its parts were, and an EPCI that is gone is where its communes are.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pandas as pd
import pytest

from reseau_territorial import Network
from reseau_territorial.opendata import join, read_cog, to_vintage

pytestmark = pytest.mark.slow
SPLIT = {"200067221", "200071157"}  # CC Centre Morbihan Communauté, CC des Hautes Vosges
"""The EPCI of 2020 and 2021 whose communes are in several of 2026, and whose SIREN is gone: nobody took their place."""
SPLIT_IN_2020 = {"200067510", "243900719", "247700438"}
"""Those of 2019 that were shared out among two or three others on 1 January 2020."""


def network(folder: Path) -> Network:
    return read_cog([folder / name for name in ("epci_membres.csv.gz", "epci.csv")]).network


def members(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "epci_membres.csv.gz", dtype="str").dropna(subset=["siren_epci"])


@pytest.fixture(scope="module")
def folders(shared: Path) -> dict[int, Path]:
    return {year: shared / f"cog-epci/{year}" for year in (2019, 2020, 2021, 2026)}


@pytest.fixture(scope="module")
def register(folders):
    return network(folders[2026])


@pytest.fixture(scope="module")
def old(folders):
    return network(folders[2020])


@pytest.fixture(scope="module")
def heirs(folders) -> pd.Series:
    """Return the commune of 2026 of each code of 2020: that of its SIREN, itself, its whole, or who had its code."""
    with gzip.open(folders[2026] / "communes.json.gz", "rt", encoding="utf-8") as stream:
        table = pd.DataFrame(json.load(stream))
    now = table[table["type"].eq("commune-actuelle")].set_index("code")
    parts = table[table["type"].isin(["commune-deleguee", "commune-associee"])].set_index("code")["chefLieu"]
    former = now["anciensCodes"].explode().dropna()
    former = pd.Series(former.index, index=former.to_numpy())
    told = pd.concat([pd.Series(now.index, index=now.index), parts, former])
    then = members(folders[2020]).set_index("code_insee")["siren_commune"]
    by_siren = then.map(now["siren"].dropna().reset_index().set_index("siren")["code"]).dropna()
    told = pd.concat([by_siren, told])
    return told[~told.index.duplicated()]


def paid(net: Network) -> Network:
    """Give every actor of a network an amount of its own, from one payer: each sum tells who is in it."""
    amounts = pd.Series(range(1, len(net) + 1), index=net.actors.index, dtype="float64")
    grants = pd.DataFrame({"source": "payer", "target": amounts.index, "layer": "grant", "weight": amounts.to_numpy()})
    payer = pd.DataFrame({"kind": ["company"]}, index=pd.Index(["payer"], name="actor"))
    return net.replace(ties=pd.concat([net.ties, grants]), actors=pd.concat([net.actors, payer]), layers=None)


def grants_to(net: Network, actor: str) -> float:
    return float(net.ties.loc[net.ties["layer"].eq("grant") & net.ties["target"].eq(actor), "weight"].sum())


@pytest.mark.parametrize(
    ("year", "communes", "epci"), [(2019, 0.9947, 0.9857), (2020, 0.9949, 0.9952), (2021, 0.9951, 0.9968)]
)
def test_a_register_of_another_year_meets_wholly_once_moved(folders, register, year, communes, epci):
    net = network(folders[year])
    before = join(register, net).rates["share"]
    assert before["commune"] == pytest.approx(communes, abs=1e-4)
    assert before["epci"] == pytest.approx(epci, abs=1e-4)
    moved = to_vintage(net, 2026).network
    met = join(register, moved)
    assert met.rates["share"]["commune"] == 1
    alone = set(met.matches.index[met.matches["register"].isna()])
    assert alone == SPLIT | (SPLIT_IN_2020 if year == 2019 else set())
    assert not alone & set(moved.ties["target"])  # nobody is a member of them any more


def test_money_is_kept_by_each_commune_and_each_epci(folders, old, heirs):
    net = paid(old)
    moved, report = to_vintage(net, 2026)
    before, after = (one.ties[one.ties["layer"].eq("grant")] for one in (net, moved))
    assert after["weight"].sum() == before["weight"].sum()
    assert len(after) == len(before)  # who paid two communes that merged has paid twice: no tie is thrown away
    assert not report.count("decided", "inner_tie")

    received = before.set_index("target")["weight"]
    insee = old.actors["insee"].dropna()
    expected = received.reindex(insee.index).groupby(insee.map(heirs).to_numpy()).sum()
    code = after["target"].map(moved.actors["insee"])
    got = after["weight"].groupby(code).sum()
    assert insee.map(heirs).notna().all()
    pd.testing.assert_series_equal(got, expected, check_names=False)

    then, now = members(folders[2020]), members(folders[2026])
    place = then["code_insee"].map(heirs).map(now.set_index("code_insee")["siren_epci"])
    of_epci = then.assign(place=place).groupby("siren_epci")["place"]
    gone = ~of_epci.first().index.isin(now["siren_epci"])
    replaced = of_epci.first()[gone & of_epci.nunique().eq(1).to_numpy()]
    assert set(of_epci.first().index[gone]) - set(replaced.index) == SPLIT
    epci = old.actors.index[old.actors["kind"].eq("epci")]
    expected = received.reindex(epci).groupby([replaced.get(siren, siren) for siren in epci]).sum()
    got = after["weight"][code.isna()].groupby(after["target"]).sum()
    pd.testing.assert_series_equal(got, expected, check_names=False)


def test_each_commune_is_a_member_once_where_the_files_say(folders, old, register, heirs):
    moved, report = to_vintage(old, 2026)
    assert len(moved.ties) == len(old.ties) - report.count("counted_twice", "same_membership")
    then, now = members(folders[2020]), members(folders[2026]).set_index("code_insee")["siren_epci"]
    insee = moved.actors["insee"]
    got = pd.DataFrame({"commune": moved.ties["source"].map(insee), "epci": moved.ties["target"]})
    assert not got.duplicated().any()
    assert set(got["commune"]) == set(then["code_insee"].map(heirs))

    # A commune is where the file of 2026 says, but those told: they moved, or merged with one that is elsewhere.
    elsewhere = got[got["commune"].map(now).ne(got["epci"])]
    told = report.findings[report.findings["reason"].isin(["moved", "merged_elsewhere"])]
    sources = told["raw"].str.partition(" -> ")
    assert set(zip(elsewhere["commune"], elsewhere["epci"], strict=True)) == set(
        zip(sources[0].map(insee), sources[2], strict=True)
    )
    # What 2026 has more: the communes made again, and the other end of the moves.
    pairs = set(zip(got["commune"], got["epci"], strict=True))
    new = {pair for pair in now.items() if pair not in pairs}
    again = set(now.index) - set(got["commune"])
    assert {commune for commune, _ in new} <= again | set(elsewhere["commune"])
    made = report.findings.query("reason == 'commune_split'")["value"].str.split(", ").explode()
    assert set(made) <= again
    assert len(got) == len(register.ties) - len(new) + len(elsewhere)


def test_the_members_of_a_split_are_where_the_file_says_and_money_to_it_stays(old, heirs, folders):
    net = paid(old)
    moved = to_vintage(net, 2026).network
    now = members(folders[2026]).set_index("code_insee")["siren_epci"]
    for siren in SPLIT:
        was = net.ties[net.ties["target"].eq(siren) & net.ties["layer"].eq("membership")]
        communes = net.actors.loc[was["source"], "insee"].map(heirs)
        assert now[communes].nunique() > 1
        placed = moved.ties[moved.ties["layer"].eq("membership")]
        codes = placed["source"].map(moved.actors["insee"])
        assert dict(zip(codes, placed["target"], strict=True)).items() >= now[communes].to_dict().items()
        before, after = (grants_to(one, siren) for one in (net, moved))
        assert before == after > 0
