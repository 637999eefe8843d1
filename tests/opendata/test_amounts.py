"""Amounts as French files write them: read when they can mean one thing, refused otherwise."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseau_territorial.opendata.amounts import decimal_mark, parse_amount, parse_amounts


@pytest.mark.parametrize(
    ("cell", "euros"),
    [
        ("22 000,80", 22000.80),
        ("1 150,00", 1150.0),
        ("5\u00a0000 €", 5000.0),
        ("22\u202f000,80", 22000.80),
        ("15 156", 15156.0),
        ("100000,1", 100000.1),
        ("1.234.567", 1234567.0),
        ("1.234,56", 1234.56),
        ("1,234.56", 1234.56),
        ("1’234,50", 1234.5),
        ("(1 200,00)", -1200.0),
        ("1 200,00-", -1200.0),
        ("-30", -30.0),
        ("12 k€", 12000.0),
        ("1,5 M€", 1500000.0),
        ("1e+05", 100000.0),
        ("250.0", 250.0),
        (153900, 153900.0),
        (38209.72, 38209.72),
        ("5 000 € TTC", 5000.0),
    ],
)
def test_amounts_with_one_reading(cell, euros):
    read = parse_amount(cell)
    assert read.euros == pytest.approx(euros, abs=1e-9)
    assert read.issue == ""


@pytest.mark.parametrize(
    ("cell", "issue"),
    [
        ("1.234", "ambiguous"),
        ("1,234", "ambiguous"),
        ("7,86E+13", "damaged"),
        ("1,23E+05", "damaged"),
        ("N                 82 584,28", "text"),
        ("1 2 3", "text"),
        ("18 %", "text"),
        ("à définir", "text"),
        ("X", "flag"),
        ("NA", "missing"),
        ("", "missing"),
        (None, "missing"),
        (float("nan"), "missing"),
        ("15 000- 89 999,99", "range"),
    ],
)
def test_amounts_refused_with_a_reason(cell, issue):
    read = parse_amount(cell)
    assert math.isnan(read.euros)
    assert read.issue == issue


def test_a_range_keeps_its_bounds():
    read = parse_amount("15 000- 89 999,99")
    assert (read.low, read.high) == (15000.0, 89999.99)


def test_an_amount_over_several_seasons_is_counted_once_and_told():
    read = parse_amount("240 000 € (pour les 3 saisons sportives)")
    assert (read.euros, read.years) == (240000.0, 3)


@pytest.mark.parametrize(
    ("column", "mark"),
    [
        (["1.234", "12,50"], ","),
        (["1,234", "12.50"], "."),
        (["1.234", "12"], None),
        (["1.5", "1,5"], None),
        (["1.234.567"], ","),
        (["89.33333"], "."),
    ],
)
def test_a_column_proves_its_decimal_mark(column, mark):
    assert decimal_mark(column) == mark


def test_an_ambiguous_cell_takes_the_mark_that_its_column_proves():
    assert parse_amounts(pd.Series(["1.234", "12,50"]))["euros"].tolist() == [1234.0, 12.5]
    assert parse_amounts(pd.Series(["1.234", "12.50"]))["euros"].tolist() == [1.234, 12.5]


def test_an_ambiguous_cell_stays_refused_when_its_column_proves_nothing():
    read = parse_amounts(pd.Series(["1.234", "12"]))
    assert read["issue"].tolist() == ["ambiguous", ""]


@given(cents=st.integers(0, 10**12), group=st.sampled_from([" ", "\u00a0", "\u202f"]), euro=st.sampled_from(["", " €"]))
def test_what_a_french_spreadsheet_writes_is_read_back(cents, group, euro):
    whole, rest = divmod(cents, 100)
    text = f"{whole:,}".replace(",", group) + f",{rest:02d}" + euro
    assert parse_amount(text).euros == pytest.approx(cents / 100, abs=0.004)


@given(st.text(max_size=30))
def test_no_text_raises_and_nothing_unknown_has_a_value(text):
    read = parse_amount(text)
    assert math.isnan(read.euros) == bool(read.issue)
