"""Dates as French files write them, with the precision of their cell."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseau_territorial.opendata.dates import date_order, parse_date, parse_dates


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("2014", "2014"),
        (2014.0, "2014"),
        ("2018-04", "2018-04"),
        ("08/01/2018", "2018-01-08"),
        ("2018-12-17+01:00", "2018-12-17"),
        ("2025-01-01", "2025-01-01"),
        ("18-04-2023 10:28", "2023-04-18"),
        ("05-16", "2016-05"),
        ("43451", "2018-12-17"),
        ("1er mars 2019", "2019-03-01"),
        ("avril 2018", "2018-04"),
        (dt.datetime(2020, 8, 4), "2020-08-04"),
    ],
)
def test_dates_with_one_reading(cell, text):
    assert parse_date(cell).text == text


@pytest.mark.parametrize(
    ("cell", "issue"),
    [
        ("0218-07-28", "impossible"),
        ("31/02/2018", "impossible"),
        ("04-12", "ambiguous"),
        ("2018-2019", "text"),
        ("fin-action", "text"),
        ("0001-01-01", "missing"),
        ("NC", "missing"),
        (None, "missing"),
    ],
)
def test_dates_refused_with_a_reason(cell, issue):
    read = parse_date(cell)
    assert read.text == ""
    assert read.issue == issue


def test_a_column_of_months_and_years_settles_its_ambiguous_cells():
    assert parse_dates(pd.Series(["05-16", "04-12"]))["date"].tolist() == ["2016-05", "2012-04"]


def test_a_column_that_contradicts_itself_proves_no_order():
    assert date_order(["13/01/2018", "01/13/2018"]) is None
    assert date_order(["01/31/2018", "02/01/2018"]) == "month"


@given(st.dates(dt.date(1990, 1, 1), dt.date(2049, 12, 31)))
def test_the_same_day_written_four_ways_is_one_day(day):
    serial = (day - dt.date(1899, 12, 30)).days
    written = [day.isoformat(), day.strftime("%d/%m/%Y"), day.strftime("%Y%m%d"), str(serial)]
    assert {parse_date(text).text for text in written} == {day.isoformat()}
