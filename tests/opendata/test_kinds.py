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


# The typology of the project (open data, 3.1): codes, the kinds that read them, the sector. A dash is a range.
TYPOLOGY = """
7111 7112 7113 7120 7150 7160 7171 7172 7179 7190 | state state_service school | public
7210 7312 7313 7314 7341 | commune | public
7220 | departement | public
7225 7229 | local_authority | public
7230 | region | public
7342 7343 7344 7346 7347 7348 | epci | public
7340 7345 7349 7351 7352 7353 7354 7355 7356 7357 | grouping | public
7331 7361 7362 7364 7365 7366 7367 7371 7372 7373 7378 7379 | local_operator school hospital | public
4140 4150 | local_operator | public
4110 4120 4130 4160 | operator | public
7381 | chamber | public
7382 7383 7384 7385 7389 7410 7430 7450 7470 7490 | operator school hospital | public
8110 8120 8130 8140 8150 8160 8170 8190 8450 | social_protection professionals | mixed
5415 5515 5615 5430 5530 5630 5546 5646 5547 5647 | mixed_company | mixed
9210 9220 9221 9222 9223 9230 9240 9260 | association | civil
9300 | foundation | civil
8210 8250 8290 6411 5100-5199 5443-5460 5543-5545 5548-5560 5643-5645 5648-5660 | cooperative | civil
6316-6318 6543-6560 | cooperative | civil
8410 | union | civil
8420 8490 6220 8470 | company_network | private mixed
5200-5299 5300-5399 5400-5442 5461-5542 5561-5642 5661-5699 5700-5799 5800 | company | private
6210 6901 3120 6500-6542 6561-6599 | company | private
1000 2100-2199 2200-2299 2300-2399 | sole_trader | private
"""
# Cooperatives by their own label, which the ranges of companies would cover.
COOPERATIVE_BY_LABEL = {"5203", "5307", "5309", "6595", "6596"}


def test_the_260_categories_are_read_as_the_typology_says():
    table = legal_categories()
    expected: dict[str, tuple[set[str], set[str]]] = {}
    for line in TYPOLOGY.strip().splitlines():
        codes, kinds, sectors = (part.split() for part in line.split("|"))
        for code in codes:
            first, _, last = code.partition("-")
            for known in table.index[(table.index >= first) & (table.index <= (last or first))]:
                expected.setdefault(known, (set(kinds), set(sectors)))  # named codes stand before the ranges
    differs = {
        code: (table.at[code, "kind"], table.at[code, "sector"])
        for code, (kinds, sectors) in expected.items()
        if table.at[code, "kind"] not in kinds or table.at[code, "sector"] not in sectors
    }
    assert differs == dict.fromkeys(COOPERATIVE_BY_LABEL, ("cooperative", "civil"))
    assert all("oopérati" in table.at[code, "label"] or "mutuel" in table.at[code, "label"] for code in differs)
    # What the typology does not name: bodies without legal personality, foreign law, joint ownership, councils.
    assert set(table.loc[~table.index.isin(expected), "kind"]) <= {
        "other", "local_operator", "cooperative", "company", "social_protection", "association", "hospital",
    }  # fmt: skip


def test_what_the_state_calls_public_is_public_or_social_protection(shared):
    listed = json.loads((shared / "nomenclatures/spa_natures_juridiques.json").read_text(encoding="utf-8"))
    table = legal_categories().loc[list(listed)]
    assert set(table["sector"]) <= {"public", "mixed"}
    assert set(table.loc[table["sector"] == "mixed", "kind"]) <= {"social_protection", "professionals"}


def test_the_siren_comes_before_the_category():
    assert one(siren="217500016", legal_category="7229") == ("commune", "public", "communal")
    assert one(siren="200046977", legal_category="7229") == ("epci", "public", "intercommunal")
    assert one(siren="200076958", legal_category="7229") == ("region", "public", "regional")
    assert one(siren="200055507", legal_category="7229") == ("region", "public", "regional")
    assert one(siren="200052678", legal_category="7229") == ("region", "public", "regional")
    assert one(siren="229850003", legal_category="7229") == ("departement", "public", "departemental")
    assert one(siren="200094332", legal_category="7229") == ("departement", "public", "departemental")
    assert one(siren="219711231", legal_category="7225") == ("local_authority", "public", None)
    assert one(siren="775663438", legal_category="4110") == ("operator", "public", "national")
    assert one(siren="180035016", legal_category="8110") == ("social_protection", "public", "national")
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
    natures = pd.Series(["METRO", "MET", "CC", " sivu ", "PETR", "???"])
    assert kind_of_nature(natures).tolist()[:5] == ["epci", "epci", "epci", "grouping", "grouping"]
    assert kind_of_nature(natures).isna().tolist() == [False] * 5 + [True]
