"""What a newcomer types wrong, at every public function of a network: a right answer, or an error with the repair."""

from __future__ import annotations

import contextlib
import inspect
import unicodedata
import warnings
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest

import reseau_territorial as rt

ARGUMENTS: Mapping[str, Any] = {
    "by": "sector",
    "before": "before",
    "after": "after",
    "crisis": "crisis",
    "layer": "membership",
    "n_resamples": 19,
    "statistic": rt.network_silo,
    "names": ["degree"],
    "response": "supply",
    "predictors": ["membership"],
    "path": "reseau.graphml",
}
OWN: Mapping[str, Mapping[str, Any]] = {
    "qap": {"layer": "membership", "other": "supply"},
    "autocorrelation": {"of": "rank"},
    "spectral_segregation": {"symmetrize": "weak"},
    "group_spectral_segregation": {"symmetrize": "weak"},
    "rewire": {"swaps": 1},
}
SLOW = ("report", "explore", "flow_betweenness")  # seconds each: tried with what their own arguments add only


@pytest.fixture(scope="module")
def tours() -> rt.Network:
    return rt.samples.tours_masks()


def functions() -> dict[str, Callable[..., Any]]:
    """Return the public functions whose first argument is a network."""
    found = {name: getattr(rt, name) for name in rt.__all__ if inspect.isfunction(getattr(rt, name))}
    return {name: one for name, one in found.items() if next(iter(inspect.signature(one).parameters), "") == "net"}


FUNCTIONS = functions()


def call(name: str, net: object, **changed: Any) -> Any:
    """Call a function with what it needs, and some arguments changed."""
    function = FUNCTIONS[name]
    own = OWN.get(name, {})
    if name == "coder_agreement":
        own = {"other": net}
    positional, given = [net], dict({"by": "sector"} if name == "bootstrap" else {})
    for parameter in inspect.signature(function).parameters.values():
        key = parameter.name
        if key == "net" or parameter.kind is parameter.VAR_KEYWORD:
            continue
        value = changed.get(key, own.get(key, ARGUMENTS.get(key)))
        if key not in changed and key not in own and parameter.default is not parameter.empty and key != "n_resamples":
            continue
        if parameter.kind is parameter.KEYWORD_ONLY:
            given[key] = value
        else:
            positional.append(rt.place_actors(net) if key == "layout" and isinstance(net, rt.Network) else value)
    return function(*positional, **given)


def taking(*names: str) -> list[str]:
    """Return the functions that take one of these arguments."""
    return [name for name, one in FUNCTIONS.items() if set(names) & set(inspect.signature(one).parameters)]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_is_not_a_network_is_told_how_to_become_one(name: str, tours: rt.Network) -> None:
    for thing, way in (
        (tours.ties, r"not a DataFrame.*rt\.Network\(ties\)"),
        (nx.path_graph(3), r"not a Graph.*rt\.from_networkx"),
        ("liens.csv", r"not a str.*rt\.read_tables\('liens.csv'\)"),
        ((tours, None), r"not a tuple.*net, report = "),
        (None, "not a NoneType"),
    ):
        with pytest.raises(rt.ReseauError, match=way):
            call(name, thing)


@pytest.mark.parametrize("name", [name for name in taking("by") if name != "survival"])
def test_a_column_that_is_not_there_is_answered_by_the_nearest(name: str, tours: rt.Network) -> None:
    with pytest.raises(rt.UnknownNameError, match="no (filled )?actor column.* named 'secteur'. Did you mean 'sector'"):
        call(name, tours, by="secteur")


@pytest.mark.parametrize("name", [name for name in taking("by") if name not in ("place_actors", *SLOW)])
def test_groups_are_named_by_one_column(name: str, tours: rt.Network) -> None:
    for wrong in (5, ["sector", "kind"], ("sector",)):
        with pytest.raises(rt.ReseauError, match="by names one actor column, such as 'sector'; it cannot be"):
            call(name, tours, by=wrong)


@pytest.mark.parametrize("name", [name for name in taking("weight") if name not in SLOW])
def test_a_weight_is_a_column_of_ties(name: str, tours: rt.Network) -> None:
    for wrong in (True, False, "poids", 2):
        with pytest.raises(rt.ReseauError, match=r"weight=|no tie column named 'poids'"):
            call(name, tours, weight=wrong)


@pytest.mark.parametrize("name", [name for name in taking("layer") if name not in SLOW])
def test_a_layer_that_is_not_there(name: str, tours: rt.Network) -> None:
    for wrong, message in (
        ("fourniture", "no layer named 'fourniture'. Did you mean 'supply'"),
        (1, "no layer named '?1'?"),
        ([], r"names no layer. Name one or more|nothing left after .*layer=\[\]"),
    ):
        with pytest.raises(rt.ReseauError, match=message):
            call(name, tours, layer=wrong)


@pytest.mark.parametrize("name", [name for name in taking("period") if name not in SLOW])
def test_a_period_that_is_not_there(name: str, tours: rt.Network) -> None:
    for wrong, message in (
        ("pendant", "no period named 'pendant'. Did you mean 'crisis'"),
        (2031, "no period named '2031'"),
    ):
        with pytest.raises(rt.UnknownNameError, match=message):
            call(name, tours, period=wrong)


@pytest.mark.parametrize("name", taking("before"))
def test_periods_in_french_are_answered_by_ours(name: str, tours: rt.Network) -> None:
    with pytest.raises(rt.UnknownNameError, match="named 'avant'. Did you mean 'before'"):
        call(name, tours, before="avant", after="après")


@pytest.mark.parametrize("name", taking("lang"))
def test_a_language_that_nobody_reads(name: str, tours: rt.Network) -> None:
    with pytest.raises(rt.UnknownNameError, match="no language named 'fra'. Did you mean 'fr'"):
        call(name, tours, lang="fra")


@pytest.mark.parametrize("name", [name for name in taking("n_resamples") if name != "robustness"])
def test_draws_are_a_whole_number(name: str, tours: rt.Network) -> None:
    for wrong in (-1, 99.0, True):
        with pytest.raises(rt.ReseauError, match=f"n_resamples must be a whole number.* not {wrong}"):
            call(name, tours, n_resamples=wrong)


# A test, an interval or a drawing always draws; the approximations of centrality and random attacks do when asked.
DRAWING = [name for name in taking("seed") if name not in ("betweenness", "closeness", "robustness", "plot_territory")]


@pytest.mark.parametrize("name", DRAWING)
def test_a_seed_is_a_whole_number(name: str, tours: rt.Network) -> None:
    for wrong in (None, -1, "x", 1.5):
        with pytest.raises(rt.ReseauError, match=f"seed must be a whole number, 0 or more, not {wrong!r}"):
            call(name, tours, seed=wrong)


@pytest.mark.parametrize("name", taking("confidence"))
def test_a_confidence_of_95_is_not_one_of_95_percent(name: str, tours: rt.Network) -> None:
    with pytest.raises(rt.ReseauError, match="confidence must lie between 0 and 1, not 95"):
        call(name, tours, confidence=95)


SMALL = {
    "empty": {},
    "one actor": {"actors": {"actor": ["a"], "sector": ["public"], "kind": ["commune"], "rank": [1]}},
    "one tie": {
        "ties": {"source": ["a"], "target": ["b"], "layer": ["membership"]},
        "actors": {
            "actor": ["a", "b"],
            "sector": ["public", "civil"],
            "kind": ["commune", "association"],
            "rank": [1, 2],
        },
    },
}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("size", SMALL)
def test_the_smallest_networks_are_answered_or_refused(
    name: str, size: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    net = rt.Network(**{table: pd.DataFrame(columns) for table, columns in SMALL[size].items()})
    with warnings.catch_warnings(), contextlib.suppress(rt.ReseauError):
        if name in ("rewire", "compare_nulls"):  # one tie cannot be rewired: said, not refused
            warnings.simplefilter("ignore", UserWarning)
        call(name, net)


# Tables ---------------------------------------------------------------------------------------------------------


def ties(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame({"source": list("ab"), "target": list("bc"), **columns})


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (nx.path_graph(3), "not Graph. A graph is read by rt.from_networkx"),
        ([("a", "b")], "not list. Make one of it: pandas.DataFrame"),
        ("liens.csv", "not str. Files are read by rt.read_tables"),
        (pd.DataFrame({"Source": ["a"], "Target": ["b"]}), "Did you mean 'Source'"),
        (pd.DataFrame({"acteur 1": ["a"], "acteur 2": ["b"]}), "rt.read_tables reads French headers"),
        (pd.DataFrame({"source": ["a", None], "target": ["b", "c"]}), "source is missing in row 1"),
        (pd.DataFrame({"source": ["a", np.nan], "target": ["b", "c"]}), "source is missing in row 1"),
        (pd.DataFrame({"source": ["a", " "], "target": ["b", "c"]}), "an actor has a blank name"),
        (pd.DataFrame({"source": ["a ", "a"], "target": ["b", "c"]}), "'a' is written in 2 ways.* spaces"),
        (pd.DataFrame({"source": ["a\xa0b", "a b"], "target": ["c", "d"]}), "'a b' is written in 2 ways"),
        (ties(weight=[1, -1]), "weight must be 0 or more, and finite; row 1 has '-1'"),
        (ties(weight=["1,5", "2"]), "weight must be a number"),
        (ties(weight=[1, np.nan]), "weight is missing in row 1"),
        (ties(status=["présent", "absent"]), "status is one of 'present'"),
    ],
    ids=str,
)
def test_ties_that_are_not_a_table_of_ties(given: Any, message: str) -> None:
    with pytest.raises(rt.ReseauError, match=message):
        rt.Network(given)


def test_accents_in_two_forms_are_one_name() -> None:
    composed, decomposed = (unicodedata.normalize(form, "Préfecture") for form in ("NFC", "NFD"))
    with pytest.raises(rt.TableError, match="written in 2 ways.*form of accents"):
        rt.Network(pd.DataFrame({"source": [composed, decomposed], "target": ["b", "c"]}))
    with pytest.raises(rt.TableError, match="The two differ by spaces or by the form of accents"):
        rt.Network(
            pd.DataFrame({"source": [decomposed], "target": ["b"]}), actors=pd.DataFrame({"actor": [composed, "b"]})
        )
    assert len(rt.Network(pd.DataFrame({"source": [decomposed], "target": ["b"]}))) == 2  # alone, it is a name


def test_actors_in_an_index_without_a_name() -> None:
    actors = pd.DataFrame({"sector": ["public", "civil", "civil"]}, index=list("abc"))
    with pytest.raises(rt.TableError, match=r"If the index holds it, name the index: \.rename_axis\('actor'\)"):
        rt.Network(ties(), actors=actors)
    assert rt.Network(ties(), actors=actors.rename_axis("actor")).actors["sector"].to_list() == [
        "public",
        "civil",
        "civil",
    ]


def test_actors_twice() -> None:
    with pytest.raises(rt.TableError, match=r"actor 'a' stands more than once \(rows 0, 1\)"):
        rt.Network(ties(), actors=pd.DataFrame({"actor": list("aabc")}))


def test_a_column_under_its_french_name_is_found_when_ours_is_empty() -> None:
    net = rt.Network(ties(), actors=pd.DataFrame({"actor": list("abc"), "secteur": ["public", "civil", "civil"]}))
    with pytest.raises(rt.UnknownNameError, match="no filled actor column named 'sector'. Did you mean 'secteur'"):
        rt.silo(net, by="sector")
    assert rt.silo(net, by="secteur").to_list() == [-1.0, 0.0, 1.0]


HUGE = 2**62 + 1  # a float would lose its last digit


@pytest.mark.parametrize(
    ("one", "other", "names"),
    [
        (1, 2, ["1", "2"]),
        (1.0, 2.0, ["1", "2"]),
        (HUGE, HUGE + 1, [str(HUGE), str(HUGE + 1)]),
        (2**70, 2**71, [str(2**70), str(2**71)]),
        (21540488200015, 21540488200023, ["21540488200015", "21540488200023"]),
    ],
)
def test_numbers_are_names_in_full(one: float, other: float, names: list[str]) -> None:
    net = rt.Network(pd.DataFrame({"source": [one], "target": [other]}))
    assert net.actors.index.to_list() == names
    assert rt.degree(net.select(actor=[one, other])).to_list() == [1.0, 1.0]


@pytest.mark.parametrize("dtype", ["object", "category", "string", "string[pyarrow]", "str", "large_string[pyarrow]"])
def test_texts_of_every_kind(dtype: str) -> None:
    actors = pd.DataFrame({"actor": list("abc"), "sector": ["public", "civil", "civil"]}).astype(dtype)
    net = rt.Network(ties(period=["before", "after"]).astype(dtype), actors=actors)
    table = rt.measure(net, ["degree", "silo"], by="sector")
    assert table["degree"].to_dict() == {"a": 1.0, "b": 2.0, "c": 1.0}
    assert table["silo"].to_dict() == {"a": -1.0, "b": 0.0, "c": 1.0}
    assert net.periods == ("before", "after")


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        (pd.array([1, 2], dtype="Int64"), [1.0, 2.0]),
        (pd.array([1.5, 2], dtype="double[pyarrow]"), [1.5, 2.0]),
        (pd.Series([True, False]), [1.0, 0.0]),
        (pd.Series([Decimal("1.5"), Decimal(2)]), [1.5, 2.0]),
        (pd.Series([1, 2], dtype="object"), [1.0, 2.0]),
    ],
    ids=["nullable", "arrow", "boolean", "decimal", "object"],
)
def test_weights_of_every_kind(weights: Any, expected: list[float]) -> None:
    assert rt.Network(ties(weight=weights)).ties["weight"].to_list() == expected


@pytest.mark.parametrize(
    ("values", "periods", "asked"),
    [
        ([2020, 2019], ("2019", "2020"), 2020),
        ([2020, 2019], ("2019", "2020"), np.int64(2020)),
        ([2020.0, 2019.0], ("2019", "2020"), 2020.0),
        ([date(2020, 3, 17), date(2019, 3, 17)], ("2019-03-17", "2020-03-17"), date(2020, 3, 17)),
        (pd.to_datetime(["2020-03-17", "2019-03-17"]), ("2019-03-17", "2020-03-17"), pd.Timestamp("2020-03-17")),
        (pd.PeriodIndex(["2020-03", "2019-12"], freq="M"), ("2019-12", "2020-03"), pd.Period("2020-03")),
        (["après", "avant"], ("avant", "après"), "après"),
        (["Pendant", "Avant"], ("Avant", "Pendant"), "Pendant"),
    ],
    ids=str,
)
def test_periods_of_every_kind(values: Any, periods: tuple[str, ...], asked: Any) -> None:
    net = rt.Network(ties(period=values))
    assert net.periods == periods
    assert rt.degree(net, period=asked).to_dict() == {"a": 1.0, "b": 1.0}
    assert rt.degree(net.select(period=asked)).to_dict() == {"a": 1.0, "b": 1.0}


def test_a_year_without_a_date_is_still_a_year() -> None:
    net = rt.Network(pd.DataFrame({"source": list("abc"), "target": list("bca"), "period": [2020, 2019, None]}))
    assert net.periods == ("2019", "2020")


def test_select_of_nothing_said(tours: rt.Network) -> None:
    assert tours.select(layer=None, period=None).equals(tours)
    with pytest.raises(rt.ReseauError, match="to keep what has none"):
        tours.select(sector=None)


def test_select_by_a_function_that_does_not_answer_for_each_row(tours: rt.Network) -> None:
    with pytest.raises(rt.ReseauError, match="true or false for each of the 33 rows"):
        tours.select(sector=lambda column: True)
    with_gaps = tours.replace(
        actors=tours.actors.assign(code=pd.Series(["37", None] * 16 + ["37"], dtype="object").to_list())
    )
    kept = with_gaps.select(code=lambda column: column.astype("object").str.startswith("37"))
    assert kept.actors["code"].notna().all()


def test_words_of_other_libraries(tours: rt.Network) -> None:
    with pytest.raises(AttributeError, match="no attribute 'nodes'. Did you mean 'actors'"):
        tours.nodes  # noqa: B018
    with pytest.raises(AttributeError, match="Metrics and views are functions, such as rt.degree"):
        tours.degree  # noqa: B018
    assert not hasattr(tours, "_repr_png_")


@pytest.mark.parametrize("wrong", ["network_silo", -0.18])
def test_a_statistic_is_a_function(wrong: Any, tours: rt.Network) -> None:
    for test in (rt.permutation_test, rt.compare_nulls, rt.bootstrap):
        with pytest.raises(rt.ReseauError, match="must be a function of a network"):
            test(tours, wrong, by="sector")


def test_a_weighting_that_is_not_there(tours: rt.Network) -> None:
    with pytest.raises(rt.UnknownNameError, match="no weighting named 'neuman'. Did you mean 'newman'"):
        tours.project(layer="membership", onto="source", weighting="neuman")


def test_a_table_in_the_place_of_a_size(tours: rt.Network) -> None:
    with pytest.raises(rt.ReseauError, match="not a DataFrame. Of a table, pass one column"):
        rt.plot(tours, size=rt.measure(tours, ["degree"]))
    with pytest.raises(rt.UnknownNameError, match="Did you mean 'betweenness'"):
        rt.plot(tours, size="betweeness")


def test_what_is_neither_a_file_nor_a_graph(tours: rt.Network) -> None:
    with pytest.raises(rt.ReseauError, match="the path of a file or a DataFrame, not a Graph"):
        rt.read_tables(nx.path_graph(3))
    with pytest.raises(rt.ReseauError, match="a networkx graph is needed, not a DataFrame"):
        rt.from_networkx(tours.ties)
