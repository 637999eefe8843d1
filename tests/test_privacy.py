"""What must not leave the office does not: tested on the bytes."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pypdf
import pytest
from PIL import Image

from reseau_territorial._scrubbing import text_scrubber
from reseau_territorial.converters import write_graph
from reseau_territorial.errors import UnknownNameError
from reseau_territorial.network import Network
from reseau_territorial.privacy import Persons, protect, suppress_small_cells, without_small_flows


@pytest.fixture
def net() -> Network:
    ties = pd.DataFrame(
        {
            "source": ["Anne Durand", "Paul Petit EI", "Tours"],
            "target": ["Tours", "Anne Durand", "Artisaloire"],
            "note": ["rencontre Anne Durand", None, "lien public"],
        }
    )
    actors = pd.DataFrame(
        {
            "actor": ["Anne Durand", "Paul Petit EI", "Tours", "Artisaloire"],
            "name": ["Anne Durand", "Paul Petit", "Ville de Tours", "Artisaloire"],
            "kind": ["person", "sole_trader", "commune", "association"],
            "siren": [None, "123456782", "213702616", None],
            "longitude": [0.7, 0.71, 0.69, np.nan],
            "latitude": [47.4, 47.41, 47.39, np.nan],
            "contact": ["anne@example.org", None, "02 47 21 60 00", None],
            "function": ["adjointe", None, None, None],
        }
    )
    provision = pd.DataFrame({"actor": ["Paul Petit EI"], "need": ["masks"]})
    return Network(ties, actors=actors, provision=provision)


def written(net: Network) -> str:
    return "".join(table.reset_index().to_csv() for table in net._tables.values())


@pytest.mark.parametrize("word", ["Durand", "Petit", "123456782", "0.71", "adjointe", "@", "47 21"])
def test_nothing_of_a_person_is_left(net: Network, word: str) -> None:
    assert word in written(net)
    assert word not in written(protect(net))


@pytest.mark.parametrize("name", ["reseau.zip", "reseau.graphml", "reseau.gexf"])
def test_files_of_exchange_keep_names_unless_the_network_is_protected_first(
    net: Network, name: str, tmp_path: Path
) -> None:
    def text(of: Network) -> str:
        path = of.save(tmp_path / name) if name.endswith(".zip") else write_graph(of, tmp_path / name)
        if path.suffix != ".zip":
            return path.read_text(encoding="utf-8")
        with zipfile.ZipFile(path) as package:
            return "".join(package.read(member).decode() for member in package.namelist())

    words = ("Durand", "Petit", "123456782", "anne@example.org")
    assert all(word in text(net) for word in words)
    assert not any(word in text(protect(net)) for word in words)


def test_ties_and_organisations_stay(net: Network) -> None:
    safe = protect(net)
    assert len(safe) == len(net)
    assert safe.ties["note"].dropna().to_list() == ["lien public"]
    assert safe.actors.loc["Tours", "name"] == "Ville de Tours"
    assert safe.actors.loc["Tours", "siren"] == "213702616"
    assert safe.provision["actor"].to_list() == ["Entrepreneur individuel 2"]
    assert safe.ties["target"].to_list() == ["Tours", "Personne physique 1", "Artisaloire"]


def test_kept_on_request_but_without_contacts(net: Network) -> None:
    kept = written(protect(net, persons="keep"))
    assert "Anne Durand" in kept
    assert "anne@example.org" not in kept
    assert "47 21 60" not in kept


def test_a_network_of_organisations_is_left_as_it_is(net: Network) -> None:
    plain = Network(pd.DataFrame({"source": ["a"], "target": ["b"]}))
    assert protect(plain).equals(plain)


def test_a_siret_is_not_a_phone_number() -> None:
    actors = pd.DataFrame({"actor": ["a"], "siret": ["01234567890123"], "code": ["0123456789012"]})
    assert protect(Network(actors=actors)).actors["siret"].to_list() == ["01234567890123"]


def test_unknown_choice(net: Network) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'mask'"):
        protect(net, persons="masks")  # type: ignore[arg-type]


def test_small_cells_by_hand() -> None:
    flows = pd.DataFrame({"euros": [100.0, 100.0, 100.0, 0.0], "units": [2, 3, 10, 0], "most": [50.0, 85.0, 84.0, 0.0]})
    done = suppress_small_cells(flows, value="euros", units="units", largest="most")
    assert done["suppressed"].to_list() == [True, True, False, False]
    assert done["euros"].isna().to_list() == [True, True, False, False]
    assert done["most"].isna().to_list() == [True, True, False, False]
    assert flows["euros"].notna().all()


def test_small_cells_unknown_column() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'euros'"):
        suppress_small_cells(pd.DataFrame({"euros": [1.0], "n": [1]}), value="euro", units="n")


def crowd() -> Network:
    """Twelve persons around a town: six and two in two communes, four sole traders; and a confidential layer."""
    people = [f"Prénom Nom{number}" for number in range(12)]
    actors = pd.DataFrame(
        {
            "actor": [*people, "Tours", "Cabinet Prénom Nom3"],
            "kind": ["person"] * 8 + ["sole_trader"] * 4 + ["commune", "company"],
            "territory": ["37261"] * 6 + ["37001"] * 2 + ["37261"] * 5 + [None],
            "sector": ["civil"] * 8 + ["private"] * 4 + ["public", "private"],
            "telephone": [612345678] * 14,
            "longitude": [0.7] * 14,
            "latitude": [47.4] * 14,
        }
    )
    ties = pd.DataFrame(
        {
            "source": [*people, "Cabinet Prénom Nom3", "Prénom Nom1"],
            "target": ["Tours"] * 13 + ["Prénom Nom2"],
            "layer": ["help"] * 12 + ["sales", "help"],
            "weight": [2.0] * 12 + [98765.0, 2.0],
            "turnover": [np.nan] * 12 + [43210.0, np.nan],
            "evidence": ["Entretien avec Prénom Nom4"] * 14,
        }
    )
    layers = pd.DataFrame({"layer": ["help", "sales"], "directed": [False, True], "confidential": [False, True]})
    sources = pd.DataFrame({"evidence": ["Entretien avec Prénom Nom4"], "title": ["PRÉNOM NOM4 raconte"]})
    return Network(ties, actors=actors, layers=layers, sources=sources)


def test_names_go_from_every_text_that_holds_them() -> None:
    net = crowd()
    assert "prénom nom" in written(net).lower()
    for persons in ("mask", "group"):
        assert "prénom nom" not in written(protect(net, persons=persons)).lower()
    safe = protect(net)
    assert "Cabinet Personne physique 4" in safe.actors.index
    assert safe.sources["title"].to_list() == ["Personne physique 5 raconte"]
    assert set(safe.ties["evidence"]) == set(safe.sources.index)


@pytest.mark.parametrize(
    "said",
    [
        "Zoé Quatremère", "QUATREMÈRE Zoé", "Quatremère, Zoé", "zoe quatremere", "Zoé\u00a0Quatremère",
        "Mme Quatremère", "Madame Quatremère", "Z. Quatremère", "Quatremère Z.", "zoe-quatremere", "Mme Zoé QUATREMERE",
        "Docteur Quatremère", "Me Quatremère", "la famille Quatremère", "M. et Mme Quatremère",
        "MM. Quatremère et fils", "Quatremère (Zoé)", "Quatremère / Zoé", "ZoéQuatremère", "QuatremereZoe",
        "zquatremere", "fiche_zquatremere.pdf", "Zoé\u200bQuatremère", "Zoé Quatre\u00admère", "zoe%20quatremere",
        "Zo%C3%A9_Quatrem%C3%A8re.pdf",
    ],
)  # fmt: skip
def test_a_name_said_otherwise_goes_from_every_column(said: str) -> None:
    actors = pd.DataFrame(
        {"actor": ["Zoé Quatremère", f"EARL {said}", "Tours"], "kind": ["person", "company", "commune"]}
    )
    actors = actors.assign(rule=f"dit par {said}", territory=f"chez {said}", parent=[None, None, f"EARL {said}"])
    ties = pd.DataFrame({"source": actors["actor"][:2], "target": "Tours", "layer": [f"aide de {said}", "masks"]})
    ties = ties.assign(need=f"besoin de {said}", evidence=f"entretien {said}", note=f"vu {said}", period="before")
    layers = pd.DataFrame({"layer": [f"aide de {said}", "masks"], "label": f"Aide ({said})", "directed": [True, False]})
    provision = pd.DataFrame({"actor": [f"EARL {said}"], "need": f"besoin de {said}", "territory": f"chez {said}"})
    observation = pd.DataFrame({"actor": actors["actor"], "period": "before", "observed": True})
    sources = pd.DataFrame({"evidence": [f"entretien {said}"], "title": f"Avec {said}", "url": f"https://a.fr/{said}"})
    net = Network(
        ties, actors=actors, layers=layers.assign(unit=said), provision=provision, observation=observation,
        sources=sources,
    )  # fmt: skip
    safe = protect(net)

    def bare(net: Network) -> str:
        return written(net).lower().replace("\u00ad", "").replace("\\xad", "")

    assert "quatrem" in bare(net)
    assert "quatrem" not in bare(safe)
    assert safe.layers["directed"].to_list() == [True, False]
    assert set(safe.ties["layer"]) == set(safe.layers.index)
    assert set(safe.observation["actor"]) == set(safe.actors.index)
    assert safe.sources["url"].isna().all()


def test_names_go_from_periods_columns_and_categories(tmp_path: Path) -> None:
    """What is no cell of text is read all the same; two that become one are told apart."""
    from reseau_territorial.maps import explore

    ties = pd.DataFrame({"source": ["p", "q"], "target": "t", "period": ["avec Zoé Quatremère", "avec Z. Quatremère"]})
    actors = pd.DataFrame({"actor": ["p", "q", "t"], "name": ["Zoé Quatremère", None, None]})
    actors["kind"] = ["person", "association", "commune"]
    actors["Budget de Zoé Quatremère"] = [1.0, 2.0, 3.0]
    actors["club"] = pd.Categorical(["x", "Amis de Zoé Quatremère", "x"])
    net = Network(ties, actors=actors)
    safe = protect(net)
    assert safe.periods == ("avec Personne physique 1 (1)", "avec Personne physique 1 (2)")
    assert "Budget de Personne physique 1" in safe.actors.columns
    assert "Amis de Personne physique 1" in set(safe.actors["club"])
    path = explore(net, color="club").save(tmp_path / "map.html")
    assert b"uatrem" not in path.read_bytes()


def test_the_rest_of_a_group_cannot_be_found_by_subtraction(tmp_path: Path) -> None:
    """Seven persons, of whom five are shown as a number: the total would tell the two others."""
    from reseau_territorial.maps import explore
    from reseau_territorial.reports import report

    actors = pd.DataFrame(
        {"actor": [f"p{i}" for i in range(7)] + ["t"], "kind": ["person"] * 5 + ["sole_trader"] * 2 + ["commune"]}
    )
    actors["territory"] = ["37261"] * 5 + ["37003"] * 2 + ["37261"]
    ties = pd.DataFrame({"source": actors["actor"][:7], "target": "t"})
    net = Network(ties, actors=actors)
    paper = report(net, persons="group", by="kind", n_resamples=19).document
    told = " ".join(getattr(block, "text", "") for block in paper.blocks)
    notes = " ".join(explore(net, persons="group").data.content["notes"])
    for text in (told, notes):
        assert "sans nombre au-dessous de cinq." in text
        assert not re.search(r"\b7\b", text)


def test_words_that_are_no_name_stay() -> None:
    ties = pd.DataFrame({"source": ["Anne Tours", "Paul Martin", "Luc Martin"], "target": "Amboise"})
    actors = pd.DataFrame({"actor": ["Anne Tours", "Paul Martin", "Luc Martin", "Amboise"]})
    actors = actors.assign(kind=["person"] * 3 + ["commune"])
    kept = ["à Tours", "Anne, puis Tours", "l’Anne de Tours", "Martin SARL", "rue Paul Langevin", "M Tours"]
    lost = ["M. Martin", "P. Martin", "Luc MARTIN", "avec Mlle Anne"]
    for text in kept + lost:
        safe = protect(Network(ties, actors=actors, sources=pd.DataFrame({"evidence": ["e"], "title": [text]})))
        told = safe.sources["title"].iloc[0]
        assert (told == text) == (text in kept and text != "M Tours"), text
    assert told == "avec Personne physique 1"


def test_columns_named_after_phones_go_even_as_numbers() -> None:
    assert "telephone" in crowd().actors.columns
    assert "612345678" not in written(protect(crowd(), persons="keep"))


def test_persons_are_gathered_and_small_groups_joined() -> None:
    safe = protect(crowd(), persons="group")
    groups = safe.actors[safe.actors["kind"] == "person"]
    # Six of one commune; two of another and four sole traders are too few to stand alone.
    assert groups["name"].to_list() == ["Personnes physiques, n\u202f=\u202f6", "Personnes physiques, n\u202f=\u202f6"]
    assert sorted(groups["territory"].fillna("-")) == ["-", "37261"]
    ties = safe.ties[safe.ties["layer"] == "help"]
    assert ties["weight"].to_list() == [12.0, 12.0]  # the tie between two persons of a group is gone
    assert len(safe) == 4


def test_fewer_than_five_persons_in_all_are_not_counted(net: Network) -> None:
    safe = protect(net, persons="group")
    assert "Personnes physiques, n\u202f<\u202f5" in set(safe.actors["name"])
    assert not written(safe).count("Durand")


def test_a_kept_position_does_not_show_where_a_person_lives() -> None:
    net = crowd()
    placed = net.replace(actors=net.actors.assign(x=525_123, y=6_701_456))
    safe = protect(placed).actors
    assert safe.loc[safe["kind"] == "person", ["x", "y"]].isna().all().all()
    assert safe.loc["Tours", "x"] == 525_123


def test_amounts_of_confidential_layers_are_withheld() -> None:
    safe = protect(crowd()).ties.set_index("layer")
    assert safe.loc["sales", "weight"] == 1.0
    assert np.isnan(safe.loc["sales", "turnover"])
    assert (safe.loc["help", "weight"] == 2.0).all()
    kept = protect(crowd(), flows="keep").ties.set_index("layer")
    assert kept.loc["sales", "weight"] == 98765.0


def test_cells_of_a_mixing_table_hide_small_flows() -> None:
    from reseau_territorial.metrics.expected import group_mixing

    ends = [("a1", "b1", 10.0), ("a1", "b2", 20.0), ("a2", "b1", 30.0), ("b1", "c1", 900.0), ("b2", "c1", 5.0)]
    ends += [("a1", "c1", 1.0), ("a2", "c1", 1.0), ("a1", "c2", 1000.0)]
    ties = pd.DataFrame(ends, columns=["source", "target", "weight"]).assign(layer="sales")
    actors = pd.DataFrame({"actor": ["a1", "a2", "b1", "b2", "c1", "c2"], "group": list("aabbcc")})
    layers = pd.DataFrame({"layer": ["sales"], "directed": [True], "confidential": [True]})
    net = Network(ties, actors=actors, layers=layers)
    table = without_small_flows(net, group_mixing(net, by="group", weight="weight"), by="group")
    shown = table["weight"].unstack()
    assert shown.loc["a", "b"] == 60.0
    assert np.isnan(shown.loc["b", "c"])  # two units
    assert np.isnan(shown.loc["a", "c"])  # one unit with 99.8 %
    assert table["suppressed"].sum() == 2
    public = Network(ties, actors=actors)
    assert not without_small_flows(public, group_mixing(public, by="group", weight="weight"), by="group")[
        "suppressed"
    ].any()


def test_plots_hold_neither_confidential_names_nor_amounts(tmp_path: Path) -> None:
    from reseau_territorial.plots import plot, plot_flows, plot_layers

    net = firms()
    secret = net.replace(layers=net.layers.assign(confidential=net.layers.index == "rent"))
    pictures = {
        "plot": plot(secret, size="strength"),
        "layers": plot_layers(secret),
        "flows": plot_flows(secret, by="kind", weight="weight"),
    }
    for name, picture in pictures.items():
        picture.save(tmp_path / f"{name}.svg")
        held = (tmp_path / f"{name}.svg").read_text(encoding="utf-8")
        # Not the decimals of a coordinate.
        assert not re.search(r"Ligeriens|(?<![\d.])77\u202f?321", held + picture.alt), name
        assert "Montants confidentiels" in held, name


def unpacked(path: Path) -> bytes:
    """Return the bytes of a file, and those that it holds compressed."""
    raw = path.read_bytes()
    if path.suffix in (".xlsx", ".docx"):
        with zipfile.ZipFile(path) as archive:
            return b"".join(archive.read(name) for name in archive.namelist())
    if path.suffix == ".pdf":
        reader = pypdf.PdfReader(path)
        return raw + "".join([repr(reader.metadata), *(page.extract_text() for page in reader.pages)]).encode()
    if path.suffix == ".png":
        with Image.open(path) as image:
            return raw + repr(image.info).encode()
    return raw


SECRETS = ("Nom3", "nom4", "98765", "98 765", "43210", "612345678")


@pytest.mark.parametrize("persons", ["mask", "group"])
def test_no_map_holds_a_name_or_a_secret_amount(tmp_path: Path, persons: Persons) -> None:
    from reseau_territorial.maps import explore, to_pyvis

    carte = explore(crowd(), persons=persons)
    carte.save(tmp_path / "map.html")
    carte.save(tmp_path / "folder")
    carte.save(tmp_path / "map.svg")
    carte.save(tmp_path / "map.pdf")
    (tmp_path / "map.png").write_bytes(carte.image("png", dpi=40))
    (tmp_path / "pyvis.html").write_text(to_pyvis(crowd(), persons=persons).generate_html(), encoding="utf-8")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 9
    for path in files:
        assert not [secret for secret in SECRETS if secret.encode() in unpacked(path)], path.name
    words = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert ("Personnes physiques, n" if persons == "group" else "Personne physique 1") in words
    assert "Montants confidentiels" in words


def test_no_view_holds_the_name_of_a_person_said_in_other_words(tmp_path: Path) -> None:
    from reseau_territorial import plot
    from reseau_territorial.maps import explore, to_pyvis
    from reseau_territorial.reports import report

    actors = pd.DataFrame({"actor": ["p1", "p2", "p3", "t", "a"]})
    actors["name"] = ["Zoe Quatremer", "Luc Quatremer", "Ana Quatremer", "Tours", "Amboise"]
    actors["kind"] = ["Personne physique", "particulier", "Auto-entrepreneur", "commune", "commune"]
    actors["sector"] = ["civil", "civil", "private", "public", "public"]
    net = Network(pd.DataFrame({"source": ["p1", "p2", "p3", "t"], "target": ["t", "t", "t", "a"]}), actors=actors)
    explore(net).save(tmp_path / "map.html")
    (tmp_path / "pyvis.html").write_text(to_pyvis(net).generate_html(), encoding="utf-8")
    told = report(net, n_resamples=19)
    for form in ("html", "xlsx", "docx"):
        told.save(tmp_path / f"report.{form}")
    plot(net).figure.savefig(tmp_path / "plot.svg")
    for path in tmp_path.iterdir():
        assert b"Quatremer" not in unpacked(path), path.name


def test_an_address_that_names_an_actor_or_stands_in_a_source_goes() -> None:
    ties = pd.DataFrame({"source": ["zoe@exemple.fr", "06 12 34 56 78"], "target": "Tours", "evidence": "e"})
    sources = pd.DataFrame({"evidence": ["e"], "title": ["Enquête (zoe@exemple.fr)"], "date": ["2020-04-02"]})
    safe = protect(Network(ties, sources=sources), persons="keep")
    assert "exemple.fr" not in written(safe)
    assert "12 34" not in written(safe)
    assert sorted(safe.actors.index) == ["Acteur 1", "Acteur 2", "Tours"]
    assert safe.sources["title"].to_list() == ["Enquête (…)"]
    assert len(safe.ties) == 2


def test_no_report_holds_a_name_or_a_secret_amount(tmp_path: Path) -> None:
    from reseau_territorial.reports import report

    written_report = report(crowd(), by="kind", n_resamples=19)
    for form in ("html", "xlsx", "docx", "pdf"):
        held = unpacked(written_report.save(tmp_path / f"report.{form}"))
        assert not [secret for secret in SECRETS if secret.encode() in held], form


def firms() -> Network:
    """A survey of firms, declared confidential: cells of eleven, three, three and four; a commune and a grant."""
    kinds = ["company"] * 11 + ["company"] * 3 + ["association"] * 3 + ["bank"] * 4
    homes = ["37261"] * 11 + ["37001"] * 6 + ["37261"] * 4
    names = [f"Ateliers Ligeriens{number}" for number in range(21)]
    actors = pd.DataFrame({"actor": [*names, "Tours"], "kind": [*kinds, "commune"], "territory": [*homes, "37261"]})
    actors["confidential"] = [*["oui"] * 21, None]
    ties = pd.DataFrame({"source": names, "target": "Tours", "layer": "sales", "weight": 31.0})
    ties["weight"] = ties["weight"].where(ties["source"] != "Ateliers Ligeriens2", 5.0)
    # One buyer of one firm: its amount would be read from the sum.
    alone = {
        "source": names[0],
        "target": names[11],
        "layer": "rent",
        "weight": 77321.0,
        "evidence": "Bail des Ateliers Ligeriens0",
    }
    sources = pd.DataFrame(
        {"evidence": ["Bail des Ateliers Ligeriens0"], "title": ["Enquête : Ateliers Ligeriens0 répond"]}
    )
    return Network(pd.concat([ties, pd.DataFrame([alone])]), actors=actors, sources=sources)


def test_confidential_actors_are_shown_as_cells_of_five_at_least() -> None:
    safe = protect(firms())
    names = safe.actors["name"].dropna().to_list()
    # Six of two kinds in 37001 are joined; the four banks of 37261 are withheld.
    assert sorted(names) == ["Autres, n\u202f=\u202f6", "Entreprise, n\u202f=\u202f11"]
    ties = safe.ties.assign(source=safe.ties["source"].str.split(":").str[0])
    held = ties.set_index(["source", "layer"])["weight"].to_dict()
    assert held == {("company", "sales"): 10 * 31.0 + 5.0, ("other", "sales"): 6 * 31.0, ("company", "rent"): 1.0}
    masked = protect(firms(), cells="mask")
    assert len(masked) == 22
    assert "Ligeriens" not in written(masked)


def test_a_remainder_that_reaches_five_over_territories_is_shown_without_one() -> None:
    actors = pd.DataFrame({"actor": [f"Firme n{i}" for i in range(6)], "kind": "company", "confidential": True})
    actors["territory"] = ["37001"] * 3 + ["37261"] * 3
    safe = protect(Network(pd.DataFrame({"source": ["Firme n0"], "target": ["Firme n3"]}), actors=actors))
    assert safe.actors["name"].to_list() == ["Autres, n\u202f=\u202f6"]
    assert safe.actors["territory"].isna().all()
    assert not len(safe.ties)


def test_no_map_nor_report_holds_a_confidential_actor(tmp_path: Path) -> None:
    from reseau_territorial.maps import explore, to_pyvis
    from reseau_territorial.reports import report

    carte = explore(firms(), aggregate_above=1)
    for name in ("map.html", "folder", "map.svg", "map.pdf"):
        carte.save(tmp_path / name)
    (tmp_path / "map.png").write_bytes(carte.image("png", dpi=40))
    (tmp_path / "pyvis.html").write_text(to_pyvis(firms()).generate_html(), encoding="utf-8")
    report(firms(), by="kind", n_resamples=19).save(tmp_path / "report.xlsx")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 10
    for path in files:
        held = unpacked(path)
        assert not [secret for secret in ("Ligeriens", "77321", "77 321") if secret.encode() in held], path.name
    assert "Acteurs confidentiels" in (tmp_path / "map.html").read_text(encoding="utf-8")


def two_periods(leaves: int) -> Network:
    """Eight confidential firms of one town, of which some leave after the first period."""
    names = [f"Firme n{i}" for i in range(8)]
    actors = pd.DataFrame({"actor": [*names, "Tours"], "kind": [*["company"] * 8, "commune"], "territory": "37261"})
    actors["confidential"] = [*[True] * 8, None]
    rows = [
        (name, "Tours", "sales", period, 10.0 + number)
        for period, staying in (("2020", names), ("2021", names[: 8 - leaves]))
        for number, name in enumerate(staying)
    ]
    return Network(pd.DataFrame(rows, columns=["source", "target", "layer", "period", "weight"]), actors=actors)


@pytest.mark.parametrize("leaves", [1, 6, 7])
def test_the_difference_of_two_periods_tells_no_number_of_a_cell(leaves: int) -> None:
    """A cell has the number of all periods, and few ties in one period show no amount: no sum is left to compare."""
    safe = protect(two_periods(leaves))
    assert safe.actors["name"].dropna().to_list() == ["Entreprise, n\u202f=\u202f8"]
    weights = safe.ties.set_index("period")["weight"]
    assert weights["2020"] == sum(10.0 + number for number in range(8))
    if leaves > 5:  # the one or two that stay are not told, and those that left are not their difference
        assert weights["2021"] == 1.0


def test_what_the_sums_of_two_periods_still_tell_is_documented() -> None:
    safe = protect(two_periods(1))
    weights = safe.ties.set_index("period")["weight"]
    assert weights["2020"] - weights["2021"] == 17.0  # the firm that left
    assert "not defended: sums of two periods" in (protect.__doc__ or "")


@pytest.mark.parametrize(
    ("persons", "text", "expected"),
    [
        (["Pierre Lainé"], "EPT Plaine Commune", "EPT Plaine Commune"),
        (["Thomas Ravaux"], "Direction des travaux publics", "Direction des travaux publics"),
        (["Thierry Targe"], "target", "target"),
        (["Albert Petit"], "Maison de la famille, petit déjeuner", "Maison de la famille, petit déjeuner"),
        (["Anne Le Goff"], "Cabinet de Mme Le Goff", "Cabinet de 1"),
        (["Anne de La Tour"], "Mme de La Tour", "1"),
        (["Marie Petit-Durand"], "Mme Petit-Durand", "1"),
        (["Jean-Pierre Roux"], "J.-P. Roux", "1"),
        (["Luc Maître"], "M. Maître", "1"),
        (["Paul Petit", "Pierre Petit"], "P. Petit", "…"),
        (["Martin Pierre", "Pierre Martin"], "Pierre Martin", "2"),
    ],
)
def test_a_name_is_masked_and_a_word_that_looks_like_it_is_not(persons, text, expected):
    masks = {name: str(number) for number, name in enumerate(persons, 1)}
    assert text_scrubber(masks)(text) == expected
