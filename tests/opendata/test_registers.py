"""Registers: keys first, names only suggested, nothing merged by accident."""

from __future__ import annotations

import pandas as pd
import pytest

from reseau_territorial import Network, TableError
from reseau_territorial.opendata import contracts
from reseau_territorial.opendata._alike import fold_name
from reseau_territorial.opendata.banatic import read_banatic
from reseau_territorial.opendata.cog import read_cog
from reseau_territorial.opendata.identifiers import clean_siret
from reseau_territorial.opendata.registers import accept, join, suggest_names


def siret(siren):
    """Return the SIRET of the first establishment, by trying the ten check digits."""
    return next(number for key in range(10) if clean_siret(number := f"{siren}0001{key}").status == "valid")


@pytest.fixture
def communes():
    actors = pd.DataFrame(
        {
            "actor": ["213702616", "213701956", "243700754"],
            "name": ["Tours", "La Riche", "Tours Métropole Val de Loire"],
            "kind": ["commune", "commune", "epci"],
            "siren": ["213702616", "213701956", "243700754"],
            "insee": ["37261", "37195", None],
            "territory": ["37261", "37195", "243700754"],
        }
    )
    ties = pd.DataFrame({"source": ["213702616", "213701956"], "target": "243700754", "layer": "membership"})
    return Network(ties, actors=actors)


def test_keys_in_order_siren_siret_rna_insee(communes):
    actors = pd.DataFrame(
        {
            "actor": ["a", "b", "c", "d", "e"],
            "name": ["VILLE DE TOURS", "Mairie", "Commune de La Riche", "Damaged", "Other"],
            "siren": ["213 702 616", None, None, None, "243700755"],
            "siret": [None, siret("243700754"), None, "21370195600000", None],
            "insee": [None, None, "37195", None, None],
            "kind": [None, None, "commune", None, None],
        }
    )
    other = Network(pd.DataFrame({"source": ["a", "b"], "target": ["b", "d"], "layer": "grant"}), actors=actors)
    met = join(communes, other)
    assert met.matches["register"].tolist()[:3] == ["213702616", "243700754", "213701956"]
    assert met.matches["key"].tolist()[:3] == ["siren", "siren", "insee"]
    # a rounded SIRET and a SIREN with a wrong key are never joined
    assert met.matches["key"].isna().tolist() == [False, False, False, True, True]
    assert len(met.network) == 5
    assert met.rates.loc["all", ["actors", "matched"]].tolist() == [5, 3]
    grants = met.network.ties[met.network.ties["layer"] == "grant"]
    assert grants[["source", "target"]].to_numpy().tolist() == [["213702616", "243700754"], ["243700754", "d"]]
    assert met.network.actors.loc["213702616", "name"] == "Tours"
    assert set(met.aliases.loc[met.aliases["actor"] == "213702616", "alias"]) == {
        "213702616",
        "Tours",
        "a",
        "VILLE DE TOURS",
    }


def test_the_same_short_id_is_not_the_same_organisation():
    one = Network(actors=pd.DataFrame({"actor": ["1", "x"], "name": ["Tours", "Le Tri"]}))
    two = Network(
        pd.DataFrame({"source": ["1"], "target": ["x"]}),
        actors=pd.DataFrame({"actor": ["1", "x"], "name": ["Lyon", "Le Tri"]}),
    )
    met = join(one, two)
    assert sorted(met.network.actors.index) == ["1", "1 (2)", "x"]
    assert met.network.actors.loc["1 (2)", "name"] == "Lyon"
    assert met.network.ties[["source", "target"]].to_numpy().tolist() == [["1 (2)", "x"]]


def test_a_siren_that_differs_overrules_the_insee_code(communes):
    ccas = pd.DataFrame({"actor": ["ccas"], "siren": ["263700007"], "insee": ["37261"], "kind": ["commune"]})
    assert join(communes, Network(actors=ccas)).matches["key"].isna().all()


def test_names_are_suggested_within_a_territory_and_never_taken_alone(communes):
    others = pd.DataFrame(
        {
            "actor": ["p", "q", "r"],
            "name": ["MAIRIE DE TOURS", "La Riche", "Tours"],
            "territory": ["37261", "37195", "59350"],
        }
    )
    met = join(communes, Network(actors=others))
    assert met.matches["key"].isna().all()
    assert len(met.network) == 6
    found = {(row.actor, row.candidate) for row in met.suggestions.itertuples()}
    assert found == {("p", "213702616"), ("q", "213701956")}  # Tours in the Nord is not Tours
    reviewed = accept(met, {"p": "213702616"})
    assert len(reviewed) == 5
    taken = join(communes, Network(actors=others), accept_from=95)
    assert set(taken.matches["key"].dropna()) == {"name"}
    assert len(taken.network) == 4


def test_accept_refuses_what_it_cannot_do(communes):
    met = join(communes, Network(actors=pd.DataFrame({"actor": ["p"], "name": ["P"]})))
    with pytest.raises(TableError, match="not in the network: 'zzz'"):
        accept(met, {"p": "zzz"})
    with pytest.raises(TableError, match="sent elsewhere"):
        accept(met, {"p": "213702616", "213702616": "213701956"})


def test_names_without_identifiers(communes):
    names = pd.DataFrame({"name": ["Ville de La Riche"], "territory": ["37195"]}, index=["line 7"])
    found = suggest_names(communes, names)
    assert found.loc[0, ["actor", "candidate", "score"]].tolist() == ["line 7", "213701956", 100.0]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("CC du Val d'Amboise", "COMMUNAUTE DE COMMUNES VAL D AMBOISE"),
        ("Association Les Œuvres du Cœur", "ASSO. OEUVRES COEUR"),
        ("CC Faucigny-Glières", "CC Faucigny - Glières"),
    ],
)
def test_typographic_variants_fold_to_the_same_words(one, two):
    assert fold_name(one) == fold_name(two)


def test_layers_must_agree_on_their_direction(communes):
    directed = Network(pd.DataFrame({"source": ["a"], "target": ["b"], "layer": "membership"}), directed=True)
    with pytest.raises(TableError, match="'membership' are directed in one network only"):
        join(communes, directed)


def test_a_register_with_a_doubled_key_is_refused():
    twice = Network(actors=pd.DataFrame({"actor": ["a", "b"], "siren": ["213702616", "213702616"]}))
    one = Network(actors=pd.DataFrame({"actor": ["c"], "siren": ["213702616"]}))
    with pytest.raises(TableError, match="have the same siren"):
        join(twice, one)


def test_masked_persons_of_two_files_are_never_one_actor():
    def paid(holder):
        return Network(
            pd.DataFrame({"source": ["a"], "target": [holder]}),
            actors=pd.DataFrame({"actor": ["a", holder], "name": ["Ville", "Entrepreneur individuel 1"]}),
        )

    twice = join(paid("personne:1"), paid("personne:1")).network
    thrice = join(twice, paid("personne:1")).network
    assert [actor for actor in thrice.actors.index if actor != "a"] == [
        "personne:1",
        "personne:1 (2)",
        "personne:1 (3)",
    ]
    assert thrice.ties["target"].is_unique


@pytest.mark.slow
def test_most_buyers_are_recognised(shared):
    communes = read_cog(shared / "cog-epci/2026").network
    territory = read_banatic(shared / "banatic/groupements-2021.csv", territory=communes, vintage=2026).network
    bought = contracts.read_contracts(shared / "decp/2024-format-tabulaire/decp-2024H2-travaux-cpv4521.csv.gz").network
    met = join(territory, bought)
    buyers = bought.ties["source"].unique()
    assert met.matches.loc[buyers, "key"].notna().mean() >= 0.80
    # The others are départements, regions, hospitals, SDIS, CCAS, housing offices: no register of communes has them.
    # By their names, which nothing is matched by, the communes, EPCI and syndicats are recognised but for six at most.
    names = bought.actors.loc[buyers, "name"].fillna("")
    of_place = names.str.match(r"(?:COMMUNE D|VILLE D|COMMUNAUTE D|METROPOLE|SYNDICAT (?:MIXTE|INTERCOMMUNAL))")
    found = met.matches.loc[buyers, "key"].notna()
    assert of_place.sum() > 600
    assert found[of_place.to_numpy()].mean() >= 0.99
    assert (of_place.to_numpy() & ~found).sum() <= 6
    other = r"\b(?:CCAS|ACTION SOCIALE|HOSPITALIER|DEPARTEMENT D|INCENDIE|OPH|HABITAT|CAISSE DES ECOLES)"
    strangers = names[found.to_numpy() & names.str.contains(other, regex=True).to_numpy() & ~of_place.to_numpy()]
    assert strangers.tolist() == []
    siren = met.matches["register"].dropna().map(territory.actors["siren"])
    assert siren.eq(bought.actors["siren"].reindex(siren.index)).all()


def homonyms() -> tuple[Network, Network]:
    """Return two networks with associations of one name: in two towns, in one town, and without a place."""
    names = {"name": ["Comité des fêtes"] * 3, "territory": ["37261", "37195", None], "kind": "association"}
    one, two = (pd.DataFrame({"actor": [f"{mark}{rank}" for rank in range(3)], **names}) for mark in "ab")
    return Network(actors=one), Network(actors=two)


@pytest.mark.parametrize("accept_from", [None, 100.0])
def test_a_name_without_a_place_never_makes_two_organisations_one(accept_from):
    met = join(*homonyms(), accept_from=accept_from)
    assert pd.isna(met.matches.loc["b2", "key"])  # nothing says where it is
    assert "b2" not in set(met.suggestions["actor"])
    assert len(met.network) == (6 if accept_from is None else 6 - met.matches["key"].notna().sum())
    assert met.matches["key"].notna().sum() == (0 if accept_from is None else 2)
    taken = met.matches["register"].dropna()
    assert taken.to_dict() == ({} if accept_from is None else {"b0": "a0", "b1": "a1"})  # each in its own town


def test_suggestions_come_back_from_a_spreadsheet(tmp_path):
    one, two = homonyms()
    met = join(one, two)
    path = tmp_path / "suggestions.csv"
    met.suggestions.assign(ok="oui").to_csv(path, sep=";", decimal=",", index=False, encoding="cp1252")
    lines = path.read_text(encoding="cp1252").splitlines()
    kept = [lines[0], *(line for line in lines[1:] if line.startswith("b0;"))]  # the analyst keeps one
    path.write_text("\n".join(kept) + "\n", encoding="cp1252")
    read = pd.read_csv(path, sep=";", decimal=",", encoding="cp1252", dtype={"actor": "str", "candidate": "str"})
    merged = accept(met, dict(zip(read["actor"], read["candidate"], strict=True)))
    assert len(merged) == len(met.network) - 1
    assert read.loc[0, "name"] == "Comité des fêtes"


def test_two_communes_that_had_one_code_are_told_apart_by_their_siren_only():
    held = pd.DataFrame({"actor": ["a", "b"], "siren": ["216901496", "200102721"], "insee": "69149", "kind": "commune"})
    new = pd.DataFrame({"actor": ["x", "y"], "siren": ["216901496", None], "insee": "69149", "kind": "commune"})
    met = join(Network(actors=held), Network(actors=new))
    assert met.matches["register"].dropna().to_dict() == {"x": "a"}  # y may be either: it stays apart


TERRITORY = pd.DataFrame(
    [
        ("c1", "Tours", "commune", "37261"),
        ("c2", "Saint-Cyr-sur-Loire", "commune", "37214"),
        ("c3", "Amboise", "commune", "37003"),
        ("e1", "Tours Métropole Val de Loire", "epci", "37261"),
        ("e2", "CC du Castelrenaudais", "epci", "37063"),
        ("e3", "CC du Val d'Amboise", "epci", "37003"),
    ],
    columns=["actor", "name", "kind", "territory"],
)


def accepted(name: str, territory: str, *, from_score: float, kind: str | None = None) -> list[str]:
    """Return what a name is joined to without review, alone in its file: nothing else competes with it."""
    other = pd.DataFrame({"actor": ["x"], "name": [name], "territory": [territory], "kind": [kind]})
    met = join(Network(actors=TERRITORY), Network(actors=other), accept_from=from_score)
    return met.matches["register"].dropna().tolist()


@pytest.mark.parametrize("from_score", [85, 100])
@pytest.mark.parametrize(
    ("name", "territory", "expected"),
    [
        ("Ville de Tours", "37261", "c1"),
        ("COMMUNE DE TOURS", "37261", "c1"),
        ("TOURS", "37261", "c1"),
        ("Ville de ST-CYR/LOIRE", "37214", "c2"),
        ("Communauté de communes du Castelrenaudais", "37063", "e2"),
        *(
            (name, "37261", None)
            for name in ("CCAS de Tours", "Régie des eaux de Tours", "Tours Habitat", "CHU de Tours")
        ),
        *((name, "37261", None) for name in ("Office public HLM de Tours", "Association Tours", "Société Tours")),
        *((name, "37261", None) for name in ("Communauté d'agglomération de Tours", "Syndicat de Tours", "Tours FC")),
        *((name, "37003", None) for name in ("Communauté de communes d'Amboise", "SARL Amboise", "EHPAD d'Amboise")),
        *(
            (name, "37063", None)
            for name in ("CA du Castelrenaudais", "PETR du Castelrenaudais", "Castelrenaudais SPL")
        ),
    ],
)
def test_no_body_named_after_its_commune_is_taken_for_it(name, territory, expected, from_score):
    assert accepted(name, territory, from_score=from_score) == ([expected] if expected else [])


def test_a_kind_says_what_a_bare_name_is():
    assert accepted("Amboise", "37003", from_score=90, kind="association") == []
    assert accepted("Amboise", "37003", from_score=90, kind="commune") == ["c3"]


@pytest.mark.parametrize(
    ("actor", "first", "second", "met"),
    [
        ("nom:comite_des_fetes", "Comité des fêtes", "Comité des fêtes", False),  # every commune has one
        ("nom:comite_des_fetes@37261", "Comité des fêtes", "Comité des fêtes", True),
        ("1", "Commune de Tours", "Association de Tours", False),
        ("1", "Commune de Tours", "COMMUNE DE TOURS", True),
    ],
)
def test_a_name_alone_is_no_key_whatever_its_id(actor, first, second, met):
    one, other = (Network(actors=pd.DataFrame({"actor": [actor], "name": [name]})) for name in (first, second))
    assert join(one, other).matches["key"].notna().tolist() == [met]


def test_joining_names_that_are_nowhere_alike_accepts_none():
    one, other = (
        Network(actors=pd.DataFrame({"actor": [name], "name": [name], "territory": ["37261"]}))
        for name in ("Les Restos du cœur", "Aéro-club")
    )
    joined = join(one, other, accept_from=95)
    assert joined.matches["register"].isna().all()
    assert len(joined.network) == 2
