"""The Network: its contract, its selections, its memory on disk."""

from __future__ import annotations

import re
import zipfile

import numpy as np
import pandas as pd
import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseau_territorial._review import described
from reseau_territorial.errors import ReseauError, TableError, UnknownNameError
from reseau_territorial.network import Network, load


@pytest.fixture
def net() -> Network:
    ties = pd.DataFrame(
        {
            "source": ["a", "b", "b", "c"],
            "target": ["b", "a", "c", "d"],
            "layer": ["masks", "funding", "funding", "masks"],
            "period": ["crisis", "before", "crisis", "after"],
            "weight": [1.0, 2.0, 3.0, 0.5],
            "level": [1, 2, 4, 3],
            "need": ["masks", None, None, "masks"],
            "evidence": ["E1", "E2", "E1;E2", None],
        }
    )
    actors = pd.DataFrame(
        {"actor": list("abcde"), "sector": ["public", "civil", "private", "public", "civil"], "rank": [1, 2, 3, 4, 5]}
    )
    layers = pd.DataFrame({"layer": ["funding"], "directed": [True], "unit": ["euros"]})
    sources = pd.DataFrame({"evidence": ["E1", "E2"], "title": ["press", "statutes"]})
    provision = pd.DataFrame({"actor": ["a"], "need": ["masks"], "period": ["crisis"]})
    return Network(ties, actors=actors, layers=layers, sources=sources, provision=provision)


def test_repr_says_what_it_holds(net: Network) -> None:
    assert repr(net) == (
        "<Network: 5 actors, 4 ties; layers: funding (directed), masks (undirected); periods: before, crisis, after>"
    )


def test_a_notebook_shows_a_network_in_french() -> None:
    ties = pd.DataFrame({"source": ["a", "b", "b"], "target": ["b", "c", "d"], "weight": [1200.0, 34.5, 1.0]})
    ties["status"], ties["layer"] = ["present", "present", "unknown"], "funding"
    shown = Network(ties)._repr_html_()
    assert "Réseau\u202f: 4 acteurs, 2 liens (et 1 de statut inconnu)" in shown
    words = re.findall(r"<t[hd]>([^<]*)</t[hd]>", shown)
    heads = ["couche", "acteurs", "liens", "paires", "inconnus", "absents", "intensité", "densité", "orientée"]
    assert words[: len(heads)] == heads
    assert words[len(heads) :][0] == "financement"
    assert "1\u202f234,5" in words
    alone = pd.DataFrame({"actor": ["a"]}).set_index("actor")
    none = Network(pd.DataFrame({"source": [], "target": []}, dtype=object), actors=alone)
    assert "Réseau\u202f: 1 acteur, 0 lien" in none._repr_html_()


def test_labels_of_a_network_are_escaped_in_html() -> None:
    net = Network(pd.DataFrame({"source": ["a"], "target": ["b"], "layer": ["<script>alert(1)</script>"]}))
    assert "<script>" not in net._repr_html_()


def test_tables_handed_out_are_copies(net: Network) -> None:
    actors = net.actors
    actors.loc["a", "sector"] = "changed"
    ties = net.ties
    ties.loc[0, "weight"] = 99.0
    assert net.actors.loc["a", "sector"] == "public"
    assert net.ties.loc[0, "weight"] == 1.0


def test_a_network_does_not_change(net: Network) -> None:
    with pytest.raises(AttributeError, match="does not change"):
        net.ties = pd.DataFrame()  # type: ignore[misc]


def test_columns_of_the_contract_are_always_there() -> None:
    net = Network(pd.DataFrame({"source": ["b"], "target": ["a"]}))
    assert list(net.ties.columns) == (
        "source target layer period weight level formal status need date evidence".split()
    )
    assert list(net.actors.columns) == (
        "name kind sector tier territory parent longitude latitude siren insee rna rule".split()
    )
    assert net.actors.index.to_list() == ["a", "b"]
    assert net.periods == ()
    assert not net.directed


def test_periods_are_ordered_by_their_meaning() -> None:
    def periods(names: list[str]) -> tuple[str, ...]:
        count = len(names)
        return Network(pd.DataFrame({"source": ["a"] * count, "target": ["b"] * count, "period": names})).periods

    assert periods(["after", "crisis", "before"]) == ("before", "crisis", "after")
    assert periods(["2021", "2019", "2020"]) == ("2019", "2020", "2021")
    own = pd.Categorical(["t2", "t1"], categories=["t2", "t1"], ordered=True)
    assert Network(pd.DataFrame({"source": ["a", "a"], "target": ["b", "b"], "period": own})).periods == ("t2", "t1")


def test_numbers_as_ids_become_text_without_decimals() -> None:
    net = Network(pd.DataFrame({"source": [37261.0, 37003.0], "target": [1, 2]}))
    assert net.actors.index.to_list() == ["1", "2", "37003", "37261"]


class TestBadTables:
    def test_every_problem_is_reported_at_once(self) -> None:
        ties = pd.DataFrame({"source": ["a", "a", "z"], "target": ["b", "a", "b"], "weight": [1.0, -2.0, np.nan]})
        with pytest.raises(TableError) as caught:
            Network(ties, actors=pd.DataFrame({"actor": ["a", "b", "b"]}))
        text = str(caught.value)
        assert "row 1 has '-2'" in text
        assert "weight is missing in row 2" in text
        assert "joins an actor to itself ('a')" in text
        assert "actor 'b' stands more than once (rows 1, 2)" in text
        assert "'z' (row 2)" in text
        assert len(caught.value.problems) == 5

    def test_text_and_negative_weights_are_both_reported(self) -> None:
        ties = pd.DataFrame({"source": ["a", "a"], "target": ["b", "c"], "weight": ["x", -1.0]})
        with pytest.raises(TableError, match="(?s)row 0 has 'x'.*row 1 has '-1'"):
            Network(ties)

    @pytest.mark.parametrize("weight", [["x"], ["1,5"], [""], [np.inf], [-1], [None]])
    def test_a_weight_is_a_number_zero_or_more(self, weight: list[object]) -> None:
        with pytest.raises(TableError, match="weight"):
            Network(pd.DataFrame({"source": ["a"], "target": ["b"], "weight": weight}))

    def test_an_infinite_text_is_one_problem(self) -> None:
        with pytest.raises(TableError) as caught:
            Network(pd.DataFrame({"source": ["a"], "target": ["b"], "weight": ["inf"]}))
        assert len(caught.value.problems) == 1

    def test_text_that_looks_like_a_number_is_still_text(self) -> None:
        with pytest.raises(TableError, match="must be a number; row 0"):
            Network(pd.DataFrame({"source": ["a"], "target": ["b"], "weight": ["3"]}))

    def test_missing_column_offers_the_nearest(self) -> None:
        with pytest.raises(TableError, match="no ties column named 'source'. Did you mean 'sources'"):
            Network(pd.DataFrame({"sources": ["a"], "target": ["b"]}))

    def test_misspelt_optional_column_warns(self) -> None:
        with pytest.warns(UserWarning, match="column 'weigth' is kept as it is; if it is 'weight'"):
            Network(pd.DataFrame({"source": ["a"], "target": ["b"], "weigth": [2.0]}))

    @pytest.mark.parametrize(
        ("column", "value", "message"),
        [
            ("level", 5, "level goes from 0"),
            ("level", 1.5, "level goes from 0"),
            ("status", "maybe", "status is one of 'present', 'absent', 'unknown'"),
            ("formal", "yes", "formal must be true or false"),
        ],
    )
    def test_values_out_of_range(self, column: str, value: object, message: str) -> None:
        with pytest.raises(TableError, match=message):
            Network(pd.DataFrame({"source": ["a"], "target": ["b"], column: [value]}))

    def test_coordinates_are_degrees(self) -> None:
        actors = pd.DataFrame({"actor": ["a"], "longitude": [652000.0], "latitude": [47.0]})
        with pytest.raises(TableError, match="longitude must lie between -180 and 180"):
            Network(actors=actors)

    def test_evidence_must_be_in_the_sources_given(self) -> None:
        ties = pd.DataFrame({"source": ["a"], "target": ["b"], "evidence": ["E1;E9"]})
        with pytest.raises(TableError, match="'E9'"):
            Network(ties, sources=pd.DataFrame({"evidence": ["E1"]}))

    def test_many_rows_are_counted_not_listed(self) -> None:
        ties = pd.DataFrame({"source": ["a"] * 50, "target": ["b"] * 50, "weight": [-1.0] * 50})
        with pytest.raises(TableError, match="rows 0, 1, 2, 3, 4 and 45 more"):
            Network(ties)

    def test_not_a_table(self) -> None:
        with pytest.raises(ReseauError, match=r"must be a pandas DataFrame, not list"):
            Network([("a", "b")])  # type: ignore[arg-type]


class TestSelect:
    def test_a_layer_keeps_the_actors_present_there(self, net: Network) -> None:
        assert net.select(layer="funding").actors.index.to_list() == ["a", "b", "c", "e"]
        assert net.select(layer="masks", isolates=False).actors.index.to_list() == ["a", "b", "c", "d"]

    def test_a_word_does_not_pass_for_a_choice_of_isolates(self, net: Network) -> None:
        with pytest.raises(ReseauError, match=r"isolates must be True or False, not 'drop'"):
            net.select(layer="masks", isolates="drop")  # type: ignore[arg-type]

    def test_observation_makes_absent_and_isolated_differ(self) -> None:
        ties = pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"], "period": ["before", "crisis"]})
        observation = pd.DataFrame({"actor": ["c", "d"], "period": ["before", "before"], "observed": [True, False]})
        net = Network(ties, actors=pd.DataFrame({"actor": list("abcd")}), observation=observation)
        assert net.select(period="before").actors.index.to_list() == ["a", "b", "c"]

    def test_filters_combine(self, net: Network) -> None:
        part = net.select(period="crisis", level=[1, 4], sector=["public", "civil"])
        assert part.ties[["source", "target"]].to_numpy().tolist() == [["a", "b"]]
        assert net.select(rank=lambda rank: rank < 3).actors.index.to_list() == ["a", "b"]
        assert net.select(actor=["a", "b"]).ties["layer"].to_list() == ["masks", "funding"]

    def test_other_tables_follow(self, net: Network) -> None:
        assert len(net.select(period="crisis").provision) == 1
        assert len(net.select(period="before").provision) == 0
        assert net.select(period="crisis").periods == ("crisis",)

    def test_nothing_left_says_where_the_layer_exists(self, net: Network) -> None:
        with pytest.raises(
            ReseauError, match=r"nothing left after layer='masks', period='before': 0 of 4 ties. .*'crisis', 'after'"
        ):
            net.select(layer="masks", period="before")

    def test_no_actor_left(self, net: Network) -> None:
        with pytest.raises(ReseauError, match="0 of 5 actors"):
            net.select(rank=99)

    @pytest.mark.parametrize(
        ("filters", "message"),
        [
            ({"layer": "mask"}, "no layer named 'mask'. Did you mean 'masks'"),
            ({"sectr": "public"}, "no tie or actor column named 'sectr'. Did you mean 'sector'"),
            ({"sector": "pubic"}, "Did you mean 'public'"),
            ({"period": "during"}, "no period named 'during'"),
            ({"actor": "f"}, "no actor named 'f'"),
        ],
    )
    def test_misspelt_names(self, net: Network, filters: dict[str, str], message: str) -> None:
        with pytest.raises(UnknownNameError, match=message):
            net.select(**filters)


class TestCollapse:
    def test_layers_of_mixed_direction_become_directed(self, net: Network) -> None:
        flat = net.collapse("layer").collapse("period")
        pairs = flat.ties.set_index(["source", "target"])["weight"]
        assert pairs.to_dict() == {("a", "b"): 1.0, ("b", "a"): 3.0, ("b", "c"): 3.0, ("c", "d"): 0.5, ("d", "c"): 0.5}
        assert flat.directed

    def test_status_present_wins_over_unknown_over_absent(self) -> None:
        ties = pd.DataFrame(
            {
                "source": ["a", "b", "c", "d", "a", "b"],
                "target": ["b", "a", "d", "c", "c", "d"],
                "period": ["1", "2", "1", "2", "1", "1"],
                "status": ["present", "absent", "unknown", "absent", "absent", "present"],
            }
        )
        flat = Network(ties).collapse("period").ties.set_index(["source", "target"])["status"].to_dict()
        assert flat == {("a", "b"): "present", ("a", "c"): "absent", ("b", "d"): "present", ("c", "d"): "unknown"}

    def test_an_absent_part_adds_no_weight(self) -> None:
        ties = pd.DataFrame(
            {
                "source": ["a", "a"],
                "target": ["b", "b"],
                "layer": ["x", "y"],
                "weight": [2.0, 5.0],
                "status": ["present", "absent"],
            }
        )
        assert Network(ties).collapse("layer").ties["weight"].to_list() == [2.0]

    def test_unknown_aspect(self, net: Network) -> None:
        with pytest.raises(UnknownNameError, match="Did you mean 'layer'"):
            net.collapse("layers")  # type: ignore[arg-type]


def test_projection_counts_shared_counterparts() -> None:
    ties = pd.DataFrame({"source": ["a", "b", "c", "a", "b"], "target": ["X", "X", "X", "Y", "Y"]})
    by_pair = Network(ties).project(layer="tie", onto="source").ties.set_index(["source", "target"])["weight"]
    assert by_pair.to_dict() == {("a", "b"): 2.0, ("a", "c"): 1.0, ("b", "c"): 1.0}
    newman = Network(ties).project(layer="tie", onto="source", weighting="newman").ties
    assert newman.set_index(["source", "target"])["weight"].to_dict() == {
        ("a", "b"): 1.5,
        ("a", "c"): 0.5,
        ("b", "c"): 0.5,
    }


def test_projection_onto_a_kind() -> None:
    ties = pd.DataFrame({"source": ["a", "S"], "target": ["S", "b"]})
    actors = pd.DataFrame({"actor": ["a", "b", "S"], "kind": ["commune", "commune", "grouping"]})
    assert Network(ties, actors=actors).project(layer="tie", onto="commune").ties["weight"].to_list() == [1.0]


def test_summary_counts_by_hand(net: Network) -> None:
    row = net.summary().loc[("funding", "crisis")]
    assert (row["ties"], row["pairs"], row["weight"], row["directed"]) == (1.0, 1.0, 3.0, True)
    assert row["actors"] == 3.0  # b, c, and e who has no tie anywhere
    assert row["density"] == pytest.approx(1 / 6)


class TestView:
    def test_undirected_ties_read_both_ways(self, net: Network) -> None:
        view = net._view(layer="masks")
        assert view.actors.to_list() == list("abcde")
        expected = np.zeros((5, 5))
        expected[0, 1] = expected[1, 0] = 1.0
        expected[2, 3] = expected[3, 2] = 0.5
        assert np.array_equal(view.weighted.toarray(), expected)
        assert not view.directed

    def test_parallel_ties_add_up_but_count_once(self) -> None:
        ties = pd.DataFrame({"source": ["a", "b"], "target": ["b", "a"], "weight": [1.0, 2.0]})
        view = Network(ties)._view()
        assert view.weighted.toarray().tolist() == [[0, 3], [3, 0]]
        assert view.binary.toarray().tolist() == [[0, 1], [1, 0]]

    def test_only_present_ties_count(self) -> None:
        ties = pd.DataFrame(
            {"source": ["a", "a", "a"], "target": ["b", "c", "d"], "status": ["present", "unknown", "absent"]}
        )
        view = Network(ties)._view()
        assert len(view.source) == 1
        assert view.n == 4

    def test_another_column_of_strengths_is_checked(self) -> None:
        net = Network(pd.DataFrame({"source": ["a"], "target": ["b"], "hours": [-3.0]}))
        with pytest.raises(TableError, match="hours must be 0 or more"):
            net._view(weight="hours")
        with pytest.raises(UnknownNameError, match="Did you mean 'weight'"):
            net._view(weight="wieght")

    def test_missing_groups_are_an_error_unless_asked(self, net: Network) -> None:
        part = net.replace(actors=net.actors.assign(sector=["public", None, "private", None, "civil"]))
        with pytest.raises(ReseauError, match="2 of 5 actors have no 'sector': 'b', 'd'"):
            part._groups("sector")
        codes, labels = part._groups("sector", missing="drop")
        assert codes.tolist() == [2, -1, 1, -1, 0]
        assert labels.to_list() == ["civil", "private", "public"]
        codes, labels = part._groups("sector", missing="group")
        assert labels.to_list() == ["(missing)", "civil", "private", "public"]


class TestSave:
    def test_round_trip_is_exact(self, net: Network, tmp_path) -> None:
        rich = net.replace(
            ties=net.ties.assign(
                hours=pd.array([1, None, 3, 4], dtype="Int64"),
                share=[0.1, 1 / 3, np.nan, 1e-300],
                code=["007", "2A004", None, 'é;"\n'],
                paid=[True, False, True, False],
                seen=pd.to_datetime(["2020-04-02", None, "2020-05-11 10:00", "2020-01-01"], format="ISO8601"),
                mood=pd.Categorical(["x", "y", "x", None], categories=["z", "y", "x"], ordered=True),
            )
        )
        path = rich.save(tmp_path / "réseau.zip")
        again = load(path)
        assert again.equals(rich)
        for name, table in rich._tables.items():
            assert table.dtypes.equals(again._tables[name].dtypes)

    def test_same_network_same_bytes(self, net: Network, tmp_path) -> None:
        first, second = net.save(tmp_path / "1.zip"), net.save(tmp_path / "2.zip")
        assert first.read_bytes() == second.read_bytes()

    def test_a_folder_is_read_too(self, net: Network, tmp_path) -> None:
        with zipfile.ZipFile(net.save(tmp_path / "net.zip")) as archive:
            archive.extractall(tmp_path / "folder")
        assert load(tmp_path / "folder").equals(net)

    def test_a_column_added_by_hand_has_no_type(self, net: Network, tmp_path) -> None:
        with zipfile.ZipFile(net.save(tmp_path / "net.zip")) as archive:
            archive.extractall(tmp_path / "folder")
        table = pd.read_csv(tmp_path / "folder" / "ties.csv", dtype="str")
        table.assign(paid="true", code="01").to_csv(tmp_path / "folder" / "ties.csv", index=False)
        ties = load(tmp_path / "folder").ties
        assert ties["paid"].eq(True).all()
        assert ties["code"].eq("01").all()

    @pytest.mark.parametrize(
        ("name", "content", "message"),
        [
            ("absent.zip", None, "no file"),
            ("text.zip", b"not a zip", "not a readable zip"),
            ("table.csv", b"a,b", "is not a data package"),
        ],
    )
    def test_not_a_package(self, tmp_path, name: str, content: bytes | None, message: str) -> None:
        if content is not None:
            (tmp_path / name).write_bytes(content)
        with pytest.raises(ReseauError, match=message):
            load(tmp_path / name)

    def test_a_failed_save_leaves_the_file(self, net: Network, tmp_path) -> None:
        with pytest.raises(ReseauError, match=r"ends with '.zip'"):
            net.save(tmp_path / "net.csv")
        (tmp_path / "folder.zip").mkdir()
        with pytest.raises(ReseauError, match="is a folder"):
            net.save(tmp_path / "folder.zip")
        assert sorted(item.name for item in tmp_path.iterdir()) == ["folder.zip"]


names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8).filter(lambda s: s.strip() == s)


@given(
    rows=st.lists(
        st.tuples(names, names, st.floats(0, 1e6), st.sampled_from(["1", "2", None])).filter(lambda r: r[0] != r[1]),
        min_size=1,
        max_size=12,
    ),
    data=st.data(),
)
def test_any_network_comes_back_and_row_order_never_changes_a_number(tmp_path_factory, rows, data) -> None:
    ties = pd.DataFrame(rows, columns=["source", "target", "weight", "period"])
    net = Network(ties)
    assert load(net.save(tmp_path_factory.mktemp("save") / "net.zip")).equals(net)
    order = data.draw(st.permutations(range(len(ties))))
    shuffled = ties.iloc[order].reset_index(drop=True)
    turned = shuffled.assign(source=shuffled["target"], target=shuffled["source"])
    other = Network(turned)
    assert other.actors.index.equals(net.actors.index)
    assert np.allclose(other._view().weighted.toarray(), net._view().weighted.toarray())


def test_columns_that_nobody_filled_in_take_no_memory() -> None:
    """As plain text they took 50 bytes a tie."""
    rows = 300_000
    names = pd.Series(["Tours", "Métropole"], dtype="str")
    ties = pd.DataFrame({"source": names.iloc[[0] * rows].array, "target": names.iloc[[1] * rows].array})
    before = pyarrow.total_allocated_bytes()
    net = Network(ties)
    assert (pyarrow.total_allocated_bytes() - before) / rows < 30
    assert net.ties["status"].eq("present").all()
    assert net.ties["evidence"].isna().all()
    assert net.ties["layer"].eq("tie").all()
    assert {str(net.ties[column].dtype) for column in ("layer", "status", "need", "evidence")} == {"str"}


def test_one_is_singular() -> None:
    net = Network(pd.DataFrame({"source": ["a"], "target": ["b"]}))
    assert repr(net) == "<Network: 2 actors, 1 tie; layer: tie (undirected)>"
    assert described(net, lang="fr").startswith("2 acteurs, 1 lien\u202f;")
    empty = Network(actors=pd.DataFrame({"actor": ["a"]}))
    assert "1 actor, 0 ties" in repr(empty)
    assert described(empty, lang="en").startswith("1 actor, 0 ties;")
    assert described(empty, lang="fr").startswith("1 acteur, 0 lien\u202f;")
