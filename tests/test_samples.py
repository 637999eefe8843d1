"""The bundled cases hold what their SOURCE.md says, and what their origin says."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pandas as pd
import pytest

from reseau_territorial import Network, samples
from reseau_territorial._dialect import read_text_table
from reseau_territorial.errors import UnknownNameError
from reseau_territorial.vocabulary import KINDS, SECTORS, STATUSES, TIERS

SHARED = Path(os.environ.get("RESEAU_SHARED", Path(__file__).parents[1] / "../shared")) / "data"
needs_origins = pytest.mark.skipif(not SHARED.is_dir(), reason="the original files are not beside the checkout")
CASES = ["article_2020", "tours_masks", "masks_2020"]


@pytest.mark.parametrize("case", CASES)
def test_a_case_speaks_the_vocabulary(case: str) -> None:
    net: Network = getattr(samples, case)()
    assert set(net.actors["kind"]) <= set(KINDS)
    assert set(net.actors["sector"]) <= set(SECTORS)
    assert set(net.actors["tier"].dropna()) <= set(TIERS)
    assert set(net.ties["status"]) <= set(STATUSES)
    assert set(net.periods) <= {"before", "crisis", "after"}
    assert net.actors["name"].notna().all()
    assert net.layers["label"].notna().all()
    assert net.actors["rule"].notna().all(), "why an actor has its sector is told"


@pytest.mark.parametrize("case", [*CASES, *(f"study/{name}" for name in samples.STUDIES)])
def test_a_case_tells_its_origin_and_keeps_no_personal_data(case: str) -> None:
    place = samples.folder(case)
    assert "icence" in (place / "SOURCE.md").read_text(encoding="utf-8")
    content = "".join(path.read_text(encoding="utf-8") for path in place.glob("*.csv"))
    assert not re.search(r"[\w.]+@[\w.]+\.\w+", content), "an e-mail"
    assert not re.search(r"\b0[1-9]([ .]?\d\d){4}\b", content), "a phone number"
    assert "[maker individuel" not in content


@pytest.mark.parametrize("case", CASES)
def test_every_present_tie_has_a_source_that_is_described(case: str) -> None:
    net: Network = getattr(samples, case)()
    present = net.ties.query("status != 'unknown'")
    cited = set(present["evidence"].str.split(";").explode())
    assert cited <= set(net.sources.index)
    assert net.sources["licence"].notna().all()


def test_tours_before_is_structural_and_after_is_mostly_unknown() -> None:
    net = samples.tours_masks()
    assert len(net) == 33
    assert set(net.ties.query("period == 'before'")["layer"]) == {"membership", "administration"}
    after = net.ties.query("period == 'after'")
    crisis = net.ties.query("period == 'crisis' and confidence == 'excerpt' and status == 'present'")
    unknown = after.query("status == 'unknown'")
    ends = ["source", "target", "layer", "need"]
    assert sorted(map(tuple, crisis[ends].values)) == sorted(map(tuple, unknown[ends].values))
    assert len(unknown) > len(after) / 2
    assert set(net.ties.query("status == 'absent'")["layer"]) == {"pooling"}


def test_tours_is_a_member_of_its_metropole_in_every_period() -> None:
    ties = samples.tours_masks().ties.query("source == 'ville_tours' and layer == 'membership'")
    assert ties["period"].to_list() == ["before", "crisis", "after"]
    assert set(ties["target"]) == {"tours_metropole"}


@needs_origins
def test_sirens_and_memberships_of_tours_are_those_of_the_register() -> None:
    members = read_text_table(SHARED / "cog-epci/2020/epci_membres.csv.gz")
    net = samples.tours_masks()
    communes = net.actors.query("kind == 'commune'")
    register = members.set_index("code_insee")
    assert communes["siren"].to_list() == register.loc[communes["insee"], "siren_commune"].to_list()
    sirens = net.actors["siren"]
    for tie in net.ties.query("layer == 'membership' and period == 'crisis'").itertuples():
        assert register.loc[net.actors.loc[tie.source, "insee"], "siren_epci"] == sirens[tie.target]


@needs_origins
def test_every_row_of_the_facts_is_coded_or_said_not_to_be() -> None:
    facts = (SHARED / "tours-2020/facts.md").read_text(encoding="utf-8")
    cited = set(re.findall(r"\bE\d+\b", facts))
    net = samples.tours_masks()
    assert cited == {name for name in net.sources.index if name.startswith("E")}
    used = set(net.ties["evidence"].dropna().str.split(";").explode())
    source = (samples.folder("tours_masks") / "SOURCE.md").read_text(encoding="utf-8")
    for name in cited - used:
        assert name in source


@needs_origins
def test_the_article_is_coded_row_for_row() -> None:
    origin = pd.read_csv(SHARED / "weka-2020/ties.csv", dtype=str).set_index("tie_id")
    ties = samples.article_2020().ties.set_index("tie_id")
    assert list(ties.index) == list(origin.index)
    assert ties["source"].to_list() == origin["source"].to_list()
    assert ties["target"].to_list() == origin["target"].to_list()
    assert (ties["status"] == "unknown").to_list() == (origin["statut"] == "souhaite").to_list()
    assert (ties["sign"] == -1).to_list() == (origin["signe"] == "-").to_list()
    directed = ties["layer"].map(samples.article_2020().layers["directed"])
    assert directed.to_list() == (origin["oriente"] == "oui").to_list()


def test_wished_ties_count_nowhere() -> None:
    net = samples.article_2020()
    assert net.select(period="after").summary()["ties"].sum() == 0


@needs_origins
def test_the_survey_of_makers_is_whole() -> None:
    origin = read_text_table(SHARED / "masques-2020/producteurs-equipements-2020-04-30.csv")
    provision = samples.masks_2020().provision
    assert set(provision["survey_row"]) == set(range(1, len(origin) + 1))
    declared = pd.to_numeric(origin["nombre_pieces_distribuees"], errors="coerce")
    once = provision.drop_duplicates("survey_row").set_index("survey_row")["pieces"]
    assert once.sum() == declared.sum()


@needs_origins
def test_the_town_of_a_maker_is_the_town_it_typed() -> None:
    names = pd.concat(
        [read_text_table(SHARED / f"cog-epci/{year}/epci_membres.csv.gz") for year in (2019, 2020, 2021)]
    ).drop_duplicates("code_insee")
    known = set(names["code_insee"])
    codes = samples.masks_2020().provision["territory"].dropna()
    assert {code for code in codes if code not in known} <= {"75056"}


def test_studies_have_their_published_sizes() -> None:
    florentine = samples.study("florentine")
    assert florentine.summary()["ties"].droplevel("period").to_dict() == {"marriage": 20.0, "business": 15.0}
    assert "Pucci" in florentine.actors.index
    assert len(samples.study("krackhardt_hightech")) == 21
    assert samples.study("lazega").ties["layer"].value_counts().to_dict() == {
        "cowork": 1104,
        "advice": 892,
        "friends": 575,
    }
    assert len(samples.study("aucs").ties) == 620
    with pytest.raises(UnknownNameError, match="Did you mean 'lazega'"):
        samples.study("lazeg")


def test_a_case_is_read_once_and_cannot_be_spoilt() -> None:
    net = samples.tours_masks()
    assert samples.tours_masks() is net
    actors = net.actors
    actors["name"] = "x"
    assert net.actors.loc["ville_tours", "name"] == "Ville de Tours"


def test_indre_et_loire_gives_the_published_share_of_duplicated_competences() -> None:
    net = samples.indre_et_loire()
    held = net.provision.query("role == 'holder'").groupby(["territory", "need"])["actor"].nunique()
    assert len(held) == 9_849
    assert (held > 1).mean() == pytest.approx(0.142, abs=5e-4)
    assert net.actors["kind"].value_counts()["commune"] == 272
    assert not {"mail", "telephone", "adresse"} & set(net.actors.columns)
