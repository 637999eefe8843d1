"""What goes into a page: counts, codes, colours, groups, bridges, words; the same bytes each time."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from map_cases import ATTACKS, blocks, hostile, small

from reseau_territorial import Network, ReseauError, UnknownNameError, samples
from reseau_territorial.maps import explore
from reseau_territorial.maps._data import CODES, codes, decoded, significant
from reseau_territorial.maps._words import PAGE, TOLD
from reseau_territorial.styles import clean, contrast

ROOT = Path(__file__).parents[2]


def content(net: Network, **options: object) -> dict:
    return json.loads(explore(net, **options).data.to_json())


@given(st.lists(st.integers(-1, 400)))
def test_codes_are_read_back(values):
    assert decoded(codes(values), len(values)).tolist() == values


def test_codes_have_a_letter_for_each_small_value():
    assert codes(range(len(CODES))) == CODES


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.123456, 0.1235), (3.0, 3), (123456.7, 123457), (float("nan"), None), (float("inf"), None), (-0.5, -0.5)],
)
def test_significant_digits(value, expected):
    assert significant([value]) == [expected]


@given(st.text())
def test_clean_text_is_one_drawable_line(text):
    cleaned = clean(text)
    assert "\n" not in cleaned
    assert len(cleaned) <= 300
    assert clean(cleaned) == cleaned
    cleaned.encode("utf-8")


def test_every_tie_is_in_the_page_with_its_layer():
    data = content(small())
    assert data["counts"] == {"actors": 6, "ties": 9, "present": 7, "absent": 1, "unknown": 1}
    assert data["unsure"] == 3
    assert len(data["ties"]["target"]) == 9
    layers = [data["layers"][int(code)]["key"] for code in data["ties"]["layer"]]
    assert layers.count("masks") == 7
    assert layers.count("membership") == 2
    assert [layer["directed"] for layer in data["layers"]] == [False, True]


def test_parallel_ties_are_all_there():
    ties = pd.DataFrame({"source": ["a"] * 4, "target": ["b"] * 4, "layer": ["x", "x", "y", "z"]})
    data = content(Network(ties))
    assert data["counts"]["ties"] == 4
    assert sorted(data["ties"]["layer"]) == ["0", "0", "1", "2"]


def test_the_order_of_rows_and_of_undirected_ends_changes_no_byte():
    net = blocks(80)
    shuffled = net.ties.sample(frac=1, random_state=3)
    turned = shuffled.rename(columns={"source": "target", "target": "source"})
    assert explore(net).html == explore(net.replace(ties=shuffled)).html
    assert explore(net).html == explore(net.replace(ties=turned)).html


def test_same_bytes_in_another_process_with_another_number_of_threads():
    code = (
        "import sys, hashlib; sys.path.insert(0, sys.argv[1]);"
        "from map_cases import blocks; from reseau_territorial.maps import explore;"
        "print(hashlib.sha256(explore(blocks(120)).html.encode()).hexdigest())"
    )
    found = set()
    for threads in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", code, str(Path(__file__).parent)],
            env={"OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads, "PYTHONHASHSEED": threads, "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
        )
        found.add(run.stdout.strip())
    assert len(found) == 1


def test_same_bytes_with_every_python_at_hand():
    """Check 10: the other versions of Python, in the environments of `make test-pythons`, write the same pages."""
    pythons = sorted((ROOT / "build" / "pythons").glob("3.*/bin/python"))
    if not pythons:
        pytest.skip("no environment with another version of Python: run `make test-pythons`")
    code = (
        "import sys, hashlib; sys.path[:0] = sys.argv[1:]; sys.dont_write_bytecode = True;"
        "from map_cases import blocks, small; from reseau_territorial import samples;"
        "from reseau_territorial.maps import explore;"
        "nets = small(), blocks(120, periods=True), samples.tours_masks(), samples.indre_et_loire();"
        "print(sys.version_info.minor, *(hashlib.sha256(explore(net).html.encode()).hexdigest() for net in nets))"
    )
    written = {}
    for python in [sys.executable, *map(str, pythons)]:
        run = subprocess.run(
            [python, "-c", code, str(Path(__file__).parent), str(ROOT / "src")],
            capture_output=True,
            text=True,
            check=True,
        )
        minor, *digests = run.stdout.split()
        assert len(digests) == 4
        written[minor] = digests
    assert len(written) == len(pythons) + 1
    ours = written[str(sys.version_info.minor)]
    assert [minor for minor, digests in written.items() if digests != ours] == []


def test_colours_are_classes_of_the_column():
    data = content(small())
    assert [item["label"] for item in data["colors"]] == ["Public", "Privé", "Société civile"]
    assert data["color_label"] == "Secteur"
    assert [item["n"] for item in data["colors"]] == [4, 1, 1]


def test_rare_values_share_the_last_colour():
    actors = pd.DataFrame({"actor": list("abcdefgh"), "club": ["u", "u", "v", "v", "w", "x", "y", None]})
    net = Network(pd.DataFrame({"source": ["a"], "target": ["b"]}), actors=actors)
    data = content(net, color="club")
    assert len(data["colors"]) == 5
    assert data["colors"][-1]["n"] == 2


def test_without_any_sector_the_kind_gives_the_family():
    actors = pd.DataFrame({"actor": ["a", "b"], "kind": ["commune", "company"]})
    net = Network(pd.DataFrame({"source": ["a"], "target": ["b"]}), actors=actors)
    assert [item["key"] for item in content(net)["colors"]] == ["local", "business"]


def test_bridges_are_those_that_reach_other_groups_by_hand():
    data = content(small())
    named = {data["actors"]["name"][row["actor"]]: (row["groups"], row["ties"]) for row in data["bridges"]}
    assert named == {"Préfecture d’Indre-et-Loire": (1, 1), "Atelier B": (1, 1)}


def test_discs_of_silos_never_intersect():
    groups = content(blocks(1000))["groups"]
    centre = np.array([[group["x"], group["y"]] for group in groups], dtype=float)
    radius = np.array([group["r"] for group in groups])
    gap = np.hypot(*(centre[:, None] - centre[None]).transpose(2, 0, 1)) - radius[:, None] - radius[None]
    assert (gap[~np.eye(len(groups), dtype=bool)] > 0).all()


def test_actors_stand_inside_their_disc():
    data = content(blocks(300))
    group = decoded(data["actors"]["group"], 300)
    for x, y, g in zip(data["actors"]["x"], data["actors"]["y"], group, strict=True):
        disc = data["groups"][g]
        assert np.hypot(x - disc["x"], y - disc["y"]) < disc["r"]


def test_an_actor_without_present_tie_is_a_ghost():
    data = content(small())
    ghosts = decoded(data["actors"]["ghost"], 6)
    assert [name for name, ghost in zip(data["actors"]["name"], ghosts, strict=True) if ghost] == ["École"]


def test_summary_in_french_by_hand():
    text = explore(small()).alt
    assert text.startswith("Le réseau réunit 6 acteurs et 7 liens présents dans 2 couches (adhésion et masques).")
    assert "suivi sur 3 périodes (avant, pendant et après)" in text
    assert "il forme 2 groupes\u202f; le plus grand, «\u202fTours\u202f», compte 3 acteurs." in text
    assert "86\u00a0% des liens présents restent à l’intérieur d’un groupe." in text


def test_the_summary_counts_the_layers_that_hold_a_present_tie():
    assert samples.tours_masks().select(layer="pooling").ties["status"].unique().tolist() == ["absent"]
    assert explore(samples.tours_masks()).alt.startswith(
        "Le réseau réunit 33 acteurs et 50 liens présents dans 10 couches."
    )


def test_summary_in_english():
    assert "The network holds 6 actors and 7 present ties in 2 layers" in explore(small(), lang="en").alt


def test_sources_and_caveats_are_written():
    notes = content(small(), caveats="Enquête partielle.")["notes"]
    assert notes[0] == "Sources\u202f: Info Tours, Masques, 2 avril 2020, MIT."
    assert "Enquête partielle." in notes[1]
    assert "Liens au statut inconnu\u202f: 1." in notes[1]


def test_unseen_periods_come_from_the_observation_table():
    observation = pd.DataFrame({"actor": ["tours", "tours", "metropole"], "period": ["before", "crisis", "before"]})
    data = content(small().replace(observation=observation))
    bits = decoded(data["actors"]["unseen"], 6)
    assert bits[0] == 0b100
    assert bits[1] == 0b110
    assert bits[5] == 0b111


def test_size_is_a_metric_a_column_or_a_series():
    net = small().replace(actors=small().actors.assign(budget=[1.0, 2.0, 3.0, 4.0, 5.0, np.nan]))
    assert content(net, size="strength")["metrics"][content(net, size="strength")["size"]]["key"] == "strength"
    budget = content(net, size="budget")
    assert budget["metrics"][budget["size"]]["values"] == [1, 2, 3, 4, 5, None]
    series = pd.Series({"ecole": 9.0, "tours": 2.5}, name="doors")
    given_series = content(net, size=series)
    assert given_series["metrics"][given_series["size"]]["values"] == [2.5, None, None, None, None, 9]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"color": "secteur"}, "no actor column named 'secteur'. Did you mean 'sector'"),
        ({"size": "betweeness"}, "Did you mean 'betweenness'"),
        ({"layout": "group"}, "Did you mean 'groups'"),
        ({"lang": "de"}, "no language named 'de'"),
        ({"persons": "hide"}, "no choice for persons named 'hide'"),
        ({"theme": {"accent": "red"}}, "the accent must be a colour"),
        ({"theme": {"accent": "#FFFFEE"}}, "too pale"),
        ({"theme": {"font": "x;} body{display:none"}}, "the font must be the name of a font"),
        ({"theme": {"fonts": "Arial"}}, "Did you mean 'font'"),
    ],
)
def test_errors_say_what_exists(options, message):
    with pytest.raises(ReseauError, match=message):
        explore(small(), **options)


def test_an_empty_network_has_no_map():
    with pytest.raises(ReseauError, match="nothing to map"):
        explore(Network())


def test_an_unknown_name_is_an_unknown_name_error():
    with pytest.raises(UnknownNameError):
        explore(small(), by="epic")


@pytest.mark.parametrize("layout", ["groups", "force", "circle", "rings"])
def test_every_layout_gives_a_place_to_every_actor(layout):
    data = content(small(), layout=layout)
    places = set(zip(data["actors"]["x"], data["actors"]["y"], strict=True))
    assert len(places) == 6


def test_a_large_geographic_map_stands_its_discs_on_their_territories():
    from reseau_territorial.outlines import outlines

    codes = ["37", "41", "75", "92", "93", "94", "59", "971"]
    actors = pd.DataFrame({"actor": [f"a{i}" for i in range(160)], "departement": np.repeat(codes, 20)})
    ends = pd.DataFrame({"source": [f"a{i}" for i in range(159)], "target": [f"a{i + 1}" for i in range(159)]})
    made = content(Network(ends, actors=actors), layout="geographic", aggregate_above=100)
    assert made["framed"]
    assert made["by_label"] == "département"
    assert [group["label"] for group in made["groups"]][-1] == "Guadeloupe"
    assert any("IGN Admin Express" in note and "160" in note for note in made["notes"])
    discs = np.array([[group["x"], group["y"], group["r"]] for group in made["groups"]])
    x, y = np.array(made["actors"]["x"]), np.array(made["actors"]["y"])
    order = sorted(codes)
    assert [group["code"] for group in made["groups"]] == order
    place = dict(zip(order, discs, strict=True))
    for code, disc in place.items():
        here = np.flatnonzero(actors["departement"] == code)
        away = np.hypot(np.median(x[here]) - disc[0], np.median(y[here]) - disc[1])
        # Neighbours push one another; the disc of an archipelago stands on its largest island.
        assert away < (0.6 if code == "971" else 3) * disc[2], code
    # Crowded discs keep their sides: 92 west of Paris, 93 and 94 east of it, 93 north of 94.
    assert place["92"][0] < place["75"][0] < min(place["93"][0], place["94"][0])
    assert place["93"][1] < place["94"][1]
    gaps = np.hypot(*(discs[:, None, :2] - discs[None, :, :2]).transpose(2, 0, 1)) - discs[:, 2] - discs[:, None, 2]
    assert gaps[~np.eye(len(discs), dtype=bool)].min() >= -2
    assert set(codes) <= set(outlines("departements"))


def test_a_map_that_opens_on_territories_of_known_outline_lies_on_the_ground():
    """By default only, and only there: not under another criterion, with unknown codes, or where positions are kept."""
    homes = np.repeat(["37", "41", "59", "971"], 30)
    names = [f"a{i}" for i in range(len(homes))]
    actors = pd.DataFrame({"actor": names, "departement": homes, "region": homes, "sector": (["public", "civil"] * 60)})
    ends = pd.DataFrame({"source": names[:-1], "target": names[1:]})
    net = Network(ends, actors=actors)
    made = content(net, aggregate_above=100)
    assert made == content(net, layout="geographic", aggregate_above=100)
    assert made["layout"] == "geographic"
    assert made["outlines"]
    assert 'layout="geographic"' in made["arguments"]
    assert content(net, by="region", aggregate_above=100)["layout"] == "geographic"
    assert content(net, layout="groups", aggregate_above=100)["layout"] == "groups"
    assert content(net)["layout"] == "groups"
    assert content(net, by="sector", aggregate_above=100)["layout"] == "groups"
    unknown = Network(ends, actors=actors.assign(departement="D" + actors["departement"]))
    assert content(unknown, aggregate_above=100)["layout"] == "groups"
    kept = Network(ends, actors=actors.assign(x=np.arange(120), y=np.arange(120) % 7))
    assert content(kept, aggregate_above=100)["layout"] == "groups"


def test_the_sheet_of_a_large_map_writes_codes_in_discs_names_in_an_index_and_numbers_in_the_legend():
    from reseau_territorial.outlines import outlines

    codes = ["37", "41", "988", *(code for code in outlines("departements") if code not in ("37", "41"))]
    homes = np.repeat(codes, [40, 25, *[4] * (len(codes) - 2)])
    actors = pd.DataFrame({"actor": [f"a{i}" for i in range(len(homes))], "departement": homes})
    ends = np.arange(len(homes) - 1)
    chain = pd.DataFrame({"source": ends, "target": ends + 1})
    extra = pd.DataFrame({"source": range(25), "target": range(40, 65)})
    net = Network(("a" + pd.concat([chain, extra]).astype(str)), actors=actors)
    carte = explore(net, layout="geographic", aggregate_above=50)
    picture = str(carte.image("svg"))
    written = re.findall(r"<text[^>]*>([^<]*)</text>", picture)
    numbers = {"4", "10", "25", "40"}
    for code in set(codes) - numbers:
        assert written.count(code) == 2, code  # in its disc, and in the index
    assert written.count("Indre-et-Loire") == written.count("Nouvelle-Calédonie") == 1
    assert "Ardennes" in written
    legend = written[written.index("Nombre d’acteurs (surface du disque)") :]
    assert legend[1:4] == ["4", "10", "40"]
    # 26 ties between 37 and 41, one between each of the other neighbours: two widths of band.
    assert [text for text in legend if "–" in text or text == "1"] == ["1", "15 – 26"]


def test_a_map_overseas_shows_its_own_ground_and_names_its_projection():
    """Neither the mainland nor another island stands beside Guyane, whose inset is drawn near the Basque coast."""

    def made(codes: list[str], lang: str = "fr") -> dict:
        homes = np.repeat(codes, 12)
        actors = pd.DataFrame({"actor": [f"a{i}" for i in range(len(homes))], "territory": homes})
        chain = pd.DataFrame({"source": actors["actor"][:-1].to_numpy(), "target": actors["actor"][1:].to_numpy()})
        return content(Network(chain, actors=actors), layout="geographic", lang=lang)

    def told(data: dict) -> str:
        return next(note for note in data["notes"] if "rojection" in note)

    alone, west, all_three = made(["973"]), made(["64"]), made(["64", "973", "971"])
    assert "Projection équirectangulaire (Guyane)." in told(alone)
    assert "Equirectangular projection (Guyane)." in told(made(["973"], "en"))
    assert "Projection Lambert-93." in told(west)
    assert "Projection Lambert-93\u202f; outre-mer en encarts" in told(all_three)
    frames = [len(ring) == 18 and np.ptp(ring[::2][:4]) > 0 for ring in alone["outlines"]]
    left, top, right, bottom = alone["extent"]
    for ring in alone["outlines"]:
        corners = np.array(ring).reshape(-1, 2)
        assert (corners >= (left, top)).all()
        assert (corners <= (right, bottom)).all()
    assert not any(frames)
    # The frame of Guyane crosses no outline: each lies inside it, or outside.
    rings = [np.array(ring).reshape(-1, 2) for ring in all_three["outlines"]]
    frame = max((ring for ring in rings if len(ring) == 9), key=lambda ring: np.ptp(ring[:, 1]))
    within = [((ring > frame.min(axis=0)) & (ring < frame.max(axis=0))).all(axis=1) for ring in rings if len(ring) > 9]
    assert {here.mean() for here in within} == {0.0, 1.0}


def test_collectivities_without_outline_stand_side_by_side_under_the_map_with_their_code():
    regions = ["11", "24", "76", "93", "94", "03", "975", "978", "987", "988"]
    homes = np.repeat(regions, [60, 40, 50, 30, 20, 12, 2, 2, 12, 10])
    departements = dict(zip(regions, ["77", "37", "31", "13", "2A", "973", *regions[6:]], strict=True))
    actors = pd.DataFrame({"actor": [f"a{i}" for i in range(len(homes))], "region": homes})
    actors["territory"] = [f"DEP-{departements[home]}" for home in homes]
    chain = pd.DataFrame({"source": actors["actor"][:-1].to_numpy(), "target": actors["actor"][1:].to_numpy()})
    ends = chain[homes[:-1] == homes[1:]]
    made = content(Network(ends, actors=actors), by="region", layout="geographic", aggregate_above=100)
    groups = {group["label"]: group for group in made["groups"]}
    adrift = [groups[name] for name in ("Saint-Pierre-et-Miquelon", "Saint-Martin", "Polynésie française")]
    assert [group["code"] for group in adrift] == ["975", "978", "987"]
    assert "code" not in groups["Occitanie"]
    frame = max((np.array(ring).reshape(-1, 2) for ring in made["outlines"] if len(ring) == 18), key=np.ptp)
    assert min(group["y"] - group["r"] for group in adrift) >= frame[:, 1].max()  # under the inset of Guyane
    left, top, right, bottom = made["extent"]
    for group in made["groups"]:
        assert left <= group["x"] - group["r"] < group["x"] + group["r"] <= right + 1
        assert top <= group["y"] - group["r"] < group["y"] + group["r"] <= bottom + 1
    discs = np.array([[group["x"], group["y"], group["r"]] for group in made["groups"]])
    gaps = np.hypot(*(discs[:, None, :2] - discs[None, :, :2]).transpose(2, 0, 1)) - discs[:, 2] - discs[:, None, 2]
    assert gaps[~np.eye(len(discs), dtype=bool)].min() >= -2


def test_the_share_of_ties_inside_groups_is_the_same_in_every_layout():
    from reseau_territorial import samples

    net = samples.indre_et_loire()
    said = {layout: " ".join(content(net, layout=layout)["summary"]) for layout in ("groups", "geographic", "circle")}
    ties, epci = net.ties, net.actors["epci"]
    ends = epci.reindex(ties["source"]).to_numpy(), epci.reindex(ties["target"]).to_numpy()
    inside = round(100 * float(((ends[0] == ends[1]) & pd.notna(ends[0])).mean()))
    assert inside == 24  # three ties in four lead to a syndicat, which is of no EPCI
    for text in said.values():
        assert f"{inside}\u202f%" in text.replace("\u00a0", "\u202f")


def test_geographic_layout_draws_outlines():
    places = [(0.69, 47.39), (0.70, 47.40), (0.68, 47.38), (0.98, 47.41), (0.99, 47.40), (0.98, 47.42)]
    net = small().replace(
        actors=small().actors.assign(longitude=[p[0] for p in places], latitude=[p[1] for p in places])
    )
    # Around Tours, and not the whole of France; on request, nothing.
    assert 1 <= len(content(net, layout="geographic", outlines="departements")["outlines"]) < 20
    assert content(net, layout="geographic")["outlines"]
    assert content(net, layout="geographic", outlines=False)["outlines"] == []
    square = {"type": "Polygon", "coordinates": [[[0.5, 47.0], [1.2, 47.0], [1.2, 47.8], [0.5, 47.8], [0.5, 47.0]]]}
    own = content(net, layout="geographic", outlines={"type": "Feature", "geometry": square})
    assert len(own["outlines"]) == 1
    ring = np.array(own["outlines"][0]).reshape(-1, 2)
    assert ring[:, 0].min() < min(own["actors"]["x"]) < max(own["actors"]["x"]) < ring[:, 0].max()


def test_contrast_of_everything_drawn():
    """Check 28: every fill or its outline at 3:1, every text at 4.5:1, in the light and the dark theme."""
    themes = content(blocks(60))["themes"]
    assert set(themes) == {"light", "dark", "forced"}
    for theme in (themes["light"], themes["dark"]):
        background = theme["background"]
        for text in (theme["ink"], theme["muted"]):
            assert contrast(text, background) >= 4.5
            assert contrast(text, theme["frame"]) >= 4.5
        for line in (*theme["layers"], *theme["changes"], theme["accent"]):
            assert contrast(line, background) >= 3
        for fill in theme["colors"]:
            assert max(contrast(fill, background), contrast(theme["outline"], background)) >= 3


def test_each_word_has_both_languages_with_the_same_gaps():
    for french, english in (PAGE | TOLD).values():
        assert french
        assert sorted(part.split("}")[0] for part in french.split("{")[1:]) == sorted(
            part.split("}")[0] for part in english.split("{")[1:]
        )


def test_french_words_have_narrow_spaces_before_high_marks():
    for french, _ in (PAGE | TOLD).values():
        for mark in (":", ";", "!", "?", "»"):
            for place, letter in enumerate(french):
                assert letter != mark or french[place - 1] == "\u202f", french


def test_hostile_texts_make_a_page_too():
    assert explore(hostile()).data.content["counts"]["ties"] == len(ATTACKS)


TEXTS = st.text(max_size=220)


@given(
    names=st.lists(TEXTS, min_size=2, max_size=6), values=st.lists(st.floats(allow_nan=True), min_size=6, max_size=6)
)
def test_any_text_and_any_number_make_a_page(names, values):
    n = len(names)
    actors = pd.DataFrame(
        {"actor": [f"k{i}" for i in range(n)], "name": names, "kind": names, "territory": names, "load": values[:n]}
    )
    ties = pd.DataFrame({"source": ["k0"], "target": ["k1"], "layer": [names[0] or "x"]})
    html = explore(Network(ties, actors=actors), size="load").html
    assert html.count("<script") == 2
    assert html.count("</script") == 2
    html.encode("utf-8")


def test_inputs_of_every_sort_make_a_page():
    """Check 25: what pandas and NumPy hold besides texts and floats, in a frame or in a NetworkX graph."""
    import datetime

    from reseau_territorial import from_networkx

    actors = pd.DataFrame(
        {
            "actor": np.array([101, 102, 103, 104]),
            "name": pd.array(["Éguzon", pd.NA, None, "x" * 200], dtype="string"),
            "kind": pd.Categorical(["commune", None, "epci", "commune"]),
            "population": pd.array([1200, pd.NA, 3, 4], dtype="Int64"),
            "created": pd.to_datetime(["2017-01-01", None, "2020-06-19", "1999-12-31"]),
            "member": pd.array([True, pd.NA, False, True], dtype="boolean"),
            "load": np.array([np.nan, np.inf, -np.inf, 0.5], dtype=np.float32),
        }
    )
    ties = pd.DataFrame(
        {
            "source": np.array([101, 102], dtype=np.int64),
            "target": np.array([102, 103], dtype=np.int64),
            "period": [2019, 2020],
            "weight": np.array([1, 2], dtype=np.uint8),
            "date": [datetime.date(2020, 4, 2), pd.NaT],
        }
    )
    net = Network(ties, actors=actors)
    for size in ("population", "load", "degree"):
        data = content(net, size=size)
        assert data["counts"]["actors"] == 4
        assert data["actors"]["name"] == ["Éguzon", "102", "103", "x" * 200]
        assert "Infinity" not in explore(net, size=size).data.to_json()
        assert "NaN" not in explore(net, size=size).data.to_json()
    import networkx as nx

    graph = nx.Graph()
    graph.add_edge(("37", "Tours"), ("37", "Amboise"), weight=np.float32(2))
    graph.add_node(np.int64(7), name="Isolé 🏛️")
    graph.add_node("مرحبا")
    made = content(from_networkx(graph))
    assert made["counts"]["actors"] == 4
    assert len(set(made["actors"]["name"])) == 4
    assert {"Isolé 🏛️", "مرحبا"} <= set(made["actors"]["name"])


def test_one_actor_alone_and_isolates():
    ties = pd.DataFrame({"source": [], "target": []}, dtype="str")
    alone = Network(ties, actors=pd.DataFrame({"actor": ["Éguzon 🏛️ مرحبا"]}))
    data = content(alone)
    assert data["counts"]["actors"] == 1
    assert data["actors"]["name"] == ["Éguzon 🏛️ مرحبا"]
    assert "Le réseau réunit 1 acteur et 0 lien présent." in explore(alone).alt


def test_lanes_by_hand():
    """Ties of a pair that differ only by period share a lane; the code names the number of lanes too."""
    rows = [
        ("a", "b", "x", "before"),
        ("a", "b", "x", "after"),
        ("a", "b", "y", "before"),
        ("a", "c", "x", "before"),
        ("b", "c", "x", "before"),
        ("b", "c", "x", "before"),
        ("b", "c", "y", "before"),
    ]
    data = content(Network(pd.DataFrame(rows, columns=["source", "target", "layer", "period"])))
    assert decoded(data["ties"]["lane"], 7).tolist() == [1, 1, 2, 0, 3, 4, 5]


def test_the_page_carries_the_words_that_it_reads_and_no_other():
    folder = Path(explore.__code__.co_filename).parent
    engine = "".join(path.read_text(encoding="utf-8") for path in (folder / "page").glob("*.js"))
    sheet = (folder / "_sheet.py").read_text(encoding="utf-8")
    read = set(re.findall(r"words\.(\w+)", engine)) | {"ego1", "ego2"}
    assert read == set(PAGE)
    assert set(re.findall(r'words\["(\w+)"\]', sheet)) <= set(PAGE)
    assert content(small())["words"].keys() == PAGE.keys()


def test_sources_are_named_once_each_and_a_tie_may_cite_several():
    sources = pd.DataFrame(
        [(f"e{i}", "Info Tours", f"Article {i}", "2020-04-02", "CC BY 4.0") for i in range(5)]
        + [("e5", "INSEE", "Code officiel", "2021", "Licence Ouverte 2.0")],
        columns=["evidence", "producer", "title", "date", "licence"],
    )
    ties = pd.DataFrame(
        {"source": ["a"] * 6, "target": ["b"] * 6, "evidence": ["e0; e1", "e2", "e3", "e4", "e5", None]}
    )
    net = Network(ties, sources=sources)
    data = content(net)
    line = "Info Tours (5 documents). CC BY 4.0 · INSEE. Licence Ouverte 2.0"
    assert data["notes"][0] == f"Sources\u202f: {line}."
    sources = explore(net).data.sources
    assert len(sources) == 6
    assert sources[5] == "INSEE, Code officiel, 2021, Licence Ouverte 2.0"
    first = [data["proofs"][place] for place in data["evidences"][0]]
    assert first == ["Info Tours, Article 0, 2 avril 2020", "Info Tours, Article 1, 2 avril 2020"]
    assert len(data["proofs"]) == 6


def test_coordinates_off_the_map_do_not_make_it_geographic():
    actors = pd.DataFrame({"actor": ["a", "b"], "longitude": [150.0, 151.0], "latitude": 47.0, "territory": ["x", "y"]})
    net = Network(pd.DataFrame({"source": ["a"], "target": ["b"]}), actors=actors)
    assert content(net, by="territory", aggregate_above=1)["layout"] == "groups"


def test_a_sheet_with_few_large_discs_keeps_its_legend_and_its_index(tmp_path):
    every = [f"a{i}" for i in range(200)]
    actors = pd.DataFrame({"actor": every, "departement": ["37", "41"] * 100, "sector": ["public", "civil"] * 100})
    net = Network(pd.DataFrame({"source": every[:-1], "target": every[1:]}), actors=actors)
    explore(net, by="departement", aggregate_above=50, color="sector").save(tmp_path / "carte.svg")
    sizes = re.findall(r'font-size="([-\d.]+)"', (tmp_path / "carte.svg").read_text(encoding="utf-8"))
    assert min(map(float, sizes)) > 6
