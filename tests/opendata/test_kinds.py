"""Kinds, sectors and tiers: cases that everybody knows, and the order of the rules."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from reseau_territorial import Network, UnknownNameError
from reseau_territorial.opendata.kinds import assign_kinds, classify, kind_of_nature, legal_categories
from reseau_territorial.vocabulary import KINDS, SECTORS, TIERS


def one(**values: object) -> tuple[object, ...]:
    row = classify(pd.DataFrame([values])).iloc[0]
    return tuple(None if pd.isna(value) else value for value in row[["kind", "sector", "tier"]])


def test_all_260_categories_have_words_of_the_vocabulary():
    table = legal_categories()
    assert len(table) == 260
    assert set(table["kind"]) <= set(KINDS)
    assert set(table["sector"]) <= set(SECTORS)
    assert set(table["tier"].dropna()) <= set(TIERS)


@pytest.mark.parametrize(
    ("code", "kind", "sector", "tier"),
    [
        ("7210", "commune", "public", "communal"),
        ("7346", "epci", "public", "intercommunal"),
        ("7353", "grouping", "public", "intercommunal"),
        ("7220", "departement", "public", "departemental"),
        ("7361", "local_operator", "public", "communal"),
        ("7172", "state_service", "public", "departemental"),
        ("7383", "operator", "public", "national"),
        ("7381", "chamber", "public", None),
        ("7364", "hospital", "public", None),
        ("5515", "mixed_company", "mixed", None),
        ("5646", "mixed_company", "mixed", None),
        ("5710", "company", "private", None),
        ("5458", "cooperative", "civil", None),
        ("6317", "cooperative", "civil", None),
        ("6411", "cooperative", "civil", None),
        ("9220", "association", "civil", None),
        ("9260", "association", "civil", None),
        ("9300", "foundation", "civil", None),
        ("1000", "sole_trader", "private", None),
        ("8140", "social_protection", "mixed", None),
        ("8410", "union", "civil", None),
        ("6220", "company_network", "private", None),
    ],
)
def test_legal_categories(code, kind, sector, tier):
    assert one(legal_category=code) == (kind, sector, tier)


def test_what_the_state_calls_public_is_public_or_social_protection(shared):
    listed = json.loads((shared / "nomenclatures/spa_natures_juridiques.json").read_text(encoding="utf-8"))
    table = legal_categories().loc[list(listed)]
    assert set(table["sector"]) <= {"public", "mixed"}
    assert set(table.loc[table["sector"] == "mixed", "kind"]) <= {"social_protection", "professionals"}


def test_the_siren_comes_before_the_category():
    assert one(siren="217500016", legal_category="7229") == ("commune", "public", "communal")
    assert one(siren="200046977", legal_category="7229") == ("epci", "public", "intercommunal")
    assert one(siren="200076958", legal_category="7229") == ("region", "public", "regional")
    assert one(siren="356000000", legal_category="5510")[:2] == ("operator", "public")
    assert one(siren="340709211", legal_category="6220") == ("operator", "public", "national")  # Atout France, a GIE


def test_the_users_own_table_comes_first():
    own = pd.DataFrame({"kind": ["association"], "sector": ["civil"]}, index=["356000000"])
    found = classify(pd.DataFrame({"siren": ["356000000"]}), own=own).iloc[0]
    assert (found["kind"], found["sector"], found["rule"]) == ("association", "civil", "own table")
    with pytest.raises(UnknownNameError, match="Did you mean 'association'"):
        classify(pd.DataFrame({"siren": ["1"]}), own=pd.DataFrame({"kind": ["asociation"]}, index=["1"]))


def test_the_social_economy_flag_makes_a_company_civil_and_leaves_a_commune_public():
    assert one(legal_category="5710", ess="O") == ("company", "civil", None)
    assert one(legal_category="5710", ess="N") == ("company", "private", None)
    assert one(legal_category="7210", ess="O") == ("commune", "public", "communal")


def test_unknown_stays_unknown():
    assert one(siren=None, legal_category="8888") == (None, "unknown", None)
    assert classify(pd.DataFrame({"x": [1]}))["rule"].tolist() == ["unknown"]


def test_assign_kinds_keeps_what_is_known():
    actors = pd.DataFrame(
        {
            "actor": ["a", "b", "c"],
            "kind": ["collective", None, None],
            "sector": ["civil", None, None],
            "rule": ["said so", None, None],
            "legal_category": ["5710", "7210", None],
        }
    )
    found = assign_kinds(Network(actors=actors)).actors
    assert found["kind"].tolist()[:2] == ["collective", "commune"]
    assert found["sector"].tolist() == ["civil", "public", "unknown"]
    assert found["rule"].tolist() == ["said so", "legal category 7210", "unknown"]


def test_natures_of_groupings():
    natures = pd.Series(["METRO", "CC", " sivu ", "PETR", "???"])
    assert kind_of_nature(natures).tolist()[:4] == ["epci", "epci", "grouping", "grouping"]
    assert kind_of_nature(natures).isna().tolist() == [False] * 4 + [True]
