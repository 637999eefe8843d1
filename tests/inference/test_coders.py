"""Agreement of two coders, on a table known by heart and by the traps of real codings."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from reseau_territorial.errors import ReseauError, UnknownNameError
from reseau_territorial.inference import coder_agreement
from reseau_territorial.network import Network

NAMES = [f"a{k:02d}" for k in range(11)]


def coding(pairs: list[tuple[str, str]], **columns: object) -> Network:
    ties = pd.DataFrame(pairs, columns=["source", "target"]).assign(**columns)
    return Network(ties, actors=pd.DataFrame({"actor": NAMES}))


def test_the_textbook_table() -> None:
    """Of 50 pairs, both say tied for 20, one only for 5 and 10, none for 15: kappa .40 (p_o .70, p_e .50)."""
    pairs = list(combinations(NAMES, 2))
    unknown = pairs[50:]
    status = ["present"] * 25 + ["unknown"] * len(unknown)
    one = coding(pairs[:25] + unknown, status=status)
    two = coding(pairs[:20] + pairs[25:35])
    row = coder_agreement(one, other=two).iloc[0]
    assert row["pairs"] == 50
    assert row["agreement"] == pytest.approx(0.7)
    assert row["expected"] == pytest.approx(0.5)
    assert row["kappa"] == pytest.approx(0.4)
    assert row["standard_error"] == pytest.approx(np.sqrt(0.7 * 0.3 / 50) / 0.5)


def test_levels_with_partial_credit() -> None:
    pairs = [(NAMES[0], NAMES[k]) for k in (1, 2, 3)]
    one, two = coding(pairs, level=[1, 2, 4]), coding(pairs, level=[1, 3, 4])
    exact = coder_agreement(one, other=two, value="level").iloc[0]
    linear = coder_agreement(one, other=two, value="level", weights="linear").iloc[0]
    quadratic = coder_agreement(one, other=two, value="level", weights="quadratic").iloc[0]
    assert exact["agreement"] == pytest.approx(54 / 55)
    assert linear["agreement"] == pytest.approx(1 - 0.25 / 55)
    assert exact["kappa"] < linear["kappa"] < quadratic["kappa"] < 1
    assert np.isnan(linear["standard_error"])
    with pytest.raises(ReseauError, match="no level"):
        coder_agreement(coding(pairs), other=two, value="level")


def test_ends_and_direction() -> None:
    one, two = coding([("a00", "a01")]), coding([("a01", "a00")])
    assert coder_agreement(one, other=two)["kappa"].item() == 1.0
    there = Network(one.ties, actors=one.actors.reset_index(), directed=True)
    back = Network(two.ties, actors=two.actors.reset_index(), directed=True)
    row = coder_agreement(there, other=back).iloc[0]
    assert row["pairs"] == 110
    assert row["kappa"] == pytest.approx(-1 / 109)


def test_what_cannot_be_compared() -> None:
    one = coding([("a00", "a01")])
    assert np.isnan(coder_agreement(coding([]), other=coding([]))["kappa"].item())
    elsewhere = Network(pd.DataFrame({"source": ["x"], "target": ["y"]}))
    with pytest.raises(ReseauError, match="share 0 actors"):
        coder_agreement(one, other=elsewhere)
    with pytest.raises(UnknownNameError, match="Did you mean 'linear'"):
        coder_agreement(one, other=one, weights="linaer")  # type: ignore[arg-type]
