"""The engine of paths and triangles: twins, pendants, compiled loops and plain ones give one result."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from path_cases import Floats, distance_matrix, matrices, path_shares
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from reseau_territorial import _kernels
from reseau_territorial.metrics._paths import dependencies, distances, tie_lengths
from reseau_territorial.metrics._removals import nearness_across
from reseau_territorial.metrics._triangles import owners, reverse_arcs, triangles
from reseau_territorial.metrics._twins import _components, collapse_twins, fold_pendants

KERNELS = ("compiled", "plain")
WEIGHTS = ((1.0,), (1.0, 2.0, 3.0), (0.3, 0.7, 1.1))
SETTINGS = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(params=KERNELS)
def kernels(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a test with every loop compiled, then with none."""
    if request.param == "compiled":
        pytest.importorskip("numba")
    work = 0 if request.param == "compiled" else float("inf")
    monkeypatch.setattr(_kernels, "WORTH_LOADING", work)
    monkeypatch.setattr(_kernels, "WORTH_CALLING", work)
    return str(request.param)


def sparse(matrix: Floats) -> csr_array:
    return csr_array(matrix)


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("weights", WEIGHTS)
@given(data=st.data())
@SETTINGS
def test_dependencies_are_those_of_the_definition(
    kernels: str, weights: tuple[float, ...], directed: bool, data: st.DataObject
) -> None:
    matrix = data.draw(matrices(directed=directed, weights=weights, largest=5))
    expected = path_shares(matrix).sum(axis=(0, 2))
    lengths = tie_lengths(sparse(matrix), directed=directed)
    np.testing.assert_allclose(dependencies(lengths), expected, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(dependencies(lengths, collapse=False), expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("directed", [False, True])
@given(data=st.data())
@SETTINGS
def test_dependencies_between_groups_are_those_of_the_definition(
    kernels: str, directed: bool, data: st.DataObject
) -> None:
    matrix = data.draw(matrices(directed=directed, weights=(1.0, 2.0), largest=5))
    n = len(matrix)
    group = np.array(data.draw(st.lists(st.integers(-1, 2), min_size=n, max_size=n)))
    counts = (group[:, None] != group[None, :]) & (group[:, None] >= 0) & (group[None, :] >= 0)
    expected = np.einsum("svt,st->v", path_shares(matrix), counts.astype(float))
    found = dependencies(tie_lengths(sparse(matrix), directed=directed), group=group)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("directed", [False, True])
@given(data=st.data())
@SETTINGS
def test_distant_dependencies_are_those_of_the_definition(kernels: str, directed: bool, data: st.DataObject) -> None:
    matrix = data.draw(matrices(directed=directed, largest=5))
    tied = matrix > 0
    shares = path_shares(matrix)
    expected = np.einsum("svt,sv,vt->v", shares, ~tied, ~tied)
    found = dependencies(tie_lengths(sparse(matrix), directed=directed), far=True)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("weights", WEIGHTS)
@given(data=st.data())
@SETTINGS
def test_distance_sums_are_those_of_the_definition(
    kernels: str, weights: tuple[float, ...], directed: bool, data: st.DataObject
) -> None:
    matrix = data.draw(matrices(directed=directed, weights=weights))
    distance = distance_matrix(matrix)
    np.fill_diagonal(distance, np.inf)
    found = np.isfinite(distance)
    for collapse in (True, False):
        sums = distances(tie_lengths(sparse(matrix), directed=directed), collapse=collapse)
        np.testing.assert_allclose(sums.reached, found.sum(axis=1))
        np.testing.assert_allclose(sums.farness, np.where(found, distance, 0).sum(axis=1), rtol=1e-9)
        np.testing.assert_allclose(sums.nearness, (1 / distance).sum(axis=1), rtol=1e-9)


def test_more_than_64_sources_are_walked_in_several_rounds(kernels: str) -> None:
    n = 150
    ring = np.zeros((n, n))
    ring[np.arange(n), (np.arange(n) + 1) % n] = 1
    ring += ring.T
    sums = distances(tie_lengths(sparse(ring), directed=False))
    np.testing.assert_array_equal(sums.farness, np.full(n, 2 * sum(range(1, 75)) + 75))
    np.testing.assert_array_equal(sums.reached, np.full(n, n - 1))


@given(matrix=matrices(directed=True, weights=(1.0, 2.0)))
@SETTINGS
def test_classes_hold_twins_only_and_all_of_them(matrix: Floats) -> None:
    rows = sparse(matrix)
    label = collapse_twins(rows.indptr, rows.indices, rows.data, group=None, directed=True).label
    n = len(matrix)
    for i in range(n):
        for j in range(i):
            rest = np.array([k for k in range(n) if k not in (i, j)], dtype=int)
            twins = (
                matrix[i, j] == matrix[j, i]
                and (matrix[i, rest] == matrix[j, rest]).all()
                and (matrix[rest, i] == matrix[rest, j]).all()
            )
            assert (label[i] == label[j]) == twins, (i, j)


def test_stars_and_cliques_become_one_class_each() -> None:
    star = np.zeros((6, 6))
    star[0, 1:] = star[1:, 0] = 1
    rows = sparse(star)
    assert collapse_twins(rows.indptr, rows.indices, rows.data, group=None, directed=False).count == 2
    rows = sparse(np.ones((5, 5)) - np.eye(5))
    assert collapse_twins(rows.indptr, rows.indices, rows.data, group=None, directed=False).count == 1


def test_a_tree_folds_into_one_actor() -> None:
    path = np.diag(np.ones(4), 1)
    folding = fold_pendants(sparse(path + path.T))
    assert folding.kept.sum() == 1
    assert folding.mass[folding.kept][0] == 5
    np.testing.assert_array_equal(folding.within, [0, 3, 4, 3, 0])


@given(matrix=matrices(directed=False))
def test_the_sizes_of_components_are_those_of_scipy(matrix: Floats) -> None:
    _, expected = connected_components(sparse(matrix), directed=False)
    found = _components(sparse(matrix))
    np.testing.assert_array_equal(found[:, None] == found, expected[:, None] == expected)


def test_a_ring_is_not_folded() -> None:
    ring = np.roll(np.eye(5), 1, axis=1)
    assert fold_pendants(sparse(ring + ring.T)).kept.all()


@given(matrix=matrices(directed=False))
@SETTINGS
def test_triangles_are_each_listed_once(kernels: str, matrix: Floats) -> None:
    rows = sparse(matrix)
    owner = owners(rows)
    listed = []
    for uv, vw, uw in triangles(rows):
        for a, b, c in zip(uv, vw, uw, strict=True):
            assert rows.indices[a] == owner[b]
            assert owner[a] == owner[c]
            assert rows.indices[b] == rows.indices[c]
            listed.append(frozenset((int(owner[a]), int(owner[b]), int(rows.indices[b]))))
    assert len(set(listed)) == len(listed) == round(np.trace(matrix @ matrix @ matrix) / 6)


@given(data=st.data())
@SETTINGS
def test_what_is_lost_when_an_actor_leaves_is_that_of_the_network_without_it(kernels: str, data: st.DataObject) -> None:
    matrix = data.draw(matrices(directed=False, largest=8))
    n = len(matrix)
    groups = np.array(data.draw(st.lists(st.integers(0, 2), min_size=n, max_size=n)))

    def nearness(ties: Floats) -> Floats:
        distance = distance_matrix(ties)
        across = groups[:, None] != groups[None, :]
        return np.where(across & (distance > 0), 1.0 / np.where(distance > 0, distance, np.inf), 0.0)

    near, lost = nearness_across(sparse(matrix), groups, times=1)
    whole = nearness(matrix)
    np.testing.assert_allclose(near, whole.sum(axis=1))
    for actor in range(n):
        others = np.delete(np.arange(n), actor)
        cut = matrix.copy()
        cut[actor] = cut[:, actor] = 0
        drop = (whole - nearness(cut))[np.ix_(others, others)].sum()
        assert lost[actor] == pytest.approx(drop, abs=1e-12)


@given(matrix=matrices(directed=False))
@SETTINGS
def test_reverse_arcs_point_back(matrix: Floats) -> None:
    rows = sparse(matrix)
    reverse = reverse_arcs(rows)
    np.testing.assert_array_equal(owners(rows)[reverse], rows.indices)
    np.testing.assert_array_equal(rows.indices[reverse], owners(rows))


def test_integer_weights_give_integer_lengths_and_no_tolerance() -> None:
    lengths = tie_lengths(sparse(np.array([[0, 2.0, 3.0], [2.0, 0, 0], [3.0, 0, 0]])), directed=False)
    assert lengths.tolerance == 0
    assert sorted(lengths.matrix.data) == [2, 2, 3, 3]
    assert lengths.scale == pytest.approx(1 / 6)


def test_other_weights_are_compared_with_a_tolerance() -> None:
    lengths = tie_lengths(sparse(np.array([[0, 0.1, 0.3], [0.1, 0, 0], [0.3, 0, 0]])), directed=False)
    assert 0 < lengths.tolerance < 1e-6


def test_paths_of_equal_length_are_equal_whatever_the_rounding(kernels: str) -> None:
    # 0.1 + 0.2 differs from 0.3 in the last bit: two ways of length 0.3 from 0 to 3 must both count.
    matrix = np.zeros((5, 5))
    for i, j, length in ((0, 1, 0.1), (1, 3, 0.2), (0, 2, 0.15), (2, 3, 0.15), (3, 4, 1.0)):
        matrix[i, j] = matrix[j, i] = 1 / length
    between = dependencies(tie_lengths(sparse(matrix), directed=False)) / 2
    assert between[1] == between[2] == pytest.approx(1.0)


def test_small_work_compiles_nothing() -> None:
    assert not _kernels.choose(lambda: None, 10)[1]
