"""Guards of the public face: names, imports, labels, randomness."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import subprocess
import sys
import textwrap
from operator import attrgetter
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from numpydoc.validate import validate

import reseau_territorial as rt
from reseau_territorial import vocabulary

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))
from build_docs_pages import FAMILIES, names_of  # noqa: E402

STUB = ROOT / "src/reseau_territorial/__init__.pyi"
NAMED_SECOND = ("statistic", "names", "other", "key", "layout", "path")
NOT_ASKED = {"SA01", "ES01", "SS05"}  # see also, longer summary; and a metric is summed up by a noun
OURS = {"measure", "newcomers"}  # a table of other metrics, and a difference of two sets
DESIGNED = """
Network Network.select Network.collapse Network.project Network.summary Network.save load
read_tables read_workbook read_kumu read_survey read_mpx read_graph
from_networkx to_networkx to_igraph write_graph to_pyvis
degree in_degree out_degree strength betweenness closeness harmonic eigenvector katz pagerank coreness
centralization core_periphery
constraint effective_size efficiency hierarchy participation within_group_z bridging_centrality cross_betweenness
brokerage articulation_actors tie_bridges
silo group_silo network_silo group_mixing coleman freeman assortativity gupta_anderson_may odds_ratio_within
spectral_segregation segregation_matrix_index conductance modularity diversity
overlapping_degree overlapping_strength multiplex_participation tie_overlap layer_similarity interdependence
layer_relevance exclusive_neighbours versatility reducibility multilayer_clustering communities supra_adjacency
turnover retention formalisation newcomers persistence
coverage contacts duplicates continuity
permutation_test bootstrap qap mrqap compare_periods
scenario robustness suggest_ties
facilitators governance_mode missing_actors
plot plot_mixing plot_layers plot_change plot_null plot_coverage plot_territory explore report
measure
"""
HEAVY = ("matplotlib", "pyvis", "numba", "scipy.stats", "networkx", "duckdb", "openpyxl", "xlsxwriter", "typst", "docx")


def imported_names() -> list[str]:
    return [
        alias.asname or alias.name
        for statement in ast.parse(STUB.read_text(encoding="utf-8")).body
        if isinstance(statement, ast.ImportFrom)
        for alias in statement.names
    ]


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def test_every_public_name_exists() -> None:
    for name in imported_names():
        assert getattr(rt, name) is not None, name


def test_no_name_twice() -> None:
    names = imported_names()
    assert len(names) == len(set(names))


def test_import_loads_no_heavy_library() -> None:
    code = (
        "import sys, reseau_territorial as rt; rt.Network; rt.samples; "
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    assert run(code).strip() == "[]"


def test_metrics_load_no_view_library() -> None:
    # scipy.sparse itself, before SciPy 1.16, loads some of them.
    code = (
        "import sys, scipy.sparse; sparse = set(sys.modules); "
        "import reseau_territorial as rt; net = rt.samples.article_2020(); "
        "rt.measure(net, ['degree', 'betweenness', 'closeness', 'pagerank', 'constraint', 'silo'], by='sector'); "
        "heavy = {'matplotlib', 'pyvis', 'numba', 'scipy.stats', 'scipy.sparse.csgraph', 'scipy.linalg'}; "
        "print(sorted(heavy & set(sys.modules) - sparse))"
    )
    assert run(code).strip() == "[]"


def test_import_is_quick() -> None:
    # Time of the processor, not of the clock: other work on the machine must not count.
    code = (
        "import time; start = time.process_time(); import reseau_territorial as rt; rt.Network; "
        "print(time.process_time() - start)"
    )
    assert min(float(run(code)) for _ in range(3)) < 1.0


def public_functions() -> list[str]:
    return [name for name in imported_names() if inspect.isfunction(getattr(rt, name))]


@pytest.mark.parametrize("name", public_functions())
def test_everything_after_the_first_argument_is_keyword_only(name: str) -> None:
    parameters = list(inspect.signature(getattr(rt, name)).parameters.values())
    positional = [one for one in parameters if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)]
    allowed = 2 if parameters[1:2] and parameters[1].name in NAMED_SECOND else 1
    if name in ("join", "label"):
        allowed = 2
    assert len(positional) <= allowed, f"{name}: {[one.name for one in positional]}"


def everything_public() -> list[str]:
    """Return the public names of the package and of its two public submodules, as they are typed after ``rt.``."""
    names = set(imported_names()) - {"opendata", "samples", "SEED"}
    return sorted(names) + [f"{part}.{name}" for part in ("opendata", "samples") for name in getattr(rt, part).__all__]


@pytest.mark.parametrize("name", everything_public())
def test_every_public_name_is_documented(name: str) -> None:
    thing = attrgetter(name)(rt)
    text = inspect.getdoc(thing) or ""
    errors = dict(validate(f"reseau_territorial.{name}")["errors"])
    wanted = set(errors) - NOT_ASKED
    if inspect.isclass(thing):  # classes come out of functions, which have the examples
        wanted -= {"EX01", "PR01"}
        fields = {field.name for field in dataclasses.fields(thing)} if dataclasses.is_dataclass(thing) else set()
        lines = re.findall(r"^([\w, ]+) : ", text, re.M)
        assert fields <= {word.strip() for line in lines for word in line.split(",")}, (
            f"{name} has a field without a word"
        )
    assert not wanted, {code: errors[code] for code in wanted}


@pytest.mark.parametrize("name", everything_public())
def test_errors_raised_are_documented(name: str) -> None:
    thing = attrgetter(name)(rt)
    if inspect.isfunction(thing):
        code = ast.parse(textwrap.dedent(inspect.getsource(thing)))
        if any(isinstance(one, ast.Raise) for one in ast.walk(code)):
            assert "Raises\n------" in inspect.getdoc(thing)


@pytest.mark.parametrize("name", public_functions())
def test_every_metric_has_its_reference(name: str) -> None:
    thing = getattr(rt, name)
    if ".metrics." in thing.__module__ and name not in OURS:
        assert "References\n----------" in inspect.getdoc(thing)


@pytest.mark.parametrize("name", DESIGNED.split())
def test_every_name_of_the_design_is_there(name: str) -> None:
    assert attrgetter(name)(rt) is not None


def test_every_term_has_two_labels() -> None:
    for table in vocabulary.TABLES.values():
        for key, term in table.items():
            assert term.fr.strip(), key
            assert term.en.strip(), key
            assert "'" not in term.fr, f"{key}: use ’"


def test_a_word_we_do_not_know_stays_as_it_is() -> None:
    assert rt.label("kind", "think tank") == "think tank"
    assert rt.label("kind", "epci", lang="en") == "Intercommunality"


def test_the_global_generator_is_never_touched() -> None:
    net = rt.samples.article_2020()
    np.random.seed(1)  # noqa: NPY002
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    rt.permutation_test(net, rt.network_silo, by="sector", n_resamples=99)
    assert np.array_equal(before, np.random.get_state()[1])  # noqa: NPY002


def test_every_public_name_has_a_page_in_the_reference() -> None:
    described = [name for family in FAMILIES if family.modules for name in names_of(family)]
    assert sorted(described) == sorted(set(imported_names()) - {"opendata", "samples"})


@pytest.mark.parametrize(
    ("package", "asked", "near"), [(rt, "betweeness", "betweenness"), (rt.opendata, "read_grant", "read_grants")]
)
def test_a_misspelt_name_is_answered_by_the_nearest(package: ModuleType, asked: str, near: str) -> None:
    with pytest.raises(AttributeError, match=f"has no name '{asked}'. Did you mean '{near}'"):
        getattr(package, asked)
    with pytest.raises(AttributeError, match="zqzqzq"):
        package.zqzqzq  # noqa: B018
