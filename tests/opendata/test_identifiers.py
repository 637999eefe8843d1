"""Identifiers: real dirty values, the check digits worked out independently, and what must never happen."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseau_territorial.opendata.identifiers import (
    clean_departement,
    clean_identifier,
    clean_insee,
    clean_postcode,
    clean_rna,
    clean_siren,
    clean_siret,
)


def luhn_key(digits: str) -> str:
    """Return the digit that makes `digits` + key a Luhn number (an independent implementation)."""
    total = sum(
        sum(divmod(int(digit) * (2 if place % 2 == 0 else 1), 10)) for place, digit in enumerate(reversed(digits))
    )
    return str(-total % 10)


def siren_of(number: int) -> str:
    digits = f"{number:08d}"
    return digits + luhn_key(digits)


def siret_of(number: int, establishment: int) -> str:
    digits = siren_of(number) + f"{establishment:04d}"
    return digits + luhn_key(digits)


sirens = st.integers(1_000_000, 99_999_999).map(siren_of).filter(lambda s: not s.startswith("356000000"))
sirets = st.builds(siret_of, st.integers(10_000_001, 99_999_999), st.integers(1, 9999)).filter(
    lambda s: not s.startswith("356000000") and len(set(s)) > 1
)


@pytest.mark.parametrize(
    ("raw", "value", "note"),
    [
        ("224 900 019 000 15'", "22490001900015", "spacing"),
        ("82 212 742 900 014", "82212742900014", "spacing"),
        ("247 600 596 00107", "24760059600107", "spacing"),
        ("446 720 633 00010", "44672063300010", "spacing"),
        ("22490001900015.0", "22490001900015", "decimal_suffix"),
        ("2,2490001900015E+13", "22490001900015", "exact_power"),
        (22490001900015.0, "22490001900015", "decimal_suffix"),
    ],
)
def test_a_siret_is_repaired_and_the_repair_is_told(raw, value, note):
    found = clean_siret(raw)
    assert (found.value, found.status, found.note) == (value, "repaired", note)
    assert found.siren == value[:9]


@pytest.mark.parametrize("raw", ["35181600000000", "2.13702616E+13", "2,13E+13", "3.5182E+13"])
def test_a_rounded_siret_is_damaged_and_never_a_key(raw):
    found = clean_siret(raw)
    assert (found.value, found.status, found.raw, found.siren) == (None, "damaged", raw, None)


def test_nine_digits_in_a_siret_column_are_a_siren():
    found = clean_siret("452474562")
    assert (found.value, found.scheme, found.siren, found.note) == ("452474562", "siren", "452474562", "siren_only")


def test_a_siren_with_a_wrong_key_is_shown_but_not_joined():
    found = clean_siret("786137271")
    assert (found.value, found.scheme, found.status) == ("786137271", "siren", "invalid")
    assert found.siren is None


def test_digits_of_other_scripts_are_no_code():
    assert clean_siren("２１３７０２６１６").value is None
    assert clean_insee("３７２６１").value is None


def test_la_poste_establishments_have_a_digit_sum_multiple_of_five():
    assert clean_siret("35600000049837").status == "valid"  # digit sum 45; Luhn would refuse it
    assert clean_siret("35600000000048").status == "valid"  # the head office is plain Luhn
    assert clean_siret("35600000049838").status == "invalid"


@pytest.mark.parametrize("raw", ["", None, float("nan"), "NC", "n/a", "00000000000000", "99999999999999", "-"])
def test_a_placeholder_is_missing(raw):
    assert clean_siret(raw).status == "missing"
    assert clean_siren(raw).value is None


@given(sirets)
def test_any_siret_is_valid_and_survives_spaces(siret):
    assert clean_siret(siret).value == siret
    assert clean_siret(f"{siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]}").value == siret
    assert clean_siren(siret).value == siret[:9]


@given(sirens, st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_always_seen(siren, place, change):
    wrong = siren[:place] + str((int(siren[place]) + change) % 10) + siren[place + 1 :]
    if len(set(wrong)) > 1:
        assert clean_siren(wrong).status == "invalid"


@given(st.integers(10_000, 9_999_999).map(siren_of))
def test_lost_zeros_come_back_up_to_three(siren):
    short = siren.lstrip("0")
    found = clean_siren(short)
    if len(short) >= 6 and len(set(short)) > 1:
        assert found.value == siren
        assert found.note == ("leading_zeros" if short != siren else "")
    else:
        assert not found.usable


@given(sirets)
def test_a_number_rounded_to_twelve_digits_or_fewer_never_gives_a_key(siret):
    assert not clean_siret(siret[:9] + "00000").usable
    assert not clean_siret(f"{float(siret):.5E}").usable


@pytest.mark.parametrize(
    ("raw", "value", "note"),
    [
        ("W372000123", "W372000123", ""),
        ("W2A1000123", "W2A1000123", "rna_letter"),
        ("W9R1000123", "W9R1000123", "rna_letter"),
        ("w372000123", "W372000123", "letter_case"),
        ("W 372 000 123", "W372000123", "spacing"),
        ("751P00085568", "751P00085568", "rna_legacy"),
    ],
)
def test_rna(raw, value, note):
    assert (clean_rna(raw).value, clean_rna(raw).note) == (value, note)


def test_a_name_is_not_an_rna():
    assert clean_rna("ASSOCIATION DEUXIEME CHANCE").status == "invalid"
    assert clean_identifier("ASSOCIATION DEUXIEME CHANCE").value is None


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("01015", "01015"), (1015, "01015"), ("1015", "01015"), ("2A004", "2A004"), ("2b033", "2B033"),
        ("97411", "97411"), ("98735", "98735"), ("13201", "13201"), ("37261.0", "37261"), ("33333", "33333"),
    ],
)  # fmt: skip
def test_insee(raw, value):
    assert clean_insee(raw).value == value


@pytest.mark.parametrize("raw", ["INO", '"INO"', "20004", "96001", "372611", "3726", "00000", "99100"])
def test_what_is_no_commune_code(raw):
    found = clean_insee(raw)
    assert found.value is None or raw == "3726"  # four digits: a lost zero, 03726


def test_departements_and_postal_codes_get_their_zero_back():
    assert clean_departement("1").value == "01"
    assert clean_departement("2A").value == "2A"
    assert clean_departement("049").value == "49"
    assert clean_departement("974").value == "974"
    assert clean_departement("20").value is None
    assert clean_postcode(1100).value == "01100"
    assert clean_postcode("2140").value == "02140"
    assert clean_postcode("37000").note == ""


@pytest.mark.parametrize(
    ("raw", "scheme"),
    [("BE0123456789", "TVA"), ("123456", "TAHITI"), ("0012345.001", "RIDET"), ("CHE-1", "HORS-UE"), ("X", "IREP")],
)
def test_a_foreign_identifier_keeps_its_value_and_scheme(raw, scheme):
    found = clean_identifier(raw, scheme=scheme)
    assert found.siren is None
    if raw != "X":
        assert (found.value, found.status, found.scheme) == (raw, "foreign", scheme)


def test_a_series_gives_a_table_on_its_index():
    raw = pd.Series(["224 900 019 000 15'", None, "452474562", "224 900 019 000 15'"], index=[5, 6, 9, 12])
    table = clean_siret(raw)
    assert table.index.tolist() == [5, 6, 9, 12]
    assert table["siren"].tolist()[0::3] == ["224900019", "224900019"]
    assert table["status"].tolist() == ["repaired", "missing", "valid", "repaired"]
    assert pd.isna(table.loc[6, "value"])


@given(st.lists(st.text(max_size=16) | st.none() | sirets, max_size=20))
def test_the_series_says_what_the_scalar_says(values):
    table = clean_siret(pd.Series(values, dtype="object"))
    for row, value in zip(table.itertuples(), values, strict=True):
        found = clean_siret(value)
        assert row.status == found.status
        assert (row.value if isinstance(row.value, str) else None) == found.value
