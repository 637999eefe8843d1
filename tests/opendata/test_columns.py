"""Columns of money files as they are kept: narrow codes, rows told equal without a table of all of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseau_territorial.opendata._columns import Codes, filled, numbered, recurring, stacked

TEXTS = st.sampled_from(["a", "b", "c", None])
EUROS = st.sampled_from([0.0, -0.0, 1.5, -1.5, float("nan")])
YEARS = st.sampled_from([2019, 2020, pd.NA])
ROWS = st.lists(st.tuples(TEXTS, EUROS, YEARS, TEXTS, st.booleans()), min_size=1, max_size=40)


def columns_of(rows):
    texts, euros, years, others, among = zip(*rows, strict=True)
    columns = [
        pd.Series(texts, dtype="category"),
        pd.Series(euros, dtype="float64"),
        pd.Series(years, dtype="Int16"),
        pd.Series(others, dtype="str"),
    ]
    return columns, np.array(among)


def row_keys(rows):
    def told(value):
        return "missing" if value is None or value is pd.NA or value != value else value

    return [tuple(told(value) for value in row[:4]) for row in rows]


@given(ROWS)
def test_recurring_rows_are_those_that_a_comparison_of_all_pairs_finds(rows):
    columns, among = columns_of(rows)
    keys = row_keys(rows)
    standing = [key for key, kept in zip(keys, among, strict=True) if kept]
    wanted = [place for place, key in enumerate(keys) if among[place] and standing.count(key) > 1]
    assert recurring(columns, among).tolist() == wanted


@given(ROWS)
def test_rows_are_numbered_by_their_values_in_order_of_appearance(rows):
    columns, _ = columns_of(rows)
    numbers: dict[tuple[object, ...], int] = {}
    wanted = [numbers.setdefault(key, len(numbers)) for key in row_keys(rows)]
    assert numbered(columns).tolist() == wanted
    # So many columns that their sizes multiplied do not fit in 64 bits.
    assert numbered(columns * 12).tolist() == wanted


@pytest.mark.parametrize(("distinct", "bytes_of_a_code"), [(126, 1), (127, 2), (32_766, 2), (32_767, 4), (40_000, 4)])
def test_codes_widen_with_the_number_of_distinct_cells(distinct, bytes_of_a_code):
    cells = [f"cellule {number}" for number in range(distinct)]
    column = Codes()
    for start in range(0, distinct, 100):  # widened on the way, several times
        column.add(cells[start : start + 100])
    column.add([None, cells[0], cells[-1]])
    column.fill(distinct + 4)
    found = column.series()
    assert found.astype("object").tolist()[:-4] == cells
    assert found.iloc[-3:-1].tolist() == [cells[0], cells[-1]]
    assert found.isna().tolist() == [False] * distinct + [True, False, False, True]
    assert found.cat.codes.dtype.itemsize == bytes_of_a_code


def test_tables_that_are_stacked_give_their_columns_away():
    tables = [pd.DataFrame({"text": pd.Series([text], dtype="category"), "euros": [1.0]}) for text in ("a", "b")]
    whole = stacked(tables)
    assert whole["text"].tolist() == ["a", "b"]
    assert all(table.columns.empty for table in tables)


@given(st.lists(st.tuples(TEXTS, st.sampled_from(["a", "d", "e", None]))), st.sampled_from(["str", "category"]))
def test_missing_texts_are_filled_and_numbered_in_order_of_appearance(pairs, dtype):
    texts, others = (pd.Series([pair[side] for pair in pairs], dtype="str").astype(dtype) for side in (0, 1))
    wanted = [other if text is None else text for text, other in pairs]
    got = filled(texts, others)
    assert got.astype("object").where(got.notna(), None).tolist() == wanted
    if texts.isna().any() and others.notna().any():
        assert got.cat.categories.tolist() == [text for text in dict.fromkeys(wanted) if text is not None]
